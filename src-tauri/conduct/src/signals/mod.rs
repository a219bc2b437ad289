//! What is conspicuous in a stretch of the journal: signals for whoever reviews it (21 CFR 11.10(e), ICH E6(R3) 4.2.3).
//!
//! A signal is a derivation: worked out when asked, never stored, blaming nobody. It names the entries that it rests on, and
//! [`RULES`] says when each kind speaks. Only the stretch is read; what lies before it is looked up where a signal needs it.

mod attested;
mod hours;
mod late;
mod plain;

use store::EntryView;
use study::act::{Act, Actor, Body, EntryRef};

use crate::{
    desk::Desk,
    machine::instant,
    trouble::Outcome,
    views::{SignalRuleView, SignalView},
};

/// A change after this many of the same item is a signal.
pub(crate) const CHANGES: usize = 3;
/// So many changes by one person …
pub(crate) const MANY: usize = 10;
/// … within so many minutes.
pub(crate) const MINUTES: i64 = 10;
/// Entered later than this after what it tells of.
pub(crate) const LATE_DAYS: i64 = 7;
/// From this hour of the device's clock …
pub(crate) const ODD_FROM: u32 = 22;
/// … to this one.
pub(crate) const ODD_TO: u32 = 6;
/// So many wrong passwords at one name in one day.
pub(crate) const TRIES: usize = 3;

/// Every kind of signal, the weightiest first, with its thresholds by name; words are `signal_<kind>`, why it matters is
/// `signal_why_<kind>`.
pub(crate) const RULES: [(&str, &[(&str, i64)]); 15] = [
    ("signature_invalid", &[]),
    ("changed_after_signature", &[]),
    ("critical_changed", &[]),
    ("command_refused", &[]),
    ("wrong_codes", &[]),
    ("wrong_passwords", &[("tries", TRIES as i64)]),
    ("wrong_names", &[("tries", TRIES as i64)]),
    ("changed_often", &[("changes", CHANGES as i64)]),
    ("many_changes", &[("changes", MANY as i64), ("minutes", MINUTES)]),
    ("late_entry", &[("days", LATE_DAYS)]),
    ("odd_hours", &[("from", ODD_FROM as i64), ("to", ODD_TO as i64)]),
    ("clock", &[]),
    ("redaction", &[]),
    ("access", &[]),
    ("import_refused", &[]),
];

/// One entry that is read.
pub(crate) struct Read {
    pub(crate) at: EntryRef,
    pub(crate) body: Body,
}

/// What was read, in the order of each log.
pub(crate) struct Stretch<'d> {
    pub(crate) desk: &'d Desk,
    pub(crate) read: Vec<Read>,
}

/// Something conspicuous.
pub(crate) struct Signal {
    pub(crate) kind: &'static str,
    pub(crate) by: Option<Actor>,
    pub(crate) subject: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) facts: Vec<(&'static str, String)>,
    pub(crate) entries: Vec<EntryRef>,
}

impl Signal {
    pub(crate) fn new(kind: &'static str, entries: Vec<EntryRef>) -> Self {
        Self {
            kind,
            by: None,
            subject: None,
            path: None,
            facts: Vec::new(),
            entries,
        }
    }
}

impl Read {
    pub(crate) fn of(entry: EntryView) -> Option<Self> {
        let at = EntryRef {
            log: entry.log,
            seq: entry.seq,
        };
        entry.body.map(|body| Self { at, body })
    }

    /// Milliseconds since 1970.
    pub(crate) fn millis(&self) -> i64 {
        instant(&self.body.moment.at).map_or(0, |at| at.timestamp_millis())
    }

    /// A person changed, emptied or took out what stood there.
    pub(crate) fn changes(&self) -> bool {
        let person = matches!(self.body.actor, Actor::Person(_));
        person
            && matches!(
                &self.body.act,
                Act::ValueEntered { old: Some(_), .. } | Act::RowRemoved { .. }
            )
    }
}

/// Everything conspicuous in what was read, by weight and then in the order of the entries.
pub(crate) fn signals(stretch: &Stretch<'_>) -> Outcome<Vec<Signal>> {
    let mut all = plain::signals(stretch)?;
    all.extend(attested::signals(stretch)?);
    all.extend(hours::many_changes(stretch));
    all.extend(hours::odd_hours(stretch));
    all.extend(late::signals(stretch)?);
    let weight = |signal: &Signal| RULES.iter().position(|(kind, _)| *kind == signal.kind);
    all.sort_by(|a, b| (weight(a), a.entries.first()).cmp(&(weight(b), b.entries.first())));
    Ok(all)
}

impl Desk {
    pub(crate) fn signal_view(&self, signal: Signal) -> Outcome<SignalView> {
        let names = &self.sitting()?.names;
        let facts = signal.facts.into_iter();
        Ok(SignalView {
            kind: signal.kind.to_owned(),
            by: signal.by.and_then(|actor| names.printed(&actor)),
            subject: signal.subject,
            path: signal.path,
            facts: facts.map(|(name, fact)| (name.to_owned(), fact)).collect(),
            entries: signal.entries,
        })
    }
}

/// The rules with their thresholds, for the page.
pub(crate) fn rule_views() -> Vec<SignalRuleView> {
    let named = |(name, value): &(&str, i64)| ((*name).to_owned(), value.to_string());
    RULES
        .iter()
        .map(|(kind, thresholds)| SignalRuleView {
            kind: (*kind).to_owned(),
            thresholds: thresholds.iter().map(named).collect(),
        })
        .collect()
}
