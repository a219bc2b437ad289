//! A small trial site that exports, and somebody who tampers.
#![allow(dead_code, reason = "each test file uses its part of it")]

use bundle::{
    CommitLine, Content, DeviceKey, EntryLine, Esignature, Header, Kind, LogRange, Parcel, People, Person, SiteKey,
    StudyRef, external_id, read_zip, statement_bytes, trust_list, write_zip,
};
use chrono::{DateTime, TimeZone as _, Utc};
use proof::{
    AllowedSigners, Checkpoint, CommitSig, Digest, Namespace, Salt, SigningKey, canonical, genesis, head, leaf, sign,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(crate) const LOG_A: &str = "l-aaaaaaaaaaaaaaaa";
pub(crate) const LOG_B: &str = "l-bbbbbbbbbbbbbbbb";
pub(crate) const NURSE: &str = "p-0000000000000001";
pub(crate) const DOCTOR: &str = "p-0000000000000002";
const STORE: &str = "6f0c5b1e-8d53-4a5e-9d0b-0a4f2f6c7e11";

pub(crate) fn site_key() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}
pub(crate) fn nurse_key() -> SigningKey {
    SigningKey::from_seed(&[2; 32])
}
pub(crate) fn doctor_key() -> SigningKey {
    SigningKey::from_seed(&[3; 32])
}
pub(crate) fn device_key(log: &str) -> SigningKey {
    SigningKey::from_seed(&[if log == LOG_A { 4 } else { 5 }; 32])
}
pub(crate) fn stranger() -> SigningKey {
    SigningKey::from_seed(&[9; 32])
}
pub(crate) fn key_of(signer: &str, log: &str) -> SigningKey {
    match signer {
        NURSE => nurse_key(),
        DOCTOR => doctor_key(),
        _ => device_key(log),
    }
}

pub(crate) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 22, 12, 0, 0).unwrap()
}

pub(crate) fn people() -> People {
    let person = |id: &str, name: &str, role: &str, key: &SigningKey| Person {
        id: id.into(),
        printed_name: name.into(),
        roles: vec![role.into()],
        key: key.public(),
        former_keys: Vec::new(),
    };
    People {
        people: vec![
            person(NURSE, "陈静", "nurse", &nurse_key()),
            person(DOCTOR, "Maria Rossi, MD", "investigator", &doctor_key()),
        ],
        devices: [LOG_A, LOG_B]
            .map(|log| DeviceKey {
                log: log.into(),
                key: device_key(log).public(),
            })
            .into(),
        site: SiteKey {
            code: "012".into(),
            key: site_key().public(),
            recipient: bundle::AgeIdentity::from_seed(&[7; 32])
                .unwrap()
                .recipient()
                .to_string(),
        },
    }
}

/// A reader's list that knows the site.
pub(crate) fn trust() -> AllowedSigners {
    let key = site_key().public();
    AllowedSigners::parse(&format!(
        "# cartwright-trust version=1 study=CARTX\nsite-012@cartx.study namespaces=\"cartwright-bundle-v1\" {key}\n"
    ))
    .unwrap()
}

/// One log being written.
pub(crate) struct Log {
    pub(crate) name: &'static str,
    pub(crate) head: Digest,
    pub(crate) seq: u64,
    pub(crate) entries: Vec<EntryLine>,
    pub(crate) commits: Vec<CommitLine>,
}

impl Log {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            head: genesis(name),
            seq: 0,
            entries: Vec::new(),
            commits: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, actor: &str, act: Value) {
        self.seq += 1;
        let body = json!({
            "v": 1, "actor": actor, "act": act, "study": "CARTX@1.0", "criteria": "1.0",
            "moment": {"at": format!("2026-11-20T09:{:02}:00.000Z", self.seq), "offset": "+08:00"},
        });
        let digest = Digest::of(format!("{}{}", self.name, self.seq).as_bytes());
        let salt = Salt(digest.0[..16].try_into().unwrap());
        let leaf = leaf(&salt.0, &canonical(&body).unwrap());
        self.head = head(&self.head, &leaf);
        self.entries.push(EntryLine {
            log: self.name.into(),
            seq: self.seq,
            id: format!("e-{}", &digest.to_string()[..32]),
            salt: Some(salt),
            leaf,
            head: self.head,
            body: Some(body),
        });
    }

    pub(crate) fn commit(&mut self, signer: &str) {
        let checkpoint = Checkpoint::new(self.name, self.seq, self.head).unwrap();
        self.commits.push(CommitLine {
            log: self.name.into(),
            seq: self.seq,
            signer: signer.into(),
            sig: CommitSig::sign(&key_of(signer, self.name), &checkpoint),
        });
    }

    pub(crate) fn save(&mut self, actor: &str, act: Value) {
        self.add(actor, act);
        self.commit(actor);
    }

    pub(crate) fn range(&self) -> LogRange {
        LogRange {
            log: self.name.into(),
            from: 1,
            to: self.seq,
            head_before: genesis(self.name),
            head: self.head,
        }
    }
}

