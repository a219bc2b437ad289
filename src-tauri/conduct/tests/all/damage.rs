//! Files that are not what they should be, people who are not who they say, files that were copied.

use std::fs;

use conduct::{
    Role, acts,
    requests::{
        AddPerson, ChangePassword, ContinueHere, CreateSite, ExportBundle, OpenFile, Queries, RaiseQuery, Recover,
        VerifyBundle,
    },
};

use crate::{
    chart::{Raw, because, find},
    room::{PASSWORD, PEOPLE, Room, code, fact, item, refused},
};

const PLT: &str = "S-001/SCR/LAB/LAB.HEM/LAB.PLT";

#[test]
fn wrong_passwords_make_the_next_try_wait() {
    let mut room = Room::furnished();
    let mut waits = Vec::new();
    for _ in 0..8 {
        let (refusal, facts) = refused(room.unlock("nurse", "not the password"));
        let seconds: i64 = fact(&facts, "seconds").parse().unwrap();
        assert!(refusal == "wrong_password" || refusal == "wait", "{refusal}");
        waits.push((refusal, seconds));
        if seconds > 0 {
            // Too early is not heard, not even the right password.
            assert_eq!(code(room.unlock("nurse", PASSWORD)), "wait");
            room.pass(seconds);
        }
    }
    let longest = waits.iter().map(|(_, seconds)| *seconds).max().unwrap();
    assert!(longest >= 4, "it gets longer: {waits:?}");
    assert!(waits.windows(2).all(|pair| pair[0].1 <= pair[1].1), "{waits:?}");
    // Another person is not held up by it.
    room.unlock("nurse2", PASSWORD).unwrap();
    let failed = room
        .journal()
        .iter()
        .filter(|entry| entry.act == "login_failed")
        .count();
    assert!(
        failed >= 5,
        "wrong passwords are in the journal once somebody is in: {failed}"
    );
    room.lock();
    room.pass(86_400);
    assert_eq!(code(room.unlock("nobody", PASSWORD)), "wrong_password");
    room.unlock("nurse", PASSWORD).unwrap();
    room.sound();
}

#[test]
fn what_is_not_a_site_file_is_refused_and_left_alone() {
    let mut room = Room::furnished();
    let odd = room.folder.join("odd.cartwright");
    let whole = fs::read(room.file()).unwrap();
    let cases: &[(&str, Vec<u8>, &str)] = &[
        ("text", b"PK\x03\x04 not a site file".to_vec(), "not_a_site_file"),
        (
            "noise",
            (0..200_000_u32).map(|n| (n * 7919 % 251) as u8).collect(),
            "not_a_site_file",
        ),
        (
            "a plain database",
            b"SQLite format 3\0".iter().copied().chain([0; 90_000]).collect(),
            "not_a_site_file",
        ),
        ("nothing", Vec::new(), "not_a_site_file"),
        ("half a header", whole[..30_000].to_vec(), "truncated"),
        ("a header alone", whole[..65_536].to_vec(), "truncated"),
    ];
    for (what, bytes, expected) in cases {
        fs::write(&odd, bytes).unwrap();
        let refusal = code(room.open_at(&odd).and_then(|_| room.unlock("nurse", PASSWORD)));
        // An empty file may be called either; both say that nothing can be read.
        assert!(
            refusal == *expected || (bytes.is_empty() && refusal == "truncated"),
            "{what}: {refusal}"
        );
        assert_eq!(&fs::read(&odd).unwrap(), bytes, "{what}: it was changed");
    }
    assert!(room.faults.lock().unwrap().is_empty());
}

#[test]
fn a_file_cut_in_the_middle_is_refused_before_or_at_log_in() {
    let mut room = Room::furnished();
    let whole = fs::read(room.file()).unwrap();
    let cut = room.folder.join("cut.cartwright");
    fs::write(&cut, &whole[..whole.len() / 2]).unwrap();
    let answer = room.open_at(&cut).and_then(|_| room.unlock("nurse", PASSWORD));
    assert_eq!(code(answer), "truncated");
    assert_eq!(
        fs::read(&cut).unwrap(),
        whole[..whole.len() / 2],
        "nothing is repaired in place"
    );
}

