//! Where backups of the file are kept, and whether one is due. The folder is this device's: a copy elsewhere has none.

use std::path::{Path, PathBuf};

use rusqlite::OptionalExtension as _;
use serde::{Deserialize, Serialize};
use study::act::LogId;

use crate::{
    error::{Result, StoreError},
    file::SiteFile,
    key::Key,
};

const FOLDER: &str = "backup_folder";
/// Entries that say nothing that a backup would have to hold.
const COMING_AND_GOING: [&str; 2] = ["logged_in", "locked"];

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    log: LogId,
    folder: PathBuf,
}

impl SiteFile {
    /// The folder that was chosen for backups on this device, if one was.
    ///
    /// # Errors
    /// The database.
    pub fn backup_folder(&self) -> Result<Option<PathBuf>> {
        let kept: Option<String> = self
            .conn()?
            .query_row("SELECT value FROM meta WHERE name = ?1", [FOLDER], |row| row.get(0))
            .optional()?;
        let kept: Option<Kept> = kept.map(|text| serde_json::from_str(&text)).transpose().unwrap_or(None);
        Ok(kept
            .filter(|kept| Some(&kept.log) == self.log())
            .map(|kept| kept.folder))
    }

    /// From now on backups made on this device go into the folder.
    ///
    /// # Errors
    /// Read-only, or the database.
    pub fn keep_backups_in(&mut self, folder: &Path) -> Result<()> {
        let log = self.writable()?.record.log.clone();
        let folder = folder.to_owned();
        let text = serde_json::to_string(&Kept { log, folder }).map_err(|_| StoreError::Damaged { what: "folder" })?;
        self.conn()?.execute(
            "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [FOLDER, &text],
        )?;
        Ok(())
    }

    /// Whether this device's log says anything since the last backup but that people came and went.
    ///
    /// # Errors
    /// The database.
    pub fn changed_since_backup(&self) -> Result<bool> {
        let Some(own) = &self.own else { return Ok(false) };
        let (low, high) = Key::range(own.no);
        let mut acts = self
            .conn()?
            .prepare_cached("SELECT act FROM entry WHERE key >= ?1 AND key < ?2 ORDER BY key DESC")?;
        let mut acts = acts.query([low, high])?;
        while let Some(row) = acts.next()? {
            let act: Option<String> = row.get(0)?;
            match act.as_deref() {
                Some("backed_up") => return Ok(false),
                Some(act) if COMING_AND_GOING.contains(&act) => {}
                Some(_) | None => return Ok(true),
            }
        }
        Ok(true)
    }
}
