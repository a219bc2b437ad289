//! What stands in a subject's chart, as pairs of item and what would be typed; and the nurse who types it.

use std::collections::HashMap;

use conduct::{
    ItemPath, Missing, Reason, acts,
    problem::Answer,
    requests::{AddSubject, CompleteForm, EnterValue, FormOf},
    views::{FormView, ItemView},
};

use crate::room::{Room, form, item};

/// What somebody types into one item.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Raw {
    Text(&'static str),
    Number(&'static str, &'static str),
    Codes(&'static [&'static str]),
    Absent(Missing),
}

use Raw::{Absent, Codes, Number, Text};

/// Consent on 2026-03-02, screening until the 8th, infusion on the 16th.
pub(crate) const ELIGIBLE: &[(&str, Raw)] = &[
    ("CONSENT.VERSION", Text("1.0 / 2026-01-12")),
    ("CONSENT.DATE", Text("2026-03-02")),
    ("CONSENT.TIME", Text("09:10")),
    ("CONSENT.SIGNED_BY", Codes(&["SUBJECT"])),
    ("CONSENT.COPY", Codes(&["Y"])),
    ("CONSENT.FIRST_PROC", Text("2026-03-03")),
    ("CONSENT.ADMISSION", Text("2026-03-02")),
    ("CONSENT.ENROLMENT", Text("2026-03-09")),
    ("DM.SEX", Codes(&["F"])),
    ("DM.BIRTH", Text("1991")),
    ("DM.HEIGHT", Number("165", "cm")),
    ("DM.WEIGHT", Number("60.0", "kg")),
    ("DM.CBP", Codes(&["YES"])),
    ("DISEASE.DIAG_DATE", Text("2025-01-20")),
    ("DISEASE.LINEAGE", Codes(&["B"])),
    ("DISEASE.SUBTYPE", Codes(&["PH_LIKE"])),
    ("DISEASE.STATUS", Codes(&["RELAPSE_1"])),
    ("DISEASE.RELAPSES", Text("1")),
    ("DISEASE.CR1_DAYS", Number("200", "d")),
    ("DISEASE.REFR", Codes(&["B"])),
    ("DISEASE.LINES", Text("2")),
    ("DISEASE.BLINA", Codes(&["N"])),
    ("DISEASE.INO", Codes(&["N"])),
    ("DISEASE.CART", Codes(&["N"])),
    ("DISEASE.EMD", Codes(&["N"])),
    ("PERF.DATE", Text("2026-03-05")),
    ("PERF.ECOG", Codes(&["1"])),
    ("PERF.LVEF_DATE", Text("2026-03-05")),
    ("PERF.LVEF_METHOD", Codes(&["ECHO"])),
    ("PERF.LVEF", Number("58", "%")),
    ("PERF.EFFUSION", Codes(&["N"])),
    ("PERF.TEMP", Number("36.6", "C")),
    ("PERF.HR", Number("78", "/min")),
    ("PERF.RR", Number("16", "/min")),
    ("PERF.SBP", Number("118", "mmHg")),
    ("PERF.DBP", Number("70", "mmHg")),
    ("PERF.SPO2", Number("97", "%")),
    ("PERF.ROOM_AIR", Codes(&["Y"])),
    ("LAB.DATE", Text("2026-03-05")),
    ("LAB.WBC", Number("4.2", "10^9/L")),
    ("LAB.ANC", Number("1.6", "10^9/L")),
    ("LAB.LYMPH", Number("0.4", "10^9/L")),
    ("LAB.HGB", Number("92", "g/L")),
    ("LAB.PLT", Number("61", "10^9/L")),
    ("LAB.CHEM_DATE", Text("2026-03-05")),
    ("LAB.CREAT", Number("66", "umol/L")),
    ("LAB.ALT", Number("31", "U/L")),
    ("LAB.ALT_ULN", Number("50", "U/L")),
    ("LAB.AST", Number("28", "U/L")),
    ("LAB.AST_ULN", Number("40", "U/L")),
    ("LAB.BILI", Number("9.5", "umol/L")),
    ("LAB.BILI_ULN", Number("20.5", "umol/L")),
    ("LAB.GILBERT", Codes(&["N"])),
    ("LAB.LIVER_INV", Codes(&["N"])),
    ("MARROW.DATE", Text("2026-03-05")),
    ("MARROW.BLASTS", Number("45.0", "%")),
    ("MARROW.CELLULARITY", Codes(&["ADEQUATE"])),
    ("MARROW.PB_BLASTS", Number("3.0", "%")),
    ("MARROW.MRD_DONE", Codes(&["N"])),
    ("MARROW.CD19", Number("96.0", "%")),
    ("MARROW.CD19_METHOD", Codes(&["FLOW"])),
    ("MARROW.CD19_AFTER", Absent(Missing::NotApplicable)),
    ("SERO.DATE", Text("2026-03-05")),
    ("SERO.HBSAG", Codes(&["NEG"])),
    ("SERO.HBCAB", Codes(&["NEG"])),
    ("SERO.HCV_AB", Codes(&["NEG"])),
    ("SERO.HIV", Codes(&["NEG"])),
    ("SERO.TREP", Codes(&["NEG"])),
    ("CNS.SIGNS", Codes(&["N"])),
    ("CNS.NEURO", Codes(&["N"])),
    ("CNS.LP_DONE", Codes(&["Y"])),
    ("CNS.LP_DATE", Text("2026-03-05")),
    ("CNS.BLASTS", Codes(&["N"])),
    ("CNS.CSF_WBC", Number("1", "/uL")),
    ("CNS.CSF_RBC", Number("2", "/uL")),
    ("HSCT.PRIOR", Codes(&["N"])),
    ("HSCT.LD_START", Text("2026-03-11")),
    ("HSCT.PLANNED", Text("2026-03-16")),
    ("DISEASE.IMMUNO", Codes(&["Y"])),
    ("DISEASE.MATURE_B", Codes(&["N"])),
    ("DISEASE.CML_BC", Codes(&["N"])),
    ("DISEASE.PH", Codes(&["N"])),
    ("DISEASE.IND_CYCLES", Text("0")),
    ("DISEASE.NO_CR_IND", Codes(&["N"])),
    ("DISEASE.SALVAGE_FAIL", Text("0")),
    ("DISEASE.POST_HSCT", Codes(&["N"])),
    ("SERO.CMV_DIS", Codes(&["N"])),
    ("SERO.CMV_DNA", Number("0", "IU/mL")),
    ("SERO.EBV_DIS", Codes(&["N"])),
    ("SERO.EBV_DNA", Number("0", "IU/mL")),
    ("SERO.TB_ACTIVE", Codes(&["N"])),
    ("SERO.IGRA", Codes(&["NEG"])),
    ("SERO.INF", Codes(&["N"])),
    ("MEDHX.OTHER_MAL", Codes(&["N"])),
    ("MEDHX.NYHA", Codes(&["0"])),
    ("MEDHX.MI", Codes(&["N"])),
    ("MEDHX.ARRHYTHMIA", Codes(&["N"])),
    ("MEDHX.SEIZURE", Codes(&["N"])),
    ("MEDHX.STROKE", Codes(&["N"])),
    ("MEDHX.DEMENTIA", Codes(&["N"])),
    ("MEDHX.CEREBELLAR", Codes(&["N"])),
    ("PRIORTX.CHEMO", Text("2026-02-10")),
    ("PRIORTX.BRIDGE", Absent(Missing::NotApplicable)),
    ("PRIORTX.IT", Absent(Missing::NotApplicable)),
    ("PRIORTX.STEROID", Absent(Missing::NotApplicable)),
    ("PRIORTX.PEG", Absent(Missing::NotApplicable)),
    ("PRIORTX.TKI", Absent(Missing::NotApplicable)),
    ("PRIORTX.RT", Absent(Missing::NotApplicable)),
    ("PRIORTX.CNS_RT", Absent(Missing::NotApplicable)),
    ("PRIORTX.ATG", Absent(Missing::NotApplicable)),
    ("PRIORTX.GCSF", Absent(Missing::NotApplicable)),
    ("PRIORTX.GCSF_LA", Absent(Missing::NotApplicable)),
    ("PRIORTX.IMP", Absent(Missing::NotApplicable)),
    ("PRIORTX.VACCINE", Absent(Missing::NotApplicable)),
    ("REPRO.PREGNANT", Codes(&["N"])),
    ("REPRO.FEEDING", Codes(&["N"])),
    ("REPRO.HCG_DATE", Text("2026-03-05")),
    ("REPRO.HCG", Codes(&["NEG"])),
    ("REPRO.CONTRA", Codes(&["Y"])),
    ("HLA.DATE", Text("2026-03-05")),
    ("HLA.A", Text("A*02:01, A*24:02")),
    ("HLA.B", Text("B*46:01, B*40:01")),
    ("HLA.C", Text("C*01:02, C*07:02")),
    ("HLA.DRB1", Text("DRB1*09:01, DRB1*15:01")),
    ("HLA.DQB1", Text("DQB1*03:03, DQB1*06:01")),
    ("HLA.MATCH", Codes(&["SEVERAL"])),
    ("HLA.MISMATCH", Codes(&["N"])),
    ("HLA.DSA_DATE", Text("2026-03-05")),
    ("ELIG.DATE", Text("2026-03-08")),
    ("INFUSION.DATE", Text("2026-03-16")),
    ("INFUSION.COI", Text("COI-26-0001")),
    ("INFUSION.LOT", Text("UC19-2603")),
    ("INFUSION.BAG", Text("BAG-0001-A")),
    ("INFUSION.DONOR_ABO", Codes(&["A"])),
    ("INFUSION.PLANNED", Number("3", "10^6/kg")),
    ("INFUSION.WEIGHT_LD", Number("60.0", "kg")),
    ("INFUSION.WEIGHT_D0", Number("59.4", "kg")),
    ("INFUSION.VOLUME", Number("50", "mL")),
    ("INFUSION.CELLS", Number("10", "10^6/mL")),
    ("INFUSION.VIABILITY", Number("90", "%")),
    ("INFUSION.CD3", Number("95", "%")),
    ("INFUSION.CAR", Number("40", "%")),
    ("INFUSION.TOCI", Text("2")),
    ("INFUSION.PREMED", Codes(&["Y"])),
    ("INFUSION.PREMED_DRUGS", Codes(&["PARACETAMOL", "H1"])),
    ("INFUSION.PREMED_AT", Text("2026-03-16 09:40")),
    ("INFUSION.STEROID", Codes(&["N"])),
    ("INFUSION.THAW_END", Text("2026-03-16 10:15")),
    ("INFUSION.START", Text("2026-03-16 10:27")),
    ("INFUSION.STOP", Text("2026-03-16 10:45")),
    ("INFUSION.REACTION", Codes(&["N"])),
    ("CRS.AT", Text("2026-03-21 20:00")),
    ("CRS.TEMP", Number("38.9", "C")),
    ("CRS.FEVER_OTHER", Codes(&["N"])),
    ("CRS.ESTABLISHED", Codes(&["N"])),
    ("CRS.MASKING", Codes(&["N"])),
    ("CRS.SBP", Number("82", "mmHg")),
    ("CRS.DBP", Number("46", "mmHg")),
    ("CRS.HYPOT", Codes(&["Y"])),
    ("CRS.HYPOT_OTHER", Codes(&["N"])),
    ("CRS.PRESSORS", Codes(&["NOREPINEPHRINE"])),
    ("CRS.SPO2", Number("93", "%")),
    ("CRS.OXYGEN", Codes(&["NASAL_CANNULA"])),
    ("CRS.FLOW", Number("3", "L/min")),
    ("CRS.HYPOX_OTHER", Codes(&["N"])),
    ("CRS.DEATH", Codes(&["N"])),
    ("RESPONSE.DATE", Text("2026-04-13")),
    ("RESPONSE.BM", Number("1.2", "%")),
    ("RESPONSE.CELLULARITY", Codes(&["ADEQUATE"])),
    ("RESPONSE.PB", Number("0", "%")),
    ("RESPONSE.ANC", Number("2.1", "10^9/L")),
    ("RESPONSE.PLT", Number("35", "10^9/L")),
    ("RESPONSE.PLT_EVER", Codes(&["Y"])),
    ("RESPONSE.RBC_EVER", Codes(&["Y"])),
    ("RESPONSE.PLT_TX", Text("2026-03-25")),
    ("RESPONSE.RBC_TX", Text("2026-03-26")),
    ("RESPONSE.EMD", Codes(&["NONE"])),
    ("RESPONSE.CNS_SIGNS", Codes(&["N"])),
    ("RESPONSE.LP_DONE", Codes(&["Y"])),
    ("RESPONSE.CNS", Codes(&["CNS1"])),
    ("RESPONSE.MRD_DONE", Codes(&["Y"])),
    ("RESPONSE.MRD", Number("0.00002", "fraction")),
    ("RESPONSE.MRD_METHOD", Codes(&["FLOW"])),
    ("RESPONSE.MRD_LOD", Number("0.00001", "fraction")),
    ("RESPONSE.MRD_SAME", Codes(&["Y"])),
    ("RESPONSE.MRD_SPEC", Codes(&["BM"])),
    ("RESPONSE.PRIOR_BEST", Codes(&["NONE"])),
];

