//! The journal reviewed: signals on a set that was seeded with them, none on a clean one, a review that is signed off.

use std::collections::BTreeSet;

use conduct::{
    DeviceKeys, Moment,
    act::{Act, EntryRef, Stretch},
    acts,
    problem::Answer,
    requests::{
        ActsAbout, AskRedaction, Audit, GrantAccess, People, Recover, Redact, ReviewJournal, Signals, Verify,
        WithdrawVerification,
    },
    views::{AuditEntryView, SignalView, SignalsView},
};
use store::{Chance, Deed, Save, SecretString, Signer, SiteFile, Stamp};

use crate::{
    chart::{Chart, Raw, because},
    room::{PASSWORD, Room, code, item},
    story::sign_all,
};

const CREAT: &str = "SCR/LAB/LAB.CHEM/LAB.CREAT";

fn signals(room: &mut Room) -> SignalsView {
    let asked = Signals {
        everything: false,
        past: Vec::new(),
    };
    acts::signals(&mut room.desk, asked).unwrap()
}

fn stretches(view: &SignalsView) -> Vec<Stretch> {
    view.stretches.iter().map(|one| one.stretch.clone()).collect()
}

fn review(room: &mut Room, stretches: Vec<Stretch>, remark: Option<&str>, password: &str) -> Answer<SignalsView> {
    let (remark, password) = (remark.map(str::to_owned), password.to_owned());
    let asked = ReviewJournal {
        stretches,
        remark,
        password,
    };
    acts::review_journal(&mut room.desk, asked)
}

fn kinds(view: &SignalsView) -> Vec<&str> {
    view.signals.iter().map(|signal| signal.kind.as_str()).collect()
}

#[track_caller]
fn only<'v>(view: &'v SignalsView, kind: &str) -> &'v SignalView {
    let mut all = view.signals.iter().filter(|signal| signal.kind == kind);
    let one = all.next().unwrap_or_else(|| panic!("no {kind} in {:?}", kinds(view)));
    assert!(all.next().is_none(), "more than one {kind}");
    one
}

/// The entries of a signal, read aloud as the screen jumps to them.
fn entries(room: &mut Room, signal: &SignalView) -> Vec<AuditEntryView> {
    let asked = Audit {
        only: signal.entries.clone(),
        ..Audit::default()
    };
    acts::audit(&mut room.desk, asked).unwrap().entries
}

fn fact<'s>(signal: &'s SignalView, name: &str) -> &'s str {
    &signal.facts.iter().find(|(known, _)| known == name).unwrap().1
}

/// A site that was set up, and the monitor's review of that: what follows is judged by itself.
fn begun() -> Room {
    let mut room = Room::furnished();
    room.sit("monitor");
    let view = signals(&mut room);
    review(&mut room, stretches(&view), None, PASSWORD).unwrap();
    room.pass_days(6);
    room
}

fn verify(room: &mut Room, path: &str) {
    let path = item(path);
    acts::verify(&mut room.desk, Verify { path, version: 1 }).unwrap();
}

/// What happens at a site on an ordinary day.
fn ordinary(room: &mut Room) {
    room.lock();
    room.unlock("nurse", "mistyped").unwrap_err();
    room.sit("nurse");
    room.screen("S-001", &Chart::eligible());
    room.add_subject("S-002");
    room.fill("S-002/SCR/LAB", &Chart::eligible());
    room.fill("S-002/SCR/PERF", &Chart::eligible());
    // A mistake seen at once, before anybody attested anything.
    room.type_at("S-002/SCR/LAB/LAB.HEM/LAB.PLT", Raw::Number("62", "10^9/L"))
        .unwrap();
    room.sit("doctor");
    sign_all(room);
    room.sit("nurse");
    room.complete("S-002/SCR/LAB").unwrap();
    room.sit("monitor");
    verify(room, &format!("S-001/{CREAT}"));
}

