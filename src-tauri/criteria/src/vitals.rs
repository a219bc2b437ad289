//! Vital signs around the infusion (E.6) \[GK, D-28\]: baseline at most 30 minutes before; every 15 minutes during and for
//! one hour; every 30 minutes for two more; every 4 hours to 24 hours. A gap of more than 20 minutes in the first phase is asked about.

use chrono::{NaiveDateTime, TimeDelta};
use serde::Serialize;

/// One stretch of the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// At most 30 minutes before the start.
    Baseline,
    /// During the infusion and for one hour after.
    Quarter,
    /// For two hours more.
    Half,
    /// To 24 hours.
    FourHourly,
}

/// A baseline set is measured at most this long before the start.
pub(crate) const BASELINE_MINUTES: i64 = 30;
/// Longer than this without a set in the first phase is a gap.
pub(crate) const GAP_MINUTES: i64 = 20;
/// Each stretch: minutes between two sets, and minutes after the stop until which it lasts.
pub(crate) const PHASES: [(Phase, i64, i64); 3] = [
    (Phase::Quarter, 15, 60),
    (Phase::Half, 30, 180),
    (Phase::FourHourly, 240, 1440),
];

/// When a set is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    /// Stretch.
    pub phase: Phase,
    /// Time.
    pub at: NaiveDateTime,
}

/// Every set that is due from the start to 24 hours after the stop; nothing if the stop precedes the start or lies more than a day after it.
#[must_use]
pub fn schedule(start: NaiveDateTime, stop: NaiveDateTime) -> Vec<Due> {
    let length = stop.signed_duration_since(start);
    if length < TimeDelta::zero() || length > TimeDelta::hours(24) {
        return Vec::new();
    }
    let mut due = vec![Due {
        phase: Phase::Baseline,
        at: start,
    }];
    let mut at = start;
    for (phase, step, until) in PHASES {
        let (step, until) = (TimeDelta::minutes(step), TimeDelta::minutes(until));
        while let Some(next) = at.checked_add_signed(step)
            && next.signed_duration_since(stop) <= until
        {
            at = next;
            due.push(Due { phase, at });
        }
    }
    due
}

/// A stretch of the first phase in which nothing was measured for more than 20 minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// From.
    pub from: NaiveDateTime,
    /// To.
    pub to: NaiveDateTime,
}

/// Gaps of more than 20 minutes from the start to one hour after the stop.
#[must_use]
pub fn gaps(start: NaiveDateTime, stop: NaiveDateTime, measured: &[NaiveDateTime]) -> Vec<Gap> {
    let Some(end) = stop.checked_add_signed(TimeDelta::hours(1)) else {
        return Vec::new();
    };
    let mut times: Vec<_> = measured
        .iter()
        .copied()
        .filter(|at| (start..=end).contains(at))
        .collect();
    times.extend([start, end]);
    times.sort_unstable();
    let pairs = times.windows(2).filter_map(|pair| match pair {
        [from, to] => Some(Gap { from: *from, to: *to }),
        _ => None,
    });
    pairs
        .filter(|gap| gap.to.signed_duration_since(gap.from) > TimeDelta::minutes(GAP_MINUTES))
        .collect()
}

/// Whether a baseline set was measured in the 30 minutes before the start.
#[must_use]
pub fn baseline_measured(start: NaiveDateTime, measured: &[NaiveDateTime]) -> bool {
    measured.iter().any(|at| {
        let before = start.signed_duration_since(*at);
        before >= TimeDelta::zero() && before <= TimeDelta::minutes(BASELINE_MINUTES)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn the_schedule_of_a_short_infusion() {
        let due = schedule(at("2025-06-01T10:00:00"), at("2025-06-01T10:15:00"));
        let count = |phase| due.iter().filter(|one| one.phase == phase).count();
        assert_eq!(
            (count(Phase::Quarter), count(Phase::Half), count(Phase::FourHourly)),
            (5, 4, 5)
        );
        assert_eq!(due[5].at, at("2025-06-01T11:15:00"));
        assert!(schedule(at("2025-06-01T10:15:00"), at("2025-06-01T10:00:00")).is_empty());
    }

    #[test]
    fn twenty_minutes_are_allowed() {
        let (start, stop) = (at("2025-06-01T10:00:00"), at("2025-06-01T10:00:00"));
        let times = [at("2025-06-01T10:20:00"), at("2025-06-01T10:41:00")];
        let found = gaps(start, stop, &times);
        assert_eq!(
            found,
            vec![Gap {
                from: times[0],
                to: times[1]
            }]
        );
        assert!(baseline_measured(start, &[at("2025-06-01T09:30:00")]));
        assert!(!baseline_measured(start, &[at("2025-06-01T09:29:00")]));
    }
}
