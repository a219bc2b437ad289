//! Redactions: what has no body must have been asked for by one person and done by another, and say no word more.

use std::collections::BTreeMap;

use study::act::{Act, Actor, Body, EntryRef, Remains};

use crate::{check::Report, error::Result, file::SiteFile, key::Key};

/// Told, and nothing wrong with it.
pub(super) const REDACTED: &str = "redacted";

#[derive(Default)]
pub(super) struct Redactions {
    /// Entries without a body, and what remains of each.
    found: BTreeMap<(String, u64), String>,
    /// What redactions say remains.
    said: BTreeMap<(String, u64), String>,
    /// Who asked, and for what.
    asked: Vec<(String, Actor, Vec<EntryRef>)>,
}

impl Redactions {
    pub(super) fn found(&mut self, log: String, seq: u64, remains: String) {
        self.found.insert((log, seq), remains);
    }

    pub(super) fn take_in(&mut self, at: &str, body: &Body, report: &mut Report) {
        if let Act::RedactionAsked { entries } = &body.act {
            self.asked.push((at.to_owned(), body.actor.clone(), entries.clone()));
        }
        let Act::Redacted { asked, remains } = &body.act else {
            return;
        };
        let place = format!("{}/{}", asked.log, asked.seq);
        let by_two = self.asked.iter().any(|(at, actor, entries)| {
            *at == place && *actor != body.actor && entries.iter().eq(remains.iter().map(|remains| &remains.at))
        });
        if !by_two || body.actor == Actor::Device {
            report.add("redaction_alone", at, []);
        }
        if !remains.iter().all(Remains::bare) {
            report.add("redaction_words", at, []);
        }
        for Remains { at, body } in remains {
            let json = proof::canonical(body)
                .ok()
                .and_then(|json| String::from_utf8(json).ok());
            self.said.insert((at.log.clone(), at.seq), json.unwrap_or_default());
        }
    }

    /// Compares what is gone with what was to go. Entries that were not read are looked at in the file.
    pub(super) fn tell(mut self, file: &SiteFile, report: &mut Report) -> Result<()> {
        let sql = "SELECT body IS NULL AND salt IS NULL, remains FROM entry WHERE key = ?1";
        let mut still = Vec::new();
        for at in self.said.keys() {
            if self.found.contains_key(at) {
                continue;
            }
            let Some(no) = file.log_no(&at.0) else { continue };
            let row = file.row(sql, [Key::new(no, at.1).to_sql()], |row| {
                Ok((row.get::<_, bool>(0)?, row.get::<_, Option<String>>(1)?))
            })?;
            match row {
                Some((true, Some(remains))) => {
                    self.found.insert(at.clone(), remains);
                }
                Some(_) => still.push(at),
                None => {}
            }
        }
        for (at, remains) in &self.found {
            let place = format!("{}/{}", at.0, at.1);
            match self.said.get(at) {
                Some(said) if said == remains => report.add(REDACTED, place, []),
                Some(_) => report.add("remains_differ", place, []),
                None => report.add("body_missing", place, []),
            }
        }
        for at in still {
            report.add("not_redacted", format!("{}/{}", at.0, at.1), []);
        }
        Ok(())
    }
}
