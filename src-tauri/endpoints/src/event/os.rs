//! Overall survival.

use super::{DateError, Timed, Why, time};
use chrono::NaiveDate;
use serde::Deserialize;

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
/// [`DateError`] when death or last contact precede the start, or the subject was alive after the death.
pub fn os(input: &Os) -> Timed {
    let Some(start) = input.start else { return Ok(None) };
    if input.death.is_some_and(|death| death < start) {
        return Err(DateError::EventBeforeStart);
    }
    if input.last_alive.is_some_and(|alive| alive < start) {
        return Err(DateError::LastAliveBeforeStart);
    }
    Ok(match (input.death, input.last_alive) {
        (Some(death), Some(alive)) if alive > death => return Err(DateError::AliveAfterDeath),
        (Some(death), _) => Some(time(start, death, Why::Death)),
        (None, Some(alive)) => Some(time(start, alive, Why::LastAlive)),
        (None, None) => None,
    })
}
