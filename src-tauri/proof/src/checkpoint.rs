//! Three lines that name a state of a log, the text that commits and exports sign.

use crate::digest::Digest;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::fmt;

const PREFIX: &str = "cartwright/";
const LONGEST_LOG: usize = 64;

/// A log at one of its entries. Text form, each line ended by LF:
///
/// ```text
/// cartwright/<log id>
/// <seq, decimal>
/// <head, base64>
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    log: String,
    seq: u64,
    head: Digest,
}

/// Why there is no such checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// A log's id is 1 to 64 of `A-Z a-z 0-9 . _ -`.
    #[error("{0:?} cannot be the id of a log")]
    Log(String),
    /// Not the three lines, or not written the one way they are written.
    #[error("not the three lines of a checkpoint")]
    Text,
}

impl Checkpoint {
    /// The log `log` at its entry `seq` (0: no entry yet), whose head is `head`.
    ///
    /// # Errors
    /// When the id has characters that would not be one line of plain ASCII.
    pub fn new(log: &str, seq: u64, head: Digest) -> Result<Self, CheckpointError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if log.is_empty() || log.len() > LONGEST_LOG || !log.chars().all(plain) {
            return Err(CheckpointError::Log(log.to_owned()));
        }
        Ok(Self {
            log: log.to_owned(),
            seq,
            head,
        })
    }

    /// `cartwright/<log id>`, the first line.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("{PREFIX}{}", self.log)
    }

    /// The log's id.
    #[must_use]
    pub fn log(&self) -> &str {
        &self.log
    }

    /// Number of the last entry covered.
    #[must_use]
    pub const fn seq(&self) -> u64 {
        self.seq
    }

    /// Head after that entry.
    #[must_use]
    pub const fn head(&self) -> &Digest {
        &self.head
    }

    /// The three lines; these bytes are signed.
    #[must_use]
    pub fn text(&self) -> String {
        self.to_string()
    }

    /// Reads the three lines back; only the exact text that [`Checkpoint::text`] writes.
    ///
    /// # Errors
    /// For anything else.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.split('\n');
        let (Some(origin), Some(seq), Some(head)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(CheckpointError::Text);
        };
        let log = origin.strip_prefix(PREFIX).ok_or(CheckpointError::Text)?;
        let seq = seq.parse().map_err(|_| CheckpointError::Text)?;
        let head = STANDARD.decode(head).map_err(|_| CheckpointError::Text)?;
        let head = Digest::from_slice(&head).map_err(|_| CheckpointError::Text)?;
        let checkpoint = Self::new(log, seq, head)?;
        if checkpoint.text() != text {
            return Err(CheckpointError::Text);
        }
        Ok(checkpoint)
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = STANDARD.encode(self.head.0);
        write!(f, "{PREFIX}{}\n{}\n{head}\n", self.log, self.seq)
    }
}
