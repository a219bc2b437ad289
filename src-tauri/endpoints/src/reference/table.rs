//! The results, in the order of display: allogeneic products, then autologous ones. A study's first result stands apart;
//! its others say what differs from it.

use super::{Ages, Evidence, Figure, Interval, Measure, Note, Reference, Registered};

/// Edited donor cells, children and adults.
const UCART19: Reference = Reference {
    code: "ucart19_remission_rate",
    product: "UCART19",
    allogeneic: true,
    study: "PALL, CALM",
    registration: &["NCT02808442", "NCT02746952"],
    ages: Ages::ChildrenAndAdults,
    measure: Measure::RemissionRate,
    figure: Figure::Rate {
        x: 14,
        n: 21,
        percent: 67.0,
        interval: None,
    },
    follow_up: None,
    cited: true,
    registered: Some(Registered {
        patients: 19,
        responders: 14,
        percent: 67.0,
    }),
    notes: &[Note::RegisteredDenominator],
    source: "Benjamin et al., Lancet 2020;396:1885-94",
    evidence: Evidence::Unverified,
};

/// The adults of one centre.
const MSKCC: Reference = Reference {
    code: "park_complete_remission_rate",
    product: "19-28z CAR T cells",
    allogeneic: false,
    study: "MSKCC phase 1",
    registration: &["NCT01044069"],
    ages: Ages::Adults,
    measure: Measure::CompleteRemissionRate,
    figure: Figure::Rate {
        x: 44,
        n: 53,
        percent: 83.0,
        interval: None,
    },
    follow_up: Some(29.0),
    cited: true,
    registered: None,
    notes: &[Note::NumeratorFromPercent, Note::NoInterval, Note::AllTreated],
    source: "Park et al., N Engl J Med 2018;378:449-59",
    evidence: Evidence::Confirmed,
};

/// The first approved product.
const ELIANA: Reference = Reference {
    code: "tisagenlecleucel_approval",
    product: "tisagenlecleucel (Kymriah)",
    allogeneic: false,
    study: "CCTL019B2202 (ELIANA)",
    registration: &["NCT02435849"],
    ages: Ages::UpTo25,
    measure: Measure::Approval,
    figure: Figure::Year(2017),
    follow_up: None,
    cited: true,
    registered: None,
    notes: &[Note::FirstApproval],
    source: "FDA approval summary, Clin Cancer Res 2019;25:1142-6",
    evidence: Evidence::Confirmed,
};

/// Adults; the label counts those evaluable for efficacy.
const ZUMA_3: Reference = Reference {
    code: "zuma3_remission_rate",
    product: "brexucabtagene autoleucel (Tecartus)",
    allogeneic: false,
    study: "ZUMA-3",
    registration: &["NCT02614066"],
    ages: Ages::Adults,
    measure: Measure::RemissionRate,
    figure: Figure::Rate {
        x: 35,
        n: 54,
        percent: 65.0,
        interval: Some(Interval {
            lower: 51.0,
            upper: Some(77.0),
        }),
    },
    follow_up: Some(12.3),
    cited: false,
    registered: None,
    notes: &[Note::EfficacyEvaluable],
    source: "Tecartus prescribing information; ZUMA-3 pages for professionals, 2021",
    evidence: Evidence::Confirmed,
};

