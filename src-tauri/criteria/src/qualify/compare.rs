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

/// The expected keys that the answer does not meet. A null is expected to be a null that is there.
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
            actual
                .get(key.as_str())
                .is_none_or(|got| !same(wanted, got, tolerance.unwrap_or(TOLERANCE)))
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
        (None, None) => wanted == got,
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
        assert_eq!(compare(&json!({"value": 1.1}), &answer, Some(0.05)).len(), 1);
        assert_eq!(compare(&json!({"grade": null}), &answer, None).len(), 1);
        assert_eq!(compare(&json!(3), &answer, None).len(), 1);
    }
}
