//! Access that ends by itself, duties handed on and taken back, and the report of who could do what.

use std::fs;

use conduct::{
    Reason, Role, acts,
    problem::Answer,
    requests::{Access, AddPerson, Delegate, DisablePerson, EndDelegation, GrantAccess, People, Today, WriteAccess},
    views::{AccessView, PeopleView},
};

use crate::room::{PASSWORD, Room, code, fact, refused};

fn reason(text: &str) -> Reason {
    Reason {
        code: "other".into(),
        text: Some(text.into()),
    }
}

fn add(room: &mut Room, login: &str, role: Role, days: Option<u32>) -> Answer<PeopleView> {
    acts::add_person(
        &mut room.desk,
        AddPerson {
            login: login.into(),
            printed_name: format!("{login} (printed)"),
            role,
            identity_verified: "passport".into(),
            password: PASSWORD.into(),
            days,
        },
    )
}

fn person(room: &mut Room, login: &str) -> String {
    let people = acts::people(&mut room.desk, People {}).unwrap().people;
    people.into_iter().find(|person| person.login == login).unwrap().person
}

fn seen(room: &mut Room) -> AccessView {
    acts::access(&mut room.desk, Access {}).unwrap()
}

fn delegate(room: &mut Room, login: &str, duties: &[&str], from: &str, until: Option<&str>) -> Answer<AccessView> {
    let person = person(room, login);
    acts::delegate(
        &mut room.desk,
        Delegate {
            person,
            duties: duties.iter().map(|duty| (*duty).to_owned()).collect(),
            from: from.into(),
            until: until.map(str::to_owned),
        },
    )
}

#[test]
fn an_auditor_reads_for_so_many_days_and_then_no_more() {
    let mut room = Room::furnished();
    room.sit("admin");
    for days in [None, Some(0), Some(367)] {
        assert_eq!(code(add(&mut room, "inspector", Role::Auditor, days)), "days_needed");
    }
    add(&mut room, "inspector", Role::Auditor, Some(3)).unwrap();
    room.sit("inspector");
    room.declare();
    acts::today(&mut room.desk, Today {}).unwrap();
    // It ends in the middle of a sitting: locked, told, and the journal says how.
    room.pass_days(3);
    let (refusal, facts) = refused(acts::today(&mut room.desk, Today {}));
    assert_eq!(refusal, "access_ended");
    assert!(fact(&facts, "until").starts_with("2026-03-05T"), "{facts:?}");
    assert!(room.status().session.is_none());
    assert_eq!(code(room.unlock("inspector", PASSWORD)), "access_ended");
    room.sit("admin");
    let attempts = room.status().session.unwrap().attempts.unwrap();
    let refused: Vec<_> = attempts.refused.iter().map(|row| row.commands.join(",")).collect();
    assert_eq!(refused, ["unlock"], "that it was tried is told");
    let locked = room.journal().into_iter().find(|entry| entry.act == "locked").unwrap();
    assert_eq!(locked.text.as_deref(), Some("ended"));
    let people = acts::people(&mut room.desk, People {}).unwrap().people;
    let inspector = people.iter().find(|person| person.login == "inspector").unwrap();
    assert!(!inspector.active && inspector.until.is_some());
    room.sound();
}

#[test]
fn turning_the_clock_back_gives_nobody_a_day_more() {
    let mut room = Room::furnished();
    room.sit("admin");
    add(&mut room, "inspector", Role::Auditor, Some(3)).unwrap();
    room.pass_days(4);
    room.sit("nurse");
    room.lock();
    room.pass_days(-4);
    for _ in 0..3 {
        assert_eq!(code(room.unlock("inspector", PASSWORD)), "access_ended");
        room.pass(60);
    }
    // Nor does somebody else's sitting under that clock; until somebody who may has said that it is right.
    room.sit("nurse");
    room.add_subject("S-001");
    room.lock();
    assert_eq!(code(room.unlock("inspector", PASSWORD)), "access_ended");
    room.sit("admin");
    acts::acknowledge_clock(&mut room.desk, conduct::requests::AcknowledgeClock {}).unwrap();
    room.sit("inspector");
}

