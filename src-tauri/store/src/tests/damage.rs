//! Without any key, with a hex editor: flipped bits, cut files, old pages, other headers. Each is told in its own words.

use std::collections::BTreeMap;

use study::act::Role;

use crate::{
    KdfCost, StoreError,
    desk::{Desk, PASSWORD, entered, password, person},
    header::{self, Header},
    open::PAGE,
    tests::{
        count,
        disk::{files_in, lay_out},
        lively, quick_desk, soak, verdict,
    },
    vfs::HEADER_LEN,
};

const PAGE_LEN: usize = PAGE as usize;
const AREAS: [usize; 2] = [4096, 32_768];
const ATTEMPTS: usize = 61_440;

fn whole(desk: &Desk) -> Vec<u8> {
    std::fs::read(desk.path()).unwrap()
}

fn put(desk: &Desk, bytes: &[u8]) {
    std::fs::write(desk.path(), bytes).unwrap();
}

/// Length of an area's record with its frame.
fn record_len(area: &[u8]) -> usize {
    8 + 4 + u32::from_le_bytes(area[8..12].try_into().unwrap()) as usize + 32
}

/// Which words a changed byte of the header must bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Name,
    Version,
    Fixed,
    Newest,
    Before,
    Nothing,
}

fn place(at: usize, bytes: &[u8], newest: usize) -> Place {
    match at {
        0..16 => Place::Name,
        16..20 => Place::Version,
        20..4096 => Place::Fixed,
        _ => {
            let area = usize::from(at >= AREAS[1]);
            let inside = at - AREAS[area] < record_len(&bytes[AREAS[area]..]);
            match (inside, area == newest) {
                (false, _) => Place::Nothing,
                (true, true) => Place::Newest,
                (true, false) => Place::Before,
            }
        }
    }
}

#[test]
fn every_byte_of_the_header_is_noticed_when_it_changes() {
    let mut desk = quick_desk();
    desk.with_nurse().0.close().unwrap();
    let mut bytes = whole(&desk)[..ATTEMPTS].to_vec();
    let sound = Header::parse(&bytes).unwrap();
    assert_eq!((sound.body.generation, &sound.beside.odd), (2, &Vec::new()));
    assert_eq!(sound.beside.before.as_ref().map(|body| body.generation), Some(1));
    // The second record went to the area that did not hold the first.
    let newest = 1;
    let mut met: BTreeMap<Place, usize> = BTreeMap::new();
    for at in 0..ATTEMPTS {
        let place = place(at, &bytes, newest);
        if place == Place::Nothing && !soak() && at % 16 != 0 {
            continue;
        }
        *met.entry(place).or_default() += 1;
        let bit = 1 << (at % 8);
        bytes[at] ^= bit;
        let read = Header::parse(&bytes);
        bytes[at] ^= bit;
        let good = match (place, &read) {
            (Place::Name, Err(StoreError::NotASiteFile)) => true,
            (Place::Version, Err(StoreError::NewerFormat { .. } | StoreError::Damaged { what: "header" })) => true,
            (Place::Fixed, Err(StoreError::Damaged { what: "header" })) => true,
            // The record before it is read: older than the database knows.
            (Place::Newest, Ok(header)) => header.body.generation == 1 && header.beside.odd == [header::COPY_TORN],
            (Place::Before, Ok(header)) => header.body == sound.body && header.beside.odd == [header::COPY_TORN],
            (Place::Nothing, Ok(header)) => header.body == sound.body && header.beside.odd == [header::SPARE],
            (_, _) => false,
        };
        assert!(good, "byte {at}, {place:?}: {:?}", read.map(|header| header.beside));
    }
    assert!(
        met.len() == 6 && met[&Place::Newest] > 1000 && met[&Place::Before] > 700,
        "{met:?}"
    );
}

