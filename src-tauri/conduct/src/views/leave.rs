//! Review, signatures, bundles, the journal.

use serde::{Deserialize, Serialize};
use study::{
    act::{EntryRef, Moment, Reason, Role},
    path::{FormPath, ItemPath, SubjectCode},
    value::Value,
};
use ts_rs::TS;

use super::views;

views! {
    /// Items to verify.
    ReviewView {
        /// Changed since verified first, then critical, then the rest, in order of the casebook.
        items: Vec<ReviewItemView>,
        /// Verified so far.
        verified: u32,
        /// All that have a value.
        all: u32,
    }
    /// One item to verify.
    ReviewItemView {
        /// Where.
        path: ItemPath,
        /// Value.
        value: Option<Value>,
        /// Version to compare.
        version: u64,
        /// `none`, `verified`, `changed`.
        verification: String,
        /// Of special weight.
        critical: bool,
        /// Open or answered queries on it.
        queries: u32,
    }
    /// What is there to sign.
    ToSignView {
        /// Completed forms new or changed since the last signature.
        forms: Vec<ToSignFormView>,
        /// Code of the study's statement that would be signed.
        statement: String,
        /// Why nothing can be signed now (refusal code), if so.
        blocked: Option<String>,
        /// Signatures so far, newest first.
        signatures: Vec<SignatureView>,
    }
    /// A form to sign.
    ToSignFormView {
        /// Where.
        form: FormPath,
        /// Version that would be signed.
        version: u64,
        /// Version signed before, if changed since.
        signed_version: Option<u64>,
        /// Open queries on it.
        queries: u32,
        /// Values that are other than when it was signed, in order of the form.
        changes: Vec<ChangedSinceView>,
    }
    /// A value that was another when its form was signed.
    ChangedSinceView {
        /// Where.
        path: ItemPath,
        /// What was signed.
        then: Option<Value>,
        /// What it is.
        now: Option<Value>,
        /// Who changed it last.
        by: String,
        /// When.
        when: Moment,
        /// Why.
        reason: Option<Reason>,
    }
    /// A signature as made, for every human-readable form of the record (§11.50).
    SignatureView {
        /// Identifier.
        signature: String,
        /// Printed name at the time.
        printed_name: String,
        /// Role.
        role: Role,
        /// When.
        when: Moment,
        /// Meaning in words.
        meaning: String,
        /// Study version that it was made under.
        version: String,
        /// What it covers.
        records: u32,
        /// The bytes verify under the person's key.
        valid: bool,
        /// Subjects whose verdict it covers.
        verdicts: Vec<SubjectCode>,
        /// Records changed since: path, version signed, version now; of a verdict (`ELIG/…`) what it rested on.
        changed: Vec<(String, u64, u64)>,
    }
    /// Signed.
    SignedView {
        /// The signature.
        signature: SignatureView,
        /// What is left.
        to_sign: ToSignView,
    }
    /// In and out.
    ExchangeView {
        /// Bundles that left, newest first.
        exports: Vec<ExportRowView>,
        /// The site's own recipient (always sealed for too).
        own_recipient: String,
        /// Site key as words.
        words: String,
        /// `SHA256:…`
        fingerprint: String,
        /// Entries since the last bundle.
        entries_since: u64,
    }
    /// One bundle that left.
    ExportRowView {
        /// External identifier.
        bundle: String,
        /// Number.
        number: u64,
        /// When.
        when: Moment,
        /// Printed name.
        by: String,
        /// SHA-256 of the plain zip.
        sha256: String,
        /// Recipients.
        sealed_for: Vec<String>,
    }
    /// A bundle written.
    ExportedView {
        /// External identifier.
        bundle: String,
        /// File names written in the folder chosen.
        files: Vec<String>,
        /// SHA-256 of the plain zip.
        sha256: String,
        /// Entries in it.
        entries: u64,
        /// Bytes of the plain zip.
        bytes: u64,
    }
    /// What a verification said.
    VerifiedView {
        /// `holds`, `signer_unknown`, `damaged`, `unreadable`.
        outcome: String,
        /// Code of what is wrong; words are `bundle_<code>`.
        code: Option<String>,
        /// Facts for the words.
        facts: Vec<(String, String)>,
        /// External identifier.
        bundle: Option<String>,
        /// Site.
        site: Option<String>,
        /// Study and version.
        study: Option<String>,
        /// Made when.
        created: Option<String>,
        /// Who signed: principal or person, fingerprint, words.
        signers: Vec<SignerView>,
        /// Subjects in it.
        subjects: Vec<SubjectCode>,
        /// Entries in it.
        entries: u64,
        /// Electronic signatures in it.
        esignatures: u64,
    }
    /// Who signed a bundle.
    SignerView {
        /// Principal in the list of allowed signers; none when unknown.
        principal: Option<String>,
        /// `SHA256:…`
        fingerprint: String,
        /// 12 words.
        words: String,
    }
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
    }
    /// What a check of the whole file said.
    CheckView {
        /// Everything holds.
        holds: bool,
        /// Entries checked.
        entries: u64,
        /// What is wrong: code, where, facts; words are `check_<code>`.
        findings: Vec<CheckFindingView>,
    }
    /// One thing wrong with the file.
    CheckFindingView {
        /// Code.
        code: String,
        /// Where.
        at: String,
        /// Facts.
        facts: Vec<(String, String)>,
    }
    /// A file written.
    WrittenView {
        /// File name in the folder chosen.
        file: String,
        /// Bytes.
        bytes: u64,
    }
    /// What taking in a bundle came to.
    ImportedView {
        /// External identifier.
        bundle: String,
        /// Code of the site that made it.
        from: String,
        /// It was here before.
        already: bool,
        /// Entries that were new here.
        new: u64,
        /// What logs lack before what waits can be applied.
        missing: Vec<MissingView>,
        /// Queries raised because two devices wrote at one place.
        queries: u32,
    }
    /// What a log lacks.
    MissingView {
        /// The log.
        log: String,
        /// First number that is not here.
        from: u64,
        /// Last.
        to: u64,
        /// Entries that wait for it.
        waiting: u64,
    }
    /// A redaction asked for, or done.
    RedactionView {
        /// Where it stands in the journal.
        at: EntryRef,
        /// The entries: those named, and those that repeat what they held.
        entries: Vec<EntryRef>,
    }
}
