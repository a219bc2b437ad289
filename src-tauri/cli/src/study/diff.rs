//! `study diff`: what an amendment changes, in words, and whom it touches.

use std::path::PathBuf;

use conduct::{
    acts,
    definition::{Change, Happened, Part, Said, Study, Touched, diff},
    requests::{OpenFile, Unlock},
    text::Text,
};
use serde_json::json;

use crate::{
    machine,
    out::{Out, Ran, Trouble},
    study::folder,
    words,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Before: a folder, or a built-in version.
    before: PathBuf,
    /// After.
    after: PathBuf,
    /// A site file, to count the subjects that are touched.
    #[arg(long, requires_all = ["user", "password_file"])]
    file: Option<PathBuf>,
    /// Log-in name.
    #[arg(long)]
    user: Option<String>,
    /// File whose first line is the password.
    #[arg(long)]
    password_file: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, out: &Out) -> Ran {
    let before = folder::study(Some(&args.before), out)?;
    let after = folder::study(Some(&args.after), out)?;
    let changes = diff::diff(&before, &after);
    let touched = touched(args, &before, &after, &changes)?;
    let name = |study: &Study| format!("{} {}", study.def().oid, study.def().version);
    out.tell(
        "diff_title",
        &[
            ("before", &name(&before)),
            ("after", &name(&after)),
            ("changes", &changes.len().to_string()),
        ],
    );
    let lines: Vec<String> = changes.iter().map(|change| said(change, out)).collect();
    for (no, line) in lines.iter().enumerate() {
        let count = touched.as_ref().and_then(|touched| touched.each.get(no));
        let count = count.map(|count| words::message(&out.lang, "diff_touches", &[("subjects", &count.to_string())]));
        out.say(&format!("- {line}{}", count.unwrap_or_default()));
    }
    if let Some(touched) = &touched {
        let facts = [
            ("subjects", touched.subjects.to_string()),
            ("any", touched.any.to_string()),
            ("verdicts", touched.verdicts.to_string()),
        ];
        let facts: Vec<(&str, &str)> = facts.iter().map(|(k, v)| (*k, v.as_str())).collect();
        out.tell("diff_touched", &facts);
    }
    let changes: Vec<_> = changes
        .iter()
        .zip(&lines)
        .enumerate()
        .map(|(no, (change, line))| {
            let subjects = touched.as_ref().and_then(|touched| touched.each.get(no));
            json!({ "change": change, "text": line, "subjects": subjects })
        })
        .collect();
    out.document(&json!({ "changes": changes, "touched": touched }));
    Ok(true)
}

fn touched(args: &Args, before: &Study, after: &Study, changes: &[Change]) -> Result<Option<Touched>, Trouble> {
    let (Some(file), Some(user), Some(password)) = (&args.file, &args.user, &args.password_file) else {
        return Ok(None);
    };
    let mut desk = machine::desk(Box::new(machine::Here), &machine::app_data().join("devices"))?;
    let handle = desk.choose(machine::absolute(file)?);
    acts::open_file(&mut desk, OpenFile { handle })?;
    let password = machine::password_in(password)?;
    let login = user.clone();
    acts::unlock(&mut desk, Unlock { login, password })?;
    let touched = desk.touched(before, after, changes);
    desk.put_away_now();
    Ok(Some(touched?))
}

/// One change in a sentence.
fn said(change: &Change, out: &Out) -> String {
    let word = |key: &str, facts: &[(&str, &str)]| words::message(&out.lang, key, facts);
    let part = match change.part {
        Part::Study => "study",
        Part::Registration => "registration",
        Part::Landmark => "landmark",
        Part::Visit => "visit",
        Part::Register => "register",
        Part::Form => "form",
        Part::Group => "group",
        Part::Item => "item",
        Part::Codelist => "codelist",
        Part::Code => "code",
        Part::Unit => "unit",
        Part::Decision => "decision",
        Part::Confirmed => "confirmed",
        Part::Criterion => "criterion",
        Part::Check => "check",
        Part::Reason => "reason",
        Part::Statement => "statement",
    };
    let part = word(&format!("diff_part_{part}"), &[]);
    let name = side(&change.name, out);
    // Texts of checks and criteria are whole paragraphs: their identifier says enough.
    let name = match change.part {
        Part::Check | Part::Criterion | Part::Statement | Part::Study | Part::Registration | Part::Landmark => "",
        Part::Visit
        | Part::Register
        | Part::Form
        | Part::Group
        | Part::Item
        | Part::Codelist
        | Part::Code
        | Part::Unit
        | Part::Decision
        | Part::Confirmed
        | Part::Reason => name,
    };
    let named = if name.is_empty() || name == change.oid {
        format!("{part} {}", change.oid)
    } else {
        word("diff_named", &[("part", &part), ("oid", &change.oid), ("name", name)])
    };
    let named = named.trim_end();
    match &change.happened {
        Happened::Added => word("diff_added", &[("what", named)]),
        Happened::Retired => word("diff_retired", &[("what", named)]),
        Happened::Changed { aspect, from, to } => {
            let key = format!("diff_aspect_{aspect}");
            let aspect = words::find(&out.lang, &key).unwrap_or_else(|| aspect.clone());
            let facts = [
                ("what", named),
                ("aspect", &aspect),
                ("from", &value(from, out)),
                ("to", &value(to, out)),
            ];
            word("diff_changed", &facts)
        }
    }
}

fn side<'t>(text: &'t Text, out: &Out) -> &'t str {
    if out.lang == "zh-Hans" { &text.zh } else { &text.en }
}

fn value(said: &Said, out: &Out) -> String {
    match said {
        Said::Nothing => "–".to_owned(),
        Said::Text(text) => {
            // A change in the other language only would read as none.
            let (one, other) = if out.lang == "zh-Hans" {
                (&text.zh, &text.en)
            } else {
                (&text.en, &text.zh)
            };
            format!("“{one}” ({other})")
        }
        Said::Plain(text) => text.clone(),
        Said::Word(word) => words::message(&out.lang, &format!("diff_word_{word}"), &[]),
    }
}
