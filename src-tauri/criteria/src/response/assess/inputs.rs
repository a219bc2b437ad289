//! What one response assessment knows.

use crate::elig::disease::CnsStatus;
use crate::inputs::{codes, inputs};
use crate::quantity::{CellsE9PerL, Fraction, Level, Percent};
use serde::{Deserialize, Serialize};

codes! {
    /// Marrow cellularity. Adequate or hypocellular means at least 10 %, or 200 nucleated cells.
    Cellularity {
        /// Adequate.
        Adequate = "adequate",
        /// Hypocellular.
        Hypocellular = "hypocellular",
        /// Aplastic.
        Aplastic = "aplastic",
    }
}

codes! {
    /// What flow cytometry said of suspicious cells in blood.
    Flow {
        /// They are blasts.
        Blasts = "blasts",
        /// They are not.
        NotBlasts = "not_blasts",
    }
}

codes! {
    /// Extramedullary disease.
    Emd {
        /// None.
        None = "none",
        /// Present since baseline.
        PresentBaseline = "present_baseline",
        /// New.
        New = "new",
    }
}

codes! {
    /// Best response before this assessment.
    PriorBest {
        /// No response so far.
        #[serde(alias = "NR", alias = "PD", alias = "NE")]
        None = "none",
        /// Morphological leukaemia-free state.
        Mlfs = "MLFS",
        /// Aplastic marrow.
        Aplastic = "APLASTIC",
        /// CRi.
        Cri = "CRi",
        /// CRh.
        Crh = "CRh",
        /// CR.
        Cr = "CR",
        /// Partial remission.
        Pr = "PR",
    }
}

impl PriorBest {
    pub(in crate::response) fn is_remission(self) -> bool {
        matches!(self, Self::Cr | Self::Crh | Self::Cri)
    }

    pub(super) fn cleared_marrow(self) -> bool {
        matches!(self, Self::Mlfs | Self::Aplastic)
    }
}

/// CNS class: 1, 2 or 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "u8")]
pub enum CnsClass {
    /// CNS1.
    One,
    /// CNS2.
    Two,
    /// CNS3.
    Three,
}

impl CnsClass {
    /// `1`, `2` or `3`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::Two => "2",
            Self::Three => "3",
        }
    }
}

/// A class as a number, or as the status of a lumbar puncture (`CNS2b` is class 2).
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Class(u8),
    Status(CnsStatus),
}

impl TryFrom<Written> for CnsClass {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        match written {
            Written::Class(1) => Ok(Self::One),
            Written::Class(2) => Ok(Self::Two),
            Written::Class(3) => Ok(Self::Three),
            Written::Class(_) => Err("item_out_of_range"),
            Written::Status(status) => Ok(match status {
                CnsStatus::Cns1 => Self::One,
                CnsStatus::Cns2 | CnsStatus::Cns2a | CnsStatus::Cns2b | CnsStatus::Cns2c => Self::Two,
                CnsStatus::Cns3 | CnsStatus::Cns3a | CnsStatus::Cns3b | CnsStatus::Cns3c => Self::Three,
            }),
        }
    }
}

impl From<CnsClass> for u8 {
    fn from(class: CnsClass) -> Self {
        match class {
            CnsClass::One => 1,
            CnsClass::Two => 2,
            CnsClass::Three => 3,
        }
    }
}

inputs! {
    /// What one response assessment knows.
    Assess {
        /// Blasts in marrow.
        bm_blasts_pct: Percent,
        /// Marrow cellularity.
        bm_cellularity: Cellularity,
        /// Blasts in blood.
        pb_blasts_pct: Percent,
        /// Flow cytometry of suspicious cells in blood, where done.
        pb_flow_clarified: Flow,
        /// Neutrophils.
        anc: CellsE9PerL,
        /// Platelets.
        plt: CellsE9PerL,
        /// Days since the last platelet transfusion.
        days_since_plt_transfusion: u16,
        /// Days since the last red-cell transfusion.
        days_since_rbc_transfusion: u16,
        /// No transfusion was ever given; stands for both missing numbers of days.
        no_transfusion_ever: bool,
        /// Platelets were given at some time; `false` stands for the missing number of days.
        plt_transfused_ever: bool,
        /// Red cells were given at some time; `false` stands for the missing number of days.
        rbc_transfused_ever: bool,
        /// Extramedullary disease.
        emd: Emd,
        /// CNS class.
        cns: CnsClass,
        /// MRD as a fraction.
        mrd_fraction: Fraction,
        /// Whether MRD was measured on the same aspirate; only a stated `false` counts.
        mrd_same_aspirate: bool,
        /// Marrow blasts at baseline.
        baseline_bm_pct: Percent,
        /// Absolute blast count in blood at baseline; the unit of `pb_abs`.
        baseline_pb_abs: Level,
        /// Absolute blast count in blood now.
        pb_abs: Level,
        /// CNS class at baseline.
        baseline_cns: CnsClass,
        /// Clinical CNS signs now.
        clinical_cns_signs: bool,
        /// The previous lumbar puncture was CNS2.
        prior_cns2_tap: bool,
        /// The protocol requires a lumbar puncture at this visit; then CNS is not carried forward.
        lp_required: bool,
        /// Best response before this assessment.
        prior_best: PriorBest,
    }
}
