//! The monotone rule, exactly: an input that is missing changes an answer only if one of its values could.
//!
//! Over a grid of values for each input, every way of leaving inputs out is compared with every way of filling them in.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod grid;

use grid::Grid;
use serde_json::{Value, json};

/// Grades: settled, at least the lowest possible one, or not evaluable when 0 is possible.
fn graded(reach: u32, answer: &Value) -> bool {
    let (low, high) = (reach.trailing_zeros(), 31 - reach.leading_zeros());
    let (status, grade) = if low == high {
        ("graded", json!(low))
    } else if low > 0 {
        ("at_least", json!(low))
    } else {
        ("not_evaluable", Value::Null)
    };
    let given = ["grade", "stage"].iter().find_map(|key| answer.get(key)).unwrap();
    answer["status"] == status && *given == grade
}

fn grade(answer: &Value) -> Option<u32> {
    ["grade", "stage"]
        .iter()
        .find_map(|key| answer.get(key))
        .and_then(Value::as_u64)
        .and_then(|grade| u32::try_from(grade).ok())
}

fn boolean() -> Value {
    json!([false, true])
}

#[test]
fn crs() {
    let grid = Grid::new(
        "tox.crs",
        json!({"death_from_crs": false}),
        &[
            ("temp_max_c", json!([37.9, 38])),
            ("fever_attributed_elsewhere", boolean()),
            ("crs_established", boolean()),
            ("masking_therapy", boolean()),
            ("hypotension", boolean()),
            (
                "oxygen",
                json!(["none", "nasal_cannula", "face_mask", "cpap", "intubation"]),
            ),
            ("flow_l_min", json!([6, 6.1])),
            ("airway_protection_only", boolean()),
        ],
    );
    for pressors in [
        json!([]),
        json!(["norepinephrine"]),
        json!(["norepinephrine", "epinephrine"]),
    ] {
        let mut grid = Grid {
            varied: grid.varied.clone(),
            asked_later: &["flow_l_min", "airway_protection_only"],
            ..Grid::new("tox.crs", grid.fixed.clone(), &[])
        };
        grid.fixed["vasopressors"] = pressors;
        grid.check(grade, graded);
    }
}

#[test]
fn icans() {
    let domains = [
        (
            "consciousness",
            json!(["alert", "spontaneous", "voice", "tactile", "unarousable"]),
        ),
        ("ice_unable_unarousable", boolean()),
        ("seizure", json!(["none", "resolved", "prolonged_gt5min"])),
        ("motor_deep_weakness", boolean()),
        ("edema", json!(["none", "focal", "diffuse"])),
        ("death", boolean()),
    ];
    let possible =
        |inputs: &Value| inputs["ice_unable_unarousable"] != true || inputs["consciousness"] == "unarousable";
    for (age, item, values) in [(12, "ice", json!([0, 2, 5, 8, 10])), (11, "capd", json!([0, 8, 9]))] {
        let mut varied = vec![(item, values)];
        varied.extend(domains.clone());
        let grid = Grid {
            possible,
            ..Grid::new("tox.icans", json!({"age": age}), &varied)
        };
        grid.check(grade, graded);
    }
}

#[test]
fn acute_gvhd() {
    let stages = || json!([0, 1, 2, 3, 4]);
    Grid::new(
        "tox.agvhd_overall",
        json!({}),
        &[
            ("skin", stages()),
            ("liver", stages()),
            ("upper_gi", json!([0, 1])),
            ("lower_gi", stages()),
        ],
    )
    .check(grade, graded);
    let skin = Grid::new(
        "tox.agvhd_stage",
        json!({"organ": "skin"}),
        &[
            ("bsa_pct", json!([0, 24, 50, 51])),
            ("bullae", boolean()),
            ("desquamation_pct", json!([5, 6])),
        ],
    );
    let asked_later = &["bullae", "desquamation_pct"];
    Grid { asked_later, ..skin }.check(grade, graded);
    Grid::new(
        "tox.agvhd_stage",
        json!({"organ": "lower_gi"}),
        &[
            ("ml_per_day", json!([0, 400, 600, 1200, 1600, 2500])),
            ("weight_kg", json!([2, 20, 50, 51, 90])),
            ("bleeding", boolean()),
            ("severe_pain", boolean()),
        ],
    )
    .check(grade, graded);
}

