//! The functions that a definition may call, what each takes and what it gives.

use crate::def::{Codelist, ItemDef, ItemKind};
use crate::medicine::{disease, eligible, labs, series::Span, toxic};
use crate::number::scaled;

/// What an input takes from the item bound to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// A whole date.
    Date,
    /// A date of birth, whole or the year.
    Birth,
    /// A date and time.
    Moment,
    /// The codes `Y` and `N`.
    YesNo,
    /// Completed years, derived by `age.at_consent`.
    Age,
    /// A time of day.
    Time,
    /// A bare whole number, a code that is one, or a score derived from such.
    Points,
    /// A whole number of days.
    Days,
    /// A number in this unit.
    Number(&'static str),
    /// A number in the item's own canonical unit; its partner must have the same.
    Level,
    /// A number with its unit as entered, one of these.
    Quantity(&'static [&'static str]),
    /// A number with its unit as entered, whatever the unit; the function converts.
    Entered,
    /// One code: of the study, and of the function; nothing where the code says that it is not known.
    Choice(Codes),
    /// Several codes.
    Choices(Codes),
    /// One code, as yes or no: `true`, `false`, or nothing where the code says that it is not known.
    Truth(Codes),
    /// The codes `Y` and `N`; "not applicable" says that there was nothing to come after: yes.
    YesOrNever,
    /// A date of a last dose; "not applicable", or a question that an answer rules out, says that it was never given.
    LastDose,
    /// Whether such a date exists at all.
    Ever,
    /// The lowest value of each day, from every form that holds the item.
    Series(Span),
    /// CNS status, derived by `response.cns` or chosen as `CNS1` to `CNS3`.
    Cns,
    /// CNS class 1 to 3 of the same.
    CnsClass,
}

/// Codes of a study and what they are to a function.
pub(crate) type Codes = &'static [(&'static str, Option<&'static str>)];

/// What a function gives to rules and to other functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gives {
    /// A number.
    Number,
    /// A code.
    Code,
    /// Pass or fail.
    Answer,
}

/// One input of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Input {
    pub(crate) name: &'static str,
    pub(crate) takes: Takes,
    /// Must be bound to an item; others may stay open.
    pub(crate) needed: bool,
}

/// One function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) name: &'static str,
    pub(crate) inputs: &'static [Input],
    pub(crate) gives: Gives,
}

pub(crate) const fn needs(name: &'static str, takes: Takes) -> Input {
    Input {
        name,
        takes,
        needed: true,
    }
}

pub(crate) const fn may(name: &'static str, takes: Takes) -> Input {
    Input {
        name,
        takes,
        needed: false,
    }
}

pub(crate) const SEX: Codes = &[("F", Some("F")), ("M", Some("M"))];
pub(crate) const TEST: Codes = &[("NEG", Some("neg")), ("POS", Some("pos")), ("IND", None)];
pub(crate) const NUCLEIC: Codes = &[
    ("UNDETECTABLE", Some("undetectable")),
    ("BELOW_LLOQ", Some("below_lloq")),
    ("DETECTABLE", Some("detectable")),
];
const CELLULARITY: Codes = &[
    ("ADEQUATE", Some("adequate")),
    ("HYPOCELLULAR", Some("hypocellular")),
    ("APLASTIC", Some("aplastic")),
];
const FLOW: Codes = &[
    ("BLASTS", Some("blasts")),
    ("NOT_BLASTS", Some("not_blasts")),
    ("UNCLEAR", None),
];
const EMD: Codes = &[
    ("NONE", Some("none")),
    ("PRESENT_BASELINE", Some("present_baseline")),
    ("NEW", Some("new")),
];
const PRIOR_BEST: Codes = &[
    ("NONE", Some("none")),
    ("CR", Some("CR")),
    ("CRH", Some("CRh")),
    ("CRI", Some("CRi")),
    ("MLFS", Some("MLFS")),
    ("APLASTIC", Some("APLASTIC")),
    ("PR", Some("PR")),
];
const PRESSORS: Codes = &[
    ("NONE", Some("")),
    ("NOREPINEPHRINE", Some("norepinephrine")),
    ("EPINEPHRINE", Some("epinephrine")),
    ("DOPAMINE", Some("dopamine")),
    ("DOBUTAMINE", Some("dobutamine")),
    ("PHENYLEPHRINE", Some("phenylephrine")),
    ("METARAMINOL", Some("metaraminol")),
    ("VASOPRESSIN", Some("vasopressin")),
];
const OXYGEN: Codes = &[
    ("NONE", Some("none")),
    ("NASAL_CANNULA", Some("nasal_cannula")),
    ("BLOW_BY", Some("blow_by")),
    ("HIGH_FLOW", Some("high_flow")),
    ("FACE_MASK", Some("face_mask")),
    ("NON_REBREATHER", Some("non_rebreather")),
    ("VENTURI", Some("venturi")),
    ("CPAP", Some("cpap")),
    ("BIPAP", Some("bipap")),
    ("INTUBATION", Some("intubation")),
];
const CREATININE: Takes = Takes::Quantity(&["umol/L", "mg/dL"]);
const COUNT: Takes = Takes::Number("10^9/L");

