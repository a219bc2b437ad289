//! Cells given. `volume × cells/mL × viability × CD3 × CAR ÷ weight`.
//!
//! Acceptance 80 to 120 % of plan, inclusive \[PD, D-25\]. Kymriah ALL: ≤ 50 kg 0.2 to 5.0e6 per kg, above 0.1 to 2.5e8
//! flat \[S\]. Residual TCRαβ+ of an edited product at most 5e4 per kg \[D-13\].

use crate::decision::Decisions;
use crate::finding::{Criterion, Factor, Field, Op, Reason};
use crate::inputs::inputs;
use crate::quantity::{Cells, CellsPerKg, CellsPerMl, Fraction, Kilogram, Millilitre, d, ratio};
use crate::truth::{Ledger, Measure, Truth, union};
use crate::{rule, what as w};
use rust_decimal::Decimal;
use serde::Serialize;

inputs! {
    /// What the dose is computed from.
    Dose {
        /// Volume infused.
        volume_ml: Millilitre,
        /// Nucleated cells per mL.
        cells_per_ml: CellsPerMl,
        /// Viable part.
        viability: Fraction,
        /// CD3+ part of the viable; 1 where CAR is stated of all viable cells.
        cd3_fraction: Fraction,
        /// CAR+ part of the CD3+.
        car_fraction: Fraction,
        /// Weight at lymphodepletion.
        weight_kg: Kilogram,
        /// Weight on day 0; more than 10 % off is a warning.
        weight_d0_kg: Kilogram,
    }
}

/// A dose with its arithmetic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DoseResult {
    /// Viable CAR+ cells.
    pub viable_car: Option<Decimal>,
    /// Viable CAR+ cells per kg.
    pub per_kg: Option<Decimal>,
    /// The factors in the order of the formula; the last, the weight, divides.
    pub factors: Vec<Factor>,
    /// The inputs that are missing.
    pub missing: Vec<Field>,
    /// Viability below 70 %, weight changed.
    pub warnings: Vec<Reason>,
}

/// The dose given. Without every factor of a number, that number is absent.
#[must_use]
pub fn car(input: &Dose) -> DoseResult {
    let mut ledger = Ledger::default();
    let parts = [
        (
            "volume_ml",
            w::VOLUME,
            input.volume_ml.map(Millilitre::get),
            Millilitre::UNIT,
        ),
        (
            "cells_per_ml",
            w::CELLS_PER_ML,
            input.cells_per_ml.map(CellsPerMl::get),
            CellsPerMl::UNIT,
        ),
        ("viability", w::VIABILITY, input.viability.map(Fraction::get), ""),
        (
            "cd3_fraction",
            w::CD3_FRACTION,
            input.cd3_fraction.map(Fraction::get),
            "",
        ),
        (
            "car_fraction",
            w::CAR_FRACTION,
            input.car_fraction.map(Fraction::get),
            "",
        ),
        (
            "weight_kg",
            w::WEIGHT,
            input.weight_kg.map(Kilogram::get),
            Kilogram::UNIT,
        ),
    ];
    let missing = parts
        .iter()
        .filter(|part| part.2.is_none())
        .map(|part| Field(part.0))
        .collect();
    let factors = parts
        .iter()
        .filter_map(|part| part.2.map(|value| Factor::new(part.1, value, part.3)))
        .collect();
    let viable_car = parts
        .iter()
        .take(5)
        .try_fold(d(1, 0), |product, part| {
            part.2.and_then(|value| product.checked_mul(value))
        })
        .map(|cells| cells.normalize());
    let per_kg = viable_car
        .zip(input.weight_kg)
        .and_then(|(cells, kg)| ratio(cells, kg.get()));
    let viability = Measure {
        what: w::VIABILITY,
        unit: "",
        value: input.viability.map(Fraction::get),
        fields: &[],
    };
    ledger.warn_measure(&rule::DOSE_VIABILITY, viability, Op::Lt, d(7, 1));
    if let (Some(before), Some(now)) = (input.weight_kg, input.weight_d0_kg)
        && (now.get() - before.get()).abs() * d(10, 0) > before.get()
    {
        ledger.warn(&rule::DOSE_WEIGHT, w::WEIGHT_CHANGED);
    }
    DoseResult {
        viable_car,
        per_kg,
        factors,
        missing,
        warnings: ledger.warnings,
    }
}

inputs! {
    /// Plan and gift.
    WithinPlan {
        /// Planned cells per kg; D-25 where missing.
        planned_per_kg: CellsPerKg,
        /// Given cells per kg.
        given_per_kg: CellsPerKg,
        /// Given cells in all, against an absolute cap of D-25.
        given_total: Cells,
    }
}

