//! A new file: under a passing name, synced, closed, renamed, opened again.

use std::path::{Path, PathBuf};

use proof::SigningKey;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use secrecy::{ExposeSecret as _, SecretString};
use study::act::{Act, Actor, Body, FORMAT, Role};
use zeroize::Zeroizing;

use crate::{
    args::{Chance, NewPerson, NewSite, make_bytes, make_name},
    device::{DeviceKeys, DeviceRecord},
    error::{Result, StoreError},
    file::SiteFile,
    header::{Header, HeaderBody, as_uuid_v4},
    keys::{self, KdfCost, Secret},
    names,
    open::{self, Content},
    recovery::RecoveryCode,
    session::Session,
    slots::{PersonKeys, RecoverySlot, Slot, SlotOwner},
    transact::{Tip, insert, plan},
    vfs,
};

/// A person about to enter the file: entry, slot and session of one and the same keys.
pub(crate) struct Newcomer {
    pub(crate) act: Act,
    pub(crate) slot: Slot,
    pub(crate) session: Session,
}

/// Makes keys and a slot for a person.
pub(crate) fn make_newcomer(
    store: &[u8; 16],
    person: &NewPerson,
    dek: &Secret,
    cost: KdfCost,
    chance: &mut dyn Chance,
) -> Result<Newcomer> {
    let keys = PersonKeys::make(chance)?;
    let id = make_name('p', chance);
    let owner = SlotOwner {
        store,
        person: &id,
        login: &person.login,
        label: &person.printed_name,
    };
    let slot = Slot::make(&owner, &keys, dek, (&person.password, cost), chance)?;
    let act = Act::PersonAdded {
        person: id.clone(),
        login: person.login.clone(),
        printed_name: person.printed_name.clone(),
        role: person.role,
        key: keys.signing.public().to_openssh(),
        sealing: proof::Digest(keys.sealing_public()?).to_string(),
        identity_verified: person.identity_verified.clone(),
    };
    let session = Session {
        store: *store,
        person: id,
        login: person.login.clone(),
        printed_name: person.printed_name.clone(),
        role: person.role,
        keys,
    };
    Ok(Newcomer { act, slot, session })
}

/// Everything that a new file is made of, before any file exists.
struct Birth {
    header: Header,
    dek: Secret,
    site_seed: Zeroizing<[u8; 32]>,
    record: DeviceRecord,
    newcomer: Newcomer,
    code: RecoveryCode,
}

impl Birth {
    fn of(site: &NewSite, cost: KdfCost, chance: &mut dyn Chance) -> Result<Self> {
        if !cost.allowed(site.synthetic) {
            return Err(StoreError::KdfBounds);
        }
        if site.practice_password.is_some() && !site.synthetic {
            return Err(StoreError::PracticePassword);
        }
        let store = as_uuid_v4(make_bytes(chance));
        let dek = Secret::make(chance);
        let newcomer = make_newcomer(&store, &site.administrator, &dek, cost, chance)?;
        let (code, secret) = RecoveryCode::make(chance)?;
        let mut body = HeaderBody::new(site.synthetic, site.practice_password.clone());
        body.slots.push(newcomer.slot.clone());
        body.recovery.push(RecoverySlot::make(&store, &secret, &dek, chance)?);
        let blank = Header::new(store, body);
        let body = blank.next(blank.body.clone(), &dek)?;
        let record = DeviceRecord::new(make_name('l', chance), make_bytes(chance));
        let site_seed = Zeroizing::new(make_bytes(chance));
        Ok(Self {
            header: Header::new(store, body),
            dek,
            site_seed,
            record,
            newcomer,
            code,
        })
    }

    fn bodies(&self, site: &NewSite, device: &str) -> Vec<Body> {
        let NewSite {
            kind,
            site: code,
            name,
            study,
            synthetic,
            stamp,
            age,
            ..
        } = site;
        let created = Act::SiteCreated {
            kind: *kind,
            store: self.header.store_text(),
            site: code.clone(),
            name: name.clone(),
            study: study.oid.clone(),
            key: SigningKey::from_seed(&self.site_seed).public().to_openssh(),
            recipient: age.recipient.clone(),
            synthetic: *synthetic,
        };
        let opened = Act::LogOpened {
            log: self.record.log.clone(),
            device: device.to_owned(),
            key: self.record.signing().public().to_openssh(),
            continues: None,
            beside: false,
        };
        let installed = Act::StudyInstalled {
            study: study.oid.clone(),
            version: study.version.clone(),
            sha256: study.sha256.clone(),
        };
        let body = |act| Body {
            v: FORMAT,
            actor: Actor::Person(self.newcomer.session.person.clone()),
            role: Some(Role::Administrator),
            act,
            reason: None,
            moment: stamp.moment.clone(),
            study: format!("{}@{}", study.oid, study.version),
            criteria: stamp.criteria.clone(),
            refs: Vec::new(),
        };
        [created, opened, installed, self.newcomer.act.clone()]
            .into_iter()
            .map(body)
            .collect()
    }

