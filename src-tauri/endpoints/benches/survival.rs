//! A Kaplan-Meier curve with its intervals beside a plain sort of the same times, in one run. Prints figures, asserts none.
//!
//! With a file of `time,event` lines as its argument it times that instead: `survival FILE`.

use endpoints::survival::{Observation, kaplan_meier};
use std::hint::black_box;
use std::time::Instant;

/// Numbers from 0 to 1 of one seed (xorshift64*): the same in every run.
struct Draw(u64);

impl Draw {
    #[expect(clippy::cast_precision_loss, reason = "the upper 53 bits are exact as a float")]
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Exponential times to an event, censored uniformly; in whole days or as they fall.
fn cohort(n: usize, days: bool) -> Vec<Observation> {
    let mut draw = Draw(20_240_229);
    (0..n)
        .filter_map(|_| {
            let event = -400.0 * (1.0 - draw.next()).ln();
            let censored = 730.5 * draw.next();
            let time = event.min(censored);
            Observation::new(if days { time.ceil() } else { time }, event <= censored).ok()
        })
        .collect()
}

/// The median of an odd number of runs, in milliseconds.
fn median(runs: usize, mut run: impl FnMut()) -> f64 {
    run();
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let begun = Instant::now();
            run();
            begun.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times.get(runs / 2).copied().unwrap_or(f64::NAN)
}

fn compare(name: &str, all: &[Observation]) {
    let times: Vec<f64> = all.iter().map(|one| one.time()).collect();
    let runs = if all.len() > 100_000 { 21 } else { 201 };
    let sort = median(runs, || {
        let mut sorted = times.clone();
        sorted.sort_by(f64::total_cmp);
        black_box(&sorted);
    });
    let unstable = median(runs, || {
        let mut sorted = times.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        black_box(&sorted);
    });
    let curve = median(runs, || {
        black_box(kaplan_meier(black_box(all), 0.95));
    });
    let steps = kaplan_meier(all, 0.95).steps.len();
    println!(
        "{name:<24} n {:>8}  times {steps:>8}  sort {sort:>9.3} ms  unstable sort {unstable:>9.3} ms  curve {curve:>9.3} ms  curve/sort {:>5.2}  curve/unstable {:>5.2}",
        all.len(),
        curve / sort,
        curve / unstable,
    );
}

fn from_file(path: &str) -> Result<Vec<Observation>, Box<dyn std::error::Error>> {
    let text = std::fs::read_to_string(path)?;
    let mut all = Vec::new();
    for line in text.lines() {
        let (time, event) = line.split_once(',').ok_or("a line is time,event")?;
        all.push(Observation::new(time.parse()?, event == "1")?);
    }
    Ok(all)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Cargo adds --bench.
    if let Some(path) = std::env::args().skip(1).find(|word| !word.starts_with("--")) {
        compare(&path, &from_file(&path)?);
        return Ok(());
    }
    for n in [10_000, 1_000_000] {
        compare("whole days", &cohort(n, true));
        compare("every time distinct", &cohort(n, false));
    }
    Ok(())
}
