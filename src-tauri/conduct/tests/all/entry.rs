//! Values: what is saved, what is refused, what asks first.

use conduct::{
    Missing, Role, acts,
    requests::{
        AddPerson, AddSubject, AnswerQuery, CloseQuery, EnterValue, FormOf, RaiseQuery, RemoveRow, ReopenForm,
        ReopenQuery, SubjectOf, Verify, WithdrawVerification,
    },
};

use crate::{
    chart::{Chart, Raw, because, enter, find},
    room::{PASSWORD, Room, code, fact, form, item, refused},
};

const PLT: &str = "S-001/SCR/LAB/LAB.HEM/LAB.PLT";

/// A subject, the nurse in front of it.
fn site() -> Room {
    let mut room = Room::furnished();
    room.pass_days(6);
    room.sit("nurse");
    room.add_subject("S-001");
    room
}

#[test]
fn what_is_not_of_the_items_type_leaves_nothing_in_the_journal() {
    let mut room = site();
    let length = room.length();
    let lab = "S-001/SCR/LAB";
    let cases: &[(&str, Raw, &str)] = &[
        ("LAB.HEM/LAB.PLT", Raw::Number("6l", "10^9/L"), "input_not_a_number"),
        (
            "LAB.HEM/LAB.PLT",
            Raw::Number("61.2345", "10^9/L"),
            "input_too_many_places",
        ),
        ("LAB.HEM/LAB.PLT", Raw::Text("61"), "input_unit_needed"),
        ("LAB.HEM/LAB.PLT", Raw::Number("61", "g/L"), "input_not_a_unit"),
        (
            "LAB.HEM/LAB.PLT",
            Raw::Absent(Missing::Unknown),
            "input_missing_not_allowed",
        ),
        ("LAB.HEM/LAB.DATE", Raw::Text("5 March"), "input_not_a_date"),
        ("LAB.HEM/LAB.DATE", Raw::Text("2026-02-30"), "input_no_such_day"),
        ("LAB.HEM/LAB.DATE", Raw::Text("2026-02"), "input_whole_date_needed"),
        ("LAB.CHEM/LAB.GILBERT", Raw::Codes(&["MAYBE"]), "input_not_a_code"),
        ("LAB.CHEM/LAB.GILBERT", Raw::Codes(&["Y", "N"]), "input_one_code_only"),
        ("LAB.DERIVED/LAB.EGFR", Raw::Number("90", "mL/min"), "input_computed"),
    ];
    for (path, raw, expected) in cases {
        let answer = room.type_at(&format!("{lab}/{path}"), *raw);
        assert_eq!(code(answer), *expected, "{path} {raw:?}");
    }
    let both = EnterValue {
        missing: Some(Missing::NotDone),
        ..enter(&item(PLT), Raw::Number("61", "10^9/L"))
    };
    assert_eq!(code(acts::enter_value(&mut room.desk, both)), "input_value_and_missing");
    let (_, facts) = refused(room.type_at(PLT, Raw::Number("61", "g/L")));
    assert_eq!(fact(&facts, "allowed"), "10^9/L, /uL");
    assert_eq!(room.length(), length);
    assert!(find(&room.form(lab), "LAB.PLT").value.is_none());
}

#[test]
fn outside_the_range_is_saved_and_keeps_the_form_from_being_complete() {
    let mut room = site();
    room.fill("S-001/SCR/PERF", &Chart::eligible());
    let view = room
        .type_at("S-001/SCR/PERF/PERF.VITALS/PERF.HR", Raw::Number("999", "/min"))
        .unwrap();
    let rate = find(&view, "PERF.HR");
    assert!(
        rate.value.is_some() && rate.findings.iter().any(|f| f.kind == "range"),
        "{rate:?}"
    );
    assert_eq!(view.may_complete.as_deref(), Some("form_has_blockers"));
    let length = room.length();
    let (refusal, facts) = refused(room.complete("S-001/SCR/PERF"));
    assert_eq!(refusal, "form_has_blockers");
    assert!(fact(&facts, "items").contains("PERF.HR"), "{facts:?}");
    assert_eq!(room.length(), length);
}

