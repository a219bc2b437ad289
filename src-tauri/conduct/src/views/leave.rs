//! Review, signatures, bundles, the check of the file.

use serde::{Deserialize, Serialize};
use study::{
    act::{Moment, Reason, Role},
    path::{FormPath, ItemPath, SubjectCode},
    value::Value,
};
use ts_rs::TS;

use super::views;

views! {
    /// Items to verify.
    ReviewView {
        /// Changed since verified first, then critical, then the rest, in order of the casebook; of everybody who is `here`.
        items: Vec<ReviewItemView>,
        /// Everybody of whom something is to verify, by code.
        subjects: Vec<ReviewSubjectView>,
        /// Verified so far, of what was asked for.
        verified: u32,
        /// All that have a value, of what was asked for.
        all: u32,
    }
    /// How far the review of one subject is, or of the site's registers.
    ReviewSubjectView {
        /// Code.
        subject: SubjectCode,
        /// Items to verify or verified.
        all: u32,
        /// Verified so far.
        verified: u32,
        /// The items are in the answer.
        here: bool,
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
        /// Forms with a value that was redacted after it was signed: the signature holds, what it says of that value
        /// cannot be read any more.
        redacted: Vec<String>,
    }
    /// Signed.
    SignedView {
        /// The signature.
        signature: SignatureView,
        /// What is left.
        to_sign: ToSignView,
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
}
