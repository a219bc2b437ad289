//! What a person typed, read as the item's type: exactly, or refused. Nothing is rounded, nothing converted.
//!
//! Full-width digits and letters (as a Chinese input method types them) are read as ASCII in numbers, dates and times;
//! free text is only brought to Unicode's composed form.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use unicode_normalization::UnicodeNormalization as _;

use crate::{
    dates,
    def::{Codelist, ItemDef, ItemKind, StudyDef},
    duration,
    path::Oid,
    value::{Missing, Value},
};

/// What stands in a field on the screen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(deny_unknown_fields)]
pub struct RawInput {
    /// As typed or scanned.
    #[serde(default)]
    pub text: String,
    /// Unit chosen.
    #[serde(default)]
    #[ts(optional)]
    pub unit: Option<String>,
    /// Codes chosen.
    #[serde(default)]
    pub codes: Vec<String>,
    /// Missing kind chosen.
    #[serde(default)]
    #[ts(optional)]
    pub missing: Option<Missing>,
}

/// Why an input is not a value of its item. It stays in the field, marked not saved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum InputRefused {
    /// Digits, with at most one decimal point.
    #[error("not a number")]
    NotANumber,
    /// A whole number is wanted.
    #[error("not a whole number")]
    NotWhole,
    /// More digits after the point than the item keeps.
    #[error("more than {allowed} decimal places")]
    TooManyPlaces {
        /// Most.
        allowed: u32,
    },
    /// More digits than a number holds exactly.
    #[error("more than {allowed} digits")]
    TooManyDigits {
        /// Most.
        allowed: u32,
    },
    /// Several units are possible and none was chosen.
    #[error("a unit is needed")]
    UnitNeeded {
        /// Units of the item.
        allowed: Vec<String>,
    },
    /// The item does not have this unit.
    #[error("not a unit of this item")]
    NotAUnit {
        /// Units of the item.
        allowed: Vec<String>,
    },
    /// Not a code of the list.
    #[error("not a code of {codelist}")]
    NotACode {
        /// The list.
        codelist: Oid,
    },
    /// One code only.
    #[error("one code only")]
    OneCodeOnly,
    /// `YYYY-MM-DD`.
    #[error("not a date")]
    NotADate,
    /// The calendar has no such day.
    #[error("no such day")]
    NoSuchDay,
    /// Month or day are unknown, and the item wants them.
    #[error("the whole date is needed")]
    WholeDateNeeded,
    /// `hh:mm`.
    #[error("not a time of day")]
    NotATime,
    /// `YYYY-MM-DD hh:mm`.
    #[error("not a date and time")]
    NotADateTime,
    /// `1 h 30 min`, `1:30`, or a figure in the item's unit.
    #[error("not a duration")]
    NotADuration,
    /// Longer than the item keeps.
    #[error("longer than {max} characters")]
    TooLong {
        /// Most characters.
        max: u32,
    },
    /// Control characters, or several lines where one is asked.
    #[error("characters that are not text")]
    NotPermitted,
    /// This missing kind may not be chosen here.
    #[error("this kind of missing may not be chosen")]
    MissingNotAllowed {
        /// Kinds allowed.
        allowed: Vec<Missing>,
    },
    /// A value and a reason for having none.
    #[error("a value and a reason for its absence")]
    ValueAndMissing,
    /// The item is computed.
    #[error("computed, not typed")]
    Computed,
}

/// Most digits of a number: what a decimal holds exactly, with room for conversion.
const DIGITS: usize = 18;

/// Reads an input as a value of the item; nothing when the field is empty. `today` is the device's civil date.
///
/// # Errors
/// [`InputRefused`] where it cannot be read exactly.
pub fn read_input(
    item: &ItemDef,
    study: &StudyDef,
    raw: &RawInput,
    today: NaiveDate,
) -> Result<Option<Value>, InputRefused> {
    let text = raw.text.trim();
    let empty = text.is_empty() && raw.codes.is_empty();
    if let ItemKind::Derived { .. } = item.kind {
        return if empty && raw.missing.is_none() {
            Ok(None)
        } else {
            Err(InputRefused::Computed)
        };
    }
    if let Some(missing) = raw.missing {
        if !item.missing.contains(&missing) {
            return Err(InputRefused::MissingNotAllowed {
                allowed: item.missing.clone(),
            });
        }
        return if empty {
            Ok(Some(Value::Missing { missing }))
        } else {
            Err(InputRefused::ValueAndMissing)
        };
    }
    if empty {
        return Ok(None);
    }
    match &item.kind {
        ItemKind::Text { max, long } => free_text(text, *max, *long),
        ItemKind::Scan { max } => free_text(text, *max, false),
        ItemKind::Integer { units } => number(text, 0, units, study, raw),
        ItemKind::Decimal { units, places, .. } => number(text, *places, units, study, raw),
        ItemKind::Code { codelist } => one_code(study, codelist, text, &raw.codes),
        ItemKind::Codes { codelist } => several_codes(study, codelist, text, &raw.codes),
        ItemKind::Date { partial } => date(&ascii(text), *partial, today).map(|date| Value::Date { date }),
        ItemKind::Time {} => time(&ascii(text)).map(|time| Value::Time { time }),
        ItemKind::DateTime {} => date_time(&ascii(text), today).map(|at| Value::DateTime { at }),
        ItemKind::Duration { unit } => duration::read(&ascii(text), *unit)
            .map(|duration| Value::Duration { duration })
            .ok_or(InputRefused::NotADuration),
        ItemKind::Derived { .. } => Err(InputRefused::Computed),
    }
    .map(Some)
}

