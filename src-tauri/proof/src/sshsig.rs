//! Detached signatures in the format of `ssh-keygen -Y`: Ed25519 and SHA-512 only.
//!
//! ssh-keygen and well-known readers accept altered signature files (another version number, other
//! line breaks). Here what was read is written again, and only equal bytes pass.

use crate::{
    key::{ALGORITHM, PublicKey, SigningKey},
    wire,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::fmt;

const MAGIC: &[u8; 6] = b"SSHSIG";
const VERSION: [u8; 4] = [0, 0, 0, 1];
const HASH: &str = "sha512";
const COLUMNS: usize = 70;
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----\n";
const END: &str = "-----END SSH SIGNATURE-----\n";

/// What a signature is for. A signature made for one purpose is worth nothing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Namespace {
    /// Entries of the journal, signed by the acting person or device at each save.
    Commit,
    /// A state of a log, signed by the site at an export.
    Checkpoint,
    /// A bundle's list of files.
    Bundle,
    /// A statement a person signs by hand, as it were.
    Esig,
    /// The sponsor's list of keys.
    Trust,
    /// A person's way into a file, carried to another device of it.
    Access,
}

impl Namespace {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Commit,
        Self::Checkpoint,
        Self::Bundle,
        Self::Esig,
        Self::Trust,
        Self::Access,
    ];

    /// As written into signatures and trust lists.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Commit => "cartwright-commit-v1",
            Self::Checkpoint => "cartwright-checkpoint-v1",
            Self::Bundle => "cartwright-bundle-v1",
            Self::Esig => "cartwright-esig-v1",
            Self::Trust => "cartwright-trust-v1",
            Self::Access => "cartwright-access-v1",
        }
    }

    /// The namespace of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|n| n.as_str() == text)
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a signature is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SigError {
    /// Not the one armoured form of an Ed25519 SSHSIG.
    #[error("not an SSH signature in its one accepted form")]
    Form,
    /// Made for a purpose unknown here.
    #[error("signature for unknown purpose {0:?}")]
    UnknownNamespace(String),
    /// Made for another purpose.
    #[error("signature for {got}, wanted {wanted}")]
    Namespace {
        /// Purpose asked for.
        wanted: Namespace,
        /// Purpose in the signature.
        got: Namespace,
    },
    /// Made by another key.
    #[error("signature by {}, wanted {}", got.fingerprint(), wanted.fingerprint())]
    Key {
        /// Key asked for.
        wanted: PublicKey,
        /// Key in the signature.
        got: PublicKey,
    },
    /// Does not fit the message.
    #[error("signature does not fit the message")]
    Mismatch,
}

impl SigError {
    /// Stable name of the reason.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Form => "sig-form",
            Self::UnknownNamespace(_) => "sig-unknown-namespace",
            Self::Namespace { .. } => "sig-namespace",
            Self::Key { .. } => "sig-key",
            Self::Mismatch => "sig-mismatch",
        }
    }
}

/// A detached signature: key, purpose and 64 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshSig {
    public: PublicKey,
    namespace: Namespace,
    signature: [u8; 64],
}

impl SshSig {
    /// From its parts, unverified.
    #[must_use]
    pub const fn from_parts(public: PublicKey, namespace: Namespace, signature: [u8; 64]) -> Self {
        Self {
            public,
            namespace,
            signature,
        }
    }

    /// The key it claims to be made with.
    #[must_use]
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The purpose it claims.
    #[must_use]
    pub const fn namespace(&self) -> Namespace {
        self.namespace
    }

    /// The bare Ed25519 signature.
    #[must_use]
    pub const fn raw(&self) -> &[u8; 64] {
        &self.signature
    }

    /// The text that `ssh-keygen -Y verify -s` reads, 70 columns, ended by LF.
    #[must_use]
    pub fn armoured(&self) -> String {
        let base64 = STANDARD.encode(self.blob());
        let mut text = String::with_capacity(base64.len() + 80);
        text.push_str(BEGIN);
        for (at, c) in base64.chars().enumerate() {
            if at > 0 && at % COLUMNS == 0 {
                text.push('\n');
            }
            text.push(c);
        }
        text.push('\n');
        text.push_str(END);
        text
    }

