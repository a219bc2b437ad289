//! Courses as data: what each endpoint makes of one record.

use super::*;
use crate::endpoint::Endpoint;
use crate::event::{DateError, Why};

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Enrolled on 1 January 2025, admitted on the 10th, infused on 1 February; the rest as JSON.
pub(crate) fn course(rest: serde_json::Value) -> Course {
    let mut all = serde_json::json!({
        "subject": "S-001", "enrolled": "2025-01-01", "admitted": "2025-01-10", "infused": "2025-02-01"
    });
    all.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    serde_json::from_value(all).unwrap()
}

fn short(course: &Course, endpoint: Endpoint) -> Option<(i64, Why)> {
    endpoint.of(course).unwrap().map(|time| (time.days, time.why))
}

fn expect(name: &str, course: &Course, wanted: &[(Endpoint, Option<(i64, Why)>)]) {
    for (endpoint, time) in wanted {
        assert_eq!(short(course, *endpoint), *time, "{name}: {endpoint:?}");
    }
}

#[test]
fn a_remission_that_relapses() {
    let one = course(serde_json::json!({
        "assessments": [{"date": "2025-06-01", "response": "RELAPSE"}, {"date": "2025-03-01", "response": "CRi"}],
        "death": {"date": "2025-08-01", "leukaemia": true}
    }));
    assert_eq!(one.remission(), Some(day("2025-03-01")));
    expect(
        "relapse",
        &one,
        &[
            (Endpoint::Os, Some((204, Why::Death))),
            (Endpoint::OsFromInfusion, Some((182, Why::Death))),
            (Endpoint::Dor, Some((93, Why::Relapse))),
            (Endpoint::Rfs, Some((93, Why::Relapse))),
            (Endpoint::RfsFromInfusion, Some((121, Why::Relapse))),
            (Endpoint::Efs, Some((121, Why::Relapse))),
            (Endpoint::Ttnt, Some((182, Why::LeukaemiaDeath))),
        ],
    );
}

#[test]
fn a_transplant_in_remission() {
    let one = course(serde_json::json!({
        "assessments": [
            {"date": "2025-03-01", "response": "CR"},
            {"date": "2025-05-01", "response": "CR"},
            {"date": "2025-12-01", "response": "RELAPSE"}
        ],
        "transplants": ["2025-04-10"],
        "last_alive": "2026-01-10"
    }));
    expect(
        "transplant",
        &one,
        &[
            (Endpoint::Os, Some((366, Why::LastAlive))),
            (Endpoint::Dor, Some((276, Why::Relapse))),
            (Endpoint::DorCensorTransplant, Some((41, Why::Transplant))),
            (Endpoint::Ttnt, Some((69, Why::Transplant))),
        ],
    );
    let relapsed_first = Course {
        relapse: Some(day("2025-04-01")),
        ..one
    };
    expect(
        "transplanted in relapse",
        &relapsed_first,
        &[
            (Endpoint::Dor, Some((32, Why::Relapse))),
            (Endpoint::DorCensorTransplant, Some((32, Why::Relapse))),
            (Endpoint::Ttnt, Some((69, Why::NextTherapy))),
        ],
    );
}

#[test]
fn without_remission() {
    let refractory = course(serde_json::json!({
        "assessments": [{"date": "2025-03-01", "response": "NR"}],
        "therapies": ["2025-03-20", "2025-01-05"],
        "last_alive": "2025-06-01"
    }));
    expect(
        "refractory",
        &refractory,
        &[
            (Endpoint::Dor, None),
            (Endpoint::Efs, Some((1, Why::NoRemission))),
            (Endpoint::RfsFromInfusion, Some((1, Why::NoRemission))),
            (Endpoint::Ttnt, Some((48, Why::NextTherapy))),
        ],
    );
    let early = course(serde_json::json!({"death": {"date": "2025-02-11"}}));
    expect(
        "dead before any assessment",
        &early,
        &[
            (Endpoint::Efs, Some((11, Why::Death))),
            (Endpoint::RfsFromInfusion, Some((1, Why::NoRemission))),
            (Endpoint::Ttnt, None),
        ],
    );
    let waiting = course(serde_json::json!({
        "assessments": [{"date": "2025-03-01", "response": "MLFS"}],
        "last_alive": "2025-04-30"
    }));
    expect("within three months", &waiting, &[(Endpoint::Efs, None)]);
    let over = Course {
        last_alive: Some(day("2025-05-01")),
        ..waiting
    };
    expect(
        "three months over",
        &over,
        &[(Endpoint::Efs, Some((1, Why::NoRemission)))],
    );
}

