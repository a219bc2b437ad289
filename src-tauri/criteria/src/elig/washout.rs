//! Washouts before lymphodepletion (E17): met when start − last dose ≥ N days \[GK unless noted\].
//!
//! Prednisone equivalents of 5 mg: dexamethasone 0.75, methylprednisolone 4, hydrocortisone 20 mg.

use crate::decision::Decisions;
use crate::elig::prior::days;
use crate::finding::{Criterion, Field, Op};
use crate::inputs::{codes, inputs};
use crate::quantity::{Level, Positive, d};
use crate::truth::{Ledger, Measure, Truth, all};
use crate::{rule, what as w};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;

codes! {
    /// What was given before.
    Drug {
        /// Systemic chemotherapy.
        #[serde(alias = "chemo", alias = "systemic_chemotherapy")]
        SystemicChemo = "systemic_chemo",
        /// Bridging chemotherapy.
        #[serde(alias = "bridging_chemo")]
        Bridging = "bridging",
        /// Intrathecal therapy.
        #[serde(alias = "intrathecal_chemo")]
        Intrathecal = "intrathecal",
        /// Systemic steroid above physiological replacement.
        #[serde(alias = "systemic_steroid")]
        Steroid = "steroid",
        /// Pegaspargase.
        #[serde(alias = "peg_asparaginase")]
        Pegaspargase = "pegaspargase",
        /// Blinatumomab.
        Blinatumomab = "blinatumomab",
        /// Inotuzumab ozogamicin.
        Inotuzumab = "inotuzumab",
        /// Tyrosine kinase inhibitor.
        #[serde(alias = "TKI")]
        Tki = "tki",
        /// Radiotherapy.
        Radiotherapy = "radiotherapy",
        /// Radiotherapy of the CNS.
        #[serde(alias = "radiotherapy_cns")]
        CnsRadiotherapy = "cns_radiotherapy",
        /// Donor lymphocyte infusion.
        #[serde(alias = "DLI")]
        Dli = "dli",
        /// ATG or alemtuzumab outside the protocol.
        #[serde(alias = "atg", alias = "ATG", alias = "alemtuzumab")]
        AtgAlemtuzumab = "atg_alemtuzumab",
        /// G-CSF.
        #[serde(alias = "g_csf", alias = "G-CSF")]
        Gcsf = "gcsf",
        /// Long-acting G-CSF.
        #[serde(alias = "gcsf_long", alias = "g_csf_long_acting", alias = "pegfilgrastim")]
        GcsfLongActing = "gcsf_long_acting",
        /// Other investigational drug.
        #[serde(alias = "investigational_drug", alias = "other_investigational")]
        Investigational = "investigational",
        /// Systemic immunosuppression for GVHD (28 days: ZUMA-3 \[S\]).
        #[serde(alias = "systemic_gvhd_immunosuppression", alias = "gvhd_is")]
        GvhdImmunosuppression = "gvhd_immunosuppression",
        /// Live vaccine.
        LiveVaccine = "live_vaccine",
    }
}

impl Drug {
    /// Days that must lie between the last dose and the start of lymphodepletion.
    #[must_use]
    pub const fn washout_days(self) -> u32 {
        match self {
            Self::Steroid | Self::Tki => 3,
            Self::Gcsf => 5,
            Self::Bridging | Self::Intrathecal => 7,
            Self::SystemicChemo | Self::Blinatumomab | Self::Radiotherapy | Self::GcsfLongActing => 14,
            Self::Pegaspargase
            | Self::Inotuzumab
            | Self::Investigational
            | Self::GvhdImmunosuppression
            | Self::LiveVaccine => 28,
            Self::Dli => 42,
            Self::CnsRadiotherapy | Self::AtgAlemtuzumab => 56,
        }
    }
}

/// One earlier treatment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// What.
    pub kind: Drug,
    /// Last dose.
    pub last: Option<NaiveDate>,
}

inputs! {
    /// Inputs of E17.
    E17 {
        /// Start of lymphodepletion.
        ld_start: NaiveDate,
        /// Infusion, against which a steroid is counted again.
        infusion_date: NaiveDate,
        /// Every earlier treatment; an empty list means none.
        drugs: Vec<Given>,
    }
}

/// E17, washouts: any listed treatment given too late excludes; one without its last date is not evaluable.
#[must_use]
pub fn e17(input: &E17, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let Some(drugs) = &input.drugs else {
        return ledger.exclude(Truth::lacking(&["drugs"]));
    };
    let mut met = Vec::new();
    for drug in drugs {
        met.push(washed_out(&mut ledger, drug, input.ld_start, "ld_start"));
        if drug.kind == Drug::Steroid && input.infusion_date.is_some() {
            met.push(washed_out(&mut ledger, drug, input.infusion_date, "infusion_date"));
        }
    }
    ledger.require(all(met))
}

fn washed_out(ledger: &mut Ledger, drug: &Given, until: Option<NaiveDate>, field: &'static str) -> Truth {
    let (Some(last), Some(until)) = (drug.last, until) else {
        let name = if drug.last.is_none() { "drugs" } else { field };
        return Truth::Unknown(vec![Field(name)]);
    };
    let measure = Measure {
        what: what(drug.kind),
        unit: "d",
        value: Some(days(last, until)),
        fields: &[],
    };
    ledger.compare(&rule::E17, measure, Op::Ge, d(drug.kind.washout_days(), 0))
}

