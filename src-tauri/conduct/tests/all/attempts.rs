//! Attempts that were not allowed: kept, told to the administrator who logs in next, gone once looked at.

use conduct::{
    Role, acts,
    requests::{AcknowledgeAttempts, AddSubject, GrantAccess, Recover, Sign, Verify},
    views::AttemptsView,
};

use crate::{
    chart::Chart,
    room::{PASSWORD, Room, code, form, item},
};

fn told(room: &mut Room) -> Option<AttemptsView> {
    room.status().session.unwrap().attempts
}

fn seen(room: &mut Room) {
    acts::acknowledge_attempts(&mut room.desk, AcknowledgeAttempts {}).unwrap();
}

/// Login name, tries, of them at a signature.
fn wrong(attempts: &AttemptsView) -> Vec<(&str, Option<&str>, u32, u32)> {
    let rows = attempts.wrong.iter();
    rows.map(|row| {
        (
            row.login.as_str(),
            row.printed_name.as_deref(),
            row.tries,
            row.at_signing,
        )
    })
    .collect()
}

#[test]
fn wrong_passwords_are_told_to_the_administrator_until_looked_at() {
    let mut room = Room::furnished();
    room.sit("admin");
    assert_eq!(told(&mut room), None, "nothing was tried");
    assert_eq!(
        code(acts::acknowledge_attempts(&mut room.desk, AcknowledgeAttempts {})),
        "no_attempts"
    );
    room.lock();
    // Six while the file is locked: they wait in the header, and cost time.
    let mut waited = 0;
    for _ in 0..6 {
        room.pass(60);
        assert_eq!(code(room.unlock("doctor", "not it")), "wrong_password");
        waited += room
            .status()
            .file
            .unwrap()
            .people
            .iter()
            .map(|who| who.wait_seconds)
            .sum::<u32>();
    }
    assert!(waited > 0, "guessing is slowed");
    // Somebody without the duty logs in first: the tries are entries from then on, and nobody else is told.
    room.sit("nurse");
    assert_eq!(told(&mut room), None);
    assert_eq!(
        room.journal()
            .iter()
            .filter(|entry| entry.act == "login_failed")
            .count(),
        6
    );
    room.sit("admin");
    let attempts = told(&mut room).unwrap();
    assert_eq!(wrong(&attempts), [("doctor", Some("Chen Wei, MD"), 6, 0)]);
    assert_eq!(attempts.entries.len(), 6);
    assert!(
        attempts.wrong[0].first.at < attempts.wrong[0].last.at,
        "each at its own time"
    );
    // Not looked at: told again. Looked at: gone, and the journal says who looked.
    room.sit("admin");
    assert_eq!(told(&mut room).unwrap().wrong, attempts.wrong);
    seen(&mut room);
    assert_eq!(told(&mut room), None);
    let newest = room.journal().remove(0);
    assert_eq!(
        (newest.act.as_str(), newest.by.as_deref()),
        ("attempts_seen", Some("Zhao Min"))
    );
    room.sit("admin");
    assert_eq!(told(&mut room), None);
    // What comes after is told by itself.
    room.lock();
    assert_eq!(code(room.unlock("nurse", "nor this")), "wrong_password");
    room.sit("admin");
    assert_eq!(wrong(&told(&mut room).unwrap()), [("nurse", Some("Li Na, RN"), 1, 0)]);
    room.sound();
}

