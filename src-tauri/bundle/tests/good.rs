//! A good bundle is believed, and says what is in it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod common;

use bundle::{BuildError, Parcel, open, read_zip, verify};
use common::{DOCTOR, LOG_A, LOG_B, NURSE, doctor_key, export, now, nurse_key, parcel, people, site_key, trust};
use std::io::Read as _;

#[test]
fn a_good_bundle_is_believed() {
    let parcel = parcel();
    assert_eq!(parcel.file_name, "CARTX-012-20261122T101500Z-000007.cwb.zip");
    let verified = verify(&parcel.bytes, &trust(), now()).unwrap();
    assert_eq!(verified.signed_by.principals, ["site-012@cartx.study"]);
    assert_eq!(verified.signed_by.fingerprint, site_key().public().fingerprint());
    assert_eq!(verified.signed_by.words, site_key().public().words());
    assert_eq!(verified.exported_by.person, DOCTOR);
    let logs: Vec<(&str, u64)> = verified.logs.iter().map(|l| (l.log.as_str(), l.entries)).collect();
    assert_eq!(logs, [(LOG_A, 5), (LOG_B, 2)]);
    assert_eq!((verified.entries, verified.commits, verified.redacted), (7, 6, 0));
    let by: Vec<(&str, u64, u64)> = verified
        .people
        .iter()
        .map(|p| (p.id.as_str(), p.entries, p.commits))
        .collect();
    assert_eq!(by, [(NURSE, 3, 2), (DOCTOR, 3, 3)]);
    assert_eq!(verified.subjects, ["012-0001", "012-0002"]);
    assert_eq!(verified.pdfs, ["012-0001.pdf"]);
    assert_eq!(verified.esignatures.len(), 1);
    assert_eq!(verified.esignatures[0].printed_name, "Maria Rossi, MD");
    assert_eq!(verified.sha256, parcel.sha256);
    assert!(!verified.created_ahead);
    let earlier = now() - chrono::TimeDelta::days(2);
    assert!(verify(&parcel.bytes, &trust(), earlier).unwrap().created_ahead);
}

#[test]
fn an_import_gets_what_was_exported_and_nothing_from_a_bad_bundle() {
    let (content, entries) = export();
    let mut bytes = parcel().bytes;
    let (verified, contents) = open(&bytes, &trust(), now()).unwrap();
    assert_eq!(verified.entries, 7);
    assert_eq!(contents.entries, entries);
    assert_eq!(contents.commits, content.commits);
    assert_eq!(contents.definition, content.definition);
    assert_eq!(contents.allowed_signers, content.allowed_signers);
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&contents.people).unwrap(),
        content.people
    );
    bytes[3000] ^= 1;
    assert!(open(&bytes, &trust(), now()).is_err());
}

#[test]
fn equal_content_gives_equal_bytes() {
    assert_eq!(parcel().bytes, parcel().bytes);
}

#[test]
fn an_empty_site_can_export() {
    let (mut content, _) = export();
    content.header.logs.clear();
    content.commits.clear();
    content.esignatures.clear();
    let parcel = Parcel::build(&content, [], &site_key(), &doctor_key()).unwrap();
    assert_eq!(verify(&parcel.bytes, &trust(), now()).unwrap().entries, 0);
}

#[test]
fn a_later_part_of_a_log_is_believed_on_its_own() {
    let (mut content, entries) = export();
    let cut = entries[1].head;
    content.header.logs[0].from = 3;
    content.header.logs[0].head_before = cut;
    content.commits.retain(|c| c.log == LOG_B || c.seq > 2);
    let later: Vec<_> = entries.into_iter().filter(|e| e.log == LOG_B || e.seq > 2).collect();
    let parcel = Parcel::build(&content, later, &site_key(), &doctor_key()).unwrap();
    let verified = verify(&parcel.bytes, &trust(), now()).unwrap();
    assert_eq!((verified.entries, verified.logs[0].from), (5, 3));
}

#[test]
fn a_redacted_entry_keeps_the_chain() {
    let (content, mut entries) = export();
    entries[3].body = None;
    entries[3].salt = None;
    let parcel = Parcel::build(&content, entries, &site_key(), &doctor_key()).unwrap();
    assert_eq!(verify(&parcel.bytes, &trust(), now()).unwrap().redacted, 1);
}

/// A new password after a reset means a new key; what was signed before stays signed.
#[test]
fn a_former_key_still_vouches_for_what_it_signed() {
    let (mut content, entries) = export();
    let mut people = people();
    people.people[0].former_keys = vec![people.people[0].key];
    people.people[0].key = common::stranger().public();
    content.people = serde_json::to_value(&people).unwrap();
    content.allowed_signers = bundle::trust_list(&people).to_string();
    let parcel = Parcel::build(&content, entries, &site_key(), &doctor_key()).unwrap();
    verify(&parcel.bytes, &trust(), now()).unwrap();
}

/// A sponsor's list need not name those who signed nothing in this bundle.
#[test]
fn a_list_may_leave_out_who_did_not_sign_here() {
    let (mut content, entries) = export();
    let list = content.allowed_signers.lines().filter(|l| !l.starts_with(NURSE));
    content.allowed_signers = list.map(|l| l.to_owned() + "\n").collect();
    let parcel = Parcel::build(&content, entries, &site_key(), &doctor_key()).unwrap();
    verify(&parcel.bytes, &trust(), now()).unwrap();
}

#[test]
fn nothing_leaves_that_a_reader_would_refuse() {
    let refused = |result: Result<Parcel, BuildError>| match result {
        Err(BuildError::Refused(refused)) => refused.code(),
        other => unreachable!("{other:?}"),
    };
    let (content, mut entries) = export();
    entries.remove(2);
    assert_eq!(
        refused(Parcel::build(&content, entries, &site_key(), &doctor_key())),
        "entry-gap"
    );
    let (content, entries) = export();
    let other = Parcel::build(&content, entries, &nurse_key(), &doctor_key());
    assert_eq!(refused(other), "people-site");
    let (content, entries) = export();
    let other = Parcel::build(&content, entries, &site_key(), &common::stranger());
    assert_eq!(refused(other), "signature-user");
    let (mut content, entries) = export();
    content.pdfs.insert("../../x".into(), Vec::new());
    assert!(matches!(
        Parcel::build(&content, entries, &site_key(), &doctor_key()),
        Err(BuildError::Zip(_))
    ));
}

/// Another reader of zips finds the same files, all stored.
#[test]
fn the_zip_crate_reads_the_same() {
    let bytes = parcel().bytes;
    let ours = read_zip(&bytes).unwrap();
    let mut theirs = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    assert_eq!(theirs.len(), ours.len());
    assert!(theirs.by_index(0).unwrap().name().unwrap().ends_with("/bagit.txt"));
    for index in 0..theirs.len() {
        let mut file = theirs.by_index(index).unwrap();
        assert_eq!(file.compression(), zip::CompressionMethod::Stored);
        assert_eq!(file.unix_mode(), Some(0o100_644));
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        let name = file.name().unwrap().into_owned();
        assert_eq!(ours[name.as_str()], content);
    }
}
