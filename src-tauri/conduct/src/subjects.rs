//! Subjects: the list, the casebook of one.

use chrono::NaiveDate;
use study::{
    Study,
    act::{Act, Moment},
    def::{VisitDef, VisitKind},
    path::{FormPath, SITE, is_subject_code},
    value::Value,
};

use crate::{
    bedside,
    casebook::{Casebook, known_subject},
    desk::Desk,
    eligibility,
    form_page::weigh,
    requests::{AddSubject, SubjectOf, Subjects},
    schedule,
    standing::waits_for_signature,
    timeline,
    trouble::{Outcome, no_with},
    views::{FormStateView, SubjectRowView, SubjectView, SubjectsView, VisitView},
};

/// Dates and facts of a subject that the whole trial counts from.
pub(crate) struct Landmarks {
    pub(crate) infusion: Option<NaiveDate>,
    pub(crate) lot: Option<String>,
    pub(crate) sex: Option<String>,
    pub(crate) age: Option<String>,
    pub(crate) enrolled: bool,
    /// Off the study, or dead, since.
    pub(crate) ended: Option<NaiveDate>,
}

impl Landmarks {
    /// What they are read from.
    pub(crate) const NAMES: &[&str] = &[
        "birth_date",
        "consent_date",
        "death_date",
        "enrolment_date",
        "infusion_date",
        "lot",
        "off_study_date",
        "sex",
    ];

    pub(crate) fn of(desk: &Desk, book: &Casebook) -> Self {
        Self::from(desk.study_for(book), |oid| book.value_of(oid))
    }

    /// From the value of the first row of an item anywhere in the casebook.
    pub(crate) fn from<'v>(study: &Study, value: impl Fn(&str) -> Option<&'v Value>) -> Self {
        let of = |name: &str| study.landmark(name).and_then(&value);
        let whole = |name: &str| of(name).and_then(day_text);
        let date = |name: &str| whole(name).and_then(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok());
        let text = |name: &str| match of(name)? {
            Value::Text { text } => Some(text.clone()),
            Value::Code { code } => Some(code.clone()),
            Value::Number { .. }
            | Value::Codes { .. }
            | Value::Date { .. }
            | Value::Time { .. }
            | Value::DateTime { .. }
            | Value::Duration { .. }
            | Value::Missing { .. } => None,
        };
        let age = whole("birth_date")
            .zip(date("consent_date"))
            .and_then(|(birth, on)| age_at(birth, on));
        Self {
            infusion: date("infusion_date"),
            lot: text("lot"),
            sex: text("sex"),
            age,
            enrolled: date("enrolment_date").is_some(),
            ended: date("death_date").or_else(|| date("off_study_date")),
        }
    }

    /// Days since the infusion, once infused.
    pub(crate) fn day(&self, today: NaiveDate) -> Option<i32> {
        let infused = self.infusion.filter(|d0| *d0 <= today)?;
        i32::try_from((today - infused).num_days()).ok()
    }
}

/// Where a subject stands in the trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Screening,
    Eligible,
    Ineligible,
    Enrolled,
    Infused,
    OffStudy,
}

impl Status {
    /// From what is known; what was confirmed counts while it is still what the record says.
    pub(crate) fn of(marks: &Landmarks, verdict: Option<&str>, confirmed: Option<&str>, today: NaiveDate) -> Self {
        let holds = verdict.is_some() && confirmed == verdict;
        if marks.ended.is_some_and(|day| day <= today) {
            return Self::OffStudy;
        }
        match (marks.day(today), marks.enrolled && holds, verdict) {
            (Some(_), ..) => Self::Infused,
            (None, _, Some("ineligible")) => Self::Ineligible,
            (None, true, _) => Self::Enrolled,
            (None, false, Some("eligible")) if holds => Self::Eligible,
            (None, false, _) => Self::Screening,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Screening => "screening",
            Self::Eligible => "eligible",
            Self::Ineligible => "ineligible",
            Self::Enrolled => "enrolled",
            Self::Infused => "infused",
            Self::OffStudy => "off_study",
        }
    }
}

/// Completed years on a day; two of them where only the year of birth is known.
fn age_at(birth: &str, on: NaiveDate) -> Option<String> {
    if let Ok(birth) = NaiveDate::parse_from_str(birth, "%Y-%m-%d") {
        return on.years_since(birth).map(|age| age.to_string());
    }
    let year: i32 = birth.get(..4)?.parse().ok()?;
    let eldest = on.years_since(NaiveDate::from_ymd_opt(year, 1, 1)?)?;
    let youngest = on.years_since(NaiveDate::from_ymd_opt(year, 12, 31)?)?;
    Some(if eldest == youngest {
        eldest.to_string()
    } else {
        format!("{youngest}–{eldest}")
    })
}

