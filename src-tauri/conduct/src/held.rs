//! What lists are worked out from, subject by subject, kept while somebody sits.
//!
//! Invariant: what is held is what reading it anew would give. The journal says whose records were touched since; those are
//! read anew, and everything after an import or a redaction.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use store::{Answer, Changed, FormMark, IdentityMark, Position, SiteFile, VerdictMark};
use study::{def::VisitDef, path::SITE, value::Value};

use crate::{subjects::day_text, trouble::Outcome};

/// Subjects that are read one by one; more are read together.
const MOST: usize = 32;

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

/// What the file holds of one subject, as far as lists ask.
#[derive(Debug, Default)]
pub(crate) struct Held {
    pub(crate) forms: Vec<Marked>,
    /// Visits and their forms that are said to be complete.
    complete: HashMap<String, HashSet<String>>,
    /// First value of each item that lists ask for.
    first: HashMap<String, (String, Option<Value>)>,
    /// Every date of those items, as text.
    dates: HashMap<String, BTreeSet<String>>,
    /// Queries not closed.
    pub(crate) queries: u32,
    /// The newest confirmation of eligibility.
    pub(crate) confirmed: Option<VerdictMark>,
    /// Comparisons of patient and bag, oldest first.
    checks: Vec<IdentityMark>,
}

impl Held {
    fn hold(&mut self, marked: Marked) {
        if marked.mark.complete {
            let forms = self.complete.entry(marked.visit.clone()).or_default();
            forms.insert(marked.form.clone());
        }
        self.forms.push(marked);
    }

    fn hold_answer(&mut self, answer: Answer) {
        if let Some(date) = answer.value.as_ref().and_then(day_text) {
            let dates = self.dates.entry(answer.oid.clone()).or_default();
            dates.insert(date.to_owned());
        }
        let first = self.first.get(&answer.oid);
        if first.is_none_or(|(path, _)| answer.path < *path) {
            self.first.insert(answer.oid, (answer.path, answer.value));
        }
    }

    fn of(file: &SiteFile, subject: &str, oids: &[&str]) -> Outcome<Self> {
        let mut held = Self {
            queries: file.unsettled_of(subject)?,
            confirmed: file.verdict_mark_of(subject)?,
            checks: file.identity_marks_of(subject)?,
            ..Self::default()
        };
        let marks = file.form_marks_of(subject)?;
        marks
            .into_iter()
            .filter_map(Marked::of)
            .for_each(|(_, marked)| held.hold(marked));
        file.answers_of(subject, oids)?
            .into_iter()
            .for_each(|answer| held.hold_answer(answer));
        Ok(held)
    }

    /// The value of the first row of an item anywhere in the casebook.
    pub(crate) fn value(&self, oid: &str) -> Option<&Value> {
        self.first.get(oid).and_then(|(_, value)| value.as_ref())
    }

    /// Every date that was entered for an item, as texts that sort.
    pub(crate) fn dates(&self, oid: &str) -> Option<&BTreeSet<String>> {
        self.dates.get(oid)
    }

    /// Comparisons at an infusion form, oldest first.
    pub(crate) fn checks<'a>(&'a self, form: &'a str) -> impl Iterator<Item = &'a IdentityMark> {
        self.checks.iter().filter(move |check| check.form == form)
    }

    pub(crate) fn visit_complete(&self, visit: &VisitDef) -> bool {
        let complete = self.complete.get(&visit.oid);
        visit
            .forms
            .iter()
            .all(|oid| complete.is_some_and(|forms| forms.contains(oid)))
    }
}

/// Everybody, as read when the logs had come so far.
#[derive(Default)]
pub(crate) struct Lines {
    at: Option<Position>,
    /// The items that were asked for.
    oids: Vec<String>,
    subjects: BTreeMap<String, Arc<Held>>,
}

impl Lines {
    /// Reads anew what was touched since.
    pub(crate) fn up_to_date(&mut self, file: &SiteFile, oids: &[&str]) -> Outcome<()> {
        let now = file.position()?;
        let changed = match &self.at {
            Some(at) if *at == now && self.oids == oids => return Ok(()),
            Some(at) if self.oids == oids => file.changed_since(at)?,
            Some(_) | None => Changed::Everything,
        };
        // Until everything was read, nothing of it counts.
        self.at = None;
        match changed {
            Changed::Subjects(touched) if touched.len() <= MOST => {
                for subject in touched {
                    let held = Held::of(file, &subject, oids)?;
                    self.subjects.insert(subject, Arc::new(held));
                }
            }
            Changed::Subjects(_) | Changed::Everything => self.subjects = everybody(file, oids)?,
        }
        self.oids = oids.iter().map(|oid| (*oid).to_owned()).collect();
        self.at = Some(now);
        Ok(())
    }

    /// What there is of a subject; nothing, of one without a record.
    pub(crate) fn of(&self, subject: &str) -> Arc<Held> {
        self.subjects.get(subject).cloned().unwrap_or_default()
    }

    /// The subject whose form was touched last.
    pub(crate) fn touched_last(&self) -> Option<&str> {
        let newest = |held: &Held| held.forms.iter().map(|form| form.mark.order).max();
        let people = self.subjects.iter().filter(|(subject, _)| *subject != SITE);
        people
            .filter_map(|(subject, held)| Some((newest(held)?, subject.as_str())))
            .max()
            .map(|(_, subject)| subject)
    }
}

/// Everybody at once: five statements over the projections, however many subjects there are.
fn everybody(file: &SiteFile, oids: &[&str]) -> Outcome<BTreeMap<String, Arc<Held>>> {
    let mut all: HashMap<String, Held> = HashMap::new();
    for mark in file.form_marks()? {
        if let Some((subject, marked)) = Marked::of(mark) {
            all.entry(subject).or_default().hold(marked);
        }
    }
    for answer in file.answers(oids)? {
        if let Some((subject, _)) = answer.path.split_once('/') {
            all.entry(subject.to_owned()).or_default().hold_answer(answer);
        }
    }
    for (subject, queries) in file.unsettled_by_subject()? {
        all.entry(subject).or_default().queries = queries;
    }
    for mark in file.verdict_marks()? {
        let held = all.entry(mark.subject.clone()).or_default();
        held.confirmed = Some(mark);
    }
    for mark in file.identity_marks()? {
        if let Some((subject, _)) = mark.form.split_once('/') {
            all.entry(subject.to_owned()).or_default().checks.push(mark);
        }
    }
    Ok(all
        .into_iter()
        .map(|(subject, held)| (subject, Arc::new(held)))
        .collect())
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
