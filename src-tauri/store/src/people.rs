//! Slots and the people behind them. Every change of the header is an entry in the same step.

use rusqlite::OptionalExtension as _;
use secrecy::SecretString;
use study::act::{Act, Actor, Body, FORMAT, PersonId, Reason, Role};

use crate::{
    args::{Chance, NewPerson, Stamp, make_bytes},
    create::{folded, make_newcomer},
    error::{Result, StoreError},
    file::SiteFile,
    header::HeaderBody,
    keys::KdfCost,
    ledger::HOME,
    recovery::RecoveryCode,
    session::Session,
    slots::{RecoverySlot, Slot, SlotOwner},
    transact::Batch,
};

impl SiteFile {
    pub(crate) fn body_of(&self, session: &Session, act: Act, reason: Option<Reason>, stamp: &Stamp) -> Result<Body> {
        Ok(Body {
            v: FORMAT,
            actor: Actor::Person(session.person.clone()),
            role: Some(session.role),
            act,
            reason,
            moment: stamp.moment.clone(),
            study: self.study_tag()?,
            criteria: stamp.criteria.clone(),
            refs: Vec::new(),
        })
    }

    pub(crate) fn needs_administrator(&self, session: &Session) -> Result<()> {
        self.still_holds(session)?;
        if session.role == Role::Administrator {
            Ok(())
        } else {
            Err(StoreError::NotAdministrator)
        }
    }

    pub(crate) fn cost_fits(&self, cost: KdfCost) -> Result<()> {
        if cost.allowed(self.synthetic()) {
            Ok(())
        } else {
            Err(StoreError::KdfBounds)
        }
    }

    /// Refuses a log-in name that is or ever was somebody's.
    pub(crate) fn login_free(&self, login: &str) -> Result<()> {
        let login = folded(login);
        let mut names = self
            .conn()?
            .prepare_cached("SELECT login FROM person WHERE site = ?1")?;
        let mut names = names.query([HOME])?;
        while let Some(row) = names.next()? {
            if folded(&row.get::<_, String>(0)?) == login {
                return Err(StoreError::LoginTaken);
            }
        }
        if login.is_empty() {
            Err(StoreError::LoginTaken)
        } else {
            Ok(())
        }
    }

    /// The header's body without slots that the journal does not know: left by a step that did not finish, or put there
    /// by somebody else.
    pub(crate) fn known_slots(&self) -> Result<HeaderBody> {
        let mut body = self.header.body.clone();
        let mut known = Vec::with_capacity(body.slots.len());
        for slot in body.slots.drain(..) {
            let sealing: Option<String> = self
                .conn()?
                .prepare_cached("SELECT sealing FROM person WHERE person = ?1 AND disabled IS NULL")?
                .query_row([&slot.user], |row| row.get(0))
                .optional()?;
            if sealing.is_some() && sealing == slot.x25519_pub.array().map(|key| proof::Digest(key).to_string()) {
                known.push(slot);
            }
        }
        body.slots = known;
        Ok(body)
    }

    pub(crate) fn append_with_header(
        &mut self,
        session: &Session,
        body: Body,
        header: HeaderBody,
        chance: &mut dyn Chance,
    ) -> Result<()> {
        let header = self.header.next(header, &self.dek)?;
        let signing = Some(&session.keys.signing);
        let batch = Batch {
            id: make_bytes(chance),
            bodies: vec![body],
            noted: Vec::new(),
            header: Some(header),
            signing,
        };
        self.append(batch, chance)?;
        Ok(())
    }

