//! The one form of a zip: stored, sorted, dated 1980, nothing besides.
//!
//! `bagit.txt` of the top folder comes first, the other names follow bytewise. Every field has one
//! value. The reader takes names and contents out, writes them again, and compares as it writes;
//! links, comments, gaps, descriptors, encryption, compression, two files of one name and whatever
//! else a zip can hold are all refused by that comparison.

use crate::{limits::LIMITS, names::permitted};
use std::{cmp::Ordering, collections::BTreeMap};

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const NEEDED: u16 = 20;
const MADE_ON_UNIX: u16 = 3 << 8 | NEEDED;
const UTF8: u16 = 0x0800;
const STORED: u16 = 0;
const MIDNIGHT: u16 = 0;
const FIRST_OF_1980: u16 = 0x0021;
const REGULAR_FILE: u32 = 0o100_644 << 16;
const LOCAL_LENGTH: usize = 30;

/// Why bytes are not the canonical zip, or files cannot become one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ZipFlaw {
    /// Larger than [`LIMITS`] allows, in bytes.
    #[error("zip of {0} bytes")]
    TooLarge(usize),
    /// More files than [`LIMITS`] allows.
    #[error("zip of more than {0} files")]
    TooMany(usize),
    /// A name that is not plain, or equal to another but for capitals.
    #[error("name {0:?} in a zip")]
    Name(String),
    /// Differs from the canonical form.
    #[error("zip differs from its canonical form at byte {0}")]
    Form(usize),
}

/// Files by name, each starting with the top folder's name.
pub(crate) type Files<'a> = BTreeMap<&'a str, &'a [u8]>;

fn order(a: &str, b: &str) -> Ordering {
    let later = |name: &str| name.split_once('/').is_none_or(|(_, rest)| rest != "bagit.txt");
    (later(a), a).cmp(&(later(b), b))
}

/// Where the canonical bytes go: into a buffer, or against bytes that were read.
trait Sink {
    fn take(&mut self, bytes: &[u8]) -> Result<(), ZipFlaw>;
    fn position(&self) -> usize;

    fn u16(&mut self, n: u16) -> Result<(), ZipFlaw> {
        self.take(&n.to_le_bytes())
    }

    fn u32(&mut self, n: u32) -> Result<(), ZipFlaw> {
        self.take(&n.to_le_bytes())
    }
}

impl Sink for Vec<u8> {
    fn take(&mut self, bytes: &[u8]) -> Result<(), ZipFlaw> {
        self.extend_from_slice(bytes);
        if self.len() > LIMITS.bundle {
            return Err(ZipFlaw::TooLarge(self.len()));
        }
        Ok(())
    }

    fn position(&self) -> usize {
        self.len()
    }
}

/// Compares instead of writing.
struct Compare<'a> {
    with: &'a [u8],
    at: usize,
}

impl Sink for Compare<'_> {
    fn take(&mut self, bytes: &[u8]) -> Result<(), ZipFlaw> {
        let rest = self.with.get(self.at..).unwrap_or_default();
        if rest.starts_with(bytes) {
            self.at += bytes.len();
            return Ok(());
        }
        let same = rest.iter().zip(bytes).take_while(|(a, b)| a == b).count();
        Err(ZipFlaw::Form(self.at + same))
    }

    fn position(&self) -> usize {
        self.at
    }
}

/// A length or position as the format keeps it; [`LIMITS`] keeps all of them below 4 GiB.
fn short(n: usize) -> Result<u32, ZipFlaw> {
    u32::try_from(n).map_err(|_| ZipFlaw::TooLarge(n))
}

fn narrow(n: usize) -> Result<u16, ZipFlaw> {
    u16::try_from(n).map_err(|_| ZipFlaw::TooMany(n))
}

/// The part that the local header and the directory have in common.
fn common(to: &mut impl Sink, name: &str, body: &[u8]) -> Result<(), ZipFlaw> {
    for n in [NEEDED, UTF8, STORED, MIDNIGHT, FIRST_OF_1980] {
        to.u16(n)?;
    }
    to.u32(crc32fast::hash(body))?;
    to.u32(short(body.len())?)?;
    to.u32(short(body.len())?)?;
    to.u16(narrow(name.len())?)?;
    to.u16(0)
}

