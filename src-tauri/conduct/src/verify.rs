//! Verifying a bundle: the answer in parts that screens and terminals put into words.

use std::path::Path;

use bundle::{Place, Refused, Verified};
use chrono::{DateTime, Utc};
use proof::AllowedSigners;

use crate::{
    desk::{Desk, Place as DeskPlace},
    requests::VerifyBundle,
    trouble::{Outcome, Trouble},
    views::{SignerView, VerifiedView},
};

/// Largest file that is looked at.
pub(crate) const MOST_BYTES: u64 = (bundle::LIMITS.bundle as u64) + 1_048_576;

fn blank(outcome: &str, code: Option<&str>) -> VerifiedView {
    VerifiedView {
        outcome: outcome.to_owned(),
        code: code.map(str::to_owned),
        facts: Vec::new(),
        bundle: None,
        site: None,
        study: None,
        created: None,
        signers: Vec::new(),
        subjects: Vec::new(),
        entries: 0,
        esignatures: 0,
    }
}

/// What a bundle is, under a list of allowed signers.
#[must_use]
pub fn verify_bytes(bytes: &[u8], signers: &AllowedSigners, now: DateTime<Utc>) -> VerifiedView {
    if bundle::is_sealed(bytes) {
        return blank("unreadable", Some("sealed"));
    }
    match bundle::verify(bytes, signers, now) {
        Ok(verified) => holds(verified),
        Err(refused) => refusal(refused),
    }
}

fn holds(verified: Verified) -> VerifiedView {
    let key = verified.signed_by.key;
    VerifiedView {
        bundle: Some(verified.header.external_id),
        site: Some(verified.header.from),
        study: Some(format!(
            "{}@{}",
            verified.header.study.id, verified.header.study.version
        )),
        created: Some(verified.header.created),
        signers: vec![SignerView {
            principal: verified.signed_by.principals.first().cloned(),
            fingerprint: key.fingerprint(),
            words: key.words().join(" "),
        }],
        subjects: verified.subjects,
        entries: verified.entries,
        esignatures: u64::try_from(verified.esignatures.len()).unwrap_or(u64::MAX),
        ..blank("holds", None)
    }
}

fn refusal(refused: Refused) -> VerifiedView {
    let code = refused.code().to_owned();
    match refused {
        Refused::Damaged(flaw) => {
            let mut facts = vec![("place".to_owned(), place(&flaw.place))];
            facts.extend(flaw.expected.map(|text| ("expected".to_owned(), text)));
            facts.extend(flaw.got.map(|text| ("got".to_owned(), text)));
            VerifiedView {
                facts,
                ..blank("damaged", Some(&code))
            }
        }
        Refused::SignerUnknown(unknown) => VerifiedView {
            bundle: Some(unknown.external_id),
            signers: vec![SignerView {
                principal: None,
                fingerprint: unknown.key.fingerprint(),
                words: unknown.key.words().join(" "),
            }],
            ..blank("signer_unknown", Some(&code))
        },
        Refused::Newer { version, app } => VerifiedView {
            facts: vec![("version".to_owned(), version.to_string()), ("app".to_owned(), app)],
            ..blank("damaged", Some(&code))
        },
    }
}

pub(crate) fn place(place: &Place) -> String {
    match place {
        Place::Bundle => "–".to_owned(),
        Place::Byte { at } => format!("@{at}"),
        Place::File { name } => name.clone(),
        Place::Line { name, line } => format!("{name}:{line}"),
        Place::Entry { log, seq } => format!("{log} #{seq}"),
    }
}

/// The list of allowed signers that goes with a bundle: the one named, the file beside it, or the installed one.
///
/// # Errors
/// What is wrong with the list, or that there is none.
pub fn signers_for(bundle: &Path, named: Option<&Path>, installed: Option<&Path>) -> Result<AllowedSigners, String> {
    let beside = bundle
        .parent()
        .map(|folder| folder.join("allowed_signers"))
        .filter(|path| path.is_file());
    let list = named
        .map(Path::to_owned)
        .or(beside)
        .or_else(|| installed.map(Path::to_owned));
    let Some(list) = list else {
        return Ok(AllowedSigners { lines: Vec::new() });
    };
    let text = std::fs::read_to_string(&list).map_err(|e| format!("{}: {e}", list.display()))?;
    AllowedSigners::parse(&text).map_err(|e| format!("{}: {e}", list.display()))
}

impl Desk {
    pub(crate) fn verify_bundle(&mut self, asked: VerifyBundle) -> Outcome<VerifiedView> {
        let path = self.chosen(asked.handle)?;
        let size = std::fs::metadata(&path)
            .map_err(|e| Trouble::Write("the bundle", e))?
            .len();
        if size > MOST_BYTES {
            return Ok(blank("damaged", Some("size")));
        }
        let mut bytes = std::fs::read(&path).map_err(|e| Trouble::Write("the bundle", e))?;
        if bundle::is_sealed(&bytes) {
            let Some(opened) = self.unseal(&bytes)? else {
                return Ok(blank("unreadable", Some("sealed")));
            };
            bytes = opened;
        }
        match signers_for(&path, None, None) {
            Ok(signers) => Ok(verify_bytes(&bytes, &signers, self.now().to_utc())),
            Err(why) => Ok(VerifiedView {
                facts: vec![("why".to_owned(), why)],
                ..blank("unreadable", Some("signers_list"))
            }),
        }
    }

    /// Opens what was sealed for this site too, while its file is open.
    pub(crate) fn unseal(&self, bytes: &[u8]) -> Outcome<Option<Vec<u8>>> {
        let DeskPlace::Open(sitting) = &self.place else {
            return Ok(None);
        };
        let identity = sitting.file.age_identity()?;
        let identity = bundle::AgeIdentity::parse(store::ExposeSecret::expose_secret(&identity));
        Ok(identity
            .ok()
            .and_then(|identity| bundle::open_sealed(bytes, &identity).ok()))
    }
}
