//! How a connection to a site file comes to be: no second descriptor, header before key, lock before the first read.

use std::{path::Path, sync::OnceLock};

use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig};
use sha2::{Digest as _, Sha256};
use study::act::Moment;

use crate::{
    attempts::Attempts,
    error::{Result, StoreError},
    header::Header,
    keys::Secret,
    names, vfs,
};

/// `CWRF`: what the database beneath the header calls itself.
pub(crate) const APPLICATION_ID: i64 = 0x4357_5246;
/// Format of the schema.
pub(crate) const USER_VERSION: i64 = 2;
/// A file of at most 1 GiB: beyond, Windows would lock bytes that hold rows.
const MOST_PAGES: i64 = 261_000;
/// Size of a page, bytes; asserted with the settings.
pub(crate) const PAGE: u64 = 4096;
const HEADER: u64 = vfs::HEADER_LEN as u64;
pub(crate) const SCHEMA: &str = include_str!("schema.sql");

/// Whether a file may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// This device writes its log here.
    Writable,
    /// Every writing call refuses.
    ReadOnly {
        /// Why.
        why: WhyReadOnly,
    },
}

/// Why a file is open for reading only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyReadOnly {
    /// This device has no key for it: copied, moved, or another user of the computer.
    OtherDevice,
    /// The file ends before what this device has seen: restored from a copy.
    Older,
    /// The file differs from what this device has seen.
    Diverged,
    /// The device's log was closed and continued elsewhere.
    Continued,
    /// The header is older than the database knows: a removed person's slot may have returned.
    HeaderOlder,
    /// The header was not written by a holder of the file's key.
    HeaderTampered,
    /// The database's tables or triggers are not this version's.
    Schema,
    /// The medium cannot be written.
    Media,
    /// It was not closed, its journal is gone, and what is in it does not hold together.
    HalfWritten,
}

/// One name of the log-in list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginName {
    /// Identifier of the slot.
    pub slot: String,
    /// Log-in name.
    pub login: String,
    /// Printed name.
    pub printed_name: String,
    /// Seconds until a password is heard again.
    pub wait_seconds: u64,
}

/// What a site file tells without any key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontPage {
    /// The file's identifier.
    pub store: String,
    /// Made-up subjects only. Not authenticated before the file is unlocked.
    pub synthetic: bool,
    /// Password of a synthetic file, to be shown.
    pub practice_password: Option<String>,
    /// Who may log in.
    pub people: Vec<LoginName>,
    /// The medium cannot be written: the file will open for reading only.
    pub read_only_media: bool,
}

/// Reads the front page: names for the log-in list, at a time `now`.
///
/// # Errors
/// Not a site file, cut, newer format, open elsewhere, damaged header, or the disk's.
pub fn front_page(path: &Path, now: &Moment) -> Result<FrontPage> {
    let conn = connect(path)?;
    let header = Header::read(&conn)?;
    if vfs::locked_elsewhere(&conn)? {
        return Err(StoreError::Busy);
    }
    let attempts = Attempts::read(&conn)?;
    let people = header.body.slots.iter().map(|slot| LoginName {
        slot: slot.id.clone(),
        login: slot.login.clone(),
        printed_name: slot.label.clone(),
        wait_seconds: attempts.wait_seconds(&slot.id, now),
    });
    Ok(FrontPage {
        store: header.store_text(),
        synthetic: header.body.synthetic,
        practice_password: header.body.practice_password.clone(),
        people: people.collect(),
        read_only_media: conn.is_readonly("main")?,
    })
}

/// Opens an existing file without a key. SQLite opens it at once and reads nothing.
pub(crate) fn connect(path: &Path) -> Result<Connection> {
    let path = absolute(path)?;
    let size = std::fs::metadata(&path)?;
    if !size.is_file() || size.len() == 0 {
        return Err(StoreError::NotASiteFile);
    }
    // A file is created whole and only grows: less than a page behind the header is a cut.
    if (HEADER + 1..HEADER + PAGE).contains(&size.len()) && begins_like_ours(&path)? {
        return Err(StoreError::Truncated);
    }
    let opened = open_at(&path, OpenFlags::empty());
    match &opened {
        Err(StoreError::Damaged { .. }) => Err(cut_or_foreign(&path)),
        Ok(_) | Err(_) => opened,
    }
}

