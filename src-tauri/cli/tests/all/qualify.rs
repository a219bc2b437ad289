//! `qualify`: a file of cases, nothing skipped.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::{Said, run};

/// The cases that the project keeps.
fn vectors() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/criteria/criteria-vectors.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn qualify(cases: &Value, more: &[&str]) -> Said {
    let top = tempfile::tempdir().unwrap();
    let path = top.path().join("cases.json");
    fs::write(&path, cases.to_string()).unwrap();
    let mut args = vec!["qualify", path.to_str().unwrap()];
    args.extend(more);
    run(top.path(), &args)
}

/// A case of ours, changed.
fn changed(change: impl FnOnce(&mut Value)) -> Value {
    let mut case = vectors()["vectors"]
        .as_array()
        .unwrap()
        .iter()
        .find(|case| case["fn"] == "tox.crs" && case["expected"]["grade"] == 1)
        .unwrap()
        .clone();
    change(&mut case);
    json!({ "meta": {}, "vectors": [case] })
}

#[test]
fn every_case_we_keep_holds() {
    let said = qualify(&vectors(), &[]).exits(0);
    assert_eq!(said.last_line(), "256 passed, 0 failed");
    let document = qualify(&vectors(), &["--json"]).exits(0).json();
    assert_eq!(
        (document["passed"].as_u64(), document["failed"].as_u64()),
        (Some(256), Some(0))
    );
    let functions = document["functions"].as_array().unwrap();
    assert_eq!(
        functions.iter().map(|f| f["passed"].as_u64().unwrap()).sum::<u64>(),
        256
    );
}

#[test]
fn an_untouched_case_holds_alone() {
    assert_eq!(
        qualify(&changed(|_| ()), &[]).exits(0).last_line(),
        "1 passed, 0 failed"
    );
}

#[test]
fn what_is_not_as_expected_fails_and_is_shown() {
    type Change = fn(&mut Value);
    let harms: &[(&str, Change)] = &[
        ("a wrong expectation", |case| case["expected"]["grade"] = json!(2)),
        ("an unknown key expected", |case| {
            case["expected"]["color"] = Value::Null
        }),
        ("an unknown function", |case| case["fn"] = json!("tox.no_such_grade")),
        ("an unknown input", |case| case["inputs"]["temp_max_k"] = json!(311)),
        ("an input that is not of its type", |case| {
            case["inputs"]["temp_max_c"] = json!("warm")
        }),
        ("an expectation of another type", |case| {
            case["expected"]["grade"] = json!("one")
        }),
    ];
    for (what, harm) in harms {
        let cases = changed(harm);
        let said = qualify(&cases, &[]).exits(1);
        assert_eq!(said.last_line(), "0 passed, 1 failed", "{what}: {said:?}");
        assert!(
            said.out.contains("expected ") && said.out.contains("got "),
            "{what}: {said:?}"
        );
        let document = qualify(&cases, &["--json"]).exits(1).json();
        assert_eq!(document["failures"].as_array().unwrap().len(), 1, "{what}");
    }
}

#[test]
fn what_is_no_file_of_cases_could_not_be_run() {
    qualify(&json!({ "meta": {} }), &[]).exits(2);
    qualify(&json!({ "vectors": [{ "id": "X" }] }), &[]).exits(2);
    let top = tempfile::tempdir().unwrap();
    run(top.path(), &["qualify", "/nowhere.json"]).exits(2);
}
