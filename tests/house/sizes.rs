//! A file is one thought.

use crate::source::{demand, generated, sources, UNIT_TESTS};

/// Beyond this many lines a file must say why it is one thought all the same.
const LONG: usize = 400;

/// Files that are long for a reason.
const REASONS: &[(&str, &str)] = &[
    (
        "src-tauri/study/src/load/reader.rs",
        "one reader of TOML that keeps positions: a method for each shape a value can have",
    ),
    (
        "src-tauri/study/src/act.rs",
        "the one list of acts, each with its fields: the format of the journal",
    ),
    (
        "src-tauri/study/src/medicine/registry.rs",
        "the one table of functions that a definition may call",
    ),
    (
        "src-tauri/study/src/medicine/toxic.rs",
        "the table of toxicity grades that a definition may call, each beside what runs it",
    ),
    (
        "src-tauri/study/src/def.rs",
        "the definition as types, one after the other: what every other file of it is read against",
    ),
    (
        "src-tauri/store/src/vfs/fault.rs",
        "a failing disk for tests: a function for each call that SQLite makes of one",
    ),
    (
        "src-tauri/study/src/odm/parts.rs",
        "the pieces that both editions of ODM share, one after the other",
    ),
];

/// Lines without the module of unit tests at the end.
fn own_lines(text: &str) -> usize {
    text.split(UNIT_TESTS).next().map_or(0, |own| own.lines().count())
}

#[test]
fn long_files_have_a_reason() {
    let mut all = sources("src-tauri");
    all.extend(sources("tests"));
    all.extend(sources("ui"));
    all.retain(|source| {
        source.is(&[".rs", ".ts", ".mjs", ".js", ".svelte", ".css", ".sql"]) && !generated(&source.path)
    });
    let mut sizes: Vec<(usize, &str)> = all
        .iter()
        .map(|source| (own_lines(&source.text), &*source.path))
        .collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));

    let mut median: Vec<usize> = all
        .iter()
        .filter(|s| s.is(&[".rs"]))
        .map(|s| own_lines(&s.text))
        .collect();
    median.sort_unstable();
    println!(
        "{} files, the median Rust file has {} lines. The longest:",
        all.len(),
        median[median.len() / 2]
    );
    for (lines, path) in sizes.iter().take(15) {
        println!("{lines:6} {path}");
    }

    let mut breaches = Vec::new();
    // A file of cases is as long as its list; it is reported all the same.
    let cases = |path: &str| path.contains("/tests/") || path.starts_with("tests/");
    for (lines, path) in &sizes {
        if *lines > LONG && !cases(path) && !REASONS.iter().any(|(file, _)| file == path) {
            breaches.push(format!("{path}:{LONG}: goes on to line {lines}"));
        }
    }
    for (file, _) in REASONS {
        if !sizes.iter().any(|(lines, path)| path == file && *lines > LONG) {
            breaches.push(format!("{file}:1: has a reason to be long and is not"));
        }
    }
    demand(
        &breaches,
        "divide it by thought, or give its reason in REASONS (tests/house/sizes.rs).",
    );
}
