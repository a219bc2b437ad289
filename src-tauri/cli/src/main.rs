//! `cartwright-cli`: verify, check, create, export, import, continue, redact, qualify and practise without a window.
//!
//! Exit codes: 0 what was asked holds, 1 it does not hold, 2 it could not be run. With `--json` the answer is one JSON
//! document on the standard output.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "tests say what they expect"
    )
)]

mod card;
mod check;
mod create;
mod demo;
mod export;
mod go_on;
mod import;
mod keep;
mod machine;
mod out;
mod qualify;
mod redact;
mod sit;
mod study;
mod verify;
mod words;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::out::Out;

/// Case report forms for CAR-T trials: the parts that need no window.
#[derive(Parser)]
#[command(name = "cartwright-cli", version, about, disable_help_subcommand = true)]
struct Cli {
    /// Answer as one JSON document.
    #[arg(long, global = true)]
    json: bool,
    /// Language of the answer: en or zh-Hans.
    #[arg(long, global = true, default_value = "en", value_parser = ["en", "zh-Hans"])]
    lang: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a new site file and its first administrator.
    Create(create::Args),
    /// Check a whole site file: every page, entry, signature and projection.
    Check(check::Args),
    /// Verify a bundle: 0 intact and signed by somebody allowed, 1 otherwise.
    Verify(verify::Args),
    /// Export a signed bundle from a site file.
    Export(export::Args),
    /// Take a bundle from elsewhere into a file.
    Import(import::Args),
    /// Go on in a copied, moved or restored file, or on a second device.
    Continue(go_on::Args),
    /// Let somebody who was added on one laptop log in on another of the same file.
    AccessCard(card::Args),
    /// Take what identifies somebody out of entries: two persons.
    Redact(redact::Args),
    /// Make a verified backup into a folder, and turn the older ones over.
    Backup(keep::BackupArgs),
    /// Copy a backup to a new file, which opens for reading until an administrator continues there.
    Restore(keep::RestoreArgs),
    /// Give a site file a new key; the file under the old key is kept beside it.
    Rekey(keep::RekeyArgs),
    /// Make a synthetic site file with its bundle, for practice and tests.
    Demo(demo::Args),
    /// The study definition.
    Study(study::Args),
    /// Run a file of cases against the clinical rules, as a sponsor qualifies an installation.
    Qualify(qualify::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let out = Out {
        json: cli.json,
        lang: cli.lang,
    };
    let ran = match cli.command {
        Command::Create(args) => create::run(&args, &out),
        Command::Check(args) => check::run(&args, &out),
        Command::Verify(args) => verify::run(&args, &out),
        Command::Export(args) => export::run(&args, &out),
        Command::Import(args) => import::run(&args, &out),
        Command::Continue(args) => go_on::run(&args, &out),
        Command::AccessCard(args) => card::run(&args, &out),
        Command::Redact(args) => redact::run(&args, &out),
        Command::Backup(args) => keep::backup(&args, &out),
        Command::Restore(args) => keep::restore(&args, &out),
        Command::Rekey(args) => keep::rekey(&args, &out),
        Command::Demo(args) => demo::run(&args, &out),
        Command::Study(args) => study::run(&args, &out),
        Command::Qualify(args) => qualify::run(&args, &out),
    };
    match ran {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(trouble) => {
            out.trouble(&trouble);
            ExitCode::from(2)
        }
    }
}
