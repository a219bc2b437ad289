//! Where one device settled what another went on with, neither knowing of the other: a question was closed while somebody answered
//! it or asked it again, a form was completed while somebody entered a value in it. A query of the device shows both (ADR 0014).

use std::collections::HashSet;

use store::{CrossingRow, Deed, QueryFilter, QueryRow, QueryState, SiteFile, act_type};
use study::{
    act::{Act, Actor, EntryRef, FileKind},
    path::{FormPath, ItemPath},
};

use crate::{
    conflicts::named_after,
    desk::Desk,
    people::Names,
    trouble::Outcome,
    views::{CrossingView, DoneView},
};

/// What was settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Settled {
    Question,
    Form,
}

/// A crossing, and the name of the query that asks about it: the same on every device, so that it is asked about once however
/// often it is found.
pub(crate) struct Crossed {
    pub(crate) query: String,
    pub(crate) path: ItemPath,
    /// What whoever settled it had not before them.
    pub(crate) unseen: EntryRef,
    /// What settled it.
    pub(crate) settled: EntryRef,
    what: Settled,
}

impl Crossed {
    /// One query for each thing said that was not heard, whoever did not hear it; one for each value and completion.
    fn of(row: CrossingRow, what: Settled) -> Self {
        let CrossingRow { path, unseen, settled } = row;
        let query = match what {
            Settled::Question => named_after("cartwright-unheard-v1", &[&unseen]),
            Settled::Form => named_after("cartwright-unseen-v1", &[&unseen, &settled]),
        };
        Self {
            query,
            path,
            unseen,
            settled,
            what,
        }
    }

    /// What a query of a device is about, as the entry says that raised it.
    fn behind(file: &SiteFile, row: &QueryRow) -> Outcome<Option<Self>> {
        if row.opened_by != Actor::Device {
            return Ok(None);
        }
        let refs = file.entry(&row.opened)?.and_then(|entry| entry.body);
        let refs = refs.map(|body| body.refs).unwrap_or_default();
        let [unseen, settled] = refs.as_slice() else {
            return Ok(None);
        };
        let about = [Settled::Question, Settled::Form].map(|what| {
            let (path, unseen, settled) = (row.path.clone(), unseen.clone(), settled.clone());
            Self::of(CrossingRow { path, unseen, settled }, what)
        });
        Ok(about.into_iter().find(|about| about.query == row.query))
    }
}

/// Crossings that no query asks about yet. Questions are everybody's, so that every file asks; values and forms are the site's.
pub(crate) fn unasked(file: &SiteFile) -> Outcome<Vec<Crossed>> {
    let questions = file.crossed_queries()?.into_iter();
    let mut all: Vec<Crossed> = questions.map(|row| Crossed::of(row, Settled::Question)).collect();
    if file.kind() == FileKind::Site {
        let conflicts = file.conflicts()?;
        let two = |row: &CrossingRow| {
            let path = row.path.to_string();
            let mut here = conflicts.iter().filter(|conflict| conflict.path == path);
            here.any(|conflict| [&conflict.stands, &conflict.other].contains(&&row.unseen))
        };
        // Of two values at one item both are shown already.
        let values = file.crossed_completions()?.into_iter().filter(|row| !two(row));
        all.extend(values.map(|row| Crossed::of(row, Settled::Form)));
    }
    let (mut seen, mut new) = (HashSet::new(), Vec::new());
    for crossed in all {
        // A row taken out lies at several items.
        if seen.insert(crossed.query.clone()) && file.query(&crossed.query)?.is_none() {
            new.push(crossed);
        }
    }
    Ok(new)
}

/// Both sides of a crossing; none where an entry of it is not here.
pub(crate) fn crossing_view(file: &SiteFile, names: &Names, crossed: &Crossed) -> Outcome<Option<CrossingView>> {
    let sides = (
        done(file, names, &crossed.unseen)?,
        done(file, names, &crossed.settled)?,
    );
    let (Some(unseen), Some(settled)) = sides else {
        return Ok(None);
    };
    Ok(Some(CrossingView {
        path: crossed.path.to_string(),
        about: match crossed.what {
            Settled::Question => "question",
            Settled::Form => "form",
        }
        .to_owned(),
        unseen,
        settled,
    }))
}

