//! What entries say of one another: logs that continue logs, the site's key, electronic signatures.

use proof::{Digest, Namespace, SshSig};
use study::act::{Act, Actor, Body, Statement};

use super::{Check, LogState};
use crate::{error::Result, key::Key};

impl Check<'_> {
    /// A log that was closed ends where its continuation says, at the head that it names.
    pub(super) fn continuations(&mut self) -> Result<()> {
        let mut logs = self.folded.prepare(
            "SELECT old.no, later.id, later.continues_seq, later.continues_head, later.beside FROM log AS later
             LEFT JOIN log AS old ON old.id = later.continues WHERE later.continues IS NOT NULL ORDER BY later.no",
        )?;
        let mut rows = logs.query([])?;
        while let Some(row) = rows.next()? {
            let (old, later): (Option<u32>, String) = (row.get(0)?, row.get(1)?);
            let (seq, named): (u64, String) = (row.get(2)?, row.get(3)?);
            let Some(old) = old else {
                self.report.add("continues_nothing", later, []);
                continue;
            };
            let log = self.file.log_name(old)?;
            let tip = self.file.tip(old, log)?;
            let there = self.file.head_at(old, log, seq)?;
            let on = row.get::<_, bool>(4)? || tip.seq == seq;
            if !on || there.is_none_or(|head| head.to_string() != named) {
                self.report.add(
                    "continues_elsewhere",
                    later,
                    [("closed_at", seq.to_string()), ("ends_at", tip.seq.to_string())],
                );
            }
        }
        Ok(())
    }

    /// The site signs its parcels with the key that its first entry names.
    pub(super) fn site_key(&mut self) {
        let kept = self.file.site_signing_key().map(|key| key.public().to_openssh());
        if !matches!((self.file.site(), kept), (Ok(site), Ok(key)) if site.key == key) {
            self.report.add("site_key", "secret", []);
        }
    }

    pub(super) fn e_signature(&mut self, at: &str, log: &LogState, body: &Body) {
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
        if !good {
            self.report
                .add("e_signature", at, [("signature", statement.id.clone())]);
        }
        let theirs = body.actor == Actor::Person(statement.person.clone())
            && body.role == Some(statement.role)
            && signer.is_some_and(|known| known.login == statement.login);
        if !theirs {
            self.report
                .add("e_signature_person", at, [("signature", statement.id.clone())]);
        }
        if statement.store != log.store || !self.saw_that_head(statement) {
            self.report
                .add("e_signature_place", at, [("signature", statement.id.clone())]);
        }
    }

    /// Whether the log stood where the signer says it stood.
    fn saw_that_head(&self, statement: &Statement) -> bool {
        let Some(no) = self.file.log_no(&statement.log) else {
            return false;
        };
        let key = Key::new(no, statement.seq).to_sql();
        let head = self.file.row("SELECT head FROM entry WHERE key = ?1", [key], |row| {
            Ok(Digest(row.get(0)?))
        });
        matches!(head, Ok(Some(head)) if head.to_string() == statement.head)
    }
}
