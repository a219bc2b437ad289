//! Broken definitions: each change to the sound study is told with its code, its file and its place.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect"
)]

use study::{
    builtin::FILES,
    load::load,
    problem::{Problem, ProblemCode as C, render},
};

/// The sound study with one text replaced in one file; exactly one occurrence must be there.
fn changed(file: &str, from: &str, to: &str) -> Vec<(&'static str, String)> {
    let mut done = false;
    let files = FILES
        .iter()
        .map(|(path, text)| {
            if path.ends_with(file) {
                assert_eq!(text.matches(from).count(), 1, "{file} must hold {from:?} once");
                done = true;
                (*path, text.replace(from, to))
            } else {
                (*path, (*text).to_owned())
            }
        })
        .collect();
    assert!(done, "no file {file}");
    files
}

fn problems(files: &[(&str, String)]) -> Vec<Problem> {
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    load(&files).err().unwrap_or_default()
}

/// One change, one problem: its code, and the text that it points at.
#[test]
fn one_change_one_problem() {
    let cases: &[(&str, &str, &str, C, &str)] = &[
        (
            "forms/dm.toml",
            "codelist = \"SEX\"",
            "codelist = \"SEXES\"",
            C::UnknownCodelist,
            "\"SEXES\"",
        ),
        (
            "forms/dm.toml",
            "oid = \"DM.SEX\"",
            "oid = \"DM.SEX\"\ncolour = \"red\"",
            C::UnknownKey,
            "colour",
        ),
        (
            "forms/dm.toml",
            "zh = \"性别\"",
            "zh = \" \"",
            C::LanguageAbsent,
            "{ en = \"Sex\", zh = \" \" }",
        ),
        (
            "forms/dm.toml",
            "codelist = \"SEX\"",
            "",
            C::KeyAbsent,
            "[[group.item]]",
        ),
        (
            "forms/dm.toml",
            "kind = \"date\"",
            "kind = \"day\"",
            C::UnknownWord,
            "\"day\"",
        ),
        (
            "forms/dm.toml",
            "partial = true",
            "partial = \"yes\"",
            C::WrongType,
            "\"yes\"",
        ),
        (
            "forms/dm.toml",
            "oid = \"DM.HEIGHT\"",
            "oid = \"DM.height\"",
            C::NotAnOid,
            "\"DM.height\"",
        ),
        (
            "forms/dm.toml",
            "oid = \"DM.HEIGHT\"",
            "oid = \"PERF.HEIGHT\"",
            C::OidNotOfForm,
            "\"PERF.HEIGHT\"",
        ),
        (
            "forms/dm.toml",
            "units = [\"kg\"]",
            "units = [\"stone\"]",
            C::UnknownUnit,
            "\"stone\"",
        ),
        (
            "forms/dm.toml",
            "hard = { low = 2, high = 300 }",
            "hard = { low = 300, high = 2 }",
            C::BoundsWrong,
            "{ low = 300, high = 2 }",
        ),
        (
            "forms/dm.toml",
            "en = \"Sex\"",
            "en = \"Patient name\"",
            C::IdentifiesAPerson,
            "\"DM.SEX\"",
        ),
        (
            "forms/dm.toml",
            "call = \"age.at_consent\"",
            "call = \"age.now\"",
            C::UnknownCall,
            "\"age.now\"",
        ),
        (
            "forms/dm.toml",
            "dob = \"DM.BIRTH\"",
            "dob = \"DM.WEIGHT\"",
            C::InputType,
            "\"DM.WEIGHT\"",
        ),
        (
            "forms/dm.toml",
            "dob = \"DM.BIRTH\"",
            "birth = \"DM.BIRTH\"",
            C::InputNotBound,
            "\"age.at_consent\"",
        ),
        (
            "forms/dm.toml",
            "dob = \"DM.BIRTH\"",
            "dob = \"DM.BORN\"",
            C::UnknownItem,
            "\"DM.BORN\"",
        ),
        (
            "forms/dm.toml",
            "'DM.SEX == \"F\"'",
            "'DM.SEX == \"W\"'",
            C::UnknownCode,
            "\"W\"",
        ),
        ("forms/dm.toml", "'DM.SEX == \"F\"'", "'DM.SEX == 1'", C::RuleType, "1"),
        ("forms/dm.toml", "'DM.SEX == \"F\"'", "'DM.SEX =='", C::RuleSyntax, ""),
        (
            "forms/dm.toml",
            "'DM.SEX == \"F\"'",
            "'DM.SEKS == \"F\"'",
            C::UnknownItem,
            "DM.SEKS",
        ),
        (
            "forms/dm.toml",
            "'DM.SEX == \"F\"'",
            "'DM.SEX == \"F\" && DM.SEX == \"M\"'",
            C::NeverTrue,
            "'DM.SEX == \"F\" && DM.SEX == \"M\"'",
        ),
        (
            "forms/dm.toml",
            "'DM.SEX == \"F\"'",
            "'DM.CBP == \"YES\"'",
            C::Circular,
            "\"DM.CBP\"",
        ),
        (
            "forms/dm.toml",
            "'DM.SEX == \"F\"'",
            "'DM.HEIGHT + 1 > 100'",
            C::RuleForbidden,
            "+",
        ),
        (
            "forms/dm.toml",
            "'DM.SEX == \"F\"'",
            "'DM.SEX.matches(\"F\")'",
            C::RuleForbidden,
            "(",
        ),
        (
            "forms/dm.toml",
            "'DM.SEX == \"F\"'",
            "'DM.HEIGHT > 1 || DM.SEX > \"F\"'",
            C::RuleType,
            "DM.SEX",
        ),
        (
            "forms/dm.toml",
            "'DM.SEX == \"F\"'",
            "'DM.HEIGHT'",
            C::RuleType,
            "DM.HEIGHT",
        ),
        (
            "forms/dm.toml",
            "'DM.SEX == \"F\"'",
            "'CRS.TEMP > 38'",
            C::Ambiguous,
            "CRS.TEMP",
        ),
        (
            "forms/dm.toml",
            "'DM.SEX == \"F\"'",
            "'INFUSION.V_HR > 38'",
            C::IntoRows,
            "INFUSION.V_HR",
        ),
        (
            "forms/lab.toml",
            "analyte = \"creatinine\"",
            "analyte = \"creatine\"",
            C::UnknownWord,
            "\"creatine\"",
        ),
        (
            "forms/lab.toml",
            "units = [\"umol/L\", \"mg/dL\"]\nplaces = 2\nanalyte = \"creatinine\"",
            "units = [\"umol/L\", \"g/L\"]\nplaces = 2\nanalyte = \"creatinine\"",
            C::UnitNotConvertible,
            "\"g/L\"",
        ),
        (
            "forms/response.toml",
            "\"SCR:CNS.STATUS\", clinical_cns_signs = \"RESPONSE.CNS_SIGNS\", prior_best = \"RESPONSE.PRIOR_BEST\" }\ncritical",
            "\"D28:CNS.STATUS\", clinical_cns_signs = \"RESPONSE.CNS_SIGNS\", prior_best = \"RESPONSE.PRIOR_BEST\" }\ncritical",
            C::UnknownForm,
            "\"D28:CNS.STATUS\"",
        ),
        (
            "forms/response.toml",
            "\"SCR:CNS.STATUS\", clinical_cns_signs = \"RESPONSE.CNS_SIGNS\", prior_best = \"RESPONSE.PRIOR_BEST\" }\ncritical",
            "\"D99:CNS.STATUS\", clinical_cns_signs = \"RESPONSE.CNS_SIGNS\", prior_best = \"RESPONSE.PRIOR_BEST\" }\ncritical",
            C::UnknownVisit,
            "\"D99:CNS.STATUS\"",
        ),
        (
            "visits.toml",
            "window = [25, 31]",
            "window = [22, 31]",
            C::WindowsOverlap,
            "[22, 31]",
        ),
        (
            "visits.toml",
            "window = [25, 31]",
            "window = [31, 25]",
            C::WindowWrong,
            "[31, 25]",
        ),
        (
            "visits.toml",
            "forms = [\"CRS\"]",
            "forms = [\"CRS\", \"ECG\"]",
            C::UnknownForm,
            "\"ECG\"",
        ),
        (
            "visits.toml",
            "forms = [\"CRS\"]",
            "forms = []",
            C::NeverCollected,
            "\"CRS\"",
        ),
        (
            "codelists.toml",
            "{ code = \"GUARDIAN\", en",
            "{ code = \"SUBJECT\", en",
            C::Duplicate,
            "\"SUBJECT\"",
        ),
        (
            "decisions.toml",
            "[[decision]]\nid = \"D-02\"",
            "[[confirmed]]\ncode = \"C1.colour\"\nby = \"medical monitor\"\non = \"2025-03-31\"\n\n[[decision]]\nid = \"D-02\"",
            C::UnknownRule,
            "\"C1.colour\"",
        ),
        (
            "decisions.toml",
            "[[decision]]\nid = \"D-02\"",
            "[[confirmed]]\ncode = \"D-02\"\nby = \"sponsor\"\non = \"2025-02-30\"\n\n[[decision]]\nid = \"D-02\"",
            C::WrongType,
            "\"2025-02-30\"",
        ),
        (
            "decisions.toml",
            "[[decision]]\nid = \"D-02\"",
            "[[confirmed]]\ncode = \"C7\"\non = \"2025-03-31\"\n\n[[decision]]\nid = \"D-02\"",
            C::KeyAbsent,
            "[[confirmed]]",
        ),
        (
            "eligibility.toml",
            "decision = \"D-03\"",
            "decision = \"D-99\"",
            C::UnknownDecision,
            "\"D-99\"",
        ),
        (
            "eligibility.toml",
            "judged = \"ELIG.I12\"",
            "judged = \"DM.SEX\"",
            C::NotAJudgement,
            "\"DM.SEX\"",
        ),
        (
            "eligibility.toml",
            "significant_effusion = \"PERF.EFFUSION\"",
            "effusion = \"PERF.EFFUSION\"",
            C::InputNotBound,
            "\"elig.I10\"",
        ),
        (
            "decisions.toml",
            "age_min = \"3\"",
            "age_min = \"three\"",
            C::WrongType,
            "\"D-03\"",
        ),
        (
            "checks.toml",
            "item = \"PERF.DBP\"",
            "item = \"PERF.DPB\"",
            C::UnknownItem,
            "\"PERF.DPB\"",
        ),
        (
            "checks.toml",
            "'PERF.DBP >= PERF.SBP'",
            "'percent_change(PERF.DBP) > 3'",
            C::RuleType,
            "(",
        ),
        ("study.toml", "\"DM\", ", "", C::NeverCollected, "\"DM\""),
    ];
    for (file, from, to, code, points_at) in cases {
        let files = changed(file, from, to);
        let found = problems(&files);
        let here: Vec<_> = found.iter().filter(|problem| problem.code == *code).collect();
        assert!(!here.is_empty(), "{file}: {to:?} should be {code:?}, but is {found:?}");
        let problem = here[0];
        let text = &files.iter().find(|(path, _)| *path == problem.file).unwrap().1;
        let pointed = &text[problem.start..problem.end];
        assert!(
            pointed.starts_with(points_at),
            "{to:?}: points at {pointed:?}, not {points_at:?}"
        );
        let line = text.lines().nth(problem.line as usize - 1).unwrap();
        let column: String = line.chars().skip(problem.column as usize - 1).collect();
        assert!(
            column.starts_with(pointed.lines().next().unwrap_or("")),
            "line and column agree with the bytes"
        );
        assert!(!problem.english().contains("``"), "{}", problem.english());
    }
}

