//! What the screens and the command line ask: one type per act, verbs.

use serde::{Deserialize, Serialize};
use study::{
    act::{IdentifierCheck, Reason, Role},
    path::{FormPath, ItemPath, Oid, SubjectCode},
    value::Missing,
};
use ts_rs::TS;

use crate::views::UnfinishedView;

/// A file or folder a person chose in a dialog; the page never sees its path.
pub type Handle = u32;

macro_rules! requests {
    ($($(#[$m:meta])* $name:ident { $($(#[$fm:meta])* $field:ident : $t:ty),* $(,)? })*) => {$(
        $(#[$m])* #[derive(Debug, Clone, Serialize, Deserialize, TS)] #[ts(export)] #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$fm])* pub $field: $t),* }
    )*};
}

mod files;
mod keeping;
mod oversight;
mod people;
mod versions;

pub use files::*;
pub use keeping::*;
pub use oversight::*;
pub use people::*;
pub use versions::*;

requests! {
    /// What is open, and who is here?
    Status {}
    /// Make a new site file and its first administrator.
    CreateSite {
        /// Where (chosen in a save dialog).
        handle: Handle,
        /// Code of the site: digits and capitals, 1 to 8.
        site: String,
        /// Name of the site.
        site_name: String,
        /// Log-in name of the first administrator.
        login: String,
        /// Name as printed in signatures.
        printed_name: String,
        /// How the identity was verified.
        identity_verified: String,
        /// Password, at least 15 characters.
        password: String,
    }
    /// Type the recovery code back.
    ConfirmRecoveryCode {
        /// As typed.
        typed: String,
    }
    /// Look at a file without a key: who can log in.
    OpenFile {
        /// Chosen.
        handle: Handle,
    }
    /// Put the file away.
    CloseFile {}
    /// Log in.
    Unlock {
        /// Log-in name.
        login: String,
        /// Password.
        password: String,
    }
    /// Open with the recovery code and appoint a new administrator: a lost password never brings the old key back.
    Recover {
        /// Recovery code, or the words of the key sheet, as typed.
        code: String,
        /// Log-in name of the new administrator, never used before.
        login: String,
        /// Name as printed in signatures.
        printed_name: String,
        /// How the identity was verified.
        identity_verified: String,
        /// Password.
        password: String,
    }
    /// The file was copied, moved or restored: go on here as a new log.
    ContinueHere {
        /// Why.
        reason: Reason,
    }
    /// Lock: keys dropped, file closed.
    Lock {
        /// `person`, `idle`, `suspend` or `switched`.
        how: String,
    }
    /// A hand moved: the file stays open.
    StillHere {}
    /// Everybody who was ever added.
    People {}
    /// Add a person, who sets an own password at the keyboard.
    AddPerson {
        /// Log-in name.
        login: String,
        /// Printed name.
        printed_name: String,
        /// Role.
        role: Role,
        /// How the identity was verified.
        identity_verified: String,
        /// The new person's own password.
        password: String,
        /// Days for which the person may log in; an auditor's always end.
        days: Option<u32>,
    }
    /// A person may not log in any more.
    DisablePerson {
        /// Permanent identifier.
        person: String,
        /// Why.
        reason: Reason,
    }
    /// Change the own password.
    ChangePassword {
        /// Now.
        password: String,
        /// New.
        new_password: String,
    }
    /// Make a new recovery code; the old one opens nothing any more.
    ReplaceRecoveryCode {
        /// The administrator's password.
        password: String,
    }
    /// Accept that the electronic signature is binding.
    AcceptDeclaration {
        /// The text as shown.
        text: String,
        /// Password.
        password: String,
    }
    /// What is due.
    Today {}
    /// Everybody in the trial at this site.
    Subjects {}
    /// Find subjects, forms, items, queries.
    Search {
        /// As typed.
        text: String,
        /// Whose casebook is at hand.
        subject: Option<SubjectCode>,
    }
    /// Add a subject.
    AddSubject {
        /// Code.
        subject: SubjectCode,
    }
    /// One subject: header, visits, forms.
    SubjectOf {
        /// Code.
        subject: SubjectCode,
    }
    /// The site's registers with their records.
    Registers {
        /// Only this one.
        register: Option<Oid>,
    }
    /// Who names a record of a register.
    RecordOf {
        /// The record.
        record: FormPath,
    }
    /// One form.
    FormOf {
        /// Which.
        form: FormPath,
    }
    /// Enter, change or empty one value, as typed.
    EnterValue {
        /// Where.
        path: ItemPath,
        /// As typed; empty means empty the item.
        text: String,
        /// Unit chosen.
        unit: Option<String>,
        /// Codes chosen (one for `code`, any for `codes`).
        codes: Vec<String>,
        /// A missing kind chosen instead.
        missing: Option<Missing>,
        /// A scan field: typed by hand.
        by_hand: bool,
        /// Why, when the form is complete.
        reason: Option<Reason>,
        /// The person was asked and agreed that answers below are hidden by this one.
        hide_answers: bool,
    }
    /// Keep what is typed and not yet saved.
    KeepUnfinished {
        /// Where.
        path: ItemPath,
        /// What stands in the control, an emptied one too; none forgets it.
        typed: Option<UnfinishedView>,
    }
    /// Take a row of a repeating group out.
    RemoveRow {
        /// Form.
        form: FormPath,
        /// Group.
        group: Oid,
        /// Row.
        row: u32,
        /// Why.
        reason: Reason,
    }
    /// The form is complete.
    CompleteForm {
        /// Form.
        form: FormPath,
    }
    /// Work on a completed form again.
    ReopenForm {
        /// Form.
        form: FormPath,
        /// Why.
        reason: Reason,
    }
    /// Every value an item ever had.
    HistoryOf {
        /// Item.
        path: ItemPath,
    }
    /// Questions.
    Queries {
        /// Only of this subject.
        subject: Option<SubjectCode>,
    }
    /// Ask about a value.
    RaiseQuery {
        /// Item.
        path: ItemPath,
        /// The question.
        text: String,
    }
    /// Answer.
    AnswerQuery {
        /// Query.
        query: String,
        /// The answer.
        text: String,
    }
    /// Settle.
    CloseQuery {
        /// Query.
        query: String,
        /// A remark.
        text: Option<String>,
    }
    /// The answer did not settle it.
    ReopenQuery {
        /// Query.
        query: String,
        /// Why.
        text: String,
    }
    /// Items to verify against the source, critical first, changed since verified on top.
    Review {
        /// Only of this subject.
        subject: Option<SubjectCode>,
    }
    /// The item agrees with the source.
    Verify {
        /// Item.
        path: ItemPath,
        /// The version that was compared.
        version: u64,
    }
    /// Take a verification back.
    WithdrawVerification {
        /// Item.
        path: ItemPath,
        /// Why.
        reason: Reason,
    }
    /// May we enrol?
    EligibilityOf {
        /// Subject.
        subject: SubjectCode,
    }
    /// The investigator confirms and signs the verdict.
    ConfirmEligibility {
        /// Subject.
        subject: SubjectCode,
        /// Verdict as shown; refused when it has changed meanwhile.
        verdict: String,
        /// Statement as shown.
        meaning: String,
        /// Log-in name.
        login: String,
        /// Password.
        password: String,
    }
    /// One of two people compares patient and bag, with own log-in.
    CheckIdentity {
        /// Infusion form.
        form: FormPath,
        /// Log-in name of the person comparing.
        login: String,
        /// Password of the person comparing.
        password: String,
        /// Identifier by identifier.
        checks: Vec<IdentifierCheck>,
    }
    /// The investigator confirms a derived category or grade, or records an own assessment.
    ConfirmDerived {
        /// The derived item.
        path: ItemPath,
        /// Result as shown; refused when it has changed meanwhile.
        derived: String,
        /// Own assessment where it differs.
        own: Option<String>,
        /// Why it differs.
        reason: Option<Reason>,
    }
    /// What is there to sign.
    ToSign {}
    /// Sign completed forms.
    Sign {
        /// Forms, as listed.
        forms: Vec<FormPath>,
        /// Statement as shown.
        meaning: String,
        /// Log-in name; required at the first signature after log-in or lock.
        login: Option<String>,
        /// Password.
        password: String,
    }
    /// Bundles that left, recipients known.
    Exchange {}
    /// Export a signed bundle.
    ExportBundle {
        /// Folder chosen.
        handle: Handle,
        /// Write the plain bundle.
        plain: bool,
        /// age recipients to seal for; the site itself is always one of them. Empty: no sealed bundle.
        sealed_for: Vec<String>,
    }
    /// Verify a bundle file.
    VerifyBundle {
        /// File chosen.
        handle: Handle,
    }
    /// Write the eligibility statement as PDF.
    EligibilityStatement {
        /// Subject.
        subject: SubjectCode,
        /// `en` or `zh-Hans`.
        locale: String,
        /// Folder chosen.
        handle: Handle,
    }
    /// Acknowledge a clock anomaly.
    AcknowledgeClock {}
}
