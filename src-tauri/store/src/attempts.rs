//! Wrong passwords, names, recovery codes and key sheets while the file is locked: 63 places in the header, unauthenticated,
//! best effort.
//!
//! Wrong passwords slow guessing at the keyboard, and all become entries at the next unlock. A slot's own tries are cleared
//! when it opens; those already in the journal stay until then, so that another person's log-in does not end a waiting time.
//! What names no slot holds nobody back and goes once it is an entry.

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use rusqlite::Connection;
use sha2::{Digest as _, Sha256};
use study::act::Moment;

use crate::{error::Result, vfs};

const AT: usize = 61_440;
const PLACE: usize = 64;
/// The place behind them is the mark (see `mark`).
const PLACES: usize = 63;
/// One slot keeps no more than this, so that its tries cannot push out those of others.
const PER_SLOT: usize = 16;
/// Of what names no slot, of one kind: the newest.
const PER_KIND: usize = 8;

/// What was tried that names no slot, as a place writes it (as long as the name of a slot), and where the journal says it was.
/// What was typed is kept nowhere: it may be a password, or nearly the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stray {
    /// A log-in name that nobody has.
    Name,
    /// A wrong recovery code.
    RecoveryCode,
    /// Words that are not the file's key.
    KeySheet,
}

impl Stray {
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Name, "a-name-of-nobody", "unlock"),
        (Self::RecoveryCode, "no-recovery-code", "recovery"),
        (Self::KeySheet, "not-the-file-key", "sheet"),
    ];

    fn slot(self) -> &'static str {
        let [(_, name, _), (_, code, _), (_, sheet, _)] = Self::ALL;
        match self {
            Self::Name => name,
            Self::RecoveryCode => code,
            Self::KeySheet => sheet,
        }
    }
}

/// One wrong password, or what else was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attempt {
    pub(crate) slot: String,
    /// Milliseconds since 1970, as the device's clock said.
    pub(crate) at_ms: i64,
    /// Offset from UTC, minutes.
    pub(crate) offset: i16,
    /// Already an entry of the journal.
    pub(crate) imported: bool,
}

impl Attempt {
    pub(crate) fn new(slot: &str, moment: &Moment) -> Self {
        Self {
            slot: slot.to_owned(),
            at_ms: millis(moment),
            offset: offset_minutes(moment),
            imported: false,
        }
    }

    pub(crate) fn stray(what: Stray, moment: &Moment) -> Self {
        Self::new(what.slot(), moment)
    }

    /// Where it was tried, as the journal says it, when it names no slot.
    pub(crate) fn strayed(&self) -> Option<&'static str> {
        let found = Stray::ALL.iter().find(|(_, slot, _)| *slot == self.slot);
        found.map(|(_, _, at)| *at)
    }

    /// When, as the journal writes it.
    pub(crate) fn moment(&self) -> Moment {
        let at = DateTime::<Utc>::from_timestamp_millis(self.at_ms).unwrap_or_default();
        let (sign, minutes) = if self.offset < 0 {
            ('-', -self.offset)
        } else {
            ('+', self.offset)
        };
        Moment {
            at: at.to_rfc3339_opts(SecondsFormat::Millis, true),
            offset: format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60),
        }
    }

    /// The save in a log that tells it as its first: the same each time, so that a second try writes nothing; and another on
    /// every device that has it in its header, since a file may be copied before it was told.
    pub(crate) fn save_id(&self, log: &str) -> [u8; 16] {
        let hash = Sha256::new().chain_update(b"cartwright-wrong-password-v2");
        let hash = hash.chain_update(log).chain_update(&self.slot);
        let hash = hash.chain_update(self.at_ms.to_be_bytes()).finalize();
        let mut id = [0; 16];
        id.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        id
    }

    fn to_bytes(&self) -> [u8; PLACE] {
        let mut bytes = [0; PLACE];
        bytes[0] = 1;
        bytes[1] = u8::from(self.imported);
        bytes[2..4].copy_from_slice(&self.offset.to_le_bytes());
        bytes[4..12].copy_from_slice(&self.at_ms.to_le_bytes());
        for (to, from) in bytes[12..28].iter_mut().zip(self.slot.bytes()) {
            *to = from;
        }
        let sum = Sha256::digest(&bytes[..56]);
        bytes[56..].copy_from_slice(&sum[..8]);
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let sum = Sha256::digest(bytes.get(..56)?);
        if bytes.first() != Some(&1) || bytes.get(56..) != sum.get(..8) {
            return None;
        }
        let slot = std::str::from_utf8(bytes.get(12..28)?).ok()?;
        Some(Self {
            slot: slot.to_owned(),
            at_ms: i64::from_le_bytes(bytes.get(4..12)?.try_into().ok()?),
            offset: i16::from_le_bytes(bytes.get(2..4)?.try_into().ok()?).clamp(-1080, 1080),
            imported: bytes.get(1) == Some(&1),
        })
    }
}

