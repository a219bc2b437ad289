//! Toxicity as a definition may call it: stages, scores and grades of `criteria::tox`, seriousness, holds.

use chrono::NaiveDate;
use criteria::{
    Decisions, Grade, Grading,
    age::Age,
    holds,
    tox::{acute_gvhd, chronic_gvhd, febrile, hematotox, icaht, icans, iec_hs, lysis, safety},
};
use serde_json::{Map, Value as Json, json};

use crate::medicine::{
    Outcome, Status,
    made::Made,
    registry::{Call, Codes, Gives, Input, Takes, may, needs},
    run::{one, read},
    series::Span,
};

/// Functions whose number another function takes as points.
pub(crate) const SCORES: &[&str] = &[
    "tox.ice",
    "gvhd.skin",
    "gvhd.liver",
    "gvhd.upper_gi",
    "gvhd.lower_gi",
    "gvhd.acute",
];

const CONSCIOUSNESS: Codes = &[
    ("ALERT", Some("alert")),
    ("SPONTANEOUS", Some("spontaneous")),
    ("VOICE", Some("voice")),
    ("TACTILE", Some("tactile")),
    ("UNAROUSABLE", Some("unarousable")),
];
const SEIZURE: Codes = &[
    ("NONE", Some("none")),
    ("RESOLVED", Some("resolved")),
    ("NCSE_RESOLVED", Some("ncse_resolved")),
    ("PROLONGED", Some("prolonged_gt5min")),
    ("REPETITIVE", Some("repetitive")),
];
const EDEMA: Codes = &[
    ("NONE", Some("none")),
    ("FOCAL", Some("focal")),
    ("DIFFUSE", Some("diffuse")),
    ("HEMORRHAGE", Some("hemorrhage_related")),
];
const DOMAINS: Codes = &[
    ("NONE", Some("")),
    ("COGNITION", Some("cognition")),
    ("CONSCIOUSNESS", Some("consciousness")),
    ("SEIZURE", Some("seizure")),
    ("MOTOR", Some("motor")),
    ("EDEMA", Some("edema")),
];
const PREGNANCY: Codes = &[
    ("NEG", Some("negative")),
    ("POS", Some("positive")),
    ("NA", Some("not_applicable")),
];
/// "Not known" is handed over as missing: the function then counts it as related, and as unexpected.
const KNOWN: Codes = &[("Y", Some("true")), ("N", Some("false")), ("U", None)];
const BILIRUBIN: Takes = Takes::Quantity(&["umol/L", "mg/dL"]);

const EARLY: Span = Span {
    unit: "/uL",
    first: 0,
    last: 30,
    gaps: true,
};
const LATE: Span = Span {
    unit: "/uL",
    first: 31,
    last: 100,
    gaps: false,
};
const PLATELETS: Span = Span {
    unit: "10^9/L",
    ..EARLY
};
const ICAHT: &[Input] = &[
    needs("daily_anc_per_ul", Takes::Series(EARLY)),
    may("infusion_date", Takes::Date),
    may("died_on", Takes::Date),
];

const LYSIS: &[Input] = &[
    needs("age", Takes::Age),
    needs("uric_acid_umol_l", Takes::Number("umol/L")),
    needs("k_mmol_l", Takes::Number("mmol/L")),
    needs("phosphate_mmol_l", Takes::Number("mmol/L")),
    needs("ca_corr_mmol_l", Takes::Number("mmol/L")),
    needs("creatinine_x_uln", Takes::Number("xULN")),
    needs("arrhythmia_grade", Takes::Points),
    needs("seizure_grade", Takes::Points),
    needs("death", Takes::YesNo),
    may("day_from_therapy", Takes::Days),
    may("baseline_uric_acid_umol_l", Takes::Number("umol/L")),
    may("baseline_k_mmol_l", Takes::Number("mmol/L")),
    may("baseline_phosphate_mmol_l", Takes::Number("mmol/L")),
    may("baseline_ca_corr_mmol_l", Takes::Number("mmol/L")),
];

