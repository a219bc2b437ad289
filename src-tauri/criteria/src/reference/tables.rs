//! The tables of thresholds, each read from where the code keeps it.

use crate::decision::{Decisions, Ruleset};
use crate::elig::fresh::Kind;
use crate::elig::washout::{Drug, Steroid};
use crate::finding::Op;
use crate::plausible::{self, Vital};
use crate::response::params_of;
use crate::tox::ctcae::{Version, table};
use crate::unit::{self, Analyte};
use crate::vitals::{BASELINE_MINUTES, GAP_MINUTES, PHASES};
use std::fmt::Write as _;

pub(super) fn fresh(page: &mut String) {
    page.push_str(
        "\n### How old a result may be\n\n| result | days before the start of lymphodepletion, included |\n|---|---|\n",
    );
    for kind in Kind::ALL {
        let _ = writeln!(page, "| {} | {} |", kind.code(), kind.days());
    }
}

pub(super) fn washouts(page: &mut String) {
    page.push_str(
        "\n### Washouts\n\nDays that must lie between the last dose and the start of lymphodepletion; exactly that many is \
         enough.\n\n| earlier treatment | days |\n|---|---|\n",
    );
    for drug in Drug::ALL {
        let _ = writeln!(page, "| {} | {} |", drug.code().replace('_', " "), drug.washout_days());
    }
}

pub(super) fn steroids(page: &mut String) {
    page.push_str("\n### Steroids equivalent to 5 mg prednisone\n\n| steroid | mg |\n|---|---|\n");
    for steroid in Steroid::ALL {
        let _ = writeln!(
            page,
            "| {} | {} |",
            steroid.code(),
            steroid.five_mg_prednisone().normalize()
        );
    }
}

pub(super) fn renal(page: &mut String) {
    page.push_str(
        "\n### Renal formulae\n\n| formula | ages | computed |\n|---|---|---|\n\
         | Cockcroft-Gault, mL/min | from 18 | (140 − age) × kg / (72 × creatinine mg/dL), × 0.85 if female; actual weight |\n\
         | bedside Schwartz, mL/min/1.73 m² | 1 to 17 | 0.413 × cm / creatinine mg/dL |\n\
         | CKD-EPI 2021, mL/min/1.73 m², shown only | from 18 | 142 × min(S/κ, 1)^α × max(S/κ, 1)^−1.2 × 0.9938^age, × 1.012 \
         if female; κ 0.7 F, 0.9 M; α −0.241 F, −0.302 M |\n\
         | body surface, m² (Mosteller) | all | √(cm × kg / 3600) |\n\
         | corrected calcium | all | mg/dL: Ca + 0.8 × (4.0 − albumin g/dL); mmol/L: Ca + 0.02 × (40 − albumin g/L) |\n",
    );
}

pub(super) fn response(page: &mut String) {
    page.push_str(
        "\n### What distinguishes the published definitions\n\n| definition | marrow blasts of active disease | ANC 1.0 and platelets \
         100 ×10⁹/L | blood blasts below 1 % | MRD of 1 % or more fails | regenerating marrow | CRh | CRi |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    let word = |yes: bool| if yes { "yes" } else { "no" };
    for ruleset in [
        Ruleset::Eln2024,
        Ruleset::Nci2010,
        Ruleset::Nccn,
        Ruleset::Eliana,
        Ruleset::Zuma3,
    ] {
        let decisions = Decisions {
            ruleset,
            ..Decisions::default()
        };
        let params = params_of(&decisions);
        let _ = writeln!(
            page,
            "| {ruleset:?} | {} 5 % | {} | {} | {} | {} | {} | {} |",
            if params.active == Op::Gt { "above" } else { "from" },
            if params.recovered == Op::Gt {
                "not recovered"
            } else {
                "recovered"
            },
            if params.few_blasts_are_none {
                "none"
            } else {
                "to be clarified"
            },
            word(params.mrd_clause),
            word(params.regeneration),
            word(params.crh),
            if params.any_failure_is_cri {
                "any failure of the counts"
            } else {
                "one lineage recovered"
            },
        );
    }
}

pub(super) fn ctcae(page: &mut String) {
    for (version, note) in [(Version::V5, "pinned by D-15"), (Version::V6, "where asked for")] {
        let _ = write!(
            page,
            "\n### CTCAE {}, laboratory ({note})\n\n| term | unit | 1 | 2 | 3 | 4 |\n|---|---|---|---|---|---|\n",
            version.code()
        );
        for row in table::rows(version) {
            let [one, two, three, four] = row.grades;
            let cells = [one, two, three, four].map(|text| if text.is_empty() { "–".to_owned() } else { text });
            let term = row.term.code().replace('_', " ");
            let unit = if row.unit.is_empty() { "–" } else { &row.unit };
            let _ = writeln!(page, "| {term} | {unit} | {} |", cells.join(" | "));
        }
    }
}

pub(super) fn units(page: &mut String) {
    page.push_str("\n### Conversions of units\n\n| analyte | from | to | factor |\n|---|---|---|---|\n");
    for analyte in Analyte::ALL {
        let name = analyte.code().replace('_', " ");
        let _ = match unit::row(*analyte) {
            Some((from, to, factor)) => {
                writeln!(
                    page,
                    "| {name} | {} | {} | × {} |",
                    from.join(", "),
                    to.join(", "),
                    factor.normalize()
                )
            }
            None => writeln!(page, "| {name} | F | C | (F − 32) / 1.8 |"),
        };
    }
    page.push_str(
        "\nD-dimer has no conversion: its unit is kept. Nothing is converted across a rounded row of a table.\n",
    );
}

pub(super) fn vitals(page: &mut String) {
    let _ = write!(
        page,
        "\n### Vital signs around the infusion\n\nBaseline at most {BASELINE_MINUTES} minutes before the start. A gap of more than \
         {GAP_MINUTES} minutes in the first stretch is asked about.\n\n| stretch | every, minutes | until, minutes after the stop \
         |\n|---|---|---|\n",
    );
    for (phase, step, until) in PHASES {
        let _ = writeln!(page, "| {phase:?} | {step} | {until} |");
    }
}

pub(super) fn plausible(page: &mut String) {
    page.push_str(
        "\n### Plausible ranges\n\nThe ends are inside.\n\n| quantity | unit | hard | soft |\n|---|---|---|---|\n",
    );
    for vital in Vital::ALL {
        let (_, unit, hard, soft) = plausible::row(*vital);
        let range = |(low, high): plausible::Range| format!("{} to {}", low.normalize(), high.normalize());
        let _ = writeln!(
            page,
            "| {} | {unit} | {} | {} |",
            vital.code().replace('_', " "),
            range(hard),
            soft.map_or_else(|| "–".to_owned(), range)
        );
    }
    page.push_str(
        "\nNeutrophils lie at most at the white cells, diastolic below systolic pressure. Ferritin implausibly low in a severely ill \
         patient: ask the laboratory to dilute.\n",
    );
}
