//! What a result says it rests on: every fact with its value, its limit, and whether it holds.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use criteria::Decisions;
use criteria::decision::Ruleset;
use criteria::dose::bedside::identity_check;
use criteria::elig::registry::criterion;
use criteria::response::assess::assess;
use criteria::tox::acute_gvhd::{liver, overall};
use criteria::tox::chronic_gvhd::cgvhd;
use criteria::tox::crs::crs;
use criteria::tox::ctcae::{Version, ctcae};
use criteria::tox::icaht::{icaht_early, t_icaht_early};
use criteria::tox::icans::icans;
use criteria::tox::lysis::tls;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn read<T: DeserializeOwned>(inputs: Value) -> T {
    serde_json::from_value(inputs).unwrap()
}

/// `base` with some inputs changed.
fn with(base: &Value, change: &Value) -> Value {
    let mut inputs = base.clone();
    for (key, value) in change.as_object().unwrap() {
        inputs[key] = value.clone();
    }
    inputs
}

/// Each reason as `what value op limit unit: holds`, with its decision.
fn said(result: impl Serialize, list: &str) -> Vec<String> {
    let result = serde_json::to_value(result).unwrap();
    let reasons = result[list].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    reasons
        .iter()
        .map(|reason| {
            let parts = ["what", "value", "op", "limit", "unit"].map(|key| text(&reason[key]));
            let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            let holds = if reason["holds"] == true { "yes" } else { "no" };
            format!("{}: {holds} {}", parts.join(" "), text(&reason["decision"]))
                .trim()
                .to_owned()
        })
        .collect()
}

/// Fails unless every expected reason is there, in this order, other reasons between them allowed; `-` before one that must
/// not be there. A decision may be left out.
fn rests_on(case: &Value, reasons: &[String], expected: &[&str]) {
    let mut rest = reasons.iter();
    for wanted in expected {
        match wanted.strip_prefix('-') {
            Some(absent) => assert!(
                !reasons.iter().any(|one| one.starts_with(absent)),
                "{case}: {absent} in {reasons:#?}"
            ),
            None => assert!(
                rest.any(|one| one == wanted || one.split(" D-").next() == Some(wanted)),
                "{case}: no {wanted} in {reasons:#?}"
            ),
        }
    }
}

#[test]
fn cytokine_release() {
    let base = json!({"temp_max_c": 38.5, "fever_attributed_elsewhere": false, "crs_established": false, "masking_therapy": false,
        "hypotension": true, "vasopressors": ["norepinephrine"], "oxygen": "nasal_cannula", "flow_l_min": 6,
        "airway_protection_only": false, "death_from_crs": false});
    for (change, expected) in [
        (
            json!({}),
            &[
                "death_from_crs false: no",
                "hypotension true: yes",
                "vasopressor_count 1 >= 2: no",
                "oxygen nasal_cannula: yes",
                "flow 6 > 6 L/min: no",
                "temperature 38.5 >= 38 °C: yes",
                "fever_attributed_elsewhere false: no",
                "-vasopressin",
                "-fever_waived",
            ][..],
        ),
        (
            json!({"vasopressors": ["norepinephrine", "vasopressin"], "oxygen": "none"}),
            &[
                "vasopressin true: yes",
                "vasopressor_count 1 >= 2: no",
                "oxygen none: no",
            ],
        ),
        (
            json!({"hypotension_attributed_elsewhere": true, "hypoxia_attributed_elsewhere": true}),
            &[
                "hypotension_attributed_elsewhere true: yes",
                "hypoxia_attributed_elsewhere true: yes",
                "-vasopressor_count",
                "-oxygen",
            ],
        ),
        (
            json!({"temp_max_c": 37, "crs_established": true, "masking_therapy": true}),
            &["fever_waived true: yes"],
        ),
    ] {
        rests_on(&change, &said(crs(&read(with(&base, &change))), "reasons"), expected);
    }
    let late = said(crs(&read(with(&base, &json!({"days_since_infusion": 15})))), "warnings");
    assert_eq!(late, ["days_since_infusion 15 > 14 d: yes"]);
    let unstable = said(crs(&read(with(&base, &json!({"temp_max_c": 37})))), "warnings");
    assert_eq!(unstable, ["crs_criteria_not_met_but_unstable: yes"]);
}

