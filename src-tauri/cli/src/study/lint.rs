//! `study lint`: everything that is wrong with a definition, as a compiler says it.

use std::path::PathBuf;

use conduct::definition::{self, Files, Linted, Text, Unconfirmed, Wrong, framed};
use serde_json::json;

use crate::{
    out::{Out, Ran},
    study::folder,
    words,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Also asks that every rule and decision is confirmed that must be before a release.
    #[arg(long)]
    release: bool,
    /// Folder of `*.toml` files, or a built-in version.
    dir: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, out: &Out) -> Ran {
    let files = folder::files(args.dir.as_ref())?;
    let linted = definition::lint(&files);
    for problem in &linted.problems {
        out.say(&sentence(problem, &files, out));
    }
    count(&linted, out);
    if args.release && linted.problems.is_empty() {
        open(&linted.unconfirmed, out);
    }
    let problems: Vec<_> = linted
        .problems
        .iter()
        .map(|problem| {
            json!({
                "code": problem.code, "file": problem.file, "line": problem.line, "column": problem.column,
                "facts": problem.facts.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
                "text": sentence(problem, &files, out),
            })
        })
        .collect();
    out.document(&json!({
        "problems": problems, "forms": linted.forms, "items": linted.items, "checks": linted.checks,
        "unconfirmed": linted.unconfirmed,
    }));
    let ready = !args.release || linted.unconfirmed.is_empty();
    Ok(linted.problems.is_empty() && ready)
}

/// What somebody still has to confirm, each in one line, and how many there are.
fn open(unconfirmed: &[Unconfirmed], out: &Out) {
    for open in unconfirmed {
        out.say(&line(open, out));
    }
    let rules = unconfirmed.iter().filter(|open| open.decision.is_none()).count();
    let decisions = unconfirmed.len() - rules;
    out.tell(
        "cli_unconfirmed",
        &[("rules", &rules.to_string()), ("decisions", &decisions.to_string())],
    );
}

/// One rule or decision in words, and the source that it follows.
fn line(open: &Unconfirmed, out: &Out) -> String {
    let words = match &open.decision {
        None => words::message(&out.lang, &format!("rule_{}", open.code), &[]),
        Some((text, default)) => {
            let of = |text: &Text| {
                if out.lang == "zh-Hans" {
                    text.zh.clone()
                } else {
                    text.en.clone()
                }
            };
            words::message(
                &out.lang,
                "cli_unconfirmed_decision",
                &[("decision", &of(text)), ("default", &of(default))],
            )
        }
    };
    format!("{:<16} {words} ({})", open.code, open.source)
}

/// A problem with its place, in the language asked for.
pub(crate) fn sentence(problem: &Wrong, files: &Files, out: &Out) -> String {
    let source = files.iter().find(|(path, _)| *path == problem.file);
    let source = source.map_or("", |(_, text)| text.as_str());
    let facts: Vec<(&str, &str)> = problem.facts.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let error = words::message(&out.lang, "cli_error", &[]);
    let said = words::message(&out.lang, &format!("lint_{}", problem.code.word()), &facts);
    framed(problem, source, &error, &said)
}

/// How many there are, and in what.
pub(crate) fn count(linted: &Linted, out: &Out) {
    let problems = linted.problems.len().to_string();
    if linted.problems.is_empty() {
        let facts = [
            ("problems", problems.as_str()),
            ("forms", &linted.forms.to_string()),
            ("items", &linted.items.to_string()),
            ("checks", &linted.checks.to_string()),
        ];
        out.tell("cli_lint", &facts);
    } else {
        out.tell("cli_lint_problems", &[("problems", &problems)]);
    }
}
