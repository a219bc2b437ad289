//! One made-up person: plausible values for every item, drawn from the seed.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use conduct::ItemPath;
use rand_chacha::{
    ChaCha20Rng,
    rand_core::{RngCore, SeedableRng},
};

use super::fill::Typed;

/// How this person's course goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// Eligible, infused, in remission at day 28.
    Infused,
    /// Kidneys too weak.
    Ineligible,
    /// A lumbar puncture and an echocardiogram are still to come.
    Pending,
}

impl Course {
    /// The first three subjects show one each; after them every other one is infused.
    pub(super) fn of(number: u32) -> Self {
        match number % 6 {
            1 | 4 | 0 => Self::Infused,
            2 => Self::Ineligible,
            _ => Self::Pending,
        }
    }
}

/// Everything that would be typed for one subject.
pub(super) struct Profile {
    answers: HashMap<String, Typed>,
    pub(super) course: Course,
    pub(super) infusion: NaiveDate,
    pub(super) female: bool,
}

struct Draw(ChaCha20Rng);

impl Draw {
    /// A whole number from low to high, both possible.
    fn whole(&mut self, low: u32, high: u32) -> u32 {
        low + self.0.next_u32() % (high - low + 1)
    }

    /// A number with one digit after the point, from low to high tenths.
    fn tenths(&mut self, low: u32, high: u32) -> String {
        let tenths = self.whole(low, high);
        format!("{}.{}", tenths / 10, tenths % 10)
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        let last = u32::try_from(of.len() - 1).unwrap_or(0);
        of[usize::try_from(self.whole(0, last)).unwrap_or(0)]
    }
}

impl Profile {
    /// The person with a number, screened on a day.
    pub(super) fn make(seed: u64, number: u32, screened: NaiveDate) -> Self {
        Self::of_course(seed, number, screened, Course::of(number))
    }

    /// The same, with a course of somebody else's choosing.
    pub(super) fn of_course(seed: u64, number: u32, screened: NaiveDate, course: Course) -> Self {
        let mut draw = Draw(ChaCha20Rng::seed_from_u64(
            seed.wrapping_mul(1_000_003).wrapping_add(u64::from(number)),
        ));
        let infusion = screened + Days::new(14);
        let female = draw.whole(0, 1) == 1;
        let mut profile = Self {
            answers: HashMap::new(),
            course,
            infusion,
            female,
        };
        profile.history(&mut draw, screened);
        profile.screening(&mut draw, screened);
        profile.judgements(number);
        profile.infusion_day(&mut draw, number);
        profile.response(&mut draw);
        profile
    }

    /// What would be typed into an item, if this person's chart says anything about it.
    pub(super) fn answer(&self, path: &ItemPath) -> Option<Typed> {
        let with_row = format!("{}[{}]", path.item, path.row);
        self.answers
            .get(&with_row)
            .or_else(|| self.answers.get(&path.item))
            .cloned()
    }

    pub(super) fn set(&mut self, item: &str, typed: Typed) {
        self.answers.insert(item.to_owned(), typed);
    }

    fn text(&mut self, item: &str, text: impl Into<String>) {
        self.set(item, Typed::text(text));
    }

    fn day(&mut self, item: &str, day: NaiveDate) {
        self.set(item, Typed::text(day.to_string()));
    }

    fn number(&mut self, item: &str, text: impl Into<String>, unit: &str) {
        self.set(item, Typed::number(text, unit));
    }

    fn code(&mut self, item: &str, code: &str) {
        self.set(item, Typed::codes(&[code]));
    }

