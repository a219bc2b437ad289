//! Bad bundles made by hand, each refused for its own reason. Those with bad content are signed again by
//! somebody who holds the site's and the investigator's keys, so that only the one check can catch them.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod commits;
#[path = "../common/mod.rs"]
mod common;
mod entries;
mod envelope;
mod header;
mod people;
mod statements;

use bundle::{Code, Place, Refused, trust_list, verify};
use chrono::TimeDelta;
use common::{DOCTOR, LOG_A, Tamperer, doctor_key, now, parcel, site_key, stranger, trust};
use proof::{AllowedSigners, Namespace, sign};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const ENTRIES: &str = "data/audit/entries.ndjson";
const COMMITS: &str = "data/audit/commits.ndjson";
const HEADER: &str = "cartwright.json";
const PEOPLE: &str = "data/people.json";
const STATEMENT: &str = "data/esignatures/000001.json";
const STATEMENT_SIG: &str = "data/esignatures/000001.json.sshsig";
const CHECKPOINT: &str = "data/audit/checkpoints/l-aaaaaaaaaaaaaaaa.txt";

fn refused(bytes: &[u8]) -> Refused {
    verify(bytes, &trust(), now()).expect_err("a bad bundle was believed")
}

type Change = Box<dyn Fn(&mut Tamperer)>;
/// The code to expect, what was done, and how.
type Case = (&'static str, &'static str, Change);

fn change(f: impl Fn(&mut Tamperer) + 'static) -> Change {
    Box::new(f)
}

fn header(f: impl Fn(&mut Value) + 'static) -> Change {
    change(move |t| t.json(HEADER, &f))
}

fn entries(f: impl Fn(&mut Vec<Value>) + 'static) -> Change {
    change(move |t| t.lines(ENTRIES, &f))
}

fn commits(f: impl Fn(&mut Vec<Value>) + 'static) -> Change {
    change(move |t| t.lines(COMMITS, &f))
}

/// Changes the statement and lets `key` sign it again.
fn statement(key: fn() -> proof::SigningKey, f: impl Fn(&mut Value) + 'static) -> Change {
    change(move |t| {
        t.json(STATEMENT, &f);
        let signature = sign(&key(), Namespace::Esig, &t.files[STATEMENT]);
        t.put(STATEMENT_SIG, signature.armoured());
    })
}

#[test]
fn each_bad_bundle_is_refused_for_its_own_reason() {
    let good = parcel();
    let mut wrong = Vec::new();
    let cases = [
        header::cases(),
        people::cases(),
        entries::cases(),
        commits::cases(),
        statements::cases(),
    ];
    for (code, what, change) in cases.into_iter().flatten() {
        let mut tamperer = Tamperer::of(&good.bytes);
        change(&mut tamperer);
        tamperer.sign_again();
        let refused = refused(&tamperer.zip());
        if refused.code() != code {
            wrong.push(format!("{what}: expected {code}, got {refused}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_intact_bundle_by_a_key_that_does_not_count_is_told_apart() {
    let good = parcel();
    let key = site_key().public();
    let code = |list: String| {
        let list = AllowedSigners::parse(&list).unwrap();
        let refused = verify(&good.bytes, &list, now()).unwrap_err();
        let Refused::SignerUnknown(signer) = &refused else {
            unreachable!("{refused}");
        };
        assert_eq!(signer.key, key);
        assert_eq!(signer.external_id, good.external_id);
        refused.code()
    };
    assert_eq!(code(String::new()), "signer-unknown");
    assert_eq!(code(format!("site-012 {}\n", stranger().public())), "signer-unknown");
    assert_eq!(
        code(format!("site-012 namespaces=\"git\" {key}\n")),
        "signer-other-purpose"
    );
    assert_eq!(
        code(format!("site-012 valid-after=\"20270101Z\" {key}\n")),
        "signer-not-yet"
    );
    assert_eq!(
        code(format!("site-012 valid-before=\"20260101Z\" {key}\n")),
        "signer-expired"
    );
    // The same bundle, damaged, is damaged whoever signed it.
    let mut bytes = good.bytes.clone();
    bytes[5000] ^= 1;
    let refused = verify(&bytes, &AllowedSigners::default(), now()).unwrap_err();
    assert!(matches!(refused, Refused::Damaged(_)));
    let late = now() + TimeDelta::days(400);
    let expiring = AllowedSigners::parse(&format!("s valid-before=\"20270101Z\" {key}\n")).unwrap();
    assert!(verify(&good.bytes, &expiring, now()).is_ok());
    assert_eq!(
        verify(&good.bytes, &expiring, late).unwrap_err().code(),
        "signer-expired"
    );
}

#[test]
fn a_flaw_says_where_and_what() {
    let mut tamperer = Tamperer::of(&parcel().bytes);
    tamperer.lines(ENTRIES, |l| l[2]["body"]["act"]["value"]["text"] = "36.5".into());
    tamperer.sign_again();
    let Refused::Damaged(flaw) = refused(&tamperer.zip()) else {
        unreachable!("damage");
    };
    assert_eq!(flaw.code, Code::EntryLeaf);
    assert_eq!(
        flaw.place,
        Place::Entry {
            log: LOG_A.into(),
            seq: 3
        }
    );
    assert_eq!(
        refused(&tamperer.zip()).facts()[..2],
        [("log", LOG_A.to_owned()), ("seq", "3".to_owned())]
    );
    assert!(flaw.expected.is_some() && flaw.got.is_some() && flaw.expected != flaw.got);
}

/// What an untrusted file says may end in a terminal.
#[test]
fn facts_carry_no_control_characters() {
    let mut tamperer = Tamperer::of(&parcel().bytes);
    tamperer.lines(ENTRIES, |l| l[0]["log"] = "\u{1b}[2J".repeat(1000).into());
    tamperer.sign_again();
    let refused = refused(&tamperer.zip());
    assert_eq!(refused.code(), "entry-order");
    assert!(
        refused
            .facts()
            .iter()
            .all(|(_, f)| !f.contains('\u{1b}') && f.len() < 2000)
    );
}

/// Unknown members are ignored only where the format says so.
#[test]
fn members_for_private_use_are_ignored() {
    let mut tamperer = Tamperer::of(&parcel().bytes);
    tamperer.json(HEADER, |h| h["x-note"] = json!({"any": ["thing"]}));
    tamperer.json(PEOPLE, |p| p["people"][0]["login"] = "chen".into());
    tamperer.sign_again();
    assert!(verify(&tamperer.zip(), &trust(), now()).is_ok());
}

#[test]
fn the_enclosed_list_of_signers_is_readable_by_its_own_rules() {
    let text = trust_list(&common::people()).to_string();
    let list = AllowedSigners::parse(&text).unwrap();
    assert!(
        list.keys_of("site-012", Namespace::Bundle, now())
            .any(|s| s.key == site_key().public())
    );
    assert!(
        list.keys_of(DOCTOR, Namespace::Esig, now())
            .any(|s| s.key == doctor_key().public())
    );
    assert_eq!(list.keys_of(DOCTOR, Namespace::Trust, now()).count(), 0);
}

#[test]
fn codes_are_distinct() {
    let codes: BTreeSet<&str> = Code::ALL.iter().map(|c| c.as_str()).collect();
    assert_eq!(codes.len(), Code::ALL.len());
}
