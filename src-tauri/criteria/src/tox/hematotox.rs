//! CAR-HEMATOTOX: Rejeski, Blood 2021;138:2499 \[S2\]; high from 2 \[S\]. Derived in lymphoma, only extrapolated to B-ALL.
//!
//! | | 0 | 1 | 2 |
//! |---|---|---|---|
//! | platelets ×10⁹/L | > 175 | 75-175 | < 75 |
//! | ANC /µL | ≥ 1200 | < 1200 | |
//! | Hb g/dL | ≥ 9.0 | < 9.0 | |
//! | CRP mg/dL | < 3.0 | ≥ 3.0 | |
//! | ferritin ng/mL | < 650 | 650-2000 | > 2000 |
//!
//! The values 1200, 9.0 and 3.0 themselves are not printed: project decision.

use crate::finding::{Field, Op, Reason};
use crate::inputs::inputs;
use crate::quantity::{CellsE9PerL, CellsPerUl, Level, d};
use crate::truth::{Ledger, Measure, Span};
use crate::{rule, what as w};
use rust_decimal::Decimal;
use serde::Serialize;

inputs! {
    /// Before lymphodepletion.
    Hematotox {
        /// Platelets.
        plt: CellsE9PerL,
        /// Neutrophils.
        anc_per_ul: CellsPerUl,
        /// Haemoglobin, g/dL.
        hb_g_dl: Level,
        /// CRP, mg/dL.
        crp_mg_dl: Level,
        /// CRP as most laboratories print it, mg/L; taken where `crp_mg_dl` is missing.
        crp_mg_l: Level,
        /// Ferritin, ng/mL.
        ferritin: Level,
    }
}

/// Risk of haematotoxicity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// 0 or 1.
    Low,
    /// 2 to 7.
    High,
}

/// The score as far as it is known; the risk may be certain before the score is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HematotoxResult {
    /// 0 to 7, with everything known.
    pub score: Option<u8>,
    /// Risk.
    pub risk: Option<Risk>,
    /// The inputs that are missing.
    pub missing: Vec<Field>,
    /// What it rests on.
    pub reasons: Vec<Reason>,
}

/// Scores CAR-HEMATOTOX.
#[must_use]
pub fn car_hematotox(input: &Hematotox) -> HematotoxResult {
    let mut ledger = Ledger::default();
    let mut part = |what, unit, value: Option<Decimal>, field: &'static str, limits: &[(Op, Decimal)]| {
        let measure = Measure {
            what,
            unit,
            value,
            fields: &[field],
        };
        let top = u8::try_from(limits.len()).unwrap_or(u8::MAX);
        if value.is_none() {
            return Span::between(0, top, &[field]);
        }
        let points = limits
            .iter()
            .filter(|(op, limit)| ledger.compare(&rule::C5, measure, *op, *limit).yes())
            .count();
        Span::at(u8::try_from(points).unwrap_or(top))
    };
    let parts = [
        part(
            w::PLATELETS,
            "×10⁹/L",
            input.plt.map(CellsE9PerL::get),
            "plt",
            &[(Op::Le, d(175, 0)), (Op::Lt, d(75, 0))],
        ),
        part(
            w::ANC,
            "/µL",
            input.anc_per_ul.map(CellsPerUl::get),
            "anc_per_ul",
            &[(Op::Lt, d(1200, 0))],
        ),
        part(
            w::HEMOGLOBIN,
            "g/dL",
            input.hb_g_dl.map(Level::get),
            "hb_g_dl",
            &[(Op::Lt, d(9, 0))],
        ),
        part(
            w::CRP,
            "mg/dL",
            input
                .crp_mg_dl
                .map(Level::get)
                .or(input.crp_mg_l.map(|crp| crp.get() / d(10, 0))),
            "crp_mg_dl",
            &[(Op::Ge, d(3, 0))],
        ),
        part(
            w::FERRITIN,
            "ng/mL",
            input.ferritin.map(Level::get),
            "ferritin",
            &[(Op::Ge, d(650, 0)), (Op::Gt, d(2000, 0))],
        ),
    ];
    let low: u8 = parts.iter().map(|part| part.low).sum();
    let high: u8 = parts.iter().map(|part| part.high).sum();
    let risk = if low >= 2 {
        Some(Risk::High)
    } else if high <= 1 {
        Some(Risk::Low)
    } else {
        None
    };
    HematotoxResult {
        score: (low == high).then_some(low),
        risk,
        missing: parts.iter().flat_map(|part| part.missing.clone()).collect(),
        reasons: ledger.reasons,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn edges() {
        let of = |json| {
            let result = car_hematotox(&serde_json::from_value(json).unwrap());
            (result.score, result.risk)
        };
        let edge = json!({"plt": 175, "anc_per_ul": 1200, "hb_g_dl": 9.0, "crp_mg_dl": 3.0, "ferritin": 2000});
        assert_eq!(of(edge), (Some(3), Some(Risk::High)));
        let edge = json!({"plt": 175.1, "anc_per_ul": 1199, "hb_g_dl": 8.9, "crp_mg_dl": 2.9, "ferritin": 649});
        assert_eq!(of(edge), (Some(2), Some(Risk::High)));
        assert_eq!(of(json!({"plt": 74})), (None, Some(Risk::High)));
        let low = json!({"plt": 300, "anc_per_ul": null, "hb_g_dl": 12, "crp_mg_dl": 1, "ferritin": 100});
        assert_eq!(of(low), (None, Some(Risk::Low)));
    }
}
