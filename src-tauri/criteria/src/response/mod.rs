//! Disease response in B-ALL: category at one assessment, MRD, CNS, windows, best response and confirmation.
//!
//! | source | used for |
//! |---|---|
//! | ELN 2024, Gökbuget, Blood 2024;143:1891 \[S\] | default definition |
//! | NCI/BMT 2010, BBMT 16:1187 and CIBMTR \[S\] | `Nci2010` |
//! | NCCN ALL \[GK\], ELIANA \[GK\], ZUMA-3 \[GK\] | the other definitions |
//! | COG \[S\] | CNS |

pub mod assess;
pub mod best;
pub mod cns;
pub mod lymphoma;
pub mod mrd;
mod params;
mod signs;
pub mod window;

use crate::Decisions;
use crate::inputs::codes;

/// The switches of the definition in force, for the printed reference.
pub(crate) fn params_of(decisions: &Decisions) -> params::Params {
    params::Params::of(decisions)
}

codes! {
    /// A response category.
    Category {
        /// Complete remission.
        Cr = "CR",
        /// With partial haematological recovery.
        Crh = "CRh",
        /// With incomplete haematological recovery.
        Cri = "CRi",
        /// Morphological leukaemia-free state.
        Mlfs = "MLFS",
        /// Aplastic marrow.
        Aplastic = "APLASTIC",
        /// Partial remission.
        Pr = "PR",
        /// No response.
        Nr = "NR",
        /// Progressive disease.
        Pd = "PD",
        /// Relapse after remission.
        Relapse = "RELAPSE",
        /// Not evaluable.
        Ne = "NE",
    }
}

impl Category {
    /// CR, CRh or CRi.
    #[must_use]
    pub fn is_remission(self) -> bool {
        matches!(self, Self::Cr | Self::Crh | Self::Cri)
    }
}
