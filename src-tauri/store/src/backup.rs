//! Verified backups, turned over: seven of days, four of weeks, twelve of months.
//!
//! Each is called after the file, the time and the log of the device that made it: laptops of one file may share a folder, and
//! none counts another's as its own.
//!
//! Invariant. A backup is removed only after a newer one of the same log was written, read back and found whole; the newest
//! never is, nor one that a clock dated ahead.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike as _, NaiveDateTime, Utc};
use study::act::{LogId, Moment};

use crate::{
    error::{Result, StoreError},
    file::SiteFile,
    names, open,
};

/// The year and the day, week or month in it that a moment belongs to.
type Term = fn(&DateTime<Utc>) -> (i32, u32);

const DAYS: usize = 7;
const WEEKS: usize = 4;
const MONTHS: usize = 12;
const STAMP: &str = "%Y%m%dT%H%M%SZ";
const ENDING: &str = ".cartwright";

/// A backup as its name tells it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Backup {
    /// When it was made, UTC.
    pub at: DateTime<Utc>,
    /// The log of the device that made it; none: an earlier version did, which did not say.
    pub log: Option<LogId>,
    /// Where it lies.
    pub path: PathBuf,
}

impl Backup {
    /// Whole days since it was made; 0 when the clock went back.
    #[must_use]
    pub fn age_days(&self, now: &DateTime<Utc>) -> u32 {
        u32::try_from((*now - self.at).num_days()).unwrap_or(0)
    }
}

