//! Common tools come to the same result as this crate.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod common;

use bundle::{Content, Header, Parcel, verify};
use common::{LOG_B, Tamperer, doctor_key, export, now, parcel, site_key, stranger, trust};
use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/verifiers")
        .join(name)
}

/// A folder with the reader's list and a bundle.
struct Desk {
    dir: TempDir,
}

impl Desk {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("allowed_signers"), trust().to_string()).unwrap();
        Self { dir }
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn recipe(&self, bytes: &[u8], principal: &str) -> Output {
        let bundle = self.put("B.cwb.zip", bytes);
        let list = self.dir.path().join("allowed_signers");
        Command::new(script("recipe.sh"))
            .args([&bundle, &list])
            .arg(principal)
            .output()
            .unwrap()
    }

    fn good(&self, bytes: &[u8]) -> bool {
        self.recipe(bytes, "site-012@cartx.study").status.success()
    }
}

#[test]
fn the_recipe_believes_a_good_bundle() {
    let desk = Desk::new();
    let bytes = parcel().bytes;
    let output = desk.recipe(&bytes, "site-012@cartx.study");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!desk.recipe(&bytes, "site-013@cartx.study").status.success());
}

#[test]
fn the_recipe_refuses_a_changed_byte_in_any_file_and_any_file_more_or_less() {
    let desk = Desk::new();
    let good = parcel();
    let names: Vec<String> = Tamperer::of(&good.bytes).files.keys().cloned().collect();
    for name in &names {
        let mut tamperer = Tamperer::of(&good.bytes);
        let at = tamperer.files[name].len() / 2;
        tamperer.files.get_mut(name).unwrap()[at] ^= 1;
        assert!(!desk.good(&tamperer.zip()), "{name} changed");
        let mut tamperer = Tamperer::of(&good.bytes);
        tamperer.files.remove(name);
        assert!(!desk.good(&tamperer.zip()), "{name} removed");
    }
    for name in [
        "note.txt",
        "data/more.txt",
        "signatures/more.sshsig",
        "data/esignatures/000002.json",
    ] {
        let mut tamperer = Tamperer::of(&good.bytes);
        tamperer.put(name, "{}\n");
        assert!(!desk.good(&tamperer.zip()), "{name} added");
    }
}

/// An empty site, a later part of a log, a redacted entry.
#[test]
fn the_recipe_believes_what_this_crate_believes() {
    let desk = Desk::new();
    let (empty, (mut part, entries), (whole, mut redacted)) = (export().0, export(), export());
    let empty = Content {
        header: Header {
            logs: Vec::new(),
            ..empty.header
        },
        commits: Vec::new(),
        esignatures: Vec::new(),
        ..empty
    };
    part.header.logs[0].from = 3;
    part.header.logs[0].head_before = entries[1].head;
    part.commits.retain(|c| c.log == LOG_B || c.seq > 2);
    let later = entries.into_iter().filter(|e| e.log == LOG_B || e.seq > 2).collect();
    redacted[3].body = None;
    redacted[3].salt = None;
    for (content, entries) in [(empty, Vec::new()), (part, later), (whole, redacted)] {
        let parcel = Parcel::build(&content, entries, &site_key(), &doctor_key()).unwrap();
        assert!(verify(&parcel.bytes, &trust(), now()).is_ok());
        assert!(desk.good(&parcel.bytes));
    }
}

/// Changes that only the chain, the commits or the statements give away: the site itself signs them.
#[test]
fn the_recipe_and_this_crate_agree_on_what_the_site_itself_may_not_do() {
    let desk = Desk::new();
    let good = parcel();
    type Change = fn(&mut Tamperer);
    let changes: [(&str, Change); 6] = [
        ("another value", |t| {
            t.replace("data/audit/entries.ndjson", "38.5", "36.5")
        }),
        ("an entry left out", |t| {
            t.lines("data/audit/entries.ndjson", |l| drop(l.remove(2)))
        }),
        ("the last entry left out", |t| {
            t.lines("data/audit/entries.ndjson", |l| drop(l.pop()))
        }),
        ("a commit of another", |t| {
            t.lines("data/audit/commits.ndjson", |l| l[1]["sig"] = l[0]["sig"].clone());
        }),
        ("the last commit left out", |t| {
            t.lines("data/audit/commits.ndjson", |l| drop(l.pop()))
        }),
        ("another meaning", |t| {
            t.replace("data/esignatures/000001.json", "reviewed", "glanced at")
        }),
    ];
    for (what, change) in changes {
        let mut tamperer = Tamperer::of(&good.bytes);
        change(&mut tamperer);
        tamperer.sign_again();
        let bytes = tamperer.zip();
        assert!(verify(&bytes, &trust(), now()).is_err(), "{what}");
        assert!(!desk.good(&bytes), "{what}");
    }
    let mut tamperer = Tamperer::of(&good.bytes);
    tamperer.sign_again_with(&stranger(), &stranger());
    assert!(!desk.good(&tamperer.zip()), "a stranger");
}

/// The commands printed in README.txt, run as printed.
#[test]
fn the_printed_recipe_works() {
    let desk = Desk::new();
    let good = parcel();
    desk.put(&good.file_name, &good.bytes);
    desk.put(
        "allowed_signers",
        format!("site-012 {}\n", site_key().public()).as_bytes(),
    );
    let readme = Tamperer::of(&good.bytes).text("data/README.txt");
    let (_, commands) = readme.split_once("  unzip -q").unwrap();
    let (commands, _) = commands.split_once("\nIf any step").unwrap();
    let (_, script) = readme.split_once(" check_chain.py\nimport").unwrap();
    let (script, _) = script.split_once("-----").unwrap();
    desk.put("check_chain.py", format!("import{script}").as_bytes());
    let commands = format!("set -e\nunzip -q{commands}");
    let run = |folder: &Path| {
        Command::new("bash")
            .args(["-c", &commands])
            .current_dir(folder)
            .output()
            .unwrap()
    };
    let output = run(desk.dir.path());
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(said.lines().all(|line| line.starts_with("Good ")), "{said}");
    // Site, person, two checkpoints, one electronic signature.
    assert_eq!(said.lines().count(), 5, "{said}");
    assert!(output.stderr.is_empty());
}

#[test]
fn the_bagit_program_believes_it_is_a_bag() {
    let desk = Desk::new();
    let good = desk.put("good.zip", &parcel().bytes);
    let ask = |bundle: &Path| Command::new(script("bagit.sh")).arg(bundle).output().unwrap();
    let output = ask(&good);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut tamperer = Tamperer::of(&parcel().bytes);
    tamperer.replace("data/audit/entries.ndjson", "38.5", "36.5");
    assert!(!ask(&desk.put("bad.zip", &tamperer.zip())).status.success());
}
