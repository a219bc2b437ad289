//! What a verified bundle holds, in numbers and names.

use super::{envelope::Envelope, journal::Journal};
use crate::{
    bag,
    format::{Header, People, Person},
    limits::LIMITS,
};
use chrono::{DateTime, TimeDelta, Utc};
use proof::{Digest, PublicKey};
use serde::Serialize;

/// A bundle that passed every check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// What it is, from whom, to whom, which part of which logs.
    pub header: Header,
    /// SHA-256 of the plain zip.
    pub sha256: Digest,
    /// The site's key and the names the reader's list has for it.
    pub signed_by: SignedBy,
    /// The person who exported it.
    pub exported_by: ExportedBy,
    /// Entries of each log.
    pub logs: Vec<LogSummary>,
    /// Everybody in the list of people.
    pub people: Vec<PersonSummary>,
    /// Entries in all.
    pub entries: u64,
    /// Entries whose body was redacted or withheld.
    pub redacted: u64,
    /// Commit signatures verified.
    pub commits: u64,
    /// Electronic signatures verified, in order.
    pub esignatures: Vec<EsigSummary>,
    /// Codes of subjects added in these entries, sorted.
    pub subjects: Vec<String>,
    /// Names of the enclosed documents.
    pub pdfs: Vec<String>,
    /// Files in the bundle.
    pub files: usize,
    /// Its time lies more than a day ahead of the reader's clock.
    pub created_ahead: bool,
}

/// The key that signed a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignedBy {
    /// Names in the reader's list.
    pub principals: Vec<String>,
    /// The key.
    pub key: PublicKey,
    /// `SHA256:…`.
    pub fingerprint: String,
    /// The same as twelve words.
    pub words: Vec<String>,
}

/// The person whose signature stands beside the site's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportedBy {
    /// Id.
    pub person: String,
    /// Printed name.
    pub printed_name: String,
    /// `SHA256:…`.
    pub fingerprint: String,
}

/// Entries of one log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogSummary {
    /// The log.
    pub log: String,
    /// First entry.
    pub from: u64,
    /// Last entry.
    pub to: u64,
    /// How many.
    pub entries: u64,
    /// Head after the last.
    pub head: Digest,
}

/// One person's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonSummary {
    /// Id.
    pub id: String,
    /// Printed name.
    pub printed_name: String,
    /// Roles.
    pub roles: Vec<String>,
    /// Entries by this person.
    pub entries: u64,
    /// Commits signed by this person.
    pub commits: u64,
    /// `SHA256:…` of the key in use.
    pub fingerprint: String,
}

/// One electronic signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EsigSummary {
    /// Id of the signature.
    pub id: String,
    /// Id of the person.
    pub person: String,
    /// Name as printed when signing.
    pub printed_name: String,
    /// Code of the meaning.
    pub meaning_code: String,
    /// The meaning in words.
    pub meaning: String,
    /// When, UTC.
    pub at: String,
    /// Offset of the device's clock.
    pub offset: String,
    /// `SHA256:…` of the key that made it.
    pub fingerprint: String,
}

/// What the steps found.
pub(super) struct Outcome<'a> {
    pub(super) principals: Vec<String>,
    pub(super) header: Header,
    pub(super) people: &'a People,
    pub(super) exporter: &'a Person,
    pub(super) journal: Journal,
    pub(super) esignatures: Vec<EsigSummary>,
}

impl Outcome<'_> {
    pub(super) fn summarise(self, envelope: &Envelope<'_>, now: Option<DateTime<Utc>>) -> Verified {
        let logs: Vec<LogSummary> = self
            .journal
            .logs
            .iter()
            .map(|walked| summary_of(&walked.range))
            .collect();
        let people = self.people.people.iter().map(|p| self.part_of(p)).collect();
        let pdfs = envelope.files.keys().filter_map(|name| name.strip_prefix(bag::PDF));
        Verified {
            sha256: Digest::of(envelope.bytes),
            signed_by: SignedBy {
                principals: self.principals,
                key: envelope.site,
                fingerprint: envelope.site.fingerprint(),
                words: envelope.site.words().map(str::to_owned).to_vec(),
            },
            exported_by: ExportedBy {
                person: self.exporter.id.clone(),
                printed_name: self.exporter.printed_name.clone(),
                fingerprint: self.exporter.key.fingerprint(),
            },
            entries: logs.iter().map(|l| l.entries).sum(),
            logs,
            people,
            redacted: self.journal.redacted,
            commits: self.journal.commits,
            esignatures: self.esignatures,
            subjects: self.journal.subjects.into_iter().collect(),
            pdfs: pdfs.map(str::to_owned).collect(),
            files: envelope.files.len(),
            created_ahead: now.is_some_and(|now| is_ahead(&self.header.created, now)),
            header: self.header,
        }
    }

    fn part_of(&self, person: &Person) -> PersonSummary {
        let count = |of: &std::collections::BTreeMap<String, u64>| of.get(&person.id).copied().unwrap_or_default();
        PersonSummary {
            id: person.id.clone(),
            printed_name: person.printed_name.clone(),
            roles: person.roles.clone(),
            entries: count(&self.journal.entries_by),
            commits: count(&self.journal.commits_by),
            fingerprint: person.key.fingerprint(),
        }
    }
}

fn summary_of(range: &crate::format::LogRange) -> LogSummary {
    LogSummary {
        log: range.log.clone(),
        from: range.from,
        to: range.to,
        entries: range.to - range.from + 1,
        head: range.head,
    }
}

fn is_ahead(created: &str, now: DateTime<Utc>) -> bool {
    let limit = TimeDelta::try_hours(LIMITS.hours_ahead).unwrap_or_default();
    DateTime::parse_from_rfc3339(created).is_ok_and(|at| at.to_utc().signed_duration_since(now) > limit)
}
