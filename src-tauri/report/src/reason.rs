//! Why a result is what it is, as one phrase: the quantity, its value, and the limit it was held against.

use chrono::NaiveDate;
use conduct::def::StudyDef;
use conduct::views::ReasonView;

use crate::{moment, names, words::Words};

/// `LVEF 38 < 40 %`; `HBsAg: negative`. Where the comparison does not hold, the sign is turned, so that the phrase is
/// true as it stands.
pub(crate) fn phrase(study: &StudyDef, reason: &ReasonView, words: &Words) -> String {
    let what = words.code("what_", &reason.what);
    let unit = names::unit(study, &reason.unit, words);
    let phrase = match (reason.value.as_deref(), reason.op.as_deref(), reason.limit.as_deref()) {
        (Some(value), Some(op), Some(limit)) => {
            let op = if reason.holds { sign(op) } else { otherwise(op) };
            let facts = [
                ("what", what.as_str()),
                ("value", value),
                ("op", op),
                ("limit", limit),
                ("unit", unit),
            ];
            words.say_with("reason_comparison", &facts)
        }
        (Some(value @ ("true" | "false")), ..) => {
            let whole = words.find(&format!("what_{}_{value}", reason.what));
            let answer = words.say(if value == "true" { "report_yes" } else { "report_no" });
            whole.map_or_else(|| statement(&what, &answer, words), str::to_owned)
        }
        (Some(value), ..) => {
            let value = format!("{} {unit}", said(&reason.what, value, words));
            statement(&what, value.trim(), words)
        }
        (None, None, _) => what,
        (None, Some(_), _) => statement(&what, &words.say("report_not_recorded"), words),
    };
    capital(phrase.trim())
}

/// The citations of reasons whose source text nobody on the project has seen: to be confirmed before use.
pub(crate) fn project_defaults(reasons: &[ReasonView], words: &Words) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for reason in reasons
        .iter()
        .filter(|reason| matches!(reason.evidence.as_str(), "GK" | "PD"))
    {
        let said = capital(&words.say_with("reason_project_default", &[("source", &reason.source)]));
        if !all.contains(&said) {
            all.push(said);
        }
    }
    all
}

fn statement(what: &str, value: &str, words: &Words) -> String {
    words.say_with("reason_statement", &[("what", what), ("value", value)])
}

/// A code means what its question makes of it: "none" is room air for oxygen, and nothing for lesions.
fn said(what: &str, value: &str, words: &Words) -> String {
    if let Ok(date) = NaiveDate::parse_from_str(value, "%Y-%m-%d") {
        return moment::date(date, words);
    }
    let own = words.find(&format!("value_{what}_{value}"));
    own.or_else(|| words.find(&format!("value_{value}")))
        .unwrap_or(value)
        .to_owned()
}

fn sign(op: &str) -> &str {
    match op {
        "<=" => "≤",
        ">=" => "≥",
        "==" => "=",
        "!=" => "≠",
        plain => plain,
    }
}

/// What is true instead.
fn otherwise(op: &str) -> &str {
    match op {
        "<" => "≥",
        "<=" => ">",
        ">" => "≤",
        ">=" => "<",
        "=" | "==" => "≠",
        "!=" => "=",
        unknown => unknown,
    }
}

/// A phrase that begins a line begins large, unless its first word is spelt otherwise (`hCG`, `pH`).
fn capital(phrase: &str) -> String {
    let mut characters = phrase.chars();
    match (characters.next(), characters.next()) {
        (Some(first), Some(second)) if first.is_ascii_lowercase() && !second.is_ascii_uppercase() => {
            first.to_ascii_uppercase().to_string() + &phrase[1..]
        }
        _ => phrase.to_owned(),
    }
}
