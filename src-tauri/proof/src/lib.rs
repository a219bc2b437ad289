//! Canonical JSON, salted leaves, chains, checkpoints, SSHSIG: bytes in, bytes out.
//!
//! Duty: everything that lets somebody else prove who wrote what, in which order.
//!
//! Invariants:
//! - Nothing here reads a file, a clock or a source of randomness. Seeds, salts and times are arguments.
//! - A reader accepts one form only: what was read is written again and the bytes are compared.
//! - A secret key has no `Debug`, no `Clone`, and is wiped when dropped.
//! - Verification is `verify_strict`: no malleable signature, no weak key.
//!
//! Absent on purpose: journals, zip files, trust policy, the words shown to people.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")
)]

mod canonical;
mod chain;
mod checkpoint;
mod commit;
mod digest;
mod key;
mod signers;
mod sshsig;
mod verifier;
mod wire;
mod words;

pub use canonical::{
    CanonicalError, ENTRY_LIMITS, LARGEST_INTEGER, Limits, STATEMENT_LIMITS, canonical, canonical_within,
    parse_canonical, parse_canonical_within, statement_bytes,
};
pub use chain::{Salt, genesis, head, leaf};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use commit::CommitSig;
pub use digest::{Digest, DigestError};
pub use key::{KeyError, PublicKey, SigningKey};
pub use signers::{AllowedSigners, Line, Signer, SignerLineError, SignersError, Standing};
pub use sshsig::{Namespace, SigError, SshSig, sign, verify};
pub use verifier::Verifier;
pub use words::{secret_of, words_of};
