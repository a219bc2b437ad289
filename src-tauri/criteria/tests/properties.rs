//! What holds for every input, not only for the vectors.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use criteria::qualify::{FUNCTIONS, run_vector};
use criteria::tox::crs::{Crs, Oxygen, crs};
use criteria::{Decisions, Grade, Outcome, rule, what};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const VECTORS: &str = include_str!("../../../tests/fixtures/criteria/criteria-vectors.json");

/// Grades from the mildest to the worst, so that "worse" has a meaning.
const OXYGEN: [(Oxygen, u32); 6] = [
    (Oxygen::None, 0),
    (Oxygen::BlowBy, 0),
    (Oxygen::NasalCannula, 6),
    (Oxygen::NasalCannula, 7),
    (Oxygen::FaceMask, 0),
    (Oxygen::Bipap, 0),
];

const PRESSORS: [&[&str]; 5] = [
    &[],
    &["vasopressin"],
    &["norepinephrine"],
    &["norepinephrine", "vasopressin"],
    &["norepinephrine", "epinephrine"],
];

fn input(temp: u32, hypotension: bool, pressors: usize, oxygen: usize, established: bool, masked: bool) -> Crs {
    let (oxygen, flow) = OXYGEN[oxygen];
    serde_json::from_value(json!({
        "temp_max_c": f64::from(temp) / 10.0, "fever_attributed_elsewhere": false, "crs_established": established,
        "masking_therapy": masked, "hypotension": hypotension || pressors > 0, "vasopressors": PRESSORS[pressors],
        "oxygen": oxygen, "flow_l_min": flow, "airway_protection_only": false, "death_from_crs": false
    }))
    .unwrap()
}

fn grade(input: &Crs) -> u8 {
    match crs(input).grade {
        Grade::Graded { grade } => grade,
        other @ (Grade::AtLeast { .. } | Grade::NotEvaluable { .. }) => panic!("everything is known, yet {other:?}"),
    }
}

#[test]
fn the_whole_grid_of_crs_is_graded_and_a_worse_input_never_lowers_it() {
    for established in [false, true] {
        for masked in [false, true] {
            for pressors in 0..PRESSORS.len() {
                for oxygen in 0..OXYGEN.len() {
                    for (temp, hypotension) in [(370, false), (370, true), (380, false), (400, true)] {
                        let here = grade(&input(temp, hypotension, pressors, oxygen, established, masked));
                        let worse = [
                            input(temp.max(380), hypotension, pressors, oxygen, established, masked),
                            input(temp, true, pressors, oxygen, established, masked),
                            input(temp, hypotension, (pressors + 1).min(4), oxygen, established, masked),
                            input(temp, hypotension, pressors, (oxygen + 1).min(5), established, masked),
                        ];
                        for other in &worse {
                            assert!(grade(other) >= here, "{other:?} is below {here}");
                        }
                    }
                }
            }
        }
    }
}

/// What a JSON answer has settled, to be compared after something was added.
fn settled(answer: &Value) -> Option<(&'static str, Value)> {
    for key in ["result", "status"] {
        if answer[key] == "not_evaluable" || answer[key] == "at_least" {
            return None;
        }
    }
    for key in ["result", "grade", "stage", "severity", "risk", "ltls", "serious"] {
        if !answer[key].is_null() {
            return Some((key, answer[key].clone()));
        }
    }
    None
}

/// Functions whose text gives a result for a missing item although the item could change it, or that are no grader.
fn stated_exception(vector: &Value) -> bool {
    let name = vector["fn"].as_str().unwrap();
    let criterion = vector["inputs"]["criterion"].as_str().unwrap_or("");
    let term = vector["inputs"]["term"].as_str().unwrap_or("");
    // I1 fails unsigned after a procedure; I4 and I7 have inputs that count only when stated; creatinine is graded by ULN
    // alone; a missing label of unit means the unit of the table.
    let by_criterion = ["I1", "I4", "I7", "I13"].contains(&criterion);
    !(name.starts_with("tox.") || name == "elig.criterion" || name.starts_with("holds."))
        || by_criterion
        || term == "creatinine"
}

/// Inputs that count only when stated, or that carry the unit.
const OPTIONAL: [&str; 5] = [
    "unit",
    "transfusion_indicated",
    "baseline",
    "seizure_minutes",
    "life_threatening",
];

#[test]
fn taking_an_input_away_never_contradicts_what_was_settled() {
    let file: Value = serde_json::from_str(VECTORS).unwrap();
    let mut compared = 0;
    for vector in file["vectors"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|vector| !stated_exception(vector))
    {
        let name = vector["fn"].as_str().unwrap();
        let inputs = vector["inputs"].as_object().unwrap();
        let Some((_, full)) = settled(&run_vector(name, &vector["inputs"]).unwrap()) else {
            continue;
        };
        for key in inputs
            .keys()
            .filter(|key| !["criterion", "term", "organ", "scores"].contains(&key.as_str()))
        {
            if OPTIONAL.contains(&key.as_str()) {
                continue;
            }
            let mut less = vector["inputs"].clone();
            less[key] = Value::Null;
            let answer = run_vector(name, &less).unwrap();
            if let Some((_, partial)) = settled(&answer) {
                compared += 1;
                assert_eq!(partial, full, "{} without {key}: {answer}", vector["id"]);
            }
            if answer["status"] == "at_least" {
                let low = answer["grade"].as_u64().or(answer["stage"].as_u64()).unwrap();
                let full = full.as_u64().unwrap();
                assert!(
                    low <= full,
                    "{} without {key}: at least {low}, but {full}",
                    vector["id"]
                );
            }
        }
    }
    assert!(compared > 100, "{compared}");
}

