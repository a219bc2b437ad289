//! This machine, and the make-believe one that demonstrations run on.

use std::{
    path::Path,
    sync::atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Duration, FixedOffset, Local};
use conduct::{DeviceKeys, KdfCost, desk::Desk, machine::Machine, renderings::NoPaper};
use rand_chacha::{
    ChaCha20Rng,
    rand_core::{RngCore, SeedableRng},
};

use crate::out::Trouble;

/// The machine the command runs on.
pub(crate) struct Here;

impl Machine for Here {
    fn now(&self) -> DateTime<FixedOffset> {
        Local::now().fixed_offset()
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        // Without randomness no key may be made and nothing may be signed.
        if getrandom::fill(bytes).is_err() {
            std::process::abort();
        }
    }

    fn kdf(&self, synthetic: bool) -> KdfCost {
        if synthetic {
            KdfCost::cheap()
        } else {
            KdfCost::standard()
        }
    }

    fn note_fault(&mut self, reference: &str, chain: &str) {
        eprintln!("{reference}: {chain}");
    }
}

/// A machine on which the same seed gives the same trial: chance follows from the seed, time from what is done.
pub(crate) struct Made {
    dice: ChaCha20Rng,
    start: DateTime<FixedOffset>,
    /// Milliseconds passed; shared with the story that moves it on.
    passed: std::sync::Arc<AtomicI64>,
}

impl Made {
    pub(crate) fn new(seed: u64, start: DateTime<FixedOffset>, passed: std::sync::Arc<AtomicI64>) -> Self {
        Self {
            dice: ChaCha20Rng::seed_from_u64(seed),
            start,
            passed,
        }
    }
}

impl Machine for Made {
    fn now(&self) -> DateTime<FixedOffset> {
        self.start + Duration::milliseconds(self.passed.load(Ordering::Relaxed))
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        self.dice.fill_bytes(bytes);
    }

    fn kdf(&self, _synthetic: bool) -> KdfCost {
        KdfCost::cheap()
    }

    fn note_fault(&mut self, reference: &str, chain: &str) {
        eprintln!("{reference}: {chain}");
    }
}

/// Folder of this person's device keys.
pub(crate) fn app_data() -> std::path::PathBuf {
    let own = std::env::var_os("XDG_DATA_HOME").map(std::path::PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| Path::new(&home).join(".local/share"));
    own.or_else(home)
        .unwrap_or_else(std::env::temp_dir)
        .join("study.cartwright.desktop")
}

/// A desk with the keys in a folder.
pub(crate) fn desk(machine: Box<dyn Machine>, devices: &Path) -> Result<Desk, Trouble> {
    let label = std::fs::read_to_string("/etc/hostname")
        .map(|name| name.trim().to_owned())
        .unwrap_or_default();
    let label = if label.is_empty() { "laptop".to_owned() } else { label };
    desk_named(machine, devices, &label)
}

/// A desk whose device has a given name in the journal.
pub(crate) fn desk_named(machine: Box<dyn Machine>, devices: &Path, label: &str) -> Result<Desk, Trouble> {
    let paper = NoPaper("the command line prints nothing".to_owned());
    Desk::new(machine, Box::new(paper), DeviceKeys::at(devices, label))
        .map_err(|problems| Trouble::Words(format!("the built-in study has {} problems", problems.len())))
}

/// The first line of a password file.
pub(crate) fn password_in(path: &Path) -> Result<String, Trouble> {
    let text = std::fs::read_to_string(path).map_err(|e| Trouble::File(path.display().to_string(), e))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// A file named on the command line, as the core takes it.
pub(crate) fn absolute(path: &Path) -> Result<std::path::PathBuf, Trouble> {
    std::path::absolute(path).map_err(|e| Trouble::File(path.display().to_string(), e))
}
