//! The journal: canonical bytes, leaves, heads, numbers, and every save's signature by whoever was entitled then.

mod begin;
mod end;
mod links;
mod named;
mod save;

use std::collections::{BTreeMap, HashMap};

use proof::{Checkpoint, CommitSig, Digest, ENTRY_LIMITS, PublicKey, Verifier};
use study::act::{Actor, Body, FileKind, PersonId, Role};

use crate::{
    check::{
        Finding, Report,
        checking::Mark,
        indexes::{OfEntries, of_entry},
        marks::{Concern, concern, of_logs},
        redacted::Redactions,
        seen::Seen,
        taken::Taken,
        two,
    },
    error::Result,
    file::SiteFile,
    key::Key,
    order::{Order, Stored},
    transact::entry_id,
};
use links::Opening;
use named::{asked_of, named_subject};
use save::{Known, OpenSave};

/// Entries read, hashed and verified together.
const PIECE: usize = 256;

/// A log under way.
struct LogState {
    id: String,
    device: Option<PublicKey>,
    seq: u64,
    head: Digest,
    /// The file it belongs to.
    store: String,
    kind: FileKind,
    /// Entries since the last signature.
    open: OpenSave,
    /// Identifier of the save under way, and how many of its entries were read.
    save_id: ([u8; 16], usize),
}

/// An entry read as its leaf vouches for it.
enum Read {
    Body(Box<Body>),
    Missing,
    Unreadable,
}

/// A signature that is still to be verified, and where its finding belongs.
struct Pending {
    before: usize,
    at: String,
    actor: String,
    key: PublicKey,
    checkpoint: Checkpoint,
    sig: [u8; 64],
}

/// The journal while it is checked. Owns what it knows; reads on when more was saved.
pub(super) struct Journal {
    order: Order,
    logs: HashMap<u32, LogState>,
    people: HashMap<PersonId, Known>,
    redactions: Redactions,
    taken: Taken,
    openings: Vec<Opening>,
    /// Logs that were written in this very file, and up to where.
    lineage: Vec<(String, u64)>,
    /// Saves that wrote the header anew.
    headers: u64,
    /// Entries that the next check has to read again.
    marks: Vec<Mark>,
    /// Of an earlier check: where each log stood, and marks not met yet.
    boundaries: BTreeMap<u32, (u64, Digest)>,
    awaited: BTreeMap<(u32, u64), Digest>,
    pub(super) seen: Seen,
    since: bool,
    /// What the indexes must hold: of everything read, and of earlier checks what they remember.
    indexed: OfEntries,
    /// Entries and saves that are new.
    pub(super) entries: u64,
    saves: u64,
    /// Entries of earlier checks.
    before: u64,
    found: Vec<Finding>,
    /// Keys that signed, made ready to verify.
    keys: HashMap<PublicKey, Verifier>,
    /// Of the entries read last: what was found, and what is verified while the next are read.
    late: (Vec<Finding>, Vec<Pending>),
}

impl Journal {
    /// Entries checked, and how many there were to check when it began.
    pub(super) fn progress(&self) -> (u64, u64) {
        let total = self.order.total().saturating_sub(self.before);
        (self.entries, total.max(self.entries))
    }

    /// Looks again whether more was saved.
    pub(super) fn look_again(&mut self) {
        self.order.look_again();
    }

    /// Checks some entries; answer: whether there were any. Their signatures are verified while the next are read; when there are
    /// none any more, nothing is left.
    pub(super) fn go_on(&mut self, file: &SiteFile, report: &mut Report) -> Result<bool> {
        let (found, pending) = std::mem::take(&mut self.late);
        let keys = std::mem::take(&mut self.keys);
        let verified = |save: &Pending| {
            let key = keys.get(&save.key);
            key.is_some_and(|key| CommitSig(save.sig).verifies(key, &save.checkpoint))
        };
        let alone = pending.len() >= PIECE / 2;
        let (good, read) = two::beside(&pending, verified, || self.some(file, alone));
        tell(found, &pending, &good, report);
        self.keys = keys;
        let (any, pending) = read?;
        for save in &pending {
            self.keys.entry(save.key).or_insert_with_key(Verifier::new);
        }
        self.late = (std::mem::take(&mut self.found), pending);
        report.entries = self.entries;
        report.saves = self.saves;
        Ok(any)
    }

