//! Body surface (Mosteller, NEJM 1987), albumin-corrected calcium, and the neutrophil count from a differential.
//!
//! Corrected calcium and the molar factors are general knowledge \[GK\]; white cells below 0.5 imply neutrophils below 0.5
//! without a differential \[PD\].

use crate::finding::{Computed, Factor, Field};
use crate::inputs::inputs;
use crate::quantity::{CellsE9PerL, Centimetre, Kilogram, Level, Percent, d};
use crate::unit::CalciumUnit;
use crate::what as w;
use rust_decimal::{Decimal, MathematicalOps};
use serde::Deserialize;

inputs! {
    /// Height and weight.
    Body {
        /// Height.
        height_cm: Centimetre,
        /// Weight.
        weight_kg: Kilogram,
    }
}

/// Body surface, m²: `√(cm × kg / 3600)`.
#[must_use]
pub fn bsa(input: &Body) -> Computed {
    let (Some(height), Some(weight)) = (input.height_cm, input.weight_kg) else {
        let missing: Vec<Field> = [
            (input.height_cm.is_none(), "height_cm"),
            (input.weight_kg.is_none(), "weight_kg"),
        ]
        .into_iter()
        .filter_map(|(absent, name)| absent.then_some(Field(name)))
        .collect();
        return Computed::lacking("m²", &missing);
    };
    let factors = vec![
        Factor::new(w::HEIGHT, height.get(), "cm"),
        Factor::new(w::WEIGHT, weight.get(), Kilogram::UNIT),
    ];
    Computed {
        value: (height.get() * weight.get() / d(3600, 0)).sqrt(),
        unit: "m²",
        factors,
        missing: Vec::new(),
    }
}

/// Calcium as entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calcium {
    /// The number.
    pub value: Level,
    /// Its unit, which is kept.
    pub unit: CalciumUnit,
}

inputs! {
    /// Total calcium and albumin.
    CorrectedCalcium {
        /// Total calcium.
        ca: Calcium,
        /// Albumin, g/L.
        albumin_g_l: Level,
    }
}

/// Corrected calcium in the unit of entry: `Ca + 0.8 (4.0 − g/dL)` mg/dL, or `Ca + 0.02 (40 − g/L)` mmol/L.
#[must_use]
pub fn corrected_calcium(input: &CorrectedCalcium) -> Computed {
    let unit = input.ca.map_or("", |ca| ca.unit.code());
    let (Some(ca), Some(albumin)) = (input.ca, input.albumin_g_l) else {
        let missing: Vec<Field> = [(input.ca.is_none(), "ca"), (input.albumin_g_l.is_none(), "albumin_g_l")]
            .into_iter()
            .filter_map(|(absent, name)| absent.then_some(Field(name)))
            .collect();
        return Computed::lacking(unit, &missing);
    };
    let lacks = d(40, 0) - albumin.get();
    let value = match ca.unit {
        // 0.8 per g/dL is 0.08 per g/L.
        CalciumUnit::MgDl => ca.value.get() + d(8, 2) * lacks,
        CalciumUnit::MmolL => ca.value.get() + d(2, 2) * lacks,
    };
    let factors = vec![
        Factor::new(w::CALCIUM, ca.value.get(), unit),
        Factor::new(w::ALBUMIN, albumin.get(), "g/L"),
    ];
    Computed {
        value: Some(value),
        unit,
        factors,
        missing: Vec::new(),
    }
}

inputs! {
    /// White cells and their differential.
    Differential {
        /// Absolute count as reported; it wins.
        anc: CellsE9PerL,
        /// White cells.
        wbc: CellsE9PerL,
        /// Segmented neutrophils.
        segs_pct: Percent,
        /// Bands.
        bands_pct: Percent,
    }
}

/// Neutrophils, ×10⁹/L: as reported, else `WBC × (segs + bands) / 100`.
#[must_use]
pub fn neutrophils(input: &Differential) -> Computed {
    let unit = CellsE9PerL::UNIT;
    if let Some(anc) = input.anc {
        let factors = vec![Factor::new(w::ANC, anc.get(), unit)];
        return Computed {
            value: Some(anc.get()),
            unit,
            factors,
            missing: Vec::new(),
        };
    }
    let (Some(wbc), Some(segs), Some(bands)) = (input.wbc, input.segs_pct, input.bands_pct) else {
        let missing: Vec<Field> = [
            (input.wbc.is_none(), "wbc"),
            (input.segs_pct.is_none(), "segs_pct"),
            (input.bands_pct.is_none(), "bands_pct"),
        ]
        .into_iter()
        .filter_map(|(absent, name)| absent.then_some(Field(name)))
        .collect();
        return Computed::lacking(unit, &missing);
    };
    let part: Decimal = segs.get() + bands.get();
    let factors = vec![
        Factor::new(w::WBC, wbc.get(), unit),
        Factor::new(w::NEUTROPHILS_PCT, part, "%"),
    ];
    Computed {
        value: Some(wbc.get() * part / d(100, 0)),
        unit,
        factors,
        missing: Vec::new(),
    }
}

/// White cells below 0.5 imply neutrophils below 0.5 without a differential \[PD\].
#[must_use]
pub fn surely_below_half(wbc: CellsE9PerL) -> bool {
    wbc.get() < d(5, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn mosteller() {
        for (cm, kg, expected) in [(170, 65, "1.7520"), (180, 90, "2.1213"), (110, 19, "0.7619")] {
            let got = bsa(&serde_json::from_value(json!({"height_cm": cm, "weight_kg": kg})).unwrap());
            assert_eq!(format!("{:.4}", got.value.unwrap().round_dp(4)), expected);
        }
        assert_eq!(bsa(&Body::default()).missing.len(), 2);
    }

    #[test]
    fn calcium_keeps_its_unit() {
        let of = |value: f64, unit: &str, albumin: Option<u32>| {
            corrected_calcium(
                &serde_json::from_value(json!({"ca": {"value": value, "unit": unit}, "albumin_g_l": albumin})).unwrap(),
            )
        };
        assert_eq!(of(2.0, "mmol/L", Some(30)).value.unwrap(), d(22, 1));
        assert_eq!(of(7.5, "mg/dL", Some(25)).value.unwrap(), d(87, 1));
        assert_eq!(of(7.5, "mg/dL", None).missing, vec![Field("albumin_g_l")]);
    }

    #[test]
    fn neutrophils_from_a_differential() {
        let of = |json| neutrophils(&serde_json::from_value(json).unwrap()).value;
        assert_eq!(of(json!({"wbc": 2.0, "segs_pct": 40, "bands_pct": 10})), Some(d(1, 0)));
        assert_eq!(of(json!({"anc": 1.2, "wbc": 2.0})), Some(d(12, 1)));
        assert_eq!(of(json!({"wbc": 2.0, "segs_pct": 40})), None);
    }
}
