//! The facts of one assessment, normalised once (B.2 step 0) and asked in every step.

use super::assess::{Assess, CnsClass, Emd, Flow, PriorBest};
use super::params::Params;
use crate::decision::Decisions;
use crate::finding::{Op, Rule};
use crate::quantity::{CellsE9PerL, Fraction, Level, Percent, d};
use crate::truth::{Ledger, Measure, Truth, all};
use crate::{rule, what as w};
use rust_decimal::Decimal;

/// One assessment as the steps see it.
pub(super) struct Signs<'a> {
    pub(super) input: &'a Assess,
    pub(super) params: Params,
    pub(super) ledger: Ledger,
    pub(super) bm: Option<Decimal>,
    pub(super) pb: Option<Decimal>,
    pub(super) pb_abs: Option<Decimal>,
    transfusion_days: Decimal,
}

impl<'a> Signs<'a> {
    pub(super) fn new(input: &'a Assess, decisions: &Decisions) -> Self {
        let pb = input.pb_blasts_pct.map(Percent::get);
        let pb_abs = input.pb_abs.map(Level::get);
        let (pb, pb_abs) = match input.pb_flow_clarified {
            Some(Flow::NotBlasts) => (Some(d(0, 0)), Some(d(0, 0))),
            Some(Flow::Blasts) => (
                pb.map(|value| if value.is_zero() { value } else { value.max(d(1, 0)) }),
                pb_abs,
            ),
            None => (pb, pb_abs),
        };
        Self {
            input,
            params: Params::of(decisions),
            ledger: Ledger::default(),
            bm: input.bm_blasts_pct.map(Percent::get),
            pb,
            pb_abs,
            transfusion_days: Decimal::from(decisions.transfusion_days),
        }
    }

    /// A comparison that is written down only when it holds: a sign that is absent is not a reason.
    pub(super) fn sign(&mut self, rule: &Rule, measure: Measure<'_>, op: Op, limit: Decimal) -> Truth {
        let mut aside = Ledger::default();
        let truth = aside.compare(rule, measure, op, limit);
        if truth.yes() {
            self.ledger.reasons.append(&mut aside.reasons);
        }
        truth
    }

    /// A statement that is written down only when it holds.
    pub(super) fn stated(&mut self, rule: &Rule, what: &'static str, code: &str, truth: Truth) -> Truth {
        if truth.yes() {
            self.ledger.word(rule, what, code, true);
        }
        truth
    }