/// A host shorter than its header: ours cut, or something else. The VFS refused it, so no connection is open.
fn cut_or_foreign(path: &Path) -> StoreError {
    match begins_like_ours(path) {
        Ok(true) => StoreError::Truncated,
        Ok(false) => StoreError::NotASiteFile,
        Err(error) => error,
    }
}

/// Reads a file that is too short to be open anywhere.
fn begins_like_ours(path: &Path) -> Result<bool> {
    Ok(std::fs::read(path)?.starts_with(b"CARTWRIGHT SITE\0"))
}

/// Opens a file that does not exist yet.
pub(crate) fn connect_new(path: &Path) -> Result<Connection> {
    // SQLite says only "cannot open"; making the file first lets the system say why.
    names::create(path)?;
    open_at(&absolute(path)?, OpenFlags::SQLITE_OPEN_CREATE)
}

fn open_at(path: &Path, more: OpenFlags) -> Result<Connection> {
    vfs::register()?;
    // No URI: a path that begins with `file:` could name another VFS.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
    Ok(Connection::open_with_flags_and_vfs(path, flags, vfs::name())?)
}

/// Absolute, so that SQLite's own reading of a path beginning with `file:` never applies.
pub(crate) fn absolute(path: &Path) -> Result<std::path::PathBuf> {
    Ok(std::path::absolute(path)?)
}

/// Settings that every connection has: name, value to set, answer expected.
const SETTINGS: [(&str, &str, &str); 15] = [
    ("locking_mode", "EXCLUSIVE", "exclusive"),
    ("journal_mode", "DELETE", "delete"),
    ("synchronous", "EXTRA", "3"),
    ("fullfsync", "ON", "1"),
    ("checkpoint_fullfsync", "ON", "1"),
    ("temp_store", "MEMORY", "2"),
    ("secure_delete", "ON", "1"),
    ("foreign_keys", "ON", "1"),
    ("recursive_triggers", "ON", "1"),
    ("trusted_schema", "OFF", "0"),
    ("cell_size_check", "ON", "1"),
    ("cipher_page_size", "4096", "4096"),
    ("cipher_hmac_algorithm", "HMAC_SHA512", "HMAC_SHA512"),
    ("max_page_count", "261000", "261000"),
    // 32 MB of pages instead of two: what is not found there is read, authenticated and decrypted again.
    ("cache_size", "-32768", "-32768"),
];

/// Whether there must be a database behind the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// There must: an empty one means that the host was cut.
    Expected,
    /// The file is being made.
    None,
}

/// Hands over the key, sets and reads back the settings, takes the lock.
/// Errors: open elsewhere, cut, damaged (wrong key or first page), a setting that did not take.
pub(crate) fn key(conn: &Connection, dek: &Secret, content: Content) -> Result<()> {
    conn.execute_batch("PRAGMA cipher_log_level = NONE")?;
    vfs::set_key(conn, dek)?;
    let read_only = conn.is_readonly("main")?;
    for (name, value, _) in SETTINGS {
        conn.execute_batch(&format!("PRAGMA {name} = {value}"))
            .map_err(|error| wrong_key(conn, error))?;
    }
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    steady(conn)?;
    let pages: i64 = conn
        .query_row("PRAGMA page_count", [], |row| row.get(0))
        .map_err(|error| wrong_key(conn, error))?;
    // Before the lock: taking it would write the first page of an empty database.
    if pages == 0 && content == Content::Expected {
        return Err(StoreError::Truncated);
    }
    if pages > MOST_PAGES {
        return Err(StoreError::Damaged { what: "page_count" });
    }
    if !read_only {
        // The setting alone does not take the lock; this does, and it stays.
        conn.execute_batch("BEGIN EXCLUSIVE; COMMIT")
            .map_err(|error| wrong_key(conn, error))?;
    }
    let pages: i64 = conn.query_row("PRAGMA page_count", [], |row| row.get(0))?;
    // The last page begun and not whole counts as a page: only the size tells.
    let expected = HEADER + pages.cast_unsigned() * PAGE;
    if let Some(path) = conn.path()
        && std::fs::metadata(path)?.len() < expected
    {
        return Err(StoreError::Truncated);
    }
    settings_took(conn)?;
    conn.set_prepared_statement_cache_capacity(128);
    Ok(())
}

