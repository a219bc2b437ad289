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

/// The counts of all visits make one series; what is not known between them leaves the grade open.
#[test]
fn cytopenia_is_graded_from_the_counts_of_all_visits() {
    let mut subject = adult();
    let grade = |subject: &Subject, item: &str| {
        let outcome = subject.study.derive(&subject.view(), &subject.path(item, 1)).unwrap();
        format!("{:?} {}", outcome.status, outcome.result.as_deref().unwrap_or("-"))
    };
    assert_eq!(grade(&subject, "CYTO.ICAHT"), "NotEvaluable -");
    subject.put("INFUSION.DATE", "2025-04-10");
    let count = |subject: &mut Subject, visit: &str, day: &str, anc: &str| {
        subject
            .put(&format!("{visit}:HEMA.AT"), &format!("{day} 08:00"))
            .put(&format!("{visit}:HEMA.ANC"), anc);
    };
    count(&mut subject, "INF", "2025-04-10", "0.9 10^9/L");
    for (visit, day) in [
        ("D1", "2025-04-11"),
        ("D3", "2025-04-13"),
        ("D5", "2025-04-15"),
        ("D7", "2025-04-17"),
    ] {
        count(&mut subject, visit, day, "400 /uL");
    }
    // Days 1 to 7, interpolated; what comes after is open.
    assert_eq!(grade(&subject, "CYTO.ICAHT"), "AtLeast 2");
    for (visit, day) in [
        ("D8", "2025-04-18"),
        ("D14", "2025-04-24"),
        ("D21", "2025-05-01"),
        ("D28", "2025-05-08"),
    ] {
        count(&mut subject, visit, day, "1.2 10^9/L");
    }
    assert_eq!(grade(&subject, "CYTO.ICAHT"), "Graded 2");
    // Late: after day 30 only, the lowest of two.
    assert_eq!(grade(&subject, "CYTO.ICAHT_LATE"), "NotEvaluable -");
    count(&mut subject, "M2", "2025-06-09", "0.9 10^9/L");
    assert_eq!(grade(&subject, "CYTO.ICAHT_LATE"), "Graded 2");
}

/// The same assessment by every definition, each beside the one in force.
#[test]
fn responses_by_every_definition() {
    let mut subject = adult();
    subject.fill(&[
        ("MARROW.BLASTS", "60"),
        ("CNS.LP_DONE", "Y"),
        ("CNS.BLASTS", "N"),
        ("CNS.SIGNS", "N"),
        ("RESPONSE.DATE", "2025-05-08"),
        ("RESPONSE.BM", "2"),
        ("RESPONSE.CELLULARITY", "ADEQUATE"),
        ("RESPONSE.PB", "0"),
        ("RESPONSE.ANC", "1.0 10^9/L"),
        ("RESPONSE.PLT", "100 10^9/L"),
        ("RESPONSE.PLT_EVER", "N"),
        ("RESPONSE.RBC_EVER", "N"),
        ("RESPONSE.EMD", "NONE"),
        ("RESPONSE.CNS_SIGNS", "N"),
        ("RESPONSE.LP_DONE", "Y"),
        ("RESPONSE.CNS", "CNS1"),
        ("RESPONSE.MRD_DONE", "N"),
        ("RESPONSE.PRIOR_BEST", "NONE"),
    ]);
    for (item, category) in [
        ("RESPONSE.CATEGORY", "CRh"),
        ("RESPONSE.CAT_NCI", "CR"),
        ("RESPONSE.CAT_NCCN", "MLFS"),
        ("RESPONSE.CAT_ELIANA", "CRi"),
        ("RESPONSE.CAT_ZUMA3", "CR"),
    ] {
        let outcome = subject.study.derive(&subject.view(), &subject.path(item, 1)).unwrap();
        assert_eq!(outcome.result.as_deref(), Some(category), "{item}");
    }
}