/// Full-width forms to ASCII, and the ideographic full stop to the point it is typed for.
fn ascii(text: &str) -> String {
    text.replace('。', ".").nfkc().collect::<String>().trim().to_owned()
}

fn free_text(text: &str, max: u32, long: bool) -> Result<Value, InputRefused> {
    let text: String = text.replace("\r\n", "\n").nfc().collect();
    if text.chars().any(|c| c.is_control() && !(long && c == '\n')) {
        return Err(InputRefused::NotPermitted);
    }
    if text.chars().count() > max as usize {
        return Err(InputRefused::TooLong { max });
    }
    Ok(Value::Text { text })
}

/// A unit typed behind the number, as the definition writes or prints it, and the number before it. Capitals do not matter
/// where they decide nothing.
fn unit_behind<'t>(text: &'t str, units: &[String], study: &StudyDef) -> Option<(&'t str, String)> {
    let end = text
        .rfind(|c: char| c.is_ascii_digit() || c == '.')
        .filter(|_| text.len() > 1)?;
    // Powers of ten begin with a digit: what follows the first blank is then the unit.
    let (number, behind) = text.split_once(' ').unwrap_or_else(|| text.split_at(end + 1));
    let behind = behind.trim();
    if behind.is_empty() {
        return None;
    }
    let spellings = |code: &String| {
        let printed = study.units.iter().find(|unit| unit.code == *code);
        let printed = printed
            .into_iter()
            .flat_map(|unit| [ascii(&unit.text.en), ascii(&unit.text.zh)]);
        printed.chain([ascii(code)]).collect::<Vec<_>>()
    };
    let named = |same: &dyn Fn(&str) -> bool| {
        let mut fit = units
            .iter()
            .filter(|code| spellings(code).iter().any(|text| same(text)));
        fit.next().filter(|_| fit.next().is_none()).cloned()
    };
    let exact = named(&|text| text == behind);
    let unit = exact.or_else(|| named(&|text| text.to_lowercase() == behind.to_lowercase()))?;
    Some((number, unit))
}

fn number(text: &str, places: u32, units: &[String], study: &StudyDef, raw: &RawInput) -> Result<Value, InputRefused> {
    let text = ascii(text).replace('\u{2212}', "-");
    let (text, typed) = match unit_behind(&text, units, study) {
        Some((number, unit)) => (number.trim(), Some(unit)),
        None => (text.as_str(), None),
    };
    let unit = typed.as_ref().or(raw.unit.as_ref());
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits
        .split_once('.')
        .map_or((digits, None), |(whole, part)| (whole, Some(part)));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || part.is_some_and(|part| !all_digits(part)) {
        return Err(InputRefused::NotANumber);
    }
    let after = part.map_or(0, str::len);
    if after > places as usize {
        let whole = places == 0;
        return Err(if whole {
            InputRefused::NotWhole
        } else {
            InputRefused::TooManyPlaces { allowed: places }
        });
    }
    if whole.trim_start_matches('0').len() + after > DIGITS {
        return Err(InputRefused::TooManyDigits { allowed: 18 });
    }
    let number = text.parse::<Decimal>().map_err(|_| InputRefused::NotANumber)?;
    let unit = match (unit, units) {
        (None, []) => None,
        (None, [only]) => Some(only.clone()),
        (None, several) => {
            return Err(InputRefused::UnitNeeded {
                allowed: several.to_vec(),
            });
        }
        (Some(unit), units) if units.contains(unit) => Some(unit.clone()),
        (Some(_), units) => {
            return Err(InputRefused::NotAUnit {
                allowed: units.to_vec(),
            });
        }
    };
    Ok(Value::Number { number, unit })
}

fn list<'s>(study: &'s StudyDef, oid: &str) -> Result<&'s Codelist, InputRefused> {
    let found = study.codelists.iter().find(|list| list.oid == oid);
    found.ok_or_else(|| InputRefused::NotACode {
        codelist: oid.to_owned(),
    })
}

