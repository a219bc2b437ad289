//! A proportion with its exact interval: Clopper and Pearson, Biometrika 1934.
//!
//! Lower limit Beta(α/2; x, n − x + 1), upper limit Beta(1 − α/2; x + 1, n − x); 0 of n starts at 0, n of n ends at 1.

use serde::Serialize;
use statrs::function::beta::checked_beta_reg;

/// A rate and its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Proportion {
    /// Numerator.
    pub x: u64,
    /// Denominator.
    pub n: u64,
    /// x / n.
    pub estimate: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
    /// Level of the interval, for example 0.95.
    pub level: f64,
}

/// The exact interval; nothing for an empty denominator, `x > n`, or a level outside 0 to 1.
#[must_use]
pub fn clopper_pearson(x: u64, n: u64, level: f64) -> Option<Proportion> {
    if n == 0 || x > n || !(level > 0.0 && level < 1.0) {
        return None;
    }
    let tail = (1.0 - level) / 2.0;
    let (hits, misses) = (real(x), real(n - x));
    let lower = if x == 0 {
        0.0
    } else {
        beta_quantile(tail, hits, misses + 1.0)?
    };
    let upper = if x == n {
        1.0
    } else {
        beta_quantile(1.0 - tail, hits + 1.0, misses)?
    };
    Some(Proportion {
        x,
        n,
        estimate: hits / real(n),
        lower,
        upper,
        level,
    })
}

/// Counts here are patients: far below the 2⁵³ up to which a float is exact.
#[expect(clippy::cast_precision_loss, reason = "counts of patients are exact as floats")]
fn real(count: u64) -> f64 {
    count as f64
}

/// The quantile by bisection: the distribution function is monotone, and 200 halvings exhaust a float.
fn beta_quantile(p: f64, a: f64, b: f64) -> Option<f64> {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if checked_beta_reg(a, b, middle).ok()? < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(f64::midpoint(low, high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_intervals() {
        for (x, n, lower, upper) in [
            (14, 21, 0.430_325, 0.854_123),
            (14, 19, 0.487_971, 0.908_534),
            (44, 53, 0.701_978, 0.919_291),
            (27, 65, 0.294_382, 0.544_355),
            (12, 25, 0.277_968, 0.686_943),
            (0, 10, 0.0, 0.308_497),
            (10, 10, 0.691_503, 1.0),
            (19, 21, 0.696_226, 0.988_251),
            (10, 14, 0.418_965, 0.916_111),
            (35, 54, 0.506_238, 0.773_188),
            (28, 54, 0.378_365, 0.656_570),
            (36, 71, 0.385_647, 0.627_831),
            (1, 1, 0.025, 1.0),
            (0, 1, 0.0, 0.975),
        ] {
            let got = clopper_pearson(x, n, 0.95).unwrap();
            assert!(
                (got.lower - lower).abs() < 1e-6 && (got.upper - upper).abs() < 1e-6,
                "{x}/{n}: {got:?}"
            );
        }
    }

    #[test]
    fn nothing_from_nothing() {
        assert_eq!(clopper_pearson(0, 0, 0.95), None);
        assert_eq!(clopper_pearson(2, 1, 0.95), None);
        assert_eq!(clopper_pearson(1, 2, 1.0), None);
        assert_eq!(clopper_pearson(1, 2, f64::NAN), None);
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_estimate_and_mirrors(n in 1_u64..200, part in 0.0_f64..=1.0) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0..=n")]
            let x = (real(n) * part).round() as u64;
            let (one, other) = (clopper_pearson(x, n, 0.95).unwrap(), clopper_pearson(n - x, n, 0.95).unwrap());
            prop_assert!(one.lower <= one.estimate && one.estimate <= one.upper);
            prop_assert!((one.lower - (1.0 - other.upper)).abs() < 1e-9);
        }
    }
}