impl Desk {
    pub(crate) fn subjects(&mut self, _: Subjects) -> Outcome<SubjectsView> {
        let standings = self.standings()?;
        let unjudged = standings.iter().filter(|one| one.verdict.is_none()).count();
        Ok(SubjectsView {
            today: self.date().to_string(),
            subjects: standings.iter().map(|one| self.standing_row(one)).collect(),
            unjudged: u32::try_from(unjudged).unwrap_or(u32::MAX),
        })
    }

    pub(crate) fn add_subject(&mut self, asked: AddSubject) -> Outcome<SubjectView> {
        self.writable()?;
        self.declared()?;
        let subject = asked.subject.trim().to_owned();
        if !is_subject_code(&subject) {
            return no_with("subject_code_form", &[("subject", &subject)]);
        }
        if subject == SITE {
            return no_with("subject_code_reserved", &[("subject", &subject)]);
        }
        if self.sitting()?.file.subject(&subject)?.is_some() {
            return no_with("subject_exists", &[("subject", &subject)]);
        }
        self.save(vec![
            Act::SubjectAdded {
                subject: subject.clone(),
            }
            .into(),
        ])?;
        self.subject(SubjectOf { subject })
    }

    pub(crate) fn subject(&mut self, asked: SubjectOf) -> Outcome<SubjectView> {
        let file = &self.sitting()?.file;
        known_subject(file, &asked.subject)?;
        let book = self.book(&asked.subject)?;
        let study = self.study_for(&book);
        let marks = Landmarks::of(self, &book);
        let values = book.values();
        let settled = self.explained(&asked.subject)?;
        let mut visits = Vec::new();
        for visit in &study.def().visits {
            for no in self.occurrences(&book, &visit.oid, visit.kind) {
                let mut forms = Vec::new();
                for form in self.forms_of_visit(&book, visit, no) {
                    let (answered, wanted) = book.progress(study, &values, &form);
                    let (hard, soft) = if book.version(&form) == 0 {
                        (0, 0)
                    } else {
                        weigh(&study.findings(&values, &form), &settled)
                    };
                    forms.push(FormStateView {
                        state: book.state(&form).to_owned(),
                        answered,
                        asked: wanted,
                        queries: book.unsettled(&form),
                        hard,
                        soft,
                        form,
                    });
                }
                let on = |day: i32| {
                    marks
                        .infusion
                        .and_then(|d0| schedule::shift(d0, day))
                        .map(|d| d.to_string())
                };
                visits.push(VisitView {
                    visit: visit.oid.clone(),
                    no,
                    target: visit.day.and_then(on),
                    days: visit.day.map(|day| visit.window.unwrap_or((day, day))).or(visit.window),
                    stands: marks
                        .infusion
                        .and_then(|d0| schedule::of(visit, d0))
                        .map(|at| at.stands(self.date()).word().to_owned()),
                    window: visit.window.and_then(|(first, last)| on(first).zip(on(last))),
                    forms,
                });
            }
        }
        let row = self.subject_row(&book)?;
        Ok(SubjectView {
            today: self.date().to_string(),
            alerts: row.alerts.clone(),
            events: timeline::events(study, &book, &values),
            row,
            lot: marks.lot,
            infusion: marks.infusion.map(|d| d.to_string()),
            visits,
            newer: self.newer_than(&book.version),
        })
    }

    /// Forms of one occurrence of a visit, in order: each once, and one that repeats as often as it was begun.
    fn forms_of_visit(&self, book: &Casebook, visit: &VisitDef, visit_no: u32) -> Vec<FormPath> {
        let mut all = Vec::new();
        for oid in &visit.forms {
            let numbered = |form_no: u32| FormPath {
                subject: book.subject.clone(),
                visit: visit.oid.clone(),
                visit_no,
                form: oid.clone(),
                form_no,
            };
            let begun = book.forms.keys().filter(|form| **form == numbered(form.form_no));
            let mut numbers: Vec<u32> = begun.map(|form| form.form_no).chain([1]).collect();
            numbers.sort_unstable();
            numbers.dedup();
            all.extend(numbers.into_iter().map(numbered));
        }
        all
    }

