//! The course of one subject, told once: every endpoint and the swimmer lane are read from this record.
//!
//! What the record does not say outright is derived here, once:
//! - A subject was alive on every date on which it was admitted, infused, assessed, treated or transplanted.
//! - The remission whose duration is measured is the first CR, CRh or CRi from the infusion on, not after a new therapy
//!   (transplant included): that one would be another treatment's.
//! - A transplant is in remission when the last evaluable assessment on or before it is CR, CRh or CRi; otherwise it is the
//!   next therapy.
//! - The best response by three months is known as soon as it is a remission; else when the three months are over, or
//!   relapse, progression, new therapy or death has ended them.

use crate::event::{self, Dor, Efs, Os, Timed, Transplant, Ttnt};
use crate::rate::{self, Assessed, Day28, Definition};
use crate::response::Response;
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// A death.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Death {
    /// Its date.
    pub date: NaiveDate,
    /// Whether it was from leukaemia.
    pub leukaemia: Option<bool>,
}

/// A measurable residual disease result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mrd {
    /// The date of the sample.
    pub date: NaiveDate,
    /// Whether it is negative.
    pub negative: bool,
}

/// Why a subject left the study alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leave {
    /// Consent was withdrawn.
    Withdrew,
    /// Lost to follow-up.
    Lost,
    /// The study was completed.
    Completed,
}

/// What the endpoints need to know of one subject. What is not recorded is absent; lists in any order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Course {
    /// The code of the subject.
    pub subject: String,
    /// Enrolment.
    pub enrolled: NaiveDate,
    /// Admission to hospital for this treatment.
    #[serde(default)]
    pub admitted: Option<NaiveDate>,
    /// Infusion.
    #[serde(default)]
    pub infused: Option<NaiveDate>,
    /// Marrow below 5 % and no extramedullary disease at baseline.
    #[serde(default)]
    pub mrd_only: bool,
    /// Assessments of response.
    #[serde(default)]
    pub assessments: Vec<Assessed>,
    /// Residual disease.
    #[serde(default)]
    pub mrd: Vec<Mrd>,
    /// A relapse or progression documented apart from an assessment.
    #[serde(default)]
    pub relapse: Option<NaiveDate>,
    /// Allogeneic transplants.
    #[serde(default)]
    pub transplants: Vec<NaiveDate>,
    /// New antileukaemic therapies other than transplant.
    #[serde(default)]
    pub therapies: Vec<NaiveDate>,
    /// Death.
    #[serde(default)]
    pub death: Option<Death>,
    /// Last known alive, as recorded.
    #[serde(default)]
    pub last_alive: Option<NaiveDate>,
    /// Scheduled assessments missed right before relapse or death.
    #[serde(default)]
    pub missed_before_event: Option<u16>,
    /// Why the subject left alive.
    #[serde(default)]
    pub left: Option<Leave>,
}

impl Course {
    /// The latest date on which the record shows the subject alive.
    #[must_use]
    pub fn last_known_alive(&self) -> Option<NaiveDate> {
        // Being enrolled is no follow-up: without anything later there is nothing to count.
        let once = [self.last_alive, self.admitted, self.infused, self.relapse];
        let listed = self.assessments.iter().map(|one| one.date);
        once.into_iter()
            .flatten()
            .chain(listed)
            .chain(self.transplants.iter().copied())
            .chain(self.therapies.iter().copied())
            .max()
    }

    /// The dates of evaluable assessments.
    fn adequate(&self) -> Vec<NaiveDate> {
        let evaluable = self.assessments.iter().filter(|one| one.response != Response::Ne);
        evaluable.map(|one| one.date).chain(self.relapse).collect()
    }

    fn after_infusion(&self, dates: &[NaiveDate]) -> Option<NaiveDate> {
        let infused = self.infused?;
        dates.iter().copied().filter(|date| *date > infused).min()
    }

    /// The first new therapy after the infusion, transplant not counted.
    #[must_use]
    pub fn new_therapy(&self) -> Option<NaiveDate> {
        self.after_infusion(&self.therapies)
    }

    /// The first transplant after the infusion.
    #[must_use]
    pub fn transplant(&self) -> Option<NaiveDate> {
        self.after_infusion(&self.transplants)
    }

    /// The start of the remission whose duration is measured.
    #[must_use]
    pub fn remission(&self) -> Option<NaiveDate> {
        let infused = self.infused?;
        let other = self.new_therapy().into_iter().chain(self.transplant()).min();
        self.assessments
            .iter()
            .filter(|one| one.response.is_remission() && one.date >= infused)
            .map(|one| one.date)
            .min()
            .filter(|first| other.is_none_or(|other| *first <= other))
    }

