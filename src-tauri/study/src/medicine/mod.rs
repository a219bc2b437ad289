//! Medicine called by name: which functions of `criteria` a definition may call, from which items, and what they said.
//!
//! Nothing is decided here. Values are handed over in the unit a function asks for; a missing kind, a hidden answer and
//! a value outside what the quantity can be count as not recorded; results come back with reasons, factors and what is
//! missing, each traced to its item.

use serde::Serialize;
use ts_rs::TS;

use crate::{
    path::{ItemPath, Oid},
    rule::{End, Seen},
};

mod bind;
mod decisions;
mod disease;
mod eligible;
mod labs;
mod made;
pub(crate) mod registry;
mod run;
mod series;
mod toxic;

pub use decisions::decisions;

/// What a call came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename = "DerivedStatus")]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Inclusion met, exclusion absent, limit kept.
    Pass,
    /// Not so.
    Fail,
    /// What is missing could change the answer.
    NotEvaluable,
    /// A grade that nothing missing could change.
    Graded,
    /// A grade that what is missing could raise.
    AtLeast,
    /// A value or category.
    Value,
}

/// An input that is not recorded, and where it would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct MissingItem {
    /// Name of the input.
    pub input: String,
    /// The item to answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub item: Option<Oid>,
    /// Where it would be entered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub path: Option<ItemPath>,
}

/// One fact that a result rests on, as `criteria` states it. Codes are worded by the UI.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ReasonLine {
    /// Code of the rule, `I8`, `C1.flow`; `judgement` for a person's own.
    pub rule: String,
    /// Code of the quantity or statement.
    pub what: String,
    /// The value as shown; `true` or `false` for a statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub value: Option<String>,
    /// Unit of value and limit; empty where there is none.
    pub unit: String,
    /// The comparison, `>=`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub op: Option<String>,
    /// The limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub limit: Option<String>,
    /// Whether the comparison or statement holds.
    pub holds: bool,
    /// The sponsor's decision behind the limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub decision: Option<String>,
    /// Short citation.
    pub source: String,
    /// How sure the citation is: `S`, `S2`, `GK`, `PD`.
    pub evidence: String,
}

/// One factor of a formula.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct FactorLine {
    /// Code of the quantity.
    pub what: String,
    /// Decimal text.
    pub value: String,
    /// Unit; empty for a part of one.
    pub unit: String,
}

/// An input with the item and value that went in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct InputUsed {
    /// Name of the input.
    pub input: String,
    /// The item bound to it.
    pub item: Oid,
    /// Where its value stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub path: Option<ItemPath>,
    /// The value as handed over (unit of the function); absent when not recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub value: Option<String>,
}

/// What a call came to, and everything it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Outcome {
    /// The function.
    pub call: String,
    /// What it came to.
    pub status: Status,
    /// Category, grade or number as shown; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub result: Option<String>,
    /// Unit of the result; empty where there is none.
    pub unit: String,
    /// What is not recorded and matters.
    pub missing: Vec<MissingItem>,
    /// What it rests on.
    pub reasons: Vec<ReasonLine>,
    /// What a person should know besides.
    pub warnings: Vec<ReasonLine>,
    /// The factors in the order of the formula.
    pub arithmetic: Vec<FactorLine>,
    /// The items it looked at.
    pub inputs: Vec<InputUsed>,
    /// The result unrounded, for the next function.
    #[serde(skip)]
    #[ts(skip)]
    pub(crate) exact: Option<String>,
}

impl Outcome {
    /// The result as expressions see it: a number where the function gives one, `pass` or `fail` where it answers, else
    /// its code.
    pub(crate) fn seen(&self, end: End) -> Option<Seen> {
        if self.status == Status::NotEvaluable {
            return None;
        }
        let gives = registry::call(&self.call).map(|call| call.gives);
        if gives == Some(registry::Gives::Answer) {
            let word = match self.status {
                Status::Pass => "pass",
                Status::Fail => "fail",
                Status::NotEvaluable | Status::Graded | Status::AtLeast | Status::Value => return None,
            };
            return Some(Seen::Text(word.into()));
        }
        let text = self.exact.as_ref().or(self.result.as_ref())?;
        let number = gives == Some(registry::Gives::Number);
        if number {
            let text = match (text.split_once('-'), end) {
                (None, _) => text.as_str(),
                (Some((low, _)), End::Low) if !low.is_empty() => low,
                (Some((low, high)), End::High) if !low.is_empty() => high,
                (Some(_), _) => text.as_str(),
            };
            text.parse().ok().map(Seen::Number)
        } else {
            Some(Seen::Text(text.clone()))
        }
    }
}
