//! What a caller hands in: chance, times, people, sites.

use secrecy::SecretString;
use study::act::{FileKind, Moment, Role};

/// Randomness, as an argument: the operating system's in the application, a seed in tests.
pub trait Chance {
    /// Fills all of `bytes`.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// `N` bytes of chance.
pub(crate) fn make_bytes<const N: usize>(chance: &mut dyn Chance) -> [u8; N] {
    let mut bytes = [0; N];
    chance.fill(&mut bytes);
    bytes
}

/// A thing's identifier: a letter, a hyphen, 16 hex digits.
pub(crate) fn make_name(letter: char, chance: &mut dyn Chance) -> String {
    format!("{letter}-{:016x}", u64::from_be_bytes(make_bytes(chance)))
}

/// When, and under which criteria, for the entries that the store writes itself.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// When.
    pub moment: Moment,
    /// Version of the criteria in force.
    pub criteria: String,
}

/// A person to be added.
pub struct NewPerson {
    /// Log-in name.
    pub login: String,
    /// Name as printed in signatures.
    pub printed_name: String,
    /// Role.
    pub role: Role,
    /// Password, chosen by that person at the keyboard.
    pub password: SecretString,
    /// How the identity was verified.
    pub identity_verified: String,
}

/// Study and version in force, with the hash of the definition.
#[derive(Debug, Clone)]
pub struct StudyTag {
    /// Study OID.
    pub oid: String,
    /// Version.
    pub version: String,
    /// SHA-256 of the definition, hex.
    pub sha256: String,
}

/// One file of the study definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionFile {
    /// Name.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// The site's age key pair, made by the caller.
pub struct AgeIdentity {
    /// `AGE-SECRET-KEY-…`.
    pub identity: SecretString,
    /// `age1…`.
    pub recipient: String,
}

/// A file to be created.
pub struct NewSite {
    /// Purpose.
    pub kind: FileKind,
    /// Code of the site.
    pub site: String,
    /// Name of the site.
    pub name: String,
    /// Study.
    pub study: StudyTag,
    /// Made-up subjects only.
    pub synthetic: bool,
    /// Shown on the opening screen; synthetic files only.
    pub practice_password: Option<String>,
    /// First administrator (whatever role is named).
    pub administrator: NewPerson,
    /// When, and criteria.
    pub stamp: Stamp,
    /// Files of the study definition, kept in the file.
    pub definition: Vec<DefinitionFile>,
    /// The site's age key pair.
    pub age: AgeIdentity,
}
