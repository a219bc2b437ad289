//! Rows with absolute bands, whose first grade starts at a limit of normal.

use super::{Lab, Term, Version, crossed, measure, t};
use crate::finding::Op;
use crate::quantity::{Positive, d};
use crate::rule;
use crate::truth::{Ledger, Span, absent};
use rust_decimal::Decimal;

/// Where grade 1 begins.
pub(super) enum First {
    /// Below the lower limit of normal.
    Lln,
    /// Above the upper limit of normal.
    Uln,
    /// At a fixed limit, compared with its own operator.
    At(Op, Decimal),
}

/// One row: the unit that it prints, the direction, grade 1, and the bands above it.
pub(super) struct Row {
    pub(super) unit: &'static str,
    pub(super) op: Op,
    pub(super) first: First,
    pub(super) bands: Vec<(u8, Decimal)>,
}

fn below(unit: &'static str, bands: Vec<(u8, Decimal)>) -> Row {
    Row {
        unit,
        op: Op::Lt,
        first: First::Lln,
        bands,
    }
}

fn above(unit: &'static str, bands: Vec<(u8, Decimal)>) -> Row {
    Row {
        unit,
        op: Op::Gt,
        first: First::Uln,
        bands,
    }
}

/// The row of a term in the unit of the value; nothing for a unit that the table does not print.
pub(super) fn row(term: Term, unit: Option<&str>, version: Version) -> Option<Row> {
    const CELLS: &str = "×10⁹/L";
    let cells = matches!(unit, None | Some("x10^9/L" | "10^9/L" | "×10⁹/L"));
    let si = |name: &str| unit.is_none_or(|unit| unit == name);
    let mg = unit == Some("mg/dL");
    let g_dl = unit == Some("g/dL");
    Some(match (term, version) {
        (Term::Neutrophil, Version::V5) if cells => below(CELLS, vec![(2, t(15)), (3, t(10)), (4, t(5))]),
        (Term::Neutrophil, Version::V6) if cells => {
            let bands = vec![(2, t(10)), (3, t(5)), (4, t(1))];
            Row {
                first: First::At(Op::Lt, t(15)),
                ..below(CELLS, bands)
            }
        }
        (Term::Platelet, Version::V5) if cells => below(CELLS, vec![(2, d(75, 0)), (3, d(50, 0)), (4, d(25, 0))]),
        (Term::Platelet, Version::V6) if cells => below(CELLS, vec![(2, d(75, 0)), (3, d(50, 0)), (4, d(10, 0))]),
        (Term::Lymphocyte, _) if cells => below(CELLS, vec![(2, t(8)), (3, t(5)), (4, t(2))]),
        (Term::Wbc, _) if cells => below(CELLS, vec![(2, t(30)), (3, t(20)), (4, t(10))]),
        (Term::Hemoglobin, _) if g_dl => below("g/dL", vec![(2, t(100)), (3, t(80))]),
        (Term::Hemoglobin, _) if unit == Some("mmol/L") => below("mmol/L", vec![(2, t(62)), (3, t(49))]),
        (Term::Hemoglobin, _) if si("g/L") => below("g/L", vec![(2, d(100, 0)), (3, d(80, 0))]),
        (Term::Albumin, _) if g_dl => below("g/dL", vec![(2, t(30)), (3, t(20))]),
        (Term::Albumin, _) if si("g/L") => below("g/L", vec![(2, d(30, 0)), (3, d(20, 0))]),
        (Term::Inr, _) => {
            let bands = vec![(2, t(15)), (3, t(25))];
            Row {
                first: First::At(Op::Gt, t(12)),
                ..above("", bands)
            }
        }
        (Term::IonisedCalciumLow, _) if si("mmol/L") => below("mmol/L", vec![(2, t(10)), (3, t(9)), (4, t(8))]),
        (Term::SodiumHigh, _) if si("mmol/L") => above("mmol/L", vec![(2, d(150, 0)), (3, d(155, 0)), (4, d(160, 0))]),
        (Term::PotassiumHigh, _) if si("mmol/L") => above("mmol/L", vec![(2, t(55)), (3, t(60)), (4, t(70))]),
        (Term::CalciumLow, _) if mg => below("mg/dL", vec![(2, t(80)), (3, t(70)), (4, t(60))]),
        (Term::CalciumLow, _) if si("mmol/L") => below("mmol/L", vec![(2, t(20)), (3, d(175, 2)), (4, t(15))]),
        (Term::CalciumHigh, _) if mg => above("mg/dL", vec![(2, t(115)), (3, t(125)), (4, t(135))]),
        (Term::CalciumHigh, _) if si("mmol/L") => above("mmol/L", vec![(2, t(29)), (3, t(31)), (4, t(34))]),
        (Term::MagnesiumLow, _) if mg => below("mg/dL", vec![(2, t(12)), (3, t(9)), (4, t(7))]),
        (Term::MagnesiumLow, _) if si("mmol/L") => below("mmol/L", vec![(2, t(5)), (3, t(4)), (4, t(3))]),
        (Term::GlucoseLow, _) if mg => below("mg/dL", vec![(2, d(55, 0)), (3, d(40, 0)), (4, d(30, 0))]),
        (Term::GlucoseLow, _) if si("mmol/L") => below("mmol/L", vec![(2, t(30)), (3, t(22)), (4, t(17))]),
        (Term::Triglycerides, _) if mg => {
            let bands = vec![(2, d(300, 0)), (3, d(500, 0)), (4, d(1000, 0))];
            Row {
                first: First::At(Op::Ge, d(150, 0)),
                ..above("mg/dL", bands)
            }
        }
        (Term::Triglycerides, _) if si("mmol/L") => {
            let bands = vec![(2, d(342, 2)), (3, t(57)), (4, t(114))];
            Row {
                first: First::At(Op::Ge, d(171, 2)),
                ..above("mmol/L", bands)
            }
        }
        (Term::Ldh, _) => above("", Vec::new()),
        _ => return None,
    })
}

