//! The power goes in the middle of steps that are larger than a save: bodies taken away, bundles taken in, logs begun, people
//! let in and shut out (whole files: `outage_files`). Each is there as a whole or not at all; what was told is there.

use std::collections::BTreeSet;

use study::act::{Moment, Role};

use crate::{
    Access, DeviceKeys, EntryFilter, KdfCost, Session, SiteFile, WhyReadOnly, check,
    desk::{Desk, because, entered, password, person},
    tests::{
        disk::{Files, Lies, Looked, after_every_point, files_in, stride},
        failing::Bench,
        quick_desk,
    },
    vfs::{
        self,
        fault::{self, Op},
    },
};

const SAVE: [u8; 16] = [9; 16];

/// Runs a step. Answer: the disk before it, and what the step asked of the disk.
pub(super) fn recorded(desk: &mut Desk, run: impl FnOnce(&mut Desk)) -> (Files, Vec<Op>) {
    fault::register();
    vfs::register_over("cartwright-fault", "fault").unwrap();
    let before = files_in(desk.folder.path());
    vfs::through("cartwright-fault");
    fault::record();
    run(desk);
    vfs::through(vfs::NAME);
    (before, fault::recorded())
}

/// Runs a step, then looks at the disks that a power loss in it may leave at every `short`-th point.
pub(super) fn outage(
    desk: &mut Desk,
    (short, lies): (usize, Lies),
    run: impl FnOnce(&mut Desk),
    mut wrong: impl FnMut(&mut Desk, &BTreeSet<u64>) -> Vec<String>,
) -> Looked {
    let (before, ops) = recorded(desk, run);
    after_every_point((desk, &before), &ops, (stride(short), lies), &mut wrong)
}

/// Nothing is wrong, and enough was looked at.
#[track_caller]
pub(super) fn holds(what: &str, looked: Looked) {
    let Looked { points, disks, wrong } = looked;
    println!(
        "{what}: {points} write points, {disks} disks looked at, {} wrong",
        wrong.len()
    );
    assert_eq!(wrong, Vec::<String>::new());
    assert!(points > 20 && disks >= 10, "{points} {disks}");
}

/// What is wrong with the file when somebody opens it; and the file, if it opens.
pub(super) fn opened(desk: &mut Desk, login: &str) -> (Vec<String>, Option<(SiteFile, Session)>) {
    match desk.unlock(login) {
        Err(error) => (vec![format!("{login} does not open it: {error:?}")], None),
        Ok((file, session)) => {
            let mut wrong = unsound(&file);
            if file.access() != &Access::Writable {
                wrong.push(format!("{:?}", file.access()));
            }
            (wrong, Some((file, session)))
        }
    }
}

pub(super) fn unsound(file: &SiteFile) -> Vec<String> {
    match check(file, &mut |_, _, _| ()) {
        Ok(report) if report.sound() => Vec::new(),
        Ok(report) => vec![format!("{:?}", report.findings)],
        Err(error) => vec![format!("{error:?}")],
    }
}

pub(super) fn opens(desk: &mut Desk, login: &str) -> bool {
    desk.unlock(login).is_ok()
}

/// How many entries say that this was done.
pub(super) fn done(file: &SiteFile, act: &str) -> usize {
    let filter = EntryFilter {
        acts: vec![act.into()],
        ..EntryFilter::default()
    };
    file.entries(&filter).unwrap().len()
}

pub(super) fn say(wrong: &mut Vec<String>, bad: bool, what: &str) {
    if bad {
        wrong.push(what.to_owned());
    }
}

pub(super) fn save(desk: &mut Desk, file: &mut SiteFile, session: &Session) {
    let mut save = desk.save(session, vec![entered("S-007/SCR/DM/G/A", "x")]);
    save.id = SAVE;
    file.transact(&save, &mut desk.seed).unwrap();
}

pub(super) fn saved(file: &SiteFile) -> bool {
    file.find(&SAVE).unwrap().is_some()
}

pub(super) fn evening(day: u64) -> Moment {
    Moment {
        at: format!("2026-03-{day:02}T18:00:00.000Z"),
        offset: "+08:00".into(),
    }
}

