//! Best response, confirmation, and the rate (B.6, B.7).
//!
//! Best: from day 14 to the earliest of relapse or progression, new therapy, 24 months; order CR > CRh > CRi > MLFS >
//! APLASTIC > PR > NR > PD. Relapse ends the window and is never best; not evaluable never beats an evaluable one.
//!
//! Windows, order and confirmation are project decisions \[PD, D-01, D-06, D-20, D-22\].

use super::Category;
use crate::inputs::inputs;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One assessment on its study day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessed {
    /// Study day.
    pub day: i64,
    /// Category.
    pub category: Category,
}

inputs! {
    /// Everything assessed after infusion.
    Best {
        /// The assessments, in any order.
        assessments: Vec<Assessed>,
        /// Day of a new antileukaemic therapy, transplant included; an assessment on that day counts.
        new_therapy_day: i64,
    }
}

/// First day that counts.
pub const FIRST_DAY: i64 = 14;
/// Twenty-four months of 30.4375 days.
pub const LAST_DAY: i64 = 730;

const ORDER: [Category; 9] = [
    Category::Cr,
    Category::Crh,
    Category::Cri,
    Category::Mlfs,
    Category::Aplastic,
    Category::Pr,
    Category::Nr,
    Category::Pd,
    Category::Ne,
];

fn rank(category: Category) -> usize {
    ORDER.iter().position(|other| *other == category).unwrap_or(ORDER.len())
}

/// The best response; nothing while no list was given, not evaluable for an empty one.
#[must_use]
pub fn best(input: &Best) -> Option<Category> {
    let assessments = input.assessments.as_ref()?;
    let in_time = |day: i64| day <= LAST_DAY && input.new_therapy_day.is_none_or(|end| day <= end);
    // Relapse and progression end the window; progression itself is a response, relapse is not.
    let end = assessments
        .iter()
        .filter(|one| matches!(one.category, Category::Relapse | Category::Pd))
        .map(|one| one.day)
        .min();
    assessments
        .iter()
        // A progression that ends the window is the answer even before day 14.
        .filter(|one| in_time(one.day) && (one.day >= FIRST_DAY || one.category == Category::Pd))
        .filter(|one| end.is_none_or(|end| one.day <= end))
        .map(|one| one.category)
        .filter(|category| *category != Category::Relapse)
        .min_by_key(|category| rank(*category))
        .or(Some(Category::Ne))
}

/// A later assessment: blood and clinic are enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Later {
    /// When.
    pub date: NaiveDate,
    /// Evidence of relapse.
    pub relapse: Option<bool>,
}

inputs! {
    /// A remission and what followed.
    Confirmed {
        /// First CR, CRh or CRi.
        first_remission: NaiveDate,
        /// Later assessments.
        later: Vec<Later>,
    }
}

/// Whether a remission is confirmed: an assessment at least 28 days later, and no relapse until then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ConfirmedResult {
    /// `None` while there is nothing to judge by, or the only later assessment does not say.
    pub confirmed: Option<bool>,
}

/// Confirms a remission; exactly 28 days count.
#[must_use]
pub fn confirmed(input: &Confirmed) -> ConfirmedResult {
    let judge = || {
        let (first, later) = (input.first_remission?, input.later.as_ref()?);
        let mut later: Vec<_> = later.iter().filter(|one| one.date >= first).collect();
        // On one date a relapse is what counts.
        later.sort_by_key(|one| (one.date, one.relapse != Some(true)));
        for one in later {
            let late = one.date.signed_duration_since(first).num_days() >= 28;
            match one.relapse {
                Some(true) => return Some(false),
                Some(false) if late => return Some(true),
                None => return None,
                Some(false) => {}
            }
        }
        Some(false)
    };
    ConfirmedResult { confirmed: judge() }
}

inputs! {
    /// Best responses of everyone in the denominator.
    Crr {
        /// One per patient; not evaluable stays in.
        best: Vec<Category>,
    }
}

/// A numerator and a denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rate {
    /// CR, CRh or CRi.
    pub x: usize,
    /// All.
    pub n: usize,
}

/// The complete remission rate as a count \[D-01, D-20\].
#[must_use]
pub fn crr(input: &Crr) -> Option<Rate> {
    let best = input.best.as_ref()?;
    Some(Rate {
        x: best.iter().filter(|category| category.is_remission()).count(),
        n: best.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn windows() {
        let of = |list: &[(i64, &str)], therapy: Option<i64>| {
            let list: Vec<_> = list
                .iter()
                .map(|(day, category)| json!({"day": day, "category": category}))
                .collect();
            best(&serde_json::from_value(json!({"assessments": list, "new_therapy_day": therapy})).unwrap()).unwrap()
        };
        assert_eq!(of(&[(13, "CR"), (14, "CRi")], None), Category::Cri);
        assert_eq!(of(&[(28, "CRi"), (60, "CR")], Some(60)), Category::Cr);
        assert_eq!(of(&[(28, "CRi"), (61, "CR")], Some(60)), Category::Cri);
        assert_eq!(of(&[(28, "NE"), (60, "NR")], None), Category::Nr);
        assert_eq!(of(&[(28, "PD"), (60, "CR")], None), Category::Pd);
        assert_eq!(of(&[(28, "CRi"), (50, "RELAPSE"), (60, "CR")], None), Category::Cri);
        assert_eq!(of(&[], None), Category::Ne);
        assert_eq!(of(&[(28, "NE"), (90, "PD")], Some(60)), Category::Ne);
        assert_eq!(of(&[(731, "PD")], None), Category::Ne);
        assert_eq!(of(&[(10, "PD"), (28, "CR")], None), Category::Pd);
    }

    #[test]
    fn confirmation() {
        let of = |later: serde_json::Value| {
            let json = json!({"first_remission": "2025-03-01", "later": later});
            confirmed(&serde_json::from_value(json).unwrap()).confirmed
        };
        assert_eq!(of(json!([{"date": "2025-03-28", "relapse": false}])), Some(false));
        assert_eq!(
            of(json!([{"date": "2025-03-20", "relapse": true}, {"date": "2025-04-20", "relapse": false}])),
            Some(false)
        );
        assert_eq!(of(json!([{"date": "2025-04-20", "relapse": null}])), None);
        let same_day = json!([{"date": "2025-04-20", "relapse": false}, {"date": "2025-04-20", "relapse": true}]);
        assert_eq!(of(same_day), Some(false));
    }
}
