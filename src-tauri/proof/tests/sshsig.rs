//! No altered signature passes, whatever was altered.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use proof::{Namespace, PublicKey, SigError, SigningKey, SshSig, sign, verify};
use proptest::prelude::*;

fn accepted(text: &[u8], public: &PublicKey, message: &[u8]) -> bool {
    std::str::from_utf8(text)
        .ok()
        .and_then(|text| SshSig::parse(text).ok())
        .is_some_and(|sig| verify(public, Namespace::Bundle, message, &sig).is_ok())
}

#[test]
fn every_flipped_bit_of_an_armoured_signature_is_refused() {
    let key = SigningKey::from_seed(&[7; 32]);
    let message = b"bagit.txt and so on\n";
    let good = sign(&key, Namespace::Bundle, message).armoured().into_bytes();
    assert!(accepted(&good, &key.public(), message));
    for byte in 0..good.len() {
        for bit in 0..8 {
            let mut bad = good.clone();
            bad[byte] ^= 1 << bit;
            assert!(!accepted(&bad, &key.public(), message), "byte {byte} bit {bit}");
        }
    }
}

#[test]
fn other_ways_to_write_the_same_signature_are_refused() {
    let sig = sign(&SigningKey::from_seed(&[7; 32]), Namespace::Esig, b"x").armoured();
    let (first, rest) = sig.split_once('\n').unwrap();
    for other in [
        sig.replace('\n', "\r\n"),
        sig.trim_end().to_owned(),
        format!("{sig}\n"),
        format!(" {sig}"),
        format!("{first}\n\n{rest}"),
        sig.replacen('\n', "", 2).replacen("-----", "-----\n", 2),
        sig.replace("BEGIN", "begin"),
    ] {
        assert_eq!(SshSig::parse(&other), Err(SigError::Form), "{other}");
    }
}

/// OpenSSH reads a signature file whose version is 0; this reader does not.
#[test]
fn another_version_or_hash_name_is_refused() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let sig = sign(&SigningKey::from_seed(&[7; 32]), Namespace::Esig, b"x").armoured();
    let lines: Vec<&str> = sig.lines().collect();
    let blob = STANDARD.decode(lines[1..lines.len() - 1].concat()).unwrap();
    let armour = |blob: &[u8]| {
        let base64 = STANDARD.encode(blob);
        let mut text = "-----BEGIN SSH SIGNATURE-----\n".to_owned();
        for line in base64.as_bytes().chunks(70) {
            text += std::str::from_utf8(line).unwrap();
            text.push('\n');
        }
        text + "-----END SSH SIGNATURE-----\n"
    };
    assert_eq!(armour(&blob), sig);
    let mut version = blob.clone();
    version[9] = 0;
    assert_eq!(SshSig::parse(&armour(&version)), Err(SigError::Form));
    let at = blob.windows(6).position(|w| w == b"sha512").unwrap();
    let mut hash = blob.clone();
    hash[at..at + 6].copy_from_slice(b"sha256");
    assert_eq!(SshSig::parse(&armour(&hash)), Err(SigError::Form));
    let mut longer = blob;
    longer.push(0);
    assert_eq!(SshSig::parse(&armour(&longer)), Err(SigError::Form));
}

#[test]
fn another_key_purpose_or_message_is_told_apart() {
    let (key, other) = (SigningKey::from_seed(&[1; 32]), SigningKey::from_seed(&[2; 32]));
    let sig = sign(&key, Namespace::Bundle, b"x");
    let code =
        |public: &PublicKey, namespace, message: &[u8]| verify(public, namespace, message, &sig).unwrap_err().code();
    assert_eq!(code(&other.public(), Namespace::Bundle, b"x"), "sig-key");
    assert_eq!(code(&key.public(), Namespace::Esig, b"x"), "sig-namespace");
    assert_eq!(code(&key.public(), Namespace::Bundle, b"y"), "sig-mismatch");
    let claimed = SshSig::from_parts(other.public(), Namespace::Bundle, *sig.raw());
    assert_eq!(
        verify(&other.public(), Namespace::Bundle, b"x", &claimed),
        Err(SigError::Mismatch)
    );
}

/// An independent reader of the format finds the same parts.
#[test]
fn the_ssh_key_crate_reads_the_same() {
    let key = SigningKey::from_seed(&[9; 32]);
    for namespace in Namespace::ALL {
        let ours = sign(&key, namespace, b"message");
        let theirs = ssh_key::SshSig::from_pem(ours.armoured()).unwrap();
        assert_eq!(theirs.namespace(), namespace.as_str());
        let public = ssh_key::PublicKey::from(theirs.public_key().clone());
        assert_eq!(public.to_openssh().unwrap(), key.public().to_openssh());
        public.verify(namespace.as_str(), b"message", &theirs).unwrap();
        assert!(public.verify(namespace.as_str(), b"massage", &theirs).is_err());
    }
}

proptest! {
    #[test]
    fn signs_and_reads_back(seed: [u8; 32], message: Vec<u8>, which in 0_usize..5) {
        let key = SigningKey::from_seed(&seed);
        let namespace = Namespace::ALL[which];
        let sig = sign(&key, namespace, &message);
        let read = SshSig::parse(&sig.armoured()).unwrap();
        prop_assert_eq!(&read, &sig);
        prop_assert!(verify(&key.public(), namespace, &message, &read).is_ok());
    }

    #[test]
    fn any_text_is_read_or_refused_without_a_panic(text in "\\PC*") {
        let _ = SshSig::parse(&text);
        let _ = SshSig::parse(&format!("-----BEGIN SSH SIGNATURE-----\n{text}\n-----END SSH SIGNATURE-----\n"));
        let _ = PublicKey::from_openssh(&text);
        let _ = PublicKey::from_openssh(&format!("ssh-ed25519 {text}"));
        let _ = proof::AllowedSigners::parse(&text);
        let _ = proof::Checkpoint::parse(&text);
        let _ = proof::parse_canonical::<serde_json::Value>(text.as_bytes());
    }
}
