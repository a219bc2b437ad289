//! Unit conversions by standard molar masses. Evidence: general knowledge, exercised by vectors.
//!
//! | analyte | conventional → SI |
//! |---|---|
//! | creatinine | mg/dL × 88.4 = µmol/L |
//! | bilirubin | mg/dL × 17.104 = µmol/L |
//! | haemoglobin, albumin | g/dL × 10 = g/L |
//! | calcium, phosphate, magnesium | mg/dL × 0.2495, 0.3229, 0.4114 = mmol/L |
//! | uric acid | mg/dL × 59.485 = µmol/L |
//! | glucose, triglycerides | mg/dL × 0.05551, 0.01129 = mmol/L |
//! | fibrinogen | mg/dL × 0.01 = g/L |
//! | CRP | mg/dL × 10 = mg/L |
//! | cells | /µL ÷ 1000 = ×10⁹/L |
//!
//! A rule compares in the unit that its table prints; nothing is converted across a rounded table.
//! D-dimer has no conversion: its unit is kept.

use crate::inputs::codes;
use crate::quantity::{Level, Positive, d};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

codes! {
    /// What is converted.
    Analyte {
        /// Creatinine.
        Creatinine = "creatinine",
        /// Bilirubin.
        Bilirubin = "bilirubin",
        /// Haemoglobin.
        #[serde(alias = "haemoglobin", alias = "hb", alias = "hgb")]
        Hemoglobin = "hemoglobin",
        /// Albumin.
        Albumin = "albumin",
        /// Calcium.
        Calcium = "calcium",
        /// Phosphate, as phosphorus.
        Phosphate = "phosphate",
        /// Magnesium.
        Magnesium = "magnesium",
        /// Uric acid.
        UricAcid = "uric_acid",
        /// Glucose.
        Glucose = "glucose",
        /// Triglycerides.
        Triglycerides = "triglycerides",
        /// Fibrinogen.
        Fibrinogen = "fibrinogen",
        /// C-reactive protein.
        Crp = "crp",
        /// Ferritin.
        Ferritin = "ferritin",
        /// Any count of cells in blood.
        #[serde(alias = "neutrophil", alias = "anc", alias = "wbc", alias = "lymphocyte", alias = "platelet", alias = "plt")]
        Cells = "cells",
        /// Sodium.
        Sodium = "sodium",
        /// Potassium.
        Potassium = "potassium",
        /// Chloride.
        Chloride = "chloride",
        /// Measurable residual disease.
        Mrd = "mrd",
        /// Temperature.
        Temperature = "temperature",
    }
}

/// There is no conversion between these units for this analyte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct NoConversion;

/// Conventional unit, SI unit, and the factor from the first to the second.
pub(crate) fn row(analyte: Analyte) -> Option<(&'static [&'static str], &'static [&'static str], Decimal)> {
    const MG: &[&str] = &["mg/dL"];
    const G: &[&str] = &["g/dL"];
    const UMOL: &[&str] = &["umol/L"];
    const MMOL: &[&str] = &["mmol/L"];
    const GL: &[&str] = &["g/L"];
    Some(match analyte {
        Analyte::Creatinine => (MG, UMOL, d(884, 1)),
        Analyte::Bilirubin => (MG, UMOL, d(17_104, 3)),
        Analyte::Hemoglobin | Analyte::Albumin => (G, GL, d(10, 0)),
        Analyte::Calcium => (MG, MMOL, d(2495, 4)),
        Analyte::Phosphate => (MG, MMOL, d(3229, 4)),
        Analyte::Magnesium => (MG, MMOL, d(4114, 4)),
        Analyte::UricAcid => (MG, UMOL, d(59_485, 3)),
        Analyte::Glucose => (MG, MMOL, d(5551, 5)),
        Analyte::Triglycerides => (MG, MMOL, d(1129, 5)),
        Analyte::Fibrinogen => (MG, GL, d(1, 2)),
        Analyte::Crp => (MG, &["mg/L"], d(10, 0)),
        Analyte::Ferritin => (&["ng/mL"], &["ug/L"], d(1, 0)),
        Analyte::Cells => (
            &["/uL", "cells/uL", "/mm3"],
            &["x10^9/L", "10^9/L", "1e9/L", "x10e9/L", "10e9/L", "G/L"],
            d(1, 3),
        ),
        Analyte::Sodium | Analyte::Potassium | Analyte::Chloride => (&["mEq/L"], MMOL, d(1, 0)),
        Analyte::Mrd => (&["percent", "%"], &["fraction"], d(1, 2)),
        Analyte::Temperature => return None,
    })
}

