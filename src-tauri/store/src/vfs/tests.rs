//! Failing disks, hot journals, ordinary SQLite.

use std::{cell::Cell, path::Path, process::Command};

use super::{header_read, header_write, register, register_over};
use crate::{
    SiteFile, check,
    desk::{Desk, PASSWORD, password},
    header::Header,
    keys::Secret,
    open::{self, Content},
    tests::quick_desk,
};

thread_local! {
    static NAME: Cell<&'static str> = const { Cell::new(super::NAME) };
}

/// The VFS of this thread: a test may put a failing one beneath.
pub(crate) fn name() -> &'static str {
    NAME.get()
}

/// Opens through another VFS from here on, on this thread.
pub(crate) fn through(name: &'static str) {
    NAME.set(name);
}

/// A crash in the middle of a transaction: pages already in the file, their old content in the journal.
fn crash(desk: &mut Desk) {
    let file = desk.with_nurse().0;
    let dek = Secret::new(*file.dek);
    file.close().unwrap();
    let conn = open::connect(&desk.path()).unwrap();
    open::key(&conn, &dek, Content::Expected).unwrap();
    let spill = "PRAGMA cache_size = 2; BEGIN; CREATE TABLE big (x); INSERT INTO big
                 WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
                 SELECT randomblob(1000) FROM n; UPDATE person SET printed_name = 'nobody';
                 UPDATE big SET x = randomblob(999);";
    conn.execute_batch(spill).unwrap();
    let (copy, journal) = (
        std::fs::read(desk.path()).unwrap(),
        desk.folder.path().join("site.cartwright-cwjrnl"),
    );
    let pages = std::fs::read(&journal).unwrap();
    drop(conn);
    std::fs::write(desk.path(), copy).unwrap();
    std::fs::write(&journal, pages).unwrap();
}

#[test]
fn a_hot_journal_is_ours_alone() {
    let mut desk = Desk::new();
    crash(&mut desk);
    let before = std::fs::read(desk.path()).unwrap();
    assert!(!desk.folder.path().join("site.cartwright-journal").exists());
    // Where the command is installed: it must find no database, and play nothing back.
    if let Ok(asked) = Command::new("sqlite3").arg(desk.path()).arg(".tables").output() {
        assert!(!asked.status.success());
    }
    let ordinary =
        rusqlite::Connection::open_with_flags_and_vfs(desk.path(), rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE, "unix");
    let asked = ordinary
        .unwrap()
        .execute_batch("BEGIN IMMEDIATE; SELECT * FROM sqlite_schema; COMMIT");
    assert!(asked.is_err(), "it found a database");
    assert!(
        std::fs::read(desk.path()).unwrap() == before,
        "an ordinary SQLite changed the file"
    );
    let (file, _) = desk.unlock("nurse").unwrap();
    assert_eq!(file.people().unwrap()[1].printed_name, "nurse (printed)");
    assert!(check(&file, &mut |_, _, _| ()).unwrap().sound());
}

#[test]
fn header_bytes_stay_in_the_header() {
    let mut desk = Desk::new();
    desk.create().0.close().unwrap();
    let conn = open::connect(&desk.path()).unwrap();
    let mut byte = [0];
    assert!(header_read(&conn, 65_535, &mut byte).is_ok());
    assert!(header_read(&conn, 65_536, &mut byte).is_err());
    assert!(header_write(&conn, 65_535, &[0; 2]).is_err());
    let other = rusqlite::Connection::open_in_memory().unwrap();
    assert!(header_read(&other, 0, &mut byte).is_err());
}

#[test]
fn a_write_spares_the_newest_record() {
    let mut desk = quick_desk();
    let (file, _, _) = desk.create();
    let dek = Secret::new(*file.dek);
    file.close().unwrap();
    let generation = |path: &Path| Header::read(&open::connect(path).unwrap()).map(|h| h.body.generation);
    for expected in 2..5 {
        let conn = open::connect(&desk.path()).unwrap();
        let mut header = Header::read(&conn).unwrap();
        header
            .write(&conn, header.next(header.body.clone(), &dek).unwrap())
            .unwrap();
        drop(conn);
        assert_eq!(generation(&desk.path()).unwrap(), expected);
        // Tearing the newest leaves the one before.
        let whole = std::fs::read(desk.path()).unwrap();
        let mut torn = whole.clone();
        torn[if expected % 2 == 0 { 32_768 } else { 4096 } + 100] ^= 1;
        std::fs::write(desk.path(), &torn).unwrap();
        assert_eq!(generation(&desk.path()).unwrap(), expected - 1);
        std::fs::write(desk.path(), &whole).unwrap();
    }
}

#[test]
fn registering_twice_is_once_and_a_foreign_name_is_refused() {
    register().unwrap();
    register().unwrap();
    assert!(register_over("unix", "unix").is_err());
    assert!(register_over("cartwright-nowhere", "no such vfs").is_err());
    let mut desk = Desk::new();
    let stamp = desk.stamp();
    desk.create().0.close().unwrap();
    let uri = Path::new("file:site.cartwright?vfs=unix");
    let opened = SiteFile::unlock(uri, "admin", &password(PASSWORD), &stamp, &mut desk.seed, &desk.devices);
    assert!(opened.is_err());
}