fn write(files: &Files<'_>, to: &mut impl Sink) -> Result<(), ZipFlaw> {
    let mut sorted: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (*n, *b)).collect();
    sorted.sort_by(|a, b| order(a.0, b.0));
    let mut starts = Vec::with_capacity(sorted.len());
    for (name, body) in &sorted {
        starts.push(to.position());
        to.u32(LOCAL)?;
        common(to, name, body)?;
        to.take(name.as_bytes())?;
        to.take(body)?;
    }
    let directory = to.position();
    for ((name, body), start) in sorted.iter().zip(starts) {
        to.u32(CENTRAL)?;
        to.u16(MADE_ON_UNIX)?;
        common(to, name, body)?;
        for _comment_disk_kind in 0..3 {
            to.u16(0)?;
        }
        to.u32(REGULAR_FILE)?;
        to.u32(short(start)?)?;
        to.take(name.as_bytes())?;
    }
    let length = to.position() - directory;
    let count = narrow(sorted.len())?;
    to.u32(END)?;
    for n in [0, 0, count, count] {
        to.u16(n)?;
    }
    to.u32(short(length)?)?;
    to.u32(short(directory)?)?;
    to.u16(0)
}

fn check_names<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), ZipFlaw> {
    let mut seen = std::collections::BTreeSet::new();
    for name in names {
        if !permitted(name) || !seen.insert(name.to_ascii_lowercase()) {
            return Err(ZipFlaw::Name(name.to_owned()));
        }
        if seen.len() > LIMITS.files {
            return Err(ZipFlaw::TooMany(LIMITS.files));
        }
    }
    Ok(())
}

/// The canonical zip of these files.
///
/// # Errors
/// When a name is not plain, or there is too much.
pub fn write_zip(files: &BTreeMap<&str, &[u8]>) -> Result<Vec<u8>, ZipFlaw> {
    check_names(files.keys().copied())?;
    let size: usize = files.iter().map(|(n, b)| 2 * n.len() + b.len() + 76).sum();
    if size > LIMITS.bundle {
        return Err(ZipFlaw::TooLarge(size));
    }
    let mut out = Vec::with_capacity(size + 22);
    write(files, &mut out)?;
    Ok(out)
}

/// The files in a canonical zip, by name, borrowed from its bytes.
///
/// # Errors
/// When the bytes are not exactly what [`write_zip`] writes for these files.
pub fn read_zip(bytes: &[u8]) -> Result<BTreeMap<&str, &[u8]>, ZipFlaw> {
    if bytes.len() > LIMITS.bundle {
        return Err(ZipFlaw::TooLarge(bytes.len()));
    }
    let mut files = Files::new();
    let mut at = 0;
    while let Some((name, body, next)) = next_file(bytes, at) {
        let name = std::str::from_utf8(name).map_err(|_| ZipFlaw::Form(at + LOCAL_LENGTH))?;
        if files.insert(name, body).is_some() {
            return Err(ZipFlaw::Name(name.to_owned()));
        }
        if files.len() > LIMITS.files {
            return Err(ZipFlaw::TooMany(LIMITS.files));
        }
        at = next;
    }
    let mut compare = Compare { with: bytes, at: 0 };
    write(&files, &mut compare)?;
    if compare.at != bytes.len() {
        return Err(ZipFlaw::Form(compare.at));
    }
    check_names(files.keys().copied())?;
    Ok(files)
}

/// Name and content of the file whose local header begins at `at`, and where the next one would.
/// Only the two lengths are looked at: the comparison looks at the rest.
fn next_file(bytes: &[u8], at: usize) -> Option<(&[u8], &[u8], usize)> {
    let header = bytes.get(at..at.checked_add(LOCAL_LENGTH)?)?;
    if !header.starts_with(&LOCAL.to_le_bytes()) {
        return None;
    }
    let size = u32::from_le_bytes([header[22], header[23], header[24], header[25]]);
    let name = usize::from(u16::from_le_bytes([header[26], header[27]]));
    let from = at + LOCAL_LENGTH;
    let body = from.checked_add(name)?;
    let next = body.checked_add(usize::try_from(size).ok()?)?;
    Some((bytes.get(from..body)?, bytes.get(body..next)?, next))
}
