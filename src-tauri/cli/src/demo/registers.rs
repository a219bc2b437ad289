//! What the made-up site keeps besides its subjects: three donors, five lots, a bag for every infusion, a laboratory.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use conduct::{ItemPath, acts, requests::StudyInForce};

use super::{
    Trial,
    chart::{At, Chart, Kinds, kinds, raw},
    script::Script,
    steps::form,
};
use crate::out::Trouble;

/// Code, sex, year of birth, ABO group.
const DONORS: &[(&str, &str, &str, &str)] = &[
    ("D-001", "M", "1996", "A"),
    ("D-002", "F", "1999", "O"),
    ("D-003", "M", "2001", "AB"),
];
/// Number, donor, viability, CAR share, vector copies; the first four go to subjects, the last was withdrawn before it
/// went to anybody.
const LOTS: &[(&str, usize, &str, &str, &str)] = &[
    ("UC19-2601", 0, "92.4 %", "41.2 %", "1.8"),
    ("UC19-2602", 1, "90.1 %", "38.6 %", "2.1"),
    ("UC19-2603", 0, "93.0 %", "44.0 %", "1.6"),
    ("UC19-2604", 2, "88.7 %", "36.9 %", "2.4"),
    ("UC19-2605", 1, "86.2 %", "31.5 %", "2.9"),
];
const WITHDRAWN: usize = 4;
const LABORATORY: &str = "LAB-012";
/// Analyte, sex, lower and upper limit, unit.
const RANGES: &[(&str, &str, &str, &str, &str)] = &[
    ("WBC", "ANY", "3.5", "9.5", "10^9/L"),
    ("ANC", "ANY", "1.8", "6.3", "10^9/L"),
    ("LYMPH", "ANY", "1.1", "3.2", "10^9/L"),
    ("HGB", "F", "115", "150", "g/L"),
    ("HGB", "M", "130", "175", "g/L"),
    ("PLT", "ANY", "125", "350", "10^9/L"),
];

/// What stands in a record, by item and row.
type Answers = BTreeMap<(String, u32), String>;

fn answers(pairs: &[(&str, &str)]) -> Answers {
    pairs
        .iter()
        .map(|(item, text)| (((*item).to_owned(), 1), (*text).to_owned()))
        .collect()
}

/// Days before the trial began, as ISO text.
fn before(began: NaiveDate, days: u64) -> String {
    (began - Days::new(days)).to_string()
}

fn donor((name, sex, born, abo): (&str, &str, &str, &str), began: NaiveDate) -> Answers {
    let mut all = answers(&[
        ("DONOR.CODE", name),
        ("DONOR.KIND", "UNIVERSAL"),
        ("DONOR.SEX", sex),
        ("DONOR.BIRTH_YEAR", born),
        ("DONOR.ABO", abo),
        ("DONOR.RHD", "POS"),
        ("DONOR.HLA_A", "A*02:01, A*11:01"),
        ("DONOR.HLA_B", "B*40:01, B*46:01"),
        ("DONOR.HLA_C", "C*01:02, C*07:02"),
        ("DONOR.HLA_DRB1", "DRB1*09:01, DRB1*12:02"),
        ("DONOR.HLA_DQB1", "DQB1*03:01, DQB1*03:03"),
        ("DONOR.SCREENED", &before(began, 119)),
        ("DONOR.PASSED", "Y"),
        ("DONOR.CONSENT", &before(began, 121)),
        ("DONOR.APHERESIS", &before(began, 112)),
    ]);
    for test in ["HBSAG", "HBV_DNA", "HCV", "HIV", "SYPHILIS", "HTLV", "CMV", "EBV"] {
        all.insert((format!("DONOR.{test}"), 1), "NEG".to_owned());
    }
    all
}

fn lot(at: usize, began: NaiveDate) -> Answers {
    let (number, donor, viability, car, copies) = LOTS[at];
    answers(&[
        ("LOT.NUMBER", number),
        ("LOT.DONOR", DONORS[donor].0),
        ("LOT.PRODUCT", "Allogeneic CD19 CAR-T cells"),
        ("LOT.CONSTRUCT", "FMC63, 4-1BB, lentivirus"),
        ("LOT.EDITED", "Y"),
        ("LOT.EDITS", "TRAC"),
        ("LOT.MADE", &before(began, 102)),
        ("LOT.FROZEN", &before(began, 101)),
        ("LOT.EXPIRES", &(began + Days::new(628)).to_string()),
        ("LOT.VIABILITY", viability),
        ("LOT.CAR", car),
        ("LOT.CD4_CD8", "0.9"),
        ("LOT.TCR", "0.4 %"),
        ("LOT.VCN", copies),
        ("LOT.ENDOTOXIN", "< 0.5 EU/mL"),
        ("LOT.STERILITY", "NEG"),
        ("LOT.MYCOPLASMA", "NEG"),
        ("LOT.RCL", "NEG"),
        ("LOT.RELEASED", "Y"),
        ("LOT.RELEASED_ON", &before(began, 77)),
        ("LOT.OOS", "N"),
        ("LOT.BAD", if at == WITHDRAWN { "Y" } else { "N" }),
    ])
}

