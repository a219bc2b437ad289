//! From items to medicine: derived items and the verdict, with what is missing traced to where it is answered.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect"
)]

mod common;
#[path = "common/screened.rs"]
mod screened;

use common::Subject;
use screened::eligible;
use study::{
    def::{CriterionRule, ItemKind},
    eligibility::{By, CriterionOutcome, CriterionResult as R, Verdict},
    medicine::{Outcome, Status},
};

fn criterion(subject: &Subject, id: &str) -> CriterionOutcome {
    let outcome = subject.study.verdict(&subject.view());
    outcome
        .criteria
        .into_iter()
        .find(|criterion| criterion.id == id)
        .unwrap()
}

fn missing(outcome: &CriterionOutcome) -> Vec<&str> {
    outcome
        .missing
        .iter()
        .filter_map(|missing| missing.item.as_deref())
        .collect()
}

fn derive(subject: &Subject, item: &str) -> Outcome {
    subject.study.derive(&subject.view(), &subject.path(item, 1)).unwrap()
}

#[test]
fn the_list_is_whole_and_in_order() {
    let study = study::builtin::load().unwrap();
    let ids: Vec<String> = (1..=14)
        .map(|n| format!("I{n}"))
        .chain((1..=18).map(|n| format!("E{n}")))
        .collect();
    assert_eq!(
        study
            .def()
            .criteria
            .iter()
            .map(|criterion| criterion.id.clone())
            .collect::<Vec<_>>(),
        ids
    );
    let computed: Vec<&str> = study
        .def()
        .criteria
        .iter()
        .filter(|criterion| matches!(criterion.rule, CriterionRule::Computed { .. }))
        .map(|criterion| criterion.id.as_str())
        .collect();
    let judged: Vec<&str> = ids
        .iter()
        .map(String::as_str)
        .filter(|id| !computed.contains(id))
        .collect();
    assert_eq!(judged, ["I12", "I14"]);
    // What stays a judgement says so.
    for criterion in &study.def().criteria {
        let says = criterion.text.en.contains("judgement") && criterion.text.zh.contains("由研究者");
        assert_eq!(says, judged.contains(&criterion.id.as_str()), "{}", criterion.id);
    }
}

#[test]
fn eligible_ineligible_pending() {
    let mut subject = eligible();
    let outcome = subject.study.verdict(&subject.view());
    let open: Vec<_> = outcome
        .criteria
        .iter()
        .filter(|criterion| criterion.result != R::Pass)
        .collect();
    assert_eq!(outcome.verdict, Verdict::Eligible, "{open:?}");
    assert_eq!(outcome.criteria.len(), 32);
    assert!(outcome.missing().is_empty());

    subject
        .put("LAB.CREAT", "?not_done")
        .put("ELIG.I14", "CANNOT_SAY")
        .put("ELIG.I12", "");
    let outcome = subject.study.verdict(&subject.view());
    assert_eq!(outcome.verdict, Verdict::Pending);
    let open: Vec<String> = outcome
        .missing()
        .iter()
        .map(|m| m.path.as_ref().unwrap().to_string())
        .collect();
    assert_eq!(
        open,
        [
            "S-001/SCR/LAB/LAB.CHEM/LAB.CREAT",
            "S-001/SCR/ELIG/ELIG.INCL/ELIG.I12",
            "S-001/SCR/ELIG/ELIG.INCL/ELIG.I14"
        ]
    );

    // One failure decides, whatever is open.
    subject.put("DISEASE.CART", "Y");
    assert_eq!(subject.study.verdict(&subject.view()).verdict, Verdict::Ineligible);
    assert_eq!(
        Subject::new().study.verdict(&Subject::new().view()).verdict,
        Verdict::Pending
    );
}

#[test]
fn a_judgement_says_by_whom_and_where() {
    let subject = eligible();
    let judged = criterion(&subject, "I12");
    let By::Judged { path, source } = judged.by else {
        panic!("judged")
    };
    assert_eq!(path.unwrap().item, "ELIG.I12");
    assert_eq!(source.as_deref(), Some("discharge summary, page 2"));
}

