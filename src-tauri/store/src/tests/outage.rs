//! The power goes in the middle of steps that are larger than a save: whole files rewritten, bodies taken away, bundles
//! taken in, copies, people. Each is there as a whole or not at all; what was told is there.

use std::{collections::BTreeSet, path::Path};

use study::act::{Moment, Role};

use crate::{
    Access, DeviceKeys, EntryFilter, KdfCost, Session, SiteFile, WhyReadOnly, backups, check,
    desk::{Desk, PASSWORD, because, entered, password, person},
    migrate,
    tests::{
        disk::{Files, Lies, Looked, after_every_point, files_in, stride},
        failing::Bench,
        quick_desk,
    },
    vfs::{
        self,
        fault::{self, Op},
    },
};

const SAVE: [u8; 16] = [9; 16];

/// Runs a step. Answer: the disk before it, and what the step asked of the disk.
fn recorded(desk: &mut Desk, run: impl FnOnce(&mut Desk)) -> (Files, Vec<Op>) {
    fault::register();
    vfs::register_over("cartwright-fault", "fault").unwrap();
    let before = files_in(desk.folder.path());
    vfs::through("cartwright-fault");
    fault::record();
    run(desk);
    vfs::through(vfs::NAME);
    (before, fault::recorded())
}

/// Runs a step, then looks at the disks that a power loss in it may leave at every `short`-th point.
fn outage(
    desk: &mut Desk,
    (short, lies): (usize, Lies),
    run: impl FnOnce(&mut Desk),
    mut wrong: impl FnMut(&mut Desk, &BTreeSet<u64>) -> Vec<String>,
) -> Looked {
    let (before, ops) = recorded(desk, run);
    after_every_point((desk, &before), &ops, (stride(short), lies), &mut wrong)
}

/// Nothing is wrong, and enough was looked at.
#[track_caller]
fn holds(what: &str, looked: Looked) {
    let Looked { points, disks, wrong } = looked;
    println!(
        "{what}: {points} write points, {disks} disks looked at, {} wrong",
        wrong.len()
    );
    assert_eq!(wrong, Vec::<String>::new());
    assert!(points > 20 && disks >= 10, "{points} {disks}");
}

/// What is wrong with the file when somebody opens it; and the file, if it opens.
fn opened(desk: &mut Desk, login: &str) -> (Vec<String>, Option<(SiteFile, Session)>) {
    match desk.unlock(login) {
        Err(error) => (vec![format!("{login} does not open it: {error:?}")], None),
        Ok((file, session)) => {
            let mut wrong = unsound(&file);
            if file.access() != &Access::Writable {
                wrong.push(format!("{:?}", file.access()));
            }
            (wrong, Some((file, session)))
        }
    }
}

fn unsound(file: &SiteFile) -> Vec<String> {
    match check(file, &mut |_, _, _| ()) {
        Ok(report) if report.sound() => Vec::new(),
        Ok(report) => vec![format!("{:?}", report.findings)],
        Err(error) => vec![format!("{error:?}")],
    }
}

fn opens(desk: &mut Desk, login: &str) -> bool {
    desk.unlock(login).is_ok()
}

/// How many entries say that this was done.
fn done(file: &SiteFile, act: &str) -> usize {
    let filter = EntryFilter {
        acts: vec![act.into()],
        ..EntryFilter::default()
    };
    file.entries(&filter).unwrap().len()
}

fn say(wrong: &mut Vec<String>, bad: bool, what: &str) {
    if bad {
        wrong.push(what.to_owned());
    }
}

fn save(desk: &mut Desk, file: &mut SiteFile, session: &Session) {
    let mut save = desk.save(session, vec![entered("S-007/SCR/DM/G/A", "x")]);
    save.id = SAVE;
    file.transact(&save, &mut desk.seed).unwrap();
}

fn saved(file: &SiteFile) -> bool {
    file.find(&SAVE).unwrap().is_some()
}

fn migrated(short: usize, lies: Lies) -> Looked {
    let mut desk = quick_desk();
    migrate::tests::laid_out(&desk, 0);
    let older = std::fs::read(desk.path()).unwrap();
    let kept = desk.folder.path().join("site.cartwright.format-0");
    let run = |desk: &mut Desk| {
        let (mut file, nurse) = desk.unlock("nurse").unwrap();
        fault::told(1);
        save(desk, &mut file, &nurse);
        fault::told(2);
        file.close().unwrap();
        fault::told(3);
    };
    outage(&mut desk, (short, lies), run, |desk, told| {
        let (mut wrong, file) = opened(desk, "nurse");
        // What is wrong on a lying disk is not looked into further.
        let Some((file, _)) = file.filter(|_| wrong.is_empty()) else {
            return wrong;
        };
        say(&mut wrong, done(&file, "format_raised") != 1, "not raised, or twice");
        say(&mut wrong, told.contains(&2) && !saved(&file), "the save is lost");
        let item = file.item(&"S-001/SCR/DM/DM.MAIN/DM.SEX".parse().unwrap()).unwrap();
        say(
            &mut wrong,
            item.is_none_or(|item| item.version != 2),
            "the value is lost",
        );
        say(
            &mut wrong,
            file.signatures().unwrap().len() != 1,
            "the signature is lost",
        );
        let old = std::fs::read(&kept).is_ok_and(|bytes| bytes == older);
        say(&mut wrong, !old, "the old file was not kept as it was");
        wrong
    })
}

