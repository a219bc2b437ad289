//! Bundles that come in: verified, by a sender who is known here or was compared, then taken in by the file.

use std::collections::HashMap;

use bundle::{Contents, People, Refused, SiteKey, Verified};
use proof::AllowedSigners;
use store::{Incoming, IncomingEntry};

use crate::{
    desk::{Desk, Place},
    machine::Dice,
    requests::{Handle, ImportBundle},
    trouble::{Outcome, Trouble, no, no_with},
    verify::MOST_BYTES,
    views::ImportedView,
};

impl Desk {
    pub(crate) fn import_bundle(&mut self, asked: ImportBundle) -> Outcome<ImportedView> {
        self.writable()?;
        let (_, incoming) = self.incoming(asked.handle, asked.fingerprint.as_deref())?;
        if asked.sha256.is_some_and(|seen| seen != incoming.sha256) {
            return no("import_not_as_shown");
        }
        let stamp = self.stamp();
        let Place::Open(sitting) = &mut self.place else {
            return no("not_logged_in");
        };
        let mut dice = Dice(self.machine.as_mut());
        // Refused and kept, it is told of too.
        sitting.told = crate::told::Told::default();
        let imported = sitting.file.import(&incoming, &sitting.session, &stamp, &mut dice)?;
        sitting.names = crate::people::Names::of(&sitting.file)?;
        sitting.verdicts = crate::standing::Verdicts::default();
        let queries = self.query_conflicts()?;
        Ok(ImportedView {
            bundle: incoming.bundle,
            from: incoming.from,
            already: imported.already,
            new: imported.new,
            missing: imported.missing.into_iter().map(Into::into).collect(),
            queries,
        })
    }

    /// A bundle of this study as the file takes it in, with what its verification said.
    pub(crate) fn incoming(&self, handle: Handle, compared: Option<&str>) -> Outcome<(Verified, Incoming)> {
        let (verified, contents, bytes) = self.opened_bundle(handle, compared)?;
        if verified.header.study.id != self.sitting()?.file.site()?.study {
            return no_with("import_other_study", &[("study", &verified.header.study.id)]);
        }
        let incoming = incoming(&verified, contents, bytes)?;
        Ok((verified, incoming))
    }

    /// A bundle file, verified under the keys that are known here and the one that was compared.
    pub(crate) fn opened_bundle(
        &self,
        handle: Handle,
        compared: Option<&str>,
    ) -> Outcome<(Verified, Contents, Vec<u8>)> {
        let path = self.chosen(handle)?;
        let read = |e| Trouble::Write("the bundle", e);
        if std::fs::metadata(&path).map_err(read)?.len() > MOST_BYTES {
            return no_with("bundle_refused", &[("code", "size"), ("place", "–")]);
        }
        let mut bytes = std::fs::read(&path).map_err(read)?;
        if bundle::is_sealed(&bytes) {
            match self.unseal(&bytes)? {
                Some(opened) => bytes = opened,
                None => return no_with("bundle_refused", &[("code", "sealed"), ("place", "–")]),
            }
        }
        let now = self.now().to_utc();
        let known = self.sitting()?.file.known_keys()?;
        let mut trust = AllowedSigners { lines: Vec::new() };
        for (code, key) in known {
            let key = key.parse().map_err(|_| Trouble::Own("a key of a site does not read"))?;
            trust.lines.extend(trusted(code, key).lines);
        }
        let opened = match bundle::open(&bytes, &trust, now) {
            Err(Refused::SignerUnknown(unknown)) => {
                let (words, fingerprint) = (unknown.key.words().join(" "), unknown.key.fingerprint());
                if compared.map(str::trim) != Some(fingerprint.as_str()) {
                    return no_with("sender_unknown", &[("words", &words), ("fingerprint", &fingerprint)]);
                }
                bundle::open(&bytes, &trusted(String::new(), unknown.key), now)
            }
            opened => opened,
        };
        match opened {
            Ok((verified, contents)) => Ok((verified, contents, bytes)),
            Err(refused) => {
                let place = match &refused {
                    Refused::Damaged(flaw) => crate::verify::place(&flaw.place),
                    Refused::SignerUnknown(_) | Refused::Newer { .. } => "–".to_owned(),
                };
                no_with("bundle_refused", &[("code", refused.code()), ("place", &place)])
            }
        }
    }
}

fn trusted(code: String, key: proof::PublicKey) -> AllowedSigners {
    bundle::trust_list(&People {
        people: Vec::new(),
        devices: Vec::new(),
        site: SiteKey {
            code,
            key,
            recipient: String::new(),
        },
    })
}

fn incoming(verified: &Verified, contents: Contents, bytes: Vec<u8>) -> Outcome<Incoming> {
    let sigs: HashMap<(&str, u64), [u8; 64]> = contents
        .commits
        .iter()
        .map(|commit| ((commit.log.as_str(), commit.seq), commit.sig.0))
        .collect();
    let mut entries = Vec::with_capacity(contents.entries.len());
    for line in &contents.entries {
        let body = line
            .body
            .as_ref()
            .map(|body| proof::canonical_within(body, proof::ENTRY_LIMITS).map(String::from_utf8));
        let body = match body {
            None => None,
            Some(Ok(Ok(body))) => Some(body),
            Some(Ok(Err(_)) | Err(_)) => return Err(Trouble::Proof("a body has no canonical form".to_owned())),
        };
        let Some(id) = unhex(&line.id) else {
            return no_with("bundle_refused", &[("code", "entry-form"), ("place", &line.id)]);
        };
        entries.push(IncomingEntry {
            log: line.log.clone(),
            seq: line.seq,
            id,
            salt: line.salt.as_ref().map(|salt| salt.0),
            body,
            leaf: line.leaf,
            head: line.head,
            sig: sigs.get(&(line.log.as_str(), line.seq)).copied(),
        });
    }
    Ok(Incoming {
        bundle: verified.header.external_id.clone(),
        sha256: verified.sha256.to_string(),
        from: verified.header.from.clone(),
        store: verified.header.store.clone(),
        key: verified.signed_by.key.to_openssh(),
        entries,
        bytes,
    })
}

fn unhex(text: &str) -> Option<[u8; 16]> {
    let mut id = [0; 16];
    if text.len() != 32 || !text.is_ascii() {
        return None;
    }
    for (n, byte) in id.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * n..2 * n + 2)?, 16).ok()?;
    }
    Some(id)
}
