//! Residual disease and toxicity as a definition may call them: classes, stages, scores and grades of `criteria::tox`.

use criteria::{Decisions, response};
use serde_json::{Value as Json, json};

use crate::medicine::{
    Outcome, Status,
    made::Made,
    registry::{Call, Codes, Gives, Input, Takes, may, needs},
    run::read,
};

/// Functions whose number another function takes as points.
pub(crate) const SCORES: &[&str] = &[];

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

/// The functions of this list.
pub(crate) const CALLS: &[Call] = &[
    Call {
        name: "response.mrd",
        inputs: MRD,
        gives: Gives::Code,
    },
    Call {
        name: "response.mrd_negative",
        inputs: MRD,
        gives: Gives::Answer,
    },
];

/// Runs one of them; nothing for another name.
pub(super) fn run(of: &Made<'_>, _: &Decisions) -> Option<Outcome> {
    Some(match of.call {
        "response.mrd" => residual(of, false),
        "response.mrd_negative" => residual(of, true),
        _ => return None,
    })
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

#[cfg(test)]
pub(super) mod tests {
    use criteria::response::mrd::Mrd;

    /// Functions of this list and the names of their inputs.
    pub(in crate::medicine) const INPUTS: &[(&str, &[&str])] =
        &[("response.mrd", Mrd::INPUTS), ("response.mrd_negative", Mrd::INPUTS)];
}
