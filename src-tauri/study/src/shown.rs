//! What is asked now: conditions of groups and items, and values that skip logic hides.
//!
//! An answer that is hidden stays in the journal but is not current: no rule and no function of medicine sees it.

use crate::{
    def::ItemKind,
    number::canonical_number,
    path::{FormPath, ItemPath},
    resolve::Place,
    rule::{End, ItemRef, Rule, Seen, Truth},
    study::{ItemPlace, Study},
    value::Value,
    values::Values,
};

/// Whether an item is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visible {
    /// It is.
    Shown,
    /// Its condition, or that of its group, does not hold, or not yet.
    Hidden,
    /// Its condition cannot run: it is asked, and the form says what is broken.
    Broken {
        /// What the evaluator said.
        why: String,
    },
}

impl Study {
    /// Whether an item is asked in that row of that form.
    #[must_use]
    pub fn visibility(&self, values: &Values<'_>, form: &FormPath, row: u32, item: &str) -> Visible {
        let Some(place) = self.item(item) else {
            return Visible::Hidden;
        };
        let mut conditions = self.conditions(place).peekable();
        if conditions.peek().is_none() {
            return Visible::Shown;
        }
        let path = path_of(form, place, row);
        values.seen_before.visibility(self, &path, || {
            let mut visible = Visible::Shown;
            for rule in conditions {
                match self.asks(values, &path, rule) {
                    Visible::Shown => {}
                    Visible::Hidden => return Visible::Hidden,
                    broken @ Visible::Broken { .. } => visible = broken,
                }
            }
            visible
        })
    }

    fn asks(&self, values: &Values<'_>, path: &ItemPath, rule: &Rule) -> Visible {
        let from = Place::Form {
            form: path.form.clone(),
            group: Some((path.group.clone(), path.row)),
        };
        match self.ends(rule, values, &from) {
            (Truth::Broken { why }, _) | (_, Truth::Broken { why }) => Visible::Broken { why },
            // What may hold is asked: nobody is left without a question because a birthday is not known.
            (Truth::True, _) | (_, Truth::True) => Visible::Shown,
            (Truth::False | Truth::Unknown { .. }, Truth::False | Truth::Unknown { .. }) => Visible::Hidden,
        }
    }

    /// Values of a form that skip logic hides.
    #[must_use]
    pub fn hidden_answers(&self, values: &Values<'_>, form: &FormPath) -> Vec<ItemPath> {
        let mut hidden = Vec::new();
        for place in self.items(&form.form) {
            for row in values.rows(form, place) {
                let path = path_of(form, place, row);
                if values.get(&path).is_some() && self.visibility(values, form, row, &place.item.oid) == Visible::Hidden
                {
                    hidden.push(path);
                }
            }
        }
        hidden
    }

    /// The value that counts: recorded, not one of the missing kinds, not hidden.
    pub(crate) fn current<'v>(&self, values: &Values<'v>, path: &ItemPath) -> Option<&'v Value> {
        let value = values
            .get(path)
            .filter(|value| !matches!(value, Value::Missing { .. }))?;
        match self.visibility(values, &path.form, path.row, &path.item) {
            Visible::Hidden => None,
            Visible::Shown | Visible::Broken { .. } => Some(value),
        }
    }

    /// What a rule says at both ends of a number that is known only to lie between two (an age by the year of birth).
    fn ends(&self, rule: &Rule, values: &Values<'_>, from: &Place) -> (Truth, Truth) {
        let mut between = false;
        let low = rule.eval(|reference| {
            let seen = self.seen(values, from, reference, End::Low);
            between |= matches!(seen, Some(Seen::Number(_))) && seen != self.seen(values, from, reference, End::High);
            seen
        });
        if !between {
            return (low.clone(), low);
        }
        let high = rule.eval(|reference| self.seen(values, from, reference, End::High));
        (low, high)
    }

    /// What a rule says: what it says at both ends; where they differ, it is not known yet.
    pub(crate) fn truth(&self, rule: &Rule, values: &Values<'_>, from: &Place) -> Truth {
        match self.ends(rule, values, from) {
            (low, high) if low == high => low,
            (broken @ Truth::Broken { .. }, _) | (_, broken @ Truth::Broken { .. }) => broken,
            (Truth::True | Truth::False | Truth::Unknown { .. }, _) => Truth::Unknown {
                missing: rule.refs().map(|reference| reference.item.clone()).collect(),
            },
        }
    }

    /// What an expression sees for a reference.
    fn seen(&self, values: &Values<'_>, from: &Place, reference: &ItemRef, end: End) -> Option<Seen> {
        let path = self.resolve(values, from, reference)?;
        let item = self.item(&path.item)?.item;
        if let ItemKind::Derived { .. } = item.kind {
            return self.outcome(values, &path)?.seen(end);
        }
        match self.current(values, &path)? {
            value @ (Value::Number { .. } | Value::Duration { .. }) => {
                let (number, _) = canonical_number(item, value)?;
                // By its digits: a comparison with a literal of the same digits is then exact.
                number.normalize().to_string().parse().ok().map(Seen::Number)
            }
            Value::Text { text } => Some(Seen::Text(text.clone())),
            Value::Code { code } => Some(Seen::Text(code.clone())),
            Value::Codes { codes } => Some(Seen::Codes(codes.clone())),
            // A partial date compares with nothing: it could lie on either side.
            Value::Date { date } => crate::dates::whole(date).map(|_| Seen::Text(date.clone())),
            Value::Time { time } => Some(Seen::Text(time.clone())),
            Value::DateTime { at } => Some(Seen::Text(at.clone())),
            Value::Missing { .. } => None,
        }
    }
}

/// The path of an item on a form, in a row.
pub(crate) fn path_of(form: &FormPath, place: ItemPlace<'_>, row: u32) -> ItemPath {
    ItemPath {
        form: form.clone(),
        group: place.group.oid.clone(),
        row,
        item: place.item.oid.clone(),
    }
}