    /// Header, key, schema, first save; synced and closed.
    fn write(&self, path: &Path, site: &NewSite, device: &str, chance: &mut dyn Chance) -> Result<()> {
        let conn = open::connect_new(path)?;
        vfs::header_write(&conn, 0, &self.header.whole()?)?;
        open::key(&conn, &self.dek, Content::None)?;
        open::lay_out(&conn)?;
        let bodies = self.bodies(site, device);
        let tip = Tip {
            no: 1,
            log: &self.record.log,
            seq: 0,
            head: proof::genesis(&self.record.log),
        };
        let planned = plan(
            &tip,
            &make_bytes(chance),
            &bodies,
            &self.newcomer.session.keys.signing,
            chance,
        )?;
        let tx = Transaction::new_unchecked(&conn, TransactionBehavior::Immediate)?;
        insert(&tx, &planned, &bodies)?;
        self.beside_the_journal(&tx, site)?;
        SiteFile::note_home_log(&tx, &self.record.log)?;
        tx.commit()?;
        conn.close().map_err(|(_, error)| error.into())
    }

    fn beside_the_journal(&self, tx: &Connection, site: &NewSite) -> Result<()> {
        tx.execute(
            "INSERT INTO meta (name, value) VALUES ('store', ?1)",
            [self.header.store_text()],
        )?;
        SiteFile::note_header(tx, &self.header.body)?;
        let seed = Zeroizing::new(proof::Digest(*self.site_seed).to_string());
        let mut secret = tx.prepare("INSERT INTO secret (name, value) VALUES (?1, ?2)")?;
        secret.execute(params!["site-signing-seed", seed.as_str()])?;
        secret.execute(params!["age-identity", site.age.identity.expose_secret()])?;
        for file in &site.definition {
            tx.execute(
                "INSERT INTO definition (study, version, name, bytes) VALUES (?1, ?2, ?3, ?4)",
                params![site.study.oid, site.study.version, file.name, file.bytes],
            )?;
        }
        Ok(())
    }
}

pub(crate) fn passing_name(path: &Path, chance: &mut dyn Chance) -> Result<PathBuf> {
    let mut name = path.file_name().ok_or(StoreError::NotASiteFile)?.to_owned();
    name.push(format!(".new-{:08x}", u32::from_be_bytes(make_bytes(chance))));
    Ok(path.with_file_name(name))
}

impl SiteFile {
    /// Creates a file, with its first administrator and its recovery code.
    ///
    /// # Errors
    /// The name exists, the medium or the disk fails, a cost below the floor for a real file, a practice password on a
    /// real file: then there is no file. [`StoreError::Unsettled`]: there is one, which could not be opened; the
    /// administrator's password opens it.
    pub fn create(
        path: &Path,
        mut site: NewSite,
        cost: KdfCost,
        chance: &mut dyn Chance,
        devices: &DeviceKeys,
    ) -> Result<(Self, Session, RecoveryCode)> {
        let path = open::absolute(path)?;
        if path.try_exists()? {
            return Err(StoreError::AlreadyExists);
        }
        site.administrator.role = Role::Administrator;
        let birth = Birth::of(&site, cost, chance)?;
        let passing = passing_name(&path, chance)?;
        let written = birth
            .write(&passing, &site, devices.label(), chance)
            .and_then(|()| devices.keep(&birth.header.store_text(), &birth.record))
            .and_then(|()| names::place(&passing, &path));
        if let Err(error) = written {
            // It never had its name, and nobody has saved anything in it.
            names::forget(&passing);
            return Err(error);
        }
        let Birth {
            dek, newcomer, code, ..
        } = birth;
        // It is there now, with its administrator's password: what fails from here on is opening it.
        let file = Self::under(path, dek, devices).map_err(|error| StoreError::Unsettled(Box::new(error)))?;
        keys::wipe_stack();
        Ok((file, newcomer.session, code))
    }
}

/// Log-in names are one if they differ in case or in spelling of the same letters only.
pub(crate) fn folded(login: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    login.trim().nfkc().collect::<String>().to_lowercase()
}

/// The key of the site, from its table.
pub(crate) fn secret_text(conn: &Connection, name: &str) -> Result<SecretString> {
    let text: String = conn.query_row("SELECT value FROM secret WHERE name = ?1", [name], |row| row.get(0))?;
    Ok(text.into())
}
