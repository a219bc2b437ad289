//! Signals of changed values: after a signature, after verification, and again and again.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    rc::Rc,
};

use store::{EntryFilter, Known};
use study::{
    act::{Act, EntryRef},
    path::{FormPath, ItemPath},
};

use super::{CHANGES, Read, Signal, Stretch};
use crate::{editions::version_of, trouble::Outcome};

/// Something was attested, or an attestation taken back, by somebody who had so much before them.
struct Attested {
    known: Rc<Known>,
    stands: bool,
}

/// What is looked up outside of the stretch: only of forms and subjects that somebody changed in it.
#[derive(Default)]
struct Before {
    signed: HashMap<FormPath, Vec<Attested>>,
    verified: HashMap<ItemPath, Vec<Attested>>,
}

impl Before {
    fn of(stretch: &Stretch<'_>, changed: &[(&Read, FormPath)]) -> Outcome<Self> {
        let mut known = Self::default();
        if changed.is_empty() {
            return Ok(known);
        }
        let file = &stretch.desk.sitting()?.file;
        let touched: BTreeSet<&FormPath> = changed.iter().map(|(_, form)| form).collect();
        for row in file.signatures()? {
            let covered = row.statement.records.iter();
            let covered = covered.filter_map(|record| record.id.parse::<FormPath>().ok());
            let covered: Vec<FormPath> = covered.filter(|form| touched.contains(form)).collect();
            if covered.is_empty() {
                continue;
            }
            let upto = Rc::new(file.known_to(&row.entry)?);
            for form in covered {
                known.signed.entry(form).or_default().push(Attested {
                    known: Rc::clone(&upto),
                    stands: true,
                });
            }
        }
        let subjects: BTreeSet<&str> = changed.iter().map(|(_, form)| form.subject.as_str()).collect();
        for subject in subjects {
            let filter = EntryFilter {
                subject: Some(subject.to_owned()),
                acts: vec!["verified".to_owned(), "verification_withdrawn".to_owned()],
                limit: u32::MAX,
                ..EntryFilter::default()
            };
            for entry in file.entries(&filter)?.into_iter().filter_map(Read::of) {
                let stands = matches!(entry.body.act, Act::Verified { .. });
                if let Act::Verified { path, .. } | Act::VerificationWithdrawn { path } = entry.body.act {
                    known.verified.entry(path).or_default().push(Attested {
                        known: Rc::new(file.known_to(&entry.at)?),
                        stands,
                    });
                }
            }
        }
        Ok(known)
    }

    /// Whether the last word of those who did not have an entry before them was that it stands.
    fn stood(attested: Option<&Vec<Attested>>, entry: &Read) -> bool {
        let last = attested
            .into_iter()
            .flatten()
            .rfind(|one| !one.known.holds(&entry.at.log, entry.at.seq));
        last.is_some_and(|one| one.stands)
    }
}

/// The form that a change lies on.
fn form_of(act: &Act) -> Option<&FormPath> {
    if let Act::ValueEntered { path, .. } = act {
        return Some(&path.form);
    }
    if let Act::RowRemoved { form, .. } = act {
        Some(form)
    } else {
        None
    }
}

