//! Where one device settled what another went on with, neither knowing of the other. The fold gives one of the two; what the other
//! said is found here, so that somebody is asked.

use std::collections::{BTreeMap, HashMap};

use study::{
    act::{EntryRef, ThingId},
    path::ItemPath,
};

use crate::{error::Result, file::SiteFile, key::Key, read::parsed};

/// Something was settled, and something else was done about it; whoever did either did not know of the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossingRow {
    /// The item.
    pub path: ItemPath,
    /// What whoever settled it had not before them.
    pub unseen: EntryRef,
    /// What settled it.
    pub settled: EntryRef,
}

/// One thing said in a query that is closed.
struct Said {
    key: i64,
    closes: bool,
}

impl SiteFile {
    /// Whether whoever wrote an entry had another before them.
    fn knew(&self, at: i64, other: i64) -> Result<bool> {
        let other = Key::from_sql(other);
        let upto: Option<i64> = self.row("SELECT known(?1, ?2)", (at, other.log), |row| Ok(row.get(0)?))?;
        Ok(upto.is_some_and(|upto| other.seq <= upto.cast_unsigned()))
    }

    /// Answers, and questions asked again, in queries that are closed, of which nobody who closed the query knew; of several
    /// that follow from one another the last. By item.
    ///
    /// # Errors
    /// The database.
    pub fn crossed_queries(&self) -> Result<Vec<CrossingRow>> {
        if self.logs.len() < 2 {
            return Ok(Vec::new());
        }
        let sql = "SELECT id, path, entry FROM query WHERE state = 'closed'";
        let closed: Vec<(ThingId, (String, i64))> =
            self.rows(sql, [], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
        let closed: HashMap<ThingId, (String, i64)> = closed.into_iter().collect();
        let sql = "SELECT coalesce(body, remains) ->> '$.act.query', key, act = 'query_closed' FROM entry
                   WHERE subject IN (SELECT substr(path, 1, instr(path, '/') - 1) FROM query WHERE state = 'closed')
                     AND act IN ('query_answered', 'query_reopened', 'query_closed')";
        let mut threads: BTreeMap<ThingId, Vec<Said>> = BTreeMap::new();
        for (query, key, closes) in self.rows(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))? {
            threads.entry(query).or_default().push(Said { key, closes });
        }
        let mut all = Vec::new();
        for (query, thread) in threads {
            let Some((path, settled)) = closed.get(&query) else {
                continue;
            };
            for unseen in self.lost(&thread)? {
                all.push(CrossingRow {
                    path: parsed(path, "query")?,
                    unseen: self.entry_ref(unseen)?,
                    settled: self.entry_ref(*settled)?,
                });
            }
        }
        // The same in every file, whatever the numbers of its logs.
        all.sort_by(|a, b| (&a.path, &a.unseen).cmp(&(&b.path, &b.unseen)));
        Ok(all)
    }

    /// What of a thread nobody knew who closed it, but for what somebody went on from who is not known either.
    fn lost(&self, thread: &[Said]) -> Result<Vec<i64>> {
        let mut lost = Vec::new();
        for said in thread.iter().filter(|said| !said.closes) {
            let mut seen = false;
            for closing in thread.iter().filter(|closing| closing.closes) {
                seen = seen || self.knew(closing.key, said.key)?;
            }
            if !seen {
                lost.push(said.key);
            }
        }
        let mut last = Vec::new();
        for said in &lost {
            let mut followed = false;
            for later in lost.iter().filter(|later| *later != said) {
                followed = followed || self.knew(*later, *said)?;
            }
            if !followed {
                last.push(*said);
            }
        }
        Ok(last)
    }

    /// Values in forms that are complete, entered or taken out by somebody who did not know of the completion, which did not know
    /// of them; by item.
    ///
    /// # Errors
    /// The database.
    pub fn crossed_completions(&self) -> Result<Vec<CrossingRow>> {
        if self.logs.len() < 2 {
            return Ok(Vec::new());
        }
        let sql = "SELECT i.path, i.entry, f.completed FROM form AS f CROSS JOIN item AS i
                   WHERE f.completed IS NOT NULL AND i.path >= f.path || '/' AND i.path < f.path || '0'
                     AND i.entry >> 40 <> f.completed >> 40
                     AND i.entry > (i.entry >> 40 << 40) + known(f.completed, i.entry >> 40)
                     AND f.completed > (f.completed >> 40 << 40) + known(i.entry, f.completed >> 40)
                   ORDER BY i.path";
        self.rows(sql, [], |row| {
            Ok(CrossingRow {
                path: parsed(&row.get::<_, String>(0)?, "item")?,
                unseen: self.entry_ref(row.get(1)?)?,
                settled: self.entry_ref(row.get(2)?)?,
            })
        })
    }
}
