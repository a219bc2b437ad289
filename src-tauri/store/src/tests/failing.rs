//! The n-th call to the disk fails, for every n, in every way, once or for good: what the caller is told is what is on
//! the disk.

use std::path::PathBuf;

use study::act::{Act, EntryRef, Role};

use crate::{
    DeviceKeys, Incoming, KdfCost, Session, SiteFile, StoreError, check,
    desk::{Desk, PASSWORD, because, entered, password, person},
    tests::{quick_desk, soak},
    vfs::{
        self,
        fault::{self, Kind, Plan},
    },
};

pub(crate) const WAYS: [(Kind, bool); 9] = [
    (Kind::Io, false),
    (Kind::Io, true),
    (Kind::Full, true),
    (Kind::FullShort, false),
    (Kind::FullShort, true),
    (Kind::Quota, false),
    (Kind::Quota, true),
    (Kind::ReadOnly, false),
    (Kind::ReadOnly, true),
];

/// What is done while the disk fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Save,
    AddPerson,
    ChangePassword,
    Disable,
    WrongPassword,
    Draft,
    Copy,
    Redact,
    Import,
}

/// A file with a nurse and a monitor, and this device's record of it, as they stand on a good disk.
pub(crate) struct Bench {
    pub(crate) desk: Desk,
    file: Vec<u8>,
    record: (PathBuf, Vec<u8>),
    /// A verified bundle of another site.
    pub(crate) incoming: Incoming,
    /// Where the nurse asked for a redaction of one of her values.
    pub(crate) asked: EntryRef,
}

impl Bench {
    pub(crate) fn new() -> Self {
        fault::register();
        vfs::register_over("cartwright-fault", "fault").unwrap();
        let mut desk = quick_desk();
        let (mut file, nurse) = desk.with_nurse();
        let saved = desk.act(&mut file, &nurse, vec![entered("S-002/SCR/DM/G/A", "a name")]);
        let entries = vec![EntryRef {
            log: saved.log,
            seq: saved.last_seq,
        }];
        let saved = desk.act(&mut file, &nurse, vec![Act::RedactionAsked { entries }]);
        let asked = EntryRef {
            log: saved.log,
            seq: saved.last_seq,
        };
        let stamp = desk.stamp();
        let admin = file
            .authenticate("admin", &password(PASSWORD), &stamp, &mut desk.seed)
            .unwrap();
        file.add_person(
            &admin,
            &person("monitor", Role::Monitor),
            KdfCost::cheap(),
            &stamp,
            &mut desk.seed,
        )
        .unwrap();
        file.close().unwrap();
        let device = std::fs::read_dir(desk.folder.path().join("device"))
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .path();
        Self {
            file: std::fs::read(desk.path()).unwrap(),
            record: (device.clone(), std::fs::read(device).unwrap()),
            incoming: crate::tests::imports::bundle_of_a_site(),
            asked,
            desk,
        }
    }

    fn restore(&self) {
        for name in ["site.cartwright-cwjrnl", "copy.cartwright", "copy.cartwright.new"] {
            let path = self.desk.folder.path().join(name);
            if path.exists() {
                std::fs::remove_file(path).unwrap();
            }
        }
        std::fs::write(self.desk.path(), &self.file).unwrap();
        std::fs::write(&self.record.0, &self.record.1).unwrap();
    }
}

fn act(
    what: What,
    (desk, incoming, asked): (&mut Desk, &Incoming, &EntryRef),
    file: &mut SiteFile,
    admin: &Session,
    id: [u8; 16],
) -> Result<(), StoreError> {
    let stamp = desk.stamp();
    let cost = KdfCost::cheap();
    match what {
        What::Save => {
            let mut save = desk.save(
                admin,
                vec![entered("S-001/SCR/DM/G/A", "x"), entered("S-001/SCR/DM/G/B", "y")],
            );
            save.id = id;
            file.transact(&save, &mut desk.seed).map(drop)
        }
        What::AddPerson => file
            .add_person(admin, &person("newcomer", Role::Nurse), cost, &stamp, &mut desk.seed)
            .map(drop),
        What::ChangePassword => {
            let (old, new) = (password(PASSWORD), password("another one entirely"));
            file.change_password(admin, (&old, &new), cost, &stamp, &mut desk.seed)
        }
        What::Disable => {
            let monitor = file
                .people()?
                .into_iter()
                .find(|row| row.login == "monitor")
                .map(|row| row.person);
            file.disable_person(admin, &monitor.unwrap(), because("left"), &stamp, &mut desk.seed)
        }
        What::WrongPassword => match file.authenticate("nurse", &password("no"), &stamp, &mut desk.seed) {
            Err(StoreError::WrongPassword { .. }) => Ok(()),
            Err(error) => Err(error),
            Ok(_) => panic!("a wrong password was right"),
        },
        What::Draft => file.keep_unfinished("S-001/SCR/DM/G/A", admin.person(), "typed"),
        What::Copy => file.save_copy(&desk.folder.path().join("copy.cartwright")),
        What::Redact => file
            .redact(asked, admin, because("name"), &stamp, &mut desk.seed)
            .map(drop),
        What::Import => file.import(incoming, admin, &stamp, &mut desk.seed).map(drop),
    }
}

