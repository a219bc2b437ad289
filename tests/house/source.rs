//! The files of the repository, and what a rule says about them.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Folders that hold nothing people wrote.
const MADE: &[&str] = &[
    ".git",
    "target",
    "node_modules",
    "ui/dist",
    "src-tauri/gen",
    "ui/src/i18n/compiled",
];

/// How the module of a file's unit tests begins.
pub(crate) const UNIT_TESTS: &str = "#[cfg(test)]\nmod ";

/// One text file: its path from the top of the repository, and what it says.
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// Its lines, numbered from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        numbered(&self.text)
    }

    /// The last part of the path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap()
    }

    /// The name without what follows its first dot.
    pub(crate) fn stem(&self) -> &str {
        self.name().split('.').next().unwrap()
    }

    pub(crate) fn is(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }
}

pub(crate) fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line))
}

/// The top of the repository. Asked at run time, so that a built test can be pointed at another copy.
pub(crate) fn top() -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from)
}

/// Every text file below `folder` that people wrote. The folder must be there: a rule without files holds nothing.
pub(crate) fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let start = top().join(folder);
    assert!(start.is_dir(), "{folder}/ is not there, so its rules cannot hold");
    walk(&start, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn walk(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = entry.path();
        let below = path
            .strip_prefix(top())
            .unwrap()
            .to_str()
            .expect("paths are UTF-8")
            .to_owned();
        let kind = entry.file_type().unwrap();
        if MADE.iter().any(|made| below == *made || entry.file_name() == *made) {
            continue;
        }
        if kind.is_dir() {
            walk(&path, found);
        } else if kind.is_file() {
            // What is no text has no rules.
            if let Ok(text) = fs::read_to_string(&path) {
                found.push(Source { path: below, text });
            }
        }
    }
}

/// The Rust sources: crates, shell and the tests of the whole.
pub(crate) fn rust() -> Vec<Source> {
    let mut all = sources("src-tauri");
    all.extend(sources("tests"));
    all.retain(|source| source.is(&[".rs"]));
    all
}

/// The sources of the pages without what is generated.
pub(crate) fn pages() -> Vec<Source> {
    let mut all = sources("ui/src");
    all.retain(|source| source.is(&[".ts", ".js", ".mjs", ".svelte", ".html", ".css"]) && !generated(&source.path));
    all
}

/// Written by a program, never by hand.
pub(crate) fn generated(path: &str) -> bool {
    path.starts_with("ui/src/bindings/")
}

/// Fails with every breach ("path:line: what") and what to do about it.
pub(crate) fn demand(breaches: &[String], advice: &str) {
    assert!(breaches.is_empty(), "\n{}\n→ {advice}\n", breaches.join("\n"));
}

/// A Rust text with comments and the contents of strings blanked, lines kept, so that only code is searched.
pub(crate) fn code(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = match chars[at] {
            '/' if chars.get(at + 1) == Some(&'/') => chars[at..].iter().position(|c| *c == '\n').map(|n| at + n),
            '/' if chars.get(at + 1) == Some(&'*') => Some(block_comment(&chars, at)),
            '"' => Some(string(&chars, at + 1)),
            'r' if !at
                .checked_sub(1)
                .is_some_and(|before| chars[before].is_alphanumeric() && chars[before] != 'b') =>
            {
                raw_string(&chars, at).or(Some(at))
            }
            '\'' => Some(character(&chars, at)),
            _ => Some(at),
        }
        .unwrap_or(chars.len());
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    out
}

fn block_comment(chars: &[char], start: usize) -> usize {
    let (mut at, mut depth) = (start + 2, 1);
    while at < chars.len() && depth > 0 {
        match (chars[at], chars.get(at + 1)) {
            ('*', Some('/')) => (at, depth) = (at + 2, depth - 1),
            ('/', Some('*')) => (at, depth) = (at + 2, depth + 1),
            _ => at += 1,
        }
    }
    at.min(chars.len())
}

fn string(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

fn raw_string(chars: &[char], start: usize) -> Option<usize> {
    let hashes = chars[start + 1..].iter().take_while(|c| **c == '#').count();
    let mut at = start + 1 + hashes;
    if chars.get(at) != Some(&'"') {
        return None;
    }
    while at < chars.len() {
        at += 1;
        if chars.get(at) == Some(&'"') && chars[at + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes {
            return Some(at + 1 + hashes);
        }
    }
    Some(chars.len())
}

/// The end of a character literal; of a lifetime, its own position.
fn character(chars: &[char], start: usize) -> usize {
    match (chars.get(start + 1), chars.get(start + 2)) {
        (Some('\\'), _) => chars[start + 3..]
            .iter()
            .position(|c| *c == '\'')
            .map_or(chars.len(), |length| start + 4 + length),
        (Some(_), Some('\'')) => start + 3,
        _ => start,
    }
}

/// Does `text` hold `word` with no letter, digit or underscore around it?
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].chars().next_back().is_some_and(part) && !text[at + word.len()..].chars().next().is_some_and(part)
    })
}

/// Does `text` hold `start` with no letter, digit or underscore before it?
pub(crate) fn begins_word(text: &str, start: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(start)
        .any(|(at, _)| !text[..at].chars().next_back().is_some_and(part))
}

#[test]
fn only_code_is_searched() {
    let text = "let a = \"unsafe \\\" x\"; // unsafe\nlet b: &'a str = r#\"todo!()\"#; /* a /* b */ */ let c = '\"'; unsafe {}";
    let read = code(text);
    assert_eq!(read.lines().count(), 2);
    assert_eq!(read.matches("unsafe").count(), 1);
    assert!(!read.contains("todo!") && read.contains("&'a str") && read.contains("let c ="));
    assert!(has_word("an unsafe fn", "unsafe") && !has_word("unsafe_code", "unsafe"));
    assert!(begins_word("use fs::read", "fs::") && !begins_word("use vfs::read", "fs::"));
}
