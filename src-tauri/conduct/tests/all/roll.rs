//! Lists over everybody: the same as casebook by casebook, at a cost that does not grow with what is in a casebook.

use conduct::{
    acts,
    requests::{AddSubject, EligibilityOf, RaiseQuery, Search, SubjectOf, Subjects, Today},
    views::{AssessmentDueView, HitView, SubjectRowView, SubjectsView, TodayView},
};

use crate::{
    cards,
    chart::{Chart, Raw},
    room::{Room, item},
    story,
};

const DAY: i64 = 86_400;

fn list(room: &mut Room) -> SubjectsView {
    acts::subjects(&mut room.desk, Subjects {}).unwrap()
}

fn today(room: &mut Room) -> TodayView {
    acts::today(&mut room.desk, Today {}).unwrap()
}

/// One subject, screened; the nurse in front of it.
fn screened() -> Room {
    let mut room = Room::furnished();
    room.pass(6 * DAY);
    room.sit("nurse");
    room.screen("S-001", &Chart::eligible());
    room
}

/// Every line of the list is what the subject's own casebook says.
#[track_caller]
fn same(room: &mut Room) -> Vec<SubjectRowView> {
    let rows = list(room).subjects;
    for row in &rows {
        let one = SubjectOf {
            subject: row.subject.clone(),
        };
        let alone = acts::subject(&mut room.desk, one).unwrap();
        assert_eq!(&alone.row, row);
        let forms = alone.visits.iter().flat_map(|visit| &visit.forms);
        let begun = forms.filter(|form| form.state == "started").count();
        assert_eq!(u32::try_from(begun).unwrap(), row.unfinished);
    }
    rows
}

#[test]
fn every_line_is_what_the_casebook_says_all_the_way() {
    let mut room = Room::furnished();
    room.sit("nurse");
    assert!(same(&mut room).is_empty());
    story::screen(&mut room);
    let rows = same(&mut room);
    assert_eq!(rows[2].unfinished, 2);
    story::confirm_verdicts(&mut room);
    let rows = same(&mut room);
    assert_eq!(
        (rows[0].status.as_str(), rows[1].status.as_str()),
        ("enrolled", "ineligible")
    );

    story::infuse(&mut room);
    let rows = same(&mut room);
    assert_eq!((rows[0].status.as_str(), rows[0].day), ("infused", Some(0)));
    // The infusion is recorded, other forms of its day are not.
    assert_eq!(rows[0].next.as_ref().map(|(visit, _)| visit.as_str()), Some("INF"));
    story::assess(&mut room);
    same(&mut room);
    story::review(&mut room);
    same(&mut room);
    room.pass_days(40);
    same(&mut room);
    room.sound();
}

#[test]
fn what_was_confirmed_falls_and_stands_again_with_the_values() {
    let mut room = Room::furnished();
    story::screen(&mut room);
    story::confirm_verdicts(&mut room);
    // What was confirmed falls when the screening changes, and stands again when it is as it was.
    room.sit("nurse");
    let creatinine = "S-001/SCR/LAB/LAB.CHEM/LAB.CREAT";
    let weak = room.correct(creatinine, Raw::Number("412", "umol/L"), "source_corrected");
    assert!(weak.is_ok());
    let rows = same(&mut room);
    assert_eq!(
        (rows[0].verdict.as_deref(), rows[0].status.as_str()),
        (Some("ineligible"), "ineligible")
    );
    room.correct(creatinine, Raw::Number("62", "umol/L"), "transcription")
        .unwrap();
    room.complete("S-001/SCR/LAB").ok();
    assert_eq!(same(&mut room)[0].verdict.as_deref(), Some("eligible"));
}

