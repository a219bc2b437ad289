//! Renal function.
//!
//! - Cockcroft-Gault, Nephron 1976;16:31 (adults, actual weight): `(140 − age) × kg / (72 × mg/dL)`, × 0.85 if female.
//! - CKD-EPI 2021, Inker, NEJM 2021;385:1737 (adults): coefficients from a secondary source.
//! - Bedside Schwartz, JASN 2009;20:629 (ages 1 to 17): `0.413 × cm / (mg/dL)`.
//!
//! Cockcroft-Gault and Schwartz as cited \[S\]; CKD-EPI \[S2\]; below 18 years, and from 18, a formula calls the age missing \[PD\].

use crate::age::Age;
use crate::finding::{Computed, Factor, Field};
use crate::inputs::{codes, inputs};
use crate::quantity::{Centimetre, Kilogram, d, ratio};
use crate::unit::Creatinine;
use crate::what as w;
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

codes! {
    /// Sex, as the formulae use it.
    Sex {
        /// Female.
        #[serde(alias = "female")]
        Female = "F",
        /// Male.
        #[serde(alias = "male")]
        Male = "M",
    }
}

inputs! {
    /// What the renal formulae take. A formula ignores what it does not use.
    Renal {
        /// Completed years.
        age: Age,
        /// Sex.
        sex: Sex,
        /// Actual body weight.
        weight_kg: Kilogram,
        /// Height.
        height_cm: Centimetre,
        /// Serum creatinine.
        creatinine: Creatinine,
    }
}

/// First age of the adult formulae.
pub const ADULT: u16 = 18;

const ML_MIN: &str = "mL/min";
const ML_MIN_173: &str = "mL/min/1.73m²";

fn mg_dl(creatinine: Creatinine) -> Decimal {
    creatinine.umol_l() / d(884, 1)
}

/// One formula for both units: creatinine enters in µmol/L, where conversion from mg/dL is exact.
pub(crate) fn clearance(age: u16, sex: Sex, weight: Kilogram, creatinine: Creatinine) -> Option<Decimal> {
    let female = match sex {
        Sex::Female => d(85, 2),
        Sex::Male => d(1, 0),
    };
    let years = d(140, 0) - Decimal::from(age);
    ratio(
        years * weight.get() * female * d(884, 1),
        d(72, 0) * creatinine.umol_l(),
    )
}

pub(crate) fn schwartz(height: Centimetre, creatinine: Creatinine) -> Option<Decimal> {
    ratio(d(413, 3) * height.get() * d(884, 1), creatinine.umol_l())
}

