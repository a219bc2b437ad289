//! The history of bundles: those that left, those that came in, those refused; and who has what left here.

use store::{EntryView, ExportRow, LogRow};
use study::act::{Act, Body};

use crate::{
    desk::Desk,
    people::Names,
    trouble::Outcome,
    views::{BundleRowView, ReceiptView},
};

impl Desk {
    /// Every bundle that the journal of this file tells of, newest first.
    pub(crate) fn bundles(&mut self, exports: Vec<ExportRow>) -> Outcome<Vec<BundleRowView>> {
        let told = self.what_was_told()?;
        let sitting = self.sitting()?;
        let logs = sitting.file.logs()?;
        let names = &sitting.names;
        let home = |entry: &&EntryView| logs.iter().any(|log| log.home && log.log == entry.log);
        let (here, elsewhere): (Vec<&EntryView>, Vec<&EntryView>) = told.iter().partition(home);
        let mut rows: Vec<BundleRowView> = exports
            .into_iter()
            .map(|row| {
                let heard = elsewhere.iter().filter_map(|entry| receipt(entry, &row, &logs, names));
                let receipts = heard.collect();
                left(row, names, receipts)
            })
            .collect();
        rows.extend(here.into_iter().filter_map(|entry| came(entry.body.as_ref()?, names)));
        rows.sort_by(|a, b| b.when.at.cmp(&a.when.at));
        Ok(rows)
    }
}

fn left(row: ExportRow, names: &Names, receipts: Vec<ReceiptView>) -> BundleRowView {
    BundleRowView {
        way: "out".to_owned(),
        bundle: row.bundle,
        number: Some(row.number),
        when: row.moment,
        by: names.printed_or_device(&row.by),
        from: None,
        sha256: row.sha256,
        sealed_for: row.sealed_for,
        // A bundle holds every log of this file from its beginning.
        entries: Some(row.upto.iter().map(|at| at.seq).sum()),
        missing: Vec::new(),
        why: None,
        differs_at: None,
        receipts,
    }
}

fn came(body: &Body, names: &Names) -> Option<BundleRowView> {
    let row = BundleRowView {
        way: String::new(),
        bundle: String::new(),
        number: None,
        when: body.moment.clone(),
        by: names.printed_or_device(&body.actor),
        from: None,
        sha256: String::new(),
        sealed_for: Vec::new(),
        entries: None,
        missing: Vec::new(),
        why: None,
        differs_at: None,
        receipts: Vec::new(),
    };
    #[allow(clippy::wildcard_enum_match_arm, reason = "no other act tells of a bundle that came")]
    match &body.act {
        Act::BundleImported {
            bundle,
            sha256,
            from,
            new,
            missing,
            ..
        } => Some(BundleRowView {
            way: "in".to_owned(),
            bundle: bundle.clone(),
            sha256: sha256.clone(),
            from: Some(from.clone()),
            entries: *new,
            missing: missing.iter().cloned().map(Into::into).collect(),
            ..row
        }),
        Act::BundleRefused {
            bundle,
            sha256,
            why,
            at,
        } => Some(BundleRowView {
            way: "refused".to_owned(),
            bundle: bundle.clone(),
            sha256: sha256.clone(),
            why: Some(why.clone()),
            differs_at: Some(at.clone()),
            ..row
        }),
        _ => None,
    }
}

/// What another file's journal says of a bundle that left here.
fn receipt(entry: &EntryView, sent: &ExportRow, logs: &[LogRow], names: &Names) -> Option<ReceiptView> {
    let body = entry.body.as_ref()?;
    #[allow(clippy::wildcard_enum_match_arm, reason = "no other act tells of a bundle that came")]
    let (sha256, refused) = match &body.act {
        Act::BundleImported { bundle, sha256, .. } if *bundle == sent.bundle => (sha256, None),
        Act::BundleRefused {
            bundle, sha256, why, ..
        } if *bundle == sent.bundle => (sha256, Some(why.clone())),
        _ => return None,
    };
    let log = logs.iter().find(|log| log.log == entry.log)?;
    Some(ReceiptView {
        site: log.code.clone(),
        by: names.printed_or_device(&body.actor),
        when: body.moment.clone(),
        same: *sha256 == sent.sha256,
        sha256: sha256.clone(),
        refused,
    })
}
