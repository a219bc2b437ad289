//! Keys of the file: a new one without anybody else's password, the old file kept and named.

use std::fs;

use conduct::{
    Reason, acts,
    problem::Answer,
    requests::{ReplaceKey, ReplaceRecoveryCode},
    views::KeyReplacedView,
};

use crate::{
    chart::Raw,
    room::{PASSWORD, Room, code},
};

fn because(text: &str) -> Reason {
    Reason {
        code: "other".into(),
        text: Some(text.into()),
    }
}

fn replace(room: &mut Room, password: &str) -> Answer<KeyReplacedView> {
    let reason = because("A laptop with a copy was stolen.");
    acts::replace_key(
        &mut room.desk,
        ReplaceKey {
            password: password.into(),
            reason,
        },
    )
}

#[test]
fn everybody_opens_the_file_under_its_new_key_with_their_own_password() {
    let mut room = Room::furnished();
    room.sit("nurse");
    room.add_subject("S-001");
    room.sit("admin");
    let made = acts::replace_recovery_code(
        &mut room.desk,
        ReplaceRecoveryCode {
            password: PASSWORD.into(),
        },
    )
    .unwrap();
    let before = fs::read(room.file()).unwrap();
    assert_eq!(code(replace(&mut room, "wrong")), "wrong_password");
    assert_eq!(
        code(acts::replace_key(
            &mut room.desk,
            ReplaceKey {
                password: PASSWORD.into(),
                reason: Reason {
                    code: "other".into(),
                    text: None
                },
            }
        )),
        "reason_needed"
    );
    room.pass(3600);
    let replaced = replace(&mut room, PASSWORD).unwrap();
    assert!(replaced.kept.starts_with("site.cartwright.key-"), "{}", replaced.kept);
    assert!(replaced.status.session.is_some(), "nobody had to log in again");
    let kept = room.folder.join(&replaced.kept);
    assert!(kept.exists() && fs::read(room.file()).unwrap()[65_536..65_600] != before[65_536..65_600]);
    let said = room
        .journal()
        .into_iter()
        .find(|entry| entry.act == "key_replaced")
        .unwrap();
    assert_eq!(
        said.reason.unwrap().1.as_deref(),
        Some("A laptop with a copy was stolen.")
    );
    for login in ["nurse", "doctor", "auditor"] {
        room.sit(login);
    }
    room.sit("nurse");
    room.type_at("S-001/SCR/DM/DM.MAIN/DM.SEX", Raw::Codes(&["F"])).unwrap();
    room.sound();
    room.lock();

    // The old file still opens with the old key, and is not written any more; the recovery code is as it was.
    room.open_at(&kept).unwrap();
    let old = room.unlock("doctor", PASSWORD).unwrap();
    assert_eq!(old.file.unwrap().read_only.as_deref(), Some("older"));
    room.lock();
    room.open().unwrap();
    let recovered = acts::recover(
        &mut room.desk,
        conduct::requests::Recover {
            code: made.recovery_code,
            login: "admin2".into(),
            printed_name: "Zhou Lan".into(),
            identity_verified: "passport".into(),
            password: PASSWORD.into(),
        },
    );
    assert!(recovered.unwrap().session.is_some());
}

#[test]
fn a_key_that_cannot_be_placed_leaves_the_file_as_it_was() {
    let mut room = Room::furnished();
    room.sit("admin");
    replace(&mut room, PASSWORD).unwrap();
    let kept = fs::read_dir(&room.folder).unwrap().filter_map(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        name.split_once(".key-")
            .map(|(_, number)| number.parse::<u64>().unwrap())
    });
    // In the way of the next one.
    let next = kept.max().unwrap() + 1;
    fs::write(room.folder.join(format!("site.cartwright.key-{next}")), b"x").unwrap();
    assert_eq!(code(replace(&mut room, PASSWORD)), "already_exists");
    assert!(room.status().session.is_none(), "closed, to be unlocked again");
    room.sit("nurse");
    room.sound();
}
