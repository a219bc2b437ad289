//! Names of files that mean the same on every system.

use crate::limits::LIMITS;

/// Names Windows keeps for devices, whatever follows a dot.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Whether a path is made of plain names: letters and digits first, then also `.`, `_`, `-`; never
/// absolute, never upwards, never a device, never ended by a dot, not too deep.
pub(crate) fn permitted(path: &str) -> bool {
    let mut depth = 0;
    path.split('/').all(|name| {
        depth += 1;
        depth <= LIMITS.depth && plain(name)
    })
}

fn plain(name: &str) -> bool {
    let body = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_' | b'-');
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    name.len() <= LIMITS.name
        && name.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
        && name.bytes().all(body)
        && !name.ends_with('.')
        && !DEVICES.contains(&stem.as_str())
}

#[cfg(test)]
mod tests {
    use super::permitted;

    #[test]
    fn only_plain_names_pass() {
        for good in [
            "bagit.txt",
            "CARTX-012/data/audit/entries.ndjson",
            "a/b/c/d/e/f/g/h",
            "README.txt",
            "1.0",
        ] {
            assert!(permitted(good), "{good}");
        }
        for bad in [
            "",
            "/a",
            "a/",
            "a//b",
            "..",
            "a/../b",
            ".a",
            "-a",
            "a b",
            "a\\b",
            "C:",
            "中",
            "a.",
            "nul",
            "Con.txt",
            "a\0",
            "a/b/c/d/e/f/g/h/i",
        ] {
            assert!(!permitted(bad), "{bad}");
        }
        assert!(!permitted(&"a".repeat(121)));
    }
}
