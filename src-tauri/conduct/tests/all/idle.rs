//! Nobody's hand on it: the core locks by itself, whatever the page does.

use conduct::{
    acts,
    problem::Problem,
    requests::{FormOf, Status, StillHere, Today},
};

use crate::room::{Room, form};

fn refused(answer: Result<impl Sized, Problem>) -> String {
    match answer {
        Err(Problem::Refusal { code, .. }) => code,
        Err(Problem::Fault { code, .. }) => panic!("{code}"),
        Ok(_) => "done".into(),
    }
}

fn watched() -> Room {
    let mut room = Room::furnished();
    room.sit("nurse");
    room.add_subject("S-001");
    room.desk.lock_when_idle();
    room
}

#[test]
fn after_the_minutes_the_next_command_finds_it_locked_and_the_journal_says_why() {
    let mut room = watched();
    room.pass(11 * 60);
    assert_eq!(
        refused(acts::today(&mut room.desk, Today {})),
        "done",
        "a moment of grace for the page"
    );
    room.pass(12 * 60);
    assert_eq!(refused(acts::today(&mut room.desk, Today {})), "not_logged_in");
    let status = acts::status(&mut room.desk, Status {}).unwrap();
    assert!(
        status.session.is_none() && status.file.is_some(),
        "the file stays on the desk, locked"
    );
    room.sit("auditor");
    let last = format!("{:?}", room.journal().iter().find(|entry| entry.act == "locked"));
    assert!(last.contains("idle"), "{last}");
}

#[test]
fn a_hand_that_is_told_of_keeps_it_open_and_looking_who_is_here_does_not() {
    let mut room = watched();
    for _ in 0..5 {
        room.pass(9 * 60);
        acts::still_here(&mut room.desk, StillHere {}).unwrap();
    }
    for _ in 0..3 {
        room.pass(5 * 60);
        acts::status(&mut room.desk, Status {}).unwrap();
    }
    assert_eq!(refused(acts::still_here(&mut room.desk, StillHere {})), "not_logged_in");
}

#[test]
fn a_clock_that_goes_back_does_not_keep_it_open() {
    let mut room = watched();
    room.pass(-3 * 3600);
    // The page looking by itself is no hand; the clock says nothing of how long nobody was there.
    room.desk.look();
    room.pass(12 * 60);
    room.desk.look();
    assert!(
        room.status().session.is_none(),
        "nobody's hand was on it for the minutes of the rule"
    );
}

#[test]
fn an_open_infusion_is_given_twenty_minutes() {
    let mut room = watched();
    let open = |room: &mut Room, path: &str| acts::form(&mut room.desk, FormOf { form: form(path) }).unwrap();
    assert_eq!(open(&mut room, "S-001/SCR/DM").idle_minutes, 10);
    assert_eq!(open(&mut room, "S-001/INF/INFUSION").idle_minutes, 20);
    room.pass(20 * 60);
    assert_eq!(acts::still_here(&mut room.desk, StillHere {}).unwrap().idle_minutes, 20);
    assert_eq!(open(&mut room, "S-001/SCR/DM").idle_minutes, 10);
    room.pass(20 * 60);
    assert_eq!(refused(acts::still_here(&mut room.desk, StillHere {})), "not_logged_in");
}

#[test]
fn a_command_line_has_no_hands_to_wait_for() {
    let mut room = Room::furnished();
    room.sit("nurse");
    room.pass(24 * 3600);
    assert_eq!(refused(acts::today(&mut room.desk, Today {})), "done");
}
