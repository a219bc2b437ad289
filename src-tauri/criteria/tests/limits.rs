//! What the case files cannot say: other decisions of the sponsor, imaging, times, what is shown of a number.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use chrono::{NaiveDate, NaiveDateTime};
use criteria::body::neutrophils;
use criteria::dose::amount::within_plan;
use criteria::elig::fresh::withheld;
use criteria::elig::registry::{Unknown, criterion};
use criteria::elig::washout::{Steroid, above_replacement};
use criteria::finding::{Computed, Factor};
use criteria::qualify::{compare, run_vector};
use criteria::quantity::{Level, Positive};
use criteria::renal::{Renal, bedside_schwartz, ckd_epi_2021, cockcroft_gault};
use criteria::response::assess::{CnsClass, Emd};
use criteria::response::lymphoma::{LesionResponse, emd, lesions};
use criteria::vitals::{Gap, baseline_measured, gaps, schedule};
use criteria::{Criterion, Decisions, Field, Outcome};
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn read<T: DeserializeOwned>(inputs: Value) -> T {
    serde_json::from_value(inputs).unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn word(result: &Criterion) -> &'static str {
    match result.outcome {
        Outcome::Pass => "pass",
        Outcome::Fail => "fail",
        Outcome::NotEvaluable { .. } => "open",
    }
}

/// Each as decided by default, and as decided otherwise.
#[test]
fn exclusions_that_the_sponsor_may_lift() {
    let lifted = Decisions {
        mature_b_excludes: false,
        cml_blast_crisis_excludes: false,
        prior_gene_modified_excludes: false,
        hbsag_positive_excludes: false,
        ..Decisions::default()
    };
    for (code, inputs, by_default, otherwise) in [
        (
            "E2",
            json!({"mature_b": true, "cml_blast_crisis": false}),
            "fail",
            "pass",
        ),
        (
            "E2",
            json!({"mature_b": false, "cml_blast_crisis": true}),
            "fail",
            "pass",
        ),
        ("E2", json!({}), "open", "pass"),
        ("E7", json!({"prior_gene_modified": true}), "fail", "pass"),
        ("E7", json!({}), "open", "pass"),
        // D-16: with HBsAg the DNA decides.
        (
            "E8",
            json!({"hbsag": "pos", "hbcab": "neg", "hbv_dna": "undetectable"}),
            "fail",
            "pass",
        ),
        (
            "E8",
            json!({"hbsag": "pos", "hbcab": "neg", "hbv_dna": "detectable"}),
            "fail",
            "fail",
        ),
        ("E8", json!({"hbsag": "pos", "hbcab": "neg"}), "fail", "open"),
        ("E8", json!({"hbsag": "neg", "hbcab": "neg"}), "pass", "pass"),
    ] {
        let of = |decisions: &Decisions| word(&criterion(code, &inputs, decisions).unwrap());
        assert_eq!(
            (of(&Decisions::default()), of(&lifted)),
            (by_default, otherwise),
            "{code} {inputs}"
        );
    }
}

/// D-25.
#[test]
fn an_absolute_cap_includes_itself() {
    let capped = Decisions {
        dose_cap: Some(decimal("100000000")),
        ..Decisions::default()
    };
    for (total, expected) in [
        (json!(99_999_999), "pass"),
        (json!(100_000_000), "pass"),
        (json!(100_000_001), "fail"),
        (json!(null), "open"),
    ] {
        let inputs = json!({"planned_per_kg": 1_000_000, "given_per_kg": 1_000_000, "given_total": total});
        assert_eq!(word(&within_plan(&read(inputs), &capped)), expected, "{total}");
    }
}

#[test]
fn a_result_that_is_too_old_is_said_to_be() {
    let fine = criterion(
        "I10",
        &json!({"lvef_pct": 60, "significant_effusion": false}),
        &Decisions::default(),
    )
    .unwrap();
    let result = withheld(fine.clone(), &["lvef_pct"]);
    assert_eq!(
        result.outcome,
        Outcome::NotEvaluable {
            missing: vec![Field("lvef_pct")]
        }
    );
    let said: Vec<_> = result.warnings.iter().map(|one| (one.what, one.holds)).collect();
    assert_eq!(said, [("result_too_old", true)]);
    assert_eq!(withheld(fine.clone(), &[]), fine);
}

