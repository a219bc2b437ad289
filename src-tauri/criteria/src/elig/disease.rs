//! The disease: diagnosis (I3), relapsed or refractory (I4), CD19 (I5), measurable (I6), and where it sits (E1, E2, E3).
//!
//! Sources \[S\]: donor-derived CD19 CAR-T and ThisCART19A (I3, I4), NCT04516551 (I5, threshold D-09), QH103, ELIANA and CALM
//! (I6), QH103 (E1), ZUMA-3 (E2, E3). That a relapse in MRD alone satisfies I4 is a project decision \[PD\].

use crate::decision::Decisions;
use crate::finding::{Criterion, Op};
use crate::inputs::{codes, inputs};
use crate::quantity::{Fraction, Percent, d};
use crate::truth::{Ledger, Measure, Truth, any, union};
use crate::{rule, what as w};
use rust_decimal::Decimal;

inputs! {
    /// Inputs of I6.
    I6 {
        /// Blasts in marrow.
        bm_blasts_pct: Percent,
        /// Measurable residual disease, as a fraction.
        mrd_fraction: Fraction,
    }
}

/// I6, measurable disease \[S\]: marrow blasts ≥ 5.0 % or MRD ≥ 1e-3.
#[must_use]
pub fn i6(input: &I6, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let blasts = Measure {
        what: w::BM_BLASTS,
        unit: "%",
        value: input.bm_blasts_pct.map(Percent::get),
        fields: &["bm_blasts_pct"],
    };
    let mrd = Measure {
        what: w::MRD,
        unit: "",
        value: input.mrd_fraction.map(Fraction::get),
        fields: &["mrd_fraction"],
    };
    let blasts = ledger.compare(&rule::I6, blasts, Op::Ge, d(5, 0));
    let mrd = ledger.compare(&rule::I6_MRD, mrd, Op::Ge, d(1, 3));
    ledger.require(blasts.or(mrd))
}

codes! {
    /// CNS status as eligibility uses it; the letters of the full classification are accepted.
    CnsStatus {
        /// No blasts.
        Cns1 = "CNS1",
        /// Blasts, fewer than 5 white cells, or a traumatic tap that does not count.
        Cns2 = "CNS2",
        /// See [`crate::response::cns`].
        Cns2a = "CNS2a",
        /// See [`crate::response::cns`].
        Cns2b = "CNS2b",
        /// See [`crate::response::cns`].
        Cns2c = "CNS2c",
        /// Blasts and 5 or more white cells, or clinical signs.
        Cns3 = "CNS3",
        /// See [`crate::response::cns`].
        Cns3a = "CNS3a",
        /// See [`crate::response::cns`].
        Cns3b = "CNS3b",
        /// See [`crate::response::cns`].
        Cns3c = "CNS3c",
    }
}

inputs! {
    /// Inputs of E3.
    E3 {
        /// CNS status; missing while no lumbar puncture was done.
        cns: CnsStatus,
        /// Neurological change.
        neuro_symptoms: bool,
    }
}

/// E3, CNS disease \[S\]: CNS3 excludes; CNS2 excludes with neurological change.
#[must_use]
pub fn e3(input: &E3, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let Some(cns) = input.cns else {
        return ledger.exclude(Truth::lacking(&["cns"]));
    };
    let present = match cns {
        CnsStatus::Cns1 => ledger.word(&rule::E3, w::CNS, cns.code(), false),
        CnsStatus::Cns3 | CnsStatus::Cns3a | CnsStatus::Cns3b | CnsStatus::Cns3c => {
            ledger.word(&rule::E3, w::CNS, cns.code(), true)
        }
        CnsStatus::Cns2 | CnsStatus::Cns2a | CnsStatus::Cns2b | CnsStatus::Cns2c => {
            let with_change = ledger.fact(&rule::E3, w::NEURO_SYMPTOMS, input.neuro_symptoms, "neuro_symptoms");
            ledger.word(&rule::E3, w::CNS, cns.code(), with_change.yes());
            with_change
        }
    };
    ledger.exclude(present)
}

