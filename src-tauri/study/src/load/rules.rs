//! Expressions: parsed, their references followed, their types settled, and run on sample values.
//!
//! CEL absorbs the error of one side of `&&` and `||`, so an expression is run with samples of every declared type, in
//! every combination of present and missing (within a bound): what would fail at a bedside fails here.

use std::{collections::BTreeMap, ops::Range};

use cel::common::ast::{Expr, IdedExpr, LiteralValue};

use crate::{
    def::{ItemKind, StudyDef},
    load::{
        draft::Draft,
        reader::{At, Desk, Spot},
        refer::unsettled,
    },
    medicine::registry::{self, Gives},
    problem::ProblemCode,
    resolve::settles,
    rule::{
        ItemRef, Refused, Rule, Seen, Truth,
        types::{Clash, Type, Types, settle},
    },
    study::{Index, ItemPlace, RuleKey},
};

/// Most combinations of samples that one expression is run with.
const RUNS: usize = 4096;

pub(crate) fn compile(desk: &Desk<'_>, draft: &Draft, index: &Index) -> BTreeMap<RuleKey, Rule> {
    let mut rules = BTreeMap::new();
    for (key, source) in &draft.rules {
        match Rule::compile(&source.value) {
            Err(refused) => refuse(desk, source, refused),
            Ok(rule) => {
                let from = owner(&draft.def, index, key);
                if judge(desk, draft, index, source, &rule, from) {
                    try_out(desk, &draft.def, index, source, &rule);
                }
                rules.insert(key.clone(), rule);
            }
        }
    }
    together(desk, draft, index, &rules);
    rules
}

/// An item whose condition never holds while its group is shown can never be reached.
fn together(desk: &Desk<'_>, draft: &Draft, index: &Index, rules: &BTreeMap<RuleKey, Rule>) {
    for (key, source) in &draft.rules {
        let RuleKey::Item(oid) = key else { continue };
        let Some(place) = index.item(&draft.def, oid) else {
            continue;
        };
        let of_group = rules.get(&RuleKey::Group(place.group.oid.clone()));
        let (Some(of_group), Some(of_item)) = (of_group, rules.get(key)) else {
            continue;
        };
        // Each alone was tried before; too long together, they stay untried.
        if let Ok(both) = Rule::compile(&format!("({}) && ({})", of_group.source(), of_item.source()))
            && ever(&draft.def, index, of_group) == Ok(true)
            && ever(&draft.def, index, of_item) == Ok(true)
            && ever(&draft.def, index, &both) == Ok(false)
        {
            desk.say(&source.spot, ProblemCode::NeverTrue, &[("group", &place.group.oid)]);
        }
    }
}

/// Where an expression stands: form and group.
fn owner<'d>(def: &'d StudyDef, index: &Index, key: &RuleKey) -> Option<(&'d str, &'d str)> {
    let names = |place: ItemPlace<'d>| (place.form.oid.as_str(), place.group.oid.as_str());
    match key {
        RuleKey::Item(oid) => index.item(def, oid).map(names),
        RuleKey::Group(oid) => def.forms.iter().find_map(|form| {
            form.groups
                .iter()
                .find(|group| group.oid == *oid)
                .map(|group| (form.oid.as_str(), group.oid.as_str()))
        }),
        RuleKey::Check(id) => {
            let check = def.checks.iter().find(|check| check.id == *id)?;
            index.item(def, &check.item).map(names)
        }
    }
}

/// The place in the file of a part of an expression: exact where the string has no escapes, else the whole string.
fn within(desk: &Desk<'_>, source: &At<String>, part: Range<usize>) -> Spot {
    let text = desk.files.get(source.spot.file).map_or("", |(_, text)| *text);
    let raw = text.get(source.spot.span.clone()).unwrap_or("");
    let Some(at) = raw.find(&source.value) else {
        return source.spot.clone();
    };
    let start = source.spot.span.start + at;
    let end = part.end.min(source.value.len()).max(part.start);
    Spot {
        file: source.spot.file,
        span: start + part.start.min(source.value.len())..start + end,
    }
}

