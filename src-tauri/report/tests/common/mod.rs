//! A made-up page with everything on it, and the tools to read a PDF back.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use conduct::{
    act::{Moment, Role},
    def::{
        CodeDef, CriterionDef, CriterionRule, DecisionDef, FormDef, ItemDef, ItemGroupDef, ItemKind, Registration,
        StudyDef, UnitDef, VisitDef, VisitKind,
    },
    text::Text,
};
use conduct::{
    renderings::{Renderings, StatementPage},
    views::{
        ConfirmedView, CriterionView, EligibilityView, FromItemView, JudgedView, MissingItemView, ReasonView,
        SignatureView, SiteView,
    },
};
use report::Paper;

/// The fonts that `npm ci` put under `ui/`, or those named by `CARTWRIGHT_FONTS`.
pub(crate) fn fonts() -> PathBuf {
    let named = std::env::var_os("CARTWRIGHT_FONTS").map(PathBuf::from);
    named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/node_modules"))
}

pub(crate) fn text(en: &str, zh: &str) -> Text {
    Text {
        en: en.into(),
        zh: zh.into(),
    }
}

pub(crate) fn moment(at: &str) -> Moment {
    Moment {
        at: at.into(),
        offset: "+08:00".into(),
    }
}

/// Number, words, result, and what it compares.
type Row = (&'static str, &'static str, &'static str, &'static str, Option<Measure>);
type Measure = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const ROWS: [Row; 12] = [
    (
        "I1",
        "Informed consent signed before any screening procedure",
        "在任何筛选操作之前签署知情同意书",
        "judged",
        None,
    ),
    (
        "I2",
        "Age 3 to 70 completed years at consent",
        "签署知情同意时年满 3 至 70 周岁",
        "pass",
        Some(("age", "34", "a", ">=", "3", "D-03")),
    ),
    (
        "I5",
        "CD19 on more than 20 % of blasts by flow cytometry",
        "流式细胞术显示 CD19 阳性原始细胞比例 > 20%",
        "pass",
        Some(("cd19", "87.5", "%", ">", "20", "D-09")),
    ),
    (
        "I8",
        "Creatinine clearance (Cockcroft-Gault) above 30 mL/min in adults",
        "成人肌酐清除率（Cockcroft-Gault 公式）> 30 mL/min",
        "pass",
        Some(("cockcroft_gault", "92.4", "mL/min", ">", "30", "D-07")),
    ),
    (
        "I9",
        "ALT and AST at most 5 times the upper limit of normal; total bilirubin at most 2 times",
        "ALT 和 AST ≤ 5 倍正常值上限；总胆红素 ≤ 2 倍正常值上限",
        "open",
        None,
    ),
    (
        "I10",
        "LVEF at least 40 %, no clinically significant pericardial effusion",
        "左心室射血分数 ≥ 40%，且无具有临床意义的心包积液",
        "fail",
        Some(("lvef", "38", "%", ">=", "40", "D-08")),
    ),
    (
        "I11",
        "SpO2 at least 92 % on room air",
        "未吸氧状态下血氧饱和度 ≥ 92%",
        "pass",
        Some(("spo2", "97", "%", ">=", "92", "")),
    ),
    (
        "E3",
        "CNS-3, or CNS-2 with neurological change",
        "CNS-3，或伴有神经系统改变的 CNS-2",
        "judged",
        None,
    ),
    (
        "E5",
        "Allogeneic transplant less than 100 days before the planned infusion",
        "计划回输前 100 天内接受过异基因造血干细胞移植",
        "pass",
        Some(("days_since_hsct", "412", "d", ">=", "100", "")),
    ),
    (
        "E8",
        "Active hepatitis B",
        "活动性乙型肝炎",
        "fail",
        Some(("hbsag", "pos", "", "", "", "D-16")),
    ),
    (
        "E10",
        "CMV or EBV disease, or DNA of 1000 IU/mL or more",
        "CMV 或 EBV 病，或 DNA 载量 ≥ 1000 IU/mL",
        "open",
        None,
    ),
    (
        "E15",
        "Antibody against a donor HLA antigen, MFI 1000 or more",
        "存在针对供者 HLA 抗原的抗体，且 MFI ≥ 1000",
        "pass",
        Some(("dsa_mfi", "420", "", "<", "1000", "D-12")),
    ),
];