/// Every function, by name.
pub(crate) const CALLS: &[Call] = &[
    Call {
        name: "age.at_consent",
        inputs: &[needs("dob", Takes::Birth), needs("consent_date", Takes::Date)],
        gives: Gives::Number,
    },
    Call {
        name: "lab.times_uln",
        inputs: &[needs("value", Takes::Level), needs("uln", Takes::Level)],
        gives: Gives::Number,
    },
    Call {
        name: "days.since",
        inputs: &[needs("date", Takes::Date), needs("on", Takes::Date)],
        gives: Gives::Number,
    },
    Call {
        name: "renal.cockcroft_gault",
        inputs: &[
            needs("age", Takes::Age),
            needs("sex", Takes::Choice(SEX)),
            needs("weight_kg", Takes::Number("kg")),
            needs("creatinine", CREATININE),
        ],
        gives: Gives::Number,
    },
    Call {
        name: "renal.ckd_epi_2021",
        inputs: &[
            needs("age", Takes::Age),
            needs("sex", Takes::Choice(SEX)),
            needs("creatinine", CREATININE),
        ],
        gives: Gives::Number,
    },
    Call {
        name: "renal.bedside_schwartz",
        inputs: &[
            needs("age", Takes::Age),
            needs("height_cm", Takes::Number("cm")),
            needs("creatinine", CREATININE),
        ],
        gives: Gives::Number,
    },
    Call {
        name: "elig.I2",
        inputs: &[needs("dob", Takes::Birth), needs("consent_date", Takes::Date)],
        gives: Gives::Answer,
    },
    Call {
        name: "elig.I6",
        inputs: &[
            needs("bm_blasts_pct", Takes::Number("%")),
            needs("mrd_fraction", Takes::Number("fraction")),
            may("taken", Takes::Date),
            may("ld_start", Takes::Date),
        ],
        gives: Gives::Answer,
    },
    Call {
        name: "elig.I8",
        inputs: &[
            needs("age", Takes::Age),
            needs("sex", Takes::Choice(SEX)),
            needs("weight_kg", Takes::Number("kg")),
            needs("height_cm", Takes::Number("cm")),
            needs("creatinine", CREATININE),
            may("taken", Takes::Date),
            may("ld_start", Takes::Date),
        ],
        gives: Gives::Answer,
    },
    Call {
        name: "elig.I9",
        inputs: &[
            needs("alt_x_uln", Takes::Number("xULN")),
            needs("ast_x_uln", Takes::Number("xULN")),
            needs("bili_x_uln", Takes::Number("xULN")),
            needs("gilbert", Takes::YesNo),
            needs("liver_involvement", Takes::YesNo),
            may("taken", Takes::Date),
            may("ld_start", Takes::Date),
        ],
        gives: Gives::Answer,
    },
    Call {
        name: "elig.I10",
        inputs: &[
            needs("lvef_pct", Takes::Number("%")),
            needs("significant_effusion", Takes::YesNo),
            may("taken", Takes::Date),
            may("ld_start", Takes::Date),
        ],
        gives: Gives::Answer,
    },
    Call {
        name: "elig.E3",
        inputs: &[needs("cns", Takes::Cns), needs("neuro_symptoms", Takes::YesNo)],
        gives: Gives::Answer,
    },
    Call {
        name: "elig.E5",
        inputs: &[
            needs("hsct", Takes::YesNo),
            needs("hsct_date", Takes::Date),
            needs("planned_infusion_date", Takes::Date),
        ],
        gives: Gives::Answer,
    },
    Call {
        name: "elig.E8",
        inputs: &[
            needs("hbsag", Takes::Choice(TEST)),
            needs("hbcab", Takes::Choice(TEST)),
            needs("hbv_dna", Takes::Choice(NUCLEIC)),
            may("taken", Takes::Date),
            may("ld_start", Takes::Date),
        ],
        gives: Gives::Answer,
    },
    Call {
        name: "response.cns",
        inputs: &[
            needs("blasts", Takes::YesNo),
            needs("csf_wbc", Takes::Number("/uL")),
            needs("csf_rbc", Takes::Number("/uL")),
            needs("blood_wbc", COUNT),
            needs("blood_rbc", COUNT),
            needs("clinical_signs", Takes::YesNo),
        ],
        gives: Gives::Code,
    },
    Call {
        name: "response.assess",
        inputs: ASSESS,
        gives: Gives::Code,
    },
    Call {
        name: "window.d28",
        inputs: &[needs("infusion_date", Takes::Date), needs("visit_date", Takes::Date)],
        gives: Gives::Number,
    },
    Call {
        name: "tox.crs",
        inputs: &[
            needs("temp_max_c", Takes::Number("C")),
            needs("fever_attributed_elsewhere", Takes::YesNo),
            needs("crs_established", Takes::YesNo),
            needs("masking_therapy", Takes::YesNo),
            needs("hypotension", Takes::YesNo),
            may("hypotension_attributed_elsewhere", Takes::YesNo),
            may("vasopressor_used", Takes::YesNo),
            needs("vasopressors", Takes::Choices(PRESSORS)),
            needs("oxygen", Takes::Choice(OXYGEN)),
            needs("flow_l_min", Takes::Number("L/min")),
            may("hypoxia_attributed_elsewhere", Takes::YesNo),
            needs("airway_protection_only", Takes::YesNo),
            needs("death_from_crs", Takes::YesNo),
            may("days_since_infusion", Takes::Days),
        ],
        gives: Gives::Number,
    },
    Call {
        name: "dose.car",
        inputs: DOSE,
        gives: Gives::Number,
    },
    Call {
        name: "dose.viable_car",
        inputs: DOSE,
        gives: Gives::Number,
    },
    Call {
        name: "dose.within_plan",
        inputs: &[
            needs("planned_per_kg", Takes::Number("/kg")),
            needs("given_per_kg", Takes::Number("/kg")),
            may("given_total", Takes::Number("cells")),
        ],
        gives: Gives::Answer,
    },
    Call {
        name: "dose.thaw",
        inputs: &[
            needs("thaw_end", Takes::Moment),
            needs("infusion_start", Takes::Moment),
            may("infusion_stop", Takes::Moment),
        ],
        gives: Gives::Number,
    },
];

