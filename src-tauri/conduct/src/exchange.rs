//! Bundles that leave: everything of the journal, signed by the site and by who exports, sealed where asked.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use bundle::{
    AgeRecipient, CommitLine, Content, DeviceKey, EntryLine, Esignature, Header, Kind, LogRange, Parcel, People,
    Person, SiteKey, StudyRef,
};
use proof::Salt;
use store::SiteFile;
use study::act::{Act, EntryRef, FileKind};

use crate::{
    desk::Desk,
    requests::{Exchange, ExportBundle},
    trouble::{Outcome, Trouble, no, no_with},
    views::{ExchangeView, ExportedView},
};

/// Entries read from the file at a time.
const BATCH: u32 = 10_000;

fn proof_trouble(error: impl std::fmt::Display) -> Trouble {
    Trouble::Proof(error.to_string())
}

/// Everybody whose key signed something in the journal.
fn people_of(file: &SiteFile) -> Outcome<People> {
    let site = file.site()?;
    let mut people = Vec::new();
    for row in file.people()?.into_iter().filter(|row| row.home) {
        people.push(Person {
            key: row.key.parse().map_err(proof_trouble)?,
            id: row.person,
            printed_name: row.printed_name,
            roles: vec![crate::rights::role_code(row.role)],
            former_keys: Vec::new(),
        });
    }
    let mut devices = Vec::new();
    for log in file.logs()?.into_iter().filter(|log| log.home) {
        devices.push(DeviceKey {
            key: log.key.parse().map_err(proof_trouble)?,
            log: log.log,
        });
    }
    Ok(People {
        people,
        devices,
        site: SiteKey {
            code: site.site,
            key: site.key.parse().map_err(proof_trouble)?,
            recipient: site.recipient,
        },
    })
}

struct Journal {
    entries: Vec<EntryLine>,
    commits: Vec<CommitLine>,
    ranges: Vec<LogRange>,
    esignatures: Vec<Esignature>,
}

