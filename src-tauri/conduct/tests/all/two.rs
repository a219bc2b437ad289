//! Two processes and one file: the second is told that it is busy, with and without a session bus.

use std::process::Command;

use conduct::problem::Problem;

use crate::room::{PASSWORD, Room, code};

/// Names the folder in the process that is started.
const FOLDER: &str = "CARTWRIGHT_TEST_FOLDER";

/// Not a test by itself: what the second process does.
#[test]
fn second_process() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let mut room = Room::at(folder.as_ref());
    room.pass(30 * 86_400);
    let opened = room.open().and_then(|_| room.unlock("nurse", PASSWORD));
    match opened {
        Ok(_) => {
            room.add_subject("S-002");
            room.lock();
            println!("\nsecond: saved");
        }
        Err(Problem::Refusal { code, .. }) => println!("\nsecond: {code}"),
        Err(fault @ Problem::Fault { .. }) => println!("\nsecond: {fault:?}"),
    }
}

fn second(room: &Room, bus: Option<&str>) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["two::second_process", "--exact", "--nocapture"])
        .env(FOLDER, &room.folder);
    command
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("XDG_RUNTIME_DIR");
    if let Some(bus) = bus {
        command.env("DBUS_SESSION_BUS_ADDRESS", bus);
    }
    let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let line = said.lines().find_map(|line| line.strip_prefix("second: "));
    line.unwrap_or_else(|| panic!("{said}")).to_owned()
}

#[test]
fn two_processes_do_not_share_a_file() {
    let mut room = Room::furnished();
    room.sit("nurse");
    room.add_subject("S-001");
    let length = room.length();
    assert_eq!(second(&room, None), "busy");
    assert_eq!(second(&room, Some("unix:path=/nowhere")), "busy");
    // In the same process too.
    let mut other = Room::at(&room.folder);
    assert_eq!(code(other.open().and_then(|_| other.unlock("nurse", PASSWORD))), "busy");
    assert_eq!(room.length(), length);
    room.type_at(
        "S-001/SCR/LAB/LAB.HEM/LAB.PLT",
        crate::chart::Raw::Number("61", "10^9/L"),
    )
    .unwrap();

    put_away(&mut room);
    assert_eq!(second(&room, None), "saved");
    room.pass_days(31);
    room.sit("nurse");
    assert!(
        room.journal()
            .iter()
            .any(|entry| entry.subject.as_deref() == Some("S-002"))
    );
    room.sound();
}

fn put_away(room: &mut Room) {
    conduct::acts::close_file(&mut room.desk, conduct::requests::CloseFile {}).unwrap();
}