#[test]
fn an_ordinary_day_is_not_conspicuous() {
    let mut room = begun();
    ordinary(&mut room);
    let view = signals(&mut room);
    assert!(view.entries > 150, "{}", view.entries);
    assert_eq!(kinds(&view), [""; 0], "{:?}", view.signals);
    assert_eq!(view.rules.len(), 15, "what was looked for is said all the same");
    room.sound();
}

struct Counted(u64);

impl Chance for Counted {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            self.0 += 1;
            chunk.copy_from_slice(&proof::Digest::of(&self.0.to_be_bytes()).0[..chunk.len()]);
        }
    }
}

/// Entries that no command of the desk makes by hand: through the file itself, by the investigator or the device.
fn beneath(room: &mut Room, acts: Vec<Act>, by_device: bool, moment: &Moment) {
    acts::close_file(&mut room.desk, conduct::requests::CloseFile {}).unwrap();
    let devices = DeviceKeys::at(&room.folder.join("devices"), "laptop 1");
    let stamp = Stamp {
        moment: moment.clone(),
        criteria: "x".into(),
    };
    let (password, mut chance) = (SecretString::from(PASSWORD), Counted((1 << 40) << u64::from(by_device)));
    let (mut file, doctor) =
        SiteFile::unlock(&room.file(), "doctor", &password, &stamp, &mut chance, &devices).unwrap();
    let mut id = [0; 16];
    chance.fill(&mut id);
    let save = Save {
        id,
        deeds: acts.into_iter().map(Deed::from).collect(),
        noted: Vec::new(),
        signer: if by_device {
            Signer::Device
        } else {
            Signer::Person(&doctor)
        },
        role: (!by_device).then_some(conduct::Role::Investigator),
        moment: moment.clone(),
        study: "ALLO-CD19-BALL@1.0".into(),
        criteria: "x".into(),
    };
    file.transact(&save, &mut chance).unwrap();
    file.close().unwrap();
}

/// The newest signature's act, to be altered.
fn newest_signature(room: &mut Room) -> Act {
    let newest = room.journal().into_iter().find(|entry| entry.act == "signed").unwrap();
    let at = EntryRef {
        log: newest.log,
        seq: newest.seq,
    };
    acts::close_file(&mut room.desk, conduct::requests::CloseFile {}).unwrap();
    let devices = DeviceKeys::at(&room.folder.join("devices"), "laptop 1");
    let stamp = Stamp {
        moment: newest.when,
        criteria: "x".into(),
    };
    let password = SecretString::from(PASSWORD);
    let (file, _) = SiteFile::unlock(
        &room.file(),
        "auditor",
        &password,
        &stamp,
        &mut Counted(1 << 50),
        &devices,
    )
    .unwrap();
    let act = file.entry(&at).unwrap().unwrap().body.unwrap().act;
    file.close().unwrap();
    act
}

