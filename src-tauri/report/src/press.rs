//! The typesetter, shut in: it sees one layout, one piece of content and four fonts, and nothing of the machine.

use chrono::{Datelike, Timelike};
use conduct::act::Moment;
use conduct::renderings::RenderFault;
use serde_json::Value;
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Duration, Smart},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::{fonts::Loaded, moment};

/// One document to make.
pub(crate) struct Sheet<'a> {
    /// Typst source; reads `content.json`.
    pub(crate) layout: &'static str,
    /// What is on it.
    pub(crate) content: &'a Value,
    /// Stays the same for the same document; only its hash is in the file.
    pub(crate) ident: String,
    /// Program and version.
    pub(crate) creator: String,
    /// Date of the document.
    pub(crate) made: &'a Moment,
}

/// Sets the sheet and gives its bytes, as PDF/A-2a.
///
/// # Errors
/// [`RenderFault::Typeset`] with everything that the typesetter said.
pub(crate) fn print(sheet: &Sheet<'_>, fonts: &Loaded) -> Result<Vec<u8>, RenderFault> {
    let bytes = set(sheet, fonts);
    // The typesetter remembers what it set; nothing of a subject stays behind.
    typst::comemo::evict(0);
    bytes
}

fn set(sheet: &Sheet<'_>, fonts: &Loaded) -> Result<Vec<u8>, RenderFault> {
    let room = Room::new(sheet, fonts)?;
    let document: PagedDocument = typst::compile(&room).output.map_err(|said| refused(&said))?;
    let standards = PdfStandards::new(&[PdfStandard::A_2a]);
    let options = PdfOptions {
        ident: Smart::Custom(sheet.ident.clone()),
        creator: Smart::Custom(Some(sheet.creator.clone())),
        timestamp: timestamp(sheet.made),
        standards: standards.map_err(|said| RenderFault::Typeset(said.message().to_string()))?,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|said| refused(&said))
}

fn refused(said: &[SourceDiagnostic]) -> RenderFault {
    let said: Vec<String> = said.iter().map(|one| one.message.to_string()).collect();
    RenderFault::Typeset(said.join("; "))
}

fn timestamp(made: &Moment) -> Option<Timestamp> {
    let at = moment::local(made)?;
    let two = |number: u32| u8::try_from(number).ok();
    let datetime = Datetime::from_ymd_hms(
        at.year(),
        two(at.month())?,
        two(at.day())?,
        two(at.hour())?,
        two(at.minute())?,
        two(at.second())?,
    )?;
    Timestamp::new_local(datetime, at.offset().local_minus_utc() / 60)
}

/// The world as the typesetter sees it.
struct Room<'a> {
    library: LazyHash<Library>,
    fonts: &'a Loaded,
    layout: Source,
    content_id: FileId,
    content: Bytes,
}

impl<'a> Room<'a> {
    fn new(sheet: &Sheet<'_>, fonts: &'a Loaded) -> Result<Self, RenderFault> {
        let content = serde_json::to_vec(sheet.content).map_err(|fault| RenderFault::Typeset(fault.to_string()))?;
        Ok(Self {
            library: LazyHash::new(Library::builder().build()),
            fonts,
            layout: Source::new(file("page.typ")?, sheet.layout.to_owned()),
            content_id: file("content.json")?,
            content: Bytes::new(content),
        })
    }
}

fn file(name: &str) -> Result<FileId, RenderFault> {
    let path = VirtualPath::new(name).map_err(|fault| RenderFault::Typeset(format!("{name}: {fault:?}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Room<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.layout.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.layout.id() {
            Ok(self.layout.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.content_id {
            Ok(self.content.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        // The page's date is an argument; the machine's is not asked for.
        None
    }
}
