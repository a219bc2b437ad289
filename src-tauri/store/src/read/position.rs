//! What changed since something was read: told by the journal, so that no save can forget to tell it.

use std::collections::BTreeSet;

use study::{
    act::{Act, Body},
    path::SubjectCode,
};

use crate::{apply::subject_of_record, device::Seen, error::Result, file::SiteFile, key::Key, read::from_json};

/// How far every log had come when something was read, and its head there: numbers may be given again where a file was set
/// back, a head never is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    logs: Vec<(u32, String, Seen)>,
}

/// What was read before and is to be read anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// Records of these subjects and of nobody else.
    Subjects(BTreeSet<SubjectCode>),
    /// Anything.
    Everything,
}

/// Entries beyond which everything is read anew.
const MOST: usize = 500;

impl SiteFile {
    /// How far every log has come.
    ///
    /// # Errors
    /// The database.
    pub fn position(&self) -> Result<Position> {
        let logs = self.rows("SELECT no, id FROM log ORDER BY no", [], |row| {
            let (no, id): (u32, String) = (row.get(0)?, row.get(1)?);
            let tip = self.tip(no, &id)?;
            Ok((no, id, tip))
        })?;
        Ok(Position { logs })
    }

    /// What the entries since a position changed.
    ///
    /// # Errors
    /// The database.
    pub fn changed_since(&self, before: &Position) -> Result<Changed> {
        let now = self.position()?;
        let (mut subjects, mut left) = (BTreeSet::new(), MOST);
        if now.logs.len() != before.logs.len() {
            return Ok(Changed::Everything);
        }
        for ((no, id, from), (same, name, upto)) in before.logs.iter().zip(&now.logs) {
            if (no, id) != (same, name) {
                return Ok(Changed::Everything);
            }
            if from == upto {
                continue;
            }
            // What was read is no beginning of what is there now.
            if from.seq >= upto.seq || self.head_at(*no, id, from.seq)? != Some(from.head) {
                return Ok(Changed::Everything);
            }
            // What another device wrote was taken in together with what it may move elsewhere.
            if self.own.as_ref().is_none_or(|own| own.no != *no) {
                return Ok(Changed::Everything);
            }
            let sql = "SELECT subject, coalesce(body, remains) FROM entry WHERE key > ?1 AND key <= ?2 LIMIT ?3";
            let (low, high) = (Key::new(*no, from.seq).to_sql(), Key::new(*no, upto.seq).to_sql());
            let rows = self.rows(sql, (low, high, left + 1), |row| {
                let body: String = row.get(1)?;
                Ok((row.get::<_, Option<String>>(0)?, from_json::<Body>(&body, "body")?))
            })?;
            if rows.len() > left {
                return Ok(Changed::Everything);
            }
            left -= rows.len();
            for (subject, body) in rows {
                #[allow(
                    clippy::wildcard_enum_match_arm,
                    reason = "every other act changes what the fold says it is about"
                )]
                match &body.act {
                    Act::Redacted { .. } | Act::BundleImported { .. } => return Ok(Changed::Everything),
                    Act::Signed { statement, .. } => {
                        let records = statement.records.iter();
                        subjects.extend(
                            records
                                .filter_map(|record| subject_of_record(&record.id))
                                .map(str::to_owned),
                        );
                    }
                    _ => subjects.extend(subject),
                }
            }
        }
        Ok(Changed::Subjects(subjects))
    }
}