#[allow(clippy::too_many_lines, reason = "one site, seeded with one of everything")]
#[test]
fn every_seeded_signal_is_found_with_the_entries_it_rests_on() {
    let mut room = begun();
    ordinary(&mut room);
    verify(&mut room, &format!("S-002/{CREAT}"));
    room.sit("nurse");
    room.add_subject("S-003");
    // After the signature: a critical item of a form that the investigator signed.
    let correct = |room: &mut Room, path: &str, value: &'static str, unit: &'static str| {
        room.pass(300);
        room.correct(path, Raw::Number(value, unit), "transcription").unwrap();
    };
    correct(&mut room, &format!("S-001/{CREAT}"), "68", "umol/L");
    correct(&mut room, "S-001/SCR/LAB/LAB.HEM/LAB.WBC", "4.3", "10^9/L");
    // Again and again, each time with a reason, none of it critical.
    for value in ["93", "94", "95"] {
        correct(&mut room, "S-002/SCR/LAB/LAB.HEM/LAB.HGB", value, "g/L");
    }
    // Ten changes in a few minutes.
    room.pass(1200);
    for (name, unit, first, second) in [
        ("TEMP", "C", "36.7", "36.8"),
        ("HR", "/min", "79", "80"),
        ("RR", "/min", "17", "18"),
        ("SBP", "mmHg", "119", "120"),
        ("DBP", "mmHg", "71", "72"),
    ] {
        for value in [first, second] {
            room.pass(20);
            let oid = format!("PERF.{name}");
            let view = room.form("S-002/SCR/PERF");
            let path = crate::chart::find(&view, &oid).path.to_string();
            room.type_at(&path, Raw::Number(value, unit)).unwrap();
        }
    }
    // In the night.
    let late = 86_400 + 23 * 3600 - (room.clock.load(std::sync::atomic::Ordering::Relaxed) + 8 * 3600) % 86_400;
    room.pass(late);
    room.sit("nurse");
    room.type_at("S-003/SCR/DM/DM.MAIN/DM.HEIGHT", Raw::Number("170", "cm"))
        .unwrap();
    room.pass(2 * 3600);
    room.sit("nurse");
    room.type_at("S-003/SCR/DM/DM.MAIN/DM.WEIGHT", Raw::Number("61.0", "kg"))
        .unwrap();
    room.pass(10 * 3600);
    // Long after the sample was taken.
    room.pass_days(12);
    room.sit("nurse");
    room.fill("S-003/SCR/MARROW", &Chart::eligible());
    // Verified, then changed; on a form that nobody signed since.
    room.sit("nurse");
    room.lock();
    for _ in 0..3 {
        room.pass(60);
        room.unlock("sub", "guess").unwrap_err();
        room.unlock("Sbu", "guess").unwrap_err();
    }
    let code_typed = Recover {
        code: "7777-7777".into(),
        login: "admin2".into(),
        printed_name: "Qian Yi".into(),
        identity_verified: "passport".into(),
        password: PASSWORD.into(),
    };
    assert_eq!(code(acts::recover(&mut room.desk, code_typed)), "wrong_recovery_code");
    room.sit("monitor");
    let add = conduct::requests::AddSubject {
        subject: "S-009".into(),
    };
    assert_eq!(code(acts::add_subject(&mut room.desk, add)), "not_your_role");
    room.sit("admin");
    let auditor = acts::people(&mut room.desk, People {}).unwrap().people;
    let auditor = auditor
        .into_iter()
        .find(|person| person.login == "auditor")
        .unwrap()
        .person;
    let grant = GrantAccess {
        person: auditor,
        days: 30,
        reason: because("transcription"),
    };
    acts::grant_access(&mut room.desk, grant).unwrap();
    // What identified somebody goes, by two persons.
    room.sit("nurse");
    let value = room
        .journal()
        .into_iter()
        .find(|entry| entry.act == "value_entered")
        .unwrap();
    let asked = AskRedaction {
        entries: vec![EntryRef {
            log: value.log,
            seq: value.seq,
        }],
        reason: because("transcription"),
    };
    let asked = acts::ask_redaction(&mut room.desk, asked).unwrap();
    let redact = Redact {
        asked: asked.at,
        login: "doctor".into(),
        password: PASSWORD.into(),
        reason: because("transcription"),
    };
    acts::redact(&mut room.desk, redact).unwrap();
    // A signature whose words are not those that were signed; a bundle that was refused.
    let mut forged = newest_signature(&mut room);
    if let Act::Signed { statement, .. } = &mut forged {
        statement.id = "s-00000000000000ff".into();
        statement.meaning.push('.');
    }
    room.pass(60);
    room.sit("nurse");
    let now = room.journal()[0].when.clone();
    beneath(&mut room, vec![forged], false, &now);
    let refused = Act::BundleRefused {
        bundle: "b-1".into(),
        sha256: "00".into(),
        why: "fork".into(),
        at: EntryRef {
            log: "l-0".into(),
            seq: 1,
        },
    };
    beneath(&mut room, vec![refused], true, &now);
    // The clock an hour back.
    room.pass(-3600);
    room.sit("monitor");
    room.pass(3600);

    let view = signals(&mut room);
    let found: BTreeSet<&str> = kinds(&view).into_iter().collect();
    let looked_for: BTreeSet<&str> = view.rules.iter().map(|rule| rule.kind.as_str()).collect();
    assert_eq!(found, looked_for, "{:#?}", view.signals);

    let signal = only(&view, "changed_after_signature");
    assert_eq!(signal.path.as_deref(), Some("S-001/SCR/LAB"));
    let told = entries(&mut room, signal);
    assert_eq!(told.len(), 2);
    assert!(
        told.iter()
            .all(|entry| entry.act == "value_entered" && entry.by.as_deref() == Some("Li Na, RN"))
    );
    let signal = only(&view, "critical_changed");
    assert_eq!(signal.path, Some(format!("S-001/{CREAT}")));
    assert_eq!((fact(signal, "after"), signal.entries.len()), ("signature", 1));
    let signal = only(&view, "changed_often");
    assert_eq!(signal.path.as_deref(), Some("S-002/SCR/LAB/LAB.HEM/LAB.HGB"));
    assert_eq!(fact(signal, "changes"), "3");
    let signal = only(&view, "many_changes");
    assert_eq!(
        (fact(signal, "changes"), signal.by.as_deref()),
        ("10", Some("Li Na, RN"))
    );
    let signal = only(&view, "odd_hours");
    assert_eq!(signal.entries.len(), 2, "one night, though midnight lies in it");
    let signal = only(&view, "late_entry");
    assert_eq!(signal.path.as_deref(), Some("S-003/SCR/MARROW"));
    assert_eq!(fact(signal, "happened"), "2026-03-05");
    let days: i64 = fact(signal, "days").parse().unwrap();
    assert!(
        (12..=15).contains(&days),
        "since the subject was added, not since the sample: {days}"
    );
    let signal = only(&view, "wrong_passwords");
    assert_eq!((fact(signal, "login"), fact(signal, "tries")), ("sub", "3"));
    let signal = only(&view, "wrong_names");
    assert_eq!((fact(signal, "login"), fact(signal, "tries")), ("", "3"));
    assert_eq!(only(&view, "wrong_codes").entries.len(), 1);
    let signal = only(&view, "command_refused");
    assert_eq!(signal.by.as_deref(), Some("Ana Ruiz"));
    for (kind, act) in [
        ("access", "access_granted"),
        ("clock", "clock_anomaly"),
        ("import_refused", "bundle_refused"),
        ("signature_invalid", "signed"),
    ] {
        let told = entries(&mut room, only(&view, kind));
        assert_eq!((told.len(), told[0].act.as_str()), (1, act), "{kind}");
    }
    let redactions = view.signals.iter().filter(|signal| signal.kind == "redaction").count();
    assert_eq!(redactions, 2, "asked for, and done");
    let weights: Vec<usize> = view
        .signals
        .iter()
        .map(|signal| view.rules.iter().position(|rule| rule.kind == signal.kind).unwrap())
        .collect();
    assert!(weights.is_sorted(), "the weightiest first");
}

