//! What a device keeps outside the site file: per file its signing seed and what it has last seen there.
//!
//! Invariant: a file opened without this record, or older than it, cannot be written as this device's log.

use std::{
    fs,
    path::{Path, PathBuf},
};

use proof::{Digest, SigningKey};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use study::act::LogId;
use zeroize::{Zeroize, Zeroizing};

use crate::{
    error::{Result, StoreError},
    names::{self, Readers},
};

/// The device's folder of keys, in the application's own data of this operating-system user.
#[derive(Debug, Clone)]
pub struct DeviceKeys {
    folder: PathBuf,
    label: String,
}

/// Last state of a log that this device has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seen {
    pub(crate) seq: u64,
    pub(crate) head: Digest,
}

/// The device's key for one file.
pub(crate) struct DeviceRecord {
    pub(crate) log: LogId,
    seed: Zeroizing<[u8; 32]>,
    pub(crate) seen: Seen,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    v: u32,
    log: LogId,
    seed: String,
    seen: Seen,
}

impl Drop for Written {
    fn drop(&mut self) {
        self.seed.zeroize();
    }
}

impl DeviceRecord {
    pub(crate) fn new(log: LogId, seed: [u8; 32]) -> Self {
        let seen = Seen {
            seq: 0,
            head: proof::genesis(&log),
        };
        Self {
            log,
            seed: Zeroizing::new(seed),
            seen,
        }
    }

    pub(crate) fn signing(&self) -> SigningKey {
        SigningKey::from_seed(&self.seed)
    }
}

impl DeviceKeys {
    /// Keys in `folder` (made when first written) for a device that people know as `label`.
    #[must_use]
    pub fn at(folder: &Path, label: &str) -> Self {
        Self {
            folder: folder.to_owned(),
            label: label.to_owned(),
        }
    }

    /// Label of the device.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    fn place(&self, store: &str) -> PathBuf {
        self.folder.join(format!("{store}.json"))
    }

    /// This device's record of a file; `None`: it never wrote there.
    pub(crate) fn load(&self, store: &str) -> Result<Option<DeviceRecord>> {
        let bytes = match fs::read(self.place(store)) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let damaged = StoreError::Damaged { what: "device" };
        let Ok(written) = serde_json::from_slice::<Written>(&bytes) else {
            return Err(damaged);
        };
        let Ok(seed) = written.seed.parse::<Digest>() else {
            return Err(damaged);
        };
        Ok(Some(DeviceRecord {
            log: written.log.clone(),
            seed: Zeroizing::new(seed.0),
            seen: written.seen,
        }))
    }

    /// What was kept of the last check of a file; nothing that reads is as if it had never been checked here.
    #[must_use]
    pub fn last_check<T: DeserializeOwned>(&self, store: &str) -> Option<T> {
        serde_json::from_slice(&fs::read(self.folder.join(format!("{store}.check"))).ok()?).ok()
    }

    /// Keeps what is to be known of the last check of a file, or forgets it.
    ///
    /// # Errors
    /// The disk.
    pub fn keep_last_check<T: Serialize>(&self, store: &str, what: Option<&T>) -> Result<()> {
        let place = self.folder.join(format!("{store}.check"));
        let Some(what) = what else {
            return match names::remove(&place) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
                Err(_) | Ok(()) => Ok(()),
            };
        };
        let json = serde_json::to_vec(what).map_err(|_| StoreError::Damaged { what: "check" })?;
        self.put(&place, &json)
    }

    /// Writes the record whole.
    pub(crate) fn keep(&self, store: &str, record: &DeviceRecord) -> Result<()> {
        let written = Written {
            v: 1,
            log: record.log.clone(),
            seed: Digest(*record.seed).to_string(),
            seen: record.seen,
        };
        let json = serde_json::to_vec(&written).map_err(|_| StoreError::Damaged { what: "device" })?;
        let json = Zeroizing::new(json);
        self.put(&self.place(store), &json)
    }

    /// A new file, synced, in place of the old.
    fn put(&self, place: &Path, bytes: &[u8]) -> Result<()> {
        names::make_folder(&self.folder)?;
        let mut fresh = place.as_os_str().to_owned();
        fresh.push(".new");
        let fresh = PathBuf::from(fresh);
        names::write(&fresh, bytes, Readers::Owner)?;
        names::rename(&fresh, place)?;
        Ok(names::sync_folder(place)?)
    }
}
