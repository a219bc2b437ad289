//! One form as the page draws it: questions come from the definition, everything known about each from here.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use store::FindingRow;
use study::{
    Study,
    def::{FormDef, ItemDef, ItemGroupDef, ItemKind, Severity},
    findings::{Finding, FindingKind},
    medicine::Outcome as Derived,
    normal::{Normal, Stands},
    path::{FormPath, ItemPath},
    shown::Visible,
    value::Value,
    values::Values,
};

use crate::{
    bedside,
    casebook::Casebook,
    confirm,
    desk::Desk,
    queries, reasons,
    requests::FormOf,
    rights::may,
    sign::signature_view,
    trouble::{Outcome, no_with},
    unfinished,
    views::{
        BlockerView, DerivedView, FindingView, FormView, GroupView, ItemView, NormalView, RetiredView, RowView,
        UnfinishedView,
    },
};

/// What is worked out once for a form and used for every item on it.
struct Worked<'a> {
    desk: &'a Desk,
    study: &'a Study,
    book: &'a Casebook,
    values: &'a Values<'a>,
    findings: HashMap<ItemPath, Vec<Finding>>,
    /// The same as the journal has them.
    noted: HashMap<(ItemPath, String), FindingRow>,
    derived: HashMap<ItemPath, Derived>,
    unfinished: HashMap<String, UnfinishedView>,
}

impl Desk {
    pub(crate) fn form(&mut self, asked: FormOf) -> Outcome<FormView> {
        let page = self.form_page(&asked.form)?;
        let complete = matches!(page.may_complete.as_deref(), Some("already_complete"));
        self.opened(&asked.form, complete)?;
        Ok(FormView {
            idle_minutes: self.idle_minutes(),
            ..page
        })
    }

    /// The definition that a form is under, or why there is no such form.
    pub(crate) fn known_form(&self, form: &FormPath) -> Outcome<Arc<Study>> {
        let study = self.study_of(&form.subject)?;
        if study.holds_form(form) {
            Ok(study)
        } else {
            no_with("no_such_form", &[("form", &form.to_string())])
        }
    }

    pub(crate) fn form_page(&self, form: &FormPath) -> Outcome<FormView> {
        self.known_form(form)?;
        let book = Casebook::read(&self.sitting()?.file, &form.subject)?;
        self.form_page_of(book, form)
    }

    /// The form after a save that touched it, from a casebook read before.
    pub(crate) fn form_page_after(&self, mut book: Casebook, form: &FormPath) -> Outcome<FormView> {
        book.look_again(&self.sitting()?.file, form)?;
        self.form_page_of(book, form)
    }

    fn form_page_of(&self, mut book: Casebook, form: &FormPath) -> Outcome<FormView> {
        let sitting = self.sitting()?;
        let study = self.study_for(&book);
        book.follow(study, &sitting.file, &[])?;
        let book = &book;
        let Some(def) = study.form(&form.form) else {
            return no_with("no_such_form", &[("form", &form.to_string())]);
        };
        let values = book.values();
        let mut findings: HashMap<ItemPath, Vec<Finding>> = HashMap::new();
        for finding in study.findings(&values, form) {
            findings.entry(finding.path.clone()).or_default().push(finding);
        }
        let unfinished = sitting
            .file
            .list_unfinished(sitting.session.person())?
            .into_iter()
            .map(|row| (row.path, unfinished::read(&row.text)))
            .collect();
        let worked = Worked {
            desk: self,
            study,
            book,
            values: &values,
            findings,
            noted: self.standing_findings(form)?,
            derived: study.derived(&values, form).into_iter().collect(),
            unfinished,
        };
        let groups = def
            .groups
            .iter()
            .map(|group| worked.group(form, group))
            .collect::<Outcome<Vec<_>>>()?;
        let blockers: Vec<BlockerView> = study
            .blockers(&values, form)
            .into_iter()
            .map(|finding| blocker(&finding))
            .collect();
        let (identity, identity_result) = bedside::checks_of(self, book, form, def)?;
        let saved = book
            .forms
            .get(form)
            .map(|row| sitting.file.entry(&row.last))
            .transpose()?
            .flatten()
            .and_then(|entry| entry.body)
            .map(|body| body.moment);
        let signatures = book
            .signatures
            .iter()
            .filter(|row| row.statement.records.iter().any(|r| r.id == form.to_string()))
            .map(|row| signature_view(self, &[book], row))
            .collect::<Outcome<Vec<_>>>()?;
        Ok(FormView {
            form: form.clone(),
            state: book.state(form).to_owned(),
            may_enter: self.may_not("enter_value"),
            may_complete: self.may_complete(book, form, !blockers.is_empty()),
            may_reopen: self.may_reopen(book, form),
            reason_due: book.complete(form),
            groups,
            blockers,
            identity,
            identity_result,
            signatures,
            idle_minutes: self.idle_minutes(),
            saved,
            version: book.version.clone(),
            retired: retired(study, book, form),
            removed_queries: (book.queries.iter())
                .filter(|query| query.path.form == *form && book.row_removed(&query.path))
                .map(|query| queries::query_view(self, query))
                .collect::<Outcome<Vec<_>>>()?,
        })
    }

