//! The traps of a database that begins 64 KiB into its host, each closed by a test. (The lock, a second process and
//! full disks: `tests/all/disk.rs`; failing calls, hot journals, foreign names: `vfs/tests.rs`.)

use std::path::Path;

use rusqlite::config::DbConfig;

use crate::{
    Access, DeviceKeys, SiteFile, WhyReadOnly, check,
    desk::{Desk, PASSWORD, because, entered, password},
    keys::Secret,
    open,
    tests::{lively, quick_desk, unguarded, verdict},
    vfs::HEADER_LEN,
};

fn beside(desk: &Desk) -> Vec<String> {
    let names = std::fs::read_dir(desk.folder.path()).unwrap();
    let mut names: Vec<String> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("site.cartwright"))
        .collect();
    names.sort();
    names
}

/// What every connection is to answer, written down a second time: whoever changes a setting changes it here too.
const ANSWERS: [(&str, &str); 17] = [
    ("locking_mode", "exclusive"),
    ("journal_mode", "delete"),
    ("synchronous", "3"),
    ("fullfsync", "1"),
    ("checkpoint_fullfsync", "1"),
    ("temp_store", "2"),
    ("secure_delete", "1"),
    ("foreign_keys", "1"),
    ("recursive_triggers", "1"),
    ("trusted_schema", "0"),
    ("cell_size_check", "1"),
    ("cipher_page_size", "4096"),
    ("cipher_hmac_algorithm", "HMAC_SHA512"),
    ("max_page_count", "261000"),
    ("cache_size", "-32768"),
    ("application_id", "1129796166"),
    ("user_version", "2"),
];

fn settings_hold(file: &SiteFile, when: &str) {
    let conn = file.conn().unwrap();
    for (name, expected) in ANSWERS {
        let found: rusqlite::types::Value = conn.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0)).unwrap();
        let found = match found {
            rusqlite::types::Value::Integer(n) => n.to_string(),
            rusqlite::types::Value::Text(text) => text,
            rusqlite::types::Value::Null | rusqlite::types::Value::Real(_) | rusqlite::types::Value::Blob(_) => {
                panic!("{name} answers nothing")
            }
        };
        assert_eq!(found, expected, "{name}, {when}");
    }
    for (name, expected, found) in open::settings(conn).unwrap() {
        assert_eq!(found.to_lowercase(), expected.to_lowercase(), "{name}, {when}");
    }
    for (config, expected) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true),
        (DbConfig::SQLITE_DBCONFIG_WRITABLE_SCHEMA, false),
    ] {
        assert_eq!(conn.db_config(config).unwrap(), expected, "{config:?}, {when}");
    }
    // The pages are never mapped: the pragma answers with no row.
    assert!(
        conn.query_row("PRAGMA mmap_size", [], |row| row.get::<_, i64>(0))
            .is_err(),
        "{when}"
    );
}

#[test]
fn the_settings_hold_after_every_way_of_opening() {
    let mut desk = quick_desk();
    let (file, _, code) = desk.create();
    settings_hold(&file, "created");
    file.close().unwrap();
    let (mut file, _) = desk.unlock("admin").unwrap();
    settings_hold(&file, "unlocked");
    file.reopen().unwrap();
    settings_hold(&file, "reopened after a failure");
    let copy = desk.folder.path().join("copy.cartwright");
    file.save_copy(&copy).unwrap();
    settings_hold(&file, "after a copy");
    file.close().unwrap();
    let stamp = desk.stamp();
    let elsewhere = DeviceKeys::at(&desk.folder.path().join("two"), "laptop 2");
    let opened = SiteFile::unlock(&copy, "admin", &password(PASSWORD), &stamp, &mut desk.seed, &elsewhere);
    let (mut file, admin) = opened.unwrap();
    settings_hold(&file, "a copy, for reading");
    file.continue_here(&admin, because("moved"), &stamp, &mut desk.seed)
        .unwrap();
    settings_hold(&file, "continued as a new log");
    file.close().unwrap();
    let recovery = SiteFile::recover(&desk.path(), code.expose(), &stamp.moment, &desk.devices).unwrap();
    drop(recovery);
}

