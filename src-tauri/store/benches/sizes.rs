//! What opening, saving and checking cost as the journal grows. Figures are printed, nothing is asserted.
//!
//! `cargo bench -p store --bench sizes`; `CARTWRIGHT_SIZES=10000,100000` asks for other sizes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a bench that cannot prepare its file says so by stopping"
)]

#[path = "../tests/all/desk.rs"]
#[allow(dead_code, reason = "shared with the tests, which use all of it")]
mod desk;

use std::time::{Duration, Instant};

use store::check;

use crate::desk::{Desk, entered};

/// Values in one save while the file is filled.
const GROUP: u64 = 100;
const TIMES: usize = 9;

fn median(mut all: Vec<Duration>) -> f64 {
    all.sort();
    all[all.len() / 2].as_secs_f64() * 1000.0
}

fn taken<T>(all: &mut Vec<Duration>, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = work();
    all.push(began.elapsed());
    done
}

fn at(size: u64) {
    let mut desk = Desk::new();
    let (mut file, nurse) = desk.with_nurse();
    file.begin_bulk().unwrap();
    for n in 0..size / GROUP {
        desk.second %= 30_000;
        let acts = (0..GROUP)
            .map(|item| entered(&format!("S-{:05}/SCR/F{}/G/I{item}", n % 2_000, n % 7), "a value"))
            .collect();
        desk.act(&mut file, &nurse, acts);
    }
    file.end_bulk().unwrap();
    file.close().unwrap();
    let (mut opening, mut saving, mut checking) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let (mut file, nurse) = taken(&mut opening, || desk.unlock("nurse").unwrap());
        for n in 0..TIMES {
            let save = desk.save(&nurse, vec![entered("S-00001/SCR/F1/G/I1", &format!("{n}"))]);
            taken(&mut saving, || file.transact(&save, &mut desk.seed).unwrap());
        }
        file.close().unwrap();
    }
    let (file, _) = desk.unlock("nurse").unwrap();
    let report = taken(&mut checking, || check(&file, &mut |_, _, _| ()).unwrap());
    assert!(report.sound());
    println!(
        "{size:>9} entries   opening (cheap key derivation) {:8.1} ms   save {:7.2} ms   full check {:9.1} ms",
        median(opening),
        median(saving),
        median(checking)
    );
}

fn main() {
    let asked = std::env::var("CARTWRIGHT_SIZES").unwrap_or_else(|_| "10000,100000,1000000".to_owned());
    for size in asked.split(',').filter_map(|size| size.trim().parse().ok()) {
        at(size);
    }
}
