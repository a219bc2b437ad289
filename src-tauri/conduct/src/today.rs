//! What is due, for the role that looks.

use study::{def::VisitKind, path::ItemPath};

use crate::{
    casebook::Casebook,
    desk::Desk,
    form_page::may_enter,
    machine::days_since,
    queries::query_view,
    requests::Today,
    rights::may,
    subjects::{Landmarks, shift},
    trouble::Outcome,
    views::{DueVisitView, FormRefView, TodayView},
};

/// Days ahead that a coming visit is shown.
const AHEAD: i64 = 7;

impl Desk {
    pub(crate) fn today(&mut self, _: Today) -> Outcome<TodayView> {
        let sitting = self.sitting()?;
        let file = &sitting.file;
        let signatures = file.signatures()?;
        let (mut visits, mut unfinished, mut queries) = (Vec::new(), Vec::new(), Vec::new());
        let (mut to_sign, mut to_verify) = (0u32, 0u32);
        for subject in file.subjects()? {
            let book = Casebook::read_with(file, &subject.code, signatures.clone())?;
            visits.extend(self.due_visits(&book));
            let values = book.values();
            let mut forms: Vec<_> = book.forms.keys().collect();
            forms.sort();
            for form in forms {
                match book.state(form) {
                    "started" => {
                        let (answered, asked) = book.progress(&self.study, &values, form);
                        unfinished.push(FormRefView {
                            form: form.clone(),
                            answered,
                            asked,
                        });
                    }
                    "complete" | "verified" | "changed" => to_sign += 1,
                    _ => {}
                }
            }
            for row in &book.items {
                let waits = row.value.is_some() && book.complete(&row.path.form);
                to_verify += u32::from(waits && book.verification(&row.path) != "verified");
            }
            for query in &book.queries {
                let mine = match query.state {
                    store::QueryState::Open => self.role().is_some_and(|role| may(role, "answer_query")),
                    store::QueryState::Answered => self.role().is_some_and(|role| may(role, "close_query")),
                    store::QueryState::Closed => false,
                };
                if mine {
                    queries.push(query_view(self, query)?);
                }
            }
        }
        let typed = file
            .list_unfinished(sitting.session.person())?
            .into_iter()
            .filter_map(|row| row.path.parse::<ItemPath>().ok())
            .collect();
        Ok(TodayView {
            date: self.date().to_string(),
            visits,
            unfinished: if may_enter(self) { unfinished } else { Vec::new() },
            typed,
            queries,
            to_sign,
            to_verify,
            days_since_export: file.exports()?.last().map(|row| days_since(&row.moment, self.now())),
        })
    }

    /// Planned visits of an infused subject that are in their window, overdue, or coming within a week.
    fn due_visits(&self, book: &Casebook) -> Vec<DueVisitView> {
        let Some(d0) = Landmarks::of(self, book).infusion else {
            return Vec::new();
        };
        let today = self.date();
        let mut due = Vec::new();
        for visit in self
            .study
            .def()
            .visits
            .iter()
            .filter(|visit| visit.kind == VisitKind::Scheduled)
        {
            let Some(target) = visit.day.filter(|day| *day > 0).and_then(|day| shift(d0, day)) else {
                continue;
            };
            let (first, last) = match visit.window {
                Some((first, last)) => match (shift(d0, first), shift(d0, last)) {
                    (Some(first), Some(last)) => (first, last),
                    _ => continue,
                },
                None => (target, target),
            };
            let complete = visit.forms.iter().all(|oid| {
                book.forms
                    .keys()
                    .any(|form| &form.form == oid && form.visit == visit.oid && book.complete(form))
            });
            if complete || (first - today).num_days() > AHEAD {
                continue;
            }
            let state = match (today < first, today > last) {
                (true, _) => "coming",
                (_, true) => "overdue",
                (false, false) => "in_window",
            };
            due.push(DueVisitView {
                subject: book.subject.clone(),
                visit: visit.oid.clone(),
                state: state.to_owned(),
                target: target.to_string(),
                window: (first.to_string(), last.to_string()),
                days_left: i32::try_from((last - today).num_days()).unwrap_or(i32::MAX),
            });
        }
        due
    }
}