    /// The first relapse or progression from a date on.
    #[must_use]
    pub fn relapse_from(&self, date: NaiveDate) -> Option<NaiveDate> {
        let assessed = self.assessments.iter().filter(|one| one.response.ends_window());
        assessed
            .map(|one| one.date)
            .chain(self.relapse)
            .filter(|one| *one >= date)
            .min()
    }

    fn in_remission(&self, date: NaiveDate) -> bool {
        let before = self.assessments.iter().filter(|one| one.date <= date);
        let last = before
            .filter(|one| one.response != Response::Ne)
            .max_by_key(|one| (one.date, one.response));
        last.is_some_and(|last| {
            last.response.is_remission() && self.relapse.is_none_or(|relapse| relapse > date || relapse < last.date)
        })
    }

    /// Best response by three months, once it is known.
    #[must_use]
    pub fn best_by_3_months(&self) -> Option<Response> {
        let infused = self.infused?;
        let deadline = infused.checked_add_months(Months::new(3))?;
        let best = rate::best(&self.for_rate(), Definition::Within3Months, Day28::default());
        let ended = [self.relapse_from(infused), self.new_therapy(), self.transplant()];
        let known = best.is_remission()
            || self.death.is_some()
            || ended.into_iter().flatten().any(|end| end <= deadline)
            || self.last_known_alive().is_some_and(|alive| alive >= deadline);
        known.then_some(best)
    }

    /// What the remission rate needs.
    #[must_use]
    pub fn for_rate(&self) -> rate::Subject {
        let mut assessments = self.assessments.clone();
        assessments.extend(self.relapse.map(|date| Assessed {
            date,
            response: Response::Relapse,
        }));
        rate::Subject {
            subject: self.subject.clone(),
            enrolled: self.enrolled,
            infused: self.infused,
            new_therapy: self.new_therapy().into_iter().chain(self.transplant()).min(),
            mrd_only: self.mrd_only,
            assessments,
        }
    }

    /// Overall survival from a start.
    ///
    /// # Errors
    /// As [`event::os`].
    pub fn survival_from(&self, start: Option<NaiveDate>) -> Timed {
        event::os(&Os {
            start,
            death: self.death.map(|death| death.date),
            last_alive: self.last_known_alive(),
        })
    }

    /// Duration of remission; relapse-free survival of those in remission.
    ///
    /// # Errors
    /// As [`event::dor`].
    pub fn duration_of_remission(&self, mode: Transplant) -> Timed {
        let remission = self.remission();
        event::dor(&Dor {
            remission,
            relapse: remission.and_then(|from| self.relapse_from(from)),
            death: self.death.map(|death| death.date),
            hsct: self.transplant(),
            new_therapy: self.new_therapy(),
            last_assessment: None,
            assessments: Some(self.adequate()),
            missed_before_event: self.missed_before_event,
            mode,
        })
    }

    /// What event-free and relapse-free survival from the infusion need.
    #[must_use]
    pub fn for_event_free(&self) -> Efs {
        let from = self.remission().or(self.infused);
        let infused = self.infused;
        Efs {
            infusion: infused,
            best_by_3m: self.best_by_3_months(),
            relapse: from.and_then(|from| self.relapse_from(from)),
            death: self.death.map(|death| death.date),
            hsct: self.transplant(),
            new_therapy: self.new_therapy(),
            last_assessment: None,
            // What was assessed before the infusion says nothing of it.
            assessments: Some(
                self.adequate()
                    .into_iter()
                    .filter(|date| infused.is_none_or(|infused| *date > infused))
                    .collect(),
            ),
            missed_before_event: self.missed_before_event,
            mode: Transplant::Primary,
        }
    }

    /// Time to next treatment.
    ///
    /// # Errors
    /// As [`event::ttnt`].
    pub fn time_to_next_treatment(&self) -> Timed {
        let transplant = self.transplant();
        let in_remission = transplant.filter(|date| self.in_remission(*date));
        let other = transplant.filter(|date| !self.in_remission(*date));
        event::ttnt(&Ttnt {
            infusion: self.infused,
            next_therapy: self.new_therapy().into_iter().chain(other).min(),
            death: self.death.map(|death| death.date),
            leukaemia_death: self.death.and_then(|death| death.leukaemia),
            hsct_in_remission: in_remission,
            last_contact: self.last_known_alive(),
        })
    }
}

#[cfg(test)]
pub(crate) mod tests;
