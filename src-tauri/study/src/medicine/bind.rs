//! From items to the inputs of a function.

use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};

use crate::{
    def::ItemKind,
    medicine::{
        InputUsed, MissingItem, Outcome, Status,
        registry::{Call, Codes, Input, Takes, unit_of},
    },
    number::{canonical_number, scaled},
    path::{ItemPath, Oid},
    resolve::Place,
    rule::{ItemRef, Rule, Truth},
    shown::Visible,
    study::Study,
    value::{Missing, Value},
    values::Values,
};

/// The inputs of a call, filled as far as they are recorded.
pub(crate) struct Bound {
    pub(crate) json: Map<String, Json>,
    pub(crate) inputs: Vec<InputUsed>,
    /// For every bound input, what to answer should the function call it missing: also one that is recorded, but not
    /// sharply enough (a year of birth) or not as the quantity can be.
    open: Vec<MissingItem>,
}

impl Bound {
    #[cfg(test)]
    pub(crate) fn empty() -> Self {
        Self {
            json: Map::new(),
            inputs: Vec::new(),
            open: Vec::new(),
        }
    }

    /// What is missing, by the names of inputs that a function gave.
    pub(crate) fn missing(&self, names: &[&str]) -> Vec<MissingItem> {
        let mut missing: Vec<MissingItem> = Vec::new();
        for name in names {
            let before = missing.len();
            for open in self.open.iter().filter(|open| open.input == *name) {
                if !missing
                    .iter()
                    .any(|known| known.item == open.item && known.path == open.path)
                {
                    missing.push(open.clone());
                }
            }
            if before == missing.len() && !self.open.iter().any(|open| open.input == *name) {
                missing.push(MissingItem {
                    input: (*name).to_owned(),
                    item: None,
                    path: None,
                });
            }
        }
        missing
    }
}

impl Study {
    /// Fills the inputs of a call from the items bound to them.
    pub(crate) fn bind(&self, values: &Values<'_>, from: &Place, call: &Call, with: &[(String, Oid)]) -> Bound {
        let mut bound = Bound {
            json: Map::new(),
            inputs: Vec::new(),
            open: Vec::new(),
        };
        for (name, item) in with {
            let Some(input) = call.inputs.iter().find(|input| input.name == name) else {
                continue;
            };
            let Some(reference) = ItemRef::parse(item) else {
                continue;
            };
            let path = self.resolve(values, from, &reference);
            let value = path.as_ref().and_then(|path| self.given(values, path, input));
            bound.inputs.push(InputUsed {
                input: name.clone(),
                item: reference.item.clone(),
                path: path.clone(),
                value: value.as_ref().map(shown),
            });
            match value {
                Some(value) => {
                    bound.json.insert(name.clone(), value);
                    bound.open.extend(self.to_sharpen(values, name, &reference.item, path));
                }
                None => bound.open.extend(self.to_answer(values, name, &reference.item, path)),
            }
        }
        bound
    }

