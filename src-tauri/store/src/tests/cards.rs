//! Access cards: who logs in on a second laptop by one, and everything that is none.

use base64::Engine as _;
use serde_json::{Value, json};
use study::act::{Act, EntryRef, FileKind, PersonId, Role};

use crate::{
    Access, EntryFilter, KdfCost, Session, SiteFile, StoreError,
    desk::{Desk, PASSWORD, because, entered, password, person},
    slots::{PersonKeys, Slot, SlotOwner},
    tests::imports::{Station, second, site, station, whole},
};

const NEW: &str = "another battery, correct";

fn admin(at: &mut Station) -> Session {
    come(at, "admin", PASSWORD).unwrap()
}

fn come(at: &mut Station, login: &str, word: &str) -> Result<Session, StoreError> {
    // Long enough after any wrong one.
    at.desk.second += 1000;
    let stamp = at.desk.stamp();
    at.file.authenticate(login, &password(word), &stamp, &mut at.desk.seed)
}

fn add(at: &mut Station, login: &str) -> PersonId {
    let (who, stamp) = (admin(at), at.desk.stamp());
    let new = person(login, Role::Nurse);
    at.file
        .add_person(&who, &new, KdfCost::cheap(), &stamp, &mut at.desk.seed)
        .unwrap()
}

fn write(at: &mut Station, person: &PersonId) -> Result<Vec<u8>, StoreError> {
    let (who, stamp) = (admin(at), at.desk.stamp());
    at.file.write_access_card(&who, person, &stamp, &mut at.desk.seed)
}

fn take(at: &mut Station, card: &[u8]) -> Result<PersonId, StoreError> {
    let (who, stamp) = (admin(at), at.desk.stamp());
    at.file.take_access_card(&who, card, &stamp, &mut at.desk.seed)
}

fn disable(at: &mut Station, person: &PersonId) {
    let (who, stamp) = (admin(at), at.desk.stamp());
    at.file
        .disable_person(&who, person, because("left"), &stamp, &mut at.desk.seed)
        .unwrap();
}

fn change_password(at: &mut Station, login: &str, old: &str, new: &str) {
    let who = come(at, login, old).unwrap();
    let (words, stamp) = ((&password(old), &password(new)), at.desk.stamp());
    at.file
        .change_password(&who, words, KdfCost::cheap(), &stamp, &mut at.desk.seed)
        .unwrap();
}

/// Refused for this reason, and nothing is different from before.
#[track_caller]
fn refuses(at: &mut Station, card: &[u8], why: &str) {
    let _ = admin(at);
    let before = (at.file.header.body.clone(), at.file.last_own());
    let said = take(at, card);
    let Err(StoreError::AccessCard { what }) = said else {
        panic!("{why}: {said:?}")
    };
    assert_eq!(what, why);
    assert_eq!((at.file.header.body.clone(), at.file.last_own()), before);
    at.sound();
}

#[track_caller]
fn not_written(at: &mut Station, person: &PersonId, why: &str) {
    let said = write(at, person);
    assert!(
        matches!(said, Err(StoreError::AccessCard { what }) if what == why),
        "{said:?}"
    );
}

/// What one laptop wrote comes to the other.
fn bring(from: &Station, to: &mut Station) {
    to.takes(&whole(&from.file));
}

/// Two laptops of a site, and somebody who was added on the first when the copy had been made.
fn two() -> (Station, Station, PersonId) {
    let mut one = site(10);
    let two = second(&mut one, 20);
    let person = add(&mut one, "late");
    (one, two, person)
}

/// The same, with the card written and the bundle taken in.
fn with_card() -> (Station, Station, PersonId, Vec<u8>) {
    let (mut one, mut two, person) = two();
    let card = write(&mut one, &person).unwrap();
    bring(&one, &mut two);
    (one, two, person, card)
}

fn acts(file: &SiteFile, act: &str) -> Vec<(EntryRef, Act)> {
    let filter = EntryFilter {
        acts: vec![act.into()],
        ..EntryFilter::default()
    };
    let entries = file.entries(&filter).unwrap().into_iter();
    entries
        .map(|entry| {
            let at = EntryRef {
                log: entry.log,
                seq: entry.seq,
            };
            (at, entry.body.unwrap().act)
        })
        .collect()
}

