//! Salted leaves and the chain over them.
//!
//! ```text
//! leaf      = SHA-256(0x00 ‖ salt ‖ body)
//! head(n)   = SHA-256(0x01 ‖ head(n-1) ‖ leaf(n))
//! head(0)   = SHA-256(0x02 ‖ 32 zero bytes ‖ log id in UTF-8)        the genesis of a log
//! ```
//!
//! The salt lets a body be redacted: what is left cannot be guessed back from a small set of values.
//! The genesis depends on the log, so that the first entries of two logs can never be exchanged.

use crate::digest::{Digest, DigestError, from_hex, to_hex};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// Sixteen random bytes beside each body, made by the caller. Text form: 32 lower-case
/// hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Salt(pub [u8; 16]);

impl fmt::Display for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Salt({self})")
    }
}

impl std::str::FromStr for Salt {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        from_hex(text).map(Self).ok_or(DigestError)
    }
}

impl Serialize for Salt {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Salt {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?
            .parse()
            .map_err(|_| D::Error::custom("not 32 lower-case hexadecimal digits"))
    }
}

/// The leaf of one entry: SHA-256 over the byte 0, the salt and the canonical body.
#[must_use]
pub fn leaf(salt: &[u8; 16], body: &[u8]) -> Digest {
    Digest::of_parts(&[&[0], salt, body])
}

/// The head after one more leaf: SHA-256 over the byte 1, the head before and the leaf.
#[must_use]
pub fn head(before: &Digest, leaf: &Digest) -> Digest {
    Digest::of_parts(&[&[1], &before.0, &leaf.0])
}

/// The head of a log that has no entry yet: SHA-256 over the byte 2, 32 zero bytes and the log's id.
#[must_use]
pub fn genesis(log: &str) -> Digest {
    Digest::of_parts(&[&[2], &[0; 32], log.as_bytes()])
}
