//! The SSH wire format: a string is its length (four bytes, big end first) and its bytes.

pub(crate) fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    // Everything written here is a name, a key, a hash or a signature: far below 4 GiB.
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(bytes);
}

/// Takes the next string off `rest`.
pub(crate) fn take<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, after) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (bytes, after) = after.split_at_checked(length)?;
    *rest = after;
    Some(bytes)
}