#[test]
fn a_critical_item_changed_after_verification_is_told_until_it_was_taken_back() {
    let mut room = begun();
    room.sit("nurse");
    room.add_subject("S-001");
    room.fill("S-001/SCR/LAB", &Chart::eligible());
    room.complete("S-001/SCR/LAB").unwrap();
    room.sit("monitor");
    verify(&mut room, &format!("S-001/{CREAT}"));
    verify(&mut room, "S-001/SCR/LAB/LAB.CHEM/LAB.ALT");
    let taken_back = WithdrawVerification {
        path: item("S-001/SCR/LAB/LAB.CHEM/LAB.ALT"),
        reason: because("transcription"),
    };
    acts::withdraw_verification(&mut room.desk, taken_back).unwrap();
    room.sit("nurse");
    room.correct(&format!("S-001/{CREAT}"), Raw::Number("70", "umol/L"), "transcription")
        .unwrap();
    room.correct(
        "S-001/SCR/LAB/LAB.CHEM/LAB.ALT",
        Raw::Number("32", "U/L"),
        "transcription",
    )
    .unwrap();
    room.sit("monitor");
    let view = signals(&mut room);
    assert_eq!(kinds(&view), ["critical_changed"]);
    let signal = only(&view, "critical_changed");
    assert_eq!(
        (signal.path.as_deref(), fact(signal, "after")),
        (Some(&*format!("S-001/{CREAT}")), "verification")
    );
}

