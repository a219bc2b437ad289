//! Training for a role, and the yearly look at everybody who may log in.
//!
//! Without a training recorded a person's facts are kept and their attestations wait ([`rights::ATTESTS`]). A practice file is
//! where one is trained: nothing waits there, it only says that something is due.

use chrono::NaiveDate;
use store::PersonRow;
use study::act::{Act, Moment, Role};

use crate::{
    access::is_over,
    desk::Desk,
    machine::days_since_last,
    requests::{ConfirmPeople, People, RecordTraining},
    rights::{self, ATTESTS},
    trouble::{Outcome, no, no_with},
    views::{DecidedView, PeopleView, TrainingView},
};

/// Days after which somebody goes over everybody who may log in again.
const CONFIRM_EVERY: u32 = 365;
/// Longest words about a training.
const MOST_WORDS: usize = 200;

/// Whether a training for the role is due: an auditor only reads.
fn works(role: Role) -> bool {
    role != Role::Auditor
}

impl Desk {
    /// Everybody's trainings, by person, oldest first.
    pub(crate) fn trainings(&self) -> Outcome<Vec<(String, TrainingView)>> {
        let sitting = self.sitting()?;
        let mut all = Vec::new();
        for body in sitting.file.office()?.into_iter().filter_map(|entry| entry.body) {
            if let Act::TrainingRecorded {
                person,
                role,
                topic,
                on,
            } = body.act
            {
                let training = TrainingView {
                    role,
                    topic,
                    on,
                    recorded: body.moment,
                    recorded_by: sitting.names.printed_or_device(&body.actor),
                };
                all.push((person, training));
            }
        }
        Ok(all)
    }

    /// How many who may log in have no training recorded for their role.
    pub(crate) fn untrained(&self) -> Outcome<u32> {
        let trainings = self.trainings()?;
        let due = |row: &PersonRow| {
            let active = !row.disabled && !is_over(row.until.as_deref(), self.now());
            let own = trainings.iter().filter(|(who, _)| *who == row.person);
            row.home && Self::training_due(row.role, active, own.map(|(_, training)| training))
        };
        let people = self.sitting()?.file.people()?;
        Ok(u32::try_from(people.iter().filter(|row| due(row)).count()).unwrap_or(u32::MAX))
    }

    /// Refuses an attestation of somebody whose training for the role is not recorded.
    pub(crate) fn trained_for(&self, command: &str) -> Outcome<()> {
        if !ATTESTS.contains(&command) {
            return Ok(());
        }
        let sitting = self.sitting()?;
        let (person, role) = (sitting.session.person(), sitting.session.role());
        let due = works(role) && !sitting.file.synthetic();
        if !due || self.trainings()?.iter().any(|(who, t)| who == person && t.role == role) {
            return Ok(());
        }
        no_with("training_due", &[("act", command), ("role", &rights::role_code(role))])
    }

    /// Whether somebody who may log in lacks a training for the role.
    pub(crate) fn training_due<'t>(role: Role, active: bool, mut own: impl Iterator<Item = &'t TrainingView>) -> bool {
        active && works(role) && !own.any(|training| training.role == role)
    }

    pub(crate) fn record_training(&mut self, asked: RecordTraining) -> Outcome<PeopleView> {
        self.writable()?;
        let topic = asked.topic.trim();
        if topic.is_empty() || topic.chars().count() > MOST_WORDS {
            return no("training_topic");
        }
        match asked.on.parse::<NaiveDate>() {
            Ok(day) if day <= self.date() => {}
            Ok(_) | Err(_) => return no("training_day"),
        }
        let sitting = self.sitting()?;
        // Two people: nobody vouches for oneself.
        if sitting.session.person() == &asked.person {
            return no("training_own");
        }
        let role = match sitting.file.person(&asked.person)? {
            Some(row) if !row.disabled && row.home => row.role,
            Some(_) | None => return no("no_such_person"),
        };
        let (topic, on) = (topic.to_owned(), asked.on);
        let act = Act::TrainingRecorded {
            person: asked.person,
            role,
            topic,
            on,
        };
        self.save(vec![act.into()])?;
        self.people(People {})
    }

    /// When an administrator last went over everybody, and whether it is a year since: since then, or since the file began.
    pub(crate) fn people_confirmed(&self) -> Outcome<(Option<DecidedView>, bool)> {
        let sitting = self.sitting()?;
        let mut since: Option<Moment> = None;
        let mut confirmed = None;
        for body in sitting.file.office()?.into_iter().filter_map(|entry| entry.body) {
            let is_one = matches!(body.act, Act::PeopleConfirmed { .. });
            if is_one {
                confirmed = Some(DecidedView {
                    when: body.moment.clone(),
                    by: sitting.names.printed_or_device(&body.actor),
                    second: None,
                });
            }
            // The first entry of the office is the first administrator: the file began with it.
            if is_one || since.is_none() {
                since = Some(body.moment);
            }
        }
        let due = since.is_some_and(|since| {
            let days = days_since_last(&since, self.now());
            days.is_none_or(|days| days >= CONFIRM_EVERY)
        });
        Ok((confirmed, due))
    }

    pub(crate) fn confirm_people(&mut self, asked: ConfirmPeople) -> Outcome<PeopleView> {
        self.writable()?;
        let may_log_in = self
            .people(People {})?
            .people
            .into_iter()
            .filter(|person| person.active && person.site.is_none());
        let may_log_in: Vec<String> = may_log_in.map(|person| person.person).collect();
        if asked.people != may_log_in {
            return no("people_changed");
        }
        let login = self.sitting()?.session.login().to_owned();
        let who = self.authenticate(&login, asked.password)?;
        self.save_as(&who, vec![Act::PeopleConfirmed { people: may_log_in }.into()])?;
        self.people(People {})
    }
}
