//! Whose act it is: values are the site's, verification is the monitor's, questions are everybody's.
//!
//! What a file of one kind holds in its own log although it is another's has no effect anywhere and is refused on import.

use crate::act::{Act, FileKind, Remains};

impl Act {
    /// Whether a file of that kind may hold it in a log of its own.
    #[must_use]
    pub fn belongs_in(&self, kind: FileKind) -> bool {
        match self {
            Self::SubjectAdded { .. }
            | Self::SubjectMoved { .. }
            | Self::ValueEntered { .. }
            | Self::RowRemoved { .. }
            | Self::FormCompleted { .. }
            | Self::FormReopened { .. }
            | Self::FindingRaised { .. }
            | Self::FindingClosed { .. }
            | Self::FindingExplained { .. }
            | Self::QueryAnswered { .. }
            | Self::IdentityChecked { .. }
            | Self::Confirmed { .. }
            | Self::Signed { .. }
            | Self::Delegated { .. }
            | Self::DelegationEnded { .. } => kind == FileKind::Site,
            Self::Verified { .. } | Self::VerificationWithdrawn { .. } => kind != FileKind::Sponsor,
            Self::QueryOpened { .. }
            | Self::QueryClosed { .. }
            | Self::QueryReopened { .. }
            | Self::SiteCreated { .. }
            | Self::LogOpened { .. }
            | Self::StudyInstalled { .. }
            | Self::PersonAdded { .. }
            | Self::DeclarationAccepted { .. }
            | Self::PersonDisabled { .. }
            | Self::PasswordChanged { .. }
            | Self::AccessCardWritten { .. }
            | Self::AccessCardTaken { .. }
            | Self::Recovered { .. }
            | Self::RecoveryCodeReplaced {}
            | Self::KeyReplaced {}
            | Self::LoggedIn { .. }
            | Self::Locked { .. }
            | Self::LoginFailed { .. }
            | Self::BundleExported { .. }
            | Self::ClockAnomaly { .. }
            | Self::ClockAcknowledged {}
            | Self::RedactionAsked { .. }
            | Self::Redacted { .. }
            | Self::RedactionDeclined { .. }
            | Self::BundleImported { .. }
            | Self::BundleRefused { .. }
            | Self::FormatRaised { .. }
            | Self::AccessGranted { .. }
            | Self::TrainingRecorded { .. }
            | Self::PeopleConfirmed { .. }
            | Self::CommandRefused { .. }
            | Self::AttemptsSeen { .. }
            | Self::JournalReviewed { .. }
            | Self::Agreed { .. }
            | Self::BackedUp { .. }
            | Self::KeySheetSwitched { .. }
            | Self::KeySheetPrinted { .. } => true,
        }
    }

