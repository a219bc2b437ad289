//! The same bytes, signed and verified by OpenSSH's own tool.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use chrono::{DateTime, TimeZone as _, Utc};
use proof::{
    AllowedSigners, Checkpoint, CommitSig, Digest, Namespace, PublicKey, SigningKey, SshSig, Standing, sign, verify,
};
use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};
use tempfile::TempDir;

const NAMES: [Namespace; 6] = Namespace::ALL;

struct Output {
    good: bool,
    stdout: String,
}

fn ssh_keygen(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new("ssh-keygen")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("these tests need openssh-client");
    // It may refuse before it has read everything.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    Output {
        good: output.status.success(),
        stdout: String::from_utf8(output.stdout).unwrap(),
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Writes the key of `seed` as OpenSSH keeps its private keys.
fn private_key_file(dir: &TempDir, seed: &[u8; 32]) -> std::path::PathBuf {
    let pair = ssh_key::private::Ed25519Keypair::from_seed(seed);
    let key = ssh_key::PrivateKey::new(pair.into(), "test").unwrap();
    let path = dir.path().join("key");
    let pem = key.to_openssh(ssh_key::LineEnding::LF).unwrap();
    std::fs::write(&path, pem.as_bytes()).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&path, mode).unwrap();
    path
}

fn messages() -> Vec<Vec<u8>> {
    vec![
        b"".to_vec(),
        b"one line\n".to_vec(),
        "受试者 012-0001".into(),
        vec![0xA5; 70_000],
    ]
}

#[test]
fn signatures_are_byte_identical_to_ssh_keygens() {
    let dir = TempDir::new().unwrap();
    for seed in [[1; 32], [0xFE; 32]] {
        let file = private_key_file(&dir, &seed);
        let key = SigningKey::from_seed(&seed);
        let shown = ssh_keygen(&["-y", "-f", text(&file)], b"");
        assert_eq!(PublicKey::from_openssh(&shown.stdout).unwrap(), key.public());
        for namespace in NAMES {
            for message in messages() {
                let theirs = ssh_keygen(&["-Y", "sign", "-f", text(&file), "-n", namespace.as_str()], &message);
                assert!(theirs.good);
                let ours = sign(&key, namespace, &message);
                assert_eq!(ours.armoured(), theirs.stdout);
                let read = SshSig::parse(&theirs.stdout).unwrap();
                assert_eq!(read, ours);
                verify(&key.public(), namespace, &message, &read).unwrap();
            }
        }
        std::fs::remove_file(file).unwrap();
    }
}

#[test]
fn fingerprint_is_ssh_keygens() {
    let dir = TempDir::new().unwrap();
    let public = SigningKey::from_seed(&[3; 32]).public();
    let file = dir.path().join("key.pub");
    std::fs::write(&file, public.to_openssh_with("a comment") + "\n").unwrap();
    let shown = ssh_keygen(&["-l", "-f", text(&file)], b"");
    assert_eq!(
        shown.stdout,
        format!("256 {} a comment (ED25519)\n", public.fingerprint())
    );
}

fn accepted_by_ssh_keygen(
    list: &str,
    principal: &str,
    namespace: Namespace,
    sig: &str,
    message: &[u8],
    at: DateTime<Utc>,
) -> bool {
    let dir = TempDir::new().unwrap();
    let (signers, file) = (dir.path().join("allowed_signers"), dir.path().join("sig"));
    std::fs::write(&signers, list).unwrap();
    std::fs::write(&file, sig).unwrap();
    let at = format!("verify-time={}", at.format("%Y%m%d%H%M%SZ"));
    let args = [
        "-Y",
        "verify",
        "-f",
        text(&signers),
        "-I",
        principal,
        "-n",
        namespace.as_str(),
        "-s",
        text(&file),
        "-O",
        &at,
    ];
    ssh_keygen(&args, message).good
}

#[test]
fn ssh_keygen_and_we_agree_on_who_may_sign_what_and_when() {
    let site = SigningKey::from_seed(&[5; 32]);
    let other = SigningKey::from_seed(&[6; 32]).public();
    let text = format!(
        "# cartwright-trust version=14 study=CARTX\n\
         site-012@cartx.study,old@cartx.study namespaces=\"cartwright-bundle-v1,git\",\
         valid-after=\"20260101Z\",valid-before=\"202612311200Z\" {} Site 012\n\n\
         rossi@site-012 {other}\n",
        site.public()
    );
    let list = AllowedSigners::parse(&text).unwrap();
    assert_eq!(list.trust_version(), Some(14));
    let message = b"the list of files";
    let times = [
        Utc.with_ymd_and_hms(2025, 12, 31, 23, 59, 59).unwrap(),
        Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap(),
        Utc.with_ymd_and_hms(2026, 6, 1, 0, 0, 0).unwrap(),
        Utc.with_ymd_and_hms(2026, 12, 31, 12, 0, 0).unwrap(),
        Utc.with_ymd_and_hms(2026, 12, 31, 12, 0, 1).unwrap(),
    ];
    let mut good = 0;
    for written in [text.clone(), list.to_string()] {
        let list = AllowedSigners::parse(&written).unwrap();
        for at in times {
            for namespace in NAMES {
                for principal in ["site-012@cartx.study", "old@cartx.study", "rossi@site-012"] {
                    let sig = sign(&site, namespace, message);
                    let ours = list.keys_of(principal, namespace, at).any(|s| s.key == site.public());
                    let theirs = accepted_by_ssh_keygen(&written, principal, namespace, &sig.armoured(), message, at);
                    assert_eq!(ours, theirs, "{principal} {namespace} {at}");
                    good += usize::from(ours);
                    assert!(!ours || matches!(list.standing(&site.public(), namespace, at), Standing::Good(_)));
                }
            }
        }
    }
    assert_eq!(good, 2 * 3 * 2);
}

#[test]
fn a_commit_signature_can_be_checked_with_ssh_keygen() {
    let key = SigningKey::from_seed(&[8; 32]);
    let checkpoint = Checkpoint::new("site-012.a", 37, Digest::of(b"x")).unwrap();
    let commit = CommitSig::sign(&key, &checkpoint);
    commit.verify(&key.public(), &checkpoint).unwrap();
    let list = format!("rossi {}\n", key.public());
    let at = Utc.with_ymd_and_hms(2026, 6, 1, 0, 0, 0).unwrap();
    let armoured = commit.to_sshsig(&key.public()).armoured();
    let check = |text: &str| accepted_by_ssh_keygen(&list, "rossi", Namespace::Commit, &armoured, text.as_bytes(), at);
    assert!(check(&checkpoint.text()));
    let later = Checkpoint::new("site-012.a", 38, Digest::of(b"x")).unwrap();
    assert!(!check(&later.text()));
    assert!(commit.verify(&key.public(), &later).is_err());
}