    fn history(&mut self, draw: &mut Draw, screened: NaiveDate) {
        self.text("CONSENT.VERSION", "1.0 / 2026-01-12");
        self.day("CONSENT.DATE", screened);
        self.text("CONSENT.TIME", "09:10");
        self.code("CONSENT.SIGNED_BY", "SUBJECT");
        self.code("CONSENT.COPY", "Y");
        self.day("CONSENT.FIRST_PROC", screened + Days::new(1));
        self.day("CONSENT.ADMISSION", screened);
        if self.course == Course::Infused {
            self.day("CONSENT.ENROLMENT", screened + Days::new(7));
        }
        self.code("DM.SEX", if self.female { "F" } else { "M" });
        self.text("DM.BIRTH", format!("{}", 2026 - draw.whole(20, 58)));
        let (height, weight) = if self.female {
            ((155, 172), (480, 720))
        } else {
            ((164, 186), (580, 900))
        };
        self.number("DM.HEIGHT", draw.whole(height.0, height.1).to_string(), "cm");
        self.number("DM.WEIGHT", draw.tenths(weight.0, weight.1), "kg");
        self.code("DM.CBP", "YES");
        self.day(
            "DISEASE.DIAG_DATE",
            screened - Days::new(u64::from(draw.whole(300, 900))),
        );
        self.code("DISEASE.LINEAGE", "B");
        self.code("DISEASE.SUBTYPE", draw.one(&["PH_LIKE", "KMT2A", "HYPODIPLOID", "NOS"]));
        self.code("DISEASE.STATUS", "RELAPSE_1");
        self.text("DISEASE.RELAPSES", "1");
        self.number("DISEASE.CR1_DAYS", draw.whole(90, 330).to_string(), "d");
        self.code("DISEASE.REFR", "B");
        self.text("DISEASE.LINES", draw.whole(2, 4).to_string());
        self.code("DISEASE.BLINA", "N");
        self.code("DISEASE.INO", "N");
        self.code("DISEASE.CART", "N");
        self.code("DISEASE.EMD", "N");
    }

    fn screening(&mut self, draw: &mut Draw, screened: NaiveDate) {
        let sampled = screened + Days::new(3);
        self.day("PERF.DATE", sampled);
        self.code("PERF.ECOG", draw.one(&["0", "1", "1", "2"]));
        if self.course != Course::Pending {
            self.day("PERF.LVEF_DATE", sampled);
            self.code("PERF.LVEF_METHOD", "ECHO");
            self.number("PERF.LVEF", draw.whole(52, 68).to_string(), "%");
            self.code("PERF.EFFUSION", "N");
        }
        self.number("PERF.TEMP", format!("36.{}", draw.whole(4, 9)), "C");
        for (item, low, high, unit) in [
            ("PERF.HR", 68, 96, "/min"),
            ("PERF.RR", 14, 20, "/min"),
            ("PERF.SBP", 104, 134, "mmHg"),
            ("PERF.DBP", 60, 82, "mmHg"),
            ("PERF.SPO2", 95, 99, "%"),
        ] {
            self.number(item, draw.whole(low, high).to_string(), unit);
        }
        self.code("PERF.ROOM_AIR", "Y");
        self.day("LAB.DATE", sampled);
        self.day("LAB.CHEM_DATE", sampled);
        for (item, low, high, unit) in [
            ("LAB.WBC", 31, 88, "10^9/L"),
            ("LAB.ANC", 6, 24, "10^9/L"),
            ("LAB.LYMPH", 2, 6, "10^9/L"),
            ("LAB.CRP", 21, 180, "mg/L"),
            ("LAB.FIB", 21, 38, "g/L"),
            ("LAB.K", 36, 47, "mmol/L"),
        ] {
            self.number(item, draw.tenths(low, high), unit);
        }
        self.number("LAB.HGB", draw.whole(76, 104).to_string(), "g/L");
        self.number("LAB.PLT", draw.whole(31, 88).to_string(), "10^9/L");
        let creatinine = if self.course == Course::Ineligible {
            "412".to_owned()
        } else {
            draw.whole(48, 92).to_string()
        };
        self.number("LAB.CREAT", creatinine, "umol/L");
        self.number("LAB.ALT", draw.whole(16, 70).to_string(), "U/L");
        self.number("LAB.ALT_ULN", "50", "U/L");
        self.number("LAB.AST", draw.whole(15, 60).to_string(), "U/L");
        self.number("LAB.AST_ULN", "40", "U/L");
        self.number("LAB.BILI", draw.tenths(62, 190), "umol/L");
        self.number("LAB.BILI_ULN", "20.5", "umol/L");
        self.code("LAB.GILBERT", "N");
        self.code("LAB.LIVER_INV", "N");
        self.number("LAB.FERRITIN", draw.whole(420, 2600).to_string(), "ug/L");
        self.number("LAB.NA", draw.whole(135, 142).to_string(), "mmol/L");
        self.number("LAB.ALB", draw.whole(33, 43).to_string(), "g/L");
        self.day("MARROW.DATE", sampled);
        self.number("MARROW.BLASTS", draw.tenths(180, 880), "%");
        self.code("MARROW.CELLULARITY", "ADEQUATE");
        self.number("MARROW.PB_BLASTS", draw.tenths(0, 240), "%");
        self.code("MARROW.MRD_DONE", "N");
        self.number("MARROW.CD19", draw.tenths(880, 998), "%");
        self.code("MARROW.CD19_METHOD", "FLOW");
        self.set(
            "MARROW.CD19_AFTER",
            Typed {
                missing: Some(conduct::Missing::NotApplicable),
                ..Typed::default()
            },
        );
        self.day("SERO.DATE", sampled);
        for item in ["SERO.HBSAG", "SERO.HBCAB", "SERO.HCV_AB", "SERO.HIV", "SERO.TREP"] {
            self.code(item, "NEG");
        }
        self.code("CNS.SIGNS", "N");
        self.code("CNS.NEURO", "N");
        let tapped = self.course != Course::Pending;
        self.code("CNS.LP_DONE", if tapped { "Y" } else { "N" });
        self.day("CNS.LP_DATE", sampled);
        self.code("CNS.BLASTS", "N");
        self.number("CNS.CSF_WBC", draw.whole(0, 3).to_string(), "/uL");
        self.number("CNS.CSF_RBC", draw.whole(0, 4).to_string(), "/uL");
        self.code("HSCT.PRIOR", "N");
        self.day("HSCT.LD_START", self.infusion - Days::new(5));
        self.day("HSCT.PLANNED", self.infusion);
        self.earlier(screened, sampled);
        self.day("ELIG.DATE", screened + Days::new(6));
    }

