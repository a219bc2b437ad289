//! Broken definitions as fixtures: what was changed in a sound one, and everything the linter says of it, with places.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect"
)]

use std::{fs, path::Path};

use study::{load::load, problem::render};

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint")
}

fn sound() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for part in ["", "forms"] {
        for entry in fs::read_dir(folder().join("sound").join(part)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = Path::new(part).join(path.file_name().unwrap());
                files.push((name.to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

fn said(files: &[(String, String)]) -> String {
    let borrowed: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let text = |file: &str| {
        borrowed
            .iter()
            .find(|(path, _)| *path == file)
            .map_or("", |(_, text)| *text)
    };
    let problems = load(&borrowed).err().unwrap_or_default();
    problems
        .iter()
        .map(|problem| format!("{}\n", render(problem, text(&problem.file))))
        .collect()
}

/// `@ file`, then lines `-` that must be there once and lines `+` that take their place.
fn change(files: &mut [(String, String)], head: &str) {
    for block in head.split("@ ").skip(1) {
        let (file, lines) = block.split_once('\n').unwrap();
        let side = |sign: char| -> String {
            let lines: Vec<&str> = lines
                .lines()
                .filter_map(|line| line.strip_prefix(sign))
                .map(|line| line.strip_prefix(' ').unwrap_or(line))
                .collect();
            lines.join("\n")
        };
        let (from, to) = (side('-'), side('+'));
        let (_, text) = files.iter_mut().find(|(path, _)| path == file).unwrap();
        assert_eq!(text.matches(&from).count(), 1, "{file} must hold {from:?} once");
        *text = text.replace(&from, &to);
    }
}

#[test]
fn the_sound_one_has_no_problems() {
    assert_eq!(said(&sound()), "");
}

#[test]
fn every_broken_one_is_told_with_its_places() {
    let mut cases = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "case") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let (head, expected) = text.split_once("\n=\n").unwrap();
        let mut files = sound();
        change(&mut files, head);
        assert_eq!(said(&files), expected, "{}", path.display());
        cases += 1;
    }
    assert!(cases >= 19, "{cases} cases");
}
