//! Files with no place, and a header that says too much, too little or something else.

use crate::{CHECKPOINT, COMMITS, Case, ENTRIES, HEADER, PEOPLE, change, header};
use serde_json::json;

pub(crate) fn cases() -> Vec<Case> {
    vec![
        (
            "file-unexpected",
            "a file with no place",
            change(|t| t.put("data/autorun.inf", "x")),
        ),
        ("file-missing", "no entries", change(|t| drop(t.files.remove(ENTRIES)))),
        ("file-missing", "no commits", change(|t| drop(t.files.remove(COMMITS)))),
        ("file-missing", "no people", change(|t| drop(t.files.remove(PEOPLE)))),
        (
            "file-missing",
            "no README",
            change(|t| drop(t.files.remove("data/README.txt"))),
        ),
        (
            "file-missing",
            "no checkpoint",
            change(|t| drop(t.files.remove(CHECKPOINT))),
        ),
        (
            "bagit-txt",
            "another BagIt version",
            change(|t| t.replace("bagit.txt", "1.0", "0.97")),
        ),
        (
            "bag-info",
            "another organisation",
            change(|t| t.replace("bag-info.txt", ": 012", ": 013")),
        ),
        (
            "header-form",
            "not canonical",
            change(|t| t.replace(HEADER, ":7", ": 7")),
        ),
        (
            "header-form",
            "no LF",
            change(|t| {
                let text = t.text(HEADER).trim_end().to_owned();
                t.put(HEADER, text);
            }),
        ),
        (
            "header-form",
            "a member twice",
            change(|t| t.replace(HEADER, "{", "{\"app\":\"0.0.9\",")),
        ),
        (
            "header-form",
            "too deep",
            header(|h| h["x-deep"] = json!([[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]])),
        ),
        (
            "header-form",
            "too large",
            header(|h| h["x-large"] = "x".repeat(70_000).into()),
        ),
        ("header-shape", "unknown member", header(|h| h["trusted"] = true.into())),
        (
            "header-shape",
            "another format",
            header(|h| h["format"] = "cartwright-parcel".into()),
        ),
        ("header-shape", "no version", header(|h| h["version"] = 0.into())),
        (
            "header-shape",
            "local time",
            header(|h| h["created"] = "2026-11-22T10:15:00+01:00".into()),
        ),
        (
            "header-shape",
            "a line break in the program's name",
            header(|h| h["app"] = "1\nX: y".into()),
        ),
        (
            "newer",
            "made by a newer Cartwright",
            header(|h| {
                h["version"] = 2.into();
                h["app"] = "9.0.0".into();
                h["novelty"] = json!({});
            }),
        ),
        (
            "header-name",
            "calls itself otherwise",
            header(|h| h["external_id"] = "CARTX-013".into()),
        ),
        (
            "header-logs",
            "a range from 0",
            header(|h| h["logs"][0]["from"] = 0.into()),
        ),
        (
            "header-logs",
            "an empty range",
            header(|h| h["logs"][1]["to"] = 0.into()),
        ),
        (
            "header-logs",
            "a log twice",
            header(|h| h["logs"][1] = h["logs"][0].clone()),
        ),
        (
            "header-logs",
            "another genesis",
            header(|h| h["logs"][0]["head_before"] = h["logs"][0]["head"].clone()),
        ),
    ]
}
