//! The study definition linted, for the command line.

use serde::Serialize;
pub use study::text::Text;
use study::{Study, confirmed};

/// What linting said.
#[derive(Debug, Clone, Serialize)]
pub struct Linted {
    /// Each problem as a compiler would print it.
    pub problems: Vec<String>,
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

/// Lints files given as (path, text).
#[must_use]
pub fn lint(files: &[(String, String)]) -> Linted {
    let borrowed: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    match study::load::load(&borrowed) {
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
        Err(problems) => {
            let source = |file: &str| {
                borrowed
                    .iter()
                    .find(|(path, _)| *path == file)
                    .map_or("", |(_, text)| *text)
            };
            let problems = problems
                .iter()
                .map(|p| study::problem::render(p, source(&p.file)))
                .collect();
            Linted {
                problems,
                forms: 0,
                items: 0,
                checks: 0,
                unconfirmed: Vec::new(),
            }
        }
    }
}

/// Lints the built-in definition.
#[must_use]
pub fn lint_built_in() -> Linted {
    let files: Vec<(String, String)> = study::builtin::FILES
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    lint(&files)
}
