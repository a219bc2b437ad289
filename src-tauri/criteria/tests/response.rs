//! The response of one assessment beyond the vectors: every definition, every step, what is missing and what is flagged.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use criteria::Decisions;
use criteria::decision::{CriBreadth, Ruleset};
use criteria::response::Category;
use criteria::response::assess::{Assessment, assess};
use serde_json::{Value, json};

const RULESETS: [Ruleset; 5] = [
    Ruleset::Eln2024,
    Ruleset::Nci2010,
    Ruleset::Nccn,
    Ruleset::Eliana,
    Ruleset::Zuma3,
];

fn with(decisions: &Decisions, change: Value) -> Assessment {
    let mut base = json!({"bm_blasts_pct": 2.0, "bm_cellularity": "adequate", "pb_blasts_pct": 0.0, "anc": 1.5, "plt": 150,
        "days_since_plt_transfusion": 30, "days_since_rbc_transfusion": 30, "emd": "none", "cns": 1, "baseline_bm_pct": 60,
        "prior_best": "none"});
    for (key, value) in change.as_object().unwrap() {
        base[key] = value.clone();
    }
    assess(&serde_json::from_value(base).unwrap(), decisions)
}

fn of(change: Value) -> Assessment {
    with(&Decisions::default(), change)
}

fn category(change: Value) -> &'static str {
    of(change).category.code()
}

fn missing(change: Value) -> Vec<&'static str> {
    let result = of(change);
    assert_eq!(result.category, Category::Ne);
    result.missing.iter().map(|field| field.0).collect()
}

/// The five definitions in the order of [`RULESETS`].
fn five(change: &Value) -> [&'static str; 5] {
    RULESETS.map(|ruleset| {
        let decisions = Decisions {
            ruleset,
            ..Decisions::default()
        };
        with(&decisions, change.clone()).category.code()
    })
}

#[test]
fn the_definitions_differ_where_they_are_said_to() {
    for (change, expected) in [
        (json!({}), ["CR", "CR", "CR", "CR", "CR"]),
        (json!({"anc": 1.0, "plt": 100}), ["CRh", "CR", "MLFS", "CRi", "CR"]),
        (json!({"anc": 0.6, "plt": 60}), ["CRh", "CRi", "MLFS", "CRi", "CRh"]),
        (json!({"anc": 0.3, "plt": 20}), ["MLFS", "CRi", "MLFS", "CRi", "MLFS"]),
        (
            json!({"anc": 0.3, "plt": 20, "bm_cellularity": "aplastic"}),
            ["APLASTIC"; 5],
        ),
        (json!({"mrd_fraction": 0.02}), ["NR", "CR", "CR", "CR", "CR"]),
        (json!({"pb_blasts_pct": 0.5}), ["NE", "NE", "NE", "CR", "NE"]),
        (json!({"pb_blasts_pct": 1.0}), ["NR"; 5]),
        (json!({"bm_blasts_pct": 5.0}), ["PR", "PR", "PR", "PR", "CR"]),
        (
            json!({"bm_blasts_pct": 5.0, "prior_best": "CR"}),
            ["RELAPSE", "RELAPSE", "RELAPSE", "RELAPSE", "CR"],
        ),
        (
            json!({"bm_blasts_pct": 6.0, "mrd_fraction": 0.001}),
            ["CR", "PR", "PR", "PR", "PR"],
        ),
    ] {
        assert_eq!(five(&change), expected, "{change}");
    }
}

#[test]
fn decisions_change_boundaries() {
    let inclusive = Decisions {
        counts_inclusive: true,
        ..Decisions::default()
    };
    assert_eq!(with(&inclusive, json!({"anc": 1.0, "plt": 100})).category, Category::Cr);
    let broad = Decisions {
        cri_breadth: CriBreadth::AnyCountFailure,
        ..Decisions::default()
    };
    assert_eq!(with(&broad, json!({"anc": 0.3, "plt": 20})).category, Category::Cri);
    let fortnight = Decisions {
        transfusion_days: 14,
        ..Decisions::default()
    };
    assert_eq!(
        with(&fortnight, json!({"days_since_rbc_transfusion": 14})).category,
        Category::Cri
    );
}

