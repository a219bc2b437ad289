//! Creating, unlocking, and everything that can be wrong with a file or a password.

use store::{Access, EntryFilter, FrontPage, KdfCost, SiteFile, StoreError, WhyReadOnly, front_page};
use study::act::{Act, Actor, Role};

use crate::desk::{Desk, PASSWORD, because, entered, password, person};

#[test]
fn a_new_file_opens_again_and_tells_its_names_without_a_key() {
    let mut desk = Desk::new();
    let (file, session, code) = desk.create();
    assert_eq!(file.access(), &Access::Writable);
    assert_eq!(session.role(), Role::Administrator);
    assert_eq!(code.expose().len(), 44);
    let store = file.store_id().to_owned();
    file.close().unwrap();
    let now = desk.stamp().moment;
    let page = front_page(&desk.path(), &now).unwrap();
    let FrontPage {
        store: found,
        synthetic,
        practice_password,
        people,
        read_only_media,
    } = page;
    assert_eq!(
        (found, synthetic, practice_password.as_deref(), read_only_media),
        (store, true, Some(PASSWORD), false)
    );
    assert_eq!(
        people
            .iter()
            .map(|p| (p.login.as_str(), p.wait_seconds))
            .collect::<Vec<_>>(),
        [("admin", 0)]
    );
    let (file, again) = desk.unlock("ADMIN").unwrap();
    assert_eq!(again.public_key(), session.public_key());
    assert_eq!(file.access(), &Access::Writable);
}

#[test]
fn it_is_busy_while_open_elsewhere_in_this_process() {
    let mut desk = Desk::new();
    let (mut file, nurse) = desk.with_nurse();
    let now = desk.stamp().moment;
    assert!(matches!(front_page(&desk.path(), &now), Err(StoreError::Busy)));
    assert!(matches!(desk.unlock("admin"), Err(StoreError::Busy)));
    desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/G/I", "x")]);
    file.close().unwrap();
    desk.unlock("admin").unwrap();
}

#[test]
fn what_is_not_a_site_file_says_so() {
    let mut desk = Desk::new();
    let now = desk.stamp().moment;
    let path = desk.path();
    let kind = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        front_page(&path, &now).unwrap_err().code()
    };
    assert_eq!(kind(b""), "not_a_site_file");
    assert_eq!(kind(b"SQLite format 3\0"), "not_a_site_file");
    assert_eq!(kind(&vec![0; 200_000]), "not_a_site_file");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(front_page(&path, &now).unwrap_err().code(), "io");
    desk.create().0.close().unwrap();
    let whole = std::fs::read(&path).unwrap();
    assert_eq!(kind(&whole[..40_000]), "truncated");
    let mut newer = whole.clone();
    newer[16] = 9;
    assert_eq!(kind(&newer), "newer_format");
    std::fs::write(&path, &whole[..65_536]).unwrap();
    assert_eq!(desk.unlock("admin").unwrap_err().code(), "truncated");
    let mut flipped = whole.clone();
    flipped[65_536 + 3] ^= 1;
    std::fs::write(&path, &flipped).unwrap();
    assert_eq!(desk.unlock("admin").unwrap_err().code(), "damaged");
    std::fs::write(&path, &whole).unwrap();
    desk.unlock("admin").unwrap();
}

#[test]
fn real_files_refuse_cheap_keys_and_practice_passwords() {
    let mut desk = Desk::new();
    let mut site = desk.new_site();
    site.synthetic = false;
    let refused = SiteFile::create(&desk.path(), site, KdfCost::floor(), &mut desk.seed, &desk.devices);
    assert_eq!(refused.unwrap_err().code(), "practice_password");
    let mut site = desk.new_site();
    (site.synthetic, site.practice_password) = (false, None);
    let refused = SiteFile::create(&desk.path(), site, KdfCost::cheap(), &mut desk.seed, &desk.devices);
    assert_eq!(refused.unwrap_err().code(), "kdf_bounds");
    assert!(!desk.path().exists());
}

#[test]
fn the_real_cost_opens_a_real_file() {
    let mut desk = Desk::new();
    let mut site = desk.new_site();
    (site.synthetic, site.practice_password) = (false, None);
    let made = SiteFile::create(&desk.path(), site, KdfCost::standard(), &mut desk.seed, &desk.devices);
    made.unwrap().0.close().unwrap();
    let (file, _) = desk.unlock("admin").unwrap();
    assert!(!file.synthetic());
}

#[test]
fn an_existing_name_is_never_overwritten() {
    let mut desk = Desk::new();
    std::fs::write(desk.path(), b"somebody's").unwrap();
    let site = desk.new_site();
    let refused = SiteFile::create(&desk.path(), site, KdfCost::cheap(), &mut desk.seed, &desk.devices);
    assert_eq!(refused.unwrap_err().code(), "already_exists");
    assert_eq!(std::fs::read(desk.path()).unwrap(), b"somebody's");
}

