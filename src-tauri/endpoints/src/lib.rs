//! From records to rates and times: proportions, survival curves, remission rates, times to event.
//!
//! Invariants:
//! - Pure: no clock, no storage, no study. Dates are civil dates.
//! - A number that cannot be computed is absent, never 0.
//! - Every interval states its method: exact (Clopper-Pearson) for rates, Greenwood with log-log for survival.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test that cannot go on should stop"
    )
)]

pub mod competing;
pub mod course;
pub mod endpoint;
pub mod event;
pub mod lane;
pub mod log_rank;
pub mod proportion;
pub mod qualify;
pub mod rate;
pub mod reference;
pub mod response;
pub mod summary;
pub mod survival;

/// The version of these definitions; a reported endpoint records it.
pub const VERSION: &str = "1.1.0";