fn lacking(input: &Renal, needs: &[&'static str]) -> Vec<Field> {
    let absent = |name: &str| match name {
        "age" => input.age.is_none_or(|age| age.min() != age.max()),
        "sex" => input.sex.is_none(),
        "weight_kg" => input.weight_kg.is_none(),
        "height_cm" => input.height_cm.is_none(),
        _ => input.creatinine.is_none(),
    };
    needs
        .iter()
        .filter(|name| absent(name))
        .map(|name| Field(name))
        .collect()
}

/// Creatinine clearance after Cockcroft and Gault, mL/min. Adults only: for a child `age` is called missing.
#[must_use]
pub fn cockcroft_gault(input: &Renal) -> Computed {
    let missing = lacking(input, &["age", "sex", "weight_kg", "creatinine"]);
    let (Some(age), Some(sex), Some(weight), Some(creatinine), true) = (
        input.age,
        input.sex,
        input.weight_kg,
        input.creatinine,
        missing.is_empty(),
    ) else {
        return Computed::lacking(ML_MIN, &missing);
    };
    if age.min() < ADULT {
        return Computed::lacking(ML_MIN, &[Field("age")]);
    }
    let mut factors = vec![
        Factor::new(w::AGE, Decimal::from(age.min()), "a"),
        Factor::new(w::WEIGHT, weight.get(), Kilogram::UNIT),
        Factor::new(w::CREATININE, mg_dl(creatinine).round_dp(4), "mg/dL"),
    ];
    if sex == Sex::Female {
        factors.push(Factor::new(w::SEX_FACTOR, d(85, 2), ""));
    }
    Computed {
        value: clearance(age.min(), sex, weight, creatinine),
        unit: ML_MIN,
        factors,
        missing,
    }
}

/// Estimated GFR after CKD-EPI 2021, mL/min/1.73 m². Displayed, never used for eligibility.
#[must_use]
pub fn ckd_epi_2021(input: &Renal) -> Computed {
    let missing = lacking(input, &["age", "sex", "creatinine"]);
    let (Some(age), Some(sex), Some(creatinine), true) = (input.age, input.sex, input.creatinine, missing.is_empty())
    else {
        return Computed::lacking(ML_MIN_173, &missing);
    };
    if age.min() < ADULT {
        return Computed::lacking(ML_MIN_173, &[Field("age")]);
    }
    let (kappa, alpha, factor) = match sex {
        Sex::Female => (0.7, -0.241, 1.012),
        Sex::Male => (0.9, -0.302, 1.0),
    };
    let value = mg_dl(creatinine).to_f64().and_then(|mg| {
        let relative = mg / kappa;
        let gfr = 142.0
            * relative.min(1.0).powf(alpha)
            * relative.max(1.0).powf(-1.2)
            * 0.9938_f64.powi(i32::from(age.min()))
            * factor;
        Decimal::from_f64(gfr)
    });
    let factors = vec![
        Factor::new(w::AGE, Decimal::from(age.min()), "a"),
        Factor::new(w::CREATININE, mg_dl(creatinine).round_dp(4), "mg/dL"),
    ];
    Computed {
        value,
        unit: ML_MIN_173,
        factors,
        missing,
    }
}

/// Estimated GFR after the bedside Schwartz formula, mL/min/1.73 m². The age, where given, must be 1 to 17.
#[must_use]
pub fn bedside_schwartz(input: &Renal) -> Computed {
    let missing = lacking(input, &["height_cm", "creatinine"]);
    let (Some(height), Some(creatinine)) = (input.height_cm, input.creatinine) else {
        return Computed::lacking(ML_MIN_173, &missing);
    };
    if input.age.is_some_and(|age| age.max() >= ADULT || age.min() < 1) {
        return Computed::lacking(ML_MIN_173, &[Field("age")]);
    }
    let factors = vec![
        Factor::new(w::HEIGHT, height.get(), Centimetre::UNIT),
        Factor::new(w::CREATININE, mg_dl(creatinine).round_dp(4), "mg/dL"),
    ];
    Computed {
        value: schwartz(height, creatinine),
        unit: ML_MIN_173,
        factors,
        missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Positive;
    use crate::unit::Molar;

    fn creatinine(text: &str, unit: Molar) -> Creatinine {
        Creatinine {
            value: Positive::new(text.parse().unwrap()).unwrap(),
            unit,
        }
    }

    fn input(age: u16, sex: Sex, kg: u32, value: &str, unit: Molar) -> Renal {
        Renal {
            age: Age::exactly(age).ok(),
            sex: Some(sex),
            weight_kg: Kilogram::new(d(kg, 0)).ok(),
            height_cm: None,
            creatinine: Some(creatinine(value, unit)),
        }
    }

    #[test]
    fn cockcroft_gault_table() {
        for (age, sex, kg, value, unit, expected) in [
            (40, Sex::Male, 70, "1.0", Molar::MgDl, "97.22"),
            (40, Sex::Female, 70, "88.4", Molar::UmolL, "82.64"),
            (65, Sex::Female, 50, "150", Molar::UmolL, "26.09"),
            (30, Sex::Male, 60, "176.8", Molar::UmolL, "45.83"),
        ] {
            let got = cockcroft_gault(&input(age, sex, kg, value, unit)).value.unwrap();
            assert_eq!(got.round_dp(2).to_string(), expected);
        }
        let child = cockcroft_gault(&input(17, Sex::Male, 60, "1", Molar::MgDl));
        assert_eq!((child.value, child.missing), (None, vec![Field("age")]));
    }

    #[test]
    fn ckd_epi_table() {
        for (age, sex, value, expected) in [
            (50, Sex::Male, "1.0", "91.69"),
            (50, Sex::Female, "0.7", "105.30"),
            (50, Sex::Female, "1.0", "68.63"),
            (20, Sex::Male, "0.9", "125.39"),
            (25, Sex::Male, "0.6", "137.39"),
            (65, Sex::Female, "2.0", "27.21"),
        ] {
            let got = ckd_epi_2021(&input(age, sex, 70, value, Molar::MgDl)).value.unwrap();
            assert_eq!(format!("{:.2}", got.round_dp(2)), expected);
        }
    }

    #[test]
    fn schwartz_needs_height() {
        let mut child = input(10, Sex::Male, 30, "60", Molar::UmolL);
        assert_eq!(bedside_schwartz(&child).missing, vec![Field("height_cm")]);
        child.height_cm = Centimetre::new(d(100, 0)).ok();
        assert_eq!(bedside_schwartz(&child).value.unwrap().round_dp(2).to_string(), "60.85");
    }
}
