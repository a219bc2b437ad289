//! The chart of one made-up subject: what would be typed into an item on a day, drawn from the seed.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use conduct::{FormPath, ItemKind, ItemPath, Missing, RawInput, StudyDef};

use super::script::{Lines, Script};

/// Kinds of the items of a study.
pub(super) type Kinds = BTreeMap<String, ItemKind>;

/// Item kinds by their identifiers.
pub(super) fn kinds(def: &StudyDef) -> Kinds {
    let items = def
        .forms
        .iter()
        .flat_map(|form| &form.groups)
        .flat_map(|group| &group.items);
    items.map(|item| (item.oid.clone(), item.kind.clone())).collect()
}

/// A subject and everything that its chart says.
pub(super) struct Chart {
    pub(super) code: String,
    pub(super) script: Script,
    pub(super) infusion: NaiveDate,
    pub(super) number: u32,
    seed: u64,
}

/// A place in time and on paper for which values are asked.
#[derive(Clone, Copy)]
pub(super) struct At<'c> {
    pub(super) day: i64,
    pub(super) more: Option<&'c Lines>,
}

impl Chart {
    pub(super) fn new(code: String, number: u32, seed: u64, infusion: NaiveDate, script: Script) -> Self {
        Self {
            code,
            script,
            infusion,
            number,
            seed,
        }
    }

    /// A day of the course as a date.
    pub(super) fn date(&self, day: i64) -> NaiveDate {
        self.infusion + chrono::TimeDelta::days(day)
    }

    /// The form of an occurrence.
    pub(super) fn form(&self, visit: &str, form: &str) -> String {
        format!("{}/{visit}/{form}", self.code)
    }

    /// Whether ICANS is there on a day.
    pub(super) fn confused(&self, day: i64) -> bool {
        self.told("{awake}{orient}{capd}", day, "") != "ALERT40"
    }

    /// What is typed into an item, if the chart says anything about it.
    pub(super) fn answer(&self, kinds: &Kinds, path: &ItemPath, at: At<'_>) -> Option<RawInput> {
        let FormPath { visit, form, .. } = &path.form;
        let name = path.item.strip_prefix(form.as_str())?.strip_prefix('.')?;
        let key = (name.to_owned(), path.row);
        let sheet = |name: &str| self.script.sheets.get(name).and_then(|lines| lines.get(&key));
        let said = at
            .more
            .and_then(|lines| lines.get(&key))
            .or_else(|| sheet(&format!("{visit}/{form}")))
            .or_else(|| sheet(form))?;
        let text = self.told(said, at.day, &path.to_string());
        raw(kinds.get(&path.item)?, &text)
    }