fn value(path: &str, text: &str) -> Value {
    json!({"type": "value_entered", "path": path, "value": {"text": text}})
}

/// The content of a small export, and its entries.
pub(crate) fn export() -> (Content, Vec<EntryLine>) {
    let mut a = Log::new(LOG_A);
    a.save(
        "device",
        json!({"type": "login_failed", "login": "rossi", "at": "unlock"}),
    );
    a.save(NURSE, json!({"type": "subject_added", "subject": "012-0001"}));
    a.add(NURSE, value("012-0001/SCR/VITALS/1/TEMP", "38.5"));
    a.add(
        NURSE,
        value("012-0001/SCR/VITALS/1/NOTE", "发热 \u{1F321} \"fever\"\n\t\u{1}"),
    );
    a.commit(NURSE);
    let statement = json!({
        "format": "cartwright-esig-v1", "id": "s-00000000000000a1", "meaning_code": "casebook",
        "meaning": "I have reviewed these data and take responsibility for them.",
        "printed_name": "Maria Rossi, MD", "role": "investigator", "person": DOCTOR, "login": "rossi",
        "moment": {"at": "2026-11-20T09:30:00.000Z", "offset": "+08:00"}, "store": STORE, "study": "CARTX@1.0",
        "log": LOG_A, "seq": a.seq, "head": a.head,
        "records": [{"id": "012-0001/SCR/VITALS/1", "version": 2, "sha256": Digest::of(b"record")}],
    });
    let bytes = statement_bytes(&statement).unwrap();
    let signature = sign(&doctor_key(), Namespace::Esig, &bytes);
    a.save(
        DOCTOR,
        json!({"type": "signed", "statement": statement, "signature": signature.armoured()}),
    );
    let mut b = Log::new(LOG_B);
    b.save(DOCTOR, json!({"type": "subject_added", "subject": "012-0002"}));
    b.save(DOCTOR, value("012-0002/SCR/VITALS/1/TEMP", "36.6"));

    let created = "2026-11-22T10:15:00.000Z";
    let content = Content {
        header: Header {
            format: String::new(),
            version: 0,
            kind: Kind::SiteRecords,
            external_id: external_id("CARTX", "012", created, 7),
            study: StudyRef {
                id: "CARTX".into(),
                version: "1.0".into(),
            },
            from: "012".into(),
            to: vec!["monitor-7@cartx.study".into()],
            store: STORE.into(),
            device: "ward laptop".into(),
            bundle_seq: 7,
            prev_bundle: Some(Digest::of(b"the sixth")),
            logs: vec![a.range(), b.range()],
            created: created.into(),
            app: "0.1.0".into(),
        },
        commits: a.commits.iter().chain(&b.commits).cloned().collect(),
        esignatures: vec![Esignature {
            statement: bytes,
            signature,
        }],
        people: serde_json::to_value(people()).unwrap(),
        definition: BTreeMap::from([("cartx/1.0/study.toml".into(), b"oid = \"CARTX\"\n".to_vec())]),
        pdfs: BTreeMap::from([("012-0001.pdf".into(), b"%PDF-1.7 not looked at".to_vec())]),
        allowed_signers: trust_list(&people()).to_string(),
    };
    (content, a.entries.into_iter().chain(b.entries).collect())
}

pub(crate) fn parcel() -> Parcel {
    let (content, entries) = export();
    Parcel::build(&content, entries, &site_key(), &doctor_key()).unwrap()
}

