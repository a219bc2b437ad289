//! What the fold counts of a form: how often it was touched, how much of it is answered and verified.

use rusqlite::params;
use study::path::FormPath;

use super::Fold;
use crate::{error::Result, key::beneath};

impl Fold<'_> {
    /// An entry touched a form's values or its completion.
    pub(super) fn touch_form(&self, form: &FormPath) -> Result<()> {
        self.run(
            "INSERT INTO form (path, version, entry) VALUES (?1, 1, ?2)
             ON CONFLICT (path) DO UPDATE SET version = version + 1, entry = excluded.entry",
            params![form.to_string(), self.key],
        )?;
        Ok(())
    }

    /// Counts a form's values anew, and those of them that were compared with the source as they stand.
    pub(super) fn count(&self, form: &FormPath) -> Result<()> {
        let path = form.to_string();
        let (low, high) = beneath(&path);
        self.run(
            "UPDATE form SET
               answered = (SELECT count(*) FROM item
                 WHERE path >= ?2 AND path < ?3 AND removed = 0 AND value IS NOT NULL),
               verified = (SELECT count(*) FROM verification AS v JOIN item AS i ON i.path = v.path
                 WHERE v.path >= ?2 AND v.path < ?3 AND i.version = v.version AND i.removed = 0
                   AND i.value IS NOT NULL)
             WHERE path = ?1",
            params![path, low, high],
        )?;
        Ok(())
    }
}
