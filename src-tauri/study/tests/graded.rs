//! Grades, stages, classes and clocks on the forms: each from what is entered to what is shown.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect"
)]

mod common;

use common::{Subject, form};

const TABLE: &str = include_str!("graded.txt");

/// A 40-year-old man, of whom nothing else is known.
fn adult() -> Subject {
    let mut subject = Subject::new();
    subject.fill(&[
        ("CONSENT.DATE", "2025-03-10"),
        ("DM.BIRTH", "1985-01-01"),
        ("DM.SEX", "M"),
    ]);
    subject
}

#[test]
fn from_what_is_entered_to_what_is_shown() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<&str> = line.split(" | ").collect();
        let [entered, item, expected] = parts[..] else {
            panic!("{line}")
        };
        let mut subject = adult();
        for pair in entered.split(" ; ") {
            let (item, text) = pair.split_once(" = ").unwrap();
            subject.put(item, text);
        }
        let outcome = subject.study.derive(&subject.view(), &subject.path(item, 1)).unwrap();
        let found = format!("{:?} {}", outcome.status, outcome.result.as_deref().unwrap_or("-"));
        if found != expected {
            wrong.push(format!("{line}\n    is {found}, missing {:?}", outcome.missing));
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 70, "{count}");
}

/// What could still rise is not taken for settled by the next function.
#[test]
fn an_open_stage_keeps_the_grade_open() {
    let mut subject = adult();
    subject.fill(&[("AGVHD.BSA", "60"), ("AGVHD.UPPER", "N")]);
    let grade = subject
        .study
        .derive(&subject.view(), &subject.path("AGVHD.GRADE", 1))
        .unwrap();
    let missing: Vec<&str> = grade.missing.iter().filter_map(|one| one.item.as_deref()).collect();
    assert!(
        missing.contains(&"AGVHD.BULLAE") && missing.contains(&"AGVHD.BILI"),
        "{missing:?}"
    );
}

/// Rows are graded each by their own values.
#[test]
fn rows_have_their_own_class() {
    let mut subject = adult();
    for (row, value) in [(1, "0 fraction"), (2, "0.001 fraction")] {
        subject
            .put_row("MRD.METHOD", row, "FLOW")
            .put_row("MRD.SPEC", row, "BM")
            .put_row("MRD.VALUE", row, value)
            .put_row("MRD.LOD", row, "0.00001 fraction");
    }
    let derived = subject.study.derived(&subject.view(), &form("MRD"));
    let classes: Vec<_> = derived
        .iter()
        .filter(|(path, _)| path.item == "MRD.CLASS")
        .map(|(path, outcome)| (path.row, outcome.result.as_deref()))
        .collect();
    assert_eq!(classes, [(1, Some("complete")), (2, Some("failure"))]);
}

/// Free text that looks like a number of a person is asked about, softly, wherever free text is.
#[test]
fn free_text_that_tells_who_a_person_is() {
    let mut subject = adult();
    subject.put("AE.TERM", "fever, mother 138-1234-5678");
    let findings = subject.study.findings(&subject.view(), &form("AE"));
    assert_eq!(findings.len(), 1);
    assert_eq!(
        (findings[0].id.as_str(), findings[0].path.item.as_str()),
        ("IDENTITY", "AE.TERM")
    );
    assert!(findings[0].text.as_ref().is_some_and(|text| text.zh.contains("身份证")));
    assert!(
        subject
            .study
            .blockers(&subject.view(), &form("AE"))
            .iter()
            .all(|finding| finding.id != "IDENTITY")
    );
    subject.put("AE.TERM", "fever of 39.2, lot UC19-2603");
    assert!(subject.study.findings(&subject.view(), &form("AE")).is_empty());
}
