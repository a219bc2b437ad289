//! Redaction: what identifies somebody leaves the file, while chain and signatures stay verifiable.
//!
//! Two persons: one asks, another does it, each under their own signature. Body and salt of an entry go; its leaf stays,
//! and what is still said of it stands in the redaction: who, when, which act on what, never a word that was typed.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use study::{
    act::{Act, Actor, EntryRef, Reason, Remains},
    path::ItemPath,
    value::Value,
};

use crate::{
    args::{Chance, Stamp, make_bytes},
    error::{Result, StoreError},
    file::{SiteFile, next_turn},
    guard,
    key::Key,
    read::EntryFilter,
    refold::refold,
    session::Session,
    transact::{Saved, Tip, insert, plan},
};

const fn refused(what: &'static str) -> StoreError {
    StoreError::NotRedactable { what }
}

impl SiteFile {
    /// The entries with those that repeat what they hold: a value's successors say what stood there before, or enter it
    /// again, and what the device asked about two values of an item says both.
    ///
    /// # Errors
    /// An entry that is not there, is another file's, has been redacted, or holds nothing that was typed
    /// ([`StoreError::NotRedactable`]); or the database.
    pub fn with_repetitions(&self, entries: &[EntryRef]) -> Result<Vec<EntryRef>> {
        let logs = self.logs()?;
        let mut all: BTreeSet<EntryRef> = BTreeSet::new();
        let home = |at: &EntryRef| logs.iter().any(|row| row.log == at.log && row.home);
        for at in entries {
            if !home(at) {
                return Err(refused("foreign"));
            }
            let entry = self.entry(at)?.ok_or(refused("no_such_entry"))?;
            if entry.redacted {
                return Err(refused("already"));
            }
            let body = entry.body.ok_or(refused("no_such_entry"))?;
            if body.act.without_words().is_none() {
                return Err(refused("act"));
            }
            all.insert(at.clone());
            let Act::ValueEntered { path, value, .. } = body.act else {
                continue;
            };
            all.extend(self.asked_with(&path, value.as_ref())?.into_iter().filter(&home));
            for later in self.history(&path)?.into_iter().filter(|later| !later.redacted) {
                let said = later.body.map(|body| body.act);
                let Some(Act::ValueEntered {
                    old, value: entered, ..
                }) = said
                else {
                    continue;
                };
                let repeats = value.is_some() && (old == value || entered == value);
                if repeats {
                    all.insert(EntryRef {
                        log: later.log,
                        seq: later.seq,
                    });
                }
            }
        }
        Ok(all.into_iter().collect())
    }

    /// Where the device itself asked about an item in words that hold the value.
    fn asked_with(&self, path: &ItemPath, value: Option<&Value>) -> Result<Vec<EntryRef>> {
        let parts = parts_of(value)?;
        let filter = EntryFilter {
            actor: Some(Actor::Device),
            subject: Some(path.form.subject.clone()),
            path: Some(path.to_string()),
            acts: vec!["query_opened".to_owned()],
            limit: u32::MAX,
            ..EntryFilter::default()
        };
        let asked = self.entries(&filter)?.into_iter().filter(|entry| !entry.redacted);
        let asked = asked.filter(|entry| {
            let act = entry.body.as_ref().map(|body| &body.act);
            let holds = |text: &String| !parts.is_empty() && parts.iter().all(|part| text.contains(part));
            matches!(act, Some(Act::QueryOpened { text, .. }) if holds(text))
        });
        let found = asked.map(|entry| EntryRef {
            log: entry.log,
            seq: entry.seq,
        });
        Ok(found.collect())
    }