    /// Reads some entries and links them; answer: whether there were any, and the signatures that are still to be verified.
    /// `alone`: the other core has enough to do.
    fn some(&mut self, file: &SiteFile, alone: bool) -> Result<(bool, Vec<Pending>)> {
        let mut entries = Vec::with_capacity(PIECE);
        while entries.len() < PIECE {
            match self.order.next(file.conn()?)? {
                Some(entry) => entries.push(entry),
                None => break,
            }
        }
        let look = |entry: &Stored| (read(entry), of_entry(entry));
        let read = if alone {
            entries.iter().map(look).collect()
        } else {
            two::each(&entries, look)
        };
        let mut pending = Vec::new();
        for (entry, ((leaf, read), indexed)) in entries.iter().zip(read) {
            let no = entry.key.log;
            if !self.logs.contains_key(&no) {
                let log = self.begin_log(file, no)?;
                self.logs.insert(no, log);
            }
            if self.boundaries.get(&no).is_some_and(|(seq, _)| entry.key.seq <= *seq) {
                self.again(file, entry, leaf, read);
            } else {
                self.indexed.add(&indexed);
                self.entry(file, entry, leaf, read, &mut pending);
                self.entries += 1;
            }
        }
        Ok((!entries.is_empty(), pending))
    }

    fn add<const N: usize>(&mut self, code: &'static str, at: &str, facts: [(&'static str, String); N]) {
        self.found.push(Finding {
            code,
            where_: at.to_owned(),
            facts: facts.into(),
        });
    }

    /// An entry that an earlier check found good: what it says of people, logs and redactions counts still.
    fn again(&mut self, file: &SiteFile, entry: &Stored, leaf: bool, read: Read) {
        let at = self.place(entry.key);
        let known = self.awaited.remove(&(entry.key.log, entry.key.seq));
        if !leaf || known.is_some_and(|known| known != entry.leaf) {
            self.add("leaf", &at, []);
        }
        self.remains(entry, &at);
        let body = match read {
            Read::Body(body) => body,
            Read::Missing => return self.add("body_missing", &at, []),
            Read::Unreadable => return self.add("body_unreadable", &at, []),
        };
        let mut news = OpenSave::default();
        news.take_in(&body, FileKind::Site);
        news.learn(&mut self.people);
        self.redactions.take_in(&at, &body, &mut Report::default());
        self.concern(file, entry, &at, &body);
    }

    /// What is left of a redacted entry, for which a redaction has to vouch: no hash does. Answer: whether that is all there is.
    fn remains(&mut self, entry: &Stored, at: &str) -> bool {
        let (None, None, Some(remains)) = (&entry.salt, &entry.body, &entry.remains) else {
            return false;
        };
        let id = at.rsplit_once('/').map_or("", |(id, _)| id);
        self.redactions.found(id.to_owned(), entry.key.seq, remains.clone());
        true
    }

    fn place(&self, key: Key) -> String {
        let id = self.logs.get(&key.log).map_or("", |log| log.id.as_str());
        format!("{id}/{}", key.seq)
    }

    fn entry(&mut self, file: &SiteFile, entry: &Stored, leaf: bool, read: Read, pending: &mut Vec<Pending>) {
        let at = self.place(entry.key);
        let Some(log) = self.logs.get_mut(&entry.key.log) else {
            return;
        };
        let gap = (entry.key.seq != log.seq + 1).then_some(log.seq + 1);
        let linked = proof::head(&log.head, &entry.leaf) == entry.head;
        (log.seq, log.head) = (entry.key.seq, entry.head);
        let (first, met) = &mut log.save_id;
        if *met == 0 {
            *first = entry.id;
        }
        let named = entry_id(first, *met) == entry.id;
        *met = if entry.sig.is_some() { 0 } else { *met + 1 };
        let (store, kind) = (log.store.clone(), log.kind);
        if let Some(expected) = gap {
            self.add("gap", &at, [("expected", expected.to_string())]);
        }
        if !linked {
            self.add("head", &at, []);
        }
        if !named {
            self.add("identifier", &at, []);
        }
        if !self.remains(entry, &at) && !leaf {
            self.add("leaf", &at, []);
        }
        let body = match read {
            Read::Body(body) => body,
            Read::Missing => return self.add("body_missing", &at, []),
            Read::Unreadable => return self.add("body_unreadable", &at, []),
        };
        self.e_signature(file, &at, &store, &body);
        let mut said = Report::default();
        self.redactions.take_in(&at, &body, &mut said);
        self.found.append(&mut said.findings);
        self.concern(file, entry, &at, &body);
        if let Some(log) = self.logs.get_mut(&entry.key.log) {
            log.open.take_in(&body, kind);
        }
        if let Some(sig) = &entry.sig {
            self.save(entry.key, &at, sig, pending);
        }
    }

    /// Notes whose the entry is, and whether the next check has to read it again.
    fn concern(&mut self, file: &SiteFile, entry: &Stored, at: &str, body: &Body) {
        if of_logs(&body.act) {
            self.seen.learn(entry.key, &body.act);
            self.opening(entry.key.log, &body.act);
        }
        self.taken.take_in(entry.key, body);
        let said = entry.subject.as_deref();
        let asked;
        let expected = match concern(&body.act) {
            Concern::Subject(subject) => {
                self.seen.add(entry.key, Some(subject));
                Some(subject)
            }
            Concern::Named => {
                // What is said of a query without saying what it is about is told by folding, where it is filed at all.
                let named = named_subject(&body.act).or(said);
                if self.since {
                    asked = named.is_none().then(|| asked_of(file, &body.act)).flatten();
                    let subject = named.or(asked.as_deref());
                    subject
                        .iter()
                        .for_each(|subject| self.seen.add(entry.key, Some(subject)));
                    subject
                } else {
                    self.seen.add(entry.key, None);
                    named
                }
            }
            Concern::Site => {
                self.seen.add(entry.key, None);
                self.marks.push(Mark {
                    no: entry.key.log,
                    seq: entry.key.seq,
                    leaf: entry.leaf,
                });
                None
            }
            Concern::Nothing => None,
        };
        if expected != said {
            let expected = expected.unwrap_or_default().to_owned();
            self.add("subject", at, [("expected", expected)]);
        }
    }

    /// One save: who signed, with which key, and whether they could do what stands in it.
    fn save(&mut self, key: Key, at: &str, sig: &[u8; 64], pending: &mut Vec<Pending>) {
        self.saves += 1;
        let Some(log) = self.logs.get_mut(&key.log) else { return };
        let mut save = std::mem::take(&mut log.open);
        let (id, seq, head, device) = (log.id.clone(), log.seq, log.head, log.device);
        let here = self.lineage.iter().any(|(log, upto)| *log == id && seq <= *upto);
        self.headers += u64::from(here && save.header);
        let first = save.first;
        if first {
            save.learn(&mut self.people);
        }
        let Some(actor) = save.actor.clone() else { return };
        if save.two_actors {
            self.add("two_actors", at, []);
        }
        let person = match &actor {
            Actor::Person(person) => self.people.get(person),
            Actor::Device => None,
        };
        let signer = match &actor {
            Actor::Person(_) => person.and_then(|known| known.key),
            Actor::Device => device,
        };
        let role = person.map(|known| known.role);
        let disabled = person.is_some_and(|known| known.disabled);
        let actor = String::from(actor);
        match (signer, Checkpoint::new(&id, seq, head)) {
            (Some(key), Ok(checkpoint)) => pending.push(Pending {
                before: self.found.len(),
                at: at.to_owned(),
                actor: actor.clone(),
                key,
                checkpoint,
                sig: *sig,
            }),
            (None, _) | (_, Err(_)) => self.add("save_signature", at, [("actor", actor.clone())]),
        }
        if disabled {
            self.add("disabled_person", at, [("actor", actor)]);
        }
        if !save.acts_only_as(role) {
            self.add("role_not_held", at, []);
        }
        let recovered = role.is_none() && save.recovered;
        if role != Some(Role::Administrator) && !recovered && save.administers {
            self.add("not_entitled", at, []);
        }
        if role.is_some() && save.of_the_device {
            self.add("not_entitled", at, []);
        }
        if save.not_this_kind {
            self.add("not_this_kind", at, []);
        }
        if !first {
            save.learn(&mut self.people);
        }
    }

    /// Names of the logs by their numbers.
    pub(super) fn names(&self) -> HashMap<u32, String> {
        self.logs.iter().map(|(no, log)| (*no, log.id.clone())).collect()
    }

    /// Where an entry stands in the one order.
    pub(super) fn in_order(&self, key: i64) -> (u64, usize) {
        self.order.place(Key::from_sql(key))
    }
}

/// Reports everything in the order met.
fn tell(found: Vec<Finding>, pending: &[Pending], good: &[bool], report: &mut Report) {
    let mut bad = pending.iter().zip(good).filter(|(_, good)| !**good).peekable();
    for (n, finding) in found.into_iter().map(Some).chain([None]).enumerate() {
        while let Some((save, _)) = bad.next_if(|(save, _)| save.before <= n) {
            report.add("save_signature", &save.at, [("actor", save.actor.clone())]);
        }
        finding.into_iter().for_each(|finding| report.put(finding));
    }
}

/// Whether the leaf vouches for the body, and the body as it reads; of a redacted entry, what is said of it still.
fn read(entry: &Stored) -> (bool, Read) {
    let (leaf, json) = match (&entry.salt, &entry.body, &entry.remains) {
        (Some(salt), Some(json), None) => (proof::leaf(salt, json.as_bytes()) == entry.leaf, json),
        (None, None, Some(json)) => (true, json),
        (_, _, _) => return (true, Read::Missing),
    };
    match proof::parse_canonical_within::<Body>(json.as_bytes(), ENTRY_LIMITS) {
        Ok(body) => (leaf, Read::Body(Box::new(body))),
        Err(_) => (leaf, Read::Unreadable),
    }
}
