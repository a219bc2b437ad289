//! The recovery code: 160 bits in Crockford's base 32, eight groups of four and a checksum group.

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::{
    args::{Chance, make_bytes},
    error::{Result, StoreError},
    keys::{self, Secret},
};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BYTES: usize = 20;
const DIGITS: usize = 32;

/// The code to print and keep in a sealed envelope. Shown once, wiped on drop.
pub struct RecoveryCode(Zeroizing<String>);

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

impl RecoveryCode {
    /// The code as printed: `XXXX-XXXX-…`, nine groups.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// A new code and the secret behind it.
    pub(crate) fn make(chance: &mut dyn Chance) -> Result<(Self, Secret)> {
        let bytes = Zeroizing::new(make_bytes::<BYTES>(chance));
        Ok((Self(print(&bytes)), secret_of(&bytes)?))
    }
}

fn secret_of(bytes: &[u8; BYTES]) -> Result<Secret> {
    keys::derive(bytes, &[b"cartwright/recovery/v1"])
}

/// Five bits at a time, most significant first.
fn digits(bytes: &[u8]) -> impl Iterator<Item = u8> + '_ {
    (0..bytes.len() * 8 / 5).map(move |i| {
        (0..5).fold(0, |digit, bit| {
            let at = i * 5 + bit;
            let byte = bytes.get(at / 8).copied().unwrap_or(0);
            digit << 1 | (byte >> (7 - at % 8) & 1)
        })
    })
}

/// Four digits (20 bits) of SHA-256 over the code's bytes.
fn checksum(bytes: &[u8; BYTES]) -> [u8; 4] {
    let hash = Sha256::new()
        .chain_update(b"cartwright-recovery-v1")
        .chain_update(bytes)
        .finalize();
    let mut out = [0; 4];
    for (to, digit) in out.iter_mut().zip(digits(&hash)) {
        *to = digit;
    }
    out
}

fn print(bytes: &[u8; BYTES]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(44));
    for (at, digit) in digits(bytes).chain(checksum(bytes)).enumerate() {
        if at > 0 && at % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(ALPHABET.get(usize::from(digit)).copied().unwrap_or(b'0')));
    }
    text
}

/// The secret behind a typed code. Case, spaces and hyphens do not matter; I and L are 1, O is 0.
/// Error: [`StoreError::WrongRecoveryCode`] when it cannot be a code.
pub(crate) fn read(text: &str) -> Result<Secret> {
    let mut typed = Zeroizing::new(Vec::with_capacity(DIGITS + 4));
    for c in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let c = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let digit = ALPHABET
            .iter()
            .position(|a| char::from(*a) == c)
            .ok_or(StoreError::WrongRecoveryCode)?;
        typed.push(digit as u8);
    }
    if typed.len() != DIGITS + 4 {
        return Err(StoreError::WrongRecoveryCode);
    }
    let mut bytes = Zeroizing::new([0_u8; BYTES]);
    for (at, digit) in typed.iter().take(DIGITS).enumerate() {
        for bit in 0..5 {
            let place = at * 5 + bit;
            if let Some(byte) = bytes.get_mut(place / 8) {
                *byte |= (digit >> (4 - bit) & 1) << (7 - place % 8);
            }
        }
    }
    if typed.get(DIGITS..) != Some(checksum(&bytes).as_slice()) {
        return Err(StoreError::WrongRecoveryCode);
    }
    secret_of(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;
    impl Chance for Fixed {
        fn fill(&mut self, bytes: &mut [u8]) {
            for (i, byte) in bytes.iter_mut().enumerate() {
                *byte = (i * 37 + 5) as u8;
            }
        }
    }

    #[test]
    fn the_printed_code_reads_back_however_it_is_typed() {
        let (code, secret) = RecoveryCode::make(&mut Fixed).unwrap();
        assert_eq!(code.expose().split('-').map(str::len).collect::<Vec<_>>(), [4; 9]);
        assert_eq!(read(code.expose()).unwrap(), secret);
        let sloppy = code
            .expose()
            .to_lowercase()
            .replace('-', "  ")
            .replace('0', "o")
            .replace('1', "L");
        assert_eq!(read(&sloppy).unwrap(), secret);
    }

    #[test]
    fn every_single_wrong_digit_is_noticed() {
        let (code, _) = RecoveryCode::make(&mut Fixed).unwrap();
        for at in 0..code.expose().len() {
            let mut bytes = code.expose().as_bytes().to_vec();
            if bytes[at] == b'-' {
                continue;
            }
            bytes[at] = if bytes[at] == b'Z' { b'Y' } else { b'Z' };
            assert!(read(std::str::from_utf8(&bytes).unwrap()).is_err(), "{at}");
        }
        assert!(read("").is_err());
        assert!(read(&code.expose()[1..]).is_err());
    }
}
