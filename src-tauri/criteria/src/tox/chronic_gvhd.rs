//! Chronic GVHD, NIH 2014: Jagasia, BBMT 2015;21:389 \[frame S, cut-offs GK\].
//!
//! Mild: one or two organs, each at most 1, lung 0. Moderate: three organs at 1, or one other than the lung at 2, or lung
//! 1. Severe: any 3, or lung 2. Lung by FEV1; performance does not count; no downgrading for a mixed cause.

use crate::finding::{Field, Grade, Grading, Op};
use crate::inputs::inputs;
use crate::quantity::d;
use crate::score::NihScore;
use crate::truth::{Ledger, Measure};
use crate::{rule, what as w};
use rust_decimal::Decimal;
use serde::Serialize;

inputs! {
    /// Scores of the eight sites.
    Sites {
        /// Skin.
        skin: NihScore,
        /// Mouth.
        mouth: NihScore,
        /// Eyes.
        eyes: NihScore,
        /// Gut.
        gi: NihScore,
        /// Liver.
        liver: NihScore,
        /// Lungs, by FEV1.
        #[serde(alias = "lung")]
        lungs: NihScore,
        /// Joints and fascia.
        #[serde(alias = "joints_fascia")]
        joints: NihScore,
        /// Genital tract.
        genital: NihScore,
    }
}

/// Global severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// No site affected.
    None,
    /// Mild.
    Mild,
    /// Moderate.
    Moderate,
    /// Severe.
    Severe,
}

/// The severity; a missing site can only raise it.
#[must_use]
pub fn cgvhd(input: &Sites) -> Grading<Severity> {
    let mut ledger = Ledger::default();
    let sites = [
        ("skin", w::NIH_SKIN, input.skin),
        ("mouth", w::NIH_MOUTH, input.mouth),
        ("eyes", w::NIH_EYES, input.eyes),
        ("gi", w::NIH_GI, input.gi),
        ("liver", w::NIH_LIVER, input.liver),
        ("lungs", w::NIH_LUNGS, input.lungs),
        ("joints", w::NIH_JOINTS, input.joints),
        ("genital", w::NIH_GENITAL, input.genital),
    ];
    for (_, what, score) in &sites {
        let value = score.map(|score| Decimal::from(score.get()));
        ledger.compare(
            &rule::C7,
            Measure {
                what,
                unit: "",
                value,
                fields: &[],
            },
            Op::Ge,
            d(1, 0),
        );
    }
    let with = |fill: u8| {
        let scores: Vec<_> = sites
            .iter()
            .map(|(name, _, score)| (*name, score.map_or(fill, NihScore::get)))
            .collect();
        severity(&scores)
    };
    let (low, high) = (with(0), with(3));
    let missing = sites
        .iter()
        .filter(|(_, _, score)| score.is_none())
        .map(|(name, ..)| Field(name))
        .collect();
    let grade = if low == high {
        Grade::Graded { grade: low }
    } else if low > Severity::None {
        Grade::AtLeast { grade: low, missing }
    } else {
        Grade::NotEvaluable { missing }
    };
    Grading {
        grade,
        reasons: ledger.reasons,
        warnings: ledger.warnings,
    }
}

fn severity(scores: &[(&str, u8)]) -> Severity {
    let lung = scores
        .iter()
        .find(|(name, _)| *name == "lungs")
        .map_or(0, |(_, score)| *score);
    let worst = scores.iter().map(|(_, score)| *score).max().unwrap_or(0);
    let affected = scores.iter().filter(|(_, score)| *score > 0).count();
    if worst == 3 || lung >= 2 {
        Severity::Severe
    } else if worst == 2 || lung == 1 || affected >= 3 {
        Severity::Moderate
    } else if affected > 0 {
        Severity::Mild
    } else {
        Severity::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lung_weighs_more() {
        let of = |lungs: u8, skin: u8| severity(&[("lungs", lungs), ("skin", skin)]);
        assert_eq!(
            (of(1, 0), of(2, 0), of(0, 2), of(0, 1)),
            (Severity::Moderate, Severity::Severe, Severity::Moderate, Severity::Mild)
        );
    }

    #[test]
    fn a_missing_site_leaves_at_least() {
        let sites = Sites {
            skin: NihScore::new(1).ok(),
            ..Sites::default()
        };
        assert!(matches!(
            cgvhd(&sites).grade,
            Grade::AtLeast {
                grade: Severity::Mild,
                ..
            }
        ));
        assert!(matches!(cgvhd(&Sites::default()).grade, Grade::NotEvaluable { .. }));
        let sites = Sites {
            eyes: NihScore::new(3).ok(),
            ..Sites::default()
        };
        assert_eq!(
            cgvhd(&sites).grade,
            Grade::Graded {
                grade: Severity::Severe
            }
        );
    }
}
