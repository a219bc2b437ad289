//! What every function gives back: outcomes, grades, and the facts that they rest on. Words for a person live elsewhere.

use rust_decimal::Decimal;
use serde::Serialize;

/// The name of an input, as it stands in the input struct and in the vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Field(pub &'static str);

/// How sure the citation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Evidence {
    /// Seen in the published source.
    S,
    /// Seen in a secondary source only.
    S2,
    /// General knowledge of the publication; to be verified before lock.
    #[serde(rename = "GK")]
    Gk,
    /// A decision of the project where the publication is silent.
    #[serde(rename = "PD")]
    Pd,
}

impl Evidence {
    /// The tag as it is printed.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::S2 => "S2",
            Self::Gk => "GK",
            Self::Pd => "PD",
        }
    }
}

/// A rule with its citation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Stable code, for example `I8` or `C1.flow`.
    pub code: &'static str,
    /// What it says in words, with its boundaries and units.
    pub text: &'static str,
    /// Short citation.
    pub source: &'static str,
    /// How sure the citation is.
    pub evidence: Evidence,
    /// The decision of the sponsor that sets its threshold.
    pub decision: Option<&'static str>,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Op {
    /// Less than.
    #[serde(rename = "<")]
    Lt,
    /// At most.
    #[serde(rename = "<=")]
    Le,
    /// Greater than.
    #[serde(rename = ">")]
    Gt,
    /// At least.
    #[serde(rename = ">=")]
    Ge,
    /// Equal.
    #[serde(rename = "==")]
    Eq,
    /// Different.
    #[serde(rename = "!=")]
    Ne,
}

impl Op {
    /// Whether `a op b`.
    #[must_use]
    pub fn holds(self, a: Decimal, b: Decimal) -> bool {
        match self {
            Self::Lt => a < b,
            Self::Le => a <= b,
            Self::Gt => a > b,
            Self::Ge => a >= b,
            Self::Eq => a == b,
            Self::Ne => a != b,
        }
    }
}

/// One fact that a result rests on: a quantity against a limit, or a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Code of the rule, one of [`crate::rule::RULES`].
    pub rule: &'static str,
    /// Code of the quantity or statement, one of [`crate::what::WHATS`].
    pub what: &'static str,
    /// The value as shown; `true` or `false` for a statement; a code for a choice.
    pub value: Option<String>,
    /// Unit of value and limit; empty where there is none.
    pub unit: &'static str,
    /// The comparison, where there is one.
    pub op: Option<Op>,
    /// The limit, as shown.
    pub limit: Option<String>,
    /// Whether the comparison or statement holds.
    pub holds: bool,
    /// The sponsor's decision behind the limit, for example `D-07`.
    pub decision: Option<&'static str>,
    /// Short citation.
    pub source: &'static str,
    /// How sure the citation is.
    pub evidence: Evidence,
}

/// Result of one criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Outcome {
    /// Inclusion met, or exclusion absent.
    Pass,
    /// Inclusion not met, or exclusion present.
    Fail,
    /// Some missing item could change the answer.
    NotEvaluable {
        /// The inputs that are missing.
        missing: Vec<Field>,
    },
}

/// A criterion with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Criterion {
    /// The result.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// What it rests on.
    pub reasons: Vec<Reason>,
    /// What a person should know besides; never changes the result.
    pub warnings: Vec<Reason>,
}

/// A grade, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Grade<G = u8> {
    /// No missing item could change it.
    Graded {
        /// The grade.
        grade: G,
    },
    /// Missing items could only raise it.
    AtLeast {
        /// The grade so far.
        grade: G,
        /// The inputs that are missing.
        missing: Vec<Field>,
    },
    /// Nothing can be said yet.
    NotEvaluable {
        /// The inputs that are missing.
        missing: Vec<Field>,
    },
}

impl<G> Grade<G> {
    /// The grade, known or so far.
    pub fn grade(&self) -> Option<&G> {
        match self {
            Self::Graded { grade } | Self::AtLeast { grade, .. } => Some(grade),
            Self::NotEvaluable { .. } => None,
        }
    }

    /// The inputs that are missing.
    pub fn missing(&self) -> &[Field] {
        match self {
            Self::Graded { .. } => &[],
            Self::AtLeast { missing, .. } | Self::NotEvaluable { missing } => missing,
        }
    }
}

/// A grade with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grading<G = u8> {
    /// The grade.
    #[serde(flatten)]
    pub grade: Grade<G>,
    /// What it rests on.
    pub reasons: Vec<Reason>,
    /// What a person should know besides; never changes the grade.
    pub warnings: Vec<Reason>,
}

/// A computed number with what went into it, or the inputs that it lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Computed {
    /// The number, unrounded.
    pub value: Option<Decimal>,
    /// Its unit.
    pub unit: &'static str,
    /// The factors in the order of the formula.
    pub factors: Vec<Factor>,
    /// The inputs that are missing.
    pub missing: Vec<Field>,
}

/// One factor of a formula.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Factor {
    /// Code of the quantity, one of [`crate::what::WHATS`].
    pub what: &'static str,
    /// Decimal text.
    pub value: String,
    /// Its unit.
    pub unit: &'static str,
}

impl Computed {
    pub(crate) fn lacking(unit: &'static str, missing: &[Field]) -> Self {
        Self {
            value: None,
            unit,
            factors: Vec::new(),
            missing: missing.to_vec(),
        }
    }
}

impl Factor {
    pub(crate) fn new(what: &'static str, value: Decimal, unit: &'static str) -> Self {
        Self {
            what,
            value: value.normalize().to_string(),
            unit,
        }
    }
}
