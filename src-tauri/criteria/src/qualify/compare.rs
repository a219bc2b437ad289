//! Comparing an answer with what a vector expects.

use serde::Serialize;
use serde_json::Value;

/// One expected key that was not met.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mismatch {
    /// The key.
    pub key: String,
    /// What was expected.
    pub expected: Value,
    /// What came; `None` if the function does not give this key at all.
    pub actual: Option<Value>,
}

/// Absolute tolerance where a vector states none.
const TOLERANCE: f64 = 1e-9;

/// Names that answers have. Where an answer leaves one out (a rejection is an `error` alone), it is as good as null;
/// any other name is unknown.
const NAMES: &[&str] = &[
    "best",
    "category",
    "cns",
    "confirmed",
    "ctls",
    "day",
    "days",
    "due",
    "egfr",
    "eln",
    "error",
    "evaluable",
    "event",
    "flag",
    "flags",
    "followup_due",
    "grade",
    "in_window",
    "lower",
    "ltls",
    "m2",
    "median",
    "minutes",
    "minutes_to_stop",
    "missing",
    "ml_min",
    "n",
    "negative_1e4",
    "negative_1e6",
    "per_kg",
    "required",
    "result",
    "risk",
    "s",
    "score",
    "serious",
    "severity",
    "stage",
    "status",
    "tcr_per_kg",
    "total",
    "unit",
    "upper",
    "value",
    "viable_car",
    "warning",
    "warnings",
    "x",
];

/// The expected keys that the answer does not meet. An expected null is met by a null, or by a known name left out.
#[must_use]
pub fn compare(expected: &Value, actual: &Value, tolerance: Option<f64>) -> Vec<Mismatch> {
    let Some(keys) = expected.as_object() else {
        return vec![Mismatch {
            key: String::new(),
            expected: expected.clone(),
            actual: Some(actual.clone()),
        }];
    };
    keys.iter()
        .filter(|(key, wanted)| {
            actual.get(key.as_str()).map_or_else(
                || !(wanted.is_null() && NAMES.contains(&key.as_str())),
                |got| !same(wanted, got, tolerance.unwrap_or(TOLERANCE)),
            )
        })
        .map(|(key, wanted)| Mismatch {
            key: key.clone(),
            expected: wanted.clone(),
            actual: actual.get(key.as_str()).cloned(),
        })
        .collect()
}

fn same(wanted: &Value, got: &Value, tolerance: f64) -> bool {
    match (wanted.as_f64(), got.as_f64()) {
        (Some(wanted), Some(got)) => (wanted - got).abs() <= tolerance,
        (None, None) => match (wanted, got) {
            (Value::Array(wanted), Value::Array(got)) => {
                wanted.len() == got.len() && wanted.iter().zip(got).all(|(wanted, got)| same(wanted, got, tolerance))
            }
            _ => wanted == got,
        },
        (Some(_), None) | (None, Some(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn unknown_keys_and_wrong_values_are_failures() {
        let answer = json!({"grade": 3, "status": "graded", "value": 1.000_000_000_1, "nothing": null});
        assert!(compare(&json!({"grade": 3, "value": 1, "nothing": null}), &answer, None).is_empty());
        assert_eq!(compare(&json!({"grade": 2}), &answer, None).len(), 1);
        assert_eq!(compare(&json!({"colour": null}), &answer, None)[0].actual, None);
        assert!(compare(&json!({"error": null}), &answer, None).is_empty());
        assert_eq!(compare(&json!({"value": 1.1}), &answer, Some(0.05)).len(), 1);
        assert_eq!(compare(&json!({"grade": null}), &answer, None).len(), 1);
        assert_eq!(compare(&json!(3), &answer, None).len(), 1);
    }
}
