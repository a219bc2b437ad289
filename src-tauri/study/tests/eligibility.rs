//! Criteria that were once asked and are now computed: for each one case met, one not met, one that cannot be said yet.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect"
)]

mod common;
#[path = "common/screened.rs"]
mod screened;

use screened::eligible;
use study::{
    def::CriterionRule,
    eligibility::{CriterionResult as R, Verdict},
};

/// Criterion, what is changed of the eligible subject, what it comes to, the items that are then missing.
type Case = (
    &'static str,
    &'static [(&'static str, &'static str)],
    R,
    &'static [&'static str],
);

const MET: &[&str] = &[];

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("I1", &[("CONSENT.FIRST_PROC", "2025-03-10")], R::Pass, MET),
    ("I1", &[("CONSENT.FIRST_PROC", "2025-03-10"), ("CONSENT.TIME", "09:10"), ("CONSENT.FIRST_TIME", "09:00")], R::Fail, MET),
    ("I1", &[("CONSENT.FIRST_PROC", "2025-03-09")], R::Fail, MET),
    ("I1", &[("DM.BIRTH", "2012-03-10"), ("CONSENT.SIGNED_BY", "GUARDIAN"), ("CONSENT.ASSENT", "Y")], R::Pass, MET),
    ("I1", &[("DM.BIRTH", "2012-03-10"), ("CONSENT.SIGNED_BY", "BOTH"), ("CONSENT.ASSENT", "N")], R::Fail, MET),
    ("I1", &[("DM.BIRTH", "2012-03-10"), ("CONSENT.SIGNED_BY", "BOTH")], R::NotEvaluable, &["CONSENT.ASSENT"]),
    ("I1", &[("CONSENT.FIRST_PROC", "?unknown")], R::NotEvaluable, &["CONSENT.FIRST_PROC"]),
    ("I3", &[], R::Pass, MET),
    ("I3", &[("DISEASE.LINEAGE", "T")], R::Fail, MET),
    ("I3", &[("DISEASE.LINEAGE", "MPAL")], R::Fail, MET),
    ("I3", &[("DISEASE.IMMUNO", "?unknown")], R::NotEvaluable, &["DISEASE.IMMUNO"]),
    ("I4", &[("DISEASE.CR1_DAYS", "365 d")], R::Pass, MET),
    ("I4", &[("DISEASE.CR1_DAYS", "366 d")], R::Fail, MET),
    ("I4", &[("DISEASE.CR1_DAYS", "366 d"), ("DISEASE.SALVAGE_FAIL", "1")], R::Pass, MET),
    ("I4", &[("DISEASE.CR1_DAYS", "366 d"), ("DISEASE.NO_CR_IND", "Y")], R::Pass, MET),
    ("I4", &[("DISEASE.CR1_DAYS", "366 d"), ("DISEASE.PH", "Y"), ("DISEASE.TKI_INTOL", "N"), ("DISEASE.TKI_COUNT", "2")], R::Pass, MET),
    ("I4", &[("DISEASE.CR1_DAYS", "?unknown")], R::NotEvaluable, &["DISEASE.CR1_DAYS"]),
    ("I4", &[("DISEASE.RELAPSES", "0"), ("DISEASE.STATUS", "MRD_RELAPSE"), ("DISEASE.MRD_REL", "0.1 %")], R::Pass, MET),
    ("I5", &[("MARROW.CD19", "20.1")], R::Pass, MET),
    ("I5", &[("MARROW.CD19", "20")], R::Fail, MET),
    ("I5", &[("MARROW.CD19", "?unknown")], R::NotEvaluable, &["MARROW.CD19"]),
    ("I5", &[("MARROW.CD19_AFTER", "N")], R::NotEvaluable, &["MARROW.CD19"]),
    ("I5", &[("MARROW.DATE", "2025-03-08")], R::Pass, MET),
    ("I5", &[("MARROW.DATE", "2025-03-07")], R::NotEvaluable, &["MARROW.CD19"]),
    ("I7", &[("PERF.ECOG", "2")], R::Pass, MET),
    ("I7", &[("PERF.ECOG", "3")], R::Fail, MET),
    ("I7", &[("PERF.ECOG", "?not_done"), ("PERF.KPS", "60")], R::Pass, MET),
    ("I7", &[("PERF.ECOG", "?not_done"), ("PERF.KPS", "50")], R::Fail, MET),
    ("I7", &[("PERF.ECOG", "?not_done")], R::NotEvaluable, &["PERF.ECOG"]),
    ("I7", &[("DM.BIRTH", "2012-03-10"), ("PERF.LANSKY", "60")], R::Pass, MET),
    ("I11", &[("PERF.SPO2", "92")], R::Pass, MET),
    ("I11", &[("PERF.SPO2", "91")], R::Fail, MET),
    ("I11", &[("PERF.ROOM_AIR", "N")], R::NotEvaluable, &["PERF.SPO2"]),
    ("I13", &[], R::Pass, MET),
    ("I13", &[("REPRO.CONTRA", "N")], R::Fail, MET),
    ("I13", &[("DM.SEX", "F"), ("DM.CBP", "YES")], R::NotEvaluable, &["REPRO.HCG", "REPRO.HCG_DATE"]),
    ("I13", &[("DM.SEX", "F"), ("DM.CBP", "YES"), ("REPRO.HCG", "NEG"), ("REPRO.HCG_DATE", "2025-03-29")], R::Pass, MET),
    ("I13", &[("DM.SEX", "F"), ("DM.CBP", "YES"), ("REPRO.HCG", "POS"), ("REPRO.HCG_DATE", "2025-03-29")], R::Fail, MET),
    ("I13", &[("DM.SEX", "F"), ("DM.CBP", "YES"), ("REPRO.HCG", "NEG"), ("REPRO.HCG_DATE", "2025-03-28")], R::NotEvaluable, &["REPRO.HCG"]),
    ("E1", &[("DISEASE.EMD", "Y")], R::Pass, MET),
    ("E1", &[("DISEASE.EMD", "Y"), ("MARROW.BLASTS", "4"), ("MARROW.MRD_DONE", "Y"), ("MARROW.MRD", "0 fraction")], R::Fail, MET),
    ("E1", &[("DISEASE.EMD", "Y"), ("MARROW.BLASTS", "4")], R::NotEvaluable, &["MARROW.MRD_DONE"]),
    ("E2", &[], R::Pass, MET),
    ("E2", &[("DISEASE.MATURE_B", "Y")], R::Fail, MET),
    ("E2", &[("DISEASE.CML_BC", "?unknown")], R::NotEvaluable, &["DISEASE.CML_BC"]),
    ("E4", &[("MEDHX.OTHER_MAL", "Y"), ("MEDHX.EXEMPT", "N"), ("MEDHX.REMISSION", "2020-03-09")], R::Pass, MET),
    ("E4", &[("MEDHX.OTHER_MAL", "Y"), ("MEDHX.EXEMPT", "N"), ("MEDHX.REMISSION", "2020-03-10")], R::Fail, MET),
    ("E4", &[("MEDHX.OTHER_MAL", "Y"), ("MEDHX.EXEMPT", "N")], R::NotEvaluable, &["MEDHX.REMISSION"]),
    ("E4", &[("MEDHX.OTHER_MAL", "Y"), ("MEDHX.EXEMPT", "Y")], R::Pass, MET),
    ("E6", &[("HSCT.PRIOR", "Y"), ("HSCT.AGVHD", "1"), ("HSCT.CGVHD", "NONE"), ("HSCT.IS_NOW", "N"), ("HSCT.IS_LAST", "2025-03-08")], R::Pass, MET),
    ("E6", &[("HSCT.PRIOR", "Y"), ("HSCT.AGVHD", "1"), ("HSCT.CGVHD", "NONE"), ("HSCT.IS_NOW", "N"), ("HSCT.IS_LAST", "2025-03-09")], R::Fail, MET),
    ("E6", &[("HSCT.PRIOR", "Y"), ("HSCT.AGVHD", "0"), ("HSCT.CGVHD", "NONE"), ("HSCT.IS_NOW", "N"), ("HSCT.IS_LAST", "?not_applicable")], R::Pass, MET),
    ("E6", &[("HSCT.PRIOR", "Y"), ("HSCT.AGVHD", "0"), ("HSCT.CGVHD", "NONE"), ("HSCT.IS_NOW", "Y")], R::Fail, MET),
    ("E6", &[("HSCT.PRIOR", "Y"), ("HSCT.AGVHD", "2")], R::Fail, MET),
    ("E6", &[("HSCT.PRIOR", "Y"), ("HSCT.AGVHD", "0"), ("HSCT.CGVHD", "MILD"), ("HSCT.IS_NOW", "N"), ("HSCT.IS_LAST", "?not_applicable")], R::NotEvaluable, &["HSCT.CGVHD_TX"]),
    ("E6", &[("HSCT.PRIOR", "")], R::NotEvaluable, &["HSCT.PRIOR", "HSCT.CGVHD", "HSCT.IS_NOW"]),
    ("E7", &[], R::Pass, MET),
    ("E7", &[("DISEASE.CART", "Y")], R::Fail, MET),
    ("E7", &[("DISEASE.CART", "?unknown")], R::NotEvaluable, &["DISEASE.CART"]),
    ("E9", &[("SERO.HCV_AB", "POS"), ("SERO.HCV_RNA", "UNDETECTABLE")], R::Pass, MET),
    ("E9", &[("SERO.HIV", "POS")], R::Fail, MET),
    ("E9", &[("SERO.HCV_AB", "POS")], R::NotEvaluable, &["SERO.HCV_RNA"]),
    ("E9", &[("SERO.TREP", "POS"), ("SERO.NONTREP", "POS")], R::Fail, MET),
    ("E9", &[("SERO.DATE", "2025-03-07")], R::NotEvaluable, &["SERO.HCV_AB", "SERO.HIV", "SERO.TREP"]),
    ("E10", &[("SERO.CMV_DNA", "999")], R::Pass, MET),
    ("E10", &[("SERO.CMV_DNA", "1000")], R::Fail, MET),
    ("E10", &[("SERO.EBV_DNA", "?not_done")], R::NotEvaluable, &["SERO.EBV_DNA"]),
    ("E11", &[("SERO.IGRA", "POS")], R::Pass, MET),
    ("E11", &[("SERO.TB_ACTIVE", "Y")], R::Fail, MET),
    ("E11", &[("SERO.IGRA", "IND")], R::NotEvaluable, &["SERO.IGRA"]),
    ("E12", &[("SERO.INF", "Y"), ("SERO.INF_TX", "Y"), ("SERO.INF_PROG", "N")], R::Pass, MET),
    ("E12", &[("SERO.INF", "Y"), ("SERO.INF_TX", "N")], R::Fail, MET),
    ("E12", &[("SERO.INF", "Y"), ("SERO.INF_TX", "Y")], R::NotEvaluable, &["SERO.INF_PROG"]),
    ("E13", &[("MEDHX.MI", "Y"), ("MEDHX.MI_DATE", "2024-03-09")], R::Pass, MET),
    ("E13", &[("MEDHX.MI", "Y"), ("MEDHX.MI_DATE", "2024-03-10")], R::Fail, MET),
    ("E13", &[("MEDHX.NYHA", "3")], R::Fail, MET),
    ("E13", &[("MEDHX.MI", "Y")], R::NotEvaluable, &["MEDHX.MI_DATE"]),
    ("E14", &[("MEDHX.STROKE", "Y"), ("MEDHX.STROKE_DATE", "2024-09-10")], R::Pass, MET),
    ("E14", &[("MEDHX.STROKE", "Y"), ("MEDHX.STROKE_DATE", "2024-09-11")], R::Fail, MET),
    ("E14", &[("MEDHX.SEIZURE", "?unknown")], R::NotEvaluable, &["MEDHX.SEIZURE"]),
    ("E15", &[("HLA.MISMATCH", "Y"), ("HLA.MFI", "999")], R::Pass, MET),
    ("E15", &[("HLA.MISMATCH", "Y"), ("HLA.MFI", "1000")], R::Fail, MET),
    ("E15", &[("HLA.MISMATCH", "?unknown")], R::NotEvaluable, &["HLA.MISMATCH"]),
    ("E16", &[("DM.SEX", "F"), ("REPRO.PREGNANT", "N"), ("REPRO.FEEDING", "N")], R::Pass, MET),
    ("E16", &[("DM.SEX", "F"), ("REPRO.PREGNANT", "N"), ("REPRO.FEEDING", "Y")], R::Fail, MET),
    ("E16", &[("DM.SEX", "F"), ("REPRO.PREGNANT", "N")], R::NotEvaluable, &["REPRO.FEEDING"]),
    ("E17", &[("PRIORTX.CHEMO", "2025-03-22")], R::Pass, MET),
    ("E17", &[("PRIORTX.CHEMO", "2025-03-23")], R::Fail, MET),
    ("E17", &[("PRIORTX.PEG", "?unknown")], R::NotEvaluable, &["PRIORTX.PEG"]),
    ("E17", &[("PRIORTX.CHEMO", "2025-03-23"), ("PRIORTX.PEG", "?unknown")], R::Fail, MET),
    ("E17", &[("DISEASE.BLINA", "Y"), ("DISEASE.BLINA_LAST", "2025-03-23")], R::Fail, MET),
    ("E17", &[("DISEASE.BLINA", "Y"), ("DISEASE.BLINA_LAST", "2025-03")], R::NotEvaluable, &["DISEASE.BLINA_LAST"]),
    ("E17", &[("DISEASE.INO", "")], R::NotEvaluable, &["DISEASE.INO"]),
    ("E17", &[("HSCT.LD_START", "")], R::NotEvaluable, &["HSCT.LD_START"]),
    ("E18", &[], R::Pass, MET),
    ("E18", &[("PRIORTX.VACCINE", "2025-03-08")], R::Pass, MET),
    ("E18", &[("PRIORTX.VACCINE", "2025-03-09")], R::Fail, MET),
    ("E18", &[("PRIORTX.VACCINE", "?unknown")], R::NotEvaluable, &["PRIORTX.VACCINE"]),
    // Results older than the window of their kind are withheld, not failed.
    ("I6", &[("MARROW.DATE", "2025-03-07")], R::NotEvaluable, &["MARROW.BLASTS", "MARROW.MRD_DONE"]),
    ("I8", &[("LAB.CHEM_DATE", "2025-03-29")], R::Pass, MET),
    ("I8", &[("LAB.CHEM_DATE", "2025-03-28")], R::NotEvaluable, &["LAB.CREAT"]),
    ("I10", &[("PERF.LVEF_DATE", "2025-03-07")], R::NotEvaluable, &["PERF.LVEF"]),
    ("E8", &[("SERO.DATE", "2025-03-07"), ("SERO.HBSAG", "POS")], R::NotEvaluable, &["SERO.HBSAG", "SERO.HBCAB"]),
];

