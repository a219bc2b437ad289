//! What a bundle says exists, beside what the file holds.

use proof::Digest;
use study::act::EntryRef;

use crate::{check::Report, error::Result, file::SiteFile};

/// Nothing wrong: entries made after the bundle.
pub(super) const AFTER: &str = "not_in_bundle";
/// Nothing wrong: came in a bundle and waits for what is between.
pub(super) const WAITS: &str = "waits";
/// Nothing wrong with the file: a bundle was refused, and is kept.
pub(super) const EVIDENCE: &str = "evidence";

/// Compares the entries of a verified bundle with the file: what the file lacks, what differs, and what came after.
///
/// # Errors
/// The database.
pub fn compare_with(file: &SiteFile, bundle: &str, entries: &[(EntryRef, Digest)], report: &mut Report) -> Result<()> {
    let mut logs: Vec<&str> = Vec::new();
    for (at, head) in entries {
        if logs.last() != Some(&at.log.as_str()) {
            logs.push(&at.log);
        }
        let place = format!("{}/{}", at.log, at.seq);
        let here = match file.log_no(&at.log) {
            Some(no) => file.head_at(no, &at.log, at.seq)?,
            None => None,
        };
        let facts = [("bundle", bundle.to_owned())];
        match here {
            Some(here) if here == *head => {}
            Some(_) => report.add("differs_from_bundle", place, facts),
            None if waits(file, at, head)? => report.add(WAITS, place, facts),
            None => report.add("missing", place, facts),
        }
    }
    for log in logs {
        let last = entries
            .iter()
            .filter(|(at, _)| at.log == log)
            .map(|(at, _)| at.seq)
            .max();
        let Some((last, no)) = last.zip(file.log_no(log)) else {
            continue;
        };
        let tip = file.tip(no, log)?;
        if tip.seq > last {
            let facts = [("bundle", bundle.to_owned()), ("count", (tip.seq - last).to_string())];
            report.add(AFTER, format!("{log}/{}", last + 1), facts);
        }
    }
    Ok(())
}

fn waits(file: &SiteFile, at: &EntryRef, head: &Digest) -> Result<bool> {
    let sql = "SELECT head FROM waiting WHERE log = ?1 AND seq = ?2";
    let there = file.row(sql, rusqlite::params![at.log, at.seq], |row| Ok(Digest(row.get(0)?)))?;
    Ok(there == Some(*head))
}

/// What waits in the file, and what was refused and is kept.
pub(super) fn kept(file: &SiteFile, report: &mut Report) -> Result<()> {
    for missing in file.missing()? {
        let facts = [("bundle", format!("{}–{}", missing.from, missing.to))];
        report.add(WAITS, format!("{}/{}", missing.log, missing.to + 1), facts);
    }
    for row in file.evidence()? {
        report.add(EVIDENCE, row.sha256, [("bundle", row.bundle)]);
    }
    Ok(())
}
