//! The person: consent (I1), age (I2), performance (I7), life expectancy (I12), child-bearing (I13, E16).
//!
//! Sources \[S\]: ThisCART19A (I1), sibling trials (I2 with D-03, I12, I13, E16), donor-derived CD19 CAR-T, QH103 and OPBG (I7).
//! Assent from 8 years is Chinese practice \[GK\]; unknown potential outside 10 to 55 years counts as none \[PD\].

use crate::age::{Age, Birth, completed_years};
use crate::decision::Decisions;
use crate::finding::{Criterion, Op};
use crate::inputs::{codes, inputs};
use crate::quantity::{Level, Percent, d};
use crate::renal::Sex;
use crate::score::Ecog;
use crate::truth::{Ledger, Measure, Truth, absent};
use crate::{rule, what as w};
use chrono::{NaiveDate, NaiveTime};
use rust_decimal::Decimal;

inputs! {
    /// Inputs of I2. Give `age`, or `dob` and `consent_date`.
    I2 {
        /// Date or year of birth.
        dob: Birth,
        /// Date of consent.
        consent_date: NaiveDate,
        /// Completed years at consent, where the caller already has them.
        age: Age,
    }
}

/// I2, age at consent \[S; D-03\]: 3 to 70 completed years, both included.
#[must_use]
pub fn i2(input: &I2, decisions: &Decisions) -> Criterion {
    let missing = match (input.age, input.dob, input.consent_date) {
        (Some(age), ..) => return within(age, "age", decisions),
        (None, Some(birth), Some(consent)) => match completed_years(birth, consent) {
            Ok(age) => return within(age, "dob", decisions),
            // Born after consent, or impossibly old: the date itself cannot be right.
            Err(_) => vec!["dob"],
        },
        (None, None, Some(_)) => vec!["dob"],
        (None, Some(_), None) => vec!["consent_date"],
        (None, None, None) => vec!["dob", "consent_date"],
    };
    Ledger::default().require(Truth::lacking(&missing))
}

fn within(age: Age, field: &'static str, decisions: &Decisions) -> Criterion {
    crate::age::settled(age, field, |years| {
        let mut ledger = Ledger::default();
        let measure = Measure {
            what: w::AGE,
            unit: "a",
            value: Some(Decimal::from(years)),
            fields: &[],
        };
        let old_enough = ledger.compare(&rule::I2, measure, Op::Ge, Decimal::from(decisions.age_min));
        let young_enough = ledger.compare(&rule::I2, measure, Op::Le, Decimal::from(decisions.age_max));
        ledger.require(old_enough.and(young_enough))
    })
}

codes! {
    /// Who signed the consent.
    Signature {
        /// The subject.
        Subject = "subject",
        /// A guardian.
        Guardian = "guardian",
        /// Both.
        Both = "both",
        /// Nobody.
        None = "none",
    }
}

inputs! {
    /// Inputs of I1.
    I1 {
        /// Completed years at consent.
        age: Age,
        /// Date of consent.
        consent_date: NaiveDate,
        /// Time of consent, where recorded.
        consent_time: NaiveTime,
        /// Date of the first screening procedure; missing while there was none.
        first_procedure_date: NaiveDate,
        /// Its time, where recorded.
        first_procedure_time: NaiveTime,
        /// Who signed.
        signature: Signature,
        /// The child assented.
        assent: bool,
    }
}

/// First age at which a child's assent is needed.
const ASSENT: u16 = 8;

/// I1, consent \[S; assent GK\]: signed before any screening procedure; under 18 by a guardian, from 8 with assent.
/// Not signed once a procedure took place is a failure; before, it is open.
#[must_use]
pub fn i1(input: &I1, _: &Decisions) -> Criterion {
    match input.age {
        Some(age) => crate::age::settled(age, "age", |years| consent(years, input)),
        // One age for each way in which consent is given.
        None => crate::age::settled_over((0, [ASSENT, crate::renal::ADULT]), "age", |years| consent(years, input)),
    }
}