codes! {
    /// Lineage of the leukaemia.
    Lineage {
        /// B.
        B = "B",
        /// T.
        T = "T",
        /// Mixed phenotype.
        Mixed = "mixed",
        /// Not known.
        Unknown = "unknown",
    }
}

inputs! {
    /// Inputs of I3.
    I3 {
        /// Lineage of the acute lymphoblastic leukaemia.
        lineage: Lineage,
        /// Immunophenotype documented.
        immunophenotype_documented: bool,
    }
}

/// I3, diagnosis \[S\]: B-ALL with a documented immunophenotype.
#[must_use]
pub fn i3(input: &I3, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let b = match input.lineage {
        None | Some(Lineage::Unknown) => Truth::lacking(&["lineage"]),
        Some(lineage) => ledger.word(&rule::I3, w::LINEAGE, lineage.code(), lineage == Lineage::B),
    };
    let shown = input.immunophenotype_documented;
    let shown = ledger.fact(&rule::I3, w::IMMUNOPHENOTYPE, shown, "immunophenotype_documented");
    ledger.require(b.and(shown))
}

inputs! {
    /// Inputs of I4. The last three count only when stated.
    I4 {
        /// Number of relapses.
        relapses: u16,
        /// Duration of the first remission, days.
        cr1_days: i64,
        /// Salvage treatments without remission since.
        salvage_failures: u16,
        /// Standard induction cycles without CR or CRi.
        induction_cycles_without_cr: u16,
        /// Relapse after allogeneic transplant.
        post_hsct_relapse: bool,
        /// Philadelphia chromosome.
        ph_pos: bool,
        /// Intolerant of a tyrosine kinase inhibitor.
        tki_intolerant: bool,
        /// Different tyrosine kinase inhibitors that failed.
        tki_failures: u16,
        /// Induction ended without CR or CRi; counts when `true`.
        no_cr_at_end_of_induction: bool,
        /// MRD of a relapse in MRD only; counts from 1e-3.
        mrd_relapse_fraction: Fraction,
    }
}

/// I4, relapsed or refractory \[S\]: any limb suffices.
#[must_use]
pub fn i4(input: &I4, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let rule = &rule::I4;
    let count = |what, value: Option<u16>| Measure {
        what,
        unit: "",
        value: value.map(Decimal::from),
        fields: &[],
    };
    let mut at_least = |what, value: Option<u16>, field: &'static str, limit: u32| {
        ledger.compare(
            rule,
            Measure {
                fields: &[field],
                ..count(what, value)
            },
            Op::Ge,
            d(limit, 0),
        )
    };
    let refractory = at_least(
        w::INDUCTION_CYCLES,
        input.induction_cycles_without_cr,
        "induction_cycles_without_cr",
        2,
    );
    let once = at_least(w::RELAPSES, input.relapses, "relapses", 1);
    let twice = at_least(w::RELAPSES, input.relapses, "relapses", 2);
    let salvage = at_least(w::SALVAGE_FAILURES, input.salvage_failures, "salvage_failures", 1);
    let early = if once.no() || twice.yes() {
        Truth::No
    } else {
        let value = input.cr1_days.map(Decimal::from);
        let short = Measure {
            what: w::CR1_DAYS,
            unit: "d",
            value,
            fields: &["cr1_days"],
        };
        once.and(ledger.compare(rule, short, Op::Le, d(365, 0)))
    };
    let transplanted = ledger.fact(rule, w::POST_HSCT_RELAPSE, input.post_hsct_relapse, "post_hsct_relapse");
    let positive = ledger.fact(rule, w::PH_POSITIVE, input.ph_pos, "ph_pos");
    let kinase = if positive.no() {
        Truth::No
    } else {
        let intolerant = ledger.fact(rule, w::TKI_INTOLERANT, input.tki_intolerant, "tki_intolerant");
        let failures = count(w::TKI_FAILURES, input.tki_failures);
        let failed = ledger.compare(
            rule,
            Measure {
                fields: &["tki_failures"],
                ..failures
            },
            Op::Ge,
            d(2, 0),
        );
        positive.and(intolerant.or(failed))
    };
    let ended = Truth::known(input.no_cr_at_end_of_induction == Some(true));
    if ended.yes() {
        ledger.word(rule, w::NO_CR_AT_END_OF_INDUCTION, "true", true);
    }
    let molecular = match input.mrd_relapse_fraction {
        None => Truth::No,
        Some(mrd) => {
            let measure = Measure {
                what: w::MRD,
                unit: "",
                value: Some(mrd.get()),
                fields: &[],
            };
            ledger.compare(&rule::I4_MRD, measure, Op::Ge, d(1, 3))
        }
    };
    ledger.require(any([
        refractory,
        ended,
        early,
        twice,
        salvage,
        transplanted,
        kinase,
        molecular,
    ]))
}