#[test]
fn a_changed_header_is_told_in_words_when_the_file_is_opened_and_checked() {
    let mut desk = quick_desk();
    lively(&mut desk).close().unwrap();
    let good = whole(&desk);
    assert_eq!(verdict(&mut desk), Vec::<String>::new());
    let ends = AREAS.map(|at| at + record_len(&good[at..]));
    for (at, expected) in [
        (3, vec!["not_a_site_file"]),
        (16, vec!["damaged header"]),
        (17, vec!["newer_format"]),
        (20, vec!["damaged header"]),
        (30, vec!["damaged header"]),
        (50, vec!["damaged header"]),
        (2000, vec!["damaged header"]),
        (4095, vec!["damaged header"]),
        (AREAS[0], vec!["header_copy_torn"]),
        (AREAS[0] + 200, vec!["header_copy_torn"]),
        (ends[0], vec!["header_spare"]),
        (AREAS[1] - 1, vec!["header_spare"]),
        (AREAS[1] + 8, vec!["HeaderOlder", "header_older", "header_copy_torn"]),
        (AREAS[1] + 200, vec!["HeaderOlder", "header_older", "header_copy_torn"]),
        (ends[1] - 1, vec!["HeaderOlder", "header_older", "header_copy_torn"]),
        (ends[1], vec!["header_spare"]),
        (ATTEMPTS - 1, vec!["header_spare"]),
        (ATTEMPTS, vec!["attempts_torn"]),
        (HEADER_LEN - 65, vec!["attempts_torn"]),
        (HEADER_LEN - 64, vec!["mark_torn"]),
        (HEADER_LEN - 1, vec!["mark_torn"]),
    ] {
        let mut flipped = good.clone();
        flipped[at] ^= 1;
        put(&desk, &flipped);
        assert_eq!(verdict(&mut desk), expected, "byte {at}");
    }
}

#[test]
fn one_record_alone_that_is_damaged_refuses_the_file() {
    let mut desk = quick_desk();
    desk.create().0.close().unwrap();
    let mut bytes = whole(&desk);
    bytes[AREAS[0] + 77] ^= 4;
    put(&desk, &bytes);
    assert_eq!(verdict(&mut desk), ["damaged header"]);
}

#[test]
fn a_flipped_bit_on_every_page_is_found() {
    let mut desk = quick_desk();
    lively(&mut desk).close().unwrap();
    let good = whole(&desk);
    let mut pages = 0;
    for at in (HEADER_LEN..good.len()).step_by(PAGE_LEN) {
        for bit in 0..count(2, 64) {
            let mut flipped = good.clone();
            flipped[at + (bit * 2654 + pages * 31) % PAGE_LEN] ^= 1 << (bit % 8);
            put(&desk, &flipped);
            let said = verdict(&mut desk);
            let words = ["damaged database", "damaged schema", "page_altered"];
            assert!(
                said.iter().any(|code| words.contains(&&**code)),
                "page {pages}: {said:?}"
            );
        }
        pages += 1;
    }
    assert!(pages > 30, "{pages}");
}

#[test]
fn a_file_cut_or_lengthened_anywhere_is_found() {
    let mut desk = quick_desk();
    lively(&mut desk).close().unwrap();
    let good = whole(&desk);
    for end in (0..good.len()).step_by(PAGE_LEN) {
        for cut in [end.saturating_sub(1), end, end + 1] {
            put(&desk, &good[..cut]);
            let expected = if cut < 16 { "not_a_site_file" } else { "truncated" };
            assert_eq!(verdict(&mut desk), [expected], "cut to {cut} of {}", good.len());
        }
    }
    for more in [1, 511, PAGE_LEN, 3 * PAGE_LEN] {
        let mut longer = good.clone();
        longer.resize(good.len() + more, 7);
        put(&desk, &longer);
        let said = verdict(&mut desk);
        assert!(said.contains(&"size".to_owned()), "{more} more: {said:?}");
    }
}

