//! Subjects: the list, the casebook of one.

use chrono::{Days, NaiveDate};
use study::{
    act::{Act, Moment},
    def::VisitKind,
    path::{FormPath, is_subject_code},
    value::Value,
};

use crate::{
    bedside,
    casebook::{Casebook, known_subject},
    desk::Desk,
    eligibility,
    form_page::weigh,
    requests::{AddSubject, SubjectOf, Subjects},
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
}

impl Landmarks {
    pub(crate) fn of(desk: &Desk, book: &Casebook) -> Self {
        let oid = |name: &str| desk.study.landmark(name);
        let date = |name: &str| {
            oid(name)
                .and_then(|oid| book.date_of(oid))
                .and_then(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
        };
        let text = |name: &str| match oid(name).and_then(|oid| book.value_of(oid))? {
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
        let birth: Option<String> = oid("birth_date").and_then(|oid| book.date_of(oid)).map(str::to_owned);
        let age = birth
            .zip(date("consent_date"))
            .and_then(|(birth, on)| age_at(birth.as_str(), on));
        Self {
            infusion: date("infusion_date"),
            lot: text("lot"),
            sex: text("sex"),
            age,
            enrolled: date("enrolment_date").is_some(),
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
        let file = &self.sitting()?.file;
        let signatures = file.signatures()?;
        let mut subjects = Vec::new();
        for row in file.subjects()? {
            let book = Casebook::read_with(file, &row.code, signatures.clone())?;
            subjects.push(self.subject_row(&book)?);
        }
        Ok(SubjectsView { subjects })
    }

    pub(crate) fn add_subject(&mut self, asked: AddSubject) -> Outcome<SubjectView> {
        self.writable()?;
        self.declared()?;
        let subject = asked.subject.trim().to_owned();
        if !is_subject_code(&subject) {
            return no_with("subject_code_form", &[("subject", &subject)]);
        }
        if self.sitting()?.file.subjects()?.iter().any(|row| row.code == subject) {
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
        let book = Casebook::read(file, &asked.subject)?;
        let marks = Landmarks::of(self, &book);
        let values = book.values();
        let mut visits = Vec::new();
        for visit in &self.study.def().visits {
            for no in self.occurrences(&book, &visit.oid, visit.kind) {
                let mut forms = Vec::new();
                for oid in &visit.forms {
                    let form = FormPath {
                        subject: asked.subject.clone(),
                        visit: visit.oid.clone(),
                        visit_no: no,
                        form: oid.clone(),
                        form_no: 1,
                    };
                    let (answered, wanted) = book.progress(&self.study, &values, &form);
                    let (hard, soft) = if book.version(&form) == 0 {
                        (0, 0)
                    } else {
                        weigh(&self.study.findings(&values, &form))
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
                let on = |day: i32| marks.infusion.and_then(|d0| shift(d0, day)).map(|d| d.to_string());
                visits.push(VisitView {
                    visit: visit.oid.clone(),
                    no,
                    target: visit.day.and_then(on),
                    window: visit.window.and_then(|(first, last)| on(first).zip(on(last))),
                    forms,
                });
            }
        }
        let alerts = self.alerts(&book, &marks)?;
        Ok(SubjectView {
            row: self.subject_row(&book)?,
            lot: marks.lot,
            infusion: marks.infusion.map(|d| d.to_string()),
            visits,
            alerts,
        })
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

    pub(crate) fn subject_row(&self, book: &Casebook) -> Outcome<SubjectRowView> {
        let file = &self.sitting()?.file;
        let marks = Landmarks::of(self, book);
        let verdict = eligibility::verdict_word(self.study.verdict(&book.values()).verdict);
        let today = self.date();
        let day = marks
            .infusion
            .filter(|d0| *d0 <= today)
            .and_then(|d0| i32::try_from((today - d0).num_days()).ok());
        // What was confirmed counts while it is still what the record says.
        let newest = file.confirmations(&format!("ELIG/{}", book.subject))?.pop();
        let confirmed = newest.is_some_and(|row| row.confirmation.derived == verdict);
        let status = match (day, marks.enrolled && confirmed, confirmed, verdict) {
            (Some(_), ..) => "infused",
            (None, _, _, "ineligible") => "ineligible",
            (None, true, ..) => "enrolled",
            (None, false, true, "eligible") => "eligible",
            (None, false, ..) => "screening",
        };
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let states: Vec<&str> = book.forms.keys().map(|form| book.state(form)).collect();
        Ok(SubjectRowView {
            subject: book.subject.clone(),
            status: status.to_owned(),
            day,
            verdict: verdict.to_owned(),
            sex: marks.sex.clone(),
            age: marks.age.clone(),
            next: self.next_visit(book, &marks),
            queries: count(
                book.queries
                    .iter()
                    .filter(|q| q.state != store::QueryState::Closed)
                    .count(),
            ),
            unsigned: count(
                states
                    .iter()
                    .filter(|s| matches!(**s, "complete" | "verified" | "changed"))
                    .count(),
            ),
            unfinished: count(states.iter().filter(|s| **s == "started").count()),
            added: self.added(&book.subject)?,
        })
    }

    fn added(&self, subject: &str) -> Outcome<Moment> {
        let file = &self.sitting()?.file;
        let row = file.subjects()?.into_iter().find(|row| row.code == subject);
        let entry = row.map(|row| file.entry(&row.added)).transpose()?.flatten();
        Ok(entry.and_then(|entry| entry.body).map_or_else(
            || Moment {
                at: String::new(),
                offset: String::new(),
            },
            |body| body.moment,
        ))
    }

    /// The next planned visit of an infused subject that is not complete and whose window has not passed.
    fn next_visit(&self, book: &Casebook, marks: &Landmarks) -> Option<(String, String)> {
        let d0 = marks.infusion?;
        let today = self.date();
        self.study
            .def()
            .visits
            .iter()
            .filter(|visit| visit.kind == VisitKind::Scheduled)
            .filter_map(|visit| {
                let target = shift(d0, visit.day?)?;
                let last = visit.window.map_or(Some(target), |(_, last)| shift(d0, last))?;
                let complete = visit.forms.iter().all(|oid| {
                    book.forms
                        .iter()
                        .any(|(form, _)| &form.form == oid && form.visit == visit.oid && book.complete(form))
                });
                (last >= today && !complete).then(|| (visit.oid.clone(), target))
            })
            .min_by_key(|(_, target)| *target)
            .map(|(visit, target)| (visit, target.to_string()))
    }

    /// What everybody has to see about a subject.
    fn alerts(&self, book: &Casebook, marks: &Landmarks) -> Outcome<Vec<String>> {
        let mut alerts = Vec::new();
        if marks.infusion.is_some() {
            let confirmed = self.sitting()?.file.confirmations(&format!("ELIG/{}", book.subject))?;
            let verdict = eligibility::verdict_word(self.study.verdict(&book.values()).verdict);
            match confirmed.last() {
                None => alerts.push("infused_not_confirmed".to_owned()),
                Some(row) if row.confirmation.derived == "eligible" && verdict == "eligible" => {}
                Some(_) => alerts.push("infused_not_eligible".to_owned()),
            }
            for form in book.forms.keys() {
                let Some(def) = self.study.form(&form.form) else {
                    continue;
                };
                let (_, result) = bedside::checks_of(self, book, form, def)?;
                if result.is_some_and(|result| result != "pass") {
                    alerts.push("identity_check_missing".to_owned());
                }
            }
        }
        Ok(alerts)
    }
}

/// A date some days on.
pub(crate) fn shift(from: NaiveDate, days: i32) -> Option<NaiveDate> {
    let by = Days::new(u64::from(days.unsigned_abs()));
    if days < 0 {
        from.checked_sub_days(by)
    } else {
        from.checked_add_days(by)
    }
}
