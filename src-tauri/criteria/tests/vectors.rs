//! Every vector whose function lives in this crate.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use criteria::qualify::{FUNCTIONS, Unknown, compare, run_vector};
use serde_json::{Value, json};

const VECTORS: &str = include_str!("../../../tests/fixtures/criteria/criteria-vectors.json");

fn elsewhere(name: &str) -> bool {
    name.starts_with("stats.") || name.starts_with("endpoint.")
}

#[test]
fn every_vector_holds() {
    let file: Value = serde_json::from_str(VECTORS).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    let (mut ran, mut failures) = (0, Vec::new());
    for vector in vectors {
        let name = vector["fn"].as_str().unwrap();
        if elsewhere(name) {
            continue;
        }
        ran += 1;
        match run_vector(name, &vector["inputs"]) {
            Err(unknown) => failures.push(format!("{}: {unknown}", vector["id"])),
            Ok(answer) => {
                for mismatch in compare(&vector["expected"], &answer, vector["tolerance"].as_f64()) {
                    failures.push(format!("{} {name}: {mismatch:?}", vector["id"]));
                }
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {ran}:\n{}",
        failures.len(),
        failures.join("\n")
    );
    let here = vectors
        .iter()
        .filter(|vector| !elsewhere(vector["fn"].as_str().unwrap()))
        .count();
    assert_eq!((vectors.len(), ran), (256, here));
}

#[test]
fn every_function_of_the_vectors_exists() {
    let file: Value = serde_json::from_str(VECTORS).unwrap();
    for vector in file["vectors"].as_array().unwrap() {
        let name = vector["fn"].as_str().unwrap();
        assert!(elsewhere(name) || FUNCTIONS.contains(&name), "{name}");
    }
}

#[test]
fn typed_rejections_and_unknown_names() {
    let dose = json!({"volume_ml": 50, "cells_per_ml": 1e7, "viability": 85, "cd3_fraction": 0.9, "car_fraction": 0.4, "weight_kg": 60});
    assert_eq!(
        run_vector("dose.car", &dose).unwrap(),
        json!({"error": "fraction_out_of_range"})
    );
    let ice = json!({"orientation": 5, "naming": 3, "command": 1, "writing": 1, "attention": 1});
    assert_eq!(
        run_vector("tox.ice", &ice).unwrap(),
        json!({"error": "item_out_of_range"})
    );
    assert!(matches!(
        run_vector("tox.nothing", &json!({})),
        Err(Unknown::Function(_))
    ));
    assert!(matches!(
        run_vector("tox.crs", &json!({"temperature": 38})),
        Err(Unknown::Inputs(_))
    ));
    let identity = json!({"nurse1": "u1", "nurse2": "u1", "before_start": true});
    assert_eq!(
        run_vector("dose.identity_check", &identity).unwrap()["error"],
        "same_person"
    );
}
