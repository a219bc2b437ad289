//! What the journal tells of redactions and of bundles: read once a sitting, and then as it comes.

use std::collections::HashMap;

use store::{EntryFilter, EntryView, SiteFile};
use study::act::{EntryRef, LogId};

use crate::{desk::Desk, trouble::Outcome};

const ACTS: [&str; 5] = [
    "redaction_asked",
    "redaction_declined",
    "redacted",
    "bundle_imported",
    "bundle_refused",
];

/// Entries of these acts that were read so far, and how far each log was.
#[derive(Default)]
pub(crate) struct Told {
    read: HashMap<LogId, u64>,
    entries: Vec<EntryView>,
}

impl Told {
    fn go_on(&mut self, file: &SiteFile) -> Outcome<()> {
        for row in file.logs()? {
            let read = self.read.entry(row.log.clone()).or_default();
            if *read >= row.last_seq {
                continue;
            }
            let past = (*read > 0).then(|| EntryRef {
                log: row.log.clone(),
                seq: *read,
            });
            *read = row.last_seq;
            self.entries.extend(file.entries(&EntryFilter {
                acts: ACTS.map(str::to_owned).to_vec(),
                past,
                limit: u32::MAX,
                log: Some(row.log),
                ..EntryFilter::default()
            })?);
        }
        Ok(())
    }
}

impl Desk {
    /// Every entry that tells of a redaction or of a bundle that came in, log by log.
    pub(crate) fn what_was_told(&mut self) -> Outcome<Vec<EntryView>> {
        let sitting = self.sitting_mut()?;
        sitting.told.go_on(&sitting.file)?;
        Ok(sitting.told.entries.clone())
    }
}
