//! One slot per person: the password opens the person's secret, the secret opens the file's key and signs.

use proof::SigningKey;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use study::act::PersonId;

use crate::{
    args::{Chance, make_bytes},
    error::{Result, StoreError},
    keys::{self, Bytes, KdfCost, Sealed, Secret},
};

/// One person's way in. Everything here stands in the open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Slot {
    /// 16 hex digits.
    pub(crate) id: String,
    pub(crate) user: PersonId,
    pub(crate) login: String,
    /// Printed name, for the list of names.
    pub(crate) label: String,
    pub(crate) kdf: Kdf,
    wrap: Wrap,
    pub(crate) x25519_pub: Bytes,
    dek_sealed: Sealed,
}

/// A slot as it leaves the file: everything but the file's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BareSlot {
    pub(crate) id: String,
    pub(crate) user: PersonId,
    pub(crate) login: String,
    pub(crate) label: String,
    kdf: Kdf,
    wrap: Wrap,
    pub(crate) x25519_pub: Bytes,
}

/// How the password becomes a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kdf {
    alg: KdfAlg,
    pub(crate) cost: KdfCost,
    salt: Bytes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum KdfAlg {
    /// Version 0x13.
    #[serde(rename = "argon2id")]
    Argon2id,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrap {
    alg: WrapAlg,
    nonce: Bytes,
    ct: Bytes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum WrapAlg {
    #[serde(rename = "xc20p")]
    XChaCha20Poly1305,
}

/// The way in by the recovery code: it seals the file's key, and signs nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecoverySlot {
    pub(crate) id: String,
    pub(crate) x25519_pub: Bytes,
    dek_sealed: Sealed,
}

/// What a person's secret yields.
pub(crate) struct PersonKeys {
    secret: Secret,
    pub(crate) signing: SigningKey,
}

impl PersonKeys {
    fn of(secret: Secret) -> Result<Self> {
        let signing = SigningKey::from_seed(&*Self::seed(&secret)?);
        Ok(Self { secret, signing })
    }

    fn seed(secret: &Secret) -> Result<Secret> {
        keys::derive(secret.as_slice(), &[b"cartwright/ed25519/v1"])
    }

    /// New secret, new keys.
    pub(crate) fn make(chance: &mut dyn Chance) -> Result<Self> {
        Self::of(Secret::make(chance))
    }

    /// For the test that looks for it.
    #[cfg(test)]
    pub(crate) fn secret_bytes(&self) -> &[u8] {
        self.secret.as_slice()
    }

    /// For the test that looks for it.
    #[cfg(test)]
    pub(crate) fn signing_seed(&self) -> Result<Secret> {
        Self::seed(&self.secret)
    }

    fn x25519(&self) -> Result<Secret> {
        keys::derive(self.secret.as_slice(), &[b"cartwright/x25519/v1"])
    }

    /// Public key to which the file's key is sealed.
    pub(crate) fn sealing_public(&self) -> Result<[u8; 32]> {
        Ok(keys::x25519_public(&self.x25519()?))
    }
}

/// Whose slot, in which file.
pub(crate) struct SlotOwner<'a> {
    pub(crate) store: &'a [u8; 16],
    pub(crate) person: &'a PersonId,
    pub(crate) login: &'a str,
    pub(crate) label: &'a str,
}