#[test]
fn febrile_neutropenia() {
    Grid::new(
        "tox.febrile_neutropenia",
        json!({}),
        &[
            ("anc", json!([0.9, 1])),
            ("single_max_c", json!([38.3, 38.4])),
            ("sustained_38_min", json!([60, 61])),
            ("life_threatening", boolean()),
        ],
    )
    .check(grade, graded);
}

#[test]
fn laboratory_terms() {
    let lab = |term: &str, varied: &[(&'static str, Value)]| {
        for function in ["tox.ctcae5", "tox.ctcae6"] {
            let grid = Grid::new(function, json!({"term": term, "uln": 40, "lln": 2}), varied);
            let excepted = |inputs: &Value| inputs["value"].is_null();
            Grid { excepted, ..grid }.check(grade, graded);
        }
    };
    let symptomatic = ("symptomatic", boolean());
    lab(
        "sodium_low",
        &[
            ("value", json!([140, 133, 127, 122, 119])),
            ("lln", json!([131, 135, 145])),
            symptomatic.clone(),
        ],
    );
    lab(
        "potassium_low",
        &[
            ("value", json!([4, 3.2, 2.7, 2.2])),
            ("lln", json!([3.1, 3.5, 4.5])),
            symptomatic,
        ],
    );
    lab(
        "platelet",
        &[("value", json!([300, 80, 60, 30, 9])), ("lln", json!([78, 150, 400]))],
    );
    lab(
        "potassium_high",
        &[("value", json!([4, 5.2, 5.7, 6.5, 8])), ("uln", json!([3.5, 5, 5.5]))],
    );
    lab(
        "uric_acid",
        &[
            ("value", json!([300, 500])),
            ("uln", json!([200, 420, 600])),
            ("consequences", boolean()),
        ],
    );
    let baseline = json!([0.5, 30, 40.001, 60, 300, 5000]);
    for term in ["alt", "alp", "ggt", "bilirubin"] {
        let varied = [
            ("value", json!([1, 41, 50, 70, 130, 250, 901])),
            ("baseline", baseline.clone()),
        ];
        lab(term, &varied);
    }
    let parts = json!([2.5, 1.9, 1.4, 0.9, 0.55, 0.45]);
    lab(
        "fibrinogen",
        &[("value", parts), ("baseline", json!([0.4, 1.0, 1.7, 1.999, 2, 4]))],
    );
}

/// A word that answers, or its absence.
fn words(list: &'static [&'static str], given: &Value) -> Option<u32> {
    let place = list.iter().position(|word| *given == **word)?;
    u32::try_from(place).ok()
}

const SCREEN: &[&str] = &["not_met", "suspected"];
const HOLD: &[&str] = &["go", "hold"];
const RISK: &[&str] = &["low", "high"];

#[test]
fn screen_for_iec_hs() {
    let grid = Grid::new(
        "tox.iec_hs_screen",
        json!({"hemophagocytosis": false, "transaminases_gt5x": false}),
        &[
            ("ferritin", json!([100, 601])),
            ("ferritin_uln", json!([40, 300, 400])),
            ("ferritin_baseline", json!([40, 300, 400])),
            ("rapidly_rising", boolean()),
            ("fibrinogen_g_l", json!([1.4, 1.6, 5])),
            ("fibrinogen_lln", json!([1.5, 2, 6])),
            ("new_cytopenia", boolean()),
        ],
    );
    // A missing ferritin is a stated exception; and this grid has no fibrinogen that reaches the highest limit of normal.
    let excepted = |inputs: &Value| {
        let out_of_grid = inputs["fibrinogen_g_l"].is_null() && inputs["fibrinogen_lln"] == 6;
        inputs["ferritin"].is_null() || out_of_grid
    };
    Grid { excepted, ..grid }.check(
        |answer| words(SCREEN, &answer["result"]),
        |reach, answer| match reach {
            1 => answer["result"] == "not_met",
            2 => answer["result"] == "suspected",
            _ => answer["result"] == "not_evaluable",
        },
    );
}

