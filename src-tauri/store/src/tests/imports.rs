//! Bundles come in: the union of logs, whatever the order.

mod crossed;
mod forks;
mod ids;

use study::act::{Act, EntryRef, FileKind, Gap, Moment, Role};

use crate::{
    Access, Chance as _, Checked, Checking, DeviceKeys, Imported, Incoming, IncomingEntry, KdfCost, QueryFilter,
    QueryState, Session, SiteFile, StoreError, check,
    desk::{Desk, PASSWORD, Seed, because, entered, password, person, text},
    tests::{codes, quick_desk},
};

/// A file of its own with its device.
pub(super) struct Station {
    pub(super) desk: Desk,
    pub(super) file: SiteFile,
    pub(super) who: Session,
}

impl Station {
    pub(super) fn act(&mut self, acts: Vec<Act>) {
        self.desk.act(&mut self.file, &self.who, acts);
    }

    /// Takes in, having looked first: nothing is written by looking, and what was seen is what comes of it.
    #[track_caller]
    pub(super) fn import(&mut self, incoming: &Incoming) -> Result<Imported, StoreError> {
        let stamp = self.desk.stamp();
        let Self { desk, file, who } = self;
        let before = (picture(file), written(file));
        let seen = file.preview(incoming, who, &stamp, &mut desk.seed, |file, coming| {
            (picture(file), file.missing().unwrap(), coming.clone())
        });
        assert_eq!((picture(file), written(file)), before, "looking wrote something");
        assert!(file.conn().unwrap().is_autocommit());
        let done = file.import(incoming, who, &stamp, &mut desk.seed);
        match (seen, &done) {
            (Ok((said, (would_be, missing, coming))), Ok(done)) => {
                assert_eq!(&said, done);
                assert_eq!(would_be, picture(file));
                assert_eq!(missing, file.missing().unwrap());
                assert_eq!(coming.applied.len() as u64, done.new);
                let there = |at: &EntryRef| file.entry(at).unwrap();
                assert!(coming.applied.iter().all(|at| there(at).is_some()));
                assert!(coming.waiting.iter().all(|at| there(at).is_none()));
                assert!(coming.taken.iter().all(|at| there(at).unwrap().redacted));
                if !done.already {
                    assert_eq!(told(file), (Some(done.new), done.missing.clone()));
                }
            }
            (Err(said), Err(done)) => assert_eq!(said.to_string(), done.to_string()),
            (seen, done) => panic!("{:?} {done:?}", seen.map(|(said, _)| said)),
        }
        done
    }

    #[track_caller]
    pub(super) fn takes(&mut self, incoming: &Incoming) -> Imported {
        let imported = self.import(incoming).unwrap();
        self.sound();
        imported
    }

    #[track_caller]
    fn refuses(&mut self, incoming: &Incoming) -> &'static str {
        let before = picture(&self.file);
        let error = self.import(incoming).unwrap_err();
        let StoreError::NotTakenIn { what, .. } = error else {
            panic!("{error:?}")
        };
        assert_eq!(picture(&self.file), before, "{what}: something was taken in");
        self.sound();
        what
    }

    #[track_caller]
    pub(super) fn sound(&self) {
        let report = check(&self.file, &mut |_, _, _| ()).unwrap();
        assert!(report.sound(), "{:?}", report.findings);
    }

    fn value(&self, path: &str) -> Option<study::value::Value> {
        self.file.item(&path.parse().unwrap()).unwrap().unwrap().value
    }
}

/// Everything that a look must not touch.
fn written(file: &SiteFile) -> String {
    let (logs, missing, evidence) = (file.logs(), file.missing(), file.evidence());
    format!("{:?} {:?} {:?}", logs.unwrap(), missing.unwrap(), evidence.unwrap())
}

/// What the journal's last entry says of a bundle taken in.
fn told(file: &SiteFile) -> (Option<u64>, Vec<Gap>) {
    let last = file.entry(&file.last_own().unwrap()).unwrap().unwrap();
    let act = last.body.unwrap().act;
    let Act::BundleImported { new, missing, .. } = act else {
        panic!("{act:?}")
    };
    (new, missing)
}

