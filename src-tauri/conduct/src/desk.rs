//! The desk: at most one file, at most one person in front of it.

use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use store::{Access, Deed, DeviceKeys, FrontPage, Reading, Save, Saved, Session, Signer, SiteFile, Stamp};
use study::{
    Study,
    act::{Act, FileKind, Moment, Reason, Role},
};

use crate::{
    editions::Edition,
    held::Lines,
    idle::Idle,
    machine::{Dice, Machine, instant, moment},
    people::Names,
    problem::Problem,
    renderings::Renderings,
    requests::Handle,
    rights,
    soundness::Soundness,
    standing::Verdicts,
    trouble::{Outcome, no, no_with, why_read_only},
    views::AttemptsView,
};

/// How far the clock may run behind the journal before it is an anomaly, in seconds.
const CLOCK_SLACK: i64 = 120;
/// How far it may run ahead of the last entry: a file that nobody opened for three years is rarer than a clock set wrong.
const CLOCK_AHEAD: i64 = 1_096 * 86_400;

/// One opened file and the person in front of it.
pub struct Desk {
    pub(crate) machine: Box<dyn Machine>,
    pub(crate) paper: Box<dyn Renderings>,
    pub(crate) devices: DeviceKeys,
    /// The newest version in force in the file that was open last; the first built-in until then.
    pub(crate) study: Arc<Study>,
    /// Versions in force in that file that are known here, the oldest first.
    pub(crate) in_force: Vec<Arc<Study>>,
    /// Built-in versions loaded so far, the first of them always.
    pub(crate) editions: Vec<Edition>,
    pub(crate) place: Place,
    chosen: Vec<PathBuf>,
    /// New files are for practice, with this password for everybody.
    pub(crate) practice: Option<String>,
    /// Why the last backup could not be made at locking; none when it could.
    pub(crate) backup_failed: Option<Problem>,
    /// Since when nobody did anything; none where nobody is waited for.
    pub(crate) idle: Option<Idle>,
}

/// What lies on the desk.
pub(crate) enum Place {
    /// Nothing.
    Empty,
    /// A locked file.
    Front(PathBuf),
    /// An open one.
    Open(Box<Sitting>),
}

/// A person at an open file.
pub(crate) struct Sitting {
    pub(crate) file: SiteFile,
    pub(crate) session: Session,
    pub(crate) since: Moment,
    /// Until when the person may be here; none: without end.
    pub(crate) until: Option<DateTime<Utc>>,
    pub(crate) names: Names,
    /// A signature was made since log-in, so that the next asks for the password only.
    pub(crate) signed_once: bool,
    /// A new recovery code that has not been typed back.
    pub(crate) recovery: Option<store::RecoveryCode>,
    /// The clock anomaly that waits to be looked at.
    pub(crate) clock_anomaly: Option<String>,
    /// The latest time that the clock showed in this sitting.
    pub(crate) latest: DateTime<Utc>,
    /// A definition in the file is another than those that would judge here: it is read, never written.
    pub(crate) other_study: bool,
    /// An infusion that is not complete was opened last.
    pub(crate) at_infusion: bool,
    /// Verdicts worked out so far.
    pub(crate) verdicts: Verdicts,
    /// What lists are worked out from.
    pub(crate) lines: Lines,
    /// Whether the file is sound, as far as it was looked at.
    pub(crate) soundness: Soundness,
    /// What the journal told so far of redactions and bundles.
    pub(crate) told: crate::told::Told,
    /// What an administrator has to look at; none for others.
    pub(crate) attempts: Option<AttemptsView>,
    /// Commands refused in this sitting, each noted once.
    pub(crate) refused: BTreeSet<String>,
}

impl Desk {
    /// An empty desk with the built-in study.
    ///
    /// # Errors
    /// The problems of the built-in definition; a build that passed its tests has none.
    pub fn new(
        machine: Box<dyn Machine>,
        paper: Box<dyn Renderings>,
        devices: DeviceKeys,
    ) -> Result<Self, Vec<study::problem::Problem>> {
        let first = Edition::load(study::builtin::FILES)?;
        Ok(Self {
            machine,
            paper,
            devices,
            study: Arc::clone(&first.study),
            in_force: Vec::new(),
            editions: vec![first],
            place: Place::Empty,
            chosen: Vec::new(),
            practice: None,
            backup_failed: None,
            idle: None,
        })
    }

    /// Files made from now on are for practice: synthetic, everybody with this password shown on the Open screen.
    pub fn practise(&mut self, password: &str) {
        self.practice = Some(password.to_owned());
    }

