//! Access that ends by itself: a person may log in until a moment, and an auditor never without one.
//!
//! Judged by the latest of the clock, the journal's last moment, and the moment before a clock went back that nobody has looked
//! at since: turning the clock back gives nobody a day more.

use chrono::{DateTime, Duration, FixedOffset, Utc};
use store::{Session, SiteFile};
use study::act::{Act, Role};

use crate::{
    desk::{Desk, Place, because},
    entry::proper_reason,
    machine::{instant, moment},
    requests::{GrantAccess, People},
    trouble::{Outcome, no, no_with},
    views::PeopleView,
};

/// The longest grant, days.
const MOST_DAYS: u32 = 366;

/// The end of a grant of so many days from now, as the journal writes it; none where the role needs none and none is asked.
pub(crate) fn until(role: Role, days: Option<u32>, now: DateTime<FixedOffset>) -> Outcome<Option<String>> {
    match days {
        None if role == Role::Auditor => no_with("days_needed", &[("most", &MOST_DAYS.to_string())]),
        None => Ok(None),
        Some(days) if (1..=MOST_DAYS).contains(&days) => Ok(Some(moment(now + Duration::days(i64::from(days))).at)),
        Some(_) => no_with("days_needed", &[("most", &MOST_DAYS.to_string())]),
    }
}

/// Whether a grant has run out.
pub(crate) fn is_over(until: Option<&str>, now: DateTime<FixedOffset>) -> bool {
    until.and_then(instant).is_some_and(|until| now >= until)
}

/// The end of a person's access; refused when it is over, or when an auditor was never given one.
pub(crate) fn granted(
    file: &SiteFile,
    session: &Session,
    now: DateTime<FixedOffset>,
) -> Outcome<Option<DateTime<Utc>>> {
    let until = file.person(session.person())?.and_then(|row| row.until);
    let Some(until) = until else {
        return if session.role() == Role::Auditor {
            no("access_never_granted")
        } else {
            Ok(None)
        };
    };
    let unseen = file.clock_anomalies()?.into_iter();
    let unseen = unseen
        .filter(|row| row.acknowledged.is_none() && Some(&row.entry.log) == file.log())
        .map(|row| row.last);
    let known = file.last_moment()?.map(|last| last.at).into_iter().chain(unseen);
    let latest = known
        .filter_map(|at| instant(&at))
        .fold(now, |latest, at| latest.max(at.with_timezone(now.offset())));
    if is_over(Some(&until), latest) {
        return no_with("access_ended", &[("until", until.get(..16).unwrap_or(&until))]);
    }
    Ok(instant(&until))
}

impl Desk {
    /// Before every command: access that ran out meanwhile locks the file.
    pub(crate) fn look_whether_ended(&mut self, command: &str) -> Outcome<()> {
        let Place::Open(sitting) = &self.place else {
            return Ok(());
        };
        let Some(until) = sitting.until.filter(|until| self.now() >= *until) else {
            return Ok(());
        };
        let path = sitting.file.path().to_owned();
        let put_away = self.put_away("ended");
        self.place = Place::Front(path);
        put_away?;
        if command == "status" {
            return Ok(());
        }
        let until = until.to_rfc3339();
        no_with("access_ended", &[("until", until.get(..16).unwrap_or(&until))])
    }

    pub(crate) fn grant_access(&mut self, asked: GrantAccess) -> Outcome<PeopleView> {
        self.writable()?;
        proper_reason(self, &asked.reason)?;
        let sitting = self.sitting()?;
        let row = match sitting.file.person(&asked.person)? {
            Some(row) if !row.disabled => row,
            Some(_) | None => return no("no_such_person"),
        };
        if row.role == Role::Administrator {
            return no("administrator_without_end");
        }
        let Some(until) = until(row.role, Some(asked.days), self.now())? else {
            return no("no_such_person");
        };
        let person = asked.person;
        self.save(vec![because(Act::AccessGranted { person, until }, Some(asked.reason))])?;
        self.people(People {})
    }
}
