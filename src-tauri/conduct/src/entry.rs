//! Values: entered, changed, taken out; forms: complete, worked on again.

use store::Deed;
use study::{
    Study,
    act::{Act, Reason},
    input::{RawInput, read_input},
    path::{FormPath, ItemPath},
    values::Values,
};

use crate::{
    casebook::Casebook,
    desk::{Desk, Sitting, because},
    findings::{Changed, Mended, reached, within_reach},
    requests::{CompleteForm, EnterValue, KeepUnfinished, RemoveRow, ReopenForm},
    trouble::{Outcome, no, no_with},
    unfinished,
    views::{FormView, KeptView},
};

/// A reason says something: a code of the study's list, and words with `other`.
pub(crate) fn proper_reason(desk: &Desk, reason: &Reason) -> Outcome<()> {
    let known = desk.study.def().reasons.iter().any(|r| r.code == reason.code);
    let words = reason.text.as_deref().is_some_and(|text| !text.trim().is_empty());
    if known && (reason.code != "other" || words) {
        Ok(())
    } else {
        no("reason_needed")
    }
}

impl Desk {
    /// Everything that stands before a change of the site's records.
    fn ready_for_entry(&self) -> Outcome<()> {
        self.writable()?;
        self.declared()
    }

    pub(crate) fn enter_value(&mut self, asked: EnterValue) -> Outcome<FormView> {
        self.ready_for_entry()?;
        let path = asked.path;
        let study = self.known_form(&path.form)?;
        if !study.holds(&path) {
            return no_with("no_such_item", &[("item", &path.to_string())]);
        }
        let Some(place) = study.item(&path.item) else {
            return no_with("no_such_item", &[("item", &path.to_string())]);
        };
        let raw = RawInput {
            text: asked.text,
            unit: asked.unit,
            codes: asked.codes,
            missing: asked.missing,
        };
        let value = read_input(place.item, study.def(), &raw, self.date())?;

        let sitting = self.sitting()?;
        let mut book = Casebook::read(&sitting.file, &path.form.subject)?;
        let named: Vec<_> = value.iter().map(|value| (&path, value)).collect();
        book.follow(&study, &sitting.file, &named)?;
        let old = book.item(&path).and_then(|row| row.value.clone());
        let settled = self.settled_at(std::slice::from_ref(&path))?;
        // Of two values that two devices wrote, the one that stands may be the right one: then it is entered again.
        if old == value && settled.is_empty() {
            self.forget_unfinished(&path)?;
            return self.form_page_after(book, &path.form);
        }
        let complete = book.complete(&path.form);
        match &asked.reason {
            Some(reason) => proper_reason(self, reason)?,
            None if complete => return no("reason_due"),
            // Neither of two values is right: that is said with why.
            None if value.is_none() && !settled.is_empty() => return no("reason_due"),
            None => {}
        }
        let values = book.values();
        let after = values.with(&path, value.as_ref());
        let newly = newly_hidden(&study, &book, &values, &after, &path);
        if !newly.is_empty() && !asked.hide_answers {
            return no_with("hides_answers", &[("items", &newly.join(", "))]);
        }
        let reopened = newly_blocked(&study, &book, &after, &path);
        let changed = [(&path, 0)];
        let mut noted = self.noted(&Mended {
            study: &study,
            book: &book,
            after: &after,
            changed: &changed,
            forms: &reached(&study, &book, &changed),
        })?;
        noted.extend(settled);
        let form = path.form.clone();
        let mut deeds: Vec<Deed> = vec![because(
            Act::ValueEntered {
                path: path.clone(),
                value,
                old,
                by_hand: asked.by_hand,
            },
            asked.reason.clone(),
        )];
        for form in reopened {
            deeds.push(because(Act::FormReopened { form }, asked.reason.clone()));
        }
        self.save_noting(deeds, noted)?;
        self.forget_unfinished(&path)?;
        self.form_page_after(book, &form)
    }

    /// A casebook with what it names in the site's registers.
    pub(crate) fn book(&self, subject: &str) -> Outcome<Casebook> {
        let file = &self.sitting()?.file;
        let mut book = Casebook::read(file, subject)?;
        let study = self.study_for(&book);
        book.follow(study, file, &[])?;
        Ok(book)
    }

    fn forget_unfinished(&mut self, path: &ItemPath) -> Outcome<()> {
        let Sitting { file, session, .. } = self.sitting_mut()?;
        Ok(file.drop_unfinished(&path.to_string(), session.person())?)
    }

    pub(crate) fn keep_unfinished(&mut self, asked: KeepUnfinished) -> Outcome<KeptView> {
        self.writable()?;
        if !self.known_form(&asked.path.form)?.holds(&asked.path) {
            return no_with("no_such_item", &[("item", &asked.path.to_string())]);
        }
        let Sitting { file, session, .. } = self.sitting_mut()?;
        let (path, person) = (asked.path.to_string(), session.person());
        let kept = asked.typed.is_some();
        match asked.typed {
            Some(typed) => file.keep_unfinished(&path, person, &unfinished::written(&typed)?)?,
            None => file.drop_unfinished(&path, person)?,
        }
        Ok(KeptView { kept })
    }

