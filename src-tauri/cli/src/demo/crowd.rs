//! A site with a thousand subjects: the story of `story` many times over, day by day, for measuring lists and screens.
//!
//! The same acts, or their entries made by `conduct::rehearsal` where only the pages between would be left out; the saves
//! of one sitting are one transaction.

use chrono::{Days, NaiveDate};
use conduct::{
    ItemPath, acts,
    rehearsal::Bystander,
    requests::{AddSubject, RaiseQuery, StudyInForce},
};

use super::{
    PASSWORD, Trial,
    chart::{At, Chart, Kinds, SCREENED, kinds},
    registers::supply,
    script::{Charts, Script},
    steps::form,
};
use crate::out::Trouble;

const NURSE: &str = "nurse.li";
const SECOND: &str = "nurse.wang";
const DOCTOR: &str = "dr.chen";
const MONITOR: &str = "monitor.ruiz";

/// What is filled at screening.
const SCREENING: &[&str] = &[
    "CONSENT", "DM", "DISEASE", "PERF", "LAB", "MARROW", "SERO", "CNS", "HSCT", "MEDHX", "PRIORTX", "REPRO", "HLA",
    "ELIG",
];
/// Days over which everybody is screened, and the day after which nothing has happened yet.
const SPREAD: u64 = 255;
const HORIZON: (i32, u32, u32) = (2026, 11, 20);
/// Days after the infusion on which CRS is looked at, while entries are wanted.
const LOOKS: [u64; 14] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14];
/// One in so many has a grade confirmed, a monitor who verifies, a question.
const CONFIRMED: u32 = 5;
const VERIFIED: u32 = 40;
const ASKED: u32 = 9;

/// How somebody fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    Infused,
    Ineligible,
    Pending,
}

/// One in twelve is not eligible, one in twenty is not there yet: as a site that has been at it for a while.
fn course(number: u32) -> Course {
    match (number % 12, number % 20) {
        (2, _) => Course::Ineligible,
        (_, 3) => Course::Pending,
        _ => Course::Infused,
    }
}

/// The course as the charts have it, with fever from the second day that is gone within a week.
fn script(charts: &Charts, number: u32) -> Script {
    let mut script = charts.course(match course(number) {
        Course::Ineligible => 2,
        Course::Pending => 3,
        // Every third with too few platelets at day 28.
        Course::Infused if number.is_multiple_of(3) => 5,
        Course::Infused => 1,
    });
    let (from, to) = (2 + i64::from(number % 3), 5 + i64::from(number % 4));
    let ill = !number.is_multiple_of(5);
    let pressor = ill && number.is_multiple_of(4);
    let oxygen = ill && number.is_multiple_of(3);
    for (name, then, at, until, [before, during]) in [
        ("crs", ill, from + 1, 100, ["N", "Y"]),
        ("hypot", pressor, from + 1, from + 2, ["N", "Y"]),
        ("pressors", pressor, from + 1, from + 2, ["NONE", "NOREPINEPHRINE"]),
        ("oxygen", oxygen, from, to + 1, ["NONE", "NASAL_CANNULA"]),
        ("fever", ill, from, to + 1, ["36.8", "38.6"]),
    ] {
        let mut steps = vec![(-28, before.to_owned())];
        if then {
            steps.extend([(at, during.to_owned()), (until, before.to_owned())]);
        }
        script.steps.insert(name.to_owned(), steps);
    }
    let temperature = ("TEMP".to_owned(), 1);
    let sheet = script.sheets.entry("CRS".to_owned()).or_default();
    sheet.insert(temperature, "{fever} C".to_owned());
    script
}

struct One {
    number: u32,
    code: String,
    screened: NaiveDate,
    chart: Chart,
}

impl Trial {
    /// Sits somebody down for many acts at once.
    pub(super) fn rehearse_as(&mut self, login: &str) -> Result<(), Trouble> {
        self.desk.rehearsed()?;
        self.sit(login)?;
        self.desk.rehearse()?;
        Ok(())
    }
}

