//! Somebody tries to act or to sign as somebody else, through what the page may ask: no request says who asks, what another
//! person's request held does nobody else any good, and who was here in another file is not here in this one.

use conduct::{
    Role, acts,
    requests::{ChangePassword, CheckIdentity, DisablePerson, People, Sign, ToSign},
};
use serde_json::{Value, json};

use crate::{
    chart::{Chart, Raw},
    matrix::table,
    room::{PASSWORD, Room, code, form},
};

const LAB: &str = "S-001/SCR/LAB";
const DOCTORS: &str = "what only the doctor knows, really";

/// A completed form; the investigator has a password of her own and has signed; a second investigator works here.
/// With it comes what the page asked for that signature.
fn signed() -> (Room, Value) {
    let mut room = Room::furnished();
    room.pass_days(6);
    room.sit("admin");
    room.add("doctor2", "Gu Hao, MD", Role::Investigator).unwrap();
    room.sit("doctor2");
    room.declare();
    room.sit("nurse");
    room.add_subject("S-001");
    room.fill(LAB, &Chart::eligible());
    room.complete(LAB).unwrap();
    room.sit("doctor");
    let own = ChangePassword {
        password: PASSWORD.into(),
        new_password: DOCTORS.into(),
    };
    acts::change_password(&mut room.desk, own).unwrap();
    let asked = json!({
        "forms": [form(LAB)],
        "meaning": room.statement("casebook"),
        "login": "doctor",
        "password": DOCTORS,
    });
    acts::call(&mut room.desk, "sign", asked.clone()).unwrap();
    (room, asked)
}

/// Number, name, whether it is valid and whether what it covers has changed, of every signature, the newest first.
fn signatures(room: &mut Room) -> Vec<(String, String, bool, bool)> {
    let all = acts::to_sign(&mut room.desk, ToSign {}).unwrap().signatures;
    all.into_iter()
        .filter(|view| view.verdicts.is_empty() && view.records > 0)
        .map(|view| (view.signature, view.printed_name, view.valid, !view.changed.is_empty()))
        .collect()
}

#[test]
fn no_request_says_who_asks() {
    let mut room = Room::furnished();
    room.sit("auditor");
    let handle = room.desk.choose(room.file());
    let length = room.length();
    for (command, _, request) in table(handle) {
        for field in [
            "session",
            "actor",
            "as",
            "signer",
            "signature",
            "statement",
            "moment",
            "key",
        ] {
            let mut more = request.clone();
            let known = more.as_object_mut().unwrap().insert(field.into(), json!("doctor"));
            // A draft has a key, which is a name on the screen.
            if known.is_some() {
                assert_eq!((command, field), ("keep_draft", "key"));
                continue;
            }
            let answer = acts::call(&mut room.desk, command, more);
            assert_eq!(code(answer), "request_form", "{command} with {field}");
        }
    }
    assert_eq!(room.length(), length);
}

#[test]
fn a_request_to_sign_does_nobody_else_any_good() {
    let (mut room, asked) = signed();
    let before = signatures(&mut room);
    assert_eq!((before.len(), before[0].1.as_str()), (1, "Chen Wei, MD"));
    let with = |change: &dyn Fn(&mut Value)| {
        let mut other = asked.clone();
        change(&mut other);
        other
    };
    let call = |room: &mut Room, asked: Value| code(acts::call(&mut room.desk, "sign", asked));
    room.lock();
    assert_eq!(call(&mut room, asked.clone()), "not_logged_in");
    for login in ["nurse", "sub", "data", "monitor", "auditor", "admin"] {
        room.sit(login);
        assert_eq!(call(&mut room, asked.clone()), "not_your_role", "{login}");
    }
    // Somebody who may sign, with the whole request of somebody else who may.
    room.sit("doctor2");
    assert_eq!(call(&mut room, asked.clone()), "sign_as_yourself");
    assert_eq!(
        call(&mut room, with(&|asked| asked["login"] = Value::Null)),
        "sign_login_due"
    );
    let length = room.length();
    let own_name = with(&|asked| asked["login"] = "doctor2".into());
    assert_eq!(
        call(&mut room, own_name),
        "wrong_password",
        "her password under another name"
    );
    assert_eq!(room.length(), length + 1);
    assert_eq!(room.journal()[0].act, "login_failed");
    room.pass(3600);
    room.sit("doctor2");
    assert_eq!(signatures(&mut room), before, "nobody has signed");
    room.sound();
}

