//! What was asked about a value that is no longer there: in a row that was taken out, or taken out as the answer itself.

use conduct::{
    acts,
    requests::{AnswerQuery, CloseQuery, EnterValue, FormOf, Queries, RaiseQuery, RemoveRow},
    views::{FormView, QueryView},
};

use crate::{
    cards,
    chart::Raw,
    exchange::{because, exported, import, two_laptops},
    room::{Room, code, form, item},
};

const INFUSION: &str = "S-001/INF/INFUSION";
const ROW: &str = "S-001/INF/INFUSION/INFUSION.VITALS[3]/INFUSION.V_HR";
const PLT: &str = "S-001/SCR/LAB/LAB.HEM/LAB.PLT";

fn page(room: &mut Room, of: &str) -> FormView {
    acts::form(&mut room.desk, FormOf { form: form(of) }).unwrap()
}

fn take_out(room: &mut Room) -> FormView {
    let asked = RemoveRow {
        form: form(INFUSION),
        group: "INFUSION.VITALS".into(),
        row: 3,
        reason: because(),
    };
    acts::remove_row(&mut room.desk, asked).unwrap()
}

fn all(room: &mut Room) -> Vec<QueryView> {
    acts::queries(&mut room.desk, Queries { subject: None })
        .unwrap()
        .queries
}

/// A subject with vital signs row by row; the nurse in front of it.
fn with_vitals() -> Room {
    let mut room = Room::furnished();
    room.pass_days(6);
    room.sit("nurse");
    room.add_subject("S-001");
    room.pass_days(10);
    room.vitals("S-001");
    room
}

/// Takes the value out.
fn emptied(path: &str) -> EnterValue {
    EnterValue {
        path: item(path),
        text: String::new(),
        unit: None,
        codes: Vec::new(),
        missing: None,
        by_hand: false,
        reason: None,
        hide_answers: false,
    }
}

#[test]
fn a_question_about_a_row_that_was_taken_out_is_shown_as_such_answered_and_closed() {
    let mut room = with_vitals();
    room.sit("monitor");
    let asked = RaiseQuery {
        path: item(ROW),
        text: "Taken at another time?".into(),
    };
    let query = acts::raise_query(&mut room.desk, asked).unwrap();
    assert!(!query.row_removed);
    room.sit("nurse");
    assert!(page(&mut room, INFUSION).removed_queries.is_empty());
    // At once in the answer to the removal, and whenever it is looked at.
    for view in [take_out(&mut room), page(&mut room, INFUSION)] {
        let shown: Vec<_> = view
            .removed_queries
            .iter()
            .map(|query| (query.query.as_str(), query.state.as_str(), query.row_removed))
            .collect();
        assert_eq!(shown, [(query.query.as_str(), "open", true)]);
    }
    assert!(all(&mut room)[0].row_removed);
    // Another form does not show it.
    assert!(page(&mut room, "S-001/SCR/LAB").removed_queries.is_empty());
    let answer = AnswerQuery {
        query: query.query.clone(),
        text: "Entered twice: taken out.".into(),
    };
    assert_eq!(acts::answer_query(&mut room.desk, answer).unwrap().state, "answered");
    room.sit("monitor");
    let close = CloseQuery {
        query: query.query,
        text: None,
    };
    let closed = acts::close_query(&mut room.desk, close).unwrap();
    assert_eq!(
        (closed.state.as_str(), closed.row_removed, closed.thread.len()),
        ("closed", true, 3)
    );
    assert_eq!(page(&mut room, INFUSION).removed_queries[0].state, "closed");
    room.sound();
}

/// Two laptops write at one item; the first takes in what the second wrote.
fn conflict(path: &str) -> (Room, Room) {
    let (mut one, mut two) = two_laptops();
    for room in [&mut one, &mut two] {
        room.sit("nurse");
    }
    one.type_at(path, Raw::Number("70", "10^9/L")).unwrap();
    two.type_at(path, Raw::Number("80", "10^9/L")).unwrap();
    for room in [&mut one, &mut two] {
        room.sit("doctor");
    }
    let from_two = exported(&mut two, "b");
    assert!(import(&mut one, &from_two, None).unwrap().queries > 0);
    one.sit("nurse");
    (one, two)
}

