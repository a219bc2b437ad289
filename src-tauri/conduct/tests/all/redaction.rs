//! Redaction at the desk: who may ask, agree, decline; what is shown before and after; what a signature still says.

use conduct::{
    Reason,
    act::EntryRef,
    acts,
    problem::Answer,
    requests::{
        AskRedaction, Audit, DeclineRedaction, ExportBundle, HistoryOf, PlanRedaction, Queries, RaiseQuery, Redact,
        Redactions, Sign, ToSign, Today,
    },
    views::{RedactionRequestView, RedactionView},
};

use crate::{
    chart::{Chart, Raw, because},
    room::{PASSWORD, Room, code, form, item},
};

const LAB: &str = "S-001/SCR/LAB";
const PLT: &str = "S-001/SCR/LAB/LAB.HEM/LAB.PLT";

fn reason() -> Reason {
    because("transcription")
}

/// A completed form, a value of which was mistyped first.
fn site() -> Room {
    let mut room = Room::furnished();
    room.pass_days(6);
    room.sit("nurse");
    room.add_subject("S-001");
    room.type_at(PLT, Raw::Number("61", "10^9/L")).unwrap();
    room.type_at(PLT, Raw::Number("62", "10^9/L")).unwrap();
    room.fill(LAB, &Chart::eligible());
    room.complete(LAB).unwrap();
    room
}

/// The first value of the item.
fn first(room: &mut Room) -> EntryRef {
    let history = acts::history(&mut room.desk, HistoryOf { path: item(PLT) }).unwrap();
    history.values.last().unwrap().at.clone()
}

fn ask(room: &mut Room) -> EntryRef {
    let entries = vec![first(room)];
    let asked = AskRedaction {
        entries,
        reason: reason(),
    };
    acts::ask_redaction(&mut room.desk, asked).unwrap().at
}

fn agree(room: &mut Room, asked: &EntryRef, login: &str) -> Answer<RedactionView> {
    let asked = Redact {
        asked: asked.clone(),
        login: login.into(),
        password: PASSWORD.into(),
        reason: reason(),
    };
    acts::redact(&mut room.desk, asked)
}

fn decline(room: &mut Room, asked: &EntryRef) -> Answer<RedactionView> {
    let asked = DeclineRedaction {
        asked: asked.clone(),
        reason: reason(),
    };
    acts::decline_redaction(&mut room.desk, asked)
}

/// The file holds, and says of itself that something was redacted.
#[track_caller]
fn holds(room: &mut Room) {
    let checked = room.checked();
    assert!(checked.holds, "{:?}", checked.findings);
    assert!(checked.findings.iter().all(|finding| finding.code == "redacted"));
}

fn request(room: &mut Room) -> RedactionRequestView {
    let view = acts::redactions(&mut room.desk, Redactions {}).unwrap();
    view.requests.into_iter().next().unwrap()
}

#[test]
fn what_falls_and_what_holds_it_is_told_before_anybody_asks() {
    let mut room = site();
    room.sit("doctor");
    let folder = room.folder.join("out");
    std::fs::create_dir_all(&folder).unwrap();
    let handle = room.desk.choose(folder);
    let asked = ExportBundle {
        handle,
        plain: true,
        sealed_for: Vec::new(),
    };
    acts::export_bundle(&mut room.desk, asked).unwrap();
    room.sit("nurse");
    let entries = vec![first(&mut room)];
    let plan = acts::plan_redaction(
        &mut room.desk,
        PlanRedaction {
            entries: entries.clone(),
        },
    )
    .unwrap();
    // The value, and the one after it, which says what stood there before.
    assert_eq!(plan.entries.len(), 2);
    assert_eq!(
        (plan.entries[0].at.clone(), plan.entries[0].repeats),
        (entries[0].clone(), false)
    );
    assert!(plan.entries[1].repeats && plan.entries[1].old == plan.entries[0].value && plan.entries[0].value.is_some());
    assert!(
        plan.entries
            .iter()
            .all(|entry| entry.by == "Li Na, RN" && entry.path.as_deref() == Some(PLT))
    );
    assert_eq!(
        (plan.copies.bundles, plan.copies.backups, plan.copies.devices),
        (1, 0, 0)
    );
    assert_eq!(
        room.journal()
            .iter()
            .filter(|entry| entry.act.starts_with("redact"))
            .count(),
        0
    );
}

