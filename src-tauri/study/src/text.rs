//! A text in both languages of the study.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One text, English and Simplified Chinese. Neither may be empty in a released definition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}
