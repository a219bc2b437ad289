//! What was read of one subject is what is read of everybody, and nothing that changed goes untold.

use study::act::{Act, Confirmation, IdentifierCheck, IdentifierOutcome, SignedRecord};

use crate::{
    Changed, SiteFile,
    desk::{because, entered},
    tests::{
        earlier::Earlier,
        imports::{Station, second, site, whole},
        signed,
    },
};

const SUBJECTS: [&str; 3] = ["S-001", "S-002", "S-003"];
const OIDS: [&str; 2] = ["DM.SEX", "DM.AGE"];

fn at(subject: &str, item: &str) -> String {
    format!("{subject}/SCR/DM/DM.MAIN/{item}")
}

/// Everything that lists read of a subject.
fn read(file: &SiteFile, subject: &str) -> String {
    let mut answers = file.answers_of(subject, &OIDS).unwrap();
    answers.sort_by(|a, b| a.path.cmp(&b.path));
    format!(
        "{:?} {answers:?} {} {:?} {:?}",
        file.form_marks_of(subject).unwrap(),
        file.unsettled_of(subject).unwrap(),
        file.verdict_mark_of(subject).unwrap(),
        file.identity_marks_of(subject).unwrap(),
    )
}

/// The same out of what is read of everybody.
fn of_everybody(file: &SiteFile, subject: &str) -> String {
    let within = |path: &str| path.split('/').next() == Some(subject);
    let mut answers = file.answers(&OIDS).unwrap();
    answers.retain(|answer| within(&answer.path));
    answers.sort_by(|a, b| a.path.cmp(&b.path));
    let mut forms = file.form_marks().unwrap();
    forms.retain(|form| within(&form.path));
    let queries = file.unsettled_by_subject().unwrap();
    let queries = queries.iter().find(|(who, _)| who == subject).map_or(0, |(_, n)| *n);
    let mut verdicts = file.verdict_marks().unwrap();
    verdicts.retain(|mark| mark.subject == subject);
    let mut checks = file.identity_marks().unwrap();
    checks.retain(|mark| within(&mark.form));
    format!("{forms:?} {answers:?} {queries} {:?} {checks:?}", verdicts.pop())
}

/// Does something and looks that all it changed is told; answer: what is told.
#[track_caller]
fn told(station: &mut Station, what: &str, deed: impl FnOnce(&mut Station)) -> Changed {
    let before = station.file.position().unwrap();
    let was = SUBJECTS.map(|subject| read(&station.file, subject));
    deed(station);
    let changed = station.file.changed_since(&before).unwrap();
    for (subject, was) in SUBJECTS.iter().zip(was) {
        let is = read(&station.file, subject);
        let among = match &changed {
            Changed::Everything => true,
            Changed::Subjects(subjects) => subjects.contains(*subject),
        };
        assert!(is == was || among, "{what} changed {subject} untold:\n{was}\n{is}");
        assert_eq!(is, of_everybody(&station.file, subject), "{what}");
    }
    changed
}

fn of(subjects: &[&str]) -> Changed {
    Changed::Subjects(subjects.iter().map(|subject| (*subject).to_owned()).collect())
}

fn confirmed(subject: &str, derived: &str) -> Act {
    Act::Confirmed {
        confirmation: Confirmation {
            kind: "eligibility".into(),
            about: format!("ELIG/{subject}"),
            derived: derived.into(),
            own: None,
            detail: serde_json::json!({}),
        },
    }
}

fn compared(subject: &str, lot: &str) -> Act {
    Act::IdentityChecked {
        form: format!("{subject}/SCR/DM").parse().unwrap(),
        checks: vec![IdentifierCheck {
            identifier: "lot".into(),
            outcome: IdentifierOutcome::Agreed,
            value: Some(lot.into()),
        }],
    }
}

/// A signature over one form of S-001 as it stands.
fn sign(station: &mut Station, id: &str) {
    let Act::Signed { mut statement, .. } = signed(&mut station.desk, &station.file, &station.who) else {
        panic!("not a signature")
    };
    statement.id = id.into();
    let form = station.file.form(&"S-001/SCR/DM".parse().unwrap()).unwrap().unwrap();
    statement.records[0].version = form.version;
    let bytes = proof::statement_bytes(&statement).unwrap();
    let signature = station.who.sign(proof::Namespace::Esig, &bytes).armoured();
    station.act(vec![Act::Signed { statement, signature }]);
}

