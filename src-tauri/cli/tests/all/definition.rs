//! `study lint`: everything that is wrong with a definition, each with its place.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{copy_folder, demo, run};

/// The built-in definition, to be harmed.
fn definition(top: &Path) -> PathBuf {
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("../study/studies/allo-cd19-ball/1.0");
    let folder = top.join("study");
    copy_folder(&built_in, &folder);
    folder
}

fn change(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from} is not in {}", path.display());
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn the_built_in_definition_has_no_problems() {
    let home = tempfile::tempdir().unwrap();
    let said = run(home.path(), &["study", "lint"]).exits(0);
    assert!(said.out.starts_with("0 problems in 65 forms"), "{said:?}");
    let document = run(home.path(), &["study", "lint", "--json"]).exits(0).json();
    assert!(document["problems"].as_array().unwrap().is_empty());
    assert!(document["items"].as_u64().unwrap() >= 60 && document["forms"].as_u64().unwrap() >= 8);
    let folder = definition(home.path());
    let same = run(home.path(), &["study", "lint", folder.to_str().unwrap()]).exits(0);
    assert_eq!(same.out, said.out);
}

#[test]
fn every_problem_is_told_with_its_place() {
    let top = tempfile::tempdir().unwrap();
    let folder = definition(top.path());
    // A word that nobody knows, a rule about an item that is not there, a language left out.
    change(&folder.join("forms/lab.toml"), "required = true", "requird = true");
    change(
        &folder.join("forms/cns.toml"),
        "CNS.LP_DONE == \"Y\"",
        "CNS.LP_DUNE == \"Y\"",
    );
    change(&folder.join("visits.toml"), ", zh = \"筛选期\"", "");
    let said = run(top.path(), &["study", "lint", folder.to_str().unwrap()]).exits(1);
    for file in ["forms/lab.toml:", "forms/cns.toml:", "visits.toml:"] {
        let line = said
            .out
            .lines()
            .find(|line| line.contains(file))
            .unwrap_or_else(|| panic!("{file} in {said:?}"));
        let place = line.split(file).nth(1).unwrap();
        let numbers: Vec<&str> = place.split(':').take(2).collect();
        assert!(
            numbers.iter().all(|n| n.trim().parse::<u32>().is_ok_and(|n| n > 0)),
            "line and column: {line}"
        );
    }
    assert!(
        said.out
            .lines()
            .any(|line| line.trim_start_matches(['|', ' ']).starts_with('^')),
        "a caret: {}",
        said.out
    );
    assert!(said.out.contains("requird"), "{}", said.out);
    assert!(!said.last_line().starts_with("0 problems"));
    let document = run(top.path(), &["study", "lint", "--json", folder.to_str().unwrap()])
        .exits(1)
        .json();
    assert!(
        document["problems"].as_array().unwrap().len() >= 3,
        "all of them, not the first: {document}"
    );
}

#[test]
fn a_folder_without_a_definition_cannot_be_linted() {
    let top = tempfile::tempdir().unwrap();
    let empty = run(top.path(), &["study", "lint", top.path().to_str().unwrap()]).exits(2);
    assert!(empty.err.contains("no *.toml files"), "{empty:?}");
    run(top.path(), &["study", "lint", "/nowhere"]).exits(2);
}

#[test]
fn problems_are_told_in_chinese_too() {
    let top = tempfile::tempdir().unwrap();
    let folder = definition(top.path());
    change(&folder.join("visits.toml"), "window = [25, 31]", "window = [0, 31]");
    let said = run(
        top.path(),
        &["--lang", "zh-Hans", "study", "lint", folder.to_str().unwrap()],
    )
    .exits(1);
    assert!(
        said.out
            .contains("错误[windows_overlap]: 访视 `D28` 的窗口与 `INF` 重叠"),
        "{}",
        said.out
    );
    assert!(
        said.out.contains("[0, 31]") && said.out.contains("^^^^^^^"),
        "{}",
        said.out
    );
}

