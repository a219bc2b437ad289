//! Plausible ranges (E.7) \[PD\]: a hard and a soft finding. Nothing is refused: an implausible value is kept and asked about.

use crate::finding::{Op, Reason};
use crate::inputs::codes;
use crate::quantity::d;
use crate::truth::{Ledger, Measure};
use crate::{rule, what as w};
use rust_decimal::Decimal;
use serde::Serialize;

codes! {
    /// What has a plausible range, in the unit that is named.
    Vital {
        /// Temperature, °C.
        Temperature = "temperature",
        /// Heart rate, /min.
        HeartRate = "heart_rate",
        /// Systolic pressure, mmHg.
        Systolic = "systolic",
        /// Diastolic pressure, mmHg.
        Diastolic = "diastolic",
        /// Respiratory rate, /min.
        RespiratoryRate = "respiratory_rate",
        /// Oxygen saturation, %.
        Spo2 = "spo2",
        /// Weight, kg.
        Weight = "weight",
        /// Height, cm.
        Height = "height",
        /// White cells, ×10⁹/L.
        Wbc = "wbc",
        /// Neutrophils, ×10⁹/L.
        Anc = "anc",
        /// Platelets, ×10⁹/L.
        Platelets = "platelets",
        /// Haemoglobin, g/L.
        Hemoglobin = "hemoglobin",
        /// ALT or AST, U/L.
        Transaminase = "transaminase",
        /// Bilirubin, µmol/L.
        Bilirubin = "bilirubin",
        /// Creatinine, µmol/L.
        Creatinine = "creatinine",
        /// Potassium, mmol/L.
        Potassium = "potassium",
        /// Sodium, mmol/L.
        Sodium = "sodium",
        /// Ferritin, µg/L.
        Ferritin = "ferritin",
        /// Fibrinogen, g/L.
        Fibrinogen = "fibrinogen",
        /// Blasts, %.
        Blasts = "blasts",
    }
}

pub(crate) type Range = (Decimal, Decimal);

/// Code, unit, hard range, soft range where there is one.
pub(crate) fn row(vital: Vital) -> (&'static str, &'static str, Range, Option<Range>) {
    let range = |low: u32, high: u32| (d(low, 0), d(high, 0));
    let soft = |low: u32, high: u32| Some((d(low, 0), d(high, 0)));
    match vital {
        Vital::Temperature => (w::TEMPERATURE, "°C", range(30, 44), soft(35, 41)),
        Vital::HeartRate => (w::HEART_RATE, "/min", range(20, 300), soft(40, 180)),
        Vital::Systolic => (w::SYSTOLIC, "mmHg", range(40, 280), soft(80, 200)),
        Vital::Diastolic => (w::DIASTOLIC, "mmHg", range(20, 180), soft(40, 120)),
        Vital::RespiratoryRate => (w::RESPIRATORY_RATE, "/min", range(4, 80), soft(8, 40)),
        Vital::Spo2 => (w::SPO2, "%", range(50, 100), soft(88, 100)),
        Vital::Weight => (w::WEIGHT, "kg", range(2, 300), None),
        Vital::Height => (w::HEIGHT, "cm", range(40, 230), None),
        Vital::Wbc => (w::WBC, "×10⁹/L", range(0, 1000), None),
        Vital::Anc => (w::ANC, "×10⁹/L", range(0, 500), None),
        Vital::Platelets => (w::PLATELETS, "×10⁹/L", range(0, 3000), None),
        Vital::Hemoglobin => (w::HEMOGLOBIN, "g/L", range(10, 250), None),
        Vital::Transaminase => (w::ALT, "U/L", range(0, 20_000), None),
        Vital::Bilirubin => (w::BILIRUBIN, "µmol/L", range(0, 1000), None),
        Vital::Creatinine => (w::CREATININE, "µmol/L", range(5, 3000), None),
        Vital::Potassium => (w::POTASSIUM, "mmol/L", range(1, 12), None),
        Vital::Sodium => (w::SODIUM, "mmol/L", range(90, 200), None),
        Vital::Ferritin => (w::FERRITIN, "µg/L", range(0, 500_000), None),
        Vital::Fibrinogen => (w::FIBRINOGEN, "g/L", range(0, 20), None),
        Vital::Blasts => (w::BM_BLASTS, "%", range(0, 100), None),
    }
}

/// How far a value is from what is plausible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "plausibility", rename_all = "snake_case")]
pub enum Plausibility {
    /// Inside every range.
    Plausible,
    /// Outside the soft range: asked about.
    Soft {
        /// The limit that was crossed.
        reason: Reason,
    },
    /// Outside the hard range: blocks completing the form.
    Hard {
        /// The limit that was crossed.
        reason: Reason,
    },
}

/// Judges one value; the edges are inside.
#[must_use]
pub fn plausible(vital: Vital, value: Decimal) -> Plausibility {
    let (what, unit, hard, soft) = row(vital);
    let measure = Measure {
        what,
        unit,
        value: Some(value),
        fields: &[],
    };
    let outside = |(low, high): Range| {
        let mut ledger = Ledger::default();
        ledger.compare(&rule::PLAUSIBLE, measure, Op::Ge, low);
        ledger.compare(&rule::PLAUSIBLE, measure, Op::Le, high);
        ledger.reasons.into_iter().find(|reason| !reason.holds)
    };
    if let Some(reason) = outside(hard) {
        return Plausibility::Hard { reason };
    }
    match soft.and_then(outside) {
        Some(reason) => Plausibility::Soft { reason },
        None => Plausibility::Plausible,
    }
}

/// Whether two values contradict each other: diastolic not below systolic, or more neutrophils than white cells.
#[must_use]
pub fn contradicts(first: (Vital, Decimal), second: (Vital, Decimal)) -> bool {
    match (first.0, second.0) {
        (Vital::Diastolic, Vital::Systolic) => first.1 >= second.1,
        (Vital::Systolic, Vital::Diastolic) => second.1 >= first.1,
        (Vital::Anc, Vital::Wbc) => first.1 > second.1,
        (Vital::Wbc, Vital::Anc) => second.1 > first.1,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_inside() {
        let of = |tenths: u32| plausible(Vital::Temperature, d(tenths, 1));
        assert_eq!(of(410), Plausibility::Plausible);
        assert!(matches!(of(411), Plausibility::Soft { reason } if reason.limit.as_deref() == Some("41")));
        assert!(matches!(of(441), Plausibility::Hard { .. }));
        assert!(matches!(of(299), Plausibility::Hard { .. }));
        for vital in Vital::ALL {
            let (_, _, (low, high), soft) = row(*vital);
            assert!(
                low < high && soft.is_none_or(|(a, b)| low <= a && b <= high),
                "{vital:?}"
            );
        }
    }

    #[test]
    fn contradictions() {
        assert!(contradicts((Vital::Diastolic, d(90, 0)), (Vital::Systolic, d(90, 0))));
        assert!(!contradicts((Vital::Anc, d(2, 0)), (Vital::Wbc, d(2, 0))));
    }
}