/// A new file of a kind, with one person in it besides the administrator.
pub(super) fn station(kind: FileKind, seed: u64, role: Role) -> Station {
    let mut desk = quick_desk();
    desk.seed = Seed(seed);
    let mut site = desk.new_site();
    site.kind = kind;
    let (mut file, admin, _) =
        SiteFile::create(&desk.path(), site, KdfCost::cheap(), &mut desk.seed, &desk.devices).unwrap();
    let stamp = desk.stamp();
    file.add_person(&admin, &person("one", role), KdfCost::cheap(), &stamp, &mut desk.seed)
        .unwrap();
    let who = file
        .authenticate("one", &password(PASSWORD), &stamp, &mut desk.seed)
        .unwrap();
    Station { desk, file, who }
}

pub(super) fn site(seed: u64) -> Station {
    station(FileKind::Site, seed, Role::Nurse)
}

/// A second laptop with a copy of the file, writing beside the first.
pub(super) fn second(first: &mut Station, seed: u64) -> Station {
    let mut desk = quick_desk();
    desk.seed = Seed(seed);
    desk.second = first.desk.second + 100;
    desk.devices = DeviceKeys::at(&desk.folder.path().join("two"), "laptop 2");
    first.file.save_copy(&desk.path()).unwrap();
    let (mut file, admin) = desk.unlock("admin").unwrap();
    let stamp = desk.stamp();
    file.continue_beside(&admin, because("second"), &stamp, &mut desk.seed)
        .unwrap();
    let who = file
        .authenticate("one", &password(PASSWORD), &stamp, &mut desk.seed)
        .unwrap();
    Station { desk, file, who }
}

/// Everything of a file's own logs from some numbers on, as a verified bundle hands it over.
fn parcel(file: &SiteFile, from: u64, to: u64) -> Incoming {
    let mut entries = Vec::new();
    for row in file.logs().unwrap().into_iter().filter(|row| row.home) {
        let commits = file.commits(&row.log, 1).unwrap();
        for raw in file.entries_raw(&row.log, from, 100_000).unwrap() {
            if raw.seq > to {
                continue;
            }
            let sig = commits.iter().find(|commit| commit.last_seq == raw.seq);
            entries.push(IncomingEntry {
                log: row.log.clone(),
                seq: raw.seq,
                id: raw.id,
                salt: raw.salt,
                body: raw.body,
                leaf: raw.leaf,
                head: raw.head,
                sig: sig.map(|commit| commit.sig.0),
            });
        }
    }
    let row = file.site().unwrap();
    let all: Vec<u8> = entries.iter().flat_map(|entry| entry.head.0).collect();
    Incoming {
        bundle: format!("BUNDLE-{from}-{to}"),
        sha256: proof::Digest::of(&all).to_string(),
        from: row.site,
        store: row.store,
        key: row.key,
        entries,
        bytes: all,
    }
}

pub(super) fn whole(file: &SiteFile) -> Incoming {
    parcel(file, 1, u64::MAX)
}

/// Everything that was folded, in words that do not depend on the order in which logs came.
fn picture(file: &SiteFile) -> Vec<String> {
    let mut said = Vec::new();
    for subject in file.subjects().unwrap() {
        said.push(format!("{subject:?}"));
        said.extend(
            file.items_of_subject(&subject.code)
                .unwrap()
                .iter()
                .map(|row| format!("{row:?}")),
        );
        said.extend(
            file.forms_of_subject(&subject.code)
                .unwrap()
                .iter()
                .map(|row| format!("{row:?}")),
        );
        said.extend(
            file.verifications_of_subject(&subject.code)
                .unwrap()
                .iter()
                .map(|row| format!("{row:?}")),
        );
    }
    said.extend(
        file.queries(QueryFilter::All)
            .unwrap()
            .iter()
            .map(|row| format!("{row:?}")),
    );
    said.extend(file.conflicts().unwrap().iter().map(|row| format!("{row:?}")));
    said.extend(file.signatures().unwrap().iter().map(|row| format!("{row:?}")));
    said.sort();
    said
}

const SEX: &str = "012-001/SCR/DM/DM.MAIN/DM.SEX";
const AGE: &str = "012-001/SCR/DM/DM.MAIN/DM.AGE";

/// A verified bundle of a site with one value, for other tests.
pub(crate) fn bundle_of_a_site() -> Incoming {
    let mut one = site(900);
    one.act(vec![subject("012-001"), entered(SEX, "F")]);
    whole(&one.file)
}

