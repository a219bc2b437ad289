//! Access cards: how a person added on one device comes to log in on another device of the same file.
//!
//! A card carries the person's slot without the file's key: the secret under the password, and the public key. It opens
//! nothing by itself. It counts where the journal vouches for it: an administrator's entry names its hash, the person is
//! known by the same public key and not disabled, and no newer password is known. So what a device has not learned from a
//! bundle it cannot judge: the bundle comes first, then the card.

use std::collections::{HashMap, HashSet};

use proof::{Digest, Namespace, SshSig};
use serde::{Deserialize, Serialize};
use study::act::{Act, Actor, Body, EntryRef, PersonId, Role};

use crate::{
    EntryFilter,
    args::{Chance, Stamp, make_bytes},
    create::folded,
    error::{Result, StoreError},
    file::SiteFile,
    order::in_order,
    read::{PersonRow, from_json},
    session::Session,
    slots::BareSlot,
    transact::Batch,
};

const FORMAT: &str = "cartwright-access-card-v1";

/// What the site's key signs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Card {
    format: String,
    store: String,
    slot: BareSlot,
    /// The entry that set the password.
    password: EntryRef,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    card: Card,
    /// SSHSIG over the canonical card, armoured.
    signature: String,
}

fn refused(what: &'static str) -> StoreError {
    StoreError::AccessCard { what }
}

fn bytes_of<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    proof::canonical(value).map_err(|_| refused("form"))
}

/// Whose password an entry sets.
fn sets_password(body: &Body) -> Option<&PersonId> {
    #[allow(clippy::wildcard_enum_match_arm, reason = "no other act sets a password")]
    match &body.act {
        Act::PersonAdded { person, .. } => Some(person),
        // Nobody changes another's.
        Act::PasswordChanged { person } if body.actor == Actor::Person(person.clone()) => Some(person),
        _ => None,
    }
}

impl SiteFile {
    /// Whether a person has a way in here: added here, in the file that this is a copy of, or by a card.
    #[must_use]
    pub fn logs_in_here(&self, person: &str) -> bool {
        self.header.body.slots.iter().any(|slot| slot.user == person)
    }

    /// Writes a person's way in as a card for another device of this file. The entry that names it is saved before the card
    /// is answered.
    ///
    /// # Errors
    /// Not an administrator, read-only, nobody of that name with a way in here, a newer password known from another device,
    /// or the save failed.
    pub fn write_access_card(
        &mut self,
        administrator: &Session,
        person: &PersonId,
        stamp: &Stamp,
        chance: &mut dyn Chance,
    ) -> Result<Vec<u8>> {
        self.writable()?;
        self.needs_administrator(administrator)?;
        let row = self.one_of_ours(person)?;
        // A slot that the journal does not know is nobody's.
        let slots = self.known_slots()?.slots;
        let slot = slots.iter().find(|slot| slot.user == row.person);
        let slot = slot.ok_or_else(|| refused("no_slot"))?.bare();
        let password = self.password_here(person)?.ok_or_else(|| refused("no_slot"))?;
        if self.newest_password(person)?.as_ref() != Some(&password) {
            return Err(refused("outdated"));
        }
        let card = Card {
            format: FORMAT.to_owned(),
            store: self.store.clone(),
            slot,
            password,
        };
        let signature = self.sign_as_site(Namespace::Access, &bytes_of(&card)?)?.armoured();
        let bytes = bytes_of(&Signed { card, signature })?;
        let act = Act::AccessCardWritten {
            person: person.clone(),
            card: Digest::of(&bytes).to_string(),
        };
        let body = self.body_of(administrator, act, None, stamp)?;
        let batch = Batch {
            id: make_bytes(chance),
            bodies: vec![body],
            noted: Vec::new(),
            header: None,
            signing: Some(&administrator.keys.signing),
        };
        self.append(batch, chance)?;
        Ok(bytes)
    }

    /// Whose card it is, if it is one of this file: its signature is the site's. Nothing more is judged.
    ///
    /// # Errors
    /// Not a card, altered, of another file.
    pub fn read_access_card(&self, bytes: &[u8]) -> Result<PersonId> {
        Ok(self.signed_card(bytes)?.slot.user)
    }

