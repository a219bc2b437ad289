//! The n-th call fails while a file is opened, made, continued, restored or backed up: what the caller is told is what is
//! on the disk. And a medium that nothing can be written to at all.

use std::path::PathBuf;

use study::act::Moment;

use crate::{
    Access, DeviceKeys, EntryFilter, Session, SiteFile, StoreError, WhyReadOnly, backups, check,
    desk::{Desk, PASSWORD, because, entered, password},
    front_page, migrate,
    tests::{
        disk::{Files, files_in, lay_out},
        failing::WAYS,
        lively, quick_desk, soak,
    },
    vfs::{
        self,
        fault::{self, Kind, Plan},
    },
};

/// Fails call after call of a step until a whole run had none fail; after each, `there` says whether the step came about,
/// having asked the file on a good disk. Every call when soaking; else beyond the first dozen every thirteenth.
fn whichever_call_fails(
    what: &str,
    desk: &mut Desk,
    run: &mut dyn FnMut(&mut Desk) -> Result<(), StoreError>,
    there: &mut dyn FnMut(&mut Desk) -> bool,
) {
    fault::register();
    vfs::register_over("cartwright-fault", "fault").unwrap();
    let before: Files = files_in(desk.folder.path());
    let short = [(Kind::Io, false), (Kind::FullShort, true), (Kind::ReadOnly, true)];
    let ways: &[_] = if soak() { &WAYS } else { &short };
    let mut counts = Vec::new();
    for &(kind, sticky) in ways {
        let (mut fail_at, mut runs, mut refused, mut full) = (1, 0, 0, 0);
        loop {
            lay_out(desk.folder.path(), &before);
            vfs::through("cartwright-fault");
            let plan = Plan { fail_at, kind, sticky };
            fault::arm(Some(plan));
            let said = run(desk);
            let counted = fault::arm(None);
            vfs::through(vfs::NAME);
            let there = there(desk);
            match &said {
                Ok(()) => assert!(there, "{what} {plan:?}: said done, is not"),
                Err(StoreError::Unsettled(_)) => {}
                Err(error) => assert!(!there, "{what} {plan:?}: said {error:?}, is done"),
            }
            refused += usize::from(said.is_err());
            full += usize::from(said.is_err_and(|error| names_the_disk(&error)));
            runs += 1;
            if counted < fail_at {
                break;
            }
            fail_at += if soak() || fail_at < 12 { 1 } else { 5 };
        }
        counts.push(runs);
        assert!(
            runs > 5 && refused > 3,
            "{what} {kind:?}: {runs} runs, {refused} refused"
        );
        let lacks_room = matches!(kind, Kind::Full | Kind::FullShort);
        assert!(!lacks_room || full > 0, "{what} {kind:?}: a full disk is never named");
    }
    println!("{what}: {counts:?} runs, one for each call that failed");
}

fn names_the_disk(error: &StoreError) -> bool {
    if let StoreError::NotSaved(cause) | StoreError::Unsettled(cause) = error {
        return names_the_disk(cause);
    }
    error.code() == "disk_full"
}

fn sound(file: &SiteFile) {
    let report = check(file, &mut |_, _, _| ()).unwrap();
    assert!(report.sound(), "{:?}", report.findings);
}

fn evening(day: u32) -> Moment {
    Moment {
        at: format!("2026-03-{day:02}T18:00:00.000Z"),
        offset: "+08:00".into(),
    }
}

#[test]
fn whichever_call_fails_a_file_that_was_not_closed_opens_or_says_why_not() {
    let mut desk = quick_desk();
    let (mut file, nurse) = desk.with_nurse();
    desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/G/A", "x")]);
    // As a process that was killed leaves it, with a wrong password given since.
    let copy = |name: &str| {
        let path = desk.folder.path().join(name);
        std::process::Command::new("cat").arg(path).output().unwrap().stdout
    };
    let (open, journal) = (copy("site.cartwright"), copy("site.cartwright-cwjrnl"));
    file.close().unwrap();
    std::fs::write(desk.path(), open).unwrap();
    std::fs::write(vfs::journal_of(&desk.path()), journal).unwrap();
    let stamp = desk.stamp();
    let wrong = SiteFile::unlock(
        &desk.path(),
        "nurse",
        &password("no"),
        &stamp,
        &mut desk.seed,
        &desk.devices,
    );
    assert_eq!(wrong.unwrap_err().code(), "wrong_password");
    let mut said = false;
    let told = std::cell::Cell::new(false);
    let mut run = |desk: &mut Desk| {
        let opened = desk.unlock("nurse").map(drop);
        told.set(opened.is_ok());
        opened
    };
    let mut there = |desk: &mut Desk| {
        let (file, _) = desk.unlock("nurse").unwrap();
        assert_eq!(file.access(), &Access::Writable);
        assert_eq!(file.items_of_subject("S-001").unwrap().len(), 1);
        let filter = EntryFilter {
            acts: vec!["login_failed".into()],
            ..EntryFilter::default()
        };
        assert_eq!(
            file.entries(&filter).unwrap().len(),
            1,
            "the wrong password is told once"
        );
        sound(&file);
        said |= told.get();
        told.get()
    };
    whichever_call_fails("Open", &mut desk, &mut run, &mut there);
    assert!(said);
}

