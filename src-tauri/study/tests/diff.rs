//! What an amendment changes: the worked example whole, and one change of every kind.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect"
)]

use study::{
    Study,
    builtin::{AMENDMENT, FILES},
    diff::{Change, Happened, Said, diff},
    load::load,
};

fn changed(file: &str, from: &str, to: &str) -> Study {
    let files: Vec<(&str, String)> = FILES
        .iter()
        .map(|(path, text)| {
            let here = path.ends_with(file);
            assert!(
                !here || text.matches(from).count() == 1,
                "{file} must hold {from:?} once"
            );
            (
                *path,
                if here {
                    text.replace(from, to)
                } else {
                    (*text).to_owned()
                },
            )
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    load(&files).unwrap_or_else(|problems| panic!("{to:?}: {problems:#?}"))
}

/// `item DM.SEX: required yes → no`.
fn short(change: &Change) -> String {
    let value = |said: &Said| match said {
        Said::Nothing => "–".to_owned(),
        Said::Text(text) => text.en.clone(),
        Said::Plain(text) => text.clone(),
        Said::Word(word) => (*word).to_owned(),
    };
    let part = serde_json::to_value(change.part).unwrap();
    let what = match &change.happened {
        Happened::Added => "added".to_owned(),
        Happened::Retired => "retired".to_owned(),
        Happened::Changed { aspect, from, to } => format!("{aspect} {} → {}", value(from), value(to)),
    };
    format!("{} {}: {what}", part.as_str().unwrap(), change.oid)
}

fn all(before: &Study, after: &Study) -> Vec<String> {
    diff(before, after).iter().map(short).collect()
}

#[test]
fn who_answers_for_something_is_told() {
    let before = load(FILES).unwrap();
    let files: Vec<(&str, String)> = FILES
        .iter()
        .map(|(path, text)| {
            let named = "\n[[confirmed]]\ncode = \"C7\"\nby = \"medical monitor\"\non = \"2025-03-31\"\n";
            let added = if path.ends_with("decisions.toml") { named } else { "" };
            (*path, format!("{text}{added}"))
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    assert_eq!(all(&before, &load(&files).unwrap()), ["confirmed C7: added"]);
}

#[test]
fn the_worked_example() {
    let (one, other) = (load(FILES).unwrap(), load(AMENDMENT).unwrap());
    assert_eq!(
        all(&one, &other),
        [
            "study : version 1.0 → 1.1",
            "item HSCT.DSA: added",
            "item CONSENT.COPY: retired",
            "decision D-08: default 40 %. Many trials take 45 to 50 %. → 45 %, raised from 40 % by amendment 1.1. Many trials take 45 to 50 %.",
            "decision D-08: lvef_min_pct 40 → 45",
            "criterion I10: text Heart: LVEF 40 % or more, and no clinically significant pericardial effusion. → Heart: LVEF 45 % or more, and no clinically significant pericardial effusion.",
        ]
    );
    assert_eq!(
        other.decisions().lvef_min_pct.to_string(),
        "45",
        "and the threshold is in force"
    );
    let back = all(&other, &one);
    assert!(
        back.contains(&"item HSCT.DSA: retired".to_owned()) && back.contains(&"item CONSENT.COPY: added".to_owned())
    );
    assert!(diff(&one, &one).is_empty());
}

/// Nothing that the loader reads changes without being told.
#[test]
fn one_change_of_every_kind() {
    let sound = load(FILES).unwrap();
    for (file, from, to, expected) in [
        (
            "study.toml",
            "en = \"Transcription error\"",
            "en = \"Slip\"",
            "reason transcription: text Transcription error → Slip",
        ),
        (
            "study.toml",
            "en = \"I have compared",
            "en = \"I compared",
            "statement identity: text",
        ),
        (
            "study.toml",
            "lot = \"INFUSION.LOT\"",
            "lot = \"INFUSION.BAG\"",
            "landmark lot: item INFUSION.LOT → INFUSION.BAG",
        ),
        (
            "registration.toml",
            "\"Refractory Leukemia\"",
            "\"Leukemia\"",
            "registration : conditions Relapse Leukemia; Refractory Leukemia → Relapse Leukemia; Leukemia",
        ),
        (
            "visits.toml",
            "window = [25, 31]",
            "window = [26, 30]",
            "visit D28: window 25 … 31 → 26 … 30",
        ),
        (
            "visits.toml",
            "kind = \"unscheduled\"\nforms = [\"CRS\"]",
            "kind = \"log\"\nforms = [\"CRS\"]",
            "visit CRS: visit_kind unscheduled → log",
        ),
        (
            "registers.toml",
            "referred_by = [\"HEMA.LAB\"]",
            "referred_by = []",
            "register LABS: referred_by HEMA.LAB → –",
        ),
        (
            "registers.toml",
            "once = [\"INFUSION.BAG\"]\n",
            "",
            "register BAGS: once INFUSION.BAG → –",
        ),
        (
            "registers.toml",
            "columns = [\"LABREG.ACCRED\", \"LABREG.VALID_TO\"]",
            "columns = [\"LABREG.ACCRED\"]",
            "register LABS: columns LABREG.ACCRED, LABREG.VALID_TO → LABREG.ACCRED",
        ),
        (
            "registration.toml",
            "rationale = \"",
            "rationale = \"So. ",
            "registration : rationale ",
        ),
        (
            "forms/infusion.toml",
            "hard = { low = 0, high = 240 }",
            "hard = { low = 0, high = 60 }",
            "item INFUSION.THAW_TOOK: hard 0 … 240 → 0 … 60",
        ),
        (
            "forms/dm.toml",
            "domain = \"DM\"",
            "domain = \"SC\"",
            "form DM: domain DM → SC",
        ),
        (
            "forms/dm.toml",
            "oid = \"DM.MAIN\"\nname = { en = \"Demographics\"",
            "oid = \"DM.MAIN\"\nname = { en = \"Persons\"",
            "group DM.MAIN: name Demographics → Persons",
        ),
        (
            "forms/dm.toml",
            "question = { en = \"Sex\"",
            "question = { en = \"Sex at birth\"",
            "item DM.SEX: question Sex → Sex at birth",
        ),
        (
            "forms/dm.toml",
            "units = [\"cm\"]\nplaces = 1",
            "units = [\"cm\"]\nplaces = 0",
            "item DM.HEIGHT: places 1 → 0",
        ),
        (
            "forms/dm.toml",
            "hard = { low = 40, high = 230 }",
            "hard = { low = 40 }",
            "item DM.HEIGHT: hard 40 … 230 → 40 … ",
        ),
        (
            "forms/dm.toml",
            "codelist = \"CBP\"\nwhen = 'DM.SEX == \"F\"'\n",
            "codelist = \"CBP\"\n",
            "item DM.CBP: when DM.SEX == \"F\" → –",
        ),
        (
            "forms/dm.toml",
            "partial = true",
            "partial = false",
            "item DM.BIRTH: partial yes → no",
        ),
        (
            "codelists.toml",
            "oid = \"SEX\"\ncodes = [\n    { code = \"F\", en = \"Female\"",
            "oid = \"SEX\"\ncodes = [\n    { code = \"F\", en = \"Woman\"",
            "code SEX/F: text Female → Woman",
        ),
        (
            "units.toml",
            "zh = \"次/分\"",
            "zh = \"每分钟\"",
            "unit /min: text /min → /min",
        ),
        (
            "decisions.toml",
            "age_max = \"70\"",
            "age_max = \"75\"",
            "decision D-03: age_max 70 → 75",
        ),
        (
            "eligibility.toml",
            "decision = \"D-03\"",
            "decision = \"D-04\"",
            "criterion I2: decision D-03 → D-04",
        ),
        (
            "checks.toml",
            "fires = 'DM.BIRTH > CONSENT.DATE'",
            "fires = 'DM.BIRTH >= CONSENT.DATE'",
            "check CHK-DM-01: fires DM.BIRTH > CONSENT.DATE → DM.BIRTH >= CONSENT.DATE",
        ),
    ] {
        let told = all(&sound, &changed(file, from, to));
        assert_eq!(told.len(), 1, "{to:?}: {told:#?}");
        assert!(told[0].starts_with(expected), "{:?} is not {expected:?}", told[0]);
    }
}
