//! What is shown of an open file: the site, and whoever sits at it.

use crate::{
    desk::Sitting,
    rights,
    trouble::{Outcome, Trouble},
    views::{SessionView, SiteView},
};

/// The site as every screen names it.
pub(crate) fn site_view(sitting: &Sitting) -> Outcome<SiteView> {
    let row = sitting.file.site()?;
    let key = row
        .key
        .parse::<proof::PublicKey>()
        .map_err(|e| Trouble::Proof(e.to_string()))?;
    let versions: Vec<String> = sitting.file.studies()?.into_iter().map(|row| row.version).collect();
    Ok(SiteView {
        site: row.site,
        name: row.name,
        kind: row.kind,
        study: row.study,
        version: versions.last().cloned().unwrap_or_default(),
        versions,
        words: key.words().join(" "),
        fingerprint: key.fingerprint(),
        recovery_confirmed: sitting.recovery.is_none(),
    })
}

pub(crate) fn session_view(sitting: &Sitting, idle_minutes: u32) -> Outcome<SessionView> {
    let session = &sitting.session;
    let declared = sitting.file.person(session.person())?.is_some_and(|p| p.declared);
    Ok(SessionView {
        person: session.person().clone(),
        login: session.login().to_owned(),
        printed_name: session.printed_name().to_owned(),
        role: session.role(),
        rights: rights::of(session.role())
            .into_iter()
            .filter(|command| rights::fits(sitting.file.kind(), session.role(), command))
            .collect(),
        declaration_due: !declared,
        sign_asks_login: !sitting.signed_once,
        idle_minutes,
        since: sitting.since.clone(),
        attempts: sitting.attempts.clone(),
    })
}
