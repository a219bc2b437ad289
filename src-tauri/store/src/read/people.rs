//! The site, its people, logs, study versions, exports, and what its clock did.

use proof::Digest;
use rusqlite::Row;
use study::act::{Act, Actor, EntryRef, FileKind, LogId, Moment, PersonId, Role};

use crate::{
    error::{Result, StoreError},
    file::SiteFile,
    ledger::HOME,
    read::{from_json, journal::ENTRY, parsed},
};

/// What the file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteRow {
    /// Purpose.
    pub kind: FileKind,
    /// The file's identifier.
    pub store: String,
    /// Code of the site.
    pub site: String,
    /// Name of the site.
    pub name: String,
    /// Study OID.
    pub study: String,
    /// The site's public signing key, OpenSSH.
    pub key: String,
    /// The site's age recipient.
    pub recipient: String,
    /// Made-up subjects only.
    pub synthetic: bool,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Permanent identifier.
    pub person: PersonId,
    /// Log-in name.
    pub login: String,
    /// Printed name.
    pub printed_name: String,
    /// Role.
    pub role: Role,
    /// Public signing key, OpenSSH.
    pub key: String,
    /// Public sealing key, hex.
    pub sealing: String,
    /// How the identity was verified.
    pub identity_verified: String,
    /// May not log in any more.
    pub disabled: bool,
    /// Until when, UTC; none: without end.
    pub until: Option<String>,
    /// Has accepted that the signature is binding.
    pub declared: bool,
    /// Entry that added the person.
    pub added: EntryRef,
    /// Logs in here, not in another file whose bundles came in.
    pub home: bool,
    /// Code of the site or reviewer whose file it is.
    pub site: String,
}

/// A log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// Identifier.
    pub log: LogId,
    /// Device.
    pub device: String,
    /// The device's public key, OpenSSH.
    pub key: String,
    /// Log and head that it continues.
    pub continues: Option<(EntryRef, String)>,
    /// Last entry.
    pub last_seq: u64,
    /// Head after it.
    pub head: Digest,
    /// This device's.
    pub own: bool,
    /// Closed: another continues it.
    pub closed: bool,
    /// It began beside the log that it continues, on a second device.
    pub beside: bool,
    /// Of this file, not of another whose bundles came in.
    pub home: bool,
    /// Code of the site, monitor or sponsor whose file it belongs to.
    pub code: String,
    /// The entry that began it.
    pub opened: EntryRef,
}

/// A study version that came into force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudyRow {
    /// Study OID.
    pub study: String,
    /// Version.
    pub version: String,
    /// SHA-256 of the definition, hex.
    pub sha256: String,
    /// Entry.
    pub entry: EntryRef,
}

/// A bundle that left the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportRow {
    /// External identifier.
    pub bundle: String,
    /// Number.
    pub number: u64,
    /// SHA-256 of the plain zip, hex.
    pub sha256: String,
    /// Recipients.
    pub sealed_for: Vec<String>,
    /// Up to which entries.
    pub upto: Vec<EntryRef>,
    /// Who.
    pub by: Actor,
    /// When.
    pub moment: Moment,
    /// Entry.
    pub entry: EntryRef,
}

/// The clock went back, or jumped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockRow {
    /// Entry.
    pub entry: EntryRef,
    /// Last moment in the journal then.
    pub last: String,
    /// What the clock said.
    pub now: String,
    /// A person has looked at it since.
    pub acknowledged: Option<EntryRef>,
}

const PERSON: &str = "SELECT person, login, printed_name, role, key, sealing, identity_verified, disabled IS NOT NULL,
    declared IS NOT NULL, entry, site, until,
    coalesce((SELECT code FROM site WHERE site.entry = person.site), '') FROM person";

impl SiteFile {
    /// What the file is.
    ///
    /// # Errors
    /// The database, as for every reading.
    pub fn site(&self) -> Result<SiteRow> {
        let damaged = StoreError::Damaged { what: "site" };
        let key = self.row("SELECT entry FROM site ORDER BY entry LIMIT 1", [], |row| {
            Ok(row.get(0)?)
        })?;
        let Some(key) = key else { return Err(damaged) };
        let created = self.body_at(key)?.map(|body| body.act);
        let Some(Act::SiteCreated {
            kind,
            store,
            site,
            name,
            study,
            key,
            recipient,
            synthetic,
        }) = created
        else {
            return Err(damaged);
        };
        Ok(SiteRow {
            kind,
            store,
            site,
            name,
            study,
            key,
            recipient,
            synthetic,
        })
    }

    fn person_row(&self, row: &Row<'_>) -> Result<PersonRow> {
        Ok(PersonRow {
            person: row.get(0)?,
            login: row.get(1)?,
            printed_name: row.get(2)?,
            role: from_json(&row.get::<_, String>(3)?, "role")?,
            key: row.get(4)?,
            sealing: row.get(5)?,
            identity_verified: row.get(6)?,
            disabled: row.get(7)?,
            declared: row.get(8)?,
            added: self.entry_ref(row.get(9)?)?,
            home: row.get::<_, i64>(10)? == HOME,
            until: row.get(11)?,
            site: row.get(12)?,
        })
    }

