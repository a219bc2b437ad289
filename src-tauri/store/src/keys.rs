//! From a password to keys, and from keys to sealed keys. Pure functions over bytes; chance is an argument.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD as B64};
use chacha20poly1305::{
    Key, XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use hkdf::Hkdf;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization as _;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::{Zeroize as _, Zeroizing};

use crate::{
    args::{Chance, make_bytes},
    error::{Result, StoreError},
};

/// 32 secret bytes, wiped on drop. They lie on the heap: what is moved about is their address, and no copy stays behind.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Secret(Box<[u8; 32]>);

impl Secret {
    /// Copies them: the caller's own copy is the caller's to wipe.
    #[cfg(any(test, feature = "bench"))]
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        Self(Box::new(bytes))
    }

    /// From chance, straight into their place.
    pub(crate) fn make(chance: &mut dyn Chance) -> Self {
        let mut made = Self::default();
        chance.fill(made.as_mut_slice());
        made
    }

    fn copied(bytes: &[u8]) -> Option<Self> {
        let mut made = Self::default();
        (bytes.len() == made.0.len()).then(|| made.0.copy_from_slice(bytes))?;
        Some(made)
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [u8] {
        self.0.as_mut_slice()
    }
}

impl std::ops::Deref for Secret {
    type Target = [u8; 32];
    fn deref(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Overwrites the part of the stack that calls just returned from have used: ciphers and curves copy keys there.
#[inline(never)]
pub(crate) fn wipe_stack() {
    let mut below = [0_u8; 128 * 1024];
    below.zeroize();
    std::hint::black_box(&below);
}

/// Cost of Argon2id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KdfCost {
    /// Memory, KiB.
    #[serde(rename = "m")]
    pub memory_kib: u32,
    /// Passes.
    #[serde(rename = "t")]
    pub passes: u32,
    /// Lanes.
    #[serde(rename = "p")]
    pub lanes: u32,
}

impl KdfCost {
    /// 256 MiB, 3 passes, 4 lanes.
    #[must_use]
    pub const fn standard() -> Self {
        Self {
            memory_kib: 256 * 1024,
            passes: 3,
            lanes: 4,
        }
    }

    /// 64 MiB, 3 passes, 4 lanes (RFC 9106, second recommendation): the least for a file with real subjects.
    #[must_use]
    pub const fn floor() -> Self {
        Self {
            memory_kib: 64 * 1024,
            passes: 3,
            lanes: 4,
        }
    }

    /// Next to nothing: synthetic files only.
    #[must_use]
    pub const fn cheap() -> Self {
        Self {
            memory_kib: 64,
            passes: 1,
            lanes: 1,
        }
    }

    /// Bounds for reading and writing: a crafted header must not cost minutes or all memory.
    pub(crate) fn allowed(self, synthetic: bool) -> bool {
        let Self {
            memory_kib,
            passes,
            lanes,
        } = self;
        let floor = if synthetic { Self::cheap() } else { Self::floor() };
        (floor.memory_kib..=2 * 1024 * 1024).contains(&memory_kib)
            && (floor.passes..=20).contains(&passes)
            && (floor.lanes..=16).contains(&lanes)
    }
}

/// Bytes written as base64 without padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&B64.encode(&self.0))
    }
}
impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        B64.decode(text).map(Self).map_err(D::Error::custom)
    }
}
impl Bytes {
    pub(crate) fn array<const N: usize>(&self) -> Option<[u8; N]> {
        self.0.as_slice().try_into().ok()
    }
}

const DERIVED: StoreError = StoreError::Damaged { what: "key" };

/// HKDF-SHA256 without salt.
pub(crate) fn derive(from: &[u8], label: &[&[u8]]) -> Result<Secret> {
    let mut out = Secret::default();
    Hkdf::<Sha256>::new(None, from)
        .expand_multi_info(label, out.as_mut_slice())
        .map_err(|_| DERIVED)?;
    Ok(out)
}

/// Key that wraps a person's secret, from the password.
pub(crate) fn derive_kek(password: &SecretString, salt: &[u8], cost: KdfCost) -> Result<Secret> {
    let password: Zeroizing<String> = Zeroizing::new(password.expose_secret().nfkc().collect());
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).map_err(|_| StoreError::KdfBounds)?;
    let mut out = Secret::default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), salt, out.as_mut_slice())
        .map_err(|_| StoreError::KdfBounds)?;
    derive(out.as_slice(), &[b"cartwright/kek/v1"])
}

fn cipher(key: &Secret) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(**key))
}

/// Encrypts 32 bytes under a key with context.
pub(crate) fn wrap(key: &Secret, nonce: [u8; 24], secret: &Secret, context: &[u8]) -> Result<Bytes> {
    cipher(key)
        .encrypt(
            &XNonce::from(nonce),
            Payload {
                msg: secret.as_slice(),
                aad: context,
            },
        )
        .map(Bytes)
        .map_err(|_| DERIVED)
}

