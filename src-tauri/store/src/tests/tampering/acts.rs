//! What is about no subject is found by its act, and by nothing else: a check since the last one tells what was hidden there.

use study::act::Act;

use super::trust::{about, both, in_full, remembered, said};
use crate::{
    Checked, Checking, SiteFile, StoreError,
    desk::{Desk, PASSWORD, entered, password},
    keys::Secret,
    tests::{
        UNGUARDED, guards,
        imports::{second, site, whole},
        quick_desk, unguarded,
    },
};

const SEX: &str = "S-001/SCR/DM/DM.MAIN/DM.SEX";

/// A wrong password, a value and a query, a sound check; then a subject more and another wrong password.
fn attempted() -> (Desk, SiteFile, Checked) {
    fn wrong(desk: &mut Desk, file: SiteFile) -> SiteFile {
        file.close().unwrap();
        let stamp = desk.stamp();
        let (path, mistyped) = (desk.path(), password(&format!("{PASSWORD}!")));
        SiteFile::unlock(&path, "nurse", &mistyped, &stamp, &mut desk.seed, &desk.devices).unwrap_err();
        desk.unlock("nurse").unwrap().0
    }
    let mut desk = quick_desk();
    let (mut file, nurse) = desk.with_nurse();
    about(&mut desk, &mut file, &nurse, "S-001", SEX, "q-1");
    let file = wrong(&mut desk, file);
    let last = in_full(&file, &mut desk).1.expect("sound");
    wrong(&mut desk, file).close().unwrap();
    let (mut file, nurse) = desk.unlock("nurse").unwrap();
    let path = "S-002/SCR/DM/DM.MAIN/DM.SEX";
    about(&mut desk, &mut file, &nurse, "S-002", path, "q-2");
    (desk, file, last)
}

/// What both checks must say of the journal after some SQL; it comes with numbers of the old and the new wrong password.
const HIDDEN: &[(&str, &str)] = &[
    (
        "an old wrong password filed under a subject",
        "UPDATE entry SET subject = 'S-001' WHERE key = {OLD}",
    ),
    (
        "an old one filed under nobody known",
        "UPDATE entry SET subject = 'x' WHERE key = {OLD}",
    ),
    (
        "a new one filed under a subject",
        "UPDATE entry SET subject = 'S-001' WHERE key = {NEW}",
    ),
    (
        "an old value filed under nobody",
        "UPDATE entry SET subject = NULL WHERE key = (SELECT min(key) FROM entry WHERE act = 'value_entered')",
    ),
    ("an old one that the index leaves out", "{INDEX} AND key <> {OLD}"),
    ("a new one that the index leaves out", "{INDEX} AND key <> {NEW}"),
    ("an index without wrong passwords", "{INDEX} AND act <> 'login_failed'"),
    ("an index of nothing", "{INDEX} AND 0"),
];

