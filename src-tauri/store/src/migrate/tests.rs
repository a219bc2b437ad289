use std::path::Path;

use super::*;
use crate::{
    DeviceKeys, EntryFilter, StoreError, check,
    desk::{Desk, PASSWORD, password},
    tests::{count, disk::files_in, failing::WAYS, quick_desk, soak},
    vfs::fault::{self, Kind, Plan},
};

const STORE: &str = "c15c0289-ec2d-4a91-a7ec-8e65a18debbe";

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/site-files")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A released file of a format and the record of the device that wrote it, laid out on a desk.
pub(crate) fn laid_out(desk: &Desk, format: i64) {
    std::fs::copy(fixtures().join(format!("format-{format}.cartwright")), desk.path()).unwrap();
    let folder = desk.folder.path().join("device");
    std::fs::create_dir_all(&folder).unwrap();
    let record = fixtures().join(format!("format-{format}.json"));
    std::fs::copy(record, folder.join(format!("{STORE}.json"))).unwrap();
}

#[test]
fn what_was_released_never_changes() {
    for step in STEPS {
        let released = std::fs::read_to_string(fixtures().join(format!("format-{}.sql", step.from))).unwrap();
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(&released).unwrap();
        assert_eq!(
            hex(&open::schema_digest(&conn).unwrap()),
            step.schema,
            "schema of format {}",
            step.from
        );
        assert_eq!(
            hex(&Sha256::digest(step.sql)),
            step.pinned,
            "migration from {}",
            step.from
        );
    }
    // One step after the other, up to this format.
    let froms: Vec<i64> = STEPS.iter().map(|step| step.from).collect();
    assert_eq!(froms, (0..USER_VERSION).collect::<Vec<_>>());
}

#[test]
fn a_file_of_every_released_format_opens_with_everything_in_it() {
    for format in 0..USER_VERSION {
        let mut desk = quick_desk();
        laid_out(&desk, format);
        let before = std::fs::read(desk.path()).unwrap();
        let (file, nurse) = desk.unlock("nurse").unwrap();
        assert_eq!(file.access(), &Access::Writable, "format {format}");
        let value = file
            .item(&"S-001/SCR/DM/DM.MAIN/DM.SEX".parse().unwrap())
            .unwrap()
            .unwrap();
        assert_eq!((value.value, value.version), (crate::desk::text("M"), 2));
        assert_eq!(file.list_unfinished("p-1").unwrap()[0].text, "5");
        assert_eq!(file.signatures().unwrap().len(), 1);
        assert_eq!(file.definition("CARTX", "1.0").unwrap().len(), 1);
        assert!(file.last_copy().unwrap().is_some());
        let report = check(&file, &mut |_, _, _| ()).unwrap();
        assert!(report.sound(), "format {format}: {:?}", report.findings);
        let raised = |file: &SiteFile| {
            let filter = EntryFilter {
                acts: vec!["format_raised".into()],
                ..EntryFilter::default()
            };
            file.entries(&filter).unwrap().len()
        };
        // The file of format 1 was one of format 0 before.
        let expected = if format == 1 { 2 } else { 1 };
        assert_eq!(raised(&file), expected, "format {format}");
        let kept = desk.folder.path().join(format!("site.cartwright.format-{format}"));
        assert_eq!(std::fs::read(&kept).unwrap(), before, "the old file is as it was");
        file.close().unwrap();
        drop(nurse);
        let (file, _) = desk.unlock("admin").unwrap();
        assert_eq!(raised(&file), expected, "said once");
    }
}

#[test]
fn a_copy_of_an_older_format_opens_on_another_device_and_goes_on_there() {
    let mut desk = quick_desk();
    laid_out(&desk, 0);
    let elsewhere = DeviceKeys::at(&desk.folder.path().join("two"), "laptop 2");
    let stamp = desk.stamp();
    let opened = SiteFile::unlock(
        &desk.path(),
        "admin",
        &password(PASSWORD),
        &stamp,
        &mut desk.seed,
        &elsewhere,
    );
    let (mut file, admin) = opened.unwrap();
    assert!(matches!(file.access(), Access::ReadOnly { .. }));
    file.continue_here(&admin, crate::desk::because("restored"), &stamp, &mut desk.seed)
        .unwrap();
    let report = check(&file, &mut |_, _, _| ()).unwrap();
    assert!(report.sound(), "{:?}", report.findings);
    let last = file.entries(&EntryFilter {
        newest_first: true,
        limit: 1,
        ..EntryFilter::default()
    });
    let last = last.unwrap().remove(0).body.unwrap();
    assert_eq!(last.act, Act::FormatRaised { from: 0, to: 2 });
}

#[test]
fn the_key_sheet_opens_an_older_format_too() {
    let mut desk = quick_desk();
    laid_out(&desk, 0);
    let (conn, dek) = keyed(&desk);
    drop(conn);
    let words = proof::words_of(&dek).join(" ");
    let recovery = SiteFile::recover_by_key(&desk.path(), &words, &desk.stamp().moment, &desk.devices).unwrap();
    let stamp = desk.stamp();
    let newcomer = crate::desk::person("second", study::act::Role::Administrator);
    let (file, _) = recovery
        .appoint(newcomer, crate::KdfCost::cheap(), &stamp, &mut desk.seed)
        .unwrap();
    assert_eq!(file.access(), &Access::Writable);
    let report = check(&file, &mut |_, _, _| ()).unwrap();
    assert!(report.sound(), "{:?}", report.findings);
}

