//! What is typed becomes a value exactly, or is refused with its reason.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect"
)]

use chrono::NaiveDate;
use study::{
    Study,
    input::{InputRefused as R, RawInput, read_input},
    number::canonical_number,
    value::{Missing, Value},
};

fn read(study: &Study, item: &str, raw: &RawInput) -> Result<Option<Value>, R> {
    let today = NaiveDate::from_ymd_opt(2025, 3, 1).unwrap();
    read_input(study.item(item).unwrap().item, study.def(), raw, today)
}

fn text(text: &str) -> RawInput {
    RawInput {
        text: text.to_owned(),
        ..RawInput::default()
    }
}

fn with_unit(number: &str, unit: &str) -> RawInput {
    RawInput {
        unit: Some(unit.to_owned()),
        ..text(number)
    }
}

#[test]
fn numbers_keep_their_digits() {
    let study = study::builtin::load().unwrap();
    for (typed, kept) in [
        ("70", "70"),
        ("70.5", "70.5"),
        (" 70.0 ", "70.0"),
        ("７０．５", "70.5"),
        ("70。5", "70.5"),
        ("0.5", "0.5"),
        ("-1", "-1"),
        ("−1", "-1"),
    ] {
        let Ok(Some(Value::Number { number, unit })) = read(&study, "DM.WEIGHT", &text(typed)) else {
            panic!("{typed}")
        };
        assert_eq!(
            (number.to_string().as_str(), unit.as_deref()),
            (kept, Some("kg")),
            "{typed}"
        );
    }
    for (typed, refused) in [
        ("70.55", R::TooManyPlaces { allowed: 1 }),
        ("70,5", R::NotANumber),
        ("1,000", R::NotANumber),
        ("1e3", R::NotANumber),
        (".5", R::NotANumber),
        ("5.", R::NotANumber),
        ("<5", R::NotANumber),
        ("--5", R::NotANumber),
        ("5 stone", R::NotANumber),
        ("七十", R::NotANumber),
        ("1234567890123456789", R::TooManyDigits { allowed: 18 }),
    ] {
        assert_eq!(read(&study, "DM.WEIGHT", &text(typed)), Err(refused), "{typed}");
    }
    assert_eq!(read(&study, "PERF.HR", &text("80.5")), Err(R::NotWhole));
}

#[test]
fn units_are_chosen_where_there_are_several() {
    let study = study::builtin::load().unwrap();
    let creatinine = study.item("LAB.CREAT").unwrap().item;
    let units = || vec!["umol/L".to_owned(), "mg/dL".to_owned()];
    assert_eq!(
        read(&study, "LAB.CREAT", &text("80")),
        Err(R::UnitNeeded { allowed: units() })
    );
    assert_eq!(
        read(&study, "LAB.CREAT", &with_unit("80", "g/L")),
        Err(R::NotAUnit { allowed: units() })
    );
    let value = read(&study, "LAB.CREAT", &with_unit("2.0", "mg/dL")).unwrap().unwrap();
    assert_eq!(
        value,
        Value::Number {
            number: "2.0".parse().unwrap(),
            unit: Some("mg/dL".into())
        }
    );
    let (number, unit) = canonical_number(creatinine, &value).unwrap();
    assert_eq!(
        (number.normalize().to_string(), unit.as_deref()),
        ("176.8".to_owned(), Some("umol/L"))
    );
    let platelets = read(&study, "LAB.PLT", &with_unit("82000", "/uL")).unwrap().unwrap();
    let (number, _) = canonical_number(study.item("LAB.PLT").unwrap().item, &platelets).unwrap();
    assert_eq!(number.normalize().to_string(), "82");
    let mrd = read(&study, "MARROW.MRD", &with_unit("0.01", "%")).unwrap().unwrap();
    let (number, _) = canonical_number(study.item("MARROW.MRD").unwrap().item, &mrd).unwrap();
    assert_eq!(number.normalize().to_string(), "0.0001");
    let fever = read(&study, "CRS.TEMP", &with_unit("100.4", "F")).unwrap().unwrap();
    let (number, _) = canonical_number(study.item("CRS.TEMP").unwrap().item, &fever).unwrap();
    assert_eq!(number.normalize().to_string(), "38");
}

