//! May we enrol? The verdict with every reason; confirmed and signed by the investigator. There is no waiver.

use serde_json::json;
use store::{ConfirmationRow, Deed};
use study::{
    act::{Act, Confirmation, SignedRecord},
    eligibility::{By, CriterionOutcome, EligibilityOutcome, Verdict},
    path::ItemPath,
};

use crate::{
    casebook::{Casebook, known_subject},
    desk::Desk,
    editions::{named, version_of},
    reasons,
    requests::{ConfirmEligibility, EligibilityOf},
    sign::{canonical_digest, signature_view},
    trouble::{Outcome, no, no_with},
    views::{ConfirmedView, CriterionView, EligibilityView, JudgedView, MissingItemView},
};

/// A verdict in one word.
pub(crate) fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Eligible => "eligible",
        Verdict::Ineligible => "ineligible",
        Verdict::Pending => "pending",
    }
}

/// What a signed verdict is about: this and the subject's code.
pub(crate) const ABOUT: &str = "ELIG/";

/// The word of a verdict, if it is one.
pub(crate) fn known_word(text: &str) -> Option<&'static str> {
    [Verdict::Eligible, Verdict::Ineligible, Verdict::Pending]
        .map(verdict_word)
        .into_iter()
        .find(|word| *word == text)
}

/// What a confirmation covers, byte for byte: verdict and every criterion with what it rests on.
fn content(subject: &str, outcome: &EligibilityOutcome) -> serde_json::Value {
    json!({ "subject": subject, "outcome": outcome })
}

/// Every item that a verdict rests on: inputs of what was computed, judgements of what was judged.
fn rests_on(outcome: &EligibilityOutcome) -> impl Iterator<Item = &ItemPath> {
    outcome.criteria.iter().flat_map(|criterion| {
        let judged = match &criterion.by {
            By::Judged { path, .. } => path.as_ref(),
            By::Computed { .. } => None,
        };
        criterion
            .inputs
            .iter()
            .filter_map(|input| input.path.as_ref())
            .chain(judged)
    })
}

impl Desk {
    /// What a signature over the verdict under a study version would cover as the record stands now.
    pub(crate) fn eligibility_digest(&self, book: &Casebook, version: &str) -> Outcome<String> {
        canonical_digest(&content(&book.subject, &self.under(version).verdict(&book.values())))
    }

    pub(crate) fn eligibility(&mut self, asked: EligibilityOf) -> Outcome<EligibilityView> {
        let file = &self.sitting()?.file;
        known_subject(file, &asked.subject)?;
        let book = Casebook::read(file, &asked.subject)?;
        let outcome = self.study_for(&book).verdict(&book.values());
        let mut criteria = Vec::new();
        let mut missing: Vec<MissingItemView> = Vec::new();
        for criterion in &outcome.criteria {
            let view = self.criterion_view(&book, criterion)?;
            for path in &view.missing {
                match missing.iter_mut().find(|item| &item.path == path) {
                    Some(item) => item.criteria.push(view.id.clone()),
                    None => missing.push(MissingItemView {
                        path: path.clone(),
                        criteria: vec![view.id.clone()],
                    }),
                }
            }
            criteria.push(view);
        }
        let digest = canonical_digest(&content(&asked.subject, &outcome))?;
        let confirmed = file
            .confirmations(&format!("{ABOUT}{}", asked.subject))?
            .into_iter()
            .rev()
            .map(|row| self.confirmed_view(&book, &row, &digest))
            .collect::<Outcome<Vec<_>>>()?;
        Ok(EligibilityView {
            verdict: verdict_word(outcome.verdict).to_owned(),
            criteria,
            missing,
            statement: "eligibility".to_owned(),
            may_confirm: self.may_not_confirm(&book, &outcome),
            confirmed: confirmed.into_iter().flatten().collect(),
            version: book.version,
            subject: asked.subject,
        })
    }

    fn may_not_confirm(&self, book: &Casebook, outcome: &EligibilityOutcome) -> Option<String> {
        let verdict = outcome.verdict;
        let values = book.values();
        let contradicted = || {
            rests_on(outcome)
                .any(|path| book.hard_finding(self.study_for(book), &values, &path.form))
                .then(|| "form_has_blockers".to_owned())
        };
        let pending = matches!(verdict, Verdict::Pending).then(|| "verdict_pending".to_owned());
        self.may_not("confirm_eligibility")
            .or(pending)
            .or_else(|| self.clock_blocks())
            .or_else(contradicted)
    }

