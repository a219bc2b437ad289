//! What the definition costs: loading it, and working out everything it says about one thick casebook (verdict, every
//! derived value, every finding, what blocks each form), and about a thousand different ones of a site. Figures are
//! printed with the aim; nothing is asserted.
//!
//! `cargo bench -p study`
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a bench that cannot prepare its casebook says so by stopping"
)]

use std::{
    collections::BTreeMap,
    hint::black_box,
    time::{Duration, Instant},
};

use study::{
    ItemPlace, Study,
    def::{ItemKind, VisitKind},
    path::{FormPath, ItemPath},
    value::Value,
    values::Values,
};

const SUBJECT: &str = "S-001";
/// Items of a casebook from screening to month 24 with a long course.
const ITEMS: usize = 3000;
const TURNS: usize = 25;
/// Casebooks of a site, and the least and the most items that one of them holds.
const SUBJECTS: usize = 1000;
const THIN: usize = 300;

type Casebook = BTreeMap<ItemPath, Value>;

/// Something that the item takes, another thing each turn: what it is matters less than that rules have something to look at.
fn anything(study: &Study, place: ItemPlace<'_>, turn: usize) -> Option<Value> {
    let number = |units: &[String]| {
        let range = place.item.soft.as_ref().or(place.item.hard.as_ref());
        let number = range.and_then(|bounds| bounds.low.or(bounds.high));
        Value::Number {
            number: number.unwrap_or_else(|| (turn % 4).into()),
            unit: units.first().cloned(),
        }
    };
    let code = |list: &str| {
        let codes = &study.codelist(list).unwrap().codes;
        codes[turn % codes.len()].code.clone()
    };
    let day = turn % 28 + 1;
    Some(match &place.item.kind {
        ItemKind::Text { .. } | ItemKind::Scan { .. } => Value::Text { text: "words".into() },
        ItemKind::Integer { units } | ItemKind::Decimal { units, .. } => number(units),
        ItemKind::Duration { .. } => Value::Duration {
            duration: "PT30M".into(),
        },
        ItemKind::Code { codelist } => Value::Code { code: code(codelist) },
        ItemKind::Codes { codelist } => Value::Codes {
            codes: vec![code(codelist)],
        },
        ItemKind::Date { .. } => Value::Date {
            date: format!("2026-03-{day:02}"),
        },
        ItemKind::Time {} => Value::Time { time: "08:30".into() },
        ItemKind::DateTime {} => Value::DateTime {
            at: format!("2026-03-{day:02}T08:30"),
        },
        ItemKind::Derived { .. } => return None,
    })
}

fn fill(study: &Study, form: &FormPath, turn: usize, casebook: &mut Casebook) {
    for place in study.items(&form.form) {
        if let Some(value) = anything(study, place, turn) {
            let path = ItemPath {
                form: form.clone(),
                group: place.group.oid.clone(),
                row: 1,
                item: place.item.oid.clone(),
            };
            casebook.insert(path, value);
        }
    }
}

/// Every form of every visit once, then the unscheduled ones again until there are so many items; the answers begin with
/// a turn, so that casebooks differ.
fn thick(study: &Study, items: usize, begin: usize) -> Casebook {
    let mut casebook = Casebook::new();
    let mut turn = 0;
    while casebook.len() < items {
        for visit in &study.def().visits {
            let again = visit.kind == VisitKind::Unscheduled;
            if turn > 0 && !again {
                continue;
            }
            for form in &visit.forms {
                if casebook.len() >= items {
                    return casebook;
                }
                let number = u32::try_from(turn).unwrap() + 1;
                let form = FormPath {
                    subject: SUBJECT.into(),
                    visit: visit.oid.clone(),
                    visit_no: number,
                    form: form.clone(),
                    form_no: 1,
                };
                fill(study, &form, begin + turn, &mut casebook);
            }
        }
        turn += 1;
    }
    casebook
}

fn forms_of(casebook: &Casebook) -> Vec<FormPath> {
    let mut forms: Vec<FormPath> = casebook.keys().map(|path| path.form.clone()).collect();
    forms.dedup();
    forms
}

/// A site: a thousand casebooks from screening alone to month 24, no two alike, each worked out whole. They are made one
/// after the other and only the working out is timed.
fn site(study: &Study) {
    let (mut items, mut results, mut whole) = (0, 0, Duration::ZERO);
    for number in 0..SUBJECTS {
        let casebook = thick(study, THIN + (ITEMS - THIN) * number / SUBJECTS, number);
        let forms = forms_of(&casebook);
        items += casebook.len();
        let began = Instant::now();
        let (derived, found) = black_box(regrade(study, &casebook, &forms));
        whole += began.elapsed();
        results += derived + found;
    }
    let total = whole.as_secs_f64();
    let subjects = f64::from(u32::try_from(SUBJECTS).unwrap());
    println!(
        "{SUBJECTS} different casebooks: {items} items, {results} results and findings; all {total:.2} s, one {:.2} ms",
        total * 1000.0 / subjects
    );
}

/// All that the rules say about a casebook, and how many things that is.
fn regrade(study: &Study, casebook: &Casebook, forms: &[FormPath]) -> (usize, usize) {
    let values = Values::of(SUBJECT, casebook);
    let verdict = study.verdict(&values);
    let (mut derived, mut found) = (verdict.criteria.len(), 0);
    for form in forms {
        derived += study.derived(&values, form).len();
        found += study.findings(&values, form).len();
        found += study.blockers(&values, form).len();
    }
    (derived, found)
}

fn times(mut work: impl FnMut(), turns: usize) -> (f64, f64) {
    let mut times: Vec<Duration> = (0..turns)
        .map(|_| {
            let began = Instant::now();
            work();
            began.elapsed()
        })
        .collect();
    times.sort();
    let at = |percent: usize| times[(turns - 1) * percent / 100].as_secs_f64() * 1000.0;
    (at(50), at(95))
}

fn tell(what: &str, (median, high): (f64, f64), aim: f64) {
    let met = if median <= aim { "met" } else { "NOT met" };
    println!("{what:<62} median {median:8.2} ms   p95 {high:8.2} ms   aim {aim} ms: {met}");
}

fn main() {
    tell(
        "loading the built-in definition",
        times(|| drop(black_box(study::builtin::load().unwrap())), TURNS),
        100.0,
    );
    let study = study::builtin::load().unwrap();
    let casebook = thick(&study, ITEMS, 0);
    let forms = forms_of(&casebook);
    let (derived, found) = regrade(&study, &casebook, &forms);
    println!(
        "one casebook: {} items on {} forms, {derived} results, {found} findings",
        casebook.len(),
        forms.len()
    );
    tell(
        "re-grading it: verdict, derived values, findings, blockers",
        times(
            || {
                black_box(regrade(&study, &casebook, &forms));
            },
            TURNS,
        ),
        30.0,
    );
    site(&study);
}
