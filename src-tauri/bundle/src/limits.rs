//! How large anything in a bundle may be. One table, so that the manual can print it.

use proof::ENTRY_LIMITS;

/// Bounds on a bundle.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the plain zip.
    pub bundle: usize,
    /// Bytes of a sealed file's header.
    pub age_header: usize,
    /// Recipients in a sealed file's header.
    pub age_stanzas: usize,
    /// Files in the zip.
    pub files: usize,
    /// Folders and name of one file.
    pub depth: usize,
    /// Characters of one folder or name.
    pub name: usize,
    /// Bytes of `cartwright.json`.
    pub header: usize,
    /// Levels in `cartwright.json`.
    pub header_depth: usize,
    /// Bytes of one line of `entries.ndjson`: a body and what stands around it.
    pub line: usize,
    /// Lines of `entries.ndjson`.
    pub entries: usize,
    /// Logs in one bundle.
    pub logs: usize,
    /// Bytes of a signature file.
    pub signature: usize,
    /// Hours that a bundle's time may lie ahead of the reader's clock before it is pointed out.
    pub hours_ahead: i64,
}

/// The bounds in force.
pub const LIMITS: Limits = Limits {
    bundle: 512 << 20,
    age_header: 64 << 10,
    age_stanzas: 20,
    files: 10_000,
    depth: 8,
    name: 120,
    header: 64 << 10,
    header_depth: 16,
    line: ENTRY_LIMITS.bytes + 4096,
    entries: 5_000_000,
    logs: 1_000,
    signature: 4 << 10,
    hours_ahead: 24,
};
