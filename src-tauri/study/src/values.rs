//! The current values of one subject, as rules and medicine look at them.

use std::collections::{BTreeMap, HashMap};

use crate::{
    path::{FormPath, ItemPath, SITE, SubjectCode},
    registers::Uses,
    seen_before::SeenBefore,
    study::ItemPlace,
    value::Value,
};

/// Visit and its number, form and its number.
type FormKey<'a> = (&'a str, u32, &'a str, u32);

/// Values of one subject: current ones only, nothing emptied, nothing from rows removed. Records of the site's registers
/// may stand beside them: where a path names a visit, theirs names the register.
#[derive(Debug)]
pub struct Values<'a> {
    subject: SubjectCode,
    /// The records that these values name are at hand, as far as there are any.
    site: bool,
    uses: Option<&'a Uses>,
    forms: BTreeMap<FormKey<'a>, HashMap<(&'a str, u32), &'a Value>>,
    /// What was already worked out from them.
    pub(crate) seen_before: SeenBefore,
}

impl<'a> Values<'a> {
    /// Takes the values of a subject; those of others are left out.
    pub fn of(subject: &str, pairs: impl IntoIterator<Item = (&'a ItemPath, &'a Value)>) -> Self {
        let mut values = Self {
            subject: subject.to_owned(),
            site: subject == SITE,
            uses: None,
            forms: BTreeMap::new(),
            seen_before: SeenBefore::default(),
        };
        for (path, value) in pairs {
            if path.form.subject == subject {
                values.put(path, value);
            }
        }
        values
    }

    /// Puts the records of the site's registers beside them that they name, directly or through one another, and where else
    /// is named what may be named once.
    #[must_use]
    pub fn beside(mut self, records: impl IntoIterator<Item = (&'a ItemPath, &'a Value)>, uses: &'a Uses) -> Self {
        for (path, value) in records {
            self.put(path, value);
        }
        self.site = true;
        self.uses = Some(uses);
        self.seen_before = SeenBefore::default();
        self
    }

    pub(crate) fn knows_the_site(&self) -> bool {
        self.site
    }

    pub(crate) fn uses(&self) -> Option<&'a Uses> {
        self.uses
    }

    fn put(&mut self, path: &'a ItemPath, value: &'a Value) {
        self.forms
            .entry(key(&path.form))
            .or_default()
            .insert((&path.item, path.row), value);
    }

    /// The same values with one changed, or emptied: to ask what would be.
    #[must_use]
    pub fn with(&self, path: &'a ItemPath, value: Option<&'a Value>) -> Self {
        let mut changed = Self {
            subject: self.subject.clone(),
            site: self.site,
            uses: self.uses,
            forms: self.forms.clone(),
            seen_before: SeenBefore::default(),
        };
        match value {
            Some(value) => changed.put(path, value),
            None => {
                if let Some(form) = changed.forms.get_mut(&key(&path.form)) {
                    form.remove(&(path.item.as_str(), path.row));
                }
            }
        }
        changed
    }

    /// Whose they are.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The value of an item.
    #[must_use]
    pub fn get(&self, path: &ItemPath) -> Option<&'a Value> {
        let form = self.forms.get(&key(&path.form))?;
        form.get(&(path.item.as_str(), path.row)).copied()
    }

    /// Every occurrence of a form that holds a value, in order.
    pub(crate) fn forms_of(&self, form: &str) -> Vec<FormPath> {
        self.forms
            .keys()
            .filter(|(_, _, name, _)| *name == form)
            .map(|(visit, visit_no, form, form_no)| FormPath {
                subject: self.subject.clone(),
                visit: (*visit).to_owned(),
                visit_no: *visit_no,
                form: (*form).to_owned(),
                form_no: *form_no,
            })
            .collect()
    }

    /// The highest number of a form in a visit that holds any value.
    pub(crate) fn last_form(&self, visit: &str, visit_no: u32, form: &str) -> Option<u32> {
        let range = (visit, visit_no, form, 0)..=(visit, visit_no, form, u32::MAX);
        self.forms.range(range).next_back().map(|((_, _, _, no), _)| *no)
    }

    /// The rows of an item's group: the rows that hold any value, in order; row 1 alone where the group has no rows.
    pub(crate) fn rows(&self, form: &FormPath, place: ItemPlace<'_>) -> Vec<u32> {
        if !place.group.repeats {
            return vec![1];
        }
        let held = self.forms.get(&key(form)).into_iter().flat_map(HashMap::keys);
        let mut rows: Vec<u32> = held
            .filter(|(item, _)| place.group.items.iter().any(|one| one.oid == *item))
            .map(|(_, row)| *row)
            .collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

fn key(form: &FormPath) -> FormKey<'_> {
    (&form.visit, form.visit_no, &form.form, form.form_no)
}
