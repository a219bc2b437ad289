//! The fold: one entry becomes rows of the projections. The same code saves, rebuilds and checks.
//!
//! Invariants. Reads and writes projections only, never the journal; knows no medicine and no policy; the rows are a
//! function of the entries in their one order (see `order`) and of nothing else.

mod forms;
mod moves;

pub(crate) use forms::count_some;

use rusqlite::{Connection, params};
use study::{
    act::{Act, Actor, Body, EntryRef, IdentifierOutcome},
    def::Severity,
};

use crate::{
    error::{Result, StoreError},
    key::{Key, beneath},
    ledger::Ledger,
};

/// Applies an entry. Answer: the subject it is about, if any.
pub(crate) fn apply(db: &Connection, ledger: &mut Ledger, key: Key, body: &Body) -> Result<Option<String>> {
    ledger.take_in(key, &body.act);
    let fold = Fold {
        db,
        ledger,
        key: key.to_sql(),
        log: key.log,
    };
    if ledger.may_hold(key.log, &body.act) {
        fold.act(body)
    } else {
        // What a file of that kind may not hold has no effect; the check says so.
        fold.subject_of(body)
    }
}

struct Fold<'a> {
    db: &'a Connection,
    ledger: &'a Ledger,
    key: i64,
    log: u32,
}