    /// Numbers of a visit to show: planned visits once; unscheduled ones that exist and the next free one.
    fn occurrences(&self, book: &Casebook, visit: &str, kind: VisitKind) -> std::ops::RangeInclusive<u32> {
        match kind {
            VisitKind::Scheduled | VisitKind::Log => 1..=1,
            VisitKind::Unscheduled => {
                let last = book
                    .forms
                    .keys()
                    .filter(|form| form.visit == visit)
                    .map(|form| form.visit_no)
                    .max();
                1..=last.map_or(1, |n| n + 1)
            }
        }
    }

    /// The line of the list, from one casebook read whole: what the list of all must come to as well.
    pub(crate) fn subject_row(&self, book: &Casebook) -> Outcome<SubjectRowView> {
        let file = &self.sitting()?.file;
        let marks = Landmarks::of(self, book);
        let today = self.date();
        let verdict = eligibility::verdict_word(self.study_for(book).verdict(&book.values()).verdict);
        let newest = file.confirmations(&format!("ELIG/{}", book.subject))?.pop();
        let confirmed = newest.map(|row| row.confirmation.derived);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let states: Vec<&str> = book.forms.keys().map(|form| book.state(form)).collect();
        let complete = |visit: &VisitDef| {
            visit.forms.iter().all(|oid| {
                book.forms
                    .keys()
                    .any(|form| &form.form == oid && form.visit == visit.oid && book.complete(form))
            })
        };
        let visits = &self.study_for(book).def().visits;
        let counted = marks.infusion.filter(|_| marks.ended.is_none_or(|day| day > today));
        let next = counted.and_then(|d0| schedule::next(visits, d0, today, complete));
        let overdue = counted.map_or(0, |d0| {
            schedule::dated(visits, d0)
                .filter(|at| at.due(today) && at.last < today && !complete(at.visit))
                .count()
        });
        Ok(SubjectRowView {
            subject: book.subject.clone(),
            status: Status::of(&marks, Some(verdict), confirmed.as_deref(), today)
                .word()
                .to_owned(),
            day: marks.day(today),
            verdict: Some(verdict.to_owned()),
            sex: marks.sex.clone(),
            age: marks.age.clone(),
            next: next.map(|at| (at.visit.oid.clone(), at.target.to_string())),
            window: next.map(|at| (at.first.to_string(), at.last.to_string())),
            overdue: count(overdue),
            queries: count(
                book.queries
                    .iter()
                    .filter(|q| q.state != store::QueryState::Closed)
                    .count(),
            ),
            unsigned: count(states.iter().filter(|s| waits_for_signature(s)).count()),
            unfinished: count(states.iter().filter(|s| **s == "started").count()),
            alerts: self.alerts(book, &marks)?,
            added: file.subject(&book.subject)?.map_or_else(
                || Moment {
                    at: String::new(),
                    offset: String::new(),
                },
                |row| row.since,
            ),
            version: book.version.clone(),
        })
    }

    /// What everybody has to see about a subject.
    fn alerts(&self, book: &Casebook, marks: &Landmarks) -> Outcome<Vec<String>> {
        let mut alerts = Vec::new();
        if marks.infusion.is_some() {
            let confirmed = self.sitting()?.file.confirmations(&format!("ELIG/{}", book.subject))?;
            let verdict = eligibility::verdict_word(self.study_for(book).verdict(&book.values()).verdict);
            match confirmed.last() {
                None => alerts.push("infused_not_confirmed".to_owned()),
                Some(row) if row.confirmation.derived == "eligible" && verdict == "eligible" => {}
                Some(_) => alerts.push("infused_not_eligible".to_owned()),
            }
            for form in book.forms.keys() {
                let Some(def) = self.study_for(book).form(&form.form) else {
                    continue;
                };
                let (_, result) = bedside::checks_of(self, book, form, def)?;
                let once = !alerts.iter().any(|alert| alert == "identity_check_missing");
                if once && result.is_some_and(|result| result != "pass") {
                    alerts.push("identity_check_missing".to_owned());
                }
            }
        }
        Ok(alerts)
    }
}

/// The day of a date or a date and time, as text.
pub(crate) fn day_text(value: &Value) -> Option<&str> {
    match value {
        Value::Date { date } => Some(date),
        Value::DateTime { at } => at.get(..10),
        Value::Text { .. }
        | Value::Number { .. }
        | Value::Code { .. }
        | Value::Codes { .. }
        | Value::Time { .. }
        | Value::Duration { .. }
        | Value::Missing { .. } => None,
    }
}
