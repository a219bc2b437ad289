//! The indexes of the large tables against the tables, without looking up every row: both are read in their own order, and
//! what they hold is added up. (SQLite's own check looks each row up, at random places, and cannot be paused.)

use proof::Digest;
use rusqlite::{Connection, params_from_iter, types::Value};
use serde::{Deserialize, Serialize};

use crate::{
    check::{Report, checking::CheckedLog, marks::NAMED, pages},
    error::Result,
    file::SiteFile,
    key::Key,
    order::Stored,
};

const PIECE: usize = 1000;
/// After so many beginnings that a save has made void, the rows of items are read without a pause.
const TRIES: u32 = 3;

/// Hashes added up: the same for the same rows in whatever order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sum {
    rows: u64,
    lanes: [u64; 4],
}

impl Sum {
    fn add(&mut self, hash: &Digest) {
        self.rows += 1;
        for (lane, bytes) in self.lanes.iter_mut().zip(hash.0.as_chunks::<8>().0) {
            *lane = lane.wrapping_add(u64::from_le_bytes(*bytes));
        }
    }
}

fn hashed(cells: &[&[u8]]) -> Digest {
    let lengths: Vec<[u8; 8]> = cells.iter().map(|cell| (cell.len() as u64).to_be_bytes()).collect();
    let parts: Vec<&[u8]> = lengths
        .iter()
        .zip(cells)
        .flat_map(|(len, cell)| [len.as_slice(), cell])
        .collect();
    Digest::of_parts(&parts)
}

/// What the indexes of the journal must hold of an entry: it is found by its identifier, and by its subject or its act.
pub(super) struct OfEntry {
    id: Digest,
    subject: Option<Digest>,
    act: Option<Digest>,
    /// Whose it is no parcel changes.
    steady: bool,
}

pub(super) fn of_entry(entry: &Stored) -> OfEntry {
    let key = entry.key.to_sql().to_be_bytes();
    let subject = entry.subject.as_ref();
    let said = entry.body.as_ref().or(entry.remains.as_ref());
    let name = match subject {
        None => Some(said.and_then(|said| act_of(said)).unwrap_or_default()),
        Some(_) => None,
    };
    OfEntry {
        id: hashed(&[&entry.id, &key]),
        subject: subject.map(|subject| hashed(&[subject.as_bytes(), &key])),
        act: name.as_ref().map(|name| hashed(&[name.as_bytes(), &key])),
        steady: name.is_some_and(|name| steady(&name)),
    }
}

/// Whether an entry that is filed under no subject stays so: what is said of a query is filed when the query has come.
fn steady(act: &str) -> bool {
    !NAMED.contains(&act)
}

/// The act's name in an entry's JSON, as SQL finds it there.
fn act_of(said: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Act {
        r#type: String,
    }
    #[derive(serde::Deserialize)]
    struct Body {
        act: Act,
    }
    serde_json::from_str::<Body>(said).ok().map(|body| body.act.r#type)
}

/// What the indexes of the journal must hold.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct OfEntries {
    by_id: Sum,
    by_subject: Sum,
    by_act: Sum,
    /// Of these, what stays: to be remembered, and added to by the next check.
    pub(super) steady: Sum,
}

impl OfEntries {
    /// What an earlier check remembers.
    pub(super) fn after(steady: Option<Sum>) -> Self {
        Self {
            steady: steady.unwrap_or_default(),
            ..Self::default()
        }
    }

    pub(super) fn add(&mut self, entry: &OfEntry) {
        self.by_id.add(&entry.id);
        entry.subject.iter().for_each(|subject| self.by_subject.add(subject));
        entry.act.iter().for_each(|act| self.by_act.add(act));
        let steady = entry.act.iter().filter(|_| entry.steady);
        steady.for_each(|act| self.steady.add(act));
    }
}

/// An index or a table read in its own order.
struct Scan {
    table: &'static str,
    /// What is read: first the columns that order it, of that number.
    list: &'static str,
    keys: usize,
    of: &'static str,
}

const BY_ID: Scan = Scan {
    table: "entry",
    list: "id, key",
    keys: 1,
    of: "entry INDEXED BY sqlite_autoindex_entry_1 WHERE 1",
};
const BY_SUBJECT: Scan = Scan {
    table: "entry",
    list: "subject, key",
    keys: 2,
    of: "entry INDEXED BY entry_subject WHERE subject IS NOT NULL",
};
const BY_ACT: Scan = Scan {
    table: "entry",
    list: "act, key",
    keys: 2,
    of: "entry INDEXED BY entry_act WHERE subject IS NULL",
};
const ITEMS: Scan = Scan {
    table: "item",
    list: "path, oid, value",
    keys: 1,
    of: "item NOT INDEXED WHERE removed = 0",
};
const BY_OID: Scan = Scan {
    table: "item",
    list: "oid, path, value",
    keys: 2,
    of: "item INDEXED BY item_oid WHERE removed = 0",
};

