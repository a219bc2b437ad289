//! The response of every combination of the deciding inputs at, just below and just above each threshold, against a second
//! formulation: whole numbers and one line per published definition, in the order in which the steps are published.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use criteria::Decisions;
use criteria::decision::Ruleset;
use criteria::quantity::{CellsE9PerL, Fraction, Level, Percent};
use criteria::response::Category;
use criteria::response::assess::{Assess, Cellularity, CnsClass, Emd, Flow, PriorBest, assess};
use rust_decimal::Decimal;

/// What one definition prints.
#[derive(Clone, Copy)]
struct Published {
    ruleset: Ruleset,
    /// Exactly 5.0 % of marrow blasts still is remission.
    five_is_clear: bool,
    /// ANC 1.0 and platelets 100 are recovered.
    limits_count: bool,
    /// Blood blasts below 1 % are none.
    few_are_none: bool,
    /// MRD of 1 % or more is a failure, and a marrow of 5 to 25 % without MRD may be regenerating.
    mrd: bool,
    /// Partial haematological recovery has a name.
    crh: bool,
    /// Any failure of the counts is CRi.
    any_failure: bool,
}

const fn published(ruleset: Ruleset, switches: [bool; 6]) -> Published {
    let [five_is_clear, limits_count, few_are_none, mrd, crh, any_failure] = switches;
    Published {
        ruleset,
        five_is_clear,
        limits_count,
        few_are_none,
        mrd,
        crh,
        any_failure,
    }
}

const PUBLISHED: [Published; 5] = [
    published(Ruleset::Eln2024, [false, false, false, true, true, false]),
    published(Ruleset::Nci2010, [false, true, false, false, false, true]),
    published(Ruleset::Nccn, [false, false, false, false, false, false]),
    published(Ruleset::Eliana, [false, false, true, false, false, true]),
    published(Ruleset::Zuma3, [true, true, false, false, true, false]),
];

/// One assessment in whole numbers: percentages in tenths, counts in hundredths and units, MRD in ten-thousandths.
#[derive(Clone, Copy, Debug)]
struct Case {
    marrow: i64,
    cells: Cellularity,
    blood: i64,
    flow: Option<Flow>,
    anc: i64,
    plt: i64,
    /// Days since platelets, since red cells.
    given: [Option<u16>; 2],
    emd: Emd,
    cns: u8,
    signs: bool,
    tap_before: bool,
    cns_before: Option<u8>,
    mrd: Option<i64>,
    same: Option<bool>,
    baseline: Option<i64>,
    /// Absolute blasts in blood, before and now.
    blasts: Option<[i64; 2]>,
    prior: PriorBest,
}

const REMITTING: Case = Case {
    marrow: 20,
    cells: Cellularity::Adequate,
    blood: 0,
    flow: None,
    anc: 150,
    plt: 150,
    given: [Some(30), Some(30)],
    emd: Emd::None,
    cns: 1,
    signs: false,
    tap_before: false,
    cns_before: Some(1),
    mrd: None,
    same: None,
    baseline: Some(600),
    blasts: None,
    prior: PriorBest::None,
};

