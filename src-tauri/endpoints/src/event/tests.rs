//! Cases of every endpoint beyond the vectors.

use super::*;
use crate::response::Response;

fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

fn short(timed: Timed) -> Option<(i64, bool)> {
    timed.unwrap().map(|time| (time.days, time.event))
}

#[test]
fn survival_is_capped_at_two_calendar_years() {
    let of = |death: &str| {
        short(os(&Os {
            start: day("2024-02-29"),
            death: day(death),
            last_alive: None,
        }))
    };
    assert_eq!(of("2026-02-28"), Some((731, true)), "on the day of the cap");
    assert_eq!(of("2026-03-01"), Some((731, false)));
}

#[test]
fn contradictory_dates_are_errors() {
    let os_of = |death, alive| {
        os(&Os {
            start: day("2024-01-10"),
            death,
            last_alive: alive,
        })
    };
    assert_eq!(os_of(None, day("2024-01-09")), Err(DateError::LastAliveBeforeStart));
    assert_eq!(os_of(day("2024-01-09"), None), Err(DateError::EventBeforeStart));
    assert_eq!(os_of(None, None), Ok(None));
    assert_eq!(os(&Os::default()), Ok(None));
}

fn remission() -> Dor {
    Dor {
        remission: day("2025-01-01"),
        last_assessment: day("2025-06-30"),
        ..Dor::default()
    }
}

#[test]
fn new_therapy_censors_at_the_last_assessment_before_it() {
    let input = Dor {
        new_therapy: day("2025-03-15"),
        relapse: day("2025-05-01"),
        assessments: Some(vec![
            day("2025-02-01").unwrap(),
            day("2025-03-01").unwrap(),
            day("2025-04-01").unwrap(),
        ]),
        ..remission()
    };
    assert_eq!(short(dor(&input)), Some((60, false)));
    let none = Dor {
        assessments: None,
        ..input.clone()
    };
    assert_eq!(short(dor(&none)), Some((1, false)), "no assessment on or before it");
    let same_day = Dor {
        new_therapy: day("2025-05-01"),
        ..input
    };
    assert_eq!(short(dor(&same_day)), Some((121, true)), "the event counts");
}

#[test]
fn transplant_censors_only_in_the_sensitivity_analysis() {
    let input = Dor {
        hsct: day("2025-03-01"),
        relapse: day("2025-05-01"),
        ..remission()
    };
    assert_eq!(short(dor(&input)), Some((121, true)));
    let sensitivity = Dor {
        mode: Transplant::CensorHsct,
        ..input.clone()
    };
    assert_eq!(short(dor(&sensitivity)), Some((60, false)));
    let same_day = Dor {
        hsct: day("2025-05-01"),
        mode: Transplant::CensorHsct,
        ..input
    };
    assert_eq!(short(dor(&same_day)), Some((121, true)));
}

#[test]
fn missed_assessments_and_none_at_all() {
    let input = Dor {
        relapse: day("2025-12-01"),
        missed_before_event: Some(2),
        ..remission()
    };
    assert_eq!(short(dor(&input)), Some((181, false)));
    let once = Dor {
        missed_before_event: Some(1),
        ..input
    };
    assert_eq!(short(dor(&once)), Some((335, true)));
    let never = Dor {
        last_assessment: None,
        ..remission()
    };
    assert_eq!(short(dor(&never)), Some((1, false)));
}

#[test]
fn event_free_survival() {
    let base = Efs {
        infusion: day("2025-01-01"),
        ..Efs::default()
    };
    let of = |best, death: Option<NaiveDate>, last: Option<NaiveDate>| {
        short(efs(&Efs {
            best_by_3m: best,
            death,
            last_assessment: last,
            ..base.clone()
        }))
    };
    assert_eq!(of(Some(Response::Cri), None, day("2025-04-01")), Some((91, false)));
    assert_eq!(
        of(Some(Response::Cr), day("2025-05-01"), day("2025-04-01")),
        Some((121, true))
    );
    assert_eq!(
        of(Some(Response::Ne), day("2025-01-11"), None),
        Some((11, true)),
        "died before any assessment"
    );
    assert_eq!(of(None, day("2025-01-11"), None), Some((11, true)));
    assert_eq!(of(Some(Response::Ne), None, None), Some((1, false)));
    assert_eq!(of(Some(Response::Ne), None, day("2025-03-01")), Some((1, true)));
    assert_eq!(of(None, None, day("2025-03-01")), None);
    let zuma = Efs {
        best_by_3m: Some(Response::Mlfs),
        ..base
    };
    assert_eq!(short(rfs_zuma3(&zuma)), Some((1, true)));
}

