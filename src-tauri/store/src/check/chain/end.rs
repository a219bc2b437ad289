//! What can be said of the journal only when everything was read, and where it stood then.

use std::collections::BTreeMap;

use proof::Digest;

use super::Journal;
use crate::{
    check::{
        Report,
        checking::{Checked, CheckedLog, Stood},
    },
    error::Result,
    file::SiteFile,
    key::Key,
};

impl Journal {
    /// What can be said only when everything was read: what is open, what is gone, and where logs go on.
    pub(in crate::check) fn end(&mut self, file: &SiteFile, report: &mut Report) -> Result<()> {
        for (no, seq) in std::mem::take(&mut self.awaited).into_keys() {
            report.add("gap", self.place(Key::new(no, seq)), [("expected", seq.to_string())]);
        }
        let mut numbers: Vec<u32> = self.logs.keys().copied().collect();
        numbers.sort_unstable();
        let open = numbers.iter().filter_map(|no| self.logs.get(no));
        for log in open.filter(|log| log.save_id.1 > 0 && log.open.actor.is_some()) {
            report.add("unsigned", format!("{}/{}", log.id, log.seq), []);
        }
        std::mem::take(&mut self.redactions).tell(file, report)?;
        self.continuations(file, report)?;
        self.not_taken_in(report);
        Self::site_key(file, report);
        // Every such save raised the generation: an old header does not pass even where the database's note of it was set
        // back along with it.
        let (known, _) = file.header_known()?;
        if known < self.headers {
            let facts = [("read", known.to_string()), ("known", self.headers.to_string())];
            report.add("header_older", "journal", facts);
        }
        Ok(())
    }

    /// What was not written in this file came in a bundle, of which somebody here has told.
    fn not_taken_in(&self, report: &mut Report) {
        let here = |log: &str| {
            self.lineage
                .iter()
                .find(|(id, _)| id == log)
                .map_or(0, |(_, upto)| *upto)
        };
        let numbers = self.logs.iter().map(|(no, log)| (*no, log.id.as_str())).collect();
        let taken = self.taken.upto(&numbers, &here);
        for log in self.logs.values() {
            let known = taken.get(log.id.as_str()).copied().unwrap_or(0).max(here(&log.id));
            if log.seq > known {
                report.add("not_taken_in", format!("{}/{}", log.id, known + 1), []);
            }
        }
    }

    /// Where everything stood that was read so far.
    pub(in crate::check) fn checked(&self, file: &SiteFile, last: Option<&Checked>) -> Result<Stood> {
        let (generation, digest) = file.header_known()?;
        let mut logs: BTreeMap<u32, CheckedLog> = last
            .into_iter()
            .flat_map(|last| last.logs.iter().map(|log| (log.no, log.clone())))
            .collect();
        for (no, log) in &self.logs {
            let log = CheckedLog {
                log: log.id.clone(),
                no: *no,
                seq: log.seq,
                head: log.head,
            };
            logs.insert(*no, log);
        }
        let mut marks = self.marks.clone();
        marks.sort_unstable_by_key(|mark| (mark.no, mark.seq));
        Ok(Stood {
            header: (generation, Digest(digest)),
            logs: logs.into_values().collect(),
            marks,
            entries: self.before + self.entries,
            headers: self.headers,
            indexed: self.indexed,
        })
    }
}
