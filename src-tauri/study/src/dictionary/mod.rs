//! The data dictionary: every item with what it takes, where it is asked and when; for programs (CSV) and for people
//! (one page of HTML).
//!
//! The texts are the study's. Headings and the words of kinds come from whoever asks, in the language asked for.

mod page;
mod table;

use rust_decimal::Decimal;

use crate::{
    Study,
    def::{Bounds, ItemDef, ItemKind},
    text::Text,
    value::Missing,
};

pub use page::page;
pub use table::csv;

/// Which side of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// English.
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Side {
    /// That side of a text.
    #[must_use]
    pub fn of(self, text: &Text) -> &str {
        match self {
            Self::English => &text.en,
            Self::Chinese => &text.zh,
        }
    }
}

/// The word of the definition for what an item takes.
#[must_use]
pub fn kind_word(kind: &ItemKind) -> &'static str {
    match kind {
        ItemKind::Text { .. } => "text",
        ItemKind::Integer { .. } => "integer",
        ItemKind::Decimal { .. } => "decimal",
        ItemKind::Code { .. } => "code",
        ItemKind::Codes { .. } => "codes",
        ItemKind::Date { .. } => "date",
        ItemKind::Time {} => "time",
        ItemKind::DateTime {} => "date_time",
        ItemKind::Duration { .. } => "duration",
        ItemKind::Scan { .. } => "scan",
        ItemKind::Derived { .. } => "derived",
    }
}

/// The word of the definition for a missing kind.
#[must_use]
pub fn missing_word(missing: Missing) -> &'static str {
    match missing {
        Missing::NotDone => "not_done",
        Missing::Unknown => "unknown",
        Missing::NotApplicable => "not_applicable",
    }
}

/// Codelist, units, longest text and places of an item, whatever of it there is.
pub(crate) struct Takes<'i> {
    pub(crate) codelist: Option<&'i str>,
    pub(crate) units: Vec<&'i str>,
    pub(crate) longest: Option<u32>,
    pub(crate) places: Option<u32>,
    pub(crate) partial: bool,
    pub(crate) computed: Option<String>,
}

impl<'i> Takes<'i> {
    pub(crate) fn of(item: &'i ItemDef) -> Self {
        let mut takes = Self {
            codelist: None,
            units: Vec::new(),
            longest: None,
            places: None,
            partial: false,
            computed: None,
        };
        match &item.kind {
            ItemKind::Text { max, .. } | ItemKind::Scan { max } => takes.longest = Some(*max),
            ItemKind::Integer { units } => takes.units = units.iter().map(String::as_str).collect(),
            ItemKind::Decimal { units, places, .. } => {
                takes.units = units.iter().map(String::as_str).collect();
                takes.places = Some(*places);
            }
            ItemKind::Code { codelist } | ItemKind::Codes { codelist } => takes.codelist = Some(codelist),
            ItemKind::Date { partial } => takes.partial = *partial,
            ItemKind::Time {} | ItemKind::DateTime {} => {}
            ItemKind::Duration { unit } => takes.units = vec![unit.word()],
            ItemKind::Derived { call, with } => {
                let inputs: Vec<String> = with.iter().map(|(input, oid)| format!("{input} = {oid}")).collect();
                takes.computed = Some(format!("{call}({})", inputs.join(", ")));
            }
        }
        takes
    }
}

/// `0 … 100`; open ends are left out. Those of a duration are in minutes, whatever a bare figure counts in.
pub(crate) fn range(kind: &ItemKind, bounds: Option<&Bounds>) -> String {
    let side = |side: Option<Decimal>| side.map_or_else(String::new, |number| number.to_string());
    let unit = if matches!(kind, ItemKind::Duration { .. }) {
        " min"
    } else {
        ""
    };
    bounds.map_or_else(String::new, |bounds| {
        format!("{} … {}{unit}", side(bounds.low), side(bounds.high))
            .trim()
            .to_owned()
    })
}

/// The visits that collect a form, and the registers of the site whose records have it.
pub(crate) fn visits(study: &Study, form: &str) -> Vec<String> {
    let visits = study.visits_of(form).into_iter().map(|visit| visit.oid.clone());
    let registers = study.def().registers.iter().filter(|register| register.form == form);
    visits.chain(registers.map(|register| register.oid.clone())).collect()
}
