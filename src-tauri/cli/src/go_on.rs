//! `continue`: a copied, moved or restored file goes on here, as a new log.

use std::path::PathBuf;

use conduct::{
    Reason, acts,
    requests::{ContinueBeside, ContinueHere},
};

use crate::{
    out::{Out, Ran},
    sit::{self, Who},
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The file.
    file: PathBuf,
    #[command(flatten)]
    who: Who,
    /// Code of the reason, from the study's list.
    #[arg(long, default_value = "other")]
    reason: String,
    /// The reason in words; needed with `other`.
    #[arg(long)]
    words: Option<String>,
    /// A second device: the log that it continues goes on as well, where it is.
    #[arg(long)]
    beside: bool,
}

pub(crate) fn run(args: &Args, out: &Out) -> Ran {
    let mut desk = sit::down(&args.file, &args.who)?;
    let reason = Reason {
        code: args.reason.clone(),
        text: args.words.clone(),
    };
    let went_on = if args.beside {
        acts::continue_beside(&mut desk, ContinueBeside { reason })
    } else {
        acts::continue_here(&mut desk, ContinueHere { reason })
    };
    desk.put_away_now();
    let status = went_on?;
    out.tell(
        if args.beside {
            "cli_continued_beside"
        } else {
            "cli_continued"
        },
        &[("file", &args.file.display().to_string())],
    );
    out.document(&status);
    Ok(true)
}