#[test]
fn transfusions() {
    let unknown = of(json!({"days_since_plt_transfusion": null, "days_since_rbc_transfusion": null}));
    assert_eq!(
        (unknown.category, unknown.missing.len()),
        (Category::Cri, 2),
        "never CR on unknown transfusions"
    );
    let never =
        json!({"days_since_plt_transfusion": null, "days_since_rbc_transfusion": null, "no_transfusion_ever": true});
    assert_eq!(category(never), "CR");
    assert_eq!(category(json!({"days_since_rbc_transfusion": 7})), "CRi");
    assert_eq!(
        category(json!({"anc": 0.6, "plt": 60, "days_since_plt_transfusion": null})),
        "MLFS"
    );
    assert_eq!(
        category(json!({"anc": 0.6, "plt": 60, "days_since_rbc_transfusion": 1})),
        "CRh"
    );
    assert_eq!(
        category(json!({"anc": 0.8, "plt": 150, "days_since_plt_transfusion": 2})),
        "MLFS"
    );
    assert_eq!(
        category(json!({"anc": 1.5, "plt": 60, "days_since_plt_transfusion": 2})),
        "CRi"
    );
}

#[test]
fn a_screen_can_say_why_it_is_not_cr() {
    let result = of(json!({"plt": 82, "days_since_plt_transfusion": 3}));
    assert_eq!(result.category, Category::Cri);
    let reason = |what: &str| {
        let found = result
            .reasons
            .iter()
            .find(|reason| reason.what == what && reason.rule == "B2.5b");
        serde_json::to_value(found.unwrap()).unwrap()
    };
    let platelets = reason("platelets");
    assert_eq!(
        (&platelets["value"], &platelets["op"], &platelets["limit"]),
        (&json!("82"), &json!(">"), &json!("100"))
    );
    assert_eq!(
        (&platelets["holds"], &platelets["decision"]),
        (&json!(false), &json!("D-05"))
    );
    assert_eq!(reason("days_since_plt_transfusion")["value"], "3");
}

#[test]
fn relapse_needs_one_sign_and_a_remission_before() {
    for change in [
        json!({"prior_best": "CR", "bm_blasts_pct": null, "pb_blasts_pct": 1.0, "cns": null, "anc": null}),
        json!({"prior_best": "CRi", "clinical_cns_signs": true, "cns": null}),
        json!({"prior_best": "CRh", "cns": 2, "prior_cns2_tap": true}),
        json!({"prior_best": "CR", "pb_blasts_pct": 0.2, "pb_flow_clarified": "blasts"}),
    ] {
        assert_eq!(category(change.clone()), "RELAPSE", "{change}");
    }
    assert_eq!(missing(json!({"prior_best": null, "emd": "new"})), ["prior_best"]);
    assert_eq!(
        category(json!({"prior_best": null})),
        "CR",
        "without a sign it does not matter"
    );
    let single = of(json!({"prior_best": "CR", "cns": 2, "prior_cns2_tap": false}));
    assert_eq!(
        (single.category, single.warnings[0].what),
        (Category::Ne, "repeat_lumbar_puncture")
    );
    let molecular = of(json!({"prior_best": "CR", "mrd_fraction": 0.01}));
    assert_eq!(
        (molecular.category, molecular.warnings[0].what),
        (Category::Ne, "mrd_relapse")
    );
}

#[test]
fn progression() {
    assert_eq!(category(json!({"bm_blasts_pct": 6.0, "baseline_bm_pct": 4.8})), "PD");
    assert_eq!(
        category(json!({"bm_blasts_pct": 4.9, "baseline_bm_pct": 1.0})),
        "CR",
        "never below 5 %"
    );
    assert_eq!(category(json!({"bm_blasts_pct": 5.0, "prior_best": "MLFS"})), "PD");
    assert_eq!(
        category(json!({"bm_blasts_pct": 30, "pb_abs": 5.0, "baseline_pb_abs": 4.0, "pb_blasts_pct": 40})),
        "PD"
    );
    assert_eq!(
        category(json!({"bm_blasts_pct": 30, "pb_abs": 4.9, "baseline_pb_abs": 4.0, "pb_blasts_pct": 40})),
        "NR"
    );
    let unknown = of(json!({"cns": 3}));
    assert_eq!(
        (unknown.category, unknown.warnings[0].what),
        (Category::Nr, "pd_not_assessable")
    );
    assert_eq!(category(json!({"cns": 3, "baseline_cns": 3})), "NR");
    assert_eq!(
        category(json!({"clinical_cns_signs": true, "cns": 1, "baseline_cns": 2})),
        "PD"
    );
}

#[test]
fn regeneration_needs_counts_and_the_same_aspirate() {
    let marrow = json!({"bm_blasts_pct": 6.0, "mrd_fraction": 0.001, "anc": 0.8});
    let repeat = of(marrow);
    assert_eq!(
        (repeat.category, repeat.warnings[0].what),
        (Category::Ne, "repeat_marrow")
    );
    assert_eq!(
        missing(json!({"bm_blasts_pct": 6.0, "mrd_fraction": 0.001, "anc": null})),
        ["anc"]
    );
    assert_eq!(
        category(json!({"bm_blasts_pct": 6.0, "mrd_fraction": 0.001, "mrd_same_aspirate": false})),
        "PR"
    );
    assert_eq!(
        category(json!({"bm_blasts_pct": 6.0, "mrd_fraction": 0.001, "prior_best": "CR"})),
        "CR"
    );
    assert_eq!(
        category(json!({"bm_blasts_pct": 6.0, "mrd_fraction": 0.01, "prior_best": "CR"})),
        "RELAPSE"
    );
    assert_eq!(
        category(json!({"bm_blasts_pct": 6.0, "mrd_fraction": 0.001, "emd": "present_baseline"})),
        "NR"
    );
}

