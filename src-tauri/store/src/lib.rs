//! One encrypted file: a journal of acts and the projections read from it.
//!
//! Duty: the site file. A 64 KiB header in the open holds who may try to open it; behind it an SQLCipher database holds
//! the journal, everything folded from it, the keys of the site, and what was typed and not yet saved.
//!
//! Invariants:
//! - One door for writes, [`SiteFile::transact`]: journal, projections and signature commit together, durably, or not
//!   at all; a save is looked for by its identifier before anybody is told that it failed.
//! - The journal is append-only (triggers and an authorizer), chained, and signed save by save by the person who acted.
//! - No other descriptor of an open site file, ever (see `vfs`).
//! - Time and chance are arguments. A device's own key lies outside the file; without it the file is read-only.
//!
//! Absent on purpose: who may do what, words, medicine, the study's rules.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "tests say what they expect"
    )
)]

#[cfg(test)]
extern crate self as store;

mod access_card;
mod apply;
mod args;
mod attempts;
mod backup;
#[cfg(feature = "bench")]
pub mod bench_support;
mod bulk;
mod check;
mod continued;
mod copy;
mod create;
#[cfg(test)]
#[path = "../tests/all/desk.rs"]
#[allow(dead_code, reason = "shared with the tests from outside, which use all of it")]
mod desk;
mod device;
mod error;
mod file;
mod guard;
mod header;
mod import;
mod interrupt;
mod keeping;
mod key;
mod keys;
mod ledger;
mod logs;
mod mark;
mod migrate;
mod names;
mod open;
mod order;
mod people;
mod place;
mod read;
mod recovery;
mod redact;
mod refold;
mod rekey;
mod session;
mod sheet;
mod slots;
#[cfg(test)]
mod tests;
mod transact;
mod unlock;
mod vfs;

pub use args::{AgeIdentity, Chance, DefinitionFile, NewPerson, NewSite, Stamp, StudyTag};
pub use backup::{Backup, backups, is_backup, restore};
pub use check::{Checked, Checking, Finding, Report, Step, check, compare_with};
pub use continued::Recovery;
pub use device::DeviceKeys;
pub use error::{Result, StoreError};
pub use file::SiteFile;
pub use import::{Coming, Imported, Incoming, IncomingEntry};
pub use interrupt::Interrupter;
pub use keys::KdfCost;
pub use open::{Access, FrontPage, LoginName, WhyReadOnly, front_page};
pub use place::{Known, Place};
pub use read::{
    Answer, Changed, ClockRow, Commit, ConfirmationRow, ConflictRow, CrossingRow, EntryFilter, EntryView, EvidenceRow,
    ExportRow, FindingRow, FormMark, FormRow, FormState, IdentityCheckRow, IdentityMark, ItemRow, LogRow, PersonRow,
    Position, QueryFilter, QueryRow, QueryState, RawEntry, Reading, SignatureRow, SiteRow, StudyRow, SubjectRow,
    Unfinished, VerdictMark, VerificationRow, act_type,
};
pub use recovery::RecoveryCode;
pub use secrecy::{ExposeSecret, SecretString};
pub use session::Session;
pub use sheet::KeySheet;
pub use transact::{Deed, Save, Saved, Signer};
