//! Calls of medicine: the function exists, its inputs are bound to items that fit, nothing depends on itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    def::{CriterionRule, ItemKind},
    load::{draft::Draft, reader::Desk, refer::unsettled},
    medicine::registry::{self, Takes, fits, words},
    path::Oid,
    problem::ProblemCode,
    resolve::settles,
    rule::{ItemRef, Rule},
    study::{Index, RuleKey},
};

pub(crate) fn check(desk: &Desk<'_>, draft: &Draft, index: &Index, rules: &BTreeMap<RuleKey, Rule>) {
    for form in &draft.def.forms {
        for group in &form.groups {
            for item in &group.items {
                if let ItemKind::Derived { call, with } = &item.kind {
                    let key = format!("item:{}", item.oid);
                    bound(desk, draft, index, &key, Some((&form.oid, &group.oid)), call, with);
                }
            }
        }
    }
    for criterion in &draft.def.criteria {
        if let CriterionRule::Computed { call, with } = &criterion.rule {
            bound(
                desk,
                draft,
                index,
                &format!("criterion:{}", criterion.id),
                None,
                call,
                with,
            );
        }
    }
    circles(desk, draft, index, rules);
}

fn bound(
    desk: &Desk<'_>,
    draft: &Draft,
    index: &Index,
    key: &str,
    from: Option<(&str, &str)>,
    call: &str,
    with: &[(String, Oid)],
) {
    let call_spot = draft.spot(&format!("{key}/call"));
    let Some(known) = registry::call(call) else {
        desk.say(&call_spot, ProblemCode::UnknownCall, &[("call", call)]);
        return;
    };
    for input in known.inputs {
        if input.needed && with.iter().all(|(name, _)| name != input.name) {
            desk.say(
                &call_spot,
                ProblemCode::InputNotBound,
                &[("call", call), ("input", input.name)],
            );
        }
    }
    let mut level_unit: Option<String> = None;
    for (name, oid) in with {
        let spot = draft.spot(&format!("{key}/with/{name}"));
        let Some(input) = known.inputs.iter().find(|input| input.name == name) else {
            desk.say(&spot, ProblemCode::UnknownInput, &[("call", call), ("input", name)]);
            continue;
        };
        let Some(reference) = ItemRef::parse(oid) else {
            desk.say(&spot, ProblemCode::NotAnOid, &[("oid", oid)]);
            continue;
        };
        let settled = settles(&draft.def, index, from, &reference);
        unsettled(desk, &spot, oid, settled);
        let Some(place) = index.item(&draft.def, &reference.item) else {
            continue;
        };
        let codelist = |oid: &str| draft.def.codelists.iter().find(|list| list.oid == oid).cloned();
        if !fits(input.takes, place.item, codelist) {
            let expected = words(input.takes);
            let found = kind_words(&place.item.kind);
            let facts = [
                ("input", name.as_str()),
                ("expected", &expected),
                ("oid", oid),
                ("found", &found),
            ];
            desk.say(&spot, ProblemCode::InputType, &facts);
        }
        if input.takes == Takes::Level
            && let Some(unit) = canonical_unit(&place.item.kind)
        {
            // A ratio of two levels means something in one unit only.
            let first = level_unit.get_or_insert_with(|| unit.to_owned());
            if first != unit {
                let facts = [("unit", unit), ("to", first.as_str()), ("analyte", call)];
                desk.say(&spot, ProblemCode::UnitNotConvertible, &facts);
            }
        }
    }
}

fn canonical_unit(kind: &ItemKind) -> Option<&str> {
    match kind {
        ItemKind::Integer { units } | ItemKind::Decimal { units, .. } => units.first().map(String::as_str),
        ItemKind::Text { .. }
        | ItemKind::Code { .. }
        | ItemKind::Codes { .. }
        | ItemKind::Date { .. }
        | ItemKind::Time {}
        | ItemKind::DateTime {}
        | ItemKind::Duration { .. }
        | ItemKind::Scan { .. }
        | ItemKind::Derived { .. } => None,
    }
}

fn kind_words(kind: &ItemKind) -> String {
    match kind {
        ItemKind::Text { .. } => "a text".into(),
        ItemKind::Integer { units } => format!("a whole number ({})", units.join(", ")),
        ItemKind::Decimal { units, .. } => format!("a number ({})", units.join(", ")),
        ItemKind::Code { codelist } => format!("a code of {codelist}"),
        ItemKind::Codes { codelist } => format!("codes of {codelist}"),
        ItemKind::Date { partial: true } => "a date that may be partial".into(),
        ItemKind::Date { partial: false } => "a date".into(),
        ItemKind::Time {} => "a time".into(),
        ItemKind::DateTime {} => "a date and time".into(),
        ItemKind::Duration { .. } => "a duration".into(),
        ItemKind::Scan { .. } => "a scanned identifier".into(),
        ItemKind::Derived { call, .. } => format!("derived by {call}"),
    }
}

/// Derivations and conditions as arrows between items; a circle could never be evaluated.
fn circles(desk: &Desk<'_>, draft: &Draft, index: &Index, rules: &BTreeMap<RuleKey, Rule>) {
    let mut arrows: BTreeMap<&str, BTreeSet<Oid>> = BTreeMap::new();
    for item in draft
        .def
        .forms
        .iter()
        .flat_map(|form| &form.groups)
        .flat_map(|group| &group.items)
    {
        if let ItemKind::Derived { with, .. } = &item.kind {
            let targets = with
                .iter()
                .filter_map(|(_, oid)| ItemRef::parse(oid))
                .map(|reference| reference.item);
            arrows.entry(&item.oid).or_default().extend(targets);
        }
    }
    for (key, rule) in rules {
        let targets: Vec<Oid> = rule.refs().map(|reference| reference.item.clone()).collect();
        let owners: Vec<&str> = match key {
            RuleKey::Item(oid) => vec![oid],
            RuleKey::Group(oid) => draft
                .def
                .forms
                .iter()
                .flat_map(|form| &form.groups)
                .filter(|group| group.oid == *oid)
                .flat_map(|group| group.items.iter().map(|item| item.oid.as_str()))
                .collect(),
            RuleKey::Check(_) => Vec::new(),
        };
        for owner in owners {
            if let Some(place) = index.item(&draft.def, owner) {
                arrows
                    .entry(&place.item.oid)
                    .or_default()
                    .extend(targets.iter().cloned());
            }
        }
    }
    let mut told: BTreeSet<Oid> = BTreeSet::new();
    for start in arrows.keys() {
        if let Some(path) = circle(&arrows, start)
            && path.iter().all(|oid| !told.contains(oid))
        {
            told.extend(path.iter().cloned());
            let spot = draft.spot(&format!("item:{start}"));
            desk.say(&spot, ProblemCode::Circular, &[("path", &path.join(" → "))]);
        }
    }
}

/// A way from an item back to itself.
fn circle(arrows: &BTreeMap<&str, BTreeSet<Oid>>, start: &str) -> Option<Vec<Oid>> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut ways: Vec<Vec<Oid>> = vec![vec![start.to_owned()]];
    while let Some(way) = ways.pop() {
        for next in way
            .last()
            .and_then(|last| arrows.get(last.as_str()))
            .into_iter()
            .flatten()
        {
            let longer = || way.iter().cloned().chain([next.clone()]).collect::<Vec<_>>();
            if next == start {
                return Some(longer());
            }
            if seen.insert(next) {
                ways.push(longer());
            }
        }
    }
    None
}
