//! Commits by the wrong person, over the wrong entries, or none.

use crate::{
    COMMITS, Case, PEOPLE, change, commits,
    common::{DOCTOR, LOG_A, LOG_B, device_key, doctor_key, export},
};
use proof::{Checkpoint, CommitSig};
use serde_json::Value;

pub(crate) fn cases() -> Vec<Case> {
    vec![
        (
            "commit-form",
            "not a signature",
            commits(|l| l[0]["sig"] = "AAAA".into()),
        ),
        ("commit-form", "unknown member", commits(|l| l[0]["by"] = "x".into())),
        (
            "commit-signature",
            "of another commit",
            commits(|l| l[1]["sig"] = l[0]["sig"].clone()),
        ),
        (
            "commit-signature",
            "by another person",
            commits(|l| {
                l[1]["sig"] = resigned(&l[1], &doctor_key());
            }),
        ),
        (
            "commit-signature",
            "by another log's device",
            commits(|l| {
                l[0]["sig"] = resigned(&l[0], &device_key(LOG_B));
            }),
        ),
        (
            "commit-actor",
            "a person for another's entries",
            commits(|l| {
                l[1]["sig"] = resigned(&l[1], &doctor_key());
                l[1]["signer"] = DOCTOR.into();
            }),
        ),
        (
            "commit-actor",
            "the device for a person's entries",
            commits(|l| {
                l[2]["sig"] = resigned(&l[2], &device_key(LOG_A));
                l[2]["signer"] = "device".into();
            }),
        ),
        (
            "commit-actor",
            "one commit over two people's entries",
            commits(|l| drop(l.remove(2))),
        ),
        (
            "commit-signer",
            "nobody known",
            commits(|l| l[1]["signer"] = "p-9".into()),
        ),
        (
            "commit-signer",
            "a device not in the list",
            change(|t| {
                t.json(PEOPLE, |p| drop(p["devices"].as_array_mut().unwrap().remove(0)));
            }),
        ),
        ("commit-order", "exchanged", commits(|l| l.swap(3, 4))),
        ("commit-order", "twice", commits(|l| l.insert(1, l[0].clone()))),
        ("commit-order", "beyond the end", commits(|l| l[3]["seq"] = 6.into())),
        (
            "commit-order",
            "of an unknown log",
            commits(|l| l[0]["log"] = "l-0".into()),
        ),
        ("commit-uncovered", "the last entry", commits(|l| drop(l.pop()))),
        ("commit-uncovered", "everything", change(|t| t.put(COMMITS, ""))),
    ]
}

/// The commit's signature, made by another key over the same state.
fn resigned(commit: &Value, key: &proof::SigningKey) -> Value {
    let (_, entries) = export();
    let (log, seq) = (commit["log"].as_str().unwrap(), commit["seq"].as_u64().unwrap());
    let entry = entries.iter().find(|e| e.log == log && e.seq == seq).unwrap();
    let checkpoint = Checkpoint::new(log, seq, entry.head).unwrap();
    serde_json::to_value(CommitSig::sign(key, &checkpoint)).unwrap()
}
