//! Where entries stand in the one order of all logs, for whoever asks which of two is the newer. Numbers of logs say nothing of
//! that: they are given as logs come into a file.

use std::collections::HashMap;

use rusqlite::{Connection, functions::FunctionFlags};

use crate::{
    error::Result,
    key::Key,
    order::{Order, Wanted, last_of, logs},
};

/// Where an entry stands in the one order, as far as this file goes; to be compared with others of this file, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(i64);

/// Logs that a file can hold here.
const LANES: u32 = 20;

impl Place {
    /// Whether whoever wrote the later of the two had the other before them: within one log they had.
    #[must_use]
    pub const fn same_log(self, other: Self) -> bool {
        self.0 & ((1 << LANES) - 1) == other.0 & ((1 << LANES) - 1)
    }

    fn of(time: u64, lane: usize) -> Self {
        Self(time.cast_signed() << LANES | i64::try_from(lane).unwrap_or(0) & ((1 << LANES) - 1))
    }
}

impl rusqlite::types::FromSql for Place {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        i64::column_result(value).map(Self)
    }
}

/// Gives SQL the function `place(entry)`. Of a file with one log it is the number of the entry; else the few entries that tell
/// of other logs are read.
pub(crate) fn teach(conn: &Connection) -> Result<()> {
    let order = if logs(conn)?.len() < 2 {
        None
    } else {
        Some(ordered(conn)?)
    };
    conn.create_scalar_function(
        "place",
        1,
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY,
        move |context| {
            let key = Key::from_sql(context.get(0)?);
            let (time, lane) = order.as_ref().map_or((key.seq, 0), |order| order.place(key));
            Ok(Place::of(time, lane).0)
        },
    )?;
    Ok(())
}

fn ordered(conn: &Connection) -> Result<Order> {
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
    while order.next(conn)?.is_some() {}
    Ok(order)
}
