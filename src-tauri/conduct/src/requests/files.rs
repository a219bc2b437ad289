//! What is asked about files beside one another: a reviewer's, a second device's, bundles taken in, redaction.

use serde::{Deserialize, Serialize};
use study::act::{EntryRef, FileKind, Reason};
use ts_rs::TS;

use super::{CreateSite, Handle};

requests! {
    /// Make a file that holds other sites' records for reading: a monitor's or a sponsor's.
    CreateReviewer {
        /// `monitor` or `sponsor`.
        kind: FileKind,
        /// The file, as a site's is made; `site` is the reviewer's own code.
        file: CreateSite,
    }
    /// This is a copy on a second device: go on beside the first, in a log of its own.
    ContinueBeside {
        /// Why.
        reason: Reason,
    }
    /// What taking in a bundle would come to; nothing is written.
    PreviewBundle {
        /// File chosen.
        handle: Handle,
        /// Fingerprint (`SHA256:…`) of the sender's key as compared with the sender; needed once.
        fingerprint: Option<String>,
    }
    /// Take in a bundle from elsewhere.
    ImportBundle {
        /// File chosen.
        handle: Handle,
        /// Fingerprint (`SHA256:…`) of the sender's key as compared with the sender; needed once.
        fingerprint: Option<String>,
        /// SHA-256 of the bundle whose report was shown, hex; refused when the file chosen holds another by now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        sha256: Option<String>,
    }
    /// The first of two persons asks that entries give up what identifies somebody.
    AskRedaction {
        /// Which.
        entries: Vec<EntryRef>,
        /// Why.
        reason: Reason,
    }
    /// What a redaction of entries would take away, and what stays.
    PlanRedaction {
        /// Which.
        entries: Vec<EntryRef>,
    }
    /// Redactions asked for, and what became of them.
    Redactions {}
    /// Another person does not agree to a redaction, or who asked takes it back.
    DeclineRedaction {
        /// Where it was asked.
        asked: EntryRef,
        /// Why.
        reason: Reason,
    }
    /// The second agrees, with an own log-in: what was typed leaves the file.
    Redact {
        /// Where it was asked.
        asked: EntryRef,
        /// Log-in name of the second person.
        login: String,
        /// Password of the second person.
        password: String,
        /// Why.
        reason: Reason,
    }
    /// Check the whole file, and compare it with bundles that left it or came in.
    CheckAgainst {
        /// Bundles chosen.
        handles: Vec<Handle>,
    }
}
