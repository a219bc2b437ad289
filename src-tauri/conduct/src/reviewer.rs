//! Files that hold other sites' records for reading, and second devices.

use study::act::FileKind;

use crate::{
    desk::{Desk, Place},
    entry::proper_reason,
    machine::Dice,
    requests::{ContinueBeside, CreateReviewer},
    trouble::{Outcome, no},
    views::{CreatedView, StatusView},
};

impl Desk {
    pub(crate) fn create_reviewer(&mut self, asked: CreateReviewer) -> Outcome<CreatedView> {
        match asked.kind {
            FileKind::Site => no("not_this_kind"),
            kind @ (FileKind::Monitor | FileKind::Sponsor) => self.create_of(kind, asked.file),
        }
    }

    pub(crate) fn continue_beside(&mut self, asked: ContinueBeside) -> Outcome<StatusView> {
        proper_reason(self, &asked.reason)?;
        self.not_in_a_backup()?;
        let stamp = self.stamp();
        let Place::Open(sitting) = &mut self.place else {
            return no("not_logged_in");
        };
        let mut dice = Dice(self.machine.as_mut());
        sitting
            .file
            .continue_beside(&sitting.session, asked.reason, &stamp, &mut dice)?;
        self.status_now()
    }
}
