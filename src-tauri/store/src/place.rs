//! Where entries stand in the one order of all logs, for whoever asks which of two is the newer, and what of the others whoever
//! wrote one had before them. Numbers of logs say nothing of that: they are given as logs come into a file.

use std::collections::HashMap;

use rusqlite::{Connection, functions::FunctionFlags};
use study::act::{EntryRef, LogId};

use crate::{
    error::Result,
    file::SiteFile,
    key::Key,
    order::{Order, Wanted, last_of, logs, rests_on},
};

/// Where an entry stands in the one order, as far as this file goes; to be compared with others of this file, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(i64);

/// Logs that a file can hold here.
const LANES: u32 = 20;

impl Place {
    fn of(time: u64, lane: usize) -> Self {
        Self(time.cast_signed() << LANES | i64::try_from(lane).unwrap_or(0) & ((1 << LANES) - 1))
    }
}

impl rusqlite::types::FromSql for Place {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        i64::column_result(value).map(Self)
    }
}

/// What whoever wrote an entry had before them: that entry and those before it, and so many of every other log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known(HashMap<LogId, u64>);

impl Known {
    /// Whether they had an entry.
    #[must_use]
    pub fn holds(&self, log: &str, seq: u64) -> bool {
        self.0.get(log).is_some_and(|upto| seq <= *upto)
    }
}

impl SiteFile {
    /// What whoever wrote an entry had before them. Clocks have no part in it, and neither has the one order: what comes before
    /// in it may have been written elsewhere.
    ///
    /// # Errors
    /// The database.
    pub fn known_to(&self, at: &EntryRef) -> Result<Known> {
        let Some(no) = self.log_no(&at.log) else {
            return Ok(Known(HashMap::new()));
        };
        let sql = "SELECT id, known(?1, no) FROM log";
        let rows: Vec<(LogId, u64)> = self.rows(sql, [Key::new(no, at.seq).to_sql()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(Known(rows.into_iter().collect()))
    }
}

/// The last entry that is known of each other log.
type Upto = HashMap<u32, u64>;

/// How far others were known in each log, from an entry of it on.
#[derive(Default)]
struct Knowledge(HashMap<u32, Vec<(u64, Upto)>>);

impl Knowledge {
    /// An entry that tells of others, in the one order.
    fn take_in(&mut self, at: Key, told: &[Key]) {
        let mut knows = self.at(at).cloned().unwrap_or_default();
        for other in told.iter().filter(|other| other.log != at.log) {
            // A log that goes on where another stood knows what that one knew.
            if at.seq == 1 {
                knows.extend(self.at(*other).into_iter().flatten());
            }
            let upto = knows.entry(other.log).or_default();
            *upto = other.seq.max(*upto);
        }
        self.0.entry(at.log).or_default().push((at.seq, knows));
    }

    fn at(&self, at: Key) -> Option<&Upto> {
        let told = self.0.get(&at.log)?;
        let before = told.partition_point(|(seq, _)| *seq <= at.seq);
        before.checked_sub(1).and_then(|n| told.get(n)).map(|(_, knows)| knows)
    }

    fn known(&self, at: Key, no: u32) -> u64 {
        if at.log == no {
            return at.seq;
        }
        self.at(at).and_then(|knows| knows.get(&no)).copied().unwrap_or(0)
    }
}

/// Gives SQL the functions `place(entry)`, and `known(entry, log)`: the last entry of a log, by the numbers of this file, that
/// whoever wrote the entry had before them. Of a file with one log both are the number of the entry; else the few entries that
/// tell of other logs are read.
pub(crate) fn teach(conn: &Connection) -> Result<()> {
    let (order, knowledge) = if logs(conn)?.len() < 2 {
        (None, Knowledge::default())
    } else {
        let (order, knowledge) = ordered(conn)?;
        (Some(order), knowledge)
    };
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    conn.create_scalar_function("place", 1, flags, move |context| {
        let key = Key::from_sql(context.get(0)?);
        let (time, lane) = order.as_ref().map_or((key.seq, 0), |order| order.place(key));
        Ok(Place::of(time, lane).0)
    })?;
    conn.create_scalar_function("known", 2, flags, move |context| {
        let seq = knowledge.known(Key::from_sql(context.get(0)?), context.get(1)?);
        Ok(seq.cast_signed())
    })?;
    Ok(())
}

fn ordered(conn: &Connection) -> Result<(Order, Knowledge)> {
    let mut marks: HashMap<u32, Vec<u64>> = HashMap::new();
    let sql = "SELECT key FROM entry WHERE subject IS NULL AND act IN ('log_opened', 'bundle_imported') ORDER BY key";
    let mut rows = conn.prepare_cached(sql)?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let key = Key::from_sql(row.get(0)?);
        marks.entry(key.log).or_default().push(key.seq);
    }
    let mut ends = HashMap::new();
    for no in logs(conn)? {
        ends.insert(no, last_of(conn, no)?);
    }
    let mut order = Order::of(conn, |no| Wanted {
        marks: marks.get(&no).cloned().unwrap_or_default(),
        after: ends.get(&no).copied().unwrap_or(0),
    })?;
    let mut knowledge = Knowledge::default();
    while let Some(entry) = order.next(conn)? {
        let told = entry.said().map(rests_on).unwrap_or_default();
        let told: Vec<Key> = told
            .iter()
            .filter_map(|at| Some(Key::new(order.number_of(&at.log)?, at.seq)))
            .collect();
        knowledge.take_in(entry.key, &told);
    }
    Ok((order, knowledge))
}