/// What stands last of everything that is made again and again, whatever was read for it.
#[track_caller]
fn newest(file: &SiteFile) -> [String; 3] {
    let verdict = file.verdict_mark_of("S-001").unwrap().unwrap();
    let all = file.verdict_marks().unwrap();
    assert_eq!(all.iter().find(|mark| mark.subject == "S-001"), Some(&verdict));
    let confirmations = file.confirmations("ELIG/S-001").unwrap();
    assert_eq!(confirmations.last().unwrap().confirmation.derived, verdict.derived);
    let of_subject = file.confirmations_of_subject("S-001").unwrap();
    assert_eq!(of_subject.last(), confirmations.last());
    let lot = file.identity_marks_of("S-001").unwrap().pop().unwrap().lot.unwrap();
    assert_eq!(file.identity_marks().unwrap().pop().unwrap().lot.as_ref(), Some(&lot));
    let check = file
        .identity_checks(&"S-001/SCR/DM".parse().unwrap())
        .unwrap()
        .pop()
        .unwrap();
    assert_eq!(check.checks[0].value.as_ref(), Some(&lot));
    let signature = file.signatures().unwrap().pop().unwrap().statement.id;
    assert_eq!(
        file.signatures_over("S-001/SCR/DM")
            .unwrap()
            .pop()
            .unwrap()
            .statement
            .id,
        signature
    );
    assert_eq!(
        file.signatures_of_subject("S-001").unwrap().pop().unwrap().statement.id,
        signature
    );
    [verdict.derived, lot, signature]
}

#[test]
fn the_newest_is_the_newest_whichever_laptop_it_was_made_on() {
    let mut one = site(11);
    let added = Act::SubjectAdded {
        subject: "S-001".into(),
    };
    one.act(vec![added, entered(&at("S-001", "DM.SEX"), "F")]);
    let mut two = second(&mut one, 12);
    // The second writes much, so that its numbers are beyond those of the first in every way.
    for n in 0..40 {
        two.act(vec![entered(&at("S-001", "DM.AGE"), &n.to_string())]);
    }
    two.act(vec![confirmed("S-001", "eligible"), compared("S-001", "two")]);
    sign(&mut two, "s-two");
    one.takes(&whole(&two.file));
    let mark = |file: &SiteFile| file.form_marks_of("S-001").unwrap().remove(0);
    let there = mark(&one.file);
    assert_eq!(
        (newest(&one.file), there.signed),
        (["eligible", "two", "s-two"].map(Into::into), Some(true))
    );

    one.act(vec![entered(&at("S-001", "DM.SEX"), "M")]);
    let touched = mark(&one.file);
    assert!(touched.order > there.order);
    assert_eq!(touched.signed, Some(false));
    let before = one.file.verdict_mark_of("S-001").unwrap().unwrap();
    assert!(before.order < touched.order, "confirmed before, elsewhere");
    assert!(!before.informed, "not knowing of it");
    one.act(vec![compared("S-001", "one"), confirmed("S-001", "ineligible")]);
    sign(&mut one, "s-one");
    let now = ["ineligible", "one", "s-one"].map(Into::into);
    assert_eq!((newest(&one.file), mark(&one.file).signed), (now.clone(), Some(true)));
    assert_eq!(file_marks(&one.file), Some(true), "whichever way it is asked");
    let after = one.file.verdict_mark_of("S-001").unwrap().unwrap();
    assert!(after.order > mark(&one.file).order && after.informed);
    assert_eq!(one.file.verdict_marks().unwrap(), [after]);

    // Opened again, and on the other laptop, it is the same.
    two.takes(&whole(&one.file));
    assert_eq!(newest(&two.file), now);
    two.act(vec![confirmed("S-001", "eligible")]);
    assert_eq!(newest(&two.file)[0], "eligible");
    one.file.close().unwrap();
    assert_eq!(newest(&one.desk.unlock("one").unwrap().0), now);
}

fn file_marks(file: &SiteFile) -> Option<bool> {
    let marks = file.form_marks().unwrap();
    marks
        .into_iter()
        .find(|mark| mark.path == "S-001/SCR/DM")
        .unwrap()
        .signed
}

#[test]
fn every_act_tells_whose_records_it_changed() {
    let mut site = site(7);
    let query = |n: u32| format!("q-{n}");
    let opened = |n: u32, subject: &str| Act::QueryOpened {
        query: query(n),
        path: at(subject, "DM.SEX").parse().unwrap(),
        text: "Is this right?".into(),
        version: 1,
    };
    let form = |subject: &str| format!("{subject}/SCR/DM").parse().unwrap();
    let add = |subject: &str| Act::SubjectAdded {
        subject: subject.into(),
    };
    for (acts, expected) in [
        (vec![add("S-001"), add("S-002"), add("S-003")], of(&SUBJECTS)),
        (vec![entered(&at("S-001", "DM.SEX"), "F")], of(&["S-001"])),
        (
            vec![
                entered(&at("S-002", "DM.SEX"), "M"),
                entered(&at("S-003", "DM.AGE"), "41"),
            ],
            of(&["S-002", "S-003"]),
        ),
        (vec![Act::FormCompleted { form: form("S-002") }], of(&["S-002"])),
        (
            vec![Act::Verified {
                path: at("S-002", "DM.SEX").parse().unwrap(),
                version: 1,
            }],
            of(&["S-002"]),
        ),
        (vec![opened(1, "S-003"), opened(2, "S-001")], of(&["S-001", "S-003"])),
        (
            vec![Act::QueryAnswered {
                query: query(1),
                text: "Yes.".into(),
            }],
            of(&["S-003"]),
        ),
        (
            vec![Act::QueryClosed {
                query: query(1),
                text: None,
            }],
            of(&["S-003"]),
        ),
        (vec![confirmed("S-002", "eligible")], of(&["S-002"])),
        (vec![compared("S-001", "UC19")], of(&["S-001"])),
        (vec![Act::FormReopened { form: form("S-002") }], of(&["S-002"])),
        (vec![Act::Locked { how: "idle".into() }], of(&[])),
        (vec![entered("SITE/LOTS/LOT/LOT.MAIN/LOT.NO", "UC19")], of(&["SITE"])),
    ] {
        let what = format!("{acts:?}");
        assert_eq!(told(&mut site, &what, |site| site.act(acts)), expected, "{what}");
    }
}