/// What an import says stands in the messages of both languages.
#[test]
fn every_note_of_an_import_has_its_words() {
    let code =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../study/src/odm/import/report.rs")).unwrap();
    let list = code
        .split("pub enum NoteCode {")
        .nth(1)
        .unwrap()
        .split("\n}")
        .next()
        .unwrap();
    for name in list.lines().filter_map(|line| line.trim().strip_suffix(',')) {
        in_both("odm_note", name);
    }
    let unreadable = [
        "too_large",
        "too_many",
        "encoding",
        "xml",
        "document_type",
        "not_odm",
        "edition",
        "no_study",
        "no_version",
    ];
    for code in unreadable {
        in_both("odm_unreadable_", code);
    }
}

/// `prefix_snake_case` of a name of the code has words in both languages.
#[track_caller]
fn in_both(prefix: &str, name: &str) {
    let mut key = prefix.to_owned();
    for c in name.chars() {
        if c.is_uppercase() {
            key.push('_');
        }
        key.extend(c.to_lowercase());
    }
    for lang in ["en", "zh-Hans"] {
        let path = format!("{}/../../ui/messages/{lang}.json", env!("CARGO_MANIFEST_DIR"));
        let messages: serde_json::Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        assert!(messages[&key].is_string(), "{key} in {lang}");
    }
}

/// Every sentence of the linter stands in the messages of both languages.
#[test]
fn every_problem_has_its_words() {
    let code = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../study/src/problem.rs")).unwrap();
    let list = code
        .split("pub enum ProblemCode {")
        .nth(1)
        .unwrap()
        .split("\n}")
        .next()
        .unwrap();
    let mut codes = 0;
    for name in list.lines().filter_map(|line| line.trim().strip_suffix(',')) {
        in_both("lint", name);
        codes += 1;
    }
    assert!(codes >= 40, "{codes}");
}

#[test]
fn an_amendment_is_told_and_counted() {
    let told = run(tempfile::tempdir().unwrap().path(), &["study", "diff", "1.0", "1.1"]).exits(0);
    for line in [
        "ALLO-CD19-BALL 1.0 → ALLO-CD19-BALL 1.1: 6 changes",
        "- Item HSCT.DSA (Donor-specific HLA antibodies) is new",
        "- Item CONSENT.COPY (Signed copy handed over) is asked for no more",
        "- Decision D-08 (Lowest LVEF), lvef_min_pct: 40 → 45",
    ] {
        assert!(told.out.contains(line), "{line} in {}", told.out);
    }
    let site = demo();
    let (file, password) = (site.ending(".cartwright"), site.path("password.txt"));
    let args = [
        "--json",
        "study",
        "diff",
        "1.0",
        "1.1",
        "--file",
        file.to_str().unwrap(),
        "--user",
        "monitor.ruiz",
        "--password-file",
        &password,
    ];
    let document = run(&site.home, &args).exits(0).json();
    let touched = &document["touched"];
    assert_eq!(touched["subjects"], 3, "{document}");
    let subjects = |oid: &str| {
        let changes = document["changes"].as_array().unwrap();
        let change = changes.iter().find(|change| change["change"]["oid"] == oid).unwrap();
        change["subjects"].as_u64().unwrap()
    };
    assert!(subjects("CONSENT.COPY") > 0 && subjects("HSCT.DSA") > 0, "{document}");
    assert!(subjects("CONSENT.COPY") <= 3 && touched["any"].as_u64().unwrap() <= 3);
    // A threshold that some of them do not reach changes what is said of them.
    let stricter = tempfile::tempdir().unwrap();
    let folder = definition(stricter.path());
    change(
        &folder.join("decisions.toml"),
        "lvef_min_pct = \"40\"",
        "lvef_min_pct = \"99\"",
    );
    let args = [
        "--json",
        "study",
        "diff",
        "1.0",
        folder.to_str().unwrap(),
        "--file",
        file.to_str().unwrap(),
        "--user",
        "monitor.ruiz",
        "--password-file",
        &password,
    ];
    let document = run(&site.home, &args).exits(0).json();
    assert!(document["touched"]["verdicts"].as_u64().unwrap() > 0, "{document}");
    assert!(document["changes"][0]["subjects"].as_u64().unwrap() > 0, "{document}");
    let same = run(&site.home, &["study", "diff", "1.1", "1.1"]).exits(0);
    assert_eq!(same.out.lines().count(), 1, "{same:?}");
}

