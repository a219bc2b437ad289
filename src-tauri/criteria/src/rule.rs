//! The citations: every rule with its code, its short source, its evidence, the decision that sets its threshold, and what
//! it says in words, for the printed reference ([`crate::reference`]).

use crate::finding::Evidence::{Gk, Pd, S, S2};
use crate::finding::Rule;

macro_rules! rules {
    ($($name:ident: $code:literal, $source:literal, $evidence:ident $(, $decision:literal)? => $text:literal;)*) => {
        $(
            #[doc = concat!("`", $code, "`: ", $source)]
            pub const $name: Rule = Rule {
                code: $code,
                text: $text,
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
    I1: "I1", "ThisCART19A: consent before any screening procedure", S =>
        "The consent is signed on or before the day of the first screening procedure; on the same day a recorded \
         time must be earlier than that of the procedure. Below 18 completed years the guardian signs. No \
         signature after a first procedure fails; before any procedure it is not evaluable.";
    I1_ASSENT: "I1.assent", "Chinese practice: assent from 8 years", Gk =>
        "From 8 to 17 completed years the child's own assent is needed besides the guardian's signature.";
    I2: "I2", "sibling trials: 14-65, 16-70, 14-78 years", S, "D-03" =>
        "Age at consent lies between the lowest and the highest age of the decision, in completed years, both ends \
         included. Of a birth date known by its year alone the result is not evaluable where the answer could \
         differ.";
    I3: "I3", "donor-derived CD19 CAR-T: WHO-HAEM5/ICC B-ALL", S =>
        "B-cell acute lymphoblastic leukaemia by WHO-HAEM5 or ICC with a documented immunophenotype. Unknown \
         lineage is not evaluable.";
    I4: "I4", "donor-derived CD19 CAR-T; ThisCART19A; ZUMA-3", S =>
        "Relapsed or refractory by any of: no CR or CRi after 2 or more standard induction cycles, or at the end \
         of induction; first relapse with a first remission of at most 365 days (366 does not qualify by this \
         limb); 2 or more relapses; not in CR after 1 or more salvage treatments; relapse after allogeneic \
         transplant; Ph-positive and intolerant of a TKI, or refractory to 2 or more different TKIs.";
    I4_MRD: "I4.mrd", "MRD relapse ≥ 1e-3 counts as relapse", Pd =>
        "A relapse by MRD alone, 0.001 (0.1 %) or more, counts as a relapse.";
    I5: "I5", "NCT04516551: CD19 on > 20 % of blasts", S, "D-09" =>
        "CD19 on more than the decided percentage of blasts (20.0 % itself fails), in a sample taken after the \
         last treatment directed at CD19. “Positive” without a percentage, or an earlier sample, is not evaluable.";
    I6: "I6", "QH103; ELIANA: marrow blasts ≥ 5 %", S =>
        "Marrow blasts 5.0 % or more.";
    I6_MRD: "I6.mrd", "CALM: MRD ≥ 1e-3", S =>
        "With marrow blasts below 5.0 %, MRD 0.001 (0.1 %) or more satisfies the criterion as well.";
    I7: "I7", "donor-derived CD19 CAR-T; QH103: ECOG 0-2", S =>
        "From 16 completed years ECOG 0 to 2; where ECOG is absent, Karnofsky 60 or more. The wrong scale alone is \
         not evaluable.";
    I7_LANSKY: "I7.lansky", "OPBG: Lansky 60", S =>
        "Below 16 completed years Lansky 60 or more; 50 fails.";
    I8: "I8", "ThisCART19A; Cockcroft-Gault, Nephron 1976;16:31", S, "D-07" =>
        "From 18 completed years the Cockcroft-Gault clearance with actual weight lies above the decided limit (30 \
         mL/min itself fails). Compared unrounded. CKD-EPI is shown and never decides.";
    I8_CHILD: "I8.child", "bedside Schwartz, JASN 2009;20:629", Gk, "D-07" =>
        "Below 18 completed years the bedside Schwartz estimate reaches the decided limit, mL/min/1.73 m².";
    I8_WARN: "I8.warn", "fludarabine, US label: full dose from 80 mL/min", Gk, "D-07" =>
        "A clearance (adult) or estimate (child) below the decided warning limit is a warning for fludarabine; it \
         never fails the criterion.";
    I9: "I9", "ThisCART19A", S, "D-10" =>
        "ALT and AST at most the decided multiple of ULN each, and total bilirubin at most 2.0 × ULN; equality \
         passes. Without ULN not evaluable.";
    I9_EXCUSE: "I9.excuse", "ThisCART19A: Gilbert or leukaemic liver involvement", S =>
        "Total bilirubin at most 3.0 × ULN is allowed with documented Gilbert syndrome or leukaemic involvement of \
         the liver.";
    I10: "I10", "ThisCART19A; donor-derived CD19 CAR-T", S, "D-08" =>
        "LVEF by echocardiography or MUGA at or above the decided percentage, and no clinically significant \
         pericardial effusion. “Normal” without a number is not evaluable.";
    I11: "I11", "ThisCART19A", S =>
        "Oxygen saturation 92 % or more on room air; measured on oxygen it is not evaluable.";
    I12: "I12", "sibling trials: 12 weeks", S =>
        "Life expectancy 84 days (12 weeks) or more.";
    I13: "I13", "sibling trials: negative test before lymphodepletion", S =>
        "Of child-bearing potential: a negative serum hCG at most 7 days before the start of lymphodepletion. \
         Contraception agreed for 12 months after the infusion by both sexes. Not of child-bearing potential: no \
         test is asked for.";
    I14: "I14", "donor-derived CD19 CAR-T; product release", Gk =>
        "The donor passed infectious screening, the product is released with its certificate, and autologous CAR-T \
         is infeasible or was declined. Any of them missing is not evaluable.";
    E1: "E1", "QH103; ELIANA", S =>
        "Excluded: extramedullary disease with marrow blasts below 5 % and MRD below 0.0001. Unknown marrow or MRD \
         is not evaluable.";
    E2: "E2", "ZUMA-3", S =>
        "Excluded: Burkitt or mature-B leukaemia, and lymphoid blast crisis of CML; the study may switch each off.";
    E3: "E3", "ZUMA-3", S =>
        "Excluded: CNS3, or CNS2 with neurological change. CNS2 without symptoms is allowed; no lumbar puncture is \
         not evaluable.";
    E4: "E4", "NCT04516551", S =>
        "Excluded: another malignancy not in remission for more than 5 years (exactly 5 years is excluded), except \
         cured non-melanoma skin cancer, carcinoma in situ of cervix or breast, and superficial bladder cancer.";
    E5: "E5", "ZUMA-3: 100 days", S =>
        "Excluded: allogeneic transplant less than 100 days before the planned infusion (99 excluded, 100 \
         allowed). A transplant without its date is not evaluable.";
    E6: "E6", "NCT04516551; ZUMA-3: 4 weeks", S =>
        "Excluded: active acute GVHD of grade II to IV, active chronic GVHD on systemic therapy, or systemic \
         immunosuppression for GVHD less than 28 days before lymphodepletion (27 excluded, 28 allowed). Grade I is \
         allowed.";
    E7: "E7", "ELIANA", S, "D-11" =>
        "Excluded: any earlier CAR-T or other gene-modified cell product, where the decision says so. Unknown is \
         not evaluable.";
    E8: "E8", "sibling trials; algorithm of practice", Gk, "D-16" =>
        "Excluded: HBsAg positive. HBsAg negative with HBcAb positive needs HBV DNA undetectable or below the \
         limit of quantification, then passes with a note on prophylaxis; detectable DNA is excluded, missing DNA \
         not evaluable.";
    E9: "E9", "SNUH; Henan", S =>
        "Excluded: HCV antibody with detectable HCV RNA; HIV antibody or antigen; syphilis with both a treponemal \
         and a non-treponemal test positive. One of these settles it whatever else is missing.";
    E10: "E10", "sibling summary; cut-off of practice", Gk =>
        "Excluded: CMV or EBV disease, or DNA of either at 1000 IU/mL or more (999 allowed; detected below the \
         limit of quantification allowed).";
    E11: "E11", "practice", Gk =>
        "Excluded: active tuberculosis by clinic, culture or PCR. Latent infection (IGRA positive) is allowed with \
         a note on prophylaxis; an indeterminate IGRA is not evaluable.";
    E12: "E12", "SNUH", S =>
        "Excluded: an uncontrolled bacterial, viral or fungal infection. Controlled means on appropriate therapy \
         without progression; isolated persisting fever is no progression.";
    E13: "E13", "NCT04516551", S =>
        "Excluded: NYHA III or IV; myocardial infarction, PCI or stent, or unstable angina at most 365 days ago \
         (366 allowed); clinically significant arrhythmia.";
    E14: "E14", "ZUMA-3; 180 days of practice", Gk =>
        "Excluded: seizure disorder, stroke or intracranial haemorrhage at most 180 days ago, dementia, cerebellar \
         or autoimmune disease of the CNS.";
    E15: "E15", "practice", Gk, "D-12" =>
        "Excluded: an antibody against an HLA antigen that the product carries and the recipient lacks, at or \
         above the decided mean fluorescence intensity. No mismatch at that locus passes; HLA of the product or \
         antibody screen missing is not evaluable.";
    E16: "E16", "sibling trials", S =>
        "Excluded: pregnant or breast-feeding.";
    E17: "E17", "washouts of practice", Gk =>
        "Excluded: an earlier treatment whose last dose lies fewer days before the start of lymphodepletion than \
         the table of washouts asks; exactly that many days is enough. A systemic steroid above physiological \
         replacement is counted before the infusion again. A listed treatment without its last date is not \
         evaluable.";
    E18: "E18", "sibling summary; 28 days of practice", Gk =>
        "Excluded: a live or attenuated vaccine less than 28 days before the start of lymphodepletion (27 \
         excluded, 28 allowed).";
    B2_1: "B2.1", "NCCN ALL wording via ThisCART19A; ≥ 5 % leaves no gap", Pd =>
        "After CR, CRh or CRi: marrow blasts 5.0 % or more (ZUMA-3: above 5.0 %), blood blasts 1.0 % or more, new \
         extramedullary disease, CNS3 or clinical CNS signs, or two consecutive CNS2 taps. One sign suffices \
         whatever else is missing. A single CNS2 tap is not evaluable: repeat. A regenerating marrow alone is no \
         relapse.";
    B2_2: "B2.2", "NCI/BMT 2010, BBMT 16:1187", S =>
        "Before any remission: new extramedullary disease; new CNS disease (CNS3 or clinical signs, baseline CNS1 \
         or CNS2); marrow blasts up by 25 % or more of baseline to 5.0 % or more; absolute blood blasts up by 25 % \
         or more from a baseline above 0; or, after MLFS or aplasia, marrow blasts 5 % or more again. A \
         regenerating marrow is no progression.";
    B2_3: "B2.3", "ELN 2024, Blood 2024;143:1891", S =>
        "Marrow blasts 5 % or more (ZUMA-3: above 5 %), blood blasts 1 % or more, extramedullary disease, CNS2 or \
         CNS3: no remission. With the marrow known it may still be PR, otherwise NR.";
    B2_4: "B2.4", "ELN 2024, Blood 2024;143:1891", Pd, "D-17" =>
        "A remission needs marrow, blood, extramedullary disease, CNS, neutrophils and platelets; one of them \
         missing is NE. Blood blasts above 0 and below 1 % are NE until flow cytometry or a repeat. CNS is carried \
         forward from a baseline CNS1 without signs where no lumbar puncture was required.";
    B2_5: "B2.5", "ELN 2024, Blood 2024;143:1891", S, "D-04" =>
        "Marrow blasts below 5 % (ZUMA-3: at most 5 %), no blood blasts, no extramedullary disease, CNS1. ELN 2024 \
         only: 5.0 to 25.0 % with MRD below 1 % on the same aspirate, ANC and platelets recovered, and a fall of \
         50 % or more from baseline (not asked where baseline was below 5 %) is a regenerating marrow and treated \
         as below 5 %.";
    B2_5A: "B2.5a", "ELN 2024: failure if MRD ≥ 1 %", S, "D-24" =>
        "ELN 2024 only: MRD 1 % or more is NR despite morphology; after an earlier remission NE with the flag of \
         an MRD relapse.";
    B2_5B: "B2.5b", "ELN 2024, Blood 2024;143:1891", S, "D-05" =>
        "CR: ANC above 1.0 and platelets above 100 ×10⁹/L (at or above in NCI/BMT 2010, ZUMA-3, or by decision), \
         and no platelets or red cells in the preceding 7 days by decision D-18 (day 8 is free). Counts reached \
         but transfused, or transfusions unknown: CRi.";
    B2_5D: "B2.5d", "blinatumomab label: CRh", Gk =>
        "CRh (ELN 2024, ZUMA-3): ANC above 0.5 and platelets above 50 ×10⁹/L, not CR, and no platelets in the \
         preceding 7 days; an unknown platelet history counts as transfused.";
    B2_5F: "B2.5f", "ELN 2024: MLFS", S, "D-23" =>
        "Neither lineage recovered: aplastic marrow is APLASTIC; adequate or hypocellular (10 % or more, or 200 \
         nucleated cells or more) is MLFS; unknown cellularity NE. Exactly one lineage recovered is CRi; NCI/BMT \
         2010 and ELIANA, or the decision, call any failure of the counts CRi.";
    B2_6: "B2.6", "ELN 2024, Blood 2024;143:1891", S =>
        "PR: marrow blasts 5.0 to 25.0 % (ZUMA-3: above 5.0), down by 50 % or more from baseline, never below 5 % \
         before, ANC and platelets recovered, no blood blasts, no extramedullary disease, CNS1. Without a baseline \
         NR, flagged; otherwise NR.";
    B3: "B3", "ELN 2024: MRD classes", S =>
        "Negative at 0.0001: below 0.0001 in marrow with a limit of detection of 0.0001 or less by flow or RQ-PCR; \
         exactly 0.0001 is not negative and counts as failure. Negative at 0.000001: NGS below 0.000001 with that \
         limit of detection. ELN class: not detected with sensitivity 0.0001 or better is complete; above 0.0001 \
         failure; not detected with less sensitivity is insufficient; detected below 0.0001 intermediate. A \
         haemodiluted sample is not evaluable.";
    B5: "B5", "COG; Steinherz-Bleyer", S =>
        "No CSF blasts: CNS1. Blasts with CSF white cells below 5/µL: 2a (red cells below 10), 2b (10 or more). \
         White cells 5 or more: 3a (red cells below 10); with red cells 10 or more 3b where the CSF ratio of white \
         to red cells exceeds twice that of blood, otherwise 2c. Clinical signs: 3c.";
    B6: "B6", "project: windows and confirmation", Pd, "D-06" =>
        "The day-28 assessment lies within the decided window, ends included; day 0 is the infusion. Best response \
         counts from day 14 to the earliest of relapse or progression, new antileukaemic therapy (that day \
         included) and 24 months. A remission is confirmed by a further assessment without relapse 28 days or more \
         after it began.";
    C1: "C1", "ASTCT, Lee, BBMT 2019;25:625", S =>
        "Grade is the worst of blood pressure and oxygen, once the fever criterion is met; fever alone is grade 1. \
         Organ toxicities never change it. Onset later than 14 days after the infusion is a warning.";
    C1_FEVER: "C1.fever", "ASTCT, Lee, BBMT 2019;25:625", S =>
        "Temperature 38.0 °C or more with no other cause (37.9 is none). Unstable without it is grade 0 with a \
         warning, never a bare 0.";
    C1_WAIVED: "C1.waived", "ASTCT, Lee, BBMT 2019;25:625", S =>
        "Once CRS is diagnosed and an antipyretic, tocilizumab or a steroid was given, fever is no longer \
         required.";
    C1_PRESSOR: "C1.pressor", "ASTCT, Lee, BBMT 2019;25:625", S =>
        "Hypotension without vasopressor 2; one vasopressor with or without vasopressin, or vasopressin alone, 3; \
         two or more distinct vasopressors, vasopressin not counted, 4.";
    C1_FLOW: "C1.flow", "ASTCT, Lee, BBMT 2019;25:625", S =>
        "Nasal cannula up to 6 L/min (6.0 included) or blow-by 2; above 6 L/min, high-flow cannula, face mask, \
         non-rebreather or Venturi 3; CPAP, BiPAP or ventilation 4. Intubation only to protect the airway is no \
         hypoxia.";
    C1_DEATH: "C1.death", "ASTCT, Lee, BBMT 2019;25:625", Gk =>
        "Death from CRS with no other principal cause is grade 5.";
    C2: "C2", "ASTCT, Lee, BBMT 2019;25:625", S =>
        "Worst of five domains. Consciousness: spontaneous 1, to voice 2, tactile only 3, unarousable 4. Seizure: \
         rapidly resolving 3; longer than 5 minutes (exactly 5 is 3) or repetitive 4. Deep focal weakness 4. \
         Oedema focal 3, diffuse 4; signs of raised pressure 4; oedema beside a haemorrhage is not counted. Death \
         5.";
    C2_ICE: "C2.ice", "ASTCT, Lee, BBMT 2019;25:625", S =>
        "From 12 completed years: 7 to 9 grade 1, 3 to 6 grade 2, 0 to 2 grade 3 (0 awake with aphasia is 3), \
         unable because unarousable 4. A test that was not done leaves the domain missing.";
    C2_CAPD: "C2.capd", "ASTCT, Lee, BBMT 2019;25:625, Table 6", S =>
        "Below 12 completed years, or delayed at baseline: CAPD 1 to 8 grade 1, 9 or more grade 3, unable because \
         unarousable 4; 0 and alert grade 0.";
    C3: "C3", "IEC-HS, Hines, TCT 2023;29:438", Gk =>
        "Suspected: the required ferritin criterion and at least one of transaminases above 5 × ULN (or 5 × an \
         abnormal baseline), fibrinogen below 1.5 g/L or below LLN, haemophagocytosis, new cytopenia. The \
         clinician confirms the diagnosis and enters the grade.";
    C3_REQUIRED: "C3.required", "IEC-HS, Hines, TCT 2023;29:438", Gk =>
        "Ferritin above 2 × ULN, or above 2 × the value at infusion, or rapidly rising. Not met only where all \
         three are known to be false.";
    C4: "C4", "ICAHT, Rejeski, Blood 2023;142:865", S2 =>
        "Early (day 0 to 30), longest run of ANC at most 500/µL: 1 to 6 days 1, 7 to 13 days 2, 14 or more 3, \
         never above 500 is 4; at most 100/µL: 7 to 13 days 3, 14 or more 4. Up to 7 missing days are \
         interpolated; runs less than 3 recovered days apart are joined. Late (day 31 to 100), lowest ANC at most \
         1500, 1000, 500, 100/µL: 1, 2, 3, 4, if a second value is at most 1500.";
    C4_PLT: "C4.platelets", "thrombocytopenic ICAHT", S =>
        "Early, cumulative days with platelets below 50 ×10⁹/L: 1 to 6 days 1, 7 or more 2; below 20: 1 to 13 days \
         3, 14 or more 4. Late: below 100 is 1, below 50 is 2, below 20 for 1 to 13 days 3, 14 or more 4. \
         Transfused days are no recovery.";
    C5: "C5", "CAR-HEMATOTOX, Rejeski, Blood 2021;138:2499", S2 =>
        "Before lymphodepletion, 0 to 7 points: platelets above 175 0, 75 to 175 1, below 75 2; ANC below 1200/µL \
         1; haemoglobin below 9.0 g/dL 1; CRP 3.0 mg/dL or more 1; ferritin below 650 ng/mL 0, 650 to 2000 1, \
         above 2000 2. 0 or 1 is low, 2 or more high. Derived in large B-cell lymphoma.";
    C6: "C6", "MAGIC, Harris, BBMT 2016;22:4", Gk =>
        "Overall: no organ 0; skin 1 or 2 alone I; skin 3, liver 1, upper GI 1 or lower GI 1 II; liver 2 or 3, or \
         lower GI 2 or 3 III; skin, liver or lower GI 4 IV.";
    C6_STAGE: "C6.stage", "MAGIC, Harris, BBMT 2016;22:4", S =>
        "Skin: below 25 % of body surface 1, 25 to 50 % 2, above 50 % 3, erythroderma with bullae and desquamation \
         above 5 % 4. Bilirubin (mg/dL): 2 or more 1, above 3.0 2, above 6.0 3, above 15 4. Upper GI: persistent \
         symptoms 1. Lower GI, adult above 50 kg (mL a day): 500 or more 1, 1000 or more 2, above 1500 3; child \
         (mL/kg a day): 10, 20, above 30; severe pain with or without ileus, or grossly bloody stool 4. Volume \
         wins over episodes.";
    C7: "C7", "NIH 2014, Jagasia, BBMT 2015;21:389", Gk =>
        "Eight organs scored 0 to 3. Mild: 1 or 2 organs at 1, lung 0. Moderate: 3 or more organs at 1, or another \
         organ than the lung at 2, or lung 1. Severe: any organ 3, or lung 2 or more.";
    C8: "C8", "Cairo-Bishop, Br J Haematol 2004;127:3", S =>
        "Laboratory lysis: two or more of uric acid 476 µmol/L (8 mg/dL) or more, potassium 6.0 mmol/L or more, \
         phosphate 1.45 mmol/L (4.5 mg/dL) or more in adults and 2.1 (6.5) in children, corrected calcium 1.75 \
         mmol/L (7 mg/dL) or less, from 3 days before to 7 days after the start of therapy.";
    C8_CHANGE: "C8.change", "Cairo-Bishop: change by 25 %", S =>
        "A rise by 25 % or more from baseline counts as well (calcium: a fall); without a baseline only the \
         absolute limits.";
    C8_CLINICAL: "C8.clinical", "Cairo-Bishop, Br J Haematol 2004;127:3", S =>
        "Clinical lysis: laboratory lysis with creatinine 1.5 × ULN or more, arrhythmia or sudden death, or \
         seizure. Grade is the worst of creatinine (1.5 × ULN 1, above 1.5 to 3.0 2, above 3 to 6 3, above 6 4), \
         arrhythmia, seizure and death (5).";
    C9: "C9", "CTCAE", S, "D-15" =>
        "Laboratory grades by the tables below: “<1.5-1.0” means below 1.5 and at least 1.0, “>3.0-5.0” above 3.0 \
         and at most 5.0. Compared in the unit that the table prints. Ferritin and CRP have no term.";
    C10: "C10", "CTCAE 5.0: febrile neutropenia", Gk =>
        "Febrile neutropenia: ANC below 1.0 ×10⁹/L with a single temperature above 38.3 °C (38.3 itself not), or \
         38.0 °C or more for more than 60 minutes: grade 3; life-threatening 4.";
    FRESH: "Fresh", "screening windows of practice", Gk =>
        "A result older than its screening window before the start of lymphodepletion makes a criterion not \
         evaluable, never failed; the last day of the window counts.";
    HOLD: "Hold", "project: holds before lymphodepletion and infusion", Pd, "D-21" =>
        "Before lymphodepletion and before thaw, one of these holds: temperature 38.0 °C or more, suspected or \
         uncontrolled infection, new need of oxygen or saturation below 92 % on room air, hypotension needing \
         support, new significant arrhythmia, acute GVHD II or more, new systemic immunosuppression for GVHD, a \
         steroid above replacement within 72 hours of the infusion, a new neurological sign, an unresolved \
         reaction of grade 3 or more, rapid progression, a positive pregnancy test. One not recorded is not \
         evaluable.";
    HOLD_RENAL: "Hold.renal", "project: renal function at most 72 h old", Pd, "D-07" =>
        "Before lymphodepletion: renal function at or below the decided limit on a sample at most 72 hours old \
         holds.";
    HOLD_TOCILIZUMAB: "Hold.tocilizumab", "Kymriah label: two doses on site", S, "D-21" =>
        "Before thaw: two doses of tocilizumab on site.";
    VITALS: "Vitals", "project: vital signs around infusion", Gk, "D-28" =>
        "Vital signs at baseline (at most 30 minutes before the start), every 15 minutes during the infusion and \
         for 1 hour, every 30 minutes for 2 hours more, every 4 hours to 24 hours. A gap of more than 20 minutes \
         in the first stretch is asked about.";
    PLAUSIBLE: "Plausible", "project: plausible ranges", Pd =>
        "A value outside its soft range is asked about, outside its hard range it blocks completing the form; \
         nothing is refused. The ends of a range are inside.";
    DOSE_WEIGHT: "Dose.weight", "re-weigh on day 0: > 10 % recalculates", Pd =>
        "Body weight on day 0 differs from that of the dose by more than 10 %: recalculate.";
    DOSE_PLAN: "Dose.plan", "80-120 % of plan", Pd, "D-25" =>
        "The dose given lies within 80 to 120 % of the plan, both ends included; without a plan not evaluable.";
    DOSE_KYMRIAH: "Dose.kymriah", "tisagenlecleucel label", S =>
        "Published range of tisagenlecleucel in ALL: up to 50 kg (50.0 included) 0.2 to 5.0 ×10⁶ cells/kg; above \
         50 kg 0.1 to 2.5 ×10⁸ cells.";
    DOSE_VIABILITY: "Dose.viability", "FDA CMC guidance: viability ≥ 70 %", Gk =>
        "Viability below 70 % is a warning.";
    DOSE_TCR: "Dose.tcr", "GOSH-style cap", Pd, "D-13" =>
        "Edited products: residual TCRαβ-positive cells per kg at most the decided limit. Not applicable to \
         unedited products.";
    DOSE_THAW: "Dose.thaw", "Kymriah and Tecartus labels: 30 minutes", Gk =>
        "From the end of thaw to the start of infusion at most 30 minutes. A start before the end of thaw is an \
         error.";
    DOSE_IDENTITY: "Dose.identity", "two-person check", Pd =>
        "Before the start two different persons compare every identifier, and every one agrees. The same person \
         twice is refused.";
}
