//! Amendment 1.1 in use: it comes into force, one subject moves to it, the other stays as it was.

use conduct::{
    Reason, acts,
    problem::Answer,
    requests::{
        Audit, EligibilityStatement, InstallVersion, MoveSubject, PlanMove, PlanVersion, StudyInForce, SubjectOf,
        Subjects, Versions,
    },
    views::{MoveView, SubjectView, VersionsView},
};

use crate::{
    chart::{Chart, Raw, because, find, items},
    room::{Room, code, fact, form, refused},
    story::{confirm, eligibility, sign_all},
};

const CONSENT: &str = "S-001/SCR/CONSENT";
const HSCT: &str = "S-001/SCR/HSCT";
const DSA: &str = "S-001/SCR/HSCT/HSCT.PLAN/HSCT.DSA";

/// Eligible under 1.0, whose lowest LVEF is 40 %, and not under 1.1, where it is 45 %.
fn weak_heart() -> Chart {
    Chart::eligible().with(&[("PERF.LVEF", Raw::Number("42", "%"))])
}

/// Two subjects under 1.0, screened and signed, each by an own signature; the first confirmed as eligible.
fn site() -> Room {
    let mut room = Room::furnished();
    room.pass_days(6);
    room.sit("nurse");
    room.screen("S-001", &weak_heart());
    room.sit("doctor");
    confirm(&mut room, "S-001", "eligible").unwrap();
    sign_all(&mut room);
    room.sit("nurse");
    room.screen("S-002", &Chart::eligible());
    room.sit("doctor");
    sign_all(&mut room);
    room
}

fn versions(room: &mut Room) -> VersionsView {
    acts::versions(&mut room.desk, Versions {}).unwrap()
}

fn install(room: &mut Room, version: &str) -> Answer<VersionsView> {
    acts::install_version(
        &mut room.desk,
        InstallVersion {
            version: version.into(),
        },
    )
}

fn plan(room: &mut Room, subject: &str) -> Answer<MoveView> {
    acts::plan_move(
        &mut room.desk,
        PlanMove {
            subject: subject.into(),
            to: "1.1".into(),
        },
    )
}

fn approved() -> Reason {
    Reason {
        code: "other".into(),
        text: Some("Amendment 1.1 approved by the ethics committee".into()),
    }
}

fn moved(room: &mut Room, subject: &str) -> Answer<SubjectView> {
    acts::move_subject(
        &mut room.desk,
        MoveSubject {
            subject: subject.into(),
            from: "1.0".into(),
            to: "1.1".into(),
            reason: approved(),
        },
    )
}

/// 1.1 in force, the investigator at the desk.
fn amended() -> Room {
    let mut room = site();
    room.sit("admin");
    install(&mut room, "1.1").unwrap();
    room.sit("doctor");
    room
}

/// Every page of a subject, as the window gets it.
fn pages(room: &mut Room, subject: &str) -> Vec<String> {
    let asked = SubjectOf {
        subject: subject.into(),
    };
    let view = acts::subject(&mut room.desk, asked).unwrap();
    let forms = view.visits.iter().flat_map(|visit| &visit.forms);
    let forms: Vec<String> = forms.map(|state| state.form.to_string()).collect();
    let pages = forms
        .iter()
        .map(|path| serde_json::to_string(&room.form(path)).unwrap());
    pages.collect()
}

#[test]
fn an_administrator_brings_it_into_force_having_seen_what_it_changes() {
    let mut room = site();
    let before = versions(&mut room);
    assert_eq!(before.installed.len(), 1);
    assert_eq!(
        (before.installed[0].version.as_str(), before.installed[0].subjects),
        ("1.0", 2)
    );
    assert_eq!(before.offered, ["1.1"]);
    let asked = |version: &str| PlanVersion {
        version: version.into(),
    };
    for (version, expected) in [("1.0", "version_in_force"), ("2.0", "no_such_version")] {
        assert_eq!(code(acts::plan_version(&mut room.desk, asked(version))), expected);
    }
    let offered = acts::plan_version(&mut room.desk, asked("1.1")).unwrap();
    assert_eq!((offered.from.as_str(), offered.version.as_str()), ("1.0", "1.1"));
    assert_eq!((offered.subjects, offered.touched, offered.verdicts), (2, 2, 1));
    let touched: Vec<(&str, u32)> = offered
        .changes
        .iter()
        .map(|view| (view.change.oid.as_str(), view.subjects))
        .collect();
    let lowest = [("D-08", 0), ("D-08", 1), ("I10", 1)];
    assert_eq!(
        touched,
        [&[("", 0), ("HSCT.DSA", 2), ("CONSENT.COPY", 2)], &lowest[..]].concat()
    );

    // Nobody else may, and what is not offered cannot be.
    assert_eq!(code(install(&mut room, "1.1")), "not_your_role");
    room.sit("admin");
    let length = room.length();
    assert_eq!(code(install(&mut room, "2.0")), "no_such_version");
    assert_eq!(code(install(&mut room, "1.0")), "version_in_force");
    assert_eq!(room.length(), length);
    let after = install(&mut room, "1.1").unwrap();
    assert!(after.offered.is_empty());
    let counts: Vec<(&str, u32)> = after
        .installed
        .iter()
        .map(|row| (row.version.as_str(), row.subjects))
        .collect();
    assert_eq!(counts, [("1.0", 2), ("1.1", 0)]);
    assert_eq!(after.installed[1].by, "Zhao Min");
    let newest = &room.journal()[0];
    assert_eq!(
        (newest.act.as_str(), newest.text.as_deref()),
        ("study_installed", Some("ALLO-CD19-BALL 1.1"))
    );
    assert_eq!(code(install(&mut room, "1.1")), "version_in_force");
    room.sound();
}