/// What the four values before therapy are called in a definition: this, and the name of the value.
const BASELINE: &str = "baseline_";

const fn call(name: &'static str, gives: Gives, inputs: &'static [Input]) -> Call {
    Call { name, inputs, gives }
}

/// The functions of this list.
pub(crate) const CALLS: &[Call] = &[
    call(
        "tox.ice",
        Gives::Number,
        &[
            needs("orientation", Takes::Points),
            needs("naming", Takes::Points),
            needs("command", Takes::Points),
            needs("writing", Takes::Points),
            needs("attention", Takes::Points),
        ],
    ),
    call(
        "tox.icans",
        Gives::Number,
        &[
            needs("age", Takes::Age),
            may("developmental_delay", Takes::YesNo),
            needs("ice", Takes::Points),
            needs("ice_unable_unarousable", Takes::YesNo),
            needs("consciousness", Takes::Choice(CONSCIOUSNESS)),
            needs("seizure", Takes::Choice(SEIZURE)),
            may("seizure_minutes", Takes::Number("min")),
            needs("motor_deep_weakness", Takes::YesNo),
            needs("edema", Takes::Choice(EDEMA)),
            may("raised_pressure_signs", Takes::YesNo),
            needs("capd", Takes::Points),
            may("attributed_elsewhere", Takes::Choices(DOMAINS)),
            needs("death", Takes::YesNo),
        ],
    ),
    call(
        "tox.iec_hs",
        Gives::Code,
        &[
            needs("ferritin", Takes::Number("ug/L")),
            needs("ferritin_uln", Takes::Number("ug/L")),
            needs("ferritin_baseline", Takes::Number("ug/L")),
            needs("rapidly_rising", Takes::YesNo),
            needs("transaminases_gt5x", Takes::YesNo),
            needs("fibrinogen_g_l", Takes::Number("g/L")),
            needs("fibrinogen_lln", Takes::Number("g/L")),
            needs("hemophagocytosis", Takes::YesNo),
            needs("new_cytopenia", Takes::YesNo),
        ],
    ),
    call(
        "tox.hematotox",
        Gives::Number,
        &[
            needs("plt", Takes::Number("10^9/L")),
            needs("anc_per_ul", Takes::Number("/uL")),
            needs("hb_g_dl", Takes::Number("g/dL")),
            needs("crp_mg_dl", Takes::Number("mg/dL")),
            needs("ferritin", Takes::Number("ng/mL")),
        ],
    ),
    call(
        "tox.febrile_neutropenia",
        Gives::Number,
        &[
            needs("anc", Takes::Number("10^9/L")),
            needs("single_max_c", Takes::Number("C")),
            needs("sustained_38_min", Takes::Number("min")),
            needs("life_threatening", Takes::YesNo),
        ],
    ),
    call("tox.icaht_early", Gives::Number, ICAHT),
    call(
        "tox.icaht_late",
        Gives::Number,
        &[needs("anc_values_per_ul", Takes::Series(LATE))],
    ),
    call(
        "tox.t_icaht_early",
        Gives::Number,
        &[needs("daily_plt", Takes::Series(PLATELETS))],
    ),
    call("tox.tls_laboratory", Gives::Code, LYSIS),
    call("tox.tls", Gives::Number, LYSIS),
    call(
        "gvhd.skin",
        Gives::Number,
        &[
            needs("bsa_pct", Takes::Number("%")),
            needs("bullae", Takes::YesNo),
            needs("desquamation_pct", Takes::Number("%")),
        ],
    ),
    call("gvhd.liver", Gives::Number, &[needs("bilirubin", BILIRUBIN)]),
    call(
        "gvhd.upper_gi",
        Gives::Number,
        &[needs("persistent_symptoms", Takes::YesNo)],
    ),
    call(
        "gvhd.lower_gi",
        Gives::Number,
        &[
            needs("weight_kg", Takes::Number("kg")),
            needs("ml_per_day", Takes::Number("mL")),
            needs("episodes", Takes::Points),
            needs("bleeding", Takes::YesNo),
            needs("severe_pain", Takes::YesNo),
        ],
    ),
    call(
        "gvhd.acute",
        Gives::Number,
        &[
            needs("skin", Takes::Points),
            needs("liver", Takes::Points),
            needs("upper_gi", Takes::Points),
            needs("lower_gi", Takes::Points),
        ],
    ),
    call(
        "gvhd.chronic",
        Gives::Code,
        &[
            needs("skin", Takes::Points),
            needs("mouth", Takes::Points),
            needs("eyes", Takes::Points),
            needs("gi", Takes::Points),
            needs("liver", Takes::Points),
            needs("lungs", Takes::Points),
            needs("joints", Takes::Points),
            needs("genital", Takes::Points),
        ],
    ),
    call(
        "sae.serious",
        Gives::Code,
        &[
            needs("death", Takes::YesNo),
            needs("life_threatening", Takes::YesNo),
            needs("hospitalisation", Takes::YesNo),
            needs("disability", Takes::YesNo),
            needs("congenital", Takes::YesNo),
            needs("important_medical", Takes::YesNo),
        ],
    ),
    call(
        "sae.due",
        Gives::Code,
        &[
            needs("serious", Takes::YesNo),
            needs("unexpected", Takes::Truth(KNOWN)),
            needs("related", Takes::Truth(KNOWN)),
            needs("fatal_or_lt", Takes::YesNo),
            needs("day0", Takes::Date),
            may("upgraded_on", Takes::Date),
        ],
    ),
    call(
        "holds.ld1",
        Gives::Answer,
        &[
            needs("temp_c", Takes::Number("C")),
            needs("infection", Takes::YesNo),
            needs("new_o2_need", Takes::YesNo),
            needs("spo2_room_air", Takes::Number("%")),
            needs("hypotension_support", Takes::YesNo),
            needs("new_arrhythmia", Takes::YesNo),
            needs("agvhd_grade", Takes::Points),
            needs("new_gvhd_immunosuppression", Takes::YesNo),
            needs("steroid_above_replacement_72h", Takes::YesNo),
            needs("new_neuro_sign", Takes::YesNo),
            needs("unresolved_g3_reaction", Takes::YesNo),
            needs("rapid_progression", Takes::YesNo),
            needs("pregnancy_test", Takes::Choice(PREGNANCY)),
            needs("crcl", Takes::Number("mL/min")),
            needs("crcl_child", Takes::Number("mL/min")),
            needs("crcl_age_h", Takes::Number("h")),
            needs("age", Takes::Age),
        ],
    ),
];