/// The backups of a file in a folder, whichever device made them, newest first. No folder: none.
///
/// # Errors
/// The folder cannot be read.
pub fn backups(folder: &Path, store: &str) -> Result<Vec<Backup>> {
    let mut found = Vec::new();
    let names = match std::fs::read_dir(folder) {
        Ok(names) => names,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(error.into()),
    };
    for entry in names {
        let path = entry?.path();
        found.extend(named(&path, store).map(|(at, log)| Backup { at, log, path }));
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    Ok(found)
}

/// The time in a backup's name, and the log, if it is one of this file's.
fn named(path: &Path, store: &str) -> Option<(DateTime<Utc>, Option<LogId>)> {
    let name = path.file_name()?.to_str()?;
    let name = name.strip_prefix(store)?.strip_prefix('-')?.strip_suffix(ENDING)?;
    let (stamp, log) = match name.split_once('-') {
        Some((stamp, log)) => (stamp, Some(log.to_owned())),
        None => (name, None),
    };
    Some((NaiveDateTime::parse_from_str(stamp, STAMP).ok()?.and_utc(), log))
}

/// Whether a file is named as a backup of a site file is: it is turned over with the others, so nobody works in it.
#[must_use]
pub fn is_backup(path: &Path, store: &str) -> bool {
    named(path, store).is_some()
}

/// Copies a backup, or any site file that nobody has open, to a new name, and compares the two.
///
/// # Errors
/// As [`crate::front_page`]; the name exists; a journal lies beside the file; the disk or the medium failed.
pub fn restore(backup: &Path, to: &Path, now: &Moment) -> Result<()> {
    let (backup, to) = (open::absolute(backup)?, open::absolute(to)?);
    open::front_page(&backup, now)?;
    if to.try_exists()? {
        return Err(StoreError::AlreadyExists);
    }
    if crate::vfs::journal_of(&backup).try_exists()? {
        let why = open::WhyReadOnly::HalfWritten;
        return Err(StoreError::ReadOnly { why });
    }
    let mut passing = to.file_name().ok_or(StoreError::NotASiteFile)?.to_owned();
    passing.push(".new");
    let passing = to.with_file_name(passing);
    // What a try that was cut short left.
    names::forget(&passing);
    let copied = names::copy_out(&backup, &passing).and_then(|()| names::place(&passing, &to));
    if copied.is_err() {
        names::forget(&passing);
    }
    copied
}

/// Which of these are kept (newest first): the last of each of seven days, four weeks and twelve months that have one.
fn kept(all: &[Backup]) -> Vec<bool> {
    let mut keep = vec![false; all.len()];
    let terms: [(usize, Term); 3] = [
        (DAYS, |at| (at.year(), at.ordinal())),
        (WEEKS, |at| (at.iso_week().year(), at.iso_week().week())),
        (MONTHS, |at| (at.year(), at.month())),
    ];
    for (most, term) in terms {
        let mut seen = Vec::new();
        for (backup, keep) in all.iter().zip(&mut keep) {
            let of = term(&backup.at);
            if seen.len() < most && !seen.contains(&of) {
                seen.push(of);
                *keep = true;
            }
        }
    }
    keep
}

impl SiteFile {
    /// The backups in a folder that this device made of its log, newest first.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn own_backups(&self, folder: &Path) -> Result<Vec<Backup>> {
        let mut all = backups(folder, self.store_id())?;
        all.retain(|backup| backup.log.is_some() && backup.log.as_ref() == self.log());
        Ok(all)
    }

    /// Writes a backup into a folder of backups (made when it is not there), reads it back and compares it; then removes
    /// this device's older ones that no day, week or month needs. Answer: the backup.
    ///
    /// # Errors
    /// Read-only, a second within which one was made already, the disk or the medium fails, the copy does not read as it should. The
    /// older backups are then all there.
    pub fn back_up(&mut self, folder: &Path, now: &Moment) -> Result<Backup> {
        let wrong = StoreError::Damaged { what: "moment" };
        let at = DateTime::parse_from_rfc3339(&now.at).map_err(|_| wrong)?.to_utc();
        let folder = open::absolute(folder)?;
        let log = self.writable()?.record.log.clone();
        names::make_folder(&folder)?;
        let name = format!("{}-{}-{log}{ENDING}", self.store_id(), at.format(STAMP));
        let path = folder.join(name);
        self.save_copy(&path)?;
        // The backup is made. One too many that cannot be removed today is so next time.
        let mut all = self.own_backups(&folder).unwrap_or_default();
        all.retain(|backup| backup.at <= at);
        for (backup, keep) in all.iter().zip(kept(&all)) {
            if !keep && backup.path != path {
                let _one_too_many = names::remove(&backup.path);
            }
        }
        let log = Some(log);
        Ok(Backup { at, log, path })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::{Duration, TimeZone as _};

    use super::*;
    use crate::{
        Access, DeviceKeys, check,
        desk::{Desk, PASSWORD, entered, password},
        tests::quick_desk,
    };

    fn day(n: i64) -> Backup {
        let at = Utc.with_ymd_and_hms(2026, 1, 1, 18, 0, 0).unwrap() + Duration::days(n);
        Backup {
            at,
            log: None,
            path: PathBuf::from(n.to_string()),
        }
    }

    /// A backup on each of so many days, turned over every day.
    fn after(days: i64) -> Vec<i64> {
        let mut all: Vec<Backup> = Vec::new();
        for n in 0..days {
            all.insert(0, day(n));
            let keep = kept(&all);
            all = all
                .into_iter()
                .zip(keep)
                .filter(|(_, keep)| *keep)
                .map(|(backup, _)| backup)
                .collect();
        }
        all.iter().map(|backup| (backup.at - day(0).at).num_days()).collect()
    }

    #[test]
    fn seven_days_four_weeks_and_twelve_months_are_kept() {
        assert_eq!(after(1), [0]);
        assert_eq!(after(7), [6, 5, 4, 3, 2, 1, 0]);
        // Two years on: a week of days, the Sundays before, the last days of months.
        let kept = after(731);
        assert!(kept.len() <= DAYS + WEEKS + MONTHS && kept.len() >= 18, "{kept:?}");
        assert_eq!(kept[..7], [730, 729, 728, 727, 726, 725, 724]);
        let months: BTreeSet<_> = kept.iter().map(|n| (day(*n).at.year(), day(*n).at.month())).collect();
        assert!(months.len() >= MONTHS, "{months:?}");
        // The newest is always kept, also when the clock stands still.
        assert_eq!(super::kept(&[day(3), day(3), day(3)]), [true, false, false]);
    }

    fn at(desk: &mut Desk, days: i64) -> Moment {
        Moment {
            at: (day(days).at).to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
            offset: desk.stamp().moment.offset,
        }
    }

    #[test]
    fn backups_are_whole_and_turned_over_and_a_failed_one_removes_none() {
        let mut desk = quick_desk();
        let (mut file, nurse) = desk.with_nurse();
        let folder = desk.folder.path().join("backups");
        let store = file.store_id().to_owned();
        assert_eq!(backups(&folder, &store).unwrap(), []);
        for n in 0..12 {
            desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/G/A", &n.to_string())]);
            let now = at(&mut desk, n);
            let made = file.back_up(&folder, &now).unwrap();
            let all = backups(&folder, &store).unwrap();
            assert_eq!(all[0], made);
            assert_eq!(made.age_days(&(day(n).at + Duration::hours(49))), 2);
        }
        let before = backups(&folder, &store).unwrap();
        assert!((8..=9).contains(&before.len()), "{before:?}");
        // The same second again: refused, and everything stays.
        let now = at(&mut desk, 11);
        assert_eq!(file.back_up(&folder, &now).unwrap_err().code(), "already_exists");
        // What is not ours is not counted and not touched.
        std::fs::write(folder.join("notes.txt"), b"x").unwrap();
        let name = format!("{store}-20200101T000000Z.cartwright");
        std::fs::create_dir(folder.join("in-the-way")).unwrap();
        assert_eq!(backups(&folder, &store).unwrap(), before);
        assert_eq!(backups(&folder, "another").unwrap(), []);
        let (made, log) = named(Path::new(&name), &store).unwrap();
        assert_eq!((made.year(), log), (2020, None));
        // Nor is what another device made, or an earlier version; what a wrong clock dated ahead holds no day, week or month.
        let later = [
            format!("{store}-20260112T120000Z-l-00.cartwright"),
            name,
            format!("{store}-20260112T130000Z.cartwright"),
        ];
        for name in &later {
            std::fs::write(folder.join(name), b"not this device's").unwrap();
        }
        let now = at(&mut desk, 3_000);
        let ahead = file.back_up(&folder, &now).unwrap();
        for n in 12..20 {
            desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/G/A", &n.to_string())]);
            let now = at(&mut desk, n);
            file.back_up(&folder, &now).unwrap();
        }
        let own: Vec<i64> = file
            .own_backups(&folder)
            .unwrap()
            .iter()
            .map(|one| (one.at - day(0).at).num_days())
            .collect();
        assert_eq!(own[..8], [3_000, 19, 18, 17, 16, 15, 14, 13]);
        assert!(ahead.path.exists() && later.iter().all(|name| folder.join(name).exists()));
        let before = file.own_backups(&folder).unwrap().split_off(1);
        file.close().unwrap();
        for (backup, n) in [(&before[0], 19), (&before[1], 18)] {
            let stamp = desk.stamp();
            let elsewhere = DeviceKeys::at(&desk.folder.path().join("two"), "laptop 2");
            let opened = SiteFile::unlock(
                &backup.path,
                "nurse",
                &password(PASSWORD),
                &stamp,
                &mut desk.seed,
                &elsewhere,
            );
            let (restored, _) = opened.unwrap();
            assert!(matches!(restored.access(), Access::ReadOnly { .. }));
            assert_eq!(
                restored.items_of_subject("S-001").unwrap()[0].value,
                crate::desk::text(&n.to_string())
            );
            assert!(check(&restored, &mut |_, _, _| ()).unwrap().sound());
        }
    }
}
