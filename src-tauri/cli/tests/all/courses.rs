//! The made-up subjects of `demo`: twelve of them fill the casebook, and what the core makes of their values is what their
//! courses intend.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use chrono::{DateTime, FixedOffset};
use conduct::{
    DeviceKeys, KdfCost, acts,
    desk::Desk,
    machine::Machine,
    renderings::NoPaper,
    requests::{FormOf, OpenFile, StudyInForce, SubjectOf, Unlock},
    views::{EventView, FormStateView, ItemView, SubjectView},
};

use crate::{Demo, made};

const COURSES: &str = include_str!("../../src/demo/charts/courses.txt");
/// Everybody, and who each is.
const SUBJECTS: usize = 12;

/// Forms that no subject of the demonstration fills, and why.
const NOT_FILLED: &[(&str, &str)] = &[
    ("LTFU", "falls due in year 3, after the demonstration"),
    ("DONOR", "a register of the site, not a form of a subject"),
    ("LOT", "a register of the site, not a form of a subject"),
    ("BAG", "a register of the site, not a form of a subject"),
    ("LABREG", "a register of the site, not a form of a subject"),
];

/// A machine that only reads.
struct Later(u8);

impl Machine for Later {
    fn now(&self) -> DateTime<FixedOffset> {
        "2026-06-01T08:00:00+08:00".parse().unwrap()
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        self.0 = self.0.wrapping_add(1);
        bytes.fill(self.0);
    }

    fn kdf(&self, _synthetic: bool) -> KdfCost {
        KdfCost::cheap()
    }

    fn note_fault(&mut self, reference: &str, chain: &str) {
        panic!("{reference}: {chain}");
    }
}

fn opened(demo: &Demo) -> Desk {
    let devices = demo.home.join("study.cartwright.desktop/devices");
    let paper = NoPaper("nothing is printed".into());
    let mut desk = Desk::new(
        Box::new(Later(0)),
        Box::new(paper),
        DeviceKeys::at(&devices, "practice-laptop"),
    )
    .unwrap();
    let handle = desk.choose(Path::new(&demo.path("site.cartwright")).to_owned());
    acts::open_file(&mut desk, OpenFile { handle }).unwrap();
    let password = std::fs::read_to_string(demo.path("password.txt")).unwrap();
    let asked = Unlock {
        login: "data.okafor".into(),
        password: password.trim().into(),
    };
    acts::unlock(&mut desk, asked).unwrap();
    desk
}

fn subject(desk: &mut Desk, code: &str) -> SubjectView {
    acts::subject(desk, SubjectOf { subject: code.into() }).unwrap()
}

/// Every form of a subject that holds something, by its path without the subject.
fn forms(subject: SubjectView) -> BTreeMap<String, FormStateView> {
    let all = subject.visits.into_iter().flat_map(|visit| visit.forms);
    let filled = all.filter(|form| form.answered > 0);
    filled
        .map(|form| (form.form.to_string().split_once('/').unwrap().1.to_owned(), form))
        .collect()
}

/// The items of a form.
fn items(desk: &mut Desk, form: &FormStateView) -> Vec<ItemView> {
    let view = acts::form(
        desk,
        FormOf {
            form: form.form.clone(),
        },
    )
    .unwrap();
    let rows = view.groups.into_iter().flat_map(|group| group.rows);
    rows.flat_map(|row| row.items).collect()
}

/// Derived results of an item at a visit.
fn results(desk: &mut Desk, forms: &BTreeMap<String, FormStateView>, item: &str) -> Vec<String> {
    let (visit, item) = item.split_once('/').unwrap();
    let fitting = forms
        .values()
        .filter(|form| item.starts_with(&format!("{}.", form.form.form)) && form.form.visit == visit);
    let mut results = Vec::new();
    for form in fitting {
        let items = items(desk, form).into_iter().filter(|found| found.path.item == item);
        let derived = items.filter_map(|found| found.derived);
        results.extend(derived.map(|derived| derived.result.unwrap_or(derived.status)));
    }
    results
}

/// The highest grade of an event of the timeline; 0 where it never was.
fn highest(events: &[EventView], kind: &str) -> String {
    let grades = events.iter().filter(|event| event.kind == kind);
    let highest = grades.filter_map(|event| event.result.clone()).max();
    highest.unwrap_or_else(|| "0".to_owned())
}

