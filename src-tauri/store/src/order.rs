//! The one order of all entries of all logs, the same in every file that holds them.
//!
//! Within a log it is the order of saving. A log that took in a bundle, or goes on where another stood, comes after what it
//! then knew. What did not know of one another is ordered by how much each had before it, then by the names of the logs.
//! No clock has a part in it.

use std::collections::VecDeque;

use proof::Digest;
use rusqlite::{Connection, OptionalExtension, Row};
use study::act::{Act, Body, EntryRef};

use crate::{error::Result, key::Key};

/// An entry as it is stored.
pub(crate) struct Stored {
    pub(crate) key: Key,
    pub(crate) id: [u8; 16],
    pub(crate) salt: Option<[u8; 16]>,
    pub(crate) body: Option<String>,
    pub(crate) leaf: Digest,
    pub(crate) head: Digest,
    pub(crate) subject: Option<String>,
    pub(crate) sig: Option<[u8; 64]>,
    pub(crate) remains: Option<String>,
}

impl Stored {
    /// What is said of it: its body, or what remains after a redaction.
    pub(crate) fn said(&self) -> Option<&str> {
        self.body.as_deref().or(self.remains.as_deref())
    }
}

const ENTRY: &str = "SELECT key, id, salt, body, leaf, head, subject, sig, remains FROM entry
                     WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT ?3";
/// Entries of a log that are read at once.
const READ: u32 = 128;

fn stored(row: &Row<'_>) -> Result<Stored> {
    Ok(Stored {
        key: Key::from_sql(row.get(0)?),
        id: row.get(1)?,
        salt: row.get(2)?,
        body: row.get(3)?,
        leaf: Digest(row.get(4)?),
        head: Digest(row.get(5)?),
        subject: row.get(6)?,
        sig: row.get(7)?,
        remains: row.get(8)?,
    })
}

/// What an entry comes after, besides its predecessor.
pub(crate) fn rests_on(said: &str) -> Vec<EntryRef> {
    // Canonical JSON writes it so; anything else that holds these words is read and passed over.
    if !said.contains("\"type\":\"log_opened\"") && !said.contains("\"type\":\"bundle_imported\"") {
        return Vec::new();
    }
    match serde_json::from_str::<Body>(said).map(|body| body.act) {
        Ok(Act::LogOpened {
            continues: Some((at, _)),
            ..
        }) => vec![at],
        Ok(Act::BundleImported { upto, .. }) => upto,
        Ok(_) | Err(_) => Vec::new(),
    }
}

/// One log while it is read.
struct Lane {
    no: u32,
    id: String,
    /// Numbers of entries to be read one by one, before all the others.
    marks: VecDeque<u64>,
    /// From here on every entry is read.
    from: u64,
    read: VecDeque<(Stored, Vec<EntryRef>)>,
    /// Nothing more was there when it was looked for.
    ended: bool,
    /// Last entry given out, and the time of it.
    done: (u64, u64),
    /// Where the time jumped: number and time.
    jumps: Vec<(u64, u64)>,
    last: u64,
}

impl Lane {
    fn fill(&mut self, conn: &Connection) -> Result<()> {
        while self.read.is_empty() && !self.ended {
            let (low, high, most) = match self.marks.pop_front() {
                Some(seq) => (seq, Key::new(self.no, seq + 1).to_sql(), 1),
                None => (self.from, Key::range(self.no).1, READ),
            };
            let mut rows = conn.prepare_cached(ENTRY)?;
            let mut rows = rows.query((Key::new(self.no, low).to_sql(), high, most))?;
            while let Some(row) = rows.next()? {
                let entry = stored(row)?;
                let rests = entry.said().map(rests_on).unwrap_or_default();
                self.from = self.from.max(entry.key.seq + 1);
                self.read.push_back((entry, rests));
            }
            self.ended = self.read.is_empty() && most == READ;
        }
        Ok(())
    }

    fn time_of(&self, seq: u64) -> u64 {
        let jump = self.jumps.iter().rev().find(|(at, _)| *at <= seq);
        jump.map_or(seq, |(at, time)| time.saturating_add(seq - at))
    }

    /// Whether everything up to an entry was given out.
    fn passed(&self, seq: u64) -> bool {
        self.read.front().is_none_or(|(next, _)| next.key.seq > seq)
    }
}

/// Numbers of the logs that have entries.
pub(crate) fn logs(conn: &Connection) -> Result<Vec<u32>> {
    let mut all = Vec::new();
    let mut from = 0;
    loop {
        let next: Option<i64> = conn
            .prepare_cached("SELECT key FROM entry WHERE key >= ?1 ORDER BY key LIMIT 1")?
            .query_row([from], |row| row.get(0))
            .optional()?;
        let Some(next) = next else { return Ok(all) };
        let no = Key::from_sql(next).log;
        all.push(no);
        from = Key::range(no).1;
    }
}

/// Name of a log, as its own entries say; empty when none of them does.
pub(crate) fn name_of(conn: &Connection, no: u32) -> Result<String> {
    let (low, high) = Key::range(no);
    let said: Option<Option<String>> = conn
        .prepare_cached(
            "SELECT coalesce(body, remains) FROM entry WHERE key >= ?1 AND key < ?2 AND act = 'log_opened' LIMIT 1",
        )?
        .query_row([low, high], |row| row.get(0))
        .optional()?;
    let body = said.flatten().and_then(|said| serde_json::from_str::<Body>(&said).ok());
    Ok(match body.map(|body| body.act) {
        Some(Act::LogOpened { log, .. }) => log,
        Some(_) | None => String::new(),
    })
}