#[test]
fn whenever_the_power_goes_a_migration_leaves_one_format_or_the_other() {
    holds("Migration", migrated(31, Lies::None));
}

#[test]
fn a_disk_that_lies_while_a_file_is_rewritten_is_found_out() {
    let Looked { disks, wrong, .. } = migrated(31, Lies::OfFiles);
    println!("{disks} disks of a lying device looked at, {} wrong", wrong.len());
    assert!(wrong.len() > 3, "the test above could not fail: {wrong:?}");
}

#[test]
fn whenever_the_power_goes_a_new_key_leaves_a_whole_file() {
    let Bench { mut desk, .. } = Bench::new();
    let run = |desk: &mut Desk| {
        let (file, admin) = desk.unlock("admin").unwrap();
        let stamp = desk.stamp();
        let (mut file, _) = file.rekey(&admin, because("left"), &stamp, &mut desk.seed).unwrap();
        fault::told(1);
        save(desk, &mut file, &admin);
        fault::told(2);
        file.close().unwrap();
    };
    let looked = outage(&mut desk, (37, Lies::None), run, |desk, told| {
        let (mut wrong, file) = opened(desk, "admin");
        let Some((file, admin)) = file else { return wrong };
        let replaced = done(&file, "key_replaced") == 1;
        say(&mut wrong, told.contains(&1) && !replaced, "the old key is back");
        say(&mut wrong, told.contains(&2) && !saved(&file), "the save is lost");
        let kept = file.header.body.generation - u64::from(replaced);
        let kept = desk.folder.path().join(format!("site.cartwright.key-{kept}"));
        say(&mut wrong, replaced && !kept.exists(), "the old file was not kept");
        if kept.exists() && !replaced {
            // Cut short when the old file had both names: that is in nobody's way.
            let stamp = desk.stamp();
            let again = file.rekey(&admin, because("left"), &stamp, &mut desk.seed);
            say(&mut wrong, again.is_err(), "it cannot be tried again");
            drop(again);
        } else {
            drop(file);
        }
        for login in ["nurse", "monitor"] {
            say(&mut wrong, !opens(desk, login), "somebody's password is lost");
        }
        wrong
    });
    holds("A new key", looked);
}

#[test]
fn whenever_the_power_goes_a_redaction_is_whole_or_not_there() {
    let Bench { mut desk, asked, .. } = Bench::new();
    let run = |desk: &mut Desk| {
        let (mut file, admin) = desk.unlock("admin").unwrap();
        let stamp = desk.stamp();
        file.redact(&asked, &admin, because("name"), &stamp, &mut desk.seed)
            .unwrap();
        fault::told(1);
        file.close().unwrap();
    };
    let looked = outage(&mut desk, (17, Lies::None), run, |desk, told| {
        let (mut wrong, file) = opened(desk, "admin");
        let Some((file, _)) = file else { return wrong };
        let redacted = done(&file, "redacted") == 1;
        say(&mut wrong, told.contains(&1) && !redacted, "the redaction is lost");
        let name = file.items_of_subject("S-002").unwrap().remove(0).value;
        say(&mut wrong, name.is_none() != redacted, "half a redaction");
        let pages = fault::pages(file.conn().unwrap());
        let readable = pages.windows(6).any(|window| window == b"a name");
        say(
            &mut wrong,
            readable == redacted,
            "the name stands on a page, or nowhere before",
        );
        wrong
    });
    holds("A redaction", looked);
}

