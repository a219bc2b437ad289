//! The contents of the blank forms, in words, ready to be set.

use std::collections::BTreeMap;

use conduct::{
    ItemKind,
    act::Moment,
    def::{DurationUnit, FormDef, ItemDef, ItemGroupDef, StudyDef, VisitKind},
    value::Missing,
};
use serde::Serialize;

use crate::{moment, names, words::Words};

/// Blank forms of a study.
pub struct BlankForms<'a> {
    /// The definition.
    pub study: &'a StudyDef,
    /// `en` or `zh-Hans`.
    pub locale: &'a str,
    /// With identifiers, CDASH variables, codes and conditions beside every item.
    pub annotated: bool,
    /// Version of Cartwright.
    pub app: &'a str,
    /// When they were made.
    pub made: &'a Moment,
}

/// Words that the layout places by itself.
const LABELS: [&str; 23] = [
    "crf_title",
    "crf_annotated",
    "crf_registration",
    "crf_registered_title",
    "crf_conditions",
    "crf_intervention",
    "crf_outcomes",
    "crf_notes",
    "crf_schedule",
    "crf_form",
    "crf_subject",
    "crf_site",
    "crf_date_of_visit",
    "crf_filled_by",
    "crf_signature",
    "crf_date",
    "crf_rows",
    "crf_several",
    "crf_computed",
    "crf_when",
    "crf_critical",
    "crf_version",
    "report_page",
];

/// Everything on the pages.
#[derive(Serialize)]
pub(crate) struct Content {
    lang: &'static str,
    labels: BTreeMap<&'static str, String>,
    annotated: bool,
    study: String,
    version: String,
    name: String,
    made: String,
    app: String,
    title: String,
    conditions: String,
    intervention: String,
    outcomes: Vec<(String, String)>,
    notes: Vec<String>,
    visits: Vec<Visit>,
    schedule: Vec<Row>,
    forms: Vec<Form>,
}

#[derive(Serialize)]
struct Visit {
    oid: String,
    name: String,
    days: String,
}

#[derive(Serialize)]
struct Row {
    oid: String,
    name: String,
    /// For each visit, whether it collects the form.
    at: Vec<bool>,
}

#[derive(Serialize)]
struct Form {
    oid: String,
    name: String,
    /// Names of the visits that collect it, or of the registers that keep it.
    visits: String,
    /// Whether a register of the site keeps it.
    register: bool,
    groups: Vec<Group>,
}

