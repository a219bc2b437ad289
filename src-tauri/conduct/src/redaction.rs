//! Redaction at the desk: one person asks, a second agrees with an own log-in.

use store::Deed;
use study::act::{Act, EntryRef};

use crate::{
    desk::{Desk, Place},
    entry::proper_reason,
    machine::Dice,
    requests::{AskRedaction, Redact},
    rights,
    trouble::{Outcome, no, no_with},
    views::RedactionView,
};

impl Desk {
    pub(crate) fn ask_redaction(&mut self, asked: AskRedaction) -> Outcome<RedactionView> {
        self.writable()?;
        self.declared()?;
        proper_reason(self, &asked.reason)?;
        if asked.entries.is_empty() {
            return no("redaction_no_such_entry");
        }
        let entries = self.sitting()?.file.with_repetitions(&asked.entries)?;
        let deed = Deed {
            act: Act::RedactionAsked {
                entries: entries.clone(),
            },
            reason: Some(asked.reason),
            refs: entries.clone(),
        };
        let saved = self.save(vec![deed])?;
        let at = EntryRef {
            log: saved.log,
            seq: saved.last_seq,
        };
        Ok(RedactionView { at, entries })
    }

    pub(crate) fn redact(&mut self, asked: Redact) -> Outcome<RedactionView> {
        self.writable()?;
        proper_reason(self, &asked.reason)?;
        let second = self.authenticate(&asked.login, asked.password)?;
        if !rights::may_agree(second.role()) {
            return no_with(
                "not_your_role",
                &[("act", "redact"), ("role", &rights::role_code(second.role()))],
            );
        }
        self.declared_by(&second)?;
        let stamp = self.stamp();
        let Place::Open(sitting) = &mut self.place else {
            return no("not_logged_in");
        };
        let mut dice = Dice(self.machine.as_mut());
        let saved = sitting
            .file
            .redact(&asked.asked, &second, asked.reason, &stamp, &mut dice)?;
        let at = EntryRef {
            log: saved.log,
            seq: saved.last_seq,
        };
        let body = sitting.file.entry(&at)?.and_then(|entry| entry.body);
        let entries = match body.map(|body| body.act) {
            Some(Act::Redacted { remains, .. }) => remains.into_iter().map(|remains| remains.at).collect(),
            Some(_) | None => Vec::new(),
        };
        Ok(RedactionView { at, entries })
    }
}