#[test]
fn a_refused_file_leaves_the_desk_as_it_was() {
    let mut room = Room::furnished();
    room.sit("nurse");
    let odd = room.folder.join("odd.cartwright");
    fs::write(&odd, "not a site file").unwrap();
    assert_eq!(code(room.open_at(&odd)), "not_a_site_file");
    assert_eq!(room.status().session.map(|s| s.login).as_deref(), Some("nurse"));
    assert_eq!(code(room.create_at(&odd)), "already_exists");
    assert_eq!(room.status().session.map(|s| s.login).as_deref(), Some("nurse"));
    assert_eq!(fs::read(&odd).unwrap(), b"not a site file");
    let nothing = OpenFile { handle: 99 };
    assert_eq!(code(acts::open_file(&mut room.desk, nothing)), "nothing_chosen");
    room.sound();
}

#[test]
fn there_is_one_file_on_the_desk_and_one_person_at_it() {
    let mut room = Room::furnished();
    room.sit("nurse");
    assert_eq!(code(room.unlock("doctor", PASSWORD)), "already_open");
    // Choosing the same file again puts it away and on the desk.
    assert!(room.open().unwrap().session.is_none());
    acts::close_file(&mut room.desk, conduct::requests::CloseFile {}).unwrap();
    assert_eq!(code(room.unlock("nurse", PASSWORD)), "nothing_chosen");
}

#[test]
fn the_recovery_code_appoints_a_new_administrator() {
    let mut room = Room::empty();
    let recovery = room.create();
    room.lock();
    let ask = |code: &str, login: &str| Recover {
        code: code.into(),
        login: login.into(),
        printed_name: "Qian Yi".into(),
        identity_verified: "passport".into(),
        password: PASSWORD.into(),
    };
    let mut mistyped = recovery.clone().into_bytes();
    mistyped[2] = if mistyped[2] == b'7' { b'8' } else { b'7' };
    let mistyped = String::from_utf8(mistyped).unwrap();
    assert_eq!(
        code(acts::recover(&mut room.desk, ask(&mistyped, "admin2"))),
        "wrong_recovery_code"
    );
    assert_eq!(
        code(acts::recover(&mut room.desk, ask(&recovery, "admin"))),
        "login_taken"
    );
    let status = acts::recover(&mut room.desk, ask(&recovery, "admin2")).unwrap();
    assert_eq!(status.session.unwrap().role, Role::Administrator);
    assert!(room.journal().iter().any(|entry| entry.act == "recovered"));
    room.sound();
}

#[test]
fn a_real_file_wants_real_passwords() {
    let room = Room::empty();
    // A desk of its own, not for practice.
    let (mut desk, _) = crate::room::desk(7, &room.clock, &room.folder.join("devices"));
    let ask = |handle, password: &str, site: &str| CreateSite {
        handle,
        site: site.into(),
        site_name: "Hospital".into(),
        login: "admin".into(),
        printed_name: "Zhao Min".into(),
        identity_verified: "badge".into(),
        password: password.into(),
    };
    let handle = desk.choose(room.file());
    let (refusal, facts) = refused(acts::create_site(&mut desk, ask(handle, "fourteen chars", "012")));
    assert_eq!(
        (refusal.as_str(), fact(&facts, "least").as_str()),
        ("password_short", "15")
    );
    for (password, expected) in [
        ("aaaaaaaaaaaaaaaaaa", "password_simple"),
        ("qwertyuiopasdfgh", "password_simple"),
        ("admin admin admin", "password_name"),
    ] {
        assert_eq!(
            code(acts::create_site(&mut desk, ask(handle, password, "012"))),
            expected,
            "{password}"
        );
    }
    let good = "57921 40388 16625";
    assert_eq!(
        code(acts::create_site(&mut desk, ask(handle, good, "a-b"))),
        "site_code_form"
    );
    assert!(!room.file().exists());
    let made = acts::create_site(&mut desk, ask(handle, good, "012")).unwrap();
    let file = made.status.file.unwrap();
    assert!(!file.synthetic && file.practice_password.is_none());
    let add = AddPerson {
        login: "nurse".into(),
        printed_name: "Li Na".into(),
        role: Role::Nurse,
        identity_verified: "badge".into(),
        password: "short".into(),
        days: None,
    };
    assert_eq!(code(acts::add_person(&mut desk, add)), "password_short");
    let change = ChangePassword {
        password: good.into(),
        new_password: "short".into(),
    };
    assert_eq!(code(acts::change_password(&mut desk, change)), "password_short");
    desk.put_away_now();
}

