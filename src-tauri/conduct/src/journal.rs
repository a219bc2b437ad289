//! The journal read aloud, and the whole file checked.

use chrono::{NaiveDate, NaiveTime};
use store::{EntryFilter, EntryView, LogRow};
use study::act::{Act, Actor, EntryRef};

use crate::{
    attempts::tried,
    desk::{Desk, Sitting},
    editions::version_of,
    machine::moment,
    redaction::redacted_by,
    requests::{ActsAbout, Audit, CheckAgainst},
    trouble::{Outcome, Trouble, no_with},
    views::{AuditEntryView, AuditView, CheckFindingView, CheckView},
};

/// Entries on one page of the journal.
const PAGE: u32 = 200;

/// Types of acts by what they are about, for filtering. Every act belongs to one of them.
fn acts_about(about: ActsAbout) -> &'static [&'static str] {
    match about {
        ActsAbout::Records => &[
            "subject_added",
            "subject_moved",
            "value_entered",
            "row_removed",
            "form_completed",
            "form_reopened",
            "identity_checked",
        ],
        ActsAbout::Findings => &["finding_raised", "finding_closed", "finding_explained"],
        ActsAbout::Queries => &["query_opened", "query_answered", "query_closed", "query_reopened"],
        ActsAbout::Attestations => &[
            "verified",
            "verification_withdrawn",
            "confirmed",
            "signed",
            "journal_reviewed",
        ],
        ActsAbout::People => &[
            "person_added",
            "person_disabled",
            "access_granted",
            "delegated",
            "delegation_ended",
            "declaration_accepted",
            "training_recorded",
            "people_confirmed",
            "password_changed",
            "access_card_written",
            "access_card_taken",
        ],
        ActsAbout::Sittings => &[
            "logged_in",
            "locked",
            "login_failed",
            "command_refused",
            "attempts_seen",
        ],
        ActsAbout::File => &[
            "site_created",
            "log_opened",
            "study_installed",
            "recovered",
            "recovery_code_replaced",
            "key_replaced",
            "agreed",
            "key_sheet_switched",
            "key_sheet_printed",
            "backed_up",
            "bundle_exported",
            "bundle_imported",
            "bundle_refused",
            "clock_anomaly",
            "clock_acknowledged",
            "redaction_asked",
            "redaction_declined",
            "redacted",
            "format_raised",
        ],
    }
}

impl Desk {
    pub(crate) fn audit(&mut self, asked: Audit) -> Outcome<AuditView> {
        let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let sitting = self.sitting()?;
        let logs = sitting.file.logs()?;
        let rows = if asked.only.is_empty() {
            sitting.file.entries(&self.filter(asked)?)?
        } else {
            let mut rows = Vec::new();
            for at in asked.only.iter().rev().take(page) {
                rows.extend(sitting.file.entry(at)?);
            }
            rows
        };
        let more = rows.len() > page;
        let mut entries = Vec::new();
        for row in rows.into_iter().take(page) {
            entries.extend(read_aloud(sitting, &logs, row)?);
        }
        Ok(AuditView { entries, more })
    }

    fn filter(&self, asked: Audit) -> Outcome<EntryFilter> {
        let between = asked.day.as_deref().map(|day| self.bounds_of(day)).transpose()?;
        let about = asked.about.map(acts_about).unwrap_or_default();
        Ok(EntryFilter {
            actor: asked.person.map(Actor::from),
            subject: asked.subject,
            acts: about.iter().map(|act| (*act).to_owned()).collect(),
            path: asked.path,
            between,
            past: asked.before,
            newest_first: true,
            limit: PAGE + 1,
            ..EntryFilter::default()
        })
    }

    /// First moment of a civil day here, and of the next, in UTC.
    fn bounds_of(&self, day: &str) -> Outcome<(String, String)> {
        let no_day = || no_with("no_such_day", &[("day", day)]);
        let Ok(date) = day.parse::<NaiveDate>() else {
            return no_day();
        };
        let begin = |date: NaiveDate| {
            let local = date.and_time(NaiveTime::MIN).and_local_timezone(*self.now().offset());
            local.single().map(|begin| moment(begin).at)
        };
        match (begin(date), date.succ_opt().and_then(begin)) {
            (Some(first), Some(past)) => Ok((first, past)),
            (None, _) | (_, None) => no_day(),
        }
    }

