//! `import`: a bundle from elsewhere, taken into a file.

use std::path::PathBuf;

use conduct::{acts, requests::ImportBundle};

use crate::{
    machine,
    out::{Out, Ran},
    sit::{self, Who},
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The site, monitor or sponsor file.
    file: PathBuf,
    /// The bundle (`*.cwb.zip`, or sealed for this file).
    bundle: PathBuf,
    #[command(flatten)]
    who: Who,
    /// Fingerprint of the sender's key (`SHA256:…`), compared with the sender; needed the first time.
    #[arg(long)]
    fingerprint: Option<String>,
}

pub(crate) fn run(args: &Args, out: &Out) -> Ran {
    let mut desk = sit::down(&args.file, &args.who)?;
    let handle = desk.choose(machine::absolute(&args.bundle)?);
    let fingerprint = args.fingerprint.clone();
    let asked = ImportBundle {
        handle,
        fingerprint,
        sha256: None,
    };
    let imported = acts::import_bundle(&mut desk, asked);
    desk.put_away_now();
    let imported = imported?;
    let facts = [("bundle", imported.bundle.as_str()), ("new", &imported.new.to_string())];
    out.tell(
        if imported.already {
            "cli_import_already"
        } else {
            "cli_imported"
        },
        &facts,
    );
    for missing in &imported.missing {
        out.tell(
            "cli_import_missing",
            &[
                ("log", &missing.log),
                ("from", &missing.from.to_string()),
                ("to", &missing.to.to_string()),
                ("waiting", &missing.waiting.to_string()),
            ],
        );
    }
    if imported.queries > 0 {
        out.tell("cli_import_queries", &[("queries", &imported.queries.to_string())]);
    }
    out.document(&imported);
    Ok(true)
}
