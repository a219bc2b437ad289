//! `study`: the definition, linted.

use std::path::{Path, PathBuf};

use conduct::definition::{self, Linted, Text, Unconfirmed};

use crate::{
    out::{Out, Ran, Trouble},
    words,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// All problems of a definition, with positions; the built-in one without a folder.
    Lint {
        /// Also asks that every rule and decision is confirmed that must be before a release.
        #[arg(long)]
        release: bool,
        /// Folder of `*.toml` files.
        dir: Option<PathBuf>,
    },
}

pub(crate) fn run(args: &Args, out: &Out) -> Ran {
    let Command::Lint { release, dir } = &args.command;
    let linted = match dir {
        None => definition::lint_built_in(),
        Some(dir) => definition::lint(&files_in(dir)?),
    };
    let ready = !release || linted.unconfirmed.is_empty();
    tell(&linted, *release, out);
    Ok(linted.problems.is_empty() && ready)
}

fn tell(linted: &Linted, release: bool, out: &Out) {
    for problem in &linted.problems {
        out.say(problem);
    }
    out.tell(
        "cli_lint",
        &[
            ("problems", &linted.problems.len().to_string()),
            ("forms", &linted.forms.to_string()),
            ("items", &linted.items.to_string()),
            ("checks", &linted.checks.to_string()),
        ],
    );
    if release && linted.problems.is_empty() {
        for open in &linted.unconfirmed {
            out.say(&line(open, out));
        }
        let rules = linted.unconfirmed.iter().filter(|open| open.decision.is_none()).count();
        let decisions = linted.unconfirmed.len() - rules;
        out.tell(
            "cli_unconfirmed",
            &[("rules", &rules.to_string()), ("decisions", &decisions.to_string())],
        );
    }
    out.document(linted);
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

/// Every `*.toml` below a folder, by its path there.
fn files_in(dir: &Path) -> Result<Vec<(String, String)>, Trouble> {
    let failed = |path: &Path, e| Trouble::File(path.display().to_string(), e);
    let mut files = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(|e| failed(&folder, e))? {
            let path = entry.map_err(|e| failed(&folder, e))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                let text = std::fs::read_to_string(&path).map_err(|e| failed(&path, e))?;
                files.push((
                    path.strip_prefix(dir).unwrap_or(&path).to_string_lossy().into_owned(),
                    text,
                ));
            }
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Trouble::Words(format!("{}: no *.toml files", dir.display())));
    }
    Ok(files)
}
