//! Everything a person or a device can do, as the journal keeps it.
//!
//! One [`Body`] is the content of one entry. It is written as canonical JSON (RFC 8785), so every field here is part of
//! the format: fields are added, never renamed. What is absent is not written.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    def::Severity,
    findings::FindingKind,
    path::{FormPath, ItemPath, Oid, SubjectCode},
    value::Value,
};

/// Version of the entry format.
pub const FORMAT: u32 = 1;

/// A person's permanent identifier, unique in the file and never used again (`p-` and 16 hex digits).
pub type PersonId = String;
/// A log's identifier: `l-` and 16 hex digits, one per device and file.
pub type LogId = String;
/// Identifier of a query, a signature, a bundle: prefix letter, hyphen, 16 hex digits.
pub type ThingId = String;

/// What a person may be in this trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Enters values, completes forms, answers queries.
    Nurse,
    /// As the investigator, where delegated; does not sign the casebook.
    SubInvestigator,
    /// Confirms, signs, exports.
    Investigator,
    /// Raises queries, freezes and locks.
    DataManager,
    /// Verifies against source, raises and closes queries.
    Monitor,
    /// Reads everything, changes nothing.
    Auditor,
    /// Adds people and devices; enters no clinical value.
    Administrator,
}

/// Who acted: a person, or the device itself when nobody is logged in (`device`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export, type = "string")]
#[serde(from = "String", into = "String")]
pub enum Actor {
    /// A person.
    Person(PersonId),
    /// The device that owns the log.
    Device,
}

impl From<String> for Actor {
    fn from(text: String) -> Self {
        if text == "device" {
            Self::Device
        } else {
            Self::Person(text)
        }
    }
}
impl From<Actor> for String {
    fn from(actor: Actor) -> Self {
        match actor {
            Actor::Person(person) => person,
            Actor::Device => "device".into(),
        }
    }
}

/// An entry elsewhere in the journal that this one rests on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(deny_unknown_fields)]
pub struct EntryRef {
    /// The log.
    pub log: LogId,
    /// Its number there, from 1.
    pub seq: u64,
}

/// What a log lacks before the entries that wait can be applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// The log.
    pub log: LogId,
    /// First number that is not here.
    pub from: u64,
    /// Last.
    pub to: u64,
    /// Entries that wait for it.
    pub waiting: u64,
}

/// Entries of one log that follow one another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// The log.
    pub log: LogId,
    /// First number.
    pub from: u64,
    /// Last number.
    pub upto: u64,
}

/// Why a value changed: a code of the study's list of reasons, or `other` with text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Code of the list (`transcription`, `source_corrected`, `query`, `other` …).
    pub code: String,
    /// In the person's own words; required with `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub text: Option<String>,
}

/// When, as the device's clock said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// UTC, `YYYY-MM-DDThh:mm:ss.sssZ`.
    pub at: String,
    /// The device's offset from UTC at that time, `+08:00`.
    pub offset: String,
}

/// The content of one entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// [`FORMAT`].
    pub v: u32,
    /// Who.
    pub actor: Actor,
    /// In which role; absent for the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// What.
    pub act: Act,
    /// Why, where a reason is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// When.
    pub moment: Moment,
    /// Study and version in force, `OID@version`.
    pub study: String,
    /// Version of the criteria in force.
    pub criteria: String,
    /// Entries this one rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refs: Vec<EntryRef>,
}

/// Purpose of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// An infusion site's own records.
    Site,
    /// A monitor's reviews, with replicas of sites.
    Monitor,
    /// A sponsor's replicas of sites.
    Sponsor,
}

/// One identifier at the bedside, compared by one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(deny_unknown_fields)]
pub struct IdentifierCheck {
    /// `name`, `mrn`, `birth_date`, `coi`, `lot`.
    pub identifier: String,
    /// What the comparison said.
    pub outcome: IdentifierOutcome,
    /// The identifier itself, kept for `coi` and `lot` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub value: Option<String>,
}

