//! `check`: everything in a site file, from the pages to the projections.

use std::path::PathBuf;

use conduct::{
    acts,
    problem::Problem,
    requests::{CheckAgainst, CheckFile, OpenFile, Unlock},
    views::{CheckFindingView, CheckView},
};

use crate::{
    machine,
    out::{Out, Ran},
    words,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The site file.
    file: PathBuf,
    /// Log-in name.
    #[arg(long)]
    user: String,
    /// File whose first line is the password.
    #[arg(long)]
    password_file: PathBuf,
    /// A bundle that left the file or came into it, to compare with; may be given several times.
    #[arg(long = "bundle")]
    bundles: Vec<PathBuf>,
}

pub(crate) fn run(args: &Args, out: &Out) -> Ran {
    let mut desk = machine::desk(Box::new(machine::Here), &machine::app_data().join("devices"))?;
    let handle = desk.choose(machine::absolute(&args.file)?);
    acts::open_file(&mut desk, OpenFile { handle })?;
    let password = machine::password_in(&args.password_file)?;
    let opened = acts::unlock(
        &mut desk,
        Unlock {
            login: args.user.clone(),
            password,
        },
    );
    let mut handles = Vec::new();
    for bundle in &args.bundles {
        handles.push(desk.choose(machine::absolute(bundle)?));
    }
    let checked = opened.and_then(|_| {
        if handles.is_empty() {
            acts::check_file(&mut desk, CheckFile {})
        } else {
            acts::check_against(&mut desk, CheckAgainst { handles })
        }
    });
    desk.put_away_now();
    let checked = match checked {
        Err(problem) if damaged(&problem) => return Ok(does_not_even_open(&problem, out)),
        checked => checked?,
    };
    for finding in &checked.findings {
        let mut facts: Vec<(&str, &str)> = finding.facts.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        facts.push(("at", &finding.at));
        out.say(&format!(
            "{}: {}",
            finding.at,
            words::message(&out.lang, &format!("check_{}", finding.code), &facts)
        ));
    }
    let key = if checked.holds {
        "cli_check_holds"
    } else {
        "cli_check_fails"
    };
    out.tell(
        key,
        &[
            ("entries", &checked.entries.to_string()),
            ("findings", &checked.findings.len().to_string()),
        ],
    );
    out.document(&checked);
    Ok(checked.holds)
}

/// Whether a file that was found to be one of ours is not what was written: that is an answer, not a failure to ask.
fn damaged(problem: &Problem) -> bool {
    matches!(problem, Problem::Refusal { code, .. } if code == "truncated" || code == "damaged")
}

fn does_not_even_open(problem: &Problem, out: &Out) -> bool {
    let (Problem::Refusal { code, .. } | Problem::Fault { code, .. }) = problem;
    out.say(&words::problem(&out.lang, problem));
    out.tell("cli_check_fails", &[("findings", "1")]);
    let finding = CheckFindingView {
        code: code.clone(),
        at: "–".to_owned(),
        facts: Vec::new(),
    };
    out.document(&CheckView {
        holds: false,
        entries: 0,
        findings: vec![finding],
    });
    false
}