/// What a response is assessed from, by every definition of it.
pub(crate) const ASSESS: &[Input] = &[
    needs("bm_blasts_pct", Takes::Number("%")),
    needs("bm_cellularity", Takes::Choice(CELLULARITY)),
    needs("pb_blasts_pct", Takes::Number("%")),
    needs("pb_flow_clarified", Takes::Choice(FLOW)),
    needs("anc", COUNT),
    needs("plt", COUNT),
    needs("days_since_plt_transfusion", Takes::Days),
    needs("days_since_rbc_transfusion", Takes::Days),
    may("no_transfusion_ever", Takes::YesNo),
    may("plt_transfused_ever", Takes::YesNo),
    may("rbc_transfused_ever", Takes::YesNo),
    needs("emd", Takes::Choice(EMD)),
    needs("cns", Takes::CnsClass),
    needs("mrd_fraction", Takes::Number("fraction")),
    may("mrd_same_aspirate", Takes::YesNo),
    needs("baseline_bm_pct", Takes::Number("%")),
    may("baseline_pb_abs", COUNT),
    may("pb_abs", COUNT),
    needs("baseline_cns", Takes::CnsClass),
    needs("clinical_cns_signs", Takes::YesNo),
    may("prior_cns2_tap", Takes::YesNo),
    may("lp_required", Takes::YesNo),
    needs("prior_best", Takes::Choice(PRIOR_BEST)),
];

