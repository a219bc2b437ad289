//! What is asked when somebody looks after the file: the journal read aloud and reviewed, attempts, training, the people.

use serde::{Deserialize, Serialize};
use study::{
    act::{EntryRef, Stretch},
    path::SubjectCode,
};
use ts_rs::TS;

/// What acts are about, for filtering the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum ActsAbout {
    /// Values, rows, forms, subjects.
    Records,
    /// What rules said of them.
    Findings,
    /// Questions and answers.
    Queries,
    /// Signed, verified, confirmed, reviewed.
    Attestations,
    /// Who may do what.
    People,
    /// Log-ins, locks, wrong passwords, what was refused.
    Sittings,
    /// Bundles, backups, keys, devices, the clock.
    File,
}

requests! {
    /// The journal read aloud.
    #[derive(Default)]
    Audit {
        /// Only about this subject.
        subject: Option<SubjectCode>,
        /// Only by this person.
        person: Option<String>,
        /// Only at this item or form.
        path: Option<String>,
        /// Only acts about this.
        about: Option<ActsAbout>,
        /// Only of this civil day here, ISO.
        day: Option<String>,
        /// Exactly these entries, whatever else is asked; none: all.
        only: Vec<EntryRef>,
        /// Only entries before this one.
        before: Option<EntryRef>,
    }
    /// What is conspicuous in the journal since the last review.
    Signals {
        /// From the beginning, not from the last review on.
        everything: bool,
        /// Go on after these entries, one for each log read so far.
        past: Vec<EntryRef>,
    }
    /// Sign off a review of a stretch of the journal.
    ReviewJournal {
        /// What was looked at, log by log.
        stretches: Vec<Stretch>,
        /// A remark.
        remark: Option<String>,
        /// The reviewer's own password.
        password: String,
    }
    /// The wrong passwords and refused commands were looked at.
    AcknowledgeAttempts {}
    /// Somebody was trained for the role.
    RecordTraining {
        /// Permanent identifier.
        person: String,
        /// In what, as the certificate says it.
        topic: String,
        /// The day, ISO.
        on: String,
    }
    /// Everybody who may log in still works here.
    ConfirmPeople {
        /// Permanent identifiers of those who may log in, as shown.
        people: Vec<String>,
        /// The administrator's password.
        password: String,
    }
}
