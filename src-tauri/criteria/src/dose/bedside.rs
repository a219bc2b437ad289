//! At the bedside: thaw to start (≤ 30 min, labels \[GK\]) and two people who compare identity \[PD\].
//!
//! The labels are those of Kymriah and Tecartus; that the same person twice is refused is a project decision.

use crate::finding::{Criterion, Op};
use crate::inputs::inputs;
use crate::quantity::d;
use crate::truth::{Ledger, Measure, Truth};
use crate::{rule, what as w};
use chrono::{DateTime, NaiveDateTime};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize};

/// A local date and time, to the minute or second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalTime(pub NaiveDateTime);

impl<'de> Deserialize<'de> for LocalTime {
    /// Reads `2025-06-01T10:00` or `2025-06-01T10:00:30`, a space for the `T`. A time with its offset from UTC becomes UTC:
    /// two of those are comparable across zones.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let text = text.trim().replacen(' ', "T", 1).replace('Z', "+00:00");
        let local = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%.f"]
            .iter()
            .find_map(|format| NaiveDateTime::parse_from_str(&text, format).ok());
        let placed = || {
            ["%Y-%m-%dT%H:%M%:z", "%Y-%m-%dT%H:%M:%S%.f%:z"]
                .iter()
                .find_map(|format| DateTime::parse_from_str(&text, format).ok())
        };
        local
            .or_else(|| placed().map(|time| time.naive_utc()))
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("time_unreadable"))
    }
}

inputs! {
    /// Thaw and infusion.
    Thaw {
        /// End of thaw.
        thaw_end: LocalTime,
        /// Start of infusion.
        infusion_start: LocalTime,
        /// End of infusion, recorded besides.
        infusion_stop: LocalTime,
    }
}

/// The interval and whether it is acceptable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ThawResult {
    /// Whole minutes from end of thaw to start.
    pub minutes: Option<i64>,
    /// Whole minutes from end of thaw to stop.
    pub minutes_to_stop: Option<i64>,
    /// At most 30 minutes.
    pub criterion: Criterion,
}

/// The infusion cannot have started before the thaw ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct StartBeforeThaw;

/// Thaw to start ≤ 30 minutes, inclusive.
///
/// # Errors
/// [`StartBeforeThaw`] when the times are in an impossible order.
pub fn thaw(input: &Thaw) -> Result<ThawResult, StartBeforeThaw> {
    let between = |from: Option<LocalTime>, to: Option<LocalTime>| {
        from.zip(to).map(|(from, to)| to.0.signed_duration_since(from.0))
    };
    let gap = between(input.thaw_end, input.infusion_start);
    if gap.is_some_and(|gap| gap.num_seconds() < 0) {
        return Err(StartBeforeThaw);
    }
    let fields: Vec<_> = [
        (input.thaw_end.is_none(), "thaw_end"),
        (input.infusion_start.is_none(), "infusion_start"),
    ]
    .into_iter()
    .filter_map(|(absent, name)| absent.then_some(name))
    .collect();
    let mut ledger = Ledger::default();
    // Seconds count: 30 minutes and one second is too long.
    let value = gap.map(|gap| Decimal::from(gap.num_seconds()) / d(60, 0));
    let measure = Measure {
        what: w::THAW_MINUTES,
        unit: "min",
        value,
        fields: &fields,
    };
    let met = ledger.compare(&rule::DOSE_THAW, measure, Op::Le, d(30, 0));
    Ok(ThawResult {
        minutes: gap.map(|gap| gap.num_minutes()),
        minutes_to_stop: between(input.thaw_end, input.infusion_stop).map(|gap| gap.num_minutes()),
        criterion: ledger.require(met),
    })
}

inputs! {
    /// Who compared identity, and when.
    Identity {
        /// First person.
        nurse1: String,
        /// Second person.
        nurse2: String,
        /// Both finished before the start of infusion.
        before_start: bool,
        /// Every identifier agreed for both; only a stated `false` fails. Not stated, it is not part of this check.
        all_agreed: bool,
    }
}

/// Chain of identity \[PD\]: two different people, both before the start, nothing disagreed.
#[must_use]
pub fn identity_check(input: &Identity) -> Criterion {
    let mut ledger = Ledger::default();
    let rule = &rule::DOSE_IDENTITY;
    let name = |nurse: &Option<String>| {
        nurse
            .as_deref()
            .map(str::trim)
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
    };
    let two = match (name(&input.nurse1), name(&input.nurse2)) {
        (Some(first), Some(second)) => ledger.word(
            rule,
            w::TWO_PERSONS,
            if first == second { "false" } else { "true" },
            first != second,
        ),
        (None, Some(_)) => Truth::lacking(&["nurse1"]),
        (Some(_), None) => Truth::lacking(&["nurse2"]),
        (None, None) => Truth::lacking(&["nurse1", "nurse2"]),
    };
    let early = ledger.fact(rule, w::BEFORE_START, input.before_start, "before_start");
    let agreed = match input.all_agreed {
        Some(agreed) => ledger.fact(rule, w::IDENTIFIERS_AGREED, Some(agreed), "all_agreed"),
        None => Truth::Yes,
    };
    ledger.require(two.and(early).and(agreed))
}

/// The same account on both sides of the check: what storage refuses outright.
#[must_use]
pub fn same_person(first: &str, second: &str) -> bool {
    first.trim() == second.trim()
}