/// Whether a result is what is expected; a number to its whole part.
fn as_expected(results: &[String], expected: &str) -> bool {
    results.iter().any(|result| {
        let number = result.parse::<f64>().map(f64::trunc);
        result == expected || number.is_ok() && number == expected.parse::<f64>()
    })
}

/// What each course expects, in the order of the subjects.
fn expectations() -> Vec<Vec<(&'static str, &'static str)>> {
    let courses = COURSES.split("\ncourse ").skip(1);
    let lines = |course: &'static str| {
        course
            .lines()
            .filter_map(|line| line.strip_prefix("expect ")?.split_once(' '))
    };
    courses.map(|course| lines(course).collect()).collect()
}

#[test]
fn twelve_subjects_fill_the_casebook_and_fare_as_their_courses_intend() {
    let demo = made("courses", "1", &SUBJECTS.to_string());
    let mut desk = opened(&demo);
    let mut wrong = Vec::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut visits: BTreeSet<String> = BTreeSet::new();
    let expected = expectations();
    assert!(expected.len() > SUBJECTS && expected.iter().take(SUBJECTS).filter(|all| all.len() > 2).count() >= 10);
    for (at, expected) in expected.iter().enumerate().take(SUBJECTS) {
        let code = format!("S-{:03}", at + 1);
        let subject = subject(&mut desk, &code);
        let (events, verdict) = (subject.events.clone(), subject.row.verdict.clone());
        let forms = forms(subject);
        for (item, result) in expected {
            let found = match *item {
                "verdict" => verdict.iter().cloned().collect(),
                "crs" | "icans" => vec![highest(&events, item)],
                item => results(&mut desk, &forms, item),
            };
            if !as_expected(&found, result) {
                wrong.push(format!("{code} {item}: {result} intended, {found:?} derived"));
            }
        }
        let open = |name: &str| code == "S-003" && ["SCR/PERF", "SCR/ELIG", "SCR/CNS"].contains(&name);
        for (name, form) in &forms {
            if form.hard > 0 || form.state == "started" && !open(name) {
                wrong.push(format!("{code}/{name}: {} hard findings, {}", form.hard, form.state));
                let findings = items(&mut desk, form).into_iter().flat_map(|item| {
                    let path = item.path;
                    item.findings
                        .into_iter()
                        .map(move |finding| format!("    {path} {finding:?}"))
                });
                wrong.extend(findings);
            }
            visits.insert(form.form.visit.clone());
            seen.insert(form.form.form.clone());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for visit in [
        "SCR", "LD1", "INF", "D14", "D28", "M6", "M12", "M24", "UNS", "LOG", "END",
    ] {
        assert!(visits.contains(visit), "{visit}");
    }
    let def = acts::study_in_force(&mut desk, StudyInForce { version: None }).unwrap();
    for form in &def.forms {
        let reason = NOT_FILLED.iter().find(|(name, _)| *name == form.oid);
        assert_ne!(
            seen.contains(&form.oid),
            reason.is_some(),
            "{}: filled, or a reason why not",
            form.oid
        );
    }
    desk.put_away_now();
}

#[test]
fn nothing_happens_after_death_nor_after_the_month_that_is_asked_for() {
    let top = tempfile::tempdir().unwrap();
    let (folder, home) = (top.path().join("site"), top.path().join("home"));
    let at = folder.to_str().unwrap();
    crate::run(&home, &["demo", "--subjects", "9", "--until", "1", at]).exits(0);
    let demo = Demo { folder, home };
    let mut desk = opened(&demo);
    let died = forms(subject(&mut desk, "S-009"));
    assert!(died.contains_key("END/DEATH") && died.contains_key("D14/HEMA"));
    assert!(
        !died
            .keys()
            .any(|name| name.starts_with("D21") || name.starts_with("D28")),
        "{:?}",
        died.keys()
    );
    let first = forms(subject(&mut desk, "S-001"));
    assert!(first.contains_key("D28/RESPONSE") && !first.keys().any(|name| name.starts_with('M')));
    desk.put_away_now();
}
