//! Acute GVHD, MAGIC: Harris, BBMT 2016;22:4 \[S for stages 0-1 and cut points; overall grade GK\].
//!
//! | stage | skin, BSA | liver, mg/dL | upper GI | lower GI adult mL/d (episodes) | child mL/kg/d (episodes) |
//! |---|---|---|---|---|---|
//! | 0 | none | < 2 | none | < 500 (< 3) | < 10 (< 4) |
//! | 1 | < 25 % | ≤ 3 | persistent | < 1000 (3-4) | < 20 (4-6) |
//! | 2 | ≤ 50 % | ≤ 6 | – | ≤ 1500 (5-7) | ≤ 30 (7-10) |
//! | 3 | > 50 % | ≤ 15 | – | > 1500 (> 7) | > 30 (> 10) |
//! | 4 | > 50 %, bullae, desquamation > 5 % | > 15 | – | severe pain or bleeding, any volume | same |
//!
//! Adult volumes above 50 kg \[S\]. The volume wins over episodes. Bilirubin is compared in mg/dL, unrounded.
//!
//! The bounds between the printed integers (3.0, 6.0, 1000, 20) are project decisions \[PD\].

use crate::finding::{Grading, Op};
use crate::inputs::inputs;
use crate::quantity::{Kilogram, Millilitre, Percent, d, ratio};
use crate::score::{Stage, Stage1};
use crate::truth::{Ledger, Measure, Span, Truth, absent};
use crate::unit::Bilirubin;
use crate::{rule, what as w};
use rust_decimal::Decimal;

inputs! {
    /// Skin.
    Skin {
        /// Body surface with active erythema.
        bsa_pct: Percent,
        /// Bullae.
        bullae: bool,
        /// Body surface with desquamation.
        desquamation_pct: Percent,
    }
}

/// Stage of the skin.
#[must_use]
pub fn skin(input: &Skin) -> Grading {
    let mut ledger = Ledger::default();
    let rule = &rule::C6_STAGE;
    let value = input.bsa_pct.map(Percent::get);
    let Some(area) = value else {
        return ledger.grade(Span::between(0, 4, &["bsa_pct"]));
    };
    let measure = Measure {
        what: w::SKIN_BSA,
        unit: "%",
        value,
        fields: &[],
    };
    if !ledger.compare(rule, measure, Op::Gt, d(50, 0)).yes() {
        let two = ledger.compare(rule, measure, Op::Ge, d(25, 0)).yes();
        return ledger.grade(Span::at(if two { 2 } else { u8::from(!area.is_zero()) }));
    }
    let peeling = input.desquamation_pct.map(Percent::get);
    let peeling = Measure {
        what: w::DESQUAMATION,
        unit: "%",
        value: peeling,
        fields: &["desquamation_pct"],
    };
    let four = ledger.fact(rule, w::BULLAE, input.bullae, "bullae");
    let four = four.and(ledger.compare(rule, peeling, Op::Gt, d(5, 0)));
    ledger.grade(three_or_four(four))
}

fn three_or_four(four: Truth) -> Span {
    match four {
        Truth::Yes => Span::at(4),
        Truth::No => Span::at(3),
        Truth::Unknown(missing) => Span {
            low: 3,
            high: 4,
            missing,
        },
    }
}

inputs! {
    /// Liver.
    Liver {
        /// Total bilirubin. No downgrading for another cause.
        bilirubin: Bilirubin,
    }
}

/// Stage of the liver.
#[must_use]
pub fn liver(input: &Liver) -> Grading {
    let mut ledger = Ledger::default();
    let Some(bilirubin) = input.bilirubin else {
        return ledger.grade(Span::between(0, 4, &["bilirubin"]));
    };
    // Stage 1 from 2.0: not below it.
    let from_two = match bilirubin.unit {
        crate::unit::Molar::MgDl => bilirubin.value.get() >= d(2, 0),
        crate::unit::Molar::UmolL => bilirubin.value.get() >= d(34_208, 3),
    };
    let above = [3, 6, 15]
        .iter()
        .filter(|limit| bilirubin.above_mg_dl(d(**limit, 0)))
        .count();
    let stage = u8::from(from_two) + u8::try_from(above).unwrap_or(3);
    let value = Some(bilirubin.mg_dl());
    let measure = Measure {
        what: w::BILIRUBIN,
        unit: "mg/dL",
        value,
        fields: &[],
    };
    // The limit that decided: from 2.0, then above 3.0, 6.0 and 15.
    let (op, limit) = match stage {
        0 | 1 => (Op::Ge, 2),
        2 => (Op::Gt, 3),
        3 => (Op::Gt, 6),
        _ => (Op::Gt, 15),
    };
    ledger.compare(&rule::C6_STAGE, measure, op, d(limit, 0));
    ledger.grade(Span::at(stage))
}