fn laboratory(began: NaiveDate) -> Answers {
    let since = before(began, 425);
    let mut all = answers(&[
        ("LABREG.CODE", LABORATORY),
        ("LABREG.ACCRED", "ISO 15189"),
        ("LABREG.VALID_TO", &(began + Days::new(850)).to_string()),
    ]);
    for (row, (analyte, sex, low, high, unit)) in (1..).zip(RANGES) {
        for (part, text) in [
            ("ANALYTE", *analyte),
            ("SEX", sex),
            ("AGE_FROM", "18 a"),
            ("AGE_TO", "120 a"),
            ("LOW", low),
            ("HIGH", high),
            ("UNIT", unit),
            ("FROM", &since),
        ] {
            all.insert((format!("LABREG.{part}"), row), text.to_owned());
        }
    }
    all
}

/// What the site has in stock, before anybody is infused: the record and what stands in it.
fn stock(began: NaiveDate) -> Vec<(String, Answers)> {
    let numbered = |register: &str, form: &str, at: usize| match at {
        0 => format!("SITE/{register}/{form}"),
        _ => format!("SITE/{register}/{form}[{}]", at + 1),
    };
    let donors = DONORS.iter().enumerate();
    let lots = 0..LOTS.len();
    donors
        .map(|(at, one)| (numbered("DONORS", "DONOR", at), donor(*one, began)))
        .chain(lots.map(|at| (numbered("LOTS", "LOT", at), lot(at, began))))
        .chain([(numbered("LABS", "LABREG", 0), laboratory(began))])
        .collect()
}

/// Puts into a chart what the site has for this person: lot, donor and the donor's blood group.
pub(super) fn supply(script: &mut Script, number: u32) {
    let at = usize::try_from(number.saturating_sub(1)).unwrap_or(0) % WITHDRAWN;
    let (lot, donor, ..) = LOTS[at];
    let (donor, _, _, abo) = DONORS[donor];
    for (name, word) in [("lot", lot), ("donor", donor), ("abo", abo)] {
        script.picks.insert(name.to_owned(), vec![word.to_owned()]);
    }
}

impl Trial {
    /// Nurse: donors, lots and the laboratory as they came with the product. Answer: entries made.
    pub(super) fn keep_stock(&mut self, began: NaiveDate) -> Result<u64, Trouble> {
        let kinds = kinds(&acts::study_in_force(&mut self.desk, StudyInForce { version: None })?);
        let mut made = 0;
        for (path, all) in stock(began) {
            made += self.keep_record(&path, &all, &kinds)?;
        }
        Ok(made)
    }

    /// Nurse: the bag that a subject's chart says was infused. Answer: entries made.
    pub(super) fn keep_bag(&mut self, number: u32, chart: &Chart, kinds: &Kinds) -> Result<u64, Trouble> {
        let received = chart.infusion - Days::new(3);
        let mut all = answers(&[
            ("BAG.RECEIVED", &format!("{received}T14:20")),
            ("BAG.COLD", "Y"),
            ("BAG.STORE", "Tank 2, rack B, box 4"),
            ("BAG.STATUS", "INFUSED"),
            ("BAG.STATUS_ON", &chart.infusion.to_string()),
        ]);
        for (item, on_chart) in [
            ("BAG.CODE", "INFUSION.BAG"),
            ("BAG.LOT", "INFUSION.LOT"),
            ("BAG.COI", "INFUSION.COI"),
            ("BAG.VOLUME", "INFUSION.VOLUME"),
            ("BAG.CELLS", "INFUSION.CELLS"),
        ] {
            let place = chart.form("INF", "INFUSION") + "/INFUSION.PRODUCT/" + on_chart;
            let path: ItemPath = place.parse().map_err(|_| Trouble::Words(place.clone()))?;
            let at = At { day: 0, more: None };
            if let Some(typed) = chart.answer(kinds, &path, at) {
                let unit = typed.unit.map(|unit| format!(" {unit}")).unwrap_or_default();
                all.insert((item.to_owned(), 1), typed.text + &unit);
            }
        }
        // Every bag has the number of the person it is for.
        let record = match number {
            1 => "SITE/BAGS/BAG".to_owned(),
            _ => format!("SITE/BAGS/BAG[{number}]"),
        };
        self.keep_record(&record, &all, kinds)
    }

    fn keep_record(&mut self, record: &str, all: &Answers, kinds: &Kinds) -> Result<u64, Trouble> {
        self.pass(60);
        let path = form(record)?;
        let mut held = self.desk.held_record(&path)?;
        let chart = |path: &ItemPath| raw(kinds.get(&path.item)?, all.get(&(path.item.clone(), path.row))?);
        Ok(self.desk.rehearse_form(&path, &mut held, &chart, true)?.0)
    }
}
