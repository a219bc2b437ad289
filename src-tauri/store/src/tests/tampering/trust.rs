//! What a check *since the last one* might take on trust: each case is done after a sound check, partly to what came since,
//! and asked of the check since and of the check in full.

use rusqlite::{params_from_iter, types::Value};
use study::act::{Act, SignedRecord};

use super::{
    cases::How::{self, Beside, Journal},
    tampered,
};
use crate::{
    Checked, Checking, Session, SiteFile,
    desk::{Desk, entered},
    key::Key,
    keys::Secret,
    refold::refold,
    tests::{UNGUARDED, guards, quick_desk, signed, unguarded},
};

/// What is changed, how, and what both checks must say (this or that, among other things).
const CASES: &[(&str, How, &str)] = &[
    // People, as the entries say that the check since reads again.
    (
        "somebody else's key in what remains of a person's entry",
        Journal(
            "UPDATE entry SET salt = NULL, body = NULL,
               remains = replace(body, json_extract(body, '$.act.key'), 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')
             WHERE {NURSE}",
        ),
        "body_missing",
    ),
    (
        "a role in what remains of a person's entry",
        Journal(
            "UPDATE entry SET salt = NULL, body = NULL, remains = replace(body, '\"nurse\"', '\"administrator\"') WHERE {NURSE}",
        ),
        "body_missing",
    ),
    (
        "what remains beside the body of a person's entry",
        Journal("UPDATE entry SET remains = replace(body, '\"nurse\"', '\"administrator\"') WHERE {NURSE}"),
        "body_missing",
    ),
    (
        "a person's entry without anything",
        Journal("UPDATE entry SET salt = NULL, body = NULL WHERE {NURSE}"),
        "body_missing",
    ),
    (
        "a person's entry filed under a subject",
        Journal("UPDATE entry SET subject = 'S-001' WHERE {NURSE}"),
        "subject",
    ),
    // Whose an entry is said to be.
    (
        "a new query filed under nobody, and hidden",
        Journal("UPDATE entry SET subject = NULL WHERE act = 'query_opened' AND subject = 'S-001'; DELETE FROM query WHERE id = 'q-1'"),
        "subject",
    ),
    (
        "a new query filed under another, and hidden",
        Journal("UPDATE entry SET subject = 'S-003' WHERE act = 'query_opened' AND subject = 'S-001'; DELETE FROM query WHERE id = 'q-1'"),
        "subject",
    ),
    (
        "a new signature filed under nobody, and hidden",
        Journal("UPDATE entry SET subject = NULL WHERE act = 'signed'; DELETE FROM signature; DELETE FROM signed_record"),
        "subject",
    ),
    (
        "a new signature filed under another, and hidden",
        Journal("UPDATE entry SET subject = 'S-003' WHERE act = 'signed'; DELETE FROM signature; DELETE FROM signed_record"),
        "subject",
    ),
    (
        "a new answer filed under nobody, and its query called open",
        Journal("UPDATE entry SET subject = NULL WHERE act = 'query_answered' AND subject = 'S-002'; UPDATE query SET state = 'open', entry = opened WHERE id = 'q-2'"),
        "subject",
    ),
    (
        "a new answer filed under another, and its query called open",
        Journal("UPDATE entry SET subject = 'S-001' WHERE act = 'query_answered' AND subject = 'S-002'; UPDATE query SET state = 'open', entry = opened WHERE id = 'q-2'"),
        "subject",
    ),
    (
        "a new value filed under another",
        Journal("UPDATE entry SET subject = 'S-002' WHERE key = (SELECT max(key) FROM entry WHERE act = 'value_entered')"),
        "subject",
    ),
    (
        "a new query shown at another subject",
        Beside("UPDATE query SET path = 'S-003/SCR/DM/DM.MAIN/DM.SEX' WHERE id = 'q-1'"),
        "row_missing|row_differs",
    ),
    (
        "a new query shown as if it had been asked in an older entry",
        Beside("UPDATE query SET path = 'S-003/SCR/DM/DM.MAIN/DM.SEX', opened = (SELECT opened FROM query WHERE id = 'q-3') WHERE id = 'q-1'"),
        "row_missing|row_differs",
    ),
    // Rows of those of whom something new is said.
    (
        "what a new signature covers of a second subject",
        Beside("DELETE FROM signed_record WHERE record = 'S-003/SCR/DM'"),
        "row_missing",
    ),
    (
        "the version of it that was signed",
        Beside("UPDATE signed_record SET version = 77 WHERE record = 'S-003/SCR/DM'"),
        "row_differs",
    ),
    (
        "a finding made up",
        Beside("INSERT INTO finding (path, rule, severity, entry) VALUES ('S-001/SCR/DM', 'R', 'hard', {N} + 7)"),
        "row_without_entry",
    ),
    (
        "an identity check made up",
        Beside("INSERT INTO identity_check (entry, form, person, agreed) VALUES ({N} + 7, 'S-001/INF/IN', 'p', 1)"),
        "row_without_entry",
    ),
    (
        "a confirmation made up",
        Beside("INSERT INTO confirmation (entry, about, subject, derived, study, criteria) VALUES ({N} + 7, 'ELIG/S-001', 'S-001', '{}', '', '')"),
        "row_without_entry",
    ),
    (
        "when a subject was added",
        Beside("UPDATE subject SET at = '2026-01-01T00:00:00.000Z' WHERE code = 'S-001'"),
        "row_differs",
    ),
    (
        "the version that a subject is under",
        Beside("UPDATE subject SET version = '0.9' WHERE code = 'S-001'"),
        "row_differs",
    ),
    (
        "the version that a value was entered under",
        Beside("UPDATE item SET study = '0.9' WHERE path LIKE 'S-001%SEX'"),
        "row_differs",
    ),
    (
        "how much of a form is answered",
        Beside("UPDATE form SET answered = 77 WHERE path LIKE 'S-001%'"),
        "row_differs",
    ),
    // The site's own rows.
    ("an entry of the office made up", Beside("INSERT INTO office (entry) VALUES ({N} + 7)"), "row_without_entry"),
    ("an entry of the office hidden", Beside("DELETE FROM office"), "row_missing"),
    ("the kind of the file", Beside("UPDATE site SET kind = '\"sponsor\"'"), "row_differs"),
    ("days of access given", Beside("UPDATE person SET until = '2099-01-01' WHERE login = 'nurse'"), "row_differs"),
    ("a declaration made up", Beside("UPDATE person SET declared = 1 WHERE login = 'nurse'"), "row_differs"),
    ("the key that a file is sealed to", Beside("UPDATE person SET sealing = 'ff' WHERE login = 'nurse'"), "row_differs"),
    ("a log's key", Beside("UPDATE log SET key = 'ssh-ed25519 AAAA'"), "row_differs"),
    // What is kept beside the journal.
    (
        "the log that was written here",
        Beside("UPDATE meta SET value = 'l-00' WHERE name = 'home_log'"),
        "not_taken_in",
    ),
    (
        "the kept copy of the definition",
        Beside("UPDATE definition SET bytes = CAST('oid = \"OTHER\"' AS BLOB)"),
        "definition",
    ),
    (
        "a file more in the kept copy of the definition",
        Beside("INSERT INTO definition (study, version, name, bytes) VALUES ('CARTX', '1.0', 'forms/x.toml', x'20')"),
        "definition",
    ),
    (
        "a bundle made up that was refused",
        Beside("INSERT INTO evidence (sha256, bundle, bytes) VALUES (lower(hex(randomblob(32))), 'B-1', x'50')"),
        "evidence_altered",
    ),
    (
        "an entry that waits",
        Beside(
            "INSERT INTO waiting (log, seq, id, salt, body, leaf, head)
             VALUES ('l-x', 9, randomblob(16), randomblob(16), '{}', randomblob(32), randomblob(32))",
        ),
        "leaf",
    ),
    (
        "two entries that wait and do not hang together",
        Beside(
            "INSERT INTO waiting (log, seq, id, leaf, head) VALUES ('l-x', 9, randomblob(16), randomblob(32), randomblob(32));
             INSERT INTO waiting (log, seq, id, leaf, head) VALUES ('l-x', 10, randomblob(16), randomblob(32), randomblob(32))",
        ),
        "head",
    ),
];

pub(super) fn in_full(file: &SiteFile, desk: &mut Desk) -> (Vec<&'static str>, Option<Checked>) {
    let checking = Checking::in_full(file).unwrap();
    said(checking, file, desk)
}

pub(super) fn said(mut checking: Checking, file: &SiteFile, desk: &mut Desk) -> (Vec<&'static str>, Option<Checked>) {
    assert!(checking.go_on(file, &mut || false).unwrap());
    let (report, checked) = checking.end(&desk.stamp().moment);
    (report.findings.iter().map(|finding| finding.code).collect(), checked)
}

/// Two subjects with open queries, a sound check; then a third one's life, an answer about the first, and a signature over the
/// records of the second and the third.
pub(super) fn remembered() -> (Desk, SiteFile, Checked) {
    let mut desk = quick_desk();
    let (mut file, nurse) = desk.with_nurse();
    let path = "S-002/SCR/DM/DM.MAIN/DM.SEX";
    about(&mut desk, &mut file, &nurse, "S-002", path, "q-2");
    about(
        &mut desk,
        &mut file,
        &nurse,
        "S-003",
        "S-003/SCR/DM/DM.MAIN/DM.SEX",
        "q-3",
    );
    let last = in_full(&file, &mut desk).1.expect("sound");
    about(
        &mut desk,
        &mut file,
        &nurse,
        "S-001",
        "S-001/SCR/DM/DM.MAIN/DM.SEX",
        "q-1",
    );
    let answered = Act::QueryAnswered {
        query: "q-2".into(),
        text: "Yes.".into(),
    };
    desk.act(&mut file, &nurse, vec![answered]);
    let Act::Signed { mut statement, .. } = signed(&mut desk, &file, &nurse) else {
        panic!("not a signature")
    };
    statement.records.push(SignedRecord {
        id: "S-003/SCR/DM".into(),
        version: 1,
        sha256: "00".repeat(32),
    });
    let bytes = proof::statement_bytes(&statement).unwrap();
    let signature = nurse.sign(proof::Namespace::Esig, &bytes).armoured();
    desk.act(&mut file, &nurse, vec![Act::Signed { statement, signature }]);
    (desk, file, last)
}

pub(super) fn about(desk: &mut Desk, file: &mut SiteFile, nurse: &Session, subject: &str, path: &str, query: &str) {
    let added = Act::SubjectAdded {
        subject: subject.into(),
    };
    desk.act(file, nurse, vec![added]);
    desk.act(file, nurse, vec![entered(path, "F")]);
    desk.act(file, nurse, vec![entered(path, "M")]);
    let opened = Act::QueryOpened {
        query: query.into(),
        path: path.parse().unwrap(),
        text: "Sure?".into(),
        version: 2,
    };
    desk.act(file, nurse, vec![opened]);
}

/// What the check since and the check in full say of the file as it lies there.
pub(super) fn both(desk: &mut Desk, last: &Checked) -> [Vec<&'static str>; 2] {
    let (file, _) = desk.unlock("admin").unwrap();
    let since = said(Checking::since(&file, last).unwrap(), &file, desk).0;
    let full = in_full(&file, desk).0;
    [since, full]
}

#[test]
fn a_check_since_the_last_takes_nothing_on_trust_that_is_new_or_the_sites_own() {
    let (mut desk, file, last) = remembered();
    let nothing = Vec::<&str>::new();
    assert_eq!(
        (
            said(Checking::since(&file, &last).unwrap(), &file, &mut desk).0,
            in_full(&file, &mut desk).0
        ),
        (nothing.clone(), nothing)
    );
    let dek = Secret::new(*file.dek);
    file.close().unwrap();
    let whole = std::fs::read(desk.path()).unwrap();
    let mut wrong = Vec::new();
    for (what, how, expected) in CASES {
        tampered(&desk, &whole, &dek, what, how);
        for (check, codes) in ["since", "in full"].iter().zip(both(&mut desk, &last)) {
            if !expected.split('|').any(|expected| codes.contains(&expected)) {
                wrong.push(format!("{what}, {check}: expected {expected}, said {codes:?}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_new_entry_that_no_index_finds_is_told() {
    let (mut desk, file, last) = remembered();
    let dek = Secret::new(*file.dek);
    file.close().unwrap();
    let conn = unguarded(&desk, &dek);
    // The newest value is left out of the index, and the screen shows the one before it: the words of the schema are the same.
    let newest: i64 = conn
        .query_row("SELECT max(key) FROM entry WHERE act = 'value_entered'", [], |row| {
            row.get(0)
        })
        .unwrap();
    let words: String = conn
        .query_row(
            "SELECT sql FROM sqlite_schema WHERE name = 'entry_subject'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    conn.execute_batch(&format!(
        "DROP INDEX entry_subject; CREATE INDEX entry_subject ON entry (subject) WHERE subject IS NOT NULL AND key <> {newest};
         UPDATE item SET value = '{{\"type\":\"text\",\"text\":\"F\"}}', version = 1, entry = {newest} - 1 WHERE entry = {newest};
         UPDATE form SET version = version - 1, entry = {newest} - 1 WHERE entry = {newest};
         PRAGMA writable_schema = ON;"
    ))
    .unwrap();
    conn.execute(
        "UPDATE sqlite_schema SET sql = ?1 WHERE name = 'entry_subject'",
        [&words],
    )
    .unwrap();
    drop(conn);
    for codes in both(&mut desk, &last) {
        assert!(
            codes.contains(&"structure") && codes.contains(&"row_differs"),
            "{codes:?}"
        );
    }
}

#[test]
fn a_log_that_nobody_took_in_is_told() {
    let (mut desk, file, last) = remembered();
    let dek = Secret::new(*file.dek);
    file.close().unwrap();
    // Another file, genuine in itself, with people of its own: its journal is put beside, and everything folded anew.
    let mut other = quick_desk();
    other.seed.0 = 77;
    let (made_up, _) = other.with_nurse();
    let its = Secret::new(*made_up.dek);
    made_up.close().unwrap();
    let (from, to) = (unguarded(&other, &its), unguarded(&desk, &dek));
    to.execute_batch(UNGUARDED).unwrap();
    let mut rows = from
        .prepare("SELECT key, id, salt, body, leaf, head, subject, sig FROM entry ORDER BY key")
        .unwrap();
    let mut rows = rows.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let key = Key::new(2, Key::from_sql(row.get(0).unwrap()).seq).to_sql();
        let cells = (1..8).map(|n| row.get::<_, Value>(n).unwrap());
        to.execute(
            "INSERT INTO entry (key, id, salt, body, leaf, head, subject, sig) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            params_from_iter([Value::Integer(key)].into_iter().chain(cells)),
        )
        .unwrap();
    }
    refold(&to).unwrap();
    to.execute_batch(&guards()).unwrap();
    drop(to);
    for codes in both(&mut desk, &last) {
        assert_eq!(codes, ["not_taken_in"]);
    }
}
