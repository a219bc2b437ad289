//! What is due, for the role that looks, on the day that the machine says it is.

use study::path::{FormPath, ItemPath, SITE};

use crate::{
    casebook::Casebook,
    desk::Desk,
    form_page::may_enter,
    held::Marked,
    machine::days_since_last,
    queries::query_view,
    requests::{Redactions, Today},
    rights::may,
    schedule,
    standing::{Standing, waits_for_signature},
    trouble::Outcome,
    views::{AssessmentDueView, DueVisitView, FormRefView, TodayView},
};

/// Lines of a list on this screen; the whole list has a screen of its own.
const MOST: usize = 20;

/// Days after the infusion on which CRS and ICANS are looked at every day: a value of this decision of the sponsor.
const LOOKING: (&str, &str) = ("D-28", "toxicity_daily_until_day");

/// Days after which the screen reminds of a bundle, and of a backup.
const EXPORT_EVERY: u32 = 7;
const BACKUP_EVERY: u32 = 1;

impl Desk {
    pub(crate) fn today(&mut self, _: Today) -> Outcome<TodayView> {
        let standings = self.standings()?;
        let mut redactions = self.redactions(Redactions {})?.requests;
        redactions.retain(|request| request.may.iter().any(|may| may == "agree"));
        let enters = may_enter(self);
        let sitting = self.sitting()?;
        let file = &sitting.file;
        let mut visits: Vec<DueVisitView> = standings.iter().flat_map(|one| self.due_visits(one)).collect();
        // The most pressing first: what is over, then what closes soonest, then what is to come.
        visits.sort_by(|a, b| {
            let weight = |visit: &DueVisitView| match visit.state.as_str() {
                "overdue" => 0,
                "in_window" => 1,
                _ => 2,
            };
            (weight(a), a.days_left, &a.subject, &a.visit).cmp(&(weight(b), b.days_left, &b.subject, &b.visit))
        });

        let forms = || {
            standings
                .iter()
                .flat_map(|one| one.held.forms.iter().map(move |form| (one, form)))
        };
        let mut begun: Vec<(&Standing, &Marked)> = forms().filter(|(_, form)| form.state() == "started").collect();
        // What was touched last is what somebody is at.
        begun.sort_by_key(|(_, form)| std::cmp::Reverse(form.mark.order));
        let unfinished_all = if enters { begun.len() } else { 0 };
        let mut unfinished = Vec::new();
        for (_, form) in begun.into_iter().take(if enters { MOST } else { 0 }) {
            let Ok(path) = form.mark.path.parse::<FormPath>() else {
                continue;
            };
            let book = Casebook::read(file, &path.subject)?;
            let (answered, asked) = book.progress(self.study_for(&book), &book.values(), &path);
            unfinished.push(FormRefView {
                form: path,
                answered,
                asked,
            });
        }
        // What is signed and verified is of the site's registers too.
        let kept = file.form_marks_of(SITE)?.into_iter().filter_map(Marked::of);
        let kept: Vec<Marked> = kept.map(|(_, form)| form).collect();
        let attested = || forms().map(|(_, form)| form).chain(&kept);
        let to_sign = attested().filter(|form| waits_for_signature(form.state())).count();
        let to_verify = attested()
            .filter(|form| form.mark.complete)
            .map(|form| form.mark.answered.saturating_sub(form.mark.verified))
            .fold(0u32, u32::saturating_add);

        let mine: Vec<_> = file
            .queries(store::QueryFilter::Unsettled)?
            .into_iter()
            .filter(|query| match query.state {
                store::QueryState::Open => self.role().is_some_and(|role| may(role, "answer_query")),
                store::QueryState::Answered => self.role().is_some_and(|role| may(role, "close_query")),
                store::QueryState::Closed => false,
            })
            .collect();
        let queries_all = mine.len();
        let queries = mine.iter().take(MOST).map(|query| query_view(self, query));
        let queries = queries.collect::<Outcome<Vec<_>>>()?;
        let typed = file
            .list_unfinished(sitting.session.person())?
            .into_iter()
            .filter_map(|row| row.path.parse::<ItemPath>().ok())
            .collect();
        let exported = file.exports()?.pop();
        let exported = exported.and_then(|row| days_since_last(&row.moment, self.now()));
        let copied = file.last_copy()?;
        let copied = copied.and_then(|moment| days_since_last(&moment, self.now()));
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let (keeps, trains) = (self.may_here("confirm_people"), self.may_here("record_training"));
        let people_due = keeps && self.people_confirmed()?.1;
        let untrained = if trains { self.untrained()? } else { 0 };
        Ok(TodayView {
            people_due,
            untrained,
            date: self.date().to_string(),
            subjects: count(standings.len()),
            visits,
            assessments: if enters {
                self.assessments(&standings)
            } else {
                Vec::new()
            },
            unfinished,
            unfinished_all: count(unfinished_all),
            typed,
            queries,
            queries_all: count(queries_all),
            redactions,
            to_sign: count(to_sign),
            to_verify,
            export_due: !standings.is_empty() && exported.is_none_or(|days| days >= EXPORT_EVERY),
            backup_due: !standings.is_empty() && copied.is_none_or(|days| days >= BACKUP_EVERY),
            days_since_export: exported,
            days_since_backup: copied,
        })
    }