#[test]
fn met_not_met_cannot_say() {
    let mut wrong = Vec::new();
    for (id, changes, result, lacks) in CASES {
        let mut subject = eligible();
        subject.fill(changes);
        let outcome = subject.study.verdict(&subject.view());
        let found = outcome.criteria.into_iter().find(|one| one.id == *id).unwrap();
        let missing: Vec<&str> = found.missing.iter().filter_map(|one| one.item.as_deref()).collect();
        if found.result != *result || missing != *lacks {
            wrong.push(format!(
                "{id} {changes:?}: {:?} {missing:?} {:?}",
                found.result,
                found.reasons.len()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every computed criterion has all three cases here or in the table of `medicine.rs`.
#[test]
fn no_criterion_is_left_out() {
    let elsewhere = ["I2", "I6", "I8", "I9", "I10", "E3", "E5", "E8"];
    let study = study::builtin::load().unwrap();
    for criterion in &study.def().criteria {
        let computed = matches!(criterion.rule, CriterionRule::Computed { .. });
        if computed && !elsewhere.contains(&criterion.id.as_str()) {
            for result in [R::Pass, R::Fail, R::NotEvaluable] {
                let has = CASES
                    .iter()
                    .any(|(id, _, found, _)| *id == criterion.id && *found == result);
                assert!(has, "{}: no case {result:?}", criterion.id);
            }
        }
    }
    assert_eq!(eligible().study.verdict(&eligible().view()).verdict, Verdict::Eligible);
}
