//! The journal read aloud, what is conspicuous in it, who reviewed it; attempts; training.

use serde::{Deserialize, Serialize};
use study::{
    act::{EntryRef, Moment, Role, Stretch},
    path::SubjectCode,
    value::Value,
};
use ts_rs::TS;

use super::{RedactedByView, views};

views! {
    /// The journal read aloud.
    AuditView {
        /// Newest first.
        entries: Vec<AuditEntryView>,
        /// More before the last one.
        more: bool,
    }
    /// One entry.
    AuditEntryView {
        /// Computer that wrote it, with the code of another site or reviewer; none while one computer writes in the file.
        device: Option<String>,
        /// Log.
        log: String,
        /// Number.
        seq: u64,
        /// When.
        when: Moment,
        /// Printed name; none for the device.
        by: Option<String>,
        /// Role.
        role: Option<Role>,
        /// Act; words are `act_<act>`.
        act: String,
        /// Subject, if it is about one.
        subject: Option<SubjectCode>,
        /// Item or form, if it is about one.
        path: Option<String>,
        /// Old and new value, for values.
        old: Option<Value>,
        /// New.
        new: Option<Value>,
        /// Text said (query, declaration), printed name of a person added, bundle …
        text: Option<String>,
        /// Reason: code and text.
        reason: Option<(String, Option<String>)>,
        /// First 16 hex digits of the head after it.
        head: String,
        /// Study version that it was done under.
        study: String,
        /// What somebody typed was taken out by two persons.
        redacted: bool,
        /// By whom, when, why.
        redaction: Option<RedactedByView>,
        /// It holds something that somebody typed, of this file: it can be asked that this goes.
        redactable: bool,
    }
    /// What is conspicuous in a stretch of the journal, and what was reviewed before.
    SignalsView {
        /// What was read, log by log; logs with nothing new are absent.
        stretches: Vec<StretchView>,
        /// Entries read.
        entries: u64,
        /// Entries after them that were not read.
        left: u64,
        /// What is conspicuous, the weightiest first.
        signals: Vec<SignalView>,
        /// Every kind of signal with its thresholds, found or not.
        rules: Vec<SignalRuleView>,
        /// Reviews so far, newest first.
        reviews: Vec<JournalReviewView>,
        /// Whose reviews count for where this one begins; none: everybody's.
        counted: Option<Role>,
        /// Why the person here cannot sign a review off now (refusal code), if so.
        blocked: Option<String>,
    }
    /// Entries of one log that follow one another.
    StretchView {
        /// Which.
        stretch: Stretch,
        /// Name of the device that wrote it.
        device: String,
        /// When the first was made.
        first: Moment,
        /// When the last was made.
        last: Moment,
    }
    /// Something conspicuous.
    SignalView {
        /// Kind; words are `signal_<kind>` and `signal_why_<kind>`.
        kind: String,
        /// Printed name of who did it, if one person did.
        by: Option<String>,
        /// Subject, if it is about one.
        subject: Option<SubjectCode>,
        /// Item or form, if it is about one.
        path: Option<String>,
        /// Facts for the words `signal_found_<kind>`.
        facts: Vec<(String, String)>,
        /// The entries that it rests on, in their order.
        entries: Vec<EntryRef>,
    }
    /// A kind of signal and when it speaks.
    SignalRuleView {
        /// Kind.
        kind: String,
        /// Thresholds by name.
        thresholds: Vec<(String, String)>,
    }
    /// A review signed off.
    JournalReviewView {
        /// Its own entry.
        at: EntryRef,
        /// When.
        when: Moment,
        /// Printed name.
        by: String,
        /// Role.
        role: Option<Role>,
        /// What was looked at.
        stretches: Vec<Stretch>,
        /// Entries in it.
        entries: u64,
        /// What was shown as conspicuous: kind and how many.
        signals: Vec<(String, u64)>,
        /// In the person's own words.
        remark: Option<String>,
    }
    /// Wrong passwords and refused commands that no administrator has looked at.
    AttemptsView {
        /// Wrong passwords by log-in name.
        wrong: Vec<WrongPasswordsView>,
        /// Commands refused, by person.
        refused: Vec<RefusedCommandsView>,
        /// The entries, oldest first.
        entries: Vec<EntryRef>,
        /// Up to which entry of each log was looked.
        upto: Vec<EntryRef>,
    }
    /// Wrong passwords given at one name; or names, recovery codes or key sheets that are none.
    WrongPasswordsView {
        /// `password`, `name` (nobody has it), `recovery` or `sheet`.
        what: String,
        /// Log-in name; empty where it is no password of somebody.
        login: String,
        /// Printed name, if somebody has that name.
        printed_name: Option<String>,
        /// How many.
        tries: u32,
        /// Of them, at a signature or as a second person.
        at_signing: u32,
        /// The first.
        first: Moment,
        /// The last.
        last: Moment,
    }
    /// Commands that one person's role may not use.
    RefusedCommandsView {
        /// Printed name.
        by: String,
        /// Commands, as the table of rights names them.
        commands: Vec<String>,
        /// The last.
        last: Moment,
    }
    /// A training recorded.
    TrainingView {
        /// Role trained for.
        role: Role,
        /// In what.
        topic: String,
        /// The day, ISO.
        on: String,
        /// When it was written down.
        recorded: Moment,
        /// By whom (printed name).
        recorded_by: String,
    }
}
