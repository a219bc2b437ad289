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
