//! Electronic signatures: one's own name, one's own password, the words as they stand, a clock that can be believed.

use conduct::{
    Reason, acts,
    problem::Answer,
    requests::{
        AcceptDeclaration, AcknowledgeClock, ChangePassword, ConfirmEligibility, RemoveRow, Sign, Signals, ToSign,
    },
    views::SignedView,
};

use crate::{
    cards,
    chart::{Chart, Raw},
    room::{PASSWORD, Room, code, fact, form, refused},
    story::{confirm, eligibility, sign_all},
};

const LAB: &str = "S-001/SCR/LAB";
const INFUSION: &str = "S-001/INF/INFUSION";

/// A completed form, the investigator in front of it.
fn site() -> Room {
    let mut room = Room::furnished();
    room.pass_days(6);
    room.sit("nurse");
    room.add_subject("S-001");
    room.fill(LAB, &Chart::eligible());
    room.complete(LAB).unwrap();
    room.sit("doctor");
    room
}

fn sign(room: &mut Room, path: &str, change: impl FnOnce(&mut Sign)) -> Answer<SignedView> {
    let meaning = room.statement("casebook");
    let mut asked = Sign {
        forms: vec![form(path)],
        meaning,
        login: Some("doctor".into()),
        password: PASSWORD.into(),
    };
    change(&mut asked);
    acts::sign(&mut room.desk, asked)
}

#[test]
fn a_signature_is_ones_own() {
    let mut room = site();
    let length = room.length();
    let (refusal, facts) = refused(sign(&mut room, LAB, |asked| asked.login = Some("sub".into())));
    assert_eq!(
        (refusal.as_str(), fact(&facts, "login").as_str()),
        ("sign_as_yourself", "doctor")
    );
    assert_eq!(code(sign(&mut room, LAB, |asked| asked.login = None)), "sign_login_due");
    let (refusal, facts) = refused(sign(&mut room, LAB, |asked| asked.meaning.push('.')));
    assert_eq!(
        (refusal.as_str(), fact(&facts, "statement").as_str()),
        ("statement_differs", "casebook")
    );
    let other = room.statement("eligibility");
    assert_eq!(
        code(sign(&mut room, LAB, |asked| asked.meaning = other)),
        "statement_differs"
    );
    assert_eq!(
        code(sign(&mut room, LAB, |asked| asked.forms.clear())),
        "nothing_to_sign"
    );
    assert_eq!(code(sign(&mut room, "S-001/SCR/DM", |_| ())), "form_not_complete");
    assert_eq!(room.length(), length);
    assert_eq!(
        code(sign(&mut room, LAB, |asked| asked.password = "wrong".into())),
        "wrong_password"
    );
    assert_eq!(
        room.journal()[0].act,
        "login_failed",
        "a wrong password at a signature is in the journal"
    );
    room.pass(3600);
    assert!(room.status().session.unwrap().sign_asks_login);
    sign(&mut room, LAB, |_| ()).unwrap();
    // The second signature of a sitting asks for the password alone, still for the password.
    assert!(!room.status().session.unwrap().sign_asks_login);
    sign(&mut room, LAB, |asked| asked.login = None).unwrap();
    room.sit("doctor");
    assert_eq!(code(sign(&mut room, LAB, |asked| asked.login = None)), "sign_login_due");
    room.sound();
}

#[test]
fn the_statement_may_be_read_in_either_language() {
    let mut room = site();
    let def = acts::study_in_force(&mut room.desk, conduct::requests::StudyInForce { version: None }).unwrap();
    let zh = def
        .statements
        .iter()
        .find(|s| s.code == "casebook")
        .unwrap()
        .text
        .zh
        .clone();
    let signed = sign(&mut room, LAB, |asked| asked.meaning = zh.clone()).unwrap();
    assert_eq!(signed.signature.meaning, zh);
    assert_eq!(signed.signature.printed_name, "Chen Wei, MD");
    assert_eq!(signed.signature.records, 1);
}

#[test]
fn the_declaration_is_accepted_word_by_word() {
    let mut room = Room::furnished();
    room.sit("admin");
    room.add("new.nurse", "New Nurse", conduct::Role::Nurse).unwrap();
    room.sit("new.nurse");
    let text = room.statement("declaration");
    let altered = AcceptDeclaration {
        text: text.replace("legally", ""),
        password: PASSWORD.into(),
    };
    assert_eq!(
        code(acts::accept_declaration(&mut room.desk, altered)),
        "statement_differs"
    );
    let wrong = AcceptDeclaration {
        text,
        password: "not it".into(),
    };
    assert_eq!(code(acts::accept_declaration(&mut room.desk, wrong)), "wrong_password");
    assert!(room.status().session.unwrap().declaration_due);
}

