//! What came before: transplant (E5), GVHD (E6), gene-modified cells (E7), washouts (E17), live vaccine (E18).
//!
//! Sources \[S\]: ZUMA-3 (E5, 100 days; E6, 4 weeks), NCT04516551 (E6), ELIANA (E7, D-11); the 28 days of E18 \[GK\].

use crate::decision::Decisions;
use crate::elig::organ::since;
use crate::finding::{Criterion, Op};
use crate::inputs::inputs;
use crate::quantity::d;
use crate::score::Stage;
use crate::truth::{Ledger, Measure, Truth, absent, any};
use crate::{rule, what as w};
use chrono::NaiveDate;
use rust_decimal::Decimal;

inputs! {
    /// Inputs of E5.
    E5 {
        /// Allogeneic transplant ever.
        hsct: bool,
        /// Date of the last one.
        hsct_date: NaiveDate,
        /// Planned date of infusion.
        planned_infusion_date: NaiveDate,
    }
}

/// Days from one date to another as a decimal.
pub(crate) fn days(from: NaiveDate, to: NaiveDate) -> Decimal {
    Decimal::from(to.signed_duration_since(from).num_days())
}

/// E5, recent allogeneic transplant \[S, ZUMA-3\]: less than 100 days before the planned infusion.
#[must_use]
pub fn e5(input: &E5, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let ever = ledger.fact(&rule::E5, w::HSCT, input.hsct, "hsct");
    let since = match (input.hsct_date, input.planned_infusion_date) {
        (Some(from), Some(to)) => Some(days(from, to)),
        (None, _) | (_, None) => None,
    };
    let fields = absent(&[
        (input.hsct_date.is_none(), "hsct_date"),
        (input.planned_infusion_date.is_none(), "planned_infusion_date"),
    ]);
    if ever.no() {
        return ledger.exclude(Truth::No);
    }
    let measure = Measure {
        what: w::DAYS_SINCE_HSCT,
        unit: "d",
        value: since,
        fields: &fields,
    };
    let recent = ledger.compare(&rule::E5, measure, Op::Lt, d(100, 0));
    ledger.exclude(ever.and(recent))
}

inputs! {
    /// Inputs of E6.
    E6 {
        /// Overall grade of active acute GVHD, MAGIC.
        agvhd_grade: Stage,
        /// Active chronic GVHD under systemic therapy.
        cgvhd_systemic_therapy: bool,
        /// Days from the last systemic immunosuppression for GVHD to the start of lymphodepletion.
        days_since_systemic_is: i64,
        /// Whether there ever was one; `false` stands for the missing number of days.
        systemic_is_ever: bool,
    }
}

/// E6, GVHD \[S\]: acute grade II-IV, chronic under systemic therapy, or systemic immunosuppression < 28 days before
/// lymphodepletion. Acute grade I is allowed.
#[must_use]
pub fn e6(input: &E6, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let rule = &rule::E6;
    let value = input.agvhd_grade.map(|grade| Decimal::from(grade.get()));
    let acute = Measure {
        what: w::AGVHD_GRADE,
        unit: "",
        value,
        fields: &["agvhd_grade"],
    };
    let acute = ledger.compare(rule, acute, Op::Ge, d(2, 0));
    let chronic = input.cgvhd_systemic_therapy;
    let chronic = ledger.fact(rule, w::CGVHD_SYSTEMIC_THERAPY, chronic, "cgvhd_systemic_therapy");
    let (days, ever) = (input.days_since_systemic_is, input.systemic_is_ever);
    let recent = since(
        &mut ledger,
        rule,
        w::DAYS_SINCE_SYSTEMIC_IS,
        days,
        ever,
        ("days_since_systemic_is", Op::Lt, 28),
    );
    ledger.exclude(any([acute, chronic, recent]))
}

inputs! {
    /// Inputs of E7.
    E7 {
        /// Any CAR-T or other gene-modified cell product before.
        prior_gene_modified: bool,
    }
}

/// E7 \[S; D-11\]: any prior gene-modified cell product.
#[must_use]
pub fn e7(input: &E7, decisions: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let prior = ledger.fact(
        &rule::E7,
        w::PRIOR_GENE_MODIFIED,
        input.prior_gene_modified,
        "prior_gene_modified",
    );
    ledger.exclude(if decisions.prior_gene_modified_excludes {
        prior
    } else {
        Truth::No
    })
}

inputs! {
    /// Inputs of E18.
    E18 {
        /// Start of lymphodepletion.
        ld_start: NaiveDate,
        /// Last live or attenuated vaccine.
        last_live_vaccine: NaiveDate,
        /// Whether there ever was one; `false` stands for the missing date.
        live_vaccine_ever: bool,
    }
}

/// E18 \[GK\]: a live vaccine less than 28 days before lymphodepletion.
#[must_use]
pub fn e18(input: &E18, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    if input.last_live_vaccine.is_none() && input.live_vaccine_ever == Some(false) {
        let never = ledger.word(&rule::E18, w::DAYS_SINCE_LIVE_VACCINE, "never", false);
        return ledger.exclude(never);
    }
    let fields = absent(&[
        (input.last_live_vaccine.is_none(), "last_live_vaccine"),
        (input.ld_start.is_none(), "ld_start"),
    ]);
    let value = input
        .last_live_vaccine
        .zip(input.ld_start)
        .map(|(last, start)| days(last, start));
    let measure = Measure {
        what: w::DAYS_SINCE_LIVE_VACCINE,
        unit: "d",
        value,
        fields: &fields,
    };
    let recent = ledger.compare(&rule::E18, measure, Op::Lt, d(28, 0));
    ledger.exclude(recent)
}