pub(super) fn banded(term: Term, value: Decimal, input: &Lab, version: Version, ledger: &mut Ledger) -> Span {
    let Some(row) = row(term, input.unit.as_deref(), version) else {
        return Span::between(0, 4, &["unit"]);
    };
    if matches!(term, Term::Hemoglobin | Term::Albumin) && input.life_threatening == Some(true) {
        return Span::at(4);
    }
    let measure = measure(term, value, row.unit);
    let banded = crossed(ledger, measure, row.op, &row.bands);
    if term == Term::Hemoglobin && input.transfusion_indicated == Some(true) {
        return Span::at(banded.max(3));
    }
    if banded > 0 {
        return Span::at(banded);
    }
    let normal = |limit: Option<Positive>, op, field: &'static str, ledger: &mut Ledger| match limit {
        None => Span::between(0, 1, &[field]),
        Some(limit) => Span::at(u8::from(ledger.compare(&rule::C9, measure, op, limit.get()).yes())),
    };
    match row.first {
        First::Lln => normal(input.lln, Op::Lt, "lln", ledger),
        First::Uln => normal(input.uln, Op::Gt, "uln", ledger),
        First::At(op, limit) => Span::at(u8::from(ledger.compare(&rule::C9, measure, op, limit).yes())),
    }
}

/// Low sodium, mmol/L: below these.
pub(super) const SODIUM_LOW: [(u8, Decimal); 3] = [(2, d(130, 0)), (3, d(125, 0)), (4, d(120, 0))];
/// Low potassium, mmol/L: below these.
pub(super) const POTASSIUM_LOW: [(u8, Decimal); 2] = [(3, t(30)), (4, t(25))];

/// 125 ≤ v < 130 is the band printed 125-129, so that analyser decimals have a grade; symptoms decide between 2 and 3.
pub(super) fn sodium_low(value: Decimal, input: &Lab, ledger: &mut Ledger) -> Span {
    let measure = measure(Term::SodiumLow, value, "mmol/L");
    match (
        crossed(ledger, measure, Op::Lt, &SODIUM_LOW),
        input.symptomatic,
        input.lln,
    ) {
        (0, _, None) => Span::between(0, 1, &["lln"]),
        (0, _, Some(lln)) => Span::at(u8::from(ledger.compare(&rule::C9, measure, Op::Lt, lln.get()).yes())),
        (2, None, _) => Span::between(2, 3, &["symptomatic"]),
        (2, Some(true), _) => Span::at(3),
        (grade, ..) => Span::at(grade),
    }
}

/// From 3.0 to the limit of normal, symptoms decide between 1 and 2.
pub(super) fn potassium_low(value: Decimal, input: &Lab, ledger: &mut Ledger) -> Span {
    let measure = measure(Term::PotassiumLow, value, "mmol/L");
    let deep = crossed(ledger, measure, Op::Lt, &POTASSIUM_LOW);
    if deep > 0 {
        return Span::at(deep);
    }
    let Some(lln) = input.lln else {
        let fields = absent(&[(true, "lln"), (input.symptomatic.is_none(), "symptomatic")]);
        return Span::between(0, 2, &fields);
    };
    if !ledger.compare(&rule::C9, measure, Op::Lt, lln.get()).yes() {
        return Span::at(0);
    }
    match input.symptomatic {
        Some(symptomatic) => Span::at(1 + u8::from(symptomatic)),
        None => Span::between(1, 2, &["symptomatic"]),
    }
}