    /// The value of an item as an input takes it.
    fn given(&self, values: &Values<'_>, path: &ItemPath, input: &Input) -> Option<Json> {
        let item = self.item(&path.item)?.item;
        if let Takes::Series(span) = input.takes {
            return self.series(values, &path.item, span);
        }
        if let Some(settled) = self.without_value(values, path, input.takes) {
            return Some(settled);
        }
        if let ItemKind::Derived { call, .. } = &item.kind {
            return derived(&*self.outcome(values, path)?, call, input.takes);
        }
        let value = self.current(values, path)?;
        match (input.takes, value) {
            (Takes::Date, Value::Date { date }) => crate::dates::whole(date).map(|_| json!(date)),
            (Takes::Date, Value::DateTime { at }) => at.get(..10).map(|day| json!(day)),
            (Takes::Birth, Value::Date { date }) => match date.len() {
                10 => Some(json!(date)),
                _ => date.get(..4).map(|year| json!(year)),
            },
            (Takes::Moment, Value::DateTime { at }) => Some(json!(at)),
            (Takes::YesNo, Value::Code { code }) => match code.as_str() {
                "Y" => Some(json!(true)),
                "N" => Some(json!(false)),
                _ => None,
            },
            (Takes::YesOrNever, Value::Code { code }) => match code.as_str() {
                "Y" => Some(json!(true)),
                "N" => Some(json!(false)),
                _ => None,
            },
            (Takes::Truth(codes), Value::Code { code }) => meaning(codes, code).map(|code| json!(code == "true")),
            (Takes::LastDose, Value::Date { date }) => crate::dates::whole(date).map(|_| json!(date)),
            (Takes::Ever, Value::Date { .. }) => Some(json!(true)),
            (Takes::Time, Value::Time { time }) => Some(json!(format!("{time}:00"))),
            (Takes::Points, Value::Number { number, .. }) => u16::try_from(*number).ok().map(|points| json!(points)),
            (Takes::Points, Value::Code { code }) => code.parse::<u16>().ok().map(|points| json!(points)),
            (Takes::Days, Value::Number { number, .. }) => u16::try_from(*number).ok().map(|days| json!(days)),
            (Takes::Number(unit), Value::Number { .. }) => {
                let (number, own) = canonical_number(item, value)?;
                decimal(scaled(number, own.as_deref().unwrap_or(""), unit)?)
            }
            (Takes::Level, Value::Number { .. }) => decimal(canonical_number(item, value)?.0),
            (
                Takes::Quantity(units),
                Value::Number {
                    number,
                    unit: Some(unit),
                },
            ) => units
                .contains(&unit.as_str())
                .then(|| json!({ "value": number.to_string(), "unit": unit })),
            (Takes::Entered, Value::Number { number, unit }) => {
                Some(json!({ "value": number.to_string(), "unit": unit.clone().unwrap_or_default() }))
            }
            (Takes::Choice(codes), Value::Code { code }) => meaning(codes, code).map(|code| json!(code)),
            (Takes::Choices(codes), Value::Codes { codes: chosen }) => {
                // The code that says "none" stands for an empty list.
                let names: Option<Vec<&str>> = chosen.iter().map(|code| meaning(codes, code)).collect();
                names.map(|names| json!(names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>()))
            }
            (Takes::Cns, Value::Code { code }) => Some(json!(code)),
            (Takes::CnsClass, Value::Code { code }) => cns_class(code),
            (_, _) => None,
        }
    }

    /// What an empty item says all the same: "not applicable" is never given, nothing to come after; so is a question that
    /// another answer rules out.
    fn without_value(&self, values: &Values<'_>, path: &ItemPath, takes: Takes) -> Option<Json> {
        let never = match takes {
            Takes::YesOrNever => json!(true),
            Takes::LastDose => json!(crate::medicine::eligible::NEVER),
            Takes::Ever => json!(false),
            Takes::Date
            | Takes::Birth
            | Takes::Moment
            | Takes::YesNo
            | Takes::Age
            | Takes::Time
            | Takes::Points
            | Takes::Days
            | Takes::Number(_)
            | Takes::Level
            | Takes::Entered
            | Takes::Quantity(_)
            | Takes::Choice(_)
            | Takes::Choices(_)
            | Takes::Truth(_)
            | Takes::Series(_)
            | Takes::Cns
            | Takes::CnsClass => return None,
        };
        let not_applicable = matches!(
            values.get(path),
            Some(Value::Missing {
                missing: Missing::NotApplicable,
            })
        );
        let shown = self.visibility(values, &path.form, path.row, &path.item) != Visible::Hidden;
        let settled = if shown {
            not_applicable
        } else {
            self.ruled_out(values, path)
        };
        settled.then_some(never)
    }

    /// Whether an item is hidden because an answer says so, and not merely because its condition is still open.
    fn ruled_out(&self, values: &Values<'_>, path: &ItemPath) -> bool {
        let Some(place) = self.item(&path.item) else {
            return false;
        };
        let from = Place::Form {
            form: path.form.clone(),
            group: Some((place.group.oid.clone(), path.row)),
        };
        self.conditions(place)
            .any(|rule| match self.truth(rule, values, &from) {
                Truth::False => true,
                Truth::True | Truth::Broken { .. } => false,
                // A condition that waits for questions which are themselves ruled out will never hold.
                Truth::Unknown { missing } => {
                    !missing.is_empty()
                        && rule
                            .refs()
                            .filter(|reference| missing.contains(&reference.item))
                            .all(|reference| {
                                let waited_for = self.resolve(values, &from, reference);
                                waited_for.is_some_and(|path| self.ruled_out(values, &path))
                            })
                }
            })
    }

