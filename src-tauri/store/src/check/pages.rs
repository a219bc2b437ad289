//! Pages: both integrity checks of SQLite and SQLCipher, and the size of the file.

use rusqlite::Connection;

use crate::{check::Report, error::Result, file::SiteFile, open, vfs};

/// A page that belongs to nothing and does not authenticate: SQLite does not journal free pages that it uses again, so
/// a power loss can leave one. No row is on it.
pub(super) const TORN_FREE_PAGE: &str = "torn_free_page";

pub(super) fn check_pages(file: &SiteFile, report: &mut Report) -> Result<()> {
    let conn = file.conn()?;
    for line in lines(conn, "PRAGMA cipher_integrity_check")? {
        match number_in(&line) {
            Some(page) if is_free(conn, page)? => report.add(TORN_FREE_PAGE, format!("page {page}"), []),
            Some(page) => report.add("page_altered", format!("page {page}"), []),
            None => report.add("page_altered", "file", [("said", line)]),
        }
    }
    for line in lines(conn, "PRAGMA integrity_check")? {
        if line != "ok" {
            report.add("structure", "database", [("said", line)]);
        }
    }
    Ok(())
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

/// The last number in a line.
fn number_in(line: &str) -> Option<u64> {
    line.split(|c: char| !c.is_ascii_digit())
        .rfind(|digits| !digits.is_empty())?
        .parse()
        .ok()
}

fn is_free(conn: &Connection, page: u64) -> Result<bool> {
    let used = conn.query_row(
        "SELECT EXISTS (SELECT 1 FROM dbstat WHERE pageno = ?1)",
        [page],
        |row| row.get(0),
    );
    // If the tables cannot be walked, nothing is known to be free.
    Ok(used.is_ok_and(|used: bool| !used))
}
