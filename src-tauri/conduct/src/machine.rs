//! What only the machine knows: the time, chance, how long deriving a key may take, where faults are noted.

use chrono::{DateTime, Duration, FixedOffset, SecondsFormat, Utc};
use store::{Chance, KdfCost};
use study::act::Moment;

/// The machine under the desk. The shell and the command line implement it; nobody else asks for time or chance.
pub trait Machine: Send {
    /// Now, with the local offset.
    fn now(&self) -> DateTime<FixedOffset>;
    /// Fills with unpredictable bytes (in a synthetic file: with bytes that follow from a seed).
    fn fill(&mut self, bytes: &mut [u8]);
    /// Cost of deriving a key from a password; `synthetic` files are cheap to open.
    fn kdf(&self, synthetic: bool) -> KdfCost;
    /// Keeps the chain of causes under a reference.
    fn note_fault(&mut self, reference: &str, chain: &str);
}

/// A [`Machine`] as the store's source of randomness.
pub(crate) struct Dice<'a>(pub(crate) &'a mut dyn Machine);

impl Chance for Dice<'_> {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }
}

/// The moment as the journal writes it.
pub fn moment(now: DateTime<FixedOffset>) -> Moment {
    Moment {
        at: now.with_timezone(&Utc).to_rfc3339_opts(SecondsFormat::Millis, true),
        offset: now.offset().to_string(),
    }
}

/// The moment read back; `None` if it is not one.
pub(crate) fn instant(at: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(at).ok().map(|t| t.with_timezone(&Utc))
}

/// Whole days from one moment to now; 0 when the clock went back.
pub(crate) fn days_since(then: &Moment, now: DateTime<FixedOffset>) -> u32 {
    let passed = instant(&then.at).map_or_else(Duration::zero, |t| now.with_timezone(&Utc) - t);
    u32::try_from(passed.num_days()).unwrap_or(0)
}

/// Whether only a clock set wrong can have dated something so.
pub(crate) fn is_ahead(at: DateTime<Utc>, now: DateTime<FixedOffset>) -> bool {
    at - now.to_utc() > Duration::days(1)
}

/// Whole days since something that is due again and again; none where a wrong clock dated it ahead: it would not be due until
/// that time has come.
pub(crate) fn days_since_last(last: &Moment, now: DateTime<FixedOffset>) -> Option<u32> {
    let ahead = instant(&last.at).is_some_and(|at| is_ahead(at, now));
    (!ahead).then(|| days_since(last, now))
}

/// Hex of chance, for identifiers: `prefix-` and 16 digits.
pub(crate) fn make_id(machine: &mut dyn Machine, prefix: &str) -> String {
    let mut bytes = [0u8; 8];
    machine.fill(&mut bytes);
    format!("{prefix}-{:016x}", u64::from_be_bytes(bytes))
}
