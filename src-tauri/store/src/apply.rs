//! The fold: one entry becomes rows of the projections. The same code saves, rebuilds and checks.
//!
//! Invariants. Reads and writes projections only, never the journal; knows no medicine and no policy; the rows are a
//! function of the entries in their order and of nothing else.

use rusqlite::{Connection, OptionalExtension, params};
use study::{
    act::{Act, Actor, Body, IdentifierOutcome},
    path::{FormPath, ItemPath},
};

use crate::{
    error::{Result, StoreError},
    key::{Key, beneath},
};

/// Applies an entry. Answer: the subject it is about, if any.
pub(crate) fn apply(db: &Connection, key: Key, body: &Body) -> Result<Option<String>> {
    let fold = Fold {
        db,
        key: key.to_sql(),
        log: key.log,
    };
    fold.act(body)
}

struct Fold<'a> {
    db: &'a Connection,
    key: i64,
    log: u32,
}

impl Fold<'_> {
    fn run(&self, sql: &str, params: impl rusqlite::Params) -> Result<usize> {
        Ok(self.db.prepare_cached(sql)?.execute(params)?)
    }

    fn act(&self, body: &Body) -> Result<Option<String>> {
        let key = self.key;
        if says_who_may(&body.act) {
            self.run("INSERT INTO office (entry) VALUES (?1)", [key])?;
        }
        match &body.act {
            Act::SiteCreated { .. } => {
                self.run("INSERT INTO site (entry) VALUES (?1)", [key])?;
            }
            Act::LogOpened {
                log,
                device,
                key: public,
                continues,
            } => {
                let (before, seq, head) = match continues {
                    Some((at, head)) => (Some(&at.log), Some(at.seq.cast_signed()), Some(head)),
                    None => (None, None, None),
                };
                self.run(
                    "INSERT INTO log (no, id, device, key, continues, continues_seq, continues_head, entry)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    params![self.log, log, device, public, before, seq, head, key],
                )?;
            }
            Act::StudyInstalled { study, version, sha256 } => {
                self.run(
                    "INSERT INTO study (entry, oid, version, sha256) VALUES (?1, ?2, ?3, ?4)",
                    params![key, study, version, sha256],
                )?;
            }
            Act::PersonAdded {
                person,
                login,
                printed_name,
                role,
                key: public,
                sealing,
                identity_verified,
            } => {
                let role = serde_json::to_string(role).map_err(|_| StoreError::Damaged { what: "role" })?;
                self.run(
                    "INSERT INTO person (person, login, printed_name, role, key, sealing, identity_verified, entry)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    params![
                        person,
                        login,
                        printed_name,
                        role,
                        public,
                        sealing,
                        identity_verified,
                        key
                    ],
                )?;
            }
            Act::AccessGranted { person, until } => {
                self.run("UPDATE person SET until = ?2 WHERE person = ?1", params![person, until])?;
            }
            Act::Delegated { .. } | Act::DelegationEnded { .. } => {}
            Act::DeclarationAccepted { .. } => {
                let Actor::Person(person) = &body.actor else {
                    return Ok(None);
                };
                self.run(
                    "UPDATE person SET declared = ?2 WHERE person = ?1",
                    params![person, key],
                )?;
            }
            Act::PersonDisabled { person } => {
                self.run(
                    "UPDATE person SET disabled = ?2 WHERE person = ?1",
                    params![person, key],
                )?;
            }
            Act::PasswordChanged { .. }
            | Act::Recovered { .. }
            | Act::Agreed { .. }
            | Act::KeySheetSwitched { .. }
            | Act::KeySheetPrinted { .. }
            | Act::RecoveryCodeReplaced {}
            | Act::KeyReplaced {}
            | Act::BackedUp { .. }
            | Act::LoggedIn { .. }
            | Act::Locked { .. }
            | Act::LoginFailed { .. } => {}
            Act::SubjectAdded { subject } => {
                self.run(
                    "INSERT INTO subject (code, entry, at, utc) VALUES (?1, ?2, ?3, ?4)",
                    params![subject, key, body.moment.at, body.moment.offset],
                )?;
            }
            Act::ValueEntered {
                path, value, by_hand, ..
            } => {
                let value = value.as_ref().map(serde_json::to_string).transpose();
                let value = value.map_err(|_| StoreError::Damaged { what: "value" })?;
                self.run(
                    "INSERT INTO item (path, oid, value, version, entry, by_hand, removed)
                     VALUES (?1, ?5, ?2, 1, ?3, ?4, 0)
                     ON CONFLICT (path) DO UPDATE SET value = excluded.value, version = version + 1,
                       entry = excluded.entry, by_hand = excluded.by_hand, removed = 0",
                    params![path.to_string(), value, key, by_hand, path.item],
                )?;
                self.touch_form(&path.form)?;
                self.count(&path.form)?;
            }
            Act::RowRemoved { form, group, row } => {
                let stem = match row {
                    1 => format!("{form}/{group}"),
                    _ => format!("{form}/{group}[{row}]"),
                };
                let (low, high) = beneath(&stem);
                self.run(
                    "UPDATE item SET removed = 1, entry = ?3 WHERE path >= ?1 AND path < ?2",
                    params![low, high, key],
                )?;
                self.touch_form(form)?;
                self.count(form)?;
            }
            Act::FormCompleted { form } => {
                self.touch_form(form)?;
                self.run(
                    "UPDATE form SET completed = ?2 WHERE path = ?1",
                    params![form.to_string(), key],
                )?;
            }
            Act::FormReopened { form } => {
                self.touch_form(form)?;
                self.run("UPDATE form SET completed = NULL WHERE path = ?1", [form.to_string()])?;
            }
            Act::QueryOpened {
                query,
                path,
                text,
                version,
            } => {
                let by = String::from(body.actor.clone());
                self.run(
                    "INSERT INTO query (id, path, text, version, state, opened_by, opened, entry)
                     VALUES (?1, ?2, ?3, ?4, 'open', ?5, ?6, ?6)",
                    params![query, path.to_string(), text, version.cast_signed(), by, key],
                )?;
            }
            Act::QueryAnswered { query, .. } => return self.move_query(query, "answered"),
            Act::QueryClosed { query, .. } => return self.move_query(query, "closed"),
            Act::QueryReopened { query, .. } => return self.move_query(query, "open"),
            Act::Verified { path, version } => {
                let by = String::from(body.actor.clone());
                self.run(
                    "INSERT INTO verification (path, version, person, entry) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (path) DO UPDATE SET version = excluded.version, person = excluded.person,
                       entry = excluded.entry",
                    params![path.to_string(), version.cast_signed(), by, key],
                )?;
                self.count(&path.form)?;
            }
            Act::VerificationWithdrawn { path } => {
                self.run("DELETE FROM verification WHERE path = ?1", [path.to_string()])?;
                self.count(&path.form)?;
            }
            Act::IdentityChecked { form, checks } => {
                let read = |identifier: &str| {
                    let check = checks.iter().find(|check| check.identifier == identifier);
                    check.and_then(|check| check.value.as_deref())
                };
                let agreed = checks.iter().all(|check| check.outcome == IdentifierOutcome::Agreed);
                let by = String::from(body.actor.clone());
                self.run(
                    "INSERT INTO identity_check (entry, form, person, agreed, coi, lot) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![key, form.to_string(), by, agreed, read("coi"), read("lot")],
                )?;
                self.touch_form(form)?;
            }
            Act::Confirmed { confirmation } => {
                self.run(
                    "INSERT INTO confirmation (entry, about, subject, derived, study, criteria)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![
                        key,
                        confirmation.about,
                        body.act.subject(),
                        confirmation.derived,
                        body.study,
                        body.criteria
                    ],
                )?;
            }
            Act::Signed { statement, .. } => {
                self.run(
                    "INSERT INTO signature (id, entry) VALUES (?1, ?2)",
                    params![statement.id, key],
                )?;
                for record in &statement.records {
                    self.run(
                        "INSERT INTO signed_record (record, entry, version) VALUES (?1, ?2, ?3)
                         ON CONFLICT DO UPDATE SET version = excluded.version",
                        params![record.id, key, record.version.cast_signed()],
                    )?;
                }
                let first = statement.records.first().map(|record| record.id.as_str());
                return Ok(first.and_then(subject_of_record).map(str::to_owned));
            }
            Act::BundleExported { bundle, .. } => {
                self.run(
                    "INSERT INTO export (bundle, entry) VALUES (?1, ?2)",
                    params![bundle, key],
                )?;
            }
            Act::ClockAnomaly { .. } => {
                self.run("INSERT INTO clock (entry) VALUES (?1)", [key])?;
            }
            Act::ClockAcknowledged {} => {
                self.run("UPDATE clock SET acknowledged = ?1 WHERE acknowledged IS NULL", [key])?;
            }
        }
        Ok(body.act.subject().map(str::to_owned))
    }

    /// An entry touched a form's values or its completion.
    fn touch_form(&self, form: &FormPath) -> Result<()> {
        self.run(
            "INSERT INTO form (path, version, entry) VALUES (?1, 1, ?2)
             ON CONFLICT (path) DO UPDATE SET version = version + 1, entry = excluded.entry",
            params![form.to_string(), self.key],
        )?;
        Ok(())
    }

    /// Counts a form's values anew, and those of them that were compared with the source as they stand.
    fn count(&self, form: &FormPath) -> Result<()> {
        let path = form.to_string();
        let (low, high) = beneath(&path);
        self.run(
            "UPDATE form SET
               answered = (SELECT count(*) FROM item
                 WHERE path >= ?2 AND path < ?3 AND removed = 0 AND value IS NOT NULL),
               verified = (SELECT count(*) FROM verification AS v JOIN item AS i ON i.path = v.path
                 WHERE v.path >= ?2 AND v.path < ?3 AND i.version = v.version AND i.removed = 0
                   AND i.value IS NOT NULL)
             WHERE path = ?1",
            params![path, low, high],
        )?;
        Ok(())
    }

    /// Answer: the subject of the query's item.
    fn move_query(&self, query: &str, state: &str) -> Result<Option<String>> {
        let path: Option<String> = self
            .db
            .prepare_cached("UPDATE query SET state = ?2, entry = ?3 WHERE id = ?1 RETURNING path")?
            .query_row(params![query, state, self.key], |row| row.get(0))
            .optional()?;
        Ok(path
            .and_then(|path| path.parse::<ItemPath>().ok())
            .map(|path| path.form.subject))
    }
}

/// Whether an act gives, limits or takes what somebody may do.
fn says_who_may(act: &Act) -> bool {
    matches!(
        act,
        Act::PersonAdded { .. }
            | Act::PersonDisabled { .. }
            | Act::AccessGranted { .. }
            | Act::Delegated { .. }
            | Act::DelegationEnded { .. }
    )
}

/// `ELIG/<subject>` or the path of a form.
fn subject_of_record(record: &str) -> Option<&str> {
    record.strip_prefix("ELIG/").or_else(|| record.split('/').next())
}
