//! Under which identifiers the parts of a definition go out.
//!
//! Each goes out under its own, or under the one that it had in the file it came from. The schemas want every OID of a
//! version to be another one, also across kinds: the few that clash (a visit and a form of one name) get the kind in
//! front, and an alias that names their own.

use std::collections::{BTreeMap, BTreeSet};

use crate::{def::StudyDef, identifiers::Kind};

/// Own identifier to outward one, by kind.
pub(crate) struct Outward {
    out: BTreeMap<(Kind, String), String>,
}

impl Outward {
    pub(crate) fn of(def: &StudyDef) -> Self {
        let mut taken: BTreeMap<String, Kind> = BTreeMap::new();
        let mut out = BTreeMap::new();
        let mut allot = |kind: Kind, own: &str| {
            let theirs = def.identifiers.theirs(kind, own);
            let wished = theirs.unwrap_or(own).to_owned();
            let mut chosen = wished.clone();
            // Copies of one definition of theirs may share its identifier again; other kinds may not.
            let free = |name: &str, taken: &BTreeMap<String, Kind>| {
                taken.get(name).is_none_or(|held| *held == kind && theirs.is_some())
            };
            let mut no = 1;
            while !free(&chosen, &taken) {
                chosen = if no == 1 {
                    format!("{}.{wished}", kind.letters())
                } else {
                    format!("{}{no}.{wished}", kind.letters())
                };
                no += 1;
            }
            taken.insert(chosen.clone(), kind);
            out.insert((kind, own.to_owned()), chosen);
        };
        for form in &def.forms {
            allot(Kind::Form, &form.oid);
        }
        for group in def.forms.iter().flat_map(|form| &form.groups) {
            allot(Kind::Group, &group.oid);
        }
        for item in def
            .forms
            .iter()
            .flat_map(|form| &form.groups)
            .flat_map(|group| &group.items)
        {
            allot(Kind::Item, &item.oid);
        }
        for list in &def.codelists {
            allot(Kind::Codelist, &list.oid);
        }
        for visit in &def.visits {
            allot(Kind::Visit, &visit.oid);
        }
        Self { out }
    }

    /// The identifier to write.
    pub(crate) fn get<'a>(&'a self, kind: Kind, own: &'a str) -> &'a str {
        self.out.get(&(kind, own.to_owned())).map_or(own, String::as_str)
    }

    /// Two parts that wanted one identifier and are not the same: this one takes its own.
    pub(crate) fn part(&mut self, kind: Kind, own: &str) {
        let taken: BTreeSet<&String> = self.out.values().collect();
        let mut name = own.to_owned();
        while taken.contains(&name) {
            name = format!("{}.{name}", kind.letters());
        }
        self.out.insert((kind, own.to_owned()), name);
    }

    /// The own identifier where it goes out under another that nobody knows.
    pub(crate) fn hidden<'a>(&self, def: &StudyDef, kind: Kind, own: &'a str) -> Option<&'a str> {
        let shown = self.get(kind, own);
        (shown != own && def.identifiers.theirs(kind, own) != Some(shown)).then_some(own)
    }
}
