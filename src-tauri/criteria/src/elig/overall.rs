//! From criteria to one verdict (project decision): any fail decides, else anything open keeps it pending.

use crate::finding::Outcome;
use serde::Serialize;

/// The verdict over all criteria.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Overall {
    /// Every criterion passes.
    Eligible,
    /// At least one fails, whatever is open.
    Ineligible,
    /// None fails and at least one is open, or there are none at all.
    Pending,
}

/// The verdict. An empty list is pending: nothing was shown.
pub fn overall<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>) -> Overall {
    let mut verdict = None;
    for outcome in outcomes {
        match outcome {
            Outcome::Fail => return Overall::Ineligible,
            Outcome::NotEvaluable { .. } => verdict = Some(Overall::Pending),
            Outcome::Pass => verdict = verdict.or(Some(Overall::Eligible)),
        }
    }
    verdict.unwrap_or(Overall::Pending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        let open = Outcome::NotEvaluable { missing: Vec::new() };
        for (outcomes, verdict) in [
            (vec![], Overall::Pending),
            (vec![Outcome::Pass], Overall::Eligible),
            (vec![Outcome::Pass, open.clone(), Outcome::Pass], Overall::Pending),
            (vec![open.clone(), Outcome::Fail], Overall::Ineligible),
            (vec![Outcome::Fail, open], Overall::Ineligible),
        ] {
            assert_eq!(overall(&outcomes), verdict);
        }
    }
}