    /// What stands in the record besides leukaemia: nothing that excludes.
    fn earlier(&mut self, screened: NaiveDate, sampled: NaiveDate) {
        for item in [
            "DISEASE.MATURE_B",
            "DISEASE.CML_BC",
            "DISEASE.PH",
            "DISEASE.NO_CR_IND",
            "DISEASE.POST_HSCT",
            "SERO.CMV_DIS",
            "SERO.EBV_DIS",
            "SERO.TB_ACTIVE",
            "SERO.INF",
            "MEDHX.OTHER_MAL",
            "MEDHX.MI",
            "MEDHX.ARRHYTHMIA",
            "MEDHX.SEIZURE",
            "MEDHX.STROKE",
            "MEDHX.DEMENTIA",
            "MEDHX.CEREBELLAR",
            "REPRO.PREGNANT",
            "REPRO.FEEDING",
            "HLA.MISMATCH",
        ] {
            self.code(item, "N");
        }
        for item in [
            "PRIORTX.BRIDGE",
            "PRIORTX.IT",
            "PRIORTX.STEROID",
            "PRIORTX.PEG",
            "PRIORTX.TKI",
            "PRIORTX.RT",
            "PRIORTX.CNS_RT",
            "PRIORTX.ATG",
            "PRIORTX.GCSF",
            "PRIORTX.GCSF_LA",
            "PRIORTX.IMP",
            "PRIORTX.VACCINE",
        ] {
            self.set(
                item,
                Typed {
                    missing: Some(conduct::Missing::NotApplicable),
                    ..Typed::default()
                },
            );
        }
        self.code("DISEASE.IMMUNO", "Y");
        self.text("DISEASE.IND_CYCLES", "0");
        self.text("DISEASE.SALVAGE_FAIL", "0");
        self.number("SERO.CMV_DNA", "0", "IU/mL");
        self.number("SERO.EBV_DNA", "0", "IU/mL");
        self.code("SERO.IGRA", "NEG");
        self.code("MEDHX.NYHA", "0");
        self.day("PRIORTX.CHEMO", screened - Days::new(20));
        self.day("REPRO.HCG_DATE", sampled);
        self.code("REPRO.HCG", "NEG");
        self.code("REPRO.CONTRA", "Y");
        self.day("HLA.DATE", sampled);
        self.text("HLA.A", "A*02:01, A*24:02");
        self.text("HLA.B", "B*46:01, B*40:01");
        self.text("HLA.C", "C*01:02, C*07:02");
        self.text("HLA.DRB1", "DRB1*09:01, DRB1*15:01");
        self.text("HLA.DQB1", "DQB1*03:03, DQB1*06:01");
        self.code("HLA.MATCH", "SEVERAL");
        self.day("HLA.DSA_DATE", sampled);
    }