#[test]
fn whichever_call_fails_a_new_file_is_whole_or_not_there() {
    let mut desk = quick_desk();
    let mut run = |desk: &mut Desk| {
        let site = desk.new_site();
        let cost = crate::KdfCost::cheap();
        SiteFile::create(&desk.path(), site, cost, &mut desk.seed, &desk.devices).map(drop)
    };
    let mut there = |desk: &mut Desk| {
        if !desk.path().exists() {
            return false;
        }
        let (file, _) = desk.unlock("admin").unwrap();
        assert_eq!(file.access(), &Access::Writable);
        sound(&file);
        true
    };
    whichever_call_fails("Create", &mut desk, &mut run, &mut there);
}

#[test]
fn whichever_call_fails_a_new_log_is_told_truly() {
    let mut desk = quick_desk();
    desk.with_nurse().0.close().unwrap();
    desk.devices = DeviceKeys::at(&desk.folder.path().join("two"), "laptop 2");
    let told = std::cell::Cell::new(false);
    let mut run = |desk: &mut Desk| {
        told.set(false);
        let (mut file, admin) = desk.unlock("admin")?;
        let stamp = desk.stamp();
        file.continue_here(&admin, because("moved"), &stamp, &mut desk.seed)?;
        told.set(true);
        Ok(())
    };
    let mut there = |desk: &mut Desk| {
        let (mut file, admin) = desk.unlock("admin").unwrap();
        sound(&file);
        let logs = file.logs().unwrap().len();
        if told.get() || logs == 2 && file.access() == &Access::Writable {
            assert_eq!((logs, file.access()), (2, &Access::Writable));
            return true;
        }
        // This device has no key of a log here: it continues once more.
        let stamp = desk.stamp();
        file.continue_here(&admin, because("moved"), &stamp, &mut desk.seed)
            .unwrap();
        sound(&file);
        logs == 2
    };
    whichever_call_fails("Continue", &mut desk, &mut run, &mut there);
}

#[test]
fn whichever_call_fails_a_restore_is_whole_or_not_there() {
    let mut desk = quick_desk();
    let (mut file, _) = desk.with_nurse();
    let backup = file.back_up(&desk.folder.path().join("backups"), &evening(1));
    let backup: PathBuf = backup.unwrap().path;
    file.close().unwrap();
    let whole = std::fs::read(&backup).unwrap();
    let to = desk.folder.path().join("restored.cartwright");
    let mut run = |_: &mut Desk| crate::restore(&backup, &to, &evening(2));
    let mut there = |_: &mut Desk| {
        assert_eq!(std::fs::read(&backup).unwrap(), whole);
        assert!(!to.exists() || std::fs::read(&to).unwrap() == whole);
        to.exists()
    };
    whichever_call_fails("Restore", &mut desk, &mut run, &mut there);
}

#[test]
fn whichever_call_fails_a_backup_is_whole_and_none_is_lost() {
    let mut desk = quick_desk();
    let (mut file, nurse) = desk.with_nurse();
    let folder = desk.folder.path().join("backups");
    for day in 1..=9 {
        file.back_up(&folder, &evening(day)).unwrap();
    }
    desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/G/A", "x")]);
    let store = file.store_id().to_owned();
    file.close().unwrap();
    let mut run = |desk: &mut Desk| {
        let (mut file, _) = desk.unlock("nurse")?;
        file.back_up(&folder, &evening(10)).map(drop)
    };
    let mut there = |desk: &mut Desk| {
        sound(&desk.unlock("nurse").unwrap().0);
        let all = backups(&folder, &store).unwrap();
        assert!(all.len() >= 7, "{all:?}");
        let new = all
            .iter()
            .find(|backup| backup.path.to_string_lossy().contains("20260310"));
        let Some(new) = new else { return false };
        let stamp = desk.stamp();
        let two = DeviceKeys::at(&desk.folder.path().join("two"), "laptop 2");
        let opened = SiteFile::unlock(&new.path, "nurse", &password(PASSWORD), &stamp, &mut desk.seed, &two);
        let (copy, _) = opened.unwrap();
        assert_eq!(copy.items_of_subject("S-001").unwrap().len(), 1);
        sound(&copy);
        true
    };
    whichever_call_fails("Backup", &mut desk, &mut run, &mut there);
}

