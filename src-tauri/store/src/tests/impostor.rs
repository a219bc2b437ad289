//! Somebody tries to sign, or to act, as somebody else: with another's signature submitted again, with slots exchanged by
//! whoever holds the file's key, with a session that no longer counts.

use serde_json::Value;
use study::act::{Act, Role, Statement};

use crate::{
    Access, KdfCost, SecretString, Session, SiteFile, StoreError,
    desk::{Desk, PASSWORD, because, entered, password, person},
    header::{Header, HeaderBody},
    keys::Secret,
    slots::{PersonKeys, Slot, SlotOwner},
    tests::{
        codes,
        disk::{files_in, lay_out},
        lively, quick_desk, signed, unguarded,
    },
};

const DOCTORS: &str = "what only the doctor knows";

/// A lively file, and a doctor with a password of her own.
fn bench() -> (Desk, SiteFile, Session, Session) {
    let mut desk = quick_desk();
    let mut file = lively(&mut desk);
    let stamp = desk.stamp();
    let log_in = |desk: &mut Desk, file: &mut SiteFile, login: &str, word: &str| {
        file.authenticate(login, &password(word), &stamp, &mut desk.seed)
            .unwrap()
    };
    let admin = log_in(&mut desk, &mut file, "admin", PASSWORD);
    let mut doctor = person("doctor", Role::Investigator);
    doctor.password = password(DOCTORS);
    let stamp = desk.stamp();
    file.add_person(&admin, &doctor, KdfCost::cheap(), &stamp, &mut desk.seed)
        .unwrap();
    let nurse = log_in(&mut desk, &mut file, "nurse", PASSWORD);
    let doctor = log_in(&mut desk, &mut file, "doctor", DOCTORS);
    (desk, file, nurse, doctor)
}

/// What the doctor signed, under her own role.
fn doctors(desk: &mut Desk, file: &SiteFile, doctor: &Session) -> (Statement, String) {
    let Act::Signed { mut statement, .. } = signed(desk, file, doctor) else {
        panic!("not a signature")
    };
    statement.id = "s-9".into();
    statement.role = doctor.role();
    let bytes = proof::statement_bytes(&statement).unwrap();
    let signature = doctor.sign(proof::Namespace::Esig, &bytes).armoured();
    (statement, signature)
}

type Change = fn(&mut Statement);

#[test]
fn another_persons_signature_submitted_again_is_nobodys() {
    let cases: [(&str, Change, &[&str]); 8] = [
        ("as it is", |_| (), &["e_signature_person"]),
        (
            "under a new number",
            |s| s.id = "s-10".into(),
            &["e_signature", "e_signature_person"],
        ),
        (
            "over another form",
            |s| s.records[0].id = "S-001/SCR/VS".into(),
            &["e_signature", "e_signature_person"],
        ),
        (
            "over another version",
            |s| s.records[0].version += 1,
            &["e_signature", "e_signature_person"],
        ),
        (
            "over other values",
            |s| s.records[0].sha256 = "11".repeat(32),
            &["e_signature", "e_signature_person"],
        ),
        (
            "with another meaning",
            |s| s.meaning_code = "eligibility".into(),
            &["e_signature", "e_signature_person"],
        ),
        (
            "on another day",
            |s| s.moment.at = "2027-01-01T08:00:00.000Z".into(),
            &["e_signature", "e_signature_person"],
        ),
        (
            "in another file",
            |s| s.store = "00000000-0000-4000-8000-000000000000".into(),
            &["e_signature", "e_signature_person", "e_signature_place"],
        ),
    ];
    for (what, change, expected) in cases {
        let (mut desk, mut file, nurse, doctor) = bench();
        let (mut statement, signature) = doctors(&mut desk, &file, &doctor);
        let genuine = Act::Signed {
            statement: statement.clone(),
            signature: signature.clone(),
        };
        desk.act(&mut file, &doctor, vec![genuine]);
        // The form changes after the doctor has seen it.
        desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/DM.MAIN/DM.SEX", "F")]);
        assert_eq!(codes(&file), Vec::<&str>::new());
        change(&mut statement);
        desk.act(&mut file, &nurse, vec![Act::Signed { statement, signature }]);
        assert_eq!(codes(&file), expected, "{what}");
    }
}

fn json(slot: &Slot) -> Value {
    serde_json::to_value(slot).unwrap()
}