/// Two states of one file; every page that differs, put back from the older.
#[test]
fn an_old_page_in_a_newer_file_is_found_although_it_authenticates() {
    let mut desk = quick_desk();
    lively(&mut desk).close().unwrap();
    let old = whole(&desk);
    let (mut file, nurse) = desk.unlock("nurse").unwrap();
    desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/DM.MAIN/DM.SEX", "F")]);
    file.close().unwrap();
    let new = whole(&desk);
    let ends = old.len().min(new.len());
    let mut changed = 0;
    for at in (HEADER_LEN..ends)
        .step_by(PAGE_LEN)
        .filter(|&at| old[at..at + PAGE_LEN] != new[at..at + PAGE_LEN])
    {
        changed += 1;
        let mut spliced = new.clone();
        spliced[at..at + PAGE_LEN].copy_from_slice(&old[at..at + PAGE_LEN]);
        put(&desk, &spliced);
        let said = verdict(&mut desk);
        // The first page holds counters and no record: what is sound reads the same, and is what this device has seen.
        assert!(at == HEADER_LEN || !said.is_empty(), "page at {at}");
        // SQLCipher alone sees nothing: every page bears a good seal.
        assert!(!said.contains(&"page_altered".to_owned()), "page at {at}: {said:?}");
    }
    assert!(changed >= 3, "{changed}");
}

#[test]
fn two_pages_exchanged_are_found() {
    let mut desk = quick_desk();
    lively(&mut desk).close().unwrap();
    let good = whole(&desk);
    let pages: Vec<usize> = (HEADER_LEN..good.len()).step_by(PAGE_LEN).collect();
    for pair in pages[1..].windows(2) {
        let mut exchanged = good.clone();
        exchanged[pair[0]..pair[0] + PAGE_LEN].copy_from_slice(&good[pair[1]..pair[1] + PAGE_LEN]);
        exchanged[pair[1]..pair[1] + PAGE_LEN].copy_from_slice(&good[pair[0]..pair[0] + PAGE_LEN]);
        put(&desk, &exchanged);
        let said = verdict(&mut desk);
        let words = ["damaged schema", "damaged database", "page_altered"];
        assert!(said.iter().any(|code| words.contains(&&**code)), "{pair:?}: {said:?}");
    }
}

/// Whoever has two copies of the file and no key might bring an old password back: header and the page that knows it.
#[test]
fn an_old_header_with_the_old_page_that_knew_it_is_found() {
    let mut desk = quick_desk();
    lively(&mut desk).close().unwrap();
    let old = whole(&desk);
    let (mut file, nurse) = desk.unlock("nurse").unwrap();
    let (before, after) = (password(PASSWORD), password("another one entirely"));
    let stamp = desk.stamp();
    file.change_password(&nurse, (&before, &after), KdfCost::cheap(), &stamp, &mut desk.seed)
        .unwrap();
    file.close().unwrap();
    let new = whole(&desk);
    let mut found = 0;
    for at in (HEADER_LEN..old.len()).step_by(PAGE_LEN) {
        let mut spliced = new.clone();
        spliced[..HEADER_LEN].copy_from_slice(&old[..HEADER_LEN]);
        spliced[at..at + PAGE_LEN].copy_from_slice(&old[at..at + PAGE_LEN]);
        put(&desk, &spliced);
        let said = verdict(&mut desk);
        assert!(said.contains(&"header_older".to_owned()), "page at {at}: {said:?}");
        found += usize::from(!said.contains(&"HeaderOlder".to_owned()));
    }
    assert_eq!(found, 1, "one page knows the header");
}

#[test]
fn a_file_set_back_as_a_whole_is_noticed_by_the_device() {
    let mut desk = quick_desk();
    lively(&mut desk).close().unwrap();
    let old = whole(&desk);
    let (mut file, nurse) = desk.unlock("nurse").unwrap();
    desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/DM.MAIN/DM.SEX", "F")]);
    file.close().unwrap();
    put(&desk, &old);
    assert_eq!(verdict(&mut desk), ["Older"]);
}

