//! `demo`: a synthetic site file made by the same acts as a real one, the same for the same seed.

mod chart;
mod crowd;
mod people;
mod registers;
mod script;
mod steps;
mod story;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicI64},
};

use chrono::{DateTime, FixedOffset};
use conduct::desk::Desk;
use serde_json::json;

use crate::{
    machine::{self, Made},
    out::{Out, Ran, Trouble},
};

/// The one password of everybody in a synthetic file.
const PASSWORD: &str = "practice makes perfect";
/// When the made-up trial began: so that month 24 of its first subjects lies behind.
const BEGAN: &str = "2023-11-06T08:00:00+08:00";
/// When the site that is made for measuring began.
const CROWD_BEGAN: &str = "2026-03-02T08:00:00+08:00";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The same seed gives the same trial.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many subjects.
    #[arg(long, default_value_t = 3)]
    subjects: u32,
    /// Follow each subject up to this month after the infusion.
    #[arg(long, default_value_t = 24)]
    until: u32,
    /// At least so many entries, for measuring: no bundle is made, and a sitting's saves are one transaction.
    #[arg(long)]
    entries: Option<u64>,
    /// Folder to make the files in; made if absent, refused if a site file lies there.
    folder: PathBuf,
}

/// The desk of the made-up trial and its clock.
pub(crate) struct Trial {
    pub(crate) desk: Desk,
    pub(crate) passed: Arc<AtomicI64>,
    pub(crate) seed: u64,
    pub(crate) handle: u32,
}

pub(crate) fn run(args: &Args, out: &Out) -> Ran {
    let folder = machine::absolute(&args.folder)?;
    std::fs::create_dir_all(&folder).map_err(|e| failed(&folder, e))?;
    let file = folder.join("site.cartwright");
    if file.exists() {
        return Err(Trouble::Words(format!("{}: exists already", file.display())));
    }
    let began = if args.entries.is_some() { CROWD_BEGAN } else { BEGAN };
    let began: DateTime<FixedOffset> = began.parse().map_err(|e| Trouble::Words(format!("{began}: {e}")))?;
    let first = began.date_naive();
    let passed = Arc::new(AtomicI64::new(0));
    let made = Made::new(args.seed, began, Arc::clone(&passed));
    // The device key is made by the seed too, in the folder of device keys that every program here looks in: so the
    // practice file opens for writing on the machine it was made on.
    let mut desk = machine::desk_named(Box::new(made), &machine::app_data().join("devices"), "practice-laptop")?;
    desk.practise(PASSWORD);
    let handle = desk.choose(file.clone());
    let mut trial = Trial {
        desk,
        passed,
        seed: args.seed,
        handle,
    };
    let recovery = people::gather(&mut trial)?;
    let entries = match args.entries {
        None => story::tell(&mut trial, first, args.subjects, args.until, &folder)?,
        Some(entries) => crowd::tell(&mut trial, first, args.subjects, entries)?,
    };
    write(&folder, "password.txt", &format!("{PASSWORD}\n"))?;
    write(&folder, "README.txt", &people::readme(&recovery))?;
    out.tell(
        "cli_demo",
        &[
            ("folder", &folder.display().to_string()),
            ("subjects", &args.subjects.to_string()),
            ("entries", &entries.to_string()),
        ],
    );
    out.document(&json!({ "folder": folder, "subjects": args.subjects, "entries": entries }));
    Ok(true)
}

fn failed(path: &Path, error: std::io::Error) -> Trouble {
    Trouble::File(path.display().to_string(), error)
}

fn write(folder: &Path, name: &str, text: &str) -> Result<(), Trouble> {
    let path = folder.join(name);
    std::fs::write(&path, text).map_err(|e| failed(&path, e))
}