    /// Compares bundles with the file; everything else the verification of the file says.
    pub(crate) fn check_against(&mut self, asked: CheckAgainst) -> Outcome<CheckView> {
        let mut bundles = Vec::with_capacity(asked.handles.len());
        for handle in asked.handles {
            let (verified, contents, _) = self.opened_bundle(handle, None)?;
            bundles.push((verified, contents));
        }
        let file = &self.sitting()?.file;
        let mut report = store::Report::default();
        for (verified, contents) in &bundles {
            let entries: Vec<(EntryRef, proof::Digest)> = contents
                .entries
                .iter()
                .map(|line| {
                    let (log, seq) = (line.log.clone(), line.seq);
                    (EntryRef { log, seq }, line.head)
                })
                .collect();
            store::compare_with(file, &verified.header.external_id, &entries, &mut report)?;
        }
        Ok(check_view(report))
    }
}

/// An entry as it is read aloud; none where nothing is left of it.
fn read_aloud(sitting: &Sitting, logs: &[LogRow], row: EntryView) -> Outcome<Option<AuditEntryView>> {
    let Some(body) = row.body else { return Ok(None) };
    let raw = sitting.file.entries_raw(&row.log, row.seq, 1)?;
    let head = raw.first().map(|raw| raw.head.to_string()[..16].to_owned());
    let mut said = aloud(&body.act)?;
    if let Act::CommandRefused { person, .. } | Act::TrainingRecorded { person, .. } = &body.act {
        let name = sitting.names.printed_or_device(&Actor::Person(person.clone()));
        said.text = said.text.map(|text| format!("{name}: {text}"));
    }
    let at = EntryRef {
        log: row.log.clone(),
        seq: row.seq,
    };
    let redaction = if row.redacted {
        redacted_by(&sitting.file, &sitting.names, &at)?
    } else {
        None
    };
    let own = logs.iter().find(|log| log.log == row.log);
    let redactable = !row.redacted && own.is_some_and(|log| log.home) && body.act.without_words().is_some();
    let asked = said
        .query
        .as_deref()
        .map(|query| sitting.file.query(query))
        .transpose()?
        .flatten();
    let about = asked.as_ref().map(|row| row.path.form.subject.clone());
    // Where several wrote, each line says on which computer.
    let device = own.filter(|_| logs.len() > 1).map(|log| {
        if log.home {
            log.device.clone()
        } else {
            format!("{} ({})", log.device, log.code)
        }
    });
    Ok(Some(AuditEntryView {
        device,
        log: row.log,
        seq: row.seq,
        by: sitting.names.printed(&body.actor),
        role: body.role,
        when: body.moment,
        subject: body.act.subject().map(str::to_owned).or(about),
        act: said.act,
        path: asked.map(|row| row.path.to_string()).or(said.path),
        old: said.old,
        new: said.new,
        text: said.text,
        reason: body.reason.map(|reason| (reason.code, reason.text)),
        head: head.unwrap_or_default(),
        study: version_of(&body.study).to_owned(),
        redacted: row.redacted,
        redaction,
        redactable,
    }))
}

pub(crate) fn check_view(report: store::Report) -> CheckView {
    CheckView {
        holds: report.sound(),
        entries: report.entries,
        findings: report
            .findings
            .into_iter()
            .map(|finding| CheckFindingView {
                code: finding.code.to_owned(),
                at: finding.where_,
                facts: finding
                    .facts
                    .into_iter()
                    .map(|(name, fact)| (name.to_owned(), fact))
                    .collect(),
            })
            .collect(),
    }
}

#[derive(Default)]
pub(crate) struct Aloud {
    pub(crate) act: String,
    pub(crate) path: Option<String>,
    pub(crate) old: Option<study::value::Value>,
    pub(crate) new: Option<study::value::Value>,
    pub(crate) text: Option<String>,
    /// The query an answer belongs to: its item is the item of the answer.
    pub(crate) query: Option<String>,
}

fn places<'e>(entries: impl Iterator<Item = &'e EntryRef>) -> String {
    let all: Vec<String> = entries.map(|at| format!("{} #{}", at.log, at.seq)).collect();
    all.join(", ")
}