fn subject(code: &str) -> Act {
    Act::SubjectAdded { subject: code.into() }
}

fn asks(query: &str, path: &str) -> Act {
    Act::QueryOpened {
        query: query.into(),
        path: path.parse().unwrap(),
        text: "Sure?".into(),
        version: 1,
    }
}

#[test]
fn a_bundle_is_taken_in_once_and_nothing_is_overwritten() {
    let (mut one, mut monitor) = (site(10), station(FileKind::Monitor, 20, Role::Monitor));
    one.act(vec![subject("012-001"), entered(SEX, "F"), entered(AGE, "50")]);
    let first = whole(&one.file);
    let imported = monitor.takes(&first);
    assert_eq!(imported.new, first.entries.len() as u64);
    assert_eq!(picture(&monitor.file), picture(&one.file));
    assert!(monitor.takes(&first).already);
    // A longer one brings what is new; the shorter one, under another hash, nothing.
    one.act(vec![entered(SEX, "M")]);
    assert_eq!(monitor.takes(&whole(&one.file)).new, 1);
    let mut again = first.clone();
    again.sha256 = "ff".into();
    assert_eq!(monitor.takes(&again).new, 0);
    assert_eq!(monitor.value(SEX), text("M"));
    // People of the site are known there and cannot log in; both have an administrator of the same name.
    let people = monitor.file.people().unwrap();
    assert_eq!(people.iter().filter(|row| row.login == "admin").count(), 2);
    assert_eq!(people.iter().filter(|row| row.home).count(), 2);
}

#[test]
fn questions_and_verification_go_to_the_site_and_answers_come_back() {
    let (mut one, mut monitor) = (site(10), station(FileKind::Monitor, 20, Role::Monitor));
    one.act(vec![subject("012-001"), entered(SEX, "F"), entered(AGE, "50")]);
    monitor.takes(&whole(&one.file));
    let verified = Act::Verified {
        path: AGE.parse().unwrap(),
        version: 1,
    };
    monitor.act(vec![asks("q-1", SEX), verified]);
    one.takes(&whole(&monitor.file));
    assert_eq!(one.file.query("q-1").unwrap().unwrap().state, QueryState::Open);
    assert!(one.file.verifications_of_subject("012-001").unwrap()[0].stands);
    assert_eq!(one.file.entries_of_subject("012-001").unwrap().len(), 5);
    one.act(vec![
        entered(SEX, "M"),
        Act::QueryAnswered {
            query: "q-1".into(),
            text: "Corrected.".into(),
        },
    ]);
    monitor.takes(&whole(&one.file));
    assert_eq!(monitor.file.query("q-1").unwrap().unwrap().state, QueryState::Answered);
    monitor.act(vec![Act::QueryClosed {
        query: "q-1".into(),
        text: None,
    }]);
    one.takes(&whole(&monitor.file));
    assert_eq!(one.file.query("q-1").unwrap().unwrap().state, QueryState::Closed);
    assert_eq!(picture(&one.file), picture(&monitor.file));
    assert_eq!(one.file.conflicts().unwrap(), []);
}

#[test]
fn answered_here_and_closed_there_unknown_to_one_another_stays_open() {
    let (mut one, mut monitor) = (site(10), station(FileKind::Monitor, 20, Role::Monitor));
    one.act(vec![subject("012-001"), entered(SEX, "F")]);
    monitor.takes(&whole(&one.file));
    monitor.act(vec![asks("q-1", SEX)]);
    one.takes(&whole(&monitor.file));
    let query = "q-1".to_owned();
    one.act(vec![Act::QueryAnswered {
        query: query.clone(),
        text: "It is.".into(),
    }]);
    monitor.act(vec![Act::QueryClosed { query, text: None }]);
    let (to_monitor, to_site) = (whole(&one.file), whole(&monitor.file));
    monitor.takes(&to_monitor);
    one.takes(&to_site);
    for file in [&one.file, &monitor.file] {
        assert_eq!(file.query("q-1").unwrap().unwrap().state, QueryState::Open);
    }
}