/// The published steps, first match wins.
fn expected(by: &Published, case: &Case) -> &'static str {
    let Case { marrow, anc, plt, .. } = *case;
    let blood = match case.flow {
        Some(Flow::NotBlasts) => 0,
        Some(Flow::Blasts) if case.blood > 0 => case.blood.max(10),
        Some(Flow::Blasts) | None => case.blood,
    };
    let blood = if by.few_are_none && blood < 10 { 0 } else { blood };
    let reached = |count: i64, limit: i64| count > limit || (by.limits_count && count == limit);
    let (anc_back, plt_back) = (reached(anc, 100), reached(plt, 100));
    let counts = anc_back && plt_back;
    let remission_before = matches!(case.prior, PriorBest::Cr | PriorBest::Crh | PriorBest::Cri);
    let cleared_before = matches!(case.prior, PriorBest::Mlfs | PriorBest::Aplastic);
    let full = if by.five_is_clear { marrow > 50 } else { marrow >= 50 };
    let half = case.baseline.map(|before| marrow * 2 <= before);
    let without_mrd =
        by.mrd && (50..=250).contains(&marrow) && case.mrd.is_some_and(|mrd| mrd < 100) && case.same != Some(false);
    let fallen = case.baseline.is_some_and(|before| before < 50) || half == Some(true);
    let regenerating = without_mrd && counts && fallen;
    // A baseline that nobody knows leaves open whether the marrow regenerates.
    let perhaps = without_mrd && counts && case.baseline.is_none();
    let overt = case.cns == 3 || case.signs;

    if remission_before {
        let elsewhere = blood >= 10 || case.emd == Emd::New || overt || (case.cns == 2 && case.tap_before);
        if elsewhere || (full && !regenerating && !perhaps) {
            return "RELAPSE";
        }
        if perhaps || case.cns == 2 {
            return "NE";
        }
    } else {
        if case.emd == Emd::New || (overt && matches!(case.cns_before, Some(1 | 2))) {
            return "PD";
        }
        let blasts = if case.flow == Some(Flow::NotBlasts) {
            None
        } else {
            case.blasts
        };
        if blasts.is_some_and(|[before, now]| before > 0 && now * 4 >= before * 5) {
            return "PD";
        }
        let risen = case.baseline.is_some_and(|before| marrow * 4 >= before * 5);
        if marrow >= 50 && (risen || cleared_before) && !regenerating {
            return if perhaps { "NE" } else { "PD" };
        }
    }

    let elsewhere = blood >= 10 || case.emd != Emd::None || overt || case.cns == 2;
    if elsewhere || (full && !regenerating) {
        if !elsewhere && without_mrd && (!counts || perhaps) {
            return "NE";
        }
        let range = full && marrow <= 250;
        let rest = range && !remission_before && !cleared_before && counts && !elsewhere && half == Some(true);
        return match (rest, blood) {
            (true, 0) => "PR",
            (true, _) => "NE",
            (false, _) => "NR",
        };
    }

    if blood > 0 {
        return "NE";
    }
    if by.mrd && case.mrd.is_some_and(|mrd| mrd >= 100) {
        return if remission_before { "NE" } else { "NR" };
    }
    let free = |days: Option<u16>| days.is_some_and(|days| days >= 8);
    let [plt_free, rbc_free] = case.given.map(free);
    if counts {
        return if plt_free && rbc_free { "CR" } else { "CRi" };
    }
    if by.crh && anc > 50 && plt > 50 && plt_free {
        return "CRh";
    }
    match (anc_back || (plt_back && plt_free), case.cells) {
        (true, _) => "CRi",
        (false, Cellularity::Aplastic) => "APLASTIC",
        (false, _) if by.any_failure => "CRi",
        (false, _) => "MLFS",
    }
}

fn class(number: u8) -> CnsClass {
    match number {
        1 => CnsClass::One,
        2 => CnsClass::Two,
        _ => CnsClass::Three,
    }
}

fn input(case: &Case) -> Assess {
    let percent = |tenths: i64| Percent::new(Decimal::new(tenths, 1)).unwrap();
    let level = |number: i64| Level::new(Decimal::from(number)).unwrap();
    Assess {
        bm_blasts_pct: Some(percent(case.marrow)),
        bm_cellularity: Some(case.cells),
        pb_blasts_pct: Some(percent(case.blood)),
        pb_flow_clarified: case.flow,
        anc: CellsE9PerL::new(Decimal::new(case.anc, 2)).ok(),
        plt: CellsE9PerL::new(Decimal::from(case.plt)).ok(),
        days_since_plt_transfusion: case.given[0],
        days_since_rbc_transfusion: case.given[1],
        emd: Some(case.emd),
        cns: Some(class(case.cns)),
        mrd_fraction: case.mrd.map(|mrd| Fraction::new(Decimal::new(mrd, 4)).unwrap()),
        mrd_same_aspirate: case.same,
        baseline_bm_pct: case.baseline.map(percent),
        baseline_pb_abs: case.blasts.map(|[before, _]| level(before)),
        pb_abs: case.blasts.map(|[_, now]| level(now)),
        baseline_cns: case.cns_before.map(class),
        clinical_cns_signs: Some(case.signs),
        prior_cns2_tap: Some(case.tap_before),
        prior_best: Some(case.prior),
        ..Assess::default()
    }
}

/// Runs every case under every definition; the number that ran, and the first that differ.
struct Grid {
    ran: usize,
    wrong: Vec<String>,
    decisions: [Decisions; 5],
}

