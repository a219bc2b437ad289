//! ICAHT: Rejeski, Blood 2023;142:865 \[S2 for neutrophils, S for platelets\].
//!
//! | early, days 0-30, longest run | 1 | 2 | 3 | 4 |
//! |---|---|---|---|---|
//! | ANC ≤ 500/µL | 1-6 d | 7-13 d | ≥ 14 d | never above |
//! | ANC ≤ 100/µL | – | – | 7-13 d | ≥ 14 d |
//! | late, after day 30, lowest | ≤ 1500 | ≤ 1000 | ≤ 500 | ≤ 100 |
//!
//! Up to 7 missing days between two values are interpolated; runs with less than 3 days between them are one, gap included.
//!
//! What days without a value and a series that stops leave open is a project decision \[PD\].

use crate::finding::{Grading, Op};
use crate::inputs::{codes, inputs};
use crate::quantity::{CellsE9PerL, CellsPerUl, d};
use crate::truth::{Ledger, Measure, Span};
use crate::{rule, what as w};
use rust_decimal::Decimal;

codes! {
    /// Why a series ended.
    Ended {
        /// Death.
        Death = "death",
        /// Progression or new therapy: what follows does not count.
        #[serde(alias = "progression", alias = "new_therapy")]
        Censored = "censored",
    }
}

inputs! {
    /// Neutrophils by day.
    IcahtEarly {
        /// Lowest ANC of each day from day 0; a null is a day without a value. Days after 30 are ignored.
        daily_anc_per_ul: Vec<Option<CellsPerUl>>,
        /// Why the series ends before day 30.
        ended: Ended,
    }
}

const LAST: usize = 30;
/// Days above a threshold that end a run.
const RECOVERY: usize = 3;
/// Missing days that are interpolated.
const BRIDGE: usize = 7;

type Series = Vec<Option<Decimal>>;

/// Early ICAHT, 0 to 4. Days that are not known are taken as good for the lowest grade and as bad for the highest.
#[must_use]
pub fn icaht_early(input: &IcahtEarly) -> Grading {
    let mut ledger = Ledger::default();
    let entered: Series = input
        .daily_anc_per_ul
        .iter()
        .flatten()
        .take(LAST + 1)
        .map(|day| day.map(CellsPerUl::get))
        .collect();
    let mut series = bridged(&entered);
    while series.last() == Some(&None) {
        series.pop();
    }
    if series.is_empty() {
        return ledger.grade(Span::between(0, 4, &["daily_anc_per_ul"]));
    }
    let good = d(1_000_000, 0);
    let died = input.ended == Some(Ended::Death);
    let known = |fill: Decimal, days: &Series| days.iter().map(|day| day.unwrap_or(fill)).collect::<Vec<_>>();
    let best = known(good, &series);
    let mut worst = known(d(0, 0), &series);
    let tail = (LAST + 1).saturating_sub(series.len());
    let recovered = series.len() >= RECOVERY
        && series
            .iter()
            .rev()
            .take(RECOVERY)
            .all(|day| day.is_some_and(|anc| anc > d(500, 0)));
    // Censored in remission of the count, nothing more is to come; censored while low, the run may have gone on.
    let settled = died || (recovered && (tail <= BRIDGE || input.ended == Some(Ended::Censored)));
    if !settled {
        worst.resize(LAST + 1, d(0, 0));
    }
    let through = |days: &[Decimal]| days.len() > LAST || died;
    let low = grade(&best, through(&best));
    let high = grade(&worst, through(&worst));
    for (what, limit) in [(w::DAYS_ANC_500, 500), (w::DAYS_ANC_100, 100)] {
        let days = longest(&best, d(limit, 0)).map_or(0, |run| run.1);
        let measure = Measure {
            what,
            unit: "d",
            value: Some(Decimal::from(days)),
            fields: &[],
        };
        let reached = [14, 7].into_iter().find(|least| days >= *least).unwrap_or(1);
        ledger.compare(&rule::C4, measure, Op::Ge, Decimal::from(reached));
    }
    ledger.grade(Span::between(low, high, &["daily_anc_per_ul"]))
}