#[test]
fn what_lies_beyond_a_gap_waits_until_it_is_filled() {
    let (mut one, mut sponsor) = (site(10), station(FileKind::Sponsor, 20, Role::DataManager));
    one.act(vec![subject("012-001"), entered(SEX, "F"), entered(AGE, "50")]);
    one.act(vec![entered(SEX, "M")]);
    one.act(vec![entered(AGE, "51")]);
    let end = one.file.logs().unwrap()[0].last_seq;
    let late = sponsor.takes(&parcel(&one.file, end, end));
    assert_eq!((late.new, late.missing.len()), (0, 1));
    assert_eq!(
        (late.missing[0].from, late.missing[0].to, late.missing[0].waiting),
        (1, end - 1, 1)
    );
    assert_eq!(sponsor.file.subjects().unwrap(), []);
    // Closed and opened again, it waits still.
    sponsor.file.close().unwrap();
    (sponsor.file, sponsor.who) = sponsor.desk.unlock("one").unwrap();
    let early = sponsor.takes(&parcel(&one.file, 1, end - 2));
    assert_eq!(
        (early.new, early.missing[0].from, early.missing[0].to),
        (end - 2, end - 1, end - 1)
    );
    assert_eq!(sponsor.value(AGE), text("50"));
    let between = sponsor.takes(&parcel(&one.file, end - 1, end - 1));
    assert_eq!((between.new, between.missing.len()), (2, 0));
    assert_eq!(picture(&sponsor.file), picture(&one.file));
}

#[test]
fn two_laptops_write_the_same_item_and_both_stay() {
    let mut one = site(10);
    one.act(vec![subject("012-001"), entered(AGE, "50")]);
    let mut two = second(&mut one, 30);
    assert_eq!(two.file.access(), &Access::Writable);
    assert_eq!(two.value(AGE), text("50"));
    one.act(vec![entered(SEX, "F")]);
    two.act(vec![entered(SEX, "M"), entered(AGE, "51")]);
    let (from_one, from_two) = (whole(&one.file), whole(&two.file));
    one.takes(&from_two);
    two.takes(&from_one);
    assert_eq!(picture(&one.file), picture(&two.file));
    // Both entries are there, the same one stands on both laptops, and it is told; the age was changed knowingly.
    assert_eq!(one.value(SEX), two.value(SEX));
    let conflicts = one.file.conflicts().unwrap();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].path, SEX);
    assert_ne!(conflicts[0].stands.log, conflicts[0].other.log);
    assert_eq!(one.file.history(&SEX.parse().unwrap()).unwrap().len(), 2);
    assert_eq!(one.value(AGE), text("51"));
    // Who then knows both and enters it anew makes no further conflict, and wins everywhere.
    one.act(vec![entered(SEX, "F")]);
    two.takes(&whole(&one.file));
    assert_eq!((two.value(SEX), two.file.conflicts().unwrap().len()), (text("F"), 1));
    // Neither log is closed.
    assert!(one.file.logs().unwrap().iter().all(|row| !row.closed));
    one.file.close().unwrap();
    assert_eq!(one.desk.unlock("one").unwrap().0.access(), &Access::Writable);
}

#[test]
fn one_code_given_on_two_laptops_is_told() {
    let mut one = site(10);
    let mut two = second(&mut one, 30);
    one.act(vec![subject("012-001")]);
    two.act(vec![subject("012-001")]);
    one.takes(&whole(&two.file));
    assert_eq!(one.file.subjects().unwrap().len(), 1);
    assert_eq!(one.file.conflicts().unwrap()[0].path, "012-001");
}

#[test]
fn what_is_not_that_files_to_say_is_refused_whole() {
    let (mut one, mut monitor) = (site(10), station(FileKind::Monitor, 20, Role::Monitor));
    let mut sponsor = station(FileKind::Sponsor, 40, Role::DataManager);
    one.act(vec![subject("012-001"), entered(SEX, "F")]);
    monitor.takes(&whole(&one.file));
    // The door refuses it, and so does everybody whom a forged log reaches.
    let save = monitor.desk.save(&monitor.who, vec![entered(SEX, "M")]);
    let refused = monitor.file.transact(&save, &mut monitor.desk.seed).unwrap_err();
    assert_eq!(refused.code(), "not_this_kind");
    let asked = sponsor.desk.save(
        &sponsor.who,
        vec![Act::Verified {
            path: SEX.parse().unwrap(),
            version: 1,
        }],
    );
    let refused = sponsor.file.transact(&asked, &mut sponsor.desk.seed).unwrap_err();
    assert_eq!(refused.code(), "not_this_kind");
    monitor.file.kind = FileKind::Site;
    monitor.act(vec![entered(SEX, "M")]);
    assert_eq!(one.refuses(&whole(&monitor.file)), "not_this_kind");
    assert_eq!(codes(&monitor.file)[0], "not_this_kind");
    // Another file's log under this one's name; a body withheld; a subject that is another site's.
    let mut renamed = whole(&one.file);
    renamed.store = "another".into();
    assert_eq!(sponsor.refuses(&renamed), "other_store");
    let mut withheld = whole(&one.file);
    let last = withheld.entries.last_mut().unwrap();
    (last.body, last.salt) = (None, None);
    assert_eq!(sponsor.refuses(&withheld), "withheld");
    sponsor.takes(&whole(&one.file));
    let mut other = site(50);
    other.act(vec![subject("012-001")]);
    assert_eq!(sponsor.refuses(&whole(&other.file)), "subject_of_another");
}

