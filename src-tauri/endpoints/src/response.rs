//! The response categories that endpoints count. The same codes as those that assess a response.

use serde::{Deserialize, Serialize};

/// A response category, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Response {
    /// Complete remission.
    #[serde(rename = "CR")]
    Cr,
    /// With partial haematological recovery.
    #[serde(rename = "CRh")]
    Crh,
    /// With incomplete haematological recovery.
    #[serde(rename = "CRi")]
    Cri,
    /// Morphological leukaemia-free state.
    #[serde(rename = "MLFS")]
    Mlfs,
    /// Aplastic marrow.
    #[serde(rename = "APLASTIC")]
    Aplastic,
    /// Partial remission.
    #[serde(rename = "PR")]
    Pr,
    /// No response.
    #[serde(rename = "NR")]
    Nr,
    /// Progressive disease.
    #[serde(rename = "PD")]
    Pd,
    /// Not evaluable.
    #[serde(rename = "NE")]
    Ne,
    /// Relapse: ends a window, is never a best response.
    #[serde(rename = "RELAPSE")]
    Relapse,
}

impl Response {
    /// CR, CRh or CRi.
    #[must_use]
    pub fn is_remission(self) -> bool {
        matches!(self, Self::Cr | Self::Crh | Self::Cri)
    }

    /// Relapse or progression.
    #[must_use]
    pub fn ends_window(self) -> bool {
        matches!(self, Self::Relapse | Self::Pd)
    }
}
