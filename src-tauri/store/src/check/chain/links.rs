//! What entries say of one another: logs that continue logs, the site's key, electronic signatures.

use proof::{Digest, Namespace, SshSig};
use study::act::{Act, Actor, Body, EntryRef, LogId, Statement};

use super::Journal;
use crate::{check::Report, error::Result, file::SiteFile, key::Key};

/// How a log began.
pub(super) struct Opening {
    no: u32,
    log: LogId,
    continues: Option<(EntryRef, String)>,
    beside: bool,
}

impl Journal {
    /// Notes how a log began; only the first word counts, of a number and of a name.
    pub(super) fn opening(&mut self, no: u32, act: &Act) {
        let Act::LogOpened {
            log, continues, beside, ..
        } = act
        else {
            return;
        };
        let known = |opening: &Opening| opening.no == no || opening.log == *log;
        if !self.openings.iter().any(known) {
            self.openings.push(Opening {
                no,
                log: log.clone(),
                continues: continues.clone(),
                beside: *beside,
            });
        }
    }

    /// A log that was closed ends where its continuation says, at the head that it names.
    pub(super) fn continuations(&mut self, file: &SiteFile, report: &mut Report) -> Result<()> {
        self.openings.sort_by_key(|opening| opening.no);
        for later in &self.openings {
            let Some((at, named)) = &later.continues else { continue };
            let Some(old) = self.openings.iter().find(|old| old.log == at.log) else {
                report.add("continues_nothing", later.log.clone(), []);
                continue;
            };
            let log = file.log_name(old.no)?;
            let tip = file.tip(old.no, log)?;
            let there = file.head_at(old.no, log, at.seq)?;
            let on = later.beside || tip.seq == at.seq;
            if !on || there.is_none_or(|head| head.to_string() != *named) {
                report.add(
                    "continues_elsewhere",
                    later.log.clone(),
                    [("closed_at", at.seq.to_string()), ("ends_at", tip.seq.to_string())],
                );
            }
        }
        Ok(())
    }

    /// The site signs its parcels with the key that its first entry names.
    pub(super) fn site_key(file: &SiteFile, report: &mut Report) {
        let kept = file.site_signing_key().map(|key| key.public().to_openssh());
        if !matches!((file.site(), kept), (Ok(site), Ok(key)) if site.key == key) {
            report.add("site_key", "secret", []);
        }
    }

    pub(super) fn e_signature(&mut self, file: &SiteFile, at: &str, store: &str, body: &Body) {
        let Act::Signed { statement, signature } = &body.act else {
            return;
        };
        let signer = self.people.get(&statement.person);
        let key = signer.and_then(|known| known.key);
        let parsed = SshSig::parse(signature);
        let good = match (key, parsed, proof::statement_bytes(statement)) {
            (Some(key), Ok(sig), Ok(bytes)) => proof::verify(&key, Namespace::Esig, &bytes, &sig).is_ok(),
            (_, _, _) => false,
        };
        let theirs = body.actor == Actor::Person(statement.person.clone())
            && body.role == Some(statement.role)
            && signer.is_some_and(|known| known.login == statement.login);
        let named = || [("signature", statement.id.clone())];
        if !good {
            self.add("e_signature", at, named());
        }
        if !theirs {
            self.add("e_signature_person", at, named());
        }
        if statement.store != store || !saw_that_head(file, statement) {
            self.add("e_signature_place", at, named());
        }
    }
}

/// Whether the log stood where the signer says it stood.
fn saw_that_head(file: &SiteFile, statement: &Statement) -> bool {
    let Some(no) = file.log_no(&statement.log) else {
        return false;
    };
    let key = Key::new(no, statement.seq).to_sql();
    let head = file.row("SELECT head FROM entry WHERE key = ?1", [key], |row| {
        Ok(Digest(row.get(0)?))
    });
    matches!(head, Ok(Some(head)) if head.to_string() == statement.head)
}
