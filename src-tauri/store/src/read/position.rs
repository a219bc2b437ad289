//! What changed since something was read: told by the journal, so that no save can forget to tell it.

use std::collections::BTreeSet;

use study::{
    act::{Act, Body},
    path::SubjectCode,
};

use crate::{apply::subject_of_record, error::Result, file::SiteFile, key::Key, read::from_json};

/// How far every log had come when something was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    logs: Vec<(u32, u64)>,
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
        let sql = "SELECT no, coalesce((SELECT key FROM entry WHERE key >= no << 40 AND key < no + 1 << 40
                   ORDER BY key DESC LIMIT 1), 0) FROM log ORDER BY no";
        let logs = self.rows(sql, [], |row| Ok((row.get(0)?, Key::from_sql(row.get(1)?).seq)))?;
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
        for ((no, from), (same, upto)) in before.logs.iter().zip(&now.logs) {
            if no != same || from > upto {
                return Ok(Changed::Everything);
            }
            if from == upto {
                continue;
            }
            // What another device wrote was taken in together with what it may move elsewhere.
            if self.own.as_ref().is_none_or(|own| own.no != *no) {
                return Ok(Changed::Everything);
            }
            let sql = "SELECT subject, coalesce(body, remains) FROM entry WHERE key > ?1 AND key <= ?2 LIMIT ?3";
            let (low, high) = (Key::new(*no, *from).to_sql(), Key::new(*no, *upto).to_sql());
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
