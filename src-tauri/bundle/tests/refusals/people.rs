//! A list of people, or an enclosed list of keys, that contradicts itself.

use crate::{
    Case, PEOPLE, change,
    common::{DOCTOR, LOG_B, NURSE, stranger},
};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        ("people-form", "not canonical", change(|t| t.replace(PEOPLE, ",", ", "))),
        (
            "people-form",
            "an RSA key",
            change(|t| t.replace(PEOPLE, "ssh-ed25519", "ssh-rsa")),
        ),
        (
            "people-form",
            "a name that moves the cursor",
            change(|t| t.json(PEOPLE, |p| p["people"][0]["printed_name"] = "\u{1b}[2J".into())),
        ),
        (
            "people-form",
            "a recipient that is none",
            change(|t| t.json(PEOPLE, |p| p["site"]["recipient"] = "age1".into())),
        ),
        (
            "people-twice",
            "two people of one id",
            change(|t| t.json(PEOPLE, |p| p["people"][0]["id"] = DOCTOR.into())),
        ),
        (
            "people-twice",
            "two people with one key",
            change(|t| {
                t.json(PEOPLE, |p| p["people"][0]["key"] = p["people"][1]["key"].clone());
            }),
        ),
        (
            "people-twice",
            "a person called device",
            change(|t| {
                t.json(PEOPLE, |p| p["people"][0]["id"] = "device".into());
            }),
        ),
        (
            "people-twice",
            "two devices of one log",
            change(|t| t.json(PEOPLE, |p| p["devices"][0]["log"] = LOG_B.into())),
        ),
        (
            "people-site",
            "another site's key",
            change(|t| {
                t.json(PEOPLE, |p| p["site"]["key"] = stranger().public().to_string().into());
            }),
        ),
        (
            "people-site",
            "another site's code",
            change(|t| t.json(PEOPLE, |p| p["site"]["code"] = "013".into())),
        ),
        (
            "trust-list",
            "unreadable",
            change(|t| t.put("data/trust/allowed_signers", "* cert-authority x\n")),
        ),
        (
            "trust-list",
            "without the person who exported",
            change(|t| {
                let list = t.text("data/trust/allowed_signers");
                let without = list
                    .lines()
                    .filter(|l| !l.starts_with(DOCTOR))
                    .collect::<Vec<_>>()
                    .join("\n");
                t.put("data/trust/allowed_signers", without);
            }),
        ),
        (
            "trust-list",
            "the person who signed, not for signing",
            change(|t| {
                let list = t.text("data/trust/allowed_signers");
                let (before, doctor) = list.split_at(list.find(DOCTOR).unwrap());
                let doctor = doctor.replace(",cartwright-esig-v1", "");
                t.put("data/trust/allowed_signers", format!("{before}{doctor}"));
            }),
        ),
        (
            "trust-list",
            "without the site",
            change(|t| {
                let list = t.text("data/trust/allowed_signers");
                t.put("data/trust/allowed_signers", list.split_once('\n').unwrap().1);
            }),
        ),
        (
            "trust-list",
            "a stranger under a person's name",
            change(|t| {
                let list = t.text("data/trust/allowed_signers");
                t.put(
                    "data/trust/allowed_signers",
                    format!("{list}{NURSE} {}\n", stranger().public()),
                );
            }),
        ),
    ]
}
