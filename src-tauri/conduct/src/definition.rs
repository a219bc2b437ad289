//! The study definition linted, for the command line.

use serde::Serialize;

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