    pub(super) fn marrow(&self) -> Measure<'static> {
        Measure {
            what: w::BM_BLASTS,
            unit: "%",
            value: self.bm,
            fields: &["bm_blasts_pct"],
        }
    }

    pub(super) fn blood(&self) -> Measure<'static> {
        Measure {
            what: w::PB_BLASTS,
            unit: "%",
            value: self.pb,
            fields: &["pb_blasts_pct"],
        }
    }

    /// Marrow blasts in the range of active disease.
    pub(super) fn marrow_active(&mut self, rule: &Rule) -> Truth {
        let (measure, op) = (self.marrow(), self.params.active);
        self.sign(rule, measure, op, d(5, 0))
    }

    pub(super) fn blood_active(&mut self, rule: &Rule) -> Truth {
        let measure = self.blood();
        self.sign(rule, measure, Op::Ge, d(1, 0))
    }

    pub(super) fn emd_is(&mut self, rule: &Rule, wanted: &[Emd]) -> Truth {
        match self.input.emd {
            None => Truth::lacking(&["emd"]),
            Some(emd) => self.stated(rule, w::EMD, emd.code(), Truth::known(wanted.contains(&emd))),
        }
    }

    /// CNS3, or clinical signs.
    pub(super) fn cns_overt(&mut self, rule: &Rule) -> Truth {
        let three = match self.input.cns {
            None => Truth::lacking(&["cns"]),
            Some(class) => self.stated(rule, w::CNS, class.code(), Truth::known(class == CnsClass::Three)),
        };
        // Clinical signs are an optional sign: not stated, they say nothing.
        let clinical = Truth::known(self.input.clinical_cns_signs == Some(true));
        let clinical = self.stated(rule, w::CLINICAL_CNS_SIGNS, "true", clinical);
        three.or(clinical)
    }

    pub(super) fn cns_two(&self) -> bool {
        self.input.cns == Some(CnsClass::Two)
    }

    pub(super) fn anc(&self) -> Measure<'static> {
        let value = self.input.anc.map(CellsE9PerL::get);
        Measure {
            what: w::ANC,
            unit: CellsE9PerL::UNIT,
            value,
            fields: &["anc"],
        }
    }

    pub(super) fn platelets(&self) -> Measure<'static> {
        let value = self.input.plt.map(CellsE9PerL::get);
        Measure {
            what: w::PLATELETS,
            unit: CellsE9PerL::UNIT,
            value,
            fields: &["plt"],
        }
    }

    /// ANC and platelets recovered, each as the definition has it.
    pub(super) fn recovered(&mut self, rule: &Rule) -> (Truth, Truth) {
        let op = self.params.recovered;
        let (anc, platelets) = (self.anc(), self.platelets());
        (
            self.ledger.compare(rule, anc, op, d(1, 0)),
            self.ledger.compare(rule, platelets, op, d(100, 0)),
        )
    }

    /// Platelets, then red cells: transfused within the days that block CR.
    pub(super) fn transfused(&mut self, rule: &Rule) -> (Truth, Truth) {
        let rule = &Rule {
            decision: Some("D-18"),
            ..*rule
        };
        let mut recent = |what, value: Option<u16>, ever: Option<bool>, field: &'static str| {
            let never = ever == Some(false) || self.input.no_transfusion_ever == Some(true);
            if value.is_none() && never {
                return self.ledger.word(rule, what, "never", true).not();
            }
            let measure = Measure {
                what,
                unit: "d",
                value: value.map(Decimal::from),
                fields: &[field],
            };
            self.ledger.compare(rule, measure, Op::Gt, self.transfusion_days).not()
        };
        (
            recent(
                w::DAYS_SINCE_PLT_TRANSFUSION,
                self.input.days_since_plt_transfusion,
                self.input.plt_transfused_ever,
                "days_since_plt_transfusion",
            ),
            recent(
                w::DAYS_SINCE_RBC_TRANSFUSION,
                self.input.days_since_rbc_transfusion,
                self.input.rbc_transfused_ever,
                "days_since_rbc_transfusion",
            ),
        )
    }

    pub(super) fn in_remission_before(&self) -> Option<bool> {
        self.input.prior_best.map(PriorBest::is_remission)
    }

    pub(super) fn mrd_below_one_pct(&self) -> Option<bool> {
        self.input.mrd_fraction.map(|mrd| mrd.get() < d(1, 2))
    }

    pub(super) fn mrd(&self) -> Measure<'static> {
        let value = self.input.mrd_fraction.map(Fraction::get);
        Measure {
            what: w::MRD,
            unit: "",
            value,
            fields: &["mrd_fraction"],
        }
    }

    /// Marrow 5 to 25 % whose MRD on the same aspirate is below 1 %.
    pub(super) fn marrow_without_disease(&self) -> bool {
        self.params.regeneration
            && self.bm.is_some_and(|bm| bm >= d(5, 0) && bm <= d(25, 0))
            && self.mrd_below_one_pct() == Some(true)
            && self.input.mrd_same_aspirate != Some(false)
    }

    /// A fall of at least half from baseline.
    pub(super) fn fell_by_half(&self) -> Truth {
        match (self.bm, self.input.baseline_bm_pct.map(Percent::get)) {
            (Some(now), Some(before)) => Truth::known((before - now) * d(2, 0) >= before),
            (None, _) => Truth::lacking(&["bm_blasts_pct"]),
            (_, None) => Truth::lacking(&["baseline_bm_pct"]),
        }
    }

    /// Regeneration: marrow without disease, counts recovered, and a fall by half unless baseline was below 5 %.
    pub(super) fn regeneration(&self) -> Truth {
        if !self.marrow_without_disease() {
            return Truth::No;
        }
        let op = self.params.recovered;
        let mut aside = Ledger::default();
        let low_before = match self.input.baseline_bm_pct {
            None => Truth::lacking(&["baseline_bm_pct"]),
            Some(before) => Truth::known(before.get() < d(5, 0)),
        };
        all([
            aside.compare(&rule::B2_5, self.anc(), op, d(1, 0)),
            aside.compare(&rule::B2_5, self.platelets(), op, d(100, 0)),
            low_before.or(self.fell_by_half()),
        ])
    }

    /// Marrow blasts up by a quarter or more from baseline, to 5 % or more.
    pub(super) fn marrow_rose(&mut self, rule: &Rule) -> Truth {
        rose(self.bm, self.input.baseline_bm_pct.map(Percent::get), "baseline_bm_pct")
            .and(self.marrow_at_least_five(rule))
    }

    pub(super) fn marrow_at_least_five(&mut self, rule: &Rule) -> Truth {
        let measure = self.marrow();
        self.sign(rule, measure, Op::Ge, d(5, 0))
    }

    /// Blasts in blood up by a quarter or more from a baseline above 0.
    pub(super) fn blood_rose(&self) -> Truth {
        match self.input.baseline_pb_abs.map(Level::get) {
            Some(before) if before.is_zero() => Truth::No,
            before => rose(self.pb_abs, before, "baseline_pb_abs"),
        }
    }
}

fn rose(now: Option<Decimal>, before: Option<Decimal>, field: &'static str) -> Truth {
    match (now, before) {
        (Some(now), Some(before)) => Truth::known((now - before) * d(4, 0) >= before),
        (None, _) | (_, None) => Truth::lacking(&[field]),
    }
}
