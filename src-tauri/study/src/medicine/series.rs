//! A value over the days: the lowest of each day from the infusion on, gathered from every form that holds the item.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use crate::{
    def::ItemKind,
    number::{canonical_number, scaled},
    resolve::Place,
    rule::ItemRef,
    shown::path_of,
    study::{ItemPlace, Study},
    value::Value,
    values::Values,
};

/// Which days of a series, and whether a day without a value keeps its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// Unit of the function.
    pub(crate) unit: &'static str,
    /// First day, day 0 is the infusion.
    pub(crate) first: i64,
    /// Last day.
    pub(crate) last: i64,
    /// A day without a value is a null; else it is left out.
    pub(crate) gaps: bool,
}

impl Study {
    /// The series of an item; nothing before the infusion is known, or while no day has a value.
    pub(super) fn series(&self, values: &Values<'_>, item: &str, span: Span) -> Option<Json> {
        let infused = self.day_of(values, self.landmark("infusion_date")?)?;
        let place = self.item(item)?;
        let mut lowest: BTreeMap<i64, Decimal> = BTreeMap::new();
        for form in values.forms_of(&place.form.oid) {
            for row in values.rows(&form, place) {
                let path = path_of(&form, place, row);
                let Some((number, unit)) = self
                    .current(values, &path)
                    .and_then(|value| canonical_number(place.item, value))
                else {
                    continue;
                };
                let number = scaled(number, unit.as_deref().unwrap_or(""), span.unit);
                let taken = self
                    .dated_by(place)
                    .and_then(|date| whole(self.current(values, &path_of(&form, date, 1))?));
                if let Some((number, taken)) = number.zip(taken) {
                    let day = taken.signed_duration_since(infused).num_days();
                    lowest
                        .entry(day)
                        .and_modify(|known| *known = (*known).min(number))
                        .or_insert(number);
                }
            }
        }
        lowest.retain(|day, _| (span.first..=span.last).contains(day));
        let end = *lowest.last_key_value()?.0;
        let decimal = |number: &Decimal| json!(number.normalize().to_string());
        Some(Json::Array(if span.gaps {
            (span.first..=end)
                .map(|day| lowest.get(&day).map_or(Json::Null, decimal))
                .collect()
        } else {
            lowest.values().map(decimal).collect()
        }))
    }

    /// The date of a form: its first date outside rows.
    fn dated_by<'s>(&'s self, place: ItemPlace<'s>) -> Option<ItemPlace<'s>> {
        self.items(&place.form.oid)
            .find(|one| !one.group.repeats && matches!(one.item.kind, ItemKind::Date { .. } | ItemKind::DateTime {}))
    }

    fn day_of(&self, values: &Values<'_>, item: &str) -> Option<chrono::NaiveDate> {
        let reference = ItemRef {
            visit: None,
            item: item.to_owned(),
        };
        let path = self.resolve(values, &Place::Subject, &reference)?;
        whole(self.current(values, &path)?)
    }
}

fn whole(value: &Value) -> Option<chrono::NaiveDate> {
    match value {
        Value::Date { date } => crate::dates::whole(date),
        Value::DateTime { at } => crate::dates::whole(at.get(..10)?),
        Value::Text { .. }
        | Value::Number { .. }
        | Value::Code { .. }
        | Value::Codes { .. }
        | Value::Time { .. }
        | Value::Duration { .. }
        | Value::Missing { .. } => None,
    }
}
