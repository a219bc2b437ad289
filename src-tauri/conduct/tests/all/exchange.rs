//! Bundles go from a site to its monitor and back, between two laptops of one site, and hold with common tools after a
//! redaction.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use conduct::{
    Reason, Role,
    act::{EntryRef, FileKind},
    acts,
    desk::Desk,
    problem::Problem,
    requests::{
        AskRedaction, CheckAgainst, ContinueBeside, CreateReviewer, CreateSite, Exchange, ExportBundle, ImportBundle,
        Queries, RaiseQuery, Redact, SaveCopy,
    },
    views::{CheckView, ImportedView},
};

use crate::{
    chart::Raw,
    room::{PASSWORD, Room, code, fact, item, refused},
};

const PLT: &str = "S-001/SCR/LAB/LAB.HEM/LAB.PLT";

fn because() -> Reason {
    Reason {
        code: "transcription".into(),
        text: None,
    }
}

/// A plain bundle of the file on the desk.
fn exported(room: &mut Room, name: &str) -> PathBuf {
    let folder = room.folder.join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let handle = room.desk.choose(folder.clone());
    let asked = ExportBundle {
        handle,
        plain: true,
        sealed_for: Vec::new(),
    };
    let made = acts::export_bundle(&mut room.desk, asked).unwrap();
    folder.join(made.files.iter().find(|file| file.ends_with(".zip")).unwrap())
}

fn import(room: &mut Room, bundle: &Path, fingerprint: Option<String>) -> Result<ImportedView, Problem> {
    let handle = room.desk.choose(bundle.to_owned());
    acts::import_bundle(&mut room.desk, ImportBundle { handle, fingerprint })
}

fn fingerprint(desk: &mut Desk) -> String {
    acts::exchange(desk, Exchange {}).unwrap().fingerprint
}

fn against(room: &mut Room, bundle: &Path) -> CheckView {
    let handles = vec![room.desk.choose(bundle.to_owned())];
    acts::check_against(&mut room.desk, CheckAgainst { handles }).unwrap()
}

fn codes(view: &CheckView) -> Vec<&str> {
    let mut codes: Vec<_> = view.findings.iter().map(|finding| finding.code.as_str()).collect();
    codes.dedup();
    codes
}

fn site() -> Room {
    let mut room = Room::furnished();
    room.sit("nurse");
    room.add_subject("S-001");
    room.type_at(PLT, Raw::Number("61", "10^9/L")).unwrap();
    room
}

/// A monitor's file with its administrator and a monitor, who sits.
fn monitor() -> Room {
    let mut room = Room::empty();
    let handle = room.desk.choose(room.file());
    let file = CreateSite {
        handle,
        site: "MON1".into(),
        site_name: "Monitor".into(),
        login: "admin".into(),
        printed_name: "Zhao Min".into(),
        identity_verified: "badge".into(),
        password: PASSWORD.into(),
    };
    let kind = FileKind::Monitor;
    acts::create_reviewer(&mut room.desk, CreateReviewer { kind, file }).unwrap();
    assert_eq!(code(room.add("nurse", "Li Na", Role::Nurse)), "role_of_another_kind");
    room.add("monitor", "Ana Ruiz", Role::Monitor).unwrap();
    room.sit("monitor");
    room.declare();
    room
}

#[test]
fn a_monitor_holds_a_sites_records_for_reading_and_asks() {
    let (mut site, mut monitor) = (site(), monitor());
    site.sit("doctor");
    let bundle = exported(&mut site, "out");
    // The sender is compared once.
    let (unknown, facts) = refused(import(&mut monitor, &bundle, None));
    assert_eq!(unknown, "sender_unknown");
    let key = fingerprint(&mut site.desk);
    assert_eq!(fact(&facts, "fingerprint"), key);
    assert_eq!(
        code(import(&mut monitor, &bundle, Some("SHA256:another".into()))),
        "sender_unknown"
    );
    let taken = import(&mut monitor, &bundle, Some(key)).unwrap();
    assert!(
        taken.new > 10 && !taken.already && taken.missing.is_empty(),
        "{taken:?}"
    );
    monitor.sound();
    // Read, never written.
    let answer = monitor.type_at(PLT, Raw::Number("62", "10^9/L"));
    assert_eq!(code(answer), "not_your_role");
    let raised = acts::raise_query(
        &mut monitor.desk,
        RaiseQuery {
            path: item(PLT),
            text: "Is this the screening value?".into(),
        },
    );
    raised.unwrap();
    let review = exported(&mut monitor, "review");
    // The review holds the monitor's own log alone, and goes to the site; from then on both keys are known.
    let key = fingerprint(&mut monitor.desk);
    site.sit("doctor");
    let back = import(&mut site, &review, Some(key)).unwrap();
    assert!(!back.already && back.queries == 0);
    assert!(import(&mut site, &review, None).unwrap().already);
    site.sound();
    let queries = acts::queries(&mut site.desk, Queries { subject: None })
        .unwrap()
        .queries;
    assert_eq!(queries.len(), 1);
    assert_eq!(queries[0].thread[0].by, "Ana Ruiz");
    // What the review says exists is here; in the monitor's file, entries made since are told and nothing is wrong.
    assert_eq!(codes(&against(&mut site, &review)), Vec::<&str>::new());
    let view = against(&mut monitor, &review);
    assert!(view.holds);
    assert_eq!(codes(&view), ["not_in_bundle"]);
    // What the site wrote since is missing at the monitor, by number.
    let newer = exported(&mut site, "newer");
    let view = against(&mut monitor, &newer);
    assert!(!view.holds);
    assert_eq!(codes(&view), ["missing"]);
    assert_eq!(code(import(&mut monitor, &site.file(), None)), "bundle_refused");
}

