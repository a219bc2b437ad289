//! Ed25519 keys and their names: OpenSSH text, fingerprint, twelve words.

use crate::{digest::Digest, wire, words};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD},
};
use ed25519_dalek::{Signer as _, VerifyingKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr};

pub(crate) const ALGORITHM: &str = "ssh-ed25519";

/// A person's, a device's or a site's secret key. Wiped from memory when dropped; cannot be
/// printed, copied or serialised. It lies on the heap, so that moving it leaves no copy behind.
pub struct SigningKey(Box<ed25519_dalek::SigningKey>);

impl SigningKey {
    /// From a 32-byte seed, which the caller drew or derived and wipes.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(Box::new(ed25519_dalek::SigningKey::from_bytes(seed)))
    }

    /// The key others know this one by.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    pub(crate) fn sign_bytes(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

/// A public Ed25519 key, known to be a point of large order. Text and JSON form: `ssh-ed25519 AAAA…` without a comment.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey([u8; 32]);

/// Why a text or bytes are not a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Another algorithm than ssh-ed25519.
    #[error("not an ssh-ed25519 key")]
    Algorithm,
    /// The base64 part is not the one encoding of an ssh-ed25519 key.
    #[error("not the encoding of an ssh-ed25519 key")]
    Encoding,
    /// Thirty-two bytes that are no point of the curve, or a point of small order.
    #[error("not a usable point of the curve")]
    Point,
}

impl PublicKey {
    /// From the 32 bytes of the point.
    ///
    /// # Errors
    /// When they are no point, or one of small order, for which signatures can be forged.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Point)?;
        if key.is_weak() {
            return Err(KeyError::Point);
        }
        Ok(Self(*bytes))
    }

    /// The 32 bytes of the point.
    #[must_use]
    pub const fn to_bytes(&self) -> [u8; 32] {
        self.0
    }

    /// Reads `ssh-ed25519 AAAA…`, with or without a comment after it; the comment is dropped.
    ///
    /// # Errors
    /// For another algorithm, another encoding, or a point that is none.
    pub fn from_openssh(text: &str) -> Result<Self, KeyError> {
        let mut parts = text.trim_end_matches(['\n', '\r']).splitn(3, ' ');
        if parts.next() != Some(ALGORITHM) {
            return Err(KeyError::Algorithm);
        }
        let base64 = parts.next().ok_or(KeyError::Encoding)?;
        let blob = STANDARD.decode(base64).map_err(|_| KeyError::Encoding)?;
        Self::from_blob(&blob)
    }

    /// `ssh-ed25519 AAAA…`, one line without its end.
    #[must_use]
    pub fn to_openssh(&self) -> String {
        format!("{ALGORITHM} {}", STANDARD.encode(self.blob()))
    }

    /// `ssh-ed25519 AAAA… comment`, one line without its end.
    #[must_use]
    pub fn to_openssh_with(&self, comment: &str) -> String {
        format!("{} {comment}", self.to_openssh())
    }

    /// `SHA256:` and the unpadded base64 of the SHA-256 of the key's encoding, as ssh-keygen shows.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digest = Digest::of(&self.blob());
        format!("SHA256:{}", STANDARD_NO_PAD.encode(digest.0))
    }

    /// The first 132 bits of the same SHA-256 as twelve English words of BIP-39.
    #[must_use]
    pub fn words(&self) -> [&'static str; 12] {
        words::twelve(&Digest::of(&self.blob()))
    }

    pub(crate) fn blob(&self) -> Vec<u8> {
        let mut blob = Vec::with_capacity(51);
        wire::put(&mut blob, ALGORITHM.as_bytes());
        wire::put(&mut blob, &self.0);
        blob
    }

    pub(crate) fn from_blob(blob: &[u8]) -> Result<Self, KeyError> {
        let mut rest = blob;
        let algorithm = wire::take(&mut rest).ok_or(KeyError::Encoding)?;
        if algorithm != ALGORITHM.as_bytes() {
            return Err(KeyError::Algorithm);
        }
        let point = wire::take(&mut rest).ok_or(KeyError::Encoding)?;
        let point = point.try_into().map_err(|_| KeyError::Encoding)?;
        let key = Self::from_bytes(point)?;
        if key.blob() != blob {
            return Err(KeyError::Encoding);
        }
        Ok(key)
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        VerifyingKey::from_bytes(&self.0).is_ok_and(|key| key.verify_strict(message, &signature).is_ok())
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_openssh())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.fingerprint())
    }
}

impl PartialOrd for PublicKey {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PublicKey {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_openssh(text)
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let key = Self::from_openssh(&text).map_err(D::Error::custom)?;
        // A comment would be a second way to write the same key.
        if key.to_openssh() != text {
            return Err(D::Error::custom("a key here is written without a comment"));
        }
        Ok(key)
    }
}
