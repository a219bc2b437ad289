//! Cytokine release syndrome, ASTCT: Lee, BBMT 2019;25:625, Table 2 \[S\].
//!
//! | | 1 | 2 | 3 | 4 |
//! |---|---|---|---|---|
//! | fever ≥ 38.0 °C | yes | yes | yes | yes |
//! | hypotension | none | no vasopressor | one vasopressor ± vasopressin | several, vasopressin not counted |
//! | hypoxia | none | nasal cannula ≤ 6 L/min, blow-by | > 6 L/min, mask, non-rebreather, Venturi | positive pressure |
//!
//! Grade 5 is death from CRS \[GK\]. Vasopressin alone is grade 3 \[PD\]. Intubation only to protect the airway is no
//! hypoxia \[GK\]. Organ toxicities never change the grade.

use crate::finding::{Grading, Op};
use crate::inputs::{codes, inputs};
use crate::quantity::{Celsius, LitrePerMin, d};
use crate::truth::{Ledger, Measure, Span, Truth, union};
use crate::{rule, what as w};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer};

codes! {
    /// How oxygen is given.
    Oxygen {
        /// Room air.
        #[serde(alias = "room_air")]
        None = "none",
        /// Nasal cannula; the flow decides.
        NasalCannula = "nasal_cannula",
        /// Blow-by.
        BlowBy = "blow_by",
        /// High-flow nasal cannula.
        #[serde(alias = "high_flow_cannula", alias = "high_flow_nasal_cannula", alias = "hfnc")]
        HighFlow = "high_flow",
        /// Face mask.
        FaceMask = "face_mask",
        /// Non-rebreather mask.
        #[serde(alias = "non_rebreather_mask", alias = "nonrebreather", alias = "non_rebreathing_mask")]
        NonRebreather = "non_rebreather",
        /// Venturi mask.
        #[serde(alias = "venturi_mask")]
        Venturi = "venturi",
        /// CPAP.
        Cpap = "cpap",
        /// BiPAP.
        Bipap = "bipap",
        /// Intubation with ventilation.
        #[serde(alias = "intubated", alias = "mechanical_ventilation", alias = "ventilation", alias = "ventilator")]
        Intubation = "intubation",
    }
}

inputs! {
    /// One day, or one episode at its worst.
    Crs {
        /// Highest temperature.
        temp_max_c: Celsius,
        /// The fever has another cause.
        fever_attributed_elsewhere: bool,
        /// CRS was diagnosed before.
        crs_established: bool,
        /// An antipyretic, tocilizumab or a steroid was given.
        masking_therapy: bool,
        /// Hypotension.
        hypotension: bool,
        /// The hypotension has another cause; only a stated `true` counts.
        hypotension_attributed_elsewhere: bool,
        /// Whether a vasopressor was given, where the names are not known.
        vasopressor_used: bool,
        /// Names of the vasopressors; an empty list means none, `unknown` or a null one whose name was not written down.
        #[serde(default, deserialize_with = "names")]
        vasopressors: Vec<String>,
        /// Oxygen.
        oxygen: Oxygen,
        /// Flow on a nasal cannula.
        flow_l_min: LitrePerMin,
        /// The hypoxia has another cause; only a stated `true` counts.
        hypoxia_attributed_elsewhere: bool,
        /// Intubated only to protect the airway or for a procedure.
        airway_protection_only: bool,
        /// Died of CRS with no other principal cause.
        death_from_crs: bool,
        /// Days from infusion to this day; beyond 14 a warning.
        days_since_infusion: i64,
    }
}

/// The ASTCT grade, 0 to 5.
///
/// Hypotension or hypoxia without the fever criterion is 0 with the warning `crs_criteria_not_met_but_unstable`.
#[must_use]
pub fn crs(input: &Crs) -> Grading {
    let mut ledger = Ledger::default();
    let death = ledger.fact(
        &rule::C1_DEATH,
        w::DEATH_FROM_CRS,
        input.death_from_crs,
        "death_from_crs",
    );
    let parts = Span::worst(&[pressure(input, &mut ledger), hypoxia(input, &mut ledger)]);
    let fever = fever(input, &mut ledger);
    let waived = waived(input, &mut ledger);
    if fever.no() && waived.no() && parts.low > 0 {
        ledger.warn(&rule::C1_FEVER, w::CRS_CRITERIA_NOT_MET_BUT_UNSTABLE);
    }
    let day = Measure {
        what: w::DAYS_SINCE_INFUSION,
        unit: "d",
        value: input.days_since_infusion.map(Decimal::from),
        fields: &[],
    };
    ledger.warn_measure(&rule::C1, day, Op::Gt, d(14, 0));
    let body = with_fever(parts, &fever, &waived);
    ledger.grade(Span::worst(&[body, Span::if_true(&death, 5)]))
}

