//! Taking in a bundle is the union of logs: idempotent, nothing overwritten, all or nothing.
//!
//! What lies beyond a gap waits in the file and is applied when the gap is filled. A log that goes on in two ways is refused,
//! kept as evidence, and told in the journal. The bundle itself was verified by the caller: who signed it, that its chains
//! are whole, that every save is signed.

mod belonging;
mod preview;
mod sorted;

use proof::Digest;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use study::act::{Act, Body, EntryRef, Gap, LogId};

use crate::{
    args::{Chance, Stamp, make_bytes},
    error::{Result, StoreError},
    file::{SiteFile, next_turn},
    guard,
    key::Key,
    migrate::raised_id,
    read::from_json,
    redact::take_away,
    refold::refold,
    session::Session,
    transact::{Batch, Planned, Tip, insert, plan},
};
pub use preview::Coming;
use sorted::Sorted;

/// An entry of a verified bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingEntry {
    /// The log.
    pub log: LogId,
    /// Number in it.
    pub seq: u64,
    /// Identifier.
    pub id: [u8; 16],
    /// Salt; none after a redaction.
    pub salt: Option<[u8; 16]>,
    /// Canonical JSON; none after a redaction.
    pub body: Option<String>,
    /// Hash over salt and body.
    pub leaf: Digest,
    /// Head after it.
    pub head: Digest,
    /// On the last entry of a save, the signature over it.
    pub sig: Option<[u8; 64]>,
}

/// A verified bundle.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// External identifier.
    pub bundle: String,
    /// SHA-256 of the plain zip, hex.
    pub sha256: String,
    /// Code of the site that made it.
    pub from: String,
    /// Identifier of the file it was made from.
    pub store: String,
    /// The key that signed it, OpenSSH.
    pub key: String,
    /// Entries, by log and number.
    pub entries: Vec<IncomingEntry>,
    /// The plain zip, kept if it turns out to be evidence.
    pub bytes: Vec<u8>,
}

/// What taking in a bundle came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// It was here before: nothing was written.
    pub already: bool,
    /// Entries that were new here and are applied.
    pub new: u64,
    /// What logs lack still.
    pub missing: Vec<Gap>,
}

const fn refused(what: &'static str) -> StoreError {
    StoreError::NotTakenIn { what, at: None }
}

impl SiteFile {
    /// Takes in a verified bundle under a person's signature.
    ///
    /// # Errors
    /// [`StoreError::NotTakenIn`] by name: `fork` (kept as evidence, and told in the journal), `own_log`, `other_store`,
    /// `not_this_kind`, `withheld`, `subject_of_another`, `person_of_another`, `redaction`, `id_twice`; read-only; the save
    /// failed.
    pub fn import(
        &mut self,
        incoming: &Incoming,
        by: &Session,
        stamp: &Stamp,
        chance: &mut dyn Chance,
    ) -> Result<Imported> {
        self.writable()?;
        self.still_holds(by)?;
        let sorted = match Sorted::of(self, incoming) {
            Err(StoreError::NotTakenIn { what: "fork", at }) => {
                self.keep_evidence(incoming, at.clone(), by, stamp, chance)?;
                return Err(StoreError::NotTakenIn { what: "fork", at });
            }
            sorted => sorted?,
        };
        if self.was_taken_in(incoming, &sorted)? {
            return self.imported(None);
        }
        self.take_in(incoming, &sorted, by, stamp, chance)?;
        self.imported(Some(&sorted))
    }

    /// Whether it was taken in before and brings nothing. Another device of this site may have taken it in, and this one
    /// not: what is here decides.
    fn was_taken_in(&self, incoming: &Incoming, sorted: &Sorted) -> Result<bool> {
        let sql = "SELECT entry FROM import WHERE sha256 = ?1";
        let known: Option<i64> = self.row(sql, [&incoming.sha256], |row| Ok(row.get(0)?))?;
        Ok(known.is_some() && sorted.applied.is_empty() && sorted.waiting.len() as u64 == self.waiting()?)
    }

    /// What it came to, as the file says it afterwards.
    fn imported(&self, sorted: Option<&Sorted>) -> Result<Imported> {
        Ok(Imported {
            already: sorted.is_none(),
            new: sorted.map_or(0, |sorted| sorted.applied.len() as u64),
            missing: self.missing()?,
        })
    }

    fn take_in(
        &mut self,
        incoming: &Incoming,
        sorted: &Sorted,
        by: &Session,
        stamp: &Stamp,
        chance: &mut dyn Chance,
    ) -> Result<()> {
        let told = self.told_of(incoming, sorted, by, stamp, chance)?;
        self.turn = next_turn();
        let conn = self.conn.as_mut().ok_or(StoreError::Damaged { what: "closed" })?;
        guard::authorize_folding(conn)?;
        let done = || -> Result<()> {
            let tx = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
            unite(&tx, sorted, &told)?;
            Ok(tx.commit()?)
        };
        match done() {
            Ok(()) => {
                if let Some(conn) = &mut self.conn {
                    guard::authorize(conn)?;
                }
                self.load_logs()?;
                self.saved(&told.planned).map(drop)
            }
            Err(error) => self.settle(&told.id, error).map(drop),
        }
    }

    /// The entry that tells of it, under the person's signature.
    fn told_of(
        &self,
        incoming: &Incoming,
        sorted: &Sorted,
        by: &Session,
        stamp: &Stamp,
        chance: &mut dyn Chance,
    ) -> Result<Told> {
        let act = Act::BundleImported {
            bundle: incoming.bundle.clone(),
            sha256: incoming.sha256.clone(),
            from: incoming.from.clone(),
            key: incoming.key.clone(),
            upto: sorted.upto.clone(),
            new: Some(sorted.applied.len() as u64),
            missing: sorted.gaps.clone(),
        };
        let bodies = [self.body_of(by, act, None, stamp)?];
        let own = self.writable()?;
        let tip = Tip {
            no: own.no,
            log: &own.record.log,
            seq: own.tip.seq,
            head: own.tip.head,
        };
        let id = make_bytes(chance);
        let planned = plan(&tip, &id, &bodies, &by.keys.signing, chance)?;
        Ok(Told { id, bodies, planned })
    }

