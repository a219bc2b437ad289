//! No byte, no cut, no exchange goes unnoticed.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod common;

use bundle::{Code, EntryLine, Parcel, Place, Refused, read_zip, verify};
use common::{Tamperer, doctor_key, export, now, parcel, site_key, stranger, trust};
use proptest::prelude::*;
use std::sync::LazyLock;

static GOOD: LazyLock<Parcel> = LazyLock::new(parcel);

fn damaged(bytes: &[u8]) -> bool {
    matches!(verify(bytes, &trust(), now()), Err(Refused::Damaged(_)))
}

/// Each byte with one bit flipped, the bit going round.
#[test]
fn every_byte_of_the_zip_counts() {
    let mut bytes = GOOD.bytes.clone();
    assert!(bytes.len() > 10_000);
    for at in 0..bytes.len() {
        let bit = 1 << (at % 8);
        bytes[at] ^= bit;
        assert!(damaged(&bytes), "byte {at}");
        bytes[at] ^= bit;
    }
    assert!(verify(&bytes, &trust(), now()).is_ok());
}

/// The same below the zip: each byte of each file changed in a zip whose checksums are right.
#[test]
fn every_byte_of_every_file_counts() {
    let good = &GOOD.bytes;
    let files = read_zip(good).unwrap();
    for (name, body) in &files {
        let at = body.as_ptr() as usize - good.as_ptr() as usize;
        // The checksum stands 16 bytes before the end of the local header, and after the 16th byte
        // of the entry in the directory, which ends with the name.
        let local = at - name.len() - 16;
        let mut entry = name.as_bytes().to_vec();
        entry.extend(b"PK");
        let listed = good.windows(entry.len()).rposition(|w| w == entry).unwrap() - 30;
        let mut bad = good.clone();
        for byte in at..at + body.len() {
            bad[byte] ^= 1 << (byte % 8);
            let checksum = crc32fast::hash(&bad[at..at + body.len()]).to_le_bytes();
            bad[local..local + 4].copy_from_slice(&checksum);
            bad[listed..listed + 4].copy_from_slice(&checksum);
            let refused = verify(&bad, &trust(), now()).unwrap_err();
            assert!(matches!(refused, Refused::Damaged(_)), "{name} byte {}", byte - at);
            assert_ne!(refused.code(), "zip-form", "{name}: the checksums are right");
            bad[byte] ^= 1 << (byte % 8);
        }
    }
}

#[test]
fn a_bundle_cut_short_or_made_longer_is_refused() {
    let bytes = &GOOD.bytes;
    for length in (0..bytes.len()).step_by(97).chain(bytes.len() - 64..bytes.len()) {
        assert!(damaged(&bytes[..length]), "{length} bytes");
        assert!(damaged(&bytes[bytes.len() - length..]), "last {length} bytes");
    }
    assert!(damaged(&[bytes.as_slice(), b"\0"].concat()));
    assert!(damaged(&[b"MZ", bytes.as_slice()].concat()));
    assert!(damaged(&[bytes.as_slice(), bytes.as_slice()].concat()));
}

#[test]
fn entries_left_out_doubled_or_moved_are_refused_even_signed_again() {
    let refused = |change: &dyn Fn(&mut Vec<serde_json::Value>)| {
        let mut tamperer = Tamperer::of(&GOOD.bytes);
        tamperer.lines("data/audit/entries.ndjson", |lines| change(lines));
        tamperer.sign_again();
        damaged(&tamperer.zip())
    };
    assert!(!refused(&|_| {}));
    let count = export().1.len();
    for one in 0..count {
        assert!(refused(&|lines| drop(lines.remove(one))), "without {one}");
        assert!(refused(&|lines| lines.insert(one, lines[one].clone())), "{one} twice");
        for other in one + 1..count {
            assert!(refused(&|lines| lines.swap(one, other)), "{one} and {other}");
        }
    }
}

/// Whoever has the site's key alone cannot change what a person did: rewriting the chain costs the
/// person's signature.
#[test]
fn history_rewritten_with_the_sites_key_alone_is_refused() {
    let mut tamperer = Tamperer::of(&GOOD.bytes);
    let (mut content, entries) = export();
    let mut before = content.header.logs[0].head_before;
    let mut lines = Vec::new();
    for mut entry in entries {
        if entry.log == common::LOG_A {
            if let Some(body) = entry.body.as_mut()
                && entry.seq == 3
            {
                body["act"]["value"]["text"] = "36.5".into();
            }
            let salt = entry.salt.unwrap();
            entry.leaf = proof::leaf(&salt.0, &proof::canonical(&entry.body).unwrap());
            entry.head = proof::head(&before, &entry.leaf);
            before = entry.head;
        }
        lines.push(entry);
    }
    content.header.logs[0].head = before;
    let text = |entries: &[EntryLine]| -> Vec<u8> {
        let lines = entries.iter().map(|e| proof::canonical(e).unwrap());
        lines
            .flat_map(|mut l| {
                l.push(b'\n');
                l
            })
            .collect()
    };
    tamperer.put("data/audit/entries.ndjson", text(&lines));
    tamperer.json("cartwright.json", |h| h["logs"][0]["head"] = before.to_string().into());
    tamperer.sign_again();
    let refused = verify(&tamperer.zip(), &trust(), now()).unwrap_err();
    assert_eq!(refused.code(), "commit-signature");
}