/// The device says that it wrote, and wrote something else: what does not read back is never given the name.
#[test]
fn a_whole_file_that_the_disk_garbled_is_never_named() {
    fault::register();
    vfs::register_over("cartwright-fault", "fault").unwrap();
    type Step = fn(&mut Desk, SiteFile, &Session) -> Result<(), StoreError>;
    let copy: Step = |desk, mut file, _| file.save_copy(&desk.folder.path().join("copy.cartwright"));
    let rekey: Step = |desk, file, admin| {
        let stamp = desk.stamp();
        file.rekey(admin, because("left"), &stamp, &mut desk.seed).map(drop)
    };
    // Opening it raises it.
    let raise: Step = |_, _, _| Ok(());
    for (what, step) in [("Copy", copy), ("New key", rekey), ("Migration", raise)] {
        let mut desk = quick_desk();
        if what == "Migration" {
            migrate::tests::laid_out(&desk, 0);
        } else {
            lively(&mut desk).close().unwrap();
        }
        let before = files_in(desk.folder.path());
        let (mut n, mut runs, mut refused) = (1, 0, 0);
        loop {
            lay_out(desk.folder.path(), &before);
            vfs::through("cartwright-fault");
            let (kind, sticky) = (Kind::Garbled, false);
            fault::arm(Some(Plan {
                fail_at: n,
                kind,
                sticky,
            }));
            let said = desk
                .unlock("admin")
                .and_then(|(file, admin)| step(&mut desk, file, &admin));
            let counted = fault::arm(None);
            vfs::through(vfs::NAME);
            refused += usize::from(said.is_err());
            runs += 1;
            sound(&desk.unlock("admin").unwrap().0);
            let copied = desk.folder.path().join("copy.cartwright");
            assert!(!(said.is_err() && copied.exists()), "{what} {n}");
            if copied.exists() {
                let stamp = desk.stamp();
                let two = DeviceKeys::at(&desk.folder.path().join("two"), "laptop 2");
                let opened = SiteFile::unlock(&copied, "admin", &password(PASSWORD), &stamp, &mut desk.seed, &two);
                sound(&opened.unwrap().0);
            }
            if counted < n {
                break;
            }
            n += if soak() { 1 } else { 9 };
        }
        println!("{what}: garbled at {runs} calls, refused {refused} times");
        assert!(refused > 2 && refused < runs, "{what}: {refused} of {runs}");
    }
}

#[test]
fn a_medium_that_nothing_can_be_written_to_is_read() {
    fault::register();
    vfs::register_over("cartwright-fault", "fault").unwrap();
    let mut desk = quick_desk();
    let (mut file, nurse) = desk.with_nurse();
    desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/G/A", "x")]);
    file.close().unwrap();
    let before = files_in(desk.folder.path());
    vfs::through("cartwright-fault");
    fault::read_only(true);
    assert!(front_page(&desk.path(), &evening(1)).unwrap().read_only_media);
    let (mut file, nurse) = desk.unlock("nurse").unwrap();
    let why = WhyReadOnly::Media;
    assert_eq!(file.access(), &Access::ReadOnly { why });
    sound(&file);
    assert_eq!(file.items_of_subject("S-001").unwrap().len(), 1);
    let save = desk.save(&nurse, vec![entered("S-001/SCR/DM/G/A", "y")]);
    assert_eq!(file.transact(&save, &mut desk.seed).unwrap_err().code(), "read_only");
    assert_eq!(file.keep_unfinished("p", "q", "r").unwrap_err().code(), "read_only");
    let copied = file.save_copy(&desk.folder.path().join("copy.cartwright"));
    assert_eq!(copied.unwrap_err().code(), "read_only_media");
    file.close().unwrap();
    fault::read_only(false);
    vfs::through(vfs::NAME);
    assert!(files_in(desk.folder.path()) == before, "something was written");
}