/// Number of a log's last entry, 0 when it has none.
pub(crate) fn last_of(conn: &Connection, no: u32) -> Result<u64> {
    let (low, high) = Key::range(no);
    let last: Option<i64> = conn
        .prepare_cached("SELECT max(key) FROM entry WHERE key >= ?1 AND key < ?2")?
        .query_row([low, high], |row| row.get(0))?;
    Ok(last.map_or(0, |last| Key::from_sql(last).seq))
}

/// What of a log is read: some entries that were read before, and everything from a number on.
#[derive(Default)]
pub(crate) struct Wanted {
    pub(crate) marks: Vec<u64>,
    pub(crate) after: u64,
}

/// Entries while they are given out in the one order. Borrows nothing: a log that is written meanwhile goes on being read.
pub(crate) struct Order {
    /// By name.
    lanes: Vec<Lane>,
}

impl Order {
    /// Every entry of every log.
    pub(crate) fn whole(conn: &Connection) -> Result<Self> {
        Self::of(conn, |_| Wanted::default())
    }

    /// Of each log what is asked for. Entries left out in between count as given out in their place.
    pub(crate) fn of(conn: &Connection, wanted: impl Fn(u32) -> Wanted) -> Result<Self> {
        let mut lanes = Vec::new();
        for no in logs(conn)? {
            let Wanted { marks, after } = wanted(no);
            lanes.push(Lane {
                no,
                id: name_of(conn, no)?,
                marks: marks.into(),
                from: after + 1,
                read: VecDeque::new(),
                ended: false,
                done: (0, 0),
                jumps: Vec::new(),
                last: last_of(conn, no)?,
            });
        }
        lanes.sort_by(|a, b| (&a.id, a.no).cmp(&(&b.id, b.no)));
        Ok(Self { lanes })
    }

    /// Entries of all logs together, when it began.
    pub(crate) fn total(&self) -> u64 {
        self.lanes.iter().map(|lane| lane.last).sum()
    }

    /// Number of a log by its name.
    pub(crate) fn number_of(&self, log: &str) -> Option<u32> {
        self.lanes.iter().find(|lane| lane.id == log).map(|lane| lane.no)
    }

    /// Looks again where nothing more was found.
    pub(crate) fn look_again(&mut self) {
        for lane in &mut self.lanes {
            lane.ended = false;
        }
    }

    /// The next entry; `None`: there is none any more, or not yet.
    pub(crate) fn next(&mut self, conn: &Connection) -> Result<Option<Stored>> {
        for lane in &mut self.lanes {
            lane.fill(conn)?;
        }
        let Some(n) = self.first() else { return Ok(None) };
        let time = self.time_of(n);
        let Some(lane) = self.lanes.get_mut(n) else {
            return Ok(None);
        };
        let Some((entry, _)) = lane.read.pop_front() else {
            return Ok(None);
        };
        let seq = entry.key.seq;
        let dense = lane.dense(seq);
        let time = time.unwrap_or(dense);
        if time != dense {
            lane.jumps.push((seq, time));
        }
        lane.done = (seq, time);
        Ok(Some(entry))
    }

    /// Where an entry stands in the order, among those of all logs up to where they were given out.
    pub(crate) fn place(&self, key: Key) -> (u64, usize) {
        let lane = self.lanes.iter().position(|lane| lane.no == key.log);
        let time = lane.and_then(|n| self.lanes.get(n)).map(|lane| lane.time_of(key.seq));
        (time.unwrap_or(u64::MAX), lane.unwrap_or(usize::MAX))
    }

    /// The time of a log's next entry; `None` while it comes after something not yet given out.
    fn time_of(&self, n: usize) -> Option<u64> {
        let lane = self.lanes.get(n)?;
        let (next, rests) = lane.read.front()?;
        let mut time = lane.dense(next.key.seq);
        for at in rests {
            // What is not here cannot be waited for.
            let there = |other: &&Lane| other.id == at.log && other.last >= at.seq;
            let Some(other) = self.lanes.iter().find(there) else {
                continue;
            };
            if other.id == lane.id {
                continue;
            }
            if !other.passed(at.seq) {
                return None;
            }
            time = time.max(other.time_of(at.seq) + 1);
        }
        Some(time)
    }

    /// The log whose entry is next; if each waits for another, as only a forgery does, the first by name.
    fn first(&self) -> Option<usize> {
        let there = |n: &usize| self.lanes.get(*n).is_some_and(|lane| !lane.read.is_empty());
        let free = (0..self.lanes.len()).filter(there);
        let free = free.filter_map(|n| Some((self.time_of(n)?, n))).min();
        free.map(|(_, n)| n).or_else(|| (0..self.lanes.len()).find(there))
    }
}

impl Lane {
    /// The time of an entry that rests on nothing but those before it.
    fn dense(&self, seq: u64) -> u64 {
        self.done.1 + seq.saturating_sub(self.done.0).max(1)
    }
}

/// Every entry in the one order.
pub(crate) fn in_order(conn: &Connection, each: &mut dyn FnMut(Stored) -> Result<()>) -> Result<()> {
    let mut order = Order::whole(conn)?;
    while let Some(entry) = order.next(conn)? {
        each(entry)?;
    }
    Ok(())
}