#[test]
fn odm_goes_out_and_comes_in() {
    let top = tempfile::tempdir().unwrap();
    let at = |name: &str| top.path().join(name).to_str().unwrap().to_owned();
    let export = |args: &[&str], code| run(top.path(), &[&["study", "export"], args].concat()).exits(code);
    let made = "2026-11-22T12:00:00+08:00";
    let said = export(&["--odm", "1.3.2", "--out", &at("one.xml"), "--at", made], 0);
    assert!(
        said.err.contains("no place for 28 decisions"),
        "what is left out is said: {said:?}"
    );
    let whole = export(&["--odm", "2.0", "--at", made], 0);
    assert!(whole.out.starts_with("<?xml") && whole.out.trim_end().ends_with("</ODM>"));
    export(&["--odm", "1.2"], 2);
    export(&["/nowhere", "--odm", "2.0"], 2);

    let back = run(
        top.path(),
        &["study", "import-odm", &at("one.xml"), "--out", &at("back")],
    )
    .exits(0);
    assert!(
        back.out.contains("Unclear (0;") && back.out.contains("letter for letter"),
        "{}",
        back.out
    );
    export(
        &[&at("back"), "--odm", "1.3.2", "--out", &at("two.xml"), "--at", made],
        0,
    );
    assert_eq!(fs::read(at("one.xml")).unwrap(), fs::read(at("two.xml")).unwrap());
    let over = run(
        top.path(),
        &["study", "import-odm", &at("one.xml"), "--out", &at("back")],
    )
    .exits(2);
    assert!(
        over.err.contains("study.toml"),
        "what is there is not written over: {over:?}"
    );

    fs::write(
        top.path().join("other.xml"),
        "<ODM xmlns=\"http://www.cdisc.org/ns/odm/v1.3\" ODMVersion=\"1.3.2\"><Study OID=\"S.1\"><GlobalVariables/><MetaDataVersion OID=\"1\" Name=\"1\"><FormDef OID=\"F.1\" Name=\"Form\" Repeating=\"No\"/></MetaDataVersion></Study></ODM>",
    )
    .unwrap();
    let other = run(
        top.path(),
        &[
            "--lang",
            "zh-Hans",
            "study",
            "import-odm",
            &at("other.xml"),
            "--out",
            &at("other"),
        ],
    )
    .exits(1);
    assert!(
        other.out.contains("不明确（1；") && other.out.contains("须决定"),
        "{}",
        other.out
    );
    assert!(
        fs::read_to_string(at("other/identifiers.toml"))
            .unwrap()
            .contains("odm = \"F.1\"")
    );
    assert!(
        fs::read_to_string(at("other/import-report.txt"))
            .unwrap()
            .contains("只有名称且未注明语言")
    );
    fs::write(top.path().join("dtd.xml"), "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>").unwrap();
    let refused = run(top.path(), &["study", "import-odm", &at("dtd.xml")]).exits(2);
    assert!(refused.err.contains("document type"), "{refused:?}");
}

#[test]
fn the_dictionary_has_every_item_in_both_languages() {
    let top = tempfile::tempdir().unwrap();
    let items = run(top.path(), &["study", "lint", "--json"]).exits(0).json()["items"]
        .as_u64()
        .unwrap();
    let table = run(top.path(), &["study", "dictionary", "--format", "csv"])
        .exits(0)
        .out;
    assert!(table.starts_with("\u{feff}visits,form,"));
    assert_eq!(table.matches("\r\n").count() as u64, items + 1);
    for (lang, words) in [("en", ["Data dictionary", "Sex"]), ("zh-Hans", ["数据字典", "性别"])] {
        let page = run(top.path(), &["--lang", lang, "study", "dictionary", "--format", "html"])
            .exits(0)
            .out;
        assert!(
            page.starts_with("<!doctype html>") && !page.contains("dictionary_"),
            "{lang}"
        );
        assert_eq!(page.matches("<tr><td><code>").count() as u64, items);
        assert!(words.iter().all(|word| page.contains(word)), "{lang}");
        assert!(
            !page.contains("<script") && !page.contains("http"),
            "nothing is fetched"
        );
    }
}