#[test]
fn who_is_not_moved_stays_as_it_was_byte_for_byte() {
    let mut room = site();
    room.sit("nurse");
    let before = pages(&mut room, "S-002");
    let verdict = serde_json::to_string(&eligibility(&mut room, "S-002")).unwrap();
    room.sit("admin");
    install(&mut room, "1.1").unwrap();
    room.sit("nurse");
    assert!(pages(&mut room, "S-002") == before);
    room.sit("doctor");
    moved(&mut room, "S-001").unwrap();
    room.sit("nurse");
    assert!(pages(&mut room, "S-002") == before);
    assert_eq!(
        serde_json::to_string(&eligibility(&mut room, "S-002")).unwrap(),
        verdict
    );
    // The new item is asked of nobody who is not moved, and cannot be entered for them.
    assert_eq!(
        code(room.type_at(&DSA.replace("S-001", "S-002"), Raw::Codes(&["N"]))),
        "no_such_item"
    );
    assert_eq!(room.form("S-002/SCR/HSCT").state, "signed");
}

#[test]
fn what_moving_changes_is_told_before() {
    let mut room = amended();
    let view = plan(&mut room, "S-001").unwrap();
    assert_eq!((view.from.as_str(), view.to.as_str()), ("1.0", "1.1"));
    assert_eq!(
        (view.verdict_before.as_str(), view.verdict_after.as_str()),
        ("eligible", "ineligible")
    );
    assert_eq!(view.confirmed, Some(("eligible".into(), "1.0".into())));
    assert_eq!(view.forms, [form(CONSENT), form(HSCT)]);
    let opened: Vec<String> = view.opened.iter().map(|opened| opened.form.to_string()).collect();
    assert_eq!(opened, [HSCT]);
    assert_eq!(
        view.opened[0].items.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [DSA]
    );
    assert_eq!(
        view.retired.iter().map(|path| path.item.as_str()).collect::<Vec<_>>(),
        ["CONSENT.COPY"]
    );
    assert!(view.changes.iter().any(|change| change.oid == "HSCT.DSA"));
    assert_eq!(view.may_move, None);
    assert_eq!(plan(&mut room, "S-002").unwrap().verdict_after, "eligible");
    room.sit("nurse");
    assert_eq!(
        plan(&mut room, "S-001").unwrap().may_move.as_deref(),
        Some("not_your_role")
    );
}

#[test]
fn moves_that_are_refused_leave_everything_as_it_was() {
    let mut room = site();
    assert_eq!(code(plan(&mut room, "S-001")), "version_not_later");
    assert_eq!(code(moved(&mut room, "S-001")), "version_not_later");
    room.sit("admin");
    install(&mut room, "1.1").unwrap();
    assert_eq!(code(moved(&mut room, "S-001")), "not_your_role");
    room.sit("nurse");
    assert_eq!(code(moved(&mut room, "S-001")), "not_your_role");
    room.sit("doctor");
    let length = room.length();
    let ask = |room: &mut Room, subject: &str, from: &str, to: &str, reason: Reason| {
        let (subject, from, to) = (subject.into(), from.into(), to.into());
        acts::move_subject(
            &mut room.desk,
            MoveSubject {
                subject,
                from,
                to,
                reason,
            },
        )
    };
    for (subject, from, to, reason, expected) in [
        ("S-009", "1.0", "1.1", approved(), "no_such_subject"),
        ("S-001", "1.1", "1.0", approved(), "changed_meanwhile"),
        ("S-001", "1.0", "1.0", approved(), "version_not_later"),
        ("S-001", "1.0", "2.0", approved(), "version_not_later"),
        ("S-001", "1.0", "1.1", because("no such reason"), "reason_needed"),
        ("S-001", "1.0", "1.1", because("other"), "reason_needed"),
    ] {
        assert_eq!(
            code(ask(&mut room, subject, from, to, reason)),
            expected,
            "{subject} {from} {to}"
        );
    }
    assert_eq!(room.length(), length);
    moved(&mut room, "S-001").unwrap();
    let (refusal, facts) = refused(moved(&mut room, "S-001"));
    assert_eq!(
        (refusal.as_str(), fact(&facts, "now").as_str()),
        ("changed_meanwhile", "1.1")
    );
    assert_eq!(
        code(ask(&mut room, "S-001", "1.1", "1.0", approved())),
        "version_not_later"
    );
    room.sound();
}

