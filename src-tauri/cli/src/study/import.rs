//! `study import-odm`: a definition from other people's metadata, and what was made of it.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use conduct::definition::{
    self, Files,
    odm::import::{
        Imported, Language, Options, Unreadable, import,
        report::{Chosen, Note, Report},
    },
};
use serde_json::json;

use crate::{
    out::{Out, Ran, Trouble},
    study::lint,
    words,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The ODM file.
    file: PathBuf,
    /// Folder for the definition; it must be empty or not there yet. Without one only the report is given.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Language of texts that name none, and of names.
    #[arg(long, value_parser = ["en", "zh-Hans"])]
    language: Option<String>,
    /// Longest text where the file gives no length.
    #[arg(long)]
    text_length: Option<u32>,
    /// Digits after the point where the file gives none.
    #[arg(long)]
    places: Option<u32>,
    /// OID of the study to take; the first with metadata without one.
    #[arg(long)]
    study: Option<String>,
    /// OID of the version to take; the latest without one.
    #[arg(long)]
    version: Option<String>,
}

pub(crate) fn run(args: &Args, out: &Out) -> Ran {
    let failed = |path: &PathBuf, e| Trouble::File(path.display().to_string(), e);
    let bytes = fs::read(&args.file).map_err(|e| failed(&args.file, e))?;
    let options = Options {
        language: args.language.as_deref().map(|language| {
            if language == "en" {
                Language::English
            } else {
                Language::Chinese
            }
        }),
        text_length: args.text_length,
        places: args.places,
        study: args.study.clone(),
        version: args.version.clone(),
    };
    let imported = import(&bytes, &options).map_err(|why| unreadable(&why, out))?;
    let told = report(&imported.report, out);
    if let Some(folder) = &args.out {
        write(folder, &imported, &told)?;
    }
    out.say(told.trim_end());
    let linted = definition::lint(&imported.files);
    if linted.problems.is_empty() {
        lint::count(&linted, out);
    } else {
        let facts = [("problems", linted.problems.len().to_string())];
        out.tell("odm_to_decide", &[("problems", &facts[0].1)]);
        for line in kinds(&imported.files, &linted.problems, out) {
            out.say(&line);
        }
    }
    out.document(&json!({ "report": imported.report, "problems": linted.problems }));
    Ok(linted.problems.is_empty())
}

/// How many problems of each kind, with the first of them.
fn kinds(files: &Files, problems: &[definition::Wrong], out: &Out) -> Vec<String> {
    let mut counted: Vec<(String, usize, String)> = Vec::new();
    for problem in problems {
        let code = problem.code.word();
        match counted.iter_mut().find(|(known, _, _)| *known == code) {
            Some((_, count, _)) => *count += 1,
            None => {
                let sentence = lint::sentence(problem, files, out);
                let first = sentence.lines().next().unwrap_or_default();
                let first = format!("{first} ({}:{})", problem.file, problem.line);
                counted.push((code, 1, first));
            }
        }
    }
    counted.sort_by_key(|(_, count, _)| std::cmp::Reverse(*count));
    counted
        .into_iter()
        .map(|(_, count, first)| format!("{count:6}  {first}"))
        .collect()
}

fn unreadable(why: &Unreadable, out: &Out) -> Trouble {
    let facts: Vec<(&str, String)> = match why {
        Unreadable::TooLarge { bytes, most } => vec![("bytes", bytes.to_string()), ("most", most.to_string())],
        Unreadable::TooMany { most } => vec![("most", most.to_string())],
        Unreadable::Encoding(name) | Unreadable::NotOdm(name) | Unreadable::Edition(name) => {
            vec![("name", name.clone())]
        }
        Unreadable::Xml { line, column, message } => vec![
            ("line", line.to_string()),
            ("column", column.to_string()),
            ("message", message.clone()),
        ],
        Unreadable::DocumentType | Unreadable::NoStudy | Unreadable::NoVersion => Vec::new(),
    };
    let facts: Vec<(&str, &str)> = facts.iter().map(|(k, v)| (*k, v.as_str())).collect();
    Trouble::Words(words::message(
        &out.lang,
        &format!("odm_unreadable_{}", why.code()),
        &facts,
    ))
}

fn write(folder: &Path, imported: &Imported, told: &str) -> Result<(), Trouble> {
    let failed = |path: &std::path::Path, e| Trouble::File(path.display().to_string(), e);
    fs::create_dir_all(folder.join("forms")).map_err(|e| failed(folder, e))?;
    let report = ("import-report.txt".to_owned(), told.to_owned());
    for (name, text) in imported.files.iter().chain([&report]) {
        let path = folder.join(name);
        // What somebody decided in an earlier import is not written over.
        let file = fs::OpenOptions::new().write(true).create_new(true).open(&path);
        let mut file = file.map_err(|e| failed(&path, e))?;
        std::io::Write::write_all(&mut file, text.as_bytes()).map_err(|e| failed(&path, e))?;
    }
    Ok(())
}

/// The report in words: kept, ignored, unclear with places.
fn report(report: &Report, out: &Out) -> String {
    let word = |key: &str, facts: &[(&str, &str)]| words::message(&out.lang, key, facts);
    let chosen = match report.chosen {
        Chosen::Only => "only",
        Chosen::Asked => "asked",
        Chosen::Effective => "effective",
        Chosen::Last => "last",
    };
    let mut said = String::new();
    let mut line = |text: String| {
        let _ = writeln!(said, "{text}");
    };
    let facts = [("study", report.study.as_str()), ("version", &report.version)];
    line(word(&format!("odm_chosen_{chosen}"), &facts));
    if !report.others.is_empty() {
        line(word("odm_others", &[("others", &report.others.join(", "))]));
    }
    line(String::new());
    line(word("odm_kept", &[]));
    for (what, count) in &report.kept {
        line(format!("{count:6}  {}", word(&format!("odm_kept_{what}"), &[])));
    }
    line(String::new());
    let ignored: usize = report.ignored.values().sum();
    line(word("odm_ignored", &[("count", &ignored.to_string())]));
    for (what, count) in &report.ignored {
        line(format!("{count:6}  {what}"));
    }
    line(String::new());
    line(word("odm_unclear", &[("count", &report.notes.len().to_string())]));
    for note in &report.notes {
        line(format!("  {}:{}  {}", note.line, note.column, unclear(note, out)));
    }
    said
}

fn unclear(note: &Note, out: &Out) -> String {
    let code = serde_json::to_value(note.code).ok();
    let code = code
        .and_then(|code| code.as_str().map(str::to_owned))
        .unwrap_or_default();
    let facts: Vec<(&str, &str)> = note.facts.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    words::message(&out.lang, &format!("odm_note_{code}"), &facts)
}
