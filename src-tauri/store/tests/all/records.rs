//! What is folded from the entries, and how it is read.

use store::{EntryFilter, FormState, QueryFilter, QueryState, SignatureRow, check};
use study::{
    act::{Act, Actor, Confirmation, EntryRef, IdentifierCheck, IdentifierOutcome, Role, SignedRecord, Statement},
    path::{FormPath, ItemPath},
};

use crate::desk::{Desk, STUDY, entered, text};

fn path(text: &str) -> ItemPath {
    text.parse().unwrap()
}

fn form(text: &str) -> FormPath {
    text.parse().unwrap()
}

#[test]
fn versions_count_entries_and_forms_remember_completion() {
    let mut desk = Desk::new();
    let (mut file, nurse) = desk.with_nurse();
    let dm = "S-001/SCR/DM";
    desk.act(
        &mut file,
        &nurse,
        vec![Act::SubjectAdded {
            subject: "S-001".into(),
        }],
    );
    desk.act(
        &mut file,
        &nurse,
        vec![entered("S-001/SCR/DM/G/A", "1"), entered("S-001/SCR/DM/G/B", "2")],
    );
    let last = desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/G/A", "3")]);
    desk.act(
        &mut file,
        &nurse,
        vec![
            entered("S-0010/SCR/DM/G/A", "not theirs"),
            entered("S-001/SCR/DM[2]/G/A", "4"),
        ],
    );
    let item = file.item(&path("S-001/SCR/DM/G/A")).unwrap().unwrap();
    assert_eq!((item.version, item.value, item.last.seq), (2, text("3"), last.last_seq));
    assert_eq!(file.items_of_form(&form(dm)).unwrap().len(), 2);
    assert_eq!(file.items_of_subject("S-001").unwrap().len(), 3);
    let done = desk.act(&mut file, &nurse, vec![Act::FormCompleted { form: form(dm) }]);
    let row = file.form(&form(dm)).unwrap().unwrap();
    let completed = EntryRef {
        log: done.log,
        seq: done.last_seq,
    };
    assert_eq!(
        (row.version, row.state, row.completed),
        (4, FormState::Complete, Some(completed))
    );
    desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/G/B", "5")]);
    assert_eq!(file.form(&form(dm)).unwrap().unwrap().state, FormState::Complete);
    desk.act(&mut file, &nurse, vec![Act::FormReopened { form: form(dm) }]);
    let row = file.form(&form(dm)).unwrap().unwrap();
    assert_eq!((row.version, row.state), (6, FormState::Started));
    assert_eq!(file.forms_of_subject("S-001").unwrap().len(), 2);
    assert_eq!(file.all_forms().unwrap().len(), 3);
    assert_eq!(file.subjects().unwrap().len(), 1);
}

