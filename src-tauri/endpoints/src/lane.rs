//! One lane of a swimmer plot for each subject, read from the same [`Course`] as the endpoints: what is drawn is what is
//! counted.
//!
//! Days run from the origin, which is day 0; what came before has negative days. Nothing is drawn that nobody saw: a
//! response holds from its assessment to the next evaluable one, and the last only as far as it was assessed. An assessment
//! that is not evaluable is a mark; the response before it runs on. Two assessments on one date: the worse one is drawn.

use crate::course::{Course, Leave};
use crate::event::{DateError, Time, Transplant, Why};
use crate::response::Response;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What day 0 is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Infusion; the enrolment of a subject without one.
    Infusion,
    /// Enrolment.
    Enrolment,
}

/// A stretch of one response category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Segment {
    /// First day.
    pub from: i64,
    /// Last day; the first one where it was seen only once.
    pub to: i64,
    /// The category.
    pub response: Response,
}

/// What a mark on the lane stands for, in the order in which marks of one day stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// Enrolment.
    Enrolled,
    /// Admission.
    Admitted,
    /// Infusion.
    Infused,
    /// The first remission from the infusion on.
    Remission,
    /// Residual disease negative.
    MrdNegative,
    /// Residual disease positive.
    MrdPositive,
    /// An assessment that was not evaluable.
    NotEvaluable,
    /// Progression.
    Progression,
    /// Relapse.
    Relapse,
    /// New antileukaemic therapy.
    NewTherapy,
    /// Transplant.
    Transplant,
    /// Death.
    Death,
}

/// A mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Mark {
    /// Day.
    pub day: i64,
    /// What it stands for.
    pub sign: Sign,
}

/// How a lane ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Dead.
    Died,
    /// Alive and in the study: an arrow.
    Ongoing,
    /// Left alive.
    Left(Leave),
    /// Nothing after enrolment is recorded.
    Unknown,
}

/// An endpoint's time on the lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Stretch {
    /// First day.
    pub from: i64,
    /// Last day.
    pub to: i64,
    /// Event, or censored.
    pub event: bool,
    /// Why it ends there.
    pub why: Why,
}

/// One subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lane {
    /// The code of the subject.
    pub subject: String,
    /// The date of day 0.
    pub day_0: NaiveDate,
    /// Whether day 0 is the infusion.
    pub infused: bool,
    /// First day with anything on it.
    pub from: i64,
    /// Last day.
    pub to: i64,
    /// Responses, ascending, without overlap.
    pub segments: Vec<Segment>,
    /// Marks, ascending by day, then in the order of [`Sign`].
    pub marks: Vec<Mark>,
    /// How it ends, on the last day.
    pub ending: Ending,
    /// Survival from admission as it is counted.
    pub survival: Option<Stretch>,
    /// Remission as its duration is counted.
    pub remission: Option<Stretch>,
    /// Dates that contradict each other.
    pub contradictions: Vec<DateError>,
}

/// The order of lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// By the code of the subject.
    Subject,
    /// The longest first; of equal ones by the code of the subject.
    Longest,
}

/// Every lane, in an order that depends on nothing but the subjects.
#[must_use]
pub fn lanes(courses: &[Course], origin: Origin, order: Order) -> Vec<Lane> {
    let mut all: Vec<Lane> = courses.iter().map(|course| lane(course, origin)).collect();
    all.sort_by(|a, b| a.subject.cmp(&b.subject));
    match order {
        Order::Subject => {}
        Order::Longest => all.sort_by_key(|lane| std::cmp::Reverse(lane.to)),
    }
    all
}

