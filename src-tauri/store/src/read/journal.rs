//! The journal, read aloud.

use rusqlite::{Row, params_from_iter, types::Value as Sql};
use study::{
    act::{Act, Actor, Body, EntryRef, LogId, Moment},
    path::ItemPath,
};

use crate::{error::Result, file::SiteFile, key::Key, read::from_json};

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryView {
    /// Log.
    pub log: LogId,
    /// Number in it.
    pub seq: u64,
    /// Identifier.
    pub id: [u8; 16],
    /// Content; after a redaction, what remains of it.
    pub body: Option<Body>,
    /// What somebody typed was taken out.
    pub redacted: bool,
}

/// Which entries, in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryFilter {
    /// Of this log only.
    pub log: Option<LogId>,
    /// By this actor only.
    pub actor: Option<Actor>,
    /// About this subject only.
    pub subject: Option<String>,
    /// Of these types only (`value_entered` …); all when empty.
    pub acts: Vec<String>,
    /// At this item or form only, as its path is written.
    pub path: Option<String>,
    /// Made from the first of these moments on and before the second, UTC.
    pub between: Option<(String, String)>,
    /// Begin after this entry in the order asked for.
    pub past: Option<EntryRef>,
    /// Latest first.
    pub newest_first: bool,
    /// At most so many.
    pub limit: u32,
}

impl Default for EntryFilter {
    fn default() -> Self {
        Self {
            log: None,
            actor: None,
            subject: None,
            acts: Vec::new(),
            path: None,
            between: None,
            past: None,
            newest_first: false,
            limit: 100,
        }
    }
}

pub(super) const ENTRY: &str = "SELECT key, id, coalesce(body, remains), body IS NULL FROM entry";

impl SiteFile {
    pub(super) fn entry_view(&self, row: &Row<'_>) -> Result<EntryView> {
        let EntryRef { log, seq } = self.entry_ref(row.get(0)?)?;
        let body = row.get_ref(2)?.as_str_or_null().map_err(rusqlite::Error::from)?;
        let body = body.map(|json| from_json(json, "body")).transpose()?;
        Ok(EntryView {
            log,
            seq,
            id: row.get(1)?,
            body,
            redacted: row.get(3)?,
        })
    }

    pub(crate) fn entry_by_key(&self, key: i64) -> Result<Option<EntryView>> {
        self.row(&format!("{ENTRY} WHERE key = ?1"), [key], |row| self.entry_view(row))
    }

    /// One entry.
    ///
    /// # Errors
    /// The database, as for every reading.
    pub fn entry(&self, at: &EntryRef) -> Result<Option<EntryView>> {
        match self.log_no(&at.log) {
            Some(no) => self.entry_by_key(Key::new(no, at.seq).to_sql()),
            None => Ok(None),
        }
    }

    /// Entries by filter; oldest first by the order in which logs came into the file, then by number.
    ///
    /// # Errors
    /// The database.
    pub fn entries(&self, filter: &EntryFilter) -> Result<Vec<EntryView>> {
        match self.asked(filter) {
            Some((sql, params)) => self.rows(&sql, params_from_iter(params), |row| self.entry_view(row)),
            None => Ok(Vec::new()),
        }
    }

    /// The statement of a filter; none where it names a log that is not here.
    fn asked(&self, filter: &EntryFilter) -> Option<(String, Vec<Sql>)> {
        let mut wheres = vec!["TRUE".to_owned()];
        let mut params: Vec<Sql> = Vec::new();
        let mut ask = |condition: &str, value: Sql| {
            params.push(value);
            wheres.push(condition.replace('?', &format!("?{}", params.len())));
        };
        // What is rare has an index of its own, which is taken however long the journal is.
        let rare = !filter.acts.is_empty() && !filter.acts.iter().any(|act| about_a_subject(act));
        let key = if rare { "+key" } else { "key" };
        if let Some(log) = &filter.log {
            let (low, high) = Key::range(self.log_no(log)?);
            ask(&format!("{key} >= ?"), low.into());
            ask(&format!("{key} < ?"), high.into());
        }
        if let Some(subject) = &filter.subject {
            ask("subject = ?", subject.clone().into());
        }
        if let Some(actor) = &filter.actor {
            ask("actor = ?", String::from(actor.clone()).into());
        }
        if !filter.acts.is_empty() {
            let acts = serde_json::json!(filter.acts).to_string();
            ask("act IN (SELECT value FROM json_each(?))", acts.into());
        }
        if rare {
            ask("subject IS NULL AND ?", 1.into());
        }
        if let Some(path) = &filter.path {
            // Its subject narrows it by an index; the path itself lies in the body.
            let subject = path.split('/').next().unwrap_or_default();
            ask("subject = ?", subject.to_owned().into());
            ask(
                "? IN (coalesce(body, remains) ->> '$.act.path', coalesce(body, remains) ->> '$.act.form')",
                path.clone().into(),
            );
        }
        if let Some((first, past)) = &filter.between {
            ask("coalesce(body, remains) ->> '$.moment.at' >= ?", first.clone().into());
            ask("coalesce(body, remains) ->> '$.moment.at' < ?", past.clone().into());
        }
        if let Some(past) = &filter.past {
            let past = Key::new(self.log_no(&past.log)?, past.seq).to_sql();
            let order = if filter.newest_first { "<" } else { ">" };
            ask(&format!("{key} {order} ?"), past.into());
        }
        ask("TRUE LIMIT ?", i64::from(filter.limit).into());
        let limit = wheres.pop().unwrap_or_default().replace("TRUE", "");
        let order = if filter.newest_first { "DESC" } else { "ASC" };
        let sql = format!("{ENTRY} WHERE {} ORDER BY {key} {order}{limit}", wheres.join(" AND "));
        Some((sql, params))
    }