/// Each computed criterion from items: what is changed, what it comes to, what is then missing.
#[test]
fn criteria_of_organs_age_and_disease() {
    type Case = (
        &'static str,
        &'static [(&'static str, &'static str)],
        R,
        &'static [&'static str],
    );
    let cases: &[Case] = &[
        ("I2", &[], R::Pass, &[]),
        ("I2", &[("DM.BIRTH", "2022-03-11")], R::Fail, &[]),
        ("I2", &[("DM.BIRTH", "2022-03-10")], R::Pass, &[]),
        ("I2", &[("DM.BIRTH", "1990")], R::Pass, &[]),
        ("I2", &[("DM.BIRTH", "1990-07")], R::Pass, &[]),
        ("I2", &[("DM.BIRTH", "2022")], R::NotEvaluable, &["DM.BIRTH"]),
        ("I2", &[("DM.BIRTH", "")], R::NotEvaluable, &["DM.BIRTH"]),
        ("I6", &[("MARROW.BLASTS", "5.0")], R::Pass, &[]),
        ("I6", &[("MARROW.BLASTS", "4.9")], R::NotEvaluable, &["MARROW.MRD_DONE"]),
        (
            "I6",
            &[("MARROW.BLASTS", "4.9"), ("MARROW.MRD_DONE", "Y")],
            R::NotEvaluable,
            &["MARROW.MRD"],
        ),
        (
            "I6",
            &[
                ("MARROW.BLASTS", "4.9"),
                ("MARROW.MRD_DONE", "Y"),
                ("MARROW.MRD", "0.1 %"),
            ],
            R::Pass,
            &[],
        ),
        (
            "I6",
            &[
                ("MARROW.BLASTS", "4.9"),
                ("MARROW.MRD_DONE", "Y"),
                ("MARROW.MRD", "0.0009 fraction"),
            ],
            R::Fail,
            &[],
        ),
        ("I8", &[("DM.WEIGHT", "60"), ("LAB.CREAT", "2.0 mg/dL")], R::Pass, &[]),
        (
            "I8",
            &[
                ("DM.BIRTH", "1960-01-01"),
                ("DM.WEIGHT", "50"),
                ("DM.SEX", "F"),
                ("LAB.CREAT", "150 umol/L"),
            ],
            R::Fail,
            &[],
        ),
        ("I8", &[("DM.WEIGHT", "")], R::NotEvaluable, &["DM.WEIGHT"]),
        ("I8", &[("DM.BIRTH", "")], R::NotEvaluable, &["DM.BIRTH"]),
        (
            "I8",
            &[
                ("DM.BIRTH", "2015-01-01"),
                ("DM.HEIGHT", "120"),
                ("LAB.CREAT", "44.2 umol/L"),
            ],
            R::Pass,
            &[],
        ),
        (
            "I8",
            &[
                ("DM.BIRTH", "2015-01-01"),
                ("DM.HEIGHT", "100"),
                ("LAB.CREAT", "70 umol/L"),
            ],
            R::Fail,
            &[],
        ),
        ("I9", &[("LAB.ALT", "250")], R::Pass, &[]),
        ("I9", &[("LAB.ALT", "250.1")], R::Fail, &[]),
        ("I9", &[("LAB.ALT_ULN", "?unknown")], R::NotEvaluable, &["LAB.ALT_ULN"]),
        ("I9", &[("LAB.ALT", "?not_done"), ("LAB.AST", "201")], R::Fail, &[]),
        ("I9", &[("LAB.BILI", "42.1 umol/L")], R::Fail, &[]),
        (
            "I9",
            &[("LAB.BILI", "42.1 umol/L"), ("LAB.LIVER_INV", "Y")],
            R::Pass,
            &[],
        ),
        (
            "I9",
            &[("LAB.BILI", "2.4 mg/dL"), ("LAB.BILI_ULN", "1.2 mg/dL")],
            R::Pass,
            &[],
        ),
        ("I10", &[("PERF.LVEF", "40")], R::Pass, &[]),
        ("I10", &[("PERF.LVEF", "39.9")], R::Fail, &[]),
        ("I10", &[("PERF.LVEF", "?unknown")], R::NotEvaluable, &["PERF.LVEF"]),
        (
            "I10",
            &[("PERF.LVEF", "?unknown"), ("PERF.EFFUSION", "Y")],
            R::Fail,
            &[],
        ),
        ("E3", &[("CNS.LP_DONE", "N")], R::NotEvaluable, &["CNS.LP_DONE"]),
        ("E3", &[("CNS.BLASTS", "Y")], R::Pass, &[]),
        ("E3", &[("CNS.BLASTS", "Y"), ("CNS.NEURO", "Y")], R::Fail, &[]),
        ("E3", &[("CNS.BLASTS", "Y"), ("CNS.CSF_WBC", "5 /uL")], R::Fail, &[]),
        ("E3", &[("CNS.SIGNS", "Y"), ("CNS.LP_DONE", "N")], R::Fail, &[]),
        ("E3", &[("CNS.BLASTS", "")], R::NotEvaluable, &["CNS.BLASTS"]),
        ("E5", &[("HSCT.PRIOR", "Y")], R::NotEvaluable, &["HSCT.DATE"]),
        ("E5", &[("HSCT.PRIOR", "Y"), ("HSCT.DATE", "2024-12-31")], R::Pass, &[]),
        ("E5", &[("HSCT.PRIOR", "Y"), ("HSCT.DATE", "2025-01-01")], R::Fail, &[]),
        ("E8", &[("SERO.HBSAG", "POS")], R::Fail, &[]),
        ("E8", &[("SERO.HBCAB", "POS")], R::NotEvaluable, &["SERO.HBV_DNA"]),
        (
            "E8",
            &[("SERO.HBCAB", "POS"), ("SERO.HBV_DNA", "BELOW_LLOQ")],
            R::Pass,
            &[],
        ),
        (
            "E8",
            &[("SERO.HBCAB", "POS"), ("SERO.HBV_DNA", "DETECTABLE")],
            R::Fail,
            &[],
        ),
        ("E8", &[("SERO.HBSAG", "IND")], R::NotEvaluable, &["SERO.HBSAG"]),
    ];
    for (id, changes, result, lacks) in cases {
        let mut subject = eligible();
        subject.fill(changes);
        let outcome = criterion(&subject, id);
        assert_eq!(outcome.result, *result, "{id} {changes:?}: {outcome:?}");
        assert_eq!(missing(&outcome), *lacks, "{id} {changes:?}");
        assert!(matches!(outcome.by, By::Computed { .. }));
        for input in &outcome.inputs {
            assert!(input.path.is_some(), "{id}: {input:?}");
        }
    }
}

