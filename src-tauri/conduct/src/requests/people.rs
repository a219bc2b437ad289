//! What is asked about who may do what.

use serde::{Deserialize, Serialize};
use study::act::Reason;
use ts_rs::TS;

use super::Handle;

requests! {
    /// A person may log in for so many days from now.
    GrantAccess {
        /// Permanent identifier.
        person: String,
        /// Days, 1 to 366.
        days: u32,
        /// Why.
        reason: Reason,
    }
    /// Who could do what, from when to when, by whom granted; and what is delegated.
    Access {}
    /// Hand duties to a person.
    Delegate {
        /// Permanent identifier.
        person: String,
        /// Codes of the duties.
        duties: Vec<String>,
        /// First day, ISO.
        from: String,
        /// Last day, ISO; none: until ended.
        until: Option<String>,
    }
    /// Take duties back.
    EndDelegation {
        /// Identifier.
        delegation: String,
        /// Why.
        reason: Reason,
    }
    /// Write a person's way in as a card for another laptop of this file.
    WriteAccessCard {
        /// Permanent identifier.
        person: String,
        /// Folder chosen.
        handle: Handle,
    }
    /// Take in a card that another laptop of this file wrote.
    TakeAccessCard {
        /// Card chosen.
        handle: Handle,
    }
    /// Write the access report or the delegation log.
    WriteAccess {
        /// `access` or `delegations`.
        what: String,
        /// `pdf` or `csv`.
        format: String,
        /// `en` or `zh-Hans`.
        locale: String,
        /// Folder chosen.
        handle: Handle,
    }
}
