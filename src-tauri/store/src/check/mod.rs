//! Is the file whole, unaltered, and its own? Everything is compared; nothing is repaired.

mod bundles;
mod chain;
mod checking;
mod compare;
mod definitions;
mod fold;
mod indexes;
mod marks;
mod owner;
mod pages;
mod redacted;
mod seals;
mod seen;
mod slots;
mod taken;
mod two;

#[cfg(test)]
mod tests;

pub use bundles::compare_with;
pub use checking::{Checked, Checking};

use std::collections::BTreeMap;

use crate::{
    attempts::Attempts,
    error::Result,
    file::SiteFile,
    header::{self, Header},
    mark::Mark,
    open,
};

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable code.
    pub code: &'static str,
    /// Where: a page, an entry (`log/number`), a table and its row, a part of the header.
    pub where_: String,
    /// What was found, by stable name.
    pub facts: BTreeMap<&'static str, String>,
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Findings in the order met, at most [`Report::MOST`].
    pub findings: Vec<Finding>,
    /// More than are listed.
    pub more: u64,
    /// Entries read.
    pub entries: u64,
    /// Saves whose signature was checked.
    pub saves: u64,
}

impl Report {
    /// No more findings than this are listed.
    pub const MOST: usize = 1000;

    /// Nothing wrong. What a power loss leaves behind, and on which nothing depends, is told and is not wrong.
    #[must_use]
    pub fn sound(&self) -> bool {
        self.more == 0 && self.findings.iter().all(|finding| HARMLESS.contains(&finding.code))
    }

    fn add<const N: usize>(
        &mut self,
        code: &'static str,
        where_: impl Into<String>,
        facts: [(&'static str, String); N],
    ) {
        self.put(Finding {
            code,
            where_: where_.into(),
            facts: facts.into(),
        });
    }

    fn put(&mut self, finding: Finding) {
        if self.findings.len() < Self::MOST {
            self.findings.push(finding);
        } else {
            self.more += 1;
        }
    }
}

/// Wrong passwords noted while the file was locked, of which one does not read.
const ATTEMPTS_TORN: &str = "attempts_torn";
/// The note whether the file was closed does not read: taken for not closed.
const MARK_TORN: &str = "mark_torn";
/// The header was written for a save that did not come about.
const HEADER_NEWER: &str = "header_newer";
/// Findings that a power loss explains and on which nothing depends; and that something was redacted, as two agreed.
const HARMLESS: [&str; 10] = [
    MARK_TORN,
    pages::TORN_FREE_PAGE,
    header::COPY_TORN,
    header::SPARE,
    ATTEMPTS_TORN,
    HEADER_NEWER,
    redacted::REDACTED,
    bundles::AFTER,
    bundles::WAITS,
    bundles::EVIDENCE,
];

/// What a check is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Pages, schema, header.
    Pages,
    /// Chain, signatures, and folding anew.
    Journal,
    /// Comparing what was folded anew with what is there.
    Projections,
}

/// Checks an open file, all at once. `progress` hears the step, what is done of it, and how much there is.
///
/// # Errors
/// The disk failed, or the database could not be read on at all.
pub fn check(file: &SiteFile, progress: &mut dyn FnMut(Step, u64, u64)) -> Result<Report> {
    let mut checking = Checking::in_full(file)?;
    loop {
        let (step, done, total) = checking.progress();
        progress(step, done, total);
        if checking.piece(file)? {
            return Ok(checking.into_report());
        }
    }
}

fn check_header(file: &SiteFile, report: &mut Report) -> Result<()> {
    if open::schema_digest(file.conn()?)? != open::own_schema_digest()? {
        report.add("schema", "schema", []);
    }
    // As it stands on the disk now, not as it was when the file was opened.
    let header = Header::read(file.conn()?)?;
    let body = &header.body;
    if !body.is_ours(&file.dek)? {
        report.add("header_mac", "header", []);
    }
    let (generation, digest) = file.header_known()?;
    let facts = [("read", body.generation.to_string()), ("known", generation.to_string())];
    if body.generation > generation {
        report.add(HEADER_NEWER, "header", facts);
    } else if body.generation < generation {
        report.add("header_older", "header", facts);
    } else if body.generation == generation && body.digest()? != digest {
        report.add("header_differs", "header", facts);
    }
    for code in &header.beside.odd {
        report.add(code, "header", []);
    }
    if let Some(before) = &header.beside.before {
        if !before.is_ours(&file.dek)? {
            report.add("header_copy_mac", "header", []);
        }
        if before.generation == body.generation {
            report.add("header_twice", "header", []);
        }
    }
    if Attempts::read(file.conn()?)?.1.0 {
        report.add(ATTEMPTS_TORN, "header", []);
    }
    if file.mark == Mark::Torn {
        report.add(MARK_TORN, "header", []);
    }
    if header.store_text() != file.store || file.meta_text("store")? != file.store {
        report.add("header_of_another", "header", []);
    }
    slots::check(file, header, report)?;
    definitions::check(file, report)
}
