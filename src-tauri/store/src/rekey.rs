//! A new key for the file: who kept the old one (a person who left, a lost copy) cannot read what is saved from now on.
//!
//! Nobody else need be there: the new key is sealed to the public keys of those who may open the file. Everything is
//! written into a new file, read back and compared; only then does it take the old one's name, and the old one is kept
//! beside it.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior, params_from_iter, types::Value};
use study::act::{Act, Reason};

use crate::{
    args::{Chance, Stamp, make_bytes},
    create::passing_name,
    device::DeviceKeys,
    error::{Result, StoreError},
    file::SiteFile,
    header::{Header, HeaderBody},
    keys::Secret,
    names,
    open::{self, Content},
    session::Session,
    transact::{Tip, insert, plan},
    vfs,
};

const COPY: StoreError = StoreError::Damaged { what: "copy" };

impl SiteFile {
    /// Gives the file a new key. Passwords and recovery code stay; slots of people whom the journal does not know, or knows
    /// as disabled, do not go along. Answer: the file under its new key, and where the one under the old key was kept.
    ///
    /// # Errors
    /// Not an administrator, read-only, a kept file is in the way, or the disk failed: the file is then as it was, closed.
    /// [`StoreError::Unsettled`]: it has its new key and could not be opened under it; unlock it.
    pub fn rekey(
        self,
        administrator: &Session,
        reason: Reason,
        stamp: &Stamp,
        chance: &mut dyn Chance,
    ) -> Result<(Self, PathBuf)> {
        self.writable()?;
        self.needs_administrator(administrator)?;
        let dek = Secret::make(chance);
        let header = self.resealed(&dek, chance)?;
        let passing = passing_name(&self.path, chance)?;
        let ending = format!(".key-{}", self.header.body.generation);
        let kept = names::kept(&self.path, &ending, &self.header.fixed())?;
        let body = self.body_of(administrator, Act::KeyReplaced {}, Some(reason), stamp)?;
        let written = self
            .write_under(&passing, &dek, &header, |conn, file| {
                let own = file.writable()?;
                let tip = Tip {
                    no: own.no,
                    log: &own.record.log,
                    seq: own.tip.seq,
                    head: own.tip.head,
                };
                let bodies = [body];
                let planned = plan(&tip, &make_bytes(chance), &bodies, &administrator.keys.signing, chance)?;
                insert(conn, &planned, &bodies)
            })
            .and_then(|()| self.compare_under(&passing, &dek));
        let (path, devices) = (self.path.clone(), self.devices.clone());
        let placed = written
            .and_then(|()| self.close())
            .and_then(|()| take_place(&passing, &path, &kept));
        if let Err(error) = placed {
            names::forget(&passing);
            return Err(error);
        }
        // It has its new key now: what fails from here on is opening it.
        let unsettled = |error| StoreError::Unsettled(Box::new(error));
        names::sync_folder(&path).map_err(|error| unsettled(error.into()))?;
        let mut file = Self::under(path, dek, &devices).map_err(unsettled)?;
        // The one that was kept is older by an entry: this device knows it before anything else happens.
        let _tried_again_at_closing = file.note_seen();
        Ok((file, kept))
    }

    /// Opens a file whose key is at hand.
    pub(crate) fn under(path: PathBuf, dek: Secret, devices: &DeviceKeys) -> Result<Self> {
        let conn = open::connect(&path)?;
        let header = Header::read(&conn)?;
        open::key(&conn, &dek, Content::Expected)?;
        Self::assemble(conn, path, dek, header, devices, false)
    }

    /// The header of those who may open the file, with another key sealed to them.
    fn resealed(&self, dek: &Secret, chance: &mut dyn Chance) -> Result<Header> {
        let store = &self.header.store;
        let mut body: HeaderBody = self.known_slots()?;
        for slot in &mut body.slots {
            slot.reseal(store, dek, chance)?;
        }
        for slot in &mut body.recovery {
            slot.reseal(store, dek, chance)?;
        }
        let body = self.header.next(body, dek)?;
        Ok(Header::new(*store, body))
    }