#[test]
fn another_grant_opens_another_time() {
    let mut room = Room::furnished();
    room.sit("admin");
    add(&mut room, "inspector", Role::Auditor, Some(3)).unwrap();
    let inspector = person(&mut room, "inspector");
    let grant = |room: &mut Room, person: &str, days: u32| {
        acts::grant_access(
            &mut room.desk,
            GrantAccess {
                person: person.into(),
                days,
                reason: reason("The visit goes on."),
            },
        )
    };
    // While it runs: it runs longer.
    grant(&mut room, &inspector, 5).unwrap();
    room.pass_days(4);
    room.sit("inspector");
    room.pass_days(10);
    room.sit("admin");
    grant(&mut room, &inspector, 2).unwrap();
    assert_eq!(code(grant(&mut room, &inspector, 400)), "days_needed");
    let administrator = person(&mut room, "admin");
    assert_eq!(code(grant(&mut room, &administrator, 5)), "administrator_without_end");
    room.sit("inspector");
    let times: Vec<_> = seen(&mut room)
        .rows
        .into_iter()
        .filter(|row| row.login == "inspector")
        .map(|row| {
            (
                row.from.at[..10].to_owned(),
                row.to.unwrap().at[..10].to_owned(),
                row.ended,
            )
        })
        .collect();
    let day = |day: &str| format!("2026-03-{day}");
    assert_eq!(
        times,
        [
            (day("02"), day("07"), Some("expired".to_owned())),
            (day("16"), day("18"), None)
        ]
    );
    room.sit("auditor");
    room.sound();
}

#[test]
fn a_person_whose_access_is_over_is_no_second_person_either() {
    let mut room = Room::furnished();
    room.sit("admin");
    add(&mut room, "locum", Role::Investigator, Some(1)).unwrap();
    room.pass_days(2);
    let asked = conduct::requests::SwitchKeySheet {
        on: true,
        password: PASSWORD.into(),
        second_login: Some("locum".into()),
        second_password: Some(PASSWORD.into()),
        reason: reason("x"),
    };
    assert_eq!(code(acts::switch_key_sheet(&mut room.desk, asked)), "access_ended");
}

#[test]
fn duties_are_handed_on_by_the_investigator_and_taken_back() {
    let mut room = Room::furnished();
    room.sit("doctor");
    let given = delegate(
        &mut room,
        "nurse",
        &["infusion", "identity"],
        "2026-03-02",
        Some("2026-06-30"),
    )
    .unwrap();
    let row = &given.delegations[0];
    assert_eq!(
        (row.printed_name.as_str(), row.delegated_by.as_str()),
        ("Li Na, RN", "Chen Wei, MD")
    );
    for (login, duties, from, until, refusal) in [
        ("nurse", &[][..], "2026-03-02", None, "delegation_duties"),
        ("nurse", &["surgery"], "2026-03-02", None, "delegation_duties"),
        ("nurse", &["entry"], "tomorrow", None, "delegation_days"),
        ("nurse", &["entry"], "2026-03-02", Some("2026-03-01"), "delegation_days"),
        ("monitor", &["entry"], "2026-03-02", None, "delegation_role"),
        ("admin", &["entry"], "2026-03-02", None, "delegation_role"),
    ] {
        assert_eq!(
            code(delegate(&mut room, login, duties, from, until)),
            refusal,
            "{login} {from}"
        );
    }
    let delegation = row.delegation.clone();
    let end = |room: &mut Room| {
        let asked = EndDelegation {
            delegation: delegation.clone(),
            reason: reason("On leave."),
        };
        acts::end_delegation(&mut room.desk, asked)
    };
    room.pass_days(1);
    let ended = end(&mut room).unwrap().delegations.remove(0);
    assert_eq!(
        (ended.ended_by.as_deref(), ended.reason.as_deref()),
        (Some("Chen Wei, MD"), Some("On leave."))
    );
    assert_eq!(code(end(&mut room)), "no_such_delegation");
    room.sound();
}