impl Fold<'_> {
    fn run(&self, sql: &str, params: impl rusqlite::Params) -> Result<usize> {
        Ok(self.db.prepare_cached(sql)?.execute(params)?)
    }

    fn act(&self, body: &Body) -> Result<Option<String>> {
        let key = self.key;
        if self.at_home() && says_who_may(&body.act) {
            self.run("INSERT INTO office (entry) VALUES (?1)", [key])?;
        }
        match &body.act {
            Act::SiteCreated {
                kind,
                store,
                site,
                key: public,
                ..
            } => {
                let kind = serde_json::to_string(kind).map_err(|_| StoreError::Damaged { what: "kind" })?;
                self.run(
                    "INSERT INTO site (entry, store, kind, code, key) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
                    params![key, store, kind, site, public],
                )?;
            }
            Act::LogOpened {
                log,
                device,
                key: public,
                continues,
                beside,
            } => {
                let (before, seq, head) = match continues {
                    Some((at, head)) => (Some(&at.log), Some(at.seq.cast_signed()), Some(head)),
                    None => (None, None, None),
                };
                self.run(
                    "INSERT INTO log (no, id, device, key, continues, continues_seq, continues_head, beside, site, entry)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING",
                    params![self.log, log, device, public, before, seq, head, beside, self.site(), key],
                )?;
            }
            Act::StudyInstalled { study, version, sha256 } if self.at_home() => {
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
                    "INSERT INTO person (person, login, printed_name, role, key, sealing, identity_verified, entry, site)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
                    params![
                        person,
                        login,
                        printed_name,
                        role,
                        public,
                        sealing,
                        identity_verified,
                        key,
                        self.site()
                    ],
                )?;
            }
            Act::AccessGranted { person, until } => {
                self.run(
                    "UPDATE person SET until = ?2 WHERE person = ?1 AND site = ?3",
                    params![person, until, self.site()],
                )?;
            }
            Act::Delegated { .. }
            | Act::DelegationEnded { .. }
            | Act::TrainingRecorded { .. }
            | Act::PeopleConfirmed { .. }
            | Act::AttemptsSeen { .. }
            | Act::JournalReviewed { .. } => {}
            Act::DeclarationAccepted { .. } => {
                let Actor::Person(person) = &body.actor else {
                    return Ok(None);
                };
                self.run(
                    "UPDATE person SET declared = ?2 WHERE person = ?1 AND site = ?3",
                    params![person, key, self.site()],
                )?;
            }
            Act::PersonDisabled { person } => {
                self.run(
                    "UPDATE person SET disabled = coalesce(disabled, ?2) WHERE person = ?1 AND site = ?3",
                    params![person, key, self.site()],
                )?;
            }
            Act::SubjectAdded { subject } => self.add_subject(subject, body)?,
            Act::SubjectMoved { subject, to, .. } => {
                self.run("UPDATE subject SET version = ?2 WHERE code = ?1", [subject, to])?;
            }
            Act::ValueEntered {
                path, value, by_hand, ..
            } => {
                let value = value.as_ref().map(serde_json::to_string).transpose();
                let value = value.map_err(|_| StoreError::Damaged { what: "value" })?;
                self.meet(path)?;
                self.run(
                    "INSERT INTO item (path, oid, value, version, entry, by_hand, removed, study)
                     VALUES (?1, ?5, ?2, 1, ?3, ?4, 0, ?6)
                     ON CONFLICT (path) DO UPDATE SET value = excluded.value, version = version + 1,
                       entry = excluded.entry, by_hand = excluded.by_hand, removed = 0, study = excluded.study",
                    params![
                        path.to_string(),
                        value,
                        key,
                        by_hand,
                        path.item,
                        version_of(&body.study)
                    ],
                )?;
                self.touch_and_count(&path.form)?;
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
                self.touch_and_count(form)?;
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
            Act::FindingRaised {
                path, check, severity, ..
            } => {
                self.run(
                    "INSERT INTO finding (path, rule, severity, entry) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (path, rule) DO UPDATE SET severity = excluded.severity, entry = excluded.entry,
                       explained = NULL",
                    params![path.to_string(), check, severity_word(*severity), key],
                )?;
            }
            Act::FindingClosed { path, check } => {
                self.run(
                    "DELETE FROM finding WHERE path = ?1 AND rule = ?2",
                    [&path.to_string(), check],
                )?;
            }
            Act::FindingExplained { path, check, .. } => {
                self.run(
                    "UPDATE finding SET explained = ?3 WHERE path = ?1 AND rule = ?2",
                    params![path.to_string(), check, key],
                )?;
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
                     VALUES (?1, ?2, ?3, ?4, 'open', ?5, ?6, ?6) ON CONFLICT DO NOTHING",
                    params![query, path.to_string(), text, version.cast_signed(), by, key],
                )?;
            }
            Act::QueryAnswered { query, .. } => self.move_query(query, "answered")?,
            Act::QueryClosed { query, .. } => self.move_query(query, "closed")?,
            Act::QueryReopened { query, .. } => self.move_query(query, "open")?,
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
                    "INSERT INTO signature (id, entry) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                    params![statement.id, key],
                )?;
                for record in &statement.records {
                    self.run(
                        "INSERT INTO signed_record (record, entry, version) VALUES (?1, ?2, ?3)
                         ON CONFLICT DO UPDATE SET version = excluded.version",
                        params![record.id, key, record.version.cast_signed()],
                    )?;
                }
            }
            Act::BundleExported { bundle, .. } if self.at_home() => {
                self.run(
                    "INSERT INTO export (bundle, entry) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                    params![bundle, key],
                )?;
            }
            Act::ClockAnomaly { .. } if self.at_home() => {
                self.run("INSERT INTO clock (entry) VALUES (?1)", [key])?;
            }
            Act::ClockAcknowledged {} if self.at_home() => {
                self.run("UPDATE clock SET acknowledged = ?1 WHERE acknowledged IS NULL", [key])?;
            }
            Act::Redacted { remains, .. } => {
                for EntryRef { log, seq } in remains.iter().map(|remains| &remains.at) {
                    if let Some(no) = self.ledger.number_of(log) {
                        self.run(
                            "INSERT INTO redaction (entry, redacted) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                            params![Key::new(no, *seq).to_sql(), key],
                        )?;
                    }
                }
            }
            Act::BundleImported { sha256, .. } if self.at_home() => {
                self.run(
                    "INSERT INTO import (sha256, entry) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                    params![sha256, key],
                )?;
            }
            Act::PasswordChanged { .. }
            | Act::AccessCardWritten { .. }
            | Act::AccessCardTaken { .. }
            | Act::Recovered { .. }
            | Act::RecoveryCodeReplaced {}
            | Act::KeyReplaced {}
            | Act::LoggedIn { .. }
            | Act::Locked { .. }
            | Act::LoginFailed { .. }
            | Act::CommandRefused { .. }
            | Act::BundleImported { .. }
            | Act::StudyInstalled { .. }
            | Act::BundleExported { .. }
            | Act::ClockAnomaly { .. }
            | Act::ClockAcknowledged {}
            | Act::RedactionAsked { .. }
            | Act::RedactionDeclined { .. }
            | Act::BundleRefused { .. }
            | Act::FormatRaised { .. }
            | Act::Agreed { .. }
            | Act::KeySheetSwitched { .. }
            | Act::KeySheetPrinted { .. }
            | Act::BackedUp { .. } => {}
        }
        self.subject_of(body)
    }
}

pub(crate) fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Hard => "hard",
        Severity::Soft => "soft",
    }
}

/// The version in `OID@version`.
fn version_of(study: &str) -> &str {
    study.split_once('@').map_or(study, |(_, version)| version)
}

/// Whether an act gives, limits or takes what somebody may do, or says that somebody looked after it: the office of the file.
fn says_who_may(act: &Act) -> bool {
    matches!(
        act,
        Act::PersonAdded { .. }
            | Act::PersonDisabled { .. }
            | Act::AccessGranted { .. }
            | Act::Delegated { .. }
            | Act::DelegationEnded { .. }
            | Act::TrainingRecorded { .. }
            | Act::PeopleConfirmed { .. }
            | Act::AttemptsSeen { .. }
            | Act::JournalReviewed { .. }
    )
}

/// `ELIG/<subject>` or the path of a form.
pub(crate) fn subject_of_record(record: &str) -> Option<&str> {
    record.strip_prefix("ELIG/").or_else(|| record.split('/').next())
}