fn one_code(study: &StudyDef, codelist: &str, text: &str, codes: &[String]) -> Result<Value, InputRefused> {
    let code = match (text, codes) {
        ("", [code]) => code.clone(),
        (text, []) => ascii(text),
        (text, [code]) if text == code => code.clone(),
        (_, _) => return Err(InputRefused::OneCodeOnly),
    };
    if list(study, codelist)?.codes.iter().any(|known| known.code == code) {
        Ok(Value::Code { code })
    } else {
        Err(InputRefused::NotACode {
            codelist: codelist.to_owned(),
        })
    }
}

fn several_codes(study: &StudyDef, codelist: &str, text: &str, codes: &[String]) -> Result<Value, InputRefused> {
    let known = list(study, codelist)?;
    let typed = if text.is_empty() { None } else { Some(ascii(text)) };
    let chosen: Vec<&str> = codes.iter().chain(&typed).map(String::as_str).collect();
    if chosen
        .iter()
        .any(|code| known.codes.iter().all(|one| one.code != **code))
    {
        return Err(InputRefused::NotACode {
            codelist: codelist.to_owned(),
        });
    }
    // The list's own order, each once: two people who chose the same codes recorded the same value.
    let codes = known
        .codes
        .iter()
        .filter(|one| chosen.contains(&one.code.as_str()))
        .map(|one| one.code.clone());
    Ok(Value::Codes { codes: codes.collect() })
}

/// A part of a date that the source does not know.
fn unknown(part: &str) -> bool {
    matches!(part.to_ascii_uppercase().as_str(), "UN" | "UK" | "UNK")
}

fn date(text: &str, partial: bool, today: NaiveDate) -> Result<String, InputRefused> {
    if let Some(day) = relative(text, today) {
        return day.map(|day| day.to_string());
    }
    let compact = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = if compact {
        vec![&text[..4], &text[4..6], &text[6..]]
    } else {
        text.trim_end_matches(['日', '月', '年'])
            .split(['-', '/', '.', '年', '月'])
            .collect()
    };
    let (year, rest) = parts.split_first().ok_or(InputRefused::NotADate)?;
    let figure = |part: &str, most: usize| -> Result<u32, InputRefused> {
        let fits = (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if fits {
            part.parse().map_err(|_| InputRefused::NotADate)
        } else {
            Err(InputRefused::NotADate)
        }
    };
    if year.len() != 4 {
        return Err(InputRefused::NotADate);
    }
    let year = i32::try_from(figure(year, 4)?).map_err(|_| InputRefused::NotADate)?;
    let (month, day) = match rest {
        [] => (None, None),
        [month] if unknown(month) => (None, None),
        [month] => (Some(figure(month, 2)?), None),
        [month, day] if unknown(month) && unknown(day) => (None, None),
        [month, day] if unknown(day) => (Some(figure(month, 2)?), None),
        [month, day] => (Some(figure(month, 2)?), Some(figure(day, 2)?)),
        _ => return Err(InputRefused::NotADate),
    };
    let real = NaiveDate::from_ymd_opt(year, month.unwrap_or(1), day.unwrap_or(1)).ok_or(InputRefused::NoSuchDay)?;
    match (month, day) {
        (Some(_), Some(_)) => Ok(real.to_string()),
        _ if !partial => Err(InputRefused::WholeDateNeeded),
        (Some(month), None) => Ok(format!("{year:04}-{month:02}")),
        (None, _) => Ok(format!("{year:04}")),
    }
}

/// `t`, `t-1`, `t+7`: today and days around it.
fn relative(text: &str, today: NaiveDate) -> Option<Result<NaiveDate, InputRefused>> {
    let rest = text.strip_prefix(['t', 'T'])?.trim();
    if rest.is_empty() {
        return Some(Ok(today));
    }
    let days: u64 = rest.get(1..)?.trim().parse().ok().filter(|days| *days <= 36_525)?;
    let day = match rest.chars().next() {
        Some('-') => today.checked_sub_days(Days::new(days)),
        Some('+') => today.checked_add_days(Days::new(days)),
        Some(_) | None => return Some(Err(InputRefused::NotADate)),
    };
    Some(day.ok_or(InputRefused::NoSuchDay))
}

fn time(text: &str) -> Result<String, InputRefused> {
    let compact = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    let (hour, minute) = if compact {
        text.split_at(2)
    } else {
        text.split_once(':').ok_or(InputRefused::NotATime)?
    };
    let figure = |part: &str, low: usize| -> Option<u32> {
        ((low..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
    };
    match (figure(hour, 1), figure(minute, 2)) {
        (Some(hour @ 0..=23), Some(minute @ 0..=59)) => Ok(format!("{hour:02}:{minute:02}")),
        _ => Err(InputRefused::NotATime),
    }
}

fn date_time(text: &str, today: NaiveDate) -> Result<String, InputRefused> {
    let (day, clock) = text.rsplit_once([' ', 'T']).ok_or(InputRefused::NotADateTime)?;
    let at = format!("{}T{}", date(day.trim(), false, today)?, time(clock)?);
    dates::moment(&at).map(|_| at.clone()).ok_or(InputRefused::NotADateTime)
}
