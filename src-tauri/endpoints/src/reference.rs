//! Results of other studies that this trial's figures are read against: those that its registration cites, and siblings.
//!
//! A reference is a point, never a curve: its patients are not ours, and no type here can hold one. A rate is stored as its
//! numerator and denominator and its exact interval is computed here; the published interval stands beside it. Products,
//! studies and sources are names and citations, hence not translated; everything else is a code.

use crate::proportion::{Proportion, clopper_pearson};
use serde::Serialize;

mod table;

pub use table::REFERENCES;

/// Whose result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ages {
    /// Children and adults together.
    ChildrenAndAdults,
    /// Children and young adults, up to 25 years.
    #[serde(rename = "up_to_25")]
    UpTo25,
    /// Adults, from 18 years.
    Adults,
    /// From 16 to 70 years.
    #[serde(rename = "from_16_to_70")]
    From16To70,
}

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// CR or CRi.
    RemissionRate,
    /// CR alone.
    CompleteRemissionRate,
    /// CR or PR.
    ResponseRate,
    /// Severe cytokine release syndrome.
    SevereCrs,
    /// Median duration of remission.
    RemissionDuration,
    /// Median overall survival.
    OverallSurvival,
    /// Median event-free survival.
    EventFreeSurvival,
    /// Approval by a regulator.
    Approval,
}

/// An interval as published; an end that was not reached is absent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: Option<f64>,
}

/// A result as published. There is no way to hold a curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Responders of patients.
    Rate {
        /// Numerator.
        x: u64,
        /// Denominator.
        n: u64,
        /// Percent as published.
        percent: f64,
        /// 95 % interval as published, in percent.
        interval: Option<Interval>,
    },
    /// A median in months.
    Median {
        /// Months.
        months: f64,
        /// 95 % interval as published, in months.
        interval: Option<Interval>,
    },
    /// A percentage that the registration states and its source does not confirm: shown as registered, not drawn.
    AsRegistered {
        /// Percent.
        percent: f64,
    },
    /// An event of a year, without a figure.
    Year(u16),
}

/// What the registration says where its source says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Registered {
    /// Patients.
    pub patients: u64,
    /// Responders.
    pub responders: u64,
    /// Percent.
    pub percent: f64,
}

/// What a reader must know of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// The registration says 19 patients; 21 were treated, and 19 had cytokine release syndrome.
    RegisteredDenominator,
    /// Published without an interval that is known here.
    NoInterval,
    /// Only those whose lymphodepletion included alemtuzumab; the others had no response.
    WithAlemtuzumabOnly,
    /// Published as a percentage; the numerator is the only one that rounds to it.
    NumeratorFromPercent,
    /// Not found in the paper's abstract.
    NotInAbstract,
    /// The first approval of a CAR-T product, without a figure in the registration.
    FirstApproval,
    /// All treated patients, whatever their tumour burden.
    AllTreated,
    /// Remission within three months of infusion.
    #[serde(rename = "within_3_months")]
    Within3Months,
    /// Treated patients who could be evaluated for efficacy.
    EfficacyEvaluable,
    /// All who were leukapheresed, treated or not.
    Leukapheresed,
    /// All treated patients, by central assessment, at a longer follow-up than the label's.
    CentralAssessment,
    /// Dose escalation; lymphodepletion with or without alemtuzumab.
    DoseEscalation,
}

impl Note {
    /// Whether it says why no published interval stands beside a rate or median.
    #[must_use]
    pub fn explains_no_interval(self) -> bool {
        match self {
            Self::RegisteredDenominator | Self::NoInterval | Self::WithAlemtuzumabOnly => true,
            Self::NumeratorFromPercent
            | Self::NotInAbstract
            | Self::FirstApproval
            | Self::AllTreated
            | Self::Within3Months
            | Self::EfficacyEvaluable
            | Self::Leukapheresed
            | Self::CentralAssessment
            | Self::DoseEscalation => false,
        }
    }
}

/// How well a result is known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Read in the publication, its abstract, or the label's own page.
    Confirmed,
    /// Read in a report about it.
    Secondary,
    /// From general knowledge of the publication: verify before use.
    Unverified,
    /// Only the registration says so.
    RegistrationOnly,
}

/// One result.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Reference {
    /// The stable code.
    pub code: &'static str,
    /// The product.
    pub product: &'static str,
    /// Whether its cells come from donors.
    pub allogeneic: bool,
    /// The study.
    pub study: &'static str,
    /// Its registration numbers.
    pub registration: &'static [&'static str],
    /// Whose result.
    pub ages: Ages,
    /// What was measured.
    pub measure: Measure,
    /// The result.
    pub figure: Figure,
    /// Median follow-up in months, where published.
    pub follow_up: Option<f64>,
    /// Whether this trial's registration cites it.
    pub cited: bool,
    /// What the registration says where it differs.
    pub registered: Option<Registered>,
    /// What a reader must know.
    pub notes: &'static [Note],
    /// The publication.
    pub source: &'static str,
    /// How well it is known here.
    pub evidence: Evidence,
}

impl Reference {
    /// A rate's exact 95 % interval, computed from its counts.
    #[must_use]
    pub fn exact(&self) -> Option<Proportion> {
        match self.figure {
            Figure::Rate { x, n, .. } => clopper_pearson(x, n, 0.95),
            Figure::Median { .. } | Figure::AsRegistered { .. } | Figure::Year(_) => None,
        }
    }

    /// Whether it may be drawn beside this trial's figure; else it is only told.
    #[must_use]
    pub fn drawn(&self) -> bool {
        match self.figure {
            Figure::Rate { .. } | Figure::Median { .. } => true,
            Figure::AsRegistered { .. } | Figure::Year(_) => false,
        }
    }
}

#[cfg(test)]
mod tests;
