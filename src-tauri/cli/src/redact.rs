//! `redact`: two persons take what identifies somebody out of entries.

use std::path::PathBuf;

use conduct::{
    Reason,
    act::EntryRef,
    acts,
    requests::{AskRedaction, Redact},
};

use crate::{
    machine,
    out::{Out, Ran},
    sit::{self, Who},
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The site file.
    file: PathBuf,
    /// An entry as the journal names it, `LOG/NUMBER`; may be given several times.
    #[arg(long = "entry", required = true, value_parser = entry)]
    entries: Vec<EntryRef>,
    #[command(flatten)]
    who: Who,
    /// Log-in name of the second person: an investigator or an administrator.
    #[arg(long)]
    second_user: String,
    /// File whose first line is the second person's password.
    #[arg(long)]
    second_password_file: PathBuf,
    /// Code of the reason, from the study's list.
    #[arg(long, default_value = "other")]
    reason: String,
    /// The reason in words, without what is to go; needed with `other`.
    #[arg(long)]
    words: Option<String>,
}

fn entry(text: &str) -> Result<EntryRef, String> {
    let parts = text
        .split_once('/')
        .and_then(|(log, seq)| Some((log, seq.parse().ok()?)));
    let Some((log, seq)) = parts else {
        return Err("LOG/NUMBER".to_owned());
    };
    Ok(EntryRef {
        log: log.to_owned(),
        seq,
    })
}

pub(crate) fn run(args: &Args, out: &Out) -> Ran {
    let password = machine::password_in(&args.second_password_file)?;
    let mut desk = sit::down(&args.file, &args.who)?;
    let reason = Reason {
        code: args.reason.clone(),
        text: args.words.clone(),
    };
    let asked = AskRedaction {
        entries: args.entries.clone(),
        reason: reason.clone(),
    };
    let done = acts::ask_redaction(&mut desk, asked).and_then(|asked| {
        acts::redact(
            &mut desk,
            Redact {
                asked: asked.at,
                login: args.second_user.clone(),
                password,
                reason,
            },
        )
    });
    desk.put_away_now();
    let done = done?;
    let named: Vec<String> = done.entries.iter().map(|at| format!("{}/{}", at.log, at.seq)).collect();
    out.tell("cli_redacted", &[("entries", &named.join(", "))]);
    out.document(&done);
    Ok(true)
}
