//! The ways in that stand in the header, against the people whom the journal knows. What a password alone opens, nobody else
//! can look into: a way in whose inside was made useless keeps its person out, and is told by them.

use proof::Digest;

use crate::{check::Report, create::folded, error::Result, file::SiteFile, header::Header, key::Key, ledger::HOME};

/// A person of this file.
struct Known {
    person: String,
    login: String,
    printed_name: String,
    sealing: String,
    disabled: Option<i64>,
    entry: i64,
}

fn people(file: &SiteFile) -> Result<Vec<Known>> {
    let sql = "SELECT person, login, printed_name, sealing, disabled, entry FROM person WHERE site = ?1 ORDER BY entry";
    file.rows(sql, [HOME], |row| {
        Ok(Known {
            person: row.get(0)?,
            login: row.get(1)?,
            printed_name: row.get(2)?,
            sealing: row.get(3)?,
            disabled: row.get(4)?,
            entry: row.get(5)?,
        })
    })
}

/// Whether an entry was written in this very file, with the header that went with it.
struct Here(Vec<(String, u64)>);

impl Here {
    fn wrote(&self, file: &SiteFile, key: i64) -> bool {
        let Key { log, seq } = Key::from_sql(key);
        let Ok(id) = file.log_name(log) else { return false };
        self.0.iter().any(|(log, upto)| log == id && seq <= *upto)
    }
}

/// Compares the list of log-ins with the people in the journal. `header` as it stands on the disk.
pub(super) fn check(file: &SiteFile, mut header: Header, report: &mut Report) -> Result<()> {
    let (generation, digest) = file.header_known()?;
    header.settle_on(generation, digest, &file.dek)?;
    let body = &header.body;
    // Another than the one that goes with the journal was told already, or is of a save that did not come about.
    if body.generation != generation || body.digest()? != digest {
        return Ok(());
    }
    let people = people(file)?;
    let here = Here(file.written_here()?);
    for (n, slot) in body.slots.iter().enumerate() {
        let named = || [("login", slot.login.clone())];
        let mut tell = |code| report.add(code, "header", named());
        let earlier = body.slots.iter().take(n);
        if earlier
            .clone()
            .any(|other| other.user == slot.user || folded(&other.login) == folded(&slot.login))
        {
            tell("slot_twice");
        }
        let Some(known) = people.iter().find(|known| known.person == slot.user.as_str()) else {
            tell("slot_unknown");
            continue;
        };
        if known.disabled.is_some_and(|entry| here.wrote(file, entry)) {
            tell("slot_disabled");
        }
        if slot.x25519_pub.array().map(|key| Digest(key).to_string()).as_ref() != Some(&known.sealing) {
            tell("slot_key");
        }
        if slot.login != known.login || slot.label != known.printed_name {
            tell("slot_name");
        }
    }
    for known in &people {
        let has = body.slots.iter().any(|slot| slot.user.as_str() == known.person);
        if known.disabled.is_none() && !has && here.wrote(file, known.entry) {
            report.add("slot_missing", "header", [("login", known.login.clone())]);
        }
    }
    if body.recovery.len() != 1 {
        report.add("recovery_slots", "header", [("count", body.recovery.len().to_string())]);
    }
    if file.site().is_ok_and(|site| site.synthetic != body.synthetic) {
        report.add("header_practice", "header", []);
    }
    Ok(())
}