/// Runs one of them; nothing for another name.
pub(super) fn run(of: &Made<'_>, decisions: &Decisions) -> Option<Outcome> {
    let json = &of.bound.json;
    Some(match of.call {
        "tox.ice" => ice(of),
        "tox.icans" => graded(of, icans::icans(&read(json))),
        "tox.iec_hs" => screen(of),
        "tox.hematotox" => risk(of),
        "tox.febrile_neutropenia" => graded(of, febrile::febrile_neutropenia(&read(json))),
        "tox.icaht_early" => graded(of, icaht::icaht_early(&read(&ended(json)))),
        "tox.icaht_late" => graded(of, icaht::icaht_late(&read(json))),
        "tox.t_icaht_early" => graded(of, icaht::t_icaht_early(&read(json))),
        "tox.tls_laboratory" => tumour_lysis(of, true),
        "tox.tls" => tumour_lysis(of, false),
        "gvhd.skin" => graded(of, acute_gvhd::skin(&read(json))),
        "gvhd.liver" => graded(of, acute_gvhd::liver(&read(json))),
        "gvhd.upper_gi" => graded(of, acute_gvhd::upper_gi(&read(json))),
        "gvhd.lower_gi" => graded(of, acute_gvhd::lower_gi(&read(json))),
        "gvhd.acute" => graded(of, acute_gvhd::overall(&read(json))),
        "gvhd.chronic" => chronic(of),
        "sae.serious" => serious(of),
        "sae.due" => due(of),
        "holds.ld1" => of.criterion(holds::ld1(&read(&renal(json)), decisions)),
        _ => return None,
    })
}

