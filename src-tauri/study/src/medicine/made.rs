//! Results of `criteria` in the one shape that leaves this crate.

use criteria::{
    Criterion, Reason,
    finding::{Computed, Factor, Field},
};
use rust_decimal::Decimal;
use serde_json::Value as Json;

use crate::medicine::{FactorLine, MissingItem, Outcome, ReasonLine, Status, bind::Bound};

/// Makes outcomes of one call.
pub(super) struct Made<'a> {
    pub(super) call: &'static str,
    pub(super) bound: &'a Bound,
}

impl Made<'_> {
    pub(super) fn outcome(&self, status: Status) -> Outcome {
        Outcome {
            call: self.call.to_owned(),
            status,
            result: None,
            unit: String::new(),
            missing: Vec::new(),
            reasons: Vec::new(),
            warnings: Vec::new(),
            arithmetic: Vec::new(),
            inputs: self.bound.inputs.clone(),
            exact: None,
        }
    }

    pub(super) fn lacking(&self, names: &[&str]) -> Outcome {
        Outcome {
            missing: self.bound.missing(names),
            ..self.outcome(Status::NotEvaluable)
        }
    }

    /// The inputs of a call that have no value.
    pub(super) fn lacking_any(&self, names: &[&str]) -> Outcome {
        let absent: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| !self.bound.json.contains_key(*name))
            .collect();
        self.lacking(&absent)
    }

    pub(super) fn fields(&self, missing: &[Field]) -> Vec<MissingItem> {
        self.bound
            .missing(&missing.iter().map(|field| field.0).collect::<Vec<_>>())
    }

    pub(super) fn criterion(&self, criterion: Criterion) -> Outcome {
        let (status, missing) = match &criterion.outcome {
            criteria::Outcome::Pass => (Status::Pass, Vec::new()),
            criteria::Outcome::Fail => (Status::Fail, Vec::new()),
            criteria::Outcome::NotEvaluable { missing } => (Status::NotEvaluable, self.fields(missing)),
        };
        Outcome {
            missing,
            reasons: lines(criterion.reasons),
            warnings: lines(criterion.warnings),
            ..self.outcome(status)
        }
    }

    pub(super) fn value(
        &self,
        result: Option<String>,
        missing: &[Field],
        reasons: Vec<Reason>,
        warnings: Vec<Reason>,
    ) -> Outcome {
        let status = if result.is_some() {
            Status::Value
        } else {
            Status::NotEvaluable
        };
        Outcome {
            exact: result.clone(),
            result,
            missing: self.fields(missing),
            reasons: lines(reasons),
            warnings: lines(warnings),
            ..self.outcome(status)
        }
    }

    pub(super) fn computed(&self, computed: Computed) -> Outcome {
        match computed.value {
            Some(value) => Outcome {
                arithmetic: factors(computed.factors),
                ..self.number(value, computed.unit)
            },
            None => Outcome {
                missing: self.fields(&computed.missing),
                arithmetic: factors(computed.factors),
                ..self.outcome(Status::NotEvaluable)
            },
        }
    }

    /// A number, shown with at most two places, or four digits where it is small; exact for the next function.
    pub(super) fn number(&self, value: Decimal, unit: &str) -> Outcome {
        let shown = if value.abs() >= Decimal::ONE {
            value.round_dp(2)
        } else {
            value.round_sf(4).unwrap_or(value)
        };
        Outcome {
            result: Some(shown.normalize().to_string()),
            unit: unit.to_owned(),
            exact: Some(value.normalize().to_string()),
            ..self.outcome(Status::Value)
        }
    }

    pub(super) fn lacking_times(&self) -> Outcome {
        let impossible = ReasonLine {
            rule: "Dose.thaw".into(),
            what: "start_before_thaw".into(),
            value: Some("true".into()),
            unit: String::new(),
            op: None,
            limit: None,
            holds: true,
            decision: None,
            source: String::new(),
            evidence: "PD".into(),
        };
        let missing = self
            .bound
            .inputs
            .iter()
            .filter(|used| used.input == "thaw_end" || used.input == "infusion_start")
            .map(|used| MissingItem {
                input: used.input.clone(),
                item: Some(used.item.clone()),
                path: used.path.clone(),
            })
            .collect();
        Outcome {
            missing,
            warnings: vec![impossible],
            ..self.outcome(Status::NotEvaluable)
        }
    }
}

pub(super) fn lines(reasons: Vec<Reason>) -> Vec<ReasonLine> {
    let code = |value: Json| value.as_str().map(str::to_owned);
    reasons
        .into_iter()
        .map(|reason| ReasonLine {
            rule: reason.rule.to_owned(),
            what: reason.what.to_owned(),
            value: reason.value,
            unit: reason.unit.to_owned(),
            op: reason.op.and_then(|op| serde_json::to_value(op).ok().and_then(code)),
            limit: reason.limit,
            holds: reason.holds,
            decision: reason.decision.map(str::to_owned),
            source: reason.source.to_owned(),
            evidence: serde_json::to_value(reason.evidence)
                .ok()
                .and_then(code)
                .unwrap_or_default(),
        })
        .collect()
}

pub(super) fn factors(factors: Vec<Factor>) -> Vec<FactorLine> {
    factors
        .into_iter()
        .map(|factor| FactorLine {
            what: factor.what.to_owned(),
            value: factor.value,
            unit: factor.unit.to_owned(),
        })
        .collect()
}