/// A time of day of a year, `seconds` after nine.
fn at(desk: &mut Desk, year: u32, seconds: u32) -> store::Stamp {
    let mut stamp = desk.stamp();
    let (hour, minute, second) = (9 + seconds / 3600, seconds / 60 % 60, seconds % 60);
    stamp.moment.at = format!("{year}-03-01T{hour:02}:{minute:02}:{second:02}.000Z");
    stamp
}

#[test]
fn a_clock_that_was_ahead_locks_nobody_out_for_longer_than_one_term() {
    let mut desk = Desk::new();
    desk.create().0.close().unwrap();
    let unlock = |desk: &mut Desk, text: &str, year: u32, seconds: u32| {
        let stamp = at(desk, year, seconds);
        let opened = SiteFile::unlock(
            &desk.path(),
            "admin",
            &password(text),
            &stamp,
            &mut desk.seed,
            &desk.devices,
        );
        opened.map(|(file, _)| file).map_err(|error| {
            let (StoreError::WrongPassword { wait_seconds } | StoreError::Wait { wait_seconds }) = error else {
                panic!("{error:?}");
            };
            wait_seconds
        })
    };
    // At the locked file.
    for n in 0..12 {
        assert!(unlock(&mut desk, "no", 2036, n * 1_000).is_err());
    }
    for (seconds, wait) in [(0, 900), (1, 899), (899, 1)] {
        assert_eq!(
            unlock(&mut desk, PASSWORD, 2026, seconds).unwrap_err(),
            wait,
            "after {seconds} s"
        );
    }
    let mut file = unlock(&mut desk, PASSWORD, 2026, 900).unwrap();
    let failed = EntryFilter {
        acts: vec!["login_failed".into()],
        ..EntryFilter::default()
    };
    let told = |file: &SiteFile| -> Vec<String> {
        let bodies = file
            .entries(&failed)
            .unwrap()
            .into_iter()
            .filter_map(|entry| entry.body);
        bodies.map(|body| body.moment.at).collect()
    };
    assert_eq!(told(&file).len(), 12, "each once");
    assert!(
        told(&file).iter().all(|at| at.starts_with("2036")),
        "as the clock said then"
    );
    // At the open one.
    for n in 0..3 {
        let stamp = at(&mut desk, 2036, n * 1_000);
        assert!(
            file.authenticate("admin", &password("no"), &stamp, &mut desk.seed)
                .is_err()
        );
    }
    for (seconds, heard) in [(1_000, false), (1_001, true)] {
        let stamp = at(&mut desk, 2026, seconds);
        let again = file.authenticate("admin", &password(PASSWORD), &stamp, &mut desk.seed);
        assert_eq!(again.is_ok(), heard, "after {seconds} s");
    }
    assert_eq!(told(&file).len(), 15);
}

#[test]
fn wrong_passwords_wait_across_restarts() {
    let mut desk = Desk::new();
    desk.create().0.close().unwrap();
    let stamp = desk.stamp();
    let mut seen = Vec::new();
    for _ in 0..5 {
        let wrong = SiteFile::unlock(
            &desk.path(),
            "admin",
            &password("no"),
            &stamp,
            &mut desk.seed,
            &desk.devices,
        );
        let error = wrong.unwrap_err();
        let (StoreError::WrongPassword { wait_seconds } | StoreError::Wait { wait_seconds }) = error else {
            panic!("{error:?}");
        };
        seen.push((error.code() == "wrong_password", wait_seconds));
    }
    assert_eq!(seen, [(true, 0), (true, 0), (true, 1), (false, 1), (false, 1)]);
    assert_eq!(
        front_page(&desk.path(), &stamp.moment).unwrap().people[0].wait_seconds,
        1
    );
    desk.second += 5;
    let (mut file, _) = desk.unlock("admin").unwrap();
    let again = desk.stamp();
    let wrong = file.authenticate("admin", &password("no"), &again, &mut desk.seed);
    assert_eq!(wrong.unwrap_err().code(), "wrong_password");
    let nobody = file.authenticate("my secret password", &password("no"), &again, &mut desk.seed);
    assert_eq!(nobody.unwrap_err().code(), "wrong_password");
    let failed = EntryFilter {
        acts: vec!["login_failed".into()],
        ..EntryFilter::default()
    };
    let failed = file.entries(&failed).unwrap();
    let told: Vec<_> = failed
        .into_iter()
        .filter_map(|entry| entry.body)
        .filter_map(|body| {
            let Act::LoginFailed { login, at } = body.act else {
                return None;
            };
            Some((body.actor, body.moment, login, at))
        })
        .collect();
    let before = (
        Actor::Device,
        stamp.moment.clone(),
        "admin".to_owned(),
        "unlock".to_owned(),
    );
    let at_sign = |login: &str| (Actor::Device, again.moment.clone(), login.to_owned(), "sign".to_owned());
    assert_eq!(
        told,
        [before.clone(), before.clone(), before, at_sign("admin"), at_sign("")],
        "what was typed for a name may be a password"
    );
    let right = file.authenticate("admin", &password(PASSWORD), &again, &mut desk.seed);
    right.unwrap();
    file.close().unwrap();
    let now = desk.stamp().moment;
    assert_eq!(front_page(&desk.path(), &now).unwrap().people[0].wait_seconds, 0);
    let unknown = desk.unlock("nobody").unwrap_err();
    assert!(matches!(unknown, StoreError::WrongPassword { wait_seconds: 0 }));
}

