//! From files to a study: read, refer, compile, try. Everything wrong is told, each with its place.
//!
//! A definition is a folder: `study.toml`, `registration.toml`, `visits.toml`, `codelists.toml`, `units.toml`,
//! `decisions.toml`, `eligibility.toml`, `checks.toml`, `forms/*.toml`; `registers.toml` where the site keeps any, and
//! `identifiers.toml` where it came from others.

use std::collections::BTreeMap;

use toml::de::DeTable;

use crate::{
    def::{Registration, StudyDef},
    identifiers::Identifiers,
    load::{
        draft::Draft,
        reader::{Desk, Node, Spot},
    },
    problem::{Problem, ProblemCode},
    study::{Index, Study},
    text::Text,
};

mod calls;
mod draft;
mod forms;
mod identity;
mod lists;
mod names;
mod reader;
mod refer;
mod registers;
mod rules;

pub(crate) use lists::{LANDMARKS, OPTIONAL_LANDMARKS};

/// Largest file, bytes.
const FILE: usize = 1 << 20;
/// Most files.
const FILES: usize = 200;
/// Most items of a study.
const ITEMS: usize = 5000;

const SINGLE: [&str; 8] = [
    "study.toml",
    "registration.toml",
    "visits.toml",
    "codelists.toml",
    "units.toml",
    "decisions.toml",
    "eligibility.toml",
    "checks.toml",
];

const REGISTERS: &str = "registers.toml";

/// Loads a definition from the paths and texts of its files; a common folder before the names does not matter.
///
/// # Errors
/// Every problem found, in the order of files and places.
pub fn load(files: &[(&str, &str)]) -> Result<Study, Vec<Problem>> {
    let desk = Desk::new(files);
    let mut draft = Draft::new(blank());
    read_all(&desk, &mut draft);
    let index = Index::of(&draft.def);
    refer::check(&desk, &draft, &index);
    registers::check(&desk, &draft, &index);
    let rules = rules::compile(&desk, &draft, &index);
    calls::check(&desk, &draft, &index, &rules);
    let decisions = match crate::medicine::decisions(&draft.def.decisions) {
        Ok(decisions) => decisions,
        Err(wrong) => {
            for (id, name) in wrong {
                let spot = draft.spot(&format!("decision:{id}"));
                let expected = "a value that the function can read";
                desk.say(&spot, ProblemCode::WrongType, &[("key", &name), ("expected", expected)]);
            }
            criteria::Decisions::default()
        }
    };
    if desk.is_clean() {
        Ok(Study::new(
            draft.def,
            rules,
            decisions,
            draft.landmarks,
            draft.confirmed,
        ))
    } else {
        Err(desk.into_problems())
    }
}

/// The bytes that stand for a definition: its files in the order of their names, each with name and length. Their
/// SHA-256 identifies the version.
#[must_use]
pub fn canonical_bytes(files: &[(&str, &str)]) -> Vec<u8> {
    let home = home(files);
    let sorted: BTreeMap<&str, &str> = files
        .iter()
        .map(|(path, text)| (path.strip_prefix(home).unwrap_or(path), *text))
        .collect();
    let mut bytes = Vec::new();
    for (name, text) in sorted {
        bytes.extend_from_slice(name.as_bytes());
        bytes.push(0);
        bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes
}

/// The folder before the names: where `study.toml` lies.
fn home<'a>(files: &[(&'a str, &str)]) -> &'a str {
    files
        .iter()
        .filter_map(|(path, _)| path.strip_suffix("study.toml"))
        .filter(|home| home.is_empty() || home.ends_with('/'))
        .min_by_key(|home| home.len())
        .unwrap_or("")
}

fn blank() -> StudyDef {
    StudyDef {
        oid: String::new(),
        version: String::new(),
        name: Text::default(),
        registration: Registration {
            title: String::new(),
            conditions: Vec::new(),
            intervention: String::new(),
            outcomes: Vec::new(),
            rationale: String::new(),
            notes: Vec::new(),
        },
        visits: Vec::new(),
        forms: Vec::new(),
        registers: Vec::new(),
        codelists: Vec::new(),
        units: Vec::new(),
        criteria: Vec::new(),
        decisions: Vec::new(),
        checks: Vec::new(),
        reasons: Vec::new(),
        statements: Vec::new(),
        identifiers: Identifiers::default(),
        identity: None,
    }
}