#[test]
fn a_verdict_that_changed_meanwhile_is_not_confirmed() {
    let mut room = Room::furnished();
    room.pass_days(6);
    room.sit("nurse");
    room.screen("S-001", &Chart::eligible());
    room.sit("doctor");
    let seen = eligibility(&mut room, "S-001").verdict;
    assert_eq!(seen, "eligible");
    room.correct(
        "S-001/SCR/LAB/LAB.CHEM/LAB.CREAT",
        Raw::Number("412", "umol/L"),
        "source_corrected",
    )
    .unwrap();
    let length = room.length();
    let (refusal, facts) = refused(confirm(&mut room, "S-001", &seen));
    assert_eq!(
        (refusal.as_str(), fact(&facts, "now").as_str()),
        ("changed_meanwhile", "ineligible")
    );
    let as_another = ConfirmEligibility {
        subject: "S-001".into(),
        verdict: "ineligible".into(),
        meaning: room.statement("eligibility"),
        login: "sub".into(),
        password: PASSWORD.into(),
    };
    assert_eq!(
        code(acts::confirm_eligibility(&mut room.desk, as_another)),
        "sign_as_yourself"
    );
    let altered = ConfirmEligibility {
        subject: "S-001".into(),
        verdict: "ineligible".into(),
        meaning: "Yes.".into(),
        login: "doctor".into(),
        password: PASSWORD.into(),
    };
    assert_eq!(
        code(acts::confirm_eligibility(&mut room.desk, altered)),
        "statement_differs"
    );
    assert_eq!(room.length(), length);

    let confirmed = confirm(&mut room, "S-001", "ineligible").unwrap();
    assert!(!confirmed.confirmed[0].differs_now);
    // Corrected back: the fact that was confirmed stands, and shows that it is another verdict today.
    room.correct(
        "S-001/SCR/LAB/LAB.CHEM/LAB.CREAT",
        Raw::Number("66", "umol/L"),
        "source_corrected",
    )
    .unwrap();
    let view = eligibility(&mut room, "S-001");
    assert_eq!(
        (view.verdict.as_str(), view.confirmed[0].verdict.as_str()),
        ("eligible", "ineligible")
    );
    assert!(view.confirmed[0].differs_now && view.confirmed[0].signature.valid);
    // The Sign screen says so too: a signed verdict no longer rests on what the record says.
    let about = |room: &mut Room| {
        acts::to_sign(&mut room.desk, ToSign {}).unwrap().signatures[0]
            .changed
            .clone()
    };
    assert_eq!(about(&mut room), [("ELIG/S-001".to_owned(), 1, 1)]);
    let verdict = view.verdict;
    confirm(&mut room, "S-001", &verdict).unwrap();
    assert_eq!(about(&mut room), []);
    room.sound();
}

