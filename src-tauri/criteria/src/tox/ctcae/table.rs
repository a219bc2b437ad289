//! The rows as they are graded, read from the same bands, for the printed reference.

use super::bands::{self, First};
use super::multiples::{self, Enzyme};
use super::{Term, Version};
use crate::finding::Op;
use rust_decimal::Decimal;

/// One printed row: the term, the unit or the multiple, and what grades 1 to 4 say. Empty where there is no such grade.
pub(crate) struct Printed {
    pub(crate) term: Term,
    pub(crate) unit: String,
    pub(crate) grades: [String; 4],
}

/// Units in which a table prints absolute bands; none stands for the one that needs no name.
const UNITS: [Option<&str>; 6] = [
    None,
    Some("g/L"),
    Some("g/dL"),
    Some("mmol/L"),
    Some("mg/dL"),
    Some("x10^9/L"),
];

/// Every row of a version.
pub(crate) fn rows(version: Version) -> Vec<Printed> {
    Term::ALL.iter().flat_map(|term| of(*term, version)).collect()
}

fn of(term: Term, version: Version) -> Vec<Printed> {
    let row = |unit: &str, grades| Printed {
        term,
        unit: unit.to_owned(),
        grades,
    };
    let enzyme = |kind| {
        let (op, first, rest) = multiples::over_baseline(kind, version);
        let mut over = vec![(1, first)];
        over.extend(rest);
        let mut normal = multiples::over_uln(kind).to_vec();
        if (version, kind) == (Version::V6, Enzyme::Alp) {
            normal.truncate(1);
        }
        let mut abnormal = steps(Op::Gt, "", &over);
        if op == Op::Ge
            && let Some(text) = abnormal.first_mut()
        {
            *text = text.replacen('>', "≥", 1);
        }
        vec![
            row("× ULN, baseline normal", steps(Op::Gt, "", &normal)),
            row("× baseline, baseline above ULN", abnormal),
        ]
    };
    match term {
        Term::Alt | Term::Ast => enzyme(Enzyme::Transaminase),
        Term::Alp => enzyme(Enzyme::Alp),
        Term::Ggt => enzyme(Enzyme::Ggt),
        Term::Bilirubin => enzyme(Enzyme::Bilirubin),
        Term::Creatinine => {
            let limb = if version == Version::V6 {
                "× baseline, baseline below LLN"
            } else {
                "× baseline"
            };
            vec![
                row("× ULN", steps(Op::Gt, "", &multiples::CREATININE_ULN)),
                row(limb, steps(Op::Gt, "", &multiples::CREATININE_BASELINE)),
            ]
        }
        Term::Fibrinogen => {
            let mut parts = steps(Op::Lt, "", &multiples::FIBRINOGEN_LLN);
            if let Some(four) = parts.last_mut() {
                four.push_str(", or below 0.5 g/L (50 mg/dL)");
            }
            let mut falls = steps(Op::Le, "", &multiples::FIBRINOGEN_FALL);
            if let Some(one) = falls.first_mut() {
                *one = "any fall".to_owned();
            }
            vec![row("× LLN", parts), row("× baseline, baseline below LLN", falls)]
        }
        Term::Aptt => {
            let mut grades = steps(Op::Gt, "", &multiples::APTT_ULN);
            if let Some(three) = grades.get_mut(2) {
                three.push_str(", or bleeding");
            }
            vec![row("× ULN", grades)]
        }
        Term::UricAcid => vec![row(
            "limit of normal",
            [
                "> ULN".to_owned(),
                String::new(),
                "> ULN with consequences".to_owned(),
                "> ULN, life-threatening".to_owned(),
            ],
        )],
        Term::SodiumLow => {
            let mut grades = steps(Op::Lt, "LLN", &bands::SODIUM_LOW);
            if let Some(three) = grades.get_mut(2) {
                three.push_str("; the band of grade 2 with symptoms");
            }
            vec![row("mmol/L", grades)]
        }
        Term::PotassiumLow => {
            let mut grades = steps(Op::Lt, "LLN", &bands::POTASSIUM_LOW);
            if let Some(two) = grades.get_mut(1) {
                "the band of grade 1 with symptoms".clone_into(two);
            }
            vec![row("mmol/L", grades)]
        }
        Term::Ferritin | Term::Crp => vec![row("no term", Default::default())],
        Term::Neutrophil
        | Term::Platelet
        | Term::Lymphocyte
        | Term::Wbc
        | Term::Hemoglobin
        | Term::Inr
        | Term::IonisedCalciumLow
        | Term::SodiumHigh
        | Term::PotassiumHigh
        | Term::CalciumLow
        | Term::CalciumHigh
        | Term::MagnesiumLow
        | Term::Albumin
        | Term::GlucoseLow
        | Term::Triglycerides
        | Term::Ldh => absolute(term, version),
    }
}

fn absolute(term: Term, version: Version) -> Vec<Printed> {
    let mut printed: Vec<Printed> = Vec::new();
    for row in UNITS.iter().filter_map(|unit| bands::row(term, *unit, version)) {
        if printed.iter().any(|known| known.unit == row.unit) {
            continue;
        }
        let mut limits = row.bands.clone();
        let (first, op) = match row.first {
            First::Lln => ("LLN", row.op),
            First::Uln => ("ULN", row.op),
            First::At(op, limit) => {
                limits.insert(0, (1, limit));
                ("", op)
            }
        };
        let mut grades = steps(row.op, first, &limits);
        if op != row.op
            && let Some(one) = grades.first_mut()
        {
            *one = one.replacen(sign(row.op), sign(op), 1);
        }
        if term == Term::Hemoglobin {
            note(&mut grades, 2, ", or transfusion indicated");
        }
        if matches!(term, Term::Hemoglobin | Term::Albumin) {
            note(&mut grades, 3, "life-threatening, as a clinician states");
        }
        printed.push(Printed {
            term,
            unit: row.unit.to_owned(),
            grades,
        });
    }
    printed
}

fn note(grades: &mut [String; 4], at: usize, text: &str) {
    if let Some(grade) = grades.get_mut(at) {
        grade.push_str(text);
    }
}

const fn sign(op: Op) -> &'static str {
    match op {
        Op::Lt => "<",
        Op::Le => "≤",
        Op::Gt => ">",
        Op::Ge => "≥",
        Op::Eq => "=",
        Op::Ne => "≠",
    }
}

/// From where on the next worse grade no longer applies.
const fn kept(op: Op) -> &'static str {
    match op {
        Op::Lt => "≥",
        Op::Le => ">",
        Op::Gt => "≤",
        Op::Ge => "<",
        Op::Eq => "≠",
        Op::Ne => "=",
    }
}

/// Each grade from its own limit to that of the next; `first` names the limit of grade 1 where it is one of normal.
fn steps(op: Op, first: &str, limits: &[(u8, Decimal)]) -> [String; 4] {
    std::array::from_fn(|at| {
        let own = limits.iter().find(|(grade, _)| usize::from(*grade) == at + 1);
        let from = match own {
            Some((_, limit)) => format!("{} {}", sign(op), limit.normalize()),
            None if at == 0 && !first.is_empty() => format!("{} {first}", sign(op)),
            None => return String::new(),
        };
        match limits.iter().find(|(grade, _)| usize::from(*grade) > at + 1) {
            Some((_, next)) => format!("{from} and {} {}", kept(op), next.normalize()),
            None => from,
        }
    })
}
