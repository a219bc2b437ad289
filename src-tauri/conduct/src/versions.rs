//! Amendments in use: a version comes into force, a subject moves to it by an act.
//!
//! Invariants. Nothing that was entered changes by a move: values keep the version that they were entered under. Forms
//! that the new version no longer takes for complete are opened again by the same save.

use std::sync::Arc;

use study::{
    Study,
    act::Act,
    diff::{Change, diff},
    path::{FormPath, ItemPath},
};

use crate::{
    amendment::Subject,
    casebook::{Casebook, known_subject},
    desk::{Desk, Sitting, because},
    editions::{Edition, version_of},
    eligibility::verdict_word,
    entry::proper_reason,
    findings::Mended,
    requests::{InstallVersion, MoveSubject, PlanMove, PlanVersion, SubjectOf, Versions},
    site::definition_files,
    trouble::{Outcome, no_with},
    views::{ChangeView, MoveFormView, MoveView, OfferedView, SubjectView, VersionView, VersionsView},
};

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Complete forms that a version does not take for complete, with the items that say so.
fn opened_again(study: &Study, book: &Casebook) -> Vec<MoveFormView> {
    let values = book.values();
    let complete = book
        .forms
        .keys()
        .filter(|form| book.complete(form) && study.holds_form(form));
    let mut forms: Vec<MoveFormView> = complete
        .map(|form| MoveFormView {
            form: form.clone(),
            items: study
                .blockers(&values, form)
                .into_iter()
                .map(|found| found.path)
                .collect(),
        })
        .filter(|opened| !opened.items.is_empty())
        .collect();
    forms.sort_by(|a, b| a.form.cmp(&b.form));
    forms
}

impl Desk {
    pub(crate) fn versions(&mut self, _: Versions) -> Outcome<VersionsView> {
        let offered = self.offered().map(str::to_owned).collect();
        let Sitting { file, names, .. } = self.sitting()?;
        let subjects = file.subjects()?;
        let mut installed = Vec::new();
        for row in file.studies()? {
            let Some(body) = file.entry(&row.entry)?.and_then(|entry| entry.body) else {
                continue;
            };
            installed.push(VersionView {
                subjects: count(subjects.iter().filter(|one| one.version == row.version).count()),
                by: names.printed_or_device(&body.actor),
                when: body.moment,
                sha256: row.sha256,
                version: row.version,
            });
        }
        Ok(VersionsView { installed, offered })
    }