#[test]
fn two_laptops_of_a_site_meet_and_a_query_shows_both_values() {
    let mut one = site();
    one.sit("admin");
    let folder = one.folder.join("copies");
    std::fs::create_dir_all(&folder).unwrap();
    let handle = one.desk.choose(folder.clone());
    let copy = acts::save_copy(&mut one.desk, SaveCopy { handle }).unwrap().file;
    let mut two = Room::empty();
    std::fs::copy(folder.join(copy), two.file()).unwrap();
    two.pass(3600);
    two.sit("admin");
    assert_eq!(two.status().file.unwrap().read_only.as_deref(), Some("other_device"));
    let went_on = acts::continue_beside(&mut two.desk, ContinueBeside { reason: because() }).unwrap();
    assert_eq!(went_on.file.unwrap().read_only, None);
    one.sit("nurse");
    one.type_at(PLT, Raw::Number("70", "10^9/L")).unwrap();
    two.sit("nurse");
    two.type_at(PLT, Raw::Number("80", "10^9/L")).unwrap();
    one.sit("doctor");
    two.sit("doctor");
    let (from_one, from_two) = (exported(&mut one, "a"), exported(&mut two, "b"));
    // One key signs for both: nothing has to be compared.
    assert_eq!(import(&mut one, &from_two, None).unwrap().queries, 1);
    assert_eq!(import(&mut two, &from_one, None).unwrap().queries, 1);
    let mut said = Vec::new();
    for room in [&mut one, &mut two] {
        room.sound();
        let queries = acts::queries(&mut room.desk, Queries { subject: None })
            .unwrap()
            .queries;
        let text = queries[0].thread[0].text.clone().unwrap();
        assert!(text.contains("70") && text.contains("80"), "{text}");
        said.push((queries[0].query.clone(), text));
    }
    // Raised on both, it is one query.
    assert_eq!(said[0], said[1]);
    let again = exported(&mut two, "c");
    assert_eq!(import(&mut one, &again, None).unwrap().queries, 0);
    assert_eq!(
        acts::queries(&mut one.desk, Queries { subject: None })
            .unwrap()
            .queries
            .len(),
        1
    );
    one.sound();
}

#[test]
fn after_a_redaction_by_two_the_bundle_holds_with_common_tools() {
    let mut room = site();
    room.type_at(PLT, Raw::Number("62", "10^9/L")).unwrap();
    let entry = room
        .journal()
        .into_iter()
        .find(|entry| entry.act == "value_entered")
        .unwrap();
    let entries = vec![EntryRef {
        log: entry.log,
        seq: entry.seq,
    }];
    let asked = AskRedaction {
        entries,
        reason: because(),
    };
    let asked = acts::ask_redaction(&mut room.desk, asked).unwrap();
    let redact = |login: &str| Redact {
        asked: asked.at.clone(),
        login: login.into(),
        password: PASSWORD.into(),
        reason: because(),
    };
    // Nobody whose part it is not, nor the person who asked; the administrator may.
    room.sit("doctor");
    assert_eq!(code(acts::redact(&mut room.desk, redact("nurse2"))), "not_your_role");
    let done = acts::redact(&mut room.desk, redact("admin")).unwrap();
    assert_eq!(done.entries, asked.entries);
    let told = room.journal();
    let gone = told.iter().find(|entry| entry.seq == asked.entries[0].seq).unwrap();
    assert!(gone.redacted && gone.new.is_none() && gone.path.is_some() && gone.by.is_some());
    assert!(told.iter().any(|entry| entry.act == "redacted"));
    let bundle = exported(&mut room, "out");
    let view = against(&mut room, &bundle);
    assert!(view.holds);
    assert_eq!(codes(&view), ["redacted", "not_in_bundle"]);
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/verifiers/recipe.sh");
    let list = bundle.with_file_name("allowed_signers");
    let recipe = Command::new(script)
        .args([&bundle, &list])
        .arg("site-012")
        .output()
        .unwrap();
    assert!(recipe.status.success(), "{}", String::from_utf8_lossy(&recipe.stderr));
    // Who gets it sees the entry without its value.
    let (mut monitor, key) = (monitor(), fingerprint(&mut room.desk));
    import(&mut monitor, &bundle, Some(key)).unwrap();
    assert!(!monitor.journal().is_empty());
}