/// The study of the page.
pub(crate) fn study() -> StudyDef {
    let item = |oid: &str, en: &str, zh: &str| ItemDef {
        oid: oid.into(),
        question: text(en, zh),
        guidance: None,
        cdash: "own".into(),
        kind: ItemKind::Text { max: 20, long: false },
        required: true,
        missing: vec![],
        when: None,
        hard: None,
        soft: None,
        critical: true,
    };
    let items = vec![
        item("LB.BILI", "Total bilirubin", "总胆红素"),
        item(
            "LB.AST",
            "AST (aspartate aminotransferase)",
            "AST（天门冬氨酸氨基转移酶）",
        ),
        item("LB.CMVDNA", "CMV DNA", "CMV DNA 载量"),
        item("LB.CREAT", "Serum creatinine", "血清肌酐"),
    ];
    let criterion = |row: &Row| CriterionDef {
        id: row.0.into(),
        text: text(row.1, row.2),
        rule: CriterionRule::Computed {
            call: format!("elig.{}", row.0),
            with: vec![],
        },
        decision: row.4.map(|measure| measure.5.to_owned()).filter(|id| !id.is_empty()),
        source: "NCT04516551 [S]".into(),
    };
    let decision = |id: &str, en: &str, zh: &str, default_en: &str, default_zh: &str| DecisionDef {
        id: id.into(),
        text: text(en, zh),
        default: text(default_en, default_zh),
        values: vec![],
        source: "ThisCART19A [S]".into(),
    };
    StudyDef {
        oid: "ALLO-CD19-BALL".into(),
        version: "1.0".into(),
        name: text(
            "Allogeneic CD19 CAR-T cells for relapsed or refractory B-ALL",
            "异基因 CD19 CAR-T 细胞治疗复发或难治 B 细胞急性淋巴细胞白血病",
        ),
        registration: Registration {
            title: String::new(),
            conditions: vec![],
            intervention: String::new(),
            outcomes: vec![],
            rationale: String::new(),
            notes: vec![],
        },
        visits: vec![VisitDef {
            oid: "SCR".into(),
            name: text("Screening", "筛选"),
            kind: VisitKind::Scheduled,
            day: None,
            window: None,
            forms: vec!["LB".into()],
        }],
        forms: vec![FormDef {
            oid: "LB".into(),
            name: text("Laboratory", "实验室检查"),
            domain: "LB".into(),
            repeats: false,
            groups: vec![ItemGroupDef {
                oid: "LB.MAIN".into(),
                name: text("Chemistry", "生化"),
                repeats: false,
                items,
                when: None,
            }],
            panels: vec![],
        }],
        registers: vec![],
        codelists: vec![],
        units: vec![
            UnitDef {
                code: "a".into(),
                text: text("years", "岁"),
            },
            UnitDef {
                code: "d".into(),
                text: text("days", "天"),
            },
            UnitDef {
                code: "10*9/L".into(),
                text: text("×10⁹/L", "×10⁹/L"),
            },
        ],
        criteria: ROWS.iter().map(criterion).collect(),
        decisions: vec![
            decision(
                "D-07",
                "Renal threshold for adults",
                "成人肾功能界值",
                "Cockcroft-Gault creatinine clearance above 30 mL/min",
                "Cockcroft-Gault 肌酐清除率 > 30 mL/min",
            ),
            decision(
                "D-08",
                "Cardiac threshold",
                "心功能界值",
                "LVEF at least 40 %",
                "左心室射血分数 ≥ 40%",
            ),
            decision(
                "D-16",
                "Hepatitis B surface antigen",
                "乙肝表面抗原",
                "A positive result excludes",
                "阳性即排除",
            ),
            decision(
                "D-99",
                "A decision nobody used",
                "未被引用的决定",
                "never printed",
                "不应打印",
            ),
        ],
        checks: vec![],
        reasons: vec![],
        identity: None,
        statements: vec![CodeDef {
            code: "eligibility".into(),
            text: text(
                "I have reviewed every criterion and the source behind it, and I confirm the verdict stated above for this subject.",
                "本人已逐条审阅各项入排标准及其原始依据，确认上述关于该受试者的结论。",
            ),
        }],
        identifiers: Default::default(),
    }
}

/// The verdict of the page: two against, two open.
pub(crate) fn eligibility(verdict: &str) -> EligibilityView {
    let criteria = ROWS.iter().map(criterion).collect();
    let missing = |item: &str, criterion: &str| MissingItemView {
        path: format!("S-001/SCR/LB/LB.MAIN/{item}").parse().unwrap(),
        criteria: vec![criterion.into()],
    };
    EligibilityView {
        version: "1.0".into(),
        subject: "S-001".into(),
        verdict: verdict.into(),
        criteria,
        missing: vec![
            missing("LB.BILI", "I9"),
            missing("LB.AST", "I9"),
            missing("LB.CMVDNA", "E10"),
        ],
        statement: "eligibility".into(),
        may_confirm: None,
        confirmed: vec![],
    }
}

