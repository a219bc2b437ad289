//! The casebook of the built-in study is whole: its forms, visits and checks, its words, its registers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect"
)]

use std::collections::BTreeSet;

use study::{
    Study,
    def::{ItemKind, StudyDef, VisitKind},
    path::SITE,
    text::Text,
};

const FORMS: &str = include_str!("forms.txt");
const GLOSSARY: &str = include_str!("glossary.txt");

fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
}

/// Every form with at least as many items as it had: none is lost in passing.
#[test]
fn forms_hold_their_items() {
    let study = study::builtin::load().unwrap();
    let mut listed = BTreeSet::new();
    for line in lines(FORMS) {
        let (form, least) = line.split_once(' ').unwrap();
        let least: usize = least.trim().parse().unwrap();
        assert!(study.form(form).is_some(), "no form {form}");
        let count = study.items(form).count();
        assert!(count >= least, "{form} has {count} items, not {least}");
        listed.insert(form);
    }
    for form in &study.def().forms {
        assert!(listed.contains(form.oid.as_str()), "{} is not in the table", form.oid);
    }
    let items: usize = study
        .def()
        .forms
        .iter()
        .map(|form| study.items(&form.oid).count())
        .sum();
    assert!(
        listed.len() >= 60 && items >= 850,
        "{} forms, {items} items",
        listed.len()
    );
}

/// Every item says which CDASH variable it is, or that it is the trial's own.
#[test]
fn items_are_named_as_the_field_names_them() {
    let study = study::builtin::load().unwrap();
    for item in all(study.def()) {
        let cdash = &item.cdash;
        let variable = cdash.len() <= 8 && cdash.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        assert!(cdash == "own" || variable, "{}: {cdash:?}", item.oid);
    }
    let critical = all(study.def()).filter(|item| item.critical).count();
    assert!(critical >= 250, "{critical} critical items");
    // What review plans start from is flagged.
    for oid in [
        "CONSENT.DATE",
        "INFUSION.DATE",
        "RESPONSE.CATEGORY",
        "DEATH.DATE",
        "SAE.AWARE",
        "AE.GRADE",
        "LTFU.SPM",
        "LOT.STERILITY",
    ] {
        assert!(study.item(oid).unwrap().item.critical, "{oid}");
    }
}

fn all(def: &StudyDef) -> impl Iterator<Item = &study::def::ItemDef> {
    def.forms
        .iter()
        .flat_map(|form| &form.groups)
        .flat_map(|group| &group.items)
}

/// Section D: targets and windows from the infusion, to year 15.
#[test]
fn visits_are_those_of_the_schedule() {
    let study = study::builtin::load().unwrap();
    for (oid, day, window) in [
        ("LD1", -5, (-5, -5)),
        ("LD3", -3, (-3, -3)),
        ("INF", 0, (0, 0)),
        ("D1", 1, (1, 1)),
        ("D14", 14, (14, 14)),
        ("D21", 21, (19, 23)),
        ("D28", 28, (25, 31)),
        ("M2", 60, (53, 67)),
        ("M3", 90, (83, 97)),
        ("M6", 180, (166, 194)),
        ("M9", 270, (256, 284)),
        ("M12", 365, (351, 379)),
        ("M18", 545, (515, 575)),
        ("M24", 730, (700, 760)),
        ("Y3", 1096, (1036, 1156)),
        ("Y15", 5479, (5419, 5539)),
    ] {
        let visit = study.visit(oid).unwrap_or_else(|| panic!("no visit {oid}"));
        assert_eq!((visit.day, visit.window), (Some(day), Some(window)), "{oid}");
    }
    assert_eq!(study.visit("SCR").unwrap().window, Some((-28, -7)));
    let kinds = |kind| {
        study
            .def()
            .visits
            .iter()
            .filter(move |visit| visit.kind == kind)
            .count()
    };
    assert!(kinds(VisitKind::Scheduled) >= 40 && kinds(VisitKind::Unscheduled) >= 2 && kinds(VisitKind::Log) >= 2);
    // Section D: copies on days 1, 4, 7, 10 and 14; marrow at month 6 and 12.
    let collects = |visit: &str, form: &str| study.visit(visit).unwrap().forms.iter().any(|one| one == form);
    for day in 1..=14 {
        assert_eq!(
            collects(&format!("D{day}"), "KINETICS"),
            [1, 4, 7, 10, 14].contains(&day),
            "D{day}"
        );
        assert!(collects(&format!("D{day}"), "VITALS"));
    }
    for visit in ["D28", "M3", "M6", "M12"] {
        assert!(collects(visit, "RESPONSE") && collects(visit, "MRD"), "{visit}");
    }
    // A running log has one form for each event.
    for form in &study.visit("LOG").unwrap().forms {
        assert!(study.form(form).unwrap().repeats, "{form}");
    }
}

