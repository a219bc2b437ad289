//! The power goes while whole files are written: an older format raised, a new key, a new file, backups, one restored.

use std::path::Path;

use crate::{
    DeviceKeys, SiteFile, backups,
    desk::{Desk, PASSWORD, because, entered, password},
    migrate,
    tests::{
        disk::{Lies, Looked, files_in},
        failing::Bench,
        outage::{done, evening, holds, opened, opens, outage, save, saved, say, unsound},
        quick_desk,
    },
    vfs::fault,
};

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
    new_key("A new key", false);
}

/// The old file is kept as a copy there, which takes many steps.
#[test]
fn whenever_the_power_goes_where_there_are_no_links_a_new_key_leaves_a_whole_file() {
    new_key("A new key without links", true);
}

fn new_key(what: &str, linkless: bool) {
    let Bench { mut desk, .. } = Bench::new();
    let run = |desk: &mut Desk| {
        let (file, admin) = desk.unlock("admin").unwrap();
        let stamp = desk.stamp();
        fault::linkless(linkless);
        let rekeyed = file.rekey(&admin, because("left"), &stamp, &mut desk.seed);
        fault::linkless(false);
        let (mut file, _) = rekeyed.unwrap();
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
        say(
            &mut wrong,
            linkless && kept.exists() && !whole(&kept),
            "half a file has the name of a kept one",
        );
        if !replaced {
            // Cut short, perhaps when the old file had both names: that is in nobody's way.
            let stamp = desk.stamp();
            fault::linkless(linkless);
            let again = file.rekey(&admin, because("left"), &stamp, &mut desk.seed);
            fault::linkless(false);
            say(&mut wrong, again.is_err(), "it cannot be tried again");
            let kept = again.as_ref().is_ok_and(|(_, kept)| whole(kept));
            say(&mut wrong, !kept, "the old file was not kept whole");
            drop(again);
        } else {
            drop(file);
        }
        for login in ["nurse", "monitor"] {
            say(&mut wrong, !opens(desk, login), "somebody's password is lost");
        }
        wrong
    });
    holds(what, looked);
}

/// Whether a file has its header and all of its pages.
fn whole(path: &Path) -> bool {
    let moment = Desk::new().stamp().moment;
    crate::front_page(path, &moment).is_ok()
        && std::fs::metadata(path).is_ok_and(|file| file.len() > 100_000 && file.len() % 4096 == 0)
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
