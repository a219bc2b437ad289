//! What happened to a subject, by date: read from the items that the definition names as landmarks.

use chrono::NaiveDate;
use study::{Study, path::ItemPath, values::Values};

use crate::{casebook::Casebook, subjects::day_text, views::EventView};

/// Kind of event and the landmark of its date.
const POINTS: &[(&str, &str)] = &[
    ("consent", "consent_date"),
    ("enrolment", "enrolment_date"),
    ("infusion", "infusion_date"),
    ("relapse", "relapse_date"),
    ("transplant", "transplant_date"),
    ("off_study", "off_study_date"),
    ("death", "death_date"),
];

/// Kind of event, landmark of its time, landmark of what came of it.
const GRADED: &[(&str, &str, &str)] = &[("crs", "crs_at", "crs_grade"), ("icans", "icans_at", "icans_grade")];

/// Days between two assessments that still belong to one episode.
const GAP: i64 = 3;

/// Everything that has a date, the earliest first.
pub(crate) fn events(study: &Study, book: &Casebook, values: &Values<'_>) -> Vec<EventView> {
    let mut all = Vec::new();
    for (kind, name) in POINTS {
        let Some(oid) = study.landmark(name) else { continue };
        // Said again at a later visit, it is still the same day.
        let mut days = dated(book, oid);
        days.dedup_by(|later, first| later.1 == first.1);
        all.extend(days.into_iter().map(|(path, day)| event(kind, &day, None, None, path)));
    }
    if let Some(oid) = study.landmark("lymphodepletion_start") {
        let end = study
            .landmark("lymphodepletion_end")
            .and_then(|oid| dated(book, oid).pop());
        let end = end.map(|(_, day)| day);
        all.extend(dated(book, oid).into_iter().map(|(path, day)| {
            let to = end.clone().filter(|to| *to > day);
            event("lymphodepletion", &day, to, None, path)
        }));
    }
    if let Some(oid) = study.landmark("response_date") {
        for (path, day) in dated(book, oid) {
            let result = result(study, book, values, &path, "response_category");
            all.push(event("response", &day, None, result, path));
        }
    }
    for (kind, at, grade) in GRADED {
        all.extend(episodes(study, book, values, kind, (at, grade)));
    }
    // The questions for ICANS are asked every day: what is marked is when the answers were not as they should be.
    all.retain(|event| event.kind != "icans" || event.result.as_deref() != Some("0"));
    all.sort_by(|a, b| (&a.from, &a.kind, &a.path).cmp(&(&b.from, &b.kind, &b.path)));
    all
}

fn event(kind: &str, from: &str, to: Option<String>, result: Option<String>, path: ItemPath) -> EventView {
    EventView {
        kind: kind.to_owned(),
        from: from.to_owned(),
        to,
        result,
        path,
    }
}

/// Whole dates of an item, wherever it stands, by date.
fn dated(book: &Casebook, oid: &str) -> Vec<(ItemPath, String)> {
    let mut found: Vec<(ItemPath, String)> = book
        .items
        .iter()
        .filter(|row| row.path.item == oid)
        .filter_map(|row| Some((row.path.clone(), day_text(row.value.as_ref()?)?.to_owned())))
        .filter(|(_, day)| NaiveDate::parse_from_str(day, "%Y-%m-%d").is_ok())
        .collect();
    found.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
    found
}

/// What came of it, on the same form: as entered, else as derived.
fn result(study: &Study, book: &Casebook, values: &Values<'_>, at: &ItemPath, name: &str) -> Option<String> {
    let place = study.item(study.landmark(name)?)?;
    let path = ItemPath {
        form: at.form.clone(),
        group: place.group.oid.clone(),
        row: if place.group.repeats { at.row } else { 1 },
        item: place.item.oid.clone(),
    };
    if let Some(study::value::Value::Code { code }) = book.item(&path).and_then(|row| row.value.as_ref()) {
        return Some(code.clone());
    }
    study.derive(values, &path).and_then(|outcome| outcome.result)
}

/// Assessments of grade 1 or more that follow one another are one episode with its highest grade; one without a grade, or
/// of grade 0, stands by itself and ends what was before it.
fn episodes(
    study: &Study,
    book: &Casebook,
    values: &Values<'_>,
    kind: &str,
    (at, grade): (&str, &str),
) -> Vec<EventView> {
    let mut all: Vec<EventView> = Vec::new();
    let Some(oid) = study.landmark(at) else { return all };
    let mut open = false;
    for (path, day) in dated(book, oid) {
        let result = result(study, book, values, &path, grade);
        let graded = result.as_deref().is_some_and(|grade| grade != "0");
        match all.last_mut() {
            Some(last) if open && graded && near(last.to.as_deref().unwrap_or(&last.from), &day) => {
                last.to = Some(day);
                if result > last.result {
                    last.result = result;
                    last.path = path;
                }
            }
            Some(_) | None => all.push(event(kind, &day, None, result, path)),
        }
        open = graded;
    }
    for episode in &mut all {
        episode.to = episode.to.take().filter(|to| *to != episode.from);
    }
    all
}

fn near(earlier: &str, later: &str) -> bool {
    let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    day(earlier)
        .zip(day(later))
        .is_some_and(|(earlier, later)| (later - earlier).num_days() <= GAP)
}
