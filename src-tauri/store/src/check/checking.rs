//! A check that is done piece by piece, between a person's saves, and may be stopped at any moment.

use std::collections::VecDeque;

use proof::Digest;
use serde::{Deserialize, Serialize};
use study::act::{LogId, Moment};

use crate::{
    check::{
        Report, Step, bundles,
        chain::Journal,
        check_header,
        compare::Comparing,
        fold::{self, Fold, Odd},
        indexes::{Indexes, OfEntries, Sum},
        owner::Owner,
        pages::{self, Pages},
        two,
    },
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
    pub(super) entries: u64,
    /// Saves of this very file that wrote the header.
    pub(super) headers: u64,
    /// Generation and hash of the list of log-ins; none in what was remembered before they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) header: Option<(u64, Digest)>,
    /// What the index of entries about no subject must hold, added up; none in what was remembered before it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) acts: Option<Sum>,
    /// Where each log stood.
    pub(super) logs: Vec<CheckedLog>,
    /// Entries of the site itself, which the next check reads again: they say who may sign, and what knew of what.
    pub(super) marks: Vec<Mark>,
}

/// A log as a check has seen it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckedLog {
    pub(super) log: LogId,
    /// Its number in the file.
    pub(super) no: u32,
    pub(super) seq: u64,
    pub(super) head: Digest,
}

/// An entry, with what vouches for its body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mark {
    pub(super) no: u32,
    pub(super) seq: u64,
    pub(super) leaf: Digest,
}

const VERSION: u32 = 1;
/// The table of the journal.
const ENTRIES: &str = "entry";

/// Parts that are worked on by turns: while one is compared or of no use yet, another is folded beside it.
const TOGETHER: usize = 3;

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

/// What a check is at.
enum Stage {
    Pages(Pages),
    Journal,
    Indexes(Indexes),
    /// Parts that are still to come, and those that are being folded, each with how far it was compared.
    Parts(VecDeque<Owner>, Vec<(Fold, Comparing)>),
    Done,
}

/// Where everything stood when the journal had been read, before the projections were.
pub(super) struct Stood {
    pub(super) logs: Vec<CheckedLog>,
    pub(super) marks: Vec<Mark>,
    pub(super) entries: u64,
    pub(super) headers: u64,
    pub(super) header: (u64, Digest),
    pub(super) indexed: OfEntries,
}

/// As long as no save has written the list of log-ins, it is the one that was there.
fn same_header(last: &Checked, stood: &Stood, report: &mut Report) {
    let Some(known) = last.header.filter(|_| last.headers == stood.headers) else {
        return;
    };
    if known != stood.header {
        let facts = [("read", stood.header.0.to_string()), ("known", known.0.to_string())];
        report.add("header_differs", "header", facts);
    }
}

/// A check under way. It owns all that it needs and borrows nothing of the file, so it may wait beside an open file while
/// people save, and be dropped at any moment. Saves go on being checked as they come. If the file was opened anew under it
/// (locked and unlocked, a new key, a failed save), or something was redacted or taken in, it begins again.
pub struct Checking {
    last: Option<Checked>,
    store: String,
    /// The state of the open file that this check has read; see [`SiteFile::turn`].
    turn: u64,
    report: Report,
    stage: Stage,
    journal: Journal,
    stood: Option<Stood>,
    folded: u64,
}

impl std::fmt::Debug for Checking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Checking")
            .field("store", &self.store)
            .field("progress", &self.progress())
            .finish_non_exhaustive()
    }
}

impl Checking {
    /// Begins a check of everything.
    ///
    /// # Errors
    /// The database.
    pub fn in_full(file: &SiteFile) -> Result<Self> {
        Self::begin(file, None)
    }