/// Outcome of comparing one identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum IdentifierOutcome {
    /// Same on patient and bag.
    Agreed,
    /// Different.
    NotAgreed,
    /// Absent on one of them.
    NotPresent,
}

/// A record a signature covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(deny_unknown_fields)]
pub struct SignedRecord {
    /// Path of the form, or `ELIG/<subject>` for an eligibility verdict.
    pub id: String,
    /// Number of entries that made it what it is.
    pub version: u64,
    /// SHA-256 of its canonical content, hex.
    pub sha256: String,
}

/// What a person attests, in full. Signed on its own under `cartwright-esig-v1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// `cartwright-esig-v1`.
    pub format: String,
    /// Identifier of the signature.
    pub id: ThingId,
    /// The meaning in words, as shown when signing.
    pub meaning: String,
    /// `eligibility`, `casebook`, `identity`.
    pub meaning_code: String,
    /// Printed name at the time of signing.
    pub printed_name: String,
    /// Role signed in.
    pub role: Role,
    /// Who.
    pub person: PersonId,
    /// Log-in name at the time of signing.
    pub login: String,
    /// When.
    pub moment: Moment,
    /// The file's identifier.
    pub store: String,
    /// Study and version, `OID@version`.
    pub study: String,
    /// Log, number and head that the signer saw.
    pub log: LogId,
    /// Last entry of that log when signing.
    pub seq: u64,
    /// Head after that entry, hex.
    pub head: String,
    /// What is covered.
    pub records: Vec<SignedRecord>,
}

/// A derivation that becomes a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// What is confirmed: `eligibility`, `response`, `grade`.
    pub kind: String,
    /// Path of the derived item, or `ELIG/<subject>`.
    pub about: String,
    /// The result as derived (code: `eligible`, `CRi`, `2` …).
    pub derived: String,
    /// The person's own assessment where it differs; always with a reason on the entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub own: Option<String>,
    /// Result and reasons in full, as JSON made by the core.
    #[ts(type = "unknown")]
    pub detail: serde_json::Value,
}

