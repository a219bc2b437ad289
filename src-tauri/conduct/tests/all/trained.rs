//! Training recorded with a person, and the yearly look at everybody who may log in.

use conduct::{
    Role, acts,
    problem::Answer,
    requests::{
        Access, AddPerson, ConfirmPeople, CreateSite, DisablePerson, People, RecordTraining, ToSign, Today, WriteAccess,
    },
    views::{PeopleView, PersonView},
};

use crate::{
    chart::{Chart, Raw, because},
    room::{PASSWORD, Room, code, fact, form, refused},
};

const LAB: &str = "S-001/SCR/LAB";
const PLT: &str = "S-001/SCR/LAB/LAB.HEM/LAB.PLT";
/// A password for files that are no practice.
const REAL: &str = "seven quiet herons wade upstream";

fn people(room: &mut Room) -> PeopleView {
    acts::people(&mut room.desk, People {}).unwrap()
}

fn person(room: &mut Room, login: &str) -> PersonView {
    people(room)
        .people
        .into_iter()
        .find(|person| person.login == login)
        .unwrap()
}

fn train(room: &mut Room, login: &str, topic: &str, on: &str) -> Answer<PeopleView> {
    let person = person(room, login).person;
    let (topic, on) = (topic.into(), on.into());
    acts::record_training(&mut room.desk, RecordTraining { person, topic, on })
}

#[test]
fn a_training_is_recorded_by_somebody_else_and_stands_in_the_report() {
    let mut room = Room::furnished();
    room.sit("admin");
    assert!(person(&mut room, "nurse").training_due);
    assert!(!person(&mut room, "auditor").training_due, "an auditor attests nothing");
    for (login, topic, on, refusal) in [
        ("admin", "GCP", "2026-03-01", "training_own"),
        ("nurse", "  ", "2026-03-01", "training_topic"),
        ("nurse", "GCP", "yesterday", "training_day"),
        ("nurse", "GCP", "2026-03-03", "training_day"),
    ] {
        assert_eq!(
            code(train(&mut room, login, topic, on)),
            refusal,
            "{login} {topic} {on}"
        );
    }
    train(&mut room, "nurse", "Cartwright, data entry; GCP", "2026-02-20").unwrap();
    let nurse = person(&mut room, "nurse");
    assert!(!nurse.training_due);
    let said = &nurse.trainings[0];
    assert_eq!(
        (
            said.role,
            said.topic.as_str(),
            said.on.as_str(),
            said.recorded_by.as_str()
        ),
        (Role::Nurse, "Cartwright, data entry; GCP", "2026-02-20", "Zhao Min")
    );
    let newest = room.journal().remove(0);
    assert_eq!(newest.act, "training_recorded");
    assert!(newest.text.unwrap().starts_with("Li Na, RN: Cartwright"));
    let untrained = acts::today(&mut room.desk, Today {}).unwrap().untrained;
    let due = people(&mut room)
        .people
        .iter()
        .filter(|person| person.training_due)
        .count();
    assert_eq!(usize::try_from(untrained).unwrap(), due);
    // The investigator, who answers for the staff, records too; a nurse does not, and is told of nothing.
    room.sit("doctor");
    train(&mut room, "nurse2", "Cartwright", "2026-02-21").unwrap();
    room.sit("nurse");
    assert_eq!(code(train(&mut room, "nurse2", "GCP", "2026-02-21")), "not_your_role");
    assert_eq!(acts::today(&mut room.desk, Today {}).unwrap().untrained, 0);

    room.sit("auditor");
    let rows = acts::access(&mut room.desk, Access {}).unwrap().rows;
    let trained = |login: &str| rows.iter().find(|row| row.login == login).unwrap().trainings.len();
    assert_eq!((trained("nurse"), trained("nurse2"), trained("doctor")), (1, 1, 0));
    let handle = room.desk.choose(room.folder.clone());
    let asked = WriteAccess {
        what: "access".into(),
        format: "csv".into(),
        locale: "en".into(),
        handle,
    };
    let file = acts::write_access(&mut room.desk, asked).unwrap().file;
    let csv = std::fs::read_to_string(room.folder.join(file)).unwrap();
    let line = |login: &str| {
        csv.lines()
            .find(|line| line.contains(&format!("\"{login}\"")))
            .unwrap()
            .to_owned()
    };
    assert!(line("nurse").contains("\"nurse\",\"2026-02-20\""), "{}", line("nurse"));
    assert!(
        line("doctor").contains("\"investigator\",\"none\""),
        "{}",
        line("doctor")
    );
    room.sound();
}

