//! Access cards: who was added on one laptop logs in on another laptop of the same file.
//!
//! A card leaves sealed for the file itself: whoever finds it can try no password on it without the file.

use store::SiteFile;
use study::act::Role;

use crate::{
    desk::{Desk, Place},
    machine::Dice,
    people::Names,
    requests::{People, TakeAccessCard, WriteAccessCard},
    trouble::{Outcome, Trouble, no},
    views::{CardTakenView, WrittenView},
};

/// Longer than any card.
const MOST_BYTES: u64 = 64 * 1024;

impl Desk {
    pub(crate) fn write_access_card(&mut self, asked: WriteAccessCard) -> Outcome<WrittenView> {
        self.writable()?;
        let folder = self.chosen(asked.handle)?;
        self.may_come(&asked.person)?;
        let stamp = self.stamp();
        let name = self.now().format("%Y-%m-%d-%H%M%S");
        let Place::Open(sitting) = &mut self.place else {
            return no("not_logged_in");
        };
        let site = sitting.file.site()?;
        let to = site
            .recipient
            .parse()
            .map_err(|_| Trouble::Own("the site's own recipient does not read"))?;
        let dice = &mut Dice(self.machine.as_mut());
        // What leaves is in the journal before it lies on a disk.
        let card = sitting
            .file
            .write_access_card(&sitting.session, &asked.person, &stamp, dice)?;
        let sealed = bundle::seal(&card, &[to]).map_err(|e| Trouble::Bundle(e.to_string()))?;
        let login = sitting
            .file
            .person(&asked.person)?
            .map(|row| row.login)
            .unwrap_or_default();
        let file = format!("{}-access-{login}-{name}.cwcard", site.site);
        crate::key_sheet::write_for_one(&folder.join(&file), &sealed)?;
        Ok(WrittenView {
            file,
            bytes: u64::try_from(sealed.len()).unwrap_or(u64::MAX),
        })
    }

    pub(crate) fn take_access_card(&mut self, asked: TakeAccessCard) -> Outcome<CardTakenView> {
        self.writable()?;
        let path = self.chosen(asked.handle)?;
        let read = |e| Trouble::Write("the card", e);
        if std::fs::metadata(&path).map_err(read)?.len() > MOST_BYTES {
            return no("card_form");
        }
        let sealed = std::fs::read(&path).map_err(read)?;
        if !bundle::is_sealed(&sealed) {
            return no("card_form");
        }
        let Some(card) = self.unseal(&sealed)? else {
            return no("card_other_store");
        };
        let person = self.sitting()?.file.read_access_card(&card)?;
        self.may_come(&person)?;
        let stamp = self.stamp();
        let Place::Open(sitting) = &mut self.place else {
            return no("not_logged_in");
        };
        let dice = &mut Dice(self.machine.as_mut());
        let person = sitting.file.take_access_card(&sitting.session, &card, &stamp, dice)?;
        sitting.names = Names::of(&sitting.file)?;
        let (login, printed_name) = named(&sitting.file, &person)?;
        Ok(CardTakenView {
            login,
            printed_name,
            person,
            people: self.people(People {})?,
        })
    }

    /// Refuses whose access has run out, or was never given: a card gives nobody a day more.
    fn may_come(&self, person: &str) -> Outcome<()> {
        let Some(row) = self.sitting()?.file.person(person)? else {
            return no("card_unknown_person");
        };
        let never = row.role == Role::Auditor && row.until.is_none();
        if never || crate::access::is_over(row.until.as_deref(), self.now()) {
            return no("card_ended");
        }
        Ok(())
    }
}

fn named(file: &SiteFile, person: &str) -> Outcome<(String, String)> {
    Ok(match file.person(person)? {
        Some(row) => (row.login, row.printed_name),
        None => (String::new(), person.to_owned()),
    })
}
