//! A part of the projections, folded anew in memory from the entries that bring it about.

use std::collections::{HashMap, HashSet, VecDeque};

use rusqlite::{Connection, OptionalExtension as _, params, params_from_iter, types::Value};
use study::act::{Act, Body};

use crate::{
    apply::{apply, count_some},
    check::{Report, chain::Journal, owner::Owner},
    error::Result,
    file::SiteFile,
    key::Key,
    ledger::Ledger,
    open,
    read::from_json,
};

/// Entries folded before anybody is asked whether to go on.
const PIECE: usize = 256;
/// Entries so near to one another are read in one go, with those between.
const NEAR: i64 = 16;
/// What a fold never asks for, and would have to keep.
const UNASKED: &str = "DROP INDEX item_oid; DROP INDEX query_path; DROP INDEX query_unsettled;
    DROP INDEX identity_check_form; DROP INDEX confirmation_about; DROP INDEX confirmation_subject;
    DROP INDEX entry_subject;";

/// An entry as far as folding reads it.
pub(super) struct Row {
    key: i64,
    said: Option<String>,
    subject: Option<String>,
}

/// What folding found out: code, entry, fact.
pub(super) type Odd = (&'static str, Key, [(&'static str, String); 1]);

pub(super) struct Fold {
    pub(super) owner: Owner,
    pub(super) db: Connection,
    /// Entries of subjects whose signatures belong to this part.
    pub(super) entries: HashSet<i64>,
    ledger: Ledger,
    /// In the one order.
    keys: VecDeque<i64>,
    /// What is said of logs, and after how many of the keys.
    of_logs: VecDeque<(usize, Key, Act)>,
    folded: usize,
    /// How much of what the journal told is in `keys`.
    upto: usize,
    /// An entry of these subjects is not found by their codes.
    pub(super) hidden: bool,
}

impl Fold {
    pub(super) fn new(file: &SiteFile, journal: &Journal, owner: Owner) -> Result<Self> {
        let db = Connection::open_in_memory()?;
        db.execute_batch(&format!("PRAGMA journal_mode = OFF; {} {UNASKED} BEGIN;", open::SCHEMA))?;
        db.set_prepared_statement_cache_capacity(64);
        open::steady(&db)?;
        let mut fold = Self {
            owner,
            db,
            entries: HashSet::new(),
            ledger: Ledger::new(),
            keys: VecDeque::new(),
            of_logs: VecDeque::new(),
            folded: 0,
            upto: 0,
            hidden: false,
        };
        if let Owner::Subjects(subjects) = &fold.owner {
            let mut keys = of_subjects(file, subjects)?;
            // What was just read is theirs, whether or not it is found by their codes.
            let filed: HashSet<i64> = keys.iter().copied().collect();
            let read = journal.seen.those(0, &|subject| fold.owner.owns(subject));
            let beside: Vec<i64> = read
                .iter()
                .map(|(_, key)| *key)
                .filter(|key| !filed.contains(key))
                .collect();
            fold.hidden = !beside.is_empty();
            keys.extend(beside);
            fold.arrange(journal, keys);
        } else {
            fold.take_in(journal);
        }
        Ok(fold)
    }

    /// Takes in the entries that came since.
    pub(super) fn take_in(&mut self, journal: &Journal) {
        if self.upto == journal.seen.len() {
            return;
        }
        let all = journal.seen.those(self.upto, &|subject| self.owner.owns(subject));
        let mut of_logs = journal
            .seen
            .of_logs
            .iter()
            .filter(|(at, ..)| *at >= self.upto)
            .peekable();
        for (at, key) in all {
            while let Some((_, of, act)) = of_logs.next_if(|(before, ..)| *before <= at) {
                self.of_logs
                    .push_back((self.folded + self.keys.len(), *of, act.clone()));
            }
            self.keys.push_back(key);
            if matches!(self.owner, Owner::Subjects(_)) {
                self.entries.insert(key);
            }
        }
        // What comes later has to know the rest too.
        for (_, of, act) in of_logs {
            self.of_logs
                .push_back((self.folded + self.keys.len(), *of, act.clone()));
        }
        self.upto = journal.seen.len();
    }

    /// Puts entries that were found by their subjects in order.
    fn arrange(&mut self, journal: &Journal, keys: Vec<i64>) {
        let of_logs = journal.seen.of_logs.iter();
        let told = of_logs.map(|(_, key, act)| (journal.in_order(key.to_sql()), Some((*key, act)), 0));
        let keys = keys.into_iter().map(|key| (journal.in_order(key), None, key));
        let mut all: Vec<_> = told.chain(keys).collect();
        all.sort_by_key(|(place, ..)| *place);
        for (_, told, key) in all {
            if let Some((key, act)) = told {
                self.of_logs.push_back((self.keys.len(), key, act.clone()));
            } else {
                self.keys.push_back(key);
                self.entries.insert(key);
            }
        }
        self.upto = journal.seen.len();
    }

    pub(super) fn folded(&self) -> u64 {
        self.folded as u64
    }

    /// Whether everything was read that is to be folded so far.
    pub(super) fn through(&self) -> bool {
        self.keys.is_empty()
    }

