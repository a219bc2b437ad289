//! What came in bundles, as the entries tell that this file wrote when it took them in.

use std::collections::HashMap;

use study::act::{Act, Body, EntryRef};

use crate::key::Key;

#[derive(Default)]
pub(super) struct Taken {
    told: Vec<(Key, Vec<EntryRef>)>,
}

impl Taken {
    pub(super) fn take_in(&mut self, key: Key, body: &Body) {
        if let Act::BundleImported { upto, .. } = &body.act {
            self.told.push((key, upto.clone()));
        }
    }

    /// How far each log came, by what was told in this file itself: `here` says up to where a log was written in it.
    pub(super) fn upto<'a>(&'a self, names: &HashMap<u32, &str>, here: &dyn Fn(&str) -> u64) -> HashMap<&'a str, u64> {
        let mut all: HashMap<&str, u64> = HashMap::new();
        let told = self.told.iter();
        let ours = told.filter(|(key, _)| names.get(&key.log).is_some_and(|log| key.seq <= here(log)));
        for at in ours.flat_map(|(_, upto)| upto) {
            let known = all.entry(&at.log).or_default();
            *known = at.seq.max(*known);
        }
        all
    }
}
