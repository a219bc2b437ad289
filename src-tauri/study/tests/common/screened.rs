//! The screening of an eligible subject, item by item.

use study::def::CriterionRule;

use crate::common::Subject;

/// Screening of a 40-year-old man who is eligible.
pub(crate) const SCREENING: &[(&str, &str)] = &[
    ("CONSENT.DATE", "2025-03-10"),
    ("DM.SEX", "M"),
    ("DM.BIRTH", "1985-03-10"),
    ("DM.HEIGHT", "175"),
    ("DM.WEIGHT", "70"),
    ("LAB.CREAT", "88.4 umol/L"),
    ("LAB.ALT", "40"),
    ("LAB.ALT_ULN", "50"),
    ("LAB.AST", "30"),
    ("LAB.AST_ULN", "40"),
    ("LAB.BILI", "17 umol/L"),
    ("LAB.BILI_ULN", "21 umol/L"),
    ("LAB.GILBERT", "N"),
    ("LAB.LIVER_INV", "N"),
    ("PERF.LVEF", "60"),
    ("PERF.EFFUSION", "N"),
    ("MARROW.BLASTS", "60"),
    ("MARROW.MRD_DONE", "N"),
    ("SERO.HBSAG", "NEG"),
    ("SERO.HBCAB", "NEG"),
    ("CNS.SIGNS", "N"),
    ("CNS.NEURO", "N"),
    ("CNS.LP_DONE", "Y"),
    ("CNS.BLASTS", "N"),
    ("CNS.CSF_WBC", "1 /uL"),
    ("CNS.CSF_RBC", "0 /uL"),
    ("HSCT.PRIOR", "N"),
    ("HSCT.PLANNED", "2025-04-10"),
    ("CONSENT.FIRST_PROC", "2025-03-11"),
    ("CONSENT.SIGNED_BY", "SUBJECT"),
    ("DISEASE.LINEAGE", "B"),
    ("DISEASE.IMMUNO", "Y"),
    ("DISEASE.MATURE_B", "N"),
    ("DISEASE.CML_BC", "N"),
    ("DISEASE.PH", "N"),
    ("DISEASE.STATUS", "RELAPSE_1"),
    ("DISEASE.RELAPSES", "1"),
    ("DISEASE.CR1_DAYS", "212 d"),
    ("DISEASE.IND_CYCLES", "0"),
    ("DISEASE.NO_CR_IND", "N"),
    ("DISEASE.SALVAGE_FAIL", "0"),
    ("DISEASE.POST_HSCT", "N"),
    ("DISEASE.BLINA", "N"),
    ("DISEASE.INO", "N"),
    ("DISEASE.CART", "N"),
    ("DISEASE.EMD", "N"),
    ("PERF.ECOG", "1"),
    ("PERF.SPO2", "97"),
    ("PERF.ROOM_AIR", "Y"),
    ("MARROW.CD19", "96"),
    ("MARROW.CD19_AFTER", "?not_applicable"),
    ("SERO.HCV_AB", "NEG"),
    ("SERO.HIV", "NEG"),
    ("SERO.TREP", "NEG"),
    ("SERO.CMV_DIS", "N"),
    ("SERO.CMV_DNA", "0"),
    ("SERO.EBV_DIS", "N"),
    ("SERO.EBV_DNA", "0"),
    ("SERO.TB_ACTIVE", "N"),
    ("SERO.IGRA", "NEG"),
    ("SERO.INF", "N"),
    ("HSCT.LD_START", "2025-04-05"),
    ("MEDHX.OTHER_MAL", "N"),
    ("MEDHX.NYHA", "0"),
    ("MEDHX.MI", "N"),
    ("MEDHX.ARRHYTHMIA", "N"),
    ("MEDHX.SEIZURE", "N"),
    ("MEDHX.STROKE", "N"),
    ("MEDHX.DEMENTIA", "N"),
    ("MEDHX.CEREBELLAR", "N"),
    ("PRIORTX.CHEMO", "2025-03-01"),
    ("PRIORTX.BRIDGE", "?not_applicable"),
    ("PRIORTX.IT", "2025-03-11"),
    ("PRIORTX.STEROID", "?not_applicable"),
    ("PRIORTX.PEG", "?not_applicable"),
    ("PRIORTX.TKI", "?not_applicable"),
    ("PRIORTX.RT", "?not_applicable"),
    ("PRIORTX.CNS_RT", "?not_applicable"),
    ("PRIORTX.ATG", "?not_applicable"),
    ("PRIORTX.GCSF", "?not_applicable"),
    ("PRIORTX.GCSF_LA", "?not_applicable"),
    ("PRIORTX.IMP", "?not_applicable"),
    ("PRIORTX.VACCINE", "?not_applicable"),
    ("REPRO.CONTRA", "Y"),
    ("HLA.MISMATCH", "N"),
];

pub(crate) fn eligible() -> Subject {
    let mut subject = Subject::new();
    subject.fill(SCREENING);
    let judged: Vec<(String, String)> = subject
        .study
        .def()
        .criteria
        .iter()
        .filter_map(|criterion| match &criterion.rule {
            CriterionRule::Asked { item, source } => Some((item.clone(), source.clone())),
            CriterionRule::Computed { .. } => None,
        })
        .collect();
    for (item, source) in judged {
        subject.put(&item, "MET").put(&source, "discharge summary, page 2");
    }
    subject
}
