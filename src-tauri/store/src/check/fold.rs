//! Compares the projections in the file with those folded anew, row by row.

use std::cmp::Ordering;

use rusqlite::{Connection, Rows, types::Value};

use crate::{
    check::{Report, Step},
    error::Result,
};

/// Every projection, with the number of its leading columns that order it.
const PROJECTIONS: [(&str, usize); 16] = [
    ("site", 1),
    ("log", 1),
    ("study", 1),
    ("person", 1),
    ("subject", 1),
    ("item", 1),
    ("form", 1),
    ("query", 1),
    ("verification", 1),
    ("identity_check", 1),
    ("confirmation", 1),
    ("signature", 1),
    ("signed_record", 2),
    ("export", 1),
    ("clock", 1),
    ("office", 1),
];

pub(super) fn compare(
    kept: &Connection,
    folded: &Connection,
    report: &mut Report,
    progress: &mut dyn FnMut(Step, u64, u64),
) -> Result<()> {
    let total = PROJECTIONS.len() as u64;
    for (done, (table, keys)) in (0..).zip(PROJECTIONS) {
        progress(Step::Projections, done, total);
        let order = if keys == 2 { "1, 2" } else { "1" };
        let sql = format!("SELECT * FROM {table} ORDER BY {order}");
        let (mut kept, mut folded) = (kept.prepare(&sql)?, folded.prepare(&sql)?);
        let columns = kept.column_count();
        compare_table(table, keys, (kept.query([])?, folded.query([])?), columns, report)?;
    }
    progress(Step::Projections, total, total);
    Ok(())
}

type Cells = Vec<Value>;

fn next(rows: &mut Rows<'_>, columns: usize) -> Result<Option<Cells>> {
    match rows.next()? {
        Some(row) => Ok(Some((0..columns).map(|i| row.get(i)).collect::<rusqlite::Result<_>>()?)),
        None => Ok(None),
    }
}

fn compare_table(
    table: &'static str,
    keys: usize,
    (mut kept, mut folded): (Rows<'_>, Rows<'_>),
    columns: usize,
    report: &mut Report,
) -> Result<()> {
    let (mut a, mut b) = (next(&mut kept, columns)?, next(&mut folded, columns)?);
    loop {
        let order = match (&a, &b) {
            (None, None) => return Ok(()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => order_of(a, b, keys),
        };
        match order {
            Ordering::Less => {
                report.add("row_without_entry", place(table, a.as_ref()), []);
                a = next(&mut kept, columns)?;
            }
            Ordering::Greater => {
                report.add("row_missing", place(table, b.as_ref()), []);
                b = next(&mut folded, columns)?;
            }
            Ordering::Equal => {
                if a != b {
                    report.add("row_differs", place(table, a.as_ref()), []);
                }
                a = next(&mut kept, columns)?;
                b = next(&mut folded, columns)?;
            }
        }
    }
}

/// As SQLite orders integers and texts.
fn order_of(a: &Cells, b: &Cells, keys: usize) -> Ordering {
    a.iter()
        .zip(b)
        .take(keys)
        .map(|(a, b)| match (a, b) {
            (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
            (Value::Text(a), Value::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
            (Value::Integer(_) | Value::Null, _) => Ordering::Less,
            (Value::Text(_) | Value::Blob(_) | Value::Real(_), _) => Ordering::Greater,
        })
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

fn place(table: &str, row: Option<&Cells>) -> String {
    match row.and_then(|row| row.first()) {
        Some(Value::Text(text)) => format!("{table}:{text}"),
        Some(Value::Integer(number)) => format!("{table}:{number}"),
        Some(Value::Null | Value::Real(_) | Value::Blob(_)) | None => table.to_owned(),
    }
}