    /// Some of the entries that are still to be folded.
    pub(super) fn read(&mut self, conn: &Connection, journal: &Journal) -> Result<Vec<Row>> {
        let mut all = Vec::with_capacity(PIECE);
        while all.len() < PIECE {
            let Some(first) = self.keys.pop_front() else { break };
            let (mut last, mut run) = (first, vec![first]);
            while let Some(next) = self.keys.front().copied()
                && next > last
                && next - last <= NEAR
                && all.len() + run.len() < PIECE
            {
                run.push(next);
                last = next;
                self.keys.pop_front();
            }
            let mut rows = conn.prepare_cached(
                "SELECT key, coalesce(body, remains), subject FROM entry WHERE key >= ?1 AND key <= ?2 ORDER BY key",
            )?;
            let mut rows = rows.query([first, last])?;
            let mut run = run.into_iter().peekable();
            while let Some(row) = rows.next()? {
                let key = row.get(0)?;
                if run.next_if_eq(&key).is_some() {
                    all.push(Row {
                        key,
                        said: row.get(1)?,
                        subject: row.get(2)?,
                    });
                }
            }
        }
        if matches!(self.owner, Owner::Subjects(_)) {
            for row in &all {
                self.named_elsewhere(conn, journal, row)?;
            }
        }
        Ok(all)
    }

    /// The first to give a name to a query keeps it; where that is another subject's entry, which is not folded here but comes
    /// before in the one order, the query is known as it stands.
    fn named_elsewhere(&self, conn: &Connection, journal: &Journal, row: &Row) -> Result<()> {
        let said = row.said.as_deref().unwrap_or_default();
        if !said.contains("\"type\":\"query_opened\"") {
            return Ok(());
        }
        let Ok(Act::QueryOpened { query, .. }) = from_json::<Body>(said, "body").map(|body| body.act) else {
            return Ok(());
        };
        let mut known = conn.prepare_cached(
            "SELECT q.path, q.text, q.version, q.state, q.opened_by, q.opened, q.entry FROM query AS q
             JOIN entry AS e ON e.key = q.opened
             WHERE q.id = ?1 AND q.opened <> ?2 AND e.act = 'query_opened'
               AND coalesce(e.body, e.remains) ->> '$.act.query' = ?1
               AND coalesce(e.body, e.remains) ->> '$.act.path' = q.path",
        )?;
        let known: Option<(i64, String, [Value; 6])> = known
            .query_row(params![query, row.key], |row| {
                let rest = [
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                    row.get(5)?,
                    row.get(6)?,
                ];
                Ok((row.get(5)?, row.get(0)?, rest))
            })
            .optional()?;
        let before = |key| journal.in_order(key) < journal.in_order(row.key);
        if let Some((_, path, rest)) = known.filter(|(key, path, _)| before(*key) && !self.owner.holds(path)) {
            let cells = [Value::Text(query), Value::Text(path)].into_iter().chain(rest);
            self.db
                .prepare_cached(
                    "INSERT INTO query (id, path, text, version, state, opened_by, opened, entry)
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                )?
                .execute(params_from_iter(cells))?;
        }
        Ok(())
    }

    /// Counts values of some forms, when everything was folded; answer: whether there were any left.
    pub(super) fn count(&mut self) -> Result<bool> {
        count_some(&self.db, &mut self.ledger, PIECE)
    }

    /// Folds what was read.
    pub(super) fn fold(&mut self, rows: Vec<Row>) -> Vec<Odd> {
        let mut odd = Vec::new();
        for row in rows {
            while let Some((after, key, act)) = self.of_logs.pop_front() {
                if after > self.folded {
                    self.of_logs.push_front((after, key, act));
                    break;
                }
                self.ledger.take_in(key, &act);
            }
            self.folded += 1;
            let key = Key::from_sql(row.key);
            let Some(said) = row.said else { continue };
            let body = match from_json::<Body>(&said, "body") {
                Ok(body) => body,
                Err(error) => {
                    odd.push(("not_applicable", key, [("said", error.to_string())]));
                    continue;
                }
            };
            match apply(&self.db, &mut self.ledger, key, &body) {
                Ok(subject) if subject == row.subject => {}
                // Told when the journal was read, but for what only folding knows.
                Ok(_) if body.act.subject().is_some() => {}
                Ok(subject) => odd.push(("subject", key, [("expected", subject.unwrap_or_default())])),
                Err(error) => odd.push(("not_applicable", key, [("said", error.to_string())])),
            }
        }
        odd
    }
}

/// Keys of all entries of some subjects.
fn of_subjects(file: &SiteFile, subjects: &[String]) -> Result<Vec<i64>> {
    let mut keys = Vec::new();
    for subject in subjects {
        let sql = "SELECT key FROM entry WHERE subject = ?1 ORDER BY key";
        keys.extend(file.rows(sql, [subject], |row| Ok(row.get::<_, i64>(0)?))?);
    }
    Ok(keys)
}

/// What folding found out, in words that name the log.
pub(super) fn tell(odd: Vec<Odd>, names: &HashMap<u32, String>, report: &mut Report) {
    for (code, key, facts) in odd {
        let log = names.get(&key.log).map_or("", String::as_str);
        report.add(code, format!("{log}/{}", key.seq), facts);
    }
}
