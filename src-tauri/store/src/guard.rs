//! What an open file lets nobody do, whatever statement is run: the journal, the schema and other files are out of reach.

use rusqlite::{
    Connection,
    hooks::{AuthAction, AuthContext, Authorization},
};

use crate::error::Result;

/// Tables whose rows never change.
const JOURNAL: [&str; 1] = ["entry"];

/// Forbids what no code of ours does: changing the journal, the schema, or attaching files.
pub(crate) fn authorize(conn: &mut Connection) -> Result<()> {
    conn.authorizer(Some(|context: AuthContext<'_>| decide(&context.action)))?;
    Ok(())
}

/// The same, but that body and salt of entries may be taken away, and their subject found anew: while a redaction is carried
/// out, or bundles come in. The trigger still asks that the entry is named by a redaction.
pub(crate) fn authorize_folding(conn: &mut Connection) -> Result<()> {
    conn.authorizer(Some(|context: AuthContext<'_>| {
        let taken = ["salt", "body", "remains", "subject"];
        if let AuthAction::Update {
            table_name: "entry",
            column_name,
        } = &context.action
            && taken.contains(column_name)
        {
            return Authorization::Allow;
        }
        decide(&context.action)
    }))?;
    Ok(())
}

fn decide(action: &AuthAction<'_>) -> Authorization {
    let own = |table: &str| !table.starts_with("sqlite_");
    let open = |table: &str| own(table) && !JOURNAL.contains(&table);
    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "whatever SQLite can do beyond this list is refused"
    )]
    let fine = match action {
        AuthAction::Select
        | AuthAction::Read { .. }
        | AuthAction::Function { .. }
        | AuthAction::Transaction { .. }
        | AuthAction::Savepoint { .. }
        | AuthAction::Recursive => true,
        AuthAction::Insert { table_name } => own(table_name),
        AuthAction::Update { table_name, .. } | AuthAction::Delete { table_name } => open(table_name),
        AuthAction::Pragma {
            pragma_name,
            pragma_value,
        } => {
            pragma_value.is_none() && !pragma_name.eq_ignore_ascii_case("writable_schema")
                || matches!(
                    *pragma_name,
                    "integrity_check" | "quick_check" | "cipher_integrity_check" | "table_info"
                )
        }
        _ => false,
    };
    if fine {
        Authorization::Allow
    } else {
        Authorization::Deny
    }
}
