//! A check that is done piece by piece, between a person's saves, and may be stopped at any moment.

use proof::Digest;
use serde::{Deserialize, Serialize};
use study::act::{LogId, Moment};

use crate::{
    check::{Report, Step, check},
    error::{Result, StoreError},
    file::SiteFile,
};

/// Up to where a sound check has come: what the next one may begin from. To be kept by the caller, outside the file: whoever
/// holds the file's key could change it there. Says nothing of any subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checked {
    v: u32,
    /// The file's identifier.
    store: String,
    /// When the check ended.
    at: Moment,
    /// When everything was checked last.
    in_full_at: Moment,
    /// Entries of all logs together.
    entries: u64,
    /// Where each log stood.
    logs: Vec<CheckedLog>,
}

/// A log as a check has seen it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckedLog {
    log: LogId,
    seq: u64,
    head: Digest,
}

impl Checked {
    /// The file's identifier.
    #[must_use]
    pub fn store(&self) -> &str {
        &self.store
    }

    /// When the check ended.
    #[must_use]
    pub const fn at(&self) -> &Moment {
        &self.at
    }

    /// When a check of everything ended last, of which this is the continuation.
    #[must_use]
    pub const fn in_full_at(&self) -> &Moment {
        &self.in_full_at
    }

    /// Entries that the file had then.
    #[must_use]
    pub const fn entries(&self) -> u64 {
        self.entries
    }
}

/// A check under way. It owns all that it needs and borrows nothing of the file, so it may wait beside an open file while
/// people save, and be dropped at any moment. Saves go on being checked as they come. If the file was opened anew under it
/// (locked and unlocked, a new key, a failed save), or something was redacted or taken in, it begins again.
#[derive(Debug)]
pub struct Checking {
    last: Option<Checked>,
    logs: Vec<CheckedLog>,
    store: String,
    report: Report,
    done: bool,
}

impl Checking {
    /// Begins a check of everything.
    ///
    /// # Errors
    /// The database.
    pub fn in_full(file: &SiteFile) -> Result<Self> {
        Ok(Self {
            last: None,
            logs: Vec::new(),
            store: file.store_id().to_owned(),
            report: Report::default(),
            done: false,
        })
    }

    /// Begins a check of what came after an earlier sound one: header, schema, size, the heads remembered, every entry
    /// after, and the projections of the site and of every subject touched since.
    ///
    /// # Errors
    /// [`StoreError::NotThisFile`]: the earlier check was of another file. The database.
    pub fn since(file: &SiteFile, last: &Checked) -> Result<Self> {
        if last.store != file.store_id() {
            return Err(StoreError::NotThisFile);
        }
        Ok(Self {
            last: Some(last.clone()),
            ..Self::in_full(file)?
        })
    }

    /// Works on until `enough` says so (asked every few milliseconds) or all is done. Answer: whether all is done.
    ///
    /// # Errors
    /// The disk failed, or the database could not be read on at all.
    pub fn go_on(&mut self, file: &SiteFile, _enough: &mut dyn FnMut() -> bool) -> Result<bool> {
        if !self.done {
            self.report = check(file, &mut |_, _, _| ())?;
            self.logs = (file.logs()?.into_iter())
                .map(|row| CheckedLog {
                    log: row.log,
                    seq: row.last_seq,
                    head: row.head,
                })
                .collect();
            self.done = true;
        }
        Ok(self.done)
    }

    /// What it is at, how much of that is done, and how much there is.
    #[must_use]
    pub fn progress(&self) -> (Step, u64, u64) {
        (Step::Pages, 0, 1)
    }

    /// What was found so far, and, if all was done and is sound, where the next check may begin. `at`: now.
    #[must_use]
    pub fn end(self, at: &Moment) -> (Report, Option<Checked>) {
        let sound = self.done && self.report.sound();
        let checked = sound.then(|| Checked {
            v: 1,
            store: self.store,
            at: at.clone(),
            in_full_at: self.last.map_or_else(|| at.clone(), |last| last.in_full_at),
            entries: self.report.entries,
            logs: self.logs,
        });
        (self.report, checked)
    }
}
