//! Signals that an entry is by itself, or several of one kind together: access, redaction, the clock, wrong passwords.

use std::collections::BTreeMap;

use study::act::{Act, Actor, EntryRef};

use super::{Signal, Stretch, TRIES, hours::local_day};
use crate::{attempts::tried, sign::signature_holds, trouble::Outcome};

/// The kind of signal that an act is whoever did it; none for the daily round.
fn by_itself(act: &Act) -> Option<&'static str> {
    match act {
        Act::ClockAnomaly { .. } => Some("clock"),
        Act::RedactionAsked { .. } | Act::RedactionDeclined { .. } | Act::Redacted { .. } => Some("redaction"),
        Act::BundleRefused { .. } => Some("import_refused"),
        Act::PersonAdded { .. }
        | Act::AccessGranted { .. }
        | Act::AccessCardWritten { .. }
        | Act::AccessCardTaken { .. }
        | Act::Recovered { .. }
        | Act::RecoveryCodeReplaced {}
        | Act::KeyReplaced {}
        | Act::KeySheetSwitched { .. }
        | Act::KeySheetPrinted { .. } => Some("access"),
        Act::LogOpened { continues, .. } => continues.is_some().then_some("access"),
        Act::SiteCreated { .. }
        | Act::StudyInstalled { .. }
        | Act::Delegated { .. }
        | Act::DelegationEnded { .. }
        | Act::TrainingRecorded { .. }
        | Act::PeopleConfirmed { .. }
        | Act::CommandRefused { .. }
        | Act::AttemptsSeen { .. }
        | Act::JournalReviewed { .. }
        | Act::DeclarationAccepted { .. }
        | Act::PersonDisabled { .. }
        | Act::PasswordChanged { .. }
        | Act::Agreed { .. }
        | Act::BackedUp { .. }
        | Act::LoggedIn { .. }
        | Act::Locked { .. }
        | Act::LoginFailed { .. }
        | Act::SubjectAdded { .. }
        | Act::SubjectMoved { .. }
        | Act::ValueEntered { .. }
        | Act::RowRemoved { .. }
        | Act::FormCompleted { .. }
        | Act::FormReopened { .. }
        | Act::FindingRaised { .. }
        | Act::FindingClosed { .. }
        | Act::FindingExplained { .. }
        | Act::QueryOpened { .. }
        | Act::QueryAnswered { .. }
        | Act::QueryClosed { .. }
        | Act::QueryReopened { .. }
        | Act::Verified { .. }
        | Act::VerificationWithdrawn { .. }
        | Act::IdentityChecked { .. }
        | Act::Confirmed { .. }
        | Act::Signed { .. }
        | Act::BundleExported { .. }
        | Act::ClockAcknowledged {}
        | Act::BundleImported { .. }
        | Act::FormatRaised { .. } => None,
    }
}

pub(super) fn signals(stretch: &Stretch<'_>) -> Outcome<Vec<Signal>> {
    let mut all = Vec::new();
    let mut tries: BTreeMap<(&str, &str, String), (usize, Vec<EntryRef>)> = BTreeMap::new();
    let mut refused: BTreeMap<&str, Vec<EntryRef>> = BTreeMap::new();
    let mut access: BTreeMap<(String, String), Vec<EntryRef>> = BTreeMap::new();
    for entry in &stretch.read {
        match by_itself(&entry.body.act) {
            None => {}
            // Whoever sets up a site adds many in one sitting: one signal for each person and day.
            Some("access") => {
                let day = local_day(&entry.body.moment).unwrap_or_default();
                let by = String::from(entry.body.actor.clone());
                access.entry((day, by)).or_default().push(entry.at.clone());
            }
            Some(kind) => {
                let mut signal = Signal::new(kind, vec![entry.at.clone()]);
                signal.by = Some(entry.body.actor.clone());
                all.push(signal);
            }
        }
        if let Act::LoginFailed { login, at } = &entry.body.act {
            let day = local_day(&entry.body.moment).unwrap_or_default();
            // Whoever has the sheet or the code needs no second try.
            let (kind, least) = match tried(login, at) {
                "password" => ("wrong_passwords", TRIES),
                "name" => ("wrong_names", TRIES),
                _ => ("wrong_codes", 1),
            };
            let (_, entries) = tries.entry((kind, login, day)).or_insert((least, Vec::new()));
            entries.push(entry.at.clone());
        }
        if let Act::CommandRefused { person, .. } = &entry.body.act {
            refused.entry(person).or_default().push(entry.at.clone());
        }
        if matches!(entry.body.act, Act::Signed { .. }) && !signature_holds(stretch.desk, &entry.at)? {
            let mut signal = Signal::new("signature_invalid", vec![entry.at.clone()]);
            signal.by = Some(entry.body.actor.clone());
            all.push(signal);
        }
    }
    let many = tries
        .into_iter()
        .filter(|(_, (least, entries))| entries.len() >= *least);
    for ((kind, login, day), (_, entries)) in many {
        let mut signal = Signal::new(kind, entries);
        signal.facts = vec![
            ("login", login.to_owned()),
            ("tries", signal.entries.len().to_string()),
            ("day", day),
        ];
        all.push(signal);
    }
    for ((day, by), entries) in access {
        let mut signal = Signal::new("access", entries);
        signal.by = Some(Actor::from(by));
        signal.facts = vec![("day", day)];
        all.push(signal);
    }
    for (person, entries) in refused {
        let mut signal = Signal::new("command_refused", entries);
        signal.by = Some(Actor::Person(person.to_owned()));
        signal.facts = vec![("commands", signal.entries.len().to_string())];
        all.push(signal);
    }
    Ok(all)
}
