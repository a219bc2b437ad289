//! Made-up forms go out as ODM and come back equal, whatever their texts hold.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect"
)]

use proptest::prelude::*;
use study::{
    builtin::FILES,
    load::load,
    odm::{
        Edition, export,
        import::{Options, import},
    },
};

/// A text of any characters that a definition may hold, without blanks at its ends: XML readers drop those.
fn text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a", "B", " ", "<", ">", "&", "\"", "'", "\\", "]]>", "&amp;", "\\n", "#", "{", "}", "=", "体", "温", "µ", "⁹",
        "😀", "\u{301}", "\u{a0}x", "\\u0041", "\n", "\t", "--", "<!--", "%",
    ]);
    prop::collection::vec(pieces, 1..12).prop_map(|pieces| format!("q{}z", pieces.concat()))
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

#[derive(Debug, Clone)]
struct Made {
    name: (String, String),
    items: Vec<(String, String, String)>,
    codes: Vec<(String, String, String)>,
    unit: (String, String),
    window: (i32, i32),
    repeats: bool,
}

fn made() -> impl Strategy<Value = Made> {
    let kinds = prop::sample::select(vec![
        "kind = \"text\"\nmax = 77",
        "kind = \"text\"\nmax = 3000\nlong = true",
        "kind = \"scan\"\nmax = 12",
        "kind = \"integer\"\nunits = []\nhard = { low = -3, high = 900 }\nsoft = { high = 99 }",
        "kind = \"integer\"\nunits = [\"made\"]",
        "kind = \"decimal\"\nunits = [\"made\"]\nplaces = 3\nhard = { low = 0.125 }\nrequired = true",
        "kind = \"code\"\ncodelist = \"MADE\"\nmissing = [\"unknown\", \"not_done\"]",
        "kind = \"codes\"\ncodelist = \"MADE\"\nrequired = true\ncritical = true",
        "kind = \"date\"",
        "kind = \"date\"\npartial = true\nmissing = [\"not_applicable\"]",
        "kind = \"time\"",
        "kind = \"duration\"\nunit = \"min\"\nhard = { low = 0, high = 90.5 }",
        "kind = \"duration\"\nunit = \"d\"\nsoft = { low = 1440 }\nmissing = [\"unknown\"]",
        "kind = \"date_time\"\nwhen = 'DM.SEX == \"F\" && DM.WEIGHT < 40.5'",
    ]);
    let item = (text(), text(), kinds.prop_map(str::to_owned));
    let code = ("[A-Za-z0-9<&\"' .-]{1,8}[A-Z]", text(), text());
    (
        (text(), text()),
        prop::collection::vec(item, 1..12),
        prop::collection::vec(code, 1..6),
        (text(), text()),
        (6040..6060i32, 6061..6090i32),
        any::<bool>(),
    )
        .prop_map(|(name, items, codes, unit, window, repeats)| Made {
            name,
            items,
            codes,
            unit,
            window,
            repeats,
        })
}

/// The built-in study with a made-up visit, form, codelist and unit.
fn files(made: &Made) -> Vec<(String, String)> {
    let both = |(en, zh): &(String, String)| format!("{{ en = {}, zh = {} }}", quoted(en), quoted(zh));
    let mut form = format!(
        "oid = \"MADE\"\nname = {}\ndomain = \"own\"\n\n[[group]]\noid = \"MADE.GROUP\"\nname = {}\nrepeats = {}\n",
        both(&made.name),
        both(&made.name),
        made.repeats
    );
    for (no, (en, zh, kind)) in made.items.iter().enumerate() {
        form.push_str(&format!(
            "\n[[group.item]]\noid = \"MADE.I{no}\"\nquestion = {}\ncdash = \"own\"\n{kind}\n",
            both(&(en.clone(), zh.clone()))
        ));
    }
    let mut codes: Vec<String> = Vec::new();
    for (no, (code, en, zh)) in made.codes.iter().enumerate() {
        let code = quoted(&format!("{code}{no}"));
        codes.push(format!("{{ code = {code}, en = {}, zh = {} }}", quoted(en), quoted(zh)));
    }
    let lists = format!("\n[[codelist]]\noid = \"MADE\"\ncodes = [{}]\n", codes.join(", "));
    let unit = format!(
        "\n[[unit]]\ncode = \"made\"\nen = {}\nzh = {}\n",
        quoted(&made.unit.0),
        quoted(&made.unit.1)
    );
    let visit = format!(
        "\n[[visit]]\noid = \"MADE\"\nname = {}\nkind = \"scheduled\"\nday = {}\nwindow = [{}, {}]\nforms = [\"MADE\"]\n",
        both(&made.name),
        made.window.0,
        made.window.0,
        made.window.1
    );
    let mut files: Vec<(String, String)> = FILES
        .iter()
        .map(|(path, text)| {
            let name = path.rsplit_once("1.0/").unwrap().1;
            let text = match name {
                "codelists.toml" => format!("{text}{lists}"),
                "units.toml" => format!("{text}{unit}"),
                "visits.toml" => format!("{text}{visit}"),
                "study.toml" => text.replace("forms = [\n", "forms = [\n    \"MADE\",\n"),
                _ => (*text).to_owned(),
            };
            (name.to_owned(), text)
        })
        .collect();
    files.push(("forms/made.toml".to_owned(), form));
    files
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_goes_out_comes_back_equal(made in made()) {
        let files = files(&made);
        let borrowed: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let before = load(&borrowed).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let out = export(&before, Edition::V1_3_2, "2026-11-22T12:00:00+08:00").unwrap();
        let back = import(out.xml.as_bytes(), &Options::default()).unwrap();
        prop_assert_eq!(&back.report.notes, &[]);
        let borrowed: Vec<(&str, &str)> = back.files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let after = load(&borrowed).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let (a, b) = (before.def(), after.def());
        prop_assert_eq!(&a.forms, &b.forms);
        prop_assert_eq!(&a.codelists, &b.codelists);
        prop_assert_eq!(&a.units, &b.units);
        prop_assert_eq!(&a.visits, &b.visits);
        prop_assert_eq!(&a.registers, &b.registers);
        prop_assert_eq!(&a.registration, &b.registration);
        prop_assert_eq!(&a.identity, &b.identity);
        prop_assert!(before.landmarks().eq(after.landmarks()));
        // And the other edition is at least XML that says every question.
        let other = export(&before, Edition::V2_0, "2026-11-22T12:00:00+08:00").unwrap();
        let doc = roxmltree::Document::parse(&other.xml).unwrap();
        let questions = doc.descendants().filter(|node| node.has_tag_name(("http://www.cdisc.org/ns/odm/v2.0", "Question"))).count();
        prop_assert_eq!(questions, a.forms.iter().flat_map(|form| &form.groups).map(|group| group.items.len()).sum::<usize>());
    }
}
