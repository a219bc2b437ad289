//! Published curves and what every curve holds.

use super::*;
use proptest::prelude::*;

pub(crate) fn data(text: &str) -> Vec<Observation> {
    text.split(',')
        .map(str::trim)
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

/// Kalbfleisch and Prentice 1980: the Veterans' Administration lung cancer trial, standard and test arm, in days.
pub(crate) const STANDARD: &str = "72, 411, 228, 126, 118, 10, 82, 110, 314, 100+, 42, 8, 144, 25+, 11, 30, 384, 4, 54, 13, 123+, 97+, 153, \
    59, 117, 16, 151, 22, 56, 21, 18, 139, 20, 31, 52, 287, 18, 51, 122, 27, 54, 7, 63, 392, 10, 8, 92, 35, \
    117, 132, 12, 162, 3, 95, 177, 162, 216, 553, 278, 12, 260, 200, 156, 182+, 143, 105, 103, 250, 100";
pub(crate) const TEST: &str = "999, 112, 87+, 231+, 242, 991, 111, 1, 587, 389, 33, 25, 357, 467, 201, 1, 30, 44, 283, 15, 25, 103+, 21, \
    13, 87, 2, 20, 7, 24, 99, 8, 99, 61, 25, 95, 80, 51, 29, 24, 18, 83+, 31, 51, 90, 52, 73, 8, 36, 48, 7, \
    140, 186, 84, 19, 45, 80, 52, 164, 19, 53, 15, 43, 340, 133, 111, 231, 378, 49";

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

fn observations() -> impl Strategy<Value = Vec<Observation>> {
    let one = (0_u32..50, any::<bool>()).prop_map(|(time, event)| Observation::new(f64::from(time), event).unwrap());
    prop::collection::vec(one, 0..60)
}

fn close(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-12,
        (a, b) => a == b,
    }
}

proptest! {
    #[test]
    fn a_curve_never_rises_and_lies_in_its_limits(all in observations()) {
        for curve in [kaplan_meier(&all, 0.95), reverse_kaplan_meier(&all, 0.95)] {
            prop_assert!(curve.steps.windows(2).all(|pair| pair[0].time < pair[1].time));
            prop_assert!(curve.steps.windows(2).all(|pair| pair[1].survival <= pair[0].survival));
            for step in &curve.steps {
                prop_assert!((0.0..=1.0).contains(&step.survival));
                prop_assert!(step.lower.is_none_or(|low| (0.0..=step.survival).contains(&low)));
                prop_assert!(step.upper.is_none_or(|up| (step.survival..=1.0).contains(&up)));
                prop_assert_eq!(step.lower.is_some(), step.survival > 0.0 && step.survival < 1.0);
                prop_assert_eq!(step.lower.is_some(), step.upper.is_some());
            }
            let median = curve.median();
            if let Some(at) = median.median {
                prop_assert!(median.lower.is_none_or(|low| low <= at) && median.upper.is_none_or(|up| at <= up));
            }
        }
    }

    #[test]
    fn everybody_is_counted_once(all in observations()) {
        let curve = kaplan_meier(&all, 0.95);
        let left: Vec<_> = curve.steps.iter().map(|step| step.events + step.censored).collect();
        prop_assert_eq!(left.iter().map(|one| *one as usize).sum::<usize>(), all.len());
        for (step, pair) in left.iter().zip(curve.steps.windows(2)) {
            prop_assert_eq!(pair[1].at_risk, pair[0].at_risk - step);
        }
        prop_assert_eq!(curve.steps.first().map_or(0, |step| step.at_risk as usize), all.len());
    }

    #[test]
    fn the_order_of_subjects_says_nothing(mut all in observations(), turn in 0_usize..60) {
        let before = (kaplan_meier(&all, 0.95), reverse_kaplan_meier(&all, 0.95));
        let turn = turn.min(all.len());
        all.rotate_left(turn);
        all.reverse();
        prop_assert_eq!((kaplan_meier(&all, 0.95), reverse_kaplan_meier(&all, 0.95)), before);
    }

    #[test]
    fn whoever_is_censored_after_the_last_event_is_one_more_at_risk_and_no_more(all in observations(), at in 50_u32..90) {
        let curve = kaplan_meier(&all, 0.95);
        let mut more = all.clone();
        let later = Observation::new(f64::from(at), false).unwrap();
        more.push(later);
        // The same survival as if one more had been followed from the start to a censoring at the very end: by hand.
        let mut survival = 1.0;
        for (step, old) in kaplan_meier(&more, 0.95).steps.iter().zip(&curve.steps) {
            prop_assert_eq!(step.at_risk, old.at_risk + 1);
            survival *= f64::from(step.at_risk - step.events) / f64::from(step.at_risk);
            prop_assert!((step.survival - survival).abs() < 1e-12);
        }
        // Where the last step is a censoring, when that one was censored after it changes nothing before it.
        let mut moved = more.clone();
        moved.pop();
        moved.push(Observation::new(f64::from(at) + 1.0, false).unwrap());
        for (a, b) in kaplan_meier(&more, 0.95).steps.iter().zip(&kaplan_meier(&moved, 0.95).steps) {
            prop_assert!(a.survival == b.survival && a.lower == b.lower && a.upper == b.upper);
        }
    }

    #[test]
    fn a_subject_twice_changes_no_survival_and_narrows_the_interval(all in observations()) {
        let twice: Vec<_> = all.iter().chain(&all).copied().collect();
        let (once, doubled) = (kaplan_meier(&all, 0.95), kaplan_meier(&twice, 0.95));
        for (a, b) in once.steps.iter().zip(&doubled.steps) {
            prop_assert!(close(Some(a.survival), Some(b.survival)));
            prop_assert!(a.lower.zip(b.lower).is_none_or(|(wide, narrow)| wide < narrow));
            prop_assert!(a.upper.zip(b.upper).is_none_or(|(wide, narrow)| narrow < wide));
        }
    }

    #[test]
    fn without_ties_of_both_kinds_reverse_is_flipped(all in observations()) {
        // Events on even times, censorings on odd ones.
        let apart: Vec<_> = all
            .iter()
            .map(|one| Observation::new(one.time() * 2.0 + f64::from(u8::from(!one.event())), one.event()).unwrap())
            .collect();
        let flipped: Vec<_> = apart.iter().map(|one| Observation::new(one.time(), !one.event()).unwrap()).collect();
        let (reverse, flipped) = (reverse_kaplan_meier(&apart, 0.95), kaplan_meier(&flipped, 0.95));
        for (a, b) in reverse.steps.iter().zip(&flipped.steps) {
            prop_assert!(a.survival == b.survival && a.lower == b.lower);
        }
        prop_assert_eq!(reverse.median(), flipped.median());
    }
}