    /// Begins a check of what came after an earlier sound one: header, schema, size, the heads remembered, every entry
    /// after, by what entries about no subject are found, and the projections of the site and of every subject touched since.
    ///
    /// # Errors
    /// [`StoreError::NotThisFile`]: the earlier check was of another file, or is of another version, or did not yet remember
    /// all that is needed: everything has to be checked. The database.
    pub fn since(file: &SiteFile, last: &Checked) -> Result<Self> {
        if last.store != file.store_id() || last.v != VERSION || last.acts.is_none() {
            return Err(StoreError::NotThisFile);
        }
        Self::begin(file, Some(last.clone()))
    }

    fn begin(file: &SiteFile, last: Option<Checked>) -> Result<Self> {
        let mut report = Report::default();
        let journal = match &last {
            None => Journal::in_full(file)?,
            Some(last) => Journal::since(file, last, &mut report)?,
        };
        Ok(Self {
            store: file.store_id().to_owned(),
            turn: file.turn,
            stage: Stage::Pages(Pages::default()),
            stood: None,
            folded: 0,
            last,
            report,
            journal,
        })
    }

    /// Works on until `enough` says so (asked every few milliseconds) or all is done. Answer: whether all is done.
    ///
    /// # Errors
    /// Another file than it was begun with ([`StoreError::NotThisFile`]), the disk failed, or the database could not be read
    /// on at all.
    pub fn go_on(&mut self, file: &SiteFile, enough: &mut dyn FnMut() -> bool) -> Result<bool> {
        loop {
            if self.piece(file)? {
                return Ok(true);
            }
            if enough() {
                return Ok(false);
            }
        }
    }

    /// What it is at, how much of that is done, and how much there is.
    #[must_use]
    pub fn progress(&self) -> (Step, u64, u64) {
        match &self.stage {
            Stage::Pages(pages) => {
                let (done, total) = pages.progress();
                (Step::Pages, done, total)
            }
            Stage::Journal | Stage::Indexes(_) => {
                let (done, total) = self.journal.progress();
                (Step::Journal, done, total)
            }
            Stage::Parts(_, folds) => {
                let total = self.journal.seen.len() as u64;
                let done = self.folded + folds.iter().map(|(fold, _)| fold.folded()).sum::<u64>();
                (Step::Projections, done.min(total), total)
            }
            Stage::Done => (Step::Projections, 1, 1),
        }
    }

    /// What was found so far, and, if all was done and is sound, where the next check may begin. `at`: now.
    #[must_use]
    pub fn end(self, at: &Moment) -> (Report, Option<Checked>) {
        let sound = matches!(self.stage, Stage::Done) && self.report.sound();
        let checked = self.stood.filter(|_| sound).map(|stood| Checked {
            v: VERSION,
            store: self.store,
            at: at.clone(),
            in_full_at: self.last.map_or_else(|| at.clone(), |last| last.in_full_at),
            entries: stood.entries,
            headers: stood.headers,
            header: Some(stood.header),
            acts: Some(stood.indexed.steady),
            logs: stood.logs,
            marks: stood.marks,
        });
        (self.report, checked)
    }

    pub(super) fn into_report(self) -> Report {
        self.report
    }

    /// One piece of the work, of a few milliseconds; answer: whether it was the last.
    pub(super) fn piece(&mut self, file: &SiteFile) -> Result<bool> {
        if self.store != file.store_id() {
            return Err(StoreError::NotThisFile);
        }
        if matches!(self.stage, Stage::Done) {
            return Ok(true);
        }
        if self.turn != file.turn {
            *self = Self::begin(file, self.last.take())?;
        }
        match &mut self.stage {
            Stage::Pages(pages) => {
                if self.last.is_some() || !pages.go_on(file, &mut self.report)? {
                    pages::check_size(file, &mut self.report)?;
                    check_header(file, &mut self.report)?;
                    self.stage = Stage::Journal;
                }
            }
            Stage::Journal => {
                self.journal.look_again();
                if !self.journal.go_on(file, &mut self.report)? {
                    self.read_through(file)?;
                }
            }
            Stage::Indexes(indexes) => {
                let more = match &self.stood {
                    Some(stood) => indexes.go_on(file, &stood.indexed, &stood.logs, &mut self.report)?,
                    None => false,
                };
                if !more {
                    self.split();
                }
            }
            Stage::Parts(..) => {
                // What was saved meanwhile is checked as well, and folded before anything more is compared.
                self.journal.look_again();
                if !self.journal.go_on(file, &mut self.report)? && !self.parts(file)? {
                    bundles::kept(file, &mut self.report)?;
                    self.stage = Stage::Done;
                }
            }
            Stage::Done => {}
        }
        Ok(matches!(self.stage, Stage::Done))
    }

