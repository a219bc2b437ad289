//! Published medicine as pure, total functions: eligibility, response, toxicity grades, doses, units.
//!
//! Invariants:
//! - No input, output, clock, locale, storage or study is known here; every function is a function of its arguments.
//! - Every clinical input is an `Option`; a missing one is never given a default. A result is called not evaluable only
//!   if some value of a missing input could change it, or where the cited text says so.
//! - Boundaries are exact: decimals, compared in the unit that the table prints.
//! - Every reason names its rule, and every rule its source and how sure that source is.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test that cannot go on should stop"
    )
)]

pub mod age;
pub mod body;
pub mod decision;
pub mod dose;
pub mod elig;
pub mod finding;
pub mod holds;
mod inputs;
pub mod plausible;
pub mod qualify;
pub mod quantity;
pub mod reference;
pub mod renal;
pub mod response;
pub mod rule;
pub mod score;
pub mod tox;
mod truth;
pub mod unit;
pub mod vitals;
pub mod what;

pub use decision::Decisions;
pub use finding::{Criterion, Evidence, Field, Grade, Grading, Op, Outcome, Reason, Rule};

/// The version of these rules; an entry that records a result records it.
pub const VERSION: &str = "1.0.0";