#[test]
fn a_password_is_changed_by_who_knows_the_old_one() {
    let mut room = Room::furnished();
    room.sit("nurse");
    let change = |old: &str| ChangePassword {
        password: old.into(),
        new_password: "another long one".into(),
    };
    assert_eq!(
        code(acts::change_password(&mut room.desk, change("wrong"))),
        "wrong_password"
    );
    room.pass(3600);
    acts::change_password(&mut room.desk, change(PASSWORD)).unwrap();
    room.lock();
    assert_eq!(code(room.unlock("nurse", PASSWORD)), "wrong_password");
    room.pass(3600);
    room.unlock("nurse", "another long one").unwrap();
    room.sound();
}

#[test]
fn a_copied_file_is_for_reading_until_an_administrator_continues_it() {
    let mut room = Room::furnished();
    room.sit("nurse");
    room.add_subject("S-001");
    room.type_at(PLT, Raw::Number("61", "10^9/L")).unwrap();
    room.sit("monitor");
    let asked = RaiseQuery {
        path: item(PLT),
        text: "Sure?".into(),
    };
    acts::raise_query(&mut room.desk, asked).unwrap();
    let offered = |room: &mut Room| {
        acts::queries(&mut room.desk, Queries { subject: None })
            .unwrap()
            .queries[0]
            .may
            .len()
    };
    assert_eq!(offered(&mut room), 1);
    room.lock();
    let elsewhere = tempfile::tempdir().unwrap();
    let mut other = Room::at(elsewhere.path());
    fs::copy(room.file(), other.file()).unwrap();
    other.pass_days(1);
    other.open().unwrap();

    let status = other.unlock("nurse", PASSWORD).unwrap();
    assert_eq!(status.file.unwrap().read_only.as_deref(), Some("other_device"));
    let view = other.form("S-001/SCR/LAB");
    assert_eq!(view.may_enter.as_deref(), Some("read_only"));
    assert!(find(&view, "LAB.PLT").value.is_some(), "it can be read");
    assert_eq!(offered(&mut other), 0, "nothing that would be refused");
    let (refusal, facts) = refused(other.type_at(PLT, Raw::Number("62", "10^9/L")));
    assert_eq!(
        (refusal.as_str(), fact(&facts, "why").as_str()),
        ("read_only", "other_device")
    );
    let on = || ContinueHere {
        reason: because("source_corrected"),
    };
    assert_eq!(code(acts::continue_here(&mut other.desk, on())), "not_your_role");
    assert_eq!(
        fs::read(other.file()).unwrap(),
        fs::read(room.file()).unwrap(),
        "reading changed it"
    );

    other.sit("admin");
    let unsaid = ContinueHere {
        reason: because("other"),
    };
    assert_eq!(code(acts::continue_here(&mut other.desk, unsaid)), "reason_needed");
    let status = acts::continue_here(&mut other.desk, on()).unwrap();
    assert_eq!(status.file.unwrap().read_only, None);
    other.sit("nurse");
    other.type_at(PLT, Raw::Number("62", "10^9/L")).unwrap();
    other.sound();

    // Brought back where it came from, it is another log's: the old device reads it and does not fork it.
    other.lock();
    fs::copy(other.file(), room.file()).unwrap();
    room.pass_days(2);
    room.open().unwrap();
    let status = room.unlock("nurse", PASSWORD).unwrap();
    assert_eq!(status.file.unwrap().read_only.as_deref(), Some("continued"));
    assert_eq!(code(room.type_at(PLT, Raw::Number("63", "10^9/L"))), "read_only");
}

