//! What an import takes over from a bundle, after every check has passed.

use super::{envelope::Envelope, journal, verify};
use crate::{
    bag,
    format::{CommitLine, EntryLine},
    refused::{Code, Refused},
    verify::Verified,
};
use chrono::{DateTime, Utc};
use proof::AllowedSigners;
use std::collections::BTreeMap;

/// The parts of a verified bundle that a receiver keeps. The documents in it are renderings of
/// these and are never read by a program.
#[derive(Debug, Clone)]
pub struct Contents {
    /// Entries, by log and number.
    pub entries: Vec<EntryLine>,
    /// Commit signatures, by log and number.
    pub commits: Vec<CommitLine>,
    /// `people.json`, canonical and with its LF.
    pub people: Vec<u8>,
    /// The study's definition: path below `data/study/` and bytes.
    pub definition: BTreeMap<String, Vec<u8>>,
    /// The list of signers that was in force at the site.
    pub allowed_signers: String,
}

/// Verifies a bundle and hands over what is in it.
///
/// # Errors
/// As [`verify`]: nothing is handed over unless everything holds.
pub fn open(bytes: &[u8], trust: &AllowedSigners, now: DateTime<Utc>) -> Result<(Verified, Contents), Refused> {
    let verified = verify(bytes, trust, now)?;
    let envelope = Envelope::open(bytes)?;
    let definition = envelope
        .files
        .iter()
        .filter_map(|(name, bytes)| Some((name.strip_prefix(bag::DEFINITION)?.to_owned(), bytes.to_vec())));
    let contents = Contents {
        entries: journal::lines(&envelope, bag::ENTRIES, Code::EntryForm)?.collect::<Result<_, _>>()?,
        commits: journal::lines(&envelope, bag::COMMITS, Code::CommitForm)?.collect::<Result<_, _>>()?,
        people: envelope.file(bag::PEOPLE)?.to_vec(),
        definition: definition.collect(),
        allowed_signers: envelope.text(bag::TRUST)?.to_owned(),
    };
    Ok((verified, contents))
}
