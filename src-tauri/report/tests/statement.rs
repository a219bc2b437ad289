//! The eligibility statement, read back by another program.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect"
)]

mod common;

use std::path::Path;

use common::{HEAD, confirmed, eligibility, flat, fonts, read, render, solid, study};
use conduct::{act::Role, text::Text};
use conduct::{
    renderings::RenderFault,
    views::{FromItemView, JudgedView},
};
use report::Paper;

fn paper() -> Paper {
    Paper::new(&fonts()).unwrap()
}

#[test]
fn the_english_page_says_everything() {
    let mut view = eligibility("ineligible");
    view.confirmed = vec![confirmed()];
    let pages = read(&render(&paper(), &view, &study(), "en"));
    let text = flat(&pages);
    for said in [
        "Eligibility statement",
        "Not eligible",
        "S-001 cannot be enrolled on the values recorded when this page was made. Deciding: I10, E8.",
        "Treatment is decided by the physician and the protocol.",
        "CN-07 · Henan Cancer Hospital",
        "22 Nov 2026, 17:41:00 (UTC+08:00)",
        "38 < 40 %",
        "92.4 > 30 mL/min",
        "HBsAg: positive",
        "source text not seen: confirm before use",
        "Serum creatinine: 88 µmol/L",
        "Missing: Total bilirubin, AST (aspartate aminotransferase)",
        "Judged by 王 芳 (Wang Fang), 20 Nov 2026, 09:12:05 (UTC+08:00)",
        "Ward chart, page 14",
        "Decision D-08",
        "Source: NCT04516551 [S]",
        "Screening · Laboratory",
        "LVEF at least 40 %",
        "I have reviewed every criterion and the source behind it",
        "Printed name Dr. Li Ming 李明",
        "Date and time 22 Nov 2026, 14:03:22 (UTC+08:00)",
        "Meaning I have reviewed every criterion and confirm the verdict.",
        "g-0123456789abcdef",
        "The signature verifies under this person’s key.",
    ] {
        assert!(text.contains(said), "{said:?} not in {text}");
    }
    for criterion in &view.criteria {
        assert!(text.split(' ').any(|word| word == criterion.id), "{}", criterion.id);
    }
    for absent in ["Not yet confirmed", "never printed"] {
        assert!(!text.contains(absent), "{absent:?}");
    }
}

#[test]
fn the_chinese_page_says_everything() {
    let mut view = eligibility("ineligible");
    view.confirmed = vec![confirmed()];
    let pages = read(&render(&paper(), &view, &study(), "zh-Hans"));
    let text = solid(&pages);
    for said in [
        "入组资格声明",
        "不符合入组条件",
        "受试者S-001不能入组。决定性标准：I10、E8。",
        "治疗由医师依据研究方案决定。",
        "2026年11月22日17:41:00（UTC+08:00）",
        "38<40%",
        "血清肌酐：88µmol/L",
        "缺少：总胆红素、AST（天门冬氨酸氨基转移酶）",
        "由王芳(WangFang)判断，2026年11月20日09:12:05（UTC+08:00）",
        "筛选·实验室检查",
        "本人已逐条审阅各项入排标准及其原始依据，确认上述关于该受试者的结论。",
        "签名人姓名Dr.LiMing李明",
        "签名经该人员的密钥核验有效。",
    ] {
        assert!(text.contains(said), "{said:?} not in {text}");
    }
    assert!(!text.contains("report_"), "{text}");
}

#[test]
fn every_page_tells_whose_it_is_and_where_it_comes_from() {
    let pages = read(&render(&paper(), &eligibility("pending"), &study(), "en"));
    assert!(pages.len() > 1, "{}", pages.len());
    for (number, page) in pages.iter().enumerate() {
        let text = flat(std::slice::from_ref(page));
        let place = format!("Page {} of {}", number + 1, pages.len());
        for said in [
            "S-001",
            "CN-07",
            "Synthetic data. No such person exists.",
            "Journal entry 1284",
            HEAD,
            &place,
        ] {
            assert!(text.contains(said), "{said:?} not on page {}: {text}", number + 1);
        }
    }
}

