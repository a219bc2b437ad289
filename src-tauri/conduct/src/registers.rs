//! The site's registers: their records, and who names them.

use std::collections::{BTreeSet, HashMap, HashSet};

use study::{
    Study,
    def::RegisterDef,
    path::{FormPath, ItemPath, Oid, SITE},
    registers::name_of,
    value::Value,
    values::Values,
};

use crate::{
    casebook::Casebook,
    desk::Desk,
    form_page::weigh,
    requests::{RecordOf, Registers},
    trouble::{Outcome, no_with},
    views::{CellView, RecordNameView, RecordView, RegisterView, RegistersView, UseView, UsesView},
};

/// Every place that names a record, by register and name, and what the records are called.
pub(crate) struct Named {
    places: HashMap<(Oid, String), Vec<ItemPath>>,
    names: HashMap<FormPath, String>,
}

impl Named {
    fn read(desk: &Desk) -> Outcome<Self> {
        let registers = &desk.study.def().registers;
        let keys = registers.iter().map(|register| register.key.as_str());
        let naming = registers.iter().flat_map(|register| &register.referred_by);
        let oids: Vec<&str> = keys.chain(naming.map(String::as_str)).collect();
        let mut named = Self {
            places: HashMap::new(),
            names: HashMap::new(),
        };
        for answer in desk.sitting()?.file.answers(&oids)? {
            let (Ok(path), Some(name)) = (answer.path.parse::<ItemPath>(), answer.value.as_ref().and_then(name_of))
            else {
                continue;
            };
            if let Some(register) = desk.study.refers(&path.item) {
                let place = (register.oid.clone(), name.to_owned());
                named.places.entry(place).or_default().push(path);
            } else {
                named.names.insert(path.form, name.to_owned());
            }
        }
        for places in named.places.values_mut() {
            places.sort();
        }
        Ok(named)
    }

    /// Every place that names a record, itself or through records that name it; with each the records in between.
    fn uses_of(&self, record: &FormPath) -> Vec<(ItemPath, Vec<FormPath>)> {
        let mut uses = Vec::new();
        let mut seen = BTreeSet::from([record.clone()]);
        let mut next = vec![(record.clone(), Vec::new())];
        while let Some((record, via)) = next.pop() {
            let Some(name) = self.names.get(&record) else {
                continue;
            };
            for place in self
                .places
                .get(&(record.visit.clone(), name.clone()))
                .into_iter()
                .flatten()
            {
                let site = place.form.subject == SITE;
                if !site || via.is_empty() {
                    uses.push((place.clone(), via.clone()));
                }
                if site && seen.insert(place.form.clone()) {
                    let via = via.iter().cloned().chain([place.form.clone()]).collect();
                    next.push((place.form.clone(), via));
                }
            }
        }
        uses.sort_by(|(a, _), (b, _)| (a.form.subject == SITE, a).cmp(&(b.form.subject == SITE, b)));
        uses
    }

    /// The subjects whose forms name a record.
    fn subjects_of(&self, record: &FormPath) -> Vec<String> {
        let uses = self.uses_of(record).into_iter();
        let mut subjects: Vec<String> = uses
            .map(|(place, _)| place.form.subject)
            .filter(|who| who != SITE)
            .collect();
        subjects.dedup();
        subjects
    }
}

/// The first date or moment on a form.
fn day_of(study: &Study, values: &Values<'_>, form: &FormPath) -> Option<String> {
    study.items(&form.form).find_map(|place| {
        let path = ItemPath {
            form: form.clone(),
            group: place.group.oid.clone(),
            row: 1,
            item: place.item.oid.clone(),
        };
        values.get(&path).and_then(crate::subjects::day_text).map(str::to_owned)
    })
}

impl Desk {
    pub(crate) fn registers(&mut self, asked: Registers) -> Outcome<RegistersView> {
        if let Some(oid) = asked
            .register
            .as_deref()
            .filter(|oid| self.study.register(oid).is_none())
        {
            return no_with("no_such_register", &[("register", oid)]);
        }
        let book = Casebook::read(&self.sitting()?.file, SITE)?;
        let values = book.values();
        let named = Named::read(self)?;
        let registers = self.study.def().registers.iter();
        let wanted = registers.filter(|register| asked.register.as_ref().is_none_or(|oid| *oid == register.oid));
        let explained = self.explained(SITE)?;
        let registers = wanted.map(|register| self.register_view(register, &book, &values, &named, &explained));
        Ok(RegistersView {
            registers: registers.collect(),
        })
    }