fn with_fever(parts: Span, fever: &Truth, waived: &Truth) -> Span {
    // A waiver gives nothing to those in whom there is nothing besides fever.
    let waiver = if parts.high > 0 { waived.missing() } else { &[] };
    let gate = || union(fever.missing().to_vec(), waiver);
    match (fever, waived) {
        (Truth::Yes, _) => Span {
            low: parts.low.max(1),
            high: parts.high.max(1),
            ..parts
        },
        (Truth::No, Truth::Yes) => parts,
        (Truth::No, Truth::No) => Span::at(0),
        (Truth::No, Truth::Unknown(_)) => Span {
            low: 0,
            missing: union(gate(), &parts.missing),
            ..parts
        },
        (Truth::Unknown(missing), Truth::Yes) => Span {
            low: parts.low,
            high: parts.high.max(1),
            // Fever adds nothing to what is 2 or more by itself.
            missing: union(if parts.low > 0 { Vec::new() } else { missing.clone() }, &parts.missing),
        },
        (Truth::Unknown(_), Truth::No | Truth::Unknown(_)) => Span {
            low: 0,
            high: parts.high.max(1),
            missing: union(gate(), &parts.missing),
        },
    }
}

/// Fever of CRS: 38.0 °C or more, and no other cause.
fn fever(input: &Crs, ledger: &mut Ledger) -> Truth {
    let value = input.temp_max_c.map(Celsius::get);
    let measure = Measure {
        what: w::TEMPERATURE,
        unit: Celsius::UNIT,
        value,
        fields: &["temp_max_c"],
    };
    let high = ledger.compare(&rule::C1_FEVER, measure, Op::Ge, d(38, 0));
    if high.no() {
        return high;
    }
    let other = input.fever_attributed_elsewhere;
    let other = ledger.fact(
        &rule::C1_FEVER,
        w::FEVER_ATTRIBUTED_ELSEWHERE,
        other,
        "fever_attributed_elsewhere",
    );
    high.and(other.not())
}

/// Once CRS is diagnosed and treated, fever is no longer required.
fn waived(input: &Crs, ledger: &mut Ledger) -> Truth {
    let established = Truth::of(input.crs_established, "crs_established");
    let both = established.and(Truth::of(input.masking_therapy, "masking_therapy"));
    if both.yes() {
        ledger.word(&rule::C1_WAIVED, w::FEVER_WAIVED, "true", true);
    }
    both
}

fn pressure(input: &Crs, ledger: &mut Ledger) -> Span {
    let rule = &rule::C1_PRESSOR;
    if input.hypotension_attributed_elsewhere == Some(true) {
        ledger.word(rule, w::HYPOTENSION_ATTRIBUTED_ELSEWHERE, "true", true);
        return Span::at(0);
    }
    let low = ledger.fact(rule, w::HYPOTENSION, input.hypotension, "hypotension");
    let none = input.vasopressors.is_none() && input.vasopressor_used == Some(false);
    match (&input.vasopressors, input.vasopressor_used) {
        (Some(names), _) if !names.is_empty() || input.vasopressor_used != Some(true) => named(names, &low, ledger),
        // One was given, and nobody wrote down which.
        (Some(_) | None, Some(true)) => Span::between(3, 4, &["vasopressors"]),
        _ if none => named(&[], &low, ledger),
        _ => match low {
            // Without hypotension there is nothing to support.
            Truth::No => Span::at(0),
            Truth::Yes => Span::between(2, 4, &["vasopressors"]),
            Truth::Unknown(_) => Span::between(0, 4, &["hypotension", "vasopressors"]),
        },
    }
}

/// How a list says that a vasopressor was given and nobody wrote down which.
const UNNAMED: [&str; 4] = ["", "unknown", "unspecified", "unnamed"];

/// A null in the list is a vasopressor without a name.
fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    let list = Option::<Vec<Option<String>>>::deserialize(deserializer)?;
    Ok(list.map(|names| names.into_iter().map(Option::unwrap_or_default).collect()))
}

