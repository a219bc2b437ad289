//! Registers of the site: which record a name means, what is said of names, and what a laboratory says is normal.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect"
)]

mod common;

use common::Subject;
use study::{
    def::Severity,
    findings::FindingKind,
    normal::Stands,
    path::{ItemPath, SITE},
    registers::Uses,
    value::Value,
    values::Values,
};

fn text(text: &str) -> Value {
    Value::Text { text: text.into() }
}

fn path(text: &str) -> ItemPath {
    text.parse().unwrap()
}

/// Identifiers of what is found on a form that has to do with registers, each with its weight.
fn found(subject: &Subject, whose: &str, form: &str, uses: &Uses) -> Vec<(String, Severity)> {
    let site = subject.values.iter().filter(|(path, _)| path.form.subject == SITE);
    let values = Values::of(whose, &subject.values).beside(site, uses);
    let findings = subject.study.findings(&values, &form.parse().unwrap());
    let about = findings.into_iter().filter(|finding| {
        matches!(
            finding.kind,
            FindingKind::NoRecord { .. } | FindingKind::NamedTwice { .. } | FindingKind::SameName { .. }
        )
    });
    about.map(|finding| (finding.id, finding.severity)).collect()
}

#[test]
fn a_name_means_a_record_or_is_found() {
    const BAG: &str = "S-001/INF/INFUSION/INFUSION.PRODUCT/INFUSION.BAG";
    for (entered, kept, expected) in [
        ("B-1", "B-1", vec![]),
        (" B-1 ", "B-1", vec![]),
        ("B-2", "B-1", vec![("REFERENCE".to_owned(), Severity::Soft)]),
        ("b-1", "B-1", vec![("REFERENCE".to_owned(), Severity::Soft)]),
    ] {
        let mut subject = Subject::new();
        subject.values.insert(path(BAG), text(entered));
        subject
            .values
            .insert(path("SITE/BAGS/BAG[3]/BAG.MAIN/BAG.CODE"), text(kept));
        let said = found(&subject, "S-001", "S-001/INF/INFUSION", &Uses::default());
        assert_eq!(said, expected, "{entered:?} {kept:?}");
    }
    // Where the registers are not at hand nothing is said of what is not in them.
    let mut subject = Subject::new();
    subject.values.insert(path(BAG), text("B-1"));
    let alone = Values::of("S-001", &subject.values);
    assert_eq!(
        subject.study.findings(&alone, &"S-001/INF/INFUSION".parse().unwrap()),
        []
    );
}

#[test]
fn a_bag_is_named_once() {
    let mine = path("S-001/INF/INFUSION/INFUSION.PRODUCT/INFUSION.BAG");
    let theirs = path("S-002/INF/INFUSION/INFUSION.PRODUCT/INFUSION.BAG");
    for (places, expected) in [
        (vec![mine.clone()], vec![]),
        (
            vec![mine.clone(), theirs.clone()],
            vec![("ONCE".to_owned(), Severity::Hard)],
        ),
        (vec![theirs], vec![("ONCE".to_owned(), Severity::Hard)]),
        (vec![], vec![]),
    ] {
        let mut subject = Subject::new();
        subject.values.insert(mine.clone(), text("B-1"));
        subject
            .values
            .insert(path("SITE/BAGS/BAG/BAG.MAIN/BAG.CODE"), text("B-1"));
        let mut uses = Uses::default();
        uses.put("INFUSION.BAG", "B-1", places.clone());
        assert_eq!(
            found(&subject, "S-001", "S-001/INF/INFUSION", &uses),
            expected,
            "{places:?}"
        );
    }
}

#[test]
fn a_code_is_given_once_in_its_register() {
    let key = ("KEY".to_owned(), Severity::Hard);
    for (first, second, expected) in [("L-1", "L-2", vec![]), ("L-1", "L-1", vec![key])] {
        let mut subject = Subject::new();
        subject
            .values
            .insert(path("SITE/LOTS/LOT/LOT.MAIN/LOT.NUMBER"), text(first));
        subject
            .values
            .insert(path("SITE/LOTS/LOT[2]/LOT.MAIN/LOT.NUMBER"), text(second));
        // A donor with the code of a lot is no lot.
        subject
            .values
            .insert(path("SITE/DONORS/DONOR/DONOR.MAIN/DONOR.CODE"), text(first));
        for form in ["SITE/LOTS/LOT", "SITE/LOTS/LOT[2]"] {
            assert_eq!(found(&subject, SITE, form, &Uses::default()), expected, "{form}");
        }
        assert_eq!(found(&subject, SITE, "SITE/DONORS/DONOR", &Uses::default()), []);
    }
}

/// One range: analyte, sex, ages, limits, unit, validity; a dash says nothing.
type Range<'r> = [&'r str; 9];

