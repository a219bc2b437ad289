//! An open site file: the connection, the key, the header as last read, this device's log.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use proof::SigningKey;
use rusqlite::{Connection, OptionalExtension, params};
use study::act::{FileKind, LogId, Moment};

use crate::{
    attempts::Attempts,
    check,
    device::{DeviceKeys, DeviceRecord, Seen},
    error::{Result, StoreError},
    guard,
    header::{Header, HeaderBody},
    interrupt::Interrupter,
    keys::{self, Secret},
    mark::Mark,
    open::{self, Access, Content, WhyReadOnly},
    read::Reading,
};

/// One encrypted file, open and locked for this process.
pub struct SiteFile {
    /// Absent only after a failed reopening.
    pub(crate) conn: Option<Connection>,
    pub(crate) path: PathBuf,
    pub(crate) dek: Secret,
    pub(crate) header: Header,
    pub(crate) attempts: Attempts,
    pub(crate) access: Access,
    pub(crate) devices: DeviceKeys,
    pub(crate) own: Option<OwnLog>,
    /// Every log's number and identifier.
    pub(crate) logs: Vec<(u32, LogId)>,
    /// What the file is for.
    pub(crate) kind: FileKind,
    pub(crate) store: String,
    /// What reading has cost so far.
    pub(crate) reading: std::cell::Cell<Reading>,
    /// Saves wait in one transaction: see `bulk`.
    pub(crate) bulk: bool,
    /// What was noted in the header when it was opened.
    pub(crate) mark: Mark,
    /// Changes whenever what was read before may not hold any more: opened anew, redacted, taken in, continued.
    pub(crate) turn: u64,
    /// Another file holds what this one holds: from the next save on it is the older one, and this device has to know.
    pub(crate) twin: bool,
    pub(crate) interrupter: Interrupter,
}

/// A number that no open file of this process had before.
pub(crate) fn next_turn() -> u64 {
    static TURN: AtomicU64 = AtomicU64::new(0);
    TURN.fetch_add(1, Ordering::Relaxed)
}

/// The log that this device writes.
pub(crate) struct OwnLog {
    pub(crate) no: u32,
    pub(crate) record: DeviceRecord,
    pub(crate) signing: SigningKey,
    pub(crate) tip: Seen,
}

impl std::fmt::Debug for SiteFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SiteFile")
            .field("store", &self.store)
            .field("access", &self.access)
            .finish_non_exhaustive()
    }
}