/// Tells it; answers with the number of entries made by hand of the site.
pub(super) fn tell(trial: &mut Trial, began: NaiveDate, subjects: u32, entries: u64) -> Result<u64, Trouble> {
    let kinds = kinds(&acts::study_in_force(&mut trial.desk, StudyInForce { version: None })?);
    let charts = Charts::read()?;
    let horizon = NaiveDate::from_ymd_opt(HORIZON.0, HORIZON.1, HORIZON.2).unwrap_or_default();
    let mut made = 0;
    let everybody: Vec<One> = (1..=subjects)
        .map(|number| {
            let screened = began + Days::new(u64::from(number) * SPREAD / u64::from(subjects.max(1)));
            let code = format!("S-{number:04}");
            let infusion = screened + Days::new(SCREENED);
            let mut script = script(&charts, number);
            supply(&mut script, number);
            One {
                number,
                code: code.clone(),
                screened,
                chart: Chart::new(code, number, trial.seed, infusion, script),
            }
        })
        .collect();
    // What the looks on every day add, shared among those who were infused.
    let base: u64 = 118 * u64::from(subjects);
    let infused = everybody
        .iter()
        .filter(|one| course(one.number) == Course::Infused)
        .count() as u64;
    let looks = entries.saturating_sub(base) / (15 * infused.max(1));
    let looks = usize::try_from(looks).unwrap_or(LOOKS.len()).min(LOOKS.len());

    trial.until(began, began);
    trial.rehearse_as(NURSE)?;
    made += trial.keep_stock(began)?;

    let mut day = began;
    let mut signed = false;
    while day <= horizon {
        trial.until(began, day);
        let due = |one: &One, after: u64| one.screened + Days::new(after) == day;
        let infused = |one: &One| course(one.number) == Course::Infused;
        let nurse = everybody.iter().any(|one| {
            due(one, 6)
                || infused(one) && (due(one, 14) || due(one, 43) || LOOKS[..looks].iter().any(|d| due(one, 14 + d)))
        });
        if nurse {
            trial.rehearse_as(NURSE)?;
            let second = trial.desk.bystander(SECOND, PASSWORD)?;
            for one in &everybody {
                made += trial.nurse(one, &kinds, day, &second, &LOOKS[..looks])?;
            }
        }
        let decided: Vec<&One> = everybody
            .iter()
            .filter(|one| due(one, 7) && course(one.number) != Course::Pending)
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
    fn nurse(
        &mut self,
        one: &One,
        kinds: &Kinds,
        day: NaiveDate,
        second: &Bystander,
        looks: &[u64],
    ) -> Result<u64, Trouble> {
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
                made += self.page(one, kinds, "SCR", oid, -8)?;
            }
        }
        if course(one.number) != Course::Infused {
            return Ok(made);
        }
        if due(14) {
            let path = form(&one.chart.form("INF", "INFUSION"))?;
            self.compare_identity(&path, second)?;
            made += self.keep_bag(one.number, &one.chart, kinds)?;
            made += 2 + self.page(one, kinds, "INF", "INFUSION", 0)?;
        }
        if let Some(at) = looks.iter().position(|after| due(14 + after)) {
            let visit = if at == 0 {
                "CRS".to_owned()
            } else {
                format!("CRS[{}]", at + 1)
            };
            made += self.page(one, kinds, &visit, "CRS", i64::try_from(looks[at]).unwrap_or(0))?;
        }
        // Every eleventh does not come, and is overdue.
        if due(43) && !one.number.is_multiple_of(11) {
            made += self.page(one, kinds, "D28", "RESPONSE", 28)?;
        }
        Ok(made)
    }

    /// One form with the values of a day of the course.
    fn page(&mut self, one: &One, kinds: &Kinds, visit: &str, oid: &str, day: i64) -> Result<u64, Trouble> {
        self.pass(120);
        let path = form(&one.chart.form(visit, oid))?;
        let more = None;
        let typed = |item: &ItemPath| one.chart.answer(kinds, item, At { day, more });
        let complete = !one.chart.script.open.contains(&path.form);
        let mut held = self.desk.held(&one.code)?;
        Ok(self.desk.rehearse_form(&path, &mut held, &typed, complete)?.0)
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
