//! Small functions at their edges: comparisons, ages, renal formulae, contradictions, windows.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use chrono::{NaiveDate, NaiveDateTime};
use criteria::age::{Age, Birth, completed_years};
use criteria::body::surely_below_half;
use criteria::elig::fresh::{Kind, fresh};
use criteria::plausible::{Plausibility, Vital, contradicts, plausible};
use criteria::quantity::{CellsE9PerL, same};
use criteria::renal::{Renal, bedside_schwartz, ckd_epi_2021, cockcroft_gault};
use criteria::vitals::{Phase, baseline_measured, gaps, schedule};
use criteria::{Field, Grade, Op};
use rust_decimal::Decimal;
use serde_json::json;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn comparisons() {
    for (op, below, equal, above) in [
        (Op::Lt, true, false, false),
        (Op::Le, true, true, false),
        (Op::Gt, false, false, true),
        (Op::Ge, false, true, true),
        (Op::Eq, false, true, false),
        (Op::Ne, true, false, true),
    ] {
        let holds = |value: &str| op.holds(decimal(value), decimal("2"));
        assert_eq!(
            (holds("1.9"), holds("2.0"), holds("2.1")),
            (below, equal, above),
            "{op:?}"
        );
    }
    assert!(same(1e10, 1e10 + 1.0), "one part in ten thousand million is none");
    assert!(!same(1e8, 1e8 + 1.0) && !same(1e-3, 2e-3) && same(0.0, 0.0));
}

#[test]
fn a_grade_tells_what_it_has_and_what_it_lacks() {
    let field = || vec![Field("flow_l_min")];
    let (known, open, none) = (
        Grade::Graded { grade: 2_u8 },
        Grade::AtLeast {
            grade: 3,
            missing: field(),
        },
        Grade::<u8>::NotEvaluable { missing: field() },
    );
    assert_eq!((known.grade(), open.grade(), none.grade()), (Some(&2), Some(&3), None));
    assert_eq!(
        (known.missing(), open.missing(), none.missing()),
        (&[][..], &field()[..], &field()[..])
    );
}

#[test]
fn ages() {
    assert!(Age::between(5, 5).is_ok() && Age::between(6, 5).is_err() && Age::between(129, 130).is_ok());
    assert!(Age::between(0, 131).is_err());
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let years =
        |birth: &str, on: &str| completed_years(Birth::Day(day(birth)), day(on)).map(|age| (age.min(), age.max()));
    for (birth, on, expected) in [
        ("2005-03-10", "2025-03-09", 19),
        ("2005-03-10", "2025-03-10", 20),
        ("2005-03-10", "2025-03-11", 20),
        ("2004-02-29", "2022-02-28", 17),
        ("2004-02-29", "2022-03-01", 18),
        ("2025-03-10", "2025-03-10", 0),
    ] {
        assert_eq!(years(birth, on), Ok((expected, expected)), "{birth} on {on}");
    }
    assert!(years("2025-03-11", "2025-03-10").is_err(), "born after");
}

#[test]
fn renal_formulae_at_the_edges_of_age() {
    let input = |age: Option<u16>, sex: Option<&str>| -> Renal {
        serde_json::from_value(json!({"age": age, "sex": sex, "weight_kg": 60, "height_cm": 150,
            "creatinine": {"value": 1, "unit": "mg/dL"}}))
        .unwrap()
    };
    for (age, adult, child) in [
        (1, false, true),
        (17, false, true),
        (18, true, false),
        (19, true, false),
        (0, false, false),
    ] {
        let of = input(Some(age), Some("M"));
        assert_eq!(cockcroft_gault(&of).value.is_some(), adult, "{age}");
        assert_eq!(ckd_epi_2021(&of).value.is_some(), adult, "{age}");
        assert_eq!(bedside_schwartz(&of).value.is_some(), child, "{age}");
        if !adult {
            assert_eq!(cockcroft_gault(&of).missing, [Field("age")]);
            assert_eq!(ckd_epi_2021(&of).missing, [Field("age")]);
        }
    }
    let nothing: Renal = serde_json::from_value(json!({})).unwrap();
    let names = |missing: &[Field]| missing.iter().map(|field| field.0).collect::<Vec<_>>();
    assert_eq!(
        names(&cockcroft_gault(&nothing).missing),
        ["age", "sex", "weight_kg", "creatinine"]
    );
    assert_eq!(names(&ckd_epi_2021(&nothing).missing), ["age", "sex", "creatinine"]);
    assert_eq!(names(&bedside_schwartz(&nothing).missing), ["height_cm", "creatinine"]);
    let shown = |sex: &str| {
        cockcroft_gault(&input(Some(40), Some(sex)))
            .factors
            .iter()
            .any(|factor| factor.what == "sex_factor")
    };
    assert!(
        shown("F") && !shown("M"),
        "the factor of 0.85 is shown where it is used"
    );
    // Below κ the exponent is negative: less creatinine gives more.
    for (value, sex, expected) in [("0.5", "F", "122"), ("0.5", "M", "132")] {
        let low: Renal = serde_json::from_value(
            json!({"age": 40, "sex": sex, "creatinine": {"value": decimal(value), "unit": "mg/dL"}}),
        )
        .unwrap();
        assert_eq!(
            ckd_epi_2021(&low).value.unwrap().round().to_string(),
            expected,
            "{value} {sex}"
        );
    }
}

