//! Rows that count multiples of a limit of normal or of baseline.

use super::{Lab, Term, Version, crossed, measure, t};
use crate::finding::Op;
use crate::quantity::{Level, Positive, d};
use crate::truth::{Ledger, Span};
use crate::{rule, what as w};
use rust_decimal::Decimal;

fn scaled(bands: &[(u8, Decimal)], by: Decimal) -> Vec<(u8, Decimal)> {
    bands.iter().map(|(grade, factor)| (*grade, factor * by)).collect()
}

/// The rows that share one shape.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Enzyme {
    Transaminase,
    Alp,
    Ggt,
    Bilirubin,
}

/// Bands over the upper limit, for a normal baseline.
pub(super) fn over_uln(row: Enzyme) -> [(u8, Decimal); 4] {
    let [two, three, four] = match row {
        Enzyme::Bilirubin => [t(15), t(30), t(100)],
        Enzyme::Alp | Enzyme::Ggt => [t(25), t(50), t(200)],
        Enzyme::Transaminase => [t(30), t(50), t(200)],
    };
    [(1, d(1, 0)), (2, two), (3, three), (4, four)]
}

/// Bands over an abnormal baseline: where grade 1 begins, whether that limit itself counts, and the rest.
pub(super) fn over_baseline(row: Enzyme, version: Version) -> (Op, Decimal, Vec<(u8, Decimal)>) {
    let rest = |two, three, four| vec![(2, two), (3, three), (4, four)];
    match (version, row) {
        (Version::V5, Enzyme::Transaminase) => (Op::Ge, t(15), rest(t(30), t(50), t(200))),
        (Version::V5, Enzyme::Alp | Enzyme::Ggt) => (Op::Ge, t(20), rest(t(25), t(50), t(200))),
        (Version::V5, Enzyme::Bilirubin) => (Op::Gt, t(10), rest(t(15), t(30), t(100))),
        (Version::V6, Enzyme::Transaminase) => (Op::Gt, t(10), rest(t(15), t(20), t(40))),
        (Version::V6, Enzyme::Ggt) => (Op::Gt, t(10), rest(t(15), t(30), t(100))),
        (Version::V6, Enzyme::Alp) => (Op::Gt, t(10), Vec::new()),
        (Version::V6, Enzyme::Bilirubin) => (Op::Gt, t(10), rest(t(15), t(25), t(100))),
    }
}

pub(super) fn enzyme(
    (row, term): (Enzyme, Term),
    value: Decimal,
    input: &Lab,
    version: Version,
    ledger: &mut Ledger,
) -> Span {
    let Some(uln) = input.uln.map(Positive::get) else {
        return Span::between(0, 4, &["uln"]);
    };
    let measure = measure(term, value, "");
    let normal = if (version, row) == (Version::V6, Enzyme::Alp) {
        crossed(ledger, measure, Op::Gt, &[(1, uln)])
    } else {
        crossed(ledger, measure, Op::Gt, &scaled(&over_uln(row), uln))
    };
    if value <= uln {
        return Span::at(0);
    }
    let Some(baseline) = input.baseline.map(Level::get) else {
        return Span::between(0, normal, &["baseline"]);
    };
    if baseline <= uln {
        return Span::at(normal);
    }
    ledger.word(&rule::C9, w::BASELINE_ABNORMAL, "true", true);
    let (op, first, rest) = over_baseline(row, version);
    let rest = crossed(ledger, measure, Op::Gt, &scaled(&rest, baseline));
    let one = ledger.compare(&rule::C9, measure, op, first * baseline).yes();
    Span::at(rest.max(u8::from(one)))
}