#[test]
fn a_subject_moves_and_what_was_entered_before_reads_as_before() {
    let mut room = amended();
    let view = moved(&mut room, "S-001").unwrap();
    assert_eq!((view.row.version.as_str(), view.newer), ("1.1", None));
    // The act and what it opened again, under the version moved to, with the reason.
    let entries = room.journal();
    let [opened, moved_entry] = &entries[..2] else { panic!() };
    assert_eq!(
        (opened.act.as_str(), opened.path.as_deref()),
        ("form_reopened", Some(HSCT))
    );
    assert_eq!(
        (
            moved_entry.act.as_str(),
            moved_entry.subject.as_deref(),
            moved_entry.text.as_deref()
        ),
        ("subject_moved", Some("S-001"), Some("1.0 → 1.1"))
    );
    for entry in [opened, moved_entry] {
        assert_eq!(entry.reason.as_ref().map(|(code, _)| code.as_str()), Some("other"));
        assert_eq!(entry.study, "1.1");
    }

    // The answer to the item that was retired stays readable, marked with its version; what was entered says so too.
    let consent = room.form(CONSENT);
    assert_eq!((consent.state.as_str(), consent.version.as_str()), ("signed", "1.1"));
    let [copy] = &consent.retired[..] else {
        panic!("{:?}", consent.retired)
    };
    assert_eq!((copy.path.item.as_str(), copy.under.as_str()), ("CONSENT.COPY", "1.0"));
    assert!(items(&consent).all(|item| item.path.item != "CONSENT.COPY"));
    assert_eq!(find(&consent, "CONSENT.DATE").under.as_deref(), Some("1.0"));

    // The new item is what the definition says: required, and in the way of completing.
    let hsct = room.form(HSCT);
    assert_eq!(hsct.state, "changed");
    assert_eq!(find(&hsct, "HSCT.DSA").under, None);
    assert_eq!(
        hsct.blockers
            .iter()
            .map(|found| found.path.to_string())
            .collect::<Vec<_>>(),
        [DSA]
    );
    room.sit("nurse");
    assert_eq!(code(room.complete(HSCT)), "form_has_blockers");
    room.type_at(DSA, Raw::Codes(&["N"])).unwrap();
    assert_eq!(room.journal()[0].study, "1.1");
    let hsct = room.complete(HSCT).unwrap();
    assert_eq!(find(&hsct, "HSCT.PRIOR").under.as_deref(), Some("1.0"));
    // A retired item is not asked, and not entered any more.
    assert_eq!(
        code(room.correct(
            "S-001/SCR/CONSENT/CONSENT.MAIN/CONSENT.COPY",
            Raw::Codes(&["N"]),
            "transcription"
        )),
        "no_such_item"
    );
    room.sound();
}

#[test]
fn a_verdict_confirmed_before_stays_and_says_under_which_version() {
    let mut room = amended();
    let before = eligibility(&mut room, "S-001");
    assert_eq!((before.version.as_str(), before.verdict.as_str()), ("1.0", "eligible"));
    moved(&mut room, "S-001").unwrap();
    let now = eligibility(&mut room, "S-001");
    assert_eq!((now.version.as_str(), now.verdict.as_str()), ("1.1", "ineligible"));
    let [confirmed] = &now.confirmed[..] else {
        panic!("{:?}", now.confirmed)
    };
    assert_eq!(
        (confirmed.verdict.as_str(), confirmed.version.as_str()),
        ("eligible", "1.0")
    );
    assert!(confirmed.differs_now);
    // The signature holds: what it covered, judged as it was then, is what it was.
    assert_eq!(confirmed.signature.version, "1.0");
    assert!(confirmed.signature.valid && confirmed.signature.changed.is_empty());
    // Lists say what holds now, at once.
    let rows = acts::subjects(&mut room.desk, Subjects {}).unwrap().subjects;
    let line = |code: &str| rows.iter().find(|row| row.subject == code).unwrap();
    assert_eq!(
        (line("S-001").verdict.as_deref(), line("S-001").version.as_str()),
        (Some("ineligible"), "1.1")
    );
    assert_eq!(
        (line("S-002").verdict.as_deref(), line("S-002").version.as_str()),
        (Some("eligible"), "1.0")
    );
    // Confirmed again, it is under the new version, beside the old one.
    let again = confirm(&mut room, "S-001", "ineligible").unwrap();
    let said: Vec<(&str, &str)> = again
        .confirmed
        .iter()
        .map(|one| (one.verdict.as_str(), one.version.as_str()))
        .collect();
    assert_eq!(said, [("ineligible", "1.1"), ("eligible", "1.0")]);
    assert!(
        again
            .confirmed
            .iter()
            .all(|one| one.signature.valid && one.signature.changed.is_empty())
    );
    // A value it rested on changes: the old signature says so.
    room.sit("nurse");
    room.correct(
        "S-001/SCR/PERF/PERF.HEART/PERF.LVEF",
        Raw::Number("58", "%"),
        "transcription",
    )
    .unwrap();
    let now = eligibility(&mut room, "S-001");
    assert_eq!(now.verdict, "eligible");
    assert!(now.confirmed.iter().all(|one| !one.signature.changed.is_empty()));
    room.sound();
}

