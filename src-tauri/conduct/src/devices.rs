//! Which laptops write in this file, and which wrote in the files whose bundles came in.

use store::SiteFile;
use study::act::{EntryRef, Moment};

use crate::{desk::Desk, trouble::Outcome, views::DeviceView};

impl Desk {
    /// Every log with its device, in the order in which they came into the file.
    pub(crate) fn devices_of(&self, file: &SiteFile) -> Outcome<Vec<DeviceView>> {
        let rows = file.logs()?;
        let name = |log: &str| rows.iter().find(|row| row.log == log).map(|row| row.device.clone());
        let mut devices = Vec::with_capacity(rows.len());
        for row in &rows {
            let key = row.key.parse::<proof::PublicKey>().ok();
            let last = EntryRef {
                log: row.log.clone(),
                seq: row.last_seq,
            };
            devices.push(DeviceView {
                here: file.log() == Some(&row.log),
                words: key.map(|k| k.words().join(" ")).unwrap_or_default(),
                fingerprint: key.map(|k| k.fingerprint()).unwrap_or_default(),
                site: (!row.home).then(|| row.code.clone()),
                since: when(file, &row.opened)?,
                last: when(file, &last)?,
                entries: row.last_seq,
                closed: row.closed,
                after: row.continues.as_ref().and_then(|(at, _)| name(&at.log)),
                beside: row.beside,
                log: row.log.clone(),
                device: row.device.clone(),
            });
        }
        Ok(devices)
    }
}

fn when(file: &SiteFile, at: &EntryRef) -> Outcome<Option<Moment>> {
    Ok(file.entry(at)?.and_then(|entry| entry.body).map(|body| body.moment))
}
