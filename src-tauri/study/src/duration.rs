//! How long something lasted: days, hours and minutes as the source writes them, nothing converted.

use chrono::Duration;

use crate::def::DurationUnit;

/// Most figures of one part.
const FIGURES: usize = 4;

/// What stands behind a figure, in English and Chinese, in the order in which parts may follow each other.
const WORDS: [(DurationUnit, &[&str]); 3] = [
    (DurationUnit::Day, &["days", "day", "d", "天", "日"]),
    (DurationUnit::Hour, &["hours", "hour", "hrs", "hr", "h", "小时", "时"]),
    (
        DurationUnit::Minute,
        &["minutes", "minute", "mins", "min", "m", "分钟", "分"],
    ),
];

/// Reads `90`, `1:30`, `1 h 30 min`, `1小时30分`, `PT1H30M`; a bare figure counts in `bare`. The parts are kept as they were
/// written: `90 min` stays `PT90M`.
pub(crate) fn read(text: &str, bare: DurationUnit) -> Option<String> {
    let text = text.trim().to_lowercase();
    let text = match text.strip_prefix('p') {
        Some(iso) => iso.replace('t', ""),
        None => text,
    };
    if let Some((hours, minutes)) = text.split_once(':') {
        let minutes = figure(minutes).filter(|minutes| *minutes < 60)?;
        return Some(iso([None, Some(figure(hours)?), Some(minutes)]));
    }
    let mut parts = [None; 3];
    let mut rest = text.as_str();
    let mut next = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, after) = rest.split_at(end);
        let number = figure(digits)?;
        let after = after.trim_start();
        let (at, left) = match WORDS.iter().enumerate().find_map(|(at, (_, words))| {
            let word = words.iter().find(|word| after.starts_with(**word))?;
            Some((at, after.get(word.len()..)?))
        }) {
            Some(found) => found,
            // Only a figure that stands alone may go without its word.
            None if next == 0 && after.is_empty() => (place(bare), ""),
            None => return None,
        };
        if at < next {
            return None;
        }
        *parts.get_mut(at)? = Some(number);
        next = at + 1;
        rest = left.trim_start();
    }
    parts.iter().any(Option::is_some).then(|| iso(parts))
}

fn place(unit: DurationUnit) -> usize {
    match unit {
        DurationUnit::Day => 0,
        DurationUnit::Hour => 1,
        DurationUnit::Minute => 2,
    }
}

fn figure(digits: &str) -> Option<u32> {
    let plain = (1..=FIGURES).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok())?
}

fn iso([days, hours, minutes]: [Option<u32>; 3]) -> String {
    let part = |number: Option<u32>, letter: char| number.map(|n| format!("{n}{letter}")).unwrap_or_default();
    let time = part(hours, 'H') + &part(minutes, 'M');
    let between = if time.is_empty() { "" } else { "T" };
    format!("P{}{between}{time}", part(days, 'D'))
}

/// Minutes of a duration as [`read`] writes it.
#[must_use]
pub(crate) fn minutes(iso: &str) -> Option<i64> {
    let mut whole = Duration::zero();
    let mut digits = String::new();
    for c in iso.strip_prefix('P')?.chars().filter(|c| *c != 'T') {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let number: i64 = std::mem::take(&mut digits).parse().ok()?;
        whole += match c {
            'D' => Duration::days(number),
            'H' => Duration::hours(number),
            'M' => Duration::minutes(number),
            _ => return None,
        };
    }
    digits.is_empty().then(|| whole.num_minutes())
}
