//! Step 5: what the bundle says it is, and whose keys are whose.

use super::envelope::Envelope;
use crate::{
    bag,
    format::{BUNDLE_VERSION, Header, People, Person, one_line},
    limits::LIMITS,
    refused::{Code, Flaw, Refused, harmless},
    seal::AgeRecipient,
};
use proof::{AllowedSigners, Limits, Namespace, PublicKey, Signer, parse_canonical, parse_canonical_within};
use serde_json::Value;
use std::collections::BTreeSet;

/// The one LF that ends a JSON file here.
pub(super) fn without_end<'a>(bytes: &'a [u8], code: Code, name: &str) -> Result<&'a [u8], Flaw> {
    bytes
        .strip_suffix(b"\n")
        .ok_or_else(|| Flaw::file(code, name).expected("one LF at the end"))
}

pub(super) fn header(envelope: &Envelope<'_>) -> Result<Header, Refused> {
    let limits = Limits {
        bytes: LIMITS.header,
        depth: LIMITS.header_depth,
    };
    let json = without_end(envelope.file(bag::HEADER)?, Code::HeaderForm, bag::HEADER)?;
    let mut value: Value = parse_canonical_within(json, limits)
        .map_err(|error| Flaw::file(Code::HeaderForm, bag::HEADER).got(error.code()))?;
    newer(&value)?;
    if let Value::Object(members) = &mut value {
        members.retain(|name, _| !name.starts_with("x-"));
    }
    let header: Header =
        serde_json::from_value(value).map_err(|error| Flaw::file(Code::HeaderShape, bag::HEADER).got(error))?;
    if let Some((code, what)) = header.flaw() {
        return Err(Flaw::file(code, bag::HEADER).got(what).into());
    }
    if header.external_id != envelope.folder {
        return Err(Flaw::file(Code::HeaderName, bag::HEADER)
            .expected(&header.external_id)
            .got(envelope.folder)
            .into());
    }
    tag_files(envelope, &header)?;
    layout(envelope, &header)?;
    Ok(header)
}

fn newer(header: &Value) -> Result<(), Refused> {
    let version = header.get("version").and_then(Value::as_u64).unwrap_or_default();
    if version > BUNDLE_VERSION {
        let app = header.get("app").and_then(Value::as_str).unwrap_or_default();
        return Err(Refused::Newer {
            version,
            app: harmless(app),
        });
    }
    if version != BUNDLE_VERSION {
        return Err(Flaw::file(Code::HeaderShape, bag::HEADER).got("version").into());
    }
    Ok(())
}

fn tag_files(envelope: &Envelope<'_>, header: &Header) -> Result<(), Flaw> {
    if envelope.text(bag::BAGIT)? != bag::BAGIT_TXT {
        return Err(Flaw::file(Code::BagitTxt, bag::BAGIT));
    }
    let payload = || envelope.files.iter().filter(|(name, _)| name.starts_with(bag::PAYLOAD));
    let octets = payload().map(|(_, bytes)| bytes.len()).sum();
    if envelope.text(bag::BAG_INFO)? != bag::bag_info(header, octets, payload().count()) {
        return Err(Flaw::file(Code::BagInfo, bag::BAG_INFO));
    }
    Ok(())
}

/// Every file has a place; what must be there is asked for where it is read.
fn layout(envelope: &Envelope<'_>, header: &Header) -> Result<(), Flaw> {
    let mut known: BTreeSet<String> = [bag::ENTRIES, bag::COMMITS, bag::PEOPLE, bag::TRUST, bag::README]
        .map(str::to_owned)
        .into();
    for range in &header.logs {
        let file = bag::checkpoint_file(&range.log);
        known.insert(bag::signature_of(&file));
        known.insert(file);
    }
    let has_place = |name: &str| {
        !name.starts_with(bag::PAYLOAD)
            || known.contains(name)
            || name.starts_with(bag::ESIGNATURES)
            || name.starts_with(bag::DEFINITION)
            || name.starts_with(bag::PDF)
    };
    if let Some(name) = envelope.files.keys().find(|name| !has_place(name)) {
        return Err(Flaw::file(Code::FileUnexpected, name));
    }
    envelope.text(bag::README).map(|_| ())
}