fn refuse(desk: &Desk<'_>, source: &At<String>, refused: Refused) {
    match refused {
        Refused::Syntax { at, message } => {
            desk.say(
                &within(desk, source, at),
                ProblemCode::RuleSyntax,
                &[("message", &message)],
            );
        }
        Refused::Forbidden { at, what } => {
            desk.say(
                &within(desk, source, at),
                ProblemCode::RuleForbidden,
                &[("what", &what)],
            );
        }
        Refused::TooLarge { what, count, most } => {
            let (count, most) = (count.to_string(), most.to_string());
            desk.say(
                &source.spot,
                ProblemCode::RuleTooLarge,
                &[("what", what), ("count", &count), ("most", &most)],
            );
        }
    }
}

struct Known<'d> {
    def: &'d StudyDef,
    index: &'d Index,
}

impl Types for Known<'_> {
    fn of(&self, item: &ItemRef) -> Option<Type> {
        Some(match &self.index.item(self.def, &item.item)?.item.kind {
            ItemKind::Text { .. } | ItemKind::Scan { .. } => Type::Text,
            ItemKind::Integer { .. } | ItemKind::Decimal { .. } | ItemKind::Duration { .. } => Type::Number,
            ItemKind::Code { codelist } => Type::Code(codelist.clone()),
            ItemKind::Codes { codelist } => Type::Codes(codelist.clone()),
            ItemKind::Date { .. } => Type::Date,
            ItemKind::Time {} => Type::Time,
            ItemKind::DateTime {} => Type::DateTime,
            ItemKind::Derived { call, .. } => match registry::call(call)?.gives {
                Gives::Number => Type::Number,
                Gives::Code | Gives::Answer => Type::Text,
            },
        })
    }

    fn has_code(&self, codelist: &str, code: &str) -> bool {
        let list = self.def.codelists.iter().find(|list| list.oid == codelist);
        list.is_none_or(|list| list.codes.iter().any(|one| one.code == code))
    }
}

/// Follows the references and settles the types; whether nothing was wrong.
fn judge(
    desk: &Desk<'_>,
    draft: &Draft,
    index: &Index,
    source: &At<String>,
    rule: &Rule,
    from: Option<(&str, &str)>,
) -> bool {
    let mut sound = true;
    for (reference, at) in rule.ref_sites() {
        let settled = settles(&draft.def, index, from, reference);
        sound &= settled.is_ok();
        let name = match &reference.visit {
            Some(visit) => format!("{visit}:{}", reference.item),
            None => reference.item.clone(),
        };
        unsettled(desk, &within(desk, source, at.clone()), &name, settled);
    }
    for clash in settle(rule.program(), &Known { def: &draft.def, index }) {
        sound = false;
        match clash {
            Clash::Type { at, operator, found } => {
                let facts = [("operator", operator.as_str()), ("found", &found)];
                desk.say(&within(desk, source, at), ProblemCode::RuleType, &facts);
            }
            Clash::Code { at, code, codelist } => {
                let facts = [("code", code.as_str()), ("codelist", &codelist)];
                desk.say(&within(desk, source, at), ProblemCode::UnknownCode, &facts);
            }
        }
    }
    sound
}

/// Runs the expression on samples; one that fails, or could never be true, is a problem.
fn try_out(desk: &Desk<'_>, def: &StudyDef, index: &Index, source: &At<String>, rule: &Rule) {
    match ever(def, index, rule) {
        Ok(true) => {}
        Ok(false) => desk.say(&source.spot, ProblemCode::NeverTrue, &[]),
        Err(why) => desk.say(&source.spot, ProblemCode::RuleFails, &[("message", &why)]),
    }
}

/// Whether an expression is true for any sample values; also where the samples prove nothing. An error where it fails.
fn ever(def: &StudyDef, index: &Index, rule: &Rule) -> Result<bool, String> {
    let mut words = Vec::new();
    let mut numbers = Vec::new();
    let mut asks = false;
    literals(rule.program().expression(), &mut words, &mut numbers, &mut asks);
    let refs: Vec<(&ItemRef, Vec<Option<Seen>>)> = rule
        .refs()
        .map(|reference| (reference, samples(def, index, reference, &words, &numbers)))
        .collect();
    let all: usize = refs
        .iter()
        .map(|(_, samples)| samples.len())
        .try_fold(1, usize::checked_mul)
        .unwrap_or(usize::MAX);
    // Beyond the bound the runs are spread evenly over all combinations.
    let stride = if all <= RUNS { 1 } else { (all / RUNS) | 1 };
    let mut ever = false;
    for run in 0..all.min(RUNS) {
        let mut rest = run.wrapping_mul(stride);
        let mut chosen = BTreeMap::new();
        for (reference, samples) in &refs {
            chosen.insert(*reference, samples[rest % samples.len()].clone());
            rest /= samples.len();
        }
        match rule.eval(|reference| chosen.get(reference).cloned().flatten()) {
            Truth::True => ever = true,
            Truth::False | Truth::Unknown { .. } => {}
            Truth::Broken { why } => return Err(why),
        }
    }
    // A named function may need values that no literal hints at; then silence of the samples proves nothing.
    Ok(ever || asks || all > RUNS)
}

