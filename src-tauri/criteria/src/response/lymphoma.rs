//! Extramedullary disease by imaging, the least that Cheson 2007 and Lugano 2014 ask \[GK\].
//!
//! PET: Deauville 1-3 complete; 4-5 with less uptake partial, unchanged none, more uptake or a new lesion progression.
//! CT: complete with nodes ≤ 15 mm and nothing extralymphatic; partial with ≥ 50 % less; progression with a node > 15 mm
//! that grew by ≥ 50 % (and by 5 mm, or 10 mm if larger than 20 mm), or a new lesion.

use crate::inputs::{codes, inputs};
use crate::quantity::{Level, d};
use crate::response::assess::Emd;
use crate::score::Deauville;
use serde::Serialize;

codes! {
    /// Uptake against baseline.
    Uptake {
        /// Less.
        Reduced = "reduced",
        /// The same.
        Unchanged = "unchanged",
        /// More.
        Increased = "increased",
    }
}

inputs! {
    /// One imaging of a patient.
    Imaging {
        /// Extramedullary disease at baseline.
        present_at_baseline: bool,
        /// A new lesion.
        new_lesion: bool,
        /// Deauville score of the residual mass, where PET was done.
        deauville: Deauville,
        /// Uptake against baseline, for Deauville 4 and 5.
        uptake: Uptake,
        /// Longest diameter of the largest node, mm, where CT was done.
        largest_node_mm: Level,
        /// Extralymphatic disease on CT.
        extralymphatic: bool,
        /// Sum of the products of diameters now, as a percentage of baseline.
        spd_pct_of_baseline: Level,
        /// The product of diameters of one node rose by 50 % or more.
        ppd_rise_50: bool,
        /// Growth of that node, mm.
        growth_mm: Level,
    }
}

/// Response of extramedullary disease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LesionResponse {
    /// Complete.
    Complete,
    /// Partial.
    Partial,
    /// None.
    Stable,
    /// Progression.
    Progression,
}

/// The response by PET where it was done, else by CT; nothing where the images do not decide.
#[must_use]
pub fn lesions(input: &Imaging) -> Option<LesionResponse> {
    if input.new_lesion == Some(true) {
        return Some(LesionResponse::Progression);
    }
    if let Some(score) = input.deauville {
        return match (score.get(), input.uptake) {
            (1..=3, _) => Some(LesionResponse::Complete),
            (_, Some(Uptake::Reduced)) => Some(LesionResponse::Partial),
            (_, Some(Uptake::Unchanged)) => Some(LesionResponse::Stable),
            (_, Some(Uptake::Increased)) => Some(LesionResponse::Progression),
            (_, None) => None,
        };
    }
    by_ct(input)
}

fn by_ct(input: &Imaging) -> Option<LesionResponse> {
    let node = input.largest_node_mm?.get();
    if input.ppd_rise_50 == Some(true) && node > d(15, 0) {
        let needed = if node > d(20, 0) { d(10, 0) } else { d(5, 0) };
        if input.growth_mm?.get() >= needed {
            return Some(LesionResponse::Progression);
        }
    }
    if node <= d(15, 0) && !input.extralymphatic? {
        return Some(LesionResponse::Complete);
    }
    let left = input.spd_pct_of_baseline?.get();
    Some(if left <= d(50, 0) {
        LesionResponse::Partial
    } else {
        LesionResponse::Stable
    })
}

/// What the assessment of the leukaemia takes from it. Present at baseline and not imaged is missing.
#[must_use]
pub fn emd(input: &Imaging) -> Option<Emd> {
    if input.new_lesion == Some(true) {
        return Some(Emd::New);
    }
    match (input.present_at_baseline, residual(input)) {
        (_, Some(false)) => Some(Emd::None),
        (Some(true), Some(true)) => Some(Emd::PresentBaseline),
        (Some(false), Some(true)) => Some(Emd::New),
        (Some(false), None) => (input.new_lesion == Some(false)).then_some(Emd::None),
        (Some(true) | None, None) | (None, Some(true)) => None,
    }
}

/// Whether imaging shows disease, however much of it: anything short of a complete response.
fn residual(input: &Imaging) -> Option<bool> {
    if let Some(score) = input.deauville {
        return Some(score.get() >= 4);
    }
    let large = input.largest_node_mm.map(|node| node.get() > d(15, 0));
    match (large, input.extralymphatic) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        (None, _) | (_, None) => None,
    }
}

/// Further tests that must confirm marrow blasts of a child, Buchmann, Blood 2022;139:1785 \[S\]: an advice below 18 years.
#[must_use]
pub fn confirming_tests(bm_blasts_pct: crate::quantity::Percent) -> u8 {
    match bm_blasts_pct.get() {
        blasts if blasts >= d(25, 0) || blasts < d(1, 0) => 0,
        blasts if blasts >= d(5, 0) => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(json: serde_json::Value) -> (Option<LesionResponse>, Option<Emd>) {
        let input = serde_json::from_value(json).unwrap();
        (lesions(&input), emd(&input))
    }

    #[test]
    fn pet() {
        let pet =
            |score: u8, uptake: &str| of(json!({"present_at_baseline": true, "deauville": score, "uptake": uptake}));
        assert_eq!(pet(3, "reduced"), (Some(LesionResponse::Complete), Some(Emd::None)));
        assert_eq!(
            pet(4, "reduced"),
            (Some(LesionResponse::Partial), Some(Emd::PresentBaseline))
        );
        assert_eq!(pet(5, "increased").0, Some(LesionResponse::Progression));
        assert_eq!(of(json!({"present_at_baseline": true})), (None, None), "not imaged");
        assert_eq!(
            of(json!({"present_at_baseline": false, "new_lesion": false})).1,
            Some(Emd::None)
        );
        assert_eq!(of(json!({"new_lesion": true})).1, Some(Emd::New));
        assert_eq!(
            of(json!({"present_at_baseline": true, "deauville": 4})),
            (None, Some(Emd::PresentBaseline)),
            "residual whatever its course"
        );
        assert_eq!(
            of(json!({"deauville": 2})).1,
            Some(Emd::None),
            "clear wherever it was before"
        );
        assert_eq!(of(json!({"deauville": 5})).1, None, "old or new");
    }

    #[test]
    fn ct() {
        let grown = |node: u32, growth: u32| {
            of(json!({"largest_node_mm": node, "ppd_rise_50": true, "growth_mm": growth, "spd_pct_of_baseline": 120})).0
        };
        assert_eq!(grown(20, 5), Some(LesionResponse::Progression));
        assert_eq!(grown(21, 9), Some(LesionResponse::Stable));
        assert_eq!(grown(21, 10), Some(LesionResponse::Progression));
        assert_eq!(
            of(json!({"largest_node_mm": 15, "extralymphatic": false})).0,
            Some(LesionResponse::Complete)
        );
        assert_eq!(
            of(json!({"present_at_baseline": true, "largest_node_mm": 16})).1,
            Some(Emd::PresentBaseline)
        );
        assert_eq!(of(json!({"present_at_baseline": true, "largest_node_mm": 15})).1, None);
        assert_eq!(
            of(json!({"largest_node_mm": 16, "spd_pct_of_baseline": 50})).0,
            Some(LesionResponse::Partial)
        );
    }

    #[test]
    fn children_need_confirmation() {
        let of = |tenths: u32| confirming_tests(crate::quantity::Percent::new(d(tenths, 1)).unwrap());
        assert_eq!((of(9), of(10), of(49), of(50), of(249), of(250)), (0, 2, 2, 1, 1, 0));
    }
}