inputs! {
    /// Upper gut.
    UpperGi {
        /// Persistent nausea, vomiting or anorexia.
        #[serde(alias = "persistent")]
        persistent_symptoms: bool,
    }
}

/// Stage of the upper gut, 0 or 1.
#[must_use]
pub fn upper_gi(input: &UpperGi) -> Grading {
    let mut ledger = Ledger::default();
    let symptoms = input.persistent_symptoms;
    let symptoms = ledger.fact(&rule::C6_STAGE, w::UPPER_GI_SYMPTOMS, symptoms, "persistent_symptoms");
    ledger.grade(Span::if_true(&symptoms, 1))
}

inputs! {
    /// Lower gut, as the mean of three days.
    LowerGi {
        /// Weight; above 50 kg adult volumes.
        weight_kg: Kilogram,
        /// Stool per day; stool mixed with urine counts half.
        ml_per_day: Millilitre,
        /// Episodes per day, where the volume is not known.
        #[serde(alias = "episodes_per_day")]
        episodes: u16,
        /// Grossly bloody stool.
        bleeding: bool,
        /// Severe abdominal pain: opioids needed or increased, performance affected.
        severe_pain: bool,
    }
}

/// Stage of the lower gut.
#[must_use]
pub fn lower_gi(input: &LowerGi) -> Grading {
    let mut ledger = Ledger::default();
    let rule = &rule::C6_STAGE;
    let bleeding = ledger.fact(rule, w::GI_BLEEDING, input.bleeding, "bleeding");
    let pain = ledger.fact(rule, w::SEVERE_PAIN, input.severe_pain, "severe_pain");
    let four = Span::if_true(&bleeding.or(pain), 4);
    let stage = match (input.ml_per_day, input.episodes, input.weight_kg) {
        (None, None, weight) => {
            let fields = absent(&[(true, "ml_per_day"), (weight.is_none(), "weight_kg")]);
            Span::between(0, 3, &fields)
        }
        (volume, episodes, Some(weight)) => Span::at(by_stool(volume, episodes, weight, &mut ledger)),
        (volume, episodes, None) => {
            let volume_of = |kg: u32| {
                Kilogram::new(d(kg, 0)).map_or(3, |weight| by_stool(volume, episodes, weight, &mut Ledger::default()))
            };
            // The lightest child, and any adult: the limits of a child of 50 kg are those of an adult.
            let all = [volume_of(2), volume_of(51)];
            let (low, high) = (all.iter().min().copied(), all.iter().max().copied());
            Span::between(low.unwrap_or(0), high.unwrap_or(3), &["weight_kg"])
        }
    };
    ledger.grade(Span::worst(&[four, stage]))
}

fn by_stool(volume: Option<Millilitre>, episodes: Option<u16>, weight: Kilogram, ledger: &mut Ledger) -> u8 {
    let adult = weight.get() > d(50, 0);
    if let Some(volume) = volume {
        let (what, unit, value, limits) = if adult {
            (
                w::STOOL,
                "mL/d",
                Some(volume.get()),
                [(Op::Ge, 500), (Op::Ge, 1000), (Op::Gt, 1500)],
            )
        } else {
            let per_kg = ratio(volume.get(), weight.get());
            (
                w::STOOL_PER_KG,
                "mL/kg/d",
                per_kg,
                [(Op::Ge, 10), (Op::Ge, 20), (Op::Gt, 30)],
            )
        };
        let measure = Measure {
            what,
            unit,
            value,
            fields: &[],
        };
        let over = |(op, limit): &&(Op, u32)| ledger.compare(&rule::C6_STAGE, measure, *op, d(*limit, 0)).yes();
        return u8::try_from(limits.iter().filter(over).count()).unwrap_or(3);
    }
    let limits = if adult { [3, 5, 8] } else { [4, 7, 11] };
    let value = episodes.map(Decimal::from);
    let measure = Measure {
        what: w::STOOL_EPISODES,
        unit: "/d",
        value,
        fields: &[],
    };
    let over = |limit: &&u32| ledger.compare(&rule::C6_STAGE, measure, Op::Ge, d(**limit, 0)).yes();
    u8::try_from(limits.iter().filter(over).count()).unwrap_or(3)
}

inputs! {
    /// Stages of the organs.
    Stages {
        /// Skin.
        skin: Stage,
        /// Liver.
        liver: Stage,
        /// Upper gut, 0 or 1.
        upper_gi: Stage1,
        /// Lower gut.
        lower_gi: Stage,
    }
}

