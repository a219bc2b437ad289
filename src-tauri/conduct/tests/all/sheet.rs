//! The key sheet: off by default, turned on by two people, printed on record, and it opens the file when all else is lost.

use std::fs;

use conduct::{
    Reason, acts,
    problem::Answer,
    requests::{KeySheet, PrintKeySheet, Recover, ReplaceKey, SwitchKeySheet},
    views::{KeySheetView, StatusView, WrittenView},
};

use crate::room::{PASSWORD, Room, code, fact, refused};

fn reason() -> Reason {
    Reason {
        code: "other".into(),
        text: Some("The archive asks for it.".into()),
    }
}

fn switch(room: &mut Room, on: bool, second: Option<&str>) -> Answer<KeySheetView> {
    acts::switch_key_sheet(
        &mut room.desk,
        SwitchKeySheet {
            on,
            password: PASSWORD.into(),
            second_login: second.map(str::to_owned),
            second_password: second.map(|_| PASSWORD.to_owned()),
            reason: reason(),
        },
    )
}

fn print(room: &mut Room) -> Answer<WrittenView> {
    let handle = room.desk.choose(room.folder.clone());
    acts::print_key_sheet(
        &mut room.desk,
        PrintKeySheet {
            password: PASSWORD.into(),
            locale: "en".into(),
            handle,
        },
    )
}

/// The 24 words on the sheet.
fn words(room: &Room, written: &WrittenView) -> String {
    let page = fs::read_to_string(room.folder.join(&written.file)).unwrap();
    let words: Vec<&str> = page.split(")] ").nth(1).unwrap().split(' ').take(24).collect();
    words.join(" ")
}

fn recover(room: &mut Room, words: &str, login: &str) -> Answer<StatusView> {
    acts::recover(
        &mut room.desk,
        Recover {
            code: words.into(),
            login: login.into(),
            printed_name: "Zhou Lan".into(),
            identity_verified: "passport".into(),
            password: PASSWORD.into(),
        },
    )
}

#[test]
fn it_is_off_until_two_people_turn_it_on() {
    let mut room = Room::furnished();
    room.sit("admin");
    let fresh = acts::key_sheet(&mut room.desk, KeySheet {}).unwrap();
    assert_eq!((fresh.on, fresh.decided, fresh.printed), (false, None, None));
    assert_eq!(code(print(&mut room)), "key_sheet_off");
    let length = room.length();
    assert_eq!(code(switch(&mut room, true, None)), "second_person_needed");
    assert_eq!(code(switch(&mut room, true, Some("admin"))), "same_person");
    let (refusal, facts) = refused(switch(&mut room, true, Some("nurse")));
    assert_eq!(
        (refusal.as_str(), fact(&facts, "role").as_str()),
        ("second_person_role", "nurse")
    );
    assert_eq!(room.length(), length, "a refusal writes nothing");
    let on = switch(&mut room, true, Some("doctor")).unwrap();
    let decided = on.decided.unwrap();
    assert!(on.on);
    assert_eq!(
        (decided.by.as_str(), decided.second.as_deref()),
        ("Zhao Min", Some("Chen Wei, MD"))
    );
    // Each by an own entry.
    let said: Vec<_> = room.journal()[..2]
        .iter()
        .map(|e| (e.act.clone(), e.by.clone().unwrap()))
        .collect();
    assert_eq!(
        said,
        [
            ("key_sheet_switched".to_owned(), "Zhao Min".to_owned()),
            ("agreed".to_owned(), "Chen Wei, MD".to_owned())
        ]
    );
    assert!(!switch(&mut room, false, None).unwrap().on);
    assert_eq!(code(print(&mut room)), "key_sheet_off");
    room.sound();
}

#[test]
fn the_words_open_the_file_until_its_key_is_replaced() {
    let mut room = Room::furnished();
    room.sit("admin");
    switch(&mut room, true, Some("doctor")).unwrap();
    let written = print(&mut room).unwrap();
    assert_eq!(room.journal()[0].act, "key_sheet_printed");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(room.folder.join(&written.file))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o77, 0, "nobody else on this computer reads it");
    }
    let words = words(&room, &written);
    let seen = acts::key_sheet(&mut room.desk, KeySheet {}).unwrap();
    assert!(seen.printed_holds && seen.printed.is_some());
    room.lock();

    let mut other: Vec<&str> = words.split(' ').collect();
    other.swap(3, 4);
    assert_eq!(code(recover(&mut room, &other.join(" "), "admin2")), "wrong_key_sheet");
    let status = recover(&mut room, &words.to_uppercase(), "admin2").unwrap();
    assert_eq!(status.session.unwrap().login, "admin2");
    let recovered = room
        .journal()
        .into_iter()
        .find(|entry| entry.act == "recovered")
        .unwrap();
    assert_eq!(recovered.by, None);
    room.sound();
    acts::replace_key(
        &mut room.desk,
        ReplaceKey {
            password: PASSWORD.into(),
            reason: reason(),
        },
    )
    .unwrap();
    assert!(!acts::key_sheet(&mut room.desk, KeySheet {}).unwrap().printed_holds);
    room.lock();
    assert_eq!(code(recover(&mut room, &words, "admin3")), "wrong_key_sheet");
}

#[test]
fn it_opens_a_file_whose_passwords_nobody_knows() {
    let mut room = Room::furnished();
    room.sit("admin");
    switch(&mut room, true, Some("doctor")).unwrap();
    let written = print(&mut room).unwrap();
    let words = words(&room, &written);
    room.lock();
    // No password is known any more and the recovery code is lost: nothing but the sheet is left.
    for login in ["admin", "doctor"] {
        assert_eq!(code(room.unlock(login, "forgotten")), "wrong_password");
    }
    assert!(recover(&mut room, &words, "admin2").unwrap().session.is_some());
    room.sound();
}