/// One word for each drug, whichever of its names was written down.
fn drug(name: &str) -> String {
    let name = name.trim().to_lowercase();
    match name.as_str() {
        "noradrenaline" | "noradrenalin" | "levarterenol" => "norepinephrine".to_owned(),
        "adrenaline" | "adrenalin" => "epinephrine".to_owned(),
        "arginine vasopressin" | "arginine_vasopressin" | "argipressin" | "avp" => VASOPRESSIN.to_owned(),
        _ => name,
    }
}

/// The drug that does not count among several.
const VASOPRESSIN: &str = "vasopressin";

fn named(names: &[String], low: &Truth, ledger: &mut Ledger) -> Span {
    let rule = &rule::C1_PRESSOR;
    let mut distinct: Vec<String> = names.iter().map(|name| drug(name)).collect();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.is_empty() {
        return Span::if_true(low, 2);
    }
    if low.no() {
        ledger.warn(rule, w::VASOPRESSOR_WITHOUT_HYPOTENSION);
    }
    let unnamed = distinct.iter().any(|name| UNNAMED.contains(&name.as_str()));
    distinct.retain(|name| !UNNAMED.contains(&name.as_str()));
    let counted = distinct.iter().filter(|name| *name != VASOPRESSIN).count();
    if counted < distinct.len() {
        ledger.word(rule, w::VASOPRESSIN, "true", true);
    }
    let measure = Measure {
        what: w::VASOPRESSOR_COUNT,
        unit: "",
        value: Some(Decimal::from(counted)),
        fields: &[],
    };
    let several = ledger.compare(rule, measure, Op::Ge, d(2, 0)).yes();
    if several {
        Span::at(4)
    } else if unnamed {
        // It may be a second one, or vasopressin, or one that is already named.
        Span::between(3, 4, &["vasopressors"])
    } else {
        Span::at(3)
    }
}