#[test]
fn a_review_is_signed_off_and_the_next_begins_after_it() {
    let mut room = begun();
    ordinary(&mut room);
    room.sit("nurse");
    for n in ["63", "64", "65"] {
        room.correct(
            "S-002/SCR/LAB/LAB.HEM/LAB.PLT",
            Raw::Number(n, "10^9/L"),
            "transcription",
        )
        .unwrap();
    }
    room.sit("monitor");
    let view = signals(&mut room);
    assert_eq!(kinds(&view), ["changed_often"]);
    let seen = stretches(&view);
    // Words, the password, and the stretch: what is refused, and that it writes nothing but the wrong password.
    let length = room.length();
    assert_eq!(code(review(&mut room, Vec::new(), None, PASSWORD)), "review_stretch");
    for (from, upto) in [(1, 5), (seen[0].from + 1, seen[0].upto), (seen[0].from, 999_999)] {
        let stretch = Stretch {
            log: seen[0].log.clone(),
            from,
            upto,
        };
        assert_eq!(
            code(review(&mut room, vec![stretch], None, PASSWORD)),
            "review_stretch",
            "{from}–{upto}"
        );
    }
    let twice = vec![seen[0].clone(), seen[0].clone()];
    assert_eq!(code(review(&mut room, twice, None, PASSWORD)), "review_stretch");
    let long = "x".repeat(2_001);
    assert_eq!(
        code(review(&mut room, seen.clone(), Some(&long), PASSWORD)),
        "remark_too_long"
    );
    assert_eq!(room.length(), length);
    assert_eq!(code(review(&mut room, seen.clone(), None, "wrong")), "wrong_password");
    room.pass(60);
    let after = review(
        &mut room,
        seen.clone(),
        Some("Asked the nurse about the platelets."),
        PASSWORD,
    )
    .unwrap();
    assert!(after.signals.is_empty(), "{:?}", after.signals);
    assert_eq!(after.stretches[0].stretch.from, seen[0].upto + 1);
    let stored = &after.reviews[0];
    assert_eq!(
        (stored.by.as_str(), stored.stretches.as_slice()),
        ("Ana Ruiz", seen.as_slice())
    );
    let shown = [("changed_often".to_owned(), 1)];
    assert_eq!(stored.signals, shown, "what was shown is kept with it");
    assert_eq!(stored.remark.as_deref(), Some("Asked the nurse about the platelets."));
    assert_eq!(stored.entries, seen[0].upto + 1 - seen[0].from);
    let newest = room.journal().remove(0);
    assert_eq!(
        (newest.act.as_str(), newest.by.as_deref()),
        ("journal_reviewed", Some("Ana Ruiz"))
    );
    // The investigator's own line of reviews begins at the beginning; whoever does not review sees both.
    room.sit("doctor");
    let view = signals(&mut room);
    assert_eq!(view.stretches[0].stretch.from, 1);
    assert_eq!((view.reviews.len(), view.blocked), (2, None));
    room.sit("nurse");
    let view = signals(&mut room);
    assert_eq!(view.blocked.as_deref(), Some("not_your_role"));
    assert!(view.stretches[0].stretch.from > seen[0].upto && view.counted.is_none());
    let asked = Signals {
        everything: true,
        past: Vec::new(),
    };
    let whole = acts::signals(&mut room.desk, asked).unwrap();
    assert_eq!((whole.stretches[0].stretch.from, whole.left), (1, 0));
    assert!(kinds(&whole).contains(&"changed_often"));
    room.sound();
}

