//! Backups: a verified copy of the whole file, encrypted as it is, into a folder that somebody chose.

use crate::{desk::Desk, requests::BackUp, trouble::Outcome, views::BackedUpView};

impl Desk {
    pub(crate) fn back_up(&mut self, asked: BackUp) -> Outcome<BackedUpView> {
        self.writable()?;
        let folder = self.chosen(asked.handle)?;
        let (now, moment) = (self.now(), self.moment());
        let sitting = self.sitting_mut()?;
        let stem = sitting
            .file
            .path()
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let file = format!("{stem}-{}.cartwright", now.format("%Y-%m-%d-%H%M%S"));
        sitting.file.save_copy(&folder.join(&file))?;
        sitting.file.note_copy(&moment)?;
        Ok(BackedUpView { file, at: moment })
    }
}