/// Every reference result.
pub const REFERENCES: &[Reference] = &[
    UCART19,
    Reference {
        code: "ucart19_remission_duration",
        measure: Measure::RemissionDuration,
        figure: Figure::Median {
            months: 4.1,
            interval: None,
        },
        registered: None,
        notes: &[Note::NoInterval],
        ..UCART19
    },
    Reference {
        code: "ucart19_alemtuzumab",
        figure: Figure::Rate {
            x: 14,
            n: 17,
            percent: 82.0,
            interval: None,
        },
        cited: false,
        registered: None,
        notes: &[Note::WithAlemtuzumabOnly],
        source: "MDedge, report of the interim analysis at ASH 2018",
        evidence: Evidence::Secondary,
        ..UCART19
    },
    Reference {
        code: "calm_remission_rate",
        product: "UCART19",
        allogeneic: true,
        study: "CALM",
        registration: &["NCT02746952"],
        ages: Ages::From16To70,
        measure: Measure::RemissionRate,
        figure: Figure::Rate {
            x: 12,
            n: 25,
            percent: 48.0,
            interval: Some(Interval {
                lower: 28.0,
                upper: Some(69.0),
            }),
        },
        follow_up: Some(12.8),
        cited: false,
        registered: None,
        notes: &[Note::NumeratorFromPercent, Note::DoseEscalation],
        source: "Benjamin et al., Lancet Haematol 2022;9:e833-43",
        evidence: Evidence::Confirmed,
    },
    MSKCC,
    Reference {
        code: "park_response_rate",
        measure: Measure::ResponseRate,
        figure: Figure::AsRegistered { percent: 98.0 },
        notes: &[Note::NotInAbstract],
        evidence: Evidence::RegistrationOnly,
        ..MSKCC
    },
    Reference {
        code: "park_overall_survival",
        measure: Measure::OverallSurvival,
        figure: Figure::Median {
            months: 12.9,
            interval: Some(Interval {
                lower: 8.7,
                upper: Some(23.4),
            }),
        },
        notes: &[Note::AllTreated],
        ..MSKCC
    },
    Reference {
        code: "park_event_free_survival",
        measure: Measure::EventFreeSurvival,
        figure: Figure::Median {
            months: 6.1,
            interval: Some(Interval {
                lower: 5.0,
                upper: Some(11.5),
            }),
        },
        cited: false,
        notes: &[Note::AllTreated],
        ..MSKCC
    },
    Reference {
        code: "park_severe_crs",
        measure: Measure::SevereCrs,
        figure: Figure::Rate {
            x: 14,
            n: 53,
            percent: 26.0,
            interval: Some(Interval {
                lower: 15.0,
                upper: Some(40.0),
            }),
        },
        cited: false,
        notes: &[Note::AllTreated],
        ..MSKCC
    },
    ELIANA,
    Reference {
        code: "tisagenlecleucel_complete_remission_rate",
        measure: Measure::CompleteRemissionRate,
        figure: Figure::Rate {
            x: 40,
            n: 63,
            percent: 63.0,
            interval: Some(Interval {
                lower: 50.0,
                upper: Some(75.0),
            }),
        },
        follow_up: Some(4.8),
        cited: false,
        notes: &[Note::NumeratorFromPercent],
        ..ELIANA
    },
    Reference {
        code: "felix_complete_remission_rate",
        product: "obecabtagene autoleucel (Aucatzyl)",
        allogeneic: false,
        study: "FELIX",
        registration: &["NCT04404660"],
        ages: Ages::Adults,
        measure: Measure::CompleteRemissionRate,
        figure: Figure::Rate {
            x: 27,
            n: 65,
            percent: 42.0,
            interval: Some(Interval {
                lower: 29.0,
                upper: Some(54.0),
            }),
        },
        follow_up: None,
        cited: false,
        registered: None,
        notes: &[Note::Within3Months, Note::EfficacyEvaluable],
        source: "The ASCO Post, November 2024",
        evidence: Evidence::Confirmed,
    },
    ZUMA_3,
    Reference {
        code: "zuma3_complete_remission_rate",
        measure: Measure::CompleteRemissionRate,
        figure: Figure::Rate {
            x: 28,
            n: 54,
            percent: 52.0,
            interval: Some(Interval {
                lower: 38.0,
                upper: Some(66.0),
            }),
        },
        ..ZUMA_3
    },
    Reference {
        code: "zuma3_remission_rate_leukapheresed",
        figure: Figure::Rate {
            x: 36,
            n: 71,
            percent: 51.0,
            interval: Some(Interval {
                lower: 39.0,
                upper: Some(63.0),
            }),
        },
        notes: &[Note::Leukapheresed],
        ..ZUMA_3
    },
    Reference {
        code: "zuma3_complete_remission_rate_leukapheresed",
        measure: Measure::CompleteRemissionRate,
        figure: Figure::Rate {
            x: 29,
            n: 71,
            percent: 41.0,
            interval: Some(Interval {
                lower: 29.0,
                upper: Some(53.0),
            }),
        },
        notes: &[Note::Leukapheresed],
        ..ZUMA_3
    },
    Reference {
        code: "zuma3_remission_rate_central",
        figure: Figure::Rate {
            x: 39,
            n: 55,
            percent: 70.9,
            interval: Some(Interval {
                lower: 57.0,
                upper: Some(82.0),
            }),
        },
        follow_up: Some(16.4),
        notes: &[Note::CentralAssessment],
        source: "Shah et al., Lancet 2021;398:491-502",
        ..ZUMA_3
    },
    Reference {
        code: "zuma3_remission_duration",
        measure: Measure::RemissionDuration,
        figure: Figure::Median {
            months: 13.6,
            interval: None,
        },
        notes: &[Note::EfficacyEvaluable, Note::NoInterval],
        ..ZUMA_3
    },
];
