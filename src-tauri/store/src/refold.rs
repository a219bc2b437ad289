//! Projections thrown away and folded again from the whole journal.

use rusqlite::{Connection, params};
use study::act::Body;

use crate::{
    apply::{apply, count_some},
    error::Result,
    ledger::Ledger,
    order::in_order,
    read::from_json,
};

/// Every projection, with the number of its leading columns that order it.
pub(crate) const PROJECTIONS: [(&str, usize); 20] = [
    ("site", 1),
    ("log", 1),
    ("study", 1),
    ("person", 1),
    ("subject", 1),
    ("item", 1),
    ("form", 1),
    ("query", 1),
    ("finding", 2),
    ("verification", 1),
    ("identity_check", 1),
    ("confirmation", 1),
    ("signature", 1),
    ("signed_record", 2),
    ("export", 1),
    ("clock", 1),
    ("redaction", 1),
    ("import", 1),
    ("conflict", 3),
    ("office", 1),
];

/// Forms counted together.
const COUNTED: usize = 256;

/// Inside the caller's transaction: empties every projection and folds all entries anew, in their one order. The connection
/// is authorized for it ([`crate::guard::authorize_folding`]), or not guarded at all.
pub(crate) fn refold(conn: &Connection) -> Result<()> {
    for (table, _) in PROJECTIONS {
        conn.execute(&format!("DELETE FROM {table}"), [])?;
    }
    let mut ledger = Ledger::new();
    in_order(conn, &mut |entry| {
        let Some(said) = entry.said() else { return Ok(()) };
        let subject = apply(conn, &mut ledger, entry.key, &from_json::<Body>(said, "body")?)?;
        if subject != entry.subject {
            conn.prepare_cached("UPDATE entry SET subject = ?2 WHERE key = ?1")?
                .execute(params![entry.key.to_sql(), subject])?;
        }
        Ok(())
    })?;
    while count_some(conn, &mut ledger, COUNTED)? {}
    Ok(())
}