/// Everything a person or device can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// The first entry of every file.
    SiteCreated {
        /// Purpose.
        kind: FileKind,
        /// The file's identifier (UUID), the same as in its header.
        store: String,
        /// Code of the site, `012`.
        site: String,
        /// Name of the site.
        name: String,
        /// Study OID.
        study: Oid,
        /// The site's signing key, OpenSSH one-liner.
        key: String,
        /// The site's age recipient.
        recipient: String,
        /// Made-up subjects for practice and tests; shown on every screen.
        synthetic: bool,
    },
    /// A device began a log.
    LogOpened {
        /// The log.
        log: LogId,
        /// Label of the device.
        device: String,
        /// The device's signing key, OpenSSH one-liner.
        key: String,
        /// The log and head it continues, when a copied or restored file is continued here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        continues: Option<(EntryRef, String)>,
        /// A second device: the log that it continues goes on as well, on its own device.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        beside: bool,
    },
    /// A study version came into force.
    StudyInstalled {
        /// Study OID.
        study: Oid,
        /// Version.
        version: String,
        /// SHA-256 of the definition, hex.
        sha256: String,
    },
    /// A person was added.
    PersonAdded {
        /// Permanent identifier.
        person: PersonId,
        /// Log-in name, unique, never used again.
        login: String,
        /// Name as printed in signatures.
        printed_name: String,
        /// Role.
        role: Role,
        /// Public signing key, OpenSSH one-liner.
        key: String,
        /// Public sealing key, X25519, hex.
        sealing: String,
        /// How the identity was verified (§11.100(b)).
        identity_verified: String,
    },
    /// A person may log in until a moment; after it, not without another grant.
    AccessGranted {
        /// Who.
        person: PersonId,
        /// UTC, `YYYY-MM-DDThh:mm:ss.sssZ`.
        until: String,
    },
    /// The investigator hands duties to a person.
    Delegated {
        /// Identifier.
        delegation: ThingId,
        /// To whom.
        to: PersonId,
        /// Which, by code (`consent`, `infusion` …).
        duties: Vec<String>,
        /// First day, ISO.
        from: String,
        /// Last day, ISO; none: until ended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<String>,
    },
    /// Somebody was trained for the role.
    TrainingRecorded {
        /// Who.
        person: PersonId,
        /// The role trained for.
        role: Role,
        /// In what, as the certificate says it.
        topic: String,
        /// The day, ISO.
        on: String,
    },
    /// An administrator went over everybody who may log in: these still work here.
    PeopleConfirmed {
        /// Who may log in.
        people: Vec<PersonId>,
    },
    /// A person logged in asked for what the role may not do. The device notes it, once for each command of a sitting.
    CommandRefused {
        /// Who.
        person: PersonId,
        /// The command.
        command: String,
    },
    /// An administrator looked at the wrong passwords and refused commands so far.
    AttemptsSeen {
        /// Up to which entry of each log of this file.
        upto: Vec<EntryRef>,
    },
    /// A person went over a stretch of the journal and what is conspicuous in it.
    JournalReviewed {
        /// From which entry to which, log by log.
        stretches: Vec<Stretch>,
        /// What was shown as conspicuous: kind of signal, and how many of it.
        signals: Vec<(String, u64)>,
        /// In the person's own words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remark: Option<String>,
    },
    /// Duties are taken back.
    DelegationEnded {
        /// Identifier.
        delegation: ThingId,
    },
    /// A person accepted that the signature is binding (§11.100(c)).
    DeclarationAccepted {
        /// The text accepted, as shown.
        text: String,
    },
    /// A person may not log in any more.
    PersonDisabled {
        /// Who.
        person: PersonId,
    },
    /// A person has a new password; the keys stay.
    PasswordChanged {
        /// Who.
        person: PersonId,
    },
    /// A person's way in was written as a card, for another device of this file.
    AccessCardWritten {
        /// Whose.
        person: PersonId,
        /// SHA-256 of the card, hex.
        card: String,
    },
    /// A card from another device was taken in: the person logs in here with the password on it.
    AccessCardTaken {
        /// Whose.
        person: PersonId,
        /// SHA-256 of the card, hex.
        card: String,
        /// The entry that set the password.
        password: EntryRef,
    },
    /// The recovery code, or the key sheet, opened the file.
    Recovered {
        /// It was the key sheet.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        by_key_sheet: bool,
    },
    /// The recovery code was replaced.
    RecoveryCodeReplaced {},
    /// The file was written anew under another key, sealed to those who may open it.
    KeyReplaced {},
    /// The second person of a two-person act agrees to it.
    Agreed {
        /// The act: `key_sheet`.
        to: String,
    },
    /// The key sheet may be printed, or may not any more.
    KeySheetSwitched {
        /// Whether it may.
        on: bool,
    },
    /// The key sheet was printed.
    KeySheetPrinted {
        /// Which key it holds: the check printed on it.
        check: String,
    },
    /// A verified backup was made.
    BackedUp {
        /// File name in the folder of backups.
        file: String,
        /// Nobody asked for it: it was made at locking.
        automatic: bool,
    },
    /// Somebody logged in.
    LoggedIn {
        /// Version of Cartwright.
        app: String,
        /// Device label.
        device: String,
    },
    /// Somebody locked the file, or idleness did.
    Locked {
        /// `person`, `idle`, `closed`, `suspend`, `switched`, `ended`.
        how: String,
    },
    /// Wrong password, recovery code or key sheet, by nobody known.
    LoginFailed {
        /// The log-in name tried. Empty when nobody has it, since what was typed may be a password; and where none is asked.
        login: String,
        /// `unlock`, `sign`, `recovery` (a wrong recovery code) or `sheet` (words that are not the file's key).
        at: String,
    },
    /// A subject was added.
    SubjectAdded {
        /// Code.
        subject: SubjectCode,
    },
    /// A subject moved from one study version to another; the entry's study is the one moved to.
    SubjectMoved {
        /// Code.
        subject: SubjectCode,
        /// Version so far.
        from: String,
        /// Version from now on.
        to: String,
    },
    /// A value was entered, changed or emptied.
    ValueEntered {
        /// Where.
        path: ItemPath,
        /// The value; absent when emptied.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<Value>,
        /// What stood there before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        old: Option<Value>,
        /// A scan field: typed by hand, not scanned.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        by_hand: bool,
    },
    /// A row of a repeating group was removed; its values stay in the journal.
    RowRemoved {
        /// Form.
        form: FormPath,
        /// Group.
        group: Oid,
        /// Row.
        row: u32,
    },
    /// The person responsible says that the form is complete.
    FormCompleted {
        /// Form.
        form: FormPath,
    },
    /// A completed form is worked on again.
    FormReopened {
        /// Form.
        form: FormPath,
    },
    /// A check spoke about a record, or spoke anew since what it rests on changed. The device notes it with the save that
    /// brought it about; the entry rests on the values in its `refs`.
    FindingRaised {
        /// Item that it is shown at.
        path: ItemPath,
        /// Identifier of the check, `RANGE`, `IDENTITY` or `CONDITION`.
        check: String,
        /// How much it weighs.
        severity: Severity,
        /// What kind of thing, with the bounds of a range.
        what: FindingKind,
    },
    /// A check that spoke is silent again. The device notes it with the save that mended the record.
    FindingClosed {
        /// Item that it was shown at.
        path: ItemPath,
        /// Identifier of the check.
        check: String,
    },
    /// Why a soft finding stands: it counts until what the finding rests on changes.
    FindingExplained {
        /// Item that it is shown at.
        path: ItemPath,
        /// Identifier of the check.
        check: String,
        /// Why.
        text: String,
    },
    /// A question about a value.
    QueryOpened {
        /// Identifier.
        query: ThingId,
        /// Item.
        path: ItemPath,
        /// The question.
        text: String,
        /// The item's version when asked (number of values entered).
        version: u64,
    },
    /// An answer.
    QueryAnswered {
        /// Identifier.
        query: ThingId,
        /// The answer.
        text: String,
    },
    /// The question is settled.
    QueryClosed {
        /// Identifier.
        query: ThingId,
        /// A remark.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// The answer did not settle it.
    QueryReopened {
        /// Identifier.
        query: ThingId,
        /// Why.
        text: String,
    },
    /// An item was compared with the source and agrees.
    Verified {
        /// Item.
        path: ItemPath,
        /// The item's version compared.
        version: u64,
    },
    /// A verification is taken back.
    VerificationWithdrawn {
        /// Item.
        path: ItemPath,
    },
    /// One of two people compared patient and bag.
    IdentityChecked {
        /// The infusion form.
        form: FormPath,
        /// Identifier by identifier.
        checks: Vec<IdentifierCheck>,
    },
    /// A derivation became a fact.
    Confirmed {
        /// What.
        confirmation: Confirmation,
    },
    /// An electronic signature.
    Signed {
        /// What was attested.
        statement: Statement,
        /// SSHSIG over the canonical statement, armoured.
        signature: String,
    },
    /// A signed parcel left the site.
    BundleExported {
        /// External identifier.
        bundle: String,
        /// Its number.
        number: u64,
        /// SHA-256 of the plain zip, hex.
        sha256: String,
        /// Recipients it was sealed for; empty when plain.
        sealed_for: Vec<String>,
        /// Up to which entry of each log.
        upto: Vec<EntryRef>,
    },
    /// The clock went back, or jumped.
    ClockAnomaly {
        /// Last moment in the journal.
        last: String,
        /// What the clock says now.
        now: String,
    },
    /// A person looked at the clock.
    ClockAcknowledged {},
    /// The first of two persons asks that entries give up what identifies somebody.
    RedactionAsked {
        /// Which.
        entries: Vec<EntryRef>,
    },
    /// The second agrees: bodies and salts are gone, leaves stay.
    Redacted {
        /// Where it was asked.
        asked: EntryRef,
        /// What is still said of each.
        remains: Vec<Remains>,
    },
    /// Another person does not agree, or who asked takes it back; the entries stay as they are.
    RedactionDeclined {
        /// Where it was asked.
        asked: EntryRef,
    },
    /// A parcel from elsewhere came in.
    BundleImported {
        /// External identifier.
        bundle: String,
        /// SHA-256 of the plain zip, hex.
        sha256: String,
        /// Code of the site that made it.
        from: String,
        /// The key that signed it, OpenSSH one-liner.
        key: String,
        /// How far each log in the file went afterwards.
        upto: Vec<EntryRef>,
        /// Entries that were new.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new: Option<u64>,
        /// What logs lacked then, before what waits could be applied.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        missing: Vec<Gap>,
    },
    /// A parcel was refused and kept: a log goes on in it in another way than here.
    BundleRefused {
        /// External identifier.
        bundle: String,
        /// SHA-256 of the plain zip, hex.
        sha256: String,
        /// Stable code of the reason.
        why: String,
        /// The entry that differs.
        at: EntryRef,
    },
    /// The file was written anew in a newer format.
    FormatRaised {
        /// Format before.
        from: u32,
        /// Format since.
        to: u32,
    },
}

