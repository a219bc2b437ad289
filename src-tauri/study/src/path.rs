//! Where a value lives: subject / visit / form / group / item, each but the item with a number when it repeats.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Text that is not a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a path of a form or an item: {0:?}")]
pub struct NotAPath(pub String);

/// Stands for the site where a path names a subject: the records of its registers. No subject may have this code.
pub const SITE: &str = "SITE";

/// Identifier of a definition (ODM OID): `[A-Z][A-Z0-9_.]*`, at most 40 characters.
pub type Oid = String;
/// Code of a subject, unique at the site; identifies nobody.
pub type SubjectCode = String;

/// One occurrence of a form: `SUBJECT/VISIT[n]/FORM[n]`; `[1]` is not written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export, type = "string")]
#[serde(try_from = "String", into = "String")]
pub struct FormPath {
    /// Who.
    pub subject: SubjectCode,
    /// Visit definition.
    pub visit: Oid,
    /// Occurrence of the visit, from 1.
    pub visit_no: u32,
    /// Form definition.
    pub form: Oid,
    /// Occurrence of the form in the visit, from 1.
    pub form_no: u32,
}

/// One value: `SUBJECT/VISIT[n]/FORM[n]/GROUP[row]/ITEM`; `[1]` is not written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export, type = "string")]
#[serde(try_from = "String", into = "String")]
pub struct ItemPath {
    /// The form it stands on.
    pub form: FormPath,
    /// Item group definition.
    pub group: Oid,
    /// Row of a repeating group, from 1.
    pub row: u32,
    /// Item definition.
    pub item: Oid,
}

fn numbered(f: &mut fmt::Formatter<'_>, name: &str, no: u32) -> fmt::Result {
    if no == 1 {
        write!(f, "/{name}")
    } else {
        write!(f, "/{name}[{no}]")
    }
}

/// `NAME` or `NAME[n]` with n from 2, so that every path has one spelling.
fn part(text: &str) -> Option<(String, u32)> {
    let (name, no) = match text.strip_suffix(']') {
        None => (text, 1),
        Some(open) => {
            let (name, digits) = open.split_once('[')?;
            let no: u32 = digits.parse().ok()?;
            if no < 2 || digits != no.to_string() {
                return None;
            }
            (name, no)
        }
    };
    is_oid(name).then(|| (name.to_owned(), no))
}

/// Whether a text can be an [`Oid`].
#[must_use]
pub fn is_oid(text: &str) -> bool {
    text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_' || c == '.')
}

/// Whether a text can be a [`SubjectCode`]: letters, digits and hyphens, 1 to 24 characters. [`SITE`] can be one of a path,
/// but of nobody.
#[must_use]
pub fn is_subject_code(text: &str) -> bool {
    (1..=24).contains(&text.len())
        && text
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

impl fmt::Display for FormPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.subject)?;
        numbered(f, &self.visit, self.visit_no)?;
        numbered(f, &self.form, self.form_no)
    }
}

impl FromStr for FormPath {
    type Err = NotAPath;

    fn from_str(text: &str) -> Result<Self, NotAPath> {
        let wrong = || NotAPath(text.to_owned());
        let mut parts = text.split('/');
        let subject = parts
            .next()
            .filter(|s| is_subject_code(s))
            .ok_or_else(wrong)?
            .to_owned();
        let (visit, visit_no) = parts.next().and_then(part).ok_or_else(wrong)?;
        let (form, form_no) = parts.next().and_then(part).ok_or_else(wrong)?;
        if parts.next().is_some() {
            return Err(wrong());
        }
        Ok(Self {
            subject,
            visit,
            visit_no,
            form,
            form_no,
        })
    }
}

impl fmt::Display for ItemPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.form.fmt(f)?;
        numbered(f, &self.group, self.row)?;
        write!(f, "/{}", self.item)
    }
}

impl FromStr for ItemPath {
    type Err = NotAPath;

    fn from_str(text: &str) -> Result<Self, NotAPath> {
        let wrong = || NotAPath(text.to_owned());
        let (rest, item) = text.rsplit_once('/').ok_or_else(wrong)?;
        let (form, group) = rest.rsplit_once('/').ok_or_else(wrong)?;
        let form = form.parse().map_err(|_| wrong())?;
        let (group, row) = part(group).ok_or_else(wrong)?;
        if !is_oid(item) {
            return Err(wrong());
        }
        Ok(Self {
            form,
            group,
            row,
            item: item.to_owned(),
        })
    }
}

impl TryFrom<String> for FormPath {
    type Error = NotAPath;
    fn try_from(text: String) -> Result<Self, NotAPath> {
        text.parse()
    }
}
impl From<FormPath> for String {
    fn from(path: FormPath) -> Self {
        path.to_string()
    }
}
impl TryFrom<String> for ItemPath {
    type Error = NotAPath;
    fn try_from(text: String) -> Result<Self, NotAPath> {
        text.parse()
    }
}
impl From<ItemPath> for String {
    fn from(path: ItemPath) -> Self {
        path.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_spelling() {
        for text in ["S-001/SCR/DM/DM.MAIN/DM.SEX", "S-001/CRS[12]/CRS[2]/CRS.O2[3]/CRS.FLOW"] {
            assert_eq!(text.parse::<ItemPath>().unwrap().to_string(), text);
        }
        for text in [
            "S-001/SCR/DM/DM.MAIN",
            "s/SCR/DM/G/I",
            "S/SCR[1]/DM/G/I",
            "S/SCR[02]/DM/G/I",
            "S//DM/G/I",
            "S/SCR/DM/G/I/J",
            "S/SCR/DM/G/I[2]",
        ] {
            assert!(text.parse::<ItemPath>().is_err(), "{text}");
        }
        assert!("S/SCR/DM/G".parse::<FormPath>().is_err());
    }
}
