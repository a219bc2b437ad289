//! The 64 KiB before the database: who may try to open the file, in the open, in two alternating copies.
//!
//! Invariants. A write goes to the area that does not hold the newest valid record. A failing read is a failure, never
//! "no record there". Nothing in the header is trusted before its MAC, keyed from the file's key, has been compared.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::{
    error::{Result, StoreError},
    keys::{self, Bytes, Secret},
    slots::{RecoverySlot, Slot},
    vfs::{self, HEADER_LEN},
};

const MAGIC: &[u8; 16] = b"CARTWRIGHT SITE\0";
const VERSION: u32 = 1;
const NOTE: &[u8] = b"Encrypted site file of Cartwright. Do not edit. Take a file ending in -cwjrnl along with it.";
const FIXED: usize = 4096;
const FIXED_SUM: usize = FIXED - 32;
const AREAS: [usize; 2] = [4096, 32_768];
const AREA: usize = 28_672;
/// Where the areas end and the wrong passwords begin.
const ATTEMPTS: usize = 61_440;
/// Generation (8), length (4), hash (32).
const FRAME: usize = 8 + 4 + 32;
/// More slots than this are not read.
const MOST_SLOTS: usize = 64;

/// What an area holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HeaderBody {
    v: u32,
    pub(crate) generation: u64,
    pub(crate) synthetic: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) practice_password: Option<String>,
    pub(crate) slots: Vec<Slot>,
    pub(crate) recovery: Vec<RecoverySlot>,
    /// HMAC-SHA256 over the body without this field; empty while it is computed.
    mac: Bytes,
}

impl HeaderBody {
    pub(crate) fn new(synthetic: bool, practice_password: Option<String>) -> Self {
        Self {
            v: VERSION,
            generation: 0,
            synthetic,
            practice_password,
            slots: Vec::new(),
            recovery: Vec::new(),
            mac: Bytes(Vec::new()),
        }
    }

    fn mac(&self, dek: &Secret) -> Result<[u8; 32]> {
        let key = keys::derive(dek.as_slice(), &[b"cartwright/header-mac/v1"])?;
        let bare = Self {
            mac: Bytes(Vec::new()),
            ..self.clone()
        };
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_slice()).map_err(|_| DAMAGED)?;
        mac.update(&canonical(&bare)?);
        Ok(mac.finalize().into_bytes().into())
    }

    /// Whether the holder of the file's key wrote this.
    pub(crate) fn is_ours(&self, dek: &Secret) -> Result<bool> {
        Ok(bool::from(self.mac(dek)?.as_slice().ct_eq(&self.mac.0)))
    }

    /// SHA-256 over the canonical body, as kept in the database.
    pub(crate) fn digest(&self) -> Result<[u8; 32]> {
        Ok(Sha256::digest(canonical(self)?).into())
    }

    fn within_limits(&self) -> bool {
        self.v == VERSION
            && self.slots.len() <= MOST_SLOTS
            && self.recovery.len() <= MOST_SLOTS
            && self.slots.iter().all(|slot| slot.kdf.cost.allowed(self.synthetic))
            && (self.synthetic || self.practice_password.is_none())
    }
}

const DAMAGED: StoreError = StoreError::Damaged { what: "header" };

fn canonical(body: &HeaderBody) -> Result<Vec<u8>> {
    proof::canonical(body).map_err(|_| DAMAGED)
}

fn area_bytes(body: &HeaderBody) -> Result<Vec<u8>> {
    let json = canonical(body)?;
    if json.len() + FRAME > AREA || body.slots.len() > MOST_SLOTS {
        return Err(StoreError::TooManySlots);
    }
    let mut bytes = body.generation.to_le_bytes().to_vec();
    bytes.extend_from_slice(&(json.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&json);
    let sum = Sha256::digest(&bytes);
    bytes.extend_from_slice(&sum);
    bytes.resize(AREA, 0);
    Ok(bytes)
}

/// The record of an area and the bytes behind it, which carry nothing; `None`: nothing valid there (never written,
/// torn, or beyond the limits).
fn read_area(bytes: &[u8]) -> Option<(HeaderBody, &[u8])> {
    let generation = u64::from_le_bytes(bytes.get(..8)?.try_into().ok()?);
    let len = u32::from_le_bytes(bytes.get(8..12)?.try_into().ok()?) as usize;
    let end = len.checked_add(12)?;
    let json = bytes.get(12..end)?;
    let sum = bytes.get(end..end.checked_add(32)?)?;
    if Sha256::digest(bytes.get(..end)?).as_slice() != sum {
        return None;
    }
    let body: HeaderBody = proof::parse_canonical(json).ok()?;
    let rest = bytes.get(end + 32..)?;
    (body.generation == generation && generation > 0 && body.within_limits()).then_some((body, rest))
}

fn zero(bytes: &[u8]) -> bool {
    static ZEROES: [u8; AREA] = [0; AREA];
    ZEROES.get(..bytes.len()) == Some(bytes)
}

/// An area that was written and does not read: torn by a power loss while it was rewritten, or altered.
pub(crate) const COPY_TORN: &str = "header_copy_torn";
/// Bytes that carry nothing and are not zero.
pub(crate) const SPARE: &str = "header_spare";

/// What a header holds beside its newest record. Nothing depends on it; a check tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Beside {
    /// The record before the newest.
    pub(crate) before: Option<HeaderBody>,
    /// [`COPY_TORN`], [`SPARE`].
    pub(crate) odd: Vec<&'static str>,
}

