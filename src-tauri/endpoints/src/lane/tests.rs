//! Lanes as data.

use super::*;
use crate::course::tests::course;
use serde_json::json;

fn segments_of(lane: &Lane) -> Vec<(i64, i64, Response)> {
    lane.segments
        .iter()
        .map(|one| (one.from, one.to, one.response))
        .collect()
}

fn marks_of(lane: &Lane) -> Vec<(i64, Sign)> {
    lane.marks.iter().map(|one| (one.day, one.sign)).collect()
}

#[test]
fn a_whole_course() {
    let one = course(json!({
        "assessments": [
            {"date": "2025-12-01", "response": "RELAPSE"},
            {"date": "2025-03-01", "response": "CRi"},
            {"date": "2025-05-02", "response": "CR"},
            {"date": "2025-04-02", "response": "NE"},
            {"date": "2025-08-01", "response": "CR"}
        ],
        "mrd": [{"date": "2025-03-01", "negative": true}, {"date": "2025-11-01", "negative": false}],
        "transplants": ["2025-06-01"],
        "therapies": ["2025-12-20"],
        "death": {"date": "2026-02-01", "leukaemia": true}
    }));
    let lane = lane(&one, Origin::Infusion);
    assert_eq!(
        segments_of(&lane),
        [
            (28, 90, Response::Cri),
            (90, 303, Response::Cr),
            (303, 303, Response::Relapse)
        ]
    );
    assert_eq!(
        marks_of(&lane),
        [
            (-31, Sign::Enrolled),
            (-22, Sign::Admitted),
            (0, Sign::Infused),
            (28, Sign::Remission),
            (28, Sign::MrdNegative),
            (60, Sign::NotEvaluable),
            (120, Sign::Transplant),
            (273, Sign::MrdPositive),
            (303, Sign::Relapse),
            (322, Sign::NewTherapy),
            (365, Sign::Death)
        ]
    );
    assert_eq!((lane.from, lane.to, lane.ending), (-31, 365, Ending::Died));
    let remission = lane.remission.unwrap();
    assert_eq!(
        (remission.from, remission.to, remission.event, remission.why),
        (28, 303, true, Why::Relapse)
    );
    let survival = lane.survival.unwrap();
    assert_eq!((survival.from, survival.to, survival.why), (-22, 365, Why::Death));
    assert_eq!(lane.contradictions, []);
}

#[test]
fn how_a_lane_ends() {
    for (rest, to, ending, why) in [
        (
            json!({"last_alive": "2025-06-01"}),
            120,
            Ending::Ongoing,
            Why::LastAlive,
        ),
        (
            json!({"last_alive": "2025-06-01", "left": "withdrew"}),
            120,
            Ending::Left(Leave::Withdrew),
            Why::LastAlive,
        ),
        (
            json!({"last_alive": "2027-03-01", "left": "completed"}),
            758,
            Ending::Left(Leave::Completed),
            Why::TwoYears,
        ),
        (json!({"death": {"date": "2025-02-02"}}), 1, Ending::Died, Why::Death),
        (json!({}), 0, Ending::Ongoing, Why::LastAlive),
    ] {
        let lane = lane(&course(rest.clone()), Origin::Infusion);
        assert_eq!((lane.to, lane.ending), (to, ending), "{rest}");
        assert_eq!(lane.survival.map(|survival| survival.why), Some(why), "{rest}");
    }
    let nothing = course(json!({"admitted": null, "infused": null}));
    let empty = lane(&nothing, Origin::Infusion);
    assert_eq!(
        (empty.from, empty.to, empty.ending, empty.infused),
        (0, 0, Ending::Unknown, false)
    );
    assert_eq!((empty.survival, empty.remission), (None, None));
}

#[test]
fn days_count_from_the_origin() {
    let one = course(json!({"assessments": [{"date": "2025-03-01", "response": "CR"}]}));
    let of = |origin| {
        let lane = lane(&one, origin);
        (
            lane.from,
            lane.segments.first().map(|segment| segment.from),
            lane.infused,
        )
    };
    assert_eq!(of(Origin::Infusion), (-31, Some(28), true));
    assert_eq!(of(Origin::Enrolment), (0, Some(59), false));
    let never = course(json!({"infused": null}));
    assert_eq!(lane(&never, Origin::Infusion).day_0, never.enrolled);
}

#[test]
fn a_remission_is_drawn_only_as_far_as_it_was_seen() {
    let one = course(json!({
        "assessments": [{"date": "2025-03-01", "response": "CR"}],
        "last_alive": "2026-03-01"
    }));
    assert_eq!(segments_of(&lane(&one, Origin::Infusion)), [(28, 28, Response::Cr)]);
}

#[test]
fn two_assessments_of_one_day_and_a_relapse_recorded_twice() {
    let one = course(json!({
        "assessments": [
            {"date": "2025-03-01", "response": "CR"},
            {"date": "2025-03-01", "response": "MLFS"},
            {"date": "2025-06-01", "response": "RELAPSE"}
        ],
        "relapse": "2025-06-01"
    }));
    let lane = lane(&one, Origin::Infusion);
    assert_eq!(
        segments_of(&lane),
        [(28, 120, Response::Mlfs), (120, 120, Response::Relapse)]
    );
    let relapses = lane.marks.iter().filter(|mark| mark.sign == Sign::Relapse).count();
    assert_eq!(relapses, 1);
}

#[test]
fn contradictions_are_told() {
    let one = course(json!({"death": {"date": "2025-03-01"}, "last_alive": "2025-04-01"}));
    assert_eq!(
        lane(&one, Origin::Infusion).contradictions,
        [DateError::AliveAfterDeath]
    );
}

#[test]
fn the_order_depends_on_the_subjects_alone() {
    let named = |subject: &str, alive: &str| {
        let mut one = course(json!({ "last_alive": alive }));
        one.subject = subject.into();
        one
    };
    let mut all = vec![
        named("b", "2025-06-01"),
        named("c", "2025-09-01"),
        named("a", "2025-06-01"),
    ];
    let order = |all: &[Course], order| {
        let lanes = lanes(all, Origin::Infusion, order);
        lanes.into_iter().map(|lane| lane.subject).collect::<String>()
    };
    for _ in 0..3 {
        all.rotate_left(1);
        assert_eq!(order(&all, Order::Subject), "abc");
        assert_eq!(order(&all, Order::Longest), "cab");
    }
}
