//! Whole numbers of a bounded scale: performance, organ scores, items of a questionnaire.

use crate::quantity::OutOfRange;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

macro_rules! scores {
    ($($(#[$doc:meta])* $name:ident: $low:literal..=$high:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "Decimal", into = "u8")]
        pub struct $name(u8);

        impl $name {
            /// Takes the number if it lies on the scale.
            ///
            /// # Errors
            /// `item_out_of_range`.
            pub fn new(value: u8) -> Result<Self, OutOfRange> {
                if ($low..=$high).contains(&value) {
                    Ok(Self(value))
                } else {
                    Err(OutOfRange { code: "item_out_of_range", quantity: stringify!($name) })
                }
            }

            /// The number.
            #[must_use]
            pub fn get(self) -> u8 {
                self.0
            }
        }

        impl TryFrom<u8> for $name {
            type Error = OutOfRange;
            fn try_from(value: u8) -> Result<Self, OutOfRange> {
                Self::new(value)
            }
        }

        impl TryFrom<Decimal> for $name {
            type Error = OutOfRange;
            /// `3.0` is 3; what lies between two numbers, or below 0, is on no scale.
            fn try_from(value: Decimal) -> Result<Self, OutOfRange> {
                let off = OutOfRange { code: "item_out_of_range", quantity: stringify!($name) };
                let whole = value.is_integer().then(|| value.to_u8()).flatten().ok_or(off)?;
                Self::new(whole)
            }
        }

        impl From<$name> for u8 {
            fn from(score: $name) -> Self {
                score.0
            }
        }
    )*};
}

scores! {
    /// ECOG performance status.
    Ecog: 0..=5;
    /// Deauville score.
    Deauville: 1..=5;
    /// NYHA class; 0 is no heart failure.
    Nyha: 0..=4;
    /// A grade, 0 to 5.
    Grade5: 0..=5;
    /// A grade or stage, 0 to 4.
    Stage: 0..=4;
    /// The stage of an organ that has no other than 0 and 1.
    Stage1: 0..=1;
    /// A NIH organ score.
    NihScore: 0..=3;
    /// ICE: orientation.
    IceOrientation: 0..=4;
    /// ICE: naming.
    IceNaming: 0..=3;
    /// ICE: command, writing or attention.
    IceOne: 0..=1;
    /// ICE: total.
    IceTotal: 0..=10;
    /// Cornell assessment of paediatric delirium.
    Capd: 0..=32;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn off_the_scale_is_refused() {
        assert_eq!(IceOrientation::new(5).unwrap_err().code, "item_out_of_range");
        for text in ["10", "10.0"] {
            assert_eq!(serde_json::from_str::<IceTotal>(text).unwrap().get(), 10, "{text}");
        }
        for text in ["11", "-1", "9.5", "300"] {
            let refused = serde_json::from_str::<IceTotal>(text).unwrap_err().to_string();
            assert!(refused.starts_with("item_out_of_range"), "{text}: {refused}");
        }
    }
}
