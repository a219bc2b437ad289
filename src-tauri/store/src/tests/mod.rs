//! What the file is put through: damage, tampering, crashes, failing disks. What every such test needs stands here.

mod cards;
mod damage;
pub(crate) mod disk;
mod earlier;
pub(crate) mod failing;
mod failing_files;
pub(crate) mod imports;
mod impostor;
mod locks;
mod model;
mod outage;
mod outage_files;
mod position;
mod power;
mod redaction;
mod rekeyed;
mod removed;
mod secrets;
mod slots;
mod tampering;
mod traps;

use rusqlite::{Connection, config::DbConfig};
use study::act::{Act, Role, SignedRecord, Statement};

use crate::{
    Access, DeviceKeys, SiteFile, StoreError, check,
    desk::{Desk, STUDY, entered},
    keys::Secret,
    open::{self, Content},
};

/// `make soak` asks for the long form of a test.
pub(crate) fn soak() -> bool {
    std::env::var_os("CARTWRIGHT_SOAK").is_some()
}

/// So many in a test, or so many when soaking.
pub(crate) fn count(short: usize, long: usize) -> usize {
    if soak() { long } else { short }
}

/// A folder in memory where there is one, since these tests sync thousands of times.
pub(crate) fn quick_desk() -> Desk {
    let mut desk = Desk::new();
    if let Ok(folder) = tempfile::tempdir_in("/dev/shm") {
        desk.devices = DeviceKeys::at(&folder.path().join("device"), "laptop 1");
        desk.folder = folder;
    }
    desk
}

/// Everything that opening and checking the file says, by stable name: what it was refused for, or why it is open for
/// reading only, and each finding of the check.
pub(crate) fn verdict(desk: &mut Desk) -> Vec<String> {
    let refused = |error: StoreError| {
        if let StoreError::Damaged { what } = error {
            format!("damaged {what}")
        } else {
            error.code().to_owned()
        }
    };
    match desk.unlock("admin") {
        Err(error) => vec![refused(error)],
        Ok((file, _)) => {
            let mut said = Vec::new();
            if let Access::ReadOnly { why } = file.access() {
                said.push(format!("{why:?}"));
            }
            match check(&file, &mut |_, _, _| ()) {
                Ok(report) => said.extend(report.findings.iter().map(|finding| finding.code.to_owned())),
                Err(error) => said.push(refused(error)),
            }
            said.dedup();
            said
        }
    }
}

pub(crate) fn codes(file: &SiteFile) -> Vec<&'static str> {
    let report = check(file, &mut |_, _, _| ()).unwrap();
    let mut codes: Vec<_> = report.findings.iter().map(|finding| finding.code).collect();
    codes.dedup();
    codes
}

/// A file with values, a query, a completed form and a signature.
pub(crate) fn lively(desk: &mut Desk) -> SiteFile {
    lively_from(desk, &mut |_| ())
}

/// The same; the file is shown before anything is entered.
pub(crate) fn lively_from(desk: &mut Desk, empty: &mut dyn FnMut(&SiteFile)) -> SiteFile {
    let (mut file, nurse) = desk.with_nurse();
    empty(&file);
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

pub(crate) fn signed(desk: &mut Desk, file: &SiteFile, session: &crate::Session) -> Act {
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

/// A connection with the file's key and without any of the file's guards: an SQLite shell.
pub(crate) fn unguarded(desk: &Desk, dek: &Secret) -> Connection {
    let conn = open::connect(&desk.path()).unwrap();
    open::key(&conn, dek, Content::Expected).unwrap();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false).unwrap();
    conn
}

pub(crate) const UNGUARDED: &str = "DROP TRIGGER entry_never_changes; DROP TRIGGER entry_never_goes;";

pub(crate) fn guards() -> String {
    let from = open::SCHEMA.find("CREATE TRIGGER entry_never_changes").unwrap();
    let to = open::SCHEMA.find("CREATE TRIGGER entry_has_a_predecessor").unwrap();
    open::SCHEMA[from..to].to_owned()
}
