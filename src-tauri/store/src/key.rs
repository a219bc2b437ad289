//! The number under which an entry is stored: the log's number in the file and the entry's number in the log.

const BITS: u32 = 40;
const MOST: u64 = 1 << BITS;

/// `log << 40 | seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) log: u32,
    pub(crate) seq: u64,
}

impl Key {
    pub(crate) fn new(log: u32, seq: u64) -> Self {
        Self {
            log,
            seq: seq.min(MOST - 1),
        }
    }

    /// As SQLite keeps it. Logs are few (the number stays far below 2^22), so this is positive.
    pub(crate) fn to_sql(self) -> i64 {
        i64::from(self.log) << BITS | self.seq.cast_signed()
    }

    pub(crate) fn from_sql(key: i64) -> Self {
        let key = key.cast_unsigned();
        Self {
            log: (key >> BITS) as u32,
            seq: key & (MOST - 1),
        }
    }

    /// The keys that all entries of a log lie between, first inclusive, second exclusive.
    pub(crate) fn range(log: u32) -> (i64, i64) {
        (Self::new(log, 0).to_sql(), Self::new(log + 1, 0).to_sql())
    }
}

/// Bounds of all paths beneath `stem` (a subject or a form): `/` sorts right before `0`.
pub(crate) fn beneath(stem: &str) -> (String, String) {
    (format!("{stem}/"), format!("{stem}0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_sql_and_sorts_by_log_then_number() {
        for (log, seq) in [(1, 1), (1, MOST - 1), (2, 1), (4_000_000, 77)] {
            let key = Key::new(log, seq);
            assert_eq!(Key::from_sql(key.to_sql()), key);
            assert!(key.to_sql() > 0);
        }
        assert!(Key::new(1, MOST - 1).to_sql() < Key::new(2, 1).to_sql());
        let (low, high) = Key::range(3);
        assert!(low <= Key::new(3, 1).to_sql() && Key::new(3, MOST - 1).to_sql() < high);
    }

    #[test]
    fn beneath_takes_children_and_not_neighbours() {
        let (low, high) = beneath("S-001/SCR/DM");
        let inside = |path: &str| low.as_str() <= path && path < high.as_str();
        assert!(inside("S-001/SCR/DM/G/I") && inside("S-001/SCR/DM/~"));
        for other in [
            "S-001/SCR/DM[2]/G/I",
            "S-001/SCR/DMX/G/I",
            "S-001/SCR/DM",
            "S-0010/SCR/DM/G/I",
            "S-001/SCR/DM0",
        ] {
            assert!(!inside(other), "{other}");
        }
    }
}
