//! Study versions side by side: those that a file has in force, and the one that each subject is under.

use std::sync::Arc;

use store::{Deed, SiteFile};
use study::{Study, act::Act, path::SITE};

use crate::{
    casebook::Casebook,
    desk::{Desk, Sitting},
    trouble::{Outcome, Trouble, no_with},
};

/// A built-in version of the definition, loaded.
pub(crate) struct Edition {
    pub(crate) study: Arc<Study>,
    /// What [`study::load::canonical_bytes`] of its files hashes to.
    pub(crate) sha256: String,
    pub(crate) files: &'static [(&'static str, &'static str)],
}

impl Edition {
    /// Loads files.
    ///
    /// # Errors
    /// Everything that is wrong with them; a build that passed its tests has nothing.
    pub(crate) fn load(files: &'static [(&'static str, &'static str)]) -> Result<Self, Vec<study::problem::Problem>> {
        Ok(Self {
            study: Arc::new(study::load::load(files)?),
            sha256: proof::Digest::of(&study::load::canonical_bytes(files)).to_string(),
            files,
        })
    }
}

impl Desk {
    /// A built-in version, loaded when it is first asked for; none where no such version comes with Cartwright.
    pub(crate) fn edition(&mut self, version: &str) -> Outcome<Option<&Edition>> {
        if !self.editions.iter().any(|known| known.study.def().version == version) {
            let built_in = study::builtin::VERSIONS.iter().find(|(known, _)| *known == version);
            let Some((_, files)) = built_in else { return Ok(None) };
            let edition = Edition::load(files).map_err(|_| Trouble::Own("a built-in definition does not load"))?;
            self.editions.push(edition);
        }
        Ok(self.editions.iter().find(|known| known.study.def().version == version))
    }

    /// Takes up the versions that a file has in force; the newest is that of whoever is added from now on. Answer: one of
    /// them is not known here.
    pub(crate) fn take_up(&mut self, file: &SiteFile) -> Outcome<bool> {
        let installed = file.studies()?;
        let mut strange = installed.is_empty();
        self.in_force.clear();
        for row in installed {
            match self.edition(&row.version)? {
                Some(edition) if edition.sha256 == row.sha256 => {
                    let study = Arc::clone(&edition.study);
                    self.comes_into_force(study);
                }
                Some(_) | None => strange = true,
            }
        }
        Ok(strange)
    }

    /// The definition of a version; the newest where it is not known here: such a file is read, never written.
    pub(crate) fn under(&self, version: &str) -> &Arc<Study> {
        let mut known = self.editions.iter().map(|edition| &edition.study);
        known
            .find(|study| study.def().version == version)
            .unwrap_or(&self.study)
    }

    /// The definition that a casebook is under.
    pub(crate) fn study_for(&self, book: &Casebook) -> &Arc<Study> {
        self.under(&book.version)
    }

    /// The definition that a subject is under.
    pub(crate) fn study_of(&self, subject: &str) -> Outcome<Arc<Study>> {
        match self.sitting()?.file.subject(subject)? {
            // The site's own records are under the newest.
            None if subject == SITE => Ok(Arc::clone(&self.study)),
            Some(row) => Ok(Arc::clone(self.under(&row.version))),
            None => no_with("no_such_subject", &[("subject", subject)]),
        }
    }

    /// A version is the newest in force from now on.
    pub(crate) fn comes_into_force(&mut self, study: Arc<Study>) {
        self.study = Arc::clone(&study);
        self.in_force.push(study);
    }

    /// Study and version that acts are done under, `OID@version`: of the subject that they are about, else the newest.
    pub(crate) fn stamped(&self, deeds: &[Deed]) -> Outcome<String> {
        let Sitting { file, .. } = self.sitting()?;
        for deed in deeds {
            if let Act::SubjectMoved { to, .. } = &deed.act {
                return Ok(named(self.under(to)));
            }
            if let Act::Signed { statement, .. } = &deed.act {
                return Ok(statement.study.clone());
            }
            let subject = if let Act::QueryAnswered { query, .. }
            | Act::QueryClosed { query, .. }
            | Act::QueryReopened { query, .. } = &deed.act
            {
                file.query(query)?.map(|row| row.path.form.subject)
            } else {
                deed.act.subject().map(str::to_owned)
            };
            let row = subject.map(|code| file.subject(&code)).transpose()?.flatten();
            if let Some(row) = row {
                return Ok(named(self.under(&row.version)));
            }
        }
        Ok(named(&self.study))
    }
}

/// `OID@version` as entries carry it.
pub(crate) fn named(study: &Study) -> String {
    let def = study.def();
    format!("{}@{}", def.oid, def.version)
}

/// The version in `OID@version`.
pub(crate) fn version_of(study: &str) -> &str {
    study.split_once('@').map_or(study, |(_, version)| version)
}