#[test]
fn a_removed_row_keeps_its_values_and_its_history() {
    let mut desk = Desk::new();
    let (mut file, nurse) = desk.with_nurse();
    let rows = ["S-001/SCR/CM/R/A", "S-001/SCR/CM/R[2]/A", "S-001/SCR/CM/R[21]/A"];
    desk.act(&mut file, &nurse, rows.map(|path| entered(path, "x")).to_vec());
    let gone = Act::RowRemoved {
        form: form("S-001/SCR/CM"),
        group: "R".into(),
        row: 2,
    };
    desk.act(&mut file, &nurse, vec![gone]);
    let removed: Vec<_> = rows
        .iter()
        .map(|text| file.item(&path(text)).unwrap().unwrap().removed)
        .collect();
    assert_eq!(removed, [false, true, false]);
    assert_eq!(file.form(&form("S-001/SCR/CM")).unwrap().unwrap().version, 4);
    let kinds = |text: &str| {
        let history = file.history(&path(text)).unwrap();
        history
            .into_iter()
            .map(|entry| store::act_type(&entry.body.unwrap().act).unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(kinds(rows[0]), ["value_entered"]);
    assert_eq!(kinds(rows[1]), ["value_entered", "row_removed"]);
}

#[test]
fn a_query_moves_and_its_thread_is_the_journal() {
    let mut desk = Desk::new();
    let (mut file, nurse) = desk.with_nurse();
    let item = "S-001/SCR/DM/G/A";
    desk.act(&mut file, &nurse, vec![entered(item, "1")]);
    let query = || "q-1".to_owned();
    let state = |file: &store::SiteFile| file.query("q-1").unwrap().unwrap().state;
    let opened = Act::QueryOpened {
        query: query(),
        path: path(item),
        text: "Really?".into(),
        version: 1,
    };
    desk.act(&mut file, &nurse, vec![opened]);
    assert_eq!(state(&file), QueryState::Open);
    desk.act(
        &mut file,
        &nurse,
        vec![Act::QueryAnswered {
            query: query(),
            text: "Yes.".into(),
        }],
    );
    assert_eq!(state(&file), QueryState::Answered);
    desk.act(
        &mut file,
        &nurse,
        vec![Act::QueryReopened {
            query: query(),
            text: "No.".into(),
        }],
    );
    assert_eq!(state(&file), QueryState::Open);
    assert_eq!(file.queries(QueryFilter::Unsettled).unwrap().len(), 1);
    desk.act(
        &mut file,
        &nurse,
        vec![Act::QueryClosed {
            query: query(),
            text: None,
        }],
    );
    assert_eq!(state(&file), QueryState::Closed);
    assert_eq!(file.queries(QueryFilter::Unsettled).unwrap(), []);
    assert_eq!(file.queries(QueryFilter::OfSubject("S-001")).unwrap().len(), 1);
    assert_eq!(
        file.queries(QueryFilter::OfItem(&path("S-001/SCR/DM/G/B"))).unwrap(),
        []
    );
    assert_eq!(file.query_thread("q-1").unwrap().len(), 4);
    assert_eq!(file.entries_of_subject("S-001").unwrap().len(), 5);
}

#[test]
fn a_verification_falls_when_the_value_changes() {
    let mut desk = Desk::new();
    let (mut file, nurse) = desk.with_nurse();
    let item = "S-001/SCR/DM/G/A";
    let stands = |file: &store::SiteFile| {
        file.verifications_of_subject("S-001")
            .unwrap()
            .into_iter()
            .map(|row| row.stands)
            .collect::<Vec<_>>()
    };
    desk.act(&mut file, &nurse, vec![entered(item, "1")]);
    desk.act(
        &mut file,
        &nurse,
        vec![Act::Verified {
            path: path(item),
            version: 1,
        }],
    );
    assert_eq!(stands(&file), [true]);
    desk.act(&mut file, &nurse, vec![entered(item, "2")]);
    assert_eq!(stands(&file), [false]);
    desk.act(
        &mut file,
        &nurse,
        vec![Act::Verified {
            path: path(item),
            version: 2,
        }],
    );
    assert_eq!(stands(&file), [true]);
    desk.act(&mut file, &nurse, vec![Act::VerificationWithdrawn { path: path(item) }]);
    assert_eq!(stands(&file), [false; 0]);
}

#[test]
fn what_people_attest_is_found_again() {
    let mut desk = Desk::new();
    let (mut file, nurse) = desk.with_nurse();
    let infusion = form("S-001/D0/INF");
    let checks = vec![IdentifierCheck {
        identifier: "coi".into(),
        outcome: IdentifierOutcome::Agreed,
        value: Some("COI-1".into()),
    }];
    desk.act(
        &mut file,
        &nurse,
        vec![Act::IdentityChecked {
            form: infusion.clone(),
            checks: checks.clone(),
        }],
    );
    assert_eq!(file.identity_checks(&infusion).unwrap()[0].checks, checks);
    let confirmation = Confirmation {
        kind: "eligibility".into(),
        about: "ELIG/S-001".into(),
        derived: "eligible".into(),
        own: None,
        detail: serde_json::json!({ "reasons": [] }),
    };
    desk.act(
        &mut file,
        &nurse,
        vec![Act::Confirmed {
            confirmation: confirmation.clone(),
        }],
    );
    assert_eq!(file.confirmations("ELIG/S-001").unwrap()[0].confirmation, confirmation);
    assert_eq!(file.confirmations_of_subject("S-001").unwrap().len(), 1);
    let log = file.logs().unwrap().remove(0);
    let statement = Statement {
        format: "cartwright-esig-v1".into(),
        id: "s-1".into(),
        meaning: "Checked.".into(),
        meaning_code: "identity".into(),
        printed_name: nurse.printed_name().into(),
        role: Role::Nurse,
        person: nurse.person().clone(),
        login: nurse.login().into(),
        moment: desk.stamp().moment,
        store: file.store_id().into(),
        study: STUDY.into(),
        log: log.log,
        seq: log.last_seq,
        head: log.head.to_string(),
        records: vec![SignedRecord {
            id: infusion.to_string(),
            version: 1,
            sha256: "00".repeat(32),
        }],
    };
    let signature = nurse
        .sign(proof::Namespace::Esig, &proof::statement_bytes(&statement).unwrap())
        .armoured();
    let signed = Act::Signed {
        statement: statement.clone(),
        signature,
    };
    desk.act(&mut file, &nurse, vec![signed]);
    let found: Vec<SignatureRow> = file.signatures_over(&infusion.to_string()).unwrap();
    assert_eq!(found[0].statement, statement);
    assert_eq!(file.signatures().unwrap(), found);
    let exported = Act::BundleExported {
        bundle: "CARTX-012-1".into(),
        number: 1,
        sha256: "00".repeat(32),
        sealed_for: vec![],
        upto: vec![],
    };
    desk.act(&mut file, &nurse, vec![exported]);
    assert_eq!(file.exports().unwrap()[0].number, 1);
    assert!(check(&file, &mut |_, _, _| ()).unwrap().sound());
}

#[test]
fn people_and_clock_and_site_are_read_back() {
    let mut desk = Desk::new();
    let (mut file, nurse) = desk.with_nurse();
    assert_eq!(file.site().unwrap().site, "012");
    assert_eq!(file.site_public_key().unwrap().to_openssh(), file.site().unwrap().key);
    let signed = file.sign_as_site(proof::Namespace::Bundle, b"x").unwrap();
    proof::verify(
        &file.site_public_key().unwrap(),
        proof::Namespace::Bundle,
        b"x",
        &signed,
    )
    .unwrap();
    assert_eq!(file.studies().unwrap()[0].version, "1.0");
    assert_eq!(file.definition("CARTX", "1.0").unwrap()[0].name, "study.toml");
    desk.act(
        &mut file,
        &nurse,
        vec![Act::DeclarationAccepted { text: "I know.".into() }],
    );
    let people = file.people().unwrap();
    assert_eq!(
        people
            .iter()
            .map(|p| (p.login.as_str(), p.declared))
            .collect::<Vec<_>>(),
        [("admin", false), ("nurse", true)]
    );
    let anomaly = Act::ClockAnomaly {
        last: "2026-03-01T10:00:00.000Z".into(),
        now: "2025-03-01T10:00:00.000Z".into(),
    };
    desk.act(&mut file, &nurse, vec![anomaly]);
    assert_eq!(file.clock_anomalies().unwrap()[0].acknowledged, None);
    let seen = desk.act(&mut file, &nurse, vec![Act::ClockAcknowledged {}]);
    assert_eq!(
        file.clock_anomalies().unwrap()[0].acknowledged.as_ref().unwrap().seq,
        seen.last_seq
    );
    assert_eq!(
        file.last_moment().unwrap().unwrap().at,
        format!("2026-03-01T08:00:{:02}.000Z", desk.second)
    );
    assert_eq!(file.age_identity().map(|s| secrecy_len(&s)).unwrap(), 20);
}

fn secrecy_len(secret: &store::SecretString) -> usize {
    use secrecy::ExposeSecret as _;
    secret.expose_secret().len()
}

#[test]
fn the_journal_reads_forward_backward_and_by_filter() {
    let mut desk = Desk::new();
    let (mut file, nurse) = desk.with_nurse();
    for subject in ["S-001", "S-002"] {
        for value in 0..5 {
            desk.act(
                &mut file,
                &nurse,
                vec![entered(&format!("{subject}/SCR/DM/G/A"), &value.to_string())],
            );
        }
    }
    let seqs = |filter: EntryFilter| file.entries(&filter).unwrap().iter().map(|e| e.seq).collect::<Vec<_>>();
    let log = file.log().unwrap().clone();
    assert_eq!(seqs(EntryFilter::default()), (1..=15).collect::<Vec<_>>());
    let newest = EntryFilter {
        newest_first: true,
        limit: 3,
        ..EntryFilter::default()
    };
    assert_eq!(seqs(newest.clone()), [15, 14, 13]);
    let past = Some(EntryRef {
        log: log.clone(),
        seq: 13,
    });
    assert_eq!(seqs(EntryFilter { past, ..newest.clone() }), [12, 11, 10]);
    let subject = Some("S-001".to_owned());
    assert_eq!(
        seqs(EntryFilter {
            subject,
            ..newest.clone()
        }),
        [10, 9, 8]
    );
    let by_nurse = Some(Actor::Person(nurse.person().clone()));
    let both = EntryFilter {
        actor: by_nurse,
        acts: vec!["value_entered".into(), "x".into()],
        ..EntryFilter::default()
    };
    assert_eq!(seqs(both).len(), 10);
    let device = EntryFilter {
        actor: Some(Actor::Device),
        ..EntryFilter::default()
    };
    assert_eq!(seqs(device), [0; 0]);
    let elsewhere = EntryFilter {
        log: Some("l-nobody".into()),
        ..EntryFilter::default()
    };
    assert_eq!(seqs(elsewhere), [0; 0]);
    let one = file
        .entry(&EntryRef {
            log: log.clone(),
            seq: 7,
        })
        .unwrap()
        .unwrap();
    assert_eq!((one.seq, &one.log), (7, &log));
    let commits = file.commits(&log, 5).unwrap();
    assert_eq!((commits[0].first_seq, commits[0].last_seq), (5, 5));
    assert_eq!(file.commits(&log, 1).unwrap()[0].last_seq, 4);
    let raw = file.entries_raw(&log, 14, 100).unwrap();
    let first = &raw[0];
    let body = first.body.as_ref().unwrap();
    assert_eq!(proof::leaf(&first.salt.unwrap(), body.as_bytes()), first.leaf);
    assert_eq!(proof::head(&first.head, &raw[1].leaf), raw[1].head);
}

#[test]
fn what_was_typed_and_not_saved_waits_for_the_same_person() {
    let mut desk = Desk::new();
    let (mut file, nurse) = desk.with_nurse();
    let person = nurse.person().clone();
    file.keep_unfinished("S-001/SCR/DM/G/A", &person, "12.").unwrap();
    file.keep_unfinished("S-001/SCR/DM/G/A", &person, "12.5").unwrap();
    file.close().unwrap();
    let (mut file, _) = desk.unlock("nurse").unwrap();
    assert_eq!(file.list_unfinished(&person).unwrap()[0].text, "12.5");
    assert_eq!(file.list_unfinished("p-other").unwrap(), []);
    file.drop_unfinished("S-001/SCR/DM/G/A", &person).unwrap();
    assert_eq!(file.list_unfinished(&person).unwrap(), []);
    assert!(check(&file, &mut |_, _, _| ()).unwrap().sound());
}