#[test]
fn each_verdict_has_its_sentence() {
    for (verdict, said) in [
        (
            "eligible",
            "S-001 meets every inclusion criterion, and no exclusion criterion applies",
        ),
        (
            "pending",
            "Nothing recorded so far rules S-001 out, but it cannot be decided yet. Open: I9, E10.",
        ),
    ] {
        let text = flat(&read(&render(&paper(), &eligibility(verdict), &study(), "en")));
        assert!(text.contains(said), "{said:?} not in {text}");
        assert!(
            text.contains("Not yet confirmed No investigator has signed this statement."),
            "{text}"
        );
    }
}

#[test]
fn an_exclusion_says_absent_or_present() {
    let mut view = eligibility("eligible");
    view.criteria
        .retain(|criterion| criterion.id.starts_with('E') && criterion.result != "not_evaluable");
    let text = flat(&read(&render(&paper(), &view, &study(), "en")));
    assert!(
        text.contains("Met: absent") && text.contains("Not met: present"),
        "{text}"
    );
    let bare = text.split(' ').any(|word| word == "Met" || word == "met");
    assert!(!bare, "{text}");
}

#[test]
fn a_signature_that_no_longer_stands_says_so() {
    let mut view = eligibility("ineligible");
    let mut broken = confirmed();
    broken.signature.valid = false;
    broken.signature.role = Role::SubInvestigator;
    broken.signature.changed = vec![("S-001/SCR/LB/LB.MAIN/LB.CREAT".into(), 1, 3)];
    broken.differs_now = true;
    view.confirmed = vec![broken, confirmed()];
    let text = flat(&read(&render(&paper(), &view, &study(), "en")));
    for said in [
        "THE SIGNATURE DOES NOT VERIFY",
        "Today’s verdict is another, or rests on other values",
        "S-001/SCR/LB/LB.MAIN/LB.CREAT: version 1 signed, now 3",
    ] {
        assert!(text.contains(said), "{said:?} not in {text}");
    }
}

#[test]
fn the_same_page_gives_the_same_bytes() {
    let view = eligibility("pending");
    for locale in ["en", "zh-Hans"] {
        let first = render(&paper(), &view, &study(), locale);
        assert!(first == render(&paper(), &view, &study(), locale), "{locale}");
        assert!(first.starts_with(b"%PDF-1.7"), "{locale}");
    }
    assert!(render(&paper(), &view, &study(), "en") != render(&paper(), &eligibility("eligible"), &study(), "en"));
}

#[test]
fn what_a_person_typed_is_never_markup() {
    let typed = "#panic(\"x\") *bold* $x^2$ <label> @ref \\ // #read(\"/etc/passwd\") {what} {value}";
    let mut view = eligibility("pending");
    view.criteria[0].judged = Some(JudgedView {
        by: typed.into(),
        when: common::moment("no moment"),
        source: None,
    });
    let text = solid(&read(&render(&paper(), &view, &study(), "en")));
    let expected: String = typed.split_whitespace().collect();
    assert!(text.contains(&expected), "{text}");
}

#[test]
fn a_character_without_a_glyph_is_printed_as_its_number() {
    let mut view = eligibility("pending");
    let typed = "😀 𠮷 ⁹ é e\u{301} 中\u{301} \u{202e}abc \u{e000}";
    view.criteria[0].judged = Some(JudgedView {
        by: typed.into(),
        when: common::moment(""),
        source: None,
    });
    for locale in ["en", "zh-Hans"] {
        let text = solid(&read(&render(&paper(), &view, &study(), locale)));
        for said in ["[U+1F600]", "[U+20BB7]", "⁹", "中[U+0301]", "[U+202E]abc", "[U+E000]"] {
            assert!(text.contains(said), "{said:?} not in {text}");
        }
        let note = if locale == "en" {
            "isprintedasitsnumber"
        } else {
            "以其编码代替"
        };
        assert!(text.contains(note), "{text}");
    }
}

