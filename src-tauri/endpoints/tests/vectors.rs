//! Every vector whose function lives in this crate.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use endpoints::qualify::{FUNCTIONS, Unknown, run_vector};
use serde_json::{Value, json};

const VECTORS: &str = include_str!("../../../tests/fixtures/criteria/criteria-vectors.json");

#[test]
fn every_vector_holds() {
    let file: Value = serde_json::from_str(VECTORS).unwrap();
    let (mut ran, mut failures) = (0, Vec::new());
    for vector in file["vectors"].as_array().unwrap() {
        let name = vector["fn"].as_str().unwrap();
        if !name.starts_with("stats.") && !name.starts_with("endpoint.") {
            continue;
        }
        ran += 1;
        assert!(FUNCTIONS.contains(&name), "{name}");
        let answer =
            run_vector(name, &vector["inputs"]).unwrap_or_else(|unknown| panic!("{}: {unknown}", vector["id"]));
        let tolerance = vector["tolerance"].as_f64().unwrap_or(1e-9);
        for (key, wanted) in vector["expected"].as_object().unwrap() {
            let met = match (wanted.as_f64(), answer.get(key)) {
                (_, None) => false,
                (Some(wanted), Some(got)) => got.as_f64().is_some_and(|got| (got - wanted).abs() <= tolerance),
                (None, Some(got)) => got == wanted,
            };
            if !met {
                failures.push(format!("{} {key}: {wanted} expected, {answer}", vector["id"]));
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {ran}:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert_eq!(ran, 19);
}

#[test]
fn unknown_names_are_failures() {
    assert!(matches!(
        run_vector("stats.nothing", &json!({})),
        Err(Unknown::Function(_))
    ));
    assert!(matches!(
        run_vector("endpoint.os", &json!({"begin": "2024-01-01"})),
        Err(Unknown::Inputs(_))
    ));
    assert!(matches!(
        run_vector("stats.km", &json!({"time": [1], "event": [], "at": 1})),
        Err(Unknown::Inputs(_))
    ));
    let wrong = json!({"start": "2024-01-10", "death": null, "last_alive": "2024-01-09"});
    assert_eq!(
        run_vector("endpoint.os", &wrong).unwrap(),
        json!({"error": "last_alive_before_start"})
    );
}
