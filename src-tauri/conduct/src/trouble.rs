//! Inside: what can go wrong, before it is told to the page as a [`Problem`].

use std::error::Error;

use store::{StoreError, WhyReadOnly};
use study::input::InputRefused;

use crate::{machine::Machine, problem::Problem};

/// What an act can meet.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// The trial says no.
    #[error("{0:?}")]
    No(Problem),
    /// The file.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Canonical JSON or a signature of our own making.
    #[error("proof: {0}")]
    Proof(String),
    /// A bundle that could not be made.
    #[error("bundle: {0}")]
    Bundle(String),
    /// Paper.
    #[error(transparent)]
    Paper(#[from] crate::renderings::RenderFault),
    /// Writing an export.
    #[error("writing {0}")]
    Write(&'static str, #[source] std::io::Error),
    /// Ours alone.
    #[error("{0}")]
    Own(&'static str),
}

/// Answer inside.
pub(crate) type Outcome<T> = Result<T, Trouble>;

/// A refusal by code.
pub(crate) fn no<T>(code: &str) -> Outcome<T> {
    Err(Trouble::No(Problem::refusal(code)))
}

/// A refusal by code with facts.
pub(crate) fn no_with<T>(code: &str, facts: &[(&str, &str)]) -> Outcome<T> {
    Err(Trouble::No(Problem::refusal_with(code, facts)))
}

impl From<InputRefused> for Trouble {
    fn from(refused: InputRefused) -> Self {
        let as_json = serde_json::to_value(&refused).unwrap_or_default();
        let mut facts = Vec::new();
        let mut code = String::from("input");
        if let Some(fields) = as_json.as_object() {
            for (name, value) in fields {
                let text = match value {
                    serde_json::Value::String(text) => text.clone(),
                    serde_json::Value::Array(all) => all
                        .iter()
                        .map(|v| v.as_str().unwrap_or_default())
                        .collect::<Vec<_>>()
                        .join(", "),
                    other @ (serde_json::Value::Null
                    | serde_json::Value::Bool(_)
                    | serde_json::Value::Number(_)
                    | serde_json::Value::Object(_)) => other.to_string(),
                };
                if name == "code" {
                    code = format!("input_{text}");
                } else {
                    facts.push((name.clone(), text));
                }
            }
        }
        Self::No(Problem::Refusal { code, facts })
    }
}

impl Trouble {
    /// Told to the page: a refusal as it is, a fault with a reference whose causes the machine keeps.
    pub(crate) fn told(self, machine: &mut dyn Machine) -> Problem {
        let code = match &self {
            Self::No(problem) => return problem.clone(),
            Self::Store(error) => match store_refusal(error) {
                Some(problem) => return problem,
                None => error.code(),
            },
            Self::Paper(_) => "paper",
            Self::Proof(_) => "proof",
            Self::Bundle(_) => "bundle",
            Self::Write(_, error) if error.kind() == std::io::ErrorKind::StorageFull => {
                return Problem::refusal("disk_full");
            }
            Self::Write(..) => "write",
            Self::Own(_) => "own",
        }
        .to_owned();
        let mut bytes = [0u8; 4];
        machine.fill(&mut bytes);
        let reference = format!("{:08X}", u32::from_be_bytes(bytes));
        let mut chain = self.to_string();
        let mut cause = self.source();
        while let Some(next) = cause {
            chain.push_str(": ");
            chain.push_str(&next.to_string());
            cause = next.source();
        }
        machine.note_fault(&reference, &chain);
        Problem::Fault { reference, code }
    }
}

/// What of the file's errors is the world's "no" rather than our failure.
fn store_refusal(error: &StoreError) -> Option<Problem> {
    // A save that is certainly not in the file is refused for the reason it failed.
    if let StoreError::NotSaved(cause) = error {
        return store_refusal(cause);
    }
    let code = error.code();
    Some(match error {
        StoreError::WrongPassword { wait_seconds } | StoreError::Wait { wait_seconds } => {
            Problem::refusal_with(code, &[("seconds", &wait_seconds.to_string())])
        }
        StoreError::NotTakenIn { what, at } => {
            let at = at
                .as_ref()
                .map(|at| format!("{} #{}", at.log, at.seq))
                .unwrap_or_default();
            Problem::refusal_with(&format!("import_{what}"), &[("at", &at)])
        }
        StoreError::AccessCard { what } => Problem::refusal(&format!("card_{what}")),
        StoreError::NotRedactable { what } => Problem::refusal(&format!("redaction_{what}")),
        StoreError::OlderFormat { found } => Problem::refusal_with(code, &[("found", &found.to_string())]),
        StoreError::NewerFormat { found } => Problem::refusal_with(code, &[("found", &found.to_string())]),
        StoreError::ReadOnly { why } => Problem::refusal_with("read_only", &[("why", why_read_only(why))]),
        StoreError::NotASiteFile
        | StoreError::Truncated
        | StoreError::Busy
        | StoreError::ReadOnlyMedia
        | StoreError::AlreadyExists
        | StoreError::DiskFull(_)
        | StoreError::Disabled
        | StoreError::LoginTaken
        | StoreError::WrongRecoveryCode
        | StoreError::WrongKeySheet
        | StoreError::Damaged { .. }
        | StoreError::NotThisKind
        | StoreError::NotAdministrator => Problem::refusal(code),
        StoreError::Io(_)
        | StoreError::Sql(_)
        | StoreError::NotThisFile
        | StoreError::KdfBounds
        | StoreError::PracticePassword
        | StoreError::TooManySlots
        | StoreError::NotSaved { .. }
        | StoreError::Unsettled { .. } => return None,
    })
}

/// Code of the reason why nothing can be written.
pub(crate) fn why_read_only(why: &WhyReadOnly) -> &'static str {
    match why {
        WhyReadOnly::OtherDevice => "other_device",
        WhyReadOnly::Older => "older",
        WhyReadOnly::Diverged => "diverged",
        WhyReadOnly::Continued => "continued",
        WhyReadOnly::HalfWritten => "half_written",
        WhyReadOnly::HeaderOlder => "header_older",
        WhyReadOnly::HeaderTampered => "header_tampered",
        WhyReadOnly::Schema => "schema",
        WhyReadOnly::Media => "media",
    }
}