#[test]
fn whenever_the_power_goes_a_bundle_is_taken_in_whole_or_not_at_all() {
    let Bench { mut desk, incoming, .. } = Bench::new();
    let run = |desk: &mut Desk| {
        let (mut file, admin) = desk.unlock("admin").unwrap();
        let stamp = desk.stamp();
        file.import(&incoming, &admin, &stamp, &mut desk.seed).unwrap();
        fault::told(1);
        save(desk, &mut file, &admin);
        fault::told(2);
        file.close().unwrap();
    };
    let looked = outage(&mut desk, (17, Lies::None), run, |desk, told| {
        let (mut wrong, file) = opened(desk, "admin");
        let Some((mut file, admin)) = file else { return wrong };
        let there = done(&file, "bundle_imported") == 1;
        say(&mut wrong, told.contains(&1) && !there, "the bundle is lost");
        say(&mut wrong, told.contains(&2) && !saved(&file), "the save is lost");
        let items = |file: &SiteFile| file.items_of_subject("012-001").unwrap().len();
        say(&mut wrong, items(&file) != usize::from(there), "half a bundle");
        // Once more is no harm.
        let stamp = desk.stamp();
        let again = file.import(&incoming, &admin, &stamp, &mut desk.seed);
        say(
            &mut wrong,
            again.is_err() || items(&file) != 1,
            "it cannot be taken in again",
        );
        wrong
    });
    holds("A bundle", looked);
}

fn evening(day: u64) -> Moment {
    Moment {
        at: format!("2026-03-{day:02}T18:00:00.000Z"),
        offset: "+08:00".into(),
    }
}

fn elsewhere(desk: &mut Desk, path: &Path) -> Vec<String> {
    let stamp = desk.stamp();
    let two = DeviceKeys::at(&desk.folder.path().join("two"), "laptop 2");
    match SiteFile::unlock(path, "nurse", &password(PASSWORD), &stamp, &mut desk.seed, &two) {
        Ok((file, _)) => unsound(&file),
        Err(error) => vec![format!("{path:?}: {error:?}")],
    }
}

#[test]
fn whenever_the_power_goes_there_are_whole_backups_and_none_that_is_not() {
    let mut desk = quick_desk();
    let (mut file, nurse) = desk.with_nurse();
    let folder = desk.folder.path().join("backups");
    for day in 1..=9 {
        desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/G/A", &day.to_string())]);
        file.back_up(&folder, &evening(day)).unwrap();
    }
    let store = file.store_id().to_owned();
    file.close().unwrap();
    let before = files_in(&folder);
    let run = |desk: &mut Desk| {
        let (mut file, nurse) = desk.unlock("nurse").unwrap();
        for day in [10, 11] {
            desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/G/A", &day.to_string())]);
            file.back_up(&folder, &evening(day)).unwrap();
            fault::told(day);
        }
        file.close().unwrap();
    };
    let looked = outage(&mut desk, (31, Lies::None), run, |desk, told| {
        let (mut wrong, _) = opened(desk, "nurse");
        let all = backups(&folder, &store).unwrap();
        say(&mut wrong, all.len() < 7, "backups are lost");
        let newest = told.last().copied().unwrap_or(9);
        let day = |at: &chrono::DateTime<chrono::Utc>| u64::from(chrono::Datelike::day(at));
        say(&mut wrong, day(&all[0].at) < newest, "the newest backup is lost");
        for backup in &all {
            let as_before = before.get(&backup.path);
            if as_before.map(|bytes| bytes.as_slice()) != Some(&std::fs::read(&backup.path).unwrap()) {
                wrong.extend(elsewhere(desk, &backup.path));
            }
        }
        wrong
    });
    holds("Two backups", looked);
}

#[test]
fn whenever_the_power_goes_a_backup_is_restored_whole_or_not_at_all() {
    let mut desk = quick_desk();
    let (mut file, _) = desk.with_nurse();
    let backup = file
        .back_up(&desk.folder.path().join("backups"), &evening(1))
        .unwrap()
        .path;
    file.close().unwrap();
    let whole = std::fs::read(&backup).unwrap();
    let to = desk.folder.path().join("restored.cartwright");
    let run = |_: &mut Desk| {
        crate::restore(&backup, &to, &evening(2)).unwrap();
        fault::told(1);
    };
    let Looked { points, disks, wrong } = outage(&mut desk, (1, Lies::None), run, |_, told| {
        let mut wrong = Vec::new();
        let same = |path: &Path| std::fs::read(path).is_ok_and(|bytes| bytes == whole);
        say(&mut wrong, !same(&backup), "the backup is not as it was");
        say(&mut wrong, to.exists() && !same(&to), "half a backup");
        say(
            &mut wrong,
            told.contains(&1) && !to.exists(),
            "what was restored is lost",
        );
        if !to.exists() {
            let again = crate::restore(&backup, &to, &evening(3));
            say(&mut wrong, again.is_err() || !same(&to), "it cannot be tried again");
        }
        wrong
    });
    println!("A backup restored: {points} write points, {disks} disks looked at");
    assert_eq!(wrong, Vec::<String>::new());
    assert!(points >= 5 && disks >= 5, "{points} {disks}");
}