    /// Adds a person: a slot under their own password, and the entry.
    ///
    /// # Errors
    /// Not an administrator, read-only, log-in name taken, cost out of bounds, no room, or the save failed.
    pub fn add_person(
        &mut self,
        administrator: &Session,
        person: &NewPerson,
        cost: KdfCost,
        stamp: &Stamp,
        chance: &mut dyn Chance,
    ) -> Result<PersonId> {
        self.writable()?;
        self.needs_administrator(administrator)?;
        self.cost_fits(cost)?;
        self.login_free(&person.login)?;
        let newcomer = make_newcomer(&self.header.store, person, &self.dek, cost, chance)?;
        let mut header = self.known_slots()?;
        header.slots.push(newcomer.slot);
        let body = self.body_of(administrator, newcomer.act, None, stamp)?;
        self.append_with_header(administrator, body, header, chance)?;
        Ok(newcomer.session.person)
    }

    /// Gives the person of a session a new password; the keys stay.
    ///
    /// # Errors
    /// The old password is wrong, read-only, cost out of bounds, or the save failed.
    pub fn change_password(
        &mut self,
        session: &Session,
        (old, new): (&SecretString, &SecretString),
        cost: KdfCost,
        stamp: &Stamp,
        chance: &mut dyn Chance,
    ) -> Result<()> {
        self.writable()?;
        self.still_holds(session)?;
        self.cost_fits(cost)?;
        let proven = self.authenticate(&session.login, old, stamp, chance)?;
        let mut header = self.known_slots()?;
        let owner = SlotOwner {
            store: &self.header.store,
            person: &proven.person,
            login: &proven.login,
            label: &proven.printed_name,
        };
        let fresh = Slot::make(&owner, &proven.keys, &self.dek, (new, cost), chance)?;
        for slot in header.slots.iter_mut().filter(|slot| slot.user == proven.person) {
            *slot = fresh.clone();
        }
        let act = Act::PasswordChanged {
            person: proven.person.clone(),
        };
        let body = self.body_of(&proven, act, None, stamp)?;
        self.append_with_header(&proven, body, header, chance)
    }

    /// Ends a person's access. The last active administrator stays.
    ///
    /// # Errors
    /// Not an administrator, read-only, nobody of that name or the last administrator ([`StoreError::NotThisFile`]), or
    /// the save failed.
    pub fn disable_person(
        &mut self,
        administrator: &Session,
        person: &PersonId,
        reason: Reason,
        stamp: &Stamp,
        chance: &mut dyn Chance,
    ) -> Result<()> {
        self.writable()?;
        self.needs_administrator(administrator)?;
        let left: i64 = self.conn()?.query_row(
            "SELECT count(*) FROM person WHERE disabled IS NULL AND role = '\"administrator\"' AND person <> ?1
             AND site = ?2",
            rusqlite::params![person, HOME],
            |row| row.get(0),
        )?;
        let active: Option<bool> = self
            .conn()?
            .query_row(
                "SELECT disabled IS NULL FROM person WHERE person = ?1",
                [person],
                |row| row.get(0),
            )
            .optional()?;
        if left == 0 || active != Some(true) {
            return Err(StoreError::NotThisFile);
        }
        let mut header = self.known_slots()?;
        header.slots.retain(|slot| slot.user != *person);
        let body = self.body_of(
            administrator,
            Act::PersonDisabled { person: person.clone() },
            Some(reason),
            stamp,
        )?;
        self.append_with_header(administrator, body, header, chance)
    }

    /// Replaces the recovery code: the old one opens nothing any more (in this file; not in copies of it).
    ///
    /// # Errors
    /// Not an administrator, read-only, or the save failed.
    pub fn replace_recovery_code(
        &mut self,
        administrator: &Session,
        stamp: &Stamp,
        chance: &mut dyn Chance,
    ) -> Result<RecoveryCode> {
        self.writable()?;
        self.needs_administrator(administrator)?;
        let (code, secret) = RecoveryCode::make(chance)?;
        let mut header = self.known_slots()?;
        header.recovery = vec![RecoverySlot::make(&self.header.store, &secret, &self.dek, chance)?];
        let body = self.body_of(administrator, Act::RecoveryCodeReplaced {}, None, stamp)?;
        self.append_with_header(administrator, body, header, chance)?;
        Ok(code)
    }
}
