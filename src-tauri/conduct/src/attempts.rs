//! Attempts that were not allowed: wrong passwords and refused commands, told to the administrator who logs in next until
//! one has looked at them.
//!
//! A wrong password given while the file was locked waits in the header and is an entry from the next log-in on
//! (`store::unlock`); one given at an open file is an entry at once. A refused command is an entry by the device, once for
//! each command of a sitting: somebody who goes on trying fills no journal. So is a log-in after access has ended.

use std::collections::BTreeMap;

use store::{EntryFilter, EntryView};
use study::act::{Act, EntryRef};

use crate::{
    desk::{Desk, Place},
    requests::AcknowledgeAttempts,
    rights::may,
    trouble::{Outcome, no},
    views::{AttemptsView, RefusedCommandsView, StatusView, WrongPasswordsView},
};

/// Entries told at once: a banner that counts further helps nobody more.
const MOST: u32 = 1_000;

/// What was wrong in a failed attempt: `password` of somebody, or a `name`, a code (`recovery`) or a key `sheet` that is none.
pub(crate) fn tried(login: &str, at: &str) -> &'static str {
    match at {
        "recovery" => "recovery",
        "sheet" => "sheet",
        _ if login.is_empty() => "name",
        _ => "password",
    }
}

impl Desk {
    /// Refuses what the person here may not use, and keeps that it was asked for.
    pub(crate) fn permit_or_note(&mut self, command: &str) -> Outcome<()> {
        let permitted = self.permit(command);
        if permitted.is_err() {
            self.note_refused(command);
        }
        permitted
    }

    /// Keeps that the person here asked for what was refused.
    pub(crate) fn note_refused(&mut self, command: &str) {
        let writable = self.writable().is_ok();
        let Place::Open(sitting) = &mut self.place else {
            return;
        };
        if !writable || !sitting.refused.insert(command.to_owned()) {
            return;
        }
        let (person, command) = (sitting.session.person().clone(), command.to_owned());
        // The command is refused whatever the disk says.
        if let Err(trouble) = self.save_as_device(vec![Act::CommandRefused { person, command }.into()]) {
            self.machine.note_fault("refused", &trouble.to_string());
        }
    }

    /// At log-in of whoever answers for it: what was tried since somebody looked last.
    pub(crate) fn look_at_attempts(&mut self, writable: bool) -> Outcome<()> {
        if !writable || !self.role().is_some_and(|role| may(role, "acknowledge_attempts")) {
            return Ok(());
        }
        let attempts = self.attempts_since()?;
        self.sitting_mut()?.attempts = (!attempts.entries.is_empty()).then_some(attempts);
        Ok(())
    }

    fn attempts_since(&self) -> Outcome<AttemptsView> {
        let file = &self.sitting()?.file;
        let mut seen: Vec<EntryRef> = Vec::new();
        for body in file.office()?.into_iter().filter_map(|entry| entry.body) {
            if let Act::AttemptsSeen { upto } = body.act {
                for at in upto {
                    match seen.iter_mut().find(|known| known.log == at.log) {
                        Some(known) => known.seq = known.seq.max(at.seq),
                        None => seen.push(at),
                    }
                }
            }
        }
        let mut entries = Vec::new();
        let mut upto = Vec::new();
        for log in file.logs()?.into_iter().filter(|log| log.home) {
            let filter = EntryFilter {
                past: seen.iter().find(|at| at.log == log.log).cloned(),
                log: Some(log.log.clone()),
                acts: vec!["login_failed".to_owned(), "command_refused".to_owned()],
                limit: MOST,
                ..EntryFilter::default()
            };
            let found = file.entries(&filter)?;
            // What did not fit is told when this is looked at.
            let whole = found.len() < usize::try_from(MOST).unwrap_or(usize::MAX);
            let last = found.last().map_or(log.last_seq, |entry| entry.seq);
            upto.push(EntryRef {
                seq: if whole { log.last_seq } else { last },
                log: log.log,
            });
            entries.extend(found);
        }
        Ok(self.attempts_view(entries, upto))
    }

    fn attempts_view(&self, found: Vec<EntryView>, upto: Vec<EntryRef>) -> AttemptsView {
        let mut wrong: BTreeMap<(String, &str), WrongPasswordsView> = BTreeMap::new();
        let mut refused: BTreeMap<String, RefusedCommandsView> = BTreeMap::new();
        let mut entries = Vec::new();
        let people = self.sitting().ok().and_then(|sitting| sitting.file.people().ok());
        let people = people.unwrap_or_default();
        for entry in found {
            let at = EntryRef {
                log: entry.log,
                seq: entry.seq,
            };
            let Some(body) = entry.body else { continue };
            if let Act::LoginFailed { login, at: place } = body.act {
                let named = people.iter().find(|row| row.login == login);
                let what = tried(&login, &place);
                let row = wrong
                    .entry((login.clone(), what))
                    .or_insert_with(|| WrongPasswordsView {
                        what: what.to_owned(),
                        printed_name: named.map(|row| row.printed_name.clone()),
                        login,
                        tries: 0,
                        at_signing: 0,
                        first: body.moment.clone(),
                        last: body.moment.clone(),
                    });
                row.tries += 1;
                row.at_signing += u32::from(place == "sign");
                row.last = body.moment;
            } else if let Act::CommandRefused { person, command } = body.act {
                let named = people.iter().find(|row| row.person == person);
                let row = refused.entry(person.clone()).or_insert_with(|| RefusedCommandsView {
                    by: named.map_or(person, |row| row.printed_name.clone()),
                    commands: Vec::new(),
                    last: body.moment.clone(),
                });
                if !row.commands.contains(&command) {
                    row.commands.push(command);
                }
                row.last = body.moment;
            } else {
                continue;
            }
            entries.push(at);
        }
        AttemptsView {
            wrong: wrong.into_values().collect(),
            refused: refused.into_values().collect(),
            entries,
            upto,
        }
    }

    pub(crate) fn acknowledge_attempts(&mut self, _: AcknowledgeAttempts) -> Outcome<StatusView> {
        self.writable()?;
        let Some(attempts) = self.sitting()?.attempts.clone() else {
            return no("no_attempts");
        };
        self.save(vec![Act::AttemptsSeen { upto: attempts.upto }.into()])?;
        self.sitting_mut()?.attempts = None;
        self.status_now()
    }
}