fn consent(years: u16, input: &I1) -> Criterion {
    let mut ledger = Ledger::default();
    let minor = years < crate::renal::ADULT;
    let signed = match (input.signature, input.first_procedure_date) {
        (None | Some(Signature::None), Some(_)) => ledger.word(&rule::I1, w::SIGNATURE, "none", false),
        (None | Some(Signature::None), None) => Truth::lacking(&["signature"]),
        (Some(signature), _) => {
            let right = match signature {
                Signature::Both => true,
                Signature::Guardian => minor,
                Signature::Subject => !minor,
                Signature::None => false,
            };
            ledger.word(&rule::I1, w::SIGNATURE, signature.code(), right)
        }
    };
    let assented = if minor && years >= ASSENT {
        ledger.fact(&rule::I1_ASSENT, w::ASSENT, input.assent, "assent")
    } else {
        Truth::Yes
    };
    let in_time = match (input.consent_date, input.first_procedure_date) {
        (Some(consent), Some(procedure)) => {
            let earlier = match (input.consent_time, input.first_procedure_time) {
                (Some(signed), Some(began)) if consent == procedure => signed < began,
                (Some(_) | None, _) => true,
            };
            ledger.word(
                &rule::I1,
                w::CONSENT_BEFORE_PROCEDURE,
                &consent.to_string(),
                consent <= procedure && earlier,
            )
        }
        (consent, procedure) => Truth::lacking(&absent(&[
            (consent.is_none(), "consent_date"),
            (procedure.is_none(), "first_procedure_date"),
        ])),
    };
    ledger.require(signed.and(assented).and(in_time))
}

inputs! {
    /// Inputs of I7.
    I7 {
        /// Completed years.
        age: Age,
        /// ECOG, from 16 years.
        ecog: Ecog,
        /// Karnofsky, from 16 years where ECOG is absent.
        kps: Percent,
        /// Lansky, below 16 years.
        lansky: Percent,
    }
}

/// I7, performance \[S\]: from 16 years ECOG 0 to 2 (or Karnofsky ≥ 60); below 16 Lansky ≥ 60.
#[must_use]
pub fn i7(input: &I7, _: &Decisions) -> Criterion {
    match input.age {
        Some(age) => crate::age::settled(age, "age", |years| performance(years, input)),
        None => crate::age::settled_over((LANSKY_BELOW, [LANSKY_BELOW - 1]), "age", |years| {
            performance(years, input)
        }),
    }
}

/// Years from which ECOG is the scale, below which Lansky is.
const LANSKY_BELOW: u16 = 16;

fn performance(years: u16, input: &I7) -> Criterion {
    let mut ledger = Ledger::default();
    let sixty = d(60, 0);
    let met = if years < LANSKY_BELOW {
        let value = input.lansky.map(Percent::get);
        let measure = Measure {
            what: w::LANSKY,
            unit: "",
            value,
            fields: &["lansky"],
        };
        ledger.compare(&rule::I7_LANSKY, measure, Op::Ge, sixty)
    } else if input.ecog.is_none() && input.kps.is_some() {
        let value = input.kps.map(Percent::get);
        ledger.compare(
            &rule::I7,
            Measure {
                what: w::KPS,
                unit: "",
                value,
                fields: &["kps"],
            },
            Op::Ge,
            sixty,
        )
    } else {
        let value = input.ecog.map(|ecog| Decimal::from(ecog.get()));
        ledger.compare(
            &rule::I7,
            Measure {
                what: w::ECOG,
                unit: "",
                value,
                fields: &["ecog"],
            },
            Op::Le,
            d(2, 0),
        )
    };
    ledger.require(met)
}

inputs! {
    /// Inputs of I12.
    I12 {
        /// Life expectancy as judged.
        life_expectancy_weeks: Level,
    }
}

/// I12, life expectancy \[S\]: at least 12 weeks.
#[must_use]
pub fn i12(input: &I12, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let value = input.life_expectancy_weeks.map(Level::get);
    let measure = Measure {
        what: w::LIFE_EXPECTANCY,
        unit: "wk",
        value,
        fields: &["life_expectancy_weeks"],
    };
    let met = ledger.compare(&rule::I12, measure, Op::Ge, d(12, 0));
    ledger.require(met)
}

codes! {
    /// Pregnancy test.
    Hcg {
        /// Negative.
        #[serde(alias = "neg")]
        Negative = "negative",
        /// Positive.
        #[serde(alias = "pos")]
        Positive = "positive",
    }
}

inputs! {
    /// Inputs of I13.
    I13 {
        /// Sex.
        sex: Sex,
        /// Completed years.
        age: Age,
        /// Of child-bearing potential: not before menarche, after menopause, or sterilised.
        childbearing_potential: bool,
        /// Serum pregnancy test.
        hcg: Hcg,
        /// Days from the test to the start of lymphodepletion.
        hcg_days_before_ld: i64,
        /// Contraception agreed to for at least 12 months after infusion.
        contraception: bool,
    }
}

