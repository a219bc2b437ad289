//! Civil dates and times as text: whole ones, partial ones, ages.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime};

/// A whole date `YYYY-MM-DD`, or nothing.
pub(crate) fn whole(text: &str) -> Option<NaiveDate> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    // One spelling only: the parser also takes `2025-1-1`.
    (date.to_string() == text).then_some(date)
}

/// A local date and time `YYYY-MM-DDThh:mm`, or nothing.
pub(crate) fn moment(text: &str) -> Option<NaiveDateTime> {
    let moment = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()?;
    (moment.format("%Y-%m-%dT%H:%M").to_string() == text).then_some(moment)
}

/// Completed years; who was born on 29 February turns on 1 March in other years.
pub(crate) fn completed_years(birth: NaiveDate, on: NaiveDate) -> i32 {
    let years = on.year() - birth.year();
    if (on.month(), on.day()) < (birth.month(), birth.day()) {
        years - 1
    } else {
        years
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_turn_on_the_day() {
        let age = |birth, on| completed_years(whole(birth).unwrap(), whole(on).unwrap());
        assert_eq!(age("2000-05-10", "2018-05-09"), 17);
        assert_eq!(age("2000-05-10", "2018-05-10"), 18);
        assert_eq!(age("2004-02-29", "2022-02-28"), 17);
        assert_eq!(age("2004-02-29", "2022-03-01"), 18);
    }

    #[test]
    fn a_date_has_one_spelling() {
        assert!(whole("2025-01-31").is_some());
        for text in ["2025-1-31", "2025-02-30", "2025-01", "2025-01-31 ", "+2025-01-31"] {
            assert!(whole(text).is_none(), "{text}");
        }
        assert!(moment("2025-01-31T23:59").is_some());
        assert!(moment("2025-01-31T24:00").is_none());
        assert!(moment("2025-01-31T9:00").is_none());
    }
}
