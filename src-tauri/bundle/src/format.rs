//! The JSON of a bundle: its header, its lines, its people.

use crate::{names::permitted, refused::Code};
use proof::{AllowedSigners, CommitSig, Digest, Line, Namespace, PublicKey, Salt, Signer, canonical_within, genesis};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `format` of every header.
pub(crate) const FORMAT: &str = "cartwright-bundle";

/// Version of the bundle's format that this reader knows.
pub const BUNDLE_VERSION: u64 = 1;

/// `cartwright.json`: what the bundle is, from whom, to whom, which part of which logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// `cartwright-bundle`; filled in when built.
    #[serde(default)]
    pub format: String,
    /// [`BUNDLE_VERSION`]; filled in when built.
    #[serde(default)]
    pub version: u64,
    /// Its purpose.
    pub kind: Kind,
    /// Its name, which is also its top folder's.
    pub external_id: String,
    /// Study and version.
    pub study: StudyRef,
    /// Code of the site it comes from.
    pub from: String,
    /// Names it is meant for; may be empty.
    pub to: Vec<String>,
    /// Identifier of the file it was made from.
    pub store: String,
    /// Label of the device it was made on.
    pub device: String,
    /// Its number, counted by the sender from 1. Shown, never decides.
    pub bundle_seq: u64,
    /// SHA-256 of the sender's bundle before this one (plain zip).
    pub prev_bundle: Option<Digest>,
    /// Which part of which logs, sorted by log, each log once.
    pub logs: Vec<LogRange>,
    /// When, UTC, `YYYY-MM-DDThh:mm:ss[.sss]Z`.
    pub created: String,
    /// Version of Cartwright that wrote it.
    pub app: String,
}

/// What a bundle is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Records of a site.
    SiteRecords,
    /// A monitor's review of them.
    Review,
    /// Everything, at the end.
    Archive,
}

/// A study and its version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyRef {
    /// The study's OID.
    pub id: String,
    /// The version.
    pub version: String,
}

/// A part of one log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogRange {
    /// The log.
    pub log: String,
    /// First entry, from 1.
    pub from: u64,
    /// Last entry.
    pub to: u64,
    /// Head before the first entry; the log's genesis when `from` is 1.
    pub head_before: Digest,
    /// Head after the last entry.
    pub head: Digest,
}

/// One line of `entries.ndjson`. Without body and salt: redacted or withheld, the leaf still counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryLine {
    /// The log.
    pub log: String,
    /// Number in the log, from 1.
    pub seq: u64,
    /// The entry's own id.
    pub id: String,
    /// Salt of the leaf; absent exactly when the body is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<Salt>,
    /// Leaf over salt and canonical body.
    pub leaf: Digest,
    /// Head after this entry.
    pub head: Digest,
    /// What was done, with at least `actor`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

/// One line of `commits.ndjson`: a signature over the log's state after entry `seq`. It covers the
/// entries after the commit before it; all of them have the signer as their actor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommitLine {
    /// The log.
    pub log: String,
    /// Last entry covered.
    pub seq: u64,
    /// Id of a person, or `device`.
    pub signer: String,
    /// The signature.
    pub sig: CommitSig,
}

/// `people.json`: whose keys are whose. Members not named here may stand beside and are kept as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// Everybody who ever acted.
    pub people: Vec<Person>,
    /// The device of each log.
    pub devices: Vec<DeviceKey>,
    /// The site.
    pub site: SiteKey,
}

/// A person, by the name that is printed in signatures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Permanent id, the `actor` of entries.
    pub id: String,
    /// Name as printed.
    pub printed_name: String,
    /// Roles.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Signing key in use.
    pub key: PublicKey,
    /// Keys used before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_keys: Vec<PublicKey>,
}

/// The device that owns a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceKey {
    /// The log.
    pub log: String,
    /// The device's signing key.
    pub key: PublicKey,
}

/// The site's keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteKey {
    /// Code of the site.
    pub code: String,
    /// Key that signs bundles and checkpoints.
    pub key: PublicKey,
    /// age recipient, `age1…`.
    pub recipient: String,
}