    /// The act without what somebody typed; `None` for acts that hold nothing of the kind or on which others rest.
    #[must_use]
    pub fn without_words(&self) -> Option<Self> {
        let gone = String::new();
        let bare = match self.clone() {
            Self::ValueEntered { path, by_hand, .. } => Self::ValueEntered {
                path,
                value: None,
                old: None,
                by_hand,
            },
            Self::QueryOpened {
                query, path, version, ..
            } => Self::QueryOpened {
                query,
                path,
                text: gone,
                version,
            },
            Self::FindingExplained { path, check, .. } => Self::FindingExplained {
                path,
                check,
                text: gone,
            },
            Self::QueryAnswered { query, .. } => Self::QueryAnswered { query, text: gone },
            Self::QueryClosed { query, .. } => Self::QueryClosed { query, text: None },
            Self::QueryReopened { query, .. } => Self::QueryReopened { query, text: gone },
            Self::JournalReviewed { stretches, signals, .. } => Self::JournalReviewed {
                stretches,
                signals,
                remark: None,
            },
            // Only the reason is words here; it goes with the body.
            same @ (Self::SubjectMoved { .. }
            | Self::RowRemoved { .. }
            | Self::FormReopened { .. }
            | Self::VerificationWithdrawn { .. }
            | Self::RedactionAsked { .. }) => same,
            Self::SiteCreated { .. }
            | Self::LogOpened { .. }
            | Self::StudyInstalled { .. }
            | Self::PersonAdded { .. }
            | Self::DeclarationAccepted { .. }
            | Self::PersonDisabled { .. }
            | Self::PasswordChanged { .. }
            | Self::AccessCardWritten { .. }
            | Self::AccessCardTaken { .. }
            | Self::Recovered { .. }
            | Self::RecoveryCodeReplaced {}
            | Self::KeyReplaced {}
            | Self::LoggedIn { .. }
            | Self::Locked { .. }
            | Self::LoginFailed { .. }
            | Self::SubjectAdded { .. }
            | Self::FormCompleted { .. }
            | Self::FindingRaised { .. }
            | Self::FindingClosed { .. }
            | Self::Verified { .. }
            | Self::IdentityChecked { .. }
            | Self::Confirmed { .. }
            | Self::Signed { .. }
            | Self::BundleExported { .. }
            | Self::ClockAnomaly { .. }
            | Self::ClockAcknowledged {}
            | Self::Redacted { .. }
            | Self::RedactionDeclined { .. }
            | Self::BundleImported { .. }
            | Self::BundleRefused { .. }
            | Self::FormatRaised { .. }
            | Self::AccessGranted { .. }
            | Self::TrainingRecorded { .. }
            | Self::PeopleConfirmed { .. }
            | Self::CommandRefused { .. }
            | Self::AttemptsSeen { .. }
            | Self::Agreed { .. }
            | Self::BackedUp { .. }
            | Self::Delegated { .. }
            | Self::DelegationEnded { .. }
            | Self::KeySheetSwitched { .. }
            | Self::KeySheetPrinted { .. } => return None,
        };
        Some(bare)
    }
}

impl Remains {
    /// Whether it says nothing but what an act without words says.
    #[must_use]
    pub fn bare(&self) -> bool {
        let reason = self.body.reason.as_ref().is_none_or(|reason| reason.text.is_none());
        reason && self.body.act.without_words().as_ref() == Some(&self.body.act)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn act(json: &str) -> Act {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn values_are_the_sites_and_questions_everybodys() {
        let value = act(r#"{"type":"value_entered","path":"S-001/SCR/DM/G/A","value":{"type":"text","text":"x"}}"#);
        let query = act(r#"{"type":"query_closed","query":"q-1"}"#);
        let verified = act(r#"{"type":"verified","path":"S-001/SCR/DM/G/A","version":1}"#);
        let held = |act: &Act| [FileKind::Site, FileKind::Monitor, FileKind::Sponsor].map(|kind| act.belongs_in(kind));
        assert_eq!(held(&value), [true, false, false]);
        assert_eq!(held(&query), [true, true, true]);
        assert_eq!(held(&verified), [true, true, false]);
    }

    #[test]
    fn what_remains_of_an_act_has_no_words_in_it() {
        for (json, secret) in [
            (
                r#"{"type":"value_entered","path":"S-001/SCR/DM/G/A","value":{"type":"text","text":"SECRET"},"old":{"type":"text","text":"SECRET"}}"#,
                true,
            ),
            (
                r#"{"type":"query_opened","query":"q-1","path":"S-001/SCR/DM/G/A","text":"SECRET","version":1}"#,
                true,
            ),
            (r#"{"type":"query_answered","query":"q-1","text":"SECRET"}"#, true),
            (
                r#"{"type":"finding_explained","path":"S-001/SCR/DM/G/A","check":"C-1","text":"SECRET"}"#,
                true,
            ),
            (r#"{"type":"query_closed","query":"q-1","text":"SECRET"}"#, true),
            (r#"{"type":"query_reopened","query":"q-1","text":"SECRET"}"#, true),
            (
                r#"{"type":"journal_reviewed","stretches":[{"log":"l-1","from":1,"upto":9}],"signals":[["odd_hours",2]],"remark":"SECRET"}"#,
                true,
            ),
            (r#"{"type":"subject_added","subject":"S-001"}"#, false),
        ] {
            let bare = act(json).without_words();
            assert_eq!(bare.is_some(), secret, "{json}");
            let Some(bare) = bare else { continue };
            assert!(!serde_json::to_string(&bare).unwrap().contains("SECRET"), "{json}");
            assert_eq!(bare.without_words(), Some(bare.clone()));
        }
    }
}
