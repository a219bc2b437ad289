//! References: from an item that holds the name of a record kept by the site to that record, and on from there.

use std::collections::HashMap;

use crate::{
    def::{RegisterDef, StudyDef},
    findings::{Finding, FindingKind},
    path::{FormPath, ItemPath, Oid, SITE},
    study::{Index, ItemPlace, Study},
    value::Value,
    values::Values,
};

/// Where else a name stands, for items that may name a record once: item and name to every place that says so.
#[derive(Debug, Clone, Default)]
pub struct Uses(HashMap<(Oid, String), Vec<ItemPath>>);

impl Uses {
    /// Takes the places where an item holds a name.
    pub fn put(&mut self, item: &str, name: &str, places: Vec<ItemPath>) {
        self.0.insert((item.to_owned(), name.to_owned()), places);
    }

    /// The places other than this one.
    fn beside(&self, path: &ItemPath, name: &str) -> Vec<ItemPath> {
        let key = (path.item.clone(), name.to_owned());
        let all = self.0.get(&key).into_iter().flatten();
        all.filter(|other| *other != path).cloned().collect()
    }
}

/// A name as it is compared: without space around it.
#[must_use]
pub fn name_of(value: &Value) -> Option<&str> {
    match value {
        Value::Text { text } => Some(text.trim()).filter(|name| !name.is_empty()),
        Value::Number { .. }
        | Value::Code { .. }
        | Value::Codes { .. }
        | Value::Date { .. }
        | Value::Time { .. }
        | Value::DateTime { .. }
        | Value::Duration { .. }
        | Value::Missing { .. } => None,
    }
}

/// Whether a form names a record of a register, or a record that names one, and so on.
pub(crate) fn reaches(def: &StudyDef, index: &Index, form: &str, register: &RegisterDef) -> bool {
    let mut forms = vec![form];
    let mut seen = Vec::new();
    while let Some(form) = forms.pop() {
        if seen.contains(&form) {
            continue;
        }
        seen.push(form);
        for known in &def.registers {
            let named = |oid: &Oid| index.item(def, oid).is_some_and(|place| place.form.oid == form);
            if known.referred_by.iter().any(named) {
                if known.oid == register.oid {
                    return true;
                }
                forms.push(&known.form);
            }
        }
    }
    false
}

impl Study {
    /// The register that keeps records with this form.
    #[must_use]
    pub fn register_of(&self, form: &str) -> Option<&RegisterDef> {
        self.def().registers.iter().find(|register| register.form == form)
    }

    /// The register whose records an item names.
    #[must_use]
    pub fn refers(&self, item: &str) -> Option<&RegisterDef> {
        let names = |register: &&RegisterDef| register.referred_by.iter().any(|oid| oid == item);
        self.def().registers.iter().find(names)
    }

    /// Where the name of a record stands.
    #[must_use]
    pub fn key_of(&self, record: &FormPath) -> Option<ItemPath> {
        let register = self.register(&record.visit)?;
        let place = self.item(&register.key)?;
        Some(ItemPath {
            form: record.clone(),
            group: place.group.oid.clone(),
            row: 1,
            item: register.key.clone(),
        })
    }

    /// The first record of a register with a name, among the records at hand.
    #[must_use]
    pub fn record_named(&self, values: &Values<'_>, register: &RegisterDef, name: &str) -> Option<FormPath> {
        self.records_named(values, register, name).into_iter().next()
    }

    fn records_named(&self, values: &Values<'_>, register: &RegisterDef, name: &str) -> Vec<FormPath> {
        let mut records = values.forms_of(&register.form);
        for record in &mut records {
            SITE.clone_into(&mut record.subject);
        }
        records.retain(|record| {
            let key = self.key_of(record).and_then(|key| values.get(&key));
            key.and_then(name_of) == Some(name)
        });
        records
    }

    /// The record of a register that a form names, or that a record it names names.
    pub(crate) fn record_meant(
        &self,
        values: &Values<'_>,
        from: &FormPath,
        register: &RegisterDef,
    ) -> Option<FormPath> {
        self.follow(values, from, register, self.def().registers.len())
    }

    fn follow(&self, values: &Values<'_>, from: &FormPath, register: &RegisterDef, steps: usize) -> Option<FormPath> {
        let named = |register: &RegisterDef| {
            let items = register.referred_by.iter().filter_map(|oid| self.item(oid));
            let mut here = items.filter(|place| place.form.oid == from.form);
            here.find_map(|place| {
                let path = crate::shown::path_of(from, place, 1);
                let name = self.current(values, &path).and_then(name_of)?;
                self.record_named(values, register, name)
            })
        };
        if let Some(record) = named(register) {
            return Some(record);
        }
        let others = self.def().registers.iter().filter(|other| other.oid != register.oid);
        let steps = steps.checked_sub(1)?;
        others
            .filter_map(named)
            .find_map(|record| self.follow(values, &record, register, steps))
    }

    /// What the registers say about an item: a name that no record has, a record named twice, a name that two records have.
    pub(crate) fn about_registers(
        &self,
        values: &Values<'_>,
        place: ItemPlace<'_>,
        path: &ItemPath,
        to: &mut Vec<Finding>,
    ) {
        if !values.knows_the_site() {
            return;
        }
        let Some(name) = values.get(path).and_then(name_of) else {
            return;
        };
        let oid = &place.item.oid;
        if let Some(register) = self.refers(oid) {
            if self.record_named(values, register, name).is_none() {
                let register = register.oid.clone();
                to.push(Finding::of_register(
                    "REFERENCE",
                    path,
                    FindingKind::NoRecord { register },
                ));
            }
            if register.once.contains(oid) {
                let others = values.uses().map(|uses| uses.beside(path, name)).unwrap_or_default();
                if !others.is_empty() {
                    to.push(Finding::of_register("ONCE", path, FindingKind::NamedTwice { others }));
                }
            }
        }
        if let Some(register) = self
            .register_of(&place.form.oid)
            .filter(|register| register.key == *oid)
        {
            let mut same = self.records_named(values, register, name);
            same.retain(|record| *record != path.form);
            let others: Vec<ItemPath> = same.iter().filter_map(|record| self.key_of(record)).collect();
            if !others.is_empty() {
                to.push(Finding::of_register("KEY", path, FindingKind::SameName { others }));
            }
        }
    }
}