    /// Carries out what another person asked for ([`Act::RedactionAsked`]): one save with the second person's signature,
    /// after which no page of the file holds what was typed. Copies made before hold it still.
    ///
    /// # Errors
    /// Not asked for, asked by the same person, or as [`Self::with_repetitions`]; read-only; the save failed.
    pub fn redact(
        &mut self,
        asked: &EntryRef,
        second: &Session,
        reason: Reason,
        stamp: &Stamp,
        chance: &mut dyn Chance,
    ) -> Result<Saved> {
        self.writable()?;
        self.still_holds(second)?;
        let request = self.entry(asked)?.and_then(|entry| entry.body);
        let Some((Act::RedactionAsked { entries }, first)) = request.map(|body| (body.act, body.actor)) else {
            return Err(refused("not_asked"));
        };
        if first == Actor::Person(second.person.clone()) || first == Actor::Device {
            return Err(refused("same_person"));
        }
        self.with_repetitions(&entries)?;
        let mut remains = Vec::with_capacity(entries.len());
        for at in entries {
            let body = self.entry(&at)?.and_then(|entry| entry.body);
            let mut body = body.ok_or(refused("no_such_entry"))?;
            body.act = body.act.without_words().ok_or(refused("act"))?;
            body.reason = body.reason.map(|reason| Reason { text: None, ..reason });
            remains.push(Remains { at, body });
        }
        let mut keys = Vec::with_capacity(remains.len());
        for Remains { at, body } in &remains {
            let no = self.log_no(&at.log).ok_or(refused("no_such_entry"))?;
            keys.push((Key::new(no, at.seq), remaining(body)?));
        }
        let act = Act::Redacted {
            asked: asked.clone(),
            remains,
        };
        let mut body = self.body_of(second, act, Some(reason), stamp)?;
        body.refs = vec![asked.clone()];
        let own = self.writable()?;
        let tip = Tip {
            no: own.no,
            log: &own.record.log,
            seq: own.tip.seq,
            head: own.tip.head,
        };
        let id = make_bytes(chance);
        let bodies = [body];
        let planned = plan(&tip, &id, &bodies, &second.keys.signing, chance)?;
        self.turn = next_turn();
        let conn = self.conn.as_mut().ok_or(StoreError::Damaged { what: "closed" })?;
        guard::authorize_folding(conn)?;
        let done = || -> Result<()> {
            let tx = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
            insert(&tx, &planned, &bodies)?;
            take_away(&tx, &keys)?;
            refold(&tx)?;
            Ok(tx.commit()?)
        };
        let done = done();
        match done {
            Ok(()) => {
                if let Some(conn) = &mut self.conn {
                    guard::authorize(conn)?;
                }
                self.saved(&planned)
            }
            // Closed and opened again: the usual guards are back.
            Err(error) => self.settle(&id, error),
        }
    }
}

/// The words that a value consists of.
fn parts_of(value: Option<&Value>) -> Result<Vec<String>> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let json = serde_json::to_value(value).map_err(|_| StoreError::Damaged { what: "body" })?;
    let fields = json.as_object().into_iter().flatten();
    let words = fields
        .filter(|(name, _)| *name != "type")
        .map(|(_, field)| match field.as_str() {
            Some(text) => text.to_owned(),
            None => field.to_string(),
        });
    Ok(words.filter(|word| !word.is_empty()).collect())
}

/// What is still said of an entry, as it is stored.
pub(crate) fn remaining(body: &study::act::Body) -> Result<String> {
    let json = proof::canonical(body).map_err(|_| StoreError::Damaged { what: "body" })?;
    String::from_utf8(json).map_err(|_| StoreError::Damaged { what: "body" })
}

/// Inside a transaction that folds anew afterwards: takes body and salt of entries away, and what was typed and not saved at
/// their items.
pub(crate) fn take_away(conn: &Connection, keys: &[(Key, String)]) -> Result<()> {
    for (key, json) in keys {
        let key = key.to_sql();
        conn.execute(
            "INSERT INTO redaction (entry, redacted) VALUES (?1, ?1) ON CONFLICT DO NOTHING",
            [key],
        )?;
        conn.execute(
            "DELETE FROM unfinished WHERE path = (SELECT body ->> '$.act.path' FROM entry WHERE key = ?1)",
            [key],
        )?;
        conn.execute(
            "UPDATE entry SET body = NULL, salt = NULL, remains = ?2 WHERE key = ?1 AND remains IS NULL",
            params![key, json],
        )?;
    }
    Ok(())
}
