//! What parts of a definition are called in the file of others that they came from.
//!
//! Paths and rules need identifiers of one form (`FORM.NAME`, capitals). A part that came with another identifier keeps
//! it here, letter for letter, beside the one it has with us, and goes out under it again.

use std::collections::BTreeMap;

/// What has an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The study.
    Study,
    /// A visit.
    Visit,
    /// A form.
    Form,
    /// A group.
    Group,
    /// An item.
    Item,
    /// A codelist.
    Codelist,
}

impl Kind {
    /// All, in the order of `identifiers.toml`.
    pub const ALL: [Self; 6] = [
        Self::Study,
        Self::Visit,
        Self::Form,
        Self::Group,
        Self::Item,
        Self::Codelist,
    ];

    /// The word of `identifiers.toml`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Study => "study",
            Self::Visit => "visit",
            Self::Form => "form",
            Self::Group => "group",
            Self::Item => "item",
            Self::Codelist => "codelist",
        }
    }

    /// Letters that tell kinds apart where they share a name.
    pub(crate) fn letters(self) -> &'static str {
        match self {
            Self::Study => "S",
            Self::Visit => "SE",
            Self::Form => "F",
            Self::Group => "IG",
            Self::Item => "I",
            Self::Codelist => "CL",
        }
    }
}

/// Own identifiers with those of the file that the definition came from; empty for a definition made here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identifiers(BTreeMap<(Kind, String), String>);

impl Identifiers {
    /// Notes one; whether it is the first for this part.
    pub(crate) fn note(&mut self, kind: Kind, own: &str, theirs: &str) -> bool {
        self.0.insert((kind, own.to_owned()), theirs.to_owned()).is_none()
    }

    /// What a part is called in the file it came from.
    #[must_use]
    pub fn theirs(&self, kind: Kind, own: &str) -> Option<&str> {
        self.0.get(&(kind, own.to_owned())).map(String::as_str)
    }

    /// All: kind, own, theirs.
    pub fn iter(&self) -> impl Iterator<Item = (Kind, &str, &str)> {
        self.0
            .iter()
            .map(|((kind, own), theirs)| (*kind, own.as_str(), theirs.as_str()))
    }
}
