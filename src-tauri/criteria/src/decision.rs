//! Thresholds that a sponsor or investigator decides, with the default in force until then.

use crate::quantity::d;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Which published response definition is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ruleset {
    /// ELN 2024 for adult ALL (Gökbuget, Blood 2024;143:1891).
    Eln2024,
    /// NCI/BMT 2010 (BBMT 2010;16:1187) and CIBMTR.
    Nci2010,
    /// NCCN ALL.
    Nccn,
    /// ELIANA and the Kymriah label.
    Eliana,
    /// ZUMA-3 and the Tecartus label.
    Zuma3,
}

/// How broad CRi is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CriBreadth {
    /// Exactly one lineage recovered; the rest is MLFS.
    OneLineage,
    /// Any failure of the counts.
    AnyCountFailure,
}

/// Decisions D-03 to D-25 as far as a function here needs them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Decisions {
    /// D-03: lowest age, completed years.
    pub age_min: u16,
    /// D-03: highest age, completed years.
    pub age_max: u16,
    /// D-04: response definition.
    pub ruleset: Ruleset,
    /// D-05: ANC 1.0 and platelets 100 count as recovered (CIBMTR) where the definition prints `>`.
    pub counts_inclusive: bool,
    /// D-06: first day of the day-28 window.
    pub d28_first: i64,
    /// D-06: last day of the day-28 window.
    pub d28_last: i64,
    /// D-07: adult creatinine clearance must exceed this, mL/min.
    pub crcl_above: Decimal,
    /// D-07: a child's eGFR must reach this, mL/min/1.73 m².
    pub egfr_child_min: Decimal,
    /// D-07: below this a warning (fludarabine).
    pub renal_warn_below: Decimal,
    /// D-08: lowest LVEF, %.
    pub lvef_min_pct: Decimal,
    /// D-09: CD19-positive blasts must exceed this, %.
    pub cd19_above_pct: Decimal,
    /// D-10: highest ALT and AST, × ULN.
    pub transaminases_max_x_uln: Decimal,
    /// D-11: any prior gene-modified cell product excludes.
    pub prior_gene_modified_excludes: bool,
    /// D-12: mean fluorescence intensity from which a donor-specific antibody excludes.
    pub dsa_mfi_min: Decimal,
    /// D-13: highest residual TCRαβ+ cells per kg of an edited product.
    pub tcr_per_kg_max: Decimal,
    /// D-16: HBsAg+ with undetectable HBV DNA fails.
    pub hbsag_positive_excludes: bool,
    /// D-18: a transfusion this many days ago or less blocks CR.
    pub transfusion_days: u16,
    /// D-23: breadth of CRi.
    pub cri_breadth: CriBreadth,
    /// D-25: planned dose, cells per kg. Unset: acceptance is not evaluable.
    pub planned_per_kg: Option<Decimal>,
    /// D-25: absolute cap, cells.
    pub dose_cap: Option<Decimal>,
    /// E2: mature B-cell (Burkitt) leukaemia excludes.
    pub mature_b_excludes: bool,
    /// E2: CML in lymphoid blast crisis excludes.
    pub cml_blast_crisis_excludes: bool,
}

impl Default for Decisions {
    fn default() -> Self {
        Self {
            age_min: 3,
            age_max: 70,
            ruleset: Ruleset::Eln2024,
            counts_inclusive: false,
            d28_first: 25,
            d28_last: 31,
            crcl_above: d(30, 0),
            egfr_child_min: d(60, 0),
            renal_warn_below: d(80, 0),
            lvef_min_pct: d(40, 0),
            cd19_above_pct: d(20, 0),
            transaminases_max_x_uln: d(5, 0),
            prior_gene_modified_excludes: true,
            dsa_mfi_min: d(1000, 0),
            tcr_per_kg_max: d(50_000, 0),
            hbsag_positive_excludes: true,
            transfusion_days: 7,
            cri_breadth: CriBreadth::OneLineage,
            planned_per_kg: None,
            dose_cap: None,
            mature_b_excludes: true,
            cml_blast_crisis_excludes: true,
        }
    }
}
