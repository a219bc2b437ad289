//! Other people's metadata in: ODM 1.3.x to the files of a definition.
//!
//! Nothing is guessed. A text without language stays open until somebody says the language; a type, a repetition or a
//! comparison that we do not have stands in the definition as it stood in the file, and the linter names it. Conditions
//! and methods in words stay as comments where they belong. Everything else is counted.

mod choice;
mod forms;
mod items;
mod lists;
mod names;
mod page;
mod ranges;
pub mod report;
mod source;
mod tables;
mod texts;
mod visits;

use crate::{
    def::RegisterDef,
    identifiers::Kind,
    odm::{
        V1, V2,
        import::{
            names::Names,
            page::Page,
            report::{NoteCode, Report},
            source::Source,
            tables::Tables,
        },
    },
};

/// A language of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Simplified Chinese.
    Chinese,
}

/// What a person says beforehand, because the file does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The language of texts that name none, and of names.
    pub language: Option<Language>,
    /// The longest text where the file gives no length, characters.
    pub text_length: Option<u32>,
    /// Digits after the point where the file gives none.
    pub places: Option<u32>,
    /// The study to take, by its OID.
    pub study: Option<String>,
    /// The version to take, by its OID.
    pub version: Option<String>,
}

/// A definition as far as the file goes, and what was made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Paths and texts of the files of the definition.
    pub files: Vec<(String, String)>,
    /// The counts.
    pub report: Report,
}

/// Why a file cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Larger than is read.
    #[error("{bytes} bytes are more than {most}")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The most that is read.
        most: usize,
    },
    /// More elements and texts than are read.
    #[error("more than {most} elements and texts")]
    TooMany {
        /// The most that are read.
        most: u32,
    },
    /// An encoding that is unknown, or bytes that are not in it.
    #[error("not text in the encoding {0}")]
    Encoding(String),
    /// Not well-formed XML.
    #[error("{line}:{column}: {message}")]
    Xml {
        /// Line, from 1.
        line: u32,
        /// Column, from 1.
        column: u32,
        /// What the parser says.
        message: String,
    },
    /// It declares a document type: entities are not read.
    #[error("a document type is declared")]
    DocumentType,
    /// The root is not ODM.
    #[error("the root element is {0}")]
    NotOdm(String),
    /// An edition that is not read: namespace or version.
    #[error("edition {0}")]
    Edition(String),
    /// No study with metadata, or not the one asked for.
    #[error("no study with metadata")]
    NoStudy,
    /// No version of the metadata, or not the one asked for.
    #[error("no version of metadata")]
    NoVersion,
}

impl Unreadable {
    /// Its code, for words in the reader's language.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::TooMany { .. } => "too_many",
            Self::Encoding(_) => "encoding",
            Self::Xml { .. } => "xml",
            Self::DocumentType => "document_type",
            Self::NotOdm(_) => "not_odm",
            Self::Edition(_) => "edition",
            Self::NoStudy => "no_study",
            Self::NoVersion => "no_version",
        }
    }
}

/// Reads a file and writes a definition.
///
/// # Errors
/// [`Unreadable`] when nothing at all can be said about it.
pub fn import(bytes: &[u8], options: &Options) -> Result<Imported, Unreadable> {
    let text = source::decoded(bytes)?;
    let doc = source::parsed(&text)?;
    let root = doc.root_element();
    let space = root.tag_name().namespace();
    if root.tag_name().name() != "ODM" {
        return Err(Unreadable::NotOdm(root.tag_name().name().to_owned()));
    }
    let version = root.attribute("ODMVersion").unwrap_or("");
    if space == Some(V2) || version.starts_with('2') {
        return Err(Unreadable::Edition(space.unwrap_or(version).to_owned()));
    }
    let source = Source::new(&doc, space, options);
    let root = source.root();
    for name in [
        "ODMVersion",
        "FileType",
        "FileOID",
        "Granularity",
        "CreationDateTime",
        "SourceSystem",
        "SourceSystemVersion",
    ] {
        source.attribute(root, name);
    }
    if space != Some(V1) || !version.starts_with("1.3") {
        let facts = [("namespace", space.unwrap_or("–")), ("version", version)];
        source.note(root, NoteCode::Edition, &facts);
    }
    let chosen = choice::choose(&source, root)?;
    let tables = Tables::of(&source, chosen.study, chosen.version);
    let files = write(&source, &tables, &chosen);
    source.count_the_rest();
    let mut report = source.report.into_inner();
    report.notes.sort_by_key(|note| (note.line, note.column, note.code));
    // A group on two forms is read twice and told once.
    report.notes.dedup();
    Ok(Imported { files, report })
}