    /// Built-in versions after the newest in force.
    fn offered(&self) -> impl Iterator<Item = &'static str> {
        let now = self.study.def().version.clone();
        let later = study::builtin::VERSIONS.iter().map(|(version, _)| *version);
        later.skip_while(move |version| *version != now).skip(1)
    }

    /// One of them, loaded.
    fn edition_offered(&mut self, version: &str) -> Outcome<&Edition> {
        if self.in_force.iter().any(|study| study.def().version == version) {
            return no_with("version_in_force", &[("version", version)]);
        }
        let offered = self.offered().any(|known| known == version);
        match offered.then(|| self.edition(version)).transpose()?.flatten() {
            Some(edition) => Ok(edition),
            None => no_with("no_such_version", &[("version", version)]),
        }
    }

    pub(crate) fn plan_version(&mut self, asked: PlanVersion) -> Outcome<OfferedView> {
        let newest = Arc::clone(&self.study);
        let study = Arc::clone(&self.edition_offered(&asked.version)?.study);
        let changes = diff(&newest, &study);
        let touched = self.count_touched(&newest, &study, &changes)?;
        let views = changes
            .into_iter()
            .zip(&touched.each)
            .map(|(change, subjects)| ChangeView {
                change,
                subjects: count(*subjects),
            });
        Ok(OfferedView {
            version: asked.version,
            from: newest.def().version.clone(),
            changes: views.collect(),
            subjects: count(touched.subjects),
            touched: count(touched.any),
            verdicts: count(touched.verdicts),
        })
    }

    pub(crate) fn install_version(&mut self, asked: InstallVersion) -> Outcome<VersionsView> {
        self.writable()?;
        self.declared()?;
        let edition = self.edition_offered(&asked.version)?;
        let tag = store::StudyTag {
            oid: edition.study.def().oid.clone(),
            version: asked.version,
            sha256: edition.sha256.clone(),
        };
        let (study, files) = (Arc::clone(&edition.study), definition_files(edition.files));
        self.sitting_mut()?.file.add_definition(&tag, &files)?;
        let act = Act::StudyInstalled {
            study: tag.oid,
            version: tag.version,
            sha256: tag.sha256,
        };
        self.save(vec![act.into()])?;
        self.comes_into_force(study);
        self.versions(Versions {})
    }

    /// The newest version in force, if it is newer than one.
    pub(crate) fn newer_than(&self, version: &str) -> Option<String> {
        let newest = &self.study.def().version;
        (newest != version).then(|| newest.clone())
    }

    /// The definition of a version in force that came after another.
    fn later(&self, from: &str, to: &str) -> Outcome<Arc<Study>> {
        let mut later = self
            .in_force
            .iter()
            .skip_while(|study| study.def().version != from)
            .skip(1);
        match later.find(|study| study.def().version == to) {
            Some(study) => Ok(Arc::clone(study)),
            None => no_with("version_not_later", &[("from", from), ("to", to)]),
        }
    }

    pub(crate) fn plan_move(&mut self, asked: PlanMove) -> Outcome<MoveView> {
        known_subject(&self.sitting()?.file, &asked.subject)?;
        let book = Casebook::read(&self.sitting()?.file, &asked.subject)?;
        let before = Arc::clone(self.study_for(&book));
        let after = self.later(&book.version, &asked.to)?;
        let subject = Subject::of(&book, &before, &after);
        let (touching, others): (Vec<Change>, Vec<Change>) = diff(&before, &after)
            .into_iter()
            .partition(|change| subject.is_touched(change, &before, &after));
        let mut retired: Vec<ItemPath> = book
            .items
            .iter()
            .filter(|row| row.value.is_some() && after.item(&row.path.item).is_none())
            .map(|row| row.path.clone())
            .collect();
        retired.sort();
        let opened = opened_again(&after, &book);
        let mut forms: Vec<FormPath> = opened.iter().map(|opened| opened.form.clone()).collect();
        forms.extend(retired.iter().map(|path| path.form.clone()));
        forms.sort();
        forms.dedup();
        let values = book.values();
        Ok(MoveView {
            verdict_before: verdict_word(before.verdict(&values).verdict).to_owned(),
            verdict_after: verdict_word(after.verdict(&values).verdict).to_owned(),
            confirmed: self.confirmed_under(&asked.subject)?,
            may_move: self.may_not("move_subject"),
            from: book.version.clone(),
            others: count(others.len()),
            subject: asked.subject,
            to: asked.to,
            changes: touching,
            forms,
            opened,
            retired,
        })
    }

    /// Verdict of the newest confirmation of eligibility, and the version that it was confirmed under.
    fn confirmed_under(&self, subject: &str) -> Outcome<Option<(String, String)>> {
        let file = &self.sitting()?.file;
        let mark = file.verdict_mark_of(subject)?;
        Ok(mark.map(|mark| (mark.derived, version_of(&mark.study).to_owned())))
    }

    pub(crate) fn move_subject(&mut self, asked: MoveSubject) -> Outcome<SubjectView> {
        self.writable()?;
        self.declared()?;
        known_subject(&self.sitting()?.file, &asked.subject)?;
        proper_reason(self, &asked.reason)?;
        let book = Casebook::read(&self.sitting()?.file, &asked.subject)?;
        if book.version != asked.from {
            return no_with("changed_meanwhile", &[("now", &book.version)]);
        }
        let after = self.later(&asked.from, &asked.to)?;
        let moved = Act::SubjectMoved {
            subject: asked.subject.clone(),
            from: asked.from,
            to: asked.to,
        };
        let mut deeds = vec![because(moved, Some(asked.reason.clone()))];
        for opened in opened_again(&after, &book) {
            deeds.push(because(
                Act::FormReopened { form: opened.form },
                Some(asked.reason.clone()),
            ));
        }
        let forms = book.forms.keys().cloned().collect();
        let noted = self.noted(&Mended {
            study: &after,
            book: &book,
            after: &book.values(),
            changed: &[],
            forms: &forms,
        })?;
        self.save_noting(deeds, noted)?;
        // What was worked out under the version before says nothing any more.
        self.sitting_mut()?.verdicts.remove(&asked.subject);
        self.subject(SubjectOf { subject: asked.subject })
    }
}
