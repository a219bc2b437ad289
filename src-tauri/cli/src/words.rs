//! The messages of the page, for the terminal: the same words in both places.

use std::{collections::HashMap, sync::OnceLock};

use conduct::problem::Problem;

type Messages = HashMap<String, serde_json::Value>;

fn messages(lang: &str) -> &'static Messages {
    static EN: OnceLock<Messages> = OnceLock::new();
    static ZH: OnceLock<Messages> = OnceLock::new();
    let read = |text: &str| serde_json::from_str(text).unwrap_or_default();
    match lang {
        "zh-Hans" => ZH.get_or_init(|| read(include_str!("../../../ui/messages/zh-Hans.json"))),
        _ => EN.get_or_init(|| read(include_str!("../../../ui/messages/en.json"))),
    }
}

/// A message with its facts filled in; an unknown key is shown as it is.
pub(crate) fn message(lang: &str, key: &str, facts: &[(&str, &str)]) -> String {
    let key: String = key
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let text = messages(lang).get(&key).and_then(|text| text.as_str());
    let Some(text) = text else {
        let facts: Vec<String> = facts.iter().map(|(name, value)| format!("{name}={value}")).collect();
        return format!("{key} {}", facts.join(" ")).trim_end().to_owned();
    };
    let mut text = text.replace('|', " ");
    for (name, value) in facts {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    text
}

/// A message without facts, if there is one.
pub(crate) fn find(lang: &str, key: &str) -> Option<String> {
    let text = messages(lang).get(key).and_then(|text| text.as_str());
    text.map(str::to_owned)
}

/// A problem in words.
pub(crate) fn problem(lang: &str, problem: &Problem) -> String {
    match problem {
        Problem::Refusal { code, facts } => {
            let facts: Vec<(&str, &str)> = facts.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            message(lang, &format!("refusal_{code}"), &facts)
        }
        Problem::Fault { reference, code } => {
            message(lang, &format!("fault_{code}"), &[("reference", reference.as_str())])
        }
    }
}
