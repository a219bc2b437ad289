//! A person whose password was right: who it is, and the key to sign with.

use proof::{Namespace, PublicKey, SshSig};
use study::act::{PersonId, Role};

use crate::slots::PersonKeys;

/// A person, authenticated for one file. The keys are wiped on drop.
pub struct Session {
    pub(crate) store: [u8; 16],
    pub(crate) person: PersonId,
    pub(crate) login: String,
    pub(crate) printed_name: String,
    pub(crate) role: Role,
    pub(crate) keys: PersonKeys,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("person", &self.person)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// Permanent identifier.
    #[must_use]
    pub fn person(&self) -> &PersonId {
        &self.person
    }

    /// Log-in name.
    #[must_use]
    pub fn login(&self) -> &str {
        &self.login
    }

    /// Name as printed in signatures.
    #[must_use]
    pub fn printed_name(&self) -> &str {
        &self.printed_name
    }

    /// Role.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// The person's public key.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.keys.signing.public()
    }

    /// The person's key, for signing a parcel.
    #[must_use]
    pub fn signing_key(&self) -> &proof::SigningKey {
        &self.keys.signing
    }

    /// Signs as this person.
    #[must_use]
    pub fn sign(&self, namespace: Namespace, message: &[u8]) -> SshSig {
        proof::sign(&self.keys.signing, namespace, message)
    }
}