/// The header of an open file.
#[derive(Clone)]
pub(crate) struct Header {
    pub(crate) store: [u8; 16],
    pub(crate) body: HeaderBody,
    /// Index of the area the body was read from.
    area: usize,
    pub(crate) beside: Beside,
}

impl Header {
    /// A new header under a new file identifier, generation 1.
    pub(crate) fn new(store: [u8; 16], body: HeaderBody) -> Self {
        Self {
            store,
            body,
            area: 1,
            beside: Beside::default(),
        }
    }

    /// All 64 KiB, for a new file or a copy: one area is enough.
    pub(crate) fn whole(&self) -> Result<Vec<u8>> {
        let mut bytes = self.fixed();
        bytes.extend_from_slice(&area_bytes(&self.body)?);
        bytes.resize(HEADER_LEN, 0);
        Ok(bytes)
    }

    /// The part that never changes: what the file is, and its identifier.
    pub(crate) fn fixed(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&(HEADER_LEN as u32).to_le_bytes());
        bytes.extend_from_slice(&self.store);
        bytes.extend_from_slice(NOTE);
        bytes.resize(FIXED_SUM, 0);
        let sum = Sha256::digest(&bytes);
        bytes.extend_from_slice(&sum);
        bytes
    }

    /// Reads the header through the connection.
    /// Errors: not a site file, newer format, damaged, or the disk's.
    pub(crate) fn read(conn: &Connection) -> Result<Self> {
        let mut bytes = vec![0; ATTEMPTS];
        vfs::header_read(conn, 0, &mut bytes)?;
        Self::parse(&bytes)
    }

    /// The header in its bytes. Pure: nothing is asked of the disk.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self> {
        let store = read_fixed(bytes.get(..FIXED).ok_or(StoreError::Truncated)?)?;
        let mut newest: Option<(usize, HeaderBody)> = None;
        let mut beside = Beside::default();
        for (area, at) in AREAS.into_iter().enumerate() {
            let bytes = bytes.get(at..at + AREA).ok_or(StoreError::Truncated)?;
            let Some((body, rest)) = read_area(bytes) else {
                if !zero(bytes) {
                    beside.odd.push(COPY_TORN);
                }
                continue;
            };
            if !zero(rest) {
                beside.odd.push(SPARE);
            }
            match &newest {
                Some((_, known)) if known.generation >= body.generation => beside.before = Some(body),
                Some(_) | None => beside.before = newest.replace((area, body)).map(|(_, older)| older),
            }
        }
        let (area, body) = newest.ok_or(DAMAGED)?;
        Ok(Self {
            store,
            body,
            area,
            beside,
        })
    }

    /// The newest record, then the one before it.
    pub(crate) fn bodies(&self) -> impl Iterator<Item = &HeaderBody> {
        std::iter::once(&self.body).chain(self.beside.before.as_ref())
    }

    /// Takes the record that the database knows, if the newest was written for a save that did not come about.
    pub(crate) fn settle_on(&mut self, generation: u64, digest: [u8; 32], dek: &Secret) -> Result<()> {
        let unfinished = self.body.generation > generation && self.body.is_ours(dek)?;
        if let Some(before) = &mut self.beside.before
            && unfinished
            && before.generation == generation
            && before.digest()? == digest
        {
            std::mem::swap(before, &mut self.body);
            self.area = 1 - self.area;
        }
        Ok(())
    }

    /// A body for the next generation, with its MAC.
    pub(crate) fn next(&self, mut body: HeaderBody, dek: &Secret) -> Result<HeaderBody> {
        body.generation = self.body.generation + 1;
        body.mac = Bytes(body.mac(dek)?.to_vec());
        area_bytes(&body)?;
        Ok(body)
    }

    /// Writes the body to the area that does not hold the newest, syncs, and reads it back.
    pub(crate) fn write(&mut self, conn: &Connection, body: HeaderBody) -> Result<()> {
        let area = 1 - self.area;
        let at = AREAS.get(area).copied().ok_or(DAMAGED)?;
        let bytes = area_bytes(&body)?;
        vfs::header_write(conn, at, &bytes)?;
        let mut back = vec![0; AREA];
        vfs::header_read(conn, at, &mut back)?;
        if back != bytes {
            return Err(DAMAGED);
        }
        self.area = area;
        self.beside = Beside {
            before: Some(std::mem::replace(&mut self.body, body)),
            odd: Vec::new(),
        };
        Ok(())
    }

    /// The file's identifier as text (UUID).
    pub(crate) fn store_text(&self) -> String {
        uuid_text(&self.store)
    }
}

