//! Moments as printed: the local time of the device, with its offset beside it.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Timelike};
use conduct::act::Moment;

use crate::words::Words;

/// The moment at the device's own offset; none where the text is no moment.
pub(crate) fn local(moment: &Moment) -> Option<DateTime<FixedOffset>> {
    let at = DateTime::parse_from_rfc3339(&moment.at).ok()?;
    let offset: FixedOffset = moment.offset.parse().ok()?;
    Some(at.with_timezone(&offset))
}

/// `22 Nov 2026, 14:03:22 (UTC+08:00)`, `2026年11月22日 14:03:22（UTC+08:00）`. What is no moment is shown as it stands.
pub(crate) fn shown(moment: &Moment, words: &Words) -> String {
    let Some(at) = local(moment) else {
        return format!("{} {}", moment.at, moment.offset);
    };
    let date = date(at.date_naive(), words);
    let time = format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second());
    if words.chinese() {
        format!("{date} {time}（UTC{}）", moment.offset)
    } else {
        format!("{date}, {time} (UTC{})", moment.offset)
    }
}

/// `22 Nov 2026`, `2026年11月22日`.
pub(crate) fn date(date: NaiveDate, words: &Words) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (year, month, day) = (date.year(), date.month(), date.day());
    if words.chinese() {
        return format!("{year}年{month}月{day}日");
    }
    let month = MONTHS.get(date.month0() as usize).copied().unwrap_or_default();
    format!("{day} {month} {year}")
}