#[test]
fn an_empty_or_half_empty_form_is_not_complete() {
    let mut room = site();
    assert_eq!(code(room.complete("S-001/SCR/LAB")), "form_is_empty");
    room.type_at(PLT, Raw::Number("61", "10^9/L")).unwrap();
    let (refusal, facts) = refused(room.complete("S-001/SCR/LAB"));
    assert_eq!(refusal, "form_has_blockers");
    assert!(fact(&facts, "count").parse::<u32>().unwrap() > 5);
    assert!(fact(&facts, "items").contains("LAB.CREAT"));
}

#[test]
fn a_completed_form_asks_for_a_reason() {
    let mut room = site();
    let path = "S-001/SCR/LAB";
    room.fill(path, &Chart::eligible());
    let done = room.complete(path).unwrap();
    assert!(done.reason_due);
    assert_eq!(code(room.complete(path)), "already_complete");
    let length = room.length();
    assert_eq!(code(room.type_at(PLT, Raw::Number("62", "10^9/L"))), "reason_due");
    assert_eq!(
        code(room.correct(PLT, Raw::Number("62", "10^9/L"), "whatever")),
        "reason_needed"
    );
    assert_eq!(
        code(room.correct(PLT, Raw::Number("62", "10^9/L"), "other")),
        "reason_needed"
    );
    assert_eq!(room.length(), length);
    // The same value again changes nothing and needs none.
    room.type_at(PLT, Raw::Number("61", "10^9/L")).unwrap();
    assert_eq!(room.length(), length);
    let view = room.correct(PLT, Raw::Number("62", "10^9/L"), "transcription").unwrap();
    assert_eq!((view.state.as_str(), room.length()), ("complete", length + 1));
    // A required answer taken out opens the form again, in the same save.
    let view = room.correct(PLT, Raw::Text(""), "transcription").unwrap();
    assert_eq!((view.state.as_str(), room.length()), ("started", length + 3));
    assert_eq!(room.journal()[0].act, "form_reopened");
}

#[test]
fn a_reason_is_a_reason_wherever_it_is_given() {
    let mut room = site();
    let length = room.length();
    assert_eq!(
        code(room.correct(PLT, Raw::Number("62", "10^9/L"), "whatever")),
        "reason_needed"
    );
    let form = form("S-001/SCR/LAB");
    let asked = ReopenForm {
        form: form.clone(),
        reason: because("other"),
    };
    assert_eq!(code(acts::reopen_form(&mut room.desk, asked)), "reason_needed");
    let asked = ReopenForm {
        form,
        reason: because("transcription"),
    };
    assert_eq!(code(acts::reopen_form(&mut room.desk, asked)), "not_complete");
    assert_eq!(room.length(), length);
    room.sit("admin");
    let people = acts::people(&mut room.desk, conduct::requests::People {}).unwrap();
    let nurse = people
        .people
        .iter()
        .find(|p| p.login == "nurse2")
        .unwrap()
        .person
        .clone();
    let asked = conduct::requests::DisablePerson {
        person: nurse.clone(),
        reason: because("because"),
    };
    assert_eq!(code(acts::disable_person(&mut room.desk, asked)), "reason_needed");
    let asked = conduct::requests::DisablePerson {
        person: nurse,
        reason: because("other"),
    };
    assert_eq!(code(acts::disable_person(&mut room.desk, asked)), "reason_needed");
}

