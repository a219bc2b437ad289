//! Every value that an item ever had, with what was found at it.

use study::act::{Act, EntryRef};

use crate::{
    desk::Desk,
    requests::HistoryOf,
    trouble::Outcome,
    views::{HistoryView, PastValueView},
};

impl Desk {
    pub(crate) fn history(&mut self, asked: HistoryOf) -> Outcome<HistoryView> {
        let sitting = self.sitting()?;
        let last = sitting.file.item(&asked.path)?.map(|item| item.last);
        let mut values = Vec::new();
        let mut findings = Vec::new();
        for entry in sitting.file.history(&asked.path)? {
            findings.extend(self.past_finding(&entry)?);
            let at = EntryRef {
                log: entry.log,
                seq: entry.seq,
            };
            let redaction = if entry.redacted { self.redacted_by(&at)? } else { None };
            let Some(body) = entry.body else { continue };
            if let Act::ValueEntered { value, by_hand, .. } = body.act {
                // In the order in which the file counts them, whichever device wrote them.
                values.push(PastValueView {
                    version: u64::try_from(values.len() + 1).unwrap_or(u64::MAX),
                    value,
                    by_hand,
                    by: sitting.names.printed_or_device(&body.actor),
                    role: body.role,
                    when: body.moment,
                    reason: body.reason,
                    stands: last.as_ref() == Some(&at),
                    at,
                    redaction,
                });
            }
        }
        values.reverse();
        findings.reverse();
        Ok(HistoryView { values, findings })
    }
}
