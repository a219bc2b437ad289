//! The one order of all entries of all logs, the same in every file that holds them.
//!
//! Within a log it is the order of saving. A log that took in a bundle, or goes on where another stood, comes after what it
//! then knew. What did not know of one another is ordered by how much each had before it, then by the names of the logs.
//! No clock has a part in it.

use proof::Digest;
use rusqlite::{Connection, OptionalExtension as _, Row, Rows};
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
                     WHERE key >= ?1 AND key < ?2 ORDER BY key";

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
struct Lane<'a> {
    id: String,
    rows: Rows<'a>,
    next: Option<(Stored, Vec<EntryRef>)>,
    /// Last entry given out, and the time of it.
    done: (u64, u64),
    /// Where the time jumped: number and time.
    jumps: Vec<(u64, u64)>,
    last: u64,
}

impl Lane<'_> {
    fn read(&mut self) -> Result<()> {
        self.next = match self.rows.next()? {
            Some(row) => {
                let entry = stored(row)?;
                let rests = entry.said().map(rests_on).unwrap_or_default();
                Some((entry, rests))
            }
            None => None,
        };
        Ok(())
    }

    fn time_of(&self, seq: u64) -> u64 {
        let jump = self.jumps.iter().rev().find(|(at, _)| *at <= seq);
        jump.map_or(seq, |(at, time)| time.saturating_add(seq - at))
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

/// Every entry in the one order.
pub(crate) fn in_order(conn: &Connection, each: &mut dyn FnMut(Stored) -> Result<()>) -> Result<()> {
    let numbers = logs(conn)?;
    let mut statements = Vec::with_capacity(numbers.len());
    for _ in &numbers {
        statements.push(conn.prepare(ENTRY)?);
    }
    let mut lanes = Vec::with_capacity(numbers.len());
    for (no, statement) in numbers.iter().zip(&mut statements) {
        let (low, high) = Key::range(*no);
        let last: i64 = conn.query_row(
            "SELECT max(key) FROM entry WHERE key >= ?1 AND key < ?2",
            [low, high],
            |row| row.get(0),
        )?;
        let mut lane = Lane {
            id: name_of(conn, *no)?,
            rows: statement.query([low, high])?,
            next: None,
            done: (0, 0),
            jumps: Vec::new(),
            last: Key::from_sql(last).seq,
        };
        lane.read()?;
        lanes.push(lane);
    }
    while let Some(n) = first(&lanes) {
        let time = time_of(&lanes, n).unwrap_or_else(|| lanes[n].done.1 + 1);
        let lane = &mut lanes[n];
        let Some((entry, _)) = lane.next.take() else {
            return Ok(());
        };
        if time != lane.done.1 + 1 || entry.key.seq != lane.done.0 + 1 {
            lane.jumps.push((entry.key.seq, time));
        }
        lane.done = (entry.key.seq, time);
        lane.read()?;
        each(entry)?;
    }
    Ok(())
}

/// The time of a log's next entry; `None` while it comes after something not yet given out.
fn time_of(lanes: &[Lane<'_>], n: usize) -> Option<u64> {
    let lane = &lanes[n];
    let (_, rests) = lane.next.as_ref()?;
    let mut time = lane.done.1;
    for at in rests {
        // What is not here cannot be waited for.
        let Some(other) = lanes.iter().find(|other| other.id == at.log && other.last >= at.seq) else {
            continue;
        };
        if other.id == lane.id {
            continue;
        }
        if other.done.0 < at.seq {
            return None;
        }
        time = time.max(other.time_of(at.seq));
    }
    Some(time + 1)
}

/// The log whose entry is next; if each waits for another, as only a forgery does, the first by name.
fn first(lanes: &[Lane<'_>]) -> Option<usize> {
    let there = |n: &usize| lanes[*n].next.is_some();
    let free = (0..lanes.len())
        .filter(there)
        .filter_map(|n| Some((time_of(lanes, n)?, &lanes[n].id, n)));
    let free = free.min().map(|(_, _, n)| n);
    free.or_else(|| (0..lanes.len()).filter(there).min_by_key(|n| &lanes[*n].id))
}