#[test]
fn answers_below_are_hidden_only_after_asking() {
    let mut room = site();
    let path = "S-001/SCR/CNS";
    room.fill(path, &Chart::eligible());
    let switch = format!("{path}/CNS.EXAM/CNS.LP_DONE");
    let length = room.length();
    let (refusal, facts) = refused(room.type_at(&switch, Raw::Codes(&["N"])));
    assert_eq!(refusal, "hides_answers");
    assert_eq!(
        fact(&facts, "items"),
        "CNS.LP_DATE, CNS.BLASTS, CNS.CSF_WBC, CNS.CSF_RBC"
    );
    assert_eq!(room.length(), length);
    let asked = EnterValue {
        hide_answers: true,
        ..enter(&item(&switch), Raw::Codes(&["N"]))
    };
    let view = acts::enter_value(&mut room.desk, asked).unwrap();
    let hidden = find(&view, "CNS.CSF_WBC");
    assert!(!hidden.shown && hidden.value.is_some(), "hidden, not erased");
    let view = room.type_at(&switch, Raw::Codes(&["Y"])).unwrap();
    assert!(find(&view, "CNS.CSF_WBC").shown);
}

/// Rules reach across forms: what a correction would undo elsewhere is asked first, and opens the form there again.
#[test]
fn a_correction_on_one_form_reaches_the_others() {
    let mut room = site();
    for form in ["CONSENT", "DM", "PERF"] {
        let path = format!("S-001/SCR/{form}");
        room.fill(&path, &Chart::eligible());
        room.complete(&path).unwrap();
    }
    let birth = "S-001/SCR/DM/DM.MAIN/DM.BIRTH";
    let (refusal, facts) = refused(room.correct(birth, Raw::Text("2015-03-01"), "transcription"));
    assert_eq!(refusal, "hides_answers");
    assert!(fact(&facts, "items").contains("PERF.ECOG"), "{facts:?}");
    let asked = EnterValue {
        hide_answers: true,
        reason: Some(because("transcription")),
        ..enter(&item(birth), Raw::Text("2015-03-01"))
    };
    acts::enter_value(&mut room.desk, asked).unwrap();
    assert_eq!(room.form("S-001/SCR/PERF").state, "started", "Lansky is due now");
    assert_eq!(room.form("S-001/SCR/DM").state, "complete");
    room.sound();
}

/// A verdict is not attested while what it rests on contradicts itself.
#[test]
fn eligibility_is_not_confirmed_over_a_hard_finding() {
    let mut room = Room::furnished();
    room.pass_days(6);
    room.sit("nurse");
    room.screen("S-001", &Chart::eligible());
    let planned = find(&room.form("S-001/SCR/HSCT"), "HSCT.PLANNED").path.to_string();
    let view = room
        .correct(&planned, Raw::Text("2026-03-11"), "transcription")
        .unwrap();
    assert_eq!(view.state, "started", "the day of lymphodepletion: that cannot be");
    room.sit("doctor");
    let asked = conduct::requests::EligibilityOf {
        subject: "S-001".into(),
    };
    let verdict = acts::eligibility(&mut room.desk, asked).unwrap();
    assert_eq!(verdict.verdict, "eligible");
    assert_eq!(verdict.may_confirm.as_deref(), Some("form_has_blockers"));
}

