//! The file on the desk: made, opened, unlocked, locked.

use bundle::AgeIdentity;
use store::{Access, DefinitionFile, NewSite, SecretString, Session, SiteFile, StudyTag};
use study::act::{Act, FileKind, Role};

use crate::{
    desk::{Desk, Place, Sitting},
    entry::proper_reason,
    machine::Dice,
    people::{Names, new_person},
    requests::{
        AcknowledgeClock, CloseFile, ConfirmRecoveryCode, ContinueHere, CreateSite, Lock, OpenFile, Recover, Status,
        StudyInForce, Unlock,
    },
    sitting_view::{session_view, site_view},
    trouble::{Outcome, Trouble, no, no_with, why_read_only},
    views::{CreatedView, FileView, LoginView, StatusView, StudyDef},
};

fn proper_site(code: &str) -> Outcome<()> {
    let proper = (1..=8).contains(&code.len()) && code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    if proper {
        Ok(())
    } else {
        no_with("site_code_form", &[("site", code)])
    }
}

impl Desk {
    pub(crate) fn status(&mut self, _: Status) -> Outcome<StatusView> {
        self.status_now()
    }

    pub(crate) fn status_now(&mut self) -> Outcome<StatusView> {
        let app = env!("CARGO_PKG_VERSION").to_owned();
        let page = self.front_page()?;
        Ok(match &self.place {
            Place::Empty => StatusView {
                app,
                file: None,
                session: None,
            },
            Place::Front(path) => {
                let file = page.map(|page| FileView {
                    name: name_of(path),
                    synthetic: page.synthetic,
                    practice_password: page.practice_password,
                    people: page
                        .people
                        .into_iter()
                        .map(|p| LoginView {
                            login: p.login,
                            printed_name: p.printed_name,
                            wait_seconds: u32::try_from(p.wait_seconds).unwrap_or(u32::MAX),
                        })
                        .collect(),
                    site: None,
                    read_only: page.read_only_media.then(|| "media".to_owned()),
                    clock_anomaly: None,
                });
                StatusView {
                    app,
                    file,
                    session: None,
                }
            }
            Place::Open(sitting) => StatusView {
                app,
                file: Some(FileView {
                    name: name_of(sitting.file.path()),
                    synthetic: sitting.file.synthetic(),
                    practice_password: None,
                    people: Vec::new(),
                    site: Some(site_view(sitting)?),
                    read_only: match sitting.file.access() {
                        Access::Writable => sitting.other_study.then(|| "study".to_owned()),
                        Access::ReadOnly { why } => Some(why_read_only(why).to_owned()),
                    },
                    clock_anomaly: sitting.clock_anomaly.clone(),
                }),
                session: Some(session_view(sitting, self.idle_minutes())?),
            },
        })
    }

    pub(crate) fn create_site(&mut self, asked: CreateSite) -> Outcome<CreatedView> {
        self.create_of(FileKind::Site, asked)
    }

    /// Makes a file of a kind.
    pub(crate) fn create_of(&mut self, kind: FileKind, asked: CreateSite) -> Outcome<CreatedView> {
        let path = self.chosen(asked.handle)?;
        proper_site(&asked.site)?;
        if asked.site_name.trim().is_empty() {
            return no("site_name_needed");
        }
        let practice = self.practice.clone();
        let administrator = new_person(
            &asked.login,
            &asked.printed_name,
            Role::Administrator,
            &asked.identity_verified,
            asked.password,
            practice.is_some(),
        )?;
        if path.exists() {
            return Err(store::StoreError::AlreadyExists.into());
        }
        self.put_away("closed")?;
        let mut seed = [0u8; 32];
        self.machine.fill(&mut seed);
        let age = AgeIdentity::from_seed(&seed).map_err(|e| Trouble::Bundle(e.to_string()))?;
        let Some(first) = self.editions.first() else {
            return Err(Trouble::Own("no definition"));
        };
        let def = first.study.def();
        let site = NewSite {
            kind,
            site: asked.site,
            name: asked.site_name.trim().to_owned(),
            study: StudyTag {
                oid: def.oid.clone(),
                version: def.version.clone(),
                sha256: first.sha256.clone(),
            },
            synthetic: practice.is_some(),
            practice_password: practice.clone(),
            administrator,
            stamp: self.stamp(),
            definition: definition_files(first.files),
            age: store::AgeIdentity {
                recipient: age.recipient().to_string(),
                identity: SecretString::from(age.secret_text().to_string()),
            },
        };
        let kdf = self.machine.kdf(practice.is_some());
        let mut dice = Dice(self.machine.as_mut());
        let (file, session, code) = SiteFile::create(&path, site, kdf, &mut dice, &self.devices)?;
        let shown = code.expose().to_owned();
        // Of another file of the same name and seed nothing counts.
        self.devices.keep_last_check::<()>(file.store_id(), None)?;
        self.sit_down(file, session, Some(code))?;
        Ok(CreatedView {
            recovery_code: shown,
            status: self.status_now()?,
        })
    }

