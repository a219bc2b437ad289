//! Which entries of a bundle are here, which are next, which wait, and whether they may be here at all.

use std::collections::{BTreeMap, HashMap};

use proof::Digest;
use study::act::{Act, Actor, Body, EntryRef, FileKind, Gap, LogId, Remains};

use super::{Incoming, IncomingEntry, refused};
use crate::{
    device::Seen,
    error::{Result, StoreError},
    file::SiteFile,
    key::Key,
    read::from_json,
    redact::remaining,
};

fn fork(log: &str, seq: u64) -> StoreError {
    StoreError::NotTakenIn {
        what: "fork",
        at: Some(EntryRef {
            log: log.to_owned(),
            seq,
        }),
    }
}

/// A bundle, sorted.
pub(super) struct Sorted {
    /// Next in their logs, with the log's number here.
    pub(super) applied: Vec<(u32, IncomingEntry)>,
    /// Beyond a gap.
    pub(super) waiting: Vec<IncomingEntry>,
    /// How far each log but this device's own goes afterwards.
    pub(super) upto: Vec<EntryRef>,
    /// What logs lack afterwards, before what waits can be applied.
    pub(super) gaps: Vec<Gap>,
    /// What redactions say remains of entries.
    pub(super) remains: BTreeMap<(LogId, u64), String>,
    /// Entries here whose bodies redactions take away.
    pub(super) gone: Vec<(Key, String)>,
}

/// A log on the way.
pub(super) struct End {
    no: u32,
    tip: Seen,
    pub(super) store: String,
    pub(super) kind: FileKind,
    pub(super) fresh: bool,
    /// Another continues it.
    closed: bool,
}

impl Sorted {
    pub(super) fn of(file: &SiteFile, incoming: &Incoming) -> Result<Self> {
        let mut ends = ends(file)?;
        let mut lines: BTreeMap<LogId, BTreeMap<u64, IncomingEntry>> = BTreeMap::new();
        for entry in &incoming.entries {
            let line = lines.entry(entry.log.clone()).or_default();
            line.insert(entry.seq, entry.clone());
        }
        known_as_they_are(file, &ends, &mut lines)?;
        let mut waited = waiting(file)?;
        for (log, line) in &lines {
            for (seq, entry) in line {
                let other = waited.get(log).and_then(|line| line.get(seq));
                if other.is_some_and(|other| (other.leaf, other.head) != (entry.leaf, entry.head)) {
                    return Err(fork(log, *seq));
                }
            }
        }
        for (log, line) in lines {
            let all = waited.entry(log.clone()).or_default();
            let came: Vec<u64> = line.keys().copied().collect();
            for (seq, entry) in line {
                all.entry(seq).or_insert(entry);
            }
            hang_together(&log, all, &came)?;
        }
        let mut sorted = Self {
            applied: Vec::new(),
            waiting: Vec::new(),
            upto: Vec::new(),
            gaps: Vec::new(),
            remains: BTreeMap::new(),
            gone: Vec::new(),
        };
        while sorted.one_round(file, incoming, &mut ends, &mut waited)? {}
        sorted.gaps = gaps(&ends, &waited);
        sorted.waiting = waited.into_values().flat_map(BTreeMap::into_values).collect();
        sorted.upto = upto(file, &ends);
        sorted.belong(file, incoming, &ends)?;
        sorted.redactions(file, &ends)?;
        Ok(sorted)
    }

    /// Takes what is next in each log; answer: whether there was anything.
    fn one_round(
        &mut self,
        file: &SiteFile,
        incoming: &Incoming,
        ends: &mut HashMap<LogId, End>,
        waited: &mut BTreeMap<LogId, BTreeMap<u64, IncomingEntry>>,
    ) -> Result<bool> {
        let mut moved = false;
        for (log, line) in waited.iter_mut() {
            if !ends.contains_key(log) {
                let Some(first) = line.get(&1) else { continue };
                let Some(end) = begun(file, first, incoming, ends)? else {
                    continue;
                };
                ends.insert(log.clone(), end);
            }
            let Some(end) = ends.get_mut(log) else { continue };
            while let Some(entry) = line.remove(&(end.tip.seq + 1)) {
                // Nobody but this device writes its log, and a closed log has ended.
                if file.log() == Some(log) {
                    return Err(refused("own_log"));
                }
                if proof::head(&end.tip.head, &entry.leaf) != entry.head || end.closed {
                    return Err(fork(log, entry.seq));
                }
                end.tip = Seen {
                    seq: entry.seq,
                    head: entry.head,
                };
                self.applied.push((end.no, entry));
                moved = true;
            }
        }
        waited.retain(|_, line| !line.is_empty());
        Ok(moved)
    }

