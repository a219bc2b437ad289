//! What was redacted is on no page of the file any more, and everything else still holds.

use study::act::{Act, EntryRef, Role};

use crate::{
    DeviceKeys, EntryFilter, KdfCost, RawEntry, Save, Session, SiteFile, StoreError, check,
    desk::{Desk, PASSWORD, because, entered, password, person},
    tests::{codes, lively, quick_desk},
    vfs::fault,
};

/// A name, where none should ever be: long enough to spill onto pages of its own, and short.
const CANARIES: [&str; 3] = ["Wilhelmina Quartermaine", "q-words-of-the-query", "typed-not-saved"];

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn last(file: &SiteFile, act: &str) -> EntryRef {
    let filter = EntryFilter {
        acts: vec![act.into()],
        newest_first: true,
        limit: 1,
        ..EntryFilter::default()
    };
    let entry = file.entries(&filter).unwrap().remove(0);
    EntryRef {
        log: entry.log,
        seq: entry.seq,
    }
}

/// A file with an investigator and with canaries in a value (twice), a query and a draft.
fn bench() -> (Desk, SiteFile, Session, Session) {
    let mut desk = quick_desk();
    let mut file = lively(&mut desk);
    let stamp = desk.stamp();
    let log_in = |desk: &mut Desk, file: &mut SiteFile, login: &str| {
        file.authenticate(login, &password(PASSWORD), &stamp, &mut desk.seed)
            .unwrap()
    };
    let admin = log_in(&mut desk, &mut file, "admin");
    file.add_person(
        &admin,
        &person("pi", Role::Investigator),
        KdfCost::cheap(),
        &stamp,
        &mut desk.seed,
    )
    .unwrap();
    let (nurse, pi) = (
        log_in(&mut desk, &mut file, "nurse"),
        log_in(&mut desk, &mut file, "pi"),
    );
    let path = "S-001/SCR/DM/DM.MAIN/DM.SEX";
    let long = CANARIES[0].repeat(400);
    desk.act(&mut file, &nurse, vec![entered(path, &long)]);
    let Act::ValueEntered {
        path: at,
        value,
        by_hand,
        ..
    } = entered(path, "F")
    else {
        panic!("not a value")
    };
    let old = crate::desk::text(&long);
    desk.act(
        &mut file,
        &nurse,
        vec![Act::ValueEntered {
            path: at.clone(),
            value,
            old,
            by_hand,
        }],
    );
    let query = Act::QueryOpened {
        query: "q-2".into(),
        path: at,
        text: CANARIES[1].into(),
        version: 4,
    };
    desk.act(&mut file, &pi, vec![query]);
    file.keep_unfinished(path, nurse.person(), CANARIES[2]).unwrap();
    (desk, file, nurse, pi)
}

/// The value that names somebody, and the query.
fn named(file: &SiteFile) -> Vec<EntryRef> {
    let value = last(file, "value_entered");
    let value = EntryRef {
        seq: value.seq - 1,
        ..value
    };
    vec![value, last(file, "query_opened")]
}

fn asked(desk: &mut Desk, file: &mut SiteFile, who: &Session, entries: Vec<EntryRef>) -> EntryRef {
    let entries = file.with_repetitions(&entries).unwrap();
    let saved = desk.act(file, who, vec![Act::RedactionAsked { entries }]);
    EntryRef {
        log: saved.log,
        seq: saved.last_seq,
    }
}