fn write<'x>(source: &Source<'x>, tables: &Tables<'x>, chosen: &choice::Choice<'x>) -> Vec<(String, String)> {
    let names = Names::default();
    let mut checks =
        Page::headed("Checks over items, from range checks that are no bounds. A check fires when it is true.");
    let lists = lists::allot(&names, tables, source);
    let forms = forms::all(source, tables, &names, &lists, &mut checks);
    let codelists = lists::codelists(source, tables, &lists);
    let units = lists::units(source, chosen.study);
    let (visits, collected) = visits::visits(source, tables, &names, &forms);
    tables.count_nowhere(source);
    let study = choice::study_page(source, chosen, &forms, &collected);
    let mut files = vec![
        ("study.toml".to_owned(), study),
        ("registration.toml".to_owned(), choice::registration(source, chosen)),
        ("visits.toml".to_owned(), visits),
        ("codelists.toml".to_owned(), codelists),
        ("units.toml".to_owned(), units),
        (
            "decisions.toml".to_owned(),
            Page::headed("What the sponsor decides. ODM has no place for it.").done(),
        ),
        (
            "eligibility.toml".to_owned(),
            Page::headed("Inclusion and exclusion criteria. ODM 1.3 has no place for them.").done(),
        ),
        ("checks.toml".to_owned(), checks.done()),
    ];
    let registers: Vec<&RegisterDef> = forms.iter().flat_map(|form| &form.registers).collect();
    if !registers.is_empty() {
        files.push(("registers.toml".to_owned(), registers_page(&registers)));
    }
    for form in &forms {
        files.push((format!("forms/{}.toml", form.own.to_lowercase()), form.page.clone()));
    }
    let mut beside = names.beside();
    let own = names::study(chosen.study_oid);
    if own != chosen.study_oid {
        beside.insert(0, (Kind::Study, own, chosen.study_oid.to_owned()));
    }
    let mut report = source.report.borrow_mut();
    report.kept.insert("identifiers_same", names.same());
    if !beside.is_empty() {
        report.kept.insert("identifiers_beside", beside.len());
        let mut page =
            Page::headed("What these parts are called in the ODM file that they came from, letter for letter.");
        for (kind, own, theirs) in &beside {
            page.entry(kind.word());
            page.text("oid", own);
            page.text("odm", theirs);
        }
        files.push(("identifiers.toml".to_owned(), page.done()));
    }
    files
}

fn registers_page(registers: &[&RegisterDef]) -> String {
    let mut page = Page::headed("What the site keeps besides its subjects.");
    for register in registers {
        page.entry("register");
        page.text("oid", &register.oid);
        page.both("name", &register.name);
        page.text("form", &register.form);
        page.text("key", &register.key);
        page.texts("referred_by", register.referred_by.iter().map(String::as_str));
        for (key, list) in [("once", &register.once), ("columns", &register.columns)] {
            if !list.is_empty() {
                page.texts(key, list.iter().map(String::as_str));
            }
        }
        for (key, pairs) in [("ranges", &register.ranges), ("measures", &register.measures)] {
            if !pairs.is_empty() {
                page.pairs(key, pairs);
            }
        }
    }
    page.done()
}