    /// What redactions that come take away here; and that what comes without a body was redacted by two.
    fn redactions(&mut self, file: &SiteFile, ends: &HashMap<LogId, End>) -> Result<()> {
        let mut asked: HashMap<(LogId, u64), (Actor, Vec<EntryRef>)> = HashMap::new();
        for (_, entry) in &self.applied {
            let Some(json) = &entry.body else { continue };
            let body: Body = from_json(json, "body")?;
            #[allow(clippy::wildcard_enum_match_arm, reason = "no other act takes anything away")]
            match body.act {
                Act::RedactionAsked { entries } => {
                    asked.insert((entry.log.clone(), entry.seq), (body.actor, entries));
                }
                Act::Redacted { asked: at, remains } => {
                    let store = |log: &str| ends.get(log).map(|end| end.store.as_str());
                    let ours = remains
                        .iter()
                        .all(|remains| store(&remains.at.log) == store(&entry.log));
                    let first = match asked.get(&(at.log.clone(), at.seq)) {
                        Some(first) => Some(first.clone()),
                        None => asked_here(file, &at)?,
                    };
                    let by_two = first.is_some_and(|(actor, entries)| {
                        actor != body.actor && entries.iter().eq(remains.iter().map(|remains| &remains.at))
                    });
                    if !ours || !by_two || !remains.iter().all(Remains::bare) {
                        return Err(refused("redaction"));
                    }
                    for Remains { at, body } in remains {
                        let json = remaining(&body)?;
                        if let Some(end) = ends.get(&at.log) {
                            self.gone.push((Key::new(end.no, at.seq), json.clone()));
                        }
                        self.remains.insert((at.log, at.seq), json);
                    }
                }
                _ => {}
            }
        }
        let said = |entry: &IncomingEntry| self.remains.contains_key(&(entry.log.clone(), entry.seq));
        if self
            .applied
            .iter()
            .any(|(_, entry)| entry.body.is_none() && !said(entry))
        {
            return Err(refused("withheld"));
        }
        Ok(())
    }
}

/// What came of a log goes on from what waits before it, and into what waits after it; else the log goes on in two ways.
fn hang_together(log: &str, line: &BTreeMap<u64, IncomingEntry>, came: &[u64]) -> Result<()> {
    for seq in came.iter().flat_map(|seq| [*seq, seq.saturating_add(1)]) {
        let (Some(before), Some(entry)) = (seq.checked_sub(1).and_then(|seq| line.get(&seq)), line.get(&seq)) else {
            continue;
        };
        if proof::head(&before.head, &entry.leaf) != entry.head {
            return Err(fork(log, seq));
        }
    }
    Ok(())
}

