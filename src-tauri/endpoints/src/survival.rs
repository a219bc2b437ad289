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
            Ok(Self { time, event })
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
    pub at_risk: usize,
    /// Events at it.
    pub events: usize,
    /// Censorings at it.
    pub censored: usize,
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
    pub at_risk: usize,
}

/// Counts at one distinct time.
struct Tally {
    time: f64,
    at_risk: usize,
    events: usize,
    censored: usize,
}

fn tallies(observations: &[Observation]) -> Vec<Tally> {
    let mut sorted = observations.to_vec();
    sorted.sort_by(|a, b| a.time.total_cmp(&b.time));
    let mut at_risk = sorted.len();
    let mut tallies: Vec<Tally> = Vec::new();
    for group in sorted.chunk_by(|a, b| a.time == b.time) {
        let events = group.iter().filter(|one| one.event).count();
        let time = group.first().map_or(0.0, |one| one.time);
        tallies.push(Tally {
            time,
            at_risk,
            events,
            censored: group.len() - events,
        });
        at_risk -= group.len();
    }
    tallies
}

/// Two-sided normal quantile of a level.
fn normal(level: f64) -> f64 {
    std::f64::consts::SQRT_2 * erfc_inv(1.0 - level)
}

#[expect(clippy::cast_precision_loss, reason = "counts of patients are exact as floats")]
pub(crate) fn real(count: usize) -> f64 {
    count as f64
}

fn curve(tallies: &[Tally], n: usize, level: f64, of: impl Fn(&Tally) -> (usize, usize)) -> Curve {
    let z = normal(level);
    let (mut survival, mut sum) = (1.0_f64, 0.0_f64);
    let mut steps = Vec::with_capacity(tallies.len());
    for tally in tallies {
        let (at_risk, events) = of(tally);
        if events > 0 {
            let (n, d) = (real(at_risk), real(events));
            // Exactly 0 when all fall: no rounding residue.
            survival = if at_risk == events {
                0.0
            } else {
                survival * (1.0 - d / n)
            };
            sum += d / (n * (n - d));
        }
        let inside = survival > 0.0 && survival < 1.0;
        let spread = z * sum.sqrt() / survival.ln().abs();
        steps.push(Step {
            time: tally.time,
            at_risk,
            events,
            censored: tally.events + tally.censored - events,
            survival,
            se: if survival == 1.0 {
                Some(0.0)
            } else {
                inside.then(|| survival * sum.sqrt())
            },
            lower: inside.then(|| survival.powf(spread.exp())),
            upper: inside.then(|| survival.powf((-spread).exp())),
        });
    }
    Curve { steps, n, level }
}

/// The Kaplan-Meier curve.
#[must_use]
pub fn kaplan_meier(observations: &[Observation], level: f64) -> Curve {
    curve(&tallies(observations), observations.len(), level, |tally| {
        (tally.at_risk, tally.events)
    })
}

/// The strict reverse curve: censoring is the event, and those who die at a time have left before.
#[must_use]
pub fn reverse_kaplan_meier(observations: &[Observation], level: f64) -> Curve {
    curve(&tallies(observations), observations.len(), level, |tally| {
        (tally.at_risk - tally.events, tally.censored)
    })
}

const SAME: f64 = 1e-9;

