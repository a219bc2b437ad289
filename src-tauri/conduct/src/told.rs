//! What the journal tells of redactions and of bundles: read when somebody sits down, and again after an act that tells more.

use store::{EntryFilter, EntryView, SiteFile};

use crate::{desk::Desk, trouble::Outcome};

const ACTS: [&str; 5] = [
    "redaction_asked",
    "redaction_declined",
    "redacted",
    "bundle_imported",
    "bundle_refused",
];

/// Entries of these acts; none until they are read, and after an act that tells more.
#[derive(Default)]
pub(crate) struct Told(Option<Vec<EntryView>>);

impl Told {
    pub(crate) fn read(file: &SiteFile) -> Outcome<Self> {
        Ok(Self(Some(file.entries(&EntryFilter {
            acts: ACTS.map(str::to_owned).to_vec(),
            limit: u32::MAX,
            ..EntryFilter::default()
        })?)))
    }
}

impl Desk {
    /// Every entry that tells of a redaction or of a bundle that came in, log by log.
    pub(crate) fn what_was_told(&mut self) -> Outcome<Vec<EntryView>> {
        let sitting = self.sitting_mut()?;
        if sitting.told.0.is_none() {
            sitting.told = Told::read(&sitting.file)?;
        }
        Ok(sitting.told.0.clone().unwrap_or_default())
    }
}
