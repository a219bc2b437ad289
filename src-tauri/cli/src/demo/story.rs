//! The trial as it went: what was due on which day, in the order of the days.

use std::{collections::BTreeMap, path::Path};

use chrono::NaiveDate;
use conduct::{
    IDENTIFIERS, IdentifierCheck, IdentifierOutcome, StudyDef, acts,
    def::VisitKind,
    rehearsal::{Bystander, Held},
    requests::{AddSubject, Exchange, ExportBundle, StudyInForce},
};

use super::{
    PASSWORD, Trial,
    chart::{At, Chart, Kinds, infused_on, kinds},
    registers::supply,
    script::{Added, Charts},
    steps::form,
};
use crate::out::Trouble;

const NURSE: &str = "nurse.li";
const SECOND: &str = "nurse.wang";
const DOCTOR: &str = "dr.chen";
const MONITOR: &str = "monitor.ruiz";

/// The monitor's age recipient: its identity is nobody's secret, it opens made-up data only.
const MONITOR_SEED: [u8; 32] = [7; 32];

/// Days of the course: screening is entered, the verdict confirmed, the monitor comes.
const ENTERED: i64 = -8;
const DECIDED: i64 = -7;
const MONITORED: i64 = 32;

/// Something that falls due for a subject on a day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Form {
        /// Its place in the chart.
        order: usize,
        /// Day of the course that its values are of.
        day: i64,
        visit: String,
        form: String,
        /// Which of the added occurrences it is, if it is one.
        added: Option<usize>,
    },
    Decide,
    Monitor,
}

/// What the casebook of each subject holds.
type Books = BTreeMap<String, Held>;

/// What is due, in order.
type Plan = BTreeMap<(NaiveDate, u32), Vec<Due>>;

/// An occurrence as a path writes it.
fn nth(name: &str, no: usize) -> String {
    if no == 1 {
        name.to_owned()
    } else {
        format!("{name}[{no}]")
    }
}

/// Everything that falls due for one subject up to a day of the course.
fn plan(def: &StudyDef, chart: &Chart, until: i64) -> Vec<(i64, Due)> {
    let script = &chart.script;
    let last = script.end.unwrap_or(until).min(until);
    let mut due = Vec::new();
    for visit in def.visits.iter().filter(|visit| visit.kind == VisitKind::Scheduled) {
        let day = match visit.day {
            Some(day) => i64::from(day) + script.moved.get(&visit.oid).copied().unwrap_or(0),
            None => ENTERED,
        };
        if day > last {
            continue;
        }
        // Age and sex first: they decide what the other forms ask.
        let (first, others): (Vec<_>, Vec<_>) = visit.forms.iter().partition(|oid| *oid == "DM");
        for oid in first.into_iter().chain(others) {
            if !script.dropped.contains(&format!("{}/{oid}", visit.oid)) {
                let (order, visit, form) = (due.len(), visit.oid.clone(), oid.clone());
                let added = None;
                due.push((
                    day,
                    Due::Form {
                        order,
                        day,
                        visit,
                        form,
                        added,
                    },
                ));
            }
        }
    }
    due.extend(added(
        script.added.iter().enumerate().filter(|(_, one)| one.day <= until),
        due.len(),
    ));
    if !script.not_enrolled {
        due.push((DECIDED, Due::Decide));
        if last >= MONITORED {
            due.push((MONITORED, Due::Monitor));
        }
    }
    due
}

/// The occurrences that a course adds: a visit anew on each day, a form of a log anew each time.
fn added<'s>(all: impl Iterator<Item = (usize, &'s Added)>, from: usize) -> Vec<(i64, Due)> {
    let mut all: Vec<(usize, &Added)> = all.collect();
    all.sort_by_key(|(_, one)| one.day);
    let mut days: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    let mut forms: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut due = Vec::new();
    for (at, one) in all {
        let (visit, form) = if matches!(one.visit.as_str(), "LOG" | "END") {
            let no = forms.entry((&one.visit, &one.form)).or_default();
            *no += 1;
            (one.visit.clone(), nth(&one.form, *no))
        } else {
            let seen = days.entry(&one.visit).or_default();
            if seen.last() != Some(&one.day) {
                seen.push(one.day);
            }
            (nth(&one.visit, seen.len()), one.form.clone())
        };
        let (order, added) = (from + due.len(), Some(at));
        let day = one.day;
        due.push((
            day,
            Due::Form {
                order,
                day,
                visit,
                form,
                added,
            },
        ));
    }
    due
}

