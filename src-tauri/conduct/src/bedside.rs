//! Patient and bag compared by two people, each with an own log-in (criteria.md has the rule in `criteria::dose`).

use study::{
    act::{Act, IdentifierCheck, IdentifierOutcome},
    def::FormDef,
    path::FormPath,
    value::Value,
};

use crate::{
    casebook::Casebook,
    desk::Desk,
    form_page::has_panel,
    requests::CheckIdentity,
    rights,
    trouble::{Outcome, no, no_with},
    views::{FormView, IdentityCheckView},
};

/// What is compared, in this order.
pub const IDENTIFIERS: &[&str] = &["name", "mrn", "birth_date", "coi", "lot"];

/// Both checks of a form and what they come to; nothing on forms without the panel.
pub(crate) fn checks_of(
    desk: &Desk,
    book: &Casebook,
    form: &FormPath,
    def: &FormDef,
) -> Outcome<(Vec<IdentityCheckView>, Option<String>)> {
    if !has_panel(def, "identity_check") {
        return Ok((Vec::new(), None));
    }
    let sitting = desk.sitting()?;
    let mut views: Vec<IdentityCheckView> = Vec::new();
    for row in sitting.file.identity_checks(form)? {
        let person = String::from(row.by.clone());
        // A person who looked again is counted by what was seen last; what was seen first stays in the journal.
        views.retain(|view| view.person != person);
        views.push(IdentityCheckView {
            person,
            by: sitting.names.printed_or_device(&row.by),
            when: row.moment,
            checks: row.checks,
        });
    }
    let agreed = views.iter().all(|view| all_agreed(&view.checks)) && same_values(book, form, &views);
    let result = match (agreed, views.len()) {
        (false, _) => "fail",
        (true, 2..) => "pass",
        (true, _) => "not_evaluable",
    };
    Ok((views, Some(result.to_owned())))
}

fn all_agreed(checks: &[IdentifierCheck]) -> bool {
    checks.iter().all(|check| check.outcome == IdentifierOutcome::Agreed)
}

/// Whether what was read off the bag is the same for both people, and the same as the record says.
fn same_values(book: &Casebook, form: &FormPath, views: &[IdentityCheckView]) -> bool {
    let recorded = |name: &str| {
        let row = book
            .items
            .iter()
            .find(|row| row.path.form == *form && row.path.item.ends_with(&format!(".{name}")));
        match row.and_then(|row| row.value.as_ref()) {
            Some(Value::Text { text }) => Some(text.clone()),
            _ => None,
        }
    };
    [("coi", "COI"), ("lot", "LOT")].into_iter().all(|(identifier, name)| {
        let read = views
            .iter()
            .flat_map(|view| &view.checks)
            .filter(|check| check.identifier == identifier)
            .filter_map(|check| check.value.clone())
            .chain(recorded(name));
        let read: Vec<String> = read.collect();
        one_value(read.iter().map(String::as_str))
    })
}

/// Whether readings that say something all say the same.
pub(crate) fn one_value<'t>(readings: impl Iterator<Item = &'t str>) -> bool {
    let mut seen: Vec<&str> = readings.map(str::trim).filter(|text| !text.is_empty()).collect();
    seen.dedup();
    seen.len() <= 1
}

fn proper_checks(checks: &[IdentifierCheck]) -> Outcome<()> {
    let named: Vec<&str> = checks.iter().map(|check| check.identifier.as_str()).collect();
    if named != IDENTIFIERS {
        return no("identity_incomplete");
    }
    let may_hold = |check: &IdentifierCheck| matches!(check.identifier.as_str(), "coi" | "lot");
    if checks.iter().any(|check| check.value.is_some() && !may_hold(check)) {
        return no("identity_no_values");
    }
    Ok(())
}

impl Desk {
    pub(crate) fn check_identity(&mut self, asked: CheckIdentity) -> Outcome<FormView> {
        self.writable()?;
        self.declared()?;
        let study = self.known_form(&asked.form)?;
        let def = study.form(&asked.form.form).cloned();
        let Some(def) = def.filter(|def| has_panel(def, "identity_check")) else {
            return no_with("no_identity_check", &[("form", &asked.form.to_string())]);
        };
        proper_checks(&asked.checks)?;
        let who = self.authenticate(&asked.login, asked.password)?;
        if !rights::may(who.role(), "check_identity") {
            return no_with(
                "not_your_role",
                &[("act", "check_identity"), ("role", &rights::role_code(who.role()))],
            );
        }
        self.declared_by(&who)?;
        let book = Casebook::read(&self.sitting()?.file, &asked.form.subject)?;
        let (so_far, _) = checks_of(self, &book, &asked.form, &def)?;
        // Twice by one person is one check; who did not agree may look again.
        if so_far
            .iter()
            .any(|check| &check.person == who.person() && all_agreed(&check.checks))
        {
            return no_with("same_person", &[("name", who.printed_name())]);
        }
        let act = Act::IdentityChecked {
            form: asked.form.clone(),
            checks: asked.checks,
        };
        self.save_as(&who, vec![act.into()])?;
        self.form_page_after(book, &asked.form)
    }
}