#[derive(Serialize)]
struct Group {
    oid: String,
    name: String,
    repeats: bool,
    when: String,
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Item {
    oid: String,
    question: String,
    guidance: String,
    required: bool,
    critical: bool,
    /// `line`, `lines`, `boxes`, `choice`, `several`, `date`, `time`, `date_time`, `duration`, `computed`.
    shape: &'static str,
    /// Digits before and after the point, for `boxes`; of the unit and of the next smaller one, for `duration`.
    boxes: (u32, u32),
    units: Vec<String>,
    /// Code and words.
    choices: Vec<(String, String)>,
    missing: Vec<String>,
    range: String,
    /// Only on annotated forms.
    annotation: Vec<String>,
    when: String,
}

pub(crate) fn content(page: &BlankForms<'_>, words: &Words) -> Content {
    let study = page.study;
    let registration = &study.registration;
    Content {
        lang: if words.chinese() { "zh" } else { "en" },
        labels: LABELS.iter().map(|key| (*key, words.say(key))).collect(),
        annotated: page.annotated,
        study: study.oid.clone(),
        version: study.version.clone(),
        name: words.text(&study.name).to_owned(),
        made: moment::local(page.made).map_or_else(String::new, |at| moment::date(at.date_naive(), words)),
        app: format!("Cartwright {}", page.app),
        title: registration.title.clone(),
        conditions: registration.conditions.join("; "),
        intervention: registration.intervention.clone(),
        outcomes: registration.outcomes.clone(),
        notes: registration
            .notes
            .iter()
            .map(|note| words.text(note).to_owned())
            .collect(),
        visits: study
            .visits
            .iter()
            .map(|visit| Visit {
                oid: visit.oid.clone(),
                name: words.text(&visit.name).to_owned(),
                days: match (visit.kind, visit.window) {
                    (VisitKind::Scheduled, Some((first, last))) if first == last => {
                        words.say_with("crf_day", &[("day", &signed(first))])
                    }
                    (VisitKind::Scheduled, Some((first, last))) => {
                        words.say_with("crf_days", &[("first", &signed(first)), ("last", &signed(last))])
                    }
                    (VisitKind::Scheduled, None) => visit
                        .day
                        .map_or_else(String::new, |day| words.say_with("crf_day", &[("day", &signed(day))])),
                    (VisitKind::Unscheduled, _) => words.say("crf_as_needed"),
                    (VisitKind::Log, _) => words.say("crf_running"),
                },
            })
            .collect(),
        schedule: study
            .forms
            .iter()
            .map(|form| Row {
                oid: form.oid.clone(),
                name: words.text(&form.name).to_owned(),
                at: study
                    .visits
                    .iter()
                    .map(|visit| visit.forms.contains(&form.oid))
                    .collect(),
            })
            .collect(),
        forms: study.forms.iter().map(|one| form(page, one, words)).collect(),
    }
}

/// A day with the minus that print has.
fn signed(day: i32) -> String {
    if day < 0 {
        format!("−{}", day.unsigned_abs())
    } else {
        day.to_string()
    }
}

fn form(page: &BlankForms<'_>, form: &FormDef, words: &Words) -> Form {
    let visits = page.study.visits.iter();
    let collecting = visits
        .filter(|visit| visit.forms.contains(&form.oid))
        .map(|visit| &visit.name);
    let registers = page.study.registers.iter();
    let keeping: Vec<_> = registers
        .filter(|register| register.form == form.oid)
        .map(|register| &register.name)
        .collect();
    let register = !keeping.is_empty();
    let visits: Vec<String> = collecting
        .chain(keeping)
        .map(|name| words.text(name).to_owned())
        .collect();
    Form {
        oid: form.oid.clone(),
        name: words.text(&form.name).to_owned(),
        visits: words.list(&visits),
        register,
        groups: form.groups.iter().map(|one| group(page, one, words)).collect(),
    }
}

fn group(page: &BlankForms<'_>, group: &ItemGroupDef, words: &Words) -> Group {
    Group {
        oid: group.oid.clone(),
        name: words.text(&group.name).to_owned(),
        repeats: group.repeats,
        when: if page.annotated {
            group.when.clone().unwrap_or_default()
        } else {
            String::new()
        },
        items: group.items.iter().map(|one| item(page, one, words)).collect(),
    }
}

fn item(page: &BlankForms<'_>, item: &ItemDef, words: &Words) -> Item {
    let study = page.study;
    let choices = |list: &str| -> Vec<(String, String)> {
        let codes = study
            .codelists
            .iter()
            .filter(|known| known.oid == list)
            .flat_map(|list| &list.codes);
        codes
            .map(|code| (code.code.clone(), words.text(&code.text).to_owned()))
            .collect()
    };
    let digits = |places: u32| {
        let bounds = item
            .hard
            .iter()
            .flat_map(|bounds| bounds.low.iter().chain(&bounds.high));
        let most = bounds
            .map(|bound| bound.abs().trunc().to_string().len())
            .max()
            .unwrap_or(5);
        (u32::try_from(most).unwrap_or(5).clamp(1, 9), places.min(6))
    };
    let (shape, boxes, units, choices) = match &item.kind {
        ItemKind::Text { long: true, .. } => ("lines", (0, 0), &[][..], Vec::new()),
        ItemKind::Text { long: false, .. } | ItemKind::Scan { .. } => ("line", (0, 0), &[][..], Vec::new()),
        ItemKind::Integer { units } => ("boxes", digits(0), units.as_slice(), Vec::new()),
        ItemKind::Decimal { units, places, .. } => ("boxes", digits(*places), units.as_slice(), Vec::new()),
        ItemKind::Code { codelist } => ("choice", (0, 0), &[][..], choices(codelist)),
        ItemKind::Codes { codelist } => ("several", (0, 0), &[][..], choices(codelist)),
        ItemKind::Date { .. } => ("date", (0, 0), &[][..], Vec::new()),
        ItemKind::Time {} => ("time", (0, 0), &[][..], Vec::new()),
        ItemKind::DateTime {} => ("date_time", (0, 0), &[][..], Vec::new()),
        ItemKind::Duration { unit } => ("duration", long(item, *unit), &[][..], Vec::new()),
        ItemKind::Derived { .. } => ("computed", (0, 0), &[][..], Vec::new()),
    };
    let missing = item.missing.iter().map(|missing| {
        words.say(match missing {
            Missing::NotDone => "crf_not_done",
            Missing::Unknown => "crf_unknown",
            Missing::NotApplicable => "crf_not_applicable",
        })
    });
    Item {
        oid: item.oid.clone(),
        question: words.text(&item.question).to_owned(),
        guidance: item.guidance.as_ref().map_or("", |text| words.text(text)).to_owned(),
        required: item.required,
        critical: item.critical,
        shape,
        boxes,
        units: match &item.kind {
            ItemKind::Duration { unit } => parts(*unit).iter().map(|part| words.say(part)).collect(),
            ItemKind::Text { .. }
            | ItemKind::Integer { .. }
            | ItemKind::Decimal { .. }
            | ItemKind::Code { .. }
            | ItemKind::Codes { .. }
            | ItemKind::Date { .. }
            | ItemKind::Time {}
            | ItemKind::DateTime {}
            | ItemKind::Scan { .. }
            | ItemKind::Derived { .. } => units
                .iter()
                .map(|code| names::unit(study, code, words).to_owned())
                .collect(),
        },
        choices,
        missing: missing.collect(),
        range: match (
            &item.kind,
            range(
                item,
                &units
                    .iter()
                    .map(|code| names::unit(study, code, words))
                    .collect::<Vec<_>>(),
            ),
        ) {
            (ItemKind::Duration { .. }, said) if !said.is_empty() => format!("{said} {}", words.say("crf_minutes")),
            (_, said) => said,
        },
        annotation: if page.annotated { annotation(item) } else { Vec::new() },
        when: if page.annotated {
            item.when.clone().unwrap_or_default()
        } else {
            String::new()
        },
    }
}

/// Words of the fields that a duration is written into, the larger one first.
fn parts(unit: DurationUnit) -> &'static [&'static str] {
    match unit {
        DurationUnit::Day => &["crf_days_long", "crf_hours"],
        DurationUnit::Hour => &["crf_hours", "crf_minutes"],
        DurationUnit::Minute => &["crf_minutes"],
    }
}