#[test]
fn a_redaction_reaches_whoever_has_the_entry_and_who_gets_it_later() {
    let (mut one, mut monitor) = (site(10), station(FileKind::Monitor, 20, Role::Monitor));
    one.act(vec![subject("012-001"), entered(SEX, "SECRETNAME")]);
    monitor.takes(&whole(&one.file));
    let log = one.file.log().unwrap().clone();
    let seq = one.file.logs().unwrap()[0].last_seq;
    let saved = {
        let entries = vec![EntryRef { log, seq }];
        one.desk
            .act(&mut one.file, &one.who, vec![Act::RedactionAsked { entries }])
    };
    let asked = EntryRef {
        log: saved.log,
        seq: saved.last_seq,
    };
    let stamp = one.desk.stamp();
    let admin = one
        .file
        .authenticate("admin", &password(PASSWORD), &stamp, &mut one.desk.seed)
        .unwrap();
    one.file
        .redact(&asked, &admin, because("name"), &stamp, &mut one.desk.seed)
        .unwrap();
    let parcel = whole(&one.file);
    let holds = |file: &SiteFile| {
        let pages = crate::vfs::fault::pages(file.conn().unwrap());
        pages.windows(10).any(|window| window == b"SECRETNAME")
    };
    assert!(holds(&monitor.file));
    monitor.takes(&parcel);
    assert!(!holds(&monitor.file));
    assert_eq!(picture(&monitor.file), picture(&one.file));
    let mut late = station(FileKind::Sponsor, 30, Role::DataManager);
    late.takes(&parcel);
    assert_eq!(picture(&late.file), picture(&one.file));
}

/// What is remembered after a check; none if anything was wrong.
fn checked(file: &SiteFile, last: Option<&Checked>, moment: &Moment) -> Option<Checked> {
    let checking = match last {
        Some(last) => Checking::since(file, last),
        None => Checking::in_full(file),
    };
    let mut checking = checking.unwrap();
    assert!(checking.go_on(file, &mut || false).unwrap());
    let (report, checked) = checking.end(moment);
    assert!(report.sound(), "{:?}", report.findings);
    checked
}

