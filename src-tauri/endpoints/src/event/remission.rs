//! Duration of remission, and relapse-free survival of those in remission.

use super::{DateError, Timed, Transplant, Why, time};
use chrono::NaiveDate;
use serde::Deserialize;

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
    /// The last adequate assessment from the start up to and including a date.
    fn last_by(&self, start: NaiveDate, date: NaiveDate) -> Option<NaiveDate> {
        let listed = self.assessments.iter().flatten().copied();
        listed
            .chain(self.last_assessment)
            .filter(|one| *one >= start && *one <= date)
            .max()
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

pub(super) fn relapse_or_death(start: NaiveDate, input: &Dor) -> Timed {
    let relapse = input.relapse.map(|date| (date, Why::Relapse));
    let death = input.death.map(|date| (date, Why::Death));
    // On one date the relapse, which the death followed.
    let event = relapse.into_iter().chain(death).min_by_key(|(date, _)| *date);
    if event.is_some_and(|(date, _)| date < start) {
        return Err(DateError::EventBeforeStart);
    }
    let before_event = |date: &NaiveDate| event.is_none_or(|(event, _)| *date < event);
    let by = |date: NaiveDate| input.last_by(start, date);
    let hsct = match input.mode {
        Transplant::Primary => None,
        Transplant::CensorHsct => input.hsct.filter(before_event),
    };
    let therapy = input.new_therapy.filter(before_event);
    let missed = input.missed_before_event.is_some_and(|missed| missed >= 2);
    Ok(Some(match (hsct, therapy, event) {
        (Some(hsct), therapy, _) if therapy.is_none_or(|therapy| hsct <= therapy) => {
            time(start, hsct.max(start), Why::Transplant)
        }
        (_, Some(therapy), _) => time(start, by(therapy).unwrap_or(start), Why::NewTherapy),
        (_, None, Some((date, _))) if missed => {
            let last = date.pred_opt().and_then(by).unwrap_or(start);
            time(start, last, Why::MissedAssessments)
        }
        (_, None, Some((date, why))) => time(start, date, why),
        (_, None, None) => match by(NaiveDate::MAX) {
            Some(last) => time(start, last, Why::LastAssessment),
            None => time(start, start, Why::NoAssessment),
        },
    }))
}
