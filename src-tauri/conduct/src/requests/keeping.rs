//! What is asked about keeping the file: backups, copies, restoring.

use serde::{Deserialize, Serialize};
use study::act::Reason;
use ts_rs::TS;

use super::Handle;

requests! {
    /// Where backups are kept, and how old the last one is.
    Backups {}
    /// Make a backup into the folder kept for this computer.
    BackUp {
        /// Another folder, kept from now on; none: the one that was chosen.
        handle: Option<Handle>,
    }
    /// Copy the file, verified, into a folder.
    SaveCopy {
        /// The folder.
        handle: Handle,
    }
    /// Give the file a new key; nobody else need be there.
    ReplaceKey {
        /// The administrator's password.
        password: String,
        /// Why.
        reason: Reason,
    }
    /// Copy a backup to a new name and lay it on the desk.
    Restore {
        /// The backup.
        backup: Handle,
        /// The new file (chosen in a save dialog).
        to: Handle,
    }
}
