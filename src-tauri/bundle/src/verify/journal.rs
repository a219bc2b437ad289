//! Step 6: the entries form unbroken chains, and who acted has signed.

use super::envelope::Envelope;
use crate::{
    bag,
    format::{CommitLine, EntryLine, Header, LogRange, People, Person},
    limits::LIMITS,
    refused::{Code, Flaw},
};
use proof::{Checkpoint, Digest, Limits, Namespace, PublicKey, parse_canonical_within};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    thread,
};

const DEVICE: &str = "device";
/// Signatures below which another thread costs more than it saves.
const WORTH_A_THREAD: usize = 256;

/// Who did an entry.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Actor {
    Device,
    /// Index in the list of people.
    Person(usize),
    /// The body is gone; only the commit says who.
    Redacted,
}

/// What one log turned out to hold.
pub(super) struct Walked {
    pub(super) range: LogRange,
    /// Head after each entry, from the range's first.
    heads: Vec<Digest>,
    actors: Vec<Actor>,
}

/// A signature as the journal itself keeps it.
pub(super) struct SignedAct {
    pub(super) log: String,
    pub(super) seq: u64,
    pub(super) statement: Value,
    pub(super) signature: String,
}

/// What the journal turned out to hold.
#[derive(Default)]
pub(super) struct Journal {
    pub(super) logs: Vec<Walked>,
    pub(super) redacted: u64,
    pub(super) commits: u64,
    pub(super) entries_by: BTreeMap<String, u64>,
    pub(super) commits_by: BTreeMap<String, u64>,
    pub(super) subjects: BTreeSet<String>,
    pub(super) signed: Vec<SignedAct>,
}

impl Journal {
    /// The head of a log after one of the entries here.
    pub(super) fn head(&self, log: &str, seq: u64) -> Option<&Digest> {
        self.logs.iter().find(|l| l.range.log == log)?.head(seq)
    }
}

impl Walked {
    fn head(&self, seq: u64) -> Option<&Digest> {
        let at = seq.checked_sub(self.range.from)?;
        self.heads.get(usize::try_from(at).ok()?)
    }
}

pub(super) fn read(envelope: &Envelope<'_>, header: &Header, people: &People) -> Result<Journal, Flaw> {
    if header.logs.len() > LIMITS.logs {
        return Err(Flaw::file(Code::HeaderLogs, bag::HEADER).expected(LIMITS.logs));
    }
    let mut journal = Journal::default();
    read_entries(envelope, header, people, &mut journal)?;
    read_commits(envelope, people, &mut journal)?;
    for range in &header.logs {
        checkpoint(envelope, range)?;
    }
    Ok(journal)
}

/// The lines of an NDJSON file, each canonical, each ended by LF.
pub(super) fn lines<'a, T: DeserializeOwned>(
    envelope: &Envelope<'a>,
    name: &'static str,
    code: Code,
) -> Result<impl Iterator<Item = Result<T, Flaw>> + use<'a, T>, Flaw> {
    let bytes = envelope.file(name)?;
    if !bytes.is_empty() && !bytes.ends_with(b"\n") {
        return Err(Flaw::file(code, name).expected("LF at the end"));
    }
    let limits = Limits {
        bytes: LIMITS.line,
        depth: proof::ENTRY_LIMITS.depth + 1,
    };
    let lines = bytes.split_inclusive(|b| *b == b'\n').enumerate();
    Ok(lines.map(move |(at, line)| {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        parse_canonical_within(line, limits).map_err(|error| Flaw::line(code, name, at + 1).got(error))
    }))
}

