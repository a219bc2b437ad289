//! A small cohort by hand, and what holds for every cohort.

use super::*;
use crate::course::tests::course;
use proptest::prelude::*;
use serde_json::json;

fn named(subject: &str, rest: serde_json::Value) -> Course {
    Course {
        subject: subject.into(),
        ..course(rest)
    }
}

fn cohort() -> Vec<Course> {
    vec![
        named("d", json!({"last_alive": "2027-06-01"})),
        named("a", json!({"death": {"date": "2025-02-09"}})),
        named(
            "b",
            json!({
                "assessments": [{"date": "2025-03-01", "response": "CR"}, {"date": "2025-06-01", "response": "RELAPSE"}],
                "death": {"date": "2025-08-01", "leukaemia": true}
            }),
        ),
        named(
            "c",
            json!({"assessments": [{"date": "2025-03-01", "response": "PR"}], "last_alive": "2025-05-01"}),
        ),
        named(
            "e",
            json!({"death": {"date": "2025-03-01"}, "last_alive": "2025-04-01"}),
        ),
        named("f", json!({"admitted": null, "infused": null})),
    ]
}

fn of(summary: &Summary, endpoint: Endpoint) -> &TimeResult {
    summary.times.iter().find(|time| time.endpoint == endpoint).unwrap()
}

#[test]
fn by_hand() {
    let summary = summarise(&cohort(), Day28::default(), 0.95);
    assert_eq!((summary.enrolled, summary.infused), (6, 5));
    let rates: Vec<_> = summary
        .rates
        .iter()
        .map(|rate| (rate.definition.code(), rate.x, rate.n))
        .collect();
    assert_eq!(
        rates,
        [
            ("registered", 1, 6),
            ("best_response", 1, 6),
            ("day_28", 1, 6),
            ("within_3_months", 1, 6),
            ("infused_only", 1, 5),
            ("cr_alone", 1, 6),
            ("any_count_failure", 1, 6),
            ("overall_response", 2, 6),
        ]
    );
    let os = of(&summary, Endpoint::Os);
    // a dies on day 31, c is censored on day 112, b dies on day 204, d is censored at two years.
    assert_eq!((os.n, os.events), (4, 2));
    assert_eq!(os.not_evaluable, ["f"]);
    assert_eq!(
        os.contradictory.first().map(|one| (&*one.subject, one.error)),
        Some(("e", DateError::AliveAfterDeath))
    );
    let at = |months| {
        os.landmarks
            .iter()
            .find(|one| one.months == months)
            .unwrap()
            .survival
            .unwrap()
    };
    assert_eq!((at(3).survival, at(3).at_risk), (0.75, 3));
    assert_eq!((at(24).survival, at(24).at_risk), (0.375, 1));
    assert_eq!(os.median.median, Some(204.0));
    assert_eq!(of(&summary, Endpoint::Dor).n, 1);
    assert_eq!(
        of(&summary, Endpoint::Dor)
            .landmarks
            .last()
            .unwrap()
            .survival
            .unwrap()
            .survival,
        0.0
    );
    assert_eq!(summary.relapse_incidence.len(), 1);
    let shown = serde_json::to_value(&summary).unwrap();
    assert_eq!(shown["times"][0]["endpoint"], "os");
    assert_eq!(
        shown["times"][0]["definition"]["censored"],
        json!(["last_alive", "two_years"])
    );
    assert_eq!(shown["times"][0]["subjects"][0]["time"]["why"], "death");
}

#[test]
fn two_years_are_known_only_when_somebody_was_followed_that_far() {
    let at_24 = |alive: &[&str]| {
        let all: Vec<_> = alive
            .iter()
            .map(|alive| named("x", json!({ "last_alive": alive })))
            .collect();
        let summary = summarise(&all, Day28::default(), 0.95);
        of(&summary, Endpoint::Os)
            .landmarks
            .last()
            .unwrap()
            .survival
            .map(|point| (point.survival, point.at_risk))
    };
    assert_eq!(at_24(&["2027-01-09", "2025-06-01"]), None);
    assert_eq!(at_24(&["2027-01-10", "2025-06-01"]), Some((1.0, 1)));
    assert_eq!(at_24(&["2027-01-11", "2030-06-01"]), Some((1.0, 2)));
    assert_eq!(at_24(&[]), None);
}

