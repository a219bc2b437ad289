//! Somebody with the key and an SQLite shell, or without the key and a hex editor: what the check says.

use rusqlite::{Connection, config::DbConfig};
use study::act::{Act, Role, SignedRecord, Statement};

use crate::{
    SiteFile, check,
    desk::{Desk, STUDY, entered},
    keys::Secret,
    open::{self, Content},
    vfs,
};

fn codes(file: &SiteFile) -> Vec<&'static str> {
    let report = check(file, &mut |_, _, _| ()).unwrap();
    let mut codes: Vec<_> = report.findings.iter().map(|finding| finding.code).collect();
    codes.dedup();
    codes
}

/// A file with values, a query, a completed form and a signature.
fn lively(desk: &mut Desk) -> SiteFile {
    let (mut file, nurse) = desk.with_nurse();
    let path = "S-001/SCR/DM/DM.MAIN/DM.SEX";
    let form = || "S-001/SCR/DM".parse().unwrap();
    desk.act(
        &mut file,
        &nurse,
        vec![Act::SubjectAdded {
            subject: "S-001".into(),
        }],
    );
    for value in ["F", "M"] {
        desk.act(
            &mut file,
            &nurse,
            vec![entered(path, value), entered("S-001/SCR/DM/DM.MAIN/DM.AGE", "50")],
        );
    }
    desk.act(&mut file, &nurse, vec![Act::FormCompleted { form: form() }]);
    let query = "q-1".to_owned();
    let opened = Act::QueryOpened {
        query: query.clone(),
        path: path.parse().unwrap(),
        text: "Sure?".into(),
        version: 2,
    };
    desk.act(
        &mut file,
        &nurse,
        vec![
            opened,
            Act::QueryAnswered {
                query,
                text: "Yes.".into(),
            },
        ],
    );
    let signed = signed(desk, &file, &nurse);
    desk.act(&mut file, &nurse, vec![signed]);
    file
}

fn signed(desk: &mut Desk, file: &SiteFile, session: &crate::Session) -> Act {
    let log = file.logs().unwrap().remove(0);
    let statement = Statement {
        format: "cartwright-esig-v1".into(),
        id: "s-1".into(),
        meaning: "I have seen it.".into(),
        meaning_code: "casebook".into(),
        printed_name: session.printed_name().into(),
        role: Role::Nurse,
        person: session.person().clone(),
        login: session.login().into(),
        moment: desk.stamp().moment,
        store: file.store_id().into(),
        study: STUDY.into(),
        log: log.log,
        seq: log.last_seq,
        head: log.head.to_string(),
        records: vec![SignedRecord {
            id: "S-001/SCR/DM".into(),
            version: 5,
            sha256: "00".repeat(32),
        }],
    };
    let bytes = proof::statement_bytes(&statement).unwrap();
    let signature = session.sign(proof::Namespace::Esig, &bytes).armoured();
    Act::Signed { statement, signature }
}

/// Runs SQL with the file's key and without any of its guards, then opens the file again.
fn tampered(sql: &str) -> (Desk, SiteFile) {
    let mut desk = Desk::new();
    let file = lively(&mut desk);
    let dek = Secret::new(*file.dek);
    file.close().unwrap();
    let conn = open::connect(&desk.path()).unwrap();
    open::key(&conn, &dek, Content::Expected).unwrap();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false).unwrap();
    conn.execute_batch(sql).unwrap();
    drop(conn);
    let (file, _) = desk.unlock("admin").unwrap();
    (desk, file)
}

const UNGUARDED: &str = "DROP TRIGGER entry_never_changes; DROP TRIGGER entry_never_goes;";

fn guards() -> String {
    let from = open::SCHEMA.find("CREATE TRIGGER entry_never_changes").unwrap();
    let to = open::SCHEMA.find("CREATE TRIGGER entry_has_a_predecessor").unwrap();
    open::SCHEMA[from..to].to_owned()
}

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
fn projections_that_no_entry_made_are_found() {
    for (sql, expected) in [
        (
            "UPDATE item SET value = '{\"type\":\"text\",\"text\":\"X\"}' WHERE path LIKE '%SEX'",
            vec!["row_differs"],
        ),
        ("DELETE FROM item WHERE path LIKE '%SEX'", vec!["row_missing"]),
        (
            "INSERT INTO subject (code, entry, at, utc) VALUES ('S-999', 1, '', '')",
            vec!["row_without_entry"],
        ),
        ("UPDATE form SET completed = NULL", vec!["row_differs"]),
        ("UPDATE query SET state = 'closed'", vec!["row_differs"]),
        ("UPDATE signature SET entry = entry - 1", vec!["row_differs"]),
        (
            "UPDATE person SET role = '\"administrator\"' WHERE login = 'nurse'",
            vec!["row_differs"],
        ),
    ] {
        assert_eq!(codes(&tampered(sql).1), expected, "{sql}");
    }
}

