//! What the fold has to know of the logs: whose each is, and how much of the others it had seen at each point.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
};

use study::{
    act::{Act, EntryRef, FileKind, LogId},
    path::FormPath,
};

use crate::key::Key;

/// The first entry of the first log made the file: everything of this file's own belongs to it.
pub(crate) const HOME: i64 = (1 << 40) | 1;

#[derive(Clone)]
pub(crate) struct Known {
    site: i64,
    kind: FileKind,
    /// How far it had seen each of the others.
    seen: HashMap<u32, u64>,
}

/// What is known of the logs while entries are folded in their order.
pub(crate) enum Ledger {
    /// A save of this device: it has seen everything, and the door has asked whether it may.
    Own,
    /// All logs, entry by entry.
    All {
        logs: HashMap<u32, Known>,
        ids: HashMap<LogId, u32>,
        /// Forms whose values are counted when everything was folded.
        uncounted: RefCell<BTreeSet<String>>,
    },
}

impl Ledger {
    pub(crate) fn new() -> Self {
        Self::All {
            logs: HashMap::new(),
            ids: HashMap::new(),
            uncounted: RefCell::default(),
        }
    }

    /// Whether a form's values are counted later; then it is remembered.
    pub(crate) fn counts_later(&self, form: &FormPath) -> bool {
        match self {
            Self::Own => false,
            Self::All { uncounted, .. } => {
                uncounted.borrow_mut().insert(form.to_string());
                true
            }
        }
    }

    /// Some of the forms that are still to be counted; they are remembered no longer.
    pub(crate) fn uncounted(&mut self, most: usize) -> Vec<String> {
        match self {
            Self::Own => Vec::new(),
            Self::All { uncounted, .. } => {
                let all = uncounted.get_mut();
                std::iter::from_fn(|| all.pop_first()).take(most).collect()
            }
        }
    }

    /// Learns from an entry what it says of logs.
    pub(crate) fn take_in(&mut self, key: Key, act: &Act) {
        let Self::All { logs, ids, .. } = self else { return };
        #[allow(clippy::wildcard_enum_match_arm, reason = "no other act says anything of logs")]
        match act {
            Act::SiteCreated { kind, .. } => {
                let known = Known {
                    site: key.to_sql(),
                    kind: *kind,
                    seen: HashMap::new(),
                };
                logs.insert(key.log, known);
            }
            Act::LogOpened { log, continues, .. } => {
                ids.insert(log.clone(), key.log);
                if let Some((EntryRef { log, seq }, _)) = continues
                    && let Some(before) = ids.get(log).copied()
                    && let Some(mut known) = logs.get(&before).cloned()
                {
                    known.seen.insert(before, *seq);
                    logs.insert(key.log, known);
                }
            }
            Act::BundleImported { upto, .. } => {
                let upto: Vec<(u32, u64)> = upto
                    .iter()
                    .filter_map(|at| Some((*ids.get(&at.log)?, at.seq)))
                    .collect();
                if let Some(known) = logs.get_mut(&key.log) {
                    for (no, seq) in upto {
                        let seen = known.seen.entry(no).or_default();
                        *seen = seq.max(*seen);
                    }
                }
            }
            _ => {}
        }
    }

    pub(crate) fn site_of(&self, log: u32) -> i64 {
        match self {
            Self::Own => HOME,
            Self::All { logs, .. } => logs.get(&log).map_or(0, |known| known.site),
        }
    }

    /// Whether a log is of a kind that holds such acts.
    pub(crate) fn may_hold(&self, log: u32, act: &Act) -> bool {
        match self {
            Self::Own => true,
            Self::All { logs, .. } => {
                let founds = matches!(act, Act::SiteCreated { .. } | Act::LogOpened { .. });
                founds || logs.get(&log).is_some_and(|known| act.belongs_in(known.kind))
            }
        }
    }

    pub(crate) fn knew(&self, log: u32, other: Key) -> bool {
        match self {
            Self::Own => true,
            Self::All { logs, .. } => {
                let seen = logs.get(&log).and_then(|known| known.seen.get(&other.log));
                log == other.log || seen.is_some_and(|seen| *seen >= other.seq)
            }
        }
    }

    pub(crate) fn number_of(&self, log: &str) -> Option<u32> {
        match self {
            Self::Own => None,
            Self::All { ids, .. } => ids.get(log).copied(),
        }
    }
}