#[test]
fn what_does_not_exist_is_refused_by_name() {
    let mut room = site();
    let length = room.length();
    let (refusal, facts) = refused(room.type_at("S-404/SCR/LAB/LAB.HEM/LAB.PLT", Raw::Number("61", "10^9/L")));
    assert_eq!(
        (refusal.as_str(), fact(&facts, "subject").as_str()),
        ("no_such_subject", "S-404")
    );
    for (path, expected) in [
        ("S-001/SCR/NONE/LAB.HEM/LAB.PLT", "no_such_form"),
        ("S-001/D28/LAB/LAB.HEM/LAB.PLT", "no_such_form"),
        ("S-001/SCR[2]/LAB/LAB.HEM/LAB.PLT", "no_such_form"),
        ("S-001/SCR/LAB/LAB.HEM/LAB.NONE", "no_such_item"),
        ("S-001/SCR/LAB/LAB.CHEM/LAB.PLT", "no_such_item"),
        ("S-001/SCR/LAB/LAB.HEM[2]/LAB.PLT", "no_such_item"),
    ] {
        let (refusal, facts) = refused(room.type_at(path, Raw::Number("61", "10^9/L")));
        assert_eq!(refusal, expected, "{path}");
        assert_eq!(facts.len(), 1, "{path}");
    }
    let asked = SubjectOf {
        subject: "S-404".into(),
    };
    assert_eq!(code(acts::subject(&mut room.desk, asked)), "no_such_subject");
    let asked = FormOf {
        form: form("S-001/SCR/NONE"),
    };
    assert_eq!(code(acts::form(&mut room.desk, asked)), "no_such_form");
    let asked = RemoveRow {
        form: form("S-001/SCR/LAB"),
        group: "LAB.HEM".into(),
        row: 1,
        reason: because("query"),
    };
    assert_eq!(code(acts::remove_row(&mut room.desk, asked)), "no_such_row");
    for (subject, expected) in [
        ("S-001", "subject_exists"),
        ("Zhang San", "subject_code_form"),
        ("", "subject_code_form"),
    ] {
        let asked = AddSubject {
            subject: subject.into(),
        };
        assert_eq!(code(acts::add_subject(&mut room.desk, asked)), expected, "{subject:?}");
    }
    assert_eq!(room.length(), length);
}

