//! This machine: its clock, its randomness, its log of faults.

use std::{io::Write, path::PathBuf};

use chrono::{DateTime, FixedOffset, Local};
use conduct::{machine::Machine, KdfCost};

/// The machine the shell runs on.
pub struct Here {
    /// File that keeps the causes of faults.
    faults: PathBuf,
}

impl Here {
    /// Keeps faults in a folder.
    pub fn new(app_data: &std::path::Path) -> Self {
        Self {
            faults: app_data.join("faults.log"),
        }
    }
}

impl Machine for Here {
    fn now(&self) -> DateTime<FixedOffset> {
        Local::now().fixed_offset()
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        // Without randomness no key may be made and nothing may be signed: there is nothing sensible to go on with.
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
        let line = format!("{} {reference} {chain}\n", Local::now().to_rfc3339());
        let file = std::fs::OpenOptions::new().create(true).append(true).open(&self.faults);
        if file.and_then(|mut file| file.write_all(line.as_bytes())).is_err() {
            eprint!("{line}");
        }
    }
}