fn done(file: &SiteFile, names: &Names, at: &EntryRef) -> Outcome<Option<DoneView>> {
    let Some(entry) = file.entry(at)? else { return Ok(None) };
    let Some(body) = entry.body else { return Ok(None) };
    let device = file.logs()?.into_iter().find(|log| log.log == at.log);
    let act = act_type(&body.act)?;
    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "a crossing names no other act that says something"
    )]
    let (value, text) = match body.act {
        Act::ValueEntered { value, .. } => (value, None),
        Act::QueryAnswered { text, .. } | Act::QueryReopened { text, .. } => (None, Some(text)),
        Act::QueryClosed { text, .. } => (None, text),
        _ => (None, None),
    };
    Ok(Some(DoneView {
        at: at.clone(),
        act,
        value,
        text: text.filter(|_| !entry.redacted),
        redacted: entry.redacted,
        by: names.printed_or_device(&body.actor),
        role: body.role,
        device: device.map(|log| log.device).unwrap_or_default(),
        when: body.moment,
        reason: body.reason,
    }))
}

impl Desk {
    /// The crossing that a query of the device is about.
    pub(crate) fn crossing_of(&self, row: &QueryRow) -> Outcome<Option<CrossingView>> {
        let sitting = self.sitting()?;
        match Crossed::behind(&sitting.file, row)? {
            Some(crossed) => crossing_view(&sitting.file, &sitting.names, &crossed),
            None => Ok(None),
        }
    }

    /// What asks about a crossing. It names the two entries and repeats nothing that somebody typed: what is redacted there would
    /// stand here still.
    pub(crate) fn asks(&self, crossed: &Crossed) -> Outcome<Deed> {
        let sitting = self.sitting()?;
        let mut said = Vec::new();
        for at in [&crossed.unseen, &crossed.settled] {
            if let Some(done) = done(&sitting.file, &sitting.names, at)? {
                said.push(format!("{} ({}, {})", done.act, done.device, done.when.at));
            }
        }
        let version = sitting.file.item(&crossed.path)?.map_or(0, |item| item.version);
        Ok(Deed {
            act: Act::QueryOpened {
                query: crossed.query.clone(),
                path: crossed.path.clone(),
                text: said.join(" ≠ "),
                version,
            },
            reason: None,
            refs: vec![crossed.unseen.clone(), crossed.settled.clone()],
        })
    }

    /// Queries about crossings in which nobody has said anything: what is done now settles them, and is noted with it. Once
    /// somebody spoke, they are for people to close.
    fn silent(&self, rows: Vec<QueryRow>, what: Settled) -> Outcome<Vec<(Crossed, Deed)>> {
        let file = &self.sitting()?.file;
        let mut settled = Vec::new();
        for row in rows {
            if row.state != QueryState::Open || row.last != row.opened {
                continue;
            }
            let Some(crossed) = Crossed::behind(file, &row)?.filter(|crossed| crossed.what == what) else {
                continue;
            };
            let query = row.query;
            settled.push((crossed, Deed::from(Act::QueryClosed { query, text: None })));
        }
        Ok(settled)
    }

    /// Queries about a value of an item that came while its form was completed: a value entered now settles them.
    pub(crate) fn seen_at(&self, path: &ItemPath) -> Outcome<Vec<Deed>> {
        let rows = self.sitting()?.file.queries(QueryFilter::OfItem(path))?;
        let settled = self.silent(rows, Settled::Form)?.into_iter();
        Ok(settled.map(|(_, deed)| deed).collect())
    }

    /// The same of every item of a form: who completes it again has seen them.
    pub(crate) fn seen_on(&self, form: &FormPath) -> Outcome<Vec<Deed>> {
        let mut rows = self.sitting()?.file.queries(QueryFilter::OfSubject(&form.subject))?;
        rows.retain(|row| row.path.form == *form);
        let settled = self.silent(rows, Settled::Form)?.into_iter();
        Ok(settled.map(|(_, deed)| deed).collect())
    }

    /// Queries about what was said in a question while it was closed: asking that one again settles them.
    pub(crate) fn heard_in(&self, query: &QueryRow) -> Outcome<Vec<Deed>> {
        let file = &self.sitting()?.file;
        let rows = file.queries(QueryFilter::OfItem(&query.path))?;
        let mut heard = Vec::new();
        for (crossed, deed) in self.silent(rows, Settled::Question)? {
            let said = file.entry(&crossed.unseen)?.and_then(|entry| entry.body);
            if let Some(Act::QueryAnswered { query: of, .. } | Act::QueryReopened { query: of, .. }) =
                said.map(|body| body.act)
                && of == query.query
            {
                heard.push(deed);
            }
        }
        Ok(heard)
    }
}