const DOSE: &[Input] = &[
    needs("volume_ml", Takes::Number("mL")),
    needs("cells_per_ml", Takes::Number("/mL")),
    needs("viability", Takes::Number("fraction")),
    needs("cd3_fraction", Takes::Number("fraction")),
    needs("car_fraction", Takes::Number("fraction")),
    needs("weight_kg", Takes::Number("kg")),
    may("weight_d0_kg", Takes::Number("kg")),
];

/// Every function of every list.
pub(crate) fn all() -> impl Iterator<Item = &'static Call> {
    CALLS
        .iter()
        .chain(eligible::CALLS)
        .chain(disease::CALLS)
        .chain(toxic::CALLS)
        .chain(labs::CALLS)
}

/// A function by name.
pub(crate) fn call(name: &str) -> Option<&'static Call> {
    all().find(|call| call.name == name)
}

/// The unit of a derived number, as other functions can take it.
pub(crate) fn unit_of(call: &str) -> Option<&'static str> {
    match call {
        "lab.times_uln" => Some("xULN"),
        "dose.car" => Some("/kg"),
        "renal.cockcroft_gault" | "renal.bedside_schwartz" => Some("mL/min"),
        "hours.since" => Some("h"),
        "body.bsa" => Some("m2"),
        "dose.viable_car" => Some("cells"),
        _ => None,
    }
}

/// What an input takes, in words for lint.
pub(crate) fn words(takes: Takes) -> String {
    match takes {
        Takes::Date => "a date".into(),
        Takes::Birth => "a date of birth".into(),
        Takes::Moment => "a date and time".into(),
        Takes::YesNo => "the codes Y and N".into(),
        Takes::Age => "an age derived by `age.at_consent`".into(),
        Takes::Time => "a time of day".into(),
        Takes::Points => "a bare whole number, codes that are numbers, or a score derived from them".into(),
        Takes::Days => "a whole number of days".into(),
        Takes::YesOrNever => "the codes Y and N".into(),
        Takes::LastDose | Takes::Ever => "a date".into(),
        Takes::Truth(codes) => format!("one code of {}", names(codes)),
        Takes::Number(unit) => format!("a number that can be given in `{unit}`"),
        Takes::Level => "a number with a unit".into(),
        Takes::Entered => "a number".into(),
        Takes::Series(span) => format!("a number that can be given in `{}`", span.unit),
        Takes::Quantity(units) => format!("a number in {}", units.join(" or ")),
        Takes::Choice(codes) => format!("one code of {}", names(codes)),
        Takes::Choices(codes) => format!("several codes of {}", names(codes)),
        Takes::Cns | Takes::CnsClass => "a CNS status: derived by `response.cns`, or CNS1 to CNS3".into(),
    }
}

fn names(codes: Codes) -> String {
    codes.iter().map(|(code, _)| *code).collect::<Vec<_>>().join(", ")
}

