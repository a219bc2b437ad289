//! What one version of a definition changes against another, part by part, aspect by aspect.
//!
//! Every part (visit, form, item, code, criterion …) is laid out as named aspects; two layouts are compared. So nothing
//! that the loader reads can change without being told. Words are made by whoever shows it.

mod layout;

use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;

use crate::{Study, text::Text};

/// A kind of part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The study as a whole: identifier, version, name.
    Study,
    /// The registration.
    Registration,
    /// An item that the whole trial counts from.
    Landmark,
    /// A visit.
    Visit,
    /// A register of the site.
    Register,
    /// A form.
    Form,
    /// A group.
    Group,
    /// An item.
    Item,
    /// A codelist.
    Codelist,
    /// A code: `LIST/CODE`.
    Code,
    /// A unit.
    Unit,
    /// A decision of the sponsor.
    Decision,
    /// A rule or a decision that somebody answers for.
    Confirmed,
    /// A criterion.
    Criterion,
    /// A check.
    Check,
    /// A reason for a change.
    Reason,
    /// A meaning of a signature.
    Statement,
}

/// What an aspect is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// Not there.
    Nothing,
    /// A text of the study.
    Text(Text),
    /// Codes, numbers, expressions: the same in every language.
    Plain(String),
    /// A word of the definition, to be put into words: `decimal`, `scheduled`, `hard`, `yes` …
    Word(&'static str),
}

/// What happened to a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Happened {
    /// It is new.
    Added,
    /// It is asked for no more. What was entered stays.
    Retired,
    /// One aspect is another now.
    Changed {
        /// Which: `question`, `hard`, `window` …, or the name of a value of a decision.
        aspect: String,
        /// Before.
        from: Said,
        /// After.
        to: Said,
    },
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Change {
    /// What kind of part.
    pub part: Part,
    /// Its identifier.
    pub oid: String,
    /// What it is called, after the change; before, where it is retired.
    pub name: Text,
    /// Form, group or codelist it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub of: Option<String>,
    /// What happened.
    pub happened: Happened,
}

/// A part laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Laid {
    part: Part,
    oid: String,
    name: Text,
    of: Option<String>,
    aspects: Vec<(String, Said)>,
}

/// All changes from one version to another, in the order of the parts.
#[must_use]
pub fn diff(before: &Study, after: &Study) -> Vec<Change> {
    let (old, new) = (layout::lay(before), layout::lay(after));
    let by_key = |laid: &[Laid]| -> BTreeMap<(Part, String), usize> {
        laid.iter()
            .enumerate()
            .map(|(at, part)| ((part.part, part.oid.clone()), at))
            .collect()
    };
    let (old_keys, new_keys) = (by_key(&old), by_key(&new));
    let mut changes = Vec::new();
    for part in &new {
        match old_keys.get(&(part.part, part.oid.clone())).and_then(|at| old.get(*at)) {
            None => changes.push(part.change(Happened::Added)),
            Some(known) => changes.extend(aspects(known, part)),
        }
    }
    for part in &old {
        if !new_keys.contains_key(&(part.part, part.oid.clone())) {
            changes.push(part.change(Happened::Retired));
        }
    }
    changes.sort_by_key(|change| change.part);
    changes
}

impl Laid {
    fn change(&self, happened: Happened) -> Change {
        Change {
            part: self.part,
            oid: self.oid.clone(),
            name: self.name.clone(),
            of: self.of.clone(),
            happened,
        }
    }
}

fn aspects(old: &Laid, new: &Laid) -> Vec<Change> {
    let find = |laid: &Laid, name: &str| {
        let found = laid.aspects.iter().find(|(aspect, _)| aspect == name);
        found.map_or(Said::Nothing, |(_, said)| said.clone())
    };
    let gone = old
        .aspects
        .iter()
        .filter(|(name, _)| new.aspects.iter().all(|(other, _)| other != name));
    new.aspects
        .iter()
        .chain(gone)
        .filter_map(|(name, _)| {
            let (from, to) = (find(old, name), find(new, name));
            (from != to).then(|| {
                new.change(Happened::Changed {
                    aspect: name.clone(),
                    from,
                    to,
                })
            })
        })
        .collect()
}
