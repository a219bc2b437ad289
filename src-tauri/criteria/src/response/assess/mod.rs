//! The category of one assessment (B.2). First match wins: relapse, progression, active disease, completeness,
//! remission family, partial remission.
//!
//! | definition | marrow | counts recovered | PB blasts | MRD clause | CRh | CRi |
//! |---|---|---|---|---|---|---|
//! | ELN 2024 \[S\] | < 5 % | ANC > 1, PLT > 100 | 0 | ≥ 1 % is failure; regeneration | yes | one lineage |
//! | NCI/BMT 2010 \[S\] | < 5 % | ≥ | 0 | – | – | any failure |
//! | NCCN \[GK\] | < 5 % | > | 0 | – | – | one lineage |
//! | ELIANA \[GK\] | < 5 % | > | < 1 % | – | – | any failure |
//! | ZUMA-3 \[GK\] | ≤ 5 % | ≥ | 0 | – | yes | one lineage |
//!
//! Where the text names a result for a missing item (transfusions unknown: CRi; baseline missing: no PR, flagged;
//! MRD missing: no MRD clause), that result is given although the item could change it.

mod inputs;

pub use inputs::{Assess, Cellularity, CnsClass, Emd, Flow, PriorBest};

use super::Category;
use super::signs::Signs;
use crate::decision::Decisions;
use crate::finding::{Field, Op, Reason};
use crate::quantity::d;
use crate::truth::{Truth, any, union};
use crate::{rule, what as w};
use serde::Serialize;

/// A category with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// The category.
    pub category: Category,
    /// The inputs that are missing and would have mattered.
    pub missing: Vec<Field>,
    /// What it rests on.
    pub reasons: Vec<Reason>,
    /// Flags: repeat marrow, repeat lumbar puncture, MRD relapse, PR or PD not assessable.
    pub warnings: Vec<Reason>,
}

type Found = Option<(Category, Vec<Field>)>;

fn found(category: Category) -> Found {
    Some((category, Vec::new()))
}

fn lacking(fields: &[Field]) -> Found {
    Some((Category::Ne, fields.to_vec()))
}

/// The category of one assessment under the definition in `decisions` \[D-04, D-05, D-17, D-18, D-23, D-24\].
#[must_use]
pub fn assess(input: &Assess, decisions: &Decisions) -> Assessment {
    let mut signs = Signs::new(input, decisions);
    let (category, missing) = relapse(&mut signs)
        .or_else(|| progression(&mut signs))
        .or_else(|| active(&mut signs))
        .or_else(|| incomplete(&mut signs))
        .unwrap_or_else(|| remission(&mut signs));
    flag_old_site(&mut signs);
    Assessment {
        category,
        missing,
        reasons: signs.ledger.reasons,
        warnings: signs.ledger.warnings,
    }
}

fn flag_old_site(signs: &mut Signs<'_>) {
    if signs.input.emd == Some(Emd::PresentBaseline) && signs.in_remission_before() == Some(true) {
        signs.ledger.warn(&rule::B2_1, w::EMD_AFTER_REMISSION);
    }
}

/// Step 1. Any one sign suffices; others may be missing.
fn relapse(signs: &mut Signs<'_>) -> Found {
    let rule = &rule::B2_1;
    if signs.in_remission_before() == Some(false) {
        return None;
    }
    let mut aside = std::mem::take(&mut signs.ledger);
    let two_taps = Truth::known(signs.cns_two() && signs.input.prior_cns2_tap == Some(true));
    let elsewhere = any([
        signs.blood_active(rule),
        signs.emd_is(rule, &[Emd::New]),
        signs.cns_overt(rule),
        signs.stated(rule, w::TWO_CNS2_TAPS, "true", two_taps),
    ]);
    let marrow = signs.marrow_active(rule);
    let regeneration = signs.regeneration();
    let sign = elsewhere.or(marrow.and(regeneration.clone().not()));
    let known_prior = signs.in_remission_before().is_some();
    if sign.yes() {
        if known_prior {
            return found(Category::Relapse);
        }
        return lacking(&[Field("prior_best")]);
    }
    // Nothing here was a reason after all.
    std::mem::swap(&mut signs.ledger, &mut aside);
    if known_prior && !regeneration.missing().is_empty() {
        return lacking(regeneration.missing());
    }
    if signs.cns_two() {
        if !known_prior {
            return lacking(&[Field("prior_best")]);
        }
        signs.ledger.word(rule, w::CNS, "2", true);
        signs.ledger.warn(rule, w::REPEAT_LUMBAR_PUNCTURE);
        let unknown = signs.input.prior_cns2_tap.is_none();
        return lacking(if unknown { &[Field("prior_cns2_tap")] } else { &[] });
    }
    None
}