    fn register_view(
        &self,
        register: &RegisterDef,
        book: &Casebook,
        values: &Values<'_>,
        named: &Named,
        explained: &HashSet<(ItemPath, String)>,
    ) -> RegisterView {
        let mut forms: Vec<&FormPath> = book.forms.keys().filter(|form| form.visit == register.oid).collect();
        forms.sort();
        let mut asks: HashMap<&FormPath, u32> = HashMap::new();
        let open = book
            .queries
            .iter()
            .filter(|query| query.state != store::QueryState::Closed);
        for query in open {
            *asks.entry(&query.path.form).or_default() += 1;
        }
        let mut held: HashMap<(&FormPath, &str), &Value> = HashMap::new();
        for row in book.items.iter().filter(|row| row.path.row == 1) {
            if let Some(value) = &row.value {
                held.insert((&row.path.form, &row.path.item), value);
            }
        }
        let next = forms.iter().map(|form| form.form_no).max().unwrap_or(0) + 1;
        let records = forms.into_iter().map(|form| {
            let (hard, soft) = weigh(&self.study.findings(values, form), explained);
            let cell = |item: &Oid| CellView {
                item: item.clone(),
                value: held.get(&(form, item.as_str())).map(|value| (*value).clone()),
            };
            RecordView {
                form: form.clone(),
                name: named.names.get(form).cloned(),
                cells: register.columns.iter().map(cell).collect(),
                state: book.state(form).to_owned(),
                queries: asks.get(form).copied().unwrap_or(0),
                hard,
                soft,
                subjects: named.subjects_of(form),
            }
        });
        RegisterView {
            register: register.oid.clone(),
            records: records.collect(),
            next: FormPath {
                subject: SITE.to_owned(),
                visit: register.oid.clone(),
                visit_no: 1,
                form: register.form.clone(),
                form_no: next,
            },
        }
    }

    pub(crate) fn record_uses(&mut self, asked: RecordOf) -> Outcome<UsesView> {
        self.known_form(&asked.record)?;
        if asked.record.subject != SITE {
            return no_with("no_such_form", &[("form", &asked.record.to_string())]);
        }
        let named = Named::read(self)?;
        let name = |form: &FormPath| RecordNameView {
            form: form.clone(),
            name: named.names.get(form).cloned(),
        };
        let file = &self.sitting()?.file;
        let mut uses = Vec::new();
        for (path, via) in named.uses_of(&asked.record) {
            let items = file.items_of_form(&path.form)?;
            let standing = items.iter().filter(|row| !row.removed);
            let pairs = standing.filter_map(|row| row.value.as_ref().map(|value| (&row.path, value)));
            let study = self.study_of(&path.form.subject)?;
            let day = day_of(&study, &Values::of(&path.form.subject, pairs), &path.form);
            let site = path.form.subject == SITE;
            uses.push(UseView {
                subject: (!site).then(|| path.form.subject.clone()),
                record: site.then(|| name(&path.form)),
                via: via.iter().map(name).collect(),
                day: day.filter(|_| !site),
                path,
            });
        }
        Ok(UsesView {
            subjects: named.subjects_of(&asked.record),
            uses,
        })
    }

    /// Records by name, for looking them up.
    pub(crate) fn record_names(&self) -> Outcome<Vec<(FormPath, String)>> {
        let keys: Vec<&str> = self
            .study
            .def()
            .registers
            .iter()
            .map(|register| register.key.as_str())
            .collect();
        let answers = self.sitting()?.file.answers(&keys)?;
        let mut names: Vec<(FormPath, String)> = answers
            .iter()
            .filter_map(|answer| {
                let path = answer.path.parse::<ItemPath>().ok()?;
                Some((path.form, name_of(answer.value.as_ref()?)?.to_owned()))
            })
            .collect();
        names.sort();
        Ok(names)
    }
}
