//! Keys of the file itself: another recovery code, and a new key, sealed to those who may open it.

use crate::{
    back_up::name,
    desk::{Desk, Place, Sitting},
    entry::proper_reason,
    machine::Dice,
    requests::{ReplaceKey, ReplaceRecoveryCode},
    trouble::{Outcome, no},
    views::{CreatedView, KeyReplacedView},
};

impl Desk {
    pub(crate) fn replace_recovery_code(&mut self, asked: ReplaceRecoveryCode) -> Outcome<CreatedView> {
        self.writable()?;
        let login = self.sitting()?.session.login().to_owned();
        self.authenticate(&login, asked.password)?;
        let stamp = self.stamp();
        let Place::Open(sitting) = &mut self.place else {
            return no("not_logged_in");
        };
        let mut dice = Dice(self.machine.as_mut());
        let code = sitting
            .file
            .replace_recovery_code(&sitting.session, &stamp, &mut dice)?;
        let shown = code.expose().to_owned();
        sitting.recovery = Some(code);
        Ok(CreatedView {
            recovery_code: shown,
            status: self.status_now()?,
        })
    }

    pub(crate) fn replace_key(&mut self, asked: ReplaceKey) -> Outcome<KeyReplacedView> {
        self.writable()?;
        proper_reason(self, &asked.reason)?;
        self.prove_myself(asked.password)?;
        let stamp = self.stamp();
        let Place::Open(sitting) = std::mem::replace(&mut self.place, Place::Empty) else {
            return no("not_logged_in");
        };
        let sitting = *sitting;
        let path = sitting.file.path().to_owned();
        let mut dice = Dice(self.machine.as_mut());
        match sitting.file.rekey(&sitting.session, asked.reason, &stamp, &mut dice) {
            Ok((file, kept)) => {
                self.place = Place::Open(Box::new(Sitting { file, ..sitting }));
                Ok(KeyReplacedView {
                    kept: name(&kept),
                    status: self.status_now()?,
                })
            }
            Err(error) => {
                // As it was, or under its new key: closed either way, to be unlocked again.
                self.place = Place::Front(path);
                Err(error.into())
            }
        }
    }

    /// The person here gives the password again.
    pub(crate) fn prove_myself(&mut self, password: String) -> Outcome<()> {
        let login = self.sitting()?.session.login().to_owned();
        self.authenticate(&login, password)?;
        Ok(())
    }
}
