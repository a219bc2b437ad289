//! `study lint`: everything that is wrong with a definition, each with its place.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{copy_folder, run};

/// The built-in definition, to be harmed.
fn definition(top: &Path) -> PathBuf {
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("../study/studies/allo-cd19-ball/1.0");
    let folder = top.join("study");
    copy_folder(&built_in, &folder);
    folder
}

fn change(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from} is not in {}", path.display());
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn the_built_in_definition_has_no_problems() {
    let home = tempfile::tempdir().unwrap();
    let said = run(home.path(), &["study", "lint"]).exits(0);
    assert!(said.out.starts_with("0 problems in "), "{said:?}");
    let document = run(home.path(), &["study", "lint", "--json"]).exits(0).json();
    assert!(document["problems"].as_array().unwrap().is_empty());
    assert!(document["items"].as_u64().unwrap() >= 60 && document["forms"].as_u64().unwrap() >= 8);
    let folder = definition(home.path());
    let same = run(home.path(), &["study", "lint", folder.to_str().unwrap()]).exits(0);
    assert_eq!(same.out, said.out);
}

#[test]
fn every_problem_is_told_with_its_place() {
    let top = tempfile::tempdir().unwrap();
    let folder = definition(top.path());
    // A word that nobody knows, a rule about an item that is not there, a language left out.
    change(&folder.join("forms/lab.toml"), "required = true", "requird = true");
    change(
        &folder.join("forms/cns.toml"),
        "CNS.LP_DONE == \"Y\"",
        "CNS.LP_DUNE == \"Y\"",
    );
    change(&folder.join("visits.toml"), ", zh = \"筛选期\"", "");
    let said = run(top.path(), &["study", "lint", folder.to_str().unwrap()]).exits(1);
    for file in ["forms/lab.toml:", "forms/cns.toml:", "visits.toml:"] {
        let line = said
            .out
            .lines()
            .find(|line| line.contains(file))
            .unwrap_or_else(|| panic!("{file} in {said:?}"));
        let place = line.split(file).nth(1).unwrap();
        let numbers: Vec<&str> = place.split(':').take(2).collect();
        assert!(
            numbers.iter().all(|n| n.trim().parse::<u32>().is_ok_and(|n| n > 0)),
            "line and column: {line}"
        );
    }
    assert!(
        said.out
            .lines()
            .any(|line| line.trim_start_matches(['|', ' ']).starts_with('^')),
        "a caret: {}",
        said.out
    );
    assert!(said.out.contains("requird"), "{}", said.out);
    assert!(!said.last_line().starts_with("0 problems"));
    let document = run(top.path(), &["study", "lint", "--json", folder.to_str().unwrap()])
        .exits(1)
        .json();
    assert!(
        document["problems"].as_array().unwrap().len() >= 3,
        "all of them, not the first: {document}"
    );
}

#[test]
fn a_folder_without_a_definition_cannot_be_linted() {
    let top = tempfile::tempdir().unwrap();
    let empty = run(top.path(), &["study", "lint", top.path().to_str().unwrap()]).exits(2);
    assert!(empty.err.contains("no *.toml files"), "{empty:?}");
    run(top.path(), &["study", "lint", "/nowhere"]).exits(2);
}

/// Every code that `study lint --release` names.
fn unconfirmed(document: &serde_json::Value) -> Vec<String> {
    let open = document["unconfirmed"].as_array().unwrap();
    open.iter()
        .map(|one| one["code"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn what_nobody_confirmed_holds_a_release_back() {
    let top = tempfile::tempdir().unwrap();
    // Without the flag the same definition has no problems.
    run(top.path(), &["study", "lint"]).exits(0);
    let said = run(top.path(), &["study", "lint", "--release"]).exits(1);
    let of = |code: &str| {
        said.out
            .lines()
            .find(|line| line.starts_with(&format!("{code} ")))
            .map(str::to_owned)
    };
    let child = of("I8.child").unwrap();
    assert!(
        child.contains("I8 Kidney, child") && child.contains("[GK] bedside Schwartz"),
        "{child}"
    );
    assert!(of("D-07").unwrap().contains("Cockcroft-Gault above 30 mL/min"));
    assert!(
        of("C1").is_none() && of("C4").is_none(),
        "a source that was seen needs nobody"
    );
    let codes = unconfirmed(
        &run(top.path(), &["study", "lint", "--release", "--json"])
            .exits(1)
            .json(),
    );
    let decisions = codes.iter().filter(|code| code.starts_with("D-")).count();
    assert_eq!(
        said.last_line(),
        format!(
            "{} rules and {decisions} decisions are not confirmed.",
            codes.len() - decisions
        )
    );
    assert_eq!(decisions, 28);
    let chinese = run(top.path(), &["study", "lint", "--release", "--lang", "zh-Hans"]).exits(1);
    assert!(chinese.last_line().ends_with("28 项决定尚未确认。"), "{chinese:?}");
    assert!(chinese.out.contains("现行默认："));
}

#[test]
fn a_definition_that_names_who_confirmed_is_ready() {
    let top = tempfile::tempdir().unwrap();
    let folder = definition(top.path());
    let path = folder.to_str().unwrap();
    let lint = ["study", "lint", "--release", "--json", path];
    let codes = unconfirmed(&run(top.path(), &lint).exits(1).json());
    let decisions = folder.join("decisions.toml");
    let mut text = fs::read_to_string(&decisions).unwrap();
    for code in &codes {
        text.push_str(&format!(
            "\n[[confirmed]]\ncode = \"{code}\"\nby = \"medical monitor\"\non = \"2025-03-31\"\n"
        ));
    }
    fs::write(&decisions, &text).unwrap();
    let said = run(top.path(), &["study", "lint", "--release", path]).exits(0);
    assert_eq!(said.last_line(), "0 rules and 0 decisions are not confirmed.");
    // One name taken out again.
    change(&decisions, "code = \"C7\"", "code = \"C9\"");
    assert_eq!(unconfirmed(&run(top.path(), &lint).exits(1).json()), ["C7"]);
    // A name that no rule has is a problem of the definition, with its place.
    change(&decisions, "code = \"C9\"", "code = \"C99\"");
    let said = run(top.path(), &["study", "lint", path]).exits(1);
    assert!(
        said.out.contains("error[unknown_rule]: no rule or decision `C99`"),
        "{said:?}"
    );
    assert!(said.out.contains("decisions.toml:"), "{said:?}");
}

#[test]
fn a_decision_that_was_taken_is_no_default_any_more() {
    let top = tempfile::tempdir().unwrap();
    let folder = definition(top.path());
    change(&folder.join("decisions.toml"), "age_max = \"70\"", "age_max = \"65\"");
    let document = run(
        top.path(),
        &["study", "lint", "--release", "--json", folder.to_str().unwrap()],
    )
    .exits(1)
    .json();
    let codes = unconfirmed(&document);
    assert!(
        !codes.contains(&"D-03".to_owned()) && codes.contains(&"D-04".to_owned()),
        "{codes:?}"
    );
}
