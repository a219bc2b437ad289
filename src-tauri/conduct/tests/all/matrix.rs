//! Who may do what: every command for every role and for nobody, as the table here says.

use std::collections::BTreeSet;

use conduct::{acts, commands::NAMES, problem::Problem};
use serde_json::{Value, json};

use crate::{
    chart::Raw,
    room::{PASSWORD, Room},
};

/// Whose column is which letter; `-` is nobody.
const COLUMNS: &[(char, &str)] = &[
    ('n', "nurse"),
    ('s', "sub"),
    ('i', "doctor"),
    ('d', "data"),
    ('m', "monitor"),
    ('a', "auditor"),
    ('z', "admin"),
];

const EVERYBODY: &str = "nsidmaz";

/// Command, who may, and a well-formed request that does no more harm than it must.
pub(crate) fn table(handle: u32) -> Vec<(&'static str, &'static str, Value)> {
    let path = "S-001/SCR/LAB/LAB.HEM/LAB.PLT";
    let form = "S-001/SCR/LAB";
    let reason = json!({ "code": "transcription" });
    let person = json!({
        "login": "nurse", "printed_name": "X", "role": "nurse", "identity_verified": "x", "password": PASSWORD,
    });
    vec![
        ("status", "-nsidmaz", json!({})),
        (
            "create_site",
            "-nsidmaz",
            json!({
                "handle": handle, "site": "no code", "site_name": "X", "login": "x", "printed_name": "X",
                "identity_verified": "x", "password": PASSWORD,
            }),
        ),
        ("confirm_recovery_code", EVERYBODY, json!({ "typed": "0000" })),
        ("open_file", "-nsidmaz", json!({ "handle": handle })),
        ("close_file", "-nsidmaz", json!({})),
        ("unlock", "-nsidmaz", json!({ "login": "nobody", "password": "x" })),
        (
            "recover",
            "-nsidmaz",
            json!({
                "code": "0000", "login": "x", "printed_name": "X", "identity_verified": "x", "password": PASSWORD,
            }),
        ),
        ("continue_here", "z", json!({ "reason": reason })),
        (
            "create_reviewer",
            "-nsidmaz",
            json!({
                "kind": "monitor",
                "file": {
                    "handle": handle, "site": "no code", "site_name": "X", "login": "x", "printed_name": "X",
                    "identity_verified": "x", "password": PASSWORD,
                },
            }),
        ),
        ("continue_beside", "z", json!({ "reason": reason })),
        ("preview_bundle", "iz", json!({ "handle": 99, "fingerprint": null })),
        ("import_bundle", "iz", json!({ "handle": 99, "fingerprint": null })),
        ("check_against", EVERYBODY, json!({ "handles": [99] })),
        ("redactions", EVERYBODY, json!({})),
        (
            "plan_redaction",
            "nsiz",
            json!({ "entries": [{ "log": "l-0", "seq": 1 }] }),
        ),
        (
            "decline_redaction",
            "nsiz",
            json!({ "asked": { "log": "l-0", "seq": 1 }, "reason": reason }),
        ),
        (
            "ask_redaction",
            "nsiz",
            json!({ "entries": [{ "log": "l-0", "seq": 1 }], "reason": reason }),
        ),
        (
            "redact",
            "nsiz",
            json!({ "asked": { "log": "l-0", "seq": 1 }, "login": "nobody", "password": "x", "reason": reason }),
        ),
        ("lock", EVERYBODY, json!({ "how": "person" })),
        ("still_here", EVERYBODY, json!({})),
        ("people", EVERYBODY, json!({})),
        ("add_person", "z", person),
        (
            "grant_access",
            "z",
            json!({ "person": "p-0000000000000000", "days": 3, "reason": reason }),
        ),
        ("access", EVERYBODY, json!({})),
        (
            "delegate",
            "i",
            json!({ "person": "p-0000000000000000", "duties": ["entry"], "from": "2026-03-02", "until": null }),
        ),
        (
            "end_delegation",
            "i",
            json!({ "delegation": "d-0000000000000000", "reason": reason }),
        ),
        (
            "write_access",
            EVERYBODY,
            json!({ "what": "access", "format": "csv", "locale": "en", "handle": 99 }),
        ),
        (
            "disable_person",
            "z",
            json!({ "person": "p-0000000000000000", "reason": reason }),
        ),
        (
            "change_password",
            EVERYBODY,
            json!({ "password": "wrong", "new_password": PASSWORD }),
        ),
        ("replace_key", "z", json!({ "password": "wrong", "reason": reason })),
        ("keep_draft", EVERYBODY, json!({ "key": "k", "text": "" })),
        ("drafts", EVERYBODY, json!({})),
        ("key_sheet", EVERYBODY, json!({})),
        (
            "switch_key_sheet",
            "z",
            json!({ "on": true, "password": "wrong", "second_login": null, "second_password": null, "reason": reason }),
        ),
        (
            "print_key_sheet",
            "z",
            json!({ "password": "wrong", "locale": "en", "handle": 99 }),
        ),
        ("write_access_card", "z", json!({ "person": "p-0", "handle": 99 })),
        ("take_access_card", "z", json!({ "handle": 99 })),
        ("backups", EVERYBODY, json!({})),
        ("back_up", "nsidmz", json!({ "handle": 99 })),
        ("save_copy", "nsidmz", json!({ "handle": 99 })),
        ("restore", "-nsidmaz", json!({ "backup": 99, "to": 99 })),
        ("replace_recovery_code", "z", json!({ "password": PASSWORD })),
        (
            "accept_declaration",
            EVERYBODY,
            json!({ "text": "x", "password": PASSWORD }),
        ),
        ("acknowledge_clock", "iz", json!({})),
        ("study_in_force", EVERYBODY, json!({})),
        ("versions", EVERYBODY, json!({})),
        ("plan_version", EVERYBODY, json!({ "version": "1.1" })),
        ("install_version", "z", json!({ "version": "9.9" })),
        ("today", EVERYBODY, json!({})),
        ("subjects", EVERYBODY, json!({})),
        ("search", EVERYBODY, json!({ "text": "S-001", "subject": null })),
        ("add_subject", "nsi", json!({ "subject": "S-001" })),
        ("subject", EVERYBODY, json!({ "subject": "S-001" })),
        ("registers", EVERYBODY, json!({ "register": null })),
        ("record_uses", EVERYBODY, json!({ "record": "SITE/LOTS/LOT" })),
        ("plan_move", EVERYBODY, json!({ "subject": "S-001", "to": "1.1" })),
        (
            "move_subject",
            "i",
            json!({ "subject": "S-001", "from": "1.0", "to": "1.1", "reason": reason }),
        ),
        ("form", EVERYBODY, json!({ "form": form })),
        (
            "enter_value",
            "nsi",
            json!({
                "path": path, "text": "70", "unit": "10^9/L", "codes": [], "missing": null, "by_hand": false,
                "reason": null, "hide_answers": false,
            }),
        ),
        (
            "explain_finding",
            "nsi",
            json!({ "path": path, "check": "RANGE", "text": "It is so." }),
        ),
        ("keep_unfinished", "nsi", json!({ "path": path, "typed": null })),
        (
            "remove_row",
            "nsi",
            json!({ "form": form, "group": "LAB.HEM", "row": 1, "reason": reason }),
        ),
        ("complete_form", "nsi", json!({ "form": form })),
        ("reopen_form", "nsi", json!({ "form": form, "reason": reason })),
        ("history", EVERYBODY, json!({ "path": path })),
        ("queries", EVERYBODY, json!({ "subject": null })),
        ("raise_query", "dm", json!({ "path": path, "text": "Why?" })),
        (
            "answer_query",
            "nsi",
            json!({ "query": "q-0000000000000000", "text": "Because." }),
        ),
        (
            "close_query",
            "dm",
            json!({ "query": "q-0000000000000000", "text": null }),
        ),
        (
            "reopen_query",
            "dm",
            json!({ "query": "q-0000000000000000", "text": "Why?" }),
        ),
        ("review", "dm", json!({ "subject": null })),
        ("verify", "m", json!({ "path": path, "version": 9 })),
        ("withdraw_verification", "m", json!({ "path": path, "reason": reason })),
        ("eligibility", EVERYBODY, json!({ "subject": "S-001" })),
        (
            "confirm_eligibility",
            "i",
            json!({
                "subject": "S-001", "verdict": "eligible", "meaning": "x", "login": "doctor", "password": PASSWORD,
            }),
        ),
        (
            "check_identity",
            "nsi",
            json!({
                "form": "S-001/INF/INFUSION", "login": "nurse", "password": PASSWORD, "checks": [],
            }),
        ),
        (
            "confirm_derived",
            "si",
            json!({
                "path": "S-001/CRS/CRS/CRS.OUTCOME/CRS.GRADE", "derived": "1", "own": null, "reason": null,
            }),
        ),
        ("to_sign", EVERYBODY, json!({})),
        (
            "sign",
            "i",
            json!({ "forms": [form], "meaning": "x", "login": "doctor", "password": PASSWORD }),
        ),
        ("exchange", EVERYBODY, json!({})),
        (
            "export_bundle",
            "i",
            json!({ "handle": handle, "plain": false, "sealed_for": [] }),
        ),
        ("verify_bundle", "-nsidmaz", json!({ "handle": handle })),
        (
            "audit",
            EVERYBODY,
            json!({
                "subject": null, "person": null, "path": null, "about": null, "day": null, "only": [], "before": null,
            }),
        ),
        ("soundness", EVERYBODY, json!({})),
        ("begin_check", EVERYBODY, json!({})),
        ("stop_check", EVERYBODY, json!({})),
        ("signals", EVERYBODY, json!({ "everything": false, "past": [] })),
        (
            "review_journal",
            "idm",
            json!({ "stretches": [], "remark": null, "password": "wrong" }),
        ),
        ("acknowledge_attempts", "z", json!({})),
        (
            "record_training",
            "iz",
            json!({ "person": "p-0000000000000000", "topic": "GCP", "on": "2026-03-02" }),
        ),
        ("confirm_people", "z", json!({ "people": [], "password": "wrong" })),
        (
            "eligibility_statement",
            EVERYBODY,
            json!({ "subject": "S-001", "locale": "xx", "handle": handle }),
        ),
    ]
}