#[test]
fn a_setting_that_did_not_take_fails_the_opening() {
    let mut desk = quick_desk();
    let mut file = lively(&mut desk);
    let conn = file.conn.as_mut().unwrap();
    conn.authorizer(None::<fn(rusqlite::hooks::AuthContext<'_>) -> rusqlite::hooks::Authorization>)
        .unwrap();
    open::settings_took(conn).unwrap();
    for (name, other, usual) in [
        ("synchronous", "NORMAL", "EXTRA"),
        ("journal_mode", "PERSIST", "DELETE"),
        ("secure_delete", "OFF", "ON"),
        ("recursive_triggers", "OFF", "ON"),
        ("foreign_keys", "OFF", "ON"),
        ("trusted_schema", "ON", "OFF"),
        ("cell_size_check", "OFF", "ON"),
        ("temp_store", "FILE", "MEMORY"),
    ] {
        conn.execute_batch(&format!("PRAGMA {name} = {other}")).unwrap();
        let refused = open::settings_took(conn).unwrap_err();
        assert!(
            matches!(refused, crate::StoreError::Damaged { what } if what == name),
            "{name}: {refused:?}"
        );
        conn.execute_batch(&format!("PRAGMA {name} = {usual}")).unwrap();
        open::settings_took(conn).unwrap();
    }
}

#[test]
fn a_host_that_ends_at_its_header_is_cut_and_not_empty() {
    let mut desk = quick_desk();
    lively(&mut desk).close().unwrap();
    let whole = std::fs::read(desk.path()).unwrap();
    std::fs::write(desk.path(), &whole[..HEADER_LEN]).unwrap();
    assert_eq!(verdict(&mut desk), ["truncated"]);
    assert_eq!(
        std::fs::read(desk.path()).unwrap().len(),
        HEADER_LEN,
        "nothing was written to it"
    );
    assert_eq!(beside(&desk), ["site.cartwright"]);
}

#[test]
fn a_torn_page_that_holds_nothing_is_told_and_is_no_alarm() {
    let mut desk = quick_desk();
    let mut file = lively(&mut desk);
    // Something long, typed and then saved elsewhere, leaves free pages.
    file.keep_unfinished("S-001/SCR/DM/G/A", "p", &"x".repeat(40_000))
        .unwrap();
    file.drop_unfinished("S-001/SCR/DM/G/A", "p").unwrap();
    let conn = file.conn().unwrap();
    let used: Vec<usize> = conn
        .prepare("SELECT pageno FROM dbstat")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<rusqlite::Result<_>>()
        .unwrap();
    file.close().unwrap();
    let whole = std::fs::read(desk.path()).unwrap();
    let free: Vec<usize> = (1..=(whole.len() - HEADER_LEN) / 4096)
        .filter(|page| !used.contains(page))
        .collect();
    assert!(free.len() >= 5, "{free:?}");
    let mut harmless = 0;
    for page in free {
        let mut torn = whole.clone();
        torn[HEADER_LEN + (page - 1) * 4096 + 512] ^= 1;
        std::fs::write(desk.path(), &torn).unwrap();
        let (file, _) = desk.unlock("admin").unwrap();
        let report = check(&file, &mut |_, _, _| ()).unwrap();
        let codes: Vec<_> = report.findings.iter().map(|finding| finding.code).collect();
        assert!(!codes.is_empty(), "page {page}");
        // The list of free pages is itself on a page: that one is no empty page.
        harmless += usize::from(report.sound() && codes == ["torn_free_page"]);
    }
    assert!(harmless >= 4, "{harmless}");
}

#[test]
fn a_copy_leaves_the_file_writable() {
    let mut desk = quick_desk();
    let (mut file, nurse) = desk.with_nurse();
    for n in 0..3 {
        file.save_copy(&desk.folder.path().join(format!("copy{n}"))).unwrap();
        desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/G/A", &n.to_string())]);
    }
    assert!(check(&file, &mut |_, _, _| ()).unwrap().sound());
}

#[test]
fn a_path_is_a_path_and_never_an_address() {
    let mut desk = quick_desk();
    let (mut file, _) = desk.with_nurse();
    let odd = desk.folder.path().join("file:copy?vfs=unix&mode=ro#x");
    file.save_copy(&odd).unwrap();
    file.close().unwrap();
    // Had it been read as an address, there would be a database without a header, or none under this name.
    assert!(std::fs::read(&odd).unwrap().starts_with(b"CARTWRIGHT SITE\0"));
    let stamp = desk.stamp();
    let opened = SiteFile::unlock(
        &odd,
        "nurse",
        &password(PASSWORD),
        &stamp,
        &mut desk.seed,
        &desk.devices,
    );
    assert_eq!(opened.unwrap().0.access(), &Access::Writable);
    let uri = Path::new("file:site.cartwright?vfs=unix");
    let opened = SiteFile::unlock(uri, "admin", &password(PASSWORD), &stamp, &mut desk.seed, &desk.devices);
    assert_eq!(opened.unwrap_err().code(), "io");
}

#[test]
fn one_file_is_left_when_it_is_closed_and_never_a_log_of_writes() {
    let mut desk = quick_desk();
    let (mut file, nurse) = desk.with_nurse();
    desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/G/A", "x")]);
    assert_eq!(beside(&desk), ["site.cartwright", "site.cartwright-cwjrnl"]);
    // Zeroed after each save: whoever finds it plays nothing back.
    let journal = std::fs::read(desk.folder.path().join("site.cartwright-cwjrnl")).unwrap();
    assert!(journal.iter().take(28).all(|byte| *byte == 0));
    file.close().unwrap();
    assert_eq!(beside(&desk), ["site.cartwright"]);
}

#[test]
fn a_file_that_somebody_turned_to_wal_is_turned_back() {
    let mut desk = quick_desk();
    let file = lively(&mut desk);
    let dek = Secret::new(*file.dek);
    file.close().unwrap();
    let conn = unguarded(&desk, &dek);
    let mode: String = conn
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal", "under an exclusive lock SQLite would allow it");
    conn.execute_batch("UPDATE meta SET value = value").unwrap();
    drop(conn);
    let (file, _) = desk.unlock("admin").unwrap();
    settings_hold(&file, "after WAL");
    assert!(
        !beside(&desk)
            .iter()
            .any(|name| name.ends_with("wal") || name.ends_with("shm"))
    );
    assert!(check(&file, &mut |_, _, _| ()).unwrap().sound());
}

#[test]
fn another_schema_is_not_written_to() {
    let mut desk = quick_desk();
    let file = lively(&mut desk);
    let dek = Secret::new(*file.dek);
    file.close().unwrap();
    unguarded(&desk, &dek)
        .execute_batch("CREATE VIEW v AS SELECT 1")
        .unwrap();
    let (mut file, admin) = desk.unlock("admin").unwrap();
    assert_eq!(
        file.access(),
        &Access::ReadOnly {
            why: WhyReadOnly::Schema
        }
    );
    let save = desk.save(&admin, vec![entered("S-001/SCR/DM/G/A", "x")]);
    assert_eq!(file.transact(&save, &mut desk.seed).unwrap_err().code(), "read_only");
}

/// A copy made with the system's own tools while a save is under way, without the journal that would undo it.
#[test]
fn a_file_copied_in_the_middle_without_its_journal_is_not_written_to() {
    let mut desk = quick_desk();
    let mut file = lively(&mut desk);
    let conn = file.conn.as_mut().unwrap();
    conn.authorizer(None::<fn(rusqlite::hooks::AuthContext<'_>) -> rusqlite::hooks::Authorization>)
        .unwrap();
    // So little memory that pages go to the file before the save is through.
    let spill =
        "PRAGMA cache_size = 2; BEGIN IMMEDIATE; UPDATE item SET value = NULL; UPDATE form SET completed = NULL;
                 INSERT INTO unfinished WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
                 SELECT i, 'p', hex(randomblob(500)) FROM n;";
    conn.execute_batch(spill).unwrap();
    let read = |name: &str| {
        let path = desk.folder.path().join(name);
        std::process::Command::new("cat").arg(path).output().unwrap().stdout
    };
    let (half, journal) = (read("site.cartwright"), read("site.cartwright-cwjrnl"));
    assert!(journal.iter().take(8).any(|byte| *byte != 0), "nothing was written yet");
    conn.execute_batch("ROLLBACK").unwrap();
    file.close().unwrap();
    let put = |name: &str, bytes: &[u8]| std::fs::write(desk.folder.path().join(name), bytes).unwrap();
    // With its journal it is whole again.
    put("site.cartwright", &half);
    put("site.cartwright-cwjrnl", &journal);
    let (whole, _) = desk.unlock("admin").unwrap();
    assert_eq!(whole.access(), &Access::Writable);
    assert!(check(&whole, &mut |_, _, _| ()).unwrap().sound());
    whole.close().unwrap();
    // Without, it is half a step.
    std::fs::write(desk.path(), &half).unwrap();
    assert_eq!(beside(&desk), ["site.cartwright"]);
    // Nor is it continued on another device.
    for device in ["device", "two"] {
        desk.devices = DeviceKeys::at(&desk.folder.path().join(device), device);
        half_a_step(&mut desk);
    }
}

fn half_a_step(desk: &mut Desk) {
    match desk.unlock("admin") {
        Err(error) => assert!(["truncated", "damaged"].contains(&error.code()), "{error:?}"),
        Ok((mut file, admin)) => {
            let why = WhyReadOnly::HalfWritten;
            assert_eq!(file.access(), &Access::ReadOnly { why });
            let stamp = desk.stamp();
            let refused = file.continue_here(&admin, because("moved"), &stamp, &mut desk.seed);
            assert_eq!(refused.unwrap_err().code(), "read_only");
        }
    }
}

#[test]
fn a_file_that_was_not_closed_and_holds_together_is_written_on() {
    let mut desk = quick_desk();
    let (mut file, nurse) = desk.with_nurse();
    desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/G/A", "x")]);
    let open = std::process::Command::new("cat")
        .arg(desk.path())
        .output()
        .unwrap()
        .stdout;
    file.close().unwrap();
    std::fs::write(desk.path(), open).unwrap();
    let (mut file, nurse) = desk.unlock("nurse").unwrap();
    assert_eq!(file.access(), &Access::Writable);
    desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/G/A", "y")]);
    file.close().unwrap();
    assert_eq!(verdict(&mut desk), Vec::<String>::new());
}