fn literals(expr: &IdedExpr, words: &mut Vec<String>, numbers: &mut Vec<f64>, asks: &mut bool) {
    match &expr.expr {
        Expr::Literal(LiteralValue::String(text)) => words.push(text.inner().to_owned()),
        Expr::Literal(LiteralValue::Double(number)) => numbers.push(*number.inner()),
        Expr::Literal(LiteralValue::Int(number)) => {
            // A literal of the definition is small; beyond 2^53 it would be no sensible bound.
            numbers.extend(i32::try_from(*number.inner()).ok().map(f64::from));
        }
        Expr::Call(call) => {
            *asks |= call.func_name.contains('_') && !call.func_name.starts_with(['_', '!', '@', '-'])
                || call.func_name == "moment";
            for part in call.args.iter().chain(call.target.as_deref()) {
                literals(part, words, numbers, asks);
            }
        }
        Expr::List(list) => list
            .elements
            .iter()
            .for_each(|part| literals(part, words, numbers, asks)),
        Expr::Literal(
            LiteralValue::Boolean(_) | LiteralValue::Bytes(_) | LiteralValue::Null | LiteralValue::UInt(_),
        )
        | Expr::Select(_)
        | Expr::Unspecified
        | Expr::Comprehension(_)
        | Expr::Ident(_)
        | Expr::Map(_)
        | Expr::Struct(_) => {}
    }
}

/// Sample values of an item: what the expression compares with, something else, and nothing at all.
fn samples(def: &StudyDef, index: &Index, reference: &ItemRef, words: &[String], numbers: &[f64]) -> Vec<Option<Seen>> {
    let text = |text: &str| Seen::Text(text.to_owned());
    let codes = |oid: &str| -> Vec<String> {
        let all = def
            .codelists
            .iter()
            .filter(|list| list.oid == oid)
            .flat_map(|list| &list.codes);
        let (named, others): (Vec<_>, Vec<_>) = all.map(|one| one.code.clone()).partition(|code| words.contains(code));
        // Two others: an expression may compare one code with another.
        named.into_iter().chain(others.into_iter().take(2)).collect()
    };
    let number = || {
        let around = numbers.iter().flat_map(|number| [number - 1.0, *number, number + 1.0]);
        around.chain([1.0, 2.0]).map(Seen::Number).collect()
    };
    let mut samples: Vec<Seen> = match index.item(def, &reference.item).map(|place| &place.item.kind) {
        None => Vec::new(),
        Some(ItemKind::Integer { .. } | ItemKind::Decimal { .. } | ItemKind::Duration { .. }) => number(),
        Some(ItemKind::Derived { call, .. }) => match registry::call(call).map(|call| call.gives) {
            Some(Gives::Number) => number(),
            Some(Gives::Code | Gives::Answer) | None => {
                words.iter().map(|word| text(word)).chain([text("x")]).collect()
            }
        },
        // Two that differ: an expression may compare one text with another.
        Some(ItemKind::Text { .. } | ItemKind::Scan { .. }) => words
            .iter()
            .map(|word| text(word))
            .chain([text("x"), text("y")])
            .collect(),
        Some(ItemKind::Code { codelist }) => codes(codelist).iter().map(|code| text(code)).collect(),
        Some(ItemKind::Codes { codelist }) => {
            let single = codes(codelist).into_iter().map(|code| Seen::Codes(vec![code]));
            single
                .chain([Seen::Codes(Vec::new()), Seen::Codes(codes(codelist))])
                .collect()
        }
        Some(ItemKind::Date { .. }) => vec![text("2025-01-01"), text("2025-03-01")],
        Some(ItemKind::Time {}) => vec![text("08:00"), text("20:30")],
        Some(ItemKind::DateTime {}) => vec![text("2025-01-01T08:00"), text("2025-01-01T20:30")],
    };
    samples.dedup();
    samples.into_iter().map(Some).chain([None]).collect()
}
