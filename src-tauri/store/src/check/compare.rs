//! Compares the projections in the file with those folded anew, row by row, some rows at a time.

use std::cmp::Ordering;

use rusqlite::{Connection, params_from_iter, types::Value};

use crate::{
    check::{
        Report,
        fold::Fold,
        owner::{Owner, Range},
    },
    error::Result,
    refold::PROJECTIONS,
};

/// Rows compared before anybody is asked whether to go on.
const PIECE: usize = 512;

/// Which rows of a table belong to a part.
enum Rows {
    /// All.
    Whole,
    /// Those in ranges of the first column.
    In(Vec<Range>),
    /// Those whose column names a path of the owner's.
    At(usize),
    /// Those whose column names an entry of the owner's.
    Of(usize, Vec<Range>),
}

/// `since`: the file was compared before, and the part holds all of its subjects' queries and signatures.
fn rows(table: &str, fold: &Fold) -> Result<Option<Rows>> {
    let owner = &fold.owner;
    let since = matches!(owner, Owner::Subjects(_));
    let site = matches!(owner, Owner::Site);
    Ok(Some(match table {
        "item" | "form" | "finding" | "verification" if !site => Rows::In(owner.ranges()),
        "subject" | "conflict" if !site => Rows::At(0),
        "identity_check" if !site => Rows::At(1),
        "confirmation" if !site => Rows::At(2),
        "query" if since => Rows::At(1),
        "signature" if since => Rows::Of(1, Vec::new()),
        "signed_record" if since => Rows::Of(1, records(fold)?),
        "item" | "form" | "finding" | "verification" | "subject" | "conflict" | "identity_check" | "confirmation" => {
            return Ok(None);
        }
        _ if site => Rows::Whole,
        _ => return Ok(None),
    }))
}

/// Where what was signed of the part's subjects lies, and what their signatures cover beside: one may be over the records of
/// several.
fn records(fold: &Fold) -> Result<Vec<Range>> {
    let mut all = fold.owner.records();
    let mut signed = fold
        .db
        .prepare_cached("SELECT record FROM signed_record GROUP BY record ORDER BY min(entry), record")?;
    for record in signed.query_map([], |row| row.get(0))? {
        let low: String = record?;
        if !all.iter().any(|range| range.holds(&low)) {
            let high = Some(format!("{low}\0"));
            all.push(Range { low, high });
        }
    }
    Ok(all)
}

type Cells = Vec<Value>;

/// How far a part was compared.
#[derive(Default)]
pub(super) struct Comparing {
    table: usize,
    range: usize,
    last: Option<Cells>,
}

impl Comparing {
    /// Compares some rows; answer: whether there are more.
    pub(super) fn go_on(&mut self, kept: &Connection, fold: &Fold, since: bool, report: &mut Report) -> Result<bool> {
        let Some((table, keys)) = PROJECTIONS.get(self.table).copied() else {
            return Ok(false);
        };
        let by_name = ["query", "signature", "signed_record"].contains(&table);
        let rows = rows(table, fold)?.filter(|_| !(since && by_name && matches!(fold.owner, Owner::Site)));
        let ranges = match &rows {
            Some(Rows::In(ranges)) => ranges.as_slice(),
            Some(Rows::Of(_, ranges)) if !ranges.is_empty() => ranges,
            Some(Rows::Whole | Rows::At(_) | Rows::Of(..)) => &[],
            None => return Ok(self.next_table()),
        };
        let range = ranges.get(self.range);
        if range.is_none() && !ranges.is_empty() {
            return Ok(self.next_table());
        }
        let owned = |cells: &Cells| match (&rows, &fold.owner) {
            (Some(Rows::At(column)), owner) => match cells.get(*column) {
                Some(Value::Text(path)) => owner.holds(path),
                Some(_) | None => owner.holds(""),
            },
            (Some(Rows::Of(column, _)), _) => {
                matches!(cells.get(*column), Some(Value::Integer(entry)) if fold.entries.contains(entry))
            }
            (_, _) => true,
        };
        let mut here = read(kept, table, keys, range, self.last.as_ref())?;
        let mut anew = read(&fold.db, table, keys, range, self.last.as_ref())?;
        // Where one side has more than was read, only up to where both were read.
        let ends = [&here, &anew].map(|side| side.last().filter(|_| side.len() == PIECE).cloned());
        let end = match ends {
            [Some(a), Some(b)] => Some(if order_of(&a, &b, keys).is_lt() { a } else { b }),
            [a, b] => a.or(b),
        };
        let within = |cells: &Cells| end.as_ref().is_none_or(|end| order_of(cells, end, keys).is_le());
        here.retain(|cells| within(cells) && owned(cells));
        anew.retain(|cells| within(cells) && owned(cells));
        compare(table, keys, here, anew, report);
        self.last = end;
        if self.last.is_none() {
            self.range += 1;
            if self.range >= ranges.len() {
                return Ok(self.next_table());
            }
        }
        Ok(true)
    }

    fn next_table(&mut self) -> bool {
        *self = Self {
            table: self.table + 1,
            ..Self::default()
        };
        self.table < PROJECTIONS.len()
    }
}

/// Rows of a table in the order of its leading columns, after some row.
fn read(
    conn: &Connection,
    table: &str,
    keys: usize,
    range: Option<&Range>,
    after: Option<&Cells>,
) -> Result<Vec<Cells>> {
    let all = conn.prepare_cached(&format!("SELECT * FROM {table} LIMIT 0"))?;
    let names: Vec<String> = all.column_names().take(keys).map(str::to_owned).collect();
    let list = names.join(", ");
    let mut params: Vec<Value> = Vec::new();
    let mut bounds = Vec::new();
    if let Some(after) = after {
        let places = vec!["?"; keys].join(", ");
        bounds.push(format!("({list}) > ({places})"));
        params.extend(after.iter().take(keys).cloned());
    } else if let (Some(range), Some(first)) = (range, names.first()) {
        bounds.push(format!("{first} >= ?"));
        params.push(range.low.clone().into());
    }
    if let (Some(high), Some(first)) = (range.and_then(|range| range.high.clone()), names.first()) {
        bounds.push(format!("{first} < ?"));
        params.push(high.into());
    }
    let bounds = if bounds.is_empty() {
        "1".to_owned()
    } else {
        bounds.join(" AND ")
    };
    let mut rows = conn.prepare_cached(&format!(
        "SELECT * FROM {table} WHERE {bounds} ORDER BY {list} LIMIT {PIECE}"
    ))?;
    let columns = rows.column_count();
    let mut rows = rows.query(params_from_iter(params))?;
    let mut cells = Vec::new();
    while let Some(row) = rows.next()? {
        cells.push((0..columns).map(|n| row.get(n)).collect::<rusqlite::Result<_>>()?);
    }
    Ok(cells)
}

fn compare(table: &'static str, keys: usize, here: Vec<Cells>, anew: Vec<Cells>, report: &mut Report) {
    let (mut here, mut anew) = (here.into_iter().peekable(), anew.into_iter().peekable());
    loop {
        let order = match (here.peek(), anew.peek()) {
            (None, None) => return,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => order_of(a, b, keys),
        };
        match order {
            Ordering::Less => report.add("row_without_entry", place(table, here.next().as_ref()), []),
            Ordering::Greater => report.add("row_missing", place(table, anew.next().as_ref()), []),
            Ordering::Equal => {
                let (a, b) = (here.next(), anew.next());
                if a != b {
                    report.add("row_differs", place(table, a.as_ref()), []);
                }
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