    pub(crate) fn remove_row(&mut self, asked: RemoveRow) -> Outcome<FormView> {
        self.ready_for_entry()?;
        let study = self.known_form(&asked.form)?;
        proper_reason(self, &asked.reason)?;
        let mut book = self.book(&asked.form.subject)?;
        let there = |path: &ItemPath| path.form == asked.form && path.group == asked.group && path.row == asked.row;
        let repeats = study
            .form(&asked.form.form)
            .is_some_and(|def| def.groups.iter().any(|group| group.oid == asked.group && group.repeats));
        if !repeats || !book.items.iter().any(|row| there(&row.path)) {
            return no("no_such_row");
        }
        let taken: Vec<ItemPath> = book.items.iter().map(|row| row.path.clone()).filter(there).collect();
        book.items.retain(|row| !there(&row.path));
        let changed: Vec<Changed<'_>> = taken.iter().map(|path| (path, 0)).collect();
        let mut noted = self.noted(&Mended {
            study: &study,
            book: &book,
            after: &book.values(),
            changed: &changed,
            forms: &reached(&study, &book, &changed),
        })?;
        noted.extend(self.settled_at(&taken)?);
        let reopened = book.complete(&asked.form) && !study.blockers(&book.values(), &asked.form).is_empty();
        let act = Act::RowRemoved {
            form: asked.form.clone(),
            group: asked.group,
            row: asked.row,
        };
        let mut deeds = vec![because(act, Some(asked.reason.clone()))];
        if reopened {
            let act = Act::FormReopened {
                form: asked.form.clone(),
            };
            deeds.push(because(act, Some(asked.reason)));
        }
        self.save_noting(deeds, noted)?;
        self.form_page_after(book, &asked.form)
    }

    pub(crate) fn complete_form(&mut self, asked: CompleteForm) -> Outcome<FormView> {
        self.ready_for_entry()?;
        self.known_form(&asked.form)?;
        let book = self.book(&asked.form.subject)?;
        self.completable(&book, &asked.form)?;
        let seen = self.seen_on(&asked.form)?;
        let act = Act::FormCompleted {
            form: asked.form.clone(),
        };
        self.save_noting(vec![act.into()], seen)?;
        self.form_page_after(book, &asked.form)
    }

    fn completable(&self, book: &Casebook, form: &FormPath) -> Outcome<()> {
        if book.complete(form) {
            return no("already_complete");
        }
        if book.version(form) == 0 {
            return no("form_is_empty");
        }
        let blockers = self.study_for(book).blockers(&book.values(), form);
        if blockers.is_empty() {
            return Ok(());
        }
        let items: Vec<&str> = blockers.iter().map(|finding| finding.path.item.as_str()).collect();
        no_with(
            "form_has_blockers",
            &[("count", &items.len().to_string()), ("items", &items.join(", "))],
        )
    }

    pub(crate) fn reopen_form(&mut self, asked: ReopenForm) -> Outcome<FormView> {
        self.ready_for_entry()?;
        self.known_form(&asked.form)?;
        proper_reason(self, &asked.reason)?;
        let book = Casebook::read(&self.sitting()?.file, &asked.form.subject)?;
        if !book.complete(&asked.form) {
            return no("not_complete");
        }
        self.save(vec![because(
            Act::FormReopened {
                form: asked.form.clone(),
            },
            Some(asked.reason),
        )])?;
        self.form_page_after(book, &asked.form)
    }
}

/// Answers anywhere in the casebook that one more value would hide: rules reach across forms.
fn newly_hidden(
    study: &Study,
    book: &Casebook,
    before: &Values<'_>,
    after: &Values<'_>,
    entered: &ItemPath,
) -> Vec<String> {
    let mut newly = Vec::new();
    let reached = |form: &&FormPath| within_reach(study, entered, form);
    let mut forms: Vec<&FormPath> = book.forms.keys().filter(reached).collect();
    forms.sort();
    for form in forms {
        let hidden_before = study.hidden_answers(before, form);
        let hidden = study.hidden_answers(after, form).into_iter();
        newly.extend(
            hidden
                .filter(|path| !hidden_before.contains(path) && path != entered)
                .map(|path| path.item),
        );
    }
    newly
}

/// Complete forms that are no longer complete once the value of an item is another: of those it reaches.
fn newly_blocked(study: &Study, book: &Casebook, after: &Values<'_>, entered: &ItemPath) -> Vec<FormPath> {
    let reached = |form: &&FormPath| book.complete(form) && within_reach(study, entered, form);
    let complete = book.forms.keys().filter(reached);
    let mut forms: Vec<FormPath> = complete
        .filter(|form| !study.blockers(after, form).is_empty())
        .cloned()
        .collect();
    forms.sort();
    forms
}
