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
        // Within one log this is the order of saving; what two devices wrote is told apart by their clocks.
        if values.windows(2).any(|two| two[0].at.log != two[1].at.log) {
            values.sort_by(|a, b| a.when.at.cmp(&b.when.at));
        }
        for (n, past) in values.iter_mut().enumerate() {
            past.version = u64::try_from(n + 1).unwrap_or(u64::MAX);
        }
        values.reverse();
        findings.reverse();
        Ok(HistoryView { values, findings })
    }
}
