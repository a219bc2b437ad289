//! Queries, verifications, identity checks, confirmations, signatures.

use rusqlite::Row;
use study::{
    act::{Act, Actor, Confirmation, EntryRef, IdentifierCheck, Moment, Statement, ThingId},
    def::Severity,
    path::{FormPath, ItemPath, SubjectCode},
};

use crate::{
    apply::severity_word,
    error::{Result, StoreError},
    file::SiteFile,
    key::beneath,
    read::parsed,
};

/// Where a query stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QueryState {
    /// Waits for an answer.
    Open,
    /// Waits to be closed or asked again.
    Answered,
    /// Settled.
    Closed,
}

/// A query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryRow {
    /// Identifier.
    pub query: ThingId,
    /// Item asked about.
    pub path: ItemPath,
    /// The first question.
    pub text: String,
    /// The item's version when asked.
    pub version: u64,
    /// State.
    pub state: QueryState,
    /// Who asked.
    pub opened_by: Actor,
    /// Entry that opened it.
    pub opened: EntryRef,
    /// Last entry of the thread.
    pub last: EntryRef,
}

/// Which queries.
#[derive(Debug, Clone, Copy)]
pub enum QueryFilter<'a> {
    /// All.
    All,
    /// Those not closed.
    Unsettled,
    /// About a subject.
    OfSubject(&'a str),
    /// About an item.
    OfItem(&'a ItemPath),
}

/// A finding that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingRow {
    /// Item that it is shown at.
    pub path: ItemPath,
    /// Identifier of the check.
    pub check: String,
    /// How much it weighs.
    pub severity: Severity,
    /// Entry that raised it last.
    pub raised: EntryRef,
    /// Entry that says why it may stand.
    pub explained: Option<EntryRef>,
}

/// A verification against the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerificationRow {
    /// Item.
    pub path: ItemPath,
    /// Version compared.
    pub version: u64,
    /// Version now; 0 when nothing was ever entered.
    pub item_version: u64,
    /// Holds: the item has not been entered anew, its row stands, and who compared had the value that stands before them.
    pub stands: bool,
    /// Who compared.
    pub by: Actor,
    /// Entry.
    pub entry: EntryRef,
}

/// One person's comparison of patient and bag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityCheckRow {
    /// Infusion form.
    pub form: FormPath,
    /// Who.
    pub by: Actor,
    /// When.
    pub moment: Moment,
    /// Identifier by identifier.
    pub checks: Vec<IdentifierCheck>,
    /// Entry.
    pub entry: EntryRef,
}

/// A derivation that became a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfirmationRow {
    /// What.
    pub confirmation: Confirmation,
    /// Who.
    pub by: Actor,
    /// When.
    pub moment: Moment,
    /// Entry.
    pub entry: EntryRef,
}

/// An electronic signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureRow {
    /// What was attested.
    pub statement: Statement,
    /// SSHSIG, armoured.
    pub signature: String,
    /// Entry.
    pub entry: EntryRef,
}

const QUERY: &str = "SELECT id, path, text, version, state, opened_by, opened, entry FROM query";

impl SiteFile {
    /// Findings that stand, beneath a form or a subject (`S-001`, `S-001/SCR/LAB`), by path and check.
    ///
    /// # Errors
    /// The database, as for every reading.
    pub fn findings(&self, stem: &str) -> Result<Vec<FindingRow>> {
        let (low, high) = beneath(stem);
        let sql = "SELECT path, rule, severity, entry, explained FROM finding
                   WHERE path >= ?1 AND path < ?2 ORDER BY path, rule";
        self.rows(sql, [low, high], |row| {
            let (path, severity): (String, String) = (row.get(0)?, row.get(2)?);
            let explained: Option<i64> = row.get(4)?;
            Ok(FindingRow {
                path: parsed(&path, "finding")?,
                check: row.get(1)?,
                severity: if severity == severity_word(Severity::Hard) {
                    Severity::Hard
                } else {
                    Severity::Soft
                },
                raised: self.entry_ref(row.get(3)?)?,
                explained: explained.map(|key| self.entry_ref(key)).transpose()?,
            })
        })
    }

    fn query_row(&self, row: &Row<'_>) -> Result<QueryRow> {
        let state: String = row.get(4)?;
        Ok(QueryRow {
            query: row.get(0)?,
            path: parsed(&row.get::<_, String>(1)?, "query")?,
            text: row.get(2)?,
            version: row.get(3)?,
            state: match state.as_str() {
                "open" => QueryState::Open,
                "answered" => QueryState::Answered,
                "closed" => QueryState::Closed,
                _ => return Err(StoreError::Damaged { what: "query" }),
            },
            opened_by: row.get::<_, String>(5)?.into(),
            opened: self.entry_ref(row.get(6)?)?,
            last: self.entry_ref(row.get(7)?)?,
        })
    }

    /// Queries by filter, in the order in which they were opened.
    ///
    /// # Errors
    /// The database, as for every reading.
    pub fn queries(&self, filter: QueryFilter<'_>) -> Result<Vec<QueryRow>> {
        let read = |row: &Row<'_>| self.query_row(row);
        match filter {
            QueryFilter::All => self.rows(&format!("{QUERY} ORDER BY place(opened)"), [], read),
            QueryFilter::Unsettled => self.rows(
                &format!("{QUERY} WHERE state <> 'closed' ORDER BY place(opened)"),
                [],
                read,
            ),
            QueryFilter::OfSubject(subject) => {
                let (low, high) = beneath(subject);
                self.rows(
                    &format!("{QUERY} WHERE path >= ?1 AND path < ?2 ORDER BY place(opened)"),
                    [low, high],
                    read,
                )
            }
            QueryFilter::OfItem(path) => self.rows(
                &format!("{QUERY} WHERE path = ?1 ORDER BY place(opened)"),
                [path.to_string()],
                read,
            ),
        }
    }

