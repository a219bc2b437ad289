//! Measurable residual disease. ELN classes \[S\]; exactly 1e-4 is not negative \[PD\]; 1e-6 by sequencing \[GK\].

use crate::finding::{Field, Op, Reason};
use crate::inputs::{codes, inputs};
use crate::quantity::{Fraction, Level, d};
use crate::truth::{Ledger, Measure};
use crate::{rule, what as w};

codes! {
    /// How MRD was measured.
    Method {
        /// Flow cytometry.
        Flow = "flow",
        /// RQ-PCR.
        #[serde(alias = "PCR", alias = "RQ-PCR", alias = "rq_pcr")]
        Pcr = "pcr",
        /// Sequencing.
        #[serde(alias = "NGS")]
        Ngs = "ngs",
    }
}

codes! {
    /// What was sampled.
    Specimen {
        /// Marrow.
        Marrow = "BM",
        /// Blood: never counts as negative.
        Blood = "PB",
    }
}

codes! {
    /// ELN class.
    Eln {
        /// Not detected with a sensitivity of at least 1e-4.
        Complete = "complete",
        /// 1e-4 or more.
        Failure = "failure",
        /// Detected below 1e-4.
        Intermediate = "intermediate",
        /// Not detected, but the assay could not have seen 1e-4.
        NegativeInsufficient = "negative_insufficient",
        /// Nothing can be said.
        NotEvaluable = "not_evaluable",
    }
}

inputs! {
    /// One MRD result.
    Mrd {
        /// The quantified fraction; missing when nothing was quantified.
        value: Fraction,
        /// Whether anything was detected.
        detected: bool,
        /// Limit of detection of the assay, as a fraction.
        lod: Fraction,
        /// Assay.
        method: Method,
        /// Specimen.
        specimen: Specimen,
        /// The aspirate was haemodiluted or not the first pull.
        #[serde(alias = "haemodiluted")]
        hemodiluted: bool,
        /// Cell equivalents analysed, for sequencing.
        cell_equivalents: Level,
        /// The assay of the previous visit, to flag a change.
        previous_method: Method,
    }
}

/// MRD, classified.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct MrdResult {
    /// Below 1e-4 with an assay that could see it (marrow; flow or RQ-PCR, or sequencing with the same sensitivity).
    pub negative_1e4: Option<bool>,
    /// Below 1e-6 by sequencing, with enough cells.
    pub negative_1e6: Option<bool>,
    /// ELN class.
    pub eln: Eln,
    /// The inputs that are missing.
    pub missing: Vec<Field>,
    /// What it rests on.
    pub reasons: Vec<Reason>,
    /// Change of method, haemodilution.
    pub warnings: Vec<Reason>,
}

/// Classifies one MRD result. A value that proves failure counts even where a negative would not be believed.
#[must_use]
pub fn mrd(input: &Mrd) -> MrdResult {
    let mut ledger = Ledger::default();
    let rule = &rule::B3;
    if input.hemodiluted == Some(true) {
        ledger.warn(rule, w::HEMODILUTED);
    }
    if let (Some(now), Some(before)) = (input.method, input.previous_method)
        && now != before
    {
        ledger.warn(rule, w::MRD_METHOD_CHANGED);
    }
    ledger.fact(rule, w::MRD_DETECTED, input.detected, "detected");
    let limit = d(1, 4);
    let measure = Measure {
        what: w::MRD,
        unit: "",
        value: input.value.map(Fraction::get),
        fields: &["value"],
    };
    let at_limit = ledger.compare(rule, measure, Op::Ge, limit);
    let lod = Measure {
        what: w::MRD_LOD,
        unit: "",
        value: input.lod.map(Fraction::get),
        fields: &["lod"],
    };
    let sensitive = ledger.compare(rule, lod, Op::Le, limit);
    let unbelievable = input.hemodiluted == Some(true) || input.specimen == Some(Specimen::Blood);

    let mut missing = Vec::new();
    let mut lacks = |absent: bool, name: &'static str| {
        if absent {
            missing.push(Field(name));
        }
    };
    // What was quantified was detected. A result at the limit that was "not detected" contradicts itself.
    let contradictory = input.detected == Some(false) && at_limit.yes();
    let detected = match input.detected {
        Some(_) if contradictory => None,
        None => input.value.map(|value| !value.get().is_zero()),
        stated => stated,
    };
    let (eln, below) = match detected {
        None => {
            lacks(true, "detected");
            (Eln::NotEvaluable, None)
        }
        Some(true) => {
            lacks(input.value.is_none(), "value");
            match input.value {
                Some(_) if at_limit.yes() => (Eln::Failure, Some(false)),
                Some(_) => (Eln::Intermediate, Some(true)),
                None => (Eln::NotEvaluable, None),
            }
        }
        Some(false) => {
            lacks(input.lod.is_none(), "lod");
            match input.lod {
                Some(_) if sensitive.yes() => (Eln::Complete, Some(true)),
                Some(_) => (Eln::NegativeInsufficient, Some(false)),
                None => (Eln::NotEvaluable, None),
            }
        }
    };
    let specimen_known = input.specimen.is_some();
    let blood = input.specimen == Some(Specimen::Blood);
    let believed = |negative: Option<bool>| match negative {
        Some(true) if unbelievable => blood.then_some(false),
        Some(true) if !specimen_known => None,
        other => other,
    };
    // A quantified value below the limit still needs an assay that could have seen the limit.
    let with_assay = match (below, sensitive.yes(), input.lod.is_some()) {
        (Some(true), false, true) => Some(false),
        (Some(true), false, false) => None,
        (other, ..) => other,
    };
    lacks(below == Some(true) && input.specimen.is_none(), "specimen");
    lacks(below == Some(true) && input.lod.is_none(), "lod");
    let eln = match eln {
        // Blood and diluted marrow prove disease, never its absence.
        Eln::Complete | Eln::Intermediate | Eln::NegativeInsufficient if unbelievable => Eln::NotEvaluable,
        Eln::Complete | Eln::Failure | Eln::Intermediate | Eln::NegativeInsufficient | Eln::NotEvaluable => eln,
    };
    let deep = negative_1e6(input, detected);
    MrdResult {
        // Blood is never negative, whatever else is missing.
        negative_1e4: if blood { Some(false) } else { believed(with_assay) },
        negative_1e6: believed(deep),
        eln,
        missing,
        reasons: ledger.reasons,
        warnings: ledger.warnings,
    }
}

