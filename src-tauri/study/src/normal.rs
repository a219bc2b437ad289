//! Ranges of normal: what the laboratory that an item's form names says is normal for this person on that day.
//!
//! The day is that of the first date on the form; sex and birth are the study's landmarks. Nothing is said where more than one
//! range would fit and they differ, or where a bound cannot be compared because what it bounds is not known.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::{
    dates::{completed_years, whole},
    def::{ItemKind, RegisterDef},
    number::{canonical_number, converted},
    path::{FormPath, ItemPath},
    registers::name_of,
    shown::path_of,
    study::Study,
    value::Value,
    values::Values,
};

/// Where a value stands to what is normal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// Less than the lower limit.
    Below,
    /// Neither less nor more.
    Within,
    /// More than the upper limit.
    Above,
}

/// A range of normal in the unit that the value was entered in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Normal {
    /// Lower limit, decimal text.
    pub low: Option<Decimal>,
    /// Upper limit.
    pub high: Option<Decimal>,
    /// Unit code; none for a bare number.
    pub unit: Option<String>,
    /// Where the value stands.
    pub stands: Stands,
    /// The record that says so.
    pub record: FormPath,
}

/// The person and the day that a range has to fit.
struct Who {
    day: Option<NaiveDate>,
    sex: Option<String>,
    /// Completed years on the day: least and most, where the birth is known in part.
    age: Option<(i32, i32)>,
}

/// One row of a register's ranges.
struct Row<'v> {
    study: &'v Study,
    values: &'v Values<'v>,
    register: &'v RegisterDef,
    record: &'v FormPath,
    no: u32,
}

impl Row<'_> {
    fn value(&self, part: &str) -> Option<&Value> {
        let (_, oid) = self.register.ranges.iter().find(|(known, _)| known == part)?;
        let path = path_of(self.record, self.study.item(oid)?, self.no);
        self.study.current(self.values, &path)
    }

    fn code(&self, part: &str) -> Option<&str> {
        let Value::Code { code } = self.value(part)? else {
            return None;
        };
        Some(code)
    }

    fn number(&self, part: &str) -> Option<Decimal> {
        let Value::Number { number, .. } = self.value(part)? else {
            return None;
        };
        Some(*number)
    }

    fn day(&self, part: &str) -> Option<NaiveDate> {
        let Value::Date { date } = self.value(part)? else {
            return None;
        };
        whole(date)
    }

    /// Whether it is for that sex: nothing said, or a code that is no sex of the study's, is for everybody.
    fn sexed<'s>(&'s self, sexes: &[&str]) -> Option<&'s str> {
        self.code("sex").filter(|code| sexes.contains(code))
    }

    fn fits(&self, who: &Who, sexes: &[&str]) -> bool {
        let sex = self.sexed(sexes).is_none_or(|sex| who.sex.as_deref() == Some(sex));
        let from = self.number("age_from");
        let to = self.number("age_to");
        let age = match who.age {
            Some((least, most)) => {
                from.is_none_or(|from| from <= Decimal::from(least)) && to.is_none_or(|to| Decimal::from(most) <= to)
            }
            None => from.is_none() && to.is_none(),
        };
        let (first, last) = (self.day("from"), self.day("to"));
        let valid = match who.day {
            Some(day) => first.is_none_or(|first| first <= day) && last.is_none_or(|last| day <= last),
            None => first.is_none() && last.is_none(),
        };
        sex && age && valid
    }

    /// The code of the unit it is in, written as a code or as it is printed.
    fn unit(&self) -> Option<String> {
        let written = self.value("unit").and_then(name_of)?;
        let units = &self.study.def().units;
        let same = |unit: &&crate::def::UnitDef| {
            [&unit.code, &unit.text.en, &unit.text.zh]
                .iter()
                .any(|name| *name == written)
        };
        units.iter().find(same).map(|unit| unit.code.clone())
    }
}