/// No statement is planned anew because other values are bound to it: nothing here was ever analysed, so that the plan is the same.
pub(crate) fn steady(conn: &Connection) -> Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// A setting that did not take is as bad as a damaged file.
pub(crate) fn settings_took(conn: &Connection) -> Result<()> {
    for (name, expected, found) in settings(conn)? {
        if !expected.eq_ignore_ascii_case(&found) {
            return Err(StoreError::Damaged { what: name });
        }
    }
    Ok(())
}

/// Every setting with the answer expected and the answer given.
pub(crate) fn settings(conn: &Connection) -> Result<Vec<(&'static str, &'static str, String)>> {
    SETTINGS
        .iter()
        .map(|(name, _, expected)| {
            let found: rusqlite::types::Value = conn
                .query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))
                .map_err(|error| wrong_key(conn, error))?;
            let found = match found {
                rusqlite::types::Value::Integer(n) => n.to_string(),
                rusqlite::types::Value::Text(text) => text,
                rusqlite::types::Value::Null | rusqlite::types::Value::Real(_) | rusqlite::types::Value::Blob(_) => {
                    String::new()
                }
            };
            Ok((*name, *expected, found))
        })
        .collect()
}

/// The slot opened, so the key is right: what does not read is the database.
fn wrong_key(conn: &Connection, error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreError::Damaged { what: "database" },
        Some(ErrorCode::DatabaseCorrupt) if cut(conn) => StoreError::Truncated,
        // The first page is good: a page of the schema is not.
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged { what: "schema" },
        Some(_) | None => error.into(),
    }
}

/// Whether the file is shorter than its first page says. Beginning to write reads that page, compares, and reads no other.
fn cut(conn: &Connection) -> bool {
    let began = conn.execute_batch("BEGIN IMMEDIATE; ROLLBACK");
    began.is_err_and(|error| error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt))
}

/// Makes an empty database one of ours.
pub(crate) fn lay_out(conn: &Connection) -> Result<()> {
    conn.execute_batch(&format!(
        "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {USER_VERSION};"
    ))?;
    Ok(conn.execute_batch(&format!("BEGIN; {SCHEMA} COMMIT;"))?)
}

/// Checks that the opened database is one of ours and of a format that is known.
pub(crate) fn identify(conn: &Connection) -> Result<()> {
    let number = |name: &str| conn.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    if number("application_id")? != APPLICATION_ID {
        return Err(StoreError::NotASiteFile);
    }
    let version = number("user_version")?;
    if version > USER_VERSION {
        return Err(StoreError::NewerFormat {
            found: u32::try_from(version).unwrap_or(u32::MAX),
        });
    }
    Ok(())
}

/// SHA-256 over everything that `sqlite_schema` says, in order of name.
pub(crate) fn schema_digest(conn: &Connection) -> Result<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut rows =
        conn.prepare("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..4 {
            let text: String = row.get(column)?;
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
    }
    Ok(hash.finalize().into())
}

/// The digest that this version's schema has.
pub(crate) fn own_schema_digest() -> Result<[u8; 32]> {
    static DIGEST: OnceLock<[u8; 32]> = OnceLock::new();
    if let Some(digest) = DIGEST.get() {
        return Ok(*digest);
    }
    let conn = Connection::open_in_memory()?;
    conn.execute_batch(SCHEMA)?;
    let digest = schema_digest(&conn)?;
    Ok(*DIGEST.get_or_init(|| digest))
}
