//! The records of the site's registers that a casebook names, directly or through one another, read beside it.

use std::collections::BTreeSet;

use store::{ItemRow, SiteFile};
use study::{
    Study,
    path::{ItemPath, Oid, SITE},
    registers::{Uses, name_of},
    value::Value,
};

use crate::trouble::Outcome;

/// What lies beside a casebook.
#[derive(Default)]
pub(crate) struct Beside {
    records: Vec<ItemRow>,
    uses: Uses,
}

impl Beside {
    /// What the values of a casebook name, and what further values would.
    pub(crate) fn of(study: &Study, file: &SiteFile, items: &[ItemRow], and: &[(&ItemPath, &Value)]) -> Outcome<Self> {
        let mut beside = Self::default();
        let values = items
            .iter()
            .filter_map(|row| row.value.as_ref().map(|value| (&row.path, value)));
        let mut next: Vec<(Oid, Value)> = values
            .chain(and.iter().copied())
            .filter(|(path, _)| path.form.subject != SITE && study.refers(&path.item).is_some())
            .map(|(path, value)| (path.item.clone(), value.clone()))
            .collect();
        let mut seen: BTreeSet<(Oid, String)> = BTreeSet::new();
        while let Some((item, value)) = next.pop() {
            let (Some(register), Some(name)) = (study.refers(&item), name_of(&value)) else {
                continue;
            };
            if register.once.contains(&item) {
                beside.uses.put(&item, name, file.places(&item, &value)?);
            }
            if !seen.insert((register.oid.clone(), name.to_owned())) {
                continue;
            }
            for key in file.places(&register.key, &value)? {
                let rows = file.items_of_form(&key.form)?;
                for row in rows.into_iter().filter(|row| !row.removed) {
                    if let Some(value) = row.value.as_ref().filter(|_| study.refers(&row.path.item).is_some()) {
                        next.push((row.path.item.clone(), value.clone()));
                    }
                    beside.records.push(row);
                }
            }
        }
        Ok(beside)
    }

    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&ItemPath, &Value)> {
        let rows = self.records.iter();
        rows.filter_map(|row| row.value.as_ref().map(|value| (&row.path, value)))
    }

    pub(crate) fn uses(&self) -> &Uses {
        &self.uses
    }
}
