//! Where the reading of the journal begins, and where each log in it begins.

use std::collections::{BTreeMap, HashMap};

use proof::Digest;
use rusqlite::{Connection, OptionalExtension as _};
use study::act::{Act, Body, FileKind};

use super::{Journal, LogState, save::OpenSave};
use crate::{
    check::{Report, checking::Checked, indexes::OfEntries, redacted::Redactions, seen::Seen, taken::Taken},
    error::Result,
    file::SiteFile,
    key::Key,
    order::{Order, Wanted},
    read::from_json,
};

impl Journal {
    /// Everything.
    pub(in crate::check) fn in_full(file: &SiteFile) -> Result<Self> {
        Self::new(file, Order::whole(file.conn()?)?, None)
    }

    /// What came after an earlier check; and that where each log stood it stands still.
    pub(in crate::check) fn since(file: &SiteFile, last: &Checked, report: &mut Report) -> Result<Self> {
        for log in &last.logs {
            let place = format!("{}/{}", log.log, log.seq);
            match head_of(file.conn()?, log.no, log.seq)? {
                Some(head) if head == log.head => {}
                Some(_) => report.add("head", place, []),
                None => report.add("gap", place, [("expected", log.seq.to_string())]),
            }
        }
        let order = Order::of(file.conn()?, |no| Wanted {
            marks: last
                .marks
                .iter()
                .filter(|mark| mark.no == no)
                .map(|mark| mark.seq)
                .collect(),
            after: last.logs.iter().find(|log| log.no == no).map_or(0, |log| log.seq),
        })?;
        Self::new(file, order, Some(last))
    }

    fn new(file: &SiteFile, order: Order, last: Option<&Checked>) -> Result<Self> {
        let logs = || last.into_iter().flat_map(|last| &last.logs);
        let marks = last.into_iter().flat_map(|last| &last.marks);
        Ok(Self {
            order,
            logs: HashMap::new(),
            people: HashMap::new(),
            redactions: Redactions::default(),
            openings: Vec::new(),
            lineage: file.written_here()?,
            taken: Taken::default(),
            headers: last.map_or(0, |last| last.headers),
            marks: Vec::new(),
            boundaries: logs().map(|log| (log.no, (log.seq, log.head))).collect(),
            awaited: marks
                .map(|mark| ((mark.no, mark.seq), mark.leaf))
                .collect::<BTreeMap<_, _>>(),
            seen: Seen::default(),
            since: last.is_some(),
            indexed: OfEntries::after(last.and_then(|last| last.acts)),
            entries: 0,
            saves: 0,
            before: last.map_or(0, |last| last.entries),
            found: Vec::new(),
            keys: HashMap::new(),
            late: (Vec::new(), Vec::new()),
        })
    }

    /// A log's name and device key stand in its own `LogOpened`.
    pub(super) fn begin_log(&mut self, file: &SiteFile, no: u32) -> Result<LogState> {
        let opened = opening(file, no)?;
        let (id, device) = match &opened {
            Some((log, key, _)) => (log.clone(), key.parse().ok()),
            None => {
                self.add("log_unnamed", &format!("log {no}"), []);
                (file.log_name(no).cloned().unwrap_or_default(), None)
            }
        };
        let (store, kind) = founder(file, no)?;
        let (seq, head) = self.boundaries.get(&no).copied().unwrap_or((0, proof::genesis(&id)));
        Ok(LogState {
            device,
            seq,
            head,
            id,
            store,
            kind,
            open: OpenSave::default(),
            save_id: ([0; 16], 0),
        })
    }
}

/// Name, device key and predecessor of a log.
fn opening(file: &SiteFile, no: u32) -> Result<Option<(String, String, Option<String>)>> {
    let (low, high) = Key::range(no);
    let sql = "SELECT body FROM entry WHERE key >= ?1 AND key < ?2 AND act = 'log_opened' ORDER BY key LIMIT 1";
    let body = file.row(sql, [low, high], |row| {
        from_json::<Body>(&row.get::<_, String>(0)?, "body")
    });
    Ok(match body {
        Ok(Some(Body {
            act: Act::LogOpened {
                log, key, continues, ..
            },
            ..
        })) => Some((log, key, continues.map(|(at, _)| at.log))),
        Ok(_) | Err(_) => None,
    })
}

/// The file that a log, or the one it continues, began with.
fn founder(file: &SiteFile, mut no: u32) -> Result<(String, FileKind)> {
    for _ in 0..=file.logs.len() {
        match opening(file, no)? {
            Some((_, _, Some(before))) => match file.log_no(&before) {
                Some(before) => no = before,
                None => break,
            },
            Some((_, _, None)) | None => break,
        }
    }
    let key = Key::new(no, 1).to_sql();
    let body = file.row("SELECT body FROM entry WHERE key = ?1", [key], |row| {
        from_json::<Body>(&row.get::<_, String>(0)?, "body")
    });
    Ok(match body {
        Ok(Some(Body {
            act: Act::SiteCreated { store, kind, .. },
            ..
        })) => (store, kind),
        Ok(_) | Err(_) => (String::new(), FileKind::Sponsor),
    })
}

/// Head of an entry as it stands in the file, if it is there.
fn head_of(conn: &Connection, no: u32, seq: u64) -> Result<Option<Digest>> {
    let head: Option<[u8; 32]> = conn
        .prepare_cached("SELECT head FROM entry WHERE key = ?1")?
        .query_row([Key::new(no, seq).to_sql()], |row| row.get(0))
        .optional()?;
    Ok(head.map(Digest))
}