#[test]
fn another_device_only_reads_until_an_administrator_continues_there() {
    let mut desk = Desk::new();
    let (mut file, nurse) = desk.with_nurse();
    desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/G/I", "x")]);
    file.close().unwrap();
    let first = std::mem::replace(
        &mut desk.devices,
        store::DeviceKeys::at(&desk.folder.path().join("two"), "laptop 2"),
    );
    let (mut file, nurse) = desk.unlock("nurse").unwrap();
    assert_eq!(
        file.access(),
        &Access::ReadOnly {
            why: WhyReadOnly::OtherDevice
        }
    );
    let save = desk.save(&nurse, vec![entered("S-001/SCR/DM/G/I", "y")]);
    assert_eq!(file.transact(&save, &mut desk.seed).unwrap_err().code(), "read_only");
    let stamp = desk.stamp();
    let refused = file
        .continue_here(&nurse, because("moved"), &stamp, &mut desk.seed)
        .unwrap_err();
    assert_eq!(refused.code(), "not_administrator");
    let admin = file
        .authenticate("admin", &password(PASSWORD), &stamp, &mut desk.seed)
        .unwrap();
    file.continue_here(&admin, because("moved"), &stamp, &mut desk.seed)
        .unwrap();
    file.transact(&save, &mut desk.seed).unwrap();
    file.close().unwrap();
    let (file, _) = desk.unlock("nurse").unwrap();
    assert_eq!(file.access(), &Access::Writable);
    file.close().unwrap();
    desk.devices = first;
    let (file, _) = desk.unlock("nurse").unwrap();
    assert_eq!(
        file.access(),
        &Access::ReadOnly {
            why: WhyReadOnly::Continued
        }
    );
}

#[test]
fn a_file_restored_from_a_copy_is_noticed() {
    let mut desk = Desk::new();
    let (mut file, nurse) = desk.with_nurse();
    desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/G/I", "x")]);
    file.close().unwrap();
    let copy = std::fs::read(desk.path()).unwrap();
    let (mut file, nurse) = desk.unlock("nurse").unwrap();
    desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/G/I", "y")]);
    file.close().unwrap();
    std::fs::write(desk.path(), &copy).unwrap();
    let (mut file, _) = desk.unlock("nurse").unwrap();
    assert_eq!(
        file.access(),
        &Access::ReadOnly {
            why: WhyReadOnly::Older
        }
    );
    let stamp = desk.stamp();
    let admin = file
        .authenticate("admin", &password(PASSWORD), &stamp, &mut desk.seed)
        .unwrap();
    file.continue_here(&admin, because("restored"), &stamp, &mut desk.seed)
        .unwrap();
    let more = vec![entered("S-001/SCR/DM/G/I", "z")];
    desk.act(&mut file, &admin, more);
    file.close().unwrap();
    assert_eq!(desk.unlock("nurse").unwrap().0.access(), &Access::Writable);
}

