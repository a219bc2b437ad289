//! RFC 8785 canonical JSON, written and read.
//!
//! A body is hashed and signed as bytes, so there must be exactly one way to write it. Two things
//! JSON leaves open are closed here beyond the RFC: numbers are whole and exact (a decimal is a
//! string, so that no float printer decides what was signed), and size and depth are bounded.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// The largest whole number, either sign, that every JSON reader keeps exactly: 2^53 - 1.
pub const LARGEST_INTEGER: u64 = (1 << 53) - 1;

/// How much canonical JSON is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole text.
    pub bytes: usize,
    /// Nesting of arrays and objects; a bare value has depth 0.
    pub depth: usize,
}

/// One entry of the journal: 1 MiB, 32 levels.
pub const ENTRY_LIMITS: Limits = Limits {
    bytes: 1 << 20,
    depth: 32,
};

/// A list of people, a signed statement over a whole casebook: 16 MiB, 32 levels.
pub const STATEMENT_LIMITS: Limits = Limits {
    bytes: 16 << 20,
    depth: 32,
};

/// Why a value has no canonical form here, or why bytes are not one.
#[derive(Debug, thiserror::Error)]
pub enum CanonicalError {
    /// Longer than the limit, in bytes.
    #[error("canonical JSON of {got} bytes, at most {limit}")]
    TooLong {
        /// What it is.
        got: usize,
        /// What it may be.
        limit: usize,
    },
    /// Nested deeper than the limit.
    #[error("canonical JSON nested deeper than {limit}")]
    TooDeep {
        /// What it may be.
        limit: usize,
    },
    /// A number with a fraction or exponent, or beyond [`LARGEST_INTEGER`].
    #[error("number {0} is not a whole number every reader keeps exactly")]
    Number(String),
    /// Not JSON, or not of the wanted shape.
    #[error("not readable as JSON of the wanted shape: {0}")]
    Shape(#[from] serde_json::Error),
    /// JSON, but not written canonically: spaces, order, escapes, a key given twice.
    #[error("JSON differs from its canonical form at byte {at}")]
    NotCanonical {
        /// The first byte that differs.
        at: usize,
    },
}

impl CanonicalError {
    /// Stable name of the reason.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "json-too-long",
            Self::TooDeep { .. } => "json-too-deep",
            Self::Number(_) => "json-number",
            Self::Shape(_) => "json-shape",
            Self::NotCanonical { .. } => "json-not-canonical",
        }
    }
}

/// The canonical bytes of a value, within [`STATEMENT_LIMITS`].
///
/// # Errors
/// When the value cannot be written as JSON, holds a number that is not whole, or is too large.
pub fn canonical<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    canonical_within(value, STATEMENT_LIMITS)
}

/// The canonical bytes of a value, within the given limits.
///
/// # Errors
/// As [`canonical`].
pub fn canonical_within<T: Serialize + ?Sized>(value: &T, limits: Limits) -> Result<Vec<u8>, CanonicalError> {
    canonical_of(&serde_json::to_value(value)?, limits)
}

/// Reads bytes that must be their own canonical form, within [`STATEMENT_LIMITS`].
///
/// # Errors
/// When the bytes are too long, not JSON, not canonical, or not of the shape `T`.
pub fn parse_canonical<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CanonicalError> {
    parse_canonical_within(bytes, STATEMENT_LIMITS)
}

/// Reads bytes that must be their own canonical form, within the given limits.
///
/// # Errors
/// As [`parse_canonical`].
pub fn parse_canonical_within<T: DeserializeOwned>(bytes: &[u8], limits: Limits) -> Result<T, CanonicalError> {
    if bytes.len() > limits.bytes {
        return Err(CanonicalError::TooLong {
            got: bytes.len(),
            limit: limits.bytes,
        });
    }
    // serde_json keeps the last of two equal keys and stops at 128 levels; the comparison below
    // therefore also refuses a key given twice.
    let value: Value = serde_json::from_slice(bytes)?;
    let again = canonical_of(&value, limits)?;
    if again != bytes {
        let at = again
            .iter()
            .zip(bytes)
            .position(|(a, b)| a != b)
            .unwrap_or_else(|| again.len().min(bytes.len()));
        return Err(CanonicalError::NotCanonical { at });
    }
    Ok(serde_json::from_value(value)?)
}

fn canonical_of(value: &Value, limits: Limits) -> Result<Vec<u8>, CanonicalError> {
    admissible(value, limits.depth, limits.depth)?;
    let bytes = serde_json_canonicalizer::to_vec(value)?;
    if bytes.len() > limits.bytes {
        return Err(CanonicalError::TooLong {
            got: bytes.len(),
            limit: limits.bytes,
        });
    }
    Ok(bytes)
}

/// `left` levels may still be opened.
fn admissible(value: &Value, left: usize, limit: usize) -> Result<(), CanonicalError> {
    let inner = || left.checked_sub(1).ok_or(CanonicalError::TooDeep { limit });
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
        Value::Number(n) => {
            let size = n.as_u64().or_else(|| n.as_i64().map(i64::unsigned_abs));
            match size {
                Some(size) if size <= LARGEST_INTEGER => Ok(()),
                Some(_) | None => Err(CanonicalError::Number(n.to_string())),
            }
        }
        Value::Array(items) => {
            let left = inner()?;
            items.iter().try_for_each(|v| admissible(v, left, limit))
        }
        Value::Object(members) => {
            let left = inner()?;
            members.values().try_for_each(|v| admissible(v, left, limit))
        }
    }
}

/// The bytes that a person signs under `cartwright-esig-v1`, and that a bundle carries as a file: the canonical JSON of
/// the statement and one line feed.
///
/// # Errors
/// When the statement has no canonical form.
pub fn statement_bytes<T: Serialize + ?Sized>(statement: &T) -> Result<Vec<u8>, CanonicalError> {
    let mut bytes = canonical(statement)?;
    bytes.push(b'\n');
    Ok(bytes)
}
