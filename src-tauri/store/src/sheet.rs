//! The key sheet: the file's key itself, in words, for the archive's envelope. It opens the file when no password and no
//! recovery code is left.

use std::path::Path;

use study::act::Moment;
use zeroize::{Zeroize as _, Zeroizing};

use crate::{
    attempts::{Attempts, Stray},
    continued::Recovery,
    device::DeviceKeys,
    error::{Result, StoreError},
    file::SiteFile,
    header::Header,
    keys::{self, Secret},
    mark::Mark,
    migrate,
    open::{self, Content},
    session::Session,
    vfs,
};

/// The key of a file, in words. Wiped on drop.
pub struct KeySheet(Zeroizing<String>);

impl std::fmt::Debug for KeySheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeySheet(…)")
    }
}

impl KeySheet {
    /// 24 words of the English BIP-39 list, one blank between them.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl SiteFile {
    /// The file's key in words.
    ///
    /// # Errors
    /// Not an administrator of this file.
    pub fn key_sheet(&self, administrator: &Session) -> Result<KeySheet> {
        self.needs_administrator(administrator)?;
        Ok(KeySheet(Zeroizing::new(proof::words_of(&self.dek).join(" "))))
    }

    /// Eight hex digits that name the file's key and tell nothing of it: two sheets of one key have the same.
    ///
    /// # Errors
    /// None that a file which is open can meet.
    pub fn key_check(&self) -> Result<String> {
        let derived = keys::derive(self.dek.as_slice(), &[b"cartwright/key-check/v1"])?;
        Ok(derived.iter().take(4).map(|byte| format!("{byte:02x}")).collect())
    }

    /// Opens a file by its key sheet. Nothing is written yet but that it is open.
    ///
    /// # Errors
    /// As [`crate::front_page`]; [`StoreError::WrongKeySheet`] when the words are no key, or not this file's: that leaves its
    /// trace as a wrong password does.
    pub fn recover_by_key(path: &Path, words: &str, now: &Moment, devices: &DeviceKeys) -> Result<Recovery> {
        let path = open::absolute(path)?;
        let conn = open::connect(&path)?;
        let header = Header::read(&conn)?;
        if vfs::locked_elsewhere(&conn)? {
            return Err(StoreError::Busy);
        }
        let mut found = None;
        if let Some(mut bytes) = proof::secret_of(words) {
            let mut dek = Secret::default();
            dek.as_mut_slice().copy_from_slice(&bytes);
            bytes.zeroize();
            let mut ours = false;
            for body in header.bodies() {
                ours |= body.is_ours(&dek)?;
            }
            found = ours.then_some(dek);
        }
        let Some(dek) = found else {
            Attempts::note(&conn, Stray::KeySheet, now)?;
            return Err(StoreError::WrongKeySheet);
        };
        let half = Mark::half(&conn, &path)?;
        open::key(&conn, &dek, Content::Expected)?;
        let (conn, found) = migrate::raised(conn, &path, &dek, &header, half)?;
        let file = Self::assemble(conn, path, dek, found, devices, half)?;
        Ok(Recovery::by_key_sheet(file))
    }
}