/// A.3: adults above 10 mg prednisone, children above 12 mg/m² hydrocortisone.
#[test]
fn replacement_by_body_surface() {
    for (steroid, mg, bsa, expected) in [
        (Steroid::Hydrocortisone, "18", "1.5", false),
        (Steroid::Hydrocortisone, "18.1", "1.5", true),
        (Steroid::Hydrocortisone, "6", "0.5", false),
        (Steroid::Hydrocortisone, "6.1", "0.5", true),
        (Steroid::Prednisone, "4.5", "1.5", false),
        (Steroid::Prednisone, "4.6", "1.5", true),
    ] {
        let (mg, bsa) = (Level::new(decimal(mg)).unwrap(), Positive::new(decimal(bsa)).unwrap());
        assert_eq!(
            above_replacement(steroid, mg, false, Some(bsa)),
            Some(expected),
            "{steroid:?} {mg:?} {bsa:?}"
        );
    }
}

/// A.3: 10 mg prednisone are 1.5 mg dexamethasone, 8 mg methylprednisolone, 40 mg hydrocortisone.
#[test]
fn replacement_of_an_adult() {
    for (steroid, equal, more) in [
        (Steroid::Prednisone, "10", "10.01"),
        (Steroid::Dexamethasone, "1.5", "1.51"),
        (Steroid::Methylprednisolone, "8", "8.01"),
        (Steroid::Hydrocortisone, "40", "40.01"),
    ] {
        let of = |mg: &str| above_replacement(steroid, Level::new(decimal(mg)).unwrap(), true, None);
        assert_eq!((of(equal), of(more)), (Some(false), Some(true)), "{steroid:?}");
    }
}

/// B.4.
#[test]
fn nodes_on_ct() {
    use LesionResponse::{Complete, Partial, Progression, Stable};
    let grown = |node: &str, growth: &str| json!({"largest_node_mm": node, "ppd_rise_50": true, "growth_mm": growth, "extralymphatic": false, "spd_pct_of_baseline": 120});
    for (inputs, expected) in [
        // Up to 15 mm a node is none, however it grew.
        (grown("15", "9"), Some(Complete)),
        (grown("15.1", "5"), Some(Progression)),
        (grown("20", "4.9"), Some(Stable)),
        (grown("20", "5"), Some(Progression)),
        (grown("20.1", "9.9"), Some(Stable)),
        (grown("20.1", "10"), Some(Progression)),
        (
            json!({"largest_node_mm": 16, "spd_pct_of_baseline": "50.1"}),
            Some(Stable),
        ),
        (json!({"largest_node_mm": 16, "spd_pct_of_baseline": 50}), Some(Partial)),
        (
            json!({"largest_node_mm": 15, "extralymphatic": true, "spd_pct_of_baseline": 50}),
            Some(Partial),
        ),
        (json!({"largest_node_mm": 15}), None),
        // A new lesion is progression whatever else is seen.
        (
            json!({"largest_node_mm": 10, "extralymphatic": false, "new_lesion": true}),
            Some(Progression),
        ),
        (
            json!({"largest_node_mm": 10, "extralymphatic": false, "new_lesion": false}),
            Some(Complete),
        ),
    ] {
        assert_eq!(lesions(&read(inputs.clone())), expected, "{inputs}");
    }
    let clear = json!({"present_at_baseline": true, "largest_node_mm": 15, "extralymphatic": false});
    assert_eq!(emd(&read(clear)), Some(Emd::None));
}

/// E.6.
#[test]
fn vital_signs_at_the_edges_of_the_infusion() {
    let at = |text: &str| text.parse::<NaiveDateTime>().unwrap();
    let (start, day) = (at("2025-06-01T10:00:00"), at("2025-06-02T10:00:00"));
    assert!(
        !schedule(start, start).is_empty(),
        "stopped in the minute in which it started"
    );
    assert!(!schedule(start, day).is_empty(), "24 hours");
    assert!(
        schedule(start, day + chrono::TimeDelta::seconds(1)).is_empty(),
        "longer than 24 hours"
    );
    let end = at("2025-06-01T11:00:00");
    assert_eq!(
        gaps(start, start, &[]),
        [Gap { from: start, to: end }],
        "nothing measured"
    );
    let times = ["10:20", "10:40"].map(|time| at(&format!("2025-06-01T{time}:00")));
    let outside = [at("2025-06-01T09:00:00"), times[0], times[1], at("2025-06-01T12:00:00")];
    assert!(
        gaps(start, start, &outside).is_empty(),
        "what lies outside opens no gap"
    );
    assert!(baseline_measured(
        start,
        &[at("2025-06-01T09:45:00"), at("2025-06-01T10:05:00")]
    ));
}