#[test]
fn a_removed_persons_slot_does_not_return_with_an_old_header() {
    let mut desk = Desk::new();
    let (file, _) = desk.with_nurse();
    file.close().unwrap();
    let old = std::fs::read(desk.path()).unwrap();
    let (mut file, admin) = desk.unlock("admin").unwrap();
    let stamp = desk.stamp();
    let nurse = file
        .authenticate("nurse", &password(PASSWORD), &stamp, &mut desk.seed)
        .unwrap();
    file.disable_person(&admin, nurse.person(), because("left"), &stamp, &mut desk.seed)
        .unwrap();
    let save = desk.save(&nurse, vec![entered("S-001/SCR/DM/G/I", "x")]);
    assert_eq!(
        file.transact(&save, &mut desk.seed).unwrap_err().code(),
        "not_this_file"
    );
    file.close().unwrap();
    assert_eq!(desk.unlock("nurse").unwrap_err().code(), "wrong_password");
    let mut spliced = std::fs::read(desk.path()).unwrap();
    spliced[..65_536].copy_from_slice(&old[..65_536]);
    std::fs::write(desk.path(), &spliced).unwrap();
    assert_eq!(desk.unlock("nurse").unwrap_err().code(), "disabled");
    let (mut file, admin) = desk.unlock("admin").unwrap();
    assert_eq!(
        file.access(),
        &Access::ReadOnly {
            why: WhyReadOnly::HeaderOlder
        }
    );
    let stamp = desk.stamp();
    file.continue_here(&admin, because("header"), &stamp, &mut desk.seed)
        .unwrap();
    file.close().unwrap();
    assert_eq!(desk.unlock("nurse").unwrap_err().code(), "wrong_password");
    assert_eq!(desk.unlock("admin").unwrap().0.access(), &Access::Writable);
}

#[test]
fn the_recovery_code_appoints_a_new_administrator() {
    let mut desk = Desk::new();
    let (file, _, code) = desk.create();
    file.close().unwrap();
    let now = desk.stamp().moment;
    let wrong = SiteFile::recover(&desk.path(), "0000-0000", &now, &desk.devices).unwrap_err();
    assert_eq!(wrong.code(), "wrong_recovery_code");
    desk.devices = store::DeviceKeys::at(&desk.folder.path().join("two"), "laptop 2");
    let (path, devices) = (desk.path(), desk.devices.clone());
    let open = || SiteFile::recover(&path, code.expose(), &now, &devices).unwrap();
    let stamp = store::Stamp {
        moment: study::act::Moment {
            at: "2026-03-01T20:00:00.000Z".into(),
            offset: "+08:00".into(),
        },
        criteria: "1".into(),
    };
    let taken = open().appoint(person("Admin", Role::Monitor), KdfCost::cheap(), &stamp, &mut desk.seed);
    assert_eq!(taken.unwrap_err().code(), "login_taken");
    let recovery = open();
    assert!(recovery.synthetic());
    let (mut file, admin) = recovery
        .appoint(
            person("admin2", Role::Monitor),
            KdfCost::cheap(),
            &stamp,
            &mut desk.seed,
        )
        .unwrap();
    assert_eq!(admin.role(), Role::Administrator);
    let fresh = file.replace_recovery_code(&admin, &stamp, &mut desk.seed).unwrap();
    file.close().unwrap();
    assert_eq!(desk.unlock("admin2").unwrap().0.access(), &Access::Writable);
    let old = SiteFile::recover(&desk.path(), code.expose(), &now, &desk.devices).unwrap_err();
    assert_eq!(old.code(), "wrong_recovery_code");
    SiteFile::recover(&desk.path(), fresh.expose(), &now, &desk.devices).unwrap();
}

#[test]
fn a_new_password_replaces_the_old_and_keeps_the_keys() {
    let mut desk = Desk::new();
    let (mut file, nurse) = desk.with_nurse();
    let stamp = desk.stamp();
    let (old, new) = (password(PASSWORD), password("another one entirely"));
    let wrong = file.change_password(&nurse, (&new, &old), KdfCost::cheap(), &stamp, &mut desk.seed);
    assert_eq!(wrong.unwrap_err().code(), "wrong_password");
    file.change_password(&nurse, (&old, &new), KdfCost::cheap(), &stamp, &mut desk.seed)
        .unwrap();
    file.close().unwrap();
    assert_eq!(desk.unlock("nurse").unwrap_err().code(), "wrong_password");
    let (_file, again) = SiteFile::unlock(&desk.path(), "nurse", &new, &stamp, &mut desk.seed, &desk.devices).unwrap();
    assert_eq!(again.public_key(), nurse.public_key());
}

#[test]
fn a_full_header_refuses_one_more_person_and_keeps_the_others() {
    let mut desk = Desk::new();
    let (mut file, admin, _) = desk.create();
    let stamp = desk.stamp();
    let mut added = 0;
    let refused = loop {
        let one_more = person(&format!("nurse{added}"), Role::Nurse);
        match file.add_person(&admin, &one_more, KdfCost::cheap(), &stamp, &mut desk.seed) {
            Ok(_) => added += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(refused.code(), "too_many_slots");
    assert!(added >= 40, "only {added} people fit");
    assert_eq!(file.people().unwrap().len(), added + 1);
    file.close().unwrap();
    assert_eq!(front_page(&desk.path(), &stamp.moment).unwrap().people.len(), added + 1);
    desk.unlock(&format!("nurse{}", added - 1)).unwrap();
}