    /// The criteria that a person judges: where each stands in the chart.
    fn judgements(&mut self, number: u32) {
        let judged = ["I12", "I14"];
        for (at, id) in judged.iter().enumerate() {
            self.code(&format!("ELIG.{id}"), "MET");
            self.text(
                &format!("ELIG.{id}_SRC"),
                format!("Chart {number:03}, section {}, p. {}", at % 4 + 1, at + 3),
            );
        }
    }

    fn infusion_day(&mut self, draw: &mut Draw, number: u32) {
        let d0 = self.infusion;
        self.day("INFUSION.DATE", d0);
        self.text("INFUSION.COI", format!("COI-26-{number:04}"));
        self.text("INFUSION.LOT", format!("UC19-26{:02}", draw.whole(1, 9)));
        self.text("INFUSION.BAG", format!("BAG-{number:04}-A"));
        self.code("INFUSION.DONOR_ABO", draw.one(&["A", "B", "O", "AB"]));
        let weight = draw.whole(520, 820);
        self.number("INFUSION.WEIGHT_LD", format!("{}.{}", weight / 10, weight % 10), "kg");
        self.number(
            "INFUSION.WEIGHT_D0",
            format!("{}.{}", weight / 10 - 1, weight % 10),
            "kg",
        );
        self.number("INFUSION.VOLUME", "50", "mL");
        self.number("INFUSION.CELLS", "10", "10^6/mL");
        self.number("INFUSION.VIABILITY", draw.tenths(860, 960), "%");
        self.number("INFUSION.CD3", draw.tenths(930, 985), "%");
        self.number("INFUSION.CAR", draw.tenths(320, 480), "%");
        self.set(
            "INFUSION.PLANNED",
            Typed {
                missing: Some(conduct::Missing::Unknown),
                ..Typed::default()
            },
        );
        self.text("INFUSION.TOCI", "2");
        self.code("INFUSION.PREMED", "Y");
        self.set("INFUSION.PREMED_DRUGS", Typed::codes(&["PARACETAMOL", "H1"]));
        self.text("INFUSION.PREMED_AT", format!("{d0}T09:40"));
        self.code("INFUSION.STEROID", "N");
        self.text("INFUSION.THAW_END", format!("{d0}T10:15"));
        self.text("INFUSION.START", format!("{d0}T10:27"));
        self.text("INFUSION.STOP", format!("{d0}T10:45"));
        self.code("INFUSION.REACTION", "N");
        for (row, at) in ["10:10", "10:30", "10:45", "11:00"].iter().enumerate() {
            let row = row + 1;
            self.text(&format!("INFUSION.V_AT[{row}]"), format!("{d0}T{at}"));
            self.number(
                &format!("INFUSION.V_TEMP[{row}]"),
                format!("36.{}", draw.whole(4, 9)),
                "C",
            );
            self.number(&format!("INFUSION.V_HR[{row}]"), draw.whole(74, 98).to_string(), "/min");
            self.number(
                &format!("INFUSION.V_SBP[{row}]"),
                draw.whole(104, 128).to_string(),
                "mmHg",
            );
            self.number(
                &format!("INFUSION.V_DBP[{row}]"),
                draw.whole(60, 80).to_string(),
                "mmHg",
            );
            self.number(&format!("INFUSION.V_RR[{row}]"), draw.whole(14, 20).to_string(), "/min");
            self.number(&format!("INFUSION.V_SPO2[{row}]"), draw.whole(95, 99).to_string(), "%");
        }
        self.crs(draw);
    }