fn millis(moment: &Moment) -> i64 {
    DateTime::parse_from_rfc3339(&moment.at)
        .map(|at| at.timestamp_millis())
        .unwrap_or_default()
}

fn offset_minutes(moment: &Moment) -> i16 {
    moment
        .offset
        .parse::<FixedOffset>()
        .ok()
        .and_then(|offset| i16::try_from(offset.local_minus_utc() / 60).ok())
        .unwrap_or_default()
}

/// All wrong passwords kept, oldest first; and whether a place was written and does not read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Attempts(pub(crate) Vec<Attempt>, pub(crate) Torn);

/// Whether some place is neither empty nor whole: torn by a power loss, or altered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Torn(pub(crate) bool);

impl Attempts {
    /// Reads them; places that are not whole are empty.
    pub(crate) fn read(conn: &Connection) -> Result<Self> {
        let mut bytes = vec![0; PLACE * PLACES];
        vfs::header_read(conn, AT, &mut bytes)?;
        Ok(Self::parse(&bytes))
    }

    fn parse(bytes: &[u8]) -> Self {
        let mut all = Self::default();
        for place in bytes.chunks_exact(PLACE) {
            match Attempt::from_bytes(place) {
                Some(attempt) => all.0.push(attempt),
                None => all.1.0 |= place.iter().any(|byte| *byte != 0),
            }
        }
        all
    }

    /// Writes them all.
    pub(crate) fn write(&self, conn: &Connection) -> Result<()> {
        let mut bytes = Vec::with_capacity(PLACE * PLACES);
        for attempt in &self.0 {
            bytes.extend_from_slice(&attempt.to_bytes());
        }
        bytes.resize(PLACE * PLACES, 0);
        vfs::header_write(conn, AT, &bytes)?;
        Ok(())
    }

    /// Notes on a file that stays locked what was tried and names no slot. Nothing where nothing can be written.
    pub(crate) fn note(conn: &Connection, what: Stray, moment: &Moment) -> Result<()> {
        if conn.is_readonly("main")? {
            return Ok(());
        }
        let mut attempts = Self::read(conn)?;
        attempts.add(Attempt::stray(what, moment));
        attempts.write(conn)
    }

    pub(crate) fn add(&mut self, attempt: Attempt) {
        self.1 = Torn(false);
        let mine = self.0.iter().filter(|a| a.slot == attempt.slot).count();
        let most = attempt.strayed().map_or(PER_SLOT, |_| PER_KIND);
        let oldest = if mine >= most {
            self.0.iter().position(|a| a.slot == attempt.slot)
        } else if self.0.len() >= PLACES {
            // What holds nobody back gives way first.
            Some(self.0.iter().position(|a| a.strayed().is_some()).unwrap_or(0))
        } else {
            None
        };
        if let Some(oldest) = oldest {
            self.0.remove(oldest);
        }
        self.0.push(attempt);
    }

    /// Forgets a slot's tries: it has opened.
    pub(crate) fn forgive(&mut self, slot: &str) {
        self.1 = Torn(false);
        self.0.retain(|a| a.slot != slot);
    }

    /// All are entries now.
    pub(crate) fn told(&mut self) {
        self.0.retain(|a| a.strayed().is_none());
        for attempt in &mut self.0 {
            attempt.imported = true;
        }
    }

    /// Of a clock that went back, the last try lies ahead, and waiting would last until that time has come: one full term
    /// begins now instead. What the journal has to be told of yet keeps its time. Answer: whether it was so.
    pub(crate) fn begin_again(&mut self, slot: &str, now: &Moment) -> bool {
        let Some(last) = self.0.iter_mut().rev().find(|a| a.slot == slot) else {
            return false;
        };
        if last.at_ms <= millis(now) {
            return false;
        }
        let begun = Attempt {
            imported: true,
            ..Attempt::new(slot, now)
        };
        if last.imported {
            *last = begun;
        } else {
            self.add(begun);
        }
        true
    }

