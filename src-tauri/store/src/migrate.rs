//! A file of an older format is written anew in this one; the old file is kept beside it.
//!
//! Invariants. Journal, keys and drafts are copied row by row, projections are folded anew: a migration never touches what
//! somebody did. All or nothing: the new file has a passing name until it was read back and compared.

use std::path::{Path, PathBuf};

use proof::Digest;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use sha2::{Digest as _, Sha256};
use study::act::Act;

use crate::{
    args::{Chance, Stamp},
    error::{Result, StoreError},
    file::SiteFile,
    header::Header,
    keys::Secret,
    names,
    open::{self, Access, Content, USER_VERSION},
    refold::{PROJECTIONS, refold},
    rekey::{copy_rows, take_place},
    transact::Batch,
    vfs,
};

/// From one format to the next.
struct Step {
    /// Format before.
    from: i64,
    /// What that format's schema hashes to ([`open::schema_digest`]), hex.
    schema: &'static str,
    /// What is done beside copying and folding.
    sql: &'static str,
    /// SHA-256 of `sql`, hex: what shipped never changes.
    #[cfg_attr(not(test), allow(dead_code, reason = "compared by a test"))]
    pinned: &'static str,
}

const STEPS: [Step; 2] = [
    Step {
        from: 0,
        schema: "5d6c127271aab569b94a6ed9f51c87ab60280487aae3ac322ce8d2ab0f77737d",
        sql: include_str!("migrate/0001.sql"),
        pinned: "c4efaae9d59cb82fa53ecaadefc5e345a9c557e7998d8a1bf7fcfdb426f03a86",
    },
    Step {
        from: 1,
        schema: "110ca8e0c379055fb085ecb7e6122459ea254b2a2e71182ba70b8363734f6a3f",
        sql: include_str!("migrate/0002.sql"),
        pinned: "a745b29e7da0c652d9bc8e4bec5596eb7bf609e7d6f8303740c51f05916df8aa",
    },
];

const BEFORE: &str = "raised_from";