#[test]
fn no_character_of_the_basic_plane_stops_the_page() {
    // Whole where the fonts have most of it and people type it; elsewhere a character of every kind.
    let whole = |code: u32| {
        [
            0..0x530,
            0x1E00..0x2000,
            0x2010..0x2030,
            0x2070..0x2300,
            0x3000..0x3100,
            0xFE00..0x10000,
        ]
        .iter()
        .any(|range: &std::ops::Range<u32>| range.contains(&code))
    };
    let every: Vec<char> = (0..=0xFFFF)
        .filter(|code| whole(*code) || code % 37 == 0)
        .filter_map(char::from_u32)
        .collect();
    let path: conduct::path::ItemPath = "S-001/SCR/LB/LB.MAIN/LB.CREAT".parse().unwrap();
    for locale in ["en", "zh-Hans"] {
        let mut view = eligibility("pending");
        let lines = every.chunks(160).map(|line| FromItemView {
            path: path.clone(),
            shown: line.iter().collect(),
        });
        view.criteria[0].from = lines.collect();
        let clusters = "a\u{300}中\u{20d0}か\u{3099}👩\u{200d}🔬".repeat(10);
        view.criteria[7].from = vec![FromItemView {
            path: path.clone(),
            shown: clusters,
        }];
        assert!(render(&paper(), &view, &study(), locale).len() > 10_000, "{locale}");
    }
}

#[test]
fn forty_long_criteria_run_over_pages_and_lose_nothing() {
    let (mut view, mut def) = (eligibility("pending"), study());
    let (one_view, one_def) = (view.criteria[0].clone(), def.criteria[0].clone());
    view.criteria.clear();
    def.criteria.clear();
    for number in 1..=40 {
        let id = format!("I{number}");
        let mut criterion = one_view.clone();
        criterion.id = id.clone();
        let source = format!(
            "{} end{number}",
            "Discharge letter, second paragraph. ".repeat(number * 4)
        );
        criterion.judged = criterion.judged.map(|judged| JudgedView {
            source: Some(source),
            ..judged
        });
        view.criteria.push(criterion);
        let mut criterion = one_def.clone();
        criterion.id = id;
        criterion.text = Text {
            en: "A criterion that needs many words. ".repeat(6),
            zh: String::new(),
        };
        def.criteria.push(criterion);
    }
    view.criteria[0].judged.as_mut().unwrap().by = "W".repeat(300);
    let pages = read(&render(&paper(), &view, &def, "en"));
    assert!(pages.len() > 8, "{}", pages.len());
    let text = flat(&pages);
    for number in 1..=40 {
        assert!(text.split(' ').any(|word| word == format!("I{number}")), "I{number}");
        assert!(text.contains(&format!("end{number}")), "end{number}");
    }
    assert!(solid(&pages).contains(&"W".repeat(300)), "the long name is cut");
    let repeated = pages
        .iter()
        .filter(|page| page.contains("Inclusion criteria: each must be met"))
        .count();
    assert!(repeated > 5, "{repeated}");
}

#[test]
fn without_fonts_it_says_which_are_absent() {
    let empty = tempfile::tempdir().unwrap();
    std::fs::write(empty.path().join("Inter_700Bold.ttf"), b"").unwrap();
    let fault = Paper::new(empty.path()).unwrap_err();
    let RenderFault::NoFonts(what) = &fault else {
        panic!("{fault}")
    };
    assert!(
        what.contains("NotoSansSC_400Regular.ttf") && !what.contains("Inter_700Bold.ttf"),
        "{what}"
    );
    assert!(Paper::new(Path::new("/nowhere")).is_err());
}

#[test]
fn a_flat_folder_of_fonts_is_found_too_and_a_broken_font_is_told() {
    let flat = tempfile::tempdir().unwrap();
    let deep = flat.path().join("resources/type");
    std::fs::create_dir_all(&deep).unwrap();
    for name in [
        "Inter_400Regular.ttf",
        "Inter_700Bold.ttf",
        "NotoSansSC_400Regular.ttf",
        "NotoSansSC_700Bold.ttf",
    ] {
        std::fs::write(deep.join(name), b"not a font").unwrap();
    }
    let paper = Paper::new(flat.path()).unwrap();
    let (view, def, site, made) = (eligibility("pending"), study(), common::site(), common::moment(""));
    let page = conduct::renderings::StatementPage {
        eligibility: &view,
        study: &def,
        site: &site,
        locale: "en",
        app: "0",
        made: &made,
        made_by: "",
        checkpoint: (0, String::new()),
        synthetic: false,
    };
    let fault = conduct::renderings::Renderings::eligibility_statement(&paper, &page).unwrap_err();
    assert!(fault.to_string().contains("not a font"), "{fault}");
}
