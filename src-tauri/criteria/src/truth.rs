//! Three-valued logic, and the ledger in which a function writes down what it looked at.

use crate::finding::{Criterion, Field, Grade, Grading, Op, Outcome, Reason, Rule};
use rust_decimal::Decimal;

/// Yes, no, or unknown for want of inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    Yes,
    No,
    Unknown(Vec<Field>),
}

impl Truth {
    pub(crate) fn of(value: Option<bool>, field: &'static str) -> Self {
        match value {
            Some(true) => Self::Yes,
            Some(false) => Self::No,
            None => Self::lacking(&[field]),
        }
    }

    pub(crate) fn lacking(fields: &[&'static str]) -> Self {
        Self::Unknown(fields.iter().map(|name| Field(name)).collect())
    }

    pub(crate) fn known(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }

    pub(crate) fn yes(&self) -> bool {
        *self == Self::Yes
    }

    pub(crate) fn no(&self) -> bool {
        *self == Self::No
    }

    pub(crate) fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown(missing) => Self::Unknown(missing),
        }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Unknown(a), Self::Unknown(b)) => Self::Unknown(union(a, &b)),
            (Self::Unknown(a), Self::Yes) | (Self::Yes, Self::Unknown(a)) => Self::Unknown(a),
            (Self::Yes, Self::Yes) => Self::Yes,
        }
    }

    pub(crate) fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    pub(crate) fn missing(&self) -> &[Field] {
        match self {
            Self::Unknown(missing) => missing,
            Self::Yes | Self::No => &[],
        }
    }
}

/// The names of those inputs that are absent.
pub(crate) fn absent(inputs: &[(bool, &'static str)]) -> Vec<&'static str> {
    inputs
        .iter()
        .filter(|(is_absent, _)| *is_absent)
        .map(|(_, name)| *name)
        .collect()
}

pub(crate) fn union(mut a: Vec<Field>, b: &[Field]) -> Vec<Field> {
    for field in b {
        if !a.contains(field) {
            a.push(*field);
        }
    }
    a
}

pub(crate) fn all(parts: impl IntoIterator<Item = Truth>) -> Truth {
    parts.into_iter().fold(Truth::Yes, Truth::and)
}

pub(crate) fn any(parts: impl IntoIterator<Item = Truth>) -> Truth {
    parts.into_iter().fold(Truth::No, Truth::or)
}

/// Two decimal places, and as many more as it takes not to hide on which side of the limit a value lies.
pub(crate) fn shown(value: Decimal, limit: Decimal) -> String {
    let places = (2..=15)
        .find(|places| value == limit || value.round_dp(*places) != limit)
        .unwrap_or(15);
    let close = value.round_dp(places).normalize();
    let text = if close.is_zero() { value.normalize() } else { close };
    text.to_string()
}

/// Collects reasons and warnings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) reasons: Vec<Reason>,
    pub(crate) warnings: Vec<Reason>,
}

/// A quantity to be compared: its code, its unit, its value if known, and the inputs to blame if not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measure<'a> {
    pub(crate) what: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) value: Option<Decimal>,
    pub(crate) fields: &'a [&'static str],
}

impl Ledger {
    pub(crate) fn compare(&mut self, rule: &Rule, measure: Measure<'_>, op: Op, limit: Decimal) -> Truth {
        match measure.value {
            None => Truth::lacking(measure.fields),
            Some(value) => {
                let reason = compared(rule, measure, value, op, limit);
                let holds = reason.holds;
                self.reasons.push(reason);
                Truth::known(holds)
            }
        }
    }

    pub(crate) fn fact(&mut self, rule: &Rule, what: &'static str, value: Option<bool>, field: &'static str) -> Truth {
        if let Some(holds) = value {
            self.reasons.push(stated(rule, what, Some(holds.to_string()), holds));
        }
        Truth::of(value, field)
    }

    pub(crate) fn word(&mut self, rule: &Rule, what: &'static str, value: &str, holds: bool) -> Truth {
        self.reasons.push(stated(rule, what, Some(value.to_owned()), holds));
        Truth::known(holds)
    }

    pub(crate) fn warn(&mut self, rule: &Rule, what: &'static str) {
        self.warnings.push(stated(rule, what, None, true));
    }

    pub(crate) fn warn_measure(&mut self, rule: &Rule, measure: Measure<'_>, op: Op, limit: Decimal) {
        if let Some(value) = measure.value
            && op.holds(value, limit)
        {
            self.warnings.push(compared(rule, measure, value, op, limit));
        }
    }

