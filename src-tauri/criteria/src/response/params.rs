//! What distinguishes the published definitions, one line each (table in [`super::assess`]).

use crate::decision::{CriBreadth, Decisions, Ruleset};
use crate::finding::Op;

/// The switches of one definition.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Params {
    /// Marrow blasts are active disease when `blasts op 5 %`.
    pub(crate) active: Op,
    /// Counts are recovered when `count op limit`.
    pub(crate) recovered: Op,
    /// Peripheral blasts below 1 % are none.
    pub(crate) few_blasts_are_none: bool,
    /// MRD ≥ 1 % is a failure.
    pub(crate) mrd_clause: bool,
    /// A regenerating marrow is treated as below 5 %.
    pub(crate) regeneration: bool,
    /// CRh exists.
    pub(crate) crh: bool,
    /// CRi is any failure of the counts.
    pub(crate) any_failure_is_cri: bool,
}

impl Params {
    pub(crate) fn of(decisions: &Decisions) -> Self {
        let strict = if decisions.counts_inclusive { Op::Ge } else { Op::Gt };
        let broad = decisions.cri_breadth == CriBreadth::AnyCountFailure;
        let base = Self {
            active: Op::Ge,
            recovered: strict,
            few_blasts_are_none: false,
            mrd_clause: false,
            regeneration: false,
            crh: false,
            any_failure_is_cri: broad,
        };
        match decisions.ruleset {
            Ruleset::Eln2024 => Self {
                mrd_clause: true,
                regeneration: true,
                crh: true,
                ..base
            },
            Ruleset::Nccn => base,
            Ruleset::Nci2010 => Self {
                recovered: Op::Ge,
                any_failure_is_cri: true,
                ..base
            },
            Ruleset::Eliana => Self {
                few_blasts_are_none: true,
                any_failure_is_cri: true,
                ..base
            },
            Ruleset::Zuma3 => Self {
                active: Op::Gt,
                recovered: Op::Ge,
                crh: true,
                ..base
            },
        }
    }
}
