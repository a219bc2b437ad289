//! The power goes, at any write of two hundred saves: nothing that was told is lost, nothing is torn.

use std::collections::BTreeSet;

use study::act::Act;

use crate::{
    Access, KdfCost, SiteFile, check,
    desk::{Desk, PASSWORD, entered, password},
    tests::{
        count,
        disk::{Lies, Looked, after_every_point, files_in, stride},
        quick_desk, soak,
    },
    vfs::{
        self,
        fault::{self, Op},
    },
};

const SAVES: u64 = 200;
/// A password changed is told under this number and more.
const CHANGES: u64 = 1_000_000;

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

/// What is wrong with the file on the desk; empty when all that was told is there.
fn wrong(desk: &mut Desk, told: &BTreeSet<u64>) -> Vec<String> {
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

/// Runs the script, then looks at every `step`-th point in all ways.
fn crashes(step: usize, lies: Lies) -> Looked {
    fault::register();
    vfs::register_over("cartwright-fault", "fault").unwrap();
    let mut desk = quick_desk();
    desk.with_nurse().0.close().unwrap();
    let before = files_in(desk.folder.path());
    let ops = script(&mut desk);
    after_every_point((&mut desk, &before), &ops, (step, lies), &mut wrong)
}

#[test]
fn whenever_the_power_goes_nothing_told_is_lost_and_nothing_is_torn() {
    // A prime, so that every kind of point is met.
    let Looked { points, disks, wrong } = crashes(stride(157), Lies::None);
    println!(
        "{points} write points in {SAVES} saves, {disks} disks looked at, {} wrong",
        wrong.len()
    );
    assert_eq!(wrong, Vec::<String>::new());
    assert!(points > 2000 && disks >= count(100, 8000), "{points} {disks}");
}

#[test]
fn a_disk_that_lies_about_syncing_is_found_out() {
    let Looked { disks, wrong, .. } = crashes(if soak() { 11 } else { 211 }, Lies::OfJournals);
    println!("{disks} disks of a lying device looked at, {} wrong", wrong.len());
    assert!(wrong.len() > 5, "the test above could not fail: {wrong:?}");
}
