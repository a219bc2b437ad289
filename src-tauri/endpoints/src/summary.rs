//! Everything that a page or a terminal shows of the endpoints, computed in one go from the courses of the subjects: the
//! remission rate under every definition, every time to event with its curve, and who could not be counted and why.
//!
//! Survival at 24 months is the headline of OS. A time may last to the end of the day two calendar years after its start
//! and an event on that day counts; hence survival at 24 months is where the capped curve ends, known once a subject was
//! followed that far or none survives. An earlier landmark is the survival at months × 30.4375 days.

use crate::VERSION;
use crate::competing::{Incidence, Outcome, cumulative_incidence};
use crate::course::Course;
use crate::endpoint::{Definition, Endpoint};
use crate::event::{DateError, Time, Why};
use crate::rate::{self, Day28, RateResult, remission_rate};
use crate::survival::{Curve, Median, Observation, Point, kaplan_meier, reverse_kaplan_meier};
use serde::Serialize;

/// The days of a month.
pub const MONTH: f64 = 30.4375;

/// The months at which survival is stated.
pub const LANDMARKS: [u16; 6] = [3, 6, 9, 12, 18, 24];

/// The endpoints of all subjects.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// The version of these definitions.
    pub version: &'static str,
    /// Level of every interval.
    pub level: f64,
    /// Enrolled subjects.
    pub enrolled: usize,
    /// Infused subjects.
    pub infused: usize,
    /// The remission rate under each definition, the registered one first.
    pub rates: Vec<RateResult>,
    /// Each time to event, overall survival first.
    pub times: Vec<TimeResult>,
    /// Relapse with death without relapse competing, from the first remission: sensitivity to DOR.
    pub relapse_incidence: Vec<Incidence>,
}

/// One time to event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimeResult {
    /// Which.
    pub endpoint: Endpoint,
    /// How it is defined.
    pub definition: Definition,
    /// Subjects counted.
    pub n: usize,
    /// Of them with the event.
    pub events: usize,
    /// Each subject's time, by its code.
    pub subjects: Vec<Counted>,
    /// Subjects whose time cannot be known yet.
    pub not_evaluable: Vec<String>,
    /// Subjects whose dates contradict each other.
    pub contradictory: Vec<Contradiction>,
    /// The curve, in days from 1.
    pub curve: Curve,
    /// Median, in days.
    pub median: Median,
    /// Median follow-up by the strict reverse curve, in days.
    pub follow_up: Median,
    /// Survival at each landmark.
    pub landmarks: Vec<Landmark>,
}

/// One subject's time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// The code of the subject.
    pub subject: String,
    /// Its time.
    pub time: Time,
}

/// One subject's contradiction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contradiction {
    /// The code of the subject.
    pub subject: String,
    /// What contradicts.
    pub error: DateError,
}

/// Survival at a number of months.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Landmark {
    /// Months from the start.
    pub months: u16,
    /// Survival; absent while nobody was followed that far.
    pub survival: Option<Point>,
}

/// The endpoints of these subjects; the order in which they come makes no difference.
#[must_use]
pub fn summarise(courses: &[Course], day_28: Day28, level: f64) -> Summary {
    let mut sorted: Vec<&Course> = courses.iter().collect();
    sorted.sort_by(|a, b| a.subject.cmp(&b.subject));
    let for_rate: Vec<rate::Subject> = sorted.iter().map(|course| course.for_rate()).collect();
    let times: Vec<TimeResult> = Endpoint::ALL
        .into_iter()
        .map(|endpoint| time_result(&sorted, endpoint, level))
        .collect();
    let remission = times.iter().find(|time| time.endpoint == Endpoint::Dor);
    Summary {
        version: VERSION,
        level,
        enrolled: sorted.len(),
        infused: sorted.iter().filter(|course| course.infused.is_some()).count(),
        rates: rate::Definition::ALL
            .into_iter()
            .map(|definition| remission_rate(&for_rate, definition, day_28, level))
            .collect(),
        relapse_incidence: remission.map(incidence).unwrap_or_default(),
        times,
    }
}

fn time_result(courses: &[&Course], endpoint: Endpoint, level: f64) -> TimeResult {
    let (mut subjects, mut not_evaluable, mut contradictory) = (Vec::new(), Vec::new(), Vec::new());
    for course in courses.iter().filter(|course| endpoint.applies(course)) {
        let subject = course.subject.clone();
        match endpoint.of(course) {
            Ok(Some(time)) => subjects.push(Counted { subject, time }),
            Ok(None) => not_evaluable.push(subject),
            Err(error) => contradictory.push(Contradiction { subject, error }),
        }
    }
    let observations: Vec<Observation> = subjects
        .iter()
        .filter_map(|one| Observation::new(days(one.time), one.time.event).ok())
        .collect();
    let curve = kaplan_meier(&observations, level);
    let landmarks = LANDMARKS
        .into_iter()
        .map(|months| Landmark {
            months,
            survival: landmark(&curve, &subjects, months),
        })
        .collect();
    TimeResult {
        endpoint,
        definition: endpoint.definition(),
        n: subjects.len(),
        events: subjects.iter().filter(|one| one.time.event).count(),
        not_evaluable,
        contradictory,
        median: curve.median(),
        follow_up: reverse_kaplan_meier(&observations, level).median(),
        landmarks,
        curve,
        subjects,
    }
}

/// Days are at most 732: exact.
fn days(time: Time) -> f64 {
    i32::try_from(time.days).map_or(f64::NAN, f64::from)
}

fn landmark(curve: &Curve, subjects: &[Counted], months: u16) -> Option<Point> {
    if months < 24 {
        return curve.estimate_at(f64::from(months) * MONTH);
    }
    let last = curve.steps.last()?;
    let followed = subjects.iter().filter(|one| one.time.reached_cap()).count();
    (followed > 0 || last.survival == 0.0).then(|| Point {
        at_risk: u32::try_from(followed).unwrap_or(u32::MAX),
        ..curve.at(last.time)
    })
}

fn incidence(remission: &TimeResult) -> Vec<Incidence> {
    let outcome = |one: &Counted| match one.time.why {
        Why::Relapse => Outcome::Event,
        Why::Death => Outcome::Competing,
        Why::NoRemission
        | Why::NextTherapy
        | Why::LeukaemiaDeath
        | Why::LastAlive
        | Why::LastAssessment
        | Why::NewTherapy
        | Why::Transplant
        | Why::MissedAssessments
        | Why::NoAssessment
        | Why::OtherDeath
        | Why::LastContact
        | Why::TwoYears => Outcome::Censored,
    };
    let times: Vec<_> = remission
        .subjects
        .iter()
        .map(|one| (days(one.time), outcome(one)))
        .collect();
    cumulative_incidence(&times)
}

#[cfg(test)]
mod tests;