    /// Takes a card in: the file's key is sealed to the person's public key, the slot stands in the header, and an entry says
    /// so. A way in that the person had here is replaced.
    ///
    /// # Errors
    /// Not an administrator, read-only, a card that does not count here ([`StoreError::AccessCard`]), no room, or the save
    /// failed.
    pub fn take_access_card(
        &mut self,
        administrator: &Session,
        bytes: &[u8],
        stamp: &Stamp,
        chance: &mut dyn Chance,
    ) -> Result<PersonId> {
        self.writable()?;
        self.needs_administrator(administrator)?;
        let Card { slot, password, .. } = self.signed_card(bytes)?;
        let row = self.one_of_ours(&slot.user)?;
        let sealing = slot.x25519_pub.array().map(|key| Digest(key).to_string());
        if sealing.as_ref() != Some(&row.sealing) || slot.login != row.login || slot.label != row.printed_name {
            return Err(refused("keys_differ"));
        }
        let hash = Digest::of(bytes).to_string();
        self.announced(&row.person, &hash)?;
        let mut header = self.known_slots()?;
        if let Some(known) = header.slots.iter().find(|known| known.id == slot.id) {
            return Err(refused(if known.user == row.person { "already" } else { "form" }));
        }
        if self.newest_password(&row.person)?.as_ref() != Some(&password) {
            return Err(refused("outdated"));
        }
        header.slots.retain(|known| known.user != row.person);
        let login = folded(&slot.login);
        if header.slots.iter().any(|known| folded(&known.login) == login) {
            return Err(refused("login_taken"));
        }
        let slot = slot.into_slot(&self.header.store, &self.dek, chance)?;
        header.slots.push(slot);
        let act = Act::AccessCardTaken {
            person: row.person.clone(),
            card: hash,
            password,
        };
        let body = self.body_of(administrator, act, None, stamp)?;
        self.append_with_header(administrator, body, header, chance)?;
        Ok(row.person)
    }

    /// A card that a holder of this file's keys made, in the one form there is.
    fn signed_card(&self, bytes: &[u8]) -> Result<Card> {
        let Signed { card, signature } = proof::parse_canonical(bytes).map_err(|_| refused("form"))?;
        if card.format != FORMAT || !card.slot.well_formed(self.synthetic()) {
            return Err(refused("form"));
        }
        if card.store != self.store {
            return Err(refused("other_store"));
        }
        let signature = SshSig::parse(&signature).map_err(|_| refused("form"))?;
        proof::verify(
            &self.site_public_key()?,
            Namespace::Access,
            &bytes_of(&card)?,
            &signature,
        )
        .map_err(|_| refused("signature"))?;
        Ok(card)
    }

    /// A person of this file who may still come.
    fn one_of_ours(&self, person: &str) -> Result<PersonRow> {
        match self.person(person)? {
            Some(row) if row.disabled => Err(refused("disabled")),
            Some(row) if row.home => Ok(row),
            Some(_) | None => Err(refused("unknown_person")),
        }
    }

    /// An administrator of this file wrote in the journal that there is such a card.
    fn announced(&self, person: &str, hash: &str) -> Result<()> {
        let filter = EntryFilter {
            acts: vec!["access_card_written".to_owned()],
            limit: u32::MAX,
            ..EntryFilter::default()
        };
        for entry in self.entries(&filter)? {
            let Some(Body { act, actor, .. }) = entry.body else {
                continue;
            };
            let Act::AccessCardWritten { person: whose, card } = act else {
                continue;
            };
            if whose == person && card == hash && self.administrates(&actor)? {
                return Ok(());
            }
        }
        Err(refused("unannounced"))
    }

    fn administrates(&self, actor: &Actor) -> Result<bool> {
        Ok(match actor {
            Actor::Device => false,
            Actor::Person(person) => self
                .person(person)?
                .is_some_and(|row| row.home && row.role == Role::Administrator),
        })
    }

    /// The entry that set the password which opens this file for a person.
    fn password_here(&self, person: &str) -> Result<Option<EntryRef>> {
        let here: HashMap<String, u64> = self.written_here()?.into_iter().collect();
        let mut last = None;
        self.each_in_order(&mut |at, body| {
            if here.get(&at.log).is_none_or(|upto| at.seq > *upto) {
                return;
            }
            #[allow(clippy::wildcard_enum_match_arm, reason = "no other act gives somebody a slot")]
            match &body.act {
                Act::AccessCardTaken {
                    person: whose,
                    password,
                    ..
                } if whose == person => last = Some(password.clone()),
                _ if sets_password(body).is_some_and(|whose| whose == person) => last = Some(at),
                _ => {}
            }
        })?;
        Ok(last)
    }

    /// The entry that last set a person's password on any device, as far as it is known here.
    fn newest_password(&self, person: &str) -> Result<Option<EntryRef>> {
        let mut last = None;
        self.each_in_order(&mut |at, body| {
            if sets_password(body).is_some_and(|whose| whose == person) {
                last = Some(at);
            }
        })?;
        Ok(last)
    }

    /// Every entry of this file's logs that has to do with passwords, in the one order of all logs.
    fn each_in_order(&self, each: &mut dyn FnMut(EntryRef, &Body)) -> Result<()> {
        let ours: HashSet<_> = self
            .logs()?
            .into_iter()
            .filter(|log| log.home)
            .map(|log| log.log)
            .collect();
        let acts = ["person_added", "password_changed", "access_card_taken"].map(|act| format!("\"type\":\"{act}\""));
        in_order(self.conn()?, &mut |entry| {
            let Some(said) = entry
                .said()
                .filter(|said| acts.iter().any(|act| said.contains(act.as_str())))
            else {
                return Ok(());
            };
            let at = self.entry_ref(entry.key.to_sql())?;
            if ours.contains(&at.log) {
                each(at, &from_json(said, "body")?);
            }
            Ok(())
        })
    }
}
