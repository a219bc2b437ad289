//! Source data verification: what to compare, in which order, what falls when a value changes.

use std::collections::HashMap;

use study::{
    act::Act,
    path::{ItemPath, SITE},
};

use crate::{
    casebook::Casebook,
    desk::{Desk, because},
    entry::proper_reason,
    requests::{Review, Verify, WithdrawVerification},
    trouble::{Outcome, no, no_with},
    views::{ReviewItemView, ReviewView},
};

impl Desk {
    pub(crate) fn review(&mut self, asked: Review) -> Outcome<ReviewView> {
        let file = &self.sitting()?.file;
        let signatures = file.signatures()?;
        let mut items = Vec::new();
        let subjects = file.subjects()?.into_iter().map(|row| row.code);
        for subject in subjects.chain([SITE.to_owned()]) {
            if asked.subject.as_ref().is_some_and(|only| *only != subject) {
                continue;
            }
            let book = Casebook::read_with(file, &subject, signatures.clone())?;
            items.extend(self.review_items(&book));
        }
        let order = self.casebook_order();
        items.sort_by_key(|item| {
            let weight = match (item.verification.as_str(), item.critical) {
                ("changed", _) => 0,
                (_, true) => 1,
                (_, false) => 2,
            };
            let place = order.get(item.path.item.as_str()).copied().unwrap_or(usize::MAX);
            (item.path.form.subject.clone(), weight, place, item.path.clone())
        });
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Ok(ReviewView {
            verified: count(items.iter().filter(|item| item.verification == "verified").count()),
            all: count(items.len()),
            items,
        })
    }

    /// Place of each item in the casebook.
    fn casebook_order(&self) -> HashMap<&str, usize> {
        let forms = self.study.def().forms.iter();
        let items = forms.flat_map(|form| form.groups.iter().flat_map(|group| group.items.iter()));
        items.enumerate().map(|(at, item)| (item.oid.as_str(), at)).collect()
    }

    fn review_items(&self, book: &Casebook) -> Vec<ReviewItemView> {
        book.items
            .iter()
            .filter(|row| row.value.is_some() && book.complete(&row.path.form))
            .map(|row| self.review_item(book, &row.path))
            .collect()
    }

    fn review_item(&self, book: &Casebook, path: &ItemPath) -> ReviewItemView {
        let row = book.item(path);
        let unsettled = book
            .queries
            .iter()
            .filter(|q| &q.path == path && q.state != store::QueryState::Closed)
            .count();
        ReviewItemView {
            path: path.clone(),
            value: row.and_then(|row| row.value.clone()),
            version: row.map_or(0, |row| row.version),
            verification: book.verification(path).to_owned(),
            critical: self
                .study_for(book)
                .item(&path.item)
                .is_some_and(|place| place.item.critical),
            queries: u32::try_from(unsettled).unwrap_or(u32::MAX),
        }
    }

    pub(crate) fn verify(&mut self, asked: Verify) -> Outcome<ReviewItemView> {
        self.writable()?;
        self.declared()?;
        self.known_form(&asked.path.form)?;
        let book = Casebook::read(&self.sitting()?.file, &asked.path.form.subject)?;
        let Some(row) = book.item(&asked.path).filter(|row| row.value.is_some()) else {
            return no("nothing_to_verify");
        };
        if row.version != asked.version {
            return no_with("changed_meanwhile", &[("now", &row.version.to_string())]);
        }
        if !book.complete(&asked.path.form) {
            return no("form_not_complete");
        }
        if book.verification(&asked.path) == "verified" {
            return no("already_verified");
        }
        self.save(vec![
            Act::Verified {
                path: asked.path.clone(),
                version: asked.version,
            }
            .into(),
        ])?;
        let book = Casebook::read(&self.sitting()?.file, &asked.path.form.subject)?;
        Ok(self.review_item(&book, &asked.path))
    }

    pub(crate) fn withdraw_verification(&mut self, asked: WithdrawVerification) -> Outcome<ReviewItemView> {
        self.writable()?;
        self.declared()?;
        proper_reason(self, &asked.reason)?;
        self.known_form(&asked.path.form)?;
        let book = Casebook::read(&self.sitting()?.file, &asked.path.form.subject)?;
        if book.verification(&asked.path) == "none" {
            return no("not_verified");
        }
        self.save(vec![because(
            Act::VerificationWithdrawn {
                path: asked.path.clone(),
            },
            Some(asked.reason),
        )])?;
        let book = Casebook::read(&self.sitting()?.file, &asked.path.form.subject)?;
        Ok(self.review_item(&book, &asked.path))
    }
}
