//! A check in pieces, between saves: says what one at once says, and never raises a false alarm.

use std::sync::atomic::{AtomicBool, Ordering};

use study::act::{Act, EntryRef, Role};

use crate::{
    Access, Chance as _, Checked, Checking, DeviceKeys, KdfCost, Report, Session, SiteFile, StoreError, WhyReadOnly,
    check,
    desk::{Desk, PASSWORD, Seed, because, entered, password, person},
    tests::{UNGUARDED, codes, guards, lively, quick_desk, unguarded},
};

fn below(seed: &mut Seed, n: u64) -> u64 {
    let mut bytes = [0; 8];
    seed.fill(&mut bytes);
    u64::from_le_bytes(bytes) % n
}

/// Some save at one of nine subjects.
fn some_save(desk: &mut Desk, file: &mut SiteFile, nurse: &Session, seed: &mut Seed) {
    let subject = format!("S-{:03}", below(seed, 9));
    let path = format!("{subject}/SCR/F{}/G/I{}", below(seed, 2), below(seed, 3));
    let query = format!("q-{}", below(seed, 12));
    let act = match below(seed, 9) {
        0 => Act::SubjectAdded { subject },
        1 => Act::FormCompleted {
            form: format!("{subject}/SCR/F0").parse().unwrap(),
        },
        2 => Act::QueryOpened {
            query,
            path: path.parse().unwrap(),
            text: "Sure?".into(),
            version: 1,
        },
        3 => Act::QueryAnswered {
            query,
            text: "Yes.".into(),
        },
        4 => Act::Verified {
            path: path.parse().unwrap(),
            version: 1,
        },
        5 => Act::RowRemoved {
            form: format!("{subject}/SCR/F1").parse().unwrap(),
            group: "G".into(),
            row: 1,
        },
        n => entered(&path, &format!("value {n}")),
    };
    desk.act(file, nurse, vec![act]);
}

/// Every piece by itself, and something done after each.
fn in_pieces(
    mut checking: Checking,
    file: &mut SiteFile,
    mut between: impl FnMut(&mut SiteFile, u32),
) -> (Report, Option<Checked>) {
    let mut pieces = 0;
    while !checking.go_on(file, &mut || true).unwrap() {
        pieces += 1;
        between(file, pieces);
        assert!(pieces < 100_000, "it never ends");
    }
    let moment = crate::desk::Desk::new().stamp().moment;
    checking.end(&moment)
}

fn peopled() -> (Desk, SiteFile, Session, Seed) {
    let mut desk = quick_desk();
    let mut seed = Seed(41);
    let (mut file, nurse) = desk.with_nurse();
    for _ in 0..120 {
        some_save(&mut desk, &mut file, &nurse, &mut seed);
    }
    (desk, file, nurse, seed)
}

#[test]
fn checking_may_be_sent_and_forgotten_and_what_is_remembered_is_text() {
    fn sent<T: Send + 'static>(value: T) -> T {
        std::thread::spawn(move || value).join().unwrap()
    }
    let (_desk, mut file, ..) = peopled();
    let checking = sent(Checking::in_full(&file).unwrap());
    let (_, checked) = in_pieces(checking, &mut file, |_, _| ());
    let checked = checked.unwrap();
    let text = serde_json::to_string(&checked).unwrap();
    assert_eq!(serde_json::from_str::<Checked>(&text).unwrap(), checked);
    assert_eq!((checked.store(), checked.at()), (file.store_id(), checked.in_full_at()));
    assert!(!text.contains("S-00"), "it speaks of subjects: {text}");
    // Of another file it says nothing.
    let mut other = quick_desk();
    other.seed.0 = 77;
    let (other, ..) = other.create();
    assert!(matches!(
        Checking::since(&other, &checked),
        Err(StoreError::NotThisFile)
    ));
    let mut begun = Checking::in_full(&file).unwrap();
    assert!(matches!(
        begun.go_on(&other, &mut || true),
        Err(StoreError::NotThisFile)
    ));
    // What was stopped vouches for nothing.
    let (report, checked) = begun.end(checked.at());
    assert_eq!((report.findings, checked), (Vec::new(), None));
}

#[test]
fn saves_between_the_pieces_are_checked_too_and_alarm_nobody() {
    let (mut desk, mut file, nurse, mut seed) = peopled();
    let mut last: Option<Checked> = None;
    for round in 0..6 {
        let checking = match &last {
            Some(last) if round % 3 != 0 => Checking::since(&file, last).unwrap(),
            Some(_) | None => Checking::in_full(&file).unwrap(),
        };
        let mut saved = 0;
        let (report, checked) = in_pieces(checking, &mut file, |file, piece| {
            if piece % 3 == 0 && saved < 60 {
                saved += 1;
                some_save(&mut desk, file, &nurse, &mut seed);
            }
        });
        assert_eq!(report.findings, [], "round {round}");
        assert!(saved > 10, "round {round}: {saved}");
        let checked = checked.unwrap();
        last = Some(checked);
        some_save(&mut desk, &mut file, &nurse, &mut seed);
    }
    // What is remembered after checks of what was new is what a check of everything remembers.
    let since = in_pieces(Checking::since(&file, &last.unwrap()).unwrap(), &mut file, |_, _| ());
    let in_full = in_pieces(Checking::in_full(&file).unwrap(), &mut file, |_, _| ());
    assert_eq!(since.1, in_full.1);
    assert_eq!(check(&file, &mut |_, _, _| ()).unwrap(), in_full.0);
}

