//! Runs any function of this crate by name, on JSON, for qualification against a file of vectors.
//!
//! A vector file is `{meta, vectors: [{id, fn, inputs, expected, rationale, source, tolerance?}]}`. Only the keys present in
//! `expected` are compared; numbers within `tolerance` (absolute, 1e-9 by default). Unknown functions, unknown inputs and
//! unknown expected keys are failures; an expected null is met by a null and by a known
//! key that is left out.

mod compare;
mod functions;

pub use crate::elig::registry::Unknown;
pub use compare::{Mismatch, compare};
pub use functions::FUNCTIONS;

use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

/// Codes of a typed rejection, as an `error` vector expects them.
const REJECTIONS: &[&str] = &[
    "fraction_out_of_range",
    "percent_out_of_range",
    "item_out_of_range",
    "quantity_out_of_range",
    "age_out_of_range",
];

/// Runs one function. A typed rejection of an input is an answer: `{"error": code}`.
///
/// # Errors
/// [`Unknown`] for a function that does not exist, or inputs that it does not have.
pub fn run_vector(name: &str, inputs: &Value) -> Result<Value, Unknown> {
    match functions::run(name, &whole(inputs)) {
        Err(Unknown::Inputs(why)) => match REJECTIONS.iter().find(|code| why.starts_with(**code)) {
            Some(code) => Ok(json!({ "error": code })),
            None => Err(Unknown::Inputs(why)),
        },
        answer => answer,
    }
}

/// The same inputs with every number that has no fraction as an integer: `28.0` days are 28 days. A quantity without a number
/// (`{"value": null, "unit": ..}`) is a missing one.
fn whole(inputs: &Value) -> Value {
    match inputs {
        Value::Number(number) => match number.as_f64() {
            Some(real) if number.is_f64() && real.fract() == 0.0 => {
                real.to_i64().map_or_else(|| inputs.clone(), |integer| json!(integer))
            }
            Some(_) | None => inputs.clone(),
        },
        Value::Array(items) => items.iter().map(whole).collect(),
        Value::Object(map) if map.len() == 2 && map.contains_key("unit") && map.get("value") == Some(&Value::Null) => {
            Value::Null
        }
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), whole(value))).collect(),
        Value::Null | Value::Bool(_) | Value::String(_) => inputs.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_a_number_is_written_does_not_matter() {
        let given = json!({"a": 12.0, "b": [1.5, null, -3.0], "c": {"value": null, "unit": "mg/dL"}, "d": {"value": 2.0, "unit": "g"}});
        let same = json!({"a": 12, "b": [1.5, null, -3], "c": null, "d": {"value": 2, "unit": "g"}});
        assert_eq!(whole(&given), same);
    }
}