fn unlock_with(desk: &mut Desk, login: &str, text: &str) -> Result<(SiteFile, Session), StoreError> {
    let stamp = desk.stamp();
    SiteFile::unlock(
        &desk.path(),
        login,
        &password(text),
        &stamp,
        &mut desk.seed,
        &desk.devices,
    )
}

/// Whether it happened, as the file says when it is opened on a good disk.
fn happened(what: What, desk: &mut Desk, id: [u8; 16]) -> bool {
    let (file, admin) = match unlock_with(desk, "admin", PASSWORD) {
        Ok(opened) => opened,
        Err(StoreError::WrongPassword { .. }) if what == What::ChangePassword => {
            unlock_with(desk, "admin", "another one entirely").unwrap()
        }
        Err(error) => panic!("{what:?}: {error:?}"),
    };
    assert_eq!(file.access(), &crate::Access::Writable, "{what:?}");
    let report = check(&file, &mut |_, _, _| ()).unwrap();
    assert!(report.sound(), "{what:?}: {:?}", report.findings);
    let acted = |act: &str| {
        let filter = crate::EntryFilter {
            acts: vec![act.to_owned()],
            ..crate::EntryFilter::default()
        };
        file.entries(&filter).unwrap().len()
    };
    let found = match what {
        What::Save => file.find(&id).unwrap().is_some(),
        What::AddPerson => file.people().unwrap().iter().any(|row| row.login == "newcomer"),
        What::ChangePassword => acted("password_changed") == 1,
        What::Disable => acted("person_disabled") == 1,
        What::WrongPassword => acted("login_failed") == 1,
        What::Draft => file.list_unfinished(admin.person()).unwrap().len() == 1,
        What::Copy => desk.folder.path().join("copy.cartwright").exists(),
        What::Redact => acted("redacted") == 1,
        What::Import => acted("bundle_imported") == 1,
    };
    // Neither half a bundle nor half a redaction.
    assert_eq!(
        file.items_of_subject("012-001").unwrap().len(),
        if what == What::Import && found { 1 } else { 0 }
    );
    let name = file.items_of_subject("S-002").unwrap().remove(0).value;
    assert_eq!(name.is_none(), what == What::Redact && found);
    let saved = file.items_of_subject("S-001").unwrap().len();
    assert!(what != What::Save || saved == if found { 2 } else { 0 }, "half a save");
    file.close().unwrap();
    // The slot follows the entry.
    let can = |desk: &mut Desk, login: &str, text: &str| unlock_with(desk, login, text).is_ok();
    match what {
        What::AddPerson => assert_eq!(can(desk, "newcomer", PASSWORD), found, "{what:?}"),
        What::ChangePassword => assert_eq!(can(desk, "admin", "another one entirely"), found),
        What::Disable => assert_eq!(can(desk, "monitor", PASSWORD), !found),
        What::Copy if found => {
            let stamp = desk.stamp();
            let copy = desk.folder.path().join("copy.cartwright");
            let elsewhere = DeviceKeys::at(&desk.folder.path().join("two"), "laptop 2");
            let (copy, _) =
                SiteFile::unlock(&copy, "admin", &password(PASSWORD), &stamp, &mut desk.seed, &elsewhere).unwrap();
            assert!(check(&copy, &mut |_, _, _| ()).unwrap().sound());
        }
        What::Save | What::WrongPassword | What::Draft | What::Copy | What::Redact | What::Import => {}
    }
    found
}