#[test]
fn what_another_laptop_confirmed_falls_with_the_values_of_this_one() {
    let (mut one, mut two) = cards::beside(screened());
    two.pass(8 * DAY);
    two.sit("doctor");
    story::confirm(&mut two, "S-001", "eligible").unwrap();
    one.pass(8 * DAY);
    one.sit("admin");
    cards::bring(&mut two, &mut one);
    one.sit("nurse");
    assert_eq!(same(&mut one)[0].verdict.as_deref(), Some("eligible"));
    // The same sitting, and the next: the list says what the casebook says.
    let creatinine = "S-001/SCR/LAB/LAB.CHEM/LAB.CREAT";
    for (value, verdict) in [("412", "ineligible"), ("62", "eligible"), ("411", "ineligible")] {
        one.correct(creatinine, Raw::Number(value, "umol/L"), "source_corrected")
            .unwrap();
        assert_eq!(same(&mut one)[0].verdict.as_deref(), Some(verdict));
        one.sit("nurse");
        assert_eq!(same(&mut one)[0].verdict.as_deref(), Some(verdict));
    }
    // Confirmed here after all, it stands here, and there once it was brought.
    one.sit("doctor");
    story::confirm(&mut one, "S-001", "ineligible").unwrap();
    let status = |room: &mut Room| same(room)[0].status.clone();
    assert_eq!(status(&mut one), "ineligible");
    two.sit("admin");
    two.pass(DAY);
    cards::bring(&mut one, &mut two);
    two.sit("nurse");
    assert_eq!(status(&mut two), "ineligible");
}

#[test]
fn a_verdict_confirmed_here_falls_with_what_another_laptop_wrote_in_the_same_form() {
    let (mut one, mut two) = cards::beside(screened());
    // There a value changed early; here the same form was touched later, and the verdict confirmed, without knowing of it.
    two.pass(8 * DAY);
    two.sit("nurse");
    two.correct(
        "S-001/SCR/LAB/LAB.CHEM/LAB.CREAT",
        Raw::Number("412", "umol/L"),
        "source_corrected",
    )
    .unwrap();
    one.pass(8 * DAY);
    for _ in 0..9 {
        one.sit("nurse");
    }
    one.correct(
        "S-001/SCR/LAB/LAB.HEM/LAB.PLT",
        Raw::Number("201", "10^9/L"),
        "source_corrected",
    )
    .unwrap();
    one.sit("doctor");
    story::confirm(&mut one, "S-001", "eligible").unwrap();
    one.sit("admin");
    cards::bring(&mut two, &mut one);
    for who in ["admin", "nurse"] {
        one.sit(who);
        let asked = EligibilityOf {
            subject: "S-001".into(),
        };
        let now = acts::eligibility(&mut one.desk, asked).unwrap().verdict;
        assert_eq!(now, "ineligible");
        assert_eq!(same(&mut one)[0].verdict.as_deref(), Some("ineligible"), "{who}");
    }
}

#[test]
fn infused_without_a_confirmation_is_an_alert_in_the_list() {
    let mut room = screened();
    room.pass(8 * DAY);
    room.sit("nurse");
    room.fill("S-001/INF/INFUSION", &Chart::eligible());
    let rows = same(&mut room);
    assert_eq!(rows[0].alerts, ["infused_not_confirmed", "identity_check_missing"]);
    story::compare(&mut room, "S-001", "nurse").unwrap();
    assert_eq!(same(&mut room)[0].alerts.len(), 2);
    story::compare(&mut room, "S-001", "nurse2").unwrap();
    assert_eq!(same(&mut room)[0].alerts, ["infused_not_confirmed"]);
}

/// Statements and rows that one asking takes.
fn cost(room: &mut Room, ask: impl Fn(&mut Room)) -> (u64, u64) {
    let before = room.desk.reading().unwrap();
    ask(room);
    let after = room.desk.reading().unwrap();
    (after.statements - before.statements, after.rows - before.rows)
}

