//! Age in completed years, from a full date of birth or from the year alone.
//!
//! A year alone gives two possible ages on most dates; a rule is settled when both give the same answer.
//! A birthday on 29 February is completed on 1 March of a common year (project decision).

use crate::finding::{Criterion, Outcome};
use crate::quantity::OutOfRange;
use chrono::{Datelike, Months, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

/// What is known of a birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Birth {
    /// The day.
    Day(NaiveDate),
    /// The month, as its first day.
    Month(NaiveDate),
    /// The year only.
    Year(i32),
}

impl<'de> Deserialize<'de> for Birth {
    /// Reads `2022-03-10`, `2022-03` or `2022`, the last as text or number.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Raw {
            Number(i32),
            Text(String),
        }
        let refused = || serde::de::Error::custom("birth_unreadable");
        match Raw::deserialize(deserializer)? {
            Raw::Number(year) => Ok(Self::Year(year)),
            Raw::Text(text) if text.len() == 4 => text.parse().map(Self::Year).map_err(|_| refused()),
            Raw::Text(text) if text.len() == 7 => format!("{text}-01").parse().map(Self::Month).map_err(|_| refused()),
            Raw::Text(text) => text.parse().map(Self::Day).map_err(|_| refused()),
        }
    }
}

/// Completed years: one number, or the two that a year of birth leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Age {
    min: u16,
    max: u16,
}

const OLDEST: u16 = 130;

const REFUSED: OutOfRange = OutOfRange {
    code: "age_out_of_range",
    quantity: "Age",
};

impl Age {
    /// An age known exactly.
    ///
    /// # Errors
    /// Above 130 years.
    pub fn exactly(years: u16) -> Result<Self, OutOfRange> {
        Self::between(years, years)
    }

    /// An age known to lie in a range, both ends included.
    ///
    /// # Errors
    /// Above 130 years, or ends in the wrong order.
    pub fn between(min: u16, max: u16) -> Result<Self, OutOfRange> {
        if min > max || max > OLDEST {
            return Err(REFUSED);
        }
        Ok(Self { min, max })
    }

    /// Lowest possible completed years.
    #[must_use]
    pub fn min(self) -> u16 {
        self.min
    }

    /// Highest possible completed years.
    #[must_use]
    pub fn max(self) -> u16 {
        self.max
    }

    /// Every age that is possible.
    pub(crate) fn years(self) -> std::ops::RangeInclusive<u16> {
        self.min..=self.max
    }
}

impl<'de> Deserialize<'de> for Age {
    /// Reads years, of which the completed ones count (`11.9` is 11), or `{"min": .., "max": ..}`.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Raw {
            Exact(u16),
            Real(Decimal),
            Range { min: u16, max: u16 },
        }
        let read = match Raw::deserialize(deserializer)? {
            Raw::Exact(years) => Age::exactly(years),
            // Rounded towards negative infinity: what lies below 0 is no age.
            Raw::Real(years) => years.floor().to_u16().ok_or(REFUSED).and_then(Age::exactly),
            Raw::Range { min, max } => Age::between(min, max),
        };
        read.map_err(serde::de::Error::custom)
    }
}

/// Completed years of someone born `birth` on the date `on`.
///
/// # Errors
/// Born after `on`, or more than 130 years before.
pub fn completed_years(birth: Birth, on: NaiveDate) -> Result<Age, OutOfRange> {
    // Below zero is born after `on`.
    let years = |from: i32, had_birthday: bool| -> Result<u16, OutOfRange> {
        let full = on.year().checked_sub(from).ok_or(REFUSED)?;
        u16::try_from(if had_birthday { full } else { full - 1 }).map_err(|_| REFUSED)
    };
    match birth {
        Birth::Day(day) => Age::exactly(years(day.year(), (on.month(), on.day()) >= (day.month(), day.day()))?),
        Birth::Month(first) => {
            // The last day on which someone of this month can be born.
            let last = first
                .checked_add_months(Months::new(1))
                .and_then(|next| next.pred_opt());
            let all_had_it = last.is_some_and(|last| (on.month(), on.day()) >= (last.month(), last.day()));
            let max = years(first.year(), (on.month(), on.day()) >= (first.month(), 1))?;
            let open = on.month() == first.month() && !all_had_it;
            Age::between(if open { max.saturating_sub(1) } else { max }, max)
        }
        Birth::Year(year) => {
            let max = years(year, true)?;
            // Unless the date is the last of the year, the birthday may still be to come.
            let all_had_it = (on.month(), on.day()) == (12, 31);
            Age::between(if all_had_it { max } else { max.saturating_sub(1) }, max)
        }
    }
}

