//! A new key without anybody else's password.

use crate::{
    Access, SiteFile, StoreError, check,
    desk::{PASSWORD, because, entered, password},
    keys::Secret,
    open::{self, Content},
    tests::{codes, lively, quick_desk},
    vfs::fault,
};

#[test]
fn a_new_key_needs_nobodys_password_and_the_old_one_opens_nothing_new() {
    let mut desk = quick_desk();
    let (file, _, code) = desk.create();
    file.close().unwrap();
    std::fs::remove_file(desk.path()).unwrap();
    drop(code);
    let mut file = lively(&mut desk);
    let stamp = desk.stamp();
    let admin = file
        .authenticate("admin", &password(PASSWORD), &stamp, &mut desk.seed)
        .unwrap();
    let code = file.replace_recovery_code(&admin, &stamp, &mut desk.seed).unwrap();
    file.keep_unfinished("S-001/SCR/DM/G/A", "p", "typed").unwrap();
    let old = Secret::new(*file.dek);
    let before = file.entries(&crate::EntryFilter::default()).unwrap().len();
    let (mut file, kept) = file.rekey(&admin, because("left"), &stamp, &mut desk.seed).unwrap();
    assert_eq!(file.access(), &Access::Writable);
    assert_eq!(codes(&file), Vec::<&str>::new());
    assert_eq!(file.entries(&crate::EntryFilter::default()).unwrap().len(), before + 1);
    assert_eq!(file.list_unfinished("p").unwrap().len(), 1);
    assert_eq!(file.definition("CARTX", "1.0").unwrap().len(), 1);
    desk.act(&mut file, &admin, vec![entered("S-001/SCR/DM/DM.MAIN/DM.SEX", "F")]);
    assert_ne!(*file.dek, *old);
    file.close().unwrap();
    // The old key does not open the database; everybody's own password does, and so does the recovery code.
    let conn = open::connect(&desk.path()).unwrap();
    assert_eq!(open::key(&conn, &old, Content::Expected).unwrap_err().code(), "damaged");
    drop(conn);
    for login in ["admin", "nurse"] {
        let (file, _) = desk.unlock(login).unwrap();
        assert!(check(&file, &mut |_, _, _| ()).unwrap().sound());
        file.close().unwrap();
    }
    drop(SiteFile::recover(&desk.path(), code.expose(), &desk.stamp().moment, &desk.devices).unwrap());
    // The file as it was is kept, and cannot be written any more.
    let stamp = desk.stamp();
    let opened = SiteFile::unlock(
        &kept,
        "nurse",
        &password(PASSWORD),
        &stamp,
        &mut desk.seed,
        &desk.devices,
    );
    assert!(matches!(opened.unwrap().0.access(), Access::ReadOnly { .. }));
}

#[test]
fn the_file_that_a_new_key_left_behind_is_older_though_the_power_goes_at_once() {
    let mut desk = quick_desk();
    let mut file = lively(&mut desk);
    let stamp = desk.stamp();
    let admin = file
        .authenticate("admin", &password(PASSWORD), &stamp, &mut desk.seed)
        .unwrap();
    let (file, kept) = file.rekey(&admin, because("left"), &stamp, &mut desk.seed).unwrap();
    let record = desk
        .folder
        .path()
        .join("device")
        .join(format!("{}.json", file.store_id()));
    let left = std::fs::read(&record).unwrap();
    file.close().unwrap();
    std::fs::write(&record, left).unwrap();
    let opened = SiteFile::unlock(
        &kept,
        "nurse",
        &password(PASSWORD),
        &stamp,
        &mut desk.seed,
        &desk.devices,
    );
    let why = crate::WhyReadOnly::Older;
    assert_eq!(opened.unwrap().0.access(), &Access::ReadOnly { why });
    let (file, _) = desk.unlock("nurse").unwrap();
    assert_eq!(file.access(), &Access::Writable);
}

#[test]
fn who_was_disabled_does_not_go_along_and_only_an_administrator_rekeys() {
    let mut desk = quick_desk();
    let (file, nurse) = desk.with_nurse();
    let stamp = desk.stamp();
    let refused = file.rekey(&nurse, because("left"), &stamp, &mut desk.seed).unwrap_err();
    assert!(matches!(refused, StoreError::NotAdministrator));
    let (mut file, admin) = desk.unlock("admin").unwrap();
    let stamp = desk.stamp();
    file.disable_person(&admin, nurse.person(), because("left"), &stamp, &mut desk.seed)
        .unwrap();
    let (file, kept) = file.rekey(&admin, because("left"), &stamp, &mut desk.seed).unwrap();
    assert_eq!(file.header.body.slots.len(), 1);
    file.close().unwrap();
    assert_eq!(desk.unlock("nurse").unwrap_err().code(), "wrong_password");
    // A file is in the way of the one that would be kept: nothing happens.
    let (file, admin) = desk.unlock("admin").unwrap();
    let generation = file.header.body.generation;
    let in_the_way = desk.folder.path().join(format!("site.cartwright.key-{generation}"));
    assert_ne!(in_the_way, kept);
    std::fs::write(&in_the_way, b"somebody's").unwrap();
    let refused = file.rekey(&admin, because("left"), &stamp, &mut desk.seed).unwrap_err();
    assert_eq!(refused.code(), "already_exists");
    assert_eq!(std::fs::read(&in_the_way).unwrap(), b"somebody's");
    let (file, _) = desk.unlock("admin").unwrap();
    assert_eq!(codes(&file), Vec::<&str>::new());
}

#[test]
fn what_a_try_without_links_left_is_in_nobodys_way() {
    for left in [0, 1, 4095, 4096, 70_000, usize::MAX] {
        let mut desk = quick_desk();
        let (file, _) = desk.with_nurse();
        let generation = file.header.body.generation;
        file.close().unwrap();
        let name = |ending: &str| {
            desk.folder
                .path()
                .join(format!("site.cartwright.key-{generation}{ending}"))
        };
        let (first, second, passing) = (name(""), name("-2"), name("-2.new"));
        // As an older Cartwright left it, under the name itself; and under the passing name of now.
        let bytes = std::fs::read(desk.path()).unwrap();
        let part = &bytes[..left.min(bytes.len())];
        std::fs::write(&first, part).unwrap();
        std::fs::write(&passing, part).unwrap();
        let (file, admin) = desk.unlock("admin").unwrap();
        let stamp = desk.stamp();
        fault::linkless(true);
        let rekeyed = file.rekey(&admin, because("left"), &stamp, &mut desk.seed);
        fault::linkless(false);
        let (file, kept) = rekeyed.unwrap();
        assert_eq!(codes(&file), Vec::<&str>::new());
        assert_eq!((&kept, passing.exists()), (&second, false), "{left}");
        assert_eq!(std::fs::read(&first).unwrap(), part, "{left}");
        file.close().unwrap();
        let stamp = desk.stamp();
        let opened = SiteFile::unlock(
            &kept,
            "nurse",
            &password(PASSWORD),
            &stamp,
            &mut desk.seed,
            &desk.devices,
        );
        let (kept, _) = opened.unwrap();
        assert!(check(&kept, &mut |_, _, _| ()).unwrap().sound(), "{left}");
    }
}
