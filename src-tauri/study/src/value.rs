//! Values as a person entered them.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why there is no value. Chosen by a person, never filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// The assessment was not done.
    NotDone,
    /// Done or happened, but the result is not known.
    Unknown,
    /// The question does not apply to this subject.
    NotApplicable,
}

/// The value of one item, exactly as entered: nothing rounded, nothing converted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Value {
    /// Free text, NFC.
    Text {
        /// As typed.
        text: String,
    },
    /// A number with the unit on the source document (UCUM-like code of the item's unit list; none for a bare number).
    Number {
        /// Decimal text with the digits as entered ("12.50" stays "12.50").
        #[serde(with = "rust_decimal::serde::str")]
        #[ts(type = "string")]
        number: Decimal,
        /// Code of the unit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        unit: Option<String>,
    },
    /// One code of the item's codelist.
    Code {
        /// The code.
        code: String,
    },
    /// Several codes of the item's codelist, in codelist order, no repeats.
    Codes {
        /// The codes.
        codes: Vec<String>,
    },
    /// A civil date `YYYY-MM-DD`, or `YYYY-MM`, or `YYYY` where the item allows partial dates.
    Date {
        /// ISO 8601 text.
        date: String,
    },
    /// A time of day `hh:mm`, 24 h.
    Time {
        /// ISO 8601 text.
        time: String,
    },
    /// A local civil date and time `YYYY-MM-DDThh:mm`.
    DateTime {
        /// ISO 8601 text.
        at: String,
    },
    /// How long, ISO 8601 `PnDTnHnM` with the parts that were written (`90 min` is `PT90M`).
    Duration {
        /// ISO 8601 text.
        duration: String,
    },
    /// There is no value, and why.
    Missing {
        /// The reason chosen.
        missing: Missing,
    },
}
