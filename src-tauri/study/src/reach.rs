//! How far a value reaches: the forms whose questions, checks or derivations may come out differently once it changes.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    def::{ItemKind, StudyDef},
    path::Oid,
    rule::{ItemRef, Rule},
    study::RuleKey,
};

/// Item to the forms it reaches beyond its own; an item that reaches nothing is not in it.
pub(crate) type Reach = BTreeMap<Oid, BTreeSet<Oid>>;

/// Follows conditions, derivations and checks from what they read to where they speak.
pub(crate) fn reach(def: &StudyDef, rules: &BTreeMap<RuleKey, Rule>) -> Reach {
    let mut form_of: BTreeMap<&str, &str> = BTreeMap::new();
    let mut group_items: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut follows: BTreeMap<Oid, BTreeSet<&str>> = BTreeMap::new();
    for form in &def.forms {
        for group in &form.groups {
            for item in &group.items {
                form_of.insert(&item.oid, &form.oid);
                group_items.entry(&group.oid).or_default().push(&item.oid);
                if let ItemKind::Derived { with, .. } = &item.kind {
                    for source in with.iter().filter_map(|(_, oid)| ItemRef::parse(oid)) {
                        follows.entry(source.item).or_default().insert(&item.oid);
                    }
                }
            }
        }
    }
    for (key, rule) in rules {
        let speaks: Vec<&str> = match key {
            RuleKey::Item(oid) => vec![oid],
            RuleKey::Group(oid) => group_items.get(oid.as_str()).cloned().unwrap_or_default(),
            RuleKey::Check(id) => {
                let check = def.checks.iter().find(|check| check.id == *id);
                check.into_iter().map(|check| check.item.as_str()).collect()
            }
        };
        for source in rule.refs() {
            follows.entry(source.item.clone()).or_default().extend(&speaks);
        }
    }
    let mut reach = Reach::new();
    for start in follows.keys() {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut next: Vec<&str> = vec![start];
        while let Some(item) = next.pop() {
            for after in follows.get(item).into_iter().flatten() {
                if seen.insert(after) {
                    next.push(after);
                }
            }
        }
        let forms = seen
            .iter()
            .filter_map(|item| form_of.get(item))
            .map(|form| (*form).to_owned());
        reach.insert(start.clone(), forms.collect());
    }
    reach
}
