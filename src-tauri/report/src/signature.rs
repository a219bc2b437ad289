//! A confirmation with its electronic signature: printed name, date and time, meaning (21 CFR 11.50), and whether it
//! still stands.

use conduct::act::Role;
use conduct::views::ConfirmedView;
use serde::Serialize;

use crate::{moment, words::Words};

/// A signature block as printed.
#[derive(Serialize)]
pub(crate) struct Block {
    /// The verdict that was confirmed.
    verdict: String,
    /// Label and what stands beside it.
    rows: Vec<(String, String)>,
    /// It verifies, and nothing it covers changed.
    stands: bool,
    /// What the check of its bytes said.
    check: String,
    /// It verifies under the person's key.
    valid: bool,
    /// Today's verdict is another.
    differs: Option<String>,
    /// Records changed since.
    changed: Vec<String>,
}

/// The block of one confirmation.
pub(crate) fn block(view: &ConfirmedView, words: &Words) -> Block {
    let signature = &view.signature;
    let changed = signature.changed.iter().map(|(path, before, now)| {
        let (before, now) = (before.to_string(), now.to_string());
        words.say_with(
            "report_signature_change",
            &[("path", path), ("before", &before), ("now", &now)],
        )
    });
    let rows = [
        ("report_signature_name", signature.printed_name.clone()),
        ("report_signature_role", role(signature.role, words)),
        ("report_signature_when", moment::shown(&signature.when, words)),
        ("report_signature_meaning", signature.meaning.clone()),
        ("report_signature_version", view.version.clone()),
        ("report_signature_covers", signature.records.to_string()),
        ("report_signature_id", signature.signature.clone()),
    ];
    let check = if signature.valid {
        "report_signature_valid"
    } else {
        "report_signature_invalid"
    };
    Block {
        verdict: verdict(&view.verdict, words),
        rows: rows.into_iter().map(|(key, what)| (words.say(key), what)).collect(),
        stands: signature.valid && signature.changed.is_empty() && !view.differs_now,
        check: words.say(check),
        valid: signature.valid,
        differs: view.differs_now.then(|| words.say("report_signature_differs")),
        changed: changed.collect(),
    }
}

/// A verdict in one word; an unknown code as it stands.
pub(crate) fn verdict(code: &str, words: &Words) -> String {
    words.code("verdict_", code)
}

fn role(role: Role, words: &Words) -> String {
    let code = match role {
        Role::Nurse => "nurse",
        Role::SubInvestigator => "sub_investigator",
        Role::Investigator => "investigator",
        Role::DataManager => "data_manager",
        Role::Monitor => "monitor",
        Role::Auditor => "auditor",
        Role::Administrator => "administrator",
    };
    words.code("role_", code)
}