fn context(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = b"cartwright-slot-v1".to_vec();
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

fn user_context(store: &[u8; 16], id: &str, person: &str, cost: KdfCost) -> Vec<u8> {
    let cost: Vec<u8> = [cost.memory_kib, cost.passes, cost.lanes]
        .iter()
        .flat_map(|n| n.to_be_bytes())
        .collect();
    context(&[store, id.as_bytes(), person.as_bytes(), b"user", &cost])
}

fn seal_context(store: &[u8; 16], id: &str, kind: &[u8]) -> Vec<u8> {
    context(&[store, id.as_bytes(), kind, b"dek"])
}

fn reseal(to: &Bytes, dek: &Secret, context: &[u8], chance: &mut dyn Chance) -> Result<Sealed> {
    let to = to.array().ok_or(StoreError::Damaged { what: "slot" })?;
    keys::seal(dek, &to, context, chance)
}

fn make_id(chance: &mut dyn Chance) -> String {
    format!("{:016x}", u64::from_be_bytes(make_bytes(chance)))
}

impl Slot {
    /// A slot for a person's keys under a password.
    pub(crate) fn make(
        owner: &SlotOwner<'_>,
        person: &PersonKeys,
        dek: &Secret,
        (password, cost): (&SecretString, KdfCost),
        chance: &mut dyn Chance,
    ) -> Result<Self> {
        let id = make_id(chance);
        let salt = make_bytes::<16>(chance);
        let nonce = make_bytes::<24>(chance);
        let kek = keys::derive_kek(password, &salt, cost)?;
        let ct = keys::wrap(
            &kek,
            nonce,
            &person.secret,
            &user_context(owner.store, &id, owner.person, cost),
        )?;
        let x25519_pub = person.sealing_public()?;
        Ok(Self {
            user: owner.person.clone(),
            login: owner.login.to_owned(),
            label: owner.label.to_owned(),
            kdf: Kdf {
                alg: KdfAlg::Argon2id,
                cost,
                salt: Bytes(salt.to_vec()),
            },
            wrap: Wrap {
                alg: WrapAlg::XChaCha20Poly1305,
                nonce: Bytes(nonce.to_vec()),
                ct,
            },
            x25519_pub: Bytes(x25519_pub.to_vec()),
            dek_sealed: keys::seal(dek, &x25519_pub, &seal_context(owner.store, &id, b"user"), chance)?,
            id,
        })
    }

    /// The person's keys; `Ok(None)`: wrong password.
    pub(crate) fn open(&self, store: &[u8; 16], password: &SecretString) -> Result<Option<PersonKeys>> {
        let kek = keys::derive_kek(password, &self.kdf.salt.0, self.kdf.cost)?;
        let nonce = self.wrap.nonce.array().ok_or(StoreError::Damaged { what: "slot" })?;
        keys::unwrap(
            &kek,
            nonce,
            &self.wrap.ct,
            &user_context(store, &self.id, &self.user, self.kdf.cost),
        )
        .map(PersonKeys::of)
        .transpose()
    }

    /// Seals another file key to the same person.
    pub(crate) fn reseal(&mut self, store: &[u8; 16], dek: &Secret, chance: &mut dyn Chance) -> Result<()> {
        self.dek_sealed = reseal(&self.x25519_pub, dek, &seal_context(store, &self.id, b"user"), chance)?;
        Ok(())
    }

    /// Without the file's key.
    pub(crate) fn bare(&self) -> BareSlot {
        BareSlot {
            id: self.id.clone(),
            user: self.user.clone(),
            login: self.login.clone(),
            label: self.label.clone(),
            kdf: self.kdf.clone(),
            wrap: self.wrap.clone(),
            x25519_pub: self.x25519_pub.clone(),
        }
    }

    /// The file's key.
    pub(crate) fn dek(&self, store: &[u8; 16], person: &PersonKeys) -> Result<Secret> {
        keys::unseal(
            &self.dek_sealed,
            &person.x25519()?,
            &seal_context(store, &self.id, b"user"),
        )
        .ok_or(StoreError::Damaged { what: "slot" })
    }
}

impl BareSlot {
    /// Whether it is of the shape that this crate writes: whatever goes into a header must be read again from it.
    pub(crate) fn well_formed(&self, synthetic: bool) -> bool {
        let id = self.id.len() == 16
            && self
                .id
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        id && self.kdf.cost.allowed(synthetic)
            && self.kdf.salt.array::<16>().is_some()
            && self.wrap.nonce.array::<24>().is_some()
            && self.wrap.ct.array::<48>().is_some()
            && self.x25519_pub.array::<32>().is_some()
    }

    /// A slot of this file: the file's key is sealed to the person's public key.
    pub(crate) fn into_slot(self, store: &[u8; 16], dek: &Secret, chance: &mut dyn Chance) -> Result<Slot> {
        let dek_sealed = reseal(&self.x25519_pub, dek, &seal_context(store, &self.id, b"user"), chance)?;
        Ok(Slot {
            id: self.id,
            user: self.user,
            login: self.login,
            label: self.label,
            kdf: self.kdf,
            wrap: self.wrap,
            x25519_pub: self.x25519_pub,
            dek_sealed,
        })
    }
}

impl RecoverySlot {
    /// Seals the file's key to a recovery secret.
    pub(crate) fn make(store: &[u8; 16], secret: &Secret, dek: &Secret, chance: &mut dyn Chance) -> Result<Self> {
        let id = make_id(chance);
        let x25519_pub = keys::x25519_public(secret);
        let dek_sealed = keys::seal(dek, &x25519_pub, &seal_context(store, &id, b"recovery"), chance)?;
        Ok(Self {
            id,
            x25519_pub: Bytes(x25519_pub.to_vec()),
            dek_sealed,
        })
    }

    /// Seals another file key to the same recovery code.
    pub(crate) fn reseal(&mut self, store: &[u8; 16], dek: &Secret, chance: &mut dyn Chance) -> Result<()> {
        self.dek_sealed = reseal(
            &self.x25519_pub,
            dek,
            &seal_context(store, &self.id, b"recovery"),
            chance,
        )?;
        Ok(())
    }

    /// The file's key; `None`: another code.
    pub(crate) fn dek(&self, store: &[u8; 16], secret: &Secret) -> Option<Secret> {
        keys::unseal(&self.dek_sealed, secret, &seal_context(store, &self.id, b"recovery"))
    }
}