const fn what(drug: Drug) -> &'static str {
    match drug {
        Drug::SystemicChemo => w::WASHOUT_SYSTEMIC_CHEMO,
        Drug::Bridging => w::WASHOUT_BRIDGING,
        Drug::Intrathecal => w::WASHOUT_INTRATHECAL,
        Drug::Steroid => w::WASHOUT_STEROID,
        Drug::Pegaspargase => w::WASHOUT_PEGASPARGASE,
        Drug::Blinatumomab => w::WASHOUT_BLINATUMOMAB,
        Drug::Inotuzumab => w::WASHOUT_INOTUZUMAB,
        Drug::Tki => w::WASHOUT_TKI,
        Drug::Radiotherapy => w::WASHOUT_RADIOTHERAPY,
        Drug::CnsRadiotherapy => w::WASHOUT_CNS_RADIOTHERAPY,
        Drug::Dli => w::WASHOUT_DLI,
        Drug::AtgAlemtuzumab => w::WASHOUT_ATG_ALEMTUZUMAB,
        Drug::Gcsf => w::WASHOUT_GCSF,
        Drug::GcsfLongActing => w::WASHOUT_GCSF_LONG_ACTING,
        Drug::Investigational => w::WASHOUT_INVESTIGATIONAL,
        Drug::GvhdImmunosuppression => w::WASHOUT_GVHD_IMMUNOSUPPRESSION,
        Drug::LiveVaccine => w::WASHOUT_LIVE_VACCINE,
    }
}

codes! {
    /// A systemic glucocorticoid.
    Steroid {
        /// Prednisone or prednisolone.
        Prednisone = "prednisone",
        /// Dexamethasone, also against nausea.
        Dexamethasone = "dexamethasone",
        /// Methylprednisolone.
        Methylprednisolone = "methylprednisolone",
        /// Hydrocortisone.
        Hydrocortisone = "hydrocortisone",
    }
}

impl Steroid {
    /// Milligrams equivalent to 5 mg prednisone.
    pub(crate) fn five_mg_prednisone(self) -> Decimal {
        match self {
            Self::Prednisone => d(5, 0),
            Self::Dexamethasone => d(75, 2),
            Self::Methylprednisolone => d(4, 0),
            Self::Hydrocortisone => d(20, 0),
        }
    }
}

/// Whether a daily dose exceeds physiological replacement: adults > 10 mg prednisone a day, under 18 > 12 mg/m²
/// hydrocortisone a day. Nothing for a child whose body surface is missing.
#[must_use]
pub fn above_replacement(steroid: Steroid, mg_per_day: Level, adult: bool, bsa_m2: Option<Positive>) -> Option<bool> {
    let five = steroid.five_mg_prednisone();
    if adult {
        // mg / five × 5 > 10, multiplied out.
        return Some(mg_per_day.get() * d(5, 0) > d(10, 0) * five);
    }
    bsa_m2.map(|bsa| mg_per_day.get() * d(20, 0) > d(12, 0) * bsa.get() * five)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Outcome;
    use serde_json::json;

    fn of(json: serde_json::Value) -> Outcome {
        e17(&serde_json::from_value(json).unwrap(), &Decisions::default()).outcome
    }

    #[test]
    fn every_washout_holds_to_the_day() {
        let start: NaiveDate = "2025-05-15".parse().unwrap();
        for kind in Drug::ALL {
            let at = |extra: i64| {
                let last = start - chrono::Days::new(u64::from(kind.washout_days())) + chrono::Duration::days(extra);
                of(json!({"ld_start": start, "drugs": [{"kind": kind.code(), "last": last}]}))
            };
            assert_eq!((at(0), at(1)), (Outcome::Pass, Outcome::Fail), "{kind:?}");
        }
    }

    #[test]
    fn missing_dates_and_empty_lists() {
        assert_eq!(of(json!({"ld_start": "2025-05-15", "drugs": []})), Outcome::Pass);
        assert_eq!(
            of(json!({"ld_start": "2025-05-15", "drugs": [{"kind": "tki", "last": null}]})),
            Outcome::NotEvaluable {
                missing: vec![Field("drugs")]
            }
        );
        assert_eq!(
            of(json!({"ld_start": "2025-05-15", "drugs": [{"kind": "tki"}, {"kind": "dli", "last": "2025-05-01"}]})),
            Outcome::Fail
        );
        assert_eq!(
            of(
                json!({"ld_start": "2025-05-15", "infusion_date": "2025-05-13", "drugs": [{"kind": "steroid", "last": "2025-05-12"}]})
            ),
            Outcome::Fail
        );
    }

    #[test]
    fn replacement() {
        let mg = |tenths: u32| Level::new(d(tenths, 1)).unwrap();
        assert_eq!(above_replacement(Steroid::Prednisone, mg(100), true, None), Some(false));
        assert_eq!(
            above_replacement(Steroid::Dexamethasone, mg(15), true, None),
            Some(false)
        );
        assert_eq!(
            above_replacement(Steroid::Dexamethasone, mg(16), true, None),
            Some(true)
        );
        assert_eq!(
            above_replacement(Steroid::Hydrocortisone, mg(120), false, Positive::new(d(1, 0)).ok()),
            Some(false)
        );
        assert_eq!(
            above_replacement(Steroid::Hydrocortisone, mg(121), false, Positive::new(d(1, 0)).ok()),
            Some(true)
        );
        assert_eq!(above_replacement(Steroid::Prednisone, mg(100), false, None), None);
    }
}