#[test]
fn time_to_next_treatment() {
    let base = Ttnt {
        infusion: day("2025-01-01"),
        last_contact: day("2025-12-31"),
        ..Ttnt::default()
    };
    let of = |change: Ttnt| {
        short(ttnt(&Ttnt {
            infusion: base.infusion,
            last_contact: base.last_contact,
            ..change
        }))
    };
    assert_eq!(
        of(Ttnt {
            next_therapy: day("2025-01-10"),
            ..Ttnt::default()
        }),
        Some((10, true))
    );
    assert_eq!(
        of(Ttnt {
            hsct_in_remission: day("2025-01-09"),
            next_therapy: day("2025-01-10"),
            ..Ttnt::default()
        }),
        Some((9, false))
    );
    assert_eq!(
        of(Ttnt {
            death: day("2025-01-20"),
            leukaemia_death: Some(true),
            ..Ttnt::default()
        }),
        Some((20, true))
    );
    assert_eq!(
        of(Ttnt {
            death: day("2025-01-20"),
            leukaemia_death: Some(false),
            ..Ttnt::default()
        }),
        Some((20, false))
    );
    assert_eq!(
        of(Ttnt {
            death: day("2025-01-20"),
            ..Ttnt::default()
        }),
        None,
        "the cause decides"
    );
    assert_eq!(of(Ttnt::default()), Some((365, false)));
}

#[test]
fn why_a_time_ends() {
    let why = |timed: Timed| timed.unwrap().map(|time| time.why);
    assert_eq!(why(dor(&remission())), Some(Why::LastAssessment));
    for (change, expected) in [
        (
            Dor {
                last_assessment: None,
                ..remission()
            },
            Why::NoAssessment,
        ),
        (
            Dor {
                relapse: day("2025-07-01"),
                death: day("2025-07-01"),
                ..remission()
            },
            Why::Relapse,
        ),
        (
            Dor {
                death: day("2025-07-01"),
                ..remission()
            },
            Why::Death,
        ),
        (
            Dor {
                death: day("2027-01-02"),
                ..remission()
            },
            Why::TwoYears,
        ),
        (
            Dor {
                new_therapy: day("2025-07-01"),
                ..remission()
            },
            Why::NewTherapy,
        ),
        (
            Dor {
                relapse: day("2025-12-01"),
                missed_before_event: Some(2),
                ..remission()
            },
            Why::MissedAssessments,
        ),
        (
            Dor {
                hsct: day("2025-02-01"),
                mode: Transplant::CensorHsct,
                ..remission()
            },
            Why::Transplant,
        ),
    ] {
        assert_eq!(why(dor(&change)), Some(expected), "{change:?}");
    }
    assert!(Why::ALL.windows(2).all(|pair| pair[0] < pair[1]));
    let codes: std::collections::BTreeSet<_> = Why::ALL.iter().map(|why| why.code()).collect();
    assert_eq!(codes.len(), Why::ALL.len());
    for why in Why::ALL {
        assert_eq!(serde_json::to_value(why).unwrap(), why.code());
    }
    for error in DateError::ALL {
        assert_eq!(serde_json::to_value(error).unwrap(), error.code());
    }
}

#[test]
fn the_earlier_reason_to_censor_holds() {
    let input = Dor {
        hsct: day("2025-03-01"),
        new_therapy: day("2025-04-01"),
        assessments: Some(vec![day("2025-02-01").unwrap()]),
        last_assessment: None,
        mode: Transplant::CensorHsct,
        ..remission()
    };
    assert_eq!(short(dor(&input)), Some((60, false)), "transplanted before the therapy");
    let therapy_first = Dor {
        new_therapy: day("2025-02-15"),
        ..input.clone()
    };
    assert_eq!(short(dor(&therapy_first)), Some((32, false)));
    let primary = Dor {
        mode: Transplant::Primary,
        ..input
    };
    assert_eq!(short(dor(&primary)), Some((32, false)));
}

#[test]
fn nobody_lives_after_death() {
    let of = |alive: &str| {
        os(&Os {
            start: day("2025-01-01"),
            death: day("2025-03-01"),
            last_alive: day(alive),
        })
    };
    assert_eq!(of("2025-03-02"), Err(DateError::AliveAfterDeath));
    assert_eq!(
        short(of("2025-03-01")),
        Some((60, true)),
        "event and censoring on one date"
    );
}

#[test]
fn an_assessment_before_the_start_does_not_count() {
    let input = Dor {
        last_assessment: day("2024-12-31"),
        ..remission()
    };
    let time = dor(&input).unwrap().unwrap();
    assert_eq!((time.days, time.why), (1, Why::NoAssessment));
}

#[test]
fn death_before_infusion_is_a_contradiction_whatever_the_response() {
    for best_by_3m in [None, Some(Response::Ne), Some(Response::Nr), Some(Response::Cr)] {
        let input = Efs {
            infusion: day("2025-01-10"),
            death: day("2025-01-09"),
            best_by_3m,
            ..Efs::default()
        };
        assert_eq!(efs(&input), Err(DateError::EventBeforeStart));
        assert_eq!(rfs_zuma3(&input), Err(DateError::EventBeforeStart));
    }
}
