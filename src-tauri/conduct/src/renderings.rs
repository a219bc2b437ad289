//! What the acts need on paper. `report` implements it; the shell and the command line hand it in.

use study::{act::Moment, def::StudyDef};

pub use crate::sheets::Cell;
use crate::views::{EligibilityView, SiteView};

/// Everything on the eligibility statement of one subject.
pub struct StatementPage<'a> {
    /// The verdict with its criteria, confirmations and signatures.
    pub eligibility: &'a EligibilityView,
    /// Texts of criteria, decisions, statements.
    pub study: &'a StudyDef,
    /// The site.
    pub site: &'a SiteView,
    /// `en` or `zh-Hans`.
    pub locale: &'a str,
    /// Version of Cartwright.
    pub app: &'a str,
    /// When the page was made.
    pub made: &'a Moment,
    /// Printed name of who made it.
    pub made_by: &'a str,
    /// Number and head of the journal it shows: printed in the footer.
    pub checkpoint: (u64, String),
    /// Made-up data: said on every page.
    pub synthetic: bool,
}

/// A page about the file or its people: words to keep, or rows under columns.
pub struct SheetPage<'a> {
    /// `key_sheet`, `access`, `delegations`: title and text are `paper_<kind>` and `paper_<kind>_text`.
    pub kind: &'a str,
    /// Facts at the top: code (words are `paper_fact_<code>`) and what it is.
    pub facts: &'a [(&'static str, String)],
    /// Words to keep, numbered; none on most pages.
    pub words: &'a [String],
    /// Columns by code (words are `paper_column_<code>`); none where there is no table.
    pub columns: &'a [&'static str],
    /// Rows, a cell for each column.
    pub rows: &'a [Vec<Cell>],
    /// The study.
    pub study: &'a StudyDef,
    /// The site.
    pub site: &'a SiteView,
    /// `en` or `zh-Hans`.
    pub locale: &'a str,
    /// Version of Cartwright.
    pub app: &'a str,
    /// When the page was made.
    pub made: &'a Moment,
    /// Printed name of who made it.
    pub made_by: &'a str,
    /// Number and head of the journal it shows: printed in the footer.
    pub checkpoint: (u64, String),
    /// Made-up data: said on every page.
    pub synthetic: bool,
}

/// A page that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RenderFault {
    /// No font files where they should be.
    #[error("no fonts at {0}")]
    NoFonts(String),
    /// The typesetter refused.
    #[error("typesetting: {0}")]
    Typeset(String),
}

/// Paper.
pub trait Renderings: Send {
    /// The eligibility statement as PDF; the same page gives the same bytes.
    ///
    /// # Errors
    /// [`RenderFault`] when fonts are absent or the typesetter refuses.
    fn eligibility_statement(&self, page: &StatementPage<'_>) -> Result<Vec<u8>, RenderFault>;

    /// A page about the file or its people as PDF; the same page gives the same bytes.
    ///
    /// # Errors
    /// [`RenderFault`] when fonts are absent or the typesetter refuses.
    fn sheet(&self, page: &SheetPage<'_>) -> Result<Vec<u8>, RenderFault>;
}

/// No paper here: every page is refused with the reason, and everything else goes on.
pub struct NoPaper(pub String);

impl Renderings for NoPaper {
    fn eligibility_statement(&self, _: &StatementPage<'_>) -> Result<Vec<u8>, RenderFault> {
        Err(RenderFault::NoFonts(self.0.clone()))
    }

    fn sheet(&self, _: &SheetPage<'_>) -> Result<Vec<u8>, RenderFault> {
        Err(RenderFault::NoFonts(self.0.clone()))
    }
}