#[test]
fn one_signature_over_records_of_two_subjects_tells_both() {
    let mut site = site(8);
    for subject in ["S-001", "S-002"] {
        let added = Act::SubjectAdded {
            subject: subject.into(),
        };
        site.act(vec![added, entered(&at(subject, "DM.SEX"), "F")]);
    }
    let changed = told(&mut site, "signed", |site| {
        let Act::Signed { mut statement, .. } = signed(&mut site.desk, &site.file, &site.who) else {
            panic!("not a signature")
        };
        let record = statement.records.remove(0);
        statement.records = ["S-002/SCR/DM", "S-001/SCR/DM"]
            .map(|id| SignedRecord {
                id: id.into(),
                version: 1,
                ..record.clone()
            })
            .to_vec();
        let bytes = proof::statement_bytes(&statement).unwrap();
        let signature = site.who.sign(proof::Namespace::Esig, &bytes).armoured();
        site.act(vec![Act::Signed { statement, signature }]);
    });
    assert_eq!(changed, of(&["S-001", "S-002"]));
}

#[test]
fn after_a_bundle_a_redaction_or_very_much_everything_is_read_anew() {
    let mut one = site(9);
    let added = Act::SubjectAdded {
        subject: "S-001".into(),
    };
    one.act(vec![added, entered(&at("S-001", "DM.SEX"), "Quartermaine")]);
    let mut two = second(&mut one, 10);
    two.act(vec![entered(&at("S-001", "DM.AGE"), "41")]);
    let changed = told(&mut one, "imported", |one| {
        one.takes(&whole(&two.file));
    });
    assert_eq!(changed, Changed::Everything);
    let named = one.file.history(&at("S-001", "DM.SEX").parse().unwrap()).unwrap();
    let changed = told(&mut one, "redacted", |one| {
        let entries = named.iter().map(|entry| study::act::EntryRef {
            log: entry.log.clone(),
            seq: entry.seq,
        });
        let asked = one.desk.act(
            &mut one.file,
            &one.who,
            vec![Act::RedactionAsked {
                entries: entries.collect(),
            }],
        );
        let asked = study::act::EntryRef {
            log: asked.log,
            seq: asked.last_seq,
        };
        let stamp = one.desk.stamp();
        let password = crate::desk::password(crate::desk::PASSWORD);
        let admin = one
            .file
            .authenticate("admin", &password, &stamp, &mut one.desk.seed)
            .unwrap();
        one.file
            .redact(&asked, &admin, because("named"), &stamp, &mut one.desk.seed)
            .unwrap();
    });
    assert_eq!(changed, Changed::Everything);
    let changed = told(&mut one, "very much", |one| {
        for _ in 0..3 {
            one.act(
                (0..200)
                    .map(|n| entered(&at("S-001", "DM.AGE"), &n.to_string()))
                    .collect(),
            );
        }
    });
    assert_eq!(changed, Changed::Everything);
}

#[test]
fn numbers_given_again_are_no_position_that_was_read() {
    let mut one = site(11);
    let add = |subject: String| Act::SubjectAdded { subject };
    one.act(vec![add("S-001".into())]);
    one.file.close().unwrap();
    let earlier = Earlier::of(&one.desk);
    let (mut file, who) = one.desk.unlock("one").unwrap();
    one.desk.act(&mut file, &who, vec![add("S-002".into())]);
    let before = file.position().unwrap();
    file.close().unwrap();
    // Set back together with what the device has seen, it goes on in another way: by fewer entries, as many, and more.
    for many in 0..4 {
        earlier.back();
        let (mut file, who) = one.desk.unlock("one").unwrap();
        for n in 0..many {
            one.desk.act(&mut file, &who, vec![add(format!("S-00{}", n + 3))]);
        }
        assert_ne!(file.position().unwrap(), before, "{many}");
        assert_eq!(file.changed_since(&before).unwrap(), Changed::Everything, "{many}");
        file.close().unwrap();
    }
}