/// Step 2. A missing baseline cannot show progression; it is flagged.
fn progression(signs: &mut Signs<'_>) -> Found {
    let rule = &rule::B2_2;
    if signs.in_remission_before() == Some(true) {
        return None;
    }
    if signs.emd_is(rule, &[Emd::New]).yes() {
        return found(Category::Pd);
    }
    let mut aside = std::mem::take(&mut signs.ledger);
    if signs.cns_overt(rule).yes() {
        match signs.input.baseline_cns {
            Some(CnsClass::One | CnsClass::Two) => return found(Category::Pd),
            Some(CnsClass::Three) => {}
            None => aside.warn(rule, w::PD_NOT_ASSESSABLE),
        }
    }
    std::mem::swap(&mut signs.ledger, &mut aside);
    if signs.blood_rose().yes() {
        signs.ledger.word(rule, w::PB_RISE, "true", true);
        return found(Category::Pd);
    }
    let mut aside = std::mem::take(&mut signs.ledger);
    let again = Truth::known(signs.input.prior_best.is_some_and(PriorBest::cleared_marrow));
    let rise = signs.marrow_rose(rule).or(again.and(signs.marrow_at_least_five(rule)));
    let regeneration = signs.regeneration();
    if rise.yes() {
        match regeneration {
            Truth::No => {
                signs.ledger.reasons.dedup();
                signs.ledger.word(rule, w::BM_RISE, "true", true);
                return found(Category::Pd);
            }
            Truth::Unknown(missing) => return lacking(&missing),
            Truth::Yes => {}
        }
    }
    std::mem::swap(&mut signs.ledger, &mut aside);
    None
}

/// Step 3. Disease somewhere: partial remission or no response.
fn active(signs: &mut Signs<'_>) -> Found {
    let rule = &rule::B2_3;
    let regeneration = signs.regeneration();
    let elsewhere = [
        signs.blood_active(rule),
        signs.emd_is(rule, &[Emd::PresentBaseline, Emd::New]),
        signs.cns_overt(rule),
        Truth::known(signs.cns_two()),
    ];
    if signs.cns_two() {
        signs.ledger.word(rule, w::CNS, "2", true);
    }
    let elsewhere = elsewhere.iter().any(Truth::yes);
    let marrow = if regeneration.yes() {
        Truth::No
    } else {
        signs.marrow_active(rule)
    };
    if !elsewhere && !marrow.yes() {
        return None;
    }
    if !elsewhere && signs.marrow_without_disease() {
        if let Truth::Unknown(missing) = regeneration {
            return lacking(&missing);
        }
        let (anc, platelets) = signs.recovered(&rule::B2_5);
        if !anc.and(platelets).yes() {
            signs.ledger.warn(&rule::B2_5, w::REPEAT_MARROW);
            return lacking(&[]);
        }
    }
    if signs.bm.is_none() {
        return found(Category::Nr);
    }
    Some(partial(signs))
}

/// Step 6. Partial remission, or none.
fn partial(signs: &mut Signs<'_>) -> (Category, Vec<Field>) {
    let rule = &rule::B2_6;
    let measure = signs.marrow();
    let low = signs.ledger.compare(rule, measure, signs.params.active, d(5, 0));
    let range = low.and(signs.ledger.compare(rule, measure, Op::Le, d(25, 0)));
    let fell = signs.fell_by_half();
    let never_clear = match signs.input.prior_best {
        None => Truth::lacking(&["prior_best"]),
        Some(prior) => Truth::known(!prior.is_remission() && !prior.cleared_marrow()),
    };
    let (anc, platelets) = signs.recovered(rule);
    let no_blasts = blood_clear(signs);
    let no_emd = signs.emd_is(rule, &[Emd::New, Emd::PresentBaseline]).not();
    let cns = cns_one(signs);
    let others = range
        .clone()
        .and(never_clear)
        .and(anc)
        .and(platelets)
        .and(no_blasts)
        .and(no_emd)
        .and(cns);
    if signs.input.baseline_bm_pct.is_none() {
        if others.no() {
            return (Category::Nr, Vec::new());
        }
        signs.ledger.warn(rule, w::PR_NOT_ASSESSABLE);
        return (Category::Nr, vec![Field("baseline_bm_pct")]);
    }
    signs.ledger.word(
        rule,
        w::BM_FALL_50,
        if fell.yes() { "true" } else { "false" },
        fell.yes(),
    );
    match others.and(fell) {
        Truth::Yes => (Category::Pr, Vec::new()),
        Truth::No => (Category::Nr, Vec::new()),
        Truth::Unknown(missing) => (Category::Ne, missing),
    }
}

/// No blasts in blood; between 0 and 1 % flow cytometry is needed, except where the definition allows them.
fn blood_clear(signs: &Signs<'_>) -> Truth {
    match signs.pb {
        None => Truth::lacking(&["pb_blasts_pct"]),
        Some(pb) if pb.is_zero() || (signs.params.few_blasts_are_none && pb < d(1, 0)) => Truth::Yes,
        Some(pb) if pb < d(1, 0) => Truth::lacking(&["pb_flow_clarified"]),
        Some(_) => Truth::No,
    }
}

