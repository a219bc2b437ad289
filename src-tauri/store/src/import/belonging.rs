//! Whether what comes may be here: said by whose it is to say, and at nobody else's place.

use std::collections::HashMap;

use study::{
    act::{Act, Body, EntryRef, LogId},
    path::SITE,
};

use super::{
    Incoming, refused,
    sorted::{End, Sorted},
};
use crate::{
    error::{Result, StoreError},
    file::SiteFile,
    key::beneath,
    read::from_json,
};

impl Sorted {
    /// Whether what is new may be here: from the file it says, acts of that kind of file, nobody else's subjects and people.
    pub(super) fn belong(&self, file: &SiteFile, incoming: &Incoming, ends: &HashMap<LogId, End>) -> Result<()> {
        let mut mixed: HashMap<&str, bool> = HashMap::new();
        for (_, entry) in &self.applied {
            let Some(end) = ends.get(&entry.log) else { continue };
            if end.fresh && end.store != incoming.store {
                return Err(refused("other_store"));
            }
            let Some(json) = &entry.body else { continue };
            let act = from_json::<Body>(json, "body")?.act;
            if !act.belongs_in(end.kind) {
                return Err(StoreError::NotTakenIn {
                    what: "not_this_kind",
                    at: Some(EntryRef {
                        log: entry.log.clone(),
                        seq: entry.seq,
                    }),
                });
            }
            let site_of = |sql: &str, name: &str| -> Result<bool> {
                let there = file.row(sql, [name], |row| Ok(row.get::<_, String>(0)?))?;
                Ok(there.is_some_and(|store| store != end.store))
            };
            #[allow(
                clippy::wildcard_enum_match_arm,
                reason = "no other act brings a name that could be taken"
            )]
            match &act {
                Act::SubjectAdded { subject } => {
                    let sql = "SELECT s.store FROM subject AS x JOIN site AS s ON s.entry = x.site WHERE x.code = ?1";
                    if site_of(sql, subject)? {
                        return Err(refused("subject_of_another"));
                    }
                }
                Act::PersonAdded { person, .. } => {
                    let sql = "SELECT s.store FROM person AS x JOIN site AS s ON s.entry = x.site WHERE x.person = ?1";
                    if site_of(sql, person)? {
                        return Err(refused("person_of_another"));
                    }
                }
                // Registers lie at one place in every site's file: two sites' lots would be read as one another's.
                Act::ValueEntered { path, .. } if path.form.subject == SITE => {
                    let elsewhere = match mixed.get(end.store.as_str()) {
                        Some(known) => *known,
                        None => registers_of_another(file, &end.store)?,
                    };
                    mixed.insert(&end.store, elsewhere);
                    if elsewhere {
                        return Err(refused("registers_of_another"));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Whether another file than that one wrote in the registers here.
fn registers_of_another(file: &SiteFile, store: &str) -> Result<bool> {
    let (low, high) = beneath(SITE);
    let sql = "SELECT 1 FROM item AS i JOIN log AS l ON l.no = i.entry >> 40 JOIN site AS s ON s.entry = l.site
               WHERE i.path >= ?1 AND i.path < ?2 AND s.store <> ?3 LIMIT 1";
    let there = file.row(sql, [low.as_str(), high.as_str(), store], |row| {
        Ok(row.get::<_, i64>(0)?)
    })?;
    Ok(there.is_some())
}