#[test]
fn a_changed_journal_is_found_however_it_was_changed() {
    let sex = "act = 'value_entered' AND body LIKE '%SEX%' AND body LIKE '%\"F\"%'";
    for (sql, expected) in [
        (
            format!("UPDATE entry SET body = replace(body, '\"F\"', '\"X\"') WHERE {sex}"),
            "leaf",
        ),
        (
            format!("UPDATE entry SET body = body || ' ' WHERE {sex}"),
            "body_unreadable",
        ),
        (
            "UPDATE entry SET body = NULL, salt = NULL WHERE act = 'form_completed'".into(),
            "body_missing",
        ),
        (
            "UPDATE entry SET subject = 'S-002' WHERE act = 'form_completed'".into(),
            "subject",
        ),
        // Of the last save; and of one that another person's save follows. (Within one person's saves the next covers it.)
        ("UPDATE entry SET sig = NULL WHERE act = 'signed'".into(), "unsigned"),
        (
            "UPDATE entry SET sig = NULL WHERE body LIKE '%nurse (printed)%' AND act = 'person_added'".into(),
            "two_actors",
        ),
        (
            "UPDATE entry SET sig = randomblob(64) WHERE act = 'form_completed'".into(),
            "save_signature",
        ),
        (
            "UPDATE entry SET leaf = randomblob(32) WHERE act = 'form_completed'".into(),
            "head",
        ),
        ("DELETE FROM entry WHERE act = 'form_completed'".into(), "gap"),
    ] {
        let sql = format!("{UNGUARDED} {sql}; {}", guards());
        let codes = codes(&tampered(&sql).1);
        assert!(codes.contains(&expected), "{sql}: {codes:?}");
    }
}

#[test]
fn a_dropped_trigger_is_noticed_when_opening() {
    let (_desk, file) = tampered("DROP TRIGGER entry_never_goes");
    assert!(matches!(
        file.access(),
        crate::Access::ReadOnly {
            why: crate::WhyReadOnly::Schema
        }
    ));
    assert_eq!(codes(&file), ["schema"]);
}

#[test]
fn the_last_entries_cut_off_are_noticed_when_opening() {
    let sql = format!(
        "{UNGUARDED} DELETE FROM entry WHERE act = 'signed'; DELETE FROM signature; {}",
        guards()
    );
    let (_desk, file) = tampered(&sql);
    assert!(matches!(
        file.access(),
        crate::Access::ReadOnly {
            why: crate::WhyReadOnly::Older
        }
    ));
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
    assert_eq!(codes(&file), ["not_entitled"]);
}

#[test]
fn an_old_page_in_a_newer_file_is_found_although_it_authenticates() {
    let mut desk = Desk::new();
    let file = lively(&mut desk);
    file.close().unwrap();
    let old = std::fs::read(desk.path()).unwrap();
    let (mut file, nurse) = desk.unlock("nurse").unwrap();
    desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/DM.MAIN/DM.SEX", "F")]);
    file.close().unwrap();
    let new = std::fs::read(desk.path()).unwrap();
    let pages = (vfs::HEADER_LEN..old.len().min(new.len())).step_by(4096).skip(1);
    let changed: Vec<usize> = pages.filter(|&at| old[at..at + 4096] != new[at..at + 4096]).collect();
    assert!(changed.len() >= 3, "{changed:?}");
    for at in changed {
        let mut spliced = new.clone();
        spliced[at..at + 4096].copy_from_slice(&old[at..at + 4096]);
        std::fs::write(desk.path(), &spliced).unwrap();
        let noticed = match desk.unlock("admin") {
            Ok((file, _)) => file.access() != &crate::Access::Writable || !codes(&file).is_empty(),
            Err(_) => true,
        };
        assert!(noticed, "page at {at}");
    }
}

#[test]
fn a_flipped_bit_on_every_page_is_found() {
    let mut desk = Desk::new();
    lively(&mut desk).close().unwrap();
    let whole = std::fs::read(desk.path()).unwrap();
    for at in (vfs::HEADER_LEN..whole.len()).step_by(4096) {
        let mut flipped = whole.clone();
        flipped[at + 1234] ^= 4;
        std::fs::write(desk.path(), &flipped).unwrap();
        let found = match desk.unlock("admin") {
            Ok((file, _)) => match check(&file, &mut |_, _, _| ()) {
                Ok(report) => report
                    .findings
                    .iter()
                    .any(|f| f.code == "page_altered" || f.code == "torn_free_page"),
                Err(_) => true,
            },
            Err(_) => true,
        };
        assert!(found, "page at {at}");
    }
    let mut longer = whole.clone();
    longer.extend_from_slice(&[7; 4096]);
    std::fs::write(desk.path(), &longer).unwrap();
    let noticed = desk.unlock("admin").map(|(file, _)| codes(&file));
    assert!(noticed.is_err() || noticed.is_ok_and(|codes| !codes.is_empty()));
}

#[test]
fn the_settings_hold() {
    let mut desk = Desk::new();
    let file = lively(&mut desk);
    for (name, expected, found) in open::settings(file.conn().unwrap()).unwrap() {
        assert_eq!(found.to_lowercase(), expected.to_lowercase(), "{name}");
    }
    let defensive = file
        .conn()
        .unwrap()
        .db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE)
        .unwrap();
    assert!(defensive);
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
    assert_eq!(codes(&file), ["continues_elsewhere"]);
}