#[test]
fn whenever_the_power_goes_a_new_file_is_there_with_its_administrator_or_not_at_all() {
    let mut desk = quick_desk();
    let run = |desk: &mut Desk| {
        let (mut file, admin, _) = desk.create();
        fault::told(1);
        save(desk, &mut file, &admin);
        fault::told(2);
        file.close().unwrap();
    };
    let looked = outage(&mut desk, (31, Lies::None), run, |desk, told| {
        if !desk.path().exists() {
            let mut wrong = Vec::new();
            say(&mut wrong, told.contains(&1), "the new file is lost");
            desk.create().0.close().unwrap();
            return wrong;
        }
        let (mut wrong, file) = opened(desk, "admin");
        let there = file.is_some_and(|(file, _)| saved(&file));
        say(&mut wrong, told.contains(&2) && !there, "the save is lost");
        wrong
    });
    holds("A new file", looked);
}

#[test]
fn whenever_the_power_goes_a_file_continued_elsewhere_goes_on() {
    let mut desk = quick_desk();
    desk.with_nurse().0.close().unwrap();
    desk.devices = DeviceKeys::at(&desk.folder.path().join("two"), "laptop 2");
    let run = |desk: &mut Desk| {
        let (mut file, admin) = desk.unlock("admin").unwrap();
        let stamp = desk.stamp();
        file.continue_here(&admin, because("moved"), &stamp, &mut desk.seed)
            .unwrap();
        fault::told(1);
        save(desk, &mut file, &admin);
        fault::told(2);
        file.close().unwrap();
    };
    let looked = outage(&mut desk, (7, Lies::None), run, |desk, told| {
        let (mut file, admin) = match desk.unlock("admin") {
            Ok(opened) => opened,
            Err(error) => return vec![format!("{error:?}")],
        };
        let mut wrong = unsound(&file);
        say(&mut wrong, told.contains(&2) && !saved(&file), "the save is lost");
        if file.access() != &Access::Writable {
            let why = WhyReadOnly::OtherDevice;
            say(
                &mut wrong,
                file.access() != &Access::ReadOnly { why },
                "read-only for another reason",
            );
            say(&mut wrong, told.contains(&1), "the new log is lost");
            let stamp = desk.stamp();
            let again = file.continue_here(&admin, because("moved"), &stamp, &mut desk.seed);
            say(&mut wrong, again.is_err(), "it cannot be tried again");
            wrong.extend(unsound(&file));
        }
        wrong
    });
    holds("A new log", looked);
}

#[test]
fn whenever_the_power_goes_people_can_log_in_as_the_journal_says() {
    let mut desk = quick_desk();
    let (file, _, old) = desk.create();
    file.close().unwrap();
    let (mut file, admin) = desk.unlock("admin").unwrap();
    let stamp = desk.stamp();
    let cost = KdfCost::cheap();
    file.add_person(&admin, &person("monitor", Role::Monitor), cost, &stamp, &mut desk.seed)
        .unwrap();
    file.close().unwrap();
    let mut new = None;
    let run = |desk: &mut Desk| {
        let (mut file, admin) = desk.unlock("admin").unwrap();
        let stamp = desk.stamp();
        file.add_person(&admin, &person("newcomer", Role::Nurse), cost, &stamp, &mut desk.seed)
            .unwrap();
        fault::told(1);
        let people = file.people().unwrap();
        let monitor = people.iter().find(|row| row.login == "monitor").unwrap();
        file.disable_person(&admin, &monitor.person, because("left"), &stamp, &mut desk.seed)
            .unwrap();
        fault::told(2);
        new = Some(file.replace_recovery_code(&admin, &stamp, &mut desk.seed).unwrap());
        fault::told(3);
        file.close().unwrap();
    };
    let (before, ops) = recorded(&mut desk, run);
    let new = new.unwrap();
    let looked = after_every_point(
        (&mut desk, &before),
        &ops,
        (stride(13), Lies::None),
        &mut |desk, told| {
            let (mut wrong, file) = opened(desk, "admin");
            let Some((file, _)) = file else { return wrong };
            let facts = ["person_added", "person_disabled", "recovery_code_replaced"].map(|act| done(&file, act));
            file.close().unwrap();
            let (added, disabled, replaced) = (facts[0] == 3, facts[1] == 1, facts[2] == 1);
            for (n, there) in [added, disabled, replaced].into_iter().enumerate() {
                say(
                    &mut wrong,
                    told.contains(&(n as u64 + 1)) && !there,
                    "what was told is lost",
                );
            }
            say(&mut wrong, opens(desk, "newcomer") != added, "the newcomer");
            say(&mut wrong, opens(desk, "monitor") == disabled, "who was disabled");
            for (code, good) in [(&old, !replaced), (&new, replaced)] {
                let opened = SiteFile::recover(&desk.path(), code.expose(), &desk.devices);
                say(&mut wrong, opened.is_ok() != good, "the recovery code");
            }
            wrong
        },
    );
    holds("People", looked);
}