#[test]
fn haematotoxicity() {
    let grid = Grid::new(
        "tox.car_hematotox",
        json!({}),
        &[
            ("plt", json!([74, 75, 176])),
            ("anc_per_ul", json!([1199, 1200])),
            ("hb_g_dl", json!([8.9, 9])),
            ("crp_mg_dl", json!([2.9, 3])),
            ("ferritin", json!([649, 650, 2001])),
        ],
    );
    let missing_of_more = true;
    Grid {
        missing_of_more,
        ..grid
    }
    .check(
        |answer| words(RISK, &answer["risk"]),
        |reach, answer| match reach {
            1 => answer["risk"] == "low",
            2 => answer["risk"] == "high",
            _ => answer["risk"].is_null() && answer["score"].is_null() && answer["status"] == "not_evaluable",
        },
    );
}

#[test]
fn lysis() {
    let grid = |clinical: &[(&'static str, Value)]| {
        let mut varied = vec![
            ("day_from_therapy", json!([-4, 0])),
            ("child", boolean()),
            ("uric_acid_umol_l", json!([300, 476])),
            ("k_mmol_l", json!([4, 6])),
            ("phosphate_mmol_l", json!([1, 1.5, 2.1])),
            ("ca_corr_mmol_l", json!([1.75, 2.2])),
        ];
        varied.extend_from_slice(clinical);
        Grid::new("tox.tls", json!({"seizure_grade": 0, "death": false}), &varied)
    };
    let clinical = [
        ("creatinine_x_uln", json!([1, 2, 7])),
        ("arrhythmia_grade", json!([0, 3])),
    ];
    let missing_of_more = true;
    let clinical = Grid {
        missing_of_more,
        ..grid(&clinical)
    };
    clinical.check(
        |answer| answer["ctls"].as_bool().map(u32::from),
        |reach, answer| match reach {
            1 => answer["ctls"] == false,
            2 => answer["ctls"] == true,
            _ => answer["ctls"].is_null(),
        },
    );
    let mut without = grid(&[]);
    without.fixed["creatinine_x_uln"] = json!(1);
    without.fixed["arrhythmia_grade"] = json!(0);
    without.check(
        |answer| answer["ltls"].as_bool().map(u32::from),
        |reach, answer| match reach {
            1 => answer["ltls"] == false,
            2 => answer["ltls"] == true,
            _ => answer["ltls"].is_null(),
        },
    );
}

#[test]
fn holds() {
    let fixed = json!({"infection": false, "new_o2_need": false, "hypotension_support": false, "new_arrhythmia": false,
        "new_gvhd_immunosuppression": false, "steroid_above_replacement_72h": false, "unresolved_g3_reaction": false});
    let common = [
        ("temp_c", json!([37.9, 38])),
        ("spo2_room_air", json!([91, 92])),
        ("agvhd_grade", json!([1, 2])),
        ("new_neuro_sign", boolean()),
        ("rapid_progression", boolean()),
        ("pregnancy_test", json!(["neg", "pos", "not_applicable"])),
    ];
    let result = |answer: &Value| words(HOLD, &answer["result"]);
    let states = |reach: u32, answer: &Value| match reach {
        1 => answer["result"] == "go",
        2 => answer["result"] == "hold",
        _ => answer["result"] == "not_evaluable",
    };
    let mut infusion = common.to_vec();
    infusion.push(("tocilizumab_doses", json!([1, 2])));
    Grid::new("holds.d0", fixed.clone(), &infusion).check(result, states);
    let mut depletion = common.to_vec();
    depletion.push(("crcl", json!([30, 30.1])));
    let mut fixed = fixed;
    fixed["crcl_age_h"] = json!(72);
    Grid::new("holds.ld1", fixed, &depletion).check(result, states);
}
