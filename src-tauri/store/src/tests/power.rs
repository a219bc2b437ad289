//! The power goes, at any write: what the disk was asked for is written down once, and for each point of that record
//! the disk is built as it may then be: only what was synced, all of it, some of it, or torn within sectors.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use study::act::Act;

use crate::{
    Access, Chance as _, KdfCost, SiteFile, check,
    desk::{Desk, PASSWORD, Seed, entered, password},
    tests::{count, quick_desk, soak},
    vfs::{
        self,
        fault::{self, Op},
    },
};

const SAVES: u64 = 200;
const SECTOR: usize = 512;
/// A password changed is told under this number and more.
const CHANGES: u64 = 1_000_000;

fn number(seed: &mut Seed) -> u64 {
    let mut bytes = [0; 8];
    seed.fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

fn password_of(change: u64) -> String {
    match change {
        0 => PASSWORD.to_owned(),
        n => format!("a new password, number {n}"),
    }
}

/// Two hundred saves with everything that writes beside them, recorded.
fn script(desk: &mut Desk) -> Vec<Op> {
    vfs::through("cartwright-fault");
    fault::record();
    let (mut file, nurse) = desk.unlock("nurse").unwrap();
    for n in 1..=SAVES {
        let path = format!("S-001/SCR/DM/G[{}]/A", n % 40 + 2);
        let mut acts = vec![entered(&path, &format!("value {n}"))];
        if n % 9 == 0 {
            acts.push(Act::QueryOpened {
                query: format!("q-{n}"),
                path: path.parse().unwrap(),
                text: "x".repeat(3000),
                version: 1,
            });
        }
        let mut save = desk.save(&nurse, acts);
        save.id = u128::from(n).to_be_bytes();
        if n % 7 == 0 {
            file.keep_unfinished(&path, nurse.person(), &"typed ".repeat(900))
                .unwrap();
        }
        file.transact(&save, &mut desk.seed).unwrap();
        fault::told(n);
        if n % 7 == 0 {
            file.drop_unfinished(&path, nurse.person()).unwrap();
        }
        let stamp = desk.stamp();
        if n % 40 == 0 {
            let change = n / 40;
            let (old, new) = (password(&password_of(change - 1)), password(&password_of(change)));
            file.change_password(&nurse, (&old, &new), KdfCost::cheap(), &stamp, &mut desk.seed)
                .unwrap();
            fault::told(CHANGES + change);
        }
        if n % 50 == 0 {
            file.authenticate("admin", &password("no"), &stamp, &mut desk.seed)
                .unwrap_err();
        }
    }
    file.close().unwrap();
    vfs::through(vfs::NAME);
    fault::recorded()
}

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// The disk at some point: what is certain, what is on its way, and what the test was told by then.
#[derive(Clone, Default)]
struct Disk {
    certain: Files,
    pending: Vec<Op>,
    told: BTreeSet<u64>,
    /// For the control: how many syncs of the journal were asked for; every other is a lie.
    lies: Option<u64>,
}

fn put(files: &mut Files, op: &Op, sectors: Option<&mut Seed>) {
    match op {
        Op::Write(path, at, bytes) => {
            let file = files.entry(path.clone()).or_default();
            let at = usize::try_from(*at).unwrap();
            if file.len() < at + bytes.len() {
                file.resize(at + bytes.len(), 0);
            }
            match sectors {
                None => file[at..at + bytes.len()].copy_from_slice(bytes),
                Some(seed) => {
                    for (n, sector) in bytes.chunks(SECTOR).enumerate() {
                        if number(seed).is_multiple_of(2) {
                            let at = at + n * SECTOR;
                            file[at..at + sector.len()].copy_from_slice(sector);
                        }
                    }
                }
            }
        }
        Op::Truncate(path, size) => files
            .entry(path.clone())
            .or_default()
            .truncate(usize::try_from(*size).unwrap()),
        Op::Delete(path, _) => drop(files.remove(path)),
        Op::Sync(_) | Op::Told(_) => {}
    }
}

fn about(op: &Op) -> Option<&PathBuf> {
    match op {
        Op::Write(path, _, _) | Op::Truncate(path, _) | Op::Sync(path) | Op::Delete(path, _) => Some(path),
        Op::Told(_) => None,
    }
}

impl Disk {
    fn take(&mut self, op: &Op) {
        match op {
            Op::Told(what) => {
                self.told.insert(*what);
            }
            Op::Sync(path) => {
                if let Some(asked) = &mut self.lies
                    && path.to_string_lossy().ends_with("-cwjrnl")
                {
                    *asked += 1;
                    if asked.is_multiple_of(2) {
                        return;
                    }
                }
                let (now, later) = std::mem::take(&mut self.pending)
                    .into_iter()
                    .partition(|op| about(op) == Some(path));
                let now: Vec<Op> = now;
                self.pending = later;
                for op in &now {
                    put(&mut self.certain, op, None);
                }
            }
            Op::Delete(path, true) => {
                self.pending.retain(|op| about(op) != Some(path));
                self.certain.remove(path);
            }
            Op::Write(..) | Op::Truncate(..) | Op::Delete(_, false) => self.pending.push(op.clone()),
        }
    }

    /// The disk after the power went: way 0 only what is certain, 1 everything, 2 some, 3 torn.
    fn image(&self, way: usize, seed: &mut Seed) -> Files {
        let mut files = self.certain.clone();
        for op in &self.pending {
            match way {
                0 => {}
                1 => put(&mut files, op, None),
                2 if number(seed).is_multiple_of(2) => put(&mut files, op, None),
                2 => {}
                _ => put(&mut files, op, Some(seed)),
            }
        }
        files
    }
}

/// What is wrong with the file on a disk like this; empty when all that was told is there.
fn wrong(desk: &mut Desk, files: &Files, told: &BTreeSet<u64>, record: &(PathBuf, Vec<u8>)) -> Vec<String> {
    for name in ["site.cartwright", "site.cartwright-cwjrnl"] {
        let path = desk.folder.path().join(name);
        match files.get(&path) {
            Some(bytes) => std::fs::write(&path, bytes).unwrap(),
            None => drop(std::fs::remove_file(&path)),
        }
    }
    std::fs::write(&record.0, &record.1).unwrap();
    let mut wrong = Vec::new();
    let (file, _) = match desk.unlock("admin") {
        Ok(opened) => opened,
        Err(error) => return vec![format!("does not open: {error:?}")],
    };
    if file.access() != &Access::Writable {
        wrong.push(format!("{:?}", file.access()));
    }
    let saves = told.iter().filter(|n| **n < CHANGES).count() as u64;
    for n in 1..=saves {
        if !matches!(file.find(&u128::from(n).to_be_bytes()), Ok(Some(_))) {
            wrong.push(format!("save {n} is lost"));
        }
    }
    if saves + 2 <= SAVES && !matches!(file.find(&u128::from(saves + 2).to_be_bytes()), Ok(None)) {
        wrong.push(format!("save {} is there before it was made", saves + 2));
    }
    let change = told.iter().filter(|n| **n > CHANGES).count() as u64;
    let opens = |file: &SiteFile, change: u64| {
        let slot = file
            .header
            .body
            .slots
            .iter()
            .find(|slot| slot.login == "nurse")
            .unwrap();
        slot.open(&file.header.store, &password(&password_of(change)))
            .unwrap()
            .is_some()
    };
    if !opens(&file, change) && !opens(&file, change + 1) {
        wrong.push(format!("neither password {change} nor the next opens"));
    }
    match check(&file, &mut |_, _, _| ()) {
        Ok(report) if report.sound() => {}
        Ok(report) => wrong.push(format!("{:?}", report.findings)),
        Err(error) => wrong.push(format!("{error:?}")),
    }
    wrong
}

/// Runs the script, then looks at every `step`-th point in all four ways. Answer: points, images, and those wrong.
fn crashes(step: usize, lies: bool) -> (usize, usize, Vec<String>) {
    fault::register();
    vfs::register_over("cartwright-fault", "fault").unwrap();
    let mut desk = quick_desk();
    desk.with_nurse().0.close().unwrap();
    let device = std::fs::read_dir(desk.folder.path().join("device"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let record = (device.clone(), std::fs::read(device).unwrap());
    let mut disk = Disk {
        lies: lies.then_some(0),
        ..Disk::default()
    };
    disk.certain.insert(desk.path(), std::fs::read(desk.path()).unwrap());
    let ops = script(&mut desk);
    let mut seed = Seed(7);
    let (mut images, mut all) = (0, Vec::new());
    let mut points = 0;
    for (k, op) in ops.iter().enumerate() {
        disk.take(op);
        if matches!(op, Op::Told(_)) {
            continue;
        }
        points += 1;
        if !k.is_multiple_of(step) {
            continue;
        }
        for way in 0..4 {
            if way > 0 && disk.pending.is_empty() {
                break;
            }
            images += 1;
            let files = disk.image(way, &mut seed);
            let found = wrong(&mut desk, &files, &disk.told, &record);
            if !found.is_empty() {
                all.push(format!("point {k}, way {way}: {}", found.join("; ")));
            }
        }
    }
    (points, images, all)
}

#[test]
fn whenever_the_power_goes_nothing_told_is_lost_and_nothing_is_torn() {
    // A prime, so that every kind of point is met.
    let step = if soak() { 1 } else { 157 };
    let (points, images, wrong) = crashes(step, false);
    println!(
        "{points} write points in {SAVES} saves, {images} disks looked at, {} wrong",
        wrong.len()
    );
    assert_eq!(wrong, Vec::<String>::new());
    assert!(points > 2000 && images >= count(100, 8000), "{points} {images}");
}

#[test]
fn a_disk_that_lies_about_syncing_is_found_out() {
    let (_, images, wrong) = crashes(if soak() { 11 } else { 211 }, true);
    println!("{images} disks of a lying device looked at, {} wrong", wrong.len());
    assert!(wrong.len() > 5, "the test above could not fail: {wrong:?}");
}
