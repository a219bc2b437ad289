//! Every vector of every file whose function lives in this crate.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use endpoints::qualify::{FUNCTIONS, Unknown, run_vector};
use serde_json::{Value, json};
use std::path::Path;

/// The files of vectors, in one list.
fn vectors() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/criteria");
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .flat_map(|path| {
            let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
            file["vectors"].as_array().unwrap().clone()
        })
        .collect()
}

#[test]
fn every_vector_of_every_file_holds() {
    let (mut ran, mut failures) = (0, Vec::new());
    for vector in vectors() {
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
    assert!(ran > 19, "the published ones and a second reading");
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