/// Each with the code that a check must say, wherever saves fall between its pieces.
const TAMPERED: &[(&str, &str)] = &[
    (
        "UPDATE item SET value = '{\"type\":\"text\",\"text\":\"X\"}' WHERE path = (SELECT max(path) FROM item)",
        "row_differs",
    ),
    (
        "DELETE FROM form WHERE path = (SELECT min(path) FROM form)",
        "row_missing",
    ),
    (
        "UPDATE query SET state = 'closed' WHERE id = (SELECT min(id) FROM query WHERE state <> 'closed')",
        "row_differs",
    ),
    (
        "UPDATE entry SET sig = randomblob(64) WHERE key = (SELECT max(key) - 70 FROM entry)",
        "save_signature",
    ),
    (
        "UPDATE entry SET head = randomblob(32) WHERE key = (SELECT max(key) - 70 FROM entry)",
        "head",
    ),
    (
        "UPDATE entry SET salt = randomblob(16) WHERE key = (SELECT max(key) - 70 FROM entry)",
        "leaf",
    ),
    (
        "UPDATE entry SET subject = 'S-777' WHERE key = (SELECT max(key) - 70 FROM entry WHERE act = 'value_entered')",
        "subject",
    ),
];

#[test]
fn what_was_tampered_with_is_told_however_the_pieces_fall() {
    let (mut desk, file, _, mut seed) = peopled();
    let dek = crate::keys::Secret::new(*file.dek);
    file.close().unwrap();
    let whole = std::fs::read(desk.path()).unwrap();
    let folder = std::fs::read_dir(desk.folder.path().join("device")).unwrap();
    let record = folder.map(|entry| entry.unwrap().path()).next().unwrap();
    let seen = std::fs::read(&record).unwrap();
    for (sql, expected) in TAMPERED {
        std::fs::write(desk.path(), &whole).unwrap();
        std::fs::write(&record, &seen).unwrap();
        let conn = unguarded(&desk, &dek);
        conn.execute_batch(&format!("{UNGUARDED} {sql}; {}", guards())).unwrap();
        assert!(conn.total_changes() > 0, "{sql}");
        drop(conn);
        let (mut file, nurse) = desk.unlock("nurse").unwrap();
        let mut once = codes(&file);
        let mut saved = 0;
        let checking = Checking::in_full(&file).unwrap();
        let (report, checked) = in_pieces(checking, &mut file, |file, piece| {
            if piece % 4 == 0 && saved < 15 {
                saved += 1;
                // Not where it was tampered with: that would mend it.
                let path = format!("S-5{:02}/SCR/F/G/I", below(&mut seed, 20));
                desk.act(file, &nurse, vec![entered(&path, "between")]);
            }
        });
        let mut pieces: Vec<_> = report.findings.iter().map(|finding| finding.code).collect();
        pieces.dedup();
        for said in [&mut once, &mut pieces] {
            said.sort_unstable();
            said.dedup();
        }
        assert!(once.contains(expected), "{sql}: {once:?}");
        assert_eq!(pieces, once, "{sql}");
        assert_eq!(checked, None);
        file.close().unwrap();
    }
}

#[test]
fn an_index_that_lacks_a_row_is_told_though_its_pages_are_sound() {
    let (mut desk, file, ..) = peopled();
    let dek = crate::keys::Secret::new(*file.dek);
    file.close().unwrap();
    let whole = std::fs::read(desk.path()).unwrap();
    for (index, fewer) in [
        (
            "entry_subject",
            "ON entry (subject) WHERE subject IS NOT NULL AND key % 50 <> 7",
        ),
        (
            "item_oid",
            "ON item (oid, path, value) WHERE removed = 0 AND path NOT LIKE 'S-003%'",
        ),
        ("query_path", "ON query (path) WHERE path NOT LIKE 'S-003%'"),
    ] {
        std::fs::write(desk.path(), &whole).unwrap();
        let conn = unguarded(&desk, &dek);
        let sql: String = conn
            .query_row("SELECT sql FROM sqlite_schema WHERE name = ?1", [index], |row| {
                row.get(0)
            })
            .unwrap();
        conn.execute_batch(&format!(
            "DROP INDEX {index}; CREATE INDEX {index} {fewer}; PRAGMA writable_schema = ON;"
        ))
        .unwrap();
        conn.execute("UPDATE sqlite_schema SET sql = ?2 WHERE name = ?1", [index, &sql])
            .unwrap();
        drop(conn);
        let (file, _) = desk.unlock("nurse").unwrap();
        assert!(codes(&file).contains(&"structure"), "{index}: {:?}", codes(&file));
        file.close().unwrap();
    }
}

