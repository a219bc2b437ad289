//! Tumour lysis: Cairo and Bishop, Br J Haematol 2004;127:3 \[S; sources differ on > and ≥, ≥ is taken\].
//!
//! Laboratory: two or more within day −3 to +7 of therapy: uric acid ≥ 476 µmol/L, potassium ≥ 6.0, phosphate ≥ 1.45
//! (child 2.1), corrected calcium ≤ 1.75 mmol/L, or a change by 25 % from baseline. Clinical: with creatinine ≥ 1.5 × ULN,
//! arrhythmia, sudden death or seizure.

use crate::finding::{Field, Grade, Op, Reason};
use crate::inputs::inputs;
use crate::quantity::{Level, TimesUln, d};
use crate::score::Grade5;
use crate::truth::{Ledger, Measure, Span, Truth, any, union};
use crate::{rule, what as w};
use rust_decimal::Decimal;
use serde::Serialize;

inputs! {
    /// The four values before therapy.
    Before {
        /// Uric acid, µmol/L.
        #[serde(alias = "uric_acid")]
        uric_acid_umol_l: Level,
        /// Potassium, mmol/L.
        #[serde(alias = "k")]
        k_mmol_l: Level,
        /// Phosphate, mmol/L.
        #[serde(alias = "phosphate")]
        phosphate_mmol_l: Level,
        /// Corrected calcium, mmol/L.
        #[serde(alias = "ca_corr")]
        ca_corr_mmol_l: Level,
    }
}

inputs! {
    /// One day.
    Lysis {
        /// Below 18 years.
        child: bool,
        /// Day from the start of therapy (first dose of lymphodepletion, again from infusion).
        day_from_therapy: i64,
        /// Uric acid, µmol/L.
        uric_acid_umol_l: Level,
        /// Potassium, mmol/L.
        k_mmol_l: Level,
        /// Phosphate, mmol/L.
        phosphate_mmol_l: Level,
        /// Corrected calcium, mmol/L.
        ca_corr_mmol_l: Level,
        /// Before therapy; missing, only the absolute limits count.
        baseline: Before,
        /// Creatinine as a multiple of its upper limit.
        creatinine_x_uln: TimesUln,
        /// Arrhythmia, 0 to 4.
        arrhythmia_grade: Grade5,
        /// Seizure, 0 or 2 to 4.
        seizure_grade: Grade5,
        /// Death from tumour lysis.
        death: bool,
    }
}

/// Laboratory and clinical tumour lysis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LysisResult {
    /// Laboratory tumour lysis.
    pub ltls: Option<bool>,
    /// Clinical tumour lysis.
    pub ctls: Option<bool>,
    /// Clinical grade, 0 without clinical tumour lysis.
    pub grade: Grade,
    /// The inputs that are missing.
    pub missing: Vec<Field>,
    /// What it rests on.
    pub reasons: Vec<Reason>,
}

/// Assesses one day.
#[must_use]
pub fn tls(input: &Lysis) -> LysisResult {
    let mut ledger = Ledger::default();
    let laboratory = laboratory(input, &mut ledger);
    let rule = &rule::C8_CLINICAL;
    let kidney = input.creatinine_x_uln.map(TimesUln::get);
    let measure = Measure {
        what: w::CREATININE,
        unit: "×ULN",
        value: kidney,
        fields: &["creatinine_x_uln"],
    };
    let kidney = ledger.compare(rule, measure, Op::Ge, d(15, 1));
    let graded = |what, value: Option<Grade5>, field: &'static str, ledger: &mut Ledger| {
        let value = value.map(|grade| Decimal::from(grade.get()));
        ledger.compare(
            rule,
            Measure {
                what,
                unit: "",
                value,
                fields: &[field],
            },
            Op::Ge,
            d(1, 0),
        )
    };
    let heart = graded(w::ARRHYTHMIA, input.arrhythmia_grade, "arrhythmia_grade", &mut ledger);
    let seizure = graded(w::SEIZURE, input.seizure_grade, "seizure_grade", &mut ledger);
    let death = ledger.fact(rule, w::DEATH, input.death, "death");
    let clinical = laboratory
        .clone()
        .and(any([kidney.clone(), heart, seizure, death.clone()]));
    let grade = match &clinical {
        Truth::No => Span::at(0).grade(),
        Truth::Yes => clinical_grade(input, &death).grade(),
        Truth::Unknown(missing) => Grade::NotEvaluable {
            missing: missing.clone(),
        },
    };
    let answer = |truth: &Truth| match truth {
        Truth::Yes => Some(true),
        Truth::No => Some(false),
        Truth::Unknown(_) => None,
    };
    LysisResult {
        ltls: answer(&laboratory),
        ctls: answer(&clinical),
        missing: union(laboratory.missing().to_vec(), clinical.missing()),
        grade,
        reasons: ledger.reasons,
    }
}

