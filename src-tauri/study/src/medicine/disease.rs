//! What a definition may call besides criteria and grades: residual disease, the condition of the registration, hours, body
//! surface, residual T cells, steroid above replacement.

use chrono::NaiveDateTime;
use criteria::{Decisions, age::Age, decision::Ruleset, dose, response};
use serde_json::{Value as Json, json};

use crate::medicine::{
    Outcome, Status,
    made::Made,
    registry::{ASSESS, Call, Codes, Gives, Input, Takes, may, needs},
    run::{one, read},
};

const METHOD: Codes = &[("FLOW", Some("flow")), ("PCR", Some("pcr")), ("NGS", Some("ngs"))];
const SPECIMEN: Codes = &[("BM", Some("BM")), ("PB", Some("PB"))];
const MRD: &[Input] = &[
    needs("value", Takes::Number("fraction")),
    needs("lod", Takes::Number("fraction")),
    needs("method", Takes::Choice(METHOD)),
    needs("specimen", Takes::Choice(SPECIMEN)),
    may("hemodiluted", Takes::YesNo),
    may("cell_equivalents", Takes::Number("cells")),
    may("previous_method", Takes::Choice(METHOD)),
];
const STEROID: Codes = &[
    ("PREDNISONE", Some("prednisone")),
    ("DEXAMETHASONE", Some("dexamethasone")),
    ("METHYLPREDNISOLONE", Some("methylprednisolone")),
    ("HYDROCORTISONE", Some("hydrocortisone")),
];

const fn call(name: &'static str, gives: Gives, inputs: &'static [Input]) -> Call {
    Call { name, inputs, gives }
}

/// The functions of this list.
pub(crate) const CALLS: &[Call] = &[
    call("response.assess_nci", Gives::Code, ASSESS),
    call("response.assess_nccn", Gives::Code, ASSESS),
    call("response.assess_eliana", Gives::Code, ASSESS),
    call("response.assess_zuma3", Gives::Code, ASSESS),
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

/// Runs one of them; nothing for another name.
pub(super) fn run(of: &Made<'_>, decisions: &Decisions) -> Option<Outcome> {
    let json = &of.bound.json;
    Some(match of.call {
        "response.assess_nci" => assessed_by(of, Ruleset::Nci2010, decisions),
        "response.assess_nccn" => assessed_by(of, Ruleset::Nccn, decisions),
        "response.assess_eliana" => assessed_by(of, Ruleset::Eliana, decisions),
        "response.assess_zuma3" => assessed_by(of, Ruleset::Zuma3, decisions),
        "response.mrd" => residual(of, false),
        "response.mrd_negative" => residual(of, true),
        "disease.condition" => condition(of),
        "hours.since" => hours(of),
        "body.bsa" => of.computed(criteria::body::bsa(&read(json))),
        "dose.tcr" => residual_t_cells(of, decisions),
        "elig.steroid" => above_replacement(of),
        _ => return None,
    })
}

/// The category by another published definition than the one in force (D-04): to be read beside it.
fn assessed_by(of: &Made<'_>, ruleset: Ruleset, decisions: &Decisions) -> Outcome {
    let other = Decisions {
        ruleset,
        ..decisions.clone()
    };
    assessed(of, &other)
}

/// The category by the definition in force.
pub(super) fn assessed(of: &Made<'_>, decisions: &Decisions) -> Outcome {
    let found = response::assess::assess(&read(&of.bound.json), decisions);
    let result = Some(found.category.code().to_owned());
    let mut outcome = of.value(result, &found.missing, found.reasons, found.warnings);
    // A settled NE (an MRD relapse, say) is a category like any other; one that waits for an item is not yet.
    if found.category == response::Category::Ne && !found.missing.is_empty() {
        outcome.status = Status::NotEvaluable;
    }
    outcome
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
    use criteria::{
        body::Body,
        dose::amount::Tcr,
        response::{assess::Assess, mrd::Mrd},
    };

    /// Functions of this list and the names of their inputs.
    pub(in crate::medicine) const INPUTS: &[(&str, &[&str])] = &[
        ("response.assess_nci", Assess::INPUTS),
        ("response.assess_nccn", Assess::INPUTS),
        ("response.assess_eliana", Assess::INPUTS),
        ("response.assess_zuma3", Assess::INPUTS),
        ("response.mrd", Mrd::INPUTS),
        ("response.mrd_negative", Mrd::INPUTS),
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
        ("body.bsa", Body::INPUTS),
        ("dose.tcr", Tcr::INPUTS),
        ("elig.steroid", &["drug", "mg_per_day", "age", "bsa_m2"]),
    ];
}
