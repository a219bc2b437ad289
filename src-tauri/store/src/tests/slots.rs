//! The list of log-ins, changed by whoever holds the file's key, sealed and noted as the newest: what a check says of it.

use serde_json::Value;
use study::act::Role;

use crate::{
    Checked, Checking, KdfCost, SiteFile,
    desk::{Desk, PASSWORD, because, password, person},
    header::{Header, HeaderBody},
    keys::Secret,
    tests::{codes, lively, quick_desk, unguarded},
};

fn slot(body: &HeaderBody, login: &str) -> Value {
    let slot = body.slots.iter().find(|slot| slot.login == login).unwrap();
    serde_json::to_value(slot).unwrap()
}

fn put(body: &mut HeaderBody, login: &str, slot: Value) {
    let place = body.slots.iter_mut().find(|slot| slot.login == login).unwrap();
    *place = serde_json::from_value(slot).unwrap();
}

fn with(body: &mut HeaderBody, login: &str, field: &str, value: Value) {
    let mut changed = slot(body, login);
    changed[field] = value;
    put(body, login, changed);
}

type Change = fn(&mut HeaderBody, left: &Value);

/// What is done to the list, and what a check in full says.
const CASES: &[(&str, Change, &[&str])] = &[
    ("nothing", |_, _| (), &[]),
    (
        "the public key of one in another's place",
        |body, _| {
            let key = slot(body, "admin")["x25519_pub"].take();
            with(body, "nurse", "x25519_pub", key);
        },
        &["slot_key"],
    ),
    (
        "everything inside exchanged between two",
        |body, _| {
            let (mut one, mut other) = (slot(body, "admin"), slot(body, "nurse"));
            for field in ["kdf", "wrap", "x25519_pub", "dek_sealed"] {
                let mine = one[field].take();
                one[field] = std::mem::replace(&mut other[field], mine);
            }
            put(body, "admin", one);
            put(body, "nurse", other);
        },
        &["slot_key"],
    ),
    (
        "one's way in twice",
        |body, _| {
            let again = body.slots[0].clone();
            body.slots.push(again);
        },
        &["slot_twice"],
    ),
    (
        "one's way in under another's log-in name",
        |body, _| with(body, "nurse", "login", "ADMIN".into()),
        &["slot_twice", "slot_name"],
    ),
    (
        "another name to choose from",
        |body, _| with(body, "nurse", "label", "Somebody Else".into()),
        &["slot_name"],
    ),
    (
        "a way in taken away",
        |body, _| body.slots.retain(|slot| slot.login != "nurse"),
        &["slot_missing"],
    ),
    (
        "a way in of nobody",
        |body, _| with(body, "nurse", "user", "p-0000000000000000".into()),
        &["slot_unknown", "slot_missing"],
    ),
    (
        "the way in of somebody who left put back",
        |body, left| body.slots.push(serde_json::from_value(left.clone()).unwrap()),
        &["slot_disabled"],
    ),
    (
        "no way in by a recovery code",
        |body, _| body.recovery.clear(),
        &["recovery_slots"],
    ),
    (
        "a recovery code more",
        |body, _| body.recovery.push(body.recovery[0].clone()),
        &["recovery_slots"],
    ),
    (
        "practice called real",
        |body, _| {
            body.synthetic = false;
            body.practice_password = None;
        },
        &["header_practice"],
    ),
];

/// A file that a doctor was let into and shut out of; her way in, as a copy of before still has it.
fn bench() -> (Desk, SiteFile, Value) {
    let mut desk = quick_desk();
    let mut file = lively(&mut desk);
    let stamp = desk.stamp();
    let admin = file
        .authenticate("admin", &password(PASSWORD), &stamp, &mut desk.seed)
        .unwrap();
    let doctor = person("doctor", Role::Investigator);
    let id = file
        .add_person(&admin, &doctor, KdfCost::cheap(), &stamp, &mut desk.seed)
        .unwrap();
    let left = slot(&file.header.body, "doctor");
    file.disable_person(&admin, &id, because("left"), &stamp, &mut desk.seed)
        .unwrap();
    (desk, file, left)
}

