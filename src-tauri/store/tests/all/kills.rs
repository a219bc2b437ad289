//! A writer killed at random moments, again and again: what it said to be saved is there, and everything is sound.

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader, Read as _},
    path::Path,
    process::{Child, ChildStdout},
    time::Duration,
};

use store::{Access, Chance as _, EntryFilter, check};

use crate::{
    desk::{Desk, Seed},
    disk::child,
};

/// How often a writer is killed: 500 times, or as `make soak` says.
fn kills() -> usize {
    let asked = std::env::var("CARTWRIGHT_KILLS")
        .ok()
        .and_then(|text| text.parse().ok());
    asked.unwrap_or(500)
}

/// After so many kills everything is looked at; a fresh file is begun.
const PER_FILE: usize = 50;

fn number(seed: &mut Seed, below: u64) -> u64 {
    let mut bytes = [0; 8];
    seed.fill(&mut bytes);
    u64::from_le_bytes(bytes) % below
}

fn saved(line: &str) -> Option<u128> {
    let id = line.strip_prefix("saved ").filter(|id| id.len() == 32)?;
    u128::from_str_radix(id, 16).ok()
}

/// Kills it at some moment: in one of eight rounds while it opens the file, else while it saves.
fn kill(writer: &mut Child, out: &mut BufReader<ChildStdout>, seed: &mut Seed, said: &mut Vec<u128>) {
    if number(seed, 8) == 0 {
        std::thread::sleep(Duration::from_micros(number(seed, 30_000)));
    } else {
        let mut line = String::new();
        while out.read_line(&mut line).unwrap() > 0 {
            if let Some(id) = saved(line.trim_end()) {
                said.push(id);
                break;
            }
            line.clear();
        }
        std::thread::sleep(Duration::from_micros(number(seed, 8_000)));
    }
    writer.kill().unwrap();
}

/// One file, killed again and again. Answer: saves said, journals left to be played back.
fn one_file(rounds: usize, seed: &mut Seed) -> (usize, usize) {
    let mut desk = Desk::new();
    if let Ok(folder) = tempfile::tempdir_in("/dev/shm") {
        desk.devices = store::DeviceKeys::at(&folder.path().join("device"), "laptop 1");
        desk.folder = folder;
    }
    desk.with_nurse().0.close().unwrap();
    let journal = desk.folder.path().join("site.cartwright-cwjrnl");
    let mut said = Vec::new();
    let mut hot = 0;
    for _ in 0..rounds {
        let mut writer = child("writer", desk.folder.path()).spawn().unwrap();
        let mut out = BufReader::new(writer.stdout.take().unwrap());
        kill(&mut writer, &mut out, seed, &mut said);
        for line in out.lines() {
            let line = line.unwrap();
            assert!(!line.starts_with("error"), "{line}");
            said.extend(saved(&line));
        }
        assert!(!writer.wait().unwrap().success(), "the writer ended by itself");
        hot += usize::from(is_hot(&journal));
    }
    let (file, _) = desk.unlock("nurse").unwrap();
    assert_eq!(file.access(), &Access::Writable);
    let filter = EntryFilter {
        limit: u32::MAX,
        ..EntryFilter::default()
    };
    let entries = file.entries(&filter).unwrap();
    let there: BTreeSet<u128> = entries.iter().map(|entry| u128::from_be_bytes(entry.id)).collect();
    let lost: Vec<_> = said.iter().filter(|id| !there.contains(id)).collect();
    assert!(lost.is_empty(), "said to be saved and not there: {lost:x?}");
    let report = check(&file, &mut |_, _, _| ()).unwrap();
    assert!(report.sound(), "{:?}", report.findings);
    (said.len(), hot)
}

/// A journal that begins with its mark has something to play back.
fn is_hot(journal: &Path) -> bool {
    let mut mark = [0; 8];
    let read = std::fs::File::open(journal).and_then(|mut file| file.read_exact(&mut mark));
    read.is_ok() && mark == [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7]
}

#[test]
fn writers_killed_at_any_moment_lose_nothing_that_was_said_to_be_saved() {
    let kills = kills();
    let mut seed = Seed(41);
    let (mut saves, mut hot, mut done) = (0, 0, 0);
    while done < kills {
        let rounds = PER_FILE.min(kills - done);
        let (more_saves, more_hot) = one_file(rounds, &mut seed);
        (saves, hot, done) = (saves + more_saves, hot + more_hot, done + rounds);
    }
    println!("{done} kills, {saves} saves said, {hot} journals played back, 0 lost, 0 corrupt");
    assert!(
        saves > done / 2 && hot > done / 50,
        "{saves} saves, {hot} journals: killed at the wrong moments"
    );
}