/// A grade in the one shape of outcomes.
pub(super) fn graded(of: &Made<'_>, grading: Grading) -> Outcome {
    let (status, missing) = match &grading.grade {
        Grade::Graded { .. } => (Status::Graded, Vec::new()),
        Grade::AtLeast { missing, .. } => (Status::AtLeast, missing.clone()),
        Grade::NotEvaluable { missing } => (Status::NotEvaluable, missing.clone()),
    };
    let result = grading.grade.grade().map(u8::to_string);
    Outcome {
        status,
        ..of.value(result, &missing, grading.reasons, grading.warnings)
    }
}

fn ice(of: &Made<'_>) -> Outcome {
    let found = icans::ice(&read(&of.bound.json));
    of.value(
        found.total.map(|total| total.to_string()),
        &found.missing,
        Vec::new(),
        Vec::new(),
    )
}

fn screen(of: &Made<'_>) -> Outcome {
    let found = iec_hs::iec_hs_screen(&read(&of.bound.json));
    let (result, missing) = match found.screen {
        iec_hs::Screen::Suspected => (Some("suspected".to_owned()), Vec::new()),
        iec_hs::Screen::NotMet => (Some("not_met".to_owned()), Vec::new()),
        iec_hs::Screen::NotEvaluable { missing } => (None, missing),
    };
    of.value(result, &missing, found.reasons, Vec::new())
}

/// The score; while it is open, what is missing.
fn risk(of: &Made<'_>) -> Outcome {
    let found = hematotox::car_hematotox(&read(&of.bound.json));
    of.value(
        found.score.map(|score| score.to_string()),
        &found.missing,
        found.reasons,
        Vec::new(),
    )
}

fn tumour_lysis(of: &Made<'_>, laboratory: bool) -> Outcome {
    let mut json = of.bound.json.clone();
    let child = one::<Age>(&json, "age").map(|age| age.max() < 18);
    if let Some(child) = child {
        json.insert("child".into(), json!(child));
    }
    let before: Map<String, Json> = json
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(BASELINE)?.to_owned(), value.clone())))
        .collect();
    json.insert("baseline".into(), Json::Object(before));
    let found = lysis::tls(&read(&json));
    if laboratory {
        let code = found
            .ltls
            .map(|there| if there { "present" } else { "absent" }.to_owned());
        let missing = if code.is_some() { Vec::new() } else { found.missing };
        return of.value(code, &missing, found.reasons, Vec::new());
    }
    graded(
        of,
        Grading {
            grade: found.grade,
            reasons: found.reasons,
            warnings: Vec::new(),
        },
    )
}

/// A series that stops before day 30 because of death is closed; any other stop leaves it open.
fn ended(json: &Map<String, Json>) -> Map<String, Json> {
    let mut json = json.clone();
    let (infused, died): (Option<NaiveDate>, Option<NaiveDate>) = (one(&json, "infusion_date"), one(&json, "died_on"));
    let days = infused
        .zip(died)
        .map(|(infused, died)| died.signed_duration_since(infused).num_days());
    if days.is_some_and(|days| (0..=EARLY.last).contains(&days)) {
        json.insert("ended".into(), json!("death"));
    }
    json
}

fn chronic(of: &Made<'_>) -> Outcome {
    let found = chronic_gvhd::cgvhd(&read(&of.bound.json));
    let (status, missing) = match &found.grade {
        // A word, not a number.
        Grade::Graded { .. } => (Status::Value, Vec::new()),
        Grade::AtLeast { missing, .. } => (Status::AtLeast, missing.clone()),
        Grade::NotEvaluable { missing } => (Status::NotEvaluable, missing.clone()),
    };
    let result = found.grade.grade().map(|severity| match severity {
        chronic_gvhd::Severity::None => "none",
        chronic_gvhd::Severity::Mild => "mild",
        chronic_gvhd::Severity::Moderate => "moderate",
        chronic_gvhd::Severity::Severe => "severe",
    });
    Outcome {
        status,
        ..of.value(result.map(str::to_owned), &missing, found.reasons, found.warnings)
    }
}

