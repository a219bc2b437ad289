//! The signature of one save, kept as bare bytes beside the journal.

use crate::{
    checkpoint::Checkpoint,
    key::{PublicKey, SigningKey},
    sshsig::{Namespace, SigError, SshSig, envelope, sign, verify},
    verifier::Verifier,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// 64 bytes of Ed25519 over the SSHSIG envelope (namespace `cartwright-commit-v1`) of a checkpoint's
/// text. JSON form: padded base64. The key is known from the actor of the entries it covers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CommitSig(pub [u8; 64]);

impl CommitSig {
    /// Signs the state of the log after the save.
    #[must_use]
    pub fn sign(key: &SigningKey, checkpoint: &Checkpoint) -> Self {
        let text = checkpoint.text();
        Self(*sign(key, Namespace::Commit, text.as_bytes()).raw())
    }

    /// Verifies that `public` signed that state.
    ///
    /// # Errors
    /// [`SigError::Mismatch`] when it did not.
    pub fn verify(&self, public: &PublicKey, checkpoint: &Checkpoint) -> Result<(), SigError> {
        let text = checkpoint.text();
        verify(public, Namespace::Commit, text.as_bytes(), &self.to_sshsig(public))
    }

    /// The same with a key that verifies many.
    #[must_use]
    pub fn verifies(&self, key: &Verifier, checkpoint: &Checkpoint) -> bool {
        key.verifies(&envelope(Namespace::Commit, checkpoint.text().as_bytes()), &self.0)
    }

    /// The same signature in the form that ssh-keygen checks.
    #[must_use]
    pub const fn to_sshsig(&self, public: &PublicKey) -> SshSig {
        SshSig::from_parts(*public, Namespace::Commit, self.0)
    }

    /// From a slice of exactly 64 bytes.
    ///
    /// # Errors
    /// For any other length.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, SigError> {
        bytes.try_into().map(Self).map_err(|_| SigError::Form)
    }
}

impl fmt::Debug for CommitSig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CommitSig({})", STANDARD.encode(self.0))
    }
}

impl Serialize for CommitSig {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(self.0))
    }
}

impl<'de> Deserialize<'de> for CommitSig {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let bytes = STANDARD.decode(String::deserialize(from)?).map_err(D::Error::custom)?;
        Self::from_slice(&bytes).map_err(D::Error::custom)
    }
}
