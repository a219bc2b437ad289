//! A folder, a device, a seed and a clock: what every test needs.

use std::path::PathBuf;

use store::{
    AgeIdentity, Chance, Deed, DefinitionFile, DeviceKeys, KdfCost, NewPerson, NewSite, RecoveryCode, Save, Saved,
    SecretString, Session, Signer, SiteFile, Stamp, StoreError, StudyTag,
};
use study::{
    act::{Act, FileKind, Moment, Reason, Role},
    value::Value,
};
use tempfile::TempDir;

/// Numbers that are never the same twice (splitmix64).
pub(crate) struct Seed(pub(crate) u64);

impl Chance for Seed {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

pub(crate) struct Desk {
    pub(crate) folder: TempDir,
    pub(crate) devices: DeviceKeys,
    pub(crate) seed: Seed,
    pub(crate) second: u32,
}

pub(crate) const STUDY: &str = "CARTX@1.0";
/// The one file of its definition.
const DEFINITION: &str = "oid = \"CARTX\"\n";
pub(crate) const PASSWORD: &str = "correct horse battery";

pub(crate) fn password(text: &str) -> SecretString {
    text.to_owned().into()
}

pub(crate) fn because(code: &str) -> Reason {
    Reason {
        code: code.into(),
        text: None,
    }
}

pub(crate) fn text(text: &str) -> Option<Value> {
    Some(Value::Text { text: text.into() })
}

pub(crate) fn entered(path: &str, value: &str) -> Act {
    Act::ValueEntered {
        path: path.parse().unwrap(),
        value: text(value),
        old: None,
        by_hand: false,
    }
}

pub(crate) fn person(login: &str, role: Role) -> NewPerson {
    NewPerson {
        login: login.into(),
        printed_name: format!("{login} (printed)"),
        role,
        password: password(PASSWORD),
        identity_verified: "identity card seen".into(),
    }
}

impl Desk {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let devices = DeviceKeys::at(&folder.path().join("device"), "laptop 1");
        Self {
            folder,
            devices,
            seed: Seed(1),
            second: 0,
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("site.cartwright")
    }

    pub(crate) fn stamp(&mut self) -> Stamp {
        self.second += 1;
        let (h, m, s) = (8 + self.second / 3600, self.second / 60 % 60, self.second % 60);
        let at = format!("2026-03-01T{h:02}:{m:02}:{s:02}.000Z");
        Stamp {
            moment: Moment {
                at,
                offset: "+08:00".into(),
            },
            criteria: "1".into(),
        }
    }

    pub(crate) fn new_site(&mut self) -> NewSite {
        NewSite {
            kind: FileKind::Site,
            site: "012".into(),
            name: "Test Hospital".into(),
            study: StudyTag {
                oid: "CARTX".into(),
                version: "1.0".into(),
                sha256: proof::Digest::of(&study::load::canonical_bytes(&[("study.toml", DEFINITION)])).to_string(),
            },
            synthetic: true,
            practice_password: Some(PASSWORD.into()),
            administrator: person("admin", Role::Administrator),
            stamp: self.stamp(),
            definition: vec![DefinitionFile {
                name: "study.toml".into(),
                bytes: DEFINITION.as_bytes().to_vec(),
            }],
            age: AgeIdentity {
                identity: password("AGE-SECRET-KEY-1TEST"),
                recipient: "age1test".into(),
            },
        }
    }

    pub(crate) fn create(&mut self) -> (SiteFile, Session, RecoveryCode) {
        let site = self.new_site();
        SiteFile::create(&self.path(), site, KdfCost::cheap(), &mut self.seed, &self.devices).unwrap()
    }

    /// A file with a nurse logged in.
    pub(crate) fn with_nurse(&mut self) -> (SiteFile, Session) {
        let (mut file, admin, _code) = self.create();
        let stamp = self.stamp();
        file.add_person(
            &admin,
            &person("nurse", Role::Nurse),
            KdfCost::cheap(),
            &stamp,
            &mut self.seed,
        )
        .unwrap();
        let stamp = self.stamp();
        let nurse = file
            .authenticate("nurse", &password(PASSWORD), &stamp, &mut self.seed)
            .unwrap();
        (file, nurse)
    }

    pub(crate) fn unlock(&mut self, login: &str) -> Result<(SiteFile, Session), StoreError> {
        let stamp = self.stamp();
        SiteFile::unlock(
            &self.path(),
            login,
            &password(PASSWORD),
            &stamp,
            &mut self.seed,
            &self.devices,
        )
    }

    pub(crate) fn save<'a>(&mut self, session: &'a Session, acts: Vec<Act>) -> Save<'a> {
        let mut id = [0; 16];
        self.seed.fill(&mut id);
        Save {
            id,
            deeds: acts.into_iter().map(Deed::from).collect(),
            noted: Vec::new(),
            signer: Signer::Person(session),
            role: Some(session.role()),
            moment: self.stamp().moment,
            study: STUDY.into(),
            criteria: "1".into(),
        }
    }

    pub(crate) fn act(&mut self, file: &mut SiteFile, session: &Session, acts: Vec<Act>) -> Saved {
        let save = self.save(session, acts);
        file.transact(&save, &mut self.seed).unwrap()
    }
}