/// 0.4: `WBC × (segs + bands) / 100`.
#[test]
fn neutrophils_lack_what_is_missing() {
    let all = json!({"wbc": 4, "segs_pct": 40, "bands_pct": 10});
    assert_eq!(neutrophils(&read(all.clone())).value, Some(decimal("2")));
    for name in ["wbc", "segs_pct", "bands_pct"] {
        let mut inputs = all.clone();
        inputs[name] = Value::Null;
        let missing = neutrophils(&read(inputs)).missing;
        assert_eq!(missing.iter().map(|field| field.0).collect::<Vec<_>>(), [name]);
    }
}

/// 0.3: settled only where every possible year gives the same answer.
#[test]
fn an_age_between_two_is_judged_at_each() {
    let of = |min: u16, max: u16| {
        let inputs = json!({"age": {"min": min, "max": max}, "dob": null, "consent_date": null});
        word(&criterion("I2", &inputs, &Decisions::default()).unwrap())
    };
    for (min, max, expected) in [
        (1, 2, "fail"),
        (2, 3, "open"),
        (3, 70, "pass"),
        (70, 71, "open"),
        (2, 71, "open"),
        (71, 130, "fail"),
    ] {
        assert_eq!(of(min, max), expected, "{min} {max}");
    }
}

#[test]
fn factors_are_shown_as_they_enter() {
    let inputs = json!({"age": 40, "sex": "F", "weight_kg": 60, "height_cm": 150, "creatinine": {"value": 100, "unit": "umol/L"}});
    let shown = |factors: Vec<Factor>| {
        let line = |factor: &Factor| format!("{} {}", factor.what, factor.value);
        factors.iter().map(line).collect::<Vec<_>>()
    };
    // 100 / 88.4 = 1.13122...
    let of = |formula: fn(&Renal) -> Computed| shown(formula(&read(inputs.clone())).factors);
    assert_eq!(
        of(cockcroft_gault),
        ["age 40", "weight 60", "creatinine 1.1312", "sex_factor 0.85"]
    );
    assert_eq!(of(ckd_epi_2021), ["age 40", "creatinine 1.1312"]);
    assert_eq!(of(bedside_schwartz), Vec::<String>::new(), "an adult has none");
    let mut child = inputs.clone();
    child["age"] = json!(10);
    assert_eq!(
        shown(bedside_schwartz(&read(child)).factors),
        ["height 150", "creatinine 1.1312"]
    );
}

#[test]
fn names_of_what_is_not_known_are_said() {
    let unknown = criterion("E99", &json!({}), &Decisions::default()).unwrap_err();
    assert_eq!(
        (&unknown, unknown.to_string().as_str()),
        (&Unknown::Function("E99".to_owned()), "no function E99")
    );
    let refused = run_vector("tox.crs", &json!({"temperature": 38})).unwrap_err();
    assert!(
        refused
            .to_string()
            .starts_with("inputs refused: unknown field `temperature`"),
        "{refused}"
    );
    assert_eq!(
        [CnsClass::One, CnsClass::Two, CnsClass::Three].map(|class| json!(class)),
        [json!(1), json!(2), json!(3)]
    );
}

#[test]
fn numbers_in_a_list_have_a_tolerance_too() {
    let answer = json!({"values": [1.0, 2.000_000_000_1]});
    assert!(compare(&json!({"values": [1, 2]}), &answer, None).is_empty());
    assert_eq!(compare(&json!({"values": [1, 2.1]}), &answer, None).len(), 1);
    assert_eq!(compare(&json!({"values": [1]}), &answer, None).len(), 1);
}

/// Born after the day, whichever way the birth is known.
#[test]
fn nobody_is_born_later() {
    use criteria::age::{Birth, completed_years};
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let on = day("2025-03-10");
    for birth in [
        Birth::Day(day("2025-03-11")),
        Birth::Day(day("2026-01-01")),
        Birth::Day(day("2030-12-31")),
        Birth::Month(day("2025-04-01")),
        Birth::Month(day("2026-01-01")),
        Birth::Year(2026),
    ] {
        assert!(completed_years(birth, on).is_err(), "{birth:?}");
    }
    for birth in [Birth::Day(on), Birth::Month(day("2025-03-01")), Birth::Year(2025)] {
        assert_eq!(
            completed_years(birth, on).map(|age| (age.min(), age.max())),
            Ok((0, 0)),
            "{birth:?}"
        );
    }
}
