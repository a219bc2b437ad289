//! Questions about values: opened by reviewers, answered by the site, closed by reviewers.

use store::{QueryFilter, QueryRow, QueryState};
use study::act::Act;

use crate::{
    casebook::Casebook,
    desk::Desk,
    machine::{days_since, make_id},
    requests::{AnswerQuery, CloseQuery, Queries, RaiseQuery, ReopenQuery},
    rights::may,
    trouble::{Outcome, no_with},
    views::{QueriesView, QueryView, SaidView},
};

/// Longest text of a question or an answer.
const LONGEST: usize = 2000;

pub(crate) fn words(text: &str) -> Outcome<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST {
        return no_with("query_words", &[("most", &LONGEST.to_string())]);
    }
    Ok(text.to_owned())
}

fn state(state: QueryState) -> &'static str {
    match state {
        QueryState::Open => "open",
        QueryState::Answered => "answered",
        QueryState::Closed => "closed",
    }
}

/// One query with everything said.
pub(crate) fn query_view(desk: &Desk, row: &QueryRow) -> Outcome<QueryView> {
    let file = &desk.sitting()?.file;
    let now = file.item(&row.path)?.map_or(0, |item| item.version);
    let removed = Casebook::of_record(file, &row.path.form)?.row_removed(&row.path);
    query_view_at(desk, row, now, removed)
}

/// The same beside an item whose version is known, and whether its row was taken out.
pub(crate) fn query_view_at(desk: &Desk, row: &QueryRow, version_now: u64, row_removed: bool) -> Outcome<QueryView> {
    let sitting = desk.sitting()?;
    let mut thread = Vec::new();
    for entry in sitting.file.query_thread(&row.query)? {
        let redacted = entry.redacted;
        let Some(body) = entry.body else { continue };
        #[allow(
            clippy::wildcard_enum_match_arm,
            reason = "a thread holds acts on its query, and nothing else is said"
        )]
        let (act, text) = match body.act {
            Act::QueryOpened { text, .. } => ("opened", Some(text)),
            Act::QueryAnswered { text, .. } => ("answered", Some(text)),
            Act::QueryClosed { text, .. } => ("closed", text),
            Act::QueryReopened { text, .. } => ("reopened", Some(text)),
            _ => continue,
        };
        thread.push(SaidView {
            act: act.to_owned(),
            by: sitting.names.printed_or_device(&body.actor),
            role: body.role,
            when: body.moment,
            text: text.filter(|_| !redacted),
            redacted,
        });
    }
    let allowed: &[(&str, &str)] = match row.state {
        QueryState::Open => &[("answer_query", "answer"), ("close_query", "close")],
        QueryState::Answered => &[("close_query", "close"), ("reopen_query", "reopen")],
        QueryState::Closed => &[("reopen_query", "reopen")],
    };
    // A file that is only read offers nothing that it would refuse.
    let writable = desk.writable().is_ok();
    let may = allowed
        .iter()
        .filter(|_| writable)
        .filter(|(command, _)| desk.role().is_some_and(|role| may(role, command)))
        .map(|(_, word)| (*word).to_owned())
        .collect();
    Ok(QueryView {
        query: row.query.clone(),
        path: row.path.clone(),
        state: state(row.state).to_owned(),
        version: row.version,
        version_now,
        row_removed,
        age_days: thread.first().map_or(0, |said| days_since(&said.when, desk.now())),
        thread,
        may,
        conflict: desk.conflict_of(row)?,
        crossing: desk.crossing_of(row)?,
    })
}

impl Desk {
    pub(crate) fn queries(&mut self, asked: Queries) -> Outcome<QueriesView> {
        let filter = asked
            .subject
            .as_deref()
            .map_or(QueryFilter::All, QueryFilter::OfSubject);
        let mut rows = self.sitting()?.file.queries(filter)?;
        rows.sort_by(|a, b| b.opened.cmp(&a.opened));
        let queries = rows
            .iter()
            .map(|row| query_view(self, row))
            .collect::<Outcome<Vec<_>>>()?;
        Ok(QueriesView { queries })
    }

    fn query(&self, query: &str) -> Outcome<QueryRow> {
        match self.sitting()?.file.query(query)? {
            Some(row) => Ok(row),
            None => no_with("no_such_query", &[("query", query)]),
        }
    }

    /// One act on a query that has to be in one of some states.
    fn on_query(&mut self, query: &str, from: &[QueryState], act: Act) -> Outcome<QueryView> {
        let asks_again = matches!(act, Act::QueryReopened { .. });
        self.writable()?;
        self.declared()?;
        let row = self.query(query)?;
        if !from.contains(&row.state) {
            return no_with("query_state", &[("state", state(row.state))]);
        }
        let heard = if asks_again { self.heard_in(&row)? } else { Vec::new() };
        self.save_noting(vec![act.into()], heard)?;
        query_view(self, &self.query(query)?)
    }

    pub(crate) fn raise_query(&mut self, asked: RaiseQuery) -> Outcome<QueryView> {
        self.writable()?;
        self.declared()?;
        let text = words(&asked.text)?;
        if !self.known_form(&asked.path.form)?.holds(&asked.path) {
            return no_with("no_such_item", &[("item", &asked.path.to_string())]);
        }
        let version = self.sitting()?.file.item(&asked.path)?.map_or(0, |item| item.version);
        let query = make_id(self.machine.as_mut(), "q");
        self.save(vec![
            Act::QueryOpened {
                query: query.clone(),
                path: asked.path,
                text,
                version,
            }
            .into(),
        ])?;
        query_view(self, &self.query(&query)?)
    }

    pub(crate) fn answer_query(&mut self, asked: AnswerQuery) -> Outcome<QueryView> {
        let text = words(&asked.text)?;
        let act = Act::QueryAnswered {
            query: asked.query.clone(),
            text,
        };
        self.on_query(&asked.query, &[QueryState::Open], act)
    }

    pub(crate) fn close_query(&mut self, asked: CloseQuery) -> Outcome<QueryView> {
        let text = asked
            .text
            .filter(|text| !text.trim().is_empty())
            .map(|text| words(&text))
            .transpose()?;
        let act = Act::QueryClosed {
            query: asked.query.clone(),
            text,
        };
        self.on_query(&asked.query, &[QueryState::Open, QueryState::Answered], act)
    }

    pub(crate) fn reopen_query(&mut self, asked: ReopenQuery) -> Outcome<QueryView> {
        let text = words(&asked.text)?;
        let act = Act::QueryReopened {
            query: asked.query.clone(),
            text,
        };
        self.on_query(&asked.query, &[QueryState::Answered, QueryState::Closed], act)
    }
}