fn grade(days: &[Decimal], through: bool) -> u8 {
    let five = longest(days, d(500, 0));
    let one = longest(days, d(100, 0)).map_or(0, |run| run.1);
    // From day 3 at the latest to the end: never above 500 since.
    let never = through && five.is_some_and(|(start, length)| start <= 3 && start + length == days.len());
    let by_five = match five.map_or(0, |run| run.1) {
        _ if never => 4,
        0 => 0,
        1..=6 => 1,
        7..=13 => 2,
        _ => 3,
    };
    let by_one = match one {
        0..=6 => 0,
        7..=13 => 3,
        _ => 4,
    };
    by_five.max(by_one)
}

/// Start and length of the longest run at or below a threshold, short gaps included.
fn longest(days: &[Decimal], limit: Decimal) -> Option<(usize, usize)> {
    let mut best: Option<(usize, usize)> = None;
    let mut run: Option<(usize, usize)> = None;
    for (day, _) in days.iter().enumerate().filter(|(_, anc)| **anc <= limit) {
        run = match run {
            Some((start, last)) if day - last <= RECOVERY => Some((start, day)),
            Some(_) | None => Some((day, day)),
        };
        if let Some((start, last)) = run
            && best.is_none_or(|(_, length)| last + 1 - start > length)
        {
            best = Some((start, last + 1 - start));
        }
    }
    best
}

/// Fills up to seven missing days between two values along a line.
fn bridged(days: &Series) -> Series {
    let mut filled = days.clone();
    let mut before: Option<(usize, Decimal)> = None;
    for (day, value) in days.iter().enumerate() {
        let Some(value) = *value else { continue };
        if let Some((from, start)) = before
            && day - from - 1 <= BRIDGE
        {
            for (offset, gap) in filled.iter_mut().take(day).skip(from + 1).enumerate() {
                // Divided last: a third of 600 is 200, a third is not exact.
                *gap = Some(start + (value - start) * Decimal::from(offset + 1) / Decimal::from(day - from));
            }
        }
        before = Some((day, value));
    }
    filled
}

inputs! {
    /// Neutrophils after day 30.
    IcahtLate {
        /// Every value from day 31 to day 100; a null is no value.
        anc_values_per_ul: Vec<Option<CellsPerUl>>,
    }
}

/// Late ICAHT, 0 to 4: the lowest value, if a second one is ≤ 1500 as well. A single value is graded as it is.
#[must_use]
pub fn icaht_late(input: &IcahtLate) -> Grading {
    let mut ledger = Ledger::default();
    let values: Vec<Decimal> = input
        .anc_values_per_ul
        .iter()
        .flatten()
        .flatten()
        .map(|anc| anc.get())
        .collect();
    let Some(lowest) = values.iter().min().copied() else {
        return ledger.grade(Span::between(0, 4, &["anc_values_per_ul"]));
    };
    let limits = [1500, 1000, 500, 100];
    let low = values.iter().filter(|anc| **anc <= d(1500, 0)).count();
    let measure = Measure {
        what: w::ANC_LOWEST,
        unit: "/µL",
        value: Some(lowest),
        fields: &[],
    };
    let grade = limits
        .iter()
        .filter(|limit| ledger.compare(&rule::C4, measure, Op::Le, d(**limit, 0)).yes())
        .count();
    let transient = values.len() > 1 && low < 2;
    if transient && grade > 0 {
        ledger.warn(&rule::C4, w::ANC_TRANSIENT);
    }
    ledger.grade(Span::at(if transient { 0 } else { u8::try_from(grade).unwrap_or(4) }))
}

inputs! {
    /// Platelets by day.
    TIcaht {
        /// Lowest platelets of each day; a null is a day without a value. Early grades ignore days after 30.
        daily_plt: Vec<Option<CellsE9PerL>>,
        /// Days, counted in `daily_plt` from 0, on which platelets were transfused: no recovery.
        transfused_days: Vec<u16>,
    }
}

