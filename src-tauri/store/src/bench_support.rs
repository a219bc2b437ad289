//! The least that a durable save costs: one row, one transaction, the same encryption, settings and VFS, nothing else.

use std::path::Path;

use rusqlite::Connection;

use crate::{
    error::Result,
    keys::Secret,
    open::{self, Content},
};

/// An encrypted file with one table.
#[derive(Debug)]
pub struct Bare(Connection);

impl Bare {
    /// Creates it; the file must not exist.
    ///
    /// # Errors
    /// The disk or the database.
    pub fn create(path: &Path) -> Result<Self> {
        let conn = open::connect_new(path)?;
        open::key(&conn, &Secret::new([1; 32]), Content::None)?;
        conn.execute_batch("CREATE TABLE one (n INTEGER PRIMARY KEY, text TEXT) STRICT")?;
        Ok(Self(conn))
    }

    /// Fills it with rows of some length, so that it is as large as another file.
    ///
    /// # Errors
    /// The disk or the database.
    pub fn fill(&mut self, bytes: u64, row: usize) -> Result<()> {
        let text = "x".repeat(row);
        let tx = self.0.transaction()?;
        for _ in 0..bytes / row.max(1) as u64 {
            tx.prepare_cached("INSERT INTO one (text) VALUES (?1)")?
                .execute([&text])?;
        }
        Ok(tx.commit()?)
    }

    /// Saves one row durably.
    ///
    /// # Errors
    /// The disk or the database.
    pub fn save_one(&mut self, text: &str) -> Result<()> {
        let tx = self
            .0
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        tx.prepare_cached("INSERT INTO one (text) VALUES (?1)")?
            .execute([text])?;
        Ok(tx.commit()?)
    }
}
