//! Eligibility as a definition may call it: every published criterion that rests on items, and what each takes.
//!
//! Results older than the screening window allows are withheld: not evaluable, never failed (`criteria::elig::fresh`).

use chrono::NaiveDate;
use criteria::{
    Criterion, Decisions,
    elig::{
        self,
        fresh::{Kind, fresh, withheld},
    },
};
use serde_json::{Map, Value as Json, json};

use crate::medicine::{
    Outcome,
    made::Made,
    registry::{Call, Codes, Gives, Input, NUCLEIC, SEX, TEST, Takes, may, needs},
    run::{one, read},
};

const SIGNER: Codes = &[
    ("SUBJECT", Some("subject")),
    ("GUARDIAN", Some("guardian")),
    ("BOTH", Some("both")),
];
const LINEAGE: Codes = &[
    ("B", Some("B")),
    ("T", Some("T")),
    ("MPAL", Some("mixed")),
    ("OTHER", None),
];
const POTENTIAL: Codes = &[
    ("YES", Some("true")),
    ("PREMENARCHE", Some("false")),
    ("MENOPAUSE", Some("false")),
    ("STERILISED", Some("false")),
];
const IGRA: Codes = &[
    ("NEG", Some("neg")),
    ("POS", Some("pos")),
    ("IND", Some("indeterminate")),
];
const CGVHD: Codes = &[
    ("NONE", Some("none")),
    ("MILD", Some("mild")),
    ("MODERATE", Some("moderate")),
    ("SEVERE", Some("severe")),
];

const fn answer(name: &'static str, inputs: &'static [Input]) -> Call {
    Call {
        name,
        inputs,
        gives: Gives::Answer,
    }
}

