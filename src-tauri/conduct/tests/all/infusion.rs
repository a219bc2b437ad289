//! At the bedside: two people, every identifier, facts recorded even out of order.

use conduct::{
    IdentifierCheck, IdentifierOutcome, acts,
    requests::{CheckIdentity, ConfirmDerived, SubjectOf},
};

use crate::{
    chart::{Chart, Raw, because, find},
    room::{PASSWORD, Room, code, form, item, refused},
    story::{agreed, compare},
};

fn check(
    room: &mut Room,
    login: &str,
    checks: Vec<IdentifierCheck>,
) -> conduct::problem::Answer<conduct::views::FormView> {
    let asked = CheckIdentity {
        form: form("S-001/INF/INFUSION"),
        login: login.into(),
        password: PASSWORD.into(),
        checks,
    };
    acts::check_identity(&mut room.desk, asked)
}

#[test]
fn one_identifier_that_differs_fails_the_check_and_raises_an_alert() {
    let mut room = Room::furnished();
    room.pass_days(14);
    room.sit("nurse");
    room.add_subject("S-001");
    compare(&mut room, "S-001", "nurse").unwrap();
    let mut checks = agreed();
    checks[3].outcome = IdentifierOutcome::NotAgreed;
    checks[3].value = Some("COI-26-0002".into());
    let view = check(&mut room, "nurse2", checks).unwrap();
    assert_eq!(view.identity_result.as_deref(), Some("fail"));
    // The fact is never blocked: the infusion is recorded, and everybody sees what is wrong with it.
    room.type_at(
        "S-001/INF/INFUSION/INFUSION.PRODUCT/INFUSION.DATE",
        Raw::Text("2026-03-16"),
    )
    .unwrap();
    let subject = acts::subject(
        &mut room.desk,
        SubjectOf {
            subject: "S-001".into(),
        },
    )
    .unwrap();
    assert_eq!(subject.row.status, "infused");
    assert_eq!(subject.alerts, ["infused_not_confirmed", "identity_check_missing"]);
    room.sound();
}

/// What was read off the bag has to be the same for both people, and the same as the record.
#[test]
fn two_people_who_read_different_lots_did_not_agree() {
    let mut room = Room::furnished();
    room.sit("nurse");
    room.add_subject("S-001");
    let reading = |lot: &str| {
        let mut checks = agreed();
        checks[4].value = Some(lot.into());
        checks
    };
    check(&mut room, "nurse", reading("UC19-2601")).unwrap();
    let view = check(&mut room, "nurse2", reading("UC19-2602")).unwrap();
    assert_eq!(view.identity_result.as_deref(), Some("fail"));
    room.sound();
}

/// A slip of the hand is not for ever: who did not agree may look again, and the first look stays in the journal.
#[test]
fn who_did_not_agree_may_look_again() {
    let mut room = Room::furnished();
    room.sit("nurse");
    room.add_subject("S-001");
    let mut slip = agreed();
    slip[0].outcome = IdentifierOutcome::NotPresent;
    check(&mut room, "nurse", slip).unwrap();
    let view = check(&mut room, "nurse2", agreed()).unwrap();
    assert_eq!(view.identity_result.as_deref(), Some("fail"));
    let view = check(&mut room, "nurse", agreed()).unwrap();
    assert_eq!(
        (view.identity_result.as_deref(), view.identity.len()),
        (Some("pass"), 2)
    );
    assert_eq!(code(check(&mut room, "nurse", agreed())), "same_person");
    room.sound();
}

#[test]
fn a_check_names_every_identifier_and_keeps_no_personal_ones() {
    let mut room = Room::furnished();
    room.sit("nurse");
    room.add_subject("S-001");
    let length = room.length();
    assert_eq!(
        code(check(&mut room, "nurse", agreed()[..4].to_vec())),
        "identity_incomplete"
    );
    let mut doubled = agreed();
    doubled[0] = doubled[1].clone();
    assert_eq!(code(check(&mut room, "nurse", doubled)), "identity_incomplete");
    let mut named = agreed();
    named[0].value = Some("Zhang San".into());
    assert_eq!(code(check(&mut room, "nurse", named)), "identity_no_values");
    assert_eq!(code(check(&mut room, "monitor", agreed())), "not_your_role");
    let elsewhere = CheckIdentity {
        form: form("S-001/SCR/LAB"),
        login: "nurse".into(),
        password: PASSWORD.into(),
        checks: agreed(),
    };
    assert_eq!(
        code(acts::check_identity(&mut room.desk, elsewhere)),
        "no_identity_check"
    );
    assert_eq!(room.length(), length);
}

