//! The disk and the device's folder set back together, as when a machine is restored.

use std::path::PathBuf;

use crate::desk::Desk;

/// The file and the device's record of it, as they were at rest.
pub(super) struct Earlier([(PathBuf, Vec<u8>); 2]);

impl Earlier {
    /// Of a file that is closed.
    pub(super) fn of(desk: &Desk) -> Self {
        let mut folder = std::fs::read_dir(desk.folder.path().join("device")).unwrap();
        let record = folder.next().unwrap().unwrap().path();
        Self([desk.path(), record].map(|path| {
            let bytes = std::fs::read(&path).unwrap();
            (path, bytes)
        }))
    }

    pub(super) fn back(&self) {
        for (path, bytes) in &self.0 {
            std::fs::write(path, bytes).unwrap();
        }
    }
}