#[test]
fn who_was_added_on_one_laptop_logs_in_on_the_other_and_saves_there() {
    let (mut one, mut two, person, card) = with_card();
    assert!(!two.file.logs_in_here(&person) && one.file.logs_in_here(&person));
    assert!(matches!(
        come(&mut two, "late", PASSWORD),
        Err(StoreError::WrongPassword { .. })
    ));
    assert_eq!(two.file.read_access_card(&card).unwrap(), person);
    assert_eq!(take(&mut two, &card).unwrap(), person);
    two.sound();
    let who = come(&mut two, "late", PASSWORD).unwrap();
    assert_eq!((who.person(), who.role()), (&person, Role::Nurse));
    assert!(matches!(
        come(&mut two, "late", NEW),
        Err(StoreError::WrongPassword { .. })
    ));
    let acts_of = vec![
        Act::SubjectAdded {
            subject: "012-001".into(),
        },
        entered("012-001/SCR/DM/DM.MAIN/DM.SEX", "F"),
    ];
    two.desk.act(&mut two.file, &who, acts_of);
    // The locked file opens for the person too, and the journals of both tell the whole way.
    drop(two.file);
    let (file, who) = two.desk.unlock("late").unwrap();
    assert_eq!((file.access(), who.person()), (&Access::Writable, &person));
    two.file = file;
    two.sound();
    bring(&two, &mut one);
    one.sound();
    let (written, taken) = (
        acts(&one.file, "access_card_written"),
        acts(&one.file, "access_card_taken"),
    );
    let added = acts(&one.file, "person_added");
    let hash = proof::Digest::of(&card).to_string();
    assert_eq!(
        written[0].1,
        Act::AccessCardWritten {
            person: person.clone(),
            card: hash.clone()
        }
    );
    let password = added
        .iter()
        .find(|(_, act)| matches!(act, Act::PersonAdded { login, .. } if login == "late"));
    let password = password.unwrap().0.clone();
    assert_eq!(
        taken[0].1,
        Act::AccessCardTaken {
            person,
            card: hash,
            password
        }
    );
}

#[test]
fn a_card_holds_neither_the_files_key_nor_the_persons() {
    let (_, two, _, card) = with_card();
    let card = String::from_utf8(card).unwrap();
    assert!(!card.contains("dek"), "{card}");
    let value: Value = serde_json::from_str(&card).unwrap();
    let keys: Vec<&String> = value["card"]["slot"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["id", "kdf", "label", "login", "user", "wrap", "x25519_pub"]);
    let in_base64 = base64::engine::general_purpose::STANDARD_NO_PAD.encode(two.file.dek.as_slice());
    assert!(!card.contains(&in_base64));
    assert!(!card.contains(&proof::Digest(*two.file.dek).to_string()));
}

#[test]
fn every_altered_byte_of_a_card_is_noticed() {
    let (_, mut two, _, card) = with_card();
    let who = admin(&mut two);
    let stamp = two.desk.stamp();
    for at in 0..card.len() {
        let mut altered = card.clone();
        altered[at] ^= 1;
        let said = two
            .file
            .take_access_card(&who, &altered, &stamp, &mut two.desk.seed)
            .unwrap_err();
        let StoreError::AccessCard { what } = said else {
            panic!("{at}: {said:?}")
        };
        assert!(
            ["form", "signature", "other_store", "unannounced"].contains(&what),
            "{at} {what}"
        );
    }
    for cut in [0, 1, card.len() - 1] {
        refuses(&mut two, &card[..cut], "form");
    }
    take(&mut two, &card).unwrap();
}

/// What a forger makes of a card.
type Change = Box<dyn FnOnce(&mut Value)>;

/// The card with something else in it, signed by the site's key: by somebody who has everything but another's password.
fn forged(at: &Station, card: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(card).unwrap();
    change(&mut value["card"]);
    let bytes = proof::canonical(&value["card"]).unwrap();
    let signature = at.file.sign_as_site(proof::Namespace::Access, &bytes).unwrap();
    value["signature"] = json!(signature.armoured());
    proof::canonical(&value).unwrap()
}

