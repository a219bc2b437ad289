//! A copied or restored file goes on as a new log; a lost administrator is replaced through the recovery code.

use std::path::Path;

use study::act::{Act, Actor, Body, EntryRef, FORMAT, Moment, Reason, Role};

use crate::{
    args::{Chance, NewPerson, Stamp, make_bytes, make_name},
    attempts::{Attempt, Attempts, Stray},
    create::make_newcomer,
    device::{DeviceKeys, DeviceRecord},
    error::{Result, StoreError},
    file::{OwnLog, SiteFile, next_turn},
    header::{Header, HeaderBody},
    keys::KdfCost,
    mark::Mark,
    migrate,
    open::{self, Access, Content, WhyReadOnly},
    recovery,
    session::Session,
    transact::{Batch, Saved},
    vfs,
};

/// A file opened by its recovery code or its key sheet. Only one thing can be done with it: appoint a new administrator.
#[derive(Debug)]
pub struct Recovery {
    file: SiteFile,
    by_key_sheet: bool,
}

impl SiteFile {
    /// Continues a copied, moved or restored file here, as a new log of this device. The old log is closed at its head,
    /// and the slots that the journal knows are confirmed.
    ///
    /// # Errors
    /// Not an administrator; the file is writable already, on read-only media, or has a foreign schema; the save failed.
    /// [`StoreError::Unsettled`]: the log is there, and this device has not kept its key yet.
    pub fn continue_here(
        &mut self,
        administrator: &Session,
        reason: Reason,
        stamp: &Stamp,
        chance: &mut dyn Chance,
    ) -> Result<Saved> {
        self.continue_as(administrator, reason, false, stamp, chance)
    }

    /// Goes on in a copy on a second device, beside the first: both write their own logs, which bundles bring together.
    /// Only a file that this device does not know begins so.
    ///
    /// # Errors
    /// As [`Self::continue_here`]; a file that this device knows.
    pub fn continue_beside(
        &mut self,
        administrator: &Session,
        reason: Reason,
        stamp: &Stamp,
        chance: &mut dyn Chance,
    ) -> Result<Saved> {
        match self.access {
            Access::ReadOnly {
                why: WhyReadOnly::OtherDevice,
            } => self.continue_as(administrator, reason, true, stamp, chance),
            Access::ReadOnly { why } => Err(StoreError::ReadOnly { why }),
            Access::Writable => Err(StoreError::NotThisFile),
        }
    }

    fn continue_as(
        &mut self,
        administrator: &Session,
        reason: Reason,
        beside: bool,
        stamp: &Stamp,
        chance: &mut dyn Chance,
    ) -> Result<Saved> {
        self.needs_administrator(administrator)?;
        let fresh = self.begin_log(beside, chance)?;
        let body = Body {
            v: FORMAT,
            actor: Actor::Person(administrator.person.clone()),
            role: Some(Role::Administrator),
            act: fresh.act.clone(),
            reason: Some(reason),
            moment: stamp.moment.clone(),
            study: self.study_tag()?,
            criteria: stamp.criteria.clone(),
            refs: Vec::new(),
        };
        let header = self.confirmed(self.known_slots()?)?;
        let signing = Some(&administrator.keys.signing);
        self.append_to_new_log(
            fresh,
            Batch {
                id: make_bytes(chance),
                bodies: vec![body],
                noted: Vec::new(),
                header: Some(header),
                signing,
            },
            stamp,
            chance,
        )
    }

    /// Opens a file by its recovery code. Nothing is written yet but that it is open.
    ///
    /// # Errors
    /// As [`crate::front_page`]; [`StoreError::WrongRecoveryCode`], which leaves its trace as a wrong password does.
    pub fn recover(path: &Path, code: &str, now: &Moment, devices: &DeviceKeys) -> Result<Recovery> {
        let path = open::absolute(path)?;
        let conn = open::connect(&path)?;
        let header = Header::read(&conn)?;
        if vfs::locked_elsewhere(&conn)? {
            return Err(StoreError::Busy);
        }
        let secret = recovery::read(code).ok();
        let opens = |body: &HeaderBody| {
            let mut slots = body.recovery.iter();
            slots.find_map(|slot| slot.dek(&header.store, secret.as_ref()?))
        };
        let Some(dek) = header.bodies().find_map(opens) else {
            Attempts::note(&conn, Stray::RecoveryCode, now)?;
            return Err(StoreError::WrongRecoveryCode);
        };
        let half = Mark::half(&conn, &path)?;
        open::key(&conn, &dek, Content::Expected)?;
        let (conn, found) = migrate::raised(conn, &path, &dek, &header, half)?;
        let mut file = Self::assemble(conn, path, dek, found, devices, half)?;
        if opens(&file.header.body).is_none() {
            file.attempts.add(Attempt::stray(Stray::RecoveryCode, now));
            file.write_attempts()?;
            return Err(StoreError::WrongRecoveryCode);
        }
        Ok(Recovery {
            file,
            by_key_sheet: false,
        })
    }