/// Overall grade, 0 to 4. A missing organ leaves open what its worst stage could add.
#[must_use]
pub fn overall(input: &Stages) -> Grading {
    let mut ledger = Ledger::default();
    let organ =
        |what, field: &'static str, value: Option<u8>, top: u8, grade: fn(u8) -> u8, ledger: &mut Ledger| match value {
            None => Span::between(0, grade(top), &[field]),
            Some(stage) => {
                let measure = Measure {
                    what,
                    unit: "",
                    value: Some(Decimal::from(stage)),
                    fields: &[],
                };
                ledger.compare(&rule::C6, measure, Op::Ge, d(1, 0));
                Span::at(grade(stage))
            }
        };
    let skin = |stage: u8| match stage {
        0 => 0,
        1 | 2 => 1,
        3 => 2,
        _ => 4,
    };
    let inner = |stage: u8| match stage {
        0 => 0,
        1 => 2,
        2 | 3 => 3,
        _ => 4,
    };
    let upper = |stage: u8| if stage == 0 { 0 } else { 2 };
    let parts = [
        organ(w::STAGE_SKIN, "skin", input.skin.map(Stage::get), 4, skin, &mut ledger),
        organ(
            w::STAGE_LIVER,
            "liver",
            input.liver.map(Stage::get),
            4,
            inner,
            &mut ledger,
        ),
        organ(
            w::STAGE_UPPER_GI,
            "upper_gi",
            input.upper_gi.map(Stage1::get),
            1,
            upper,
            &mut ledger,
        ),
        organ(
            w::STAGE_LOWER_GI,
            "lower_gi",
            input.lower_gi.map(Stage::get),
            4,
            inner,
            &mut ledger,
        ),
    ];
    ledger.grade(Span::worst(&parts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Field, Grade};
    use serde_json::json;

    #[test]
    fn liver_in_both_units() {
        let of = |value: f64, unit: &str| {
            liver(&serde_json::from_value(json!({"bilirubin": {"value": value, "unit": unit}})).unwrap()).grade
        };
        for (value, unit, stage) in [
            (1.9, "mg/dL", 0),
            (3.0, "mg/dL", 1),
            (3.1, "mg/dL", 2),
            (6.0, "mg/dL", 2),
            (6.1, "mg/dL", 3),
            (15.0, "mg/dL", 3),
            (51.0, "umol/L", 1),
            (34.0, "umol/L", 0),
            (257.0, "umol/L", 4),
        ] {
            assert_eq!(of(value, unit), Grade::Graded { grade: stage }, "{value} {unit}");
        }
    }

    #[test]
    fn children_are_measured_per_kilogram() {
        let of = |json| lower_gi(&serde_json::from_value(json).unwrap()).grade;
        let child = |ml: u32| of(json!({"weight_kg": 50, "ml_per_day": ml, "bleeding": false, "severe_pain": false}));
        assert_eq!(
            (child(499), child(500)),
            (Grade::Graded { grade: 0 }, Grade::Graded { grade: 1 })
        );
        assert_eq!(
            (child(1500), child(1501)),
            (Grade::Graded { grade: 2 }, Grade::Graded { grade: 3 })
        );
        let episodes = json!({"weight_kg": 60, "episodes": 8, "bleeding": false, "severe_pain": false});
        assert_eq!(of(episodes), Grade::Graded { grade: 3 });
        assert_eq!(of(json!({"bleeding": true})), Grade::Graded { grade: 4 });
        assert_eq!(
            of(json!({"weight_kg": 60, "ml_per_day": 600, "bleeding": false})),
            Grade::AtLeast {
                grade: 1,
                missing: vec![Field("severe_pain")]
            }
        );
    }

    #[test]
    fn erythroderma_needs_bullae_and_desquamation() {
        let of = |json| skin(&serde_json::from_value(json).unwrap()).grade;
        assert_eq!(
            of(json!({"bsa_pct": 60, "bullae": true, "desquamation_pct": 5})),
            Grade::Graded { grade: 3 }
        );
        assert_eq!(
            of(json!({"bsa_pct": 60, "bullae": true})),
            Grade::AtLeast {
                grade: 3,
                missing: vec![Field("desquamation_pct")]
            }
        );
        assert_eq!(of(json!({"bsa_pct": 10})), Grade::Graded { grade: 1 });
    }

    #[test]
    fn a_missing_organ() {
        let of = |json| overall(&serde_json::from_value(json).unwrap()).grade;
        assert_eq!(of(json!({"skin": 4})), Grade::Graded { grade: 4 });
        assert_eq!(
            of(json!({"skin": 1, "liver": 2, "upper_gi": 0})),
            Grade::AtLeast {
                grade: 3,
                missing: vec![Field("lower_gi")]
            }
        );
        assert_eq!(
            of(json!({"skin": 0, "liver": 2, "lower_gi": 0})),
            Grade::Graded { grade: 3 }
        );
        assert_eq!(
            of(json!({"skin": 0, "liver": 2})),
            Grade::AtLeast {
                grade: 3,
                missing: vec![Field("lower_gi")]
            },
            "the upper gut cannot raise it"
        );
    }
}