fn version(conn: &Connection) -> Result<i64> {
    Ok(conn.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Takes a keyed connection to a file of any format; answers one of this format, and the header as it lies there.
///
/// # Errors
/// The schema is not the format's, a half-written file, nothing can be written where it lies
/// ([`StoreError::OlderFormat`]), or the disk failed: the file is then as it was.
pub(crate) fn raised(
    conn: Connection,
    path: &Path,
    dek: &Secret,
    header: &Header,
    half: bool,
) -> Result<(Connection, Header)> {
    let found = version(&conn)?;
    let mut header = header.clone();
    if found >= USER_VERSION {
        return Ok((conn, header));
    }
    let application: i64 = conn.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if application != open::APPLICATION_ID {
        return Err(StoreError::NotASiteFile);
    }
    let step = STEPS.iter().find(|step| step.from == found);
    let schema = Digest(open::schema_digest(&conn)?).to_string();
    if step.is_none_or(|step| step.schema != schema) {
        return Err(StoreError::Damaged { what: "schema" });
    }
    if half {
        return Err(StoreError::Damaged { what: "half_written" });
    }
    if conn.is_readonly("main")? {
        return Err(StoreError::OlderFormat {
            found: u32::try_from(found).unwrap_or(0),
        });
    }
    // A record of a step that did not come about goes no further.
    let (generation, digest) = SiteFile::header_known_to(&conn)?;
    header.settle_on(generation, digest, dek)?;
    let passing = beside(path, &format!("format-{USER_VERSION}.new"))?;
    names::forget(&passing);
    let written = write(&conn, &passing, dek, &header, found).and_then(|()| compare(&conn, &passing, dek));
    let placed = written
        .and_then(|()| conn.close().map_err(|(_, error)| StoreError::from(error)))
        .and_then(|()| take_place(&passing, path, &kept_name(path, found)?));
    if let Err(error) = placed {
        names::forget(&passing);
        return Err(error);
    }
    names::sync_folder(path)?;
    let conn = open::connect(path)?;
    // Its one record lies in another place than the newest of the old file may have: the next is written beside it.
    let header = Header::read(&conn)?;
    open::key(&conn, dek, Content::Expected)?;
    Ok((conn, header))
}

fn beside(path: &Path, ending: &str) -> Result<PathBuf> {
    let mut name = path.file_name().ok_or(StoreError::NotASiteFile)?.to_owned();
    name.push(format!(".{ending}"));
    Ok(path.with_file_name(name))
}

/// Where the old file is kept: a name that nothing has, or the old file itself since a try that was cut short.
fn kept_name(path: &Path, found: i64) -> Result<PathBuf> {
    let mut n = 1;
    loop {
        let more = if n == 1 { String::new() } else { format!("-{n}") };
        let name = beside(path, &format!("format-{found}{more}"))?;
        if !name.try_exists()? || names::same(&name, path)? {
            return Ok(name);
        }
        n += 1;
    }
}

fn kept_tables(conn: &Connection) -> Result<Vec<String>> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let mut rows = conn.prepare(sql)?;
    let mut names: Vec<String> = rows.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    names.retain(|name| PROJECTIONS.iter().all(|(table, _)| table != name));
    Ok(names)
}

fn write(from: &Connection, passing: &Path, dek: &Secret, header: &Header, found: i64) -> Result<()> {
    let conn = open::connect_new(passing)?;
    vfs::header_write(&conn, 0, &header.whole()?)?;
    open::key(&conn, dek, Content::None)?;
    open::lay_out(&conn)?;
    let tx = Transaction::new_unchecked(&conn, TransactionBehavior::Immediate)?;
    for table in kept_tables(from)? {
        copy_rows(from, &tx, &table)?;
    }
    refold(&tx)?;
    for step in STEPS.iter().filter(|step| step.from >= found) {
        tx.execute_batch(step.sql)?;
    }
    SiteFile::note_header(&tx, &header.body)?;
    tx.execute(
        "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        rusqlite::params![BEFORE, found],
    )?;
    tx.commit()?;
    conn.close().map_err(|(_, error)| error.into())
}

/// Reads back what was written: pages, structure, and every entry's place in its chain.
fn compare(from: &Connection, passing: &Path, dek: &Secret) -> Result<()> {
    const COPY: StoreError = StoreError::Damaged { what: "copy" };
    let conn = open::connect(passing)?;
    if !Header::read(&conn)?.body.is_ours(dek)? {
        return Err(COPY);
    }
    open::key(&conn, dek, Content::Expected)?;
    let mut pages = conn.prepare("PRAGMA cipher_integrity_check")?;
    let torn = pages.query([])?.next()?.is_some();
    drop(pages);
    let ok: String = conn.query_row("PRAGMA quick_check", [], |row| row.get(0))?;
    if torn || ok != "ok" || open::schema_digest(&conn)? != open::own_schema_digest()? {
        return Err(COPY);
    }
    for table in kept_tables(from)?.iter().filter(|table| *table != "meta") {
        let rows = |conn: &Connection| -> Result<i64> {
            Ok(conn.query_row(&format!("SELECT count(*) FROM \"{table}\""), [], |row| row.get(0))?)
        };
        if rows(&conn)? != rows(from)? {
            return Err(COPY);
        }
    }
    if entries(&conn)? != entries(from)? {
        return Err(COPY);
    }
    conn.close().map_err(|(_, error)| error.into())
}

/// One hash over every entry as it is stored.
fn entries(conn: &Connection) -> Result<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut rows = conn.prepare("SELECT key, id, salt, body, leaf, head, sig FROM entry ORDER BY key")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..7 {
            let cell = row.get_ref(column)?;
            let bytes = match cell {
                rusqlite::types::ValueRef::Integer(n) => n.to_be_bytes().to_vec(),
                rusqlite::types::ValueRef::Text(bytes) | rusqlite::types::ValueRef::Blob(bytes) => bytes.to_vec(),
                rusqlite::types::ValueRef::Null | rusqlite::types::ValueRef::Real(_) => Vec::new(),
            };
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        }
    }
    Ok(hash.finalize().into())
}

/// The identifier of what says in a log that the format was raised.
pub(crate) fn raised_id(log: &str, which: &[u8]) -> [u8; 16] {
    let hash = Sha256::new().chain_update(b"cartwright-format-raised-v2");
    let hash = hash.chain_update(log).chain_update(which).finalize();
    let mut id = [0; 16];
    id.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    id
}

impl SiteFile {
    /// A format that was raised is an entry, as soon as this device may write one.
    pub(crate) fn report_format(&mut self, stamp: &Stamp, chance: &mut dyn Chance) -> Result<()> {
        if self.access != Access::Writable {
            return Ok(());
        }
        let sql = "SELECT value FROM meta WHERE name = ?1";
        let Some(from) = self.row(sql, [BEFORE], |row| Ok(row.get::<_, u32>(0)?))? else {
            return Ok(());
        };
        let to = u32::try_from(USER_VERSION).unwrap_or(0);
        // The same each time, so that a second try writes nothing; and another on every device that raises its own.
        let id = raised_id(&self.writable()?.record.log, &to.to_be_bytes());
        let body = self.device_body(Act::FormatRaised { from, to }, stamp.moment.clone(), stamp)?;
        let batch = Batch {
            id,
            bodies: vec![body],
            noted: Vec::new(),
            header: None,
            signing: None,
        };
        // The old file was kept.
        self.twin = true;
        self.append(batch, chance)?;
        self.conn()?.execute("DELETE FROM meta WHERE name = ?1", [BEFORE])?;
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests;
