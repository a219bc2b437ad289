//! Sealing, with the `age` tool on the other side.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use bundle::{AgeIdentity, AgeRecipient, SealError, is_sealed, open_sealed, seal};
use proptest::prelude::*;
use std::{
    path::Path,
    process::{Command, Output},
};

fn age(program: &str, args: &[&str]) -> Output {
    Command::new(program).args(args).output().expect("these tests need age")
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn ours() -> AgeIdentity {
    AgeIdentity::from_seed(&[1; 32]).unwrap()
}

#[test]
fn an_identity_is_what_age_keygen_reads() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("key");
    std::fs::write(&file, ours().secret_text().as_str()).unwrap();
    let output = age("age-keygen", &["-y", text(&file)]);
    let theirs = String::from_utf8(output.stdout).unwrap();
    assert_eq!(theirs.trim_end(), ours().recipient().to_string());
    let output = age("age-keygen", &[]);
    let made = String::from_utf8(output.stdout).unwrap();
    let secret = made.lines().find(|l| l.starts_with("AGE-SECRET-KEY-1")).unwrap();
    let public = made.lines().find_map(|l| l.strip_prefix("# public key: ")).unwrap();
    assert_eq!(AgeIdentity::parse(secret).unwrap().recipient().to_string(), public);
    assert_eq!(public.parse::<AgeRecipient>().unwrap().to_string(), public);
}

#[test]
fn what_we_seal_age_opens_and_the_other_way_round() {
    let dir = tempfile::tempdir().unwrap();
    let (key, plain, sealed) = (
        dir.path().join("key"),
        dir.path().join("plain"),
        dir.path().join("sealed"),
    );
    std::fs::write(&key, ours().secret_text().as_str()).unwrap();
    for length in [0, 1, 65_535, 65_536, 200_000] {
        let bytes: Vec<u8> = (0..length).map(|n: u32| n.to_le_bytes()[0]).collect();
        std::fs::write(&sealed, seal(&bytes, &[ours().recipient()]).unwrap()).unwrap();
        let output = age("age", &["-d", "-i", text(&key), text(&sealed)]);
        assert!(output.status.success());
        assert_eq!(output.stdout, bytes);

        std::fs::write(&plain, &bytes).unwrap();
        let recipient = ours().recipient().to_string();
        let output = age("age", &["-r", &recipient, text(&plain)]);
        assert_eq!(open_sealed(&output.stdout, &ours()).unwrap(), bytes);
    }
}

#[test]
fn every_recipient_opens_it_and_nobody_else() {
    let all: Vec<AgeIdentity> = (1..5).map(|n| AgeIdentity::from_seed(&[n; 32]).unwrap()).collect();
    let recipients: Vec<AgeRecipient> = all.iter().map(AgeIdentity::recipient).collect();
    let sealed = seal(b"records", &recipients).unwrap();
    assert!(is_sealed(&sealed));
    assert!(!sealed.windows(7).any(|w| w == b"records"));
    for identity in &all {
        assert_eq!(open_sealed(&sealed, identity).unwrap(), b"records");
    }
    let other = AgeIdentity::from_seed(&[9; 32]).unwrap();
    assert_eq!(open_sealed(&sealed, &other), Err(SealError::NotForUs));
    assert_eq!(seal(b"x", &[]), Err(SealError::NoRecipients));
    let most = seal(b"x", &vec![recipients[0].clone(); 19]).unwrap();
    assert_eq!(open_sealed(&most, &all[0]).unwrap(), b"x");
    assert_eq!(seal(b"x", &vec![recipients[0].clone(); 20]), Err(SealError::TooLarge));
}

#[test]
fn every_byte_of_a_sealed_file_counts() {
    let mut sealed = seal(b"records of 012-0001", &[ours().recipient()]).unwrap();
    for at in 0..sealed.len() {
        sealed[at] ^= 1 << (at % 8);
        assert!(open_sealed(&sealed, &ours()).is_err(), "byte {at}");
        sealed[at] ^= 1 << (at % 8);
    }
    for length in 0..sealed.len() {
        assert!(open_sealed(&sealed[..length], &ours()).is_err(), "{length} bytes");
    }
    assert!(open_sealed(&[sealed.as_slice(), b"x"].concat(), &ours()).is_err());
    assert!(open_sealed(&sealed, &ours()).is_ok());
}

#[test]
fn a_header_beyond_bounds_is_refused_before_age_sees_it() {
    let first = "age-encryption.org/v1\n";
    let stanza = "-> X25519 AAAA\nAAAA\n";
    let many = format!("{first}{}--- AAAA\n", stanza.repeat(21));
    assert_eq!(open_sealed(many.as_bytes(), &ours()), Err(SealError::Damaged));
    let long = format!("{first}-> X {}\n\n--- AAAA\n", "a".repeat(70_000));
    assert_eq!(open_sealed(long.as_bytes(), &ours()), Err(SealError::Damaged));
}

#[test]
fn secrets_are_not_printed() {
    let shown = format!("{:?}", ours());
    assert!(!shown.to_ascii_uppercase().contains("SECRET"));
    assert!(AgeIdentity::parse("AGE-SECRET-KEY-1QQ").is_err());
    assert!("ssh-ed25519 AAAA".parse::<AgeRecipient>().is_err());
}

proptest! {
    #[test]
    fn any_seed_makes_an_identity(seed: [u8; 32]) {
        let identity = AgeIdentity::from_seed(&seed).unwrap();
        let sealed = seal(&seed, &[identity.recipient()]).unwrap();
        prop_assert_eq!(open_sealed(&sealed, &identity).unwrap(), seed);
    }

    #[test]
    fn any_bytes_after_the_first_line_are_refused_without_a_panic(rest: Vec<u8>) {
        let bytes = [b"age-encryption.org/v1\n".as_slice(), &rest].concat();
        prop_assert!(open_sealed(&bytes, &ours()).is_err());
    }
}