    /// All entries about a subject, oldest first: its records, queries, verifications, confirmations, signatures.
    ///
    /// # Errors
    /// The database.
    pub fn entries_of_subject(&self, subject: &str) -> Result<Vec<EntryView>> {
        let sql = format!("{ENTRY} WHERE subject = ?1 ORDER BY place(key)");
        self.rows(&sql, [subject], |row| self.entry_view(row))
    }

    /// Everything that was entered at an item, and the removal of its row, oldest first.
    ///
    /// # Errors
    /// The database.
    pub fn history(&self, path: &ItemPath) -> Result<Vec<EntryView>> {
        let sql = format!(
            "{ENTRY} WHERE subject = ?1 AND (act IN ('value_entered', 'finding_raised', 'finding_closed',
                 'finding_explained') AND coalesce(body, remains) ->> '$.act.path' = ?2
               OR act = 'row_removed' AND coalesce(body, remains) ->> '$.act.form' = ?3
                 AND coalesce(body, remains) ->> '$.act.group' = ?4
                 AND coalesce(body, remains) ->> '$.act.row' = ?5) ORDER BY place(key)"
        );
        let form = path.form.to_string();
        self.rows(
            &sql,
            (&path.form.subject, path.to_string(), form, &path.group, path.row),
            |row| self.entry_view(row),
        )
    }

    /// The redaction by which an entry's words went.
    ///
    /// # Errors
    /// The database.
    pub fn redaction_of(&self, at: &EntryRef) -> Result<Option<EntryView>> {
        let Some(no) = self.log_no(&at.log) else {
            return Ok(None);
        };
        let sql = format!("{ENTRY} WHERE key = (SELECT redacted FROM redaction WHERE entry = ?1)");
        self.row(&sql, [Key::new(no, at.seq).to_sql()], |row| self.entry_view(row))
    }

    /// Every entry whose words went, oldest first in each log: what remains of it.
    ///
    /// # Errors
    /// The database.
    pub fn redacted(&self) -> Result<Vec<EntryView>> {
        let sql = format!("{ENTRY} WHERE key IN (SELECT entry FROM redaction) AND body IS NULL ORDER BY key");
        self.rows(&sql, [], |row| self.entry_view(row))
    }

    /// The last entry of the log that this device writes here.
    #[must_use]
    pub fn last_own(&self) -> Option<EntryRef> {
        let own = self.own.as_ref()?;
        Some(EntryRef {
            log: own.record.log.clone(),
            seq: own.tip.seq,
        })
    }

    /// Everything said in a query, oldest first.
    ///
    /// # Errors
    /// The database.
    pub fn query_thread(&self, query: &str) -> Result<Vec<EntryView>> {
        let Some(row) = self.query(query)? else {
            return Ok(Vec::new());
        };
        let sql = format!(
            "{ENTRY} WHERE subject = ?1 AND coalesce(body, remains) ->> '$.act.query' = ?2 ORDER BY place(key)"
        );
        self.rows(&sql, [&row.path.form.subject, query], |row| self.entry_view(row))
    }

    /// When the last entry of this device's log was made, or of the file's last log. What opening the file tells by itself
    /// does not count: a wrong password, or a log-in that is refused, has the moment at which it was tried, whatever the clock said then.
    ///
    /// # Errors
    /// The database.
    pub fn last_moment(&self) -> Result<Option<Moment>> {
        let last = "act NOT IN ('login_failed', 'format_raised', 'command_refused') ORDER BY key DESC LIMIT 1";
        let last = match &self.own {
            Some(own) if own.tip.seq > 0 => {
                let (low, high) = Key::range(own.no);
                let sql = format!("{ENTRY} WHERE key >= ?1 AND key < ?2 AND {last}");
                self.row(&sql, [low, high], |row| self.entry_view(row))?
            }
            Some(_) | None => self.row(&format!("{ENTRY} WHERE {last}"), [], |row| self.entry_view(row))?,
        };
        Ok(last.and_then(|entry| entry.body).map(|body| body.moment))
    }

    /// The act of an entry that a projection points to.
    pub(crate) fn body_at(&self, key: i64) -> Result<Option<Body>> {
        Ok(self.entry_by_key(key)?.and_then(|entry| entry.body))
    }

    /// As [`Self::body_at`], of many keys.
    pub(crate) fn bodies_at<T>(
        &self,
        keys: Vec<i64>,
        mut read: impl FnMut(EntryRef, Body) -> Option<T>,
    ) -> Result<Vec<T>> {
        let mut all = Vec::with_capacity(keys.len());
        for key in keys {
            if let Some(body) = self.body_at(key)? {
                all.extend(read(self.entry_ref(key)?, body));
            }
        }
        Ok(all)
    }
}

