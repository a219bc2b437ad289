//! Quantities with their unit in the type. Exact decimals, so that a boundary in a table is a boundary here.
//!
//! Invariant: no value is negative, and none is so large or so fine that products of three overflow.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A value that its quantity cannot take. `code` is stable: `fraction_out_of_range`, `percent_out_of_range`,
/// `item_out_of_range`, `quantity_out_of_range` or `age_out_of_range`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OutOfRange {
    /// Which rule the value broke.
    pub code: &'static str,
    /// The quantity that refused it, for example `Kilogram`.
    pub quantity: &'static str,
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.quantity)
    }
}

impl std::error::Error for OutOfRange {}

/// A small exact constant: `d(385, 1)` is 38.5.
pub(crate) const fn d(number: u32, scale: u32) -> Decimal {
    Decimal::from_parts(number, 0, 0, false, scale)
}

/// Fifteen decimal places keep every entered value exact and every product within 96 bits.
const PLACES: u32 = 15;

/// What a double carries for certain: 3 × 1.1 = 3.3000000000000003 and 3 × 40.1 = 120.30000000000001 are the limits that
/// they were meant to be.
const DIGITS: u32 = 15;

/// Divides, or nothing where the divisor is zero or the quotient does not fit.
pub(crate) fn ratio(a: Decimal, b: Decimal) -> Option<Decimal> {
    a.checked_div(b)
}

/// Relative tolerance under which two results of real-valued formulae are the same.
pub const TOLERANCE: f64 = 1e-9;

/// Whether two reals are equal within [`TOLERANCE`].
#[must_use]
pub fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= TOLERANCE * a.abs().max(b.abs())
}

macro_rules! quantities {
    ($($(#[$doc:meta])* $name:ident: $low:expr, $high:expr, $code:literal, $unit:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Decimal);

        impl $name {
            /// The unit, as printed.
            pub const UNIT: &'static str = $unit;

            /// Takes the number if the quantity can have it.
            ///
            /// # Errors
            /// [`OutOfRange`] outside the bounds of the quantity.
            pub fn new(value: Decimal) -> Result<Self, OutOfRange> {
                let (low, high): (Decimal, Decimal) = ($low, $high);
                if value < low || value > high {
                    return Err(OutOfRange { code: $code, quantity: stringify!($name) });
                }
                Ok(Self(value.round_sf(DIGITS).unwrap_or(value).round_dp(PLACES)))
            }

            /// The number, in [`Self::UNIT`].
            #[must_use]
            pub fn get(self) -> Decimal {
                self.0
            }
        }

        impl TryFrom<Decimal> for $name {
            type Error = OutOfRange;
            fn try_from(value: Decimal) -> Result<Self, OutOfRange> {
                Self::new(value)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <Decimal as Deserialize>::deserialize(deserializer)?;
                Self::new(value).map_err(serde::de::Error::custom)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0.normalize().to_string())
            }
        }
    )*};
}

quantities! {
    /// A part of one: 0 to 1. A percentage entered here is refused.
    Fraction: d(0, 0), d(1, 0), "fraction_out_of_range", "";
    /// A part of a hundred: 0 to 100.
    Percent: d(0, 0), d(100, 0), "percent_out_of_range", "%";
    /// Cells, ×10⁹ per litre.
    CellsE9PerL: d(0, 0), d(1_000_000, 0), "quantity_out_of_range", "×10⁹/L";
    /// Cells per microlitre.
    CellsPerUl: d(0, 0), d(1_000_000_000, 0), "quantity_out_of_range", "/µL";
    /// Cells per millilitre of product.
    CellsPerMl: d(0, 0), Decimal::from_parts(0xd4a5_1000, 0xe8, 0, false, 0), "quantity_out_of_range", "/mL";
    /// A number of cells.
    Cells: d(0, 0), Decimal::from_parts(0xa4c6_8000, 0x0003_8d7e, 0, false, 0), "quantity_out_of_range", "cells";
    /// Cells per kilogram of body weight.
    CellsPerKg: d(0, 0), Decimal::from_parts(0xa4c6_8000, 0x0003_8d7e, 0, false, 0), "quantity_out_of_range", "/kg";
    /// Body weight, above 0.
    Kilogram: d(1, 1), d(1000, 0), "quantity_out_of_range", "kg";
    /// Body height, above 0.
    Centimetre: d(1, 0), d(300, 0), "quantity_out_of_range", "cm";
    /// Body temperature.
    Celsius: d(0, 0), d(100, 0), "quantity_out_of_range", "°C";
    /// A volume of product or stool.
    Millilitre: d(0, 0), d(1_000_000, 0), "quantity_out_of_range", "mL";
    /// Oxygen flow.
    LitrePerMin: d(0, 0), d(1000, 0), "quantity_out_of_range", "L/min";
    /// A multiple of an upper limit of normal.
    TimesUln: d(0, 0), d(1_000_000, 0), "quantity_out_of_range", "×ULN";
    /// A concentration, activity or count in the unit that the table of its analyte prints.
    Level: d(0, 0), d(1_000_000_000, 0), "quantity_out_of_range", "";
    /// A number above 0: a limit of normal, a baseline, a divisor.
    Positive: d(1, 6), d(1_000_000_000, 0), "quantity_out_of_range", "";
}

impl Level {
    /// The value as a multiple of an upper limit of normal; exact wherever the quotient is a finite decimal.
    #[must_use]
    pub fn times(self, uln: Positive) -> Option<TimesUln> {
        ratio(self.get(), uln.get()).and_then(|value| TimesUln::new(value).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    #[test]
    fn a_percentage_is_no_fraction() {
        assert_eq!(Fraction::new(d(85, 0)).unwrap_err().code, "fraction_out_of_range");
        assert!(Fraction::new(d(85, 2)).is_ok());
        assert!(Percent::new(Decimal::from_str("-0.1").unwrap()).is_err());
        assert!(CellsPerMl::new(Decimal::from_str("1000000000000").unwrap()).is_ok());
        assert!(CellsPerMl::new(Decimal::from_str("1000000000001").unwrap()).is_err());
        assert!(Cells::new(Decimal::from_str("1000000000000000").unwrap()).is_ok());
        assert!(Cells::new(Decimal::from_str("1000000000000001").unwrap()).is_err());
    }

    #[test]
    fn times_uln_is_exact_at_the_boundary() {
        let alt = Level::new(Decimal::from_str("3.3").unwrap()).unwrap();
        let uln = Positive::new(Decimal::from_str("1.1").unwrap()).unwrap();
        assert_eq!(alt.times(uln).unwrap().get(), d(3, 0));
    }

    #[test]
    fn reals_compare_with_a_relative_tolerance() {
        assert!(same(3.0 * 1.1, 3.3) && !same(3.3, 3.300_001));
    }
}