fn read_all(desk: &Desk<'_>, draft: &mut Draft) {
    let home = home(desk.files);
    let start = |file| Spot { file, span: 0..0 };
    if desk.files.len() > FILES {
        let count = desk.files.len().to_string();
        let facts = [("count", count.as_str()), ("what", "files"), ("most", "200")];
        desk.say(&start(0), ProblemCode::TooLarge, &facts);
        return;
    }
    let mut found = Vec::new();
    for (file, (path, text)) in desk.files.iter().enumerate() {
        let name = path.strip_prefix(home).unwrap_or(path);
        let form = name
            .strip_prefix("forms/")
            .is_some_and(|rest| rest.ends_with(".toml") && !rest.contains('/'));
        if !form && !SINGLE.contains(&name) && name != REGISTERS && name != names::FILE {
            desk.say(&start(file), ProblemCode::UnexpectedFile, &[("name", name)]);
            continue;
        }
        if text.len() > FILE {
            let count = text.len().to_string();
            let most = FILE.to_string();
            desk.say(
                &start(file),
                ProblemCode::TooLarge,
                &[("count", &count), ("what", "bytes"), ("most", &most)],
            );
            continue;
        }
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let span = error.span().unwrap_or(0..0);
            desk.say(
                &Spot { file, span },
                ProblemCode::Syntax,
                &[("message", error.message())],
            );
        }
        found.push(name);
        // A file that does not parse would only add problems that are not there.
        if errors.is_empty() {
            let node = Node::new(
                desk,
                Spot {
                    file,
                    span: 0..text.len(),
                },
                table.get_ref(),
            );
            read_one(desk, draft, name, node);
        }
    }
    for name in SINGLE {
        if !found.contains(&name) {
            desk.say(&start(0), ProblemCode::FileAbsent, &[("name", name)]);
        }
    }
    order_forms(desk, draft);
    let items: usize = draft
        .def
        .forms
        .iter()
        .flat_map(|form| &form.groups)
        .map(|group| group.items.len())
        .sum();
    if items > ITEMS {
        let (count, most) = (items.to_string(), ITEMS.to_string());
        desk.say(
            &start(0),
            ProblemCode::TooLarge,
            &[("count", &count), ("what", "items"), ("most", &most)],
        );
    }
}

fn read_one(desk: &Desk<'_>, draft: &mut Draft, name: &str, node: Node<'_, '_>) {
    match name {
        "study.toml" => lists::study(draft, desk, node),
        "registration.toml" => lists::registration(draft, node),
        "visits.toml" => lists::visits(draft, desk, node),
        "codelists.toml" => lists::codelists(draft, desk, node),
        "units.toml" => lists::units(draft, desk, node),
        "decisions.toml" => lists::decisions(draft, desk, node),
        "eligibility.toml" => lists::eligibility(draft, desk, node),
        "checks.toml" => lists::checks(draft, desk, node),
        names::FILE => names::read(draft, desk, node),
        REGISTERS => registers::read(draft, desk, node),
        _ => forms::form(draft, desk, node),
    }
}

/// Puts the forms in the order that study.toml gives; a form on one side only is a problem.
fn order_forms(desk: &Desk<'_>, draft: &mut Draft) {
    let order = std::mem::take(&mut draft.order);
    for name in &order {
        if draft.def.forms.iter().all(|form| form.oid != name.value) {
            desk.say(&name.spot, ProblemCode::UnknownForm, &[("oid", &name.value)]);
        }
    }
    for form in &draft.def.forms {
        if order.iter().all(|name| name.value != form.oid) {
            let spot = draft.spot(&format!("form:{}", form.oid));
            desk.say(&spot, ProblemCode::NeverCollected, &[("oid", &form.oid)]);
        }
    }
    let place = |oid: &str| order.iter().position(|name| name.value == oid).unwrap_or(usize::MAX);
    draft.def.forms.sort_by_key(|form| place(&form.oid));
}