/// Whether entries of such an act are about a subject, as the fold finds it.
pub(crate) fn about_a_subject(act: &str) -> bool {
    matches!(
        act,
        "confirmed"
            | "finding_closed"
            | "finding_explained"
            | "finding_raised"
            | "form_completed"
            | "form_reopened"
            | "identity_checked"
            | "query_answered"
            | "query_closed"
            | "query_opened"
            | "query_reopened"
            | "row_removed"
            | "signed"
            | "subject_added"
            | "subject_moved"
            | "value_entered"
            | "verification_withdrawn"
            | "verified"
    )
}

/// Type tag of an act, as [`EntryFilter::acts`] takes it.
///
/// # Errors
/// Never for an act of this crate's own making.
pub fn act_type(act: &Act) -> Result<String> {
    let damaged = crate::StoreError::Damaged { what: "act" };
    let Ok(value) = serde_json::to_value(act) else {
        return Err(damaged);
    };
    value
        .get("type")
        .and_then(|tag| tag.as_str())
        .map(str::to_owned)
        .ok_or(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{lively, quick_desk};

    fn plan(file: &SiteFile, filter: &EntryFilter) -> String {
        let (sql, params) = file.asked(filter).unwrap();
        let mut plan = file
            .conn()
            .unwrap()
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap();
        let lines = plan.query_map(params_from_iter(params), |row| row.get::<_, String>(3));
        lines.unwrap().collect::<rusqlite::Result<Vec<_>>>().unwrap().join("; ")
    }

    #[test]
    fn what_is_rare_is_found_without_reading_the_journal() {
        let mut desk = quick_desk();
        let file = lively(&mut desk);
        let rare = |acts: &[&str]| EntryFilter {
            acts: acts.iter().map(|act| (*act).to_owned()).collect(),
            ..EntryFilter::default()
        };
        let log = file.logs().unwrap().remove(0).log;
        let later = EntryFilter {
            log: Some(log.clone()),
            past: Some(EntryRef { log, seq: 2 }),
            newest_first: true,
            ..rare(&["login_failed", "command_refused"])
        };
        for filter in [rare(&["redacted", "redaction_asked"]), rare(&["backed_up"]), later] {
            let plan = plan(&file, &filter);
            assert!(plan.contains("USING INDEX entry_act"), "{plan}");
            let all = file.entries(&filter).unwrap();
            let every = file.entries(&EntryFilter {
                limit: 1000,
                ..EntryFilter::default()
            });
            let every = every.unwrap().into_iter().filter(|entry| {
                let act = act_type(&entry.body.as_ref().unwrap().act).unwrap();
                filter.acts.contains(&act) && filter.past.as_ref().is_none_or(|past| entry.seq > past.seq)
            });
            assert_eq!(all.len(), every.count(), "{filter:?}");
        }
        assert!(!plan(&file, &rare(&["value_entered"])).contains("entry_act"));
        assert!(!plan(&file, &rare(&["backed_up", "signed"])).contains("entry_act"));
    }

    #[test]
    fn no_act_about_a_subject_is_taken_for_a_rare_one() {
        let mut desk = quick_desk();
        let file = lively(&mut desk);
        let sql = "SELECT DISTINCT act, subject IS NULL FROM entry";
        let acts: Vec<(String, bool)> = file.rows(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        assert!(acts.len() >= 10, "{acts:?}");
        for (act, rare) in acts {
            assert_eq!(about_a_subject(&act), !rare, "{act}");
        }
    }
}