    /// What a person would answer more sharply: the item itself, or what a derived one rests on.
    fn to_sharpen(&self, values: &Values<'_>, input: &str, item: &str, path: Option<ItemPath>) -> Vec<MissingItem> {
        let this = |item: &str, path: Option<ItemPath>| MissingItem {
            input: input.to_owned(),
            item: Some(item.to_owned()),
            path,
        };
        let derived = path.as_ref().and_then(|path| self.outcome(values, path));
        let Some(outcome) = derived else {
            return vec![this(item, path)];
        };
        // An age is as sharp as the date of birth; consent always has a day.
        let birth = outcome.inputs.iter().find(|used| used.input == "dob");
        match birth {
            Some(used) => vec![this(&used.item, used.path.clone())],
            None => outcome
                .inputs
                .iter()
                .map(|used| this(&used.item, used.path.clone()))
                .collect(),
        }
    }

    /// What a person would answer to fill a missing input: the item itself, or what a derivation or a condition lacks.
    fn to_answer(&self, values: &Values<'_>, input: &str, item: &str, path: Option<ItemPath>) -> Vec<MissingItem> {
        let this = MissingItem {
            input: input.to_owned(),
            item: Some(item.to_owned()),
            path: path.clone(),
        };
        let Some((path, place)) = path.zip(self.item(item)) else {
            return vec![this];
        };
        if let ItemKind::Derived { .. } = place.item.kind {
            let lacking = self
                .outcome(values, &path)
                .map(|outcome| outcome.missing.clone())
                .unwrap_or_default();
            if !lacking.is_empty() {
                return lacking
                    .into_iter()
                    .map(|one| MissingItem {
                        input: input.to_owned(),
                        ..one
                    })
                    .collect();
            }
            return vec![this];
        }
        if self.visibility(values, &path.form, path.row, item) != Visible::Hidden {
            return vec![this];
        }
        // Hidden: it opens when the answers to its condition say so.
        let from = Place::Form {
            form: path.form.clone(),
            group: Some((place.group.oid.clone(), path.row)),
        };
        let answers: Vec<MissingItem> = self
            .conditions(place)
            .flat_map(Rule::refs)
            .map(|reference| MissingItem {
                input: input.to_owned(),
                item: Some(reference.item.clone()),
                path: self.resolve(values, &from, reference),
            })
            .collect();
        if answers.is_empty() { vec![this] } else { answers }
    }
}

fn derived(outcome: &Outcome, call: &str, takes: Takes) -> Option<Json> {
    if outcome.status == Status::NotEvaluable {
        return None;
    }
    let text = outcome.exact.as_ref().or(outcome.result.as_ref())?;
    match takes {
        Takes::Age => match text.split_once('-') {
            None => text.parse::<u16>().ok().map(|years| json!(years)),
            Some((min, max)) => {
                let (min, max): (u16, u16) = (min.parse().ok()?, max.parse().ok()?);
                Some(json!({ "min": min, "max": max }))
            }
        },
        Takes::Days => text.parse::<i64>().ok().map(|days| json!(days)),
        // A grade that could still rise is no score yet.
        Takes::Points if outcome.status == Status::AtLeast => None,
        Takes::Points => text.parse::<u16>().ok().map(|points| json!(points)),
        Takes::Number(unit) if unit_of(call) == Some(unit) => text.parse().ok().and_then(decimal),
        Takes::Cns => Some(json!(text)),
        Takes::CnsClass => cns_class(text),
        Takes::Number(_)
        | Takes::Date
        | Takes::Birth
        | Takes::Moment
        | Takes::YesNo
        | Takes::YesOrNever
        | Takes::Truth(_)
        | Takes::LastDose
        | Takes::Ever
        | Takes::Time
        | Takes::Series(_)
        | Takes::Level
        | Takes::Entered
        | Takes::Quantity(_)
        | Takes::Choice(_)
        | Takes::Choices(_) => None,
    }
}

fn decimal(number: Decimal) -> Option<Json> {
    Some(json!(number.normalize().to_string()))
}

fn meaning(codes: Codes, code: &str) -> Option<&'static str> {
    codes
        .iter()
        .find(|(own, _)| *own == code)
        .and_then(|(_, meaning)| *meaning)
}

/// `CNS2a` is class 2.
fn cns_class(status: &str) -> Option<Json> {
    status
        .strip_prefix("CNS")?
        .get(..1)?
        .parse::<u8>()
        .ok()
        .map(|class| json!(class))
}

/// An input as a person reads it.
fn shown(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Array(all) => all.iter().map(shown).collect::<Vec<_>>().join(", "),
        Json::Object(fields) => fields.values().rev().map(shown).collect::<Vec<_>>().join(" "),
        Json::Null | Json::Bool(_) | Json::Number(_) => value.to_string(),
    }
}
