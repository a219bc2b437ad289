//! The study definitions that the file keeps: the bytes that the journal names.

use std::collections::BTreeMap;

use proof::Digest;

use crate::{check::Report, error::Result, file::SiteFile};

/// What is kept of one version, by the names of its files.
type Kept = BTreeMap<(String, String), Vec<(String, Vec<u8>)>>;

/// Compares what is kept with the hashes in the journal.
pub(super) fn check(file: &SiteFile, report: &mut Report) -> Result<()> {
    let mut kept = Kept::new();
    let sql = "SELECT study, version, name, bytes FROM definition ORDER BY study, version, name";
    for (study, name, bytes) in file.rows(sql, [], |row| {
        Ok(((row.get(0)?, row.get(1)?), row.get(2)?, row.get(3)?))
    })? {
        kept.entry(study).or_default().push((name, bytes));
    }
    for ((study, version), files) in kept {
        let sql = "SELECT sha256 FROM study WHERE oid = ?1 AND version = ?2";
        let told: Vec<String> = file.rows(sql, [&study, &version], |row| Ok(row.get(0)?))?;
        // Kept beforehand, and not installed; or installed under a hash of zeros, which names nothing. Nobody takes the one or
        // the other from a journal without a person's signature.
        if told.is_empty() || told.iter().any(|hash| hash.bytes().all(|digit| digit == b'0')) {
            continue;
        }
        let texts: Option<Vec<(&str, &str)>> = files
            .iter()
            .map(|(name, bytes)| Some((name.as_str(), std::str::from_utf8(bytes).ok()?)))
            .collect();
        let hash = texts.map(|texts| Digest::of(&study::load::canonical_bytes(&texts)).to_string());
        if !hash.is_some_and(|hash| told.contains(&hash)) {
            report.add("definition", format!("{study}@{version}"), []);
        }
    }
    Ok(())
}
