//! Source data verification: what to compare, in which order, what falls when a value changes.

use std::collections::HashMap;

use study::{
    act::Act,
    path::{ItemPath, SITE, SubjectCode},
};

use crate::{
    casebook::Casebook,
    desk::{Desk, because},
    entry::proper_reason,
    held::Marked,
    requests::{Review, Verify, WithdrawVerification},
    trouble::{Outcome, no, no_with},
    views::{ReviewItemView, ReviewSubjectView, ReviewView},
};

/// Items that are read at once where no subject is named, and of one subject at least: of a thousand subjects there would be
/// hundreds of thousands.
const MOST: u32 = 4_000;

impl Desk {
    /// Everybody of whom something is to verify: how much, and how far it is.
    fn review_subjects(&mut self) -> Outcome<Vec<ReviewSubjectView>> {
        self.lines()?;
        let sitting = self.sitting()?;
        let kept = sitting.file.form_marks_of(SITE)?.into_iter().filter_map(Marked::of);
        let kept: Vec<Marked> = kept.map(|(_, form)| form).collect();
        let mut all = Vec::new();
        for row in sitting.file.subjects()? {
            all.push(how_far(&row.code, &sitting.lines.of(&row.code).forms));
        }
        all.push(how_far(SITE, &kept));
        all.retain(|one| one.all > 0);
        Ok(all)
    }

    pub(crate) fn review(&mut self, asked: Review) -> Outcome<ReviewView> {
        let mut subjects = self.review_subjects()?;
        match &asked.subject {
            Some(only) => subjects.iter_mut().for_each(|one| one.here = one.subject == *only),
            None => choose(&mut subjects, &self.sitting()?.file.changed_since_verified()?),
        }
        let file = &self.sitting()?.file;
        let mut items = Vec::new();
        for one in subjects.iter().filter(|one| one.here) {
            // Signatures say nothing of what is verified.
            let book = Casebook::read_with(file, &one.subject, Vec::new())?;
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
        let counted = |of: fn(&ReviewSubjectView) -> u32| {
            let asked_for = subjects.iter().filter(|one| asked.subject.is_none() || one.here);
            asked_for.map(of).fold(0u32, u32::saturating_add)
        };
        Ok(ReviewView {
            verified: counted(|one| one.verified),
            all: counted(|one| one.all),
            subjects,
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

/// Of forms that are complete: others are not verified yet.
fn how_far(subject: &str, forms: &[Marked]) -> ReviewSubjectView {
    let complete = || forms.iter().map(|form| &form.mark).filter(|mark| mark.complete);
    ReviewSubjectView {
        subject: subject.to_owned(),
        all: complete().map(|mark| mark.answered).fold(0, u32::saturating_add),
        verified: complete().map(|mark| mark.verified).fold(0, u32::saturating_add),
        here: false,
    }
}

/// Marks whose items are shown where no subject is named: changed values before everything, who waits before who is done.
fn choose(subjects: &mut [ReviewSubjectView], changed: &[SubjectCode]) {
    let mut order: Vec<&mut ReviewSubjectView> = subjects.iter_mut().collect();
    order.sort_by_key(|one| (!changed.contains(&one.subject), one.verified >= one.all));
    let mut read = 0u32;
    for one in order {
        if read > 0 && read.saturating_add(one.all) > MOST {
            break;
        }
        read = read.saturating_add(one.all);
        one.here = true;
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, ReviewSubjectView, choose};

    /// Who is here of subjects with so many items and so many verified, when the values of some changed since.
    fn here(subjects: &[(&str, u32, u32)], changed: &[&str]) -> Vec<String> {
        let view = |(subject, all, verified): &(&str, u32, u32)| ReviewSubjectView {
            subject: (*subject).to_owned(),
            all: *all,
            verified: *verified,
            here: false,
        };
        let mut subjects: Vec<_> = subjects.iter().map(view).collect();
        let changed: Vec<String> = changed.iter().map(|code| (*code).to_owned()).collect();
        choose(&mut subjects, &changed);
        let here = subjects.into_iter().filter(|one| one.here);
        here.map(|one| one.subject).collect()
    }

    #[test]
    fn a_list_of_everybody_ends_before_it_is_too_long() {
        let half = MOST / 2;
        let few = [("A", 10, 0), ("B", 10, 10), ("C", 10, 3)];
        assert_eq!(
            here(&few, &[]),
            ["A", "B", "C"],
            "a site of the usual size is here as a whole"
        );
        let many = [("A", half, half), ("B", half, 0), ("C", half, 1), ("D", half, 0)];
        assert_eq!(here(&many, &[]), ["B", "C"], "who waits comes before who is done");
        assert_eq!(
            here(&many, &["A", "D"]),
            ["A", "D"],
            "changed since verified comes before everything"
        );
        let one = [("A", MOST * 3, 0), ("B", 1, 0)];
        assert_eq!(here(&one, &[]), ["A"], "one at least, however much it is");
        assert!(here(&[], &["A"]).is_empty());
    }
}
