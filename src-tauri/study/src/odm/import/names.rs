//! Identifiers: theirs where it can be one of ours, letter for letter; else one made from it, with theirs beside it.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use crate::{
    identifiers::Kind,
    path::{Oid, is_oid},
};

/// Longest identifier of ours, and longest of a form, so that its items fit.
const LONGEST: usize = 40;
const LONGEST_FORM: usize = 20;

#[derive(Default)]
pub(crate) struct Names {
    taken: RefCell<BTreeSet<(&'static str, Oid)>>,
    /// The last number given behind a name, so that a thousand copies of one take a thousand steps.
    numbers: RefCell<BTreeMap<(&'static str, Oid), usize>>,
    /// Kind and own identifier to theirs, where they differ.
    beside: RefCell<BTreeMap<(Kind, Oid), String>>,
    same: RefCell<usize>,
}

impl Names {
    /// An identifier for a part of `form` or for a part that stands alone. `known` is what it was called with us before.
    pub(crate) fn give(&self, kind: Kind, theirs: &str, known: Option<&str>, form: Option<&str>) -> Oid {
        let legal = |oid: &str| match form {
            Some(form) => {
                let rest = oid.strip_prefix(form).and_then(|rest| rest.strip_prefix('.'));
                is_oid(oid) && rest.is_some_and(|rest| !rest.is_empty() && !rest.contains('.'))
            }
            // A point separates form and item in rules.
            None => is_oid(oid) && (kind != Kind::Form || !oid.contains('.') && oid.len() <= LONGEST_FORM * 2),
        };
        let wished = [known, Some(theirs)]
            .into_iter()
            .flatten()
            .find(|oid| legal(oid))
            .map_or_else(|| made(kind, theirs, form), str::to_owned);
        let space = match kind {
            // Groups and items share one space of names in a definition.
            Kind::Group | Kind::Item => "item",
            Kind::Study | Kind::Visit | Kind::Form | Kind::Codelist => kind.word(),
        };
        let mut own = wished.clone();
        let mut numbers = self.numbers.borrow_mut();
        let no = numbers.entry((space, wished.clone())).or_insert(1);
        while !self.taken.borrow_mut().insert((space, own.clone())) {
            *no += 1;
            let tail = format!("_{no}");
            let head: String = wished.chars().take(LONGEST - tail.len()).collect();
            own = format!("{head}{tail}");
        }
        // What went out under another name because of a clash comes back under its own.
        if own == theirs || known == Some(own.as_str()) {
            *self.same.borrow_mut() += 1;
        } else {
            self.beside.borrow_mut().insert((kind, own.clone()), theirs.to_owned());
        }
        own
    }

    /// How many are theirs letter for letter.
    pub(crate) fn same(&self) -> usize {
        *self.same.borrow()
    }

    /// Those that stand beside one of ours: kind, ours, theirs.
    pub(crate) fn beside(&self) -> Vec<(Kind, Oid, String)> {
        let beside = self.beside.borrow();
        beside
            .iter()
            .map(|((kind, own), theirs)| (*kind, own.clone(), theirs.clone()))
            .collect()
    }
}

/// Capitals and digits as they are, everything else as `_`.
fn made(kind: Kind, theirs: &str, form: Option<&str>) -> Oid {
    let rest = form.and_then(|form| theirs.strip_prefix(form)?.strip_prefix('.'));
    let mut name = String::new();
    for c in rest.unwrap_or(theirs).chars() {
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_uppercase());
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    let name = name.trim_end_matches('_');
    let front = if name.starts_with(|c: char| c.is_ascii_uppercase()) {
        ""
    } else {
        kind.letters()
    };
    let name = match (front.is_empty(), name.is_empty()) {
        (true, _) => name.to_owned(),
        (false, true) => front.to_owned(),
        (false, false) => format!("{front}_{name}"),
    };
    let longest = match (kind, form) {
        (_, Some(form)) => LONGEST.saturating_sub(form.len() + 1),
        (Kind::Form, None) => LONGEST_FORM,
        (Kind::Study | Kind::Visit | Kind::Group | Kind::Item | Kind::Codelist, None) => LONGEST,
    };
    let name: String = name.chars().take(longest.max(1)).collect();
    match form {
        Some(form) => format!("{form}.{name}"),
        None => name,
    }
}

/// The OID of a study: capitals, digits and hyphens.
pub(crate) fn study(theirs: &str) -> Oid {
    let legal = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
    if theirs.chars().all(legal) {
        return theirs.to_owned();
    }
    let name: String = theirs
        .chars()
        .map(|c| c.to_ascii_uppercase())
        .map(|c| if legal(c) { c } else { '-' })
        .collect();
    let name = name.trim_matches('-');
    if name.is_empty() {
        "STUDY".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_kept_or_stand_beside() {
        let names = Names::default();
        for (kind, theirs, form, own) in [
            (Kind::Form, "DM", None, "DM"),
            (Kind::Form, "F.1", None, "F_1"),
            (Kind::Form, "F-1", None, "F_1_2"),
            (Kind::Form, "人口学", None, "F"),
            (Kind::Form, "2nd form", None, "F_2ND_FORM"),
            (Kind::Item, "DM.SEX", Some("DM"), "DM.SEX"),
            (Kind::Item, "DM.sex", Some("DM"), "DM.SEX_2"),
            (Kind::Item, "I.AE.TERM", Some("DM"), "DM.I_AE_TERM"),
            (Kind::Visit, "SE.1", None, "SE.1"),
            (Kind::Codelist, "CL.YesNo", None, "CL_YESNO"),
        ] {
            assert_eq!(names.give(kind, theirs, None, form), own, "{theirs}");
            assert!(is_oid(own));
        }
        let long = "X".repeat(60);
        let item = names.give(Kind::Item, &long, None, Some("DM"));
        assert!(is_oid(&item), "{item}");
        assert_eq!(names.same(), 3);
        assert!(
            names
                .beside()
                .iter()
                .any(|(_, own, theirs)| own == "F_1" && theirs == "F.1")
        );
        assert_eq!(study("S.1"), "S-1");
        assert_eq!(study("ALLO-CD19-BALL"), "ALLO-CD19-BALL");
        assert_eq!(study("试验"), "STUDY");
    }
}