/// The journal of this file's own logs, log by log: what came from elsewhere leaves from there.
fn journal_of(file: &SiteFile) -> Outcome<Journal> {
    let mut journal = Journal {
        entries: Vec::new(),
        commits: Vec::new(),
        ranges: Vec::new(),
        esignatures: Vec::new(),
    };
    let mut logs = file.logs()?;
    logs.sort_by(|a, b| a.log.cmp(&b.log));
    for log in logs.into_iter().filter(|log| log.home && log.last_seq > 0) {
        let mut from = 1;
        while from <= log.last_seq {
            for raw in file.entries_raw(&log.log, from, BATCH)? {
                from = raw.seq + 1;
                let body = raw
                    .body
                    .map(|text| serde_json::from_str(&text))
                    .transpose()
                    .map_err(proof_trouble)?;
                journal.entries.push(EntryLine {
                    log: log.log.clone(),
                    seq: raw.seq,
                    id: hex(&raw.id),
                    salt: raw.salt.map(Salt),
                    leaf: raw.leaf,
                    head: raw.head,
                    body,
                });
            }
        }
        for commit in file.commits(&log.log, 1)? {
            journal.commits.push(CommitLine {
                log: log.log.clone(),
                seq: commit.last_seq,
                signer: String::from(commit.signer),
                sig: commit.sig,
            });
        }
        journal.ranges.push(LogRange {
            from: 1,
            to: log.last_seq,
            head_before: proof::genesis(&log.log),
            head: log.head,
            log: log.log,
        });
    }
    for row in file
        .signatures()?
        .into_iter()
        .filter(|row| row.statement.store == file.store_id())
    {
        journal.esignatures.push(Esignature {
            statement: bundle::statement_bytes(&row.statement).map_err(proof_trouble)?,
            signature: proof::SshSig::parse(&row.signature).map_err(proof_trouble)?,
        });
    }
    Ok(journal)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Files of every study version in force by their place in the bundle.
fn definitions_of(file: &SiteFile) -> Outcome<BTreeMap<String, Vec<u8>>> {
    let mut all = BTreeMap::new();
    for row in file.studies()? {
        let parts = file.definition(&row.study, &row.version)?;
        all.extend(parts.into_iter().map(|part| (part.name, part.bytes)));
    }
    Ok(all)
}

impl Desk {
    pub(crate) fn exchange(&mut self, _: Exchange) -> Outcome<ExchangeView> {
        let sitting = self.sitting()?;
        let site = sitting.file.site()?;
        let key: proof::PublicKey = site.key.parse().map_err(proof_trouble)?;
        let exports = sitting.file.exports()?;
        let own = sitting.file.logs()?.into_iter().find(|log| log.own);
        let sent = exports.last().and_then(|row| {
            own.as_ref()
                .and_then(|log| row.upto.iter().find(|at| at.log == log.log))
                .map(|at| at.seq)
        });
        let entries_since = own.map_or(0, |log| log.last_seq - sent.unwrap_or(0));
        let missing = sitting.file.missing()?.into_iter().map(Into::into).collect();
        Ok(ExchangeView {
            bundles: self.bundles(exports)?,
            missing,
            own_recipient: site.recipient,
            words: key.words().join(" "),
            fingerprint: key.fingerprint(),
            entries_since,
        })
    }

    pub(crate) fn export_bundle(&mut self, asked: ExportBundle) -> Outcome<ExportedView> {
        self.writable()?;
        self.declared()?;
        self.must_hold()?;
        if !asked.plain && asked.sealed_for.is_empty() {
            return no("nothing_to_write");
        }
        let folder = self.chosen(asked.handle)?;
        let mut recipients: Vec<AgeRecipient> = Vec::new();
        for text in &asked.sealed_for {
            match text.trim().parse() {
                Ok(recipient) => recipients.push(recipient),
                Err(_) => return no_with("recipient_form", &[("recipient", text)]),
            }
        }
        let parcel = self.parcel(&asked.sealed_for)?;
        let mut parts = Parts::in_folder(&folder);
        if asked.plain {
            parts.write(&parcel.file_name, &parcel.bytes)?;
        }
        if !recipients.is_empty() {
            let own = self.sitting()?.file.site()?.recipient;
            recipients.push(
                own.parse()
                    .map_err(|_| Trouble::Own("the site's own recipient does not read"))?,
            );
            let sealed = bundle::seal(&parcel.bytes, &recipients).map_err(|e| Trouble::Bundle(e.to_string()))?;
            parts.write(&format!("{}.age", parcel.file_name), &sealed)?;
        }
        if !folder.join(SIGNERS).exists() {
            let signers = bundle::trust_list(&people_of(&self.sitting()?.file)?).to_string();
            parts.write(SIGNERS, signers.as_bytes())?;
        }
        let upto: Vec<EntryRef> = parcel
            .verified
            .header
            .logs
            .iter()
            .map(|range| EntryRef {
                log: range.log.clone(),
                seq: range.to,
            })
            .collect();
        let act = Act::BundleExported {
            bundle: parcel.external_id.clone(),
            number: parcel.verified.header.bundle_seq,
            sha256: parcel.sha256.to_string(),
            sealed_for: asked.sealed_for,
            upto,
        };
        self.save(vec![act.into()])?;
        Ok(ExportedView {
            bundle: parcel.external_id,
            files: parts.name()?,
            sha256: parcel.sha256.to_string(),
            entries: parcel.verified.entries,
            bytes: u64::try_from(parcel.bytes.len()).unwrap_or(u64::MAX),
        })
    }

    /// The whole journal as a parcel, checked by the reader that others will use.
    fn parcel(&mut self, to: &[String]) -> Outcome<Parcel> {
        let now = self.now();
        let sitting = self.sitting()?;
        let file = &sitting.file;
        let site = file.site()?;
        let people = people_of(file)?;
        let journal = journal_of(file)?;
        let exports = file.exports()?;
        let number = exports.last().map_or(1, |row| row.number + 1);
        let study_id = site.study.clone();
        let version = file.studies()?.pop().map(|s| s.version).unwrap_or_default();
        let created = crate::machine::moment(now).at;
        let Some(own) = file.logs()?.into_iter().find(|log| log.own) else {
            return no("read_only");
        };
        let header = Header {
            format: String::new(),
            version: 0,
            kind: match file.kind() {
                FileKind::Site => Kind::SiteRecords,
                FileKind::Monitor | FileKind::Sponsor => Kind::Review,
            },
            external_id: bundle::external_id(&site.study, &site.site, &created, number),
            study: StudyRef {
                id: study_id.clone(),
                version: version.clone(),
            },
            from: site.site.clone(),
            to: to.to_vec(),
            store: file.store_id().to_owned(),
            device: own.device,
            bundle_seq: number,
            prev_bundle: exports
                .last()
                .map(|row| row.sha256.parse())
                .transpose()
                .map_err(proof_trouble)?,
            logs: journal.ranges,
            created,
            app: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let content = Content {
            header,
            commits: journal.commits,
            esignatures: journal.esignatures,
            allowed_signers: bundle::trust_list(&people).to_string(),
            people: serde_json::to_value(&people).map_err(proof_trouble)?,
            definition: definitions_of(file)?,
            pdfs: BTreeMap::new(),
        };
        let parcel = Parcel::build(
            &content,
            journal.entries,
            &file.site_signing_key()?,
            sitting.session.signing_key(),
        );
        parcel.map_err(|e| Trouble::Bundle(e.to_string()))
    }
}

/// Name of the list that a bundle is verified with.
const SIGNERS: &str = "allowed_signers";

/// Files of an export: durable under other names first, named only when the journal has the export. What is not named
/// when this goes away is removed: half an export is none.
struct Parts {
    folder: PathBuf,
    names: Vec<String>,
}

impl Parts {
    fn in_folder(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            names: Vec::new(),
        }
    }

    fn part(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.part"))
    }

    fn write(&mut self, name: &str, bytes: &[u8]) -> Outcome<()> {
        self.names.push(name.to_owned());
        let durable = || {
            let mut file = fs::File::create(self.part(name))?;
            file.write_all(bytes)?;
            file.sync_all()
        };
        durable().map_err(|e| Trouble::Write("the bundle", e))
    }

    fn name(mut self) -> Outcome<Vec<String>> {
        for name in &self.names {
            fs::rename(self.part(name), self.folder.join(name)).map_err(|e| Trouble::Write("the bundle", e))?;
        }
        Ok(std::mem::take(&mut self.names))
    }
}

impl Drop for Parts {
    fn drop(&mut self) {
        for name in &self.names {
            let _ = fs::remove_file(self.part(name));
        }
    }
}

/// The age recipient of a made-up monitor, for synthetic bundles.
///
/// # Errors
/// Why it cannot be made.
pub fn practice_recipient(seed: &[u8; 32]) -> Result<String, String> {
    let identity = bundle::AgeIdentity::from_seed(seed).map_err(|e| e.to_string())?;
    Ok(identity.recipient().to_string())
}
