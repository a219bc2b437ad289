//! Chain, checkpoint, key names and the trust list, against values computed elsewhere.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use chrono::{TimeZone as _, Utc};
use proof::{
    AllowedSigners, Checkpoint, CommitSig, Digest, KeyError, Namespace, PublicKey, Salt, SignerLineError, SignersError,
    SigningKey, Standing, genesis, head, leaf,
};

/// Computed with `printf '\x00…' | sha256sum`.
#[test]
fn leaf_head_and_genesis_are_plain_sha_256() {
    let genesis_of_a = genesis("a");
    assert_eq!(
        genesis_of_a.to_string(),
        "8c164f8bc6b5353b9dfe64b07fb9116f5140be06ccdd4ea4806a03364d82b421"
    );
    let leaf = leaf(&[0x11; 16], b"{}");
    assert_eq!(
        leaf.to_string(),
        "9da9169c0065b71daaffa035cbf9c88416c184d47adb3a692d1e27afbbf93f8f"
    );
    assert_eq!(
        head(&genesis_of_a, &leaf).to_string(),
        "da475b1d49bee7af61704e4d35538efe3476967ff5dc14c24b81f66d8e628e62"
    );
}

#[test]
fn digest_and_salt_have_one_text_form() {
    let digest = Digest::of(b"x");
    let json = serde_json::to_string(&digest).unwrap();
    assert_eq!(serde_json::from_str::<Digest>(&json).unwrap(), digest);
    assert!(digest.to_string().to_uppercase().parse::<Digest>().is_err());
    assert!(digest.to_string()[1..].parse::<Digest>().is_err());
    assert!("é".repeat(32).parse::<Digest>().is_err());
    let salt = Salt([0xAB; 16]);
    assert_eq!(salt.to_string().parse::<Salt>().unwrap(), salt);
}

#[test]
fn checkpoint_reads_only_its_own_three_lines() {
    let checkpoint = Checkpoint::new("site-012.a", 18_211, Digest([0; 32])).unwrap();
    let text = checkpoint.text();
    assert_eq!(
        text,
        "cartwright/site-012.a\n18211\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
    );
    assert_eq!(Checkpoint::parse(&text).unwrap(), checkpoint);
    for bad in [
        text.replace("18211", "018211"),
        text.replace("18211", "+18211"),
        text.replace("AAA=", "AAB="),
        text.replace('\n', "\r\n"),
        text.replace("cartwright/", "cartwrong/"),
        format!("{text}\n"),
        text.trim_end().to_owned(),
    ] {
        assert!(Checkpoint::parse(&bad).is_err(), "{bad}");
    }
    for log in ["", "a b", "a\n2", "../a", "中", &"a".repeat(65)] {
        assert!(Checkpoint::new(log, 1, Digest([0; 32])).is_err(), "{log}");
    }
}

#[test]
fn twelve_words_are_the_first_132_bits_of_the_fingerprint() {
    let public = SigningKey::from_seed(&[0; 32]).public();
    assert_eq!(
        public.to_openssh(),
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
    );
    assert_eq!(
        public.fingerprint(),
        "SHA256:tAXFyTXI8xtDaujAEcwJslAYc9/6FKcUkd2Lw0xDhPo"
    );
    assert_eq!(
        public.words().join(" "),
        "reduce comfort inch high monkey misery asset fringe scale mobile act gorilla"
    );
}

#[test]
fn a_public_key_is_read_only_from_its_own_encoding() {
    let public = SigningKey::from_seed(&[4; 32]).public();
    let line = public.to_openssh();
    assert_eq!(PublicKey::from_openssh(&format!("{line} a b c\n")).unwrap(), public);
    assert_eq!(PublicKey::from_openssh("ssh-rsa AAAA"), Err(KeyError::Algorithm));
    assert_eq!(PublicKey::from_openssh("ssh-ed25519"), Err(KeyError::Encoding));
    let bad = line.replace("AAAAC3", "AAAAD3");
    assert_eq!(PublicKey::from_openssh(&bad), Err(KeyError::Algorithm));
    let bad = format!("{line}AA==");
    assert_eq!(PublicKey::from_openssh(&bad), Err(KeyError::Encoding));
    // The neutral element: every signature would verify under it.
    let mut weak = [0; 32];
    weak[0] = 1;
    assert_eq!(PublicKey::from_bytes(&weak), Err(KeyError::Point));
    let json = serde_json::to_string(&public).unwrap();
    assert_eq!(json, format!("\"{line}\""));
    assert_eq!(serde_json::from_str::<PublicKey>(&json).unwrap(), public);
    assert!(serde_json::from_str::<PublicKey>(&format!("\"{line} comment\"")).is_err());
}