    fn write_under(
        &self,
        passing: &Path,
        dek: &Secret,
        header: &Header,
        more: impl FnOnce(&Connection, &Self) -> Result<()>,
    ) -> Result<()> {
        let conn = open::connect_new(passing)?;
        vfs::header_write(&conn, 0, &header.whole()?)?;
        open::key(&conn, dek, Content::None)?;
        open::lay_out(&conn)?;
        let tx = Transaction::new_unchecked(&conn, TransactionBehavior::Immediate)?;
        for table in tables(self.conn()?)? {
            copy_rows(self.conn()?, &tx, &table)?;
        }
        more(&tx, self)?;
        Self::note_header(&tx, &header.body)?;
        tx.commit()?;
        conn.close().map_err(|(_, error)| error.into())
    }

    /// Reads back what was written: pages, structure, and every table's rows against those here.
    fn compare_under(&self, passing: &Path, dek: &Secret) -> Result<()> {
        let conn = open::connect(passing)?;
        if !Header::read(&conn)?.body.is_ours(dek)? {
            return Err(COPY);
        }
        open::key(&conn, dek, Content::Expected)?;
        open::identify(&conn)?;
        if open::schema_digest(&conn)? != open::own_schema_digest()? {
            return Err(COPY);
        }
        if conn
            .prepare("PRAGMA cipher_integrity_check")?
            .query([])?
            .next()?
            .is_some()
        {
            return Err(COPY);
        }
        let ok: String = conn.query_row("PRAGMA quick_check", [], |row| row.get(0))?;
        let more = |table: &str| i64::from(table == "entry");
        let rows = |conn: &Connection, table: &str| -> Result<i64> {
            Ok(conn.query_row(&format!("SELECT count(*) FROM \"{table}\""), [], |row| row.get(0))?)
        };
        for table in tables(&conn)? {
            if rows(&conn, &table)? != rows(self.conn()?, &table)? + more(&table) {
                return Err(COPY);
            }
        }
        for (no, log) in &self.logs {
            let tip = self.tip(*no, log)?;
            let key = crate::key::Key::new(*no, tip.seq).to_sql();
            let head: [u8; 32] = conn.query_row("SELECT head FROM entry WHERE key = ?1", [key], |row| row.get(0))?;
            if head != tip.head.0 {
                return Err(COPY);
            }
        }
        conn.close().map_err(|(_, error)| StoreError::from(error))?;
        if ok == "ok" { Ok(()) } else { Err(COPY) }
    }
}

/// The new file gets the name, and the old one is kept beside it: first, so that it is never without a name.
pub(crate) fn take_place(passing: &Path, path: &Path, kept: &Path) -> Result<()> {
    // A try that was cut short in between has left the old file with both names.
    if !kept.try_exists()? {
        names::link(path, kept)?;
        names::sync_folder(kept)?;
    }
    names::rename(passing, path).map_err(|error| {
        let _the_file_keeps_its_name_and_has_another = names::remove(kept);
        error.into()
    })
}

fn tables(conn: &Connection) -> Result<Vec<String>> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let mut rows = conn.prepare(sql)?;
    let names = rows.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(names)
}

/// Columns of a table; those that are worked out are not listed.
fn columns(conn: &Connection, table: &str) -> Result<Vec<String>> {
    let mut columns = conn.prepare(&format!("PRAGMA table_info(\"{table}\")"))?;
    let names = columns
        .query_map([], |row| row.get(1))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(names)
}

/// Every row of a table into the same table elsewhere, in the columns that both have. The names are this program's own:
/// the schema was compared.
pub(crate) fn copy_rows(from: &Connection, to: &Connection, table: &str) -> Result<()> {
    let there = columns(to, table)?;
    let mut columns = columns(from, table)?;
    columns.retain(|column| there.contains(column));
    let list = columns.join(", ");
    let places = vec!["?"; columns.len()].join(", ");
    let mut put = to.prepare(&format!("INSERT INTO \"{table}\" ({list}) VALUES ({places})"))?;
    let mut rows = from.prepare(&format!("SELECT {list} FROM \"{table}\" ORDER BY 1"))?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let cells: Vec<Value> = (0..columns.len())
            .map(|n| row.get(n))
            .collect::<rusqlite::Result<_>>()?;
        put.execute(params_from_iter(cells))?;
    }
    Ok(())
}
