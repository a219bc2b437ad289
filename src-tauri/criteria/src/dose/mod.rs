//! The infusion: dose, acceptance, residual T cells, thaw, and the check of identity.

pub mod amount;
pub mod bedside;
