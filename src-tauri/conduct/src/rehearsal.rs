//! Made-up subjects in large numbers: the same entries as the acts make, read, chained, signed and folded the same way,
//! without a page between one value and the next. For practice files and for measuring; a file with people in it is
//! refused.

use study::{
    Study,
    act::{Act, IdentifierCheck},
    def::ItemKind,
    input::{RawInput, read_input},
    path::{FormPath, ItemPath},
    value::Value,
};

use crate::{
    casebook::{Casebook, shown},
    desk::Desk,
    findings::{Changed, Mended, reached},
    problem::Problem,
    trouble::{Outcome, Trouble},
};

/// Rows that a repeating group is asked for at most.
const ROWS: u32 = 6;

/// Somebody who proved once who they are, to stand at the bedside again and again.
pub struct Bystander(store::Session);

/// The casebook of one subject, kept from form to form instead of being read each time. Stale as soon as anybody else
/// writes: then it is read anew.
pub struct Held(Casebook);

/// What stands in a chart about an item.
pub type Chart<'c> = dyn Fn(&ItemPath) -> Option<RawInput> + 'c;

impl Desk {
    fn told<T>(&mut self, outcome: Outcome<T>) -> Result<T, Problem> {
        outcome.map_err(|trouble: Trouble| trouble.told(self.machine.as_mut()))
    }

    /// Saves wait in one transaction until [`Desk::rehearsed`].
    ///
    /// # Errors
    /// Nobody is logged in, nothing can be written, or the file is not synthetic.
    pub fn rehearse(&mut self) -> Result<(), Problem> {
        let begun = self.sitting_mut().and_then(|sitting| Ok(sitting.file.begin_bulk()?));
        self.told(begun)
    }

    /// Everything rehearsed is durable.
    ///
    /// # Errors
    /// The disk: then nothing of it is there.
    pub fn rehearsed(&mut self) -> Result<(), Problem> {
        let ended = self.sitting_mut().and_then(|sitting| Ok(sitting.file.end_bulk()?));
        self.told(ended)
    }

    /// A second person, with an own password.
    ///
    /// # Errors
    /// As for logging in.
    pub fn bystander(&mut self, login: &str, password: &str) -> Result<Bystander, Problem> {
        let proved = self.authenticate(login, password.to_owned()).map(Bystander);
        self.told(proved)
    }

    /// The comparison of patient and bag by the person here and by another.
    ///
    /// # Errors
    /// The disk.
    pub fn rehearse_identity(
        &mut self,
        form: &FormPath,
        second: &Bystander,
        checks: &[IdentifierCheck],
    ) -> Result<(), Problem> {
        let act = || Act::IdentityChecked {
            form: form.clone(),
            checks: checks.to_vec(),
        };
        let saved = self
            .save(vec![act().into()])
            .and_then(|_| self.save_as(&second.0, vec![act().into()]))
            .map(|_| ());
        self.told(saved)
    }

    /// What a subject's casebook holds.
    ///
    /// # Errors
    /// Nobody is logged in, the disk, or the file is not synthetic.
    pub fn held(&mut self, subject: &str) -> Result<Held, Problem> {
        let read = self.read_held(subject);
        self.told(read)
    }

    fn read_held(&self, subject: &str) -> Outcome<Held> {
        let file = &self.sitting()?.file;
        if !file.synthetic() {
            return Err(store::StoreError::PracticePassword.into());
        }
        Casebook::read(file, subject).map(Held)
    }

    /// What a record of the site's registers holds.
    ///
    /// # Errors
    /// Nobody is logged in, or the disk.
    pub fn held_record(&mut self, record: &FormPath) -> Result<Held, Problem> {
        let read = self
            .sitting()
            .and_then(|sitting| Casebook::of_record(&sitting.file, record))
            .map(Held);
        self.told(read)
    }

    /// Fills a form with what is asked and the chart answers, and completes it where nothing prevents that; `held` holds
    /// it then too. Answer: the number of entries, and whether it is complete.
    ///
    /// # Errors
    /// Not this role's, something the chart says does not read, or the disk.
    pub fn rehearse_form(
        &mut self,
        form: &FormPath,
        held: &mut Held,
        chart: &Chart<'_>,
        complete: bool,
    ) -> Result<(u64, bool), Problem> {
        let filled = self.fill_at_once(form, held, chart, complete);
        self.told(filled)
    }

    fn fill_at_once(
        &mut self,
        form: &FormPath,
        held: &mut Held,
        chart: &Chart<'_>,
        complete: bool,
    ) -> Outcome<(u64, bool)> {
        self.permit("enter_value")?;
        self.writable()?;
        self.declared()?;
        let study = self.known_form(form)?;
        if !self.sitting()?.file.synthetic() {
            return Err(store::StoreError::PracticePassword.into());
        }
        let entered = self.typed(&study, form, &held.0, chart)?;
        let named: Vec<_> = entered.iter().map(|(path, value)| (path, value)).collect();
        held.0.follow(&study, &self.sitting()?.file, &named)?;
        let book = &held.0;
        let values = book.values_and(named.iter().copied());
        let completes = complete && !entered.is_empty() && study.blockers(&values, form).is_empty();
        let changed: Vec<Changed<'_>> = (0..).zip(&entered).map(|(at, (path, _))| (path, at)).collect();
        let noted = self.noted(&Mended {
            study: &study,
            book,
            after: &values,
            changed: &changed,
            forms: &reached(&study, book, &changed),
        })?;
        let mut deeds: Vec<store::Deed> = Vec::with_capacity(entered.len() + 1);
        for (path, value) in entered {
            let act = Act::ValueEntered {
                path,
                value: Some(value),
                old: None,
                by_hand: false,
            };
            deeds.push(act.into());
        }
        if completes {
            deeds.push(Act::FormCompleted { form: form.clone() }.into());
        }
        let count = deeds.len() as u64;
        if count > 0 {
            self.save_noting(deeds, noted)?;
        }
        held.0.look_again(&self.sitting()?.file, form)?;
        Ok((count, completes))
    }

    /// What is typed into a form, until nothing more is asked that the chart answers.
    fn typed(
        &self,
        study: &Study,
        form: &FormPath,
        book: &Casebook,
        chart: &Chart<'_>,
    ) -> Outcome<Vec<(ItemPath, Value)>> {
        let today = self.date();
        let mut entered: Vec<(ItemPath, Value)> = Vec::new();
        loop {
            let values = book.values_and(entered.iter().map(|(path, value)| (path, value)));
            let mut next = Vec::new();
            for place in study.items(&form.form) {
                if matches!(place.item.kind, ItemKind::Derived { .. }) {
                    continue;
                }
                for row in 1..=if place.group.repeats { ROWS } else { 1 } {
                    let path = ItemPath {
                        form: form.clone(),
                        group: place.group.oid.clone(),
                        row,
                        item: place.item.oid.clone(),
                    };
                    let Some(raw) = chart(&path) else { continue };
                    if values.get(&path).is_some() || !shown(study, &values, &path) {
                        continue;
                    }
                    if let Some(value) = read_input(place.item, study.def(), &raw, today)? {
                        next.push((path, value));
                    }
                }
            }
            if next.is_empty() {
                return Ok(entered);
            }
            entered.extend(next);
        }
    }
}
