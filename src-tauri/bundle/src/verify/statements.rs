//! Step 7: electronic signatures, each by the person it names, over what the log held.

use super::{
    content::{listed, without_end},
    envelope::Envelope,
    journal::Journal,
    summary::EsigSummary,
};
use crate::{
    bag,
    format::{Header, People},
    refused::{Code, Flaw},
    statement_bytes,
};
use proof::{AllowedSigners, Digest, Namespace, PublicKey, parse_canonical};
use serde::Deserialize;
use std::collections::BTreeMap;

const FORMAT: &str = "cartwright-esig-v1";

/// The members of a statement that are looked at; all others are covered by the signature too.
#[derive(Deserialize)]
struct Seen {
    format: String,
    id: String,
    meaning: String,
    meaning_code: String,
    printed_name: String,
    person: String,
    moment: Moment,
    store: String,
    study: String,
    log: String,
    seq: u64,
    head: Digest,
}

/// What the steps before have established.
pub(super) struct Known<'a> {
    pub(super) header: &'a Header,
    pub(super) people: &'a People,
    pub(super) list: &'a AllowedSigners,
    pub(super) journal: &'a Journal,
}

#[derive(Deserialize)]
struct Moment {
    at: String,
    offset: String,
}

pub(super) fn read(envelope: &Envelope<'_>, known: &Known<'_>) -> Result<Vec<EsigSummary>, Flaw> {
    let files: Vec<&str> = envelope
        .files
        .keys()
        .copied()
        .filter(|name| name.starts_with(bag::ESIGNATURES))
        .collect();
    let mut found = Vec::new();
    let mut by_id = BTreeMap::new();
    for (at, pair) in files.chunks(2).enumerate() {
        let file = bag::statement_file(at + 1);
        let signature = bag::signature_of(&file);
        if pair != [file.as_str(), signature.as_str()] {
            return Err(Flaw::file(Code::EsigForm, pair[0]).expected(file));
        }
        let one = statement(envelope, known, &file)?;
        if by_id.insert(one.id.clone(), file.clone()).is_some() {
            return Err(Flaw::file(Code::EsigForm, &file).got(&one.id));
        }
        found.push(one);
    }
    as_in_journal(envelope, known.journal, &by_id)?;
    Ok(found)
}

fn statement(envelope: &Envelope<'_>, known: &Known<'_>, file: &str) -> Result<EsigSummary, Flaw> {
    let flaw = |code| Flaw::file(code, file);
    let json = without_end(envelope.file(file)?, Code::EsigForm, file)?;
    let seen: Seen = parse_canonical(json).map_err(|error| flaw(Code::EsigForm).got(error))?;
    if seen.format != FORMAT || seen.id.is_empty() || seen.meaning.is_empty() || seen.printed_name.is_empty() {
        return Err(flaw(Code::EsigForm).got(seen.format));
    }
    let person = known.people.person(&seen.person);
    let person = person.ok_or_else(|| flaw(Code::EsigPerson).got(&seen.person))?;
    let name = bag::signature_of(file);
    let signature = envelope.signature(&name, Namespace::Esig)?;
    let fits = |key: &PublicKey| envelope.signed(&name, &signature, key, file).is_ok();
    let wrong_key = || Flaw::file(Code::EsigSignature, &name).expected(person.key.fingerprint());
    let key = person.keys().find(|key| fits(key));
    let key = key.ok_or_else(|| wrong_key().got(signature.public().fingerprint()))?;
    listed(known.list, person, key, Namespace::Esig)?;
    let header = known.header;
    let study = seen.study.split('@').next().unwrap_or_default();
    if seen.store != header.store || study != header.study.id {
        return Err(flaw(Code::EsigElsewhere)
            .expected(format!("{} {}", header.store, header.study.id))
            .got(format!("{} {study}", seen.store)));
    }
    if let Some(head) = known.journal.head(&seen.log, seen.seq)
        && *head != seen.head
    {
        return Err(flaw(Code::EsigHead).expected(head).got(seen.head));
    }
    Ok(EsigSummary {
        fingerprint: key.fingerprint(),
        id: seen.id,
        person: seen.person,
        printed_name: seen.printed_name,
        meaning_code: seen.meaning_code,
        meaning: seen.meaning,
        at: seen.moment.at,
        offset: seen.moment.offset,
    })
}

/// What the journal keeps as signed is enclosed, byte for byte.
fn as_in_journal(envelope: &Envelope<'_>, journal: &Journal, by_id: &BTreeMap<String, String>) -> Result<(), Flaw> {
    for act in &journal.signed {
        let wrong = || Flaw::entry(Code::EsigJournal, &act.log, act.seq);
        let id = act.statement.get("id").and_then(serde_json::Value::as_str);
        let file = id.and_then(|id| by_id.get(id)).ok_or_else(wrong)?;
        let statement = statement_bytes(&act.statement).map_err(|_| wrong())?;
        let signature = envelope.text(&bag::signature_of(file))?;
        if envelope.file(file)? != statement || signature != act.signature {
            return Err(wrong().got(file));
        }
    }
    Ok(())
}
