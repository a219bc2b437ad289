//! A full disk and a read-only one: real ones, small, mounted for one process that ends with them.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use conduct::{acts, requests::ExportBundle};

use crate::{
    chart::{Raw, find},
    room::{PASSWORD, Room, code, fact, refused},
};

/// Names the folder in the process that has the disk.
const FOLDER: &str = "CARTWRIGHT_TEST_FOLDER";
/// Said by a test that had its disk and came to its end.
const END: &str = "on the small disk: done";
const PLT: &str = "S-001/SCR/LAB/LAB.HEM/LAB.PLT";

/// Runs a test of this binary in a mount namespace of its own, with a disk of some KiB at `disk` in an empty folder.
/// `None` where the system lets nobody mount one.
fn with_disk(test: &str, kib: u32) -> Option<Output> {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("disk")).unwrap();
    let script = format!("mount -t tmpfs -o size={kib}k none \"$0/disk\" || exit 77; exec \"$@\"");
    for namespaces in [&["--mount"][..], &["--map-root-user", "--mount"]] {
        let mut command = Command::new("unshare");
        command.args(namespaces).args(["sh", "-c", &script]).arg(folder.path());
        command
            .arg(std::env::current_exe().unwrap())
            .args([test, "--exact", "--nocapture"]);
        let output = command.env(FOLDER, folder.path()).output();
        match output {
            Ok(output) if ran(&output) => return Some(output),
            Ok(_) | Err(_) => {}
        }
    }
    None
}

/// Whether the test was reached at all.
fn ran(output: &Output) -> bool {
    String::from_utf8_lossy(&output.stdout).contains("running 1 test")
}

#[track_caller]
fn passed(output: &Output) {
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(output.status.success() && said.contains(END), "{said}");
}

/// The folder with the small disk, in the process that was started for it; tests that want it are done elsewhere.
fn given() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

/// The room whose site file lies on the small disk.
fn room(folder: &Path) -> Room {
    let mut room = Room::at(folder);
    room.furnish();
    room.sit("nurse");
    room.add_subject("S-001");
    room.type_at(PLT, Raw::Number("61", "10^9/L")).unwrap();
    room
}

/// Writes until nothing more goes on the disk.
fn fill_up(disk: &Path) {
    let mut ballast = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(disk.join("ballast"))
        .unwrap();
    for size in [4096, 1] {
        while ballast.write(&vec![0; size]).is_ok() {}
    }
}

#[test]
fn on_a_full_disk() {
    let Some(folder) = given() else { return };
    let mut room = room(&folder);
    let disk = room.file().parent().unwrap().to_owned();
    fill_up(&disk);
    // Some more go into what the file already has of the disk; each that was acknowledged counts.
    let mut acknowledged = 1;
    let refusal = loop {
        let next = if acknowledged % 2 == 0 { "61" } else { "62" };
        match room.type_at(PLT, Raw::Number(next, "10^9/L")) {
            Ok(_) => acknowledged += 1,
            refused => break code(refused),
        }
        assert!(acknowledged < 2000, "the disk is never full");
    };
    assert_eq!(refusal, "disk_full");
    let length = room.length();
    for _ in 0..3 {
        assert_eq!(code(room.type_at(PLT, Raw::Number("70", "10^9/L"))), "disk_full");
    }
    assert_eq!(room.length(), length, "nothing half-applied");
    let view = room.form("S-001/SCR/LAB");
    assert_eq!(find(&view, "LAB.PLT").version, acknowledged);
    room.sound();

    // Whoever gets up can still lock; who comes back is told why nobody can be let in to write.
    room.lock();
    assert!(room.status().session.is_none());
    fill_up(&disk);
    assert_eq!(code(room.unlock("nurse", PASSWORD)), "disk_full");
    assert!(room.status().session.is_none(), "refused is not logged in");

    fs::remove_file(disk.join("ballast")).unwrap();
    room.unlock("nurse", PASSWORD).unwrap();
    let view = room.form("S-001/SCR/LAB");
    let kept = find(&view, "LAB.PLT").version;
    assert_eq!(
        kept, acknowledged,
        "what was acknowledged is there, what was refused is not"
    );
    room.type_at(PLT, Raw::Number("70", "10^9/L")).unwrap();
    room.sound();
    println!("{END}");
}

