//! Whether the file was closed: a mark in the header's last place, set when a device opens it to write and taken back when
//! it is closed.
//!
//! A file that was not closed has its rollback journal beside it. One without was copied in the middle of its work, or
//! lost the journal: what is in it may be half a step, so everything is checked before anything is written.

use std::path::Path;

use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use crate::{error::Result, vfs};

const AT: usize = 65_472;
const PLACE: usize = 64;

/// What the place says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Closed, or never opened to write.
    Closed,
    /// A device has it open, or had when its process or its power went.
    Open,
    /// Written and not whole: torn by a power loss, or altered.
    Torn,
}

fn bytes(open: bool) -> [u8; PLACE] {
    let mut bytes = [0; PLACE];
    bytes[..2].copy_from_slice(&[b'M', u8::from(open)]);
    let sum = Sha256::digest(&bytes[..56]);
    bytes[56..].copy_from_slice(&sum[..8]);
    bytes
}

fn parse(place: &[u8; PLACE]) -> Mark {
    if *place == bytes(true) {
        Mark::Open
    } else if *place == bytes(false) || *place == [0; PLACE] {
        Mark::Closed
    } else {
        Mark::Torn
    }
}

impl Mark {
    pub(crate) fn read(conn: &Connection) -> Result<Self> {
        let mut place = [0; PLACE];
        vfs::header_read(conn, AT, &mut place)?;
        Ok(parse(&place))
    }

    /// Notes that the file is open, or closed.
    pub(crate) fn note(conn: &Connection, open: bool) -> Result<()> {
        Ok(vfs::header_write(conn, AT, &bytes(open))?)
    }

    /// Whether the file may hold half a step that no journal undoes. Asked before the key is handed over, since that plays
    /// the journal back.
    pub(crate) fn half(conn: &Connection, path: &Path) -> Result<bool> {
        Ok(Self::read(conn)? != Self::Closed && !vfs::journal_of(path).try_exists()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_changed_byte_of_the_mark_is_torn() {
        assert_eq!(parse(&[0; PLACE]), Mark::Closed);
        for (open, expected) in [(true, Mark::Open), (false, Mark::Closed)] {
            let good = bytes(open);
            assert_eq!(parse(&good), expected);
            for at in 0..PLACE {
                let mut torn = good;
                torn[at] ^= 1;
                assert_eq!(parse(&torn), Mark::Torn, "{at}");
            }
        }
    }
}
