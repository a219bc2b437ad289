//! Time to next treatment.

use super::{DateError, Timed, Why, time};
use chrono::NaiveDate;
use serde::Deserialize;

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
        return Ok(Some(time(start, therapy, Why::NextTherapy)));
    }
    match (input.hsct_in_remission, input.death) {
        (Some(hsct), death) if death.is_none_or(|death| hsct < death) => Ok(Some(time(start, hsct, Why::Transplant))),
        (_, Some(death)) => Ok(input.leukaemia_death.map(|leukaemia| {
            let why = if leukaemia {
                Why::LeukaemiaDeath
            } else {
                Why::OtherDeath
            };
            time(start, death, why)
        })),
        (_, None) => Ok(input.last_contact.map(|contact| time(start, contact, Why::LastContact))),
    }
}
