//! Febrile neutropenia, CTCAE 5 \[GK\]: ANC < 1.0 and a single temperature > 38.3 °C, or ≥ 38.0 °C for more than an hour.

use crate::finding::{Grading, Op};
use crate::inputs::inputs;
use crate::quantity::{CellsE9PerL, Celsius, Level, d};
use crate::truth::{Ledger, Measure, Span, Truth, union};
use crate::{rule, what as w};

inputs! {
    /// Fever and neutrophils.
    Febrile {
        /// Neutrophils.
        anc: CellsE9PerL,
        /// Highest single temperature.
        single_max_c: Celsius,
        /// Minutes at 38.0 °C or more.
        sustained_38_min: Level,
        /// Life-threatening consequences.
        life_threatening: bool,
    }
}

/// Grade 3, or 4 if life-threatening; 0 where the definition is not met.
#[must_use]
pub fn febrile_neutropenia(input: &Febrile) -> Grading {
    let mut ledger = Ledger::default();
    let rule = &rule::C10;
    let measure = |what, unit, value, fields| Measure {
        what,
        unit,
        value,
        fields,
    };
    let anc = measure(w::ANC, CellsE9PerL::UNIT, input.anc.map(CellsE9PerL::get), &["anc"][..]);
    let low = ledger.compare(rule, anc, Op::Lt, d(1, 0));
    let single = measure(
        w::TEMPERATURE,
        "°C",
        input.single_max_c.map(Celsius::get),
        &["single_max_c"][..],
    );
    let single = ledger.compare(rule, single, Op::Gt, d(383, 1));
    let sustained = input.sustained_38_min.map(Level::get);
    let sustained = measure(w::MINUTES_38, "min", sustained, &["sustained_38_min"][..]);
    let sustained = ledger.compare(rule, sustained, Op::Gt, d(60, 0));
    let met = low.and(single.or(sustained));
    let worse = ledger.fact(rule, w::LIFE_THREATENING, input.life_threatening, "life_threatening");
    let span = match (met, worse) {
        (Truth::No, _) => Span::at(0),
        (Truth::Yes, Truth::No) => Span::at(3),
        (Truth::Yes, Truth::Yes) => Span::at(4),
        (Truth::Yes, Truth::Unknown(missing)) => Span {
            low: 3,
            high: 4,
            missing,
        },
        (Truth::Unknown(missing), worse) => Span {
            low: 0,
            high: 4,
            missing: union(missing, worse.missing()),
        },
    };
    ledger.grade(span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Grade;
    use serde_json::json;

    #[test]
    fn limbs() {
        let of = |json| febrile_neutropenia(&serde_json::from_value(json).unwrap()).grade;
        let at = |anc: f64, single: f64, minutes: u32| {
            of(json!({"anc": anc, "single_max_c": single, "sustained_38_min": minutes, "life_threatening": false}))
        };
        assert_eq!(at(0.9, 38.3, 60), Grade::Graded { grade: 0 });
        assert_eq!(at(0.9, 38.3, 61), Grade::Graded { grade: 3 });
        assert_eq!(at(1.0, 40.0, 90), Grade::Graded { grade: 0 });
        assert!(matches!(
            of(json!({"anc": 0.4, "single_max_c": 39})),
            Grade::AtLeast { grade: 3, .. }
        ));
    }
}