/// Every order in which parcels of three files can come gives the same picture.
#[test]
fn whatever_the_order_the_picture_is_the_same() {
    let mut one = site(10);
    one.act(vec![subject("012-001"), entered(SEX, "F"), entered(AGE, "1")]);
    let mut two = second(&mut one, 30);
    let mut monitor = station(FileKind::Monitor, 20, Role::Monitor);
    let mut seed = Seed(5);
    let mut below = |n: u64| {
        let mut bytes = [0; 8];
        seed.fill(&mut bytes);
        u64::from_le_bytes(bytes) % n
    };
    let (mut parcels, mut asked) = (vec![whole(&one.file)], 0);
    for round in 0..12 {
        for station in [&mut one, &mut two] {
            let path = [SEX, AGE][below(2) as usize];
            station.act(vec![entered(path, &format!("{round}-{}", below(1000)))]);
            if asked > 0 && below(2) == 0 {
                let query = format!("q-{}", below(asked));
                if station.file.query(&query).unwrap().is_some() {
                    station.act(vec![Act::QueryAnswered {
                        query,
                        text: "so".into(),
                    }]);
                }
            }
        }
        monitor.import(&whole(&[&one, &two][below(2) as usize].file)).unwrap();
        if monitor.file.item(&SEX.parse().unwrap()).unwrap().is_some() {
            monitor.act(vec![asks(&format!("q-{asked}"), SEX)]);
            asked += 1;
        }
        if asked > 1 && below(2) == 0 {
            let query = format!("q-{}", below(asked));
            monitor.act(vec![Act::QueryClosed { query, text: None }]);
        }
        parcels.push(whole(&monitor.file));
        if below(3) == 0 {
            one.takes(&whole(&monitor.file));
        }
        if below(3) == 0 {
            two.takes(&whole(&one.file));
        }
        parcels.extend([whole(&one.file), whole(&two.file)]);
    }
    let mut pictures = Vec::new();
    for trial in 0..8_u64 {
        let mut reader = station(FileKind::Sponsor, 100 + trial, Role::DataManager);
        let mut order: Vec<usize> = (0..parcels.len()).collect();
        for n in (1..order.len()).rev() {
            order.swap(n, below(n as u64 + 1) as usize);
        }
        let moment = reader.desk.stamp().moment;
        let mut under_way = Checking::in_full(&reader.file).unwrap();
        let mut last = None;
        for (at, n) in order.into_iter().enumerate() {
            reader.import(&parcels[n]).unwrap();
            under_way.go_on(&reader.file, &mut || true).unwrap();
            if at == 7 {
                last = checked(&reader.file, None, &moment);
            }
        }
        reader.sound();
        // Checked since then, and by a check that imports disturbed again and again: the same.
        assert!(under_way.go_on(&reader.file, &mut || false).unwrap());
        let whole = under_way.end(&moment).1;
        assert_eq!(checked(&reader.file, last.as_ref(), &moment), whole);
        assert!(whole.is_some());
        pictures.push(picture(&reader.file));
    }
    assert!(pictures.iter().all(|picture| *picture == pictures[0]));
    assert!(
        pictures[0].iter().any(|said| said.starts_with("ConflictRow")),
        "the test could not fail"
    );
    // Laptops and monitor, when all have everything, agree with it.
    for last in [whole(&one.file), whole(&two.file), whole(&monitor.file)] {
        for station in [&mut one, &mut two, &mut monitor] {
            match station.import(&last) {
                Ok(_) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
    }
    assert_eq!(picture(&one.file), pictures[0]);
    assert_eq!(picture(&two.file), pictures[0]);
    assert_eq!(picture(&monitor.file), pictures[0]);
}

#[test]
fn whichever_way_it_is_opened_a_second_log_begins_only_where_it_may() {
    let mut one = site(10);
    let stamp = one.desk.stamp();
    let admin = one
        .file
        .authenticate("admin", &password(PASSWORD), &stamp, &mut one.desk.seed)
        .unwrap();
    let refused = one
        .file
        .continue_beside(&admin, because("x"), &stamp, &mut one.desk.seed);
    assert!(matches!(refused, Err(StoreError::NotThisFile)));
    let two = second(&mut one, 30);
    let log = two.file.log().unwrap();
    let row = two
        .file
        .logs()
        .unwrap()
        .into_iter()
        .find(|row| row.log == *log)
        .unwrap();
    assert!(row.beside && row.home && row.own && !row.closed);
    assert_eq!(row.continues.unwrap().0.log, *one.file.log().unwrap());
    // Somebody without the right does not begin one.
    let refused = one
        .file
        .continue_beside(&one.who, because("x"), &stamp, &mut one.desk.seed);
    assert!(refused.is_err());
}

#[test]
fn registers_of_two_sites_are_not_mixed_up() {
    let mut two = site(11);
    let (mut one, mut monitor) = (site(10), station(FileKind::Monitor, 20, Role::Monitor));
    const LOT: &str = "SITE/LOTS/LOT/LOT.MAIN/LOT.NO";
    one.act(vec![entered(LOT, "A-1")]);
    two.act(vec![subject("012-002")]);
    monitor.takes(&whole(&one.file));
    // A site without registers of its own comes beside; from its first lot on, it does not.
    monitor.takes(&whole(&two.file));
    one.act(vec![entered(LOT, "A-2")]);
    monitor.takes(&whole(&one.file));
    two.act(vec![entered(LOT, "B-1")]);
    assert_eq!(monitor.refuses(&whole(&two.file)), "registers_of_another");
    assert_eq!(monitor.value(LOT), text("A-2"));
}
