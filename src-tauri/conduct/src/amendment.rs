//! What an amendment would touch: the subjects of a site file, change by change. Nothing is written.

use std::collections::BTreeSet;

use serde::Serialize;
use study::{
    Study,
    def::ItemKind,
    diff::{Change, Happened, Part, Said},
    path::FormPath,
    value::Value,
    values::Values,
};

use crate::{
    casebook::Casebook,
    desk::Desk,
    problem::Answer,
    trouble::{Outcome, Trouble},
};

/// How many subjects of a file an amendment touches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Touched {
    /// Subjects in the file.
    pub subjects: usize,
    /// Subjects touched by any change.
    pub any: usize,
    /// Subjects whose verdict on eligibility would be another.
    pub verdicts: usize,
    /// Subjects touched by each change, in the order of the changes.
    pub each: Vec<usize>,
}

impl Desk {
    /// Counts the subjects of the open file that changes touch: by what is recorded of them, and by what the rules of
    /// either version say of it. A change of words alone touches nobody.
    ///
    /// # Errors
    /// A refusal when nobody is logged in; a fault when the file cannot be read.
    pub fn touched(&mut self, before: &Study, after: &Study, changes: &[Change]) -> Answer<Touched> {
        let counted = self
            .permit("subjects")
            .and_then(|()| self.count_touched(before, after, changes));
        counted.map_err(|trouble: Trouble| trouble.told(self.machine.as_mut()))
    }

    pub(crate) fn count_touched(&self, before: &Study, after: &Study, changes: &[Change]) -> Outcome<Touched> {
        let file = &self.sitting()?.file;
        let signatures = file.signatures()?;
        let mut touched = Touched {
            subjects: 0,
            any: 0,
            verdicts: 0,
            each: vec![0; changes.len()],
        };
        for row in file.subjects()? {
            let book = Casebook::read_with(file, &row.code, signatures.clone())?;
            let subject = Subject::of(&book, before, after);
            touched.subjects += 1;
            touched.verdicts += usize::from(subject.verdict_differs);
            let mut any = subject.verdict_differs;
            for (change, count) in changes.iter().zip(&mut touched.each) {
                if subject.is_touched(change, before, after) {
                    *count += 1;
                    any = true;
                }
            }
            touched.any += usize::from(any);
        }
        Ok(touched)
    }
}

/// What is recorded of a subject, and where the two versions say different things of it.
pub(crate) struct Subject<'b> {
    book: &'b Casebook,
    /// Criteria whose result is another.
    criteria: BTreeSet<String>,
    /// Checks that fire in one version only.
    checks: BTreeSet<String>,
    pub(crate) verdict_differs: bool,
}

impl<'b> Subject<'b> {
    pub(crate) fn of(book: &'b Casebook, before: &Study, after: &Study) -> Self {
        let values = book.values();
        let (old, new) = (before.verdict(&values), after.verdict(&values));
        let results = |verdict: &study::eligibility::EligibilityOutcome| -> BTreeSet<(String, String)> {
            let criteria = verdict.criteria.iter();
            criteria
                .map(|criterion| (criterion.id.clone(), format!("{:?}", criterion.result)))
                .collect()
        };
        let criteria = results(&old)
            .symmetric_difference(&results(&new))
            .map(|(id, _)| id.clone())
            .collect();
        let fires = |study: &Study| fired(study, &values, book);
        let checks = fires(before).symmetric_difference(&fires(after)).cloned().collect();
        Self {
            book,
            criteria,
            checks,
            verdict_differs: old.verdict != new.verdict,
        }
    }

    fn begun(&self, holds: impl Fn(&FormPath) -> bool) -> bool {
        self.book.forms.keys().any(&holds) || self.book.items.iter().any(|row| holds(&row.path.form))
    }

    /// Whether a value of an item satisfies something.
    fn has(&self, holds: impl Fn(&str, &Value) -> bool) -> bool {
        let values = self.book.items.iter();
        values
            .filter_map(|row| row.value.as_ref().map(|value| (row.path.item.as_str(), value)))
            .any(|(item, value)| holds(item, value))
    }

