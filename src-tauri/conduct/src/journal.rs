//! The journal read aloud, and the whole file checked.

use store::EntryFilter;
use study::act::{Act, Actor, EntryRef};

use crate::{
    desk::Desk,
    editions::version_of,
    requests::{Audit, CheckAgainst, CheckFile},
    trouble::{Outcome, Trouble},
    views::{AuditEntryView, AuditView, CheckFindingView, CheckView},
};

/// Entries on one page of the journal.
const PAGE: u32 = 200;

impl Desk {
    pub(crate) fn audit(&mut self, asked: Audit) -> Outcome<AuditView> {
        let sitting = self.sitting()?;
        let logs = sitting.file.logs()?;
        // Where several wrote, each line says on which computer.
        let device = |log: &str| {
            let row = logs.iter().find(|row| row.log == log).filter(|_| logs.len() > 1)?;
            Some(if row.home {
                row.device.clone()
            } else {
                format!("{} ({})", row.device, row.site)
            })
        };
        let filter = EntryFilter {
            actor: asked.person.map(Actor::from),
            subject: asked.subject,
            past: asked.before,
            newest_first: true,
            limit: PAGE + 1,
            ..EntryFilter::default()
        };
        let mut rows = sitting.file.entries(&filter)?;
        let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let more = rows.len() > page;
        rows.truncate(page);
        let mut entries = Vec::new();
        for row in rows {
            let head = sitting
                .file
                .entries_raw(&row.log, row.seq, 1)?
                .first()
                .map(|raw| raw.head.to_string()[..16].to_owned())
                .unwrap_or_default();
            let Some(body) = row.body else { continue };
            let mut said = aloud(&body.act)?;
            let asked = said
                .query
                .as_deref()
                .map(|query| sitting.file.query(query))
                .transpose()?
                .flatten();
            let about = asked.as_ref().map(|row| row.path.form.subject.clone());
            said.path = asked.map(|row| row.path.to_string()).or(said.path);
            entries.push(AuditEntryView {
                device: device(&row.log),
                log: row.log,
                seq: row.seq,
                by: sitting.names.printed(&body.actor),
                role: body.role,
                when: body.moment,
                subject: body.act.subject().map(str::to_owned).or(about),
                act: said.act,
                path: said.path,
                old: said.old,
                new: said.new,
                text: said.text,
                reason: body.reason.map(|reason| (reason.code, reason.text)),
                head,
                study: version_of(&body.study).to_owned(),
                redacted: row.redacted,
            });
        }
        Ok(AuditView { entries, more })
    }

    pub(crate) fn check_file(&mut self, _: CheckFile) -> Outcome<CheckView> {
        Ok(check_view(store::check(&self.sitting()?.file, &mut |_, _, _| {})?))
    }

    pub(crate) fn check_against(&mut self, asked: CheckAgainst) -> Outcome<CheckView> {
        let mut bundles = Vec::with_capacity(asked.handles.len());
        for handle in asked.handles {
            let (verified, contents, _) = self.opened_bundle(handle, None)?;
            bundles.push((verified, contents));
        }
        let file = &self.sitting()?.file;
        let mut report = store::check(file, &mut |_, _, _| {})?;
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

fn check_view(report: store::Report) -> CheckView {
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
struct Aloud {
    act: String,
    path: Option<String>,
    old: Option<study::value::Value>,
    new: Option<study::value::Value>,
    text: Option<String>,
    /// The query an answer belongs to: its item is the item of the answer.
    query: Option<String>,
}

fn places<'e>(entries: impl Iterator<Item = &'e EntryRef>) -> String {
    let all: Vec<String> = entries.map(|at| format!("{} #{}", at.log, at.seq)).collect();
    all.join(", ")
}

/// An act in the parts that a line of the journal has.
fn aloud(act: &Act) -> Outcome<Aloud> {
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
        Act::LoggedIn { device, .. } => said.text = Some(device.clone()),
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