    /// Planned visits of an infused subject that are in their window, overdue, or coming within a week.
    fn due_visits(&self, one: &Standing) -> Vec<DueVisitView> {
        let today = self.date();
        let Some(d0) = one.marks.infusion else {
            return Vec::new();
        };
        // Nothing is due of who left the study, or died.
        if one.marks.ended.is_some_and(|day| day <= today) {
            return Vec::new();
        }
        schedule::dated(&one.study.def().visits, d0)
            .filter(|at| at.due(today) && !one.held.visit_complete(at.visit))
            .map(|at| DueVisitView {
                subject: one.subject.clone(),
                visit: at.visit.oid.clone(),
                state: at.stands(today).word().to_owned(),
                target: at.target.to_string(),
                window: (at.first.to_string(), at.last.to_string()),
                days_left: at.days_left(today),
            })
            .collect()
    }

    /// Everybody in the days after an infusion whose CRS or ICANS nobody has looked at today.
    fn assessments(&self, standings: &[Standing]) -> Vec<AssessmentDueView> {
        let today = self.date();
        let last = self
            .study
            .def()
            .decisions
            .iter()
            .find(|decision| decision.id == LOOKING.0);
        let last = last.and_then(|decision| decision.values.iter().find(|(name, _)| name == LOOKING.1));
        let Some(last) = last.and_then(|(_, days)| days.parse::<i32>().ok()) else {
            return Vec::new();
        };
        let mut due = Vec::new();
        for one in standings {
            let Some(day) = one.marks.day(today).filter(|day| (0..=last).contains(day)) else {
                continue;
            };
            if one.marks.ended.is_some_and(|end| end <= today) {
                continue;
            }
            for (what, looked) in &one.looked {
                if looked.contains(&today.to_string()) {
                    continue;
                }
                let Some(form) = Self::next_assessment(one, what, day) else {
                    continue;
                };
                due.push(AssessmentDueView {
                    subject: one.subject.clone(),
                    what: (*what).to_owned(),
                    day,
                    last: looked.iter().next_back().cloned(),
                    form,
                });
            }
        }
        due
    }

    /// Where the assessment of a day after the infusion is entered: in the visit of that day, if the form belongs to such
    /// visits, else in the occurrence after the last that anything was entered in. None: that day asks for none.
    fn next_assessment(one: &Standing, what: &str, day: i32) -> Option<FormPath> {
        let place = one.study.item(one.study.landmark(&format!("{what}_at"))?)?;
        let visits: Vec<_> = one.study.visits_of(&place.form.oid).into_iter().collect();
        let planned = |visit: &&&study::def::VisitDef| visit.kind == study::def::VisitKind::Scheduled;
        let visit = if visits.iter().any(|visit| planned(&visit)) {
            visits.iter().filter(planned).find(|visit| visit.day == Some(day))?
        } else {
            visits.first()?
        };
        let held = one
            .held
            .forms
            .iter()
            .filter(|form| form.visit == visit.oid && form.form == place.form.oid);
        let visit_no = match visit.kind {
            study::def::VisitKind::Unscheduled => held.map(|form| form.visit_no).max().unwrap_or(0) + 1,
            study::def::VisitKind::Scheduled | study::def::VisitKind::Log => 1,
        };
        Some(FormPath {
            subject: one.subject.clone(),
            visit: visit.oid.clone(),
            visit_no,
            form: place.form.oid.clone(),
            form_no: 1,
        })
    }
}
