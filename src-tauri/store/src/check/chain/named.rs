//! Whose an entry has to be, by what its act names.

use study::act::Act;

use crate::{apply::subject_of_record, file::SiteFile};

/// The subject that a query or a signature names itself; what answers a query names the query alone.
pub(super) fn named_subject(act: &Act) -> Option<&str> {
    if let Act::Signed { statement, .. } = act {
        return statement
            .records
            .first()
            .and_then(|record| subject_of_record(&record.id));
    }
    act.subject()
}

/// The subject of the query that an act names, as far as the query is here.
pub(super) fn asked_of(file: &SiteFile, act: &Act) -> Option<String> {
    let (Act::QueryAnswered { query, .. } | Act::QueryClosed { query, .. } | Act::QueryReopened { query, .. }) = act
    else {
        return None;
    };
    let path = file.row("SELECT path FROM query WHERE id = ?1", [query], |row| {
        Ok(row.get::<_, String>(0)?)
    });
    match path {
        Ok(path) => path.map(|path| path.split('/').next().unwrap_or_default().to_owned()),
        // What cannot be read is no subject's, and is told as such.
        Err(_) => Some(String::new()),
    }
}
