//! The study definition for the command line: linted, compared, taken out and in.

use serde::Serialize;
pub use study::{
    Study,
    dictionary::{self, Side},
    diff::{self, Change, Happened, Part, Said},
    odm,
    problem::{Problem as Wrong, framed},
};

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
            }
        }
        Err(problems) => Linted {
            problems,
            forms: 0,
            items: 0,
            checks: 0,
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
