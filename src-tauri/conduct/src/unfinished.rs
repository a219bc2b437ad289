//! What is typed and not yet saved, as it is kept in the file: everything that stands in the control, not its text alone.

use study::input::RawInput;

use crate::{
    trouble::{Outcome, Trouble},
    views::UnfinishedView,
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
