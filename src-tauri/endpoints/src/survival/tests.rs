//! Published curves and what every curve holds.

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
