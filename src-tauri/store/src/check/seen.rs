//! What the journal has told so far: whose each entry is, in the one order, a few bytes for each.

use std::collections::HashMap;

use study::act::Act;

use crate::key::Key;

/// The site's own.
const SITE: u32 = u32::MAX;

/// Every entry that is to be folded, in the one order, with whose it is.
#[derive(Default)]
pub(super) struct Seen {
    keys: Vec<i64>,
    whose: Vec<u32>,
    numbers: HashMap<String, u32>,
    subjects: Vec<String>,
    counts: Vec<u64>,
    /// Entries that say something of logs, and how many came before each.
    pub(super) of_logs: Vec<(usize, Key, Act)>,
}

impl Seen {
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// One more entry, of a subject or of the site.
    pub(super) fn add(&mut self, key: Key, subject: Option<&str>) {
        let whose = match subject {
            None => SITE,
            Some(subject) => match self.numbers.get(subject) {
                Some(number) => *number,
                None => {
                    let number = u32::try_from(self.subjects.len()).unwrap_or(SITE - 1);
                    self.numbers.insert(subject.to_owned(), number);
                    self.subjects.push(subject.to_owned());
                    self.counts.push(0);
                    number
                }
            },
        };
        if let Some(count) = self.counts.get_mut(whose as usize) {
            *count += 1;
        }
        self.keys.push(key.to_sql());
        self.whose.push(whose);
    }

    /// Keeps what an entry says of logs.
    pub(super) fn learn(&mut self, key: Key, act: &Act) {
        self.of_logs.push((self.keys.len(), key, act.clone()));
    }

    /// The subjects, with how many entries each has.
    pub(super) fn subjects(&self) -> impl Iterator<Item = (&str, u64)> {
        let counts = self.counts.iter().copied();
        self.subjects.iter().map(String::as_str).zip(counts)
    }

    /// Those of some subjects, or of the site (`None`), after so many: place and key.
    pub(super) fn those(&self, after: usize, owns: &dyn Fn(Option<&str>) -> bool) -> Vec<(usize, i64)> {
        let wanted: Vec<bool> = self.subjects.iter().map(|subject| owns(Some(subject))).collect();
        let site = owns(None);
        let all = self.keys.iter().zip(&self.whose).enumerate().skip(after);
        all.filter(|(_, (_, whose))| wanted.get(**whose as usize).copied().unwrap_or(site && **whose == SITE))
            .map(|(n, (key, _))| (n, *key))
            .collect()
    }
}