/// The criteria beyond those of `registry`.
pub(crate) const CALLS: &[Call] = &[
    answer(
        "elig.I1",
        &[
            needs("age", Takes::Age),
            needs("consent_date", Takes::Date),
            may("consent_time", Takes::Time),
            needs("first_procedure_date", Takes::Date),
            may("first_procedure_time", Takes::Time),
            needs("signature", Takes::Choice(SIGNER)),
            needs("assent", Takes::YesNo),
        ],
    ),
    answer(
        "elig.I3",
        &[
            needs("lineage", Takes::Choice(LINEAGE)),
            needs("immunophenotype_documented", Takes::YesNo),
        ],
    ),
    answer(
        "elig.I4",
        &[
            needs("relapses", Takes::Points),
            needs("cr1_days", Takes::Days),
            needs("salvage_failures", Takes::Points),
            needs("induction_cycles_without_cr", Takes::Points),
            needs("post_hsct_relapse", Takes::YesNo),
            needs("ph_pos", Takes::YesNo),
            needs("tki_intolerant", Takes::YesNo),
            needs("tki_failures", Takes::Points),
            may("no_cr_at_end_of_induction", Takes::YesNo),
            may("mrd_relapse_fraction", Takes::Number("fraction")),
        ],
    ),
    answer(
        "elig.I5",
        &[
            needs("cd19_pct", Takes::Number("%")),
            needs("sample_after_last_cd19_therapy", Takes::YesOrNever),
            may("taken", Takes::Date),
            may("ld_start", Takes::Date),
        ],
    ),
    answer(
        "elig.I7",
        &[
            needs("age", Takes::Age),
            needs("ecog", Takes::Points),
            needs("kps", Takes::Points),
            needs("lansky", Takes::Points),
        ],
    ),
    answer(
        "elig.I11",
        &[needs("spo2_pct", Takes::Number("%")), needs("room_air", Takes::YesNo)],
    ),
    answer(
        "elig.I13",
        &[
            needs("sex", Takes::Choice(SEX)),
            needs("age", Takes::Age),
            needs("childbearing_potential", Takes::Truth(POTENTIAL)),
            needs("hcg", Takes::Choice(TEST)),
            needs("hcg_days_before_ld", Takes::Days),
            needs("contraception", Takes::YesNo),
        ],
    ),
    answer(
        "elig.E1",
        &[
            needs("emd_present", Takes::YesNo),
            needs("bm_blasts_pct", Takes::Number("%")),
            needs("mrd_fraction", Takes::Number("fraction")),
            may("taken", Takes::Date),
            may("ld_start", Takes::Date),
        ],
    ),
    answer(
        "elig.E2",
        &[needs("mature_b", Takes::YesNo), needs("cml_blast_crisis", Takes::YesNo)],
    ),
    answer(
        "elig.E4",
        &[
            needs("other_malignancy", Takes::YesNo),
            needs("cured_exempt", Takes::YesNo),
            needs("remission_date", Takes::Date),
            needs("consent_date", Takes::Date),
        ],
    ),
    answer(
        "elig.E6",
        &[
            needs("hsct", Takes::YesNo),
            needs("agvhd_grade", Takes::Points),
            needs("cgvhd", Takes::Choice(CGVHD)),
            needs("cgvhd_systemic_therapy", Takes::YesNo),
            needs("systemic_is_now", Takes::YesNo),
            needs("days_since_systemic_is", Takes::Days),
            needs("systemic_is_ever", Takes::Ever),
        ],
    ),
    answer("elig.E7", &[needs("prior_gene_modified", Takes::YesNo)]),
    answer(
        "elig.E9",
        &[
            needs("hcv_ab", Takes::Choice(TEST)),
            needs("hcv_rna", Takes::Choice(NUCLEIC)),
            needs("hiv", Takes::Choice(TEST)),
            needs("treponemal", Takes::Choice(TEST)),
            needs("nontreponemal", Takes::Choice(TEST)),
            may("taken", Takes::Date),
            may("ld_start", Takes::Date),
        ],
    ),
    answer(
        "elig.E10",
        &[
            needs("cmv_disease", Takes::YesNo),
            needs("ebv_disease", Takes::YesNo),
            needs("cmv_iu_ml", Takes::Number("IU/mL")),
            needs("ebv_iu_ml", Takes::Number("IU/mL")),
            may("taken", Takes::Date),
            may("ld_start", Takes::Date),
        ],
    ),
    answer(
        "elig.E11",
        &[needs("active_tb", Takes::YesNo), needs("igra", Takes::Choice(IGRA))],
    ),
    answer(
        "elig.E12",
        &[
            needs("infection", Takes::YesNo),
            needs("on_appropriate_therapy", Takes::YesNo),
            needs("progressing", Takes::YesNo),
        ],
    ),
    answer(
        "elig.E13",
        &[
            needs("nyha", Takes::Points),
            needs("days_since_mi_pci", Takes::Days),
            needs("mi_pci_ever", Takes::YesNo),
            needs("arrhythmia", Takes::YesNo),
        ],
    ),
    answer(
        "elig.E14",
        &[
            needs("seizure_disorder", Takes::YesNo),
            needs("days_since_stroke", Takes::Days),
            needs("stroke_ever", Takes::YesNo),
            needs("dementia", Takes::YesNo),
            needs("cerebellar_or_autoimmune", Takes::YesNo),
        ],
    ),
    answer(
        "elig.E15",
        &[
            needs("product_mismatch", Takes::YesNo),
            needs("mfi", Takes::Number("MFI")),
        ],
    ),
    answer(
        "elig.E16",
        &[
            needs("sex", Takes::Choice(SEX)),
            needs("pregnant", Takes::YesNo),
            needs("breast_feeding", Takes::YesNo),
        ],
    ),
    answer(
        "elig.E17",
        &[
            needs("ld_start", Takes::Date),
            may("infusion_date", Takes::Date),
            needs("systemic_chemo", Takes::LastDose),
            needs("bridging", Takes::LastDose),
            needs("intrathecal", Takes::LastDose),
            needs("steroid", Takes::LastDose),
            needs("pegaspargase", Takes::LastDose),
            needs("blinatumomab", Takes::LastDose),
            needs("inotuzumab", Takes::LastDose),
            needs("tki", Takes::LastDose),
            needs("radiotherapy", Takes::LastDose),
            needs("cns_radiotherapy", Takes::LastDose),
            needs("dli", Takes::LastDose),
            needs("atg_alemtuzumab", Takes::LastDose),
            needs("gcsf", Takes::LastDose),
            needs("gcsf_long_acting", Takes::LastDose),
            needs("investigational", Takes::LastDose),
            may("gvhd_immunosuppression", Takes::LastDose),
            may("live_vaccine", Takes::LastDose),
        ],
    ),
    answer(
        "elig.E18",
        &[
            needs("ld_start", Takes::Date),
            needs("last_live_vaccine", Takes::Date),
            needs("live_vaccine_ever", Takes::Ever),
        ],
    ),
];