    /// A log goes on in it in another way than here: the bundle is kept as it came, and the journal says so.
    fn keep_evidence(
        &mut self,
        incoming: &Incoming,
        at: Option<EntryRef>,
        by: &Session,
        stamp: &Stamp,
        chance: &mut dyn Chance,
    ) -> Result<()> {
        let kept = self.conn()?.execute(
            "INSERT INTO evidence (sha256, bundle, bytes) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![incoming.sha256, incoming.bundle, incoming.bytes],
        )?;
        let sql = "SELECT 1 FROM entry WHERE act = 'bundle_refused' AND subject IS NULL
                   AND coalesce(body, remains) ->> '$.act.sha256' = ?1";
        let told = self.row(sql, [&incoming.sha256], |row| Ok(row.get::<_, u32>(0)?))?;
        // It came before, and was told then: unless the power went between the two.
        if kept == 0 && told.is_some() {
            return Ok(());
        }
        let act = Act::BundleRefused {
            bundle: incoming.bundle.clone(),
            sha256: incoming.sha256.clone(),
            why: "fork".to_owned(),
            at: at.unwrap_or(EntryRef {
                log: String::new(),
                seq: 0,
            }),
        };
        let bodies = vec![self.body_of(by, act, None, stamp)?];
        let batch = Batch {
            id: make_bytes(chance),
            bodies,
            noted: Vec::new(),
            header: None,
            signing: Some(&by.keys.signing),
        };
        self.append(batch, chance).map(drop)
    }

    fn waiting(&self) -> Result<u64> {
        let sql = "SELECT count(*) FROM waiting";
        Ok(self.row(sql, [], |row| Ok(row.get(0)?))?.unwrap_or(0))
    }

    /// What logs lack before what waits can be applied.
    ///
    /// # Errors
    /// The database.
    pub fn missing(&self) -> Result<Vec<Gap>> {
        let sql = "SELECT log, min(seq), count(*) FROM waiting GROUP BY log ORDER BY log";
        let waiting: Vec<(LogId, u64, u64)> = self.rows(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let mut all = Vec::with_capacity(waiting.len());
        for (log, first, waiting) in waiting {
            let have = match self.log_no(&log) {
                Some(no) => self.tip(no, &log)?.seq,
                None => 0,
            };
            all.push(Gap {
                from: have + 1,
                to: first.saturating_sub(1),
                log,
                waiting,
            });
        }
        Ok(all)
    }
}

/// What this device writes of it.
struct Told {
    id: [u8; 16],
    bodies: [Body; 1],
    planned: Vec<Planned>,
}

/// Inside the caller's transaction: puts what came in its place, and folds everything anew.
fn unite(conn: &Connection, sorted: &Sorted, told: &Told) -> Result<()> {
    for (no, entry) in &sorted.applied {
        put(conn, *no, entry, sorted)?;
        conn.prepare_cached("DELETE FROM waiting WHERE log = ?1 AND seq = ?2")?
            .execute(params![entry.log, entry.seq])?;
    }
    for entry in &sorted.waiting {
        wait(conn, entry)?;
    }
    insert(conn, &told.planned, &told.bodies)?;
    take_away(conn, &sorted.gone)?;
    refold(conn)
}

/// An entry that came, in its place in its log. Its subject is found by folding.
fn put(conn: &Connection, no: u32, entry: &IncomingEntry, sorted: &Sorted) -> Result<()> {
    let remains = match &entry.body {
        Some(_) => None,
        None => sorted.remains.get(&(entry.log.clone(), entry.seq)),
    };
    let put = conn
        .prepare_cached(
            "INSERT INTO entry (key, id, salt, body, leaf, head, sig, remains) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            Key::new(no, entry.seq).to_sql(),
            id_here(conn, entry)?,
            entry.salt,
            entry.body,
            entry.leaf.0,
            entry.head.0,
            entry.sig,
            remains,
        ]);
    match put {
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) => {
            Err(refused("id_twice"))
        }
        put => Ok(put.map(drop)?),
    }
}

/// The identifier that an entry has in this file: as it came. Earlier versions gave what says that a format was raised the same
/// one on every device of a file; no head or signature covers it, and such an entry gets another here.
fn id_here(conn: &Connection, entry: &IncomingEntry) -> Result<[u8; 16]> {
    let said = entry.body.as_deref().filter(|body| body.contains("\"format_raised\""));
    let body: Option<Body> = said.map(|said| from_json(said, "body")).transpose()?;
    if !body.is_some_and(|body| matches!(body.act, Act::FormatRaised { .. })) {
        return Ok(entry.id);
    }
    let taken = conn
        .prepare_cached("SELECT 1 FROM entry WHERE id = ?1")?
        .exists([entry.id])?;
    Ok(if taken {
        raised_id(&entry.log, &entry.id)
    } else {
        entry.id
    })
}

fn wait(conn: &Connection, entry: &IncomingEntry) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO waiting (log, seq, id, salt, body, leaf, head, sig) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT DO NOTHING",
    )?
    .execute(params![
        entry.log,
        entry.seq,
        entry.id,
        entry.salt,
        entry.body,
        entry.leaf.0,
        entry.head.0,
        entry.sig,
    ])?;
    Ok(())
}