/// Days below a limit in all; a transfused day continues the day before.
fn cumulative(input: &TIcaht, limit: Decimal) -> usize {
    let transfused = |day: usize| {
        let list = input.transfused_days.iter().flatten();
        list.into_iter().any(|transfused| usize::from(*transfused) == day)
    };
    let mut low = false;
    let mut days = 0;
    for (day, platelets) in input.daily_plt.iter().flatten().enumerate() {
        low = match platelets {
            Some(value) if transfused(day) => low || value.get() < limit,
            Some(value) => value.get() < limit,
            None => false,
        };
        days += usize::from(low);
    }
    days
}

fn platelet_span(input: &TIcaht, ledger: &mut Ledger, grade: impl Fn(&dyn Fn(u32) -> usize) -> u8) -> Span {
    if input.daily_plt.iter().flatten().all(Option::is_none) {
        return Span::between(0, 4, &["daily_plt"]);
    }
    let days = |limit: u32| cumulative(input, d(limit, 0));
    for (what, limit) in [(w::DAYS_PLT_50, 50), (w::DAYS_PLT_20, 20)] {
        let measure = Measure {
            what,
            unit: "d",
            value: Some(Decimal::from(days(limit))),
            fields: &[],
        };
        ledger.compare(&rule::C4_PLT, measure, Op::Ge, d(1, 0));
    }
    let known = grade(&days);
    let unknown = input.daily_plt.iter().flatten().any(Option::is_none);
    if unknown {
        Span::between(known, 4, &["daily_plt"])
    } else {
        Span::at(known)
    }
}

/// Platelets, days 0 to 30 \[S\]: < 50 for 1-6 / ≥ 7 days, < 20 for 1-13 / ≥ 14 days. A day without a value leaves it open.
#[must_use]
pub fn t_icaht_early(input: &TIcaht) -> Grading {
    let mut ledger = Ledger::default();
    let days_0_to_30 = TIcaht {
        daily_plt: input
            .daily_plt
            .as_ref()
            .map(|days| days.iter().take(LAST + 1).copied().collect()),
        ..input.clone()
    };
    let span = platelet_span(&days_0_to_30, &mut ledger, |days| match (days(20), days(50)) {
        (14.., _) => 4,
        (1.., _) => 3,
        (0, 7..) => 2,
        (0, 1..) => 1,
        (0, 0) => 0,
    });
    ledger.grade(span)
}

