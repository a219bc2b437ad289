//! The contents of the eligibility statement, in words, ready to be set.

use std::collections::BTreeMap;

use conduct::{renderings::StatementPage, views::CriterionView};
use serde::Serialize;

use crate::{
    criterion::{self, Line},
    moment, names,
    signature::{self, Block},
    words::Words,
};

/// Words that the layout places by itself.
const LABELS: [&str; 37] = [
    "report_title",
    "report_study",
    "report_site",
    "report_subject",
    "report_made",
    "report_synthetic",
    "report_physician",
    "report_count_pass",
    "report_count_fail",
    "report_count_open",
    "report_count_all",
    "report_criteria",
    "report_number",
    "report_criterion",
    "report_result",
    "report_why",
    "report_note",
    "report_values",
    "report_lacks",
    "report_decision",
    "report_source",
    "report_missing",
    "report_missing_none",
    "report_missing_item",
    "report_missing_where",
    "report_missing_for",
    "report_decisions",
    "report_decision_what",
    "report_decision_default",
    "report_confirmation",
    "report_statement",
    "report_unconfirmed",
    "report_unconfirmed_plain",
    "report_signature",
    "report_signature_verdict",
    "report_signature_changed",
    "report_page",
];

/// Everything on the page.
#[derive(Serialize)]
pub(crate) struct Statement {
    /// `en` or `zh`.
    lang: &'static str,
    labels: BTreeMap<&'static str, String>,
    study_name: String,
    study: String,
    site_code: String,
    site: String,
    subject: String,
    made: String,
    made_by: String,
    synthetic: bool,
    /// `eligible`, `ineligible`, `pending`.
    verdict: String,
    verdict_word: String,
    verdict_plain: String,
    count: Count,
    groups: Vec<Group>,
    missing: Vec<Missing>,
    decisions: Vec<Decision>,
    statement: String,
    confirmed: Vec<Block>,
    journal: String,
    head: String,
    app: String,
}

#[derive(Serialize)]
struct Count {
    pass: usize,
    fail: usize,
    open: usize,
    all: usize,
}

#[derive(Serialize)]
struct Group {
    title: String,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Missing {
    item: String,
    place: String,
    criteria: String,
}

#[derive(Serialize)]
struct Decision {
    id: String,
    what: String,
    default: String,
    source: String,
}

/// The page in the words of its language.
pub(crate) fn statement(page: &StatementPage<'_>, words: &Words) -> Statement {
    let eligibility = page.eligibility;
    let lines = eligibility
        .criteria
        .iter()
        .map(|view| criterion::line(page, view, words));
    let (excluding, including): (Vec<Line>, Vec<Line>) = lines.partition(|line| criterion::excludes(&line.id));
    let count = |mark: &str| {
        including
            .iter()
            .chain(&excluding)
            .filter(|line| line.mark == mark)
            .count()
    };
    let count = Count {
        pass: count("pass"),
        fail: count("fail"),
        open: count("open"),
        all: including.len() + excluding.len(),
    };
    let groups = [("elig_inclusion", including), ("elig_exclusion", excluding)];
    let groups = groups.into_iter().filter(|(_, lines)| !lines.is_empty());
    let text_of_statement = page
        .study
        .statements
        .iter()
        .find(|text| text.code == eligibility.statement);
    let (number, head) = &page.checkpoint;
    Statement {
        lang: if words.chinese() { "zh" } else { "en" },
        labels: LABELS.iter().map(|key| (*key, words.say(key))).collect(),
        study_name: words.text(&page.study.name).to_owned(),
        study: format!("{} {}", page.site.study, page.site.version),
        site_code: page.site.site.clone(),
        site: format!("{} · {}", page.site.site, page.site.name),
        subject: eligibility.subject.clone(),
        made: moment::shown(page.made, words),
        made_by: page.made_by.to_owned(),
        synthetic: page.synthetic,
        verdict: eligibility.verdict.clone(),
        verdict_word: signature::verdict(&eligibility.verdict, words),
        verdict_plain: plain(page, words),
        count,
        groups: groups
            .map(|(key, lines)| Group {
                title: words.say(key),
                lines,
            })
            .collect(),
        missing: missing(page, words),
        decisions: decisions(page, words),
        statement: text_of_statement.map_or_else(
            || eligibility.statement.clone(),
            |text| words.text(&text.text).to_owned(),
        ),
        confirmed: eligibility
            .confirmed
            .iter()
            .map(|view| signature::block(view, words))
            .collect(),
        journal: words.say_with("report_journal", &[("number", &number.to_string())]),
        head: format!("{} {head}", words.say("report_head")),
        app: words.say_with("report_app", &[("version", page.app)]),
    }
}

/// The verdict in a sentence, with the criteria that it hangs on.
fn plain(page: &StatementPage<'_>, words: &Words) -> String {
    let (key, result) = match page.eligibility.verdict.as_str() {
        "eligible" => ("report_eligible_plain", ""),
        "ineligible" => ("report_ineligible_plain", "fail"),
        "pending" => ("report_pending_plain", "not_evaluable"),
        _ => return String::new(),
    };
    let all = page.eligibility.criteria.iter();
    let hangs_on: Vec<String> = all
        .filter(|view| view.result == result)
        .map(|view| view.id.clone())
        .collect();
    let facts = [
        ("subject", page.eligibility.subject.as_str()),
        ("criteria", &words.list(&hangs_on)),
    ];
    words.say_with(key, &facts)
}

fn missing(page: &StatementPage<'_>, words: &Words) -> Vec<Missing> {
    let all = page.eligibility.missing.iter().map(|view| Missing {
        item: names::item(page.study, &view.path, words),
        place: names::place(page.study, &view.path.form, words),
        criteria: words.list(&view.criteria),
    });
    all.collect()
}

/// Every decision that a criterion on the page rests on, in words.
fn decisions(page: &StatementPage<'_>, words: &Words) -> Vec<Decision> {
    let def_of = |view: &CriterionView| page.study.criteria.iter().find(|def| def.id == view.id);
    let mut used: Vec<String> = page
        .eligibility
        .criteria
        .iter()
        .flat_map(|view| criterion::decisions(view, def_of(view)))
        .collect();
    used.sort();
    used.dedup();
    let defs = page.study.decisions.iter().filter(|def| used.contains(&def.id));
    let all = defs.map(|def| Decision {
        id: def.id.clone(),
        what: words.text(&def.text).to_owned(),
        default: words.text(&def.default).to_owned(),
        source: def.source.clone(),
    });
    all.collect()
}
