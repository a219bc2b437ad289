//! What became of signed forms: each value that is another than when its form was signed, with who, when and why.

use std::collections::{BTreeMap, HashMap};

use store::{EntryView, SignatureRow};
use study::{
    act::Act,
    path::{FormPath, ItemPath},
    value::Value,
};

use crate::{desk::Desk, trouble::Outcome, views::ChangedSinceView};

/// Forms with the newest signature over each.
pub(crate) type Signed<'a> = HashMap<FormPath, &'a SignatureRow>;

impl Desk {
    /// Changes of each form since its newest signature, from one reading of each subject's entries.
    pub(crate) fn changes_since(&self, signed: &Signed<'_>) -> Outcome<HashMap<FormPath, Vec<ChangedSinceView>>> {
        let sitting = self.sitting()?;
        let mut subjects: Vec<&str> = signed.keys().map(|form| form.subject.as_str()).collect();
        subjects.sort_unstable();
        subjects.dedup();
        let mut then: HashMap<ItemPath, Option<Value>> = HashMap::new();
        let mut changed: BTreeMap<ItemPath, ChangedSinceView> = BTreeMap::new();
        for subject in subjects {
            for entry in sitting.file.entries_of_subject(subject)? {
                let Some((path, value)) = entered(&entry) else { continue };
                let Some(signature) = signed.get(&path.form) else {
                    continue;
                };
                if !after(&entry, signature) {
                    then.insert(path, value);
                } else if let Some(body) = entry.body {
                    let by = sitting.names.printed_or_device(&body.actor);
                    let view = ChangedSinceView {
                        then: then.get(&path).cloned().flatten(),
                        now: value,
                        by,
                        when: body.moment,
                        reason: body.reason,
                        path: path.clone(),
                    };
                    changed.insert(path, view);
                }
            }
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

fn entered(entry: &EntryView) -> Option<(ItemPath, Option<Value>)> {
    if let Act::ValueEntered { path, value, .. } = &entry.body.as_ref()?.act {
        Some((path.clone(), value.clone()))
    } else {
        None
    }
}

/// Whether an entry came after a signature: by number in one log, by the clock between two.
pub(crate) fn after(entry: &EntryView, signature: &SignatureRow) -> bool {
    if entry.log == signature.entry.log {
        return entry.seq > signature.entry.seq;
    }
    let at = entry.body.as_ref().map(|body| body.moment.at.as_str());
    at.is_some_and(|at| at > signature.statement.moment.at.as_str())
}
