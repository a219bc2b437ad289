//! `check`: everything in a site file, from the pages to the projections.

use std::{
    io::IsTerminal as _,
    path::PathBuf,
    time::{Duration, Instant},
};

use conduct::{
    acts,
    desk::Desk,
    problem::{Answer, Problem},
    requests::{BeginCheck, CheckAgainst, HowSound, OpenFile, Unlock},
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
        let mut checked = whole(&mut desk, out)?;
        if !handles.is_empty() {
            let against = acts::check_against(&mut desk, CheckAgainst { handles })?;
            checked.holds &= against.holds;
            checked.findings.extend(against.findings);
        }
        Ok(checked)
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

/// How long it is verified between two words about it.
const BETWEEN: Duration = Duration::from_millis(250);

/// Everything, from the beginning; somebody at a terminal is told how far it is.
fn whole(desk: &mut Desk, out: &Out) -> Answer<CheckView> {
    acts::begin_check(desk, BeginCheck {})?;
    let told = std::io::stderr().is_terminal() && !out.json;
    loop {
        let until = Instant::now() + BETWEEN;
        let more = desk.verify_on(&mut || Instant::now() >= until);
        let now = acts::soundness(desk, HowSound {})?;
        match (now.running, now.result, now.failed) {
            (_, _, Some(problem)) => return Err(problem),
            (None, Some(result), None) => {
                if told {
                    eprint!("\r\x1b[K");
                }
                return Ok(result);
            }
            (Some(running), _, None) if told => {
                let step = words::message(&out.lang, &format!("check_step_{}", running.step), &[]);
                let part = 100 * running.done / running.of.max(1);
                let line = words::message(
                    &out.lang,
                    "cli_check_progress",
                    &[("step", &step), ("part", &part.to_string())],
                );
                eprint!("\r\x1b[K{line}");
            }
            (_, None, None) if !more => return Err(Problem::refusal("not_logged_in")),
            (_, _, None) => {}
        }
    }
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