#[test]
fn whenever_the_power_goes_a_redaction_is_whole_or_not_there() {
    let Bench { mut desk, asked, .. } = Bench::new();
    let run = |desk: &mut Desk| {
        let (mut file, admin) = desk.unlock("admin").unwrap();
        let stamp = desk.stamp();
        file.redact(&asked, &admin, because("name"), &stamp, &mut desk.seed)
            .unwrap();
        fault::told(1);
        file.close().unwrap();
    };
    let looked = outage(&mut desk, (17, Lies::None), run, |desk, told| {
        let (mut wrong, file) = opened(desk, "admin");
        let Some((file, _)) = file else { return wrong };
        let redacted = done(&file, "redacted") == 1;
        say(&mut wrong, told.contains(&1) && !redacted, "the redaction is lost");
        let name = file.items_of_subject("S-002").unwrap().remove(0).value;
        say(&mut wrong, name.is_none() != redacted, "half a redaction");
        let pages = fault::pages(file.conn().unwrap());
        let readable = pages.windows(6).any(|window| window == b"a name");
        say(
            &mut wrong,
            readable == redacted,
            "the name stands on a page, or nowhere before",
        );
        wrong
    });
    holds("A redaction", looked);
}

#[test]
fn whenever_the_power_goes_a_bundle_is_taken_in_whole_or_not_at_all() {
    let Bench { mut desk, incoming, .. } = Bench::new();
    let run = |desk: &mut Desk| {
        let (mut file, admin) = desk.unlock("admin").unwrap();
        let stamp = desk.stamp();
        file.import(&incoming, &admin, &stamp, &mut desk.seed).unwrap();
        fault::told(1);
        save(desk, &mut file, &admin);
        fault::told(2);
        file.close().unwrap();
    };
    let looked = outage(&mut desk, (17, Lies::None), run, |desk, told| {
        let (mut wrong, file) = opened(desk, "admin");
        let Some((mut file, admin)) = file else { return wrong };
        let there = done(&file, "bundle_imported") == 1;
        say(&mut wrong, told.contains(&1) && !there, "the bundle is lost");
        say(&mut wrong, told.contains(&2) && !saved(&file), "the save is lost");
        let items = |file: &SiteFile| file.items_of_subject("012-001").unwrap().len();
        say(&mut wrong, items(&file) != usize::from(there), "half a bundle");
        // Once more is no harm.
        let stamp = desk.stamp();
        let again = file.import(&incoming, &admin, &stamp, &mut desk.seed);
        say(
            &mut wrong,
            again.is_err() || items(&file) != 1,
            "it cannot be taken in again",
        );
        wrong
    });
    holds("A bundle", looked);
}

#[test]
fn whenever_the_power_goes_a_file_continued_elsewhere_goes_on() {
    let mut desk = quick_desk();
    desk.with_nurse().0.close().unwrap();
    desk.devices = DeviceKeys::at(&desk.folder.path().join("two"), "laptop 2");
    let run = |desk: &mut Desk| {
        let (mut file, admin) = desk.unlock("admin").unwrap();
        let stamp = desk.stamp();
        file.continue_here(&admin, because("moved"), &stamp, &mut desk.seed)
            .unwrap();
        fault::told(1);
        save(desk, &mut file, &admin);
        fault::told(2);
        file.close().unwrap();
    };
    let looked = outage(&mut desk, (7, Lies::None), run, |desk, told| {
        let (mut file, admin) = match desk.unlock("admin") {
            Ok(opened) => opened,
            Err(error) => return vec![format!("{error:?}")],
        };
        let mut wrong = unsound(&file);
        say(&mut wrong, told.contains(&2) && !saved(&file), "the save is lost");
        if file.access() != &Access::Writable {
            let why = WhyReadOnly::OtherDevice;
            say(
                &mut wrong,
                file.access() != &Access::ReadOnly { why },
                "read-only for another reason",
            );
            say(&mut wrong, told.contains(&1), "the new log is lost");
            let stamp = desk.stamp();
            let again = file.continue_here(&admin, because("moved"), &stamp, &mut desk.seed);
            say(&mut wrong, again.is_err(), "it cannot be tried again");
            wrong.extend(unsound(&file));
        }
        wrong
    });
    holds("A new log", looked);
}

