//! Where every subject stands, read for all of them at once: six statements over the projections, however many there are.
//!
//! What a list says is worked out here by pure functions from dates, states and counts. Only a verdict that nobody has
//! confirmed, or that rests on screening that was touched since, asks for that subject's values; the sitting remembers it
//! until the screening is touched again.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use store::{FormMark, IdentityMark, VerdictMark};
use study::{
    Study,
    act::{Actor, Moment},
    def::{CriterionRule, ItemKind, VisitDef},
    value::Value,
    values::Values,
};

use crate::{
    bedside,
    desk::Desk,
    editions::named,
    eligibility,
    form_page::has_panel,
    schedule,
    subjects::{Landmarks, Status, day_text},
    trouble::Outcome,
    views::SubjectRowView,
};

/// Verdicts worked out in one go: a list is never kept waiting for more.
pub(crate) const MOST_VERDICTS: usize = 64;

/// A verdict worked out, and the last entry that its screening had then.
pub(crate) type Verdicts = HashMap<String, (i64, &'static str)>;

/// One form of a subject.
#[derive(Debug, Clone)]
pub(crate) struct Marked {
    pub(crate) visit: String,
    pub(crate) visit_no: u32,
    pub(crate) form: String,
    pub(crate) mark: FormMark,
}

impl Marked {
    /// Whose, and what.
    pub(crate) fn of(mark: FormMark) -> Option<(String, Self)> {
        let (subject, visit, visit_no, form) = parts(&mark.path)?;
        let (subject, visit, form) = (subject.to_owned(), visit.to_owned(), form.to_owned());
        Some((
            subject,
            Self {
                visit,
                visit_no,
                form,
                mark,
            },
        ))
    }

    /// As [`crate::casebook::Casebook::state`] says it.
    pub(crate) fn state(&self) -> &'static str {
        let mark = &self.mark;
        match (mark.complete, mark.signed) {
            (true, Some(true)) => "signed",
            (_, Some(_)) => "changed",
            (true, None) if mark.answered > 0 && mark.answered == mark.verified => "verified",
            (true, None) => "complete",
            (false, None) => "started",
        }
    }
}

