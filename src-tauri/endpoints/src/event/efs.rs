//! Event-free survival, and relapse-free survival from infusion.

use super::remission::relapse_or_death;
use super::{DateError, Dor, Timed, Transplant, Why, time};
use crate::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;

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

    fn assessed(&self) -> bool {
        self.last_assessment.is_some() || self.assessments.iter().flatten().next().is_some()
    }

    /// The infusion, unless death precedes it: without remission a relapse has no say.
    fn start(&self) -> Result<Option<NaiveDate>, DateError> {
        match (self.infusion, self.death) {
            (Some(start), Some(death)) if death < start => Err(DateError::EventBeforeStart),
            (start, _) => Ok(start),
        }
    }
}

/// Event-free survival: treatment failure is an event on day 1; death before any evaluable assessment on its date.
///
/// # Errors
/// [`DateError::EventBeforeStart`].
pub fn efs(input: &Efs) -> Timed {
    let Some(start) = input.start()? else { return Ok(None) };
    match (input.best_by_3m, input.death) {
        (Some(best), _) if best.is_remission() => relapse_or_death(start, &input.after_remission()),
        (Some(Response::Ne) | None, Some(death)) if !input.assessed() => Ok(Some(time(start, death, Why::Death))),
        (Some(Response::Ne), None) if !input.assessed() => Ok(Some(time(start, start, Why::NoAssessment))),
        (Some(_), _) => Ok(Some(time(start, start, Why::NoRemission))),
        (None, _) => Ok(None),
    }
}

/// Relapse-free survival from infusion as ZUMA-3 counts it: without remission an event on day 1.
///
/// # Errors
/// [`DateError::EventBeforeStart`].
pub fn rfs_zuma3(input: &Efs) -> Timed {
    let Some(start) = input.start()? else { return Ok(None) };
    match input.best_by_3m {
        Some(best) if best.is_remission() => relapse_or_death(start, &input.after_remission()),
        Some(_) => Ok(Some(time(start, start, Why::NoRemission))),
        // Who died unassessed can no longer reach a remission.
        None if input.death.is_some() && !input.assessed() => Ok(Some(time(start, start, Why::NoRemission))),
        None => Ok(None),
    }
}
