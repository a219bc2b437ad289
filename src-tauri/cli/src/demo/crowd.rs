//! A site with a thousand subjects: the story of `story` many times over, day by day, for measuring lists and screens.
//!
//! The same acts, or their entries made by `conduct::rehearsal` where only the pages between would be left out; the saves
//! of one sitting are one transaction.

use chrono::{Days, NaiveDate};
use conduct::{
    FormPath, IDENTIFIERS, IdentifierCheck, IdentifierOutcome, ItemPath, RawInput, acts,
    rehearsal::Bystander,
    requests::{AddSubject, RaiseQuery},
};

use super::{
    PASSWORD, Trial,
    fill::Typed,
    profile::{Course, Profile},
    registers,
    steps::SCREENING,
};
use crate::out::Trouble;

const NURSE: &str = "nurse.li";
const SECOND: &str = "nurse.wang";
const DOCTOR: &str = "dr.chen";
const MONITOR: &str = "monitor.ruiz";

/// Days over which everybody is screened, and the day after which nothing has happened yet.
const SPREAD: u64 = 255;
const HORIZON: (i32, u32, u32) = (2026, 11, 20);
/// Days after the infusion on which CRS is looked at, while entries are wanted.
const LOOKS: [u64; 14] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14];
/// One in so many has a grade confirmed, a monitor who verifies, a question.
const CONFIRMED: u32 = 5;
const VERIFIED: u32 = 40;
const ASKED: u32 = 9;

/// One in twelve is not eligible, one in twenty is not there yet: as a site that has been at it for a while.
fn course(number: u32) -> Course {
    match (number % 12, number % 20) {
        (2, _) => Course::Ineligible,
        (_, 3) => Course::Pending,
        _ => Course::Infused,
    }
}

struct One {
    number: u32,
    code: String,
    screened: NaiveDate,
    profile: Profile,
}

impl Trial {
    /// Sits somebody down for many acts at once.
    fn rehearse_as(&mut self, login: &str) -> Result<(), Trouble> {
        self.desk.rehearsed()?;
        self.sit(login)?;
        self.desk.rehearse()?;
        Ok(())
    }
}

/// Tells it; answers with the number of entries made by hand of the site.
pub(super) fn tell(trial: &mut Trial, subjects: u32, entries: u64) -> Result<u64, Trouble> {
    let began = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap_or_default();
    let horizon = NaiveDate::from_ymd_opt(HORIZON.0, HORIZON.1, HORIZON.2).unwrap_or_default();
    let mut made = 0;
    let mut everybody: Vec<One> = (1..=subjects)
        .map(|number| {
            let screened = began + Days::new(u64::from(number) * SPREAD / u64::from(subjects.max(1)));
            let mut profile = Profile::of_course(trial.seed, number, screened, course(number));
            registers::supply(&mut profile, number);
            One {
                number,
                code: format!("S-{number:04}"),
                screened,
                profile,
            }
        })
        .collect();
    // What the looks on every day add, shared among those who were infused.
    let base: u64 = 118 * u64::from(subjects);
    let infused = everybody
        .iter()
        .filter(|one| one.profile.course == Course::Infused)
        .count() as u64;
    let looks = entries.saturating_sub(base) / (15 * infused.max(1));
    let looks = usize::try_from(looks).unwrap_or(LOOKS.len()).min(LOOKS.len());

    trial.until(began, began);
    trial.rehearse_as(NURSE)?;
    made += trial.rehearse_stock()?;

    let mut day = began;
    let mut signed = false;
    while day <= horizon {
        trial.until(began, day);
        let due = |one: &One, after: u64| one.screened + Days::new(after) == day;
        let infused = |one: &One| one.profile.course == Course::Infused;
        let nurse = everybody.iter().any(|one| {
            due(one, 6)
                || infused(one) && (due(one, 14) || due(one, 43) || LOOKS[..looks].iter().any(|d| due(one, 14 + d)))
        });
        if nurse {
            trial.rehearse_as(NURSE)?;
            let second = trial.desk.bystander(SECOND, PASSWORD)?;
            for one in &mut everybody {
                made += trial.nurse(one, day, &second, &LOOKS[..looks])?;
            }
        }
        let decided: Vec<&One> = everybody
            .iter()
            .filter(|one| due(one, 7) && one.profile.course != Course::Pending)
            .collect();
        let graded: Vec<&One> = everybody
            .iter()
            .filter(|one| infused(one) && due(one, 44) && one.number.is_multiple_of(CONFIRMED))
            .collect();
        let signs = !signed && (day - began).num_days() > 20;
        if !decided.is_empty() || !graded.is_empty() || signs {
            trial.rehearse_as(DOCTOR)?;
            for one in decided {
                trial.confirm_eligibility(&one.code, DOCTOR)?;
            }
            for one in graded {
                trial.confirm(&format!("{}/D28/RESPONSE", one.code), "RESPONSE.CATEGORY")?;
            }
            if signs {
                trial.sign_all(DOCTOR)?;
                signed = true;
            }
        }
        trial.questions(&everybody, day)?;
        day = day + Days::new(1);
    }
    trial.desk.rehearsed()?;
    trial.desk.put_away_now();
    Ok(made)
}

