//! Results of medicine as the page takes them.

use study::{
    eligibility::CriterionResult,
    medicine::{InputUsed, MissingItem, Outcome, ReasonLine, Status},
    path::ItemPath,
};

use crate::views::{FromItemView, ReasonView};

/// A status in one word.
pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::Pass => "pass",
        Status::Fail => "fail",
        Status::NotEvaluable => "not_evaluable",
        Status::Graded => "graded",
        Status::AtLeast => "at_least",
        Status::Value => "value",
    }
}

/// A criterion's result in one word.
pub(crate) fn criterion(result: CriterionResult) -> &'static str {
    match result {
        CriterionResult::Pass => "pass",
        CriterionResult::Fail => "fail",
        CriterionResult::NotEvaluable => "not_evaluable",
    }
}

pub(crate) fn view(line: &ReasonLine) -> ReasonView {
    ReasonView {
        rule: line.rule.clone(),
        what: line.what.clone(),
        value: line.value.clone(),
        unit: line.unit.clone(),
        op: line.op.clone(),
        limit: line.limit.clone(),
        holds: line.holds,
        decision: line.decision.clone(),
        source: line.source.clone(),
        evidence: line.evidence.clone(),
    }
}

/// Where the missing items would be entered.
pub(crate) fn missing(items: &[MissingItem]) -> Vec<ItemPath> {
    let mut paths: Vec<ItemPath> = Vec::new();
    for path in items.iter().filter_map(|item| item.path.as_ref()) {
        if !paths.contains(path) {
            paths.push(path.clone());
        }
    }
    paths
}

/// An input that had a value, with where it stands.
pub(crate) fn from_item(input: &InputUsed) -> Option<FromItemView> {
    Some(FromItemView {
        path: input.path.clone()?,
        shown: input.value.clone()?,
    })
}

/// The arithmetic of a dose in one line: `50 mL × 10000000 /mL × 0.9 × 0.95 × 0.4 ÷ 60 kg = 2850000 /kg`; of the cells given
/// the same without the weight.
pub(crate) fn arithmetic(outcome: &Outcome) -> Option<String> {
    let result = outcome.result.as_ref()?;
    let per_kg = match outcome.call.as_str() {
        "dose.car" => true,
        "dose.viable_car" => false,
        _ => return None,
    };
    let with_unit = |value: &str, unit: &str| {
        if unit.is_empty() {
            value.to_owned()
        } else {
            format!("{value} {unit}")
        }
    };
    let factors: Vec<String> = outcome
        .arithmetic
        .iter()
        .map(|f| with_unit(&f.value, &f.unit))
        .collect();
    let (weight, product) = factors.split_last()?;
    let product = product.join(" × ");
    let of = if per_kg {
        format!("{product} ÷ {weight}")
    } else {
        product
    };
    Some(format!("{of} = {}", with_unit(result, &outcome.unit)))
}