#[test]
fn a_restored_backup_does_not_fork() {
    let mut room = Room::furnished();
    room.sit("nurse");
    room.add_subject("S-001");
    room.lock();
    let backup = fs::read(room.file()).unwrap();
    room.sit("nurse");
    room.type_at(PLT, Raw::Number("61", "10^9/L")).unwrap();
    acts::close_file(&mut room.desk, conduct::requests::CloseFile {}).unwrap();
    fs::write(room.file(), &backup).unwrap();
    room.open().unwrap();
    let status = room.unlock("nurse", PASSWORD).unwrap();
    assert_eq!(status.file.unwrap().read_only.as_deref(), Some("older"));
    assert_eq!(code(room.type_at(PLT, Raw::Number("62", "10^9/L"))), "read_only");
}

#[test]
fn only_the_investigator_exports_and_only_to_recipients_that_exist() {
    let mut room = Room::furnished();
    let handle = room.desk.choose(room.folder.clone());
    let ask = |plain, sealed_for: &[&str]| ExportBundle {
        handle,
        plain,
        sealed_for: sealed_for.iter().map(|r| (*r).to_owned()).collect(),
    };
    room.sit("nurse");
    let (refusal, facts) = refused(acts::export_bundle(&mut room.desk, ask(true, &[])));
    assert_eq!(
        (refusal.as_str(), fact(&facts, "role").as_str()),
        ("not_your_role", "nurse")
    );
    room.sit("doctor");
    let length = room.length();
    assert_eq!(
        code(acts::export_bundle(&mut room.desk, ask(false, &[]))),
        "nothing_to_write"
    );
    let (refusal, facts) = refused(acts::export_bundle(&mut room.desk, ask(true, &["age1nobody"])));
    assert_eq!(
        (refusal.as_str(), fact(&facts, "recipient").as_str()),
        ("recipient_form", "age1nobody")
    );
    assert_eq!(room.length(), length);
    let left: Vec<_> = fs::read_dir(&room.folder)
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert!(
        !left.iter().any(|name| name.to_string_lossy().contains(".zip")),
        "{left:?}"
    );
}

#[test]
fn a_bundle_of_somebody_unknown_is_not_a_damaged_one() {
    let mut room = Room::furnished();
    room.sit("doctor");
    let handle = room.desk.choose(room.folder.clone());
    let exported = acts::export_bundle(
        &mut room.desk,
        ExportBundle {
            handle,
            plain: true,
            sealed_for: vec![],
        },
    )
    .unwrap();
    let path = room.folder.join(&exported.files[0]);
    let handle = room.desk.choose(path.clone());
    let mut outcome = || {
        acts::verify_bundle(&mut room.desk, VerifyBundle { handle })
            .unwrap()
            .outcome
    };
    assert_eq!(outcome(), "holds");
    let list = path.with_file_name("allowed_signers");
    let signers = fs::read_to_string(&list).unwrap();
    fs::remove_file(&list).unwrap();
    assert_eq!(outcome(), "signer_unknown");
    fs::write(&list, "not a list of signers\n").unwrap();
    assert_eq!(outcome(), "unreadable");
    fs::write(&list, signers).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).unwrap();
    assert_eq!(outcome(), "damaged");
}

#[test]
fn everybody_in_the_room_is_somebody() {
    let mut room = Room::furnished();
    room.sit("auditor");
    let people = acts::people(&mut room.desk, conduct::requests::People {})
        .unwrap()
        .people;
    let known: Vec<_> = people
        .iter()
        .map(|p| (p.login.as_str(), p.printed_name.as_str(), p.role))
        .collect();
    assert_eq!(known, PEOPLE);
    assert!(people.iter().all(|p| p.active && p.words.split(' ').count() == 12));
    assert!(people[1..].iter().all(|p| p.added_by == "Zhao Min"));
}
