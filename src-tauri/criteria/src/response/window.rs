//! The day-28 window \[D-06\]: days 25 to 31 after infusion, both included. Day 0 is the infusion.

use crate::decision::Decisions;
use crate::inputs::inputs;
use chrono::NaiveDate;
use serde::Serialize;

inputs! {
    /// Infusion and assessment.
    D28 {
        /// Day 0.
        infusion_date: NaiveDate,
        /// Date of the assessment.
        visit_date: NaiveDate,
    }
}

/// Where an assessment lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Placed {
    /// Study day.
    pub day: i64,
    /// Whether it is the day-28 endpoint.
    pub in_window: bool,
}

/// Places an assessment; nothing while a date is missing.
#[must_use]
pub fn d28(input: &D28, decisions: &Decisions) -> Option<Placed> {
    let day = input.visit_date?.signed_duration_since(input.infusion_date?).num_days();
    Some(Placed {
        day,
        in_window: (decisions.d28_first..=decisions.d28_last).contains(&day),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges() {
        let at = |date: &str| {
            let input = D28 {
                infusion_date: "2025-01-01".parse().ok(),
                visit_date: date.parse().ok(),
            };
            d28(&input, &Decisions::default()).unwrap()
        };
        for (date, day, in_window) in [
            ("2025-01-25", 24, false),
            ("2025-01-26", 25, true),
            ("2025-02-01", 31, true),
            ("2025-02-02", 32, false),
        ] {
            assert_eq!(at(date), Placed { day, in_window });
        }
    }
}