    /// A share from 0 to 1 that only the seed, the subject and the words decide.
    fn share(&self, words: &str) -> f64 {
        let begun = self.seed.wrapping_mul(1_000_003).wrapping_add(u64::from(self.number));
        // FNV-1a over the words, then a mix of its bits: the same on every machine and for every compiler.
        let mut hash = words.bytes().fold(begun ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        f64::from(u32::try_from((hash ^ (hash >> 31)) >> 32).unwrap_or(0)) / f64::from(u32::MAX)
    }

    fn drawn<'a>(&self, words: &str, of: &[&'a str]) -> &'a str {
        let at = of
            .len()
            .saturating_sub(1)
            .min(whole(self.share(words) * count(of.len())));
        of.get(at).copied().unwrap_or_default()
    }

    /// Fills in what stands in braces.
    fn told(&self, said: &str, day: i64, place: &str) -> String {
        let mut text = String::new();
        let mut rest = said;
        while let Some((before, after)) = rest.split_once('{') {
            let (inner, tail) = after.split_once('}').unwrap_or((after, ""));
            text.push_str(before);
            text.push_str(&self.word(inner, day, place));
            rest = tail;
        }
        text + rest
    }

    /// What one pair of braces stands for.
    fn word(&self, inner: &str, day: i64, place: &str) -> String {
        if let Some(date) = self.date_word(inner, day) {
            return date.to_string();
        }
        if let Some((asked, both)) = inner.split_once('?') {
            let (name, wanted) = asked.split_once('=').unwrap_or((asked, ""));
            let (yes, no) = both.split_once(':').unwrap_or((both, ""));
            return if self.word(name, day, place) == wanted { yes } else { no }.to_owned();
        }
        match inner {
            "n" => return format!("{:03}", self.number),
            "n4" => return format!("{:04}", self.number),
            _ => {}
        }
        if let Some((low, high)) = inner.split_once("..") {
            let places = low.split_once('.').map_or(0, |(_, digits)| digits.len());
            let (low, high): (f64, f64) = (low.parse().unwrap_or(0.0), high.parse().unwrap_or(0.0));
            return format!("{:.places$}", low + (high - low) * self.share(place));
        }
        if inner.contains('|') {
            return self.drawn(place, &inner.split('|').collect::<Vec<_>>()).to_owned();
        }
        if let Some(words) = self.script.picks.get(inner) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            return self.drawn(inner, &words).to_owned();
        }
        if let Some(steps) = self.script.steps.get(inner) {
            let now = steps.iter().rev().find(|(from, _)| *from <= day);
            return now.map_or_else(String::new, |(_, text)| self.told(text, day, place));
        }
        let (sum, places) = inner
            .split_once(':')
            .map_or((inner, None), |(sum, places)| (sum, places.parse().ok()));
        let places = places
            .or_else(|| self.script.curves.get(sum).map(|curve| curve.places))
            .unwrap_or(0);
        format!("{:.places$}", self.sum(sum, day))
    }

    /// `D`, `D+5`, `day`, `day-3`.
    fn date_word(&self, inner: &str, day: i64) -> Option<NaiveDate> {
        let (from, offset) = match inner.strip_prefix("day") {
            Some(offset) => (day, offset),
            None => (0, inner.strip_prefix('D')?),
        };
        let offset: i64 = if offset.is_empty() { 0 } else { offset.parse().ok()? };
        Some(self.date(from + offset))
    }

    /// A sum of products of names and numbers.
    fn sum(&self, sum: &str, day: i64) -> f64 {
        let product = |product: &str| -> f64 { product.split('*').map(|name| self.number(name, day)).product() };
        sum.split('+').map(product).sum::<f64>().max(0.0)
    }

    fn number(&self, name: &str, day: i64) -> f64 {
        if name == "bsa" {
            return (self.number("height", day) * self.number("weight", day) / 3600.0).sqrt();
        }
        if let Some((low, high)) = self.script.draws.get(name) {
            return low + (high - low) * self.share(name);
        }
        let Some(curve) = self.script.curves.get(name) else {
            return name.parse().unwrap_or(0.0);
        };
        // Days are small: exact.
        let on = f64::from(i32::try_from(day).unwrap_or(0));
        let off = curve.jitter * (2.0 * self.share(&format!("{name} {day}")) - 1.0);
        between(&curve.points, on) * (1.0 + off)
    }
}

/// The value of a curve on a day.
fn between(points: &[(f64, f64)], on: f64) -> f64 {
    let after = points.iter().position(|(day, _)| *day >= on);
    match after {
        None => points.last().map_or(0.0, |(_, value)| *value),
        Some(0) => points.first().map_or(0.0, |(_, value)| *value),
        Some(at) => {
            let ((d0, v0), (d1, v1)) = (points[at - 1], points[at]);
            v0 + (v1 - v0) * (on - d0) / (d1 - d0)
        }
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a handful of words"
)]
fn whole(share: f64) -> usize {
    share as usize
}

#[allow(clippy::cast_precision_loss, reason = "a handful of words")]
fn count(words: usize) -> f64 {
    words as f64
}

/// The words as an item of this kind takes them; nothing for `_`.
pub(super) fn raw(kind: &ItemKind, text: &str) -> Option<RawInput> {
    let mut raw = RawInput::default();
    match text {
        "_" | "" => return None,
        "-unknown" => raw.missing = Some(Missing::Unknown),
        "-not_done" => raw.missing = Some(Missing::NotDone),
        "-not_applicable" => raw.missing = Some(Missing::NotApplicable),
        _ => match kind {
            ItemKind::Code { .. } | ItemKind::Codes { .. } => raw.codes = text.split('+').map(str::to_owned).collect(),
            ItemKind::Integer { .. } | ItemKind::Decimal { .. } => {
                let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
                number.clone_into(&mut raw.text);
                raw.unit = (!unit.is_empty()).then(|| unit.to_owned());
            }
            ItemKind::Text { .. }
            | ItemKind::Date { .. }
            | ItemKind::Time { .. }
            | ItemKind::DateTime { .. }
            | ItemKind::Duration { .. }
            | ItemKind::Scan { .. }
            | ItemKind::Derived { .. } => text.clone_into(&mut raw.text),
        },
    }
    Some(raw)
}

/// Days from consent to the infusion.
pub(super) const SCREENED: u64 = 14;
/// Days between the screenings of two subjects.
pub(super) const APART: u64 = 5;

/// The day on which the subject with a number is infused.
pub(super) fn infused_on(began: NaiveDate, number: u32, script: &Script) -> NaiveDate {
    let screened = script.screened.unwrap_or(began + Days::new(u64::from(number) * APART));
    screened + Days::new(SCREENED)
}
