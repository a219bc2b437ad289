//! Bundles go from a site to its monitor and back, between two laptops of one site, and hold with common tools after a
//! redaction.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::Ordering,
};

use conduct::{
    Reason, Role,
    act::{EntryRef, FileKind},
    acts,
    desk::Desk,
    problem::Problem,
    requests::{
        AskRedaction, CheckAgainst, ContinueBeside, CreateReviewer, CreateSite, Exchange, ExportBundle, ImportBundle,
        PreviewBundle, Queries, RaiseQuery, Redact, SaveCopy,
    },
    views::{BundleRowView, CheckView, ImportedView, PreviewView, QueryView, ReceiptView},
};

use crate::{
    chart::Raw,
    room::{PASSWORD, Room, code, fact, item, refused},
};

const PLT: &str = "S-001/SCR/LAB/LAB.HEM/LAB.PLT";

pub(crate) fn because() -> Reason {
    Reason {
        code: "transcription".into(),
        text: None,
    }
}

/// A plain bundle of the file on the desk.
pub(crate) fn exported(room: &mut Room, name: &str) -> PathBuf {
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

fn preview(room: &mut Room, bundle: &Path, fingerprint: Option<String>) -> Result<PreviewView, Problem> {
    let handle = room.desk.choose(bundle.to_owned());
    acts::preview_bundle(&mut room.desk, PreviewBundle { handle, fingerprint })
}

/// Takes in what was looked at before: looking writes nothing, and the report is what comes of it.
#[track_caller]
pub(crate) fn import(room: &mut Room, bundle: &Path, fingerprint: Option<String>) -> Result<ImportedView, Problem> {
    let before = room.journal();
    let seen = preview(room, bundle, fingerprint.clone());
    assert_eq!(room.journal(), before, "looking wrote something");
    let handle = room.desk.choose(bundle.to_owned());
    let asked = ImportBundle {
        handle,
        fingerprint,
        sha256: seen.as_ref().ok().map(|seen| seen.sha256.clone()),
    };
    let done = acts::import_bundle(&mut room.desk, asked);
    match (&seen, &done) {
        (Ok(seen), Ok(done)) => {
            let report = (
                &seen.bundle,
                &seen.from,
                seen.already,
                seen.new,
                &seen.missing,
                seen.queries,
            );
            let result = (
                &done.bundle,
                &done.from,
                done.already,
                done.new,
                &done.missing,
                done.queries,
            );
            assert_eq!(report, result);
            assert_eq!(seen.acts.iter().map(|acts| acts.count).sum::<u64>(), done.new);
            assert_eq!(seen.logs.iter().map(|log| log.new).sum::<u64>(), done.new);
        }
        (Err(seen), Err(done)) => assert_eq!(seen, done),
        (Ok(_), Err(_)) | (Err(_), Ok(_)) => panic!("{seen:?} {done:?}"),
    }
    done
}

fn bundles(room: &mut Room) -> Vec<BundleRowView> {
    acts::exchange(&mut room.desk, Exchange {}).unwrap().bundles
}

pub(crate) fn fingerprint(desk: &mut Desk) -> String {
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
pub(crate) fn monitor() -> Room {
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
fn what_is_reported_before_is_what_comes_of_it() {
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
    let seen = preview(&mut monitor, &bundle, Some(key.clone())).unwrap();
    assert!(!seen.key_known && !seen.own && seen.fingerprint == key && seen.here == 0);
    assert_eq!(
        (seen.kind.as_str(), seen.exported_by.as_str()),
        ("site_records", "Chen Wei, MD")
    );
    assert_eq!(seen.subjects, ["S-001"]);
    let values = seen.acts.iter().find(|acts| acts.act == "value_entered").unwrap();
    assert_eq!(
        (values.count, values.subjects.as_slice()),
        (1, ["S-001".to_owned()].as_slice())
    );
    assert!(
        seen.people
            .iter()
            .any(|person| person.printed_name == "Li Na, RN" && !person.home)
    );
    let taken = import(&mut monitor, &bundle, Some(key)).unwrap();
    assert_eq!(bundles(&mut monitor)[0].entries, Some(taken.new));
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
    assert_eq!(bundles(&mut site)[0].receipts, []);
    let back = import(&mut site, &review, Some(key)).unwrap();
    // The review says itself that the bundle came, byte for byte.
    let rows = bundles(&mut site);
    assert_eq!(
        rows.iter().map(|row| row.way.as_str()).collect::<Vec<_>>(),
        ["in", "out"]
    );
    let receipt = &rows[1].receipts[0];
    assert!(receipt.same && receipt.refused.is_none() && receipt.sha256 == rows[1].sha256);
    assert_eq!((receipt.site.as_str(), receipt.by.as_str()), ("MON1", "Ana Ruiz"));
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

/// A site with its second laptop, both as the investigator left them.
pub(crate) fn two_laptops() -> (Room, Room) {
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
    (one, two)
}

#[test]
fn two_laptops_of_a_site_meet_and_a_query_shows_both_values() {
    let (mut one, mut two) = two_laptops();
    one.sit("nurse");
    one.type_at(PLT, Raw::Number("70", "10^9/L")).unwrap();
    two.sit("nurse");
    two.type_at(PLT, Raw::Number("80", "10^9/L")).unwrap();
    one.sit("doctor");
    two.sit("doctor");
    let (from_one, from_two) = (exported(&mut one, "a"), exported(&mut two, "b"));
    // One key signs for both: nothing has to be compared.
    let seen = preview(&mut one, &from_two, None).unwrap();
    assert!(seen.own && seen.key_known && seen.queries == 1);
    let sides = |seen: &PreviewView| {
        let conflict = &seen.conflicts[0];
        assert!(conflict.path == PLT && !conflict.settled);
        assert_ne!(conflict.stands.at.log, conflict.other.at.log);
        assert_eq!(
            (conflict.stands.by.as_str(), conflict.other.by.as_str()),
            ("Li Na, RN", "Li Na, RN")
        );
        [&conflict.stands, &conflict.other].map(|side| serde_json::to_string(&side.value).unwrap())
    };
    let values = sides(&seen);
    assert_eq!(sides(&preview(&mut two, &from_one, None).unwrap()), values);
    assert!(values.iter().any(|value| value.contains("70")) && values.iter().any(|value| value.contains("80")));
    assert_eq!(import(&mut one, &from_two, None).unwrap().queries, 1);
    assert_eq!(import(&mut two, &from_one, None).unwrap().queries, 1);
    let mut said = Vec::new();
    for room in [&mut one, &mut two] {
        room.sound();
        let query = conflict_query(room);
        let text = query.thread[0].text.clone().unwrap();
        assert!(text.contains("70") && text.contains("80"), "{text}");
        let conflict = query.conflict.unwrap();
        let shown = [&conflict.stands, &conflict.other].map(|side| serde_json::to_string(&side.value).unwrap());
        assert_eq!((shown, conflict.settled), (values.clone(), false));
        said.push((query.query, text));
    }
    // Raised on both, it is one query.
    assert_eq!(said[0], said[1]);
    let again = exported(&mut two, "c");
    assert_eq!(import(&mut one, &again, None).unwrap().queries, 0);
    // Entering the value that stands settles it: whoever does knows both. A further change is like any other.
    let stands = if values[0].contains("70") { "70" } else { "80" };
    one.sit("nurse");
    for typed in [stands, stands, "75"] {
        one.type_at(PLT, Raw::Number(typed, "10^9/L")).unwrap();
        let query = conflict_query(&mut one);
        assert_eq!(
            (query.state.as_str(), query.conflict.unwrap().settled),
            ("closed", true)
        );
    }
    let entered = one.journal().into_iter().filter(|entry| entry.act == "value_entered");
    assert_eq!(entered.count(), 5, "entered twice on each, settled, and changed once");
    one.sit("doctor");
    let settled = exported(&mut one, "d");
    import(&mut two, &settled, None).unwrap();
    assert_eq!(conflict_query(&mut two).state, "closed");
    one.sound();
}

/// The one query there is.
fn conflict_query(room: &mut Room) -> QueryView {
    let queries = acts::queries(&mut room.desk, Queries { subject: None }).unwrap();
    let [query] = <[QueryView; 1]>::try_from(queries.queries).unwrap();
    query
}

#[test]
fn the_sender_hears_that_a_bundle_came_and_whether_its_bytes_did() {
    let (mut one, mut two) = two_laptops();
    one.sit("doctor");
    two.sit("doctor");
    // In the same second, under the same number: two bundles of one name, of which the monitor gets the second laptop's.
    let now = one.clock.load(Ordering::Relaxed).max(two.clock.load(Ordering::Relaxed));
    one.clock.store(now, Ordering::Relaxed);
    two.clock.store(now, Ordering::Relaxed);
    let (sent, other) = (exported(&mut one, "a"), exported(&mut two, "b"));
    assert_eq!(sent.file_name(), other.file_name());
    let key = fingerprint(&mut one.desk);
    let mut monitor = monitor();
    import(&mut monitor, &other, Some(key.clone())).unwrap();
    let review = exported(&mut monitor, "first");
    let reviewers = fingerprint(&mut monitor.desk);
    let receipts = |room: &mut Room| -> Vec<(bool, bool)> {
        let rows = bundles(room);
        let left = rows.iter().find(|row| row.way == "out").unwrap();
        let same = |receipt: &ReceiptView| (receipt.same, receipt.sha256 == left.sha256);
        left.receipts.iter().map(same).collect()
    };
    import(&mut one, &review, Some(reviewers.clone())).unwrap();
    assert_eq!(receipts(&mut one), [(false, false)], "a finding");
    import(&mut two, &review, Some(reviewers)).unwrap();
    assert_eq!(receipts(&mut two), [(true, true)]);
    // Then the right one comes as well.
    import(&mut monitor, &sent, Some(key)).unwrap();
    let review = exported(&mut monitor, "second");
    import(&mut one, &review, None).unwrap();
    assert_eq!(receipts(&mut one), [(false, false), (true, true)]);
}

#[test]
fn a_bundle_that_was_exchanged_since_its_report_is_not_taken_in() {
    let (mut site, mut monitor) = (site(), monitor());
    site.sit("doctor");
    let key = fingerprint(&mut site.desk);
    let bundle = exported(&mut site, "out");
    let seen = preview(&mut monitor, &bundle, Some(key.clone())).unwrap();
    let later = exported(&mut site, "later");
    std::fs::copy(later, &bundle).unwrap();
    let handle = monitor.desk.choose(bundle);
    let asked = ImportBundle {
        handle,
        fingerprint: Some(key),
        sha256: Some(seen.sha256),
    };
    assert_eq!(
        code(acts::import_bundle(&mut monitor.desk, asked)),
        "import_not_as_shown"
    );
    assert_eq!(bundles(&mut monitor), []);
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
    assert_eq!(codes(&view), ["not_in_bundle"]);
    let whole = room.checked();
    assert!(whole.holds && codes(&whole) == ["redacted"]);
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
