//! What lists need of every subject at once: one statement each, however many subjects there are.

use rusqlite::Row;
use study::{
    act::Actor,
    path::{ItemPath, SubjectCode},
    value::Value,
};

use crate::{
    error::{Result, StoreError},
    file::SiteFile,
    key::beneath,
    place::Place,
    read::{from_json, parsed},
};

/// A current value, with the path left as text.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Where: an item's path.
    pub path: String,
    /// The item.
    pub oid: String,
    /// Value; none when emptied.
    pub value: Option<Value>,
}

/// A form in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormMark {
    /// Where: a form's path, as text.
    pub path: String,
    /// Said to be complete, and not reopened since.
    pub complete: bool,
    /// Covered by a signature: of this version (`true`), or of an earlier one.
    pub signed: Option<bool>,
    /// Where the last entry that touched it stands.
    pub order: Place,
    /// Items with a value.
    pub answered: u32,
    /// Those of them whose verification stands.
    pub verified: u32,
}

/// The newest confirmation of a subject's eligibility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictMark {
    /// Who.
    pub subject: SubjectCode,
    /// What was confirmed.
    pub derived: String,
    /// Study and version it was confirmed under.
    pub study: String,
    /// Criteria it was confirmed under.
    pub criteria: String,
    /// Where its entry stands.
    pub order: Place,
    /// Whoever confirmed had everything before them that devices of sites have written about the subject.
    pub informed: bool,
}

/// A comparison of patient and bag in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityMark {
    /// Infusion form, as text.
    pub form: String,
    /// Who.
    pub by: Actor,
    /// Every identifier agreed.
    pub agreed: bool,
    /// Chain of identity as read off the bag.
    pub coi: Option<String>,
    /// Lot as read off the bag.
    pub lot: Option<String>,
}

/// Statements run and rows read by one opened file: for measuring, not for deciding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reading {
    /// Statements.
    pub statements: u64,
    /// Rows.
    pub rows: u64,
}

fn text(row: &Row<'_>, column: usize) -> Result<String> {
    Ok(row.get(column)?)
}

fn answer(row: &Row<'_>) -> Result<Answer> {
    let value = row.get_ref(2)?.as_str_or_null().map_err(rusqlite::Error::from)?;
    Ok(Answer {
        path: text(row, 0)?,
        oid: text(row, 1)?,
        value: value.map(|json| from_json(json, "item")).transpose()?,
    })
}

fn verdict_mark(row: &Row<'_>) -> Result<VerdictMark> {
    Ok(VerdictMark {
        subject: text(row, 0)?,
        derived: text(row, 1)?,
        study: text(row, 2)?,
        criteria: text(row, 3)?,
        order: row.get(4)?,
        informed: row.get(5)?,
    })
}

fn identity_mark(row: &Row<'_>) -> Result<IdentityMark> {
    Ok(IdentityMark {
        form: text(row, 0)?,
        by: text(row, 1)?.into(),
        agreed: row.get(2)?,
        coi: row.get(3)?,
        lot: row.get(4)?,
    })
}

fn form_mark(row: &Row<'_>) -> Result<FormMark> {
    Ok(FormMark {
        path: text(row, 0)?,
        complete: row.get(1)?,
        signed: row.get(2)?,
        order: row.get(3)?,
        answered: row.get(4)?,
        verified: row.get(5)?,
    })
}

/// Whether whoever made a confirmation had before them what every other log of a site says of the subject.
const INFORMED: &str = "NOT EXISTS (SELECT 1 FROM log AS l JOIN site AS s ON s.entry = l.site
    WHERE s.kind = '\"site\"' AND l.no <> c.entry >> 40
      AND EXISTS (SELECT 1 FROM entry AS e WHERE e.subject = c.subject
        AND e.key > (l.no << 40) + known(c.entry, l.no) AND e.key < (l.no + 1) << 40))";

/// Values of a form whose verification stands, of those that the fold counts by their versions: without those whose number was
/// compared elsewhere, over another value, by somebody whose journal did not hold this one.
const VERIFIED: &str = "f.verified - iif(f.verified = 0, 0,
    (SELECT count(*) FROM verification AS v CROSS JOIN item AS i ON i.path = v.path
     WHERE v.path >= f.path || '/' AND v.path < f.path || '0' AND i.version = v.version AND i.removed = 0
       AND i.value IS NOT NULL AND i.entry > (i.entry >> 40 << 40) + known(v.entry, i.entry >> 40)))";

impl SiteFile {
    /// What reading has cost since the file was opened.
    #[must_use]
    pub fn reading(&self) -> Reading {
        self.reading.get()
    }

    /// Current values of some items in every casebook, rows that stand only, in no order.
    ///
    /// # Errors
    /// The database, as for every reading.
    pub fn answers(&self, oids: &[&str]) -> Result<Vec<Answer>> {
        let wanted = serde_json::to_string(oids).map_err(|_| StoreError::Damaged { what: "oid" })?;
        let sql = "SELECT path, oid, value FROM item
                   WHERE removed = 0 AND oid IN (SELECT value FROM json_each(?1))";
        self.rows(sql, [wanted], answer)
    }

