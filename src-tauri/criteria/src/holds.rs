//! Holds before lymphodepletion and before the thaw (E.0) \[PD, D-21\].
//!
//! One item present is a hold; one not recorded, without any present, is not evaluable; else go. A hold is lifted only by
//! an investigator's signature, which is not decided here.

use crate::decision::Decisions;
use crate::elig::infection::Test;
use crate::finding::{Criterion, Op, Outcome};
use crate::inputs::inputs;
use crate::quantity::{Celsius, Level, Percent, d};
use crate::score::Stage;
use crate::truth::{Ledger, Measure, Truth, any};
use crate::{rule, what as w};
use rust_decimal::Decimal;
use serde::Serialize;

inputs! {
    /// What is looked at on the day.
    Hold {
        /// Temperature.
        temp_c: Celsius,
        /// Suspected or uncontrolled infection.
        infection: bool,
        /// New need of oxygen.
        new_o2_need: bool,
        /// Saturation on room air.
        spo2_room_air: Percent,
        /// Hypotension that needs support.
        hypotension_support: bool,
        /// New significant arrhythmia.
        new_arrhythmia: bool,
        /// Overall grade of acute GVHD.
        agvhd_grade: Stage,
        /// New systemic immunosuppression for GVHD.
        new_gvhd_immunosuppression: bool,
        /// Systemic steroid above replacement within 72 hours.
        steroid_above_replacement_72h: bool,
        /// New neurological sign.
        new_neuro_sign: bool,
        /// Unresolved reaction of grade 3 or more to lymphodepletion or bridging.
        unresolved_g3_reaction: bool,
        /// Rapid progression.
        rapid_progression: bool,
        /// Pregnancy test; `not_applicable` where none is needed.
        pregnancy_test: Pregnancy,
        /// Doses of tocilizumab on site, on day 0.
        tocilizumab_doses: u16,
        /// Renal function by the formula of eligibility, before lymphodepletion.
        crcl: Level,
        /// Age of its sample in hours; beyond 72 it says nothing.
        crcl_age_h: Level,
        /// The patient is a child: the limit of eGFR applies; counts when `true`.
        child: bool,
    }
}

crate::inputs::codes! {
    /// A pregnancy test, or none needed.
    Pregnancy {
        /// Negative.
        #[serde(alias = "negative")]
        Negative = "neg",
        /// Positive.
        #[serde(alias = "positive")]
        Positive = "pos",
        /// None needed.
        NotApplicable = "not_applicable",
    }
}

impl From<Test> for Pregnancy {
    fn from(test: Test) -> Self {
        match test {
            Test::Negative => Self::Negative,
            Test::Positive => Self::Positive,
        }
    }
}

/// Result of the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Clearance {
    /// Nothing present, everything recorded.
    Go,
    /// Something present.
    Hold,
    /// Nothing present, something not recorded.
    NotEvaluable,
}

/// The word for a criterion of this module.
#[must_use]
pub fn clearance(criterion: &Criterion) -> Clearance {
    match criterion.outcome {
        Outcome::Pass => Clearance::Go,
        Outcome::Fail => Clearance::Hold,
        Outcome::NotEvaluable { .. } => Clearance::NotEvaluable,
    }
}

/// Before lymphodepletion, with renal function from a sample at most 72 hours old. `Fail` is a hold.
#[must_use]
pub fn ld1(input: &Hold, decisions: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let common = common(input, &mut ledger);
    let value = input.crcl.map(Level::get);
    let kidney = Measure {
        what: w::CRCL,
        unit: "mL/min",
        value,
        fields: &["crcl"],
    };
    let low = if input.child == Some(true) {
        ledger.compare(&rule::HOLD_RENAL, kidney, Op::Lt, decisions.egfr_child_min)
    } else {
        ledger.compare(&rule::HOLD_RENAL, kidney, Op::Le, decisions.crcl_above)
    };
    let value = input.crcl_age_h.map(Level::get);
    let age = Measure {
        what: w::CRCL_AGE,
        unit: "h",
        value,
        fields: &["crcl_age_h"],
    };
    let low = match ledger.compare(&rule::HOLD_RENAL, age, Op::Le, d(72, 0)) {
        Truth::Yes => low,
        Truth::No => Truth::lacking(&["crcl"]),
        Truth::Unknown(missing) => Truth::Unknown(missing),
    };
    ledger.exclude(common.or(low))
}

