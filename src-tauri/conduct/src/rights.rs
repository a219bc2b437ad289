//! Who may do what: one table, for the core, the page and the guide.

use study::act::{FileKind, Role};

use crate::{
    commands,
    trouble::{Outcome, no_with},
};

/// Commands that need nobody logged in.
const OPEN: &[&str] = &[
    "status",
    "create_site",
    "create_reviewer",
    "open_file",
    "close_file",
    "unlock",
    "recover",
    "restore",
    "verify_bundle",
];

/// Commands that every person logged in may use.
const EVERYBODY: &[&str] = &[
    "lock",
    "still_here",
    "confirm_recovery_code",
    "people",
    "access",
    "write_access",
    "change_password",
    "backups",
    "key_sheet",
    "accept_declaration",
    "study_in_force",
    "versions",
    "plan_version",
    "plan_move",
    "today",
    "subjects",
    "search",
    "subject",
    "registers",
    "record_uses",
    "form",
    "history",
    "drafts",
    "keep_draft",
    "queries",
    "eligibility",
    "to_sign",
    "exchange",
    "audit",
    "soundness",
    "begin_check",
    "stop_check",
    "signals",
    "eligibility_statement",
    "check_against",
    "redactions",
];

/// Values are the site's.
const ENTRY: &[&str] = &[
    "add_subject",
    "enter_value",
    "explain_finding",
    "keep_unfinished",
    "remove_row",
    "complete_form",
    "reopen_form",
    "answer_query",
    "check_identity",
];

/// The file is kept by everybody who writes in it.
const KEEPING: &[&str] = &["back_up", "save_copy"];

/// Questions are the reviewer's.
const ASKING: &[&str] = &["raise_query", "close_query", "reopen_query", "review"];

/// What attests something: it waits until the person's training for the role is recorded. Facts never wait.
pub(crate) const ATTESTS: &[&str] = &[
    "complete_form",
    "verify",
    "confirm_derived",
    "confirm_eligibility",
    "sign",
    "review_journal",
];

/// Whoever sees that something identifies a person may ask that it go, take that back, and have a second person at the
/// desk who [`may_agree`].
const ASKING_REDACTION: &[&str] = &["plan_redaction", "ask_redaction", "redact", "decline_redaction"];

/// Parcels of a reviewer's own file.
const OWN_BUNDLES: &[&str] = &["export_bundle", "preview_bundle", "import_bundle"];

/// What a role may do beyond [`EVERYBODY`], in groups.
fn groups(role: Role) -> &'static [&'static [&'static str]] {
    match role {
        Role::Nurse => &[ENTRY, KEEPING, ASKING_REDACTION],
        Role::SubInvestigator => &[ENTRY, KEEPING, ASKING_REDACTION, &["confirm_derived"]],
        Role::Investigator => &[
            ENTRY,
            KEEPING,
            ASKING_REDACTION,
            &[
                "confirm_derived",
                "confirm_eligibility",
                "move_subject",
                "sign",
                "delegate",
                "end_delegation",
                "record_training",
                "review_journal",
                "export_bundle",
                "preview_bundle",
                "import_bundle",
                "acknowledge_clock",
            ],
        ],
        Role::DataManager => &[ASKING, KEEPING, OWN_BUNDLES, &["review_journal"]],
        Role::Monitor => &[
            ASKING,
            KEEPING,
            OWN_BUNDLES,
            &["verify", "withdraw_verification", "review_journal"],
        ],
        Role::Auditor => &[],
        Role::Administrator => &[
            KEEPING,
            ASKING_REDACTION,
            &[
                "add_person",
                "grant_access",
                "disable_person",
                "write_access_card",
                "take_access_card",
                "record_training",
                "confirm_people",
                "acknowledge_attempts",
                "replace_recovery_code",
                "replace_key",
                "switch_key_sheet",
                "print_key_sheet",
                "continue_here",
                "install_version",
                "continue_beside",
                "preview_bundle",
                "import_bundle",
                "acknowledge_clock",
            ],
        ],
    }
}

/// Whether a command has its place in a file of that kind: records are the site's, and reviewers' bundles their own.
#[must_use]
pub fn fits(kind: FileKind, role: Role, command: &str) -> bool {
    let sites = ENTRY.contains(&command) || matches!(command, "sign" | "confirm_derived" | "confirm_eligibility");
    let monitors = matches!(command, "verify" | "withdraw_verification");
    let reviewer = matches!(role, Role::DataManager | Role::Monitor);
    match kind {
        // In the site's own file a reviewer takes nothing in and sends nothing out.
        FileKind::Site => !(reviewer && OWN_BUNDLES.contains(&command)),
        FileKind::Monitor => !sites,
        FileKind::Sponsor => !sites && !monitors,
    }
}

/// Whether somebody of that role may be the second person of a redaction.
#[must_use]
pub fn may_agree(role: Role) -> bool {
    matches!(role, Role::Investigator | Role::Administrator)
}

