//! `backup`, `restore`, `rekey`: the file kept safe.

use std::path::PathBuf;

use conduct::{
    Reason, acts,
    desk::Desk,
    requests::{BackUp, OpenFile, ReplaceKey, Restore, Unlock},
};

use crate::{
    machine,
    out::{Out, Ran, Trouble},
};

/// Who asks, with the password in a file.
#[derive(clap::Args)]
pub(crate) struct Who {
    /// Log-in name.
    #[arg(long)]
    user: String,
    /// File whose first line is the password.
    #[arg(long)]
    password_file: PathBuf,
}

#[derive(clap::Args)]
pub(crate) struct BackupArgs {
    /// The site file.
    file: PathBuf,
    /// Folder for backups, kept for this computer from now on; without it the one that was kept.
    folder: Option<PathBuf>,
    #[command(flatten)]
    who: Who,
}

#[derive(clap::Args)]
pub(crate) struct RestoreArgs {
    /// The backup.
    backup: PathBuf,
    /// The new file.
    file: PathBuf,
}

#[derive(clap::Args)]
pub(crate) struct RekeyArgs {
    /// The site file.
    file: PathBuf,
    #[command(flatten)]
    who: Who,
    /// Why, in words; kept in the journal.
    #[arg(long)]
    reason: String,
}

fn empty() -> Result<Desk, Trouble> {
    machine::desk(Box::new(machine::Here), &machine::app_data().join("devices"))
}

/// The file open with the person in front of it; answers the password too.
fn seated(file: &std::path::Path, who: &Who) -> Result<(Desk, String), Trouble> {
    let mut desk = empty()?;
    let handle = desk.choose(machine::absolute(file)?);
    acts::open_file(&mut desk, OpenFile { handle })?;
    let password = machine::password_in(&who.password_file)?;
    let asked = Unlock {
        login: who.user.clone(),
        password: password.clone(),
    };
    acts::unlock(&mut desk, asked)?;
    Ok((desk, password))
}

pub(crate) fn backup(args: &BackupArgs, out: &Out) -> Ran {
    let (mut desk, _) = seated(&args.file, &args.who)?;
    let folder = args.folder.as_deref().map(machine::absolute).transpose()?;
    let handle = folder.map(|folder| desk.choose(folder));
    let made = acts::back_up(&mut desk, BackUp { handle });
    // What was asked for is made; another one at closing would say nothing new.
    desk.put_away_now();
    let made = made?;
    let file = made
        .backups
        .first()
        .map(|newest| newest.file.clone())
        .unwrap_or_default();
    let facts = [("file", file.as_str()), ("kept", &made.backups.len().to_string())];
    out.tell("cli_backed_up", &facts);
    out.document(&made);
    Ok(true)
}

pub(crate) fn restore(args: &RestoreArgs, out: &Out) -> Ran {
    let mut desk = empty()?;
    let backup = desk.choose(machine::absolute(&args.backup)?);
    let to = desk.choose(machine::absolute(&args.file)?);
    let status = acts::restore(&mut desk, Restore { backup, to })?;
    out.tell("cli_restored", &[("file", &args.file.display().to_string())]);
    out.document(&status);
    Ok(true)
}

pub(crate) fn rekey(args: &RekeyArgs, out: &Out) -> Ran {
    let (mut desk, password) = seated(&args.file, &args.who)?;
    let reason = Reason {
        code: "other".to_owned(),
        text: Some(args.reason.clone()),
    };
    let replaced = acts::replace_key(&mut desk, ReplaceKey { password, reason });
    desk.put_away_now();
    let replaced = replaced?;
    out.tell("cli_rekeyed", &[("kept", &replaced.kept)]);
    out.document(&replaced);
    Ok(true)
}
