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

/// What waits has leaves that vouch for it, and hangs together.
fn as_it_came(file: &SiteFile, report: &mut Report) -> Result<()> {
    let sql = "SELECT log, seq, salt, body, leaf, head FROM waiting ORDER BY log, seq";
    let mut before: Option<(String, u64, Digest)> = None;
    let odd = file.rows(sql, [], |row| {
        let (log, seq): (String, u64) = (row.get(0)?, row.get(1)?);
        let (salt, body): (Option<[u8; 16]>, Option<String>) = (row.get(2)?, row.get(3)?);
        let (leaf, head) = (Digest(row.get(4)?), Digest(row.get(5)?));
        let vouched = match (&salt, &body) {
            (Some(salt), Some(body)) => proof::leaf(salt, body.as_bytes()) == leaf,
            (None, None) => true,
            (_, _) => false,
        };
        let linked = match &before {
            Some((last, at, from)) if *last == log && at + 1 == seq => proof::head(from, &leaf) == head,
            Some(_) | None => true,
        };
        let place = format!("{log}/{seq}");
        before = Some((log, seq, head));
        Ok([(!vouched, "leaf"), (!linked, "head")].map(|(odd, code)| odd.then(|| (code, place.clone()))))
    })?;
    for (code, place) in odd.into_iter().flatten().flatten() {
        report.add(code, place, []);
    }
    Ok(())
}

/// What waits in the file, and what was refused and is kept.
pub(super) fn kept(file: &SiteFile, report: &mut Report) -> Result<()> {
    for missing in file.missing()? {
        let facts = [("bundle", format!("{}–{}", missing.from, missing.to))];
        report.add(WAITS, format!("{}/{}", missing.log, missing.to + 1), facts);
    }
    as_it_came(file, report)?;
    for row in file.evidence()? {
        if Digest::of(&row.bytes).to_string() != row.sha256 {
            report.add("evidence_altered", row.sha256.clone(), [("bundle", row.bundle.clone())]);
        }
        report.add(EVIDENCE, row.sha256, [("bundle", row.bundle)]);
    }
    Ok(())
}