#[test]
fn the_same_request_after_a_change_signs_what_stands_there_now() {
    let (mut room, asked) = signed();
    let before = signatures(&mut room);
    room.correct(
        "S-001/SCR/LAB/LAB.HEM/LAB.PLT",
        Raw::Number("62", "10^9/L"),
        "transcription",
    )
    .unwrap();
    let stale = signatures(&mut room);
    assert_eq!(stale.len(), 1);
    assert!(
        stale[0].2 && stale[0].3,
        "valid for what it was given, and told as changed"
    );
    acts::call(&mut room.desk, "sign", asked).unwrap();
    let after = signatures(&mut room);
    assert_eq!(after.len(), 2);
    assert!(
        after[0].0 != before[0].0 && !after[0].3,
        "another signature, over what stands now"
    );
    assert_eq!(after[1], stale[0], "and the first stays what it was");
    room.sound();
}

#[test]
fn who_sits_at_one_file_is_nobody_at_another() {
    let (mut room, asked) = signed();
    let length = room.length();
    let one = room.file();
    let other = room.folder.join("other.cartwright");
    // The same people with the same keys: a copy that went on elsewhere is the nearest that another file can be.
    room.lock();
    acts::close_file(&mut room.desk, conduct::requests::CloseFile {}).unwrap();
    std::fs::copy(&one, &other).unwrap();
    room.open_at(&one).unwrap();
    room.unlock("doctor", DOCTORS).unwrap();
    room.open_at(&other).unwrap();
    assert!(room.status().session.is_none(), "the session ended with its file");
    assert_eq!(code(acts::call(&mut room.desk, "sign", asked.clone())), "not_logged_in");
    for (command, _, request) in table(1).into_iter().filter(|(_, who, _)| !who.contains('-')) {
        assert_eq!(
            code(acts::call(&mut room.desk, command, request)),
            "not_logged_in",
            "{command}"
        );
    }
    room.open_at(&one).unwrap();
    room.unlock("doctor", DOCTORS).unwrap();
    // Not the second signature of a sitting: it is another sitting.
    let mut again = asked;
    again["login"] = Value::Null;
    assert_eq!(code(acts::call(&mut room.desk, "sign", again)), "sign_login_due");
    let acted: Vec<String> = room.journal().into_iter().map(|entry| entry.act).collect();
    let new = usize::try_from(room.length() - length).unwrap();
    assert!(
        acted[..new]
            .iter()
            .all(|act| ["logged_in", "locked", "backed_up"].contains(&act.as_str())),
        "{:?}",
        &acted[..new]
    );
    room.sound();
}

#[test]
fn the_second_person_at_the_bedside_does_not_stay() {
    let (mut room, asked) = signed();
    room.sit("nurse");
    let second = CheckIdentity {
        form: form("S-001/INF/INFUSION"),
        login: "doctor".into(),
        password: DOCTORS.into(),
        checks: Vec::new(),
    };
    // Whatever comes of the check, the doctor's password was right once.
    let _whatever_came_of_it = acts::check_identity(&mut room.desk, second);
    assert_eq!(room.status().session.unwrap().login, "nurse");
    assert_eq!(code(acts::call(&mut room.desk, "sign", asked)), "not_your_role");
    room.type_at("S-001/SCR/DM/DM.MAIN/DM.SEX", Raw::Codes(&["F"])).unwrap();
    let by = room.journal()[0].by.clone().unwrap();
    assert!(by.contains("Li Na"), "{by}");
    room.sound();
}

#[test]
fn who_was_disabled_signs_nothing_any_more() {
    let (mut room, asked) = signed();
    room.sit("admin");
    let people = acts::people(&mut room.desk, People {}).unwrap().people;
    let doctor = people.iter().find(|person| person.login == "doctor").unwrap();
    let asked_for = DisablePerson {
        person: doctor.person.clone(),
        reason: conduct::Reason {
            code: "other".into(),
            text: Some("Left the hospital.".into()),
        },
    };
    acts::disable_person(&mut room.desk, asked_for).unwrap();
    room.lock();
    // No slot is left: the name is as unknown as any.
    assert_eq!(code(room.unlock("doctor", DOCTORS)), "wrong_password");
    room.sit("doctor2");
    let length = room.length();
    let sign: Sign = serde_json::from_value(asked).unwrap();
    assert_eq!(code(acts::sign(&mut room.desk, sign)), "sign_as_yourself");
    assert_eq!(room.length(), length);
    let kept = signatures(&mut room);
    assert!(kept.len() == 1 && kept[0].2, "what was signed before stays signed");
    room.sound();
}