#[test]
fn the_list_takes_a_handful_of_statements_however_many_there_are() {
    let mut room = screened();
    list(&mut room);
    let (one, rows_of_one) = cost(&mut room, |room| {
        list(room);
    });
    assert!(one <= 6, "{one} statements");
    for number in 2..=80 {
        let subject = format!("S-{number:03}");
        acts::add_subject(&mut room.desk, AddSubject { subject }).unwrap();
    }
    // Verdicts nobody has confirmed are worked out so many at a time, each by one statement, and remembered.
    let first = list(&mut room);
    assert_eq!((first.subjects.len(), first.unjudged), (80, 15));
    let (few, _) = cost(&mut room, |room| assert_eq!(list(room).unjudged, 0));
    assert_eq!(few, one + 15);
    let (many, rows_of_many) = cost(&mut room, |room| {
        list(room);
    });
    assert_eq!(many, one);
    assert_eq!(
        rows_of_many,
        rows_of_one + 79,
        "a subject without values costs its own line and nothing else"
    );

    let (statements, _) = cost(&mut room, |room| {
        today(room);
    });
    assert!(statements <= one + 5, "{statements} statements");

    // A value more in a form is no row more in the list.
    room.type_at("S-002/SCR/PERF/PERF.VITALS/PERF.HR", Raw::Number("70", "/min"))
        .ok();
    let before = cost(&mut room, |room| {
        list(room);
        list(room);
    });
    room.fill("S-002/SCR/LAB", &Chart::eligible());
    list(&mut room);
    let after = cost(&mut room, |room| {
        list(room);
        list(room);
    });
    assert!(after.1 <= before.1 + 2, "{before:?} {after:?}");
}

