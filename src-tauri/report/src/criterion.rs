//! One line of the table of criteria.

use conduct::{def::CriterionDef, path::ItemPath};
use conduct::{renderings::StatementPage, views::CriterionView};
use serde::Serialize;

use crate::{moment, names, reason, words::Words};

/// Characters in one line of the table above which it may go on over the page; shorter ones stay whole.
const LONG: usize = 1400;

/// A criterion as printed.
#[derive(Serialize)]
pub(crate) struct Line {
    /// `I8`.
    pub(crate) id: String,
    /// In words.
    text: String,
    /// `pass`, `fail`, `open`: colour and sign.
    pub(crate) mark: &'static str,
    /// The result in words.
    result: String,
    /// What it rests on.
    reasons: Vec<String>,
    /// What to know besides.
    warnings: Vec<String>,
    /// Values it came from.
    values: Vec<String>,
    /// What it lacks.
    lacks: Option<String>,
    /// Who judged it, when, and on what; empty where it was computed.
    by: Vec<String>,
    /// Says that it was computed.
    computed: Option<String>,
    /// Decisions in force, `D-07, D-10`.
    decisions: Option<String>,
    /// Limits that are the project's own until confirmed.
    defaults: Vec<String>,
    /// Citation.
    source: Option<String>,
    /// May be broken over two pages.
    long: bool,
}

/// Whether a criterion excludes: its number begins with `E`.
pub(crate) fn excludes(id: &str) -> bool {
    id.starts_with('E')
}

/// The sponsor's decisions that a criterion rests on, in order, each once.
pub(crate) fn decisions(view: &CriterionView, def: Option<&CriterionDef>) -> Vec<String> {
    let stated = def.and_then(|def| def.decision.as_ref());
    let used = view
        .reasons
        .iter()
        .chain(&view.warnings)
        .filter_map(|reason| reason.decision.as_ref());
    let mut all: Vec<String> = stated.into_iter().chain(used).cloned().collect();
    all.sort();
    all.dedup();
    all
}

/// The line of one criterion.
pub(crate) fn line(page: &StatementPage<'_>, view: &CriterionView, words: &Words) -> Line {
    let def = page.study.criteria.iter().find(|def| def.id == view.id);
    let (mark, result) = result(view, words);
    let decisions = decisions(view, def);
    let mut line = Line {
        id: view.id.clone(),
        text: def.map_or_else(|| view.id.clone(), |def| words.text(&def.text).to_owned()),
        mark,
        result,
        reasons: view
            .reasons
            .iter()
            .map(|reason| reason::phrase(page.study, reason, words))
            .collect(),
        warnings: view
            .warnings
            .iter()
            .map(|reason| reason::phrase(page.study, reason, words))
            .collect(),
        values: values(page, view, words),
        lacks: lacks(page, &view.missing, words),
        by: by(view, words),
        computed: (view.by == "computed" && view.judged.is_none()).then(|| words.say("report_computed")),
        defaults: reason::project_defaults(&view.reasons, words),
        decisions: (!decisions.is_empty()).then(|| words.list(&decisions)),
        source: def
            .map(|def| def.source.clone())
            .filter(|source| !source.is_empty())
            .or_else(|| cited(view, words)),
        long: false,
    };
    let parts = line
        .reasons
        .iter()
        .chain(&line.warnings)
        .chain(&line.values)
        .chain(&line.by)
        .chain(&line.lacks);
    line.long = parts.map(|part| part.chars().count()).sum::<usize>() > LONG;
    line
}

/// "Met" alone would be read the wrong way round for an exclusion, so there it says absent or present besides.
fn result(view: &CriterionView, words: &Words) -> (&'static str, String) {
    match (view.result.as_str(), excludes(&view.id)) {
        ("pass", false) => ("pass", words.say("elig_met")),
        ("pass", true) => ("pass", words.say("elig_absent")),
        ("fail", false) => ("fail", words.say("elig_not_met")),
        ("fail", true) => ("fail", words.say("elig_present")),
        ("not_evaluable", _) => ("open", words.say("elig_cannot_say")),
        (unknown, _) => ("open", unknown.to_owned()),
    }
}

fn values(page: &StatementPage<'_>, view: &CriterionView, words: &Words) -> Vec<String> {
    let shown = view.from.iter().map(|from| {
        let what = names::item(page.study, &from.path, words);
        words.say_with("reason_statement", &[("what", &what), ("value", &from.shown)])
    });
    shown.collect()
}

fn lacks(page: &StatementPage<'_>, missing: &[ItemPath], words: &Words) -> Option<String> {
    let names: Vec<String> = missing
        .iter()
        .map(|path| names::item(page.study, path, words))
        .collect();
    (!names.is_empty()).then(|| words.list(&names))
}

fn by(view: &CriterionView, words: &Words) -> Vec<String> {
    match (view.by.as_str(), &view.judged) {
        (_, Some(judged)) => {
            let when = moment::shown(&judged.when, words);
            let who = words.say_with("report_judged", &[("name", &judged.by), ("when", &when)]);
            let source = judged.source.as_deref();
            let source = source.map(|source| words.say_with("report_in_source", &[("source", source)]));
            [Some(who), source].into_iter().flatten().collect()
        }
        ("judged", None) => vec![words.say("report_judged_nobody")],
        ("computed", None) => Vec::new(),
        (unknown, None) => vec![unknown.to_owned()],
    }
}

/// Citations of the reasons, where the study gives none.
fn cited(view: &CriterionView, words: &Words) -> Option<String> {
    let mut sources: Vec<String> = Vec::new();
    for reason in &view.reasons {
        let source = format!("{} [{}]", reason.source, reason.evidence);
        if !reason.source.is_empty() && !sources.contains(&source) {
            sources.push(source);
        }
    }
    (!sources.is_empty()).then(|| words.list(&sources))
}
