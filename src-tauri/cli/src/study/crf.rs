//! `study crf`: the blank forms on paper.

use std::path::PathBuf;

use conduct::machine::Machine;
use report::{BlankForms, Paper};
use serde_json::json;

use crate::{
    machine::Here,
    out::{Out, Ran, Trouble},
    study::folder,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder of the definition, or a built-in version; the built-in 1.0 without one.
    dir: Option<PathBuf>,
    /// The PDF file to write; its language is that of `--lang`.
    #[arg(long)]
    out: PathBuf,
    /// With identifiers, CDASH variables, codes and conditions beside every item.
    #[arg(long)]
    annotated: bool,
    /// Folder with the fonts Inter and Noto Sans SC, or above them.
    #[arg(long)]
    fonts: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, out: &Out) -> Ran {
    let study = folder::study(args.dir.as_ref(), out)?;
    let fonts = args.fonts.clone().unwrap_or_else(fonts);
    let failed = |e: conduct::renderings::RenderFault| Trouble::Words(e.to_string());
    let paper = Paper::new(&fonts).map_err(failed)?;
    let bytes = paper
        .blank_forms(&BlankForms {
            study: study.def(),
            locale: &out.lang,
            annotated: args.annotated,
            app: env!("CARGO_PKG_VERSION"),
            made: &conduct::machine::moment(Here.now()),
        })
        .map_err(failed)?;
    folder::write(Some(&args.out), &bytes)?;
    let file = args.out.display().to_string();
    out.tell(
        "crf_written",
        &[("file", &file), ("forms", &study.def().forms.len().to_string())],
    );
    out.document(&json!({ "file": file, "bytes": bytes.len() }));
    Ok(true)
}

/// Beside the program where it is installed; in a checkout, among the packages of the pages.
fn fonts() -> PathBuf {
    let beside = std::env::current_exe()
        .ok()
        .and_then(|program| Some(program.parent()?.join("fonts")))
        .filter(|folder| folder.is_dir());
    beside.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../ui/node_modules/@expo-google-fonts"))
}
