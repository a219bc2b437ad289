//! Eligibility. `Pass` means: inclusion met, or exclusion absent.
//!
//! Sources: criteria texts of sibling trials (ThisCART19A, donor-derived CD19 CAR-T, CALM, ZUMA-3, ELIANA, OPBG, SNUH),
//! each named in its rule. Thresholds that a sponsor decides come from [`crate::decision::Decisions`].
//! There is no waiver.

pub mod disease;
pub mod fresh;
pub mod infection;
pub mod organ;
pub mod other;
pub mod overall;
pub mod person;
pub mod prior;
pub mod registry;
pub mod washout;

pub use overall::{Overall, overall};