#[test]
fn nothing_panics_on_nothing() {
    for name in FUNCTIONS {
        // Whatever is required by shape is refused, never a panic.
        let _ = run_vector(name, &json!({}));
        let _ = run_vector(name, &json!(null));
        let _ = run_vector(name, &json!([1, "a"]));
    }
}

#[test]
fn codes_are_unique_and_stable_in_shape() {
    let rules: BTreeSet<_> = rule::RULES.iter().map(|rule| rule.code).collect();
    assert_eq!(rules.len(), rule::RULES.len());
    let whats: BTreeSet<_> = what::WHATS.iter().collect();
    assert_eq!(whats.len(), what::WHATS.len());
    assert!(whats.iter().all(|code| {
        code.chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    }));
    assert!(rule::RULES.iter().all(|rule| !rule.source.is_empty()));
    let known = |decision: &str| (1..=28).any(|n| decision == format!("D-{n:02}"));
    assert!(rule::RULES.iter().filter_map(|rule| rule.decision).all(known));
}

#[test]
fn every_answer_of_eligibility_names_its_rule() {
    let file: Value = serde_json::from_str(VECTORS).unwrap();
    for vector in file["vectors"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|vector| vector["fn"] == "elig.criterion")
    {
        let mut inputs = vector["inputs"].clone();
        let code = inputs.as_object_mut().unwrap().remove("criterion").unwrap();
        let result =
            criteria::elig::registry::criterion(code.as_str().unwrap(), &inputs, &Decisions::default()).unwrap();
        if !matches!(result.outcome, Outcome::NotEvaluable { .. }) && code != "I13" {
            assert!(!result.reasons.is_empty(), "{}", vector["id"]);
        }
        for reason in result.reasons.iter().chain(&result.warnings) {
            let base = reason.rule.split('.').next().unwrap();
            assert_eq!(base, code.as_str().unwrap(), "{}", vector["id"]);
            assert!(what::WHATS.contains(&reason.what));
        }
    }
}

proptest! {
    #[test]
    fn crs_of_any_input_is_total(
        temp in prop::option::of(300_u32..440), fever in any::<Option<bool>>(), known in any::<Option<bool>>(),
        masked in any::<Option<bool>>(), low in any::<Option<bool>>(), pressors in prop::option::of(0_usize..5),
        oxygen in prop::option::of(0_usize..6), flow in any::<bool>(), death in any::<Option<bool>>(),
    ) {
        let partial: Crs = serde_json::from_value(json!({
            "temp_max_c": temp.map(|t| f64::from(t) / 10.0), "fever_attributed_elsewhere": fever, "crs_established": known,
            "masking_therapy": masked, "hypotension": low, "vasopressors": pressors.map(|p| PRESSORS[p]),
            "oxygen": oxygen.map(|o| OXYGEN[o].0), "flow_l_min": oxygen.filter(|_| flow).map(|o| OXYGEN[o].1),
            "airway_protection_only": false, "death_from_crs": death
        })).unwrap();
        let before = crs(&partial).grade;
        // Fill every gap with something: a settled grade stays, an open one only rises.
        let mut full = partial;
        full.temp_max_c = full.temp_max_c.or(criteria::quantity::Celsius::new(39.into()).ok());
        full.fever_attributed_elsewhere = full.fever_attributed_elsewhere.or(Some(false));
        full.crs_established = full.crs_established.or(Some(true));
        full.masking_therapy = full.masking_therapy.or(Some(true));
        // Without hypotension only an empty list of vasopressors is compatible.
        full.vasopressors = full.vasopressors.or(Some(if full.hypotension == Some(false) { vec![] } else { vec!["dopamine".into()] }));
        full.hypotension = full.hypotension.or(Some(true));
        full.oxygen = full.oxygen.or(Some(Oxygen::NasalCannula));
        full.flow_l_min = full.flow_l_min.or(criteria::quantity::LitrePerMin::new(8.into()).ok());
        full.death_from_crs = full.death_from_crs.or(Some(false));
        let after = grade(&full);
        match before {
            Grade::Graded { grade } => prop_assert_eq!(grade, after),
            Grade::AtLeast { grade, missing } => {
                prop_assert!(grade <= after);
                prop_assert!(!missing.is_empty());
            }
            Grade::NotEvaluable { missing } => prop_assert!(!missing.is_empty()),
        }
    }
}