/// Fails call after call until a whole run had none fail. Answer: how many runs there were.
fn all_calls(what: What, kind: Kind, sticky: bool) -> u64 {
    let mut bench = Bench::new();
    let id = [9; 16];
    let mut fail_at = 1;
    let mut runs = 0;
    loop {
        bench.restore();
        vfs::through("cartwright-fault");
        let desk = &mut bench.desk;
        let (mut file, admin) = desk.unlock("admin").unwrap();
        let plan = Plan { fail_at, kind, sticky };
        fault::arm(Some(plan));
        let with = (&mut *desk, &bench.incoming, &bench.asked);
        let said = act(what, with, &mut file, &admin, id);
        let counted = fault::arm(None);
        drop(file);
        vfs::through(vfs::NAME);
        let there = happened(what, desk, id);
        match &said {
            Ok(()) => assert!(there, "{what:?} {plan:?}: said done, is not"),
            Err(StoreError::Unsettled(_)) => {}
            // A draft is not acknowledged: that it could not be kept for certain is all that is said.
            Err(_) if what == What::Draft => {}
            Err(error) => assert!(!there, "{what:?} {plan:?}: said {error:?}, is done"),
        }
        runs += 1;
        if counted < fail_at {
            return runs;
        }
        // Beyond the first dozen a short run looks at every third only.
        fail_at += if soak() || what == What::Save || fail_at < 12 {
            1
        } else {
            3
        };
    }
}

/// Every call of one thing done, in every way (a short run: in the three ways that differ most).
fn told_the_truth(what: What) {
    let short = [(Kind::Io, false), (Kind::FullShort, true), (Kind::ReadOnly, true)];
    let ways: &[_] = if soak() || what == What::Save { &WAYS } else { &short };
    let runs: Vec<u64> = ways
        .iter()
        .map(|(kind, sticky)| all_calls(what, *kind, *sticky))
        .collect();
    println!("{what:?}: {runs:?} runs, one for each call that failed");
    assert!(runs.iter().all(|runs| *runs > 5), "{what:?}: {runs:?}");
}

/// A new key: the file opens with everybody's password before and after, whichever call failed in between.
#[test]
fn whichever_call_fails_a_new_key_leaves_a_whole_file() {
    let mut bench = Bench::new();
    let ways: &[_] = if soak() {
        &WAYS
    } else {
        &[(Kind::Io, false), (Kind::FullShort, true)]
    };
    for (kind, sticky) in ways {
        let (mut fail_at, mut replaced, mut runs) = (1, 0, 0);
        loop {
            bench.restore();
            for entry in std::fs::read_dir(bench.desk.folder.path()).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                if name.contains(".key-") || name.contains(".new-") {
                    std::fs::remove_file(path).unwrap();
                }
            }
            vfs::through("cartwright-fault");
            let desk = &mut bench.desk;
            let (file, admin) = desk.unlock("admin").unwrap();
            let stamp = desk.stamp();
            let (kind, sticky) = (*kind, *sticky);
            fault::arm(Some(Plan { fail_at, kind, sticky }));
            let said = file.rekey(&admin, because("left"), &stamp, &mut desk.seed).map(drop);
            let counted = fault::arm(None);
            vfs::through(vfs::NAME);
            let (file, _) = desk.unlock("nurse").unwrap();
            assert_eq!(file.access(), &crate::Access::Writable);
            let report = check(&file, &mut |_, _, _| ()).unwrap();
            assert!(report.sound(), "{kind:?} {fail_at}: {:?}", report.findings);
            let filter = crate::EntryFilter {
                acts: vec!["key_replaced".into()],
                ..crate::EntryFilter::default()
            };
            let there = file.entries(&filter).unwrap().len() == 1;
            match said {
                Ok(()) => assert!(there, "{kind:?} {fail_at}: said done, is not"),
                Err(StoreError::Unsettled(_)) => assert!(there, "{kind:?} {fail_at}: said unsettled before the end"),
                Err(error) => assert!(!there, "{kind:?} {fail_at}: said {error:?}, is done"),
            }
            replaced += usize::from(there);
            runs += 1;
            if counted < fail_at {
                break;
            }
            fail_at += if soak() || fail_at < 12 { 1 } else { 3 };
        }
        println!("Rekey: {runs} runs, the key was replaced in {replaced}");
        assert!(runs > 20 && replaced > 0 && replaced < runs);
    }
}

macro_rules! whichever_call_fails {
    ($($name:ident: $what:ident),*) => {$(
        #[test]
        fn $name() {
            told_the_truth(What::$what);
        }
    )*};
}
whichever_call_fails! {
    whichever_call_fails_a_save_is_told_truly: Save,
    whichever_call_fails_a_new_person_is_told_truly: AddPerson,
    whichever_call_fails_a_new_password_is_told_truly: ChangePassword,
    whichever_call_fails_an_end_of_access_is_told_truly: Disable,
    whichever_call_fails_a_wrong_password_is_told_truly: WrongPassword,
    whichever_call_fails_a_draft_does_no_harm: Draft,
    whichever_call_fails_a_copy_is_whole_or_not_there: Copy,
    whichever_call_fails_a_redaction_is_told_truly: Redact,
    whichever_call_fails_a_bundle_is_taken_in_whole_or_not_at_all: Import
}