#[test]
fn a_row_taken_out_stays_in_the_journal_and_its_number_is_not_used_again() {
    let mut room = site();
    room.pass_days(10);
    room.vitals("S-001");
    let removed = RemoveRow {
        form: form("S-001/INF/INFUSION"),
        group: "INFUSION.VITALS".into(),
        row: 3,
        reason: because("transcription"),
    };
    let view = acts::remove_row(&mut room.desk, removed).unwrap();
    let vitals = view.groups.iter().find(|g| g.group == "INFUSION.VITALS").unwrap();
    assert_eq!(vitals.rows.iter().map(|r| r.row).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(vitals.next_row, 4);
    let path = item("S-001/INF/INFUSION/INFUSION.VITALS[3]/INFUSION.V_HR");
    let past = acts::history(&mut room.desk, conduct::requests::HistoryOf { path }).unwrap();
    assert!(!past.values.is_empty());
    room.sound();
}

#[test]
fn only_what_was_compared_is_verified() {
    let mut room = site();
    let path = "S-001/SCR/LAB";
    room.fill(path, &Chart::eligible());
    room.sit("monitor");
    let verify = |version| Verify {
        path: item(PLT),
        version,
    };
    assert_eq!(code(acts::verify(&mut room.desk, verify(1))), "form_not_complete");
    room.sit("nurse");
    room.complete(path).unwrap();
    room.correct(PLT, Raw::Number("62", "10^9/L"), "transcription").unwrap();
    room.sit("monitor");
    let length = room.length();
    let (refusal, facts) = refused(acts::verify(&mut room.desk, verify(1)));
    assert_eq!(
        (refusal.as_str(), fact(&facts, "now").as_str()),
        ("changed_meanwhile", "2")
    );
    let empty = Verify {
        path: item("S-001/SCR/LAB/LAB.OTHER/LAB.CRP"),
        version: 0,
    };
    assert_eq!(code(acts::verify(&mut room.desk, empty)), "nothing_to_verify");
    let withdraw = || WithdrawVerification {
        path: item(PLT),
        reason: because("source_corrected"),
    };
    assert_eq!(
        code(acts::withdraw_verification(&mut room.desk, withdraw())),
        "not_verified"
    );
    assert_eq!(room.length(), length);
    acts::verify(&mut room.desk, verify(2)).unwrap();
    assert_eq!(code(acts::verify(&mut room.desk, verify(2))), "already_verified");
    assert_eq!(
        acts::withdraw_verification(&mut room.desk, withdraw())
            .unwrap()
            .verification,
        "none"
    );
    room.sound();
}

#[test]
fn a_query_goes_from_state_to_state_and_not_otherwise() {
    let mut room = site();
    room.sit("data");
    let ask = |text: &str| RaiseQuery {
        path: item(PLT),
        text: text.into(),
    };
    assert_eq!(code(acts::raise_query(&mut room.desk, ask("  "))), "query_words");
    assert_eq!(
        code(acts::raise_query(&mut room.desk, ask(&"?".repeat(2001)))),
        "query_words"
    );
    let query = acts::raise_query(&mut room.desk, ask("Why is it empty?")).unwrap();
    assert_eq!((query.version, query.may), (0, vec!["close".to_owned()]));
    let again = || ReopenQuery {
        query: query.query.clone(),
        text: "Still empty.".into(),
    };
    let (refusal, facts) = refused(acts::reopen_query(&mut room.desk, again()));
    assert_eq!(
        (refusal.as_str(), fact(&facts, "state").as_str()),
        ("query_state", "open")
    );
    room.sit("nurse");
    let answer = || AnswerQuery {
        query: query.query.clone(),
        text: "Tube clotted.".into(),
    };
    acts::answer_query(&mut room.desk, answer()).unwrap();
    assert_eq!(code(acts::answer_query(&mut room.desk, answer())), "query_state");
    room.sit("monitor");
    assert_eq!(acts::reopen_query(&mut room.desk, again()).unwrap().state, "open");
    let close = || CloseQuery {
        query: query.query.clone(),
        text: Some("Seen.".into()),
    };
    assert_eq!(acts::close_query(&mut room.desk, close()).unwrap().state, "closed");
    assert_eq!(code(acts::close_query(&mut room.desk, close())), "query_state");
    let unknown = CloseQuery {
        query: "q-0000000000000000".into(),
        text: None,
    };
    assert_eq!(code(acts::close_query(&mut room.desk, unknown)), "no_such_query");
    room.sound();
}

#[test]
fn a_log_in_name_is_somebodys_for_ever() {
    let mut room = Room::furnished();
    room.sit("admin");
    let add = |login: &str, printed: &str, verified: &str| AddPerson {
        login: login.into(),
        printed_name: printed.into(),
        role: Role::Nurse,
        identity_verified: verified.into(),
        password: PASSWORD.into(),
        days: None,
    };
    let length = room.length();
    assert_eq!(
        code(acts::add_person(&mut room.desk, add("nurse", "Another", "badge"))),
        "login_taken"
    );
    assert_eq!(
        code(acts::add_person(&mut room.desk, add("Nurse Li", "Another", "badge"))),
        "login_form"
    );
    assert_eq!(
        code(acts::add_person(&mut room.desk, add("other", " ", "badge"))),
        "printed_name_needed"
    );
    assert_eq!(
        code(acts::add_person(&mut room.desk, add("other", "Another", ""))),
        "identity_words_needed"
    );
    assert_eq!(room.length(), length);
    let people = acts::people(&mut room.desk, conduct::requests::People {})
        .unwrap()
        .people;
    let of = |login: &str| people.iter().find(|p| p.login == login).unwrap().person.clone();
    let disable = |person| conduct::requests::DisablePerson {
        person,
        reason: because("source_corrected"),
    };
    assert_eq!(
        code(acts::disable_person(&mut room.desk, disable(of("admin")))),
        "not_yourself"
    );
    acts::disable_person(&mut room.desk, disable(of("nurse2"))).unwrap();
    assert_eq!(
        code(acts::add_person(&mut room.desk, add("nurse2", "Another", "badge"))),
        "login_taken"
    );
    room.lock();
    let gone = code(room.unlock("nurse2", PASSWORD));
    assert!(gone == "disabled" || gone == "wrong_password", "{gone}");
    room.sit("auditor");
    room.sound();
}
