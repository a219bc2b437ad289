//! The desktop shell: window, dialogs, one adapter per command.
//!
//! Invariants: no rule and no SQL here; the page gets no file system, no shell, no network; a path is chosen in a
//! dialog and the page learns a number. Seams for tests exist only with the feature `automation`.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "tests say what they expect"
    )
)]

mod adapters;
mod away;
mod closing;
mod dialogs;
mod machine;
mod quiet;
mod remade;
mod seams;
mod window;

pub use adapters::handler;
pub use machine::Here;
pub use window::{context, run, Shell};
