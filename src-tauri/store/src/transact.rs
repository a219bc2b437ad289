//! The one door for writes: journal, projections and signature in one durable transaction.

use proof::{Checkpoint, CommitSig, Digest, ENTRY_LIMITS, SigningKey};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use sha2::{Digest as _, Sha256};
use study::act::{Act, Actor, Body, EntryRef, FORMAT, LogId, Moment, Reason, Role};

use crate::{
    apply::apply,
    args::{Chance, make_bytes},
    error::{Result, StoreError},
    file::SiteFile,
    header::HeaderBody,
    key::Key,
    ledger::Ledger,
    session::Session,
};

/// After so many entries the device notes how far it has seen, so that a crash does not leave it far behind.
const NOTE_EVERY: u64 = 200;

/// Who signs a save.
#[derive(Debug, Clone, Copy)]
pub enum Signer<'a> {
    /// A person, authenticated for this file.
    Person(&'a Session),
    /// The device, when nobody is logged in.
    Device,
}

/// One act with its reason and what it rests on.
#[derive(Debug, Clone)]
pub struct Deed {
    /// What.
    pub act: Act,
    /// Why.
    pub reason: Option<Reason>,
    /// Entries it rests on.
    pub refs: Vec<EntryRef>,
}

impl From<Act> for Deed {
    fn from(act: Act) -> Self {
        Self {
            act,
            reason: None,
            refs: Vec::new(),
        }
    }
}

/// What is saved together, under one signature.
#[derive(Debug, Clone)]
pub struct Save<'a> {
    /// Made before the first try, and the same for every retry.
    pub id: [u8; 16],
    /// What is done, in order.
    pub deeds: Vec<Deed>,
    /// What the device notes about it: entries of its own after those of whoever signs, in the same transaction. None where
    /// the device signs.
    pub noted: Vec<Deed>,
    /// Who signs.
    pub signer: Signer<'a>,
    /// In which role; none for the device.
    pub role: Option<Role>,
    /// When.
    pub moment: Moment,
    /// Study and version in force, `OID@version`.
    pub study: String,
    /// Version of the criteria in force.
    pub criteria: String,
}

/// Where a save stands in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// This device's log.
    pub log: LogId,
    /// First entry.
    pub first_seq: u64,
    /// Last entry.
    pub last_seq: u64,
    /// Head after it.
    pub head: Digest,
    /// It was there before this call.
    pub already: bool,
}

/// Entries to be appended, each with its own moment, and what else changes with them.
pub(crate) struct Batch<'a> {
    pub(crate) id: [u8; 16],
    pub(crate) bodies: Vec<Body>,
    /// What the device adds, under its own signature.
    pub(crate) noted: Vec<Body>,
    pub(crate) header: Option<HeaderBody>,
    /// The person's key; the device's own when absent.
    pub(crate) signing: Option<&'a SigningKey>,
}

impl Batch<'_> {
    fn all(&self) -> impl Iterator<Item = &Body> {
        self.bodies.iter().chain(&self.noted)
    }
}

/// One entry, ready to be inserted.
pub(crate) struct Planned {
    key: Key,
    id: [u8; 16],
    salt: [u8; 16],
    json: String,
    leaf: Digest,
    head: Digest,
    sig: Option<[u8; 64]>,
}

/// Identifier of the `n`-th entry of a save: the save's own for the first.
pub(crate) fn entry_id(save: &[u8; 16], n: usize) -> [u8; 16] {
    if n == 0 {
        return *save;
    }
    let hash = Sha256::new().chain_update(b"cartwright-entry-id-v1").chain_update(save);
    let hash = hash.chain_update((n as u64).to_be_bytes()).finalize();
    let mut id = [0; 16];
    for (to, from) in id.iter_mut().zip(hash) {
        *to = from;
    }
    id
}

/// Where a log stands: its number in the file, its identifier, its last entry.
pub(crate) struct Tip<'a> {
    pub(crate) no: u32,
    pub(crate) log: &'a str,
    pub(crate) seq: u64,
    pub(crate) head: Digest,
}

