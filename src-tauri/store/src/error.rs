//! What can go wrong, by stable kind. No sentence for a person, no path and no SQL stands in a variant's own data;
//! sources keep the machine's own words for the log.

use study::act::EntryRef;

use crate::{open::WhyReadOnly, vfs::VfsError};

/// Result of this crate.
pub type Result<T> = std::result::Result<T, StoreError>;

/// A failure, by kind. [`StoreError::code`] is stable.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file does not begin like a site file.
    #[error("not a site file")]
    NotASiteFile,
    /// The file is shorter than its header says, or cut.
    #[error("the file is cut")]
    Truncated,
    /// Written by a newer version.
    #[error("format {found} is newer than this version knows")]
    NewerFormat {
        /// The version the file names.
        found: u32,
    },
    /// Open in another process or connection.
    #[error("the file is open elsewhere")]
    Busy,
    /// The medium cannot be written.
    #[error("the medium is read-only")]
    ReadOnlyMedia,
    /// There is a file of that name already.
    #[error("the file exists")]
    AlreadyExists,
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull(#[source] rusqlite::Error),
    /// The operating system failed a call.
    #[error("input or output failed")]
    Io(#[source] std::io::Error),
    /// The database failed.
    #[error("the database failed")]
    Sql(#[source] rusqlite::Error),
    /// Wrong password, or no such log-in name.
    #[error("wrong password")]
    WrongPassword {
        /// Seconds until the next try is heard.
        wait_seconds: u64,
    },
    /// Too many wrong passwords: this try was not heard.
    #[error("wait {wait_seconds} s")]
    Wait {
        /// Seconds left.
        wait_seconds: u64,
    },
    /// The person may not log in any more.
    #[error("the person is disabled")]
    Disabled,
    /// The log-in name is or was somebody's.
    #[error("the log-in name is taken")]
    LoginTaken,
    /// Not this file's recovery code, or mistyped.
    #[error("wrong recovery code")]
    WrongRecoveryCode,
    /// Not this file's key sheet, or mistyped.
    #[error("wrong key sheet")]
    WrongKeySheet,
    /// The file is open for reading only.
    #[error("open for reading only: {why:?}")]
    ReadOnly {
        /// Why.
        why: WhyReadOnly,
    },
    /// Only an administrator does this.
    #[error("not an administrator")]
    NotAdministrator,
    /// The session belongs to another file or to a person disabled since.
    #[error("the session does not hold here")]
    NotThisFile,
    /// Such an act is not this kind of file's: values are the site's, verification is the monitor's.
    #[error("not this kind of file's")]
    NotThisKind,
    /// Written in an older format, where nothing can be written: it has to be copied to a disk first.
    #[error("format {found} has to be raised, and nothing can be written here")]
    OlderFormat {
        /// The version the file names.
        found: u32,
    },
    /// A redaction that cannot be.
    #[error("no redaction: {what}")]
    NotRedactable {
        /// Stable name of the reason.
        what: &'static str,
    },
    /// A bundle that is not taken in.
    #[error("not taken in: {what}")]
    NotTakenIn {
        /// Stable name of the reason.
        what: &'static str,
        /// The entry, where it is about one.
        at: Option<EntryRef>,
    },
    /// An access card that is not written, or not taken in.
    #[error("no access card: {what}")]
    AccessCard {
        /// Stable name of the reason.
        what: &'static str,
    },
    /// Cost of the key derivation outside the bounds for this file.
    #[error("key derivation cost out of bounds")]
    KdfBounds,
    /// What is for practice was asked of a file that is not synthetic.
    #[error("practice password on a real file")]
    PracticePassword,
    /// The header has no room for one more person.
    #[error("no room for another slot")]
    TooManySlots,
    /// A body or a stored text is not what this crate writes.
    #[error("damaged: {what}")]
    Damaged {
        /// Stable name of the place.
        what: &'static str,
    },
    /// The save failed and is not in the file: try again with the same identifier.
    #[error("not saved")]
    NotSaved(#[source] Box<StoreError>),
    /// The save failed and the file could not be opened again to look: unlock, then try with the same identifier.
    #[error("unknown whether saved")]
    Unsettled(#[source] Box<StoreError>),
}

impl StoreError {
    /// The file is not what was written: a page, or what the database says of itself.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        if let Self::Sql(error) = self {
            let code = error.sqlite_error_code();
            return matches!(
                code,
                Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase)
            );
        }
        matches!(self, Self::Damaged { .. } | Self::Truncated)
    }

    /// Stable code of the kind.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotASiteFile => "not_a_site_file",
            Self::Truncated => "truncated",
            Self::NewerFormat { .. } => "newer_format",
            Self::Busy => "busy",
            Self::ReadOnlyMedia => "read_only_media",
            Self::AlreadyExists => "already_exists",
            Self::DiskFull(_) => "disk_full",
            Self::Io(_) => "io",
            Self::Sql(_) => "sql",
            Self::WrongPassword { .. } => "wrong_password",
            Self::Wait { .. } => "wait",
            Self::Disabled => "disabled",
            Self::LoginTaken => "login_taken",
            Self::WrongRecoveryCode => "wrong_recovery_code",
            Self::WrongKeySheet => "wrong_key_sheet",
            Self::ReadOnly { .. } => "read_only",
            Self::NotAdministrator => "not_administrator",
            Self::NotThisFile => "not_this_file",
            Self::NotThisKind => "not_this_kind",
            Self::OlderFormat { .. } => "older_format",
            Self::NotRedactable { .. } => "not_redactable",
            Self::NotTakenIn { .. } => "not_taken_in",
            Self::AccessCard { .. } => "access_card",
            Self::KdfBounds => "kdf_bounds",
            Self::PracticePassword => "practice_password",
            Self::TooManySlots => "too_many_slots",
            Self::Damaged { .. } => "damaged",
            Self::NotSaved(_) => "not_saved",
            Self::Unsettled(_) => "unsettled",
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as C;
        match error.sqlite_error_code() {
            Some(C::DatabaseBusy | C::DatabaseLocked) => Self::Busy,
            Some(C::DiskFull) => Self::DiskFull(error),
            Some(C::ReadOnly) => Self::ReadOnlyMedia,
            Some(C::DatabaseCorrupt | C::NotADatabase) => Self::Damaged { what: "database" },
            Some(_) | None => Self::Sql(error),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind as K;
        let kind = error.kind();
        if kind == K::AlreadyExists {
            Self::AlreadyExists
        } else if matches!(kind, K::ReadOnlyFilesystem | K::PermissionDenied) {
            Self::ReadOnlyMedia
        } else if matches!(kind, K::StorageFull | K::QuotaExceeded) {
            // As SQLite says it of the file itself.
            let full = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL);
            Self::DiskFull(rusqlite::Error::SqliteFailure(full, Some(error.to_string())))
        } else {
            Self::Io(error)
        }
    }
}

impl From<VfsError> for StoreError {
    fn from(error: VfsError) -> Self {
        Self::from(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(error.0), None))
    }
}
