//! The log-rank test of two groups (Mantel 1966), one degree of freedom, hypergeometric variance.

use crate::survival::{Observation, real};
use serde::Serialize;
use statrs::function::erf::erfc;

/// Observed and expected events, and the test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LogRank {
    /// Events observed in the first and second group.
    pub observed: [f64; 2],
    /// Events expected.
    pub expected: [f64; 2],
    /// Chi-square, one degree of freedom.
    pub chi2: f64,
    /// Two-sided p.
    pub p: f64,
}

/// Compares two groups; nothing where no event distinguishes them.
#[must_use]
pub fn log_rank(first: &[Observation], second: &[Observation]) -> Option<LogRank> {
    let members = |group: &[Observation], second: bool| -> Vec<(f64, bool, bool)> {
        group.iter().map(|one| (one.time(), one.event(), second)).collect()
    };
    let mut all = members(first, false);
    all.extend(members(second, true));
    all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let (mut at_risk, mut variance) = ([first.len(), second.len()], 0.0);
    let (mut observed, mut expected) = ([0.0, 0.0], [0.0, 0.0]);
    for group in all.chunk_by(|a, b| a.0 == b.0) {
        let count = |of: bool| group.iter().filter(|(_, _, second)| *second == of).count();
        let fell = |of: bool| {
            real(
                group
                    .iter()
                    .filter(|(_, event, second)| *event && *second == of)
                    .count(),
            )
        };
        let (n1, n2, d1, d2) = (real(at_risk[0]), real(at_risk[1]), fell(false), fell(true));
        let (n, d) = (n1 + n2, d1 + d2);
        observed = [observed[0] + d1, observed[1] + d2];
        expected = [expected[0] + d * n1 / n, expected[1] + d * n2 / n];
        if n > 1.0 {
            variance += d * (n1 / n) * (n2 / n) * (n - d) / (n - 1.0);
        }
        at_risk = [at_risk[0] - count(false), at_risk[1] - count(true)];
    }
    if variance <= 0.0 {
        return None;
    }
    let chi2 = (observed[0] - expected[0]).powi(2) / variance;
    Some(LogRank {
        observed,
        expected,
        chi2,
        p: erfc((chi2 / 2.0).sqrt()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survival::tests::{MAINTAINED, NONMAINTAINED, PLACEBO, SIX_MP, data};
    use proptest::prelude::*;

    #[test]
    fn published_tests() {
        let test = log_rank(&data(SIX_MP), &data(PLACEBO)).unwrap();
        assert!(
            (test.chi2 - 16.793).abs() < 5e-4 && (test.p - 4.17e-5).abs() < 5e-8,
            "{test:?}"
        );
        assert!((test.expected[0] - 19.251).abs() < 5e-4 && (test.expected[1] - 10.749).abs() < 5e-4);
        assert_eq!(test.observed, [9.0, 21.0]);
        let test = log_rank(&data(MAINTAINED), &data(NONMAINTAINED)).unwrap();
        assert!((test.chi2 - 3.396).abs() < 5e-4 && (test.p - 0.0653).abs() < 5e-5);
    }

    #[test]
    fn nothing_to_compare() {
        assert_eq!(log_rank(&data("1+,2+"), &data("3+")), None);
        assert_eq!(log_rank(&[], &data("3")), None);
    }

    fn group() -> impl Strategy<Value = Vec<Observation>> {
        let one =
            (0_u32..30, any::<bool>()).prop_map(|(time, event)| Observation::new(f64::from(time), event).unwrap());
        prop::collection::vec(one, 0..40)
    }

    proptest! {
        #[test]
        fn it_does_not_matter_which_group_is_first(first in group(), second in group()) {
            match (log_rank(&first, &second), log_rank(&second, &first)) {
                (Some(a), Some(b)) => {
                    prop_assert!((a.chi2 - b.chi2).abs() <= 1e-9 * a.chi2.max(1.0) && (a.p - b.p).abs() < 1e-9);
                    prop_assert_eq!(a.observed, [b.observed[1], b.observed[0]]);
                    let sums = (a.observed.iter().sum::<f64>(), a.expected.iter().sum::<f64>());
                    prop_assert!((sums.0 - sums.1).abs() < 1e-9);
                    prop_assert!(a.chi2 >= 0.0 && (0.0..=1.0).contains(&a.p));
                }
                (a, b) => prop_assert_eq!(a, b),
            }
        }

        #[test]
        fn a_group_does_not_differ_from_itself(group in group()) {
            let same = log_rank(&group, &group);
            prop_assert!(same.is_none_or(|test| test.chi2 < 1e-9 && test.p > 0.999_9));
        }
    }
}