/// File and device set back together and another story written; then the device's memory alone is brought forward again.
#[test]
fn a_file_with_another_story_than_the_device_has_seen_is_told() {
    let mut desk = quick_desk();
    lively(&mut desk).close().unwrap();
    let before = files_in(desk.folder.path());
    let tell = |desk: &mut Desk, values: &[&str]| {
        let (mut file, nurse) = desk.unlock("nurse").unwrap();
        for value in values {
            desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/DM.MAIN/DM.SEX", value)]);
        }
        file.close().unwrap();
    };
    tell(&mut desk, &["F"]);
    let seen = files_in(&desk.folder.path().join("device"));
    for (values, expected) in [(&["M"][..], "Diverged"), (&["M", "F"][..], "Diverged")] {
        lay_out(desk.folder.path(), &before);
        tell(&mut desk, values);
        lay_out(&desk.folder.path().join("device"), &seen);
        assert_eq!(verdict(&mut desk), [expected], "{values:?}");
    }
}

#[test]
fn a_header_of_another_file_or_of_another_day_is_told() {
    let mut desk = quick_desk();
    let mut other = quick_desk();
    other.seed.0 = 77;
    lively(&mut desk).close().unwrap();
    lively(&mut other).close().unwrap();
    let good = whole(&desk);
    // Of another file: its key does not open this database.
    let mut mixed = good.clone();
    mixed[..HEADER_LEN].copy_from_slice(&whole(&other)[..HEADER_LEN]);
    put(&desk, &mixed);
    assert_eq!(verdict(&mut desk), ["damaged database"]);
    // Another file's records under this file's identifier: no slot opens.
    let mut mixed = good.clone();
    mixed[4096..ATTEMPTS].copy_from_slice(&whole(&other)[4096..ATTEMPTS]);
    put(&desk, &mixed);
    assert_eq!(verdict(&mut desk), ["wrong_password"]);
    // Of yesterday, and of tomorrow.
    put(&desk, &good);
    let (mut file, admin) = desk.unlock("admin").unwrap();
    let stamp = desk.stamp();
    file.add_person(
        &admin,
        &person("second", Role::Nurse),
        KdfCost::cheap(),
        &stamp,
        &mut desk.seed,
    )
    .unwrap();
    file.close().unwrap();
    let later = whole(&desk);
    let mut mixed = later.clone();
    mixed[..HEADER_LEN].copy_from_slice(&good[..HEADER_LEN]);
    put(&desk, &mixed);
    assert_eq!(verdict(&mut desk), ["HeaderOlder", "header_older"]);
    let mut mixed = good;
    mixed[..HEADER_LEN].copy_from_slice(&later[..HEADER_LEN]);
    put(&desk, &mixed);
    // The database too is older than this device has seen. The slot of somebody it does not know opens nothing.
    assert_eq!(verdict(&mut desk), ["Older", "header_newer"]);
    assert_eq!(desk.unlock("second").unwrap_err().code(), "wrong_password");
}

#[test]
fn a_header_with_a_slot_put_in_by_hand_is_told() {
    let mut desk = quick_desk();
    lively(&mut desk).close().unwrap();
    let good = whole(&desk);
    // Both areas hold the same record: somebody copied one over the other.
    let mut twice = good.clone();
    twice.copy_within(AREAS[1]..AREAS[1] + 28_672, AREAS[0]);
    put(&desk, &twice);
    assert_eq!(verdict(&mut desk), ["header_twice"]);
    // A label changed, the sum made right again, the seal under the file's key not.
    let mut relabelled = good;
    let area = &mut relabelled[AREAS[1]..AREAS[1] + 28_672];
    let end = record_len(area) - 32;
    let at = area.windows(15).position(|w| w == b"nurse (printed)").unwrap();
    area[at] = b'N';
    let sum = <sha2::Sha256 as sha2::Digest>::digest(&area[..end]);
    area[end..end + 32].copy_from_slice(&sum);
    put(&desk, &relabelled);
    assert_eq!(verdict(&mut desk), ["HeaderTampered", "header_mac", "header_differs"]);
}