/// Something that can stand on a line, in a terminal, in a list.
pub(crate) fn one_line(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(char::is_control)
}

impl Header {
    /// What contradicts itself, if anything does.
    pub(crate) fn flaw(&self) -> Option<(Code, String)> {
        let single = |name: &str| permitted(name) && !name.contains('/');
        let shape = |what: &str| Some((Code::HeaderShape, what.to_owned()));
        if self.format != FORMAT {
            return shape("format");
        }
        if !single(&self.external_id) {
            return shape("external_id");
        }
        if !single(&self.from) {
            return shape("from");
        }
        let texts = [
            &self.app,
            &self.store,
            &self.study.id,
            &self.study.version,
            &self.device,
        ];
        if !texts.into_iter().chain(&self.to).all(|text| one_line(text)) {
            return shape("app, store, study, device or to");
        }
        if !self.created.ends_with('Z') || chrono::DateTime::parse_from_rfc3339(&self.created).is_err() {
            return shape("created");
        }
        let mut before = None;
        for range in &self.logs {
            let starts = range.from == 1;
            if before >= Some(&range.log)
                || !single(&range.log)
                || range.from == 0
                || range.to < range.from
                || starts && range.head_before != genesis(&range.log)
            {
                return Some((Code::HeaderLogs, range.log.clone()));
            }
            before = Some(&range.log);
        }
        None
    }

    /// Day of `created`, as `bag-info.txt` has it.
    pub(crate) fn day(&self) -> &str {
        self.created.get(..10).unwrap_or_default()
    }
}

impl EntryLine {
    /// The leaf that salt and body give; `None` without them.
    pub(crate) fn computed_leaf(&self) -> Option<Digest> {
        let (salt, body) = (self.salt.as_ref()?, self.body.as_ref()?);
        let body = canonical_within(body, proof::ENTRY_LIMITS).ok()?;
        Some(proof::leaf(&salt.0, &body))
    }
}

impl People {
    pub(crate) fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|p| p.id == id)
    }

    pub(crate) fn device(&self, log: &str) -> Option<&DeviceKey> {
        self.devices.iter().find(|d| d.log == log)
    }
}

impl Person {
    pub(crate) fn keys(&self) -> impl Iterator<Item = &PublicKey> {
        std::iter::once(&self.key).chain(&self.former_keys)
    }
}

/// The name a bundle gets: `STUDY-SITE-YYYYMMDDThhmmssZ-NNNNNN`. `created` as in [`Header::created`].
#[must_use]
pub fn external_id(study: &str, site: &str, created: &str, number: u64) -> String {
    let time: String = created.chars().take(19).filter(|c| c.is_ascii_alphanumeric()).collect();
    let study: String = study
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    format!("{study}-{site}-{time}Z-{number:06}")
}

/// A list of signers that names the site and its people as `people.json` does: for a site whose
/// sponsor has not issued a list yet. Principals: `site-012` and the ids of persons.
#[must_use]
pub fn trust_list(people: &People) -> AllowedSigners {
    let line = |principal: &str, namespaces: &[Namespace], key: PublicKey, comment: &str| {
        Line::Signer(Signer {
            principals: vec![principal.to_owned()],
            namespaces: Some(namespaces.iter().map(|n| n.as_str().to_owned()).collect()),
            valid_after: None,
            valid_before: None,
            key,
            comment: comment.chars().filter(|c| !c.is_control()).collect(),
        })
    };
    let site = format!("site-{}", people.site.code);
    let mut lines = vec![line(
        &site,
        &[Namespace::Bundle, Namespace::Checkpoint],
        people.site.key,
        "",
    )];
    for person in &people.people {
        for key in person.keys() {
            let purposes = [Namespace::Commit, Namespace::Esig, Namespace::Bundle];
            lines.push(line(&person.id, &purposes, *key, &person.printed_name));
        }
    }
    AllowedSigners { lines }
}