#[test]
fn who_may_do_what_with_a_request() {
    let mut room = site();
    let asked = ask(&mut room);
    for (login, may) in [
        ("nurse", &["fetch", "withdraw"] as &[&str]),
        ("nurse2", &["fetch"]),
        ("sub", &["fetch"]),
        ("doctor", &["agree", "decline"]),
        ("admin", &["agree", "decline"]),
        ("monitor", &[]),
        ("auditor", &[]),
    ] {
        room.sit(login);
        let request = request(&mut room);
        assert_eq!((request.at.clone(), request.state.as_str()), (asked.clone(), "asked"));
        assert_eq!(
            (request.may.as_slice(), request.own),
            (may.map_owned().as_slice(), login == "nurse"),
            "{login}"
        );
        let today = acts::today(&mut room.desk, Today {}).unwrap();
        assert_eq!(today.redactions.len(), usize::from(may.contains(&"agree")), "{login}");
    }
    room.sit("nurse2");
    assert_eq!(code(decline(&mut room, &asked)), "not_your_role");
    assert_eq!(code(agree(&mut room, &asked, "nurse2")), "not_your_role");
}

trait Owned {
    fn map_owned(&self) -> Vec<String>;
}

impl Owned for &[&str] {
    fn map_owned(&self) -> Vec<String> {
        self.iter().map(|&text| text.to_owned()).collect()
    }
}

#[test]
fn a_request_that_was_declined_or_taken_back_is_over_and_nothing_is_gone() {
    for (login, state) in [("doctor", "declined"), ("admin", "declined"), ("nurse", "withdrawn")] {
        let mut room = site();
        let asked = ask(&mut room);
        room.sit(login);
        decline(&mut room, &asked).unwrap();
        let over = request(&mut room);
        assert_eq!((over.state.as_str(), over.may.is_empty()), (state, true));
        assert_eq!(over.answer, Some(reason()));
        assert!(over.answered_by.is_some() && over.copies.is_none() && over.entries[0].value.is_some());
        assert_eq!(code(decline(&mut room, &asked)), "redaction_answered");
        assert_eq!(code(agree(&mut room, &asked, "admin")), "redaction_answered");
        assert_eq!(room.journal()[0].act, "redaction_declined");
        room.sit("doctor");
        assert_eq!(acts::today(&mut room.desk, Today {}).unwrap().redactions, []);
        // It can be asked for anew.
        room.sit("nurse");
        let again = ask(&mut room);
        agree(&mut room, &again, "doctor").unwrap();
        assert_eq!(request(&mut room).state, "done");
        holds(&mut room);
    }
}

#[test]
fn after_it_who_asked_who_agreed_and_why_stands_where_the_value_stood() {
    let mut room = site();
    room.sit("doctor");
    let meaning = room.statement("casebook");
    let asked = Sign {
        forms: vec![form(LAB)],
        meaning,
        login: Some("doctor".into()),
        password: PASSWORD.into(),
    };
    acts::sign(&mut room.desk, asked).unwrap();
    room.sit("nurse2");
    let asked = ask(&mut room);
    room.sit("admin");
    agree(&mut room, &asked, "admin").unwrap();
    holds(&mut room);
    let history = acts::history(&mut room.desk, HistoryOf { path: item(PLT) }).unwrap();
    let gone: Vec<_> = history.values.iter().rev().take(2).collect();
    for past in &gone {
        let by = past.redaction.as_ref().unwrap();
        assert_eq!(
            (by.asked_by.as_str(), by.agreed_by.as_str()),
            ("Wang Fang, RN", "Zhao Min")
        );
        assert_eq!((by.reason.clone(), past.value.clone()), (Some(reason()), None));
        assert_eq!(past.by, "Li Na, RN");
    }
    assert_eq!(history.values.iter().filter(|past| past.stands).count(), 1);
    assert!(history.values[0].stands);
    let done = request(&mut room);
    assert_eq!(
        (done.state.as_str(), done.answered_by.as_deref()),
        ("done", Some("Zhao Min"))
    );
    assert!(
        done.entries
            .iter()
            .all(|entry| entry.value.is_none() && entry.old.is_none())
    );
    let told = room.journal();
    let entry = told.iter().find(|entry| entry.seq == gone[0].at.seq).unwrap();
    assert!(entry.redaction.is_some() && !entry.redactable && entry.new.is_none());
    assert!(
        told.iter()
            .any(|entry| entry.redactable && entry.act == "value_entered")
    );
    // The signature holds; that a value it covers cannot be read any more is said, not that somebody changed it.
    let signed = acts::to_sign(&mut room.desk, ToSign {}).unwrap().signatures;
    assert!(signed[0].valid && signed[0].changed.is_empty());
    assert_eq!(signed[0].redacted, [LAB]);
    let page = room.form(LAB);
    assert_eq!(page.signatures[0].redacted, [LAB]);
    assert_eq!(page.signatures[0].changed, []);
}

