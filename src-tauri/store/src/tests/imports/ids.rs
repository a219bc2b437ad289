//! What two laptops give an identifier that is worked out: one in each log, or one would keep the other's log out.

use super::*;
use crate::{EntryFilter, transact::Batch};

#[test]
fn two_laptops_that_raised_an_older_format_each_by_itself_go_on_exchanging() {
    for format in [0, 1] {
        let [mut one, mut two] = [(10, "laptop 1", "device"), (30, "laptop 2", "two")].map(|(seed, label, folder)| {
            let mut desk = quick_desk();
            desk.seed = Seed(seed);
            crate::migrate::tests::laid_out(&desk, format);
            desk.devices = DeviceKeys::at(&desk.folder.path().join(folder), label);
            let (file, who) = desk.unlock("admin").unwrap();
            Station { desk, file, who }
        });
        let stamp = two.desk.stamp();
        two.file
            .continue_beside(&two.who, because("second"), &stamp, &mut two.desk.seed)
            .unwrap();
        let raised = |station: &Station| {
            let filter = EntryFilter {
                acts: vec!["format_raised".into()],
                ..EntryFilter::default()
            };
            station.file.entries(&filter).unwrap().len()
        };
        assert_eq!(raised(&one), raised(&two));
        let once = raised(&one);
        let (from_one, from_two) = (whole(&one.file), whole(&two.file));
        assert!(one.takes(&from_two).new > 0, "format {format}");
        assert!(two.takes(&from_one).new > 0, "format {format}");
        assert_eq!((raised(&one), raised(&two)), (once + 1, once + 1));
        // Opened again, neither says it once more.
        one.file.close().unwrap();
        (one.file, one.who) = one.desk.unlock("admin").unwrap();
        assert_eq!(raised(&one), once + 1);
    }
}

#[test]
fn what_earlier_versions_wrote_of_raising_a_format_is_taken_in_from_both() {
    let (mut one, mut monitor) = (site(10), station(FileKind::Monitor, 20, Role::Monitor));
    one.act(vec![subject("012-001"), entered(SEX, "F")]);
    let mut two = second(&mut one, 30);
    // They gave it one and the same identifier on every device of a file.
    for station in [&mut one, &mut two] {
        let stamp = station.desk.stamp();
        let act = Act::FormatRaised { from: 0, to: 1 };
        let body = station.file.device_body(act, stamp.moment.clone(), &stamp).unwrap();
        let batch = Batch {
            id: [7; 16],
            bodies: vec![body],
            noted: Vec::new(),
            header: None,
            signing: None,
        };
        station.file.append(batch, &mut station.desk.seed).unwrap();
    }
    let (from_one, from_two) = (whole(&one.file), whole(&two.file));
    one.takes(&from_two);
    two.takes(&from_one);
    assert_eq!(picture(&one.file), picture(&two.file));
    // Whoever gets both by either way has both, once.
    monitor.takes(&whole(&one.file));
    monitor.takes(&whole(&two.file));
    let filter = EntryFilter {
        acts: vec!["format_raised".into()],
        ..EntryFilter::default()
    };
    for file in [&one.file, &two.file, &monitor.file] {
        assert_eq!(file.entries(&filter).unwrap().len(), 2);
    }
}

#[test]
fn wrong_passwords_in_a_copied_file_are_told_on_both_laptops_and_exchanged() {
    let mut one = site(10);
    one.act(vec![subject("012-001")]);
    one.file.close().unwrap();
    for wrong in ["wrong", "wrong again"] {
        let stamp = one.desk.stamp();
        let tried = SiteFile::unlock(
            &one.desk.path(),
            "admin",
            &password(wrong),
            &stamp,
            &mut one.desk.seed,
            &one.desk.devices,
        );
        assert_eq!(tried.unwrap_err().code(), "wrong_password");
        one.desk.second += 100;
    }
    // The file as it lies there, copied by hand.
    let mut desk = quick_desk();
    desk.seed = Seed(30);
    desk.second = one.desk.second + 100;
    desk.devices = DeviceKeys::at(&desk.folder.path().join("two"), "laptop 2");
    std::fs::copy(one.desk.path(), desk.path()).unwrap();
    let (mut file, who) = desk.unlock("admin").unwrap();
    let stamp = desk.stamp();
    file.continue_beside(&who, because("second"), &stamp, &mut desk.seed)
        .unwrap();
    file.close().unwrap();
    let (file, who) = desk.unlock("admin").unwrap();
    let mut two = Station { desk, file, who };
    (one.file, one.who) = one.desk.unlock("one").unwrap();
    let told = |file: &SiteFile| {
        let filter = EntryFilter {
            acts: vec!["login_failed".into()],
            ..EntryFilter::default()
        };
        file.entries(&filter).unwrap().len()
    };
    assert_eq!((told(&one.file), told(&two.file)), (2, 2));
    let (from_one, from_two) = (whole(&one.file), whole(&two.file));
    one.takes(&from_two);
    two.takes(&from_one);
    assert_eq!((told(&one.file), told(&two.file)), (4, 4));
}
