//! ODM out and in: what goes out comes back, and what others wrote comes in without a guess.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect"
)]

use study::{
    Study,
    builtin::FILES,
    def::StudyDef,
    load::load,
    odm::{
        Edition, export,
        import::{Imported, Language, Options, import},
    },
};

const MADE: &str = "2026-11-22T12:00:00+08:00";

fn built_in() -> Study {
    load(FILES).unwrap()
}

fn files(imported: &Imported) -> Vec<(&str, &str)> {
    imported
        .files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect()
}

/// What must survive the way out and back.
fn essence(def: &StudyDef) -> StudyDef {
    let mut def = def.clone();
    def.criteria.clear();
    def.decisions.clear();
    def.reasons.clear();
    def.statements.clear();
    for check in &mut def.checks {
        check.source.clear();
    }
    def.checks.sort_by(|a, b| a.id.cmp(&b.id));
    def
}

/// Equal, told by the first line that is not.
#[track_caller]
fn same(a: &StudyDef, b: &StudyDef) {
    let [left, right] = [a, b].map(|def| serde_json::to_string_pretty(def).unwrap());
    let differs = left.lines().zip(right.lines()).enumerate().find(|(_, (a, b))| a != b);
    assert_eq!(differs, None);
    assert!(a == b);
}

#[test]
fn what_goes_out_comes_back() {
    let study = built_in();
    let out = export(&study, Edition::V1_3_2, MADE).unwrap();
    if let Some(folder) = option_env!("CARGO_TARGET_TMPDIR") {
        std::fs::write(format!("{folder}/out-1.3.2.xml"), &out.xml).unwrap();
        let v2 = export(&study, Edition::V2_0, MADE).unwrap();
        std::fs::write(format!("{folder}/out-2.0.xml"), &v2.xml).unwrap();
    }
    let back = import(out.xml.as_bytes(), &Options::default()).unwrap();
    assert_eq!(back.report.notes, [], "nothing is unclear in what is ours");
    let loaded = load(&files(&back)).unwrap_or_else(|problems| {
        let told: Vec<String> = problems
            .iter()
            .map(|p| format!("{}:{} {}", p.file, p.line, p.english()))
            .collect();
        panic!("{told:#?}")
    });
    same(&essence(loaded.def()), &essence(study.def()));
    assert_eq!(
        study.landmarks().collect::<Vec<_>>(),
        loaded.landmarks().collect::<Vec<_>>()
    );
    let again = export(&loaded, Edition::V1_3_2, MADE).unwrap();
    let differs = out.xml.lines().zip(again.xml.lines()).find(|(a, b)| a != b);
    assert_eq!(differs, None, "and goes out again the same");
}

/// What a case says beforehand, `> name value`.
fn options(lines: &[&str]) -> Options {
    let mut options = Options::default();
    for line in lines {
        let (name, value) = line.split_once(' ').unwrap();
        match name {
            "language" if value == "en" => options.language = Some(Language::English),
            "language" => options.language = Some(Language::Chinese),
            "text_length" => options.text_length = Some(value.parse().unwrap()),
            "places" => options.places = Some(value.parse().unwrap()),
            "study" => options.study = Some(value.to_owned()),
            "version" => options.version = Some(value.to_owned()),
            other => panic!("no option {other}"),
        }
    }
    options
}

/// A whole file around what a case gives: a version, and where it begins with items, a form with all of them.
fn whole(snippet: &str) -> String {
    if snippet.starts_with("<ODM") || snippet.starts_with("<!") || snippet.starts_with("<html") {
        return snippet.to_owned();
    }
    let mut head = String::from(
        "<ODM xmlns=\"http://www.cdisc.org/ns/odm/v1.3\" ODMVersion=\"1.3.2\"><Study OID=\"S\"><GlobalVariables/><MetaDataVersion OID=\"1\" Name=\"1\">",
    );
    if snippet.starts_with("<ItemDef") {
        let name = "<Description><TranslatedText xml:lang=\"en\">F</TranslatedText></Description>";
        head.push_str(&format!(
            "<StudyEventDef OID=\"V\" Name=\"V\" Repeating=\"No\" Type=\"Scheduled\">{name}<FormRef FormOID=\"F\" Mandatory=\"Yes\"/></StudyEventDef><FormDef OID=\"F\" Name=\"F\" Repeating=\"No\">{name}<ItemGroupRef ItemGroupOID=\"F.GROUP\" Mandatory=\"Yes\"/></FormDef><ItemGroupDef OID=\"F.GROUP\" Name=\"G\" Repeating=\"No\">{name}"
        ));
        for item in snippet.split("<ItemDef OID=\"").skip(1) {
            let oid = item.split('"').next().unwrap();
            head.push_str(&format!("<ItemRef ItemOID=\"{oid}\" Mandatory=\"Yes\"/>"));
        }
        head.push_str("</ItemGroupDef>");
    }
    format!("{head}{snippet}</MetaDataVersion></Study></ODM>")
}

fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

/// Each case: what is read, and everything that is said of it. Notes and what is ignored are compared whole.
#[test]
fn what_others_wrote() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/odm");
    let (mut cases, mut wrong) = (0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let (given, expected) = text.split_once("\n=\n").unwrap();
        let said: Vec<&str> = given.lines().filter_map(|line| line.strip_prefix("> ")).collect();
        let skip = 1 + said.len();
        let snippet: Vec<&str> = given.lines().skip(skip).collect();
        let read = import(whole(&snippet.join("\n")).as_bytes(), &options(&said));
        cases += 1;
        if let Some(code) = expected.strip_prefix("unreadable ") {
            assert_eq!(read.unwrap_err().code(), code.trim(), "{name}");
            continue;
        }
        let read = read.unwrap_or_else(|why| panic!("{name}: {why}"));
        // Every case is looked at, also after one that is not as it should be.
        wrong += usize::from(std::panic::catch_unwind(|| check_case(name, &read, expected)).is_err());
    }
    assert!(cases >= 28, "{cases}");
    assert_eq!(wrong, 0, "cases that are not as they should be");
}

#[track_caller]
fn check_case(name: &str, read: &Imported, expected: &str) {
    let lines = |what: &str| -> Vec<String> {
        let wanted = expected.lines().filter_map(|line| line.strip_prefix(what));
        wanted.map(|line| line.trim().to_owned()).collect()
    };
    let notes: Vec<String> = read
        .report
        .notes
        .iter()
        .map(|note| format!("{} {}", note.line, word(note.code)))
        .collect();
    assert_eq!(notes, lines("note "), "{name}");
    let ignored: Vec<String> = read
        .report
        .ignored
        .iter()
        .map(|(what, n)| format!("{n} {what}"))
        .collect();
    assert_eq!(ignored, lines("ignored "), "{name}");
    for line in lines("kept ") {
        let (count, what) = line.split_once(' ').unwrap();
        let kept = read.report.kept.get(what).copied().unwrap_or(0);
        assert_eq!(kept.to_string(), count, "{name}: {what}");
    }
    for line in lines("chosen ") {
        let chosen = format!("{} {}", word(read.report.chosen), read.report.version);
        assert_eq!(chosen, line, "{name}");
    }
    let file = |path: &str| {
        let found = read.files.iter().find(|(known, _)| known == path);
        found.map_or_else(|| panic!("{name}: no {path}"), |(_, text)| text.as_str())
    };
    for line in lines("file ") {
        let (path, wanted) = line.split_once(": ").unwrap();
        let there = file(path).lines().any(|line| line.trim() == wanted);
        assert!(there, "{name}: {path} lacks {wanted}:\n{}", file(path));
    }
    for line in lines("before ") {
        let (path, pair) = line.split_once(": ").unwrap();
        let (first, second) = pair.split_once(' ').unwrap();
        let at = |oid: &str| file(path).find(oid).unwrap();
        assert!(at(first) < at(second), "{name}: {line}");
    }
    let problems = load(&files(read)).err().unwrap_or_default();
    let codes: Vec<String> = problems.iter().map(|problem| word(problem.code)).collect();
    assert!(!codes.contains(&"syntax".to_owned()), "{name}: {problems:#?}");
    for line in lines("lint ") {
        assert!(codes.contains(&line), "{name}: {line} of {codes:?}");
    }
}