impl Grid {
    fn new() -> Self {
        let decisions = PUBLISHED.map(|by| Decisions {
            ruleset: by.ruleset,
            ..Decisions::default()
        });
        Self {
            ran: 0,
            wrong: Vec::new(),
            decisions,
        }
    }

    fn run(&mut self, case: &Case) {
        let input = input(case);
        for (by, decisions) in PUBLISHED.iter().zip(&self.decisions) {
            self.ran += 1;
            let (got, wanted) = (assess(&input, decisions).category.code(), expected(by, case));
            if got != wanted && self.wrong.len() < 20 {
                self.wrong
                    .push(format!("{:?}: {got}, expected {wanted}: {case:?}", by.ruleset));
            }
        }
    }

    fn all_agree(self, at_least: usize) {
        assert!(self.wrong.is_empty(), "of {}:\n{}", self.ran, self.wrong.join("\n"));
        assert!(self.ran >= at_least, "{}", self.ran);
    }
}

const COUNTS: [i64; 6] = [49, 50, 51, 99, 100, 101];
const MARROWS: [i64; 7] = [0, 49, 50, 51, 250, 251, 900];
const PRIORS: [PriorBest; 7] = [
    PriorBest::None,
    PriorBest::Mlfs,
    PriorBest::Aplastic,
    PriorBest::Cri,
    PriorBest::Crh,
    PriorBest::Cr,
    PriorBest::Pr,
];

#[test]
fn counts_transfusions_cellularity_and_mrd() {
    let mut grid = Grid::new();
    let given = [
        [Some(8), Some(8)],
        [Some(7), Some(8)],
        [Some(8), Some(7)],
        [None, Some(8)],
        [Some(8), None],
    ];
    for marrow in [49, 50, 51, 250] {
        for anc in COUNTS {
            for plt in COUNTS {
                for given in given {
                    for mrd in [None, Some(99), Some(100), Some(101)] {
                        for cells in [Cellularity::Aplastic, Cellularity::Hypocellular] {
                            for prior in [PriorBest::None, PriorBest::Cr] {
                                grid.run(&Case {
                                    marrow,
                                    anc,
                                    plt,
                                    given,
                                    mrd,
                                    cells,
                                    prior,
                                    ..REMITTING
                                });
                            }
                        }
                    }
                }
            }
        }
    }
    grid.all_agree(57_000);
}

