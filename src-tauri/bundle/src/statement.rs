//! The bytes of an e-signature statement.

use proof::CanonicalError;
use serde::Serialize;

/// The bytes that a person signs under `cartwright-esig-v1` and that a bundle carries as a file:
/// the canonical JSON of the statement and one LF.
///
/// # Errors
/// When the statement has no canonical form.
pub fn statement_bytes<T: Serialize + ?Sized>(statement: &T) -> Result<Vec<u8>, CanonicalError> {
    let mut bytes = proof::canonical(statement)?;
    bytes.push(b'\n');
    Ok(bytes)
}