pub(super) fn people(envelope: &Envelope<'_>, header: &Header) -> Result<People, Flaw> {
    let json = without_end(envelope.file(bag::PEOPLE)?, Code::PeopleForm, bag::PEOPLE)?;
    let people: People =
        parse_canonical(json).map_err(|error| Flaw::file(Code::PeopleForm, bag::PEOPLE).got(error.code()))?;
    let mut ids = BTreeSet::new();
    let mut keys = BTreeSet::from([people.site.key]);
    for person in &people.people {
        if !one_line(&person.id) || !one_line(&person.printed_name) {
            return Err(Flaw::file(Code::PeopleForm, bag::PEOPLE).got(&person.id));
        }
        let twice = person.keys().any(|key| !keys.insert(*key));
        if twice || person.id == "device" || !ids.insert(&person.id) {
            return Err(Flaw::file(Code::PeopleTwice, bag::PEOPLE).got(&person.id));
        }
    }
    if people.site.recipient.parse::<AgeRecipient>().is_err() {
        return Err(Flaw::file(Code::PeopleForm, bag::PEOPLE).got(&people.site.recipient));
    }
    let mut logs = BTreeSet::new();
    for device in &people.devices {
        if keys.contains(&device.key) || !logs.insert(&device.log) {
            return Err(Flaw::file(Code::PeopleTwice, bag::PEOPLE).got(&device.log));
        }
    }
    if people.site.key != envelope.site || people.site.code != header.from {
        return Err(Flaw::file(Code::PeopleSite, bag::PEOPLE)
            .expected(envelope.site.fingerprint())
            .got(people.site.key.fingerprint()));
    }
    Ok(people)
}

/// The enclosed list is what an inspector with ssh-keygen uses, so it may say nothing else than
/// `people.json`. It may leave out people who signed nothing here.
pub(super) fn trust_list(envelope: &Envelope<'_>, people: &People) -> Result<AllowedSigners, Flaw> {
    let wrong = || Flaw::file(Code::TrustList, bag::TRUST);
    let list = AllowedSigners::parse(envelope.text(bag::TRUST)?).map_err(|error| wrong().got(error))?;
    let site = |ns| list.signers().any(|s| s.key == people.site.key && s.serves(ns));
    if !site(Namespace::Bundle) || !site(Namespace::Checkpoint) {
        return Err(wrong().expected(people.site.key.fingerprint()));
    }
    for person in &people.people {
        let mut named = list.signers().filter(|s| s.principals.contains(&person.id));
        if let Some(foreign) = named.find(|s| person.keys().all(|key| *key != s.key)) {
            return Err(wrong()
                .expected(person.key.fingerprint())
                .got(foreign.key.fingerprint()));
        }
    }
    Ok(list)
}

/// Whether the enclosed list names a person for what he or she signed here.
pub(super) fn listed(list: &AllowedSigners, person: &Person, key: &PublicKey, purpose: Namespace) -> Result<(), Flaw> {
    let named = |s: &Signer| s.key == *key && s.serves(purpose) && s.principals.contains(&person.id);
    if list.signers().any(named) {
        return Ok(());
    }
    let flaw = Flaw::file(Code::TrustList, bag::TRUST);
    Err(flaw.expected(format!("{} {purpose}", person.id)))
}

/// The person whose key signed the list of files beside the site's.
pub(super) fn exporter<'a>(
    envelope: &Envelope<'_>,
    people: &'a People,
    list: &AllowedSigners,
) -> Result<&'a Person, Flaw> {
    let signature = envelope.signature(bag::USER_SIGNATURE, Namespace::Bundle)?;
    let key = *signature.public();
    let person = people.people.iter().find(|p| p.key == key);
    let person = person.ok_or_else(|| Flaw::file(Code::SignatureUser, bag::USER_SIGNATURE).got(key.fingerprint()))?;
    envelope.signed(bag::USER_SIGNATURE, &signature, &key, bag::TAG_MANIFEST)?;
    listed(list, person, &key, Namespace::Bundle)?;
    Ok(person)
}
