//! What an import says of itself: what was kept, what was ignored, what is unclear and where.

use std::collections::BTreeMap;

use serde::Serialize;

/// Something that could not be said in our terms, or that a person must decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteCode {
    /// A text that names no language.
    NoLanguage,
    /// The same language twice; the first is kept.
    LanguageTwice,
    /// A name where no text was: names have no language.
    NameForText,
    /// The same OID twice; the first is kept.
    OidTwice,
    /// An element without OID: nothing can refer to it.
    NoOid,
    /// A reference to something that is not in the file.
    NotThere,
    /// Defined, but on no form.
    Nowhere,
    /// A visit that the protocol does not name; kept after the others.
    NotInProtocol,
    /// Only some references have an order.
    OrderMixed,
    /// A repetition that our visits do not have.
    RepeatsOtherwise,
    /// A data type that we do not have; it stands in the definition as it is.
    DataType,
    /// A data type that holds more than ours: seconds, parts of a date that are missing in the middle.
    TypeIsWider,
    /// A text without longest length.
    NoLength,
    /// A number without digits after the point.
    NoDigits,
    /// A duration that does not say what a bare figure counts in.
    NoDurationUnit,
    /// A unit on something that is no number.
    UnitOfNoNumber,
    /// A codelist that lies elsewhere: MedDRA and the like.
    ExternalCodelist,
    /// A codelist on a type of its own: kept as codes.
    CodesOfType,
    /// A code twice; both are kept, and the linter names them.
    CodeTwice,
    /// A range check that is no bound and no comparison of ours.
    RangeCheck,
    /// A range check in another unit than the first of the item.
    RangeUnit,
    /// A condition for not collecting something, in words or in a language that is not ours.
    Condition,
    /// A method that computes, in words or in a language that is not ours.
    Method,
    /// Part of the definition lies in another version.
    Included,
    /// More items, by references, than a definition may have; the rest is not kept.
    TooMany,
    /// Another edition than 1.3.x in name or namespace.
    Edition,
}

/// One of them, with its place in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What kind of thing.
    pub code: NoteCode,
    /// Names and values that make the sentence.
    pub facts: Vec<(String, String)>,
}

/// Why this version of the metadata and not another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Chosen {
    /// There is one.
    #[default]
    Only,
    /// It was asked for.
    Asked,
    /// It is in effect last by the dates of the file.
    Effective,
    /// It stands last in the file.
    Last,
}

/// All of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// OID of the study in the file.
    pub study: String,
    /// OID of the version of its metadata.
    pub version: String,
    /// Why this version.
    pub chosen: Chosen,
    /// Versions and studies of the file that were not taken: `STUDY/VERSION`.
    pub others: Vec<String>,
    /// Counts of what was kept: `items`, `codes` …
    pub kept: BTreeMap<&'static str, usize>,
    /// Counts of what nobody reads, by name: an element, `Element/@Attribute`, `<> namespace`, `@ namespace`,
    /// `xml:lang=de`.
    pub ignored: BTreeMap<String, usize>,
    /// What is unclear, in the order of the file.
    pub notes: Vec<Note>,
}
