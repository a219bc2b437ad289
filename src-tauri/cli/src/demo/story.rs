//! The trial as it went: what was due on which day, in the order of the days.

use std::path::Path;

use chrono::{Days, NaiveDate};
use conduct::{
    acts,
    requests::{Exchange, ExportBundle},
};

use super::{
    Trial,
    profile::{Course, Profile},
    registers,
};
use crate::out::Trouble;

const NURSE: &str = "nurse.li";
const SECOND: &str = "nurse.wang";
const DOCTOR: &str = "dr.chen";
const MONITOR: &str = "monitor.ruiz";

/// The monitor's age recipient: its identity is nobody's secret, it opens made-up data only.
const MONITOR_SEED: [u8; 32] = [7; 32];

/// What is due for a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Screen,
    Confirm,
    Infuse,
    Crs,
    Respond,
    Monitor,
}

/// Days from screening on which a step is due.
fn plan(course: Course) -> &'static [(u64, Due)] {
    match course {
        Course::Infused => &[
            (6, Due::Screen),
            (7, Due::Confirm),
            (14, Due::Infuse),
            (19, Due::Crs),
            (43, Due::Respond),
            (46, Due::Monitor),
        ],
        Course::Ineligible => &[(6, Due::Screen), (7, Due::Confirm)],
        Course::Pending => &[(6, Due::Screen)],
    }
}

/// Tells the story and exports the bundle; answers with the number of entries.
pub(super) fn tell(trial: &mut Trial, subjects: u32, folder: &Path) -> Result<u64, Trouble> {
    let began = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap_or_default();
    let mut days: Vec<(NaiveDate, Due, u32)> = Vec::new();
    for number in 1..=subjects {
        let screened = began + Days::new(u64::from(number) * 2);
        days.extend(
            plan(Course::of(number))
                .iter()
                .map(|(after, due)| (screened + Days::new(*after), *due, number)),
        );
    }
    days.sort();
    if subjects > 0 {
        trial.until(began, began + Days::new(4));
        trial.sit(NURSE)?;
        trial.keep_stock()?;
    }
    for (day, due, number) in days {
        trial.until(began, day);
        let screened = began + Days::new(u64::from(number) * 2);
        let mut profile = Profile::make(trial.seed, number, screened);
        registers::supply(&mut profile, number);
        step(trial, due, number, &profile)?;
    }
    trial.sit(DOCTOR)?;
    trial.sign_all(DOCTOR)?;
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

fn step(trial: &mut Trial, due: Due, number: u32, profile: &Profile) -> Result<(), Trouble> {
    let code = &format!("S-{number:03}");
    match due {
        Due::Screen => {
            trial.sit(NURSE)?;
            trial.screen(code, profile)?;
            if profile.course == Course::Pending {
                trial.not_yet(code)?;
            }
        }
        Due::Confirm => {
            trial.sit(DOCTOR)?;
            trial.confirm_eligibility(code, DOCTOR)?;
        }
        Due::Infuse => {
            trial.sit(NURSE)?;
            trial.receive(number, profile)?;
            trial.infuse(code, profile, NURSE, SECOND)?;
            trial.used_up(number, profile)?;
        }
        Due::Crs => {
            trial.sit(NURSE)?;
            trial.later_form(code, "CRS", "CRS", profile)?;
            trial.sit(DOCTOR)?;
            trial.confirm(&format!("{code}/CRS/CRS"), "CRS.GRADE")?;
        }
        Due::Respond => {
            trial.sit(NURSE)?;
            trial.later_form(code, "D28", "RESPONSE", profile)?;
            trial.sit(DOCTOR)?;
            trial.confirm(&format!("{code}/D28/RESPONSE"), "RESPONSE.CATEGORY")?;
            trial.sign_all(DOCTOR)?;
        }
        Due::Monitor => {
            trial.sit(MONITOR)?;
            if let Some(query) = trial.monitor(code)? {
                trial.sit(NURSE)?;
                trial.answer(code, &query, profile)?;
                trial.sit(MONITOR)?;
                trial.close(&query)?;
            }
        }
    }
    Ok(())
}

impl Trial {
    /// Moves the clock to nine in the morning of a day, never back.
    pub(super) fn until(&self, began: NaiveDate, day: NaiveDate) {
        let at = (day - began).num_milliseconds() + 3_600_000;
        self.passed.fetch_max(at, std::sync::atomic::Ordering::Relaxed);
    }
}
