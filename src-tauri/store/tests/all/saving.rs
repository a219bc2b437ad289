//! Saves: once and for all, durable, and only through the door.

use store::{SiteFile, StoreError};

use crate::desk::{Desk, entered};

fn saves(file: &mut SiteFile, desk: &mut Desk, save: &store::Save<'_>) -> store::Saved {
    file.transact(save, &mut desk.seed).unwrap()
}

#[test]
fn the_same_identifier_is_saved_once() {
    let mut desk = Desk::new();
    let (mut file, nurse) = desk.with_nurse();
    let acts = vec![entered("S-001/SCR/DM/G/A", "x"), entered("S-001/SCR/DM/G/B", "y")];
    let save = desk.save(&nurse, acts);
    let first = saves(&mut file, &mut desk, &save);
    assert_eq!((first.already, first.last_seq - first.first_seq), (false, 1));
    let again = saves(&mut file, &mut desk, &save);
    assert_eq!(
        again,
        store::Saved {
            already: true,
            ..first.clone()
        }
    );
    file.close().unwrap();
    let (mut file, _) = desk.unlock("nurse").unwrap();
    let later = saves(&mut file, &mut desk, &save);
    assert_eq!(later, store::Saved { already: true, ..first });
}

#[test]
fn a_session_holds_in_its_own_file_only() {
    let (mut one, mut two) = (Desk::new(), Desk::new());
    two.seed.0 = 99;
    let (_file, nurse) = one.with_nurse();
    let (mut other, _) = two.with_nurse();
    let save = two.save(&nurse, vec![entered("S-001/SCR/DM/G/A", "x")]);
    assert!(matches!(
        other.transact(&save, &mut two.seed),
        Err(StoreError::NotThisFile)
    ));
}

/// The clock as it may be set between saves: years back and forward, a day, two minutes, summer time, another zone.
const CLOCKS: [(&str, &str); 10] = [
    ("2026-03-01T08:00:00.000Z", "+08:00"),
    ("2016-03-01T08:00:00.000Z", "+08:00"),
    ("2026-02-28T08:00:00.000Z", "+08:00"),
    ("2026-03-01T07:58:00.000Z", "+08:00"),
    ("2036-03-01T08:00:00.000Z", "+08:00"),
    ("2026-03-29T00:59:59.999Z", "+01:00"),
    ("2026-03-29T01:00:00.000Z", "+02:00"),
    ("2026-10-25T00:59:59.000Z", "+02:00"),
    ("2026-10-25T01:00:00.000Z", "+01:00"),
    ("2026-12-31T23:59:59.999Z", "-11:00"),
];

#[test]
fn the_order_of_entries_is_not_the_clocks() {
    let mut desk = Desk::new();
    let (mut file, nurse) = desk.with_nurse();
    let mut numbers = Vec::new();
    for (n, (at, offset)) in CLOCKS.into_iter().enumerate() {
        let mut save = desk.save(&nurse, vec![entered("S-001/SCR/DM/G/A", &n.to_string())]);
        save.moment.at = at.into();
        save.moment.offset = offset.into();
        numbers.push(saves(&mut file, &mut desk, &save).last_seq);
        assert_eq!(
            file.last_moment().unwrap().unwrap(),
            save.moment,
            "what the clock said is kept as it said it"
        );
    }
    assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1), "{numbers:?}");
    file.close().unwrap();
    let (file, _) = desk.unlock("nurse").unwrap();
    assert_eq!(file.access(), &store::Access::Writable);
    let path = "S-001/SCR/DM/G/A".parse().unwrap();
    let history = file.history(&path).unwrap();
    let said: Vec<_> = history
        .iter()
        .filter_map(|entry| entry.body.as_ref())
        .map(|body| (body.moment.at.as_str(), body.moment.offset.as_str()))
        .collect();
    assert_eq!(said, CLOCKS);
    let item = file.item(&path).unwrap().unwrap();
    assert_eq!(
        (item.version, item.value),
        (10, crate::desk::text("9")),
        "the last saved stands, not the latest dated"
    );
    assert!(store::check(&file, &mut |_, _, _| ()).unwrap().sound());
}