#[test]
fn words_of_a_query_go_too() {
    let mut room = site();
    room.sit("monitor");
    let asked = RaiseQuery {
        path: item(PLT),
        text: "Is this Wang Xiaoming's value?".into(),
    };
    acts::raise_query(&mut room.desk, asked).unwrap();
    room.sit("nurse");
    let opened = room
        .journal()
        .into_iter()
        .find(|entry| entry.act == "query_opened")
        .unwrap();
    assert!(opened.redactable);
    let entries = vec![EntryRef {
        log: opened.log,
        seq: opened.seq,
    }];
    let asked = AskRedaction {
        entries,
        reason: reason(),
    };
    let asked = acts::ask_redaction(&mut room.desk, asked).unwrap().at;
    agree(&mut room, &asked, "doctor").unwrap();
    let queries = acts::queries(&mut room.desk, Queries { subject: None })
        .unwrap()
        .queries;
    assert!(queries[0].thread[0].redacted && queries[0].thread[0].text.is_none());
}

#[test]
fn the_journal_is_told_page_by_page_whichever_log_an_entry_is_in() {
    let mut room = site();
    let page = |room: &mut Room, before: Option<EntryRef>| {
        let asked = Audit {
            before,
            ..Audit::default()
        };
        acts::audit(&mut room.desk, asked).unwrap().entries
    };
    let all = page(&mut room, None);
    let third = EntryRef {
        log: all[2].log.clone(),
        seq: all[2].seq,
    };
    assert_eq!(page(&mut room, Some(third)), all[3..]);
}

#[test]
fn what_the_device_asked_about_two_values_goes_with_either_of_them() {
    let (mut one, mut two) = crate::exchange::two_laptops();
    for (room, value) in [(&mut one, "70"), (&mut two, "80")] {
        room.sit("nurse");
        room.type_at(PLT, Raw::Number(value, "10^9/L")).unwrap();
        room.sit("doctor");
    }
    let from_two = crate::exchange::exported(&mut two, "b");
    assert_eq!(crate::exchange::import(&mut one, &from_two, None).unwrap().queries, 1);
    one.sit("nurse");
    // Settled by a third value; the query that shows both stays in the journal.
    one.type_at(PLT, Raw::Number("75", "10^9/L")).unwrap();
    let history = acts::history(&mut one.desk, HistoryOf { path: item(PLT) }).unwrap();
    let seventy = history
        .values
        .iter()
        .find(|version| format!("{:?}", version.value).contains("70"));
    let entries = vec![seventy.unwrap().at.clone()];
    let said = |room: &mut Room| {
        let queries = acts::queries(&mut room.desk, Queries { subject: None })
            .unwrap()
            .queries;
        format!("{:?}", queries[0].thread)
    };
    assert!(said(&mut one).contains("70 10^9/L"), "{}", said(&mut one));
    let asked = AskRedaction {
        entries,
        reason: reason(),
    };
    let asked = acts::ask_redaction(&mut one.desk, asked).unwrap().at;
    agree(&mut one, &asked, "doctor").unwrap();
    let left = said(&mut one);
    assert!(!left.contains("70 10^9/L"), "{left}");
    let journal = format!("{:?}", one.journal());
    assert!(!journal.contains("70 10^9/L"), "{journal}");
    holds(&mut one);
}

#[test]
fn a_value_that_was_entered_again_later_goes_with_the_first() {
    let mut room = Room::furnished();
    room.pass_days(6);
    room.sit("nurse");
    room.add_subject("S-001");
    for value in ["61", "62", "61", "63"] {
        room.type_at(PLT, Raw::Number(value, "10^9/L")).unwrap();
    }
    let asked = PlanRedaction {
        entries: vec![first(&mut room)],
    };
    let plan = acts::plan_redaction(&mut room.desk, asked).unwrap();
    // The first, the second that says what stood there before, the third that enters it again, the fourth after that.
    assert_eq!(plan.entries.len(), 4);
    let asked = ask(&mut room);
    agree(&mut room, &asked, "doctor").unwrap();
    let history = acts::history(&mut room.desk, HistoryOf { path: item(PLT) }).unwrap();
    assert_eq!(history.values.len(), 4);
    assert!(history.values.iter().all(|said| said.value.is_none()), "{history:?}");
    holds(&mut room);
}