/// What is still said of a redacted entry: who, when, which act on what; nothing that somebody typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remains {
    /// The entry.
    pub at: EntryRef,
    /// Its body without what was typed.
    pub body: Body,
}

impl Act {
    /// The subject the act is about, if it is about one.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::SubjectAdded { subject } | Self::SubjectMoved { subject, .. } => Some(subject),
            Self::ValueEntered { path, .. }
            | Self::FindingRaised { path, .. }
            | Self::FindingClosed { path, .. }
            | Self::FindingExplained { path, .. }
            | Self::QueryOpened { path, .. }
            | Self::Verified { path, .. }
            | Self::VerificationWithdrawn { path } => Some(&path.form.subject),
            Self::RowRemoved { form, .. }
            | Self::FormCompleted { form }
            | Self::FormReopened { form }
            | Self::IdentityChecked { form, .. } => Some(&form.subject),
            Self::Confirmed { confirmation } => confirmation
                .about
                .strip_prefix("ELIG/")
                .or_else(|| confirmation.about.split('/').next()),
            Self::SiteCreated { .. }
            | Self::LogOpened { .. }
            | Self::StudyInstalled { .. }
            | Self::PersonAdded { .. }
            | Self::AccessGranted { .. }
            | Self::Delegated { .. }
            | Self::DelegationEnded { .. }
            | Self::TrainingRecorded { .. }
            | Self::PeopleConfirmed { .. }
            | Self::CommandRefused { .. }
            | Self::AttemptsSeen { .. }
            | Self::JournalReviewed { .. }
            | Self::DeclarationAccepted { .. }
            | Self::PersonDisabled { .. }
            | Self::PasswordChanged { .. }
            | Self::AccessCardWritten { .. }
            | Self::AccessCardTaken { .. }
            | Self::Recovered { .. }
            | Self::Agreed { .. }
            | Self::KeySheetSwitched { .. }
            | Self::KeySheetPrinted { .. }
            | Self::RecoveryCodeReplaced {}
            | Self::KeyReplaced {}
            | Self::BackedUp { .. }
            | Self::LoggedIn { .. }
            | Self::Locked { .. }
            | Self::LoginFailed { .. }
            | Self::QueryAnswered { .. }
            | Self::QueryClosed { .. }
            | Self::QueryReopened { .. }
            | Self::Signed { .. }
            | Self::BundleExported { .. }
            | Self::ClockAnomaly { .. }
            | Self::ClockAcknowledged {}
            | Self::RedactionAsked { .. }
            | Self::Redacted { .. }
            | Self::RedactionDeclined { .. }
            | Self::BundleImported { .. }
            | Self::BundleRefused { .. }
            | Self::FormatRaised { .. } => None,
        }
    }
}
