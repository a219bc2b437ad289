//! Every check is right at its edge, and would be noticed if it were not.
//!
//! `tests/checks.txt` has for every check a case that fires it and the nearest that does not. Here each operator and each
//! constant of each expression is changed in turn: the table must notice every change.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect"
)]

mod common;

use std::collections::BTreeMap;

use common::Subject;
use study::{Study, def::CheckDef, findings::FindingKind, path::ItemPath, rule::Truth};

const TABLE: &str = include_str!("checks.txt");

struct Case {
    fires: bool,
    check: &'static str,
    values: Vec<(&'static str, &'static str)>,
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for line in TABLE
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
    {
        let mut words = line.splitn(3, ' ');
        let (sign, check, rest) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
        let values = rest.split(" ; ").map(|pair| pair.split_once(" = ").unwrap()).collect();
        cases.push(Case {
            fires: match sign {
                "+" => true,
                "-" => false,
                _ => panic!("{line}"),
            },
            check,
            values,
        });
    }
    cases
}

/// The subject of a case, and where the check is shown.
fn filled(study: &Study, case: &Case) -> (Subject, ItemPath) {
    let mut subject = Subject::new();
    subject.fill(&case.values);
    let check = def(study, case.check);
    let path = subject.path(&check.item, 1);
    (subject, path)
}

fn def<'s>(study: &'s Study, id: &str) -> &'s CheckDef {
    let found = study.def().checks.iter().find(|check| check.id == id);
    found.unwrap_or_else(|| panic!("no check {id}"))
}

fn truth(study: &Study, rule: &str, subject: &Subject, path: &ItemPath) -> Option<Truth> {
    study.try_rule(rule, &subject.view_of(&path.form.subject), path)
}

#[test]
fn every_check_fires_and_does_not() {
    let study = Subject::new().study;
    let mut seen: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for case in cases() {
        let (subject, path) = filled(study, &case);
        let values = subject.view_of(&path.form.subject);
        let fired = study
            .findings(&values, &path.form)
            .into_iter()
            .any(|finding| finding.id == case.check && finding.kind == FindingKind::Check {});
        let check = def(study, case.check);
        let known = matches!(
            truth(study, &check.fires, &subject, &path),
            Some(Truth::True | Truth::False)
        );
        if fired != case.fires || !known {
            wrong.push(format!(
                "{} {:?}: fires {fired}, known {known}: {}",
                case.check, case.values, check.fires
            ));
        }
        let count = seen.entry(case.check).or_default();
        if case.fires {
            count.0 += 1;
        } else {
            count.1 += 1;
        }
    }
    for check in &study.def().checks {
        match seen.get(check.id.as_str()) {
            Some((fires, silent)) if *fires > 0 && *silent > 0 => {}
            Some(_) | None => wrong.push(format!("{} has not both cases", check.id)),
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// While nothing is recorded, nothing is wrong.
#[test]
fn an_empty_casebook_is_silent() {
    let subject = Subject::new();
    for form in &subject.study.def().forms {
        let path = common::form(&form.oid);
        assert_eq!(subject.study.findings(&subject.view(), &path), [], "{}", form.oid);
    }
}

/// The expression with one operator or constant changed.
fn mutants(source: &str) -> Vec<String> {
    const OPERATORS: [(&str, &[&str]); 9] = [
        (">=", &[">", "<"]),
        ("<=", &["<", ">"]),
        ("==", &["!="]),
        ("!=", &["=="]),
        ("&&", &["||"]),
        ("||", &["&&"]),
        (">", &[">=", "<"]),
        ("<", &["<=", ">"]),
        (" in ", &[" == "]),
    ];
    let mut mutants = Vec::new();
    let mut at = 0;
    while at < source.len() {
        let rest = &source[at..];
        let mut replace = |length: usize, by: &str| {
            mutants.push(format!("{}{by}{}", &source[..at], &source[at + length..]));
        };
        if let Some(text) = rest.strip_prefix('"') {
            let end = text.find('"').unwrap();
            let other = match &text[..end] {
                "Y" => "N",
                "N" => "Y",
                _ => "ANOTHER",
            };
            replace(end + 2, &format!("\"{other}\""));
            at += end + 2;
            continue;
        }
        if let Some((operator, others)) = OPERATORS.iter().find(|(operator, _)| rest.starts_with(operator)) {
            if *operator != " in " {
                for other in *others {
                    replace(operator.len(), other);
                }
            }
            at += operator.len();
            continue;
        }
        let number: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        if !number.is_empty() {
            let whole: i64 = number.parse().unwrap();
            replace(number.len(), &(whole + 1).to_string());
            if whole > 0 {
                replace(number.len(), &(whole - 1).to_string());
            }
            at += number.len();
            continue;
        }
        // A name: digits in it are no constants.
        let name = rest
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '.')
            .count();
        at += name.max(1);
    }
    mutants
}

#[test]
fn the_table_notices_every_change() {
    let study = Subject::new().study;
    let mut by_check: BTreeMap<&str, Vec<(bool, Subject, ItemPath)>> = BTreeMap::new();
    for case in cases() {
        let (subject, path) = filled(study, &case);
        by_check
            .entry(case.check)
            .or_default()
            .push((case.fires, subject, path));
    }
    let mut unnoticed = Vec::new();
    let mut count = 0;
    for check in &study.def().checks {
        let cases = &by_check[check.id.as_str()];
        for mutant in mutants(&check.fires) {
            count += 1;
            let noticed = cases
                .iter()
                .any(|(fires, subject, path)| (truth(study, &mutant, subject, path) == Some(Truth::True)) != *fires);
            if !noticed {
                unnoticed.push(format!("{}: {} as {mutant}", check.id, check.fires));
            }
        }
    }
    assert!(count > 900, "{count} changes");
    assert!(
        unnoticed.is_empty(),
        "{} of {count}:\n{}",
        unnoticed.len(),
        unnoticed.join("\n")
    );
}

#[test]
fn changes_are_what_they_say() {
    assert_eq!(
        mutants("A.B_2 >= 3 && C == \"Y\""),
        [
            "A.B_2 > 3 && C == \"Y\"",
            "A.B_2 < 3 && C == \"Y\"",
            "A.B_2 >= 4 && C == \"Y\"",
            "A.B_2 >= 2 && C == \"Y\"",
            "A.B_2 >= 3 || C == \"Y\"",
            "A.B_2 >= 3 && C != \"Y\"",
            "A.B_2 >= 3 && C == \"N\"",
        ]
    );
}
