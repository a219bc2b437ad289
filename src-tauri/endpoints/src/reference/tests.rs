//! Each result says whose it is and what to know of it; its counts give back what was published.

use super::*;
use std::collections::BTreeSet;

#[test]
fn each_says_whose_it_is_and_what_to_know() {
    let codes: BTreeSet<_> = REFERENCES.iter().map(|one| one.code).collect();
    assert_eq!(codes.len(), REFERENCES.len());
    for one in REFERENCES {
        let named = [one.code, one.product, one.study, one.source];
        assert!(named.iter().all(|text| !text.trim().is_empty()), "{}", one.code);
        assert!(!one.notes.is_empty(), "{}", one.code);
        assert!(
            one.registration
                .iter()
                .all(|id| id.starts_with("NCT") && id.len() == 11)
        );
        assert!(one.follow_up.is_none_or(|months| months > 0.0));
    }
}

/// Published percentages are whole or have one digit.
fn half_unit(published: f64) -> f64 {
    if published.fract() == 0.0 { 0.5 } else { 0.05 }
}

#[test]
fn counts_give_back_what_was_published() {
    let mut compared = 0;
    for one in REFERENCES {
        let Figure::Rate { percent, interval, .. } = one.figure else {
            assert_eq!(one.exact(), None);
            continue;
        };
        let exact = one.exact().unwrap();
        let close = |computed: f64, published: f64| (100.0 * computed - published).abs() <= half_unit(published);
        assert!(close(exact.estimate, percent), "{}: {exact:?}", one.code);
        match interval {
            Some(interval) => {
                compared += 1;
                assert!(close(exact.lower, interval.lower), "{}: {exact:?}", one.code);
                assert!(close(exact.upper, interval.upper.unwrap()), "{}: {exact:?}", one.code);
            }
            None => assert!(one.notes.iter().any(|note| note.explains_no_interval()), "{}", one.code),
        }
    }
    assert_eq!(compared, 9);
}

#[test]
fn a_numerator_read_from_a_percentage_is_the_only_one() {
    let read = |one: &&Reference| one.notes.contains(&Note::NumeratorFromPercent);
    for one in REFERENCES.iter().filter(read) {
        let Figure::Rate { x, n, percent, .. } = one.figure else {
            panic!("{} has no numerator", one.code)
        };
        let rounds = |x: &u64| {
            let computed = 100.0 * clopper_pearson(*x, n, 0.95).unwrap().estimate;
            (computed - percent).abs() <= half_unit(percent)
        };
        assert_eq!((0..=n).filter(rounds).collect::<Vec<_>>(), [x], "{}", one.code);
    }
}

#[test]
fn medians_lie_in_their_intervals() {
    for one in REFERENCES {
        let Figure::Median { months, interval } = one.figure else {
            continue;
        };
        match interval {
            Some(Interval { lower, upper }) => assert!(lower < months && upper.is_none_or(|upper| months < upper)),
            None => assert!(one.notes.iter().any(|note| note.explains_no_interval()), "{}", one.code),
        }
    }
}

#[test]
fn what_the_registration_says_stands_beside_what_is_so() {
    let one = REFERENCES.iter().find(|one| one.registered.is_some()).unwrap();
    assert_eq!((one.code, one.cited), ("ucart19_remission_rate", true));
    let registered = one.registered.unwrap();
    assert_eq!(
        (registered.patients, registered.responders, registered.percent),
        (19, 14, 67.0)
    );
    let exact = one.exact().unwrap();
    assert_eq!((exact.x, exact.n), (14, 21));
    assert!((exact.lower - 0.430_325).abs() < 1e-6 && (exact.upper - 0.854_123).abs() < 1e-6);
}

#[test]
fn unconfirmed_percentages_and_approvals_are_told_not_drawn() {
    let told: Vec<_> = REFERENCES
        .iter()
        .filter(|one| !one.drawn())
        .map(|one| one.code)
        .collect();
    assert_eq!(told, ["park_response_rate", "tisagenlecleucel_approval"]);
    let cited: Vec<_> = REFERENCES.iter().filter(|one| one.cited).map(|one| one.code).collect();
    assert_eq!(
        cited,
        [
            "ucart19_remission_rate",
            "ucart19_remission_duration",
            "park_complete_remission_rate",
            "park_response_rate",
            "park_overall_survival",
            "tisagenlecleucel_approval"
        ]
    );
}
