//! What the rules say about one form. Nothing here stops a value from being saved; hard findings stop completing.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    def::{Bounds, CheckDef, ItemKind, Severity},
    number::canonical_number,
    path::{FormPath, ItemPath, Oid},
    resolve::Place,
    rule::{Rule, Truth},
    shown::{Visible, path_of},
    study::{ItemPlace, Study},
    text::Text,
    value::Value,
    values::Values,
};

/// What kind of thing was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FindingKind {
    /// The value lies outside the range of its item; all in the canonical unit, decimal text.
    Range {
        /// The value.
        value: String,
        /// Lowest.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        low: Option<String>,
        /// Highest.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        high: Option<String>,
        /// Unit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        unit: Option<String>,
    },
    /// A check of the definition fired; its words are in `text`.
    Check {},
    /// Required, and neither answered nor given a reason for missing.
    Required {},
    /// No record of the register has the name that is given here.
    NoRecord {
        /// The register.
        register: Oid,
    },
    /// What may be named once is named elsewhere too.
    NamedTwice {
        /// Where else.
        others: Vec<ItemPath>,
    },
    /// Another record of the register has the same name.
    SameName {
        /// The names of the others.
        others: Vec<ItemPath>,
    },
    /// A rule could not run.
    Broken {
        /// What the evaluator said.
        why: String,
    },
}

/// One thing a rule said about a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Finding {
    /// Identifier of the check; `RANGE`, `REQUIRED`, `IDENTITY` or `CONDITION` for what every item has;
    /// `REFERENCE`, `ONCE` or `KEY` for what the registers say.
    pub id: String,
    /// How much it weighs.
    pub severity: Severity,
    /// The item it is shown at.
    pub path: ItemPath,
    /// What is wrong and what to do; of checks only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub text: Option<Text>,
    /// What kind of thing.
    pub kind: FindingKind,
}

impl Finding {
    /// What the registers say: that no record is known may be because nobody entered it yet; the rest contradicts itself.
    pub(crate) fn of_register(id: &str, path: &ItemPath, kind: FindingKind) -> Self {
        let severity = match &kind {
            FindingKind::NamedTwice { .. } | FindingKind::SameName { .. } => Severity::Hard,
            FindingKind::NoRecord { .. }
            | FindingKind::Range { .. }
            | FindingKind::Check {}
            | FindingKind::Required {}
            | FindingKind::Broken { .. } => Severity::Soft,
        };
        Self {
            id: id.into(),
            severity,
            path: path.clone(),
            text: None,
            kind,
        }
    }
}

impl Study {
    /// Everything the rules say about a form: ranges, checks shown on it, rules that cannot run. Not what is empty.
    #[must_use]
    pub fn findings(&self, values: &Values<'_>, form: &FormPath) -> Vec<Finding> {
        values.seen_before.findings(self, form, || {
            let mut findings = Vec::new();
            for place in self.items(&form.form) {
                for row in values.rows(form, place) {
                    self.at_item(values, form, place, row, &mut findings);
                }
            }
            findings
        })
    }

    /// Why a form cannot be completed: its hard findings, and what is required and empty.
    #[must_use]
    pub fn blockers(&self, values: &Values<'_>, form: &FormPath) -> Vec<Finding> {
        let mut blockers = self.findings(values, form);
        blockers.retain(|finding| finding.severity == Severity::Hard);
        for place in self.items(&form.form).filter(|place| place.item.required) {
            for row in values.rows(form, place) {
                let path = path_of(form, place, row);
                if values.get(&path).is_none() && self.visibility(values, form, row, &place.item.oid) != Visible::Hidden
                {
                    blockers.push(Finding {
                        id: "REQUIRED".into(),
                        severity: Severity::Hard,
                        path,
                        text: None,
                        kind: FindingKind::Required {},
                    });
                }
            }
        }
        blockers
    }

    /// The recorded items that a finding rests on: where it is shown, and whatever its check reads, through derived values
    /// to what those came from. In order, each once.
    #[must_use]
    pub fn rests_on(&self, values: &Values<'_>, finding: &Finding) -> Vec<ItemPath> {
        let at = &finding.path;
        let mut paths = vec![at.clone()];
        let Some(place) = self.item(&at.item) else {
            return paths;
        };
        let from = Place::Form {
            form: at.form.clone(),
            group: Some((at.group.clone(), at.row)),
        };
        let check = self.checks_at(&at.item).filter(|(check, _)| check.id == finding.id);
        let rules: Vec<&Rule> = match finding.id.as_str() {
            "CONDITION" => self.conditions(place).collect(),
            _ => check.map(|(_, rule)| rule).collect(),
        };
        for reference in rules.iter().flat_map(|rule| rule.refs()) {
            let Some(path) = self.resolve(values, &from, reference) else {
                continue;
            };
            match self.derive(values, &path) {
                Some(outcome) => paths.extend(outcome.inputs.into_iter().filter_map(|input| input.path)),
                None => paths.push(path),
            }
        }
        if let Some(outcome) = self.derive(values, at) {
            paths.extend(outcome.inputs.into_iter().filter_map(|input| input.path));
        }
        paths.retain(|path| values.get(path).is_some());
        paths.sort();
        paths.dedup();
        paths
    }

