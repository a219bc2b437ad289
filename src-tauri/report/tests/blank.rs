//! The blank forms, read back by another program.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect"
)]

use std::{path::Path, process::Command};

use conduct::act::Moment;
use report::{BlankForms, Paper};

/// The text of all pages without any blank: lines break anywhere. In the order it was set.
/// `columns` is what of a page's width is read, points.
fn solid(pdf: &[u8], columns: u32) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.pdf");
    std::fs::write(&path, pdf).unwrap();
    let crop = ["-x", "0", "-y", "0", "-H", "842", "-W", &columns.to_string(), "-raw"].map(str::to_owned);
    let said = Command::new("pdftotext")
        .args(crop)
        .arg(&path)
        .arg("-")
        .output()
        .unwrap();
    assert!(said.status.success(), "{said:?}");
    squeezed(&String::from_utf8(said.stdout).unwrap())
}

/// The whole width, and the column of the questions.
const WHOLE: u32 = 596;
const QUESTIONS: u32 = 262;

/// Letters and digits alone: the reader takes a hyphen at the end of a line for a division, and signs that stand higher
/// or lower for another line.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The first forms of the built-in study.
fn pages(locale: &str, annotated: bool, forms: usize) -> Vec<u8> {
    let files = conduct::definition::built_in("1.0").unwrap();
    let study = conduct::definition::load(&files).unwrap();
    let mut def = study.def().clone();
    def.forms.truncate(forms);
    let page = BlankForms {
        study: &def,
        locale,
        annotated,
        app: "0.1.0",
        made: &Moment {
            at: "2026-11-22T09:41:00.000Z".into(),
            offset: "+08:00".into(),
        },
    };
    let fonts = std::env::var_os("CARTWRIGHT_FONTS").map(std::path::PathBuf::from);
    let fonts = fonts.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/node_modules"));
    Paper::new(&fonts).unwrap().blank_forms(&page).unwrap()
}

#[test]
fn every_question_is_asked_in_either_language() {
    let files = conduct::definition::built_in("1.0").unwrap();
    let study = conduct::definition::load(&files).unwrap();
    for locale in ["en", "zh-Hans"] {
        let text = solid(&pages(locale, false, usize::MAX), QUESTIONS);
        let mut asked = 0;
        for form in &study.def().forms {
            for item in form.groups.iter().flat_map(|group| &group.items) {
                let question = if locale == "en" {
                    &item.question.en
                } else {
                    &item.question.zh
                };
                assert!(text.contains(&squeezed(question)), "{locale}: {question}");
                asked += 1;
            }
        }
        assert!(asked > 100);
        assert!(!text.contains("crf"), "{locale}");
        assert!(!text.contains("CONSENTDATE"), "identifiers only where asked for");
    }
}

#[test]
fn the_cover_shows_the_registration_as_it_is() {
    let text = solid(&pages("zh-Hans", false, 1), WHOLE);
    for said in [
        "Allogeneic CD19 CAR-T Cells for the Treatment of Relapsed/Refractory B-cell Acute Lymphoblastic Leukemia",
        "Relapse Leukemia; Refractory Leukemia",
        "CRR, complete remission rate",
        "from admission to the end of follow-up, up to 2 years",
    ] {
        assert!(text.contains(&squeezed(said)), "{said}");
    }
}

#[test]
fn annotated_it_names_identifiers_codes_and_conditions() {
    let text = solid(&pages("en", true, 2), WHOLE);
    for said in ["CONSENT.DATE", "CDASHDSSTDAT", "codeSEX", "DM.SEX==\"F\"", "annotated"] {
        assert!(text.contains(&squeezed(said)), "{said}");
    }
}

#[test]
fn the_same_forms_give_the_same_bytes() {
    assert_eq!(pages("en", true, 2), pages("en", true, 2));
}
