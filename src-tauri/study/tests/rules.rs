//! Conditions, ranges and checks on a filled subject.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect"
)]

mod common;

use common::{Subject, form};
use study::{
    def::Severity,
    findings::{Finding, FindingKind},
    shown::Visible,
    value::Value,
};

fn ids(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.id.as_str()).collect()
}

fn shown(subject: &Subject, item: &str) -> bool {
    let path = subject.path(item, 1);
    subject.study.visibility(&subject.view(), &path.form, 1, item) == Visible::Shown
}

#[test]
fn an_item_is_asked_while_its_condition_holds() {
    let mut subject = Subject::new();
    assert!(!shown(&subject, "SERO.HBV_DNA"), "nothing known: not asked yet");
    subject.put("SERO.HBSAG", "NEG");
    assert!(!shown(&subject, "SERO.HBV_DNA"));
    // `||` needs one side only: the other may stay missing.
    subject.put("SERO.HBSAG", "").put("SERO.HBCAB", "POS");
    assert!(shown(&subject, "SERO.HBV_DNA"));
    subject.put("SERO.HBCAB", "?not_done");
    assert!(!shown(&subject, "SERO.HBV_DNA"), "a missing kind is not a result");
}

/// A condition may rest on a derived item, which rests on another form.
#[test]
fn conditions_follow_derived_items() {
    let mut subject = Subject::new();
    subject.put("DM.BIRTH", "2012-05-10").put("CONSENT.DATE", "2025-05-09");
    assert!(shown(&subject, "CONSENT.ASSENT") && shown(&subject, "PERF.LANSKY") && !shown(&subject, "PERF.ECOG"));
    subject.put("DM.BIRTH", "1985");
    assert!(!shown(&subject, "CONSENT.ASSENT"));
}

/// An age by the year of birth is one of two: a condition is tried at both.
#[test]
fn a_year_of_birth_asks_what_may_hold() {
    let mut subject = Subject::new();
    subject.put("CONSENT.DATE", "2025-05-09").put("DM.BIRTH", "1985");
    assert!(
        shown(&subject, "PERF.ECOG") && !shown(&subject, "PERF.LANSKY"),
        "39 or 40"
    );
    subject.put("DM.BIRTH", "2009");
    assert!(
        shown(&subject, "PERF.ECOG") && shown(&subject, "PERF.LANSKY"),
        "15 or 16: either may be due"
    );
    subject.put("DM.BIRTH", "2015");
    assert!(
        !shown(&subject, "PERF.ECOG") && shown(&subject, "PERF.LANSKY"),
        "9 or 10"
    );
}

/// Hidden answers are kept, told, and seen by nobody.
#[test]
fn hidden_answers_are_not_current() {
    let mut subject = Subject::new();
    subject.fill(&[
        ("DISEASE.EMD", "Y"),
        ("DISEASE.EMD_SITES", "[OTHER]"),
        ("DISEASE.EMD_OTHER", "ovary"),
    ]);
    assert!(shown(&subject, "DISEASE.EMD_OTHER"));
    assert!(
        subject
            .study
            .hidden_answers(&subject.view(), &form("DISEASE"))
            .is_empty()
    );
    subject.put("DISEASE.EMD", "N");
    assert!(
        !shown(&subject, "DISEASE.EMD_OTHER"),
        "its condition rests on a hidden answer"
    );
    let hidden = subject.study.hidden_answers(&subject.view(), &form("DISEASE"));
    let hidden: Vec<&str> = hidden.iter().map(|path| path.item.as_str()).collect();
    assert_eq!(hidden, ["DISEASE.EMD_SITES", "DISEASE.EMD_OTHER"]);
}

/// What would be hidden can be asked before it is saved.
#[test]
fn what_if() {
    let mut subject = Subject::new();
    subject.fill(&[("DISEASE.EMD", "Y"), ("DISEASE.EMD_SITES", "[SKIN]")]);
    let path = subject.path("DISEASE.EMD", 1);
    let values = subject.view();
    let emptied = values.with(&path, None);
    assert_eq!(subject.study.hidden_answers(&emptied, &form("DISEASE")).len(), 1);
    assert!(subject.study.hidden_answers(&values, &form("DISEASE")).is_empty());
    assert!(values.get(&path).is_some(), "the question changes nothing");
}