/// At least 150 checks, of which 60 across forms, 30 over time, 20 against what was derived.
#[test]
fn checks_look_across() {
    let study = study::builtin::load().unwrap();
    let (mut across, mut over_time, mut derived) = (0, 0, 0);
    for check in &study.def().checks {
        let refs = references(&study, &check.fires);
        let forms: BTreeSet<&str> = refs
            .iter()
            .map(|item| study.item(item).unwrap().form.oid.as_str())
            .collect();
        across += usize::from(forms.len() > 1);
        let timed = refs
            .iter()
            .filter(|item| {
                matches!(
                    study.item(item).unwrap().item.kind,
                    ItemKind::Date { .. } | ItemKind::DateTime {}
                )
            })
            .count();
        over_time += usize::from(timed > 1);
        let graded = refs
            .iter()
            .any(|item| matches!(study.item(item).unwrap().item.kind, ItemKind::Derived { .. }));
        derived += usize::from(graded);
        assert!(
            !check.source.is_empty() && check.text.en.ends_with('.') && check.text.zh.ends_with('。'),
            "{}",
            check.id
        );
    }
    let count = study.def().checks.len();
    assert!(
        count >= 300 && across >= 110 && over_time >= 110 && derived >= 40,
        "{count} checks, {across} across forms, {over_time} over time, {derived} against what was derived"
    );
}

/// The items an expression names.
fn references(study: &Study, source: &str) -> BTreeSet<String> {
    let names = source.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.');
    names
        .filter_map(|name| {
            // A visit may stand before: `LD1.LDTX.DATE`.
            let without_visit = name.split_once('.').map_or("", |(_, rest)| rest);
            [name, without_visit]
                .into_iter()
                .find(|name| study.item(name).is_some())
                .map(str::to_owned)
        })
        .collect()
}

