//! Numbers across units: what a rule compares is the value in the item's first unit, what is kept is the value as entered.

use criteria::unit::{Analyte, convert};
use rust_decimal::Decimal;

use crate::{
    def::{ItemDef, ItemKind},
    duration::minutes,
    value::Value,
};

/// The analyte that `criteria` knows by this code.
pub(crate) fn analyte(code: &str) -> Option<Analyte> {
    Analyte::ALL.iter().copied().find(|analyte| analyte.code() == code)
}

/// Converts between two units of an analyte; the same unit needs no analyte.
pub(crate) fn converted(analyte_code: Option<&str>, number: Decimal, from: &str, to: &str) -> Option<Decimal> {
    if from == to {
        return Some(number);
    }
    if let Some(scaled) = scaled(number, from, to) {
        return Some(scaled);
    }
    convert(analyte(analyte_code?)?, number, from, to).ok()
}

/// The number in the item's canonical (first) unit, and that unit; a duration in minutes; nothing for what is not a number of this item.
#[must_use]
pub fn canonical_number(item: &ItemDef, value: &Value) -> Option<(Decimal, Option<String>)> {
    if let (ItemKind::Duration { .. }, Value::Duration { duration }) = (&item.kind, value) {
        return Some((Decimal::from(minutes(duration)?), Some("min".to_owned())));
    }
    let Value::Number { number, unit } = value else {
        return None;
    };
    let (units, analyte) = match &item.kind {
        ItemKind::Integer { units } => (units, None),
        ItemKind::Decimal { units, analyte, .. } => (units, analyte.as_deref()),
        ItemKind::Text { .. }
        | ItemKind::Code { .. }
        | ItemKind::Codes { .. }
        | ItemKind::Date { .. }
        | ItemKind::Time {}
        | ItemKind::DateTime {}
        | ItemKind::Duration { .. }
        | ItemKind::Scan { .. }
        | ItemKind::Derived { .. } => return None,
    };
    match (units.first(), unit) {
        (None, None) => Some((*number, None)),
        (Some(canonical), Some(unit)) => Some((converted(analyte, *number, unit, canonical)?, Some(canonical.clone()))),
        (None, Some(_)) | (Some(_), None) => None,
    }
}

/// Powers of ten between units of the same thing, where no analyte is needed: from, to, factor.
const SCALES: [(&str, &str, i64, u32); 10] = [
    ("%", "fraction", 1, 2),
    ("10^6/mL", "/mL", 1_000_000, 0),
    ("10^6/kg", "/kg", 1_000_000, 0),
    ("10^6", "cells", 1_000_000, 0),
    ("10^12/L", "10^9/L", 1_000, 0),
    ("10^6/L", "/uL", 1, 0),
    ("10^9/L", "/uL", 1_000, 0),
    ("g/L", "g/dL", 1, 1),
    ("mg/L", "mg/dL", 1, 1),
    ("ug/L", "ng/mL", 1, 0),
];

/// The number in another unit of the same thing, exactly.
pub(crate) fn scaled(number: Decimal, from: &str, to: &str) -> Option<Decimal> {
    if from == to {
        return Some(number);
    }
    let (_, _, factor, places) = SCALES.iter().find(|(a, b, _, _)| *a == from && *b == to)?;
    number.checked_mul(Decimal::new(*factor, *places))
}