/// Whether somebody of that role works in a file of that kind.
#[must_use]
pub fn works_in(kind: FileKind, role: Role) -> bool {
    match kind {
        FileKind::Site => true,
        FileKind::Monitor => matches!(role, Role::Monitor | Role::Auditor | Role::Administrator),
        FileKind::Sponsor => matches!(role, Role::DataManager | Role::Auditor | Role::Administrator),
    }
}

/// Whether a role may use a command.
#[must_use]
pub fn may(role: Role, command: &str) -> bool {
    OPEN.contains(&command) || EVERYBODY.contains(&command) || groups(role).iter().any(|group| group.contains(&command))
}

/// All commands of a role, in the order of the list.
#[must_use]
pub fn of(role: Role) -> Vec<String> {
    commands::NAMES
        .iter()
        .filter(|name| may(role, name))
        .map(|name| (*name).to_owned())
        .collect()
}

/// Refuses what nobody, or this role, may do.
pub(crate) fn permit(role: Option<Role>, command: &str) -> Outcome<()> {
    match role {
        None if OPEN.contains(&command) => Ok(()),
        None => no_with("not_logged_in", &[("act", command)]),
        Some(role) if may(role, command) => Ok(()),
        Some(role) => no_with("not_your_role", &[("act", command), ("role", &role_code(role))]),
    }
}

/// Every role, in the order in which people read them.
pub const ROLES: [Role; 7] = [
    Role::Nurse,
    Role::SubInvestigator,
    Role::Investigator,
    Role::DataManager,
    Role::Monitor,
    Role::Auditor,
    Role::Administrator,
];

/// The table as a page of the documentation.
#[must_use]
pub fn markdown() -> String {
    let mut page = String::from(
        "# Who may do what\n\nGenerated from the table in `src-tauri/conduct/src/rights.rs` (`make rights`). The core refuses by it, the page \
         shows and hides by it.\n\nA tick: the role may. *Nobody* is a file on the desk that is locked. Whoever is there may do \
         what nobody needs to be there for.\n\n| Command | nobody |",
    );
    for role in ROLES {
        page.push_str(&format!(" {} |", role_code(role)));
    }
    page.push_str("\n|---|:-:|");
    page.push_str(&":-:|".repeat(ROLES.len()));
    for name in commands::NAMES {
        let tick = |may: bool| if may { " ✓ |" } else { " |" };
        page.push_str(&format!("\n| `{name}` |{}", tick(OPEN.contains(name))));
        for role in ROLES {
            page.push_str(tick(may(role, name)));
        }
    }
    page.push('\n');
    page
}

/// Code of a role as it is written.
pub(crate) fn role_code(role: Role) -> String {
    serde_json::to_value(role)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_rights_is_what_the_table_says() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rights.md");
        if std::env::var_os("CARTWRIGHT_REGENERATE").is_some_and(|value| value == "1") {
            std::fs::write(&path, markdown()).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == markdown(), "docs/rights.md fell behind: run `make rights`");
    }

    #[test]
    fn every_command_has_somebody_who_may_use_it() {
        for name in commands::NAMES {
            assert!(ROLES.iter().any(|role| may(*role, name)), "{name}");
        }
    }

    #[test]
    fn a_reviewers_file_holds_no_record_of_its_own() {
        for kind in [FileKind::Monitor, FileKind::Sponsor] {
            for command in ENTRY.iter().chain(&["sign", "confirm_derived", "confirm_eligibility"]) {
                assert!(!fits(kind, Role::Investigator, command), "{command}");
            }
            assert!(fits(kind, Role::Monitor, "raise_query") && fits(kind, Role::Monitor, "import_bundle"));
        }
        assert!(fits(FileKind::Monitor, Role::Monitor, "verify") && !fits(FileKind::Sponsor, Role::Monitor, "verify"));
        assert!(!fits(FileKind::Site, Role::Monitor, "import_bundle"));
        assert!(fits(FileKind::Site, Role::Investigator, "import_bundle"));
        for role in [Role::Nurse, Role::SubInvestigator, Role::Investigator] {
            assert!(works_in(FileKind::Site, role) && !works_in(FileKind::Monitor, role));
        }
    }

    #[test]
    fn values_are_the_sites_and_verification_is_the_monitors() {
        for role in [Role::DataManager, Role::Monitor, Role::Auditor, Role::Administrator] {
            assert!(
                !may(role, "enter_value") && !may(role, "sign") && !may(role, "complete_form"),
                "{role:?}"
            );
        }
        for role in [
            Role::Nurse,
            Role::SubInvestigator,
            Role::Investigator,
            Role::DataManager,
            Role::Auditor,
        ] {
            assert!(!may(role, "verify"), "{role:?}");
        }
        assert!(may(Role::Investigator, "sign") && !may(Role::SubInvestigator, "sign"));
    }
}
