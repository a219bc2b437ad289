//! The key sheet: off until an administrator and a second person turn it on; each printing is an entry.

use std::{io::Write as _, path::Path};

use store::{EntryFilter, EntryView};
use study::act::{Act, EntryRef, Role};

use crate::{
    desk::{Desk, Place},
    entry::proper_reason,
    requests::{KeySheet, PrintKeySheet, SwitchKeySheet},
    rights,
    sheets::Page,
    trouble::{Outcome, Trouble, no, no_with},
    views::{DecidedView, KeySheetView, WrittenView},
};

/// Who may be the second person.
const SECOND: [Role; 2] = [Role::Investigator, Role::Administrator];

impl Desk {
    pub(crate) fn key_sheet(&mut self, _: KeySheet) -> Outcome<KeySheetView> {
        let switched = self.last_of("key_sheet_switched")?;
        let printed = self.last_of("key_sheet_printed")?;
        let check = self.sitting()?.file.key_check()?;
        let act_of = |entry: &Option<EntryView>| entry.as_ref().and_then(|e| e.body.as_ref().map(|b| b.act.clone()));
        Ok(KeySheetView {
            on: matches!(act_of(&switched), Some(Act::KeySheetSwitched { on: true })),
            printed_holds: matches!(act_of(&printed), Some(Act::KeySheetPrinted { check: on_it }) if on_it == check),
            decided: switched.map(|entry| self.decided(&entry)).transpose()?.flatten(),
            printed: printed.map(|entry| self.decided(&entry)).transpose()?.flatten(),
        })
    }

    fn last_of(&self, act: &str) -> Outcome<Option<EntryView>> {
        let filter = EntryFilter {
            acts: vec![act.to_owned()],
            newest_first: true,
            limit: 1,
            ..EntryFilter::default()
        };
        Ok(self.sitting()?.file.entries(&filter)?.pop())
    }

    fn decided(&self, entry: &EntryView) -> Outcome<Option<DecidedView>> {
        let sitting = self.sitting()?;
        let Some(body) = &entry.body else { return Ok(None) };
        let agreed = body
            .refs
            .first()
            .map(|at| sitting.file.entry(at))
            .transpose()?
            .flatten();
        let second = agreed
            .and_then(|entry| entry.body)
            .and_then(|body| sitting.names.printed(&body.actor));
        Ok(Some(DecidedView {
            when: body.moment.clone(),
            by: sitting.names.printed_or_device(&body.actor),
            second,
        }))
    }

    pub(crate) fn switch_key_sheet(&mut self, asked: SwitchKeySheet) -> Outcome<KeySheetView> {
        self.writable()?;
        proper_reason(self, &asked.reason)?;
        self.prove_myself(asked.password)?;
        let mut refs = Vec::new();
        if asked.on {
            let (Some(login), Some(password)) = (asked.second_login, asked.second_password) else {
                return no("second_person_needed");
            };
            refs.push(self.second_agrees(&login, password, "key_sheet")?);
        }
        let deed = store::Deed {
            act: Act::KeySheetSwitched { on: asked.on },
            reason: Some(asked.reason),
            refs,
        };
        self.save(vec![deed])?;
        self.key_sheet(KeySheet {})
    }

    /// A second person agrees with an own password and an own entry.
    fn second_agrees(&mut self, login: &str, password: String, to: &str) -> Outcome<EntryRef> {
        let second = self.authenticate(login, password)?;
        if second.person() == self.sitting()?.session.person() {
            return no_with("same_person", &[("name", second.printed_name())]);
        }
        if !SECOND.contains(&second.role()) {
            return no_with("second_person_role", &[("role", &rights::role_code(second.role()))]);
        }
        let saved = self.save_as(&second, vec![Act::Agreed { to: to.to_owned() }.into()])?;
        Ok(EntryRef {
            log: saved.log,
            seq: saved.last_seq,
        })
    }

    pub(crate) fn print_key_sheet(&mut self, asked: PrintKeySheet) -> Outcome<WrittenView> {
        self.writable()?;
        if !self.key_sheet(KeySheet {})?.on {
            return no("key_sheet_off");
        }
        let folder = self.chosen(asked.handle)?;
        self.prove_myself(asked.password)?;
        let Place::Open(sitting) = &self.place else {
            return no("not_logged_in");
        };
        let check = sitting.file.key_check()?;
        let words = sitting.file.key_sheet(&sitting.session)?;
        let facts = vec![
            ("file", crate::back_up::name(sitting.file.path())),
            ("store", sitting.file.store_id().to_owned()),
            ("check", check.clone()),
        ];
        let page = Page {
            kind: "key_sheet",
            facts,
            words: words.expose().split(' ').map(str::to_owned).collect(),
            ..Page::default()
        };
        let bytes = self.sheet(&page, &asked.locale)?;
        let file = format!("key-sheet-{check}-{}.pdf", asked.locale);
        // What is printed is in the journal before it lies on a disk.
        self.save(vec![Act::KeySheetPrinted { check }.into()])?;
        write_for_one(&folder.join(&file), &bytes)?;
        Ok(WrittenView {
            file,
            bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        })
    }
}

/// A file that nobody else on this computer may read.
pub(crate) fn write_for_one(path: &Path, bytes: &[u8]) -> Outcome<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|e| Trouble::Write("the page", e))
}
