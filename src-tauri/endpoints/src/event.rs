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
//! assessments missed right before the event: censored at the last adequate one.

use crate::response::Response;
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// A time to event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Time {
    /// Days, from 1.
    pub days: i64,
    /// Event, or censored.
    pub event: bool,
    /// The date on which it ends.
    pub end: NaiveDate,
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
}

impl DateError {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::LastAliveBeforeStart => "last_alive_before_start",
            Self::EventBeforeStart => "event_before_start",
        }
    }
}

/// A time, nothing while a date that it needs is missing, or a contradiction.
pub type Timed = Result<Option<Time>, DateError>;

fn time(start: NaiveDate, end: NaiveDate, event: bool) -> Time {
    let cap = start.checked_add_months(Months::new(24)).unwrap_or(NaiveDate::MAX);
    let (end, event) = if end > cap { (cap, false) } else { (end, event) };
    Time {
        days: end.signed_duration_since(start).num_days() + 1,
        event,
        end,
    }
}

/// Overall survival.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Os {
    /// Admission; infusion in the sensitivity analysis.
    pub start: Option<NaiveDate>,
    /// Death.
    pub death: Option<NaiveDate>,
    /// Last known alive.
    pub last_alive: Option<NaiveDate>,
}

/// Overall survival.
///
/// # Errors
/// [`DateError`] when death or last contact precede the start.
pub fn os(input: &Os) -> Timed {
    let Some(start) = input.start else { return Ok(None) };
    if input.death.is_some_and(|death| death < start) {
        return Err(DateError::EventBeforeStart);
    }
    if input.last_alive.is_some_and(|alive| alive < start) {
        return Err(DateError::LastAliveBeforeStart);
    }
    Ok(match (input.death, input.last_alive) {
        (Some(death), _) => Some(time(start, death, true)),
        (None, Some(alive)) => Some(time(start, alive, false)),
        (None, None) => None,
    })
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

/// Duration of remission, and relapse-free survival of those in remission.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dor {
    /// First CR, CRh or CRi.
    pub remission: Option<NaiveDate>,
    /// Relapse.
    pub relapse: Option<NaiveDate>,
    /// Death from any cause.
    pub death: Option<NaiveDate>,
    /// Allogeneic transplant.
    pub hsct: Option<NaiveDate>,
    /// New therapy other than transplant.
    pub new_therapy: Option<NaiveDate>,
    /// Last adequate assessment.
    pub last_assessment: Option<NaiveDate>,
    /// Every adequate assessment, to find the last on or before a date.
    pub assessments: Option<Vec<NaiveDate>>,
    /// Scheduled assessments missed right before the event.
    pub missed_before_event: Option<u16>,
    /// Analysis.
    #[serde(default)]
    pub mode: Transplant,
}

impl Dor {
    /// The last adequate assessment on or before a date.
    fn last_by(&self, date: NaiveDate) -> Option<NaiveDate> {
        let listed = self.assessments.iter().flatten().copied();
        listed.chain(self.last_assessment).filter(|one| *one <= date).max()
    }
}

/// Duration of remission; relapse-free survival is the same of those in remission.
///
/// # Errors
/// [`DateError::EventBeforeStart`].
pub fn dor(input: &Dor) -> Timed {
    let Some(start) = input.remission else { return Ok(None) };
    relapse_or_death(start, input)
}

fn relapse_or_death(start: NaiveDate, input: &Dor) -> Timed {
    let event = input.relapse.into_iter().chain(input.death).min();
    if event.is_some_and(|event| event < start) {
        return Err(DateError::EventBeforeStart);
    }
    let by = |date: NaiveDate| input.last_by(date).unwrap_or(start).max(start);
    let missed = input.missed_before_event.is_some_and(|missed| missed >= 2);
    let therapy = input
        .new_therapy
        .filter(|therapy| event.is_none_or(|event| *therapy < event));
    let transplant = match input.mode {
        Transplant::Primary => None,
        Transplant::CensorHsct => input.hsct.filter(|hsct| event.is_none_or(|event| *hsct < event)),
    };
    let censored = therapy
        .map(by)
        .into_iter()
        .chain(transplant.map(|hsct| hsct.max(start)))
        .min();
    Ok(Some(match (censored, event) {
        (Some(end), _) => time(start, end, false),
        (None, Some(event)) if missed => {
            let before = event.pred_opt().map_or(start, by);
            time(start, before, false)
        }
        (None, Some(event)) => time(start, event, true),
        (None, None) => time(start, by(NaiveDate::MAX), false),
    }))
}

