//! Seal, open and verify signed parcels.
//!
//! Duty: what leaves a site and what is believed when it arrives. A bundle is a BagIt 1.0 folder in
//! one canonical zip, signed with SSHSIG over its list of files, sealed with age.
//!
//! Invariants:
//! - Pure: bytes in, bytes out. No file, no clock; times and keys are arguments. (age draws the key of
//!   each sealed file itself: that is the only chance in here.)
//! - Equal content, equal bytes: the zip has one form, and the reader accepts nothing else.
//! - Nothing in a bundle is read before the step that vouches for it has passed; see [`verify()`].
//! - What [`Parcel::build`] returns has passed [`verify()`]'s own checks.
//! - No input panics; sizes are bounded by one table, [`LIMITS`].
//!
//! Absent on purpose: SQL, roles, the meaning of acts, the words for a refusal.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")
)]

mod bag;
mod format;
mod limits;
mod names;
mod parcel;
mod readme;
mod refused;
mod seal;
mod verify;
mod zip;

pub use format::{
    BUNDLE_VERSION, CommitLine, DeviceKey, EntryLine, Header, Kind, LogRange, People, Person, SiteKey, StudyRef,
    external_id, trust_list,
};
pub use limits::{LIMITS, Limits};
pub use parcel::{BuildError, Content, Esignature, Parcel};
pub use proof::statement_bytes;
pub use refused::{Code, Flaw, KeyStanding, Place, Refused, UnknownSigner};
pub use seal::{AgeIdentity, AgeRecipient, SealError, is_sealed, open_sealed, seal};
pub use verify::{Contents, EsigSummary, ExportedBy, LogSummary, PersonSummary, SignedBy, Verified, open, verify};
pub use zip::{ZipFlaw, read_zip, write_zip};
