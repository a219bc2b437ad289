//! What is said and how: lines for people, one document for programs.

use conduct::problem::Problem;
use serde::Serialize;
use serde_json::json;

use crate::words;

/// Why a command could not be run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// The core said no, or failed.
    #[error("{0:?}")]
    Problem(Problem),
    /// A file named on the command line.
    #[error("{0}: {1}")]
    File(String, #[source] std::io::Error),
    /// Something on the command line or in a file that cannot be read.
    #[error("{0}")]
    Words(String),
}

impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// Whether it holds, or why it could not be run.
pub(crate) type Ran = Result<bool, Trouble>;

/// The two ways of answering.
pub(crate) struct Out {
    /// One JSON document.
    pub(crate) json: bool,
    /// `en` or `zh-Hans`.
    pub(crate) lang: String,
}

impl Out {
    /// A line for people.
    pub(crate) fn say(&self, line: &str) {
        if !self.json {
            println!("{line}");
        }
    }

    /// A line from the messages.
    pub(crate) fn tell(&self, key: &str, facts: &[(&str, &str)]) {
        self.say(&words::message(&self.lang, key, facts));
    }

    /// The document for programs.
    pub(crate) fn document(&self, document: &impl Serialize) {
        if self.json {
            println!("{}", serde_json::to_string_pretty(document).unwrap_or_default());
        }
    }

    /// Why it could not be run.
    pub(crate) fn trouble(&self, trouble: &Trouble) {
        let text = match trouble {
            Trouble::Problem(problem) => words::problem(&self.lang, problem),
            Trouble::File(path, error) => format!("{path}: {error}"),
            Trouble::Words(text) => text.clone(),
        };
        if self.json {
            let problem = match trouble {
                Trouble::Problem(problem) => json!(problem),
                Trouble::File(..) | Trouble::Words(_) => serde_json::Value::Null,
            };
            println!("{}", json!({ "could_not_run": text, "problem": problem }));
        }
        eprintln!("cartwright-cli: {text}");
    }
}
