//! Cumulative incidence of one event beside a competing one (Aalen and Johansen 1978): the sensitivity analysis in which
//! death without relapse competes with relapse instead of counting as one.

use crate::survival::real;
use serde::Serialize;

/// How a time ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The event.
    Event,
    /// The one that competes with it.
    Competing,
    /// Neither.
    Censored,
}

/// The incidences from one distinct time on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Incidence {
    /// Time.
    pub time: f64,
    /// At risk just before it.
    pub at_risk: usize,
    /// Cumulative incidence of the event.
    pub event: f64,
    /// Cumulative incidence of the competing one.
    pub competing: f64,
}

/// One step for each distinct time at which either happened, ascending. Times are finite; at a tie, censorings come last.
#[must_use]
pub fn cumulative_incidence(times: &[(f64, Outcome)]) -> Vec<Incidence> {
    let mut sorted = times.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut at_risk, mut free, mut event, mut competing) = (sorted.len(), 1.0, 0.0, 0.0);
    let mut steps = Vec::new();
    for group in sorted.chunk_by(|a, b| a.0 == b.0) {
        let count = |of: Outcome| real(group.iter().filter(|(_, outcome)| *outcome == of).count());
        let (d1, d2, n) = (count(Outcome::Event), count(Outcome::Competing), real(at_risk));
        if d1 + d2 > 0.0 {
            event += free * d1 / n;
            competing += free * d2 / n;
            free *= (n - d1 - d2) / n;
            steps.push(Incidence {
                time: group.first().map_or(0.0, |one| one.0),
                at_risk,
                event,
                competing,
            });
        }
        at_risk -= group.len();
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 relapse, 2 death, 3 censored, 4 relapse: 1/4; 1/4; then half of 1/2 … by hand.
    #[test]
    fn by_hand() {
        let steps = cumulative_incidence(&[
            (4.0, Outcome::Event),
            (1.0, Outcome::Event),
            (3.0, Outcome::Censored),
            (2.0, Outcome::Competing),
        ]);
        let got: Vec<_> = steps
            .iter()
            .map(|step| (step.time, step.at_risk, step.event, step.competing))
            .collect();
        assert_eq!(got, [(1.0, 4, 0.25, 0.0), (2.0, 3, 0.25, 0.25), (4.0, 1, 0.75, 0.25)]);
        assert_eq!(cumulative_incidence(&[]), []);
        assert_eq!(cumulative_incidence(&[(1.0, Outcome::Censored)]), []);
    }

    /// Without competition the incidence is 1 − S of Kaplan and Meier.
    #[test]
    fn alone_it_is_kaplan_meier() {
        use crate::survival::{kaplan_meier, tests::SIX_MP, tests::data};
        let all = data(SIX_MP);
        let outcome = |event| if event { Outcome::Event } else { Outcome::Censored };
        let times: Vec<_> = all.iter().map(|one| (one.time(), outcome(one.event()))).collect();
        let curve = kaplan_meier(&all, 0.95);
        for step in cumulative_incidence(&times) {
            assert!((step.event - (1.0 - curve.at(step.time).survival)).abs() < 1e-12);
            assert_eq!(step.competing, 0.0);
        }
    }
}