    /// One CRS assessment on day 5; every second one with a pressor.
    fn crs(&mut self, draw: &mut Draw) {
        let severe = draw.whole(0, 1) == 1;
        self.text("CRS.AT", format!("{}T20:00", self.infusion + Days::new(5)));
        self.number("CRS.TEMP", format!("38.{}", draw.whole(4, 9)), "C");
        self.code("CRS.FEVER_OTHER", "N");
        self.code("CRS.ESTABLISHED", "N");
        self.code("CRS.MASKING", "N");
        self.number("CRS.SBP", if severe { "82" } else { "112" }, "mmHg");
        self.number("CRS.DBP", if severe { "46" } else { "68" }, "mmHg");
        self.code("CRS.HYPOT", if severe { "Y" } else { "N" });
        self.code("CRS.HYPOT_OTHER", "N");
        self.code("CRS.PRESSORS", if severe { "NOREPINEPHRINE" } else { "NONE" });
        self.number("CRS.SPO2", "93", "%");
        self.code("CRS.OXYGEN", "NASAL_CANNULA");
        self.number("CRS.FLOW", "3", "L/min");
        self.code("CRS.HYPOX_OTHER", "N");
        self.code("CRS.DEATH", "N");
    }

    /// What a look on some day after the infusion finds: fever from the second day, gone again within a week.
    pub(super) fn look(&mut self, after: u64, number: u32) {
        self.text("CRS.AT", format!("{}T20:00", self.infusion + Days::new(after)));
        let (from, to) = (2 + u64::from(number % 3), 5 + u64::from(number % 4));
        let ill = (from..=to).contains(&after) && !number.is_multiple_of(5);
        let pressor = ill && after == from + 1 && number.is_multiple_of(4);
        self.number("CRS.TEMP", if ill { "38.6" } else { "36.8" }, "C");
        self.code(
            "CRS.ESTABLISHED",
            if after > from && !number.is_multiple_of(5) {
                "Y"
            } else {
                "N"
            },
        );
        self.number("CRS.SBP", if pressor { "82" } else { "112" }, "mmHg");
        self.number("CRS.DBP", if pressor { "46" } else { "68" }, "mmHg");
        self.code("CRS.HYPOT", if pressor { "Y" } else { "N" });
        self.code("CRS.PRESSORS", if pressor { "NOREPINEPHRINE" } else { "NONE" });
        let oxygen = ill && number.is_multiple_of(3);
        self.code("CRS.OXYGEN", if oxygen { "NASAL_CANNULA" } else { "NONE" });
        self.number("CRS.SPO2", if oxygen { "93" } else { "97" }, "%");
    }

    fn response(&mut self, draw: &mut Draw) {
        let on = self.infusion + Days::new(28);
        self.day("RESPONSE.DATE", on);
        self.number("RESPONSE.BM", draw.tenths(4, 32), "%");
        self.code("RESPONSE.CELLULARITY", "ADEQUATE");
        self.number("RESPONSE.PB", "0", "%");
        self.number("RESPONSE.ANC", draw.tenths(12, 34), "10^9/L");
        let recovered = draw.whole(0, 2) != 0;
        self.number(
            "RESPONSE.PLT",
            if recovered {
                draw.whole(112, 188)
            } else {
                draw.whole(28, 46)
            }
            .to_string(),
            "10^9/L",
        );
        self.code("RESPONSE.PLT_EVER", "Y");
        self.code("RESPONSE.RBC_EVER", "Y");
        self.day("RESPONSE.PLT_TX", on - Days::new(if recovered { 16 } else { 3 }));
        self.day("RESPONSE.RBC_TX", on - Days::new(18));
        self.code("RESPONSE.EMD", "NONE");
        self.code("RESPONSE.CNS_SIGNS", "N");
        self.code("RESPONSE.LP_DONE", "Y");
        self.code("RESPONSE.CNS", "CNS1");
        self.code("RESPONSE.MRD_DONE", "Y");
        self.number("RESPONSE.MRD", "0.00002", "fraction");
        self.code("RESPONSE.MRD_METHOD", "FLOW");
        self.number("RESPONSE.MRD_LOD", "0.00001", "fraction");
        self.code("RESPONSE.MRD_SAME", "Y");
        self.code("RESPONSE.MRD_SPEC", "BM");
        self.code("RESPONSE.PRIOR_BEST", "NONE");
    }
}
