//! ODM out and in: what goes out comes back, and what others wrote comes in without a guess.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect"
)]

use study::{
    Study,
    builtin::FILES,
    def::StudyDef,
    load::load,
    odm::{
        Edition, export,
        import::{Imported, Options, import},
    },
};

const MADE: &str = "2026-11-22T12:00:00+08:00";

fn built_in() -> Study {
    load(FILES).unwrap()
}

fn files(imported: &Imported) -> Vec<(&str, &str)> {
    imported
        .files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect()
}

/// What must survive the way out and back.
fn essence(def: &StudyDef) -> StudyDef {
    let mut def = def.clone();
    def.criteria.clear();
    def.decisions.clear();
    def.reasons.clear();
    def.statements.clear();
    def.registration.notes.clear();
    for check in &mut def.checks {
        check.source.clear();
    }
    def.checks.sort_by(|a, b| a.id.cmp(&b.id));
    def
}

/// Equal, told by the first line that is not.
#[track_caller]
fn same(a: &StudyDef, b: &StudyDef) {
    let [left, right] = [a, b].map(|def| serde_json::to_string_pretty(def).unwrap());
    let differs = left.lines().zip(right.lines()).enumerate().find(|(_, (a, b))| a != b);
    assert_eq!(differs, None);
    assert!(a == b);
}

#[test]
fn what_goes_out_comes_back() {
    let study = built_in();
    let out = export(&study, Edition::V1_3_2, MADE).unwrap();
    if let Some(folder) = option_env!("CARGO_TARGET_TMPDIR") {
        std::fs::write(format!("{folder}/out-1.3.2.xml"), &out.xml).unwrap();
        let v2 = export(&study, Edition::V2_0, MADE).unwrap();
        std::fs::write(format!("{folder}/out-2.0.xml"), &v2.xml).unwrap();
    }
    let back = import(out.xml.as_bytes(), &Options::default()).unwrap();
    assert_eq!(back.report.notes, [], "nothing is unclear in what is ours");
    let loaded = load(&files(&back)).unwrap_or_else(|problems| {
        let told: Vec<String> = problems.iter().map(|p| format!("{}:{} {}", p.file, p.line, p.english())).collect();
        panic!("{told:#?}")
    });
    same(&essence(loaded.def()), &essence(study.def()));
    assert_eq!(
        study.landmarks().collect::<Vec<_>>(),
        loaded.landmarks().collect::<Vec<_>>()
    );
    let again = export(&loaded, Edition::V1_3_2, MADE).unwrap();
    let differs = out.xml.lines().zip(again.xml.lines()).find(|(a, b)| a != b);
    assert_eq!(differs, None, "and goes out again the same");
}
