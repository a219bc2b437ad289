//! The site file from outside: what callers see, on a real disk.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect"
)]

mod desk;
mod disk;
mod kills;
mod opening;
mod records;
mod saving;
