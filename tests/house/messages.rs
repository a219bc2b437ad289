//! Every word a person reads exists in both languages.

use std::{collections::BTreeMap, fs};

use serde_json::Value;

use crate::source::{demand, top};

const LANGUAGES: [&str; 2] = ["en", "zh-Hans"];

/// All texts of one language: key (parts joined by dots) and text.
fn texts(language: &str) -> BTreeMap<String, String> {
    let path = format!("ui/messages/{language}.json");
    let text = fs::read_to_string(top().join(&path)).unwrap_or_else(|cause| panic!("{path}: {cause}"));
    let value = serde_json::from_str(&text).unwrap_or_else(|cause| panic!("{path}: {cause}"));
    let mut found = BTreeMap::new();
    gather("", &value, &mut found);
    found.retain(|key, _| key != "$schema");
    assert!(!found.is_empty(), "{path} holds no text");
    found
}

fn gather(key: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    let below = |part: &str| {
        if key.is_empty() {
            part.to_owned()
        } else {
            format!("{key}.{part}")
        }
    };
    match value {
        Value::Object(parts) => parts
            .iter()
            .for_each(|(part, value)| gather(&below(part), value, found)),
        Value::Array(parts) => {
            parts
                .iter()
                .enumerate()
                .for_each(|(part, value)| gather(&below(&part.to_string()), value, found));
        }
        Value::String(text) => drop(found.insert(key.to_owned(), text.clone())),
        Value::Null | Value::Bool(_) | Value::Number(_) => drop(found.insert(key.to_owned(), String::new())),
    }
}

/// A variant of a text (by number or gender) may exist in one language alone: Chinese has no plural.
fn plain(key: &str) -> bool {
    !key.contains(".match.") && !key.contains(".declarations.") && !key.contains(".selectors.")
}

/// What stands in braces.
fn holes(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name.trim())
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[test]
fn both_languages_have_the_same_keys() {
    let [first, second] = LANGUAGES.map(|language| (language, texts(language)));
    let mut breaches = Vec::new();
    for ((have, these), (lack, those)) in [(&first, &second), (&second, &first)] {
        for key in these.keys().filter(|key| plain(key) && !those.contains_key(*key)) {
            breaches.push(format!("ui/messages/{lack}.json:1: lacks \"{key}\", which {have} has"));
        }
    }
    demand(&breaches, "write it, in the words of the field, not word by word.");
}

#[test]
fn no_message_is_empty() {
    let mut breaches = Vec::new();
    for language in LANGUAGES {
        for (key, text) in texts(language) {
            if text.trim().is_empty() {
                breaches.push(format!("ui/messages/{language}.json:1: \"{key}\" says nothing"));
            }
        }
    }
    demand(&breaches, "write it, or remove the key from both languages.");
}

#[test]
fn both_languages_fill_the_same_holes() {
    let [first, second] = LANGUAGES.map(texts);
    let mut breaches = Vec::new();
    for (key, text) in first.iter().filter(|(key, _)| plain(key)) {
        if let Some(other) = second.get(key).filter(|other| holes(text) != holes(other)) {
            breaches.push(format!(
                "ui/messages/zh-Hans.json:1: \"{key}\" fills {:?}, en {:?}",
                holes(other),
                holes(text)
            ));
        }
    }
    demand(&breaches, "a name in braces must be the same in both languages.");
}
