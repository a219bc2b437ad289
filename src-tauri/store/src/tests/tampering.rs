//! With the file's key and an SQLite shell: every way of rewriting the past that was thought of, and what is said.
//!
//! Each case changes a lively file without any of its guards, closes it, and asks for the verdict of opening and checking.

mod acts;
mod cases;
mod trust;

use cases::{
    CASES, FIRST, How,
    How::{Beside, Journal, Rechained},
    NURSE,
};

use crate::{
    Checking, SiteFile,
    desk::Desk,
    keys::Secret,
    tests::{UNGUARDED, guards, lively, lively_from, quick_desk, unguarded, verdict},
};

/// Does a case to a whole file.
fn tampered(desk: &Desk, whole: &[u8], dek: &Secret, what: &str, how: &How) {
    std::fs::write(desk.path(), whole).unwrap();
    let conn = unguarded(desk, dek);
    let (sql, journal, rechain) = match how {
        Beside(sql) => (sql, false, false),
        Journal(sql) => (sql, true, false),
        Rechained(sql) => (sql, true, true),
    };
    let sql = sql.replace("{FIRST}", FIRST).replace("{N}", &(1_i64 << 40).to_string());
    let sql = sql.replace("{NURSE}", NURSE);
    let before = conn.total_changes();
    conn.execute_batch("PRAGMA case_sensitive_like = ON").unwrap();
    if journal {
        conn.execute_batch(UNGUARDED).unwrap();
    }
    conn.execute_batch(&sql)
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    let schema = sql.contains("DROP") || sql.contains("CREATE") || sql.contains("PRAGMA");
    assert!(schema || conn.total_changes() > before, "{what}: nothing was changed");
    if rechain {
        rechained(&conn);
    }
    if journal {
        conn.execute_batch(&guards()).unwrap();
    }
}

#[test]
fn every_tampering_with_the_key_in_hand_is_told() {
    let mut desk = quick_desk();
    let file = lively(&mut desk);
    let dek = Secret::new(*file.dek);
    file.close().unwrap();
    let whole = std::fs::read(desk.path()).unwrap();
    let mut wrong = Vec::new();
    for case in CASES {
        let (what, how, expected) = case;
        tampered(&desk, &whole, &dek, what, how);
        let said = verdict(&mut desk);
        if !said.iter().any(|code| code == expected) {
            wrong.push(format!("{what}: expected {expected}, said {said:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(CASES.len() >= 50);
}

/// Saved once at the beginning and once with everything: what a check since then says of each tampering.
fn said_since(from_the_end: bool) -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    let mut desk = quick_desk();
    let moment = desk.stamp().moment;
    let mut last = None;
    let in_full = |file: &SiteFile| {
        let mut checking = Checking::in_full(file).unwrap();
        assert!(checking.go_on(file, &mut || false).unwrap());
        checking.end(&moment).1
    };
    let file = lively_from(&mut desk, &mut |file| last = in_full(file));
    if from_the_end {
        last = in_full(&file);
    }
    let last = last.expect("sound");
    let dek = Secret::new(*file.dek);
    file.close().unwrap();
    let whole = std::fs::read(desk.path()).unwrap();
    let mut all = Vec::new();
    for case in CASES {
        tampered(&desk, &whole, &dek, case.0, &case.1);
        let Ok((file, _)) = desk.unlock("admin") else { continue };
        let codes = match Checking::since(&file, &last) {
            Err(error) => vec![error.code()],
            Ok(mut checking) => {
                checking.go_on(&file, &mut || false).unwrap();
                let findings = checking.end(&moment).0.findings;
                findings.iter().map(|finding| finding.code).collect()
            }
        };
        all.push((case.0, case.2, codes));
    }
    all
}

/// What only a check of everything sees: rows of somebody of whom no entry since speaks, and signatures before.
const BESIDE_WHAT_IS_NEW: &[&str] = &["a subject made up", "two people's saves made one"];
/// What lies before the last check, and is told by the next one of everything.
const BEFORE: &[&str] = &[
    "a value shown",
    "a version counted down",
    "a value hidden",
    "a row called removed",
    "a scan called typed",
    "a subject made up",
    "a subject hidden",
    "a form not complete",
    "a query closed",
    "a question reworded",
    "a verification made up",
    "a signature moved to another entry",
    "a signature over another record",
    "a value in an entry",
    "a time in an entry",
    "an offset in an entry",
    "an actor in an entry",
    "a role in an entry",
    "a space after an entry",
    "the order of keys in an entry",
    "a salt",
    "a leaf",
    "a head",
    "body and salt removed",
    "the subject filed under",
    "an entry deleted",
    "two entries exchanged",
    "the identifier of an entry within a save",
    "a save's signature",
    "a save's signature on another save",
    "the last signature taken away",
    "two people's saves made one",
    "a body taken out as if it were redacted",
    "a conflict made up",
];

#[test]
fn a_check_since_then_tells_every_tampering_with_what_came_since() {
    let said = said_since(false);
    // What opening says has a large letter, and is not the check's to say.
    let missed: Vec<_> = (said.iter())
        .filter(|(_, expected, _)| expected.starts_with(char::is_lowercase))
        .filter(|(what, expected, codes)| !codes.contains(expected) && !BESIDE_WHAT_IS_NEW.contains(what))
        .filter(|(.., codes)| !codes.iter().any(|code| ["head", "gap", "leaf"].contains(code)))
        .collect();
    assert_eq!(missed, Vec::<&(&str, &str, Vec<&str>)>::new());
    assert!(said.len() > 45, "{}", said.len());
}

#[test]
fn what_was_changed_before_the_last_check_is_for_the_next_one_of_everything() {
    let said = said_since(true);
    let silent: Vec<_> = said
        .iter()
        .filter(|(.., codes)| codes.is_empty())
        .map(|(what, ..)| *what)
        .collect();
    assert_eq!(silent, BEFORE);
}

/// Leaves and heads of the first log, as somebody would compute them who can do everything but sign.
fn rechained(conn: &rusqlite::Connection) {
    let log: String = conn.query_row("SELECT id FROM log", [], |row| row.get(0)).unwrap();
    let mut head = proof::genesis(&log);
    let mut rows = conn.prepare("SELECT key, salt, body FROM entry ORDER BY key").unwrap();
    let entries: Vec<(i64, [u8; 16], String)> = rows
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap()
        .collect::<rusqlite::Result<_>>()
        .unwrap();
    for (key, salt, body) in entries {
        let leaf = proof::leaf(&salt, body.as_bytes());
        head = proof::head(&head, &leaf);
        conn.execute(
            "UPDATE entry SET leaf = ?2, head = ?3 WHERE key = ?1",
            (key, leaf.0, head.0),
        )
        .unwrap();
    }
}
