//! CNS status after the Children's Oncology Group \[S\]; Steinherz-Bleyer for a traumatic tap (ratio form \[GK\]).
//!
//! | blasts | CSF WBC | CSF RBC | status |
//! |---|---|---|---|
//! | none | any | any | CNS1 |
//! | yes | < 5 | < 10 / ≥ 10 | 2a / 2b |
//! | yes | ≥ 5 | < 10 | 3a |
//! | yes | ≥ 5 | ≥ 10 | 3b if CSF WBC/RBC > 2 × blood WBC/RBC, else 2c |
//! | clinical signs | | | 3c |

use crate::finding::{Field, Op, Reason};
use crate::inputs::{codes, inputs};
use crate::quantity::{Level, Positive, d};
use crate::truth::{Ledger, Measure, Truth};
use crate::{rule, what as w};

codes! {
    /// CNS status with its letter.
    Status {
        /// No blasts.
        Cns1 = "CNS1",
        /// Blasts, WBC < 5, RBC < 10.
        Cns2a = "CNS2a",
        /// Blasts, WBC < 5, RBC ≥ 10.
        Cns2b = "CNS2b",
        /// Blasts, WBC ≥ 5, traumatic, not above the ratio of blood.
        Cns2c = "CNS2c",
        /// Blasts, WBC ≥ 5, RBC < 10.
        Cns3a = "CNS3a",
        /// Blasts, WBC ≥ 5, traumatic, above the ratio of blood.
        Cns3b = "CNS3b",
        /// Clinical signs.
        Cns3c = "CNS3c",
    }
}

inputs! {
    /// What a lumbar puncture and the examination showed.
    Cns {
        /// Blasts in the CSF.
        blasts: bool,
        /// White cells per µL of CSF.
        csf_wbc: Level,
        /// Red cells per µL of CSF.
        csf_rbc: Level,
        /// White cells in blood; the same unit as `blood_rbc`.
        blood_wbc: Level,
        /// Red cells in blood; the same unit as `blood_wbc`.
        blood_rbc: Positive,
        /// Cranial nerve palsy, brain or eye mass, hypothalamic syndrome.
        clinical_signs: bool,
    }
}

/// A status, or what it lacks, with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct CnsResult {
    /// The status.
    pub status: Option<Status>,
    /// The inputs that are missing.
    pub missing: Vec<Field>,
    /// What it rests on.
    pub reasons: Vec<Reason>,
}

/// The CNS status. Clinical signs decide alone; blood counts are needed only for a traumatic tap.
#[must_use]
pub fn cns(input: &Cns) -> CnsResult {
    let mut ledger = Ledger::default();
    let found = classify(input, &mut ledger);
    let (status, missing) = match found {
        Ok(status) => (Some(status), Vec::new()),
        Err(missing) => (None, missing),
    };
    CnsResult {
        status,
        missing,
        reasons: ledger.reasons,
    }
}

fn classify(input: &Cns, ledger: &mut Ledger) -> Result<Status, Vec<Field>> {
    let rule = &rule::B5;
    let signs = ledger.fact(rule, w::CLINICAL_CNS_SIGNS, input.clinical_signs, "clinical_signs");
    if signs.yes() {
        return Ok(Status::Cns3c);
    }
    let status = by_fluid(input, ledger)?;
    match signs {
        // Signs would overrule the fluid.
        Truth::Unknown(missing) => Err(missing),
        Truth::Yes | Truth::No => Ok(status),
    }
}

fn by_fluid(input: &Cns, ledger: &mut Ledger) -> Result<Status, Vec<Field>> {
    let rule = &rule::B5;
    let lacks = |pairs: &[(bool, &'static str)]| -> Vec<Field> {
        pairs
            .iter()
            .filter(|(absent, _)| *absent)
            .map(|(_, name)| Field(name))
            .collect()
    };
    match ledger.fact(rule, w::CSF_BLASTS, input.blasts, "blasts") {
        Truth::No => return Ok(Status::Cns1),
        Truth::Unknown(missing) => return Err(missing),
        Truth::Yes => {}
    }
    let (Some(wbc), Some(rbc)) = (input.csf_wbc, input.csf_rbc) else {
        return Err(lacks(&[
            (input.csf_wbc.is_none(), "csf_wbc"),
            (input.csf_rbc.is_none(), "csf_rbc"),
        ]));
    };
    let measure = |what, value: Level| Measure {
        what,
        unit: "/µL",
        value: Some(value.get()),
        fields: &[],
    };
    let many = ledger.compare(rule, measure(w::CSF_WBC, wbc), Op::Ge, d(5, 0)).yes();
    let traumatic = ledger.compare(rule, measure(w::CSF_RBC, rbc), Op::Ge, d(10, 0)).yes();
    match (many, traumatic) {
        (false, false) => return Ok(Status::Cns2a),
        (false, true) => return Ok(Status::Cns2b),
        (true, false) => return Ok(Status::Cns3a),
        (true, true) => {}
    }
    let (Some(blood_wbc), Some(blood_rbc)) = (input.blood_wbc, input.blood_rbc) else {
        return Err(lacks(&[
            (input.blood_wbc.is_none(), "blood_wbc"),
            (input.blood_rbc.is_none(), "blood_rbc"),
        ]));
    };
    // wbc/rbc > 2 × blood_wbc/blood_rbc, multiplied out so that equality stays exact.
    let above = match (
        wbc.get().checked_mul(blood_rbc.get()),
        blood_wbc
            .get()
            .checked_mul(rbc.get())
            .and_then(|product| product.checked_mul(d(2, 0))),
    ) {
        (Some(csf), Some(blood)) => csf > blood,
        (None, _) | (_, None) => return Err(vec![Field("blood_wbc"), Field("blood_rbc")]),
    };
    ledger.word(
        rule,
        w::STEINHERZ_BLEYER,
        if above { "above" } else { "not_above" },
        above,
    );
    Ok(if above { Status::Cns3b } else { Status::Cns2c })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: serde_json::Value) -> Result<&'static str, Vec<&'static str>> {
        let result = cns(&serde_json::from_value(json).unwrap());
        result
            .status
            .map(Status::code)
            .ok_or(result.missing.iter().map(|field| field.0).collect())
    }

    #[test]
    fn table() {
        use serde_json::json;
        let tap = |wbc: u32, rbc: u32, blood: [u32; 2]| json!({"blasts": true, "csf_wbc": wbc, "csf_rbc": rbc, "blood_wbc": blood[0], "blood_rbc": blood[1], "clinical_signs": false});
        assert_eq!(of(tap(5, 9, [1, 1])), Ok("CNS3a"));
        assert_eq!(of(tap(10, 100, [10, 200])), Ok("CNS2c"), "equality is not above");
        assert_eq!(of(tap(11, 100, [10, 200])), Ok("CNS3b"));
        assert_eq!(
            of(json!({"blasts": true, "csf_wbc": 6, "csf_rbc": 10, "clinical_signs": false})),
            Err(vec!["blood_wbc", "blood_rbc"])
        );
        assert_eq!(of(json!({"clinical_signs": true})), Ok("CNS3c"));
        assert_eq!(of(json!({"blasts": false, "csf_wbc": 40})), Err(vec!["clinical_signs"]));
    }
}
