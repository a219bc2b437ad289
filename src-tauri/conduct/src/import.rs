//! Bundles that come in: verified, by a sender who is known here or was compared, then taken in by the file.

use std::collections::HashMap;

use bundle::{Contents, People, Refused, SiteKey, Verified};
use proof::AllowedSigners;
use store::{ConflictRow, Incoming, IncomingEntry};
use study::{
    act::{Act, EntryRef, FileKind},
    path::ItemPath,
    value::Value,
};

use crate::{
    desk::{Desk, Place},
    machine::Dice,
    requests::{Handle, ImportBundle},
    trouble::{Outcome, Trouble, no, no_with},
    verify::MOST_BYTES,
    views::{ImportedView, MissingView},
};

impl Desk {
    pub(crate) fn import_bundle(&mut self, asked: ImportBundle) -> Outcome<ImportedView> {
        self.writable()?;
        let (verified, contents, bytes) = self.opened_bundle(asked.handle, asked.fingerprint.as_deref())?;
        let study = &self.sitting()?.file.site()?.study;
        if verified.header.study.id != *study {
            return no_with("import_other_study", &[("study", &verified.header.study.id)]);
        }
        let incoming = incoming(&verified, contents, bytes)?;
        let stamp = self.stamp();
        let Place::Open(sitting) = &mut self.place else {
            return no("not_logged_in");
        };
        let mut dice = Dice(self.machine.as_mut());
        let imported = sitting.file.import(&incoming, &sitting.session, &stamp, &mut dice)?;
        sitting.names = crate::people::Names::of(&sitting.file)?;
        sitting.verdicts = crate::standing::Verdicts::default();
        let queries = self.query_conflicts()?;
        Ok(ImportedView {
            bundle: incoming.bundle,
            from: incoming.from,
            already: imported.already,
            new: imported.new,
            missing: imported
                .missing
                .into_iter()
                .map(|missing| MissingView {
                    log: missing.log,
                    from: missing.from,
                    to: missing.to,
                    waiting: missing.waiting,
                })
                .collect(),
            queries,
        })
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

    /// Where two devices of this site wrote at one item, neither knowing of the other, a query of the device shows both.
    fn query_conflicts(&mut self) -> Outcome<u32> {
        if self.sitting()?.file.kind() != FileKind::Site {
            return Ok(0);
        }
        let mut acts = Vec::new();
        for conflict in self.sitting()?.file.conflicts()? {
            let query = query_of(&conflict);
            let Ok(path) = conflict.path.parse::<ItemPath>() else {
                continue;
            };
            let file = &self.sitting()?.file;
            if file.query(&query)?.is_some() {
                continue;
            }
            let version = file.item(&path)?.map_or(0, |item| item.version);
            let text = format!(
                "{} ≠ {}",
                self.said_at(&conflict.stands)?,
                self.said_at(&conflict.other)?
            );
            acts.push(Act::QueryOpened {
                query,
                path,
                text,
                version,
            });
        }
        let raised = u32::try_from(acts.len()).unwrap_or(u32::MAX);
        if raised > 0 {
            self.save_as_device(acts.into_iter().map(Into::into).collect())?;
        }
        Ok(raised)
    }

    /// A value as entered, with the device and when: `12.5 10^9/L (laptop 1, 2026-03-01T08:00:00.000Z)`.
    fn said_at(&self, at: &EntryRef) -> Outcome<String> {
        let file = &self.sitting()?.file;
        let device = file.logs()?.into_iter().find(|log| log.log == at.log);
        let device = device.map(|log| log.device).unwrap_or_default();
        let Some(body) = file.entry(at)?.and_then(|entry| entry.body) else {
            return Ok(format!("({device})"));
        };
        let value = if let Act::ValueEntered { value: Some(value), .. } = &body.act {
            plain(value)
        } else {
            String::new()
        };
        Ok(format!("{value} ({device}, {})", body.moment.at)
            .trim_start()
            .to_owned())
    }
}

/// A value's own parts, one after the other.
fn plain(value: &Value) -> String {
    let mut parts = Vec::new();
    if let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(value) {
        for (name, field) in fields {
            if let Some(text) = field.as_str() {
                if name != "type" {
                    parts.push(text.to_owned());
                }
            } else {
                parts.push(field.to_string());
            }
        }
    }
    parts.join(" ")
}

/// The same on every device, so that the query is raised once however often it is found.
fn query_of(conflict: &ConflictRow) -> String {
    let (a, b) = (&conflict.stands, &conflict.other);
    let text = format!("cartwright-conflict-v1\n{}/{}\n{}/{}", a.log, a.seq, b.log, b.seq);
    let hash = proof::Digest::of(text.as_bytes()).to_string();
    format!("q-{}", hash.get(..16).unwrap_or_default())
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