/// Acceptance \[PD; D-25\]: 80 to 120 % of the planned dose, both included, and within the absolute cap if one is set.
#[must_use]
pub fn within_plan(input: &WithinPlan, decisions: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let planned = input
        .planned_per_kg
        .map(CellsPerKg::get)
        .or(decisions.planned_per_kg)
        .filter(|plan| !plan.is_zero());
    let value = input.given_per_kg.map(CellsPerKg::get);
    let given = Measure {
        what: w::DOSE_PER_KG,
        unit: CellsPerKg::UNIT,
        value,
        fields: &["given_per_kg"],
    };
    let within = match planned {
        None => Truth::lacking(&["planned_per_kg"]),
        Some(plan) => {
            let low = ledger.compare(&rule::DOSE_PLAN, given, Op::Ge, plan * d(8, 1));
            low.and(ledger.compare(&rule::DOSE_PLAN, given, Op::Le, plan * d(12, 1)))
        }
    };
    let capped = match decisions.dose_cap {
        None => Truth::Yes,
        Some(cap) => {
            let value = input.given_total.map(Cells::get);
            let total = Measure {
                what: w::DOSE_TOTAL,
                unit: Cells::UNIT,
                value,
                fields: &["given_total"],
            };
            ledger.compare(&rule::DOSE_PLAN, total, Op::Le, cap)
        }
    };
    ledger.require(within.and(capped))
}

inputs! {
    /// For the published range of an approved product.
    KymriahRange {
        /// Weight; 50.0 kg is dosed per kg.
        weight_kg: Kilogram,
        /// Viable CAR+ cells.
        viable_car: Cells,
    }
}

/// The labelled range of tisagenlecleucel in ALL \[S\], for comparison.
#[must_use]
pub fn kymriah_range(input: &KymriahRange) -> Criterion {
    let mut ledger = Ledger::default();
    let rule = &rule::DOSE_KYMRIAH;
    let (Some(weight), Some(cells)) = (input.weight_kg, input.viable_car) else {
        let missing: Vec<_> = [
            (input.weight_kg.is_none(), "weight_kg"),
            (input.viable_car.is_none(), "viable_car"),
        ]
        .into_iter()
        .filter_map(|(absent, name)| absent.then_some(name))
        .collect();
        return ledger.require(Truth::lacking(&missing));
    };
    let (what, unit, value, low, high) = if weight.get() <= d(50, 0) {
        (
            w::DOSE_PER_KG,
            CellsPerKg::UNIT,
            ratio(cells.get(), weight.get()),
            d(200_000, 0),
            d(5_000_000, 0),
        )
    } else {
        (
            w::DOSE_TOTAL,
            Cells::UNIT,
            Some(cells.get()),
            d(10_000_000, 0),
            d(250_000_000, 0),
        )
    };
    let measure = Measure {
        what,
        unit,
        value,
        fields: &["viable_car"],
    };
    let enough = ledger.compare(rule, measure, Op::Ge, low);
    let met = enough.and(ledger.compare(rule, measure, Op::Le, high));
    ledger.require(met)
}

inputs! {
    /// Residual TCRαβ+ cells.
    Tcr {
        /// Whether the product is gene-edited; otherwise the rule does not apply.
        edited: bool,
        /// Viable T cells infused.
        viable_t: Cells,
        /// TCRαβ+ part of them.
        tcr_fraction: Fraction,
        /// Weight.
        weight_kg: Kilogram,
    }
}

/// Residual TCRαβ+ cells per kg, and whether they are acceptable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TcrResult {
    /// Cells per kg.
    pub tcr_per_kg: Option<Decimal>,
    /// The limit; `None` for a product that is not edited, where it does not apply.
    pub criterion: Option<Criterion>,
}

/// Residual TCRαβ+ \[PD; D-13\]: at most 5e4 per kg in an edited product.
#[must_use]
pub fn tcr(input: &Tcr, decisions: &Decisions) -> TcrResult {
    let tcr_per_kg = input
        .viable_t
        .zip(input.tcr_fraction)
        .zip(input.weight_kg)
        .and_then(|((cells, part), kg)| ratio(cells.get() * part.get(), kg.get()));
    if input.edited == Some(false) {
        return TcrResult {
            tcr_per_kg,
            criterion: None,
        };
    }
    let mut ledger = Ledger::default();
    let fields: Vec<_> = [
        (input.viable_t.is_none(), "viable_t"),
        (input.tcr_fraction.is_none(), "tcr_fraction"),
        (input.weight_kg.is_none(), "weight_kg"),
    ]
    .into_iter()
    .filter_map(|(absent, name)| absent.then_some(name))
    .collect();
    let measure = Measure {
        what: w::TCR_PER_KG,
        unit: CellsPerKg::UNIT,
        value: tcr_per_kg,
        fields: &fields,
    };
    let few = ledger.compare(&rule::DOSE_TCR, measure, Op::Le, decisions.tcr_per_kg_max);
    // Whether the rule applies at all is what a missing `edited` leaves open.
    let met = match input.edited {
        Some(_) => few,
        None => Truth::Unknown(union(vec![Field("edited")], few.missing())),
    };
    TcrResult {
        tcr_per_kg,
        criterion: Some(ledger.require(met)),
    }
}