    /// Everybody who ever was, in the order added.
    ///
    /// # Errors
    /// The database.
    pub fn people(&self) -> Result<Vec<PersonRow>> {
        self.rows(&format!("{PERSON} ORDER BY entry"), [], |row| self.person_row(row))
    }

    /// Every entry that gave, limited or took what somebody may do, or says that somebody looked after it (training, the
    /// yearly look at everybody, attempts, the journal reviewed), oldest first in each log.
    ///
    /// # Errors
    /// The database.
    pub fn office(&self) -> Result<Vec<crate::EntryView>> {
        let sql = format!("{ENTRY} WHERE key IN (SELECT entry FROM office) ORDER BY place(key)");
        self.rows(&sql, [], |row| self.entry_view(row))
    }

    /// One person.
    ///
    /// # Errors
    /// The database.
    pub fn person(&self, person: &str) -> Result<Option<PersonRow>> {
        self.row(&format!("{PERSON} WHERE person = ?1"), [person], |row| {
            self.person_row(row)
        })
    }

    /// All logs, in the order in which they came into the file.
    ///
    /// # Errors
    /// The database.
    pub fn logs(&self) -> Result<Vec<LogRow>> {
        let sql = "SELECT no, id, device, key, continues, continues_seq, continues_head,
                   EXISTS (SELECT 1 FROM log AS later WHERE later.continues = log.id AND NOT later.beside), site, beside,
                   coalesce((SELECT code FROM site WHERE site.entry = log.site), ''), entry
                   FROM log ORDER BY no";
        self.rows(sql, [], |row| {
            let (no, log): (u32, LogId) = (row.get(0)?, row.get(1)?);
            let before: Option<LogId> = row.get(4)?;
            let continues = match before {
                Some(log) => Some((EntryRef { log, seq: row.get(5)? }, row.get(6)?)),
                None => None,
            };
            let tip = self.tip(no, &log)?;
            Ok(LogRow {
                own: self.own.as_ref().is_some_and(|own| own.no == no),
                device: row.get(2)?,
                key: row.get(3)?,
                continues,
                last_seq: tip.seq,
                head: tip.head,
                closed: row.get(7)?,
                home: row.get::<_, i64>(8)? == HOME,
                beside: row.get(9)?,
                code: row.get(10)?,
                opened: self.entry_ref(row.get(11)?)?,
                log,
            })
        })
    }

    /// Study versions in the order in which they came into force.
    ///
    /// # Errors
    /// The database.
    pub fn studies(&self) -> Result<Vec<StudyRow>> {
        self.rows(
            "SELECT oid, version, sha256, entry FROM study ORDER BY place(entry)",
            [],
            |row| {
                Ok(StudyRow {
                    study: row.get(0)?,
                    version: row.get(1)?,
                    sha256: row.get(2)?,
                    entry: self.entry_ref(row.get(3)?)?,
                })
            },
        )
    }

    /// Bundles that left the site, oldest first.
    ///
    /// # Errors
    /// The database.
    pub fn exports(&self) -> Result<Vec<ExportRow>> {
        let keys = self.rows("SELECT entry FROM export ORDER BY place(entry)", [], |row| {
            Ok(row.get(0)?)
        })?;
        self.bodies_at(keys, |entry, body| {
            let Act::BundleExported {
                bundle,
                number,
                sha256,
                sealed_for,
                upto,
            } = body.act
            else {
                return None;
            };
            let (by, moment) = (body.actor, body.moment);
            Some(ExportRow {
                bundle,
                number,
                sha256,
                sealed_for,
                upto,
                by,
                moment,
                entry,
            })
        })
    }

    /// What the clock did, oldest first.
    ///
    /// # Errors
    /// The database.
    pub fn clock_anomalies(&self) -> Result<Vec<ClockRow>> {
        let rows: Vec<(i64, Option<i64>)> = self.rows(
            "SELECT entry, acknowledged FROM clock ORDER BY place(entry)",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let mut all = Vec::with_capacity(rows.len());
        for (key, acknowledged) in rows {
            if let Some(Act::ClockAnomaly { last, now }) = self.body_at(key)?.map(|body| body.act) {
                let acknowledged = acknowledged.map(|key| self.entry_ref(key)).transpose()?;
                all.push(ClockRow {
                    entry: self.entry_ref(key)?,
                    last,
                    now,
                    acknowledged,
                });
            }
        }
        Ok(all)
    }

    /// Signing keys of the file itself and of every file whose bundles came in, OpenSSH, by code of the site.
    ///
    /// # Errors
    /// The database.
    pub fn known_keys(&self) -> Result<Vec<(String, String)>> {
        self.rows("SELECT code, key FROM site ORDER BY entry", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }

    /// The site's own public key.
    ///
    /// # Errors
    /// The database, or the key does not read.
    pub fn site_public_key(&self) -> Result<proof::PublicKey> {
        parsed(&self.site()?.key, "site")
    }
}
