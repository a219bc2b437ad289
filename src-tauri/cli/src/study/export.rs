//! `study export`: the metadata as ODM.

use std::path::PathBuf;

use conduct::{definition::odm, machine::Machine};
use serde_json::json;

use crate::{
    machine::Here,
    out::{Out, Ran, Trouble},
    study::folder,
    words,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder of the definition, or a built-in version; the built-in 1.0 without one.
    dir: Option<PathBuf>,
    /// Edition of ODM.
    #[arg(long, value_parser = ["1.3.2", "2.0"])]
    odm: String,
    /// File to write; the standard output without one.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Moment written as CreationDateTime, `YYYY-MM-DDThh:mm:ss+hh:mm`; now without one.
    #[arg(long)]
    at: Option<String>,
}

pub(crate) fn run(args: &Args, out: &Out) -> Ran {
    let study = folder::study(args.dir.as_ref(), out)?;
    let edition = if args.odm == "2.0" {
        odm::Edition::V2_0
    } else {
        odm::Edition::V1_3_2
    };
    let made = match &args.at {
        Some(at) => chrono::DateTime::parse_from_rfc3339(at).map_err(|e| Trouble::Words(format!("{at}: {e}")))?,
        None => Here.now(),
    };
    let made = made.to_rfc3339_opts(chrono::SecondsFormat::Secs, false);
    let exported = odm::export(&study, edition, &made).map_err(|e| Trouble::File("ODM".to_owned(), e))?;
    if out.json && args.out.is_none() {
        out.document(&json!({ "odm": args.odm, "xml": exported.xml, "left_out": left_out(&exported) }));
        return Ok(true);
    }
    folder::write(args.out.as_ref(), exported.xml.as_bytes())?;
    for (what, count) in &exported.left_out {
        let what = words::message(&out.lang, &format!("odm_part_{what}"), &[]);
        let facts = [
            ("what", what.as_str()),
            ("count", &count.to_string()),
            ("odm", &args.odm),
        ];
        // Beside the file, so that a file on the standard output stays one.
        eprintln!("{}", words::message(&out.lang, "odm_left_out", &facts));
    }
    if let Some(path) = &args.out {
        let def = study.def();
        let items: usize = def
            .forms
            .iter()
            .flat_map(|form| &form.groups)
            .map(|group| group.items.len())
            .sum();
        let (forms, items) = (def.forms.len().to_string(), items.to_string());
        let path = path.display().to_string();
        let facts = [
            ("file", path.as_str()),
            ("odm", &args.odm),
            ("forms", &forms),
            ("items", &items),
        ];
        out.tell("odm_written", &facts);
        out.document(&json!({ "odm": args.odm, "file": path, "left_out": left_out(&exported) }));
    }
    Ok(true)
}

fn left_out(exported: &odm::Exported) -> std::collections::BTreeMap<&'static str, usize> {
    exported.left_out.iter().copied().collect()
}