#[test]
fn the_journal_is_filtered_by_person_subject_item_act_and_day() {
    let mut room = begun();
    ordinary(&mut room);
    room.pass_days(1);
    room.sit("nurse");
    room.correct(
        "S-002/SCR/LAB/LAB.HEM/LAB.PLT",
        Raw::Number("63", "10^9/L"),
        "transcription",
    )
    .unwrap();
    let asked = |room: &mut Room, audit: Audit| acts::audit(&mut room.desk, audit);
    let at_item = Audit {
        path: Some("S-002/SCR/LAB/LAB.HEM/LAB.PLT".into()),
        ..Audit::default()
    };
    let rows = asked(&mut room, at_item.clone()).unwrap().entries;
    let values: Vec<_> = rows.iter().filter(|row| row.act == "value_entered").collect();
    assert_eq!(values.len(), 3);
    assert!(rows.iter().all(|row| row.path == at_item.path));
    let at_form = Audit {
        path: Some("S-002/SCR/LAB".into()),
        ..Audit::default()
    };
    let rows = asked(&mut room, at_form).unwrap().entries;
    assert_eq!(
        rows.iter().map(|row| row.act.as_str()).collect::<Vec<_>>(),
        ["form_completed"]
    );
    let attested = Audit {
        about: Some(ActsAbout::Attestations),
        ..Audit::default()
    };
    let acts: BTreeSet<String> = asked(&mut room, attested)
        .unwrap()
        .entries
        .into_iter()
        .map(|row| row.act)
        .collect();
    assert_eq!(
        acts.into_iter().collect::<Vec<_>>(),
        ["journal_reviewed", "signed", "verified"]
    );
    let day = |day: &str, path: Option<String>| Audit {
        day: Some(day.into()),
        path,
        ..Audit::default()
    };
    let of = |room: &mut Room, day: Audit| asked(room, day).unwrap().entries.len();
    assert_eq!(of(&mut room, day("2026-03-09", at_item.path.clone())), 1);
    assert_eq!(of(&mut room, day("2026-03-08", at_item.path.clone())), values.len() - 1);
    assert_eq!(of(&mut room, day("2026-03-10", None)), 0);
    assert_eq!(code(asked(&mut room, day("9 March", None))), "no_such_day");
}

#[test]
fn every_act_that_was_made_is_about_something() {
    let mut room = begun();
    ordinary(&mut room);
    let whole = |room: &mut Room, about: Option<ActsAbout>| {
        let (mut before, mut found) = (None, BTreeSet::new());
        loop {
            let asked = Audit {
                about,
                before: before.clone(),
                ..Audit::default()
            };
            let page = acts::audit(&mut room.desk, asked).unwrap();
            found.extend(page.entries.iter().map(|entry| entry.seq));
            before = page.entries.last().map(|entry| EntryRef {
                log: entry.log.clone(),
                seq: entry.seq,
            });
            if !page.more {
                return found;
            }
        }
    };
    let mut rest = whole(&mut room, None);
    for about in [
        ActsAbout::Records,
        ActsAbout::Findings,
        ActsAbout::Queries,
        ActsAbout::Attestations,
        ActsAbout::People,
        ActsAbout::Sittings,
        ActsAbout::File,
    ] {
        for seq in whole(&mut room, Some(about)) {
            assert!(rest.remove(&seq), "#{seq} twice");
        }
    }
    assert!(rest.is_empty(), "{rest:?}");
}