    /// Reads an armoured signature. The signature is not verified yet.
    ///
    /// # Errors
    /// When it is not exactly the text that [`SshSig::armoured`] would write, or its purpose is unknown.
    pub fn parse(text: &str) -> Result<Self, SigError> {
        let inner = text
            .strip_prefix(BEGIN)
            .and_then(|t| t.strip_suffix(END))
            .ok_or(SigError::Form)?;
        let base64: String = inner.split('\n').collect();
        let blob = STANDARD.decode(base64).map_err(|_| SigError::Form)?;
        let sig = Self::from_blob(&blob)?;
        if sig.armoured() != text {
            return Err(SigError::Form);
        }
        Ok(sig)
    }

    fn blob(&self) -> Vec<u8> {
        let mut inner = Vec::new();
        wire::put(&mut inner, ALGORITHM.as_bytes());
        wire::put(&mut inner, &self.signature);
        let mut blob = MAGIC.to_vec();
        blob.extend_from_slice(&VERSION);
        wire::put(&mut blob, &self.public.blob());
        wire::put(&mut blob, self.namespace.as_str().as_bytes());
        wire::put(&mut blob, b"");
        wire::put(&mut blob, HASH.as_bytes());
        wire::put(&mut blob, &inner);
        blob
    }

    /// Takes the key, the namespace and the signature out; the comparison of the whole text with
    /// what would be written covers version, hash name and everything else.
    fn from_blob(blob: &[u8]) -> Result<Self, SigError> {
        let mut rest = blob.get(MAGIC.len() + VERSION.len()..).ok_or(SigError::Form)?;
        let mut next = || wire::take(&mut rest).ok_or(SigError::Form);
        let public = PublicKey::from_blob(next()?).map_err(|_| SigError::Form)?;
        let namespace = std::str::from_utf8(next()?).map_err(|_| SigError::Form)?;
        let _reserved = next()?;
        let _hash = next()?;
        let mut inner = next()?;
        let _algorithm = wire::take(&mut inner).ok_or(SigError::Form)?;
        let signature = wire::take(&mut inner).ok_or(SigError::Form)?;
        let signature = signature.try_into().map_err(|_| SigError::Form)?;
        let namespace = Namespace::parse(namespace).ok_or_else(|| SigError::UnknownNamespace(namespace.to_owned()))?;
        Ok(Self::from_parts(public, namespace, signature))
    }
}

/// The bytes that are signed: the message enters as its SHA-512.
pub(crate) fn envelope(namespace: Namespace, message: &[u8]) -> Vec<u8> {
    use sha2::Digest as _;
    let mut bytes = MAGIC.to_vec();
    wire::put(&mut bytes, namespace.as_str().as_bytes());
    wire::put(&mut bytes, b"");
    wire::put(&mut bytes, HASH.as_bytes());
    wire::put(&mut bytes, &sha2::Sha512::digest(message));
    bytes
}

/// Signs a message for one purpose. Deterministic: equal input, equal bytes, equal to ssh-keygen's.
#[must_use]
pub fn sign(key: &SigningKey, namespace: Namespace, message: &[u8]) -> SshSig {
    let signature = key.sign_bytes(&envelope(namespace, message));
    SshSig::from_parts(key.public(), namespace, signature)
}

/// Verifies that `public` signed `message` for `namespace`.
///
/// # Errors
/// Tells whether key, purpose or message is another one.
pub fn verify(public: &PublicKey, namespace: Namespace, message: &[u8], sig: &SshSig) -> Result<(), SigError> {
    if sig.namespace != namespace {
        return Err(SigError::Namespace {
            wanted: namespace,
            got: sig.namespace,
        });
    }
    if sig.public != *public {
        return Err(SigError::Key {
            wanted: *public,
            got: sig.public,
        });
    }
    if public.verifies(&envelope(namespace, message), &sig.signature) {
        Ok(())
    } else {
        Err(SigError::Mismatch)
    }
}