inputs! {
    /// Inputs of I5.
    I5 {
        /// CD19-positive part of the blasts; "positive" without a number is missing.
        cd19_pct: Percent,
        /// The sample was taken after the last CD19-directed therapy.
        sample_after_last_cd19_therapy: bool,
    }
}

/// I5, CD19 \[S; D-09\]: on more than 20 % of blasts, in a sample taken after the last CD19-directed therapy.
/// An earlier sample says nothing.
#[must_use]
pub fn i5(input: &I5, decisions: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let value = input.cd19_pct.map(Percent::get);
    let measure = Measure {
        what: w::CD19,
        unit: "%",
        value,
        fields: &["cd19_pct"],
    };
    let expressed = ledger.compare(&rule::I5, measure, Op::Gt, decisions.cd19_above_pct);
    let after = input.sample_after_last_cd19_therapy;
    let after = ledger.fact(
        &rule::I5,
        w::SAMPLE_AFTER_CD19_THERAPY,
        after,
        "sample_after_last_cd19_therapy",
    );
    ledger.require(match after {
        Truth::Yes => expressed,
        Truth::No => Truth::lacking(&["cd19_pct"]),
        Truth::Unknown(missing) => Truth::Unknown(union(missing, expressed.missing())),
    })
}

inputs! {
    /// Inputs of E1.
    E1 {
        /// Extramedullary disease present.
        emd_present: bool,
        /// Blasts in marrow.
        bm_blasts_pct: Percent,
        /// MRD as a fraction.
        mrd_fraction: Fraction,
    }
}

/// E1, isolated extramedullary relapse \[S\]: disease outside the marrow, marrow < 5 % and MRD < 1e-4.
#[must_use]
pub fn e1(input: &E1, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let rule = &rule::E1;
    let outside = ledger.fact(rule, w::EMD, input.emd_present, "emd_present");
    let value = input.bm_blasts_pct.map(Percent::get);
    let marrow = Measure {
        what: w::BM_BLASTS,
        unit: "%",
        value,
        fields: &["bm_blasts_pct"],
    };
    let value = input.mrd_fraction.map(Fraction::get);
    let residual = Measure {
        what: w::MRD,
        unit: "",
        value,
        fields: &["mrd_fraction"],
    };
    let clear = ledger.compare(rule, marrow, Op::Lt, d(5, 0));
    let clear = clear.and(ledger.compare(rule, residual, Op::Lt, d(1, 4)));
    ledger.exclude(outside.and(clear))
}

inputs! {
    /// Inputs of E2.
    E2 {
        /// Burkitt or mature B-cell leukaemia.
        mature_b: bool,
        /// CML in lymphoid blast crisis.
        cml_blast_crisis: bool,
    }
}

/// E2 \[S\]: Burkitt or mature B leukaemia, CML in lymphoid blast crisis, each as configured.
#[must_use]
pub fn e2(input: &E2, decisions: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let rule = &rule::E2;
    let mut kind = |what, value, field, excludes: bool| {
        if excludes {
            ledger.fact(rule, what, value, field)
        } else {
            Truth::No
        }
    };
    let mature = kind(w::MATURE_B, input.mature_b, "mature_b", decisions.mature_b_excludes);
    let cml = input.cml_blast_crisis;
    let cml = kind(
        w::CML_BLAST_CRISIS,
        cml,
        "cml_blast_crisis",
        decisions.cml_blast_crisis_excludes,
    );
    ledger.exclude(mature.or(cml))
}
