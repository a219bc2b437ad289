//! Late entry: what was measured, and when somebody wrote it down.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use store::ItemRow;
use study::{
    Study,
    act::{Act, Actor, EntryRef},
    path::{FormPath, ItemPath, SITE},
    value::Value,
};

use super::{LATE_DAYS, Signal, Stretch, hours::local_day};
use crate::{editions::version_of, subjects::day_text, trouble::Outcome};

/// Landmarks that say when what stands beside them happened.
const HAPPENED: [&str; 4] = ["crs_at", "icans_at", "infusion_date", "response_date"];

/// Whether an item says when what its form holds was observed: the collection date of its domain, or one of the landmarks.
fn says_when(study: &Study, oid: &str) -> bool {
    let place = study.item(oid);
    let collected = place.is_some_and(|place| place.item.cdash == format!("{}DAT", place.form.domain));
    collected || HAPPENED.iter().any(|name| study.landmark(name) == Some(oid))
}

/// The day of what a value tells of: of its own row, else the first of its form.
fn happened<'r>(study: &Study, items: &'r [ItemRow], path: &ItemPath) -> Option<&'r str> {
    let dated = |row: &&ItemRow| !row.removed && says_when(study, &row.path.item);
    let beside = |row: &&ItemRow| row.path.group == path.group && row.path.row == path.row;
    let mut days = items.iter().filter(dated);
    let own = days.clone().find(beside).or_else(|| days.next());
    own.and_then(|row| row.value.as_ref()).and_then(day_text)
}

/// What is late of one form.
struct Late {
    days: i64,
    happened: String,
    by: Actor,
    entries: Vec<EntryRef>,
}

pub(super) fn signals(stretch: &Stretch<'_>) -> Outcome<Vec<Signal>> {
    let file = &stretch.desk.sitting()?.file;
    let mut forms: HashMap<&FormPath, Vec<ItemRow>> = HashMap::new();
    let mut added: HashMap<&str, Option<String>> = HashMap::new();
    let mut late: BTreeMap<&FormPath, Late> = BTreeMap::new();
    for entry in &stretch.read {
        let Act::ValueEntered {
            path,
            value: Some(value),
            old: None,
            ..
        } = &entry.body.act
        else {
            continue;
        };
        if path.form.subject == SITE || matches!(value, Value::Missing { .. }) {
            continue;
        }
        if !forms.contains_key(&path.form) {
            forms.insert(&path.form, file.items_of_form(&path.form)?);
        }
        let study = stretch.desk.under(version_of(&entry.body.study));
        let items = forms.get(&path.form).map(Vec::as_slice).unwrap_or_default();
        let Some(day) = happened(study, items, path) else {
            continue;
        };
        // What happened before the subject was in the file could not be written down before.
        let subject = path.form.subject.as_str();
        if !added.contains_key(subject) {
            let row = file.subject(subject)?;
            added.insert(subject, row.and_then(|row| local_day(&row.since)));
        }
        let since = added.get(subject).cloned().flatten();
        let from = since.as_deref().filter(|since| *since > day).unwrap_or(day);
        let written = local_day(&entry.body.moment);
        let date = |text: &str| text.parse::<NaiveDate>().ok();
        let Some((from, written)) = date(from).zip(written.as_deref().and_then(date)) else {
            continue;
        };
        let days = (written - from).num_days();
        if days <= LATE_DAYS {
            continue;
        }
        let row = late.entry(&path.form).or_insert_with(|| Late {
            days,
            happened: day.to_owned(),
            by: entry.body.actor.clone(),
            entries: Vec::new(),
        });
        row.days = row.days.max(days);
        row.entries.push(entry.at.clone());
    }
    let signals = late.into_iter().map(|(form, late)| {
        let mut signal = Signal::new("late_entry", late.entries);
        signal.by = Some(late.by);
        signal.subject = Some(form.subject.clone());
        signal.path = Some(form.to_string());
        signal.facts = vec![("days", late.days.to_string()), ("happened", late.happened)];
        signal
    });
    Ok(signals.collect())
}
