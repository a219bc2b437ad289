//! CTCAE grades of laboratory values: one call for each term, so that a definition names what is graded.
//!
//! A value is graded in the unit of the slip where the table prints that unit, else in the SI unit of the table; limits of
//! normal and baseline follow into the same unit.

use criteria::{Decisions, tox::ctcae};
use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};

use crate::{
    medicine::{
        Outcome, Status,
        made::Made,
        registry::{Call, Gives, Input, Takes, may, needs},
        run::read,
        toxic::graded,
    },
    number::converted,
};

/// A term of CTCAE: name of the call, code of `criteria`, analyte for conversion, the unit of the table, and units that the
/// table prints besides.
struct Term {
    call: &'static str,
    code: &'static str,
    analyte: Option<&'static str>,
    unit: &'static str,
    also: &'static [&'static str],
}

const fn term(
    call: &'static str,
    analyte: Option<&'static str>,
    unit: &'static str,
    also: &'static [&'static str],
) -> Term {
    Term {
        call,
        code: call.split_at("ctcae.".len()).1,
        analyte,
        unit,
        also,
    }
}

const TERMS: &[Term] = &[
    term("ctcae.neutrophil", Some("cells"), "10^9/L", &[]),
    term("ctcae.platelet", Some("cells"), "10^9/L", &[]),
    term("ctcae.lymphocyte", Some("cells"), "10^9/L", &[]),
    term("ctcae.wbc", Some("cells"), "10^9/L", &[]),
    term("ctcae.hemoglobin", Some("hemoglobin"), "g/L", &["g/dL"]),
    term("ctcae.alt", None, "U/L", &[]),
    term("ctcae.ast", None, "U/L", &[]),
    term("ctcae.alp", None, "U/L", &[]),
    term("ctcae.ggt", None, "U/L", &[]),
    term("ctcae.bilirubin", Some("bilirubin"), "umol/L", &[]),
    term("ctcae.creatinine", Some("creatinine"), "umol/L", &[]),
    term("ctcae.fibrinogen", Some("fibrinogen"), "g/L", &["mg/dL"]),
    term("ctcae.inr", None, "", &[]),
    term("ctcae.aptt", None, "s", &[]),
    term("ctcae.ionised_calcium_low", None, "mmol/L", &[]),
    term("ctcae.sodium_low", Some("sodium"), "mmol/L", &[]),
    term("ctcae.sodium_high", Some("sodium"), "mmol/L", &[]),
    term("ctcae.potassium_low", Some("potassium"), "mmol/L", &[]),
    term("ctcae.potassium_high", Some("potassium"), "mmol/L", &[]),
    term("ctcae.calcium_low", Some("calcium"), "mmol/L", &["mg/dL"]),
    term("ctcae.calcium_high", Some("calcium"), "mmol/L", &["mg/dL"]),
    term("ctcae.magnesium_low", Some("magnesium"), "mmol/L", &["mg/dL"]),
    term("ctcae.albumin", Some("albumin"), "g/L", &["g/dL"]),
    term("ctcae.glucose_low", Some("glucose"), "mmol/L", &["mg/dL"]),
    term("ctcae.triglycerides", Some("triglycerides"), "mmol/L", &["mg/dL"]),
    term("ctcae.uric_acid", Some("uric_acid"), "umol/L", &[]),
    term("ctcae.ldh", None, "U/L", &[]),
];

const INPUTS: &[Input] = &[
    needs("value", Takes::Entered),
    may("lln", Takes::Entered),
    may("uln", Takes::Entered),
    may("baseline", Takes::Entered),
    may("symptomatic", Takes::YesNo),
    may("corrected", Takes::YesNo),
    may("transfusion_indicated", Takes::YesNo),
    may("bleeding", Takes::YesNo),
    may("consequences", Takes::YesNo),
    may("life_threatening", Takes::YesNo),
];

const fn call(name: &'static str) -> Call {
    Call {
        name,
        inputs: INPUTS,
        gives: Gives::Number,
    }
}

/// The functions of this list.
pub(crate) const CALLS: &[Call] = &[
    call("ctcae.neutrophil"),
    call("ctcae.platelet"),
    call("ctcae.lymphocyte"),
    call("ctcae.wbc"),
    call("ctcae.hemoglobin"),
    call("ctcae.alt"),
    call("ctcae.ast"),
    call("ctcae.alp"),
    call("ctcae.ggt"),
    call("ctcae.bilirubin"),
    call("ctcae.creatinine"),
    call("ctcae.fibrinogen"),
    call("ctcae.inr"),
    call("ctcae.aptt"),
    call("ctcae.ionised_calcium_low"),
    call("ctcae.sodium_low"),
    call("ctcae.sodium_high"),
    call("ctcae.potassium_low"),
    call("ctcae.potassium_high"),
    call("ctcae.calcium_low"),
    call("ctcae.calcium_high"),
    call("ctcae.magnesium_low"),
    call("ctcae.albumin"),
    call("ctcae.glucose_low"),
    call("ctcae.triglycerides"),
    call("ctcae.uric_acid"),
    call("ctcae.ldh"),
];

/// Grades one value; nothing for another name.
pub(super) fn run(of: &Made<'_>, _: &Decisions) -> Option<Outcome> {
    let term = TERMS.iter().find(|term| term.call == of.call)?;
    let mut json = of.bound.json.clone();
    let entered = unit_of(json.get("value"));
    let unit = match entered {
        Some(unit) if term.also.contains(&unit.as_str()) => unit,
        Some(_) | None => term.unit.to_owned(),
    };
    for name in ["value", "lln", "uln", "baseline"] {
        match json.remove(name).and_then(|level| in_unit(&level, term, &unit)) {
            Some(number) => json.insert(name.to_owned(), number),
            None => None,
        };
    }
    json.insert("term".into(), json!(term.code));
    if !unit.is_empty() {
        json.insert("unit".into(), json!(unit));
    }
    // CTCAE 5.0 is pinned (D-15).
    let grading = ctcae::ctcae(&read(&json), ctcae::Version::V5);
    Some(grading.map_or_else(|| of.outcome(Status::NotEvaluable), |grading| graded(of, grading)))
}

fn unit_of(level: Option<&Json>) -> Option<String> {
    level?.get("unit")?.as_str().map(str::to_owned)
}

fn in_unit(level: &Json, term: &Term, unit: &str) -> Option<Json> {
    let fields: &Map<String, Json> = level.as_object()?;
    let number: Decimal = fields.get("value")?.as_str()?.parse().ok()?;
    let from = fields.get("unit").and_then(Json::as_str).unwrap_or("");
    converted(term.analyte, number, from, unit).map(|number| json!(number.normalize().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The list of calls, the list of terms and what `criteria` knows are one.
    #[test]
    fn every_term_has_its_call() {
        let calls: Vec<&str> = CALLS.iter().map(|call| call.name).collect();
        let terms: Vec<&str> = TERMS.iter().map(|term| term.call).collect();
        assert_eq!(calls, terms);
        let known: Vec<&str> = ctcae::Term::ALL.iter().map(|term| term.code()).collect();
        let graded: Vec<&str> = TERMS.iter().map(|term| term.code).collect();
        // Ferritin and CRP have no term.
        assert_eq!(graded, known[..known.len() - 2]);
        for input in INPUTS {
            assert!(ctcae::Lab::INPUTS.contains(&input.name), "{}", input.name);
        }
    }
}