#[test]
fn where_nothing_can_be_written_an_older_format_is_refused_by_name() {
    fault::register();
    vfs::register_over("cartwright-fault", "fault").unwrap();
    let mut desk = quick_desk();
    laid_out(&desk, 0);
    let before = files_in(desk.folder.path());
    vfs::through("cartwright-fault");
    fault::read_only(true);
    let refused = desk.unlock("admin").unwrap_err();
    fault::read_only(false);
    vfs::through(vfs::NAME);
    assert!(matches!(refused, StoreError::OlderFormat { found: 0 }), "{refused:?}");
    assert!(files_in(desk.folder.path()) == before, "something was written");
    // Where something can, it is raised: the medium alone was in the way.
    assert_eq!(desk.unlock("admin").unwrap().0.access(), &Access::Writable);
}

#[test]
fn another_schema_under_the_number_of_a_format_is_not_raised() {
    let mut desk = quick_desk();
    laid_out(&desk, 0);
    let (conn, dek) = keyed(&desk);
    conn.execute_batch("DROP TRIGGER entry_never_goes").unwrap();
    drop(conn);
    let _unused = dek;
    let refused = desk.unlock("admin").unwrap_err();
    assert!(matches!(refused, StoreError::Damaged { what: "schema" }), "{refused:?}");
}

/// The old file with its key, as an SQLite shell has it.
fn keyed(desk: &Desk) -> (Connection, Secret) {
    let conn = open::connect(&desk.path()).unwrap();
    let header = Header::read(&conn).unwrap();
    let slot = &header.body.slots[0];
    let keys = slot.open(&header.store, &password(PASSWORD)).unwrap().unwrap();
    let dek = slot.dek(&header.store, &keys).unwrap();
    open::key(&conn, &dek, Content::Expected).unwrap();
    conn.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false)
        .unwrap();
    (conn, dek)
}

/// The older file gets one more header record: the same again, which the database knows of, or one with a single slot that
/// was written for a step that did not come about. Answer: slots before.
fn one_more_record(desk: &Desk, known: bool) -> usize {
    let (conn, dek) = keyed(desk);
    let mut header = Header::read(&conn).unwrap();
    let before = header.body.slots.len();
    let mut body = header.body.clone();
    if !known {
        body.slots.truncate(1);
    }
    let body = header.next(body, &dek).unwrap();
    header.write(&conn, body.clone()).unwrap();
    if known {
        SiteFile::note_header(&conn, &body).unwrap();
    }
    before
}

#[test]
fn a_header_written_after_raising_leaves_the_one_before_it_in_its_place() {
    // Whichever of its two places held the newest record of the old file.
    for records in 0..3 {
        for format in 0..USER_VERSION {
            let mut desk = quick_desk();
            laid_out(&desk, format);
            for _ in 0..records {
                one_more_record(&desk, true);
            }
            let (mut file, admin) = desk.unlock("admin").unwrap();
            let there = Header::read(file.conn().unwrap()).unwrap();
            assert_eq!(there.body, file.header.body);
            let stamp = desk.stamp();
            let newcomer = crate::desk::person("newcomer", study::act::Role::Nurse);
            file.add_person(&admin, &newcomer, crate::KdfCost::cheap(), &stamp, &mut desk.seed)
                .unwrap();
            let after = Header::read(file.conn().unwrap()).unwrap();
            assert_eq!(after.body, file.header.body);
            assert_eq!(
                after.beside.before,
                Some(there.body),
                "format {format}, {records} records"
            );
        }
    }
}

#[test]
fn a_header_of_a_step_that_did_not_come_about_is_not_raised() {
    for format in 0..USER_VERSION {
        let mut desk = quick_desk();
        laid_out(&desk, format);
        let slots = one_more_record(&desk, false);
        assert!(slots > 1);
        for login in ["nurse", "admin"] {
            let (file, _) = desk.unlock(login).unwrap();
            assert_eq!(file.header.body.slots.len(), slots, "format {format}");
            let report = check(&file, &mut |_, _, _| ()).unwrap();
            assert!(report.sound(), "format {format}: {:?}", report.findings);
        }
    }
}

/// Everything in the folder but the device's keys.
fn cleared(desk: &Desk) {
    for entry in std::fs::read_dir(desk.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::remove_file(path).unwrap();
        }
    }
    laid_out(desk, 0);
}

#[test]
fn whichever_call_fails_the_file_is_of_one_format_or_the_other_and_whole() {
    fault::register();
    vfs::register_over("cartwright-fault", "fault").unwrap();
    let mut desk = quick_desk();
    let short = [
        (Kind::Io, false),
        (Kind::FullShort, true),
        (Kind::Quota, true),
        (Kind::ReadOnly, true),
    ];
    let ways: &[_] = if soak() { &WAYS } else { &short };
    for &(kind, sticky) in ways {
        let (mut fail_at, mut runs, mut refused) = (1, 0, 0);
        loop {
            cleared(&desk);
            vfs::through("cartwright-fault");
            fault::arm(Some(Plan { fail_at, kind, sticky }));
            let said = desk.unlock("nurse").map(drop);
            let counted = fault::arm(None);
            vfs::through(vfs::NAME);
            refused += usize::from(said.is_err());
            let (file, _) = desk.unlock("nurse").unwrap();
            let report = check(&file, &mut |_, _, _| ()).unwrap();
            assert!(report.sound(), "{kind:?} {fail_at}: {:?}", report.findings);
            assert_eq!(file.access(), &Access::Writable, "{kind:?} {fail_at}");
            assert!(!desk.folder.path().join("site.cartwright.format-2.new").exists());
            runs += 1;
            if counted < fail_at {
                break;
            }
            // A migration writes each page of the file: a short run takes steps.
            fail_at += count(if fail_at < 12 { 1 } else { 23 }, 1) as u64;
        }
        println!("{kind:?} {sticky}: {runs} migrations in which a call failed, {refused} refused");
        assert!(runs > 15 && refused > 10, "{runs} {refused}");
    }
}