fn clinical_grade(input: &Lysis, death: &Truth) -> Span {
    let kidney = match input.creatinine_x_uln.map(TimesUln::get) {
        None => Span::between(0, 4, &["creatinine_x_uln"]),
        Some(times) => Span::at(match times {
            times if times > d(6, 0) => 4,
            times if times > d(3, 0) => 3,
            times if times > d(15, 1) => 2,
            times => u8::from(times == d(15, 1)),
        }),
    };
    let stated = |value: Option<Grade5>, field| {
        value.map_or_else(|| Span::between(0, 4, &[field]), |grade| Span::at(grade.get()))
    };
    Span::worst(&[
        kidney,
        stated(input.arrhythmia_grade, "arrhythmia_grade"),
        stated(input.seizure_grade, "seizure_grade"),
        Span::if_true(death, 5),
    ])
}

fn laboratory(input: &Lysis, ledger: &mut Ledger) -> Truth {
    match input.day_from_therapy {
        None => two_abnormal(input, ledger).and(Truth::lacking(&["day_from_therapy"])),
        Some(-3..=7) => two_abnormal(input, ledger),
        Some(day) => ledger.word(&rule::C8, w::DAY_FROM_THERAPY, &day.to_string(), false),
    }
}

fn two_abnormal(input: &Lysis, ledger: &mut Ledger) -> Truth {
    let before = input.baseline.clone().unwrap_or_default();
    let phosphate = match input.child {
        Some(child) => {
            let limit = if child { d(21, 1) } else { d(145, 2) };
            abnormal(
                ledger,
                (w::PHOSPHATE, "phosphate_mmol_l"),
                input.phosphate_mmol_l,
                before.phosphate_mmol_l,
                Op::Ge,
                limit,
            )
        }
        None => {
            let mut aside = Ledger::default();
            let mut at = |limit| {
                abnormal(
                    &mut aside,
                    (w::PHOSPHATE, "phosphate_mmol_l"),
                    input.phosphate_mmol_l,
                    before.phosphate_mmol_l,
                    Op::Ge,
                    limit,
                )
            };
            let (adult, child) = (at(d(145, 2)), at(d(21, 1)));
            match (adult, child) {
                (Truth::Unknown(missing), Truth::Unknown(_)) => Truth::Unknown(union(missing, &[Field("child")])),
                (adult, child) if adult == child => adult,
                _ => Truth::lacking(&["child"]),
            }
        }
    };
    let signs = [
        abnormal(
            ledger,
            (w::URIC_ACID, "uric_acid_umol_l"),
            input.uric_acid_umol_l,
            before.uric_acid_umol_l,
            Op::Ge,
            d(476, 0),
        ),
        abnormal(
            ledger,
            (w::POTASSIUM, "k_mmol_l"),
            input.k_mmol_l,
            before.k_mmol_l,
            Op::Ge,
            d(6, 0),
        ),
        phosphate,
        abnormal(
            ledger,
            (w::CALCIUM_CORRECTED, "ca_corr_mmol_l"),
            input.ca_corr_mmol_l,
            before.ca_corr_mmol_l,
            Op::Le,
            d(175, 2),
        ),
    ];
    let yes = signs.iter().filter(|sign| sign.yes()).count();
    let open = signs.iter().filter(|sign| !sign.yes() && !sign.no()).count();
    if yes >= 2 {
        Truth::Yes
    } else if yes + open >= 2 {
        Truth::Unknown(signs.iter().fold(Vec::new(), |all, sign| union(all, sign.missing())))
    } else {
        Truth::No
    }
}