    /// Why the person here may not use a command now, if so.
    pub(crate) fn may_not(&self, command: &str) -> Option<String> {
        let code = |trouble| {
            if let crate::trouble::Trouble::No(crate::problem::Problem::Refusal { code, .. }) = trouble {
                code
            } else {
                "fault".to_owned()
            }
        };
        self.permit(command)
            .and_then(|()| self.writable())
            .and_then(|()| self.declared())
            .and_then(|()| self.trained_for(command))
            .and_then(|()| self.sound_for(command))
            .err()
            .map(code)
    }

    fn may_complete(&self, book: &Casebook, form: &FormPath, blocked: bool) -> Option<String> {
        if book.complete(form) {
            return Some("already_complete".to_owned());
        }
        if book.version(form) == 0 {
            return Some("form_is_empty".to_owned());
        }
        self.may_not("complete_form")
            .or_else(|| blocked.then(|| "form_has_blockers".to_owned()))
    }

    fn may_reopen(&self, book: &Casebook, form: &FormPath) -> Option<String> {
        if book.complete(form) {
            self.may_not("reopen_form")
        } else {
            Some("not_complete".to_owned())
        }
    }
}

/// Answers on a form to what its definition asks no more.
fn retired(study: &Study, book: &Casebook, form: &FormPath) -> Vec<RetiredView> {
    let here = book.items.iter().filter(|row| row.path.form == *form);
    here.filter(|row| study.item(&row.path.item).is_none())
        .filter_map(|row| {
            Some(RetiredView {
                path: row.path.clone(),
                value: row.value.clone()?,
                under: row.study.clone(),
            })
        })
        .collect()
}

fn blocker(finding: &Finding) -> BlockerView {
    let why = match finding.kind {
        FindingKind::Required {} => "required",
        FindingKind::Range { .. }
        | FindingKind::Check {}
        | FindingKind::NoRecord { .. }
        | FindingKind::NamedTwice { .. }
        | FindingKind::SameName { .. }
        | FindingKind::Broken { .. } => "hard_finding",
    };
    BlockerView {
        path: finding.path.clone(),
        why: why.to_owned(),
    }
}

