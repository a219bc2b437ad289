//! What people of the site do to a subject besides filling forms, each done by whom it is done.

use conduct::{
    FormPath, ItemPath, RawInput, Reason, acts,
    requests::{
        AnswerQuery, CloseQuery, ConfirmDerived, ConfirmEligibility, EligibilityOf, EnterValue, FormOf, RaiseQuery,
        Review, Sign, StudyInForce, ToSign, Verify,
    },
    views::ItemView,
};

use super::{PASSWORD, Trial};
use crate::out::Trouble;

/// A form by its text.
pub(super) fn form(text: &str) -> Result<FormPath, Trouble> {
    text.parse().map_err(|_| Trouble::Words(format!("{text}: not a form")))
}

impl Trial {
    /// An item as it stands on a form.
    fn item(&mut self, at: &str, oid: &str) -> Result<ItemView, Trouble> {
        let view = acts::form(&mut self.desk, FormOf { form: form(at)? })?;
        let mut items = view
            .groups
            .into_iter()
            .flat_map(|group| group.rows)
            .flat_map(|row| row.items);
        items
            .find(|item| item.path.item == oid)
            .ok_or_else(|| Trouble::Words(format!("{at} has no {oid}")))
    }

    /// The study's statement by its code.
    fn statement(&mut self, code: &str) -> Result<String, Trouble> {
        let def = acts::study_in_force(&mut self.desk, StudyInForce { version: None })?;
        Ok(def
            .statements
            .iter()
            .find(|s| s.code == code)
            .map(|s| s.text.en.clone())
            .unwrap_or_default())
    }

    /// Investigator: confirms and signs the verdict, unless it is pending.
    pub(super) fn confirm_eligibility(&mut self, code: &str, login: &str) -> Result<(), Trouble> {
        let view = acts::eligibility(&mut self.desk, EligibilityOf { subject: code.into() })?;
        if view.may_confirm.is_some() {
            return Ok(());
        }
        let meaning = self.statement("eligibility")?;
        self.pass(240);
        let asked = ConfirmEligibility {
            subject: code.into(),
            verdict: view.verdict,
            meaning,
            login: login.into(),
            password: PASSWORD.into(),
        };
        acts::confirm_eligibility(&mut self.desk, asked)?;
        Ok(())
    }

    /// Types a value at a place, with a reason where one is due.
    fn type_at(&mut self, path: ItemPath, typed: RawInput, reason: Option<Reason>) -> Result<(), Trouble> {
        let asked = EnterValue {
            path,
            text: typed.text,
            unit: typed.unit,
            codes: typed.codes,
            missing: typed.missing,
            by_hand: false,
            reason,
            hide_answers: true,
        };
        acts::enter_value(&mut self.desk, asked)?;
        Ok(())
    }

    /// Investigator: confirms a derived grade or category.
    pub(super) fn confirm(&mut self, at: &str, oid: &str) -> Result<(), Trouble> {
        let item = self.item(at, oid)?;
        let Some(derived) = item.derived.filter(|derived| derived.may_confirm.is_none()) else {
            return Ok(());
        };
        self.pass(45);
        let asked = ConfirmDerived {
            path: item.path,
            derived: derived.result.unwrap_or(derived.status),
            own: None,
            reason: None,
        };
        acts::confirm_derived(&mut self.desk, asked)?;
        Ok(())
    }

    /// Investigator: signs everything that is complete.
    pub(super) fn sign_all(&mut self, login: &str) -> Result<(), Trouble> {
        let view = acts::to_sign(&mut self.desk, ToSign {})?;
        if view.forms.is_empty() {
            return Ok(());
        }
        let meaning = self.statement("casebook")?;
        self.pass(300);
        let forms = view.forms.into_iter().map(|form| form.form).collect();
        let asked = Sign {
            forms,
            meaning,
            login: Some(login.into()),
            password: PASSWORD.into(),
        };
        acts::sign(&mut self.desk, asked)?;
        Ok(())
    }

    /// Monitor: verifies critical items of a subject and asks about one.
    pub(super) fn monitor(&mut self, code: &str) -> Result<Option<String>, Trouble> {
        let view = acts::review(
            &mut self.desk,
            Review {
                subject: Some(code.into()),
            },
        )?;
        for row in view
            .items
            .iter()
            .filter(|row| row.critical && row.verification != "verified")
            .take(12)
        {
            self.pass(40);
            acts::verify(
                &mut self.desk,
                Verify {
                    path: row.path.clone(),
                    version: row.version,
                },
            )?;
        }
        let Some(row) = view.items.iter().find(|row| row.path.item == "LAB.PLT") else {
            return Ok(None);
        };
        self.pass(60);
        let text = "Platelets on the laboratory print-out read one unit higher. Please compare with the source.";
        let asked = RaiseQuery {
            path: row.path.clone(),
            text: text.into(),
        };
        Ok(Some(acts::raise_query(&mut self.desk, asked)?.query))
    }

    /// Nurse: corrects the value that was asked about, with a reason, and answers.
    pub(super) fn answer(&mut self, code: &str, query: &str, typed: RawInput) -> Result<(), Trouble> {
        let path = self.item(&format!("{code}/SCR/LAB"), "LAB.PLT")?.path;
        let one_more = typed
            .text
            .parse::<u32>()
            .map_or(typed.text.clone(), |n| (n + 1).to_string());
        self.pass(30);
        let reason = Reason {
            code: "transcription".into(),
            text: None,
        };
        self.type_at(
            path,
            RawInput {
                text: one_more,
                ..typed
            },
            Some(reason),
        )?;
        self.pass(30);
        let text = "Corrected from the laboratory print-out.".to_owned();
        acts::answer_query(
            &mut self.desk,
            AnswerQuery {
                query: query.into(),
                text,
            },
        )?;
        Ok(())
    }

    /// Monitor: closes what was answered.
    pub(super) fn close(&mut self, query: &str) -> Result<(), Trouble> {
        self.pass(30);
        acts::close_query(
            &mut self.desk,
            CloseQuery {
                query: query.into(),
                text: None,
            },
        )?;
        Ok(())
    }
}