#[test]
fn the_published_rest() {
    let placebo = kaplan_meier(&data(PLACEBO), 0.95);
    assert_eq!(placebo.n, 21);
    let other = kaplan_meier(&data(NONMAINTAINED), 0.95).at(23.0);
    near(Some(other.survival), 0.486_111);
    near(other.upper, 0.729_672);
    near(Some(normal(0.95)), 1.959_963_985);
}

#[test]
fn numbers_at_risk_stand_just_before_a_time() {
    let curve = kaplan_meier(&data(SIX_MP), 0.95);
    for (time, at_risk) in [
        (0.0, 21),
        (6.0, 21),
        (6.5, 17),
        (10.0, 15),
        (20.0, 8),
        (35.0, 1),
        (35.5, 0),
    ] {
        assert_eq!(curve.at(time).at_risk, at_risk, "{time}");
    }
}

#[test]
fn a_time_is_finite_and_not_negative() {
    for time in [-1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(Observation::new(time, true), Err(BadTime));
    }
    let zeros = [0.0, -0.0].map(|time| Observation::new(time, true).unwrap());
    assert_eq!(kaplan_meier(&zeros, 0.95).steps.len(), 1);
}

#[test]
fn veteran() {
    let (standard, test) = (data(STANDARD), data(TEST));
    let all: Vec<_> = standard.iter().chain(&test).copied().collect();
    let curve = kaplan_meier(&all, 0.95);
    assert_eq!((curve.n, all.iter().filter(|one| one.event()).count()), (137, 128));
    for (time, survival, lower, upper) in [
        (90.0, 0.464_038, 0.378_485, 0.545_123),
        (180.0, 0.222_411, 0.154_689, 0.297_971),
        (365.0, 0.090_045, 0.046_957, 0.150_324),
    ] {
        let point = curve.at(time);
        near(Some(point.survival), survival);
        near(point.lower, lower);
        near(point.upper, upper);
    }
    let median = |all: &[Observation]| {
        let median = kaplan_meier(all, 0.95).median();
        (median.median.unwrap(), median.lower.unwrap(), median.upper.unwrap())
    };
    assert_eq!(median(&all), (80.0, 52.0, 100.0));
    assert_eq!(median(&standard), (103.0, 54.0, 126.0));
    assert_eq!(median(&test), (52.5, 43.0, 90.0), "rests on one half between 52 and 53");
}