    pub(crate) fn confirm_recovery_code(&mut self, asked: ConfirmRecoveryCode) -> Outcome<StatusView> {
        let sitting = self.sitting_mut()?;
        let Some(code) = &sitting.recovery else {
            return no("no_recovery_code");
        };
        let plain = |text: &str| -> String {
            text.chars()
                .filter(char::is_ascii_alphanumeric)
                .map(|c| c.to_ascii_uppercase())
                .collect()
        };
        if plain(code.expose()) != plain(&asked.typed) {
            return no("recovery_code_differs");
        }
        sitting.recovery = None;
        self.status_now()
    }

    pub(crate) fn open_file(&mut self, asked: OpenFile) -> Outcome<StatusView> {
        let path = self.chosen(asked.handle)?;
        let now = self.moment();
        // The file that lies here is put away and looked at again; any other is looked at first, so that one that is
        // refused leaves the desk as it was.
        let here = matches!(&self.place, Place::Open(sitting) if sitting.file.path() == path);
        if !here {
            store::front_page(&path, &now)?;
        }
        self.put_away("closed")?;
        store::front_page(&path, &now)?;
        self.place = Place::Front(path);
        self.status_now()
    }

    pub(crate) fn close_file(&mut self, _: CloseFile) -> Outcome<StatusView> {
        self.put_away("closed")?;
        self.status_now()
    }

    pub(crate) fn unlock(&mut self, asked: Unlock) -> Outcome<StatusView> {
        let path = match &self.place {
            Place::Front(path) => path.clone(),
            Place::Empty => return no("nothing_chosen"),
            Place::Open(_) => return no("already_open"),
        };
        let stamp = self.stamp();
        let password = SecretString::from(asked.password);
        let mut dice = Dice(self.machine.as_mut());
        let (file, session) = SiteFile::unlock(&path, &asked.login, &password, &stamp, &mut dice, &self.devices)?;
        self.sit_down(file, session, None)?;
        self.status_now()
    }

    pub(crate) fn recover(&mut self, asked: Recover) -> Outcome<StatusView> {
        let Place::Front(path) = &self.place else {
            return no("nothing_chosen");
        };
        let path = path.clone();
        let stamp = self.stamp();
        let page = store::front_page(&path, &stamp.moment)?;
        crate::back_up::no_backup(&path, &page.store)?;
        let practice = page.synthetic;
        let person = new_person(
            &asked.login,
            &asked.printed_name,
            Role::Administrator,
            &asked.identity_verified,
            asked.password,
            practice,
        )?;
        let kdf = self.machine.kdf(practice);
        let mut dice = Dice(self.machine.as_mut());
        // The key sheet is words, the recovery code is groups of four.
        let recovery = if asked.code.split_whitespace().count() > 9 {
            SiteFile::recover_by_key(&path, &asked.code, &stamp.moment, &self.devices)?
        } else {
            SiteFile::recover(&path, &asked.code, &stamp.moment, &self.devices)?
        };
        let (file, session) = recovery.appoint(person, kdf, &stamp, &mut dice)?;
        self.sit_down(file, session, None)?;
        self.status_now()
    }

    pub(crate) fn continue_here(&mut self, asked: ContinueHere) -> Outcome<StatusView> {
        proper_reason(self, &asked.reason)?;
        self.not_in_a_backup()?;
        let stamp = self.stamp();
        let Place::Open(sitting) = &mut self.place else {
            return no("not_logged_in");
        };
        let mut dice = Dice(self.machine.as_mut());
        sitting
            .file
            .continue_here(&sitting.session, asked.reason, &stamp, &mut dice)?;
        self.status_now()
    }

    pub(crate) fn lock(&mut self, asked: Lock) -> Outcome<StatusView> {
        let known = ["idle", "suspend", "switched", "ended"]
            .into_iter()
            .find(|how| asked.how == *how);
        let how = known.unwrap_or("person");
        let path = self.sitting()?.file.path().to_owned();
        let put_away = self.put_away(how);
        self.place = Place::Front(path);
        put_away?;
        self.status_now()
    }