/// Where each log here ends.
fn ends(file: &SiteFile) -> Result<HashMap<LogId, End>> {
    let sql = "SELECT l.id, l.no, s.store, s.kind FROM log AS l JOIN site AS s ON s.entry = l.site";
    let rows: Vec<(LogId, u32, String, String)> =
        file.rows(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let mut all = HashMap::new();
    for (log, no, store, kind) in rows {
        let end = End {
            no,
            tip: file.tip(no, &log)?,
            store,
            kind: from_json(&kind, "site")?,
            fresh: false,
            closed: closed(file, &log)?,
        };
        all.insert(log, end);
    }
    Ok(all)
}

/// Takes out of the lines what is here already; what is here otherwise is a fork.
fn known_as_they_are(
    file: &SiteFile,
    ends: &HashMap<LogId, End>,
    lines: &mut BTreeMap<LogId, BTreeMap<u64, IncomingEntry>>,
) -> Result<()> {
    for (log, line) in lines.iter_mut() {
        let Some(end) = ends.get(log) else { continue };
        let beyond = line.split_off(&(end.tip.seq + 1));
        for (seq, entry) in line.iter() {
            let here: Option<(Digest, Digest)> = file.row(
                "SELECT leaf, head FROM entry WHERE key = ?1",
                [Key::new(end.no, *seq).to_sql()],
                |row| Ok((Digest(row.get(0)?), Digest(row.get(1)?))),
            )?;
            if here != Some((entry.leaf, entry.head)) {
                return Err(fork(log, *seq));
            }
        }
        *line = beyond;
    }
    Ok(())
}

/// Entries that wait in the file.
fn waiting(file: &SiteFile) -> Result<BTreeMap<LogId, BTreeMap<u64, IncomingEntry>>> {
    let sql = "SELECT log, seq, id, salt, body, leaf, head, sig FROM waiting ORDER BY log, seq";
    let rows = file.rows(sql, [], |row| {
        Ok(IncomingEntry {
            log: row.get(0)?,
            seq: row.get(1)?,
            id: row.get(2)?,
            salt: row.get(3)?,
            body: row.get(4)?,
            leaf: Digest(row.get(5)?),
            head: Digest(row.get(6)?),
            sig: row.get(7)?,
        })
    })?;
    let mut all: BTreeMap<LogId, BTreeMap<u64, IncomingEntry>> = BTreeMap::new();
    for entry in rows {
        all.entry(entry.log.clone()).or_default().insert(entry.seq, entry);
    }
    Ok(all)
}

/// A log that is new here, by its first entry: of the file that it founds, or of the one that it continues. `None`: what it
/// continues has not come yet.
fn begun(
    file: &SiteFile,
    first: &IncomingEntry,
    incoming: &Incoming,
    ends: &mut HashMap<LogId, End>,
) -> Result<Option<End>> {
    let no = ends.values().map(|end| end.no).max().unwrap_or(0) + 1;
    let tip = Seen {
        seq: 0,
        head: proof::genesis(&first.log),
    };
    let Some(json) = &first.body else {
        return Err(refused("withheld"));
    };
    #[allow(clippy::wildcard_enum_match_arm, reason = "no other act begins a log")]
    match from_json::<Body>(json, "body")?.act {
        Act::SiteCreated { store, kind, key, .. } => {
            let known = ends.values().any(|end| end.store == store);
            if store != incoming.store || key != incoming.key || known {
                return Err(refused("other_store"));
            }
            Ok(Some(End {
                no,
                tip,
                store,
                kind,
                fresh: true,
                closed: false,
            }))
        }
        Act::LogOpened {
            continues: Some((at, head)),
            beside,
            ..
        } => {
            let Some(before) = ends.get_mut(&at.log).filter(|before| before.tip.seq >= at.seq) else {
                return Ok(None);
            };
            // One log has one successor, which begins where it ended; and this device's own goes on here.
            let here = file.log() == Some(&at.log);
            let elsewhere = before.tip.seq == at.seq && before.tip.head.to_string() != head;
            if elsewhere || !beside && (here || before.closed || before.tip.seq > at.seq) {
                return Err(fork(&at.log, at.seq));
            }
            before.closed |= !beside;
            Ok(Some(End {
                no,
                tip,
                store: before.store.clone(),
                kind: before.kind,
                fresh: true,
                closed: false,
            }))
        }
        _ => Err(refused("other_store")),
    }
}

/// Whether a log has ended where another continues it.
fn closed(file: &SiteFile, log: &str) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM log WHERE continues = ?1 AND NOT beside)";
    Ok(file.row(sql, [log], |row| Ok(row.get(0)?))?.unwrap_or(false))
}

fn asked_here(file: &SiteFile, at: &EntryRef) -> Result<Option<(Actor, Vec<EntryRef>)>> {
    let body = file.entry(at)?.and_then(|entry| entry.body);
    Ok(body.and_then(|body| {
        let Act::RedactionAsked { entries } = body.act else {
            return None;
        };
        Some((body.actor, entries))
    }))
}

fn upto(file: &SiteFile, ends: &HashMap<LogId, End>) -> Vec<EntryRef> {
    let mut all: Vec<EntryRef> = ends
        .iter()
        .filter(|(log, end)| file.log() != Some(*log) && end.tip.seq > 0)
        .map(|(log, end)| EntryRef {
            log: log.clone(),
            seq: end.tip.seq,
        })
        .collect();
    all.sort();
    all
}

fn gaps(ends: &HashMap<LogId, End>, waited: &BTreeMap<LogId, BTreeMap<u64, IncomingEntry>>) -> Vec<Gap> {
    let all = waited.iter().filter_map(|(log, line)| {
        let first = line.keys().next()?;
        Some(Gap {
            log: log.clone(),
            from: ends.get(log).map_or(0, |end| end.tip.seq) + 1,
            to: first.saturating_sub(1),
            waiting: line.len() as u64,
        })
    });
    all.collect()
}
