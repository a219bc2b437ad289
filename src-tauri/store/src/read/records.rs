//! Subjects, forms, items.

use rusqlite::Row;
use study::{
    act::{EntryRef, Moment},
    path::{FormPath, ItemPath},
    value::Value,
};

use crate::{
    error::Result,
    file::SiteFile,
    key::beneath,
    read::{from_json, parsed},
};

/// A subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectRow {
    /// Code.
    pub code: String,
    /// Entry that added it.
    pub added: EntryRef,
    /// When that was.
    pub since: Moment,
    /// Study version that the subject is under.
    pub version: String,
}

/// The current value of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRow {
    /// Where.
    pub path: ItemPath,
    /// Value; none when emptied.
    pub value: Option<Value>,
    /// Number of values entered, from 1.
    pub version: u64,
    /// Last entry that touched it.
    pub last: EntryRef,
    /// A scan field, typed by hand.
    pub by_hand: bool,
    /// Its row was removed.
    pub removed: bool,
    /// Study version that the value was entered under.
    pub study: String,
}

/// Whether a form was said to be complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FormState {
    /// Has values.
    Started,
    /// Said to be complete, and not reopened since.
    Complete,
}

/// A form with values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormRow {
    /// Where.
    pub path: FormPath,
    /// State.
    pub state: FormState,
    /// Number of entries that touched its values or its completion.
    pub version: u64,
    /// Last of them.
    pub last: EntryRef,
    /// The completion in force.
    pub completed: Option<EntryRef>,
    /// Items with a value.
    pub answered: u32,
    /// Those of them whose verification stands.
    pub verified: u32,
}

const SUBJECT: &str = "SELECT code, entry, at, utc, version FROM subject";
const ITEM: &str = "SELECT path, value, version, entry, by_hand, removed, study FROM item";

impl SiteFile {
    fn item_row(&self, row: &Row<'_>) -> Result<ItemRow> {
        let value = row.get_ref(1)?.as_str_or_null().map_err(rusqlite::Error::from)?;
        Ok(ItemRow {
            path: parsed(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?, "item")?,
            value: value.map(|json| from_json(json, "item")).transpose()?,
            version: row.get(2)?,
            last: self.entry_ref(row.get(3)?)?,
            by_hand: row.get(4)?,
            removed: row.get(5)?,
            study: row.get(6)?,
        })
    }

    fn forms(&self, which: &str, params: impl rusqlite::Params) -> Result<Vec<FormRow>> {
        let verified = self.verified();
        let sql = format!("SELECT path, version, entry, completed, answered, {verified} FROM form AS f {which}");
        self.rows(&sql, params, |row| self.form_row(row))
    }

    fn form_row(&self, row: &Row<'_>) -> Result<FormRow> {
        let completed: Option<i64> = row.get(3)?;
        Ok(FormRow {
            path: parsed(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?, "form")?,
            state: if completed.is_some() {
                FormState::Complete
            } else {
                FormState::Started
            },
            version: row.get(1)?,
            last: self.entry_ref(row.get(2)?)?,
            completed: completed.map(|key| self.entry_ref(key)).transpose()?,
            answered: row.get(4)?,
            verified: row.get(5)?,
        })
    }

    /// All subjects, by code.
    ///
    /// # Errors
    /// The database, as for every reading.
    pub fn subjects(&self) -> Result<Vec<SubjectRow>> {
        self.rows(&format!("{SUBJECT} ORDER BY code"), [], |row| self.subject_row(row))
    }

    /// One subject; none: nobody has the code.
    ///
    /// # Errors
    /// The database.
    pub fn subject(&self, code: &str) -> Result<Option<SubjectRow>> {
        self.row(&format!("{SUBJECT} WHERE code = ?1"), [code], |row| {
            self.subject_row(row)
        })
    }

    fn subject_row(&self, row: &Row<'_>) -> Result<SubjectRow> {
        Ok(SubjectRow {
            code: row.get(0)?,
            added: self.entry_ref(row.get(1)?)?,
            since: Moment {
                at: row.get(2)?,
                offset: row.get(3)?,
            },
            version: row.get(4)?,
        })
    }

    /// One item; none: nothing was ever entered there.
    ///
    /// # Errors
    /// The database.
    pub fn item(&self, path: &ItemPath) -> Result<Option<ItemRow>> {
        self.row(&format!("{ITEM} WHERE path = ?1"), [path.to_string()], |row| {
            self.item_row(row)
        })
    }

    fn items_beneath(&self, stem: &str) -> Result<Vec<ItemRow>> {
        let (low, high) = beneath(stem);
        self.rows(
            &format!("{ITEM} WHERE path >= ?1 AND path < ?2 ORDER BY path"),
            [low, high],
            |row| self.item_row(row),
        )
    }

    /// All items of one form, those of removed rows too, by path.
    ///
    /// # Errors
    /// The database.
    pub fn items_of_form(&self, form: &FormPath) -> Result<Vec<ItemRow>> {
        self.items_beneath(&form.to_string())
    }

    /// All items of one subject, those of removed rows too, by path.
    ///
    /// # Errors
    /// The database.
    pub fn items_of_subject(&self, subject: &str) -> Result<Vec<ItemRow>> {
        self.items_beneath(subject)
    }

    /// One form; none: it was never touched.
    ///
    /// # Errors
    /// The database.
    pub fn form(&self, path: &FormPath) -> Result<Option<FormRow>> {
        Ok(self.forms("WHERE path = ?1", [path.to_string()])?.into_iter().next())
    }

    /// All forms of one subject, by path.
    ///
    /// # Errors
    /// The database.
    pub fn forms_of_subject(&self, subject: &str) -> Result<Vec<FormRow>> {
        let (low, high) = beneath(subject);
        self.forms("WHERE path >= ?1 AND path < ?2 ORDER BY path", [low, high])
    }

    /// All forms of all subjects, by path.
    ///
    /// # Errors
    /// The database.
    pub fn all_forms(&self) -> Result<Vec<FormRow>> {
        self.forms("ORDER BY path", [])
    }
}
