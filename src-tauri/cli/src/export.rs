//! `export`: a signed bundle from a site file.

use std::path::PathBuf;

use conduct::{
    acts,
    requests::{ExportBundle, OpenFile, Unlock},
};

use crate::{
    machine,
    out::{Out, Ran, Trouble},
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The site file.
    file: PathBuf,
    /// Folder for the bundle.
    folder: PathBuf,
    /// Log-in name of an investigator.
    #[arg(long)]
    user: String,
    /// File whose first line is the password.
    #[arg(long)]
    password_file: PathBuf,
    /// age recipient to seal for; may be given several times. Without it the bundle is plain.
    #[arg(long)]
    seal_for: Vec<String>,
    /// Write the plain bundle too when sealing.
    #[arg(long)]
    plain: bool,
}

pub(crate) fn run(args: &Args, out: &Out) -> Ran {
    if !args.folder.is_dir() {
        return Err(Trouble::Words(format!("{}: no such folder", args.folder.display())));
    }
    let mut desk = machine::desk(Box::new(machine::Here), &machine::app_data().join("devices"))?;
    let handle = desk.choose(machine::absolute(&args.file)?);
    acts::open_file(&mut desk, OpenFile { handle })?;
    let password = machine::password_in(&args.password_file)?;
    acts::unlock(
        &mut desk,
        Unlock {
            login: args.user.clone(),
            password,
        },
    )?;
    let handle = desk.choose(machine::absolute(&args.folder)?);
    let plain = args.plain || args.seal_for.is_empty();
    let exported = acts::export_bundle(
        &mut desk,
        ExportBundle {
            handle,
            plain,
            sealed_for: args.seal_for.clone(),
        },
    )?;
    desk.put_away_now();
    out.tell(
        "cli_exported",
        &[
            ("bundle", &exported.bundle),
            ("entries", &exported.entries.to_string()),
            ("files", &exported.files.join(", ")),
        ],
    );
    out.document(&exported);
    Ok(true)
}