#[test]
fn dates_whole_and_partial() {
    let study = study::builtin::load().unwrap();
    let date = |text: &str| Ok(Some(Value::Date { date: text.to_owned() }));
    for (item, typed, expected) in [
        ("CONSENT.DATE", "2025-02-28", date("2025-02-28")),
        ("CONSENT.DATE", "2025/2/8", date("2025-02-08")),
        ("CONSENT.DATE", "20250228", date("2025-02-28")),
        ("CONSENT.DATE", "2025年2月28日", date("2025-02-28")),
        ("CONSENT.DATE", "２０２５－０２－２８", date("2025-02-28")),
        ("CONSENT.DATE", "t", date("2025-03-01")),
        ("CONSENT.DATE", "T-1", date("2025-02-28")),
        ("CONSENT.DATE", "t + 2", date("2025-03-03")),
        ("CONSENT.DATE", "2025-02-29", Err(R::NoSuchDay)),
        ("CONSENT.DATE", "2025-13-01", Err(R::NoSuchDay)),
        ("CONSENT.DATE", "2025-02", Err(R::WholeDateNeeded)),
        ("CONSENT.DATE", "28-02-2025", Err(R::NotADate)),
        ("CONSENT.DATE", "25-02-28", Err(R::NotADate)),
        ("CONSENT.DATE", "yesterday", Err(R::NotADate)),
        ("CONSENT.DATE", "t-x", Err(R::NotADate)),
        ("DM.BIRTH", "1990", date("1990")),
        ("DM.BIRTH", "1990-05", date("1990-05")),
        ("DM.BIRTH", "1990-05-UNK", date("1990-05")),
        ("DM.BIRTH", "1990-UN-UNK", date("1990")),
        ("DM.BIRTH", "1990-UN-05", Err(R::NotADate)),
        ("DM.BIRTH", "1990-14", Err(R::NoSuchDay)),
    ] {
        assert_eq!(read(&study, item, &text(typed)), expected, "{typed}");
    }
}

#[test]
fn times() {
    let study = study::builtin::load().unwrap();
    let time = |text: &str| Ok(Some(Value::Time { time: text.to_owned() }));
    for (typed, expected) in [
        ("09:05", time("09:05")),
        ("9:05", time("09:05")),
        ("0905", time("09:05")),
        ("０９：０５", time("09:05")),
        ("24:00", Err(R::NotATime)),
        ("9.05", Err(R::NotATime)),
        ("9:5", Err(R::NotATime)),
    ] {
        assert_eq!(read(&study, "CONSENT.TIME", &text(typed)), expected, "{typed}");
    }
    let at = |text: &str| Ok(Some(Value::DateTime { at: text.to_owned() }));
    for (typed, expected) in [
        ("2025-02-28 10:30", at("2025-02-28T10:30")),
        ("2025-02-28T10:30", at("2025-02-28T10:30")),
        ("t 9:05", at("2025-03-01T09:05")),
        ("2025-02-28", Err(R::NotADateTime)),
        ("2025-02-30 10:30", Err(R::NoSuchDay)),
        ("2025-02-28 25:30", Err(R::NotATime)),
    ] {
        assert_eq!(read(&study, "INFUSION.START", &text(typed)), expected, "{typed}");
    }
}

#[test]
fn codes_texts_and_missing() {
    let study = study::builtin::load().unwrap();
    let code = |code: &str| Ok(Some(Value::Code { code: code.to_owned() }));
    let codes = |codes: &[&str]| RawInput {
        codes: codes.iter().map(|c| (*c).to_owned()).collect(),
        ..text("")
    };
    assert_eq!(read(&study, "DM.SEX", &text("F")), code("F"));
    assert_eq!(read(&study, "DM.SEX", &codes(&["M"])), code("M"));
    assert_eq!(
        read(&study, "DM.SEX", &text("X")),
        Err(R::NotACode { codelist: "SEX".into() })
    );
    assert_eq!(read(&study, "DM.SEX", &codes(&["F", "M"])), Err(R::OneCodeOnly));
    // The list's order, each once.
    let sites = read(&study, "DISEASE.EMD_SITES", &codes(&["SKIN", "LYMPH", "SKIN"]));
    assert_eq!(
        sites,
        Ok(Some(Value::Codes {
            codes: vec!["LYMPH".into(), "SKIN".into()]
        }))
    );

    // Free text keeps its script; only the composition of characters is settled.
    let kept = read(&study, "CONSENT.VERSION", &text(" Ｖ１．２ cafe\u{301} "));
    assert_eq!(
        kept,
        Ok(Some(Value::Text {
            text: "Ｖ１．２ caf\u{e9}".into()
        }))
    );
    assert_eq!(
        read(&study, "CONSENT.VERSION", &text(&"x".repeat(41))),
        Err(R::TooLong { max: 40 })
    );
    assert_eq!(read(&study, "CONSENT.VERSION", &text("a\u{7}b")), Err(R::NotPermitted));
    assert_eq!(read(&study, "CONSENT.VERSION", &text("a\nb")), Err(R::NotPermitted));
    assert_eq!(
        read(&study, "ELIG.REMARK", &text("a\r\nb")),
        Ok(Some(Value::Text { text: "a\nb".into() }))
    );

    let missing = |missing| RawInput {
        missing: Some(missing),
        ..text("")
    };
    assert_eq!(
        read(&study, "DM.HEIGHT", &missing(Missing::NotDone)),
        Ok(Some(Value::Missing {
            missing: Missing::NotDone
        }))
    );
    assert_eq!(
        read(&study, "DM.HEIGHT", &missing(Missing::Unknown)),
        Err(R::MissingNotAllowed {
            allowed: vec![Missing::NotDone]
        })
    );
    let both = RawInput {
        missing: Some(Missing::NotDone),
        ..text("170")
    };
    assert_eq!(read(&study, "DM.HEIGHT", &both), Err(R::ValueAndMissing));
    assert_eq!(read(&study, "DM.HEIGHT", &text("  ")), Ok(None));
    assert_eq!(read(&study, "DM.AGE", &text("30")), Err(R::Computed));
}