/// Day after the infusion, what Today says of D28, days left, assessments due: CRS on every day to day 14, ICANS where a
/// visit of the day asks for it.
type OnDay = (i64, Option<(&'static str, i32)>, &'static [&'static str]);
const DAYS: &[OnDay] = &[
    (0, None, &["crs", "icans"]),
    (1, None, &["crs", "icans"]),
    (10, None, &["crs", "icans"]),
    (11, None, &["crs"]),
    (14, None, &["crs", "icans"]),
    (15, None, &[]),
    (17, None, &[]),
    (18, Some(("coming", 13)), &[]),
    (24, Some(("coming", 7)), &[]),
    (25, Some(("in_window", 6)), &[]),
    (28, Some(("in_window", 3)), &[]),
    (31, Some(("in_window", 0)), &[]),
    (32, Some(("overdue", -1)), &[]),
    (90, Some(("overdue", -59)), &[]),
];

#[test]
fn today_is_right_on_any_date() {
    let mut room = screened();
    room.pass(8 * DAY);
    room.sit("nurse");
    room.fill("S-001/INF/INFUSION", &Chart::eligible());
    let mut at = 0;
    for (day, due, looked_at) in DAYS {
        room.pass_days(day - at);
        at = *day;
        let now = today(&mut room);
        let day_28 = now.visits.iter().filter(|visit| visit.visit == "D28");
        let said: Vec<(&str, i32)> = day_28.map(|v| (v.state.as_str(), v.days_left)).collect();
        assert_eq!(said, due.iter().copied().collect::<Vec<_>>(), "D+{day}");
        let asked: Vec<(&str, i32)> = now.assessments.iter().map(|a| (a.what.as_str(), a.day)).collect();
        let on = i32::try_from(*day).unwrap();
        let expected: Vec<(&str, i32)> = looked_at.iter().map(|what| (*what, on)).collect();
        assert_eq!(asked, expected, "D+{day}");
        let icans = now.assessments.iter().find(|asked| asked.what == "icans");
        let visit = if *day == 0 { "INF".to_owned() } else { format!("D{day}") };
        assert!(icans.is_none_or(|asked| asked.form.to_string() == format!("S-001/{visit}/NEURO")));
        let row = &same(&mut room)[0];
        let late = now.visits.iter().filter(|visit| visit.state == "overdue").count();
        assert_eq!(usize::try_from(row.overdue).unwrap(), late, "D+{day}");
    }
}

/// Assessments of CRS that are due.
fn crs(room: &mut Room) -> Vec<AssessmentDueView> {
    let mut due = today(room).assessments;
    due.retain(|asked| asked.what == "crs");
    due
}

#[test]
fn an_assessment_today_is_enough_until_midnight() {
    let mut room = screened();
    room.pass(8 * DAY);
    room.sit("nurse");
    room.fill("S-001/INF/INFUSION", &Chart::eligible());
    let date: String = today(&mut room).date.parse().unwrap();
    assert_eq!(date.to_string(), "2026-03-16");
    assert_eq!(today(&mut room).assessments[0].form.to_string(), "S-001/CRS/CRS");
    room.type_at("S-001/CRS/CRS/CRS.WHEN/CRS.AT", Raw::Text("2026-03-16T08:05"))
        .unwrap();
    assert!(crs(&mut room).is_empty());
    // To the last second of the day, on the site's own clock.
    let now = room.clock.load(std::sync::atomic::Ordering::Relaxed);
    let midnight = 15 * DAY - 8 * 3600;
    room.pass(midnight - 1 - now);
    assert_eq!(today(&mut room).date, "2026-03-16");
    assert!(crs(&mut room).is_empty());
    room.pass(1);
    assert_eq!(today(&mut room).date, "2026-03-17");
    let after = crs(&mut room);
    assert_eq!(after[0].last.as_deref(), Some("2026-03-16"));
    assert_eq!(after[0].form.to_string(), "S-001/CRS[2]/CRS");
}

fn find(room: &mut Room, text: &str, subject: Option<&str>) -> Vec<HitView> {
    let asked = Search {
        text: text.into(),
        subject: subject.map(str::to_owned),
    };
    acts::search(&mut room.desk, asked).unwrap().hits
}

/// Where the best hit of a kind is.
fn best(hits: &[HitView], kind: &str) -> Option<String> {
    hits.iter().find(|hit| hit.kind == kind).map(|hit| match kind {
        "form" => hit.form.as_ref().unwrap().to_string(),
        "item" | "query" => hit.item.as_ref().unwrap().to_string(),
        _ => hit.subject.clone(),
    })
}

#[test]
fn whatever_has_a_name_is_found_in_both_languages() {
    let mut room = Room::furnished();
    room.sit("nurse");
    for code in ["S-001", "S-002", "S-021"] {
        room.add_subject(code);
    }
    room.type_at("S-002/SCR/LAB/LAB.HEM/LAB.PLT", Raw::Number("41", "10^9/L"))
        .unwrap();
    room.type_at("S-002/CRS/CRS/CRS.WHEN/CRS.AT", Raw::Text("2026-03-02T08:05"))
        .ok();
    room.type_at("S-002/CRS[2]/CRS/CRS.WHEN/CRS.AT", Raw::Text("2026-03-02T08:06"))
        .ok();
    room.sit("monitor");
    let asked = RaiseQuery {
        path: item("S-002/SCR/LAB/LAB.HEM/LAB.PLT"),
        text: "The print-out says 62. 请核对。".into(),
    };
    acts::raise_query(&mut room.desk, asked).unwrap();
    for (text, at, kind, expected) in [
        ("s-002", None, "subject", Some("S-002")),
        ("０２１", None, "subject", Some("S-021")),
        ("s-0", None, "subject", Some("S-001")),
        ("blood count", None, "form", Some("S-002/SCR/LAB")),
        ("血常规", None, "form", Some("S-002/SCR/LAB")),
        ("s-001 blood", None, "form", Some("S-001/SCR/LAB")),
        ("blood count", Some("S-021"), "form", Some("S-021/SCR/LAB")),
        ("platelets", None, "item", Some("S-002/SCR/LAB/LAB.HEM/LAB.PLT")),
        ("血小板", None, "item", Some("S-002/SCR/LAB/LAB.HEM/LAB.PLT")),
        ("LAB.PLT", None, "item", Some("S-002/SCR/LAB/LAB.HEM/LAB.PLT")),
        ("s-001 lab.plt", None, "item", Some("S-001/SCR/LAB/LAB.HEM/LAB.PLT")),
        ("crs.at", None, "item", Some("S-002/CRS[2]/CRS/CRS.WHEN/CRS.AT")),
        ("print-out", None, "query", Some("S-002/SCR/LAB/LAB.HEM/LAB.PLT")),
        ("核对", None, "query", Some("S-002/SCR/LAB/LAB.HEM/LAB.PLT")),
        ("s-001 print-out", None, "query", None),
        ("41", None, "item", None),
        ("   ", None, "subject", None),
    ] {
        let hits = find(&mut room, text, at);
        assert_eq!(best(&hits, kind).as_deref(), expected, "{text}: {hits:?}");
    }
    assert!(find(&mut room, "a", None).len() <= 32);
}