/// Platelets, days 31 to 100 \[S\]: < 100, < 50, < 20 for 1-13 / ≥ 14 days; grades 1 and 2 need two tests.
#[must_use]
pub fn t_icaht_late(input: &TIcaht) -> Grading {
    let mut ledger = Ledger::default();
    let tests = |limit: u32| {
        let values = input.daily_plt.iter().flatten().flatten();
        values.filter(|value| value.get() < d(limit, 0)).count()
    };
    let span = platelet_span(input, &mut ledger, |days| match days(20) {
        14.. => 4,
        1.. => 3,
        0 if tests(50) >= 2 => 2,
        0 => u8::from(tests(100) >= 2),
    });
    ledger.grade(span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Field, Grade};

    fn early(runs: &[(usize, Option<u32>)], ended: Option<Ended>) -> Grade {
        let days = runs.iter().flat_map(|(days, anc)| std::iter::repeat_n(*anc, *days));
        let daily = days
            .map(|anc| anc.map(|anc| CellsPerUl::new(d(anc, 0)).unwrap()))
            .collect();
        icaht_early(&IcahtEarly {
            daily_anc_per_ul: Some(daily),
            ended,
        })
        .grade
    }

    #[test]
    fn runs_are_joined_over_short_gaps() {
        let gap = |days| {
            early(
                &[
                    (5, Some(2000)),
                    (4, Some(400)),
                    (days, Some(600)),
                    (4, Some(400)),
                    (18 - days, Some(2000)),
                ],
                None,
            )
        };
        assert_eq!(gap(2), Grade::Graded { grade: 2 }, "4 + 2 + 4 days");
        assert_eq!(gap(3), Grade::Graded { grade: 1 });
    }

    #[test]
    fn never_above_500() {
        assert_eq!(
            early(&[(3, Some(900)), (28, Some(400))], None),
            Grade::Graded { grade: 4 }
        );
        assert_eq!(
            early(&[(4, Some(900)), (27, Some(400))], None),
            Grade::Graded { grade: 3 }
        );
        assert_eq!(
            early(&[(10, Some(400))], Some(Ended::Death)),
            Grade::Graded { grade: 4 }
        );
        assert_eq!(
            early(&[(10, Some(400))], None),
            Grade::AtLeast {
                grade: 2,
                missing: vec![Field("daily_anc_per_ul")]
            }
        );
    }

    #[test]
    fn gaps_are_bridged_up_to_seven_days() {
        let gap = |days| {
            early(
                &[(1, Some(400)), (days, None), (1, Some(400)), (29 - days, Some(2000))],
                None,
            )
        };
        assert_eq!(gap(7), Grade::Graded { grade: 2 }, "9 days, 7 of them interpolated");
        assert!(matches!(gap(8), Grade::AtLeast { grade: 1, .. }));
    }

    #[test]
    fn censoring_settles_only_what_had_recovered() {
        assert_eq!(
            early(&[(6, Some(400)), (5, Some(2000))], Some(Ended::Censored)),
            Grade::Graded { grade: 1 }
        );
        assert!(matches!(
            early(&[(6, Some(400))], Some(Ended::Censored)),
            Grade::AtLeast { grade: 1, .. }
        ));
    }

    #[test]
    fn a_third_is_exact() {
        let days = bridged(&vec![Some(d(700, 0)), None, None, Some(d(100, 0))]);
        assert_eq!(days[1..3], [Some(d(500, 0)), Some(d(300, 0))]);
    }

    #[test]
    fn a_recovered_series_may_stop_a_few_days_early() {
        assert_eq!(
            early(&[(6, Some(400)), (20, Some(2000))], None),
            Grade::Graded { grade: 1 }
        );
        assert!(matches!(
            early(&[(6, Some(400)), (10, Some(2000))], None),
            Grade::AtLeast { grade: 1, .. }
        ));
    }

    #[test]
    fn a_single_low_value_among_others_is_transient() {
        let late = |values: &[u32]| {
            let values = values.iter().map(|anc| CellsPerUl::new(d(*anc, 0)).ok()).collect();
            icaht_late(&IcahtLate {
                anc_values_per_ul: Some(values),
            })
            .grade
        };
        assert_eq!(late(&[400, 3000]), Grade::Graded { grade: 0 });
        assert_eq!(late(&[400]), Grade::Graded { grade: 3 });
        assert_eq!(late(&[1501]), Grade::Graded { grade: 0 });
    }

    #[test]
    fn transfused_days_are_no_recovery() {
        let plt = |values: &[u32], transfused: &[u16]| {
            let daily = values.iter().map(|plt| CellsE9PerL::new(d(*plt, 0)).ok()).collect();
            t_icaht_early(&TIcaht {
                daily_plt: Some(daily),
                transfused_days: Some(transfused.to_vec()),
            })
            .grade
        };
        assert_eq!(plt(&[40, 40, 40, 60, 40, 40, 40, 100], &[]), Grade::Graded { grade: 1 });
        assert_eq!(
            plt(&[40, 40, 40, 60, 40, 40, 40, 100], &[3]),
            Grade::Graded { grade: 2 }
        );
        assert_eq!(plt(&[19, 100], &[]), Grade::Graded { grade: 3 });
        assert_eq!(plt(&[50, 20], &[]), Grade::Graded { grade: 1 });
    }
}
