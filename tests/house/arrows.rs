//! Which room may know which, and who owns each heavy dependency: read from the manifests.

use std::{collections::BTreeSet, fs};

use toml::{Table, Value};

use crate::source::{demand, top};

/// Every crate (by its folder below src-tauri, "shell" for the root package) and the rooms it may depend on.
const ARROWS: &[(&str, &[&str])] = &[
    ("criteria", &[]),
    ("study", &["criteria"]),
    ("proof", &[]),
    ("endpoints", &[]),
    ("store", &["study", "proof"]),
    ("bundle", &["study", "proof"]),
    (
        "conduct",
        &["store", "bundle", "endpoints", "study", "proof", "criteria"],
    ),
    ("report", &["conduct"]),
    ("cli", &["conduct", "report"]),
    ("shell", &["conduct", "report"]),
];

/// Heavy dependencies (a trailing `*` stands for any ending) and the only crate that may have them.
const OWNERS: &[(&str, &str)] = &[
    ("rusqlite", "store"),
    ("libsqlite3-sys", "store"),
    ("argon2", "store"),
    ("toml*", "study"),
    ("cel*", "study"),
    ("ed25519-dalek", "proof"),
    ("sha2", "proof"),
    ("serde_json_canonicalizer", "proof"),
    ("age", "bundle"),
    ("zip", "bundle"),
    ("quick-xml", "bundle"),
    ("typst*", "report"),
    ("clap*", "cli"),
    ("tauri*", "shell"),
];

/// Where the owner cannot help: dependency, room, why.
const SHARED: &[(&str, &str, &str)] = &[
    (
        "sha2",
        "store",
        "HKDF and HMAC of the key slots take the hash function as a type",
    ),
    (
        "quick-xml",
        "study",
        "a definition as ODM metadata is the definition in another notation; records as ODM are bundle's",
    ),
];

fn manifest(room: &str) -> (String, Table) {
    let path = if room == "shell" {
        "Cargo.toml".into()
    } else {
        format!("src-tauri/{room}/Cargo.toml")
    };
    let text = fs::read_to_string(top().join(&path)).unwrap_or_else(|cause| panic!("{path}: {cause}"));
    let table = text.parse().unwrap_or_else(|cause| panic!("{path}: {cause}"));
    (path, table)
}

/// Names of the packages a manifest depends on, also for single targets; `table` is "dependencies" or a sister of it.
fn dependencies(manifest: &Table, table: &str) -> BTreeSet<String> {
    let targets = manifest
        .get("target")
        .and_then(Value::as_table)
        .into_iter()
        .flat_map(|targets| targets.values());
    let tables = targets
        .filter_map(|target| target.get(table))
        .chain(manifest.get(table));
    tables
        .filter_map(Value::as_table)
        .flatten()
        .map(|(name, wish)| wish.get("package").and_then(Value::as_str).unwrap_or(name).to_owned())
        .collect()
}

#[test]
fn every_crate_has_its_arrows() {
    let mut breaches = Vec::new();
    for entry in fs::read_dir(top().join("src-tauri")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.path().join("Cargo.toml").exists() && !ARROWS.iter().any(|(room, _)| *room == name) {
            breaches.push(format!("src-tauri/{name}/Cargo.toml: a room the design does not know"));
        }
    }
    demand(
        &breaches,
        "say in ARROWS (tests/house/arrows.rs) and in ARCHITECTURE.md which rooms it may know.",
    );
}

#[test]
fn arrows_point_down() {
    let rooms: Vec<&str> = ARROWS.iter().map(|(room, _)| *room).collect();
    let mut breaches = Vec::new();
    for (room, allowed) in ARROWS {
        let (path, manifest) = manifest(room);
        for table in ["dependencies", "build-dependencies", "dev-dependencies"] {
            for name in dependencies(&manifest, table) {
                let known = if name == "cartwright-cli" { "cli" } else { &name };
                if known != *room && rooms.contains(&known) && !allowed.contains(&known) {
                    breaches.push(format!("{path}: [{table}] {name}: {room} must not know {known}"));
                }
            }
        }
    }
    demand(
        &breaches,
        "take it from a room further down, or hand it in from above as a value or a trait.",
    );
}

#[test]
fn heavy_dependencies_have_one_owner() {
    let mut breaches = Vec::new();
    for (room, _) in ARROWS {
        let (path, manifest) = manifest(room);
        for table in ["dependencies", "build-dependencies"] {
            for name in dependencies(&manifest, table) {
                for (heavy, owner) in OWNERS {
                    let same = heavy
                        .strip_suffix('*')
                        .map_or(name == *heavy, |start| name.starts_with(start));
                    let shared = SHARED.iter().any(|(shared, with, _)| *shared == name && with == room);
                    if same && owner != room && !shared {
                        breaches.push(format!("{path}: [{table}] {name} belongs to {owner} alone"));
                    }
                }
            }
        }
    }
    demand(
        &breaches,
        "ask the owner for a function in its own words instead of its library.",
    );
}

#[test]
fn crates_share_the_lints() {
    let mut breaches = Vec::new();
    for (room, _) in ARROWS {
        let (path, manifest) = manifest(room);
        let shared = manifest
            .get("lints")
            .and_then(|lints| lints.get("workspace"))
            .and_then(Value::as_bool);
        if shared != Some(true) {
            breaches.push(format!("{path}: no [lints] workspace = true"));
        }
    }
    demand(&breaches, "add it, so that every crate is read with the same eyes.");
}
