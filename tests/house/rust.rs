//! What no Rust file may say.

use crate::source::{begins_word, code, demand, has_word, numbered, rust, Source, UNIT_TESTS};

/// The only module with unsafe code: the VFS, and below it the failing one that its tests put underneath.
const UNSAFE: [&str; 2] = ["src-tauri/store/src/vfs.rs", "src-tauri/store/src/vfs/fault.rs"];

/// Files of the store that may touch the file system: a second descriptor of an open site file drops its locks.
const STORE_FILES: &[(&str, &str)] = &[
    ("src-tauri/store/src/vfs.rs", "it is the file"),
    (
        "src-tauri/store/src/backup.rs",
        "lists and compares backups; nobody has them open",
    ),
    (
        "src-tauri/store/src/device.rs",
        "reads device keys, which lie outside the site file",
    ),
    (
        "src-tauri/store/src/names.rs",
        "makes, names and removes files that nobody has open",
    ),
    ("src-tauri/store/src/open.rs", "reads what the VFS refused to open"),
];

/// Rooms that may ask the machine for time and chance; tests may too.
const ASKS: &[&str] = &["src-tauri/src/", "src-tauri/cli/", "tests/"];

fn breaches(sources: &[Source], wrong: impl Fn(&str, &str) -> Option<String>) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        for (number, line) in numbered(&code(&source.text)) {
            if let Some(what) = wrong(&source.path, line) {
                found.push(format!("{}:{number}: {what}", source.path));
            }
        }
    }
    found
}

/// A file's own code: what stands before the module of its unit tests.
fn without_tests() -> Vec<Source> {
    let mut all = rust();
    all.retain(|source| {
        let apart = ["/tests/", "/examples/", "/benches/"];
        !apart.iter().any(|folder| source.path.contains(folder)) && source.stem() != "tests"
    });
    for source in &mut all {
        if let Some(at) = source.text.find(UNIT_TESTS) {
            source.text.truncate(at);
        }
    }
    all
}

#[test]
fn no_test_is_ignored() {
    let found = breaches(&rust(), |_, line| {
        let flat = line.replace(' ', "");
        (flat.contains("#[ignore") || flat.contains(",ignore)]")).then(|| "a test that does not run".into())
    });
    demand(&found, "make it run, or remove it.");
}

#[test]
fn nothing_is_left_to_do() {
    let found = breaches(&rust(), |_, line| {
        let left = ["todo!", "unimplemented!"]
            .into_iter()
            .find(|word| line.contains(word))?;
        Some(format!("{left} stands where code should"))
    });
    demand(&found, "write the code, or leave the feature out.");
    let notes = ["TODO", "FIXME", "XXX", "HACK"];
    let mut found = Vec::new();
    for source in rust().iter().filter(|source| source.path != "tests/house/rust.rs") {
        for (number, line) in source.lines() {
            if notes.iter().any(|note| has_word(line, note)) {
                found.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    demand(&found, "do it, or open an issue: a file says what is.");
}

#[test]
fn unsafe_code_has_one_home() {
    let found = breaches(&rust(), |path, line| {
        (!UNSAFE.contains(&path) && has_word(line, "unsafe")).then(|| "unsafe code".into())
    });
    demand(&found, &format!("only {UNSAFE:?} may hold unsafe code."));
}

#[test]
fn the_store_has_no_second_descriptor() {
    let mut sources = without_tests();
    sources.retain(|source| source.path.starts_with("src-tauri/store/src/"));
    assert!(!sources.is_empty(), "src-tauri/store/src/ is not there");
    let found = breaches(&sources, |path, line| {
        let allowed = STORE_FILES.iter().any(|(file, _)| *file == path);
        // Asking for the size opens nothing.
        let line = &line.replace("fs::metadata(", "");
        let opens = ["fs::", "File::", "OpenOptions"]
            .into_iter()
            .any(|word| begins_word(line, word));
        (!allowed && opens).then(|| format!("touches the file system: {}", line.trim()))
    });
    demand(
        &found,
        "closing any other descriptor of an open site file drops its locks. Go through the file that owns it, or list \
         this file with its reason in STORE_FILES (tests/house/rust.rs).",
    );
}

#[test]
fn time_and_chance_are_arguments() {
    const ASKING: &[&str] = &[
        "Utc::now(",
        "Local::now(",
        "SystemTime::now(",
        "Instant::now(",
        "OsRng",
        "thread_rng(",
        "rand::rng(",
        "rand::random",
        "getrandom::",
    ];
    let mut sources = without_tests();
    sources.retain(|source| !ASKS.iter().any(|start| source.path.starts_with(start)));
    let found = breaches(&sources, |_, line| {
        let word = ASKING.iter().find(|word| begins_word(line, word))?;
        Some(format!("asks the machine: {}", word.trim_end_matches('(')))
    });
    demand(
        &found,
        "take the time, the identity or the chance as an argument; only the shell and the command line ask.",
    );
}