#[test]
fn neurotoxicity() {
    let base = json!({"age": 30, "ice": 10, "ice_unable_unarousable": false, "consciousness": "alert", "seizure": "none",
        "motor_deep_weakness": false, "edema": "none", "death": false});
    for (change, expected) in [
        (
            json!({}),
            &[
                "ice 10 <= 9: no",
                "consciousness alert: no",
                "seizure none: no",
                "edema none: no",
            ][..],
        ),
        (json!({"ice": 9}), &["ice 9 <= 9: yes"]),
        (json!({"ice": 7}), &["ice 7 <= 9: yes"]),
        (json!({"ice": 6}), &["ice 6 <= 6: yes"]),
        (json!({"ice": 3}), &["ice 3 <= 6: yes"]),
        (json!({"ice": 2}), &["ice 2 <= 2: yes"]),
        (
            json!({"ice_unable_unarousable": true}),
            &["ice_unable true: yes", "-ice 10"],
        ),
        (
            json!({"age": 8, "ice_unable_unarousable": true}),
            &["ice_unable true: yes"],
        ),
        (
            json!({"consciousness": "spontaneous", "seizure": "resolved", "edema": "focal"}),
            &[
                "consciousness spontaneous: yes",
                "seizure resolved: yes",
                "edema focal: yes",
            ],
        ),
        (json!({"raised_pressure_signs": true}), &["raised_pressure true: yes"]),
    ] {
        rests_on(&change, &said(icans(&read(with(&base, &change))), "reasons"), expected);
    }
}

#[test]
fn counts_after_infusion() {
    let run = |low: u32, days: usize| -> Vec<u32> { [vec![low; days], vec![2000; 31 - days]].concat() };
    for (low, days, expected) in [
        (500, 1, ["days_anc_500 1 >= 1 d: yes", "days_anc_100 0 >= 1 d: no"]),
        (501, 6, ["days_anc_500 0 >= 1 d: no", "days_anc_100 0 >= 1 d: no"]),
        (101, 6, ["days_anc_500 6 >= 1 d: yes", "days_anc_100 0 >= 1 d: no"]),
        (100, 7, ["days_anc_500 7 >= 7 d: yes", "days_anc_100 7 >= 7 d: yes"]),
        (100, 13, ["days_anc_500 13 >= 7 d: yes", "days_anc_100 13 >= 7 d: yes"]),
        (
            100,
            14,
            ["days_anc_500 14 >= 14 d: yes", "days_anc_100 14 >= 14 d: yes"],
        ),
    ] {
        let inputs = json!({"daily_anc_per_ul": run(low, days)});
        assert_eq!(said(icaht_early(&read(inputs)), "reasons"), expected, "{low} {days}");
    }
    for (low, expected) in [
        ("50", ["days_plt_50 0 >= 1 d: no", "days_plt_20 0 >= 1 d: no"]),
        ("49.9", ["days_plt_50 1 >= 1 d: yes", "days_plt_20 0 >= 1 d: no"]),
        ("20", ["days_plt_50 1 >= 1 d: yes", "days_plt_20 0 >= 1 d: no"]),
        ("19.9", ["days_plt_50 1 >= 1 d: yes", "days_plt_20 1 >= 1 d: yes"]),
    ] {
        let inputs = json!({"daily_plt": [low, "150"]});
        assert_eq!(said(t_icaht_early(&read(inputs)), "reasons"), expected, "{low}");
    }
}