    fn at_item(&self, values: &Values<'_>, form: &FormPath, place: ItemPlace<'_>, row: u32, to: &mut Vec<Finding>) {
        let path = path_of(form, place, row);
        match self.visibility(values, form, row, &place.item.oid) {
            Visible::Hidden => return,
            Visible::Shown => {}
            Visible::Broken { why } => to.push(broken("CONDITION", &path, why, None)),
        }
        to.extend(self.range(values, place, &path));
        to.extend(self.names_a_person(values, place, &path));
        self.about_registers(values, place, &path, to);
        for (check, rule) in self.checks_at(&place.item.oid) {
            to.extend(self.check(values, place, &path, check, rule));
        }
    }

    /// Free text that looks like the number of an identity card or a mobile phone. Never in the way: a soft finding.
    fn names_a_person(&self, values: &Values<'_>, place: ItemPlace<'_>, path: &ItemPath) -> Option<Finding> {
        let text = self.def().identity.as_ref()?;
        let (ItemKind::Text { .. }, Value::Text { text: written }) = (&place.item.kind, values.get(path)?) else {
            return None;
        };
        crate::identity::suspected(written).then(|| Finding {
            id: "IDENTITY".into(),
            severity: Severity::Soft,
            path: path.clone(),
            text: Some(text.clone()),
            kind: FindingKind::Check {},
        })
    }

    fn range(&self, values: &Values<'_>, place: ItemPlace<'_>, path: &ItemPath) -> Option<Finding> {
        let (number, unit) = canonical_number(place.item, values.get(path)?)?;
        let bounds = [(Severity::Hard, &place.item.hard), (Severity::Soft, &place.item.soft)];
        let (severity, bounds) = bounds
            .into_iter()
            .filter_map(|(severity, bounds)| bounds.as_ref().map(|bounds| (severity, bounds)))
            .find(|(_, bounds)| outside(number, bounds))?;
        let text = |number: Decimal| number.normalize().to_string();
        Some(Finding {
            id: "RANGE".into(),
            severity,
            path: path.clone(),
            text: None,
            kind: FindingKind::Range {
                value: text(number),
                low: bounds.low.map(text),
                high: bounds.high.map(text),
                unit,
            },
        })
    }

    /// What an expression says, read where an item stands: to try a rule that is not in the definition. Nothing where it does
    /// not compile.
    #[must_use]
    pub fn try_rule(&self, source: &str, values: &Values<'_>, at: &ItemPath) -> Option<Truth> {
        let rule = Rule::compile(source).ok()?;
        let from = Place::Form {
            form: at.form.clone(),
            group: Some((at.group.clone(), at.row)),
        };
        Some(self.truth(&rule, values, &from))
    }

    fn check(
        &self,
        values: &Values<'_>,
        place: ItemPlace<'_>,
        path: &ItemPath,
        check: &CheckDef,
        rule: &Rule,
    ) -> Option<Finding> {
        let from = Place::Form {
            form: path.form.clone(),
            group: Some((place.group.oid.clone(), path.row)),
        };
        match self.truth(rule, values, &from) {
            Truth::False | Truth::Unknown { .. } => None,
            Truth::True => Some(Finding {
                id: check.id.clone(),
                severity: check.severity,
                path: path.clone(),
                text: Some(check.text.clone()),
                kind: FindingKind::Check {},
            }),
            Truth::Broken { why } => Some(broken(&check.id, path, why, Some(check.text.clone()))),
        }
    }
}

/// A rule that cannot run is hard: nobody may attest what was never checked.
fn broken(id: &str, path: &ItemPath, why: String, text: Option<Text>) -> Finding {
    Finding {
        id: id.into(),
        severity: Severity::Hard,
        path: path.clone(),
        text,
        kind: FindingKind::Broken { why },
    }
}

fn outside(number: Decimal, bounds: &Bounds) -> bool {
    bounds.low.is_some_and(|low| number < low) || bounds.high.is_some_and(|high| number > high)
}
