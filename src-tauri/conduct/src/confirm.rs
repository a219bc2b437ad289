//! Derived categories and grades become facts when an investigator confirms them, or says otherwise and why.

use serde_json::json;
use store::Deed;
use study::{
    act::{Act, Confirmation},
    medicine::{Outcome as Derived, Status},
    path::ItemPath,
};

use crate::{
    desk::Desk,
    editions::version_of,
    entry::proper_reason,
    machine::make_id,
    requests::ConfirmDerived,
    trouble::{Outcome, no, no_with},
    views::{FormView, GradeConfirmedView},
};

/// The word that names a derived result.
fn result_word(outcome: &Derived) -> String {
    outcome
        .result
        .clone()
        .unwrap_or_else(|| crate::reasons::status(outcome.status).to_owned())
}

/// The newest confirmation of a derived item.
pub(crate) fn newest(desk: &Desk, path: &ItemPath, outcome: &Derived) -> Outcome<Option<GradeConfirmedView>> {
    let sitting = desk.sitting()?;
    let Some(row) = sitting.file.confirmations(&path.to_string())?.pop() else {
        return Ok(None);
    };
    let body = sitting.file.entry(&row.entry)?.and_then(|entry| entry.body);
    let version = body.as_ref().map(|body| version_of(&body.study).to_owned());
    let reason = body.and_then(|body| body.reason);
    Ok(Some(GradeConfirmedView {
        // By everything the result rests on: "at least 2" is not 2, and the same grade from other values is looked at again.
        differs_now: row.confirmation.detail != json!({ "outcome": outcome }),
        derived: row.confirmation.derived,
        own: row.confirmation.own,
        reason,
        by: sitting.names.printed_or_device(&row.by),
        when: row.moment,
        version: version.unwrap_or_default(),
    }))
}

/// Why the person here may not confirm it, if so.
pub(crate) fn may_not_confirm(desk: &Desk, _path: &ItemPath, outcome: &Derived) -> Option<String> {
    let evaluable = !matches!(outcome.status, Status::NotEvaluable);
    desk.may_not("confirm_derived")
        .or_else(|| (!evaluable).then(|| "not_evaluable".to_owned()))
}

/// Whether a function could have come to a result: grades 0 to 5, or the categories of response.
fn may_be(call: &str, own: &str) -> bool {
    match call {
        "response.assess" => CATEGORIES.contains(&own),
        call if call.starts_with("tox.") => matches!(own, "0" | "1" | "2" | "3" | "4" | "5"),
        _ => false,
    }
}

/// Categories of response, as `criteria` writes them.
const CATEGORIES: [&str; 10] = [
    "CR", "CRh", "CRi", "MLFS", "APLASTIC", "PR", "NR", "PD", "RELAPSE", "NE",
];

impl Desk {
    pub(crate) fn confirm_derived(&mut self, asked: ConfirmDerived) -> Outcome<FormView> {
        self.writable()?;
        self.declared()?;
        let study = self.known_form(&asked.path.form)?;
        let book = self.book(&asked.path.form.subject)?;
        let Some(outcome) = study.derive(&book.values(), &asked.path) else {
            return no_with("not_derived", &[("item", &asked.path.to_string())]);
        };
        let derived = result_word(&outcome);
        if book.hard_finding(&study, &book.values(), &asked.path.form) {
            return no_with("form_has_blockers", &[("form", &asked.path.form.to_string())]);
        }
        if derived != asked.derived {
            return no_with("changed_meanwhile", &[("now", &derived)]);
        }
        let own = asked.own.filter(|own| !own.trim().is_empty() && own != &derived);
        if own.as_ref().is_some_and(|own| !may_be(&outcome.call, own)) {
            return no_with("own_not_a_result", &[("own", own.as_deref().unwrap_or_default())]);
        }
        match (&own, &asked.reason) {
            (None, _) if matches!(outcome.status, Status::NotEvaluable) => return no("not_evaluable"),
            (Some(_), None) => return no("reason_due"),
            (Some(_), Some(reason)) => proper_reason(self, reason)?,
            (None, _) => {}
        }
        // Both stay visible, and the difference is asked about.
        let question = own.as_ref().map(|own| {
            let query = make_id(self.machine.as_mut(), "q");
            let why = asked
                .reason
                .as_ref()
                .and_then(|reason| reason.text.clone())
                .unwrap_or_default();
            Deed::from(Act::QueryOpened {
                query,
                path: asked.path.clone(),
                text: format!("{derived} ≠ {own}. {why}").trim_end().to_owned(),
                version: 0,
            })
        });
        let refs = book.refs(outcome.inputs.iter().filter_map(|input| input.path.as_ref()));
        let confirmation = Confirmation {
            kind: if outcome.call.starts_with("tox.") {
                "grade"
            } else {
                "response"
            }
            .to_owned(),
            about: asked.path.to_string(),
            derived,
            own: own.clone(),
            detail: json!({ "outcome": outcome }),
        };
        let deed = Deed {
            act: Act::Confirmed { confirmation },
            reason: if own.is_some() { asked.reason } else { None },
            refs,
        };
        let mut deeds = vec![deed];
        if let Some(question) = question {
            deeds.push(question);
        }
        self.save(deeds)?;
        self.form_page(&asked.path.form)
    }
}
