//! Qualification: any file of cases against the clinical rules, nothing skipped.

use std::collections::BTreeMap;

use criteria::qualify::compare;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One case of a file.
#[derive(Debug, Deserialize)]
struct Case {
    id: String,
    #[serde(rename = "fn")]
    function: String,
    inputs: Value,
    expected: Value,
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

/// What a case came to: the answer, or why there is none.
fn answer(case: &Case) -> Result<Value, String> {
    match criteria::qualify::run_vector(&case.function, &case.inputs) {
        Err(criteria::qualify::Unknown::Function(_)) => {
            endpoints::qualify::run_vector(&case.function, &case.inputs).map_err(|unknown| unknown.to_string())
        }
        other => other.map_err(|unknown| unknown.to_string()),
    }
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
        let got = answer(case);
        let holds = got
            .as_ref()
            .is_ok_and(|got| compare(&case.expected, got, case.tolerance).is_empty());
        let row = functions
            .entry(case.function.clone())
            .or_insert_with(|| FunctionResult {
                name: case.function.clone(),
                passed: 0,
                failed: 0,
            });
        if holds {
            (row.passed, passed) = (row.passed + 1, passed + 1);
        } else {
            (row.failed, failed) = (row.failed + 1, failed + 1);
            failures.push(Failure {
                id: case.id.clone(),
                function: case.function.clone(),
                inputs: case.inputs.clone(),
                expected: case.expected.clone(),
                got: got.unwrap_or_else(Value::String),
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
