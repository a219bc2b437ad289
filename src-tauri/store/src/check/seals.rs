//! The seal of every page, as SQLCipher writes it, verified some pages at a time: its own check of all cannot be paused.
//!
//! A page ends with 16 bytes that its encryption began with and 64 of HMAC-SHA-512 over everything before, but the file's salt, and
//! the page's number. The key of that is derived from the file's key and the salt, which are the first 16 bytes of the file.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha512;
use zeroize::Zeroizing;

use crate::{
    check::two,
    error::{Result, StoreError},
    file::SiteFile,
    open::PAGE,
    vfs,
};

/// Pages read and verified together.
const PIECE: u64 = 256;
const LEN: usize = PAGE as usize;
const SALT: usize = 16;
const SEAL: usize = 64;

type Mac = Hmac<Sha512>;

fn mac(key: &[u8]) -> Result<Mac> {
    Mac::new_from_slice(key).map_err(|_| StoreError::Damaged { what: "key" })
}

/// PBKDF2 with HMAC-SHA-512, two rounds, 32 bytes: as SQLCipher derives the key of its seals.
fn sealing_key(dek: &[u8; 32], salt: &[u8]) -> Result<Mac> {
    let salt: Vec<u8> = salt.iter().map(|byte| byte ^ 0x3a).collect();
    let first = mac(dek)?
        .chain_update(&salt)
        .chain_update(1_u32.to_be_bytes())
        .finalize()
        .into_bytes();
    let second = mac(dek)?.chain_update(first).finalize().into_bytes();
    let mut key = Zeroizing::new([0; 32]);
    for ((to, a), b) in key.iter_mut().zip(first).zip(second) {
        *to = a ^ b;
    }
    mac(&*key)
}

/// How far the seals were verified.
#[derive(Default)]
pub(super) struct Seals {
    pub(super) done: u64,
    pub(super) total: u64,
    pub(super) broken: Vec<u64>,
}

impl Seals {
    /// Verifies some; answer: whether there are more.
    pub(super) fn go_on(&mut self, file: &SiteFile) -> Result<bool> {
        self.total = file.conn()?.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        let upto = self.total.min(self.done + PIECE);
        let numbers: Vec<u64> = (self.done + 1..=upto).collect();
        self.broken.extend(broken(file, &numbers)?);
        self.done = upto;
        let more = self.done < self.total;
        if !more && !self.broken.is_empty() {
            // A free page may have been used, and sealed, by a save since it was read.
            let some = std::mem::take(&mut self.broken);
            for some in some.chunks(PIECE as usize) {
                self.broken.extend(broken(file, some)?);
            }
        }
        Ok(more)
    }
}

/// Those of some pages whose seals do not hold.
fn broken(file: &SiteFile, numbers: &[u64]) -> Result<Vec<u64>> {
    let conn = file.conn()?;
    let mut salt = [0; SALT];
    vfs::page_read(conn, 1, &mut salt)?;
    let key = sealing_key(&file.dek, &salt)?;
    let mut pages: Vec<(u64, Vec<u8>)> = Vec::with_capacity(numbers.len());
    for number in numbers {
        let mut page = vec![0; LEN];
        // A page that cannot be read whole has no seal.
        let whole = vfs::page_read(conn, *number, &mut page).is_ok();
        pages.push((*number, if whole { page } else { Vec::new() }));
    }
    let good = two::each(&pages, |(number, page)| sealed(&key, *number, page));
    let bad = pages.iter().zip(good).filter(|(_, good)| !good);
    Ok(bad.map(|((number, _), _)| *number).collect())
}

fn sealed(key: &Mac, number: u64, page: &[u8]) -> bool {
    let from = if number == 1 { SALT } else { 0 };
    let (Some(content), Some(seal), Ok(number)) = (
        page.get(from..LEN - SEAL),
        page.get(LEN - SEAL..),
        u32::try_from(number),
    ) else {
        return false;
    };
    let mac = key.clone().chain_update(content).chain_update(number.to_le_bytes());
    mac.verify_slice(seal).is_ok()
}
