//! Organ function: kidney (I8), liver (I9), heart (I10), oxygen (I11), heart disease (E13).
//!
//! Sources: ThisCART19A and the donor-derived sibling; Cockcroft-Gault and bedside Schwartz for I8.
//! A child's limit in I8 and the warning for fludarabine are general knowledge \[GK\] and decided (D-07); I9 D-10, I10 D-08; E13
//! NCT04516551 \[S\].

use crate::age::{Age, settled};
use crate::decision::Decisions;
use crate::finding::{Criterion, Op};
use crate::inputs::inputs;
use crate::quantity::{Centimetre, Kilogram, Percent, TimesUln, d};
use crate::renal::{ADULT, Sex, clearance, schwartz};
use crate::score::Nyha;
use crate::truth::{Ledger, Measure, Truth, absent, any, union};
use crate::unit::Creatinine;
use crate::{rule, what as w};
use rust_decimal::Decimal;

inputs! {
    /// Inputs of I8.
    I8 {
        /// Completed years at consent.
        age: Age,
        /// Sex.
        sex: Sex,
        /// Actual body weight.
        weight_kg: Kilogram,
        /// Height, for children.
        height_cm: Centimetre,
        /// Serum creatinine.
        creatinine: Creatinine,
    }
}

/// I8, renal function \[S; D-07\]: adults Cockcroft-Gault > 30 mL/min, children bedside Schwartz ≥ 60 mL/min/1.73 m².
/// Below 80 a warning (fludarabine), never a failure.
#[must_use]
pub fn i8(input: &I8, decisions: &Decisions) -> Criterion {
    match input.age {
        None => Ledger::default().require(Truth::lacking(&absent(&[
            (true, "age"),
            (input.creatinine.is_none(), "creatinine"),
        ]))),
        Some(age) => settled(age, "age", |years| match years {
            0 => Ledger::default().require(Truth::lacking(&["age"])),
            1..ADULT => child(input, decisions),
            ADULT.. => adult(years, input, decisions),
        }),
    }
}

fn adult(years: u16, input: &I8, decisions: &Decisions) -> Criterion {
    let (Some(weight), Some(creatinine)) = (input.weight_kg, input.creatinine) else {
        return Ledger::default().require(Truth::lacking(&absent(&[
            (input.sex.is_none(), "sex"),
            (input.weight_kg.is_none(), "weight_kg"),
            (input.creatinine.is_none(), "creatinine"),
        ])));
    };
    let judge = |sex: Sex| {
        let value = clearance(years, sex, weight, creatinine);
        renal(
            rule::I8,
            w::COCKCROFT_GAULT,
            "mL/min",
            value,
            Op::Gt,
            decisions.crcl_above,
            decisions,
        )
    };
    match input.sex {
        Some(sex) => judge(sex),
        // Without the sex the answer stands only if it is the same for both.
        None => {
            let (female, male) = (judge(Sex::Female), judge(Sex::Male));
            if female.outcome == male.outcome {
                female
            } else {
                Ledger::default().require(Truth::lacking(&["sex"]))
            }
        }
    }
}

fn child(input: &I8, decisions: &Decisions) -> Criterion {
    let (Some(height), Some(creatinine)) = (input.height_cm, input.creatinine) else {
        return Ledger::default().require(Truth::lacking(&absent(&[
            (input.height_cm.is_none(), "height_cm"),
            (input.creatinine.is_none(), "creatinine"),
        ])));
    };
    let value = schwartz(height, creatinine);
    let limit = decisions.egfr_child_min;
    renal(
        rule::I8_CHILD,
        w::BEDSIDE_SCHWARTZ,
        "mL/min/1.73m²",
        value,
        Op::Ge,
        limit,
        decisions,
    )
}

fn renal(
    rule: crate::finding::Rule,
    what: &'static str,
    unit: &'static str,
    value: Option<Decimal>,
    op: Op,
    limit: Decimal,
    decisions: &Decisions,
) -> Criterion {
    let mut ledger = Ledger::default();
    let measure = Measure {
        what,
        unit,
        value,
        fields: &["creatinine"],
    };
    let met = ledger.compare(&rule, measure, op, limit);
    ledger.warn_measure(&rule::I8_WARN, measure, Op::Lt, decisions.renal_warn_below);
    ledger.require(met)
}

inputs! {
    /// Inputs of I9.
    I9 {
        /// ALT as a multiple of its upper limit.
        alt_x_uln: TimesUln,
        /// AST as a multiple of its upper limit.
        ast_x_uln: TimesUln,
        /// Total bilirubin as a multiple of its upper limit.
        bili_x_uln: TimesUln,
        /// Gilbert syndrome documented.
        gilbert: bool,
        /// Leukaemic involvement of the liver documented.
        liver_involvement: bool,
    }
}