#[test]
fn what_is_signed_and_changed_says_so_for_ever() {
    let mut room = site();
    let first = sign_all(&mut room).signature;
    assert!(first.changed.is_empty());
    room.correct(
        "S-001/SCR/LAB/LAB.HEM/LAB.PLT",
        Raw::Number("62", "10^9/L"),
        "transcription",
    )
    .unwrap();
    let due = acts::to_sign(&mut room.desk, ToSign {}).unwrap().forms;
    let change = &due[0].changes[0];
    let shown = |value: &Option<conduct::Value>| match value {
        Some(conduct::Value::Number { number, .. }) => number.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!((due[0].changes.len(), change.path.item.as_str()), (1, "LAB.PLT"));
    assert_eq!((shown(&change.then), shown(&change.now)), ("61".into(), "62".into()));
    assert_eq!(change.reason.as_ref().unwrap().code, "transcription");
    room.correct(
        "S-001/SCR/LAB/LAB.HEM/LAB.PLT",
        Raw::Number("61", "10^9/L"),
        "transcription",
    )
    .unwrap();
    let now = acts::to_sign(&mut room.desk, ToSign {}).unwrap();
    assert!(now.forms[0].changes.is_empty(), "what was signed stands there again");
    let kept = now.signatures.iter().find(|s| s.signature == first.signature).unwrap();
    // The same number stands there again, as another version.
    assert!(kept.valid && kept.changed.iter().any(|(path, was, is)| path == LAB && was < is));
    assert_eq!(now.forms[0].form, form(LAB));
    room.sound();
}

#[test]
fn a_clock_that_went_back_blocks_signing_until_somebody_looked_and_never_entry() {
    let mut room = site();
    room.lock();
    room.pass_days(-2);
    let status = room.unlock("doctor", PASSWORD).unwrap();
    assert!(status.file.unwrap().clock_anomaly.is_some());
    let anomaly = room
        .journal()
        .into_iter()
        .find(|entry| entry.act == "clock_anomaly")
        .unwrap();
    assert_eq!(anomaly.by, None, "the device found it");

    let length = room.length();
    assert_eq!(
        acts::to_sign(&mut room.desk, ToSign {}).unwrap().blocked.as_deref(),
        Some("clock_anomaly")
    );
    assert_eq!(code(sign(&mut room, LAB, |_| ())), "clock_anomaly");
    assert_eq!(room.length(), length);
    room.type_at("S-001/SCR/DM/DM.MAIN/DM.SEX", Raw::Codes(&["F"])).unwrap();
    assert_eq!(room.length(), length + 1, "facts are never blocked");

    // Locking and coming back does not make it go away; nor may just anybody say that it is all right.
    room.sit("nurse");
    assert!(room.status().file.unwrap().clock_anomaly.is_some());
    assert_eq!(
        code(acts::acknowledge_clock(&mut room.desk, AcknowledgeClock {})),
        "not_your_role"
    );
    room.sit("doctor");
    assert_eq!(code(sign(&mut room, LAB, |_| ())), "clock_anomaly");
    acts::acknowledge_clock(&mut room.desk, AcknowledgeClock {}).unwrap();
    assert_eq!(
        code(acts::acknowledge_clock(&mut room.desk, AcknowledgeClock {})),
        "no_clock_anomaly"
    );
    sign(&mut room, LAB, |_| ()).unwrap();
    // Looked at once is enough, though the journal still holds later moments.
    room.sit("doctor");
    assert_eq!(room.status().file.unwrap().clock_anomaly, None);
    room.sound();
}

#[test]
fn a_clock_moved_under_somebody_is_an_anomaly_before_anything_is_saved_under_it() {
    type Way<'w> = (&'static str, &'w dyn Fn(&mut Room));
    let enter = |room: &mut Room| {
        room.type_at("S-001/SCR/DM/DM.MAIN/DM.SEX", Raw::Codes(&["F"])).unwrap();
    };
    let leave = |room: &mut Room| room.sit("doctor");
    let mistype = |room: &mut Room| {
        room.lock();
        assert_eq!(code(room.unlock("doctor", "wrong")), "wrong_password");
        room.unlock("doctor", PASSWORD).unwrap();
    };
    let change = |room: &mut Room| {
        let asked = ChangePassword {
            password: PASSWORD.into(),
            new_password: PASSWORD.into(),
        };
        acts::change_password(&mut room.desk, asked).unwrap();
    };
    let ways: [Way<'_>; 4] = [
        ("a value", &enter),
        ("locking", &leave),
        ("a wrong password at the locked file", &mistype),
        ("a new password", &change),
    ];
    for (what, done) in ways {
        for days in [-3, 4 * 365] {
            let mut room = site();
            room.sit("doctor");
            room.pass_days(days);
            done(&mut room);
            assert_eq!(
                code(sign(&mut room, LAB, |_| ())),
                "clock_anomaly",
                "{what}, {days} days"
            );
            let told = room.journal().into_iter().filter(|entry| entry.act == "clock_anomaly");
            assert_eq!(told.count(), 1, "{what}, {days} days");
            acts::acknowledge_clock(&mut room.desk, AcknowledgeClock {}).unwrap();
            sign(&mut room, LAB, |_| ()).unwrap();
            room.sound();
        }
    }
    // A wrong password given while the clock was wrong, at a file that was locked when it was moved.
    let mut room = site();
    room.lock();
    room.pass_days(-3);
    assert_eq!(code(room.unlock("doctor", "wrong")), "wrong_password");
    room.unlock("doctor", PASSWORD).unwrap();
    assert_eq!(code(sign(&mut room, LAB, |_| ())), "clock_anomaly");
}

/// By how many seconds the clock is moved while the file is closed, and whether that is an anomaly. A zone or summer time
/// moves the clock on the wall and no second.
#[test]
fn a_clock_far_ahead_is_an_anomaly_too_and_a_long_leave_is_none() {
    for (seconds, odd) in [
        (-10 * 365 * 86_400, true),
        (-86_400, true),
        (-3600, true),
        (-60, false),
        (3600, false),
        (86_400, false),
        (365 * 86_400, false),
        (10 * 365 * 86_400, true),
    ] {
        let mut room = Room::furnished();
        room.sit("nurse");
        room.lock();
        room.pass(seconds - 60);
        room.sit("doctor");
        assert_eq!(room.status().file.unwrap().clock_anomaly.is_some(), odd, "{seconds} s");
        let noted = room
            .journal()
            .iter()
            .filter(|entry| entry.act == "clock_anomaly")
            .count();
        assert_eq!(noted, usize::from(odd), "{seconds} s");
        let seqs: Vec<u64> = room.journal().iter().map(|entry| entry.seq).collect();
        assert!(
            seqs.windows(2).all(|pair| pair[0] == pair[1] + 1),
            "the order is that of saving"
        );
        room.sound();
    }
}

#[test]
fn what_another_laptop_changed_before_a_signature_that_knew_nothing_of_it_is_shown_as_changed() {
    let (mut one, mut two) = cards::beside(site());
    two.pass_days(7);
    two.sit("nurse");
    for (value, reason) in [("63", "transcription"), ("62", "source_corrected")] {
        two.correct("S-001/SCR/LAB/LAB.HEM/LAB.PLT", Raw::Number(value, "10^9/L"), reason)
            .unwrap();
    }
    // Signed days later, on the other laptop, over the value as it was there.
    one.pass_days(7);
    one.sit("doctor");
    sign_all(&mut one);
    one.sit("admin");
    cards::bring(&mut two, &mut one);
    one.sit("doctor");
    let due = acts::to_sign(&mut one.desk, ToSign {}).unwrap().forms;
    let [change] = due[0].changes.as_slice() else {
        panic!("{due:?}")
    };
    assert_eq!(change.path.item, "LAB.PLT");
    let shown = [&change.then, &change.now].map(|value| serde_json::to_string(value).unwrap());
    assert!(shown[0].contains("61") && shown[1].contains("62"), "{shown:?}");
    assert_eq!(change.reason.as_ref().unwrap().code, "source_corrected");
    let signals = acts::signals(
        &mut one.desk,
        Signals {
            everything: true,
            past: Vec::new(),
        },
    );
    let kinds: Vec<String> = signals.unwrap().signals.into_iter().map(|one| one.kind).collect();
    assert!(kinds.contains(&"changed_after_signature".to_owned()), "{kinds:?}");
    // Signed again with that in view, nothing waits, here and there.
    sign_all(&mut one);
    two.sit("admin");
    two.pass_days(8);
    cards::bring(&mut one, &mut two);
    two.sit("doctor");
    for room in [&mut one, &mut two] {
        room.sit("doctor");
        let now = acts::to_sign(&mut room.desk, ToSign {}).unwrap();
        assert!(now.forms.is_empty() && now.signatures[0].changed.is_empty());
        room.sound();
    }
}

#[test]
fn a_row_taken_out_after_a_signature_is_shown_as_changed() {
    let mut room = Room::furnished();
    room.pass_days(6);
    room.sit("nurse");
    room.add_subject("S-001");
    room.pass_days(10);
    room.sit("nurse");
    room.fill(INFUSION, &Chart::eligible());
    room.vitals("S-001");
    room.complete(INFUSION).unwrap();
    room.sit("doctor");
    sign_all(&mut room);
    room.sit("nurse");
    let asked = RemoveRow {
        form: form(INFUSION),
        group: "INFUSION.VITALS".into(),
        row: 3,
        reason: Reason {
            code: "transcription".into(),
            text: None,
        },
    };
    acts::remove_row(&mut room.desk, asked).unwrap();
    room.sit("doctor");
    let due = acts::to_sign(&mut room.desk, ToSign {}).unwrap().forms;
    let changes = &due[0].changes;
    assert!(!changes.is_empty(), "{due:?}");
    for change in changes {
        assert_eq!((change.path.group.as_str(), change.path.row), ("INFUSION.VITALS", 3));
        assert!(change.then.is_some() && change.now.is_none());
        assert_eq!(change.reason.as_ref().unwrap().code, "transcription");
    }
}
