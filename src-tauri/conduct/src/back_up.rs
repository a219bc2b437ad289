//! Backups: verified copies of the whole file, encrypted as it is, turned over in a folder that somebody chose; made when
//! asked for, and at locking when something was saved. Restoring copies one to a new name.

use std::path::Path;

use chrono::{DateTime, FixedOffset};
use store::{Access, Backup};
use study::act::Act;

use crate::{
    desk::{Desk, Place},
    machine::{is_ahead, moment},
    requests::{BackUp, Backups, Restore, SaveCopy},
    trouble::{Outcome, no},
    views::{BackedUpView, BackupView, BackupsView, StatusView},
};

/// Days after which a backup is called old.
const OLD_AFTER: u32 = 7;
/// At locking no second one is made within so many minutes; at closing one always is.
const APART_MINUTES: i64 = 60;

impl Desk {
    pub(crate) fn backups(&mut self, _: Backups) -> Outcome<BackupsView> {
        let now = self.now();
        let file = &self.sitting()?.file;
        let Some(folder) = file.backup_folder()? else {
            return Ok(BackupsView {
                failed: self.backup_failed.clone(),
                ..BackupsView::default()
            });
        };
        let found = file.own_backups(&folder).unwrap_or_default();
        // What a wrong clock dated ahead is of no known age, and stands behind the others.
        let (mut found, ahead): (Vec<Backup>, Vec<Backup>) =
            found.into_iter().partition(|backup| !is_ahead(backup.at, now));
        let age_days = found.first().map(|newest| newest.age_days(&now.to_utc()));
        found.extend(ahead);
        Ok(BackupsView {
            folder: Some(shown(&folder)),
            reachable: folder.is_dir(),
            same_disk: same_disk(&folder, file.path()),
            old: age_days.is_none_or(|days| days >= OLD_AFTER),
            age_days,
            backups: found.iter().map(|backup| view(backup, *now.offset())).collect(),
            failed: self.backup_failed.clone(),
        })
    }

    pub(crate) fn back_up(&mut self, asked: BackUp) -> Outcome<BackupsView> {
        self.writable()?;
        if let Some(handle) = asked.handle {
            let folder = self.chosen(handle)?;
            self.sitting_mut()?.file.keep_backups_in(&folder)?;
        } else {
            match self.sitting()?.file.backup_folder()? {
                Some(folder) => still_there(&folder)?,
                None => return no("no_backup_folder"),
            }
        }
        self.make_backup(false)?;
        self.backups(Backups {})
    }

    fn make_backup(&mut self, automatic: bool) -> Outcome<()> {
        let moment = self.moment();
        let sitting = self.sitting_mut()?;
        let Some(folder) = sitting.file.backup_folder()? else {
            return Ok(());
        };
        let backup = sitting.file.back_up(&folder, &moment)?;
        sitting.file.note_copy(&moment)?;
        let file = name(&backup.path);
        self.backup_failed = None;
        self.save_as_device(vec![Act::BackedUp { file, automatic }.into()])?;
        Ok(())
    }

    /// Before the keys go: a backup, if something was saved since the last. That one could not be made keeps nobody from
    /// locking; it is told where backups are shown.
    pub(crate) fn back_up_before_leaving(&mut self, closing: bool) {
        let due = match &self.place {
            Place::Open(sitting) if matches!(sitting.file.access(), Access::Writable) => self.is_due(closing),
            Place::Open(_) | Place::Front(_) | Place::Empty => return,
        };
        let made = due.and_then(|due| if due { self.make_backup(true) } else { Ok(()) });
        if let Err(trouble) = made {
            self.backup_failed = Some(trouble.told(self.machine.as_mut()));
        }
    }

    fn is_due(&self, closing: bool) -> Outcome<bool> {
        let file = &self.sitting()?.file;
        let Some(folder) = file.backup_folder()? else {
            return Ok(false);
        };
        let own = file.own_backups(&folder)?;
        // A folder that has none of them is another stick of the name, or was emptied.
        let lacks = own.is_empty() && folder.is_dir();
        if !lacks && !file.changed_since_backup()? {
            return Ok(false);
        }
        still_there(&folder)?;
        let now = self.now().to_utc();
        let just_made = |backup: Backup| (now - backup.at).num_minutes().abs() < APART_MINUTES;
        Ok(closing || !own.into_iter().any(just_made))
    }

    pub(crate) fn save_copy(&mut self, asked: SaveCopy) -> Outcome<BackedUpView> {
        self.writable()?;
        let folder = self.chosen(asked.handle)?;
        let (now, moment) = (self.now(), self.moment());
        let sitting = self.sitting_mut()?;
        let stem = sitting.file.path().file_stem().unwrap_or_default().to_string_lossy();
        let file = format!("{stem}-{}.cartwright", now.format("%Y-%m-%d-%H%M%S"));
        sitting.file.save_copy(&folder.join(&file))?;
        sitting.file.note_copy(&moment)?;
        Ok(BackedUpView { file, at: moment })
    }

    pub(crate) fn restore(&mut self, asked: Restore) -> Outcome<StatusView> {
        let (backup, to) = (self.chosen(asked.backup)?, self.chosen(asked.to)?);
        self.put_away("closed")?;
        store::restore(&backup, &to, &self.moment())?;
        self.place = Place::Front(to);
        self.status_now()
    }

    /// Nobody works in a backup: it would be turned over with the others.
    pub(crate) fn not_in_a_backup(&self) -> Outcome<()> {
        let file = &self.sitting()?.file;
        no_backup(file.path(), file.store_id())
    }
}

/// Refuses a folder that was chosen and is gone: one made anew under its name would not be on the stick that was pulled out.
fn still_there(folder: &Path) -> Outcome<()> {
    if folder.is_dir() {
        Ok(())
    } else {
        no("backup_folder_gone")
    }
}

/// Refuses a file, of that identifier, that is named as its backups are.
pub(crate) fn no_backup(path: &Path, store: &str) -> Outcome<()> {
    if store::is_backup(path, store) {
        return no("in_a_backup");
    }
    Ok(())
}

pub(crate) fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The last two names of a folder: enough to know it by, not where on the disk it lies.
fn shown(folder: &Path) -> String {
    let above = folder.parent().map(name).filter(|above| !above.is_empty());
    above.map_or_else(|| name(folder), |above| format!("{above} › {}", name(folder)))
}

fn view(backup: &Backup, offset: FixedOffset) -> BackupView {
    let at: DateTime<FixedOffset> = backup.at.with_timezone(&offset);
    BackupView {
        file: name(&backup.path),
        at: moment(at),
        bytes: std::fs::metadata(&backup.path).map_or(0, |found| found.len()),
    }
}

#[cfg(unix)]
fn same_disk(folder: &Path, file: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let disk = |path: &Path| std::fs::metadata(path).map(|found| found.dev()).ok();
    disk(folder).is_some_and(|one| disk(file) == Some(one))
}

#[cfg(not(unix))]
fn same_disk(folder: &Path, file: &Path) -> bool {
    folder.components().next() == file.components().next()
}