/// Converts a value; both micro signs are read as `u`.
///
/// # Errors
/// [`NoConversion`] where the analyte does not have one of the units, or the result does not fit.
pub fn convert(analyte: Analyte, value: Decimal, from: &str, to: &str) -> Result<Decimal, NoConversion> {
    let ascii = |unit: &str| {
        let unit = unit.replace(['µ', 'μ'], "u").replace('×', "x").replace("10⁹", "10^9");
        unit.replace(['°', ' '], "")
    };
    let (from, to) = (ascii(from), ascii(to));
    let Some((conventional, si, factor)) = row(analyte) else {
        return temperature(value, &from, &to);
    };
    let is = |units: &[&str], unit: &str| units.contains(&unit);
    let known = |unit: &str| is(conventional, unit) || is(si, unit);
    if !known(&from) || !known(&to) {
        return Err(NoConversion);
    }
    match (is(conventional, &from), is(conventional, &to)) {
        (true, false) => value.checked_mul(factor),
        (false, true) => value.checked_div(factor),
        (true, true) | (false, false) => Some(value),
    }
    .ok_or(NoConversion)
}

fn temperature(value: Decimal, from: &str, to: &str) -> Result<Decimal, NoConversion> {
    let (nine_fifths, offset) = (d(18, 1), d(32, 0));
    match (from, to) {
        ("F", "C") => value
            .checked_sub(offset)
            .and_then(|above| above.checked_div(nine_fifths)),
        ("C", "F") => value
            .checked_mul(nine_fifths)
            .and_then(|scaled| scaled.checked_add(offset)),
        ("C", "C") | ("F", "F") => Some(value),
        _ => None,
    }
    .ok_or(NoConversion)
}

codes! {
    /// Units of a molar analyte.
    Molar {
        /// Milligrams per decilitre.
        MgDl = "mg/dL",
        /// Micromoles per litre.
        #[serde(alias = "µmol/L", alias = "μmol/L")]
        UmolL = "umol/L",
    }
}

codes! {
    /// Units of calcium.
    CalciumUnit {
        /// Milligrams per decilitre.
        MgDl = "mg/dL",
        /// Millimoles per litre.
        MmolL = "mmol/L",
    }
}

/// Creatinine as entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Creatinine {
    /// The number.
    pub value: Positive,
    /// Its unit.
    pub unit: Molar,
}

impl Creatinine {
    /// Micromoles per litre, exact.
    #[must_use]
    pub fn umol_l(self) -> Decimal {
        match self.unit {
            Molar::UmolL => self.value.get(),
            Molar::MgDl => self.value.get() * d(884, 1),
        }
    }
}

/// Total bilirubin as entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilirubin {
    /// The number.
    pub value: Level,
    /// Its unit.
    pub unit: Molar,
}

impl Bilirubin {
    /// Whether it lies above a limit printed in mg/dL; compared without division.
    #[must_use]
    pub fn above_mg_dl(self, limit: Decimal) -> bool {
        match self.unit {
            Molar::MgDl => self.value.get() > limit,
            Molar::UmolL => self.value.get() > limit * d(17_104, 3),
        }
    }

    /// Milligrams per decilitre, for display.
    #[must_use]
    pub fn mg_dl(self) -> Decimal {
        match self.unit {
            Molar::MgDl => self.value.get(),
            Molar::UmolL => self.value.get() / d(17_104, 3),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn table() {
        for (analyte, value, from, to, expected) in [
            (Analyte::Creatinine, "2.0", "mg/dL", "µmol/L", "176.8"),
            (Analyte::Creatinine, "176.8", "umol/L", "mg/dL", "2"),
            (Analyte::Bilirubin, "1", "mg/dL", "umol/L", "17.104"),
            (Analyte::Hemoglobin, "8", "g/dL", "g/L", "80"),
            (Analyte::Calcium, "8.0", "mg/dL", "mmol/L", "1.996"),
            (Analyte::UricAcid, "8", "mg/dL", "umol/L", "475.88"),
            (Analyte::Cells, "500", "/uL", "×10⁹/L", "0.5"),
            (Analyte::Mrd, "0.01", "percent", "fraction", "0.0001"),
            (Analyte::Temperature, "100.4", "F", "C", "38"),
            (Analyte::Temperature, "38", "C", "F", "100.4"),
            (Analyte::Ferritin, "12", "ng/mL", "ug/L", "12"),
        ] {
            assert_eq!(
                convert(analyte, dec(value), from, to),
                Ok(dec(expected)),
                "{analyte:?} {value} {from}"
            );
        }
        assert_eq!(
            convert(Analyte::Cells, dec("1.5"), "1e9/L", "cells/µL"),
            Ok(dec("1500"))
        );
        assert_eq!(convert(Analyte::Temperature, dec("100.4"), "°F", "°C"), Ok(dec("38")));
        assert_eq!(
            convert(Analyte::Creatinine, dec("1"), "g/L", "umol/L"),
            Err(NoConversion)
        );
        assert_eq!(convert(Analyte::Temperature, dec("1"), "K", "C"), Err(NoConversion));
    }
}
