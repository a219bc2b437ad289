//! Seriousness (ICH E2A \[S2\]) and expedited reporting: 7 days, and 8 more for the follow-up, if fatal or
//! life-threatening; else 15 calendar days. Day 0 is when the sponsor first holds the minimum criteria.
//!
//! Causality unknown counts as related, expectedness unknown as unexpected.

use crate::finding::Field;
use crate::inputs::inputs;
use crate::truth::{Truth, any};
use chrono::{Days, NaiveDate};
use serde::Serialize;

inputs! {
    /// The criteria of seriousness. Grade is not seriousness.
    Seriousness {
        /// Death.
        death: bool,
        /// Life-threatening at the time.
        life_threatening: bool,
        /// In-patient hospitalisation or prolongation; a planned admission without an event is none.
        hospitalisation: bool,
        /// Persistent or significant disability.
        disability: bool,
        /// Congenital anomaly.
        congenital: bool,
        /// Important medical event.
        important_medical: bool,
    }
}

/// Whether an event is serious, or what that lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SeriousnessResult {
    /// Serious.
    pub serious: Option<bool>,
    /// The inputs that are missing.
    pub missing: Vec<Field>,
}

/// One criterion suffices.
#[must_use]
pub fn sae(input: &Seriousness) -> SeriousnessResult {
    let serious = any([
        Truth::of(input.death, "death"),
        Truth::of(input.life_threatening, "life_threatening"),
        Truth::of(input.hospitalisation, "hospitalisation"),
        Truth::of(input.disability, "disability"),
        Truth::of(input.congenital, "congenital"),
        Truth::of(input.important_medical, "important_medical"),
    ]);
    let missing = serious.missing().to_vec();
    SeriousnessResult {
        serious: if serious.yes() {
            Some(true)
        } else {
            serious.no().then_some(false)
        },
        missing,
    }
}

inputs! {
    /// What decides on expedited reporting.
    Expedited {
        /// Serious.
        serious: bool,
        /// Unexpected by the reference safety information; missing counts as unexpected.
        unexpected: bool,
        /// Reasonable possibility of a causal relation; missing counts as related.
        related: bool,
        /// Fatal or life-threatening.
        fatal_or_lt: bool,
        /// Day 0.
        day0: NaiveDate,
        /// When it became known that it turned fatal or life-threatening.
        #[serde(alias = "upgrade_date")]
        upgraded_on: NaiveDate,
    }
}

/// What must be reported by when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExpeditedResult {
    /// Whether expedited reporting is required.
    pub required: Option<bool>,
    /// Last day for the report.
    pub due: Option<NaiveDate>,
    /// Last day for the follow-up.
    pub followup_due: Option<NaiveDate>,
    /// The inputs that are missing.
    pub missing: Vec<Field>,
}

/// The clocks of expedited reporting, calendar days. An upgrade restarts the 7 days, never beyond the 15 days of the first.
#[must_use]
pub fn expedited(input: &Expedited) -> ExpeditedResult {
    let nothing = |required, missing: &[Field]| ExpeditedResult {
        required,
        due: None,
        followup_due: None,
        missing: missing.to_vec(),
    };
    if input.unexpected == Some(false) || input.related == Some(false) || input.serious == Some(false) {
        return nothing(Some(false), &[]);
    }
    if input.serious.is_none() {
        return nothing(None, &[Field("serious")]);
    }
    let Some(day0) = input.day0 else {
        return nothing(Some(true), &[Field("day0")]);
    };
    let after = |day: NaiveDate, days: u64| day.checked_add_days(Days::new(days));
    let (due, followup_due) = match (input.fatal_or_lt, input.upgraded_on) {
        (_, Some(upgrade)) => {
            let due = after(upgrade.max(day0), 7).min(after(day0, 15));
            (due, due.and_then(|day| after(day, 8)))
        }
        (Some(true), _) => (after(day0, 7), after(day0, 15)),
        (Some(false), _) => (after(day0, 15), None),
        (None, _) => return nothing(Some(true), &[Field("fatal_or_lt")]),
    };
    ExpeditedResult {
        required: Some(true),
        due,
        followup_due,
        missing: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_true_is_enough_and_one_gap_leaves_it_open() {
        assert_eq!(
            sae(&serde_json::from_value(json!({"congenital": true})).unwrap()).serious,
            Some(true)
        );
        let open = sae(&serde_json::from_value(json!({"death": false})).unwrap());
        assert_eq!((open.serious, open.missing.len()), (None, 5));
    }

    #[test]
    fn clocks() {
        let of = |json| {
            let result = expedited(&serde_json::from_value(json).unwrap());
            (
                result.due.map(|day| day.to_string()),
                result.followup_due.map(|day| day.to_string()),
            )
        };
        let day = |text: &str| Some(text.to_owned());
        assert_eq!(
            of(json!({"serious": true, "fatal_or_lt": true, "day0": "2024-02-25"})),
            (day("2024-03-03"), day("2024-03-11"))
        );
        let upgraded =
            |on: &str| of(json!({"serious": true, "fatal_or_lt": false, "day0": "2024-01-01", "upgraded_on": on})).0;
        assert_eq!(
            (upgraded("2024-01-05"), upgraded("2024-01-12")),
            (day("2024-01-12"), day("2024-01-16"))
        );
    }
}
