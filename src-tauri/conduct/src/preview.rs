//! What taking in a bundle would come to, in the parts that a screen puts into words. Read from the file as it would be:
//! the report cannot say anything else than what happens.

use std::collections::{BTreeMap, BTreeSet};

use bundle::{Kind, Verified};
use store::{Coming, ConflictRow, EntryFilter, EntryView, Imported, Incoming, LogRow, PersonRow, SiteFile, StoreError};
use study::{
    act::{Act, EntryRef, LogId},
    path::SubjectCode,
};

use crate::{
    conflicts::{conflict_view, unasked},
    crossed::{self, crossing_view},
    desk::{Desk, Place},
    journal::aloud,
    machine::Dice,
    people::Names,
    redaction::redacted_by,
    requests::PreviewBundle,
    trouble::{Outcome, no},
    views::{
        ConflictView, CrossingView, PreviewActsView, PreviewLogView, PreviewPersonView, PreviewRedactionView,
        PreviewView,
    },
};

/// What is here before anything came.
struct Before {
    logs: Vec<LogRow>,
    people: BTreeSet<String>,
    conflicts: Vec<ConflictRow>,
}

/// What there would be.
struct After {
    logs: Vec<PreviewLogView>,
    acts: Vec<PreviewActsView>,
    subjects: Vec<SubjectCode>,
    conflicts: Vec<ConflictView>,
    crossings: Vec<CrossingView>,
    queries: u32,
    redactions: Vec<PreviewRedactionView>,
    people: Vec<PreviewPersonView>,
}

impl Desk {
    pub(crate) fn preview_bundle(&mut self, asked: PreviewBundle) -> Outcome<PreviewView> {
        self.writable()?;
        let (verified, incoming) = self.incoming(asked.handle, asked.fingerprint.as_deref())?;
        let stamp = self.stamp();
        let Place::Open(sitting) = &mut self.place else {
            return no("not_logged_in");
        };
        let known = sitting.file.known_keys()?;
        let before = Before::of(&sitting.file)?;
        let mut dice = Dice(self.machine.as_mut());
        let look = |file: &SiteFile, coming: &Coming| After::of(file, coming, &incoming, &verified, &before);
        let seen = sitting
            .file
            .preview(&incoming, &sitting.session, &stamp, &mut dice, look);
        let (imported, after) = match seen {
            // Evidence does not wait for anybody's word: it is kept, and told, as soon as it is seen.
            Err(StoreError::NotTakenIn { what: "fork", .. }) => {
                sitting.told = crate::told::Told::default();
                sitting
                    .file
                    .import(&incoming, &sitting.session, &stamp, &mut dice)
                    .map(drop)?;
                return no("import_not_as_shown");
            }
            seen => seen?,
        };
        let key = verified.signed_by.key.to_openssh();
        let own = incoming.store == sitting.file.store_id();
        Ok(view(
            &verified,
            &incoming,
            imported,
            after?,
            (own, known.iter().any(|(_, known)| *known == key)),
        ))
    }
}

fn view(
    verified: &Verified,
    incoming: &Incoming,
    imported: Imported,
    after: After,
    (own, key_known): (bool, bool),
) -> PreviewView {
    PreviewView {
        bundle: incoming.bundle.clone(),
        sha256: incoming.sha256.clone(),
        from: incoming.from.clone(),
        kind: match verified.header.kind {
            Kind::SiteRecords => "site_records",
            Kind::Review => "review",
            Kind::Archive => "archive",
        }
        .to_owned(),
        own,
        created: verified.header.created.clone(),
        device: verified.header.device.clone(),
        exported_by: verified.exported_by.printed_name.clone(),
        key_known,
        words: verified.signed_by.key.words().join(" "),
        fingerprint: verified.signed_by.fingerprint.clone(),
        already: imported.already,
        new: imported.new,
        here: after.logs.iter().map(|log| log.here).sum(),
        missing: imported.missing.into_iter().map(Into::into).collect(),
        logs: after.logs,
        acts: after.acts,
        subjects: after.subjects,
        conflicts: after.conflicts,
        crossings: after.crossings,
        queries: after.queries,
        redactions: after.redactions,
        people: after.people,
    }
}

impl Before {
    fn of(file: &SiteFile) -> Outcome<Self> {
        Ok(Self {
            logs: file.logs()?,
            people: file.people()?.into_iter().map(|row| row.person).collect(),
            conflicts: file.conflicts()?,
        })
    }
}