#[test]
fn the_report_says_who_could_do_what_over_the_whole_life_of_the_file() {
    let mut room = Room::furnished();
    room.sit("doctor");
    delegate(&mut room, "sub", &["consent"], "2026-03-02", None).unwrap();
    room.sit("admin");
    room.pass_days(2);
    let nurse = person(&mut room, "nurse2");
    let asked = DisablePerson {
        person: nurse,
        reason: reason("Left the hospital, \"for good\"."),
    };
    acts::disable_person(&mut room.desk, asked).unwrap();
    room.sit("auditor");
    let view = seen(&mut room);
    assert_eq!(view.rows.len(), crate::room::PEOPLE.len());
    let left = view.rows.iter().find(|row| row.login == "nurse2").unwrap();
    assert_eq!(
        (left.ended.as_deref(), left.ended_by.as_deref()),
        (Some("disabled"), Some("Zhao Min"))
    );
    assert!(left.to.as_ref().unwrap().at.starts_with("2026-03-04"));
    let signs: Vec<Role> = view
        .roles
        .iter()
        .filter(|r| r.rights.iter().any(|a| a == "sign"))
        .map(|r| r.role)
        .collect();
    assert_eq!(signs, [Role::Investigator]);

    let write = |room: &mut Room, what: &str, format: &str| {
        let handle = room.desk.choose(room.folder.clone());
        let asked = WriteAccess {
            what: what.into(),
            format: format.into(),
            locale: "en".into(),
            handle,
        };
        acts::write_access(&mut room.desk, asked)
    };
    let length = room.length();
    let csv = write(&mut room, "access", "csv").unwrap();
    let csv = fs::read_to_string(room.folder.join(&csv.file)).unwrap();
    let lines: Vec<&str> = csv.split_terminator("\r\n").collect();
    assert_eq!(lines[0], "name,login,role,trained,from,to,granted_by,ended,may");
    assert_eq!(lines.len(), 1 + view.rows.len() + 1, "the delegation too");
    let nurse = lines.iter().find(|line| line.contains("\"nurse2\"")).unwrap();
    assert!(
        nurse.contains("Left the hospital, \"\"for good\"\".") && nurse.contains("enter_value"),
        "{nurse}"
    );
    let auditor = lines.iter().find(|line| line.contains("\"auditor\"")).unwrap();
    assert!(
        !auditor.contains("enter_value") && auditor.contains("audit"),
        "{auditor}"
    );
    for what in ["access", "delegations"] {
        let pdf = write(&mut room, what, "pdf").unwrap();
        let page = fs::read_to_string(room.folder.join(&pdf.file)).unwrap();
        assert!(page.contains("Sun Yue, MD") && page.contains("consent"), "{page}");
    }
    assert_eq!(code(write(&mut room, "secrets", "pdf")), "no_such_report");
    assert_eq!(code(write(&mut room, "access", "xlsx")), "no_such_report");
    assert_eq!(room.length(), length, "reading changes nothing");
    room.sound();
}

#[test]
fn a_table_for_spreadsheets_holds_nothing_that_they_would_work_out() {
    let mut room = Room::furnished();
    room.sit("admin");
    for (login, printed) in [
        ("eve", "=HYPERLINK(\"x\")"),
        ("mallory", "@SUM(A1)"),
        ("trudy", "-2+3"),
        ("bob", "+1"),
    ] {
        room.add(login, printed, Role::Nurse).unwrap();
    }
    let asked = WriteAccess {
        handle: room.desk.choose(room.folder.clone()),
        what: "access".into(),
        format: "csv".into(),
        locale: "en".into(),
    };
    let file = acts::write_access(&mut room.desk, asked).unwrap().file;
    let csv = fs::read_to_string(room.folder.join(file)).unwrap();
    for line in csv.split_terminator("\r\n") {
        for cell in line.trim_matches('"').split("\",\"") {
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{line}");
        }
    }
    assert!(csv.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{csv}");
}

#[test]
fn words_not_sent_are_kept_in_the_file_for_whoever_typed_them() {
    let mut room = Room::furnished();
    room.sit("monitor");
    let keep = |room: &mut Room, text: &str| {
        let asked = conduct::requests::KeepDraft {
            key: "query/q-1".into(),
            text: text.into(),
        };
        acts::keep_draft(&mut room.desk, asked)
    };
    keep(&mut room, "Please look at the source").unwrap();
    assert_eq!(code(keep(&mut room, &"x".repeat(20_001))), "draft_too_long");
    let drafts = |room: &mut Room| {
        acts::drafts(&mut room.desk, conduct::requests::Drafts {})
            .unwrap()
            .drafts
    };
    room.sit("nurse");
    assert_eq!(drafts(&mut room), []);
    room.sit("monitor");
    assert_eq!(
        drafts(&mut room),
        [("query/q-1".to_owned(), "Please look at the source".to_owned())]
    );
    assert!(acts::today(&mut room.desk, Today {}).unwrap().typed.is_empty());
    keep(&mut room, "").unwrap();
    assert_eq!(drafts(&mut room), []);
    room.sound();
}