#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged() {
    match with_disk("disk::on_a_full_disk", 4096) {
        Some(output) => passed(&output),
        None => eprintln!("NOT TESTED HERE: a small disk can be mounted neither as root nor in a user namespace"),
    }
}

#[test]
fn bundle_on_a_full_disk() {
    let Some(folder) = given() else { return };
    let disk = folder.join("disk");
    let site = tempfile::tempdir().unwrap();
    let mut room = Room::at(site.path());
    room.furnish();
    room.sit("doctor");
    let length = room.length();
    let handle = room.desk.choose(disk.clone());
    let asked = ExportBundle {
        handle,
        plain: true,
        sealed_for: Vec::new(),
    };
    assert_eq!(code(acts::export_bundle(&mut room.desk, asked)), "disk_full");
    assert_eq!(fs::read_dir(&disk).unwrap().count(), 0, "half a bundle is none");
    assert_eq!(
        room.length(),
        length,
        "what did not leave is not in the journal as gone"
    );
    println!("{END}");
}

#[test]
fn a_bundle_that_does_not_fit_leaves_nothing_behind() {
    match with_disk("disk::bundle_on_a_full_disk", 16) {
        Some(output) => passed(&output),
        None => eprintln!("NOT TESTED HERE: a small disk can be mounted neither as root nor in a user namespace"),
    }
}

/// What somebody meets at a file that cannot be written.
fn only_read(room: &mut Room) {
    let before = fs::read(room.file()).unwrap();
    let status = room.open().unwrap();
    assert_eq!(status.file.unwrap().read_only.as_deref(), Some("media"));
    let status = room.unlock("nurse", PASSWORD).unwrap();
    assert_eq!(status.file.unwrap().read_only.as_deref(), Some("media"));
    let view = room.form("S-001/SCR/LAB");
    assert!(find(&view, "LAB.PLT").value.is_some());
    assert_eq!(view.may_enter.as_deref(), Some("read_only"));
    let (refusal, facts) = refused(room.type_at(PLT, Raw::Number("62", "10^9/L")));
    assert_eq!((refusal.as_str(), fact(&facts, "why").as_str()), ("read_only", "media"));
    room.sound();
    room.lock();
    assert_eq!(fs::read(room.file()).unwrap(), before);
}

#[test]
fn on_a_read_only_disk() {
    let Some(folder) = given() else { return };
    let mut room = room(&folder);
    room.lock();
    acts::close_file(&mut room.desk, conduct::requests::CloseFile {}).unwrap();
    let disk = room.file().parent().unwrap().to_owned();
    let mounted = Command::new("mount")
        .args(["-o", "remount,ro"])
        .arg(&disk)
        .status()
        .unwrap();
    assert!(mounted.success());
    only_read(&mut room);
    let fresh = disk.join("fresh.cartwright");
    assert_eq!(code(room.create_at(&fresh)), "read_only_media");
    assert!(!fresh.exists());
    println!("{END}");
}

#[test]
fn a_read_only_file_is_read() {
    if let Some(output) = with_disk("disk::on_a_read_only_disk", 4096) {
        return passed(&output);
    }
    // Nobody may mount here, so this is no administrator, and permissions hold.
    let mut room = Room::furnished();
    room.sit("nurse");
    room.add_subject("S-001");
    room.type_at(PLT, Raw::Number("61", "10^9/L")).unwrap();
    room.lock();
    acts::close_file(&mut room.desk, conduct::requests::CloseFile {}).unwrap();
    let mut permissions = fs::metadata(room.file()).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(room.file(), permissions).unwrap();
    only_read(&mut room);
}