/// Bodies to canonical bytes, leaves, heads and one signature. Touches no file.
pub(crate) fn plan(
    tip: &Tip<'_>,
    id: &[u8; 16],
    bodies: &[Body],
    signing: &SigningKey,
    chance: &mut dyn Chance,
) -> Result<Vec<Planned>> {
    let mut head = tip.head;
    let mut seq = tip.seq;
    let mut planned = Vec::with_capacity(bodies.len());
    for (n, body) in bodies.iter().enumerate() {
        let json = proof::canonical_within(body, ENTRY_LIMITS).map_err(|_| StoreError::Damaged { what: "body" })?;
        let salt = make_bytes(chance);
        let leaf = proof::leaf(&salt, &json);
        head = proof::head(&head, &leaf);
        seq += 1;
        let json = String::from_utf8(json).map_err(|_| StoreError::Damaged { what: "body" })?;
        planned.push(Planned {
            key: Key::new(tip.no, seq),
            id: entry_id(id, n),
            salt,
            json,
            leaf,
            head,
            sig: None,
        });
    }
    let checkpoint = Checkpoint::new(tip.log, seq, head).map_err(|_| StoreError::Damaged { what: "log" })?;
    if let Some(last) = planned.last_mut() {
        last.sig = Some(CommitSig::sign(signing, &checkpoint).0);
    }
    Ok(planned)
}

/// Inserts planned entries and folds them. Runs inside the caller's transaction.
pub(crate) fn insert<'b>(
    conn: &Connection,
    planned: &[Planned],
    bodies: impl IntoIterator<Item = &'b Body>,
) -> Result<()> {
    let mut insert = conn.prepare_cached(
        "INSERT INTO entry (key, id, salt, body, leaf, head, subject, sig) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for (entry, body) in planned.iter().zip(bodies) {
        let subject = apply(conn, &mut Ledger::Own, entry.key, body)?;
        insert.execute(params![
            entry.key.to_sql(),
            entry.id,
            entry.salt,
            entry.json,
            entry.leaf.0,
            entry.head.0,
            subject,
            entry.sig,
        ])?;
    }
    Ok(())
}

impl SiteFile {
    /// Saves acts: durable when this returns. The same `id` again answers where it stands and writes nothing.
    ///
    /// # Errors
    /// Read-only, a session of another file or of a disabled person, an act that is another file's; [`StoreError::NotSaved`] when it failed and is
    /// not there; [`StoreError::Unsettled`] when that could not be found out.
    pub fn transact(&mut self, save: &Save<'_>, chance: &mut dyn Chance) -> Result<Saved> {
        self.writable()?;
        if save.deeds.iter().any(|deed| !deed.act.belongs_in(self.kind)) {
            return Err(StoreError::NotThisKind);
        }
        if save.deeds.iter().any(|deed| matches!(deed.act, Act::Redacted { .. })) {
            // It takes bodies away: `redact` does both.
            return Err(StoreError::NotRedactable { what: "how" });
        }
        let (actor, signing) = match save.signer {
            Signer::Person(session) => {
                match self.still_holds(session) {
                    Err(StoreError::NotThisFile) => return Err(StoreError::NotThisFile),
                    Err(error) => return self.settle(&save.id, error),
                    Ok(()) => {}
                }
                (Actor::Person(session.person.clone()), Some(&session.keys.signing))
            }
            Signer::Device => (Actor::Device, None),
        };
        let body = |deed: &Deed, actor: &Actor, role: Option<Role>| Body {
            v: FORMAT,
            actor: actor.clone(),
            role,
            act: deed.act.clone(),
            reason: deed.reason.clone(),
            moment: save.moment.clone(),
            study: save.study.clone(),
            criteria: save.criteria.clone(),
            refs: deed.refs.clone(),
        };
        let bodies = save.deeds.iter().map(|deed| body(deed, &actor, save.role)).collect();
        let noted = save.noted.iter().map(|deed| body(deed, &Actor::Device, None)).collect();
        self.append(
            Batch {
                id: save.id,
                bodies,
                noted,
                header: None,
                signing,
            },
            chance,
        )
    }

    /// Whether a session is of this file and of a person who may still act.
    pub(crate) fn still_holds(&self, session: &Session) -> Result<()> {
        if session.store != self.header.store {
            return Err(StoreError::NotThisFile);
        }
        let active: Option<bool> = self
            .conn()?
            .prepare_cached("SELECT disabled IS NULL FROM person WHERE person = ?1")?
            .query_row([&session.person], |row| row.get(0))
            .optional()?;
        if active == Some(true) {
            Ok(())
        } else {
            Err(StoreError::NotThisFile)
        }
    }