    /// Remembers a path that a person chose; the page gets the number.
    pub fn choose(&mut self, path: PathBuf) -> Handle {
        self.chosen.push(path);
        Handle::try_from(self.chosen.len()).unwrap_or(Handle::MAX)
    }

    /// The path behind a number.
    pub(crate) fn chosen(&self, handle: Handle) -> Outcome<PathBuf> {
        let at = usize::try_from(handle).ok().and_then(|n| n.checked_sub(1));
        match at.and_then(|n| self.chosen.get(n)) {
            Some(path) => Ok(path.clone()),
            None => no("nothing_chosen"),
        }
    }

    pub(crate) fn now(&self) -> DateTime<FixedOffset> {
        self.machine.now()
    }

    pub(crate) fn date(&self) -> NaiveDate {
        self.now().date_naive()
    }

    pub(crate) fn moment(&self) -> Moment {
        moment(self.now())
    }

    pub(crate) fn stamp(&self) -> Stamp {
        Stamp {
            moment: self.moment(),
            criteria: criteria::VERSION.to_owned(),
        }
    }

    /// Who is here, if anybody.
    pub(crate) fn role(&self) -> Option<Role> {
        match &self.place {
            Place::Open(sitting) => Some(sitting.session.role()),
            Place::Empty | Place::Front(_) => None,
        }
    }

    /// Whether the role of the person here may use a command.
    pub(crate) fn may_here(&self, command: &str) -> bool {
        self.role().is_some_and(|role| rights::may(role, command))
    }

    /// Refuses a command that the person here may not use.
    pub(crate) fn permit(&self, command: &str) -> Outcome<()> {
        rights::permit(self.role(), command)?;
        match &self.place {
            Place::Open(sitting) if !rights::fits(sitting.file.kind(), sitting.session.role(), command) => {
                match sitting.file.kind() {
                    // Another role does it here.
                    FileKind::Site => no_with(
                        "not_your_role",
                        &[("act", command), ("role", &rights::role_code(sitting.session.role()))],
                    ),
                    FileKind::Monitor | FileKind::Sponsor => no_with("not_this_kind", &[("act", command)]),
                }
            }
            Place::Open(_) | Place::Front(_) | Place::Empty => Ok(()),
        }
    }

    pub(crate) fn sitting(&self) -> Outcome<&Sitting> {
        match &self.place {
            Place::Open(sitting) => Ok(sitting),
            Place::Empty | Place::Front(_) => no("not_logged_in"),
        }
    }

    pub(crate) fn sitting_mut(&mut self) -> Outcome<&mut Sitting> {
        match &mut self.place {
            Place::Open(sitting) => Ok(sitting),
            Place::Empty | Place::Front(_) => no("not_logged_in"),
        }
    }

    /// Saves acts of the person here, all or none, and answers once they are durable.
    pub(crate) fn save(&mut self, deeds: Vec<Deed>) -> Outcome<Saved> {
        self.save_noting(deeds, Vec::new())
    }

    /// The same with what the device notes about it, in one transaction.
    pub(crate) fn save_noting(&mut self, deeds: Vec<Deed>, noted: Vec<Deed>) -> Outcome<Saved> {
        self.transact((deeds, noted), |here| (Signer::Person(here), Some(here.role())))
    }

