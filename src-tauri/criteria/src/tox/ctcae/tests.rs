//! Cases beyond the vectors: units, missing limits, abnormal baselines, the changes of 6.0.

use super::*;
use crate::finding::{Field, Grade};
use serde_json::json;

fn grade_in(version: Version, json: serde_json::Value) -> Grade {
    ctcae(&serde_json::from_value(json).unwrap(), version).unwrap().grade
}

fn of(json: serde_json::Value) -> Grade {
    grade_in(Version::V5, json)
}

fn g(grade: u8) -> Grade {
    Grade::Graded { grade }
}

#[test]
fn a_threshold_is_read_in_its_own_unit() {
    let ca = |value: f64, unit: &str| {
        of(
            json!({"term": "calcium_low", "value": value, "unit": unit, "lln": if unit == "mg/dL" { 8.6 } else { 2.15 }, "corrected": true}),
        )
    };
    assert_eq!(
        (ca(8.0, "mg/dL"), ca(7.99, "mg/dL"), ca(1.996, "mmol/L")),
        (g(1), g(2), g(2))
    );
    assert_eq!(
        of(json!({"term": "hemoglobin", "value": 8.0, "unit": "g/dL", "lln": 13})),
        g(2)
    );
    assert_eq!(of(json!({"term": "fibrinogen", "value": 49, "unit": "mg/dL"})), g(4));
    let wrong = of(json!({"term": "hemoglobin", "value": 8.0, "unit": "stone", "lln": 13}));
    assert_eq!(
        wrong,
        Grade::NotEvaluable {
            missing: vec![Field("unit")]
        }
    );
    let raw = of(json!({"term": "calcium_low", "value": 1.5, "lln": 2.15}));
    assert_eq!(
        raw,
        Grade::NotEvaluable {
            missing: vec![Field("corrected")]
        }
    );
}

#[test]
fn without_a_limit_only_an_absolute_band_has_a_grade() {
    assert_eq!(of(json!({"term": "platelet", "value": 60})), g(2));
    assert_eq!(
        of(json!({"term": "platelet", "value": 90})),
        Grade::NotEvaluable {
            missing: vec![Field("lln")]
        }
    );
    assert_eq!(
        of(json!({"term": "alt", "value": 90})),
        Grade::NotEvaluable {
            missing: vec![Field("uln")]
        }
    );
}

#[test]
fn an_abnormal_baseline_changes_the_ruler() {
    let alt = |version, value: u32| {
        grade_in(
            version,
            json!({"term": "alt", "value": value, "uln": 40, "baseline": 100}),
        )
    };
    for (value, five, six) in [
        (100, 0, 0),
        (140, 0, 1),
        (150, 1, 1),
        (151, 1, 2),
        (300, 1, 3),
        (301, 2, 3),
        (401, 2, 4),
    ] {
        assert_eq!(
            (alt(Version::V5, value), alt(Version::V6, value)),
            (g(five), g(six)),
            "{value}"
        );
    }
    assert_eq!(
        of(json!({"term": "alt", "value": 130, "uln": 40})),
        Grade::NotEvaluable {
            missing: vec![Field("baseline")]
        }
    );
    assert_eq!(of(json!({"term": "alt", "value": 40, "uln": 40})), g(0));
}

#[test]
fn creatinine_takes_the_worse_limb() {
    let creatinine = |version, value: u32, baseline: u32| {
        grade_in(
            version,
            json!({"term": "creatinine", "value": value, "uln": 104, "lln": 60, "baseline": baseline}),
        )
    };
    assert_eq!(creatinine(Version::V5, 100, 50), g(2), "inside the normal range");
    assert_eq!(creatinine(Version::V5, 160, 50), g(3));
    assert_eq!(creatinine(Version::V6, 100, 61), g(0));
    assert_eq!(creatinine(Version::V6, 100, 50), g(2));
}

#[test]
fn symptoms_and_analyser_decimals() {
    let sodium = |value: f64| of(json!({"term": "sodium_low", "value": value, "lln": 135, "symptomatic": false}));
    assert_eq!(
        (sodium(129.5), sodium(125.0), sodium(124.9), sodium(120.0)),
        (g(2), g(2), g(3), g(3))
    );
    let open = of(json!({"term": "sodium_low", "value": 127, "lln": 135}));
    assert_eq!(
        open,
        Grade::AtLeast {
            grade: 2,
            missing: vec![Field("symptomatic")]
        }
    );
    let open = of(json!({"term": "potassium_low", "value": 3.2, "lln": 3.5}));
    assert_eq!(
        open,
        Grade::AtLeast {
            grade: 1,
            missing: vec![Field("symptomatic")]
        }
    );
}

#[test]
fn six_moves_the_deep_bands() {
    let anc = |version, value: f64| grade_in(version, json!({"term": "neutrophil", "value": value, "lln": 2.0}));
    assert_eq!((anc(Version::V5, 0.3), anc(Version::V6, 0.3)), (g(4), g(3)));
    assert_eq!((anc(Version::V5, 1.7), anc(Version::V6, 1.7)), (g(1), g(0)));
    assert_eq!(anc(Version::V6, 0.09), g(4));
}

#[test]
fn fibrinogen_falls() {
    let fib = |value: f64, baseline: f64| {
        of(json!({"term": "fibrinogen", "value": value, "unit": "g/L", "lln": 2.0, "baseline": baseline}))
    };
    assert_eq!((fib(1.0, 3.0), fib(1.5, 1.9), fib(0.99, 1.9)), (g(2), g(1), g(3)));
}

#[test]
fn clinical_grades_come_from_a_clinician() {
    let hb = |extra: &str| of(json!({"term": "hemoglobin", "value": 70, "unit": "g/L", "lln": 130, extra: true}));
    assert_eq!((hb("symptomatic"), hb("life_threatening")), (g(3), g(4)));
    let uric = |consequences: Option<bool>| {
        of(json!({"term": "uric_acid", "value": 500, "uln": 420, "consequences": consequences}))
    };
    assert_eq!((uric(Some(false)), uric(Some(true))), (g(1), g(3)));
    assert!(matches!(uric(None), Grade::AtLeast { grade: 1, .. }));
    assert!(
        ctcae(
            &serde_json::from_value(json!({"term": "crp", "value": 5})).unwrap(),
            Version::V5
        )
        .is_none()
    );
}
