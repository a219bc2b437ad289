//! `create`: a new site file.

use std::path::PathBuf;

use conduct::{
    act::FileKind,
    acts,
    requests::{CreateReviewer, CreateSite},
};
use serde_json::json;

use crate::{
    machine,
    out::{Out, Ran},
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The file to make.
    file: PathBuf,
    /// What the file is for: a site's own records, or a monitor's or sponsor's, which hold sites' records for reading.
    #[arg(long, default_value = "site", value_parser = ["site", "monitor", "sponsor"])]
    kind: String,
    /// Code of the site, or the reviewer's own: digits and capitals.
    #[arg(long)]
    site: String,
    /// Name of the site.
    #[arg(long)]
    site_name: String,
    /// Log-in name of the first administrator.
    #[arg(long)]
    user: String,
    /// Name as printed in signatures.
    #[arg(long)]
    printed_name: String,
    /// How the identity was verified.
    #[arg(long)]
    identity_verified: String,
    /// File whose first line is the password.
    #[arg(long)]
    password_file: PathBuf,
}

pub(crate) fn run(args: &Args, out: &Out) -> Ran {
    let mut desk = machine::desk(Box::new(machine::Here), &machine::app_data().join("devices"))?;
    let handle = desk.choose(machine::absolute(&args.file)?);
    let file = CreateSite {
        handle,
        site: args.site.clone(),
        site_name: args.site_name.clone(),
        login: args.user.clone(),
        printed_name: args.printed_name.clone(),
        identity_verified: args.identity_verified.clone(),
        password: machine::password_in(&args.password_file)?,
    };
    let reviewer = |kind| CreateReviewer {
        kind,
        file: file.clone(),
    };
    let made = match args.kind.as_str() {
        "monitor" => acts::create_reviewer(&mut desk, reviewer(FileKind::Monitor)),
        "sponsor" => acts::create_reviewer(&mut desk, reviewer(FileKind::Sponsor)),
        _ => acts::create_site(&mut desk, file.clone()),
    }?;
    desk.put_away_now();
    let code = made.recovery_code;
    out.tell(
        "cli_created",
        &[("file", &args.file.display().to_string()), ("code", &code)],
    );
    out.document(&json!({ "file": args.file, "recovery_code": code }));
    Ok(true)
}