#[test]
fn a_commit_signature_travels_as_base64() {
    let checkpoint = Checkpoint::new("a", 1, Digest([9; 32])).unwrap();
    let sig = CommitSig::sign(&SigningKey::from_seed(&[4; 32]), &checkpoint);
    let json = serde_json::to_string(&sig).unwrap();
    assert_eq!(json.len(), 90);
    assert_eq!(serde_json::from_str::<CommitSig>(&json).unwrap(), sig);
    assert!(serde_json::from_str::<CommitSig>("\"AAAA\"").is_err());
}

#[test]
fn a_list_of_signers_tells_every_wrong_line() {
    let key = SigningKey::from_seed(&[4; 32]).public();
    let text = format!(
        "# list\n\
         * {key}\n\
         a@b cert-authority {key}\n\
         a@b namespaces=\"git*\" {key}\n\
         a@b valid-after=\"20260101\" {key}\n\
         a@b valid-after=\"20261301Z\" {key}\n\
         a@b valid-after=\"20260101Z\",valid-after=\"20260101Z\" {key}\n\
         a@b namespaces=\"git\", {key}\n\
         a@b namespaces=git {key}\n\
         a@b ssh-rsa AAAA\n\
         a@b\n\
         a@b\t{key}\n\
         a@b,,c {key}\n\
         a@b valid-after=\"20270101Z\",valid-before=\"20260101Z\" {key}\n\
         a@b namespaces=\"git\" {key} fine\r\n"
    );
    let Err(SignersError::Lines(wrong)) = AllowedSigners::parse(&text) else {
        unreachable!("the list is wrong");
    };
    let kinds: Vec<(usize, &str)> = wrong
        .iter()
        .map(|(line, error)| {
            let kind = match error {
                SignerLineError::Principal(_) => "principal",
                SignerLineError::Option(_) => "option",
                SignerLineError::Namespace(_) => "namespace",
                SignerLineError::Time(_) => "time",
                SignerLineError::Key(_) => "key",
                SignerLineError::Form => "form",
            };
            (*line, kind)
        })
        .collect();
    assert_eq!(
        kinds,
        [
            (2, "principal"),
            (3, "option"),
            (4, "namespace"),
            (5, "time"),
            (6, "time"),
            (7, "option"),
            (8, "option"),
            (9, "option"),
            (10, "key"),
            (11, "form"),
            (12, "form"),
            (13, "principal"),
            (14, "time"),
        ]
    );
}

#[test]
fn of_several_lines_with_one_key_the_best_counts() {
    let key = SigningKey::from_seed(&[4; 32]).public();
    let ns = "namespaces=\"cartwright-bundle-v1\"";
    let text = format!(
        "git namespaces=\"git\" {key}\nold {ns},valid-before=\"20260101Z\" {key}\n\
         new {ns},valid-after=\"20260601Z\" {key}\n"
    );
    let list = AllowedSigners::parse(&text).unwrap();
    let name = |month, namespace| {
        let at = Utc.with_ymd_and_hms(2026, month, 2, 0, 0, 0).unwrap();
        match list.standing(&key, namespace, at) {
            Standing::Good(s) => format!("good {}", s.principals[0]),
            Standing::NotYet(s) => format!("not yet {}", s.principals[0]),
            Standing::Expired(s) => format!("expired {}", s.principals[0]),
            Standing::OtherPurpose(s) => format!("other {}", s.principals[0]),
            Standing::Unknown => "unknown".to_owned(),
        }
    };
    assert_eq!(name(7, Namespace::Bundle), "good new");
    assert_eq!(name(3, Namespace::Bundle), "not yet new");
    assert_eq!(name(7, Namespace::Esig), "other git");
    assert_eq!(list.trust_version(), None);
    let other = SigningKey::from_seed(&[5; 32]).public();
    let at = Utc.with_ymd_and_hms(2026, 7, 1, 0, 0, 0).unwrap();
    assert_eq!(list.standing(&other, Namespace::Bundle, at), Standing::Unknown);
}
