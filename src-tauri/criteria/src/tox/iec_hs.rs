//! IEC-HS screen: Hines, Transplant Cell Ther 2023;29:438 \[GK\]. A screen: a clinician confirms, the grade is entered.
//!
//! Required: ferritin > 2 × ULN, or > 2 × baseline, or rapidly rising. And one of: transaminases > 5 ×, fibrinogen
//! < 1.5 g/L or below normal, haemophagocytosis, a new cytopenia.

use crate::finding::{Field, Op, Reason};
use crate::inputs::inputs;
use crate::quantity::{Level, Positive, d};
use crate::truth::{Ledger, Measure, Truth, any};
use crate::{rule, what as w};
use serde::Serialize;

inputs! {
    /// What is screened.
    IecHs {
        /// Ferritin, µg/L.
        ferritin: Level,
        /// Its upper limit of normal.
        ferritin_uln: Positive,
        /// Ferritin at infusion.
        ferritin_baseline: Level,
        /// Rapidly rising.
        rapidly_rising: bool,
        /// Transaminases > 5 × ULN (baseline normal) or > 5 × baseline.
        transaminases_gt5x: bool,
        /// Fibrinogen.
        fibrinogen_g_l: Level,
        /// Its lower limit of normal.
        fibrinogen_lln: Positive,
        /// Haemophagocytosis.
        hemophagocytosis: bool,
        /// New, worse or refractory cytopenia, beyond what lymphodepletion explains.
        new_cytopenia: bool,
    }
}

/// Result of the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Screen {
    /// To be assessed by a clinician.
    Suspected,
    /// Not met.
    NotMet,
    /// Missing inputs could change it.
    NotEvaluable {
        /// The inputs that are missing.
        missing: Vec<Field>,
    },
}

/// A screen with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScreenResult {
    /// The result.
    #[serde(flatten)]
    pub screen: Screen,
    /// What it rests on.
    pub reasons: Vec<Reason>,
}

/// Screens for IEC-HS.
#[must_use]
pub fn iec_hs_screen(input: &IecHs) -> ScreenResult {
    let mut ledger = Ledger::default();
    let met = required(input, &mut ledger).and(common(input, &mut ledger));
    let screen = match met {
        Truth::Yes => Screen::Suspected,
        Truth::No => Screen::NotMet,
        Truth::Unknown(missing) => Screen::NotEvaluable { missing },
    };
    ScreenResult {
        screen,
        reasons: ledger.reasons,
    }
}

fn required(input: &IecHs, ledger: &mut Ledger) -> Truth {
    let rule = &rule::C3_REQUIRED;
    let Some(ferritin) = input.ferritin else {
        return Truth::lacking(&["ferritin"]);
    };
    let measure = Measure {
        what: w::FERRITIN,
        unit: "µg/L",
        value: Some(ferritin.get()),
        fields: &[],
    };
    let normal = match input.ferritin_uln {
        None => Truth::lacking(&["ferritin_uln"]),
        Some(uln) => ledger.compare(rule, measure, Op::Gt, uln.get() * d(2, 0)),
    };
    let before = match input.ferritin_baseline {
        None => Truth::lacking(&["ferritin_baseline"]),
        Some(baseline) => ledger.compare(rule, measure, Op::Gt, baseline.get() * d(2, 0)),
    };
    any([
        normal,
        before,
        ledger.fact(rule, w::FERRITIN_RAPIDLY_RISING, input.rapidly_rising, "rapidly_rising"),
    ])
}

fn common(input: &IecHs, ledger: &mut Ledger) -> Truth {
    let rule = &rule::C3;
    let value = input.fibrinogen_g_l.map(Level::get);
    let measure = Measure {
        what: w::FIBRINOGEN,
        unit: "g/L",
        value,
        fields: &["fibrinogen_g_l"],
    };
    let low = ledger.compare(rule, measure, Op::Lt, d(15, 1));
    let below_normal = match input.fibrinogen_lln {
        None => Truth::lacking(&["fibrinogen_lln"]),
        Some(lln) => ledger.compare(rule, measure, Op::Lt, lln.get()),
    };
    any([
        ledger.fact(
            rule,
            w::TRANSAMINASES_GT5X,
            input.transaminases_gt5x,
            "transaminases_gt5x",
        ),
        low.or(below_normal),
        ledger.fact(rule, w::HEMOPHAGOCYTOSIS, input.hemophagocytosis, "hemophagocytosis"),
        ledger.fact(rule, w::NEW_CYTOPENIA, input.new_cytopenia, "new_cytopenia"),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn twice_is_not_more_than_twice() {
        let of = |json| iec_hs_screen(&serde_json::from_value(json).unwrap()).screen;
        let at = |ferritin: u32| {
            of(
                json!({"ferritin": ferritin, "ferritin_uln": 300, "ferritin_baseline": 600, "rapidly_rising": false,
                "hemophagocytosis": true}),
            )
        };
        assert_eq!((at(600), at(601)), (Screen::NotMet, Screen::Suspected));
        assert_eq!(
            of(json!({"ferritin": 500, "ferritin_uln": 300, "new_cytopenia": true})),
            Screen::NotEvaluable {
                missing: vec![Field("ferritin_baseline"), Field("rapidly_rising")]
            }
        );
    }
}
