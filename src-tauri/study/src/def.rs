//! The study definition as loaded: every reference resolved, every text in both languages.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{identifiers::Identifiers, path::Oid, text::Text, value::Missing};

/// One frozen version of a study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct StudyDef {
    /// Study OID, `ALLO-CD19-BALL`.
    pub oid: String,
    /// Version, `1.0`.
    pub version: String,
    /// Short name.
    pub name: Text,
    /// The registration, verbatim, with notes on it.
    pub registration: Registration,
    /// Visits in order.
    pub visits: Vec<VisitDef>,
    /// Forms in order, those of the registers last.
    pub forms: Vec<FormDef>,
    /// What the site keeps besides its subjects: donors, lots, bags, laboratories.
    pub registers: Vec<RegisterDef>,
    /// Codelists.
    pub codelists: Vec<Codelist>,
    /// Units by code.
    pub units: Vec<UnitDef>,
    /// Inclusion and exclusion criteria in order.
    pub criteria: Vec<CriterionDef>,
    /// What the sponsor decides, with the default in force.
    pub decisions: Vec<DecisionDef>,
    /// Checks on one or several forms.
    pub checks: Vec<CheckDef>,
    /// Reasons for a change.
    pub reasons: Vec<CodeDef>,
    /// Meanings of signatures: code and the statement in full.
    pub statements: Vec<CodeDef>,
    /// What its parts are called in the file of others that it came from.
    #[serde(skip)]
    #[ts(skip)]
    pub identifiers: Identifiers,
    /// What is said beside free text that looks like a number of a person; without it nothing is said.
    #[ts(optional)]
    pub identity: Option<Text>,
}

/// The public registration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Registration {
    /// As registered.
    pub title: String,
    /// As registered.
    pub conditions: Vec<String>,
    /// As registered.
    pub intervention: String,
    /// Outcome measures as registered: (measure, time frame).
    pub outcomes: Vec<(String, String)>,
    /// Why the trial is done, as registered.
    pub rationale: String,
    /// What a reader must know of the registered text.
    pub notes: Vec<Text>,
}

/// How a visit comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum VisitKind {
    /// Planned, once.
    Scheduled,
    /// As often as needed, each with its own number.
    Unscheduled,
    /// A running log: one visit for the whole trial.
    Log,
}

/// A planned visit, an unscheduled one, or a running log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct VisitDef {
    /// OID.
    pub oid: Oid,
    /// Name.
    pub name: Text,
    /// How it comes about.
    pub kind: VisitKind,
    /// Target day from the infusion (day 0).
    #[ts(optional)]
    pub day: Option<i32>,
    /// First and last day allowed, inclusive.
    #[ts(optional)]
    pub window: Option<(i32, i32)>,
    /// Forms collected.
    pub forms: Vec<Oid>,
}

/// A register of the site: records kept like a form, but under no subject.
///
/// Its records live at `SITE/<oid>/<form>[n]` (see [`crate::path::SITE`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RegisterDef {
    /// OID; no visit has the same.
    pub oid: Oid,
    /// Name.
    pub name: Text,
    /// The form of one record; no visit collects it.
    pub form: Oid,
    /// The item that names a record: a donor's code, a lot, a bag.
    pub key: Oid,
    /// Items elsewhere that hold such a name.
    pub referred_by: Vec<Oid>,
    /// Those of them in which a record is named once and never again: a bag is infused once.
    pub once: Vec<Oid>,
    /// Items that tell a record from others, in order: columns of a list, words beside a name.
    pub columns: Vec<Oid>,
    /// Where its rows say ranges of normal: the part (`analyte`, `sex`, `age_from`, `age_to`, `low`, `high`, `unit`, `from`,
    /// `to`) and its item; empty where it says none.
    pub ranges: Vec<(String, Oid)>,
    /// Items elsewhere that such a range is for, each with its code of the analyte.
    pub measures: Vec<(Oid, String)>,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct FormDef {
    /// OID.
    pub oid: Oid,
    /// Name.
    pub name: Text,
    /// CDASH domain, or `own`.
    pub domain: String,
    /// Several in one visit.
    pub repeats: bool,
    /// Groups in order.
    pub groups: Vec<ItemGroupDef>,
    /// What the page also shows: `eligibility`, `identity_check`; empty for most.
    pub panels: Vec<String>,
}

/// Rows that belong together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ItemGroupDef {
    /// OID.
    pub oid: Oid,
    /// Name.
    pub name: Text,
    /// Several rows.
    pub repeats: bool,
    /// Items in order.
    pub items: Vec<ItemDef>,
    /// Shown only while this holds.
    #[ts(optional)]
    pub when: Option<String>,
}

