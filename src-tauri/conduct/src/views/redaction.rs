//! Redaction: what was asked for, what would go, who agreed.

use serde::{Deserialize, Serialize};
use study::{
    act::{EntryRef, Moment, Reason, Role},
    value::Value,
};
use ts_rs::TS;

use super::views;

views! {
    /// A redaction asked for, done, or declined.
    RedactionView {
        /// Where it stands in the journal.
        at: EntryRef,
        /// The entries: those named, and those that repeat what they held.
        entries: Vec<EntryRef>,
    }
    /// By whom an entry was redacted.
    RedactedByView {
        /// Who asked.
        asked_by: String,
        /// Who agreed.
        agreed_by: String,
        /// When it was done.
        when: Moment,
        /// Why it was asked for.
        reason: Option<Reason>,
    }
    /// What a redaction would take away.
    RedactionPlanView {
        /// The entries: those named, and those that repeat what they held.
        entries: Vec<FallingView>,
        /// What holds it besides.
        copies: CopiesView,
    }
    /// An entry that a redaction is about.
    FallingView {
        /// The entry.
        at: EntryRef,
        /// Act; words are `act_<act>`.
        act: String,
        /// Item or form, if it is about one.
        path: Option<String>,
        /// The value that goes.
        value: Option<Value>,
        /// The value before it, which goes too.
        old: Option<Value>,
        /// The words that go.
        text: Option<String>,
        /// Own words of its reason, which go too.
        reason: Option<String>,
        /// Who: stays.
        by: String,
        /// Role: stays.
        role: Option<Role>,
        /// When: stays.
        when: Moment,
        /// Not named: it repeats what one that was named holds.
        repeats: bool,
    }
    /// What holds the words of entries besides the file itself, as far as it is known here.
    CopiesView {
        /// Backups made since, those that are in the folder of backups now.
        backups: u32,
        /// Bundles that left since.
        bundles: u32,
        /// Other devices of this site: until they take in a bundle.
        devices: u32,
    }
    /// Redactions asked for.
    RedactionsView {
        /// Newest first.
        requests: Vec<RedactionRequestView>,
    }
    /// One redaction asked for.
    RedactionRequestView {
        /// Where it was asked.
        at: EntryRef,
        /// `asked`, `done`, `declined`, `withdrawn`.
        state: String,
        /// Who asked.
        by: String,
        /// Role.
        role: Option<Role>,
        /// When.
        when: Moment,
        /// Why.
        reason: Option<Reason>,
        /// The person here asked.
        own: bool,
        /// What it is about.
        entries: Vec<FallingView>,
        /// What holds it besides; counted while it waits.
        copies: Option<CopiesView>,
        /// Who agreed, declined or took it back.
        answered_by: Option<String>,
        /// When.
        answered: Option<Moment>,
        /// Why.
        answer: Option<Reason>,
        /// What the person here may do: `agree`, `fetch` (a second person who agrees), `decline`, `withdraw`.
        may: Vec<String>,
    }
}
