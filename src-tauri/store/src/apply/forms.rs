//! What the fold counts of a form: how often it was touched, how much of it is answered and verified.

use rusqlite::{Connection, params};
use study::path::FormPath;

use super::Fold;
use crate::{error::Result, key::beneath, ledger::Ledger};

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

    /// An entry touched a form's values: they are counted anew, and those of them that were compared with the source as they
    /// stand.
    pub(super) fn touch_and_count(&self, form: &FormPath) -> Result<()> {
        if self.ledger.counts_later(form) {
            return self.touch_form(form);
        }
        let path = form.to_string();
        let (low, high) = beneath(&path);
        self.run(
            "INSERT INTO form (path, version, entry, answered, verified) VALUES (?1, 1, ?4,
               (SELECT count(*) FROM item WHERE path >= ?2 AND path < ?3 AND removed = 0 AND value IS NOT NULL),
               (SELECT count(*) FROM verification AS v CROSS JOIN item AS i ON i.path = v.path
                 WHERE v.path >= ?2 AND v.path < ?3 AND i.version = v.version AND i.removed = 0
                   AND i.value IS NOT NULL))
             ON CONFLICT (path) DO UPDATE SET version = version + 1, entry = excluded.entry,
               answered = excluded.answered, verified = excluded.verified",
            params![path, low, high, self.key],
        )?;
        Ok(())
    }

    /// Counts a form's values anew.
    pub(super) fn count(&self, form: &FormPath) -> Result<()> {
        if self.ledger.counts_later(form) {
            return Ok(());
        }
        count(self.db, &form.to_string())
    }
}

/// Counts the values of some forms that were touched and not counted yet; answer: whether there may be more. What is counted depends
/// on how items and verifications stand, not on the way there: once is enough, when everything was folded.
pub(crate) fn count_some(db: &Connection, ledger: &mut Ledger, most: usize) -> Result<bool> {
    let forms = ledger.uncounted(most);
    for form in &forms {
        count(db, form)?;
    }
    Ok(forms.len() == most)
}

fn count(db: &Connection, form: &str) -> Result<()> {
    let (low, high) = beneath(form);
    db.prepare_cached(
        "UPDATE form SET
           answered = (SELECT count(*) FROM item
             WHERE path >= ?2 AND path < ?3 AND removed = 0 AND value IS NOT NULL),
           verified = (SELECT count(*) FROM verification AS v CROSS JOIN item AS i ON i.path = v.path
             WHERE v.path >= ?2 AND v.path < ?3 AND i.version = v.version AND i.removed = 0
               AND i.value IS NOT NULL)
         WHERE path = ?1",
    )?
    .execute(params![form, low, high])?;
    Ok(())
}
