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