/// A sponsor's decision changes the verdict through the definition alone.
#[test]
fn decisions_reach_medicine() {
    let files: Vec<(&str, String)> = study::builtin::FILES
        .iter()
        .map(|(path, text)| (*path, text.replace("lvef_min_pct = \"40\"", "lvef_min_pct = \"65\"")))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let mut subject = eligible();
    assert_eq!(criterion(&subject, "I10").result, R::Pass);
    assert_eq!(
        *subject.study.decisions(),
        criteria::Decisions::default(),
        "the defaults in force are the published ones"
    );
    let changed = study::load::load(&files).unwrap();
    subject.study = Box::leak(Box::new(changed));
    let outcome = criterion(&subject, "I10");
    assert_eq!(outcome.result, R::Fail);
    let reason = outcome
        .reasons
        .iter()
        .find(|reason| !reason.holds && reason.limit.is_some())
        .unwrap();
    assert_eq!(
        (reason.limit.as_deref(), reason.decision.as_deref()),
        (Some("65"), Some("D-08"))
    );
}

#[test]
fn ages_ratios_and_clearance() {
    let mut subject = eligible();
    assert_eq!(derive(&subject, "DM.AGE").result.as_deref(), Some("40"));
    subject.put("DM.BIRTH", "1985");
    assert_eq!(derive(&subject, "DM.AGE").result.as_deref(), Some("39-40"));
    subject.put("DM.BIRTH", "1985-03-10");
    let alt = derive(&subject, "LAB.ALT_X");
    assert_eq!((alt.result.as_deref(), alt.unit.as_str()), (Some("0.8"), "xULN"));
    let clearance = derive(&subject, "LAB.CRCL");
    assert_eq!(
        (clearance.result.as_deref(), clearance.unit.as_str()),
        (Some("97.22"), "mL/min")
    );
    assert!(clearance.arithmetic.len() >= 3, "{:?}", clearance.arithmetic);
    let shown: Vec<String> = subject
        .study
        .derived(&subject.view(), &common::form("LAB"))
        .into_iter()
        .map(|(path, _)| path.item)
        .collect();
    assert_eq!(
        shown,
        ["LAB.ALT_X", "LAB.AST_X", "LAB.BILI_X", "LAB.CRCL", "LAB.EGFR"],
        "no child's formula for an adult"
    );
}

