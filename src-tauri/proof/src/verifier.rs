//! A public key made ready to verify many signatures: the same answers as one by one, with less work for each.

use ed25519_dalek::{Signature, Verifier as _, VerifyingKey};

use crate::key::PublicKey;

/// The eight points of small order, each as the one way it is written.
const SMALL: [[u8; 32]; 8] = {
    let mut all = [
        [0; 32], [0; 32], [0; 32], [0xff; 32], ORDER_8[0], ORDER_8[0], ORDER_8[1], ORDER_8[1],
    ];
    all[0][0] = 1;
    all[2][31] = 0x80;
    all[3][0] = 0xec;
    all[3][31] = 0x7f;
    all[5][31] |= 0x80;
    all[7][31] |= 0x80;
    all
};
const ORDER_8: [[u8; 32]; 2] = [
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
        0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
];

/// A public key as the point that it is. Reading it from its bytes costs a tenth of a verification.
pub struct Verifier(Option<VerifyingKey>);

impl Verifier {
    /// Reads the key once.
    #[must_use]
    pub fn new(key: &PublicKey) -> Self {
        Self(
            VerifyingKey::from_bytes(&key.to_bytes())
                .ok()
                .filter(|key| !key.is_weak()),
        )
    }

    /// Exactly what `verify_strict` says, without reading the signature's point. Both work out that point and compare its bytes
    /// with the signature's, so that only the one way of writing it passes; a small order is then told by the bytes.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let Some(point) = signature.first_chunk::<32>() else {
            return false;
        };
        !SMALL.contains(point)
            && self
                .0
                .as_ref()
                .is_some_and(|key| key.verify(message, &Signature::from_bytes(signature)).is_ok())
    }
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Verifier")
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha512};

    use super::*;
    use crate::key::SigningKey;

    /// The order of the base point, little-endian.
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];

    /// Twice a number below the order, and a bit more, by the order.
    fn doubled(number: &[u8; 32], more: u8) -> [u8; 32] {
        let (mut all, mut carry) = ([0; 32], more);
        for (to, from) in all.iter_mut().zip(number) {
            *to = from << 1 | carry;
            carry = from >> 7;
        }
        reduced(all)
    }

    fn reduced(number: [u8; 32]) -> [u8; 32] {
        if number.iter().rev().lt(ORDER.iter().rev()) {
            return number;
        }
        let (mut all, mut borrow) = (number, 0);
        for (to, order) in all.iter_mut().zip(ORDER) {
            let (rest, under) = i16::from(*to).overflowing_sub(i16::from(order) + borrow);
            assert!(!under);
            borrow = i16::from(rest < 0);
            *to = (rest & 0xff).to_le_bytes()[0];
        }
        all
    }

    fn sum(a: &[u8; 32], b: &[u8; 32]) -> [u8; 32] {
        let (mut all, mut carry) = ([0; 32], 0);
        for (to, (a, b)) in all.iter_mut().zip(a.iter().zip(b)) {
            let of = u16::from(*a) + u16::from(*b) + carry;
            *to = of.to_le_bytes()[0];
            carry = of >> 8;
        }
        reduced(all)
    }

    fn bits(number: &[u8]) -> impl Iterator<Item = u8> {
        number
            .iter()
            .rev()
            .flat_map(|byte| (0..8).rev().map(move |n| byte >> n & 1))
    }

    /// Any number by the order.
    fn wide(number: &[u8]) -> [u8; 32] {
        bits(number).fold([0; 32], |all, bit| doubled(&all, bit))
    }

    fn product(a: &[u8; 32], b: &[u8; 32]) -> [u8; 32] {
        bits(b).fold([0; 32], |all, bit| match bit {
            1 => sum(&doubled(&all, 0), a),
            _ => doubled(&all, 0),
        })
    }

    fn strict(key: &PublicKey, message: &[u8], signature: &[u8; 64]) -> bool {
        let key = VerifyingKey::from_bytes(&key.to_bytes()).unwrap();
        key.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }

    fn loose(key: &PublicKey, message: &[u8], signature: &[u8; 64]) -> bool {
        let key = VerifyingKey::from_bytes(&key.to_bytes()).unwrap();
        key.verify(message, &Signature::from_bytes(signature)).is_ok()
    }

    #[test]
    fn the_points_of_small_order_are_all_there() {
        for point in SMALL {
            assert!(VerifyingKey::from_bytes(&point).unwrap().is_weak(), "{point:02x?}");
            assert!(PublicKey::from_bytes(&point).is_err());
        }
        let all: std::collections::BTreeSet<_> = SMALL.into_iter().collect();
        assert_eq!(all.len(), 8);
    }

    #[test]
    fn a_signature_whose_point_is_of_small_order_is_refused_although_its_equation_holds() {
        // With R the neutral point, s = k * a fits: whoever holds the key can make one, and it binds to nothing.
        let seed = [7; 32];
        let public = SigningKey::from_seed(&seed).public();
        let mut secret = [0; 32];
        secret.copy_from_slice(&Sha512::digest(seed)[..32]);
        secret[0] &= 0xf8;
        secret[31] = secret[31] & 0x7f | 0x40;
        let secret = wide(&secret);
        let mut signature = [0; 64];
        signature[0] = 1;
        let message = b"anything";
        let hash = Sha512::new()
            .chain_update(&signature[..32])
            .chain_update(public.to_bytes());
        let k = wide(&hash.chain_update(message).finalize());
        signature[32..].copy_from_slice(&product(&k, &secret));
        assert!(loose(&public, message, &signature), "the equation holds");
        assert!(!strict(&public, message, &signature));
        assert!(!Verifier::new(&public).verifies(message, &signature));
    }

    #[test]
    fn it_says_what_the_strict_verification_says() {
        let key = SigningKey::from_seed(&[9; 32]);
        let (public, verifier) = (key.public(), Verifier::new(&key.public()));
        let good = key.sign_bytes(b"message");
        let mut all = vec![good];
        for bit in 0..512 {
            let mut other = good;
            other[bit / 8] ^= 1 << (bit % 8);
            all.push(other);
        }
        // Another way of writing the same number.
        let mut beyond = good;
        let mut carry = 0;
        for (to, order) in beyond[32..].iter_mut().zip(ORDER) {
            let sum = u16::from(*to) + u16::from(order) + carry;
            *to = sum.to_le_bytes()[0];
            carry = sum >> 8;
        }
        all.push(beyond);
        for small in SMALL {
            let mut other = good;
            other[..32].copy_from_slice(&small);
            all.push(other);
            other[32..].fill(0);
            all.push(other);
        }
        let mut passed = 0;
        for signature in &all {
            let said = verifier.verifies(b"message", signature);
            assert_eq!(said, strict(&public, b"message", signature), "{signature:02x?}");
            assert!(!verifier.verifies(b"another", signature));
            passed += usize::from(said);
        }
        assert_eq!(passed, 1);
    }
}