impl Curve {
    /// Survival at a time; 1 before the first step.
    #[must_use]
    pub fn at(&self, time: f64) -> Point {
        let at_risk = self
            .steps
            .iter()
            .find(|step| step.time >= time)
            .map_or(0, |step| step.at_risk);
        self.steps.iter().rev().find(|step| step.time <= time).map_or(
            Point {
                survival: 1.0,
                se: Some(0.0),
                lower: None,
                upper: None,
                at_risk,
            },
            |step| Point {
                survival: step.survival,
                se: step.se,
                lower: step.lower,
                upper: step.upper,
                at_risk,
            },
        )
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
        let drops: Vec<_> = self
            .steps
            .iter()
            .filter(|step| step.events > 0)
            .filter_map(|step| of(step).map(|value| (step.time, value)))
            .collect();
        let reached = drops.iter().position(|(_, value)| *value <= p + SAME)?;
        let (time, value) = *drops.get(reached)?;
        match drops.get(reached + 1) {
            Some((next, _)) if (value - p).abs() <= SAME => Some(f64::midpoint(time, *next)),
            Some(_) | None => Some(time),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn data(text: &str) -> Vec<Observation> {
        text.split(',')
            .map(|one| {
                let censored = one.ends_with('+');
                Observation::new(one.trim_end_matches('+').parse().unwrap(), !censored).unwrap()
            })
            .collect()
    }

    pub(crate) const SIX_MP: &str = "6,6,6,6+,7,9+,10,10+,11+,13,16,17+,19+,20+,22,23,25+,32+,32+,34+,35+";
    pub(crate) const PLACEBO: &str = "1,1,2,2,3,4,4,5,5,8,8,8,8,11,11,12,12,15,17,22,23";
    pub(crate) const MAINTAINED: &str = "9,13,13+,18,23,28+,31,34,45+,48,161+";
    pub(crate) const NONMAINTAINED: &str = "5,5,8,8,12,16+,23,27,30,33,43,45";

    fn near(a: Option<f64>, b: f64) {
        assert!((a.unwrap() - b).abs() < 1e-6, "{a:?} {b}");
    }

    #[test]
    fn freireich() {
        let curve = kaplan_meier(&data(SIX_MP), 0.95);
        for (time, n, d, s, se, lower, upper) in [
            (6.0, 21, 3, 0.857_143, 0.076_360, 0.619_718, 0.951_552),
            (7.0, 17, 1, 0.806_723, 0.086_935, 0.563_147, 0.922_809),
            (10.0, 15, 1, 0.752_941, 0.096_350, 0.503_200, 0.889_362),
            (13.0, 12, 1, 0.690_196, 0.106_815, 0.431_610, 0.849_066),
            (16.0, 11, 1, 0.627_451, 0.114_054, 0.367_511, 0.804_912),
            (22.0, 7, 1, 0.537_815, 0.128_234, 0.267_779, 0.746_791),
            (23.0, 6, 1, 0.448_179, 0.134_591, 0.188_052, 0.680_143),
        ] {
            let step = curve.steps.iter().find(|step| step.time == time).unwrap();
            assert_eq!((step.at_risk, step.events), (n, d));
            near(Some(step.survival), s);
            near(step.se, se);
            near(step.lower, lower);
            near(step.upper, upper);
        }
        assert_eq!(
            curve.median(),
            Median {
                median: Some(23.0),
                lower: Some(13.0),
                upper: None
            }
        );
        assert_eq!(curve.at(5.0).survival, 1.0);
        assert_eq!(curve.estimate_at(36.0), None);
        let placebo = kaplan_meier(&data(PLACEBO), 0.95);
        near(Some(placebo.at(8.0).survival), 0.380_952);
        assert_eq!(
            placebo.median(),
            Median {
                median: Some(8.0),
                lower: Some(4.0),
                upper: Some(11.0)
            }
        );
        assert_eq!(placebo.estimate_at(36.0).unwrap().survival, 0.0);
    }

    #[test]
    fn aml() {
        let maintained = kaplan_meier(&data(MAINTAINED), 0.95);
        near(Some(maintained.at(13.0).survival), 0.818_182);
        let point = maintained.at(31.0);
        near(Some(point.survival), 0.490_909);
        near(point.lower, 0.167_331);
        near(point.upper, 0.753_400);
        assert_eq!(
            maintained.median(),
            Median {
                median: Some(31.0),
                lower: Some(13.0),
                upper: None
            }
        );
        let other = kaplan_meier(&data(NONMAINTAINED), 0.95);
        near(other.at(23.0).lower, 0.191_877);
        assert_eq!(
            other.median(),
            Median {
                median: Some(23.0),
                lower: Some(5.0),
                upper: Some(33.0)
            }
        );
    }

    #[test]
    fn a_rest_on_one_half_gives_the_midpoint() {
        assert_eq!(kaplan_meier(&data("1,2,3,4"), 0.95).median().median, Some(2.5));
        assert_eq!(kaplan_meier(&data("1,2,3+,4"), 0.95).median().median, Some(3.0));
        assert_eq!(kaplan_meier(&data("1+,2+"), 0.95).median().median, None);
        assert_eq!(kaplan_meier(&[], 0.95).median().median, None);
    }

    #[test]
    fn the_reverse_curve_is_strict() {
        let curve = reverse_kaplan_meier(&data(SIX_MP), 0.95);
        let step = curve.steps.iter().find(|step| step.time == 6.0).unwrap();
        assert_eq!((step.at_risk, step.events), (18, 1));
        near(Some(step.survival), 0.944_444);
        assert_eq!(curve.median().median, Some(25.0));
    }

    proptest! {
        #[test]
        fn a_curve_never_rises(times in prop::collection::vec((0_u32..50, any::<bool>()), 0..60)) {
            let all: Vec<_> = times.iter().map(|(time, event)| Observation::new(f64::from(*time), *event).unwrap()).collect();
            for curve in [kaplan_meier(&all, 0.95), reverse_kaplan_meier(&all, 0.95)] {
                prop_assert!(curve.steps.windows(2).all(|pair| pair[1].survival <= pair[0].survival));
                prop_assert!(curve.steps.iter().all(|step| (0.0..=1.0).contains(&step.survival)));
                prop_assert!(curve.steps.iter().all(|step| step.lower.is_none_or(|low| low <= step.survival)));
            }
        }
    }
}