#[test]
fn dose_with_its_arithmetic() {
    let mut subject = Subject::new();
    subject.fill(&[
        ("INFUSION.PLANNED", "2.5"),
        ("INFUSION.WEIGHT_LD", "60.0"),
        ("INFUSION.VOLUME", "50"),
        ("INFUSION.CELLS", "10"),
        ("INFUSION.VIABILITY", "90"),
        ("INFUSION.CD3", "95"),
    ]);
    let dose = derive(&subject, "INFUSION.PER_KG");
    assert_eq!((dose.status, dose.result), (Status::NotEvaluable, None));
    let lacks: Vec<_> = dose
        .missing
        .iter()
        .map(|missing| missing.item.as_deref().unwrap())
        .collect();
    assert_eq!(lacks, ["INFUSION.CAR"]);
    subject.put("INFUSION.CAR", "40");
    let dose = derive(&subject, "INFUSION.PER_KG");
    // 50 mL × 10e6 × 0.9 × 0.95 × 0.4 / 60 kg
    assert_eq!(
        (dose.status, dose.result.as_deref(), dose.unit.as_str()),
        (Status::Value, Some("2.85"), "10^6/kg")
    );
    assert_eq!(dose.arithmetic.len(), 6);
    assert_eq!(derive(&subject, "INFUSION.VIABLE_CAR").result.as_deref(), Some("171"));
    assert_eq!(derive(&subject, "INFUSION.WITHIN").status, Status::Pass);
    subject.put("INFUSION.PLANNED", "2.3");
    assert_eq!(derive(&subject, "INFUSION.WITHIN").status, Status::Fail);
    subject.put("INFUSION.PLANNED", "");
    let open = derive(&subject, "INFUSION.WITHIN");
    assert_eq!(
        (open.status, open.missing[0].item.as_deref()),
        (Status::NotEvaluable, Some("INFUSION.PLANNED"))
    );
}

#[test]
fn thaw_to_start() {
    let mut subject = Subject::new();
    subject.fill(&[
        ("INFUSION.THAW_END", "2025-04-01 23:50"),
        ("INFUSION.START", "2025-04-02 00:20"),
    ]);
    let thaw = derive(&subject, "INFUSION.THAW_MIN");
    assert_eq!((thaw.status, thaw.result.as_deref()), (Status::Pass, Some("30")));
    subject.put("INFUSION.START", "2025-04-02 00:21");
    assert_eq!(derive(&subject, "INFUSION.THAW_MIN").status, Status::Fail);
    subject.put("INFUSION.START", "2025-04-01 23:49");
    let impossible = derive(&subject, "INFUSION.THAW_MIN");
    assert_eq!((impossible.status, impossible.missing.len()), (Status::NotEvaluable, 2));
}