impl Study {
    /// What is normal for the value of an item, where its form names a laboratory that says so.
    #[must_use]
    pub fn normal(&self, values: &Values<'_>, path: &ItemPath) -> Option<Normal> {
        let measures = |register: &&RegisterDef| register.measures.iter().any(|(item, _)| *item == path.item);
        let register = self.def().registers.iter().find(measures)?;
        let (_, code) = register.measures.iter().find(|(item, _)| *item == path.item)?;
        let place = self.item(&path.item)?;
        let Value::Number { number, unit } = self.current(values, path)? else {
            return None;
        };
        let record = self.record_meant(values, &path.form, register)?;
        let (_, analyte) = register.ranges.iter().find(|(part, _)| part == "analyte")?;
        let who = self.who(values, &path.form);
        let sexes: Vec<&str> = self.codes_of(self.landmark("sex")?);
        let rows = values.rows(&record, self.item(analyte)?);
        let mut rows: Vec<Row<'_>> = rows
            .into_iter()
            .map(|no| Row {
                study: self,
                values,
                register,
                record: &record,
                no,
            })
            .filter(|row| row.code("analyte") == Some(code) && row.fits(&who, &sexes))
            .collect();
        if rows.iter().any(|row| row.sexed(&sexes).is_some()) {
            rows.retain(|row| row.sexed(&sexes).is_some());
        }
        let of_item = if let ItemKind::Decimal { analyte, .. } = &place.item.kind {
            analyte.as_deref()
        } else {
            None
        };
        let limit = |row: &Row<'_>, part: &str| -> Option<Option<Decimal>> {
            let Some(limit) = row.number(part) else {
                return Some(None);
            };
            match (row.unit(), unit) {
                (Some(from), Some(to)) => converted(of_item, limit, &from, to).map(Some),
                (None, None) => Some(Some(limit)),
                (Some(_), None) | (None, Some(_)) => None,
            }
        };
        let mut limits = rows.iter().map(|row| limit(row, "low").zip(limit(row, "high")));
        let (low, high) = limits.next()??;
        if limits.any(|other| other != Some((low, high))) || low.is_none() && high.is_none() {
            return None;
        }
        // Compared as rules compare: in the item's own unit it is the same number.
        canonical_number(place.item, values.get(path)?)?;
        let stands = if low.is_some_and(|low| *number < low) {
            Stands::Below
        } else if high.is_some_and(|high| *number > high) {
            Stands::Above
        } else {
            Stands::Within
        };
        Some(Normal {
            low,
            high,
            unit: unit.clone(),
            stands,
            record,
        })
    }

    fn codes_of(&self, item: &str) -> Vec<&str> {
        let list = self.item(item).and_then(|place| {
            let ItemKind::Code { codelist } = &place.item.kind else {
                return None;
            };
            self.codelist(codelist)
        });
        list.into_iter()
            .flat_map(|list| list.codes.iter().map(|code| code.code.as_str()))
            .collect()
    }

    fn who(&self, values: &Values<'_>, form: &FormPath) -> Who {
        let anywhere = |name: &str| {
            let place = self.item(self.landmark(name)?)?;
            let forms = values.forms_of(&place.form.oid);
            forms
                .iter()
                .find_map(|form| self.current(values, &path_of(form, place, 1)))
        };
        let day = self.items(&form.form).find_map(|place| {
            let day = values.get(&path_of(form, place, 1)).and_then(day_text)?;
            whole(day)
        });
        let sex = anywhere("sex").and_then(|value| {
            let Value::Code { code } = value else { return None };
            Some(code.clone())
        });
        let birth = anywhere("birth_date").and_then(day_text).and_then(born);
        let age = day
            .zip(birth)
            .map(|(day, (first, last))| (completed_years(last, day), completed_years(first, day)));
        Who { day, sex, age }
    }
}

/// The day of a date or a date and time, as text.
fn day_text(value: &Value) -> Option<&str> {
    match value {
        Value::Date { date } => Some(date),
        Value::DateTime { at } => at.get(..10),
        Value::Text { .. }
        | Value::Number { .. }
        | Value::Code { .. }
        | Value::Codes { .. }
        | Value::Time { .. }
        | Value::Duration { .. }
        | Value::Missing { .. } => None,
    }
}

/// First and last day that a date, whole or not, can mean.
fn born(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    if let Some(date) = whole(text) {
        return Some((date, date));
    }
    let first = whole(&format!("{text}-01")).or_else(|| whole(&format!("{text}-01-01")))?;
    let months = if text.len() == 7 { 1 } else { 12 };
    let last = first.checked_add_months(chrono::Months::new(months))?.pred_opt()?;
    Some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birth_known_in_part_is_a_span() {
        let day = |text: &str| whole(text).unwrap();
        for (text, first, last) in [
            ("1990-02-28", "1990-02-28", "1990-02-28"),
            ("1990-02", "1990-02-01", "1990-02-28"),
            ("1990", "1990-01-01", "1990-12-31"),
        ] {
            assert_eq!(born(text), Some((day(first), day(last))), "{text}");
        }
        assert_eq!(born("19"), None);
    }
}
