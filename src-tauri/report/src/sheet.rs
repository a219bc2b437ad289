//! The contents of a page about the file or its people, in words, ready to be set.

use conduct::renderings::{Cell, SheetPage};
use serde::Serialize;

use crate::{moment, words::Words};

/// Everything on the page.
#[derive(Serialize)]
pub(crate) struct Content {
    /// `en` or `zh`.
    lang: &'static str,
    kind: String,
    title: String,
    text: String,
    study_name: String,
    study: String,
    site_code: String,
    facts: Vec<(String, String)>,
    words: Vec<String>,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
    /// Lines to fill in by hand: who sealed it, where it lies, when it was opened.
    by_hand: Vec<String>,
    synthetic: Option<String>,
    journal: String,
    head: String,
    app: String,
    page: String,
    author: String,
}

/// The page in the words of its language.
pub(crate) fn content(page: &SheetPage<'_>, words: &Words) -> Content {
    let own = |suffix: &str| words.say(&format!("paper_{}{suffix}", page.kind));
    let mut facts = vec![
        (
            words.say("report_site"),
            format!("{} · {}", page.site.site, page.site.name),
        ),
        (
            words.say("report_made"),
            format!("{} · {}", moment::shown(page.made, words), page.made_by),
        ),
    ];
    let more = page.facts.iter();
    facts.extend(more.map(|(code, fact)| (words.say(&format!("paper_fact_{code}")), fact.clone())));
    let by_hand = ["paper_sealed", "paper_kept_at", "paper_opened"];
    let by_hand = by_hand.iter().filter(|_| !page.words.is_empty());
    Content {
        lang: if words.chinese() { "zh" } else { "en" },
        kind: page.kind.to_owned(),
        title: own(""),
        text: own("_text"),
        study_name: words.text(&page.study.name).to_owned(),
        study: format!("{} {}", page.site.study, page.site.version),
        site_code: page.site.site.clone(),
        facts,
        words: page.words.to_vec(),
        columns: page
            .columns
            .iter()
            .map(|code| words.say(&format!("paper_column_{code}")))
            .collect(),
        rows: page
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| said(cell, words)).collect())
            .collect(),
        by_hand: by_hand.map(|key| words.say(key)).collect(),
        synthetic: page.synthetic.then(|| words.say("report_synthetic")),
        journal: words.say_with("report_journal", &[("number", &page.checkpoint.0.to_string())]),
        head: format!("{} {}", words.say("report_head"), page.checkpoint.1),
        app: words.say_with("report_app", &[("version", page.app)]),
        page: words.say("report_page"),
        author: page.made_by.to_owned(),
    }
}

fn said(cell: &Cell, words: &Words) -> String {
    match cell {
        Cell::Empty => "–".to_owned(),
        Cell::Text(text) => text.clone(),
        Cell::Codes(prefix, codes) => {
            let all: Vec<String> = codes.iter().map(|code| words.code(prefix, code)).collect();
            words.list(&all)
        }
        Cell::When(when) => moment::shown(when, words),
        Cell::Day(day) => day
            .parse()
            .map_or_else(|_| day.clone(), |date| moment::date(date, words)),
    }
}
