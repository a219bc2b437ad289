//! Planned visits on the calendar: pure functions of the definition, the day of infusion and today. Days are civil days
//! of the site: no clock, no zone, no hour that is lost or doubled moves a window.

use chrono::{Days, NaiveDate};
use study::def::{VisitDef, VisitKind};

/// Days ahead that a coming visit is shown.
pub(crate) const AHEAD: i64 = 7;

/// A visit's target and window on the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dated<'s> {
    pub(crate) visit: &'s VisitDef,
    pub(crate) target: NaiveDate,
    pub(crate) first: NaiveDate,
    pub(crate) last: NaiveDate,
}

/// Where today stands to a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stands {
    Coming,
    InWindow,
    Overdue,
}

impl Stands {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Coming => "coming",
            Self::InWindow => "in_window",
            Self::Overdue => "overdue",
        }
    }
}

/// A date some days on.
pub(crate) fn shift(from: NaiveDate, days: i32) -> Option<NaiveDate> {
    let by = Days::new(u64::from(days.unsigned_abs()));
    if days < 0 {
        from.checked_sub_days(by)
    } else {
        from.checked_add_days(by)
    }
}

/// A scheduled visit that has a day of its own, on the calendar.
pub(crate) fn of(visit: &VisitDef, infusion: NaiveDate) -> Option<Dated<'_>> {
    if visit.kind != VisitKind::Scheduled {
        return None;
    }
    let target = shift(infusion, visit.day?)?;
    let (first, last) = match visit.window {
        Some((first, last)) => (shift(infusion, first)?, shift(infusion, last)?),
        None => (target, target),
    };
    Some(Dated {
        visit,
        target,
        first,
        last,
    })
}

/// All of them, counted from the infusion, in order of the definition.
pub(crate) fn dated(visits: &[VisitDef], infusion: NaiveDate) -> impl Iterator<Item = Dated<'_>> {
    visits.iter().filter_map(move |visit| of(visit, infusion))
}

impl Dated<'_> {
    pub(crate) fn stands(&self, today: NaiveDate) -> Stands {
        match (today < self.first, today > self.last) {
            (true, _) => Stands::Coming,
            (_, true) => Stands::Overdue,
            (false, false) => Stands::InWindow,
        }
    }

    /// Days until the window closes; negative once it has.
    pub(crate) fn days_left(&self, today: NaiveDate) -> i32 {
        i32::try_from((self.last - today).num_days()).unwrap_or(i32::MAX)
    }

    /// Worth a line today: open, over, or coming soon. The infusion itself is nothing that is due.
    pub(crate) fn due(&self, today: NaiveDate) -> bool {
        self.visit.day > Some(0) && (self.first - today).num_days() <= AHEAD
    }
}

/// The next visit whose window has not passed.
pub(crate) fn next<'s>(
    visits: &'s [VisitDef],
    infusion: NaiveDate,
    today: NaiveDate,
    complete: impl Fn(&VisitDef) -> bool,
) -> Option<Dated<'s>> {
    dated(visits, infusion)
        .filter(|at| at.last >= today && !complete(at.visit))
        .min_by_key(|at| at.target)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn visit(oid: &str, at: Option<i32>, window: Option<(i32, i32)>) -> VisitDef {
        VisitDef {
            oid: oid.to_owned(),
            name: study::text::Text {
                en: oid.to_owned(),
                zh: oid.to_owned(),
            },
            kind: VisitKind::Scheduled,
            day: at,
            window,
            forms: Vec::new(),
        }
    }

    /// Today, word, days left.
    const D28: &[(&str, &str, i32, bool)] = &[
        ("2026-03-29", "coming", 22, false),
        ("2026-04-05", "coming", 15, false),
        ("2026-04-06", "coming", 14, true),
        ("2026-04-12", "coming", 8, true),
        ("2026-04-13", "in_window", 7, true),
        ("2026-04-16", "in_window", 4, true),
        ("2026-04-20", "in_window", 0, true),
        ("2026-04-21", "overdue", -1, true),
        ("2026-12-31", "overdue", -255, true),
    ];

    #[test]
    fn a_window_opens_runs_out_and_is_overdue() {
        let visits = [visit("D28", Some(28), Some((25, 32)))];
        let at = dated(&visits, day("2026-03-19")).next().unwrap();
        assert_eq!(
            (at.target, at.first, at.last),
            (day("2026-04-16"), day("2026-04-13"), day("2026-04-20"))
        );
        for (today, word, left, due) in D28 {
            let today = day(today);
            assert_eq!(
                (at.stands(today).word(), at.days_left(today), at.due(today)),
                (*word, *left, *due),
                "{today}"
            );
        }
    }

    #[test]
    fn windows_are_civil_days_over_february_leap_days_and_a_change_of_clocks() {
        let visits = [visit("D28", Some(28), Some((25, 31)))];
        for (infusion, first, target, last) in [
            ("2024-02-01", "2024-02-26", "2024-02-29", "2024-03-03"),
            ("2025-02-01", "2025-02-26", "2025-03-01", "2025-03-04"),
            ("2026-03-01", "2026-03-26", "2026-03-29", "2026-04-01"),
            ("2026-12-31", "2027-01-25", "2027-01-28", "2027-01-31"),
        ] {
            let at = dated(&visits, day(infusion)).next().unwrap();
            assert_eq!((at.first, at.target, at.last), (day(first), day(target), day(last)));
        }
    }

    #[test]
    fn the_next_visit_is_the_earliest_not_complete_whose_window_is_not_over() {
        let visits = [
            visit("SCR", None, Some((-28, -7))),
            visit("INF", Some(0), Some((0, 0))),
            visit("D28", Some(28), Some((25, 31))),
            visit("M3", Some(90), None),
        ];
        let ask = |today: &str, done: &[&str]| {
            let found = next(&visits, day("2026-03-01"), day(today), |v| {
                done.contains(&v.oid.as_str())
            });
            found.map(|at| at.visit.oid.clone())
        };
        assert_eq!(ask("2026-02-20", &[]).as_deref(), Some("INF"));
        assert_eq!(ask("2026-03-01", &[]).as_deref(), Some("INF"));
        assert_eq!(ask("2026-03-01", &["INF"]).as_deref(), Some("D28"));
        assert_eq!(ask("2026-04-01", &["INF"]).as_deref(), Some("D28"));
        assert_eq!(ask("2026-04-02", &["INF"]).as_deref(), Some("M3"));
        assert_eq!(ask("2026-05-30", &["INF"]).as_deref(), Some("M3"));
        assert_eq!(ask("2026-05-31", &["INF"]), None);
    }
}
