//! What kind of entry it is to the check: about a subject, of the site itself, or of no lasting effect.

use study::act::Act;

/// To whom what an entry brings about belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Concern<'a> {
    /// Rows of this subject, and of no other.
    Subject(&'a str),
    /// A query or a signature: about a subject, but found by its own name among those of all.
    Named,
    /// The site: people, logs, studies, redactions, parcels. These are few, and every check reads them.
    Site,
    /// Nothing that lasts.
    Nothing,
}

/// Names of the acts that are [`Concern::Named`]. What they are about is found by folding, and may come later than they.
pub(super) const NAMED: [&str; 5] = [
    "query_opened",
    "query_answered",
    "query_closed",
    "query_reopened",
    "signed",
];

pub(super) fn concern(act: &Act) -> Concern<'_> {
    match act {
        Act::QueryOpened { .. }
        | Act::QueryAnswered { .. }
        | Act::QueryClosed { .. }
        | Act::QueryReopened { .. }
        | Act::Signed { .. } => Concern::Named,
        Act::SubjectAdded { .. }
        | Act::SubjectMoved { .. }
        | Act::ValueEntered { .. }
        | Act::RowRemoved { .. }
        | Act::FormCompleted { .. }
        | Act::FormReopened { .. }
        | Act::FindingRaised { .. }
        | Act::FindingClosed { .. }
        | Act::FindingExplained { .. }
        | Act::Verified { .. }
        | Act::VerificationWithdrawn { .. }
        | Act::IdentityChecked { .. }
        | Act::Confirmed { .. } => act.subject().map_or(Concern::Site, Concern::Subject),
        Act::SiteCreated { .. }
        | Act::LogOpened { .. }
        | Act::StudyInstalled { .. }
        | Act::PersonAdded { .. }
        | Act::AccessGranted { .. }
        | Act::Delegated { .. }
        | Act::DelegationEnded { .. }
        | Act::TrainingRecorded { .. }
        | Act::PeopleConfirmed { .. }
        | Act::AttemptsSeen { .. }
        | Act::JournalReviewed { .. }
        | Act::DeclarationAccepted { .. }
        | Act::PersonDisabled { .. }
        | Act::BundleExported { .. }
        | Act::ClockAnomaly { .. }
        | Act::ClockAcknowledged {}
        | Act::RedactionAsked { .. }
        | Act::Redacted { .. }
        | Act::BundleImported { .. } => Concern::Site,
        Act::PasswordChanged { .. }
        | Act::AccessCardWritten { .. }
        | Act::AccessCardTaken { .. }
        | Act::CommandRefused { .. }
        | Act::RedactionDeclined { .. }
        | Act::Recovered { .. }
        | Act::RecoveryCodeReplaced {}
        | Act::KeyReplaced {}
        | Act::Agreed { .. }
        | Act::KeySheetSwitched { .. }
        | Act::KeySheetPrinted { .. }
        | Act::BackedUp { .. }
        | Act::LoggedIn { .. }
        | Act::Locked { .. }
        | Act::LoginFailed { .. }
        | Act::BundleRefused { .. }
        | Act::FormatRaised { .. } => Concern::Nothing,
    }
}

/// Whether an act says something of logs, which every fold has to know.
pub(super) fn of_logs(act: &Act) -> bool {
    matches!(
        act,
        Act::SiteCreated { .. } | Act::LogOpened { .. } | Act::BundleImported { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        desk::Desk,
        tests::{lively, signed},
    };

    #[test]
    fn the_names_are_those_of_the_acts() {
        let mut desk = Desk::new();
        let (file, session) = {
            lively(&mut desk).close().unwrap();
            desk.unlock("nurse").unwrap()
        };
        let query = || "q-1".to_owned();
        let acts = [
            Act::QueryOpened {
                query: query(),
                path: "S-001/SCR/DM/DM.MAIN/DM.SEX".parse().unwrap(),
                text: "Sure?".into(),
                version: 1,
            },
            Act::QueryAnswered {
                query: query(),
                text: "Yes.".into(),
            },
            Act::QueryClosed {
                query: query(),
                text: None,
            },
            Act::QueryReopened {
                query: query(),
                text: "Why?".into(),
            },
            signed(&mut desk, &file, &session),
        ];
        let named = acts.map(|act| {
            assert_eq!(concern(&act), Concern::Named);
            serde_json::to_value(&act).unwrap()["type"].as_str().unwrap().to_owned()
        });
        assert_eq!(named, NAMED);
    }
}
