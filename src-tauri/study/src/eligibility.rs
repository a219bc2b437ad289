//! The verdict on one subject: every criterion in order, computed or as judged, and what they come to together.
//!
//! There is no waiver. One failure decides whatever is open; else anything open keeps the verdict pending.

use serde::Serialize;
use ts_rs::TS;

use crate::{
    def::CriterionRule,
    medicine::{InputUsed, MissingItem, ReasonLine, Status},
    path::ItemPath,
    resolve::Place,
    rule::ItemRef,
    study::Study,
    value::Value,
    values::Values,
};

/// Code of a judgement: inclusion met, or exclusion absent.
pub const MET: &str = "MET";
/// Code of a judgement: inclusion not met, or exclusion present.
pub const NOT_MET: &str = "NOT_MET";
/// Code of a judgement: cannot say yet.
pub const CANNOT_SAY: &str = "CANNOT_SAY";

/// What all criteria come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every criterion is met.
    Eligible,
    /// One is not met.
    Ineligible,
    /// None fails, some cannot be said yet.
    Pending,
}

/// What one criterion comes to. For exclusions `Pass` means absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum CriterionResult {
    /// Met.
    Pass,
    /// Not met.
    Fail,
    /// Cannot be said yet.
    NotEvaluable,
}

/// Who decided a criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum By {
    /// A function of `criteria`.
    Computed {
        /// Its name.
        call: String,
    },
    /// A person.
    Judged {
        /// Where the judgement stands.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        path: Option<ItemPath>,
        /// Where the person says it stands in the source.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        source: Option<String>,
    },
}

/// One criterion with everything it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct CriterionOutcome {
    /// `I8`.
    pub id: String,
    /// What it comes to.
    pub result: CriterionResult,
    /// Who decided.
    pub by: By,
    /// What it rests on.
    pub reasons: Vec<ReasonLine>,
    /// What a person should know besides.
    pub warnings: Vec<ReasonLine>,
    /// What is still to be answered.
    pub missing: Vec<MissingItem>,
    /// The items it looked at.
    pub inputs: Vec<InputUsed>,
}

/// The verdict with all criteria in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct EligibilityOutcome {
    /// What they come to.
    pub verdict: Verdict,
    /// One for each criterion of the definition, in its order.
    pub criteria: Vec<CriterionOutcome>,
}

impl EligibilityOutcome {
    /// Everything still to be answered, each item once, in the order of the criteria.
    #[must_use]
    pub fn missing(&self) -> Vec<&MissingItem> {
        let mut seen = std::collections::BTreeSet::new();
        self.criteria
            .iter()
            .flat_map(|criterion| &criterion.missing)
            .filter(|missing| seen.insert((missing.path.clone(), missing.item.clone())))
            .collect()
    }
}

impl Study {
    /// The verdict on the subject whose values these are.
    #[must_use]
    pub fn verdict(&self, values: &Values<'_>) -> EligibilityOutcome {
        let criteria: Vec<CriterionOutcome> = self
            .def()
            .criteria
            .iter()
            .map(|criterion| match &criterion.rule {
                CriterionRule::Computed { call, with } => self.computed(values, &criterion.id, call, with),
                CriterionRule::Asked { item, source } => self.judged(values, &criterion.id, item, source),
            })
            .collect();
        let outcomes: Vec<criteria::Outcome> = criteria
            .iter()
            .map(|criterion| match criterion.result {
                CriterionResult::Pass => criteria::Outcome::Pass,
                CriterionResult::Fail => criteria::Outcome::Fail,
                CriterionResult::NotEvaluable => criteria::Outcome::NotEvaluable { missing: Vec::new() },
            })
            .collect();
        let verdict = match criteria::elig::overall(&outcomes) {
            criteria::elig::Overall::Eligible => Verdict::Eligible,
            criteria::elig::Overall::Ineligible => Verdict::Ineligible,
            criteria::elig::Overall::Pending => Verdict::Pending,
        };
        EligibilityOutcome { verdict, criteria }
    }

    fn computed(&self, values: &Values<'_>, id: &str, call: &str, with: &[(String, String)]) -> CriterionOutcome {
        let by = By::Computed { call: call.to_owned() };
        match self.call(values, &Place::Subject, call, with) {
            Some(outcome) => CriterionOutcome {
                id: id.to_owned(),
                result: match outcome.status {
                    Status::Pass => CriterionResult::Pass,
                    Status::Fail => CriterionResult::Fail,
                    Status::NotEvaluable | Status::Graded | Status::AtLeast | Status::Value => {
                        CriterionResult::NotEvaluable
                    }
                },
                by,
                reasons: outcome.reasons,
                warnings: outcome.warnings,
                missing: outcome.missing,
                inputs: outcome.inputs,
            },
            None => CriterionOutcome {
                id: id.to_owned(),
                result: CriterionResult::NotEvaluable,
                by,
                reasons: Vec::new(),
                warnings: Vec::new(),
                missing: Vec::new(),
                inputs: Vec::new(),
            },
        }
    }

    fn judged(&self, values: &Values<'_>, id: &str, item: &str, source: &str) -> CriterionOutcome {
        let at = |item: &str| {
            let reference = ItemRef {
                visit: None,
                item: item.to_owned(),
            };
            self.resolve(values, &Place::Subject, &reference)
        };
        let path = at(item);
        let judgement = match path.as_ref().and_then(|path| self.current(values, path)) {
            Some(Value::Code { code }) => Some(code.as_str()),
            Some(
                Value::Text { .. }
                | Value::Number { .. }
                | Value::Codes { .. }
                | Value::Date { .. }
                | Value::Time { .. }
                | Value::DateTime { .. }
                | Value::Duration { .. }
                | Value::Missing { .. },
            )
            | None => None,
        };
        let source = match at(source).and_then(|path| self.current(values, &path)) {
            Some(Value::Text { text }) => Some(text.clone()),
            Some(
                Value::Number { .. }
                | Value::Code { .. }
                | Value::Codes { .. }
                | Value::Date { .. }
                | Value::Time { .. }
                | Value::DateTime { .. }
                | Value::Duration { .. }
                | Value::Missing { .. },
            )
            | None => None,
        };
        let result = match judgement {
            Some(MET) => CriterionResult::Pass,
            Some(NOT_MET) => CriterionResult::Fail,
            Some(_) | None => CriterionResult::NotEvaluable,
        };
        let missing = match result {
            CriterionResult::Pass | CriterionResult::Fail => Vec::new(),
            CriterionResult::NotEvaluable => {
                vec![MissingItem {
                    input: "judgement".into(),
                    item: Some(item.to_owned()),
                    path: path.clone(),
                }]
            }
        };
        let inputs = vec![InputUsed {
            input: "judgement".into(),
            item: item.to_owned(),
            path: path.clone(),
            value: judgement.map(str::to_owned),
        }];
        CriterionOutcome {
            id: id.to_owned(),
            result,
            by: By::Judged { path, source },
            reasons: Vec::new(),
            warnings: Vec::new(),
            missing,
            inputs,
        }
    }
}
