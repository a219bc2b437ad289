//! Checkpoints and electronic signatures that are not what they claim.

use crate::{
    CHECKPOINT, Case, STATEMENT, STATEMENT_SIG, change,
    common::{NURSE, doctor_key, nurse_key, site_key},
    statement,
};
use proof::{Namespace, sign};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        (
            "checkpoint",
            "another number",
            change(|t| t.replace(CHECKPOINT, "\n5\n", "\n4\n")),
        ),
        (
            "checkpoint-signature",
            "by a person",
            change(|t| {
                let sig = sign(&nurse_key(), Namespace::Checkpoint, &t.files[CHECKPOINT]);
                t.put(&format!("{CHECKPOINT}.sshsig"), sig.armoured());
            }),
        ),
        (
            "signature-form",
            "for another purpose",
            change(|t| {
                let sig = sign(&site_key(), Namespace::Bundle, &t.files[CHECKPOINT]);
                t.put(&format!("{CHECKPOINT}.sshsig"), sig.armoured());
            }),
        ),
        (
            "esig-form",
            "not canonical",
            change(|t| t.replace(STATEMENT, ",", ", ")),
        ),
        (
            "esig-form",
            "another format",
            statement(doctor_key, |s| s["format"] = "esig".into()),
        ),
        (
            "esig-form",
            "no meaning",
            statement(doctor_key, |s| s["meaning"] = "".into()),
        ),
        (
            "esig-form",
            "not numbered in order",
            change(|t| {
                for name in [STATEMENT, STATEMENT_SIG] {
                    let bytes = t.files.remove(name).unwrap();
                    t.put(&name.replace("01", "02"), bytes);
                }
            }),
        ),
        (
            "esig-form",
            "without its signature",
            change(|t| drop(t.files.remove(STATEMENT_SIG))),
        ),
        (
            "esig-form",
            "one id twice",
            change(|t| {
                for name in [STATEMENT, STATEMENT_SIG] {
                    let bytes = t.files[name].clone();
                    t.put(&name.replace("01", "02"), bytes);
                }
            }),
        ),
        (
            "esig-person",
            "nobody known",
            statement(doctor_key, |s| s["person"] = "p-9".into()),
        ),
        (
            "esig-signature",
            "the meaning exchanged",
            change(|t| t.replace(STATEMENT, "reviewed", "glanced at")),
        ),
        ("esig-signature", "another person's", statement(nurse_key, |_| {})),
        (
            "esig-signature",
            "in another's name",
            statement(doctor_key, |s| s["person"] = NURSE.into()),
        ),
        (
            "esig-elsewhere",
            "another file",
            statement(doctor_key, |s| s["store"] = "other".into()),
        ),
        (
            "esig-elsewhere",
            "another study",
            statement(doctor_key, |s| s["study"] = "CARTY@1.0".into()),
        ),
        (
            "esig-head",
            "a state the log never had",
            statement(doctor_key, |s| s["seq"] = 3.into()),
        ),
        (
            "esig-journal",
            "other than in the journal",
            statement(doctor_key, |s| s["login"] = "rossi2".into()),
        ),
        (
            "esig-journal",
            "left out",
            change(|t| {
                t.files.remove(STATEMENT);
                t.files.remove(STATEMENT_SIG);
            }),
        ),
    ]
}