/// Every code that `study lint --release` names.
fn unconfirmed(document: &serde_json::Value) -> Vec<String> {
    let open = document["unconfirmed"].as_array().unwrap();
    open.iter()
        .map(|one| one["code"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn what_nobody_confirmed_holds_a_release_back() {
    let top = tempfile::tempdir().unwrap();
    // Without the flag the same definition has no problems.
    run(top.path(), &["study", "lint"]).exits(0);
    let said = run(top.path(), &["study", "lint", "--release"]).exits(1);
    let of = |code: &str| {
        said.out
            .lines()
            .find(|line| line.starts_with(&format!("{code} ")))
            .map(str::to_owned)
    };
    let child = of("I8.child").unwrap();
    assert!(
        child.contains("I8 Kidney, child") && child.contains("[GK] bedside Schwartz"),
        "{child}"
    );
    assert!(of("D-07").unwrap().contains("Cockcroft-Gault above 30 mL/min"));
    assert!(
        of("C1").is_none() && of("C4").is_none(),
        "a source that was seen needs nobody"
    );
    let codes = unconfirmed(
        &run(top.path(), &["study", "lint", "--release", "--json"])
            .exits(1)
            .json(),
    );
    let decisions = codes.iter().filter(|code| code.starts_with("D-")).count();
    assert_eq!(
        said.last_line(),
        format!(
            "{} rules and {decisions} decisions are not confirmed.",
            codes.len() - decisions
        )
    );
    assert_eq!(decisions, 28);
    let chinese = run(top.path(), &["study", "lint", "--release", "--lang", "zh-Hans"]).exits(1);
    assert!(chinese.last_line().ends_with("28 项决定尚未确认。"), "{chinese:?}");
    assert!(chinese.out.contains("现行默认："));
}

#[test]
fn a_definition_that_names_who_confirmed_is_ready() {
    let top = tempfile::tempdir().unwrap();
    let folder = definition(top.path());
    let path = folder.to_str().unwrap();
    let lint = ["study", "lint", "--release", "--json", path];
    let codes = unconfirmed(&run(top.path(), &lint).exits(1).json());
    let decisions = folder.join("decisions.toml");
    let mut text = fs::read_to_string(&decisions).unwrap();
    for code in &codes {
        text.push_str(&format!(
            "\n[[confirmed]]\ncode = \"{code}\"\nby = \"medical monitor\"\non = \"2025-03-31\"\n"
        ));
    }
    fs::write(&decisions, &text).unwrap();
    let said = run(top.path(), &["study", "lint", "--release", path]).exits(0);
    assert_eq!(said.last_line(), "0 rules and 0 decisions are not confirmed.");
    // One name taken out again.
    change(&decisions, "code = \"C7\"", "code = \"C9\"");
    assert_eq!(unconfirmed(&run(top.path(), &lint).exits(1).json()), ["C7"]);
    // A name that no rule has is a problem of the definition, with its place.
    change(&decisions, "code = \"C9\"", "code = \"C99\"");
    let said = run(top.path(), &["study", "lint", path]).exits(1);
    assert!(
        said.out.contains("error[unknown_rule]: no rule or decision `C99`"),
        "{said:?}"
    );
    assert!(said.out.contains("decisions.toml:"), "{said:?}");
}

#[test]
fn a_decision_that_was_taken_is_no_default_any_more() {
    let top = tempfile::tempdir().unwrap();
    let folder = definition(top.path());
    change(&folder.join("decisions.toml"), "age_max = \"70\"", "age_max = \"65\"");
    let document = run(
        top.path(),
        &["study", "lint", "--release", "--json", folder.to_str().unwrap()],
    )
    .exits(1)
    .json();
    let codes = unconfirmed(&document);
    assert!(
        !codes.contains(&"D-03".to_owned()) && codes.contains(&"D-04".to_owned()),
        "{codes:?}"
    );
}
