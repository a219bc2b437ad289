//! `create`, `demo`, `check`, `export`.

use std::fs;

use crate::{Demo, copy, demo, flip, other, run};

const PASSWORD: &str = "57921 40388 16625";

#[test]
fn a_site_is_created_with_the_real_key_derivation_and_checked() {
    let top = tempfile::tempdir().unwrap();
    let home = top.path().join("home");
    let at = |name: &str| top.path().join(name).to_str().unwrap().to_owned();
    let (file, password) = (at("site.cartwright"), at("password"));
    let create = || {
        run(
            &home,
            &[
                "create",
                &file,
                "--site",
                "012",
                "--site-name",
                "Hospital",
                "--user",
                "admin",
                "--printed-name",
                "Zhao Min",
                "--identity-verified",
                "badge",
                "--password-file",
                &password,
            ],
        )
    };
    let missing = create().exits(2);
    assert!(missing.err.contains("password"), "{missing:?}");
    fs::write(&password, "short\n").unwrap();
    let short = create().exits(2);
    assert!(short.err.contains("15"), "{short:?}");
    assert!(!fs::exists(&file).unwrap());

    fs::write(&password, format!("{PASSWORD}\nnever read\n")).unwrap();
    let created = create().exits(0);
    let code = created.out.split("code is ").nth(1).unwrap().split(':').next().unwrap();
    assert!(code.len() > 40, "a recovery code: {created:?}");
    assert!(
        home.join("study.cartwright.desktop/devices").is_dir(),
        "device keys lie outside the file"
    );
    let before = fs::read(&file).unwrap();
    let again = create().exits(2);
    assert!(
        !again.err.is_empty() && fs::read(&file).unwrap() == before,
        "never overwritten"
    );

    let checked = run(
        &home,
        &["check", &file, "--user", "admin", "--password-file", &password],
    )
    .exits(0);
    assert!(checked.out.starts_with("Everything holds"), "{checked:?}");
    // Elsewhere, without the device's key, it is read and holds too.
    let elsewhere = top.path().join("elsewhere");
    run(
        &elsewhere,
        &["check", &file, "--user", "admin", "--password-file", &password],
    )
    .exits(0);
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let top = tempfile::tempdir().unwrap();
    let again = Demo::make(&top.path().join("site"), &top.path().join("home"), "8", "1");
    let first = other();
    for ending in [".cwb.zip", "allowed_signers", "README.txt", "password.txt"] {
        let (one, two) = (first.ending(ending), again.ending(ending));
        assert_eq!(one.file_name(), two.file_name());
        assert!(fs::read(one).unwrap() == fs::read(two).unwrap(), "{ending} differs");
    }
    let another = Demo::make(&top.path().join("nine"), &top.path().join("home"), "9", "1");
    assert_ne!(fs::read(first.bundle()).unwrap(), fs::read(another.bundle()).unwrap());
    assert_ne!(
        fs::read(first.path("allowed_signers")).unwrap(),
        fs::read(another.path("allowed_signers")).unwrap()
    );
}

#[test]
fn the_demonstration_leaves_what_it_promises() {
    let demo = demo();
    for name in ["site.cartwright", "allowed_signers", "password.txt", "README.txt"] {
        assert!(demo.folder.join(name).is_file(), "{name}");
    }
    let sealed = fs::read(demo.ending(".cwb.zip.age")).unwrap();
    assert!(sealed.starts_with(b"age-encryption.org/v1\n"));
    let readme = fs::read_to_string(demo.path("README.txt")).unwrap();
    for line in [
        "nurse.li nurse",
        "dr.chen investigator",
        "monitor.ruiz monitor",
        "admin.zhao administrator",
    ] {
        assert!(readme.lines().any(|l| l == line), "{line} in {readme}");
    }
    let folder = demo.folder.to_str().unwrap();
    let again = run(&demo.home, &["demo", "--seed", "7", folder]).exits(2);
    assert!(again.err.contains("exists already"), "{again:?}");
}

fn check(demo: &Demo, user: &str, more: &[&str]) -> crate::Said {
    let (file, password) = (demo.path("site.cartwright"), demo.path("password.txt"));
    let mut args = vec!["check", &file, "--user", user, "--password-file", &password];
    args.extend(more);
    run(&demo.home, &args)
}

#[test]
fn a_sound_file_holds_whoever_looks() {
    let top = tempfile::tempdir().unwrap();
    let demo = copy(top.path());
    for user in ["data.okafor", "nurse.li", "admin.zhao"] {
        let said = check(&demo, user, &[]).exits(0);
        assert!(
            said.out.starts_with("Everything holds: ") && said.err.is_empty(),
            "{said:?}"
        );
    }
    let document = check(&demo, "data.okafor", &["--json"]).exits(0).json();
    assert_eq!(document["holds"], true);
    assert!(document["entries"].as_u64().unwrap() > 300 && document["findings"].as_array().unwrap().is_empty());
    let chinese = check(&demo, "data.okafor", &["--lang", "zh-Hans"]).exits(0);
    assert!(!chinese.out.is_ascii());
}