/// CNS1 now, or carried forward from a baseline CNS1 without signs where no lumbar puncture was required.
fn cns_one(signs: &mut Signs<'_>) -> Truth {
    if signs.input.clinical_cns_signs == Some(true) {
        return Truth::No;
    }
    match signs.input.cns {
        Some(class) => Truth::known(class == CnsClass::One),
        None => {
            let carried = signs.input.baseline_cns == Some(CnsClass::One)
                && signs.input.clinical_cns_signs == Some(false)
                && signs.input.lp_required != Some(true);
            if carried {
                signs.ledger.warn(&rule::B2_4, w::CNS_CARRIED_FORWARD);
                Truth::Yes
            } else {
                Truth::lacking(&["cns"])
            }
        }
    }
}

/// Step 4. What the remission family cannot do without.
fn incomplete(signs: &mut Signs<'_>) -> Found {
    let mut missing = Vec::new();
    if signs.bm.is_none() {
        missing.push(Field("bm_blasts_pct"));
    }
    missing = union(missing, blood_clear(signs).missing());
    if signs.input.emd.is_none() {
        missing.push(Field("emd"));
    }
    missing = union(missing, cns_one(signs).missing());
    if signs.input.anc.is_none() {
        missing.push(Field("anc"));
    }
    if signs.input.plt.is_none() {
        missing.push(Field("plt"));
    }
    if missing.is_empty() { None } else { lacking(&missing) }
}

/// Step 5. The remission family: marrow clear or regenerating, no blasts, no other disease, counts known.
fn remission(signs: &mut Signs<'_>) -> (Category, Vec<Field>) {
    let measure = signs.marrow();
    if signs.regeneration().yes() {
        signs.ledger.word(&rule::B2_5, w::REGENERATION, "true", true);
    } else {
        let clear = if signs.params.active == Op::Gt { Op::Le } else { Op::Lt };
        signs.ledger.compare(&rule::B2_5, measure, clear, d(5, 0));
    }
    if signs.params.mrd_clause {
        let mrd = signs.mrd();
        let high = signs.ledger.compare(&rule::B2_5A, mrd, Op::Ge, d(1, 2));
        if high.yes() {
            return match signs.in_remission_before() {
                Some(true) => {
                    signs.ledger.warn(&rule::B2_5A, w::MRD_RELAPSE);
                    (Category::Ne, Vec::new())
                }
                Some(false) => (Category::Nr, Vec::new()),
                None => (Category::Ne, vec![Field("prior_best")]),
            };
        }
    }
    by_counts(signs)
}

fn by_counts(signs: &mut Signs<'_>) -> (Category, Vec<Field>) {
    let (anc, platelets) = signs.recovered(&rule::B2_5B);
    let (plt_given, rbc_given) = signs.transfused(&rule::B2_5B);
    if anc.yes() && platelets.yes() {
        let given = plt_given.clone().or(rbc_given);
        return match given {
            Truth::No => (Category::Cr, Vec::new()),
            Truth::Yes => (Category::Cri, Vec::new()),
            // CR is never claimed on unknown transfusions.
            Truth::Unknown(missing) => (Category::Cri, missing),
        };
    }
    let without_platelets = plt_given.no();
    if signs.params.crh {
        let (anc, platelets) = (signs.anc(), signs.platelets());
        let partly = signs.ledger.compare(&rule::B2_5D, anc, Op::Gt, d(5, 1)).yes()
            & signs.ledger.compare(&rule::B2_5D, platelets, Op::Gt, d(50, 0)).yes();
        if partly && without_platelets {
            return (Category::Crh, Vec::new());
        }
    }
    let unsure: &[Field] = if platelets.yes() || anc.yes() {
        plt_given.missing()
    } else {
        &[]
    };
    let one = anc.yes() != (platelets.yes() && without_platelets);
    if one {
        return (Category::Cri, unsure.to_vec());
    }
    match (signs.input.bm_cellularity, signs.params.any_failure_is_cri) {
        (None, _) => (Category::Ne, vec![Field("bm_cellularity")]),
        (Some(Cellularity::Aplastic), _) => {
            signs
                .ledger
                .word(&rule::B2_5F, w::CELLULARITY, Cellularity::Aplastic.code(), true);
            (Category::Aplastic, Vec::new())
        }
        (Some(Cellularity::Adequate | Cellularity::Hypocellular), true) => (Category::Cri, Vec::new()),
        (Some(other), false) => {
            signs.ledger.word(&rule::B2_5F, w::CELLULARITY, other.code(), true);
            (Category::Mlfs, unsure.to_vec())
        }
    }
}
