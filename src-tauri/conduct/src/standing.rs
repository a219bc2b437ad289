//! Where every subject stands.
//!
//! What a list says is worked out here by pure functions from dates, states and counts. Only a verdict that nobody has
//! confirmed, or that rests on screening that was touched since, asks for that subject's values; the sitting remembers it
//! until the screening is touched again.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use store::{IdentityMark, VerdictMark};
use study::{
    Study,
    act::{Actor, Moment},
    def::{CriterionRule, ItemKind, VisitDef},
    value::Value,
    values::Values,
};

use crate::{
    bedside,
    desk::{Desk, Place},
    editions::named,
    eligibility,
    form_page::has_panel,
    held::{Held, Lines, Marked},
    schedule,
    subjects::{Landmarks, Status},
    trouble::{Outcome, no},
    views::SubjectRowView,
};

/// Verdicts worked out in one go: a list is never kept waiting for more.
pub(crate) const MOST_VERDICTS: usize = 64;

/// A verdict worked out, and the last entry that its screening had then.
pub(crate) type Verdicts = HashMap<String, (Option<store::Place>, &'static str)>;

/// One subject.
pub(crate) struct Standing {
    pub(crate) subject: String,
    /// The definition that the subject is under.
    pub(crate) study: Arc<Study>,
    pub(crate) added: Moment,
    pub(crate) marks: Landmarks,
    pub(crate) held: Arc<Held>,
    /// `None`: not worked out yet.
    pub(crate) verdict: Option<&'static str>,
    pub(crate) identity_open: bool,
    /// Days on which CRS and ICANS were looked at, as texts of dates.
    pub(crate) looked: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Standing {
    /// What was confirmed last of the eligibility.
    fn confirmed(&self) -> Option<&str> {
        self.held.confirmed.as_ref().map(|mark| mark.derived.as_str())
    }

    pub(crate) fn count(&self, which: impl Fn(&'static str) -> bool) -> u32 {
        let count = self.held.forms.iter().filter(|form| which(form.state())).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    pub(crate) fn alerts(&self) -> Vec<String> {
        let mut alerts = Vec::new();
        if self.marks.infusion.is_some() {
            match self.confirmed() {
                None => alerts.push("infused_not_confirmed".to_owned()),
                Some("eligible") if self.verdict.is_none_or(|now| now == "eligible") => {}
                Some(_) => alerts.push("infused_not_eligible".to_owned()),
            }
        }
        if self.identity_open {
            alerts.push("identity_check_missing".to_owned());
        }
        alerts
    }
}

/// States of a form that wait for a signature.
pub(crate) fn waits_for_signature(state: &str) -> bool {
    matches!(state, "complete" | "verified" | "changed")
}

/// Forms of the visits that eligibility is decided in: nothing outside moves a verdict.
fn forms_of_verdict(study: &Study) -> HashSet<String> {
    let def = study.def();
    let mut oids: Vec<&str> = Vec::new();
    for criterion in &def.criteria {
        match &criterion.rule {
            CriterionRule::Computed { with, .. } => oids.extend(with.iter().map(|(_, oid)| oid.as_str())),
            CriterionRule::Asked { item, source } => oids.extend([item.as_str(), source.as_str()]),
        }
    }
    let mut seen = BTreeSet::new();
    let mut forms = HashSet::new();
    while let Some(oid) = oids.pop() {
        let Some(place) = study.item(oid).filter(|_| seen.insert(oid)) else {
            continue;
        };
        if let ItemKind::Derived { with, .. } = &place.item.kind {
            oids.extend(with.iter().map(|(_, oid)| oid.as_str()));
        }
        for visit in study.visits_of(&place.form.oid) {
            forms.extend(visit.forms.iter().cloned());
        }
    }
    forms
}

/// Which forms a definition decides and compares in.
struct Ways {
    deciding: HashSet<String>,
    compared: HashSet<String>,
}

impl Ways {
    fn of(study: &Study) -> Self {
        let forms = study.def().forms.iter();
        let compared = forms.filter(|form| has_panel(form, "identity_check"));
        Self {
            deciding: forms_of_verdict(study),
            compared: compared.map(|form| form.oid.clone()).collect(),
        }
    }
}

/// Items that stand for a landmark or are compared with a bag.
fn wanted(study: &Study) -> Vec<&str> {
    let mut oids: Vec<&str> = Landmarks::NAMES
        .iter()
        .filter_map(|name| study.landmark(name))
        .collect();
    oids.extend(
        ["crs_at", "icans_at", "identity_coi"]
            .iter()
            .filter_map(|name| study.landmark(name)),
    );
    oids.sort_unstable();
    oids.dedup();
    oids
}

impl Desk {
    /// What the file holds of everybody, as far as lists ask.
    pub(crate) fn lines(&mut self) -> Outcome<&Lines> {
        let mut oids: Vec<&str> = self.in_force.iter().flat_map(|study| wanted(study)).collect();
        oids.sort_unstable();
        oids.dedup();
        let Place::Open(sitting) = &mut self.place else {
            return no("not_logged_in");
        };
        sitting.lines.up_to_date(&sitting.file, &oids)?;
        Ok(&sitting.lines)
    }

    /// Everybody, by code.
    pub(crate) fn standings(&mut self) -> Outcome<Vec<Standing>> {
        self.lines()?;
        let ways = self.ways();
        let sitting = self.sitting()?;
        let mut all = Vec::new();
        for row in sitting.file.subjects()? {
            let study = self.under(&row.version);
            let held = sitting.lines.of(&row.code);
            let value = |oid: &str| held.value(oid);
            let marks = Landmarks::from(study, value);
            let looked = [("crs", "crs_at"), ("icans", "icans_at")]
                .into_iter()
                .filter_map(|(what, name)| study.landmark(name).map(|oid| (what, oid)))
                .map(|(what, oid)| (what, held.dates(oid).cloned().unwrap_or_default()))
                .collect();
            let recorded = |name: &str| study.landmark(name).and_then(value).and_then(plain);
            let compared = ways.get(&named(study)).map(|ways| &ways.compared);
            let identity_open = marks.infusion.is_some()
                && held.forms.iter().any(|form| {
                    let checks: Vec<&IdentityMark> = held.checks(&form.mark.path).collect();
                    compared.is_some_and(|forms| forms.contains(&form.form))
                        && !passes(&checks, recorded("identity_coi"), recorded("lot"))
                });
            all.push(Standing {
                subject: row.code,
                added: row.since,
                verdict: None,
                identity_open,
                looked,
                marks,
                study: Arc::clone(study),
                held,
            });
        }
        self.judge(&mut all, &ways)?;
        Ok(all)
    }

    /// Puts a verdict on everybody: as confirmed while nothing of the screening was touched since, else worked out, so
    /// many at a time.
    fn judge(&mut self, all: &mut [Standing], ways: &HashMap<String, Ways>) -> Outcome<()> {
        let sitting = self.sitting_mut()?;
        let mut left = MOST_VERDICTS;
        for one in all {
            let (touched, standing) = confirmed_still(&one.held, &named(&one.study), ways);
            if let Some(word) = standing.and_then(|mark| eligibility::known_word(&mark.derived)) {
                one.verdict = Some(word);
                continue;
            }
            if let Some((_, word)) = sitting.verdicts.get(&one.subject).filter(|(at, _)| *at == touched) {
                one.verdict = Some(word);
                continue;
            }
            if left == 0 {
                continue;
            }
            left -= 1;
            let items = sitting.file.items_of_subject(&one.subject)?;
            let pairs = items.iter().filter(|row| !row.removed);
            let pairs = pairs.filter_map(|row| row.value.as_ref().map(|value| (&row.path, value)));
            let word = eligibility::verdict_word(one.study.verdict(&Values::of(&one.subject, pairs)).verdict);
            sitting.verdicts.insert(one.subject.clone(), (touched, word));
            one.verdict = Some(word);
        }
        Ok(())
    }

    /// Whose confirmed verdicts rest on what nobody touched since; of what was held when somebody last asked.
    pub(crate) fn standing_verdicts(&self) -> Outcome<HashSet<String>> {
        let ways = self.ways();
        let sitting = self.sitting()?;
        let mut standing = HashSet::new();
        for row in sitting.file.subjects()? {
            let name = named(self.under(&row.version));
            if confirmed_still(&sitting.lines.of(&row.code), &name, &ways).1.is_some() {
                standing.insert(row.code);
            }
        }
        Ok(standing)
    }

    /// By definition in force.
    fn ways(&self) -> HashMap<String, Ways> {
        let in_force = self.in_force.iter();
        in_force.map(|study| (named(study), Ways::of(study))).collect()
    }

    /// The line of a list.
    pub(crate) fn standing_row(&self, one: &Standing) -> SubjectRowView {
        let today = self.date();
        let visits = &one.study.def().visits;
        let complete = |visit: &VisitDef| one.held.visit_complete(visit);
        let ended = one.marks.ended.is_some_and(|day| day <= today);
        let next = one.marks.infusion.filter(|_| !ended);
        let next = next.and_then(|d0| schedule::next(visits, d0, today, complete));
        let overdue = one.marks.infusion.filter(|_| !ended).map_or(0, |d0| {
            let over = schedule::dated(visits, d0)
                .filter(|at| at.due(today) && at.last < today && !complete(at.visit))
                .count();
            u32::try_from(over).unwrap_or(u32::MAX)
        });
        SubjectRowView {
            subject: one.subject.clone(),
            status: Status::of(&one.marks, one.verdict, one.confirmed(), today)
                .word()
                .to_owned(),
            day: one.marks.day(today),
            verdict: one.verdict.map(str::to_owned),
            sex: one.marks.sex.clone(),
            age: one.marks.age.clone(),
            next: next.map(|at| (at.visit.oid.clone(), at.target.to_string())),
            window: next.map(|at| (at.first.to_string(), at.last.to_string())),
            overdue,
            queries: one.held.queries,
            unsigned: one.count(waits_for_signature),
            unfinished: one.count(|state| state == "started"),
            alerts: one.alerts(),
            added: one.added.clone(),
            version: one.study.def().version.clone(),
        }
    }
}

/// The last entry at what a verdict is decided by, and the confirmation, if nothing of that was touched since.
fn confirmed_still<'a>(
    held: &'a Held,
    name: &str,
    ways: &HashMap<String, Ways>,
) -> (Option<store::Place>, Option<&'a VerdictMark>) {
    let ways = ways.get(name).map(|ways| &ways.deciding);
    let decides = |form: &&Marked| ways.is_some_and(|forms| forms.contains(&form.form));
    let touched = held.forms.iter().filter(decides).map(|form| form.mark.order).max();
    // Who confirmed may not have known of what was entered on another laptop, wherever that stands in the one order.
    let standing = held.confirmed.as_ref().filter(|mark| {
        mark.informed
            && touched.is_none_or(|at| at < mark.order)
            && mark.study == name
            && mark.criteria == criteria::VERSION
    });
    (touched, standing)
}

fn plain(value: &Value) -> Option<&str> {
    match value {
        Value::Text { text } => Some(text),
        Value::Number { .. }
        | Value::Code { .. }
        | Value::Codes { .. }
        | Value::Date { .. }
        | Value::Time { .. }
        | Value::Duration { .. }
        | Value::DateTime { .. }
        | Value::Missing { .. } => None,
    }
}

/// Whether two people agreed on everything and read the same off the bag as the record says; the newest check of each
/// person counts.
fn passes(checks: &[&IdentityMark], coi: Option<&str>, lot: Option<&str>) -> bool {
    let mut newest: Vec<(&Actor, &IdentityMark)> = Vec::new();
    for check in checks {
        match newest.iter_mut().find(|(by, _)| *by == &check.by) {
            Some(slot) => slot.1 = check,
            None => newest.push((&check.by, check)),
        }
    }
    let same = |read: fn(&IdentityMark) -> Option<&str>, recorded: Option<&str>| {
        bedside::one_value(newest.iter().filter_map(|(_, mark)| read(mark)).chain(recorded))
    };
    newest.len() >= 2
        && newest.iter().all(|(_, mark)| mark.agreed)
        && same(|mark| mark.coi.as_deref(), coi)
        && same(|mark| mark.lot.as_deref(), lot)
}