/// Counts not known yet: a marrow of 5 to 25 % without disease may be regeneration, so it is no relapse yet.
#[test]
fn a_relapse_waits_for_the_counts_of_a_regenerating_marrow() {
    let now = |change: Value| {
        let mut all = json!({"prior_best": "CR", "bm_blasts_pct": 10, "mrd_fraction": 0.001});
        for (key, value) in change.as_object().unwrap() {
            all[key] = value.clone();
        }
        all
    };
    assert_eq!(missing(now(json!({"plt": null}))), ["plt"]);
    assert_eq!(missing(now(json!({"anc": null}))), ["anc"]);
    assert_eq!(category(now(json!({"anc": 0.4}))), "RELAPSE");
    assert_eq!(category(now(json!({"anc": 0.4, "plt": null}))), "RELAPSE");
    let flagged = of(json!({"prior_best": "CR", "emd": "present_baseline"}));
    let fresh = of(json!({"emd": "present_baseline"}));
    let warned = |assessed: &Assessment| {
        assessed
            .warnings
            .iter()
            .any(|reason| reason.what == criteria::what::EMD_AFTER_REMISSION)
    };
    assert!(warned(&flagged) && !warned(&fresh) && !warned(&of(json!({"prior_best": "CR"}))));
}

/// Whose marrow was clear once cannot be in partial remission any more.
#[test]
fn a_marrow_that_was_clear_is_not_in_partial_remission() {
    for prior in ["MLFS", "APLASTIC", "CR", "CRi"] {
        for got in five(&json!({"prior_best": prior, "bm_blasts_pct": 20})) {
            assert_ne!(got, "PR", "{prior}");
        }
    }
}

#[test]
fn partial_remission_and_what_it_lacks() {
    assert_eq!(category(json!({"bm_blasts_pct": 25.1})), "NR");
    assert_eq!(category(json!({"bm_blasts_pct": 20, "anc": 1.0})), "NR");
    assert_eq!(category(json!({"bm_blasts_pct": 20, "prior_best": "MLFS"})), "PD");
    assert_eq!(missing(json!({"bm_blasts_pct": 20, "anc": null})), ["anc"]);
    assert_eq!(category(json!({"bm_blasts_pct": 20, "anc": null, "plt": 40})), "NR");
    let flagged = of(json!({"bm_blasts_pct": 20, "baseline_bm_pct": null}));
    assert_eq!(
        (flagged.category, flagged.warnings[0].what),
        (Category::Nr, "pr_not_assessable")
    );
    assert_eq!(category(json!({"bm_blasts_pct": null, "pb_blasts_pct": 3})), "NR");
    assert_eq!(category(json!({"emd": "present_baseline"})), "NR");
}

#[test]
fn cns_is_carried_forward_only_from_a_clean_baseline_without_signs() {
    let carried = of(json!({"cns": null, "baseline_cns": 1, "clinical_cns_signs": false}));
    assert_eq!(
        (carried.category, carried.warnings[0].what),
        (Category::Cr, "cns_carried_forward")
    );
    assert_eq!(missing(json!({"cns": null, "baseline_cns": 1})), ["cns"]);
    assert_eq!(
        missing(json!({"cns": null, "baseline_cns": 2, "clinical_cns_signs": false})),
        ["cns"]
    );
    let required = json!({"cns": null, "baseline_cns": 1, "clinical_cns_signs": false, "lp_required": true});
    assert_eq!(missing(required), ["cns"]);
}

#[test]
fn nothing_known_is_not_evaluable() {
    let nothing = assess(&serde_json::from_value(json!({})).unwrap(), &Decisions::default());
    assert_eq!(nothing.category, Category::Ne);
    let names: Vec<_> = nothing.missing.iter().map(|field| field.0).collect();
    assert_eq!(names, ["bm_blasts_pct", "pb_blasts_pct", "emd", "cns", "anc", "plt"]);
    assert_eq!(missing(json!({"pb_blasts_pct": 0.4})), ["pb_flow_clarified"]);
    assert_eq!(
        missing(json!({"anc": 0.3, "plt": 20, "bm_cellularity": null})),
        ["bm_cellularity"]
    );
}
