//! Kaplan-Meier curves: Greenwood variance, log-log intervals; at a tie deaths come before censorings.
//!
//! Median: the smallest time with S ≤ 0.5; where S is exactly 0.5 between two drops, their midpoint (as R and SAS print).
//! Its interval: Brookmeyer and Crowley, Biometrics 1982, from the log-log band, with the same rule.
//! Follow-up: strict reverse Kaplan-Meier (Schemper and Smith 1996); those who die at a time have left before the
//! censorings of that time are counted.

use serde::Serialize;
use statrs::function::erf::erfc_inv;

/// A time that no observation can have: negative or not finite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time to event is a finite number, 0 or more")]
pub struct BadTime;

/// One patient's time, and whether it ended with the event.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Observation {
    time: f64,
    event: bool,
}

impl Observation {
    /// A time and its end.
    ///
    /// # Errors
    /// [`BadTime`].
    pub fn new(time: f64, event: bool) -> Result<Self, BadTime> {
        if time.is_finite() && time >= 0.0 {
            // A negative zero becomes the positive one: equal times have equal bits.
            Ok(Self {
                time: time + 0.0,
                event,
            })
        } else {
            Err(BadTime)
        }
    }

    /// The time.
    #[must_use]
    pub fn time(self) -> f64 {
        self.time
    }

    /// Whether it ended with the event.
    #[must_use]
    pub fn event(self) -> bool {
        self.event
    }
}

/// The curve from one distinct time on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Step {
    /// Time.
    pub time: f64,
    /// At risk just before it.
    pub at_risk: u32,
    /// Events at it.
    pub events: u32,
    /// Censorings at it.
    pub censored: u32,
    /// Survival from it on.
    pub survival: f64,
    /// Standard error after Greenwood.
    pub se: Option<f64>,
    /// Lower limit; absent where survival is 0 or 1.
    pub lower: Option<f64>,
    /// Upper limit; absent where survival is 0 or 1.
    pub upper: Option<f64>,
}

/// A survival curve.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curve {
    /// One step per distinct time, ascending.
    pub steps: Vec<Step>,
    /// Number of observations.
    pub n: usize,
    /// Level of the intervals.
    pub level: f64,
}

/// A median and its interval; what is not reached is absent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Median {
    /// Median.
    pub median: Option<f64>,
    /// Lower limit.
    pub lower: Option<f64>,
    /// Upper limit.
    pub upper: Option<f64>,
}

/// Survival at one time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Survival.
    pub survival: f64,
    /// Standard error.
    pub se: Option<f64>,
    /// Lower limit.
    pub lower: Option<f64>,
    /// Upper limit.
    pub upper: Option<f64>,
    /// Still under observation just before this time.
    pub at_risk: u32,
}

/// Counts at one distinct time.
#[derive(Clone, Copy)]
struct Tally {
    time: f64,
    at_risk: u32,
    events: u32,
    censored: u32,
}

/// Orders times cheaply: the bits of a float that is not negative rise with it, and its sign bit is free for the event.
fn key(one: &Observation) -> u64 {
    one.time.to_bits() << 1 | u64::from(one.event)
}

/// The distinct times, ascending, with who is at risk just before each.
struct Tallies {
    keys: Vec<u64>,
    next: usize,
}

impl Tallies {
    fn of(observations: &[Observation]) -> Self {
        let mut keys: Vec<u64> = observations.iter().map(key).collect();
        keys.sort_unstable();
        Self { keys, next: 0 }
    }

    /// How many distinct times there are.
    fn distinct(&self) -> usize {
        let changes = self
            .keys
            .windows(2)
            .filter(|pair| matches!(pair, [a, b] if a >> 1 != b >> 1));
        changes.count() + usize::from(!self.keys.is_empty())
    }
}

impl Iterator for Tallies {
    type Item = Tally;

    fn next(&mut self) -> Option<Tally> {
        let rest = self.keys.get(self.next..)?;
        let time = rest.first()? >> 1;
        let mut tally = Tally {
            time: f64::from_bits(time),
            at_risk: u32::try_from(rest.len()).unwrap_or(u32::MAX),
            events: 0,
            censored: 0,
        };
        let mut group = 0;
        for key in rest.iter().take_while(|key| **key >> 1 == time) {
            group += 1;
            if key & 1 == 1 {
                tally.events += 1;
            } else {
                tally.censored += 1;
            }
        }
        self.next += group;
        Some(tally)
    }
}

