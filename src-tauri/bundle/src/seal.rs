//! Sealing for named recipients with age: X25519, binary, readable by the `age` tool.

use crate::limits::LIMITS;
use age::secrecy::ExposeSecret as _;
use bech32::{Bech32, Hrp};
use std::{fmt, io::Read as _, iter, str::FromStr};
use zeroize::Zeroizing;

const SECRET_PREFIX: &str = "age-secret-key-";
const FIRST_LINE: &[u8] = b"age-encryption.org/v1\n";

/// Somebody a bundle can be sealed for. Text form: `age1…`.
#[derive(Clone, PartialEq, Eq)]
pub struct AgeRecipient(age::x25519::Recipient);

/// The secret that opens what was sealed for a recipient. Never printed by `Debug`.
pub struct AgeIdentity(age::x25519::Identity);

/// Why something cannot be sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Not `age1…`.
    #[error("not an age recipient")]
    Recipient,
    /// Not `AGE-SECRET-KEY-1…`.
    #[error("not an age identity")]
    Identity,
    /// Nobody to seal for.
    #[error("no recipient to seal for")]
    NoRecipients,
    /// Larger than [`LIMITS`] allows.
    #[error("sealed file too large")]
    TooLarge,
    /// Not sealed with age, a header beyond bounds, altered, or cut short.
    #[error("sealed file damaged")]
    Damaged,
    /// Intact as far as can be told, but sealed for others.
    #[error("sealed for others")]
    NotForUs,
    /// age could not write.
    #[error("sealing failed")]
    Failed,
}

impl SealError {
    /// Stable name of the reason.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Recipient => "seal-recipient",
            Self::Identity => "seal-identity",
            Self::NoRecipients => "seal-no-recipients",
            Self::TooLarge => "seal-too-large",
            Self::Damaged => "seal-damaged",
            Self::NotForUs => "seal-not-for-us",
            Self::Failed => "seal-failed",
        }
    }
}

impl FromStr for AgeRecipient {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        text.parse().map(Self).map_err(|_| SealError::Recipient)
    }
}

impl fmt::Display for AgeRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for AgeRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AgeRecipient({self})")
    }
}

impl AgeIdentity {
    /// From 32 bytes that the caller drew and wipes.
    ///
    /// # Errors
    /// Never for 32 bytes; the text form is made and read to get there.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, SealError> {
        let prefix = Hrp::parse(SECRET_PREFIX).map_err(|_| SealError::Identity)?;
        let text = bech32::encode::<Bech32>(prefix, seed).map_err(|_| SealError::Identity)?;
        let text = Zeroizing::new(text);
        Self::parse(&Zeroizing::new(text.to_ascii_uppercase()))
    }

    /// From `AGE-SECRET-KEY-1…`, as age-keygen writes it.
    ///
    /// # Errors
    /// For anything else.
    pub fn parse(text: &str) -> Result<Self, SealError> {
        text.parse().map(Self).map_err(|_| SealError::Identity)
    }

    /// `AGE-SECRET-KEY-1…`, wiped when dropped. For handing to the `age` tool.
    #[must_use]
    pub fn secret_text(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.to_string().expose_secret().to_owned())
    }

    /// Whom others seal for.
    #[must_use]
    pub fn recipient(&self) -> AgeRecipient {
        AgeRecipient(self.0.to_public())
    }
}

impl fmt::Debug for AgeIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AgeIdentity(for {})", self.recipient())
    }
}

/// Whether bytes begin as a file sealed with age does.
#[must_use]
pub fn is_sealed(bytes: &[u8]) -> bool {
    bytes.starts_with(FIRST_LINE)
}

/// Seals bytes for the recipients. Two calls give different bytes: age draws a new key each time.
///
/// # Errors
/// Without recipients, with more than the reader would accept, or when age fails.
pub fn seal(bytes: &[u8], recipients: &[AgeRecipient]) -> Result<Vec<u8>, SealError> {
    if recipients.is_empty() {
        return Err(SealError::NoRecipients);
    }
    // age adds one stanza of its own, so that readers learn to ignore what they do not know.
    if bytes.len() > LIMITS.bundle || recipients.len() >= LIMITS.age_stanzas {
        return Err(SealError::TooLarge);
    }
    let all = recipients.iter().map(|r| &r.0 as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(all).map_err(|_| SealError::Failed)?;
    let mut out = Vec::with_capacity(bytes.len() + 1024);
    let mut writer = encryptor.wrap_output(&mut out).map_err(|_| SealError::Failed)?;
    std::io::Write::write_all(&mut writer, bytes).map_err(|_| SealError::Failed)?;
    writer.finish().map_err(|_| SealError::Failed)?;
    Ok(out)
}

/// Opens sealed bytes. Nothing is returned before the last part has been authenticated.
///
/// # Errors
/// Tells apart what is damaged and what is sealed for others.
pub fn open_sealed(bytes: &[u8], identity: &AgeIdentity) -> Result<Vec<u8>, SealError> {
    if bytes.len() > LIMITS.bundle + LIMITS.bundle / 1024 + LIMITS.age_header {
        return Err(SealError::TooLarge);
    }
    if !is_sealed(bytes) || !header_in_bounds(bytes) {
        return Err(SealError::Damaged);
    }
    let decryptor = age::Decryptor::new_buffered(bytes).map_err(|_| SealError::Damaged)?;
    let mut reader = decryptor
        .decrypt(iter::once(&identity.0 as &dyn age::Identity))
        .map_err(|error| {
            if matches!(error, age::DecryptError::NoMatchingKeys) {
                SealError::NotForUs
            } else {
                SealError::Damaged
            }
        })?;
    let mut plain = Vec::with_capacity(bytes.len());
    reader.read_to_end(&mut plain).map_err(|_| SealError::Damaged)?;
    Ok(plain)
}

/// The header ends with a line that begins `---`; counts stanzas on the way.
fn header_in_bounds(bytes: &[u8]) -> bool {
    let mut seen = 0;
    let mut stanzas = 0;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        seen += line.len();
        if seen > LIMITS.age_header {
            return false;
        }
        if line.starts_with(b"---") {
            return true;
        }
        stanzas += usize::from(line.starts_with(b"-> "));
        if stanzas > LIMITS.age_stanzas {
            return false;
        }
    }
    false
}
