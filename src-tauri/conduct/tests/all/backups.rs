//! Backups: made when asked for and at locking, turned over, restored under another name, continued as a new log.

use std::{fs, path::PathBuf};

use conduct::{
    acts,
    problem::Problem,
    requests::{BackUp, Backups, CloseFile, ContinueBeside, ContinueHere, Lock, Recover, Restore, SaveCopy, Today},
    views::BackupsView,
};

use crate::{
    chart::Raw,
    exchange::two_laptops,
    room::{PASSWORD, Room, code},
};

const SEX: &str = "S-001/SCR/DM/DM.MAIN/DM.SEX";

fn site() -> Room {
    let mut room = Room::furnished();
    room.sit("nurse");
    room.add_subject("S-001");
    room
}

fn folder(room: &Room) -> PathBuf {
    let folder = room.folder.join("stick").join("backups");
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn seen(room: &mut Room) -> BackupsView {
    acts::backups(&mut room.desk, Backups {}).unwrap()
}

fn back_up(room: &mut Room) -> BackupsView {
    let handle = Some(room.desk.choose(folder(room)));
    acts::back_up(&mut room.desk, BackUp { handle }).unwrap()
}

fn restore(room: &mut Room, file: &str, to: &str) -> Result<(), Problem> {
    let backup = room.desk.choose(folder(room).join(file));
    let to = room.desk.choose(room.folder.join(to));
    acts::restore(&mut room.desk, Restore { backup, to }).map(|_| ())
}

#[test]
fn nothing_is_written_anywhere_until_a_folder_was_chosen() {
    let mut room = site();
    let before = seen(&mut room);
    assert_eq!((before.folder, before.old, before.backups.len()), (None, false, 0));
    assert_eq!(
        code(acts::back_up(&mut room.desk, BackUp { handle: None })),
        "no_backup_folder"
    );
    room.pass_days(1);
    room.sit("nurse");
    assert!(seen(&mut room).backups.is_empty());
}

#[test]
fn a_backup_is_told_with_its_folder_and_its_age() {
    let mut room = site();
    let made = back_up(&mut room);
    assert_eq!(made.folder.as_deref(), Some("stick › backups"));
    assert!(made.reachable && made.same_disk && !made.old);
    assert_eq!((made.age_days, made.backups.len()), (Some(0), 1));
    assert!(made.backups[0].bytes > 65_536);
    assert_eq!(room.journal()[0].act, "backed_up");
    assert_eq!(room.journal()[0].by, None, "the device made it");
    for (days, age, old) in [(1, 1, false), (5, 6, false), (1, 7, true)] {
        room.pass_days(days);
        let now = seen(&mut room);
        assert_eq!((now.age_days, now.old), (Some(age), old));
    }
    assert!(acts::today(&mut room.desk, Today {}).unwrap().backup_due);
    // The stick was pulled out: nothing is found, and it is said that the folder is not there.
    fs::rename(room.folder.join("stick"), room.folder.join("pulled")).unwrap();
    let gone = seen(&mut room);
    assert!(!gone.reachable && gone.old && gone.backups.is_empty() && gone.folder.is_some());
}

#[test]
fn locking_backs_up_what_was_saved_once_an_hour_and_closing_always() {
    let mut room = site();
    back_up(&mut room);
    let count = |room: &mut Room| seen(room).backups.len();
    room.lock();
    room.unlock("nurse", PASSWORD).unwrap();
    assert_eq!(count(&mut room), 1, "nothing was saved since");
    room.type_at(SEX, Raw::Codes(&["F"])).unwrap();
    room.pass(59 * 60);
    room.lock();
    room.unlock("nurse", PASSWORD).unwrap();
    assert_eq!(count(&mut room), 1, "within the hour");
    room.pass(24 * 3600);
    room.lock();
    room.unlock("nurse", PASSWORD).unwrap();
    assert_eq!(count(&mut room), 2, "a day later");
    let last = room
        .journal()
        .into_iter()
        .find(|entry| entry.act == "backed_up")
        .unwrap();
    assert_eq!(last.text.as_deref(), Some(&*seen(&mut room).backups[0].file));
    room.pass(24 * 3600);
    room.lock();
    room.unlock("nurse", PASSWORD).unwrap();
    assert_eq!(count(&mut room), 2, "a day later, but nothing was saved");
    room.type_at(SEX, Raw::Codes(&["M"])).unwrap();
    room.pass(60);
    acts::close_file(&mut room.desk, CloseFile {}).unwrap();
    room.sit("auditor");
    assert_eq!(seen(&mut room).age_days, Some(0));
    room.sound();
}

#[test]
fn a_computer_that_goes_to_sleep_is_locked_at_once() {
    let mut room = site();
    back_up(&mut room);
    room.type_at(SEX, Raw::Codes(&["F"])).unwrap();
    room.pass(24 * 3600);
    acts::lock(&mut room.desk, Lock { how: "suspend".into() }).unwrap();
    room.unlock("nurse", PASSWORD).unwrap();
    assert_eq!(seen(&mut room).backups.len(), 1);
    let locked = room.journal().into_iter().find(|entry| entry.act == "locked").unwrap();
    assert_eq!(locked.text.as_deref(), Some("suspend"));
}

#[test]
fn a_backup_that_cannot_be_made_never_keeps_the_lock_open_and_is_told() {
    let mut room = site();
    back_up(&mut room);
    room.type_at(SEX, Raw::Codes(&["F"])).unwrap();
    room.pass(24 * 3600);
    let folder = folder(&room);
    fs::remove_dir_all(&folder).unwrap();
    fs::write(&folder, b"a file where the folder was").unwrap();
    room.lock();
    assert!(room.status().session.is_none());
    room.unlock("nurse", PASSWORD).unwrap();
    assert!(seen(&mut room).failed.is_some());
    fs::remove_file(&folder).unwrap();
    assert_eq!(back_up(&mut room).failed, None);
    room.sound();
}

#[test]
fn a_backup_is_restored_under_another_name_and_continued_there() {
    let mut room = site();
    room.type_at(SEX, Raw::Codes(&["F"])).unwrap();
    let kept = back_up(&mut room).backups[0].file.clone();
    room.type_at(SEX, Raw::Codes(&["M"])).unwrap();
    room.lock();
    acts::close_file(&mut room.desk, CloseFile {}).unwrap();
    // The file itself is lost.
    fs::remove_file(room.file()).unwrap();

    // Never over a file, and never by working in the backup itself.
    fs::write(room.folder.join("taken.cartwright"), b"x").unwrap();
    assert_eq!(code(restore(&mut room, &kept, "taken.cartwright")), "already_exists");
    let reason = || conduct::Reason {
        code: "other".into(),
        text: Some("the disk broke".into()),
    };
    let itself = folder(&room).join(&kept);
    room.open_at(&itself).unwrap();
    room.unlock("admin", PASSWORD).unwrap();
    assert_eq!(
        code(acts::continue_here(&mut room.desk, ContinueHere { reason: reason() })),
        "in_a_backup"
    );
    room.lock();

    restore(&mut room, &kept, "restored.cartwright").unwrap();
    assert_eq!(
        fs::read(&itself).unwrap(),
        fs::read(room.folder.join("restored.cartwright")).unwrap()
    );
    let status = room.unlock("admin", PASSWORD).unwrap();
    assert_eq!(status.file.unwrap().read_only.as_deref(), Some("older"));
    assert_eq!(
        code(acts::back_up(&mut room.desk, BackUp { handle: None })),
        "read_only"
    );
    let now = acts::continue_here(&mut room.desk, ContinueHere { reason: reason() }).unwrap();
    assert_eq!(now.file.unwrap().read_only, None);
    // Of another log: its folder of backups was the old log's.
    assert_eq!(seen(&mut room).folder, None);
    room.lock();
    room.unlock("nurse", PASSWORD).unwrap();
    let shown = acts::form(
        &mut room.desk,
        conduct::requests::FormOf {
            form: crate::room::form("S-001/SCR/DM"),
        },
    )
    .unwrap();
    assert!(
        format!("{shown:?}").contains("\"F\""),
        "what was saved when the backup was made"
    );
    room.sound();
}

#[test]
fn what_is_no_site_file_is_not_restored_nor_one_with_a_journal_beside_it() {
    let mut room = site();
    let kept = back_up(&mut room).backups[0].file.clone();
    room.lock();
    fs::write(folder(&room).join("x.cartwright"), vec![7; 100_000]).unwrap();
    assert_eq!(
        code(restore(&mut room, "x.cartwright", "y.cartwright")),
        "not_a_site_file"
    );
    fs::write(folder(&room).join(format!("{kept}-cwjrnl")), b"").unwrap();
    assert_eq!(code(restore(&mut room, &kept, "y.cartwright")), "read_only");
    assert!(!room.folder.join("y.cartwright").exists());
}

#[test]
fn a_copy_to_take_along_is_called_after_the_file_and_changes_no_folder() {
    let mut room = site();
    let to = room.folder.join("along");
    fs::create_dir(&to).unwrap();
    let handle = room.desk.choose(to.clone());
    let copied = acts::save_copy(&mut room.desk, SaveCopy { handle }).unwrap();
    assert!(copied.file.starts_with("site-2026-") && to.join(&copied.file).exists());
    assert_eq!(seen(&mut room).folder, None);
}

#[test]
fn nobody_goes_on_in_a_backup_with_a_recovery_code_or_on_another_laptop() {
    let mut room = Room::empty();
    let recovery = room.create();
    let kept = back_up(&mut room).backups[0].file.clone();
    room.lock();
    acts::close_file(&mut room.desk, CloseFile {}).unwrap();
    let itself = folder(&room).join(&kept);
    let before = fs::read(&itself).unwrap();
    room.open_at(&itself).unwrap();
    let recover = || Recover {
        code: recovery.clone(),
        login: "admin2".into(),
        printed_name: "Zhou Lan".into(),
        identity_verified: "passport".into(),
        password: PASSWORD.into(),
    };
    assert_eq!(code(acts::recover(&mut room.desk, recover())), "in_a_backup");
    assert_eq!(fs::read(&itself).unwrap(), before);

    let mut other = Room::empty();
    other.pass(7200);
    other.open_at(&itself).unwrap();
    other.unlock("admin", PASSWORD).unwrap();
    let reason = conduct::Reason {
        code: "other".into(),
        text: Some("a second laptop".into()),
    };
    assert_eq!(
        code(acts::continue_beside(&mut other.desk, ContinueBeside { reason })),
        "in_a_backup"
    );
    other.lock();
    acts::close_file(&mut other.desk, CloseFile {}).unwrap();

    // Restored under another name it is done.
    restore(&mut room, &kept, "restored.cartwright").unwrap();
    assert!(acts::recover(&mut room.desk, recover()).unwrap().session.is_some());
}

#[test]
fn a_backup_that_a_wrong_clock_dated_ahead_is_not_called_new_and_holds_no_other_up() {
    let mut room = site();
    back_up(&mut room);
    room.pass_days(400);
    back_up(&mut room);
    room.pass_days(-400);
    for (days, age, old) in [(1, 1, false), (6, 7, true)] {
        room.pass_days(days);
        let now = seen(&mut room);
        assert_eq!((now.age_days, now.old, now.backups.len()), (Some(age), old, 2));
    }
    room.type_at(SEX, Raw::Codes(&["F"])).unwrap();
    room.lock();
    room.unlock("nurse", PASSWORD).unwrap();
    let now = seen(&mut room);
    assert_eq!((now.age_days, now.old, now.backups.len()), (Some(0), false, 3));
    room.sound();
}

#[test]
fn two_laptops_turn_over_their_own_backups_in_one_folder_and_tell_their_own_age() {
    let (mut one, mut two) = two_laptops();
    let stick = one.folder.join("stick");
    fs::create_dir_all(&stick).unwrap();
    let made = |room: &mut Room| {
        let handle = Some(room.desk.choose(stick.clone()));
        acts::back_up(&mut room.desk, BackUp { handle }).unwrap()
    };
    one.sit("admin");
    let of_one = made(&mut one).backups[0].file.clone();
    let now = one.clock.load(std::sync::atomic::Ordering::Relaxed);
    two.clock.store(now + 3600, std::sync::atomic::Ordering::Relaxed);
    two.sit("admin");
    // The other's is none of this laptop's own.
    let handle = Some(two.desk.choose(stick.clone()));
    let first = acts::back_up(&mut two.desk, BackUp { handle }).unwrap();
    assert_eq!(first.backups.len(), 1);
    for _ in 0..3 {
        two.pass(600);
        made(&mut two);
    }
    assert!(
        stick.join(&of_one).exists(),
        "the only backup of what the first laptop wrote"
    );
    one.pass_days(8);
    one.sit("admin");
    let seen_by_one = seen(&mut one);
    assert_eq!((seen_by_one.age_days, seen_by_one.old), (Some(8), true));
    assert_eq!(seen_by_one.backups.len(), 1);
    // Whoever restores chooses among the files themselves.
    two.pass_days(8);
    two.sit("admin");
    let seen_by_two = seen(&mut two);
    assert_eq!(seen_by_two.age_days, Some(8));
}

/// What this device has written down of its files: what a power loss leaves of it.
fn device(room: &Room) -> Vec<(PathBuf, Vec<u8>)> {
    let records = fs::read_dir(room.folder.join("devices")).unwrap();
    records
        .map(|record| record.unwrap().path())
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

#[test]
fn a_copy_is_older_from_the_next_save_on_also_when_the_power_goes() {
    type Way<'w> = (&'static str, &'w dyn Fn(&mut Room) -> PathBuf);
    let mut room = site();
    let copied = |room: &mut Room| {
        let handle = room.desk.choose(room.folder.clone());
        let made = acts::save_copy(&mut room.desk, SaveCopy { handle }).unwrap();
        room.folder.join(made.file)
    };
    let backed_up = |room: &mut Room| folder(room).join(&back_up(room).backups[0].file);
    let ways: [Way<'_>; 2] = [("a copy", &copied), ("a backup", &backed_up)];
    for (what, made) in ways {
        room.pass(60);
        let path = made(&mut room);
        room.type_at(SEX, Raw::Codes(&["F"])).unwrap();
        let left = device(&room);
        room.lock();
        acts::close_file(&mut room.desk, CloseFile {}).unwrap();
        for (record, bytes) in left {
            fs::write(record, bytes).unwrap();
        }
        room.open_at(&path).unwrap();
        let opened = room.unlock("nurse", PASSWORD).unwrap();
        assert_eq!(opened.file.unwrap().read_only.as_deref(), Some("older"), "{what}");
        room.lock();
        acts::close_file(&mut room.desk, CloseFile {}).unwrap();
        room.sit("nurse");
        room.sound();
    }
}

#[test]
fn a_folder_that_is_gone_is_not_made_anew_and_one_that_was_emptied_gets_a_backup() {
    let mut room = site();
    back_up(&mut room);
    let (stick, pulled) = (room.folder.join("stick"), room.folder.join("pulled"));
    fs::rename(&stick, &pulled).unwrap();
    room.type_at(SEX, Raw::Codes(&["F"])).unwrap();
    room.pass_days(1);
    room.lock();
    room.unlock("nurse", PASSWORD).unwrap();
    assert!(!stick.exists(), "a folder of that name on this disk is not the stick");
    let told = seen(&mut room);
    assert!(!told.reachable && told.old && told.failed.is_some(), "{told:?}");
    assert_eq!(
        code(acts::back_up(&mut room.desk, BackUp { handle: None })),
        "backup_folder_gone"
    );
    // Another stick of the same name, with nothing on it: nothing was saved since, and nothing of it is there.
    fs::rename(&pulled, &stick).unwrap();
    acts::back_up(&mut room.desk, BackUp { handle: None }).unwrap();
    fs::remove_dir_all(stick.join("backups")).unwrap();
    fs::create_dir(stick.join("backups")).unwrap();
    room.pass_days(1);
    room.lock();
    room.unlock("nurse", PASSWORD).unwrap();
    let told = seen(&mut room);
    assert_eq!((told.backups.len(), told.failed), (1, None));
    room.sound();
}
