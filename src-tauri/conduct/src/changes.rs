//! What became of signed forms: each value that is another than when its form was signed, with who, when and why.

use std::collections::{BTreeMap, HashMap};

use store::{Known, SignatureRow};
use study::{
    act::{Act, Body},
    path::{FormPath, ItemPath},
    value::Value,
};

use crate::{desk::Desk, trouble::Outcome, views::ChangedSinceView};

/// Forms with the newest signature over each.
pub(crate) type Signed<'a> = HashMap<FormPath, &'a SignatureRow>;

impl Desk {
    /// Changes of each form since its newest signature, from one reading of each subject's entries. What the signer's file did
    /// not hold yet is a change, wherever it stands in the one order and whatever a clock said.
    pub(crate) fn changes_since(&self, signed: &Signed<'_>) -> Outcome<HashMap<FormPath, Vec<ChangedSinceView>>> {
        let sitting = self.sitting()?;
        let mut subjects: Vec<&str> = signed.keys().map(|form| form.subject.as_str()).collect();
        subjects.sort_unstable();
        subjects.dedup();
        let mut known: HashMap<&str, Known> = HashMap::new();
        for row in signed.values() {
            if !known.contains_key(row.statement.id.as_str()) {
                known.insert(&row.statement.id, sitting.file.known_to(&row.entry)?);
            }
        }
        let mut then: BTreeMap<ItemPath, Option<Value>> = BTreeMap::new();
        let mut changed: BTreeMap<ItemPath, ChangedSinceView> = BTreeMap::new();
        for subject in subjects {
            for entry in sitting.file.entries_of_subject(subject)? {
                let Some(body) = &entry.body else { continue };
                let Some((form, what)) = written(body) else { continue };
                let Some(known) = signed.get(form).and_then(|row| known.get(row.statement.id.as_str())) else {
                    continue;
                };
                let paths: Vec<(ItemPath, Option<Value>)> = match what {
                    Written::Value(path, value) => vec![(path.clone(), value.clone())],
                    Written::NoRow(group, row) => {
                        let there = |path: &&ItemPath| path.form == *form && path.group == group && path.row == row;
                        let mut paths: Vec<ItemPath> =
                            then.keys().chain(changed.keys()).filter(there).cloned().collect();
                        paths.sort();
                        paths.dedup();
                        paths.into_iter().map(|path| (path, None)).collect()
                    }
                };
                for (path, value) in paths {
                    if known.holds(&entry.log, entry.seq) {
                        // It stands over what was written before it elsewhere.
                        changed.remove(&path);
                        then.insert(path, value);
                        continue;
                    }
                    let view = ChangedSinceView {
                        then: None,
                        now: value,
                        by: sitting.names.printed_or_device(&body.actor),
                        when: body.moment.clone(),
                        reason: body.reason.clone(),
                        path: path.clone(),
                    };
                    changed.insert(path, view);
                }
            }
        }
        for (path, view) in &mut changed {
            view.then = then.get(path).cloned().flatten();
        }
        let mut of_form: HashMap<FormPath, Vec<ChangedSinceView>> = HashMap::new();
        for (path, view) in changed.into_iter().filter(|(_, view)| view.then != view.now) {
            of_form.entry(path.form).or_default().push(view);
        }
        for (form, changes) in &mut of_form {
            let study = self.study_of(&form.subject)?;
            let order: Vec<&str> = study.items(&form.form).map(|place| place.item.oid.as_str()).collect();
            let at = |path: &ItemPath| order.iter().position(|oid| *oid == path.item);
            changes.sort_by_key(|change| (at(&change.path), change.path.row));
        }
        Ok(of_form)
    }
}

/// What an entry wrote in a form.
enum Written<'a> {
    Value(&'a ItemPath, &'a Option<Value>),
    /// A group's row was taken out.
    NoRow(&'a str, u32),
}

fn written(body: &Body) -> Option<(&FormPath, Written<'_>)> {
    #[allow(clippy::wildcard_enum_match_arm, reason = "no other act writes a value")]
    match &body.act {
        Act::ValueEntered { path, value, .. } => Some((&path.form, Written::Value(path, value))),
        Act::RowRemoved { form, group, row } => Some((form, Written::NoRow(group, *row))),
        _ => None,
    }
}