/// I9, liver \[S; D-10\]: ALT and AST ≤ 5 × ULN; bilirubin ≤ 2 × ULN, or ≤ 3 × ULN with Gilbert or leukaemic involvement.
#[must_use]
pub fn i9(input: &I9, decisions: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let measure = |what, value: Option<TimesUln>, field| {
        (
            Measure {
                what,
                unit: TimesUln::UNIT,
                value: value.map(TimesUln::get),
                fields: &[],
            },
            field,
        )
    };
    let mut at_most = |(measure, field): (Measure<'_>, &'static str), limit| {
        ledger.compare(
            &rule::I9,
            Measure {
                fields: &[field],
                ..measure
            },
            Op::Le,
            limit,
        )
    };
    let limit = decisions.transaminases_max_x_uln;
    let alt = at_most(measure(w::ALT, input.alt_x_uln, "alt_x_uln"), limit);
    let ast = at_most(measure(w::AST, input.ast_x_uln, "ast_x_uln"), limit);
    let plain = at_most(measure(w::BILIRUBIN, input.bili_x_uln, "bili_x_uln"), d(2, 0));
    let bilirubin = if plain.yes() {
        plain
    } else {
        let wide = at_most(measure(w::BILIRUBIN, input.bili_x_uln, "bili_x_uln"), d(3, 0));
        let excused = any([
            ledger.fact(&rule::I9_EXCUSE, w::GILBERT, input.gilbert, "gilbert"),
            ledger.fact(
                &rule::I9_EXCUSE,
                w::LIVER_INVOLVEMENT,
                input.liver_involvement,
                "liver_involvement",
            ),
        ]);
        // Until the bilirubin itself is known, the excuse is not what is missing.
        if plain.no() { wide.and(excused) } else { plain }
    };
    ledger.require(alt.and(ast).and(bilirubin))
}

inputs! {
    /// Inputs of I10.
    I10 {
        /// Left ventricular ejection fraction by echocardiography or MUGA. "Normal" without a number is missing.
        lvef_pct: Percent,
        /// Clinically significant pericardial effusion.
        significant_effusion: bool,
    }
}

/// I10, heart \[S; D-08\]: LVEF ≥ 40 % and no clinically significant pericardial effusion.
#[must_use]
pub fn i10(input: &I10, decisions: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let measure = Measure {
        what: w::LVEF,
        unit: "%",
        value: input.lvef_pct.map(Percent::get),
        fields: &["lvef_pct"],
    };
    let lvef = ledger.compare(&rule::I10, measure, Op::Ge, decisions.lvef_min_pct);
    let effusion = ledger.fact(
        &rule::I10,
        w::PERICARDIAL_EFFUSION,
        input.significant_effusion,
        "significant_effusion",
    );
    ledger.require(lvef.and(effusion.not()))
}

inputs! {
    /// Inputs of I11.
    I11 {
        /// Oxygen saturation.
        spo2_pct: Percent,
        /// Measured on room air.
        room_air: bool,
    }
}

/// I11, oxygen \[S\]: SpO₂ ≥ 92 % on room air; measured on oxygen it is not evaluable.
#[must_use]
pub fn i11(input: &I11, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let on_air = ledger.fact(&rule::I11, w::ROOM_AIR, input.room_air, "room_air");
    let value = input.spo2_pct.map(Percent::get);
    let measure = Measure {
        what: w::SPO2,
        unit: "%",
        value,
        fields: &["spo2_pct"],
    };
    let enough = ledger.compare(&rule::I11, measure, Op::Ge, d(92, 0));
    ledger.require(match on_air {
        Truth::Yes => enough,
        Truth::No => Truth::lacking(&["spo2_pct"]),
        Truth::Unknown(missing) => Truth::Unknown(union(missing, enough.missing())),
    })
}

inputs! {
    /// Inputs of E13.
    E13 {
        /// NYHA class; 0 without heart failure.
        nyha: Nyha,
        /// Days since myocardial infarction, PCI, stent or unstable angina.
        days_since_mi_pci: i64,
        /// Whether there ever was one; `false` stands for the missing number of days.
        mi_pci_ever: bool,
        /// Clinically significant arrhythmia.
        arrhythmia: bool,
    }
}

/// E13, heart disease \[S\]: NYHA III-IV, an event within 365 days, or a significant arrhythmia.
#[must_use]
pub fn e13(input: &E13, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let rule = &rule::E13;
    let value = input.nyha.map(|nyha| Decimal::from(nyha.get()));
    let failing = Measure {
        what: w::NYHA,
        unit: "",
        value,
        fields: &["nyha"],
    };
    let failing = ledger.compare(rule, failing, Op::Ge, d(3, 0));
    let recent = since(
        &mut ledger,
        rule,
        w::DAYS_SINCE_MI_PCI,
        input.days_since_mi_pci,
        input.mi_pci_ever,
        ("days_since_mi_pci", Op::Le, 365),
    );
    let arrhythmia = ledger.fact(rule, w::ARRHYTHMIA, input.arrhythmia, "arrhythmia");
    ledger.exclude(any([failing, recent, arrhythmia]))
}