pub(super) fn signals(stretch: &Stretch<'_>) -> Outcome<Vec<Signal>> {
    let changed: Vec<(&Read, FormPath)> = stretch
        .read
        .iter()
        .filter(|entry| entry.changes())
        .filter_map(|entry| form_of(&entry.body.act).map(|form| (entry, form.clone())))
        .collect();
    let known = Before::of(stretch, &changed)?;
    let mut forms: BTreeMap<&FormPath, Vec<&Read>> = BTreeMap::new();
    let mut critical: BTreeMap<String, (Vec<&Read>, &'static str)> = BTreeMap::new();
    for (entry, form) in &changed {
        let signed = Before::stood(known.signed.get(form), entry);
        if signed {
            forms.entry(form).or_default().push(entry);
        }
        for path in critical_of(stretch, entry) {
            let after = match (signed, Before::stood(known.verified.get(&path), entry)) {
                (true, _) => "signature",
                (false, true) => "verification",
                (false, false) => continue,
            };
            critical
                .entry(path.to_string())
                .or_insert((Vec::new(), after))
                .0
                .push(entry);
        }
    }
    let mut all = Vec::new();
    for (form, entries) in forms {
        let mut signal = told("changed_after_signature", &entries);
        signal.subject = Some(form.subject.clone());
        signal.path = Some(form.to_string());
        signal.facts = vec![("changes", entries.len().to_string())];
        all.push(signal);
    }
    for (path, (entries, after)) in critical {
        let mut signal = told("critical_changed", &entries);
        signal.subject = path.split('/').next().map(str::to_owned);
        signal.path = Some(path);
        signal.facts = vec![("after", after.to_owned())];
        all.push(signal);
    }
    all.extend(again_and_again(stretch, &changed)?);
    Ok(all)
}

/// The critical items, by the study's plan of risk, that a change touches.
fn critical_of(stretch: &Stretch<'_>, entry: &Read) -> Vec<ItemPath> {
    let study = stretch.desk.under(version_of(&entry.body.study));
    let weighs = |oid: &str| study.item(oid).is_some_and(|place| place.item.critical);
    if let Act::ValueEntered { path, .. } = &entry.body.act {
        return weighs(&path.item).then(|| path.clone()).into_iter().collect();
    }
    let Act::RowRemoved { form, group, row } = &entry.body.act else {
        return Vec::new();
    };
    let items = study
        .items(&form.form)
        .filter(|place| place.group.oid == *group && place.item.critical);
    let path = |oid: &str| ItemPath {
        form: form.clone(),
        group: group.clone(),
        row: *row,
        item: oid.to_owned(),
    };
    items.map(|place| path(&place.item.oid)).collect()
}

/// Items that were changed in the stretch, and so often up to its end that somebody should look.
fn again_and_again(stretch: &Stretch<'_>, changed: &[(&Read, FormPath)]) -> Outcome<Vec<Signal>> {
    let file = &stretch.desk.sitting()?.file;
    let mut read_upto: HashMap<&str, u64> = HashMap::new();
    for entry in &stretch.read {
        read_upto.insert(&entry.at.log, entry.at.seq);
    }
    let mut items: BTreeSet<&ItemPath> = BTreeSet::new();
    for (entry, _) in changed {
        if let Act::ValueEntered { path, .. } = &entry.body.act {
            items.insert(path);
        }
    }
    let mut all = Vec::new();
    for path in items {
        let versions = file.item(path)?.map_or(0, |row| row.version);
        if versions <= CHANGES as u64 {
            continue;
        }
        let history: Vec<Read> = file.history(path)?.into_iter().filter_map(Read::of).collect();
        let upto = |at: &EntryRef| read_upto.get(at.log.as_str()).is_none_or(|last| at.seq <= *last);
        let changes: Vec<&Read> = history
            .iter()
            .filter(|entry| entry.changes() && matches!(entry.body.act, Act::ValueEntered { .. }) && upto(&entry.at))
            .collect();
        if changes.len() < CHANGES {
            continue;
        }
        let mut signal = told("changed_often", &changes);
        signal.subject = Some(path.form.subject.clone());
        signal.path = Some(path.to_string());
        signal.facts = vec![("changes", changes.len().to_string())];
        all.push(signal);
    }
    Ok(all)
}

/// A signal of entries; by whom, where it was one person.
fn told(kind: &'static str, entries: &[&Read]) -> Signal {
    let mut signal = Signal::new(kind, entries.iter().map(|entry| entry.at.clone()).collect());
    let first = entries.first().map(|entry| &entry.body.actor);
    signal.by = first
        .filter(|by| entries.iter().all(|entry| entry.body.actor == **by))
        .cloned();
    signal
}