impl Worked<'_> {
    fn group(&self, form: &FormPath, group: &ItemGroupDef) -> Outcome<GroupView> {
        let mut numbers: BTreeSet<u32> = self
            .book
            .items
            .iter()
            .filter(|row| &row.path.form == form && row.path.group == group.oid)
            .map(|row| row.path.row)
            .collect();
        if numbers.is_empty() && !group.repeats {
            numbers.insert(1);
        }
        let rows = numbers
            .into_iter()
            .map(|row| {
                let items = group.items.iter().map(|item| self.item(form, group, row, item));
                Ok(RowView {
                    row,
                    items: items.collect::<Outcome<Vec<_>>>()?,
                })
            })
            .collect::<Outcome<Vec<_>>>()?;
        let shown = rows.is_empty() || rows.iter().any(|row| row.items.iter().any(|item| item.shown));
        Ok(GroupView {
            group: group.oid.clone(),
            shown,
            rows,
            next_row: self.book.next_row(form, &group.oid),
        })
    }

    fn item(&self, form: &FormPath, group: &ItemGroupDef, row: u32, def: &ItemDef) -> Outcome<ItemView> {
        let path = ItemPath {
            form: form.clone(),
            group: group.oid.clone(),
            row,
            item: def.oid.clone(),
        };
        let stored = self.book.item(&path);
        let value = stored.and_then(|row| row.value.clone());
        let (shown, broken) = match self.study.visibility(self.values, form, row, &def.oid) {
            Visible::Shown => (true, None),
            Visible::Hidden => (false, None),
            Visible::Broken { why } => (true, Some(why)),
        };
        let canonical = value.as_ref().and_then(|value| canonical(def, value));
        let queries = self
            .book
            .queries
            .iter()
            .filter(|q| q.path == path)
            .map(|q| queries::query_view_at(self.desk, q, stored.map_or(0, |row| row.version), false))
            .collect::<Outcome<Vec<_>>>()?;
        let derived = self
            .derived
            .get(&path)
            .map(|outcome| self.derived_view(&path, outcome))
            .transpose()?;
        Ok(ItemView {
            shown,
            broken,
            value,
            version: stored.map_or(0, |row| row.version),
            by_hand: stored.is_some_and(|row| row.by_hand),
            under: stored
                .filter(|row| row.value.is_some() && row.study != self.study.def().version)
                .map(|row| row.study.clone()),
            canonical,
            unfinished: self.unfinished.get(&path.to_string()).cloned(),
            verification: self.book.verification(&path).to_owned(),
            queries,
            findings: self.findings_at(&path)?,
            derived,
            normal: self.study.normal(self.values, &path).map(|normal| normal_view(&normal)),
            path,
        })
    }

    fn findings_at(&self, path: &ItemPath) -> Outcome<Vec<FindingView>> {
        let here = self.findings.get(path).into_iter().flatten();
        here.map(|finding| {
            let row = self.noted.get(&(path.clone(), finding.id.clone()));
            self.desk.finding_view(finding, row)
        })
        .collect()
    }

    fn derived_view(&self, path: &ItemPath, outcome: &Derived) -> Outcome<DerivedView> {
        Ok(DerivedView {
            call: outcome.call.clone(),
            status: reasons::status(outcome.status).to_owned(),
            result: outcome.result.clone(),
            unit: (!outcome.unit.is_empty()).then(|| outcome.unit.clone()),
            reasons: outcome.reasons.iter().map(reasons::view).collect(),
            warnings: outcome.warnings.iter().map(reasons::view).collect(),
            from: outcome.inputs.iter().filter_map(reasons::from_item).collect(),
            missing: reasons::missing(&outcome.missing),
            arithmetic: reasons::arithmetic(outcome),
            confirmed: confirm::newest(self.desk, path, outcome)?,
            may_confirm: confirm::may_not_confirm(self.desk, path, outcome),
        })
    }
}

/// The number in the canonical unit, where another unit was chosen.
fn canonical(def: &ItemDef, value: &Value) -> Option<(String, String)> {
    let (ItemKind::Integer { units } | ItemKind::Decimal { units, .. }) = &def.kind else {
        return None;
    };
    let Value::Number { unit: Some(unit), .. } = value else {
        return None;
    };
    if units.first() == Some(unit) {
        return None;
    }
    let (number, unit) = study::number::canonical_number(def, value)?;
    Some((number.normalize().to_string(), unit?))
}

fn normal_view(normal: &Normal) -> NormalView {
    let text = |limit: Option<rust_decimal::Decimal>| limit.map(|limit| limit.normalize().to_string());
    let stands = match normal.stands {
        Stands::Below => "below",
        Stands::Within => "within",
        Stands::Above => "above",
    };
    NormalView {
        low: text(normal.low),
        high: text(normal.high),
        unit: normal.unit.clone(),
        stands: stands.to_owned(),
        record: normal.record.clone(),
    }
}

/// Whether a form has a panel.
pub(crate) fn has_panel(def: &FormDef, panel: &str) -> bool {
    def.panels.iter().any(|p| p == panel)
}

/// Hard findings of a form, and soft ones that nobody has explained.
pub(crate) fn weigh(findings: &[Finding], explained: &HashSet<(ItemPath, String)>) -> (u32, u32) {
    let (hard, soft): (Vec<&Finding>, Vec<&Finding>) = findings.iter().partition(|f| f.severity == Severity::Hard);
    let open = |finding: &&&Finding| !explained.contains(&(finding.path.clone(), finding.id.clone()));
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    (count(hard.len()), count(soft.iter().filter(open).count()))
}

/// Whether the person in a role may enter values at all.
pub(crate) fn may_enter(desk: &Desk) -> bool {
    desk.role().is_some_and(|role| may(role, "enter_value"))
}