/// A death on the very day of the cap is in the survival at 24 months, in a span with 29 February and in one without.
#[test]
fn an_event_on_the_last_day_counts_at_24_months() {
    for (admitted, death, days) in [("2025-01-10", "2027-01-10", 731), ("2023-06-01", "2025-06-01", 732)] {
        let mut one = named("x", json!({"infused": null, "death": {"date": death}}));
        one.admitted = Some(crate::course::tests::day(admitted));
        one.enrolled = crate::course::tests::day(admitted);
        let mut other = named("y", json!({"infused": null, "last_alive": "2030-01-01"}));
        other.admitted = one.admitted;
        let summary = summarise(&[one, other], Day28::default(), 0.95);
        let os = of(&summary, Endpoint::Os);
        assert_eq!(os.subjects.first().unwrap().time.days, days);
        let at_24 = os.landmarks.last().unwrap().survival.unwrap();
        assert_eq!((at_24.survival, at_24.at_risk), (0.5, 2));
    }
}

fn any_course() -> impl Strategy<Value = Course> {
    let response = prop::sample::select(vec!["CR", "CRi", "MLFS", "PR", "NR", "PD", "NE", "RELAPSE"]);
    let assessments = prop::collection::vec((0_u64..900, response), 0..5);
    let date = |day: u64| (crate::course::tests::day("2025-02-01") + chrono::Days::new(day)).to_string();
    let optional = || prop::option::of(1_u64..900);
    (assessments, optional(), optional(), optional(), any::<bool>()).prop_map(
        move |(assessments, death, therapy, transplant, mrd_only)| {
            let assessments: Vec<_> = assessments
                .into_iter()
                .map(|(day, response)| json!({"date": date(day), "response": response}))
                .collect();
            course(json!({
                "assessments": assessments,
                "death": death.map(|day| json!({"date": date(day), "leukaemia": day % 2 == 0})),
                "therapies": therapy.map(date).into_iter().collect::<Vec<_>>(),
                "transplants": transplant.map(date).into_iter().collect::<Vec<_>>(),
                "mrd_only": mrd_only
            }))
        },
    )
}

proptest! {
    #[test]
    fn every_cohort(mut all in prop::collection::vec(any_course(), 0..12), turn in 0_usize..12) {
        for (number, one) in all.iter_mut().enumerate() {
            one.subject = format!("S-{number:03}");
        }
        let summary = summarise(&all, Day28::default(), 0.95);
        for time in &summary.times {
            let applicable = all.iter().filter(|course| time.endpoint.applies(course)).count();
            prop_assert_eq!(time.n + time.not_evaluable.len() + time.contradictory.len(), applicable);
            for one in &time.subjects {
                let allowed = if one.time.event { time.definition.events } else { time.definition.censored };
                prop_assert!(allowed.contains(&one.time.why), "{:?} {:?}", time.endpoint, one);
                prop_assert!((1..=732).contains(&one.time.days));
            }
        }
        for rate in &summary.rates {
            prop_assert!(rate.x <= rate.n);
        }
        let by_code = |code: &str| summary.rates.iter().find(|rate| rate.definition.code() == code).unwrap().x;
        prop_assert!(by_code("cr_alone") <= by_code("registered"));
        prop_assert!(by_code("registered") <= by_code("overall_response"));
        prop_assert!(by_code("within_3_months") <= by_code("best_response"));
        let lanes = crate::lane::lanes(&all, crate::lane::Origin::Infusion, crate::lane::Order::Subject);
        for lane in &lanes {
            prop_assert!(lane.segments.windows(2).all(|pair| pair[0].from < pair[1].from && pair[0].to == pair[1].from));
            prop_assert!(lane.marks.iter().all(|mark| (lane.from..=lane.to).contains(&mark.day)));
        }
        let turn = turn.min(all.len());
        all.rotate_left(turn);
        prop_assert_eq!(summarise(&all, Day28::default(), 0.95), summary);
    }
}