/// Long enough that several threads share the signatures.
#[test]
fn one_bad_signature_among_many_is_found() {
    let (mut content, _) = export();
    let mut log = common::Log::new(common::LOG_A);
    for seq in 1..=1500 {
        log.save(
            common::NURSE,
            serde_json::json!({"type": "locked", "how": seq.to_string()}),
        );
    }
    content.header.logs = vec![log.range()];
    content.esignatures.clear();
    content.commits = log.commits;
    let good = Parcel::build(&content, log.entries, &site_key(), &doctor_key()).unwrap();
    for bad in [0, 700, 1499] {
        let mut tamperer = Tamperer::of(&good.bytes);
        tamperer.lines("data/audit/commits.ndjson", |lines| {
            let other = (bad + 1) % lines.len();
            lines[bad]["sig"] = lines[other]["sig"].clone();
        });
        tamperer.sign_again();
        let Err(Refused::Damaged(flaw)) = verify(&tamperer.zip(), &trust(), now()) else {
            unreachable!("the signature of {bad} is bad");
        };
        let seq = bad as u64 + 1;
        let log = common::LOG_A.to_owned();
        assert_eq!(
            (flaw.code, flaw.place),
            (Code::CommitSignature, Place::Entry { log, seq })
        );
    }
}

#[test]
fn files_of_two_bundles_cannot_be_mixed() {
    let (mut content, entries) = export();
    content.header.bundle_seq = 8;
    content.pdfs.insert("012-0002.pdf".into(), b"%PDF".to_vec());
    let other = Parcel::build(&content, entries, &site_key(), &doctor_key()).unwrap();
    let (ours, theirs) = (Tamperer::of(&GOOD.bytes), Tamperer::of(&other.bytes));
    for name in theirs.files.keys() {
        let mut mixed = Tamperer::of(&GOOD.bytes);
        mixed.put(name, theirs.files[name].clone());
        let same = ours.files.get(name) == theirs.files.get(name);
        assert_eq!(damaged(&mixed.zip()), !same, "{name}");
    }
}

#[test]
fn signed_wholly_by_a_stranger_is_not_damage_but_not_believed() {
    let mut tamperer = Tamperer::of(&GOOD.bytes);
    tamperer.replace("data/audit/entries.ndjson", "38.5", "36.5");
    tamperer.sign_again_with(&stranger(), &stranger());
    let refused = verify(&tamperer.zip(), &trust(), now()).unwrap_err();
    assert_eq!(refused.code(), "signer-unknown");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(verify(&bytes, &trust(), now()).is_err());
        prop_assert!(bundle::open_sealed(&bytes, &bundle::AgeIdentity::from_seed(&[1; 32]).unwrap()).is_err());
    }

    /// Splices: a piece of the bundle laid over, into, or out of another place.
    #[test]
    fn splices_are_refused(from: prop::sample::Index, to: prop::sample::Index, length in 1_usize..300, how in 0..3) {
        let good = &GOOD.bytes;
        let (from, to) = (from.index(good.len()), to.index(good.len()));
        let end = (from + length).min(good.len());
        let piece = good[from..end].to_vec();
        let mut bad = good.clone();
        match how {
            0 => { bad.splice(to..to, piece); }
            1 => { bad.drain(from..end); }
            _ => {
                let upto = (to + piece.len()).min(bad.len());
                bad.splice(to..upto, piece);
            }
        }
        prop_assume!(bad != *good);
        prop_assert!(damaged(&bad));
    }

    /// One file replaced by anything, signed again by somebody who may sign: refused or believed, no panic.
    #[test]
    fn any_content_of_any_file_is_read_without_a_panic(which: prop::sample::Index, at: prop::sample::Index, text in "\\PC{0,40}") {
        let mut tamperer = Tamperer::of(&GOOD.bytes);
        let names: Vec<String> = tamperer.files.keys().filter(|n| !n.starts_with("signatures/") && !n.contains("manifest")).cloned().collect();
        let name = &names[which.index(names.len())];
        let mut bytes = tamperer.files[name].clone();
        let at = at.index(bytes.len());
        let end = (at + text.len()).min(bytes.len());
        bytes.splice(at..end, text.into_bytes());
        tamperer.put(name, bytes);
        tamperer.sign_again();
        let _ = verify(&tamperer.zip(), &trust(), now());
    }
}
