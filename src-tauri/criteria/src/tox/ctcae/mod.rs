//! Laboratory grades of CTCAE 5.0 \[S\] and of what 6.0 changed \[S\]; 5.0 is pinned \[D-15\].
//!
//! "<1.5-1.0" means `v < 1.5 && v ≥ 1.0`; ">3.0-5.0" means `v > 3.0 && v ≤ 5.0`. A value is compared in the unit that the
//! table prints: nothing is converted across a rounded row. Grade 4 of a clinical row (anaemia, albumin, uric acid) only by
//! a clinician's statement. Ferritin and CRP have no term.

mod bands;
mod multiples;
pub(crate) mod table;

use crate::finding::{Grading, Op};
use crate::inputs::{codes, inputs};
use crate::quantity::{Level, Positive, d};
use crate::truth::{Ledger, Measure, Span, absent};
use crate::{rule, what as w};
use multiples::Enzyme;
use rust_decimal::Decimal;

codes! {
    /// Version of CTCAE.
    Version {
        /// 5.0.
        V5 = "5.0",
        /// 6.0.
        V6 = "6.0",
    }
}

codes! {
    /// A laboratory analyte and its direction.
    Term {
        /// Neutrophils.
        #[serde(alias = "neutrophils", alias = "anc")]
        Neutrophil = "neutrophil",
        /// Platelets.
        #[serde(alias = "platelets")]
        Platelet = "platelet",
        /// Lymphocytes.
        #[serde(alias = "lymphocytes")]
        Lymphocyte = "lymphocyte",
        /// White cells.
        #[serde(alias = "white_blood_cell")]
        Wbc = "wbc",
        /// Haemoglobin.
        #[serde(alias = "haemoglobin")]
        Hemoglobin = "hemoglobin",
        /// ALT.
        Alt = "alt",
        /// AST.
        Ast = "ast",
        /// Alkaline phosphatase.
        Alp = "alp",
        /// GGT.
        Ggt = "ggt",
        /// Bilirubin.
        Bilirubin = "bilirubin",
        /// Creatinine.
        Creatinine = "creatinine",
        /// Fibrinogen.
        Fibrinogen = "fibrinogen",
        /// INR.
        Inr = "inr",
        /// aPTT.
        Aptt = "aptt",
        /// Ionised calcium, low.
        #[serde(alias = "ionized_calcium_low", alias = "calcium_ionised_low", alias = "calcium_ionized_low")]
        IonisedCalciumLow = "ionised_calcium_low",
        /// Sodium, low.
        SodiumLow = "sodium_low",
        /// Sodium, high.
        SodiumHigh = "sodium_high",
        /// Potassium, low.
        PotassiumLow = "potassium_low",
        /// Potassium, high.
        PotassiumHigh = "potassium_high",
        /// Corrected calcium, low.
        CalciumLow = "calcium_low",
        /// Corrected calcium, high.
        CalciumHigh = "calcium_high",
        /// Magnesium, low.
        MagnesiumLow = "magnesium_low",
        /// Albumin.
        #[serde(alias = "albumin_low")]
        Albumin = "albumin",
        /// Glucose, low.
        GlucoseLow = "glucose_low",
        /// Triglycerides.
        Triglycerides = "triglycerides",
        /// Uric acid.
        UricAcid = "uric_acid",
        /// LDH.
        Ldh = "ldh",
        /// Ferritin: no term.
        Ferritin = "ferritin",
        /// CRP: no term.
        Crp = "crp",
    }
}

inputs! {
    /// One laboratory value. Value, limits and baseline share one unit.
    Lab {
        /// The analyte.
        term: Term,
        /// The value.
        value: Level,
        /// Its unit where a table prints two; missing, the SI unit of the table.
        unit: String,
        /// Lower limit of normal.
        lln: Positive,
        /// Upper limit of normal.
        uln: Positive,
        /// Baseline.
        baseline: Level,
        /// Symptomatic, for sodium and potassium.
        symptomatic: bool,
        /// Calcium is corrected for albumin.
        corrected: bool,
        /// Albumin, g/L, by which a calcium that is not corrected is.
        albumin_g_l: Level,
        /// Transfusion indicated; counts when `true`.
        transfusion_indicated: bool,
        /// Bleeding, for aPTT; counts when `true`.
        bleeding: bool,
        /// Physiologic consequences, for uric acid.
        consequences: bool,
        /// A clinician calls it life-threatening; counts when `true`.
        life_threatening: bool,
    }
}

/// The grade, or nothing where CTCAE has no term for the analyte.
#[must_use]
pub fn ctcae(input: &Lab, version: Version) -> Option<Grading> {
    let mut ledger = Ledger::default();
    let Some(term) = input.term else {
        return Some(ledger.grade(Span::between(0, 4, &["term"])));
    };
    if matches!(term, Term::Ferritin | Term::Crp) {
        return None;
    }
    let Some(value) = input.value.map(Level::get) else {
        return Some(ledger.grade(Span::between(0, 4, &["value"])));
    };
    let input = in_units_of_the_table(term, input);
    let value = input.value.map_or(value, Level::get);
    let span = graded(term, value, &input, version, &mut ledger);
    Some(ledger.grade(span))
}

