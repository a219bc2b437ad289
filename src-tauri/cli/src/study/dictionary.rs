//! `study dictionary`: every item with what it takes, for programs and for people.

use std::path::PathBuf;

use conduct::definition::{Side, dictionary};

use crate::{
    out::{Out, Ran},
    study::folder,
    words,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder of the definition, or a built-in version; the built-in 1.0 without one.
    dir: Option<PathBuf>,
    /// CSV with both languages, or one page of HTML in the language of `--lang`.
    #[arg(long, value_parser = ["csv", "html"])]
    format: String,
    /// File to write; the standard output without one.
    #[arg(long)]
    out: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, out: &Out) -> Ran {
    let study = folder::study(args.dir.as_ref(), out)?;
    let text = if args.format == "csv" {
        // Spreadsheets take a file for UTF-8 only when it says so.
        format!("\u{feff}{}", dictionary::csv(&study))
    } else {
        let side = if out.lang == "zh-Hans" {
            Side::Chinese
        } else {
            Side::English
        };
        dictionary::page(&study, side, &|key| words::message(&out.lang, key, &[]))
    };
    folder::write(args.out.as_ref(), text.as_bytes())?;
    Ok(true)
}
