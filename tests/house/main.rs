//! The rules of the house, read from the sources themselves: which crate may know which, who owns what is heavy, what
//! the pages may import, what no file may say. Each rule is one test, and its message says where and what to do.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a rule that cannot be read has failed"
)]

mod arrows;
mod messages;
mod names;
mod pages;
mod rust;
mod sizes;
mod source;
mod top;
