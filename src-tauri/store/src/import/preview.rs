//! What taking in a bundle would come to: carried out by the code that does it, in a transaction that is rolled back.

use study::act::EntryRef;

use super::{Imported, Incoming, Sorted, unite};
use crate::{
    args::{Chance, Stamp},
    error::{Result, StoreError},
    file::SiteFile,
    guard,
    session::Session,
};

/// Which entries a bundle brings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coming {
    /// New here, in their places.
    pub applied: Vec<EntryRef>,
    /// They wait beyond a gap.
    pub waiting: Vec<EntryRef>,
    /// Entries whose content redactions in it take away.
    pub taken: Vec<EntryRef>,
}

impl SiteFile {
    /// What [`Self::import`] would come to. Between doing it and taking it back, `look` reads the file as it would be.
    /// Nothing is written: neither the bundle, nor the entry that tells of it, nor evidence.
    ///
    /// # Errors
    /// As [`Self::import`].
    pub fn preview<T>(
        &mut self,
        incoming: &Incoming,
        by: &Session,
        stamp: &Stamp,
        chance: &mut dyn Chance,
        look: impl FnOnce(&Self, &Coming) -> T,
    ) -> Result<(Imported, T)> {
        self.writable()?;
        self.still_holds(by)?;
        let sorted = Sorted::of(self, incoming)?;
        if self.was_taken_in(incoming, &sorted)? {
            return Ok((self.imported(None)?, look(self, &Coming::default())));
        }
        let told = self.told_of(incoming, &sorted, by, stamp, chance)?;
        let conn = self.conn.as_mut().ok_or(StoreError::Damaged { what: "closed" })?;
        guard::authorize_folding(conn)?;
        if let Err(error) = conn.execute_batch("BEGIN IMMEDIATE") {
            guard::authorize(conn)?;
            return Err(error.into());
        }
        let seen = unite(conn, &sorted, &told).and_then(|()| {
            self.load_logs()?;
            let coming = self.coming(&sorted)?;
            Ok((self.imported(Some(&sorted))?, look(self, &coming)))
        });
        let back = self.take_back();
        let seen = seen?;
        back?;
        Ok(seen)
    }

    /// The file as it was. Where that fails the file is closed and opened, which plays the journal back.
    fn take_back(&mut self) -> Result<()> {
        let back = self.conn()?.execute_batch("ROLLBACK");
        match (back, &mut self.conn) {
            (Ok(()), Some(conn)) => {
                guard::authorize(conn)?;
                self.load_logs()
            }
            (Err(_), _) | (_, None) => self.reopen(),
        }
    }

    fn coming(&self, sorted: &Sorted) -> Result<Coming> {
        let at = |log: &str, seq| EntryRef {
            log: log.to_owned(),
            seq,
        };
        let taken = sorted.gone.iter().map(|(key, _)| self.entry_ref(key.to_sql()));
        Ok(Coming {
            applied: sorted
                .applied
                .iter()
                .map(|(_, entry)| at(&entry.log, entry.seq))
                .collect(),
            waiting: sorted.waiting.iter().map(|entry| at(&entry.log, entry.seq)).collect(),
            taken: taken.collect::<Result<_>>()?,
        })
    }
}