impl Trial {
    fn nurse(&mut self, one: &mut One, day: NaiveDate, second: &Bystander, looks: &[u64]) -> Result<u64, Trouble> {
        let due = |after: u64| one.screened + Days::new(after) == day;
        let mut made = 0;
        if due(6) {
            self.pass(60);
            acts::add_subject(
                &mut self.desk,
                AddSubject {
                    subject: one.code.clone(),
                },
            )?;
            made += 1;
            for oid in SCREENING {
                let waits = one.profile.course == Course::Pending && matches!(*oid, "PERF" | "ELIG");
                made += self.write(&one.code, "SCR", oid, &one.profile, !waits)?;
            }
        }
        if one.profile.course != Course::Infused {
            return Ok(made);
        }
        if due(14) {
            let path = form(format!("{}/INF/INFUSION", one.code))?;
            let checks: Vec<IdentifierCheck> = IDENTIFIERS
                .iter()
                .map(|identifier| IdentifierCheck {
                    identifier: (*identifier).to_owned(),
                    outcome: IdentifierOutcome::Agreed,
                    value: None,
                })
                .collect();
            self.pass(90);
            self.desk.rehearse_identity(&path, second, &checks)?;
            made += 2 + self.write(&one.code, "INF", "INFUSION", &one.profile, true)?;
            made += self.rehearse_bag(one.number, &one.profile)?;
        }
        if let Some(at) = looks.iter().position(|after| due(14 + after)) {
            let visit = if at == 0 {
                "CRS".to_owned()
            } else {
                format!("CRS[{}]", at + 1)
            };
            one.profile.look(looks[at], one.number);
            made += self.write(&one.code, &visit, "CRS", &one.profile, true)?;
        }
        // Every eleventh does not come, and is overdue.
        if due(43) && !one.number.is_multiple_of(11) {
            made += self.write(&one.code, "D28", "RESPONSE", &one.profile, true)?;
        }
        Ok(made)
    }

    fn write(&mut self, code: &str, visit: &str, oid: &str, profile: &Profile, complete: bool) -> Result<u64, Trouble> {
        self.pass(120);
        let path = form(format!("{code}/{visit}/{oid}"))?;
        let chart = |path: &ItemPath| profile.answer(path).map(raw);
        Ok(self.desk.rehearse_form(&path, &chart, complete)?.0)
    }

    /// Monitor: a question here and there, some of what is critical verified.
    fn questions(&mut self, everybody: &[One], day: NaiveDate) -> Result<(), Trouble> {
        let due: Vec<&One> = everybody
            .iter()
            .filter(|one| one.screened + Days::new(9) == day)
            .collect();
        let asked = |one: &&One| one.number.is_multiple_of(ASKED) || one.number.is_multiple_of(VERIFIED);
        if !due.iter().any(asked) {
            return Ok(());
        }
        self.rehearse_as(MONITOR)?;
        for one in due {
            if one.number.is_multiple_of(VERIFIED) {
                self.monitor(&one.code)?;
            } else if one.number.is_multiple_of(ASKED) {
                self.pass(60);
                let text = format!("{}/SCR/LAB/LAB.HEM/LAB.PLT", one.code);
                let path = text
                    .parse()
                    .map_err(|_| Trouble::Words(format!("{text}: not an item")))?;
                let text = "Platelets differ from the laboratory print-out. Please compare with the source.".to_owned();
                acts::raise_query(&mut self.desk, RaiseQuery { path, text })?;
            }
        }
        Ok(())
    }
}

fn form(text: String) -> Result<FormPath, Trouble> {
    text.parse().map_err(|_| Trouble::Words(format!("{text}: not a form")))
}

fn raw(typed: Typed) -> RawInput {
    RawInput {
        text: typed.text,
        unit: typed.unit,
        codes: typed.codes,
        missing: typed.missing,
    }
}