#[test]
fn a_file_in_which_one_byte_was_changed_does_not_hold() {
    let top = tempfile::tempdir().unwrap();
    let demo = copy(top.path());
    let file = demo.folder.join("site.cartwright");
    let whole = fs::read(&file).unwrap();
    // First page twice, a page each in the first, second and last third, the last byte: past the 64 KiB header.
    let database = whole.len() - 65_536;
    for at in [
        65_536,
        65_536 + 90,
        65_536 + database / 5,
        65_536 + database / 2,
        65_536 + database * 4 / 5,
        whole.len() - 1,
    ] {
        fs::write(&file, &whole).unwrap();
        flip(&file, at);
        let said = check(&demo, "data.okafor", &[]).exits(1);
        assert!(!said.out.starts_with("Everything holds"), "byte {at}: {said:?}");
        fs::write(&file, &whole).unwrap();
        flip(&file, at);
        assert_eq!(
            check(&demo, "data.okafor", &["--json"]).exits(1).json()["holds"],
            false,
            "byte {at}"
        );
    }
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    check(&demo, "data.okafor", &[]).exits(1);
}

#[test]
fn what_cannot_be_opened_could_not_be_checked() {
    let top = tempfile::tempdir().unwrap();
    let demo = copy(top.path());
    fs::write(demo.path("password.txt"), "not the password\n").unwrap();
    let said = check(&demo, "data.okafor", &[]).exits(2);
    assert!(
        said.out.is_empty() && said.err.to_lowercase().contains("password"),
        "{said:?}"
    );
    let document = check(&demo, "data.okafor", &["--json"]).exits(2).json();
    assert!(document["could_not_run"].is_string());
    assert_eq!(document["problem"]["kind"], "refusal");
    let missing = run(
        &demo.home,
        &[
            "check",
            "/nowhere/site.cartwright",
            "--user",
            "x",
            "--password-file",
            "/nowhere/p",
        ],
    );
    missing.exits(2);
    let password = demo.path("password.txt");
    let bundle = demo.bundle();
    let odd = run(
        &demo.home,
        &[
            "check",
            bundle.to_str().unwrap(),
            "--user",
            "x",
            "--password-file",
            &password,
        ],
    )
    .exits(2);
    assert!(
        odd.err.contains("not a site file") || odd.err.contains("site file"),
        "{odd:?}"
    );
}

#[test]
fn an_export_is_the_investigators_and_verifies() {
    let top = tempfile::tempdir().unwrap();
    let demo = copy(top.path());
    let out = top.path().join("out");
    fs::create_dir(&out).unwrap();
    let (file, password) = (demo.path("site.cartwright"), demo.path("password.txt"));
    let folder = out.to_str().unwrap();
    let export = |user: &str, more: &[&str]| {
        let mut args = vec!["export", &file, folder, "--user", user, "--password-file", &password];
        args.extend(more);
        run(&demo.home, &args)
    };
    let nurse = export("nurse.li", &["--json"]).exits(2);
    assert_eq!(nurse.json()["problem"]["code"], "not_your_role");
    assert_eq!(fs::read_dir(&out).unwrap().count(), 0);

    let exported = export("dr.chen", &["--json"]).exits(0).json();
    let name = exported["files"][0].as_str().unwrap();
    assert!(name.ends_with(".cwb.zip") && out.join("allowed_signers").is_file());
    let bundle = out.join(name);
    let verified = run(&demo.home, &["verify", "--json", bundle.to_str().unwrap()])
        .exits(0)
        .json();
    assert_eq!(verified["entries"], exported["entries"]);
    assert_ne!(
        fs::read(&bundle).unwrap(),
        fs::read(demo.bundle()).unwrap(),
        "another number, another bundle"
    );

    let recipient = "age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z";
    let sealed = export("dr.chen", &["--seal-for", recipient, "--json"]).exits(0).json();
    assert!(
        sealed["files"][0].as_str().unwrap().ends_with(".age"),
        "sealed alone unless asked: {sealed}"
    );
    let nobody = export("dr.chen", &["--seal-for", "age1nobody"]).exits(2);
    assert!(nobody.err.contains("age1nobody"), "{nobody:?}");
    run(
        &demo.home,
        &[
            "export",
            &file,
            "/nowhere",
            "--user",
            "dr.chen",
            "--password-file",
            &password,
        ],
    )
    .exits(2);
}