#[test]
fn white_cells_below_a_half() {
    for (value, expected) in [("0.49", true), ("0.5", false), ("0.51", false)] {
        assert_eq!(
            surely_below_half(CellsE9PerL::new(decimal(value)).unwrap()),
            expected,
            "{value}"
        );
    }
}

#[test]
fn values_that_contradict_each_other() {
    for (first, second, at_equal, when_more) in [
        (Vital::Diastolic, Vital::Systolic, true, true),
        (Vital::Anc, Vital::Wbc, false, true),
        (Vital::Temperature, Vital::Weight, false, false),
    ] {
        let both = |one: &str, two: &str| {
            let (one, two) = ((first, decimal(one)), (second, decimal(two)));
            let (forth, back) = (contradicts(one, two), contradicts(two, one));
            assert_eq!(forth, back, "{first:?} {second:?}");
            forth
        };
        assert_eq!(
            (both("79", "80"), both("80", "80"), both("81", "80")),
            (false, at_equal, when_more),
            "{first:?}"
        );
    }
}

#[test]
fn the_ends_of_a_plausible_range_are_inside() {
    let of = |vital, value: &str| match plausible(vital, decimal(value)) {
        Plausibility::Plausible => 0,
        Plausibility::Soft { .. } => 1,
        Plausibility::Hard { .. } => 2,
    };
    for (vital, hard, soft) in [
        (Vital::Temperature, ["30", "44"], Some(["35", "41"])),
        (Vital::HeartRate, ["20", "300"], Some(["40", "180"])),
        (Vital::Systolic, ["40", "280"], Some(["80", "200"])),
        (Vital::Diastolic, ["20", "180"], Some(["40", "120"])),
        (Vital::RespiratoryRate, ["4", "80"], Some(["8", "40"])),
        (Vital::Spo2, ["50", "100"], Some(["88", "100"])),
        (Vital::Weight, ["2", "300"], None),
        (Vital::Height, ["40", "230"], None),
        (Vital::Hemoglobin, ["10", "250"], None),
        (Vital::Creatinine, ["5", "3000"], None),
        (Vital::Potassium, ["1", "12"], None),
        (Vital::Sodium, ["90", "200"], None),
        (Vital::Ferritin, ["0", "500000"], None),
        (Vital::Platelets, ["0", "3000"], None),
        (Vital::Transaminase, ["0", "20000"], None),
        (Vital::Blasts, ["0", "100"], None),
        (Vital::Wbc, ["0", "1000"], None),
        (Vital::Anc, ["0", "500"], None),
        (Vital::Bilirubin, ["0", "1000"], None),
        (Vital::Fibrinogen, ["0", "20"], None),
    ] {
        let step = |text: &str, by: &str| (decimal(text) + decimal(by)).to_string();
        let [low, high] = hard;
        let edge = u8::from(soft.is_some());
        let top = if soft.is_some_and(|[_, most]| most == high) {
            0
        } else {
            edge
        };
        assert_eq!((of(vital, low), of(vital, high)), (edge, top), "{vital:?}");
        assert_eq!(
            (of(vital, &step(low, "-0.1")), of(vital, &step(high, "0.1"))),
            (2, 2),
            "{vital:?}"
        );
        if let Some([least, most]) = soft {
            assert_eq!((of(vital, least), of(vital, most)), (0, 0), "{vital:?}");
            assert_eq!(of(vital, &step(least, "-0.1")), 1, "{vital:?}");
            assert_eq!(of(vital, &step(most, "0.1")), if top == 0 { 2 } else { 1 }, "{vital:?}");
        }
    }
}

#[test]
fn a_result_grows_old_the_day_after_its_window() {
    let start = "2025-03-31".parse::<NaiveDate>().unwrap();
    for (kind, days) in [
        (Kind::Laboratory, 7),
        (Kind::Marrow, 28),
        (Kind::Imaging, 28),
        (Kind::Serology, 28),
    ] {
        let of = |days: i64| fresh(kind, start - chrono::TimeDelta::days(days), start);
        assert_eq!(
            (of(-1), of(0), of(days), of(days + 1)),
            (false, true, true, false),
            "{kind:?}"
        );
    }
}

#[test]
fn vital_signs_are_due_and_missed_to_the_minute() {
    let at = |text: &str| format!("2025-06-01T{text}:00").parse::<NaiveDateTime>().unwrap();
    let due = schedule(at("10:00"), at("10:15"));
    let count = |phase| due.iter().filter(|one| one.phase == phase).count();
    assert_eq!(
        [Phase::Baseline, Phase::Quarter, Phase::Half, Phase::FourHourly].map(count),
        [1, 5, 4, 5],
        "10:15 to 11:15, to 13:15, to the next day"
    );
    assert!(schedule(at("10:15"), at("10:00")).is_empty());
    let measured = ["10:00", "10:20", "10:40", "11:00", "11:15"].map(at);
    assert!(
        gaps(at("10:00"), at("10:15"), &measured).is_empty(),
        "20 minutes are no gap"
    );
    let measured = ["10:00", "10:21", "10:40", "11:00", "11:15"].map(at);
    assert_eq!(gaps(at("10:00"), at("10:15"), &measured).len(), 1, "21 minutes are");
    for (time, expected) in [("09:29", false), ("09:30", true), ("10:00", true), ("10:01", false)] {
        assert_eq!(baseline_measured(at("10:00"), &[at(time)]), expected, "{time}");
    }
}
