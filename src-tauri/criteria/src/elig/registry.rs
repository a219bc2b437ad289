//! Criteria by their code, so that a study can bind them as data.

use super::{disease, infection, organ, other, person, prior, washout};
use crate::decision::Decisions;
use crate::finding::Criterion;
use serde_json::Value;
use std::fmt;

/// Why a function could not be called by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// There is no function or criterion of this name.
    Function(String),
    /// An input has an unknown name or a shape that it cannot have.
    Inputs(String),
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Function(name) => write!(f, "no function {name}"),
            Self::Inputs(why) => write!(f, "inputs refused: {why}"),
        }
    }
}

impl std::error::Error for Unknown {}

macro_rules! criteria {
    ($($code:literal: $module:ident::$kind:ident, $function:ident;)*) => {
        /// Every criterion with the names of its inputs.
        pub const CRITERIA: &[(&str, &[&str])] = &[$(($code, $module::$kind::INPUTS)),*];

        /// Evaluates the criterion of this code with named inputs; a JSON null is a missing input.
        ///
        /// # Errors
        /// [`Unknown`] for a code that does not exist, or inputs that it does not have.
        pub fn criterion(code: &str, inputs: &Value, decisions: &Decisions) -> Result<Criterion, Unknown> {
            match code {
                $($code => serde_json::from_value::<$module::$kind>(inputs.clone())
                    .map(|input| $module::$function(&input, decisions))
                    .map_err(|why| Unknown::Inputs(why.to_string())),)*
                _ => Err(Unknown::Function(code.to_owned())),
            }
        }
    };
}

criteria! {
    "I1": person::I1, i1;
    "I2": person::I2, i2;
    "I3": disease::I3, i3;
    "I4": disease::I4, i4;
    "I5": disease::I5, i5;
    "I6": disease::I6, i6;
    "I7": person::I7, i7;
    "I8": organ::I8, i8;
    "I9": organ::I9, i9;
    "I10": organ::I10, i10;
    "I11": organ::I11, i11;
    "I12": person::I12, i12;
    "I13": person::I13, i13;
    "I14": other::I14, i14;
    "E1": disease::E1, e1;
    "E2": disease::E2, e2;
    "E3": disease::E3, e3;
    "E4": other::E4, e4;
    "E5": prior::E5, e5;
    "E6": prior::E6, e6;
    "E7": prior::E7, e7;
    "E8": infection::E8, e8;
    "E9": infection::E9, e9;
    "E10": infection::E10, e10;
    "E11": infection::E11, e11;
    "E12": infection::E12, e12;
    "E13": organ::E13, e13;
    "E14": other::E14, e14;
    "E15": other::E15, e15;
    "E16": person::E16, e16;
    "E17": washout::E17, e17;
    "E18": prior::E18, e18;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Outcome;

    #[test]
    fn nothing_recorded_is_never_a_pass() {
        for (code, inputs) in CRITERIA {
            let result = criterion(code, &serde_json::json!({}), &Decisions::default()).unwrap();
            let Outcome::NotEvaluable { missing } = result.outcome else {
                panic!("{code} was settled by nothing");
            };
            assert!(
                !missing.is_empty() && missing.iter().all(|field| inputs.contains(&field.0)),
                "{code}: {missing:?}"
            );
        }
    }

    #[test]
    fn unknown_names_are_refused() {
        let decisions = Decisions::default();
        assert!(matches!(
            criterion("I99", &serde_json::json!({}), &decisions),
            Err(Unknown::Function(_))
        ));
        let inputs = serde_json::json!({"lvef": 40});
        assert!(matches!(criterion("I10", &inputs, &decisions), Err(Unknown::Inputs(_))));
    }
}