    /// Seconds until this slot is heard again. A clock that went back does not shorten the wait; whoever refuses for it lets it
    /// begin again.
    pub(crate) fn wait_seconds(&self, slot: &str, now: &Moment) -> u64 {
        let tries: Vec<&Attempt> = self.0.iter().filter(|a| a.slot == slot).collect();
        let Some(last) = tries.last() else { return 0 };
        let term = term_seconds(tries.len());
        let passed = millis(now).saturating_sub(last.at_ms).max(0).unsigned_abs() / 1000;
        term.saturating_sub(passed)
    }
}

/// Seconds to wait after so many wrong passwords in a row: two are free, then 1, 2, 4 …, 15 minutes from the tenth.
fn term_seconds(tries: usize) -> u64 {
    match tries {
        0..=2 => 0,
        3..=9 => 1 << (tries - 3),
        _ => 900,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(second: u32) -> Moment {
        Moment {
            at: format!("2026-03-01T10:{:02}:{:02}.500Z", second / 60, second % 60),
            offset: "+08:00".into(),
        }
    }

    #[test]
    fn an_attempt_survives_its_bytes_and_a_torn_place_is_empty() {
        let attempt = Attempt::new("0123456789abcdef", &moment(7));
        assert_eq!(attempt.moment(), moment(7));
        let bytes = attempt.to_bytes();
        assert_eq!(Attempt::from_bytes(&bytes).unwrap(), attempt);
        for at in 0..PLACE {
            let mut torn = bytes;
            torn[at] ^= 0x20;
            assert!(Attempt::from_bytes(&torn).is_none(), "{at}");
        }
    }

    #[test]
    fn waiting_grows_and_is_per_slot() {
        let mut attempts = Attempts::default();
        let mut waits = Vec::new();
        for _ in 0..11 {
            attempts.add(Attempt::new("a", &moment(0)));
            waits.push(attempts.wait_seconds("a", &moment(0)));
        }
        assert_eq!(waits, [0, 0, 1, 2, 4, 8, 16, 32, 64, 900, 900]);
        assert_eq!(attempts.wait_seconds("a", &moment(60)), 840);
        assert_eq!(attempts.wait_seconds("b", &moment(0)), 0);
        let earlier = Moment {
            at: "2020-01-01T00:00:00.000Z".into(),
            offset: "+00:00".into(),
        };
        assert_eq!(attempts.wait_seconds("a", &earlier), 900);
        attempts.forgive("a");
        assert_eq!(attempts.wait_seconds("a", &moment(0)), 0);
    }

    #[test]
    fn one_slot_cannot_push_out_another() {
        let mut attempts = Attempts::default();
        attempts.add(Attempt::new("b", &moment(0)));
        for second in 0..100 {
            attempts.add(Attempt::new("a", &moment(second)));
        }
        assert_eq!(attempts.0.len(), PER_SLOT + 1);
        assert_eq!(attempts.0[0].slot, "b");
    }

    #[test]
    fn what_names_no_slot_reads_back_and_pushes_out_nobodys_waiting_time() {
        let mut attempts = Attempts::default();
        for slot in 0..PLACES {
            attempts.add(Attempt::new(&format!("{slot:016}"), &moment(0)));
        }
        attempts.0.truncate(PLACES - 2);
        for (what, _, at) in Stray::ALL {
            let stray = Attempt::stray(what, &moment(1));
            assert_eq!(Attempt::from_bytes(&stray.to_bytes()).unwrap().strayed(), Some(at));
            attempts.add(stray);
        }
        let strays = |attempts: &Attempts| attempts.0.iter().filter_map(Attempt::strayed).collect::<Vec<_>>();
        assert_eq!(strays(&attempts), ["recovery", "sheet"], "the oldest of them gave way");
        assert_eq!(attempts.0.len(), PLACES);
        for second in 0..100 {
            attempts.add(Attempt::stray(Stray::Name, &moment(second)));
        }
        assert_eq!(attempts.0.iter().filter(|a| a.strayed().is_none()).count(), PLACES - 2);
        attempts.0.truncate(1);
        for second in 0..100 {
            attempts.add(Attempt::stray(Stray::Name, &moment(second)));
        }
        assert_eq!(attempts.0.len(), PER_KIND + 1);
        attempts.told();
        assert_eq!(attempts.0.len(), 1);
    }
}