impl SiteFile {
    /// The file's identifier (UUID).
    #[must_use]
    pub fn store_id(&self) -> &str {
        &self.store
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Made-up subjects only.
    #[must_use]
    pub fn synthetic(&self) -> bool {
        self.header.body.synthetic
    }

    /// Whether it may be written.
    #[must_use]
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// The log that this device writes here.
    #[must_use]
    pub fn log(&self) -> Option<&LogId> {
        self.own.as_ref().map(|own| &own.record.log)
    }

    /// Closes the file, having noted on this device how far it was written.
    ///
    /// # Errors
    /// The device's folder or the file failed; what was saved stays saved.
    pub fn close(mut self) -> Result<()> {
        let noted = self.note_seen();
        self.mark_closed();
        match self.conn.take().map(Connection::close) {
            Some(Err((_, error))) => Err(error.into()),
            Some(Ok(())) | None => noted,
        }
    }

    /// Writes down on this device what it has last seen of its log.
    pub(crate) fn note_seen(&mut self) -> Result<()> {
        if let Some(own) = &mut self.own
            && own.record.seen != own.tip
        {
            let before = std::mem::replace(&mut own.record.seen, own.tip);
            if let Err(error) = self.devices.keep(&self.store, &own.record) {
                // Not noted: it is tried again.
                own.record.seen = before;
                return Err(error);
            }
        }
        self.twin = false;
        Ok(())
    }

    /// The same after a check, so that what is known to hold is also known to be there: a file set back behind it is older than
    /// what this device has seen.
    ///
    /// # Errors
    /// The device's folder.
    pub fn note_checked(&mut self) -> Result<()> {
        // What waits for the disk may still be lost.
        if self.bulk { Ok(()) } else { self.note_seen() }
    }

    pub(crate) fn conn(&self) -> Result<&Connection> {
        self.conn.as_ref().ok_or(StoreError::Damaged { what: "closed" })
    }

    /// Takes a keyed connection in: identity, schema, header, logs, device.
    pub(crate) fn assemble(
        mut conn: Connection,
        path: PathBuf,
        dek: Secret,
        header: Header,
        devices: &DeviceKeys,
        half: bool,
    ) -> Result<Self> {
        open::identify(&conn)?;
        guard::authorize(&mut conn)?;
        let attempts = Attempts::read(&conn)?;
        let mark = Mark::read(&conn)?;
        let store = header.store_text();
        let mut file = Self {
            reading: std::cell::Cell::default(),
            bulk: false,
            conn: Some(conn),
            path,
            dek,
            header,
            attempts,
            access: Access::Writable,
            devices: devices.clone(),
            own: None,
            logs: Vec::new(),
            kind: FileKind::Site,
            store,
            mark,
            turn: next_turn(),
            twin: false,
            interrupter: Interrupter::default(),
        };
        file.load_logs()?;
        file.settle_header()?;
        file.access = match file.why_read_only()? {
            Some(why @ (WhyReadOnly::Media | WhyReadOnly::Schema)) => Access::ReadOnly { why },
            // Before all else that could be continued from.
            _ if half && !file.holds_together() => {
                file.own = None;
                Access::ReadOnly {
                    why: WhyReadOnly::HalfWritten,
                }
            }
            Some(why) => Access::ReadOnly { why },
            None => {
                Mark::note(file.conn()?, true)?;
                Access::Writable
            }
        };
        Ok(file)
    }

    /// Header and database are written one after the other; which header holds, the database says.
    fn settle_header(&mut self) -> Result<()> {
        let (generation, digest) = self.header_known()?;
        self.header.settle_on(generation, digest, &self.dek)
    }

    fn holds_together(&self) -> bool {
        check(self, &mut |_, _, _| ()).is_ok_and(|report| report.sound())
    }

    /// Takes the mark of an open file back. Best effort: with the mark left, the next opening looks closer.
    fn mark_closed(&self) {
        if let (Some(conn), Access::Writable) = (&self.conn, self.access) {
            let _looked_at_closer_next_time = Mark::note(conn, false);
        }
    }

    /// Decides on access; on the way, takes up this device's log.
    fn why_read_only(&mut self) -> Result<Option<WhyReadOnly>> {
        let conn = self.conn()?;
        if conn.is_readonly("main")? {
            return Ok(Some(WhyReadOnly::Media));
        }
        if open::schema_digest(conn)? != open::own_schema_digest()? {
            return Ok(Some(WhyReadOnly::Schema));
        }
        if !self.header.body.is_ours(&self.dek)? || self.meta_text("store")? != self.store {
            return Ok(Some(WhyReadOnly::HeaderTampered));
        }
        let (generation, digest) = self.header_known()?;
        let read = &self.header.body;
        if read.generation < generation || read.generation == generation && read.digest()? != digest {
            return Ok(Some(WhyReadOnly::HeaderOlder));
        }
        let Some(record) = self.devices.load(&self.store)? else {
            return Ok(Some(WhyReadOnly::OtherDevice));
        };
        self.take_up_log(record)
    }

    /// Generation and digest of the header that the database knows.
    pub(crate) fn header_known(&self) -> Result<(u64, [u8; 32])> {
        Self::header_known_to(self.conn()?)
    }

    /// As [`Self::header_known`], of a database that is not opened as a file yet.
    pub(crate) fn header_known_to(conn: &Connection) -> Result<(u64, [u8; 32])> {
        let generation: i64 = conn.query_row("SELECT value FROM meta WHERE name = 'header_generation'", [], |row| {
            row.get(0)
        })?;
        let digest = conn.query_row("SELECT value FROM meta WHERE name = 'header_digest'", [], |row| {
            row.get(0)
        })?;
        Ok((generation.cast_unsigned(), digest))
    }

    pub(crate) fn meta_text(&self, name: &str) -> Result<String> {
        Ok(self
            .conn()?
            .query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0))?)
    }

    pub(crate) fn writable(&self) -> Result<&OwnLog> {
        match (self.access, &self.own) {
            (Access::Writable, Some(own)) => Ok(own),
            (Access::ReadOnly { why }, _) => Err(StoreError::ReadOnly { why }),
            (Access::Writable, None) => Err(StoreError::ReadOnly {
                why: WhyReadOnly::OtherDevice,
            }),
        }
    }

    /// Closes and opens again with the key still held; the header is read anew.
    pub(crate) fn reopen(&mut self) -> Result<()> {
        // Whatever closing says: the file is opened and looked at.
        drop(self.conn.take());
        self.turn = next_turn();
        self.bulk = false;
        let mut conn = open::connect(&self.path)?;
        let header = Header::read(&conn)?;
        open::key(&conn, &self.dek, Content::Expected)?;
        open::identify(&conn)?;
        guard::authorize(&mut conn)?;
        self.conn = Some(conn);
        self.header = header;
        self.settle_header()?;
        self.load_logs()?;
        if let Some(own) = &self.own {
            let tip = self.tip(own.no, &own.record.log)?;
            if let Some(own) = &mut self.own {
                own.tip = tip;
            }
        }
        Ok(())
    }

    /// Notes a header about to be written in the database, so that an older one is recognised.
    pub(crate) fn note_header(conn: &Connection, body: &HeaderBody) -> Result<()> {
        let mut set = conn.prepare_cached(
            "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?;
        set.execute(params!["header_generation", body.generation.cast_signed()])?;
        set.execute(params!["header_digest", body.digest()?])?;
        Ok(())
    }

    /// Study and version last installed, `OID@version`.
    pub(crate) fn study_tag(&self) -> Result<String> {
        let tag: Option<String> = self
            .conn()?
            .prepare_cached("SELECT oid || '@' || version FROM study ORDER BY place(entry) DESC LIMIT 1")?
            .query_row([], |row| row.get(0))
            .optional()?;
        tag.ok_or(StoreError::Damaged { what: "study" })
    }

    /// Seconds until a slot is heard again.
    pub(crate) fn wait(&mut self, slot: &str, now: &Moment) -> Result<()> {
        if self.attempts.wait_seconds(slot, now) > 0 && self.attempts.begin_again(slot, now) {
            self.write_attempts()?;
        }
        match self.attempts.wait_seconds(slot, now) {
            0 => Ok(()),
            wait_seconds => Err(StoreError::Wait { wait_seconds }),
        }
    }
}

impl Drop for SiteFile {
    fn drop(&mut self) {
        // Dropped without `close`: nobody is left to hear of a failure; the next opening compares heads again.
        let _compared_again_at_the_next_opening = self.note_seen();
        self.mark_closed();
        drop(self.conn.take());
        keys::wipe_stack();
    }
}