#[test]
fn a_remission_after_another_therapy_is_not_ours() {
    let one = course(serde_json::json!({
        "assessments": [{"date": "2025-03-01", "response": "NR"}, {"date": "2025-05-01", "response": "CR"}],
        "therapies": ["2025-03-20"]
    }));
    assert_eq!(one.remission(), None);
    let rate = |definition| rate::remission_rate(&[one.for_rate()], definition, Day28::default(), 0.95).x;
    assert_eq!((rate(Definition::Registered), rate(Definition::BestResponse)), (1, 0));
}

#[test]
fn a_remission_before_the_infusion_is_measured_from_after_it() {
    let one = course(serde_json::json!({
        "assessments": [{"date": "2025-01-20", "response": "CR"}, {"date": "2025-03-01", "response": "CR"}]
    }));
    assert_eq!(one.remission(), Some(day("2025-03-01")));
    let never = Course { infused: None, ..one };
    assert_eq!(never.remission(), None);
    assert!(!Endpoint::Dor.applies(&never) && !Endpoint::Efs.applies(&never) && Endpoint::Os.applies(&never));
}

#[test]
fn whoever_was_assessed_was_alive() {
    let one = course(serde_json::json!({
        "assessments": [{"date": "2025-03-01", "response": "NE"}],
        "last_alive": "2025-02-15"
    }));
    expect("assessed later", &one, &[(Endpoint::Os, Some((51, Why::LastAlive)))]);
    let dead = Course {
        death: Some(Death {
            date: day("2025-02-20"),
            leukaemia: None,
        }),
        ..one
    };
    assert_eq!(Endpoint::Os.of(&dead), Err(DateError::AliveAfterDeath));
}

#[test]
fn two_years_to_the_day() {
    let of = |death: &str| {
        let one = course(serde_json::json!({"death": {"date": death}}));
        short(&one, Endpoint::Os)
    };
    assert_eq!(of("2027-01-10"), Some((731, Why::Death)));
    assert_eq!(of("2027-01-11"), Some((731, Why::TwoYears)));
}

/// Censored at the last evaluable assessment, or at the last before a new therapy.
#[test]
fn who_is_censored_was_last_assessed() {
    let assessments = serde_json::json!([
        {"date": "2025-03-01", "response": "CR"},
        {"date": "2025-05-01", "response": "CR"},
        {"date": "2025-06-01", "response": "NE"}
    ]);
    let one = course(serde_json::json!({"assessments": assessments, "last_alive": "2025-07-01"}));
    expect(
        "not evaluable is no assessment",
        &one,
        &[
            (Endpoint::Dor, Some((62, Why::LastAssessment))),
            (Endpoint::Efs, Some((90, Why::LastAssessment))),
        ],
    );
    let treated = course(serde_json::json!({"assessments": assessments, "therapies": ["2025-04-15"]}));
    expect("therapy", &treated, &[(Endpoint::Dor, Some((1, Why::NewTherapy)))]);
    // A therapy on the day of the infusion came before it.
    let same_day = course(serde_json::json!({"assessments": assessments, "therapies": ["2025-02-01"]}));
    assert_eq!(same_day.new_therapy(), None);
}

#[test]
fn what_was_assessed_on_the_day_of_infusion_is_no_follow_up() {
    let one = course(serde_json::json!({
        "assessments": [{"date": "2025-02-01", "response": "CR"}], "last_alive": "2025-07-01"
    }));
    expect("same day", &one, &[(Endpoint::Efs, Some((1, Why::NoAssessment)))]);
}

/// A transplant is the next treatment unless the subject was in remission on its day.
#[test]
fn a_relapse_decides_what_a_transplant_was() {
    let remission = serde_json::json!([{"date": "2025-03-01", "response": "CR"}]);
    for (relapse, why) in [
        ("2025-02-20", Why::Transplant),
        ("2025-03-01", Why::NextTherapy),
        ("2025-04-01", Why::NextTherapy),
        ("2025-05-01", Why::NextTherapy),
        ("2025-05-02", Why::Transplant),
    ] {
        let one = course(serde_json::json!({
            "assessments": remission, "relapse": relapse, "transplants": ["2025-05-01"], "last_alive": "2025-07-01"
        }));
        expect(relapse, &one, &[(Endpoint::Ttnt, Some((90, why)))]);
    }
}
