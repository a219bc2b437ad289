//! Entries changed, left out, doubled or moved.

use crate::{Case, ENTRIES, PEOPLE, change, common::people, entries, header};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        (
            "entry-form",
            "not canonical",
            change(|t| t.replace(ENTRIES, "{\"", "{ \"")),
        ),
        (
            "entry-form",
            "no LF",
            change(|t| {
                let text = t.text(ENTRIES).trim_end().to_owned();
                t.put(ENTRIES, text);
            }),
        ),
        (
            "entry-form",
            "an empty line",
            change(|t| {
                let text = t.text(ENTRIES).replacen('\n', "\n\n", 1);
                t.put(ENTRIES, text);
            }),
        ),
        ("entry-form", "unknown member", entries(|l| l[0]["note"] = "x".into())),
        (
            "entry-form",
            "a decimal",
            change(|t| t.replace(ENTRIES, "{\"text\":\"38.5\"}", "38.5")),
        ),
        (
            "entry-form",
            "body without salt",
            entries(|l| drop(l[2].as_object_mut().unwrap().remove("salt"))),
        ),
        (
            "entry-form",
            "a line too long",
            entries(|l| l[2]["body"]["x"] = "x".repeat(2 << 20).into()),
        ),
        (
            "entry-leaf",
            "another value",
            entries(|l| l[2]["body"]["act"]["value"]["text"] = "36.5".into()),
        ),
        (
            "entry-leaf",
            "another salt",
            entries(|l| l[2]["salt"] = "00".repeat(16).into()),
        ),
        (
            "entry-leaf",
            "another leaf",
            entries(|l| l[2]["leaf"] = l[1]["leaf"].clone()),
        ),
        (
            "entry-head",
            "another head",
            entries(|l| l[2]["head"] = l[1]["head"].clone()),
        ),
        (
            "entry-head",
            "redacted, with another leaf",
            entries(|l| {
                let leaf = l[1]["leaf"].clone();
                let entry = l[3].as_object_mut().unwrap();
                entry.remove("salt");
                entry.remove("body");
                entry.insert("leaf".into(), leaf);
            }),
        ),
        ("entry-gap", "one left out", entries(|l| drop(l.remove(2)))),
        ("entry-gap", "one twice", entries(|l| l.insert(2, l[2].clone()))),
        ("entry-end", "the last left out", entries(|l| drop(l.pop()))),
        ("entry-end", "a log left out", entries(|l| l.truncate(5))),
        (
            "entry-end",
            "more than announced",
            header(|h| {
                h["logs"][1]["to"] = 1.into();
            }),
        ),
        ("entry-order", "logs the other way round", entries(|l| l.rotate_left(5))),
        (
            "entry-order",
            "an unannounced log",
            entries(|l| l[0]["log"] = "l-0".into()),
        ),
        (
            "entry-twice",
            "an id twice",
            entries(|l| l[6]["id"] = l[0]["id"].clone()),
        ),
        (
            "entry-actor",
            "somebody not in the list",
            change(|t| {
                let nurse = people().people.remove(0);
                t.json(PEOPLE, |p| drop(p["people"].as_array_mut().unwrap().remove(0)));
                let list = t.text("data/trust/allowed_signers");
                let without: String = list
                    .lines()
                    .filter(|l| !l.starts_with(&nurse.id))
                    .map(|l| l.to_owned() + "\n")
                    .collect();
                t.put("data/trust/allowed_signers", without);
            }),
        ),
    ]
}
