//! Product (I14), other malignancy (E4), nervous system (E14), antibodies against the product (E15).
//!
//! Sources: NCT04516551 for E4 \[S\]; ZUMA-3 for E14 \[S\], its 180 days \[GK\]; I14 in part and E15 (D-12) are general practice
//! \[GK\].

use crate::decision::Decisions;
use crate::elig::organ::since;
use crate::finding::{Criterion, Op};
use crate::inputs::inputs;
use crate::quantity::Level;
use crate::truth::{Ledger, Measure, Truth, absent, all, any, union};
use crate::{rule, what as w};
use chrono::{Months, NaiveDate};

inputs! {
    /// Inputs of I14.
    I14 {
        /// Donor passed infectious screening.
        donor_screening_passed: bool,
        /// Product released with its certificate.
        product_released: bool,
        /// Autologous CAR-T not feasible or declined, documented.
        autologous_excluded: bool,
    }
}

/// I14, product \[S; rest GK\]: donor screened, product released, autologous product not feasible or declined.
#[must_use]
pub fn i14(input: &I14, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let rule = &rule::I14;
    let met = [
        ledger.fact(
            rule,
            w::DONOR_SCREENING,
            input.donor_screening_passed,
            "donor_screening_passed",
        ),
        ledger.fact(rule, w::PRODUCT_RELEASED, input.product_released, "product_released"),
        ledger.fact(
            rule,
            w::AUTOLOGOUS_EXCLUDED,
            input.autologous_excluded,
            "autologous_excluded",
        ),
    ];
    ledger.require(all(met))
}

inputs! {
    /// Inputs of E4.
    E4 {
        /// Another malignancy, now or before.
        other_malignancy: bool,
        /// Cured non-melanoma skin cancer, carcinoma in situ of cervix or breast, or superficial bladder cancer.
        cured_exempt: bool,
        /// Since when it is in remission.
        remission_date: NaiveDate,
        /// Date to count to.
        consent_date: NaiveDate,
    }
}

/// E4, other malignancy \[S\]: not in remission for more than 5 years; exactly 5 years is too short.
#[must_use]
pub fn e4(input: &E4, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let rule = &rule::E4;
    let other = ledger.fact(rule, w::OTHER_MALIGNANCY, input.other_malignancy, "other_malignancy");
    if other.no() {
        return ledger.exclude(other);
    }
    let exempt = ledger.fact(rule, w::MALIGNANCY_EXEMPT, input.cured_exempt, "cured_exempt");
    let long_ago = match (input.remission_date, input.consent_date) {
        (Some(since), Some(on)) => {
            let passed = since
                .checked_add_months(Months::new(60))
                .is_some_and(|five_years| on > five_years);
            ledger.word(rule, w::REMISSION_SINCE, &since.to_string(), passed)
        }
        (since, on) => Truth::lacking(&absent(&[
            (since.is_none(), "remission_date"),
            (on.is_none(), "consent_date"),
        ])),
    };
    ledger.exclude(other.and(exempt.or(long_ago).not()))
}

inputs! {
    /// Inputs of E14.
    E14 {
        /// Seizure disorder.
        seizure_disorder: bool,
        /// Days since stroke or intracranial haemorrhage.
        days_since_stroke: i64,
        /// Whether there ever was one; `false` stands for the missing number of days.
        stroke_ever: bool,
        /// Dementia.
        dementia: bool,
        /// Cerebellar disease or autoimmune disease of the CNS.
        cerebellar_or_autoimmune: bool,
    }
}

/// E14, nervous system \[S; 180 days GK\].
#[must_use]
pub fn e14(input: &E14, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let rule = &rule::E14;
    let (days, ever) = (input.days_since_stroke, input.stroke_ever);
    let present = [
        ledger.fact(rule, w::SEIZURE_DISORDER, input.seizure_disorder, "seizure_disorder"),
        since(
            &mut ledger,
            rule,
            w::DAYS_SINCE_STROKE,
            days,
            ever,
            ("days_since_stroke", Op::Le, 180),
        ),
        ledger.fact(rule, w::DEMENTIA, input.dementia, "dementia"),
        ledger.fact(
            rule,
            w::CEREBELLAR_OR_AUTOIMMUNE,
            input.cerebellar_or_autoimmune,
            "cerebellar_or_autoimmune",
        ),
    ];
    ledger.exclude(any(present))
}

inputs! {
    /// Inputs of E15.
    E15 {
        /// The product carries an HLA antigen that the patient lacks, at a locus with an antibody.
        product_mismatch: bool,
        /// Highest mean fluorescence intensity against such an antigen.
        mfi: Level,
    }
}

/// E15, donor-specific antibody \[GK; D-12\]: MFI ≥ 1000 against a mismatched antigen of the product.
/// While product HLA or antibody screen is missing, nothing is settled.
#[must_use]
pub fn e15(input: &E15, decisions: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let mismatch = ledger.fact(
        &rule::E15,
        w::PRODUCT_MISMATCH,
        input.product_mismatch,
        "product_mismatch",
    );
    let value = input.mfi.map(Level::get);
    let measure = Measure {
        what: w::DSA_MFI,
        unit: "MFI",
        value,
        fields: &["mfi"],
    };
    let strong = ledger.compare(&rule::E15, measure, Op::Ge, decisions.dsa_mfi_min);
    let present = match mismatch {
        Truth::Unknown(missing) => Truth::Unknown(union(missing, strong.missing())),
        Truth::Yes => strong,
        Truth::No => Truth::No,
    };
    ledger.exclude(present)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Field, Outcome};
    use serde_json::json;

    #[test]
    fn five_years_exactly_is_too_short() {
        let of = |json| e4(&serde_json::from_value(json).unwrap(), &Decisions::default()).outcome;
        let since = |date: &str| {
            of(
                json!({"other_malignancy": true, "cured_exempt": false, "remission_date": date, "consent_date": "2025-03-10"}),
            )
        };
        assert_eq!(
            (since("2020-03-10"), since("2020-03-09")),
            (Outcome::Fail, Outcome::Pass)
        );
        assert_eq!(of(json!({"other_malignancy": false})), Outcome::Pass);
        assert_eq!(
            of(json!({"other_malignancy": true, "cured_exempt": true})),
            Outcome::Pass
        );
    }

    #[test]
    fn antibodies_need_the_product_s_type() {
        let of = |json| e15(&serde_json::from_value(json).unwrap(), &Decisions::default()).outcome;
        assert_eq!(
            of(json!({"mfi": 5})),
            Outcome::NotEvaluable {
                missing: vec![Field("product_mismatch")]
            }
        );
        assert_eq!(of(json!({"product_mismatch": false})), Outcome::Pass);
        assert_eq!(
            of(json!({"product_mismatch": true})),
            Outcome::NotEvaluable {
                missing: vec![Field("mfi")]
            }
        );
    }

    #[test]
    fn stroke_to_the_day() {
        let of = |days: i64| {
            let json = json!({"seizure_disorder": false, "days_since_stroke": days, "dementia": false, "cerebellar_or_autoimmune": false});
            e14(&serde_json::from_value(json).unwrap(), &Decisions::default()).outcome
        };
        assert_eq!((of(180), of(181)), (Outcome::Fail, Outcome::Pass));
    }
}
