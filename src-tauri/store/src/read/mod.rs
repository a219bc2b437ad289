//! Typed rows of the projections and of the journal. Reading changes nothing.

mod apart;
mod crossed;
mod journal;
mod kept;
mod lists;
mod people;
mod position;
mod raw;
mod records;
mod reviews;

pub use apart::{ConflictRow, EvidenceRow};
pub use crossed::CrossingRow;
#[cfg(test)]
pub(crate) use journal::about_a_subject;
pub use journal::{EntryFilter, EntryView, act_type};
pub use kept::Unfinished;
pub use lists::{Answer, FormMark, IdentityMark, Reading, VerdictMark};
pub use people::{ClockRow, ExportRow, LogRow, PersonRow, SiteRow, StudyRow};
pub use position::{Changed, Position};
pub use raw::{Commit, RawEntry};
pub use records::{FormRow, FormState, ItemRow, SubjectRow};
pub use reviews::{
    ConfirmationRow, FindingRow, IdentityCheckRow, QueryFilter, QueryRow, QueryState, SignatureRow, VerificationRow,
};

use rusqlite::{Params, Row};

use crate::{
    error::{Result, StoreError},
    file::SiteFile,
};

impl SiteFile {
    /// All rows of a statement, each through `read`.
    pub(crate) fn rows<T>(
        &self,
        sql: &str,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.conn()?.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(read(row)?);
        }
        let Reading { statements, rows } = self.reading.get();
        self.reading.set(Reading {
            statements: statements + 1,
            rows: rows + all.len() as u64,
        });
        Ok(all)
    }

    /// The first row of a statement, if there is one.
    pub(crate) fn row<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.rows(sql, params, read)?.into_iter().next())
    }
}

/// A stored text of ours, read back.
pub(crate) fn parsed<T: std::str::FromStr>(text: &str, what: &'static str) -> Result<T> {
    text.parse().map_err(|_| StoreError::Damaged { what })
}

/// A stored JSON text of ours, read back.
pub(crate) fn from_json<T: serde::de::DeserializeOwned>(text: &str, what: &'static str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| StoreError::Damaged { what })
}