    /// A header body with a generation above any that was seen.
    fn confirmed(&self, body: HeaderBody) -> Result<HeaderBody> {
        let (known, _) = self.header_known()?;
        let mut base = self.header.clone();
        base.body.generation = base.body.generation.max(known);
        base.next(body, &self.dek)
    }

    /// A new log of this device, continuing the file's last; not yet in the file.
    fn begin_log(&self, beside: bool, chance: &mut dyn Chance) -> Result<FreshLog> {
        match self.access {
            Access::Writable
            | Access::ReadOnly {
                why: WhyReadOnly::Media | WhyReadOnly::Schema | WhyReadOnly::HalfWritten,
            } => {
                let why = match self.access {
                    Access::ReadOnly { why } => why,
                    Access::Writable => return Err(StoreError::NotThisFile),
                };
                return Err(StoreError::ReadOnly { why });
            }
            Access::ReadOnly { .. } => {}
        }
        let last = self.logs.iter().map(|(no, _)| *no).max().unwrap_or(0);
        let log = self.home_log()?;
        let no = self.log_no(&log).ok_or(StoreError::Damaged { what: "log" })?;
        let tip = self.tip(no, &log)?;
        let record = DeviceRecord::new(make_name('l', chance), make_bytes(chance));
        let signing = record.signing();
        let act = Act::LogOpened {
            log: record.log.clone(),
            device: self.devices.label().to_owned(),
            key: signing.public().to_openssh(),
            continues: Some((EntryRef { log, seq: tip.seq }, tip.head.to_string())),
            beside,
        };
        let tip = record.seen;
        Ok(FreshLog {
            own: OwnLog {
                no: last + 1,
                record,
                signing,
                tip,
            },
            act,
        })
    }

    fn append_to_new_log(
        &mut self,
        fresh: FreshLog,
        batch: Batch<'_>,
        stamp: &Stamp,
        chance: &mut dyn Chance,
    ) -> Result<Saved> {
        self.turn = next_turn();
        let before = (self.access, self.own.take());
        self.own = Some(fresh.own);
        self.access = Access::Writable;
        match self.append(batch, chance) {
            Ok(saved) => {
                // The log is there; should this device fail to keep its key, it is tried again at closing.
                let kept = self
                    .load_logs()
                    .and_then(|()| self.note_seen())
                    .and_then(|()| self.report_format(stamp, chance));
                kept.map_err(|error| StoreError::Unsettled(Box::new(error)))?;
                Ok(saved)
            }
            Err(error) => {
                (self.access, self.own) = before;
                Err(error)
            }
        }
    }
}

struct FreshLog {
    own: OwnLog,
    act: Act,
}

impl Recovery {
    pub(crate) fn by_key_sheet(file: SiteFile) -> Self {
        Self {
            file,
            by_key_sheet: true,
        }
    }

    /// Synthetic files only may use a cheap key derivation for the new password.
    #[must_use]
    pub fn synthetic(&self) -> bool {
        self.file.synthetic()
    }

    /// Appoints a new administrator under a new log-in name, with new keys: a lost key never comes back. On another
    /// device, or after a restore, the file continues here as a new log in the same step.
    ///
    /// # Errors
    /// Log-in name taken, cost out of bounds, read-only medium, foreign schema, or the save failed.
    pub fn appoint(
        self,
        mut person: NewPerson,
        cost: KdfCost,
        stamp: &Stamp,
        chance: &mut dyn Chance,
    ) -> Result<(SiteFile, Session)> {
        let by_key_sheet = self.by_key_sheet;
        let mut file = self.file;
        person.role = Role::Administrator;
        file.cost_fits(cost)?;
        file.login_free(&person.login)?;
        let newcomer = make_newcomer(&file.header.store, &person, &file.dek, cost, chance)?;
        let fresh = match file.access {
            Access::Writable => None,
            Access::ReadOnly { .. } => Some(file.begin_log(false, chance)?),
        };
        let opened = fresh.as_ref().map(|fresh| fresh.act.clone());
        let acts = opened
            .into_iter()
            .chain([Act::Recovered { by_key_sheet }, newcomer.act]);
        let bodies: Result<Vec<Body>> = acts
            .map(|act| file.device_body(act, stamp.moment.clone(), stamp))
            .collect();
        let mut header = file.known_slots()?;
        header.slots.push(newcomer.slot);
        let header = file.confirmed(header)?;
        let batch = Batch {
            id: make_bytes(chance),
            bodies: bodies?,
            noted: Vec::new(),
            header: Some(header),
            signing: None,
        };
        match fresh {
            Some(fresh) => file.append_to_new_log(fresh, batch, stamp, chance)?,
            None => file.append(batch, chance)?,
        };
        Ok((file, newcomer.session))
    }
}