/// One subject.
pub(crate) struct Standing {
    pub(crate) subject: String,
    /// The definition that the subject is under.
    pub(crate) study: Arc<Study>,
    pub(crate) added: Moment,
    pub(crate) marks: Landmarks,
    pub(crate) forms: Vec<Marked>,
    pub(crate) queries: u32,
    /// `None`: not worked out yet.
    pub(crate) verdict: Option<&'static str>,
    pub(crate) confirmed: Option<String>,
    pub(crate) identity_open: bool,
    /// Days on which CRS and ICANS were looked at, as texts of dates.
    pub(crate) looked: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Standing {
    pub(crate) fn visit_complete(&self, visit: &VisitDef) -> bool {
        visit.forms.iter().all(|oid| {
            self.forms
                .iter()
                .any(|form| form.mark.complete && &form.form == oid && form.visit == visit.oid)
        })
    }

    pub(crate) fn count(&self, which: impl Fn(&'static str) -> bool) -> u32 {
        let count = self.forms.iter().filter(|form| which(form.state())).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    pub(crate) fn alerts(&self) -> Vec<String> {
        let mut alerts = Vec::new();
        if self.marks.infusion.is_some() {
            match self.confirmed.as_deref() {
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

/// `VISIT`, number, `FORM` of a form's path, without taking it apart further.
fn parts(path: &str) -> Option<(&str, &str, u32, &str)> {
    let (subject, rest) = path.split_once('/')?;
    let (visit, form) = rest.split_once('/')?;
    let name = |part: &str| part.find('[').unwrap_or(part.len());
    let no = visit
        .split_once('[')
        .and_then(|(_, no)| no.strip_suffix(']')?.parse().ok());
    Some((subject, &visit[..name(visit)], no.unwrap_or(1), &form[..name(form)]))
}

/// Forms of the visits that eligibility is decided in: nothing outside moves a verdict.
fn forms_of_verdict(study: &Study) -> BTreeSet<String> {
    let def = study.def();
    let mut oids: Vec<&str> = Vec::new();
    for criterion in &def.criteria {
        match &criterion.rule {
            CriterionRule::Computed { with, .. } => oids.extend(with.iter().map(|(_, oid)| oid.as_str())),
            CriterionRule::Asked { item, source } => oids.extend([item.as_str(), source.as_str()]),
        }
    }
    let mut seen = BTreeSet::new();
    let mut forms = BTreeSet::new();
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

/// First value of each item, and every value of those that are asked again and again.
#[derive(Default)]
struct Told {
    first: HashMap<String, (String, Option<Value>)>,
    dates: BTreeMap<String, BTreeSet<String>>,
}

impl Desk {
    /// Everybody, by code.
    pub(crate) fn standings(&mut self) -> Outcome<Vec<Standing>> {
        let file = &self.sitting()?.file;
        let subjects = file.subjects()?;
        let mut oids: Vec<&str> = self.in_force.iter().flat_map(|study| wanted(study)).collect();
        oids.sort_unstable();
        oids.dedup();
        let answers = file.answers(&oids)?;
        let forms = file.form_marks()?;
        let queries: HashMap<String, u32> = file.unsettled_by_subject()?.into_iter().collect();
        let verdicts: HashMap<String, VerdictMark> = file
            .verdict_marks()?
            .into_iter()
            .map(|mark| (mark.subject.clone(), mark))
            .collect();
        let checks = file.identity_marks()?;

        let mut told: HashMap<&str, Told> = HashMap::new();
        for answer in &answers {
            let Some((subject, _)) = answer.path.split_once('/') else {
                continue;
            };
            let told = told.entry(subject).or_default();
            let date = answer.value.as_ref().and_then(day_text);
            if let Some(date) = date {
                told.dates
                    .entry(answer.oid.clone())
                    .or_default()
                    .insert(date.to_owned());
            }
            let first = told.first.get(&answer.oid);
            if first.is_none_or(|(path, _)| answer.path < *path) {
                told.first
                    .insert(answer.oid.clone(), (answer.path.clone(), answer.value.clone()));
            }
        }
        let mut by_subject: HashMap<&str, Vec<Marked>> = HashMap::new();
        for mark in &forms {
            if let Some((subject, visit, visit_no, form)) = parts(&mark.path) {
                by_subject.entry(subject).or_default().push(Marked {
                    visit: visit.to_owned(),
                    visit_no,
                    form: form.to_owned(),
                    mark: mark.clone(),
                });
            }
        }
        let mut checked: HashMap<&str, Vec<&IdentityMark>> = HashMap::new();
        for check in &checks {
            checked.entry(check.form.as_str()).or_default().push(check);
        }

        let mut all = Vec::with_capacity(subjects.len());
        for row in &subjects {
            let study = self.under(&row.version);
            let nothing = Told::default();
            let told = told.get(row.code.as_str()).unwrap_or(&nothing);
            let value = |oid: &str| told.first.get(oid).and_then(|(_, value)| value.as_ref());
            let forms = by_subject.remove(row.code.as_str()).unwrap_or_default();
            let marks = Landmarks::from(study, value);
            let looked = [("crs", "crs_at"), ("icans", "icans_at")]
                .into_iter()
                .filter_map(|(what, name)| study.landmark(name).map(|oid| (what, oid)))
                .map(|(what, oid)| (what, told.dates.get(oid).cloned().unwrap_or_default()))
                .collect();
            let recorded = |name: &str| study.landmark(name).and_then(value).and_then(plain);
            let identity_open = forms.iter().any(|form| {
                let asked = study
                    .form(&form.form)
                    .is_some_and(|def| has_panel(def, "identity_check"));
                let none = Vec::new();
                let checks = checked.get(form.mark.path.as_str()).unwrap_or(&none);
                asked && marks.infusion.is_some() && !passes(checks, recorded("identity_coi"), recorded("lot"))
            });
            all.push(Standing {
                subject: row.code.clone(),
                added: row.since.clone(),
                forms,
                queries: queries.get(&row.code).copied().unwrap_or(0),
                verdict: None,
                confirmed: verdicts.get(&row.code).map(|mark| mark.derived.clone()),
                identity_open,
                looked,
                marks,
                study: Arc::clone(study),
            });
        }
        self.judge(&mut all, &verdicts)?;
        Ok(all)
    }

    /// Puts a verdict on everybody: as confirmed while nothing of the screening was touched since, else worked out, so
    /// many at a time.
    fn judge(&mut self, all: &mut [Standing], marks: &HashMap<String, VerdictMark>) -> Outcome<()> {
        let in_force: HashMap<String, BTreeSet<String>> = self
            .in_force
            .iter()
            .map(|study| (named(study), forms_of_verdict(study)))
            .collect();
        let nothing = BTreeSet::new();
        let sitting = self.sitting_mut()?;
        let mut left = MOST_VERDICTS;
        for one in all {
            let name = named(&one.study);
            let deciding = in_force.get(&name).unwrap_or(&nothing);
            let touched = one.forms.iter().filter(|form| deciding.contains(&form.form));
            let touched = touched.map(|form| form.mark.order).max().unwrap_or(0);
            let standing = marks
                .get(&one.subject)
                .filter(|mark| mark.order > touched && mark.study == name && mark.criteria == criteria::VERSION);
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

    /// The line of a list.
    pub(crate) fn standing_row(&self, one: &Standing) -> SubjectRowView {
        let today = self.date();
        let visits = &one.study.def().visits;
        let complete = |visit: &VisitDef| one.visit_complete(visit);
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
            status: Status::of(&one.marks, one.verdict, one.confirmed.as_deref(), today)
                .word()
                .to_owned(),
            day: one.marks.day(today),
            verdict: one.verdict.map(str::to_owned),
            sex: one.marks.sex.clone(),
            age: one.marks.age.clone(),
            next: next.map(|at| (at.visit.oid.clone(), at.target.to_string())),
            window: next.map(|at| (at.first.to_string(), at.last.to_string())),
            overdue,
            queries: one.queries,
            unsigned: one.count(waits_for_signature),
            unfinished: one.count(|state| state == "started"),
            alerts: one.alerts(),
            added: one.added.clone(),
            version: one.study.def().version.clone(),
        }
    }
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
