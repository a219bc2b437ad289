//! Pages: their seals, the structure of the database, and the size of the file.

use std::collections::HashSet;

use rusqlite::Connection;

use crate::{
    check::{Report, seals::Seals},
    error::Result,
    file::SiteFile,
    open, vfs,
};

/// A page that belongs to nothing and does not authenticate: SQLite does not journal free pages that it uses again, so
/// a power loss can leave one. No row is on it.
pub(super) const TORN_FREE_PAGE: &str = "torn_free_page";

/// After so many interruptions the structure is checked to its end.
const PATIENCE: u32 = 20;

/// How far the pages were checked.
#[derive(Default)]
pub(super) struct Pages {
    seals: Seals,
    sealed: bool,
    structured: bool,
    /// How often somebody wanted the file while the structure was being checked.
    interrupted: u32,
    /// Tables with indexes that are small enough to look every row up; the large ones: see `indexes`.
    tables: Option<Vec<String>>,
}

impl Pages {
    /// Pages whose seals were verified, and how many there are.
    pub(super) const fn progress(&self) -> (u64, u64) {
        (self.seals.done, self.seals.total)
    }

    /// Checks some; answer: whether there is more.
    pub(super) fn go_on(&mut self, file: &SiteFile, report: &mut Report) -> Result<bool> {
        let conn = file.conn()?;
        if !self.sealed {
            if !self.seals.go_on(file)? {
                self.sealed = true;
                tell_broken(conn, &self.seals.broken, report);
            }
            return Ok(true);
        }
        if !self.structured {
            let structure = || lines(conn, "PRAGMA quick_check");
            let said = match self.interrupted {
                PATIENCE => Some(structure()?),
                _ => file.unless_interrupted(structure)?,
            };
            match said {
                Some(said) => {
                    tell(said, report);
                    self.structured = true;
                }
                None => self.interrupted += 1,
            }
            return Ok(true);
        }
        let tables = match &mut self.tables {
            Some(tables) => tables,
            None => self.tables.insert(indexed(conn).unwrap_or_default()),
        };
        let Some(table) = tables.pop() else { return Ok(false) };
        tell_table(conn, &table, report)?;
        Ok(true)
    }
}

/// The small tables that have indexes.
fn indexed(conn: &Connection) -> Result<Vec<String>> {
    let mut names = conn.prepare_cached(
        "SELECT DISTINCT tbl_name FROM sqlite_schema WHERE type = 'index' AND tbl_name NOT IN ('entry', 'item')",
    )?;
    let names = names
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(names)
}

fn tell_table(conn: &Connection, table: &str, report: &mut Report) -> Result<bool> {
    let name = table.replace('"', "\"\"");
    let lines = lines(conn, &format!("PRAGMA integrity_check(\"{name}\")"))?;
    Ok(tell(lines, report))
}

/// An index does not hold what its table does: in SQLite's own words, as far as it has any.
pub(super) fn tell_structure(file: &SiteFile, table: &str, report: &mut Report) -> Result<()> {
    if !tell_table(file.conn()?, table, report)? {
        tell_index(table, report);
    }
    Ok(())
}

/// An index does not hold what its table does.
pub(super) fn tell_index(table: &str, report: &mut Report) {
    let said = format!("index of {table} differs");
    report.add("structure", "database", [("said", said)]);
}

fn tell(lines: Vec<String>, report: &mut Report) -> bool {
    let mut told = false;
    for line in lines.into_iter().filter(|line| line != "ok") {
        report.add("structure", "database", [("said", line)]);
        told = true;
    }
    told
}

fn tell_broken(conn: &Connection, broken: &[u64], report: &mut Report) {
    if broken.is_empty() {
        return;
    }
    // If the tables cannot be walked, nothing is known to be free.
    let used = used(conn).ok();
    for page in broken {
        let free = used.as_ref().is_some_and(|used| !used.contains(page));
        let code = if free { TORN_FREE_PAGE } else { "page_altered" };
        report.add(code, format!("page {page}"), []);
    }
}

/// Every page that some table or index is on.
fn used(conn: &Connection) -> Result<HashSet<u64>> {
    let mut pages = conn.prepare("SELECT pageno FROM dbstat")?;
    let pages = pages
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(pages)
}

/// The size of the file is that of its header and its pages.
pub(super) fn check_size(file: &SiteFile, report: &mut Report) -> Result<()> {
    let conn = file.conn()?;
    let pages: u64 = conn.query_row("PRAGMA page_count", [], |row| row.get(0))?;
    let expected = vfs::HEADER_LEN as u64 + pages * open::PAGE;
    // Reads the folder's record of the file; no descriptor is opened.
    let found = std::fs::metadata(&file.path)?.len();
    if found != expected {
        report.add(
            "size",
            "file",
            [("found", found.to_string()), ("expected", expected.to_string())],
        );
    }
    Ok(())
}

/// Answers of a pragma that answers in rows of text; a failure that speaks of damage is an answer too.
fn lines(conn: &Connection, sql: &str) -> Result<Vec<String>> {
    let mut statement = conn.prepare(sql)?;
    let rows = statement
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>();
    match rows {
        Ok(rows) => Ok(rows),
        Err(error) => match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
                Ok(vec![error.to_string()])
            }
            Some(_) | None => Err(error.into()),
        },
    }
}
