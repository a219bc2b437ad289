//! The citations: every rule with its code, its short source, its evidence and the decision that sets its threshold.

use crate::finding::Evidence::{Gk, Pd, S, S2};
use crate::finding::Rule;

macro_rules! rules {
    ($($name:ident: $code:literal, $source:literal, $evidence:ident $(, $decision:literal)?;)*) => {
        $(
            #[doc = concat!("`", $code, "`: ", $source)]
            pub const $name: Rule = Rule {
                code: $code,
                source: $source,
                evidence: $evidence,
                decision: rules!(@decision $($decision)?),
            };
        )*
        /// Every rule, for a table of citations and for the words that each needs.
        pub const RULES: &[Rule] = &[$($name),*];
    };
    (@decision $decision:literal) => { Some($decision) };
    (@decision) => { None };
}

rules! {
    I1: "I1", "ThisCART19A: consent before any screening procedure", S;
    I1_ASSENT: "I1.assent", "Chinese practice: assent from 8 years", Gk;
    I2: "I2", "sibling trials: 14-65, 16-70, 14-78 years", S, "D-03";
    I3: "I3", "donor-derived CD19 CAR-T: WHO-HAEM5/ICC B-ALL", S;
    I4: "I4", "donor-derived CD19 CAR-T; ThisCART19A; ZUMA-3", S;
    I4_MRD: "I4.mrd", "MRD relapse ≥ 1e-3 counts as relapse", Pd;
    I5: "I5", "NCT04516551: CD19 on > 20 % of blasts", S, "D-09";
    I6: "I6", "QH103; ELIANA: marrow blasts ≥ 5 %", S;
    I6_MRD: "I6.mrd", "CALM: MRD ≥ 1e-3", S;
    I7: "I7", "donor-derived CD19 CAR-T; QH103: ECOG 0-2", S;
    I7_LANSKY: "I7.lansky", "OPBG: Lansky 60", S;
    I8: "I8", "ThisCART19A; Cockcroft-Gault, Nephron 1976;16:31", S, "D-07";
    I8_CHILD: "I8.child", "bedside Schwartz, JASN 2009;20:629", Gk, "D-07";
    I8_WARN: "I8.warn", "fludarabine, US label: full dose from 80 mL/min", Gk, "D-07";
    I9: "I9", "ThisCART19A", S, "D-10";
    I9_EXCUSE: "I9.excuse", "ThisCART19A: Gilbert or leukaemic liver involvement", S;
    I10: "I10", "ThisCART19A; donor-derived CD19 CAR-T", S, "D-08";
    I11: "I11", "ThisCART19A", S;
    I12: "I12", "sibling trials: 12 weeks", S;
    I13: "I13", "sibling trials: negative test before lymphodepletion", S;
    I14: "I14", "donor-derived CD19 CAR-T; product release", Gk;
    E1: "E1", "QH103; ELIANA", S;
    E2: "E2", "ZUMA-3", S;
    E3: "E3", "ZUMA-3", S;
    E4: "E4", "NCT04516551", S;
    E5: "E5", "ZUMA-3: 100 days", S;
    E6: "E6", "NCT04516551; ZUMA-3: 4 weeks", S;
    E7: "E7", "ELIANA", S, "D-11";
    E8: "E8", "sibling trials; algorithm of practice", Gk, "D-16";
    E9: "E9", "SNUH; Henan", S;
    E10: "E10", "sibling summary; cut-off of practice", Gk;
    E11: "E11", "practice", Gk;
    E12: "E12", "SNUH", S;
    E13: "E13", "NCT04516551", S;
    E14: "E14", "ZUMA-3; 180 days of practice", Gk;
    E15: "E15", "practice", Gk, "D-12";
    E16: "E16", "sibling trials", S;
    E17: "E17", "washouts of practice", Gk;
    E18: "E18", "sibling summary; 28 days of practice", Gk;
    B2_1: "B2.1", "NCCN ALL wording via ThisCART19A; ≥ 5 % leaves no gap", Pd;
    B2_2: "B2.2", "NCI/BMT 2010, BBMT 16:1187", S;
    B2_3: "B2.3", "ELN 2024, Blood 2024;143:1891", S;
    B2_4: "B2.4", "ELN 2024, Blood 2024;143:1891", Pd, "D-17";
    B2_5: "B2.5", "ELN 2024, Blood 2024;143:1891", S, "D-04";
    B2_5A: "B2.5a", "ELN 2024: failure if MRD ≥ 1 %", S, "D-24";
    B2_5B: "B2.5b", "ELN 2024, Blood 2024;143:1891", S, "D-05";
    B2_5D: "B2.5d", "blinatumomab label: CRh", Gk;
    B2_5F: "B2.5f", "ELN 2024: MLFS", S, "D-23";
    B2_6: "B2.6", "ELN 2024, Blood 2024;143:1891", S;
    B3: "B3", "ELN 2024: MRD classes", S;
    B5: "B5", "COG; Steinherz-Bleyer", S;
    B6: "B6", "project: windows and confirmation", Pd, "D-06";
    C1: "C1", "ASTCT, Lee, BBMT 2019;25:625", S;
    C1_FEVER: "C1.fever", "ASTCT, Lee, BBMT 2019;25:625", S;
    C1_WAIVED: "C1.waived", "ASTCT, Lee, BBMT 2019;25:625", S;
    C1_PRESSOR: "C1.pressor", "ASTCT, Lee, BBMT 2019;25:625", S;
    C1_FLOW: "C1.flow", "ASTCT, Lee, BBMT 2019;25:625", S;
    C1_DEATH: "C1.death", "ASTCT, Lee, BBMT 2019;25:625", Gk;
    C2: "C2", "ASTCT, Lee, BBMT 2019;25:625", S;
    C2_ICE: "C2.ice", "ASTCT, Lee, BBMT 2019;25:625", S;
    C2_CAPD: "C2.capd", "ASTCT, Lee, BBMT 2019;25:625, Table 6", S;
    C3: "C3", "IEC-HS, Hines, TCT 2023;29:438", Gk;
    C3_REQUIRED: "C3.required", "IEC-HS, Hines, TCT 2023;29:438", Gk;
    C4: "C4", "ICAHT, Rejeski, Blood 2023;142:865", S2;
    C4_PLT: "C4.platelets", "thrombocytopenic ICAHT", S;
    C5: "C5", "CAR-HEMATOTOX, Rejeski, Blood 2021;138:2499", S2;
    C6: "C6", "MAGIC, Harris, BBMT 2016;22:4", Gk;
    C6_STAGE: "C6.stage", "MAGIC, Harris, BBMT 2016;22:4", S;
    C7: "C7", "NIH 2014, Jagasia, BBMT 2015;21:389", Gk;
    C8: "C8", "Cairo-Bishop, Br J Haematol 2004;127:3", S;
    C8_CHANGE: "C8.change", "Cairo-Bishop: change by 25 %", S;
    C8_CLINICAL: "C8.clinical", "Cairo-Bishop, Br J Haematol 2004;127:3", S;
    C9: "C9", "CTCAE", S, "D-15";
    C10: "C10", "CTCAE 5.0: febrile neutropenia", Gk;
    FRESH: "Fresh", "screening windows of practice", Gk;
    HOLD: "Hold", "project: holds before lymphodepletion and infusion", Pd, "D-21";
    HOLD_RENAL: "Hold.renal", "project: renal function at most 72 h old", Pd, "D-07";
    HOLD_TOCILIZUMAB: "Hold.tocilizumab", "Kymriah label: two doses on site", S, "D-21";
    VITALS: "Vitals", "project: vital signs around infusion", Gk, "D-28";
    PLAUSIBLE: "Plausible", "project: plausible ranges", Pd;
    DOSE_WEIGHT: "Dose.weight", "re-weigh on day 0: > 10 % recalculates", Pd;
    DOSE_PLAN: "Dose.plan", "80-120 % of plan", Pd, "D-25";
    DOSE_KYMRIAH: "Dose.kymriah", "tisagenlecleucel label", S;
    DOSE_VIABILITY: "Dose.viability", "FDA CMC guidance: viability ≥ 70 %", Gk;
    DOSE_TCR: "Dose.tcr", "GOSH-style cap", Pd, "D-13";
    DOSE_THAW: "Dose.thaw", "Kymriah and Tecartus labels: 30 minutes", Gk;
    DOSE_IDENTITY: "Dose.identity", "two-person check", Pd;
}
