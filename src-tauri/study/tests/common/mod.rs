//! A subject of the built-in study, filled as a person would fill it.

use std::{collections::BTreeMap, sync::LazyLock};

use chrono::NaiveDate;
use study::{
    Study,
    def::ItemKind,
    input::{RawInput, read_input},
    path::{FormPath, ItemPath, SITE},
    registers::Uses,
    value::{Missing, Value},
    values::Values,
};

pub(crate) const SUBJECT: &str = "S-001";

/// Nobody else names anything.
static NOBODY: LazyLock<Uses> = LazyLock::new(Uses::default);

static STUDY: LazyLock<Study> = LazyLock::new(|| study::builtin::load().expect("the built-in study loads"));

pub(crate) struct Subject {
    pub(crate) study: &'static Study,
    pub(crate) values: BTreeMap<ItemPath, Value>,
}

/// The visit that collects a form in the built-in study.
fn visit(form: &str) -> String {
    let visits = STUDY.visits_of(form);
    visits
        .first()
        .map_or_else(|| panic!("no visit collects {form}"), |visit| visit.oid.clone())
}

pub(crate) fn form(form: &str) -> FormPath {
    if let Some(register) = STUDY.def().registers.iter().find(|register| register.form == form) {
        return format!("{SITE}/{}/{form}", register.oid).parse().unwrap();
    }
    format!("{SUBJECT}/{}/{form}", visit(form)).parse().unwrap()
}

impl Subject {
    pub(crate) fn new() -> Self {
        Self {
            study: &STUDY,
            values: BTreeMap::new(),
        }
    }

    /// The path of an item; `VISIT:ITEM` where another visit than the first is meant.
    pub(crate) fn path(&self, item: &str, row: u32) -> ItemPath {
        let (at, item) = item.split_once(':').map_or((None, item), |(at, item)| (Some(at), item));
        let place = self.study.item(item).unwrap_or_else(|| panic!("no item {item}"));
        let mut on = form(&place.form.oid);
        if let Some(at) = at {
            at.clone_into(&mut on.visit);
        }
        let path = ItemPath {
            form: on,
            group: place.group.oid.clone(),
            row,
            item: item.to_owned(),
        };
        assert!(self.study.holds(&path), "{path}");
        path
    }

    /// Enters `text`, `text unit`, `[A, B]` for several codes, `?not_done` for a missing kind, nothing to empty.
    pub(crate) fn put(&mut self, item: &str, text: &str) -> &mut Self {
        self.put_row(item, 1, text)
    }

    pub(crate) fn put_row(&mut self, item: &str, row: u32, text: &str) -> &mut Self {
        let path = self.path(item, row);
        let place = self.study.item(&path.item).unwrap();
        let mut raw = RawInput::default();
        if let Some(kind) = text.strip_prefix('?') {
            raw.missing = Some(match kind {
                "not_done" => Missing::NotDone,
                "unknown" => Missing::Unknown,
                _ => Missing::NotApplicable,
            });
        } else if let Some(codes) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            raw.codes = codes.split(", ").map(str::to_owned).collect();
        } else if let (ItemKind::Integer { .. } | ItemKind::Decimal { .. }, Some((number, unit))) =
            (&place.item.kind, text.split_once(' '))
        {
            (raw.text, raw.unit) = (number.to_owned(), Some(unit.to_owned()));
        } else {
            text.clone_into(&mut raw.text);
        }
        let today = NaiveDate::from_ymd_opt(2025, 6, 30).unwrap();
        match read_input(place.item, self.study.def(), &raw, today) {
            Ok(Some(value)) => self.values.insert(path, value),
            Ok(None) => self.values.remove(&path),
            Err(refused) => panic!("{item} = {text:?}: {refused:?}"),
        };
        self
    }

    pub(crate) fn fill(&mut self, pairs: &[(&str, &str)]) -> &mut Self {
        for (item, text) in pairs {
            self.put(item, text);
        }
        self
    }

    pub(crate) fn view(&self) -> Values<'_> {
        self.view_of(SUBJECT)
    }

    /// The values of the subject with the site's records beside them, or those alone.
    pub(crate) fn view_of(&self, whose: &str) -> Values<'_> {
        let site = self.values.iter().filter(|(path, _)| path.form.subject == SITE);
        Values::of(whose, &self.values).beside(site, &NOBODY)
    }
}