/// Two-sided normal quantile of a level.
fn normal(level: f64) -> f64 {
    std::f64::consts::SQRT_2 * erfc_inv(1.0 - level)
}

#[expect(clippy::cast_precision_loss, reason = "counts of patients are exact as floats")]
pub(crate) fn real(count: usize) -> f64 {
    count as f64
}

/// One pass over the distinct times; what changes only at an event is computed only there.
fn curve(observations: &[Observation], level: f64, of: impl Fn(Tally) -> Tally) -> Curve {
    let tallies = Tallies::of(observations);
    let z = normal(level);
    let mut steps = Vec::with_capacity(tallies.distinct());
    let (mut survival, mut sum) = (1.0_f64, 0.0_f64);
    let (mut se, mut lower, mut upper) = (Some(0.0), None, None);
    for tally in tallies.map(of) {
        if tally.events > 0 {
            let (n, d) = (f64::from(tally.at_risk), f64::from(tally.events));
            // Exactly 0 when all fall: no rounding residue.
            survival *= (n - d) / n;
            sum += d / (n * (n - d));
            (se, lower, upper) = if survival > 0.0 {
                let root = sum.sqrt();
                let log = survival.ln();
                let spread = (z * root / -log).exp();
                (
                    Some(survival * root),
                    Some((log * spread).exp()),
                    Some((log / spread).exp()),
                )
            } else {
                (None, None, None)
            };
        }
        steps.push(Step {
            time: tally.time,
            at_risk: tally.at_risk,
            events: tally.events,
            censored: tally.censored,
            survival,
            se,
            lower,
            upper,
        });
    }
    Curve {
        steps,
        n: observations.len(),
        level,
    }
}

/// The Kaplan-Meier curve.
#[must_use]
pub fn kaplan_meier(observations: &[Observation], level: f64) -> Curve {
    curve(observations, level, |tally| tally)
}

/// The strict reverse curve: censoring is the event, and those who die at a time have left before.
#[must_use]
pub fn reverse_kaplan_meier(observations: &[Observation], level: f64) -> Curve {
    curve(observations, level, |tally| Tally {
        at_risk: tally.at_risk - tally.events,
        events: tally.censored,
        censored: tally.events,
        ..tally
    })
}

const SAME: f64 = 1e-9;

impl Curve {
    /// Survival at a time; 1 before the first step.
    #[must_use]
    pub fn at(&self, time: f64) -> Point {
        let before = self.steps.partition_point(|step| step.time < time);
        let at_risk = self.steps.get(before).map_or(0, |step| step.at_risk);
        let until = self.steps.partition_point(|step| step.time <= time);
        let last = until.checked_sub(1).and_then(|last| self.steps.get(last));
        Point {
            survival: last.map_or(1.0, |step| step.survival),
            se: last.map_or(Some(0.0), |step| step.se),
            lower: last.and_then(|step| step.lower),
            upper: last.and_then(|step| step.upper),
            at_risk,
        }
    }

    /// Survival at a time, unless nobody was followed that far while some survive: then nothing is known.
    #[must_use]
    pub fn estimate_at(&self, time: f64) -> Option<Point> {
        let last = self.steps.last()?;
        (time <= last.time || last.survival == 0.0).then(|| self.at(time))
    }

    /// Median with its interval.
    #[must_use]
    pub fn median(&self) -> Median {
        Median {
            median: self.quantile(0.5, |step| Some(step.survival)),
            lower: self.quantile(0.5, |step| step.lower),
            upper: self.quantile(0.5, |step| step.upper),
        }
    }

    /// The smallest time at which a curve reaches `p`; the midpoint where it rests exactly on `p`.
    fn quantile(&self, p: f64, of: impl Fn(&Step) -> Option<f64>) -> Option<f64> {
        let mut drops = self
            .steps
            .iter()
            .filter(|step| step.events > 0)
            .filter_map(|step| of(step).map(|value| (step.time, value)))
            .skip_while(|(_, value)| *value > p + SAME);
        let (time, value) = drops.next()?;
        match drops.next() {
            Some((next, _)) if (value - p).abs() <= SAME => Some(f64::midpoint(time, next)),
            Some(_) | None => Some(time),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