/// Runs one of them; nothing for another name.
pub(super) fn run(of: &Made<'_>, decisions: &Decisions) -> Option<Outcome> {
    let json = &of.bound.json;
    let marrow = |criterion, lacks| aged(json, criterion, Kind::Marrow, lacks);
    let serology = |criterion, lacks| aged(json, criterion, Kind::Serology, lacks);
    let criterion = match of.call {
        "elig.I1" => elig::person::i1(&read(json), decisions),
        "elig.I3" => elig::disease::i3(&read(json), decisions),
        "elig.I4" => elig::disease::i4(&read(json), decisions),
        "elig.I5" => marrow(elig::disease::i5(&read(json), decisions), &["cd19_pct"]),
        "elig.I7" => elig::person::i7(&read(json), decisions),
        "elig.I11" => elig::organ::i11(&read(json), decisions),
        "elig.I13" => elig::person::i13(&read(json), decisions),
        "elig.E1" => marrow(
            elig::disease::e1(&read(json), decisions),
            &["bm_blasts_pct", "mrd_fraction"],
        ),
        "elig.E2" => elig::disease::e2(&read(json), decisions),
        "elig.E4" => elig::other::e4(&read(json), decisions),
        "elig.E6" => elig::prior::e6(&read(&graft(json)), decisions),
        "elig.E7" => elig::prior::e7(&read(json), decisions),
        "elig.E9" => serology(
            elig::infection::e9(&read(json), decisions),
            &["hcv_ab", "hiv", "treponemal"],
        ),
        "elig.E10" => serology(
            elig::infection::e10(&read(json), decisions),
            &["cmv_iu_ml", "ebv_iu_ml"],
        ),
        "elig.E11" => elig::infection::e11(&read(json), decisions),
        "elig.E12" => elig::infection::e12(&read(json), decisions),
        "elig.E13" => elig::organ::e13(&read(json), decisions),
        "elig.E14" => elig::other::e14(&read(json), decisions),
        "elig.E15" => elig::other::e15(&read(json), decisions),
        "elig.E16" => elig::person::e16(&read(json), decisions),
        "elig.E17" => return Some(washouts(of, decisions)),
        "elig.E18" => elig::prior::e18(&read(json), decisions),
        _ => return None,
    };
    Some(of.criterion(criterion))
}

/// The criterion, unless what it rests on was taken too long before the start of lymphodepletion. While one of the two
/// dates is open, the age of the result is open too and withholds nothing.
pub(super) fn aged(json: &Map<String, Json>, criterion: Criterion, kind: Kind, lacks: &[&'static str]) -> Criterion {
    let (taken, start): (Option<NaiveDate>, Option<NaiveDate>) = (one(json, "taken"), one(json, "ld_start"));
    match taken.zip(start) {
        Some((taken, start)) if !fresh(kind, taken, start) => withheld(criterion, lacks),
        Some(_) | None => criterion,
    }
}

/// Without a transplant there is no graft to host disease and no suppression for it; under suppression now, the last day of
/// it is today.
fn graft(json: &Map<String, Json>) -> Map<String, Json> {
    let mut json = json.clone();
    let says = |json: &Map<String, Json>, name: &str, value: &Json| json.get(name) == Some(value);
    if says(&json, "hsct", &json!(false)) {
        json.insert("agvhd_grade".into(), json!(0));
        json.insert("cgvhd_systemic_therapy".into(), json!(false));
        json.insert("systemic_is_ever".into(), json!(false));
        json.remove("days_since_systemic_is");
        return json;
    }
    if says(&json, "cgvhd", &json!("none")) {
        json.insert("cgvhd_systemic_therapy".into(), json!(false));
    }
    if says(&json, "systemic_is_now", &json!(true)) {
        json.insert("systemic_is_ever".into(), json!(true));
        json.insert("days_since_systemic_is".into(), json!(0));
    }
    json
}

/// Never given is no entry of the list; given at a date that is not known is an entry without its date.
fn washouts(of: &Made<'_>, decisions: &Decisions) -> Outcome {
    let json = &of.bound.json;
    let mut input = Map::new();
    for name in ["ld_start", "infusion_date"] {
        if let Some(date) = json.get(name) {
            input.insert(name.to_owned(), date.clone());
        }
    }
    let mut drugs = Vec::new();
    let mut open = Vec::new();
    for used in &of.bound.inputs {
        let name = used.input.as_str();
        match json.get(name).and_then(Json::as_str) {
            _ if input.contains_key(name) || name == "ld_start" || name == "infusion_date" => {}
            Some(NEVER) => {}
            Some(date) => drugs.push(json!({ "kind": name, "last": date })),
            None => {
                drugs.push(json!({ "kind": name, "last": null }));
                open.push(name);
            }
        }
    }
    if !of.bound.inputs.is_empty() {
        input.insert("drugs".into(), Json::Array(drugs));
    }
    let criterion = elig::washout::e17(&read(&input), decisions);
    let undated = match &criterion.outcome {
        criteria::Outcome::NotEvaluable { missing } => missing.iter().any(|field| field.0 == "drugs"),
        criteria::Outcome::Pass | criteria::Outcome::Fail => false,
    };
    let mut outcome = of.criterion(criterion);
    if undated && !open.is_empty() {
        // The list is one input of the function and many items of a form: name the items.
        outcome.missing.retain(|missing| missing.input != "drugs");
        outcome.missing.extend(of.bound.missing(&open));
    }
    outcome
}

/// What stands for "never given" in the inputs of a washout.
pub(super) const NEVER: &str = "never";