#[test]
fn graft_versus_host() {
    for (value, unit, expected) in [
        ("1.99", "mg/dL", "bilirubin 1.99 >= 2 mg/dL: no"),
        ("2", "mg/dL", "bilirubin 2 >= 2 mg/dL: yes"),
        ("3", "mg/dL", "bilirubin 3 >= 2 mg/dL: yes"),
        ("3.1", "mg/dL", "bilirubin 3.1 > 3 mg/dL: yes"),
        ("6.1", "mg/dL", "bilirubin 6.1 > 6 mg/dL: yes"),
        ("15.1", "mg/dL", "bilirubin 15.1 > 15 mg/dL: yes"),
        ("34.208", "umol/L", "bilirubin 2 >= 2 mg/dL: yes"),
    ] {
        let inputs = json!({"bilirubin": {"value": value, "unit": unit}});
        assert_eq!(said(liver(&read(inputs)), "reasons"), [expected]);
    }
    let stages = json!({"skin": 1, "liver": 0, "upper_gi": 1, "lower_gi": 0});
    assert_eq!(
        said(overall(&read(stages)), "reasons"),
        [
            "stage_skin 1 >= 1: yes",
            "stage_liver 0 >= 1: no",
            "stage_upper_gi 1 >= 1: yes",
            "stage_lower_gi 0 >= 1: no"
        ]
    );
    let sites = said(cgvhd(&read(json!({"skin": 1, "mouth": 0}))), "reasons");
    assert_eq!(sites, ["nih_skin 1 >= 1: yes", "nih_mouth 0 >= 1: no"]);
}

#[test]
fn response() {
    let base = json!({"bm_blasts_pct": 2, "bm_cellularity": "adequate", "pb_blasts_pct": 0, "anc": 1.5, "plt": 150,
        "days_since_plt_transfusion": 30, "days_since_rbc_transfusion": 30, "emd": "none", "cns": 1, "baseline_bm_pct": 60,
        "prior_best": "none"});
    let regenerating = json!({"bm_blasts_pct": 10, "mrd_fraction": 0.001});
    for (ruleset, change, expected) in [
        (
            Ruleset::Eln2024,
            json!({}),
            &[
                "bm_blasts 2 < 5 %: yes",
                "anc 1.5 > 1 ×10⁹/L: yes",
                "platelets 150 > 100 ×10⁹/L: yes",
                "days_since_plt_transfusion 30 > 7 d: yes D-18",
                "days_since_rbc_transfusion 30 > 7 d: yes D-18",
                "-regeneration",
                "-pb_blasts",
                "-emd",
                "-cns",
            ][..],
        ),
        (
            Ruleset::Eln2024,
            json!({"no_transfusion_ever": true, "days_since_plt_transfusion": null, "days_since_rbc_transfusion": null}),
            &[
                "days_since_plt_transfusion never: yes D-18",
                "days_since_rbc_transfusion never: yes D-18",
            ],
        ),
        (
            Ruleset::Zuma3,
            json!({"bm_blasts_pct": 5}),
            &["bm_blasts 5 <= 5 %: yes"],
        ),
        (
            Ruleset::Eln2024,
            regenerating,
            &["regeneration true: yes", "mrd 0.001 >= 0.01: no", "-bm_blasts"],
        ),
        (
            Ruleset::Eln2024,
            json!({"bm_blasts_pct": 20}),
            &[
                "bm_blasts 20 >= 5 %: yes",
                "bm_blasts 20 <= 25 %: yes",
                "bm_fall_50 true: yes",
            ],
        ),
        (
            Ruleset::Eln2024,
            json!({"bm_blasts_pct": 4, "emd": "present_baseline"}),
            &["emd present_baseline: yes", "bm_blasts 4 >= 5 %: no"],
        ),
        (
            Ruleset::Eln2024,
            json!({"bm_blasts_pct": 40}),
            &["bm_fall_50 false: no"],
        ),
        (Ruleset::Eln2024, json!({"bm_blasts_pct": 75}), &["bm_rise true: yes"]),
        (
            Ruleset::Eln2024,
            json!({"pb_blasts_pct": 3, "baseline_pb_abs": 4, "pb_abs": 5}),
            &["pb_rise true: yes"],
        ),
        (
            Ruleset::Eln2024,
            json!({"pb_blasts_pct": 0.4, "pb_flow_clarified": "blasts"}),
            &["pb_blasts 1 >= 1 %: yes"],
        ),
        (Ruleset::Eln2024, json!({"cns": 2}), &["cns 2: yes"]),
        (Ruleset::Eln2024, json!({"cns": 2, "prior_best": "CR"}), &["cns 2: yes"]),
        (
            Ruleset::Eln2024,
            json!({"cns": 2, "prior_best": "CR", "prior_cns2_tap": true}),
            &["two_cns2_taps true: yes"],
        ),
        (Ruleset::Eln2024, json!({"cns": 3, "prior_best": "CR"}), &["cns 3: yes"]),
        (
            Ruleset::Eln2024,
            json!({"clinical_cns_signs": true, "prior_best": "CR"}),
            &["clinical_cns_signs true: yes"],
        ),
        (
            Ruleset::Eln2024,
            json!({"anc": 0.3, "plt": 20}),
            &["cellularity adequate: yes"],
        ),
        (
            Ruleset::Eln2024,
            json!({"anc": 0.3, "plt": 20, "bm_cellularity": "aplastic"}),
            &["cellularity aplastic: yes"],
        ),
    ] {
        let decisions = Decisions {
            ruleset,
            ..Decisions::default()
        };
        let reasons = said(assess(&read(with(&base, &change)), &decisions), "reasons");
        rests_on(&change, &reasons, expected);
    }
}

