//! What the site keeps in its own hands: its whole record leaves and opens without anybody's key but its own; the history of a
//! value.

use conduct::{
    acts,
    requests::{CloseFile, ExportBundle, HistoryOf, VerifyBundle},
};

use crate::{
    chart::{Chart, Raw},
    room::{Room, item},
};

const PLT: &str = "S-001/SCR/LAB/LAB.HEM/LAB.PLT";

#[test]
fn the_sites_archive_opens_with_the_sites_own_key_and_nobody_elses() {
    let mut room = Room::furnished();
    room.pass_days(6);
    room.sit("nurse");
    room.add_subject("S-001");
    room.fill("S-001/SCR/LAB", &Chart::eligible());
    room.sit("doctor");
    let length = room.length();
    let folder = room.folder.join("archive");
    std::fs::create_dir_all(&folder).unwrap();
    let handle = room.desk.choose(folder.clone());
    let asked = ExportBundle {
        handle,
        plain: false,
        sealed_for: vec![conduct::practice_recipient(&[7; 32]).unwrap()],
    };
    let made = acts::export_bundle(&mut room.desk, asked).unwrap();
    assert!(
        made.entries >= length,
        "the whole journal, not a part of it: {}",
        made.entries
    );
    let sealed = made.files.iter().find(|file| file.ends_with(".age")).unwrap();
    let sealed = folder.join(sealed);
    let open = |room: &mut Room| {
        let handle = room.desk.choose(sealed.clone());
        acts::verify_bundle(&mut room.desk, VerifyBundle { handle }).unwrap()
    };
    // The site reads it back with the key in its own file; the sponsor's recipient was never here.
    let read = open(&mut room);
    assert_eq!((read.outcome.as_str(), read.entries), ("holds", made.entries));
    assert_eq!(read.subjects, ["S-001"]);
    acts::close_file(&mut room.desk, CloseFile {}).unwrap();
    assert_eq!(
        open(&mut room).outcome,
        "unreadable",
        "without the site's file it stays shut"
    );
}

#[test]
fn every_version_of_a_value_is_told_with_who_when_and_why() {
    let mut room = Room::furnished();
    room.pass_days(6);
    room.sit("nurse");
    room.add_subject("S-001");
    room.fill("S-001/SCR/LAB", &Chart::eligible());
    room.complete("S-001/SCR/LAB").unwrap();
    for (login, value) in [("nurse2", "62"), ("sub", "63")] {
        room.sit(login);
        room.correct(PLT, Raw::Number(value, "10^9/L"), "transcription")
            .unwrap();
    }
    let history = acts::history(&mut room.desk, HistoryOf { path: item(PLT) }).unwrap();
    let told: Vec<_> = history
        .values
        .iter()
        .map(|one| (one.by.as_str(), one.reason.is_some(), one.when.at.is_empty()))
        .collect();
    let expected = [
        ("Sun Yue, MD", true, false),
        ("Wang Fang, RN", true, false),
        ("Li Na, RN", false, false),
    ];
    assert_eq!(told, expected, "newest first, the first value kept");
    let numbers: Vec<String> = history
        .values
        .iter()
        .map(|one| match &one.value {
            Some(conduct::Value::Number { number, .. }) => number.to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(numbers, ["63", "62", "61"]);
}
