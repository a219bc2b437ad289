//! The file is verified between a person's acts; what does not hold stops attesting and exporting, never entry.

use std::{fs, path::PathBuf};

use conduct::{
    acts,
    requests::{BeginCheck, CloseFile, ExportBundle, HowSound, Sign, Status, StopCheck},
    views::SoundnessView,
};

use crate::{
    chart::{Chart, Raw},
    room::{PASSWORD, Room, code, form},
};

const LAB: &str = "S-001/SCR/LAB";
const PLT: &str = "S-001/SCR/LAB/LAB.HEM/LAB.PLT";

fn site() -> Room {
    let mut room = Room::furnished();
    room.pass_days(6);
    room.sit("nurse");
    room.add_subject("S-001");
    room.fill(LAB, &Chart::eligible());
    room.complete(LAB).unwrap();
    room
}

fn now(room: &mut Room) -> SoundnessView {
    acts::soundness(&mut room.desk, HowSound {}).unwrap()
}

/// Turn after turn, each as short as can be, with something done between; answer: how many there were.
fn in_turns(room: &mut Room, mut between: impl FnMut(&mut Room, usize)) -> usize {
    let mut turns = 0;
    while room.desk.verify_on(&mut || true) {
        between(room, turns);
        turns += 1;
        assert!(turns < 10_000, "it comes to an end");
    }
    turns
}

fn sign(room: &mut Room) -> conduct::problem::Answer<()> {
    let meaning = room.statement("casebook");
    let asked = Sign {
        forms: vec![form(LAB)],
        meaning,
        login: Some("doctor".into()),
        password: PASSWORD.into(),
    };
    acts::sign(&mut room.desk, asked).map(|_| ())
}

#[test]
fn it_is_verified_in_turns_while_somebody_works() {
    let mut room = site();
    assert!(now(&mut room).full.is_none(), "never verified on this computer");
    let mut told = 0;
    let turns = in_turns(&mut room, |room, turn| {
        let view = now(room);
        if let Some(running) = view.running {
            told += 1;
            assert!(running.full && running.done <= running.of, "{running:?}");
        }
        // What is saved meanwhile raises no alarm.
        if turn % 2 == 0 {
            room.correct(
                PLT,
                Raw::Number(["61", "62", "63"][turn / 2 % 3], "10^9/L"),
                "transcription",
            )
            .unwrap();
        }
    });
    assert!(turns > 3 && told > 2, "{turns} turns");
    let view = now(&mut room);
    let result = view.result.clone().unwrap();
    assert!(result.holds && view.result_full && view.running.is_none(), "{view:?}");
    assert!(result.entries >= room.length() - 1, "all of them: {view:?}");
    assert_eq!(view.full, view.since);
}

#[test]
fn the_next_time_what_came_since_is_enough_and_after_a_week_it_is_not() {
    let mut room = site();
    in_turns(&mut room, |_, _| ());
    let first = now(&mut room);
    let cases = [(0, false), (6, false), (1, true), (0, false)];
    for (days, full) in cases {
        room.pass_days(days);
        room.sit("nurse");
        let code = format!("S-1{:02}", room.length() % 90);
        room.add_subject(&code);
        in_turns(&mut room, |_, _| ());
        let view = now(&mut room);
        assert_eq!(view.result_full, full, "after {days} days: {view:?}");
        assert!(view.result.unwrap().holds);
        assert!(view.since.map(|at| at.at) > first.since.as_ref().map(|at| at.at.clone()));
    }
}

#[test]
fn a_verification_that_a_wrong_clock_dated_ahead_does_not_put_the_next_one_off() {
    let mut room = site();
    room.pass_days(400);
    room.sit("nurse");
    in_turns(&mut room, |_, _| ());
    room.lock();
    room.pass_days(-400);
    for full in [true, false] {
        room.sit("nurse");
        in_turns(&mut room, |_, _| ());
        assert_eq!(now(&mut room).result_full, full);
    }
}

#[test]
fn a_person_may_stop_it_and_ask_for_everything() {
    let mut room = site();
    assert!(room.desk.verify_on(&mut || true));
    let view = acts::stop_check(&mut room.desk, StopCheck {}).unwrap();
    assert!(view.stopped && view.running.is_none() && view.result.is_none());
    assert!(!room.desk.verify_on(&mut || false), "stopped is stopped");
    assert!(now(&mut room).full.is_none());
    let view = acts::begin_check(&mut room.desk, BeginCheck {}).unwrap();
    assert!(!view.stopped && view.running.is_some_and(|running| running.full));
    in_turns(&mut room, |_, _| ());
    assert!(now(&mut room).result.unwrap().holds);
}

