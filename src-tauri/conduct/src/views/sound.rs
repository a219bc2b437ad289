//! Whether the file is sound.

use serde::{Deserialize, Serialize};
use study::act::Moment;
use ts_rs::TS;

use super::{CheckView, views};
use crate::problem::Problem;

views! {
    /// Where the verification of the open file stands.
    SoundnessView {
        /// Under way.
        running: Option<RunningView>,
        /// A person stopped it; it begins again at the next opening.
        stopped: bool,
        /// When everything was last found sound on this computer; none: never.
        full: Option<Moment>,
        /// When what came since was.
        since: Option<Moment>,
        /// What the last verification of this sitting said.
        result: Option<CheckView>,
        /// Whether that was everything, and not only what came since.
        result_full: bool,
        /// Why it could not go on.
        failed: Option<Problem>,
    }
    /// A verification under way.
    RunningView {
        /// Everything, and not only what came since.
        full: bool,
        /// `pages`, `journal`, `projections`.
        step: String,
        /// Of the step, what is done.
        done: u64,
        /// Of the step, how much there is.
        of: u64,
    }
}