/// One lane.
#[must_use]
pub fn lane(course: &Course, origin: Origin) -> Lane {
    let day_0 = match origin {
        Origin::Infusion => course.infused.unwrap_or(course.enrolled),
        Origin::Enrolment => course.enrolled,
    };
    let day = |date: NaiveDate| date.signed_duration_since(day_0).num_days();
    let marks = marks(course, day);
    let segments = segments(course, day);
    let mut contradictions = Vec::new();
    let mut stretch = |timed: Result<Option<Time>, DateError>| match timed {
        Ok(time) => time.map(|time| Stretch {
            from: day(time.start),
            to: day(time.end),
            event: time.event,
            why: time.why,
        }),
        Err(error) => {
            if !contradictions.contains(&error) {
                contradictions.push(error);
            }
            None
        }
    };
    let survival = stretch(course.survival_from(course.admitted));
    let remission = stretch(course.duration_of_remission(Transplant::Primary));
    let alive = course.last_known_alive().map(day);
    let (to, ending) = match (course.death, alive, course.left) {
        (Some(death), _, _) => (day(death.date), Ending::Died),
        (None, Some(alive), Some(left)) => (alive, Ending::Left(left)),
        (None, Some(alive), None) => (alive, Ending::Ongoing),
        (None, None, Some(left)) => (day(course.enrolled), Ending::Left(left)),
        (None, None, None) => (day(course.enrolled), Ending::Unknown),
    };
    Lane {
        subject: course.subject.clone(),
        day_0,
        infused: course.infused == Some(day_0),
        from: marks.first().map_or(0, |mark| mark.day),
        to: marks.last().map_or(to, |mark| mark.day.max(to)),
        segments,
        marks,
        ending,
        survival,
        remission,
        contradictions,
    }
}

fn marks(course: &Course, day: impl Fn(NaiveDate) -> i64) -> Vec<Mark> {
    let once = [
        (Some(course.enrolled), Sign::Enrolled),
        (course.admitted, Sign::Admitted),
        (course.infused, Sign::Infused),
        (course.remission(), Sign::Remission),
        (course.relapse, Sign::Relapse),
        (course.death.map(|death| death.date), Sign::Death),
    ];
    let mut all: Vec<(NaiveDate, Sign)> = once
        .into_iter()
        .filter_map(|(date, sign)| date.map(|date| (date, sign)))
        .collect();
    all.extend(course.mrd.iter().map(|one| {
        let sign = if one.negative {
            Sign::MrdNegative
        } else {
            Sign::MrdPositive
        };
        (one.date, sign)
    }));
    all.extend(course.assessments.iter().filter_map(|one| {
        let sign = match one.response {
            Response::Ne => Sign::NotEvaluable,
            Response::Pd => Sign::Progression,
            Response::Relapse => Sign::Relapse,
            Response::Cr
            | Response::Crh
            | Response::Cri
            | Response::Mlfs
            | Response::Aplastic
            | Response::Pr
            | Response::Nr => return None,
        };
        Some((one.date, sign))
    }));
    all.extend(course.therapies.iter().map(|date| (*date, Sign::NewTherapy)));
    all.extend(course.transplants.iter().map(|date| (*date, Sign::Transplant)));
    let mut marks: Vec<Mark> = all
        .into_iter()
        .map(|(date, sign)| Mark { day: day(date), sign })
        .collect();
    marks.sort_unstable();
    marks.dedup();
    marks
}

fn segments(course: &Course, day: impl Fn(NaiveDate) -> i64) -> Vec<Segment> {
    let relapse = course.relapse.map(|date| (date, Response::Relapse));
    let mut seen: Vec<(NaiveDate, Response)> = course
        .assessments
        .iter()
        .filter(|one| one.response != Response::Ne)
        .map(|one| (one.date, one.response))
        .chain(relapse)
        .collect();
    seen.sort_unstable();
    let mut segments: Vec<Segment> = Vec::new();
    for (date, response) in seen {
        let at = day(date);
        let Some(last) = segments.last_mut() else {
            segments.push(Segment {
                from: at,
                to: at,
                response,
            });
            continue;
        };
        if last.from == at {
            last.response = last.response.max(response);
        } else {
            last.to = at;
            if last.response != response {
                segments.push(Segment {
                    from: at,
                    to: at,
                    response,
                });
            }
        }
    }
    segments
}

#[cfg(test)]
mod tests;
