//! Electronic signatures: what is there to sign, the statement in full, one's own password each time.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, hash_map::Entry};

use serde::Serialize;
use serde_json::json;
use store::{Deed, EntryView, FormState, Known, QueryFilter, QueryState, Session, SignatureRow};
use study::{
    act::{Act, EntryRef, SignedRecord, Statement},
    path::FormPath,
};

use crate::{
    casebook::Casebook,
    changes::Signed,
    desk::Desk,
    editions::{named, version_of},
    eligibility,
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

/// Whether the bytes of a signature hold under the key of whoever made it.
fn bytes_hold(desk: &Desk, row: &SignatureRow) -> Outcome<bool> {
    let said = &row.statement;
    let key = desk
        .sitting()?
        .file
        .person(&said.person)?
        .and_then(|person| person.key.parse::<proof::PublicKey>().ok());
    let bytes = bundle::statement_bytes(said).map_err(|e| Trouble::Proof(e.to_string()))?;
    Ok(match (key, proof::SshSig::parse(&row.signature)) {
        (Some(key), Ok(signature)) => proof::verify(&key, proof::Namespace::Esig, &bytes, &signature).is_ok(),
        (None, _) | (_, Err(_)) => false,
    })
}

/// The same of the signature that an entry is.
pub(crate) fn signature_holds(desk: &Desk, at: &EntryRef) -> Outcome<bool> {
    let entry = desk.sitting()?.file.entry(at)?.and_then(|entry| entry.body);
    let Some(Act::Signed { statement, signature }) = entry.map(|body| body.act) else {
        return Ok(false);
    };
    let entry = at.clone();
    bytes_hold(
        desk,
        &SignatureRow {
            statement,
            signature,
            entry,
        },
    )
}

/// A signature as every human-readable form of the record shows it (§11.50), and whether it still holds: to the byte for
/// the casebooks at hand, by the version of the record for others.
pub(crate) fn signature_view(desk: &Desk, books: &[&Casebook], row: &SignatureRow) -> Outcome<SignatureView> {
    let file = &desk.sitting()?.file;
    let said = &row.statement;
    let valid = bytes_hold(desk, row)?;
    let (mut verdicts, mut changed, mut redacted) = (Vec::new(), Vec::new(), Vec::new());
    let gone = file.redacted()?;
    let known = file.known_to(&row.entry)?;
    for record in &said.records {
        let of = |subject: &str| books.iter().find(|book| book.subject == subject);
        let Ok(form) = record.id.parse::<FormPath>() else {
            // A verdict: signed was everything it rested on.
            let Some(subject) = record.id.strip_prefix(eligibility::ABOUT) else {
                continue;
            };
            verdicts.push(subject.to_owned());
            if let Some(book) = of(subject)
                && desk.eligibility_digest(book, version_of(&said.study))? != record.sha256
            {
                changed.push((record.id.clone(), record.version, record.version));
            }
            continue;
        };
        let (now, same) = match of(&form.subject) {
            Some(book) => {
                let content = canonical_digest(&form_content(book, &form))?;
                (book.version(&form), content == record.sha256)
            }
            None => (file.form(&form)?.map_or(0, |row| row.version), true),
        };
        let lost = gone.iter().any(|entry| covers(&known, &form, entry));
        if lost {
            redacted.push(record.id.clone());
        }
        // A value that is gone makes the content another: that nobody changed it, the version says.
        if now != record.version || !same && !lost {
            changed.push((record.id.clone(), record.version, now));
        }
    }
    Ok(SignatureView {
        signature: said.id.clone(),
        printed_name: said.printed_name.clone(),
        role: said.role,
        when: said.moment.clone(),
        meaning: said.meaning.clone(),
        version: version_of(&said.study).to_owned(),
        records: u32::try_from(said.records.len()).unwrap_or(u32::MAX),
        valid,
        verdicts,
        changed,
        redacted,
    })
}

/// Whether a signature over a form was made over the value that an entry held before it was redacted.
fn covers(known: &Known, form: &FormPath, entry: &EntryView) -> bool {
    let Some(Act::ValueEntered { path, .. }) = entry.body.as_ref().map(|body| &body.act) else {
        return false;
    };
    path.form == *form && known.holds(&entry.log, entry.seq)
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

    /// The entry of a signature by somebody over records of one study version, `OID@version`.
    pub(crate) fn statement_deed(
        &mut self,
        who: &Session,
        (code, meaning): (&str, String),
        study: String,
        records: Vec<SignedRecord>,
    ) -> Outcome<Deed> {
        let id = make_id(self.machine.as_mut(), "s");
        let moment = self.moment();
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
        self.lines()?;
        let file = &self.sitting()?.file;
        let all = file.signatures()?;
        let mut signed: HashMap<&str, u64> = HashMap::new();
        for record in all.iter().flat_map(|row| &row.statement.records) {
            signed.insert(&record.id, record.version);
        }
        let mut unsettled: HashMap<FormPath, u32> = HashMap::new();
        for query in file.queries(QueryFilter::All)? {
            if query.state != QueryState::Closed {
                *unsettled.entry(query.path.form).or_default() += 1;
            }
        }
        let mut forms: Vec<ToSignFormView> = Vec::new();
        for row in file.all_forms()? {
            let before = signed.get(row.path.to_string().as_str()).copied();
            if row.state == FormState::Complete && before != Some(row.version) {
                forms.push(ToSignFormView {
                    version: row.version,
                    signed_version: before,
                    queries: unsettled.get(&row.path).copied().unwrap_or(0),
                    changes: Vec::new(),
                    form: row.path,
                });
            }
        }
        forms.sort_by(|a, b| a.form.cmp(&b.form));
        let mut newest: Signed<'_> = HashMap::new();
        for row in &all {
            let covered = row
                .statement
                .records
                .iter()
                .filter_map(|record| record.id.parse::<FormPath>().ok());
            newest.extend(covered.map(|form| (form, row)));
        }
        let due: HashSet<&FormPath> = forms.iter().map(|due| &due.form).collect();
        newest.retain(|form, _| due.contains(form));
        let mut changes = self.changes_since(&newest)?;
        for due in &mut forms {
            due.changes = changes.remove(&due.form).unwrap_or_default();
        }
        // What a verdict rested on lies all over a casebook.
        let books = self
            .moved_verdicts(&all)?
            .into_iter()
            .map(|subject| Casebook::read_with(file, subject, Vec::new()))
            .collect::<Outcome<Vec<_>>>()?;
        let books: Vec<&Casebook> = books.iter().collect();
        let views: Vec<SignatureView> = all
            .iter()
            .rev()
            .map(|row| signature_view(self, &books, row))
            .collect::<Outcome<_>>()?;
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

    /// Subjects whose signed verdicts have to be compared with what they rest on. One that was confirmed once, and under which
    /// nothing was touched since, is what it was: nobody waits until a thousand casebooks are read.
    fn moved_verdicts<'a>(&self, all: &'a [SignatureRow]) -> Outcome<BTreeSet<&'a str>> {
        let untouched = self.sitting()?.file.redacted()?.is_empty();
        let mut times: BTreeMap<&str, u32> = BTreeMap::new();
        for record in all.iter().flat_map(|row| &row.statement.records) {
            if let Some(subject) = record.id.strip_prefix(eligibility::ABOUT) {
                *times.entry(subject).or_default() += 1;
            }
        }
        let standing = if untouched {
            self.standing_verdicts()?
        } else {
            HashSet::new()
        };
        let moved = times
            .into_iter()
            .filter(|(subject, times)| *times > 1 || !standing.contains(*subject));
        Ok(moved.map(|(subject, _)| subject).collect())
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
        self.must_hold()?;
        let mut records: BTreeMap<String, Vec<SignedRecord>> = BTreeMap::new();
        let mut books: HashMap<&str, Casebook> = HashMap::new();
        for form in &asked.forms {
            let study = self.known_form(form)?;
            let book = match books.entry(&form.subject) {
                Entry::Occupied(read) => read.into_mut(),
                Entry::Vacant(unread) => {
                    let file = &self.sitting()?.file;
                    let mut book = Casebook::read_with(file, &form.subject, Vec::new())?;
                    book.follow(&study, file, &[])?;
                    unread.insert(book)
                }
            };
            if !book.complete(form) {
                return no_with("form_not_complete", &[("form", &form.to_string())]);
            }
            if !study.blockers(&book.values(), form).is_empty() {
                return no_with("form_has_blockers", &[("form", &form.to_string())]);
            }
            records.entry(named(&study)).or_default().push(SignedRecord {
                id: form.to_string(),
                version: book.version(form),
                sha256: canonical_digest(&form_content(book, form))?,
            });
        }
        let who = self.signer(asked.login.as_deref(), asked.password)?;
        // A statement names one study version: forms under two are two signatures.
        for (study, records) in records {
            let deed = self.statement_deed(&who, ("casebook", asked.meaning.clone()), study, records)?;
            self.save_as(&who, vec![deed])?;
        }
        self.sitting_mut()?.signed_once = true;
        let to_sign = self.to_sign(ToSign {})?;
        match to_sign.signatures.first().cloned() {
            Some(signature) => Ok(SignedView { signature, to_sign }),
            None => Err(Trouble::Own("the signature is not in the file")),
        }
    }
}