fn criterion(row: &Row) -> CriterionView {
    let (id, _, _, result, measure) = *row;
    let reasons = measure.map(|(what, value, unit, op, limit, decision)| ReasonView {
        rule: id.into(),
        what: what.into(),
        value: Some(value.into()),
        unit: unit.into(),
        op: (!op.is_empty()).then(|| op.into()),
        limit: (!limit.is_empty()).then(|| limit.into()),
        holds: result == "pass" || op.is_empty(),
        decision: (!decision.is_empty()).then(|| decision.into()),
        source: "ThisCART19A".into(),
        evidence: if id == "E15" { "GK" } else { "S" }.into(),
    });
    let judged = (result == "judged").then(|| JudgedView {
        by: "王 芳 (Wang Fang)".into(),
        when: moment("2026-11-20T01:12:05.000Z"),
        source: Some("Ward chart, page 14".into()),
    });
    let path = |item: &str| format!("S-001/SCR/LB/LB.MAIN/{item}").parse().unwrap();
    CriterionView {
        id: id.into(),
        result: match result {
            "judged" => "pass",
            "open" => "not_evaluable",
            other => other,
        }
        .into(),
        by: if judged.is_some() { "judged" } else { "computed" }.into(),
        judged,
        reasons: reasons.into_iter().collect(),
        warnings: vec![],
        from: if id == "I8" {
            vec![FromItemView {
                path: path("LB.CREAT"),
                shown: "88 µmol/L".into(),
            }]
        } else {
            vec![]
        },
        missing: match id {
            "I9" => vec![path("LB.BILI"), path("LB.AST")],
            "E10" => vec![path("LB.CMVDNA")],
            _ => vec![],
        },
    }
}

/// A confirmation by Dr Li.
pub(crate) fn confirmed() -> ConfirmedView {
    ConfirmedView {
        version: "1.0".into(),
        verdict: "ineligible".into(),
        signature: SignatureView {
            version: "1.0".into(),
            verdicts: Vec::new(),
            signature: "g-0123456789abcdef".into(),
            printed_name: "Dr. Li Ming 李明".into(),
            role: Role::Investigator,
            when: moment("2026-11-22T06:03:22.000Z"),
            meaning: "I have reviewed every criterion and confirm the verdict.".into(),
            records: 41,
            valid: true,
            changed: vec![],
            redacted: vec![],
        },
        differs_now: false,
    }
}

pub(crate) fn site() -> SiteView {
    SiteView {
        kind: conduct::act::FileKind::Site,
        versions: vec!["1.0".into()],
        site: "CN-07".into(),
        name: "Henan Cancer Hospital 河南省肿瘤医院".into(),
        study: "ALLO-CD19-BALL".into(),
        version: "1.0".into(),
        words: String::new(),
        fingerprint: "SHA256:abc".into(),
        recovery_confirmed: true,
    }
}

/// The head printed in the footer.
pub(crate) const HEAD: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/// Makes the page.
pub(crate) fn render(paper: &Paper, eligibility: &EligibilityView, study: &StudyDef, locale: &str) -> Vec<u8> {
    let made = moment("2026-11-22T09:41:00.000Z");
    let page = StatementPage {
        eligibility,
        study,
        site: &site(),
        locale,
        app: "0.1.0",
        made: &made,
        made_by: "Dr. Li Ming 李明",
        checkpoint: (1284, HEAD.into()),
        synthetic: true,
    };
    paper.eligibility_statement(&page).unwrap()
}

/// What poppler reads from it, page by page, in reading order.
pub(crate) fn read(pdf: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.pdf");
    fs::write(&path, pdf).unwrap();
    let said = Command::new("pdftotext").arg(&path).arg("-").output().unwrap();
    assert!(said.status.success(), "{said:?}");
    let all = String::from_utf8(said.stdout).unwrap();
    all.split_terminator('\u{c}')
        .map(|page| page.replace('\u{200b}', ""))
        .collect()
}

/// One text, line breaks taken out.
pub(crate) fn flat(pages: &[String]) -> String {
    pages.join("\n").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One text without any blank: Chinese lines break anywhere.
pub(crate) fn solid(pages: &[String]) -> String {
    pages.join("").split_whitespace().collect()
}