#[test]
fn whenever_the_power_goes_a_wrong_password_that_was_answered_counts() {
    let mut desk = quick_desk();
    desk.with_nurse().0.close().unwrap();
    let run = |desk: &mut Desk| {
        for n in 1..=4 {
            let mut stamp = desk.stamp();
            stamp.moment = evening(n);
            let path = desk.path();
            let no = password("no");
            let said = SiteFile::unlock(&path, "nurse", &no, &stamp, &mut desk.seed, &desk.devices);
            assert_eq!(said.unwrap_err().code(), "wrong_password");
            fault::told(n);
        }
        for n in 5..=6 {
            let said = SiteFile::recover(&desk.path(), "7777-7777", &evening(n), &desk.devices);
            assert_eq!(said.unwrap_err().code(), "wrong_recovery_code");
            fault::told(n);
        }
    };
    let (before, ops) = recorded(&mut desk, run);
    let looked = after_every_point((&mut desk, &before), &ops, (1, Lies::None), &mut |desk, told| {
        let mut wrong = Vec::new();
        // Whoever looks comes by after any time to wait.
        desk.second = 12 * 3600;
        let (file, _) = desk.unlock("admin").unwrap();
        let counted = done(&file, "login_failed") as u64;
        say(
            &mut wrong,
            counted < told.len() as u64,
            "a wrong password, or code, is forgotten",
        );
        wrong.extend(unsound(&file));
        wrong
    });
    println!("{looked:?}");
    assert_eq!(looked.wrong, Vec::<String>::new());
    assert!(looked.points >= 8 && looked.disks >= 8, "{looked:?}");
}

#[test]
fn whenever_the_power_goes_people_can_log_in_as_the_journal_says() {
    let mut desk = quick_desk();
    let (file, _, old) = desk.create();
    file.close().unwrap();
    let (mut file, admin) = desk.unlock("admin").unwrap();
    let stamp = desk.stamp();
    let cost = KdfCost::cheap();
    file.add_person(&admin, &person("monitor", Role::Monitor), cost, &stamp, &mut desk.seed)
        .unwrap();
    file.close().unwrap();
    let mut new = None;
    let run = |desk: &mut Desk| {
        let (mut file, admin) = desk.unlock("admin").unwrap();
        let stamp = desk.stamp();
        file.add_person(&admin, &person("newcomer", Role::Nurse), cost, &stamp, &mut desk.seed)
            .unwrap();
        fault::told(1);
        let people = file.people().unwrap();
        let monitor = people.iter().find(|row| row.login == "monitor").unwrap();
        file.disable_person(&admin, &monitor.person, because("left"), &stamp, &mut desk.seed)
            .unwrap();
        fault::told(2);
        new = Some(file.replace_recovery_code(&admin, &stamp, &mut desk.seed).unwrap());
        fault::told(3);
        file.close().unwrap();
    };
    let (before, ops) = recorded(&mut desk, run);
    let new = new.unwrap();
    let looked = after_every_point(
        (&mut desk, &before),
        &ops,
        (stride(13), Lies::None),
        &mut |desk, told| {
            let (mut wrong, file) = opened(desk, "admin");
            let Some((file, _)) = file else { return wrong };
            let facts = ["person_added", "person_disabled", "recovery_code_replaced"].map(|act| done(&file, act));
            file.close().unwrap();
            let (added, disabled, replaced) = (facts[0] == 3, facts[1] == 1, facts[2] == 1);
            for (n, there) in [added, disabled, replaced].into_iter().enumerate() {
                say(
                    &mut wrong,
                    told.contains(&(n as u64 + 1)) && !there,
                    "what was told is lost",
                );
            }
            say(&mut wrong, opens(desk, "newcomer") != added, "the newcomer");
            say(&mut wrong, opens(desk, "monitor") == disabled, "who was disabled");
            for (code, good) in [(&old, !replaced), (&new, replaced)] {
                let opened = SiteFile::recover(&desk.path(), code.expose(), &desk.stamp().moment, &desk.devices);
                say(&mut wrong, opened.is_ok() != good, "the recovery code");
            }
            wrong
        },
    );
    holds("People", looked);
}
