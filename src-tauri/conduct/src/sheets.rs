//! Pages about the file and its people, for paper: words to keep, or rows under columns. What a cell says is a code until
//! the paper puts it into its language.

use study::act::Moment;

use crate::{
    desk::Desk,
    renderings::SheetPage,
    sitting_view::site_view,
    trouble::{Outcome, no_with},
};

/// What a cell says.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// As it was typed, or a name.
    Text(String),
    /// Codes with words of their own under a prefix.
    Codes(&'static str, Vec<String>),
    /// A moment.
    When(Moment),
    /// A civil date, ISO.
    Day(String),
}

/// What is particular to a page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) kind: &'static str,
    pub(crate) facts: Vec<(&'static str, String)>,
    pub(crate) words: Vec<String>,
    pub(crate) columns: &'static [&'static str],
    pub(crate) rows: Vec<Vec<Cell>>,
}

impl Desk {
    /// A page as PDF.
    pub(crate) fn sheet(&self, page: &Page, locale: &str) -> Outcome<Vec<u8>> {
        if !matches!(locale, "en" | "zh-Hans") {
            return no_with("no_such_language", &[("locale", locale)]);
        }
        let sitting = self.sitting()?;
        let log = sitting.file.logs()?.into_iter().find(|log| log.own);
        let bytes = self.paper.sheet(&SheetPage {
            kind: page.kind,
            facts: &page.facts,
            words: &page.words,
            columns: page.columns,
            rows: &page.rows,
            study: self.study.def(),
            site: &site_view(sitting)?,
            locale,
            app: env!("CARGO_PKG_VERSION"),
            made: &self.moment(),
            made_by: sitting.session.printed_name(),
            checkpoint: log.map_or((0, String::new()), |log| (log.last_seq, log.head.to_string())),
            synthetic: sitting.file.synthetic(),
        })?;
        Ok(bytes)
    }
}