    /// The criterion whose pass condition is `met`.
    pub(crate) fn require(self, met: Truth) -> Criterion {
        let outcome = match met {
            Truth::Yes => Outcome::Pass,
            Truth::No => Outcome::Fail,
            Truth::Unknown(missing) => Outcome::NotEvaluable { missing },
        };
        Criterion {
            outcome,
            reasons: self.reasons,
            warnings: self.warnings,
        }
    }

    /// The criterion that fails when `present`.
    pub(crate) fn exclude(self, present: Truth) -> Criterion {
        self.require(present.not())
    }

    pub(crate) fn grade(self, span: Span) -> Grading {
        Grading {
            grade: span.grade(),
            reasons: self.reasons,
            warnings: self.warnings,
        }
    }
}

fn compared(rule: &Rule, measure: Measure<'_>, value: Decimal, op: Op, limit: Decimal) -> Reason {
    Reason {
        rule: rule.code,
        what: measure.what,
        value: Some(shown(value, limit)),
        unit: measure.unit,
        op: Some(op),
        limit: Some(limit.normalize().to_string()),
        holds: op.holds(value, limit),
        decision: rule.decision,
        source: rule.source,
        evidence: rule.evidence,
    }
}

pub(crate) fn stated(rule: &Rule, what: &'static str, value: Option<String>, holds: bool) -> Reason {
    Reason {
        rule: rule.code,
        what,
        value,
        unit: "",
        op: None,
        limit: None,
        holds,
        decision: rule.decision,
        source: rule.source,
        evidence: rule.evidence,
    }
}

/// Lowest and highest grade that the known inputs leave open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) low: u8,
    pub(crate) high: u8,
    pub(crate) missing: Vec<Field>,
}

impl Span {
    pub(crate) fn at(grade: u8) -> Self {
        Self {
            low: grade,
            high: grade,
            missing: Vec::new(),
        }
    }

    pub(crate) fn between(low: u8, high: u8, fields: &[&'static str]) -> Self {
        Self {
            low,
            high,
            missing: fields.iter().map(|name| Field(name)).collect(),
        }
    }

    /// `grade` if the statement holds, 0 if not.
    pub(crate) fn if_true(truth: &Truth, grade: u8) -> Self {
        match truth {
            Truth::Yes => Self::at(grade),
            Truth::No => Self::at(0),
            Truth::Unknown(missing) => Self {
                low: 0,
                high: grade,
                missing: missing.clone(),
            },
        }
    }

    /// The worst of several domains. An input that cannot raise the result is not called missing.
    pub(crate) fn worst(parts: &[Self]) -> Self {
        let low = parts.iter().map(|part| part.low).max().unwrap_or(0);
        let high = parts.iter().map(|part| part.high).max().unwrap_or(0);
        let missing = parts
            .iter()
            .filter(|part| part.high > low)
            .fold(Vec::new(), |all, part| union(all, &part.missing));
        Self { low, high, missing }
    }

    pub(crate) fn grade(self) -> Grade {
        if self.low == self.high {
            Grade::Graded { grade: self.low }
        } else if self.low > 0 {
            Grade::AtLeast {
                grade: self.low,
                missing: self.missing,
            }
        } else {
            Grade::NotEvaluable { missing: self.missing }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::d;

    #[test]
    fn one_false_settles_and_one_true_settles() {
        let unknown = || Truth::lacking(&["x"]);
        assert!(unknown().and(Truth::No).no());
        assert!(unknown().or(Truth::Yes).yes());
        assert_eq!(unknown().and(Truth::lacking(&["y", "x"])), Truth::lacking(&["x", "y"]));
    }

    #[test]
    fn a_value_is_never_shown_as_its_limit_when_it_is_not() {
        assert_eq!(shown(d(30_0004, 4), d(30, 0)), "30.0004");
        assert_eq!(shown(d(30_014, 3), d(30, 0)), "30.01");
        assert_eq!(shown(d(30, 0), d(30, 0)), "30");
        assert_eq!(shown(d(30_149, 3), d(30, 0)), "30.15");
        assert_eq!(shown(d(1, 5), d(1, 4)), "0.00001");
    }

    #[test]
    fn worst_names_only_what_matters() {
        let span = Span::worst(&[
            Span::at(3),
            Span::between(0, 3, &["flow"]),
            Span::between(0, 4, &["drug"]),
        ]);
        assert_eq!(
            span.grade(),
            Grade::AtLeast {
                grade: 3,
                missing: vec![Field("drug")]
            }
        );
    }
}
