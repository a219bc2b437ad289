//! Residual disease and toxicity as a definition may call them: classes, stages, scores and grades of `criteria::tox`.

use chrono::NaiveDateTime;
use criteria::{
    Decisions, Grade, Grading,
    age::Age,
    dose, holds, response,
    tox::{acute_gvhd, chronic_gvhd, febrile, hematotox, icans, iec_hs, lysis, safety},
};
use serde_json::{Map, Value as Json, json};

use crate::medicine::{
    Outcome, Status,
    made::{Made, lines},
    registry::{Call, Codes, Gives, Input, Takes, may, needs},
    run::{one, read},
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

const METHOD: Codes = &[("FLOW", Some("flow")), ("PCR", Some("pcr")), ("NGS", Some("ngs"))];
const SPECIMEN: Codes = &[("BM", Some("BM")), ("PB", Some("PB"))];
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

const MRD: &[Input] = &[
    needs("value", Takes::Number("fraction")),
    needs("lod", Takes::Number("fraction")),
    needs("method", Takes::Choice(METHOD)),
    needs("specimen", Takes::Choice(SPECIMEN)),
    may("hemodiluted", Takes::YesNo),
    may("cell_equivalents", Takes::Number("cells")),
    may("previous_method", Takes::Choice(METHOD)),
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
];

const fn call(name: &'static str, gives: Gives, inputs: &'static [Input]) -> Call {
    Call { name, inputs, gives }
}

/// The functions of this list.
pub(crate) const CALLS: &[Call] = &[
    call("response.mrd", Gives::Code, MRD),
    call("response.mrd_negative", Gives::Answer, MRD),
    call(
        "disease.condition",
        Gives::Code,
        &[
            needs("relapses", Takes::Points),
            needs("post_hsct_relapse", Takes::YesNo),
            needs("induction_cycles_without_cr", Takes::Points),
            needs("no_cr_at_end_of_induction", Takes::YesNo),
            needs("salvage_failures", Takes::Points),
        ],
    ),
    call(
        "hours.since",
        Gives::Number,
        &[needs("from", Takes::Moment), needs("to", Takes::Moment)],
    ),
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
    call("tox.tls_laboratory", Gives::Answer, LYSIS),
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
    call(
        "body.bsa",
        Gives::Number,
        &[
            needs("height_cm", Takes::Number("cm")),
            needs("weight_kg", Takes::Number("kg")),
        ],
    ),
    call(
        "dose.tcr",
        Gives::Answer,
        &[
            needs("edited", Takes::YesNo),
            needs("viable_t", Takes::Number("cells")),
            needs("tcr_fraction", Takes::Number("fraction")),
            needs("weight_kg", Takes::Number("kg")),
        ],
    ),
    call(
        "elig.steroid",
        Gives::Code,
        &[
            needs("drug", Takes::Choice(STEROID)),
            needs("mg_per_day", Takes::Number("mg")),
            needs("age", Takes::Age),
            may("bsa_m2", Takes::Number("m2")),
        ],
    ),
];

const STEROID: Codes = &[
    ("PREDNISONE", Some("prednisone")),
    ("DEXAMETHASONE", Some("dexamethasone")),
    ("METHYLPREDNISOLONE", Some("methylprednisolone")),
    ("HYDROCORTISONE", Some("hydrocortisone")),
];

/// Runs one of them; nothing for another name.
pub(super) fn run(of: &Made<'_>, decisions: &Decisions) -> Option<Outcome> {
    let json = &of.bound.json;
    Some(match of.call {
        "response.mrd" => residual(of, false),
        "response.mrd_negative" => residual(of, true),
        "disease.condition" => condition(of),
        "hours.since" => hours(of),
        "tox.ice" => ice(of),
        "tox.icans" => graded(of, icans::icans(&read(json))),
        "tox.iec_hs" => screen(of),
        "tox.hematotox" => risk(of),
        "tox.febrile_neutropenia" => graded(of, febrile::febrile_neutropenia(&read(json))),
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
        "body.bsa" => of.computed(criteria::body::bsa(&read(json))),
        "dose.tcr" => residual_t_cells(of, decisions),
        "elig.steroid" => above_replacement(of),
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

/// The class, or whether it is negative at 1e-4. A report that found nothing is entered as 0: not detected.
fn residual(of: &Made<'_>, negative: bool) -> Outcome {
    let mut json = of.bound.json.clone();
    let measured = json.get("value").and_then(Json::as_str).map(|value| value != "0");
    if let Some(detected) = measured {
        json.insert("detected".into(), json!(detected));
        if !detected {
            json.remove("value");
        }
    }
    let mut found = response::mrd::mrd(&read(&json));
    for field in &mut found.missing {
        if field.0 == "detected" {
            field.0 = "value";
        }
    }
    let evaluable = found.eln != response::mrd::Eln::NotEvaluable;
    let class = evaluable.then(|| found.eln.code().to_owned());
    let status = if negative {
        match found.negative_1e4 {
            Some(true) => Status::Pass,
            Some(false) => Status::Fail,
            None => Status::NotEvaluable,
        }
    } else if evaluable {
        Status::Value
    } else {
        Status::NotEvaluable
    };
    let mut outcome = of.value(class, &found.missing, found.reasons, found.warnings);
    outcome.status = status;
    if status == Status::NotEvaluable && outcome.missing.is_empty() {
        // Blood and a diluted aspirate prove disease, never its absence: another sample is what is missing.
        outcome.missing = of.bound.missing(&["specimen"]);
    }
    outcome
}

/// The two conditions of the registration: relapsed, refractory, or both. Neither is an answer too.
fn condition(of: &Made<'_>) -> Outcome {
    let json = &of.bound.json;
    let count = |name: &str, least: u64| json.get(name).and_then(Json::as_u64).map(|count| count >= least);
    let said = |name: &str| json.get(name).and_then(Json::as_bool);
    let any = |parts: &[Option<bool>]| {
        if parts.contains(&Some(true)) {
            Some(true)
        } else {
            parts.iter().all(Option::is_some).then_some(false)
        }
    };
    let relapsed = any(&[count("relapses", 1), said("post_hsct_relapse")]);
    let refractory = any(&[
        count("induction_cycles_without_cr", 2),
        said("no_cr_at_end_of_induction"),
        count("salvage_failures", 1),
    ]);
    let code = match relapsed.zip(refractory) {
        None => {
            return of.lacking_any(&[
                "relapses",
                "post_hsct_relapse",
                "induction_cycles_without_cr",
                "no_cr_at_end_of_induction",
                "salvage_failures",
            ]);
        }
        Some((true, true)) => "both",
        Some((true, false)) => "relapsed",
        Some((false, true)) => "refractory",
        Some((false, false)) => "neither",
    };
    of.value(Some(code.to_owned()), &[], Vec::new(), Vec::new())
}

fn hours(of: &Made<'_>) -> Outcome {
    let moment = |name: &str| {
        let text = of.bound.json.get(name)?.as_str()?;
        NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()
    };
    let Some((from, to)) = moment("from").zip(moment("to")) else {
        return of.lacking_any(&["from", "to"]);
    };
    let minutes = rust_decimal::Decimal::from(to.signed_duration_since(from).num_minutes());
    match minutes.checked_div(rust_decimal::Decimal::from(60)) {
        Some(hours) => of.number(hours, "h"),
        None => of.lacking(&["from", "to"]),
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
    let found = lysis::tls(&read(&json));
    if laboratory {
        let status = match found.ltls {
            Some(true) => Status::Pass,
            Some(false) => Status::Fail,
            None => Status::NotEvaluable,
        };
        let missing = if found.ltls.is_none() {
            found.missing
        } else {
            Vec::new()
        };
        return Outcome {
            status,
            missing: of.fields(&missing),
            reasons: lines(found.reasons),
            ..of.outcome(status)
        };
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

fn chronic(of: &Made<'_>) -> Outcome {
    let found = chronic_gvhd::cgvhd(&read(&of.bound.json));
    let (status, missing) = match &found.grade {
        Grade::Graded { .. } => (Status::Graded, Vec::new()),
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

fn residual_t_cells(of: &Made<'_>, decisions: &Decisions) -> Outcome {
    match dose::amount::tcr(&read(&of.bound.json), decisions).criterion {
        Some(criterion) => of.criterion(criterion),
        // A product that is not edited has no such limit.
        None => of.value(Some("not_applicable".to_owned()), &[], Vec::new(), Vec::new()),
    }
}

/// Whether a daily dose exceeds physiological replacement.
fn above_replacement(of: &Made<'_>) -> Outcome {
    use criteria::elig::washout::{Steroid, above_replacement};
    let json = &of.bound.json;
    let known = one::<Steroid>(json, "drug")
        .zip(one(json, "mg_per_day"))
        .zip(one::<Age>(json, "age"));
    let Some(((drug, dose), age)) = known else {
        return of.lacking_any(&["drug", "mg_per_day", "age"]);
    };
    if (age.min() < 18) != (age.max() < 18) {
        return of.lacking(&["age"]);
    }
    match above_replacement(drug, dose, age.min() >= 18, one(json, "bsa_m2")) {
        Some(above) => {
            let code = if above { "above" } else { "within" };
            of.value(Some(code.to_owned()), &[], Vec::new(), Vec::new())
        }
        None => of.lacking(&["bsa_m2"]),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use criteria::{body::Body, dose::amount::Tcr, holds::Hold, response::mrd::Mrd, tox};

    /// What the study adds to the inputs of a function.
    const OWN: &[(&str, &[&str])] = &[
        (
            "disease.condition",
            &[
                "relapses",
                "post_hsct_relapse",
                "induction_cycles_without_cr",
                "no_cr_at_end_of_induction",
                "salvage_failures",
            ],
        ),
        ("hours.since", &["from", "to"]),
        ("elig.steroid", &["drug", "mg_per_day", "age", "bsa_m2"]),
        ("holds.ld1", &["crcl_child", "age"]),
        ("tox.tls", &["age"]),
        ("tox.tls_laboratory", &["age"]),
    ];

    /// Functions of this list and the names of their inputs.
    pub(in crate::medicine) fn inputs() -> Vec<(&'static str, Vec<&'static str>)> {
        let published: &[(&str, &[&str])] = &[
            ("response.mrd", Mrd::INPUTS),
            ("response.mrd_negative", Mrd::INPUTS),
            ("disease.condition", &[]),
            ("hours.since", &[]),
            ("tox.ice", tox::icans::Ice::INPUTS),
            ("tox.icans", tox::icans::Icans::INPUTS),
            ("tox.iec_hs", tox::iec_hs::IecHs::INPUTS),
            ("tox.hematotox", tox::hematotox::Hematotox::INPUTS),
            ("tox.febrile_neutropenia", tox::febrile::Febrile::INPUTS),
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
            ("body.bsa", Body::INPUTS),
            ("dose.tcr", Tcr::INPUTS),
            ("elig.steroid", &[]),
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
