//! TOML read table by table: every key is asked for, every answer typed, everything wrong noted with its place.

use std::{cell::RefCell, collections::BTreeSet, ops::Range, str::FromStr as _};

use rust_decimal::Decimal;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    path::{Oid, is_oid},
    problem::{Problem, ProblemCode},
    text::Text,
};

/// Where something stands: index of the file and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) file: usize,
    pub(crate) span: Range<usize>,
}

/// The files being read and everything found wrong with them.
pub(crate) struct Desk<'a> {
    pub(crate) files: &'a [(&'a str, &'a str)],
    problems: RefCell<Vec<Problem>>,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(files: &'a [(&'a str, &'a str)]) -> Self {
        Self {
            files,
            problems: RefCell::default(),
        }
    }

    pub(crate) fn say(&self, spot: &Spot, code: ProblemCode, facts: &[(&str, &str)]) {
        let (file, text) = self.files.get(spot.file).copied().unwrap_or(("", ""));
        self.problems
            .borrow_mut()
            .push(Problem::at(file, text, spot.span.clone(), code, facts));
    }

    pub(crate) fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort_by(|a, b| (&a.file, a.start, a.code).cmp(&(&b.file, b.start, b.code)));
        problems.dedup();
        problems
    }

    pub(crate) fn is_clean(&self) -> bool {
        self.problems.borrow().is_empty()
    }

    /// `file:line` of a spot, for pointing at a first definition.
    pub(crate) fn name(&self, spot: &Spot) -> String {
        let (file, text) = self.files.get(spot.file).copied().unwrap_or(("", ""));
        let line = text.get(..spot.span.start).unwrap_or("").matches('\n').count() + 1;
        format!("{file}:{line}")
    }
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct At<T> {
    pub(crate) value: T,
    pub(crate) spot: Spot,
}

