//! Who answers for a rule whose text was not seen, or for a decision: named in `decisions.toml` before a release.
//!
//! Invariant: nothing here changes what a rule says. A rule that nobody confirmed is computed all the same, and told.

use chrono::NaiveDate;
use criteria::Rule;
use criteria::reference::must_be_confirmed;
use criteria::rule::RULES;

use crate::{Study, builtin, def::DecisionDef};

/// One confirmation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// Code of a rule (`I8.child`) or a decision (`D-07`).
    pub code: String,
    /// Who answers for it, for example the sponsor's medical monitor.
    pub by: String,
    /// On which day.
    pub on: NaiveDate,
}

/// Whether there is a rule of this code, or one of the decisions has it.
pub(crate) fn can_be_confirmed(code: &str, decisions: &[DecisionDef]) -> bool {
    RULES.iter().any(|rule| rule.code == code) || decisions.iter().any(|decision| decision.id == code)
}

/// Rules whose source was not seen and that the definition does not name as confirmed.
pub fn open_rules(study: &Study) -> impl Iterator<Item = &'static Rule> {
    RULES
        .iter()
        .filter(|rule| must_be_confirmed(rule) && !is_confirmed(study, rule.code))
}

/// Decisions that are neither confirmed nor other than the built-in default.
pub fn open_decisions(study: &Study) -> Vec<&DecisionDef> {
    let defaults = builtin::load().map(|built_in| built_in.def().decisions.clone());
    study
        .def()
        .decisions
        .iter()
        .filter(|decision| {
            let changed = defaults.as_ref().is_ok_and(|defaults| {
                defaults
                    .iter()
                    .any(|default| default.id == decision.id && default.values != decision.values)
            });
            !changed && !is_confirmed(study, &decision.id)
        })
        .collect()
}

fn is_confirmed(study: &Study, code: &str) -> bool {
    study.confirmed().iter().any(|confirmed| confirmed.code == code)
}