#[test]
fn disease_outside_the_marrow() {
    let mut grid = Grid::new();
    for marrow in MARROWS {
        for blood in [0, 1, 9, 10, 11] {
            for flow in [None, Some(Flow::Blasts), Some(Flow::NotBlasts)] {
                for emd in [Emd::None, Emd::PresentBaseline, Emd::New] {
                    for cns in [1, 2, 3] {
                        for (signs, tap_before) in [(false, false), (false, true), (true, false)] {
                            for cns_before in [Some(1), Some(3), None] {
                                for prior in [PriorBest::None, PriorBest::Mlfs, PriorBest::Crh] {
                                    grid.run(&Case {
                                        marrow,
                                        blood,
                                        flow,
                                        emd,
                                        cns,
                                        signs,
                                        tap_before,
                                        cns_before,
                                        prior,
                                        ..REMITTING
                                    });
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    grid.all_agree(120_000);
}

#[test]
fn change_from_baseline() {
    let mut grid = Grid::new();
    let blasts = [
        None,
        Some([400, 500]),
        Some([400, 499]),
        Some([0, 500]),
        Some([400, 501]),
    ];
    for marrow in MARROWS {
        // Half, a quarter more, and one step to either side of both; below five; unknown.
        let near = [
            marrow * 2 - 1,
            marrow * 2,
            marrow * 2 + 1,
            marrow * 4 / 5,
            marrow * 4 / 5 + 1,
        ];
        let baselines = near.into_iter().filter(|b| (1..=1000).contains(b)).map(Some);
        for baseline in baselines.chain([Some(49), Some(50), None]) {
            for blasts in blasts {
                for prior in PRIORS {
                    for (mrd, same) in [
                        (None, None),
                        (Some(99), None),
                        (Some(99), Some(true)),
                        (Some(99), Some(false)),
                        (Some(100), None),
                    ] {
                        for (anc, plt) in [(101, 101), (100, 101), (101, 100)] {
                            grid.run(&Case {
                                marrow,
                                baseline,
                                blasts,
                                prior,
                                mrd,
                                same,
                                anc,
                                plt,
                                ..REMITTING
                            });
                        }
                    }
                }
            }
        }
    }
    grid.all_agree(90_000);
}

/// One missing input at a time: what is settled without it is the result whatever its value is.
#[test]
fn a_settled_category_does_not_depend_on_what_is_missing() {
    type Change = fn(&mut Assess);
    let fields: [(&str, Change, &[Change]); 7] = [
        (
            "bm_blasts_pct",
            |input| input.bm_blasts_pct = None,
            &[
                |input| input.bm_blasts_pct = Percent::new(Decimal::new(49, 1)).ok(),
                |input| input.bm_blasts_pct = Percent::new(Decimal::new(51, 1)).ok(),
                |input| input.bm_blasts_pct = Percent::new(Decimal::new(90, 0)).ok(),
            ],
        ),
        (
            "pb_blasts_pct",
            |input| input.pb_blasts_pct = None,
            &[
                |input| input.pb_blasts_pct = Percent::new(Decimal::ZERO).ok(),
                |input| input.pb_blasts_pct = Percent::new(Decimal::new(5, 1)).ok(),
                |input| input.pb_blasts_pct = Percent::new(Decimal::ONE).ok(),
            ],
        ),
        (
            "anc",
            |input| input.anc = None,
            &[
                |input| input.anc = CellsE9PerL::new(Decimal::new(4, 1)).ok(),
                |input| input.anc = CellsE9PerL::new(Decimal::new(6, 1)).ok(),
                |input| input.anc = CellsE9PerL::new(Decimal::new(15, 1)).ok(),
            ],
        ),
        (
            "plt",
            |input| input.plt = None,
            &[
                |input| input.plt = CellsE9PerL::new(Decimal::new(40, 0)).ok(),
                |input| input.plt = CellsE9PerL::new(Decimal::new(60, 0)).ok(),
                |input| input.plt = CellsE9PerL::new(Decimal::new(150, 0)).ok(),
            ],
        ),
        (
            "emd",
            |input| input.emd = None,
            &[
                |input| input.emd = Some(Emd::None),
                |input| input.emd = Some(Emd::PresentBaseline),
                |input| input.emd = Some(Emd::New),
            ],
        ),
        (
            "bm_cellularity",
            |input| input.bm_cellularity = None,
            &[
                |input| input.bm_cellularity = Some(Cellularity::Aplastic),
                |input| input.bm_cellularity = Some(Cellularity::Adequate),
            ],
        ),
        (
            "prior_best",
            |input| input.prior_best = None,
            &[
                |input| input.prior_best = Some(PriorBest::None),
                |input| input.prior_best = Some(PriorBest::Mlfs),
                |input| input.prior_best = Some(PriorBest::Cr),
            ],
        ),
    ];
    let (mut settled, mut wrong) = (0, Vec::new());
    for marrow in [20, 60, 600] {
        for blood in [0, 5, 20] {
            for (anc, plt) in [(150, 150), (60, 60), (150, 40), (30, 20)] {
                for emd in [Emd::None, Emd::PresentBaseline, Emd::New] {
                    for prior in [PriorBest::None, PriorBest::Mlfs, PriorBest::Cr] {
                        let whole = input(&Case {
                            marrow,
                            blood,
                            anc,
                            plt,
                            emd,
                            prior,
                            ..REMITTING
                        });
                        for (by, decisions) in PUBLISHED.iter().zip(&Grid::new().decisions) {
                            for (field, remove, values) in &fields {
                                let mut less = whole.clone();
                                remove(&mut less);
                                let open = assess(&less, decisions);
                                if open.category == Category::Ne {
                                    continue;
                                }
                                settled += 1;
                                for value in *values {
                                    let mut more = less.clone();
                                    value(&mut more);
                                    let closed = assess(&more, decisions).category;
                                    // Stated by the text: known disease is NR while the work-up is incomplete, and what
                                    // is missing may turn out to be worse.
                                    let worse = matches!(closed, Category::Pd | Category::Relapse);
                                    let stated = open.category == Category::Nr && worse;
                                    if closed != open.category && closed != Category::Ne && !stated {
                                        let why = format!(
                                            "{:?} without {field}: {:?}, then {closed:?}",
                                            by.ruleset, open.category
                                        );
                                        wrong.push(format!("{why}: {less:?}"));
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {settled}:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(10)].join("\n")
    );
    assert!(settled > 5000, "{settled}");
}