#[test]
fn the_second_person_needs_the_own_password_and_the_own_declaration() {
    let mut room = Room::furnished();
    room.sit("admin");
    room.add("nurse3", "Zhou Ke, RN", conduct::Role::Nurse).unwrap();
    room.sit("nurse");
    room.add_subject("S-001");
    let asked = CheckIdentity {
        form: form("S-001/INF/INFUSION"),
        login: "nurse2".into(),
        password: "not the password".into(),
        checks: agreed(),
    };
    assert_eq!(code(acts::check_identity(&mut room.desk, asked)), "wrong_password");
    let length = room.length();
    assert_eq!(code(check(&mut room, "nurse3", agreed())), "declaration_due");
    assert_eq!(room.length(), length);
}

#[test]
fn a_derived_grade_is_confirmed_as_shown_or_with_a_reason() {
    let mut room = Room::furnished();
    room.pass_days(20);
    room.sit("nurse");
    room.add_subject("S-001");
    let path = item("S-001/CRS/CRS/CRS.OUTCOME/CRS.GRADE");
    room.type_at("S-001/CRS/CRS/CRS.WHEN/CRS.AT", Raw::Text("2026-03-21 20:00"))
        .unwrap();
    room.sit("doctor");
    let ask = |derived: &str, own: Option<&str>, reason: Option<&str>| ConfirmDerived {
        path: path.clone(),
        derived: derived.into(),
        own: own.map(Into::into),
        reason: reason.map(because),
    };
    let early = acts::confirm_derived(&mut room.desk, ask("not_evaluable", None, None));
    assert_eq!(code(early), "not_evaluable");
    room.fill("S-001/CRS/CRS", &Chart::eligible());
    let (refusal, facts) = refused(acts::confirm_derived(&mut room.desk, ask("2", None, None)));
    assert_eq!((refusal.as_str(), facts[0].1.as_str()), ("changed_meanwhile", "3"));
    assert_eq!(
        code(acts::confirm_derived(&mut room.desk, ask("3", Some("4"), None))),
        "reason_due"
    );
    assert_eq!(
        code(acts::confirm_derived(
            &mut room.desk,
            ask("3", Some("4"), Some("other"))
        )),
        "reason_needed"
    );
    let length = room.length();
    let view = acts::confirm_derived(&mut room.desk, ask("3", Some("4"), Some("source_corrected"))).unwrap();
    let said = find(&view, "CRS.GRADE").derived.unwrap().confirmed.unwrap();
    assert_eq!((said.derived.as_str(), said.own.as_deref()), ("3", Some("4")));
    // The difference is asked about, in the same save.
    let grade = find(&view, "CRS.GRADE");
    assert_eq!(grade.queries.len(), 1);
    assert!(grade.queries[0].thread[0].text.as_deref().unwrap().starts_with("3 ≠ 4"));
    assert_eq!(room.length(), length + 2);
    let never = acts::confirm_derived(&mut room.desk, ask("3", Some("7"), Some("source_corrected")));
    assert_eq!(code(never), "own_not_a_result");
    // The facts change: the word that was given is shown beside what would be derived today.
    let view = room
        .type_at(
            "S-001/CRS/CRS/CRS.PRESSURE/CRS.PRESSORS",
            Raw::Codes(&["NOREPINEPHRINE", "DOPAMINE"]),
        )
        .unwrap();
    let grade = find(&view, "CRS.GRADE").derived.unwrap();
    assert_eq!(grade.result.as_deref(), Some("4"));
    assert!(grade.confirmed.unwrap().differs_now);
    let other = ConfirmDerived {
        path: item("S-001/CRS/CRS/CRS.FEVER/CRS.TEMP"),
        derived: "3".into(),
        own: None,
        reason: None,
    };
    assert_eq!(code(acts::confirm_derived(&mut room.desk, other)), "not_derived");
}
