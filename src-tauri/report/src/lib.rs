//! Views to PDF.
//!
//! Duty: put on paper what `conduct` says, in English or Simplified Chinese, with fonts that the caller brings.
//! Invariants: the same page gives the same bytes; nothing is read from the machine but the four font files; what a
//! person typed reaches the typesetter as data, never as markup; no rule of the trial is decided here.
//! Each page is a layout (`*.typ`) and its contents ([`statement`], [`blank`], [`sheet`]); words stand with all others in
//! `ui/messages`.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "tests say what they expect"
    )
)]

mod blank;
mod coverage;
mod criterion;
mod fonts;
mod moment;
mod names;
mod press;
mod reason;
mod sheet;
mod signature;
mod statement;
mod words;

use std::path::Path;

pub use blank::BlankForms;
use conduct::renderings::{RenderFault, Renderings, SheetPage, StatementPage};

/// The paper of Cartwright: makes PDF pages (PDF/A-2a, A4) from views.
#[derive(Debug)]
pub struct Paper {
    fonts: fonts::Fonts,
}

impl Paper {
    /// Looks for `Inter_400Regular.ttf`, `Inter_700Bold.ttf`, `NotoSansSC_400Regular.ttf` and `NotoSansSC_700Bold.ttf`
    /// in the folder and below it. They are read when the first page is made.
    ///
    /// # Errors
    /// [`RenderFault::NoFonts`], naming the folder and the files that are not there.
    pub fn new(fonts: &Path) -> Result<Self, RenderFault> {
        Ok(Self {
            fonts: fonts::Fonts::find(fonts)?,
        })
    }
}

impl Paper {
    /// The blank forms of a study as PDF: a cover with the registration, the schedule, every form. The same definition
    /// and moment give the same bytes.
    ///
    /// # Errors
    /// [`RenderFault`] when fonts are absent or the typesetter refuses.
    pub fn blank_forms(&self, page: &BlankForms<'_>) -> Result<Vec<u8>, RenderFault> {
        let loaded = self.fonts.loaded()?;
        let words = words::Words::of(page.locale);
        let mut content = serde_json::to_value(blank::content(page, &words))
            .map_err(|fault| RenderFault::Typeset(fault.to_string()))?;
        coverage::print_uncovered_as_numbers(&mut content, loaded);
        let sheet = press::Sheet {
            layout: include_str!("blank.typ"),
            content: &content,
            ident: format!("blank {} {} {}", page.study.oid, page.study.version, page.annotated),
            creator: format!("Cartwright {}", page.app),
            made: page.made,
        };
        press::print(&sheet, loaded)
    }
}

impl Renderings for Paper {
    fn eligibility_statement(&self, page: &StatementPage<'_>) -> Result<Vec<u8>, RenderFault> {
        let loaded = self.fonts.loaded()?;
        let words = words::Words::of(page.locale);
        let mut content = serde_json::to_value(statement::statement(page, &words))
            .map_err(|fault| RenderFault::Typeset(fault.to_string()))?;
        let substituted = coverage::print_uncovered_as_numbers(&mut content, loaded);
        content["substituted"] = substituted.then(|| words.say("report_substituted")).into();
        let sheet = press::Sheet {
            layout: include_str!("statement.typ"),
            content: &content,
            ident: format!(
                "eligibility {} {} {}",
                page.site.site, page.eligibility.subject, page.checkpoint.1
            ),
            creator: format!("Cartwright {}", page.app),
            made: page.made,
        };
        press::print(&sheet, loaded)
    }

    fn sheet(&self, page: &SheetPage<'_>) -> Result<Vec<u8>, RenderFault> {
        let loaded = self.fonts.loaded()?;
        let words = words::Words::of(page.locale);
        let mut content = serde_json::to_value(sheet::content(page, &words))
            .map_err(|fault| RenderFault::Typeset(fault.to_string()))?;
        let substituted = coverage::print_uncovered_as_numbers(&mut content, loaded);
        content["substituted"] = substituted.then(|| words.say("report_substituted")).into();
        let sheet = press::Sheet {
            layout: include_str!("sheet.typ"),
            content: &content,
            ident: format!("{} {} {}", page.kind, page.site.site, page.checkpoint.1),
            creator: format!("Cartwright {}", page.app),
            made: page.made,
        };
        press::print(&sheet, loaded)
    }
}
