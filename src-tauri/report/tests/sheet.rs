//! Pages about the file and its people, read back by another program.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect"
)]

#[allow(dead_code, reason = "shared with the other pages' tests")]
mod common;

use common::{flat, fonts, moment, read, site, solid, study};
use conduct::renderings::{Cell, Renderings as _, SheetPage};
use report::Paper;

fn page(locale: &str, kind: &str, words: &[String], columns: &[&'static str], rows: &[Vec<Cell>]) -> Vec<u8> {
    let facts = [("file", "site.cartwright".to_owned()), ("check", "0a1b2c3d".to_owned())];
    let made = moment("2026-11-22T09:41:00.000Z");
    let made_page = SheetPage {
        kind,
        facts: &facts,
        words,
        columns,
        rows,
        study: &study(),
        site: &site(),
        locale,
        app: "0.1.0",
        made: &made,
        made_by: "Zhao Min 赵敏",
        checkpoint: (17, "ab".repeat(32)),
        synthetic: true,
    };
    Paper::new(&fonts()).unwrap().sheet(&made_page).unwrap()
}

fn words() -> Vec<String> {
    (1..=24).map(|n| format!("word{n:02}")).collect()
}

#[test]
fn the_key_sheet_has_its_words_in_order_on_one_page() {
    let pages = read(&page("en", "key_sheet", &words(), &[], &[]));
    let text = flat(&pages);
    assert_eq!(pages.len(), 1);
    for said in [
        "Key sheet",
        "site.cartwright",
        "0a1b2c3d",
        "Whoever holds this sheet and a copy of the file can read everything",
        "Sealed on",
        "CN-07 · Henan Cancer Hospital",
        "22 Nov 2026, 17:41:00 (UTC+08:00) · Zhao Min 赵敏",
    ] {
        assert!(text.contains(said), "{said:?} not in {text}");
    }
    let places: Vec<usize> = words().iter().map(|word| text.find(word).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
    let chinese = solid(&read(&page("zh-Hans", "key_sheet", &words(), &[], &[])));
    for said in ["密钥单", "装入信封密封", "密钥校验码"] {
        assert!(chinese.contains(said), "{said} not in {chinese}");
    }
    assert_eq!(
        page("en", "key_sheet", &words(), &[], &[]),
        page("en", "key_sheet", &words(), &[], &[])
    );
}

#[test]
fn the_access_report_says_roles_and_moments_in_words() {
    let columns = ["name", "role", "from", "to", "ended", "may"];
    let codes = |prefix, codes: &[&str]| Cell::Codes(prefix, codes.iter().map(|code| (*code).to_owned()).collect());
    let rows = vec![
        vec![
            Cell::Text("Li Na, RN #[x]".into()),
            codes("role_", &["nurse"]),
            Cell::When(moment("2026-03-02T01:00:00.000Z")),
            Cell::Empty,
            codes("ended_", &["disabled", "Zhao Min", "Left."]),
            codes("role_does_", &["nurse"]),
        ],
        vec![
            Cell::Text("Sun Yue, MD".into()),
            codes("role_", &["sub_investigator"]),
            Cell::Day("2026-03-02".into()),
            Cell::Day("2026-06-30".into()),
            Cell::Empty,
            codes("duty_", &["consent", "infusion"]),
        ],
    ];
    let text = flat(&read(&page("en", "access", &[], &columns, &rows)));
    for said in [
        "Who could do what",
        "Printed name Role From To Ended Could do",
        "Li Na, RN #[x]",
        "2 Mar 2026, 09:00:00 (UTC+08:00)",
        "disabled, Zhao Min, Left.",
        "Enters values, completes forms, answers queries",
        "30 Jun 2026",
        "Informed consent, Infusion",
    ] {
        assert!(text.contains(said), "{said:?} not in {text}");
    }
    let chinese = solid(&read(&page("zh-Hans", "delegations", &[], &columns, &rows)));
    for said in ["授权记录表", "助理研究者", "2026年6月30日", "知情同意、回输"] {
        assert!(chinese.contains(said), "{said} not in {chinese}");
    }
}