/// Event-free survival.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Efs {
    /// Infusion.
    pub infusion: Option<NaiveDate>,
    /// Best response by three months; missing while it is not known.
    pub best_by_3m: Option<Response>,
    /// Relapse.
    pub relapse: Option<NaiveDate>,
    /// Death.
    pub death: Option<NaiveDate>,
    /// Allogeneic transplant.
    pub hsct: Option<NaiveDate>,
    /// New therapy other than transplant.
    pub new_therapy: Option<NaiveDate>,
    /// Last adequate assessment.
    pub last_assessment: Option<NaiveDate>,
    /// Every adequate assessment.
    pub assessments: Option<Vec<NaiveDate>>,
    /// Scheduled assessments missed right before the event.
    pub missed_before_event: Option<u16>,
    /// Analysis.
    #[serde(default)]
    pub mode: Transplant,
}

impl Efs {
    fn after_remission(&self) -> Dor {
        Dor {
            remission: self.infusion,
            relapse: self.relapse,
            death: self.death,
            hsct: self.hsct,
            new_therapy: self.new_therapy,
            last_assessment: self.last_assessment,
            assessments: self.assessments.clone(),
            missed_before_event: self.missed_before_event,
            mode: self.mode,
        }
    }
}

/// Event-free survival: treatment failure is an event on day 1; death before any evaluable assessment on its date.
///
/// # Errors
/// [`DateError::EventBeforeStart`].
pub fn efs(input: &Efs) -> Timed {
    let Some(start) = input.infusion else { return Ok(None) };
    let assessed = input.last_assessment.is_some() || input.assessments.iter().flatten().next().is_some();
    match (input.best_by_3m, input.death) {
        (Some(best), _) if best.is_remission() => relapse_or_death(start, &input.after_remission()),
        (Some(Response::Ne) | None, Some(death)) if !assessed => {
            if death < start {
                Err(DateError::EventBeforeStart)
            } else {
                Ok(Some(time(start, death, true)))
            }
        }
        (Some(Response::Ne), None) if !assessed => Ok(Some(time(start, start, false))),
        (Some(_), _) => Ok(Some(time(start, start, true))),
        (None, _) => Ok(None),
    }
}

/// Relapse-free survival from infusion as ZUMA-3 counts it: without remission an event on day 1.
///
/// # Errors
/// [`DateError::EventBeforeStart`].
pub fn rfs_zuma3(input: &Efs) -> Timed {
    let Some(start) = input.infusion else { return Ok(None) };
    match input.best_by_3m {
        None => Ok(None),
        Some(best) if best.is_remission() => relapse_or_death(start, &input.after_remission()),
        Some(_) => Ok(Some(time(start, start, true))),
    }
}

/// Time to next treatment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ttnt {
    /// Infusion.
    pub infusion: Option<NaiveDate>,
    /// Start of the next systemic antileukaemic therapy.
    pub next_therapy: Option<NaiveDate>,
    /// Death.
    pub death: Option<NaiveDate>,
    /// Whether death was from leukaemia.
    pub leukaemia_death: Option<bool>,
    /// Transplant in remission.
    pub hsct_in_remission: Option<NaiveDate>,
    /// Last contact.
    pub last_contact: Option<NaiveDate>,
}

/// Time to next treatment; nothing while the cause of a death that would decide is missing.
///
/// # Errors
/// [`DateError`].
pub fn ttnt(input: &Ttnt) -> Timed {
    let Some(start) = input.infusion else { return Ok(None) };
    let dates = input
        .next_therapy
        .into_iter()
        .chain(input.death)
        .chain(input.hsct_in_remission);
    if dates.min().is_some_and(|first| first < start) {
        return Err(DateError::EventBeforeStart);
    }
    if input.last_contact.is_some_and(|contact| contact < start) {
        return Err(DateError::LastAliveBeforeStart);
    }
    let earlier = |date: NaiveDate, other: Option<NaiveDate>| other.is_none_or(|other| date <= other);
    if let Some(therapy) = input.next_therapy
        && earlier(therapy, input.hsct_in_remission)
        && earlier(therapy, input.death)
    {
        return Ok(Some(time(start, therapy, true)));
    }
    match (input.hsct_in_remission, input.death) {
        (Some(hsct), death) if death.is_none_or(|death| hsct < death) => Ok(Some(time(start, hsct, false))),
        (_, Some(death)) => Ok(input.leukaemia_death.map(|event| time(start, death, event))),
        (_, None) => Ok(input.last_contact.map(|contact| time(start, contact, false))),
    }
}

#[cfg(test)]
mod tests;
