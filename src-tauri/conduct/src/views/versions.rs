//! Study versions of a file, and moving a subject from one to another.

use serde::Serialize;
use study::{
    act::Moment,
    diff::Change,
    path::{FormPath, ItemPath, SubjectCode},
};
use ts_rs::TS;

/// Versions in force in the file, and versions that come with Cartwright and could be.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct VersionsView {
    /// In force, the oldest first; whoever is added is under the last.
    pub installed: Vec<VersionView>,
    /// Newer ones that come with Cartwright.
    pub offered: Vec<String>,
}

/// A study version in force.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct VersionView {
    /// Version.
    pub version: String,
    /// SHA-256 of the definition, hex.
    pub sha256: String,
    /// In force since.
    pub when: Moment,
    /// Who installed it (printed name).
    pub by: String,
    /// Subjects under it.
    pub subjects: u32,
}

/// A version that could come into force.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct OfferedView {
    /// Version.
    pub version: String,
    /// The version that it is compared with: the newest in force.
    pub from: String,
    /// What it changes, part by part.
    pub changes: Vec<ChangeView>,
    /// Subjects in the file.
    pub subjects: u32,
    /// Subjects whose record or verdict a change touches.
    pub touched: u32,
    /// Subjects whose verdict on eligibility would be another.
    pub verdicts: u32,
}

/// One change and how many subjects it touches.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct ChangeView {
    /// What changes.
    pub change: Change,
    /// Subjects.
    pub subjects: u32,
}

/// What moving a subject would change.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct MoveView {
    /// Who.
    pub subject: SubjectCode,
    /// Version so far.
    pub from: String,
    /// Version from then on.
    pub to: String,
    /// Changes that touch what is recorded of this subject.
    pub changes: Vec<Change>,
    /// Number of the other changes.
    pub others: u32,
    /// Forms whose page would be another, by path.
    pub forms: Vec<FormPath>,
    /// Complete forms that would be opened again, by path.
    pub opened: Vec<MoveFormView>,
    /// Answers that would be asked for no more; they stay readable.
    pub retired: Vec<ItemPath>,
    /// Verdict on eligibility now: `eligible`, `ineligible`, `pending`.
    pub verdict_before: String,
    /// And under the other version.
    pub verdict_after: String,
    /// The newest confirmed verdict, and the version that it was confirmed under; it stays as it is.
    pub confirmed: Option<(String, String)>,
    /// May the person here move the subject now; else why not (refusal code).
    pub may_move: Option<String>,
}

/// A complete form that would be opened again.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct MoveFormView {
    /// Where.
    pub form: FormPath,
    /// Items that keep it from being complete: asked and empty, or with a hard finding.
    pub items: Vec<ItemPath>,
}
