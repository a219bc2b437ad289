//! The study that comes with Cartwright: loads without a problem, speaks both languages, is as large as it says.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect"
)]

use study::{
    builtin::FILES,
    def::{ItemKind, StudyDef},
    load::{canonical_bytes, load},
    text::Text,
};

#[test]
fn it_loads_clean() {
    if let Err(problems) = study::builtin::load() {
        let texts: std::collections::HashMap<_, _> = FILES.iter().copied().collect();
        for problem in &problems {
            println!("{}", study::problem::render(problem, texts[problem.file.as_str()]));
        }
        panic!("{} problems", problems.len());
    }
}

/// Every file of the folder is embedded.
#[test]
fn no_file_is_left_out() {
    let home = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("studies");
    let mut found = Vec::new();
    let mut folders = vec![home.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(&home).unwrap().to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    found.sort();
    let all = FILES.iter().chain(study::builtin::AMENDMENT);
    let mut embedded: Vec<&str> = all.map(|(path, _)| *path).collect();
    embedded.sort_unstable();
    assert_eq!(found, embedded);
}

#[test]
fn it_is_a_casebook() {
    let study = study::builtin::load().unwrap();
    let def = study.def();
    let items: Vec<_> = def
        .forms
        .iter()
        .flat_map(|form| &form.groups)
        .flat_map(|group| &group.items)
        .collect();
    let screening = study.visit("SCR").unwrap();
    assert!(
        def.forms.len() >= 12 && screening.forms.len() >= 8,
        "{} forms",
        def.forms.len()
    );
    assert!(items.len() >= 110, "{} items", items.len());
    assert!(def.checks.len() >= 15);
    let decisions: Vec<String> = (1..=28).map(|n| format!("D-{n:02}")).collect();
    assert_eq!(
        def.decisions
            .iter()
            .map(|decision| decision.id.clone())
            .collect::<Vec<_>>(),
        decisions
    );
    let statements: Vec<&str> = def.statements.iter().map(|statement| statement.code.as_str()).collect();
    assert_eq!(statements, ["eligibility", "casebook", "identity", "declaration"]);
    assert!(items.iter().filter(|item| item.critical).count() >= 30);
    assert!(items.iter().all(|item| !item.cdash.is_empty()));
    // Identity at the bedside is scanned, or typed and marked so.
    for oid in ["INFUSION.COI", "INFUSION.LOT", "INFUSION.BAG"] {
        assert!(matches!(study.item(oid).unwrap().item.kind, ItemKind::Scan { .. }));
    }
}

/// Chinese stands where a person reads words; only codes, units and numbers may be the same in both languages.
#[test]
fn both_languages_are_written() {
    let study = study::builtin::load().unwrap();
    let han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut count = 0;
    for (place, text) in texts(study.def()) {
        count += 1;
        assert!(!text.en.trim().is_empty() && !text.zh.trim().is_empty(), "{place}");
        assert!(!han(&text.en), "{place}: Chinese in the English text {:?}", text.en);
        assert!(
            han(&text.zh) || place.starts_with("unit "),
            "{place}: {:?} is not Chinese",
            text.zh
        );
        assert!(!text.zh.contains("。。") && !text.en.contains(" ,"), "{place}");
        // Subjects, not patients; queries are 质疑; day 0 is the infusion, 回输.
        for word in ["patient", "患者", "病人", "疑问"] {
            // The registration is quoted as it stands.
            let quoted = place == "note";
            assert!(
                quoted || !text.en.to_lowercase().contains(word) && !text.zh.contains(word),
                "{place}: {word}"
            );
        }
    }
    assert!(count > 400, "{count} texts");
}

fn texts(def: &StudyDef) -> Vec<(String, &Text)> {
    let mut texts = vec![("study".to_owned(), &def.name)];
    texts.extend(def.registration.notes.iter().map(|note| ("note".to_owned(), note)));
    texts.extend(def.visits.iter().map(|visit| (visit.oid.clone(), &visit.name)));
    for form in &def.forms {
        texts.push((form.oid.clone(), &form.name));
        for group in &form.groups {
            texts.push((group.oid.clone(), &group.name));
            for item in &group.items {
                texts.push((item.oid.clone(), &item.question));
                texts.extend(
                    item.guidance
                        .as_ref()
                        .map(|guidance| (format!("{} guidance", item.oid), guidance)),
                );
            }
        }
    }
    for list in &def.codelists {
        // Grades and codes that are read the same everywhere are written with their word in Chinese all the same.
        texts.extend(
            list.codes
                .iter()
                .map(|code| (format!("{} {}", list.oid, code.code), &code.text)),
        );
    }
    texts.extend(def.units.iter().map(|unit| (format!("unit {}", unit.code), &unit.text)));
    texts.extend(
        def.criteria
            .iter()
            .map(|criterion| (criterion.id.clone(), &criterion.text)),
    );
    for decision in &def.decisions {
        texts.push((decision.id.clone(), &decision.text));
        texts.push((format!("{} default", decision.id), &decision.default));
    }
    texts.extend(def.checks.iter().map(|check| (check.id.clone(), &check.text)));
    texts.extend(def.reasons.iter().map(|reason| (reason.code.clone(), &reason.text)));
    texts.extend(
        def.statements
            .iter()
            .map(|statement| (statement.code.clone(), &statement.text)),
    );
    texts
}

/// The bytes that identify a version do not depend on the folder or on the order of files, and on everything else.
#[test]
fn canonical_bytes_identify_a_version() {
    let bytes = canonical_bytes(FILES);
    let moved: Vec<(String, &str)> = FILES
        .iter()
        .rev()
        .map(|(path, text)| (path.replace("allo-cd19-ball/1.0/", "/somewhere/else/"), *text))
        .collect();
    let moved: Vec<(&str, &str)> = moved.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    assert_eq!(canonical_bytes(&moved), bytes);
    assert!(load(&moved).is_ok(), "and it loads from there");
    let mut changed: Vec<(&str, &str)> = FILES.to_vec();
    let text = changed[3].1.to_owned() + "\n";
    changed[3].1 = &text;
    assert_ne!(canonical_bytes(&changed), bytes);
}

/// Which forms have to be looked at again after a save: its own, and those that follow from it however far.
#[test]
fn a_value_touches_what_follows_from_it_and_nothing_else() {
    let study = study::builtin::load().unwrap();
    for (item, form, touches) in [
        ("INFUSION.V_HR", "INFUSION", true),
        ("INFUSION.V_HR", "LAB", false),
        ("INFUSION.V_HR", "ELIG", false),
        // The age at consent decides which questions about childbearing are asked.
        ("CONSENT.DATE", "DM", true),
        ("DM.HEIGHT", "CONSENT", false),
        ("NOT.AN_ITEM", "LAB", false),
    ] {
        assert_eq!(study.touches(item, form), touches, "{item} {form}");
    }
    let def = study.def();
    let mean: usize = def
        .forms
        .iter()
        .flat_map(|form| form.groups.iter().flat_map(|group| &group.items))
        .map(|item| {
            def.forms
                .iter()
                .filter(|form| study.touches(&item.oid, &form.oid))
                .count()
        })
        .sum();
    let items = def
        .forms
        .iter()
        .flat_map(|form| &form.groups)
        .map(|group| group.items.len())
        .sum::<usize>();
    println!("{items} items touch {mean} forms of {}", def.forms.len());
    assert!(mean < items * 2, "most items touch their own form alone");
}
