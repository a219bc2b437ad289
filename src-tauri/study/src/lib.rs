//! What is collected, when, and which rules hold.
//!
//! Duty: the study definition (TOML), the expressions in it (CEL), typed values, where a value lives, and the list of
//! everything a person or device can do ([`act::Act`]).
//! Invariants: no storage, no roles' policy, no user interface. A definition loads whole or tells all its problems.
//! A missing value is a value; nothing here ever fills one in.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "tests say what they expect"
    )
)]

pub mod act;
pub mod builtin;
pub mod confirmed;
mod dates;
pub mod def;
pub mod dictionary;
pub mod diff;
mod duration;
pub mod eligibility;
pub mod findings;
pub mod identifiers;
mod identity;
pub mod input;
pub mod load;
pub mod medicine;
pub mod normal;
pub mod number;
pub mod odm;
mod owners;
pub mod path;
pub mod problem;
mod reach;
pub mod registers;
mod resolve;
pub mod rule;
mod seen_before;
pub mod shown;
mod study;
pub mod text;
pub mod value;
pub mod values;

pub use study::{ItemPlace, RuleKey, Study};
