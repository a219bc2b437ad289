//! Infections: hepatitis B (E8), hepatitis C, HIV and syphilis (E9), CMV and EBV (E10), tuberculosis (E11), uncontrolled (E12).
//!
//! Sources: SNUH and Henan \[S\] for E9 and E12; the steps of E8 (D-16), the RNA step of E9, the cut-off of E10 and all of E11
//! are general practice \[GK\]: project defaults to be confirmed.

use crate::decision::Decisions;
use crate::finding::{Criterion, Field, Op};
use crate::inputs::{codes, inputs};
use crate::quantity::{Level, d};
use crate::truth::{Ledger, Measure, Truth, any};
use crate::{rule, what as w};

codes! {
    /// Result of a test.
    Test {
        /// Negative.
        #[serde(alias = "negative")]
        Negative = "neg",
        /// Positive.
        #[serde(alias = "positive")]
        Positive = "pos",
    }
}

codes! {
    /// Result of a nucleic-acid test.
    NucleicAcid {
        /// Not detected.
        #[serde(alias = "neg", alias = "negative", alias = "undetected", alias = "not_detected")]
        Undetectable = "undetectable",
        /// Detected below the lower limit of quantification.
        #[serde(alias = "<LLOQ", alias = "lt_lloq", alias = "below_LLOQ")]
        BelowLloq = "below_lloq",
        /// Detected.
        #[serde(alias = "pos", alias = "positive", alias = "detected")]
        Detectable = "detectable",
    }
}

pub(crate) fn positive(
    ledger: &mut Ledger,
    rule: &crate::finding::Rule,
    what: &'static str,
    value: Option<Test>,
    field: &'static str,
) -> Truth {
    match value {
        None => Truth::lacking(&[field]),
        Some(test) => ledger.word(rule, what, test.code(), test == Test::Positive),
    }
}

pub(crate) fn detected(
    ledger: &mut Ledger,
    rule: &crate::finding::Rule,
    what: &'static str,
    value: Option<NucleicAcid>,
    field: &'static str,
) -> Truth {
    match value {
        None => Truth::lacking(&[field]),
        Some(result) => ledger.word(rule, what, result.code(), result == NucleicAcid::Detectable),
    }
}

inputs! {
    /// Inputs of E8.
    E8 {
        /// Hepatitis B surface antigen.
        hbsag: Test,
        /// Hepatitis B core antibody.
        hbcab: Test,
        /// Hepatitis B DNA.
        hbv_dna: NucleicAcid,
    }
}

/// E8, hepatitis B \[S; algorithm GK; D-16\]: HBsAg+ excludes; HBcAb+ excludes with detectable DNA, else prophylaxis is flagged.
#[must_use]
pub fn e8(input: &E8, decisions: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let surface = positive(&mut ledger, &rule::E8, w::HBSAG, input.hbsag, "hbsag");
    let core = positive(&mut ledger, &rule::E8, w::HBCAB, input.hbcab, "hbcab");
    let dna = detected(&mut ledger, &rule::E8, w::HBV_DNA, input.hbv_dna, "hbv_dna");
    let carrier = if decisions.hbsag_positive_excludes {
        surface
    } else {
        surface.and(dna.clone())
    };
    let needs_prophylaxis = core.yes();
    let present = carrier.or(core.and(dna));
    if needs_prophylaxis && present.no() {
        ledger.warn(&rule::E8, w::HBV_PROPHYLAXIS);
    }
    ledger.exclude(present)
}

inputs! {
    /// Inputs of E9.
    E9 {
        /// Hepatitis C antibody.
        hcv_ab: Test,
        /// Hepatitis C RNA; needed only with the antibody.
        hcv_rna: NucleicAcid,
        /// HIV antibody or antigen.
        hiv: Test,
        /// Treponemal syphilis test.
        treponemal: Test,
        /// Non-treponemal syphilis test; needed only with the treponemal.
        nontreponemal: Test,
    }
}

/// E9 \[S; RNA step GK\]: hepatitis C with detectable RNA, HIV, or both syphilis tests positive.
#[must_use]
pub fn e9(input: &E9, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let rule = &rule::E9;
    let antibody = positive(&mut ledger, rule, w::HCV_AB, input.hcv_ab, "hcv_ab");
    let rna = detected(&mut ledger, rule, w::HCV_RNA, input.hcv_rna, "hcv_rna");
    let hiv = positive(&mut ledger, rule, w::HIV, input.hiv, "hiv");
    let treponemal = positive(&mut ledger, rule, w::TREPONEMAL, input.treponemal, "treponemal");
    let non = positive(
        &mut ledger,
        rule,
        w::NONTREPONEMAL,
        input.nontreponemal,
        "nontreponemal",
    );
    // Detectable RNA is hepatitis C whatever the antibody says: it may not have formed yet.
    let hepatitis = if rna.yes() { Truth::Yes } else { antibody.and(rna) };
    ledger.exclude(any([hepatitis, hiv, treponemal.and(non)]))
}

inputs! {
    /// Inputs of E10.
    E10 {
        /// CMV disease.
        cmv_disease: bool,
        /// EBV disease.
        ebv_disease: bool,
        /// CMV DNA, IU/mL; 0 where not detected or below quantification.
        cmv_iu_ml: Level,
        /// EBV DNA, IU/mL; 0 where not detected or below quantification.
        ebv_iu_ml: Level,
    }
}