#[test]
fn what_the_sites_key_signs_alone_is_no_card() {
    let (mut one, mut two, person, card) = with_card();
    let other = add(&mut one, "other");
    bring(&one, &mut two);
    // A slot of the forger's own keys under the person's name.
    let keys = PersonKeys::make(&mut two.desk.seed).unwrap();
    let owner = SlotOwner {
        store: &two.file.header.store,
        person: &person,
        login: "late",
        label: "late (printed)",
    };
    let by_hand = Slot::make(
        &owner,
        &keys,
        &two.file.dek,
        (&password(NEW), KdfCost::cheap()),
        &mut two.desk.seed,
    )
    .unwrap();
    let by_hand = serde_json::to_value(by_hand.bare()).unwrap();
    let costs = |m: u64, t: u64, p: u64| json!({ "m": m, "t": t, "p": p });
    let cases: Vec<(&str, Change)> = vec![
        ("keys_differ", Box::new(|card| card["slot"] = by_hand)),
        ("keys_differ", Box::new(move |card| card["slot"]["user"] = json!(other))),
        ("keys_differ", Box::new(|card| card["slot"]["login"] = json!("admin"))),
        (
            "keys_differ",
            Box::new(|card| card["slot"]["label"] = json!("Zhao Min")),
        ),
        (
            "unknown_person",
            Box::new(|card| card["slot"]["user"] = json!("p-0000000000000000")),
        ),
        (
            "unannounced",
            Box::new(|card| card["slot"]["id"] = json!("0123456789abcdef")),
        ),
        ("unannounced", Box::new(|card| card["password"]["seq"] = json!(1))),
        ("form", Box::new(|card| card["slot"]["id"] = json!("0123"))),
        (
            "form",
            Box::new(|card| card["format"] = json!("cartwright-access-card-v2")),
        ),
        ("form", Box::new(|card| card["slot"]["wrap"]["nonce"] = json!("AAAA"))),
        ("form", Box::new(|card| card["slot"]["wrap"]["ct"] = json!("AAAA"))),
        ("form", Box::new(|card| card["slot"]["kdf"]["salt"] = json!("AAAA"))),
        ("form", Box::new(|card| card["slot"]["x25519_pub"] = json!("AAAA"))),
        // A header with such a cost could not be read any more, by anybody.
        (
            "form",
            Box::new(move |card| card["slot"]["kdf"]["cost"] = costs(4 << 20, 3, 4)),
        ),
        (
            "form",
            Box::new(move |card| card["slot"]["kdf"]["cost"] = costs(65536, 21, 4)),
        ),
        (
            "form",
            Box::new(move |card| card["slot"]["kdf"]["cost"] = costs(65536, 3, 17)),
        ),
        ("form", Box::new(|card| card["more"] = json!(1))),
        (
            "other_store",
            Box::new(|card| card["store"] = json!("00000000-0000-4000-8000-000000000000")),
        ),
    ];
    for (why, change) in cases {
        let card = forged(&two, &card, change);
        refuses(&mut two, &card, why);
    }
    let mut unsigned: Value = serde_json::from_slice(&card).unwrap();
    unsigned["card"]["slot"]["login"] = json!("admin");
    refuses(&mut two, &proof::canonical(&unsigned).unwrap(), "signature");
    take(&mut two, &card).unwrap();
}

#[test]
fn a_card_of_another_file_is_none_here() {
    let (_, mut two, ..) = with_card();
    let mut elsewhere = site(77);
    let person = add(&mut elsewhere, "late");
    let card = write(&mut elsewhere, &person).unwrap();
    refuses(&mut two, &card, "other_store");
    // Somebody of a file whose bundle came in is known, and is nobody here.
    let mut monitor = station(FileKind::Monitor, 30, Role::Monitor);
    bring(&elsewhere, &mut monitor);
    not_written(&mut monitor, &person, "unknown_person");
    assert!(!monitor.file.logs_in_here(&person));
}

#[test]
fn the_bundle_comes_first() {
    let (mut one, mut two, person) = two();
    let early = write(&mut one, &person).unwrap();
    refuses(&mut two, &early, "unknown_person");
    bring(&one, &mut two);
    let later = write(&mut one, &person).unwrap();
    // The same slot once more, in another card or not: what counts is that the journal names it.
    assert_eq!(later, early);
    take(&mut two, &early).unwrap();
    refuses(&mut two, &early, "already");
    let another = add(&mut one, "another");
    bring(&one, &mut two);
    let card = write(&mut one, &another).unwrap();
    refuses(&mut two, &card, "unannounced");
    bring(&one, &mut two);
    take(&mut two, &card).unwrap();
}

#[test]
fn who_left_does_not_come_by_a_card() {
    let (mut one, mut two, person, card) = with_card();
    disable(&mut one, &person);
    not_written(&mut one, &person, "disabled");
    bring(&one, &mut two);
    refuses(&mut two, &card, "disabled");
    // Ended after the card was taken in: the next bundle shuts the door.
    let (mut one, mut two, person, card) = with_card();
    take(&mut two, &card).unwrap();
    come(&mut two, "late", PASSWORD).unwrap();
    disable(&mut one, &person);
    bring(&one, &mut two);
    assert!(matches!(come(&mut two, "late", PASSWORD), Err(StoreError::Disabled)));
    // The next change of the header takes the slot away.
    add(&mut two, "next");
    assert!(!two.file.logs_in_here(&person));
    two.sound();
}

