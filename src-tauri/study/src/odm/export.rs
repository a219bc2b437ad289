//! Metadata out: one definition, one edition, one file, and a count of what has no place in it.

use crate::{
    Study,
    odm::{v1, v2},
};

/// An edition of ODM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// ODM 1.3.2.
    V1_3_2,
    /// ODM 2.0.
    V2_0,
}

/// What went out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The file, UTF-8.
    pub xml: String,
    /// What the edition has no place for: `decisions`, `reasons` … and how many. Only what there is any of.
    pub left_out: Vec<(&'static str, usize)>,
}

/// Writes the metadata of a study. `made` is the moment as `YYYY-MM-DDThh:mm:ss` with an offset; the same study and
/// moment give the same bytes.
///
/// # Errors
/// What the XML writer says; writing to memory does not fail.
pub fn export(study: &Study, edition: Edition, made: &str) -> std::io::Result<Exported> {
    let def = study.def();
    let (root, criteria, notes) = match edition {
        Edition::V1_3_2 => (v1::root(study, made), def.criteria.len(), 0),
        Edition::V2_0 => (v2::root(study, made), 0, def.registration.notes.len()),
    };
    let left_out = [
        ("criteria", criteria),
        ("decisions", def.decisions.len()),
        ("reasons", def.reasons.len()),
        ("statements", def.statements.len()),
        ("notes", notes),
        ("sources", def.checks.len()),
        ("confirmed", study.confirmed().len()),
    ];
    Ok(Exported {
        xml: root.file()?,
        left_out: left_out.into_iter().filter(|(_, count)| *count > 0).collect(),
    })
}
