//! Every vector of every file whose function lives in this crate.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use criteria::qualify::{FUNCTIONS, Unknown, compare, run_vector};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::path::Path;

/// The files of vectors, by name.
fn files() -> Vec<(String, Vec<Value>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/criteria");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, file["vectors"].as_array().unwrap().clone())
        })
        .collect()
}

fn elsewhere(name: &str) -> bool {
    name.starts_with("stats.") || name.starts_with("endpoint.")
}

#[test]
fn every_vector_of_every_file_holds() {
    let mut failures = Vec::new();
    let files = files();
    for (file, vectors) in &files {
        let mut ids = HashSet::new();
        for vector in vectors {
            let (id, name) = (&vector["id"], vector["fn"].as_str().unwrap());
            assert!(ids.insert(id.to_string()), "{file} {id} stands twice");
            if elsewhere(name) {
                continue;
            }
            assert!(FUNCTIONS.contains(&name), "{file} {id} {name}");
            match run_vector(name, &vector["inputs"]) {
                Err(unknown) => failures.push(format!("{file} {id}: {unknown}")),
                Ok(answer) => {
                    for mismatch in compare(&vector["expected"], &answer, vector["tolerance"].as_f64()) {
                        failures.push(format!("{file} {id} {name} {}: {mismatch:?}", vector["inputs"]));
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
    let published = files.iter().find(|(file, _)| file == "criteria-vectors.json");
    assert_eq!(published.map(|(_, vectors)| vectors.len()), Some(256));
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

/// A case that passed whatever was expected would prove nothing.
#[test]
fn a_wrong_expectation_and_an_unknown_input_fail_in_every_case() {
    let mut harmed = 0;
    for (file, vectors) in files() {
        for vector in vectors
            .iter()
            .filter(|vector| !elsewhere(vector["fn"].as_str().unwrap()))
        {
            let (id, name) = (&vector["id"], vector["fn"].as_str().unwrap());
            let answer = run_vector(name, &vector["inputs"]).unwrap();
            let expected = vector["expected"].as_object().unwrap();
            assert!(!expected.is_empty(), "{file} {id} expects nothing");
            for key in expected.keys().map(String::as_str).chain(["no_such_key"]) {
                let mut wrong = vector["expected"].clone();
                wrong[key] = json!("no such answer");
                assert_eq!(
                    compare(&wrong, &answer, vector["tolerance"].as_f64()).len(),
                    1,
                    "{file} {id} {key}"
                );
                harmed += 1;
            }
            let mut inputs = vector["inputs"].clone();
            inputs["no_such_input"] = json!(1);
            let refused = run_vector(name, &inputs);
            // Where another input is rejected, that rejection may come first.
            let rejected = refused.as_ref().is_ok_and(|refused| refused.get("error").is_some());
            assert!(
                rejected || matches!(refused, Err(Unknown::Inputs(_))),
                "{file} {id}: {refused:?}"
            );
        }
    }
    assert!(harmed > 2000, "{harmed}");
}

#[test]
fn every_function_has_a_case() {
    let files = files();
    let used: HashSet<&str> = files
        .iter()
        .flat_map(|(_, vectors)| vectors)
        .map(|vector| vector["fn"].as_str().unwrap())
        .collect();
    let without: Vec<_> = FUNCTIONS.iter().filter(|name| !used.contains(**name)).collect();
    assert!(without.is_empty(), "{without:?}");
}