#[test]
fn crs_grades() {
    let calm: &[(&str, &str)] = &[
        ("INFUSION.DATE", "2025-04-01"),
        ("CRS.AT", "2025-04-03 08:00"),
        ("CRS.TEMP", "38.5 C"),
        ("CRS.FEVER_OTHER", "N"),
        ("CRS.ESTABLISHED", "N"),
        ("CRS.MASKING", "N"),
        ("CRS.HYPOT", "N"),
        ("CRS.OXYGEN", "NONE"),
        ("CRS.DEATH", "N"),
    ];
    type Case = (&'static [(&'static str, &'static str)], Status, Option<&'static str>);
    let cases: &[Case] = &[
        (&[], Status::Graded, Some("1")),
        (&[("CRS.TEMP", "100.4 F")], Status::Graded, Some("1")),
        (&[("CRS.TEMP", "37.9 C")], Status::Graded, Some("0")),
        (
            &[("CRS.HYPOT", "Y"), ("CRS.PRESSORS", "[NONE]")],
            Status::Graded,
            Some("2"),
        ),
        (
            &[("CRS.HYPOT", "Y"), ("CRS.PRESSORS", "[NOREPINEPHRINE, VASOPRESSIN]")],
            Status::Graded,
            Some("3"),
        ),
        (
            &[("CRS.HYPOT", "Y"), ("CRS.PRESSORS", "[VASOPRESSIN]")],
            Status::Graded,
            Some("3"),
        ),
        (
            &[("CRS.HYPOT", "Y"), ("CRS.PRESSORS", "[NOREPINEPHRINE, EPINEPHRINE]")],
            Status::Graded,
            Some("4"),
        ),
        (
            &[("CRS.OXYGEN", "NASAL_CANNULA"), ("CRS.FLOW", "6.0")],
            Status::Graded,
            Some("2"),
        ),
        (
            &[("CRS.OXYGEN", "NASAL_CANNULA"), ("CRS.FLOW", "6.1")],
            Status::Graded,
            Some("3"),
        ),
        (&[("CRS.OXYGEN", "NASAL_CANNULA")], Status::AtLeast, Some("2")),
        (
            &[("CRS.OXYGEN", "INTUBATION"), ("CRS.AIRWAY", "N")],
            Status::Graded,
            Some("4"),
        ),
        (
            &[("CRS.OXYGEN", "INTUBATION"), ("CRS.AIRWAY", "Y")],
            Status::Graded,
            Some("1"),
        ),
        (&[("CRS.DEATH", "Y")], Status::Graded, Some("5")),
        (&[("CRS.TEMP", "?not_done")], Status::NotEvaluable, None),
    ];
    for (changes, status, grade) in cases {
        let mut subject = Subject::new();
        subject.fill(calm).fill(changes);
        let outcome = derive(&subject, "CRS.GRADE");
        assert_eq!(
            (outcome.status, outcome.result.as_deref()),
            (*status, *grade),
            "{changes:?}: {outcome:?}"
        );
    }
    let mut late = Subject::new();
    late.fill(calm).fill(&[("CRS.AT", "2025-04-16 08:00")]);
    assert_eq!(derive(&late, "CRS.DAY").result.as_deref(), Some("15"));
    assert!(!derive(&late, "CRS.GRADE").warnings.is_empty(), "later than day 14");
}