/// An act in the parts that a line of the journal has.
pub(crate) fn aloud(act: &Act) -> Outcome<Aloud> {
    let tagged = serde_json::to_value(act).map_err(|e| Trouble::Proof(e.to_string()))?;
    let name = tagged
        .get("type")
        .and_then(|t| t.as_str())
        .unwrap_or_default()
        .to_owned();
    let mut said = Aloud {
        act: name,
        ..Aloud::default()
    };
    match act {
        Act::ValueEntered { path, value, old, .. } => {
            (said.path, said.old, said.new) = (Some(path.to_string()), old.clone(), value.clone());
        }
        Act::Verified { path, .. } | Act::VerificationWithdrawn { path } => said.path = Some(path.to_string()),
        Act::FindingRaised { path, check, .. } | Act::FindingClosed { path, check } => {
            (said.path, said.text) = (Some(path.to_string()), Some(check.clone()));
        }
        Act::FindingExplained { path, text, .. } | Act::QueryOpened { path, text, .. } => {
            (said.path, said.text) = (Some(path.to_string()), Some(text.clone()));
        }
        Act::QueryAnswered { query, text } | Act::QueryReopened { query, text } => {
            (said.query, said.text) = (Some(query.clone()), Some(text.clone()));
        }
        Act::QueryClosed { query, text } => (said.query, said.text) = (Some(query.clone()), text.clone()),
        Act::RowRemoved { form, group, row } => said.path = Some(format!("{form}/{group}[{row}]")),
        Act::FormCompleted { form } | Act::FormReopened { form } | Act::IdentityChecked { form, .. } => {
            said.path = Some(form.to_string());
        }
        Act::Confirmed { confirmation } => {
            said.path = Some(confirmation.about.clone());
            said.text = Some(confirmation.own.clone().unwrap_or_else(|| confirmation.derived.clone()));
        }
        Act::Signed { statement, .. } => said.text = Some(statement.meaning.clone()),
        Act::PersonAdded { printed_name, .. } => said.text = Some(printed_name.clone()),
        Act::PersonDisabled { person }
        | Act::PasswordChanged { person }
        | Act::AccessCardWritten { person, .. }
        | Act::AccessCardTaken { person, .. } => said.text = Some(person.clone()),
        Act::DeclarationAccepted { text } => said.text = Some(text.clone()),
        Act::BundleExported { bundle, .. } => said.text = Some(bundle.clone()),
        Act::SiteCreated { name, .. } => said.text = Some(name.clone()),
        Act::LogOpened { device, .. } => said.text = Some(device.clone()),
        Act::StudyInstalled { study, version, .. } => said.text = Some(format!("{study} {version}")),
        Act::SubjectMoved { from, to, .. } => said.text = Some(format!("{from} → {to}")),
        // No name begins so.
        Act::LoginFailed { login, at } if login.is_empty() => said.text = Some(format!("?{}", tried(login, at))),
        Act::LoginFailed { login, .. } => said.text = Some(login.clone()),
        Act::AccessGranted { person, until } => said.text = Some(format!("{person} → {until}")),
        Act::Delegated { to, duties, .. } => said.text = Some(format!("{to}: {}", duties.join(", "))),
        Act::DelegationEnded { delegation } => said.text = Some(delegation.clone()),
        Act::Agreed { to } => said.text = Some(to.clone()),
        Act::KeySheetPrinted { check } => said.text = Some(check.clone()),
        Act::KeySheetSwitched { on } => said.text = Some(if *on { "on" } else { "off" }.to_owned()),
        Act::BackedUp { file, .. } => said.text = Some(file.clone()),
        Act::Locked { how } => said.text = Some(how.clone()),
        Act::ClockAnomaly { last, now } => said.text = Some(format!("{last} → {now}")),
        Act::TrainingRecorded { topic, on, .. } => said.text = Some(format!("{topic} ({on})")),
        Act::CommandRefused { command, .. } => said.text = Some(command.clone()),
        Act::PeopleConfirmed { people } => said.text = Some(people.len().to_string()),
        Act::AttemptsSeen { upto } => said.text = Some(places(upto.iter())),
        Act::JournalReviewed { stretches, remark, .. } => {
            let mut all: Vec<String> = stretches
                .iter()
                .map(|s| format!("{} #{}–{}", s.log, s.from, s.upto))
                .collect();
            all.extend(remark.clone());
            said.text = Some(all.join("\n"));
        }
        Act::LoggedIn { device, .. } => said.text = Some(device.clone()),
        Act::RedactionDeclined { asked } => said.text = Some(places(std::iter::once(asked))),
        Act::RedactionAsked { entries } => said.text = Some(places(entries.iter())),
        Act::Redacted { remains, .. } => said.text = Some(places(remains.iter().map(|remains| &remains.at))),
        Act::BundleImported { bundle, .. } | Act::BundleRefused { bundle, .. } => said.text = Some(bundle.clone()),
        Act::FormatRaised { from, to } => said.text = Some(format!("{from} → {to}")),
        Act::SubjectAdded { .. }
        | Act::Recovered { .. }
        | Act::RecoveryCodeReplaced {}
        | Act::KeyReplaced {}
        | Act::ClockAcknowledged {} => {}
    }
    Ok(said)
}