    /// The journal was read up to where it ends now.
    fn read_through(&mut self, file: &SiteFile) -> Result<()> {
        self.journal.end(file, &mut self.report)?;
        let stood = self.journal.checked(file, self.last.as_ref())?;
        if let Some(last) = &self.last {
            same_header(last, &stood, &mut self.report);
        }
        self.stood = Some(stood);
        self.stage = Stage::Indexes(match self.last {
            None => Indexes::default(),
            Some(_) => Indexes::of_acts(),
        });
        Ok(())
    }

    /// The projections are folded and compared in parts.
    fn split(&mut self) {
        let parts = match self.last {
            None => Owner::all(&self.journal.seen),
            Some(_) => Owner::touched(&self.journal.seen),
        };
        self.stage = Stage::Parts(parts.into(), Vec::new());
    }

    /// Folds some entries of two parts, or compares some rows of one while another is folded; answer: whether there is more to do.
    fn parts(&mut self, file: &SiteFile) -> Result<bool> {
        let Stage::Parts(parts, folds) = &mut self.stage else {
            return Ok(false);
        };
        while folds.len() < TOGETHER
            && let Some(owner) = parts.pop_front()
        {
            let fold = Fold::new(file, &self.journal, owner)?;
            if fold.hidden {
                pages::tell_index(ENTRIES, &mut self.report);
            }
            folds.push((fold, Comparing::default()));
        }
        let conn = file.conn()?;
        let names = self.journal.names();
        for (fold, _) in folds.iter_mut() {
            let through = fold.through();
            fold.take_in(&self.journal);
            // Who saves time and again does not keep from being compared what was ready for it.
            if through {
                let rows = fold.read(conn, &self.journal)?;
                fold::tell(fold.fold(rows), &names, &mut self.report);
            }
        }
        let through = folds.iter().position(|(fold, _)| fold.through());
        let (mut ended, mut work) = (None, Vec::new());
        for (n, (fold, comparing)) in folds.iter_mut().enumerate() {
            if Some(n) == through {
                ended = Some((fold, comparing));
            } else if !fold.through() && work.len() < 2 - usize::from(through.is_some()) {
                let rows = fold.read(conn, &self.journal)?;
                work.push((fold, rows));
            }
        }
        let any = ended.is_some() || !work.is_empty();
        let (since, report) = (self.last.is_some(), &mut self.report);
        let there = work.pop();
        let here = || -> Result<(Vec<Odd>, bool)> {
            if let Some((fold, comparing)) = ended {
                // Counted when everything is there to be counted, then compared.
                let more = fold.count()? || comparing.go_on(conn, fold, since, report)?;
                return Ok((Vec::new(), more));
            }
            Ok((
                work.into_iter().flat_map(|(fold, rows)| fold.fold(rows)).collect(),
                true,
            ))
        };
        let (here, there) = match there {
            Some((fold, rows)) => two::both(here, || fold.fold(rows)),
            None => (here(), Vec::new()),
        };
        let (odd, more) = here?;
        fold::tell(odd, &names, &mut self.report);
        fold::tell(there, &names, &mut self.report);
        if let (Some(n), false) = (through, more) {
            let (fold, _) = folds.remove(n);
            self.folded += fold.folded();
        }
        Ok(any)
    }
}