#[test]
fn signatures_made_before_stay_and_forms_of_two_versions_are_signed_apart() {
    let mut room = amended();
    moved(&mut room, "S-001").unwrap();
    let dm = room.form("S-001/SCR/DM");
    assert_eq!(dm.state, "signed");
    assert!(dm.signatures[0].valid && dm.signatures[0].version == "1.0");
    // Only what the move opened again is another than signed.
    let changed: Vec<&str> = dm.signatures[0]
        .changed
        .iter()
        .map(|(path, ..)| path.as_str())
        .collect();
    assert_eq!(changed, [HSCT]);
    room.sit("nurse");
    room.type_at(DSA, Raw::Codes(&["N"])).unwrap();
    room.complete(HSCT).unwrap();
    room.correct(
        "S-002/SCR/DM/DM.MAIN/DM.HEIGHT",
        Raw::Number("166", "cm"),
        "transcription",
    )
    .unwrap();
    room.sit("doctor");
    let signed = sign_all(&mut room);
    assert!(signed.to_sign.forms.is_empty());
    let two: Vec<(&str, u32)> = signed.to_sign.signatures[..2]
        .iter()
        .map(|signature| (signature.version.as_str(), signature.records))
        .collect();
    assert_eq!(two, [("1.1", 1), ("1.0", 1)]);
    room.sound();
}

#[test]
fn who_is_added_later_is_under_the_newest_and_both_definitions_are_at_hand() {
    let mut room = amended();
    let definition = |room: &mut Room, version: Option<&str>| {
        let version = version.map(str::to_owned);
        acts::study_in_force(&mut room.desk, StudyInForce { version })
    };
    for (asked, version) in [(None, "1.1"), (Some("1.0"), "1.0"), (Some("1.1"), "1.1")] {
        assert_eq!(definition(&mut room, asked).unwrap().version, version);
    }
    assert_eq!(code(definition(&mut room, Some("2.0"))), "no_such_version");
    room.sit("nurse");
    room.add_subject("S-003");
    let hsct = room.fill("S-003/SCR/HSCT", &Chart::eligible());
    assert_eq!(hsct.version, "1.1");
    assert!(hsct.blockers.iter().any(|found| found.path.item == "HSCT.DSA"));
    let asked = Audit {
        subject: Some("S-003".into()),
        ..Audit::default()
    };
    let entries = acts::audit(&mut room.desk, asked).unwrap().entries;
    assert!(entries.iter().all(|entry| entry.study == "1.1"), "{entries:?}");
    let asked = Audit {
        subject: Some("S-002".into()),
        ..Audit::default()
    };
    let entries = acts::audit(&mut room.desk, asked).unwrap().entries;
    assert!(entries.iter().all(|entry| entry.study == "1.0"));
    // What is opened again another day is the same.
    room.sit("doctor");
    moved(&mut room, "S-001").unwrap();
    let before = (pages(&mut room, "S-001"), pages(&mut room, "S-002"));
    room.lock();
    let mut later = Room::at(&room.folder.clone());
    later.pass_days(60);
    later.open().unwrap();
    later.unlock("doctor", crate::room::PASSWORD).unwrap();
    assert_eq!((pages(&mut later, "S-001"), pages(&mut later, "S-002")), before);
    later.sound();
    let handle = later.desk.choose(later.folder.clone());
    let asked = EligibilityStatement {
        subject: "S-001".into(),
        locale: "en".into(),
        handle,
    };
    acts::eligibility_statement(&mut later.desk, asked).unwrap();
    let page = std::fs::read_to_string(later.folder.join("S-001-eligibility-en.pdf")).unwrap();
    assert!(page.contains("ineligible 1.1"), "{page}");
}
