//! The definition in the notation of CDISC: metadata out as ODM 1.3.2 and 2.0, metadata of others in from ODM 1.3.
//!
//! Out: strict, in the order and with the names that the official schemas ask for; nothing in a namespace of our own.
//! What ODM has no place for travels as `Alias` with a context that begins with [`OURS`]; what does not travel at all is
//! counted. In: nothing is guessed and no identifier is lost; whatever cannot be said in our terms is counted with its
//! place, and what a person must decide stays open in the TOML, where `study lint` names it.

mod element;
mod export;
pub mod import;
mod outward;
mod parts;
mod v1;
mod v2;

pub use export::{Edition, Exported, export};

/// Beginning of the contexts of `Alias` and `FormalExpression` that are ours.
pub(crate) const OURS: &str = "cartwright.";
/// Namespace of ODM 1.3, 1.3.1 and 1.3.2.
pub(crate) const V1: &str = "http://www.cdisc.org/ns/odm/v1.3";
/// Namespace of ODM 2.0.
pub(crate) const V2: &str = "http://www.cdisc.org/ns/odm/v2.0";