/// A loader tells everything, not the first thing.
#[test]
fn all_problems_are_told() {
    let mut files = changed("forms/dm.toml", "codelist = \"SEX\"", "codelist = \"SEXES\"");
    for (path, text) in &mut files {
        if path.ends_with("visits.toml") {
            *text = text.replace("window = [25, 31]", "window = [31, 25]");
        }
        if path.ends_with("checks.toml") {
            *text = text.replace("'PERF.DBP >= PERF.SBP'", "'PERF.DBP >= '");
        }
    }
    let codes: Vec<C> = problems(&files).iter().map(|problem| problem.code).collect();
    for code in [C::UnknownCodelist, C::WindowWrong, C::RuleSyntax] {
        assert!(codes.contains(&code), "{code:?} of {codes:?}");
    }
}

#[test]
fn what_is_not_toml_says_where() {
    let files = changed("forms/dm.toml", "cdash = \"SEX\"", "cdash = SEX");
    let found = problems(&files);
    let problem = found.iter().find(|problem| problem.code == C::Syntax).unwrap();
    assert!(problem.file.ends_with("forms/dm.toml"));
    let text = &files.iter().find(|(path, _)| *path == problem.file).unwrap().1;
    assert!(
        text.lines()
            .nth(problem.line as usize - 1)
            .unwrap()
            .starts_with("cdash")
    );
}