/// The item of a form that an investigator confirms.
fn graded(chart: &Chart, form: &str, day: i64) -> Option<&'static str> {
    match form {
        "CRS" => Some("CRS.GRADE"),
        "RESPONSE" => Some("RESPONSE.CATEGORY"),
        "AGVHD" => Some("AGVHD.GRADE"),
        "NEURO" => chart.confused(day).then_some("NEURO.GRADE"),
        _ => None,
    }
}

/// Tells the story up to a month after the infusion and exports the bundle; answers with the number of entries.
pub(super) fn tell(
    trial: &mut Trial,
    began: NaiveDate,
    subjects: u32,
    months: u32,
    folder: &Path,
) -> Result<u64, Trouble> {
    let def = acts::study_in_force(&mut trial.desk, StudyInForce { version: None })?;
    let charts = Charts::read()?;
    let kinds = kinds(&def);
    let everybody: Vec<Chart> = (1..=subjects)
        .map(|number| {
            let mut script = charts.course(number);
            supply(&mut script, number);
            let infusion = infused_on(began, number, &script);
            Chart::new(format!("S-{number:03}"), number, trial.seed, infusion, script)
        })
        .collect();
    let until = i64::from(months) * 3044 / 100;
    let mut held = BTreeMap::new();
    let mut plans = Plan::new();
    for (number, chart) in (0..).zip(&everybody) {
        for (day, due) in plan(&def, chart, until) {
            plans.entry((chart.date(day), number)).or_default().push(due);
        }
    }
    if subjects > 0 {
        trial.rehearse_as(NURSE)?;
        trial.keep_stock(began)?;
        trial.desk.rehearsed()?;
    }
    while let Some(((day, _), _)) = plans.first_key_value() {
        let day = *day;
        let later = plans.split_off(&(day.succ_opt().unwrap_or(day), 0));
        trial.until(began, day);
        let today: Vec<(&Chart, Vec<Due>)> = std::mem::replace(&mut plans, later)
            .into_iter()
            .filter_map(|((_, number), due)| Some((everybody.get(usize::try_from(number).ok()?)?, due)))
            .collect();
        trial.day(&today, &kinds, &mut held)?;
    }
    trial.renew_auditor()?;
    trial.sit(DOCTOR)?;
    trial.sign_all(DOCTOR)?;
    export(trial, folder)
}

fn export(trial: &mut Trial, folder: &Path) -> Result<u64, Trouble> {
    let handle = trial.desk.choose(folder.to_owned());
    let recipient = conduct::practice_recipient(&MONITOR_SEED).map_err(Trouble::Words)?;
    trial.pass(120);
    let exported = acts::export_bundle(
        &mut trial.desk,
        ExportBundle {
            handle,
            plain: true,
            sealed_for: vec![recipient],
        },
    )?;
    acts::exchange(&mut trial.desk, Exchange {})?;
    trial.desk.put_away_now();
    Ok(exported.entries)
}