/// A file that is no practice, its administrator in front of it, one nurse added who has accepted the declaration.
fn real() -> Room {
    let mut room = Room::empty();
    let (mut desk, _) = crate::room::desk(77, &room.clock, &room.folder.join("devices"));
    std::mem::swap(&mut room.desk, &mut desk);
    let handle = room.desk.choose(room.file());
    let asked = CreateSite {
        handle,
        site: "012".into(),
        site_name: "Hospital".into(),
        login: "admin".into(),
        printed_name: "Zhao Min".into(),
        identity_verified: "badge and passport".into(),
        password: REAL.into(),
    };
    acts::create_site(&mut room.desk, asked).unwrap();
    let asked = AddPerson {
        login: "nurse".into(),
        printed_name: "Li Na, RN".into(),
        role: Role::Nurse,
        identity_verified: "badge and passport".into(),
        password: REAL.into(),
        days: None,
    };
    acts::add_person(&mut room.desk, asked).unwrap();
    room
}

fn sit(room: &mut Room, login: &str) {
    room.pass(60);
    room.lock();
    room.unlock(login, REAL).unwrap();
}

#[test]
fn without_training_facts_are_kept_and_attestations_wait() {
    let mut room = real();
    sit(&mut room, "nurse");
    let text = room.statement("declaration");
    let asked = conduct::requests::AcceptDeclaration {
        text,
        password: REAL.into(),
    };
    acts::accept_declaration(&mut room.desk, asked).unwrap();
    room.pass_days(6);
    // Facts are never blocked.
    room.add_subject("S-001");
    room.fill(LAB, &Chart::eligible());
    let (refusal, facts) = refused(room.complete(LAB));
    assert_eq!(
        (refusal.as_str(), fact(&facts, "role").as_str()),
        ("training_due", "nurse")
    );
    let view = room.form(LAB);
    assert_eq!(
        view.may_complete.as_deref(),
        Some("training_due"),
        "the page says so before"
    );
    sit(&mut room, "admin");
    train(&mut room, "nurse", "Cartwright, data entry", "2026-03-01").unwrap();
    sit(&mut room, "nurse");
    assert_eq!(room.complete(LAB).unwrap().state, "complete");
    room.sound();
}

#[test]
fn in_a_practice_file_it_is_told_and_nothing_waits() {
    let mut room = Room::furnished();
    room.pass_days(6);
    room.sit("nurse");
    room.add_subject("S-001");
    room.fill(LAB, &Chart::eligible());
    room.complete(LAB).unwrap();
    assert!(person(&mut room, "nurse").training_due);
    room.sit("doctor");
    assert_eq!(acts::to_sign(&mut room.desk, ToSign {}).unwrap().blocked, None);
    room.type_at(PLT, Raw::Number("62", "10^9/L")).unwrap_err();
    assert_eq!(room.form(LAB).form, form(LAB));
}

#[test]
fn once_a_year_an_administrator_goes_over_everybody() {
    let mut room = Room::furnished();
    room.sit("admin");
    let due = |room: &mut Room| {
        (
            people(room).confirm_due,
            acts::today(&mut room.desk, Today {}).unwrap().people_due,
        )
    };
    assert_eq!(due(&mut room), (false, false));
    assert_eq!(people(&mut room).confirmed, None);
    room.pass_days(366);
    room.sit("nurse");
    assert_eq!(due(&mut room), (true, false), "told to whoever can do it");
    room.sit("admin");
    assert_eq!(due(&mut room), (true, true));
    let may = |room: &mut Room| -> Vec<String> {
        let active = people(room).people.into_iter().filter(|person| person.active);
        active.map(|person| person.person).collect()
    };
    let confirm = |room: &mut Room, people: Vec<String>, password: &str| {
        let password = password.into();
        acts::confirm_people(&mut room.desk, ConfirmPeople { people, password })
    };
    let seen = may(&mut room);
    let gone = person(&mut room, "nurse2").person;
    let asked = DisablePerson {
        person: gone.clone(),
        reason: because("transcription"),
    };
    acts::disable_person(&mut room.desk, asked).unwrap();
    assert_eq!(code(confirm(&mut room, seen, PASSWORD)), "people_changed");
    let now = may(&mut room);
    assert!(!now.contains(&gone));
    assert_eq!(code(confirm(&mut room, now.clone(), "not it")), "wrong_password");
    room.pass(60);
    let view = confirm(&mut room, now, PASSWORD).unwrap();
    assert_eq!(view.confirmed.unwrap().by, "Zhao Min");
    assert_eq!(due(&mut room), (false, false));
    assert_eq!(room.journal()[0].act, "people_confirmed");
    room.pass_days(364);
    assert_eq!(due(&mut room), (false, false));
    room.pass_days(2);
    assert!(people(&mut room).confirm_due, "every year again");
    room.sound();
}