fn read_entries(envelope: &Envelope<'_>, header: &Header, people: &People, journal: &mut Journal) -> Result<(), Flaw> {
    let index: BTreeMap<&str, usize> = people
        .people
        .iter()
        .enumerate()
        .map(|(n, p)| (p.id.as_str(), n))
        .collect();
    let mut ids = HashSet::new();
    let mut ranges = header.logs.iter();
    for entry in lines::<EntryLine>(envelope, bag::ENTRIES, Code::EntryForm)? {
        let entry = entry?;
        if ids.len() == LIMITS.entries {
            return Err(Flaw::bundle(Code::EntryTooMany).expected(LIMITS.entries));
        }
        if journal.logs.last().is_none_or(|l| l.range.log != entry.log) {
            let range = ranges.next().filter(|range| range.log == entry.log);
            let range = range.ok_or_else(|| Flaw::entry(Code::EntryOrder, &entry.log, entry.seq))?;
            journal.logs.push(Walked {
                range: range.clone(),
                heads: Vec::new(),
                actors: Vec::new(),
            });
        }
        let Some(walked) = journal.logs.last_mut() else {
            return Err(Flaw::entry(Code::EntryOrder, &entry.log, entry.seq));
        };
        chained(&entry, walked)?;
        let actor = actor(&entry, &index)?;
        walked.actors.push(actor);
        walked.heads.push(entry.head);
        if !ids.insert(entry.id.clone()) {
            return Err(Flaw::entry(Code::EntryTwice, &entry.log, entry.seq).got(&entry.id));
        }
        journal.note(entry);
    }
    for range in &header.logs {
        let last = journal.head(&range.log, range.to);
        let beyond = range.to.checked_add(1).and_then(|next| journal.head(&range.log, next));
        if last != Some(&range.head) || beyond.is_some() {
            let flaw = Flaw::entry(Code::EntryEnd, &range.log, range.to).expected(range.head);
            return Err(last.map_or(flaw.clone(), |head| flaw.got(head)));
        }
    }
    Ok(())
}

/// Number, leaf and head of an entry follow from the one before and from its own body.
fn chained(entry: &EntryLine, walked: &Walked) -> Result<(), Flaw> {
    let at = |code| Flaw::entry(code, &entry.log, entry.seq);
    let done = u64::try_from(walked.heads.len()).unwrap_or(u64::MAX);
    let next = walked.range.from.checked_add(done);
    if next != Some(entry.seq) {
        return Err(at(Code::EntryGap).expected(next.unwrap_or(u64::MAX)).got(entry.seq));
    }
    if entry.salt.is_some() != entry.body.is_some() {
        return Err(at(Code::EntryForm).expected("salt and body, or neither"));
    }
    if entry.body.is_some() {
        let leaf = entry.computed_leaf().ok_or_else(|| at(Code::EntryForm))?;
        if leaf != entry.leaf {
            return Err(at(Code::EntryLeaf).expected(leaf).got(entry.leaf));
        }
    }
    let before = walked.heads.last().unwrap_or(&walked.range.head_before);
    let head = proof::head(before, &entry.leaf);
    if head != entry.head {
        return Err(at(Code::EntryHead).expected(head).got(entry.head));
    }
    Ok(())
}

fn actor(entry: &EntryLine, index: &BTreeMap<&str, usize>) -> Result<Actor, Flaw> {
    let Some(body) = &entry.body else {
        return Ok(Actor::Redacted);
    };
    let wrong = || Flaw::entry(Code::EntryActor, &entry.log, entry.seq);
    let name = body.get("actor").and_then(Value::as_str).ok_or_else(wrong)?;
    if name == DEVICE {
        return Ok(Actor::Device);
    }
    let found = index.get(name).copied().map(Actor::Person);
    found.ok_or_else(|| wrong().got(name))
}

impl Journal {
    /// Keeps what the summary and the statements need.
    fn note(&mut self, entry: EntryLine) {
        let Some(body) = entry.body else {
            self.redacted += 1;
            return;
        };
        if let Some(actor) = body.get("actor").and_then(Value::as_str) {
            *self.entries_by.entry(actor.to_owned()).or_default() += 1;
        }
        let Some(act) = body.get("act") else { return };
        let text = |name| act.get(name).and_then(Value::as_str);
        match text("type") {
            Some("subject_added") => self.subjects.extend(text("subject").map(str::to_owned)),
            Some("signed") => {
                if let (Some(statement), Some(signature)) = (act.get("statement"), text("signature")) {
                    self.signed.push(SignedAct {
                        log: entry.log,
                        seq: entry.seq,
                        statement: statement.clone(),
                        signature: signature.to_owned(),
                    });
                }
            }
            Some(_) | None => {}
        }
    }
}