/// Kidneys too weak.
pub(crate) const WEAK_KIDNEYS: &[(&str, Raw)] = &[("LAB.CREAT", Number("412", "umol/L"))];

/// No echocardiogram yet, no lumbar puncture yet.
pub(crate) const STILL_TO_COME: &[&str] = &[
    "PERF.LVEF_DATE",
    "PERF.LVEF_METHOD",
    "PERF.LVEF",
    "PERF.EFFUSION",
    "CNS.LP_DONE",
];

/// Vital signs around the infusion, a row each: time, temperature, heart rate, pressures, breaths, saturation.
const VITALS: &[[Raw; 7]] = &[
    vitals("2026-03-16 10:10", "36.6"),
    vitals("2026-03-16 10:30", "36.8"),
    vitals("2026-03-16 10:45", "36.9"),
];

const fn vitals(at: &'static str, temp: &'static str) -> [Raw; 7] {
    [
        Text(at),
        Number(temp, "C"),
        Number("82", "/min"),
        Number("116", "mmHg"),
        Number("72", "mmHg"),
        Number("16", "/min"),
        Number("97", "%"),
    ]
}

/// Forms of the screening visit, in order.
pub(crate) const SCREENING: &[&str] = &[
    "CONSENT", "DM", "DISEASE", "PERF", "LAB", "MARROW", "SERO", "CNS", "HSCT", "MEDHX", "PRIORTX", "REPRO", "HLA",
    "ELIG",
];

