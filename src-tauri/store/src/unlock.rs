//! A password opens the file, or proves the person again; wrong ones cost time and leave a trace.

use std::path::Path;

use rusqlite::OptionalExtension as _;
use secrecy::SecretString;
use study::act::{Act, Actor, Body, FORMAT, Moment, Role};

use crate::{
    args::{Chance, Stamp, make_bytes},
    attempts::{Attempt, Attempts, Stray},
    create::folded,
    device::DeviceKeys,
    error::{Result, StoreError},
    file::SiteFile,
    header::{Header, HeaderBody},
    keys,
    mark::Mark,
    migrate,
    open::{self, Access, Content},
    session::Session,
    slots::{PersonKeys, Slot},
    transact::Batch,
    vfs,
};

fn slot_of<'a>(header: &'a HeaderBody, login: &str) -> Result<&'a Slot> {
    let login = folded(login);
    let slot = header.slots.iter().find(|slot| folded(&slot.login) == login);
    // An unknown name is answered like a wrong password.
    slot.ok_or(StoreError::WrongPassword { wait_seconds: 0 })
}

/// The first of a person's slots that the password opens.
fn open_one(slots: &[Slot], header: &Header, password: &SecretString) -> Result<Option<(Slot, PersonKeys)>> {
    for (n, slot) in slots.iter().enumerate() {
        if !slots.iter().take(n).any(|other| other == slot)
            && let Some(keys) = slot.open(&header.store, password)?
        {
            return Ok(Some((slot.clone(), keys)));
        }
    }
    Ok(None)
}

impl SiteFile {
    /// Opens a file with a person's password. Wrong passwords given while it was locked become entries.
    ///
    /// # Errors
    /// As [`crate::front_page`]; wrong password or waiting time; a person disabled; damage.
    pub fn unlock(
        path: &Path,
        login: &str,
        password: &SecretString,
        stamp: &Stamp,
        chance: &mut dyn Chance,
        devices: &DeviceKeys,
    ) -> Result<(Self, Session)> {
        let path = open::absolute(path)?;
        let conn = open::connect(&path)?;
        let header = Header::read(&conn)?;
        if vfs::locked_elsewhere(&conn)? {
            return Err(StoreError::Busy);
        }
        // The newest record may belong to a step that did not finish: the one before it then holds.
        let slots: Vec<Slot> = header.bodies().flat_map(|body| slot_of(body, login)).cloned().collect();
        let Some(slot) = slots.first() else {
            Attempts::note(&conn, Stray::Name, &stamp.moment)?;
            return Err(StoreError::WrongPassword { wait_seconds: 0 });
        };
        let mut attempts = Attempts::read(&conn)?;
        let waits = attempts.wait_seconds(&slot.id, &stamp.moment) > 0;
        if waits && attempts.begin_again(&slot.id, &stamp.moment) {
            if conn.is_readonly("main")? {
                // Nothing of when it began can be kept, as nothing of a wrong password can.
                attempts.forgive(&slot.id);
            } else {
                attempts.write(&conn)?;
            }
        }
        match attempts.wait_seconds(&slot.id, &stamp.moment) {
            0 => {}
            wait_seconds => return Err(StoreError::Wait { wait_seconds }),
        }
        let Some((opened, keys)) = open_one(&slots, &header, password)? else {
            attempts.add(Attempt::new(&slot.id, &stamp.moment));
            if !conn.is_readonly("main")? {
                attempts.write(&conn)?;
            }
            return Err(StoreError::WrongPassword {
                wait_seconds: attempts.wait_seconds(&slot.id, &stamp.moment),
            });
        };
        let dek = opened.dek(&header.store, &keys)?;
        let half = Mark::half(&conn, &path)?;
        open::key(&conn, &dek, Content::Expected)?;
        let (conn, found) = migrate::raised(conn, &path, &dek, &header, half)?;
        let mut file = Self::assemble(conn, path, dek, found, devices, half)?;
        if !file.header.body.slots.contains(&opened) {
            // A password that was changed since, or one whose change did not come about.
            file.attempts.add(Attempt::new(&slot.id, &stamp.moment));
            file.write_attempts()?;
            return Err(StoreError::WrongPassword {
                wait_seconds: file.attempts.wait_seconds(&slot.id, &stamp.moment),
            });
        }
        let session = file.session_of(&opened, keys)?;
        file.report_format(stamp, chance)?;
        file.report_attempts(&opened.id, stamp, chance)?;
        keys::wipe_stack();
        Ok((file, session))
    }