#[test]
fn durations_keep_the_parts_that_were_written() {
    let study = study::builtin::load().unwrap();
    for (typed, kept, minutes) in [
        ("12", "PT12M", 12),
        ("１２", "PT12M", 12),
        ("90 min", "PT90M", 90),
        ("1:30", "PT1H30M", 90),
        ("1h30", "", 0),
        ("1 h 30 min", "PT1H30M", 90),
        ("1小时30分钟", "PT1H30M", 90),
        ("2 days", "P2D", 2880),
        ("1 d 4 hours", "P1DT4H", 1680),
        ("PT1H30M", "PT1H30M", 90),
        ("0:05", "PT0H5M", 5),
    ] {
        let item = study.item("INFUSION.THAW_TOOK").unwrap().item;
        match read(&study, "INFUSION.THAW_TOOK", &text(typed)) {
            Ok(Some(value @ Value::Duration { .. })) => {
                let Value::Duration { duration } = &value else {
                    unreachable!()
                };
                assert_eq!(duration, kept, "{typed}");
                let (number, unit) = canonical_number(item, &value).unwrap();
                assert_eq!(
                    (number.to_string(), unit.as_deref()),
                    (minutes.to_string(), Some("min")),
                    "{typed}"
                );
            }
            Err(R::NotADuration) => assert_eq!(kept, "", "{typed}"),
            other => panic!("{typed}: {other:?}"),
        }
    }
    for typed in ["soon", "1:75", "30 min 1 h", "1.5 h", "-3", "12345", "3 months", "h"] {
        assert_eq!(
            read(&study, "INFUSION.THAW_TOOK", &text(typed)),
            Err(R::NotADuration),
            "{typed}"
        );
    }
}

#[test]
fn a_unit_may_be_typed_behind_the_number() {
    let study = study::builtin::load().unwrap();
    for (item, typed, kept, unit) in [
        ("INFUSION.V_TEMP", "38.5 C", "38.5", "C"),
        ("INFUSION.V_TEMP", "38.5c", "38.5", "C"),
        ("INFUSION.V_TEMP", "３８．５ ℃", "38.5", "C"),
        ("INFUSION.V_TEMP", "101.3°F", "101.3", "F"),
        ("LAB.CREAT", "0.9 mg/dL", "0.9", "mg/dL"),
        ("LAB.CREAT", "88 µmol/l", "88", "umol/L"),
        ("LAB.PLT", "46 ×10⁹/L", "46", "10^9/L"),
        ("DM.WEIGHT", "70.5kg", "70.5", "kg"),
    ] {
        let Ok(Some(Value::Number { number, unit: read })) = read(&study, item, &text(typed)) else {
            panic!("{item} {typed}: {:?}", read(&study, item, &text(typed)));
        };
        assert_eq!(
            (number.to_string().as_str(), read.as_deref()),
            (kept, Some(unit)),
            "{typed}"
        );
    }
    for (item, typed) in [
        ("INFUSION.V_TEMP", "38.5 K"),
        ("DM.WEIGHT", "70 5"),
        ("LAB.CREAT", "0.9 g/dL"),
        ("DM.WEIGHT", "kg"),
    ] {
        assert!(read(&study, item, &text(typed)).is_err(), "{item} {typed}");
    }
    // What was typed says more than what was chosen before.
    let raw = with_unit("101.3 F", "C");
    let Ok(Some(Value::Number { unit, .. })) = read(&study, "INFUSION.V_TEMP", &raw) else {
        panic!()
    };
    assert_eq!(unit.as_deref(), Some("F"));
}