#[test]
fn files_that_lack_or_do_not_belong() {
    let files: Vec<(&str, &str)> = FILES
        .iter()
        .filter(|(path, _)| !path.ends_with("units.toml"))
        .copied()
        .chain([("allo-cd19-ball/1.0/notes.txt", "")])
        .collect();
    let found = load(&files).unwrap_err();
    let has = |code, name| {
        found
            .iter()
            .any(|problem| problem.code == code && problem.fact("name") == name)
    };
    assert!(has(C::FileAbsent, "units.toml"));
    assert!(has(C::UnexpectedFile, "notes.txt"));
    assert!(load(&[]).is_err());
}

/// An expression that is too long, too deep, or not ASCII is refused before it is read.
#[test]
fn expressions_have_bounds() {
    let long = format!("'{}'", vec!["DM.SEX == \"F\""; 60].join(" || "));
    let nested = |n: usize| format!("'{}DM.SEX == \"F\"{}'", "(".repeat(n), ")".repeat(n));
    let too_large = [
        long,
        nested(9),
        nested(200),
        format!("'{}true'", "!".repeat(200)),
        format!("'{}1'", "-".repeat(200)),
        format!("'{}true'", "true?true:".repeat(45)),
        format!("'DM{}'", ".A".repeat(200)),
        format!("'1{}'", "<1".repeat(200)),
    ];
    assert!(problems(&changed("forms/dm.toml", "'DM.SEX == \"F\"'", &nested(8))).is_empty());
    let cases = too_large.into_iter().map(|rule| (rule, C::RuleTooLarge));
    for (rule, code) in cases.chain([("'DM.SEX == \"女\"'".to_owned(), C::RuleForbidden)]) {
        let found = problems(&changed("forms/dm.toml", "'DM.SEX == \"F\"'", &rule));
        assert!(found.iter().any(|problem| problem.code == code), "{rule}: {found:?}");
    }
}