impl After {
    fn of(
        file: &SiteFile,
        coming: &Coming,
        incoming: &Incoming,
        verified: &Verified,
        before: &Before,
    ) -> Outcome<Self> {
        let names = Names::of(file)?;
        let mut acts: BTreeMap<String, (u64, BTreeSet<SubjectCode>)> = BTreeMap::new();
        for entry in arrived(file, &coming.applied)? {
            let Some(body) = entry.body else { continue };
            let told = acts.entry(aloud(&body.act)?.act).or_default();
            told.0 += 1;
            told.1.extend(about(file, &body.act)?);
        }
        let subjects: BTreeSet<SubjectCode> = acts.values().flat_map(|(_, about)| about.iter().cloned()).collect();
        let mut acts: Vec<PreviewActsView> = acts
            .into_iter()
            .map(|(act, (count, subjects))| PreviewActsView {
                act,
                count,
                subjects: subjects.into_iter().collect(),
            })
            .collect();
        acts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.act.cmp(&b.act)));
        let conflicts = file.conflicts()?.into_iter();
        let conflicts = conflicts.filter(|row| !before.conflicts.contains(row));
        let conflicts = conflicts.map(|row| conflict_view(file, &names, &row));
        let crossed = crossed::unasked(file)?;
        let crossings = crossed.iter().map(|row| crossing_view(file, &names, row));
        let crossings: Vec<Option<CrossingView>> = crossings.collect::<Outcome<_>>()?;
        let here = |at: &&EntryRef| !coming.applied.contains(at);
        let redactions = coming.taken.iter().filter(here).map(|at| redaction(file, &names, at));
        let new_person = |row: &PersonRow| !before.people.contains(&row.person);
        let people = file.people()?.into_iter().filter(new_person);
        Ok(Self {
            logs: logs(file, coming, incoming, verified, before)?,
            acts,
            subjects: subjects.into_iter().collect(),
            conflicts: conflicts.collect::<Outcome<_>>()?,
            crossings: crossings.into_iter().flatten().collect(),
            queries: u32::try_from(unasked(file)?.len() + crossed.len()).unwrap_or(u32::MAX),
            redactions: redactions.collect::<Outcome<_>>()?,
            people: people
                .map(|row| PreviewPersonView {
                    printed_name: row.printed_name,
                    role: row.role,
                    home: row.home,
                })
                .collect(),
        })
    }
}

/// Entries by log, each log's as the one stretch that they are.
fn arrived(file: &SiteFile, applied: &[EntryRef]) -> Outcome<Vec<EntryView>> {
    let mut all = Vec::with_capacity(applied.len());
    for (log, seqs) in by_log(applied) {
        let Some(first) = seqs.iter().min() else { continue };
        let past = (*first > 1).then(|| EntryRef {
            log: log.clone(),
            seq: first - 1,
        });
        all.extend(file.entries(&EntryFilter {
            log: Some(log),
            past,
            limit: u32::try_from(seqs.len()).unwrap_or(u32::MAX),
            ..EntryFilter::default()
        })?);
    }
    Ok(all)
}

fn by_log(entries: &[EntryRef]) -> BTreeMap<LogId, Vec<u64>> {
    let mut logs: BTreeMap<LogId, Vec<u64>> = BTreeMap::new();
    for at in entries {
        logs.entry(at.log.clone()).or_default().push(at.seq);
    }
    logs
}

/// The subject that an act is about; of an answer, that of its query.
fn about(file: &SiteFile, act: &Act) -> Outcome<Option<SubjectCode>> {
    if let Some(subject) = act.subject() {
        return Ok(Some(subject.to_owned()));
    }
    let query = match aloud(act)?.query {
        Some(query) => file.query(&query)?,
        None => None,
    };
    Ok(query.map(|row| row.path.form.subject))
}

fn redaction(file: &SiteFile, names: &Names, at: &EntryRef) -> Outcome<PreviewRedactionView> {
    let said = match file.entry(at)?.and_then(|entry| entry.body) {
        Some(body) => aloud(&body.act)?,
        None => crate::journal::Aloud::default(),
    };
    Ok(PreviewRedactionView {
        at: at.clone(),
        act: said.act,
        path: said.path,
        redaction: redacted_by(file, names, at)?,
    })
}

/// Log by log: what the bundle holds of it, what of that is here, what would be new, what would wait.
fn logs(
    file: &SiteFile,
    coming: &Coming,
    incoming: &Incoming,
    verified: &Verified,
    before: &Before,
) -> Outcome<Vec<PreviewLogView>> {
    let (applied, waiting) = (by_log(&coming.applied), by_log(&coming.waiting));
    let after = file.logs()?;
    let mut names: BTreeSet<&LogId> = verified.header.logs.iter().map(|range| &range.log).collect();
    names.extend(applied.keys());
    let mut all = Vec::with_capacity(names.len());
    for log in names {
        let range = verified.header.logs.iter().find(|range| range.log == *log);
        let had = before
            .logs
            .iter()
            .find(|row| row.log == *log)
            .map_or(0, |row| row.last_seq);
        let carried = incoming.entries.iter().filter(|entry| entry.log == *log);
        all.push(PreviewLogView {
            device: after.iter().find(|row| row.log == *log).map(|row| row.device.clone()),
            from: range.map_or(0, |range| range.from),
            to: range.map_or(0, |range| range.to),
            here: carried.filter(|entry| entry.seq <= had).count() as u64,
            new: applied.get(log).map_or(0, |seqs| seqs.len() as u64),
            waiting: waiting.get(log).map_or(0, |seqs| seqs.len() as u64),
            log: log.clone(),
        });
    }
    Ok(all)
}
