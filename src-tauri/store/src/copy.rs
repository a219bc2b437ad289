//! A verified copy of the open file: for backups, and to take along.

use std::path::Path;

use proof::Digest;
use study::act::Moment;

use crate::{
    error::{Result, StoreError},
    file::SiteFile,
    guard,
    header::Header,
    key::Key,
    names::{self, Readers},
    open::{self, Content},
    read::from_json,
};

impl SiteFile {
    /// Copies the file as it stands to a new name: header first, then the database, synced, opened and compared, and
    /// only then named. Once anything was saved after it, the copy opens for reading only, until an administrator continues
    /// there.
    ///
    /// # Errors
    /// The name exists, the disk or the medium fails, or the copy does not read as it should ([`StoreError::Damaged`]).
    pub fn save_copy(&mut self, to: &Path) -> Result<()> {
        let to = open::absolute(to)?;
        if to.try_exists()? {
            return Err(StoreError::AlreadyExists);
        }
        let mut passing = to.file_name().ok_or(StoreError::NotASiteFile)?.to_owned();
        passing.push(".new");
        let passing = to.with_file_name(passing);
        let copied = self
            .write_copy(&passing)
            .and_then(|()| self.verify_copy(&passing))
            .and_then(|()| names::place(&passing, &to));
        if copied.is_err() {
            // A copy that did not come about; the file itself is untouched.
            names::forget(&passing);
        }
        self.twin = true;
        copied
    }

    /// Notes in the file when a copy was made of it, for reminding; the journal does not say it.
    ///
    /// # Errors
    /// Read-only, or the database.
    pub fn note_copy(&mut self, moment: &Moment) -> Result<()> {
        self.writable()?;
        let text = serde_json::to_string(moment).map_err(|_| StoreError::Damaged { what: "moment" })?;
        self.conn()?.execute(
            "INSERT INTO meta (name, value) VALUES ('last_copy', ?1)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [text],
        )?;
        Ok(())
    }

    /// When a copy was made of it last; none: never.
    ///
    /// # Errors
    /// The database.
    pub fn last_copy(&self) -> Result<Option<Moment>> {
        self.row("SELECT value FROM meta WHERE name = 'last_copy'", [], |row| {
            from_json(&row.get::<_, String>(0)?, "moment")
        })
    }

    fn write_copy(&mut self, passing: &Path) -> Result<()> {
        names::write(passing, &self.header.whole()?, Readers::AsInFolder)?;
        let name = passing.to_str().ok_or(StoreError::NotASiteFile)?;
        let conn = self.conn.as_mut().ok_or(StoreError::Damaged { what: "closed" })?;
        // Copying attaches the target, which nothing else may do.
        conn.authorizer(None::<fn(rusqlite::hooks::AuthContext<'_>) -> rusqlite::hooks::Authorization>)?;
        let copied = conn.execute("VACUUM INTO ?1", [name]);
        guard::authorize(conn)?;
        copied?;
        // No connection has the copy open now.
        names::sync(passing)?;
        Ok(())
    }

    /// Opens the copy with the same key: header, pages, and the same last entry in every log.
    fn verify_copy(&self, passing: &Path) -> Result<()> {
        let damaged = || StoreError::Damaged { what: "copy" };
        let conn = open::connect(passing)?;
        let header = Header::read(&conn)?;
        if header.store != self.header.store || !header.body.is_ours(&self.dek)? {
            return Err(damaged());
        }
        open::key(&conn, &self.dek, Content::Expected)?;
        open::identify(&conn)?;
        if conn
            .prepare("PRAGMA cipher_integrity_check")?
            .query([])?
            .next()?
            .is_some()
        {
            return Err(damaged());
        }
        let ok: String = conn.query_row("PRAGMA quick_check", [], |row| row.get(0))?;
        if ok != "ok" {
            return Err(damaged());
        }
        for (no, log) in &self.logs {
            let tip = self.tip(*no, log)?;
            let head: [u8; 32] = conn.query_row(
                "SELECT head FROM entry WHERE key = ?1",
                [Key::new(*no, tip.seq).to_sql()],
                |row| row.get(0),
            )?;
            if Digest(head) != tip.head {
                return Err(damaged());
            }
        }
        conn.close().map_err(|(_, error)| error.into())
    }
}