    pub(crate) fn acknowledge_clock(&mut self, _: AcknowledgeClock) -> Outcome<StatusView> {
        self.writable()?;
        if self.sitting()?.clock_anomaly.is_none() {
            return no("no_clock_anomaly");
        }
        self.save(vec![Act::ClockAcknowledged {}.into()])?;
        self.sitting_mut()?.clock_anomaly = None;
        self.status_now()
    }

    pub(crate) fn study_in_force(&mut self, asked: StudyInForce) -> Outcome<StudyDef> {
        let Some(version) = asked.version else {
            return Ok(self.study.def().clone());
        };
        match self.in_force.iter().find(|study| study.def().version == version) {
            Some(study) => Ok(study.def().clone()),
            None => no_with("no_such_version", &[("version", &version)]),
        }
    }

    /// A person sits down: the log-in is an entry, the clock is looked at.
    fn sit_down(&mut self, file: SiteFile, session: Session, recovery: Option<store::RecoveryCode>) -> Outcome<()> {
        let granted = crate::access::granted(&file, &session, self.now());
        let (until, refused) = match granted {
            Ok(until) => (until, None),
            Err(refused) => (None, Some(refused)),
        };
        let names = Names::of(&file)?;
        let told = crate::told::Told::read(&file)?;
        let other_study = self.take_up(&file)?;
        let writable = matches!(file.access(), Access::Writable) && !other_study;
        let since = self.moment();
        let soundness = self.soundness_of(&file);
        self.place = Place::Open(Box::new(Sitting {
            file,
            session,
            since,
            until,
            names,
            signed_once: false,
            recovery,
            clock_anomaly: None,
            latest: self.now().to_utc(),
            other_study,
            at_infusion: false,
            verdicts: crate::standing::Verdicts::default(),
            lines: crate::held::Lines::default(),
            soundness,
            told,
            attempts: None,
            refused: std::collections::BTreeSet::new(),
        }));
        if let Some(refused) = refused {
            // Told in the journal; nothing was seen, the file is as locked as before.
            self.note_refused("unlock");
            self.leave();
            return Err(refused);
        }
        let noted = self.note_sitting_down(writable);
        if noted.is_err() {
            // What cannot be kept in the journal did not happen: nobody is let in.
            self.leave();
        }
        noted
    }

    fn note_sitting_down(&mut self, writable: bool) -> Outcome<()> {
        self.look_at_clock()?;
        self.look_at_attempts(writable)?;
        if writable {
            let (app, device) = (env!("CARGO_PKG_VERSION").to_owned(), self.devices.label().to_owned());
            self.save(vec![Act::LoggedIn { app, device }.into()])?;
        }
        Ok(())
    }

    /// The person is gone, the file stays on the desk, locked.
    fn leave(&mut self) {
        let Place::Open(sitting) = std::mem::replace(&mut self.place, Place::Empty) else {
            return;
        };
        let path = sitting.file.path().to_owned();
        self.place = Place::Front(path);
    }

    /// Keys dropped, file closed; the desk is empty. The journal keeps how.
    pub fn put_away_now(&mut self) {
        if let Err(trouble) = self.put_away("closed") {
            trouble.told(self.machine.as_mut());
        }
    }

    pub(crate) fn put_away(&mut self, how: &str) -> Outcome<()> {
        self.watch_clock();
        let keeps = |sitting: &Sitting| matches!(sitting.file.access(), Access::Writable) && !sitting.other_study;
        if matches!(&self.place, Place::Open(sitting) if keeps(sitting)) {
            // A computer that goes to sleep gives no time for it.
            if how != "suspend" {
                self.back_up_before_leaving(how == "closed");
            }
            // Keys are dropped whatever the disk says: a missing line in the journal is the lesser evil.
            if let Err(trouble) = self.save(vec![Act::Locked { how: how.to_owned() }.into()]) {
                self.machine.note_fault("lock", &trouble.to_string());
            }
        }
        match std::mem::replace(&mut self.place, Place::Empty) {
            Place::Open(sitting) => Ok(sitting.file.close()?),
            Place::Empty | Place::Front(_) => Ok(()),
        }
    }
}

/// Files of a definition as the site file keeps them.
pub(crate) fn definition_files(files: &[(&str, &str)]) -> Vec<DefinitionFile> {
    let file = |(name, text): &(&str, &str)| DefinitionFile {
        name: (*name).to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    files.iter().map(file).collect()
}

fn name_of(path: &std::path::Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
