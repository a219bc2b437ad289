//! The trust list: OpenSSH's `allowed_signers`, the part of it that has one meaning everywhere.
//!
//! A line is `principals [options] ssh-ed25519 AAAA… [comment]`. Left out on purpose: patterns with
//! `*`, `?` or `!`, certificate authorities, other kinds of keys, times without `Z` (ssh-keygen
//! would read those in the machine's own zone). Such a line is an error with its number, never skipped.

use crate::{
    key::{KeyError, PublicKey},
    sshsig::Namespace,
};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use std::fmt;

const LONGEST_LIST: usize = 4 << 20;

/// A whole list, comments and order kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AllowedSigners {
    /// Line after line.
    pub lines: Vec<Line>,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// Nothing.
    Blank,
    /// What stands after `#`.
    Comment(String),
    /// One key.
    Signer(Signer),
}

/// One key and what it may sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// Names, such as `site-012@cartx.study`; at least one.
    pub principals: Vec<String>,
    /// Purposes; `None`: any purpose.
    pub namespaces: Option<Vec<String>>,
    /// First moment it counts.
    pub valid_after: Option<DateTime<Utc>>,
    /// Last moment it counts.
    pub valid_before: Option<DateTime<Utc>>,
    /// The key.
    pub key: PublicKey,
    /// Free text at the end of the line, may be empty.
    pub comment: String,
}

/// What the list says about one key, one purpose and one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing<'a> {
    /// Listed, for this purpose, now.
    Good(&'a Signer),
    /// Listed for this purpose, from later on.
    NotYet(&'a Signer),
    /// Was listed for this purpose until earlier.
    Expired(&'a Signer),
    /// Listed, not for this purpose.
    OtherPurpose(&'a Signer),
    /// Not listed.
    Unknown,
}

/// What is wrong in one line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignerLineError {
    /// A name is empty or has other characters than `A-Z a-z 0-9 . _ @ + -`.
    #[error("{0:?} is not a plain name")]
    Principal(String),
    /// An option other than `namespaces`, `valid-after`, `valid-before`, or one given twice.
    #[error("option {0:?} is unknown, has no value in quotes, or is given twice")]
    Option(String),
    /// A purpose is empty or has other characters than `a-z A-Z 0-9 . _ @ -`.
    #[error("{0:?} is not a plain namespace")]
    Namespace(String),
    /// Not `YYYYMMDDZ`, `YYYYMMDDHHMMZ` or `YYYYMMDDHHMMSSZ`, or an end that is not after the beginning.
    #[error("{0:?} is not a time in UTC, or ends before it begins")]
    Time(String),
    /// The key.
    #[error("key: {0}")]
    Key(#[from] KeyError),
    /// Control characters, or no key at all.
    #[error("not `principals [options] ssh-ed25519 AAAA… [comment]`")]
    Form,
}

/// All lines that are wrong, with their numbers from 1; or the list as a whole is too long.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignersError {
    /// Each line that cannot be read.
    #[error("{} line(s) of the list of signers cannot be read", .0.len())]
    Lines(Vec<(usize, SignerLineError)>),
    /// Longer than 4 MiB.
    #[error("list of signers of {0} bytes")]
    TooLong(usize),
}

impl AllowedSigners {
    /// Reads a list; lines end in LF or CR LF.
    ///
    /// # Errors
    /// All lines that are wrong, with their numbers.
    pub fn parse(text: &str) -> Result<Self, SignersError> {
        if text.len() > LONGEST_LIST {
            return Err(SignersError::TooLong(text.len()));
        }
        let mut lines = Vec::new();
        let mut wrong = Vec::new();
        for (at, text) in text.lines().enumerate() {
            match Line::parse(text) {
                Ok(line) => lines.push(line),
                Err(error) => wrong.push((at + 1, error)),
            }
        }
        if wrong.is_empty() {
            Ok(Self { lines })
        } else {
            Err(SignersError::Lines(wrong))
        }
    }

    /// All keys, in order.
    pub fn signers(&self) -> impl Iterator<Item = &Signer> {
        self.lines.iter().filter_map(|line| match line {
            Line::Signer(signer) => Some(signer),
            Line::Blank | Line::Comment(_) => None,
        })
    }

    /// The keys that `principal` may use for that purpose at that moment.
    pub fn keys_of(&self, principal: &str, namespace: Namespace, at: DateTime<Utc>) -> impl Iterator<Item = &Signer> {
        self.signers().filter(move |signer| {
            signer.principals.iter().any(|p| p == principal) && signer.serves(namespace) && signer.valid_at(at)
        })
    }

    /// What the list says about a key that made a signature. The best of all lines with that key.
    #[must_use]
    pub fn standing(&self, key: &PublicKey, namespace: Namespace, at: DateTime<Utc>) -> Standing<'_> {
        self.signers()
            .filter(|signer| signer.key == *key)
            .map(|signer| {
                if !signer.serves(namespace) {
                    Standing::OtherPurpose(signer)
                } else if signer.valid_after.is_some_and(|from| at < from) {
                    Standing::NotYet(signer)
                } else if signer.valid_before.is_some_and(|to| at > to) {
                    Standing::Expired(signer)
                } else {
                    Standing::Good(signer)
                }
            })
            .fold(
                Standing::Unknown,
                |best, one| {
                    if one.rank() > best.rank() { one } else { best }
                },
            )
    }

    /// The version in a header line `# cartwright-trust version=14 study=CARTX`, if there is one.
    #[must_use]
    pub fn trust_version(&self) -> Option<u64> {
        self.lines.iter().find_map(|line| match line {
            Line::Comment(text) => text
                .trim()
                .strip_prefix("cartwright-trust ")?
                .split(' ')
                .find_map(|part| part.strip_prefix("version="))?
                .parse()
                .ok(),
            Line::Blank | Line::Signer(_) => None,
        })
    }
}

impl Standing<'_> {
    const fn rank(&self) -> u8 {
        match self {
            Self::Unknown => 0,
            Self::OtherPurpose(_) => 1,
            Self::Expired(_) => 2,
            Self::NotYet(_) => 3,
            Self::Good(_) => 4,
        }
    }
}

