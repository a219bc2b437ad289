//! The lock, other programs, full and read-only disks, a killed writer.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use store::{Access, DeviceKeys, SiteFile, StoreError, WhyReadOnly, check, front_page};
use study::act::{Act, Moment};

use crate::desk::{Desk, PASSWORD, Seed, entered, password};

fn now() -> Moment {
    Moment {
        at: "2026-03-01T23:00:00.000Z".into(),
        offset: "+08:00".into(),
    }
}

/// Whether the kernel lists a lock of this process on the file.
///
/// The kernel hands out `/proc/locks` in pieces, and a lock that goes away elsewhere between two
/// pieces can hide one that stays. A reading can therefore miss a lock, never invent one: a lock that
/// no reading of many shows is not held.
#[cfg(target_os = "linux")]
fn locked(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let inode = format!(":{} ", std::fs::metadata(path).unwrap().ino());
    let pid = format!(" {} ", std::process::id());
    (0..50).any(|_| {
        let all = std::fs::read_to_string("/proc/locks").unwrap();
        all.lines().any(|line| line.contains(&inode) && line.contains(&pid))
    })
}

#[cfg(target_os = "linux")]
#[test]
fn a_lock_that_another_descriptor_drops_is_seen_as_gone() {
    let mut desk = Desk::new();
    let (_file, _, _) = desk.create();
    assert!(locked(&desk.path()));
    drop(std::fs::File::open(desk.path()).unwrap());
    assert!(!locked(&desk.path()));
}

#[cfg(target_os = "linux")]
#[test]
fn the_lock_is_held_after_every_operation() {
    let mut desk = Desk::new();
    let (mut file, admin, _) = desk.create();
    let path = desk.path();
    let stamp = desk.stamp();
    let mut held = Vec::new();
    let mut note = |what: &'static str| held.push((what, locked(&path)));
    note("create");
    let nurse = crate::desk::person("nurse", study::act::Role::Nurse);
    file.add_person(&admin, &nurse, store::KdfCost::cheap(), &stamp, &mut desk.seed)
        .unwrap();
    note("add_person");
    file.authenticate("nurse", &password("no"), &stamp, &mut desk.seed)
        .unwrap_err();
    let nurse = file
        .authenticate("nurse", &password(PASSWORD), &stamp, &mut desk.seed)
        .unwrap();
    note("authenticate");
    let save = desk.save(&nurse, vec![entered("S-001/SCR/DM/G/A", "x")]);
    file.transact(&save, &mut desk.seed).unwrap();
    note("transact");
    let passwords = (&password(PASSWORD), &password("another password"));
    file.change_password(&nurse, passwords, store::KdfCost::cheap(), &stamp, &mut desk.seed)
        .unwrap();
    note("change_password");
    file.replace_recovery_code(&admin, &stamp, &mut desk.seed).unwrap();
    note("replace_recovery_code");
    let reason = crate::desk::because("left");
    file.disable_person(&admin, nurse.person(), reason, &stamp, &mut desk.seed)
        .unwrap();
    note("disable_person");
    assert!(matches!(front_page(&path, &stamp.moment), Err(StoreError::Busy)));
    note("front_page of the open file");
    assert!(
        SiteFile::unlock(
            &path,
            "admin",
            &password(PASSWORD),
            &stamp,
            &mut desk.seed,
            &desk.devices
        )
        .is_err()
    );
    note("unlock of the open file");
    file.save_copy(&desk.folder.path().join("copy.cartwright")).unwrap();
    note("save_copy");
    check(&file, &mut |_, _, _| ()).unwrap();
    note("check");
    file.save_copy(&desk.folder.path().join("copy.cartwright")).unwrap_err();
    note("save_copy refused");
    file.keep_unfinished("p", "q", "r").unwrap();
    note("keep_unfinished");
    file.list_unfinished("q").unwrap();
    file.drop_unfinished("p", "q").unwrap();
    note("drop_unfinished");
    let study = store::StudyTag {
        oid: "CARTX".into(),
        version: "2.0".into(),
        sha256: "00".repeat(32),
    };
    file.add_definition(&study, &[]).unwrap();
    file.definition("CARTX", "1.0").unwrap();
    note("definition");
    file.age_identity().unwrap();
    file.sign_as_site(proof::Namespace::Esig, b"x").unwrap();
    note("the site's keys");
    let log = file.log().unwrap().clone();
    file.entries(&store::EntryFilter::default()).unwrap();
    file.entries_raw(&log, 1, 10).unwrap();
    file.commits(&log, 1).unwrap();
    file.last_moment().unwrap();
    note("the journal");
    file.people().unwrap();
    file.subjects().unwrap();
    file.items_of_subject("S-001").unwrap();
    file.forms_of_subject("S-001").unwrap();
    file.logs().unwrap();
    note("projections");
    let nobody = desk.save(&nurse, vec![entered("S-001/SCR/DM/G/A", "y")]);
    file.transact(&nobody, &mut desk.seed).unwrap_err();
    note("a refused save");
    assert!(SiteFile::recover(&path, "0000", &stamp.moment, &desk.devices).is_err());
    note("recovery of the open file");
    assert!(held.iter().all(|(_, locked)| *locked), "{held:?}");
    file.close().unwrap();
    assert!(!locked(&path));
}