#[test]
fn a_problem_reads_like_a_compiler() {
    let files = changed("forms/dm.toml", "'DM.SEX == \"F\"'", "'DM.SEX == \"W\"'");
    let found = problems(&files);
    let problem = found.iter().find(|problem| problem.code == C::UnknownCode).unwrap();
    let text = &files.iter().find(|(path, _)| *path == problem.file).unwrap().1;
    let expected = format!(
        "error[unknown_code]: `W` is not a code of SEX\n{pad} --> allo-cd19-ball/1.0/forms/dm.toml:{line}:19\n{pad} |\n\
         {line} | when = 'DM.SEX == \"W\"'\n{pad} |                   ^^^\n",
        line = problem.line,
        pad = " ".repeat(problem.line.to_string().len()),
    );
    assert_eq!(render(problem, text), expected);
}

/// Files cut anywhere are told, never trusted and never a crash.
#[test]
fn cut_files_are_problems() {
    for (n, (path, text)) in FILES.iter().enumerate() {
        let part = if n % 2 == 0 { 1 } else { 3 };
        // Somewhere inside: a different place in every file, after a key that then has no value.
        let mut at = text.len() * part / 4 + n;
        while !text.is_char_boundary(at) {
            at += 1;
        }
        at += text[at..].find(" = ").map_or(0, |key| key + 3);
        let files: Vec<(&str, &str)> = FILES
            .iter()
            .map(|(p, t)| (*p, if p == path { &t[..at] } else { *t }))
            .collect();
        assert!(load(&files).is_err(), "{path} cut at {at}");
    }
}
