//! The journal copied out: the bytes of its entries, and the signatures of its saves.

use proof::{CommitSig, Digest};
use study::act::Actor;

use crate::{error::Result, file::SiteFile, key::Key};

/// An entry's bytes, as a bundle carries them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawEntry {
    /// Number in its log.
    pub seq: u64,
    /// Identifier.
    pub id: [u8; 16],
    /// Salt; none after redaction.
    pub salt: Option<[u8; 16]>,
    /// Canonical JSON; none after redaction.
    pub body: Option<String>,
    /// Hash over salt and body.
    pub leaf: Digest,
    /// Head after it.
    pub head: Digest,
}

/// A save and its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// First entry.
    pub first_seq: u64,
    /// Last entry.
    pub last_seq: u64,
    /// Whose key signed it.
    pub signer: Actor,
    /// Signature over log, last number and head.
    pub sig: CommitSig,
}

impl SiteFile {
    /// Bytes of entries of a log from number `from` on, at most `limit`.
    ///
    /// # Errors
    /// The database.
    pub fn entries_raw(&self, log: &str, from: u64, limit: u32) -> Result<Vec<RawEntry>> {
        let Some(no) = self.log_no(log) else {
            return Ok(Vec::new());
        };
        let (_, high) = Key::range(no);
        let low = Key::new(no, from).to_sql();
        let sql =
            "SELECT key, id, salt, body, leaf, head FROM entry WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT ?3";
        self.rows(sql, (low, high, limit), |row| {
            Ok(RawEntry {
                seq: Key::from_sql(row.get(0)?).seq,
                id: row.get(1)?,
                salt: row.get(2)?,
                body: row.get(3)?,
                leaf: Digest(row.get(4)?),
                head: Digest(row.get(5)?),
            })
        })
    }

    /// Saves of a log, those that begin at number `from` or later.
    ///
    /// # Errors
    /// The database.
    pub fn commits(&self, log: &str, from: u64) -> Result<Vec<Commit>> {
        let Some(no) = self.log_no(log) else {
            return Ok(Vec::new());
        };
        let (low, high) = Key::range(no);
        let sql = "SELECT key, actor, sig FROM entry WHERE key >= ?1 AND key < ?2 AND sig IS NOT NULL ORDER BY key";
        let mut first_seq = 1;
        let all = self.rows(sql, (low, high), |row| {
            let last_seq = Key::from_sql(row.get(0)?).seq;
            let signer: String = row.get(1)?;
            let commit = Commit {
                first_seq,
                last_seq,
                signer: signer.into(),
                sig: CommitSig(row.get(2)?),
            };
            first_seq = last_seq + 1;
            Ok(commit)
        })?;
        Ok(all.into_iter().filter(|commit| commit.first_seq >= from).collect())
    }
}