#[test]
fn eligibility() {
    for (code, inputs, expected) in [
        (
            "E3",
            json!({"cns": "CNS2", "neuro_symptoms": false}),
            &["neuro_symptoms false: no", "cns CNS2: no"][..],
        ),
        ("E3", json!({"cns": "CNS2", "neuro_symptoms": true}), &["cns CNS2: yes"]),
        ("E3", json!({"cns": "CNS1"}), &["cns CNS1: no"]),
        (
            "E11",
            json!({"active_tb": false, "igra": "positive"}),
            &["igra pos: yes"],
        ),
        (
            "E11",
            json!({"active_tb": false, "igra": "negative"}),
            &["igra neg: no"],
        ),
        ("E16", json!({"sex": "M"}), &["pregnant false: no"]),
        (
            "I4",
            json!({"no_cr_at_end_of_induction": true}),
            &["no_cr_at_end_of_induction true: yes"],
        ),
        ("I4", json!({}), &["-no_cr_at_end_of_induction"]),
        (
            "I4",
            json!({"relapses": 1, "cr1_days": 100}),
            &["cr1_days 100 <= 365 d: yes"],
        ),
        ("I4", json!({"relapses": 0, "cr1_days": 100}), &["-cr1_days"]),
        ("I4", json!({"relapses": 2, "cr1_days": 100}), &["-cr1_days"]),
        (
            "I13",
            json!({"sex": "F", "childbearing_potential": false}),
            &["childbearing_potential false: no"],
        ),
        (
            "I13",
            json!({"childbearing_potential": false}),
            &["childbearing_potential false: no"],
        ),
    ] {
        let result = criterion(code, &inputs, &Decisions::default()).unwrap();
        rests_on(&inputs, &said(result, "reasons"), expected);
    }
    for (second, expected) in [("u2", "two_persons true: yes"), (" u1", "two_persons false: no")] {
        let inputs = json!({"nurse1": "u1", "nurse2": second});
        assert_eq!(said(identity_check(&read(inputs)), "reasons"), [expected]);
    }
}

#[test]
fn laboratory() {
    let enzyme = json!({"term": "alt", "value": 90, "uln": 40, "baseline": 50});
    let rise = said(ctcae(&read(enzyme.clone()), Version::V5), "reasons");
    rests_on(&enzyme, &rise, &["baseline_abnormal true: yes", "alt 90 >= 75: yes"]);
    for (baseline, expected) in [("1.9", "fibrinogen 1.4 <= 1.425 g/L: yes"), ("2", "-fibrinogen 1.4 <=")] {
        let inputs = json!({"term": "fibrinogen", "value": "1.4", "lln": 2, "baseline": baseline});
        rests_on(
            &inputs,
            &said(ctcae(&read(inputs.clone()), Version::V5), "reasons"),
            &[expected],
        );
    }
    let lysis = json!({"day_from_therapy": 0, "child": false, "uric_acid_umol_l": 480, "k_mmol_l": 6.5});
    let found = said(tls(&read(lysis.clone())), "reasons");
    rests_on(
        &lysis,
        &found,
        &["uric_acid 480 >= 476 µmol/L: yes", "potassium 6.5 >= 6 mmol/L: yes"],
    );
}
