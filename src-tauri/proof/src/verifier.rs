//! A public key made ready to verify many signatures: the same answers as one by one, with less work for each.

use ed25519_dalek::{Signature, VerifyingKey};

use crate::key::PublicKey;

/// A public key as the point that it is. Reading it from its bytes costs a tenth of a verification.
pub struct Verifier(Option<VerifyingKey>);

impl Verifier {
    /// Reads the key once.
    #[must_use]
    pub fn new(key: &PublicKey) -> Self {
        Self(VerifyingKey::from_bytes(&key.to_bytes()).ok())
    }

    /// As one by one: `verify_strict`.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = Signature::from_bytes(signature);
        let strict = |key: &VerifyingKey| key.verify_strict(message, &signature).is_ok();
        self.0.as_ref().is_some_and(strict)
    }
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Verifier")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SigningKey;

    #[test]
    fn one_bit_of_a_signature_or_of_the_message_is_told() {
        let key = SigningKey::from_seed(&[9; 32]);
        let verifier = Verifier::new(&key.public());
        let good = key.sign_bytes(b"message");
        assert!(verifier.verifies(b"message", &good));
        assert!(!verifier.verifies(b"massage", &good));
        for bit in 0..512 {
            let mut other = good;
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!verifier.verifies(b"message", &other), "bit {bit}");
        }
        // The neutral point: an equation that holds for who has the key, and binds to nothing.
        let mut neutral = good;
        neutral[..32].fill(0);
        neutral[0] = 1;
        assert!(!verifier.verifies(b"message", &neutral));
    }
}