/// Undoes [`wrap`]; `None`: wrong key or altered.
pub(crate) fn unwrap(key: &Secret, nonce: [u8; 24], wrapped: &Bytes, context: &[u8]) -> Option<Secret> {
    let plain = cipher(key)
        .decrypt(
            &XNonce::from(nonce),
            Payload {
                msg: &wrapped.0,
                aad: context,
            },
        )
        .ok()?;
    let plain = Zeroizing::new(plain);
    Secret::copied(&plain)
}

/// The file's key, sealed to a public key. The key is fresh every time, so the nonce is constant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sealed {
    epk: Bytes,
    ct: Bytes,
}

fn seal_key(shared: &[u8], ephemeral: &PublicKey, to: &PublicKey) -> Result<Secret> {
    derive(shared, &[b"cartwright/seal/v1", ephemeral.as_bytes(), to.as_bytes()])
}

/// Seals 32 bytes to an X25519 public key: ephemeral key, HKDF over both public keys, XChaCha20-Poly1305.
pub(crate) fn seal(secret: &Secret, to: &[u8; 32], context: &[u8], chance: &mut dyn Chance) -> Result<Sealed> {
    let ephemeral = StaticSecret::from(make_bytes::<32>(chance));
    let epk = PublicKey::from(&ephemeral);
    let to = PublicKey::from(*to);
    let shared = ephemeral.diffie_hellman(&to);
    if !shared.was_contributory() {
        return Err(DERIVED);
    }
    let key = seal_key(shared.as_bytes(), &epk, &to)?;
    Ok(Sealed {
        epk: Bytes(epk.to_bytes().to_vec()),
        ct: wrap(&key, [0; 24], secret, context)?,
    })
}

/// Opens what was sealed to this secret's public key.
pub(crate) fn unseal(sealed: &Sealed, own: &Secret, context: &[u8]) -> Option<Secret> {
    let own = StaticSecret::from(**own);
    let epk = PublicKey::from(sealed.epk.array::<32>()?);
    let shared = own.diffie_hellman(&epk);
    if !shared.was_contributory() {
        return None;
    }
    let key = seal_key(shared.as_bytes(), &epk, &PublicKey::from(&own)).ok()?;
    unwrap(&key, [0; 24], &sealed.ct, context)
}

/// X25519 public key of a secret.
pub(crate) fn x25519_public(secret: &Secret) -> [u8; 32] {
    PublicKey::from(&StaticSecret::from(**secret)).to_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting(u8);
    impl Chance for Counting {
        fn fill(&mut self, bytes: &mut [u8]) {
            for byte in bytes {
                self.0 = self.0.wrapping_add(1);
                *byte = self.0;
            }
        }
    }

    #[test]
    fn sealed_to_one_opens_for_that_one_in_that_context_only() {
        let own = Secret::new([7; 32]);
        let secret = Secret::new([9; 32]);
        let sealed = seal(&secret, &x25519_public(&own), b"here", &mut Counting(0)).unwrap();
        assert_eq!(unseal(&sealed, &own, b"here").unwrap(), secret);
        assert!(unseal(&sealed, &own, b"there").is_none());
        assert!(unseal(&sealed, &Secret::new([8; 32]), b"here").is_none());
        let low_order = Sealed {
            epk: Bytes(vec![0; 32]),
            ct: sealed.ct,
        };
        assert!(unseal(&low_order, &own, b"here").is_none());
    }

    #[test]
    fn the_password_is_normalised_and_never_cut() {
        let kek = |text: &str| derive_kek(&text.to_owned().into(), &[1; 16], KdfCost::cheap()).unwrap();
        assert_eq!(kek("e\u{301}"), kek("\u{e9}"));
        let long = "x".repeat(300);
        assert_ne!(kek(&long), kek(&format!("{long}y")));
        assert_ne!(kek("Password"), kek("password"));
    }

    #[test]
    fn cost_has_a_floor_for_real_files_and_a_ceiling_for_all() {
        assert!(KdfCost::standard().allowed(false) && KdfCost::floor().allowed(false));
        assert!(!KdfCost::cheap().allowed(false) && KdfCost::cheap().allowed(true));
        for cost in [
            KdfCost {
                memory_kib: 2 * 1024 * 1024 + 1,
                ..KdfCost::standard()
            },
            KdfCost {
                passes: 21,
                ..KdfCost::standard()
            },
            KdfCost {
                lanes: 17,
                ..KdfCost::standard()
            },
            KdfCost {
                lanes: 3,
                ..KdfCost::standard()
            },
        ] {
            assert!(!cost.allowed(false), "{cost:?}");
        }
        assert!(
            !KdfCost {
                memory_kib: u32::MAX,
                ..KdfCost::standard()
            }
            .allowed(true)
        );
    }
}
