//! What the made-up site keeps besides its subjects: three donors, five lots, a bag for every infusion, a laboratory.

use chrono::{Days, NaiveDate};
use conduct::{
    FormPath, ItemPath, RawInput, acts,
    requests::{EnterValue, FormOf},
};

use super::{Trial, fill::Typed, profile::Profile};
use crate::out::Trouble;

/// Code, sex, year of birth, ABO group.
const DONORS: &[(&str, &str, &str, &str)] = &[
    ("D-001", "M", "1996", "A"),
    ("D-002", "F", "1999", "O"),
    ("D-003", "M", "2001", "AB"),
];
/// Number and donor; the first four go to subjects, the last was withdrawn before it went to anybody.
const LOTS: &[(&str, usize)] = &[
    ("UC19-2601", 0),
    ("UC19-2602", 1),
    ("UC19-2603", 0),
    ("UC19-2604", 2),
    ("UC19-2605", 1),
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

type Answers = Vec<(String, Typed)>;

fn said(text: &str) -> Typed {
    Typed::text(text)
}

fn code(code: &str) -> Typed {
    Typed::codes(&[code])
}

fn answers(pairs: &[(&str, Typed)]) -> Answers {
    pairs
        .iter()
        .map(|(item, typed)| ((*item).to_owned(), typed.clone()))
        .collect()
}

fn donor((name, sex, born, abo): (&str, &str, &str, &str)) -> Answers {
    let mut all = answers(&[
        ("DONOR.CODE", said(name)),
        ("DONOR.KIND", code("UNIVERSAL")),
        ("DONOR.SEX", code(sex)),
        ("DONOR.BIRTH_YEAR", said(born)),
        ("DONOR.ABO", code(abo)),
        ("DONOR.RHD", code("POS")),
        ("DONOR.HLA_A", said("A*02:01, A*11:01")),
        ("DONOR.HLA_B", said("B*40:01, B*46:01")),
        ("DONOR.HLA_C", said("C*01:02, C*07:02")),
        ("DONOR.HLA_DRB1", said("DRB1*09:01, DRB1*12:02")),
        ("DONOR.HLA_DQB1", said("DQB1*03:01, DQB1*03:03")),
        ("DONOR.SCREENED", said("2025-11-03")),
        ("DONOR.PASSED", code("Y")),
        ("DONOR.CONSENT", said("2025-11-01")),
        ("DONOR.APHERESIS", said("2025-11-10")),
    ]);
    for test in ["HBSAG", "HBV_DNA", "HCV", "HIV", "SYPHILIS", "HTLV", "CMV", "EBV"] {
        all.push((format!("DONOR.{test}"), code("NEG")));
    }
    all
}

fn lot(at: usize) -> Answers {
    let (number, donor) = LOTS[at];
    answers(&[
        ("LOT.NUMBER", said(number)),
        ("LOT.DONOR", said(DONORS[donor].0)),
        ("LOT.PRODUCT", said("Allogeneic CD19 CAR-T cells")),
        ("LOT.CONSTRUCT", said("FMC63, 4-1BB, lentivirus")),
        ("LOT.EDITED", code("Y")),
        ("LOT.EDITS", code("TRAC")),
        ("LOT.MADE", said("2025-11-20")),
        ("LOT.FROZEN", said("2025-11-21")),
        ("LOT.EXPIRES", said("2027-11-20")),
        (
            "LOT.VIABILITY",
            Typed::number(["92.4", "90.1", "93.0", "88.7", "86.2"][at], "%"),
        ),
        (
            "LOT.CAR",
            Typed::number(["41.2", "38.6", "44.0", "36.9", "31.5"][at], "%"),
        ),
        ("LOT.CD4_CD8", said("0.9")),
        ("LOT.TCR", Typed::number("0.4", "%")),
        ("LOT.VCN", said(["1.8", "2.1", "1.6", "2.4", "2.9"][at])),
        ("LOT.ENDOTOXIN", said("< 0.5 EU/mL")),
        ("LOT.STERILITY", code("NEG")),
        ("LOT.MYCOPLASMA", code("NEG")),
        ("LOT.RCL", code("NEG")),
        ("LOT.RELEASED", code("Y")),
        ("LOT.RELEASED_ON", said("2025-12-15")),
        ("LOT.OOS", code("N")),
        ("LOT.BAD", code(if at == WITHDRAWN { "Y" } else { "N" })),
    ])
}

fn laboratory() -> Answers {
    let mut all = answers(&[
        ("LABREG.CODE", said(LABORATORY)),
        ("LABREG.ACCRED", said("ISO 15189")),
        ("LABREG.VALID_TO", said("2028-06-30")),
    ]);
    for (row, (analyte, sex, low, high, unit)) in RANGES.iter().enumerate() {
        for (part, typed) in [
            ("ANALYTE", code(analyte)),
            ("SEX", code(sex)),
            ("AGE_FROM", Typed::number("18", "a")),
            ("AGE_TO", Typed::number("120", "a")),
            ("LOW", said(low)),
            ("HIGH", said(high)),
            ("UNIT", said(unit)),
            ("FROM", said("2025-01-01")),
        ] {
            all.push((format!("LABREG.{part}[{}]", row + 1), typed));
        }
    }
    all
}

/// The bag that a subject's chart says was infused.
fn bag(profile: &Profile, status: &str, since: NaiveDate) -> Answers {
    let chart = |item: &str| {
        let path = format!("S-0/INF/INFUSION/INFUSION.PRODUCT/{item}").parse::<ItemPath>();
        path.ok().and_then(|path| profile.answer(&path)).unwrap_or_default()
    };
    let received = profile.infusion - Days::new(3);
    answers(&[
        ("BAG.CODE", chart("INFUSION.BAG")),
        ("BAG.LOT", chart("INFUSION.LOT")),
        ("BAG.COI", chart("INFUSION.COI")),
        ("BAG.VOLUME", chart("INFUSION.VOLUME")),
        ("BAG.CELLS", chart("INFUSION.CELLS")),
        ("BAG.RECEIVED", Typed::text(format!("{received}T14:20"))),
        ("BAG.COLD", code("Y")),
        ("BAG.STORE", said("Tank 2, rack B, box 4")),
        ("BAG.STATUS", code(status)),
        ("BAG.STATUS_ON", Typed::text(since.to_string())),
    ])
}

/// What is said about an item; rows by their number, once they are begun.
fn answer(all: &Answers, path: &ItemPath) -> Option<Typed> {
    let with_row = format!("{}[{}]", path.item, path.row);
    let found = all.iter().find(|(item, _)| *item == with_row || *item == path.item);
    found.map(|(_, typed)| typed.clone())
}

fn raw(typed: Typed) -> RawInput {
    RawInput {
        text: typed.text,
        unit: typed.unit,
        codes: typed.codes,
        missing: typed.missing,
    }
}

/// What the site has in stock, before anybody is infused: the record and what stands in it.
fn stock() -> Vec<(String, Answers)> {
    let numbered = |register: &str, form: &str, at: usize| match at {
        0 => format!("SITE/{register}/{form}"),
        _ => format!("SITE/{register}/{form}[{}]", at + 1),
    };
    let donors = DONORS.iter().enumerate();
    let lots = 0..LOTS.len();
    donors
        .map(|(at, one)| (numbered("DONORS", "DONOR", at), donor(*one)))
        .chain(lots.map(|at| (numbered("LOTS", "LOT", at), lot(at))))
        .chain([(numbered("LABS", "LABREG", 0), laboratory())])
        .collect()
}

/// Puts into a chart what the site has for this person: lot and bag, the donor's group, the laboratory.
pub(super) fn supply(profile: &mut Profile, number: u32) {
    let at = usize::try_from(number.saturating_sub(1)).unwrap_or(0) % WITHDRAWN;
    let (lot, donor) = LOTS[at];
    let (donor, _, _, abo) = DONORS[donor];
    for (item, typed) in [
        ("INFUSION.LOT", said(lot)),
        ("INFUSION.BAG", Typed::text(format!("BAG-{number:04}-A"))),
        ("INFUSION.DONOR_ABO", code(abo)),
        ("ALLOC.LOT", said(lot)),
        ("ALLOC.DONOR", said(donor)),
        ("HEMA.LAB", said(LABORATORY)),
    ] {
        profile.set(item, typed);
    }
}

impl Trial {
    /// Nurse: donors, lots and the laboratory as they came with the product.
    pub(super) fn keep_stock(&mut self) -> Result<(), Trouble> {
        for (path, all) in stock() {
            self.pass(300);
            self.fill_with(&path, &|path| answer(&all, path))?;
            for (item, typed) in all.iter().filter(|(item, _)| item.ends_with(']')) {
                self.in_row(&path, item, typed)?;
            }
            self.complete(&path)?;
        }
        Ok(())
    }

    /// A value in a row of ranges: the page shows a row once something stands in it.
    fn in_row(&mut self, record: &str, item: &str, typed: &Typed) -> Result<(), Trouble> {
        let (item, row) = item.split_once('[').unwrap_or((item, "1]"));
        let row = if row == "1]" { String::new() } else { format!("[{row}") };
        self.pass(6);
        self.say(&format!("{record}/LABREG.RANGE{row}/{item}"), typed)
    }

    fn say(&mut self, path: &str, typed: &Typed) -> Result<(), Trouble> {
        let typed = raw(typed.clone());
        let asked = EnterValue {
            path: path
                .parse()
                .map_err(|_| Trouble::Words(format!("{path}: not an item")))?,
            text: typed.text,
            unit: typed.unit,
            codes: typed.codes,
            missing: typed.missing,
            by_hand: false,
            reason: None,
            hide_answers: false,
        };
        acts::enter_value(&mut self.desk, asked)?;
        Ok(())
    }

    /// Nurse: the bag came, and is kept for this person.
    pub(super) fn receive(&mut self, number: u32, profile: &Profile) -> Result<(), Trouble> {
        let all = bag(profile, "RESERVED", profile.infusion - Days::new(3));
        self.fill_with(&place_of_bag(number), &|path| answer(&all, path))?;
        Ok(())
    }

    /// Nurse: the bag was infused.
    pub(super) fn used_up(&mut self, number: u32, profile: &Profile) -> Result<(), Trouble> {
        let record = place_of_bag(number);
        self.pass(240);
        self.say(&format!("{record}/BAG.MAIN/BAG.STATUS"), &code("INFUSED"))?;
        let today = Typed::text(profile.infusion.to_string());
        self.say(&format!("{record}/BAG.MAIN/BAG.STATUS_ON"), &today)?;
        self.complete(&record)
    }

    /// The stock at once, for many subjects. Answer: entries made.
    pub(super) fn rehearse_stock(&mut self) -> Result<u64, Trouble> {
        let mut made = 0;
        for (path, all) in stock() {
            made += self.rehearse_record(&path, &all)?;
        }
        Ok(made)
    }

    /// The bag of one of many at once, infused. Answer: entries made.
    pub(super) fn rehearse_bag(&mut self, number: u32, profile: &Profile) -> Result<u64, Trouble> {
        self.rehearse_record(&place_of_bag(number), &bag(profile, "INFUSED", profile.infusion))
    }

    fn rehearse_record(&mut self, path: &str, all: &Answers) -> Result<u64, Trouble> {
        self.pass(60);
        let path: FormPath = path
            .parse()
            .map_err(|_| Trouble::Words(format!("{path}: not a form")))?;
        let chart = |path: &ItemPath| answer(all, path).map(raw);
        Ok(self.desk.rehearse_form(&path, &chart, true)?.0)
    }

    /// Fills a record with what is asked and answered, until nothing is asked any more.
    fn fill_with(&mut self, form: &str, answer: &dyn Fn(&ItemPath) -> Option<Typed>) -> Result<(), Trouble> {
        let path: FormPath = form
            .parse()
            .map_err(|_| Trouble::Words(format!("{form}: not a form")))?;
        let mut view = acts::form(&mut self.desk, FormOf { form: path.clone() })?;
        loop {
            let items = view
                .groups
                .iter()
                .flat_map(|group| &group.rows)
                .flat_map(|row| &row.items);
            let next = items
                .filter(|item| item.shown && item.value.is_none() && item.derived.is_none())
                .find_map(|item| answer(&item.path).map(|typed| (item.clone(), typed)));
            let Some((item, typed)) = next else { break };
            self.pass(7);
            view = self.enter(&item, &typed)?;
        }
        Ok(())
    }
}

/// Every bag has the number of the person it is for.
fn place_of_bag(number: u32) -> String {
    match number {
        1 => "SITE/BAGS/BAG".to_owned(),
        _ => format!("SITE/BAGS/BAG[{number}]"),
    }
}