#[test]
fn a_copy_opens_for_reading_and_is_sound() {
    let mut desk = Desk::new();
    let (mut file, nurse) = desk.with_nurse();
    desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/G/A", "x")]);
    let copy = desk.folder.path().join("copy.cartwright");
    file.save_copy(&copy).unwrap();
    assert_eq!(file.save_copy(&copy).unwrap_err().code(), "already_exists");
    desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/G/A", "y")]);
    let stamp = desk.stamp();
    let elsewhere = DeviceKeys::at(&desk.folder.path().join("two"), "laptop 2");
    let opened = SiteFile::unlock(&copy, "nurse", &password(PASSWORD), &stamp, &mut desk.seed, &elsewhere);
    let (opened, _) = opened.unwrap();
    assert_eq!(
        opened.access(),
        &Access::ReadOnly {
            why: WhyReadOnly::OtherDevice
        }
    );
    assert_eq!(
        opened.items_of_subject("S-001").unwrap()[0].value,
        crate::desk::text("x")
    );
    assert!(check(&opened, &mut |_, _, _| ()).unwrap().sound());
    assert!(
        std::fs::read_dir(desk.folder.path())
            .unwrap()
            .all(|e| { !e.unwrap().file_name().to_string_lossy().contains(".new") })
    );
}

#[test]
fn nothing_on_the_disk_is_readable() {
    let mut desk = Desk::new();
    let (mut file, nurse) = desk.with_nurse();
    let canary = "CANARY-IN-PLAIN-SIGHT";
    desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/G/A", canary)]);
    file.keep_unfinished("S-001/SCR/DM/G/B", nurse.person(), canary)
        .unwrap();
    file.save_copy(&desk.folder.path().join("copy.cartwright")).unwrap();
    for entry in std::fs::read_dir(desk.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() && path != desk.path() {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(canary.len()).any(|w| w == canary.as_bytes()), "{path:?}");
        }
    }
    file.close().unwrap();
    let bytes = std::fs::read(desk.path()).unwrap();
    assert!(!bytes.windows(canary.len()).any(|w| w == canary.as_bytes()));
}

/// What a killed or a second process does: this test binary, called again with a role in the environment.
pub(crate) fn child(role: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["disk::a_child_process", "--exact", "--nocapture", "--test-threads=1"]);
    command
        .env("STORE_CHILD", role)
        .env("STORE_FOLDER", folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// Not a test of its own: without a role it does nothing.
#[test]
fn a_child_process() {
    let Some(role) = std::env::var_os("STORE_CHILD") else {
        return;
    };
    let folder = PathBuf::from(std::env::var_os("STORE_FOLDER").unwrap());
    let path = std::env::var_os("STORE_FILE").map_or_else(|| folder.join("site.cartwright"), PathBuf::from);
    let devices = DeviceKeys::at(&folder.join("device"), "laptop 1");
    let mut seed = Seed(u64::from(std::process::id()) << 32);
    let stamp = store::Stamp {
        moment: now(),
        criteria: "1".into(),
    };
    let opened = SiteFile::unlock(&path, "nurse", &password(PASSWORD), &stamp, &mut seed, &devices);
    let mut out = std::io::stdout().lock();
    match opened {
        Err(error) => writeln!(out, "\nerror {}", error.code()).unwrap(),
        Ok((mut file, nurse)) if role == "writer" => {
            for n in 0_u64.. {
                let id = (u128::from(std::process::id()) << 64 | u128::from(n)).to_be_bytes();
                let acts = vec![entered(&format!("S-001/SCR/DM/G[{}]/A", n % 50 + 2), &n.to_string())];
                let save = store::Save {
                    id,
                    deeds: acts.into_iter().map(store::Deed::from).collect(),
                    noted: Vec::new(),
                    signer: store::Signer::Person(&nurse),
                    role: Some(nurse.role()),
                    moment: now(),
                    study: crate::desk::STUDY.into(),
                    criteria: "1".into(),
                };
                file.transact(&save, &mut seed).unwrap();
                writeln!(out, "\nsaved {:032x}", u128::from_be_bytes(id)).unwrap();
                out.flush().unwrap();
            }
        }
        Ok(_) => writeln!(out, "\nopened").unwrap(),
    }
}

#[test]
fn a_second_process_is_refused() {
    let mut desk = Desk::new();
    let (file, _) = desk.with_nurse();
    let said = String::from_utf8(child("reader", desk.folder.path()).output().unwrap().stdout).unwrap();
    assert!(said.contains("error busy"), "{said}");
    file.close().unwrap();
    let said = String::from_utf8(child("reader", desk.folder.path()).output().unwrap().stdout).unwrap();
    assert!(said.contains("opened"), "{said}");
    // Nor beside somebody who has opened it and saved nothing yet.
    let (_looking, _) = desk.unlock("nurse").unwrap();
    let said = String::from_utf8(child("reader", desk.folder.path()).output().unwrap().stdout).unwrap();
    assert!(said.contains("error busy"), "{said}");
}

/// Beside the file where the process stands, a name that SQLite would read as the address of another.
#[test]
fn a_name_that_looks_like_an_address_is_a_name() {
    let mut desk = Desk::new();
    desk.with_nurse().0.close().unwrap();
    let odd = "file:elsewhere.cartwright?vfs=unix";
    std::fs::rename(desk.path(), desk.folder.path().join(odd)).unwrap();
    let said = child("reader", desk.folder.path())
        .current_dir(desk.folder.path())
        .env("STORE_FILE", odd)
        .output()
        .unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains("opened"), "{said}");
    assert!(!desk.folder.path().join("elsewhere.cartwright").exists());
}