#[test]
fn what_is_found_by_its_act_alone_cannot_be_hidden() {
    let (mut desk, file, last) = attempted();
    for checking in [Checking::since(&file, &last), Checking::in_full(&file)] {
        assert_eq!(said(checking.unwrap(), &file, &mut desk).0, Vec::<&str>::new());
    }
    let dek = Secret::new(*file.dek);
    file.close().unwrap();
    let whole = std::fs::read(desk.path()).unwrap();
    let mut wrong = Vec::new();
    for (what, sql) in HIDDEN {
        std::fs::write(desk.path(), &whole).unwrap();
        hide(&desk, &dek, sql);
        for (check, codes) in ["since", "in full"].iter().zip(both(&mut desk, &last)) {
            if !codes.iter().any(|code| ["subject", "structure"].contains(code)) {
                wrong.push(format!("{what}, {check}: {codes:?}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Changes the journal, or makes the index anew under the same words in the schema.
fn hide(desk: &Desk, dek: &Secret, sql: &str) {
    let conn = unguarded(desk, dek);
    let one = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let old = one("SELECT min(key) FROM entry WHERE act = 'login_failed'");
    let new = one("SELECT max(key) FROM entry WHERE act = 'login_failed'");
    assert!(old < new);
    let sql = sql
        .replace("{OLD}", &old.to_string())
        .replace("{NEW}", &new.to_string());
    conn.execute_batch(UNGUARDED).unwrap();
    match sql.strip_prefix("{INDEX}") {
        None => assert_eq!(conn.execute(&sql, []).unwrap(), 1),
        Some(but) => {
            let words: String = conn
                .query_row("SELECT sql FROM sqlite_schema WHERE name = 'entry_act'", [], |row| {
                    row.get(0)
                })
                .unwrap();
            conn.execute_batch(&format!(
                "DROP INDEX entry_act; {words}{but}; PRAGMA writable_schema = ON;"
            ))
            .unwrap();
            conn.execute("UPDATE sqlite_schema SET sql = ?1 WHERE name = 'entry_act'", [&words])
                .unwrap();
        }
    }
    conn.execute_batch(&guards()).unwrap();
}

#[test]
fn where_an_earlier_check_did_not_remember_them_everything_is_checked() {
    let (mut desk, file, last) = attempted();
    let mut older = serde_json::to_value(&last).unwrap();
    assert!(older.as_object_mut().unwrap().remove("acts").is_some());
    let older: Checked = serde_json::from_value(older).unwrap();
    assert!(matches!(Checking::since(&file, &older), Err(StoreError::NotThisFile)));
    assert!(in_full(&file, &mut desk).1.is_some());
}

#[test]
fn an_answer_is_found_by_its_act_until_its_query_has_come_and_alarms_nobody() {
    let mut one = site(10);
    let added = Act::SubjectAdded {
        subject: "S-001".into(),
    };
    one.act(vec![added, entered(SEX, "F")]);
    let mut two = second(&mut one, 30);
    two.act(vec![Act::QueryOpened {
        query: "q-1".into(),
        path: SEX.parse().unwrap(),
        text: "Sure?".into(),
        version: 1,
    }]);
    for value in ["M", "F", "M", "F", "M", "F", "M", "F"] {
        one.act(vec![entered(SEX, value)]);
    }
    one.act(vec![Act::QueryAnswered {
        query: "q-1".into(),
        text: "Yes.".into(),
    }]);
    let filed = |file: &SiteFile| -> Option<String> {
        let sql = "SELECT subject FROM entry WHERE act = 'query_answered'";
        file.conn().unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(filed(&one.file), None);
    let last = in_full(&one.file, &mut one.desk).1.expect("sound");
    one.takes(&whole(&two.file));
    assert_eq!(filed(&one.file).as_deref(), Some("S-001"));
    let moment = one.desk.stamp().moment;
    let [since, full] = [Checking::since(&one.file, &last), Checking::in_full(&one.file)].map(|checking| {
        let mut checking = checking.unwrap();
        assert!(checking.go_on(&one.file, &mut || false).unwrap());
        let (report, checked) = checking.end(&moment);
        assert!(report.sound(), "{:?}", report.findings);
        checked.unwrap()
    });
    assert_eq!(since.acts, full.acts);
}

#[test]
fn a_query_asked_again_under_its_name_does_not_hide_the_first() {
    let (mut desk, file, last) = remembered();
    file.close().unwrap();
    let (mut file, nurse) = desk.unlock("nurse").unwrap();
    let again = Act::QueryOpened {
        query: "q-1".into(),
        path: "S-003/SCR/DM/DM.MAIN/DM.SEX".parse().unwrap(),
        text: "Nothing.".into(),
        version: 2,
    };
    desk.act(&mut file, &nurse, vec![again]);
    // The first stands, and that is as it should be.
    assert_eq!(
        said(Checking::since(&file, &last).unwrap(), &file, &mut desk).0,
        Vec::<&str>::new()
    );
    let dek = Secret::new(*file.dek);
    file.close().unwrap();
    let conn = unguarded(&desk, &dek);
    conn.execute_batch(
        "UPDATE query SET (path, text, opened, entry) =
           (SELECT body ->> '$.act.path', body ->> '$.act.text', key, key FROM entry
            WHERE act = 'query_opened' ORDER BY key DESC LIMIT 1)
         WHERE id = 'q-1'",
    )
    .unwrap();
    drop(conn);
    for codes in both(&mut desk, &last) {
        assert!(
            codes.iter().any(|code| ["row_missing", "row_differs"].contains(code)),
            "{codes:?}"
        );
    }
}