fn named<'a>(body: &'a mut HeaderBody, login: &str) -> &'a mut Slot {
    body.slots.iter_mut().find(|slot| slot.login == login).unwrap()
}

/// A slot for the doctor that these keys and the nurse's password open.
fn made_for_the_doctor(header: &Header, keys: &PersonKeys, dek: &Secret, desk: &mut Desk) -> Slot {
    let doctor = header.body.slots.iter().find(|slot| slot.login == "doctor").unwrap();
    let owner = SlotOwner {
        store: &header.store,
        person: &doctor.user,
        login: "doctor",
        label: &doctor.label,
    };
    let with: (&SecretString, KdfCost) = (&password(PASSWORD), KdfCost::cheap());
    Slot::make(&owner, keys, dek, with, &mut desk.seed).unwrap()
}

#[test]
fn slots_exchanged_with_the_files_key_in_hand_make_nobody_the_doctor() {
    let (mut desk, file, nurse, _) = bench();
    let dek = Secret::new(*file.dek);
    file.close().unwrap();
    let whole = files_in(desk.folder.path());
    for (what, expected) in [
        ("her way in behind the doctor's name", Err("wrong_password")),
        ("the same under her slot's number", Err("wrong_password")),
        ("her slot under the doctor's log-in name", Ok("nurse")),
        ("a slot for the doctor made of her own keys", Err("damaged")),
        ("a slot for the doctor made of new keys", Err("damaged")),
    ] {
        lay_out(desk.folder.path(), &whole);
        let conn = unguarded(&desk, &dek);
        let mut header = Header::read(&conn).unwrap();
        let mut body = header.body.clone();
        let mut hers = json(named(&mut body, "nurse"));
        let mut doctors = json(named(&mut body, "doctor"));
        let made = match what {
            "her way in behind the doctor's name" | "the same under her slot's number" => {
                for field in ["kdf", "wrap", "x25519_pub", "dek_sealed"] {
                    doctors[field] = hers[field].take();
                }
                if what == "the same under her slot's number" {
                    doctors["id"] = hers["id"].take();
                }
                serde_json::from_value(doctors).unwrap()
            }
            "her slot under the doctor's log-in name" => {
                hers["login"] = "doctor".into();
                serde_json::from_value(hers).unwrap()
            }
            "a slot for the doctor made of her own keys" => made_for_the_doctor(&header, &nurse.keys, &dek, &mut desk),
            _ => {
                let keys = PersonKeys::make(&mut desk.seed).unwrap();
                made_for_the_doctor(&header, &keys, &dek, &mut desk)
            }
        };
        *named(&mut body, "doctor") = made;
        // Sealed again under the file's key, and noted in the database as the newest.
        let body = header.next(body, &dek).unwrap();
        header.write(&conn, body.clone()).unwrap();
        SiteFile::note_header(&conn, &body).unwrap();
        drop(conn);
        let opened = desk.unlock("doctor");
        let found = opened
            .as_ref()
            .map(|(_, session)| session.login())
            .map_err(StoreError::code);
        assert_eq!(found, expected, "{what}");
        drop(opened);
        // The doctor is kept out, which she notices; everybody else's way in is as it was.
        let (file, admin) = desk.unlock("admin").unwrap();
        assert_eq!((file.access(), admin.login()), (&Access::Writable, "admin"));
    }
}

#[test]
fn a_session_of_somebody_who_was_disabled_saves_and_signs_nothing() {
    let (mut desk, mut file, _, doctor) = bench();
    let (statement, signature) = doctors(&mut desk, &file, &doctor);
    let stamp = desk.stamp();
    let admin = file
        .authenticate("admin", &password(PASSWORD), &stamp, &mut desk.seed)
        .unwrap();
    file.disable_person(&admin, doctor.person(), because("left"), &stamp, &mut desk.seed)
        .unwrap();
    for act in [
        entered("S-001/SCR/DM/DM.MAIN/DM.SEX", "F"),
        Act::Signed { statement, signature },
    ] {
        let before = file.logs().unwrap()[0].last_seq;
        let save = desk.save(&doctor, vec![act]);
        assert!(matches!(
            file.transact(&save, &mut desk.seed),
            Err(StoreError::NotThisFile)
        ));
        assert_eq!(file.logs().unwrap()[0].last_seq, before);
    }
    assert_eq!(codes(&file), Vec::<&str>::new());
}