/// On day 0 before the thaw, with two doses of tocilizumab on site. `Fail` is a hold.
#[must_use]
pub fn d0(input: &Hold, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let common = common(input, &mut ledger);
    let value = input.tocilizumab_doses.map(Decimal::from);
    let doses = Measure {
        what: w::TOCILIZUMAB_DOSES,
        unit: "",
        value,
        fields: &["tocilizumab_doses"],
    };
    let enough = ledger.compare(&rule::HOLD_TOCILIZUMAB, doses, Op::Ge, d(2, 0));
    ledger.exclude(common.or(enough.not()))
}

fn common(input: &Hold, ledger: &mut Ledger) -> Truth {
    let rule = &rule::HOLD;
    let measure = |what, unit, value: Option<Decimal>, fields| Measure {
        what,
        unit,
        value,
        fields,
    };
    let temperature = measure(w::TEMPERATURE, "°C", input.temp_c.map(Celsius::get), &["temp_c"][..]);
    let saturation = measure(
        w::SPO2,
        "%",
        input.spo2_room_air.map(Percent::get),
        &["spo2_room_air"][..],
    );
    let gvhd = input.agvhd_grade.map(|grade| Decimal::from(grade.get()));
    let gvhd = measure(w::AGVHD_GRADE, "", gvhd, &["agvhd_grade"][..]);
    let measured = [
        ledger.compare(rule, temperature, Op::Ge, d(38, 0)),
        ledger.compare(rule, saturation, Op::Lt, d(92, 0)),
        ledger.compare(rule, gvhd, Op::Ge, d(2, 0)),
    ];
    let pregnant = match input.pregnancy_test {
        None => Truth::lacking(&["pregnancy_test"]),
        Some(test) => ledger.word(rule, w::PREGNANCY_TEST, test.code(), test == Pregnancy::Positive),
    };
    let steroid = input.steroid_above_replacement_72h;
    let stated = [
        ledger.fact(rule, w::INFECTION, input.infection, "infection"),
        ledger.fact(rule, w::NEW_O2_NEED, input.new_o2_need, "new_o2_need"),
        ledger.fact(
            rule,
            w::HYPOTENSION_SUPPORT,
            input.hypotension_support,
            "hypotension_support",
        ),
        ledger.fact(rule, w::ARRHYTHMIA, input.new_arrhythmia, "new_arrhythmia"),
        ledger.fact(
            rule,
            w::NEW_GVHD_IS,
            input.new_gvhd_immunosuppression,
            "new_gvhd_immunosuppression",
        ),
        ledger.fact(rule, w::STEROID_72H, steroid, "steroid_above_replacement_72h"),
        ledger.fact(rule, w::NEW_NEURO_SIGN, input.new_neuro_sign, "new_neuro_sign"),
        ledger.fact(
            rule,
            w::UNRESOLVED_G3,
            input.unresolved_g3_reaction,
            "unresolved_g3_reaction",
        ),
        ledger.fact(rule, w::RAPID_PROGRESSION, input.rapid_progression, "rapid_progression"),
    ];
    any(measured.into_iter().chain([pregnant]).chain(stated))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Field;

    #[test]
    fn nothing_recorded_is_no_go() {
        let result = d0(&Hold::default(), &Decisions::default());
        assert_eq!(clearance(&result), Clearance::NotEvaluable);
        let Outcome::NotEvaluable { missing } = result.outcome else {
            panic!("settled by nothing")
        };
        assert_eq!(missing.len(), 14);
        assert!(missing.contains(&Field("tocilizumab_doses")));
    }

    #[test]
    fn an_old_sample_says_nothing() {
        let json = serde_json::json!({"temp_c": 36.8, "infection": false, "new_o2_need": false, "spo2_room_air": 98,
            "hypotension_support": false, "new_arrhythmia": false, "agvhd_grade": 0, "new_gvhd_immunosuppression": false,
            "steroid_above_replacement_72h": false, "new_neuro_sign": false, "unresolved_g3_reaction": false,
            "rapid_progression": false, "pregnancy_test": "not_applicable", "crcl": 90, "crcl_age_h": 72});
        let mut input: Hold = serde_json::from_value(json).unwrap();
        assert_eq!(clearance(&ld1(&input, &Decisions::default())), Clearance::Go);
        input.crcl_age_h = Level::new(d(73, 0)).ok();
        assert_eq!(clearance(&ld1(&input, &Decisions::default())), Clearance::NotEvaluable);
    }
}
