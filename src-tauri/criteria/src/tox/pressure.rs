//! What hypotension is \[adults S2; children GK\]: systolic below 90 mmHg in adults and children over 10 years, below
//! 70 + 2 × age from 1 to 10 years, below 70 in infants.

use crate::age::Age;
use crate::quantity::{Level, d};
use rust_decimal::Decimal;

/// The systolic pressure below which a person of this age is hypotensive, mmHg.
#[must_use]
pub fn lowest_normal_systolic(years: u16) -> Decimal {
    match years {
        0 => d(70, 0),
        1..=10 => d(70, 0) + Decimal::from(years) * d(2, 0),
        _ => d(90, 0),
    }
}

/// Whether a systolic pressure is hypotension; nothing where the two possible ages disagree.
#[must_use]
pub fn hypotensive(systolic: Level, age: Age) -> Option<bool> {
    let mut answers = age.years().map(|years| systolic.get() < lowest_normal_systolic(years));
    let first = answers.next()?;
    answers.all(|other| other == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_age() {
        let of = |systolic: u32, age: u16| hypotensive(Level::new(d(systolic, 0)).unwrap(), Age::exactly(age).unwrap());
        for (age, limit) in [(0, 70), (1, 72), (5, 80), (10, 90), (11, 90), (40, 90)] {
            assert_eq!((of(limit - 1, age), of(limit, age)), (Some(true), Some(false)), "{age}");
        }
        let between = Age::between(4, 5).unwrap();
        assert_eq!(hypotensive(Level::new(d(79, 0)).unwrap(), between), None);
    }
}
