//! A worse input never lowers a grade, and the unit in which a value was entered never changes one.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use criteria::qualify::run_vector;
use serde_json::{Map, Value, json};

/// The grade or stage, where everything is known.
fn grade(function: &str, inputs: &Value) -> u64 {
    let answer = run_vector(function, inputs).unwrap_or_else(|why| panic!("{function} {inputs}: {why}"));
    assert_eq!(answer["status"], "graded", "{function} {inputs}: {answer}");
    answer["grade"].as_u64().or(answer["stage"].as_u64()).unwrap()
}

/// Inputs with their values from the mildest to the worst.
type Ladder = Vec<(&'static str, Vec<Value>)>;

fn ladder(inputs: &[(&'static str, Value)]) -> Ladder {
    inputs
        .iter()
        .map(|(name, values)| (*name, values.as_array().unwrap().clone()))
        .collect()
}

/// The whole grid: every state against every state that is one step worse in one input.
fn never_lower(function: &str, fixed: &Value, ladder: &Ladder, least: usize) {
    let mut state = vec![0_usize; ladder.len()];
    let at = |state: &[usize]| {
        let mut inputs = fixed.clone();
        for ((name, values), step) in ladder.iter().zip(state) {
            inputs[*name] = values[*step].clone();
        }
        inputs
    };
    let mut compared = 0;
    loop {
        let here = at(&state);
        let low = grade(function, &here);
        for place in 0..state.len() {
            if state[place] + 1 < ladder[place].1.len() {
                let mut worse = state.clone();
                worse[place] += 1;
                let there = at(&worse);
                let high = grade(function, &there);
                assert!(high >= low, "{function}: {here} is {low}, {there} only {high}");
                compared += 1;
            }
        }
        let Some(next) = (0..state.len()).find(|place| state[*place] + 1 < ladder[*place].1.len()) else {
            break;
        };
        state[next] += 1;
        state[..next].fill(0);
    }
    assert!(compared >= least, "{function}: {compared}");
}

#[test]
fn crs() {
    let fixed = json!({"airway_protection_only": false});
    let steps = ladder(&[
        ("temp_max_c", json!([36.0, 37.9, 38.0, 38.1, 41.0])),
        ("fever_attributed_elsewhere", json!([true, false])),
        ("crs_established", json!([false, true])),
        ("masking_therapy", json!([false, true])),
        (
            "vasopressors",
            json!([
                [],
                ["vasopressin"],
                ["norepinephrine"],
                ["norepinephrine", "vasopressin"],
                ["norepinephrine", "epinephrine"]
            ]),
        ),
        (
            "oxygen",
            json!(["none", "blow_by", "high_flow", "venturi", "cpap", "intubation"]),
        ),
        ("death_from_crs", json!([false, true])),
    ]);
    for hypotension in [false, true] {
        let mut fixed = fixed.clone();
        fixed["hypotension"] = json!(hypotension);
        let mut steps = steps.clone();
        if !hypotension {
            steps[4].1.truncate(1);
        }
        never_lower("tox.crs", &fixed, &steps, 1700);
    }
    let flows = json!([0.5, 5.9, 6.0, 6.1, 15]);
    let cannula = ladder(&[("temp_max_c", json!([38.0, 40.0])), ("flow_l_min", flows)]);
    let fixed = json!({"oxygen": "nasal_cannula", "fever_attributed_elsewhere": false, "crs_established": false, "masking_therapy": false,
        "hypotension": false, "vasopressors": [], "death_from_crs": false});
    never_lower("tox.crs", &fixed, &cannula, 9);
    for (flow, expected) in [(5.9, 2), (6.0, 2), (6.1, 3)] {
        let mut inputs = fixed.clone();
        (inputs["temp_max_c"], inputs["flow_l_min"]) = (json!(38.0), json!(flow));
        assert_eq!(grade("tox.crs", &inputs), expected, "{flow} L/min");
    }
}

#[test]
fn icans_of_adults_and_of_children() {
    let shared = ladder(&[
        (
            "consciousness",
            json!(["alert", "spontaneous", "voice", "tactile", "unarousable"]),
        ),
        (
            "seizure",
            json!(["none", "resolved", "ncse_resolved", "prolonged_gt5min", "repetitive"]),
        ),
        ("motor_deep_weakness", json!([false, true])),
        ("edema", json!(["none", "focal", "diffuse"])),
        ("raised_pressure_signs", json!([false, true])),
        ("death", json!([false, true])),
    ]);
    let mut adult = shared.clone();
    let totals: Vec<Value> = (0..=10).rev().map(|total| json!(total)).collect();
    adult.push(("ice", totals));
    never_lower(
        "tox.icans",
        &json!({"age": 12, "ice_unable_unarousable": false}),
        &adult,
        20_000,
    );
    let mut child = shared;
    let scores = [0, 1, 8, 9, 10, 32].map(|score| json!(score)).to_vec();
    child.push(("capd", scores));
    never_lower(
        "tox.icans",
        &json!({"age": 11, "ice_unable_unarousable": false}),
        &child,
        10_000,
    );
}

/// Every way to answer ICE: the total is the sum, and its grade in an alert adult is that of the table.
#[test]
fn every_ice_has_its_total_and_its_grade() {
    let mut seen = 0;
    for orientation in 0..=4_u64 {
        for naming in 0..=3 {
            for ones in 0..8 {
                let (command, writing, attention) = (ones & 1, ones >> 1 & 1, ones >> 2);
                let items = json!({"orientation": orientation, "naming": naming, "command": command, "writing": writing, "attention": attention});
                let total = run_vector("tox.ice", &items).unwrap()["total"].as_u64().unwrap();
                assert_eq!(total, orientation + naming + command + writing + attention);
                let inputs = json!({"age": 40, "ice": total, "ice_unable_unarousable": false, "consciousness": "alert",
                    "seizure": "none", "motor_deep_weakness": false, "edema": "none", "death": false});
                let expected = match total {
                    10 => 0,
                    7..=9 => 1,
                    3..=6 => 2,
                    _ => 3,
                };
                assert_eq!(grade("tox.icans", &inputs), expected, "{items}");
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 160);
}

#[test]
fn acute_gvhd_of_every_organ_and_overall() {
    let stage = "tox.agvhd_stage";
    let skin = ladder(&[
        ("bsa_pct", json!([0, 0.1, 24.9, 25, 50, 50.1, 100])),
        ("bullae", json!([false, true])),
        ("desquamation_pct", json!([0, 5, 5.1, 60])),
    ]);
    never_lower(stage, &json!({"organ": "skin"}), &skin, 100);
    let level = |value: f64, unit: &str| json!({"value": value, "unit": unit});
    let liver = vec![(
        "bilirubin",
        [0.0, 1.9, 2.0, 3.0, 3.1, 6.0, 6.1, 15.0, 15.1, 40.0]
            .map(|v| level(v, "mg/dL"))
            .to_vec(),
    )];
    never_lower(stage, &json!({"organ": "liver"}), &liver, 9);
    for (weight, volumes) in [
        (50.1, json!([0, 499, 500, 999, 1000, 1500, 1501, 9000])),
        (50.0, json!([0, 499, 500, 999, 1000, 1500, 1501, 9000])),
        (10.0, json!([0, 99, 100, 199, 200, 300, 301, 3000])),
    ] {
        let gut = ladder(&[
            ("ml_per_day", volumes.clone()),
            ("bleeding", json!([false, true])),
            ("severe_pain", json!([false, true])),
        ]);
        never_lower(stage, &json!({"organ": "lower_gi", "weight_kg": weight}), &gut, 50);
        let often = json!([0, 2, 3, 4, 5, 6, 7, 8, 10, 11, 40]);
        let gut = ladder(&[
            ("episodes", often),
            ("bleeding", json!([false, true])),
            ("severe_pain", json!([false, true])),
        ]);
        never_lower(stage, &json!({"organ": "lower_gi", "weight_kg": weight}), &gut, 50);
    }
    let organs = ladder(&[
        ("skin", json!([0, 1, 2, 3, 4])),
        ("liver", json!([0, 1, 2, 3, 4])),
        ("upper_gi", json!([0, 1])),
        ("lower_gi", json!([0, 1, 2, 3, 4])),
    ]);
    never_lower("tox.agvhd_overall", &json!({}), &organs, 700);
    for skin in 0..=4_u64 {
        for liver in 0..=4 {
            for upper in 0..=1 {
                for lower in 0..=4 {
                    let inputs = json!({"skin": skin, "liver": liver, "upper_gi": upper, "lower_gi": lower});
                    let expected = if skin == 4 || liver == 4 || lower == 4 {
                        4
                    } else if liver >= 2 || lower >= 2 {
                        3
                    } else if skin == 3 || liver == 1 || upper == 1 || lower == 1 {
                        2
                    } else {
                        u64::from(skin > 0)
                    };
                    assert_eq!(grade("tox.agvhd_overall", &inputs), expected, "{inputs}");
                }
            }
        }
    }
}

/// Term, unit, limits of normal, a normal baseline, and every value from the best to the worst around its thresholds.
type Row = (&'static str, Option<&'static str>, f64, &'static [f64]);

const FALLING: &[Row] = &[
    (
        "neutrophil",
        None,
        2.0,
        &[
            3.0, 2.0, 1.99, 1.51, 1.5, 1.49, 1.01, 1.0, 0.99, 0.51, 0.5, 0.49, 0.1, 0.09, 0.0,
        ],
    ),
    (
        "platelet",
        None,
        150.0,
        &[
            200.0, 150.0, 149.9, 75.1, 75.0, 74.9, 50.1, 50.0, 49.9, 25.0, 24.9, 10.0, 9.9, 0.0,
        ],
    ),
    (
        "lymphocyte",
        None,
        1.1,
        &[2.0, 1.1, 1.09, 0.8, 0.79, 0.5, 0.49, 0.2, 0.19, 0.0],
    ),
    ("wbc", None, 4.0, &[5.0, 4.0, 3.9, 3.0, 2.9, 2.0, 1.9, 1.0, 0.9, 0.0]),
    (
        "hemoglobin",
        Some("g/L"),
        130.0,
        &[140.0, 130.0, 129.0, 100.0, 99.9, 80.0, 79.9, 10.0],
    ),
    (
        "hemoglobin",
        Some("g/dL"),
        13.0,
        &[14.0, 13.0, 12.9, 10.0, 9.9, 8.0, 7.9, 1.0],
    ),
    (
        "albumin",
        Some("g/L"),
        35.0,
        &[40.0, 35.0, 34.9, 30.0, 29.9, 20.0, 19.9, 5.0],
    ),
    (
        "ionised_calcium_low",
        Some("mmol/L"),
        1.15,
        &[1.2, 1.15, 1.14, 1.0, 0.99, 0.9, 0.89, 0.8, 0.79],
    ),
    (
        "sodium_low",
        None,
        135.0,
        &[
            140.0, 135.0, 134.9, 130.0, 129.9, 129.0, 125.0, 124.9, 120.0, 119.9, 100.0,
        ],
    ),
    ("potassium_low", None, 3.5, &[4.0, 3.5, 3.4, 3.0, 2.9, 2.5, 2.4, 1.5]),
    (
        "calcium_low",
        Some("mmol/L"),
        2.15,
        &[2.3, 2.15, 2.14, 2.0, 1.99, 1.75, 1.74, 1.5, 1.49, 1.0],
    ),
    (
        "calcium_low",
        Some("mg/dL"),
        8.6,
        &[9.0, 8.6, 8.5, 8.0, 7.9, 7.0, 6.9, 6.0, 5.9, 4.0],
    ),
    (
        "magnesium_low",
        Some("mmol/L"),
        0.7,
        &[0.8, 0.7, 0.69, 0.5, 0.49, 0.4, 0.39, 0.3, 0.29],
    ),
    (
        "glucose_low",
        Some("mmol/L"),
        3.9,
        &[5.0, 3.9, 3.8, 3.0, 2.9, 2.2, 2.1, 1.7, 1.6],
    ),
    (
        "fibrinogen",
        Some("g/L"),
        4.0,
        &[4.1, 4.0, 3.99, 3.0, 2.99, 2.0, 1.99, 1.0, 0.99, 0.5, 0.49],
    ),
];

const RISING: &[Row] = &[
    (
        "alt",
        None,
        40.0,
        &[30.0, 40.0, 40.1, 120.0, 120.1, 200.0, 200.1, 800.0, 800.1],
    ),
    (
        "ast",
        None,
        40.0,
        &[30.0, 40.0, 40.1, 120.0, 120.1, 200.0, 200.1, 800.0, 800.1],
    ),
    (
        "alp",
        None,
        100.0,
        &[90.0, 100.0, 100.1, 250.0, 250.1, 500.0, 500.1, 2000.0, 2000.1],
    ),
    (
        "ggt",
        None,
        60.0,
        &[50.0, 60.0, 60.1, 150.0, 150.1, 300.0, 300.1, 1200.0, 1200.1],
    ),
    (
        "bilirubin",
        None,
        20.0,
        &[15.0, 20.0, 20.1, 30.0, 30.1, 60.0, 60.1, 200.0, 200.1],
    ),
    (
        "creatinine",
        None,
        100.0,
        &[80.0, 100.0, 100.1, 150.0, 150.1, 300.0, 300.1, 600.0, 600.1],
    ),
    ("inr", None, 1.1, &[1.0, 1.2, 1.21, 1.5, 1.51, 2.5, 2.51]),
    ("aptt", None, 40.0, &[39.0, 40.0, 40.1, 60.0, 60.1, 100.0, 100.1]),
    (
        "sodium_high",
        None,
        145.0,
        &[140.0, 145.0, 145.1, 150.0, 150.1, 155.0, 155.1, 160.0, 160.1],
    ),
    (
        "potassium_high",
        None,
        5.0,
        &[4.0, 5.0, 5.1, 5.5, 5.6, 6.0, 6.1, 7.0, 7.1],
    ),
    (
        "calcium_high",
        Some("mmol/L"),
        2.55,
        &[2.5, 2.55, 2.6, 2.9, 2.91, 3.1, 3.11, 3.4, 3.41],
    ),
    (
        "triglycerides",
        Some("mmol/L"),
        1.7,
        &[1.0, 1.7, 1.71, 3.42, 3.43, 5.7, 5.71, 11.4, 11.41],
    ),
    ("uric_acid", None, 420.0, &[400.0, 420.0, 421.0, 900.0]),
    ("ldh", None, 250.0, &[200.0, 250.0, 250.1, 4000.0]),
];

#[test]
fn every_laboratory_term() {
    for version in ["tox.ctcae5", "tox.ctcae6"] {
        for (rows, normal) in [(FALLING, "lln"), (RISING, "uln")] {
            for (term, unit, limit, values) in rows {
                let values: Vec<Value> = values.iter().map(|value| json!(value)).collect();
                let mut fixed = json!({"term": term, "unit": unit, "baseline": limit, "corrected": true, "consequences": false,
                    "symptomatic": false});
                // CTCAE 6.0 asks creatinine for both limits.
                fixed["lln"] = json!(if normal == "lln" { *limit } else { limit / 2.0 });
                fixed["uln"] = json!(if normal == "uln" { *limit } else { limit * 2.0 });
                let steps = values.len() - 1;
                never_lower(version, &fixed, &vec![("value", values.clone())], steps);
                for flag in [
                    "symptomatic",
                    "life_threatening",
                    "transfusion_indicated",
                    "bleeding",
                    "consequences",
                ] {
                    let flagged = vec![("value", values.clone()), (flag, vec![json!(false), json!(true)])];
                    never_lower(version, &fixed, &flagged, steps);
                }
            }
        }
    }
}

/// The grade of every value in [`FALLING`] and [`RISING`] under 5.0, read from the table by hand.
#[test]
fn each_side_of_each_threshold() {
    let expected: &[(&str, &[u64])] = &[
        ("neutrophil", &[0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 4]),
        ("platelet", &[0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 4, 4]),
        ("lymphocyte", &[0, 0, 1, 1, 2, 2, 3, 3, 4, 4]),
        ("wbc", &[0, 0, 1, 1, 2, 2, 3, 3, 4, 4]),
        ("hemoglobin", &[0, 0, 1, 1, 2, 2, 3, 3]),
        ("albumin", &[0, 0, 1, 1, 2, 2, 3, 3]),
        ("ionised_calcium_low", &[0, 0, 1, 1, 2, 2, 3, 3, 4]),
        ("sodium_low", &[0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 4]),
        ("potassium_low", &[0, 0, 1, 1, 3, 3, 4, 4]),
        ("calcium_low", &[0, 0, 1, 1, 2, 2, 3, 3, 4, 4]),
        ("magnesium_low", &[0, 0, 1, 1, 2, 2, 3, 3, 4]),
        ("glucose_low", &[0, 0, 1, 1, 2, 2, 3, 3, 4]),
        ("fibrinogen", &[0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 4]),
        ("alt", &[0, 0, 1, 1, 2, 2, 3, 3, 4]),
        ("ast", &[0, 0, 1, 1, 2, 2, 3, 3, 4]),
        ("alp", &[0, 0, 1, 1, 2, 2, 3, 3, 4]),
        ("ggt", &[0, 0, 1, 1, 2, 2, 3, 3, 4]),
        ("bilirubin", &[0, 0, 1, 1, 2, 2, 3, 3, 4]),
        ("creatinine", &[0, 0, 1, 1, 2, 2, 3, 3, 4]),
        ("inr", &[0, 0, 1, 1, 2, 2, 3]),
        ("aptt", &[0, 0, 1, 1, 2, 2, 3]),
        ("sodium_high", &[0, 0, 1, 1, 2, 2, 3, 3, 4]),
        ("potassium_high", &[0, 0, 1, 1, 2, 2, 3, 3, 4]),
        ("calcium_high", &[0, 0, 1, 1, 2, 2, 3, 3, 4]),
        ("triglycerides", &[0, 0, 1, 1, 2, 2, 3, 3, 4]),
        ("uric_acid", &[0, 0, 1, 1]),
        ("ldh", &[0, 0, 1, 1]),
    ];
    for (term, unit, limit, values) in FALLING.iter().chain(RISING) {
        let grades = expected.iter().find(|(name, _)| name == term).unwrap().1;
        assert_eq!(grades.len(), values.len(), "{term}");
        for (value, wanted) in values.iter().zip(grades) {
            // A baseline equal to the limit of normal is normal.
            let inputs = json!({"term": term, "unit": unit, "value": value, "lln": limit, "uln": limit, "baseline": limit,
                "corrected": true, "consequences": false, "symptomatic": false});
            assert_eq!(grade("tox.ctcae5", &inputs), *wanted, "{term} {value} {unit:?}");
        }
    }
}

#[test]
fn days_of_neutropenia() {
    let early = "tox.icaht_early";
    for depth in [[600.0, 500.0, 100.0, 50.0], [501.0, 499.0, 101.0, 99.0]] {
        let mut last = [0; 4];
        for days in 1..=30 {
            let mut deeper = 0;
            for (place, anc) in depth.iter().enumerate() {
                // Above from day 0, low from day 1, recovered to the end.
                let series: Vec<f64> = (0..=30)
                    .map(|day| if (1..=days).contains(&day) { *anc } else { 2000.0 })
                    .collect();
                let now = grade(early, &json!({"daily_anc_per_ul": series, "ended": null}));
                assert!(now >= last[place], "{anc} for {days} days");
                assert!(now >= deeper, "{anc} is deeper");
                (last[place], deeper) = (now, now);
            }
        }
    }
    let run = |anc: f64, days: usize| {
        let series: Vec<f64> = (0..=30)
            .map(|day| if (5..5 + days).contains(&day) { anc } else { 2000.0 })
            .collect();
        grade(early, &json!({"daily_anc_per_ul": series, "ended": null}))
    };
    for (anc, days, wanted) in [
        (500.0, 1, 1),
        (500.0, 6, 1),
        (500.0, 7, 2),
        (500.0, 13, 2),
        (500.0, 14, 3),
        (501.0, 14, 0),
        (100.0, 6, 1),
        (100.0, 7, 3),
        (100.0, 13, 3),
        (100.0, 14, 4),
        (101.0, 7, 2),
        (101.0, 14, 3),
    ] {
        assert_eq!(run(anc, days), wanted, "{anc} for {days} days");
    }
    for (anc, wanted) in [
        (1501.0, 0),
        (1500.0, 1),
        (1001.0, 1),
        (1000.0, 2),
        (501.0, 2),
        (500.0, 3),
        (101.0, 3),
        (100.0, 4),
        (0.0, 4),
    ] {
        let inputs = json!({"anc_values_per_ul": [anc, anc]});
        assert_eq!(grade("tox.icaht_late", &inputs), wanted, "{anc}");
    }
}

/// One value in its two units: pairs of function, input, the two ways of writing it, and the rest.
#[test]
fn the_unit_of_entry_changes_no_result() {
    let with = |rest: &Value, key: &str, value: Value| {
        let mut inputs = rest.as_object().unwrap().clone();
        inputs.insert(key.to_owned(), value);
        Value::Object(inputs)
    };
    let strip = |mut answer: Value| {
        let object: &mut Map<String, Value> = answer.as_object_mut().unwrap();
        for key in ["warnings", "warning"] {
            object.remove(key);
        }
        answer
    };
    let adult = json!({"criterion": "I8", "age": 65, "sex": "F", "weight_kg": 50});
    let child = json!({"criterion": "I8", "age": 10, "sex": "M", "height_cm": 120});
    let bilirubin = json!({"organ": "liver"});
    let mut compared = 0;
    for tenths in 1..=600_i64 {
        let mg = tenths as f64 / 100.0;
        // Exact products: 88.4 and 17.104 µmol/L to the mg/dL.
        let creatinine = tenths as f64 * 884.0 / 1000.0;
        for rest in [&adult, &child] {
            let one = run_vector(
                "elig.criterion",
                &with(rest, "creatinine", json!({"value": mg, "unit": "mg/dL"})),
            )
            .unwrap();
            let two = with(rest, "creatinine", json!({"value": creatinine, "unit": "umol/L"}));
            assert_eq!(
                strip(one),
                strip(run_vector("elig.criterion", &two).unwrap()),
                "{mg} mg/dL"
            );
            compared += 1;
        }
        let umol = (tenths * 17_104) as f64 / 100_000.0;
        let one = run_vector(
            "tox.agvhd_stage",
            &with(&bilirubin, "bilirubin", json!({"value": mg, "unit": "mg/dL"})),
        )
        .unwrap();
        let two = with(&bilirubin, "bilirubin", json!({"value": umol, "unit": "umol/L"}));
        assert_eq!(
            strip(one),
            strip(run_vector("tox.agvhd_stage", &two).unwrap()),
            "{mg} mg/dL"
        );
        compared += 1;
    }
    assert_eq!(compared, 1800);
    // Stated exceptions: a table whose two columns disagree is compared in the unit in which it was entered.
    let calcium = |value: f64, unit: &str| {
        grade(
            "tox.ctcae5",
            &json!({"term": "calcium_low", "value": value, "unit": unit, "lln": if unit == "mg/dL" { 8.6 } else { 2.15 },
            "corrected": true}),
        )
    };
    assert_eq!((calcium(8.0, "mg/dL"), calcium(1.996, "mmol/L")), (1, 2));
}

/// Converted there and back every analyte is what it was.
#[test]
fn conversions_undo_one_another() {
    for (analyte, from, to) in [
        ("creatinine", "mg/dL", "umol/L"),
        ("bilirubin", "mg/dL", "umol/L"),
        ("hemoglobin", "g/dL", "g/L"),
        ("albumin", "g/dL", "g/L"),
        ("calcium", "mg/dL", "mmol/L"),
        ("phosphate", "mg/dL", "mmol/L"),
        ("magnesium", "mg/dL", "mmol/L"),
        ("uric_acid", "mg/dL", "umol/L"),
        ("glucose", "mg/dL", "mmol/L"),
        ("triglycerides", "mg/dL", "mmol/L"),
        ("fibrinogen", "mg/dL", "g/L"),
        ("crp", "mg/dL", "mg/L"),
        ("ferritin", "ng/mL", "ug/L"),
        ("cells", "/uL", "x10^9/L"),
        ("sodium", "mEq/L", "mmol/L"),
        ("mrd", "percent", "fraction"),
        ("temperature", "F", "C"),
    ] {
        for value in [0.0, 0.01, 1.0, 7.3, 38.0, 99.9, 1200.0] {
            let convert = |value: &Value, from: &str, to: &str| {
                run_vector(
                    "conv.convert",
                    &json!({"analyte": analyte, "value": value, "from": from, "to": to}),
                )
                .unwrap()["value"]
                    .clone()
            };
            let there = convert(&json!(value), from, to);
            let back = convert(&there, to, from).as_f64().unwrap();
            assert!(
                (back - value).abs() < 1e-9 * value.abs().max(1.0),
                "{analyte} {value}: {there}, {back}"
            );
        }
    }
}