fn negative_1e6(input: &Mrd, detected: Option<bool>) -> Option<bool> {
    if input.method != Some(Method::Ngs) {
        return None;
    }
    let limit = d(1, 6);
    if input.value.is_some_and(|value| value.get() >= limit) {
        return Some(false);
    }
    let enough = input
        .cell_equivalents
        .is_some_and(|cells| cells.get() >= d(1_200_000, 0));
    let sensitive = input.lod.is_some_and(|lod| lod.get() <= limit);
    let below = detected == Some(false) || input.value.is_some();
    (below && enough && sensitive).then_some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(json: serde_json::Value) -> (Option<bool>, Eln) {
        let result = mrd(&serde_json::from_value(json).unwrap());
        (result.negative_1e4, result.eln)
    }

    #[test]
    fn table() {
        let bm = |value: Option<f64>, detected: bool, lod: f64| json!({"value": value, "detected": detected, "lod": lod, "method": "flow", "specimen": "BM"});
        assert_eq!(
            of(bm(Some(0.0001), true, 1e-5)),
            (Some(false), Eln::Failure),
            "exactly 1e-4 is not negative"
        );
        assert_eq!(of(bm(Some(0.00009), true, 1e-5)), (Some(true), Eln::Intermediate));
        assert_eq!(
            of(bm(Some(0.00009), true, 1e-3)),
            (Some(false), Eln::Intermediate),
            "assay too coarse"
        );
        assert_eq!(of(bm(None, false, 1e-3)), (Some(false), Eln::NegativeInsufficient));
        assert_eq!(of(bm(None, false, 1e-4)), (Some(true), Eln::Complete));
        assert_eq!(
            of(json!({"detected": false, "lod": 1e-5, "method": "flow", "specimen": "PB"})),
            (Some(false), Eln::NotEvaluable)
        );
        assert_eq!(
            of(json!({"detected": false, "lod": 1e-5, "specimen": "BM", "hemodiluted": true})),
            (None, Eln::NotEvaluable)
        );
        assert_eq!(
            of(json!({"detected": false, "specimen": "BM"})),
            (None, Eln::NotEvaluable)
        );
        assert_eq!(of(json!({"specimen": "PB"})), (Some(false), Eln::NotEvaluable));
        assert_eq!(
            of(json!({"value": 0.00009, "lod": 1e-5, "specimen": "BM"})),
            (Some(true), Eln::Intermediate),
            "quantified is detected"
        );
        assert_eq!(
            of(json!({"value": 0.002, "detected": false, "lod": 1e-5, "specimen": "BM"})),
            (None, Eln::NotEvaluable),
            "a contradiction is no remission"
        );
    }

    #[test]
    fn sequencing_needs_cells() {
        let of = |cells: Option<u32>| {
            mrd(&serde_json::from_value(json!(
                {"detected": false, "lod": 1e-6, "method": "ngs", "specimen": "BM", "cell_equivalents": cells}))
            .unwrap())
            .negative_1e6
        };
        assert_eq!((of(None), of(Some(1_200_000))), (None, Some(true)));
    }
}