/// I13 \[S\]: of child-bearing potential, a negative test at most 7 days before lymphodepletion, and contraception.
/// An older test is not evaluable. A male needs no test.
#[must_use]
pub fn i13(input: &I13, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let rule = &rule::I13;
    // A man is never of child-bearing potential, and yet he agrees to contraception.
    if input.childbearing_potential == Some(false) && input.sex == Some(Sex::Female) {
        ledger.word(rule, w::CHILDBEARING_POTENTIAL, "false", false);
        return ledger.require(Truth::Yes);
    }
    let contraception = ledger.fact(rule, w::CONTRACEPTION, input.contraception, "contraception");
    if input.childbearing_potential == Some(false) && input.sex.is_none() {
        ledger.word(rule, w::CHILDBEARING_POTENTIAL, "false", false);
        return ledger.require(contraception.or(Truth::lacking(&["sex"])));
    }
    if input.sex == Some(Sex::Male) {
        return ledger.require(contraception);
    }
    let potential = match (input.childbearing_potential, input.sex, input.age) {
        (Some(_), ..) => Truth::Yes,
        (None, Some(Sex::Female), Some(age)) if age.max() < 10 || age.min() > 55 => Truth::No,
        (None, Some(_), _) => Truth::lacking(&["childbearing_potential"]),
        (None, None, _) => Truth::lacking(&["sex", "childbearing_potential"]),
    };
    if potential.no() {
        return ledger.require(Truth::Yes);
    }
    let negative = match input.hcg {
        None => Truth::lacking(&["hcg"]),
        Some(hcg) => ledger.word(rule, w::HCG, hcg.code(), hcg == Hcg::Negative),
    };
    let value = input.hcg_days_before_ld.map(Decimal::from);
    let age_of_test = Measure {
        what: w::HCG_DAYS_BEFORE_LD,
        unit: "d",
        value,
        fields: &["hcg_days_before_ld"],
    };
    let fresh = ledger.compare(rule, age_of_test, Op::Le, d(7, 0));
    let fresh = fresh.and(ledger.compare(rule, age_of_test, Op::Ge, d(0, 0)));
    let tested = if negative.no() {
        negative
    } else if fresh.no() {
        Truth::lacking(&["hcg"])
    } else {
        negative.and(fresh)
    };
    let met = contraception.and(tested);
    // Whether it applies at all is open: only "met" is certain then.
    ledger.require(if met.yes() || potential.yes() { met } else { potential })
}

inputs! {
    /// Inputs of E16.
    E16 {
        /// Sex.
        sex: Sex,
        /// Pregnant.
        pregnant: bool,
        /// Breast-feeding.
        breast_feeding: bool,
    }
}

/// E16 \[S\]: pregnant or breast-feeding.
#[must_use]
pub fn e16(input: &E16, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    if input.sex == Some(Sex::Male) {
        let pregnant = ledger.word(&rule::E16, w::PREGNANT, "false", false);
        return ledger.exclude(pregnant);
    }
    let pregnant = ledger.fact(&rule::E16, w::PREGNANT, input.pregnant, "pregnant");
    let feeding = ledger.fact(&rule::E16, w::BREAST_FEEDING, input.breast_feeding, "breast_feeding");
    ledger.exclude(pregnant.or(feeding))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Field, Outcome};

    #[test]
    fn a_year_of_birth_is_enough_unless_it_decides() {
        let of = |json| i2(&serde_json::from_value(json).unwrap(), &Decisions::default()).outcome;
        assert_eq!(
            of(serde_json::json!({"dob": "1990", "consent_date": "2025-03-10"})),
            Outcome::Pass
        );
        assert_eq!(
            of(serde_json::json!({"dob": "1954", "consent_date": "2025-03-10"})),
            Outcome::NotEvaluable {
                missing: vec![Field("dob")]
            }
        );
        assert_eq!(
            of(serde_json::json!({"dob": 1940, "consent_date": "2025-03-10"})),
            Outcome::Fail
        );
        assert_eq!(of(serde_json::json!({"age": 70})), Outcome::Pass);
        assert_eq!(of(serde_json::json!({"age": 2})), Outcome::Fail);
        assert_eq!(
            of(serde_json::json!({"dob": "2026-01-01", "consent_date": "2025-03-10"})),
            Outcome::NotEvaluable {
                missing: vec![Field("dob")]
            }
        );
    }
}
