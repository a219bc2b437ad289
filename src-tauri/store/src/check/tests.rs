//! Somebody with the key and an SQLite shell, or without the key and a hex editor: what the check says.

mod pieces;

use rusqlite::Connection;
use study::act::{Act, Role, Statement};

use crate::{
    DefinitionFile, StudyTag, check,
    desk::{Desk, entered},
    keys::Secret,
    open::{self, Content},
    tests::{codes, lively, signed},
};

#[test]
fn an_untouched_file_is_sound() {
    let mut desk = Desk::new();
    let file = lively(&mut desk);
    let report = check(&file, &mut |_, _, _| ()).unwrap();
    assert_eq!(report.findings, []);
    assert!(
        report.sound() && report.entries == 14 && report.saves == 8,
        "{report:?}"
    );
}

#[test]
fn the_journal_cannot_be_changed_through_an_open_file() {
    let mut desk = Desk::new();
    let file = lively(&mut desk);
    let conn = file.conn().unwrap();
    for sql in [
        "UPDATE entry SET body = 'x'",
        "DELETE FROM entry",
        "INSERT OR REPLACE INTO entry SELECT key, randomblob(16), salt, body, leaf, head, subject, sig FROM entry",
        "REPLACE INTO entry (key, id, salt, body, leaf, head) SELECT key, id, salt, body, leaf, head FROM entry",
        "INSERT INTO entry (key, id, leaf, head) VALUES (1099511628999, randomblob(16), randomblob(32), randomblob(32))",
        "DROP TRIGGER entry_never_goes",
        "DROP TABLE entry",
        "ALTER TABLE entry RENAME TO other",
        "CREATE TABLE other (x)",
        "ATTACH ':memory:' AS other",
        "PRAGMA writable_schema = ON",
        "PRAGMA recursive_triggers = OFF",
        "PRAGMA journal_mode = OFF",
        "UPDATE sqlite_schema SET sql = ''",
    ] {
        assert!(conn.execute_batch(sql).is_err(), "{sql}");
    }
    assert_eq!(codes(&file), Vec::<&str>::new());
}

#[test]
fn a_colleague_with_the_files_key_cannot_act_or_sign_as_another() {
    let mut desk = Desk::new();
    let mut file = lively(&mut desk);
    let stamp = desk.stamp();
    let password = crate::desk::password(crate::desk::PASSWORD);
    let nurse = file.authenticate("nurse", &password, &stamp, &mut desk.seed).unwrap();
    let mut admin = file.authenticate("admin", &password, &stamp, &mut desk.seed).unwrap();
    // The administrator's key under the nurse's name.
    admin.person = nurse.person().clone();
    admin.role = Role::Nurse;
    let forged = desk.save(&admin, vec![entered("S-001/SCR/DM/DM.MAIN/DM.SEX", "F")]);
    file.transact(&forged, &mut desk.seed).unwrap();
    assert_eq!(codes(&file), ["save_signature"]);
    admin.printed_name = nurse.printed_name().into();
    admin.login = nurse.login().into();
    let Act::Signed { statement, signature } = signed(&mut desk, &file, &admin) else {
        panic!("not a signature")
    };
    let signed = Act::Signed {
        statement: Statement {
            id: "s-2".into(),
            ..statement
        },
        signature,
    };
    desk.act(&mut file, &nurse, vec![signed]);
    assert_eq!(codes(&file), ["save_signature", "e_signature"]);
}

#[test]
fn a_person_without_the_role_cannot_add_people() {
    let mut desk = Desk::new();
    let (mut file, nurse) = desk.with_nurse();
    let added = Act::PersonAdded {
        person: "p-0000000000000001".into(),
        login: "friend".into(),
        printed_name: "A friend".into(),
        role: Role::Administrator,
        key: "ssh-ed25519 AAAA".into(),
        sealing: "00".into(),
        identity_verified: "no".into(),
    };
    desk.act(&mut file, &nurse, vec![added]);
    // Nor did the header change with it: there is no way in.
    assert_eq!(codes(&file), ["slot_missing", "not_entitled", "header_older"]);
}

#[test]
fn another_key_does_not_open_it() {
    let mut desk = Desk::new();
    lively(&mut desk).close().unwrap();
    let conn: Connection = open::connect(&desk.path()).unwrap();
    let error = open::key(&conn, &Secret::new([5; 32]), Content::Expected).unwrap_err();
    assert_eq!(error.code(), "damaged");
}

#[test]
fn entries_after_a_log_was_closed_are_found() {
    let mut desk = Desk::new();
    let mut file = lively(&mut desk);
    file.note_seen().unwrap();
    let own = file.own.take().unwrap();
    file.access = crate::Access::ReadOnly {
        why: crate::WhyReadOnly::OtherDevice,
    };
    let stamp = desk.stamp();
    let password = crate::desk::password(crate::desk::PASSWORD);
    let admin = file.authenticate("admin", &password, &stamp, &mut desk.seed).unwrap();
    file.continue_here(&admin, crate::desk::because("moved"), &stamp, &mut desk.seed)
        .unwrap();
    assert_eq!(codes(&file), Vec::<&str>::new());
    file.own = Some(own);
    desk.act(&mut file, &admin, vec![Act::RecoveryCodeReplaced {}]);
    assert_eq!(codes(&file), ["continues_elsewhere", "header_older"]);
}

#[test]
fn what_an_installation_that_failed_left_behind_is_no_part_of_the_next() {
    let mut desk = Desk::new();
    lively(&mut desk).close().unwrap();
    let (mut file, admin) = desk.unlock("admin").unwrap();
    let texts = [("forms/dm.toml", "oid = \"DM\"\n"), ("study.toml", "oid = \"CARTX\"\n")];
    let kept = |texts: &[(&str, &str)]| -> Vec<DefinitionFile> {
        let file = |(name, text): &(&str, &str)| DefinitionFile {
            name: (*name).into(),
            bytes: text.as_bytes().to_vec(),
        };
        texts.iter().map(file).collect()
    };
    let tag = |texts: &[(&str, &str)]| StudyTag {
        oid: "CARTX".into(),
        version: "2.0".into(),
        sha256: proof::Digest::of(&study::load::canonical_bytes(texts)).to_string(),
    };
    // Kept, and never installed; then the same version comes with a file less.
    file.add_definition(&tag(&texts), &kept(&texts)).unwrap();
    let (tag, fewer) = (tag(&texts[1..]), kept(&texts[1..]));
    file.add_definition(&tag, &fewer).unwrap();
    let installed = Act::StudyInstalled {
        study: tag.oid,
        version: tag.version,
        sha256: tag.sha256,
    };
    desk.act(&mut file, &admin, vec![installed]);
    assert_eq!(file.definition("CARTX", "2.0").unwrap(), fewer);
    assert_eq!(file.definition("CARTX", "1.0").unwrap().len(), 1);
    assert_eq!(codes(&file), Vec::<&str>::new());
}
