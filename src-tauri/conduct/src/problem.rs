//! What can come instead of an answer: the trial says no, or we broke.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Instead of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Problem {
    /// The trial, or the person's role, says no. Never logged as an error.
    Refusal {
        /// Stable code; its words are `refusal_<code>` in the messages of both languages.
        code: String,
        /// Facts for the words: name and text.
        facts: Vec<(String, String)>,
    },
    /// Ours. The chain of causes is in the log under the reference; no subject's data in either.
    Fault {
        /// Reference for the person to quote.
        reference: String,
        /// Stable code of the room it came from (`store_io`, `disk_full` …); words as `fault_<code>`.
        code: String,
    },
}

impl Problem {
    /// A refusal without facts.
    #[must_use]
    pub fn refusal(code: &str) -> Self {
        Self::Refusal {
            code: code.to_owned(),
            facts: Vec::new(),
        }
    }

    /// A refusal with facts for its words.
    #[must_use]
    pub fn refusal_with(code: &str, facts: &[(&str, &str)]) -> Self {
        Self::Refusal {
            code: code.to_owned(),
            facts: facts.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        }
    }
}

/// Answer or problem.
pub type Answer<T> = Result<T, Problem>;
