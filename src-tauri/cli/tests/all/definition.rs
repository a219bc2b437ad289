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
    assert!(said.out.starts_with("0 problems in 13 forms"), "{said:?}");
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
