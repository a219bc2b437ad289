//! Pages for print.

use crate::{
    desk::Desk,
    renderings::StatementPage,
    requests::{EligibilityOf, EligibilityStatement},
    sitting_view::site_view,
    trouble::{Outcome, Trouble, no_with},
    views::WrittenView,
};

impl Desk {
    pub(crate) fn eligibility_statement(&mut self, asked: EligibilityStatement) -> Outcome<WrittenView> {
        if !matches!(asked.locale.as_str(), "en" | "zh-Hans") {
            return no_with("no_such_language", &[("locale", &asked.locale)]);
        }
        let folder = self.chosen(asked.handle)?;
        let eligibility = self.eligibility(EligibilityOf {
            subject: asked.subject.clone(),
        })?;
        let made = self.moment();
        let study = self.study_of(&asked.subject)?;
        let sitting = self.sitting()?;
        let log = sitting.file.logs()?.into_iter().find(|log| log.own);
        let checkpoint = log.map_or((0, String::new()), |log| (log.last_seq, log.head.to_string()));
        let site = site_view(sitting)?;
        let bytes = self.paper.eligibility_statement(&StatementPage {
            eligibility: &eligibility,
            study: study.def(),
            site: &site,
            locale: &asked.locale,
            app: env!("CARGO_PKG_VERSION"),
            made: &made,
            made_by: sitting.session.printed_name(),
            checkpoint,
            synthetic: sitting.file.synthetic(),
        })?;
        let file = format!("{}-eligibility-{}.pdf", asked.subject, asked.locale);
        std::fs::write(folder.join(&file), &bytes).map_err(|e| Trouble::Write("the page", e))?;
        Ok(WrittenView {
            file,
            bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        })
    }
}