/// `not_your_role` or `not_logged_in`, if that is why.
fn kept_out(answer: &Result<Value, Problem>, command: &str) -> Option<String> {
    match answer {
        Err(Problem::Refusal { code, facts }) if code == "not_your_role" || code == "not_logged_in" => {
            assert_eq!(facts[0], ("act".to_owned(), command.to_owned()));
            Some(code.clone())
        }
        Err(Problem::Refusal { .. } | Problem::Fault { .. }) | Ok(_) => None,
    }
}

/// A site with one subject and one value.
fn site() -> Room {
    let mut room = Room::furnished();
    room.sit("nurse");
    room.add_subject("S-001");
    room.type_at("S-001/SCR/LAB/LAB.HEM/LAB.PLT", Raw::Number("61", "10^9/L"))
        .unwrap();
    room
}

#[test]
fn the_table_names_every_command() {
    let table = table(1);
    let named: BTreeSet<&str> = table.iter().map(|(name, ..)| *name).collect();
    assert_eq!(named.len(), table.len());
    assert_eq!(named, NAMES.iter().copied().collect());
}

#[test]
fn every_role_is_kept_out_exactly_where_the_table_says() {
    let mut room = site();
    let handle = room.desk.choose(room.file());
    let table = table(handle);
    for (letter, login) in COLUMNS {
        room.sit(login);
        let role = room.status().session.unwrap();
        let length = room.length();
        let forbidden = table.iter().filter(|(_, who, _)| !who.contains(*letter)).count();
        for (command, who, request) in table.iter().filter(|(_, who, _)| !who.contains(*letter)) {
            let answer = acts::call(&mut room.desk, command, request.clone());
            assert_eq!(
                kept_out(&answer, command).as_deref(),
                Some("not_your_role"),
                "{login} {command} ({who}): {answer:?}"
            );
            assert!(
                !role.rights.iter().any(|right| right == command),
                "{login} is shown {command}"
            );
        }
        // Each is in the journal, noted by the device, and nothing else is.
        let kept = length + u64::try_from(forbidden).unwrap();
        assert_eq!(
            room.length(),
            kept,
            "{login}: a refusal wrote something else, or was not kept"
        );
        let noted: Vec<_> = room.journal().into_iter().take(forbidden).collect();
        let mut commands = Vec::new();
        for entry in noted {
            assert_eq!((entry.act.as_str(), entry.by.as_deref()), ("command_refused", None));
            commands.push(entry.text.unwrap().rsplit(": ").next().unwrap().to_owned());
        }
        let mut asked: Vec<_> = table
            .iter()
            .filter(|(_, who, _)| !who.contains(*letter))
            .map(|(c, ..)| *c)
            .collect();
        asked.reverse();
        assert_eq!(commands, asked, "{login}");
        for (command, _, request) in table.iter().filter(|(_, who, _)| who.contains(*letter)) {
            if room.status().session.is_none() {
                room.sit(login);
            }
            let answer = acts::call(&mut room.desk, command, request.clone());
            assert_eq!(kept_out(&answer, command), None, "{login} {command}: {answer:?}");
            assert!(
                role.rights.iter().any(|right| right == command),
                "{login} is not shown {command}"
            );
        }
        // Some of what was allowed was a wrong password.
        room.pass(3600);
    }
    room.sit("auditor");
    room.sound();
}

#[test]
fn nobody_may_only_look_at_files() {
    let mut room = site();
    let handle = room.desk.choose(room.file());
    let length = room.length();
    room.lock();
    for (command, who, request) in table(handle).iter().filter(|(_, who, _)| !who.contains('-')) {
        let answer = acts::call(&mut room.desk, command, request.clone());
        assert_eq!(
            kept_out(&answer, command).as_deref(),
            Some("not_logged_in"),
            "{command} ({who}): {answer:?}"
        );
    }
    for (command, _, request) in table(handle).iter().filter(|(_, who, _)| who.contains('-')) {
        let answer = acts::call(&mut room.desk, command, request.clone());
        assert_eq!(kept_out(&answer, command), None, "{command}: {answer:?}");
    }
    room.sit("auditor");
    // Locking and logging in, nothing else.
    assert_eq!(room.length(), length + 2);
}

#[test]
fn what_is_not_in_the_list_is_no_command() {
    let mut room = site();
    let no = acts::call(&mut room.desk, "delete_subject", json!({}));
    assert_eq!(crate::room::code(no), "no_such_command");
    let more = acts::call(&mut room.desk, "status", json!({ "and": "more" }));
    assert_eq!(crate::room::code(more), "request_form");
}