fn abnormal(
    ledger: &mut Ledger,
    (what, field): (&'static str, &'static str),
    value: Option<Level>,
    before: Option<Level>,
    op: Op,
    limit: Decimal,
) -> Truth {
    let unit = if field == "uric_acid_umol_l" {
        "µmol/L"
    } else {
        "mmol/L"
    };
    let measure = Measure {
        what,
        unit,
        value: value.map(Level::get),
        fields: &[field],
    };
    let absolute = ledger.compare(&rule::C8, measure, op, limit);
    let Some(before) = before.map(Level::get).filter(|before| !before.is_zero()) else {
        return absolute;
    };
    let factor = if op == Op::Ge { d(125, 2) } else { d(75, 2) };
    absolute.or(ledger.compare(&rule::C8_CHANGE, measure, op, before * factor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(change: serde_json::Value) -> LysisResult {
        let mut base = json!({"child": false, "day_from_therapy": 1, "uric_acid_umol_l": 300, "k_mmol_l": 4.0, "phosphate_mmol_l": 1.0,
            "ca_corr_mmol_l": 2.2, "creatinine_x_uln": 1.0, "arrhythmia_grade": 0, "seizure_grade": 0, "death": false});
        for (key, value) in change.as_object().unwrap() {
            base[key] = value.clone();
        }
        tls(&serde_json::from_value(base).unwrap())
    }

    #[test]
    fn a_quarter_from_baseline_counts() {
        let with = |k: f64| {
            of(json!({"k_mmol_l": k, "ca_corr_mmol_l": 1.65, "baseline": {"k_mmol_l": 4.0, "ca_corr_mmol_l": 2.2}}))
                .ltls
        };
        assert_eq!((with(5.0), with(4.9)), (Some(true), Some(false)));
    }

    #[test]
    fn missing_values_matter_only_if_they_could_make_two() {
        assert_eq!(
            of(json!({"uric_acid_umol_l": 500, "k_mmol_l": 7, "phosphate_mmol_l": null})).ltls,
            Some(true)
        );
        let open = of(json!({"uric_acid_umol_l": 500, "phosphate_mmol_l": null}));
        assert_eq!((open.ltls, open.missing), (None, vec![Field("phosphate_mmol_l")]));
        assert_eq!(of(json!({"phosphate_mmol_l": null})).ltls, Some(false));
        assert_eq!(
            of(json!({"day_from_therapy": null})).ltls,
            Some(false),
            "no day makes two of none"
        );
        assert_eq!(
            of(json!({"day_from_therapy": null, "uric_acid_umol_l": 500, "k_mmol_l": 7})).missing,
            vec![Field("day_from_therapy")]
        );
        assert_eq!(
            of(json!({"child": null, "k_mmol_l": 7, "phosphate_mmol_l": 1.6})).missing,
            vec![Field("child")]
        );
    }

    #[test]
    fn window_and_grades() {
        let lab = |day: i64| of(json!({"day_from_therapy": day, "uric_acid_umol_l": 500, "k_mmol_l": 7})).ltls;
        assert_eq!(
            (lab(-4), lab(-3), lab(7), lab(8)),
            (Some(false), Some(true), Some(true), Some(false))
        );
        for (times, grade) in [(1.4, 0), (1.5, 1), (1.6, 2), (3.0, 2), (3.1, 3), (6.0, 3), (6.1, 4)] {
            let result = of(json!({"uric_acid_umol_l": 500, "k_mmol_l": 7, "creatinine_x_uln": times}));
            assert_eq!(result.grade, Grade::Graded { grade }, "{times}");
        }
        let dead = of(json!({"uric_acid_umol_l": 500, "k_mmol_l": 7, "death": true}));
        assert_eq!(dead.grade, Grade::Graded { grade: 5 });
    }
}
