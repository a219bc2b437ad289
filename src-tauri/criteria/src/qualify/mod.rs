//! Runs any function of this crate by name, on JSON, for qualification against a file of vectors.
//!
//! A vector file is `{meta, vectors: [{id, fn, inputs, expected, rationale, source, tolerance?}]}`. Only the keys present in
//! `expected` are compared; numbers within `tolerance` (absolute, 1e-9 by default). Unknown functions, unknown inputs and
//! unknown expected keys are failures.

mod compare;
mod functions;

pub use crate::elig::registry::Unknown;
pub use compare::{Mismatch, compare};
pub use functions::FUNCTIONS;

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
    match functions::run(name, inputs) {
        Err(Unknown::Inputs(why)) => match REJECTIONS.iter().find(|code| why.starts_with(**code)) {
            Some(code) => Ok(json!({ "error": code })),
            None => Err(Unknown::Inputs(why)),
        },
        answer => answer,
    }
}