    pub(crate) fn is_touched(&self, change: &Change, before: &Study, after: &Study) -> bool {
        let oid = change.oid.as_str();
        let added = matches!(change.happened, Happened::Added);
        match change.part {
            Part::Study
            | Part::Registration
            | Part::Reason
            | Part::Statement
            | Part::Landmark
            | Part::Register
            | Part::Confirmed => false,
            // A new visit is due for everybody; a new form wherever its visit was begun.
            Part::Visit => added || !words_only(change) && self.begun(|form| form.visit == oid),
            Part::Form if added => {
                let visits: Vec<&str> = after.visits_of(oid).iter().map(|visit| visit.oid.as_str()).collect();
                self.begun(|form| visits.contains(&form.visit.as_str()))
            }
            Part::Form => !words_only(change) && self.begun(|form| form.form == oid),
            Part::Group => {
                let form = oid.split('.').next().unwrap_or(oid);
                !words_only(change) && self.begun(|begun| begun.form == form)
            }
            Part::Item => !words_only(change) && self.item(oid, added, before, after),
            Part::Codelist => false,
            Part::Code => {
                let (list, code) = oid.split_once('/').unwrap_or((oid, ""));
                !added
                    && !words_only(change)
                    && self.has(|item, value| of_list(before, item, list) && chose(value, code))
            }
            Part::Unit => !added && !words_only(change) && self.has(|_, value| in_unit(value, oid)),
            Part::Criterion => self.criteria.contains(oid),
            Part::Decision => {
                let criteria = before.def().criteria.iter().chain(&after.def().criteria);
                let mut under = criteria.filter(|criterion| criterion.decision.as_deref() == Some(oid));
                !words_only(change) && under.any(|criterion| self.criteria.contains(&criterion.id))
            }
            Part::Check => self.checks.contains(oid),
        }
    }

    /// A new or a computed item concerns whoever has the form; any other, whoever has an answer.
    fn item(&self, oid: &str, added: bool, before: &Study, after: &Study) -> bool {
        let form = oid.split('.').next().unwrap_or(oid);
        let place = after.item(oid).or_else(|| before.item(oid));
        let computed = place.is_some_and(|place| matches!(place.item.kind, ItemKind::Derived { .. }));
        if added || computed {
            self.begun(|begun| begun.form == form)
        } else {
            self.has(|item, _| item == oid)
        }
    }
}

/// A change of texts for people.
fn words_only(change: &Change) -> bool {
    match &change.happened {
        Happened::Added | Happened::Retired => false,
        Happened::Changed { aspect, from, to } => {
            let text = |said: &Said| matches!(said, Said::Text(_) | Said::Nothing);
            text(from) && text(to) || aspect == "source" || aspect == "cdash"
        }
    }
}

fn of_list(study: &Study, item: &str, list: &str) -> bool {
    study.item(item).is_some_and(|place| match &place.item.kind {
        ItemKind::Code { codelist } | ItemKind::Codes { codelist } => codelist == list,
        ItemKind::Text { .. }
        | ItemKind::Integer { .. }
        | ItemKind::Decimal { .. }
        | ItemKind::Date { .. }
        | ItemKind::Time {}
        | ItemKind::DateTime {}
        | ItemKind::Duration { .. }
        | ItemKind::Scan { .. }
        | ItemKind::Derived { .. } => false,
    })
}

fn chose(value: &Value, wanted: &str) -> bool {
    match value {
        Value::Code { code } => code == wanted,
        Value::Codes { codes } => codes.iter().any(|code| code == wanted),
        Value::Text { .. }
        | Value::Number { .. }
        | Value::Date { .. }
        | Value::Time { .. }
        | Value::DateTime { .. }
        | Value::Duration { .. }
        | Value::Missing { .. } => false,
    }
}

fn in_unit(value: &Value, wanted: &str) -> bool {
    match value {
        Value::Number { unit, .. } => unit.as_deref() == Some(wanted),
        Value::Text { .. }
        | Value::Code { .. }
        | Value::Codes { .. }
        | Value::Date { .. }
        | Value::Time { .. }
        | Value::DateTime { .. }
        | Value::Duration { .. }
        | Value::Missing { .. } => false,
    }
}

fn fired(study: &Study, values: &Values<'_>, book: &Casebook) -> BTreeSet<String> {
    book.forms
        .keys()
        .filter(|form| study.holds_form(form))
        .flat_map(|form| study.findings(values, form))
        .map(|finding| finding.id)
        .collect()
}