/// A chart: the eligible person's with some answers replaced and some not known yet.
pub(crate) struct Chart(HashMap<&'static str, Raw>);

impl Chart {
    pub(crate) fn eligible() -> Self {
        Self(ELIGIBLE.iter().copied().collect())
    }

    pub(crate) fn with(mut self, other: &[(&'static str, Raw)]) -> Self {
        self.0.extend(other.iter().copied());
        self
    }

    pub(crate) fn without(mut self, items: &[&str]) -> Self {
        self.0.retain(|oid, _| !items.contains(oid));
        self
    }

    /// What the chart says about an item; judgements are all met, each with its place in the source.
    fn answer(&self, path: &ItemPath) -> Option<Raw> {
        match path.item.as_str() {
            oid if self.0.contains_key(oid) => self.0.get(oid).copied(),
            oid if oid.starts_with("ELIG.") && oid.ends_with("_SRC") => Some(Text("Chart 7, section 2, p. 3")),
            oid if oid.starts_with("ELIG.") => Some(Codes(&["MET"])),
            _ => None,
        }
    }
}

/// A request to enter what would be typed.
pub(crate) fn enter(path: &ItemPath, raw: Raw) -> EnterValue {
    let blank = EnterValue {
        path: path.clone(),
        text: String::new(),
        unit: None,
        codes: Vec::new(),
        missing: None,
        by_hand: false,
        reason: None,
        hide_answers: false,
    };
    match raw {
        Text(text) => EnterValue {
            text: text.into(),
            ..blank
        },
        Number(text, unit) => EnterValue {
            text: text.into(),
            unit: Some(unit.into()),
            ..blank
        },
        Codes(codes) => EnterValue {
            codes: codes.iter().map(|c| (*c).to_owned()).collect(),
            ..blank
        },
        Absent(missing) => EnterValue {
            missing: Some(missing),
            ..blank
        },
    }
}

pub(crate) fn because(code: &str) -> Reason {
    Reason {
        code: code.into(),
        text: None,
    }
}

/// All items of a form, in order.
pub(crate) fn items(view: &FormView) -> impl Iterator<Item = &ItemView> {
    view.groups
        .iter()
        .flat_map(|group| &group.rows)
        .flat_map(|row| &row.items)
}

/// One item of a form by its OID.
#[track_caller]
pub(crate) fn find(view: &FormView, oid: &str) -> ItemView {
    items(view)
        .find(|item| item.path.item == oid)
        .unwrap_or_else(|| panic!("{oid} is not on {}", view.form))
        .clone()
}

impl Room {
    /// Types one value.
    pub(crate) fn type_at(&mut self, path: &str, raw: Raw) -> Answer<FormView> {
        acts::enter_value(&mut self.desk, enter(&item(path), raw))
    }

    /// Corrects one value on a completed form.
    pub(crate) fn correct(&mut self, path: &str, raw: Raw, reason: &str) -> Answer<FormView> {
        let asked = EnterValue {
            reason: Some(because(reason)),
            ..enter(&item(path), raw)
        };
        acts::enter_value(&mut self.desk, asked)
    }

    pub(crate) fn form(&mut self, path: &str) -> FormView {
        acts::form(&mut self.desk, FormOf { form: form(path) }).unwrap()
    }

    pub(crate) fn complete(&mut self, path: &str) -> Answer<FormView> {
        self.pass(15);
        acts::complete_form(&mut self.desk, CompleteForm { form: form(path) })
    }

    pub(crate) fn add_subject(&mut self, code: &str) {
        acts::add_subject(&mut self.desk, AddSubject { subject: code.into() }).unwrap();
    }

    /// Fills a form with what is asked, in the order it is asked, until nothing is asked any more.
    pub(crate) fn fill(&mut self, path: &str, chart: &Chart) -> FormView {
        let mut view = self.form(path);
        loop {
            let next = items(&view).find_map(|item| {
                let wanted = item.shown && item.value.is_none() && item.derived.is_none();
                wanted
                    .then(|| chart.answer(&item.path).map(|raw| (item.path.clone(), raw)))
                    .flatten()
            });
            let Some((at, raw)) = next else { return view };
            self.pass(7);
            view =
                acts::enter_value(&mut self.desk, enter(&at, raw)).unwrap_or_else(|no| panic!("{at}: {raw:?}: {no:?}"));
        }
    }

    /// A subject with the screening visit filled; forms that can be completed are.
    pub(crate) fn screen(&mut self, code: &str, chart: &Chart) {
        self.add_subject(code);
        for oid in SCREENING {
            let path = format!("{code}/SCR/{oid}");
            let view = self.fill(&path, chart);
            if view.blockers.is_empty() {
                self.complete(&path).unwrap();
            }
        }
    }

    /// Vital signs around the infusion.
    pub(crate) fn vitals(&mut self, code: &str) {
        let names = ["V_AT", "V_TEMP", "V_HR", "V_SBP", "V_DBP", "V_RR", "V_SPO2"];
        for (at, row) in VITALS.iter().enumerate() {
            let row_no = if at == 0 {
                String::new()
            } else {
                format!("[{}]", at + 1)
            };
            for (name, raw) in names.iter().zip(row) {
                let path = format!("{code}/INF/INFUSION/INFUSION.VITALS{row_no}/INFUSION.{name}");
                self.type_at(&path, *raw).unwrap();
            }
        }
    }
}