fn serious(of: &Made<'_>) -> Outcome {
    let found = safety::sae(&read(&of.bound.json));
    let code = found
        .serious
        .map(|serious| if serious { "serious" } else { "not_serious" }.to_owned());
    let missing = if code.is_some() { Vec::new() } else { found.missing };
    of.value(code, &missing, Vec::new(), Vec::new())
}

/// The last day of the expedited report, or `not_required`.
fn due(of: &Made<'_>) -> Outcome {
    let found = safety::expedited(&read(&of.bound.json));
    let code = match (found.required, found.due) {
        (Some(false), _) => Some("not_required".to_owned()),
        (_, Some(day)) => Some(day.to_string()),
        (Some(true) | None, None) => None,
    };
    of.value(code, &found.missing, Vec::new(), Vec::new())
}

/// Renal function by the formula of the age: the child's where the adult's does not apply.
fn renal(json: &Map<String, Json>) -> Map<String, Json> {
    let mut json = json.clone();
    let child = one::<Age>(&json, "age").is_some_and(|age| age.max() < 18);
    if child {
        json.insert("child".into(), json!(true));
        json.remove("crcl");
        if let Some(rate) = json.get("crcl_child").cloned() {
            json.insert("crcl".into(), rate);
        }
    }
    json
}

#[cfg(test)]
pub(super) mod tests {
    use criteria::{holds::Hold, tox};

    /// What the study adds to the inputs of a function.
    const OWN: &[(&str, &[&str])] = &[
        ("holds.ld1", &["crcl_child", "age"]),
        ("tox.icaht_early", &["infusion_date", "died_on"]),
        ("tox.tls", LYSIS_OWN),
        ("tox.tls_laboratory", LYSIS_OWN),
    ];

    const LYSIS_OWN: &[&str] = &[
        "age",
        "baseline_uric_acid_umol_l",
        "baseline_k_mmol_l",
        "baseline_phosphate_mmol_l",
        "baseline_ca_corr_mmol_l",
    ];

    /// Functions of this list and the names of their inputs.
    pub(in crate::medicine) fn inputs() -> Vec<(&'static str, Vec<&'static str>)> {
        let published: &[(&str, &[&str])] = &[
            ("tox.ice", tox::icans::Ice::INPUTS),
            ("tox.icans", tox::icans::Icans::INPUTS),
            ("tox.iec_hs", tox::iec_hs::IecHs::INPUTS),
            ("tox.hematotox", tox::hematotox::Hematotox::INPUTS),
            ("tox.febrile_neutropenia", tox::febrile::Febrile::INPUTS),
            ("tox.icaht_early", tox::icaht::IcahtEarly::INPUTS),
            ("tox.icaht_late", tox::icaht::IcahtLate::INPUTS),
            ("tox.t_icaht_early", tox::icaht::TIcaht::INPUTS),
            ("tox.tls_laboratory", tox::lysis::Lysis::INPUTS),
            ("tox.tls", tox::lysis::Lysis::INPUTS),
            ("gvhd.skin", tox::acute_gvhd::Skin::INPUTS),
            ("gvhd.liver", tox::acute_gvhd::Liver::INPUTS),
            ("gvhd.upper_gi", tox::acute_gvhd::UpperGi::INPUTS),
            ("gvhd.lower_gi", tox::acute_gvhd::LowerGi::INPUTS),
            ("gvhd.acute", tox::acute_gvhd::Stages::INPUTS),
            ("gvhd.chronic", tox::chronic_gvhd::Sites::INPUTS),
            ("sae.serious", tox::safety::Seriousness::INPUTS),
            ("sae.due", tox::safety::Expedited::INPUTS),
            ("holds.ld1", Hold::INPUTS),
        ];
        published
            .iter()
            .map(|(name, inputs)| {
                let own = OWN.iter().find(|(known, _)| known == name);
                let more = own.into_iter().flat_map(|(_, more)| more.iter());
                (*name, inputs.iter().chain(more).copied().collect())
            })
            .collect()
    }
}