impl Trial {
    /// One day at the site: nurses write, the investigator decides and confirms, the monitor compares.
    fn day(&mut self, today: &[(&Chart, Vec<Due>)], kinds: &Kinds, books: &mut Books) -> Result<(), Trouble> {
        let mut confirm: Vec<(String, &'static str)> = Vec::new();
        let forms = |due: &Due| matches!(due, Due::Form { .. });
        if today.iter().any(|(_, due)| due.iter().any(forms)) {
            self.rehearse_as(NURSE)?;
            let second = self.desk.bystander(SECOND, PASSWORD)?;
            for (chart, due) in today {
                for due in due {
                    confirm.extend(self.write(chart, due, kinds, &second, books)?);
                }
            }
            self.desk.rehearsed()?;
        }
        let due = |what: Due| today.iter().filter(move |(_, due)| due.contains(&what));
        if !confirm.is_empty() || due(Due::Decide).next().is_some() {
            self.rehearse_as(DOCTOR)?;
            for (chart, _) in due(Due::Decide) {
                let said = |trouble| Trouble::Words(format!("{}: {trouble:?}", chart.code));
                self.confirm_eligibility(&chart.code, DOCTOR).map_err(said)?;
            }
            for (at, item) in &confirm {
                self.confirm(at, item)?;
            }
            if confirm.iter().any(|(at, _)| at.ends_with("/D28/RESPONSE")) {
                self.sign_all(DOCTOR)?;
            }
            self.desk.rehearsed()?;
        }
        for (chart, _) in due(Due::Monitor) {
            self.visited(chart, kinds)?;
            books.remove(&chart.code);
        }
        Ok(())
    }

    /// Nurse: one form; answers with what the investigator is to confirm on it.
    fn write(
        &mut self,
        chart: &Chart,
        due: &Due,
        kinds: &Kinds,
        second: &Bystander,
        books: &mut Books,
    ) -> Result<Option<(String, &'static str)>, Trouble> {
        let Due::Form {
            order,
            day,
            visit,
            form: oid,
            added,
        } = due
        else {
            return Ok(None);
        };
        let day = *day;
        self.pass(60);
        if *order == 0 {
            let subject = chart.code.clone();
            acts::add_subject(&mut self.desk, AddSubject { subject })?;
        }
        let added = added.and_then(|at| chart.script.added.get(at));
        let at = chart.form(visit, oid);
        let path = form(&at)?;
        if path.form == "INFUSION" {
            self.compare_identity(&path, second)?;
            self.keep_bag(chart.number, chart, kinds)?;
        }
        let more = added.map(|added| &added.lines);
        let typed = |item: &conduct::ItemPath| chart.answer(kinds, item, At { day, more });
        let complete = !chart.script.open.contains(&path.form);
        if !books.contains_key(&chart.code) {
            books.insert(chart.code.clone(), self.desk.held(&chart.code)?);
        }
        if let Some(held) = books.get_mut(&chart.code) {
            let said = |problem| Trouble::Words(format!("{at}: {}", crate::words::problem("en", &problem)));
            self.desk.rehearse_form(&path, held, &typed, complete).map_err(said)?;
        }
        Ok(graded(chart, &path.form, day).map(|item| (at, item)))
    }

    /// Both nurses compare the subject with the product, identifier by identifier.
    pub(super) fn compare_identity(&mut self, path: &conduct::FormPath, second: &Bystander) -> Result<(), Trouble> {
        let checks: Vec<IdentifierCheck> = IDENTIFIERS
            .iter()
            .map(|identifier| IdentifierCheck {
                identifier: (*identifier).to_owned(),
                outcome: IdentifierOutcome::Agreed,
                value: None,
            })
            .collect();
        self.pass(90);
        self.desk.rehearse_identity(path, second, &checks)?;
        Ok(())
    }

    /// Monitor: compares with the source and asks; the nurse answers; the monitor closes.
    fn visited(&mut self, chart: &Chart, kinds: &Kinds) -> Result<(), Trouble> {
        self.sit(MONITOR)?;
        let Some(query) = self.monitor(&chart.code)? else {
            return Ok(());
        };
        let place = format!("{}/SCR/LAB/LAB.HEM/LAB.PLT", chart.code);
        let path = place.parse().map_err(|_| Trouble::Words(place.clone()))?;
        let at = At {
            day: ENTERED,
            more: None,
        };
        self.sit(NURSE)?;
        if let Some(typed) = chart.answer(kinds, &path, at) {
            self.answer(&chart.code, &query, typed)?;
        }
        self.sit(MONITOR)?;
        self.close(&query)
    }

    /// Moves the clock to nine in the morning of a day, never back.
    pub(super) fn until(&self, began: NaiveDate, day: NaiveDate) {
        let at = (day - began).num_milliseconds() + 3_600_000;
        self.passed.fetch_max(at, std::sync::atomic::Ordering::Relaxed);
    }
}
