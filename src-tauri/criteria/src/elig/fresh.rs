//! How old a result may be when eligibility is judged \[GK\]: laboratory 7 days before the start of lymphodepletion; marrow,
//! imaging and echocardiography, and serology 28 days. An older result makes a criterion not evaluable, never failed.

use crate::finding::{Criterion, Field, Outcome};
use crate::inputs::codes;
use crate::{rule, truth, what as w};
use chrono::NaiveDate;

codes! {
    /// What kind of result.
    Kind {
        /// Blood counts and chemistry.
        Laboratory = "laboratory",
        /// Marrow.
        Marrow = "marrow",
        /// Imaging and echocardiography.
        Imaging = "imaging",
        /// Serology.
        Serology = "serology",
    }
}

impl Kind {
    /// Days before the start of lymphodepletion, inclusive.
    #[must_use]
    pub const fn days(self) -> i64 {
        match self {
            Self::Laboratory => 7,
            Self::Marrow | Self::Imaging | Self::Serology => 28,
        }
    }
}

/// Whether a result is recent enough: taken on or before the start of lymphodepletion, and not longer ago than its kind allows.
#[must_use]
pub fn fresh(kind: Kind, taken: NaiveDate, ld_start: NaiveDate) -> bool {
    (0..=kind.days()).contains(&ld_start.signed_duration_since(taken).num_days())
}

/// The criterion without the inputs that are too old: not evaluable for want of them.
#[must_use]
pub fn withheld(mut criterion: Criterion, stale: &[&'static str]) -> Criterion {
    if !stale.is_empty() {
        let missing = stale.iter().map(|name| Field(name)).collect();
        criterion.outcome = Outcome::NotEvaluable { missing };
        criterion
            .warnings
            .push(truth::stated(&rule::FRESH, w::RESULT_TOO_OLD, None, true));
    }
    criterion
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_inside() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let of = |kind, taken: &str| fresh(kind, day(taken), day("2025-03-31"));
        assert!(of(Kind::Laboratory, "2025-03-24") && !of(Kind::Laboratory, "2025-03-23"));
        assert!(of(Kind::Marrow, "2025-03-03") && !of(Kind::Marrow, "2025-03-02"));
        assert!(!of(Kind::Serology, "2025-04-01"), "taken after the start");
    }

    #[test]
    fn an_old_result_fails_nobody() {
        let failed = Criterion {
            outcome: Outcome::Fail,
            reasons: Vec::new(),
            warnings: Vec::new(),
        };
        assert_eq!(withheld(failed.clone(), &[]).outcome, Outcome::Fail);
        let held = withheld(failed, &["creatinine"]);
        assert_eq!(
            held.outcome,
            Outcome::NotEvaluable {
                missing: vec![Field("creatinine")]
            }
        );
        assert_eq!(held.warnings[0].what, w::RESULT_TOO_OLD);
    }
}
