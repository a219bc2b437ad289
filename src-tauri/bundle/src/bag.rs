//! BagIt 1.0 (RFC 8493): where files lie, and the texts that list them.

use crate::{
    format::Header,
    refused::{Code, Flaw},
};
use proof::Digest;
use std::collections::BTreeMap;

pub(crate) const BAGIT: &str = "bagit.txt";
pub(crate) const BAG_INFO: &str = "bag-info.txt";
pub(crate) const HEADER: &str = "cartwright.json";
pub(crate) const MANIFEST: &str = "manifest-sha256.txt";
pub(crate) const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";
pub(crate) const SITE_SIGNATURE: &str = "signatures/bundle.site.sshsig";
pub(crate) const USER_SIGNATURE: &str = "signatures/bundle.user.sshsig";
pub(crate) const PAYLOAD: &str = "data/";
pub(crate) const ENTRIES: &str = "data/audit/entries.ndjson";
pub(crate) const COMMITS: &str = "data/audit/commits.ndjson";
pub(crate) const CHECKPOINTS: &str = "data/audit/checkpoints/";
pub(crate) const ESIGNATURES: &str = "data/esignatures/";
pub(crate) const PEOPLE: &str = "data/people.json";
pub(crate) const DEFINITION: &str = "data/study/";
pub(crate) const PDF: &str = "data/pdf/";
pub(crate) const TRUST: &str = "data/trust/allowed_signers";
pub(crate) const README: &str = "data/README.txt";

pub(crate) const BAGIT_TXT: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/// The files that the tag manifest lists, in its order.
pub(crate) const TAG_FILES: [&str; 4] = [BAG_INFO, BAGIT, HEADER, MANIFEST];
/// The files that nothing lists: they are the signed list and its signatures.
pub(crate) const UNLISTED: [&str; 3] = [SITE_SIGNATURE, USER_SIGNATURE, TAG_MANIFEST];

/// A checkpoint's file; its signature stands beside it with `.sshsig`.
pub(crate) fn checkpoint_file(log: &str) -> String {
    format!("{CHECKPOINTS}{log}.txt")
}

/// A statement's file, counted from 1; its signature stands beside it with `.sshsig`.
pub(crate) fn statement_file(number: usize) -> String {
    format!("{ESIGNATURES}{number:06}.json")
}

pub(crate) fn signature_of(file: &str) -> String {
    format!("{file}.sshsig")
}

/// A list in the format of sha256sum, sorted bytewise by name.
pub(crate) fn manifest<'a>(files: impl IntoIterator<Item = (&'a str, Digest)>) -> String {
    let sorted: BTreeMap<&str, Digest> = files.into_iter().collect();
    sorted.iter().map(|(name, hash)| format!("{hash}  {name}\n")).collect()
}

/// Reads a list that [`manifest`] wrote; nothing else.
pub(crate) fn read_manifest<'a>(file: &str, text: &'a str) -> Result<BTreeMap<&'a str, Digest>, Flaw> {
    let mut listed = BTreeMap::new();
    for (at, line) in text.lines().enumerate() {
        let wrong = || Flaw::line(Code::ManifestForm, file, at + 1);
        let (hash, name) = line.split_once("  ").ok_or_else(wrong)?;
        listed.insert(name, hash.parse().map_err(|_| wrong())?);
    }
    if manifest(listed.iter().map(|(n, h)| (*n, *h))) == text {
        Ok(listed)
    } else {
        Err(Flaw::file(Code::ManifestForm, file))
    }
}

/// `bag-info.txt`, which follows from the header and the payload.
pub(crate) fn bag_info(header: &Header, octets: usize, count: usize) -> String {
    format!(
        "Source-Organization: {}\nExternal-Identifier: {}\nBagging-Date: {}\nPayload-Oxum: {octets}.{count}\n\
         Bag-Software-Agent: Cartwright {}\nBagIt-Profile-Identifier: urn:cartwright:bundle:1\n",
        header.from,
        header.external_id,
        header.day(),
        header.app,
    )
}
