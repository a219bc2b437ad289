//! The study definition for the command line: linted, compared, taken out and in.

use serde::Serialize;
pub use study::{
    Study,
    dictionary::{self, Side},
    diff::{self, Change, Happened, Part, Said},
    odm,
    problem::{Problem as Wrong, framed},
    text::Text,
};

use study::confirmed;

pub use crate::amendment::Touched;

/// Files of a definition: path and text.
pub type Files = Vec<(String, String)>;

/// What linting said.
#[derive(Debug, Clone, Serialize)]
pub struct Linted {
    /// Everything wrong, in the order of files and places.
    pub problems: Vec<Wrong>,
    /// Forms of a definition without problems.
    pub forms: usize,
    /// Items of it.
    pub items: usize,
    /// Checks of it.
    pub checks: usize,
    /// Rules and decisions that somebody still has to confirm before a release.
    pub unconfirmed: Vec<Unconfirmed>,
}

/// A rule whose source was not seen, or a decision at its default, that nobody is named for.
#[derive(Debug, Clone, Serialize)]
pub struct Unconfirmed {
    /// Code of the rule, or identifier of the decision.
    pub code: String,
    /// Where it comes from, with the tag of its evidence.
    pub source: String,
    /// What is decided, and the default in force; none for a rule, whose words the messages hold.
    pub decision: Option<(Text, Text)>,
}

fn unconfirmed(study: &Study) -> Vec<Unconfirmed> {
    let rules = confirmed::open_rules(study).map(|rule| Unconfirmed {
        code: rule.code.to_owned(),
        source: format!("[{}] {}", rule.evidence.code(), rule.source),
        decision: None,
    });
    let decisions = confirmed::open_decisions(study)
        .into_iter()
        .map(|decision| Unconfirmed {
            code: decision.id.clone(),
            source: decision.source.clone(),
            decision: Some((decision.text.clone(), decision.default.clone())),
        });
    rules.chain(decisions).collect()
}

/// Loads files given as (path, text).
///
/// # Errors
/// Everything that is wrong with them.
pub fn load(files: &Files) -> Result<Study, Vec<Wrong>> {
    let borrowed: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    study::load::load(&borrowed)
}

/// Lints files given as (path, text).
#[must_use]
pub fn lint(files: &Files) -> Linted {
    match load(files) {
        Ok(study) => {
            let def = study.def();
            let items = def
                .forms
                .iter()
                .flat_map(|form| &form.groups)
                .map(|group| group.items.len())
                .sum();
            Linted {
                problems: Vec::new(),
                forms: def.forms.len(),
                items,
                checks: def.checks.len(),
                unconfirmed: unconfirmed(&study),
            }
        }
        Err(problems) => Linted {
            problems,
            forms: 0,
            items: 0,
            checks: 0,
            unconfirmed: Vec::new(),
        },
    }
}

/// The built-in definition; `1.1` is its worked example of an amendment.
#[must_use]
pub fn built_in(version: &str) -> Option<Files> {
    let files = match version {
        "1.0" => study::builtin::FILES,
        "1.1" => study::builtin::AMENDMENT,
        _ => return None,
    };
    let home = format!("allo-cd19-ball/{version}/");
    let own = |path: &str| path.strip_prefix(&home).unwrap_or(path).to_owned();
    Some(
        files
            .iter()
            .map(|(path, text)| (own(path), (*text).to_owned()))
            .collect(),
    )
}