/// Identifier of the file, from the fixed part.
fn read_fixed(fixed: &[u8]) -> Result<[u8; 16]> {
    if fixed.get(..16) != Some(MAGIC) {
        return Err(StoreError::NotASiteFile);
    }
    let number = |at: usize| {
        fixed
            .get(at..at + 4)
            .and_then(|b| b.try_into().ok())
            .map(u32::from_le_bytes)
            .ok_or(StoreError::Truncated)
    };
    let version = number(16)?;
    if version > VERSION {
        return Err(StoreError::NewerFormat { found: version });
    }
    let sum = fixed.get(..FIXED_SUM).map(Sha256::digest);
    if version != VERSION || number(20)? as usize != HEADER_LEN || sum.as_deref() != fixed.get(FIXED_SUM..FIXED) {
        return Err(DAMAGED);
    }
    fixed
        .get(24..40)
        .and_then(|b| b.try_into().ok())
        .ok_or(StoreError::Truncated)
}

/// Marks 16 bytes of chance as a UUID, version 4.
pub(crate) fn as_uuid_v4(mut bytes: [u8; 16]) -> [u8; 16] {
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    bytes
}

fn uuid_text(bytes: &[u8; 16]) -> String {
    let mut text = String::with_capacity(36);
    for (i, byte) in bytes.iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        // Writing to a String cannot fail.
        let _infallible = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dek() -> Secret {
        Secret::new([3; 32])
    }

    fn body(generation: u64) -> HeaderBody {
        let header = Header::new(
            [1; 16],
            HeaderBody {
                generation: generation - 1,
                ..HeaderBody::new(true, None)
            },
        );
        header.next(header.body.clone(), &dek()).unwrap()
    }

    #[test]
    fn every_flipped_byte_of_an_area_is_noticed() {
        let bytes = area_bytes(&body(4)).unwrap();
        assert_eq!(read_area(&bytes).unwrap().0, body(4));
        let end = 12 + canonical(&body(4)).unwrap().len() + 32;
        for at in 0..end {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            assert!(read_area(&flipped).is_none(), "{at}");
        }
        for cut in 0..end {
            let mut torn = bytes[..cut].to_vec();
            torn.resize(AREA, 0);
            assert!(read_area(&torn).is_none() || torn == bytes, "{cut}");
        }
    }

    #[test]
    fn the_mac_belongs_to_the_key_and_to_every_field() {
        let ours = body(2);
        assert!(ours.is_ours(&dek()).unwrap());
        assert!(!ours.is_ours(&Secret::new([4; 32])).unwrap());
        let changed = HeaderBody {
            practice_password: Some("x".into()),
            ..ours
        };
        assert!(!changed.is_ours(&dek()).unwrap());
    }

    #[test]
    fn the_fixed_part_tells_what_is_wrong() {
        let whole = Header::new([7; 16], body(1)).whole().unwrap();
        assert_eq!(whole.len(), HEADER_LEN);
        assert_eq!(read_fixed(&whole).unwrap(), [7; 16]);
        let with = |at: usize, byte: u8| {
            let mut bytes = whole.clone();
            bytes[at] = byte;
            read_fixed(&bytes)
        };
        assert!(matches!(with(0, b'X'), Err(StoreError::NotASiteFile)));
        assert!(matches!(with(16, 2), Err(StoreError::NewerFormat { found: 2 })));
        assert!(matches!(with(25, 9), Err(StoreError::Damaged { .. })));
        assert!(matches!(with(60, 9), Err(StoreError::Damaged { .. })));
    }
}
