//! `backup`, `restore`, `rekey`.

use std::fs;

use crate::{copy, run};

#[test]
fn a_file_is_backed_up_restored_and_given_a_new_key() {
    let top = tempfile::tempdir().unwrap();
    let site = copy(top.path());
    let (file, password) = (site.path("site.cartwright"), site.path("password.txt"));
    let who = ["--user", "admin.zhao", "--password-file", &password];
    let stick = top.path().join("stick").to_str().unwrap().to_owned();
    let with = |command: &[&str]| run(&site.home, &[command, &who].concat());

    let nowhere = with(&["backup", &file]).exits(2);
    assert!(nowhere.err.contains("folder"), "{nowhere:?}");
    let made = with(&["--json", "backup", &file, &stick]).exits(0).json();
    let name = made["backups"][0]["file"].as_str().unwrap().to_owned();
    assert_eq!(fs::read_dir(&stick).unwrap().count(), 1);
    let backup = format!("{stick}/{name}");

    let restored = top.path().join("restored.cartwright").to_str().unwrap().to_owned();
    let said = run(&site.home, &["restore", &backup, &restored]).exits(0);
    assert!(said.out.contains("opens for reading only"), "{said:?}");
    assert_eq!(fs::read(&backup).unwrap(), fs::read(&restored).unwrap());
    run(&site.home, &["restore", &backup, &restored]).exits(2);
    with(&["check", &restored]).exits(0);

    run(
        &site.home,
        &[
            "rekey",
            &file,
            "--user",
            "nurse.li",
            "--password-file",
            &password,
            "--reason",
            "x",
        ],
    )
    .exits(2);
    let said = with(&["rekey", &file, "--reason", "A stick was lost."]).exits(0);
    let kept = said
        .out
        .split("beside it as ")
        .nth(1)
        .unwrap()
        .split(';')
        .next()
        .unwrap();
    assert!(site.folder.join(kept).exists(), "{said:?}");
    with(&["check", &file]).exits(0);
    run(
        &site.home,
        &["check", &file, "--user", "nurse.li", "--password-file", &password],
    )
    .exits(0);
}
