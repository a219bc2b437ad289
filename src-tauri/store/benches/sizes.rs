//! What saving, opening, listing, checking and backing up cost as the journal grows. Figures are printed with the aim and
//! whether it is met; nothing is asserted.
//!
//! `cargo bench -p store --features bench --bench sizes`; `CARTWRIGHT_SIZES=10000,100000` asks for other sizes. A save is
//! measured beside a bare transaction in a file as large, one after the other, so that a slow moment of the disk meets both.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a bench that cannot prepare its file says so by stopping"
)]

#[path = "../tests/all/desk.rs"]
#[allow(dead_code, reason = "shared with the tests, which use all of it")]
mod desk;
#[path = "sizes/machine.rs"]
mod machine;
#[path = "sizes/made.rs"]
mod made;

use std::time::{Duration, Instant};

use store::{Checked, Checking, Session, SiteFile, Step};

use crate::{
    desk::Desk,
    made::{SUBJECTS, Writer},
};

/// Times a small thing is done.
const TIMES: usize = 9;
const SAVES: u64 = 400;
/// What a person does between two checks: values at some subjects.
const SINCE: (u64, u64) = (10, 20);
/// Items that the list of subjects asks for.
const LISTED: [&str; 6] = ["LAB0.I01", "LAB0.I02", "LAB0.I03", "LAB1.I01", "LAB1.I02", "LAB1.I03"];

/// Durations of one kind.
#[derive(Default)]
struct Times(Vec<Duration>);

impl Times {
    fn take<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let done = work();
        self.0.push(began.elapsed());
        done
    }

    /// Milliseconds that a share of them, in percent, does not exceed.
    fn at(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort();
        sorted[(sorted.len() - 1) * percent / 100].as_secs_f64() * 1000.0
    }
}

fn told(what: &str, figure: f64, aim: f64, unit: &str) {
    let met = if figure <= aim { "met" } else { "NOT met" };
    println!("  {what:<58} {figure:10.2} {unit:<2}   aim {aim:8.2} {unit:<2}   {met}");
}

fn listing(file: &SiteFile) {
    let mut times = Times::default();
    for _ in 0..TIMES {
        times.take(|| {
            let subjects = file.subjects().unwrap();
            let answers = file.answers(&LISTED).unwrap();
            let forms = file.form_marks().unwrap();
            let queries = file.unsettled_by_subject().unwrap();
            let (verdicts, compared) = (file.verdict_marks().unwrap(), file.identity_marks().unwrap());
            (subjects, answers, forms, queries, verdicts, compared)
        });
    }
    let forms = file.form_marks().unwrap().len();
    told(
        &format!("list of {SUBJECTS} subjects ({forms} forms), median"),
        times.at(50),
        20.0,
        "ms",
    );
}

/// A check in pieces, as it is done beside people's work; answer: where the next may begin.
fn checking(file: &SiteFile, desk: &mut Desk, last: Option<&Checked>) -> Checked {
    let (what, aim) = match last {
        None => ("full check", 60.0),
        Some(_) => ("check since the last one, 200 values at 10 subjects later", 1.0),
    };
    let before = machine::begin_peak();
    let (began, busy) = (Instant::now(), machine::busy());
    let mut checking = match last {
        None => Checking::in_full(file).unwrap(),
        Some(last) => Checking::since(file, last).unwrap(),
    };
    let mut pieces = Times::default();
    let mut hardest = 0.0_f64;
    let mut steps: Vec<(Step, Duration)> = Vec::new();
    loop {
        let (busy, step) = (machine::busy(), checking.progress().0);
        let done = pieces.take(|| checking.go_on(file, &mut || true).unwrap());
        let took = pieces.0.last().copied().unwrap_or_default();
        match steps.last_mut().filter(|(last, _)| *last == step) {
            Some((_, all)) => *all += took,
            None => steps.push((step, took)),
        }
        let worked = machine::busy().zip(busy).map_or(0.0, |(now, before)| now - before);
        hardest = hardest.max(worked);
        if done {
            break;
        }
    }
    told(what, began.elapsed().as_secs_f64(), aim, "s");
    if let (Some(before), Some(now)) = (busy, machine::busy()) {
        println!("    of the processor {:.2} s, on up to two cores", now - before);
    }
    println!(
        "    {} pieces, p99 {:.1} ms, the longest {:.0} ms ({:.0} ms of the processor)",
        pieces.0.len(),
        pieces.at(99),
        pieces.at(100),
        hardest * 1000.0
    );
    for (step, took) in steps {
        println!("      {step:?} {:.2} s", took.as_secs_f64());
    }
    if let Some(grown) = before.and_then(machine::grown) {
        told("    memory at its peak beyond the open file", grown, 150.0, "MB");
    }
    let moment = desk.stamp().moment;
    let (report, checked) = checking.end(&moment);
    assert!(report.sound(), "{:?}", report.findings);
    checked.unwrap()
}

