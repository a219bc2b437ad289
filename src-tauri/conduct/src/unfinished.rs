//! What is typed and not yet saved, as it is kept in the file: everything that stands in the control, not its text alone.

use study::input::RawInput;

use crate::{
    desk::Desk,
    requests::{Drafts, KeepDraft},
    trouble::{Outcome, Trouble, no},
    views::{DraftsView, UnfinishedView},
};

/// As the file keeps it.
pub(crate) fn written(typed: &UnfinishedView) -> Outcome<String> {
    serde_json::to_string(typed).map_err(|_| Trouble::Own("what is typed cannot be written"))
}

/// What was kept; a text that was kept before units and codes were is taken as typed.
pub(crate) fn read(kept: &str) -> UnfinishedView {
    serde_json::from_str(kept).unwrap_or_else(|_| UnfinishedView {
        input: RawInput {
            text: kept.to_owned(),
            ..RawInput::default()
        },
        by_hand: true,
    })
}

/// Before the name of what belongs to no item: no path of an item begins so.
const DRAFT: &str = "~draft/";
/// Words of a draft, at most.
const LONGEST: usize = 20_000;

impl Desk {
    pub(crate) fn keep_draft(&mut self, asked: KeepDraft) -> Outcome<DraftsView> {
        self.writable()?;
        if asked.key.len() > 400 || asked.text.len() > LONGEST {
            return no("draft_too_long");
        }
        let place = format!("{DRAFT}{}", asked.key);
        let sitting = self.sitting_mut()?;
        let person = sitting.session.person().clone();
        if asked.text.is_empty() {
            sitting.file.drop_unfinished(&place, &person)?;
        } else {
            sitting.file.keep_unfinished(&place, &person, &asked.text)?;
        }
        self.drafts(Drafts {})
    }

    pub(crate) fn drafts(&mut self, _: Drafts) -> Outcome<DraftsView> {
        let sitting = self.sitting()?;
        let kept = sitting.file.list_unfinished(sitting.session.person())?;
        let drafts = kept
            .into_iter()
            .filter_map(|kept| Some((kept.path.strip_prefix(DRAFT)?.to_owned(), kept.text)));
        Ok(DraftsView {
            drafts: drafts.collect(),
        })
    }
}
