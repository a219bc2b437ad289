//! Electronic signatures: what is there to sign, the statement in full, one's own password each time.

use serde::Serialize;
use serde_json::json;
use store::{Deed, Session, SignatureRow, SiteFile};
use study::{
    act::{Act, SignedRecord, Statement},
    path::FormPath,
};

use crate::{
    casebook::Casebook,
    desk::Desk,
    machine::make_id,
    requests::{Sign, ToSign},
    trouble::{Outcome, Trouble, no, no_with},
    views::{SignatureView, SignedView, ToSignFormView, ToSignView},
};

/// SHA-256 of canonical JSON, hex.
pub(crate) fn canonical_digest(content: &impl Serialize) -> Outcome<String> {
    let bytes = proof::canonical(content).map_err(|e| Trouble::Proof(e.to_string()))?;
    Ok(proof::Digest::of(&bytes).to_string())
}

/// What a signature over a form covers: every current value with its version, under the version of the form, which every
/// entry that touches it moves on.
fn form_content(book: &Casebook, form: &FormPath) -> serde_json::Value {
    let mut items: Vec<_> = book
        .items
        .iter()
        .filter(|row| &row.path.form == form && row.value.is_some())
        .map(|row| {
            (
                row.path.to_string(),
                json!({ "path": row.path, "value": row.value, "version": row.version }),
            )
        })
        .collect();
    items.sort_by(|a, b| a.0.cmp(&b.0));
    let items: Vec<_> = items.into_iter().map(|(_, item)| item).collect();
    json!({ "form": form, "version": book.version(form), "items": items })
}

/// A signature as every human-readable form of the record shows it (§11.50), and whether it still holds.
pub(crate) fn signature_view(file: &SiteFile, book: &Casebook, row: &SignatureRow) -> Outcome<SignatureView> {
    let said = &row.statement;
    let key = file
        .person(&said.person)?
        .and_then(|person| person.key.parse::<proof::PublicKey>().ok());
    let bytes = bundle::statement_bytes(said).map_err(|e| Trouble::Proof(e.to_string()))?;
    let valid = match (key, proof::SshSig::parse(&row.signature)) {
        (Some(key), Ok(signature)) => proof::verify(&key, proof::Namespace::Esig, &bytes, &signature).is_ok(),
        (None, _) | (_, Err(_)) => false,
    };
    let mut changed = Vec::new();
    for record in &said.records {
        let Ok(form) = record.id.parse::<FormPath>() else {
            continue;
        };
        let (now, content) = if form.subject == book.subject {
            (book.version(&form), canonical_digest(&form_content(book, &form))?)
        } else {
            let other = Casebook::read_with(file, &form.subject, Vec::new())?;
            (other.version(&form), canonical_digest(&form_content(&other, &form))?)
        };
        if now != record.version || content != record.sha256 {
            changed.push((record.id.clone(), record.version, now));
        }
    }
    Ok(SignatureView {
        signature: said.id.clone(),
        printed_name: said.printed_name.clone(),
        role: said.role,
        when: said.moment.clone(),
        meaning: said.meaning.clone(),
        records: u32::try_from(said.records.len()).unwrap_or(u32::MAX),
        valid,
        changed,
    })
}

impl Desk {
    /// Refuses words that are not the study's statement in either language.
    pub(crate) fn statement_text(&self, code: &str, text: &str) -> Outcome<()> {
        let known = self.study.def().statements.iter().find(|s| s.code == code);
        match known {
            Some(def) if def.text.en == text || def.text.zh == text => Ok(()),
            Some(_) | None => no_with("statement_differs", &[("statement", code)]),
        }
    }

    /// Proves that the person here is the one who signs: log-in name and password first, the password after that.
    pub(crate) fn signer(&mut self, login: Option<&str>, password: String) -> Outcome<Session> {
        let sitting = self.sitting()?;
        let own = sitting.session.login().to_owned();
        let login = match login {
            Some(login) => login.to_owned(),
            None if sitting.signed_once => own.clone(),
            None => return no("sign_login_due"),
        };
        if login != own {
            return no_with("sign_as_yourself", &[("login", &own)]);
        }
        self.authenticate(&login, password)
    }