/// Somebody who takes a bundle apart, changes it, and puts it together again.
pub(crate) struct Tamperer {
    pub(crate) folder: String,
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

impl Tamperer {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let files = read_zip(bytes).unwrap();
        let (folder, _) = files.keys().next().unwrap().split_once('/').unwrap();
        Self {
            folder: folder.to_owned(),
            files: files
                .iter()
                .map(|(n, b)| (n[folder.len() + 1..].to_owned(), b.to_vec()))
                .collect(),
        }
    }

    pub(crate) fn text(&self, name: &str) -> String {
        String::from_utf8(self.files[name].clone()).unwrap()
    }

    pub(crate) fn put(&mut self, name: &str, text: impl Into<Vec<u8>>) {
        self.files.insert(name.into(), text.into());
    }

    pub(crate) fn replace(&mut self, name: &str, from: &str, to: &str) {
        let text = self.text(name);
        assert!(text.contains(from), "{from} is not in {name}");
        self.put(name, text.replacen(from, to, 1));
    }

    /// Changes a JSON file and writes it canonically again.
    pub(crate) fn json(&mut self, name: &str, change: impl FnOnce(&mut Value)) {
        let mut value = serde_json::from_slice(&self.files[name]).unwrap();
        change(&mut value);
        let mut bytes = canonical(&value).unwrap();
        bytes.push(b'\n');
        self.put(name, bytes);
    }

    /// Changes the lines of an NDJSON file.
    pub(crate) fn lines(&mut self, name: &str, change: impl FnOnce(&mut Vec<Value>)) {
        let mut lines = self
            .text(name)
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect();
        change(&mut lines);
        let mut bytes = Vec::new();
        for line in lines {
            bytes.extend(canonical(&line).unwrap());
            bytes.push(b'\n');
        }
        self.put(name, bytes);
    }

    /// Makes the lists of files and both signatures fit again, as somebody with the site's key could.
    pub(crate) fn sign_again(&mut self) {
        self.sign_again_with(&site_key(), &doctor_key());
    }

    pub(crate) fn sign_again_with(&mut self, site: &SigningKey, user: &SigningKey) {
        let list = |files: &BTreeMap<String, Vec<u8>>, which: &dyn Fn(&str) -> bool| {
            files
                .iter()
                .filter(|(name, _)| which(name))
                .map(|(name, bytes)| format!("{}  {name}\n", Digest::of(bytes)))
                .collect::<String>()
        };
        let payload = || self.files.iter().filter(|(n, _)| n.starts_with("data/"));
        let octets: usize = payload().map(|(_, b)| b.len()).sum();
        let oxum = format!("Payload-Oxum: {octets}.{}", payload().count());
        let info: String = self
            .text("bag-info.txt")
            .lines()
            .map(|line| if line.starts_with("Payload-Oxum") { &oxum } else { line }.to_owned() + "\n")
            .collect();
        self.put("bag-info.txt", info);
        let manifest = list(&self.files, &|n| n.starts_with("data/"));
        self.put("manifest-sha256.txt", manifest);
        self.list_tags(site, user);
    }

    /// Only the tag manifest and the signatures.
    pub(crate) fn list_tags(&mut self, site: &SigningKey, user: &SigningKey) {
        let tags: String = ["bag-info.txt", "bagit.txt", "cartwright.json", "manifest-sha256.txt"]
            .iter()
            .filter_map(|n| self.files.get(*n).map(|b| format!("{}  {n}\n", Digest::of(b))))
            .collect();
        for (name, key) in [("site", site), ("user", user)] {
            let signature = sign(key, Namespace::Bundle, tags.as_bytes()).armoured();
            self.put(&format!("signatures/bundle.{name}.sshsig"), signature);
        }
        self.put("tagmanifest-sha256.txt", tags);
    }

    pub(crate) fn zip(&self) -> Vec<u8> {
        let named: Vec<(String, &[u8])> = self
            .files
            .iter()
            .map(|(n, b)| (format!("{}/{n}", self.folder), b.as_slice()))
            .collect();
        write_zip(&named.iter().map(|(n, b)| (n.as_str(), *b)).collect()).unwrap()
    }
}