/// One table, with the keys that were asked for.
pub(crate) struct Node<'d, 't> {
    desk: &'d Desk<'d>,
    pub(crate) spot: Spot,
    table: &'t DeTable<'t>,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl<'d, 't> Node<'d, 't> {
    pub(crate) fn new(desk: &'d Desk<'d>, spot: Spot, table: &'t DeTable<'t>) -> Self {
        Self {
            desk,
            spot,
            table,
            asked: RefCell::default(),
        }
    }

    fn spot_of(&self, span: Range<usize>) -> Spot {
        Spot {
            file: self.spot.file,
            span,
        }
    }

    fn get(&self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.asked.borrow_mut().insert(key);
        self.table
            .iter()
            .find(|(k, _)| k.get_ref() == key)
            .map(|(_, value)| value)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.iter().any(|(k, _)| k.get_ref() == key)
    }

    pub(crate) fn absent(&self, key: &str) {
        // The table's own span may cover many lines: only its beginning is pointed at.
        let start = self.spot.span.start;
        let head = self
            .desk
            .files
            .get(self.spot.file)
            .and_then(|(_, text)| text.get(start..self.spot.span.end));
        let end = start + head.map_or(0, |text| text.lines().next().unwrap_or("").len());
        self.desk
            .say(&self.spot_of(start..end), ProblemCode::KeyAbsent, &[("key", key)]);
    }

    fn wrong(&self, key: &str, value: &Spanned<DeValue<'_>>, expected: &str) {
        self.desk.say(
            &self.spot_of(value.span()),
            ProblemCode::WrongType,
            &[("key", key), ("expected", expected)],
        );
    }

    /// A text that may be absent.
    pub(crate) fn opt_text(&self, key: &'static str) -> Option<At<String>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(At {
                value: text.to_string(),
                spot: self.spot_of(value.span()),
            }),
            DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => {
                self.wrong(key, value, "a text");
                None
            }
        }
    }

    /// A text that must be there and must not be blank.
    pub(crate) fn text(&self, key: &'static str) -> Option<At<String>> {
        if !self.has(key) {
            self.asked.borrow_mut().insert(key);
            self.absent(key);
            return None;
        }
        let text = self.opt_text(key)?;
        if text.value.trim().is_empty() {
            self.desk.say(
                &text.spot,
                ProblemCode::WrongType,
                &[("key", key), ("expected", "a text that is not blank")],
            );
            return None;
        }
        Some(text)
    }

    /// An identifier.
    pub(crate) fn oid(&self, key: &'static str) -> Option<At<Oid>> {
        let text = self.text(key)?;
        if is_oid(&text.value) {
            Some(text)
        } else {
            self.desk
                .say(&text.spot, ProblemCode::NotAnOid, &[("oid", &text.value)]);
            None
        }
    }

    /// One of several words, given as (word, meaning).
    pub(crate) fn word<T: Copy>(&self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        self.one_of(&text, words)
    }

    fn one_of<T: Copy>(&self, text: &At<String>, words: &[(&str, T)]) -> Option<T> {
        let found = words
            .iter()
            .find(|(word, _)| *word == text.value)
            .map(|(_, meaning)| *meaning);
        if found.is_none() {
            let allowed: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.desk.say(
                &text.spot,
                ProblemCode::UnknownWord,
                &[("word", &text.value), ("allowed", &allowed.join(", "))],
            );
        }
        found
    }

    /// Several of several words; none when the key is absent.
    pub(crate) fn words<T: Copy>(&self, key: &'static str, words: &[(&str, T)]) -> Vec<T> {
        self.texts(key)
            .iter()
            .filter_map(|text| self.one_of(text, words))
            .collect()
    }

    /// Yes or no; no when absent.
    pub(crate) fn flag(&self, key: &'static str) -> bool {
        match self.get(key) {
            None => false,
            Some(value) => match value.get_ref() {
                DeValue::Boolean(yes) => *yes,
                DeValue::String(_)
                | DeValue::Integer(_)
                | DeValue::Float(_)
                | DeValue::Datetime(_)
                | DeValue::Array(_)
                | DeValue::Table(_) => {
                    self.wrong(key, value, "true or false");
                    false
                }
            },
        }
    }

    /// A number with its digits as written.
    pub(crate) fn opt_decimal(&self, key: &'static str) -> Option<At<Decimal>> {
        let value = self.get(key)?;
        let digits = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str()),
            DeValue::Float(number) => Some(number.as_str()),
            DeValue::Integer(_)
            | DeValue::String(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => None,
        };
        let number = digits.and_then(|digits| {
            Decimal::from_str(digits)
                .or_else(|_| Decimal::from_scientific(digits))
                .ok()
        });
        if number.is_none() {
            self.wrong(key, value, "a number");
        }
        Some(At {
            value: number?,
            spot: self.spot_of(value.span()),
        })
    }

    /// A whole number that may be absent.
    pub(crate) fn opt_int(&self, key: &'static str) -> Option<i32> {
        let value = self.get(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => i32::from_str_radix(number.as_str(), number.radix()).ok(),
            DeValue::String(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => None,
        };
        if number.is_none() {
            self.wrong(key, value, "a whole number");
        }
        number
    }

    /// A count that must be there.
    pub(crate) fn count(&self, key: &'static str) -> Option<u32> {
        if !self.has(key) {
            self.asked.borrow_mut().insert(key);
            self.absent(key);
            return None;
        }
        let number = self.opt_int(key)?;
        let count = u32::try_from(number).ok();
        if let (None, Some(value)) = (count, self.get(key)) {
            self.wrong(key, value, "a whole number, not negative");
        }
        count
    }

    /// Two whole numbers, `[25, 31]`.
    pub(crate) fn opt_pair(&self, key: &'static str) -> Option<At<(i32, i32)>> {
        let value = self.get(key)?;
        let pair = value.get_ref().as_array().and_then(|array| {
            let numbers: Vec<i32> = array
                .iter()
                .filter_map(|v| {
                    v.get_ref()
                        .as_integer()
                        .and_then(|n| i32::from_str_radix(n.as_str(), n.radix()).ok())
                })
                .collect();
            (array.len() == 2 && numbers.len() == 2).then(|| (numbers[0], numbers[1]))
        });
        if pair.is_none() {
            self.wrong(key, value, "two whole numbers, `[first, last]`");
        }
        Some(At {
            value: pair?,
            spot: self.spot_of(value.span()),
        })
    }

    /// A list of texts; empty when absent.
    pub(crate) fn texts(&self, key: &'static str) -> Vec<At<String>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong(key, value, "a list of texts");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for one in array {
            match one.get_ref().as_str() {
                Some(text) => texts.push(At {
                    value: text.to_owned(),
                    spot: self.spot_of(one.span()),
                }),
                None => self.wrong(key, one, "a list of texts"),
            }
        }
        texts
    }

    /// A table of texts, in the order written: `{ sex = "DM.SEX" }`.
    pub(crate) fn pairs(&self, key: &'static str) -> Vec<(At<String>, At<String>)> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(table) = value.get_ref().as_table() else {
            self.wrong(key, value, "a table of texts");
            return Vec::new();
        };
        let mut pairs = Vec::new();
        for (name, one) in table {
            match one.get_ref().as_str() {
                Some(text) => pairs.push((
                    At {
                        value: name.get_ref().to_string(),
                        spot: self.spot_of(name.span()),
                    },
                    At {
                        value: text.to_owned(),
                        spot: self.spot_of(one.span()),
                    },
                )),
                None => self.wrong(key, one, "a table of texts"),
            }
        }
        pairs.sort_by_key(|(name, _)| name.spot.span.start);
        pairs
    }

    /// A table inside this one.
    pub(crate) fn opt_table(&self, key: &'static str) -> Option<Node<'d, 't>> {
        let value = self.get(key)?;
        if let Some(table) = value.get_ref().as_table() {
            Some(Node::new(self.desk, self.spot_of(value.span()), table))
        } else {
            self.wrong(key, value, "a table");
            None
        }
    }

    /// A list of tables; empty when absent.
    pub(crate) fn tables(&self, key: &'static str) -> Vec<Node<'d, 't>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong(key, value, "a list of tables");
            return Vec::new();
        };
        let mut nodes = Vec::new();
        for one in array {
            match one.get_ref().as_table() {
                Some(table) => nodes.push(Node::new(self.desk, self.spot_of(one.span()), table)),
                None => self.wrong(key, one, "a list of tables"),
            }
        }
        nodes
    }

    /// A text in both languages that may be absent.
    pub(crate) fn opt_both(&self, key: &'static str) -> Option<Text> {
        let node = self.opt_table(key)?;
        let text = node.languages(key);
        node.finish();
        Some(text)
    }

    /// A text in both languages that must be there.
    pub(crate) fn both(&self, key: &'static str) -> Text {
        if !self.has(key) {
            self.asked.borrow_mut().insert(key);
            self.absent(key);
            return Text::default();
        }
        self.opt_both(key).unwrap_or_default()
    }

    /// `en` and `zh` of this very table.
    pub(crate) fn languages(&self, key: &str) -> Text {
        let language = |name: &'static str| {
            let text = self.opt_text(name).map(|text| text.value).unwrap_or_default();
            if text.trim().is_empty() {
                self.desk.say(
                    &self.spot,
                    ProblemCode::LanguageAbsent,
                    &[("key", key), ("language", name)],
                );
            }
            text
        };
        Text {
            en: language("en"),
            zh: language("zh"),
        }
    }

    /// Notes every key that nobody asked for.
    pub(crate) fn finish(self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table {
            if !asked.contains(key.get_ref().as_ref()) {
                self.desk.say(
                    &self.spot_of(key.span()),
                    ProblemCode::UnknownKey,
                    &[("key", key.get_ref())],
                );
            }
        }
    }
}
