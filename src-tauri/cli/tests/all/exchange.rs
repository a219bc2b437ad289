//! `create --kind`, `import`, `continue`, `redact`, `check --bundle`.

use std::fs;

use crate::{copy, demo, run};

/// A password of its own for a reviewer's file.
const PASSWORD: &str = "57921 40388 16625";

#[test]
fn a_sponsors_file_takes_in_a_bundle_from_a_sender_who_was_compared() {
    let top = tempfile::tempdir().unwrap();
    let home = top.path().join("home");
    let at = |name: &str| top.path().join(name).to_str().unwrap().to_owned();
    let (file, password) = (at("sponsor.cartwright"), at("password"));
    fs::write(&password, PASSWORD).unwrap();
    let create = [
        "create",
        &file,
        "--kind",
        "sponsor",
        "--site",
        "SP1",
        "--site-name",
        "Sponsor",
        "--user",
        "admin",
        "--printed-name",
        "Zhao Min",
        "--identity-verified",
        "badge",
        "--password-file",
        &password,
    ];
    run(&home, &create).exits(0);
    let bundle = demo().bundle().to_str().unwrap().to_owned();
    let who = ["--user", "admin", "--password-file", &password];
    let import = |more: &[&str]| {
        let mut args = vec!["import", &file, &bundle];
        args.extend(who);
        args.extend(more);
        run(&home, &args)
    };
    let unknown = import(&[]).exits(2);
    let key = unknown
        .err
        .split_whitespace()
        .find(|word| word.starts_with("SHA256:"))
        .unwrap();
    let key = key.trim_end_matches('.').to_owned();
    let taken = import(&["--fingerprint", &key, "--json"]).exits(0).json();
    assert!(taken["new"].as_u64().unwrap() > 300, "{taken}");
    assert_eq!(taken["missing"], serde_json::json!([]));
    let again = import(&[]).exits(0);
    assert!(again.out.contains("was here before"), "{again:?}");
    let mut check = vec!["check", &file, "--bundle", &bundle];
    check.extend(who);
    assert!(run(&home, &check).exits(0).out.starts_with("Everything holds"));
}

#[test]
fn a_copy_goes_on_as_a_second_device_and_two_persons_redact_on_the_first() {
    let top = tempfile::tempdir().unwrap();
    let demo = copy(top.path());
    let (file, password) = (demo.path("site.cartwright"), demo.path("password.txt"));
    let second = top.path().join("second.cartwright");
    fs::copy(&file, &second).unwrap();
    let second = second.to_str().unwrap();
    let elsewhere = top.path().join("elsewhere");
    let go_on = |user: &str, reason: &str| {
        run(
            &elsewhere,
            &[
                "continue",
                second,
                "--user",
                user,
                "--password-file",
                &password,
                "--beside",
                "--reason",
                reason,
                "--words",
                "a second laptop",
            ],
        )
    };
    assert!(!go_on("nurse.li", "other").exits(2).err.is_empty());
    let on = go_on("admin.zhao", "other").exits(0);
    assert!(on.out.contains("beside the first device"), "{on:?}");
    assert!(!go_on("admin.zhao", "other").exits(2).err.is_empty(), "once");
    let check = ["check", second, "--user", "data.okafor", "--password-file", &password];
    run(&elsewhere, &check).exits(0);
    // Two persons, and an entry that holds what somebody typed.
    let bundle = demo.bundle().to_str().unwrap().to_owned();
    let entry = typed_entry(&demo.bundle());
    let redact = |second: &str, entry: &str| {
        run(
            &demo.home,
            &[
                "redact",
                &file,
                "--entry",
                entry,
                "--user",
                "nurse.li",
                "--password-file",
                &password,
                "--second-user",
                second,
                "--second-password-file",
                &password,
                "--words",
                "identifies a person",
            ],
        )
    };
    assert!(!redact("nurse.li", &entry).exits(2).err.is_empty(), "not by the nurse");
    assert!(!redact("dr.chen", "l-0/1").exits(2).err.is_empty());
    let done = redact("dr.chen", &entry).exits(0);
    assert!(done.out.contains(&entry), "{done:?}");
    let said = run(
        &demo.home,
        &[
            "check",
            &file,
            "--user",
            "data.okafor",
            "--password-file",
            &password,
            "--bundle",
            &bundle,
        ],
    );
    let said = said.exits(0);
    assert!(
        said.out.contains("Redacted by two persons") && said.out.contains("after bundle"),
        "{said:?}"
    );
}

/// The first value in a bundle, as `LOG/NUMBER`.
fn typed_entry(bundle: &std::path::Path) -> String {
    let bytes = fs::read(bundle).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let line = text
        .lines()
        .find(|line| line.contains("\"type\":\"value_entered\"") && line.contains("\"seq\":"));
    let line = line.unwrap();
    let line = &line[line.find('{').unwrap()..];
    let entry: serde_json::Value = serde_json::from_str(line).unwrap();
    format!("{}/{}", entry["log"].as_str().unwrap(), entry["seq"])
}

#[test]
fn an_access_card_goes_from_one_laptop_to_another_after_the_bundle() {
    let top = tempfile::tempdir().unwrap();
    let demo = copy(top.path());
    let (file, password) = (demo.path("site.cartwright"), demo.path("password.txt"));
    let at = |name: &str| top.path().join(name).to_str().unwrap().to_owned();
    let (second, elsewhere) = (at("second.cartwright"), top.path().join("elsewhere"));
    fs::copy(&file, &second).unwrap();
    let (cards, bundles) = (at("cards"), at("bundles"));
    fs::create_dir(&cards).unwrap();
    fs::create_dir(&bundles).unwrap();
    let as_who = |who: &str| {
        vec![
            "--user".to_owned(),
            who.to_owned(),
            "--password-file".to_owned(),
            password.clone(),
        ]
    };
    let ran = |home: &std::path::Path, args: &[&str], who: &str| {
        let who = as_who(who);
        let all: Vec<&str> = args.iter().copied().chain(who.iter().map(String::as_str)).collect();
        run(home, &all)
    };
    let words = ["--beside", "--words", "a second laptop"];
    ran(&elsewhere, &[&["continue", &second], &words[..]].concat(), "admin.zhao").exits(0);
    let write = |who: &str, person: &str| ran(&demo.home, &["access-card", "write", &file, person, &cards], who);
    assert!(!write("nurse.li", "nurse.li").exits(2).err.is_empty());
    assert!(!write("admin.zhao", "nobody").exits(2).err.is_empty());
    let told = write("admin.zhao", "nurse.li").exits(0);
    assert!(
        told.out.contains("nurse.li") && told.out.contains("first the bundle"),
        "{told:?}"
    );
    let card = fs::read_dir(&cards).unwrap().next().unwrap().unwrap().path();
    let card = card.to_str().unwrap();
    let take = || ran(&elsewhere, &["access-card", "take", &second, card], "admin.zhao");
    let early = take().exits(2);
    assert!(early.err.contains("does not know of this card"), "{early:?}");
    ran(&demo.home, &["export", &file, &bundles], "dr.chen").exits(0);
    let bundle = fs::read_dir(&bundles).unwrap().map(|entry| entry.unwrap().path());
    let bundle = bundle
        .filter(|path| path.to_string_lossy().ends_with(".zip"))
        .last()
        .unwrap();
    ran(&elsewhere, &["import", &second, bundle.to_str().unwrap()], "admin.zhao").exits(0);
    // In this copy the nurse logs in with the very slot that is on the card: there is nothing to do, and it says so.
    let there = take().exits(2);
    assert!(there.err.contains("taken in already"), "{there:?}");
}