const YES_NO: Codes = &[("Y", None), ("N", None)];
const CNS: Codes = &[("CNS1", None), ("CNS2", None), ("CNS3", None)];

/// Whether an item can be bound to an input.
pub(crate) fn fits(takes: Takes, item: &ItemDef, codelist: impl Fn(&str) -> Option<Codelist>) -> bool {
    let within = |list: &str, codes: Codes| {
        codelist(list).is_some_and(|list| {
            list.codes
                .iter()
                .all(|one| codes.iter().any(|(code, _)| *code == one.code))
        })
    };
    let derived_by =
        |wanted: &[&str]| matches!(&item.kind, ItemKind::Derived { call, .. } if wanted.contains(&call.as_str()));
    let units = match &item.kind {
        ItemKind::Integer { units } | ItemKind::Decimal { units, .. } => Some(units.as_slice()),
        ItemKind::Text { .. }
        | ItemKind::Code { .. }
        | ItemKind::Codes { .. }
        | ItemKind::Date { .. }
        | ItemKind::Time {}
        | ItemKind::DateTime {}
        | ItemKind::Duration { .. }
        | ItemKind::Scan { .. }
        | ItemKind::Derived { .. } => None,
    };
    let one_code = |codes| matches!(&item.kind, ItemKind::Code { codelist } if within(codelist, codes));
    match takes {
        Takes::Date => matches!(item.kind, ItemKind::Date { partial: false } | ItemKind::DateTime {}),
        Takes::Birth => matches!(item.kind, ItemKind::Date { .. }),
        Takes::Moment => matches!(item.kind, ItemKind::DateTime {}),
        Takes::YesNo | Takes::YesOrNever => one_code(YES_NO),
        Takes::LastDose | Takes::Ever => matches!(item.kind, ItemKind::Date { .. }),
        Takes::Time => matches!(item.kind, ItemKind::Time {}),
        Takes::Points => match &item.kind {
            ItemKind::Integer { units } => units.is_empty(),
            ItemKind::Code { codelist: list } => {
                codelist(list).is_some_and(|list| list.codes.iter().all(|one| one.code.parse::<u16>().is_ok()))
            }
            ItemKind::Derived { call, .. } => toxic::SCORES.contains(&call.as_str()),
            ItemKind::Text { .. }
            | ItemKind::Decimal { .. }
            | ItemKind::Codes { .. }
            | ItemKind::Date { .. }
            | ItemKind::Time {}
            | ItemKind::DateTime {}
            | ItemKind::Duration { .. }
            | ItemKind::Scan { .. } => false,
        },
        Takes::Age => derived_by(&["age.at_consent"]),
        Takes::Days => {
            derived_by(&["days.since"])
                || matches!(&item.kind, ItemKind::Integer { units } if units.len() == 1 && units[0] == "d")
        }
        Takes::Number(unit) => {
            matches!(&item.kind, ItemKind::Derived { call, .. } if unit_of(call) == Some(unit))
                || units
                    .and_then(<[String]>::first)
                    .is_some_and(|own| scaled(rust_decimal::Decimal::ONE, own, unit).is_some())
        }
        Takes::Level => units.is_some_and(|units| !units.is_empty()),
        Takes::Entered => units.is_some(),
        Takes::Series(span) => units
            .and_then(<[String]>::first)
            .is_some_and(|own| scaled(rust_decimal::Decimal::ONE, own, span.unit).is_some()),
        Takes::Quantity(allowed) => {
            units.is_some_and(|units| !units.is_empty() && units.iter().all(|unit| allowed.contains(&unit.as_str())))
        }
        Takes::Choice(codes) | Takes::Truth(codes) => one_code(codes),
        Takes::Choices(codes) => matches!(&item.kind, ItemKind::Codes { codelist } if within(codelist, codes)),
        Takes::Cns | Takes::CnsClass => derived_by(&["response.cns"]) || one_code(CNS),
    }
}
