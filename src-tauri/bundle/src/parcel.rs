//! Building a bundle from what the journal and the reports hand over.

use crate::{
    bag,
    format::{BUNDLE_VERSION, CommitLine, EntryLine, FORMAT, Header, People},
    limits::LIMITS,
    readme::readme,
    refused::Refused,
    verify::{Verified, examine},
    zip::{ZipFlaw, write_zip},
};
use proof::{
    CanonicalError, Checkpoint, CheckpointError, Digest, Limits, Namespace, SigningKey, SshSig, canonical,
    canonical_within, sign,
};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Everything in a bundle but the entries, which are handed over one by one.
#[derive(Debug, Clone)]
pub struct Content {
    /// What it is; `format` and `version` are filled in.
    pub header: Header,
    /// Commit signatures, sorted by log and number.
    pub commits: Vec<CommitLine>,
    /// E-signatures in the order they are numbered.
    pub esignatures: Vec<Esignature>,
    /// `people.json`: [`People`] and whatever else stands beside.
    pub people: Value,
    /// The study's definition: path below `data/study/` and bytes.
    pub definition: BTreeMap<String, Vec<u8>>,
    /// Documents for reading: name below `data/pdf/` and bytes.
    pub pdfs: BTreeMap<String, Vec<u8>>,
    /// The list of signers in force at the site; see [`crate::trust_list`].
    pub allowed_signers: String,
}

/// A statement and its signature, as made when signing.
#[derive(Debug, Clone)]
pub struct Esignature {
    /// The signed bytes; see [`crate::statement_bytes`].
    pub statement: Vec<u8>,
    /// The signature, namespace `cartwright-esig-v1`.
    pub signature: SshSig,
}

/// A finished bundle.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// Its name.
    pub external_id: String,
    /// Name of the plain file: `<external id>.cwb.zip`; sealed, `.age` is added.
    pub file_name: String,
    /// The zip.
    pub bytes: Vec<u8>,
    /// SHA-256 of the zip.
    pub sha256: Digest,
    /// What a reader who trusts the site's key will find.
    pub verified: Verified,
}

/// Why a bundle cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Something has no canonical form.
    #[error("canonical form: {0}")]
    Canonical(#[from] CanonicalError),
    /// A log has no checkpoint.
    #[error("checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// A file's name or a size.
    #[error("zip: {0}")]
    Zip(#[from] ZipFlaw),
    /// Built, and then refused by the reader's own checks: what was handed over contradicts itself.
    #[error("the bundle would be refused: {0}")]
    Refused(#[from] Refused),
}

/// Files without the top folder, by name.
type Own = BTreeMap<String, Vec<u8>>;

fn put_line<T: Serialize>(out: &mut Vec<u8>, line: &T) -> Result<(), CanonicalError> {
    let limits = Limits {
        bytes: LIMITS.line,
        depth: proof::ENTRY_LIMITS.depth + 1,
    };
    out.extend(canonical_within(line, limits)?);
    out.push(b'\n');
    Ok(())
}

impl Parcel {
    /// Builds, signs and checks a bundle. Equal input gives equal bytes. `entries` come sorted by log
    /// and number; `site` is the site's key, `user` the key of the person who exports.
    ///
    /// # Errors
    /// When the parts contradict one another: nothing leaves that a reader would refuse.
    pub fn build(
        content: &Content,
        entries: impl IntoIterator<Item = EntryLine>,
        site: &SigningKey,
        user: &SigningKey,
    ) -> Result<Self, BuildError> {
        let mut header = content.header.clone();
        FORMAT.clone_into(&mut header.format);
        header.version = BUNDLE_VERSION;

        let mut files = payload(content, &header, site, user)?;
        let mut lines = Vec::new();
        for entry in entries {
            put_line(&mut lines, &entry)?;
        }
        files.insert(bag::ENTRIES.into(), lines);

        add_tags(&mut files, &header)?;
        let list = files.get(bag::TAG_MANIFEST).cloned().unwrap_or_default();
        for (name, key) in [(bag::SITE_SIGNATURE, site), (bag::USER_SIGNATURE, user)] {
            let signature = sign(key, Namespace::Bundle, &list).armoured();
            files.insert(name.into(), signature.into_bytes());
        }
        let bytes = in_folder(&files, &header.external_id)?;
        let verified = examine(&bytes, |_| Ok(Vec::new()), None)?;
        Ok(Self {
            file_name: format!("{}.cwb.zip", header.external_id),
            external_id: header.external_id,
            sha256: Digest::of(&bytes),
            bytes,
            verified,
        })
    }
}

fn payload(content: &Content, header: &Header, site: &SigningKey, user: &SigningKey) -> Result<Own, BuildError> {
    let mut files = Own::new();
    let mut commits = Vec::new();
    for commit in &content.commits {
        put_line(&mut commits, commit)?;
    }
    files.insert(bag::COMMITS.into(), commits);
    for range in &header.logs {
        let text = Checkpoint::new(&range.log, range.to, range.head)?.text();
        let file = bag::checkpoint_file(&range.log);
        let signature = sign(site, Namespace::Checkpoint, text.as_bytes()).armoured();
        files.insert(bag::signature_of(&file), signature.into_bytes());
        files.insert(file, text.into_bytes());
    }
    for (at, esignature) in content.esignatures.iter().enumerate() {
        let file = bag::statement_file(at + 1);
        files.insert(bag::signature_of(&file), esignature.signature.armoured().into_bytes());
        files.insert(file, esignature.statement.clone());
    }
    let mut people = canonical(&content.people)?;
    people.push(b'\n');
    files.insert(bag::PEOPLE.into(), people);
    for (folder, of) in [(bag::DEFINITION, &content.definition), (bag::PDF, &content.pdfs)] {
        files.extend(
            of.iter()
                .map(|(name, bytes)| (format!("{folder}{name}"), bytes.clone())),
        );
    }
    files.insert(bag::TRUST.into(), content.allowed_signers.clone().into_bytes());
    let people: Option<People> = serde_json::from_value(content.people.clone()).ok();
    let exporter = people
        .iter()
        .flat_map(|p| &p.people)
        .find(|p| p.key == user.public())
        .map_or("", |p| p.id.as_str());
    files.insert(
        bag::README.into(),
        readme(header, &site.public(), exporter).into_bytes(),
    );
    Ok(files)
}

fn add_tags(files: &mut Own, header: &Header) -> Result<(), BuildError> {
    let listed = bag::manifest(files.iter().map(|(n, b)| (n.as_str(), Digest::of(b))));
    let octets = files.values().map(Vec::len).sum();
    let info = bag::bag_info(header, octets, files.len());
    let mut head = canonical(header)?;
    head.push(b'\n');
    files.insert(bag::BAGIT.into(), bag::BAGIT_TXT.into());
    files.insert(bag::BAG_INFO.into(), info.into_bytes());
    files.insert(bag::HEADER.into(), head);
    files.insert(bag::MANIFEST.into(), listed.into_bytes());
    let tags = bag::TAG_FILES
        .iter()
        .filter_map(|name| files.get(*name).map(|bytes| (*name, Digest::of(bytes))));
    let tags = bag::manifest(tags);
    files.insert(bag::TAG_MANIFEST.into(), tags.into_bytes());
    Ok(())
}

fn in_folder(files: &Own, folder: &str) -> Result<Vec<u8>, ZipFlaw> {
    let named: Vec<(String, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (format!("{folder}/{name}"), bytes.as_slice()))
        .collect();
    write_zip(&named.iter().map(|(n, b)| (n.as_str(), *b)).collect())
}
