//! Many saves as one: for made-up files, where thousands of them would each wait for the disk.
//!
//! Each save is planned, chained, signed and folded as always; only the transaction is one for all, so that nothing is
//! durable before the end and everything is lost with a failure. A file with people in it is never written so.

use crate::{
    error::{Result, StoreError},
    file::SiteFile,
};

impl SiteFile {
    /// From now on saves wait in one transaction.
    ///
    /// # Errors
    /// Read-only, not synthetic ([`StoreError::PracticePassword`]), or the database.
    pub fn begin_bulk(&mut self) -> Result<()> {
        self.writable()?;
        if !self.synthetic() {
            return Err(StoreError::PracticePassword);
        }
        if !self.bulk {
            self.conn()?.execute_batch("BEGIN IMMEDIATE")?;
            self.bulk = true;
        }
        Ok(())
    }

    /// Makes durable what waits, and goes on collecting: a check reads the file as it is on the disk.
    ///
    /// # Errors
    /// The database.
    pub fn settle_bulk(&mut self) -> Result<()> {
        if self.bulk {
            self.end_bulk()?;
            self.begin_bulk()?;
        }
        Ok(())
    }

    /// Makes everything saved since durable.
    ///
    /// # Errors
    /// The database: then nothing of it is there.
    pub fn end_bulk(&mut self) -> Result<()> {
        if self.bulk {
            self.bulk = false;
            self.conn()?.execute_batch("COMMIT")?;
            self.note_seen()?;
        }
        Ok(())
    }
}
