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
    /// Keep words that were typed and not sent: a question, an answer.
    KeepDraft {
        /// Where they belong, as the page names it.
        key: String,
        /// The words; empty forgets them.
        text: String,
    }
    /// Words that the person here typed and did not send.
    Drafts {}
    /// Whether the key sheet may be printed, and whether it was.
    KeySheet {}
    /// Let the key sheet be printed, or not any more.
    SwitchKeySheet {
        /// Whether it may be.
        on: bool,
        /// The administrator's password.
        password: String,
        /// The second person, an investigator or another administrator; needed to turn it on.
        second_login: Option<String>,
        /// The second person's password.
        second_password: Option<String>,
        /// Why.
        reason: Reason,
    }
    /// Print the key sheet into a folder.
    PrintKeySheet {
        /// The administrator's password.
        password: String,
        /// `en` or `zh-Hans`.
        locale: String,
        /// Folder chosen.
        handle: Handle,
    }
    /// Where the verification of the file stands.
    HowSound {}
    /// Verify everything, between the acts of whoever is here.
    BeginCheck {}
    /// Stop verifying until the next opening.
    StopCheck {}
    /// Copy a backup to a new name and lay it on the desk.
    Restore {
        /// The backup.
        backup: Handle,
        /// The new file (chosen in a save dialog).
        to: Handle,
    }
}
