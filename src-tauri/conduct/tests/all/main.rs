//! Acceptance of the core: everything a trial does, through `conduct::acts` alone, on real files.
//!
//! The machine is made up (chance follows from a seed, the clock is moved by hand), the files, the encryption and the
//! locks are real.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect"
)]

mod access;
mod another;
mod attempts;
mod backups;
mod cards;
mod chart;
mod compliance;
mod control;
mod crossed;
mod damage;
mod disk;
mod entry;
mod exchange;
mod found;
mod idle;
mod infusion;
mod keys;
mod matrix;
mod moved;
mod oversight;
mod random;
mod redaction;
mod registers;
mod removed;
mod roll;
mod room;
mod sheet;
mod signing;
mod soundness;
mod story;
mod trained;
mod two;
mod typed;