/// E10 \[cut-off GK\]: CMV or EBV disease, or DNA ≥ 1000 IU/mL.
#[must_use]
pub fn e10(input: &E10, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let rule = &rule::E10;
    let cmv = ledger.fact(rule, w::CMV_DISEASE, input.cmv_disease, "cmv_disease");
    let ebv = ledger.fact(rule, w::EBV_DISEASE, input.ebv_disease, "ebv_disease");
    let mut load = |what, value: Option<Level>, field: &'static str| {
        let measure = Measure {
            what,
            unit: "IU/mL",
            value: value.map(Level::get),
            fields: &[field],
        };
        ledger.compare(rule, measure, Op::Ge, d(1000, 0))
    };
    let loads = load(w::CMV_DNA, input.cmv_iu_ml, "cmv_iu_ml").or(load(w::EBV_DNA, input.ebv_iu_ml, "ebv_iu_ml"));
    ledger.exclude(any([cmv, ebv, loads]))
}

codes! {
    /// Interferon-gamma release assay.
    Igra {
        /// Negative.
        #[serde(alias = "negative")]
        Negative = "neg",
        /// Positive: latent infection, allowed with prophylaxis.
        #[serde(alias = "positive")]
        Positive = "pos",
        /// Indeterminate: to be repeated.
        Indeterminate = "indeterminate",
    }
}

inputs! {
    /// Inputs of E11.
    E11 {
        /// Active tuberculosis: clinical, culture or PCR.
        active_tb: bool,
        /// Interferon-gamma release assay.
        igra: Igra,
    }
}

/// E11 \[GK\]: active tuberculosis. Latent is allowed and flagged; an indeterminate assay is not evaluable.
#[must_use]
pub fn e11(input: &E11, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let active = ledger.fact(&rule::E11, w::ACTIVE_TB, input.active_tb, "active_tb");
    let latent = match input.igra {
        None => Truth::lacking(&["igra"]),
        Some(igra) => {
            ledger.word(&rule::E11, w::IGRA, igra.code(), igra == Igra::Positive);
            match igra {
                Igra::Indeterminate => Truth::Unknown(vec![Field("igra")]),
                Igra::Negative => Truth::No,
                Igra::Positive => {
                    ledger.warn(&rule::E11, w::TB_PROPHYLAXIS);
                    Truth::No
                }
            }
        }
    };
    ledger.exclude(active.or(latent))
}

inputs! {
    /// Inputs of E12.
    E12 {
        /// A bacterial, viral or fungal infection.
        infection: bool,
        /// On appropriate therapy.
        on_appropriate_therapy: bool,
        /// Progressing; persisting fever alone is not.
        progressing: bool,
    }
}

/// E12 \[S\]: an uncontrolled infection. Controlled is on appropriate therapy and not progressing.
#[must_use]
pub fn e12(input: &E12, _: &Decisions) -> Criterion {
    let mut ledger = Ledger::default();
    let rule = &rule::E12;
    let infection = ledger.fact(rule, w::INFECTION, input.infection, "infection");
    if infection.no() {
        return ledger.exclude(infection);
    }
    let treated = ledger.fact(
        rule,
        w::ON_APPROPRIATE_THERAPY,
        input.on_appropriate_therapy,
        "on_appropriate_therapy",
    );
    let progressing = ledger.fact(rule, w::INFECTION_PROGRESSING, input.progressing, "progressing");
    ledger.exclude(infection.and(treated.not().or(progressing)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Outcome;
    use serde_json::json;

    #[test]
    fn hepatitis_b_asks_only_for_what_matters() {
        let of = |json| e8(&serde_json::from_value(json).unwrap(), &Decisions::default());
        assert_eq!(of(json!({"hbsag": "pos"})).outcome, Outcome::Fail);
        assert_eq!(
            of(json!({"hbsag": "neg", "hbv_dna": "undetectable"})).outcome,
            Outcome::Pass
        );
        assert_eq!(
            of(json!({"hbsag": "neg"})).outcome,
            Outcome::NotEvaluable {
                missing: vec![Field("hbcab"), Field("hbv_dna")]
            }
        );
        let carrier = of(json!({"hbsag": "neg", "hbcab": "pos", "hbv_dna": "below_lloq"}));
        assert_eq!(
            (carrier.outcome, carrier.warnings[0].what),
            (Outcome::Pass, w::HBV_PROPHYLAXIS)
        );
        assert_eq!(
            of(json!({"hbsag": "neg", "hbcab": "pos", "hbv_dna": "detectable"})).outcome,
            Outcome::Fail
        );
    }

    #[test]
    fn other_infections() {
        let defaults = Decisions::default();
        let of = |json| e9(&serde_json::from_value(json).unwrap(), &defaults).outcome;
        let clear = json!({"hcv_ab": "pos", "hcv_rna": "neg", "hiv": "neg", "treponemal": "neg"});
        assert_eq!(of(clear), Outcome::Pass);
        assert_eq!(of(json!({"treponemal": "pos", "nontreponemal": "pos"})), Outcome::Fail);
        let of = |json| e10(&serde_json::from_value(json).unwrap(), &defaults).outcome;
        assert_eq!(
            of(json!({"cmv_disease": false, "ebv_disease": false, "cmv_iu_ml": 999, "ebv_iu_ml": 0})),
            Outcome::Pass
        );
        assert_eq!(of(json!({"cmv_iu_ml": 1000})), Outcome::Fail);
        let of = |json| e11(&serde_json::from_value(json).unwrap(), &defaults).outcome;
        assert_eq!(of(json!({"active_tb": false, "igra": "pos"})), Outcome::Pass);
        assert_eq!(
            of(json!({"active_tb": false, "igra": "indeterminate"})),
            Outcome::NotEvaluable {
                missing: vec![Field("igra")]
            }
        );
        let of = |json| e12(&serde_json::from_value(json).unwrap(), &defaults).outcome;
        assert_eq!(
            of(json!({"infection": true, "on_appropriate_therapy": true, "progressing": false})),
            Outcome::Pass
        );
        assert_eq!(of(json!({"infection": true, "progressing": true})), Outcome::Fail);
    }
}
