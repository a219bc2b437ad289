//! The words of the page, from the same two files as those of the screens.

use std::{collections::HashMap, sync::OnceLock};

use conduct::text::Text;
use serde_json::Value;

type Messages = HashMap<String, String>;

/// Words in one language.
pub(crate) struct Words {
    messages: &'static Messages,
    chinese: bool,
}

impl Words {
    /// `zh-Hans` is Chinese; anything else is English.
    pub(crate) fn of(locale: &str) -> Self {
        static ENGLISH: OnceLock<Messages> = OnceLock::new();
        static CHINESE: OnceLock<Messages> = OnceLock::new();
        let chinese = locale.starts_with("zh");
        let messages = if chinese {
            CHINESE.get_or_init(|| read(include_str!("../../../ui/messages/zh-Hans.json")))
        } else {
            ENGLISH.get_or_init(|| read(include_str!("../../../ui/messages/en.json")))
        };
        Self { messages, chinese }
    }

    /// Whether the page is Chinese.
    pub(crate) fn chinese(&self) -> bool {
        self.chinese
    }

    /// The message, or its key where there is none.
    pub(crate) fn say(&self, key: &str) -> String {
        self.find(key).unwrap_or(key).to_owned()
    }

    /// The message with its `{name}` filled in.
    pub(crate) fn say_with(&self, key: &str, facts: &[(&str, &str)]) -> String {
        fill(self.find(key).unwrap_or(key), facts)
    }

    /// The word of a code under its group's prefix (`what_` + `lvef`), or the code itself.
    pub(crate) fn code(&self, prefix: &str, code: &str) -> String {
        self.find(&format!("{prefix}{code}")).unwrap_or(code).to_owned()
    }

    /// The side of a study text that is printed.
    pub(crate) fn text<'a>(&self, text: &'a Text) -> &'a str {
        if self.chinese { &text.zh } else { &text.en }
    }

    /// A list in one line.
    pub(crate) fn list(&self, parts: &[String]) -> String {
        parts.join(if self.chinese { "、" } else { ", " })
    }

    /// The message, if there is one.
    pub(crate) fn find(&self, key: &str) -> Option<&'static str> {
        self.messages.get(key).map(String::as_str)
    }
}

/// Facts go in once each, from left to right: a fact that itself holds braces is not filled again.
fn fill(message: &str, facts: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    while let Some((before, open)) = rest.split_once('{') {
        out.push_str(before);
        let fact = open.split_once('}').and_then(|(name, after)| {
            let (_, fact) = facts.iter().find(|(known, _)| *known == name)?;
            Some((fact, after))
        });
        match fact {
            Some((fact, after)) => {
                out.push_str(fact);
                rest = after;
            }
            None => {
                out.push('{');
                rest = open;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Only plain messages; those with plural forms are the screens' own.
fn read(json: &str) -> Messages {
    let all: HashMap<String, Value> = serde_json::from_str(json).unwrap_or_default();
    all.into_iter()
        .filter_map(|(key, value)| Some((key, value.as_str()?.to_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_filled_in_once_and_never_read_as_a_message() {
        assert_eq!(fill("{a} and {b}", &[("a", "{b}"), ("b", "2")]), "{b} and 2");
        assert_eq!(fill("open { and {unknown}", &[]), "open { and {unknown}");
    }

    #[test]
    fn every_word_of_the_page_stands_in_both_languages() {
        let own = concat!(
            include_str!("blank.rs"),
            include_str!("criterion.rs"),
            include_str!("reason.rs"),
            include_str!("signature.rs"),
            include_str!("statement.rs"),
            include_str!("lib.rs")
        );
        let ours = |part: &&str| {
            ["report_", "elig_", "reason_", "crf_"]
                .iter()
                .any(|prefix| part.starts_with(prefix))
        };
        let mut keys: Vec<&str> = own.split('"').filter(ours).collect();
        keys.extend(["verdict_eligible", "verdict_ineligible", "verdict_pending"]);
        assert!(keys.len() > 40, "{}", keys.len());
        for locale in ["en", "zh-Hans"] {
            for key in &keys {
                assert!(Words::of(locale).find(key).is_some(), "{key} in {locale}");
            }
        }
    }
}
