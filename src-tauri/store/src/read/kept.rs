//! What the file keeps beside the journal: keys of the site, the study's files, and what was typed and not yet saved.

use proof::{Digest, Namespace, SigningKey, SshSig};
use rusqlite::params;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::{
    args::{DefinitionFile, StudyTag},
    create::secret_text,
    error::{Result, StoreError},
    file::SiteFile,
    read::{StudyRow, parsed},
};

/// Something typed and not yet saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// Where it was typed.
    pub path: String,
    /// By whom.
    pub person: String,
    /// As typed.
    pub text: String,
}

impl SiteFile {
    /// The site's age identity.
    ///
    /// # Errors
    /// The database, as for every reading.
    pub fn age_identity(&self) -> Result<SecretString> {
        secret_text(self.conn()?, "age-identity")
    }

    /// Signs as the site.
    ///
    /// # Errors
    /// The database, or the key does not read.
    pub fn sign_as_site(&self, namespace: Namespace, message: &[u8]) -> Result<SshSig> {
        Ok(proof::sign(&self.site_signing_key()?, namespace, message))
    }

    /// The site's key, for signing a parcel.
    ///
    /// # Errors
    /// The database, or the key does not read.
    pub fn site_signing_key(&self) -> Result<SigningKey> {
        let text = secret_text(self.conn()?, "site-signing-seed")?;
        let seed: Digest = parsed(text.expose_secret(), "secret")?;
        let seed = Zeroizing::new(seed.0);
        Ok(SigningKey::from_seed(&seed))
    }

    /// Files of a study version, by name.
    ///
    /// # Errors
    /// The database.
    pub fn definition(&self, study: &str, version: &str) -> Result<Vec<DefinitionFile>> {
        let sql = "SELECT name, bytes FROM definition WHERE study = ?1 AND version = ?2 ORDER BY name";
        self.rows(sql, [study, version], |row| {
            Ok(DefinitionFile {
                name: row.get(0)?,
                bytes: row.get(1)?,
            })
        })
    }

    /// Keeps the files of a further study version; the entry `StudyInstalled` is the caller's, and comes after: until then
    /// nothing reads them, and what was kept of the same version before, for an installation that failed, goes.
    ///
    /// # Errors
    /// Read-only, the version is in force already, or the database.
    pub fn add_definition(&mut self, study: &StudyTag, files: &[DefinitionFile]) -> Result<()> {
        self.writable()?;
        let installed = |row: &StudyRow| row.study == study.oid && row.version == study.version;
        if self.studies()?.iter().any(installed) {
            return Err(StoreError::Damaged { what: "definition" });
        }
        let tx = self.conn()?.unchecked_transaction()?;
        tx.execute(
            "DELETE FROM definition WHERE study = ?1 AND version = ?2",
            [&study.oid, &study.version],
        )?;
        for file in files {
            tx.execute(
                "INSERT INTO definition (study, version, name, bytes) VALUES (?1, ?2, ?3, ?4)",
                params![study.oid, study.version, file.name, file.bytes],
            )?;
        }
        Ok(tx.commit()?)
    }

    /// Keeps what a person typed at a place and has not saved.
    ///
    /// # Errors
    /// Read-only, or the database.
    pub fn keep_unfinished(&mut self, path: &str, person: &str, text: &str) -> Result<()> {
        self.writable()?;
        let sql = "INSERT INTO unfinished (path, person, text) VALUES (?1, ?2, ?3)
                   ON CONFLICT (path, person) DO UPDATE SET text = excluded.text";
        self.conn()?.prepare_cached(sql)?.execute([path, person, text])?;
        Ok(())
    }

    /// What a person typed and has not saved, by place.
    ///
    /// # Errors
    /// The database.
    pub fn list_unfinished(&self, person: &str) -> Result<Vec<Unfinished>> {
        let sql = "SELECT path, person, text FROM unfinished WHERE person = ?1 ORDER BY path";
        self.rows(sql, [person], |row| {
            Ok(Unfinished {
                path: row.get(0)?,
                person: row.get(1)?,
                text: row.get(2)?,
            })
        })
    }

    /// Forgets it: saved, or thrown away by the person.
    ///
    /// # Errors
    /// Read-only, or the database.
    pub fn drop_unfinished(&mut self, path: &str, person: &str) -> Result<()> {
        self.writable()?;
        let sql = "DELETE FROM unfinished WHERE path = ?1 AND person = ?2";
        self.conn()?.prepare_cached(sql)?.execute([path, person])?;
        Ok(())
    }
}
