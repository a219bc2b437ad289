//! Runs the statistics and endpoints of this crate by name, on JSON, for qualification against a file of vectors.

use crate::competing::{Outcome, cumulative_incidence};
use crate::course::Course;
use crate::event::{self, Timed};
use crate::lane::{Order, Origin, lanes};
use crate::proportion::clopper_pearson;
use crate::rate::Day28;
use crate::summary::summarise;
use crate::survival::{Curve, Observation, kaplan_meier, reverse_kaplan_meier};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Why a function could not be called by name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// There is no function of this name.
    #[error("no function {0}")]
    Function(String),
    /// An input has an unknown name or a shape that it cannot have.
    #[error("inputs refused: {0}")]
    Inputs(String),
}

/// Every name that [`run_vector`] knows.
pub const FUNCTIONS: &[&str] = &[
    "stats.clopper_pearson",
    "stats.km",
    "stats.km_median",
    "stats.reverse_km",
    "stats.km_curve",
    "stats.reverse_km_curve",
    "stats.log_rank",
    "stats.cumulative_incidence",
    "endpoint.os",
    "endpoint.dor",
    "endpoint.efs",
    "endpoint.rfs_zuma3",
    "endpoint.ttnt",
    "endpoint.summary",
    "endpoint.lanes",
];

/// Runs one function. A contradiction of dates is an answer: `{"error": code}`.
///
/// # Errors
/// [`Unknown`] for a function that does not exist, or inputs that it does not have.
pub fn run_vector(name: &str, inputs: &Value) -> Result<Value, Unknown> {
    match name {
        "stats.clopper_pearson" => proportion(inputs),
        "stats.km" => {
            let series: Series = read(inputs)?;
            point(&kaplan_meier(&series.observations()?, LEVEL), series.at)
        }
        "stats.km_median" => {
            let series: Series = read(inputs)?;
            Ok(json!(kaplan_meier(&series.observations()?, LEVEL).median()))
        }
        "stats.reverse_km" => {
            let series: Series = read(inputs)?;
            let curve = reverse_kaplan_meier(&series.observations()?, LEVEL);
            let mut answer = point(&curve, series.at)?;
            answer["median"] = json!(curve.median().median);
            Ok(answer)
        }
        "stats.km_curve" => whole(inputs, kaplan_meier),
        "stats.reverse_km_curve" => whole(inputs, reverse_kaplan_meier),
        "stats.log_rank" => two_groups(inputs),
        "stats.cumulative_incidence" => incidence(inputs),
        "endpoint.os" => Ok(timed(event::os(&read(inputs)?))),
        "endpoint.dor" => Ok(timed(event::dor(&read(inputs)?))),
        "endpoint.efs" => Ok(timed(event::efs(&read(inputs)?))),
        "endpoint.rfs_zuma3" => Ok(timed(event::rfs_zuma3(&read(inputs)?))),
        "endpoint.ttnt" => Ok(timed(event::ttnt(&read(inputs)?))),
        "endpoint.summary" => {
            let cohort: Cohort = read(inputs)?;
            let level = cohort.level.unwrap_or(LEVEL);
            Ok(json!(summarise(
                &cohort.courses,
                cohort.day_28.unwrap_or_default(),
                level
            )))
        }
        "endpoint.lanes" => {
            let swimmers: Swimmers = read(inputs)?;
            Ok(json!(lanes(&swimmers.courses, swimmers.origin, swimmers.order)))
        }
        _ => Err(Unknown::Function(name.to_owned())),
    }
}

