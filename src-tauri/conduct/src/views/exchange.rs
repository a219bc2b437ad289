//! Bundles: those that left, those that came in, and what one would bring.

use serde::{Deserialize, Serialize};
use study::{
    act::{EntryRef, Gap, Moment, Reason, Role},
    path::SubjectCode,
    value::Value,
};
use ts_rs::TS;

use super::{RedactedByView, views};

views! {
    /// In and out.
    ExchangeView {
        /// Bundles that left, came in, or were refused and kept, newest first.
        bundles: Vec<BundleRowView>,
        /// What logs lack now before what waits can be applied.
        missing: Vec<MissingView>,
        /// The site's own recipient (always sealed for too).
        own_recipient: String,
        /// Site key as words.
        words: String,
        /// `SHA256:…`
        fingerprint: String,
        /// Entries since the last bundle.
        entries_since: u64,
    }
    /// One bundle that left, came in, or was refused and kept.
    BundleRowView {
        /// `out`, `in`, `refused`.
        way: String,
        /// External identifier.
        bundle: String,
        /// Number, of one that left.
        number: Option<u64>,
        /// When.
        when: Moment,
        /// Printed name; of the device, a dash.
        by: String,
        /// Code of the sender, of one that came in.
        from: Option<String>,
        /// SHA-256 of the plain zip.
        sha256: String,
        /// Recipients, of one that left; empty when plain.
        sealed_for: Vec<String>,
        /// Entries in one that left; entries that were new from one that came in. None: the journal does not say.
        entries: Option<u64>,
        /// What logs lacked after one that came in.
        missing: Vec<MissingView>,
        /// Code of the reason, of one that was refused.
        why: Option<String>,
        /// Where it differs from what is here, of one that was refused.
        differs_at: Option<EntryRef>,
        /// Who has it, of one that left: what the receivers' own journals say.
        receipts: Vec<ReceiptView>,
    }
    /// A receiver's journal names a bundle that left here.
    ReceiptView {
        /// Code of the receiver.
        site: String,
        /// Who took it in.
        by: String,
        /// When.
        when: Moment,
        /// The bytes are the ones that left.
        same: bool,
        /// SHA-256 of the bytes that came, hex.
        sha256: String,
        /// Code of the reason, where it was refused there.
        refused: Option<String>,
    }
    /// What taking in a bundle would come to.
    PreviewView {
        /// External identifier.
        bundle: String,
        /// SHA-256 of the plain zip, hex.
        sha256: String,
        /// Code of the site, monitor or sponsor that made it.
        from: String,
        /// `site_records`, `review`, `archive`.
        kind: String,
        /// Another device of the file that is open made it.
        own: bool,
        /// When it was made, UTC.
        created: String,
        /// Label of the device that made it.
        device: String,
        /// Printed name of who exported it.
        exported_by: String,
        /// The key was known here before; else it was compared now.
        key_known: bool,
        /// The key's twelve words.
        words: String,
        /// `SHA256:…`
        fingerprint: String,
        /// It was here before: nothing would be written.
        already: bool,
        /// Entries that would be new here.
        new: u64,
        /// Entries of it that are here already.
        here: u64,
        /// Log by log.
        logs: Vec<PreviewLogView>,
        /// What logs would lack before what waits can be applied.
        missing: Vec<MissingView>,
        /// What the new entries say, the most frequent first.
        acts: Vec<PreviewActsView>,
        /// Everybody whom new entries are about.
        subjects: Vec<SubjectCode>,
        /// Where it would turn out that two devices wrote the same.
        conflicts: Vec<ConflictView>,
        /// Where it would turn out that one device settled what another went on with, and nobody was asked yet.
        crossings: Vec<CrossingView>,
        /// Queries that would be raised because of either.
        queries: u32,
        /// Entries here whose words would go, redacted where they were made.
        redactions: Vec<PreviewRedactionView>,
        /// People who would be known here by name and key.
        people: Vec<PreviewPersonView>,
    }
    /// One log of a bundle, beside what is here of it.
    PreviewLogView {
        /// The log.
        log: String,
        /// Label of its device; none while nothing of the log can be applied.
        device: Option<String>,
        /// First entry in the bundle; 0 when entries that waited are applied, and the bundle holds none of this log.
        from: u64,
        /// Last.
        to: u64,
        /// Of these, here already.
        here: u64,
        /// Entries that would be applied, with those that waited for them.
        new: u64,
        /// Entries that would wait.
        waiting: u64,
    }
    /// New entries of one kind.
    PreviewActsView {
        /// Act; words are `act_<act>`.
        act: String,
        /// How many.
        count: u64,
        /// About whom.
        subjects: Vec<SubjectCode>,
    }
    /// An entry here whose words would go.
    PreviewRedactionView {
        /// The entry.
        at: EntryRef,
        /// Act; words are `act_<act>`.
        act: String,
        /// Item or form, if it is about one.
        path: Option<String>,
        /// By whom, when, why it was redacted.
        redaction: Option<RedactedByView>,
    }
    /// Somebody who would be known here.
    PreviewPersonView {
        /// Printed name.
        printed_name: String,
        /// Role.
        role: Role,
        /// Of this file, added on another device.
        home: bool,
    }
    /// Two devices wrote at one place, neither knowing of the other.
    ConflictView {
        /// The item, or the code of a subject.
        path: String,
        /// What stands.
        stands: SideView,
        /// What stands beside it in the journal.
        other: SideView,
        /// Somebody who knew both has entered the item since.
        settled: bool,
    }
    /// One of two.
    SideView {
        /// The entry.
        at: EntryRef,
        /// Value; none when emptied, or redacted.
        value: Option<Value>,
        /// What was typed has been taken out.
        redacted: bool,
        /// Printed name.
        by: String,
        /// Role.
        role: Option<Role>,
        /// Label of the device.
        device: String,
        /// When.
        when: Moment,
        /// Why.
        reason: Option<Reason>,
    }
    /// One device settled something, another went on with it, neither knowing of the other.
    CrossingView {
        /// The item.
        path: String,
        /// What was settled: `question`, `form`.
        about: String,
        /// What whoever settled it had not before them.
        unseen: DoneView,
        /// What settled it.
        settled: DoneView,
    }
    /// What somebody did.
    DoneView {
        /// The entry.
        at: EntryRef,
        /// Act; words are `act_<act>`.
        act: String,
        /// The value, where one was entered; none when emptied, or redacted.
        value: Option<Value>,
        /// What was said; none when nothing was, or it is redacted.
        text: Option<String>,
        /// What was typed has been taken out.
        redacted: bool,
        /// Printed name.
        by: String,
        /// Role.
        role: Option<Role>,
        /// Label of the device.
        device: String,
        /// When.
        when: Moment,
        /// Why.
        reason: Option<Reason>,
    }
    /// What taking in a bundle came to.
    ImportedView {
        /// External identifier.
        bundle: String,
        /// Code of the site that made it.
        from: String,
        /// It was here before.
        already: bool,
        /// Entries that were new here.
        new: u64,
        /// What logs lack before what waits can be applied.
        missing: Vec<MissingView>,
        /// Queries raised because two devices wrote at one place, or one settled what the other went on with.
        queries: u32,
    }
    /// What a log lacks.
    MissingView {
        /// The log.
        log: String,
        /// First number that is not here.
        from: u64,
        /// Last.
        to: u64,
        /// Entries that wait for it.
        waiting: u64,
    }
}

impl From<Gap> for MissingView {
    fn from(gap: Gap) -> Self {
        let Gap { log, from, to, waiting } = gap;
        Self { log, from, to, waiting }
    }
}