/// An event some days ago, where "never" stands for the missing number.
pub(crate) fn since(
    ledger: &mut Ledger,
    rule: &crate::finding::Rule,
    what: &'static str,
    days: Option<i64>,
    ever: Option<bool>,
    (field, op, limit): (&'static str, Op, u32),
) -> Truth {
    if days.is_none() && ever == Some(false) {
        return ledger.word(rule, what, "never", false);
    }
    let measure = Measure {
        what,
        unit: "d",
        value: days.map(Decimal::from),
        fields: &[field],
    };
    ledger.compare(rule, measure, op, d(limit, 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Field, Outcome};
    use proptest::prelude::*;

    fn run(json: serde_json::Value) -> Criterion {
        i8(&serde_json::from_value(json).unwrap(), &Decisions::default())
    }

    #[test]
    fn the_sex_is_asked_for_only_when_it_decides() {
        let adult = |creatinine: u32| {
            run(serde_json::json!({"age": 65, "weight_kg": 50, "creatinine": {"value": creatinine, "unit": "umol/L"}}))
        };
        assert_eq!(adult(60).outcome, Outcome::Pass);
        assert_eq!(adult(400).outcome, Outcome::Fail);
        assert_eq!(
            adult(140).outcome,
            Outcome::NotEvaluable {
                missing: vec![Field("sex")]
            }
        );
    }

    #[test]
    fn exactly_thirty_fails_and_shows_its_number() {
        // (140 − 40) × 21.6 / (72 × 1) = 30 exactly.
        let result = run(serde_json::json!(
            {"age": 40, "sex": "M", "weight_kg": 21.6, "creatinine": {"value": 88.4, "unit": "umol/L"}}));
        assert_eq!(result.outcome, Outcome::Fail);
        assert_eq!(result.reasons[0].value.as_deref(), Some("30"));
        assert_eq!(result.warnings[0].what, w::COCKCROFT_GAULT);
    }

    #[test]
    fn an_age_between_two_formulae_is_missing_only_if_they_disagree() {
        let result = run(serde_json::json!(
            {"age": {"min": 17, "max": 18}, "sex": "M", "weight_kg": 60, "height_cm": 170,
             "creatinine": {"value": 60, "unit": "umol/L"}}));
        assert_eq!(result.outcome, Outcome::Pass);
        let result = run(serde_json::json!(
            {"age": {"min": 17, "max": 18}, "sex": "M", "weight_kg": 60, "height_cm": 170,
             "creatinine": {"value": 130, "unit": "umol/L"}}));
        assert_eq!(
            result.outcome,
            Outcome::NotEvaluable {
                missing: vec![Field("age")]
            }
        );
    }

    #[test]
    fn one_bad_transaminase_decides() {
        let of = |json| i9(&serde_json::from_value(json).unwrap(), &Decisions::default()).outcome;
        assert_eq!(of(serde_json::json!({"alt_x_uln": 5.1})), Outcome::Fail);
        assert_eq!(
            of(serde_json::json!({"alt_x_uln": 5, "ast_x_uln": 1, "bili_x_uln": 2.5})),
            Outcome::NotEvaluable {
                missing: vec![Field("gilbert"), Field("liver_involvement")]
            }
        );
        assert_eq!(
            of(serde_json::json!({"alt_x_uln": 5, "ast_x_uln": 1, "bili_x_uln": 2.5, "liver_involvement": true})),
            Outcome::Pass
        );
        assert_eq!(
            of(serde_json::json!({"alt_x_uln": 5, "ast_x_uln": 1, "bili_x_uln": 3.1, "gilbert": true})),
            Outcome::Fail
        );
    }

    proptest! {
        #[test]
        fn the_unit_of_entry_changes_nothing(age in 1_u16..100, kg in 30_u32..2000, tenths in 1_u32..200, female: bool) {
            let mg = d(tenths, 1);
            let sex = if female { "F" } else { "M" };
            let of = |value: Decimal, unit: &str| run(serde_json::json!(
                {"age": age, "sex": sex, "weight_kg": d(kg, 1).to_string(), "height_cm": 120,
                 "creatinine": {"value": value.to_string(), "unit": unit}})).outcome;
            prop_assert_eq!(of(mg, "mg/dL"), of(mg * d(884, 1), "umol/L"));
        }
    }
}