const LEVEL: f64 = 0.95;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cohort {
    courses: Vec<Course>,
    day_28: Option<Day28>,
    level: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Swimmers {
    courses: Vec<Course>,
    origin: Origin,
    order: Order,
}

fn read<T: DeserializeOwned>(inputs: &Value) -> Result<T, Unknown> {
    serde_json::from_value(inputs.clone()).map_err(|why| Unknown::Inputs(why.to_string()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Series {
    time: Vec<f64>,
    event: Vec<Happened>,
    at: Option<f64>,
}

/// Whether the event came: 1 or 0, true or false.
#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Happened {
    Word(bool),
    Number(f64),
}

impl Happened {
    fn read(self) -> Option<bool> {
        match self {
            Self::Word(word) => Some(word),
            Self::Number(0.0) => Some(false),
            Self::Number(1.0) => Some(true),
            Self::Number(_) => None,
        }
    }
}

impl Series {
    fn observations(&self) -> Result<Vec<Observation>, Unknown> {
        let refused = |why: &str| Unknown::Inputs(why.to_owned());
        if self.time.len() != self.event.len() {
            return Err(refused("time and event differ in length"));
        }
        self.time
            .iter()
            .zip(&self.event)
            .map(|(time, event)| match event.read() {
                Some(event) => Observation::new(*time, event).map_err(|bad| refused(&bad.to_string())),
                None => Err(refused("event is 0 or 1")),
            })
            .collect()
    }
}

fn point(curve: &Curve, at: Option<f64>) -> Result<Value, Unknown> {
    let at = at.ok_or_else(|| Unknown::Inputs("at is missing".to_owned()))?;
    if curve.n == 0 {
        let nothing =
            json!({"s": null, "se": null, "lower": null, "upper": null, "at_risk": 0, "status": "not_evaluable"});
        return Ok(nothing);
    }
    let point = curve.at(at);
    Ok(
        json!({"s": point.survival, "se": point.se, "lower": point.lower, "upper": point.upper, "at_risk": point.at_risk}),
    )
}

/// A curve with every step, and its median.
fn whole(inputs: &Value, of: impl Fn(&[Observation], f64) -> Curve) -> Result<Value, Unknown> {
    let series: Series = read(inputs)?;
    let curve = of(&series.observations()?, LEVEL);
    Ok(json!({"steps": curve.steps, "median": curve.median()}))
}

/// Outcomes: 0 censored, 1 the event, 2 the competing one.
fn incidence(inputs: &Value) -> Result<Value, Unknown> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outcomes {
        time: Vec<f64>,
        outcome: Vec<u8>,
    }
    let given: Outcomes = read(inputs)?;
    if given.time.len() != given.outcome.len() {
        return Err(Unknown::Inputs("time and outcome differ in length".to_owned()));
    }
    let mut times = Vec::with_capacity(given.time.len());
    for (time, outcome) in given.time.into_iter().zip(given.outcome) {
        let time = Observation::new(time, outcome != 0).map_err(|bad| Unknown::Inputs(bad.to_string()))?;
        let outcome = match outcome {
            0 => Outcome::Censored,
            1 => Outcome::Event,
            2 => Outcome::Competing,
            _ => return Err(Unknown::Inputs("outcome is 0, 1 or 2".to_owned())),
        };
        times.push((time.time(), outcome));
    }
    Ok(json!({ "steps": cumulative_incidence(&times) }))
}

fn proportion(inputs: &Value) -> Result<Value, Unknown> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Count {
        x: Option<f64>,
        n: Option<f64>,
        level: Option<f64>,
    }
    let count: Count = read(inputs)?;
    let level = count.level.unwrap_or(LEVEL);
    let interval = whole_number(count.x)?.zip(whole_number(count.n)?);
    Ok(match interval.and_then(|(x, n)| clopper_pearson(x, n, level)) {
        Some(interval) => {
            json!({"p": interval.estimate, "lower": interval.lower, "upper": interval.upper, "status": null})
        }
        None => json!({"p": null, "lower": null, "upper": null, "status": "not_evaluable"}),
    })
}

/// `14` and `14.0` are the count 14.
fn whole_number(count: Option<f64>) -> Result<Option<u64>, Unknown> {
    count
        .map(|count| {
            format!("{count}")
                .parse()
                .map_err(|_| Unknown::Inputs(format!("{count} is no count")))
        })
        .transpose()
}

fn two_groups(inputs: &Value) -> Result<Value, Unknown> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Groups {
        first: Series,
        second: Series,
    }
    let groups: Groups = read(inputs)?;
    let test = crate::log_rank::log_rank(&groups.first.observations()?, &groups.second.observations()?);
    Ok(test.map_or_else(|| json!({"chi2": null, "p": null}), |test| json!(test)))
}

fn timed(result: Timed) -> Value {
    match result {
        Ok(Some(time)) => {
            json!({"days": time.days, "event": time.event, "end": time.end, "why": time.why.code(), "status": null})
        }
        Ok(None) => json!({"days": null, "event": null, "end": null, "status": "not_evaluable"}),
        Err(error) => json!({"error": error.code()}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cohort_by_name() {
        let courses = json!([{
            "subject": "S-001", "enrolled": "2025-01-01", "admitted": "2025-01-10", "infused": "2025-02-01",
            "assessments": [{"date": "2025-03-01", "response": "CR"}],
            "death": {"date": "2025-08-01", "leukaemia": null}
        }]);
        let summary = run_vector("endpoint.summary", &json!({ "courses": courses })).unwrap();
        assert_eq!(summary["rates"][0]["definition"], "registered");
        assert_eq!(summary["rates"][0]["x"], 1);
        assert_eq!(summary["times"][0]["median"]["median"], 204.0);
        assert_eq!(summary["times"][0]["landmarks"][5]["survival"]["survival"], 0.0);
        let asked = json!({ "courses": courses, "origin": "infusion", "order": "longest" });
        let lanes = run_vector("endpoint.lanes", &asked).unwrap();
        assert_eq!(lanes[0]["ending"], "died");
        assert_eq!(lanes[0]["segments"][0], json!({"from": 28, "to": 28, "response": "CR"}));
        let wrong = json!({ "courses": [{"subject": "S-001", "patient": 1}] });
        assert!(matches!(
            run_vector("endpoint.summary", &wrong),
            Err(Unknown::Inputs(_))
        ));
    }
}
