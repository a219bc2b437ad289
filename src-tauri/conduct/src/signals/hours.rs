//! Signals of time: work at odd hours, and much of it in a short while.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, FixedOffset, Timelike};
use study::act::{Act, Actor, EntryRef, Moment};

use super::{MANY, MINUTES, ODD_FROM, ODD_TO, Read, Signal, Stretch};
use crate::machine::instant;

/// The moment as the wall clock beside the device said it.
fn local(moment: &Moment) -> Option<DateTime<FixedOffset>> {
    let offset: FixedOffset = moment.offset.parse().ok()?;
    instant(&moment.at).map(|at| at.with_timezone(&offset))
}

/// Civil date of a moment on the wall beside the device.
pub(super) fn local_day(moment: &Moment) -> Option<String> {
    local(moment).map(|at| at.date_naive().to_string())
}

/// Work on records: what one does not do in passing.
fn is_work(act: &Act) -> bool {
    matches!(
        act,
        Act::ValueEntered { .. }
            | Act::RowRemoved { .. }
            | Act::SubjectAdded { .. }
            | Act::SubjectMoved { .. }
            | Act::FormCompleted { .. }
            | Act::FormReopened { .. }
            | Act::FindingExplained { .. }
            | Act::Verified { .. }
            | Act::VerificationWithdrawn { .. }
            | Act::Confirmed { .. }
            | Act::Signed { .. }
    )
}

/// One signal for each person and night.
pub(super) fn odd_hours(stretch: &Stretch<'_>) -> Vec<Signal> {
    let mut nights: BTreeMap<(&str, String), Vec<EntryRef>> = BTreeMap::new();
    for entry in stretch.read.iter().filter(|entry| is_work(&entry.body.act)) {
        let (Actor::Person(person), Some(at)) = (&entry.body.actor, local(&entry.body.moment)) else {
            continue;
        };
        if (ODD_TO..ODD_FROM).contains(&at.hour()) {
            continue;
        }
        // The small hours belong to the night that began the evening before.
        let night = (at - Duration::hours(i64::from(ODD_TO))).date_naive().to_string();
        nights.entry((person, night)).or_default().push(entry.at.clone());
    }
    nights
        .into_iter()
        .map(|((person, night), entries)| {
            let mut signal = Signal::new("odd_hours", entries);
            signal.by = Some(Actor::Person(person.to_owned()));
            signal.facts = vec![("night", night), ("entries", signal.entries.len().to_string())];
            signal
        })
        .collect()
}

/// One signal for each while in which a person changed so much.
pub(super) fn many_changes(stretch: &Stretch<'_>) -> Vec<Signal> {
    let mut by: BTreeMap<&str, Vec<(i64, &Read)>> = BTreeMap::new();
    for entry in stretch.read.iter().filter(|entry| entry.changes()) {
        if let Actor::Person(person) = &entry.body.actor {
            by.entry(person).or_default().push((entry.millis(), entry));
        }
    }
    let mut all = Vec::new();
    for (person, mut changes) in by {
        changes.sort_by(|a, b| (a.0, &a.1.at).cmp(&(b.0, &b.1.at)));
        for run in runs(&changes.iter().map(|(at, _)| *at).collect::<Vec<_>>()) {
            let (first, last) = (changes[run.start].0, changes[run.end - 1].0);
            let mut signal = Signal::new("many_changes", changes[run].iter().map(|(_, e)| e.at.clone()).collect());
            signal.by = Some(Actor::Person(person.to_owned()));
            signal.facts = vec![
                ("changes", signal.entries.len().to_string()),
                ("minutes", ((last - first) / 60_000 + 1).to_string()),
            ];
            all.push(signal);
        }
    }
    all
}

/// Stretches of sorted moments in which every one lies in some window that holds enough of them; windows that share a
/// moment are one.
fn runs(times: &[i64]) -> Vec<std::ops::Range<usize>> {
    let window = MINUTES * 60_000;
    let mut all: Vec<std::ops::Range<usize>> = Vec::new();
    for (from, begins) in times.iter().enumerate() {
        let past = times.partition_point(|at| *at <= begins + window);
        if past - from < MANY {
            continue;
        }
        match all.last_mut().filter(|run| from < run.end) {
            Some(run) => run.end = run.end.max(past),
            None => all.push(from..past),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::single_range_in_vec_init, reason = "one run is meant, not the numbers in it")]
    fn a_run_is_as_long_as_windows_that_touch() {
        let minute = |n: i64| n * 60_000;
        let steady: Vec<i64> = (0..30).map(minute).collect();
        assert_eq!(
            runs(&steady),
            [0..30],
            "one each minute: eleven in ten minutes, all the way"
        );
        let slow: Vec<i64> = (0..30).map(|n| minute(n * 2)).collect();
        assert_eq!(runs(&slow), [], "one every other minute is the usual round");
        let nine: Vec<i64> = (0..9).map(|_| 0).collect();
        assert_eq!(runs(&nine), []);
        let mut twice: Vec<i64> = (0..10).map(|_| 0).collect();
        twice.extend((0..10).map(|_| minute(60)));
        assert_eq!(runs(&twice), [0..10, 10..20]);
        assert_eq!(runs(&[]), []);
    }

    #[test]
    fn the_small_hours_belong_to_the_evening_before() {
        let moment = |at: &str| Moment {
            at: at.into(),
            offset: "+08:00".into(),
        };
        assert_eq!(local_day(&moment("2026-03-02T15:59:00.000Z")).unwrap(), "2026-03-02");
        assert_eq!(local_day(&moment("2026-03-02T16:00:00.000Z")).unwrap(), "2026-03-03");
        assert!(local_day(&moment("never")).is_none());
    }
}