#[test]
fn an_old_password_does_not_come_back_by_an_old_card() {
    let (mut one, mut two, person, old) = with_card();
    change_password(&mut one, "late", PASSWORD, NEW);
    let fresh = write(&mut one, &person).unwrap();
    bring(&one, &mut two);
    refuses(&mut two, &old, "outdated");
    take(&mut two, &fresh).unwrap();
    come(&mut two, "late", NEW).unwrap();
    assert!(come(&mut two, "late", PASSWORD).is_err());
    refuses(&mut two, &old, "outdated");
    // Changed here since: the card of before is old too.
    change_password(&mut two, "late", NEW, PASSWORD);
    refuses(&mut two, &fresh, "outdated");
    // And there, whoever knows of the change writes no card of what was before.
    bring(&two, &mut one);
    not_written(&mut one, &person, "outdated");
    // A card from here brings the new one there.
    let back = write(&mut two, &person).unwrap();
    bring(&two, &mut one);
    take(&mut one, &back).unwrap();
    one.sound();
    come(&mut one, "late", PASSWORD).unwrap();
    assert!(come(&mut one, "late", NEW).is_err());
}

#[test]
fn a_change_of_password_that_is_not_known_cannot_be_judged() {
    // Said in the guide: what this laptop has not heard of does not hold here.
    let (mut one, mut two, _, card) = with_card();
    change_password(&mut one, "late", PASSWORD, NEW);
    take(&mut two, &card).unwrap();
    come(&mut two, "late", PASSWORD).unwrap();
    bring(&one, &mut two);
    come(&mut two, "late", PASSWORD).unwrap();
    assert!(come(&mut two, "late", NEW).is_err());
    refuses(&mut two, &card, "already");
}

#[test]
fn a_card_handed_on_says_which_password_it_holds() {
    // Added on the second laptop, taken in on the first, and from there to a third.
    let mut one = site(10);
    let mut two = second(&mut one, 20);
    let mut three = second(&mut one, 40);
    let person = add(&mut two, "late");
    let card = write(&mut two, &person).unwrap();
    bring(&two, &mut one);
    take(&mut one, &card).unwrap();
    let on = write(&mut one, &person).unwrap();
    bring(&two, &mut three);
    bring(&one, &mut three);
    take(&mut three, &on).unwrap();
    come(&mut three, "late", PASSWORD).unwrap();
    three.sound();
    // Changed where it came from: the first, knowing that, hands on nothing older.
    change_password(&mut two, "late", PASSWORD, NEW);
    bring(&two, &mut one);
    not_written(&mut one, &person, "outdated");
}

#[test]
fn a_slot_that_was_put_into_the_header_is_nobodys() {
    let (mut one, _, person) = two();
    let keys = PersonKeys::make(&mut one.desk.seed).unwrap();
    let owner = SlotOwner {
        store: &one.file.header.store,
        person: &person,
        login: "late",
        label: "late (printed)",
    };
    let by_hand = Slot::make(
        &owner,
        &keys,
        &one.file.dek,
        (&password(NEW), KdfCost::cheap()),
        &mut one.desk.seed,
    )
    .unwrap();
    for slot in &mut one.file.header.body.slots {
        if slot.user == person {
            *slot = by_hand.clone();
        }
    }
    not_written(&mut one, &person, "no_slot");
    assert_eq!(acts(&one.file, "access_card_written"), []);
}

#[test]
fn two_people_of_one_log_in_name_are_told_apart() {
    let (mut one, mut two, person) = two();
    add(&mut two, "Late");
    let card = write(&mut one, &person).unwrap();
    bring(&one, &mut two);
    refuses(&mut two, &card, "login_taken");
}

#[test]
fn an_administrator_does_it_where_the_file_can_be_written() {
    let (mut one, mut two, person, card) = with_card();
    let stamp = two.desk.stamp();
    let (Station { file, who, desk }, others) = (&mut two, &mut one);
    let said = file.take_access_card(who, &card, &stamp, &mut desk.seed);
    assert!(matches!(said, Err(StoreError::NotAdministrator)), "{said:?}");
    let said = others
        .file
        .write_access_card(&others.who, &person, &stamp, &mut desk.seed);
    assert!(matches!(said, Err(StoreError::NotAdministrator)), "{said:?}");
    // A copy that was not continued is read.
    let mut copy = Desk::new();
    one.file.save_copy(&copy.path()).unwrap();
    let (mut file, who) = copy.unlock("admin").unwrap();
    let stamp = copy.stamp();
    for said in [
        file.take_access_card(&who, &card, &stamp, &mut copy.seed).map(drop),
        file.write_access_card(&who, &person, &stamp, &mut copy.seed).map(drop),
    ] {
        assert!(matches!(said, Err(StoreError::ReadOnly { .. })), "{said:?}");
    }
}
