//! Subjects and their casebooks; eligibility.

use serde::{Deserialize, Serialize};
use study::{
    act::Moment,
    path::{FormPath, ItemPath, SubjectCode},
};
use ts_rs::TS;

use super::{ReasonView, SignatureView, views};

views! {
    /// Everybody in the trial at this site.
    SubjectsView {
        /// Civil date of today.
        today: String,
        /// By code.
        subjects: Vec<SubjectRowView>,
        /// Verdicts not worked out yet; asking again works out more.
        unjudged: u32,
    }
    /// One line of the list.
    SubjectRowView {
        /// Code.
        subject: SubjectCode,
        /// `screening`, `eligible`, `ineligible`, `enrolled`, `infused`, `off_study`.
        status: String,
        /// Days since infusion, once infused.
        day: Option<i32>,
        /// `eligible`, `ineligible`, `pending`; none: not worked out yet.
        verdict: Option<String>,
        /// Sex code, if known.
        sex: Option<String>,
        /// Age in completed years at consent, if known; `37–38` where only the year of birth is.
        age: Option<String>,
        /// Next visit due: OID and target date.
        next: Option<(String, String)>,
        /// First and last date of its window.
        window: Option<(String, String)>,
        /// Visits whose window closed without them.
        overdue: u32,
        /// Open or answered queries.
        queries: u32,
        /// Completed forms not signed, or changed since.
        unsigned: u32,
        /// Forms begun and not complete.
        unfinished: u32,
        /// Alerts in force: codes; words are `alert_<code>`.
        alerts: Vec<String>,
        /// Added when.
        added: Moment,
        /// Study version that the subject is under.
        version: String,
    }
    /// What was found, by kind: subjects, records, forms, items, queries; the best of each first.
    SearchView {
        /// Hits.
        hits: Vec<HitView>,
    }
    /// Something found.
    HitView {
        /// `subject`, `record`, `form`, `item`, `query`.
        kind: String,
        /// In whose casebook; `SITE` for records of registers and queries on them.
        subject: SubjectCode,
        /// The form, for forms and records.
        form: Option<FormPath>,
        /// The item, for items and queries.
        item: Option<ItemPath>,
        /// The query, for queries.
        query: Option<String>,
        /// What was asked, for queries; the code, for records.
        text: Option<String>,
        /// `open`, `answered`, `closed`, for queries.
        state: Option<String>,
    }
    /// One subject.
    SubjectView {
        /// The line of the list.
        row: SubjectRowView,
        /// Civil date of today.
        today: String,
        /// Product lot of the infusion, if entered.
        lot: Option<String>,
        /// Infusion date, if entered.
        infusion: Option<String>,
        /// Visits in order, with their forms.
        visits: Vec<VisitView>,
        /// Alerts in force: codes; words are `alert_<code>`.
        alerts: Vec<String>,
        /// What the timeline marks, by date.
        events: Vec<EventView>,
        /// The newest study version in force, where the subject is under an older one.
        newer: Option<String>,
    }
    /// Something on the timeline.
    EventView {
        /// `consent`, `enrolment`, `lymphodepletion`, `infusion`, `crs`, `icans`, `response`, `relapse`, `transplant`,
        /// `off_study`, `death`.
        kind: String,
        /// First day.
        from: String,
        /// Last day, where it lasts.
        to: Option<String>,
        /// Grade or category, if there is one.
        result: Option<String>,
        /// The item that says so.
        path: ItemPath,
    }
    /// One visit of a subject.
    VisitView {
        /// OID.
        visit: String,
        /// Occurrence.
        no: u32,
        /// Target date and window, once the infusion date is known.
        target: Option<String>,
        /// First and last date.
        window: Option<(String, String)>,
        /// First and last day of the window counted from the infusion, where the visit has one.
        days: Option<(i32, i32)>,
        /// `coming`, `in_window`, `overdue`: where today stands to the window, once the infusion date is known.
        stands: Option<String>,
        /// Forms in order.
        forms: Vec<FormStateView>,
    }
    /// State of one form in the casebook.
    FormStateView {
        /// Where.
        form: FormPath,
        /// `empty`, `started`, `complete`, `verified`, `signed`, `changed` (since signed), `frozen`, `locked`.
        state: String,
        /// Items answered.
        answered: u32,
        /// Items asked (visible).
        asked: u32,
        /// Open or answered queries.
        queries: u32,
        /// Hard findings.
        hard: u32,
        /// Soft findings.
        soft: u32,
    }
    /// May we enrol?
    EligibilityView {
        /// Who.
        subject: SubjectCode,
        /// `eligible`, `ineligible`, `pending`.
        verdict: String,
        /// Every criterion, in order.
        criteria: Vec<CriterionView>,
        /// What is still missing.
        missing: Vec<MissingItemView>,
        /// The statement the investigator would sign now (code of the study's statements).
        statement: String,
        /// May the person here confirm now; else why not (refusal code).
        may_confirm: Option<String>,
        /// Confirmations so far, newest first.
        confirmed: Vec<ConfirmedView>,
        /// Study version that the verdict is by.
        version: String,
    }
    /// One criterion.
    CriterionView {
        /// `I8`.
        id: String,
        /// `pass`, `fail`, `not_evaluable`.
        result: String,
        /// `computed`, `judged`.
        by: String,
        /// Printed name of who judged, when, and where it stands in the source.
        judged: Option<JudgedView>,
        /// Why.
        reasons: Vec<ReasonView>,
        /// Warnings that do not decide.
        warnings: Vec<ReasonView>,
        /// Items it came from, with their values as shown.
        from: Vec<FromItemView>,
        /// Items it still needs.
        missing: Vec<ItemPath>,
    }
    /// A judgement.
    JudgedView {
        /// Printed name.
        by: String,
        /// When.
        when: Moment,
        /// Where it stands in the source.
        source: Option<String>,
    }
    /// An item a result came from.
    FromItemView {
        /// Where.
        path: ItemPath,
        /// As shown, with unit.
        shown: String,
    }
    /// An item still missing, and for which criteria.
    MissingItemView {
        /// Where to go.
        path: ItemPath,
        /// Criteria that wait for it.
        criteria: Vec<String>,
    }
    /// A confirmation.
    ConfirmedView {
        /// Verdict confirmed.
        verdict: String,
        /// Study version that it was confirmed under.
        version: String,
        /// The signature.
        signature: SignatureView,
        /// The verdict today is another, or rests on other values.
        differs_now: bool,
    }
}
