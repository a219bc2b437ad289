//! The steps of a subject through the trial, each done by whom it is done.

use conduct::{
    FormPath, IDENTIFIERS, IdentifierCheck, IdentifierOutcome, ItemPath, Missing, Reason, acts,
    requests::{
        AddSubject, AnswerQuery, CheckIdentity, CloseQuery, ConfirmDerived, ConfirmEligibility, EligibilityOf,
        EnterValue, FormOf, RaiseQuery, Review, Sign, StudyInForce, ToSign, Verify,
    },
};

use super::{
    PASSWORD, Trial,
    fill::Typed,
    profile::{Course, Profile},
};
use crate::out::Trouble;

pub(super) const SCREENING: &[&str] = &[
    "CONSENT", "DM", "DISEASE", "PERF", "LAB", "MARROW", "SERO", "CNS", "HSCT", "MEDHX", "PRIORTX", "REPRO", "HLA",
    "ELIG",
];

/// A form by its text.
fn form(text: String) -> Result<FormPath, Trouble> {
    text.parse().map_err(|_| Trouble::Words(format!("{text}: not a form")))
}

impl Trial {
    /// Where an item stands on a form.
    fn place(&mut self, at: &str, oid: &str) -> Result<ItemPath, Trouble> {
        let view = acts::form(
            &mut self.desk,
            FormOf {
                form: form(at.to_owned())?,
            },
        )?;
        let items = view
            .groups
            .into_iter()
            .flat_map(|group| group.rows)
            .flat_map(|row| row.items);
        items
            .map(|item| item.path)
            .find(|path| path.item == oid)
            .ok_or_else(|| Trouble::Words(format!("{at} has no {oid}")))
    }

    /// Nurse: a new subject, screening filled; what is still to come stays open.
    pub(super) fn screen(&mut self, code: &str, profile: &Profile) -> Result<(), Trouble> {
        self.pass(60);
        acts::add_subject(&mut self.desk, AddSubject { subject: code.into() })?;
        for oid in SCREENING {
            let path = format!("{code}/SCR/{oid}");
            self.fill(&path, profile, &[])?;
            let waits = profile.course == Course::Pending && matches!(*oid, "PERF" | "ELIG");
            if waits {
                continue;
            }
            self.complete(&path)?;
        }
        Ok(())
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

    /// Nurse: the infusion, with both identity checks before it.
    pub(super) fn infuse(&mut self, code: &str, profile: &Profile, first: &str, second: &str) -> Result<(), Trouble> {
        let path = format!("{code}/INF/INFUSION");
        for login in [first, second] {
            self.pass(90);
            let checks = IDENTIFIERS
                .iter()
                .map(|identifier| IdentifierCheck {
                    identifier: (*identifier).to_owned(),
                    outcome: IdentifierOutcome::Agreed,
                    value: None,
                })
                .collect();
            let asked = CheckIdentity {
                form: form(path.clone())?,
                login: login.into(),
                password: PASSWORD.into(),
                checks,
            };
            acts::check_identity(&mut self.desk, asked)?;
        }
        self.fill(&path, profile, &[])?;
        for row in 1..=4 {
            self.vitals(code, profile, row)?;
        }
        self.complete(&path)
    }

    /// One row of vital signs.
    fn vitals(&mut self, code: &str, profile: &Profile, row: u32) -> Result<(), Trouble> {
        let group = if row == 1 {
            "INFUSION.VITALS".to_owned()
        } else {
            format!("INFUSION.VITALS[{row}]")
        };
        for name in ["V_AT", "V_TEMP", "V_HR", "V_SBP", "V_DBP", "V_RR", "V_SPO2"] {
            let text = format!("{code}/INF/INFUSION/{group}/INFUSION.{name}");
            let path: ItemPath = text
                .parse()
                .map_err(|_| Trouble::Words(format!("{text}: not an item")))?;
            let Some(typed) = profile.answer(&path) else { continue };
            self.pass(6);
            self.type_at(path, &typed, None)?;
        }
        Ok(())
    }

    /// Types a value at a place, with a reason where one is due.
    fn type_at(&mut self, path: ItemPath, typed: &Typed, reason: Option<Reason>) -> Result<(), Trouble> {
        let asked = EnterValue {
            path,
            text: typed.text.clone(),
            unit: typed.unit.clone(),
            codes: typed.codes.clone(),
            missing: typed.missing,
            by_hand: false,
            reason,
            hide_answers: true,
        };
        acts::enter_value(&mut self.desk, asked)?;
        Ok(())
    }

    /// Nurse: one form of a later visit.
    pub(super) fn later_form(&mut self, code: &str, visit: &str, oid: &str, profile: &Profile) -> Result<(), Trouble> {
        let path = format!("{code}/{visit}/{oid}");
        self.fill(&path, profile, &[])?;
        self.complete(&path)
    }

    /// Investigator: confirms a derived grade or category.
    pub(super) fn confirm(&mut self, at: &str, oid: &str) -> Result<(), Trouble> {
        let path = self.place(at, oid)?;
        let view = acts::form(
            &mut self.desk,
            FormOf {
                form: path.form.clone(),
            },
        )?;
        let derived = view
            .groups
            .iter()
            .flat_map(|group| &group.rows)
            .flat_map(|row| &row.items)
            .find(|item| item.path == path)
            .and_then(|item| item.derived.clone());
        let Some(derived) = derived.filter(|derived| derived.may_confirm.is_none()) else {
            return Ok(());
        };
        self.pass(45);
        let result = derived.result.unwrap_or(derived.status);
        acts::confirm_derived(
            &mut self.desk,
            ConfirmDerived {
                path,
                derived: result,
                own: None,
                reason: None,
            },
        )?;
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
    pub(super) fn answer(&mut self, code: &str, query: &str, profile: &Profile) -> Result<(), Trouble> {
        let path = self.place(&format!("{code}/SCR/LAB"), "LAB.PLT")?;
        if let Some(typed) = profile.answer(&path) {
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
                &Typed {
                    text: one_more,
                    ..typed
                },
                Some(reason),
            )?;
        }
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

    /// Nurse: an echocardiogram is not done yet; that is said, not left.
    pub(super) fn not_yet(&mut self, code: &str) -> Result<(), Trouble> {
        let path = self.place(&format!("{code}/SCR/PERF"), "PERF.LVEF")?;
        let typed = Typed {
            missing: Some(Missing::NotDone),
            ..Typed::default()
        };
        self.pass(10);
        self.type_at(path, &typed, None)
    }
}