#[test]
fn neither_of_two_values_is_right_taking_it_out_needs_a_reason_and_settles_it() {
    let (mut one, mut two) = conflict(PLT);
    let before = one.length();
    assert_eq!(code(acts::enter_value(&mut one.desk, emptied(PLT))), "reason_due");
    assert_eq!((one.length(), all(&mut one)[0].state.as_str()), (before, "open"));
    let with = EnterValue {
        reason: Some(because()),
        ..emptied(PLT)
    };
    let view = acts::enter_value(&mut one.desk, with).unwrap();
    // The form that comes back shows it settled already.
    let shown = view
        .groups
        .iter()
        .flat_map(|group| &group.rows)
        .flat_map(|row| &row.items);
    let shown: Vec<_> = shown
        .flat_map(|item| &item.queries)
        .map(|query| query.state.as_str())
        .collect();
    assert_eq!(shown, ["closed"]);
    let query = all(&mut one).remove(0);
    assert_eq!(
        (query.state.as_str(), query.conflict.unwrap().settled),
        ("closed", true)
    );
    let because = one.journal().into_iter().filter(|entry| entry.act == "value_entered");
    let because: Vec<_> = because.filter_map(|entry| entry.reason).map(|(code, _)| code).collect();
    assert_eq!(because, ["transcription"]);
    // A value taken out where nothing is settled needs none, as before.
    one.type_at(PLT, Raw::Number("71", "10^9/L")).unwrap();
    acts::enter_value(&mut one.desk, emptied(PLT)).unwrap();
    one.sit("doctor");
    let settled = exported(&mut one, "d");
    import(&mut two, &settled, None).unwrap();
    assert_eq!(all(&mut two)[0].state, "closed");
    one.sound();
    two.sound();
}

#[test]
fn two_values_in_a_row_are_settled_by_taking_the_row_out() {
    let (mut one, mut two) = two_laptops();
    for (room, beats) in [(&mut one, "70"), (&mut two, "80")] {
        room.sit("nurse");
        room.pass_days(10);
        room.type_at(ROW, Raw::Number(beats, "/min")).unwrap();
        room.sit("doctor");
    }
    let from_two = exported(&mut two, "b");
    assert_eq!(import(&mut one, &from_two, None).unwrap().queries, 1);
    one.sit("nurse");
    assert_eq!(all(&mut one)[0].state, "open");
    let view = take_out(&mut one);
    let query = &view.removed_queries[0];
    let settled = query.conflict.as_ref().unwrap().settled;
    assert_eq!(
        (query.state.as_str(), query.row_removed, settled),
        ("closed", true, true)
    );
    one.sit("doctor");
    let sent = exported(&mut one, "d");
    import(&mut two, &sent, None).unwrap();
    let query = all(&mut two).remove(0);
    assert_eq!((query.state.as_str(), query.row_removed), ("closed", true));
    one.sound();
    two.sound();
}

#[test]
fn a_row_taken_out_here_while_another_laptop_wrote_in_it_is_asked_about() {
    // Whichever of the two comes later in the one order.
    for ahead in [0, 30] {
        let (mut one, mut two) = cards::beside(with_vitals());
        two.pass_days(17);
        two.sit("nurse");
        two.type_at(ROW, Raw::Number("99", "/min")).unwrap();
        one.pass_days(2);
        one.sit("nurse");
        for n in 0..ahead {
            let platelets = ["100", "101"][n % 2];
            one.type_at(PLT, Raw::Number(platelets, "10^9/L")).unwrap();
        }
        take_out(&mut one);
        for room in [&mut one, &mut two] {
            room.sit("admin");
        }
        cards::bring(&mut two, &mut one);
        two.pass_days(3);
        two.sit("admin");
        cards::bring(&mut one, &mut two);
        let mut said = Vec::new();
        for room in [&mut one, &mut two] {
            room.sit("nurse");
            room.sound();
            let queries = all(room);
            let [query] = queries.as_slice() else {
                panic!("{ahead} {queries:?}")
            };
            let conflict = query.conflict.as_ref().unwrap();
            assert!(query.state == "open" && query.path == item(ROW) && !conflict.settled);
            assert_ne!(conflict.stands.at.log, conflict.other.at.log);
            let values = serde_json::to_string(&[&conflict.stands.value, &conflict.other.value]).unwrap();
            assert!(values.contains("99") && values.contains("null"), "{values}");
            said.push((query.query.clone(), values));
        }
        assert_eq!(said[0], said[1]);
        // Who enters what is right settles it; the row stands again with that.
        one.type_at(ROW, Raw::Number("98", "/min")).unwrap();
        assert_eq!(all(&mut one)[0].state, "closed");
        assert!(!all(&mut one)[0].row_removed);
        two.sit("admin");
        two.pass_days(3);
        cards::bring(&mut one, &mut two);
        two.sit("nurse");
        assert_eq!(
            all(&mut two)
                .iter()
                .map(|query| query.state.as_str())
                .collect::<Vec<_>>(),
            ["closed"]
        );
        two.sound();
    }
}