fn read_commits(envelope: &Envelope<'_>, people: &People, journal: &mut Journal) -> Result<(), Flaw> {
    let mut covered: Vec<usize> = vec![0; journal.logs.len()];
    let mut last = 0;
    let mut pending = Vec::new();
    for commit in lines::<CommitLine>(envelope, bag::COMMITS, Code::CommitForm)? {
        let commit = commit?;
        let order = || Flaw::entry(Code::CommitOrder, &commit.log, commit.seq);
        let which = journal
            .logs
            .iter()
            .position(|l| l.range.log == commit.log)
            .ok_or_else(order)?;
        let walked = &journal.logs[which];
        let head = walked.head(commit.seq).ok_or_else(order)?;
        let upto = usize::try_from(commit.seq - walked.range.from).map_err(|_| order())? + 1;
        if which < last || upto <= covered[which] {
            return Err(order());
        }
        acted(&commit, &walked.actors[covered[which]..upto], people)?;
        let head = *head;
        covered[which] = upto;
        last = which;
        journal.commits += 1;
        *journal.commits_by.entry(commit.signer.clone()).or_default() += 1;
        pending.push((commit, head));
    }
    for (walked, covered) in journal.logs.iter().zip(covered) {
        if covered < walked.heads.len() {
            let seq = walked
                .range
                .from
                .saturating_add(u64::try_from(covered).unwrap_or(u64::MAX));
            return Err(Flaw::entry(Code::CommitUncovered, &walked.range.log, seq));
        }
    }
    all_signed(&pending, people)
}

/// Nearly all the time of a long log goes into these signatures, so all processors share them.
fn all_signed(pending: &[(CommitLine, Digest)], people: &People) -> Result<(), Flaw> {
    let each = |part: &[(CommitLine, Digest)]| part.iter().try_for_each(|(commit, head)| signed(commit, head, people));
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let share = pending.len().div_ceil(workers).max(WORTH_A_THREAD);
    if pending.len() <= share {
        return each(pending);
    }
    thread::scope(|scope| {
        let running: Vec<_> = pending
            .chunks(share)
            .map(|part| (part, thread::Builder::new().spawn_scoped(scope, || each(part))))
            .collect();
        running.into_iter().try_for_each(|(part, worker)| {
            let outcome = worker.ok().and_then(|worker| worker.join().ok());
            outcome.unwrap_or_else(|| each(part))
        })
    })
}

/// Every entry that a commit covers was done by its signer.
fn acted(commit: &CommitLine, actors: &[Actor], people: &People) -> Result<(), Flaw> {
    let position = || people.people.iter().position(|p| p.id == commit.signer);
    let signer = if commit.signer == DEVICE {
        Actor::Device
    } else {
        let found = position().map(Actor::Person);
        found.ok_or_else(|| Flaw::entry(Code::CommitSigner, &commit.log, commit.seq).got(&commit.signer))?
    };
    let other = actors.iter().rev().position(|a| *a != signer && *a != Actor::Redacted);
    let Some(back) = other else { return Ok(()) };
    let seq = commit.seq.saturating_sub(u64::try_from(back).unwrap_or_default());
    Err(Flaw::entry(Code::CommitActor, &commit.log, seq).got(&commit.signer))
}

fn signed(commit: &CommitLine, head: &Digest, people: &People) -> Result<(), Flaw> {
    let at = |code| Flaw::entry(code, &commit.log, commit.seq).got(&commit.signer);
    let checkpoint = Checkpoint::new(&commit.log, commit.seq, *head).map_err(|_| at(Code::CommitForm))?;
    let fits = |key: &PublicKey| commit.sig.verify(key, &checkpoint).is_ok();
    let good = if commit.signer == DEVICE {
        let device = people.device(&commit.log).ok_or_else(|| at(Code::CommitSigner))?;
        fits(&device.key)
    } else {
        let person: &Person = people.person(&commit.signer).ok_or_else(|| at(Code::CommitSigner))?;
        person.keys().any(fits)
    };
    if good { Ok(()) } else { Err(at(Code::CommitSignature)) }
}

fn checkpoint(envelope: &Envelope<'_>, range: &LogRange) -> Result<(), Flaw> {
    let file = bag::checkpoint_file(&range.log);
    let wrong = || Flaw::file(Code::Checkpoint, &file);
    let text = Checkpoint::new(&range.log, range.to, range.head)
        .map_err(|_| wrong())?
        .text();
    if envelope.text(&file)? != text {
        return Err(wrong().expected(text));
    }
    let name = bag::signature_of(&file);
    let signature = envelope.signature(&name, Namespace::Checkpoint)?;
    envelope
        .signed(&name, &signature, &envelope.site, &file)
        .map_err(|flaw| Flaw {
            code: Code::CheckpointSignature,
            ..flaw
        })
}
