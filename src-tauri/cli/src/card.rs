//! `access-card write|take`: a person's way into a file, from one laptop to another of the same file.

use std::path::{Path, PathBuf};

use conduct::{
    acts,
    desk::Desk,
    requests::{People, TakeAccessCard, WriteAccessCard},
};
use serde_json::json;

use crate::{
    machine,
    out::{Out, Ran, Trouble},
    sit::{self, Who},
};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    way: Way,
}

#[derive(clap::Subcommand)]
enum Way {
    /// Write the card of a person who logs in here. Export a bundle afterwards: the other laptop needs both.
    Write {
        /// The file.
        file: PathBuf,
        /// Log-in name of the person.
        person: String,
        /// Folder for the card.
        folder: PathBuf,
        #[command(flatten)]
        who: Who,
    },
    /// Take in a card, after the bundle that was exported when it had been written.
    Take {
        /// The file.
        file: PathBuf,
        /// The card (`*.cwcard`).
        card: PathBuf,
        #[command(flatten)]
        who: Who,
    },
}

pub(crate) fn run(args: &Args, out: &Out) -> Ran {
    match &args.way {
        Way::Write {
            file,
            person,
            folder,
            who,
        } => {
            if !folder.is_dir() {
                return Err(Trouble::Words(format!("{}: no such folder", folder.display())));
            }
            at(file, who, |desk| write(desk, person, folder, out))
        }
        Way::Take { file, card, who } => at(file, who, |desk| take(desk, card, out)),
    }
}

/// At a file, which is put away whatever happens.
fn at(file: &Path, who: &Who, act: impl FnOnce(&mut Desk) -> Ran) -> Ran {
    let mut desk = sit::down(file, who)?;
    let ran = act(&mut desk);
    desk.put_away_now();
    ran
}

fn write(desk: &mut Desk, login: &str, folder: &Path, out: &Out) -> Ran {
    let people = acts::people(desk, People {})?.people;
    let ours = people.into_iter().find(|one| one.login == login && one.site.is_none());
    let person = ours.as_ref().map(|one| one.person.clone()).unwrap_or_default();
    let handle = desk.choose(machine::absolute(folder)?);
    let written = acts::write_access_card(desk, WriteAccessCard { person, handle })?;
    let name = ours.map(|one| one.printed_name).unwrap_or_default();
    out.tell(
        "cli_card_written",
        &[("name", &name), ("login", login), ("card", &written.file)],
    );
    out.document(&written);
    Ok(true)
}

fn take(desk: &mut Desk, card: &Path, out: &Out) -> Ran {
    let handle = desk.choose(machine::absolute(card)?);
    let taken = acts::take_access_card(desk, TakeAccessCard { handle })?;
    out.tell(
        "cli_card_taken",
        &[("name", &taken.printed_name), ("login", &taken.login)],
    );
    out.document(&json!({ "person": taken.person, "login": taken.login }));
    Ok(true)
}