    /// Proves a person again (to sign, or as the second person) while the file is open. A wrong password is an entry.
    ///
    /// # Errors
    /// Wrong password or waiting time; a person disabled.
    pub fn authenticate(
        &mut self,
        login: &str,
        password: &SecretString,
        stamp: &Stamp,
        chance: &mut dyn Chance,
    ) -> Result<Session> {
        let slot = match slot_of(&self.header.body, login) {
            Ok(slot) => slot.clone(),
            Err(nobody) => {
                self.tell_failed(String::new(), stamp, chance)?;
                return Err(nobody);
            }
        };
        self.wait(&slot.id, &stamp.moment)?;
        if let Some(keys) = slot.open(&self.header.store, password)? {
            self.attempts.forgive(&slot.id);
            self.write_attempts()?;
            let session = self.session_of(&slot, keys);
            keys::wipe_stack();
            return session;
        }
        self.attempts.add(Attempt {
            imported: true,
            ..Attempt::new(&slot.id, &stamp.moment)
        });
        self.write_attempts()?;
        self.tell_failed(slot.login.clone(), stamp, chance)?;
        Err(StoreError::WrongPassword {
            wait_seconds: self.attempts.wait_seconds(&slot.id, &stamp.moment),
        })
    }

    /// A wrong password while the file is open, as an entry; of a name that nobody has without the name.
    fn tell_failed(&mut self, login: String, stamp: &Stamp, chance: &mut dyn Chance) -> Result<()> {
        if self.access != Access::Writable {
            return Ok(());
        }
        let failed = Act::LoginFailed {
            login,
            at: "sign".into(),
        };
        let batch = Batch {
            id: make_bytes(chance),
            bodies: vec![self.device_body(failed, stamp.moment.clone(), stamp)?],
            noted: Vec::new(),
            header: None,
            signing: None,
        };
        self.append(batch, chance)?;
        Ok(())
    }

    /// The person behind a slot, as the journal knows them. A slot that the journal does not know opens nothing.
    fn session_of(&self, slot: &Slot, keys: PersonKeys) -> Result<Session> {
        let row: Option<(String, String, String, String, bool)> = self
            .conn()?
            .prepare_cached(
                "SELECT login, printed_name, role, key, disabled IS NOT NULL FROM person WHERE person = ?1",
            )?
            .query_row([&slot.user], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            })
            .optional()?;
        let Some((login, printed_name, role, key, disabled)) = row else {
            return Err(StoreError::WrongPassword { wait_seconds: 0 });
        };
        if disabled {
            return Err(StoreError::Disabled);
        }
        if key != keys.signing.public().to_openssh() {
            return Err(StoreError::Damaged { what: "person" });
        }
        let role: Role = serde_json::from_str(&role).map_err(|_| StoreError::Damaged { what: "role" })?;
        Ok(Session {
            store: self.header.store,
            person: slot.user.clone(),
            login,
            printed_name,
            role,
            keys,
        })
    }

    pub(crate) fn device_body(&self, act: Act, moment: Moment, stamp: &Stamp) -> Result<Body> {
        Ok(Body {
            v: FORMAT,
            actor: Actor::Device,
            role: None,
            act,
            reason: None,
            moment,
            study: self.study_tag()?,
            criteria: stamp.criteria.clone(),
            refs: Vec::new(),
        })
    }

    /// What was tried while the file was locked becomes entries, at the time it was tried.
    fn report_attempts(&mut self, opened: &str, stamp: &Stamp, chance: &mut dyn Chance) -> Result<()> {
        if self.access != Access::Writable || self.attempts.0.is_empty() {
            return Ok(());
        }
        let log = self.writable()?.record.log.clone();
        let mut told = Vec::new();
        for attempt in self.attempts.0.iter().filter(|attempt| !attempt.imported) {
            let slot = self.header.body.slots.iter().find(|slot| slot.id == attempt.slot);
            let tried = slot.map(|slot| (slot.login.clone(), "unlock"));
            if let Some((login, at)) = tried.or(attempt.strayed().map(|at| (String::new(), at))) {
                let at = at.into();
                let failed = Act::LoginFailed { login, at };
                let body = self.device_body(failed, attempt.moment(), stamp)?;
                told.push((attempt.save_id(&log), body));
            }
        }
        // An opening that was cut short may have told the first of them already.
        while let Some((id, _)) = told.first() {
            let id = *id;
            if let Some(saved) = self.find(&id)? {
                let known = usize::try_from(saved.last_seq - saved.first_seq + 1).unwrap_or(usize::MAX);
                told.drain(..known.min(told.len()));
                continue;
            }
            let bodies = told.drain(..).map(|(_, body)| body).collect();
            let batch = Batch {
                id,
                bodies,
                noted: Vec::new(),
                header: None,
                signing: None,
            };
            self.append(batch, chance)?;
        }
        self.attempts.told();
        self.attempts.forgive(opened);
        self.write_attempts()
    }

    pub(crate) fn write_attempts(&mut self) -> Result<()> {
        if self.access == Access::Writable {
            self.attempts.write(self.conn()?)
        } else {
            Ok(())
        }
    }
}