/// Creatinine: above these multiples of baseline, and of the upper limit of normal.
pub(super) const CREATININE_BASELINE: [(u8, Decimal); 2] = [(2, t(15)), (3, t(30))];
pub(super) const CREATININE_ULN: [(u8, Decimal); 4] = [(1, t(10)), (2, t(15)), (3, t(30)), (4, t(60))];
/// Fibrinogen: below these parts of the lower limit; after an abnormal baseline at or below these parts of it.
pub(super) const FIBRINOGEN_LLN: [(u8, Decimal); 4] = [(1, d(1, 0)), (2, d(75, 2)), (3, d(5, 1)), (4, d(25, 2))];
pub(super) const FIBRINOGEN_FALL: [(u8, Decimal); 3] = [(2, d(75, 2)), (3, d(5, 1)), (4, d(25, 2))];
/// aPTT: above these multiples of the upper limit of normal.
pub(super) const APTT_ULN: [(u8, Decimal); 3] = [(1, t(10)), (2, t(15)), (3, t(25))];

/// The worse of two limbs; without baseline the limit of normal alone decides, flagged (a stated exception).
pub(super) fn creatinine(value: Decimal, input: &Lab, version: Version, ledger: &mut Ledger) -> Span {
    let measure = measure(Term::Creatinine, value, "");
    let by_baseline = match (input.baseline.map(Level::get), input.lln.map(Positive::get)) {
        (None, _) => {
            ledger.warn(&rule::C9, w::BASELINE_MISSING);
            Span::at(0)
        }
        (Some(baseline), _) if baseline.is_zero() => Span::at(0),
        (Some(baseline), lln) => {
            let limb = crossed(ledger, measure, Op::Gt, &scaled(&CREATININE_BASELINE, baseline));
            match (version, lln) {
                (Version::V5, _) => Span::at(limb),
                (Version::V6, Some(lln)) => Span::at(if baseline < lln { limb } else { 0 }),
                (Version::V6, None) => Span::between(0, limb, &["lln"]),
            }
        }
    };
    let by_uln = match input.uln.map(Positive::get) {
        None => Span::between(0, 4, &["uln"]),
        Some(uln) => Span::at(crossed(ledger, measure, Op::Gt, &scaled(&CREATININE_ULN, uln))),
    };
    Span::worst(&[by_baseline, by_uln])
}

/// Parts of the lower limit; if baseline was below it, also the fall from baseline. Below 0.5 g/L always 4.
pub(super) fn fibrinogen(value: Decimal, input: &Lab, ledger: &mut Ledger) -> Span {
    let (unit, floor) = match input.unit.as_deref() {
        None | Some("g/L") => ("g/L", t(5)),
        Some("mg/dL") => ("mg/dL", d(50, 0)),
        Some(_) => return Span::between(0, 4, &["unit"]),
    };
    let measure = measure(Term::Fibrinogen, value, unit);
    if crossed(ledger, measure, Op::Lt, &[(4, floor)]) == 4 {
        return Span::at(4);
    }
    let Some(lln) = input.lln.map(Positive::get) else {
        return Span::between(0, 4, &["lln"]);
    };
    let by_limit = crossed(ledger, measure, Op::Lt, &scaled(&FIBRINOGEN_LLN, lln));
    let by_fall = match input.baseline.map(Level::get) {
        Some(baseline) if baseline < lln => crossed(ledger, measure, Op::Le, &scaled(&FIBRINOGEN_FALL, baseline)),
        // A fall from an abnormal baseline never exceeds what the limit itself gives, so a missing one changes nothing.
        Some(_) | None => 0,
    };
    Span::at(by_limit.max(by_fall))
}

pub(super) fn aptt(value: Decimal, input: &Lab, ledger: &mut Ledger) -> Span {
    if input.bleeding == Some(true) {
        return Span::at(3);
    }
    let Some(uln) = input.uln.map(Positive::get) else {
        return Span::between(0, 3, &["uln"]);
    };
    let bands = scaled(&APTT_ULN, uln);
    Span::at(crossed(ledger, measure(Term::Aptt, value, "s"), Op::Gt, &bands))
}