/// A text that says something in English says it with the field's own word in Chinese.
#[test]
fn words_are_the_fields_own() {
    let study = study::builtin::load().unwrap();
    let mut wrong = Vec::new();
    let mut used = 0;
    for line in lines(GLOSSARY) {
        let (word, ways) = line.split_once(" = ").unwrap();
        let ways: Vec<&str> = ways.split(" / ").collect();
        let before = used;
        for (place, text) in texts(study.def()) {
            let english = text.en.to_lowercase();
            let found = english.match_indices(word).any(|(at, _)| {
                let whole = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
                whole(english[..at].chars().next_back()) && whole(english[at + word.len()..].chars().next())
            });
            if found {
                used += 1;
                if !ways.iter().any(|way| text.zh.contains(way)) {
                    wrong.push(format!("{place}: {word}: {:?} as {:?}", text.en, text.zh));
                }
            }
        }
        assert!(used > before, "nothing says {word:?}");
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(used > 400, "{used}");
}

fn texts(def: &StudyDef) -> Vec<(String, &Text)> {
    let mut texts: Vec<(String, &Text)> = def
        .visits
        .iter()
        .map(|visit| (visit.oid.clone(), &visit.name))
        .collect();
    for form in &def.forms {
        texts.push((form.oid.clone(), &form.name));
        for group in &form.groups {
            texts.push((group.oid.clone(), &group.name));
            for item in &group.items {
                texts.push((item.oid.clone(), &item.question));
                texts.extend(
                    item.guidance
                        .iter()
                        .map(|text| (format!("{} guidance", item.oid), text)),
                );
            }
        }
    }
    texts.extend(def.codelists.iter().flat_map(|list| {
        list.codes
            .iter()
            .map(|code| (format!("{} {}", list.oid, code.code), &code.text))
    }));
    texts.extend(
        def.criteria
            .iter()
            .map(|criterion| (criterion.id.clone(), &criterion.text)),
    );
    texts.extend(def.checks.iter().map(|check| (check.id.clone(), &check.text)));
    texts
}

/// Records of the site stand under the site, and nowhere else.
#[test]
fn registers_belong_to_the_site() {
    let study = study::builtin::load().unwrap();
    let registers: Vec<&str> = study
        .def()
        .registers
        .iter()
        .map(|register| register.oid.as_str())
        .collect();
    assert_eq!(registers, ["DONORS", "LOTS", "BAGS", "LABS"]);
    for (path, holds) in [
        (format!("{SITE}/LOTS/LOT[3]/LOT.MAIN/LOT.NUMBER"), true),
        (format!("{SITE}/LABS/LABREG/LABREG.RANGE[9]/LABREG.LOW"), true),
        ("S-001/LOTS/LOT/LOT.MAIN/LOT.NUMBER".to_owned(), false),
        (format!("{SITE}/LOTS[2]/LOT/LOT.MAIN/LOT.NUMBER"), false),
        (format!("{SITE}/BAGS/LOT/LOT.MAIN/LOT.NUMBER"), false),
        (format!("{SITE}/SCR/DM/DM.MAIN/DM.SEX"), false),
    ] {
        assert_eq!(study.holds(&path.parse().unwrap()), holds, "{path}");
    }
    // From the infusion back to the donor.
    let referred = |register: &str| study.register(register).unwrap().referred_by.clone();
    assert!(referred("BAGS").contains(&"INFUSION.BAG".to_owned()));
    assert!(referred("LOTS").contains(&"BAG.LOT".to_owned()));
    assert!(referred("DONORS").contains(&"LOT.DONOR".to_owned()));
}

/// The registration is whole and stands as it stands.
#[test]
fn the_registration_is_verbatim() {
    let study = study::builtin::load().unwrap();
    let registration = &study.def().registration;
    assert_eq!(
        registration.title,
        "Allogeneic CD19 CAR-T Cells for the Treatment of Relapsed/Refractory B-cell Acute Lymphoblastic Leukemia"
    );
    assert_eq!(registration.conditions, ["Relapse Leukemia", "Refractory Leukemia"]);
    assert_eq!(registration.intervention, "BIOLOGICAL: Allogeneic CD19 CAR-T cells");
    assert_eq!(registration.outcomes.len(), 2);
    assert!(
        registration
            .rationale
            .starts_with("CD19 is on pre-B and mature B cells")
            && registration.notes.len() >= 6
    );
}

/// Where criteria's table has a plausible range, the item has the same.
#[test]
fn plausible_ranges_are_those_of_the_table() {
    use criteria::plausible::{Plausibility, Vital, plausible};
    use rust_decimal::Decimal;

    let study = study::builtin::load().unwrap();
    let ranges: &[(Vital, &[&str])] = &[
        (
            Vital::Temperature,
            &[
                "PERF.TEMP",
                "VITALS.TEMP",
                "INFUSION.V_TEMP",
                "CRS.TEMP",
                "HOLD.TEMP",
                "FEBRILE.TEMP",
            ],
        ),
        (Vital::HeartRate, &["PERF.HR", "VITALS.HR", "INFUSION.V_HR"]),
        (
            Vital::Systolic,
            &["PERF.SBP", "VITALS.SBP", "INFUSION.V_SBP", "CRS.SBP"],
        ),
        (
            Vital::Diastolic,
            &["PERF.DBP", "VITALS.DBP", "INFUSION.V_DBP", "CRS.DBP"],
        ),
        (Vital::RespiratoryRate, &["PERF.RR", "VITALS.RR", "INFUSION.V_RR"]),
        (
            Vital::Spo2,
            &["PERF.SPO2", "VITALS.SPO2", "INFUSION.V_SPO2", "HOLD.SPO2"],
        ),
        (
            Vital::Weight,
            &["DM.WEIGHT", "VITALS.WEIGHT", "LDTX.WEIGHT", "INFUSION.WEIGHT_LD"],
        ),
        (Vital::Height, &["DM.HEIGHT", "LDTX.HEIGHT"]),
        (Vital::Wbc, &["LAB.WBC", "HEMA.WBC"]),
        (Vital::Anc, &["LAB.ANC", "HEMA.ANC", "RESPONSE.ANC", "FEBRILE.ANC"]),
        (Vital::Platelets, &["LAB.PLT", "HEMA.PLT", "RESPONSE.PLT"]),
        (Vital::Hemoglobin, &["LAB.HGB", "HEMA.HGB"]),
        (Vital::Transaminase, &["LAB.ALT", "LAB.AST", "CHEM.ALT", "CHEM.AST"]),
        (Vital::Bilirubin, &["LAB.BILI", "CHEM.BILI", "AGVHD.BILI"]),
        (
            Vital::Creatinine,
            &["LAB.CREAT", "CHEM.CREAT", "HOLD.CREAT", "TLS.CREAT"],
        ),
        (Vital::Potassium, &["LAB.K", "CHEM.K", "TLS.K"]),
        (Vital::Sodium, &["LAB.NA", "CHEM.NA"]),
        (Vital::Ferritin, &["LAB.FERRITIN", "INFLAM.FERRITIN", "IECHS.FERRITIN"]),
        (Vital::Fibrinogen, &["LAB.FIB", "COAG.FIB", "IECHS.FIB"]),
        (Vital::Blasts, &["MARROW.BLASTS", "RESPONSE.BM", "BRIDGE.BM"]),
    ];
    let step = Decimal::new(1, 2);
    for (vital, items) in ranges {
        for oid in *items {
            let hard = study.item(oid).unwrap().item.hard.clone().unwrap();
            let (low, high) = (hard.low.unwrap(), hard.high.unwrap());
            let refused = |value| matches!(plausible(*vital, value), Plausibility::Hard { .. });
            assert!(
                !refused(low) && !refused(high),
                "{oid}: narrower bounds are not the table's"
            );
            assert!(refused(low - step) && refused(high + step), "{oid}: {low} to {high}");
        }
    }
}
