//! Times to event, in days counted from 1: end − start + 1 \[D-19\]. All are capped at start + 2 calendar years: an event on
//! that day counts, later is censored there.
//!
//! | endpoint | start | event | censored |
//! |---|---|---|---|
//! | OS | admission \[D-02\] | death | last known alive |
//! | DOR, RFS | first remission | relapse, death | last adequate assessment; new therapy: the last one on or before it; transplant only in the sensitivity analysis \[D-14\] |
//! | RFS, ZUMA-3 | infusion | as RFS; without remission on day 1 | as RFS |
//! | EFS | infusion | no remission by 3 months on day 1; relapse; death | last adequate assessment |
//! | TTNT | infusion | next therapy, death from leukaemia | transplant in remission, other death, last contact |
//!
//! Event and censoring on one date: the event counts. Without any assessment: censored on day 1. Two or more scheduled
//! assessments missed right before the event: censored at the last adequate one. Of two reasons to censor the earlier one
//! holds: who was transplanted before a new therapy is, in the sensitivity analysis, censored at the transplant.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

mod efs;
mod os;
mod remission;
mod ttnt;

pub use efs::{Efs, efs, rfs_zuma3};
pub use os::{Os, os};
pub use remission::{Dor, dor};
pub use ttnt::{Ttnt, ttnt};

/// Why a time ends where it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Event: death from any cause.
    Death,
    /// Event: relapse or progression.
    Relapse,
    /// Event on day 1: no remission by three months.
    NoRemission,
    /// Event: the next systemic antileukaemic therapy.
    NextTherapy,
    /// Event: death from leukaemia.
    LeukaemiaDeath,
    /// Censored when last known alive.
    LastAlive,
    /// Censored at the last adequate assessment.
    LastAssessment,
    /// Censored at the last adequate assessment on or before a new therapy.
    NewTherapy,
    /// Censored at the transplant.
    Transplant,
    /// Censored at the last adequate assessment: two or more were missed right before the event.
    MissedAssessments,
    /// Censored on day 1: nothing was assessed after it.
    NoAssessment,
    /// Censored at a death from another cause than leukaemia.
    OtherDeath,
    /// Censored at the last contact.
    LastContact,
    /// Censored two calendar years after the start.
    TwoYears,
}

impl Why {
    /// Every reason, in the order of its declaration.
    pub const ALL: [Self; 14] = [
        Self::Death,
        Self::Relapse,
        Self::NoRemission,
        Self::NextTherapy,
        Self::LeukaemiaDeath,
        Self::LastAlive,
        Self::LastAssessment,
        Self::NewTherapy,
        Self::Transplant,
        Self::MissedAssessments,
        Self::NoAssessment,
        Self::OtherDeath,
        Self::LastContact,
        Self::TwoYears,
    ];

    /// Whether it is an event; else the time is censored.
    #[must_use]
    pub fn is_event(self) -> bool {
        match self {
            Self::Death | Self::Relapse | Self::NoRemission | Self::NextTherapy | Self::LeukaemiaDeath => true,
            Self::LastAlive
            | Self::LastAssessment
            | Self::NewTherapy
            | Self::Transplant
            | Self::MissedAssessments
            | Self::NoAssessment
            | Self::OtherDeath
            | Self::LastContact
            | Self::TwoYears => false,
        }
    }

    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Death => "death",
            Self::Relapse => "relapse",
            Self::NoRemission => "no_remission",
            Self::NextTherapy => "next_therapy",
            Self::LeukaemiaDeath => "leukaemia_death",
            Self::LastAlive => "last_alive",
            Self::LastAssessment => "last_assessment",
            Self::NewTherapy => "new_therapy",
            Self::Transplant => "transplant",
            Self::MissedAssessments => "missed_assessments",
            Self::NoAssessment => "no_assessment",
            Self::OtherDeath => "other_death",
            Self::LastContact => "last_contact",
            Self::TwoYears => "two_years",
        }
    }
}

/// A time to event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Time {
    /// Days, from 1.
    pub days: i64,
    /// Event, or censored.
    pub event: bool,
    /// The date on which it starts.
    pub start: NaiveDate,
    /// The date on which it ends.
    pub end: NaiveDate,
    /// Why it ends there.
    pub why: Why,
}

impl Time {
    /// Whether the subject was followed to the end of the two years.
    #[must_use]
    pub fn reached_cap(&self) -> bool {
        self.end >= cap(self.start)
    }
}

/// Dates that contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum DateError {
    /// Last known alive before the start.
    #[error("last known alive before the start")]
    LastAliveBeforeStart,
    /// An event before the start.
    #[error("an event before the start")]
    EventBeforeStart,
    /// Known alive after the date of death.
    #[error("known alive after the date of death")]
    AliveAfterDeath,
}

impl DateError {
    /// Every contradiction.
    pub const ALL: [Self; 3] = [
        Self::LastAliveBeforeStart,
        Self::EventBeforeStart,
        Self::AliveAfterDeath,
    ];

    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::LastAliveBeforeStart => "last_alive_before_start",
            Self::EventBeforeStart => "event_before_start",
            Self::AliveAfterDeath => "alive_after_death",
        }
    }
}

/// A time, nothing while a date that it needs is missing, or a contradiction.
pub type Timed = Result<Option<Time>, DateError>;

/// Two calendar years later: 29 February ends on 28 February.
pub(crate) fn cap(start: NaiveDate) -> NaiveDate {
    start.checked_add_months(Months::new(24)).unwrap_or(NaiveDate::MAX)
}

fn time(start: NaiveDate, end: NaiveDate, why: Why) -> Time {
    let cap = cap(start);
    let (end, why) = if end > cap { (cap, Why::TwoYears) } else { (end, why) };
    Time {
        days: end.signed_duration_since(start).num_days() + 1,
        event: why.is_event(),
        start,
        end,
        why,
    }
}

/// Whether a transplant in remission censors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transplant {
    /// Primary analysis: not censored.
    #[default]
    Primary,
    /// Sensitivity analysis: censored on its date.
    CensorHsct,
}

#[cfg(test)]
mod tests;
