//! One form with everything that is known about each item.

use serde::{Deserialize, Serialize};
use study::{
    act::{EntryRef, IdentifierCheck, Moment, Reason, Role},
    def::Severity,
    input::RawInput,
    path::{FormPath, ItemPath, Oid},
    text::Text,
    value::Value,
};
use ts_rs::TS;

use super::{ConflictView, CrossingView, FromItemView, RedactedByView, SignatureView, views};

views! {
    /// One form. The questions are in the study definition, under the form's OID.
    FormView {
        /// Where.
        form: FormPath,
        /// `empty`, `started`, `complete`, `verified`, `signed`, `changed`, `frozen`, `locked`.
        state: String,
        /// Whether the person here may enter values; else why not (refusal code).
        may_enter: Option<String>,
        /// Whether the form can be completed now by the person here; else why not (refusal code).
        may_complete: Option<String>,
        /// Whether it can be opened again by the person here; else why not (refusal code).
        may_reopen: Option<String>,
        /// A change needs a reason.
        reason_due: bool,
        /// Groups in order of the definition, each with its rows.
        groups: Vec<GroupView>,
        /// What still prevents completing.
        blockers: Vec<BlockerView>,
        /// Identity checks at the bedside, on forms that have them.
        identity: Vec<IdentityCheckView>,
        /// Result of the two checks: `pass`, `fail`, `not_evaluable`; absent on other forms.
        identity_result: Option<String>,
        /// Signatures that cover this form.
        signatures: Vec<SignatureView>,
        /// Minutes without a hand on it until it locks, while this form is open.
        idle_minutes: u32,
        /// Durable since, of the newest entry; none for an empty form.
        saved: Option<Moment>,
        /// Study version that the subject is under.
        version: String,
        /// Answers that this version asks for no more, by path.
        retired: Vec<RetiredView>,
        /// Questions about rows that were taken out: they are answered and closed as others are.
        removed_queries: Vec<QueryView>,
    }
    /// An answer to a question of an earlier study version. The question is in that definition.
    RetiredView {
        /// Where.
        path: ItemPath,
        /// The value as entered.
        value: Value,
        /// Study version that it was entered under.
        under: String,
    }
    /// Rows of a group.
    GroupView {
        /// OID.
        group: Oid,
        /// Whether it is asked (skip logic); `unknown` shows it with a note.
        shown: bool,
        /// Rows in order; a group that does not repeat has one.
        rows: Vec<RowView>,
        /// Number for the next new row; a number taken out is not used again.
        next_row: u32,
    }
    /// One row.
    RowView {
        /// Number.
        row: u32,
        /// Items in order of the definition.
        items: Vec<ItemView>,
    }
    /// One item.
    ItemView {
        /// Where.
        path: ItemPath,
        /// Whether it is asked.
        shown: bool,
        /// A rule on it could not run: what it said.
        broken: Option<String>,
        /// The value as entered.
        value: Option<Value>,
        /// Values entered so far.
        version: u64,
        /// A scan field: typed by hand.
        by_hand: bool,
        /// Study version that the value was entered under, where that is not the subject's.
        under: Option<String>,
        /// In the canonical unit, where another was chosen: number and unit code.
        canonical: Option<(String, String)>,
        /// Typed and not saved, from an earlier sitting.
        unfinished: Option<UnfinishedView>,
        /// `none`, `verified`, `changed` (since verified).
        verification: String,
        /// Open or answered queries.
        queries: Vec<QueryView>,
        /// What the checks say.
        findings: Vec<FindingView>,
        /// Result of a derived item.
        derived: Option<DerivedView>,
        /// What the laboratory that the form names says is normal, and where the value stands.
        normal: Option<NormalView>,
    }
    /// A range of normal, in the unit of the value.
    NormalView {
        /// Lower limit.
        low: Option<String>,
        /// Upper limit.
        high: Option<String>,
        /// Unit code; none for a bare number.
        unit: Option<String>,
        /// `below`, `within`, `above`.
        stands: String,
        /// The laboratory's record.
        record: FormPath,
    }
    /// What stands in an item's control and is not saved: text, unit, codes, a missing kind, or that it was emptied.
    UnfinishedView {
        /// As it would be entered.
        input: RawInput,
        /// A scan field: typed by hand.
        by_hand: bool,
    }
    /// What a check says.
    FindingView {
        /// Identifier.
        check: String,
        /// How much it weighs.
        severity: Severity,
        /// In words, from the study definition; none for ranges and required items.
        text: Option<Text>,
        /// `range`, `check`, `required`, `broken`; `no_record`, `named_twice`, `same_name` of what the registers say.
        kind: String,
        /// The other places that say the same, where that is what was found.
        others: Vec<ItemPath>,
        /// Bounds of a range, low and high as shown.
        bounds: Option<(Option<String>, Option<String>)>,
        /// When the device noted it; none where the rules speak otherwise now than at the last save.
        raised: Option<Moment>,
        /// Why it may stand, for soft ones; it counts until what the finding rests on changes.
        explained: Option<ExplainedView>,
    }
    /// Why a soft finding may stand.
    ExplainedView {
        /// Printed name.
        by: String,
        /// When.
        when: Moment,
        /// Why.
        text: String,
    }
    /// What prevents completing.
    BlockerView {
        /// Where.
        path: ItemPath,
        /// `required`, `hard_finding`, `identity_check`.
        why: String,
    }
    /// A derived result: "for the trial record; treatment is decided by the physician and the protocol".
    DerivedView {
        /// Function of `criteria`.
        call: String,
        /// `pass`, `fail`, `not_evaluable`, `graded`, `at_least`, `value`.
        status: String,
        /// Result: number or code.
        result: Option<String>,
        /// Unit of a number.
        unit: Option<String>,
        /// Why.
        reasons: Vec<ReasonView>,
        /// Warnings.
        warnings: Vec<ReasonView>,
        /// Items it came from, with their values as shown.
        from: Vec<FromItemView>,
        /// Items still missing.
        missing: Vec<ItemPath>,
        /// The arithmetic with the numbers in it, where there is some.
        arithmetic: Option<String>,
        /// Confirmed by the investigator.
        confirmed: Option<GradeConfirmedView>,
        /// May the person here confirm; else why not (refusal code).
        may_confirm: Option<String>,
    }
    /// An investigator's word on a derived result.
    GradeConfirmedView {
        /// Result confirmed.
        derived: String,
        /// Own assessment where it differs.
        own: Option<String>,
        /// Why it differs.
        reason: Option<Reason>,
        /// Printed name.
        by: String,
        /// When.
        when: Moment,
        /// Today's result is another.
        differs_now: bool,
        /// Study version that it was confirmed under.
        version: String,
    }
    /// Why a result is what it is. Words are `what_<what>` and `rule_<rule>` in the messages.
    ReasonView {
        /// Rule, `I8`, `C1.pressors`.
        rule: String,
        /// Quantity or fact.
        what: String,
        /// Its value as shown.
        value: Option<String>,
        /// Unit code; empty when none.
        unit: String,
        /// `<`, `<=`, `>`, `>=`, `=`, `!=`.
        op: Option<String>,
        /// Threshold.
        limit: Option<String>,
        /// Whether it holds.
        holds: bool,
        /// Sponsor's decision in force.
        decision: Option<String>,
        /// Citation.
        source: String,
        /// `S`, `S2`, `GK`, `PD`.
        evidence: String,
    }
    /// One of the two bedside checks.
    IdentityCheckView {
        /// Permanent identifier.
        person: String,
        /// Printed name.
        by: String,
        /// When.
        when: Moment,
        /// Identifier by identifier.
        checks: Vec<IdentifierCheck>,
    }
    /// A question about a value.
    QueryView {
        /// Identifier.
        query: String,
        /// Item.
        path: ItemPath,
        /// `open`, `answered`, `closed`.
        state: String,
        /// The item's version when asked, and now.
        version: u64,
        /// Now.
        version_now: u64,
        /// The row that it is about was taken out since.
        row_removed: bool,
        /// Everything said, oldest first.
        thread: Vec<SaidView>,
        /// Days since it was opened.
        age_days: u32,
        /// Acts the person here may do on it: `answer`, `close`, `reopen`.
        may: Vec<String>,
        /// The two values it is about, where the device asks because two devices wrote the same.
        conflict: Option<ConflictView>,
        /// What one device settled while another went on with it, where the device asks because neither knew of the other.
        crossing: Option<CrossingView>,
    }
    /// One thing said in a query.
    SaidView {
        /// `opened`, `answered`, `closed`, `reopened`.
        act: String,
        /// Printed name.
        by: String,
        /// Role.
        role: Option<Role>,
        /// When.
        when: Moment,
        /// What.
        text: Option<String>,
        /// The words were taken out by two persons.
        redacted: bool,
    }
    /// Every value an item ever had.
    HistoryView {
        /// Newest first.
        values: Vec<PastValueView>,
        /// What became of the findings shown at it, newest first.
        findings: Vec<PastFindingView>,
    }
    /// A finding of the past, raised, closed or explained.
    PastFindingView {
        /// `raised`, `closed`, `explained`.
        what: String,
        /// Where it was shown.
        path: ItemPath,
        /// Identifier of the check.
        check: String,
        /// How much it weighs, when raised.
        severity: Option<Severity>,
        /// In words, from the definition in force then; none for ranges.
        text: Option<Text>,
        /// Bounds of a range, low and high, when raised.
        bounds: Option<(Option<String>, Option<String>)>,
        /// What a person said.
        said: Option<String>,
        /// Printed name; none for the device.
        by: Option<String>,
        /// When.
        when: Moment,
        /// Number in the journal.
        seq: u64,
    }
    /// One value of the past.
    PastValueView {
        /// Version.
        version: u64,
        /// Value; none when emptied.
        value: Option<Value>,
        /// A scan field: typed by hand.
        by_hand: bool,
        /// Printed name.
        by: String,
        /// Role.
        role: Option<Role>,
        /// When.
        when: Moment,
        /// Why.
        reason: Option<Reason>,
        /// The entry.
        at: EntryRef,
        /// It is what stands.
        stands: bool,
        /// What was typed was taken out by two persons.
        redaction: Option<RedactedByView>,
    }
    /// Kept.
    KeptView {
        /// Typed text is in the file.
        kept: bool,
    }
    /// Questions.
    QueriesView {
        /// Newest first.
        queries: Vec<QueryView>,
    }
}