/// The same file in the encodings that ODM comes in.
#[test]
fn encodings() {
    let text = |encoding: &str| {
        let body = whole(
            "<ItemDef OID=\"F.A\" Name=\"F.A\" DataType=\"date\"><Question><TranslatedText xml:lang=\"zh\">日期é</TranslatedText></Question></ItemDef>",
        );
        format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>\n{body}")
    };
    let utf16 = |little: bool, mark: bool| -> Vec<u8> {
        let text = text("UTF-16");
        let text = if mark { format!("\u{feff}{text}") } else { text };
        let bytes = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    };
    let utf8 = text("UTF-8");
    let (gbk, _, _) = encoding_rs::GB18030.encode("日期é");
    let (before, after) = utf8.split_once("日期é").unwrap();
    let gb18030 = [
        before.replace("UTF-8", "GB18030").into_bytes(),
        gbk.into_owned(),
        after.as_bytes().to_vec(),
    ]
    .concat();
    for (name, bytes) in [
        ("UTF-8", utf8.clone().into_bytes()),
        ("UTF-8 with a mark", format!("\u{feff}{utf8}").into_bytes()),
        ("UTF-16 LE", utf16(true, true)),
        ("UTF-16 BE", utf16(false, true)),
        ("UTF-16 LE without a mark", utf16(true, false)),
        ("UTF-16 BE without a mark", utf16(false, false)),
        ("GB18030", gb18030),
    ] {
        let read = import(&bytes, &Options::default()).unwrap_or_else(|why| panic!("{name}: {why}"));
        let form = read.files.iter().find(|(path, _)| path == "forms/f.toml").unwrap();
        assert!(form.1.contains("日期é"), "{name}");
    }
    let cut = &utf8.as_bytes()[..before.len() + 1];
    assert_eq!(import(cut, &Options::default()).unwrap_err().code(), "encoding");
    let unknown = text("KLINGON");
    assert_eq!(
        import(unknown.as_bytes(), &Options::default()).unwrap_err().code(),
        "encoding"
    );
}

/// No file, cut or bent anywhere, ends the program.
#[test]
fn cut_and_bent_files_are_told() {
    let out = export(&built_in(), Edition::V1_3_2, MADE).unwrap().xml;
    // What is cut lies before the last line's end: a file without that alone is whole.
    for at in (0..out.trim_end().len()).step_by(out.len() / 60) {
        let at = (at..).find(|at| out.is_char_boundary(*at)).unwrap();
        assert!(import(&out.as_bytes()[..at], &Options::default()).is_err());
    }
    for (n, attribute) in ["OID=", "DataType=", "CodedValue=", "ItemOID=", "FormOID=", "Name="]
        .iter()
        .enumerate()
    {
        let bent = out.replacen(attribute, "Was=", 7 + n);
        let read = import(bent.as_bytes(), &Options::default()).unwrap();
        assert!(
            read.report.ignored.keys().any(|name| name.ends_with("/@Was")),
            "{attribute}"
        );
        let _ = load(&files(&read));
    }
    // One group from everywhere: many items out of a small file, up to a bound.
    let refs = "<ItemGroupRef ItemGroupOID=\"F.GROUP\" Mandatory=\"No\"/>".repeat(3000);
    let items: String = (0..20)
        .map(|n| format!("<ItemDef OID=\"F.I{n}\" Name=\"I\" DataType=\"date\"/>"))
        .collect();
    let many = whole(&items).replace("<ItemGroupRef ItemGroupOID=\"F.GROUP\" Mandatory=\"Yes\"/>", &refs);
    let read = import(many.as_bytes(), &Options::default()).unwrap();
    let told = read
        .report
        .notes
        .iter()
        .filter(|note| word(note.code) == "too_many")
        .count();
    assert_eq!(told, 1);
    let deep = format!("{}{}", "<a>".repeat(200_000), "</a>".repeat(200_000));
    assert!(import(deep.as_bytes(), &Options::default()).is_err());
}

/// A definition of others, once it is decided, goes out under their identifiers.
#[test]
fn their_identifiers_go_out_again() {
    let sound: Vec<(String, String)> = FILES
        .iter()
        .map(|(path, text)| (path.rsplit_once("1.0/").unwrap().1.to_owned(), (*text).to_owned()))
        .collect();
    let names = "[[form]]\noid = \"DM\"\nodm = \"F.demographics\"\n\n[[item]]\noid = \"DM.SEX\"\nodm = \"I.sex\"\n\n[[codelist]]\noid = \"SEX\"\nodm = \"CL:sex\"\n";
    let with: Vec<(&str, &str)> = sound
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .chain([("identifiers.toml", names)])
        .collect();
    let study = load(&with).unwrap();
    let out = export(&study, Edition::V1_3_2, MADE).unwrap().xml;
    for theirs in [
        "FormOID=\"F.demographics\"",
        "ItemOID=\"I.sex\"",
        "<ItemDef OID=\"I.sex\"",
        "CodeListOID=\"CL:sex\"",
    ] {
        assert!(out.contains(theirs), "{theirs}");
    }
    assert!(!out.contains("OID=\"DM.SEX\""));
    let dangling = "[[item]]\noid = \"DM.SEKS\"\nodm = \"I.sex\"\n";
    let with: Vec<(&str, &str)> = with
        .iter()
        .map(|(p, t)| (*p, if *p == "identifiers.toml" { dangling } else { *t }))
        .collect();
    let problems = load(&with).unwrap_err();
    assert_eq!(word(problems[0].code), "unknown_item");
    assert_eq!((problems[0].file.as_str(), problems[0].line), ("identifiers.toml", 2));
}