/// A count per microlitre as ×10⁹/L, milliequivalents of a monovalent ion as millimoles, calcium corrected for albumin: each
/// exact, so that no rounded row is crossed.
fn in_units_of_the_table(term: Term, input: &Lab) -> Lab {
    let mut lab = input.clone();
    let unit = input
        .unit
        .as_deref()
        .map(|unit| unit.replace(['µ', 'μ'], "u").replace(' ', ""));
    match (term, unit.as_deref()) {
        (Term::Neutrophil | Term::Platelet | Term::Lymphocyte | Term::Wbc, Some(unit)) => {
            if ["/uL", "cells/uL", "/mm3"].contains(&unit) {
                let level = |value: Option<Level>| value.and_then(|value| Level::new(value.get() / d(1000, 0)).ok());
                let limit =
                    |value: Option<Positive>| value.and_then(|value| Positive::new(value.get() / d(1000, 0)).ok());
                (lab.value, lab.baseline) = (level(lab.value), level(lab.baseline));
                (lab.lln, lab.uln) = (limit(lab.lln), limit(lab.uln));
                lab.unit = None;
            } else if ["10^3/uL", "x10^3/uL", "K/uL", "1e9/L", "10e9/L", "G/L"].contains(&unit) {
                lab.unit = None;
            }
        }
        (Term::SodiumLow | Term::SodiumHigh | Term::PotassiumLow | Term::PotassiumHigh, Some("mEq/L")) => {
            lab.unit = None;
        }
        (Term::CalciumLow | Term::CalciumHigh, unit) if input.corrected != Some(true) => {
            let factor = if unit == Some("mg/dL") { d(8, 2) } else { d(2, 2) };
            let corrected = input
                .value
                .zip(input.albumin_g_l)
                .and_then(|(calcium, albumin)| Level::new(calcium.get() + factor * (d(40, 0) - albumin.get())).ok());
            if corrected.is_some() {
                (lab.value, lab.corrected) = (corrected, Some(true));
            }
        }
        _ => {}
    }
    lab
}

fn graded(term: Term, value: Decimal, input: &Lab, version: Version, ledger: &mut Ledger) -> Span {
    match term {
        Term::Alt | Term::Ast => multiples::enzyme((Enzyme::Transaminase, term), value, input, version, ledger),
        Term::Alp => multiples::enzyme((Enzyme::Alp, term), value, input, version, ledger),
        Term::Ggt => multiples::enzyme((Enzyme::Ggt, term), value, input, version, ledger),
        Term::Bilirubin => multiples::enzyme((Enzyme::Bilirubin, term), value, input, version, ledger),
        Term::Creatinine => multiples::creatinine(value, input, version, ledger),
        Term::Fibrinogen => multiples::fibrinogen(value, input, ledger),
        Term::Aptt => multiples::aptt(value, input, ledger),
        Term::UricAcid => uric_acid(value, input, ledger),
        Term::CalciumLow | Term::CalciumHigh if input.corrected != Some(true) => {
            let lacking = if input.corrected.is_none() {
                "corrected"
            } else {
                "albumin_g_l"
            };
            Span::between(0, 4, &[lacking])
        }
        Term::SodiumLow => bands::sodium_low(value, input, ledger),
        Term::PotassiumLow => bands::potassium_low(value, input, ledger),
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
        | Term::Ldh
        | Term::Ferritin
        | Term::Crp => bands::banded(term, value, input, version, ledger),
    }
}

fn uric_acid(value: Decimal, input: &Lab, ledger: &mut Ledger) -> Span {
    let Some(uln) = input.uln else {
        let fields = absent(&[(true, "uln"), (input.consequences.is_none(), "consequences")]);
        return Span::between(0, 4, &fields);
    };
    let measure = measure(Term::UricAcid, value, "");
    if !ledger.compare(&rule::C9, measure, Op::Gt, uln.get()).yes() {
        return Span::at(0);
    }
    if input.life_threatening == Some(true) {
        return Span::at(4);
    }
    match input.consequences {
        Some(true) => Span::at(3),
        Some(false) => Span::at(1),
        None => Span::between(1, 3, &["consequences"]),
    }
}

fn measure(term: Term, value: Decimal, unit: &'static str) -> Measure<'static> {
    let what = match term {
        Term::Neutrophil => w::ANC,
        Term::Platelet => w::PLATELETS,
        Term::Lymphocyte => w::LYMPHOCYTES,
        Term::Wbc => w::WBC,
        Term::Hemoglobin => w::HEMOGLOBIN,
        Term::Alt => w::ALT,
        Term::Ast => w::AST,
        Term::Alp => w::ALP,
        Term::Ggt => w::GGT,
        Term::Bilirubin => w::BILIRUBIN,
        Term::Creatinine => w::CREATININE,
        Term::Fibrinogen => w::FIBRINOGEN,
        Term::Inr => w::INR,
        Term::Aptt => w::APTT,
        Term::IonisedCalciumLow => w::CALCIUM_IONISED,
        Term::SodiumLow | Term::SodiumHigh => w::SODIUM,
        Term::PotassiumLow | Term::PotassiumHigh => w::POTASSIUM,
        Term::CalciumLow | Term::CalciumHigh => w::CALCIUM_CORRECTED,
        Term::MagnesiumLow => w::MAGNESIUM,
        Term::Albumin => w::ALBUMIN,
        Term::GlucoseLow => w::GLUCOSE,
        Term::Triglycerides => w::TRIGLYCERIDES,
        Term::UricAcid => w::URIC_ACID,
        Term::Ldh => w::LDH,
        Term::Ferritin => w::FERRITIN,
        Term::Crp => w::CRP,
    };
    Measure {
        what,
        unit,
        value: Some(value),
        fields: &[],
    }
}

/// The grade whose band a value lies in: as many bands as it has crossed.
fn crossed(ledger: &mut Ledger, measure: Measure<'_>, op: Op, bands: &[(u8, Decimal)]) -> u8 {
    let mut worst = 0;
    for (grade, limit) in bands {
        if ledger.compare(&rule::C9, measure, op, *limit).yes() {
            worst = worst.max(*grade);
        }
    }
    worst
}

/// Three or more tenths as a decimal: keeps the tables readable.
const fn t(tenths: u32) -> Decimal {
    d(tenths, 1)
}

#[cfg(test)]
mod tests;
