//! `study`: the definition, linted.

use std::path::{Path, PathBuf};

use conduct::definition::{self, Linted};

use crate::out::{Out, Ran, Trouble};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// All problems of a definition, with positions; the built-in one without a folder.
    Lint {
        /// Folder of `*.toml` files.
        dir: Option<PathBuf>,
    },
}

pub(crate) fn run(args: &Args, out: &Out) -> Ran {
    let Command::Lint { dir } = &args.command;
    let linted = match dir {
        None => definition::lint_built_in(),
        Some(dir) => definition::lint(&files_in(dir)?),
    };
    tell(&linted, out);
    Ok(linted.problems.is_empty())
}

fn tell(linted: &Linted, out: &Out) {
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
    out.document(linted);
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