#[test]
fn a_wrong_password_at_a_signature_and_refused_commands_are_told_too() {
    let mut room = Room::furnished();
    room.pass_days(6);
    room.sit("nurse");
    room.add_subject("S-001");
    room.fill("S-001/SCR/LAB", &Chart::eligible());
    room.complete("S-001/SCR/LAB").unwrap();
    room.sit("doctor");
    let sign = Sign {
        forms: vec![form("S-001/SCR/LAB")],
        meaning: room.statement("casebook"),
        login: Some("doctor".into()),
        password: PASSWORD.into(),
    };
    let mut mistyped = sign.clone();
    mistyped.password = "wrong".into();
    assert_eq!(code(acts::sign(&mut room.desk, mistyped)), "wrong_password");
    room.sit("monitor");
    for subject in ["S-002", "S-003", "S-002"] {
        let asked = AddSubject {
            subject: subject.into(),
        };
        assert_eq!(code(acts::add_subject(&mut room.desk, asked)), "not_your_role");
    }
    assert_eq!(code(acts::sign(&mut room.desk, sign)), "not_your_role");
    room.sit("nurse");
    let verify = Verify {
        path: item("S-001/SCR/LAB/LAB.HEM/LAB.PLT"),
        version: 1,
    };
    assert_eq!(code(acts::verify(&mut room.desk, verify)), "not_your_role");
    room.sit("admin");
    let attempts = told(&mut room).unwrap();
    assert_eq!(wrong(&attempts), [("doctor", Some("Chen Wei, MD"), 1, 1)]);
    let mut refused: Vec<(&str, Vec<&str>)> = attempts
        .refused
        .iter()
        .map(|row| (row.by.as_str(), row.commands.iter().map(String::as_str).collect()))
        .collect();
    refused.sort_unstable();
    assert_eq!(
        refused,
        [("Ana Ruiz", vec!["add_subject", "sign"]), ("Li Na, RN", vec!["verify"])],
        "each command of a sitting once"
    );
    assert_eq!(attempts.entries.len(), 4);
    // Another administrator has looked: the first is not told again.
    room.add("admin2", "Qian Li", Role::Administrator).unwrap();
    room.sit("admin2");
    assert!(told(&mut room).is_some());
    seen(&mut room);
    room.sit("admin");
    assert_eq!(told(&mut room), None);
    let nobody = GrantAccess {
        person: "p-0000000000000000".into(),
        days: 3,
        reason: crate::chart::because("transcription"),
    };
    assert_eq!(code(acts::grant_access(&mut room.desk, nobody)), "no_such_person");
    assert_eq!(
        told(&mut room),
        None,
        "a refusal that is not about rights is no attempt"
    );
    room.sound();
}

#[test]
fn names_of_nobody_wrong_recovery_codes_and_key_sheets_leave_their_trace() {
    let mut room = Room::furnished();
    let sheet = ["abandon"; 24].join(" ");
    let recover = |room: &mut Room, typed: &str| {
        let asked = Recover {
            code: typed.into(),
            login: "admin2".into(),
            printed_name: "Qian Yi".into(),
            identity_verified: "passport".into(),
            password: PASSWORD.into(),
        };
        code(acts::recover(&mut room.desk, asked))
    };
    for _ in 0..2 {
        room.pass(60);
        assert_eq!(code(room.unlock("my secret password", "nurse")), "wrong_password");
        assert_eq!(recover(&mut room, "7777-7777"), "wrong_recovery_code");
    }
    assert_eq!(recover(&mut room, &sheet), "wrong_key_sheet");
    // Nobody waits for it.
    let people = room.status().file.unwrap().people;
    assert!(people.iter().all(|who| who.wait_seconds == 0));
    room.sit("admin");
    let attempts = told(&mut room).unwrap();
    let rows: Vec<_> = attempts
        .wrong
        .iter()
        .map(|row| (row.what.as_str(), row.login.as_str(), row.tries))
        .collect();
    assert_eq!(rows, [("name", "", 2), ("recovery", "", 2), ("sheet", "", 1)]);
    assert!(
        attempts.wrong[0].first.at < attempts.wrong[0].last.at,
        "each at its own time"
    );
    let said: Vec<_> = room
        .journal()
        .into_iter()
        .filter(|entry| entry.act == "login_failed")
        .collect();
    let texts: Vec<_> = said.iter().filter_map(|entry| entry.text.as_deref()).collect();
    assert_eq!(texts.iter().filter(|text| **text == "?name").count(), 2);
    assert_eq!(texts.iter().filter(|text| **text == "?recovery").count(), 2);
    assert_eq!(texts.iter().filter(|text| **text == "?sheet").count(), 1);
    // Once.
    room.sit("nurse");
    room.sit("admin");
    assert_eq!(
        room.journal()
            .iter()
            .filter(|entry| entry.act == "login_failed")
            .count(),
        5
    );
    seen(&mut room);
    assert_eq!(told(&mut room), None);
    room.sound();
}