fn saving(desk: &mut Desk, file: &mut SiteFile, nurse: &Session, size: u64) -> (f64, f64) {
    let mut bare = store::bench_support::Bare::create(&desk.folder.path().join("bare.cartwright")).unwrap();
    let bytes = std::fs::metadata(desk.path().with_file_name("copy.cartwright"))
        .unwrap()
        .len();
    bare.fill(bytes, 700).unwrap();
    let (mut ours, mut least) = (Times::default(), Times::default());
    let mut writer = Writer::new(desk, file, nurse);
    for n in 0..SAVES {
        let at = made::path(n * 37 % SUBJECTS, 0, n % 32);
        ours.take(|| writer.value(&at, size % 7 + n));
        least.take(|| bare.save_one("a value as short as one that is entered").unwrap());
    }
    let aim = least.at(50).mul_add(1.3, 0.3);
    println!(
        "  bare transaction in a file as large: p50 {:.3} ms, p95 {:.3} ms",
        least.at(50),
        least.at(95)
    );
    told("save of one item, p50", ours.at(50), aim, "ms");
    told(
        "save of one item, p95",
        ours.at(95),
        least.at(95).mul_add(1.3, 0.3),
        "ms",
    );
    (ours.at(50), least.at(50))
}

fn at(size: u64) -> (f64, f64) {
    let mut desk = Desk::new();
    let (mut file, nurse) = desk.with_nurse();
    let began = Instant::now();
    made::fill(&mut desk, &mut file, &nurse, size);
    file.close().unwrap();
    let bytes = std::fs::metadata(desk.path()).unwrap().len();
    println!(
        "\n{size} entries, {} MB, made in {:.0} s; load {}",
        bytes >> 20,
        began.elapsed().as_secs_f64(),
        machine::load()
    );
    let mut opening = Times::default();
    for _ in 0..TIMES {
        let (file, _) = opening.take(|| desk.unlock("nurse").unwrap());
        file.close().unwrap();
    }
    told(
        "opening, key derivation of 64 KiB and one pass, median",
        opening.at(50),
        100.0,
        "ms",
    );
    let (mut file, nurse) = desk.unlock("nurse").unwrap();
    listing(&file);
    let checked = checking(&file, &mut desk, None);
    let mut writer = Writer::new(&mut desk, &mut file, &nurse);
    for (subject, n) in (0..SINCE.0).flat_map(|subject| (0..SINCE.1).map(move |n| (subject, n))) {
        writer.value(&made::path(subject * 7, 0, n), n);
    }
    checking(&file, &mut desk, Some(&checked));
    let copy = desk.path().with_file_name("copy.cartwright");
    let began = Instant::now();
    file.save_copy(&copy).unwrap();
    println!("  a verified copy {:.1} s", began.elapsed().as_secs_f64());
    let saved = saving(&mut desk, &mut file, &nurse, size);
    file.close().unwrap();
    println!("  load at the end {}", machine::load());
    saved
}

fn main() {
    let asked = std::env::var("CARTWRIGHT_SIZES").unwrap_or_else(|_| "10000,100000,1000000".to_owned());
    let sizes = asked.split(',').filter_map(|size| size.trim().parse().ok());
    let all: Vec<(u64, (f64, f64))> = sizes.map(|size| (size, at(size))).collect();
    println!("\nsave beside the bare transaction, p50 to p50:");
    for (size, (ours, bare)) in all {
        println!("  {size:>9} entries   {:.2} times, {:+.3} ms", ours / bare, ours - bare);
    }
}