#[test]
fn what_two_persons_redacted_is_on_no_page_and_everything_else_holds() {
    let (mut desk, mut file, nurse, pi) = bench();
    let raw = |file: &SiteFile| -> Vec<RawEntry> { file.entries_raw(file.log().unwrap(), 1, 1000).unwrap() };
    let (before, form) = (
        raw(&file),
        file.form(&"S-001/SCR/DM".parse().unwrap()).unwrap().unwrap(),
    );
    for canary in CANARIES {
        assert!(
            holds(&fault::pages(file.conn().unwrap()), canary),
            "the test could not fail: {canary}"
        );
    }
    let entries = named(&file);
    let at = asked(&mut desk, &mut file, &nurse, entries);
    let stamp = desk.stamp();
    let saved = file
        .redact(&at, &pi, because("identifies"), &stamp, &mut desk.seed)
        .unwrap();
    let pages = fault::pages(file.conn().unwrap());
    for canary in CANARIES {
        assert!(!holds(&pages, canary), "{canary}");
    }
    // Chain, signatures and projections hold; three entries are told as redacted: the value, its repetition, the query.
    let report = check(&file, &mut |_, _, _| ()).unwrap();
    assert!(report.sound(), "{:?}", report.findings);
    let told: Vec<_> = report.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(told, ["redacted"; 3]);
    let after = raw(&file);
    for (before, after) in before.iter().zip(&after) {
        assert_eq!((before.leaf, before.head), (after.leaf, after.head));
    }
    assert_eq!(
        after
            .iter()
            .filter(|entry| entry.body.is_none() && entry.salt.is_none())
            .count(),
        3
    );
    // The item was entered as often as before and stands empty; the query is there without its words.
    let item = file
        .item(&"S-001/SCR/DM/DM.MAIN/DM.SEX".parse().unwrap())
        .unwrap()
        .unwrap();
    assert_eq!((item.version, item.value), (4, None));
    assert_eq!(
        file.form(&"S-001/SCR/DM".parse().unwrap()).unwrap().unwrap().version,
        form.version
    );
    assert_eq!(file.query("q-2").unwrap().unwrap().text, "");
    assert_eq!(
        file.history(&item.path)
            .unwrap()
            .iter()
            .filter(|entry| entry.redacted)
            .count(),
        2
    );
    assert_eq!(
        file.commits(file.log().unwrap(), 1).unwrap().last().unwrap().last_seq,
        saved.last_seq
    );
    // Saving goes on, and the guards are back.
    desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/DM.MAIN/DM.SEX", "F")]);
    assert!(
        file.conn()
            .unwrap()
            .execute("UPDATE entry SET body = NULL", [])
            .is_err()
    );
    file.close().unwrap();
    let (file, _) = desk.unlock("nurse").unwrap();
    assert!(check(&file, &mut |_, _, _| ()).unwrap().sound());
}

#[test]
fn copies_made_afterwards_do_not_hold_it() {
    let (mut desk, mut file, nurse, pi) = bench();
    let entries = named(&file);
    let at = asked(&mut desk, &mut file, &nurse, entries);
    let stamp = desk.stamp();
    file.redact(&at, &pi, because("identifies"), &stamp, &mut desk.seed)
        .unwrap();
    let folder = desk.folder.path().join("backups");
    let made = file.back_up(&folder, &stamp.moment).unwrap();
    file.close().unwrap();
    let elsewhere = DeviceKeys::at(&desk.folder.path().join("two"), "laptop 2");
    let opened = SiteFile::unlock(
        &made.path,
        "nurse",
        &password(PASSWORD),
        &stamp,
        &mut desk.seed,
        &elsewhere,
    );
    let (copy, _) = opened.unwrap();
    assert_eq!(codes(&copy), ["redacted"]);
    let pages = fault::pages(copy.conn().unwrap());
    assert!(CANARIES.iter().all(|canary| !holds(&pages, canary)));
}

#[test]
fn one_person_alone_redacts_nothing_and_some_acts_never_go() {
    let (mut desk, mut file, nurse, pi) = bench();
    let stamp = desk.stamp();
    let entries = named(&file);
    let what = |error: StoreError| {
        let StoreError::NotRedactable { what } = error else {
            panic!("{error:?}")
        };
        what
    };
    let at = asked(&mut desk, &mut file, &nurse, entries.clone());
    let alone = file.redact(&at, &nurse, because("x"), &stamp, &mut desk.seed);
    assert_eq!(what(alone.unwrap_err()), "same_person");
    let unasked = file.redact(&entries[0], &pi, because("x"), &stamp, &mut desk.seed);
    assert_eq!(what(unasked.unwrap_err()), "not_asked");
    for act in [
        "person_added",
        "subject_added",
        "signed",
        "form_completed",
        "log_opened",
        "site_created",
    ] {
        let at = last(&file, act);
        assert_eq!(what(file.with_repetitions(&[at]).unwrap_err()), "act", "{act}");
    }
    let nowhere = EntryRef {
        log: at.log.clone(),
        seq: 9999,
    };
    assert_eq!(what(file.with_repetitions(&[nowhere]).unwrap_err()), "no_such_entry");
    let elsewhere = EntryRef {
        log: "l-0".into(),
        seq: 1,
    };
    assert_eq!(what(file.with_repetitions(&[elsewhere]).unwrap_err()), "foreign");
    let direct: Save<'_> = desk.save(
        &pi,
        vec![Act::Redacted {
            asked: at.clone(),
            remains: Vec::new(),
        }],
    );
    assert_eq!(what(file.transact(&direct, &mut desk.seed).unwrap_err()), "how");
    assert_eq!(codes(&file), Vec::<&str>::new());
    file.redact(&at, &pi, because("x"), &stamp, &mut desk.seed).unwrap();
    let again = file.redact(&at, &pi, because("x"), &stamp, &mut desk.seed);
    assert_eq!(what(again.unwrap_err()), "already");
}
