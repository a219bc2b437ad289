//! Names say what a thing is. Some words say nothing.

use crate::source::{code, demand, generated, numbered, sources, Source};

const EMPTY: &[&str] = &[
    "manager",
    "managers",
    "helper",
    "helpers",
    "util",
    "utils",
    "utility",
    "utilities",
    "service",
    "services",
    "info",
    "infos",
    "data",
];

/// Names that are another's: a standard's own terms.
const OTHERS: &[(&str, &str)] = &[
    ("ClinicalData", "element of ODM"),
    ("MetaDataVersion", "element of ODM"),
    ("SubjectData", "element of ODM"),
    ("StudyEventData", "element of ODM"),
    ("FormData", "element of ODM"),
    ("ItemGroupData", "element of ODM"),
    ("ItemData", "element of ODM"),
    ("ReferenceData", "element of ODM"),
    ("AdminData", "element of ODM"),
];

fn written() -> Vec<Source> {
    let mut all = sources("src-tauri");
    all.extend(sources("tests"));
    all.extend(sources("ui/src"));
    all.retain(|source| {
        source.is(&[".rs", ".ts", ".mjs", ".js", ".svelte", ".css", ".sql"]) && !generated(&source.path)
    });
    all
}

/// "SiteFile", "site_file" and "site-file" are the words site and file.
fn words(name: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && small) {
            found.push(String::new());
        }
        if c.is_alphanumeric() {
            found.last_mut().unwrap().extend(c.to_lowercase());
        }
        small = c.is_lowercase() || c.is_numeric();
    }
    found
}

fn says_nothing(name: &str) -> Option<String> {
    if OTHERS.iter().any(|(other, _)| *other == name) {
        return None;
    }
    words(name).into_iter().find(|word| EMPTY.contains(&word.as_str()))
}

#[test]
fn file_names_say_something() {
    let mut breaches = Vec::new();
    for source in written() {
        for part in source.path.split('/') {
            if let Some(word) = says_nothing(part.split('.').next().unwrap()) {
                breaches.push(format!("{}:1: a name with \"{word}\"", source.path));
            }
        }
    }
    demand(
        &breaches,
        "name it after what it holds, with a word of the glossary in ARCHITECTURE.md.",
    );
}

#[test]
fn type_names_say_something() {
    let mut breaches = Vec::new();
    for source in written() {
        let text = if source.is(&[".rs"]) {
            code(&source.text)
        } else {
            source.text.clone()
        };
        for (number, line) in numbered(&text) {
            let parts: Vec<&str> = line.split_whitespace().collect();
            for pair in parts.windows(2) {
                if !["struct", "enum", "trait", "type", "class", "interface", "union"].contains(&pair[0]) {
                    continue;
                }
                let name: String = pair[1]
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                if !name.starts_with(char::is_uppercase) {
                    continue;
                }
                if let Some(word) = says_nothing(&name) {
                    breaches.push(format!("{}:{number}: {name} has \"{word}\" in it", source.path));
                }
            }
        }
    }
    demand(
        &breaches,
        "name it after what it is, with a word of the glossary in ARCHITECTURE.md.",
    );
}

#[test]
fn names_are_read_as_words() {
    assert_eq!(words("SiteFile"), ["site", "file"]);
    assert_eq!(says_nothing("KeyManager").as_deref(), Some("manager"));
    assert_eq!(says_nothing("date-utils").as_deref(), Some("utils"));
    assert_eq!(says_nothing("database"), None);
    assert_eq!(says_nothing("information"), None);
    assert_eq!(says_nothing("ItemData"), None);
}