fn normal(about: &[(&str, &str)], value: &str, ranges: &[Range<'_>]) -> Option<(String, Stands)> {
    let mut subject = Subject::new();
    subject.fill(&[("HEMA.AT", "2025-04-10 08:00"), ("HEMA.LAB", "LAB-1")]);
    subject.put("LABREG.CODE", "LAB-1");
    for (row, range) in ranges.iter().enumerate() {
        let parts = [
            "ANALYTE", "SEX", "AGE_FROM", "AGE_TO", "LOW", "HIGH", "UNIT", "FROM", "TO",
        ];
        for (part, said) in parts.iter().zip(range).filter(|(_, said)| **said != "-") {
            let said = if part.starts_with("AGE") {
                format!("{said} a")
            } else {
                (*said).to_owned()
            };
            subject.put_row(&format!("LABREG.{part}"), u32::try_from(row).unwrap() + 1, &said);
        }
    }
    subject.put("HEMA.HGB", value);
    subject.fill(about);
    let found = subject.study.normal(&subject.view(), &subject.path("HEMA.HGB", 1))?;
    assert_eq!(found.record.to_string(), "SITE/LABS/LABREG");
    let limit = |limit: Option<rust_decimal::Decimal>| limit.map_or("-".to_owned(), |n| n.normalize().to_string());
    Some((
        format!("{}–{} {}", limit(found.low), limit(found.high), found.unit?),
        found.stands,
    ))
}

/// What is known of the person, the value, the ranges, and what is normal.
type Case<'c> = (
    &'c [(&'c str, &'c str)],
    &'c str,
    &'c [Range<'c>],
    Option<(String, Stands)>,
);

#[test]
fn what_is_normal_is_by_sex_age_and_validity() {
    const WOMAN: &[(&str, &str)] = &[("DM.SEX", "F"), ("DM.BIRTH", "1990-04-11")];
    const MAN: &[(&str, &str)] = &[("DM.SEX", "M"), ("DM.BIRTH", "1990")];
    let adults: &[Range<'_>] = &[
        ["HGB", "F", "18", "120", "115", "150", "g/L", "2024-01-01", "-"],
        ["HGB", "M", "18", "120", "130", "175", "g/L", "2024-01-01", "-"],
        ["HGB", "ANY", "0", "17", "110", "145", "g/L", "-", "-"],
        ["PLT", "ANY", "-", "-", "125", "350", "10^9/L", "-", "-"],
    ];
    let within = |range: &str, stands| Some((range.to_owned(), stands));
    let cases: &[Case<'_>] = &[
        (WOMAN, "114 g/L", adults, within("115–150 g/L", Stands::Below)),
        (WOMAN, "115 g/L", adults, within("115–150 g/L", Stands::Within)),
        (WOMAN, "150 g/L", adults, within("115–150 g/L", Stands::Within)),
        (WOMAN, "151 g/L", adults, within("115–150 g/L", Stands::Above)),
        (MAN, "129 g/L", adults, within("130–175 g/L", Stands::Below)),
        // In the unit of the value.
        (MAN, "12.9 g/dL", adults, within("13–17.5 g/dL", Stands::Below)),
        (
            &[("DM.SEX", "F"), ("DM.BIRTH", "2007-04-11")],
            "114 g/L",
            adults,
            within("110–145 g/L", Stands::Within),
        ),
        (
            &[("DM.SEX", "F"), ("DM.BIRTH", "2007-04-10")],
            "114 g/L",
            adults,
            within("115–150 g/L", Stands::Below),
        ),
        // Seventeen or eighteen: nothing is said.
        (&[("DM.SEX", "F"), ("DM.BIRTH", "2007")], "114 g/L", adults, None),
        (&[("DM.BIRTH", "1990")], "114 g/L", adults, None),
        (&[("DM.SEX", "F")], "114 g/L", adults, None),
        // Of another analyte, out of validity, in a unit that nobody knows, of another laboratory.
        (
            WOMAN,
            "114 g/L",
            &[["PLT", "ANY", "-", "-", "1", "2", "g/L", "-", "-"]],
            None,
        ),
        (
            WOMAN,
            "114 g/L",
            &[["HGB", "ANY", "-", "-", "1", "2", "g/L", "2025-04-11", "-"]],
            None,
        ),
        (
            WOMAN,
            "114 g/L",
            &[["HGB", "ANY", "-", "-", "1", "2", "g/L", "-", "2025-04-09"]],
            None,
        ),
        (
            WOMAN,
            "114 g/L",
            &[["HGB", "ANY", "-", "-", "1", "2", "grams", "-", "-"]],
            None,
        ),
        (
            WOMAN,
            "114 g/L",
            &[["HGB", "ANY", "-", "-", "-", "-", "g/L", "-", "-"]],
            None,
        ),
        // The last day counts; one limit is enough; the unit as it is printed.
        (
            WOMAN,
            "1 g/L",
            &[["HGB", "ANY", "-", "-", "-", "2", "g/L", "-", "2025-04-10"]],
            within("--2 g/L".replace("--", "-–").as_str(), Stands::Within),
        ),
        // What is said of her sex goes before what is said of both; two that differ say nothing.
        (
            WOMAN,
            "3 g/L",
            &[
                ["HGB", "ANY", "-", "-", "1", "2", "g/L", "-", "-"],
                ["HGB", "F", "-", "-", "1", "3", "g/L", "-", "-"],
            ],
            within("1–3 g/L", Stands::Within),
        ),
        (
            WOMAN,
            "3 g/L",
            &[
                ["HGB", "ANY", "-", "-", "1", "2", "g/L", "-", "-"],
                ["HGB", "ANY", "-", "-", "1", "3", "g/L", "-", "-"],
            ],
            None,
        ),
    ];
    for (about, value, ranges, expected) in cases {
        assert_eq!(&normal(about, value, ranges), expected, "{about:?} {value} {ranges:?}");
    }
    let elsewhere: Vec<(&str, &str)> = WOMAN.iter().copied().chain([("HEMA.LAB", "LAB-2")]).collect();
    assert_eq!(normal(&elsewhere, "114 g/L", adults), None);
}
