//! Where what came from elsewhere does not fit what is here.

use study::act::EntryRef;

use crate::{error::Result, file::SiteFile};

/// Two devices wrote at one place, neither knowing of the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictRow {
    /// The item, or the code of a subject.
    pub path: String,
    /// The entry that stands.
    pub stands: EntryRef,
    /// The other; it stays in the journal.
    pub other: EntryRef,
}

/// A bundle that was refused and kept, since a log goes on in it in another way than here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceRow {
    /// External identifier.
    pub bundle: String,
    /// SHA-256 of the plain zip, hex.
    pub sha256: String,
    /// The plain zip.
    pub bytes: Vec<u8>,
}

impl SiteFile {
    /// Where two devices wrote at one place, neither knowing of the other; by place.
    ///
    /// # Errors
    /// The database.
    pub fn conflicts(&self) -> Result<Vec<ConflictRow>> {
        self.rows(
            "SELECT path, stands, other FROM conflict ORDER BY path, stands, other",
            [],
            |row| {
                Ok(ConflictRow {
                    path: row.get(0)?,
                    stands: self.entry_ref(row.get(1)?)?,
                    other: self.entry_ref(row.get(2)?)?,
                })
            },
        )
    }

    /// Bundles that were refused and kept.
    ///
    /// # Errors
    /// The database.
    pub fn evidence(&self) -> Result<Vec<EvidenceRow>> {
        self.rows(
            "SELECT bundle, sha256, bytes FROM evidence ORDER BY bundle, sha256",
            [],
            |row| {
                Ok(EvidenceRow {
                    bundle: row.get(0)?,
                    sha256: row.get(1)?,
                    bytes: row.get(2)?,
                })
            },
        )
    }
}