#[test]
fn ranges_are_in_the_canonical_unit() {
    let mut subject = Subject::new();
    let lab = form("LAB");
    for (entered, severity) in [
        ("80 umol/L", None),
        ("0.9 mg/dL", None),
        ("501 umol/L", Some(Severity::Soft)),
        ("5.7 mg/dL", Some(Severity::Soft)),
        ("3000 umol/L", Some(Severity::Soft)),
        ("3000.01 umol/L", Some(Severity::Hard)),
        ("34 mg/dL", Some(Severity::Hard)),
    ] {
        subject.put("LAB.CREAT", entered);
        let findings = subject.study.findings(&subject.view(), &lab);
        assert_eq!(findings.first().map(|finding| finding.severity), severity, "{entered}");
    }
    let findings = subject.study.findings(&subject.view(), &lab);
    let FindingKind::Range { value, low, high, unit } = &findings[0].kind else {
        panic!("a range")
    };
    assert_eq!(
        (value.as_str(), low.as_deref(), high.as_deref(), unit.as_deref()),
        ("3005.6", Some("5"), Some("3000"), Some("umol/L"))
    );
}

#[test]
fn checks_fire_and_stay_silent_while_something_is_missing() {
    /// Values in the order entered, the form, the check that fires with the last of them.
    type Case = (&'static [(&'static str, &'static str)], &'static str, &'static str);
    let cases: &[Case] = &[
        (
            &[("CONSENT.DATE", "2025-03-02"), ("CONSENT.FIRST_PROC", "2025-03-01")],
            "CONSENT",
            "CHK-CONSENT-01",
        ),
        (
            &[("DM.BIRTH", "2025-03-03"), ("CONSENT.DATE", "2025-03-02")],
            "DM",
            "CHK-DM-01",
        ),
        (&[("PERF.SBP", "80"), ("PERF.DBP", "80")], "PERF", "CHK-PERF-01"),
        (
            &[("LAB.WBC", "3.0 10^9/L"), ("LAB.ANC", "3001 /uL")],
            "LAB",
            "CHK-LAB-01",
        ),
        (
            &[("LAB.DATE", "2025-03-01"), ("HSCT.LD_START", "2025-03-09")],
            "LAB",
            "CHK-LAB-03",
        ),
        (
            &[
                ("INFUSION.START", "2025-04-01 00:10"),
                ("INFUSION.THAW_END", "2025-03-31 23:39"),
            ],
            "INFUSION",
            "CHK-INF-03",
        ),
        (
            &[
                ("INFUSION.START", "2025-04-01 10:00"),
                ("INFUSION.STOP", "2025-04-01 10:00"),
            ],
            "INFUSION",
            "CHK-INF-01",
        ),
        (&[("INFUSION.VIABILITY", "69.9")], "INFUSION", "CHK-INF-04"),
        (
            &[("INFUSION.WEIGHT_LD", "60.0"), ("INFUSION.WEIGHT_D0", "53.9")],
            "INFUSION",
            "CHK-INF-05",
        ),
        (
            &[("INFUSION.DATE", "2025-04-01"), ("INFUSION.START", "2025-04-02 10:00")],
            "INFUSION",
            "CHK-INF-06",
        ),
        (
            &[("INFUSION.DATE", "2025-04-01"), ("CRS.AT", "2025-04-16 10:00")],
            "CRS",
            "CHK-CRS-01",
        ),
        (
            &[("INFUSION.DATE", "2025-04-01"), ("RESPONSE.DATE", "2025-05-03")],
            "RESPONSE",
            "CHK-RESP-01",
        ),
    ];
    for (values, on, check) in cases {
        let mut subject = Subject::new();
        for (n, (item, text)) in values.iter().enumerate() {
            let fired = ids(&subject.study.findings(&subject.view(), &form(on))).contains(check);
            assert!(!fired, "{check} after {n} values");
            subject.put(item, text);
        }
        let findings = subject.study.findings(&subject.view(), &form(on));
        assert!(ids(&findings).contains(check), "{check}: {findings:?}");
        let finding = findings.iter().find(|finding| finding.id == *check).unwrap();
        assert!(finding.text.as_ref().is_some_and(|text| !text.zh.is_empty()));
    }
}

/// Exactly at the bound nothing fires.
#[test]
fn bounds_are_exact() {
    let mut subject = Subject::new();
    subject.fill(&[
        ("INFUSION.THAW_END", "2025-04-01 10:00"),
        ("INFUSION.START", "2025-04-01 10:30"),
        ("INFUSION.VIABILITY", "70.0"),
        ("INFUSION.WEIGHT_LD", "60.0"),
        ("INFUSION.WEIGHT_D0", "54.0"),
        ("INFUSION.DATE", "2025-04-01"),
        ("RESPONSE.DATE", "2025-05-02"),
        ("CRS.AT", "2025-04-15 23:00"),
    ]);
    for on in ["INFUSION", "RESPONSE", "CRS"] {
        assert_eq!(
            ids(&subject.study.findings(&subject.view(), &form(on))),
            [""; 0],
            "{on}"
        );
    }
}

/// Rows are checked each against its own values.
#[test]
fn rows_are_checked_one_by_one() {
    let mut subject = Subject::new();
    subject
        .put_row("INFUSION.V_SBP", 1, "120")
        .put_row("INFUSION.V_DBP", 1, "80");
    subject
        .put_row("INFUSION.V_SBP", 3, "70")
        .put_row("INFUSION.V_DBP", 3, "90");
    let findings = subject.study.findings(&subject.view(), &form("INFUSION"));
    let fired: Vec<(&str, u32)> = findings
        .iter()
        .map(|finding| (finding.id.as_str(), finding.path.row))
        .collect();
    assert_eq!(fired, [("RANGE", 3), ("CHK-INF-09", 3)]);
    assert_eq!(findings[0].severity, Severity::Soft);
}

/// A form is complete when nothing hard is open and everything asked has an answer, of which a missing kind is one.
#[test]
fn what_blocks_completing() {
    let mut subject = Subject::new();
    let sero = form("SERO");
    let open = |subject: &Subject| -> Vec<String> {
        let blockers = subject.study.blockers(&subject.view(), &sero);
        blockers
            .into_iter()
            .map(|finding| format!("{} {}", finding.id, finding.path.item))
            .collect()
    };
    assert_eq!(open(&subject).len(), 13, "{:?}", open(&subject));
    subject.fill(&[
        ("SERO.DATE", "2025-03-01"),
        ("SERO.HBSAG", "NEG"),
        ("SERO.HBCAB", "POS"),
        ("SERO.HCV_AB", "NEG"),
        ("SERO.HIV", "?not_done"),
        ("SERO.TREP", "NEG"),
        ("SERO.CMV_DIS", "N"),
        ("SERO.CMV_DNA", "0"),
        ("SERO.EBV_DIS", "N"),
        ("SERO.EBV_DNA", "?not_done"),
        ("SERO.TB_ACTIVE", "N"),
        ("SERO.IGRA", "NEG"),
        ("SERO.INF", "N"),
    ]);
    assert_eq!(open(&subject), ["REQUIRED SERO.HBV_DNA"]);
    subject.put("SERO.HBV_DNA", "UNDETECTABLE");
    assert_eq!(open(&subject), [""; 0]);
    // A soft finding does not block, a hard one does.
    subject.put("HSCT.LD_START", "2025-04-20");
    assert_eq!(ids(&subject.study.findings(&subject.view(), &sero)), ["CHK-SERO-01"]);
    assert_eq!(open(&subject), [""; 0]);
    let perf = form("PERF");
    subject.put("PERF.SBP", "80").put("PERF.DBP", "90");
    let blockers = subject.study.blockers(&subject.view(), &perf);
    assert!(ids(&blockers).contains(&"CHK-PERF-01"));
}

/// A stored value that no rule can use breaks the check loudly: it blocks, it hides nothing, it never passes.
#[test]
fn a_broken_check_is_loud() {
    let mut subject = Subject::new();
    subject.put("INFUSION.START", "2025-04-01 10:00");
    let stop = subject.path("INFUSION.STOP", 1);
    subject.values.insert(
        stop,
        Value::DateTime {
            at: "after lunch".into(),
        },
    );
    let blockers = subject.study.blockers(&subject.view(), &form("INFUSION"));
    let broken = blockers
        .iter()
        .find(|finding| matches!(finding.kind, FindingKind::Broken { .. }))
        .unwrap();
    assert_eq!((broken.id.as_str(), broken.severity), ("CHK-INF-01", Severity::Hard));
}

#[test]
fn a_path_must_be_of_the_study() {
    let study = study::builtin::load().unwrap();
    for (path, holds) in [
        ("S-1/SCR/DM/DM.MAIN/DM.SEX", true),
        ("S-1/INF/INFUSION/INFUSION.VITALS[7]/INFUSION.V_HR", true),
        ("S-1/CRS[3]/CRS[2]/CRS.FEVER/CRS.TEMP", true),
        ("S-1/SCR[2]/DM/DM.MAIN/DM.SEX", false),
        ("S-1/SCR/DM[2]/DM.MAIN/DM.SEX", false),
        ("S-1/SCR/DM/DM.MAIN[2]/DM.SEX", false),
        ("S-1/SCR/DM/DM.OTHER/DM.SEX", false),
        ("S-1/SCR/LAB/DM.MAIN/DM.SEX", false),
        ("S-1/D28/DM/DM.MAIN/DM.SEX", false),
        ("S-1/SCR/DM/DM.MAIN/DM.SHOE", false),
    ] {
        assert_eq!(study.holds(&path.parse().unwrap()), holds, "{path}");
    }
}
