//! Texts in the languages that a file has, and in those that we have.

use roxmltree::Node;

use crate::{
    odm::import::{
        Language,
        report::NoteCode,
        source::{Source, words},
    },
    text::Text,
};

/// What was found: our two sides, and what names no language.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) text: Text,
    pub(crate) open: Vec<String>,
}

impl Found {
    pub(crate) fn is_empty(&self) -> bool {
        self.text == Text::default() && self.open.is_empty()
    }

    fn put(&mut self, source: &Source<'_>, language: Language, text: String) -> bool {
        let side = match language {
            Language::English => &mut self.text.en,
            Language::Chinese => &mut self.text.zh,
        };
        if side.is_empty() {
            *side = text;
            source.keep("texts");
            true
        } else {
            false
        }
    }
}

/// Which of ours a tag of BCP 47 means. Traditional Chinese is another language on a form.
fn language(tag: &str) -> Option<Language> {
    let tag = tag.to_ascii_lowercase().replace('_', "-");
    let parts: Vec<&str> = tag.split('-').collect();
    match parts.as_slice() {
        ["en", ..] => Some(Language::English),
        ["zh", rest @ ..] if !rest.iter().any(|part| matches!(*part, "hant" | "tw" | "hk" | "mo")) => {
            Some(Language::Chinese)
        }
        _ => None,
    }
}

/// The translations inside an element: `Question`, `Description`, `Decode` …
pub(crate) fn read<'x>(source: &Source<'x>, node: Option<Node<'x, 'x>>) -> Found {
    let mut found = Found::default();
    let Some(node) = node else { return found };
    // A plain tag before a regional one: `en` before `en-US`.
    let mut translated = source.children(node, "TranslatedText");
    translated.sort_by_key(|one| tag(*one).map_or(0, str::len));
    for one in translated {
        let text = words(one);
        if text.is_empty() {
            continue;
        }
        match tag(one) {
            Some(tag) => match language(tag) {
                Some(ours) => {
                    if !found.put(source, ours, text) {
                        source.note(one, NoteCode::LanguageTwice, &[("language", tag)]);
                    }
                }
                None => source.ignore(&format!("xml:lang={tag}")),
            },
            None => loose(source, one, &mut found, text, NoteCode::NoLanguage),
        }
    }
    found
}

/// The translations inside an element, or where there are none the name, which has no language.
pub(crate) fn named<'x>(source: &Source<'x>, node: Node<'x, 'x>, inside: &str) -> Found {
    let mut found = read(source, source.child(node, inside));
    let name = source.attribute(node, "Name");
    if let (true, Some(name)) = (found.is_empty(), name) {
        loose(source, node, &mut found, name.to_owned(), NoteCode::NameForText);
    }
    found
}

/// A text without language is in the one that was said on the command line, or waits for somebody to say.
pub(crate) fn loose<'x>(source: &Source<'x>, node: Node<'x, 'x>, found: &mut Found, text: String, code: NoteCode) {
    match source.options.language {
        Some(language) => {
            if !found.put(source, language, text) {
                source.note(node, NoteCode::LanguageTwice, &[("language", "-")]);
            }
        }
        None => {
            source.note(node, code, &[("text", &text)]);
            found.open.push(text);
        }
    }
}

fn tag<'x>(node: Node<'x, 'x>) -> Option<&'x str> {
    let tag = node.attribute(("http://www.w3.org/XML/1998/namespace", "lang"));
    tag.map(str::trim).filter(|tag| !tag.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_languages() {
        for (tag, ours) in [
            ("en", Some(Language::English)),
            ("en-US", Some(Language::English)),
            ("EN_gb", Some(Language::English)),
            ("zh", Some(Language::Chinese)),
            ("zh-CN", Some(Language::Chinese)),
            ("zh-Hans-CN", Some(Language::Chinese)),
            ("zh-Hant", None),
            ("zh-TW", None),
            ("de", None),
            ("eng", None),
        ] {
            assert_eq!(language(tag), ours, "{tag}");
        }
    }
}
