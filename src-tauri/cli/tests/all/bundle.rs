//! `verify`: 0 holds, 1 does not hold, 2 could not be looked at.

use std::{fs, path::Path};

use crate::{Said, demo, flip, other, run};

/// A bundle beside the list of its site, in a folder of its own.
fn lone(top: &Path) -> std::path::PathBuf {
    let bundle = top.join("records.cwb.zip");
    fs::copy(demo().bundle(), &bundle).unwrap();
    fs::copy(demo().folder.join("allowed_signers"), top.join("allowed_signers")).unwrap();
    bundle
}

fn verify(bundle: &Path, more: &[&str]) -> Said {
    let mut args = vec!["verify", bundle.to_str().unwrap()];
    args.extend(more);
    run(&bundle.with_file_name("home"), &args)
}

#[test]
fn an_untouched_bundle_holds() {
    let top = tempfile::tempdir().unwrap();
    let bundle = lone(top.path());
    let said = verify(&bundle, &[]).exits(0);
    assert!(said.last_line().contains(" holds: "), "{said:?}");
    assert!(said.out.contains("SHA256:") && said.err.is_empty());
    let chinese = verify(&bundle, &["--lang", "zh-Hans"]).exits(0);
    assert_ne!(chinese.last_line(), said.last_line());

    let document = verify(&bundle, &["--json"]).exits(0).json();
    for (key, expected) in [("outcome", "holds"), ("site", "012"), ("study", "ALLO-CD19-BALL@1.0")] {
        assert_eq!(document[key], expected);
    }
    assert_eq!(document["subjects"], serde_json::json!(["S-001", "S-002", "S-003"]));
    assert!(document["entries"].as_u64().unwrap() > 300 && document["esignatures"].as_u64().unwrap() >= 3);
    let signer = &document["signers"][0];
    assert!(signer["principal"].is_string() && signer["fingerprint"].as_str().unwrap().starts_with("SHA256:"));
    assert_eq!(signer["words"].as_str().unwrap().split(' ').count(), 12);
}

/// Something that somebody does to a bundle.
type Harm = fn(&Path);

#[test]
fn whatever_was_done_to_it_it_does_not_hold() {
    let harms: &[(&str, Harm)] = &[
        ("first byte", |path| flip(path, 0)),
        ("a byte in the middle", |path| {
            flip(path, fs::read(path).unwrap().len() / 2)
        }),
        ("last byte", |path| flip(path, fs::read(path).unwrap().len() - 1)),
        ("cut in half", |path| {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        }),
        ("last byte gone", |path| {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() - 1]).unwrap();
        }),
        ("a byte appended", |path| {
            let mut bytes = fs::read(path).unwrap();
            bytes.push(0);
            fs::write(path, bytes).unwrap();
        }),
        ("empty", |path| fs::write(path, []).unwrap()),
        ("text", |path| fs::write(path, "not a bundle\n").unwrap()),
        ("twice", |path| {
            fs::write(path, fs::read(path).unwrap().repeat(2)).unwrap()
        }),
    ];
    for (what, harm) in harms {
        let top = tempfile::tempdir().unwrap();
        let bundle = lone(top.path());
        harm(&bundle);
        let said = verify(&bundle, &[]).exits(1);
        assert_eq!(said.last_line(), "This bundle does not hold.", "{what}: {said:?}");
        let document = verify(&bundle, &["--json"]).exits(1).json();
        assert_eq!(document["outcome"], "damaged", "{what}");
        assert!(document["code"].is_string(), "{what}: {document}");
    }
}

#[test]
fn bytes_all_over_it_do_not_hold_when_changed() {
    let top = tempfile::tempdir().unwrap();
    let bundle = lone(top.path());
    let whole = fs::read(&bundle).unwrap();
    for step in 1..24 {
        fs::write(&bundle, &whole).unwrap();
        flip(&bundle, whole.len() * step / 24);
        verify(&bundle, &[]).exits(1);
    }
}

#[test]
fn intact_by_somebody_unknown_is_told_apart_and_does_not_hold() {
    let top = tempfile::tempdir().unwrap();
    let bundle = lone(top.path());
    let theirs = other().path("allowed_signers");
    for more in [&["--allowed-signers", theirs.as_str(), "--json"][..], &["--json"]] {
        if more.len() == 1 {
            fs::remove_file(top.path().join("allowed_signers")).unwrap();
        }
        let document = verify(&bundle, more).exits(1).json();
        assert_eq!(document["outcome"], "signer_unknown");
        assert!(document["signers"][0]["principal"].is_null());
    }
    // The installed list is the last to be asked.
    let installed = top.path().join("home/study.cartwright.desktop");
    fs::create_dir_all(&installed).unwrap();
    fs::copy(demo().folder.join("allowed_signers"), installed.join("allowed_signers")).unwrap();
    verify(&bundle, &[]).exits(0);
    fs::write(top.path().join("allowed_signers"), fs::read(theirs).unwrap()).unwrap();
    verify(&bundle, &[]).exits(1);
}

#[test]
fn a_sealed_bundle_and_what_is_not_there() {
    let top = tempfile::tempdir().unwrap();
    let bundle = lone(top.path());
    let sealed = top.path().join("sealed.cwb.zip.age");
    fs::copy(demo().ending(".cwb.zip.age"), &sealed).unwrap();
    let document = verify(&sealed, &["--json"]).exits(1).json();
    assert_eq!(
        (document["outcome"].as_str(), document["code"].as_str()),
        (Some("unreadable"), Some("sealed"))
    );
    let missing = verify(&top.path().join("nowhere.cwb.zip"), &[]).exits(2);
    assert!(missing.err.contains("nowhere.cwb.zip"), "{missing:?}");
    let document = verify(&top.path().join("nowhere.cwb.zip"), &["--json"]).exits(2).json();
    assert!(document["could_not_run"].as_str().unwrap().contains("nowhere.cwb.zip"));
    verify(&bundle, &["--allowed-signers", "/nowhere/list"]).exits(2);
    fs::write(top.path().join("allowed_signers"), "three words here\n").unwrap();
    verify(&bundle, &[]).exits(2);
}