    pub(crate) fn append(&mut self, batch: Batch<'_>, chance: &mut dyn Chance) -> Result<Saved> {
        if batch.bodies.is_empty() {
            return Err(StoreError::Damaged { what: "empty save" });
        }
        match self.find(&batch.id) {
            Ok(Some(saved)) => return Ok(saved),
            Ok(None) => {}
            Err(error) => return self.settle(&batch.id, error),
        }
        let own = self.writable()?;
        let tip = Tip {
            no: own.no,
            log: &own.record.log,
            seq: own.tip.seq,
            head: own.tip.head,
        };
        let mut planned = plan(
            &tip,
            &batch.id,
            &batch.bodies,
            batch.signing.unwrap_or(&own.signing),
            chance,
        )?;
        if let (Some(last), false) = (planned.last(), batch.noted.is_empty()) {
            let tip = Tip {
                seq: last.key.seq,
                head: last.head,
                ..tip
            };
            let id = entry_id(&batch.id, planned.len());
            planned.extend(plan(&tip, &id, &batch.noted, &own.signing, chance)?);
        }
        match self.commit(&planned, &batch) {
            Ok(()) => self.saved(&planned),
            Err(error) => self.settle(&batch.id, error),
        }
    }

    pub(crate) fn saved(&mut self, planned: &[Planned]) -> Result<Saved> {
        let (Some(first), Some(last), Some(own)) = (planned.first(), planned.last(), &mut self.own) else {
            return Err(StoreError::Damaged { what: "empty save" });
        };
        own.tip.seq = last.key.seq;
        own.tip.head = last.head;
        let saved = Saved {
            log: own.record.log.clone(),
            first_seq: first.key.seq,
            last_seq: last.key.seq,
            head: last.head,
            already: false,
        };
        let far = own.tip.seq.saturating_sub(own.record.seen.seq) >= NOTE_EVERY;
        if (far || self.twin) && !self.bulk && self.note_seen().is_err() {
            // The save stands; what the device has seen is noted again at closing.
        }
        Ok(saved)
    }

    fn commit(&mut self, planned: &[Planned], batch: &Batch<'_>) -> Result<()> {
        let Self {
            conn: Some(conn),
            header,
            bulk,
            own,
            ..
        } = self
        else {
            return Err(StoreError::Damaged { what: "closed" });
        };
        if *bulk && batch.header.is_none() {
            return insert(conn, planned, batch.all());
        }
        let tx = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
        insert(&tx, planned, batch.all())?;
        if let Some(Planned { key, .. }) = planned.first()
            && key.seq == 1
            && let Some(own) = own
        {
            Self::note_home_log(&tx, &own.record.log)?;
        }
        if let Some(body) = &batch.header {
            Self::note_header(&tx, body)?;
            // Before the commit: a header newer than the database knows is passed over, an older one would be missed.
            header.write(&tx, body.clone())?;
        }
        tx.commit()?;
        Ok(())
    }

    /// A save failed: the truth is in the file. Closes, reopens, looks for the identifier. A header written for it falls
    /// with it: reopening takes the one that the database knows.
    pub(crate) fn settle(&mut self, id: &[u8; 16], error: StoreError) -> Result<Saved> {
        if let Err(reopening) = self.reopen() {
            return Err(StoreError::Unsettled(Box::new(reopening)));
        }
        match self.find(id) {
            Ok(Some(saved)) => Ok(Saved {
                already: false,
                ..saved
            }),
            Ok(None) => Err(StoreError::NotSaved(Box::new(error))),
            Err(looking) => Err(StoreError::Unsettled(Box::new(looking))),
        }
    }

    /// Looks for a save by its identifier in this device's log.
    pub(crate) fn find(&self, id: &[u8; 16]) -> Result<Option<Saved>> {
        let conn = self.conn()?;
        let first: Option<i64> = conn
            .prepare_cached("SELECT key FROM entry WHERE id = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        let Some(first) = first else { return Ok(None) };
        let (last, head): (i64, [u8; 32]) = conn
            .prepare_cached("SELECT key, head FROM entry WHERE key >= ?1 AND sig IS NOT NULL ORDER BY key LIMIT 1")?
            .query_row([first], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let at = self.entry_ref(first)?;
        let last_seq = Key::from_sql(last).seq;
        Ok(Some(Saved {
            log: at.log,
            first_seq: at.seq,
            last_seq,
            head: Digest(head),
            already: true,
        }))
    }
}