#[test]
fn nothing_is_signed_before_it_was_verified_whatever_somebody_stopped() {
    let mut room = site();
    room.sit("doctor");
    acts::stop_check(&mut room.desk, StopCheck {}).unwrap();
    sign(&mut room).unwrap();
    let view = now(&mut room);
    assert!(view.full.is_some() && view.result.unwrap().holds);
}

/// The investigator sits at the file with one page of an earlier state in it: every page authenticates, it opens and is
/// written to, and something that was saved is not there.
fn spliced(room: &mut Room) {
    room.lock();
    let early = fs::read(room.file()).unwrap();
    room.sit("nurse");
    for count in ["71", "72", "73"] {
        room.correct(PLT, Raw::Number(count, "10^9/L"), "transcription")
            .unwrap();
    }
    room.lock();
    let (late, device) = (fs::read(room.file()).unwrap(), device(room));
    let seen = fs::read(&device).unwrap();
    let pages = (65_536..early.len()).step_by(4096).map(|at| at..at + 4096);
    for page in pages.filter(|page| early[page.clone()] != late[page.clone()]) {
        acts::close_file(&mut room.desk, CloseFile {}).unwrap();
        let mut mixed = late.clone();
        mixed[page.clone()].copy_from_slice(&early[page]);
        fs::write(room.file(), &mixed).unwrap();
        fs::write(&device, &seen).unwrap();
        room.open().unwrap();
        room.pass(60);
        if room.unlock("doctor", PASSWORD).is_err() || room.status().file.unwrap().read_only.is_some() {
            continue;
        }
        acts::begin_check(&mut room.desk, BeginCheck {}).unwrap();
        in_turns(room, |_, _| ());
        if now(room).result.is_some_and(|result| !result.holds) {
            return;
        }
    }
    panic!("no such page");
}

/// Where this device's record of the file lies.
fn device(room: &Room) -> PathBuf {
    let all = fs::read_dir(room.folder.join("devices")).unwrap();
    let mut all = all.map(|place| place.unwrap().path());
    all.find(|place| place.extension().is_some_and(|ext| ext == "json"))
        .unwrap()
}

#[test]
fn what_does_not_hold_stops_signing_and_exporting_and_never_entry() {
    let mut room = site();
    in_turns(&mut room, |_, _| ());
    spliced(&mut room);
    let result = now(&mut room).result.unwrap();
    assert!(!result.holds && !result.findings.is_empty(), "{result:?}");
    assert!(now(&mut room).full.is_none(), "it is forgotten that it was ever sound");
    assert_eq!(code(sign(&mut room)), "file_not_sound");
    assert_eq!(code(room.complete("S-001/SCR/DM")), "file_not_sound");
    let handle = room.desk.choose(room.folder.clone());
    let asked = ExportBundle {
        handle,
        plain: true,
        sealed_for: Vec::new(),
    };
    assert_eq!(code(acts::export_bundle(&mut room.desk, asked)), "file_not_sound");
    room.add_subject("S-002");
    // Nor does another sitting sign: everything is looked at again before.
    room.sit("doctor");
    assert_eq!(code(sign(&mut room)), "file_not_sound");
}

#[test]
fn a_file_restored_from_a_backup_is_verified_anew_and_raises_no_alarm() {
    let mut room = site();
    room.lock();
    let early = fs::read(room.file()).unwrap();
    room.sit("nurse");
    room.add_subject("S-002");
    in_turns(&mut room, |_, _| ());
    acts::close_file(&mut room.desk, CloseFile {}).unwrap();
    fs::write(room.file(), early).unwrap();
    room.sit("admin");
    in_turns(&mut room, |_, _| ());
    let view = now(&mut room);
    assert!(
        view.result.unwrap().holds && view.result_full,
        "of an older state nothing is taken for granted"
    );
}

#[test]
fn what_was_verified_was_seen_though_the_power_went_and_the_file_was_set_back() {
    let mut room = site();
    acts::close_file(&mut room.desk, CloseFile {}).unwrap();
    let early = fs::read(room.file()).unwrap();
    room.sit("nurse");
    room.add_subject("S-002");
    in_turns(&mut room, |_, _| ());
    // The power goes: what is noted at closing never was.
    let noted = fs::read(device(&room)).unwrap();
    acts::close_file(&mut room.desk, CloseFile {}).unwrap();
    fs::write(device(&room), noted).unwrap();
    fs::write(room.file(), early).unwrap();
    room.sit("admin");
    in_turns(&mut room, |_, _| ());
    let status = acts::status(&mut room.desk, Status {}).unwrap();
    assert_eq!(status.file.unwrap().read_only.as_deref(), Some("older"));
    let result = now(&mut room).result.unwrap();
    assert!(result.holds, "an older copy is no damaged file: {result:?}");
}
