//! What a definition made of some values, kept as long as the values are: one condition or derived result is asked for by
//! many rules, and nothing that it rests on changes meanwhile.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    ptr,
    rc::Rc,
};

use crate::{
    findings::Finding,
    medicine::Outcome,
    path::{FormPath, ItemPath},
    shown::Visible,
    study::Study,
};

/// Answers of one definition about one set of values.
#[derive(Debug)]
pub(crate) struct SeenBefore {
    /// Whose answers these are; those of another definition are forgotten.
    study: Cell<*const Study>,
    visibilities: RefCell<HashMap<ItemPath, Visible>>,
    outcomes: RefCell<HashMap<ItemPath, Option<Rc<Outcome>>>>,
    findings: RefCell<HashMap<FormPath, Vec<Finding>>>,
}

impl Default for SeenBefore {
    fn default() -> Self {
        Self {
            study: Cell::new(ptr::null()),
            visibilities: RefCell::default(),
            outcomes: RefCell::default(),
            findings: RefCell::default(),
        }
    }
}

impl SeenBefore {
    fn ask(&self, study: &Study) {
        if !ptr::eq(self.study.replace(study), study) {
            self.visibilities.borrow_mut().clear();
            self.outcomes.borrow_mut().clear();
            self.findings.borrow_mut().clear();
        }
    }

    pub(crate) fn visibility(&self, study: &Study, path: &ItemPath, work: impl FnOnce() -> Visible) -> Visible {
        self.ask(study);
        if let Some(known) = self.visibilities.borrow().get(path) {
            return known.clone();
        }
        let found = work();
        self.visibilities.borrow_mut().insert(path.clone(), found.clone());
        found
    }

    pub(crate) fn outcome(
        &self,
        study: &Study,
        path: &ItemPath,
        work: impl FnOnce() -> Option<Outcome>,
    ) -> Option<Rc<Outcome>> {
        self.ask(study);
        if let Some(known) = self.outcomes.borrow().get(path) {
            return known.clone();
        }
        let found = work().map(Rc::new);
        self.outcomes.borrow_mut().insert(path.clone(), found.clone());
        found
    }

    pub(crate) fn findings(&self, study: &Study, form: &FormPath, work: impl FnOnce() -> Vec<Finding>) -> Vec<Finding> {
        self.ask(study);
        if let Some(known) = self.findings.borrow().get(form) {
            return known.clone();
        }
        let found = work();
        self.findings.borrow_mut().insert(form.clone(), found.clone());
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Values;

    /// What one definition said is never taken for what another says about the same values.
    #[test]
    fn answers_belong_to_their_definition() {
        let (one, other) = (crate::builtin::load().unwrap(), crate::builtin::load().unwrap());
        let path: ItemPath = "S-001/SCR/LAB/LAB.HEM/LAB.PLT".parse().unwrap();
        let values = Values::of("S-001", []);
        let asked = Cell::new(0);
        let ask = |study: &Study| {
            values.seen_before.visibility(study, &path, || {
                asked.set(asked.get() + 1);
                Visible::Shown
            })
        };
        for (study, times) in [(&one, 1), (&one, 1), (&other, 2), (&other, 2), (&one, 3)] {
            assert_eq!(ask(study), Visible::Shown);
            assert_eq!(asked.get(), times);
        }
    }

    /// Values with one changed start anew.
    #[test]
    fn a_changed_value_is_looked_at_afresh() {
        let study = crate::builtin::load().unwrap();
        let sex: ItemPath = "S-001/SCR/DM/DM.PERSON/DM.SEX".parse().unwrap();
        let male = crate::value::Value::Code { code: "M".into() };
        let female = crate::value::Value::Code { code: "F".into() };
        let values = Values::of("S-001", [(&sex, &male)]);
        let hidden = |values: &Values<'_>| {
            let fertile = study.items("DM").chain(study.items("ELIG")).chain(study.items("SERO"));
            let form = |place: crate::study::ItemPlace<'_>| format!("S-001/SCR/{}", place.form.oid).parse().unwrap();
            fertile
                .filter(|place| study.visibility(values, &form(*place), 1, &place.item.oid) == Visible::Hidden)
                .map(|place| place.item.oid.clone())
                .collect::<Vec<_>>()
        };
        let before = hidden(&values);
        assert_ne!(before, hidden(&values.with(&sex, Some(&female))));
        assert_eq!(before, hidden(&values));
    }
}
