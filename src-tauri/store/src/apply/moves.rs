//! Where two logs meet: values, subjects and queries that more than one device or file wrote to.

use rusqlite::{OptionalExtension as _, params};
use study::{
    act::{Act, Body},
    path::ItemPath,
};

use super::{Fold, subject_of_record, version_of};
use crate::{
    error::Result,
    key::Key,
    ledger::{HOME, Ledger},
};

impl Fold<'_> {
    /// The file that the entry's log belongs to.
    pub(super) fn site(&self) -> i64 {
        self.ledger.site_of(self.log)
    }

    pub(super) fn at_home(&self) -> bool {
        self.site() == HOME
    }

    /// Whether whoever wrote this entry could know that one.
    fn knew(&self, other: i64) -> bool {
        self.ledger.knew(self.log, Key::from_sql(other))
    }

    /// The subject that an entry is about.
    pub(super) fn subject_of(&self, body: &Body) -> Result<Option<String>> {
        let of_query = |query: &str| -> Result<Option<String>> {
            let path: Option<String> = self
                .db
                .prepare_cached("SELECT path FROM query WHERE id = ?1")?
                .query_row([query], |row| row.get(0))
                .optional()?;
            let path = path.and_then(|path| path.parse::<ItemPath>().ok());
            Ok(path.map(|path| path.form.subject))
        };
        #[allow(
            clippy::wildcard_enum_match_arm,
            reason = "every other act says itself what it is about"
        )]
        match &body.act {
            Act::QueryAnswered { query, .. } | Act::QueryClosed { query, .. } | Act::QueryReopened { query, .. } => {
                of_query(query)
            }
            Act::Signed { statement, .. } => {
                let first = statement.records.first().map(|record| record.id.as_str());
                Ok(first.and_then(subject_of_record).map(str::to_owned))
            }
            act => Ok(act.subject().map(str::to_owned)),
        }
    }

    /// The first to give a code keeps it; another that did not know of it is told beside.
    pub(super) fn add_subject(&self, subject: &str, body: &Body) -> Result<()> {
        let added = self.run(
            "INSERT INTO subject (code, entry, at, utc, version, site) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO NOTHING",
            params![
                subject,
                self.key,
                body.moment.at,
                body.moment.offset,
                version_of(&body.study),
                self.site()
            ],
        )?;
        if added == 0 {
            let first: i64 = self
                .db
                .prepare_cached("SELECT entry FROM subject WHERE code = ?1")?
                .query_row([subject], |row| row.get(0))?;
            self.conflict(subject, first, self.key)?;
        }
        Ok(())
    }

    fn conflict(&self, path: &str, stands: i64, other: i64) -> Result<()> {
        self.run(
            "INSERT INTO conflict (path, stands, other) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![path, stands, other],
        )?;
        Ok(())
    }

    /// A value about to be written where another device wrote, neither knowing of the other.
    pub(super) fn meet(&self, path: &ItemPath) -> Result<()> {
        if matches!(self.ledger, Ledger::Own) {
            return Ok(());
        }
        let path = path.to_string();
        let there: Option<i64> = self
            .db
            .prepare_cached("SELECT entry FROM item WHERE path = ?1")?
            .query_row([&path], |row| row.get(0))
            .optional()?;
        match there {
            Some(other) if !self.knew(other) => self.conflict(&path, self.key, other),
            Some(_) | None => Ok(()),
        }
    }

    /// A query moves on. Answered here and closed there, neither knowing of the other, leaves it open.
    pub(super) fn move_query(&self, query: &str, state: &str) -> Result<()> {
        let now: Option<(String, i64)> = self
            .db
            .prepare_cached("SELECT state, entry FROM query WHERE id = ?1")?
            .query_row([query], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let crossed = |now: &str| matches!((now, state), ("answered", "closed") | ("closed", "answered"));
        let state = match &now {
            Some((now, entry)) if crossed(now) && !self.knew(*entry) => "open",
            Some(_) | None => state,
        };
        self.run(
            "UPDATE query SET state = ?2, entry = ?3 WHERE id = ?1",
            params![query, state, self.key],
        )?;
        Ok(())
    }
}