    /// Why the clock keeps anybody from signing, if it does.
    pub(crate) fn clock_blocks(&self) -> Option<String> {
        let anomaly = self.sitting().ok().and_then(|sitting| sitting.clock_anomaly.as_ref());
        anomaly.map(|_| "clock_anomaly".to_owned())
    }

    fn criterion_view(&self, book: &Casebook, outcome: &CriterionOutcome) -> Outcome<CriterionView> {
        let (by, judged) = match &outcome.by {
            By::Computed { .. } => ("computed", None),
            By::Judged { path, source, .. } => ("judged", self.judged(book, path.as_ref(), source.clone())?),
        };
        Ok(CriterionView {
            id: outcome.id.clone(),
            result: reasons::criterion(outcome.result).to_owned(),
            by: by.to_owned(),
            judged,
            reasons: outcome.reasons.iter().map(reasons::view).collect(),
            warnings: outcome.warnings.iter().map(reasons::view).collect(),
            from: outcome.inputs.iter().filter_map(reasons::from_item).collect(),
            missing: reasons::missing(&outcome.missing),
        })
    }

    /// Who judged, and when: the last person who entered the judgement.
    fn judged(&self, book: &Casebook, path: Option<&ItemPath>, source: Option<String>) -> Outcome<Option<JudgedView>> {
        let sitting = self.sitting()?;
        let Some(row) = path.and_then(|path| book.item(path)) else {
            return Ok(None);
        };
        let Some(body) = sitting.file.entry(&row.last)?.and_then(|entry| entry.body) else {
            return Ok(None);
        };
        Ok(Some(JudgedView {
            by: sitting.names.printed_or_device(&body.actor),
            when: body.moment,
            source,
        }))
    }

    fn confirmed_view(&self, book: &Casebook, row: &ConfirmationRow, digest: &str) -> Outcome<Option<ConfirmedView>> {
        // Fact and signature are saved together, the signature right after the fact.
        let signature = book
            .signatures
            .iter()
            .find(|signature| signature.entry.log == row.entry.log && signature.entry.seq == row.entry.seq + 1);
        let Some(signature) = signature else { return Ok(None) };
        let same = signature
            .statement
            .records
            .iter()
            .any(|record| record.id == row.confirmation.about && record.sha256 == digest);
        Ok(Some(ConfirmedView {
            verdict: row.confirmation.derived.clone(),
            version: version_of(&signature.statement.study).to_owned(),
            signature: signature_view(self, &[book], signature)?,
            differs_now: !same,
        }))
    }

    pub(crate) fn confirm_eligibility(&mut self, asked: ConfirmEligibility) -> Outcome<EligibilityView> {
        self.writable()?;
        self.declared()?;
        known_subject(&self.sitting()?.file, &asked.subject)?;
        self.statement_text("eligibility", &asked.meaning)?;
        self.look_at_clock()?;
        let book = Casebook::read(&self.sitting()?.file, &asked.subject)?;
        let outcome = self.study_for(&book).verdict(&book.values());
        let verdict = verdict_word(outcome.verdict);
        if verdict != asked.verdict {
            return no_with("changed_meanwhile", &[("now", verdict)]);
        }
        if let Some(code) = self.may_not_confirm(&book, &outcome) {
            return no(&code);
        }
        self.must_hold()?;
        let who = self.signer(Some(&asked.login), asked.password)?;
        let about = format!("{ABOUT}{}", asked.subject);
        let detail = content(&asked.subject, &outcome);
        let so_far = self.sitting()?.file.confirmations(&about)?.len();
        let record = SignedRecord {
            id: about.clone(),
            version: u64::try_from(so_far + 1).unwrap_or(u64::MAX),
            sha256: canonical_digest(&detail)?,
        };
        let confirmation = Confirmation {
            kind: "eligibility".to_owned(),
            about,
            derived: verdict.to_owned(),
            own: None,
            detail,
        };
        let fact = Deed {
            act: Act::Confirmed { confirmation },
            reason: None,
            refs: book.refs(rests_on(&outcome)),
        };
        let study = named(self.study_for(&book));
        let signed = self.statement_deed(&who, ("eligibility", asked.meaning), study, vec![record])?;
        self.save_as(&who, vec![fact, signed])?;
        self.sitting_mut()?.signed_once = true;
        self.eligibility(EligibilityOf { subject: asked.subject })
    }
}
