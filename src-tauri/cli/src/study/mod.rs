//! `study`: a definition linted, compared, taken out as ODM, dictionary or blank forms, and taken in from ODM.

mod crf;
mod dictionary;
mod diff;
mod export;
mod folder;
mod import;
mod lint;

use crate::out::{Out, Ran};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// All problems of a definition, with positions; the built-in one without a folder.
    Lint(lint::Args),
    /// What one version changes against another, and how many subjects of a site file that touches.
    Diff(diff::Args),
    /// The metadata of a definition as ODM 1.3.2 or 2.0.
    Export(export::Args),
    /// The data dictionary: CSV for programs, HTML for people.
    Dictionary(dictionary::Args),
    /// The blank forms as PDF, annotated on request.
    Crf(crf::Args),
    /// A definition from the metadata of an ODM 1.3 file, with a report of what was kept, ignored and unclear.
    ImportOdm(import::Args),
}

pub(crate) fn run(args: &Args, out: &Out) -> Ran {
    match &args.command {
        Command::Lint(args) => lint::run(args, out),
        Command::Diff(args) => diff::run(args, out),
        Command::Export(args) => export::run(args, out),
        Command::Dictionary(args) => dictionary::run(args, out),
        Command::Crf(args) => crf::run(args, out),
        Command::ImportOdm(args) => import::run(args, out),
    }
}