fn hypoxia(input: &Crs, ledger: &mut Ledger) -> Span {
    let rule = &rule::C1_FLOW;
    if input.hypoxia_attributed_elsewhere == Some(true) {
        ledger.word(rule, w::HYPOXIA_ATTRIBUTED_ELSEWHERE, "true", true);
        return Span::at(0);
    }
    let Some(oxygen) = input.oxygen else {
        return Span::between(0, 4, &["oxygen"]);
    };
    ledger.word(rule, w::OXYGEN, oxygen.code(), oxygen != Oxygen::None);
    match oxygen {
        Oxygen::None => Span::at(0),
        Oxygen::BlowBy => Span::at(2),
        Oxygen::HighFlow | Oxygen::FaceMask | Oxygen::NonRebreather | Oxygen::Venturi => Span::at(3),
        Oxygen::Cpap | Oxygen::Bipap => Span::at(4),
        Oxygen::NasalCannula => {
            let value = input.flow_l_min.map(LitrePerMin::get);
            let measure = Measure {
                what: w::FLOW,
                unit: LitrePerMin::UNIT,
                value,
                fields: &["flow_l_min"],
            };
            match ledger.compare(rule, measure, Op::Gt, d(6, 0)) {
                Truth::Yes => Span::at(3),
                Truth::No => Span::at(2),
                Truth::Unknown(missing) => Span {
                    low: 2,
                    high: 3,
                    missing,
                },
            }
        }
        Oxygen::Intubation => {
            let only = input.airway_protection_only;
            match ledger.fact(rule, w::AIRWAY_PROTECTION_ONLY, only, "airway_protection_only") {
                Truth::Yes => Span::at(0),
                Truth::No => Span::at(4),
                Truth::Unknown(missing) => Span {
                    low: 0,
                    high: 4,
                    missing,
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Field, Grade};
    use serde_json::json;

    fn with(change: serde_json::Value) -> Grading {
        let mut base = json!({"temp_max_c": 38.5, "fever_attributed_elsewhere": false, "crs_established": false,
            "masking_therapy": false, "hypotension": false, "vasopressors": [], "oxygen": "none", "flow_l_min": null,
            "airway_protection_only": false, "death_from_crs": false});
        for (key, value) in change.as_object().unwrap() {
            base[key] = value.clone();
        }
        crs(&serde_json::from_value(base).unwrap())
    }

    fn graded(grade: u8) -> Grade {
        Grade::Graded { grade }
    }

    fn at_least(grade: u8, field: &'static str) -> Grade {
        Grade::AtLeast {
            grade,
            missing: vec![Field(field)],
        }
    }

    #[test]
    fn vasopressors() {
        let of = |names: &[&str]| with(json!({"hypotension": true, "vasopressors": names})).grade;
        assert_eq!(of(&["vasopressin"]), graded(3));
        assert_eq!(of(&["Norepinephrine", "norepinephrine "]), graded(3), "distinct drugs");
        assert_eq!(
            of(&["norepinephrine", "noradrenaline"]),
            graded(3),
            "one drug, two names"
        );
        assert_eq!(of(&["AVP", "adrenaline"]), graded(3), "vasopressin by another name");
        assert_eq!(of(&["unknown"]), at_least(3, "vasopressors"));
        let null = with(json!({"hypotension": true, "vasopressors": [null]}));
        assert_eq!(null.grade, at_least(3, "vasopressors"));
        assert_eq!(of(&["dopamine", "epinephrine", "unknown"]), graded(4));
        let used = with(json!({"hypotension": true, "vasopressors": null, "vasopressor_used": true}));
        assert_eq!(used.grade, at_least(3, "vasopressors"));
        let unknown = with(json!({"hypotension": true, "vasopressors": null}));
        assert_eq!(unknown.grade, at_least(2, "vasopressors"));
        let odd = with(json!({"vasopressors": ["dopamine"]}));
        assert_eq!(
            (odd.grade, odd.warnings[0].what),
            (graded(3), w::VASOPRESSOR_WITHOUT_HYPOTENSION)
        );
    }

    #[test]
    fn oxygen() {
        let cannula = |flow: Option<f64>| with(json!({"oxygen": "nasal_cannula", "flow_l_min": flow})).grade;
        assert_eq!((cannula(Some(6.0)), cannula(Some(6.1))), (graded(2), graded(3)));
        assert_eq!(cannula(None), at_least(2, "flow_l_min"));
        let tube = |only: Option<bool>| with(json!({"oxygen": "intubation", "airway_protection_only": only})).grade;
        assert_eq!((tube(Some(true)), tube(Some(false))), (graded(1), graded(4)));
        assert_eq!(tube(None), at_least(1, "airway_protection_only"));
        let other = with(json!({"oxygen": "cpap", "hypoxia_attributed_elsewhere": true}));
        assert_eq!(other.grade, graded(1));
    }

    #[test]
    fn fever_and_its_masks() {
        let masked = json!({"temp_max_c": 36.5, "crs_established": true, "masking_therapy": true, "hypotension": true});
        assert_eq!(with(masked).grade, graded(2));
        let never = json!({"temp_max_c": 36.5, "crs_established": false, "masking_therapy": true, "hypotension": true});
        let unstable = with(never);
        assert_eq!(
            (unstable.grade, unstable.warnings[0].what),
            (graded(0), w::CRS_CRITERIA_NOT_MET_BUT_UNSTABLE)
        );
        let elsewhere = with(json!({"fever_attributed_elsewhere": true, "oxygen": "cpap"}));
        assert_eq!((elsewhere.grade, elsewhere.warnings.len()), (graded(0), 1));
        let resolved = json!({"temp_max_c": 36.5, "crs_established": true, "masking_therapy": true});
        assert_eq!(with(resolved).grade, graded(0));
        let unmeasured = with(json!({"temp_max_c": null, "masking_therapy": true}));
        assert_eq!(
            unmeasured.grade,
            Grade::NotEvaluable {
                missing: vec![Field("temp_max_c")]
            }
        );
    }

    #[test]
    fn a_screen_can_say_why() {
        let result = with(json!({"hypotension": true, "vasopressors": ["norepinephrine", "vasopressin"]}));
        let find = |what: &str| result.reasons.iter().find(|reason| reason.what == what).unwrap();
        let fever = find(w::TEMPERATURE);
        assert_eq!(
            (fever.value.as_deref(), fever.op, fever.limit.as_deref()),
            (Some("38.5"), Some(Op::Ge), Some("38"))
        );
        assert_eq!(find(w::VASOPRESSOR_COUNT).value.as_deref(), Some("1"));
        assert!(find(w::VASOPRESSIN).holds);
    }

    #[test]
    fn late_onset_and_an_open_cause_of_death() {
        let late = with(json!({"days_since_infusion": 15}));
        assert_eq!((late.grade, late.warnings[0].what), (graded(1), w::DAYS_SINCE_INFUSION));
        assert_eq!(
            with(json!({"death_from_crs": null})).grade,
            at_least(1, "death_from_crs")
        );
    }
}
