//! The top of the repository, and what no file of it may mention.

use std::fs;

use crate::source::{demand, sources, top};

/// Everything that may lie at the top; the last line is made by builds and ignored by git.
const TOP: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "tauri.conf.json",
    "icons",
    "src-tauri",
    "ui",
    "tests",
    "docs",
    "Makefile",
    "README.md",
    "ARCHITECTURE.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "clippy.toml",
    "rustfmt.toml",
    ".cargo",
    ".taurignore",
    ".gitignore",
    ".ci",
    ".git",
    "target",
];

#[test]
fn the_top_is_tidy() {
    let mut breaches = Vec::new();
    for entry in fs::read_dir(top()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !TOP.contains(&name.as_str()) {
            breaches.push(format!("{name}:1: is not one of the names of the top level"));
        }
    }
    demand(
        &breaches,
        "put it into the folder it belongs to; the top level is fixed (tests/house/top.rs).",
    );
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    const PATHS: &[&str] = &["/home/", "/root/", "/Users/", "/work/", "/tmp/", "C:\\Users\\"];
    let mut breaches = Vec::new();
    for source in sources(".") {
        if source.path == "tests/house/top.rs" || source.is(&["Cargo.lock", "package-lock.json", ".xsd"]) {
            continue;
        }
        for (number, line) in source.lines() {
            for path in PATHS {
                let begins = |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-/~}".contains(c));
                if line.match_indices(path).any(|(at, _)| begins(at)) {
                    breaches.push(format!("{}:{number}: names {path}", source.path));
                }
            }
        }
    }
    demand(
        &breaches,
        "use a path relative to the repository, or a temporary folder asked of the system.",
    );
}