/// Digits of these fields: the first as many as the hard bounds leave room for.
fn long(item: &ItemDef, unit: DurationUnit) -> (u32, u32) {
    let (minutes, second) = match unit {
        DurationUnit::Day => (1440, 2),
        DurationUnit::Hour => (60, 2),
        DurationUnit::Minute => (1, 0),
    };
    let most = item.hard.as_ref().and_then(|bounds| bounds.high);
    let whole = most.and_then(|most| most.abs().trunc().to_string().parse::<u64>().ok());
    let digits = whole.map_or(3, |whole| (whole / minutes).to_string().len());
    (u32::try_from(digits).unwrap_or(3).clamp(1, 9), second)
}

/// `0–100`, of the hard bounds; with several units, of the first.
fn range(item: &ItemDef, units: &[&str]) -> String {
    let bounds = item.hard.as_ref();
    let said = match bounds.map(|bounds| (bounds.low, bounds.high)) {
        Some((Some(low), Some(high))) => format!("{low}–{high}"),
        Some((Some(low), None)) => format!("≥ {low}"),
        Some((None, Some(high))) => format!("≤ {high}"),
        Some((None, None)) | None => return String::new(),
    };
    match units {
        [first, _, ..] => format!("{said} {first}"),
        [] | [_] => said,
    }
}

/// Identifier, CDASH variable, what it takes.
fn annotation(item: &ItemDef) -> Vec<String> {
    let takes = match &item.kind {
        ItemKind::Text { max, .. } => format!("text ({max})"),
        ItemKind::Integer { units } => format!("integer {}", units.join(", ")),
        ItemKind::Decimal { units, places, .. } => format!("decimal ({places}) {}", units.join(", ")),
        ItemKind::Code { codelist } => format!("code {codelist}"),
        ItemKind::Codes { codelist } => format!("codes {codelist}"),
        ItemKind::Date { partial: true } => "partial date".to_owned(),
        ItemKind::Date { partial: false } => "date".to_owned(),
        ItemKind::Time {} => "time".to_owned(),
        ItemKind::DateTime {} => "date_time".to_owned(),
        ItemKind::Duration { unit } => format!("duration {}", unit.word()),
        ItemKind::Scan { max } => format!("scan ({max})"),
        ItemKind::Derived { call, .. } => call.clone(),
    };
    let mut said = vec![item.oid.clone()];
    if item.cdash != "own" {
        said.push(format!("CDASH {}", item.cdash));
    }
    said.push(takes.trim_end().to_owned());
    said
}