/// Writes the list of log-ins as it then is, sealed under the file's key, and notes it in the database.
fn rewritten(desk: &Desk, dek: &Secret, change: impl FnOnce(&mut HeaderBody)) {
    let conn = unguarded(desk, dek);
    let mut header = Header::read(&conn).unwrap();
    let mut body = header.body.clone();
    change(&mut body);
    let body = header.next(body, dek).unwrap();
    header.write(&conn, body.clone()).unwrap();
    SiteFile::note_header(&conn, &body).unwrap();
}

fn opened(desk: &Desk, dek: &Secret) -> SiteFile {
    SiteFile::under(desk.path(), Secret::new(**dek), &desk.devices).unwrap()
}

#[test]
fn ways_in_that_are_not_those_of_the_people_in_the_journal_are_told() {
    let (desk, file, left) = bench();
    let dek = Secret::new(*file.dek);
    file.close().unwrap();
    let whole = std::fs::read(desk.path()).unwrap();
    for (what, change, expected) in CASES {
        std::fs::write(desk.path(), &whole).unwrap();
        // A real file does not take the cheap keys of a test: its bounds are asked when a header is read.
        let unreadable = *expected == ["header_practice"];
        rewritten(&desk, &dek, |body| {
            if unreadable {
                for slot in &mut body.slots {
                    slot.kdf.cost = KdfCost::floor();
                }
            }
            change(body, &left);
        });
        let file = opened(&desk, &dek);
        assert_eq!(codes(&file), *expected, "{what}");
        file.close().unwrap();
    }
}

fn checked(file: &SiteFile, last: Option<&Checked>, desk: &mut Desk) -> (Vec<&'static str>, Option<Checked>) {
    let mut checking = match last {
        Some(last) => Checking::since(file, last).unwrap(),
        None => Checking::in_full(file).unwrap(),
    };
    assert!(checking.go_on(file, &mut || false).unwrap());
    let (report, checked) = checking.end(&desk.stamp().moment);
    (report.findings.iter().map(|finding| finding.code).collect(), checked)
}

#[test]
fn what_only_a_password_opens_is_told_where_no_save_has_changed_it_since_the_last_check() {
    let (mut desk, file, _) = bench();
    let dek = Secret::new(*file.dek);
    let last = checked(&file, None, &mut desk).1.unwrap();
    assert_eq!(checked(&file, Some(&last), &mut desk).0, Vec::<&str>::new());
    file.close().unwrap();
    for field in ["wrap", "kdf", "dek_sealed"] {
        rewritten(&desk, &dek, |body| {
            let hers = slot(body, "admin")[field].take();
            with(body, "nurse", field, hers);
        });
        let file = opened(&desk, &dek);
        // Nothing in the file vouches for it, but that it was another when this device last looked.
        assert_eq!(codes(&file), Vec::<&str>::new(), "{field}");
        assert_eq!(checked(&file, Some(&last), &mut desk).0, ["header_differs"], "{field}");
        file.close().unwrap();
        assert!(desk.unlock("nurse").is_err(), "{field}");
    }
}

#[test]
fn whoever_changes_the_list_by_a_save_alarms_nobody() {
    let (mut desk, mut file, _) = bench();
    let last = checked(&file, None, &mut desk).1.unwrap();
    let stamp = desk.stamp();
    let admin = file
        .authenticate("admin", &password(PASSWORD), &stamp, &mut desk.seed)
        .unwrap();
    let (old, new) = (password(PASSWORD), password("another one entirely"));
    file.change_password(&admin, (&old, &new), KdfCost::cheap(), &stamp, &mut desk.seed)
        .unwrap();
    let (said, since) = checked(&file, Some(&last), &mut desk);
    assert_eq!(said, Vec::<&str>::new());
    let nurse = person("nurse two", Role::Nurse);
    file.add_person(&admin, &nurse, KdfCost::cheap(), &stamp, &mut desk.seed)
        .unwrap();
    file.replace_recovery_code(&admin, &stamp, &mut desk.seed).unwrap();
    assert_eq!(checked(&file, since.as_ref(), &mut desk).0, Vec::<&str>::new());
    let (file, _kept) = file.rekey(&admin, because("left"), &stamp, &mut desk.seed).unwrap();
    assert_eq!(checked(&file, since.as_ref(), &mut desk).0, Vec::<&str>::new());
}
