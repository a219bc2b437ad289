//! Access cards between two laptops of a site: the way of the bundle and of the card, and what is refused on it.

use std::path::{Path, PathBuf};

use conduct::{
    Reason, Role,
    act::EntryRef,
    acts,
    problem::Answer,
    requests::{
        Audit, ContinueBeside, DisablePerson, ExportBundle, GrantAccess, ImportBundle, People, SaveCopy,
        TakeAccessCard, WriteAccessCard,
    },
    views::{CardTakenView, PersonView, WrittenView},
};

use crate::room::{PASSWORD, Room, code};

fn because() -> Reason {
    Reason {
        code: "transcription".into(),
        text: None,
    }
}

fn folder(room: &Room, name: &str) -> PathBuf {
    let folder = room.folder.join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Two laptops of a furnished site; the administrator sits at both.
fn two() -> (Room, Room) {
    beside(Room::furnished())
}

/// A second laptop beside one, with a copy of its file.
pub(crate) fn beside(mut one: Room) -> (Room, Room) {
    one.sit("admin");
    let copies = folder(&one, "copies");
    let handle = one.desk.choose(copies.clone());
    let copy = acts::save_copy(&mut one.desk, SaveCopy { handle }).unwrap().file;
    let mut two = Room::empty();
    std::fs::copy(copies.join(copy), two.file()).unwrap();
    two.pass(90_000);
    two.sit("admin");
    acts::continue_beside(&mut two.desk, ContinueBeside { reason: because() }).unwrap();
    (one, two)
}

fn person(room: &mut Room, login: &str) -> PersonView {
    let people = acts::people(&mut room.desk, People {}).unwrap().people;
    people.into_iter().find(|person| person.login == login).unwrap()
}

fn write(room: &mut Room, login: &str) -> Answer<WrittenView> {
    let person = person(room, login).person;
    room.pass(1);
    let cards = folder(room, "cards");
    let handle = room.desk.choose(cards);
    acts::write_access_card(&mut room.desk, WriteAccessCard { person, handle })
}

fn card(room: &mut Room, login: &str) -> PathBuf {
    let file = write(room, login).unwrap().file;
    room.folder.join("cards").join(file)
}

fn take(room: &mut Room, card: &Path) -> Answer<CardTakenView> {
    let handle = room.desk.choose(card.to_owned());
    acts::take_access_card(&mut room.desk, TakeAccessCard { handle })
}

/// The investigator exports on one laptop, the administrator takes in on the other, and both administrators sit again.
pub(crate) fn bring(from: &mut Room, to: &mut Room) {
    from.sit("doctor");
    from.pass(1);
    let out = folder(from, "bundles");
    let handle = from.desk.choose(out.clone());
    let asked = ExportBundle {
        handle,
        plain: true,
        sealed_for: Vec::new(),
    };
    let made = acts::export_bundle(&mut from.desk, asked).unwrap();
    let bundle = out.join(made.files.iter().find(|file| file.ends_with(".zip")).unwrap());
    let handle = to.desk.choose(bundle);
    acts::import_bundle(
        &mut to.desk,
        ImportBundle {
            handle,
            fingerprint: None,
            sha256: None,
        },
    )
    .unwrap();
    from.sit("admin");
}

#[test]
fn a_nurse_added_on_one_laptop_works_on_the_other() {
    let (mut one, mut two) = two();
    one.add("late", "Late Nurse", Role::Nurse).unwrap();
    let card = card(&mut one, "late");
    let name = card.file_name().unwrap().to_string_lossy().into_owned();
    assert!(
        name.starts_with("012-access-late-2026-") && name.ends_with(".cwcard"),
        "{name}"
    );
    // Whoever finds the card has nothing to try passwords on: it is sealed for the file.
    let bytes = std::fs::read(&card).unwrap();
    assert!(bytes.starts_with(b"age-encryption.org/v1") && !String::from_utf8_lossy(&bytes).contains("argon2id"));
    assert_eq!(one.journal()[0].act, "access_card_written");
    bring(&mut one, &mut two);
    let known = person(&mut two, "late");
    assert!(known.active && !known.here && known.site.is_none());
    two.lock();
    assert_eq!(code(two.unlock("late", PASSWORD)), "wrong_password");
    two.sit("admin");
    let taken = take(&mut two, &card).unwrap();
    assert_eq!(
        (taken.login.as_str(), taken.printed_name.as_str()),
        ("late", "Late Nurse")
    );
    assert!(
        taken
            .people
            .people
            .iter()
            .any(|person| person.login == "late" && person.here)
    );
    two.sound();
    assert_eq!(two.journal()[0].act, "access_card_taken");
    two.sit("late");
    two.declare();
    two.add_subject("S-009");
    two.sit("doctor");
    two.sound();
    // What was done there is known here under the same name.
    one.sit("admin");
    bring(&mut two, &mut one);
    one.sound();
}

#[test]
fn what_is_no_card_is_refused_in_words() {
    let (mut one, mut two) = two();
    one.add("late", "Late Nurse", Role::Nurse).unwrap();
    let card = card(&mut one, "late");
    assert_eq!(code(take(&mut two, &card)), "card_unknown_person");
    let mut stranger = Room::empty();
    stranger.create();
    assert_eq!(code(take(&mut stranger, &card)), "card_other_store");
    let letter = one.folder.join("letter.cwcard");
    for bytes in [Vec::new(), b"Dear colleague".to_vec(), vec![0; 70_000]] {
        std::fs::write(&letter, bytes).unwrap();
        assert_eq!(code(take(&mut two, &letter)), "card_form");
    }
    let mut altered = std::fs::read(&card).unwrap();
    *altered.last_mut().unwrap() ^= 1;
    std::fs::write(&letter, altered).unwrap();
    assert_eq!(code(take(&mut two, &letter)), "card_other_store");
    bring(&mut one, &mut two);
    take(&mut two, &card).unwrap();
    assert_eq!(code(take(&mut two, &card)), "card_already");
}

#[test]
fn whose_access_ended_gets_no_card_and_comes_by_none() {
    let (mut one, mut two) = two();
    one.add("guest", "Guest Auditor", Role::Auditor).unwrap();
    let guest = person(&mut one, "guest").person;
    let first = card(&mut one, "guest");
    bring(&mut one, &mut two);
    two.pass_days(367);
    two.sit("admin");
    assert_eq!(code(take(&mut two, &first)), "card_ended");
    one.pass_days(367);
    one.sit("admin");
    assert_eq!(code(write(&mut one, "guest")), "card_ended");
    // Days granted again there, and known here: the card holds.
    let asked = GrantAccess {
        person: guest.clone(),
        days: 30,
        reason: because(),
    };
    acts::grant_access(&mut one.desk, asked).unwrap();
    bring(&mut one, &mut two);
    take(&mut two, &first).unwrap();
    two.sit("guest");
    two.sit("admin");
    // Ended on the first laptop: with the next bundle the second knows.
    let (person, reason) = (guest, because());
    acts::disable_person(&mut one.desk, DisablePerson { person, reason }).unwrap();
    assert_eq!(code(write(&mut one, "guest")), "card_disabled");
    bring(&mut one, &mut two);
    two.lock();
    assert_eq!(code(two.unlock("guest", PASSWORD)), "disabled");
}

#[test]
fn the_journal_of_two_laptops_is_read_to_its_end_and_says_where_each_line_was_written() {
    let (mut one, mut two) = two();
    let read = |room: &mut Room| {
        let mut all = Vec::new();
        let mut before = None;
        loop {
            let asked = Audit {
                before: before.clone(),
                ..Audit::default()
            };
            let page = acts::audit(&mut room.desk, asked).unwrap();
            before = page.entries.last().map(|entry| EntryRef {
                log: entry.log.clone(),
                seq: entry.seq,
            });
            all.extend(page.entries);
            if !page.more {
                return all;
            }
        }
    };
    assert!(
        read(&mut one).iter().all(|entry| entry.device.is_none()),
        "one writes alone"
    );
    for _ in 0..120 {
        one.sit("nurse");
    }
    one.sit("admin");
    bring(&mut one, &mut two);
    let all = read(&mut two);
    let logs: std::collections::BTreeSet<_> = all.iter().map(|entry| entry.log.clone()).collect();
    let places: std::collections::BTreeSet<_> = all.iter().map(|entry| (entry.log.clone(), entry.seq)).collect();
    assert_eq!((logs.len(), places.len()), (2, all.len()), "every line once");
    for log in logs {
        let numbers: Vec<u64> = all
            .iter()
            .filter(|entry| entry.log == log)
            .map(|entry| entry.seq)
            .collect();
        let last = numbers[0];
        assert!(numbers.into_iter().eq((1..=last).rev()), "{log}");
    }
    assert!(all.iter().all(|entry| entry.device.is_some()) && all.len() > 250);
}