/// A small memory disk; none where this user may not mount.
#[cfg(target_os = "linux")]
struct SmallDisk(PathBuf);

#[cfg(target_os = "linux")]
impl SmallDisk {
    fn mount(at: PathBuf) -> Option<Self> {
        std::fs::create_dir_all(&at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=600k", "tmpfs"])
            .arg(&at)
            .output();
        mounted.is_ok_and(|m| m.status.success()).then_some(Self(at))
    }

    fn remount(&self, options: &str) {
        let done = Command::new("mount")
            .args(["-o", &format!("remount,{options}")])
            .arg(&self.0)
            .status()
            .unwrap();
        assert!(done.success());
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg("-l").arg(&self.0).status();
        assert!(unmounted.is_ok_and(|u| u.success()) || std::thread::panicking());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_refuses_truthfully_and_a_read_only_one_still_reads() {
    let mut desk = Desk::new();
    let Some(disk) = SmallDisk::mount(desk.folder.path().join("small")) else {
        // Said on the terminal itself, past the test runner, and counted by the suite that asks for it.
        eprintln!("NOT RUN: a small disk cannot be mounted here (no right to mount)");
        assert!(
            std::env::var_os("CARTWRIGHT_MAY_MOUNT").is_none(),
            "this run was to mount a small disk"
        );
        return;
    };
    let path = disk.0.join("site.cartwright");
    let site = desk.new_site();
    let (mut file, admin, _) =
        SiteFile::create(&path, site, store::KdfCost::cheap(), &mut desk.seed, &desk.devices).unwrap();
    let text = "x".repeat(3000);
    let mut saved = 0;
    let refused = loop {
        let save = desk.save(
            &admin,
            vec![entered(&format!("S-001/SCR/DM/G[{}]/A", saved + 2), &text)],
        );
        match file.transact(&save, &mut desk.seed) {
            Ok(_) => saved += 1,
            Err(error) => break (error, save),
        }
        assert!(saved < 1000);
    };
    assert_eq!(refused.0.code(), "not_saved");
    assert_eq!(file.items_of_subject("S-001").unwrap().len(), saved);
    disk.remount("size=4m");
    assert!(!file.transact(&refused.1, &mut desk.seed).unwrap().already);
    assert!(check(&file, &mut |_, _, _| ()).unwrap().sound());
    file.close().unwrap();
    disk.remount("ro");
    let page = front_page(&path, &now()).unwrap();
    assert!(page.read_only_media);
    let stamp = desk.stamp();
    let (mut file, admin) = SiteFile::unlock(
        &path,
        "admin",
        &password(PASSWORD),
        &stamp,
        &mut desk.seed,
        &desk.devices,
    )
    .unwrap();
    assert_eq!(
        file.access(),
        &Access::ReadOnly {
            why: WhyReadOnly::Media
        }
    );
    assert_eq!(file.items_of_subject("S-001").unwrap().len(), saved + 1);
    let save = desk.save(&admin, vec![Act::RecoveryCodeReplaced {}]);
    assert_eq!(file.transact(&save, &mut desk.seed).unwrap_err().code(), "read_only");
    let site = desk.new_site();
    let refused = SiteFile::create(
        &disk.0.join("new"),
        site,
        store::KdfCost::cheap(),
        &mut desk.seed,
        &desk.devices,
    );
    assert_eq!(refused.unwrap_err().code(), "read_only_media");
}
