//! Toxicity grades. Every maximum-type grade keeps what missing items could still add: see [`crate::finding::Grade`].

pub mod acute_gvhd;
pub mod chronic_gvhd;
pub mod crs;
pub mod ctcae;
pub mod febrile;
pub mod hematotox;
pub mod icaht;
pub mod icans;
pub mod iec_hs;
pub mod lysis;
pub mod pressure;
pub mod safety;
