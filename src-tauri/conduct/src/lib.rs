//! Every act of a trial as one function: who may do what to which record, now.
//!
//! Duty: policy. [`Desk`] is one opened file with the person who sits in front of it; each act checks the role, the
//! record's state and the words given, makes the entry and answers with a view.
//! Invariants: roles are decided here and nowhere else; a refusal leaves everything as it was; time and chance come in
//! as [`Machine`]; nothing here knows a window or a terminal.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "tests say what they expect"
    )
)]

mod access;
mod access_card;
pub mod acts;
mod amendment;
mod attempts;
mod back_up;
mod bedside;
mod beside;
mod bundles;
mod casebook;
mod changes;
pub mod commands;
mod confirm;
mod conflicts;
mod crossed;
pub mod definition;
mod delegation;
pub mod desk;
mod devices;
mod editions;
mod eligibility;
mod entry;
mod exchange;
mod findings;
mod form_page;
mod held;
mod history;
mod idle;
mod import;
mod journal;
mod key_sheet;
mod keys;
pub mod machine;
mod paper;
mod password;
mod people;
mod preview;
pub mod problem;
pub mod qualify;
mod queries;
mod reasons;
mod redaction;
mod registers;
pub mod rehearsal;
pub mod renderings;
pub mod requests;
mod review;
mod reviewed;
mod reviewer;
pub mod rights;
mod schedule;
mod search;
mod sheets;
mod sign;
mod signals;
mod site;
mod sitting_view;
mod soundness;
mod standing;
mod subjects;
mod timeline;
mod today;
mod told;
mod training;
mod trouble;
mod unfinished;
pub mod verify;
mod versions;
pub mod views;

pub use bedside::IDENTIFIERS;
pub use exchange::practice_recipient;
pub use store::{DeviceKeys, Interrupter, KdfCost, Reading};
pub use study::{act, def, path, text, value};
pub use study::{
    act::{IdentifierCheck, IdentifierOutcome, Moment, Reason, Role},
    def::{ItemKind, StudyDef},
    input::RawInput,
    path::{FormPath, ItemPath},
    value::{Missing, Value},
};
