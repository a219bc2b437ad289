//! `verify`: is a bundle whole, and did somebody allowed sign it?

use std::path::PathBuf;

use conduct::verify::{signers_for, verify_bytes};

use crate::{
    machine,
    out::{Out, Ran, Trouble},
    words,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The bundle (`*.cwb.zip`).
    bundle: PathBuf,
    /// List of allowed signers; else the file `allowed_signers` beside the bundle, else the installed one.
    #[arg(long)]
    allowed_signers: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, out: &Out) -> Ran {
    let bytes = std::fs::read(&args.bundle).map_err(|e| Trouble::File(args.bundle.display().to_string(), e))?;
    let installed = Some(machine::app_data().join("allowed_signers")).filter(|path| path.is_file());
    let bundle = machine::absolute(&args.bundle)?;
    let signers =
        signers_for(&bundle, args.allowed_signers.as_deref(), installed.as_deref()).map_err(Trouble::Words)?;
    let verified = verify_bytes(&bytes, &signers, chrono::Utc::now());
    if let Some(code) = &verified.code {
        let facts: Vec<(&str, &str)> = verified.facts.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        out.say(&words::message(&out.lang, &format!("bundle_{code}"), &facts));
        for (name, value) in &verified.facts {
            out.say(&format!("  {name}: {value}"));
        }
    }
    for signer in &verified.signers {
        let principal = signer.principal.as_deref().unwrap_or("?");
        out.say(&format!("{principal}  {}  {}", signer.fingerprint, signer.words));
    }
    let holds = verified.outcome == "holds";
    if holds {
        out.tell(
            "cli_bundle_holds",
            &[
                ("bundle", verified.bundle.as_deref().unwrap_or_default()),
                ("entries", &verified.entries.to_string()),
                ("esignatures", &verified.esignatures.to_string()),
                ("subjects", &verified.subjects.len().to_string()),
            ],
        );
    } else {
        out.tell("cli_bundle_fails", &[]);
    }
    out.document(&verified);
    Ok(holds)
}
