//! Qualification: any file of cases against the clinical rules, nothing skipped.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One case of a file.
#[derive(Debug, Deserialize)]
struct Case {
    id: String,
    #[serde(rename = "fn")]
    function: String,
    inputs: Value,
    expected: BTreeMap<String, Value>,
    tolerance: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct File {
    vectors: Vec<Case>,
}

/// How one function did.
#[derive(Debug, Clone, Serialize)]
pub struct FunctionResult {
    /// Name, `tox.crs`.
    pub name: String,
    /// Cases that hold.
    pub passed: usize,
    /// Cases that do not.
    pub failed: usize,
}

/// One case that does not hold.
#[derive(Debug, Clone, Serialize)]
pub struct Failure {
    /// Identifier of the case.
    pub id: String,
    /// Function.
    pub function: String,
    /// Inputs as given.
    pub inputs: Value,
    /// What was expected.
    pub expected: Value,
    /// What came, or why nothing did.
    pub got: Value,
}

/// How a file of cases did.
#[derive(Debug, Clone, Serialize)]
pub struct Qualified {
    /// Version of the criteria.
    pub criteria: String,
    /// By function.
    pub functions: Vec<FunctionResult>,
    /// What does not hold.
    pub failures: Vec<Failure>,
    /// Cases that hold.
    pub passed: usize,
    /// Cases that do not.
    pub failed: usize,
}

/// Default difference of two numbers that are the same.
const TOLERANCE: f64 = 1e-9;

fn same(expected: &Value, got: Option<&Value>, tolerance: f64) -> bool {
    let number = |value: &Value| value.as_f64().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
    match (expected, got) {
        (Value::Null, None | Some(Value::Null)) => true,
        (Value::Number(expected), Some(got)) => match (expected.as_f64(), number(got)) {
            (Some(expected), Some(got)) => (expected - got).abs() <= tolerance,
            (None, _) | (_, None) => false,
        },
        (Value::Array(expected), Some(Value::Array(got))) => {
            expected.len() == got.len() && expected.iter().zip(got).all(|(e, g)| same(e, Some(g), tolerance))
        }
        (Value::Object(expected), Some(Value::Object(got))) => {
            expected.iter().all(|(key, value)| same(value, got.get(key), tolerance))
        }
        (expected, Some(got)) => expected == got,
        (_, None) => false,
    }
}

/// An expected key that the answer does not know is a failure, even where nothing was expected of it.
fn holds(case: &Case, got: &Value) -> bool {
    let tolerance = case.tolerance.unwrap_or(TOLERANCE);
    let Some(answer) = got.as_object() else { return false };
    case.expected.iter().all(|(key, value)| answer.contains_key(key) && same(value, answer.get(key), tolerance))
}

/// Runs a file of cases.
///
/// # Errors
/// Why the file is none.
pub fn run(text: &str) -> Result<Qualified, String> {
    let file: File = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let mut functions: BTreeMap<String, FunctionResult> = BTreeMap::new();
    let mut failures = Vec::new();
    let (mut passed, mut failed) = (0, 0);
    for case in &file.vectors {
        let got = match criteria::qualify::run_vector(&case.function, &case.inputs) {
            Err(unknown) if unknown.is_function() => endpoints::qualify::run_vector(&case.function, &case.inputs)
                .unwrap_or_else(|unknown| Value::String(unknown.to_string())),
            Err(unknown) => Value::String(unknown.to_string()),
            Ok(got) => got,
        };
        let row = functions.entry(case.function.clone()).or_insert_with(|| FunctionResult {
            name: case.function.clone(),
            passed: 0,
            failed: 0,
        });
        if holds(case, &got) {
            (row.passed, passed) = (row.passed + 1, passed + 1);
        } else {
            (row.failed, failed) = (row.failed + 1, failed + 1);
            failures.push(Failure {
                id: case.id.clone(),
                function: case.function.clone(),
                inputs: case.inputs.clone(),
                expected: serde_json::to_value(&case.expected).unwrap_or_default(),
                got,
            });
        }
    }
    Ok(Qualified {
        criteria: criteria::VERSION.to_owned(),
        functions: functions.into_values().collect(),
        failures,
        passed,
        failed,
    })
}