    /// One query.
    ///
    /// # Errors
    /// The database.
    pub fn query(&self, query: &str) -> Result<Option<QueryRow>> {
        self.row(&format!("{QUERY} WHERE id = ?1"), [query], |row| self.query_row(row))
    }

    /// Verifications of a subject's items, also those that no longer stand, by path.
    ///
    /// # Errors
    /// The database.
    pub fn verifications_of_subject(&self, subject: &str) -> Result<Vec<VerificationRow>> {
        let (low, high) = beneath(subject);
        let sql = "SELECT v.path, v.version, coalesce(i.version, 0), coalesce(i.removed, 0), v.person, v.entry,
                     coalesce(i.entry <= (i.entry >> 40 << 40) + known(v.entry, i.entry >> 40), 0)
                   FROM verification AS v LEFT JOIN item AS i ON i.path = v.path
                   WHERE v.path >= ?1 AND v.path < ?2 ORDER BY v.path";
        self.rows(sql, [low, high], |row| {
            let (version, item_version, removed) = (row.get(1)?, row.get(2)?, row.get::<_, bool>(3)?);
            let informed: bool = row.get(6)?;
            Ok(VerificationRow {
                path: parsed(&row.get::<_, String>(0)?, "verification")?,
                version,
                item_version,
                stands: version == item_version && !removed && informed,
                by: row.get::<_, String>(4)?.into(),
                entry: self.entry_ref(row.get(5)?)?,
            })
        })
    }

    /// Whose values changed since they were verified, or were verified by somebody who had not the one that stands: codes, and that
    /// of the site's registers.
    ///
    /// # Errors
    /// The database.
    pub fn changed_since_verified(&self) -> Result<Vec<SubjectCode>> {
        let sql = "SELECT DISTINCT substr(v.path, 1, instr(v.path, '/') - 1) AS subject
                   FROM verification AS v JOIN item AS i ON i.path = v.path
                   WHERE i.removed = 0
                     AND (i.version <> v.version OR i.entry > (i.entry >> 40 << 40) + known(v.entry, i.entry >> 40))
                   ORDER BY subject";
        self.rows(sql, [], |row| Ok(row.get(0)?))
    }

    fn keys(&self, sql: &str, params: impl rusqlite::Params) -> Result<Vec<i64>> {
        self.rows(sql, params, |row| Ok(row.get(0)?))
    }

    /// Comparisons of patient and bag on a form, oldest first.
    ///
    /// # Errors
    /// The database.
    pub fn identity_checks(&self, form: &FormPath) -> Result<Vec<IdentityCheckRow>> {
        let keys = self.keys(
            "SELECT entry FROM identity_check WHERE form = ?1 ORDER BY place(entry)",
            [form.to_string()],
        )?;
        self.bodies_at(keys, |entry, body| {
            let Act::IdentityChecked { form, checks } = body.act else {
                return None;
            };
            Some(IdentityCheckRow {
                form,
                by: body.actor,
                moment: body.moment,
                checks,
                entry,
            })
        })
    }

    fn confirmations_at(&self, keys: Vec<i64>) -> Result<Vec<ConfirmationRow>> {
        self.bodies_at(keys, |entry, body| {
            let Act::Confirmed { confirmation } = body.act else {
                return None;
            };
            Some(ConfirmationRow {
                confirmation,
                by: body.actor,
                moment: body.moment,
                entry,
            })
        })
    }

    /// Confirmations about one thing (`ELIG/<subject>` or a path), oldest first.
    ///
    /// # Errors
    /// The database.
    pub fn confirmations(&self, about: &str) -> Result<Vec<ConfirmationRow>> {
        self.confirmations_at(self.keys(
            "SELECT entry FROM confirmation WHERE about = ?1 ORDER BY place(entry)",
            [about],
        )?)
    }

    /// All confirmations of a subject, oldest first.
    ///
    /// # Errors
    /// The database.
    pub fn confirmations_of_subject(&self, subject: &str) -> Result<Vec<ConfirmationRow>> {
        self.confirmations_at(self.keys(
            "SELECT entry FROM confirmation WHERE subject = ?1 ORDER BY place(entry)",
            [subject],
        )?)
    }

    fn signatures_at(&self, keys: Vec<i64>) -> Result<Vec<SignatureRow>> {
        self.bodies_at(keys, |entry, body| {
            let Act::Signed { statement, signature } = body.act else {
                return None;
            };
            Some(SignatureRow {
                statement,
                signature,
                entry,
            })
        })
    }

    /// All signatures, oldest first.
    ///
    /// # Errors
    /// The database.
    pub fn signatures(&self) -> Result<Vec<SignatureRow>> {
        self.signatures_at(self.keys("SELECT entry FROM signature ORDER BY place(entry)", [])?)
    }

    /// Signatures that cover a record of a subject: its forms, its eligibility; oldest first.
    ///
    /// # Errors
    /// The database.
    pub fn signatures_of_subject(&self, subject: &str) -> Result<Vec<SignatureRow>> {
        let (low, high) = beneath(subject);
        self.signatures_at(self.keys(
            "SELECT entry FROM signed_record WHERE record >= ?1 AND record < ?2 OR record = ?3
             GROUP BY entry ORDER BY place(entry)",
            [low, high, format!("ELIG/{subject}")],
        )?)
    }

    /// Signatures that cover a record, oldest first.
    ///
    /// # Errors
    /// The database.
    pub fn signatures_over(&self, record: &str) -> Result<Vec<SignatureRow>> {
        self.signatures_at(self.keys(
            "SELECT entry FROM signed_record WHERE record = ?1 ORDER BY place(entry)",
            [record],
        )?)
    }
}