impl Scan {
    fn read(&self, conn: &Connection, after: Option<&Vec<Value>>) -> Result<Vec<Vec<Value>>> {
        let order: Vec<&str> = self.list.split(", ").take(self.keys).collect();
        let (order, places) = (order.join(", "), vec!["?"; self.keys].join(", "));
        let bound = after.map(|_| format!("AND ({order}) > ({places})")).unwrap_or_default();
        let sql = format!(
            "SELECT {} FROM {} {bound} ORDER BY {order} LIMIT {PIECE}",
            self.list, self.of
        );
        let mut rows = conn.prepare_cached(&sql)?;
        let columns = rows.column_count();
        let after = after.into_iter().flatten().take(self.keys);
        let mut rows = rows.query(params_from_iter(after))?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push((0..columns).map(|n| row.get(n)).collect::<rusqlite::Result<_>>()?);
        }
        Ok(all)
    }
}

fn bytes(cell: &Value) -> Vec<u8> {
    match cell {
        Value::Null | Value::Real(_) => Vec::new(),
        Value::Integer(n) => n.to_be_bytes().to_vec(),
        Value::Text(text) => text.as_bytes().to_vec(),
        Value::Blob(blob) => blob.clone(),
    }
}

fn of_cells(cells: &[Value]) -> Digest {
    let cells: Vec<Vec<u8>> = cells.iter().map(bytes).collect();
    hashed(&cells.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

const SCANS: [Scan; 5] = [BY_ID, BY_SUBJECT, BY_ACT, ITEMS, BY_OID];
/// The first of them that reads items, not entries.
const AT_ITEMS: usize = 3;
/// The one that is small, and that every check reads: what is about no subject is found by it alone.
const AT_ACTS: usize = 2;

/// How far the indexes were read.
#[derive(Default)]
pub(super) struct Indexes {
    /// Only what is about no subject, and of that what stays.
    acts_only: bool,
    scan: usize,
    last: Option<Vec<Value>>,
    sum: Sum,
    /// What the table of items holds, and where this device's log stood when reading it began.
    items: Sum,
    began: Option<u64>,
    tries: u32,
}

impl Indexes {
    /// For a check since an earlier one.
    pub(super) fn of_acts() -> Self {
        Self {
            acts_only: true,
            scan: AT_ACTS,
            ..Self::default()
        }
    }

    /// Reads some rows; answer: whether there are more. `upto`: where each log stood when `entries` was added up.
    pub(super) fn go_on(
        &mut self,
        file: &SiteFile,
        entries: &OfEntries,
        upto: &[CheckedLog],
        report: &mut Report,
    ) -> Result<bool> {
        loop {
            let before = self.scan;
            if !self.some(file, entries, upto, report)? {
                return Ok(false);
            }
            // Saves change items under the scan: in the end it is done in one go.
            if self.tries < TRIES || self.scan < AT_ITEMS || before > self.scan {
                return Ok(true);
            }
        }
    }

    fn some(&mut self, file: &SiteFile, entries: &OfEntries, upto: &[CheckedLog], report: &mut Report) -> Result<bool> {
        let Some(scan) = SCANS.get(self.scan).filter(|_| !self.acts_only || self.scan == AT_ACTS) else {
            return Ok(false);
        };
        if self.scan >= AT_ITEMS {
            let now = file.own.as_ref().map_or(0, |own| own.tip.seq);
            if *self.began.get_or_insert(now) != now {
                *self = Self {
                    scan: AT_ITEMS,
                    tries: self.tries + 1,
                    ..Self::default()
                };
                return Ok(true);
            }
        }
        let rows = scan.read(file.conn()?, self.last.as_ref())?;
        for row in &rows {
            match (self.scan, row.as_slice()) {
                (..AT_ITEMS, [_, Value::Integer(key)]) if later(*key, upto) => {}
                (AT_ACTS, [Value::Text(act), _]) if self.acts_only && !steady(act) => {}
                // The table of items is read in another order of columns.
                (AT_ITEMS, [path, oid, value]) => {
                    self.sum.add(&of_cells(&[oid.clone(), path.clone(), value.clone()]));
                }
                (_, cells) => self.sum.add(&of_cells(cells)),
            }
        }
        let goes_on = match (&self.last, rows.last()) {
            (Some(last), Some(next)) => last.iter().take(scan.keys).ne(next.iter().take(scan.keys)),
            (_, next) => next.is_some(),
        };
        if rows.len() == PIECE && goes_on {
            self.last = rows.into_iter().next_back();
            return Ok(true);
        }
        let by_act = if self.acts_only { entries.steady } else { entries.by_act };
        let expected = [entries.by_id, entries.by_subject, by_act, self.sum, self.items];
        if expected.get(self.scan).is_some_and(|expected| *expected != self.sum) {
            pages::tell_structure(file, scan.table, report)?;
        }
        if self.scan == AT_ITEMS {
            self.items = self.sum;
        }
        (self.scan, self.sum, self.last) = (self.scan + 1, Sum::default(), None);
        Ok(true)
    }
}

/// Whether an entry came after where its log stood.
fn later(key: i64, upto: &[CheckedLog]) -> bool {
    let key = Key::from_sql(key);
    upto.iter().any(|log| log.no == key.log && key.seq > log.seq)
}