/// What an item takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ItemKind {
    /// Free text up to `max` characters.
    Text {
        /// Longest.
        max: u32,
        /// Several lines.
        #[serde(default)]
        long: bool,
    },
    /// A whole number.
    Integer {
        /// Units of the source document allowed, the canonical one first; empty for a bare number.
        units: Vec<String>,
    },
    /// A decimal number.
    Decimal {
        /// Units of the source document allowed, the canonical one first; empty for a bare number.
        units: Vec<String>,
        /// Most digits after the point.
        places: u32,
        /// Analyte for conversion between units, as `criteria` knows it.
        #[serde(default)]
        #[ts(optional)]
        analyte: Option<String>,
    },
    /// One code.
    Code {
        /// Codelist.
        codelist: Oid,
    },
    /// Several codes.
    Codes {
        /// Codelist.
        codelist: Oid,
    },
    /// A date.
    Date {
        /// May stop at the month or the year.
        partial: bool,
    },
    /// A time of day.
    Time {},
    /// A date and time.
    DateTime {},
    /// How long something lasted; ranges and rules count it in minutes.
    Duration {
        /// What a figure without a word counts in.
        unit: DurationUnit,
    },
    /// A scanned identifier.
    Scan {
        /// Longest.
        max: u32,
    },
    /// Computed by `criteria`, never typed.
    Derived {
        /// Name of the function, `elig.I8`, `dose.car`, `tox.crs` …
        call: String,
        /// Its inputs: name of the input and the item bound to it.
        with: Vec<(String, Oid)>,
    },
}

/// What a duration counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub enum DurationUnit {
    /// Days.
    #[serde(rename = "d")]
    Day,
    /// Hours.
    #[serde(rename = "h")]
    Hour,
    /// Minutes.
    #[serde(rename = "min")]
    Minute,
}

impl DurationUnit {
    /// The word of the definition: `d`, `h`, `min`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Day => "d",
            Self::Hour => "h",
            Self::Minute => "min",
        }
    }
}

/// Bounds of a number in the canonical unit, or of a duration in minutes, inclusive.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Bounds {
    /// Lowest.
    #[serde(default)]
    #[ts(optional, type = "string")]
    pub low: Option<Decimal>,
    /// Highest.
    #[serde(default)]
    #[ts(optional, type = "string")]
    pub high: Option<Decimal>,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ItemDef {
    /// OID, `FORM.NAME`.
    pub oid: Oid,
    /// The question.
    pub question: Text,
    /// What to look for, where it stands in the source, with citation.
    #[ts(optional)]
    pub guidance: Option<Text>,
    /// CDASH variable, or `own`.
    pub cdash: String,
    /// What it takes.
    pub kind: ItemKind,
    /// The form cannot be completed without it (a missing kind counts as an answer).
    pub required: bool,
    /// Missing kinds that may be chosen.
    pub missing: Vec<Missing>,
    /// Shown only while this holds (CEL).
    #[ts(optional)]
    pub when: Option<String>,
    /// Outside: a hard finding; saved, but blocks completing.
    #[ts(optional)]
    pub hard: Option<Bounds>,
    /// Outside: a soft finding.
    #[ts(optional)]
    pub soft: Option<Bounds>,
    /// Verified first by monitors.
    pub critical: bool,
}

/// One code and its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CodeDef {
    /// The code.
    pub code: String,
    /// In words.
    pub text: Text,
}

/// Permitted values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Codelist {
    /// OID.
    pub oid: Oid,
    /// Codes in order.
    pub codes: Vec<CodeDef>,
}

/// A unit and how it is printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct UnitDef {
    /// Code, as `criteria` knows it (`umol/L`, `10*9/L`).
    pub code: String,
    /// As printed (`µmol/L`, `×10⁹/L`).
    pub text: Text,
}

/// How a criterion is decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum CriterionRule {
    /// By a function of `criteria` on items.
    Computed {
        /// Name of the function, `elig.I8`.
        call: String,
        /// Input and item.
        with: Vec<(String, Oid)>,
    },
    /// By a person, on an item of kind code (MET, NOT_MET, CANNOT_SAY).
    Asked {
        /// The item with the judgement.
        item: Oid,
        /// The item that says where it stands in the source.
        source: Oid,
    },
}

/// One inclusion or exclusion criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CriterionDef {
    /// `I8`, `E3`.
    pub id: String,
    /// The criterion in words.
    pub text: Text,
    /// How it is decided.
    pub rule: CriterionRule,
    /// Decision in force, `D-07`.
    #[ts(optional)]
    pub decision: Option<String>,
    /// Source and evidence.
    pub source: String,
}

/// A threshold that the sponsor decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct DecisionDef {
    /// `D-07`.
    pub id: String,
    /// What is decided.
    pub text: Text,
    /// The default in force, in words.
    pub default: Text,
    /// Values by name, decimal or code text.
    pub values: Vec<(String, String)>,
    /// Source and evidence.
    pub source: String,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Blocks completing the form.
    Hard,
    /// Asks to look again.
    Soft,
}

/// A rule over items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CheckDef {
    /// Identifier, `CHK-DM-01`.
    pub id: String,
    /// How much it weighs.
    pub severity: Severity,
    /// The item it is shown at.
    pub item: Oid,
    /// Fires when true (CEL).
    pub fires: String,
    /// What is wrong and what to do.
    pub text: Text,
    /// Source.
    pub source: String,
}
