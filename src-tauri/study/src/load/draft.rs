//! A definition while it is read: what was understood, and where each thing stands.

use std::collections::BTreeMap;

use crate::{
    confirmed::Confirmed,
    def::StudyDef,
    load::reader::{At, Desk, Spot},
    problem::ProblemCode,
    study::RuleKey,
};

/// What was read so far.
pub(crate) struct Draft {
    pub(crate) def: StudyDef,
    /// `visit:SCR`, `item:DM.SEX`, `item:DM.SEX/with/age` … to their places.
    spots: BTreeMap<String, Spot>,
    /// Every expression with the key it is kept under.
    pub(crate) rules: Vec<(RuleKey, At<String>)>,
    /// Forms in the order that study.toml lists them.
    pub(crate) order: Vec<At<String>>,
    /// Items that the whole trial counts from, by what they are.
    pub(crate) landmarks: BTreeMap<String, String>,
    /// Rules and decisions that somebody confirmed.
    pub(crate) confirmed: Vec<Confirmed>,
}

impl Draft {
    pub(crate) fn new(def: StudyDef) -> Self {
        Self {
            def,
            spots: BTreeMap::new(),
            rules: Vec::new(),
            order: Vec::new(),
            landmarks: BTreeMap::new(),
            confirmed: Vec::new(),
        }
    }

    /// Remembers where a thing is defined; a second definition is a problem.
    pub(crate) fn define(&mut self, desk: &Desk<'_>, key: &str, oid: &str, spot: &Spot) {
        let key = format!("{key}:{oid}");
        if let Some(first) = self.spots.get(&key) {
            desk.say(
                spot,
                ProblemCode::Duplicate,
                &[("oid", oid), ("first", &desk.name(first))],
            );
        } else {
            self.spots.insert(key, spot.clone());
        }
    }

    /// Remembers where a part of a thing stands.
    pub(crate) fn place(&mut self, key: String, spot: &Spot) {
        self.spots.entry(key).or_insert_with(|| spot.clone());
    }

    /// Where a thing stands; the beginning of the first file when it was never placed.
    pub(crate) fn spot(&self, key: &str) -> Spot {
        self.spots.get(key).cloned().unwrap_or(Spot { file: 0, span: 0..0 })
    }
}
