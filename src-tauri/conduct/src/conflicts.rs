//! Where two devices wrote the same item, or one took out the row of what the other wrote, neither knowing of the other: both
//! are shown, a query of the device asks about them, and whoever knows both and enters a value settles it.

use std::collections::BTreeMap;

use store::{ConflictRow, Deed, QueryFilter, QueryRow, QueryState, SiteFile};
use study::{
    act::{Act, EntryRef, FileKind},
    path::{ItemPath, SubjectCode},
    value::Value,
};

use crate::{
    crossed,
    desk::Desk,
    people::Names,
    trouble::Outcome,
    views::{ConflictView, SideView},
};

/// The same on every device, so that the query is raised once however often it is found.
pub(crate) fn query_of(conflict: &ConflictRow) -> String {
    named_after("cartwright-conflict-v1", &[&conflict.stands, &conflict.other])
}

/// The name of a query that asks about entries.
pub(crate) fn named_after(kind: &str, entries: &[&EntryRef]) -> String {
    let mut text = kind.to_owned();
    for at in entries {
        text = format!("{text}\n{}/{}", at.log, at.seq);
    }
    let hash = proof::Digest::of(text.as_bytes()).to_string();
    format!("q-{}", hash.get(..16).unwrap_or_default())
}

/// Conflicts at items that no query asks about yet.
pub(crate) fn unasked(file: &SiteFile) -> Outcome<Vec<(ConflictRow, ItemPath)>> {
    let mut all = Vec::new();
    if file.kind() != FileKind::Site {
        return Ok(all);
    }
    for conflict in file.conflicts()? {
        let Ok(path) = conflict.path.parse::<ItemPath>() else {
            continue;
        };
        if file.query(&query_of(&conflict))?.is_none() {
            all.push((conflict, path));
        }
    }
    Ok(all)
}

/// A conflict with both sides.
pub(crate) fn conflict_view(file: &SiteFile, names: &Names, conflict: &ConflictRow) -> Outcome<ConflictView> {
    let last = match conflict.path.parse::<ItemPath>() {
        Ok(path) => file.item(&path)?.map(|row| row.last),
        Err(_) => None,
    };
    Ok(ConflictView {
        path: conflict.path.clone(),
        stands: side(file, names, &conflict.stands)?,
        other: side(file, names, &conflict.other)?,
        settled: last.is_some_and(|last| last != conflict.stands),
    })
}

fn side(file: &SiteFile, names: &Names, at: &EntryRef) -> Outcome<SideView> {
    let device = file.logs()?.into_iter().find(|log| log.log == at.log);
    let entry = file.entry(at)?;
    let redacted = entry.as_ref().is_some_and(|entry| entry.redacted);
    let Some(body) = entry.and_then(|entry| entry.body) else {
        return Err(crate::trouble::Trouble::Own(
            "a conflict names an entry that is not here",
        ));
    };
    let value = if let Act::ValueEntered { value, .. } = body.act {
        value
    } else {
        None
    };
    Ok(SideView {
        at: at.clone(),
        value,
        redacted,
        by: names.printed_or_device(&body.actor),
        role: body.role,
        device: device.map(|log| log.device).unwrap_or_default(),
        when: body.moment,
        reason: body.reason,
    })
}

impl Desk {
    /// The conflict that a query of the device is about.
    pub(crate) fn conflict_of(&self, row: &QueryRow) -> Outcome<Option<ConflictView>> {
        let sitting = self.sitting()?;
        if row.opened_by != study::act::Actor::Device {
            return Ok(None);
        }
        let conflicts = sitting.file.conflicts_at(&row.path)?;
        let about = conflicts.iter().find(|conflict| query_of(conflict) == row.query);
        about
            .map(|conflict| conflict_view(&sitting.file, &sitting.names, conflict))
            .transpose()
    }

    /// Where two devices of this site wrote at one item, or one settled what another went on with, a query of the device shows
    /// both.
    pub(crate) fn query_conflicts(&mut self) -> Outcome<u32> {
        let mut asked: BTreeMap<SubjectCode, Vec<Deed>> = BTreeMap::new();
        let file = &self.sitting()?.file;
        for (conflict, path) in unasked(file)? {
            let version = file.item(&path)?.map_or(0, |item| item.version);
            let text = format!(
                "{} ≠ {}",
                self.said_at(&conflict.stands)?,
                self.said_at(&conflict.other)?
            );
            let subject = path.form.subject.clone();
            let act = Act::QueryOpened {
                query: query_of(&conflict),
                path,
                text,
                version,
            };
            asked.entry(subject).or_default().push(act.into());
        }
        for crossed in crossed::unasked(file)? {
            let subject = crossed.path.form.subject.clone();
            asked.entry(subject).or_default().push(self.asks(&crossed)?);
        }
        let raised = asked.values().map(Vec::len).sum::<usize>();
        // A save stands under the study version of one subject.
        for deeds in asked.into_values() {
            self.save_as_device(deeds)?;
        }
        Ok(u32::try_from(raised).unwrap_or(u32::MAX))
    }

    /// Queries of the device about two values of items, or about one that came while the form was completed, which a value
    /// entered now, or the removal of the items' row, settles: noted with it.
    pub(crate) fn settled_at(&self, paths: &[ItemPath]) -> Outcome<Vec<Deed>> {
        let file = &self.sitting()?.file;
        let mut settled = Vec::new();
        for path in paths {
            settled.extend(self.seen_at(path)?);
            let asked: Vec<String> = file.conflicts_at(path)?.iter().map(query_of).collect();
            if asked.is_empty() {
                continue;
            }
            let open = file.queries(QueryFilter::OfItem(path))?.into_iter();
            let open = open.filter(|row| row.state != QueryState::Closed && asked.contains(&row.query));
            settled.extend(open.map(|row| {
                let query = row.query;
                Deed::from(Act::QueryClosed { query, text: None })
            }));
        }
        Ok(settled)
    }

    /// A value as entered, with the device and when: `12.5 10^9/L (laptop 1, 2026-03-01T08:00:00.000Z)`.
    fn said_at(&self, at: &EntryRef) -> Outcome<String> {
        let sitting = self.sitting()?;
        let side = side(&sitting.file, &sitting.names, at)?;
        let value = side.value.as_ref().map(plain).unwrap_or_default();
        Ok(format!("{value} ({}, {})", side.device, side.when.at)
            .trim_start()
            .to_owned())
    }
}

/// A value's own parts, one after the other.
fn plain(value: &Value) -> String {
    let mut parts = Vec::new();
    if let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(value) {
        for (name, field) in fields {
            if let Some(text) = field.as_str() {
                if name != "type" {
                    parts.push(text.to_owned());
                }
            } else {
                parts.push(field.to_string());
            }
        }
    }
    parts.join(" ")
}