    /// The entry of a signature by somebody over records.
    pub(crate) fn statement_deed(
        &mut self,
        who: &Session,
        code: &str,
        meaning: String,
        records: Vec<SignedRecord>,
    ) -> Outcome<Deed> {
        let id = make_id(self.machine.as_mut(), "s");
        let (moment, study) = (self.moment(), self.study_name());
        let sitting = self.sitting()?;
        let Some(log) = sitting.file.logs()?.into_iter().find(|log| log.own) else {
            return no("read_only");
        };
        let statement = Statement {
            format: proof::Namespace::Esig.as_str().to_owned(),
            id,
            meaning,
            meaning_code: code.to_owned(),
            printed_name: who.printed_name().to_owned(),
            role: who.role(),
            person: who.person().clone(),
            login: who.login().to_owned(),
            moment,
            store: sitting.file.store_id().to_owned(),
            study,
            log: log.log,
            seq: log.last_seq,
            head: log.head.to_string(),
            records,
        };
        let bytes = bundle::statement_bytes(&statement).map_err(|e| Trouble::Proof(e.to_string()))?;
        let signature = who.sign(proof::Namespace::Esig, &bytes).armoured();
        Ok(Act::Signed { statement, signature }.into())
    }

    #[allow(
        clippy::wrong_self_convention,
        reason = "named as the command: what there is to sign"
    )]
    pub(crate) fn to_sign(&mut self, _: ToSign) -> Outcome<ToSignView> {
        let file = &self.sitting()?.file;
        let all = file.signatures()?;
        let mut forms = Vec::new();
        let mut views: Vec<SignatureView> = Vec::new();
        for subject in file.subjects()? {
            let book = Casebook::read_with(file, &subject.code, all.clone())?;
            let mut complete: Vec<&FormPath> = book.forms.keys().filter(|form| book.complete(form)).collect();
            complete.sort();
            for form in complete {
                let signed = book.signed.get(&form.to_string()).map(|(version, _)| *version);
                if signed == Some(book.version(form)) {
                    continue;
                }
                forms.push(ToSignFormView {
                    form: form.clone(),
                    version: book.version(form),
                    signed_version: signed,
                    queries: book.unsettled(form),
                });
            }
        }
        let any = Casebook::read_with(file, "", Vec::new())?;
        for row in all.iter().rev() {
            views.push(signature_view(file, &any, row)?);
        }
        let blocked = self
            .may_not("sign")
            .or_else(|| self.clock_blocks())
            .or_else(|| forms.is_empty().then(|| "nothing_to_sign".to_owned()));
        Ok(ToSignView {
            forms,
            statement: "casebook".to_owned(),
            blocked,
            signatures: views,
        })
    }

    pub(crate) fn sign(&mut self, asked: Sign) -> Outcome<SignedView> {
        self.writable()?;
        self.declared()?;
        self.statement_text("casebook", &asked.meaning)?;
        self.look_at_clock()?;
        if let Some(code) = self.clock_blocks() {
            return no(&code);
        }
        if asked.forms.is_empty() {
            return no("nothing_to_sign");
        }
        let mut records = Vec::new();
        for form in &asked.forms {
            self.known_form(form)?;
            let book = Casebook::read(&self.sitting()?.file, &form.subject)?;
            if !book.complete(form) {
                return no_with("form_not_complete", &[("form", &form.to_string())]);
            }
            if !self.study.blockers(&book.values(), form).is_empty() {
                return no_with("form_has_blockers", &[("form", &form.to_string())]);
            }
            records.push(SignedRecord {
                id: form.to_string(),
                version: book.version(form),
                sha256: canonical_digest(&form_content(&book, form))?,
            });
        }
        let who = self.signer(asked.login.as_deref(), asked.password)?;
        let deed = self.statement_deed(&who, "casebook", asked.meaning, records)?;
        self.save_as(&who, vec![deed])?;
        self.sitting_mut()?.signed_once = true;
        let to_sign = self.to_sign(ToSign {})?;
        match to_sign.signatures.first().cloned() {
            Some(signature) => Ok(SignedView { signature, to_sign }),
            None => Err(Trouble::Own("the signature is not in the file")),
        }
    }
}