#[test]
fn response_on_day_28() {
    let mut subject = eligible();
    subject.fill(&[
        ("INFUSION.DATE", "2025-04-10"),
        ("RESPONSE.DATE", "2025-05-08"),
        ("RESPONSE.BM", "2"),
        ("RESPONSE.CELLULARITY", "ADEQUATE"),
        ("RESPONSE.PB", "0"),
        ("RESPONSE.ANC", "1.5 10^9/L"),
        ("RESPONSE.PLT", "150 10^9/L"),
        ("RESPONSE.PLT_EVER", "Y"),
        ("RESPONSE.RBC_EVER", "Y"),
        ("RESPONSE.PLT_TX", "2025-04-30"),
        ("RESPONSE.RBC_TX", "2025-04-28"),
        ("RESPONSE.EMD", "NONE"),
        ("RESPONSE.CNS_SIGNS", "N"),
        ("RESPONSE.LP_DONE", "N"),
        ("RESPONSE.MRD_DONE", "Y"),
        ("RESPONSE.MRD", "0 fraction"),
        ("RESPONSE.PRIOR_BEST", "NONE"),
    ]);
    let category = |subject: &Subject| derive(subject, "RESPONSE.CATEGORY").result.unwrap();
    let day = derive(&subject, "RESPONSE.DAY");
    assert_eq!((day.status, day.result.as_deref()), (Status::Pass, Some("28")));
    // CNS1 at screening, no signs: carried forward from the derived status there.
    assert_eq!(category(&subject), "CR");
    // Red cells, but never platelets: nothing is unknown.
    subject.put("RESPONSE.PLT_EVER", "N").put("RESPONSE.PLT_TX", "");
    assert_eq!(category(&subject), "CR");
    // Whether platelets were ever given is not known: never CR.
    subject.put("RESPONSE.PLT_EVER", "?unknown");
    assert_eq!(category(&subject), "CRi");
    subject.put("RESPONSE.PLT_EVER", "Y");
    subject
        .put("RESPONSE.PLT", "82 10^9/L")
        .put("RESPONSE.PLT_TX", "2025-05-05");
    let outcome = derive(&subject, "RESPONSE.CATEGORY");
    assert_eq!(outcome.result.as_deref(), Some("CRi"));
    let low = outcome
        .reasons
        .iter()
        .find(|reason| reason.value.as_deref() == Some("82"))
        .unwrap();
    assert_eq!((low.limit.as_deref(), low.holds), (Some("100"), false));
    let days = outcome
        .inputs
        .iter()
        .find(|input| input.input == "days_since_plt_transfusion")
        .unwrap();
    assert_eq!(days.value.as_deref(), Some("3"));
    subject.put("RESPONSE.EMD", "?not_done");
    let open = derive(&subject, "RESPONSE.CATEGORY");
    assert_eq!(
        (open.status, open.result.as_deref()),
        (Status::NotEvaluable, Some("NE"))
    );
    assert_eq!(open.missing[0].item.as_deref(), Some("RESPONSE.EMD"));
    subject.put("RESPONSE.EMD", "NONE").put("RESPONSE.BM", "40");
    assert_eq!(category(&subject), "NR");
}

/// Every number that a function gives has a unit that can be printed.
#[test]
fn units_of_results_are_in_the_definition() {
    let mut subject = eligible();
    subject.fill(&[
        ("INFUSION.DATE", "2025-04-10"),
        ("RESPONSE.DATE", "2025-05-08"),
        ("CRS.AT", "2025-04-12 08:00"),
    ]);
    subject.fill(&[
        ("INFUSION.THAW_END", "2025-04-10 10:00"),
        ("INFUSION.START", "2025-04-10 10:20"),
    ]);
    subject.fill(&[
        ("INFUSION.WEIGHT_LD", "60.0"),
        ("INFUSION.VOLUME", "50"),
        ("INFUSION.CELLS", "10"),
        ("INFUSION.VIABILITY", "90"),
        ("INFUSION.CD3", "95"),
        ("INFUSION.CAR", "40"),
    ]);
    let def = subject.study.def();
    for item in def
        .forms
        .iter()
        .flat_map(|form| &form.groups)
        .flat_map(|group| &group.items)
    {
        if let ItemKind::Derived { call, .. } = &item.kind {
            let unit = derive(&subject, &item.oid).unit;
            let known = unit.is_empty() || def.units.iter().any(|one| one.code == unit);
            assert!(known, "{call} gives {unit:?}");
        }
    }
}