/// Applies a rule to every age that is possible; where they differ, the age is missing, and what each of them lacks.
pub(crate) fn settled(age: Age, field: &'static str, rule: impl Fn(u16) -> Criterion) -> Criterion {
    settled_over((age.min, age.years().skip(1)), field, rule)
}

/// Applies a rule to each of these ages, a first and the others, one of every kind that the rule tells apart.
pub(crate) fn settled_over(
    (first, others): (u16, impl IntoIterator<Item = u16>),
    field: &'static str,
    rule: impl Fn(u16) -> Criterion,
) -> Criterion {
    let mut first = rule(first);
    let others: Vec<Criterion> = others.into_iter().map(rule).collect();
    if others.iter().any(|other| other.outcome != first.outcome) {
        let missing =
            std::iter::once(&first)
                .chain(&others)
                .fold(vec![crate::finding::Field(field)], |missing, result| {
                    match &result.outcome {
                        Outcome::NotEvaluable { missing: lacking } => crate::truth::union(missing, lacking),
                        Outcome::Pass | Outcome::Fail => missing,
                    }
                });
        first.outcome = Outcome::NotEvaluable { missing };
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn birthdays() {
        for (birth, date, years) in [
            ("2022-03-10", "2025-03-10", 3),
            ("2022-03-11", "2025-03-10", 2),
            ("2008-02-29", "2026-02-28", 17),
            ("2008-02-29", "2026-03-01", 18),
            ("2008-02-29", "2024-02-29", 16),
            ("2025-03-10", "2025-03-10", 0),
        ] {
            assert_eq!(
                completed_years(Birth::Day(on(birth)), on(date)),
                Age::exactly(years),
                "{birth} {date}"
            );
        }
        assert!(completed_years(Birth::Day(on("2025-03-11")), on("2025-03-10")).is_err());
        assert!(completed_years(Birth::Day(on("1800-01-01")), on("2025-03-10")).is_err());
    }

    #[test]
    fn a_year_leaves_two_ages_open() {
        assert_eq!(
            completed_years(Birth::Year(2000), on("2025-06-01")),
            Age::between(24, 25)
        );
        assert_eq!(completed_years(Birth::Year(2000), on("2025-12-31")), Age::exactly(25));
        assert_eq!(completed_years(Birth::Year(2025), on("2025-06-01")), Age::exactly(0));
    }

    #[test]
    fn a_month_leaves_two_ages_open_only_within_it() {
        let born = Birth::Month(on("2008-02-01"));
        for (date, low, high) in [
            ("2026-01-31", 17, 17),
            ("2026-02-01", 17, 18),
            ("2026-02-28", 17, 18),
            ("2024-02-29", 16, 16),
            ("2026-03-01", 18, 18),
            ("2008-02-10", 0, 0),
        ] {
            assert_eq!(completed_years(born, on(date)), Age::between(low, high), "{date}");
        }
        assert!(completed_years(born, on("2008-01-31")).is_err());
    }

    #[test]
    fn only_completed_years_count() {
        let read = |json: &str| serde_json::from_str::<Age>(json);
        assert_eq!(read("11.9").unwrap(), Age::exactly(11).unwrap());
        assert_eq!(read("12.0").unwrap(), Age::exactly(12).unwrap());
        for wrong in ["-0.1", "-1", "131"] {
            assert!(
                read(wrong).unwrap_err().to_string().starts_with("age_out_of_range"),
                "{wrong}"
            );
        }
    }

    #[test]
    fn births_are_read() {
        assert_eq!(
            serde_json::from_str::<Birth>("\"2022-03-10\"").unwrap(),
            Birth::Day(on("2022-03-10"))
        );
        assert_eq!(serde_json::from_str::<Birth>("\"2022\"").unwrap(), Birth::Year(2022));
        assert_eq!(serde_json::from_str::<Birth>("2022").unwrap(), Birth::Year(2022));
        let march = serde_json::from_str::<Birth>("\"2022-03\"").unwrap();
        assert_eq!(march, Birth::Month(on("2022-03-01")));
        assert!(serde_json::from_str::<Birth>("\"spring\"").is_err());
    }
}