    /// Saves acts of somebody else who stands at the desk with an own log-in.
    pub(crate) fn save_as<'d>(&'d mut self, who: &'d Session, deeds: Vec<Deed>) -> Outcome<Saved> {
        self.transact((deeds, Vec::new()), |_| (Signer::Person(who), Some(who.role())))
    }

    /// Saves acts of the device itself.
    pub(crate) fn save_as_device(&mut self, deeds: Vec<Deed>) -> Outcome<Saved> {
        self.transact((deeds, Vec::new()), |_| (Signer::Device, None))
    }

    /// The one way to the file's door for writes.
    fn transact<'d>(
        &'d mut self,
        (deeds, noted): (Vec<Deed>, Vec<Deed>),
        pen: impl FnOnce(&'d Session) -> (Signer<'d>, Option<Role>),
    ) -> Outcome<Saved> {
        let mut id = [0u8; 16];
        self.machine.fill(&mut id);
        let (moment, study) = (self.moment(), self.stamped(&deeds)?);
        let Place::Open(sitting) = &mut self.place else {
            return no("not_logged_in");
        };
        let Sitting { file, session, .. } = sitting.as_mut();
        let (signer, role) = pen(session);
        let save = Save {
            id,
            deeds,
            noted,
            signer,
            role,
            moment,
            study,
            criteria: criteria::VERSION.to_owned(),
        };
        Ok(file.transact(&save, &mut Dice(self.machine.as_mut()))?)
    }

    /// Proves who somebody is by log-in name and password, for a signature or as a second person.
    pub(crate) fn authenticate(&mut self, login: &str, password: String) -> Outcome<Session> {
        let (now, stamp) = (self.now(), self.stamp());
        let Place::Open(sitting) = &mut self.place else {
            return no("not_logged_in");
        };
        let password = store::SecretString::from(password);
        let dice = &mut Dice(self.machine.as_mut());
        let session = sitting.file.authenticate(login, &password, &stamp, dice)?;
        crate::access::granted(&sitting.file, &session, now)?;
        Ok(session)
    }

    /// What reading the file on the desk has cost so far: for measuring, not for deciding.
    #[must_use]
    pub fn reading(&self) -> Option<Reading> {
        self.sitting().ok().map(|sitting| sitting.file.reading())
    }

    /// Refuses while nothing can be written.
    pub(crate) fn writable(&self) -> Outcome<()> {
        match self.sitting()?.file.access() {
            Access::Writable if self.sitting()?.other_study => no_with("read_only", &[("why", "study")]),
            Access::Writable => Ok(()),
            Access::ReadOnly { why } => no_with("read_only", &[("why", why_read_only(why))]),
        }
    }

    /// Refuses until the person here has accepted that the signature is binding.
    pub(crate) fn declared(&self) -> Outcome<()> {
        self.declared_by(&self.sitting()?.session)
    }

    /// The same of somebody else who stands at the desk.
    pub(crate) fn declared_by(&self, who: &Session) -> Outcome<()> {
        match self.sitting()?.file.person(who.person())? {
            Some(person) if person.declared => Ok(()),
            Some(_) | None => no("declaration_due"),
        }
    }

    /// Compares the clock with the journal; an anomaly is an entry and blocks signing until acknowledged.
    pub(crate) fn look_at_clock(&mut self) -> Outcome<()> {
        let now = self.moment();
        let sitting = self.sitting_mut()?;
        let waiting = sitting
            .file
            .clock_anomalies()?
            .into_iter()
            .rev()
            .find(|row| row.acknowledged.is_none());
        if let Some(row) = waiting {
            sitting.clock_anomaly = Some(row.last);
            return Ok(());
        }
        let Some(last) = sitting.file.last_moment()? else {
            return Ok(());
        };
        let odd = instant(&last.at)
            .zip(instant(&now.at))
            .is_some_and(|(l, n)| is_odd(l, n));
        if odd && matches!(sitting.file.access(), Access::Writable) {
            sitting.clock_anomaly = Some(last.at.clone());
            self.save_as_device(vec![
                Act::ClockAnomaly {
                    last: last.at,
                    now: now.at,
                }
                .into(),
            ])?;
        }
        Ok(())
    }

    /// Before every command and every leaving: a clock that was moved since the last is an anomaly, told before anything is
    /// saved under it, since the next look at the journal would find its time there.
    pub(crate) fn watch_clock(&mut self) {
        let now = self.now();
        let Place::Open(sitting) = &mut self.place else {
            return;
        };
        let last = sitting.latest;
        if !is_odd(last, now.to_utc()) {
            sitting.latest = last.max(now.to_utc());
            return;
        }
        sitting.latest = now.to_utc();
        let writable = matches!(sitting.file.access(), Access::Writable) && !sitting.other_study;
        if !writable || sitting.clock_anomaly.is_some() {
            return;
        }
        let last = moment(last.with_timezone(now.offset())).at;
        sitting.clock_anomaly = Some(last.clone());
        let now = moment(now).at;
        // Signing waits, whatever the disk says; nothing else does.
        if let Err(trouble) = self.save_as_device(vec![Act::ClockAnomaly { last, now }.into()]) {
            self.machine.note_fault("clock", &trouble.to_string());
        }
    }

    /// The front page of the file that lies here.
    pub(crate) fn front_page(&self) -> Outcome<Option<FrontPage>> {
        let now = self.moment();
        match &self.place {
            Place::Empty => Ok(None),
            Place::Front(path) => Ok(Some(store::front_page(path, &now)?)),
            Place::Open(_) => Ok(None),
        }
    }
}

/// Whether a clock was moved, that showed one time and then another.
fn is_odd(last: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    !(-CLOCK_AHEAD..=CLOCK_SLACK).contains(&(last - now).num_seconds())
}

/// A deed with its reason.
pub(crate) fn because(act: Act, reason: Option<Reason>) -> Deed {
    Deed {
        act,
        reason,
        refs: Vec::new(),
    }
}
