//! Where what came from elsewhere does not fit what is here.

use study::{act::EntryRef, path::ItemPath};

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
        let mut all = self.conflict_rows("SELECT path, stands, other FROM conflict", [])?;
        all.extend(self.beneath_removals("item.removed = 1", [])?);
        all.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(all)
    }

    /// As [`Self::conflicts`], at one item.
    ///
    /// # Errors
    /// The database.
    pub fn conflicts_at(&self, path: &ItemPath) -> Result<Vec<ConflictRow>> {
        let path = path.to_string();
        let mut all = self.conflict_rows("SELECT path, stands, other FROM conflict WHERE path = ?1", [&path])?;
        all.extend(self.beneath_removals("item.path = ?1 AND item.removed = 1", [&path])?);
        Ok(all)
    }

    /// Values that another device wrote in a row before the removal that stands over them in the one order, which knew nothing
    /// of them. The fold keeps no trace of them: the journal is asked, of what came to it between.
    fn beneath_removals(&self, which: &str, params: impl rusqlite::Params) -> Result<Vec<ConflictRow>> {
        if self.logs.len() < 2 {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT item.path, item.entry, max(e.key) FROM item CROSS JOIN log AS l CROSS JOIN entry AS e
             WHERE {which} AND l.no <> item.entry >> 40
               AND e.subject = substr(item.path, 1, instr(item.path, '/') - 1)
               AND e.key > (l.no << 40) + known(item.entry, l.no) AND e.key < (l.no + 1) << 40
               AND e.act = 'value_entered' AND place(e.key) < place(item.entry)
               AND coalesce(e.body, e.remains) ->> '$.act.path' = item.path
             GROUP BY item.path, l.no"
        );
        self.conflict_rows(&sql, params)
    }

    fn conflict_rows(&self, sql: &str, params: impl rusqlite::Params) -> Result<Vec<ConflictRow>> {
        self.rows(&format!("{sql} ORDER BY 1, 2, 3"), params, |row| {
            Ok(ConflictRow {
                path: row.get(0)?,
                stands: self.entry_ref(row.get(1)?)?,
                other: self.entry_ref(row.get(2)?)?,
            })
        })
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
