//! Verifying a bundle: the order in which things may be believed.
//!
//! 1. the canonical zip, one top folder, plain names;
//! 2. the site's signature over the list of files, with the key that the signature itself names;
//! 3. the exact set of files, each with the hash that the list gives;
//! 4. whether the reader's list of keys vouches for that key: only now is anything inside looked at;
//! 5. header, `bag-info.txt`, people, enclosed list of signers, the exporting person's signature;
//! 6. entries, chain, commit signatures, checkpoints;
//! 7. e-signature statements.
//!
//! A step that fails ends it. An unknown signer is therefore told apart from damage: whatever was
//! altered after signing has been found in steps 1 to 3.

mod content;
mod contents;
mod envelope;
mod journal;
mod statements;
mod summary;

pub use contents::{Contents, open};
pub use summary::{EsigSummary, ExportedBy, LogSummary, PersonSummary, SignedBy, Verified};

use crate::refused::{KeyStanding, Refused, UnknownSigner};
use chrono::{DateTime, Utc};
use envelope::Envelope;
use proof::{AllowedSigners, Namespace, PublicKey, Standing};

/// Verifies the bytes of a plain bundle against the reader's own list of signers.
///
/// # Errors
/// Tells what is wrong and where; an intact bundle by an unknown signer is told apart.
pub fn verify(bytes: &[u8], trust: &AllowedSigners, now: DateTime<Utc>) -> Result<Verified, Refused> {
    let vouch = |key: &PublicKey| match trust.standing(key, Namespace::Bundle, now) {
        Standing::Good(signer) => Ok(signer.principals.clone()),
        Standing::NotYet(signer) => Err((KeyStanding::NotYet, signer.principals.clone())),
        Standing::Expired(signer) => Err((KeyStanding::Expired, signer.principals.clone())),
        Standing::OtherPurpose(signer) => Err((KeyStanding::OtherPurpose, signer.principals.clone())),
        Standing::Unknown => Err((KeyStanding::Unlisted, Vec::new())),
    };
    examine(bytes, vouch, Some(now))
}

/// [`verify`], with the question of trust left to the caller: the names a key goes by, or why it
/// does not count.
pub(crate) fn examine(
    bytes: &[u8],
    vouch: impl Fn(&PublicKey) -> Result<Vec<String>, (KeyStanding, Vec<String>)>,
    now: Option<DateTime<Utc>>,
) -> Result<Verified, Refused> {
    let envelope = Envelope::open(bytes)?;
    let principals = vouch(&envelope.site).map_err(|(standing, principals)| {
        Refused::SignerUnknown(Box::new(UnknownSigner {
            key: envelope.site,
            standing,
            principals,
            external_id: envelope.folder.to_owned(),
        }))
    })?;
    let header = content::header(&envelope)?;
    let people = content::people(&envelope, &header)?;
    let list = content::trust_list(&envelope, &people)?;
    let exporter = content::exporter(&envelope, &people, &list)?;
    let journal = journal::read(&envelope, &header, &people)?;
    let known = statements::Known {
        header: &header,
        people: &people,
        list: &list,
        journal: &journal,
    };
    let esignatures = statements::read(&envelope, &known)?;
    let outcome = summary::Outcome {
        principals,
        header,
        people: &people,
        exporter,
        journal,
        esignatures,
    };
    Ok(outcome.summarise(&envelope, now))
}
