//! A log that goes on in two ways: refused, kept as evidence, told.

use super::*;
use crate::tests::earlier::Earlier;

#[test]
fn a_log_that_goes_on_in_two_ways_is_refused_kept_and_told() {
    let (mut one, mut sponsor) = (site(10), station(FileKind::Sponsor, 20, Role::DataManager));
    one.act(vec![subject("012-001")]);
    one.file.close().unwrap();
    let earlier = Earlier::of(&one.desk);
    (one.file, one.who) = one.desk.unlock("one").unwrap();
    one.act(vec![entered(SEX, "F")]);
    let told = whole(&one.file);
    sponsor.takes(&told);
    // Set back, and another story is written.
    one.file.close().unwrap();
    earlier.back();
    (one.file, one.who) = one.desk.unlock("one").unwrap();
    one.act(vec![entered(SEX, "M")]);
    let other = whole(&one.file);
    let before = sponsor
        .file
        .log()
        .map(|log| sponsor.file.entries_raw(log, 1, 1000).unwrap().len())
        .unwrap();
    assert_eq!(sponsor.refuses(&other), "fork");
    assert_eq!(sponsor.value(SEX), text("F"));
    let evidence = sponsor.file.evidence().unwrap();
    assert_eq!((evidence.len(), &evidence[0].bytes), (1, &other.bytes));
    // Told in the journal, once.
    assert_eq!(sponsor.refuses(&other), "fork");
    let log = sponsor.file.log().unwrap().clone();
    let after = sponsor.file.entries_raw(&log, 1, 1000).unwrap();
    assert_eq!(after.len(), before + 1);
    assert!(after.last().unwrap().body.as_ref().unwrap().contains("bundle_refused"));
    // The site itself is told when its first story comes back.
    assert_eq!(one.refuses(&told), "fork");
}

#[test]
fn evidence_that_was_kept_and_not_told_of_when_the_power_went_is_told_the_next_time() {
    let (mut one, mut sponsor) = (site(10), station(FileKind::Sponsor, 20, Role::DataManager));
    one.act(vec![subject("012-001")]);
    one.file.close().unwrap();
    let earlier = Earlier::of(&one.desk);
    (one.file, one.who) = one.desk.unlock("one").unwrap();
    one.act(vec![entered(SEX, "F")]);
    sponsor.takes(&whole(&one.file));
    one.file.close().unwrap();
    earlier.back();
    (one.file, one.who) = one.desk.unlock("one").unwrap();
    one.act(vec![entered(SEX, "M")]);
    let other = whole(&one.file);
    let conn = sponsor.file.conn().unwrap();
    conn.execute(
        "INSERT INTO evidence (sha256, bundle, bytes) VALUES (?1, ?2, ?3)",
        rusqlite::params![other.sha256, other.bundle, other.bytes],
    )
    .unwrap();
    let told = |sponsor: &Station| {
        let filter = crate::EntryFilter {
            acts: vec!["bundle_refused".into()],
            ..crate::EntryFilter::default()
        };
        sponsor.file.entries(&filter).unwrap().len()
    };
    for _ in 0..2 {
        assert_eq!(sponsor.refuses(&other), "fork");
        assert_eq!(told(&sponsor), 1);
    }
}

#[test]
fn two_ways_of_a_log_do_not_wait_side_by_side() {
    for later_first in [false, true] {
        let (mut one, mut sponsor) = (site(10), station(FileKind::Sponsor, 20, Role::DataManager));
        one.act(vec![subject("012-001")]);
        one.file.close().unwrap();
        let earlier = Earlier::of(&one.desk);
        (one.file, one.who) = one.desk.unlock("one").unwrap();
        one.act(vec![entered(SEX, "F")]);
        let end = one.file.last_own().unwrap().seq;
        let first = parcel(&one.file, end, end);
        one.file.close().unwrap();
        earlier.back();
        (one.file, one.who) = one.desk.unlock("one").unwrap();
        one.act(vec![entered(SEX, "M")]);
        one.act(vec![entered(AGE, "50")]);
        // What comes next in the other story: neither has what is before it, and they do not go on into one another.
        let second = parcel(&one.file, end + 1, end + 1);
        let (early, late) = if later_first { (second, first) } else { (first, second) };
        let waits = sponsor.takes(&early);
        assert_eq!((waits.new, waits.missing.len()), (0, 1));
        assert_eq!(sponsor.refuses(&late), "fork");
        assert_eq!(sponsor.file.evidence().unwrap().len(), 1);
        sponsor.sound();
    }
}

#[test]
fn a_copy_continued_elsewhere_while_the_first_goes_on_is_a_fork() {
    let mut one = site(10);
    let mut desk = quick_desk();
    desk.seed = Seed(77);
    desk.devices = DeviceKeys::at(&desk.folder.path().join("two"), "laptop 2");
    one.file.save_copy(&desk.path()).unwrap();
    let (mut copy, admin) = desk.unlock("admin").unwrap();
    let stamp = desk.stamp();
    copy.continue_here(&admin, because("moved"), &stamp, &mut desk.seed)
        .unwrap();
    let closed = whole(&copy);
    one.act(vec![subject("012-001")]);
    assert_eq!(one.refuses(&closed), "fork");
    // And the copy does not take what was written after it was closed there.
    let mut two = Station {
        desk,
        file: copy,
        who: admin,
    };
    assert_eq!(two.refuses(&whole(&one.file)), "fork");
}