#[test]
fn a_long_step_lets_go_and_nothing_else_is_ever_interrupted() {
    let mut desk = quick_desk();
    let file = lively(&mut desk);
    let interrupter = file.interrupter();
    interrupter.interrupt();
    let long = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    let done = AtomicBool::new(false);
    let stopped = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                interrupter.interrupt();
                std::thread::yield_now();
            }
        });
        let step = file.unless_interrupted(|| Ok(file.conn()?.query_row(long, [], |row| row.get::<_, i64>(0))?));
        done.store(true, Ordering::Relaxed);
        waiting.join().unwrap();
        step.unwrap()
    });
    assert_eq!(stopped, None);
    // Somebody who wants the file all the time puts the check off, and not for ever.
    let interrupter = file.interrupter();
    let mut checking = Checking::in_full(&file).unwrap();
    let done = checking.go_on(&file, &mut || {
        interrupter.interrupt();
        false
    });
    assert!(done.unwrap());
    assert_eq!(codes(&file), Vec::<&str>::new());
}

/// Everything that changes what was read under a check that is under way.
#[test]
fn what_goes_on_under_a_check_makes_it_begin_again_and_alarms_nobody() {
    for at in [1, 2, 3, 4, 6, 8, 12, 20] {
        let mut desk = quick_desk();
        let mut file = lively(&mut desk);
        let stamp = desk.stamp();
        let admin = file
            .authenticate("admin", &password(PASSWORD), &stamp, &mut desk.seed)
            .unwrap();
        let nurse = file
            .authenticate("nurse", &password(PASSWORD), &stamp, &mut desk.seed)
            .unwrap();
        let mut last = None;
        for since in [false, true] {
            let value = EntryRef {
                log: file.log().unwrap().clone(),
                seq: file.history(&"S-001/SCR/DM/DM.MAIN/DM.SEX".parse().unwrap()).unwrap()[usize::from(since)].seq,
            };
            let asked = desk.act(&mut file, &nurse, vec![Act::RedactionAsked { entries: vec![value] }]);
            let asked = EntryRef {
                log: asked.log,
                seq: asked.last_seq,
            };
            let checking = match &last {
                None => Checking::in_full(&file).unwrap(),
                Some(last) => Checking::since(&file, last).unwrap(),
            };
            let (report, checked) = in_pieces(checking, &mut file, |file, piece| {
                if piece == at {
                    // A redaction, a bundle, a new person.
                    let stamp = desk.stamp();
                    let _as_far_as_it_is_asked_for = file
                        .redact(&asked, &admin, because("name"), &stamp, &mut desk.seed)
                        .map(drop);
                    let newcomer = person(&format!("second{since}"), Role::Nurse);
                    file.add_person(&admin, &newcomer, KdfCost::cheap(), &stamp, &mut desk.seed)
                        .unwrap();
                }
            });
            assert!(report.sound(), "piece {at}: {:?}", report.findings);
            last = checked;
        }
    }
}

#[test]
fn a_file_locked_or_moved_under_a_check_is_checked_from_the_beginning() {
    let mut desk = quick_desk();
    let mut file = lively(&mut desk);
    let mut checking = Checking::in_full(&file).unwrap();
    for _ in 0..5 {
        assert!(!checking.go_on(&file, &mut || true).unwrap());
    }
    file.close().unwrap();
    let admin;
    (file, admin) = desk.unlock("admin").unwrap();
    assert!(!checking.go_on(&file, &mut || true).unwrap());
    assert_eq!(
        checking.progress().0,
        crate::Step::Pages,
        "it goes on where nothing is known"
    );
    // A new key: another file under the same name.
    let stamp = desk.stamp();
    (file, _) = file.rekey(&admin, because("left"), &stamp, &mut desk.seed).unwrap();
    for _ in 0..5 {
        assert!(!checking.go_on(&file, &mut || true).unwrap());
    }
    // On another device, continued there.
    file.close().unwrap();
    desk.devices = DeviceKeys::at(&desk.folder.path().join("two"), "laptop 2");
    let (mut file, admin) = desk.unlock("admin").unwrap();
    assert_eq!(
        file.access(),
        &Access::ReadOnly {
            why: WhyReadOnly::OtherDevice
        }
    );
    for _ in 0..9 {
        assert!(!checking.go_on(&file, &mut || true).unwrap());
    }
    let stamp = desk.stamp();
    file.continue_here(&admin, because("moved"), &stamp, &mut desk.seed)
        .unwrap();
    let (report, checked) = in_pieces(checking, &mut file, |_, _| ());
    assert_eq!(report.findings, []);
    assert_eq!(report.entries, checked.unwrap().entries());
}