impl Signer {
    /// Whether it may sign for that purpose.
    #[must_use]
    pub fn serves(&self, namespace: Namespace) -> bool {
        self.namespaces
            .as_ref()
            .is_none_or(|names| names.iter().any(|n| n == namespace.as_str()))
    }

    /// Whether it counts at that moment; both ends included, as ssh-keygen has it.
    #[must_use]
    pub fn valid_at(&self, at: DateTime<Utc>) -> bool {
        self.valid_after.is_none_or(|from| at >= from) && self.valid_before.is_none_or(|to| at <= to)
    }

    fn parse(text: &str) -> Result<Self, SignerLineError> {
        let (principals, rest) = text.split_once(' ').ok_or(SignerLineError::Form)?;
        let principals = list(principals, "._@+-").map_err(SignerLineError::Principal)?;
        let (options, rest) = if rest.starts_with("ssh-") || rest.starts_with("ecdsa-") {
            ("", rest)
        } else {
            rest.split_once(' ').ok_or(SignerLineError::Form)?
        };
        let mut signer = Self {
            principals,
            namespaces: None,
            valid_after: None,
            valid_before: None,
            key: PublicKey::from_openssh(rest)?,
            comment: rest.splitn(3, ' ').nth(2).unwrap_or_default().to_owned(),
        };
        signer.read_options(options)?;
        if let (Some(from), Some(to)) = (signer.valid_after, signer.valid_before)
            && to <= from
        {
            return Err(SignerLineError::Time(options.to_owned()));
        }
        Ok(signer)
    }

    fn read_options(&mut self, options: &str) -> Result<(), SignerLineError> {
        let mut rest = options;
        while !rest.is_empty() {
            let wrong = || SignerLineError::Option(rest.to_owned());
            let (name, after) = rest.split_once("=\"").ok_or_else(wrong)?;
            let (value, after) = after.split_once('"').ok_or_else(wrong)?;
            let twice = match name {
                "namespaces" => {
                    let names = list(value, "._@-").map_err(SignerLineError::Namespace)?;
                    self.namespaces.replace(names).is_some()
                }
                "valid-after" => self.valid_after.replace(time(value)?).is_some(),
                "valid-before" => self.valid_before.replace(time(value)?).is_some(),
                _ => true,
            };
            let next = match after.strip_prefix(',') {
                Some(next) if !next.is_empty() => next,
                None if after.is_empty() => after,
                Some(_) | None => return Err(wrong()),
            };
            if twice {
                return Err(SignerLineError::Option(name.to_owned()));
            }
            rest = next;
        }
        Ok(())
    }
}

impl Line {
    fn parse(text: &str) -> Result<Self, SignerLineError> {
        if text.chars().any(char::is_control) {
            return Err(SignerLineError::Form);
        }
        if text.is_empty() {
            return Ok(Self::Blank);
        }
        match text.strip_prefix('#') {
            Some(comment) => Ok(Self::Comment(comment.to_owned())),
            None => Signer::parse(text).map(Self::Signer),
        }
    }
}

/// Names between commas, of letters, digits and `also`; the one that is not plain otherwise.
fn list(text: &str, also: &str) -> Result<Vec<String>, String> {
    text.split(',')
        .map(|name| {
            let plain = |c: char| c.is_ascii_alphanumeric() || also.contains(c);
            if name.is_empty() || !name.chars().all(plain) {
                return Err(name.to_owned());
            }
            Ok(name.to_owned())
        })
        .collect()
}

fn time(text: &str) -> Result<DateTime<Utc>, SignerLineError> {
    let wrong = || SignerLineError::Time(text.to_owned());
    let digits = text.strip_suffix('Z').ok_or_else(wrong)?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong());
    }
    let time = match digits.len() {
        8 => NaiveDate::parse_from_str(digits, "%Y%m%d")
            .ok()
            .and_then(|day| day.and_hms_opt(0, 0, 0)),
        12 => NaiveDateTime::parse_from_str(&format!("{digits}00"), "%Y%m%d%H%M%S").ok(),
        14 => NaiveDateTime::parse_from_str(digits, "%Y%m%d%H%M%S").ok(),
        _ => None,
    };
    time.map(|t| t.and_utc()).ok_or_else(wrong)
}

impl fmt::Display for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut options = Vec::new();
        if let Some(names) = &self.namespaces {
            options.push(format!("namespaces=\"{}\"", names.join(",")));
        }
        if let Some(from) = self.valid_after {
            options.push(format!("valid-after=\"{}\"", from.format("%Y%m%d%H%M%SZ")));
        }
        if let Some(to) = self.valid_before {
            options.push(format!("valid-before=\"{}\"", to.format("%Y%m%d%H%M%SZ")));
        }
        f.write_str(&self.principals.join(","))?;
        if !options.is_empty() {
            write!(f, " {}", options.join(","))?;
        }
        write!(f, " {}", self.key)?;
        if !self.comment.is_empty() {
            write!(f, " {}", self.comment)?;
        }
        Ok(())
    }
}

impl fmt::Display for AllowedSigners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            match line {
                Line::Blank => writeln!(f)?,
                Line::Comment(text) => writeln!(f, "#{text}")?,
                Line::Signer(signer) => writeln!(f, "{signer}")?,
            }
        }
        Ok(())
    }
}
