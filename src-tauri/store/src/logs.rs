//! The logs in a file: their numbers and names, where each ends, which is this device's.

use proof::Digest;
use rusqlite::{OptionalExtension as _, params};
use study::act::{EntryRef, FileKind, LogId};

use crate::{
    device::{DeviceRecord, Seen},
    error::{Result, StoreError},
    file::{OwnLog, SiteFile},
    key::Key,
    ledger::HOME,
    open::WhyReadOnly,
    read::from_json,
};

impl SiteFile {
    /// What the file is for.
    #[must_use]
    pub fn kind(&self) -> FileKind {
        self.kind
    }

    pub(crate) fn load_logs(&mut self) -> Result<()> {
        let conn = self.conn()?;
        let mut rows = conn.prepare_cached("SELECT no, id FROM log ORDER BY no")?;
        let logs = rows
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        drop(rows);
        let kind: Option<String> = conn
            .prepare_cached("SELECT kind FROM site WHERE entry = ?1")?
            .query_row([HOME], |row| row.get(0))
            .optional()?;
        let kind = kind.map(|kind| from_json(&kind, "site")).transpose()?;
        // What came with a bundle stands where it belongs.
        crate::place::teach(conn)?;
        self.logs = logs;
        // A file without its first entry is damaged; the check says so, and nothing of it can be written.
        self.kind = kind.unwrap_or(FileKind::Sponsor);
        Ok(())
    }

    pub(crate) fn take_up_log(&mut self, record: DeviceRecord) -> Result<Option<WhyReadOnly>> {
        let conn = self.conn()?;
        let signing = record.signing();
        let log: Option<(u32, String, bool)> = conn
            .prepare_cached(
                "SELECT no, key, EXISTS (SELECT 1 FROM log AS later WHERE later.continues = log.id AND NOT later.beside) FROM log WHERE id = ?1",
            )?
            .query_row([&record.log], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((no, key, continued)) = log else {
            return Ok(Some(WhyReadOnly::OtherDevice));
        };
        if key != signing.public().to_openssh() {
            return Ok(Some(WhyReadOnly::OtherDevice));
        }
        if continued {
            return Ok(Some(WhyReadOnly::Continued));
        }
        let tip = self.tip(no, &record.log)?;
        let why = if tip.seq < record.seen.seq {
            Some(WhyReadOnly::Older)
        } else if self.head_at(no, &record.log, record.seen.seq)? != Some(record.seen.head) {
            Some(WhyReadOnly::Diverged)
        } else {
            None
        };
        if why.is_none() {
            self.own = Some(OwnLog {
                no,
                record,
                signing,
                tip,
            });
        }
        Ok(why)
    }

    /// Last number and head of a log.
    pub(crate) fn tip(&self, no: u32, log: &str) -> Result<Seen> {
        let (low, high) = Key::range(no);
        let last: Option<(i64, [u8; 32])> = self
            .conn()?
            .prepare_cached("SELECT key, head FROM entry WHERE key >= ?1 AND key < ?2 ORDER BY key DESC LIMIT 1")?
            .query_row([low, high], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(match last {
            Some((key, head)) => Seen {
                seq: Key::from_sql(key).seq,
                head: Digest(head),
            },
            None => Seen {
                seq: 0,
                head: proof::genesis(log),
            },
        })
    }

    pub(crate) fn head_at(&self, no: u32, log: &str, seq: u64) -> Result<Option<Digest>> {
        if seq == 0 {
            return Ok(Some(proof::genesis(log)));
        }
        let head: Option<[u8; 32]> = self
            .conn()?
            .prepare_cached("SELECT head FROM entry WHERE key = ?1")?
            .query_row([Key::new(no, seq).to_sql()], |row| row.get(0))
            .optional()?;
        Ok(head.map(Digest))
    }

    /// Identifier of a log by its number.
    pub(crate) fn log_name(&self, no: u32) -> Result<&LogId> {
        let known = self.logs.iter().find(|(n, _)| *n == no).map(|(_, id)| id);
        known.ok_or(StoreError::Damaged { what: "log" })
    }

    pub(crate) fn log_no(&self, log: &str) -> Option<u32> {
        self.logs.iter().find(|(_, id)| id == log).map(|(no, _)| *no)
    }

    pub(crate) fn entry_ref(&self, key: i64) -> Result<EntryRef> {
        let key = Key::from_sql(key);
        Ok(EntryRef {
            log: self.log_name(key.log)?.clone(),
            seq: key.seq,
        })
    }

    /// The logs that were written in this very file, the last first: one continuing the other, each with the last number
    /// written here.
    pub(crate) fn written_here(&self) -> Result<Vec<(LogId, u64)>> {
        let (mut all, mut log, mut upto) = (Vec::new(), Some(self.home_log()?), u64::MAX);
        let logs = self.logs()?;
        while let Some(row) = log.and_then(|log| logs.iter().find(|row| row.log == log)) {
            if all.len() > logs.len() {
                break;
            }
            all.push((row.log.clone(), upto));
            let before = row.continues.as_ref().map(|(at, _)| at);
            // A log that was closed ends there anyhow; one beside which this began went on elsewhere.
            upto = before.filter(|_| row.beside).map_or(u64::MAX, |at| at.seq);
            log = before.map(|at| at.log.clone());
        }
        Ok(all)
    }

    /// The log that was written here last, by whichever device.
    pub(crate) fn home_log(&self) -> Result<LogId> {
        self.meta_text("home_log")
    }

    pub(crate) fn note_home_log(conn: &rusqlite::Connection, log: &str) -> Result<()> {
        conn.execute(
            "INSERT INTO meta (name, value) VALUES ('home_log', ?1)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![log],
        )?;
        Ok(())
    }
}