    /// As [`Self::answers`], of one subject.
    ///
    /// # Errors
    /// The database.
    pub fn answers_of(&self, subject: &str, oids: &[&str]) -> Result<Vec<Answer>> {
        let wanted = serde_json::to_string(oids).map_err(|_| StoreError::Damaged { what: "oid" })?;
        let (low, high) = beneath(subject);
        let sql = "SELECT path, oid, value FROM item
                   WHERE removed = 0 AND oid IN (SELECT value FROM json_each(?1)) AND path >= ?2 AND path < ?3";
        self.rows(sql, [wanted, low, high], answer)
    }

    /// How many values of a form `f` are verified; in a file of one log everybody knew of everything.
    pub(crate) fn verified(&self) -> &'static str {
        if self.logs.len() < 2 { "f.verified" } else { VERIFIED }
    }

    /// Every form that was ever touched, by path.
    ///
    /// # Errors
    /// The database.
    pub fn form_marks(&self) -> Result<Vec<FormMark>> {
        // A bare column beside max() is that of the row with the maximum.
        let sql = format!(
            "SELECT f.path, f.completed IS NOT NULL, s.version = f.version, place(f.entry), f.answered, {}
             FROM form AS f LEFT JOIN
               (SELECT record, version, max(place(entry)) FROM signed_record GROUP BY record) AS s ON s.record = f.path
             ORDER BY f.path",
            self.verified()
        );
        self.rows(&sql, [], form_mark)
    }

    /// The forms of one subject, or of the site's registers, by path.
    ///
    /// # Errors
    /// The database.
    pub fn form_marks_of(&self, subject: &str) -> Result<Vec<FormMark>> {
        let (low, high) = beneath(subject);
        let sql = format!(
            "SELECT f.path, f.completed IS NOT NULL,
               (SELECT s.version = f.version FROM signed_record AS s WHERE s.record = f.path
                ORDER BY place(s.entry) DESC LIMIT 1),
               place(f.entry), f.answered, {}
             FROM form AS f WHERE f.path >= ?1 AND f.path < ?2 ORDER BY f.path",
            self.verified()
        );
        self.rows(&sql, [low, high], form_mark)
    }

    /// Where an item has exactly this value, rows that stand only, by path.
    ///
    /// # Errors
    /// The database.
    pub fn places(&self, oid: &str, value: &Value) -> Result<Vec<ItemPath>> {
        let value = serde_json::to_string(value).map_err(|_| StoreError::Damaged { what: "value" })?;
        let sql = "SELECT path FROM item WHERE removed = 0 AND oid = ?1 AND value = ?2 ORDER BY path";
        self.rows(sql, [oid, &value], |row| parsed(&text(row, 0)?, "item"))
    }

    /// Queries not closed, by subject: those that wait for an answer and all.
    ///
    /// # Errors
    /// The database.
    pub fn unsettled_by_subject(&self) -> Result<Vec<(SubjectCode, u32)>> {
        let sql = "SELECT substr(path, 1, instr(path, '/') - 1) AS subject, count(*) FROM query
                   WHERE state <> 'closed' GROUP BY subject ORDER BY subject";
        self.rows(sql, [], |row| Ok((text(row, 0)?, row.get(1)?)))
    }

    /// As [`Self::unsettled_by_subject`], of one subject.
    ///
    /// # Errors
    /// The database.
    pub fn unsettled_of(&self, subject: &str) -> Result<u32> {
        let (low, high) = beneath(subject);
        let sql = "SELECT count(*) FROM query WHERE state <> 'closed' AND path >= ?1 AND path < ?2";
        let count = self.row(sql, [low, high], |row| Ok(row.get(0)?))?;
        Ok(count.unwrap_or(0))
    }

    /// The newest confirmation of eligibility of everybody who has one.
    ///
    /// # Errors
    /// The database.
    pub fn verdict_marks(&self) -> Result<Vec<VerdictMark>> {
        // A bare column beside max() is that of the row with the maximum.
        let sql = format!(
            "SELECT substr(about, 6), derived, study, criteria, place, {INFORMED} FROM
               (SELECT about, subject, derived, study, criteria, entry, max(place(entry)) AS place FROM confirmation
                WHERE about >= 'ELIG/' AND about < 'ELIG0' GROUP BY about) AS c"
        );
        self.rows(&sql, [], verdict_mark)
    }

    /// The newest confirmation of one subject's eligibility.
    ///
    /// # Errors
    /// The database.
    pub fn verdict_mark_of(&self, subject: &str) -> Result<Option<VerdictMark>> {
        let sql = format!(
            "SELECT substr(about, 6), derived, study, criteria, place(entry) AS place, {INFORMED} FROM confirmation AS c
             WHERE about = ?1 ORDER BY place DESC LIMIT 1"
        );
        self.row(&sql, [format!("ELIG/{subject}")], verdict_mark)
    }

    /// Every comparison of patient and bag, oldest first.
    ///
    /// # Errors
    /// The database.
    pub fn identity_marks(&self) -> Result<Vec<IdentityMark>> {
        let sql = "SELECT form, person, agreed, coi, lot FROM identity_check ORDER BY place(entry)";
        self.rows(sql, [], identity_mark)
    }

    /// As [`Self::identity_marks`], of one subject.
    ///
    /// # Errors
    /// The database.
    pub fn identity_marks_of(&self, subject: &str) -> Result<Vec<IdentityMark>> {
        let sql = "SELECT form, person, agreed, coi, lot FROM identity_check
                   WHERE form >= ?1 AND form < ?2 ORDER BY place(entry)";
        let (low, high) = beneath(subject);
        self.rows(sql, [low, high], identity_mark)
    }
}
